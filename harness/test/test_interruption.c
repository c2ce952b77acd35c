/* harness/test/test_interruption.c: whatever ends a campaign, no worker is left, the store is whole, and it resumes to the same
 * bits. */
#include "harness/test/trial.h"

#include <fcntl.h>
#include <pty.h>

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

/* Until the campaign in a child has stored more than n cells. */
static void wait_for_cells(const char *name, int64_t n)
{
    char message[CC_MESSAGE];
    for (int64_t found = 0; found <= n; sleep_ms(20)) {
        cc_store *store = cc_store_open(scratch(name), 0, message); /* fails while it is being made */
        if (store) found = ask(store, "SELECT count(*) FROM cell");
        cc_store_close(store);
    }
}

static void a_signal_stops_and_keeps(void **state)
{
    (void)state;
    cc_tasks tasks = planned("slow");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "term.db" : "int.db";
        pid_t pid = start(name, &tasks, 2, 0);
        wait_for_cells(name, 5);
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

/* Ctrl-Z, a cup of coffee, fg: no deadline has passed meanwhile. */
static void a_stopped_campaign_goes_on(void **state)
{
    (void)state;
    cc_tasks tasks = planned("brisk");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t pid = start("s.db", &tasks, 2, 0);
    setpgid(pid, pid);
    wait_for_cells("s.db", 2);
    kill(-pid, SIGSTOP);
    sleep_ms(1200);
    kill(-pid, SIGCONT);
    int wait_status = reap(pid);
    assert_true(WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    cc_store *store = open_store("s.db", 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM cell WHERE status = 'done'"), tasks.n);
    cc_store_close(store);
    cc_tasks_free(&tasks);
}

/* Runs a campaign that speaks to `output`, which is closed. */
static void talk(const cc_tasks *tasks, int output, const char *name)
{
    char message[CC_MESSAGE] = "";
    const cc_campaign_options options = {.jobs = 2, .label = "a label"};
    cc_campaign_report report;
    cc_store *store = open_store(name, 1);
    int usual = dup(STDERR_FILENO);
    drop_handlers();
    dup2(output, STDERR_FILENO);
    close(output);
    cc_status status = cc_campaign_run(store, registry, tasks, &options, &report, message);
    dup2(usual, STDERR_FILENO);
    close(usual);
    cc_store_close(store);
    assert_int_equal(status, CC_OK);
}

/* All there is, as a string. */
static void read_all(int file, char *text, size_t size)
{
    size_t used = 0;
    for (ssize_t n = 1; n > 0 && used < size - 1; used += (size_t)(n > 0 ? n : 0)) n = read(file, text + used, size - 1 - used);
    text[used] = 0;
    close(file);
}

static void progress_is_told(void **state)
{
    (void)state;
    static char said[1 << 16];
    char line[512];
    int terminal, program;
    cc_tasks tasks = planned("brisk");
    plan("block", &tasks);
    snprintf(line, sizeof line, "a label: %zu of %zu cells run", tasks.n, tasks.n);

    assert_int_equal(openpty(&terminal, &program, NULL, NULL, NULL), 0);
    talk(&tasks, program, "live.db");
    read_all(terminal, said, sizeof said);
    assert_mentions(said, "\r");
    assert_mentions(said, "%)");
    assert_mentions(said, " s left  faulty/brisk");
    assert_mentions(said, line);
    assert_mentions(said, ", 3 in error");

    talk(&tasks, open(scratch("said"), O_WRONLY | O_CREAT, 0600), "plain.db");
    read_all(open(scratch("said"), O_RDONLY), said, sizeof said);
    assert_ptr_equal(strstr(said, line), said); /* short: no line but the last */
    assert_null(strchr(said, '\r'));
    cc_tasks_free(&tasks);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_killed_campaign_resumes_to_the_same_bits),
        IN_SCRATCH(a_signal_stops_and_keeps),
        IN_SCRATCH(a_full_disk_stops_with_its_name),
        IN_SCRATCH(a_stopped_campaign_goes_on),
        IN_SCRATCH(progress_is_told),
    };
    return cmocka_run_group_tests(tests, load_plugins, unload_plugins);
}
