/* algorithms/25_learning_to_relax/bench.c: what a round, a solve and a table cost. */
#include "algorithms/25_learning_to_relax/bench.h"

#include <stdio.h>
#include <string.h>

#include "algorithms/25_learning_to_relax/measures.h"
#include "algorithms/25_learning_to_relax/relax.h"
#include "problems/online/linseq.h"

static void rounds(cc_loop *loop, const char *algorithm)
{
    cc_run *run = cc_loop_start(loop, algorithm, "online.sor(T=100000,eps=0.1)");
    while (cc_loop_next(loop)) cc_loop_step(run);
}

static void tsallis(cc_loop *loop) { rounds(loop, "relax.tsallis"); }
static void chebcb(cc_loop *loop) { rounds(loop, "relax.chebcb"); }

static void weights(cc_loop *loop)
{
    const size_t arms = (size_t)cc_loop_arg(loop, 0);
    cc_run *run = cc_loop_run(loop, NULL);
    double *L = cc_alloc(run, arms, sizeof *L), *p = cc_alloc(run, arms, sizeof *p);
    if (!L || !p) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    for (size_t i = 0; i < arms; i++) L[i] = (double)(i * i % 17);
    while (cc_loop_next(loop)) relax_tsallis_weights(arms, .1, L, p);
}

/* Systems at omega = 1.5; the rate is iterations. lanes: many at a time. */
static void sor(cc_loop *loop, int lanes)
{
    enum { JOBS = 256 };
    const size_t side = (size_t)cc_loop_arg(loop, 0), n = side * side;
    cc_run *run = cc_loop_run(loop, NULL);
    linseq_grid grid;
    linseq_sor_job job[JOBS];
    double *b = cc_alloc(run, n, sizeof *b), *work = NULL;
    if (b && linseq_square(run, side, &grid) == CC_OK) work = cc_alloc(run, grid.size * LINSEQ_LANES, sizeof *work);
    if (!work) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    relax_pattern(n, b);
    int64_t iterations = 0;
    while (cc_loop_next(loop)) {
        for (size_t i = 0; i < JOBS; i++) job[i] = (linseq_sor_job){.b = b, .diag = 4.2, .omega = 1.5};
        if (lanes)
            linseq_sor_batch(&grid, 1e-8, JOBS, job, work);
        else
            for (size_t i = 0; i < JOBS; i++) linseq_sor(&grid, 1e-8, &job[i], work, NULL);
        for (size_t i = 0; i < JOBS; i++) iterations += job[i].iterations;
    }
    cc_loop_items(loop, iterations);
}

static void sor_single(cc_loop *loop) { sor(loop, 0); }
static void sor_lanes(cc_loop *loop) { sor(loop, 1); }

/* One time step of the heat equation, as a learner's round. */
static void heat(cc_loop *loop)
{
    char problem[64];
    snprintf(problem, sizeof problem, "online.heat(nx=%d,T=1000,arms=2)", (int)cc_loop_arg(loop, 0));
    cc_run *run = cc_loop_start(loop, "online.fixed(x=1.5)", problem);
    while (cc_loop_next(loop)) cc_loop_step(run);
    cc_loop_items(loop, (int64_t)cc_spent(run, "n_iter"));
}

const cc_bench relax_benches[] = {
    {"Tsallis-INF round", tsallis, NULL, NULL},
    {"ChebCB round", chebcb, NULL, NULL},
    {"Tsallis weights", weights, "5..320*4", "N"},
    {"SOR, one at a time", sor_single, "10 30", NULL},
    {"SOR, in lanes", sor_lanes, "10 30", NULL},
    {"heat step", heat, "25 50", NULL},
    {0},
};
