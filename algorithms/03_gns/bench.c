/* algorithms/03_gns/bench.c: times of whole runs and of single trials. */
#include "algorithms/03_gns/bench.h"

#include "algorithms/03_gns/gns.h"

#include <stdio.h>

/* Log-sum-exp, n = m, mu_s = 1, to a gap of about 1e-8: the counts are those of the published code's method. */
static void whole_run(cc_loop *loop)
{
    char problem[96];
    const long n = (long)cc_loop_arg(loop, 0);
    snprintf(problem, sizeof problem, "smooth.lse(n=%ld,m=%ld,mu_s=1,seed=3124)", n, n);
    int steps = 0;
    while (cc_loop_next(loop)) {
        cc_run *run = cc_loop_start(loop, "gns.newton(grad_tol=1e-9)", problem);
        for (steps = 0; cc_loop_step(run) == CC_OK;) steps++;
    }
    cc_loop_counter(loop, "iterations", steps);
}

/* One step of a running method: Hessian, one or more trials. */
static void steps_of(cc_loop *loop, const char *algorithm, const char *format)
{
    char problem[96];
    const long n = (long)cc_loop_arg(loop, 0);
    snprintf(problem, sizeof problem, format, n, n);
    cc_run *run = cc_loop_start(loop, algorithm, problem);
    while (cc_loop_next(loop)) cc_loop_step(run);
}

static void trial_cholesky(cc_loop *loop)
{
    steps_of(loop, "gns.newton(rule=fixed,gamma0=1e-6)", "smooth.lse(n=%ld,m=%ld,seed=3124)");
}
static void trial_tridiagonal(cc_loop *loop)
{
    steps_of(loop, "gns.newton(rule=fixed,gamma0=1e-6,solver=tridiag)", "smooth.lse(n=%ld,m=%ld,seed=3124)");
}
static void trial_gradient(cc_loop *loop)
{
    steps_of(loop, "gns.newton(rule=fixed,gamma0=1e-6,hess=zero)", "smooth.lse(n=%ld,m=%ld,seed=3124)");
}
static void trial_rank1(cc_loop *loop)
{
    steps_of(loop, "gns.newton(rule=fixed,gamma0=1e-6,hess=rank1,solver=woodbury)", "smooth.lin(m=10,n=%ld,metric=I,seed=%ld)");
}

const cc_bench gns_benches[] = {
    {"whole run, lse", whole_run, "50 100 200 400", NULL},        {"step, cholesky", trial_cholesky, "64..512*2", "N^3"},
    {"step, tridiagonal", trial_tridiagonal, "64..512*2", "N^3"}, {"step, H = 0", trial_gradient, "64..512*2", "N^2"},
    {"step, rank one", trial_rank1, "256..4096*4", "N"},          {0},
};
