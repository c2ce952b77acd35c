/* harness/engine/crew.c: the parent's loop: hands out, collects, buries the dead, writes. */
#include "harness/engine/internal.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* A block whose worker died is run again seed by seed to name the culprit, for as long as the cell's deadline. */
typedef struct inquest {
    int on;
    uint32_t seed; /* of the block, counted from 0: under way */
    double until;
    char cause[32], message[CC_MESSAGE];
} inquest;

typedef struct lane {
    cc_worker worker;
    size_t queue[2]; /* tasks sent; the first is running */
    int queued;
    double started, last; /* last: seconds of the cell before */
    inquest inquest;
} lane;

typedef struct crew {
    const cc_crew_job *job;
    cc_deal *deal;
    lane *lanes;
    struct pollfd *polled; /* one a lane, then the signals */
    size_t uncommitted;
    double opened; /* when the transaction was */
    char *message;
} crew;

enum { BATCH_CELLS = 64 };
static const double BATCH_S = .2, SHORT_S = .02, LOOK_S = 1, STOPPED_S = .3;

static const cc_task *running(const crew *c, const lane *l) { return c->job->tasks->item[l->queue[0]]; }

static double allowance(const cc_task *task) { return task->deadline_s > 0 ? task->deadline_s : 60; }

static double deadline(const crew *c, const lane *l)
{
    return l->inquest.on ? l->inquest.until : l->started + allowance(running(c, l));
}

/* ---- writing ---- */

static cc_status commit(crew *c)
{
    if (!c->uncommitted) return CC_OK;
    c->uncommitted = 0;
    return cc_store_commit(c->job->store, c->message);
}

static cc_status commit_if_due(crew *c)
{
    int due = c->uncommitted >= BATCH_CELLS || (c->uncommitted && (c->job->timed || cc_clock() - c->opened >= BATCH_S));
    return due ? commit(c) : CC_OK;
}

static const char *cause_of(cc_status status)
{
    if (status == CC_ENOMEM) return "memory";
    return status < 0 ? cc_status_name(status) : "";
}

/* The running cell has ended so. Takes what the outcome holds. */
static cc_status finish(crew *c, lane *l, cc_outcome *outcome, const char *cause)
{
    const cc_crew_job *job = c->job;
    const cc_task *task = running(c, l);
    cc_status status = CC_OK;
    if (!c->uncommitted) {
        status = cc_store_begin(job->store, c->message);
        c->opened = cc_clock();
    }
    if (status == CC_OK) {
        c->uncommitted++;
        status = cc_store_put(job->store, task, outcome, cause, c->message);
    }
    if (outcome->status == CC_SKIP)
        job->report->skipped++;
    else
        job->report->run++;
    job->report->errors += outcome->status < 0;
    job->report->busy_seconds += outcome->seconds;
    cc_progress_cell(job->progress, task, outcome->seconds, outcome->status < 0);
    l->last = outcome->seconds;
    l->queue[0] = l->queue[1], l->queued--;
    l->started = cc_clock();
    cc_outcome_clear(outcome);
    return status;
}

static cc_status finish_error(crew *c, lane *l, const char *cause, const char *text)
{
    cc_outcome outcome = {.status = CC_EBUG, .seconds = cc_clock() - l->started};
    snprintf(outcome.message, CC_MESSAGE, "%s", text);
    return finish(c, l, &outcome, cause);
}

/* ---- sending ---- */

static cc_status employ(crew *c, lane *l)
{
    if (l->worker.pid || cc_worker_spawn(&l->worker, c->job->registry, c->job->tasks) == 0) return CC_OK;
    snprintf(c->message, CC_MESSAGE, "no worker can be started: %s", strerror(errno));
    return CC_ENOMEM;
}

/* A worker that cannot be sent to is dying; receiving will tell. */
static cc_status send_seed(crew *c, lane *l)
{
    CC_TRY(employ(c, l));
    cc_worker_send(&l->worker, (cc_command){l->queue[0], l->inquest.seed, 1});
    return CC_OK;
}

/* Short cells are queued one ahead, so that the worker need not wait for us; long ones are kept for whoever is free first. */
static cc_status hand_out(crew *c, size_t hand)
{
    lane *l = &c->lanes[hand];
    int depth = !c->job->timed && l->queued && l->last < SHORT_S ? 2 : 1;
    while (l->queued < depth && !l->inquest.on) {
        size_t task = cc_deal_take(c->deal, hand);
        if (task == SIZE_MAX) break;
        CC_TRY(employ(c, l));
        if (!l->queued) l->started = cc_clock();
        l->queue[l->queued++] = task;
        cc_worker_send(&l->worker, (cc_command){task, 0, 0});
    }
    return CC_OK;
}

/* ---- a cell's end ---- */

/* culprit: the seed under way; else none was found. */
static cc_status close_inquest(crew *c, lane *l, int culprit, const char *how)
{
    char text[CC_MESSAGE];
    unsigned long long seed = running(c, l)->seed + l->inquest.seed;
    l->inquest.on = 0;
    if (culprit)
        snprintf(text, sizeof text, "%.400s; %s seed %llu", l->inquest.message, how, seed);
    else
        snprintf(text, sizeof text, "%.400s; %s", l->inquest.message, how);
    return finish_error(c, l, l->inquest.cause, text);
}

static cc_status on_outcome(crew *c, lane *l, cc_outcome *outcome)
{
    if (!l->queued) { /* nobody asked: a plug-in wrote into the channel */
        cc_outcome_clear(outcome);
        return CC_OK;
    }
    if (!l->inquest.on) return finish(c, l, outcome, cause_of(outcome->status));
    cc_status status = outcome->status;
    cc_outcome_clear(outcome);
    if (status < 0) return close_inquest(c, l, 1, "alone, an error comes from");
    if (++l->inquest.seed == running(c, l)->n_seeds) return close_inquest(c, l, 0, "no seed of the block fails alone");
    return send_seed(c, l);
}

static cc_status on_death(crew *c, size_t hand, int late)
{
    lane *l = &c->lanes[hand];
    char cause[32], text[CC_MESSAGE];
    int wait_status = cc_worker_end(&l->worker);
    if (!l->queued) return CC_OK;
    if (l->queued == 2) cc_deal_return(c->deal, hand), l->queued = 1;
    if (l->inquest.on) return close_inquest(c, l, 1, late ? "run seed by seed, the time was over at" : "the culprit is");
    cc_worker_blame(wait_status, l->worker.starved, late, running(c, l), cause, text);
    if (running(c, l)->n_seeds < 2) return finish_error(c, l, cause, text);
    l->inquest = (inquest){.on = 1, .until = cc_clock() + allowance(running(c, l))};
    memcpy(l->inquest.cause, cause, sizeof cause);
    memcpy(l->inquest.message, text, sizeof text);
    return send_seed(c, l);
}

/* ---- the loop ---- */

static cc_status collect(crew *c, size_t hand)
{
    lane *l = &c->lanes[hand];
    cc_outcome outcome;
    for (;;) {
        switch (cc_worker_receive(&l->worker, &outcome)) {
        case CC_OUTCOME:
            CC_TRY(on_outcome(c, l, &outcome));
            break;
        case CC_NOTHING:
            return CC_OK;
        default:
            return on_death(c, hand, 0);
        }
    }
}

static int wait_ms(const crew *c)
{
    double now = cc_clock(), wait = cc_progress_due(c->job->progress);
    if (c->uncommitted) wait = fmin(wait, c->opened + BATCH_S - now);
    for (size_t i = 0; i < c->job->hands; i++)
        if (c->lanes[i].queued) wait = fmin(wait, deadline(c, &c->lanes[i]) - now);
    return wait > 0 ? (int)ceil(1000 * fmin(wait, LOOK_S)) : 0;
}

/* We were stopped (Ctrl-Z), and the workers with us: they get their time anew. */
static void forgive(crew *c)
{
    double now = cc_clock();
    for (size_t i = 0; i < c->job->hands; i++) {
        lane *l = &c->lanes[i];
        l->started = now;
        if (l->inquest.on) l->inquest.until = now + allowance(running(c, l));
    }
}

static cc_status wait_for_news(crew *c)
{
    size_t n = c->job->hands;
    int ms = wait_ms(c);
    double before = cc_clock();
    for (size_t i = 0; i < n; i++)
        c->polled[i] = (struct pollfd){c->lanes[i].worker.pid ? c->lanes[i].worker.channel : -1, POLLIN, 0};
    c->polled[n] = (struct pollfd){c->job->signals, POLLIN, 0};
    if (poll(c->polled, n + 1, ms) < 0 && errno != EINTR) {
        snprintf(c->message, CC_MESSAGE, "poll: %s", strerror(errno));
        return CC_EBUG;
    }
    if (cc_clock() - before > 1e-3 * ms + STOPPED_S) forgive(c);
    return CC_OK;
}

static int over_time(const crew *c, const lane *l) { return l->queued && cc_clock() > deadline(c, l); }

static cc_status attend(crew *c)
{
    size_t n = c->job->hands;
    struct signalfd_siginfo heard; /* once read, the signal is not delivered again */
    CC_TRY(wait_for_news(c));
    if (c->polled[n].revents && read(c->job->signals, &heard, sizeof heard) > 0) c->job->report->interrupted = 1;
    for (size_t i = 0; i < n; i++)
        if (c->polled[i].revents) CC_TRY(collect(c, i));
    for (size_t i = 0; i < n; i++) {
        if (over_time(c, &c->lanes[i])) CC_TRY(collect(c, i)); /* it may have come in time, while we waited for the store */
        if (over_time(c, &c->lanes[i])) CC_TRY(on_death(c, i, 1));
    }
    return CC_OK;
}

static cc_status work(crew *c)
{
    for (;;) {
        const cc_task *current = NULL;
        for (size_t i = 0; i < c->job->hands; i++) {
            CC_TRY(hand_out(c, i));
            if (c->lanes[i].queued) current = running(c, &c->lanes[i]);
        }
        if (!current) return CC_OK;
        cc_progress_show(c->job->progress, current);
        CC_TRY(attend(c));
        CC_TRY(commit_if_due(c));
        if (c->job->report->interrupted) return CC_OK;
    }
}

cc_status cc_crew_run(const cc_crew_job *job, char message[CC_MESSAGE])
{
    crew c = {.job = job, .message = message};
    if (!job->n) return CC_OK;
    c.deal = cc_deal_new(job->tasks, job->pending, job->n, job->hands);
    c.lanes = calloc(job->hands, sizeof *c.lanes);
    c.polled = calloc(job->hands + 1, sizeof *c.polled);
    cc_status status = CC_ENOMEM;
    if (c.deal && c.lanes && c.polled)
        status = work(&c);
    else
        snprintf(message, CC_MESSAGE, "no memory for %zu tasks", job->n);
    for (size_t i = 0; c.lanes && i < job->hands; i++) cc_worker_end(&c.lanes[i].worker);
    if (c.uncommitted) { /* what was finished before a failure is kept if it can be */
        char other[CC_MESSAGE];
        c.message = status == CC_OK ? message : other;
        cc_status last = commit(&c);
        if (status == CC_OK) status = last;
    }
    cc_deal_free(c.deal);
    free(c.lanes);
    free(c.polled);
    return status;
}
