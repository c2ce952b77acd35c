/* verify/csv.h: a table from CSV (RFC 4180), TSV or semicolons. */
#ifndef CLAIMCHECK_VERIFY_CSV_H
#define CLAIMCHECK_VERIFY_CSV_H

#include "verify/table.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* What is read: UTF-8, with or without a byte order mark; lines ended by LF, CRLF or CR; blank lines and lines that begin with '#'
 * are skipped. The first line left names the columns and its commonest separator among comma, tab and semicolon is the separator; a
 * column without a name is called column_<place>. Fields may be quoted, with "" for a quote and line ends inside. Blanks around an
 * unquoted field are dropped. A column holds numbers if each of its fields is a number as C writes it (inf and hexadecimal too) or
 * empty, NA, N/A, nan or null, which are NaN; any other column holds text. Numbers are rounded correctly.
 *
 * NULL with a message, which names the line where there is one: no text at all, bytes that are no text (zeros, control characters,
 * not UTF-8), no header, a column that is there twice, too many or too few fields in a line, an open quote, a field over
 * CC_CSV_FIELD bytes, more than CC_CSV_COLUMNS columns, text over CC_CSV_BYTES, no rows, no memory. */
enum { CC_CSV_COLUMNS = 4096, CC_CSV_FIELD = 1 << 16 };
#define CC_CSV_BYTES ((size_t)1 << 31)

cc_table *cc_csv_read(FILE *in, char *message, size_t size); /* all of `in` */
/* text[n] must be 0. The text is not kept. */
cc_table *cc_csv_parse(const char *text, size_t n, char *message, size_t size);

/* Whether a field is a number or stands for NaN, and its value. text[n] must be readable. */
int cc_csv_is_number(const char *text, size_t n, double *value);

/* Length in bytes of the UTF-8 sequence at `text`; 0 at the end and where there is none (overlong forms, surrogates and what
 * exceeds U+10FFFF are none). */
size_t cc_utf8_length(const char *text);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
