/* algorithms/baseline_bilevel/soba.c: single-loop methods on one sample of each oracle an iteration.
 *
 * Problem    min over x of f(x, y*(x)), y*(x) = argmin g(x, .), stochastic; g strongly convex in y, f smooth.
 * Method     all at the old point: y -= a gy,  v -= h (gyy v - fy),  d = fx - gxy v,  m = (1 - c) m + c d,  x -= b m.
 *            c = 1 is SOBA, c < 1 is MA-SOBA.
 * Guarantee  SOBA: O(eps^-4) calls under second-order smoothness of g; MA-SOBA needs less of it.
 * Reference  Dagreou, Ablin, Vaiter, Moreau: A framework for bilevel optimization that enables stochastic and global variance
 * reduction algorithms, NeurIPS 2022; Chen, Xiao, Balasubramanian: Optimal algorithms for stochastic bilevel optimization under
 *            relaxed smoothness conditions, JMLR 2024. */
#include "algorithms/baseline_bilevel/baseline.h"

#include <math.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/bilevel.h"

typedef struct soba {
    size_t dx, dy, k, batch;
    double a, h, b, c;
    double *x, *y, *v, *m;          /* x and y are one array */
    double *gy, *fy, *hv, *fx, *jv; /* work */
} soba;

cc_status bilevel_soba_init(cc_run *run, void **state)
{
    soba *s;
    if (bilevel_blocks(run) != 1)
        return cc_fail(run, CC_EINVAL, "SOBA is for one block; this problem has %zu", bilevel_blocks(run));
    CC_NEW(run, s, 1);
    s->dx = bilevel_dx(run), s->dy = bilevel_dy(run), s->batch = (size_t)cc_int(run, "batch");
    s->a = cc_real(run, "a"), s->h = cc_real(run, "h"), s->b = cc_real(run, "b"), s->c = cc_real(run, "c");
    CC_NEW(run, s->x, s->dx + s->dy);
    s->y = s->x + s->dx;
    double **const upper[] = {&s->m, &s->fx, &s->jv}, **const lower[] = {&s->v, &s->gy, &s->fy, &s->hv};
    for (size_t i = 0; i < sizeof upper / sizeof *upper; i++) CC_NEW(run, *upper[i], s->dx);
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) CC_NEW(run, *lower[i], s->dy);
    bilevel_start(run, s->x, s->y);
    *state = s;
    return CC_OK;
}

cc_status bilevel_soba_step(cc_run *run, void *state)
{
    soba *s = state;
    const bilevel_sample lower = {BILEVEL_LOWER, s->k, s->batch}, upper = {BILEVEL_UPPER, s->k, s->batch},
                         jacobian = {BILEVEL_JACOBIAN, s->k, s->batch}, hessian = {BILEVEL_HESSIAN, s->k, s->batch};
    s->k++;
    CC_TRY(bilevel_lower(run, 0, &lower, s->x, s->y, NULL, s->gy));
    CC_TRY(bilevel_upper(run, 0, &upper, s->x, s->y, s->fx, s->fy));
    CC_TRY(bilevel_hvp(run, 0, &hessian, s->x, s->y, s->v, s->hv));
    CC_TRY(bilevel_jvp(run, 0, &jacobian, s->x, s->y, s->v, s->jv));
    for (size_t j = 0; j < s->dy; j++) {
        s->y[j] -= s->a * s->gy[j];
        s->v[j] -= s->h * (s->hv[j] - s->fy[j]);
    }
    for (size_t j = 0; j < s->dx; j++) {
        s->m[j] = (1 - s->c) * s->m[j] + s->c * (s->fx[j] - s->jv[j]);
        s->x[j] -= s->b * s->m[j];
    }
    return cc_norm(s->dx, s->x) < 1e4 ? CC_OK : cc_finish(run, "DIVERGED");
}

const void *bilevel_soba_candidate(void *state) { return ((soba *)state)->x; }

const cc_param bilevel_soba_params[] = {
    {"a", CC_REAL, "0.05", 0, 1e6, .doc = "step of y"},
    {"h", CC_REAL, "0.05", 0, 1e6, .doc = "step of v, the solution of the linear system"},
    {"b", CC_REAL, "0.05", 0, 1e6, .doc = "step of x"},
    {"c", CC_REAL, "1", 0, 1, .doc = "weight of the newest direction of x"},
    {"batch", CC_INT, "1", 1, 1e6, .doc = "samples a call"},
    {0},
};

const cc_variant bilevel_soba_variants[] = {{"ma", "moving average: MA-SOBA", "c=0.1"}, {0}};
