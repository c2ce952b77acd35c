/* verify/probability.c: the share of units with y != 0. */
#include "verify/sample.h"

#include <math.h>
#include <stdio.h>

/* Units without a number count as either outcome: the interval covers both. */
void cc_judge_probability(cc_sample *s, cc_result *result)
{
    size_t n = s->exact ? s->n : s->n_units, successes = 0, failures = 0;
    int *seen = cc_take(s->pool, n, sizeof *seen);
    for (size_t i = 0; i < s->n; i++) {
        size_t u = s->exact ? i : s->at[i].unit;
        if (seen[u]++) {
            char place[120];
            cc_place(s->table, s->at[i].row, cc_unit_columns(s->check), place, sizeof place);
            cc_stop(s->pool, "%s has several rows: reduce them with `per_unit` (max: any, min: all) or split them with `by`",
                    place);
        }
        successes += s->at[i].y != 0;
        failures += s->at[i].y == 0;
    }
    cc_estimate e;
    cc_share(successes, n - failures, n, s->alpha, s->exact, &s->check->is, &e);
    e.value = (double)successes / (double)(successes + failures);
    cc_conclude(s, &e, result);
    snprintf(result->quantity, sizeof result->quantity, "share of units with %.48s", s->check->y);
    snprintf(result->method, sizeof result->method, "%s, %zu of %zu", e.how, successes, successes + failures);
    if (successes + failures < n)
        cc_say(result, "%zu units have no number: the interval takes them both ways", n - successes - failures);
    const cc_criterion *is = &s->check->is;
    int certain = (is->relation != CC_LE && is->low >= 1) || (is->relation != CC_GE && is->high <= 0);
    if (certain && result->verdict == CC_INCONCLUSIVE)
        cc_say(result, "no sample can verify a certainty: allow a share, or judge the population with over = \"\"");
}
