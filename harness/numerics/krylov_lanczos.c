/* Lanczos's method with every vector orthogonalised twice, and spectral densities from it. */
#include <math.h>
#include <string.h>

#include <lapacke.h>

#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"

cc_status cc_lanczos_new(cc_run *scope, size_t n, size_t m, cc_lanczos *l)
{
    if (m == 0 || m > n) return cc_fail(scope, CC_EINVAL, "%zu Lanczos steps in dimension %zu", m, n);
    *l = (cc_lanczos){.n = n, .m = m};
    CC_NEW(scope, l->alpha, m);
    CC_NEW(scope, l->beta, m);
    CC_NEW(scope, l->basis, (m + 1) * n);
    CC_NEW(scope, l->theta, m);
    CC_NEW(scope, l->weight, m);
    CC_NEW(scope, l->residual, m);
    CC_NEW(scope, l->vector, m * m);
    CC_NEW(scope, l->work, 3 * m + 1);
    return CC_OK;
}

cc_status cc_lanczos_start(cc_lanczos *l, const double *start)
{
    l->k = 0;
    l->broken = 0;
    double norm = cc_norm(l->n, start);
    if (!(norm > 0) || !isfinite(norm)) return CC_EINVAL;
    cc_copy(l->n, start, l->basis);
    cc_scale(l->n, 1 / norm, l->basis);
    return CC_OK;
}

static double largest_entry(const cc_lanczos *l)
{
    double largest = 0;
    for (size_t i = 0; i < l->k; i++) largest = fmax(largest, fmax(fabs(l->alpha[i]), i + 1 < l->k ? l->beta[i] : 0));
    return largest;
}

cc_status cc_lanczos_steps(cc_lanczos *l, const cc_linop *a, size_t steps)
{
    size_t n = l->n;
    for (size_t end = steps < l->m - l->k ? l->k + steps : l->m; l->k < end && !l->broken;) {
        double *q = l->basis + l->k * n, *next = q + n, *c = l->work;
        CC_TRY(a->apply(a->self, 1, q, next));
        for (int pass = 0; pass < 2; pass++) { /* the second restores what rounding took from the first */
            cc_gemv(l->k + 1, n, 1, l->basis, next, 0, c);
            cc_gemv_t(l->k + 1, n, -1, l->basis, c, 1, next);
            l->alpha[l->k] = pass ? l->alpha[l->k] + c[l->k] : c[l->k];
        }
        double beta = l->beta[l->k] = cc_norm(n, next);
        l->k++;
        l->broken = !(beta > 1e-12 * largest_entry(l));
        if (!l->broken) cc_scale(n, 1 / beta, next);
    }
    return CC_OK;
}

cc_status cc_lanczos_ritz(cc_lanczos *l)
{
    size_t k = l->k;
    for (size_t i = 0; i < k; i++)
        if (!isfinite(l->alpha[i]) || !isfinite(l->beta[i])) return CC_ENUMERIC;
    if (k == 0) return CC_OK;
    memcpy(l->theta, l->alpha, k * sizeof *l->theta);
    double *beside = l->work, *work = l->work + l->m;
    memcpy(beside, l->beta, k * sizeof *beside);
    cc_flops(6 * k * k * k);
    /* by columns: eigenvector i is row i of `vector` */
    if (LAPACKE_dstev_work(LAPACK_COL_MAJOR, 'V', (int)k, l->theta, beside, l->vector, (int)k, work)) return CC_ENUMERIC;
    for (size_t i = 0; i < k; i++) {
        const double *s = l->vector + i * k;
        l->weight[i] = s[0] * s[0];
        l->residual[i] = fabs(l->beta[k - 1] * s[k - 1]);
    }
    return CC_OK;
}

void cc_lanczos_vector(const cc_lanczos *l, size_t i, double *x) { cc_gemv_t(l->k, l->n, 1, l->basis, l->vector + i * l->k, 0, x); }

static void random_signs(cc_rng *rng, size_t n, double *z)
{
    for (size_t i = 0; i < n; i++) z[i] = cc_bits(rng) >> 63 ? 1 : -1;
}

cc_status cc_slq(cc_lanczos *l, const cc_linop *a, size_t probes, cc_rng *rng, double *node, double *weight, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < probes; i++) {
        double *start = l->basis + l->n; /* the next vector's place */
        random_signs(rng, l->n, start);
        CC_TRY(cc_lanczos_start(l, start));
        CC_TRY(cc_lanczos_steps(l, a, l->m));
        CC_TRY(cc_lanczos_ritz(l));
        for (size_t j = 0; j < l->k; j++, ++*count) {
            node[*count] = l->theta[j];
            weight[*count] = l->weight[j] / (double)probes;
        }
    }
    return CC_OK;
}

void cc_slq_density(size_t count, const double *node, const double *weight, double width, size_t points, const double *at,
                    double *density)
{
    double height = 1 / (width * sqrt(2 * M_PI));
    for (size_t i = 0; i < points; i++) {
        density[i] = 0;
        for (size_t j = 0; j < count; j++) {
            double z = (at[i] - node[j]) / width;
            density[i] += weight[j] * height * exp(-z * z / 2);
        }
    }
}

/* ---- traces ---- */

cc_status cc_trace(const cc_linop *a, size_t probes, cc_rng *rng, double *work, double *mean, double *error)
{
    double *z = work, *az = work + a->n, spread = 0;
    *mean = 0;
    for (size_t i = 0; i < probes; i++) {
        random_signs(rng, a->n, z);
        CC_TRY(a->apply(a->self, 1, z, az));
        double sample = cc_dot(a->n, z, az), off = sample - *mean; /* Welford's recurrence */
        *mean += off / (double)(i + 1);
        spread += off * (sample - *mean);
    }
    *error = probes > 1 ? sqrt(spread / (double)(probes - 1) / (double)probes) : NAN;
    return CC_OK;
}

cc_status cc_diagonal(const cc_linop *a, size_t probes, cc_rng *rng, double *work, double *diagonal)
{
    double *z = work, *az = work + a->n;
    memset(diagonal, 0, a->n * sizeof *diagonal);
    cc_flops(2 * probes * a->n);
    for (size_t i = 0; i < probes; i++) {
        random_signs(rng, a->n, z);
        CC_TRY(a->apply(a->self, 1, z, az));
        for (size_t j = 0; j < a->n; j++) diagonal[j] += z[j] * az[j] / (double)probes;
    }
    return CC_OK;
}
