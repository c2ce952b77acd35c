/* problems/smooth/cheb.c: the Chebyshev chain, u_1 = (1 - x_1)/2, u_i = x_i - 2 x_{i-1}^2 + 1, f = norm(u)^q / q, x* = ones. Not
 * convex.
 *
 * D^2 u_i has the single entry -4 at (i-1, i-1), J is bidiagonal. Some starts lie in an exponentially flat valley where every
 * descent method is left with a tiny gradient and f of 1e-7 to 6e-3: a guarantee on the gradient alone is kept there. */
#include "problems/smooth/problems.h"

static size_t dim(const void *instance) { return ((const smooth_nls *)instance)->base.d; }

static void residual(const void *instance, const double *x, double *u)
{
    u[0] = (1 - x[0]) / 2;
    for (size_t i = 1; i < dim(instance); i++) u[i] = x[i] - 2 * x[i - 1] * x[i - 1] + 1;
}

static void pull(const void *instance, const double *x, const double *u, double *out)
{
    const size_t d = dim(instance);
    for (size_t i = 0; i < d; i++) out[i] = (i ? u[i] : -u[0] / 2) - (i + 1 < d ? 4 * x[i] * u[i + 1] : 0);
}

static void push(const void *instance, const double *x, const double *v, double *out)
{
    out[0] = -v[0] / 2;
    for (size_t i = 1; i < dim(instance); i++) out[i] = v[i] - 4 * x[i - 1] * v[i - 1];
}

static void gram(const void *instance, const double *x, double *h)
{
    const size_t d = dim(instance);
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j + 1 < i; j++) h[i * d + j] = 0;
        if (i) h[i * d + i - 1] = -4 * x[i - 1];
        h[i * d + i] = (i ? 1 : .25) + (i + 1 < d ? 16 * x[i] * x[i] : 0);
    }
}

static void curvature(const void *instance, const double *x, const double *u, double a, double *h)
{
    const size_t d = dim(instance);
    (void)x;
    for (size_t i = 1; i < d; i++) h[(i - 1) * d + i - 1] += a * -4 * u[i];
}

static const smooth_map cheb = {residual, pull, push, gram, curvature};

cc_status smooth_cheb_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n");
    smooth_nls *p;
    CC_NEW(scope, p, 1);
    CC_TRY(smooth_nls_setup(scope, p, &cheb, n, n, cc_real(scope, "q"), cc_real(scope, "start")));
    p->base.x_star = smooth_constant(scope, n, 1);
    if (!p->base.x_star) return CC_ENOMEM;
    *instance = p;
    smooth_facts facts = smooth_unknown();
    facts.convex = 0, facts.f_star = 0;
    return smooth_publish(scope, &p->base, &facts);
}
