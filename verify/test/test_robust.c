/* Any table, any check: no crash, and results that make sense in themselves. */
#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { TRIALS = 300 };

static size_t pick(uint64_t stream, uint64_t k, size_t n) { return (size_t)(cc_hash_uniform(stream, k) * (double)n); }

/* Few or many rows, with NaN, infinities, zeros, ties, one seed or many, cut off runs. */
static cc_table *wild(uint64_t stream)
{
    static const double odd[] = {NAN, INFINITY, 0, 1, 1, -1, 1e-320, 1e300};
    static const char *const arm[] = {"a", "b", "c"};
    cc_table *t = cc_table_new();
    size_t n = 1 + pick(stream, 0, pick(stream, 1, 2) ? 8 : 120), seeds = 1 + pick(stream, 2, 12), style = pick(stream, 3, 4);
    for (size_t i = 0; i < n; i++) {
        size_t row = new_row(t);
        uint64_t k = 10 + 20 * i;
        double x = pow(2, (double)pick(stream, k, 9)), y = style == 0 ? 1 : pow(x, (double)style) * exp(.3 * noise(stream, k + 1));
        if (pick(stream, k + 3, 12) == 0) y = odd[pick(stream, k + 4, 8)];
        put(t, row, "seed", (double)pick(stream, k + 5, seeds));
        put_text(t, row, "arm", arm[pick(stream, k + 6, 3)]);
        put(t, row, "x", pick(stream, k + 7, 30) ? x : odd[pick(stream, k + 8, 8)]);
        put(t, row, "y", y);
        put(t, row, "z", pick(stream, k + 9, 20) ? x * exp(noise(stream, k + 10)) : odd[pick(stream, k + 12, 8)]);
        if (stream % 3 == 0) put(t, row, "reached", pick(stream, k + 13, 6) > 0);
    }
    return t;
}

static const cc_check checks[] = {
    CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1.5)),
    CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_LEAST(1.5), .over = ""),
    CC_EXPONENT(.x = "1/x", .y = "y", .other = "z", .is = CC_WITHIN(-1, 1)),
    CC_EXPONENT(.x = "x", .y = "y", .logs = 1, .is = CC_AT_MOST(1)),
    CC_EXPONENT(.x = "x", .y = "y", .semilog = 1, .is = CC_AT_MOST(1)),
    CC_EXPONENT(.x = "x", .y = "y", .semilog = 2, .across = "max", .is = CC_AT_MOST(1)),
    CC_EXPONENT(.x = "x", .y = "y", .semilog = 3, .across = "rms", .is = CC_AT_MOST(1)),
    CC_EXPONENT(.x = "x", .y = "y", .across = "mean", .per_unit = "last", .is = CC_AT_MOST(1)),
    CC_EXPONENT(.x = "x", .y = "y", .across = "median", .from = 2, .to = 64, .by = "arm", .is = CC_AT_MOST(1)),
    CC_LINEAR_RATE(.x = "x", .y = "y"),
    CC_LINEAR_RATE(.x = "x", .y = "y", .over = "", .is = CC_AT_MOST(.9)),
    CC_LINEAR_RATE(.x = "x", .y = "y", .across = "mean", .abs = 2, .is = CC_WITHIN(.1, .9)),
    CC_ORDER(.x = "x", .y = "y", .is = CC_AT_LEAST(1.5)),
    CC_ORDER(.x = "x", .y = "y", .semilog = 3, .over = "", .is = CC_AT_LEAST(1.5)),
    CC_BOUND(.x = "x", .y = "y", .other = "z", .rel = .1),
    CC_BOUND(.x = "x", .y = "y", .other = "z", .across = "mean", .per_unit = "max"),
    CC_BOUND(.x = "x", .y = "y", .other = "z", .across = "rms", .per_unit = "mean", .over = ""),
    CC_BOUND(.x = "x", .y = "y", .is = CC_AT_MOST(100), .across = "median", .per_unit = "sum"),
    CC_BOUND(.y = "y", .other = "z", .across = "share", .is = CC_AT_LEAST(.5)),
    CC_SCALING(.x = "x", .y = "y", .other = "z", .per_unit = "mean", .se = 3, .rel = .1),
    CC_SCALING(.x = "x", .y = "y", .other = "z", .per_unit = "mean", .across = "median", .is = CC_WITHIN(.5, 2)),
    CC_ORDERING(.y = "y", .chain = "a < b < c"),
    CC_ORDERING(.y = "y", .chain = "a < b", .per_unit = "min", .best_over = "x", .margin = -.1),
    CC_ORDERING(.y = "y", .chain = "x: falling", .per_unit = "median"),
    CC_ORDERING(.y = "y", .chain = "x: rising", .over = ""),
    CC_PROBABILITY(.y = "y", .per_unit = "count", .is = CC_WITHIN(.2, 1)),
    CC_EQUALITY(.y = "y", .other = "z", .rel = .5, .abs = 1),
    CC_EQUALITY(.x = "x", .y = "y", .other = "z", .per_unit = "median", .across = "mean", .rel = .5),
    CC_EQUALITY(.x = "x", .y = "y", .is = CC_EQUALS(1), .per_unit = "median", .se = 2),
    CC_DISTRIBUTION(.y = "y", .law = "normal", .per_unit = "mean"),
    CC_DISTRIBUTION(.y = "y", .law = "z", .over = ""),
    CC_DISTRIBUTION(.y = "y", .law = "chi2(3)", .over = ""),
    CC_ULP(.y = "y", .other = "z", .abs = 4),
};

static void examine(const cc_check *check, const cc_result *r)
{
    char text[256];
    cc_check_describe(check, text, sizeof text);
    int exact = check->over && !*check->over, sound = 1;
    sound &= r->verdict <= CC_ERROR && r->verdict != CC_VACUOUS && r->verdict != CC_SKIPPED;
    sound &= r->verdict == CC_VERIFIED || r->verdict == CC_REFUTED || strlen(r->message) + strlen(r->method) > 0;
    sound &= isnan(r->p) || (r->p >= 0 && r->p <= 1);
    sound &= !exact || isnan(r->p);
    sound &= !(r->low > r->high);
    sound &= r->verdict != CC_VERIFIED || isnan(r->p) || r->p <= .05;
    sound &= r->verdict != CC_REFUTED || isnan(r->p) || r->p >= .05;
    sound &= r->verdict == CC_ERROR || r->rows > 0;
    for (size_t i = 0; i < r->n_series; i++) sound &= r->series[i].n <= 400;
    if (!sound)
        fail_msg("%s: %s [%g, %g] p = %g: %s; %s", text, cc_verdict_name(r->verdict), r->low, r->high, r->p, r->method, r->message);
}

static void test_any_table(void **state)
{
    (void)state;
    size_t count[CC_ERROR + 1] = {0};
    for (uint64_t trial = 1; trial <= TRIALS; trial++) {
        cc_table *t = wild(trial);
        for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
            cc_result r;
            cc_judge(t, &checks[k], NULL, &r);
            examine(&checks[k], &r);
            count[r.verdict]++;
            cc_result_clear(&r);
            if (cc_judge_null(t, &checks[k], NULL, &r)) cc_result_clear(&r);
        }
        cc_table_free(t);
    }
    for (int v = CC_VERIFIED; v <= CC_INCONCLUSIVE; v++) assert_true(count[v] > 50);
    print_message("%zu verified, %zu refuted, %zu inconclusive, %zu errors\n", count[CC_VERIFIED], count[CC_REFUTED],
                  count[CC_INCONCLUSIVE], count[CC_ERROR]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
