/* The command: dispatch, suggestions, wrong words, exit codes, output that other programs read. */
#include "harness/test/command.h"

static void test_help_and_version(void **state)
{
    static const char *const commands[] = {"list",  "info",   "solve",  "run",   "verify", "export",
                                           "merge", "report", "doctor", "bench", "table",  "stress"};
    (void)state;
    assert_int_equal(COMMAND("--version"), 0);
    assert_memory_equal(said_out, "claimcheck ", 11);
    assert_int_equal(COMMAND("--help"), 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        assert_int_equal(COMMAND("--help"), 0);
        assert_mentions(said_out, commands[i]);
        assert_int_equal(COMMAND(commands[i], "--help"), 0);
        assert_mentions(said_out, "--help");
        assert_string_equal(said_err, "");
    }
    assert_int_equal(command((const char *const[]){NULL}), 3);
}

static void test_misspelt(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verfy"), 3);
    assert_mentions(said_err, "no command \"verfy\"; did you mean verify");
    assert_int_equal(COMMAND("verify", "--teir", "quick"), 3);
    assert_mentions(said_err, "no option \"teir\"");
    assert_mentions(said_err, "tier");
    assert_int_equal(COMMAND("verify", "-z"), 3);
    assert_mentions(said_err, "no option \"z\"");
    assert_int_equal(COMMAND("list", "claism"), 3);
    assert_mentions(said_err, "claims");
    assert_int_equal(COMMAND("info", "faulty.wakl"), 3);
    assert_mentions(said_err, "faulty.walk");
    assert_int_equal(COMMAND("verify", "rulse"), 3);
    assert_mentions(said_err, "no plug-in \"rulse\"; did you mean");
    assert_mentions(said_err, "rules");
    assert_int_equal(COMMAND("verify", "rules.hodls"), 3);
    assert_mentions(said_err, "rules");
    assert_mentions(said_err, "holds");
    assert_int_equal(COMMAND("export", "rules.plian"), 3);
    assert_mentions(said_err, "plain");
}

static void test_wrong_values(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("run", "--tier", "fast", "rules"), 3);
    assert_mentions(said_err, "--tier \"fast\": must be quick, standard or extended");
    assert_int_equal(COMMAND("run", "-j", "none"), 3);
    assert_mentions(said_err, "--jobs \"none\"");
    assert_int_equal(COMMAND("run", "-j", "0"), 3);
    assert_int_equal(COMMAND("run", "--shard", "3/2"), 3);
    assert_mentions(said_err, "1 <= i <= n");
    assert_int_equal(COMMAND("run", "--shard", "0/2"), 3);
    assert_int_equal(COMMAND("verify", "--store"), 3);
    assert_mentions(said_err, "needs a value");
    assert_int_equal(COMMAND("solve", "faulty.walk"), 3);
    assert_mentions(said_err, "ALGORITHM PROBLEM is missing");
    assert_int_equal(COMMAND("solve", "a", "b", "c"), 3);
    assert_mentions(said_err, "\"c\"");
    assert_int_equal(COMMAND("solve", "--seed", "-1", "a", "b"), 3);
}

static void test_list(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("list", "claims", "--json"), 0);
    cJSON *json = said_json(), *item;
    int found = 0;
    cJSON_ArrayForEach(item, json)
    {
        assert_string_equal(text_of(item, "kind"), "claim");
        found += strcmp(text_of(item, "name"), "rules.holds") == 0;
    }
    assert_int_equal(found, 1);
    cJSON_Delete(json);
    assert_int_equal(COMMAND("list", "algorithms"), 0);
    assert_mentions(said_out, "faulty.walk");
    assert_null(strstr(said_out, "rules.holds"));
    assert_int_equal(COMMAND("list"), 0);
    assert_mentions(said_out, "experiments\n");
}

static void test_info(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("info", "faulty.walk"), 0);
    assert_mentions(said_out, "choice of {none crash");
    assert_mentions(said_out, "int in [0, 10000]");
    assert_mentions(said_out, "a step's duration");
    assert_mentions(said_out, "slow");
    assert_int_equal(COMMAND("info", "rules.peer"), 0);
    assert_mentions(said_out, "high is 5 above low");
    assert_mentions(said_out, "refuted");
    assert_int_equal(COMMAND("info", "rules.holds", "--json"), 0);
    cJSON *json = said_json();
    assert_string_equal(text_of(json, "kind"), "claim");
    assert_true(cJSON_IsObject(cJSON_GetObjectItem(json, "declared")));
    cJSON_Delete(json);
}

static void test_solve(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--stop", "steps<=5", "--seed", "2"), 0);
    assert_mentions(said_out, "distance");
    assert_mentions(said_out, "after 5 steps");
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--stop", "steps<=5", "--csv", "-"), 0);
    assert_non_null(strchr(said_out, ','));
    assert_null(strstr(said_out, "after 5 steps"));
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--stop", "steps<=5", "--json"), 0);
    cJSON *json = said_json();
    const cJSON *columns = cJSON_GetObjectItem(json, "columns");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(columns, "step")),
                     cJSON_GetArraySize(cJSON_GetObjectItem(columns, "distance")));
    assert_string_equal(text_of(json, "algorithm"), "faulty.walk");
    cJSON_Delete(json);
}

static void test_solve_fails(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("solve", "faulty.walk(fault=abort)", "faulty.point"), 1);
    assert_mentions(said_err, "SIGABRT");
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--set", "fault=hang", "--deadline", "1"), 1);
    assert_mentions(said_err, "not done after 1 s");
    assert_int_equal(COMMAND("solve", "faulty.walk(fault=numeric)", "faulty.point"), 1);
    assert_mentions(said_err, "ENUMERIC");
    assert_mentions(said_err, "y is not finite");
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point(absent=true)"), 1);
    assert_mentions(said_err, "skipped: ");
    assert_mentions(said_err, "the data of this point are absent");
    assert_int_equal(COMMAND("solve", "faulty.walk(fualt=none)", "faulty.point"), 3);
    assert_mentions(said_err, "fualt");
    assert_mentions(said_err, "fault");
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--set", "pause_ms=99999"), 3);
    assert_mentions(said_err, "pause_ms");
    assert_mentions(said_err, "10000");
    assert_int_equal(COMMAND("solve", "faulty.walk(fault=odd)", "faulty.point"), 3);
    assert_mentions(said_err, "crash");
    assert_int_equal(COMMAND("solve", "faulty.wakl", "faulty.point"), 3);
    assert_mentions(said_err, "faulty.walk");
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--stop", "nothing<=1"), 3);
    assert_mentions(said_err, "no counter, metric or probe 'nothing'");
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--stop", "steps<<1"), 3);
    assert_mentions(said_err, "name<=number");
}

static void test_missing_store(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("export", "rules.plain", "--store", scratch("none.db")), 1);
    assert_mentions(said_err, "there is no store at");
    assert_false(exists(scratch("none.db")));
    assert_int_equal(COMMAND("report", "--store", scratch("none.db"), "--out", scratch("report")), 1);
    assert_mentions(said_err, "there is no store at");
    assert_int_equal(COMMAND("merge", scratch("none.db")), 1);
    assert_mentions(said_err, "none.db");
    assert_int_equal(COMMAND("doctor", "--store", scratch("none.db")), 1);
    assert_mentions(said_out, "is not there");
}

static void test_foreign_store(void **state)
{
    (void)state;
    FILE *file = fopen(scratch("foreign.db"), "w");
    assert_non_null(file);
    for (int i = 0; i < 500; i++) fputs("this is no database\n", file);
    fclose(file);
    assert_int_equal(COMMAND("verify", "rules", "--store", scratch("foreign.db")), 1);
    assert_mentions(said_err, "foreign.db");
    assert_int_equal(COMMAND("export", "rules.plain", "--store", scratch("foreign.db")), 1);
}

static void test_run_and_export(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("run", "rules.plain", "--tier", "quick", "-q", "--json"), 0);
    cJSON *json = said_json();
    assert_int_equal(number_of(json, "cells"), 4);
    assert_int_equal(number_of(json, "run"), 4);
    cJSON_Delete(json);
    assert_int_equal(COMMAND("run", "rules.plain", "--tier", "quick", "-q"), 0);
    assert_mentions(said_out, "4 in the store, 0 run");
    assert_int_equal(COMMAND("export", "rules.plain", "--tier", "quick"), 0);
    size_t lines = 0;
    for (const char *c = said_out; *c; c++) lines += *c == '\n';
    assert_int_equal(lines, 1 + 4 * 4);
    assert_mentions(said_out, "shift");
    assert_int_equal(COMMAND("run", "rules.broken", "--tier", "quick", "-q"), 1);
    assert_mentions(said_out, "in error");
    assert_int_equal(COMMAND("doctor", "--json"), strstr(said_out, "\"ok\":\tfalse") ? 1 : 0);
}

static void test_shards_merge(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("run", "rules.plain", "-t", "quick", "-q", "--shard", "1/2", "--store", scratch("one.db")), 0);
    assert_int_equal(COMMAND("run", "rules.plain", "-t", "quick", "-q", "--shard", "2/2", "--store", scratch("two.db")), 0);
    assert_int_equal(COMMAND("merge", scratch("one.db"), scratch("two.db"), "--store", scratch("all.db"), "--json"), 0);
    cJSON *json = said_json();
    assert_int_equal(number_of(json, "copied"), 4);
    cJSON_Delete(json);
    assert_int_equal(COMMAND("run", "rules.plain", "-t", "quick", "-q", "--store", scratch("all.db")), 0);
    assert_mentions(said_out, "4 in the store, 0 run");
}

/* A disk that is full, folders that are not there. */
static void test_unwritable(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--stop", "steps<=5", "--csv", "/dev/full"), 1);
    assert_mentions(said_err, "/dev/full cannot be written");
    assert_int_equal(COMMAND("solve", "faulty.walk", "faulty.point", "--stop", "steps<=5", "--csv", "/nonexistent/x.csv"), 1);
    assert_mentions(said_err, "/nonexistent/x.csv");
    assert_int_equal(COMMAND("run", "rules.plain", "-t", "quick", "-q"), 0);
    assert_int_equal(COMMAND("export", "rules.plain", "-t", "quick", "-o", "/dev/full"), 1);
    assert_mentions(said_err, "/dev/full cannot be written");
    assert_int_equal(COMMAND("run", "rules.plain", "-t", "quick", "-q", "--store", "/nonexistent/x.db"), 1);
    assert_mentions(said_err, "/nonexistent/x.db");
}

static void test_attachments(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("run", "faulty.look", "-t", "quick", "-q"), 0);
    assert_int_equal(COMMAND("export", "faulty.look", "-t", "quick", "--attach", "array"), 0);
    assert_mentions(said_out, "arm,point,seed,row,i,j,k,l,value\n");
    assert_mentions(said_out, ",0,0,0,1,,,2\n");
    assert_mentions(said_out, ",3,0,1,2,,,6\n");
    assert_int_equal(COMMAND("export", "faulty.look", "-t", "quick", "--attach", "aray"), 1);
    assert_mentions(said_err, "aray");
}

static void test_doctor(void **state)
{
    (void)state;
    assert_in_range(COMMAND("doctor", "--json"), 0, 1);
    cJSON *json = said_json(), *finding;
    int wrong = 0, plugins = 0;
    cJSON_ArrayForEach(finding, cJSON_GetObjectItem(json, "findings"))
    {
        wrong += !cJSON_IsTrue(cJSON_GetObjectItem(finding, "ok"));
        plugins += strcmp(text_of(finding, "what"), "plug-in") == 0 && strcmp(text_of(finding, "name"), "rules") == 0;
    }
    assert_int_equal(plugins, 1);
    assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItem(json, "ok")), wrong == 0);
    assert_true(cJSON_IsObject(cJSON_GetObjectItem(json, "environment")));
    cJSON_Delete(json);
    setenv("CLAIMCHECK_DATA", "/nonexistent/data", 1);
    assert_int_equal(COMMAND("doctor"), 1);
    assert_mentions(said_out, "CLAIMCHECK_DATA cannot be read");
    unsetenv("CLAIMCHECK_DATA");
}

/* What `claimcheck verify` of two claims prints on a terminal. */
static void on_terminal(void)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY), status;
    size_t n = 0;
    assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    const char *name = ptsname(terminal);
    int screen = open(name, O_RDWR | O_NOCTTY); /* kept open until the child has its own */
    pid_t pid = fork();
    if (pid == 0) {
        dup2(screen, STDOUT_FILENO);
        send_to("said.err", STDERR_FILENO);
        close(terminal);
        execl(getenv("CLAIMCHECK"), "claimcheck", "verify", "rules.holds", "rules.fails", "-t", "quick", "-q", (char *)NULL);
        _exit(127);
    }
    close(screen);
    for (ssize_t got; n + 1 < sizeof said_out && (got = read(terminal, said_out + n, sizeof said_out - 1 - n)) > 0;)
        n += (size_t)got;
    said_out[n] = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(terminal);
    assert_int_equal(WEXITSTATUS(status), 1);
}

/* Only "verified" is green, and only where there is a terminal that wants colours. */
static void test_colour(void **state)
{
    static const char green[] = "\033[32m";
    (void)state;
    unsetenv("NO_COLOR");
    on_terminal();
    assert_mentions(said_out, "\033[32mverified");
    assert_mentions(said_out, "\033[31mrefuted");
    for (const char *at = said_out; (at = strstr(at, green)); at++) assert_true(strstr(at, "verified") - at < 16);
    setenv("NO_COLOR", "1", 1);
    on_terminal();
    assert_mentions(said_out, "verified");
    assert_null(strchr(said_out, '\033'));
    unsetenv("NO_COLOR");
    assert_int_equal(COMMAND("verify", "rules.holds", "rules.fails", "-t", "quick", "-q"), 1);
    assert_null(strchr(said_out, '\033'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_misspelt),
        cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_solve),
        cmocka_unit_test(test_solve_fails),
        cmocka_unit_test(test_missing_store),
        cmocka_unit_test(test_foreign_store),
        cmocka_unit_test(test_run_and_export),
        cmocka_unit_test(test_shards_merge),
        cmocka_unit_test(test_attachments),
        cmocka_unit_test(test_unwritable),
        cmocka_unit_test(test_doctor),
        cmocka_unit_test(test_colour),
    };
    return cmocka_run_group_tests(tests, command_setup, scratch_remove);
}
