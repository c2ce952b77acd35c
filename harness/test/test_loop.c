/* The loop of a benchmark, over a backend that counts instead of timing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/core/loop.h"
#include "harness/family.h"
#include "harness/testing.h"

typedef struct fake_clock {
    int64_t iterations;
    int grants;
    int64_t items;
    double counter;
    char skipped[512];
} fake_clock;

static int64_t grant(void *state)
{
    fake_clock *c = state;
    return c->grants++ == 0 && !c->skipped[0] ? c->iterations : 0;
}

static int64_t arg(const void *state, int i) { return ((const fake_clock *)state)->iterations + i; }
static void items(void *state, int64_t n) { ((fake_clock *)state)->items = n; }
static void counter(void *state, const char *name, double value)
{
    assert_string_equal(name, "value");
    ((fake_clock *)state)->counter = value;
}
static void note_skip(void *state, const char *why) { snprintf(((fake_clock *)state)->skipped, 512, "%s", why); }
static const cc_loop_backend backend = {grant, arg, items, counter, note_skip};

static fake_clock looped(int64_t iterations, void (*body)(cc_loop *loop))
{
    fake_clock c = {.iterations = iterations};
    cc_loop_call(&backend, &c, body);
    return c;
}

static void counting(cc_loop *loop)
{
    int64_t n = 0;
    while (cc_loop_next(loop)) n++;
    cc_loop_items(loop, n);
    cc_loop_counter(loop, "value", (double)cc_loop_arg(loop, 2));
}

static void runs_as_often_as_granted(void **state)
{
    (void)state;
    for (int64_t n = 0; n <= 3; n++) {
        fake_clock c = looped(n, counting);
        assert_int_equal(c.items, n);
        assert_int_equal(c.grants, n ? 2 : 1); /* the clock is started and stopped once */
        assert_true(c.counter == (double)n + 2);
    }
}

static void leaving_early(cc_loop *loop)
{
    for (int64_t n = 0; cc_loop_next(loop); n++) {
        cc_loop_items(loop, n);
        if (n == 4) cc_loop_skip(loop, "enough");
    }
}

static void a_skip_ends_the_loop(void **state)
{
    (void)state;
    fake_clock c = looped(100, leaving_early);
    assert_int_equal(c.items, 4);
    assert_string_equal(c.skipped, "enough");
}

static void stepping(cc_loop *loop)
{
    cc_run *run = cc_loop_start(loop, "faulty.walk", "faulty.point");
    const double before = *(const double *)cc_test_candidate(run);
    assert_true(cc_known(cc_oracle_of(cc_loop_run(loop, "faulty.point")), "x") > 0);
    assert_non_null(cc_loop_run(loop, NULL));
    while (cc_loop_next(loop)) assert_int_equal(cc_loop_step(run), CC_OK);
    cc_loop_counter(loop, "value", *(const double *)cc_test_candidate(run) - before);
}

static void runs_step(void **state)
{
    (void)state;
    const double one = looped(1, stepping).counter, many = looped(20, stepping).counter;
    assert_true(isfinite(one) && one != 0);
    assert_true(isfinite(many) && many != one);
}

/* More runs than may be open at once: each lasts for its iteration, those from before the loop for all. */
static void starting_inside(cc_loop *loop)
{
    cc_run *before = cc_loop_run(loop, "faulty.point");
    double sum = 0;
    while (cc_loop_next(loop)) {
        cc_run *run = cc_loop_start(loop, "faulty.walk", "faulty.point");
        cc_loop_step(run);
        sum += *(const double *)cc_test_candidate(run) - *(const double *)cc_oracle_of(before)->instance;
    }
    cc_loop_counter(loop, "value", sum);
}

static void runs_inside_the_loop_last_for_an_iteration(void **state)
{
    (void)state;
    const double one = looped(1, starting_inside).counter;
    fake_clock c = looped(50, starting_inside);
    assert_string_equal(c.skipped, "");
    assert_true(fabs(c.counter - 50 * one) < 1e-12);
}

static void too_many(cc_loop *loop)
{
    for (int i = 0; i < 20; i++) {
        cc_loop_run(loop, NULL);
        cc_loop_items(loop, i + 1);
    }
}

static void absent(cc_loop *loop)
{
    cc_loop_run(loop, "faulty.point(absent=true)");
    cc_loop_items(loop, 1); /* not reached */
}

static void misnamed(cc_loop *loop)
{
    cc_loop_start(loop, "faulty.wlak", "faulty.point");
    cc_loop_items(loop, 1);
}

static void a_run_that_cannot_be_made_ends_the_body(void **state)
{
    (void)state;
    fake_clock c = looped(5, absent);
    assert_int_equal(c.items, 0);
    assert_non_null(strstr(c.skipped, "the data of this point are absent"));
    c = looped(5, misnamed);
    assert_int_equal(c.items, 0);
    assert_non_null(strstr(c.skipped, "faulty.walk"));
    c = looped(5, too_many);
    assert_int_equal(c.items, 16);
    assert_non_null(strstr(c.skipped, "16"));
}

static void ranges(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        int64_t values[4];
    } good[] = {
        {"64..4096*4", 4, {64, 256, 1024, 4096}}, {"50 100 200", 3, {50, 100, 200}}, {"0..6+3", 3, {0, 3, 6}}, {"7", 1, {7}}};
    static const char *const bad[] = {"", "many", "0.5", "1e300", "3 4x"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t n;
        int64_t *values = cc_loop_values(good[i].text, &n);
        assert_non_null(values);
        assert_int_equal(n, good[i].n);
        assert_memory_equal(values, good[i].values, n * sizeof *values);
        free(values);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t n;
        assert_null(cc_loop_values(bad[i], &n));
    }
}

int main(void)
{
    char trials[4096];
    snprintf(trials, sizeof trials, "%s/test/plugins", getenv("CLAIMCHECK_BUILD"));
    setenv("CLAIMCHECK_PLUGIN_PATH", trials, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_as_often_as_granted),
        cmocka_unit_test(a_skip_ends_the_loop),
        cmocka_unit_test(runs_step),
        cmocka_unit_test(runs_inside_the_loop_last_for_an_iteration),
        cmocka_unit_test(a_run_that_cannot_be_made_ends_the_body),
        cmocka_unit_test(ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
