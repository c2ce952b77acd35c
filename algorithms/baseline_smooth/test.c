/* algorithms/baseline_smooth/test.c: the baselines against published counts and against each other. */
#include "harness/testing.h"
#include "problems/smooth/smooth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Steps until f - f* <= gap; -1: not within `most`. */
static int steps_to(const char *algorithm, const char *problem, double gap, int most)
{
    cc_run *run = cc_test_start(algorithm, problem, 0);
    int k = 0, found = -1;
    for (; k <= most; k++) {
        if (cc_test_metric(run, "gap", NULL) <= gap) found = k;
        if (found >= 0 || cc_test_step(run) != CC_OK) break;
    }
    cc_test_close(run);
    return found;
}

typedef struct count {
    const char *algorithm, *problem;
    int K;
} count;

static void check_counts(const count *t, size_t n, int most)
{
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const int K = steps_to(t[i].algorithm, t[i].problem, strstr(t[i].problem, "pdiff") ? 1e-8 * 100 / 3 : 1e-8, most);
        if (K == t[i].K) continue;
        print_error("%s on %s: K = %d, expected %d\n", t[i].algorithm, t[i].problem, K, t[i].K);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void gradient_method(void **state)
{
    (void)state;
    static const count t[] = {{"baseline_smooth.gradient", "smooth.logreg(data=bc)", 268},
                              {"baseline_smooth.gradient", "smooth.logreg(data=heart)", 264},
                              {"baseline_smooth.gradient", "smooth.logreg(data=heart,lam=0)", 371},
                              {"baseline_smooth.gradient", "smooth.logreg(data=dig2)", -1},
                              {"baseline_smooth.gradient", "smooth.lse(n=20,m=50,mu_s=1,seed=3124)", 18},
                              {"baseline_smooth.gradient", "smooth.lse(n=20,m=50,mu_s=0.1,seed=3124)", -1},
                              {"baseline_smooth.gradient", "smooth.lse(n=100,m=100,mu_s=0.5,seed=3124)", 231},
                              {"baseline_smooth.gradient", "smooth.polytope(n=20,m=100,q=3,seed=17)", 97},
                              {"baseline_smooth.gradient", "smooth.pdiff(n=50)", -1},
                              {"baseline_smooth.gradient", "smooth.rosen(q=2)", -1},
                              {"baseline_smooth.gradient", "smooth.rosen(q=5)", -1},
                              {"baseline_smooth.gradient", "smooth.cheb(n=50)", 18}};
    check_counts(t, COUNT(t), 500);
}

static void super_newton(void **state)
{
    (void)state;
    static const count t[] = {
        {"baseline_smooth.super_newton", "smooth.rosen(q=2)", 74}, {"baseline_smooth.super_newton", "smooth.rosen(q=3)", 67},
        {"baseline_smooth.super_newton", "smooth.rosen(q=4)", 69}, {"baseline_smooth.super_newton", "smooth.rosen(q=5)", 100},
        {"baseline_smooth.super_newton", "smooth.rosen(q=6)", 72}, {"baseline_smooth.super_newton", "smooth.rosen(q=8)", 75}};
    check_counts(t, COUNT(t), 500);
}

/* The rate of the fast method: F_k <= 4 L R^2 / k^2 with the search's L at most 2 L1; and it must beat the gradient method. */
static void fast_gradient_keeps_its_rate(void **state)
{
    (void)state;
    static const char problem[] = "smooth.nesterov(d=101)";
    cc_run *run = cc_test_start("baseline_smooth.fast_gradient", problem, 0);
    const double R = cc_test_metric(run, "dist", NULL);
    for (int k = 1; k <= 100; k++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_true(cc_test_metric(run, "gap", NULL) <= 4 * 2 * R * R / (k * k));
        assert_true(cc_test_metric(run, "gap", NULL) >= 1.0 / 8 * (1.0 / (2 * k + 1) - 1.0 / 102)); /* the resisting lower bound */
    }
    cc_test_close(run);
    const int fast = steps_to("baseline_smooth.fast_gradient", problem, 1e-4, 5000),
              slow = steps_to("baseline_smooth.gradient", problem, 1e-4, 5000);
    assert_true(fast > 0 && slow > 2 * fast);
}

static void newton_methods_reach_the_minimiser(void **state)
{
    (void)state;
    static const char *const algorithms[] = {"baseline_smooth.super_newton", "baseline_smooth.cubic_newton",
                                             "baseline_smooth.fixed_newton", "baseline_smooth.fixed_newton(rule=constant,M=0.01)",
                                             "baseline_smooth.damped_newton"};
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        const int K = steps_to(algorithms[i], "smooth.logreg(data=heart)", 1e-12, 2000);
        if (K < 0) fail_msg("%s did not reach 1e-12", algorithms[i]);
        if (i != 3) assert_true(K <= 60);
    }
}

/* The cubic model's minimiser: every accepted step satisfies (H + (reg/2) r B) h = -g with r = norm(h). */
static void cubic_newton_is_monotone_and_global(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("baseline_smooth.cubic_newton", "smooth.lse(n=20,m=50,mu_s=0.1,seed=3124)", 0);
    double before = cc_test_metric(run, "f", NULL), x[20], h[20];
    for (int k = 0; k < 15; k++) {
        memcpy(x, cc_test_candidate(run), sizeof x);
        assert_int_equal(cc_test_step(run), CC_OK);
        const double *next = cc_test_candidate(run), f = cc_test_metric(run, "f", NULL);
        for (int i = 0; i < 20; i++) h[i] = next[i] - x[i];
        const double reg = 2 * cc_test_probe(run, "reg"); /* halved after the step */
        assert_true(fabs(cc_test_probe(run, "lambda") - reg / 2 * smooth_norm(run, h)) <= 1e-8 * cc_test_probe(run, "lambda"));
        assert_true(f < before);
        before = f;
    }
    cc_test_close(run);
}

static void damped_newton_refuses_indefinite_hessians(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("baseline_smooth.damped_newton", "smooth.cheb(n=10,start=0.1)", 0);
    assert_int_equal(cc_test_steps(run, 50), CC_DONE);
    cc_test_close(run);
}

static void unknown_constants_are_asked_for(void **state)
{
    (void)state;
    char message[512];
    assert_int_equal(cc_test_try("baseline_smooth.fixed_newton", "smooth.rosen", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "auto"));
    assert_int_equal(cc_test_try("baseline_smooth.fixed_newton(M=10)", "smooth.rosen", 0, message), CC_OK);
    assert_int_equal(cc_test_try("baseline_smooth.gradient(L0=0)", "smooth.rosen", 0, message), CC_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradient_method),
        cmocka_unit_test(super_newton),
        cmocka_unit_test(fast_gradient_keeps_its_rate),
        cmocka_unit_test(newton_methods_reach_the_minimiser),
        cmocka_unit_test(cubic_newton_is_monotone_and_global),
        cmocka_unit_test(damped_newton_refuses_indefinite_hessians),
        cmocka_unit_test(unknown_constants_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
