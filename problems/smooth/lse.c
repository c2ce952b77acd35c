/* problems/smooth/lse.c: log-sum-exp, f(x) = mu_s log sum_{i<m} exp((a_i'x - b_i)/mu_s), shifted so that x* = 0; start: ones.
 *
 * Data by SplitMix64 from the seed: A (m x n) row by row and then b, all uniform on (-1, 1). The gradient at 0 is subtracted from
 * every row, so that 0 is a minimiser; the metric B = sum a_i a_i' is of the rows before that. With pi the softmax: grad = A'pi,
 * D^2 f = (A' Diag(pi) A - g g')/mu_s, WGN = A' Diag(pi) A / mu_s. With P the largest dual norm of a difference of two rows, the
 * variance of a variable of range P gives L1 <= P^2/(4 mu_s), its third moment L2 <= P^3/(4 mu_s^2), and Mqsc = P/mu_s. m = n: the
 * shifted rows span only n - 1 directions at 0, where the Hessian is singular: linear rates cannot come from strong convexity. */
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"
#include "problems/splitmix.h"

#include <math.h>

typedef struct lse {
    smooth_base base;
    size_t m;
    double mu_s;
    const double *a, *b; /* m x n; m */
} lse;

/* pass: pi, then f */
static void forward(const void *instance, const double *x, double *pass)
{
    const lse *p = instance;
    double top = -INFINITY, sum = 0;
    cc_copy(p->m, p->b, pass);
    cc_gemv(p->m, p->base.d, 1, p->a, x, -1, pass);
    for (size_t i = 0; i < p->m; i++) top = pass[i] > top ? pass[i] : top;
    for (size_t i = 0; i < p->m; i++) sum += pass[i] = exp((pass[i] - top) / p->mu_s);
    cc_scale(p->m, 1 / sum, pass);
    pass[p->m] = top + p->mu_s * log(sum);
}

static double value(const smooth_point *at) { return at->pass[((const lse *)at->instance)->m]; }

static void grad(const smooth_point *at, double *g)
{
    const lse *p = at->instance;
    cc_gemv_t(p->m, p->base.d, 1, p->a, at->pass, 0, g);
}

/* w_i <- pi_i / mu_s, or 1 / (m mu_s) for the foil */
static void weights(const smooth_point *at, int uniform, double *w)
{
    const lse *p = at->instance;
    for (size_t i = 0; i < p->m; i++) w[i] = (uniform ? 1 / (double)p->m : at->pass[i]) / p->mu_s;
}

static void wgn(const smooth_point *at, double *h)
{
    const lse *p = at->instance;
    weights(at, 0, at->work);
    smooth_gram(p->m, p->base.d, p->a, at->work, at->work + p->m, h);
}

static void uniform(const smooth_point *at, double *h)
{
    const lse *p = at->instance;
    weights(at, 1, at->work);
    smooth_gram(p->m, p->base.d, p->a, at->work, at->work + p->m, h);
}

static void hess(const smooth_point *at, double *h)
{
    const lse *p = at->instance;
    wgn(at, h);
    grad(at, at->work);
    cc_syr(p->base.d, -1 / p->mu_s, at->work, h);
}

static void wgn_vec(const smooth_point *at, const double *v, double *out)
{
    const lse *p = at->instance;
    double *w = at->work;
    cc_gemv(p->m, p->base.d, 1, p->a, v, 0, w);
    for (size_t i = 0; i < p->m; i++) w[i] *= at->pass[i] / p->mu_s;
    cc_gemv_t(p->m, p->base.d, 1, p->a, w, 0, out);
}

static void hvp(const smooth_point *at, const double *v, double *out)
{
    const lse *p = at->instance;
    wgn_vec(at, v, out);
    grad(at, at->work);
    cc_axpy(p->base.d, -cc_dot(p->base.d, at->work, v) / p->mu_s, at->work, out);
}

/* P = max dual norm of a_i - a_j and R = max dual norm of a_i, from the Gram matrix of the rows in the metric. */
static cc_status row_norms(cc_run *scope, const lse *p, double *P, double *R)
{
    const size_t m = p->m, n = p->base.d;
    double *w, *gram;
    CC_NEW(scope, w, n * m); /* w: n x m, column i is C^-1 a_i with B = C C' */
    CC_NEW(scope, gram, m * m);
    for (size_t i = 0; i < m; i++) {
        double *row = gram; /* scratch, before the Gram matrix is there */
        cc_copy(n, p->a + i * n, row);
        if (p->base.metric_factor) cc_trsv(n, p->base.metric_factor, 0, row);
        for (size_t j = 0; j < n; j++) w[j * m + i] = row[j];
    }
    cc_syrk_t(n, m, 1, w, 0, gram);
    double p2 = 0, r2 = 0;
    for (size_t i = 0; i < m; i++) {
        r2 = fmax(r2, gram[i * m + i]);
        for (size_t j = 0; j < i; j++) p2 = fmax(p2, gram[i * m + i] + gram[j * m + j] - 2 * gram[i * m + j]);
    }
    *P = sqrt(p2), *R = sqrt(r2);
    return CC_OK;
}

/* Draws A and b; then, unless the metric is I, B. */
static cc_status draw(cc_run *scope, lse *p, double **rows)
{
    const size_t m = p->m, n = p->base.d;
    uint64_t state = cc_seed(scope);
    double *a, *b;
    CC_NEW(scope, a, m * n);
    CC_NEW(scope, b, m);
    for (size_t i = 0; i < m * n; i++) a[i] = 2 * cc_sm64_uniform(&state) - 1;
    for (size_t i = 0; i < m; i++) b[i] = 2 * cc_sm64_uniform(&state) - 1;
    p->a = *rows = a, p->b = b;
    if (cc_choice(scope, "metric") == 0) return CC_OK;
    double *metric;
    CC_NEW(scope, metric, n * n);
    cc_syrk_t(m, n, 1, a, 0, metric);
    return smooth_set_metric(scope, &p->base, metric);
}

cc_status smooth_lse_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n"), m = (size_t)cc_int(scope, "m");
    lse *p;
    double *a, *c, *pass, *zero, P, R;
    CC_NEW(scope, p, 1);
    CC_NEW(scope, c, n);
    CC_NEW(scope, zero, n);
    CC_NEW(scope, pass, m + 1);
    p->m = m, p->mu_s = cc_real(scope, "mu_s");
    p->base =
        (smooth_base){.d = n, .pass = m + 1, .work = m + SMOOTH_PANEL * n, .x0 = smooth_constant(scope, n, 1), .x_star = zero};
    if (!p->base.x0) return CC_ENOMEM;
    CC_TRY(draw(scope, p, &a));
    forward(p, zero, pass);
    grad(&(smooth_point){.instance = p, .x = zero, .pass = pass}, c);
    for (size_t i = 0; i < m; i++) cc_axpy(n, -1, c, a + i * n);
    CC_TRY(row_norms(scope, p, &P, &R));
    *instance = p;
    const double mu_s = p->mu_s;
    return smooth_publish(scope, &p->base,
                          &(smooth_facts){.L1 = P * P / (4 * mu_s),
                                          .L2 = P * P * P / (4 * mu_s * mu_s),
                                          .mu = 0,
                                          .Mqsc = P / mu_s,
                                          .R = R,
                                          .convex = 1,
                                          .f_star = pass[m]}); /* the shift does not move f(0) */
}

const smooth_ops smooth_lse_ops = {
    .forward = forward,
    .value = value,
    .grad = grad,
    .hess = {[SMOOTH_EXACT] = hess, [SMOOTH_WGN] = wgn, [SMOOTH_UNIFORM] = uniform},
    .hvp = {[SMOOTH_EXACT] = hvp, [SMOOTH_WGN] = wgn_vec},
};
