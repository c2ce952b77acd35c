/* algorithms/03_gns/test.c: the method against published iterates and counts, its solvers against each other, its refusals. */
#include "algorithms/03_gns/gns.h"

#include "harness/numerics/linalg.h"
#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void assert_close(double got, double want, double rel)
{
    if (!(fabs(got - want) <= rel * fabs(want))) fail_msg("got %.17g, expected %.17g (relative %g)", got, want, rel);
}

/* Steps until metric <= target; the number of steps, or -1 if the run ended or took more than 2000. */
static int steps_to(cc_run *run, const char *metric, double target)
{
    for (int k = 0; k <= 2000; k++) {
        if (cc_test_metric(run, metric, NULL) <= target) return k;
        if (cc_test_step(run) != CC_OK) return -1;
    }
    return -1;
}

/* ---- published iterates ---- */
static void heart_from_the_origin(void **state)
{
    (void)state;
    static const double f[] = {0.6931471805599, 0.5124613994781, 0.4084956046248, 0.3608795868973, 0.3397165727823,
                               0.3330741286507, 0.3325910508432, 0.3325884487902, 0.3325884487137};
    static const double g[] = {.4712265803435,  .2542714104359,    .1097353065804,   .03962473767439,
                               .01251972238351, 3.114720734246e-3, 2.74829971178e-4, 1.771763960516e-6};
    cc_run *run = cc_test_start("gns.newton", "smooth.logreg(data=heart,lam=0)", 0);
    for (int k = 0; k <= 8; k++) {
        assert_close(cc_test_metric(run, "f", NULL), f[k], 1e-12);
        if (k < 8) assert_close(cc_test_metric(run, "grad_dual_norm", NULL), g[k], 1e-9);
        if (k > 0) assert_true(cc_test_probe(run, "gamma") == ldexp(1, k - 1));
        if (k < 8) assert_int_equal(cc_test_step(run), CC_OK);
    }
    assert_true(cc_test_probe(run, "trials_total") == 8);
    assert_true(cc_test_probe(run, "gamma_next") == 256);
    cc_test_close(run);
}

static void log_sum_exp_with_both_hessians(void **state)
{
    (void)state;
    static const struct {
        const char *algorithm;
        double f1, f2, gamma_end;
        int K;
    } t[] = {{"gns.newton", 6.671417247795, 6.164741219648, 256, 8},
             {"gns.newton(hess=wgn)", 6.742435199836, 6.401110486021, 1024, 10}};
    for (size_t i = 0; i < COUNT(t); i++) {
        cc_run *run = cc_test_start(t[i].algorithm, "smooth.lse(n=20,m=50,mu_s=1,seed=3124)", 0);
        cc_test_step(run);
        assert_close(cc_test_metric(run, "f", NULL), t[i].f1, 1e-12);
        cc_test_step(run);
        assert_close(cc_test_metric(run, "f", NULL), t[i].f2, 1e-12);
        assert_int_equal(2 + steps_to(run, "gap", 1e-10), t[i].K);
        assert_true(cc_test_probe(run, "trials_total") == t[i].K);
        assert_true(cc_test_probe(run, "gamma_next") == t[i].gamma_end);
        cc_test_close(run);
    }
}

static void rosenbrock_with_gauss_newton(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton(hess=gn)", "smooth.rosen(q=5)", 0);
    cc_test_step(run);
    const double *x = cc_test_candidate(run);
    assert_close(x[0], -1.893623450596638, 1e-12);
    assert_close(x[1], 2.026322815023121, 1e-12);
    assert_close(cc_test_metric(run, "f", NULL), 200765.981805924, 1e-12);
    assert_close(cc_test_metric(run, "grad_dual_norm", NULL), 2448618.91829544, 1e-12);
    cc_test_step(run);
    x = cc_test_candidate(run);
    assert_close(x[0], -1.799773638870294, 1e-12);
    assert_close(x[1], 2.050459724167318, 1e-12);
    cc_test_close(run);
}

static void linear_equations_first_step(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton(hess=rank1)", "smooth.lin(seed=11)", 0);
    cc_test_step(run);
    assert_close(cc_test_metric(run, "f", NULL), 219.836118384979, 1e-9);
    cc_test_close(run);
    run = cc_test_start("gns.newton", "smooth.lin(seed=11)", 0);
    cc_test_step(run);
    assert_close(cc_test_metric(run, "f", NULL), 233.409150165667, 1e-9);
    cc_test_close(run);
}

/* ---- published counts: iterations and trials to a gap ---- */
typedef struct count {
    const char *algorithm, *problem;
    double gap;
    int K, T;
} count;

static void iterations_and_trials(void **state)
{
    (void)state;
    static const count t[] = {
        {"gns.newton", "smooth.lse(n=100,m=100,mu_s=0.5,seed=3124)", 1e-8, 20, 35},
        {"gns.newton(hess=wgn)", "smooth.lse(n=100,m=100,mu_s=0.5,seed=3124)", 1e-8, 39, 72},
        {"gns.newton(hess=gn)", "smooth.rosen(q=5)", 1e-8, 57, 116},
        {"gns.newton", "smooth.rosen0", 1e-8, 51, 105},
        {"gns.newton(hess=gn)", "smooth.cheb(n=10)", 1e-8, 14, 31},
        {"gns.newton(hess=gn)", "smooth.cheb(n=50)", 1e-8, 17, 37},
        {"gns.newton", "smooth.logreg(data=bc)", 1e-8, 9, 10},
        {"gns.newton", "smooth.logreg(data=heart)", 1e-8, 7, 7},
        {"gns.newton", "smooth.logreg(data=heart,lam=0)", 1e-8, 7, 7},
        {"gns.newton", "smooth.logreg(data=dig2)", 1e-8, 8, 8},
        {"gns.newton", "smooth.lse(n=20,m=50,mu_s=1,seed=3124)", 1e-8, 7, 7},
        {"gns.newton", "smooth.lse(n=20,m=50,mu_s=0.1,seed=3124)", 1e-8, 22, 39},
        {"gns.newton", "smooth.polytope(n=20,m=100,q=3,seed=17)", 1e-8, 23, 49},
        {"gns.newton", "smooth.pdiff(n=50)", 1e-8 * 100 / 3, 56, 102},
        {"gns.newton(hess=gn)", "smooth.rosen(q=2)", 1e-8, 49, 100},
    };
    int wrong = 0;
    for (size_t i = 0; i < COUNT(t); i++) {
        cc_run *run = cc_test_start(t[i].algorithm, t[i].problem, 0);
        const int K = steps_to(run, "gap", t[i].gap), T = (int)cc_test_probe(run, "trials_total");
        if (K != t[i].K || T != t[i].T) {
            print_error("%s on %s: K = %d, T = %d, expected %d, %d\n", t[i].algorithm, t[i].problem, K, T, t[i].K, t[i].T);
            wrong++;
        }
        cc_test_close(run);
    }
    assert_int_equal(wrong, 0);
}

static void targets_of_linear_equations_and_fisher(void **state)
{
    (void)state;
    static const struct {
        const char *algorithm, *problem;
        int K[6]; /* to 1e-2, 1e-4, .. 1e-12; 0: there f - f* is rounding that decides */
    } t[] = {{"gns.newton(hess=rank1)", "smooth.lin(seed=11)", {6, 8, 10, 12, 13, 15}},
             {"gns.newton(hess=rank1,solver=woodbury)", "smooth.lin(seed=11)", {6, 8, 10, 12, 13, 15}},
             {"gns.newton", "smooth.lin(seed=11)", {9, 12, 15, 18, 21, 24}},
             {"gns.newton(hess=fisher)", "smooth.logreg(data=heart,lam=0)", {4, 6, 10, 14, 19, 23}},
             {"gns.newton(hess=zero)", "smooth.logreg(data=heart,lam=0)", {21, 125, 237, 343, 440, 0}}};
    for (size_t i = 0; i < COUNT(t); i++) {
        cc_run *run = cc_test_start(t[i].algorithm, t[i].problem, 0);
        for (int e = 0, k = 0; e < 6 && t[i].K[e]; e++) {
            k += steps_to(run, "gap", pow(10, -2 * (e + 1)));
            if (k != t[i].K[e]) fail_msg("%s: K(1e-%d) = %d, expected %d", t[i].algorithm, 2 * e + 2, k, t[i].K[e]);
        }
        cc_test_close(run);
    }
}

static void quadratic_at_the_end(void **state)
{
    (void)state;
    static const double dist[] = {4.720e-2, 5.516e-3, 8.408e-5, 1.985e-8};
    cc_run *run = cc_test_start("gns.newton:qsc", "smooth.logreg(data=heart,lam=0)", 0);
    assert_true(steps_to(run, "dist", 5e-2) > 0);
    for (int k = 0; k < 4; k++) {
        assert_close(cc_test_metric(run, "dist", NULL), dist[k], 1e-3);
        cc_test_step(run);
    }
    cc_test_close(run);
}

/* ---- the method's own promises ---- */
static void t_star_solves_its_equation(void **state)
{
    (void)state;
    assert_close(exp(GNS_T_STAR), 1 + 2 * GNS_T_STAR, 1e-15);
}

static void known_radii_are_those_of_the_classes(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton:liphess", "smooth.pdiff(n=50)", 0); /* ||g_0|| = 1, L2 = 8 sqrt 2 */
    cc_test_step(run);
    assert_close(cc_test_probe(run, "gamma"), sqrt(2 / (8 * sqrt(2))), 1e-14);
    cc_test_close(run);
    run = cc_test_start("gns.newton:qsc", "smooth.logreg(data=heart,lam=0)", 0);
    cc_test_step(run);
    assert_close(cc_test_probe(run, "gamma"), 1.256431208626170 / 3.43625962849346, 1e-9);
    cc_test_close(run);
    run = cc_test_start("gns.newton:gradient", "smooth.logreg(data=heart,lam=0)", 0); /* x - g / L1 */
    cc_test_step(run);
    assert_close(cc_test_probe(run, "h_norm"), 0.471226580343511 / 0.898072571142462, 1e-9);
    cc_test_close(run);
}

static void a_doubled_radius_is_at_least_gamma_min(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton(gamma0=1e-6,gamma_min=0.5)", "smooth.logreg(data=heart,lam=0)", 0);
    assert_int_equal(cc_test_step(run), CC_OK);
    assert_true(cc_test_probe(run, "gamma") == 1e-6);
    assert_true(cc_test_probe(run, "gamma_next") == .5);
    cc_test_close(run);
}

static void gamma_by_its_definition(void **state)
{
    (void)state;
    for (size_t i = 0; i < GNS_LINES; i++) {
        assert_close(gns_exhaust(gns_lines + i, 1, 200000, 20), gns_lines[i].gamma, 1e-4);
        assert_true(gns_exhaust(gns_lines + i, 0, 200000, 20) < .9 * gns_lines[i].gamma); /* without O */
    }
}

/* The probes, recomputed from what the family says of the two points. */
static void probes_tell_the_step(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton", "smooth.lse(n=20,m=50,mu_s=0.1,seed=3124)", 0);
    double before[20], h[20];
    for (int k = 0; k < 12; k++) {
        const double g_norm = cc_test_metric(run, "grad_dual_norm", NULL);
        memcpy(before, cc_test_candidate(run), sizeof before);
        assert_int_equal(cc_test_step(run), CC_OK);
        const double *x = cc_test_candidate(run);
        for (int i = 0; i < 20; i++) h[i] = x[i] - before[i];
        assert_close(cc_test_probe(run, "h_norm"), smooth_norm(run, h), 1e-9);
        assert_close(cc_test_probe(run, "lambda"), g_norm / cc_test_probe(run, "gamma"), 1e-12);
        assert_true(cc_test_probe(run, "radius") >= smooth_norm(run, h) / cc_test_probe(run, "gamma") * (1 - 1e-9));
        assert_true(cc_test_probe(run, "radius") <= 1 + 1e-12);
    }
    cc_test_close(run);
}

enum { HEART = 14 }; /* weights, and the constant */

static void first_step(const char *algorithm, double x[static HEART], double *lambda)
{
    cc_run *run = cc_test_start(algorithm, "smooth.logreg(data=heart,lam=0)", 0);
    assert_int_equal(smooth_dim(run), HEART);
    assert_int_equal(cc_test_step(run), CC_OK);
    memcpy(x, cc_test_candidate(run), HEART * sizeof *x);
    *lambda = cc_test_probe(run, "lambda");
    cc_test_close(run);
}

/* lambda = ||g|| / (gamma + eps_reg); and H + C2 ||g||^(1 - beta) B with lambda is H with that much more of lambda. */
static void what_is_added_to_the_hessian(void **state)
{
    (void)state;
    static const double g_norm = 0.471226580343511;
    const double planted = .7 * pow(g_norm, 1 - .4);
    char algorithm[96];
    double x[HEART], want[HEART], lambda;
    first_step("gns.newton(rule=fixed,gamma0=2,eps_reg=0.5)", x, &lambda);
    assert_close(lambda, g_norm / 2.5, 1e-12);
    first_step("gns.newton(rule=fixed,gamma0=2,C2=0.7,beta=0.4)", x, &lambda);
    assert_close(lambda, g_norm / 2, 1e-12);
    snprintf(algorithm, sizeof algorithm, "gns.newton(rule=fixed,gamma0=%.17g)", g_norm / (lambda + planted));
    first_step(algorithm, want, &lambda);
    for (size_t i = 0; i < COUNT(x); i++) assert_close(x[i], want[i], 1e-11);
}

/* h solves (H + lambda B) h = -g to `tolerance`, by the family's own Hessian and metric. */
static void assert_solves(const char *problem, gns_method method, int kind, double lambda, double tolerance)
{
    cc_run *run = cc_test_run(problem, 7);
    const size_t d = smooth_dim(run);
    gns_system system;
    double x[64], g[64], h[64], residual[64], H[64 * 64] = {0};
    int solved;
    smooth_start(run, x);
    smooth_grad(run, x, g);
    assert_int_equal(gns_system_init(run, &system, method, kind), CC_OK);
    assert_int_equal(gns_system_set(&system, x, g, 0), CC_OK);
    for (int trial = 0; trial < 3; trial++, lambda *= 10) { /* several lambda at one x */
        assert_int_equal(gns_system_solve(&system, lambda, 1e-13, h, &solved), CC_OK);
        assert_true(solved);
        if (kind != GNS_ZERO) smooth_hess(run, (smooth_kind)kind, x, H);
        smooth_metric_add(run, lambda, H);
        memcpy(residual, g, sizeof residual);
        cc_symv(d, 1, H, h, 1, residual);
        if (kind == GNS_ZERO) memset(H, 0, sizeof H);
        if (!(cc_norm(d, residual) <= tolerance * cc_norm(d, g)))
            fail_msg("%s, method %d, kind %d: residual %g", problem, (int)method, kind, cc_norm(d, residual) / cc_norm(d, g));
    }
    cc_test_close(run);
}

/* H = U'U of rank three, which no problem of the family has yet. */
static void woodbury_of_rank_three(void **state)
{
    (void)state;
    enum { D = 20, R = 3 };
    cc_run *run = cc_test_run("smooth.lse(n=20,m=50)", 7);
    double U[R * D], Y[R * D], gram[R * R], M[R * R], g[D], y[D], scratch[D], h[D], residual[D], H[D * D] = {0};
    int solved;
    for (size_t i = 0; i < COUNT(U); i++) U[i] = sin((double)(i * i + 1));
    for (size_t i = 0; i < D; i++) g[i] = cos((double)(3 * i));
    for (size_t i = 0; i < R; i++) smooth_metric_solve(run, U + i * D, Y + i * D);
    smooth_metric_solve(run, g, y);
    cc_gemm(0, 1, R, R, D, 1, U, Y, 0, gram);
    gns_system system = {.run = run,
                         .d = D,
                         .r = R,
                         .kind = SMOOTH_RANK1,
                         .method = GNS_WOODBURY,
                         .g = g,
                         .U = U,
                         .Y = Y,
                         .gram = gram,
                         .M = M,
                         .y = y,
                         .residual = scratch};
    assert_int_equal(gns_system_solve(&system, .3, 0, h, &solved), CC_OK);
    assert_true(solved && system.factorisations == 1);
    for (size_t i = 0; i < D; i++)
        for (size_t j = 0; j < D; j++)
            for (size_t k = 0; k < R; k++) H[i * D + j] += U[k * D + i] * U[k * D + j];
    smooth_metric_add(run, .3, H);
    memcpy(residual, g, sizeof residual);
    cc_symv(D, 1, H, h, 1, residual);
    assert_true(cc_norm(D, residual) <= 1e-11 * cc_norm(D, g));
    cc_test_close(run);
}

static void every_solver_solves(void **state)
{
    (void)state;
    static const char *const problems[] = {"smooth.lse(n=20,m=50)", "smooth.lse(n=20,m=50,metric=I)", "smooth.logreg(data=heart)",
                                           "smooth.lin(m=20,n=20)"};
    static const gns_method methods[] = {GNS_CHOL, GNS_TRIDIAG, GNS_CG, GNS_LU};
    for (size_t i = 0; i < COUNT(problems); i++) {
        for (size_t m = 0; m < COUNT(methods); m++) assert_solves(problems[i], methods[m], SMOOTH_EXACT, .01, 1e-8);
        assert_solves(problems[i], GNS_CHOL, GNS_ZERO, .01, 1e-8);
    }
    assert_solves("smooth.lin(m=20,n=20)", GNS_WOODBURY, SMOOTH_RANK1, .01, 1e-9);
    assert_solves("smooth.lin(m=10,n=40,metric=I)", GNS_WOODBURY, SMOOTH_RANK1, 1, 1e-11);
}

static void solvers_take_the_same_path(void **state)
{
    (void)state;
    static const char *const algorithms[] = {"gns.newton", "gns.newton(solver=tridiag)", "gns.newton(solver=lu)",
                                             "gns.newton(solver=cg)"};
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        cc_run *run = cc_test_start(algorithms[i], "smooth.lse(n=20,m=50,mu_s=0.1,seed=3124)", 0);
        const int K = steps_to(run, "gap", 1e-8);
        if (i < 3)
            assert_int_equal(K, 22);
        else
            assert_true(K >= 18 && K <= 26); /* solves to one per cent */
        assert_true((cc_spent(run, "n_hess") > 0) == (i < 3));
        assert_true((cc_spent(run, "n_hvp") > 0) == (i == 3));
        cc_test_close(run);
    }
}

static void bills_are_what_the_paper_counts(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton", "smooth.lse(n=100,m=100,mu_s=0.5,seed=3124)", 0);
    assert_int_equal(cc_test_steps(run, 20), CC_OK);
    assert_int_equal(cc_spent(run, "n_hess"), 20);
    assert_int_equal(cc_spent(run, "n_f"), 36); /* the start, and 35 trials */
    assert_int_equal(cc_spent(run, "n_g"), 36);
    assert_true(cc_test_probe(run, "n_fact") == 35);
    cc_test_close(run);
}

/* ---- where the published code fails ---- */
static void a_failed_factorisation_is_a_rejected_trial(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton(gamma0=1e3)", "smooth.cheb(n=10)", 0); /* exact Hessian, indefinite at the start */
    double before = cc_test_metric(run, "f", NULL);
    for (int k = 0; k < 20; k++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        const double f = cc_test_metric(run, "f", NULL);
        assert_true(f < before);
        before = f;
    }
    assert_true(cc_test_probe(run, "failed_total") > 0);
    cc_test_close(run);
}

static void a_search_without_end_stalls_in_place(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton(hess=gn,gamma0=1e9,max_trials=3)", "smooth.rosen(q=5)", 0);
    double x0[2];
    memcpy(x0, cc_test_candidate(run), sizeof x0);
    assert_int_equal(cc_test_step(run), CC_DONE);
    assert_memory_equal(cc_test_candidate(run), x0, sizeof x0);
    assert_true(cc_test_probe(run, "trials") == 3);
    cc_test_close(run);
}

static void a_small_gradient_ends_the_run(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton(grad_tol=1e-6)", "smooth.logreg(data=heart)", 0);
    assert_int_equal(cc_test_steps(run, 100), CC_DONE);
    assert_true(cc_test_metric(run, "grad_dual_norm", NULL) <= 1e-6);
    cc_test_close(run);
}

/* Down to the last bit: the search must not stall on f - f_new that is rounding before the gradient is. */
static void rounding_of_f_does_not_stop_it(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton(grad_tol=1e-13)", "smooth.lse(n=20,m=50,mu_s=1,seed=3124)", 0);
    assert_int_equal(cc_test_steps(run, 100), CC_DONE);
    assert_true(cc_test_metric(run, "grad_dual_norm", NULL) <= 1e-13);
    cc_test_close(run);
}

static void nonfinite_trials_are_rejected(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("gns.newton(hess=zero,gamma0=1e150)", "smooth.rosen(q=5)", 0); /* f overflows at the first trial */
    assert_int_equal(cc_test_step(run), CC_DONE);
    assert_true(isfinite(cc_test_metric(run, "f", NULL)));
    cc_test_close(run);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *algorithm, *problem, *says;
    } t[] = {{"gns.newton(gamma0=0)", "smooth.rosen", "gamma0"},
             {"gns.newton(gamma0=-1)", "smooth.rosen", "gamma0"},
             {"gns.newton(gamma0=nan)", "smooth.rosen", "gamma0"},
             {"gns.newton:qsc", "smooth.rosen", "Mqsc"},
             {"gns.newton:liphess", "smooth.lin", "L2"},
             {"gns.newton:gradient", "smooth.pdiff", "L1"},
             {"gns.newton(solver=woodbury)", "smooth.logreg(data=heart)", "low-rank"},
             {"gns.newton(shrink=1)", "smooth.rosen", "shrink"}};
    char message[512];
    for (size_t i = 0; i < COUNT(t); i++) {
        assert_int_equal(cc_test_try(t[i].algorithm, t[i].problem, 0, message), CC_EINVAL);
        if (!strstr(message, t[i].says)) fail_msg("%s: \"%s\" does not name %s", t[i].algorithm, message, t[i].says);
    }
    cc_run *run = cc_test_start("gns.newton(hess=wgn)", "smooth.logreg(data=heart)", 0);
    assert_int_equal(cc_test_step(run), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "wgn"));
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heart_from_the_origin),
        cmocka_unit_test(log_sum_exp_with_both_hessians),
        cmocka_unit_test(rosenbrock_with_gauss_newton),
        cmocka_unit_test(linear_equations_first_step),
        cmocka_unit_test(iterations_and_trials),
        cmocka_unit_test(targets_of_linear_equations_and_fisher),
        cmocka_unit_test(quadratic_at_the_end),
        cmocka_unit_test(t_star_solves_its_equation),
        cmocka_unit_test(known_radii_are_those_of_the_classes),
        cmocka_unit_test(a_doubled_radius_is_at_least_gamma_min),
        cmocka_unit_test(gamma_by_its_definition),
        cmocka_unit_test(probes_tell_the_step),
        cmocka_unit_test(what_is_added_to_the_hessian),
        cmocka_unit_test(woodbury_of_rank_three),
        cmocka_unit_test(every_solver_solves),
        cmocka_unit_test(solvers_take_the_same_path),
        cmocka_unit_test(bills_are_what_the_paper_counts),
        cmocka_unit_test(a_failed_factorisation_is_a_rejected_trial),
        cmocka_unit_test(a_search_without_end_stalls_in_place),
        cmocka_unit_test(a_small_gradient_ends_the_run),
        cmocka_unit_test(rounding_of_f_does_not_stop_it),
        cmocka_unit_test(nonfinite_trials_are_rejected),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
