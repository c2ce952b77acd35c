/* verify/judge.c: where, by, then the kind; the weakest group speaks for all. */
#include "verify/sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_DRAWN = 8 };

static void result_reset(cc_result *result)
{
    *result = (cc_result){.verdict = CC_ERROR};
    result->estimate = result->low = result->high = result->p = result->detectable = result->tightness = NAN;
}

/* A column that marks runs cut off before their end counts for the kinds that judge a cost, unless it is itself what is judged. */
static int censoring_column(const cc_table *table, const cc_check *c)
{
    int cost = c->kind == CC_KIND_EXPONENT || c->kind == CC_KIND_BOUND || c->kind == CC_KIND_SCALING || c->kind == CC_KIND_ORDERING;
    int found = cost && strcmp(c->y, "reached") ? cc_table_find(table, "reached") : -1;
    return found >= 0 && cc_table_is_text(table, (size_t)found) ? -1 : found;
}

static int number_column(cc_pool *pool, const cc_table *table, const char *name, const char *role)
{
    int j = cc_need_column(pool, table, name, role);
    if (cc_table_is_text(table, (size_t)j)) cc_stop(pool, "column `%s` (%s) holds text, not numbers", name, role);
    return j;
}

/* Finds the columns. An ordering pairs by itself and reads y alone; the text columns of an equality are its own affair too. */
static void bind_columns(cc_sample *s)
{
    const cc_check *c = s->check;
    int text_fits = c->kind == CC_KIND_BOUND || c->kind == CC_KIND_SCALING || c->kind == CC_KIND_EQUALITY || c->kind == CC_KIND_ULP;
    s->columns[0] = s->columns[1] = s->columns[2] = -1;
    const char *x = c->kind == CC_KIND_ORDERING ? NULL : c->x;
    if (x && !strncmp(x, "1/", 2)) s->inverse = 1, x += 2;
    if (x && text_fits && !s->inverse) s->columns[0] = cc_need_column(s->pool, s->table, x, "x");
    if (x && s->columns[0] < 0) s->columns[0] = number_column(s->pool, s->table, x, "x");
    int y = cc_need_column(s->pool, s->table, c->y, "y");
    if (c->kind == CC_KIND_EQUALITY && cc_table_is_text(s->table, (size_t)y)) {
        s->columns[1] = y;
        return;
    }
    s->columns[1] = number_column(s->pool, s->table, c->y, "y");
    if (c->other) s->columns[2] = number_column(s->pool, s->table, c->other, "other");
    s->reached = censoring_column(s->table, c);
}

typedef struct step_order {
    const cc_table *table;
    size_t column;
} step_order;

static int compare_steps(const void *a, const void *b, void *arg)
{
    const step_order *o = arg;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    double x = cc_table_get(o->table, i, o->column), y = cc_table_get(o->table, j, o->column);
    if (x < y || x > y) return x < y ? -1 : 1;
    return (i > j) - (i < j);
}

/* first and last speak of the column `step` where there is one, else of the order of the rows. */
static void sort_rows(cc_sample *s)
{
    int step = cc_table_find(s->table, "step");
    const char *how = s->check->per_unit;
    if (step < 0 || !how || (strcmp(how, "last") && strcmp(how, "first"))) return;
    step_order order = {s->table, (size_t)step};
    qsort_r(s->rows, s->n_rows, sizeof *s->rows, compare_steps, &order);
}

static void judge_group(cc_sample *s, cc_result *result)
{
    static void (*const judge[])(cc_sample *, cc_result *) = {
        [CC_KIND_EXPONENT] = cc_judge_exponent,
        [CC_KIND_LINEAR_RATE] = cc_judge_linear_rate,
        [CC_KIND_ORDER] = cc_judge_order,
        [CC_KIND_BOUND] = cc_judge_bound,
        [CC_KIND_SCALING] = cc_judge_scaling,
        [CC_KIND_ORDERING] = cc_judge_ordering,
        [CC_KIND_PROBABILITY] = cc_judge_probability,
        [CC_KIND_EQUALITY] = cc_judge_equality,
        [CC_KIND_DISTRIBUTION] = cc_judge_distribution,
        [CC_KIND_ULP] = cc_judge_ulp,
    };
    const char *unit = cc_unit_columns(s->check);
    if (!s->check->over && cc_table_find(s->table, unit) < 0)
        cc_stop(s->pool, "no column `seed`: name the independent unit in `over` (\"\": the rows are the whole population)");
    bind_columns(s);
    sort_rows(s);
    int text = cc_table_is_text(s->table, (size_t)s->columns[1]);
    if (!text && s->check->kind != CC_KIND_ORDERING) {
        cc_sample_points(s);
        if (s->n == 0) cc_stop(s->pool, "no row has numbers in all of its columns (%zu rows)", s->n_rows);
    }
    result->rows = s->n_rows;
    result->units = s->exact ? 0 : s->n_units;
    judge[s->check->kind](s, result);
    if (!s->exact && !result->units) result->units = s->n_units;
    if (!s->exact && result->units == 1 && result->verdict == CC_INCONCLUSIVE && s->check->kind != CC_KIND_BOUND)
        cc_say(result, "one unit has no spread: judge more of them, or say `over` = \"\" if it is the whole population");
    if (s->missing) cc_say(result, "%zu of %zu rows have no number and are left out", s->missing, s->n_rows);
    if (result->n_series == 0 && s->check->kind != CC_KIND_ORDERING && !text) cc_series_points(s, result);
}

/* One group in a pool of its own: what stops it is its error alone. */
static void judge_rows(const cc_table *table, const cc_check *check, const cc_judge_options *options, double alpha, size_t *rows,
                       size_t n, cc_result *result)
{
    cc_pool pool = {0};
    cc_sample s = {.pool = &pool, .table = table, .check = check, .rows = rows, .n_rows = n, .reached = -1};
    s.alpha = alpha;
    s.resamples = options && options->resamples ? options->resamples : 1999;
    s.labels = options ? options->labels : NULL;
    s.exact = check->over && !*check->over;
    result_reset(result);
    if (setjmp(pool.stop)) {
        result->verdict = CC_ERROR;
        snprintf(result->message, sizeof result->message, "%s", pool.message);
    } else
        judge_group(&s, result);
    cc_pool_free(&pool);
}

/* How bad news a result is: of several groups the worst is reported. */
static double weakness(const cc_result *r)
{
    static const double rank[] = {
        [CC_VERIFIED] = 0, [CC_VACUOUS] = 1, [CC_SKIPPED] = 1, [CC_INCONCLUSIVE] = 2, [CC_ERROR] = 3, [CC_REFUTED] = 4};
    double within = !isnan(r->p) ? r->p : !isnan(r->tightness) ? 1 - 1 / (1 + fmax(r->tightness, 0)) : 0;
    return rank[r->verdict] + .999 * within;
}

static void name_series(cc_result *result, const char *group)
{
    for (size_t i = 0; i < result->n_series; i++) {
        size_t size = strlen(group) + strlen(result->series[i].name) + 3;
        char *name = malloc(size);
        if (!name) return;
        snprintf(name, size, "%s, %s", group, result->series[i].name);
        free(result->series[i].name);
        result->series[i].name = name;
    }
}

static void take_series(cc_result *to, cc_result *from)
{
    if (from->n_series == 0) return; /* realloc to nothing would free */
    cc_series *all = realloc(to->series, (to->n_series + from->n_series) * sizeof *all);
    if (!all) return;
    memcpy(all + to->n_series, from->series, from->n_series * sizeof *all);
    to->series = all;
    to->n_series += from->n_series;
    from->n_series = 0;
}

/* Several groups. A refutation must stand at level alpha / groups; to verify, all must, which needs no correction. p: the largest.
 */
static void judge_groups(const cc_table *table, const cc_check *check, const cc_judge_options *options, double alpha, size_t **rows,
                         const size_t *count, size_t n_groups, cc_result *all, cc_result *result)
{
    size_t worst = 0, n_rows = 0, verified = 0, refuted = 0;
    double p = NAN;
    for (size_t g = 0; g < n_groups; g++) {
        judge_rows(table, check, options, alpha, rows[g], count[g], &all[g]);
        if (all[g].verdict == CC_REFUTED && n_groups > 1 && !(check->over && !*check->over)) {
            cc_result_clear(&all[g]);
            judge_rows(table, check, options, alpha / (double)n_groups, rows[g], count[g], &all[g]);
        }
        verified += all[g].verdict == CC_VERIFIED;
        refuted += all[g].verdict == CC_REFUTED;
        n_rows += count[g];
        if (!isnan(all[g].p)) p = isnan(p) ? all[g].p : fmax(p, all[g].p);
        if (weakness(&all[g]) > weakness(&all[worst])) worst = g;
    }
    char group[256], message[sizeof result->message];
    for (size_t g = 0; g < n_groups && n_groups > 1; g++) {
        cc_place(table, rows[g][0], check->by, group, sizeof group);
        name_series(&all[g], group);
    }
    *result = all[worst];
    all[worst].series = NULL, all[worst].n_series = 0;
    for (size_t g = 0; g < n_groups && g < GROUPS_DRAWN; g++)
        if (g != worst) take_series(result, &all[g]);
    result->rows = n_rows;
    if (n_groups == 1) return;
    result->p = p;
    cc_place(table, rows[worst][0], check->by, group, sizeof group);
    memcpy(message, result->message, sizeof message);
    int wanted = snprintf(result->message, sizeof result->message, "weakest of %zu groups (%zu verified, %zu refuted), %s%s%s",
                          n_groups, verified, refuted, group, message[0] ? ": " : "", message);
    cc_text_cut(result->message, sizeof result->message, wanted > 0 ? (size_t)wanted : 0);
}

static void split_and_judge(cc_pool *pool, const cc_table *table, const cc_check *check, const cc_judge_options *options,
                            cc_result *result)
{
    size_t *rows, *first;
    size_t n = cc_where(pool, table, check->where, &rows);
    if (n == 0)
        cc_stop(pool, cc_table_rows(table) ? "no row satisfies `%s`" : "the table has no rows%s", check->where ? check->where : "");
    size_t *id = cc_take(pool, n, sizeof *id);
    size_t n_groups = cc_group(pool, table, rows, n, check->by, id, &first);
    size_t *count = cc_take(pool, n_groups, sizeof *count), **of = cc_take(pool, n_groups, sizeof *of);
    for (size_t i = 0; i < n; i++) count[id[i]]++;
    for (size_t g = 0; g < n_groups; g++) of[g] = cc_take(pool, count[g], sizeof **of);
    memset(count, 0, n_groups * sizeof *count);
    for (size_t i = 0; i < n; i++) of[id[i]][count[id[i]]++] = rows[i];
    cc_result *all = cc_take(pool, n_groups, sizeof *all);
    double alpha = options && options->alpha > 0 ? options->alpha : .05;
    judge_groups(table, check, options, alpha, of, count, n_groups, all, result);
    for (size_t g = 0; g < n_groups; g++) cc_result_clear(&all[g]);
}

void cc_judge(const cc_table *table, const cc_check *check, const cc_judge_options *options, cc_result *result)
{
    cc_pool pool = {0};
    const char *wrong = cc_check_valid(check);
    result_reset(result);
    if (wrong) {
        snprintf(result->message, sizeof result->message, "%s", wrong);
        return;
    }
    if (setjmp(pool.stop)) {
        result->verdict = CC_ERROR;
        snprintf(result->message, sizeof result->message, "%s", pool.message);
    } else
        split_and_judge(&pool, table, check, options, result);
    cc_pool_free(&pool);
}
