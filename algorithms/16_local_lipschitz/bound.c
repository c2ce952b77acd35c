/* bound.c: the bound without branching: one pass forward for the statuses, one back for all classes together. */
#include <math.h>
#include <string.h>

#include "lipschitz.h"

cc_status lip_result_alloc(cc_run *run, int jacobian, lip_result *result)
{
    const relu_net *net = &relu_box_get(run)->net;
    const size_t K = net->width[net->layers], d = net->width[0];
    CC_NEW(run, result->per_class, K);
    for (size_t c = 0; c < K; c++) result->per_class[c] = NAN;
    result->unstable = NAN;
    result->bounds = (relu_bounds){.overall = NAN, .per_class = result->per_class};
    if (!jacobian) return CC_OK;
    CC_NEW(run, result->low, K * d);
    CC_NEW(run, result->high, K * d);
    return CC_OK;
}

void lip_result_overall(lip_result *result, size_t classes)
{
    result->bounds.overall = 0;
    for (size_t c = 0; c < classes; c++) result->bounds.overall = fmax(result->bounds.overall, result->per_class[c]);
    result->bounds.low = result->low, result->bounds.high = result->high;
}

const void *lip_candidate(void *state) { return &((const lip_result *)state)->bounds; }

typedef struct bound {
    lip_result result; /* first */
    lip_forward forward;
    int frozen;
    size_t K;
    lip_live net;
    lip_back back;
    lip_domain *domain, **pointer;
} bound;

cc_status lip_bound_init(cc_run *run, void **state)
{
    bound *s;
    CC_NEW(run, s, 1);
    const relu_box *box = relu_box_get(run);
    s->K = box->net.width[box->net.layers];
    s->forward = (lip_forward)cc_choice(run, "forward");
    s->frozen = cc_bool(run, "frozen");
    CC_TRY(lip_result_alloc(run, 1, &s->result));
    CC_TRY(lip_live_alloc(run, s->forward, &s->net));
    CC_TRY(lip_back_alloc(run, &s->net, s->K, &s->back));
    s->back.rule = (lip_rule)cc_choice(run, "lines");
    s->back.norm_chord = cc_bool(run, "norm_chord");
    CC_NEW(run, s->domain, s->K);
    CC_NEW(run, s->pointer, s->K);
    for (size_t c = 0; c < s->K; c++) {
        CC_TRY(lip_domain_alloc(run, box, &s->domain[c]));
        s->pointer[c] = &s->domain[c];
    }
    *state = s;
    return CC_OK;
}

cc_status lip_bound_step(cc_run *run, void *state)
{
    bound *s = state;
    lip_live_run(&s->net, s->forward, s->frozen);
    for (size_t c = 0; c < s->K; c++) lip_domain_root(&s->net, c, &s->domain[c]);
    s->back.flops = 0;
    lip_back_run(&s->back, s->K, s->pointer);
    for (size_t c = 0; c < s->K; c++) s->result.per_class[c] = s->domain[c].bound;
    memcpy(s->result.low, s->back.l0, s->K * s->net.m[0] * sizeof(double));
    memcpy(s->result.high, s->back.u0, s->K * s->net.m[0] * sizeof(double));
    s->result.unstable = s->net.unstable;
    lip_result_overall(&s->result, s->K);
    relu_box_report(run, s->back.flops, s->K);
    return cc_finish(run, "BOUNDED");
}
