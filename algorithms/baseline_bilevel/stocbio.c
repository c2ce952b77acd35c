/* algorithms/baseline_bilevel/stocbio.c: hypergradients by a Neumann series of stochastic Hessian-vector products.
 *
 * Problem    min over x of f(x, y*(x)), y*(x) = argmin g(x, .), stochastic; g strongly convex in y with Lipschitz gradient.
 * Method     y -= a gy, T times; then at the new y, H_1, H_2 .. fresh samples of gyy, N_q = (I - h H_q) .. (I - h H_1):
 *            stocBiO  v = h (fy + N_1 fy + .. + N_Q fy)
 *            TTSA     T = 1; v = h Q N_q fy, q uniform in 0 .. Q - 1; a_k = a (k+1)^-2/5, b_k = b (k+1)^-3/5
 *            and x -= b (fx - gxy v).
 * Guarantee  stocBiO: O(eps^-4) calls of gradients and products (eps of the norm of grad Phi); TTSA: O(eps^-5).
 * Reference  Ji, Yang, Liang: Bilevel optimization: convergence analysis and enhanced design, ICML 2021; Hong, Wai, Wang, Yang: A
 *            two-timescale stochastic algorithm framework for bilevel optimization, SIAM J. Optim. 2023; the estimator of TTSA:
 *            Ghadimi, Wang: Approximation methods for bilevel programming, 2018. */
#include "algorithms/baseline_bilevel/baseline.h"

#include <math.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/bilevel.h"

enum { DEPTH = 64 }; /* stream of TTSA's q, apart from those of samples */

typedef struct stocbio {
    bilevel_walk w;
    size_t T, Q;
    double *gy, *r, *hv, *v, *fx, *jv;
} stocbio;

static cc_status start(cc_run *run, const char *method, size_t T, void **state)
{
    stocbio *s;
    CC_NEW(run, s, 1);
    CC_TRY(bilevel_walk_start(run, method, BILEVEL_SMOOTH, &s->w));
    s->w.h = cc_real(run, "h"), s->w.batch = (size_t)cc_int(run, "batch");
    s->T = T, s->Q = (size_t)cc_int(run, "Q");
    double **const upper[] = {&s->fx, &s->jv}, **const lower[] = {&s->gy, &s->r, &s->hv, &s->v};
    for (size_t i = 0; i < sizeof upper / sizeof *upper; i++) CC_NEW(run, *upper[i], s->w.dx);
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) CC_NEW(run, *lower[i], s->w.dy);
    *state = s;
    return CC_OK;
}

/* y -= a gy, T times, on fresh samples. */
static cc_status descend(cc_run *run, stocbio *s, double a)
{
    for (size_t t = 0; t < s->T; t++) {
        const bilevel_sample lower = {BILEVEL_LOWER, s->w.k * s->T + t, s->w.batch};
        CC_TRY(bilevel_lower(run, 0, &lower, s->w.x, s->w.y, NULL, s->gy));
        cc_axpy(s->w.dy, -a, s->gy, s->w.y);
    }
    return CC_OK;
}

/* r = (I - h H_q) r, H_q the q-th fresh sample of the step. */
static cc_status factor(cc_run *run, stocbio *s, size_t q)
{
    const bilevel_sample hessian = {BILEVEL_HESSIAN, s->w.k * s->Q + q, s->w.batch};
    CC_TRY(bilevel_hvp(run, 0, &hessian, s->w.x, s->w.y, s->r, s->hv));
    cc_axpy(s->w.dy, -s->w.h, s->hv, s->r);
    return CC_OK;
}

/* x -= b (fx - gxy v) */
static cc_status move(cc_run *run, stocbio *s, double b)
{
    const bilevel_sample jacobian = {BILEVEL_JACOBIAN, s->w.k, s->w.batch};
    CC_TRY(bilevel_jvp(run, 0, &jacobian, s->w.x, s->w.y, s->v, s->jv));
    cc_axpy(s->w.dx, -1, s->jv, s->fx);
    bilevel_walk_x(run, &s->w, b, s->fx);
    s->w.k++;
    return CC_OK;
}

cc_status bilevel_stocbio_init(cc_run *run, void **state) { return start(run, "stocBiO", (size_t)cc_int(run, "T"), state); }

static cc_status stocbio_step(cc_run *run, stocbio *s)
{
    const bilevel_sample upper = {BILEVEL_UPPER, s->w.k, s->w.batch};
    CC_TRY(descend(run, s, s->w.a));
    CC_TRY(bilevel_upper(run, 0, &upper, s->w.x, s->w.y, s->fx, s->r));
    cc_copy(s->w.dy, s->r, s->v);
    for (size_t q = 0; q < s->Q; q++) {
        CC_TRY(factor(run, s, q));
        cc_axpy(s->w.dy, 1, s->r, s->v);
    }
    cc_scale(s->w.dy, s->w.h, s->v);
    return move(run, s, s->w.b);
}

cc_status bilevel_stocbio_step(cc_run *run, void *state)
{
    stocbio *s = state;
    return bilevel_walk_end(run, &s->w, stocbio_step(run, s));
}

cc_status bilevel_ttsa_init(cc_run *run, void **state) { return start(run, "TTSA", 1, state); }

static cc_status ttsa_step(cc_run *run, stocbio *s)
{
    const double k = (double)(s->w.k + 1);
    const bilevel_sample upper = {BILEVEL_UPPER, s->w.k, s->w.batch};
    cc_rng depth = cc_stream(run, DEPTH, s->w.k);
    const size_t q = (size_t)cc_below(&depth, s->Q);
    CC_TRY(descend(run, s, s->w.a * pow(k, -2. / 5)));
    CC_TRY(bilevel_upper(run, 0, &upper, s->w.x, s->w.y, s->fx, s->r));
    for (size_t i = 0; i < q; i++) CC_TRY(factor(run, s, i));
    cc_copy(s->w.dy, s->r, s->v);
    cc_scale(s->w.dy, s->w.h * (double)s->Q, s->v);
    return move(run, s, s->w.b * pow(k, -3. / 5));
}

cc_status bilevel_ttsa_step(cc_run *run, void *state)
{
    stocbio *s = state;
    return bilevel_walk_end(run, &s->w, ttsa_step(run, s));
}

const cc_param bilevel_stocbio_params[] = {
    {"a", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of y"},
    {"h", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of the Neumann series; below 2 / Lyy"},
    {"b", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of x"},
    {"T", CC_INT, "10", 1, 1e6, .doc = "steps of y for one of x"},
    {"Q", CC_INT, "10", 0, 1e6, .doc = "Hessian-vector products of the series, which has Q + 1 terms"},
    {"batch", CC_INT, "1", 1, 1e6, .doc = "samples a call"},
    {0},
};

const cc_param bilevel_ttsa_params[] = {
    {"a", CC_REAL, "0.1", 1e-300, 1e6, .doc = "step k of y is a (k+1)^-2/5"},
    {"h", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of the Neumann series; below 2 / Lyy"},
    {"b", CC_REAL, "0.1", 1e-300, 1e6, .doc = "step k of x is b (k+1)^-3/5"},
    {"Q", CC_INT, "10", 1, 1e6, .doc = "terms of the series, of which one is drawn"},
    {"batch", CC_INT, "1", 1, 1e6, .doc = "samples a call"},
    {0},
};
