/* harness/engine/campaign.c: what is missing in the store is run: first side by side, then what is timed, one at a time. */
#include "harness/engine/internal.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Indices of tasks that are to be run. */
typedef struct agenda {
    size_t *plain, *timed, n_plain, n_timed;
} agenda;

static int by_key(const void *a, const void *b)
{
    const cc_task *const *p = *(const cc_task *const *const *)a, *const *q = *(const cc_task *const *const *)b;
    int order = strcmp((*p)->key, (*q)->key);
    return order ? order : p < q ? -1 : p > q;
}

/* Marks every task whose key an earlier one has. 0, or -1: no memory. */
static int mark_repeats(const cc_tasks *tasks, unsigned char *repeat)
{
    cc_task ***sorted = malloc((tasks->n + 1) * sizeof *sorted);
    if (!sorted) return -1;
    for (size_t i = 0; i < tasks->n; i++) sorted[i] = &tasks->item[i];
    qsort(sorted, tasks->n, sizeof *sorted, by_key);
    for (size_t i = 1; i < tasks->n; i++)
        if (strcmp((*sorted[i])->key, (*sorted[i - 1])->key) == 0) repeat[sorted[i] - tasks->item] = 1;
    free(sorted);
    return 0;
}

static int in_shard(const cc_task *task, const cc_campaign_options *options)
{
    char head[16] = "";
    if (options->shards <= 1) return 1;
    memcpy(head, task->key, 15);
    return strtoull(head, NULL, 16) % (unsigned)options->shards == (unsigned)options->shard;
}

/* 1: to be run; 0: in the store; negative: failed. A skipped cell is tried again: its data may have come. */
static int is_missing(cc_store *store, const cc_task *task, const cc_campaign_options *options, cc_campaign_report *report,
                      char message[CC_MESSAGE])
{
    cc_cell_info info;
    if (cc_store_find(store, task->key, &info, message) != CC_OK) return -1;
    int error = strcmp(info.status, "error") == 0;
    if (!info.id || strcmp(info.status, "skipped") == 0 || (error && options->retry_errors)) return 1;
    report->cached++;
    report->errors += (size_t)error;
    return 0;
}

static cc_status fill_agenda(cc_store *store, const cc_tasks *tasks, const unsigned char *repeat,
                             const cc_campaign_options *options, agenda *a, cc_campaign_report *report, char message[CC_MESSAGE])
{
    for (size_t i = 0; i < tasks->n; i++) {
        const cc_task *task = tasks->item[i];
        if (repeat[i] || !in_shard(task, options)) continue;
        report->cells++;
        int missing = is_missing(store, task, options, report, message);
        if (missing < 0) return CC_EDATA;
        if (missing && task->timed)
            a->timed[a->n_timed++] = i;
        else if (missing)
            a->plain[a->n_plain++] = i;
    }
    return CC_OK;
}

static void free_agenda(agenda *a)
{
    free(a->plain);
    free(a->timed);
}

static cc_status make_agenda(cc_store *store, const cc_tasks *tasks, const cc_campaign_options *options, agenda *a,
                             cc_campaign_report *report, char message[CC_MESSAGE])
{
    unsigned char *repeat = calloc(tasks->n + 1, 1);
    *a = (agenda){calloc(tasks->n + 1, sizeof *a->plain), calloc(tasks->n + 1, sizeof *a->timed), 0, 0};
    cc_status status = CC_ENOMEM;
    if (repeat && a->plain && a->timed && mark_repeats(tasks, repeat) == 0)
        status = fill_agenda(store, tasks, repeat, options, a, report, message);
    else
        snprintf(message, CC_MESSAGE, "no memory for %zu tasks", tasks->n);
    free(repeat);
    return status;
}

static int default_jobs(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

static cc_status run_agenda(cc_crew_job *job, const agenda *a, size_t jobs, char message[CC_MESSAGE])
{
    job->pending = a->plain, job->n = a->n_plain;
    job->hands = jobs < a->n_plain ? jobs : a->n_plain;
    CC_TRY(cc_crew_run(job, message));
    if (job->report->interrupted) return CC_OK;
    job->pending = a->timed, job->n = a->n_timed, job->hands = 1, job->timed = 1;
    return cc_crew_run(job, message);
}

/* With SIGINT and SIGTERM turned into something to read. */
static cc_status run_attentively(cc_crew_job *job, const agenda *a, size_t jobs, char message[CC_MESSAGE])
{
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, &before);
    job->signals = signalfd(-1, &stop, SFD_CLOEXEC);
    cc_status status = run_agenda(job, a, jobs, message);
    close(job->signals);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return status;
}

cc_status cc_campaign_run(cc_store *store, const cc_registry *registry, const cc_tasks *tasks, const cc_campaign_options *options,
                          cc_campaign_report *report, char message[CC_MESSAGE])
{
    double started = cc_clock();
    int jobs = options->jobs > 0 ? options->jobs : default_jobs();
    agenda a;
    *report = (cc_campaign_report){0};
    cc_crew_job job = {.store = store, .registry = registry, .tasks = tasks, .report = report};
    if (!store->writer) {
        snprintf(message, CC_MESSAGE, "store %s was opened for reading", store->path);
        return CC_EINVAL;
    }
    cc_status status = make_agenda(store, tasks, options, &a, report, message);
    size_t n = a.n_plain + a.n_timed;
    if (status == CC_OK && n) {
        size_t *all = malloc(n * sizeof *all);
        if (all) {
            memcpy(all, a.plain, a.n_plain * sizeof *all);
            memcpy(all + a.n_plain, a.timed, a.n_timed * sizeof *all);
            job.progress = cc_progress_new(tasks, all, n, report->cached, jobs, options);
        }
        free(all);
        if (job.progress)
            status = run_attentively(&job, &a, (size_t)jobs, message);
        else
            snprintf(message, CC_MESSAGE, "no memory for %zu tasks", n), status = CC_ENOMEM;
        cc_progress_end(job.progress);
    }
    free_agenda(&a);
    report->seconds = cc_clock() - started;
    return status;
}
