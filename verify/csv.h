/* verify/csv.h: a table from CSV (RFC 4180), TSV or semicolons; the delimiter is the header's. */
#ifndef CLAIMCHECK_VERIFY_CSV_H
#define CLAIMCHECK_VERIFY_CSV_H

#include "verify/table.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Reads all of `in`. The first line names the columns; a column whose cells are all numbers (or empty, NA, nan: NaN) holds numbers,
 * any other holds text. NULL with a message that names the line: ragged rows, an open quote, a name that is missing or there twice.
 */
cc_table *cc_csv_read(FILE *in, char *message, size_t size);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
