/* harness/test/trial.h: campaigns over the cells of plugins/faulty.c, here or in a child. */
#ifndef CLAIMCHECK_HARNESS_TEST_TRIAL_H
#define CLAIMCHECK_HARNESS_TEST_TRIAL_H

#include "harness/test/scratch.h"

#include <errno.h>
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

static inline int load_plugins(void **state)
{
    (void)state;
    setenv("CLAIMCHECK_PLUGIN_PATH", TRIAL_PLUGINS, 1);
    signal(SIGINT, SIG_DFL);
    registry = cc_registry_open();
    return registry && cc_find_plugin(registry, "faulty") ? 0 : -1;
}

static inline int unload_plugins(void **state)
{
    (void)state;
    cc_registry_close(registry);
    return 0;
}

/* The cells of an experiment of faulty.c, appended; NULL: of all that do not fail. */
static inline void plan(const char *id, cc_tasks *tasks)
{
    static const char *const sound[] = {"sane", "look", "timed", "absent"};
    char message[CC_MESSAGE] = "";
    const cc_module *module = cc_find_plugin(registry, "faulty");
    for (size_t i = 0; !id && i < sizeof sound / sizeof *sound; i++) plan(sound[i], tasks);
    for (const cc_experiment *e = module->plugin->experiments; id && e->id; e++)
        if (strcmp(e->id, id) == 0 && cc_plan_experiment(registry, module, e, 0, 0, NULL, tasks, message) != CC_OK)
            fail_msg("%s", message);
}

static inline cc_tasks planned(const char *id)
{
    cc_tasks tasks = {0};
    plan(id, &tasks);
    assert_true(tasks.n > 0);
    return tasks;
}

/* Under a sanitizer workers leave the handlers of signals as they are, and would inherit those of the test framework. */
static inline void drop_handlers(void)
{
    if (SANITIZED) signal(SIGSEGV, SIG_DFL), signal(SIGABRT, SIG_DFL);
}

static inline cc_status campaign(cc_store *store, const cc_tasks *tasks, int jobs, cc_campaign_report *report,
                                 char message[CC_MESSAGE])
{
    const cc_campaign_options options = {.jobs = jobs, .quiet = 1};
    if (SANITIZED)
        signal(SIGSEGV, SIG_DFL), signal(SIGABRT, SIG_DFL); /* workers would inherit the handlers of the test framework */
    return cc_campaign_run(store, registry, tasks, &options, report, message);
}

static inline cc_campaign_report run(cc_store *store, const cc_tasks *tasks, int jobs)
{
    char message[CC_MESSAGE] = "";
    cc_campaign_report report;
    if (campaign(store, tasks, jobs, &report, message) != CC_OK) fail_msg("%s", message);
    return report;
}

/* How many cells, columns and arrays differ between the store and another file, leaving out times. */
static inline int64_t differences(cc_store *store, const char *other)
{
#define ROWS(db)                                                                                                                   \
    "SELECT key, status, cause, message, rows, name, data FROM " db ".cell LEFT JOIN (SELECT cell, name, data FROM " db            \
    ".cell_column WHERE name <> 'ns' AND name NOT GLOB '*_ns' AND name <> 'peak_bytes' UNION ALL SELECT cell, name || seed || "    \
    "row, data FROM " db ".attachment) ON cell = id"
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

static inline const cc_task *task_at(const cc_tasks *tasks, const char *point, uint64_t seed)
{
    for (size_t i = 0; i < tasks->n; i++)
        if (strcmp(tasks->item[i]->point, point) == 0 && tasks->item[i]->seed == seed) return tasks->item[i];
    fail_msg("no task at %s", point);
    return NULL;
}

static inline cc_cell_info cell_at(cc_store *store, const cc_tasks *tasks, const char *point, uint64_t seed)
{
    char message[CC_MESSAGE] = "";
    cc_cell_info info;
    if (cc_store_find(store, task_at(tasks, point, seed)->key, &info, message) != CC_OK) fail_msg("%s", message);
    return info;
}

/* Runs a campaign in a child of its own. */
static inline pid_t start(const char *name, const cc_tasks *tasks, int jobs, rlim_t file_limit)
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

static inline void sleep_ms(long ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* Reaps the campaign and every worker it left to us; fails if one lives on. */
static inline int reap(pid_t pid)
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

#endif
