/* `claimcheck table`: verdicts as exit codes, what it prints, and what it says to each mistake. */
#include "harness/test/command.h"

#include "verify/csv.h"

#include <math.h>
#include <sys/resource.h>

static FILE *open_file(const char *name)
{
    FILE *file = fopen(scratch(name), "w");
    assert_non_null(file);
    return file;
}

static const char *file(const char *name, const char *text)
{
    FILE *f = open_file(name);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    return scratch(name);
}

/* Deterministic and irregular, about 0, of deviation 1. */
static double wiggle(int i) { return 1.7 * sin(12.9898 * i + 78.233 * sin(3.7 * i)); }

/* 12 runs of "new" and "old": ops like n^1.5 and 3 n^1.5, gap like 0.9^k below its bound, one run in twelve fails. */
static int write_runs(void **state)
{
    (void)state;
    if (command_setup(state) != 0) return -1;
    FILE *f = open_file("runs.csv");
    fprintf(f, "# made by a test\nseed,arm,n,k,ops,hit,gap,bound,failed,half,text\n");
    for (int seed = 0, i = 0; seed < 12; seed++)
        for (int arm = 0; arm < 2; arm++)
            for (int k = 0; k < 9; k++, i++) {
                double n = 16 << k, ops = (arm ? 3 : 1) * pow(n, 1.5) * exp(.1 * wiggle(i)),
                       gap = pow(.9, 10 * k) * exp(.1 * wiggle(i + 1000));
                fprintf(f, "%d,%s,%g,%d,%.17g,%d,%.17g,%.17g,%d,0.5,word\n", seed, arm ? "old" : "new", n, k, ops,
                        k < 8 || seed % 6, gap, 2 * pow(.9, 10 * k), seed == 5);
            }
    fclose(f);
    return 0;
}

#define RUNS(...) COMMAND("table", scratch("runs.csv"), __VA_ARGS__)

static void test_exit_codes(void **state)
{
    (void)state;
    assert_int_equal(RUNS("--x", "n", "--y", "ops", "--at-most", "2", "--where", "arm=new"), 0);
    assert_memory_equal(said_out, "verified  slope of log ops on log n at most 2", 45);
    assert_string_equal(said_err, "");
    assert_int_equal(RUNS("--x", "n", "--y", "ops", "--at-most", "1.2", "--where", "arm=new"), 1);
    assert_memory_equal(said_out, "refuted", 7);
    assert_mentions(said_out, "The data contradict the claim");
    assert_int_equal(RUNS("--x", "n", "--y", "ops", "--at-most", "1.5", "--where", "arm=new"), 2);
    assert_memory_equal(said_out, "inconclusive", 12);
    assert_int_equal(RUNS("--x", "n", "--y", "oops", "--at-most", "2"), 3);
    assert_string_equal(said_out, "");
    assert_int_equal(COMMAND("table"), 3);
    assert_mentions(said_err, "FILE|- is missing");
}

/* Every kind through the command, the claim and its contrary. */
static void test_kinds(void **state)
{
    (void)state;
    static const char *const lines[][18] = {
        {"0", "-k", "exponent", "-x", "n", "-y", "ops", "--within", "1.4,1.6", "--by", "arm"},
        {"1", "-k", "exponent", "-x", "n", "-y", "ops", "--at-least", "1.6", "--by", "arm", "-w", "hit=1"},
        {"0", "-k", "exponent", "-x", "n", "-y", "ops", "--at-most", "1.6", "--log-factors", "1", "--by", "arm"},
        {"0", "-k", "exponent", "-x", "n", "-y", "ops", "--at-most", "1.6", "--by", "arm", "--from", "60", "--to", "1000"},
        {"0", "-k", "linear_rate", "-x", "k", "-y", "gap", "--at-most", "0.5", "--where", "arm=new"},
        {"0", "-k", "bound", "-x", "n", "-y", "gap", "--other", "bound"},
        {"1", "-k", "bound", "-x", "n", "-y", "bound", "--other", "gap"},
        {"0", "-k", "scaling", "-y", "half", "--at-most", "0.6", "--by", "arm", "--per-unit", "mean", "--across", "mean"},
        {"0", "-k", "ordering", "-y", "ops", "--chain", "new < old", "--per-unit", "max"},
        {"1", "-k", "ordering", "-y", "ops", "--chain", "old < new", "--per-unit", "max"},
        {"0", "-k", "probability", "-y", "failed", "--at-most", "0.5", "--per-unit", "max"},
        {"1", "-k", "probability", "-y", "failed", "--at-least", "0.9", "--per-unit", "max"},
        {"0", "-k", "equality", "-y", "half", "--equals", "0.5"},
        {"1", "-k", "equality", "-y", "half", "--equals", "0.25"},
        {"0", "-k", "equality", "-y", "text", "--other", "text"},
        {"1", "-k", "ulp", "-y", "half", "--other", "bound", "--abs", "4"},
        {"1", "-k", "distribution", "-y", "n", "--law", "normal", "--per-unit", "max"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *words[20] = {"table", scratch("runs.csv")};
        for (size_t k = 1; k < 18 && lines[i][k]; k++) words[k + 1] = lines[i][k];
        int code = command(words);
        if (code != lines[i][0][0] - '0') fail_msg("line %zu: %d\n%s%s", i, code, said_out, said_err);
    }
}

static void test_printed(void **state)
{
    (void)state;
    static const char *const parts[] = {"estimate    1.5",
                                        "slope of log ops on log n, p = ",
                                        "method      ",
                                        "window ",
                                        "data        108 rows, 12 independent units (seed)",
                                        "detectable  an effect of ",
                                        "The data bear the claim out: the whole interval agrees with it."};
    assert_int_equal(RUNS("-x", "n", "-y", "ops", "--at-most", "2", "-w", "arm=new"), 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) assert_mentions(said_out, parts[i]);
    assert_int_equal(RUNS("-x", "n", "-y", "ops", "--at-most", "2", "-w", "arm=new", "--json"), 0);
    cJSON *json = said_json();
    assert_string_equal(text_of(json, "verdict"), "verified");
    assert_string_equal(text_of(json, "kind"), "exponent");
    assert_string_equal(text_of(json, "criterion"), "slope of log ops on log n at most 2 (arm=new)");
    assert_mentions(text_of(json, "sentence"), "bear the claim out");
    double low = number_of(json, "low"), high = number_of(json, "high"), estimate = number_of(json, "estimate");
    assert_true(low < estimate && estimate < high && fabs(estimate - 1.5) < .05);
    assert_true(number_of(json, "units") == 12 && number_of(json, "rows") == 108);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "tightness")));
    cJSON_Delete(json);
}

/* Text that a buffer's end cuts within a character is still JSON. */
static void test_unicode(void **state)
{
    (void)state;
    const char *path = file("greek.csv", "seed,\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5"
                                         "x\xce\xb5\xce\xb5\xce\xb5\xce\xb5,y\n1,1,2\n1,2,4\n1,3,6\n2,1,2\n2,2,4\n2,3,7\n");
    COMMAND("table", path, "-x",
            "\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5\xce\xb5x\xce\xb5\xce\xb5\xce\xb5\xce\xb5",
            "-y", "y", "--at-most", "2", "--json");
    cJSON *json = said_json();
    for (const cJSON *item = json->child; item; item = item->next)
        for (const char *c = cJSON_IsString(item) ? item->valuestring : ""; *c; c += cc_utf8_length(c))
            assert_true(cc_utf8_length(c) > 0);
    cJSON_Delete(json);
}

static void test_standard_input(void **state)
{
    (void)state;
    int kept = dup(STDIN_FILENO), from = open(scratch("runs.csv"), O_RDONLY);
    assert_true(kept >= 0 && from >= 0 && dup2(from, STDIN_FILENO) >= 0);
    int code = COMMAND("table", "-", "-x", "n", "-y", "ops", "--at-most", "2", "--by", "arm");
    dup2(kept, STDIN_FILENO);
    close(kept);
    close(from);
    assert_int_equal(code, 0);
    assert_mentions(said_out, "weakest of 2 groups");
}

static void test_plot(void **state)
{
    (void)state;
    assert_int_equal(RUNS("-x", "n", "-y", "ops", "--at-most", "2", "--by", "arm", "--plot", scratch("a.svg")), 0);
    read_said("a.svg", said_out, sizeof said_out);
    assert_memory_equal(said_out, "<svg ", 5);
    assert_mentions(said_out, "arm=new, fit");
    assert_mentions(said_out, ">verified</text>");
    assert_int_equal(RUNS("-x", "n", "-y", "ops", "--at-most", "2", "--by", "arm", "--plot", "/nowhere/a.svg"), 3);
    assert_mentions(said_err, "/nowhere/a.svg: No such file or directory");
    assert_int_equal(RUNS("-k", "equality", "-y", "text", "--other", "text", "--plot", scratch("none.svg")), 3);
    assert_mentions(said_err, "none.svg: this result has no points to draw");
    assert_false(exists(scratch("none.svg")));
    if (exists("/dev/full")) {
        assert_int_equal(RUNS("-x", "n", "-y", "ops", "--at-most", "2", "--by", "arm", "--plot", "/dev/full"), 3);
        assert_mentions(said_err, "/dev/full: cannot be written");
    }
}

/* A run that was cut off can contradict, never support: it is a lower bound. */
static void test_censored(void **state)
{
    (void)state;
    FILE *f = open_file("cut.csv");
    fprintf(f, "seed,n,ops,hit,word\n");
    for (int seed = 0, i = 0; seed < 10; seed++)
        for (int k = 0; k < 8; k++, i++) {
            double n = 16 << k, ops = pow(n, 2) * exp(.05 * wiggle(i)), most = 20000;
            fprintf(f, "%d,%g,%.9g,%d,%s\n", seed, n, fmin(ops, most), ops < most, ops < most ? "yes" : "no");
        }
    fclose(f);
    const char *path = scratch("cut.csv");
    assert_int_not_equal(COMMAND("table", path, "-x", "n", "-y", "ops", "--at-most", "1.8", "--censored", "hit"), 0);
    assert_mentions(said_out, "cut off");
    COMMAND("table", path, "-x", "n", "-y", "ops", "--at-most", "1.8");
    assert_null(strstr(said_out, "cut off"));
    assert_int_equal(COMMAND("table", path, "-x", "n", "-y", "ops", "--at-most", "1.8", "--censored", "word"), 3);
    assert_mentions(said_err, "--censored: column \"word\" holds text: \"yes\" in row 1 is no number");
    assert_int_equal(COMMAND("table", path, "-x", "n", "-y", "ops", "--at-most", "1.8", "--censored", "hits"), 3);
    assert_mentions(said_err, "--censored: no column \"hits\"; did you mean hit,");
    assert_int_equal(COMMAND("table", path, "-k", "probability", "-y", "hit", "--at-most", "0.5", "--censored", "hit"), 3);
    assert_mentions(said_err, "--censored is not used by kind probability");
    path = file("both.csv", "seed,n,ops,hit,reached\n1,2,3,1,no\n");
    assert_int_equal(COMMAND("table", path, "-x", "n", "-y", "ops", "--at-most", "1", "--censored", "hit"), 3);
    assert_mentions(said_err, "has a column \"reached\" that holds text");
}

/* What is wrong with the options: exit code 3 and these words. */
static void test_wrong_options(void **state)
{
    (void)state;
    static const char *const lines[][12] = {
        {"--y: no column \"opz\"; did you mean ops", "-x", "n", "-y", "opz", "--at-most", "2"},
        {"--x: no column \"m\"; did you mean n", "-x", "m", "-y", "ops", "--at-most", "2"},
        {"--x: no column \"m\"", "-x", "1/m", "-y", "ops", "--at-most", "2"},
        {"--x: column \"arm\" holds text: \"new\" in row 1 is no number", "-x", "arm", "-y", "ops", "--at-most", "2"},
        {"--y: column \"text\" holds text: \"word\" in row 1 is no number", "-x", "n", "-y", "text", "--at-most", "2"},
        {"--group: no column \"seeds\"; did you mean seed", "-x", "n", "-y", "ops", "--at-most", "2", "-g", "arm seeds"},
        {"--by: no column \"arms\"; did you mean arm", "-x", "n", "-y", "ops", "--at-most", "2", "--by", "arms"},
        {"--other: no column \"bond\"; did you mean bound", "-k", "bound", "-y", "gap", "--other", "bond"},
        {"--other: column \"arm\" holds text", "-k", "bound", "-y", "gap", "--other", "arm"},
        {"--best-over: no column \"eta\"", "-k", "ordering", "-y", "ops", "--chain", "new < old", "--best-over", "eta"},
        {"no column `m` (where)", "-x", "n", "-y", "ops", "--at-most", "2", "-w", "m=3"},
        {"no row satisfies `n>1e9`", "-x", "n", "-y", "ops", "--at-most", "2", "-w", "n>1e9"},
        {"where: `arm` is not of the form column=value", "-x", "n", "-y", "ops", "--at-most", "2", "-w", "arm"},
        {"--kind: no kind \"exponnent\"; did you mean exponent", "-k", "exponnent", "-x", "n", "-y", "ops"},
        {"--y is missing", "-x", "n", "--at-most", "2"},
        {"--x is needed by kind exponent", "-y", "ops", "--at-most", "2"},
        {"--at-most, --at-least, --within or --equals is needed by kind exponent", "-x", "n", "-y", "ops"},
        {"--at-most, --at-least, --within and --equals exclude each other", "-x", "n", "-y", "ops", "--at-most", "2", "--equals",
         "2"},
        {"--at-most \"two\": must be a number", "-x", "n", "-y", "ops", "--at-most", "two"},
        {"--at-most \"nan\": must be a number", "-x", "n", "-y", "ops", "--at-most", "nan"},
        {"--equals \"\": must be a number", "-k", "equality", "-y", "half", "--equals", ""},
        {"--within \"2\": must be two numbers", "-x", "n", "-y", "ops", "--within", "2"},
        {"--within \"2,1\": must be two numbers", "-x", "n", "-y", "ops", "--within", "2,1"},
        {"--from \"a\": must be a number", "-x", "n", "-y", "ops", "--at-most", "2", "--from", "a"},
        {"--from exceeds --to", "-x", "n", "-y", "ops", "--at-most", "2", "--from", "9", "--to", "3"},
        {"--chain is not used by kind exponent", "-x", "n", "-y", "ops", "--at-most", "2", "--chain", "a < b"},
        {"--per-unit = lats; valid: last first", "-x", "n", "-y", "ops", "--at-most", "2", "--per-unit", "lats"},
        {"--semilog is 0, 1, 2 or 3", "-x", "n", "-y", "ops", "--at-most", "2", "--semilog", "1.5"},
        {"--rel, --abs and --se must not be negative", "-k", "bound", "-y", "gap", "--other", "bound", "--rel", "-1"},
        {"several rows at one x: reduce them with --per-unit", "-k", "bound", "-y", "gap", "--other", "bound", "--across", "mean"},
        {"no option \"at-mots\"; did you mean at-most", "-x", "n", "-y", "ops", "--at-mots", "2"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *words[20] = {"table", scratch("runs.csv")};
        for (size_t k = 1; k < 12 && lines[i][k]; k++) words[k + 1] = lines[i][k];
        int code = command(words);
        if (code != 3 || !strstr(said_err, lines[i][0])) fail_msg("line %zu: %d\n%s%s", i, code, said_out, said_err);
    }
}

/* What is wrong with the file. */
static void test_wrong_files(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("table", "/nowhere.csv", "-x", "n", "-y", "y", "--at-most", "1"), 3);
    assert_mentions(said_err, "/nowhere.csv: No such file or directory");
    static const char *const files[][2] = {
        {"", "the file is empty"},
        {"n,y\n1\n", "line 2 has 1 field, the header has 2"},
        {"1,2\n3,4\n", "line 1: `1` is no name of a column"},
        {"n,n\n1,2\n", "column `n` is there twice"},
        {"n,y\n", "no rows below the header"},
        {"n,y\n1,\001\n", "byte 0x01 is no text"},
        {"n,y\n1,2\n", "there is no column \"seed\": name the columns that tell runs apart with --group"},
        {"seed,n,y\n1,NA,2\n2,1,\n", "no row has numbers in all of its columns (2 rows)"},
        {"seed,n,y\n0,1,1\n0,2,-3\n1,1,-1\n", "2 of 3 points have no logarithm; the first: y = -3 in row 2"},
        {"seed,n,y\n0,-1,1\n0,2,3\n", "1 of 2 points have no logarithm; the first: n = -1 in row 1"},
        {"seed,n,y\n0,1,0\n0,2,0\n", "no point can be used"},
        {"seed;n;y\n0;1;1,5\n0;2;2,5\n", "--y: column \"y\" holds text: \"1,5\" in row 1 is no number"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int code = COMMAND("table", file("bad.csv", files[i][0]), "-x", "n", "-y", "y", "--at-most", "1");
        if (code != 3 || !strstr(said_err, files[i][1])) fail_msg("file %zu: %d\n%s%s", i, code, said_out, said_err);
    }
}

/* Too little to say: exit code 2 and what would be needed. */
static void test_too_little(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"seed,n,y\n0,1,1\n0,2,3\n1,1,2\n1,2,5\n", "A slope needs at least 3 values of n, 5 to see whether it bends; there are 2."},
        {"seed,n,y\n0,1,1\n0,2,3\n0,4,9\n0,8,20\n", "One run says nothing of others"},
        {"seed,n,y\n0,1,1\n0,2,3\n0,4,9\n0,8,20\n1,1,1\n1,2,2\n1,4,3\n1,8,9\n", "2 units make a wide interval"},
        {"seed,n,y\n0,1,1\n0,2,NA\n0,4,9\n0,8,20\n", "1 of 4 rows have no number and are left out"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int code = COMMAND("table", file("few.csv", files[i][0]), "-x", "n", "-y", "y", "--at-most", "1.5");
        if (code != 2 || !strstr(said_out, files[i][1])) fail_msg("file %zu: %d\n%s%s", i, code, said_out, said_err);
    }
    assert_int_equal(
        COMMAND("table", file("few.csv", "seed,bad\n1,0\n2,0\n3,0\n"), "-k", "probability", "-y", "bad", "--at-most", "0.05"), 2);
    assert_mentions(said_out, "Even without one exception this takes 72 units; there are 3.");
    FILE *f = open_file("enough.csv");
    fprintf(f, "seed,bad\n");
    for (int i = 0; i < 72; i++) fprintf(f, "%d,0\n", i);
    fclose(f);
    assert_int_equal(COMMAND("table", scratch("enough.csv"), "-k", "probability", "-y", "bad", "--at-most", "0.05"), 0);
}

/* A cost eps^-2: "at most" speaks of the power of 1/eps, and so do log factors and the window. */
static void test_accuracy_is_turned(void **state)
{
    (void)state;
    FILE *f = open_file("eps.csv");
    fprintf(f, "seed,eps,calls\n");
    for (int seed = 0, i = 0; seed < 12; seed++)
        for (double eps = .3; eps > 1e-4; eps /= 2, i++)
            fprintf(f, "%d,%.17g,%.17g\n", seed, eps, 7 / (eps * eps) * (1 + .1 * wiggle(i)));
    fclose(f);
    const char *path = scratch("eps.csv");
    assert_int_equal(COMMAND("table", path, "-x", "eps", "-y", "calls", "--at-most", "4", "--log-factors", "2"), 0);
    assert_mentions(said_out, "on log 1/eps");
    assert_int_equal(COMMAND("table", path, "-x", "eps", "-y", "calls", "--at-most", "1.7"), 1);
    assert_int_equal(COMMAND("table", path, "-x", "eps", "-y", "calls", "--at-most", "1.8", "--log-factors", "0"), 1);
    assert_int_equal(COMMAND("table", path, "-x", "eps", "-y", "calls", "--within", "1.9,2.1", "--from", "1e-3", "--to", "0.1"), 0);
    assert_mentions(said_out, "window 1");
    assert_int_equal(COMMAND("table", path, "-x", "eps", "-y", "calls", "--within=-2.1,-1.9", "--as-is"), 0);
    assert_mentions(said_out, "eps -> 0 by its name");
    assert_int_equal(COMMAND("table", path, "-x", "eps", "-y", "calls", "--within=-2.1,-1.9", "--toward", "zero"), 0);
    assert_mentions(said_out, "eps -> 0\n");
    assert_int_not_equal(COMMAND("table", path, "-x", "eps", "-y", "calls", "--within=-2.1,-1.9", "--toward", "infinity"), 3);
    assert_mentions(said_out, "eps -> infinity");
    assert_int_equal(COMMAND("table", path, "-x", "eps", "-y", "calls", "--at-most", "2", "--toward", "left"), 3);
    assert_mentions(said_err, "must be zero or infinity");
}

/* A million rows of a thousand runs. The bound is on processor time of an optimised build. */
static void test_speed(void **state)
{
    (void)state;
    FILE *f = open_file("big.csv");
    fprintf(f, "seed,n,ops\n");
    for (int seed = 0, i = 0; seed < 1000; seed++)
        for (int k = 0; k < 1000; k++, i++)
            fprintf(f, "%d,%d,%.17g\n", seed, 10 + k * k, pow(10 + k * k, 1.5) * (1 + .1 * wiggle(i)));
    fclose(f);
    struct rusage before, after;
    getrusage(RUSAGE_CHILDREN, &before);
    assert_int_equal(COMMAND("table", scratch("big.csv"), "-x", "n", "-y", "ops", "--at-most", "1.6"), 0);
    getrusage(RUSAGE_CHILDREN, &after);
    double seconds =
        (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
        1e-6 * (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec);
    print_message("%.2f s of processor time for a million rows\n", seconds);
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
    assert_true(seconds <= 2);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_exit_codes),
                                       cmocka_unit_test(test_kinds),
                                       cmocka_unit_test(test_printed),
                                       cmocka_unit_test(test_unicode),
                                       cmocka_unit_test(test_standard_input),
                                       cmocka_unit_test(test_plot),
                                       cmocka_unit_test(test_censored),
                                       cmocka_unit_test(test_wrong_options),
                                       cmocka_unit_test(test_wrong_files),
                                       cmocka_unit_test(test_too_little),
                                       cmocka_unit_test(test_accuracy_is_turned),
                                       cmocka_unit_test(test_speed)};
    return cmocka_run_group_tests(tests, write_runs, scratch_remove);
}
