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

/* The errors of one run without sampling noise may oscillate: they fall along their envelope, the largest from here on. (Over units
 * the logarithms average the oscillation out, and the envelope of noise would bend at its end.) It oscillates if y triples in one
 * step of thirty. */
static int take_envelopes(cc_sample *s)
{
    int changed = 0;
    for (size_t i = 0, j; i < s->n; i = j) {
        size_t rises = 0;
        for (j = i + 1; j < s->n && s->at[j].unit == s->at[i].unit; j++) rises += s->at[j].y > 3 * s->at[j - 1].y;
        if (30 * rises < j - i || rises == 0) continue;
        changed = 1;
        for (size_t k = j - 1; k-- > i;)
            if (s->at[k].y < s->at[k + 1].y) s->at[k].y = s->at[k + 1].y;
    }
    return changed;
}

/* Slower than any linear rate: in the later half the factor still grows towards 1, while the curve is straight in the log-log
 * plane. */
static int is_power_law(cc_sample *s, const cc_sample *raw, const cc_curve *curve, const cc_fit *fit)
{
    cc_sample copy = *raw;
    if (!fit->curved || fit->bend < 0 || fit->floor_bins || curve->n_bins < 6) return 0;
    cc_curve *c = cc_curve_build(&copy, 0, 0);
    cc_estimate slope;
    const cc_criterion falls = {CC_LE, 0, 0};
    if (c->n_bins < 6) return 0;
    cc_curve_slope(&copy, c, c->n_bins / 2, c->n_bins, &falls, &slope);
    return slope.high < 0 && cc_curve_bend(&copy, c, c->n_bins / 2, c->n_bins) < .2 &&
           cc_curve_bend(s, curve, curve->n_bins / 2, curve->n_bins) > .4;
}

void cc_judge_linear_rate(cc_sample *s, cc_result *result)
{
    cc_fit fit;
    cc_criterion slope = of_slope(&s->check->is);
    cc_series_points(s, result);
    snprintf(result->quantity, sizeof result->quantity, "factor of %.48s a unit of %.48s", s->check->y, s->check->x);
    if (cc_diverges(s, result)) return;
    int oscillating = s->exact ? take_envelopes(s) : 0;
    cc_sample raw = *s;
    raw.at = cc_take(s->pool, s->n, sizeof *raw.at);
    memcpy(raw.at, s->at, s->n * sizeof *raw.at);
    cc_curve *curve = cc_curve_build(s, 1, 0);
    cc_curve_fit(s, curve, &slope, &fit);
    cc_conclude(s, &fit.slope, result);
    result->verdict = cc_decide(&slope, fit.slope.low, fit.slope.high);
    result->estimate = exp(fit.slope.value);
    result->low = exp(fit.slope.low);
    result->high = exp(fit.slope.high);
    result->detectable *= result->estimate;
    char direction[80];
    cc_curve_direction(s, curve, direction, sizeof direction);
    snprintf(result->method, sizeof result->method, "%s; window %.4g to %.4g (%zu of %zu x), %s", fit.slope.how,
             curve->sign * fit.from, curve->sign * fit.to, fit.last - fit.first, curve->n_bins, direction);
    cc_fit_report(s, &fit, curve, result);
    if (result->verdict == CC_INCONCLUSIVE && s->check->is.relation != CC_GE && is_power_law(s, &raw, curve, &fit)) {
        result->verdict = CC_REFUTED;
        result->p = 1;
        cc_say(result, "y falls like a power of %s, slower than any linear rate", s->check->x);
    }
    if (oscillating) cc_say(result, "y oscillates: its envelope is judged");
    cc_curve_left_out(curve, 0, result);
    cc_fit_draw(s, &fit, curve->sign, 1, 0, result);
}
