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

#include "problems/bilevel/bilevel.h"

typedef struct soba {
    bilevel_walk w;
    double c;
    double *v, *m;
    double *gy, *fy, *hv, *fx, *jv; /* work */
} soba;

cc_status bilevel_soba_init(cc_run *run, void **state)
{
    soba *s;
    CC_NEW(run, s, 1);
    CC_TRY(bilevel_walk_start(run, "SOBA", BILEVEL_ANY, &s->w));
    s->w.h = cc_real(run, "h"), s->c = cc_real(run, "c"), s->w.batch = (size_t)cc_int(run, "batch");
    double **const upper[] = {&s->m, &s->fx, &s->jv}, **const lower[] = {&s->v, &s->gy, &s->fy, &s->hv};
    for (size_t i = 0; i < sizeof upper / sizeof *upper; i++) CC_NEW(run, *upper[i], s->w.dx);
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) CC_NEW(run, *lower[i], s->w.dy);
    *state = s;
    return CC_OK;
}

static cc_status soba_step(cc_run *run, soba *s)
{
    bilevel_walk *w = &s->w;
    const bilevel_sample lower = {BILEVEL_LOWER, w->k, w->batch}, upper = {BILEVEL_UPPER, w->k, w->batch},
                         jacobian = {BILEVEL_JACOBIAN, w->k, w->batch}, hessian = {BILEVEL_HESSIAN, w->k, w->batch};
    w->k++;
    CC_TRY(bilevel_lower(run, 0, &lower, w->x, w->y, NULL, s->gy));
    CC_TRY(bilevel_upper(run, 0, &upper, w->x, w->y, s->fx, s->fy));
    CC_TRY(bilevel_hvp(run, 0, &hessian, w->x, w->y, s->v, s->hv));
    CC_TRY(bilevel_jvp(run, 0, &jacobian, w->x, w->y, s->v, s->jv));
    for (size_t j = 0; j < w->dy; j++) {
        w->y[j] -= w->a * s->gy[j];
        s->v[j] -= w->h * (s->hv[j] - s->fy[j]);
    }
    for (size_t j = 0; j < w->dx; j++) s->m[j] = (1 - s->c) * s->m[j] + s->c * (s->fx[j] - s->jv[j]);
    bilevel_walk_x(run, w, w->b, s->m);
    return CC_OK;
}

cc_status bilevel_soba_step(cc_run *run, void *state)
{
    soba *s = state;
    return bilevel_walk_end(run, &s->w, soba_step(run, s));
}

const cc_param bilevel_soba_params[] = {
    {"a", CC_REAL, "0.05", 0, 1e6, .doc = "step of y"},
    {"h", CC_REAL, "0.05", 0, 1e6, .doc = "step of v, the solution of the linear system"},
    {"b", CC_REAL, "0.05", 0, 1e6, .doc = "step of x"},
    {"c", CC_REAL, "1", 0, 1, .doc = "weight of the newest direction of x"},
    {"batch", CC_INT, "1", 1, 1e6, .doc = "samples a call"},
    {0},
};

const cc_variant bilevel_soba_variants[] = {{"ma", "moving average: MA-SOBA", "c=0.1"}, {0}};
