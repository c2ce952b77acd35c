/* verify/csv.c: delimited text into a table. */
#include "verify/csv.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_COLUMNS = 4096 };

typedef struct reader {
    char *text, *at, *end;
    size_t line; /* of `at`, from 1 */
    char delimiter;
    size_t n_columns;
    int *is_text;
    cc_table *table;
    char *message;
    size_t size;
} reader;

static int complain(reader *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->message, r->size, format, arguments);
    va_end(arguments);
    return -1;
}

static int read_all(FILE *in, reader *r)
{
    size_t capacity = 1 << 16, n = 0;
    r->text = malloc(capacity + 1);
    while (r->text) {
        n += fread(r->text + n, 1, capacity - n, in);
        if (n < capacity) break;
        char *grown = realloc(r->text, 2 * capacity + 1);
        if (!grown) return complain(r, "no memory for the text");
        r->text = grown;
        capacity *= 2;
    }
    if (!r->text) return complain(r, "no memory for the text");
    if (ferror(in)) return complain(r, "the text cannot be read");
    r->text[n] = 0;
    r->end = r->text + n;
    if (memchr(r->text, 0, n)) return complain(r, "the text holds a zero byte: it is not CSV");
    return 0;
}

/* The next cell, unquoted in place and ended by a zero byte; *last: it ends its line. NULL: a quote is not closed. */
static char *next_cell(reader *r, int *last)
{
    char *cell = r->at, *to = cell;
    int quoted = *r->at == '"';
    if (quoted) r->at++;
    for (;; r->at++) {
        if (quoted && r->at == r->end) return NULL;
        if (quoted && *r->at == '"' && r->at[1] == '"')
            r->at++;
        else if (quoted && *r->at == '"') {
            quoted = 0;
            continue;
        } else if (!quoted && (r->at == r->end || *r->at == r->delimiter || *r->at == '\n' || *r->at == '\r'))
            break;
        r->line += *r->at == '\n' ? 1 : 0;
        *to++ = *r->at;
    }
    *last = r->at == r->end || *r->at != r->delimiter;
    if (*r->at == '\r' && r->at[1] == '\n') r->at++;
    if (*last && r->at < r->end) r->line++;
    if (r->at < r->end) r->at++;
    *to = 0;
    return cell;
}

static void skip_blank_lines(reader *r)
{
    for (; r->at < r->end && (*r->at == '\n' || *r->at == '\r'); r->at++) r->line += *r->at == '\n' ? 1 : 0;
}

static char *trimmed(char *cell)
{
    size_t n = strlen(cell);
    while (n && (cell[n - 1] == ' ' || cell[n - 1] == '\t')) cell[--n] = 0;
    return cell + strspn(cell, " \t");
}

/* Short decimal numbers exactly: digits < 2^53 and a power of ten that a double holds. 0: not of this form. */
static int short_number(const char *c, double *value)
{
    static const double ten[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    unsigned long long digits = 0;
    int negative = *c == '-', n = 0, after = 0, point = 0;
    for (c += negative; (*c >= '0' && *c <= '9') || (*c == '.' && !point); c++) {
        if (*c == '.') {
            point = 1;
            continue;
        }
        digits = digits * 10 + (unsigned long long)(*c - '0');
        after += point;
        if (++n > 15) return 0;
    }
    if (*c || n == 0) return 0;
    *value = (negative ? -1 : 1) * ((double)digits / ten[after]);
    return 1;
}

static int parse_number(const char *cell, double *value)
{
    char *end;
    if (short_number(cell, value)) return 1;
    *value = NAN;
    if (!*cell || !strcasecmp(cell, "na") || !strcasecmp(cell, "null")) return 1;
    *value = strtod(cell, &end);
    return *end == 0;
}

static int read_header(reader *r)
{
    char *names[MOST_COLUMNS];
    int last = 0;
    if ((size_t)(r->end - r->at) >= 3 && !memcmp(r->at, "\xef\xbb\xbf", 3)) r->at += 3;
    skip_blank_lines(r);
    size_t length = strcspn(r->at, "\r\n");
    if (length == 0) return complain(r, "there is no header line");
    r->delimiter = memchr(r->at, '\t', length) ? '\t' : memchr(r->at, ',', length) || !memchr(r->at, ';', length) ? ',' : ';';
    while (!last) {
        if (r->n_columns == MOST_COLUMNS) return complain(r, "more than %d columns", MOST_COLUMNS);
        char *cell = next_cell(r, &last);
        if (!cell) return complain(r, "line %zu: a quote is not closed", r->line);
        names[r->n_columns++] = trimmed(cell);
    }
    r->is_text = calloc(r->n_columns, sizeof *r->is_text);
    if (!r->is_text) return complain(r, "no memory");
    for (size_t j = 0; j < r->n_columns; j++) {
        if (!*names[j]) return complain(r, "column %zu has no name", j + 1);
        if (cc_table_find(r->table, names[j]) >= 0) return complain(r, "column `%s` is there twice", names[j]);
        if (cc_table_column(r->table, names[j], 0) < 0) return complain(r, "no memory");
    }
    return 0;
}

/* One line into the table. 1: a column turned out to hold text. */
static int read_row(reader *r)
{
    size_t line = r->line, j = 0;
    int last = 0, changed = 0;
    if (cc_table_append(r->table)) return complain(r, "no memory for %zu rows", cc_table_rows(r->table));
    size_t row = cc_table_rows(r->table) - 1;
    for (; !last; j++) {
        double value;
        char *cell = next_cell(r, &last);
        if (!cell) return complain(r, "line %zu: a quote is not closed", line);
        if (j >= r->n_columns) continue;
        cell = trimmed(cell);
        if (r->is_text[j]) {
            if (cc_table_set_text(r->table, row, j, cell)) return complain(r, "no memory for line %zu", line);
        } else if (parse_number(cell, &value))
            cc_table_set(r->table, row, j, value);
        else
            r->is_text[j] = changed = 1;
    }
    if (j != r->n_columns) return complain(r, "line %zu has %zu cells, the header has %zu", line, j, r->n_columns);
    return changed;
}

/* A new table of the same columns with the types as they are now known. */
static int restart(reader *r)
{
    cc_table *table = cc_table_new();
    int failed = !table;
    for (size_t j = 0; j < r->n_columns && !failed; j++)
        failed = cc_table_column(table, cc_table_name(r->table, j), r->is_text[j]) < 0;
    if (failed) {
        cc_table_free(table);
        return complain(r, "no memory");
    }
    cc_table_free(r->table);
    r->table = table;
    return 0;
}

/* Cells are unquoted in place, so a second reading needs the text of the rows as it was. */
static int read_rows(reader *r)
{
    size_t size = (size_t)(r->end - r->at), line = r->line;
    char *rows = r->at, *copy = malloc(size + 1);
    int code = copy ? 1 : complain(r, "no memory for the text");
    if (copy) memcpy(copy, rows, size + 1);
    while (code > 0) {
        memcpy(rows, copy, size + 1);
        r->at = rows, r->line = line;
        code = restart(r);
        for (skip_blank_lines(r); code == 0 && r->at < r->end; skip_blank_lines(r)) code = read_row(r);
    }
    free(copy);
    return code;
}

cc_table *cc_csv_read(FILE *in, char *message, size_t size)
{
    reader r = {.line = 1, .message = message, .size = size, .table = cc_table_new()};
    int bad = r.table ? read_all(in, &r) : complain(&r, "no memory");
    r.at = r.text;
    if (!bad) bad = read_header(&r);
    if (!bad) bad = read_rows(&r);
    if (!bad && cc_table_rows(r.table) == 0) bad = complain(&r, "there are no rows below the header");
    free(r.text);
    free(r.is_text);
    if (!bad) return r.table;
    cc_table_free(r.table);
    return NULL;
}
