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
        if (k > 0) print_error("%d %.17g\n", k, cc_test_probe(run, "gamma"));
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
        int K[6];
    } t[] = {{"gns.newton(hess=rank1)", "smooth.lin(seed=11)", {6, 8, 10, 12, 13, 15}},
             {"gns.newton", "smooth.lin(seed=11)", {9, 12, 15, 18, 21, 24}},
             {"gns.newton(hess=fisher)", "smooth.logreg(data=heart,lam=0)", {4, 6, 10, 14, 19, 23}},
             {"gns.newton(hess=zero)", "smooth.logreg(data=heart,lam=0)", {21, 125, 237, 343, 440, 547}}};
    for (size_t i = 0; i < COUNT(t); i++) {
        cc_run *run = cc_test_start(t[i].algorithm, t[i].problem, 0);
        for (int e = 0, k = 0; e < 6; e++) {
            k += steps_to(run, "gap", pow(10, -2 * (e + 1)));
            if (k != t[i].K[e]) print_error("%s: K(1e-%d) = %d, expected %d\n", t[i].algorithm, 2 * e + 2, k, t[i].K[e]);
        }
        cc_test_close(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heart_from_the_origin),        cmocka_unit_test(log_sum_exp_with_both_hessians),
        cmocka_unit_test(rosenbrock_with_gauss_newton), cmocka_unit_test(linear_equations_first_step),
        cmocka_unit_test(iterations_and_trials),        cmocka_unit_test(targets_of_linear_equations_and_fisher),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
