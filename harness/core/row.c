/* harness/core/row.c: see row.h. */
#include "harness/core/row.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE = 64, NONE = -1 };

struct cc_rows {
    cc_table *table;
    size_t n;
    uint32_t *point, *pair, *arm; /* of each row */
    double *seed, *place;
    size_t *order;    /* rows, runs one after the other */
    size_t *position; /* where a row is in `order` */
    size_t *start;    /* where the run of a row starts in `order` */
    size_t *slot;     /* row + 1 by the hash of (arm, pair, seed, place); 0: free */
    size_t mask;
    size_t n_arms;
    const char **arm_name; /* interned by the table */
    unsigned char *swept;  /* arms with axes of their own: many rows at one place */
    int cache[CACHE];      /* the last column found for an address of a name */
    char problem[CC_MESSAGE];
};

/* ---- what is not there ---- */

static void list_columns(const cc_rows *rows, char *out, size_t size)
{
    size_t used = 0;
    out[0] = 0;
    for (size_t c = 0; c < cc_table_columns(rows->table) && used + 1 < size; c++) {
        int n = snprintf(out + used, size - used, "%s%s", c ? " " : "", cc_table_name(rows->table, c));
        used += n > 0 ? (size_t)n : 0;
    }
}

/* The first thing that was missed is told; a function asks for it again in every row. */
static void miss_column(cc_rows *rows, const char *column)
{
    char all[CC_MESSAGE];
    if (rows->problem[0]) return;
    list_columns(rows, all, sizeof all);
    snprintf(rows->problem, sizeof rows->problem, "there is no column \"%.60s\"; columns are: %.380s", column, all);
}

static void miss_arm(cc_rows *rows, const char *arm, const char *why)
{
    size_t used = 0;
    char all[256] = "";
    if (rows->problem[0]) return;
    for (size_t a = 0; a < rows->n_arms && used + 1 < sizeof all; a++) {
        int n = snprintf(all + used, sizeof all - used, "%s%s", a ? ", " : "", rows->arm_name[a]);
        used += n > 0 ? (size_t)n : 0;
    }
    snprintf(rows->problem, sizeof rows->problem, "%s \"%.60s\"; arms are: %s", why, arm, all);
}

/* The column of a name. Names are mostly literals, so their address leads to the column that they meant last time. */
static int find_column(cc_rows *rows, const char *name)
{
    int *hint = &rows->cache[((uintptr_t)name >> 2) % CACHE];
    if (*hint != NONE && strcmp(cc_table_name(rows->table, (size_t)*hint), name) == 0) return *hint;
    int column = cc_table_find(rows->table, name);
    if (column < 0)
        miss_column(rows, name);
    else
        *hint = column;
    return column;
}

/* ---- peers ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ (h >> 29);
}

static uint64_t bits_of(double v)
{
    uint64_t u;
    v += 0.0; /* -0 and 0 are the same place */
    memcpy(&u, &v, sizeof u);
    return u;
}

static size_t home_of(const cc_rows *rows, uint32_t arm, uint32_t pair, double seed, double place)
{
    uint64_t h = mix(mix(mix(mix(1, arm), pair), bits_of(seed)), bits_of(place));
    return (size_t)(h ^ (h >> 32)) & rows->mask;
}

/* The slot of the key, or the free one where it belongs. */
static size_t *find_slot(const cc_rows *rows, uint32_t arm, uint32_t pair, double seed, double place)
{
    for (size_t i = home_of(rows, arm, pair, seed, place);; i = (i + 1) & rows->mask) {
        size_t *slot = &rows->slot[i];
        if (*slot == 0) return slot;
        size_t r = *slot - 1;
        if (rows->arm[r] == arm && rows->pair[r] == pair && rows->seed[r] == seed && rows->place[r] == place) return slot;
    }
}

/* 0: two rows of one run have the same place. */
static int fill_slots(cc_rows *rows)
{
    memset(rows->slot, 0, (rows->mask + 1) * sizeof *rows->slot);
    memset(rows->swept, 0, rows->n_arms);
    for (size_t r = 0; r < rows->n; r++) {
        size_t *slot = find_slot(rows, rows->arm[r], rows->pair[r], rows->seed[r], rows->place[r]);
        if (*slot == 0)
            *slot = r + 1;
        else if (rows->start[*slot - 1] == rows->start[r])
            return 0;
        else
            rows->swept[rows->arm[r]] = 1;
    }
    return 1;
}

static void index_peers(cc_rows *rows, const char *place)
{
    int column = place ? cc_table_find(rows->table, place) : NONE;
    int distinct = column != NONE && !cc_table_is_text(rows->table, (size_t)column);
    for (size_t r = 0; r < rows->n && distinct; r++) {
        rows->place[r] = cc_table_get(rows->table, r, (size_t)column);
        distinct = !isnan(rows->place[r]);
    }
    if (distinct && fill_slots(rows)) return;
    for (size_t r = 0; r < rows->n; r++) rows->place[r] = (double)(rows->position[r] - rows->start[r]);
    fill_slots(rows);
}

/* ---- runs ---- */

static uint32_t arm_index(cc_rows *rows, const char *name)
{
    for (size_t a = rows->n_arms; a-- > 0;)
        if (rows->arm_name[a] == name) return (uint32_t)a;
    rows->arm_name[rows->n_arms] = name;
    return (uint32_t)rows->n_arms++;
}

typedef struct run_key {
    uint32_t arm, point;
    double seed;
    size_t row;
} run_key;

static int same_run(const run_key *a, const run_key *b) { return a->arm == b->arm && a->point == b->point && a->seed == b->seed; }

static int compare_keys(const void *left, const void *right)
{
    const run_key *a = left, *b = right;
    if (a->arm != b->arm) return a->arm < b->arm ? -1 : 1;
    if (a->point != b->point) return a->point < b->point ? -1 : 1;
    if (a->seed != b->seed) return a->seed < b->seed ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static int index_runs(cc_rows *rows)
{
    run_key *key = calloc(rows->n + 1, sizeof *key);
    if (!key) return 0;
    for (size_t r = 0; r < rows->n; r++) key[r] = (run_key){rows->arm[r], rows->point[r], rows->seed[r], r};
    qsort(key, rows->n, sizeof *key, compare_keys);
    for (size_t i = 0, start = 0; i < rows->n; i++) {
        if (i > 0 && !same_run(&key[i - 1], &key[i])) start = i;
        rows->order[i] = key[i].row;
        rows->position[key[i].row] = i;
        rows->start[key[i].row] = start;
    }
    free(key);
    return 1;
}

static void read_keys(cc_rows *rows)
{
    int arm = cc_table_find(rows->table, "arm"), seed = cc_table_find(rows->table, "seed");
    for (size_t r = 0; r < rows->n; r++) {
        double s = seed >= 0 ? cc_table_get(rows->table, r, (size_t)seed) : 0;
        rows->seed[r] = isnan(s) ? 0 : s;
        rows->arm[r] = arm_index(rows, arm >= 0 ? cc_table_text(rows->table, r, (size_t)arm) : "");
    }
}

/* How many arms there can be: one more than the changes of the arm from row to row. */
static size_t count_arms(const cc_table *table)
{
    int arm = cc_table_find(table, "arm");
    size_t n = 1;
    for (size_t r = 1; arm >= 0 && r < cc_table_rows(table); r++)
        n += cc_table_text(table, r, (size_t)arm) != cc_table_text(table, r - 1, (size_t)arm);
    return n;
}

static int allocate(cc_rows *rows, size_t arms)
{
    size_t n = rows->n + 1;
    for (rows->mask = 7; rows->mask < 2 * n; rows->mask = 2 * rows->mask + 1) {}
    rows->point = calloc(n, sizeof *rows->point);
    rows->pair = calloc(n, sizeof *rows->pair);
    rows->arm = calloc(n, sizeof *rows->arm);
    rows->seed = calloc(n, sizeof *rows->seed);
    rows->place = calloc(n, sizeof *rows->place);
    rows->order = calloc(n, sizeof *rows->order);
    rows->position = calloc(n, sizeof *rows->position);
    rows->start = calloc(n, sizeof *rows->start);
    rows->slot = calloc(rows->mask + 1, sizeof *rows->slot);
    rows->arm_name = calloc(arms, sizeof *rows->arm_name);
    rows->swept = calloc(arms, 1);
    return rows->point && rows->pair && rows->arm && rows->seed && rows->place && rows->order && rows->position && rows->start &&
           rows->slot && rows->arm_name && rows->swept;
}

cc_rows *cc_rows_new(cc_table *table, const uint32_t *point, const uint32_t *pair, const char *place)
{
    cc_rows *rows = calloc(1, sizeof *rows);
    if (!rows) return NULL;
    rows->table = table;
    rows->n = cc_table_rows(table);
    for (size_t i = 0; i < CACHE; i++) rows->cache[i] = NONE;
    if (!allocate(rows, count_arms(table))) {
        cc_rows_free(rows);
        return NULL;
    }
    memcpy(rows->point, point, rows->n * sizeof *point);
    memcpy(rows->pair, pair, rows->n * sizeof *pair);
    read_keys(rows);
    if (!index_runs(rows)) {
        cc_rows_free(rows);
        return NULL;
    }
    index_peers(rows, place);
    return rows;
}

void cc_rows_free(cc_rows *rows)
{
    if (!rows) return;
    free(rows->point), free(rows->pair), free(rows->arm), free(rows->seed), free(rows->place);
    free(rows->order), free(rows->position), free(rows->start), free(rows->slot);
    free(rows->arm_name), free(rows->swept);
    free(rows);
}

/* ---- what a derived column may ask ---- */

double cc_get(const cc_row *row, const char *column)
{
    int c = find_column(row->rows, column);
    return c < 0 ? NAN : cc_table_get(row->rows->table, row->row, (size_t)c);
}

const char *cc_get_text(const cc_row *row, const char *column)
{
    int c = find_column(row->rows, column);
    return c < 0 ? "" : cc_table_text(row->rows->table, row->row, (size_t)c);
}

double cc_lag(const cc_row *row, const char *column, int back)
{
    cc_rows *rows = row->rows;
    int c = find_column(rows, column);
    size_t at = rows->position[row->row], start = rows->start[row->row];
    if (c < 0 || (back > 0 && (size_t)back > at - start)) return NAN;
    return cc_table_get(rows->table, rows->order[back < 0 ? start : at - (size_t)back], (size_t)c);
}

double cc_peer(const cc_row *row, const char *arm, const char *column)
{
    cc_rows *rows = row->rows;
    size_t r = row->row, a = 0;
    int c = find_column(rows, column);
    while (a < rows->n_arms && strcmp(rows->arm_name[a], arm) != 0) a++;
    if (a == rows->n_arms) miss_arm(rows, arm, "there is no arm");
    if (c < 0 || a == rows->n_arms) return NAN;
    if (a == rows->arm[r]) return cc_table_get(rows->table, r, (size_t)c);
    if (rows->swept[a]) {
        miss_arm(rows, arm, "which peer is meant cannot be told in an arm with axes of its own:");
        return NAN;
    }
    size_t slot = *find_slot(rows, (uint32_t)a, rows->pair[r], rows->seed[r], rows->place[r]);
    return slot ? cc_table_get(rows->table, slot - 1, (size_t)c) : NAN;
}

cc_status cc_rows_derive(cc_rows *rows, const cc_derived *derived, char message[CC_MESSAGE])
{
    int column = cc_table_column(rows->table, derived->name, 0);
    if (column < 0) {
        snprintf(message, CC_MESSAGE, "derived column \"%.60s\": the rows have a text of this name", derived->name);
        return CC_EBUG;
    }
    rows->problem[0] = 0;
    for (size_t i = 0; i < rows->n; i++) {
        cc_row row = {rows, rows->order[i]};
        cc_table_set(rows->table, row.row, (size_t)column, derived->value(&row));
    }
    if (!rows->problem[0]) return CC_OK;
    snprintf(message, CC_MESSAGE, "derived column \"%.60s\": %.400s", derived->name, rows->problem);
    return CC_EBUG;
}
