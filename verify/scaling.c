/* verify/scaling.c: y follows `other` across x: their means agree, or their ratio stays where `is` says. */
#include "verify/levels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double ratio(const cc_sample *s, const cc_point *p) { return s->check->other ? p->y / p->other : p->y; }
static double tolerance(const cc_sample *s, const cc_point *p)
{
    return s->check->abs + (isinf(p->other) ? 0 : s->check->rel * fabs(p->other));
}

void cc_judge_scaling(cc_sample *s, cc_result *result)
{
    const cc_check *c = s->check;
    const char *across = c->across ? c->across : "mean";
    if (c->se > 0) {
        cc_judge_agreement(s, tolerance, result);
    } else {
        cc_judge_levels(s, ratio, ratio, across, &c->is, 0, result);
        snprintf(result->quantity, sizeof result->quantity, "%s of %.48s%s%.48s", across, c->y, c->other ? " / " : "",
                 c->other ? c->other : "");
    }
    if (s->n_censored && result->verdict == CC_VERIFIED && !(c->is.relation == CC_GE)) {
        cc_doubt(result);
        cc_say(result, "%zu runs were cut off: their values may be larger", s->n_censored);
    }
}
