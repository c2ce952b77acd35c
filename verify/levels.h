/* verify/levels.h: the points at each x, and statistics over units there. Shared by bound, scaling and equality. */
#ifndef CLAIMCHECK_VERIFY_LEVELS_H
#define CLAIMCHECK_VERIFY_LEVELS_H

#include "verify/sample.h"

typedef struct cc_level {
    double x;
    size_t n;
    const cc_point *at; /* one of each unit; of a population every row */
} cc_level;

/* The levels in ascending x. Stops when a unit has several points at one x. */
size_t cc_split_levels(cc_sample *sample, cc_level **levels);

/* Judges `value(point)` at every level by statistic `across` against `is`, with `slack` standard errors: verified if the interval
 * is inside everywhere, refuted if it is outside somewhere at level alpha / levels. Fills the result from the weakest level.
 * `natural`: the random part of the value, for which zero is a natural end (NULL: there is none); a mean of few allows for its
 * unseen tail. */
typedef double (*cc_value_of)(const cc_sample *sample, const cc_point *point);
void cc_judge_levels(cc_sample *sample, cc_value_of value, cc_value_of natural, const char *across, const cc_criterion *is,
                     double slack, cc_result *result);

/* |mean over units of (y - other)| <= se standard errors + tolerance(point) at every level. */
void cc_judge_agreement(cc_sample *sample, cc_value_of tolerance, cc_result *result);

#endif
