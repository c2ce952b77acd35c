/* problems/finsum_op/bilinear.c: min_x max_y y'Ax without constraints; monotone, Lipschitz, nowhere cocoercive.
 *
 * lowrank: A = U V' / sqrt(r) with orthonormal U, V (n x r): |A|_F = 1, |A|_2 = 1/sqrt(r), solutions {V'x = 0, U'y = 0}; the start
 * is the unit vector along (Vp, Uq), p and q normal, so R = 1. Draws: U row by row, V, p, q; Gram-Schmidt. gaussian: A of
 * independent normals; the only solution is 0; the start is a unit vector. Draws: A row by row, the start (sphere). */
#include "problems/finsum_op/bilinear.h"

#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/finsum_op/problems.h"
#include "problems/finsum_op/sweep.h"
#include "problems/splitmix.h"

void finsum_bilinear_full(const cc_oracle *o, const double *u, double *out)
{
    const bilinear *p = o->instance;
    const size_t n = p->n;
    finsum_sweep(n, p->a, u, u + n, out, out + n);
    for (size_t i = 0; i < n; i++) out[n + i] = -out[n + i];
    cc_flops(4 * n * n);
}

static void split(const bilinear *p, size_t id, size_t *i, size_t *j)
{
    *i = p->base.law.second ? id / p->n : id;
    *j = p->base.law.second ? id % p->n : id;
}

void finsum_bilinear_comp(const cc_oracle *o, size_t id, const double *u, double *out)
{
    const bilinear *p = o->instance;
    const size_t n = p->n;
    size_t i, j;
    split(p, id, &i, &j);
    const double s = u[n + i] * p->per_row[i], t = -u[j] * p->per_col[j];
    for (size_t k = 0; k < n; k++) out[k] = s * p->a[i * n + k];
    for (size_t k = 0; k < n; k++) out[n + k] = t * p->at[j * n + k];
    cc_flops(2 * n);
}

void finsum_bilinear_diff(const cc_oracle *o, size_t b, const size_t *ids, const double *u, const double *v, double scale,
                          double *acc)
{
    const bilinear *p = o->instance;
    const size_t n = p->n;
    for (size_t l = 0; l < b; l++) {
        size_t i, j;
        split(p, ids[l], &i, &j);
        cc_axpy(n, scale * (u[n + i] - v[n + i]) * p->per_row[i], p->a + i * n, acc);
        cc_axpy(n, -scale * (u[j] - v[j]) * p->per_col[j], p->at + j * n, acc + n);
    }
}

void finsum_bilinear_affine_step(const cc_oracle *o, size_t id, const double *u, const double *v, double a, const double *base,
                                 double scale, double *out)
{
    const bilinear *p = o->instance;
    const size_t n = p->n;
    size_t i, j;
    split(p, id, &i, &j);
    const double s = scale * (u[n + i] - v[n + i]) * p->per_row[i], t = -scale * (u[j] - v[j]) * p->per_col[j];
    const double *row = p->a + i * n, *column = p->at + j * n;
    for (size_t k = 0; k < n; k++) out[k] = a * u[k] + base[k] + s * row[k];
    for (size_t k = 0; k < n; k++) out[n + k] = a * u[n + k] + base[n + k] + t * column[k];
    cc_flops(8 * n);
}

static cc_status transpose(cc_run *scope, bilinear *p)
{
    double *at;
    CC_NEW(scope, at, p->n * p->n);
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->n; j++) at[j * p->n + i] = p->a[i * p->n + j];
    p->at = at;
    return CC_OK;
}

/* The alias table of squared row norms, and the reciprocals of the probabilities. */
static cc_status law_of_rows(cc_run *scope, size_t n, const double *a, const finsum_alias **alias, const double **per_row)
{
    double *q, *inverse, sum = 0;
    finsum_alias *table;
    CC_NEW(scope, q, n);
    CC_NEW(scope, inverse, n);
    CC_NEW(scope, table, 1);
    for (size_t i = 0; i < n; i++) sum += q[i] = cc_dot(n, a + i * n, a + i * n);
    for (size_t i = 0; i < n; i++) {
        q[i] /= sum;
        inverse[i] = q[i] > 0 ? 1 / q[i] : 0; /* a row of zeros is never drawn */
    }
    CC_TRY(finsum_alias_make(scope, n, q, table));
    *alias = table, *per_row = inverse;
    return CC_OK;
}

static cc_status uniform_law(cc_run *scope, bilinear *p)
{
    double *constant, longest = 0;
    CC_NEW(scope, constant, p->n);
    for (size_t i = 0; i < p->n; i++) {
        constant[i] = (double)p->n;
        longest = fmax(longest, fmax(cc_norm(p->n, p->a + i * p->n), cc_norm(p->n, p->at + i * p->n)));
    }
    p->per_row = p->per_col = constant;
    p->base.law.n = p->n;
    p->base.L_avg = sqrt((double)p->n) * longest;
    return CC_OK;
}

static cc_status spectral_norm(cc_run *scope, const bilinear *p, double *norm)
{
    double *copy, *s;
    CC_NEW(scope, copy, p->n * p->n);
    CC_NEW(scope, s, p->n);
    memcpy(copy, p->a, p->n * p->n * sizeof *copy);
    if (cc_svdvals(p->n, p->n, copy, s) != 0) return cc_fail(scope, CC_ENUMERIC, "no singular values of A");
    *norm = s[0];
    return CC_OK;
}

cc_status finsum_bilinear_fill(cc_run *scope, bilinear *p, size_t n, const double *a, int weighted, double L_F)
{
    p->n = p->base.n = n;
    p->base.d = 2 * n;
    p->a = a;
    p->base.L_avg = cc_norm(n * n, a);
    p->base.L_F = L_F;
    p->base.caps |= FINSUM_AFFINE;
    if (!(p->base.L_avg > 0)) return cc_fail(scope, CC_EINVAL, "A is zero");
    CC_TRY(transpose(scope, p));
    if (isnan(L_F)) CC_TRY(spectral_norm(scope, p, &p->base.L_F));
    if (!weighted) return uniform_law(scope, p);
    p->base.caps |= FINSUM_WEIGHTED;
    p->base.law.n = n * n;
    CC_TRY(law_of_rows(scope, n, p->a, &p->base.law.first, &p->per_row));
    return law_of_rows(scope, n, p->at, &p->base.law.second, &p->per_col);
}

/* P = u minus its part in the range of basis (n x r, orthonormal columns). */
static void remove_range(size_t n, size_t r, const double *basis, const double *u, double *out)
{
    memcpy(out, u, n * sizeof *out);
    for (size_t k = 0; k < r; k++) {
        double c = 0;
        for (size_t i = 0; i < n; i++) c += basis[i * r + k] * u[i];
        for (size_t i = 0; i < n; i++) out[i] -= c * basis[i * r + k];
    }
}

static void nearest_zero(const cc_oracle *o, const double *u, double *out)
{
    const bilinear *p = o->instance;
    memset(out, 0, 2 * p->n * sizeof *out);
    if (!p->u) return; /* A is invertible */
    remove_range(p->n, p->rank, p->v, u, out);
    remove_range(p->n, p->rank, p->u, u + p->n, out + p->n);
}

const finsum_ops finsum_bilinear_ops = {
    finsum_bilinear_full, finsum_bilinear_comp, finsum_bilinear_diff, finsum_bilinear_affine_step, NULL, nearest_zero};

/* q (n x r) of normals, made orthonormal by modified Gram-Schmidt. */
static void orthonormal(uint64_t *stream, size_t n, size_t r, double *q)
{
    for (size_t i = 0; i < n * r; i++) q[i] = cc_sm64_normal(stream);
    for (size_t k = 0; k < r; k++) {
        for (size_t l = 0; l < k; l++) {
            double c = 0;
            for (size_t i = 0; i < n; i++) c += q[i * r + l] * q[i * r + k];
            for (size_t i = 0; i < n; i++) q[i * r + k] -= c * q[i * r + l];
        }
        double norm2 = 0;
        for (size_t i = 0; i < n; i++) norm2 += q[i * r + k] * q[i * r + k];
        for (size_t i = 0; i < n; i++) q[i * r + k] /= sqrt(norm2);
    }
}

static cc_status low_rank(cc_run *scope, bilinear *p, size_t n, double *a, uint64_t *stream)
{
    const size_t r = p->rank = (size_t)cc_int(scope, "rank");
    double *u, *v, *pq, *start = p->base.u0;
    if (r > n) return cc_fail(scope, CC_EINVAL, "rank %zu of a matrix with %zu rows", r, n);
    CC_NEW(scope, u, n * r);
    CC_NEW(scope, v, n * r);
    CC_NEW(scope, pq, 2 * r);
    orthonormal(stream, n, r, u);
    orthonormal(stream, n, r, v);
    for (size_t k = 0; k < 2 * r; k++) pq[k] = cc_sm64_normal(stream);
    cc_gemm(0, 1, n, n, r, 1 / sqrt((double)r), u, v, 0, a);
    cc_gemv(n, r, 1, v, pq, 0, start);
    cc_gemv(n, r, 1, u, pq + r, 0, start + n);
    cc_scale(2 * n, 1 / cc_norm(2 * n, start), start);
    p->u = u, p->v = v;
    return CC_OK;
}

cc_status finsum_bilinear_create(cc_run *scope, void **instance)
{
    enum { LOWRANK, GAUSSIAN };
    const size_t n = (size_t)cc_int(scope, "n");
    const int matrix = cc_choice(scope, "matrix"), weighted = cc_choice(scope, "law") == 0;
    uint64_t stream = cc_seed(scope);
    bilinear *p;
    double *a;
    CC_NEW(scope, p, 1);
    CC_NEW(scope, a, n * n);
    CC_NEW(scope, p->base.u0, 2 * n);
    if (matrix == LOWRANK) {
        CC_TRY(low_rank(scope, p, n, a, &stream));
    } else {
        for (size_t i = 0; i < n * n; i++) a[i] = cc_sm64_normal(&stream);
        cc_sm64_sphere(&stream, 2 * n, p->base.u0);
    }
    p->base.R = 1;
    CC_TRY(finsum_bilinear_fill(scope, p, n, a, weighted, matrix == LOWRANK ? 1 / sqrt((double)p->rank) : NAN));
    *instance = p;
    return finsum_publish(scope, &p->base, &finsum_bilinear_ops);
}
