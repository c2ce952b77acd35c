/* problems/smooth/nls.c: powers of residuals, f(x) = scale norm(u(x))^q / q, q >= 2, f* = 0.
 *
 * With g0 = J'u and n = norm(u): grad = n^{q-2} g0, GN = n^{q-2} J'J + (q-2) n^{q-4} g0 g0', D^2 f = GN + n^{q-2} sum u_i D^2 u_i;
 * zero at u = 0 (J'J when q = 2). The term with g0 alone is the kind RANK1 of linear maps, GN is their Hessian. */
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"

#include <math.h>

cc_status smooth_nls_setup(cc_run *scope, smooth_nls *nls, const smooth_map *map, size_t d, size_t m, double q, double start)
{
    nls->map = map, nls->m = m, nls->q = q, nls->scale = 1;
    nls->base = (smooth_base){.d = d, .pass = m + d + 1, .work = m + d, .rank = 1, .x0 = smooth_constant(scope, d, start)};
    return nls->base.x0 ? CC_OK : CC_ENOMEM;
}

/* pass: u, J'u, norm(u) */
static void forward(const void *instance, const double *x, double *pass)
{
    const smooth_nls *p = instance;
    p->map->residual(p, x, pass);
    p->map->pull(p, x, pass, pass + p->m);
    pass[p->m + p->base.d] = cc_norm(p->m, pass);
}

static double norm_u(const smooth_point *at)
{
    const smooth_nls *p = at->instance;
    return at->pass[p->m + p->base.d];
}

/* scale norm(u)^{q-2} and (q-2) scale norm(u)^{q-4} */
static double outer(const smooth_point *at)
{
    const smooth_nls *p = at->instance;
    return p->scale * pow(norm_u(at), p->q - 2);
}

static double inner(const smooth_point *at)
{
    const smooth_nls *p = at->instance;
    return p->q > 2 && norm_u(at) > 0 ? p->scale * (p->q - 2) * pow(norm_u(at), p->q - 4) : 0;
}

static double value(const smooth_point *at)
{
    const smooth_nls *p = at->instance;
    return p->scale * pow(norm_u(at), p->q) / p->q;
}

static void grad(const smooth_point *at, double *g)
{
    const smooth_nls *p = at->instance;
    const double c = outer(at);
    for (size_t j = 0; j < p->base.d; j++) g[j] = c * at->pass[p->m + j];
}

static void gauss_newton(const smooth_point *at, double *h)
{
    const smooth_nls *p = at->instance;
    const size_t d = p->base.d;
    const double c = outer(at);
    p->map->gram(p, at->x, h);
    for (size_t i = 0; i < d; i++) cc_scale(i + 1, c, h + i * d);
    cc_syr(d, inner(at), at->pass + p->m, h);
}

static void hess(const smooth_point *at, double *h)
{
    const smooth_nls *p = at->instance;
    gauss_newton(at, h);
    p->map->curvature(p, at->x, at->pass, outer(at), h);
}

static void rank1(const smooth_point *at, double *h)
{
    const smooth_nls *p = at->instance;
    const size_t d = p->base.d;
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j <= i; j++) h[i * d + j] = 0;
    }
    cc_syr(d, inner(at), at->pass + p->m, h);
}

static void rank1_factor(const smooth_point *at, double *u)
{
    const smooth_nls *p = at->instance;
    const double c = sqrt(inner(at));
    for (size_t j = 0; j < p->base.d; j++) u[j] = c * at->pass[p->m + j];
}

static void gauss_newton_vec(const smooth_point *at, const double *v, double *out)
{
    const smooth_nls *p = at->instance;
    const size_t d = p->base.d;
    const double c = outer(at), along = inner(at) * cc_dot(d, at->pass + p->m, v);
    p->map->push(p, at->x, v, at->work);
    p->map->pull(p, at->x, at->work, out);
    for (size_t j = 0; j < d; j++) out[j] = c * out[j] + along * at->pass[p->m + j];
}

const smooth_ops smooth_nls_ops = {
    .forward = forward,
    .value = value,
    .grad = grad,
    .hess = {[SMOOTH_EXACT] = hess, [SMOOTH_GN] = gauss_newton},
    .hvp = {[SMOOTH_GN] = gauss_newton_vec},
};

const smooth_ops smooth_nls_linear_ops = {
    .forward = forward,
    .value = value,
    .grad = grad,
    .hess = {[SMOOTH_EXACT] = gauss_newton, [SMOOTH_GN] = gauss_newton, [SMOOTH_RANK1] = rank1},
    .hvp = {[SMOOTH_EXACT] = gauss_newton_vec, [SMOOTH_GN] = gauss_newton_vec},
    .factor = {[SMOOTH_RANK1] = rank1_factor},
};
