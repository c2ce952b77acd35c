/* A cell in this process: replicates, referees, rows, attachments. The measures of harness/measure.h and of measures.c stand on it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/core/cell.h"

uint64_t cc_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void replicate_end(cc_cell *cell)
{
    for (size_t i = 0; i < cell->n_referees; i++) {
        cc_session_close(&cell->referees[i]->session);
        cc_bound_free(cell->referees[i]->problem);
        free(cell->referees[i]);
    }
    cell->n_referees = 0;
    if (cell->live) cc_scope_close(&cell->scope);
    cell->live = 0;
}

int cc_replicate(cc_cell *cell)
{
    if (cell->live && cell->scope.bytes > cell->out->peak_bytes) cell->out->peak_bytes = cell->scope.bytes;
    if (cell->live && cell->scope.bug[0]) return 0;
    cc_run ended = cell->scope;
    replicate_end(cell);
    if (cell->next == cell->end) {
        memcpy(cell->scope.message, ended.message, sizeof ended.message);
        return 0;
    }
    cell->seed = cell->task->seed + cell->next++;
    cc_scope_open(&cell->scope, CC_ROLE_MEASURE, cell->seed, cell->limit);
    cell->scope.values[0] = &cell->task->measure_values;
    cell->scope.values[1] = cell->task->algorithm ? &cell->task->algorithm->values : NULL;
    cell->scope.values[2] = cell->task->problem ? &cell->task->problem->values : NULL;
    cell->live = 1;
    return 1;
}

cc_run *cc_cell_run(cc_cell *cell) { return &cell->scope; }

cc_status cc_cell_fail(cc_cell *cell, cc_status why, const char *message) { return cc_fail(&cell->scope, why, "%s", message); }

cc_status cc_referee(cc_cell *cell, const char *problem, cc_run **run)
{
    char message[CC_MESSAGE] = "";
    const cc_module *owner;
    if (cell->n_referees == CC_MAX_REFEREES)
        return cc_fail(&cell->scope, CC_EBUG, "more than %d referees in a replicate", CC_MAX_REFEREES);
    if (!problem && !cell->task->problem) return cc_fail(&cell->scope, CC_EBUG, "the arm has no problem for a referee to stand on");
    cc_referee_of *referee = calloc(1, sizeof *referee);
    if (!referee) return cc_fail(&cell->scope, CC_ENOMEM, "no memory for a referee");
    cc_status status = CC_OK;
    if (problem) status = cc_bound_parse(cell->registry, problem, 1, &referee->problem, message);
    const cc_bound *bound = problem ? referee->problem : cell->task->problem;
    if (status == CC_OK)
        status = cc_session_open(&referee->session, cc_find_family(cell->registry, bound->problem->family, &owner), NULL, bound,
                                 cell->seed, cell->limit, cell->instances, message);
    if (status != CC_OK) {
        cc_bound_free(referee->problem);
        free(referee);
        return cc_cell_fail(cell, status, message);
    }
    referee->session.run.values[0] = &bound->values;
    cell->referees[cell->n_referees++] = referee;
    *run = &referee->session.run;
    return CC_OK;
}

/* ---- rows ---- */

static int row_column(cc_cell *cell, const char *column, int text)
{
    int index = cc_table_column(cell->out->rows, column, text);
    if (index < 0 && !cell->scope.bug[0])
        snprintf(cell->scope.bug, sizeof cell->scope.bug, "column '%s' cannot be put as a %s", column, text ? "text" : "number");
    return index;
}

static int row_open(cc_cell *cell)
{
    if (!cell->row_open && cc_table_append(cell->out->rows) < 0) return 0;
    cell->row_open = 1;
    return 1;
}

void cc_put(cc_cell *cell, const char *column, double value)
{
    int index = row_column(cell, column, 0);
    if (index >= 0 && row_open(cell)) cc_table_set(cell->out->rows, cc_table_rows(cell->out->rows) - 1, (size_t)index, value);
}

void cc_put_text(cc_cell *cell, const char *column, const char *value)
{
    int index = row_column(cell, column, 1);
    if (index >= 0 && row_open(cell)) cc_table_set_text(cell->out->rows, cc_table_rows(cell->out->rows) - 1, (size_t)index, value);
}

/* Whether the row being built says something under that name already: a parameter "step" is no step count. */
static int row_says(const cc_cell *cell, const char *name, int text)
{
    const cc_table *rows = cell->out->rows;
    int column = cc_table_find(rows, name);
    if (column < 0) return 0;
    if (cc_table_is_text(rows, (size_t)column) != text) return 1;
    size_t row = cc_table_rows(rows) - 1;
    return text ? *cc_table_text(rows, row, (size_t)column) != 0 : !isnan(cc_table_get(rows, row, (size_t)column));
}

/* Parameters under their names; one whose name is taken goes by "algorithm.name". */
static void put_values(cc_cell *cell, const cc_values *values, const char *owner)
{
    char name[128];
    for (size_t i = 0; i < values->n; i++) {
        const cc_value *value = &values->item[i];
        int text = value->param->type == CC_CHOICE || value->param->type == CC_TEXT;
        snprintf(name, sizeof name, "%s", value->param->name);
        if (row_says(cell, name, text)) snprintf(name, sizeof name, "%s.%s", owner, value->param->name);
        if (text)
            cc_put_text(cell, name, value->text);
        else
            cc_put(cell, name, value->real);
    }
}

/* The columns that say which row this is: they hold for the whole replicate. */
static void put_labels(cc_cell *cell)
{
    const cc_task *task = cell->task;
    const cc_bound *algorithm = task->algorithm, *problem = task->problem;
    cc_put(cell, "seed", (double)cell->seed);
    cc_put_text(cell, "arm", task->arm);
    cc_put_text(cell, "algorithm", algorithm ? algorithm->algorithm->id : "");
    cc_put_text(cell, "problem", problem ? problem->problem->id : "");
    if (problem && problem->fixed_seed >= 0) cc_put(cell, "instance_seed", (double)problem->fixed_seed);
    put_values(cell, &task->measure_values, "measure");
    if (problem) put_values(cell, &problem->values, "problem");
    if (algorithm) put_values(cell, &algorithm->values, "algorithm");
    for (size_t i = 0; i < task->n_point; i++)
        if (!strcmp(task->point_name[i], "problem") || !strcmp(task->point_name[i], "algorithm"))
            cc_put_text(cell, task->point_name[i], task->point_value[i]);
}

void cc_emit(cc_cell *cell)
{
    if (!row_open(cell)) return;
    put_labels(cell);
    cell->row_open = 0;
}

cc_status cc_attach(cc_cell *cell, const char *name, int rank, const size_t *shape, const double *data)
{
    cc_outcome *out = cell->out;
    size_t count = 1;
    if (rank < 1 || rank > 4) return cc_fail(&cell->scope, CC_EBUG, "attachment '%s' has rank %d; 1 to 4 are possible", name, rank);
    cc_attachment *grown = realloc(out->attachments, (out->n_attachments + 1) * sizeof *grown);
    if (!grown) return cc_fail(&cell->scope, CC_ENOMEM, "no memory for attachment '%s'", name);
    out->attachments = grown;
    cc_attachment *a = &grown[out->n_attachments];
    *a = (cc_attachment){
        .seed = (int64_t)cell->seed, .row = (int64_t)cc_table_rows(out->rows) - (cell->row_open ? 1 : 0), .rank = rank};
    for (int i = 0; i < rank; i++) count *= a->shape[i] = shape[i];
    a->name = strdup(name);
    a->data = malloc((count ? count : 1) * sizeof *a->data);
    if (!a->name || !a->data) {
        free(a->name);
        free(a->data);
        return cc_fail(&cell->scope, CC_ENOMEM, "no memory for attachment '%s' of %zu numbers", name, count);
    }
    if (count) memcpy(a->data, data, count * sizeof *a->data);
    out->n_attachments++;
    return CC_OK;
}

/* ---- the cell ---- */

static void cell_run(cc_cell *cell)
{
    cc_outcome *out = cell->out;
    cc_status status = cell->task->measure->run(cell);
    if (cell->scope.bug[0]) {
        status = CC_EBUG;
        memcpy(cell->scope.message, cell->scope.bug, sizeof cell->scope.bug);
    }
    if (cell->live && cell->scope.bytes > out->peak_bytes) out->peak_bytes = cell->scope.bytes;
    out->status = status == CC_DONE ? CC_OK : status;
    memcpy(out->message, cell->scope.message, sizeof out->message);
    if (out->status == CC_OK) out->message[0] = 0;
    if (out->status < 0 && !out->message[0])
        snprintf(out->message, sizeof out->message, "measure '%s' failed without a message", cell->task->measure->id);
    replicate_end(cell);
}

void cc_task_run(const cc_registry *registry, const cc_task *task, uint32_t first, uint32_t n, cc_instances *instances,
                 cc_outcome *out)
{
    memset(out, 0, sizeof *out);
    out->rows = cc_table_new();
    cc_cell *cell = calloc(1, sizeof *cell);
    if (!out->rows || !cell) {
        out->status = CC_ENOMEM;
        snprintf(out->message, sizeof out->message, "no memory to start the cell");
        free(cell);
        return;
    }
    uint64_t start = cc_now_ns();
    cell->registry = registry;
    cell->task = task;
    cell->instances = instances;
    cell->out = out;
    cell->next = first;
    cell->end = n ? first + n : task->n_seeds;
    cell->limit = (uint64_t)(task->memory_mb * 1048576);
    cell_run(cell);
    out->seconds = (double)(cc_now_ns() - start) * 1e-9;
    free(cell);
}

void cc_outcome_clear(cc_outcome *out)
{
    cc_table_free(out->rows);
    for (size_t i = 0; i < out->n_attachments; i++) {
        free(out->attachments[i].name);
        free(out->attachments[i].data);
    }
    free(out->attachments);
    memset(out, 0, sizeof *out);
}
