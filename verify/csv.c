/* verify/csv.c: delimited text into a table, in two passes over the text: which columns hold numbers, then the values. */
#include "verify/csv.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct reader {
    const char *text, *at, *end; /* *end is 0 */
    size_t line;                 /* of `at`, from 1 */
    char separator;
    size_t n_columns;
    unsigned char *is_text;
    cc_table *table;
    char *message;
    size_t size;
} reader;

/* A field where it stands in the text; escaped: "" in it stands for ". */
typedef struct field {
    const char *at;
    size_t n;
    int quoted, escaped, last; /* last: it ends its line */
} field;

static int complain(reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int complain(reader *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->message, r->size, format, arguments);
    va_end(arguments);
    return -1;
}

/* ---- the text ---- */

size_t cc_utf8_length(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    static const struct {
        unsigned char first, last, low, high; /* of the first byte; of the second */
        size_t n;
    } form[] = {{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
                {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
    if (*c < 0x80) return *c != 0;
    for (size_t f = 0; f < sizeof form / sizeof *form; f++) {
        if (*c < form[f].first || *c > form[f].last) continue;
        if (c[1] < form[f].low || c[1] > form[f].high) return 0;
        for (size_t i = 2; i < form[f].n; i++)
            if ((c[i] & 0xc0) != 0x80) return 0;
        return form[f].n;
    }
    return 0;
}

static int no_text(reader *r, const unsigned char *at)
{
    const unsigned char *start = (const unsigned char *)r->text;
    size_t line = 1, left = (size_t)((const unsigned char *)r->end - start);
    if (left > 1 && ((start[0] == 0xff && start[1] == 0xfe) || (start[0] == 0xfe && start[1] == 0xff)))
        return complain(r, "the text is UTF-16: save it as UTF-8");
    if (left > 1 && start[0] == 0x1f && start[1] == 0x8b) return complain(r, "the file is compressed: unpack it with gunzip first");
    if (*at == 0) return complain(r, "the file is binary: it holds a zero byte");
    for (const unsigned char *c = start; c < at; c++) line += *c == '\n';
    return complain(r, "line %zu: byte 0x%02x is no text: the file is binary, or not UTF-8", line, *at);
}

/* Every byte belongs to text. The zero byte behind the end stops a sequence that is cut off there. */
static int check_bytes(reader *r)
{
    const unsigned char *c = (const unsigned char *)r->text, *end = (const unsigned char *)r->end;
    while (c < end) {
        size_t n = *c < 0x80;
        if (n ? (*c < ' ' && (*c < '\t' || *c > '\r')) || *c == 0x7f : (n = cc_utf8_length((const char *)c)) == 0)
            return no_text(r, c);
        c += n;
    }
    return 0;
}

static int read_all(FILE *in, char **text, size_t *n, reader *r)
{
    size_t capacity = 1 << 16;
    *text = malloc(capacity + 1);
    while (*text) {
        size_t got = fread(*text + *n, 1, capacity - *n, in);
        const char *zero = memchr(*text + *n, 0, got);
        *n += got;
        if (zero) {
            r->text = *text, r->end = *text + *n;
            return no_text(r, (const unsigned char *)zero);
        }
        if (*n < capacity) break;
        if (capacity >= CC_CSV_BYTES) return complain(r, "the text is longer than %zu bytes", CC_CSV_BYTES);
        char *grown = realloc(*text, 2 * capacity + 1);
        if (!grown) return complain(r, "no memory for the text");
        *text = grown;
        capacity *= 2;
    }
    if (!*text) return complain(r, "no memory for the text");
    if (ferror(in)) return complain(r, "the text cannot be read");
    (*text)[*n] = 0;
    return 0;
}

/* ---- numbers ---- */

/* digits * 10^power, rounded correctly; 0 where this cannot promise it. With 64 bits of digits and powers of ten up to 27 exact,
 * one operation of the wide format errs by half a unit of its last place, and the second rounding, to double, is right unless the
 * wide result looks like the middle between two doubles. */
static int exact_product(uint64_t digits, int power, double *value)
{
#if LDBL_MANT_DIG == 64
    enum { MOST = 27 };
    static const long double ten[MOST + 1] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
                                              1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
                                              1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    if (power < -MOST || power > MOST) return 0;
    long double wide = power < 0 ? (long double)digits / ten[-power] : (long double)digits * ten[power];
    uint64_t bits;
    memcpy(&bits, &wide, sizeof bits); /* the significand */
    *value = (double)wide;
    return (bits & 0x7ff) != 0x400;
#else
    enum { MOST = 22 };
    static const double ten[MOST + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                         1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (power < -MOST || power > MOST || digits >> 53) return 0;
    *value = power < 0 ? (double)digits / ten[-power] : (double)digits * ten[power];
    return 1;
#endif
}

/* A plain decimal number of at most 19 digits. 0: not of this form, which does not mean that it is no number. */
static int plain_number(const char *c, const char *end, double *value)
{
    uint64_t digits = 0;
    int negative = *c == '-', n = 0, power = 0, point = 0;
    for (c += *c == '-' || *c == '+'; c < end && ((*c >= '0' && *c <= '9') || (*c == '.' && !point)); c++) {
        if (*c == '.') {
            point = 1;
            continue;
        }
        digits = 10 * digits + (uint64_t)(*c - '0');
        power -= point;
        if (++n > 19) return 0;
    }
    if (n == 0) return 0;
    if (c < end && (*c == 'e' || *c == 'E')) {
        int exponent = 0, minus = ++c < end && *c == '-';
        if (c < end && (*c == '-' || *c == '+')) c++;
        if (c == end || end - c > 3) return 0;
        for (; c < end && *c >= '0' && *c <= '9'; c++) exponent = 10 * exponent + (*c - '0');
        power += minus ? -exponent : exponent;
    }
    if (c < end || !exact_product(digits, power, value)) return 0;
    if (negative) *value = -*value;
    return 1;
}

static int is_word(const char *text, size_t n, const char *word) { return strlen(word) == n && strncasecmp(text, word, n) == 0; }

int cc_csv_is_number(const char *text, size_t n, double *value)
{
    char copy[512], *end;
    if (n > 0 && plain_number(text, text + n, value)) return 1;
    *value = NAN;
    if (n == 0 || is_word(text, n, "na") || is_word(text, n, "n/a") || is_word(text, n, "nan") || is_word(text, n, "null"))
        return 1;
    if (n >= sizeof copy || !strchr("+-.0123456789iI", *text)) return 0;
    memcpy(copy, text, n); /* strtod stops at a zero byte only */
    copy[n] = 0;
    *value = strtod(copy, &end);
    return end == copy + n;
}

/* ---- fields ---- */

/* Behind the end of the line at `at`, if there is one. */
static void end_line(reader *r)
{
    if (r->at == r->end) return;
    r->at += *r->at == '\r' && r->at[1] == '\n' ? 2 : 1;
    r->line++;
}

static int at_line_end(const reader *r) { return r->at == r->end || *r->at == '\n' || *r->at == '\r'; }

static int quoted_field(reader *r, field *f)
{
    size_t line = r->line;
    f->quoted = 1;
    f->at = ++r->at;
    for (; r->at < r->end; r->at++) {
        if (*r->at == '"' && r->at[1] != '"') break;
        r->line += *r->at == '\n' || (*r->at == '\r' && r->at[1] != '\n');
        if (*r->at == '"') f->escaped = 1, r->at++;
        if (r->at - f->at > CC_CSV_FIELD) break;
    }
    f->n = (size_t)(r->at - f->at);
    if (f->n > CC_CSV_FIELD)
        return complain(r, "line %zu: a field of more than %d bytes: is its quote closed?", line, CC_CSV_FIELD);
    if (r->at == r->end) return complain(r, "line %zu: a quote is not closed", line);
    for (r->at++; *r->at == ' ' && *r->at != r->separator; r->at++) {}
    if (!at_line_end(r) && *r->at != r->separator) return complain(r, "line %zu: text behind a closing quote", r->line);
    return 0;
}

static int plain_field(reader *r, field *f)
{
    const char *c = r->at;
    const char separator = r->separator;
    while (*c != separator && *c != '\n' && *c != '\r' && *c) c++;
    f->at = r->at;
    r->at = c;
    if (c - f->at > CC_CSV_FIELD) return complain(r, "line %zu: a field of more than %d bytes", r->line, CC_CSV_FIELD);
    while (f->at < c && (*f->at == ' ' || *f->at == '\t')) f->at++;
    while (c > f->at && (c[-1] == ' ' || c[-1] == '\t')) c--;
    f->n = (size_t)(c - f->at);
    return 0;
}

static int next_field(reader *r, field *f)
{
    const char *start = r->at;
    *f = (field){0};
    while (*start == ' ') start++;
    if (*start == '"') r->at = start;
    if (*r->at == '"' ? quoted_field(r, f) : plain_field(r, f)) return -1;
    f->last = at_line_end(r);
    if (f->last)
        end_line(r);
    else
        r->at++;
    return 0;
}

/* The field as a string of its own, "" undone, in `copy`. */
static const char *field_text(const field *f, char copy[CC_CSV_FIELD + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        copy[n++] = f->at[i];
        if (f->escaped && f->at[i] == '"') i++;
    }
    copy[n] = 0;
    return copy;
}

/* ---- lines ---- */

/* Past blank lines and comments. */
static void skip_lines(reader *r)
{
    while (r->at < r->end && (*r->at == '#' || at_line_end(r))) {
        while (!at_line_end(r)) r->at++;
        end_line(r);
    }
}

/* The commonest of the three in the line at `at`, outside quotes. */
static char find_separator(const reader *r)
{
    static const char candidates[] = ",\t;";
    size_t count[3] = {0}, best = 0;
    int inside = 0;
    for (const char *c = r->at; c < r->end && (inside || (*c != '\n' && *c != '\r')); c++) {
        if (*c == '"') inside = !inside;
        const char *found = inside ? NULL : strchr(candidates, *c);
        if (found) count[found - candidates]++;
    }
    for (size_t i = 1; i < 3; i++)
        if (count[i] > count[best]) best = i;
    return candidates[best];
}

static int add_column(reader *r, const field *f, size_t line, char *copy)
{
    double value;
    const char *name = field_text(f, copy);
    if (f->n > 0 && !f->quoted && cc_csv_is_number(f->at, f->n, &value))
        return complain(r, "line %zu: `%.40s` is no name of a column: the first line must be a header", line, name);
    if (f->n == 0) snprintf(copy, CC_CSV_FIELD, "column_%zu", r->n_columns + 1);
    if (r->n_columns == CC_CSV_COLUMNS) return complain(r, "line %zu: more than %d columns", line, CC_CSV_COLUMNS);
    if (cc_table_find(r->table, name) >= 0) return complain(r, "line %zu: column `%.60s` is there twice", line, name);
    if (cc_table_column(r->table, name, 0) < 0) return complain(r, "no memory");
    r->n_columns++;
    return 0;
}

static int read_header(reader *r, char *copy)
{
    size_t line;
    if (r->end - r->at >= 3 && !memcmp(r->at, "\xef\xbb\xbf", 3)) r->at += 3;
    if (r->at == r->end) return complain(r, "the file is empty");
    skip_lines(r);
    if (r->at == r->end) return complain(r, "there is no header line, only comments and blank lines");
    r->separator = find_separator(r);
    line = r->line;
    for (field f = {0}; !f.last;)
        if (next_field(r, &f) || add_column(r, &f, line, copy)) return -1;
    r->is_text = calloc(r->n_columns, sizeof *r->is_text);
    return r->is_text ? 0 : complain(r, "no memory");
}

static int ragged(reader *r, size_t line, size_t n)
{
    return complain(r, "line %zu has %s%zu field%s, the header has %zu", line, n > r->n_columns ? "at least " : "", n,
                    n == 1 ? "" : "s", r->n_columns);
}

/* First pass: the columns that hold text, and the shape. */
static int find_types(reader *r)
{
    double unused;
    for (skip_lines(r); r->at < r->end; skip_lines(r)) {
        size_t line = r->line, j = 0;
        for (field f = {0}; !f.last; j++) {
            if (j == r->n_columns) return ragged(r, line, j + 1);
            if (next_field(r, &f)) return -1;
            if (!r->is_text[j] && (f.escaped || !cc_csv_is_number(f.at, f.n, &unused))) r->is_text[j] = 1;
        }
        if (j != r->n_columns) return ragged(r, line, j);
    }
    return 0;
}

/* The same columns with the types that are known now. */
static int set_types(reader *r)
{
    cc_table *table = cc_table_new();
    int failed = !table;
    for (size_t j = 0; j < r->n_columns && !failed; j++)
        failed = cc_table_column(table, cc_table_name(r->table, j), r->is_text[j]) < 0;
    cc_table_free(r->table);
    r->table = table;
    return failed ? complain(r, "no memory") : 0;
}

/* Second pass: the values. What could be wrong was found by the first. */
static int fill(reader *r, char *copy)
{
    double value = NAN;
    size_t row = 0;
    for (skip_lines(r); r->at < r->end; skip_lines(r), row++) {
        if (cc_table_append(r->table)) return complain(r, "no memory for %zu rows", row + 1);
        for (size_t j = 0; j < r->n_columns; j++) {
            field f;
            if (next_field(r, &f)) return -1;
            if (r->is_text[j]) {
                if (cc_table_set_text(r->table, row, j, field_text(&f, copy)))
                    return complain(r, "no memory for %zu rows", row + 1);
            } else if (cc_csv_is_number(f.at, f.n, &value))
                cc_table_set(r->table, row, j, value);
        }
    }
    return row > 0 ? 0 : complain(r, "there are no rows below the header");
}

static int parse(reader *r, char *copy)
{
    if (check_bytes(r) || read_header(r, copy)) return -1;
    const reader rows = *r;
    if (find_types(r) || set_types(r)) return -1;
    r->at = rows.at, r->line = rows.line;
    return fill(r, copy);
}

cc_table *cc_csv_parse(const char *text, size_t n, char *message, size_t size)
{
    reader r = {.text = text, .at = text, .end = text + n, .line = 1, .message = message, .size = size, .table = cc_table_new()};
    char *copy = malloc(CC_CSV_FIELD + 1);
    int bad = r.table && copy ? parse(&r, copy) : complain(&r, "no memory");
    free(copy);
    free(r.is_text);
    if (!bad) return r.table;
    cc_table_free(r.table);
    return NULL;
}

cc_table *cc_csv_read(FILE *in, char *message, size_t size)
{
    reader r = {.message = message, .size = size};
    char *text = NULL;
    size_t n = 0;
    cc_table *table = read_all(in, &text, &n, &r) ? NULL : cc_csv_parse(text, n, message, size);
    free(text);
    return table;
}
