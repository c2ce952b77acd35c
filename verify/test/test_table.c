/* Tables, the selection of rows, what a check may say, and the rules of verdicts. */
#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_columns(void **state)
{
    (void)state;
    cc_table *t = cc_table_new(), *more = cc_table_new();
    assert_int_equal(cc_table_append(t), 0);
    int x = cc_table_column(t, "x", 0), name = cc_table_column(t, "name", 1);
    assert_int_equal(cc_table_column(t, "x", 0), x);
    assert_int_equal(cc_table_column(t, "x", 1), -1);
    assert_int_equal(cc_table_find(t, "y"), -1);
    assert_true(isnan(cc_table_get(t, 0, (size_t)x)));
    assert_string_equal(cc_table_text(t, 0, (size_t)name), "");
    for (size_t i = 0; i < 1000; i++) {
        char text[16];
        snprintf(text, sizeof text, "t%zu", i % 7);
        size_t row = new_row(t);
        cc_table_set(t, row, (size_t)x, (double)i);
        assert_int_equal(cc_table_set_text(t, row, (size_t)name, text), 0);
    }
    assert_int_equal(cc_table_rows(t), 1001);
    assert_ptr_equal(cc_table_text(t, 3, (size_t)name), cc_table_text(t, 10, (size_t)name)); /* interned */
    assert_true(cc_table_numbers(t, (size_t)x)[500] == 499);
    assert_null(cc_table_numbers(t, (size_t)name));
    size_t row = new_row(more);
    put(more, row, "z", 5);
    put_text(more, row, "name", "new");
    assert_int_equal(cc_table_extend(t, more), 0);
    assert_int_equal(cc_table_rows(t), 1002);
    assert_string_equal(cc_table_text(t, 1001, (size_t)name), "new");
    assert_true(isnan(cc_table_get(t, 1001, (size_t)x)) && cc_table_get(t, 1001, (size_t)cc_table_find(t, "z")) == 5);
    assert_true(isnan(cc_table_get(t, 0, (size_t)cc_table_find(t, "z"))));
    put_text(more, row, "x", "text");
    assert_int_equal(cc_table_extend(t, more), -1); /* x holds numbers there */
    cc_table_clear(t);
    assert_int_equal(cc_table_rows(t), 0);
    assert_int_equal(cc_table_columns(t), 3);
    cc_table_free(t);
    cc_table_free(more);
    cc_table_free(NULL);
}

static cc_table *grid(void)
{
    static const char *const arm[] = {"page", "vr"};
    cc_table *t = cc_table_new();
    for (int seed = 0; seed < 4; seed++)
        for (int k = 0; k < 2; k++)
            for (int mu = 0; mu < 3; mu++) {
                size_t row = new_row(t);
                put(t, row, "seed", seed);
                put_text(t, row, "arm", arm[k]);
                put(t, row, "mu", mu / 2.);
                put(t, row, "y", seed + 10 * k + 100 * mu);
                put(t, row, "step", 2 - mu);
            }
    return t;
}

static size_t rows_judged(const cc_table *t, const char *where)
{
    const cc_check check = CC_BOUND(.y = "y", .is = CC_AT_MOST(1e9), .where = where);
    cc_result r;
    cc_judge(t, &check, NULL, &r);
    size_t rows = r.verdict == CC_ERROR ? 0 : r.rows;
    cc_result_clear(&r);
    return rows;
}

static void test_where(void **state)
{
    (void)state;
    cc_table *t = grid();
    assert_int_equal(rows_judged(t, NULL), 24);
    assert_int_equal(rows_judged(t, ""), 24);
    assert_int_equal(rows_judged(t, "arm=vr"), 12);
    assert_int_equal(rows_judged(t, "arm!=vr mu=1,0.5"), 8);
    assert_int_equal(rows_judged(t, " arm=page,vr  seed>=1 seed<3 mu!=1 "), 8);
    assert_int_equal(rows_judged(t, "seed>2"), 6);
    assert_int_equal(rows_judged(t, "seed<=0"), 6);
    assert_int_equal(rows_judged(t, "arm=nobody"), 0);
    assert_int_equal(rows_judged(t, "nothing=1"), 0);
    assert_int_equal(rows_judged(t, "arm>vr"), 0);
    assert_int_equal(rows_judged(t, "mu=half"), 0);
    assert_int_equal(rows_judged(t, "mu"), 0);
    cc_table_free(t);
}

static void expect(const cc_table *t, cc_check check, double estimate)
{
    cc_result r;
    cc_judge(t, &check, NULL, &r);
    if (!(fabs(r.estimate - estimate) < 1e-12)) fail_msg("%s: %g, not %g: %s", r.quantity, r.estimate, estimate, r.message);
    cc_result_clear(&r);
}

/* y of seed 0, arm page is 0, 100, 200 along mu, and the other way along step. */
static void test_per_unit(void **state)
{
    (void)state;
    cc_table *t = grid();
    const char *where = "seed=0 arm=page";
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "max", .is = CC_AT_MOST(9)), 200);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "min", .is = CC_AT_MOST(9)), 0);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "range", .is = CC_AT_MOST(9)), 200);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "sum", .is = CC_AT_MOST(9)), 300);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "mean", .is = CC_AT_MOST(9)), 100);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "median", .is = CC_AT_MOST(9)), 100);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "count", .is = CC_AT_MOST(2)), 3);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "last", .is = CC_AT_MOST(-1)), 0); /* by step */
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "first", .is = CC_AT_MOST(9)), 200);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = where, .per_unit = "sum", .over = "", .is = CC_AT_MOST(9)), 300);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = "mu=0 arm=vr", .across = "max", .is = CC_AT_MOST(9)), 13);
    expect(t, (cc_check)CC_BOUND(.y = "y", .where = "mu=0 arm=vr", .across = "mean", .over = "", .is = CC_AT_MOST(9)), 11.5);
    cc_table_free(t);
}

static void test_by(void **state)
{
    (void)state;
    cc_table *t = grid();
    cc_result r;
    const cc_check check = CC_BOUND(.y = "y", .by = "arm mu", .is = CC_AT_MOST(212));
    cc_judge(t, &check, NULL, &r);
    assert_int_equal(r.verdict, CC_REFUTED); /* 213 for arm vr, mu 1, seed 3 alone */
    assert_non_null(strstr(r.message, "arm=vr mu=1"));
    assert_non_null(strstr(r.message, "6 groups"));
    assert_non_null(strstr(r.worst, "seed=3"));
    assert_int_equal(r.rows, 24);
    cc_result_clear(&r);
    cc_table_free(t);
}

/* Seeds are independent, points are not: three points a seed make four units, not twelve. */
static void test_labels(void **state)
{
    (void)state;
    cc_table *t = grid();
    cc_result r;
    const cc_judge_options options = {.labels = "mu"};
    const cc_check check = CC_ORDERING(.y = "y", .chain = "page < vr");
    cc_judge(t, &check, &options, &r);
    assert_int_equal(r.units, 4);
    assert_true(fabs(r.p - 1. / 16) < 1e-12 && r.estimate == -10);
    assert_int_equal(r.verdict, CC_INCONCLUSIVE);
    cc_result_clear(&r);
    cc_table_free(t);
}

static void test_valid(void **state)
{
    (void)state;
    const cc_check wrong[] = {
        {0},
        CC_EXPONENT(.y = "y", .is = CC_AT_MOST(1)),
        CC_EXPONENT(.x = "x", .y = "y"),
        CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1), .chain = "a < b"),
        CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1), .logs = 1, .semilog = 1),
        CC_EXPONENT(.x = "x", .y = "y", .is = CC_WITHIN(2, 1)),
        CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(NAN)),
        CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1), .from = 9, .to = 2),
        CC_BOUND(.y = "y", .other = "z", .is = CC_AT_MOST(1)),
        CC_BOUND(.y = "y", .across = "share", .is = CC_AT_LEAST(.9)),
        CC_BOUND(.y = "y", .other = "z", .se = 2),
        CC_BOUND(.y = "y", .other = "z", .rel = -1),
        CC_BOUND(.y = "y", .other = "z", .per_unit = "mode"),
        CC_BOUND(.y = "y", .other = "z", .across = "sum"),
        CC_SCALING(.y = "y", .se = 2),
        CC_ORDERING(.y = "y"),
        CC_PROBABILITY(.y = "y", .x = "x", .is = CC_AT_LEAST(1)),
        CC_EQUALITY(.y = "y", .is = CC_AT_MOST(1)),
        CC_DISTRIBUTION(.y = "y"),
        CC_ULP(.y = "y", .abs = 1),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!cc_check_valid(&wrong[i])) fail_msg("check %zu passed", i);
    assert_string_equal(cc_check_valid(&wrong[3]), "`chain` is not used by kind exponent");
    const cc_check right = CC_EXPONENT(.x = "n", .y = "evals", .is = CC_WITHIN(.45, .68));
    char text[200];
    assert_null(cc_check_valid(&right));
    cc_check_describe(&right, text, sizeof text);
    assert_string_equal(text, "slope of log evals on log n within [0.45, 0.68]");
    for (int kind = CC_KIND_EXPONENT; kind <= CC_KIND_ULP; kind++) { /* a short buffer is filled, not overrun */
        const cc_check check = {.kind = (cc_kind)kind, .y = "y", .where = "a=1", .chain = "a < b", .law = "normal"};
        char small[9];
        cc_check_describe(&check, small, sizeof small);
        assert_true(strlen(small) < sizeof small);
    }
}

static void test_verdicts(void **state)
{
    (void)state;
    const cc_verdict v = CC_VERIFIED, r = CC_REFUTED, i = CC_INCONCLUSIVE, s = CC_SKIPPED, e = CC_ERROR;
    assert_int_equal(cc_verdict_all((cc_verdict[]){v, v}, 2), v);
    assert_int_equal(cc_verdict_all((cc_verdict[]){v, i, r}, 3), r);
    assert_int_equal(cc_verdict_all((cc_verdict[]){v, i, e}, 3), e);
    assert_int_equal(cc_verdict_all((cc_verdict[]){v, i}, 2), i);
    assert_int_equal(cc_verdict_all((cc_verdict[]){v, s}, 2), v);
    assert_int_equal(cc_verdict_all((cc_verdict[]){s, s}, 2), s);
    assert_int_equal(cc_verdict_all(NULL, 0), i);
    assert_int_equal(cc_verdict_controlled(v, (int[]){1, 1}, 2), v);
    assert_int_equal(cc_verdict_controlled(v, (int[]){1, 0, -1}, 3), CC_VACUOUS);
    assert_int_equal(cc_verdict_controlled(v, (int[]){1, -1}, 2), i);
    assert_int_equal(cc_verdict_controlled(r, (int[]){0}, 1), r);
    assert_string_equal(cc_verdict_name(v), "verified");
    assert_string_equal(cc_kind_name(CC_KIND_LINEAR_RATE), "linear_rate");
    for (int k = CC_VERIFIED; k <= CC_ERROR; k++) assert_int_equal(strlen(cc_verdict_mark((cc_verdict)k)), 1);
}

/* Holm (1979), by hand: .01 x 4, .02 x 3, .03 x 2, .4, made monotone. */
static void test_holm(void **state)
{
    (void)state;
    const double p[] = {.03, NAN, .01, .4, .02};
    double adjusted[5];
    cc_holm(p, 5, adjusted);
    assert_true(isnan(adjusted[1]));
    assert_true(fabs(adjusted[2] - .04) < 1e-15 && fabs(adjusted[4] - .06) < 1e-15 && fabs(adjusted[0] - .06) < 1e-15 &&
                adjusted[3] == .4);
}

static void test_errors(void **state)
{
    (void)state;
    cc_table *t = cc_table_new();
    const cc_check check = CC_BOUND(.y = "y", .is = CC_AT_MOST(1));
    cc_result r;
    cc_judge(t, &check, NULL, &r);
    assert_int_equal(r.verdict, CC_ERROR);
    assert_non_null(strstr(r.message, "no rows"));
    cc_result_clear(&r);
    size_t row = new_row(t);
    put(t, row, "y", 1);
    cc_judge(t, &check, NULL, &r);
    assert_non_null(strstr(r.message, "no column `seed`"));
    cc_result_clear(&r);
    put(t, row, "y", NAN);
    put(t, row, "seed", 0);
    cc_judge(t, &check, NULL, &r);
    assert_int_equal(r.verdict, CC_ERROR);
    cc_result_clear(&r);
    put(t, row, "x", 2);
    put(t, row, "y", -1);
    const cc_check slope = CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(1));
    cc_judge(t, &slope, NULL, &r);
    assert_int_equal(r.verdict, CC_ERROR);
    assert_non_null(strstr(r.message, "no logarithm"));
    cc_result_clear(&r);
    cc_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),  cmocka_unit_test(test_where),  cmocka_unit_test(test_per_unit),
        cmocka_unit_test(test_by),       cmocka_unit_test(test_labels), cmocka_unit_test(test_valid),
        cmocka_unit_test(test_verdicts), cmocka_unit_test(test_holm),   cmocka_unit_test(test_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
