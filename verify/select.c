/* verify/select.c: which rows, split how, reduced how. */
#include "verify/sample.h"
#include "verify/sort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *cc_unit_columns(const cc_check *check) { return check->over ? check->over : "seed"; }

int cc_need_column(cc_pool *pool, const cc_table *table, const char *name, const char *role)
{
    int found = cc_table_find(table, name);
    if (found >= 0) return found;
    char there[160] = "";
    for (size_t j = 0, used = 0; j < cc_table_columns(table) && used < sizeof there - 1; j++)
        used += (size_t)snprintf(there + used, sizeof there - used, "%s%s", j ? " " : "", cc_table_name(table, j));
    cc_stop(pool, "no column `%s` (%s); there are: %s", name, role, there);
}

/* ---- where ---- */
typedef struct condition {
    int column, relation; /* '=' '!' '<' '>' 'l' (<=) 'g' (>=) */
    size_t n;
    char **text;
    double *number;
} condition;

static char *copy_text(cc_pool *pool, const char *from, size_t n)
{
    char *text = cc_take(pool, n + 1, 1);
    memcpy(text, from, n);
    return text;
}

static void parse_values(cc_pool *pool, condition *c, const char *from, size_t n, int is_text)
{
    char *list = copy_text(pool, from, n);
    size_t capacity = 1;
    for (size_t i = 0; i < n; i++) capacity += list[i] == ',';
    c->text = cc_take(pool, capacity, sizeof *c->text);
    c->number = cc_take(pool, capacity, sizeof *c->number);
    for (char *save, *item = strtok_r(list, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
        char *end;
        c->text[c->n] = item;
        c->number[c->n] = strtod(item, &end);
        if (!is_text && (*end || end == item)) cc_stop(pool, "where: `%s` is not a number", item);
        c->n++;
    }
    if (!c->n && is_text) c->text[c->n++] = copy_text(pool, "", 0);
    if (!c->n) cc_stop(pool, "where: a value is missing after `%s`", from);
}

static void parse_condition(cc_pool *pool, const cc_table *table, const char *from, size_t n, condition *c)
{
    size_t k = 0;
    while (k < n && !strchr("=!<>", from[k])) k++;
    if (k == 0 || k == n) cc_stop(pool, "where: `%.*s` is not of the form column=value", (int)n, from);
    c->column = cc_need_column(pool, table, copy_text(pool, from, k), "where");
    int two = k + 1 < n && from[k + 1] == '=';
    if (from[k] == '!' && !two) cc_stop(pool, "where: `!` without `=`");
    c->relation = from[k] == '<' && two ? 'l' : from[k] == '>' && two ? 'g' : from[k];
    k += two ? 2 : 1;
    int is_text = cc_table_is_text(table, (size_t)c->column);
    parse_values(pool, c, from + k, n - k, is_text);
    if (!strchr("=!", c->relation) && (is_text || c->n > 1))
        cc_stop(pool, "where: `%.*s`: < <= > >= take one number", (int)n, from);
}

static int holds(const cc_table *table, size_t row, const condition *c)
{
    int found = 0;
    double v = cc_table_get(table, row, (size_t)c->column);
    switch (c->relation) {
    case '<':
        return v < c->number[0];
    case '>':
        return v > c->number[0];
    case 'l':
        return v <= c->number[0];
    case 'g':
        return v >= c->number[0];
    default:
        break;
    }
    int is_text = cc_table_is_text(table, (size_t)c->column);
    const char *text = cc_table_text(table, row, (size_t)c->column);
    for (size_t i = 0; i < c->n && !found; i++)
        found = is_text ? !strcmp(text, c->text[i]) : v == c->number[i] || (isnan(v) && isnan(c->number[i]));
    return c->relation == '=' ? found : !found;
}

size_t cc_where(cc_pool *pool, const cc_table *table, const char *where, size_t **rows)
{
    condition conditions[32];
    size_t n = 0, n_conditions = 0;
    for (const char *c = where ? where : ""; *c;) {
        size_t length = strcspn(c, " ");
        if (length && n_conditions == 32) cc_stop(pool, "where: more than 32 conditions");
        if (length) {
            conditions[n_conditions] = (condition){0};
            parse_condition(pool, table, c, length, &conditions[n_conditions++]);
        }
        c += length + (c[length] == ' ');
    }
    *rows = cc_take(pool, cc_table_rows(table), sizeof **rows);
    for (size_t i = 0; i < cc_table_rows(table); i++) {
        int keep = 1;
        for (size_t k = 0; k < n_conditions && keep; k++) keep = holds(table, i, &conditions[k]);
        if (keep) (*rows)[n++] = i;
    }
    return n;
}

/* ---- groups ---- */
typedef struct key_order {
    const cc_table *table;
    const int *columns;
    size_t n_columns;
} key_order;

static int compare_numbers(double a, double b)
{
    if (isnan(a) || isnan(b)) return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

static int compare_rows(const key_order *key, size_t a, size_t b)
{
    for (size_t k = 0; k < key->n_columns; k++) {
        size_t j = (size_t)key->columns[k];
        int c;
        if (cc_table_is_text(key->table, j)) {
            const char *s = cc_table_text(key->table, a, j), *t = cc_table_text(key->table, b, j);
            c = s == t ? 0 : strcmp(s, t);
        } else
            c = compare_numbers(cc_table_get(key->table, a, j), cc_table_get(key->table, b, j));
        if (c) return c;
    }
    return 0;
}

static uint64_t hash_row(const key_order *key, size_t row)
{
    uint64_t hash = 0x9e3779b97f4a7c15u;
    for (size_t k = 0; k < key->n_columns; k++) {
        size_t j = (size_t)key->columns[k];
        uint64_t bits;
        double v = cc_table_get(key->table, row, j) + 0.0;
        if (cc_table_is_text(key->table, j))
            bits = (uint64_t)(uintptr_t)cc_table_text(key->table, row, j);
        else if (isnan(v))
            bits = 1;
        else
            memcpy(&bits, &v, sizeof bits);
        hash = (hash ^ bits) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    return hash;
}

static int compare_groups(const void *a, const void *b, void *arg)
{
    return compare_rows(arg, *(const size_t *)a, *(const size_t *)b);
}

static size_t split_names(cc_pool *pool, const cc_table *table, const char *by, int **columns)
{
    size_t n = 0;
    *columns = cc_take(pool, (by ? strlen(by) : 0) + 1, sizeof **columns);
    if (!by) return 0;
    char *names = copy_text(pool, by, strlen(by));
    for (char *save, *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save))
        (*columns)[n++] = cc_need_column(pool, table, name, "by or over");
    return n;
}

/* Gives each row the number of its group in order of appearance; first[g] is that group's first place. */
static size_t number_groups(cc_pool *pool, const key_order *key, const size_t *rows, size_t n, size_t *id, size_t *first)
{
    size_t n_slots = 16, n_groups = 0;
    while (n_slots < 2 * n + 2) n_slots *= 2;
    size_t *slots = cc_take(pool, n_slots, sizeof *slots);
    for (size_t i = 0; i < n; i++) {
        size_t s = hash_row(key, rows[i]) & (n_slots - 1);
        while (slots[s] && compare_rows(key, rows[first[slots[s] - 1]], rows[i])) s = (s + 1) & (n_slots - 1);
        if (!slots[s]) {
            first[n_groups] = i;
            slots[s] = ++n_groups;
        }
        id[i] = slots[s] - 1;
    }
    return n_groups;
}

size_t cc_group(cc_pool *pool, const cc_table *table, const size_t *rows, size_t n, const char *by, size_t *id, size_t **first)
{
    int *columns;
    key_order key = {.table = table};
    key.n_columns = split_names(pool, table, by, &columns);
    key.columns = columns;
    size_t *seen = cc_take(pool, n, sizeof *seen);
    size_t n_groups = number_groups(pool, &key, rows, n, id, seen);
    size_t *order = cc_take(pool, n_groups, sizeof *order), *rank = cc_take(pool, n_groups, sizeof *rank);
    for (size_t g = 0; g < n_groups; g++) order[g] = rows[seen[g]];
    qsort_r(order, n_groups, sizeof *order, compare_groups, &key);
    /* the group of each sorted representative: rows ascend, so a row's place is found by the row */
    for (size_t g = 0; g < n_groups; g++) {
        size_t low = 0, high = n_groups;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (compare_rows(&key, order[middle], rows[seen[g]]) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        rank[g] = low;
    }
    *first = cc_take(pool, n_groups, sizeof **first);
    for (size_t g = 0; g < n_groups; g++) (*first)[rank[g]] = seen[g];
    for (size_t i = 0; i < n; i++) id[i] = rank[id[i]];
    return n_groups;
}

void cc_place(const cc_table *table, size_t row, const char *columns, char *text, size_t size)
{
    size_t used = 0;
    text[0] = 0;
    for (const char *c = columns ? columns : ""; *c && used + 1 < size;) {
        size_t length = strcspn(c, " ");
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)length, c);
        int j = length ? cc_table_find(table, name) : -1;
        if (j >= 0 && cc_table_is_text(table, (size_t)j))
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s=%s", used ? " " : "", name, cc_table_text(table, row, (size_t)j));
        else if (j >= 0)
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s=%.8g", used ? " " : "", name, cc_table_get(table, row, (size_t)j));
        c += length + (c[length] == ' ');
    }
}

void cc_weakest(const cc_sample *sample, const cc_point *point, cc_result *result)
{
    char columns[200];
    snprintf(columns, sizeof columns, "%s %s %s", sample->check->by ? sample->check->by : "", cc_unit_columns(sample->check),
             sample->columns[0] >= 0 ? cc_table_name(sample->table, (size_t)sample->columns[0]) : "");
    cc_place(sample->table, point->row, columns, result->worst, sizeof result->worst);
    if (!result->worst[0]) snprintf(result->worst, sizeof result->worst, "row %zu", point->row + 1);
}

/* ---- points ---- */
double cc_reduce(cc_pool *pool, const char *how, const double *value, size_t n)
{
    if (n == 0) return NAN;
    if (!strcmp(how, "last")) return value[n - 1];
    if (!strcmp(how, "first")) return value[0];
    if (!strcmp(how, "count")) return (double)n;
    if (!strcmp(how, "median")) {
        double *copy = cc_take(pool, n, sizeof *copy);
        memcpy(copy, value, n * sizeof *copy);
        return cc_median(copy, n);
    }
    double least = value[0], most = value[0], sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(value[i] <= most)) most = value[i];
        if (!(value[i] >= least)) least = value[i];
        sum += value[i];
        squares += value[i] * value[i];
    }
    if (!strcmp(how, "max")) return most;
    if (!strcmp(how, "min")) return least;
    if (!strcmp(how, "range")) return most - least;
    if (!strcmp(how, "sum")) return sum;
    if (!strcmp(how, "rms")) return sqrt(squares / (double)n);
    return sum / (double)n;
}

static int compare_points(const void *a, const void *b)
{
    const cc_point *p = a, *q = b;
    if (p->unit != q->unit) return p->unit < q->unit ? -1 : 1;
    int c = compare_numbers(p->x, q->x);
    return c ? c : (p->row > q->row) - (p->row < q->row); /* row holds the place here */
}

/* One point of the points of one unit at one x. `other` is reduced like y; a count leaves it as it is last. */
static cc_point reduce_points(cc_sample *s, const cc_point *from, size_t n, double *y, double *other)
{
    cc_point to = from[n - 1];
    const char *how = s->check->per_unit;
    for (size_t i = 0; i < n; i++) {
        y[i] = from[i].y;
        other[i] = from[i].other;
        if (from[i].censored) to.censored = 1;
        if ((!strcmp(how, "max") && from[i].y > to.y) || (!strcmp(how, "min") && from[i].y < to.y))
            to.row = from[i].row, to.y = from[i].y;
    }
    to.y = cc_reduce(s->pool, how, y, n);
    to.other = !strcmp(how, "count") ? other[n - 1] : cc_reduce(s->pool, how, other, n);
    if (isnan(to.y) || (s->columns[2] >= 0 && isnan(to.other))) {
        char place[120];
        cc_place(s->table, s->rows[to.row], cc_unit_columns(s->check), place, sizeof place);
        cc_stop(s->pool, "`per_unit` = %s has no value where values are infinite (%s)", how, place);
    }
    return to;
}

static void per_unit(cc_sample *s)
{
    size_t n = 0;
    double *y = cc_take(s->pool, s->n, sizeof *y), *other = cc_take(s->pool, s->n, sizeof *other);
    for (size_t i = 0, j; i < s->n; i = j) {
        for (j = i + 1; j < s->n && s->at[j].unit == s->at[i].unit && compare_numbers(s->at[j].x, s->at[i].x) == 0; j++) {}
        s->at[n++] = reduce_points(s, s->at + i, j - i, y, other);
    }
    s->n = n;
}

/* x of a text column: the place of the value among the sorted distinct ones. */
static void text_x(cc_sample *s, double *x)
{
    size_t *id = cc_take(s->pool, s->n_rows, sizeof *id), *first;
    cc_group(s->pool, s->table, s->rows, s->n_rows, cc_table_name(s->table, (size_t)s->columns[0]), id, &first);
    for (size_t i = 0; i < s->n_rows; i++) x[i] = (double)id[i];
}

void cc_sample_points(cc_sample *s)
{
    size_t *unit = cc_take(s->pool, s->n_rows, sizeof *unit), *first;
    double *x = cc_take(s->pool, s->n_rows, sizeof *x);
    s->n_units = cc_group(s->pool, s->table, s->rows, s->n_rows, cc_unit_columns(s->check), unit, &first);
    s->unit_row = cc_take(s->pool, s->n_units, sizeof *s->unit_row);
    for (size_t u = 0; u < s->n_units; u++) s->unit_row[u] = s->rows[first[u]];
    int text = s->columns[0] >= 0 && cc_table_is_text(s->table, (size_t)s->columns[0]);
    if (text) text_x(s, x);
    s->at = cc_take(s->pool, s->n_rows, sizeof *s->at);
    for (size_t i = 0; i < s->n_rows; i++) {
        size_t row = s->rows[i];
        cc_point p = {.row = i, .unit = unit[i], .x = text ? x[i] : 0, .other = NAN};
        if (s->columns[0] >= 0 && !text) p.x = cc_table_get(s->table, row, (size_t)s->columns[0]);
        if (s->inverse) p.x = 1 / p.x;
        p.y = cc_table_get(s->table, row, (size_t)s->columns[1]);
        if (s->columns[2] >= 0) p.other = cc_table_get(s->table, row, (size_t)s->columns[2]);
        p.censored = s->reached >= 0 && cc_table_get(s->table, row, (size_t)s->reached) == 0;
        if (isnan(p.x) || isnan(p.y) || (s->columns[2] >= 0 && isnan(p.other)))
            s->missing++;
        else
            s->at[s->n++] = p;
    }
    qsort(s->at, s->n, sizeof *s->at, compare_points);
    if (s->check->per_unit) per_unit(s);
    for (size_t i = 0; i < s->n; i++) {
        s->at[i].row = s->rows[s->at[i].row];
        s->n_censored += (size_t)s->at[i].censored;
    }
}

size_t cc_levels(const cc_sample *s, size_t *level, double **x)
{
    size_t n = 0;
    double *value = cc_take(s->pool, s->n, sizeof *value);
    for (size_t i = 0; i < s->n; i++) value[i] = s->at[i].x;
    cc_sort(value, s->n);
    for (size_t i = 0; i < s->n; i++)
        if (n == 0 || value[i] > value[n - 1]) value[n++] = value[i];
    for (size_t i = 0; i < s->n; i++) level[i] = cc_count_below(value, n, s->at[i].x);
    *x = value;
    return n;
}
