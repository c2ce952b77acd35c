/* harness/test/test_campaign.c: cells that crash, hang, hog or exit cost themselves alone; whatever ends a campaign, it resumes to
 * the same bits. The cells are those of plugins/faulty.c. */
#include "harness/test/trial.h"

#include <pthread.h>

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
    assert_int_equal(ask(store, "SELECT count(*) FROM definition WHERE owner = 'faulty' AND kind = 'experiment'"), 8);
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
                if (strcmp(info.status, ends[i].status) != 0 || strcmp(info.cause, ends[i].cause) != 0)
                    fail_msg("%s: %s, cause '%s': %s", ends[i].point, info.status, info.cause, info.message);
                assert_mentions(info.message, ends[i].message);
            }
        }
        report = run(store, &tasks, jobs);
        assert_true(report.run == 0 && report.errors == tasks.n - 2 && report.cached == tasks.n);
        cc_store_close(store);
    }
    cc_tasks_free(&tasks);
}

/* Somebody else writes into the store for longer than a cell may take. */
static void *occupy(void *path)
{
    sqlite3 *db = NULL;
    const struct timespec longer = {1, 200000000};
    sqlite3_open(path, &db);
    sqlite3_busy_timeout(db, 10000);
    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    nanosleep(&longer, NULL);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);
    return NULL;
}

/* While the engine waited for the store, workers finished in time. */
static void a_slow_store_makes_no_cell_late(void **state)
{
    (void)state;
    pthread_t other;
    cc_tasks tasks = planned("brisk");
    cc_store *store = open_store("s.db", 1);
    assert_int_equal(pthread_create(&other, NULL, occupy, (void *)scratch("s.db")), 0);
    cc_campaign_report report = run(store, &tasks, 2);
    pthread_join(other, NULL);
    assert_true(report.seconds > 1.2);
    assert_int_equal(report.run, tasks.n);
    assert_int_equal(report.errors, 0);
    cc_store_close(store);
    cc_tasks_free(&tasks);
}

static void errors_are_tried_again_on_demand(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    const cc_campaign_options options = {.jobs = 2, .quiet = 1, .retry_errors = 1};
    cc_campaign_report report = {0};
    cc_tasks tasks = planned("all_ways");
    leave_out_memory(&tasks);
    cc_store *store = open_store("s.db", 1);
    run(store, &tasks, 2);
    int64_t cells = ask(store, "SELECT count(*) FROM cell");
    drop_handlers();
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
        IN_SCRATCH(jobs_and_order_change_nothing),    IN_SCRATCH(a_worker_is_single_threaded),
        IN_SCRATCH(timed_cells_come_last_and_alone),  IN_SCRATCH(what_is_declared_is_stored),
        IN_SCRATCH(every_end_has_its_cause),          IN_SCRATCH(a_slow_store_makes_no_cell_late),
        IN_SCRATCH(errors_are_tried_again_on_demand), IN_SCRATCH(the_culprit_of_a_block_is_named),
        IN_SCRATCH(two_shards_are_the_whole),         IN_SCRATCH(a_reader_cannot_run),
    };
    return cmocka_run_group_tests(tests, load_plugins, unload_plugins);
}
