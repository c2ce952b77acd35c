/* verify/table.h: a growable table of named columns; a number is a double, a text a string owned by the table.
 * Used by the harness for the rows of a cell and by the verifiers for what they judge. */
#ifndef CLAIMCHECK_VERIFY_TABLE_H
#define CLAIMCHECK_VERIFY_TABLE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

typedef struct cc_table cc_table;

cc_table *cc_table_new(void); /* NULL: no memory */
void cc_table_free(cc_table *table);

size_t cc_table_rows(const cc_table *table);
size_t cc_table_columns(const cc_table *table);
const char *cc_table_name(const cc_table *table, size_t column);
int cc_table_is_text(const cc_table *table, size_t column);
int cc_table_find(const cc_table *table, const char *name); /* the column's index, or -1 */

/* The index of a column, made if new (earlier rows: NaN or ""). -1: no memory, or it exists with the other type. */
int cc_table_column(cc_table *table, const char *name, int text);

/* Appends a row of NaN and "". 0, or -1: no memory. */
int cc_table_append(cc_table *table);
void cc_table_clear(cc_table *table); /* no rows; columns stay */

double cc_table_get(const cc_table *table, size_t row, size_t column);       /* a text: NaN */
const char *cc_table_text(const cc_table *table, size_t row, size_t column); /* a number: "" */
void cc_table_set(cc_table *table, size_t row, size_t column, double value);
int cc_table_set_text(cc_table *table, size_t row, size_t column,
                      const char *value); /* -1: no memory. Interned: equal strings, equal pointers */

/* The column as an array of rows() doubles (NULL for a text column); valid until the next append. */
const double *cc_table_numbers(const cc_table *table, size_t column);

/* Appends every row of `from`; columns are matched by name and made where missing. 0, or -1: no memory or a type clash. */
int cc_table_extend(cc_table *table, const cc_table *from);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
