/* algorithms/baseline_bilevel/deterministic.c: hypergradients of exact oracles, implicit or through the iteration.
 *
 * Problem    min over x of f(x, y*(x)), y*(x) = argmin g(x, .), exact oracles; g strongly convex in y.
 * Method     y -= a gy(x, y), T times from the last y; then
 *            AID-CG  x -= b (fx - gxy v), v by conjugate gradients on gyy v = fy from the last v, at the new y;
 *            ITD     x -= b d f(x, y_T(x)) / dx: p = fy, r = 0 and for t = T-1 .. 0: r -= a gxy(x, y_t) p, p -= a gyy(x, y_t) p;
 *                    x -= b (fx + r).
 * Guarantee  O(1/eps) steps to |grad Phi|^2 <= eps; of ITD up to a bias of order (1 - a mu)^T.
 * Reference  Ji, Yang, Liang: Bilevel optimization: convergence analysis and enhanced design, ICML 2021; Franceschi, Donini,
 *            Frasconi, Pontil: Forward and reverse gradient-based hyperparameter optimization, ICML 2017; Pedregosa: Hyperparameter
 *            optimization with approximate gradient, ICML 2016. */
#include "algorithms/baseline_bilevel/baseline.h"

#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"
#include "problems/bilevel/bilevel.h"

/* Of |gyy v - fy| / |fy|: rounding, so that the number of products decides. */
static const double rounding = 1e-14;

typedef struct deterministic {
    bilevel_walk w;
    cc_run *run;
    size_t T, k;
    double *path; /* ITD: y_0 .. y_T-1 */
    double *gy, *fy, *v, *hv, *fx, *jv, *cg;
} deterministic;

static cc_status start(cc_run *run, const char *method, deterministic **state)
{
    deterministic *s;
    CC_NEW(run, s, 1);
    CC_TRY(bilevel_walk_start(run, method, BILEVEL_SMOOTH, &s->w));
    s->run = run, s->T = (size_t)cc_int(run, "T");
    double **const upper[] = {&s->fx, &s->jv}, **const lower[] = {&s->gy, &s->fy, &s->v, &s->hv};
    for (size_t i = 0; i < sizeof upper / sizeof *upper; i++) CC_NEW(run, *upper[i], s->w.dx);
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) CC_NEW(run, *lower[i], s->w.dy);
    *state = s;
    return CC_OK;
}

cc_status bilevel_aid_cg_init(cc_run *run, void **state)
{
    deterministic *s;
    CC_TRY(start(run, "AID-CG", &s));
    s->k = (size_t)cc_int(run, "k");
    CC_NEW(run, s->cg, cc_cg_words(s->w.dy));
    *state = s;
    return CC_OK;
}

/* y -= a gy, T times; the points left behind go to `path` unless it is NULL. */
static cc_status descend(cc_run *run, deterministic *s)
{
    for (size_t t = 0; t < s->T; t++) {
        if (s->path) cc_copy(s->w.dy, s->w.y, s->path + t * s->w.dy);
        CC_TRY(bilevel_lower(run, 0, NULL, s->w.x, s->w.y, NULL, s->gy));
        cc_axpy(s->w.dy, -s->w.a, s->gy, s->w.y);
    }
    return CC_OK;
}

static cc_status apply_gyy(void *self, size_t p, const double *v, double *out)
{
    (void)p;
    deterministic *s = self;
    return bilevel_hvp(s->run, 0, NULL, s->w.x, s->w.y, v, out);
}

static cc_status aid_cg_step(cc_run *run, deterministic *s)
{
    const cc_linop gyy = {s->w.dy, apply_gyy, s};
    const cc_solve_plan plan = {.tolerance = rounding, .most = s->k + (cc_norm(s->w.dy, s->v) > 0)};
    cc_solve_result result;
    CC_TRY(descend(run, s));
    CC_TRY(bilevel_upper(run, 0, NULL, s->w.x, s->w.y, s->fx, s->fy));
    CC_TRY(cc_cg(&gyy, NULL, &plan, s->fy, s->cg, s->v, &result));
    if (result.outcome == CC_SOLVE_NEGATIVE) return cc_finish(run, "INDEFINITE");
    CC_TRY(bilevel_jvp(run, 0, NULL, s->w.x, s->w.y, s->v, s->jv));
    cc_axpy(s->w.dx, -1, s->jv, s->fx);
    bilevel_walk_x(run, &s->w, s->w.b, s->fx);
    return CC_OK;
}

cc_status bilevel_aid_cg_step(cc_run *run, void *state)
{
    deterministic *s = state;
    return bilevel_walk_end(run, &s->w, aid_cg_step(run, s));
}

cc_status bilevel_itd_init(cc_run *run, void **state)
{
    deterministic *s;
    CC_TRY(start(run, "ITD", &s));
    CC_NEW(run, s->path, s->T * s->w.dy);
    *state = s;
    return CC_OK;
}

static cc_status itd_step(cc_run *run, deterministic *s)
{
    double *p = s->fy;
    CC_TRY(descend(run, s));
    CC_TRY(bilevel_upper(run, 0, NULL, s->w.x, s->w.y, s->fx, p));
    for (size_t t = s->T; t-- > 0;) {
        const double *y = s->path + t * s->w.dy;
        CC_TRY(bilevel_jvp(run, 0, NULL, s->w.x, y, p, s->jv));
        cc_axpy(s->w.dx, -s->w.a, s->jv, s->fx);
        if (t == 0) break; /* what is left of p is the weight of y_0 */
        CC_TRY(bilevel_hvp(run, 0, NULL, s->w.x, y, p, s->hv));
        cc_axpy(s->w.dy, -s->w.a, s->hv, p);
    }
    bilevel_walk_x(run, &s->w, s->w.b, s->fx);
    return CC_OK;
}

cc_status bilevel_itd_step(cc_run *run, void *state)
{
    deterministic *s = state;
    return bilevel_walk_end(run, &s->w, itd_step(run, s));
}

const cc_param bilevel_aid_cg_params[] = {
    {"a", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of y"},
    {"b", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of x"},
    {"T", CC_INT, "10", 1, 1e6, .doc = "steps of y for one of x"},
    {"k", CC_INT, "10", 1, 1e6, .doc = "steps of conjugate gradients at most; the residual of the last v costs one product more"},
    {0},
};

const cc_param bilevel_itd_params[] = {
    {"a", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of y"},
    {"b", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of x"},
    {"T", CC_INT, "10", 1, 1e6, .doc = "steps of y for one of x; all are kept"},
    {0},
};
