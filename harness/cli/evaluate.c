/* harness/cli/evaluate.c: see evaluate.h. */
#include "harness/cli/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- points ---- */

/* Whether all arms have the axis. Names of a zipped axis are joined by commas. */
static int is_shared(const cc_experiment *experiment, const char *name)
{
    size_t length = strlen(name);
    for (const cc_axis *a = experiment->axes; a && a->name; a++)
        for (const char *at = a->name; *at;) {
            size_t n = strcspn(at, ",");
            if (n == length && strncmp(at, name, n) == 0) return 1;
            at += n + (at[n] == ',');
        }
    return 0;
}

static char *shared_point(const cc_task *task)
{
    size_t size = strlen(task->point) + 2;
    char *text = calloc(size, 1);
    for (size_t i = 0; text && i < task->n_point; i++) {
        size_t used = strlen(text);
        if (is_shared(task->experiment, task->point_name[i]))
            snprintf(text + used, size - used, "%s=%s ", task->point_name[i], task->point_value[i]);
    }
    return text;
}

typedef struct named_point {
    const char *name;
    size_t task;
} named_point;

static int compare_points(const void *a, const void *b)
{
    return strcmp(((const named_point *)a)->name, ((const named_point *)b)->name);
}

/* Numbers tasks by their names: equal names, equal numbers. */
static int number_names(char *const *names, size_t n, uint32_t *number)
{
    named_point *sorted = calloc(n + 1, sizeof *sorted);
    if (!sorted) return 0;
    for (size_t i = 0; i < n; i++) sorted[i] = (named_point){names[i], i};
    qsort(sorted, n, sizeof *sorted, compare_points);
    uint32_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && strcmp(sorted[i].name, sorted[i - 1].name) != 0) k++;
        number[sorted[i].task] = k;
    }
    free(sorted);
    return 1;
}

/* point[i], pair[i] of the i-th cell. */
static int number_cells(const cc_evaluation *e, uint32_t *point, uint32_t *pair)
{
    char **full = calloc(e->n_cells + 1, sizeof *full), **shared = calloc(e->n_cells + 1, sizeof *shared);
    int ok = full && shared;
    for (size_t i = 0; ok && i < e->n_cells; i++) {
        full[i] = e->cell[i].task->point;
        shared[i] = shared_point(e->cell[i].task);
        ok = shared[i] != NULL;
    }
    ok = ok && number_names(full, e->n_cells, point) && number_names(shared, e->n_cells, pair);
    for (size_t i = 0; shared && i < e->n_cells; i++) free(shared[i]);
    free(shared);
    free(full);
    return ok;
}

/* Where peers meet: cc_cost at targets, cc_trajectory at steps, a measure of its own at the one of these that it declares. */
static const char *place_of(const cc_measure *measure)
{
    if (measure == &cc_cost) return "target";
    if (measure == &cc_trajectory) return "step";
    for (const cc_column *c = measure->columns; c && c->name; c++)
        if (strcmp(c->name, "target") == 0 || strcmp(c->name, "step") == 0) return c->name;
    return NULL;
}

static int index_rows(cc_evaluation *e)
{
    size_t n = cc_table_rows(e->table);
    uint32_t *of_cell = calloc(2 * e->n_cells + 2, sizeof *of_cell), *of_row = calloc(2 * n + 2, sizeof *of_row);
    int ok = of_cell && of_row && number_cells(e, of_cell, of_cell + e->n_cells);
    for (size_t i = 0; ok && i < e->n_cells; i++)
        for (size_t r = e->cell[i].first; r < e->cell[i].first + e->cell[i].n; r++) {
            of_row[r] = of_cell[i];
            of_row[n + r] = of_cell[e->n_cells + i];
        }
    if (ok) e->rows = cc_rows_new(e->table, of_row, of_row + n, place_of(e->part->experiment->measure));
    free(of_cell);
    free(of_row);
    return ok && e->rows;
}

/* ---- reading ---- */

static int is_number(const char *text)
{
    char *end;
    strtod(text, &end);
    return end != text && !*end;
}

/* An axis that is no column of the rows (one of an own measure that ignores it, say) becomes one. */
static int add_axes(cc_evaluation *e, const cc_rows_of *cell)
{
    for (size_t i = 0; i < cell->task->n_point; i++) {
        const char *name = cell->task->point_name[i], *value = cell->task->point_value[i];
        int column = cc_table_find(e->table, name), text = !is_number(value);
        if (column < 0) column = cc_table_column(e->table, name, text);
        if (column < 0) return 0;
        if (cc_table_is_text(e->table, (size_t)column) != text) continue; /* a parameter that takes "auto" */
        for (size_t r = cell->first; r < cell->first + cell->n; r++) {
            if (text && !*cc_table_text(e->table, r, (size_t)column)) cc_table_set_text(e->table, r, (size_t)column, value);
            if (!text && isnan(cc_table_get(e->table, r, (size_t)column)))
                cc_table_set(e->table, r, (size_t)column, strtod(value, NULL));
        }
    }
    return 1;
}

/* Appends rows. A parameter may be a number in one arm's algorithm and a choice in another's: then the column is what it is in the
 * first cell, and empty in cells where it is not. */
static int append_rows(cc_table *table, const cc_table *rows)
{
    size_t first = cc_table_rows(table), n = cc_table_rows(rows), columns = cc_table_columns(rows), clashes = 0;
    for (size_t c = 0; c < columns; c++) clashes += cc_table_column(table, cc_table_name(rows, c), cc_table_is_text(rows, c)) < 0;
    if (clashes == 0) return cc_table_extend(table, rows) == 0;
    for (size_t r = 0; r < n; r++)
        if (cc_table_append(table) < 0) return 0;
    for (size_t c = 0; c < columns; c++) {
        int to = cc_table_find(table, cc_table_name(rows, c)), text = cc_table_is_text(rows, c);
        for (size_t r = 0; r < n && to >= 0 && cc_table_is_text(table, (size_t)to) == text; r++) {
            if (!text)
                cc_table_set(table, first + r, (size_t)to, cc_table_get(rows, r, c));
            else if (cc_table_set_text(table, first + r, (size_t)to, cc_table_text(rows, r, c)) < 0)
                return 0;
        }
    }
    return 1;
}

static cc_status read_cell(cc_evaluation *e, cc_store *store, const cc_task *task, const cc_cell_info *info, char *message)
{
    cc_rows_of *cell = &e->cell[e->n_cells];
    cc_table *rows = cc_store_rows(store, info->id, message);
    if (!rows) return CC_EDATA;
    *cell = (cc_rows_of){task, info->id, cc_table_rows(e->table), cc_table_rows(rows)};
    int ok = append_rows(e->table, rows) && add_axes(e, cell);
    cc_table_free(rows);
    if (!ok) return snprintf(message, CC_MESSAGE, "no memory for the rows of experiment %s", task->experiment->id), CC_ENOMEM;
    e->n_cells++;
    return CC_OK;
}

static void note_trouble(cc_evaluation *e, const cc_task *task, const cc_cell_info *info, size_t *n)
{
    cc_trouble *t = &e->trouble[(*n)++];
    t->task = task;
    memcpy(t->status, info->id ? info->status : "missing", info->id ? sizeof t->status : sizeof "missing");
    memcpy(t->cause, info->cause, sizeof t->cause);
    memcpy(t->message, info->message, sizeof t->message);
    if (!info->id)
        e->n_missing++;
    else if (strcmp(info->status, "skipped") == 0)
        e->n_skipped++;
    else
        e->n_errors++;
}

static cc_status read_cells(cc_evaluation *e, cc_store *store, char *message)
{
    const cc_tasks *tasks = &e->part->tasks;
    size_t troubles = 0;
    for (size_t i = 0; i < tasks->n; i++) {
        cc_cell_info info = {0};
        CC_TRY(cc_store_find(store, tasks->item[i]->key, &info, message));
        e->seconds += info.seconds;
        if (info.id && strcmp(info.status, "done") == 0)
            CC_TRY(read_cell(e, store, tasks->item[i], &info, message));
        else
            note_trouble(e, tasks->item[i], &info, &troubles);
    }
    return CC_OK;
}

cc_evaluation *cc_evaluate(cc_store *store, const cc_part *part, char message[CC_MESSAGE])
{
    cc_evaluation *e = calloc(1, sizeof *e);
    snprintf(message, CC_MESSAGE, "no memory for the rows of experiment %s", part->experiment->id);
    if (!e) return NULL;
    e->part = part;
    e->table = cc_table_new();
    e->cell = calloc(part->tasks.n + 1, sizeof *e->cell);
    e->trouble = calloc(part->tasks.n + 1, sizeof *e->trouble);
    if (e->table && e->cell && e->trouble && read_cells(e, store, message) == CC_OK && index_rows(e)) return e;
    cc_evaluation_free(e);
    return NULL;
}

void cc_evaluation_free(cc_evaluation *e)
{
    if (!e) return;
    cc_rows_free(e->rows);
    cc_table_free(e->table);
    free(e->cell);
    free(e->trouble);
    free(e);
}

/* ---- deriving ---- */

static const cc_derived *named(const cc_derived *list, const char *name)
{
    for (; list && list->name; list++)
        if (strcmp(list->name, name) == 0) return list;
    return NULL;
}

cc_status cc_evaluation_derive(cc_evaluation *e, const cc_derived *derived, const cc_derived *instead, char message[CC_MESSAGE])
{
    for (const cc_derived *d = derived; d && d->name; d++) {
        const cc_derived *shadow = named(instead, d->name);
        CC_TRY(cc_rows_derive(e->rows, shadow ? shadow : d, message));
    }
    for (const cc_derived *d = instead; d && d->name; d++)
        if (!named(derived, d->name)) CC_TRY(cc_rows_derive(e->rows, d, message));
    return CC_OK;
}

cc_status cc_evaluation_keep(const cc_evaluation *e, cc_store *store, const char *user, const cc_derived *derived,
                             char message[CC_MESSAGE])
{
    for (const cc_derived *d = derived; d && d->name; d++) {
        int column = cc_table_find(e->table, d->name);
        const double *values = column < 0 ? NULL : cc_table_numbers(e->table, (size_t)column);
        for (size_t i = 0; values && i < e->n_cells; i++) {
            const cc_rows_of *c = &e->cell[i];
            CC_TRY(cc_store_derived(store, e->part->module->plugin->id, user, c->cell, d->name, values + c->first, c->n, message));
        }
    }
    return CC_OK;
}

/* ---- judging ---- */

/* The columns that pair rows in an ordering: the shared axes, without those that the check itself compares or tunes. */
static void pairing_labels(const cc_evaluation *e, const cc_check *check, char *out, size_t size)
{
    const cc_task *task = e->n_cells ? e->cell[0].task : NULL;
    const char *colon = check->chain ? strchr(check->chain, ':') : NULL;
    size_t chained = colon ? (size_t)(colon - check->chain) : 0;
    out[0] = 0;
    for (size_t i = 0; task && i < task->n_point; i++) {
        const char *name = strcmp(task->point_name[i], "seed") == 0 ? "instance_seed" : task->point_name[i];
        int own = (check->x && strcmp(name, check->x) == 0) || (check->best_over && strcmp(name, check->best_over) == 0) ||
                  (colon && strlen(name) == chained && strncmp(name, check->chain, chained) == 0);
        size_t used = strlen(out);
        if (!own && is_shared(task->experiment, task->point_name[i]) && cc_table_find(e->table, name) >= 0)
            snprintf(out + used, size - used, "%s%s", used ? " " : "", name);
    }
    if (e->part->experiment->measure == &cc_cost && !(check->x && strcmp(check->x, "target") == 0) &&
        !(chained == strlen("target") && strncmp(check->chain, "target", chained) == 0)) {
        size_t used = strlen(out);
        snprintf(out + used, size - used, "%starget", used ? " " : "");
    }
}

int cc_evaluation_judge(const cc_evaluation *e, const cc_check *check, const char *where, int null_control, cc_result *result)
{
    char labels[256], *joined = NULL;
    cc_check kept = *check;
    cc_judge_options options = {0};
    int judged = 1;
    pairing_labels(e, check, labels, sizeof labels);
    if (labels[0]) options.labels = labels;
    if (asprintf(&joined, "%s %s", where ? where : "", check->where ? check->where : "") < 0) joined = NULL;
    if (where && joined) kept.where = joined;
    if (null_control)
        judged = cc_judge_null(e->table, &kept, &options, result);
    else
        cc_judge(e->table, &kept, &options, result);
    free(joined);
    return judged;
}
