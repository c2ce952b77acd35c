/* problems/smooth/pdiff.c: f(x) = (1/3) sum_{i<=n} |x_i - x_{i-1}|^3 - x_n, x_0 = 0: hard for second-order methods (after
 * Nesterov).
 *
 * x*_i = i, f* = -2n/3, start 0. With y = D x (y_i = x_i - x_{i-1}) the Hessian is D' Diag(2|y|) D; norm(D) <= 2 and |y_i - y'_i|
 * <= sqrt 2 norm(x - x') give L2 = 8 sqrt 2 in the identity metric; in the metric D'D the function separates and L2 = 2. */
#include "problems/smooth/problems.h"

#include <math.h>

cc_status smooth_pdiff_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n");
    smooth_base *base;
    double *x_star;
    CC_NEW(scope, base, 1);
    CC_NEW(scope, x_star, n);
    for (size_t i = 0; i < n; i++) x_star[i] = (double)(i + 1);
    *base = (smooth_base){.d = n, .pass = n, .x0 = smooth_constant(scope, n, 0), .x_star = x_star};
    if (!base->x0) return CC_ENOMEM;
    const int own_metric = cc_choice(scope, "metric") == 1;
    if (own_metric) {
        double *b;
        CC_NEW(scope, b, n * n);
        for (size_t i = 0; i < n; i++) {
            b[i * n + i] = i + 1 < n ? 2 : 1;
            if (i) b[i * n + i - 1] = -1;
        }
        CC_TRY(smooth_set_metric(scope, base, b));
    }
    *instance = base;
    smooth_facts facts = smooth_unknown();
    facts.L2 = own_metric ? 2 : 8 * sqrt(2), facts.mu = 0, facts.convex = 1, facts.f_star = -2 * (double)n / 3;
    return smooth_publish(scope, base, &facts);
}

/* pass: y = D x */
static void forward(const void *instance, const double *x, double *pass)
{
    const smooth_base *base = instance;
    for (size_t i = 0; i < base->d; i++) pass[i] = x[i] - (i ? x[i - 1] : 0);
}

static double value(const smooth_point *at)
{
    const size_t n = ((const smooth_base *)at->instance)->d;
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += fabs(at->pass[i]) * at->pass[i] * at->pass[i];
    return sum / 3 - at->x[n - 1];
}

static void grad(const smooth_point *at, double *g)
{
    const size_t n = ((const smooth_base *)at->instance)->d;
    const double *y = at->pass;
    for (size_t i = 0; i < n; i++) g[i] = fabs(y[i]) * y[i] - (i + 1 < n ? fabs(y[i + 1]) * y[i + 1] : 1);
}

static void hess(const smooth_point *at, double *h)
{
    const size_t n = ((const smooth_base *)at->instance)->d;
    const double *y = at->pass;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j + 1 < i; j++) h[i * n + j] = 0;
        if (i) h[i * n + i - 1] = -2 * fabs(y[i]);
        h[i * n + i] = 2 * fabs(y[i]) + (i + 1 < n ? 2 * fabs(y[i + 1]) : 0);
    }
}

static void hvp(const smooth_point *at, const double *v, double *out)
{
    const size_t n = ((const smooth_base *)at->instance)->d;
    const double *y = at->pass;
    for (size_t i = 0; i < n; i++) {
        const double here = 2 * fabs(y[i]) * (v[i] - (i ? v[i - 1] : 0));
        out[i] = here - (i + 1 < n ? 2 * fabs(y[i + 1]) * (v[i + 1] - v[i]) : 0);
    }
}

const smooth_ops smooth_pdiff_ops = {
    .forward = forward, .value = value, .grad = grad, .hess = {[SMOOTH_EXACT] = hess}, .hvp = {[SMOOTH_EXACT] = hvp}};
