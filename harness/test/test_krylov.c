/* Krylov methods against dense eigenvalues and factorisations of LAPACK. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/core/scope.h"
#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"

enum { N = 40 };

static void assert_close(double is, double should, double tolerance)
{
    if (!(fabs(is - should) <= tolerance)) fail_msg("%.15g, not %.15g (off by %g)", is, should, is - should);
}

static cc_run *scope;
static int opened(void **unused)
{
    (void)unused;
    scope = calloc(1, sizeof *scope);
    cc_scope_open(scope, CC_ROLE_RUN, 7, 0);
    return 0;
}
static int closed(void **unused)
{
    (void)unused;
    cc_scope_close(scope);
    free(scope);
    return 0;
}
static double *numbers(size_t n) { return cc_alloc(scope, n, sizeof(double)); }
static cc_rng stream(uint64_t id) { return cc_stream(scope, 1, id); }

/* A = Q Diag(lambda) Q', Q a product of three reflections. */
static double *with_spectrum(size_t n, const double *lambda)
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
static void spread(double *lambda)
{
    for (int i = 0; i < N; i++) lambda[i] = -1 + 2. * i / (N - 1);
    lambda[N - 1] = 3;
}

static double *random_vector(size_t n, uint64_t id)
{
    double *x = numbers(n);
    cc_rng rng = stream(id);
    cc_normal(&rng, n, x);
    return x;
}

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
    assert_int_equal(cc_top(&a, K, EXTRA, 8, &rng, numbers(cc_top_words(N, K, EXTRA)), found, vectors), CC_OK);
    for (size_t i = 0; i < K; i++) {
        assert_close(found[i], lambda[i], 1e-11);
        cc_gemv(N, N, 1, matrix.a, vectors + i * N, 0, ax);
        cc_axpy(N, -found[i], vectors + i * N, ax);
        assert_true(cc_norm(N, ax) < 1e-6);
        for (size_t j = 0; j <= i; j++) assert_close(cc_dot(N, vectors + i * N, vectors + j * N), i == j, 1e-13);
    }
    assert_int_equal(cc_top(&a, N, 1, 1, &rng, NULL, NULL, NULL), CC_EINVAL);
}

/* ---- linear equations ---- */

typedef cc_status (*solver)(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x,
                            cc_solve_result *result);
static cc_status plain_cg(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x,
                          cc_solve_result *result)
{
    return cc_cg(a, NULL, plan, b, work, x, result);
}

static double *work_space(void) { return numbers(10 * N + cc_gmres_words(N, N) + cc_bicgstab_words(N)); }

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
        assert_int_equal(solve(&a, &plan, b, work_space(), x, &result), CC_OK);
        assert_int_equal(result.outcome, CC_SOLVED);
        assert_int_equal(result.products, self.products);
        assert_true(result.products <= most);
        cc_gemv(N, N, 1, matrix, x, 0, ax);
        cc_axpy(N, -1, b, ax);
        assert_close(cc_norm(N, ax), result.residual, 1e-11 * cc_norm(N, b));
        for (int i = 0; i < N; i++) assert_close(x[i], should[i], 1e-9 * cc_norm(N, should));
        plan.most = 7;
        memset(x, 0, N * sizeof *x);
        assert_int_equal(solve(&a, &plan, b, work_space(), x, &result), CC_OK);
        assert_true(result.outcome == CC_SOLVE_BUDGET && result.products <= 7 && result.products >= 5);
        memset(x, 0, N * sizeof *x);
        plan.most = 0;
        assert_int_equal(solve(&a, &plan, b, work_space(), x, &result), CC_OK);
        assert_true(result.outcome == CC_SOLVE_BUDGET && result.products == 0 && cc_norm(N, x) == 0);
    }
    double zero[N] = {0};
    cc_solve_result result;
    x = numbers(N);
    assert_int_equal(solve(&a, &(cc_solve_plan){1e-12, most, restart}, zero, work_space(), x, &result), CC_OK);
    assert_true(result.outcome == CC_SOLVED && result.products == 0);
    zero[3] = NAN;
    solve(&a, &(cc_solve_plan){1e-12, most, restart}, zero, work_space(), x, &result);
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

static void conjugate_gradients(void **unused) { (void)unused, solves(plain_cg, definite(), 0, N + 30); }
static void minimal_residuals(void **unused)
{
    (void)unused;
    solves(cc_minres, definite(), 0, N + 30);
    solves(cc_minres, indefinite(), 0, 2 * N);
}
static void general_minimal_residuals(void **unused)
{
    (void)unused;
    solves(cc_gmres, unsymmetric(), N, N + 2);
    solves(cc_gmres, unsymmetric(), 15, 200);
    solves(cc_gmres, indefinite(), 1000, N + 2);
}
static void biconjugate_gradients(void **unused) { (void)unused, solves(cc_bicgstab, unsymmetric(), 0, 200); }

/* In exact arithmetic: as many products as there are distinct eigenvalues. */
static void few_eigenvalues_few_products(void **unused)
{
    (void)unused;
    double lambda[N];
    for (int i = 0; i < N; i++) lambda[i] = 1 + i % 4;
    cc_dense matrix = {N, with_spectrum(N, lambda)};
    cc_linop a = cc_dense_operator(&matrix);
    solver all[] = {plain_cg, cc_minres, cc_gmres};
    for (int k = 0; k < 3; k++) {
        cc_solve_result result;
        cc_solve_plan plan = {1e-11, 100, 10};
        assert_int_equal(all[k](&a, &plan, random_vector(N, 15), work_space(), numbers(N), &result), CC_OK);
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
    cc_cg(&a, NULL, &plan, b, work_space(), x, &without);
    cc_cg(&a, &m, &plan, b, work_space(), y, &with);
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
    double *work = work_space(), ad[N], *x = numbers(N);
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
    solver able[] = {cc_minres, cc_gmres, plain_cg};
    cc_gemv(N, N, 1, matrix.a, random_vector(N, 18), 0, b);
    for (int k = 0; k < 3; k++) {
        double *x = numbers(N);
        assert_int_equal(able[k](&a, &plan, b, work_space(), x, &result), CC_OK);
        assert_int_equal(result.outcome, CC_SOLVED);
        cc_gemv(N, N, 1, matrix.a, x, 0, ax);
        cc_axpy(N, -1, b, ax);
        assert_true(cc_norm(N, ax) < 1e-9 * cc_norm(N, b));
    }
    cc_dense nothing = {N, numbers(N * N)};
    cc_linop zero = cc_dense_operator(&nothing);
    solver all[] = {cc_minres, cc_gmres, plain_cg, cc_bicgstab};
    for (int k = 0; k < 4; k++) {
        double *x = numbers(N);
        assert_int_equal(all[k](&zero, &plan, b, work_space(), x, &result), CC_OK);
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
    cc_power_result power;
    cc_lanczos l;
    double *b = random_vector(N, 19), mean, error;
    size_t n;
    cc_rng rng = stream(20);
    assert_int_equal(plain_cg(&a, &plan, b, work_space(), numbers(N), &result), CC_EDATA);
    assert_int_equal(cc_minres(&a, &plan, b, work_space(), numbers(N), &result), CC_EDATA);
    assert_int_equal(cc_gmres(&a, &plan, b, work_space(), numbers(N), &result), CC_EDATA);
    assert_int_equal(cc_bicgstab(&a, &plan, b, work_space(), numbers(N), &result), CC_EDATA);
    assert_int_equal(cc_power(&a, 1e-3, 10, b, work_space(), &power), CC_EDATA);
    assert_int_equal(cc_trace(&a, 3, &rng, work_space(), &mean, &error), CC_EDATA);
    assert_int_equal(cc_diagonal(&a, 3, &rng, work_space(), numbers(N)), CC_EDATA);
    assert_int_equal(cc_top(&a, 2, 2, 1, &rng, work_space(), numbers(4), numbers(4 * N)), CC_EDATA);
    assert_int_equal(cc_lanczos_new(scope, N, 5, &l), CC_OK);
    assert_int_equal(cc_slq(&l, &a, 1, &rng, numbers(5), numbers(5), &n), CC_EDATA);
    assert_int_equal(cc_lanczos_new(scope, N, N + 1, &l), CC_EINVAL);
    assert_int_equal(cc_lanczos_new(scope, N, 0, &l), CC_EINVAL);
    assert_int_equal(cc_lanczos_new(scope, N, 2, &l), CC_OK);
    assert_int_equal(cc_lanczos_start(&l, numbers(N)), CC_EINVAL);
    plan.restart = 0;
    assert_int_equal(cc_gmres(&a, &plan, b, work_space(), numbers(N), &result), CC_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_steps_give_all_eigenvalues),
        cmocka_unit_test(few_steps_say_how_good_they_are),
        cmocka_unit_test(an_invariant_space_ends_it),
        cmocka_unit_test(quadrature_is_exact_for_its_degree),
        cmocka_unit_test(traces_and_diagonals),
        cmocka_unit_test(power_iteration),
        cmocka_unit_test(random_subspaces),
        cmocka_unit_test(conjugate_gradients),
        cmocka_unit_test(minimal_residuals),
        cmocka_unit_test(general_minimal_residuals),
        cmocka_unit_test(biconjugate_gradients),
        cmocka_unit_test(few_eigenvalues_few_products),
        cmocka_unit_test(preconditioned),
        cmocka_unit_test(negative_curvature_is_shown),
        cmocka_unit_test(singular_matrices_end),
        cmocka_unit_test(refusals_are_handed_on),
    };
    return cmocka_run_group_tests(tests, opened, closed);
}
