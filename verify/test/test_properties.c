/* What must not change a verdict: units of measurement, the order of rows, the names of seeds. And: nothing is better than itself.
 */
#include "synthetic.h"

#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { TRIALS = 40 };

/* A row for each seed, arm and x: y a noisy power or decay, other near it, near within a few last places, hit 0 or 1, class 0 to 2.
 */
static cc_table *campaign(uint64_t stream)
{
    cc_table *t = cc_table_new();
    size_t seeds = 5 + (size_t)(cc_hash_uniform(stream, 0) * 12);
    double slope = -1 + 2 * cc_hash_uniform(stream, 1), sigma = .05 + .5 * cc_hash_uniform(stream, 2);
    for (size_t u = 0; u < seeds; u++)
        for (size_t k = 0; k < 2; k++)
            for (size_t i = 0; i < 8; i++) {
                size_t row = new_row(t);
                uint64_t z = (u * 2 + k) * 8 + i;
                double x = pow(2, (double)i + 1);
                put(t, row, "seed", (double)u);
                put_text(t, row, "arm", k ? "b" : "a");
                put(t, row, "x", x);
                put(t, row, "y", pow(x, slope) * exp(sigma * noise(stream, z) + .2 * (double)k));
                put(t, row, "other", pow(x, slope) * 1.2);
                put(t, row, "hit", cc_hash_uniform(stream + 1, z) < .8);
                put(t, row, "class", floor(3 * cc_hash_uniform(stream + 2, z)));
                put(t, row, "near", pow(x, slope) * 1.2 * (1 + 4 * DBL_EPSILON * cc_hash_uniform(stream + 3, z)));
                put(t, row, "error", 10 / x * (1 + sigma * cc_hash_uniform(stream + 4, z)));
            }
    return t;
}

/* The rows in an order that the stream decides, seeds renamed, columns times factors. */
static cc_table *altered(const cc_table *from, uint64_t stream, int rename, double factor_x, double factor_y)
{
    cc_table *t = cc_table_new();
    size_t n = cc_table_rows(from), *order = calloc(n, sizeof *order);
    for (size_t i = 0; i < n; i++) order[i] = i;
    for (size_t i = n; i-- > 1 && stream;) {
        size_t j = (size_t)(cc_hash_uniform(stream, i) * (double)(i + 1)), k = order[i];
        order[i] = order[j];
        order[j] = k;
    }
    for (size_t i = 0; i < n; i++) {
        size_t row = new_row(t), at = order[i];
        double seed = cc_table_get(from, at, 0);
        put(t, row, "seed", rename ? fmod(seed * 7 + 3, 101) : seed);
        put_text(t, row, "arm", cc_table_text(from, at, 1));
        put(t, row, "x", factor_x * cc_table_get(from, at, 2));
        put(t, row, "y", factor_y * cc_table_get(from, at, 3));
        put(t, row, "other", factor_y * cc_table_get(from, at, 4));
        put(t, row, "hit", cc_table_get(from, at, 5));
        put(t, row, "class", cc_table_get(from, at, 6));
        put(t, row, "near", factor_y * cc_table_get(from, at, 7));
        put(t, row, "error", factor_y * cc_table_get(from, at, 8));
    }
    free(order);
    return t;
}

static const cc_check invariant[] = {
    CC_EXPONENT(.x = "x", .y = "y", .where = "arm=a", .is = CC_AT_MOST(.1)),
    CC_EXPONENT(.x = "x", .y = "y", .where = "arm=a", .across = "mean", .is = CC_WITHIN(-.5, .5)),
    CC_EXPONENT(.x = "x", .y = "y", .other = "other", .by = "arm", .is = CC_WITHIN(-.1, .1)),
    CC_ORDERING(.y = "y", .chain = "a < b", .per_unit = "sum"),
    CC_ORDERING(.y = "y", .chain = "b < a", .where = "arm=a,b", .per_unit = "median"),
    CC_BOUND(.x = "x", .y = "y", .other = "other", .where = "arm=a"),
    CC_BOUND(.x = "x", .y = "y", .other = "other", .where = "arm=a", .across = "mean"),
    CC_BOUND(.x = "x", .y = "y", .other = "other", .where = "arm=b", .across = "median"),
    CC_BOUND(.x = "x", .y = "y", .other = "other", .across = "share", .is = CC_AT_LEAST(.5), .rel = .3),
    CC_SCALING(.x = "x", .y = "y", .other = "other", .where = "arm=a", .is = CC_WITHIN(.6, 1.1)),
    CC_SCALING(.x = "x", .y = "y", .other = "other", .where = "arm=b", .se = 3),
    CC_EQUALITY(.x = "x", .y = "y", .other = "other", .where = "arm=b", .across = "mean", .rel = .3),
    CC_PROBABILITY(.y = "hit", .per_unit = "min", .where = "arm=a", .is = CC_AT_MOST(.5)),
    CC_EXPONENT(.x = "x", .y = "y", .where = "arm=a", .over = "", .is = CC_AT_LEAST(-.1)),
    CC_EXPONENT(.x = "x", .y = "y", .where = "arm=a", .semilog = 1, .is = CC_AT_MOST(0)),
    CC_EXPONENT(.x = "1/x", .y = "y", .where = "arm=b", .per_unit = "mean", .across = "median", .is = CC_AT_MOST(.2)),
    CC_LINEAR_RATE(.x = "x", .y = "y", .where = "arm=a"),
    CC_LINEAR_RATE(.x = "x", .y = "error", .where = "arm=b", .over = ""),
    CC_LINEAR_RATE(.x = "x", .y = "error", .across = "rms"),
    CC_ORDER(.x = "x", .y = "error", .where = "arm=a", .is = CC_WITHIN(.5, 2)),
    CC_ORDER(.x = "x", .y = "error", .semilog = 3, .by = "arm", .is = CC_AT_MOST(-.5)),
    CC_ORDER(.x = "x", .y = "error", .where = "arm=a", .by = "seed", .over = "", .is = CC_AT_LEAST(.9)),
    CC_BOUND(.x = "x", .y = "y", .other = "other", .across = "rms", .where = "arm=a", .se = 1),
    CC_BOUND(.x = "x", .y = "y", .other = "other", .across = "max", .by = "arm", .rel = .5),
    CC_SCALING(.x = "x", .y = "y", .other = "other", .where = "arm=b", .across = "median", .is = CC_AT_LEAST(.7)),
    CC_ORDERING(.y = "error", .chain = "a < b", .over = "", .per_unit = "max"),
    CC_EQUALITY(.x = "x", .y = "y", .other = "other", .where = "arm=a", .rel = .9),
    CC_EQUALITY(.x = "x", .y = "y", .other = "other", .where = "arm=a", .se = 3, .rel = .01),
    CC_PROBABILITY(.y = "hit", .over = "", .where = "arm=a", .is = CC_AT_LEAST(.75)),
    CC_DISTRIBUTION(.y = "y", .law = "other", .per_unit = "median"),
    CC_DISTRIBUTION(.y = "y", .law = "other", .over = ""),
    CC_DISTRIBUTION(.y = "class", .law = "discrete(.3,.4,.3)", .over = ""),
};

/* Distances in last places keep under powers of 2 alone. */
static const cc_check in_bits[] = {
    CC_ULP(.x = "x", .y = "near", .other = "other", .abs = 5),
    CC_ULP(.y = "near", .other = "other", .abs = 2, .per_unit = "max"),
    CC_EQUALITY(.x = "x", .y = "near", .other = "other", .rel = 1e-15),
};

enum { KINDS = CC_KIND_ULP + 1 };

static void same(const cc_table *a, const cc_table *b, const cc_check *check)
{
    cc_result r, s;
    cc_judge(a, check, NULL, &r);
    cc_judge(b, check, NULL, &s);
    if (r.verdict != s.verdict) {
        char text[256];
        cc_check_describe(check, text, sizeof text);
        fail_msg("%s: %s [%.17g, %.17g] became %s [%.17g, %.17g]", text, cc_verdict_name(r.verdict), r.low, r.high,
                 cc_verdict_name(s.verdict), s.low, s.high);
    }
    cc_result_clear(&r);
    cc_result_clear(&s);
}

static void test_invariance(void **state)
{
    (void)state;
    size_t decided = 0, verified[KINDS] = {0}, refuted[KINDS] = {0};
    for (uint64_t trial = 1; trial <= TRIALS; trial++) {
        cc_table *t = campaign(1000 * trial), *permuted = altered(t, trial, 0, 1, 1), *renamed = altered(t, trial + 7, 1, 1, 1);
        cc_table *scaled = altered(t, 0, 0, 37.5, 1 / 1024.), *units = altered(t, trial, 1, 1e-3, 1e6);
        cc_table *tiny = altered(t, 0, 0, 1, 0x1p-400),
                 *huge = altered(t, 0, 0, 1, 0x1p400); /* their squares' squares are no numbers */
        for (size_t k = 0; k < sizeof invariant / sizeof *invariant; k++) {
            cc_verdict v = verdict_of(t, invariant[k]);
            assert_int_not_equal(v, CC_ERROR);
            decided += v != CC_INCONCLUSIVE;
            verified[invariant[k].kind] += v == CC_VERIFIED;
            refuted[invariant[k].kind] += v == CC_REFUTED;
            same(t, permuted, &invariant[k]);
            same(t, renamed, &invariant[k]);
            same(t, scaled, &invariant[k]);
            same(t, units, &invariant[k]);
            same(t, tiny, &invariant[k]);
            same(t, huge, &invariant[k]);
        }
        for (size_t k = 0; k < sizeof in_bits / sizeof *in_bits; k++) {
            verified[in_bits[k].kind] += verdict_of(t, in_bits[k]) == CC_VERIFIED;
            refuted[in_bits[k].kind] += verdict_of(t, in_bits[k]) == CC_REFUTED;
            same(t, permuted, &in_bits[k]);
            same(t, renamed, &in_bits[k]);
            same(t, scaled, &in_bits[k]);
        }
        cc_table_free(t), cc_table_free(permuted), cc_table_free(renamed), cc_table_free(scaled), cc_table_free(units);
        cc_table_free(tiny), cc_table_free(huge);
    }
    assert_true(decided > TRIALS * 4); /* the property is not about open verdicts alone */
    for (int kind = CC_KIND_EXPONENT; kind < KINDS; kind++)
        if (!verified[kind] || !refuted[kind])
            fail_msg("%s: %zu verified, %zu refuted", cc_kind_name((cc_kind)kind), verified[kind], refuted[kind]);
}

/* Both arms hold the same numbers, whatever they are. */
static void test_identical_arms(void **state)
{
    (void)state;
    for (uint64_t trial = 1; trial <= TRIALS; trial++) {
        cc_table *t = campaign(77 * trial);
        size_t n = cc_table_rows(t);
        for (size_t i = 0; i < n; i++)
            if ((i / 8) % 2) put(t, i, "y", cc_table_get(t, i - 8, 3));
        const cc_check checks[] = {CC_ORDERING(.y = "y", .chain = "a < b", .per_unit = "last"),
                                   CC_ORDERING(.y = "y", .chain = "b < a", .per_unit = "max"),
                                   CC_ORDERING(.y = "y", .chain = "a < b"), CC_ORDERING(.y = "y", .chain = "a < b", .over = "")};
        for (size_t k = 0; k < 4; k++) {
            cc_result r;
            assert_int_not_equal(verdict_of(t, checks[k]), CC_VERIFIED);
            assert_int_equal(cc_judge_null(t, &checks[k], NULL, &r), k < 3);
            assert_int_not_equal(r.verdict, CC_VERIFIED);
            cc_result_clear(&r);
        }
        cc_table_free(t);
    }
}

/* The same bits from the same table. */
static void test_deterministic(void **state)
{
    (void)state;
    cc_table *t = campaign(5);
    for (size_t k = 0; k < sizeof invariant / sizeof *invariant; k++) {
        cc_result r, s;
        cc_judge(t, &invariant[k], NULL, &r);
        cc_judge(t, &invariant[k], NULL, &s);
        assert_memory_equal(&r.estimate, &s.estimate, 6 * sizeof(double));
        cc_result_clear(&r);
        cc_result_clear(&s);
    }
    cc_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_invariance), cmocka_unit_test(test_identical_arms),
                                       cmocka_unit_test(test_deterministic)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
