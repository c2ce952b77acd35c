/* algorithms/baseline_smooth/zeroth_order.c: methods for functions with many minima.
 *
 * langevin: x_k = x_{k-1} - rate dt grad f(x_{k-1}) + sigma / log(k + 1) sqrt(dt) xi, the annealed Langevin method (Chiang, Hwang,
 * Sheu, SIAM J. Control Optim. 1987); sigma = 0 is the gradient method.
 *
 * random: the best of N points drawn from N(x_0, std^2 I) at each step. */
#include "algorithms/baseline_smooth/baselines.h"

#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

#include <math.h>

typedef struct langevin {
    size_t d, k;
    double rate_dt, sigma_root_dt, *x, *g, *xi;
} langevin;

cc_status langevin_init(cc_run *run, void **state)
{
    langevin *s;
    CC_NEW(run, s, 1);
    s->d = smooth_dim(run), s->k = 1;
    s->rate_dt = cc_real(run, "rate") * cc_real(run, "dt"), s->sigma_root_dt = cc_real(run, "sigma") * sqrt(cc_real(run, "dt"));
    CC_NEW(run, s->x, s->d);
    CC_NEW(run, s->g, s->d);
    CC_NEW(run, s->xi, s->d);
    *state = s;
    return smooth_start(run, s->x);
}

cc_status langevin_step(cc_run *run, void *state)
{
    langevin *s = state;
    CC_TRY(smooth_grad(run, s->x, s->g));
    cc_axpy(s->d, -s->rate_dt, s->g, s->x);
    if (s->sigma_root_dt > 0) {
        cc_rng rng = cc_stream(run, 1, s->k);
        cc_normal(&rng, s->d, s->xi);
        cc_axpy(s->d, s->sigma_root_dt / log((double)s->k + 1), s->xi, s->x);
    }
    s->k++;
    return CC_OK;
}

const void *langevin_candidate(void *state) { return ((langevin *)state)->x; }

typedef struct random_search {
    size_t d, N, k;
    double std, best, *x0, *x, *X, *e;
} random_search;

cc_status random_search_init(cc_run *run, void **state)
{
    random_search *s;
    CC_NEW(run, s, 1);
    s->d = smooth_dim(run), s->N = (size_t)cc_int(run, "N"), s->std = cc_real(run, "std"), s->best = INFINITY;
    CC_NEW(run, s->x0, s->d);
    CC_NEW(run, s->x, s->d);
    CC_NEW(run, s->X, s->d * s->N);
    CC_NEW(run, s->e, s->N);
    CC_TRY(smooth_start(run, s->x0));
    cc_copy(s->d, s->x0, s->x);
    *state = s;
    return CC_OK;
}

cc_status random_search_step(cc_run *run, void *state)
{
    random_search *s = state;
    cc_rng rng = cc_stream(run, 1, s->k++);
    cc_normal(&rng, s->d * s->N, s->X);
    for (size_t j = 0; j < s->d; j++)
        for (size_t i = 0; i < s->N; i++) s->X[j * s->N + i] = s->x0[j] + s->std * s->X[j * s->N + i];
    CC_TRY(smooth_value_batch(run, s->N, s->X, s->e));
    for (size_t i = 0; i < s->N; i++) {
        if (!(s->e[i] < s->best)) continue;
        s->best = s->e[i];
        for (size_t j = 0; j < s->d; j++) s->x[j] = s->X[j * s->N + i];
    }
    return CC_OK;
}

const void *random_search_candidate(void *state) { return ((random_search *)state)->x; }
