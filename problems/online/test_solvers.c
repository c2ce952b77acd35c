/* problems/online/test_solvers.c: SOR and conjugate gradients against tables of iterations and against dense algebra. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/near.h"
#include "harness/numerics/linalg.h"
#include "harness/testing.h"
#include "problems/online/linseq.h"

enum { N = 100 };

static void pattern(size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) b[i] = (double)(37 * i % 101) / 101 - .5;
}

static const double omegas[] = {1, 1.2, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 1.95};
static const double shifts[] = {-.15, 0, .45}, jacobi = .959492973614;
static const unsigned counts[3][2][10] = {
    {{2927, 1950, 1252, 971, 724, 503, 293, 189, 392, 147}, {2503, 1667, 1070, 830, 619, 430, 250, 176, 362, 126}},
    {{223, 145, 88, 62, 43, 58, 89, 187, 383, 41}, {188, 121, 71, 45, 40, 55, 85, 178, 359, 36}},
    {{64, 39, 25, 30, 42, 55, 89, 185, 379, 23}, {48, 33, 26, 30, 40, 55, 86, 175, 360, 23}}};

/* The last of each row is at the best omega. */
static linseq_sor_job fixture(size_t k, const double *b1, const double *b2)
{
    const size_t c = k / 20, right = k / 10 % 2, i = k % 10;
    const double best = linseq_young(4 * jacobi / (4 + shifts[c]));
    return (linseq_sor_job){.b = right ? b2 : b1, .diag = 4 + shifts[c], .omega = i < 9 ? omegas[i] : best};
}

static void sor_takes_the_published_iterations(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    linseq_grid grid;
    double b1[N], b2[N];
    linseq_sor_job job[60];
    assert_int_equal(linseq_square(run, 10, &grid), CC_OK);
    double *work = cc_alloc(run, grid.size * LINSEQ_LANES, sizeof *work);
    for (size_t i = 0; i < N; i++) b1[i] = 1;
    pattern(N, b2);
    for (size_t k = 0; k < 60; k++) {
        job[k] = fixture(k, b1, b2);
        linseq_sor(&grid, 1e-8, &job[k], work, NULL);
        assert_int_equal(job[k].iterations, counts[k / 20][k / 10 % 2][k % 10]);
        job[k].iterations = 0;
    }
    linseq_sor_batch(&grid, 1e-8, 60, job, work); /* more systems than lanes */
    for (size_t k = 0; k < 60; k++) assert_int_equal(job[k].iterations, counts[k / 20][k / 10 % 2][k % 10]);
    linseq_sor_batch(&grid, 1e-8, 3, job, work); /* and fewer */
    for (size_t k = 0; k < 3; k++) assert_int_equal(job[k].iterations, counts[0][0][k]);
    linseq_sor_batch(&grid, 1e-8, 0, job, work);
    cc_test_close(run);
}

static void sor_solves_and_gives_up(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    linseq_grid grid;
    double b[N], x[N], r[N], a[N * N];
    assert_int_equal(linseq_square(run, 10, &grid), CC_OK);
    double *work = cc_alloc(run, grid.size * LINSEQ_LANES, sizeof *work);
    pattern(N, b);
    linseq_dense(&grid, 4.2, 1, a);
    linseq_sor_job job = {.b = b, .diag = 4.2, .omega = 1.3};
    linseq_sor(&grid, 1e-10, &job, work, x);
    cc_copy(N, b, r);
    cc_gemv(N, N, -1, a, x, 1, r);
    assert_true(cc_norm(N, r) < 1e-10 * cc_norm(N, b));
    job.diag = 3.7; /* indefinite: does not converge */
    linseq_sor(&grid, 1e-10, &job, work, NULL);
    assert_int_equal(job.iterations, LINSEQ_CAP);
    job.iterations = 0;
    linseq_sor_batch(&grid, 1e-10, 1, &job, work);
    assert_int_equal(job.iterations, LINSEQ_CAP);
    cc_test_close(run);
}

/* z = M^-1 r, M = omega/(2 - omega) (D/omega + L) D^-1 (D/omega + L'), dense. factor: M's Cholesky factor. */
static void symmetric_factor(size_t n, double omega, const double *a, double *lower, double *factor)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) lower[i * n + j] = i == j ? a[i * n + i] / omega : i > j ? a[i * n + j] : 0;
    cc_gemm(0, 1, n, n, n, omega / (2 - omega) / a[0], lower, lower, 0, factor);
    assert_int_equal(cc_potrf(n, factor), 0);
}

/* x += M^-1 (b - A x) from 0, dense: the iterations that symmetric SOR takes, its solution, its residuals on the way. */
static unsigned dense_iterations(size_t n, double omega, double eps, const double *a, const double *b, double *x, double *error)
{
    static double lower[N * N], factor[N * N];
    double r[N], before = INFINITY;
    unsigned k = 0;
    symmetric_factor(n, omega, a, lower, factor);
    memset(x, 0, n * sizeof *x);
    cc_copy(n, b, r);
    do {
        cc_potrs(n, factor, r);
        cc_axpy(n, 1, r, x);
        cc_copy(n, b, r);
        cc_gemv(n, n, -1, a, x, 1, r);
        k++;
        const double now = cc_norm(n, r);
        *error = now / before, before = now;
    } while (!(before < eps * cc_norm(n, b)) && k < 2000);
    return k;
}

static void symmetric_sor_is_the_dense_iteration(void **unused)
{
    (void)unused;
    for (int domain = 0; domain < 2; domain++) {
        cc_run *run = cc_test_run(NULL, 0);
        linseq_grid grid;
        static double a[N * N];
        double b[N], x[N], y[N], rate;
        linseq_sor_job job[40];
        assert_int_equal(domain ? linseq_l_shape(run, 9, &grid) : linseq_square(run, 10, &grid), CC_OK);
        double *work = cc_alloc(run, grid.size * LINSEQ_LANES * LINSEQ_SSOR_WORK, sizeof *work);
        pattern(grid.n, b);
        for (size_t k = 0; k < 40; k++) {
            job[k] = (linseq_sor_job){.b = b, .diag = 4 + shifts[k % 2 + 1], .omega = .7 + .03 * (double)k};
            linseq_dense(&grid, job[k].diag, 1, a);
            const unsigned dense = dense_iterations(grid.n, job[k].omega, 1e-8, a, b, x, &rate);
            linseq_ssor(&grid, 1e-8, &job[k], work, y);
            assert_int_equal(job[k].iterations, dense);
            for (size_t i = 0; i < grid.n; i++) assert_near(y[i], x[i], 1e-12);
            assert_true(rate < 1); /* M - A >= 0: it converges for every omega */
        }
        linseq_sor_job many[40];
        memcpy(many, job, sizeof many);
        linseq_ssor_batch(&grid, 1e-8, 40, many, work); /* more systems than lanes */
        for (size_t k = 0; k < 40; k++) assert_int_equal(many[k].iterations, job[k].iterations);
        linseq_ssor_batch(&grid, 1e-8, 2, many, work);
        for (size_t k = 0; k < 2; k++) assert_int_equal(many[k].iterations, job[k].iterations);
        cc_test_close(run);
    }
}

static void symmetric_sor_gives_up(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    linseq_grid grid;
    double b[N];
    assert_int_equal(linseq_square(run, 10, &grid), CC_OK);
    double *work = cc_alloc(run, grid.size * LINSEQ_LANES * LINSEQ_SSOR_WORK, sizeof *work);
    pattern(N, b);
    linseq_sor_job job = {.b = b, .diag = 3.7, .omega = 1.3}; /* indefinite */
    linseq_ssor(&grid, 1e-10, &job, work, NULL);
    assert_int_equal(job.iterations, LINSEQ_CAP);
    job.iterations = 0;
    linseq_ssor_batch(&grid, 1e-10, 1, &job, work);
    assert_int_equal(job.iterations, LINSEQ_CAP);
    cc_test_close(run);
}

/* Iterations of preconditioned CG, b the pattern, shifts 0 and .5; the last: without preconditioner. */
static void pcg_takes_the_published_iterations(void **unused)
{
    (void)unused;
    const double omega[] = {2 * sqrt(2) - 2, 1, 1.2, 1.4, 1.5, 1.6, 1.8, 1.9};
    const unsigned expected[2][2][8] = {{{17, 15, 13, 13, 13, 14, 16, 18}, {13, 11, 9, 9, 11, 12, 16, 17}},
                                        {{15, 13, 12, 12, 12, 13, 16, 17}, {12, 10, 9, 9, 11, 12, 15, 17}}};
    for (int domain = 0; domain < 2; domain++) {
        cc_run *run = cc_test_run(NULL, 0);
        linseq_grid grid;
        double b[N], x[N], r[N], a[N * N];
        assert_int_equal(domain ? linseq_l_shape(run, 10, &grid) : linseq_square(run, 10, &grid), CC_OK);
        assert_int_equal(grid.n, domain ? 75 : 100);
        double *work = cc_alloc(run, grid.size * LINSEQ_PCG_WORK, sizeof *work), *pb = cc_alloc(run, grid.size, sizeof *pb),
               *px = cc_alloc(run, grid.size, sizeof *px);
        pattern(grid.n, b);
        linseq_put(&grid, b, pb);
        for (int s = 0; s < 2; s++)
            for (int i = 0; i < 9; i++) {
                memset(px, 0, grid.size * sizeof *px);
                const unsigned k = linseq_pcg(&grid, 4 + .5 * s, 1, i < 8 ? omega[i] : 0, 1e-8, pb, px, work);
                if (i < 8) assert_int_equal(k, expected[domain][s][i]);
                if (i == 8) assert_true(k >= 25 && k <= 32);
                linseq_take(&grid, px, x);
                linseq_dense(&grid, 4 + .5 * s, 1, a);
                cc_copy(grid.n, b, r);
                cc_gemv(grid.n, grid.n, -1, a, x, 1, r);
                assert_true(cc_norm(grid.n, r) <= 1.0001e-8 * cc_norm(grid.n, b));
                assert_int_equal(linseq_pcg(&grid, 4 + .5 * s, 1, 1.2, 1e-7, pb, px, work), 0); /* solved already */
            }
        cc_test_close(run);
    }
}

/* The dense matrix is the operator, in the order of the grid; spectrum of the square. */
static void dense_and_padded_agree(void **unused)
{
    (void)unused;
    for (int domain = 0; domain < 2; domain++) {
        cc_run *run = cc_test_run(NULL, 0);
        linseq_grid grid;
        double x[N], y[N], z[N], a[N * N], w[N];
        assert_int_equal(domain ? linseq_l_shape(run, 9, &grid) : linseq_square(run, 10, &grid), CC_OK);
        double *px = cc_alloc(run, grid.size, sizeof *px), *py = cc_alloc(run, grid.size, sizeof *py);
        pattern(grid.n, x);
        linseq_put(&grid, x, px);
        linseq_apply(&grid, 5, .7, px, py);
        linseq_take(&grid, py, y);
        linseq_dense(&grid, 5, .7, a);
        cc_gemv(grid.n, grid.n, 1, a, x, 0, z);
        for (size_t i = 0; i < grid.n; i++) assert_near(y[i], z[i], 1e-14);
        if (!domain) {
            linseq_dense(&grid, 4, 1, a);
            assert_int_equal(cc_syev(N, a, 0, w), 0);
            assert_near(w[0], 8 * pow(sin(3.14159265358979323846 / 22), 2), 1e-12);
        }
        cc_test_close(run);
    }
}

static void l_shape_leaves_out_a_quarter(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    linseq_grid grid;
    assert_int_equal(linseq_l_shape(run, 9, &grid), CC_OK);
    for (size_t o = 0; o < 9; o++) /* x = -1 + (o+1)/5 > 0 or y = 1 - (i+1)/5 > 0 */
        for (size_t i = 0; i < 9; i++) assert_int_equal(i >= grid.begin[o] && i<grid.end[o], o + 1> 5 || i + 1 < 5);
    assert_int_equal(grid.n, 9 * 4 + 4 * 5);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sor_takes_the_published_iterations),   cmocka_unit_test(sor_solves_and_gives_up),
        cmocka_unit_test(symmetric_sor_is_the_dense_iteration), cmocka_unit_test(symmetric_sor_gives_up),
        cmocka_unit_test(pcg_takes_the_published_iterations),   cmocka_unit_test(dense_and_padded_agree),
        cmocka_unit_test(l_shape_leaves_out_a_quarter),
    };
    return cmocka_run_group_tests_name("online_solvers", tests, NULL, NULL);
}
