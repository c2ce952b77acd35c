/* problems/smooth/polytope.c: feasibility, f(x) = sum_i max(0, a_i'x - b_i)^q, q >= 2; start: tens.
 *
 * Data by SplitMix64: A (m x n) and x_f normal, b = A x_f + uniform(0, 1): feasible, f* = 0, many minimisers.
 * q = 2: L1 = 2 lmax(A'A), the Hessian only piecewise constant; q = 3: L2 = 6 max norm(a_i) lmax(A'A). */
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"
#include "problems/splitmix.h"

#include <math.h>

typedef struct polytope {
    smooth_base base;
    size_t m;
    double q;
    const double *a, *b;
} polytope;

cc_status smooth_polytope_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n"), m = (size_t)cc_int(scope, "m");
    uint64_t state = cc_seed(scope);
    polytope *p;
    double *a, *b, *inside, longest = 0;
    CC_NEW(scope, p, 1);
    CC_NEW(scope, a, m * n);
    CC_NEW(scope, b, m);
    CC_NEW(scope, inside, n);
    for (size_t i = 0; i < m * n; i++) a[i] = cc_sm64_normal(&state);
    for (size_t j = 0; j < n; j++) inside[j] = cc_sm64_normal(&state);
    for (size_t i = 0; i < m; i++) {
        b[i] = cc_dot(n, a + i * n, inside) + cc_sm64_uniform(&state);
        longest = fmax(longest, cc_norm(n, a + i * n));
    }
    p->m = m, p->q = cc_real(scope, "q"), p->a = a, p->b = b;
    p->base = (smooth_base){.d = n, .pass = m, .work = m + SMOOTH_PANEL * n, .x0 = smooth_constant(scope, n, 10)};
    if (!p->base.x0) return CC_ENOMEM;
    *instance = p;
    smooth_facts facts = smooth_unknown();
    const double lmax = smooth_lmax_gram(scope, m, n, a);
    facts.mu = 0, facts.convex = 1, facts.f_star = 0;
    if (p->q == 2) facts.L1 = 2 * lmax;
    if (p->q == 3) facts.L2 = 6 * longest * lmax;
    return smooth_publish(scope, &p->base, &facts);
}

/* pass: max(0, A x - b) */
static void forward(const void *instance, const double *x, double *pass)
{
    const polytope *p = instance;
    cc_copy(p->m, p->b, pass);
    cc_gemv(p->m, p->base.d, 1, p->a, x, -1, pass);
    for (size_t i = 0; i < p->m; i++) pass[i] = pass[i] < 0 ? 0 : pass[i];
}

static double value(const smooth_point *at)
{
    const polytope *p = at->instance;
    double sum = 0;
    for (size_t i = 0; i < p->m; i++) sum += pow(at->pass[i], p->q);
    return sum;
}

static void grad(const smooth_point *at, double *g)
{
    const polytope *p = at->instance;
    for (size_t i = 0; i < p->m; i++) at->work[i] = p->q * pow(at->pass[i], p->q - 1);
    cc_gemv_t(p->m, p->base.d, 1, p->a, at->work, 0, g);
}

/* The weight of a_i a_i'; the one-sided derivative 0 outside when q = 2. */
static double weight(const polytope *p, double r) { return r > 0 ? p->q * (p->q - 1) * pow(r, p->q - 2) : 0; }

static void hess(const smooth_point *at, double *h)
{
    const polytope *p = at->instance;
    for (size_t i = 0; i < p->m; i++) at->work[i] = weight(p, at->pass[i]);
    smooth_gram(p->m, p->base.d, p->a, at->work, at->work + p->m, h);
}

static void hvp(const smooth_point *at, const double *v, double *out)
{
    const polytope *p = at->instance;
    cc_gemv(p->m, p->base.d, 1, p->a, v, 0, at->work);
    for (size_t i = 0; i < p->m; i++) at->work[i] *= weight(p, at->pass[i]);
    cc_gemv_t(p->m, p->base.d, 1, p->a, at->work, 0, out);
}

const smooth_ops smooth_polytope_ops = {
    .forward = forward, .value = value, .grad = grad, .hess = {[SMOOTH_EXACT] = hess}, .hvp = {[SMOOTH_EXACT] = hvp}};
