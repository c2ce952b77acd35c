/* The search for the worst instance, on a claim whose worst instance is known (plugins/stress_peak.c). */
#include "harness/test/command.h"

static void test_finds_the_peak(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("stress", "stress_peak.holds", "-n", "120", "--json"), 0);
    cJSON *json = said_json();
    double kappa, tilt, seed;
    assert_int_equal(sscanf(text_of(json, "worst"), "kappa=%lf tilt=%lf seed=%lf", &kappa, &tilt, &seed), 3);
    assert_true(number_of(json, "closeness") > .99 / 1.25 && number_of(json, "closeness") <= 1 / 1.25);
    assert_true(kappa > 700 && kappa < 1400 && tilt > .1 && tilt < .4);
    assert_string_equal(text_of(json, "verdict"), "verified");
    assert_true(number_of(json, "instances") <= 120);
    cJSON_Delete(json);
}

static void test_breaks_a_bound(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("stress", "stress_peak.breaks", "-n", "60", "--save", scratch(".")), 1);
    assert_mentions(said_out, "refuted");
    assert_int_equal(COMMAND("stress", "--replay", scratch(".")), 0); /* a known worst instance that is as it was */
    assert_mentions(said_out, "same  stress_peak.breaks");
    FILE *file = fopen(scratch("stress_peak.txt"), "w");
    assert_non_null(file);
    fputs("breaks\tquick\t0.5\tverified\tkappa=1000 tilt=0.25 seed=0\n", file);
    fclose(file);
    assert_int_equal(COMMAND("stress", "--replay", scratch(".")), 1);
    assert_mentions(said_out, "OTHER stress_peak.breaks");
}

static void test_is_deterministic(void **state)
{
    (void)state;
    char first[4096];
    assert_int_equal(COMMAND("stress", "stress_peak.holds", "-n", "20", "--seed", "7"), 0);
    snprintf(first, sizeof first, "%.4000s", said_out);
    assert_int_equal(COMMAND("stress", "stress_peak.holds", "-n", "20", "--seed", "7"), 0);
    assert_string_equal(first, said_out);
}

static void test_instances_that_cannot_be_made_are_counted(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("stress", "stress_peak.holds", "-n", "12", "--over", "tilt=.95..1 kappa=1..10"), 2);
    assert_mentions(said_out, "12 could not be judged; first:");
    assert_mentions(said_out, "too steep");
}

static void test_bad_words(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("stress"), 3);
    assert_mentions(said_err, "a claim, or --replay DIR, is needed");
    assert_int_equal(COMMAND("stress", "stress_peak"), 3);
    assert_mentions(said_err, "is not one claim");
    assert_int_equal(COMMAND("stress", "stress_peak.hold"), 3);
    assert_mentions(said_err, "holds");
    assert_int_equal(COMMAND("stress", "stress_peak.holds", "--over", "kapa=1..2"), 3);
    assert_mentions(said_err, "no numeric parameter 'kapa'");
    assert_int_equal(COMMAND("stress", "stress_peak.holds", "--over", "shape=1..2"), 3);
    assert_int_equal(COMMAND("stress", "stress_peak.holds", "--over", "kappa=2"), 3);
    assert_mentions(said_err, "name=low..high");
    assert_int_equal(COMMAND("stress", "stress_peak.holds", "--over", "kappa=5..2"), 3);
    assert_mentions(said_err, "empty");
    assert_int_equal(COMMAND("stress", "--replay", "nowhere"), 1);
    assert_mentions(said_err, "no saved case");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_the_peak),   cmocka_unit_test(test_breaks_a_bound),
        cmocka_unit_test(test_is_deterministic), cmocka_unit_test(test_instances_that_cannot_be_made_are_counted),
        cmocka_unit_test(test_bad_words),
    };
    return cmocka_run_group_tests(tests, command_setup, scratch_remove);
}
