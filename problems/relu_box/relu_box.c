/* problems/relu_box/relu_box.c: makes networks with their boxes, refusing what is none; hands them out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "problems/relu_box/problems.h"

const relu_box *relu_box_get(cc_run *run) { return &((const relu_instance *)cc_oracle_of(run)->instance)->box; }

void relu_box_report(cc_run *run, uint64_t flops, uint64_t nodes)
{
    uint64_t *count = cc_oracle_of(run)->count;
    count[0] += flops;
    count[1] += nodes;
}

size_t relu_hidden(const relu_net *net)
{
    size_t sum = 0;
    for (size_t i = 1; i < net->layers; i++) sum += net->width[i];
    return sum;
}

size_t relu_widest(const relu_net *net)
{
    size_t most = 0;
    for (size_t i = 0; i <= net->layers; i++)
        if (net->width[i] > most) most = net->width[i];
    return most;
}

cc_status relu_parse_widths(cc_run *scope, const char *text, size_t room, size_t *width, size_t *n)
{
    char *end = NULL;
    *n = 0;
    for (const char *at = text; *n < room; at = end + 1) {
        const long value = strtol(at, &end, 10);
        if (end == at || value < 1 || value > 100000) break;
        width[(*n)++] = (size_t)value;
        if (!*end) return CC_OK;
        if (*end != '-') break;
    }
    return cc_fail(scope, CC_EINVAL, "widths '%s': numbers from 1 to 100000 with a minus between them, at most %zu", text, room);
}

cc_status relu_draft_open(cc_run *scope, size_t layers, const size_t *width, relu_draft *draft)
{
    if (layers < 1) return cc_fail(scope, CC_EINVAL, "a network has at least one layer");
    *draft = (relu_draft){.layers = layers};
    CC_NEW(scope, draft->width, layers + 1);
    CC_NEW(scope, draft->w, layers + 1);
    CC_NEW(scope, draft->b, layers + 1);
    memcpy(draft->width, width, (layers + 1) * sizeof *width);
    for (size_t i = 0; i <= layers; i++)
        if (width[i] < 1) return cc_fail(scope, CC_EINVAL, "layer %zu has no neuron", i);
    for (size_t i = 1; i <= layers; i++) {
        CC_NEW(scope, draft->w[i], width[i] * width[i - 1]);
        CC_NEW(scope, draft->b[i], width[i]);
    }
    return CC_OK;
}

static cc_status check_numbers(cc_run *scope, const relu_draft *draft)
{
    for (size_t i = 1; i <= draft->layers; i++) {
        for (size_t k = 0; k < draft->width[i] * draft->width[i - 1]; k++)
            if (!isfinite(draft->w[i][k])) return cc_fail(scope, CC_EINVAL, "weight %zu of layer %zu is not a finite number", k, i);
        for (size_t k = 0; k < draft->width[i]; k++)
            if (!isfinite(draft->b[i][k])) return cc_fail(scope, CC_EINVAL, "bias %zu of layer %zu is not a finite number", k, i);
    }
    return CC_OK;
}

static cc_status make_box(cc_run *scope, size_t d, const double *x0, const double *radius, const double *clip, relu_box *box)
{
    double *low, *high;
    CC_NEW(scope, low, d);
    CC_NEW(scope, high, d);
    for (size_t k = 0; k < d; k++) {
        const double r = radius ? radius[k] : 0;
        if (!isfinite(x0[k])) return cc_fail(scope, CC_EINVAL, "input %zu of the centre is not a finite number", k);
        if (!(r >= 0) || isinf(r)) return cc_fail(scope, CC_EINVAL, "the radius of input %zu is %g; it is finite and >= 0", k, r);
        low[k] = clip ? fmax(x0[k] - r, clip[0]) : x0[k] - r;
        high[k] = clip ? fmin(x0[k] + r, clip[1]) : x0[k] + r;
        if (low[k] > high[k])
            return cc_fail(scope, CC_EINVAL, "input %zu has the range [%g, %g], outside the data's [%g, %g]", k, x0[k] - r,
                           x0[k] + r, clip[0], clip[1]);
    }
    box->low = low, box->high = high;
    return CC_OK;
}

cc_status relu_box_make(cc_run *scope, const relu_draft *draft, const double *x0, const double *radius, const double *clip,
                        size_t samples, void **instance)
{
    relu_instance *p;
    CC_NEW(scope, p, 1);
    p->box.net = (relu_net){
        .layers = draft->layers, .width = draft->width, .w = (const double *const *)draft->w, .b = (const double *const *)draft->b};
    p->samples = samples;
    p->seed = cc_seed(scope);
    CC_TRY(check_numbers(scope, draft));
    CC_TRY(make_box(scope, draft->width[0], x0, radius, clip, &p->box));
    CC_TRY(cc_publish(scope, CC_TOLD, "d", (double)draft->width[0]));
    CC_TRY(cc_publish(scope, CC_TOLD, "K", (double)draft->width[draft->layers]));
    CC_TRY(cc_publish(scope, CC_TOLD, "layers", (double)draft->layers));
    CC_TRY(cc_publish(scope, CC_TOLD, "hidden", (double)relu_hidden(&p->box.net)));
    CC_TRY(relu_sample(scope, p));
    *instance = p;
    return CC_OK;
}
