/* problems/smooth/quad.c: f(x) = (x - x*)' A (x - x*) / 2, A = Q Diag(lambda) Q' with a prescribed spectrum.
 *
 * Q is a product of d Householder reflections with normal vectors, x* is normal, the start is 0. L1 = max lambda, mu = min lambda.
 */
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"

#include <math.h>

typedef struct quad {
    smooth_base base;
    const double *a; /* d x d, both triangles */
} quad;

enum { GEOM, LIN, CLUSTER, POWER };

static double eigenvalue(int spectrum, size_t i, size_t d, double kappa)
{
    const double t = d > 1 ? (double)i / (double)(d - 1) : 0;
    switch (spectrum) {
    case GEOM:
        return pow(kappa, -t);
    case LIN:
        return 1 + t * (1 / kappa - 1);
    case CLUSTER:
        return i < d / 2 ? 1 : 1 / kappa;
    default:
        return 1 / ((double)(i + 1) * (double)(i + 1));
    }
}

/* A <- P A P with P = I - 2 v v'/v'v; p is scratch. */
static void reflect(size_t d, double *a, const double *v, double *p)
{
    const double beta = 2 / cc_dot(d, v, v);
    cc_gemv(d, d, beta, a, v, 0, p);
    const double k = beta * cc_dot(d, v, p) / 2;
    for (size_t i = 0; i < d; i++) p[i] -= k * v[i];
    cc_ger(d, d, -1, v, p, a);
    cc_ger(d, d, -1, p, v, a);
}

cc_status smooth_quad_create(cc_run *scope, void **instance)
{
    const size_t d = (size_t)cc_int(scope, "d");
    const double kappa = cc_real(scope, "kappa");
    cc_rng rng = cc_stream(scope, 3, 0);
    quad *q;
    double *a, *v, *p, *x_star;
    CC_NEW(scope, q, 1);
    CC_NEW(scope, a, d * d);
    CC_NEW(scope, v, d);
    CC_NEW(scope, p, d);
    CC_NEW(scope, x_star, d);
    smooth_facts facts = {.L2 = 0, .L1 = 0, .mu = INFINITY, .Mqsc = 0, .R = NAN, .convex = 1, .f_star = 0};
    for (size_t i = 0; i < d; i++) {
        a[i * d + i] = eigenvalue(cc_choice(scope, "spectrum"), i, d, kappa);
        facts.L1 = fmax(facts.L1, a[i * d + i]);
        facts.mu = fmin(facts.mu, a[i * d + i]);
    }
    for (size_t k = 0; k < d; k++) {
        cc_normal(&rng, d, v);
        reflect(d, a, v, p);
    }
    cc_fill_upper(d, a); /* rounding left the triangles apart by an ulp */
    cc_normal(&rng, d, x_star);
    q->a = a;
    q->base = (smooth_base){.d = d, .pass = 2 * d, .x0 = smooth_constant(scope, d, 0), .x_star = x_star};
    *instance = q;
    return q->base.x0 ? smooth_publish(scope, &q->base, &facts) : CC_ENOMEM;
}

/* pass: x - x*, then A (x - x*) */
static void forward(const void *instance, const double *x, double *pass)
{
    const quad *q = instance;
    const size_t d = q->base.d;
    for (size_t i = 0; i < d; i++) pass[i] = x[i] - q->base.x_star[i];
    cc_symv(d, 1, q->a, pass, 0, pass + d);
}

static double value(const smooth_point *at)
{
    const quad *q = at->instance;
    return cc_dot(q->base.d, at->pass, at->pass + q->base.d) / 2;
}

static void grad(const smooth_point *at, double *g)
{
    const quad *q = at->instance;
    cc_copy(q->base.d, at->pass + q->base.d, g);
}

static void hess(const smooth_point *at, double *h)
{
    const quad *q = at->instance;
    cc_copy(q->base.d * q->base.d, q->a, h);
}

static void hvp(const smooth_point *at, const double *v, double *out)
{
    const quad *q = at->instance;
    cc_symv(q->base.d, 1, q->a, v, 0, out);
}

const smooth_ops smooth_quad_ops = {
    .forward = forward, .value = value, .grad = grad, .hess = {[SMOOTH_EXACT] = hess}, .hvp = {[SMOOTH_EXACT] = hvp}};
