/* algorithms/baseline_bilevel/test.c: the baselines against iterates worked out by hand, bills and minimisers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/baseline_bilevel/baseline.h"
#include "harness/testing.h"
#include "problems/bilevel/bilevel_problem.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* g = y^2 - y (x + 1/2), f = (y - 3/2)^2 / 2 + .15 x^2, from x = 1, y = 0. */
#define SCALAR "bilevel.quad(matrices=scalar,x0=1)"

static void close_to(const char *what, double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance)) fail_msg("%s: %.15g is not %.15g within %g", what, actual, expected, tolerance);
}

/* What a run has called. */
typedef struct bill {
    uint64_t fx, fy, gx, gy, hvp, jvp;
} bill;

static void check_bill(const char *algorithm, const cc_run *run, bill b)
{
    const struct {
        const char *name;
        uint64_t n;
    } expected[] = {{"n_fx", b.fx}, {"n_fy", b.fy},   {"n_gx", b.gx},
                    {"n_gy", b.gy}, {"n_hvp", b.hvp}, {"n_jvp", b.jvp},
                    {"n_hess", 0},  {"n_proj", 0},    {"n_calls", b.fx + b.fy + b.gx + b.gy + b.hvp + b.jvp}};
    for (size_t i = 0; i < COUNT(expected); i++)
        if (cc_spent(run, expected[i].name) != expected[i].n)
            fail_msg("%s: %s = %llu, expected %llu", algorithm, expected[i].name,
                     (unsigned long long)cc_spent(run, expected[i].name), (unsigned long long)expected[i].n);
}

/* x and y after each of n steps, and the bill of all. */
static void trace(const char *algorithm, size_t n, const double expected[][2], bill expected_bill)
{
    cc_run *run = cc_test_start(algorithm, SCALAR, 0);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        const double *c = cc_test_candidate(run);
        for (size_t i = 0; i < 2; i++) close_to(algorithm, c[i], expected[k][i], 1e-12);
    }
    check_bill(algorithm, run, expected_bill);
    cc_test_close(run);
}

static void soba_by_hand(void **unused)
{
    (void)unused;
    trace("bilevel.soba(a=.1,h=.1,b=.1)", 3, (const double[][2]){{.97, .15}, {.9559, .267}, {.952723, .35919}},
          (bill){.fx = 3, .fy = 3, .gy = 3, .hvp = 3, .jvp = 3});
    trace("bilevel.soba(a=.1,h=.1,b=.1,c=.5)", 2, (const double[][2]){{.985, .15}, {.970225, .2685}},
          (bill){.fx = 2, .fy = 2, .gy = 2, .hvp = 2, .jvp = 2});
    trace("bilevel.soba(a=.1,h=.1,b=.1,batch=7)", 1, (const double[][2]){{.97, .15}},
          (bill){.fx = 7, .fy = 7, .gy = 7, .hvp = 7, .jvp = 7});
}

static void stocbio_by_hand(void **unused)
{
    (void)unused;
    trace("bilevel.stocbio(a=.25,h=.25,b=.1,T=2,Q=1)", 2,
          (const double[][2]){{1.00515625, .5625}, {1.004811865234375, .70505859375}},
          (bill){.fx = 2, .fy = 2, .gy = 4, .hvp = 2, .jvp = 2});
    /* Q = 0: v = h fy */
    trace("bilevel.stocbio(a=.25,h=.25,b=.1,T=1,Q=0)", 1, (const double[][2]){{.998125, .375}},
          (bill){.fx = 1, .fy = 1, .gy = 1, .jvp = 1});
}

static void ttsa_by_hand(void **unused)
{
    (void)unused;
    const double y = .375 + .25 * pow(2, -.4) * .748125, x = .998125 - .1 * pow(2, -.6) * (.3 * .998125 + .25 * (y - 1.5));
    trace("bilevel.ttsa(a=.25,h=.25,b=.1,Q=1)", 2, (const double[][2]){{.998125, .375}, {x, y}},
          (bill){.fx = 2, .fy = 2, .gy = 2, .jvp = 2});
}

/* v = 3 h (1 - 2 h)^q fy with q = 0, 1, 2 equally often, and q products. */
static void ttsa_draws_its_depth(void **unused)
{
    (void)unused;
    int seen[3] = {0};
    for (uint64_t seed = 0; seed < 90; seed++) {
        cc_run *run = cc_test_start("bilevel.ttsa(a=.25,h=.25,b=.1,Q=3)", SCALAR, seed);
        assert_int_equal(cc_test_step(run), CC_OK);
        const uint64_t q = cc_spent(run, "n_hvp");
        assert_true(q < 3);
        seen[q]++;
        close_to("x", ((const double *)cc_test_candidate(run))[0], 1 - .1 * (.3 - .75 * pow(.5, (double)q) * 1.125), 1e-12);
        cc_test_close(run);
    }
    for (int q = 0; q < 3; q++) assert_in_range(seen[q], 15, 45);
}

static void aid_cg_by_hand(void **unused)
{
    (void)unused;
    trace("bilevel.aid_cg(a=.25,b=.1,T=2,k=1)", 2, (const double[][2]){{1.016875, .5625}, {1.02589609375, .709453125}},
          (bill){.fx = 2, .fy = 2, .gy = 4, .hvp = 3, .jvp = 2});
}

static void itd_by_hand(void **unused)
{
    (void)unused;
    trace("bilevel.itd(a=.25,b=.1,T=3)", 2, (const double[][2]){{1.0069140625, .65625}, {1.0098994964599609375, .74130615234375}},
          (bill){.fx = 2, .fy = 2, .gy = 6, .hvp = 4, .jvp = 6});
    /* on a quadratic, with h = a: stocBiO of Q = T - 1 */
    trace("bilevel.itd(a=.25,b=.1,T=2)", 2, (const double[][2]){{1.00515625, .5625}, {1.004811865234375, .70505859375}},
          (bill){.fx = 2, .fy = 2, .gy = 4, .hvp = 2, .jvp = 4});
}

static void f2sa_by_hand(void **unused)
{
    (void)unused;
    trace("bilevel.f2sa:constant(a=.25,b=.1,lambda=2)", 2, (const double[][2]){{1.0075, .5625}, {1.0194625, .7753125}},
          (bill){.fx = 2, .fy = 2, .gx = 4, .gy = 4});
    const double a = .25 * pow(2, -4. / 7), b = .1 * pow(2, -5. / 7), lambda = 2 * pow(2, 1. / 7);
    const double y = .5625 + a * (.9375 / lambda + .3825), z = .375 + a * .7575;
    trace("bilevel.f2sa(a=.25,b=.1,lambda=2)", 2,
          (const double[][2]){{1.0075, .5625}, {1.0075 - b * (.30225 - lambda * (y - z)), y}},
          (bill){.fx = 2, .fy = 2, .gx = 4, .gy = 4});
    trace("bilevel.f2sa:constant(a=.25,b=.1,lambda=2,T=2,batch=3)", 1, (const double[][2]){{1.0121875, .7734375}},
          (bill){.fx = 3, .fy = 6, .gx = 6, .gy = 12});
}

static void f2ba_by_hand(void **unused)
{
    (void)unused;
    trace("bilevel.f2ba(a=.25,b=.1,lambda=2,T=2)", 2, (const double[][2]){{1.0121875, .7734375}, {1.0070142578125, .8863916015625}},
          (bill){.fx = 2, .fy = 4, .gx = 4, .gy = 8});
}

/* The larger error of the two entries of x after so many steps on the 2 x 2 problem. */
static double tiny_error(const char *algorithm, int steps)
{
    cc_run *run = cc_test_start(algorithm, "bilevel.quad(matrices=tiny)", 0);
    assert_int_equal(cc_test_steps(run, steps), CC_OK);
    const double *x = cc_test_candidate(run);
    const double error = fmax(fabs(x[0] + .6312493083988), fabs(x[1] + .54146287484785));
    cc_test_close(run);
    return error;
}

static void minimisers(void **unused)
{
    (void)unused;
    static const struct {
        const char *algorithm;
        int steps;
        double tolerance;
    } t[] = {{"bilevel.soba(a=.1,h=.1,b=.02)", 6000, 1e-6},
             {"bilevel.soba:ma(a=.1,h=.1,b=.005)", 20000, 1e-6},
             {"bilevel.stocbio(a=.1,h=.1,b=.1,T=10,Q=200)", 2000, 1e-6},
             {"bilevel.aid_cg(a=.1,b=.1,T=10,k=2)", 2000, 1e-12},
             {"bilevel.itd(a=.1,b=.1,T=200)", 2000, 1e-6}};
    for (size_t i = 0; i < COUNT(t); i++) close_to(t[i].algorithm, tiny_error(t[i].algorithm, t[i].steps), 0, t[i].tolerance);
}

/* A series that is cut is biased, less so when cut later; backward differentiation of T steps is a series of T terms. */
static void cut_series_are_biased(void **unused)
{
    (void)unused;
    const double three = tiny_error("bilevel.stocbio(a=.1,h=.1,b=.1,Q=2)", 2000),
                 nine = tiny_error("bilevel.stocbio(a=.1,h=.1,b=.1,Q=8)", 2000);
    assert_true(three > 1e-2 && nine > 1e-3 && nine < .5 * three);
    close_to("itd", tiny_error("bilevel.itd(a=.1,b=.1,T=3)", 2000), three, 1e-9);
    close_to("itd", tiny_error("bilevel.itd(a=.1,b=.1,T=9)", 2000), nine, 1e-9);
}

/* The bias of a penalty is of order 1 / lambda. */
static void penalties_are_biased(void **unused)
{
    (void)unused;
    const double f2ba[] = {tiny_error("bilevel.f2ba(a=.1,b=.05,lambda=100,T=200)", 1000),
                           tiny_error("bilevel.f2ba(a=.1,b=.05,lambda=1000,T=200)", 1000)},
                 f2sa[] = {tiny_error("bilevel.f2sa:constant(a=.1,b=.005,lambda=10)", 20000),
                           tiny_error("bilevel.f2sa:constant(a=.1,b=.0005,lambda=100)", 200000)};
    close_to("f2ba", f2ba[0] / f2ba[1], 10, .5);
    close_to("f2sa", f2sa[0] / f2sa[1], 10, 1);
    assert_true(f2ba[1] < 2e-3);
    assert_true(f2sa[1] < 2e-2);
}

static double gradient_after(const char *algorithm, const char *problem, uint64_t seed, int steps)
{
    cc_run *run = cc_test_start(algorithm, problem, seed);
    assert_int_equal(cc_test_steps(run, steps), CC_OK);
    const double gradient = cc_test_metric(run, "grad_phi", NULL);
    cc_test_close(run);
    return gradient;
}

static void steps_that_shrink_converge_slowly(void **unused)
{
    (void)unused;
    assert_true(gradient_after("bilevel.ttsa(a=.3,h=.1,b=.2,Q=100)", "bilevel.quad(matrices=tiny)", 0, 4000) < .15);
    assert_true(gradient_after("bilevel.f2sa(a=.3,b=.1,lambda=2,T=10)", "bilevel.quad(matrices=tiny)", 0, 4000) < .1);
}

static void noise_is_survived(void **unused)
{
    (void)unused;
    static const char problem[] = "bilevel.expupper(noise=0.3)";
    static const char *const algorithms[] = {
        "bilevel.soba(a=.1,h=.1,b=.1)",      "bilevel.soba:ma(a=.1,h=.1,b=.1)",  "bilevel.stocbio(a=.1,h=.1,b=.1,T=2,Q=20)",
        "bilevel.ttsa(a=.3,h=.1,b=.3,Q=20)", "bilevel.f2sa(a=.3,b=.3,lambda=2)", "bilevel.f2sa(a=.3,b=.3,lambda=2,shared=true)"};
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        for (uint64_t seed = 0; seed < 3; seed++) {
            const double gradient = gradient_after(algorithms[i], problem, seed, 1000);
            if (!(gradient <= .3)) fail_msg("%s, seed %d: gradient %g", algorithms[i], (int)seed, gradient);
            assert_true(gradient > 0 && gradient_after(algorithms[i], problem, seed, 1000) == gradient);
            assert_true(gradient_after(algorithms[i], problem, seed + 9, 1000) != gradient);
        }
    }
    assert_true(gradient_after("bilevel.aid_cg", problem, 0, 50) == gradient_after("bilevel.aid_cg", problem, 1, 50)); /* exact */
    assert_true(gradient_after("bilevel.f2ba", problem, 0, 50) == gradient_after("bilevel.f2ba", problem, 1, 50));
}

/* The variance over seeds of candidate[i]. */
static double variance(const char *algorithm, const char *problem, size_t i, int steps)
{
    enum { SEEDS = 500 };
    double sum = 0, squares = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        cc_run *run = cc_test_start(algorithm, problem, seed);
        assert_int_equal(cc_test_steps(run, steps), CC_OK);
        const double value = ((const double *)cc_test_candidate(run))[i];
        sum += value, squares += value * value;
        cc_test_close(run);
    }
    return squares / SEEDS - sum * sum / SEEDS / SEEDS;
}

/* Four steps of y on independent noise, x stays: y has variance a^2 (1 + .9^2 + .9^4 + .9^6); on samples used twice, more. */
static void samples_are_fresh(void **unused)
{
    (void)unused;
    static const char noisy[] = "bilevel.quad(matrices=scalar,x0=1,noise=1)";
    const double expected = .0025 * (1 + .81 + .6561 + .531441);
    close_to("stocbio", variance("bilevel.stocbio(a=.05,b=1e-300,T=2)", noisy, 1, 2) / expected, 1, .2);
    close_to("ttsa", variance("bilevel.ttsa(a=.05,b=1e-300)", noisy, 1, 1) / .0025, 1, .2);
    close_to("soba", variance("bilevel.soba(a=.05,b=0)", noisy, 1, 4) / expected, 1, .2);
    close_to("f2sa", variance("bilevel.f2sa:constant(a=.05,b=1e-12,lambda=1e6,T=2)", noisy, 1, 2) / expected, 1, .2);
    /* gx at y and at z: the noise of one sample cancels, that of two is added, times lambda */
    close_to("f2sa, two", variance("bilevel.f2sa:constant(a=1e-9,b=.1,lambda=10)", noisy, 0, 1), .01 * (1 + 2 * 100), .4);
    close_to("f2sa, one", variance("bilevel.f2sa:constant(a=1e-9,b=.1,lambda=10,shared=true)", noisy, 0, 1), .01, .002);
}

/* y stays, fy = -3/2, gyy = 2 + n/2 with n normal: v = h fy (1 + A + A A'), A = 1 - h gyy, A' the next; to first order in n the
 * variance of x after two steps is (b h fy h/2)^2 (1.8^2 + .8^2) (1 + .97^2) if no n occurs twice. */
static void products_are_fresh(void **unused)
{
    (void)unused;
    const double scale = .1 * .1 * 1.5 * .1 / 2, expected = scale * scale * 3.88 * (1 + .97 * .97);
    const double actual =
        variance("bilevel.stocbio(a=1e-300,h=.1,b=.1,T=1,Q=2)", "bilevel.quad(matrices=scalar,x0=1,noise_h=.5)", 0, 2);
    close_to("stocbio", actual / expected, 1, .2);
}

/* A lower level that is not quadratic: the first direction is grad Phi when T is large. */
static void hypergradients_of_logistic_regression(void **unused)
{
    (void)unused;
    static const char *const algorithms[] = {"bilevel.aid_cg(a=.5,b=1e-3,T=600,k=60)", "bilevel.itd(a=.3,b=1e-3,T=3000)"};
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        cc_run *run = cc_test_start(algorithms[i], "bilevel.logreg", 0);
        double x[64], length = 0, gradient = cc_test_metric(run, "grad_phi", NULL);
        const size_t dx = bilevel_dx(run);
        assert_in_range(dx, 1, COUNT(x));
        memcpy(x, cc_test_candidate(run), dx * sizeof *x);
        assert_int_equal(cc_test_step(run), CC_OK);
        const double *moved = cc_test_candidate(run);
        for (size_t j = 0; j < dx; j++) length += (x[j] - moved[j]) * (x[j] - moved[j]);
        close_to(algorithms[i], sqrt(length) / 1e-3 / gradient, 1, 1e-6);
        cc_test_close(run);
    }
}

static void divergence_is_an_outcome(void **unused)
{
    (void)unused;
    static const char *const algorithms[] = {
        "bilevel.soba(b=1000)",   "bilevel.stocbio(b=1000)",       "bilevel.ttsa(b=1e6)",
        "bilevel.aid_cg(b=1000)", "bilevel.itd(b=1000)",           "bilevel.f2sa(b=1e6)",
        "bilevel.f2ba(b=1000)",   "bilevel.aid_cg(a=100,T=10000)", "bilevel.f2ba(a=100,T=10000)"};
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        cc_run *run = cc_test_start(algorithms[i], SCALAR, 0);
        if (cc_test_steps(run, 200) != CC_DONE) fail_msg("%s did not end", algorithms[i]);
        cc_test_close(run);
    }
}

static void bad_parameters_are_refused(void **unused)
{
    (void)unused;
    static const char *const ids[] = {"stocbio", "ttsa", "aid_cg", "itd", "f2sa", "f2ba"};
    static const char *const bad[][2] = {{"soba(a=-1)", "a=-1 is outside"},
                                         {"soba(c=1.5)", "c=1.5 is outside"},
                                         {"soba(batch=0)", "batch=0 is outside"},
                                         {"stocbio(T=0)", "T=0 is outside"},
                                         {"stocbio(Q=-1)", "Q=-1 is outside"},
                                         {"stocbio(h=0)", "h=0 is outside"},
                                         {"stocbio(batch=0)", "batch=0 is outside"},
                                         {"ttsa(Q=0)", "Q=0 is outside"},
                                         {"aid_cg(k=0)", "k=0 is outside"},
                                         {"itd(T=0)", "T=0 is outside"},
                                         {"f2sa(lambda=0)", "lambda=0 is outside"},
                                         {"f2sa(pa=2)", "pa=2 is outside"},
                                         {"f2ba(T=0)", "T=0 is outside"},
                                         {"f2ba(batch=1)", "no parameter 'batch'"}};
    char message[512], algorithm[64];
    for (size_t i = 0; i < COUNT(ids); i++) {
        for (size_t j = 0; j < 2; j++) {
            snprintf(algorithm, sizeof algorithm, "bilevel.%s(%s)", ids[i], j ? "a=0" : "b=-0.1");
            assert_int_equal(cc_test_try(algorithm, SCALAR, 0, message), CC_EINVAL);
            assert_non_null(strstr(message, j ? "a=0 is outside" : "b=-0.1 is outside"));
        }
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        snprintf(algorithm, sizeof algorithm, "bilevel.%s", bad[i][0]);
        assert_int_equal(cc_test_try(algorithm, SCALAR, 0, message), CC_EINVAL);
        if (!strstr(message, bad[i][1])) fail_msg("%s: %s", algorithm, message);
    }
}

/* The base of a run's problem, to be changed and put back. */
static bilevel_base *base_of(cc_run *run) { return (bilevel_base *)(uintptr_t)cc_oracle_of(run)->instance; }

static void other_problems_are_refused(void **unused)
{
    (void)unused;
    static const struct {
        size_t m;
        unsigned caps;
        bilevel_need need;
        const char *why;
    } t[] = {{3, BILEVEL_LOWER_SC, BILEVEL_ANY, "TEST is for one block; this problem has 3"},
             {1, BILEVEL_LOWER_SC | BILEVEL_BOX_Y, BILEVEL_SMOOTH, "this lower level has constraints"},
             {1, 0, BILEVEL_SMOOTH, "strongly convex"}};
    for (size_t i = 0; i < COUNT(t); i++) {
        cc_run *run = cc_test_run(SCALAR, 0);
        bilevel_base *base = base_of(run);
        const bilevel_base before = *base;
        bilevel_walk walk = {0};
        base->m = t[i].m, base->caps = t[i].caps;
        assert_int_equal(bilevel_walk_start(run, "TEST", t[i].need, &walk), CC_EINVAL);
        assert_non_null(strstr(cc_test_message(run), t[i].why));
        *base = before;
        cc_test_close(run);
    }
}

static void clamp_x(const void *instance, double *x)
{
    (void)instance;
    *x = fmin(fmax(*x, 1), 2);
}

static void clamp_y(const void *instance, size_t block, double *y)
{
    (void)instance, (void)block;
    *y = fmin(fmax(*y, 0), .5);
}

/* One step of F2BA with X = [1, 2], Y = [0, 1/2] leads to y = .5625, z = .375, x = .995 before projections. */
static void boxes_are_kept(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("bilevel.f2ba(a=.25,b=.1,lambda=2,T=1)", SCALAR, 0);
    bilevel_base *base = base_of(run);
    const unsigned caps = base->caps;
    bilevel_ops ops = *(const bilevel_ops *)cc_oracle_of(run)->ops;
    base->caps |= BILEVEL_BOX_X | BILEVEL_BOX_Y, ops.proj_x = clamp_x, ops.proj_y = clamp_y;
    ((cc_oracle *)(void *)run)->ops = &ops; /* until the run is closed */
    void *state;
    assert_int_equal(bilevel_f2ba_init(run, &state), CC_OK);
    assert_int_equal(bilevel_f2ba_step(run, state), CC_OK);
    const double *c = bilevel_walk_candidate(state);
    close_to("x", c[0], 1, 0);
    close_to("y", c[1], .5, 0);
    assert_int_equal(cc_spent(run, "n_proj"), 3);
    base->caps = caps;
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soba_by_hand),
        cmocka_unit_test(stocbio_by_hand),
        cmocka_unit_test(ttsa_by_hand),
        cmocka_unit_test(ttsa_draws_its_depth),
        cmocka_unit_test(aid_cg_by_hand),
        cmocka_unit_test(itd_by_hand),
        cmocka_unit_test(f2sa_by_hand),
        cmocka_unit_test(f2ba_by_hand),
        cmocka_unit_test(minimisers),
        cmocka_unit_test(cut_series_are_biased),
        cmocka_unit_test(penalties_are_biased),
        cmocka_unit_test(steps_that_shrink_converge_slowly),
        cmocka_unit_test(noise_is_survived),
        cmocka_unit_test(samples_are_fresh),
        cmocka_unit_test(products_are_fresh),
        cmocka_unit_test(hypergradients_of_logistic_regression),
        cmocka_unit_test(divergence_is_an_outcome),
        cmocka_unit_test(bad_parameters_are_refused),
        cmocka_unit_test(other_problems_are_refused),
        cmocka_unit_test(boxes_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
