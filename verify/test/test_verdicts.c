/* What a verdict rests on and what it says: units enough, the direction of x, every group, a message that is whole. */
#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define IS(table, expected, ...)                                                                                                   \
    assert_string_equal(cc_verdict_name(verdict_of(table, (cc_check)__VA_ARGS__)), cc_verdict_name(expected))

static cc_table *units(const double *y, size_t n)
{
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < n; u++) {
        size_t row = new_row(t);
        put(t, row, "seed", (double)u);
        put(t, row, "y", y[u]);
        put(t, row, "limit", 1.1);
    }
    return t;
}

/* Five positive values whose spread leaves room for a tail say less of their mean than a t interval; near one another they do not.
 */
static void test_mean_of_few_with_a_tail(void **state)
{
    (void)state;
    const double apart[] = {.2, .9, .4, .7, .3}, near[] = {.48, .52, .5, .51, .49};
    cc_table *t = units(apart, 5);
    cc_check bound = CC_BOUND(.y = "y", .other = "limit", .across = "mean"),
             rms = CC_BOUND(.y = "y", .other = "limit", .across = "rms");
    cc_result r;
    cc_judge(t, &bound, NULL, &r);
    assert_int_equal(r.verdict, CC_INCONCLUSIVE); /* a t interval ends at .86 */
    assert_true(r.high > 0 && r.low < r.high && r.p > .025);
    assert_non_null(strstr(r.method, "unseen tail"));
    cc_result_clear(&r);
    assert_int_equal(verdict_of(t, rms), CC_INCONCLUSIVE);
    IS(t, CC_INCONCLUSIVE, CC_SCALING(.y = "y", .other = "limit", .is = CC_AT_MOST(.9)));
    IS(t, CC_REFUTED, CC_BOUND(.y = "y", .is = CC_AT_MOST(.1), .across = "mean")); /* the other end is as it was */
    IS(t, CC_VERIFIED, CC_BOUND(.y = "y", .is = CC_AT_MOST(9), .across = "mean"));
    for (size_t i = 0; i < 5; i++) put(t, i, "y", -apart[i]);
    IS(t, CC_INCONCLUSIVE, CC_BOUND(.y = "y", .is = CC_AT_LEAST(-1), .across = "mean"));
    cc_table_free(t);
    t = units(near, 5);
    assert_int_equal(verdict_of(t, bound), CC_VERIFIED);
    IS(t, CC_VERIFIED, CC_BOUND(.y = "y", .is = CC_AT_MOST(.53), .across = "mean"));
    cc_table_free(t);
}

/* Two samples of twenty do not show a shift of one standard deviation for certain, so they verify nothing; forty do. */
static void test_two_samples(void **state)
{
    (void)state;
    size_t verified = 0;
    for (uint64_t trial = 1; trial <= 60; trial++) {
        cc_table *t = cc_table_new();
        for (size_t u = 0; u < 40; u++) {
            size_t row = new_row(t);
            put(t, row, "seed", (double)u);
            put(t, row, "a", noise(trial, 3 * u));
            put(t, row, "b", noise(trial, 3 * u + 1) + 1);
            put(t, row, "c", noise(trial, 3 * u + 2));
        }
        assert_int_not_equal(verdict_of(t, (cc_check)CC_DISTRIBUTION(.y = "a", .law = "b", .where = "seed<20")), CC_VERIFIED);
        assert_int_not_equal(verdict_of(t, (cc_check)CC_DISTRIBUTION(.y = "a", .law = "c", .where = "seed<20")), CC_VERIFIED);
        verified += verdict_of(t, (cc_check)CC_DISTRIBUTION(.y = "a", .law = "c")) == CC_VERIFIED;
        assert_int_not_equal(verdict_of(t, (cc_check)CC_DISTRIBUTION(.y = "a", .law = "c", .abs = .5)), CC_VERIFIED);
        cc_table_free(t);
    }
    assert_true(verified > 50);
}

/* Equal means and medians, four times the spread: Anderson and Darling see in the tails what Kolmogorov and Smirnov do not. */
static void test_tails_of_two_samples(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 80; u++) {
        size_t row = new_row(t);
        double q = cc_normal_quantile(((double)u + .5) / 80);
        put(t, row, "seed", (double)u);
        put(t, row, "a", q);
        put(t, row, "b", 4 * q);
    }
    IS(t, CC_REFUTED, CC_DISTRIBUTION(.y = "a", .law = "b"));
    IS(t, CC_VERIFIED, CC_DISTRIBUTION(.y = "a", .law = "a"));
    cc_table_free(t);
}

static double bends_at_small_x(double x, const void *with) { return (void)with, 100 + pow(x, -2); }

/* Where x goes is said by the check, else taken from the name; the method says which. */
static void test_direction(void **state)
{
    (void)state;
    cc_table *t = curves(bends_at_small_x, NULL, 12, 25, 1e-4, 4, .1, 21);
    for (size_t i = 0; i < cc_table_rows(t); i++) put(t, i, "eps", cc_table_get(t, i, 1));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "eps", .y = "y", .is = CC_WITHIN(-2.1, -1.9)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(-2.1, -1.9), .toward = CC_TO_ZERO));
    cc_check named = CC_EXPONENT(.x = "eps", .y = "y", .is = CC_AT_LEAST(-2.5)), said = named, infinite = named, wrong = named;
    cc_result r;
    cc_judge(t, &named, NULL, &r);
    assert_non_null(strstr(r.method, "eps -> 0 by its name"));
    cc_result_clear(&r);
    said.toward = CC_TO_ZERO;
    cc_judge(t, &said, NULL, &r);
    assert_non_null(strstr(r.method, "eps -> 0"));
    assert_null(strstr(r.method, "by its name"));
    cc_result_clear(&r);
    infinite.toward = CC_TO_INFINITY;
    cc_judge(t, &infinite, NULL, &r);
    if (!strstr(r.method, "eps -> infinity")) fail_msg("%s; %s", r.method, r.message);
    cc_result_clear(&r);
    wrong.toward = 3;
    assert_non_null(cc_check_valid(&wrong));
    IS(t, CC_ERROR, CC_BOUND(.y = "y", .is = CC_AT_MOST(1), .toward = CC_TO_ZERO));
    cc_table_free(t);
}

static double nlogn_of_inverse(double x, const void *with) { return (void)with, log(1 / x) / (x * x); }

/* A logarithm explains a slope that is too large towards either end, and none that is too small. */
static void test_logarithms(void **state)
{
    (void)state;
    cc_table *t = curves(nlogn_of_inverse, NULL, 20, 17, 1e-4, 2, .1, 31);
    IS(t, CC_INCONCLUSIVE, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_LEAST(-2.05), .toward = CC_TO_ZERO));
    IS(t, CC_INCONCLUSIVE, CC_EXPONENT(.x = "1/x", .y = "y", .is = CC_AT_MOST(2.05)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "1/x", .y = "y", .is = CC_AT_MOST(1.8)));
    cc_table_free(t);
    t = cc_table_new();
    for (size_t u = 0; u < 20; u++)
        for (size_t i = 0; i < 17; i++) {
            size_t row = new_row(t);
            double x = 100 * pow(10, (double)i / 8);
            put(t, row, "seed", (double)u);
            put(t, row, "x", x);
            put(t, row, "y", pow(x, .8) * exp(.1 * noise(32, u * 17 + i)));
        }
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_LEAST(1)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(.5)));
    cc_table_free(t);
}

/* The null control looks at every group: an arm that is missing from the last is an error. */
static void test_null_of_every_group(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t g = 0; g < 3; g++)
        for (size_t u = 0; u < 10; u++)
            for (size_t k = 0; k < 2; k++) {
                size_t row = new_row(t);
                put(t, row, "seed", (double)u);
                put(t, row, "n", (double)(1 << g));
                put_text(t, row, "arm", k ? "b" : "a");
                put(t, row, "y", noise(77, (g * 10 + u) * 2 + k) + 3 * (double)k);
            }
    cc_check check = CC_ORDERING(.y = "y", .chain = "a < b", .by = "n");
    cc_result r;
    assert_int_equal(cc_judge_null(t, &check, NULL, &r), 1);
    assert_int_equal(r.verdict, CC_REFUTED);
    assert_int_equal(r.rows, cc_table_rows(t));
    assert_non_null(strstr(r.method, "each group"));
    assert_non_null(strstr(r.worst, "n="));
    cc_result_clear(&r);
    for (size_t i = 0; i < cc_table_rows(t); i++)
        if (cc_table_get(t, i, 1) == 4) put_text(t, i, "arm", "a");
    assert_int_equal(cc_judge_null(t, &check, NULL, &r), 1);
    assert_int_equal(r.verdict, CC_ERROR);
    assert_non_null(strstr(r.message, "no row has arm"));
    cc_result_clear(&r);
    cc_table_free(t);
}

/* Messages are whole; only what is beyond a thousand characters is cut, at a word, and shows it. */
static void test_messages(void **state)
{
    (void)state;
    char name[200] = "", text[40] = "nine words that are cut in the midst", tiny[] = "ab";
    for (size_t i = 0; i < 180; i++) name[i] = (char)('a' + i % 26);
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 20; u++) {
        size_t row = new_row(t);
        put(t, row, "seed", (double)(u / 2));
        put_text(t, row, "group", name);
        put_text(t, row, "arm", u % 2 ? "with a label that is rather long for an arm" : "another label that is as long, or longer");
        put(t, row, "y", (double)(u % 2));
    }
    put_text(t, 0, "group", "b"), put_text(t, 1, "group", "b");
    cc_check check = CC_ORDERING(.y = "y", .by = "group",
                                 .chain = "another label that is as long, or longer < with a label that is rather long for an arm");
    cc_result r;
    cc_judge(t, &check, NULL, &r);
    assert_non_null(strstr(r.message, "units"));
    assert_non_null(strstr(r.message, "with a label that is rather long for an arm in"));
    cc_result_clear(&r);
    cc_table_free(t);
    cc_text_cut(text, 24, 36);
    assert_string_equal(text, "nine words that are…");
    cc_text_cut(tiny, sizeof tiny, 7);
    assert_string_equal(tiny, "ab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mean_of_few_with_a_tail),
                                       cmocka_unit_test(test_two_samples),
                                       cmocka_unit_test(test_tails_of_two_samples),
                                       cmocka_unit_test(test_direction),
                                       cmocka_unit_test(test_logarithms),
                                       cmocka_unit_test(test_null_of_every_group),
                                       cmocka_unit_test(test_messages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
