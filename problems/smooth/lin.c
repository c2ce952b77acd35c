/* problems/smooth/lin.c: linear equations by a power of the residual, f = norm(A x - b)^q / q, A (m x n) with m <= n; start: ones.
 * Convex.
 *
 * Data by SplitMix64: A row by row and then b, uniform on (-1, 1). Metric B = A'A + 1e-8 I, in which the Hessian is known but for
 * the rank-one term. f* = 0; the minimisers fill a subspace. */
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"
#include "problems/splitmix.h"

typedef struct lin {
    smooth_nls nls;
    const double *a, *b, *gram; /* m x n; m; A'A, lower */
} lin;

static void residual(const void *instance, const double *x, double *u)
{
    const lin *p = instance;
    cc_copy(p->nls.m, p->b, u);
    cc_gemv(p->nls.m, p->nls.base.d, 1, p->a, x, -1, u);
}

static void pull(const void *instance, const double *x, const double *u, double *out)
{
    const lin *p = instance;
    (void)x;
    cc_gemv_t(p->nls.m, p->nls.base.d, 1, p->a, u, 0, out);
}

static void push(const void *instance, const double *x, const double *v, double *out)
{
    const lin *p = instance;
    (void)x;
    cc_gemv(p->nls.m, p->nls.base.d, 1, p->a, v, 0, out);
}

static void gram(const void *instance, const double *x, double *h)
{
    const lin *p = instance;
    (void)x;
    cc_copy(p->nls.base.d * p->nls.base.d, p->gram, h);
}

static const smooth_map linear = {residual, pull, push, gram, NULL};

static cc_status metric(cc_run *scope, lin *p)
{
    const size_t n = p->nls.base.d;
    double *b;
    CC_NEW(scope, b, n * n);
    cc_copy(n * n, p->gram, b);
    for (size_t j = 0; j < n; j++) b[j * n + j] += 1e-8;
    return smooth_set_metric(scope, &p->nls.base, b);
}

cc_status smooth_lin_create(cc_run *scope, void **instance)
{
    const size_t m = (size_t)cc_int(scope, "m"), n = (size_t)cc_int(scope, "n");
    uint64_t state = cc_seed(scope);
    lin *p;
    double *a, *b, *g;
    if (m > n) return cc_fail(scope, CC_EINVAL, "smooth.lin needs m <= n (f* = 0), got m = %zu, n = %zu", m, n);
    CC_NEW(scope, p, 1);
    CC_NEW(scope, a, m * n);
    CC_NEW(scope, b, m);
    CC_NEW(scope, g, n * n);
    for (size_t i = 0; i < m * n; i++) a[i] = 2 * cc_sm64_uniform(&state) - 1;
    for (size_t i = 0; i < m; i++) b[i] = 2 * cc_sm64_uniform(&state) - 1;
    cc_syrk_t(m, n, 1, a, 0, g);
    p->a = a, p->b = b, p->gram = g;
    CC_TRY(smooth_nls_setup(scope, &p->nls, &linear, n, m, cc_real(scope, "q"), 1));
    if (cc_choice(scope, "metric") == 1) CC_TRY(metric(scope, p));
    *instance = p;
    smooth_facts facts = smooth_unknown();
    facts.mu = 0, facts.convex = 1, facts.f_star = 0;
    return smooth_publish(scope, &p->nls.base, &facts);
}
