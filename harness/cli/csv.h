/* harness/cli/csv.h: a table as CSV (RFC 4180): numbers as the shortest text that reads back, a number that is not there as
 * nothing. */
#ifndef CLAIMCHECK_HARNESS_CSV_H
#define CLAIMCHECK_HARNESS_CSV_H

#include <stdio.h>

#include "verify/table.h"

void cc_csv_write(FILE *out, const cc_table *table);
void cc_csv_text(FILE *out, const char *text); /* one cell, quoted if it must be */
const char *cc_csv_number(double value, char buffer[32]);

#endif
