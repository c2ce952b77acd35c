/* verify/exponent.c: the slope of y on x in the plane, in the window where the curve is straight. */
#include "verify/curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Whether the data can tell this model from one with another log factor; what the slope is then. */
static void compare_log_factors(cc_sample *s, const cc_sample *raw, const cc_curve *curve, const cc_fit *fit, cc_result *result)
{
    cc_sample other = *raw;
    double shift = s->check->logs > 0 ? -s->check->logs : 1;
    for (size_t i = 0; i < raw->n; i++)
        if (!(raw->at[i].x > 1)) return;
    cc_curve *c = cc_curve_build(&other, 0, s->check->logs + shift);
    cc_estimate slope;
    if (c->n_bins != curve->n_bins || fit->last > c->n_bins || fit->last - fit->first < 3) return;
    cc_curve_slope(&other, c, fit->first, fit->last, &s->check->is, &slope);
    double here = cc_curve_straight(s, curve, fit->first, fit->last), there = cc_curve_straight(&other, c, fit->first, fit->last);
    double logs = s->check->logs + shift;
    if (here < .05 && there > .2) cc_say(result, "bent, and straight as x^%.3f%s", slope.value, logs > 0 ? " log x" : "");
    if (here < .05 || there < .05) return;
    cc_say(result, "cannot tell x^%.3f%s from x^%.3f%s", fit->slope.value, s->check->logs > 0 ? " with log factors" : "",
           slope.value, logs > 0 ? " log x" : "");
}

/* A refutation that one logarithm explains is none. */
static void spare_slow_factor(cc_sample *s, const cc_curve *curve, const cc_fit *fit, cc_result *result)
{
    double slope;
    if (!cc_curve_may_be_slow(s, curve, fit, &slope)) return;
    cc_doubt(result);
    cc_say(result,
           "cannot tell x^%.3f from x^%.3f times a logarithm of x, which the claim allows: declare `logs` or `pure`, or take more "
           "of x",
           fit->slope.value, slope);
}

static void name_quantity(const cc_check *c, cc_result *result)
{
    static const char *const plane[] = {"log %.48s on log %.48s", "log %.48s on %.48s", "%.48s on log %.48s", "%.48s on %.48s"};
    char text[120];
    snprintf(text, sizeof text, plane[c->semilog], c->y, c->x);
    snprintf(result->quantity, sizeof result->quantity, "slope of %.112s", text);
}

void cc_judge_exponent(cc_sample *s, cc_result *result)
{
    cc_sample raw = *s;
    cc_fit fit;
    raw.at = cc_take(s->pool, s->n, sizeof *raw.at);
    memcpy(raw.at, s->at, s->n * sizeof *raw.at);
    cc_series_points(s, result);
    name_quantity(s->check, result);
    if (cc_diverges(s, result)) return;
    cc_curve *curve = cc_curve_build(s, s->check->semilog, s->check->logs);
    cc_curve_fit(s, curve, &s->check->is, &fit);
    cc_conclude(s, &fit.slope, result);
    int log_x = s->check->semilog == 0 || s->check->semilog == 2;
    double from = log_x ? exp(curve->sign * fit.from) : curve->sign * fit.from,
           to = log_x ? exp(curve->sign * fit.to) : curve->sign * fit.to;
    char direction[80];
    cc_curve_direction(s, curve, direction, sizeof direction);
    snprintf(result->method, sizeof result->method, "%s; window %.4g to %.4g (%zu of %zu x), %s", fit.slope.how, from, to,
             fit.last - fit.first, curve->n_bins, direction);
    cc_fit_report(s, &fit, curve, result);
    if (result->verdict == CC_REFUTED && s->check->semilog == 0 && s->check->logs == 0 && !s->check->pure)
        spare_slow_factor(s, curve, &fit, result);
    if (!s->exact && s->check->semilog == 0 && curve->sign > 0) compare_log_factors(s, &raw, curve, &fit, result);
    cc_curve_left_out(curve, s->check->logs, result);
    cc_fit_draw(s, &fit, curve->sign, s->check->semilog, s->check->logs, result);
}
