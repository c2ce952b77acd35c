/* Each kind on tables with a known truth: what must be verified, refuted, left open, and what is an error. */
#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define IS(table, expected, ...)                                                                                                   \
    assert_string_equal(cc_verdict_name(verdict_of(table, (cc_check)__VA_ARGS__)), cc_verdict_name(expected))

static double power(double x, const void *with) { return pow(x, *(const double *)with); }
static double nlogn(double x, const void *with) { return (void)with, x * log(x); }
static double geometric(double x, const void *with) { return pow(*(const double *)with, x); }

static void test_exponent(void **state)
{
    (void)state;
    const double slope = 1.25;
    cc_table *t = curves(power, &slope, 20, 9, 10, 2, .2, 1);
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.4)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1)));
    IS(t, CC_INCONCLUSIVE, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.25)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_LEAST(1.1)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_LEAST(1.5)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(1.1, 1.4)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(1.4, 1.5)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "1/x", .y = "y", .is = CC_WITHIN(-1.4, -1.1)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .across = "mean", .is = CC_WITHIN(1.1, 1.4)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .across = "median", .is = CC_WITHIN(1.1, 1.4)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .from = 20, .to = 500, .is = CC_WITHIN(1, 1.5)));
    IS(t, CC_INCONCLUSIVE, CC_EXPONENT(.x = "x", .y = "y", .where = "seed=3", .is = CC_AT_MOST(2)));
    IS(t, CC_ERROR, CC_EXPONENT(.x = "x", .y = "nothing", .is = CC_AT_MOST(2)));
    for (size_t i = 0; i < cc_table_rows(t); i++) put(t, i, "z", pow(cc_table_get(t, i, 1), .5));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .other = "z", .is = CC_WITHIN(.6, .9)));
    cc_table_free(t);
}

static void test_exponent_of_a_population(void **state)
{
    (void)state;
    const double two = 2;
    cc_table *t = curves(power, &two, 1, 8, 16, 2, 0, 1);
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .over = "", .is = CC_WITHIN(1.999, 2.001)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .over = "", .is = CC_AT_MOST(1.9)));
    cc_table_free(t);
    t = curves(nlogn, NULL, 1, 12, 16, 3, 0, 1);
    IS(t, CC_INCONCLUSIVE, CC_EXPONENT(.x = "x", .y = "y", .over = "", .is = CC_AT_MOST(1.05)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .over = "", .logs = 1, .is = CC_AT_MOST(1.001)));
    cc_table_free(t);
}

static void test_linear_rate(void **state)
{
    (void)state;
    const double rho = .9;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 10; u++)
        for (size_t k = 0; k < 200; k++) {
            size_t row = new_row(t);
            put(t, row, "seed", (double)u);
            put(t, row, "x", (double)k);
            put(t, row, "y",
                (double)(u + 1) * geometric((double)k, &rho) * exp(.1 * noise(9, u * 200 + k)) + 1e-7 * (double)(u + 1));
            put(t, row, "root", 1 / sqrt(1 + (double)k) * exp(.01 * noise(10, u * 200 + k)));
            put(t, row, "wave", geometric((double)k, &rho) * fabs(cos(.7 * (double)k + (double)u)));
            put(t, row, "flat", 1 + .01 * noise(11, u * 200 + k));
        }
    IS(t, CC_VERIFIED, CC_LINEAR_RATE(.x = "x", .y = "y", .is = CC_WITHIN(.89, .91)));
    IS(t, CC_VERIFIED, CC_LINEAR_RATE(.x = "x", .y = "y"));
    IS(t, CC_REFUTED, CC_LINEAR_RATE(.x = "x", .y = "y", .is = CC_AT_MOST(.85)));
    IS(t, CC_VERIFIED, CC_LINEAR_RATE(.x = "x", .y = "wave", .is = CC_WITHIN(.885, .915)));
    IS(t, CC_REFUTED, CC_LINEAR_RATE(.x = "x", .y = "root"));
    assert_int_not_equal(verdict_of(t, (cc_check)CC_LINEAR_RATE(.x = "x", .y = "flat")), CC_VERIFIED);
    cc_table_free(t);
}

/* A method that diverges to infinity is refuted, not an error. */
static void test_divergence(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 10; u++)
        for (size_t k = 1; k <= 50; k++) {
            size_t row = new_row(t);
            put(t, row, "seed", (double)u);
            put(t, row, "x", (double)k);
            put(t, row, "y", k > 30 + u ? INFINITY : exp(20 * (double)k));
        }
    IS(t, CC_REFUTED, CC_LINEAR_RATE(.x = "x", .y = "y", .is = CC_AT_MOST(.9)));
    IS(t, CC_REFUTED, CC_LINEAR_RATE(.x = "x", .y = "y"));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(-1)));
    IS(t, CC_REFUTED, CC_BOUND(.y = "y", .is = CC_AT_MOST(1e100)));
    cc_table_free(t);
}

static void test_order(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    double newton = .3, secant[9] = {.5, .3};
    for (size_t k = 2; k < 9; k++) secant[k] = secant[k - 1] * secant[k - 2];
    for (size_t k = 0; k < 7; k++, newton *= newton) {
        size_t row = new_row(t);
        double h = pow(2, -(double)k);
        put(t, row, "seed", 0);
        put(t, row, "step", (double)k);
        put(t, row, "h", h);
        put(t, row, "newton", newton + 2e-16);
        put(t, row, "linear", pow(.5, (double)k));
        put(t, row, "secant", secant[k]);
        put(t, row, "diverges", pow(3, (double)k));
        put(t, row, "trapezoid", 3 * h * h + h * h * h * h);
    }
    IS(t, CC_VERIFIED, CC_ORDER(.x = "step", .y = "newton", .over = "", .is = CC_WITHIN(1.9, 2.1)));
    IS(t, CC_REFUTED, CC_ORDER(.x = "step", .y = "linear", .over = "", .is = CC_AT_LEAST(1.5)));
    IS(t, CC_VERIFIED, CC_ORDER(.x = "step", .y = "secant", .over = "", .is = CC_WITHIN(1.5, 1.75)));
    IS(t, CC_REFUTED, CC_ORDER(.x = "step", .y = "secant", .over = "", .is = CC_AT_LEAST(1.9)));
    IS(t, CC_VERIFIED, CC_ORDER(.x = "h", .y = "trapezoid", .over = "", .semilog = 3, .is = CC_WITHIN(1.99, 2.01)));
    IS(t, CC_REFUTED, CC_ORDER(.x = "h", .y = "trapezoid", .over = "", .semilog = 3, .is = CC_AT_LEAST(3)));
    IS(t, CC_REFUTED, CC_ORDER(.x = "step", .y = "diverges", .over = "", .is = CC_AT_LEAST(1.9)));
    IS(t, CC_INCONCLUSIVE, CC_ORDER(.x = "step", .y = "newton", .over = "", .where = "step<2", .is = CC_AT_LEAST(2)));
    cc_table_free(t);
}

static cc_table *samples(size_t seeds, double mean, double spread, uint64_t stream)
{
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < seeds; u++)
        for (size_t k = 1; k <= 3; k++) {
            size_t row = new_row(t);
            put(t, row, "seed", (double)u);
            put(t, row, "k", (double)k);
            put(t, row, "y", mean / (double)k * exp(spread * noise(stream, 3 * u + k) - spread * spread / 2));
            put(t, row, "bound", 1.5 / (double)k);
            put(t, row, "truth", mean / (double)k);
        }
    return t;
}

static void test_bound(void **state)
{
    (void)state;
    cc_table *t = samples(30, 1, .2, 2);
    cc_result r;
    const cc_check all = CC_BOUND(.x = "k", .y = "y", .other = "bound", .rel = .5);
    cc_judge(t, &all, NULL, &r);
    assert_int_equal(r.verdict, CC_VERIFIED);
    assert_true(r.tightness > .4 && r.tightness < 1 && isnan(r.p));
    assert_non_null(strstr(r.worst, "seed="));
    cc_result_clear(&r);
    IS(t, CC_REFUTED, CC_BOUND(.y = "y", .other = "truth"));
    IS(t, CC_VERIFIED, CC_BOUND(.x = "k", .y = "y", .other = "bound", .across = "mean"));
    IS(t, CC_VERIFIED, CC_BOUND(.x = "k", .y = "y", .other = "bound", .across = "rms"));
    IS(t, CC_VERIFIED, CC_BOUND(.x = "k", .y = "y", .other = "bound", .across = "median"));
    IS(t, CC_INCONCLUSIVE, CC_BOUND(.x = "k", .y = "y", .other = "truth", .across = "mean"));
    IS(t, CC_VERIFIED, CC_BOUND(.x = "k", .y = "y", .other = "truth", .across = "mean", .se = 6));
    IS(t, CC_REFUTED, CC_BOUND(.y = "bound", .other = "y", .x = "k", .across = "mean"));
    IS(t, CC_VERIFIED, CC_BOUND(.y = "y", .is = CC_WITHIN(0, 3)));
    IS(t, CC_REFUTED, CC_BOUND(.y = "y", .is = CC_AT_LEAST(.5)));
    IS(t, CC_VERIFIED, CC_BOUND(.y = "y", .other = "bound", .across = "share", .is = CC_AT_LEAST(.8), .where = "k=1", .rel = .1));
    IS(t, CC_REFUTED, CC_BOUND(.y = "bound", .other = "y", .across = "share", .is = CC_AT_LEAST(.5)));
    IS(t, CC_ERROR, CC_BOUND(.y = "y"));
    IS(t, CC_ERROR, CC_BOUND(.y = "y", .other = "bound", .law = "normal"));
    IS(t, CC_ERROR, CC_BOUND(.y = "y", .other = "bound", .across = "mean"));
    cc_table_free(t);
}

static void test_scaling_and_equality(void **state)
{
    (void)state;
    cc_table *t = samples(40, 1, .2, 3);
    IS(t, CC_VERIFIED, CC_SCALING(.x = "k", .y = "y", .other = "truth", .is = CC_WITHIN(.8, 1.2)));
    IS(t, CC_REFUTED, CC_SCALING(.x = "k", .y = "y", .other = "truth", .is = CC_AT_MOST(.8)));
    IS(t, CC_VERIFIED, CC_SCALING(.x = "k", .y = "y", .other = "truth", .se = 4));
    IS(t, CC_REFUTED, CC_SCALING(.x = "k", .y = "y", .other = "bound", .se = 4));
    IS(t, CC_VERIFIED, CC_EQUALITY(.x = "k", .y = "y", .other = "truth", .across = "mean", .rel = .2));
    IS(t, CC_REFUTED, CC_EQUALITY(.x = "k", .y = "y", .other = "bound", .across = "mean", .rel = .1));
    IS(t, CC_REFUTED, CC_EQUALITY(.y = "y", .other = "truth", .rel = .1));
    IS(t, CC_VERIFIED, CC_EQUALITY(.y = "truth", .other = "truth"));
    IS(t, CC_VERIFIED, CC_EQUALITY(.y = "truth", .is = CC_EQUALS(1), .where = "k=1"));
    IS(t, CC_REFUTED, CC_EQUALITY(.y = "truth", .is = CC_EQUALS(1)));
    for (size_t i = 0; i < cc_table_rows(t); i++) {
        put_text(t, i, "a", i % 2 ? "yes" : "no");
        put_text(t, i, "b", i % 2 ? "yes" : "no");
        put_text(t, i, "c", i % 3 ? "yes" : "no");
    }
    IS(t, CC_VERIFIED, CC_EQUALITY(.y = "a", .other = "b"));
    IS(t, CC_REFUTED, CC_EQUALITY(.y = "a", .other = "c"));
    IS(t, CC_ERROR, CC_EQUALITY(.y = "a", .other = "y"));
    cc_table_free(t);
}

static cc_table *arms(size_t seeds, double gap, double spread)
{
    static const char *const name[] = {"a", "b", "c"};
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < seeds; u++)
        for (size_t k = 0; k < 3; k++)
            for (size_t tune = 0; tune < 2; tune++) {
                size_t row = new_row(t);
                put(t, row, "seed", (double)u);
                put_text(t, row, "arm", name[k]);
                put(t, row, "level", (double)k);
                put(t, row, "eta", (double)tune);
                put(t, row, "y", 1 + gap * (double)k + (double)tune + spread * noise(5, (u * 3 + k) * 2 + tune));
            }
    return t;
}

static void test_ordering(void **state)
{
    (void)state;
    cc_table *t = arms(12, 1, .1);
    IS(t, CC_VERIFIED, CC_ORDERING(.y = "y", .chain = "a < b < c", .best_over = "eta"));
    IS(t, CC_REFUTED, CC_ORDERING(.y = "y", .chain = "c < a", .best_over = "eta"));
    IS(t, CC_REFUTED, CC_ORDERING(.y = "y", .chain = "b < a", .best_over = "eta"));
    IS(t, CC_VERIFIED, CC_ORDERING(.y = "y", .chain = "level: rising", .where = "eta=0"));
    IS(t, CC_REFUTED, CC_ORDERING(.y = "y", .chain = "level: falling", .where = "eta=0"));
    IS(t, CC_VERIFIED, CC_ORDERING(.y = "y", .chain = "a < b", .where = "eta=0", .margin = .3));
    IS(t, CC_REFUTED, CC_ORDERING(.y = "y", .chain = "a < b", .where = "eta=0", .margin = 1.5));
    IS(t, CC_VERIFIED, CC_ORDERING(.y = "y", .chain = "b < a", .where = "eta=0", .margin = -2));
    IS(t, CC_VERIFIED, CC_ORDERING(.y = "y", .chain = "a < b", .where = "eta=0", .over = ""));
    IS(t, CC_ERROR, CC_ORDERING(.y = "y", .chain = "a < nobody"));
    IS(t, CC_ERROR, CC_ORDERING(.y = "y", .chain = "a"));
    cc_result r;
    const cc_check chain = CC_ORDERING(.y = "y", .chain = "a < b", .where = "eta=0");
    assert_int_equal(cc_judge_null(t, &chain, NULL, &r), 1);
    assert_int_not_equal(r.verdict, CC_VERIFIED);
    cc_result_clear(&r);
    cc_judge(t, &chain, NULL, &r);
    assert_true(fabs(r.p - pow(.5, 12)) < 1e-12);
    cc_result_clear(&r);
    IS(t, CC_INCONCLUSIVE, CC_ORDERING(.y = "y", .chain = "a < b", .where = "eta=0 seed<4"));
    cc_table_free(t);
    t = arms(12, 0, 0); /* ties */
    IS(t, CC_REFUTED, CC_ORDERING(.y = "y", .chain = "a < b", .where = "eta=0"));
    IS(t, CC_VERIFIED, CC_ORDERING(.y = "y", .chain = "a < b", .where = "eta=0", .margin = -.01));
    cc_table_free(t);
}

static void test_probability(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 60; u++) {
        size_t row = new_row(t);
        put(t, row, "seed", (double)u);
        put(t, row, "always", 1);
        put(t, row, "often", u % 10 != 0);
        put(t, row, "never", 0);
        if (u < 30) put(t, row, "half_known", 1);
    }
    IS(t, CC_VERIFIED, CC_PROBABILITY(.y = "often", .is = CC_AT_LEAST(.75)));
    IS(t, CC_INCONCLUSIVE, CC_PROBABILITY(.y = "often", .is = CC_AT_LEAST(.9)));
    IS(t, CC_REFUTED, CC_PROBABILITY(.y = "often", .is = CC_AT_LEAST(.99)));
    IS(t, CC_VERIFIED, CC_PROBABILITY(.y = "often", .is = CC_AT_LEAST(.9), .over = ""));
    IS(t, CC_INCONCLUSIVE, CC_PROBABILITY(.y = "always", .is = CC_AT_LEAST(1)));
    IS(t, CC_VERIFIED, CC_PROBABILITY(.y = "always", .is = CC_AT_LEAST(1), .over = ""));
    IS(t, CC_VERIFIED, CC_PROBABILITY(.y = "always", .is = CC_AT_LEAST(.9)));
    IS(t, CC_REFUTED, CC_PROBABILITY(.y = "often", .is = CC_AT_LEAST(1)));
    IS(t, CC_REFUTED, CC_PROBABILITY(.y = "often", .is = CC_AT_MOST(0)));
    IS(t, CC_INCONCLUSIVE, CC_PROBABILITY(.y = "never", .is = CC_AT_MOST(0)));
    IS(t, CC_VERIFIED, CC_PROBABILITY(.y = "never", .is = CC_AT_MOST(.1)));
    IS(t, CC_REFUTED, CC_PROBABILITY(.y = "never", .is = CC_AT_LEAST(.5)));
    IS(t, CC_INCONCLUSIVE, CC_PROBABILITY(.y = "half_known", .is = CC_AT_LEAST(.8)));
    cc_result r;
    const cc_check check = CC_PROBABILITY(.y = "always", .is = CC_AT_LEAST(.9));
    cc_judge(t, &check, NULL, &r);
    assert_true(fabs(r.p - pow(.9, 60)) < 1e-12);
    cc_result_clear(&r);
    cc_table_free(t);
}

static void test_distribution_and_ulp(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 400; u++) {
        size_t row = new_row(t);
        double z = noise(6, u), w = noise(7, u);
        put(t, row, "seed", (double)u);
        put(t, row, "z", z);
        put(t, row, "w", w);
        put(t, row, "shifted", z + .5);
        put(t, row, "square", z * z);
        put(t, row, "uniform", cc_hash_uniform(8, u));
        put(t, row, "die", floor(4 * cc_hash_uniform(9, u)));
        put(t, row, "near", nextafter(z, 10));
    }
    IS(t, CC_VERIFIED, CC_DISTRIBUTION(.y = "z", .law = "normal"));
    IS(t, CC_REFUTED, CC_DISTRIBUTION(.y = "shifted", .law = "normal"));
    IS(t, CC_VERIFIED, CC_DISTRIBUTION(.y = "shifted", .law = "normal(.5,1)"));
    IS(t, CC_VERIFIED, CC_DISTRIBUTION(.y = "square", .law = "chi2(1)"));
    IS(t, CC_REFUTED, CC_DISTRIBUTION(.y = "square", .law = "exponential"));
    IS(t, CC_VERIFIED, CC_DISTRIBUTION(.y = "uniform", .law = "uniform"));
    IS(t, CC_REFUTED, CC_DISTRIBUTION(.y = "z", .law = "t(1)"));
    IS(t, CC_VERIFIED, CC_DISTRIBUTION(.y = "z", .law = "w"));
    IS(t, CC_REFUTED, CC_DISTRIBUTION(.y = "z", .law = "shifted"));
    IS(t, CC_VERIFIED, CC_DISTRIBUTION(.y = "die", .law = "discrete(.25,.25,.25,.25)"));
    IS(t, CC_REFUTED, CC_DISTRIBUTION(.y = "die", .law = "discrete(.1,.4,.25,.25)"));
    IS(t, CC_ERROR, CC_DISTRIBUTION(.y = "die", .law = "discrete(.1,.4)"));
    IS(t, CC_ERROR, CC_DISTRIBUTION(.y = "z", .law = "gauss"));
    IS(t, CC_VERIFIED, CC_ULP(.y = "near", .other = "z", .abs = 1));
    IS(t, CC_REFUTED, CC_ULP(.y = "near", .other = "z", .abs = .5));
    cc_table_free(t);
}

static void expect_error(const cc_table *t, cc_check check, const char *says)
{
    cc_result r;
    cc_judge(t, &check, NULL, &r);
    if (r.verdict != CC_ERROR || !strstr(r.message, says)) fail_msg("%s: %s", cc_verdict_name(r.verdict), r.message);
    cc_result_clear(&r);
}

/* What is almost a name, a chain, a law or one sequence of errors is an error, not its nearest reading. */
static void test_half_right(void **state)
{
    (void)state;
    char chain[700] = "0 < 1";
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 6; u++)
        for (size_t k = 0; k < 4; k++) {
            size_t row = new_row(t);
            put(t, row, "seed", (double)u);
            put(t, row, "arm", (double)(k / 2));
            put(t, row, "k", (double)(k % 2));
            put(t, row, "y", pow(.1, (double)(k + 1)));
        }
    IS(t, CC_REFUTED, CC_ORDERING(.y = "y", .chain = "0 < 1"));
    expect_error(t, (cc_check)CC_ORDERING(.y = "y", .chain = "new < 1"), "`new` is no number");
    expect_error(t, (cc_check)CC_ORDERING(.y = "y", .chain = "1 < 0x"), "`0x` is no number");
    expect_error(t, (cc_check)CC_ORDERING(.y = "y", .chain = "1 < "), "no number");
    while (strlen(chain) < 600) strcat(chain, " < 1");
    expect_error(t, (cc_check)CC_ORDERING(.y = "y", .chain = chain), "longer than");
    snprintf(chain, sizeof chain, "0 < %070d", 1);
    expect_error(t, (cc_check)CC_ORDERING(.y = "y", .chain = chain), "longer than");
    static const char *const laws[] = {"normal(0,1",      "normal(0,1)x", "normal(nan,1)", "normal(0,inf)", "uniform(0,inf)",
                                       "exponential(2x)", "t(inf)",       "chi2(3,4)",     "normal(,1)",    "discrete(.5,nan)"};
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++)
        expect_error(t, (cc_check){.kind = CC_KIND_DISTRIBUTION, .y = "y", .over = "", .law = laws[i]}, "law `");
    expect_error(t, (cc_check)CC_ORDER(.x = "k", .y = "y", .is = CC_AT_LEAST(1)), "several rows at one x");
    expect_error(t, (cc_check)CC_ORDER(.x = "k", .y = "y", .over = "", .is = CC_AT_LEAST(1)), "several rows at one x");
    IS(t, CC_INCONCLUSIVE, CC_ORDER(.x = "k", .y = "y", .over = "", .by = "seed arm", .is = CC_AT_LEAST(1)));
    cc_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_exponent),
                                       cmocka_unit_test(test_exponent_of_a_population),
                                       cmocka_unit_test(test_linear_rate),
                                       cmocka_unit_test(test_divergence),
                                       cmocka_unit_test(test_order),
                                       cmocka_unit_test(test_bound),
                                       cmocka_unit_test(test_scaling_and_equality),
                                       cmocka_unit_test(test_ordering),
                                       cmocka_unit_test(test_probability),
                                       cmocka_unit_test(test_distribution_and_ulp),
                                       cmocka_unit_test(test_half_right)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
