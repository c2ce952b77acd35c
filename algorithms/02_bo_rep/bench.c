/* algorithms/02_bo_rep/bench.c: what an iteration costs. */
#include "algorithms/02_bo_rep/bench.h"

#include <stdio.h>

static void iterations(cc_loop *loop, const char *algorithm, const char *problem)
{
    cc_run *run = cc_loop_start(loop, algorithm, problem);
    while (cc_loop_next(loop)) cc_loop_step(run);
    cc_loop_items(loop, (int64_t)cc_spent(run, "n_calls"));
}

static void small(cc_loop *loop)
{
    char problem[64];
    snprintf(problem, sizeof problem, "bilevel.expupper(noise=1,D=%d)", (int)cc_loop_arg(loop, 0));
    iterations(loop, "borep.borep(K=100000000,eta=0.001,beta=0.9,nu=0.05,alpha=0.05,I=4,N=8,refine=0)", problem);
}

/* Batches of 200 of 2000 images: three products of 200 x 785 by 785 x 10 dominate. */
static void cleaning(cc_loop *loop)
{
    iterations(loop, "borep.borep(K=100000000,eta=0.5,beta=0.9,nu=0.5,alpha=1,I=2,N=3,avg=last,refine=0,batch=200)",
               "bilevel.clean");
}

const cc_bench borep_benches[] = {
    {"iteration, expupper", small, "10 100 1000", NULL},
    {"iteration, hyper-cleaning", cleaning, NULL, NULL},
    {0},
};
