/* problems/smooth/landscapes.c: functions with many minima, for methods that ask for values alone; x* = 0, f* = 0. Clouds are d
 * rows of n points, so that the loops over points become vector instructions.
 *
 * canyon: a curved valley with ripples and a barrier in the plane (Riedl et al., arXiv 2306.09778); ripple .25 mild, 1.1625 noisy.
 *
 * rastrigin: sum x_j^2 + ripple (1 - cos 2 pi x_j); without ripple |x|^2.
 *
 * ackley: -20 exp(-.2 sqrt(mean x^2)) - exp(mean cos 2 pi x) + e + 20. */
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

typedef struct landscape {
    smooth_base base;
    double ripple;
} landscape;

/* ---- canyon ---- */

/* The floor y = (x-1)(x-4)^2/8 + 2, how far above it, and the barrier along x + 1.6 y = 0. */
static double canyon_at(double x, double y, double ripple)
{
    const double v = y - ((x - 1) * (x - 4) * (x - 4) / 8 + 2), b = -x - 1.6 * y, v2 = v * v;
    const double valley = 25 * (1 - exp(-1.4 * v2 * exp(-.002 * x * x * x * x)));
    const double bowl = .4 * x * x + .2 * y * y, waves = ripple * (2 - cos(.75 * pi * x) - cos(.75 * pi * y));
    const double barrier = b > 0 ? 4 * exp(1 - 2 * v2 * v2) * (1 - exp(-9 * b * b)) : 0;
    return valley + bowl + waves + barrier;
}

static void canyon_batch(const void *instance, size_t n, const double *X, double *f)
{
    const double ripple = ((const landscape *)instance)->ripple;
    for (size_t i = 0; i < n; i++) f[i] = canyon_at(X[i], X[n + i], ripple);
}

static void canyon_grad(const smooth_point *at, double *g)
{
    const double x = at->x[0], y = at->x[1], ripple = ((const landscape *)at->instance)->ripple;
    const double v = y - ((x - 1) * (x - 4) * (x - 4) / 8 + 2), vx = -((x - 4) * (x - 4) + 2 * (x - 1) * (x - 4)) / 8;
    const double b = -x - 1.6 * y, x3 = x * x * x, fade = exp(-.002 * x3 * x), e = exp(-1.4 * v * v * fade);
    g[0] = 25 * e * 1.4 * (2 * v * vx * fade - v * v * fade * .008 * x3) + .8 * x + ripple * .75 * pi * sin(.75 * pi * x);
    g[1] = 25 * e * 1.4 * 2 * v * fade + .4 * y + ripple * .75 * pi * sin(.75 * pi * y);
    if (b <= 0) return;
    const double wall = 4 * exp(1 - 2 * v * v * v * v), rise = 1 - exp(-9 * b * b), along = -8 * v * v * v * wall * rise;
    const double across = wall * 18 * b * exp(-9 * b * b);
    g[0] += along * vx - across;
    g[1] += along - 1.6 * across;
}

static double canyon_value(const smooth_point *at)
{
    return canyon_at(at->x[0], at->x[1], ((const landscape *)at->instance)->ripple);
}

/* ---- rastrigin ---- */

static void rastrigin_batch(const void *instance, size_t n, const double *X, double *f)
{
    const landscape *p = instance;
    for (size_t i = 0; i < n; i++) f[i] = 0;
    for (size_t j = 0; j < p->base.d; j++) {
        const double *x = X + j * n;
        if (p->ripple > 0)
            for (size_t i = 0; i < n; i++) f[i] += x[i] * x[i] + p->ripple * (1 - cos(2 * pi * x[i]));
        else
            for (size_t i = 0; i < n; i++) f[i] += x[i] * x[i];
    }
}

static double rastrigin_value(const smooth_point *at)
{
    double f;
    rastrigin_batch(at->instance, 1, at->x, &f);
    return f;
}

static void rastrigin_grad(const smooth_point *at, double *g)
{
    const landscape *p = at->instance;
    for (size_t j = 0; j < p->base.d; j++) g[j] = 2 * at->x[j] + p->ripple * 2 * pi * sin(2 * pi * at->x[j]);
}

/* ---- ackley ---- */

static double ackley_value(const smooth_point *at)
{
    const size_t d = ((const landscape *)at->instance)->base.d;
    double square = 0, waves = 0;
    for (size_t j = 0; j < d; j++) square += at->x[j] * at->x[j], waves += cos(2 * pi * at->x[j]);
    return -20 * exp(-.2 * sqrt(square / (double)d)) - exp(waves / (double)d) + exp(1) + 20;
}

/* ---- all ---- */

static void no_pass(const void *instance, const double *x, double *pass) { (void)instance, (void)x, (void)pass; }

const smooth_ops smooth_canyon_ops = {.forward = no_pass, .value = canyon_value, .grad = canyon_grad, .value_batch = canyon_batch};
const smooth_ops smooth_rastrigin_ops = {
    .forward = no_pass, .value = rastrigin_value, .grad = rastrigin_grad, .value_batch = rastrigin_batch};
const smooth_ops smooth_ackley_ops = {.forward = no_pass, .value = ackley_value};

static double max_dist(const cc_oracle *o, const void *candidate)
{
    const double *x = candidate;
    double most = 0;
    for (size_t j = 0; j < ((const smooth_base *)o->instance)->d; j++) most = fmax(most, fabs(x[j]));
    return most;
}

const cc_metric smooth_landscape_metrics[] = {{"max_dist", "", "max |x_j - x*_j|", max_dist}, {0}};

static cc_status create(cc_run *scope, size_t d, double ripple, double start, void **instance)
{
    landscape *p;
    CC_NEW(scope, p, 1);
    p->ripple = ripple;
    p->base = (smooth_base){.d = d, .x0 = smooth_constant(scope, d, start), .x_star = smooth_constant(scope, d, 0)};
    if (!p->base.x0 || !p->base.x_star) return CC_ENOMEM;
    *instance = p;
    smooth_facts facts = smooth_unknown();
    facts.convex = 0, facts.f_star = 0;
    return smooth_publish(scope, &p->base, &facts);
}

cc_status smooth_canyon_create(cc_run *scope, void **instance) { return create(scope, 2, cc_real(scope, "ripple"), 8, instance); }

cc_status smooth_rastrigin_create(cc_run *scope, void **instance)
{
    return create(scope, (size_t)cc_int(scope, "d"), cc_real(scope, "ripple"), cc_real(scope, "start"), instance);
}

cc_status smooth_ackley_create(cc_run *scope, void **instance)
{
    return create(scope, (size_t)cc_int(scope, "d"), 0, cc_real(scope, "start"), instance);
}
