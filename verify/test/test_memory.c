/* Memory that runs out, at every place: an error with its reason, or a result without its picture; never a crash or a leak. The
 * linker puts the functions below before the library's. */
#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

static size_t calls, fail_at; /* 0: never */

static int fails(void) { return fail_at && ++calls >= fail_at; }
void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t n, size_t size) { return fails() ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *old, size_t size) { return fails() ? NULL : __real_realloc(old, size); }

static double square(double x, const void *with) { return (void)with, x * x; }

static const cc_check checks[] = {
    CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(3)),
    CC_EXPONENT(.x = "x", .y = "y", .across = "mean", .by = "half", .is = CC_AT_MOST(3)),
    CC_LINEAR_RATE(.x = "x", .y = "y"),
    CC_ORDER(.x = "x", .y = "y", .is = CC_AT_LEAST(1)),
    CC_BOUND(.x = "x", .y = "y", .across = "mean", .is = CC_AT_MOST(1e9), .where = "x>=10"),
    CC_SCALING(.x = "x", .y = "y", .se = 3, .other = "y"),
    CC_ORDERING(.x = "half", .y = "y", .chain = "half: rising", .per_unit = "median", .over = "pair"),
    CC_PROBABILITY(.y = "y", .per_unit = "max", .is = CC_AT_LEAST(.5)),
    CC_EQUALITY(.y = "y", .other = "y"),
    CC_DISTRIBUTION(.y = "y", .law = "normal", .per_unit = "mean"),
};

/* Fails the 1st, 2nd, .. allocation and all after it, until the judgement gets by without asking. */
static void test_judge(void **state)
{
    (void)state;
    cc_table *t = curves(square, NULL, 16, 6, 10, 2, .2, 1);
    for (size_t i = 0; i < cc_table_rows(t); i++) {
        put(t, i, "half", (double)((int)cc_table_get(t, i, 0) % 2));
        put(t, i, "pair", floor(cc_table_get(t, i, 0) / 2));
    }
    for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
        size_t errors = 0;
        for (size_t at = 1;; at++) {
            cc_result r;
            calls = 0, fail_at = at;
            cc_judge(t, &checks[k], NULL, &r);
            int reached = calls >= at;
            fail_at = 0;
            if (r.verdict == CC_ERROR) assert_non_null(strstr(r.message, "no memory"));
            errors += r.verdict == CC_ERROR;
            cc_result_clear(&r);
            if (!reached) break;
        }
        assert_true(errors > 3);
    }
    cc_table_free(t);
}

static void test_table(void **state)
{
    (void)state;
    for (size_t at = 1, reached = 1; reached; at++) {
        calls = 0, fail_at = at;
        cc_table *t = cc_table_new();
        int bad = !t;
        for (int i = 0; i < 100 && !bad; i++) {
            char name[16];
            snprintf(name, sizeof name, "c%d", i % 12);
            int j = cc_table_column(t, name, i % 2);
            bad = j < 0 || cc_table_append(t);
            if (!bad && i % 2) bad = cc_table_set_text(t, (size_t)i, (size_t)j, name) != 0;
        }
        reached = calls >= at;
        fail_at = 0;
        assert_int_equal(bad, reached);
        cc_table_free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_judge), cmocka_unit_test(test_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
