/* L-BFGS on the Rayleigh quotient against the eigenvalues of LAPACK, its step against the whole plane, its bill, and what it
 * refuses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "harness/near.h"
#include "harness/numerics/linalg.h"
#include "harness/testing.h"
#include "problems/smooth/smooth.h"

#define SMALL "smooth.net(data=clusters,inputs=6,outputs=3,n=30,hidden=5,phi=tanh,start=uniform)"

enum { M = 53, MOST = 5000 };

static void spectrum_at_start(double *h, double *lambda)
{
    static double copy[M * M], w[M];
    cc_run *run = cc_test_run(SMALL, 3);
    assert_int_equal(smooth_dim(run), M);
    assert_int_equal(smooth_start(run, w), CC_OK);
    assert_int_equal(smooth_hess(run, SMOOTH_EXACT, w, h), CC_OK);
    cc_fill_upper(M, h);
    memcpy(copy, h, sizeof copy);
    assert_int_equal(cc_syev(M, copy, 0, lambda), 0);
    cc_test_close(run);
}

/* Runs to the end; the quotients of the pairs as they are found. Returns the steps taken. */
static size_t run_to_the_end(const char *algorithm, double *found)
{
    cc_run *run = cc_test_start(algorithm, SMALL, 3);
    size_t steps = 0, before = 0;
    double quotient = cc_test_probe(run, "quotient"), w[M];
    cc_status status;
    assert_int_equal(smooth_start(run, w), CC_OK);
    assert_memory_equal(cc_test_candidate(run), w, sizeof w); /* the place does not move */
    do {
        status = cc_test_step(run);
        steps++;
        if ((size_t)cc_test_probe(run, "found") > before) found[before++] = quotient;
        quotient = cc_test_probe(run, "quotient");
    } while (status == CC_OK && steps < MOST);
    assert_int_equal(status, CC_DONE);
    assert_true(cc_test_probe(run, "steepest") >= 0 && cc_test_probe(run, "steepest") <= 1e-9); /* what was asked for, or less */
    assert_int_equal(cc_spent(run, "n_hvp"), steps); /* one to begin with, one a step, none for the last pair */
    cc_test_close(run);
    return steps;
}

static void both_ends_of_a_spectrum(void **state)
{
    static double h[M * M], lambda[M];
    double found[4];
    (void)state;
    spectrum_at_start(h, lambda);
    run_to_the_end("spectrum.rayleigh(pairs=4,pgtol=1e-10)", found);
    for (size_t k = 0; k < 4; k++) assert_near(found[k], lambda[M - 1 - k], 1e-11);
    run_to_the_end("spectrum.rayleigh(pairs=4,pgtol=1e-10,end=smallest)", found);
    for (size_t k = 0; k < 4; k++) assert_near(found[k], lambda[k], 1e-11);
}

static void what_is_not_projected_out_comes_again(void **state)
{
    static double h[M * M], lambda[M];
    double found[3];
    (void)state;
    spectrum_at_start(h, lambda);
    run_to_the_end("spectrum.rayleigh(pairs=3,pgtol=1e-10,project=false)", found);
    for (size_t k = 0; k < 3; k++) assert_near(found[k], lambda[M - 1], 1e-11);
}

static void memory_saves_products(void **state)
{
    double found[2];
    (void)state;
    const size_t ten = run_to_the_end("spectrum.rayleigh(pairs=2,pgtol=1e-9)", found),
                 one = run_to_the_end("spectrum.rayleigh(pairs=2,pgtol=1e-9,memory=1)", found);
    assert_true(ten < one);
}

/* ---- the kernel on given matrices ---- */

typedef struct kernel {
    cc_run *scope;
    hessian_rayleigh r;
    cc_dense dense;
    cc_linop a;
    cc_rng rng;
} kernel;

static void open_kernel(kernel *k, size_t n, const double *matrix, size_t pairs, int smallest)
{
    k->scope = cc_test_run(NULL, 1);
    k->dense = (cc_dense){n, matrix};
    k->a = cc_dense_operator(&k->dense);
    k->rng = cc_stream(k->scope, 1, 0);
    k->r = (hessian_rayleigh){.n = n, .pairs = pairs, .memory = 5, .flat = 1e-11, .smallest = smallest, .project = 1};
    assert_int_equal(hessian_rayleigh_new(k->scope, &k->r), CC_OK);
    assert_int_equal(hessian_rayleigh_start(&k->r, &k->a, &k->rng), CC_OK);
}

/* In two dimensions v and the direction span everything: the first step is there. */
static void a_step_goes_to_the_least_of_its_line(void **state)
{
    static const double matrices[][4] = {{2, 1, 1, -3}, {-5, .1, .1, -1}, {4, 2, 2, 4}};
    (void)state;
    for (int which = 0; which < 6; which++) {
        const double *a = matrices[which / 2];
        const double middle = (a[0] + a[3]) / 2, radius = hypot((a[0] - a[3]) / 2, a[1]);
        kernel k;
        open_kernel(&k, 2, a, 1, which % 2);
        assert_int_equal(hessian_rayleigh_step(&k.r, &k.a, &k.rng), CC_OK);
        assert_near(k.r.quotient, which % 2 ? middle - radius : middle + radius, 1e-14);
        assert_near(k.r.steepest, 0, 1e-14);
        assert_int_equal(k.r.products, 2);
        cc_test_close(k.scope);
    }
}

/* inverse <- (I - rho s y') inverse (I - rho y s') + rho s s' */
static void update(size_t n, const double *s, const double *y, double *inverse)
{
    const double rho = 1 / cc_dot(n, s, y);
    double ay[M];
    for (size_t i = 0; i < n; i++) ay[i] = cc_dot(n, inverse + i * n, y);
    const double b = rho * cc_dot(n, y, ay) + 1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) inverse[i * n + j] += rho * (b * s[i] * s[j] - ay[i] * s[j] - s[i] * ay[j]);
}

/* The direction is that of BFGS with a matrix: updated by the pairs that are kept, oldest first, from a multiple of the identity.
 */
static void directions_are_those_of_a_matrix(void **state)
{
    static double h[M * M], lambda[M], inverse[M * M], g[M];
    kernel k;
    (void)state;
    spectrum_at_start(h, lambda);
    open_kernel(&k, M, h, 1, 0);
    for (size_t step = 0; step < 12; step++) {
        const size_t memory = k.r.memory, first = step > memory ? step - memory : 0;
        assert_int_equal(k.r.kept, step);
        memset(inverse, 0, sizeof inverse);
        cc_copy(M, k.r.g, g);
        const double *s = k.r.s + (step + memory - 1) % memory * M, *y = k.r.y + (step + memory - 1) % memory * M;
        for (size_t i = 0; i < M; i++) inverse[i * M + i] = step ? cc_dot(M, s, y) / cc_dot(M, y, y) : 1;
        for (size_t i = first; i < step; i++) update(M, k.r.s + i % memory * M, k.r.y + i % memory * M, inverse);
        assert_int_equal(hessian_rayleigh_step(&k.r, &k.a, &k.rng), CC_OK);
        for (size_t i = 0; i < M; i++) assert_near(k.r.p[i], -cc_dot(M, inverse + i * M, g), 1e-9 * cc_norm(M, k.r.p));
    }
    cc_test_close(k.scope);
}

/* Rows of products: as many as are asked for at once. */
static void the_operator_takes_several_vectors(void **state)
{
    static double h[M * M], lambda[M], w[M], x[3 * M], y[3 * M], Hx[M];
    cc_run *run = cc_test_run(SMALL, 3);
    hessian_at at = {run, w};
    const cc_linop H = hessian_operator(&at);
    cc_rng rng = cc_stream(run, 1, 0);
    (void)state;
    spectrum_at_start(h, lambda);
    assert_int_equal(smooth_start(run, w), CC_OK);
    cc_normal(&rng, 3 * M, x);
    assert_int_equal(H.n, M);
    assert_int_equal(H.apply(H.self, 3, x, y), CC_OK);
    for (size_t k = 0; k < 3; k++) {
        cc_symv(M, 1, h, x + k * M, 0, Hx);
        for (size_t j = 0; j < M; j++) assert_near(y[k * M + j], Hx[j], 1e-12);
    }
    cc_test_close(run);
}

static void quotients_never_turn_back(void **state)
{
    static double h[M * M], lambda[M];
    (void)state;
    spectrum_at_start(h, lambda);
    for (int smallest = 0; smallest < 2; smallest++) {
        kernel k;
        open_kernel(&k, M, h, 1, smallest);
        for (double q = k.r.quotient; !k.r.found; q = k.r.quotient) {
            assert_int_equal(hessian_rayleigh_step(&k.r, &k.a, &k.rng), CC_OK);
            assert_true(k.r.found || (smallest ? k.r.quotient <= q + 1e-15 : k.r.quotient >= q - 1e-15));
            assert_true(k.r.products < 200);
        }
        cc_test_close(k.scope);
    }
}

static void pairs_are_orthonormal_and_say_their_residuals(void **state)
{
    enum { PAIRS = 6 };
    static double h[M * M], lambda[M];
    double Hu[M];
    kernel k;
    (void)state;
    spectrum_at_start(h, lambda);
    open_kernel(&k, M, h, PAIRS, 0);
    k.r.flat = 1e-4;
    while (k.r.found < PAIRS) assert_int_equal(hessian_rayleigh_step(&k.r, &k.a, &k.rng), CC_OK);
    for (size_t i = 0; i < PAIRS; i++) {
        const double *u = k.r.vectors + i * M;
        for (size_t j = 0; j <= i; j++) assert_near(cc_dot(M, u, k.r.vectors + j * M), i == j, 1e-12);
        cc_symv(M, 1, h, u, 0, Hu);
        assert_near(cc_dot(M, u, Hu), k.r.lambda[i], 1e-13);
        for (size_t j = 0; j < i; j++) { /* what is found lives where the earlier ones do not */
            const double *earlier = k.r.vectors + j * M;
            cc_axpy(M, -cc_dot(M, earlier, Hu), earlier, Hu);
        }
        cc_axpy(M, -k.r.lambda[i], u, Hu);
        assert_near(cc_norm(M, Hu), k.r.residual[i], 1e-12);
        assert_true(k.r.residual[i] > 1e-9);
    }
    cc_test_close(k.scope);
}

/* A multiple of the identity: every v is an eigenvector, no product but the first of each pair is needed. */
static void a_multiple_of_the_identity_is_found_at_once(void **state)
{
    static const double a[9] = {7, 0, 0, 0, 7, 0, 0, 0, 7};
    kernel k;
    (void)state;
    open_kernel(&k, 3, a, 3, 0);
    for (int step = 0; step < 3; step++) assert_int_equal(hessian_rayleigh_step(&k.r, &k.a, &k.rng), CC_OK);
    assert_int_equal(k.r.found, 3), assert_int_equal(k.r.products, 3);
    for (size_t i = 0; i < 3; i++) assert_near(k.r.lambda[i], 7, 1e-14);
    cc_test_close(k.scope);
}

/* ---- what is refused ---- */

static cc_status out_of_memory(void *self, size_t p, const double *x, double *y)
{
    (void)self, (void)p, (void)x, (void)y;
    return CC_ENOMEM;
}

static void what_goes_wrong_is_said(void **state)
{
    char message[512];
    double a[4] = {1, 0, 0, 2};
    kernel k;
    (void)state;
    assert_int_equal(cc_test_try("spectrum.rayleigh(pairs=54)", SMALL, 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "54 eigenvalues of a matrix of order 53"));
    assert_int_equal(cc_test_try("spectrum.rayleigh(pairs=0)", SMALL, 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "pairs"));
    assert_int_equal(cc_test_try("spectrum.rayleigh(memory=0)", SMALL, 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "memory"));
    open_kernel(&k, 2, a, 1, 0);
    const cc_linop broken = {2, out_of_memory, NULL};
    assert_int_equal(hessian_rayleigh_step(&k.r, &broken, &k.rng), CC_ENOMEM);
    assert_int_equal(hessian_rayleigh_start(&k.r, &broken, &k.rng), CC_ENOMEM);
    a[0] = NAN;
    assert_int_equal(hessian_rayleigh_step(&k.r, &k.a, &k.rng), CC_ENUMERIC);
    cc_test_close(k.scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_of_a_spectrum),
        cmocka_unit_test(what_is_not_projected_out_comes_again),
        cmocka_unit_test(memory_saves_products),
        cmocka_unit_test(a_step_goes_to_the_least_of_its_line),
        cmocka_unit_test(directions_are_those_of_a_matrix),
        cmocka_unit_test(the_operator_takes_several_vectors),
        cmocka_unit_test(quotients_never_turn_back),
        cmocka_unit_test(pairs_are_orthonormal_and_say_their_residuals),
        cmocka_unit_test(a_multiple_of_the_identity_is_found_at_once),
        cmocka_unit_test(what_goes_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
