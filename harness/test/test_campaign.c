/* harness/test/test_campaign.c: cells that crash, hang, hog or exit cost themselves alone; whatever ends a campaign, it resumes to
 * the same bits. The cells are those of plugins/faulty.c. */
#include "harness/test/scratch.h"

#include <cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "handle_segv=0:handle_abort=0"; }
#else
enum { SANITIZED = 0 };
#endif

static cc_registry *registry;

static int load_plugins(void **state)
{
    (void)state;
    setenv("CLAIMCHECK_PLUGIN_PATH", TRIAL_PLUGINS, 1);
    signal(SIGINT, SIG_DFL);
    registry = cc_registry_open();
    return registry && cc_find_plugin(registry, "faulty") ? 0 : -1;
}

static int unload_plugins(void **state)
{
    (void)state;
    cc_registry_close(registry);
    return 0;
}

/* The cells of an experiment of faulty.c, appended; NULL: of all that do not fail. */
static void plan(const char *id, cc_tasks *tasks)
{
    static const char *const sound[] = {"sane", "look", "timed", "absent"};
    char message[CC_MESSAGE] = "";
    const cc_module *module = cc_find_plugin(registry, "faulty");
    for (size_t i = 0; !id && i < sizeof sound / sizeof *sound; i++) plan(sound[i], tasks);
    for (const cc_experiment *e = module->plugin->experiments; id && e->id; e++)
        if (strcmp(e->id, id) == 0 && cc_plan_experiment(registry, module, e, 0, 0, NULL, tasks, message) != CC_OK)
            fail_msg("%s", message);
}

static cc_tasks planned(const char *id)
{
    cc_tasks tasks = {0};
    plan(id, &tasks);
    assert_true(tasks.n > 0);
    return tasks;
}

static cc_status campaign(cc_store *store, const cc_tasks *tasks, int jobs, cc_campaign_report *report, char message[CC_MESSAGE])
{
    const cc_campaign_options options = {.jobs = jobs, .quiet = 1};
    return cc_campaign_run(store, registry, tasks, &options, report, message);
}

static cc_campaign_report run(cc_store *store, const cc_tasks *tasks, int jobs)
{
    char message[CC_MESSAGE] = "";
    cc_campaign_report report;
    if (campaign(store, tasks, jobs, &report, message) != CC_OK) fail_msg("%s", message);
    return report;
}

/* How many cells, columns and arrays differ between the store and another file, leaving out times. */
static int64_t differences(cc_store *store, const char *other)
{
#define ROWS(db)                                                                                                                   \
    "SELECT key, status, cause, message, rows, name, data FROM " db ".cell LEFT JOIN (SELECT cell, name, data FROM " db            \
    ".cell_column WHERE name NOT LIKE '%ns' AND name <> 'peak_bytes' UNION ALL SELECT cell, name || seed || row, data FROM " db    \
    ".attachment) ON cell = id"
    sqlite3 *db = cc_store_sqlite(store);
    char attach[200];
    snprintf(attach, sizeof attach, "ATTACH '%s' AS other", scratch(other));
    assert_int_equal(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    int64_t n = ask(store, "SELECT (SELECT count(*) FROM (" ROWS("main") " EXCEPT " ROWS(
                               "other") ")) + (SELECT count(*) FROM (" ROWS("other") " EXCEPT " ROWS("main") "))");
    assert_true(ask(store, "SELECT count(*) FROM other.cell_column") > 0);
    assert_int_equal(sqlite3_exec(db, "DETACH other", NULL, NULL, NULL), SQLITE_OK);
    return n;
}

static const cc_task *task_at(const cc_tasks *tasks, const char *point, uint64_t seed)
{
    for (size_t i = 0; i < tasks->n; i++)
        if (strcmp(tasks->item[i]->point, point) == 0 && tasks->item[i]->seed == seed) return tasks->item[i];
    fail_msg("no task at %s", point);
    return NULL;
}

static cc_cell_info cell_at(cc_store *store, const cc_tasks *tasks, const char *point, uint64_t seed)
{
    char message[CC_MESSAGE] = "";
    cc_cell_info info;
    if (cc_store_find(store, task_at(tasks, point, seed)->key, &info, message) != CC_OK) fail_msg("%s", message);
    return info;
}

/* ---- undisturbed ---- */

static void jobs_and_order_change_nothing(void **state)
{
    (void)state;
    cc_tasks tasks = planned(NULL);
    size_t n = tasks.n;
    plan("sane", &tasks); /* the same cells once more */
    cc_store *one = open_store("one.db", 1);
    cc_campaign_report report = run(one, &tasks, 1);
    assert_int_equal(report.cells, n);
    assert_int_equal(report.run, n - 1);
    assert_int_equal(report.skipped, 1);
    assert_true(report.errors == 0 && report.cached == 0 && !report.interrupted);
    assert_true(report.seconds > 0 && report.busy_seconds > .1);
    assert_int_equal(cell_at(one, &tasks, "absent=true", 0).id > 0, 1);
    assert_string_equal(cell_at(one, &tasks, "absent=true", 0).status, "skipped");
    assert_mentions(cell_at(one, &tasks, "absent=true", 0).message, "absent");

    report = run(one, &tasks, 2);
    assert_int_equal(report.cached, n - 1);
    assert_int_equal(report.run, 0);
    assert_int_equal(report.skipped, 1);

    for (size_t i = 0; i < tasks.n / 2; i++) { /* backwards */
        cc_task *swapped = tasks.item[i];
        tasks.item[i] = tasks.item[tasks.n - 1 - i], tasks.item[tasks.n - 1 - i] = swapped;
    }
    cc_store *two = open_store("two.db", 1);
    run(two, &tasks, 2);
    assert_int_equal(differences(two, "one.db"), 0);
    sqlite3_exec(cc_store_sqlite(two), "UPDATE cell_column SET data = x'0000000000000000' WHERE name = 'y' AND cell = 1", NULL,
                 NULL, NULL);
    assert_true(differences(two, "one.db") > 0);
    cc_store_close(two);
    cc_store_close(one);
    cc_tasks_free(&tasks);
}

static void a_worker_is_single_threaded(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    cc_tasks tasks = planned("look");
    cc_store *store = open_store("s.db", 1);
    run(store, &tasks, 2);
    for (uint64_t seed = 0; seed < 4; seed++) {
        cc_table *rows = cc_store_rows(store, cell_at(store, &tasks, "", seed).id, message);
        assert_int_equal(cc_table_rows(rows), 1);
        assert_true(cc_table_get(rows, 0, (size_t)cc_table_find(rows, "blas_threads")) == 1);
        assert_true(cc_table_get(rows, 0, (size_t)cc_table_find(rows, "pid_ns")) != getpid());
        cc_table_free(rows);
    }
    assert_int_equal(ask(store, "SELECT count(*) FROM attachment"), 4);
    cc_store_close(store);
    cc_tasks_free(&tasks);
}

static void timed_cells_come_last_and_alone(void **state)
{
    (void)state;
    cc_tasks tasks = planned("timed");
    plan("look", &tasks);
    plan("sane", &tasks);
    cc_store *store = open_store("s.db", 1);
    run(store, &tasks, 2);
    assert_int_equal(ask(store, "SELECT sum(timed) FROM cell"), 4);
    assert_int_equal(ask(store, "SELECT min(id) FILTER (WHERE timed) > max(id) FILTER (WHERE NOT timed) FROM cell"), 1);
    assert_int_equal(
        ask(store, "SELECT count(DISTINCT data) FROM cell_column JOIN cell ON id = cell WHERE timed AND name = 'pid_ns'"), 1);
    cc_store_close(store);
    cc_tasks_free(&tasks);
}

static void what_is_declared_is_stored(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    cc_store *store = open_store("s.db", 1);
    for (int twice = 0; twice < 2; twice++) {
        sqlite3_exec(cc_store_sqlite(store),
                     "INSERT INTO definition VALUES('faulty', 'claim', 'gone', 9, '{}'), ('absent', 'claim', 'kept', 0, '{}')",
                     NULL, NULL, NULL);
        if (cc_store_define(store, registry, message) != CC_OK) fail_msg("%s", message);
    }
    assert_int_equal(ask(store, "SELECT count(*) FROM definition WHERE owner = 'faulty' AND kind = 'experiment'"), 7);
    assert_int_equal(ask(store, "SELECT count(*) FROM definition WHERE id = 'gone'"), 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM definition WHERE id = 'kept'"), 1);
    static const char *const holds[] = {
        "kind = 'plugin' AND json ->> 'title' = 'Ways to end' AND json ->> 'citation' = 'none' AND length(json ->> 'digest') = 64",
        "kind = 'family' AND json ->> 'candidate' = 'double[1]' AND json ->> '$.metrics[1].name' = 'undefined'",
        "kind = 'problem' AND json ->> 'family' = 'trial' AND json ->> '$.params[0].type' = 'bool' AND json ->> '$.params[1].max' "
        "= 1000",
        "kind = 'algorithm' AND json ->> '$.variants[0].set' = 'pause_ms=1' AND json ->> '$.probes[0].doc' = 'where it is'"
        " AND json ->> '$.params[0].choices' LIKE 'none crash%'",
        "kind = 'experiment' AND id = 'block' AND position = 2 AND json ->> 'block' = 8 AND json ->> 'deadline_s' = 0.5 AND json "
        "->> 'set' = 'at=3'"
        " AND json ->> '$.plan.stop' = 'steps<=5' AND json ->> '$.axes[0].name' = 'fault' AND json -> 'seeds' = '[8,8,8]'"
        " AND json ->> '$.measure.id' IS NOT NULL AND json ->> 'timed' = 0 AND json_array_length(json, '$.arms') = 0",
        "kind = 'claim' AND json ->> 'origin' = 'us' AND json ->> 'threshold' = 'proof' AND json ->> '$.derive[0].name' = 'twice'"
        " AND json ->> '$.checks[0].kind' = 'bound' AND json ->> '$.checks[0].is.high' = 2 AND json ->> '$.checks[0].over' = ''"
        " AND length(json ->> '$.checks[0].text') > 0 AND json ->> '$.checks[0].rel' IS NULL AND json ->> '$.controls[0].id' = "
        "'closer'"
        " AND json ->> '$.controls[0].checks[0].is.high' = 1e-9 AND json_type(json, '$.observation') = 'null'",
        "kind = 'figure' AND json ->> 'kind' = 'curve' AND json ->> 'x' = 'step' AND json ->> 'by' = 'n' AND json ->> 'options' = "
        "'band=seed'"};
    for (size_t i = 0; i < sizeof holds / sizeof *holds; i++) {
        char sql[1024];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM definition WHERE owner = 'faulty' AND %s", holds[i]);
        if (ask(store, sql) != 1) fail_msg("not so: %s", holds[i]);
    }
    cc_store_close(store);
}

/* ---- cells that end badly ---- */

/* A sanitizer's allocator has its own answers to these. */
static void leave_out_memory(cc_tasks *tasks)
{
    size_t kept = 0;
    for (size_t i = 0; i < tasks->n; i++) {
        cc_task *t = tasks->item[i];
        int hungry = strcmp(t->point, "fault=hog") == 0 || strcmp(t->point, "fault=unchecked") == 0;
        if (hungry && SANITIZED) {
            cc_tasks one = {1, malloc(sizeof t)};
            one.item[0] = t;
            cc_tasks_free(&one);
        } else {
            tasks->item[kept++] = t;
        }
    }
    tasks->n = kept;
}

static void every_end_has_its_cause(void **state)
{
    (void)state;
    static const struct {
        const char *point, *status, *cause, *message;
    } ends[] = {{"fault=none", "done", "", ""},
                {"fault=crash", "error", "SIGSEGV", "SIGSEGV"},
                {"fault=abort", "error", "SIGABRT", "SIGABRT"},
                {"fault=hang", "error", "deadline", "0.5 s"},
                {"fault=hog", "error", "memory", "no memory"},
                {"fault=unchecked", "error", "memory", "64 MB"},
                {"fault=exit", "error", "exit", "exit(3)"},
                {"fault=numeric", "error", "ENUMERIC", "y is not finite"},
                {"fault=invalid", "error", "EINVAL", "this cannot be"},
                {"fault=killed", "error", "memory", "SIGKILL"}};
    cc_tasks tasks = planned("all_ways");
    leave_out_memory(&tasks);
    for (int jobs = 1; jobs <= 2; jobs++) {
        cc_store *store = open_store(jobs == 1 ? "1.db" : "2.db", 1);
        cc_campaign_report report = run(store, &tasks, jobs);
        assert_int_equal(report.run, tasks.n);
        assert_int_equal(report.errors, tasks.n - 2);
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            if (SANITIZED && strcmp(ends[i].cause, "memory") == 0 && strcmp(ends[i].point, "fault=killed") != 0) continue;
            for (uint64_t seed = 0; seed < 2; seed++) {
                cc_cell_info info = cell_at(store, &tasks, ends[i].point, seed);
                assert_string_equal(info.status, ends[i].status);
                assert_string_equal(info.cause, ends[i].cause);
                assert_mentions(info.message, ends[i].message);
            }
        }
        report = run(store, &tasks, jobs);
        assert_true(report.run == 0 && report.errors == tasks.n - 2 && report.cached == tasks.n);
        cc_store_close(store);
    }
    cc_tasks_free(&tasks);
}

static void errors_are_tried_again_on_demand(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    const cc_campaign_options options = {.jobs = 2, .quiet = 1, .retry_errors = 1};
    cc_campaign_report report;
    cc_tasks tasks = planned("all_ways");
    leave_out_memory(&tasks);
    cc_store *store = open_store("s.db", 1);
    run(store, &tasks, 2);
    int64_t cells = ask(store, "SELECT count(*) FROM cell");
    assert_int_equal(cc_campaign_run(store, registry, &tasks, &options, &report, message), CC_OK);
    assert_true(report.run == tasks.n - 2 && report.errors == tasks.n - 2 && report.cached == 2);
    assert_int_equal(ask(store, "SELECT count(*) FROM cell"), cells);
    cc_store_close(store);
    cc_tasks_free(&tasks);
}

static void the_culprit_of_a_block_is_named(void **state)
{
    (void)state;
    cc_tasks tasks = planned("block");
    cc_store *store = open_store("s.db", 1);
    cc_campaign_report report = run(store, &tasks, 2);
    assert_int_equal(report.errors, 3);
    assert_string_equal(cell_at(store, &tasks, "fault=none", 0).status, "done");
    assert_string_equal(cell_at(store, &tasks, "fault=crash", 0).cause, "SIGSEGV");
    assert_mentions(cell_at(store, &tasks, "fault=crash", 0).message, "culprit is seed 3");
    assert_string_equal(cell_at(store, &tasks, "fault=exit", 0).cause, "exit");
    assert_mentions(cell_at(store, &tasks, "fault=exit", 0).message, "culprit is seed 3");
    assert_string_equal(cell_at(store, &tasks, "fault=hang", 0).cause, "deadline");
    assert_mentions(cell_at(store, &tasks, "fault=hang", 0).message, "seed 3");
    cc_store_close(store);
    cc_tasks_free(&tasks);
}

/* ---- campaigns that end badly ---- */

/* Runs a campaign in a child of its own. */
static pid_t start(const char *name, const cc_tasks *tasks, int jobs, rlim_t file_limit)
{
    pid_t pid = fork();
    if (pid) return pid;
    char message[CC_MESSAGE] = "";
    cc_campaign_report report = {0};
    if (file_limit) setrlimit(RLIMIT_FSIZE, &(struct rlimit){file_limit, file_limit});
    cc_store *store = cc_store_open(scratch(name), 1, message);
    cc_status status = store ? campaign(store, tasks, jobs, &report, message) : CC_EDATA;
    cc_store_close(store);
    if (status != CC_OK) dprintf(STDERR_FILENO, "%s\n", message);
    int told = strstr(message, name) && strstr(message, "File too large");
    _exit(status < 0 ? (told ? 28 : 1) : report.interrupted ? 130 : 0);
}

static void sleep_ms(long ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* Reaps the campaign and every worker it left to us; fails if one lives on. */
static int reap(pid_t pid)
{
    int wait_status = 0, other;
    assert_int_equal(waitpid(pid, &wait_status, 0), pid);
    for (int i = 0; i < 100; i++) {
        pid_t orphan = waitpid(-1, &other, WNOHANG);
        if (orphan < 0 && errno == ECHILD) return wait_status;
        if (orphan == 0) sleep_ms(20);
    }
    fail_msg("a worker outlives its campaign");
    return -1;
}

static void a_killed_campaign_resumes_to_the_same_bits(void **state)
{
    (void)state;
    int rounds = getenv("CLAIMCHECK_LONG_TESTS") ? 50 : 10, partial = 0;
    cc_tasks tasks = planned(NULL);
    cc_store *whole = open_store("whole.db", 1);
    double full = run(whole, &tasks, 2).seconds;
    cc_store_close(whole);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    uint32_t random = 12345;
    for (int round = 0; round < rounds; round++) {
        char name[32];
        snprintf(name, sizeof name, "killed%d.db", round);
        pid_t pid = start(name, &tasks, 1 + round % 2, 0);
        random = random * 1664525u + 1013904223u;
        sleep_ms((long)(1000 * full * (random >> 8) / (1 << 24)) + 5);
        kill(pid, SIGKILL);
        reap(pid);
        cc_store *store = open_store(name, 1);
        cc_campaign_report report = run(store, &tasks, 1 + round / 2 % 2);
        partial += report.cached > 0 && report.run > 0;
        assert_int_equal(report.cached + report.run + report.skipped, tasks.n);
        assert_int_equal(differences(store, "whole.db"), 0);
        cc_store_close(store);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    assert_true(partial >= rounds / 4); /* else it was killed too early or too late to show anything */
    cc_tasks_free(&tasks);
}

static void a_signal_stops_and_keeps(void **state)
{
    (void)state;
    cc_tasks tasks = planned("slow");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "term.db" : "int.db";
        pid_t pid = start(name, &tasks, 2, 0);
        sleep_ms(700);
        kill(pid, i ? SIGTERM : SIGINT);
        int wait_status = reap(pid);
        assert_true(WIFEXITED(wait_status));
        assert_int_equal(WEXITSTATUS(wait_status), 130);
        cc_store *store = open_store(name, 1);
        int64_t n = ask(store, "SELECT count(*) FROM cell WHERE status = 'done'");
        assert_true(n > 5 && n < (int64_t)tasks.n);
        assert_int_equal(ask(store, "SELECT count(*) FROM cell WHERE status <> 'done'"), 0);
        cc_store_close(store);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    cc_tasks_free(&tasks);
}

static void a_full_disk_stops_with_its_name(void **state)
{
    (void)state;
    cc_tasks tasks = planned(NULL);
    cc_store *whole = open_store("whole.db", 1);
    run(whole, &tasks, 2);
    cc_store_close(whole);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t pid = start("limited.db", &tasks, 2, 180000);
    int wait_status = reap(pid);
    assert_true(WIFEXITED(wait_status));
    assert_int_equal(WEXITSTATUS(wait_status), 28);
    cc_store *store = open_store("limited.db", 1);
    cc_campaign_report report = run(store, &tasks, 2);
    assert_true(report.run > 0 && report.run <= tasks.n);
    assert_int_equal(differences(store, "whole.db"), 0);
    cc_store_close(store);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    cc_tasks_free(&tasks);
}

static void two_shards_are_the_whole(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    size_t copied, sum = 0;
    cc_campaign_report report;
    cc_tasks tasks = planned(NULL);
    cc_store *whole = open_store("whole.db", 1);
    run(whole, &tasks, 2);
    cc_store_close(whole);
    for (int i = 0; i < 2; i++) {
        const cc_campaign_options options = {.jobs = 2, .quiet = 1, .shard = i, .shards = 2};
        cc_store *shard = open_store(i ? "1.db" : "0.db", 1);
        assert_int_equal(cc_campaign_run(shard, registry, &tasks, &options, &report, message), CC_OK);
        assert_true(report.cells > tasks.n / 4);
        sum += report.cells;
        cc_store_close(shard);
    }
    assert_int_equal(sum, tasks.n);
    cc_store *merged = open_store("merged.db", 1);
    for (int i = 0; i < 2; i++)
        if (cc_store_merge(merged, scratch(i ? "1.db" : "0.db"), &copied, message) != CC_OK) fail_msg("%s", message);
    assert_int_equal(differences(merged, "whole.db"), 0);
    assert_int_equal(run(merged, &tasks, 1).run, 0);
    cc_store_close(merged);
    cc_tasks_free(&tasks);
}

static void a_reader_cannot_run(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    cc_campaign_report report;
    cc_tasks tasks = planned("look");
    cc_store_close(open_store("s.db", 1));
    cc_store *store = open_store("s.db", 0);
    assert_int_equal(campaign(store, &tasks, 1, &report, message), CC_EINVAL);
    assert_mentions(message, "for reading");
    cc_store_close(store);
    cc_tasks_free(&tasks);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(jobs_and_order_change_nothing),   IN_SCRATCH(a_worker_is_single_threaded),
        IN_SCRATCH(timed_cells_come_last_and_alone), IN_SCRATCH(what_is_declared_is_stored),
        IN_SCRATCH(every_end_has_its_cause),         IN_SCRATCH(errors_are_tried_again_on_demand),
        IN_SCRATCH(the_culprit_of_a_block_is_named), IN_SCRATCH(a_killed_campaign_resumes_to_the_same_bits),
        IN_SCRATCH(a_signal_stops_and_keeps),        IN_SCRATCH(a_full_disk_stops_with_its_name),
        IN_SCRATCH(two_shards_are_the_whole),        IN_SCRATCH(a_reader_cannot_run),
    };
    return cmocka_run_group_tests(tests, load_plugins, unload_plugins);
}
