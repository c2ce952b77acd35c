/* The measures that come with the harness: trajectory, cost to targets, final; and cc_drive. All are one loop with an observer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/cell.h"

enum { CC_MAX_OBSERVED = 48, CC_MAX_RUNNING = 8 };

typedef enum trace_mode { TRACE_TRAJECTORY, TRACE_COST, TRACE_FINAL } trace_mode;

typedef struct running { /* accumulated at every step over a metric or a probe */
    char column[64], name[48], how[8];
    double value;
    uint64_t n;
} running;

typedef struct trace {
    cc_cell *cell;
    cc_session session;
    cc_stop stop;
    trace_mode mode;
    const char *metric[CC_MAX_OBSERVED];
    size_t n_metrics;
    cc_words metric_words, at, targets;
    uint64_t next, *clock, due; /* checkpoint: the clock's value that is awaited; its place in `at` */
    double factor;
    char *reached;
    running running[CC_MAX_RUNNING];
    size_t n_running, kept;
    uint64_t ns, resumed, flops;
    char message[CC_MESSAGE];
} trace;

static double metric_now(trace *t, const char *name)
{
    int found;
    return cc_session_metric(&t->session, t->cell->task->problem->problem, name, cc_session_candidate(&t->session), &found);
}

/* ---- set-up ---- */

static cc_status unknown_name(trace *t, const char *what, const char *name)
{
    return cc_fail(&t->session.run, CC_EINVAL, "plan: there is no %s '%s' in family '%s' or problem '%s'", what, name,
                   t->session.run.family->id, t->cell->task->problem->problem->id);
}

static cc_status setup_metrics(trace *t)
{
    int found = 1;
    t->metric_words = cc_words_split(t->cell->task->metrics, ' ');
    for (size_t i = 0; i < t->metric_words.n && t->n_metrics < CC_MAX_OBSERVED; i++) {
        t->metric[t->n_metrics++] = t->metric_words.item[i];
        cc_session_metric(&t->session, t->cell->task->problem->problem, t->metric_words.item[i], cc_session_candidate(&t->session),
                          &found);
        if (!found) return unknown_name(t, "metric", t->metric_words.item[i]);
    }
    if (t->n_metrics) return CC_OK;
    const cc_metric *lists[] = {t->session.run.family->metrics, t->cell->task->problem->problem->metrics};
    for (int k = 0; k < 2; k++)
        for (const cc_metric *m = lists[k]; m && m->name && t->n_metrics < CC_MAX_OBSERVED; m++)
            t->metric[t->n_metrics++] = m->name;
    return CC_OK;
}

static cc_status setup_clock(trace *t)
{
    const cc_task *task = t->cell->task;
    const cc_column *counters = t->session.run.family->counters;
    size_t i = 0;
    t->at = cc_words_split(task->at, ' ');
    t->factor = pow(10, 1 / (task->per_decade > 0 ? task->per_decade : 20));
    t->next = t->at.n ? (uint64_t)strtod(t->at.item[0], NULL) : 1;
    if (!strcmp(task->clock, "step")) {
        t->clock = &t->session.step;
        return CC_OK;
    }
    while (counters && counters[i].name && strcmp(counters[i].name, task->clock)) i++;
    if (!counters || !counters[i].name) return unknown_name(t, "counter", task->clock);
    t->clock = &t->session.run.counts[i];
    return CC_OK;
}

static cc_status setup_running(trace *t)
{
    cc_words words = cc_words_split(t->cell->task->running, ' ');
    cc_status status = CC_OK;
    for (size_t i = 0; i < words.n && status == CC_OK; i++) {
        running *r = &t->running[t->n_running];
        if (t->n_running == CC_MAX_RUNNING || sscanf(words.item[i], "%7[a-z](%47[^)])", r->how, r->name) != 2 ||
            !strstr(" sum max min mean ", r->how)) {
            cc_fail(&t->session.run, CC_EINVAL,
                    "running: '%s' is not sum, max, min or mean of a metric or probe, or there are more than %d", words.item[i],
                    CC_MAX_RUNNING);
            status = CC_EINVAL;
            break;
        }
        snprintf(r->column, sizeof r->column, "%s", words.item[i]);
        r->value = NAN;
        t->n_running++;
    }
    cc_words_free(&words);
    return status;
}

static cc_status setup(trace *t, cc_cell *cell, trace_mode mode)
{
    const cc_task *task = cell->task;
    t->cell = cell;
    t->mode = mode;
    if (!task->algorithm || !task->problem) {
        snprintf(t->message, sizeof t->message, "measure '%s' needs an algorithm and a problem", task->measure->id);
        return CC_EINVAL;
    }
    CC_TRY(cc_session_open(&t->session, task->family, task->algorithm, task->problem, cell->seed, cell->limit, cell->instances,
                           t->message));
    CC_TRY(cc_stop_parse(task->stop, &t->session, task->problem->problem, &t->stop, t->message));
    CC_TRY(setup_metrics(t));
    CC_TRY(setup_clock(t));
    CC_TRY(setup_running(t));
    if (mode != TRACE_COST) return CC_OK;
    t->targets = cc_words_split(task->targets, ' ');
    t->reached = calloc(t->targets.n ? t->targets.n : 1, 1);
    return t->reached ? CC_OK : CC_ENOMEM;
}

static void teardown(trace *t)
{
    if (t->session.instance) cc_session_close(&t->session);
    cc_words_free(&t->metric_words);
    cc_words_free(&t->at);
    cc_words_free(&t->targets);
    free(t->reached);
}

/* ---- rows ---- */

static void put_meter(trace *t, const char *outcome)
{
    cc_cell *cell = t->cell;
    const cc_family *family = t->session.run.family;
    cc_put(cell, "step", (double)t->session.step);
    cc_put_text(cell, "outcome", outcome);
    for (size_t i = 0; family->counters && family->counters[i].name; i++)
        cc_put(cell, family->counters[i].name, (double)t->session.run.counts[i]);
    for (const cc_probe *p = t->session.algorithm->probes; p && p->name; p++) {
        int found;
        cc_put(cell, p->name, cc_session_probe(&t->session, p->name, &found));
    }
    for (size_t i = 0; i < t->n_running; i++) cc_put(cell, t->running[i].column, t->running[i].value);
    cc_put(cell, "flops", (double)(cc_flops_now() - t->flops));
    cc_put(cell, "peak_bytes", (double)t->session.run.bytes);
    cc_put(cell, "ns", (double)t->ns);
    cc_put(cell, "drew", t->session.run.drew);
}

static void keep_candidate(trace *t)
{
    char fact[32];
    const char *type = t->session.run.family->candidate;
    if (!t->cell->task->keep || !type || sscanf(type, "double[%31[^]]]", fact) != 1) return;
    double size = cc_known(&t->session.run.oracle, fact);
    size_t shape = size >= 1 && size < 1e9 ? (size_t)size : 0;
    if (shape) cc_attach(t->cell, "candidate", 1, &shape, cc_session_candidate(&t->session));
}

static void put_row(trace *t, const char *outcome)
{
    const cc_facts *facts = &t->session.instance->facts;
    put_meter(t, outcome);
    for (size_t i = 0; i < t->n_metrics; i++) cc_put(t->cell, t->metric[i], metric_now(t, t->metric[i]));
    for (size_t i = 0; i < facts->n; i++) cc_put(t->cell, facts->item[i].name, facts->item[i].value);
    keep_candidate(t);
    cc_emit(t->cell);
}

/* The awaited value after a checkpoint at `now`. */
static uint64_t next_checkpoint(trace *t, uint64_t now)
{
    if (!t->at.n) {
        if (now == 0) return 1;
        double grid = pow(t->factor, floor(log((double)now) / log(t->factor) + 1e-9) + 1);
        uint64_t next = (uint64_t)ceil(grid - 1e-9);
        return next > now ? next : now + 1;
    }
    while (t->due < t->at.n && strtod(t->at.item[t->due], NULL) <= (double)now) t->due++;
    return t->due < t->at.n ? (uint64_t)strtod(t->at.item[t->due], NULL) : UINT64_MAX;
}

static cc_status update_running(trace *t)
{
    for (size_t i = 0; i < t->n_running; i++) {
        running *r = &t->running[i];
        int found;
        double x = cc_session_probe(&t->session, r->name, &found);
        if (!found)
            x = cc_session_metric(&t->session, t->cell->task->problem->problem, r->name, cc_session_candidate(&t->session), &found);
        if (!found) return unknown_name(t, "metric or probe", r->name);
        double before = r->n ? r->value : !strcmp(r->how, "max") ? -INFINITY : !strcmp(r->how, "min") ? INFINITY : 0;
        r->n++;
        r->value = !strcmp(r->how, "sum")   ? before + x
                   : !strcmp(r->how, "max") ? fmax(before, x)
                   : !strcmp(r->how, "min") ? fmin(before, x)
                                            : before + (x - before) / (double)r->n;
    }
    return CC_OK;
}

/* Rows for targets that are met now; 1 if all are. At the end the others become censored rows. */
static int meet_targets(trace *t, const char *outcome, int end)
{
    size_t met = 0;
    double value = metric_now(t, t->metric[0]);
    for (size_t i = 0; i < t->targets.n; i++) {
        double target = strtod(t->targets.item[i], NULL);
        if (!t->reached[i] && (value <= target || end)) {
            cc_put(t->cell, "target", target);
            cc_put(t->cell, "reached", value <= target);
            put_row(t, outcome);
            t->reached[i] = 1;
        }
        met += (size_t)t->reached[i];
    }
    return met == t->targets.n;
}

/* What a step shows, with the clock stopped. Returns the outcome that ends the run, or NULL. */
static const char *observe(trace *t, const char *outcome)
{
    int due = t->mode == TRACE_TRAJECTORY && *t->clock >= t->next;
    if (t->mode == TRACE_COST && meet_targets(t, outcome ? outcome : "", outcome != NULL) && !outcome) outcome = "TARGET";
    if (t->mode == TRACE_FINAL && outcome) put_row(t, outcome);
    if (t->mode == TRACE_TRAJECTORY && (due || outcome)) {
        put_row(t, outcome ? outcome : "");
        t->next = next_checkpoint(t, *t->clock);
    }
    return outcome;
}

static inline int must_look(const trace *t, cc_status status)
{
    return status != CC_OK || t->mode == TRACE_COST || t->n_running || t->stop.n_values ||
           (t->mode == TRACE_TRAJECTORY && *t->clock >= t->next);
}

static cc_status trace_loop(trace *t)
{
    const char *outcome = cc_stop_reached(&t->stop, &t->session);
    cc_status status = CC_OK;
    if (t->mode == TRACE_TRAJECTORY && (!t->at.n || t->next == 0 || outcome)) {
        put_row(t, outcome ? outcome : "");
        t->next = next_checkpoint(t, *t->clock);
    } else
        outcome = observe(t, outcome);
    t->resumed = cc_now_ns();
    while (!outcome) {
        status = cc_session_step(&t->session, t->message);
        if (status < 0) return status;
        if (__builtin_expect(!must_look(t, status) && t->session.step < t->stop.steps && !t->stop.n_counters, 1)) continue;
        t->ns += cc_now_ns() - t->resumed;
        CC_TRY(update_running(t));
        outcome =
            status == CC_DONE ? (t->session.run.outcome ? t->session.run.outcome : "DONE") : cc_stop_reached(&t->stop, &t->session);
        outcome = observe(t, outcome);
        t->resumed = cc_now_ns();
    }
    return CC_OK;
}

static cc_status trace_block(cc_cell *cell, trace_mode mode)
{
    trace *t = calloc(1, sizeof *t);
    cc_status status = t ? CC_OK : CC_ENOMEM;
    while (status == CC_OK && cc_replicate(cell)) {
        memset(t, 0, sizeof *t);
        t->flops = cc_flops_now();
        status = setup(t, cell, mode);
        if (status == CC_OK) status = trace_loop(t);
        if (t->session.run.bytes > cell->out->peak_bytes) cell->out->peak_bytes = t->session.run.bytes;
        const char *message = t->message[0] ? t->message : t->session.run.message;
        if (status != CC_OK) cc_cell_fail(cell, status, message[0] ? message : "no memory");
        teardown(t);
    }
    free(t);
    return status;
}

static cc_status run_trajectory(cc_cell *cell) { return trace_block(cell, TRACE_TRAJECTORY); }
static cc_status run_cost(cc_cell *cell) { return trace_block(cell, TRACE_COST); }
static cc_status run_final(cc_cell *cell) { return trace_block(cell, TRACE_FINAL); }

const cc_measure cc_trajectory = {.id = "trajectory", .run = run_trajectory};
const cc_measure cc_cost = {.id = "cost", .run = run_cost};
const cc_measure cc_final = {.id = "final", .run = run_final};

/* ---- cc_drive ---- */

static cc_status drive_bound(cc_cell *cell, const char *set, cc_bound **algorithm, cc_bound **problem, char *message)
{
    const cc_task *task = cell->task;
    if (!task->algorithm || !task->problem) {
        snprintf(message, CC_MESSAGE, "cc_drive needs an arm with an algorithm and a problem");
        return CC_EBUG;
    }
    *algorithm = cc_bound_copy(task->algorithm);
    *problem = cc_bound_copy(task->problem);
    if (!*algorithm || !*problem) return CC_ENOMEM;
    cc_words words = cc_words_split(set, ' ');
    cc_status status = CC_OK;
    for (size_t i = 0; i < words.n && status == CC_OK; i++) {
        char *equals = strchr(words.item[i], '=');
        if (equals) *equals = 0;
        cc_status first = cc_bound_assign(*algorithm, words.item[i], equals ? equals + 1 : "", message);
        cc_status second = cc_bound_assign(*problem, words.item[i], equals ? equals + 1 : "", message);
        if (first < 0 || second < 0) status = CC_EINVAL;
        if (first == CC_SKIP && second == CC_SKIP) {
            snprintf(message, CC_MESSAGE, "cc_drive: nothing has a parameter '%s'", words.item[i]);
            status = CC_EBUG;
        }
    }
    cc_words_free(&words);
    return status;
}

static cc_status drive_loop(cc_cell *cell, cc_session *session, const cc_stop *stop, cc_look look, void *arg, char *message)
{
    cc_status status = CC_OK;
    while (status == CC_OK) {
        cc_status seen = look(cell, &session->run, session->state, cc_session_candidate(session), arg);
        if (seen < 0) memcpy(message, cell->scope.message, CC_MESSAGE);
        if (seen != CC_OK) return seen == CC_DONE ? CC_OK : seen;
        if (cc_stop_reached(stop, session)) return CC_OK;
        status = cc_session_step(session, message);
        if (status == CC_DONE) look(cell, &session->run, session->state, cc_session_candidate(session), arg);
    }
    return status == CC_DONE ? CC_OK : status;
}

cc_status cc_drive(cc_cell *cell, const char *set, cc_look look, void *arg)
{
    const cc_task *task = cell->task;
    cc_bound *algorithm = NULL, *problem = NULL;
    cc_session session;
    cc_stop stop;
    char message[CC_MESSAGE] = "no memory";
    cc_status status = drive_bound(cell, set, &algorithm, &problem, message);
    if (status == CC_OK) {
        status = cc_session_open(&session, task->family, algorithm, problem, cell->seed, cell->limit, cell->instances, message);
        if (status == CC_OK) {
            status = cc_stop_parse(task->stop, &session, problem->problem, &stop, message);
            if (status == CC_OK) status = drive_loop(cell, &session, &stop, look, arg, message);
            if (session.run.bytes > cell->out->peak_bytes) cell->out->peak_bytes = session.run.bytes;
            cc_session_close(&session);
        }
    }
    cc_bound_free(algorithm);
    cc_bound_free(problem);
    return status == CC_OK ? CC_OK : cc_cell_fail(cell, status, message);
}
