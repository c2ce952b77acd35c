/* harness/cli/evaluate.h: the rows of an experiment (or of a control's overlay), from the store, ready to be derived from and
 * judged. */
#ifndef CLAIMCHECK_HARNESS_EVALUATE_H
#define CLAIMCHECK_HARNESS_EVALUATE_H

#include "harness/cli/work.h"
#include "harness/core/row.h"
#include "verify/judge.h"

typedef struct cc_rows_of { /* a cell's part of the table */
    const cc_task *task;
    int64_t cell;
    size_t first, n;
} cc_rows_of;

typedef struct cc_trouble { /* a cell without rows */
    const cc_task *task;
    char status[16], cause[32], message[CC_MESSAGE];
} cc_trouble;

typedef struct cc_evaluation {
    const cc_part *part;
    cc_table *table; /* columns of the cells; axes that are no parameter come as columns of their own */
    cc_rows *rows;
    size_t n_cells, n_errors, n_skipped, n_missing; /* missing: not run yet */
    cc_rows_of *cell;                               /* n_cells of them */
    cc_trouble *trouble;                            /* n_errors + n_skipped + n_missing of them, in the order of the cells */
    double seconds;                                 /* spent in the cells */
} cc_evaluation;

/* NULL with a message: no memory, a damaged store. Free with cc_evaluation_free. */
cc_evaluation *cc_evaluate(cc_store *store, const cc_part *part, char message[CC_MESSAGE]);
void cc_evaluation_free(cc_evaluation *evaluation);

/* The columns of a claim or figure, then those of a control: one of the same name replaces the claim's, in its place. */
cc_status cc_evaluation_derive(cc_evaluation *evaluation, const cc_derived *derived, const cc_derived *instead,
                               char message[CC_MESSAGE]);

/* Writes derived columns back. user: "claim:<id>" or "figure:<id>". */
cc_status cc_evaluation_keep(const cc_evaluation *evaluation, cc_store *store, const char *user, const cc_derived *derived,
                             char message[CC_MESSAGE]);

/* Judges one check on the rows that `where` keeps (NULL: all), in the pairs that the experiment's axes make. null_control: labels
 * swapped; 0 if the check has none. *result is always to be cleared when 1 is returned. */
int cc_evaluation_judge(const cc_evaluation *evaluation, const cc_check *check, const char *where, int null_control,
                        cc_result *result);

#endif
