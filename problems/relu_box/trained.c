/* problems/relu_box/trained.c: boxes around data, in networks trained on them. A network is an artefact: trained once for its data,
 * shape and seed, with the test examples that boxes are put around. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problems/relu_box/problems.h"
#include "problems/relu_box/train.h"

enum { KEPT = 64, STREAM_START = 40, STREAM_TARGET };

typedef struct order { /* what is to be trained */
    relu_data data;
    cc_mlp net;
    relu_recipe recipe;
    size_t channels; /* of a convolutional network; 0: dense */
} order;

/* An artefact: accuracy, then the weights, then KEPT test inputs. */
static size_t artefact_size(const cc_mlp *net) { return 1 + net->weights + KEPT * net->width[0]; }

static cc_status make_trained(cc_run *scope, const void *arg, void **data, size_t *bytes)
{
    const order *o = arg;
    const cc_mlp *net = &o->net;
    relu_set set;
    double *out, *w, *parameters;
    cc_rng rng = cc_stream(scope, STREAM_START, 0);
    *bytes = artefact_size(net) * sizeof *out;
    CC_NEW(scope, out, artefact_size(net));
    w = parameters = out + 1;
    CC_TRY(relu_set_load(scope, o->data, &set));
    if (o->recipe.tie) { /* each kernel from the range that its inputs give */
        CC_NEW(scope, parameters, o->recipe.parameters);
        const size_t first = 10 * o->channels, second = first + (9 * o->channels + 1) * o->channels;
        for (size_t e = 0; e < o->recipe.parameters; e++) {
            const size_t inputs = e < first ? 9 : e < second ? 9 * o->channels : 16 * o->channels;
            parameters[e] = (2 * cc_uniform(&rng) - 1) * sqrt(6 / (double)inputs);
        }
    } else
        cc_mlp_init(net, CC_MLP_HE_UNIFORM, &rng, w);
    CC_TRY(relu_train(scope, net, &set, NULL, &o->recipe, parameters));
    if (o->recipe.tie) relu_untie(net, &o->recipe, parameters, w);
    CC_TRY(relu_accuracy(scope, net, &set, w, out));
    memcpy(out + 1 + net->weights, set.x + set.train * set.features, KEPT * set.features * sizeof *out);
    *data = out;
    return CC_OK;
}

static cc_status make_box(cc_run *scope, const order *o, const char *key, int64_t only, void **instance)
{
    static const double unit[2] = {0, 1};
    const size_t d = o->net.width[0];
    const void *data;
    size_t bytes;
    relu_draft draft;
    double *radius;
    CC_TRY(cc_artefact(scope, key, make_trained, o, &data, &bytes));
    const double *stored = data;
    if (bytes != artefact_size(&o->net) * sizeof *stored)
        return cc_fail(scope, CC_EDATA, "the trained network has %zu bytes, not %zu", bytes,
                       artefact_size(&o->net) * sizeof *stored);
    CC_TRY(relu_from_mlp(scope, &o->net, stored + 1, &draft));
    CC_TRY(cc_publish(scope, CC_HIDDEN, "accuracy", stored[0]));
    CC_NEW(scope, radius, d);
    if (only >= (int64_t)d) return cc_fail(scope, CC_EINVAL, "free=%lld; there are %zu features", (long long)only, d);
    for (size_t k = 0; k < d; k++) radius[k] = only < 0 || (size_t)only == k ? cc_real(scope, "eps") : 0;
    return relu_box_make(scope, &draft, stored + 1 + o->net.weights + (size_t)cc_int(scope, "sample") * d, radius,
                         cc_bool(scope, "clip") ? unit : NULL, (size_t)cc_int(scope, "samples"), instance);
}

cc_status relu_trained_create(cc_run *scope, void **instance)
{
    static const relu_recipe recipes[] = {{.rate = 3e-3, .batch = 64, .epochs = 30},
                                          {.rate = 1e-3, .batch = 256, .epochs = 10},
                                          {.rate = 3e-3, .batch = 32, .epochs = 30},
                                          {.rate = 1e-3, .batch = 64, .epochs = 5}};
    static const size_t inputs[] = {64, 16, 30, 784}, classes[] = {10, 10, 2, 10};
    order o = {.data = (relu_data)cc_choice(scope, "data")};
    size_t width[CC_MLP_LAYERS + 1], hidden;
    char key[256];
    o.recipe = recipes[o.data];
    CC_TRY(relu_parse_widths(scope, cc_text(scope, "hidden_widths"), CC_MLP_LAYERS - 1, width + 1, &hidden));
    width[0] = inputs[o.data], width[hidden + 1] = classes[o.data];
    CC_TRY(cc_mlp_shape(scope, &o.net, hidden + 1, width, (cc_phi){.kind = CC_PHI_RELU}, 1));
    snprintf(key, sizeof key, "relu_box.trained 1: data %d, hidden %s, seed %llu", (int)o.data, cc_text(scope, "hidden_widths"),
             (unsigned long long)cc_seed(scope));
    return make_box(scope, &o, key, cc_int(scope, "free"), instance);
}

/* ---- two convolutions of 3 x 3 without padding on 8 x 8 images, then a dense layer, as matrices with tied entries ---- */

enum { SIDE = 8, KERNEL = 3 };

/* Layer l from `from` channels of side `side` to `to` channels: kernels (to x from x 3 x 3) from `at`, then `to` biases. */
static size_t tie_convolution(const cc_mlp *net, size_t l, size_t from, size_t to, size_t side, size_t at, size_t *tie)
{
    const size_t out = side - KERNEL + 1, inner = from * side * side, biases = at + to * from * KERNEL * KERNEL;
    for (size_t o = 0; o < to; o++)
        for (size_t y = 0; y < out * out; y++) {
            const size_t row = o * out * out + y;
            tie[net->bias_at[l] + row] = biases + o;
            for (size_t i = 0; i < from; i++)
                for (size_t k = 0; k < KERNEL * KERNEL; k++) {
                    const size_t pixel = (y / out + k / KERNEL) * side + y % out + k % KERNEL;
                    tie[net->weight_at[l] + row * inner + i * side * side + pixel] = at + (o * from + i) * KERNEL * KERNEL + k;
                }
        }
    return biases + to;
}

cc_status relu_conv_create(cc_run *scope, void **instance)
{
    const size_t w = (size_t)cc_int(scope, "channels"), width[4] = {64, 36 * w, 16 * w, 10};
    order o = {.data = RELU_DIGITS, .channels = w, .recipe = {.rate = 3e-3, .batch = 64, .epochs = 15}};
    size_t *tie;
    char key[128];
    CC_TRY(cc_mlp_shape(scope, &o.net, 3, width, (cc_phi){.kind = CC_PHI_RELU}, 1));
    CC_NEW(scope, tie, o.net.weights);
    for (size_t e = 0; e < o.net.weights; e++) tie[e] = RELU_FIXED_0;
    size_t at = tie_convolution(&o.net, 0, 1, w, SIDE, 0, tie);
    at = tie_convolution(&o.net, 1, w, w, SIDE - KERNEL + 1, at, tie);
    for (size_t e = o.net.weight_at[2]; e < o.net.weights; e++) tie[e] = at++;
    o.recipe.tie = tie, o.recipe.parameters = at;
    snprintf(key, sizeof key, "relu_box.conv 1: channels %zu, seed %llu", w, (unsigned long long)cc_seed(scope));
    return make_box(scope, &o, key, -1, instance);
}

/* ---- a function that rises in each of four features, learnt with weights that are not negative ---- */

enum { POINTS = 2048, FEATURES = 4, NEURONS = 16 };

static cc_status make_monotone(cc_run *scope, const void *arg, void **data, size_t *bytes)
{
    const cc_mlp *net = arg;
    const relu_recipe recipe = {.rate = 3e-3, .batch = 64, .epochs = 20, .nonnegative = 1};
    relu_set set = {.n = POINTS, .train = POINTS, .features = FEATURES};
    double *w, *target;
    cc_rng rng = cc_stream(scope, STREAM_TARGET, 0), start = cc_stream(scope, STREAM_START, 0);
    *bytes = net->weights * sizeof *w;
    CC_NEW(scope, w, net->weights);
    CC_NEW(scope, set.x, POINTS * FEATURES);
    CC_NEW(scope, target, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        double *x = set.x + i * FEATURES;
        for (size_t k = 0; k < FEATURES; k++) x[k] = cc_uniform(&rng);
        target[i] = x[0] + x[1] * x[1] + exp(x[2]) + (x[0] + x[3]) * (x[0] + x[3]) / 2; /* convex, as such networks are */
    }
    cc_mlp_init(net, CC_MLP_HE_UNIFORM, &start, w);
    for (size_t e = 0; e < net->weights; e++) w[e] = fabs(w[e]) / 2;
    CC_TRY(relu_train(scope, net, &set, target, &recipe, w));
    *data = w;
    return CC_OK;
}

cc_status relu_monotone_create(cc_run *scope, void **instance)
{
    static const size_t width[4] = {FEATURES, NEURONS, NEURONS, 1};
    static const double centre[FEATURES] = {.5, .5, .5, .5};
    cc_mlp net;
    const void *data;
    size_t bytes;
    relu_draft draft;
    double radius[FEATURES];
    char key[128];
    CC_TRY(cc_mlp_shape(scope, &net, 3, width, (cc_phi){.kind = CC_PHI_RELU}, 1));
    snprintf(key, sizeof key, "relu_box.monotone 2: seed %llu", (unsigned long long)cc_seed(scope));
    CC_TRY(cc_artefact(scope, key, make_monotone, &net, &data, &bytes));
    if (bytes != net.weights * sizeof(double)) return cc_fail(scope, CC_EDATA, "the trained network has %zu bytes", bytes);
    CC_TRY(relu_from_mlp(scope, &net, data, &draft));
    for (size_t k = 0; k < FEATURES; k++) radius[k] = cc_real(scope, "eps");
    for (size_t j = 0; cc_bool(scope, "negative") && j < NEURONS; j++) /* all paths from the last feature fall */
        draft.w[1][j * FEATURES + FEATURES - 1] *= -1;
    return relu_box_make(scope, &draft, centre, radius, NULL, (size_t)cc_int(scope, "samples"), instance);
}
