/* measures.c: boxes around several examples in one network: the mean of their bounds, as tables of the literature give it, and the
 * share that is certified to be monotone. */
#include <math.h>
#include <stdio.h>

#include "harness/measure.h"
#include "lipschitz.h"
#include "problems/relu_box/relu_box_problem.h"

typedef struct box_result {
    double bound, sampled;
    uint64_t begun, ended;
} box_result;

static cc_status look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    box_result *result = arg;
    (void)cell, (void)state;
    result->ended = cc_now_ns();
    if (!result->begun) result->begun = cc_now_ns();
    result->bound = ((const relu_bounds *)candidate)->overall;
    result->sampled = cc_known(cc_oracle_of(run), "sampled");
    return CC_OK;
}

static cc_status run_mean(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        const int64_t boxes = cc_int(scope, "boxes");
        double bound = 0, sampled = 0, worst = INFINITY, ns = 0;
        for (int64_t k = 0; k < boxes; k++) {
            char set[32];
            box_result one = {.bound = NAN};
            snprintf(set, sizeof set, "sample=%lld", (long long)k);
            CC_TRY(cc_drive(cell, set, look, &one));
            bound += one.bound / (double)boxes;
            sampled += one.sampled / (double)boxes;
            worst = fmin(worst, one.bound / one.sampled);
            ns += (double)(one.ended - one.begun) / (double)boxes;
        }
        cc_put(cell, "mean_bound", bound);
        cc_put(cell, "mean_sampled", sampled);
        cc_put(cell, "worst", worst);
        if (cc_bool(scope, "clock")) cc_put(cell, "ms", ns / 1e6);
        cc_emit(cell);
    }
    return CC_OK;
}

/* ---- certificates ---- */

typedef struct certificates {
    double rising, falling, contradicted; /* of the box at hand: shares of its free features; pairs of points */
} certificates;

static cc_status look_certificates(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    certificates *c = arg;
    (void)cell, (void)state;
    c->rising = relu_judge(run, "increasing", candidate);
    c->falling = relu_judge(run, "decreasing", candidate);
    c->contradicted = relu_judge(run, "contradicted", candidate);
    return CC_OK;
}

static cc_status run_certificates(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        const int64_t boxes = cc_int(cc_cell_run(cell), "boxes");
        certificates sum = {0};
        for (int64_t k = 0; k < boxes; k++) {
            char set[32];
            certificates one;
            snprintf(set, sizeof set, "sample=%lld", (long long)k);
            CC_TRY(cc_drive(cell, set, look_certificates, &one));
            sum.rising += one.rising / (double)boxes;
            sum.falling += one.falling / (double)boxes;
            sum.contradicted += one.contradicted;
        }
        cc_put(cell, "rising", sum.rising);
        cc_put(cell, "falling", sum.falling);
        cc_put(cell, "contradictions", sum.contradicted);
        cc_emit(cell);
    }
    return CC_OK;
}

const cc_measure lip_certificates = {
    .id = "lipschitz.certificates",
    .run = run_certificates,
    .params = CC_LIST(cc_param, {"boxes", CC_INT, "10", 1, 64, .doc = "test examples: the first so many"}),
    .columns = CC_LIST(cc_column, {"rising", "", "share of boxes certified to rise in the free feature"},
                       {"falling", "", "or to fall"}, {"contradictions", "", "pairs of points that contradict a certificate"}),
};

const cc_measure lip_mean = {
    .id = "lipschitz.mean",
    .run = run_mean,
    .params = CC_LIST(cc_param, {"boxes", CC_INT, "8", 1, 64, .doc = "test examples: the first so many"},
                      {"clock", CC_BOOL, "false", .doc = "with the time of one box"}),
    .columns = CC_LIST(cc_column, {"mean_bound", "", "mean of the bounds"}, {"mean_sampled", "", "mean of the greatest norms seen"},
                       {"worst", "", "least bound over norm seen"}, {"ms", "ms", "time of one box, all classes"}),
};
