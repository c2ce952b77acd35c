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

/* What a campaign says on `output`; a child's stderr. */
static pid_t start_talking(const cc_tasks *tasks, int output, const char *name)
{
    pid_t pid = fork();
    if (pid) return pid;
    char message[CC_MESSAGE] = "";
    const cc_campaign_options options = {.jobs = 2, .label = "a label"};
    cc_campaign_report report;
    dup2(output, STDERR_FILENO);
    cc_store *store = cc_store_open(scratch(name), 1, message);
    cc_status status = store ? cc_campaign_run(store, registry, tasks, &options, &report, message) : CC_EDATA;
    cc_store_close(store);
    _exit(status != CC_OK);
}

static void progress_is_told(void **state)
{
    (void)state;
    char said[4096] = "", line[512];
    size_t size = 0;
    int terminal, program, wait_status;
    cc_tasks tasks = planned("brisk");
    snprintf(line, sizeof line, "a label: %zu of %zu cells run", tasks.n, tasks.n);

    assert_int_equal(openpty(&terminal, &program, NULL, NULL, NULL), 0);
    pid_t pid = start_talking(&tasks, program, "live.db");
    close(program);
    for (ssize_t n = 1; n > 0 && size < sizeof said - 1; size += (size_t)(n > 0 ? n : 0))
        n = read(terminal, said + size, sizeof said - 1 - size);
    waitpid(pid, &wait_status, 0);
    close(terminal);
    assert_int_equal(wait_status, 0);
    assert_mentions(said, "\r");
    assert_mentions(said, "%)");
    assert_mentions(said, "left  faulty/brisk");
    assert_mentions(said, line);

    int file = open(scratch("said"), O_RDWR | O_CREAT, 0600);
    pid = start_talking(&tasks, file, "plain.db");
    waitpid(pid, &wait_status, 0);
    assert_int_equal(wait_status, 0);
    ssize_t n = pread(file, said, sizeof said - 1, 0);
    assert_true(n > 0);
    said[n] = 0;
    close(file);
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
