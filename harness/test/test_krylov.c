/* Lanczos, densities, traces and dominant eigenvalues against the dense eigenvalues of LAPACK. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/test/spectra.h"

/* ---- Lanczos ---- */

static void all_steps_give_all_eigenvalues(void **unused)
{
    (void)unused;
    double lambda[N];
    spread(lambda);
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    cc_lanczos l;
    assert_int_equal(cc_lanczos_new(scope, N, N, &l), CC_OK);
    assert_int_equal(cc_lanczos_start(&l, random_vector(N, 3)), CC_OK);
    assert_int_equal(cc_lanczos_steps(&l, &a, N), CC_OK);
    assert_int_equal(l.k, N);
    assert_int_equal(cc_lanczos_ritz(&l), CC_OK);
    double sum = 0, x[N], ax[N];
    for (size_t i = 0; i < N; i++) {
        assert_close(l.theta[i], lambda[i], 1e-13);
        sum += l.weight[i];
        cc_lanczos_vector(&l, i, x);
        assert_close(cc_norm(N, x), 1, 1e-13);
        cc_gemv(N, N, 1, matrix.a, x, 0, ax);
        for (size_t j = 0; j < N; j++) assert_close(ax[j], l.theta[i] * x[j], 1e-12);
    }
    assert_close(sum, 1, 1e-14);
}

/* Bounds of the residual hold with equality, the basis stays orthonormal, and steps may be taken in parts. */
static void few_steps_say_how_good_they_are(void **unused)
{
    (void)unused;
    double lambda[N], x[N], ax[N];
    spread(lambda);
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    cc_lanczos l, parts;
    const double *start = random_vector(N, 4);
    assert_int_equal(cc_lanczos_new(scope, N, 12, &l), CC_OK);
    assert_int_equal(cc_lanczos_new(scope, N, 12, &parts), CC_OK);
    cc_lanczos_start(&l, start), cc_lanczos_start(&parts, start);
    cc_lanczos_steps(&l, &a, 100);
    for (int i = 0; i < 4; i++) cc_lanczos_steps(&parts, &a, 3);
    assert_int_equal(l.k, 12);
    assert_memory_equal(l.basis, parts.basis, 13 * N * sizeof(double));
    cc_lanczos_ritz(&l);
    for (size_t i = 0; i < l.k; i++) {
        cc_lanczos_vector(&l, i, x);
        cc_gemv(N, N, 1, matrix.a, x, 0, ax);
        cc_axpy(N, -l.theta[i], x, ax);
        assert_close(cc_norm(N, ax), l.residual[i], 1e-13);
        for (size_t j = 0; j <= i; j++) assert_close(cc_dot(N, l.basis + i * N, l.basis + j * N), i == j, 1e-15 * N);
    }
    assert_true(l.residual[11] < 1e-5 && l.residual[5] > 1e-3); /* the outlier is found, the bulk is not */
}

/* There is room for eight: however many are asked for, in however many parts. */
static void steps_end_where_the_room_does(void **unused)
{
    (void)unused;
    double lambda[N];
    spread(lambda);
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    static const size_t parts[][3] = {{8, 1, 1}, {5, 3, 1}, {5, 4, 9}, {1, SIZE_MAX, 2}, {9, 9, 9}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        cc_lanczos l;
        assert_int_equal(cc_lanczos_new(scope, N, 8, &l), CC_OK);
        assert_int_equal(cc_lanczos_start(&l, random_vector(N, 3)), CC_OK);
        for (int k = 0; k < 3; k++) {
            const size_t should = parts[i][k] < 8 - l.k ? l.k + parts[i][k] : 8;
            assert_int_equal(cc_lanczos_steps(&l, &a, parts[i][k]), CC_OK);
            assert_int_equal(l.k, should);
        }
    }
}

/* Three distinct eigenvalues: after three steps the space is invariant. */
static void an_invariant_space_ends_it(void **unused)
{
    (void)unused;
    double lambda[N];
    for (int i = 0; i < N; i++) lambda[i] = i % 3;
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    cc_lanczos l;
    cc_lanczos_new(scope, N, 20, &l);
    cc_lanczos_start(&l, random_vector(N, 5));
    assert_int_equal(cc_lanczos_steps(&l, &a, 20), CC_OK);
    assert_true(l.broken && l.k == 3);
    cc_lanczos_ritz(&l);
    for (int i = 0; i < 3; i++) assert_close(l.theta[i], i, 1e-13);
    cc_lanczos_steps(&l, &a, 5);
    assert_int_equal(l.k, 3);
    cc_lanczos_start(&l, random_vector(N, 6)); /* starts anew */
    assert_true(!l.broken && l.k == 0);
}

/* The quadrature of one probe gives z'p(A)z for degree 2m - 1 and not for 2m; the mean over probes too. */
static void quadrature_is_exact_for_its_degree(void **unused)
{
    (void)unused;
    enum { M = 5, PROBES = 3 };
    double lambda[N], node[PROBES * M], weight[PROBES * M], z[N], x[N], y[N], should[2 * M + 1] = {0}, is[2 * M + 1] = {0};
    spread(lambda);
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    cc_lanczos l;
    cc_lanczos_new(scope, N, M, &l);
    cc_rng rng = stream(8), same = stream(8);
    size_t count;
    assert_int_equal(cc_slq(&l, &a, PROBES, &rng, node, weight, &count), CC_OK);
    assert_int_equal(count, PROBES * M);
    for (int probe = 0; probe < PROBES; probe++) {
        for (int i = 0; i < N; i++) z[i] = x[i] = cc_bits(&same) >> 63 ? 1 : -1;
        for (int degree = 0; degree <= 2 * M; degree++) {
            should[degree] += cc_dot(N, z, x) / N / PROBES;
            cc_gemv(N, N, 1, matrix.a, x, 0, y);
            memcpy(x, y, sizeof x);
        }
    }
    for (size_t i = 0; i < count; i++)
        for (int degree = 0; degree <= 2 * M; degree++) is[degree] += weight[i] * pow(node[i], degree);
    for (int degree = 0; degree < 2 * M; degree++) assert_close(is[degree], should[degree], 1e-12 * pow(3, degree));
    assert_true(fabs(is[2 * M] - should[2 * M]) > 1e-6);
    double at[601], density[601], mass = 0, mean = 0; /* the broadened density has the same mass and mean */
    for (int i = 0; i < 601; i++) at[i] = -3 + .015 * i;
    cc_slq_density(count, node, weight, .1, 601, at, density);
    for (int i = 0; i < 601; i++) mass += .015 * density[i], mean += .015 * density[i] * at[i];
    assert_close(mass, 1, 1e-9);
    assert_close(mean, is[1], 1e-9);
}

/* Nodes and weights of three, five and six steps on a diagonal with six distinct entries, computed elsewhere; and their bill. */
static void a_quadrature_is_known(void **unused)
{
    (void)unused;
    enum { ORDER = 12 };
    static const double entry[5] = {.1, .2, .5, 2, 5}, alpha[3] = {.65, 4.058584399505, 2.125767429769},
                        beta[2] = {1.42097384447, 1.155040294262};
    static const double node[3][6] = {{.050086115323, 1.794568346268, 4.989697367684},
                                      {1.550829959331e-3, .1660998780650, .4980262703521, 1.999998233302, 4.999999998267},
                                      {0, .1, .2, .5, 2, 5}};
    static const double weight[3][6] = {{.810745615846, .104824937774, .08442944638},
                                        {.607863713847, .140291352574, .085177781743, .083333818196, .083333333641},
                                        {7. / 12, 1. / 12, 1. / 12, 1. / 12, 1. / 12, 1. / 12}};
    double ones[ORDER], *diagonal = numbers(ORDER * ORDER);
    for (size_t i = 0; i < ORDER; i++) ones[i] = 1, diagonal[i * (ORDER + 1)] = i < 7 ? 0 : entry[i - 7];
    cc_dense matrix = {ORDER, diagonal};
    cc_linop a = cc_dense_operator(&matrix);
    for (size_t r = 0; r < 3; r++) {
        const size_t m = (const size_t[]){3, 5, 6}[r];
        cc_lanczos l;
        assert_int_equal(cc_lanczos_new(scope, ORDER, m, &l), CC_OK);
        assert_int_equal(cc_lanczos_start(&l, ones), CC_OK);
        assert_int_equal(cc_lanczos_steps(&l, &a, m), CC_OK);
        const uint64_t before = cc_flops_now();
        assert_int_equal(cc_lanczos_ritz(&l), CC_OK);
        assert_int_equal(cc_flops_now() - before, 6 * m * m * m);
        for (size_t i = 0; i < m; i++) {
            assert_close(l.theta[i], node[r][i], 1e-11);
            assert_close(l.weight[i], weight[r][i], 1e-11);
        }
        for (size_t i = 0; r == 0 && i < 3; i++) assert_close(l.alpha[i], alpha[i], 1e-11);
        for (size_t i = 0; r == 0 && i < 2; i++) assert_close(l.beta[i], beta[i], 1e-11);
        assert_int_equal(l.broken, m == 6);
    }
}

static void traces_and_diagonals(void **unused)
{
    (void)unused;
    double lambda[N], work[2 * N], mean, error, diagonal[N];
    spread(lambda);
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    double trace = 0, off = 0;
    for (int i = 0; i < N; i++) trace += lambda[i];
    cc_rng rng = stream(9);
    assert_int_equal(cc_trace(&a, 2000, &rng, work, &mean, &error), CC_OK);
    assert_true(fabs(mean - trace) < 4 * error);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) off += i == j ? 0 : 2 * matrix.a[i * N + j] * matrix.a[i * N + j]; /* Var z'Az */
    assert_close(error, sqrt(off / 2000), .1 * error);
    assert_int_equal(cc_diagonal(&a, 2000, &rng, work, diagonal), CC_OK);
    for (size_t i = 0; i < N; i++) {
        double variance = 0;
        for (size_t j = 0; j < N; j++) variance += i == j ? 0 : matrix.a[i * N + j] * matrix.a[i * N + j];
        assert_close(diagonal[i], matrix.a[i * N + i], 4.5 * sqrt(variance / 2000));
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) ((double *)(uintptr_t)matrix.a)[i * N + j] = i == j ? (double)i : 0;
    cc_trace(&a, 1, &rng, work, &mean, &error); /* of a diagonal matrix one probe is exact */
    assert_close(mean, N * (N - 1) / 2., 1e-10);
    assert_true(isnan(error));
    const uint64_t before = cc_flops_now();
    cc_diagonal(&a, 3, &rng, work, diagonal);
    assert_int_equal(cc_flops_now() - before, 3 * (2 * N * N + 2 * N)); /* the products' and its own */
    cc_diagonal(&a, 1, &rng, work, diagonal);
    for (int i = 0; i < N; i++) assert_close(diagonal[i], i, 0);
}

/* ---- dominant eigenvalues ---- */

static void power_iteration(void **unused)
{
    (void)unused;
    double lambda[N], work[N], ax[N];
    spread(lambda);
    lambda[N - 1] = -3; /* the largest in modulus is negative */
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    cc_power_result result;
    double *x = random_vector(N, 10);
    assert_int_equal(cc_power(&a, 1e-10, 500, x, work, &result), CC_OK);
    assert_true(result.converged && result.products < 60);
    assert_close(result.lambda, -3, 1e-14 * 100);
    cc_gemv(N, N, 1, matrix.a, x, 0, ax);
    cc_axpy(N, 3, x, ax);
    assert_true(cc_norm(N, ax) < 1e-9);
    x = random_vector(N, 10);
    cc_power(&a, 1e-10, 3, x, work, &result);
    assert_true(!result.converged && result.products == 3);
    x = random_vector(N, 10); /* one product: Rayleigh's quotient of the start, whatever its length */
    cc_scale(N, 7, x);
    cc_gemv(N, N, 1, matrix.a, x, 0, ax);
    const double quotient = cc_dot(N, x, ax) / cc_dot(N, x, x), norm = cc_norm(N, x);
    cc_axpy(N, -quotient, x, ax);
    cc_power(&a, 1e-10, 1, x, work, &result);
    assert_close(result.lambda, quotient, 1e-14);
    assert_close(result.residual, cc_norm(N, ax) / norm, 1e-14);
    memset(x, 0, N * sizeof *x);
    assert_int_equal(cc_power(&a, 1e-10, 3, x, work, &result), CC_EINVAL);
}

static void random_subspaces(void **unused)
{
    (void)unused;
    enum { K = 4, EXTRA = 6 };
    double lambda[N], found[K + EXTRA], *vectors = numbers((K + EXTRA) * N), ax[N];
    for (int i = 0; i < N; i++) lambda[i] = (i % 2 ? -1 : 1) * pow(.7, i);
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    cc_rng rng = stream(11);
    double *work = guarded(cc_top_words(N, K, EXTRA));
    assert_int_equal(cc_top(&a, K, EXTRA, 8, &rng, work, found, vectors), CC_OK);
    assert_untouched(work, cc_top_words(N, K, EXTRA));
    for (size_t i = 0; i < K; i++) {
        assert_close(found[i], lambda[i], 1e-11);
        cc_gemv(N, N, 1, matrix.a, vectors + i * N, 0, ax);
        cc_axpy(N, -found[i], vectors + i * N, ax);
        assert_true(cc_norm(N, ax) < 1e-6);
        for (size_t j = 0; j <= i; j++) assert_close(cc_dot(N, vectors + i * N, vectors + j * N), i == j, 1e-13);
    }
    assert_int_equal(cc_top(&a, N, 1, 1, &rng, NULL, NULL, NULL), CC_EINVAL);
}

/* What an operator says is handed on. */
static cc_status refuse(void *self, size_t p, const double *x, double *y)
{
    (void)self, (void)p, (void)x, (void)y;
    return CC_EDATA;
}

static void refusals_are_handed_on(void **unused)
{
    (void)unused;
    cc_linop a = {N, refuse, NULL};
    cc_power_result power;
    cc_lanczos l;
    double *b = random_vector(N, 19), mean, error;
    size_t n;
    cc_rng rng = stream(20);
    assert_int_equal(cc_power(&a, 1e-3, 10, b, numbers(cc_top_words(N, 4, 4)), &power), CC_EDATA);
    assert_int_equal(cc_trace(&a, 3, &rng, numbers(cc_top_words(N, 4, 4)), &mean, &error), CC_EDATA);
    assert_int_equal(cc_diagonal(&a, 3, &rng, numbers(cc_top_words(N, 4, 4)), numbers(N)), CC_EDATA);
    assert_int_equal(cc_top(&a, 2, 2, 1, &rng, numbers(cc_top_words(N, 4, 4)), numbers(4), numbers(4 * N)), CC_EDATA);
    assert_int_equal(cc_lanczos_new(scope, N, 5, &l), CC_OK);
    assert_int_equal(cc_slq(&l, &a, 1, &rng, numbers(5), numbers(5), &n), CC_EDATA);
    assert_int_equal(cc_lanczos_new(scope, N, N + 1, &l), CC_EINVAL);
    assert_int_equal(cc_lanczos_new(scope, N, 0, &l), CC_EINVAL);
    assert_int_equal(cc_lanczos_new(scope, N, 2, &l), CC_OK);
    assert_int_equal(cc_lanczos_start(&l, numbers(N)), CC_EINVAL);
}

/* One vector at a time but for the subspace, whose vectors come together; a start may be as short as one likes. */
static cc_status see(void *self, size_t p, const double *x, double *y)
{
    size_t *seen = self;
    *seen = p;
    for (size_t i = 0; i < p * N; i++) y[i] = x[i] * (double)(1 + i % N);
    return CC_OK;
}

static void vectors_come_as_they_should(void **unused)
{
    (void)unused;
    size_t seen = 0;
    cc_linop a = {N, see, &seen};
    cc_rng rng = stream(21);
    cc_power_result power;
    cc_lanczos l;
    double mean, error, *x = random_vector(N, 22);
    assert_int_equal(cc_trace(&a, 2, &rng, numbers(2 * N), &mean, &error), CC_OK);
    assert_int_equal(seen, 1);
    assert_int_equal(cc_diagonal(&a, 2, &rng, numbers(2 * N), numbers(N)), CC_OK);
    assert_int_equal(seen, 1);
    cc_top(&a, 2, 3, 2, &rng, numbers(cc_top_words(N, 2, 3)), numbers(5), numbers(5 * N));
    assert_int_equal(seen, 5);
    cc_power(&a, 1e-3, 2, random_vector(N, 23), numbers(N), &power);
    assert_int_equal(seen, 1);
    cc_scale(N, 1e-200, x);
    assert_int_equal(cc_lanczos_new(scope, N, N, &l), CC_OK);
    assert_int_equal(cc_lanczos_start(&l, x), CC_OK);
    assert_int_equal(cc_lanczos_steps(&l, &a, N), CC_OK);
    assert_int_equal(cc_lanczos_ritz(&l), CC_OK);
    assert_int_equal(seen, 1);
    for (int i = 0; i < N; i++) assert_close(l.theta[i], i + 1, 1e-11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_steps_give_all_eigenvalues),
        cmocka_unit_test(few_steps_say_how_good_they_are),
        cmocka_unit_test(an_invariant_space_ends_it),
        cmocka_unit_test(steps_end_where_the_room_does),
        cmocka_unit_test(quadrature_is_exact_for_its_degree),
        cmocka_unit_test(a_quadrature_is_known),
        cmocka_unit_test(traces_and_diagonals),
        cmocka_unit_test(power_iteration),
        cmocka_unit_test(random_subspaces),
        cmocka_unit_test(vectors_come_as_they_should),
        cmocka_unit_test(refusals_are_handed_on),
    };
    return cmocka_run_group_tests(tests, opened, closed);
}
