/* Published values of the problems, and the referee against closed forms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "harness/testing.h"
#include "problems/bilevel/bilevel_problem.h"
#include "problems/bilevel/hash.h"

static void near(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fmax(1e-3, fabs(expected)))) fail_msg("%.17g, expected %.17g", value, expected);
}

static void the_generator_of_data_is_the_published_one(void **state)
{
    (void)state;
    static const double u[] = {0.07166370763826019, 0.6503755621876899, 0.6486766921488196, 0.2739442768076061};
    static const double z[] = {-1.3451585012813243, -1.8606693055772927, -0.13944762718741674, 0.9198891554283036};
    assert_true(bilevel_mix(0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(bilevel_mix(1) == UINT64_C(0x910a2dec89025cc1));
    assert_true(bilevel_hash(1, 2, 3, 4) == UINT64_C(0xd55ccd4aeb3ccafb));
    for (uint64_t j = 0; j < 4; j++) {
        near(bilevel_u01(1, 2, 3, j), u[j], 1e-15);
        near(bilevel_nrm(1, 2, 3, j), z[j], 1e-14);
    }
}

static void quadratic(void **state)
{
    (void)state;
    cc_run *run = cc_test_run("bilevel.quad(matrices=tiny)", 0);
    const cc_oracle *o = cc_oracle_of(run);
    const double x[] = {.4, -1.2}, star[] = {-0.6312493083988, -0.54146287484785};
    double y[2], phi, grad[2];
    assert_int_equal(bilevel_ystar(o, 0, x, y), 0);
    near(y[0], 1.91428571428571, 1e-14), near(y[1], -3.85714285714286, 1e-14);
    bilevel_referee(o, x, &phi, grad);
    near(phi, 2.1149387755102036, 1e-14);
    near(grad[0], 1.47632653061224, 1e-13), near(grad[1], -4.71306122448979, 1e-13);
    bilevel_referee(o, star, &phi, grad);
    near(phi, -0.19815447604293457, 1e-12);
    assert_true(hypot(grad[0], grad[1]) < 1e-12);
    cc_test_close(run);
    run = cc_test_run("bilevel.quad(matrices=scalar)", 0);
    bilevel_referee(cc_oracle_of(run), (double[]){1}, &phi, grad);
    near(phi, .43125, 1e-14), near(grad[0], -.075, 1e-13);
    bilevel_referee(cc_oracle_of(run), (double[]){1.1363636363636362}, NULL, grad);
    assert_true(fabs(grad[0]) < 1e-14);
    cc_test_close(run);
}

static void expupper(void **state)
{
    (void)state;
    cc_run *run = cc_test_run("bilevel.expupper", 0);
    double x[10], y[10], phi, grad[10], norm = 0;
    bilevel_start(run, x, y);
    bilevel_referee(cc_oracle_of(run), x, &phi, grad);
    for (int j = 0; j < 10; j++) norm = hypot(norm, grad[j]);
    near(phi, 30.9208742790277, 1e-13), near(norm, 7.154800157128995, 1e-13);
    near(grad[0], 1.070964746314256, 1e-13), near(grad[9], 3.1151945750162993, 1e-13);
    memset(x, 0, sizeof x), norm = 0;
    bilevel_referee(cc_oracle_of(run), x, &phi, grad);
    for (int j = 0; j < 10; j++) norm = hypot(norm, grad[j]);
    near(phi, 17.336937807860124, 1e-13), near(norm, 0.9509923711401117, 1e-13);
    near(cc_test_known(run, "C"), 0.8606872626226761, 1e-12);
    cc_test_close(run);
}

static void huber(void **state)
{
    (void)state;
    static const double expected[] = {1.368587550331, 1.269652627193, 1.067936994208, 0.415845462476, 0.320551276112};
    cc_run *run = cc_test_run("bilevel.huber", 0);
    double x[5], y[5], phi, grad[5];
    bilevel_start(run, x, y);
    bilevel_referee(cc_oracle_of(run), x, &phi, grad);
    near(phi, 11.717423754219883, 1e-13);
    for (int j = 0; j < 5; j++) near(grad[j], expected[j], 1e-11);
    cc_test_close(run);
}

static void penalty_of_logistic_regression(void **state)
{
    (void)state;
    static const double expected[][3] = {{-8, 0.128268793131196, -0.03761796331423123},
                                         {-6, 0.08453084451211225, -0.008289541303660044},
                                         {-4, 0.09328381173206185, 0.016701780870891962},
                                         {-2, 0.1539702026134488, 0.0471891305516819},
                                         {0, 0.29906654271559047, 0.09975717849529625}};
    cc_run *run = cc_test_run("bilevel.logreg", 0);
    double phi, grad;
    assert_int_equal(bilevel_lower_terms(run), 379);
    assert_int_equal(bilevel_upper_terms(run), 190);
    for (int k = 0; k < 5; k++) {
        bilevel_referee(cc_oracle_of(run), expected[k], &phi, &grad);
        near(phi, expected[k][1], 1e-10), near(grad, expected[k][2], 1e-9);
    }
    bilevel_referee(cc_oracle_of(run), (double[]){-5.351312008936698}, &phi, &grad);
    near(phi, 0.08184065198031334, 1e-12);
    assert_true(fabs(grad) < 1e-8);
    cc_test_close(run);
}

static void hyper_cleaning(void **state)
{
    (void)state;
    cc_run *run = cc_test_run("bilevel.clean", 0);
    if (!run) skip();
    static double candidate[2000 + 7850];
    for (int i = 0; i < 2000; i++) candidate[i] = 50; /* weight 1 */
    const double ce = cc_test_metric(run, "phi", candidate), accuracy = cc_test_metric(run, "refit_accuracy", candidate);
    assert_true(fabs(ce - 1.0715) < 5e-3);
    assert_true(fabs(accuracy - .7605) < 2e-3);
    near(cc_test_metric(run, "auc", candidate), .5, 1e-15);
    memset(candidate, 0, 2000 * sizeof *candidate); /* weight 1/2 */
    assert_true(fabs(cc_test_metric(run, "phi", candidate) - 1.0950) < 5e-3);
    assert_true(fabs(cc_test_metric(run, "refit_accuracy", candidate) - .7712) < 2e-3);
    cc_test_close(run);
}

/* With w = 0 every score is 1/2: a = b = 1/2 and alpha = 1 are best, and F = p (1-p) (2^2 - 1). With other weights the best a and b
 * are mean scores, and F the pairs' squared margins. Both from the oracles alone: terms are rows, fx tells s and who is positive.
 */
static void the_saddle_of_a_roc_curve(void **state)
{
    (void)state;
    enum { K = 31 };
    cc_run *run = cc_test_run("bilevel.auc(reg=0)", 0);
    const cc_oracle *o = cc_oracle_of(run);
    const size_t n = bilevel_lower_terms(run);
    double x[K + 2] = {0}, y, phi, fx[K + 2], s[400], sum[2] = {0}, count[2] = {0}, pairs = 0;
    int positive[400];
    assert_in_range(n, 200, 400);
    assert_int_equal(bilevel_dx(run), K + 2);
    x[K] = x[K + 1] = .5;
    bilevel_referee(o, x, &phi, NULL);
    const double pq = cc_fact(run, "mu") / 2, p = .5 - sqrt(.25 - pq);
    near(phi, 3 * pq, 1e-13);
    assert_int_equal(bilevel_ystar(o, 0, x, &y), 0);
    near(y, 1, 1e-13);
    near(cc_test_metric(run, "test_auc", x), .5, 1e-15);
    for (int j = 0; j < K; j++) x[j] = .2 * sin(3 * j);
    x[K] = x[K + 1] = 0;
    for (size_t i = 0; i < n; i++) { /* d/da = -2 (1-p) s of a positive, d/db = -2 p s of a negative */
        const bilevel_sample row = {BILEVEL_TERMS, i, 1};
        assert_int_equal(bilevel_upper(run, 0, &row, x, &y, fx, NULL), CC_OK);
        positive[i] = fx[K] != 0;
        s[i] = positive[i] ? fx[K] / (-2 * (1 - p)) : fx[K + 1] / (-2 * p);
        sum[positive[i]] += s[i], count[positive[i]]++;
    }
    near(p, count[1] / (double)n, 1e-12);
    assert_true(fabs(p - .1) < .02);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (positive[i] && !positive[j]) pairs += pow(2 - (s[i] - s[j]), 2) / (count[0] * count[1]);
    x[K] = sum[1] / count[1], x[K + 1] = sum[0] / count[0];
    bilevel_referee(o, x, &phi, fx);
    near(phi, pq * (pairs - 1), 1e-12);
    assert_true(fabs(fx[K]) < 1e-14 && fabs(fx[K + 1]) < 1e-14);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generator_of_data_is_the_published_one),
        cmocka_unit_test(quadratic),
        cmocka_unit_test(expupper),
        cmocka_unit_test(huber),
        cmocka_unit_test(penalty_of_logistic_regression),
        cmocka_unit_test(hyper_cleaning),
        cmocka_unit_test(the_saddle_of_a_roc_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
