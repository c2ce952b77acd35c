/* algorithms/13_vr_halpern/bench.c: what a step costs, over the number of components. */
#include "algorithms/13_vr_halpern/bench.h"

#include <stdio.h>

#include "problems/finsum_op/finsum_op.h"

/* Steps of a running method; the rate printed is component evaluations. */
static void steps(cc_loop *loop, const char *algorithm, const char *format)
{
    char problem[96];
    snprintf(problem, sizeof problem, format, (int)cc_loop_arg(loop, 0));
    cc_run *run = cc_loop_start(loop, algorithm, problem);
    const uint64_t before = cc_spent(run, "n_comp");
    while (cc_loop_next(loop)) cc_loop_step(run);
    cc_loop_items(loop, (int64_t)(cc_spent(run, "n_comp") - before));
}

static void page_lsq(cc_loop *loop) { steps(loop, "halpern.page", "finsum_op.lsq(n=%d)"); }
static void page_game(cc_loop *loop) { steps(loop, "halpern.page(outside_theory=true,eta_L=5)", "finsum_op.game(n=%d)"); }
static void det_game(cc_loop *loop) { steps(loop, "halpern.page:det(outside_theory=true,eta_L=5)", "finsum_op.game(n=%d)"); }

/* n inner steps of Algorithm 3 on a low-rank matrix: two rows of n numbers a step. */
static void inner_steps(cc_loop *loop) { steps(loop, "halpern.inexact(Mk=practical,c=1)", "finsum_op.bilinear(n=%d)"); }
static void inner_game(cc_loop *loop) { steps(loop, "halpern.inexact(Mk=practical,c=1)", "finsum_op.game(n=%d)"); }

static void full_operator(cc_loop *loop)
{
    char problem[96];
    snprintf(problem, sizeof problem, "finsum_op.bilinear(n=%d)", (int)cc_loop_arg(loop, 0));
    cc_run *run = cc_loop_run(loop, problem);
    const size_t d = finsum_d(run);
    double *u = cc_alloc(run, 2 * d, sizeof *u), *out = cc_alloc(run, d, sizeof *out);
    if (!u || !out) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    finsum_start(run, u, u + d);
    while (cc_loop_next(loop)) finsum_full(run, u, out);
}

const cc_bench halpern_benches[] = {
    {"PAGE step, least squares", page_lsq, "64..16384*4", NULL},
    {"PAGE step, game", page_game, "100 200 500", NULL},
    {"full step, game", det_game, "100 200 500", NULL},
    {"inexact step, low rank", inner_steps, "64..1024*4", NULL},
    {"inexact step, game", inner_game, "100 200 500", NULL},
    {"full operator, low rank", full_operator, "64..1024*4", "N^2"},
    {0},
};
