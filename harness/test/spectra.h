/* harness/test/spectra.h: matrices with a prescribed spectrum, for the tests of Krylov methods. */
#ifndef CLAIMCHECK_HARNESS_TEST_SPECTRA_H
#define CLAIMCHECK_HARNESS_TEST_SPECTRA_H

#include "harness/core/scope.h"
#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"

enum { N = 40 };

static inline void assert_close(double is, double should, double tolerance)
{
    if (!(fabs(is - should) <= tolerance)) fail_msg("%.15g, not %.15g (off by %g)", is, should, is - should);
}

static cc_run *scope;
static inline int opened(void **unused)
{
    (void)unused;
    scope = calloc(1, sizeof *scope);
    cc_scope_open(scope, CC_ROLE_RUN, 7, 0);
    return 0;
}
static inline int closed(void **unused)
{
    (void)unused;
    cc_scope_close(scope);
    free(scope);
    return 0;
}
static inline double *numbers(size_t n) { return cc_alloc(scope, n, sizeof(double)); }
/* n numbers, and one after them that must stay as it is. */
static inline double *guarded(size_t n)
{
    double *x = numbers(n + 1);
    x[n] = 1234.5;
    return x;
}
static inline void assert_untouched(const double *x, size_t n) { assert_true(x[n] == 1234.5); }

static inline cc_rng stream(uint64_t id) { return cc_stream(scope, 1, id); }

/* A = Q Diag(lambda) Q', Q a product of three reflections. */
static inline double *with_spectrum(size_t n, const double *lambda)
{
    double *a = numbers(n * n), *v = numbers(n), *av = numbers(n);
    cc_rng rng = stream(0);
    for (size_t i = 0; i < n; i++) a[i * n + i] = lambda[i];
    for (int k = 0; k < 3; k++) { /* A -> (I - 2vv') A (I - 2vv') */
        cc_normal(&rng, n, v);
        cc_scale(n, 1 / cc_norm(n, v), v);
        cc_gemv(n, n, 1, a, v, 0, av);
        double vav = cc_dot(n, v, av);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) a[i * n + j] += 4 * vav * v[i] * v[j] - 2 * (v[i] * av[j] + av[i] * v[j]);
    }
    return a;
}

/* From -1 to 1, with one eigenvalue of 3 at the end. */
static inline void spread(double *lambda)
{
    for (int i = 0; i < N; i++) lambda[i] = -1 + 2. * i / (N - 1);
    lambda[N - 1] = 3;
}

static inline double *random_vector(size_t n, uint64_t id)
{
    double *x = numbers(n);
    cc_rng rng = stream(id);
    cc_normal(&rng, n, x);
    return x;
}

#endif
