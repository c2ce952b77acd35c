/* Solvers of linear equations against factorisations of LAPACK. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/test/spectra.h"

/* ---- linear equations ---- */

typedef cc_status (*with_work)(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x,
                               cc_solve_result *result);
typedef cc_status (*solver)(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *x, cc_solve_result *result);

/* With as much work space as is asked for, and no more. */
static cc_status within(with_work solve, size_t words, const cc_linop *a, const cc_solve_plan *plan, const double *b, double *x,
                        cc_solve_result *result)
{
    double *work = guarded(words);
    cc_status status = solve(a, plan, b, work, x, result);
    assert_untouched(work, words);
    return status;
}

static cc_status plain_cg(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x,
                          cc_solve_result *result)
{
    return cc_cg(a, NULL, plan, b, work, x, result);
}

static cc_status cg(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *x, cc_solve_result *result)
{
    return within(plain_cg, cc_cg_words(a->n), a, plan, b, x, result);
}

static cc_status minres(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *x, cc_solve_result *result)
{
    return within(cc_minres, cc_minres_words(a->n), a, plan, b, x, result);
}

static cc_status gmres(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *x, cc_solve_result *result)
{
    const size_t most = plan->restart < a->n ? plan->restart : a->n; /* a longer restart needs no more */
    return within(cc_gmres, cc_gmres_words(a->n, most), a, plan, b, x, result);
}

static cc_status bicgstab(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *x, cc_solve_result *result)
{
    return within(cc_bicgstab, cc_bicgstab_words(a->n), a, plan, b, x, result);
}

/* From 0 and from elsewhere: the answer is LAPACK's; the residual is the true one; the products are what the operator saw. */
typedef struct counted {
    cc_dense matrix;
    size_t products;
} counted;
static cc_status count(void *self, size_t p, const double *x, double *y)
{
    counted *c = self;
    cc_linop dense = cc_dense_operator(&c->matrix);
    c->products += p;
    return dense.apply(dense.self, p, x, y);
}

static void solves(solver solve, const double *matrix, size_t restart, size_t most)
{
    counted self = {{N, matrix}, 0};
    cc_linop a = {N, count, &self};
    const double *b = random_vector(N, 12);
    double lu[N * N], should[N], *x, ax[N];
    int pivots[N];
    memcpy(lu, matrix, sizeof lu), memcpy(should, b, sizeof should);
    assert_int_equal(cc_getrf(N, lu, pivots), 0);
    cc_getrs(N, lu, pivots, should);
    for (int from_zero = 0; from_zero < 2; from_zero++) {
        cc_solve_plan plan = {1e-12, most, restart};
        cc_solve_result result;
        x = from_zero ? numbers(N) : random_vector(N, 13);
        self.products = 0;
        assert_int_equal(solve(&a, &plan, b, x, &result), CC_OK);
        assert_int_equal(result.outcome, CC_SOLVED);
        assert_int_equal(result.products, self.products);
        assert_true(result.products <= most);
        cc_gemv(N, N, 1, matrix, x, 0, ax);
        cc_axpy(N, -1, b, ax);
        assert_close(cc_norm(N, ax), result.residual, 1e-11 * cc_norm(N, b));
        for (int i = 0; i < N; i++) assert_close(x[i], should[i], 1e-9 * cc_norm(N, should));
        plan.most = 7;
        memset(x, 0, N * sizeof *x);
        assert_int_equal(solve(&a, &plan, b, x, &result), CC_OK);
        assert_true(result.outcome == CC_SOLVE_BUDGET && result.products <= 7 && result.products >= 5);
        memset(x, 0, N * sizeof *x);
        plan.most = 0;
        assert_int_equal(solve(&a, &plan, b, x, &result), CC_OK);
        assert_true(result.outcome == CC_SOLVE_BUDGET && result.products == 0 && cc_norm(N, x) == 0);
    }
    double zero[N] = {0};
    cc_solve_result result;
    x = numbers(N); /* a start that is zero but for its last entry is not zero */
    x[N - 1] = 1;
    solve(&a, &(cc_solve_plan){1e-12, 1, restart}, b, x, &result);
    memcpy(ax, b, sizeof ax);
    for (int i = 0; i < N; i++) ax[i] -= matrix[i * N + N - 1];
    assert_true(result.products == 1);
    assert_close(result.residual, cc_norm(N, ax), 1e-12 * cc_norm(N, ax));
    x = numbers(N + 1) + 1; /* what lies before a zero start does not matter */
    x[-1] = 1;
    assert_int_equal(solve(&a, &(cc_solve_plan){1e-12, most, restart}, zero, x, &result), CC_OK);
    assert_true(result.outcome == CC_SOLVED && result.products == 0);
    zero[3] = NAN;
    solve(&a, &(cc_solve_plan){1e-12, most, restart}, zero, x, &result);
    assert_int_equal(result.outcome, CC_SOLVE_BREAKDOWN);
    assert_true(cc_norm(N, x) == 0);
}

static double *definite(void)
{
    double lambda[N];
    for (int i = 0; i < N; i++) lambda[i] = pow(100, (double)i / (N - 1));
    return with_spectrum(N, lambda);
}
static double *indefinite(void)
{
    double lambda[N];
    for (int i = 0; i < N; i++) lambda[i] = (i % 3 ? 1 : -1) * (1 + (double)i / 5);
    return with_spectrum(N, lambda);
}
static double *unsymmetric(void)
{
    double *a = definite();
    cc_rng rng = stream(14);
    for (int i = 0; i < N * N; i++) a[i] += .5 * (cc_uniform(&rng) - .5);
    return a;
}

static void conjugate_gradients(void **unused) { (void)unused, solves(cg, definite(), 0, N + 30); }
static void minimal_residuals(void **unused)
{
    (void)unused;
    solves(minres, definite(), 0, N + 30);
    solves(minres, indefinite(), 0, 2 * N);
}
static void general_minimal_residuals(void **unused)
{
    (void)unused;
    solves(gmres, unsymmetric(), N, N + 2);
    solves(gmres, unsymmetric(), 15, 200);
    solves(gmres, indefinite(), 1000, N + 2);
    double *small = unsymmetric();
    cc_scale(N * N, 1e-9, small);
    solves(gmres, small, N, N + 2);
}

/* The basis, which the work space begins with, is orthonormal to rounding where one pass of Gram-Schmidt would lose that: one
 * eigenvalue hides the others. */
static void the_basis_is_orthonormal(void **unused)
{
    (void)unused;
    enum { STEPS = 12 };
    double lambda[N], *work = numbers(cc_gmres_words(N, N));
    for (int i = 0; i < N; i++) lambda[i] = i ? 1 + (double)i / N : 1e7;
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    cc_solve_result result;
    assert_int_equal(cc_gmres(&a, &(cc_solve_plan){1e-15, STEPS, N}, random_vector(N, 21), work, numbers(N), &result), CC_OK);
    assert_true(result.products == STEPS);
    for (size_t i = 0; i < STEPS; i++)
        for (size_t j = 0; j <= i; j++) assert_close(cc_dot(N, work + i * N, work + j * N), i == j, 1e-14);
}
static void biconjugate_gradients(void **unused) { (void)unused, solves(bicgstab, unsymmetric(), 0, 200); }

/* In exact arithmetic: as many products as there are distinct eigenvalues. */
static void few_eigenvalues_few_products(void **unused)
{
    (void)unused;
    double lambda[N];
    for (int i = 0; i < N; i++) lambda[i] = 1 + i % 4;
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    solver all[] = {cg, minres, gmres};
    for (int k = 0; k < 3; k++) {
        cc_solve_result result;
        cc_solve_plan plan = {1e-11, 100, 10};
        assert_int_equal(all[k](&a, &plan, random_vector(N, 15), numbers(N), &result), CC_OK);
        assert_true(result.outcome == CC_SOLVED && result.products == 4);
    }
}

static cc_status jacobi(void *self, size_t p, const double *x, double *y)
{
    const cc_dense *m = self;
    for (size_t i = 0; i < p * m->n; i++) y[i] = x[i] / m->a[i % m->n * (m->n + 1)];
    return CC_OK;
}

/* A badly scaled matrix: its diagonal as preconditioner saves most products, and the answer is the same. */
static void preconditioned(void **unused)
{
    (void)unused;
    double lambda[N];
    for (int i = 0; i < N; i++) lambda[i] = 1 + .01 * i;
    double *scaled = with_spectrum(N, lambda);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) scaled[i * N + j] *= pow(1.3, i + j);
    cc_dense matrix = {N, scaled};
    cc_linop a = cc_dense_operator(&matrix), m = {N, jacobi, &matrix};
    cc_solve_plan plan = {1e-10, 2000, 0};
    cc_solve_result without, with;
    double *x = numbers(N), *y = numbers(N), ax[N];
    const double *b = random_vector(N, 16);
    cc_cg(&a, NULL, &plan, b, numbers(cc_cg_words(N)), x, &without);
    cc_cg(&a, &m, &plan, b, numbers(cc_cg_words(N)), y, &with);
    assert_int_equal(with.outcome, CC_SOLVED);
    assert_true(with.products < 12 && without.products > 5 * with.products);
    cc_gemv(N, N, 1, scaled, y, 0, ax);
    cc_axpy(N, -1, b, ax);
    assert_true(cc_norm(N, ax) < 1e-8 * cc_norm(N, b));
}

static void negative_curvature_is_shown(void **unused)
{
    (void)unused;
    cc_dense matrix = {N, indefinite()};
    cc_linop a = cc_dense_operator(&matrix);
    cc_solve_plan plan = {1e-12, 100, 0};
    cc_solve_result result;
    double *work = numbers(cc_cg_words(N)), ad[N], *x = numbers(N);
    assert_int_equal(cc_cg(&a, NULL, &plan, random_vector(N, 17), work, x, &result), CC_OK);
    assert_int_equal(result.outcome, CC_SOLVE_NEGATIVE);
    cc_gemv(N, N, 1, matrix.a, work, 0, ad);
    assert_true(result.curvature < 0);
    assert_close(cc_dot(N, work, ad) / cc_dot(N, work, work), result.curvature, 1e-12);
}

/* The singular equation with b in the range: MINRES and GMRES solve it; what cannot be solved ends all the same. */
static void singular_matrices_end(void **unused)
{
    (void)unused;
    double lambda[N], b[N], ax[N];
    for (int i = 0; i < N; i++) lambda[i] = i % 5;
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    cc_solve_plan plan = {1e-10, 100, 20};
    cc_solve_result result;
    solver able[] = {minres, gmres, cg};
    cc_gemv(N, N, 1, matrix.a, random_vector(N, 18), 0, b);
    for (int k = 0; k < 3; k++) {
        double *x = numbers(N);
        assert_int_equal(able[k](&a, &plan, b, x, &result), CC_OK);
        assert_int_equal(result.outcome, CC_SOLVED);
        cc_gemv(N, N, 1, matrix.a, x, 0, ax);
        cc_axpy(N, -1, b, ax);
        assert_true(cc_norm(N, ax) < 1e-9 * cc_norm(N, b));
    }
    cc_dense nothing = {N, numbers(N * N)};
    cc_linop zero = cc_dense_operator(&nothing);
    solver all[] = {minres, gmres, cg, bicgstab};
    for (int k = 0; k < 4; k++) {
        double *x = numbers(N);
        assert_int_equal(all[k](&zero, &plan, b, x, &result), CC_OK);
        assert_true(result.outcome == (k == 2 ? CC_SOLVE_NEGATIVE : CC_SOLVE_BREAKDOWN));
        assert_true(isfinite(cc_norm(N, x)));
    }
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
    cc_solve_plan plan = {1e-12, 100, 5};
    cc_solve_result result;
    const double *b = random_vector(N, 19);
    solver all[] = {cg, minres, gmres, bicgstab};
    for (int k = 0; k < 4; k++) assert_int_equal(all[k](&a, &plan, b, numbers(N), &result), CC_EDATA);
    plan.restart = 0;
    assert_int_equal(gmres(&a, &plan, b, numbers(N), &result), CC_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conjugate_gradients),          cmocka_unit_test(minimal_residuals),
        cmocka_unit_test(general_minimal_residuals),    cmocka_unit_test(biconjugate_gradients),
        cmocka_unit_test(few_eigenvalues_few_products), cmocka_unit_test(preconditioned),
        cmocka_unit_test(negative_curvature_is_shown),  cmocka_unit_test(singular_matrices_end),
        cmocka_unit_test(refusals_are_handed_on),       cmocka_unit_test(the_basis_is_orthonormal),
    };
    return cmocka_run_group_tests(tests, opened, closed);
}
