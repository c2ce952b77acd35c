/* problems/relu_box/generated.c: small networks written down, and random ones. */
#include <math.h>
#include <string.h>

#include "problems/relu_box/problems.h"

enum { MOST_LAYERS = 128, STREAM_SHAPE = 1, STREAM_WEIGHT, STREAM_BIAS, STREAM_CENTRE };

static cc_status make(cc_run *scope, const relu_draft *draft, const double *x0, double eps, void **instance)
{
    double *radius;
    CC_NEW(scope, radius, draft->width[0]);
    for (size_t k = 0; k < draft->width[0]; k++) radius[k] = eps;
    return relu_box_make(scope, draft, x0, radius, NULL, (size_t)cc_int(scope, "samples"), instance);
}

/* ---- networks that can be followed by hand ---- */

enum { TWO_LAYERS, THREE_LAYERS, KINK };

cc_status relu_fixture_create(cc_run *scope, void **instance)
{
    static const size_t two[3] = {2, 3, 2}, three[4] = {2, 3, 3, 2};
    static const double w1[6] = {1, 2, -1, 1, 2, -1}, b1[3] = {0, .5, -1}, w2[6] = {1, -2, 1, 3, 1, -1};
    static const double v2[9] = {1, -1, 2, -2, 1, 1, 1, 1, -3}, c2[3] = {.5, -.25, 0}, v3[6] = {2, -1, 1, -1, 1, 1};
    static const double centre[2] = {.25, .25}, kink[2] = {.5, -.25}; /* there the first neuron is at 0 */
    const int net = cc_choice(scope, "net");
    relu_draft draft;
    CC_TRY(relu_draft_open(scope, net == THREE_LAYERS ? 3 : 2, net == THREE_LAYERS ? three : two, &draft));
    memcpy(draft.w[1], w1, sizeof w1);
    memcpy(draft.b[1], b1, sizeof b1);
    if (net == THREE_LAYERS) {
        memcpy(draft.w[2], v2, sizeof v2);
        memcpy(draft.b[2], c2, sizeof c2);
        memcpy(draft.w[3], v3, sizeof v3);
    } else
        memcpy(draft.w[2], w2, sizeof w2);
    return make(scope, &draft, net == KINK ? kink : centre, cc_real(scope, "eps"), instance);
}

/* ---- random networks: He's normal weights, normal biases, a normal centre ---- */

static cc_status make_random(cc_run *scope, size_t layers, const size_t *width, double bias, double centre, double eps,
                             void **instance)
{
    relu_draft draft;
    double *x0;
    CC_TRY(relu_draft_open(scope, layers, width, &draft));
    CC_NEW(scope, x0, width[0]);
    for (size_t i = 1; i <= layers; i++) {
        cc_rng weights = cc_stream(scope, STREAM_WEIGHT, i), biases = cc_stream(scope, STREAM_BIAS, i);
        const size_t entries = width[i] * width[i - 1];
        cc_normal(&weights, entries, draft.w[i]);
        cc_normal(&biases, width[i], draft.b[i]);
        for (size_t k = 0; k < entries; k++) draft.w[i][k] *= sqrt(2 / (double)width[i - 1]);
        for (size_t k = 0; k < width[i]; k++) draft.b[i][k] *= bias;
    }
    cc_rng rng = cc_stream(scope, STREAM_CENTRE, 0);
    cc_normal(&rng, width[0], x0);
    for (size_t k = 0; k < width[0]; k++) x0[k] *= centre;
    return make(scope, &draft, x0, eps, instance);
}

cc_status relu_random_create(cc_run *scope, void **instance)
{
    size_t width[MOST_LAYERS + 1], n;
    CC_TRY(relu_parse_widths(scope, cc_text(scope, "widths"), MOST_LAYERS + 1, width, &n));
    if (n < 2) return cc_fail(scope, CC_EINVAL, "widths are those of the inputs, of each hidden layer and of the outputs");
    for (size_t repeat = (size_t)cc_int(scope, "layers"); repeat > n - 1 && n >= 3; n++) { /* the last hidden layer again */
        if (n > MOST_LAYERS) return cc_fail(scope, CC_EINVAL, "layers=%zu; at most %d", repeat, MOST_LAYERS);
        width[n] = width[n - 1];
        width[n - 1] = width[n - 2];
    }
    return make_random(scope, n - 1, width, cc_real(scope, "bias"), cc_real(scope, "centre"), cc_real(scope, "eps"), instance);
}

/* Every choice is the seed's: 2 to 4 layers of 4 to 12, 2 to 8 inputs, 1 to 3 outputs, eps from .01 to 2. */
cc_status relu_mixed_create(cc_run *scope, void **instance)
{
    size_t width[5];
    cc_rng rng = cc_stream(scope, STREAM_SHAPE, 0);
    const size_t layers = 2 + (size_t)cc_below(&rng, 3);
    width[0] = 2 + (size_t)cc_below(&rng, 7);
    for (size_t i = 1; i < layers; i++) width[i] = 4 + (size_t)cc_below(&rng, 9);
    width[layers] = 1 + (size_t)cc_below(&rng, 3);
    const double eps = pow(10, -2 + 2.3 * cc_uniform(&rng));
    CC_TRY(cc_publish(scope, CC_HIDDEN, "radius", eps));
    return make_random(scope, layers, width, .3, 1, eps, instance);
}
