/* problems/smooth/nesterov.c: f(x) = (L/4) [ (x_1^2 + sum (x_i - x_{i+1})^2 + x_d^2) / 2 - x_1 ], the worst function for
 * first-order methods (Nesterov, Lectures on Convex Optimization, 2.1.2). f* = (L/8)(1/(d+1) - 1), x*_i = 1 - i/(d+1), start 0. */
#include "problems/smooth/problems.h"

#include <math.h>

typedef struct chain {
    smooth_base base;
    double L;
} chain;

cc_status smooth_nesterov_create(cc_run *scope, void **instance)
{
    const size_t d = (size_t)cc_int(scope, "d");
    chain *c;
    double *x_star;
    CC_NEW(scope, c, 1);
    CC_NEW(scope, x_star, d);
    for (size_t i = 0; i < d; i++) x_star[i] = 1 - (double)(i + 1) / (double)(d + 1);
    c->L = cc_real(scope, "L");
    c->base = (smooth_base){.d = d, .pass = d, .x0 = smooth_constant(scope, d, 0), .x_star = x_star};
    if (!c->base.x0) return CC_ENOMEM;
    *instance = c;
    const double least = 2 - 2 * cos(3.14159265358979323846 / (double)(d + 1));
    return smooth_publish(scope, &c->base,
                          &(smooth_facts){.L1 = c->L,
                                          .L2 = 0,
                                          .mu = c->L / 4 * least,
                                          .Mqsc = 0,
                                          .R = NAN,
                                          .convex = 1,
                                          .f_star = c->L / 8 * (1 / (double)(d + 1) - 1)});
}

/* out = tridiag(-1, 2, -1) x */
static void stencil(size_t d, const double *x, double *out)
{
    for (size_t i = 0; i < d; i++) out[i] = 2 * x[i] - (i ? x[i - 1] : 0) - (i + 1 < d ? x[i + 1] : 0);
}

static void forward(const void *instance, const double *x, double *pass) { stencil(((const chain *)instance)->base.d, x, pass); }

static double value(const smooth_point *at)
{
    const chain *c = at->instance;
    double s = 0;
    for (size_t i = 0; i < c->base.d; i++) s += at->x[i] * at->pass[i];
    return c->L / 4 * (s / 2 - at->x[0]);
}

static void grad(const smooth_point *at, double *g)
{
    const chain *c = at->instance;
    for (size_t i = 0; i < c->base.d; i++) g[i] = c->L / 4 * (at->pass[i] - (i == 0));
}

static void hess(const smooth_point *at, double *h)
{
    const chain *c = at->instance;
    const size_t d = c->base.d;
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j <= i; j++) h[i * d + j] = c->L / 4 * (i == j ? 2 : i == j + 1 ? -1 : 0);
    }
}

static void hvp(const smooth_point *at, const double *v, double *out)
{
    const chain *c = at->instance;
    stencil(c->base.d, v, out);
    for (size_t i = 0; i < c->base.d; i++) out[i] *= c->L / 4;
}

const smooth_ops smooth_nesterov_ops = {
    .forward = forward, .value = value, .grad = grad, .hess = {[SMOOTH_EXACT] = hess}, .hvp = {[SMOOTH_EXACT] = hvp}};
