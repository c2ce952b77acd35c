/* harness/engine/progress.c: one live line on a terminal, a plain line now and then elsewhere. The remaining time is what the cells
 * of the same experiment have cost so far. */
#include "harness/engine/internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

typedef struct cost {
    const cc_experiment *experiment;
    size_t left, done;
    double seconds;
} cost;

struct cc_progress {
    const char *label;
    int quiet, live, jobs;
    size_t done, total, cached, errors, n_costs, last; /* last: the cost found last */
    cost *costs;
    double started, shown;
};

double cc_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static cost *cost_of(cc_progress *p, const cc_experiment *experiment)
{
    if (p->last < p->n_costs && p->costs[p->last].experiment == experiment) return &p->costs[p->last];
    for (p->last = 0; p->last < p->n_costs && p->costs[p->last].experiment != experiment;) p->last++;
    if (p->last == p->n_costs) p->costs[p->n_costs++] = (cost){.experiment = experiment};
    return &p->costs[p->last];
}

cc_progress *cc_progress_new(const cc_tasks *tasks, const size_t *pending, size_t n, size_t cached, int jobs,
                             const cc_campaign_options *options)
{
    cc_progress *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->label = options->label ? options->label : "", p->quiet = options->quiet, p->live = isatty(STDERR_FILENO);
    p->jobs = jobs, p->total = n, p->cached = cached, p->started = p->shown = cc_clock();
    p->costs = calloc(n + 1, sizeof *p->costs);
    if (!p->costs) {
        free(p);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) cost_of(p, tasks->item[pending[i]]->experiment)->left++;
    return p;
}

void cc_progress_cell(cc_progress *p, const cc_task *task, double seconds, int error)
{
    cost *c = cost_of(p, task->experiment);
    c->left--, c->done++, c->seconds += seconds;
    p->done++, p->errors += (size_t)error;
}

/* Seconds until the end; NaN while nothing is known. An experiment without a finished cell is as costly as the mean of all. */
static double remaining(const cc_progress *p)
{
    double all = 0, left = 0;
    for (size_t i = 0; i < p->n_costs; i++) all += p->costs[i].seconds;
    for (size_t i = 0; i < p->n_costs; i++) {
        const cost *c = &p->costs[i];
        left += (double)c->left * (c->done ? c->seconds / (double)c->done : all / (double)p->done);
    }
    return p->done ? left / p->jobs : (double)NAN;
}

static void say_duration(double seconds, char *text, size_t size)
{
    if (isnan(seconds))
        snprintf(text, size, "?");
    else if (seconds < 99.5)
        snprintf(text, size, "%.0f s", seconds);
    else if (seconds < 3600)
        snprintf(text, size, "%.0f min", seconds / 60);
    else
        snprintf(text, size, "%.1f h", seconds / 3600);
}

static void say(const cc_progress *p, const cc_task *current, char *text, size_t size)
{
    char eta[32], errors[48] = "";
    int percent = p->total ? (int)(100 * p->done / p->total) : 100;
    say_duration(remaining(p), eta, sizeof eta);
    if (p->errors) snprintf(errors, sizeof errors, ", %zu error%s", p->errors, p->errors == 1 ? "" : "s");
    snprintf(text, size, "%s%s%zu/%zu cells (%d %%)%s, %s left%s%s%s%s", p->label, *p->label ? ": " : "", p->done, p->total,
             percent, errors, eta, current ? "  " : "", current ? current->module->plugin->id : "", current ? "/" : "",
             current ? current->experiment->id : "");
}

static void print_live(const char *text)
{
    struct winsize window = {0};
    ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
    fprintf(stderr, "\r%.*s\033[K", window.ws_col > 1 ? window.ws_col - 1 : 79, text);
    fflush(stderr);
}

double cc_progress_due(const cc_progress *p) { return p->quiet ? (double)INFINITY : p->shown + (p->live ? .2 : 10) - cc_clock(); }

void cc_progress_show(cc_progress *p, const cc_task *current)
{
    char text[512];
    if (p->quiet || cc_progress_due(p) > 0) return;
    p->shown = cc_clock();
    say(p, current, text, sizeof text);
    if (p->live)
        print_live(text);
    else
        fprintf(stderr, "%s\n", text);
}

void cc_progress_end(cc_progress *p)
{
    if (!p) return;
    if (!p->quiet) {
        char took[32];
        say_duration(cc_clock() - p->started, took, sizeof took);
        fprintf(stderr, "%s%s%s%zu of %zu cells run in %s, %zu cached", p->live ? "\r\033[K" : "", p->label, *p->label ? ": " : "",
                p->done, p->total, took, p->cached);
        if (p->errors) fprintf(stderr, ", %zu in error", p->errors);
        fputc('\n', stderr);
    }
    free(p->costs);
    free(p);
}
