/* harness/core/row.h: the rows of an experiment as derived columns see them: this row, earlier rows of its run, the same place in
 * another arm.
 *
 * A run is the rows of one arm, point and seed, in the table's order. A peer of a row is the row of another arm with the same
 * values of the axes that all arms share, the same seed and the same place; a place is the value of a column ("step", "target"), or
 * the row's number within its run where there is no such column or its values are not distinct within a run. */
#ifndef CLAIMCHECK_HARNESS_ROW_H
#define CLAIMCHECK_HARNESS_ROW_H

#include "harness/claim.h"
#include "harness/core/core.h"
#include "verify/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cc_rows cc_rows;

struct cc_row {
    cc_rows *rows;
    size_t row;
};

/* Indexes a table, which must outlive the index and must not grow by rows meanwhile (columns may come). point[row], pair[row]:
 * numbers that are equal for equal values of all axes, and of the axes that all arms share; copied. place: a column or NULL. Reads
 * the columns "arm" and "seed". NULL: no memory. */
cc_rows *cc_rows_new(cc_table *table, const uint32_t *point, const uint32_t *pair, const char *place);
void cc_rows_free(cc_rows *rows);

/* Computes one column of every row, runs from their beginning, so that a column may look back at itself. CC_EBUG with a message if
 * the function asked for a column or an arm that is not there; the column is made all the same. */
cc_status cc_rows_derive(cc_rows *rows, const cc_derived *derived, char message[CC_MESSAGE]);

#ifdef __cplusplus
}
#endif
#endif
