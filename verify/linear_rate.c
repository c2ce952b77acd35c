/* verify/linear_rate.c: y decays like rho^x between its transient and its floor. */
#include "verify/curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double NEVER = -1e300; /* log 0, as a number */

/* `is` speaks of rho; the line has slope log rho. */
static cc_criterion of_slope(const cc_criterion *is)
{
    cc_criterion c = {is->relation ? is->relation : CC_LE, is->low > 0 ? log(is->low) : NEVER,
                      is->high > 0 ? log(is->high) : NEVER};
    if (!is->relation) c.high = -0x1p-52; /* less than 1 */
    return c;
}

/* Oscillating errors fall along their envelope: the largest from here on. Units with rises in more than a fifth of their steps. */
static size_t take_envelopes(cc_sample *s)
{
    size_t changed = 0;
    for (size_t i = 0, j; i < s->n; i = j) {
        size_t rises = 0;
        for (j = i + 1; j < s->n && s->at[j].unit == s->at[i].unit; j++) rises += s->at[j].y > s->at[j - 1].y;
        if (5 * rises <= j - i) continue;
        changed++;
        for (size_t k = j - 1; k-- > i;)
            if (s->at[k].y < s->at[k + 1].y) s->at[k].y = s->at[k + 1].y;
    }
    return changed;
}

void cc_judge_linear_rate(cc_sample *s, cc_result *result)
{
    cc_fit fit;
    cc_criterion slope = of_slope(&s->check->is);
    cc_series_points(s, result);
    size_t oscillating = take_envelopes(s);
    cc_curve *curve = cc_curve_build(s, 1, 0);
    cc_curve_fit(s, curve, &slope, &fit);
    cc_conclude(s, &fit.slope, result);
    result->verdict = cc_decide(&slope, fit.slope.low, fit.slope.high);
    result->estimate = exp(fit.slope.value);
    result->low = exp(fit.slope.low);
    result->high = exp(fit.slope.high);
    result->detectable *= result->estimate;
    snprintf(result->quantity, sizeof result->quantity, "factor of %.24s a unit of %.16s", s->check->y, s->check->x);
    snprintf(result->method, sizeof result->method, "%s; window %.4g to %.4g (%zu of %zu x)", fit.slope.how, curve->sign * fit.from,
             curve->sign * fit.to, fit.last - fit.first, curve->n_bins);
    cc_fit_report(s, &fit, curve, result);
    if (oscillating) cc_say(result, "the envelope is judged where y oscillates (%zu units)", oscillating);
    if (curve->zeros) cc_say(result, "%zu values at zero or at the floor are left out", curve->zeros);
    cc_fit_draw(s, &fit, 1, result);
}
