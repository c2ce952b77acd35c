/* algorithms/15_cbo/bench.c: what a step costs, and what of it is values. */
#include "algorithms/15_cbo/bench.h"

#include <stdio.h>

#include "problems/smooth/smooth.h"

static void steps(cc_loop *loop, const char *method)
{
    char algorithm[64];
    snprintf(algorithm, sizeof algorithm, "%s(N=%d)", method, (int)cc_loop_arg(loop, 0));
    cc_run *run = cc_loop_start(loop, algorithm, "smooth.canyon");
    while (cc_loop_next(loop)) cc_loop_step(run);
    cc_loop_items(loop, (int64_t)cc_spent(run, "n_f"));
}

static void cbo_steps(cc_loop *loop) { steps(loop, "cbo.cbo"); }
static void hopping_steps(cc_loop *loop) { steps(loop, "cbo.hopping"); }

static void values(cc_loop *loop)
{
    const size_t N = (size_t)cc_loop_arg(loop, 0);
    cc_run *run = cc_loop_run(loop, "smooth.canyon");
    double *X = cc_alloc(run, 2 * N, sizeof *X), *e = cc_alloc(run, N, sizeof *e);
    if (!X || !e) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    cc_rng rng = cc_stream(run, 1, 0);
    cc_normal(&rng, 2 * N, X);
    while (cc_loop_next(loop)) smooth_value_batch(run, N, X, e);
    cc_loop_items(loop, (int64_t)cc_spent(run, "n_f"));
}

const cc_bench cbo_benches[] = {
    {"CBO step, canyon", cbo_steps, "200 2000 20000", "N"},
    {"CH step, canyon", hopping_steps, "200 2000 20000", "N"},
    {"values, canyon", values, "200 2000 20000", "N"},
    {0},
};
