/* Cases that fool a careless judge. */
#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define IS(table, expected, ...)                                                                                                   \
    assert_string_equal(cc_verdict_name(verdict_of(table, (cc_check)__VA_ARGS__)), cc_verdict_name(expected))
#define IS_NOT(table, never, ...)                                                                                                  \
    assert_string_not_equal(cc_verdict_name(verdict_of(table, (cc_check)__VA_ARGS__)), cc_verdict_name(never))

static double nlogn(double x, const void *with) { return (void)with, x * log(x); }
static double power(double x, const void *with) { return pow(x, *(const double *)with); }
static double transient(double x, const void *with) { return (void)with, 1 / x + .1 / sqrt(x); }
static double bends(double x, const void *with) { return (void)with, 1 + pow(x / 300, 1.5); }
static double stalls(double x, const void *with) { return (void)with, 1 / x + 2e-3; }
static double rounds(double x, const void *with) { return (void)with, pow(x, -6) + 1e-15; }

/* n log n looks like n^1.13 here, which "at most 1.05" allows all the same: open without a declared log factor, and the message
 * says why; with it, verified. */
static void test_n_log_n(void **state)
{
    (void)state;
    const double slope = 1.05;
    cc_table *t = curves(nlogn, NULL, 20, 16, 100, 2, .2, 1);
    const cc_check plain = CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.05));
    cc_result r;
    cc_judge(t, &plain, NULL, &r);
    assert_int_equal(r.verdict, CC_INCONCLUSIVE);
    assert_non_null(strstr(r.message, "cannot tell"));
    cc_result_clear(&r);
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .pure = 1, .is = CC_AT_MOST(1.05))); /* no power below 1.1 */
    IS(t, CC_ERROR, CC_EXPONENT(.x = "x", .y = "y", .pure = 1, .logs = 1, .is = CC_AT_MOST(1.05)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .logs = 1, .is = CC_AT_MOST(1.05)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .logs = 1, .is = CC_AT_LEAST(1.1)));
    cc_table_free(t);
    t = curves(power, &slope, 20, 16, 100, 3, .05, 2);
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.1)));
    cc_table_free(t);
}

static void test_slow_rate_behind_a_transient(void **state)
{
    (void)state;
    cc_table *t = curves(transient, NULL, 20, 25, 1, 5, .1, 3);
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(-.8)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(-.65, -.4)));
    cc_table_free(t);
}

static void test_constant_that_bends(void **state)
{
    (void)state;
    cc_table *t = curves(bends, NULL, 20, 25, 1, 5, .1, 4);
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(.5)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(1.3, 1.6)));
    cc_table_free(t);
    t = curves(bends, NULL, 20, 13, 1, 3, .1, 5); /* it has only begun to bend */
    IS_NOT(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(.5)));
    cc_table_free(t);
}

static void test_floors(void **state)
{
    (void)state;
    cc_table *t = curves(rounds, NULL, 10, 31, 1, 5, .1, 6); /* half of the record is rounding */
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(-6.2, -5.8)));
    cc_table_free(t);
    t = curves(stalls, NULL, 10, 31, 1, 6, .1, 7); /* a plateau longer than the fall: what it does in the end? */
    IS(t, CC_INCONCLUSIVE, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(-.8)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .to = 50, .is = CC_AT_MOST(-.8)));
    cc_table_free(t);
    t = curves(rounds, NULL, 10, 31, 1, 5, .1, 8);
    for (size_t i = 0; i < cc_table_rows(t); i++)
        if (cc_table_get(t, i, 2) < 3e-15) put(t, i, "y", 0); /* exact zeros have no logarithm */
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(-6.2, -5.8)));
    cc_table_free(t);
}

static void test_superlinear_hits_rounding(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 12; u++) {
        double e = .5 * exp(-.3 * cc_hash_uniform(9, u));
        for (size_t k = 0; k < 9; k++, e = pow(e, 1.5)) {
            size_t row = new_row(t);
            put(t, row, "seed", (double)u);
            put(t, row, "k", (double)k);
            put(t, row, "y", e + 3e-16 * cc_hash_uniform(10, u * 9 + k));
        }
    }
    IS(t, CC_VERIFIED, CC_ORDER(.x = "k", .y = "y", .is = CC_WITHIN(1.45, 1.55)));
    IS(t, CC_REFUTED, CC_ORDER(.x = "k", .y = "y", .is = CC_AT_LEAST(1.9)));
    cc_table_free(t);
}

static void test_outlier(void **state)
{
    (void)state;
    const double slope = 1;
    cc_table *t = curves(power, &slope, 10, 9, 10, 2, .1, 11);
    for (size_t i = 0; i < cc_table_rows(t); i++)
        if (cc_table_get(t, i, 0) == 4) put(t, i, "y", pow(cc_table_get(t, i, 1), 3));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.2)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_LEAST(1.2)));
    cc_table_free(t);
}

/* The stop cuts off what is slow: the visible part of x^2 must not pass for something slower. */
static void test_censored(void **state)
{
    (void)state;
    const double slope = 1.5;
    cc_table *t = curves(power, &slope, 20, 17, 10, 2, .3, 12);
    for (size_t i = 0; i < cc_table_rows(t); i++) {
        double y = cc_table_get(t, i, 2);
        put(t, i, "reached", y <= 5000);
        put(t, i, "y", fmin(y, 5000));
        put(t, i, "limit", 1e4);
    }
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.9)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.2)));
    IS_NOT(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_LEAST(1.4)));
    IS(t, CC_INCONCLUSIVE, CC_BOUND(.y = "y", .other = "limit"));
    cc_table_free(t);
    t = curves(power, &slope, 20, 9, 10, 2, .3, 13); /* constant, then beyond the stop at once */
    for (size_t i = 0; i < cc_table_rows(t); i++) {
        int slow = cc_table_get(t, i, 1) > 200;
        put(t, i, "reached", !slow);
        put(t, i, "y", (slow ? 1e6 : 10) * exp(.1 * noise(14, i)));
    }
    IS_NOT(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(.5)));
    cc_table_free(t);
}

static void test_censored_orderings(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 20; u++)
        for (size_t k = 0; k < 3; k++) {
            size_t row = new_row(t);
            put(t, row, "seed", (double)u);
            put_text(t, row, "arm", k == 0 ? "fast" : k == 1 ? "slow" : "lost");
            put(t, row, "y", k == 0 ? 10 + (double)u : 100);
            put(t, row, "reached", k == 0);
        }
    IS(t, CC_VERIFIED, CC_ORDERING(.y = "y", .chain = "fast < slow"));
    IS(t, CC_REFUTED, CC_ORDERING(.y = "y", .chain = "slow < fast"));
    IS(t, CC_INCONCLUSIVE, CC_ORDERING(.y = "y", .chain = "slow < lost"));
    cc_table_free(t);
}

/* x = eps goes to zero: the pre-asymptotic end is the coarse one. */
static void test_accuracies(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 15; u++)
        for (size_t i = 0; i < 17; i++) {
            size_t row = new_row(t);
            double eps = pow(10, -.25 * (double)i);
            put(t, row, "seed", (double)u);
            put(t, row, "eps", eps);
            put(t, row, "y", (100 + pow(eps, -2)) * exp(.1 * noise(15, u * 17 + i)));
        }
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "eps", .y = "y", .is = CC_WITHIN(-2.2, -1.8)));
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "1/eps", .y = "y", .is = CC_WITHIN(1.8, 2.2)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "1/eps", .y = "y", .is = CC_AT_MOST(1.5)));
    cc_table_free(t);
}

/* Each seed is at one x only. */
static void test_nested(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 80; u++) {
        size_t row = new_row(t);
        double x = pow(2, (double)(u % 8));
        put(t, row, "seed", (double)u);
        put(t, row, "x", x);
        put(t, row, "y", x * x * exp(.2 * noise(16, u)));
    }
    IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(1.8, 2.2)));
    IS(t, CC_REFUTED, CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.5)));
    cc_table_free(t);
}

/* Runs that agree to the last digit, as counts do: their line is bent by rounding, the same way in each, and that is no bend. A
 * true one, however small, is still seen. */
static void test_no_noise(void **state)
{
    (void)state;
    for (int base = 2; base <= 10; base++) {
        cc_table *t = cc_table_new();
        for (size_t u = 0; u < 12; u++)
            for (size_t i = 1; i <= 9; i++) {
                size_t row = new_row(t);
                double x = pow(base, (double)i), own = u % 2 ? 1 : (double)u + 1.1;
                put(t, row, "seed", (double)u);
                put(t, row, "x", x);
                put(t, row, "i", (double)i);
                put(t, row, "square", 3 * x * x);
                put(t, row, "root", own * pow(x, .5));
                put(t, row, "rate", own * pow(.7, (double)i));
                put(t, row, "line", own * (2 * (double)i + 1));
                put(t, row, "bent", x * x * (1 + 1e-9 * (double)(i * i)));
            }
        IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "square", .is = CC_WITHIN(1.99, 2.01)));
        IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "root", .is = CC_WITHIN(.49, .51)));
        IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "root", .across = "mean", .is = CC_WITHIN(.49, .51)));
        IS(t, CC_VERIFIED, CC_EXPONENT(.x = "x", .y = "root", .across = "median", .is = CC_WITHIN(.49, .51)));
        IS(t, CC_VERIFIED,
           CC_EXPONENT(.x = "i", .y = "line", .where = "seed=1,3,5,7,9,11", .semilog = 3, .is = CC_WITHIN(1.9, 2.1)));
        IS(t, CC_VERIFIED, CC_LINEAR_RATE(.x = "i", .y = "rate", .is = CC_WITHIN(.69, .71)));
        IS(t, CC_INCONCLUSIVE, CC_EXPONENT(.x = "x", .y = "bent", .is = CC_WITHIN(1.99, 2.01)));
        cc_table_free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_n_log_n),
                                       cmocka_unit_test(test_slow_rate_behind_a_transient),
                                       cmocka_unit_test(test_constant_that_bends),
                                       cmocka_unit_test(test_floors),
                                       cmocka_unit_test(test_superlinear_hits_rounding),
                                       cmocka_unit_test(test_outlier),
                                       cmocka_unit_test(test_censored),
                                       cmocka_unit_test(test_censored_orderings),
                                       cmocka_unit_test(test_accuracies),
                                       cmocka_unit_test(test_nested),
                                       cmocka_unit_test(test_no_noise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
