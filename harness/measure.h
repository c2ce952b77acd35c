/* harness/measure.h: for measures of one's own (kernels, searches, enumerations). No measure lives in a claims.c: editing a
 * criterion must not re-run a cell. */
#ifndef CLAIMCHECK_HARNESS_MEASURE_H
#define CLAIMCHECK_HARNESS_MEASURE_H

#include "harness/claim.h"
#include "harness/family.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The next seed of the cell's block, 0 at the end. Then cc_cell_run is this seed's scope: parameters of measure, problem and
 * algorithm, the streams, an arena that lasts for this replicate. It has no problem bound: see cc_referee. */
int cc_replicate(cc_cell *cell);
cc_run *cc_cell_run(cc_cell *cell);

/* The whole .run of a measure that treats its seeds alike: calls `one` for each, until one fails. */
static inline cc_status cc_each_seed(cc_cell *cell, cc_status (*one)(cc_cell *cell))
{
    while (cc_replicate(cell)) CC_TRY(one(cell));
    return CC_OK;
}

/* An unbilled run on the arm's problem (problem NULL) or on another spec, at this replicate's seed: the family's functions work on
 * it. Lives as long as the replicate. */
cc_status cc_referee(cc_cell *cell, const char *problem, cc_run **run);

/* Runs the arm's algorithm on the arm's problem with values replaced (`set`, may be NULL); `look` is called after init (step 0) and
 * after every step; it returns CC_OK to go on, CC_DONE to end the run. The experiment's plan.stop holds too. Searches over step
 * sizes are loops over this. The run (its bill: cc_spent, its facts) is alive during `look` only. */
typedef cc_status (*cc_look)(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg);
cc_status cc_drive(cc_cell *cell, const char *set, cc_look look, void *arg);

/* Fills the row being built; cc_emit ends it. A column not put is NaN. seed, arm, and the parameters are filled by the harness. */
void cc_put(cc_cell *cell, const char *column, double value);
void cc_put_text(cc_cell *cell, const char *column, const char *value);
void cc_emit(cc_cell *cell);

/* An array kept beside the rows (a spectrum, a drawing): row-major, rank <= 4. */
cc_status cc_attach(cc_cell *cell, const char *name, int rank, const size_t *shape, const double *data);

/* Monotonic time in nanoseconds: for `timed` experiments. */
uint64_t cc_now_ns(void);

#ifdef __cplusplus
}
#endif
#endif
