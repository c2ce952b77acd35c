/* verify/table.c: columns of doubles or of indices into one pool of interned strings. */
#include "verify/table.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct column {
    char *name;
    int text;
    double *number;
    uint32_t *string; /* index into the pool */
} column;

struct cc_table {
    size_t rows, capacity, n_columns, column_capacity;
    column *columns;
    char **pool; /* pool[0] is "" */
    size_t n_pool, pool_capacity;
    uint32_t *slots; /* open addressing: index into the pool + 1 */
    size_t n_slots;
};

static uint64_t hash_text(const char *text)
{
    uint64_t hash = 1469598103934665603u;
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) hash = (hash ^ *c) * 1099511628211u;
    return hash ^ (hash >> 29);
}

static int grow_slots(cc_table *table)
{
    size_t n = table->n_slots ? 2 * table->n_slots : 64;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (!slots) return -1;
    for (size_t i = 0; i < table->n_pool; i++) {
        size_t s = hash_text(table->pool[i]) & (n - 1);
        while (slots[s]) s = (s + 1) & (n - 1);
        slots[s] = (uint32_t)(i + 1);
    }
    free(table->slots);
    table->slots = slots;
    table->n_slots = n;
    return 0;
}

/* The index of a string in the pool, added if new; UINT32_MAX: no memory. */
static uint32_t intern(cc_table *table, const char *text)
{
    if (2 * (table->n_pool + 1) > table->n_slots && grow_slots(table)) return UINT32_MAX;
    size_t s = hash_text(text) & (table->n_slots - 1);
    for (; table->slots[s]; s = (s + 1) & (table->n_slots - 1))
        if (!strcmp(table->pool[table->slots[s] - 1], text)) return table->slots[s] - 1;
    if (table->n_pool == table->pool_capacity) {
        size_t capacity = table->pool_capacity ? 2 * table->pool_capacity : 16;
        char **pool = realloc(table->pool, capacity * sizeof *pool);
        if (!pool) return UINT32_MAX;
        table->pool = pool;
        table->pool_capacity = capacity;
    }
    char *copy = strdup(text);
    if (!copy) return UINT32_MAX;
    table->pool[table->n_pool++] = copy;
    table->slots[s] = (uint32_t)table->n_pool;
    return (uint32_t)(table->n_pool - 1);
}

cc_table *cc_table_new(void)
{
    cc_table *table = calloc(1, sizeof *table);
    if (!table) return NULL;
    if (intern(table, "") == 0) return table;
    cc_table_free(table);
    return NULL;
}

void cc_table_free(cc_table *table)
{
    if (!table) return;
    for (size_t j = 0; j < table->n_columns; j++) {
        free(table->columns[j].name);
        free(table->columns[j].number);
        free(table->columns[j].string);
    }
    for (size_t i = 0; i < table->n_pool; i++) free(table->pool[i]);
    free(table->columns);
    free(table->pool);
    free(table->slots);
    free(table);
}

size_t cc_table_rows(const cc_table *table) { return table->rows; }
size_t cc_table_columns(const cc_table *table) { return table->n_columns; }
const char *cc_table_name(const cc_table *table, size_t j) { return table->columns[j].name; }
int cc_table_is_text(const cc_table *table, size_t j) { return table->columns[j].text; }

int cc_table_find(const cc_table *table, const char *name)
{
    for (size_t j = 0; j < table->n_columns; j++)
        if (!strcmp(table->columns[j].name, name)) return (int)j;
    return -1;
}

/* Storage for `capacity` rows; the rows in use keep their values. */
static int reserve(column *c, size_t capacity)
{
    void *grown = c->text ? realloc(c->string, capacity * sizeof *c->string) : realloc(c->number, capacity * sizeof *c->number);
    if (!grown) return -1;
    if (c->text)
        c->string = grown;
    else
        c->number = grown;
    return 0;
}

static void blank(column *c, size_t row)
{
    if (c->text)
        c->string[row] = 0;
    else
        c->number[row] = NAN;
}

int cc_table_column(cc_table *table, const char *name, int text)
{
    int found = cc_table_find(table, name);
    if (found >= 0) return table->columns[found].text == !!text ? found : -1;
    if (table->n_columns == table->column_capacity) {
        size_t capacity = table->column_capacity ? 2 * table->column_capacity : 8;
        column *columns = realloc(table->columns, capacity * sizeof *columns);
        if (!columns) return -1;
        table->columns = columns;
        table->column_capacity = capacity;
    }
    column *c = &table->columns[table->n_columns];
    *c = (column){.name = strdup(name), .text = !!text};
    if (!c->name || (table->capacity && reserve(c, table->capacity))) {
        free(c->name);
        return -1;
    }
    for (size_t i = 0; i < table->rows; i++) blank(c, i);
    return (int)table->n_columns++;
}

int cc_table_append(cc_table *table)
{
    if (table->rows == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 64;
        for (size_t j = 0; j < table->n_columns; j++)
            if (reserve(&table->columns[j], capacity)) return -1;
        table->capacity = capacity;
    }
    for (size_t j = 0; j < table->n_columns; j++) blank(&table->columns[j], table->rows);
    table->rows++;
    return 0;
}

void cc_table_clear(cc_table *table) { table->rows = 0; }

double cc_table_get(const cc_table *table, size_t row, size_t j)
{
    return table->columns[j].text ? NAN : table->columns[j].number[row];
}

const char *cc_table_text(const cc_table *table, size_t row, size_t j)
{
    return table->pool[table->columns[j].text ? table->columns[j].string[row] : 0];
}

void cc_table_set(cc_table *table, size_t row, size_t j, double value)
{
    if (!table->columns[j].text) table->columns[j].number[row] = value;
}

int cc_table_set_text(cc_table *table, size_t row, size_t j, const char *value)
{
    if (!table->columns[j].text) return 0;
    uint32_t index = intern(table, value ? value : "");
    if (index == UINT32_MAX) return -1;
    table->columns[j].string[row] = index;
    return 0;
}

const double *cc_table_numbers(const cc_table *table, size_t j) { return table->columns[j].number; }

int cc_table_extend(cc_table *table, const cc_table *from)
{
    size_t first = table->rows;
    for (size_t j = 0; j < from->n_columns; j++)
        if (cc_table_column(table, from->columns[j].name, from->columns[j].text) < 0) return -1;
    for (size_t i = 0; i < from->rows; i++)
        if (cc_table_append(table)) return -1;
    for (size_t j = 0; j < from->n_columns; j++) {
        size_t to = (size_t)cc_table_find(table, from->columns[j].name);
        for (size_t i = 0; i < from->rows; i++) {
            if (!from->columns[j].text)
                table->columns[to].number[first + i] = from->columns[j].number[i];
            else if (cc_table_set_text(table, first + i, to, from->pool[from->columns[j].string[i]]))
                return -1;
        }
    }
    return 0;
}
