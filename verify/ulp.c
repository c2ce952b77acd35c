/* verify/ulp.c: |y - other| in units in the last place of other. */
#include "verify/sample.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

/* The gap between doubles at |v|: 2^(e-52), not less than the smallest subnormal. */
static double ulp_at(double v)
{
    if (v == 0 || fabs(v) < DBL_MIN) return 0x1p-1074;
    return ldexp(1, ilogb(v) - 52);
}

static double distance(const cc_point *p)
{
    if (p->y == p->other) return 0;
    if (!isfinite(p->y) || !isfinite(p->other)) return INFINITY;
    return fabs(p->y - p->other) / ulp_at(p->other);
}

void cc_judge_ulp(cc_sample *s, cc_result *result)
{
    size_t bad = 0;
    const cc_point *worst = &s->at[0];
    for (size_t i = 0; i < s->n; i++) {
        bad += distance(&s->at[i]) > s->check->abs;
        if (distance(&s->at[i]) > distance(worst)) worst = &s->at[i];
    }
    result->verdict = bad ? CC_REFUTED : CC_VERIFIED;
    result->estimate = result->low = result->high = distance(worst);
    result->tightness = s->check->abs > 0 ? distance(worst) / s->check->abs : NAN;
    cc_weakest(s, worst, result);
    snprintf(result->quantity, sizeof result->quantity, "largest distance in ulp");
    snprintf(result->method, sizeof result->method, "every row (%zu)", s->n);
    cc_say(result, "%zu of %zu rows are further than %g ulp; worst: %.17g against %.17g", bad, s->n, s->check->abs, worst->y,
           worst->other);
}
