/* Dense matrices as operators, and the eigenvalues of largest modulus. */
#include <math.h>
#include <string.h>

#include <lapacke.h>

#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"

static cc_status apply_dense(void *self, size_t p, const double *x, double *y)
{
    const cc_dense *matrix = self;
    size_t n = matrix->n;
    if (p == 1)
        cc_gemv(n, n, 1, matrix->a, x, 0, y);
    else
        cc_gemm(0, 1, p, n, n, 1, x, matrix->a, 0, y);
    return CC_OK;
}

cc_linop cc_dense_operator(const cc_dense *matrix)
{
    return (cc_linop){.n = matrix->n, .apply = apply_dense, .self = (void *)(uintptr_t)matrix};
}

cc_status cc_power(const cc_linop *a, double tolerance, size_t most, double *x, double *work, cc_power_result *result)
{
    size_t n = a->n;
    double norm = cc_norm(n, x);
    *result = (cc_power_result){.lambda = NAN, .residual = NAN};
    if (!(norm > 0) || !isfinite(norm)) return CC_EINVAL;
    cc_scale(n, 1 / norm, x);
    while (result->products < most && !result->converged) {
        CC_TRY(a->apply(a->self, 1, x, work));
        result->products++;
        double lambda = cc_dot(n, x, work), square = 0;
        for (size_t i = 0; i < n; i++) square += (work[i] - lambda * x[i]) * (work[i] - lambda * x[i]);
        cc_flops(4 * n);
        result->lambda = lambda, result->residual = sqrt(square);
        if (!isfinite(square)) return CC_ENUMERIC;
        result->converged = result->residual <= tolerance * fabs(lambda);
        norm = cc_norm(n, work);
        if (result->converged || norm == 0) break; /* x in the kernel: 0 is its eigenvalue */
        cc_copy(n, work, x);
        cc_scale(n, 1 / norm, x);
    }
    return CC_OK;
}

size_t cc_top_words(size_t n, size_t k, size_t extra)
{
    size_t s = k + extra;
    return s * n + s * s + 2 * s;
}

/* Orthonormal rows of the same span: rows are the columns that LAPACK sees. */
static cc_status orthonormal(size_t s, size_t n, double *rows, double *tau)
{
    cc_flops(4 * s * s * n);
    if (LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (int)n, (int)s, rows, (int)n, tau)) return CC_ENUMERIC;
    return LAPACKE_dorgqr(LAPACK_COL_MAJOR, (int)n, (int)s, (int)s, rows, (int)n, tau) ? CC_ENUMERIC : CC_OK;
}

static void by_modulus(size_t s, const double *w, size_t *order)
{
    for (size_t i = 0; i < s; i++) {
        size_t j = i;
        for (; j > 0 && fabs(w[order[j - 1]]) < fabs(w[i]); j--) order[j] = order[j - 1];
        order[j] = i;
    }
}

cc_status cc_top(const cc_linop *a, size_t k, size_t extra, size_t rounds, cc_rng *rng, double *work, double *lambda,
                 double *vectors)
{
    size_t n = a->n, s = k + extra;
    if (s == 0 || s > n) return CC_EINVAL;
    double *y = work, *t = y + s * n, *tau = t + s * s, *w = tau;
    size_t *order = (size_t *)(void *)(tau + s);
    _Static_assert(sizeof(size_t) <= sizeof(double), "an index fits a number's place");
    cc_normal(rng, s * n, vectors);
    CC_TRY(orthonormal(s, n, vectors, tau));
    for (size_t round = 0; round < rounds; round++) {
        CC_TRY(a->apply(a->self, s, vectors, y));
        cc_copy(s * n, y, vectors);
        CC_TRY(orthonormal(s, n, vectors, tau));
    }
    CC_TRY(a->apply(a->self, s, vectors, y));
    cc_gemm(0, 1, s, s, n, 1, vectors, y, 0, t);
    for (size_t i = 0; i < s; i++)
        for (size_t j = 0; j < i; j++) t[i * s + j] = (t[i * s + j] + t[j * s + i]) / 2;
    if (cc_syev(s, t, 1, w)) return CC_ENUMERIC;
    by_modulus(s, w, order);
    cc_copy(s * n, vectors, y);
    for (size_t i = 0; i < s; i++) {
        lambda[i] = w[order[i]];
        cc_gemv_t(s, n, 1, y, t + order[i] * s, 0, vectors + i * n);
    }
    return CC_OK;
}
