/* The wrappers of BLAS and LAPACK against their definitions by loops: which triangle, which transpose, which leading dimension,
 * what is billed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "harness/test/spectra.h"

enum { M = 7, P = 5, K = 3 }; /* no two alike */

static double *drawn(size_t n, uint64_t id)
{
    double *x = guarded(n);
    cc_rng rng = stream(id);
    cc_normal(&rng, n, x);
    return x;
}

static double *twin(size_t n, const double *x)
{
    double *y = guarded(n);
    for (size_t i = 0; i < n; i++) y[i] = x[i];
    return y;
}

static void all_close(size_t n, const double *is, const double *should)
{
    for (size_t i = 0; i < n; i++) assert_close(is[i], should[i], 2e-13);
    assert_untouched(is, n);
}

#define BILLED(flops, call)                                                                                                        \
    do {                                                                                                                           \
        const uint64_t before = cc_flops_now();                                                                                    \
        call;                                                                                                                      \
        assert_int_equal(cc_flops_now() - before, flops);                                                                          \
    } while (0)

static void vectors(void **unused)
{
    (void)unused;
    double *x = drawn(M, 1), *y = drawn(M, 2), *z = twin(M, y), is = 0, dot = 0;
    for (size_t i = 0; i < M; i++) dot += x[i] * y[i];
    BILLED(2 * M, is = cc_dot(M, x, y));
    assert_close(is, dot, 1e-14);
    BILLED(2 * M, is = cc_norm(M, x));
    assert_close(is * is, cc_dot(M, x, x), 1e-14);
    BILLED(2 * M, cc_axpy(M, -.5, x, y));
    for (size_t i = 0; i < M; i++) z[i] -= .5 * x[i];
    all_close(M, y, z);
    BILLED(M, cc_scale(M, 3, y));
    for (size_t i = 0; i < M; i++) z[i] *= 3;
    all_close(M, y, z);
    BILLED(0, cc_copy(M, x, y));
    all_close(M, y, x);
}

static void matrix_times_vector(void **unused)
{
    (void)unused;
    double *a = drawn(M * P, 1), *x = drawn(P, 2), *y = drawn(M, 3), *should = twin(M, y), *back = twin(P, x);
    for (size_t i = 0; i < M; i++) {
        should[i] *= .5;
        for (size_t j = 0; j < P; j++) should[i] += 2 * a[i * P + j] * x[j];
    }
    BILLED(2 * M * P, cc_gemv(M, P, 2, a, x, .5, y));
    all_close(M, y, should);
    for (size_t j = 0; j < P; j++) {
        back[j] *= -1;
        for (size_t i = 0; i < M; i++) back[j] += 3 * a[i * P + j] * y[i];
    }
    BILLED(2 * M * P, cc_gemv_t(M, P, 3, a, y, -1, x));
    all_close(P, x, back);
    should = twin(M * P, a);
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < P; j++) should[i * P + j] += .25 * y[i] * x[j];
    BILLED(2 * M * P, cc_ger(M, P, .25, y, x, a));
    all_close(M * P, a, should);
}

/* The upper triangle holds what must not be looked at. */
static void one_triangle_is_read(void **unused)
{
    (void)unused;
    double *a = drawn(M * M, 1), *x = drawn(M, 2), *y = drawn(M, 3), *should = twin(M, y);
    for (size_t i = 0; i < M; i++) {
        should[i] *= .5;
        for (size_t j = 0; j < M; j++) should[i] += 2 * a[i > j ? i * M + j : j * M + i] * x[j];
        for (size_t j = i + 1; j < M; j++) a[i * M + j] = NAN;
    }
    BILLED(2 * M * M, cc_symv(M, 2, a, x, .5, y));
    all_close(M, y, should);
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < M; j++) a[i * M + j] = (double)(i * M + j);
    double *c = twin(M * M, a), *b = drawn(K * M, 4);
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j <= i; j++) {
            c[i * M + j] = c[i * M + j] / 2 + .1 * x[i] * x[j];
            for (size_t k = 0; k < K; k++) c[i * M + j] += 3 * b[k * M + i] * b[k * M + j];
        }
    BILLED(K * M * (M + 1), cc_syrk_t(K, M, 3, b, .5, a));
    BILLED(M * (M + 1), cc_syr(M, .1, x, a));
    all_close(M * M, a, c);
}

static void triangles_are_mirrored(void **unused)
{
    (void)unused;
    static const size_t sizes[] = {1, 5, 32, 33, 70}; /* within a tile, a tile, beyond */
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        const size_t n = sizes[k];
        double *a = drawn(n * n, k), *before = twin(n * n, a);
        cc_fill_upper(n, a);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) assert_true(a[i * n + j] == before[i > j ? i * n + j : j * n + i]);
        assert_untouched(a, n * n);
    }
}

static void matrix_times_matrix(void **unused)
{
    (void)unused;
    for (int trans = 0; trans < 4; trans++) {
        const int ta = trans & 1, tb = trans >> 1;
        double *a = drawn(M * K, 1), *b = drawn(K * P, 2), *c = drawn(M * P, 3), *should = twin(M * P, c);
        for (size_t i = 0; i < M; i++)
            for (size_t j = 0; j < P; j++) {
                should[i * P + j] *= -.5;
                for (size_t k = 0; k < K; k++)
                    should[i * P + j] += 2 * a[ta ? k * M + i : i * K + k] * b[tb ? j * K + k : k * P + j];
            }
        BILLED(2 * M * P * K, cc_gemm(ta, tb, M, P, K, 2, a, b, -.5, c));
        all_close(M * P, c, should);
    }
}

static void cholesky(void **unused)
{
    (void)unused;
    double *b = drawn(M * M, 1), *a = guarded(M * M), *x = drawn(M, 2), *rhs = guarded(M);
    cc_syrk_t(M, M, 1, b, 0, a);
    for (size_t i = 0; i < M; i++) a[i * M + i] += 1;
    cc_symv(M, 1, a, x, 0, rhs);
    double *l = twin(M * M, a), *half = twin(M, rhs);
    BILLED(M * M * M / 3, assert_int_equal(cc_potrf(M, l), 0));
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k <= j; k++) sum += l[i * M + k] * l[j * M + k];
            assert_close(sum, a[i * M + j], 1e-13);
        }
    BILLED(2 * M * M, cc_potrs(M, l, rhs));
    all_close(M, rhs, x);
    BILLED(M * M, cc_trsv(M, l, 0, half));
    for (size_t i = 0; i < M; i++) { /* L' x */
        double sum = 0;
        for (size_t k = i; k < M; k++) sum += l[k * M + i] * x[k];
        assert_close(half[i], sum, 1e-13);
    }
    cc_trsv(M, l, 1, half);
    all_close(M, half, x);
    double *indefinite = twin(M * M, a);
    indefinite[2 * M + 2] = -1;
    assert_int_equal(cc_potrf(M, indefinite), 3); /* the leading minor of order 3 */
    a[4 * M + 4] = NAN;
    assert_int_equal(cc_potrf(M, a), -1);
}

static void gauss(void **unused)
{
    (void)unused;
    double *a = drawn(M * M, 1), *x = drawn(M, 2), *b = guarded(M), *singular = numbers(M * M);
    int pivots[M];
    cc_gemv(M, M, 1, a, x, 0, b);
    BILLED(2 * M * M * M / 3, assert_int_equal(cc_getrf(M, a, pivots), 0));
    BILLED(2 * M * M, cc_getrs(M, a, pivots, b));
    all_close(M, b, x);
    assert_int_equal(cc_getrf(M, singular, pivots), 1);
}

static void eigenvalues(void **unused)
{
    (void)unused;
    const double lambda[M] = {-2, -1, -.5, 0, .25, 3, 4};
    double *a = with_spectrum(M, lambda), *v = twin(M * M, a), *alone = twin(M * M, a), w[M], ax[M];
    BILLED(9 * M * M * M, assert_int_equal(cc_syev(M, v, 1, w), 0));
    for (size_t i = 0; i < M; i++) {
        assert_close(w[i], lambda[i], 1e-14);
        cc_gemv(M, M, 1, a, v + i * M, 0, ax);
        for (size_t j = 0; j < M; j++) assert_close(ax[j], lambda[i] * v[i * M + j], 1e-13);
    }
    BILLED(4 * M * M * M / 3, assert_int_equal(cc_syev(M, alone, 0, w), 0));
    for (size_t i = 0; i < M; i++) assert_close(w[i], lambda[i], 1e-14);
    double turn[] = {1, -2, 2, 1}, re[2], im[2]; /* 1 -+ 2i */
    BILLED(80, assert_int_equal(cc_geev(2, turn, re, im), 0));
    for (int i = 0; i < 2; i++) {
        assert_close(re[i], 1, 1e-15);
        assert_close(fabs(im[i]), 2, 1e-15);
    }
    assert_true(im[0] == -im[1]);
}

/* Tall and wide: singular values are the square roots of the Gram matrix's eigenvalues. */
static void singular_values(void **unused)
{
    (void)unused;
    double *a = drawn(M * P, 1), *flat = numbers(M * P), gram[P * P], w[P], s[P];
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < P; j++) flat[j * M + i] = a[i * P + j];
    cc_syrk_t(M, P, 1, a, 0, gram);
    cc_syev(P, gram, 0, w);
    BILLED(4 * M * P * P, assert_int_equal(cc_svdvals(M, P, a, s), 0));
    for (size_t i = 0; i < P; i++) assert_close(s[i], sqrt(w[P - 1 - i]), 1e-13);
    BILLED(4 * M * P * P, assert_int_equal(cc_svdvals(P, M, flat, s), 0));
    for (size_t i = 0; i < P; i++) assert_close(s[i], sqrt(w[P - 1 - i]), 1e-13);
}

/* The residual is orthogonal to the columns, and the minimiser of a system that has one is found. */
static void least_squares(void **unused)
{
    (void)unused;
    double *a = drawn(M * P, 1), *kept = twin(M * P, a), *b = drawn(M, 2), *x = twin(M, b), slope[P];
    BILLED(2 * M * P * P, assert_int_equal(cc_lstsq(M, P, a, x), 0));
    assert_untouched(x, M);
    cc_gemv(M, P, -1, kept, x, 1, b);
    cc_gemv_t(M, P, 1, kept, b, 0, slope);
    for (size_t j = 0; j < P; j++) assert_close(slope[j], 0, 1e-13);
    assert_true(cc_norm(M, b) > .1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(matrix_times_vector),
        cmocka_unit_test(one_triangle_is_read),
        cmocka_unit_test(cholesky),
        cmocka_unit_test(triangles_are_mirrored),
        cmocka_unit_test(matrix_times_matrix),
        cmocka_unit_test(gauss),
        cmocka_unit_test(eigenvalues),
        cmocka_unit_test(singular_values),
        cmocka_unit_test(least_squares),
    };
    return cmocka_run_group_tests_name("linalg", tests, opened, closed);
}
