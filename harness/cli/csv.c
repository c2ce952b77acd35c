/* harness/cli/csv.c: see csv.h. */
#include "harness/cli/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *cc_csv_number(double value, char buffer[32])
{
    buffer[0] = 0;
    if (isnan(value)) return buffer;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, 32, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) break;
    }
    return buffer;
}

void cc_csv_text(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    putc('"', out);
    for (; *text; text++) {
        if (*text == '"') putc('"', out);
        putc(*text, out);
    }
    putc('"', out);
}

void cc_csv_write(FILE *out, const cc_table *table)
{
    char buffer[32];
    size_t columns = cc_table_columns(table);
    for (size_t c = 0; c < columns; c++) {
        if (c) putc(',', out);
        cc_csv_text(out, cc_table_name(table, c));
    }
    putc('\n', out);
    for (size_t r = 0; r < cc_table_rows(table); r++) {
        for (size_t c = 0; c < columns; c++) {
            if (c) putc(',', out);
            cc_csv_text(out,
                        cc_table_is_text(table, c) ? cc_table_text(table, r, c) : cc_csv_number(cc_table_get(table, r, c), buffer));
        }
        putc('\n', out);
    }
}
