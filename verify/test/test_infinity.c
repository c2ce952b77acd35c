/* Values at infinity, where differences and ratios are no numbers: a bound that is infinite holds, nothing finite equals infinity,
 * and x at infinity is no point of a curve. */
#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Rows (seed, k, y, other) for each of n seeds. */
static cc_table *rows_of(size_t seeds, size_t n, const double (*row)[3])
{
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < seeds; u++)
        for (size_t i = 0; i < n; i++) {
            size_t at = new_row(t);
            put(t, at, "seed", (double)u);
            put(t, at, "k", row[i][0]);
            put(t, at, "y", row[i][1]);
            put(t, at, "other", row[i][2]);
        }
    return t;
}

static const cc_check bounds[] = {CC_BOUND(.x = "k", .y = "y", .other = "other"),
                                  CC_BOUND(.x = "k", .y = "y", .other = "other", .rel = .1),
                                  CC_BOUND(.x = "k", .y = "y", .other = "other", .across = "mean"),
                                  CC_BOUND(.x = "k", .y = "y", .other = "other", .across = "median"),
                                  CC_BOUND(.x = "k", .y = "y", .other = "other", .across = "rms"),
                                  CC_BOUND(.x = "k", .y = "y", .other = "other", .across = "share", .is = CC_AT_LEAST(.5))};

/* 1/k at k = 0 bounds nothing; the rows where it is finite speak, for the tightness too. */
static void test_infinite_bound(void **state)
{
    (void)state;
    const double below[][3] = {{0, 7, INFINITY}, {1, .8, 1}, {2, .25, .5}},
                 above[][3] = {{0, 7, INFINITY}, {1, .8, 1}, {2, .75, .5}};
    const double both[][3] = {{0, INFINITY, INFINITY}, {1, .8, 1}}, least[][3] = {{0, 1, -INFINITY}, {1, .8, 1}};
    cc_table *good = rows_of(9, 3, below), *bad = rows_of(9, 3, above), *equal = rows_of(9, 2, both), *never = rows_of(9, 2, least);
    for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++) {
        cc_result r;
        cc_judge(good, &bounds[k], NULL, &r);
        if (r.verdict != CC_VERIFIED) fail_msg("check %zu: %s: %s", k, cc_verdict_name(r.verdict), r.message);
        assert_true(fabs(r.tightness - .8 / (1 + bounds[k].rel)) < 1e-12);
        cc_result_clear(&r);
        cc_judge(bad, &bounds[k], NULL, &r);
        if (r.verdict != CC_REFUTED) fail_msg("check %zu: %s: %s", k, cc_verdict_name(r.verdict), r.message);
        assert_true(fabs(r.tightness - 1.5 / (1 + bounds[k].rel)) < 1e-12);
        if (!bounds[k].across) assert_string_equal(r.worst, "seed=0 k=2");
        cc_result_clear(&r);
        assert_int_equal(verdict_of(never, bounds[k]), CC_REFUTED);
    }
    assert_int_equal(verdict_of(equal, bounds[0]), CC_VERIFIED);
    assert_int_equal(verdict_of(equal, bounds[5]), CC_VERIFIED);
    cc_table_free(good), cc_table_free(bad), cc_table_free(equal), cc_table_free(never);
}

/* A relative tolerance of something infinite would allow everything. */
static void test_infinite_values_are_not_equal(void **state)
{
    (void)state;
    const double apart[][3] = {{0, INFINITY, 1}}, turned[][3] = {{0, 1, -INFINITY}}, signs[][3] = {{0, INFINITY, -INFINITY}};
    const double same[][3] = {{0, INFINITY, INFINITY}, {1, -INFINITY, -INFINITY}, {2, 3, 3.01}};
    cc_table *unequal[] = {rows_of(20, 1, apart), rows_of(20, 1, turned), rows_of(20, 1, signs)}, *equal = rows_of(20, 3, same);
    const cc_check checks[] = {CC_EQUALITY(.x = "k", .y = "y", .other = "other", .rel = .01),
                               CC_EQUALITY(.x = "k", .y = "y", .other = "other", .rel = .01, .se = 2),
                               CC_EQUALITY(.x = "k", .y = "y", .other = "other", .rel = .01, .se = 2, .over = "", .by = "seed"),
                               CC_SCALING(.x = "k", .y = "y", .other = "other", .rel = .01, .se = 2),
                               CC_SCALING(.x = "k", .y = "y", .other = "other", .rel = .01, .se = 2, .over = "", .by = "seed")};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
            cc_result r;
            cc_judge(unequal[i], &checks[k], NULL, &r);
            if (r.verdict != CC_REFUTED) fail_msg("table %zu, check %zu: %s: %s", i, k, cc_verdict_name(r.verdict), r.message);
            cc_result_clear(&r);
        }
        cc_table_free(unequal[i]);
    }
    assert_int_equal(verdict_of(equal, checks[0]), CC_VERIFIED);
    cc_table_free(equal);
}

/* eps = 0 is 1/eps = infinity: no point, as x = 0 is none, and the message says that rows were left out. */
static void test_x_at_infinity(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    for (size_t u = 0; u < 12; u++)
        for (size_t i = 0; i < 13; i++) {
            size_t row = new_row(t);
            double eps = i == 12 ? 0 : pow(2, -(double)i);
            put(t, row, "seed", (double)u);
            put(t, row, "eps", eps);
            put(t, row, "y", i == 12 ? 1e6 : pow(eps, -1.5) * exp(.05 * noise(3, u * 13 + i)));
            put(t, row, "rate", i == 12 ? 0 : pow(.9, 1 / eps));
        }
    const cc_check checks[] = {CC_EXPONENT(.x = "1/eps", .y = "y", .is = CC_WITHIN(1.4, 1.6)),
                               CC_EXPONENT(.x = "eps", .y = "y", .is = CC_WITHIN(-1.6, -1.4)),
                               CC_EXPONENT(.x = "1/eps", .y = "y", .across = "mean", .is = CC_WITHIN(1.4, 1.6)),
                               CC_LINEAR_RATE(.x = "1/eps", .y = "rate", .to = 600, .is = CC_WITHIN(.89, .91)),
                               CC_LINEAR_RATE(.x = "1/eps", .y = "rate", .is = CC_WITHIN(.89, .91))};
    for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
        cc_result r;
        cc_judge(t, &checks[k], NULL, &r);
        if (r.verdict != CC_VERIFIED) fail_msg("check %zu: %s: %s", k, cc_verdict_name(r.verdict), r.message);
        if (k < 3) assert_non_null(strstr(r.message, "12 points stand at x = 0 or at infinity and are left out"));
        cc_result_clear(&r);
    }
    cc_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_infinite_bound), cmocka_unit_test(test_infinite_values_are_not_equal),
                                       cmocka_unit_test(test_x_at_infinity)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
