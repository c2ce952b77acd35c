/* problems/smooth/rosen.c: Rosenbrock, u = (1 - x_1, 10 (x_2 - x_1^2)), f = norm(u)^q / q, start (-2, 2), x* = (1, 1). Not convex.
 * rosen0 is the classical (1 - x)^2 + 100 (y - x^2)^2, twice that with q = 2. */
#include "problems/smooth/problems.h"

static void residual(const void *instance, const double *x, double *u)
{
    (void)instance;
    u[0] = 1 - x[0], u[1] = 10 * (x[1] - x[0] * x[0]);
}

static void pull(const void *instance, const double *x, const double *u, double *out)
{
    (void)instance;
    out[0] = -u[0] - 20 * x[0] * u[1], out[1] = 10 * u[1];
}

static void push(const void *instance, const double *x, const double *v, double *out)
{
    (void)instance;
    out[0] = -v[0], out[1] = -20 * x[0] * v[0] + 10 * v[1];
}

static void gram(const void *instance, const double *x, double *h)
{
    (void)instance;
    h[0] = 1 + 400 * x[0] * x[0], h[2] = -200 * x[0], h[3] = 100;
}

static void curvature(const void *instance, const double *x, const double *u, double a, double *h)
{
    (void)instance, (void)x;
    h[0] += a * -20 * u[1];
}

static const smooth_map rosen = {residual, pull, push, gram, curvature};

static cc_status create(cc_run *scope, double q, double scale, void **instance)
{
    smooth_nls *p;
    double *x0;
    CC_NEW(scope, p, 1);
    CC_TRY(smooth_nls_setup(scope, p, &rosen, 2, 2, q, 0));
    CC_NEW(scope, x0, 2);
    x0[0] = -2, x0[1] = 2;
    p->base.x0 = x0, p->base.x_star = smooth_constant(scope, 2, 1), p->scale = scale;
    if (!p->base.x_star) return CC_ENOMEM;
    *instance = p;
    smooth_facts facts = smooth_unknown();
    facts.convex = 0, facts.f_star = 0;
    return smooth_publish(scope, &p->base, &facts);
}

cc_status smooth_rosen_create(cc_run *scope, void **instance) { return create(scope, cc_real(scope, "q"), 1, instance); }
cc_status smooth_rosen0_create(cc_run *scope, void **instance) { return create(scope, 2, 2, instance); }
