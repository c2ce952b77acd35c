/* verify/window.c: where a curve is straight, and its slope there. */
#include "verify/curve.h"
#include "verify/dist.h"
#include "verify/sort.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double STRAIGHT_P = .1;   /* a window is straight if the curvature test does not reject at this level */
static const double FLAT = .15;        /* a tail whose slope is less than this share of the slope before is a plateau */
static const double SHORT = 3.45;      /* log of a decade and a half: shorter records hide bends */
static const double ABOVE_FLOOR = 2.3; /* log 10: nearer to the plateau its level bends the curve */

/* The most that rounding errors of Y and x can do to a value of Y, for a line of this slope. Values of a statistic over units are
 * differences of sums over all of them. */
static double rounding(const cc_curve *c, const double *Y, size_t first, size_t last, double slope)
{
    double size = 0;
    for (size_t b = first; b < last; b++)
        if (!isnan(Y[b])) size = fmax(size, c->unit + fabs(Y[b]) + fabs(slope * c->x[b]));
    return 4 * DBL_EPSILON * size * (c->pseudo ? (double)c->n_units : 1);
}

/* Least squares of one unit on bins [first, last): slope (degree 1) or the coefficient of x^2 (degree 2; 0 if rounding
 * explains it), NaN with too few points. */
static double coefficient(const cc_curve *c, size_t unit, size_t first, size_t last, int degree)
{
    const double *Y = c->Y + unit * c->n_bins;
    double n = 0, x1 = 0, y1 = 0;
    for (size_t b = first; b < last; b++)
        if (!isnan(Y[b])) n += 1, x1 += c->x[b], y1 += Y[b];
    if (n < degree + 1 || (degree == 1 && n < 2)) return NAN;
    x1 /= n, y1 /= n;
    double xx = 0, xy = 0, xxx = 0;
    for (size_t b = first; b < last; b++)
        if (!isnan(Y[b])) {
            double x = c->x[b] - x1;
            xx += x * x, xy += x * (Y[b] - y1), xxx += x * x * x;
        }
    if (degree == 1) return xy / xx;
    double qq = 0, qy = 0; /* x^2 less its projection on 1 and x */
    for (size_t b = first; b < last; b++)
        if (!isnan(Y[b])) {
            double x = c->x[b] - x1, q = x * x - xx / n - x * xxx / xx;
            qq += q * q, qy += q * (Y[b] - y1);
        }
    if (fabs(qy) <= rounding(c, Y, first, last, xy / xx) * sqrt(n * qq)) qy = 0;
    return qq > 0 ? qy / qq : NAN;
}

/* Of the units without a run that was cut off there. */
static size_t coefficients(const cc_curve *c, size_t first, size_t last, int degree, double *value)
{
    size_t n = 0;
    for (size_t u = 0; u < c->n_units; u++) {
        double v = coefficient(c, u, first, last, degree);
        int cut = 0;
        for (size_t b = first; b < last && !c->pseudo; b++) cut |= c->cut[u * c->n_bins + b];
        if (!isnan(v) && !cut) value[n++] = v;
    }
    return n;
}

/* A run that was cut off lies above its point: to the right of the middle of its unit's x that leaves the slope no upper end, to
 * the left no lower one. Fills low[] and high[] of each unit's slope; the number of units with an open end is the result's excess.
 */
static size_t slope_bounds(const cc_curve *c, size_t first, size_t last, double *low, double *high, size_t *open)
{
    size_t n = 0;
    *open = 0;
    for (size_t u = 0; u < c->n_units; u++) {
        double v = coefficient(c, u, first, last, 1), middle = 0, present = 0;
        if (isnan(v)) continue;
        low[n] = high[n] = v;
        for (size_t b = first; b < last; b++)
            if (!isnan(c->Y[u * c->n_bins + b])) middle += c->x[b], present += 1;
        for (size_t b = first; b < last && !c->pseudo; b++) {
            if (!c->cut[u * c->n_bins + b]) continue;
            if (c->x[b] >= middle / present) high[n] = INFINITY;
            if (c->x[b] < middle / present) low[n] = -INFINITY;
        }
        *open += isinf(high[n]) || isinf(low[n]);
        n++;
    }
    return n;
}

static cc_criterion mirrored(const cc_criterion *is)
{
    int relation = is->relation == CC_LE ? CC_GE : is->relation == CC_GE ? CC_LE : is->relation;
    return (cc_criterion){relation, -is->high, -is->low};
}

/* Slopes known within bounds: the lower end from the lower bounds, the upper from the upper ones. */
static void locate_bounds(cc_sample *s, const double *low, const double *high, size_t n, const cc_criterion *is, cc_estimate *e)
{
    cc_estimate upper;
    cc_locate(s, low, n, CC_ROBUST, is, e);
    cc_locate(s, high, n, CC_ROBUST, is, &upper);
    double p = is->relation == CC_GE ? e->p : is->relation == CC_LE ? upper.p : fmax(e->p, upper.p);
    e->high = upper.high;
    e->p = p;
    e->value = isfinite(e->value) ? e->value : upper.value;
    e->detectable = fmax(e->detectable, upper.detectable);
}

void cc_curve_slope(cc_sample *s, const cc_curve *c, size_t first, size_t last, const cc_criterion *is, cc_estimate *e)
{
    double *low = cc_take(s->pool, c->n_units, sizeof *low), *high = cc_take(s->pool, c->n_units, sizeof *high);
    size_t open, n = slope_bounds(c, first, last, low, high, &open);
    cc_criterion oriented = c->sign < 0 ? mirrored(is) : *is;
    if (c->pseudo && n > 1)
        cc_locate_t(cc_mean(low, n), cc_deviation(low, n) / sqrt((double)n), (double)n - 1, s->alpha, &oriented, e);
    else if (open)
        locate_bounds(s, low, high, n, &oriented, e);
    else
        cc_locate(s, low, n, CC_ROBUST, &oriented, e);
    if (c->sign < 0) {
        double least = e->low;
        e->low = -e->high, e->high = -least, e->value = -e->value;
    }
}

/* The p-values of "bent upwards or not at all" and of the opposite; 1 where there are no units to test it with: those without any
 * bend speak for neither. */
static void curvature(cc_sample *s, const cc_curve *c, size_t first, size_t last, double *up_p, double *down_p)
{
    double *q = cc_take(s->pool, c->n_units, sizeof *q);
    size_t n = coefficients(c, first, last, 2, q);
    cc_estimate up, down;
    cc_criterion at_most = {CC_LE, 0, 0}, at_least = {CC_GE, 0, 0};
    size_t straight = 0;
    for (size_t i = 0; i < n; i++) {
        if (q[i] == 0)
            straight++;
        else
            q[i - straight] = q[i];
    }
    *up_p = *down_p = 1;
    if ((n -= straight) < 2) return;
    if (c->pseudo) {
        double mean = cc_mean(q, n), se = cc_deviation(q, n) / sqrt((double)n);
        cc_locate_t(mean, se, (double)n - 1, s->alpha, &at_most, &up);
        cc_locate_t(mean, se, (double)n - 1, s->alpha, &at_least, &down);
    } else {
        cc_locate(s, q, n, CC_ROBUST, &at_most, &up);
        cc_locate(s, q, n, CC_ROBUST, &at_least, &down);
    }
    *up_p = up.p, *down_p = down.p;
}

double cc_curve_straight(cc_sample *s, const cc_curve *c, size_t first, size_t last)
{
    double up, down;
    curvature(s, c, first, last, &up, &down);
    return fmin(1, 2 * fmin(up, down));
}

double cc_curve_concave(cc_sample *s, const cc_curve *c, size_t first, size_t last)
{
    double up, down;
    curvature(s, c, first, last, &up, &down);
    return down;
}

double cc_curve_bend(cc_sample *s, const cc_curve *c, size_t first, size_t last)
{
    double *q = cc_take(s->pool, c->n_units, sizeof *q), *slope = cc_take(s->pool, c->n_units, sizeof *slope);
    size_t n = coefficients(c, first, last, 2, q), m = coefficients(c, first, last, 1, slope);
    return n && m ? fabs(2 * cc_median(q, n) * (c->x[last - 1] - c->x[first]) / cc_median(slope, m)) : INFINITY;
}

/* ---- what is left out at the asymptotic end ---- */
static double middle_value(cc_sample *s, const cc_curve *c, size_t bin, size_t *cut)
{
    double *v = cc_take(s->pool, c->n_units, sizeof *v);
    size_t n = 0;
    *cut = 0;
    for (size_t u = 0; u < c->n_units; u++) {
        if (isnan(c->Y[u * c->n_bins + bin])) continue;
        *cut += c->cut[u * c->n_bins + bin];
        v[n++] = c->Y[u * c->n_bins + bin];
    }
    return c->pseudo ? cc_mean(v, n) : cc_median(v, n);
}

static double slope_of(const double *x, const double *y, size_t first, size_t last)
{
    double n = (double)(last - first), x1 = 0, y1 = 0, xx = 0, xy = 0;
    for (size_t b = first; b < last; b++) x1 += x[b] / n, y1 += y[b] / n;
    for (size_t b = first; b < last; b++) xx += (x[b] - x1) * (x[b] - x1), xy += (x[b] - x1) * (y[b] - y1);
    return xx > 0 ? xy / xx : 0;
}

/* A tail is flat if its slope is small beside the slope before it, and either too small to be told from 0 or without effect. */
static int is_flat(cc_sample *s, const cc_curve *c, const double *y, size_t k, size_t n)
{
    double tail = slope_of(c->x, y, k, n), head = slope_of(c->x, y, 0, k);
    if (!(head < 0 && fabs(tail) < FLAT * -head)) return 0;
    if (fabs(tail) * (c->x[n - 1] - c->x[k]) < .02) return 1;
    const cc_criterion any = {CC_ANY, 0, 0};
    cc_estimate e;
    if (s->exact || c->n_units < 2) return 0;
    cc_curve_slope(s, c, k, n, &any, &e);
    return e.low < 0 && e.high > 0;
}

/* Where a falling curve's plateau begins to show: bins from there on are left out. n: no plateau. */
static size_t find_floor(cc_sample *s, const cc_curve *c, const double *y, size_t n)
{
    if (n < 5 || !(y[n - 1] < y[0])) return n;
    size_t start = n;
    for (size_t k = n - 2; k >= 2 && (k > n - 5 || start == k + 1); k--)
        if (is_flat(s, c, y, k, n)) start = k;
    if (start == n) return n;
    double level = 0;
    for (size_t b = start; b < n; b++) level += y[b] / (double)(n - start);
    size_t end = start;
    while (end > 0 && y[end - 1] < level + ABOVE_FLOOR) end--;
    return end >= 3 ? end : n;
}

/* Bins at the end where more than a fifth of the runs were cut off (of a statistic or a population: any). Fewer are taken as
 * bounds. */
static size_t find_cut(cc_sample *s, const cc_curve *c, double *y)
{
    size_t last = c->n_bins;
    for (size_t b = 0; b < c->n_bins; b++) {
        size_t cut, allowed = c->pseudo || s->exact || c->n_units == 1 ? 0 : c->n_units / 5;
        y[b] = middle_value(s, c, b, &cut);
        if (cut > allowed && last == c->n_bins) last = b;
    }
    return last;
}

static int bounds_above(cc_sample *s, const cc_curve *c, const double *y, const cc_fit *f)
{
    double slope = slope_of(c->x, y, f->first, f->last), x1 = 0, y1 = 0, n = (double)(f->last - f->first);
    for (size_t b = f->first; b < f->last; b++) x1 += c->x[b] / n, y1 += y[b] / n;
    for (size_t b = f->last + f->floor_bins; b < c->n_bins; b++) {
        size_t above = 0, present = 0;
        for (size_t u = 0; u < c->n_units; u++) {
            double v = c->Y[u * c->n_bins + b];
            present += isnan(v) ? 0 : 1;
            above += !isnan(v) && v > y1 + slope * (c->x[b] - x1);
        }
        if (present && cc_binomial_sf(above, present, .5) <= s->alpha) return 1;
    }
    return 0;
}

/* ---- the window ---- */
static size_t least_bins(size_t n) { return n / 3 > 3 ? n / 3 : n < 3 ? n : 3; }

/* The first start from which bins up to `last` are straight; last: none. */
static size_t straight_from(cc_sample *s, const cc_curve *c, size_t last, size_t least)
{
    size_t i = 0;
    while (i + least <= last && cc_curve_straight(s, c, i, last) <= STRAIGHT_P) i++;
    return i + least <= last ? i : last;
}

/* The longest straight window that ends at the asymptotic end; before a plateau, which bends the curve ahead of it, up to a third
 * of the bins earlier. */
static void search(cc_sample *s, const cc_curve *c, const double *y, cc_fit *f)
{
    size_t n = f->last, least = least_bins(n), first = n, last = n, trim = f->floor_bins ? n / 3 : 0;
    for (size_t k = n; k + trim >= n && k >= least; k--) {
        size_t i = straight_from(s, c, k, least);
        if (i < k && (first == last || k - i > last - first)) first = i, last = k;
    }
    if (first == last) {
        f->curved = 1;
        f->first = n - least;
        f->bend = slope_of(c->x, y, f->first, n) > slope_of(c->x, y, 0, n) ? 1 : -1;
        return;
    }
    f->floor_bins += n - last;
    f->first = first, f->last = last;
}

/* Takes the interval of other bins into that of the fit. */
static void widen(cc_sample *s, const cc_curve *c, size_t first, size_t last, const cc_criterion *is, cc_fit *f)
{
    cc_estimate e;
    if (last - first < 3) return;
    cc_curve_slope(s, c, first, last, is, &e);
    f->slope.low = fmin(f->slope.low, e.low);
    f->slope.high = fmax(f->slope.high, e.high);
    f->slope.p = fmax(f->slope.p, e.p);
    f->slope.detectable = fmax(f->slope.detectable, e.detectable);
}

/* Whether the data can say that the slope changes by less than half of itself over the bins, in a plane of log x over a decade at
 * least: a curve takes about that long to bend into a floor. */
static int surely_straight(cc_sample *s, const cc_curve *c, size_t first, size_t last)
{
    double *q = cc_take(s->pool, c->n_units, sizeof *q), *slope = cc_take(s->pool, c->n_units, sizeof *slope);
    size_t n = coefficients(c, first, last, 2, q), m = coefficients(c, first, last, 1, slope);
    const cc_criterion any = {CC_ANY, 0, 0};
    cc_estimate e;
    if (n < 2 || m < 2) return 0;
    if (s->check->kind == CC_KIND_EXPONENT && s->check->semilog == 0 && c->x[last - 1] - c->x[first] < log(10)) return 0;
    cc_locate(s, q, n, CC_ROBUST, &any, &e);
    double change = 2 * fmax(fabs(e.low), fabs(e.high)) * (c->x[last - 1] - c->x[first]);
    return change < .5 * fabs(cc_median(slope, m));
}

/* A bend that the test just fails to see still tilts the line: where something was cut off, the third of the window away from the
 * cut must agree too. A falling curve that flattens until its end shows a floor or a slower rate, and unless the later part is
 * surely straight no one can tell which: then the longest straight window at the other end counts as well. */
static void allow_for_bends(cc_sample *s, const cc_curve *c, const double *y, const cc_criterion *is, cc_fit *f)
{
    size_t n = f->last - f->first, third = n / 3 > 3 ? n / 3 : 3, end = f->last;
    f->is_short = s->check->kind == CC_KIND_EXPONENT && s->check->semilog == 0 && c->x[c->n_bins - 1] - c->x[0] < SHORT;
    if (f->is_short) cc_curve_slope(s, c, end - (n < third ? n : third), end, is, &f->third);
    if (n > third && f->first > 0) widen(s, c, f->last - third, f->last, is, f);
    if (n > third && f->floor_bins) widen(s, c, f->first, f->first + third, is, f);
    int flattens = y[end - 1] < y[0] && f->first > 0 && slope_of(c->x, y, f->first, end) > slope_of(c->x, y, 0, f->first + 1);
    if (!flattens || f->floor_bins || surely_straight(s, c, f->first, end)) return;
    size_t k = end;
    while (k > 3 && cc_curve_straight(s, c, 0, k) <= STRAIGHT_P) k--;
    widen(s, c, 0, k, is, f);
    if (c->sign > 0) /* a floor could hide any steeper slope */
        f->slope.low = -INFINITY;
    else
        f->slope.high = INFINITY;
    f->flattens = 1;
}

/* A population has no units to test curvature with: its interval is the range of slopes over the windows of at least half of the
 * bins of the asymptotic half, which is taken longer while that does not widen the range. */
void cc_curve_slopes(const cc_curve *c, size_t first, size_t last, double *low, double *high)
{
    size_t n = last - first, least = n / 2 > 3 ? (n + 1) / 2 : n < 3 ? n : 3;
    *low = INFINITY, *high = -INFINITY;
    for (size_t i = first; i + least <= last; i++)
        for (size_t k = i + least; k <= last; k++) {
            double slope = c->sign * coefficient(c, 0, i, k, 1);
            *low = fmin(*low, slope), *high = fmax(*high, slope);
        }
}

static void fit_population(const cc_curve *c, cc_fit *f)
{
    size_t n = f->last, first = n > 6 ? n / 2 : n > 3 ? n - 4 : 0;
    double low, high, wide_low, wide_high;
    cc_curve_slopes(c, first, n, &low, &high);
    while (first > 0) {
        cc_curve_slopes(c, first - 1, n, &wide_low, &wide_high);
        if (wide_high - wide_low > (high - low) * 1.1 + 1e-9) break;
        low = wide_low, high = wide_high;
        first--;
    }
    if (!(low <= high)) low = -INFINITY, high = INFINITY; /* no window has a finite slope */
    f->first = first;
    f->slope =
        (cc_estimate){.value = c->sign * coefficient(c, 0, first, n, 1), .low = low, .high = high, .p = NAN, .detectable = NAN};
    snprintf(f->slope.how, sizeof f->slope.how, "range over windows");
}

/* The middle of the window, for the picture. */
static void centre(const cc_curve *c, const double *y, cc_fit *f)
{
    double n = (double)(f->last - f->first);
    for (size_t b = f->first; b < f->last; b++) f->middle_x += c->x[b] / n, f->middle_y += y[b] / n;
}

void cc_curve_fit(cc_sample *s, const cc_curve *c, const cc_criterion *is, cc_fit *f)
{
    *f = (cc_fit){.last = c->n_bins};
    double *y = cc_take(s->pool, c->n_bins, sizeof *y);
    int given = s->check->from != 0 || s->check->to != 0;
    f->last = find_cut(s, c, y);
    f->cut_bins = c->n_bins - f->last;
    size_t end = given || s->check->abs > 0 || s->check->semilog > 1 ? f->last : find_floor(s, c, y, f->last);
    f->floor_bins = f->last - end;
    f->rounding = f->floor_bins && y[f->last - 1] < y[0] - 23; /* ten decades below the start */
    f->last = end;
    if (f->last < 2) {
        f->slope = (cc_estimate){.value = NAN, .low = -INFINITY, .high = INFINITY, .p = 1, .detectable = NAN};
        return;
    }
    if (s->exact || (c->n_units == 1 && s->check->across && s->n_units > 1)) {
        fit_population(c, f);
    } else {
        if (!given) search(s, c, y, f);
        cc_curve_slope(s, c, f->first, f->last, is, &f->slope);
        if (!given && !f->curved) allow_for_bends(s, c, y, is, f);
    }
    f->cut_above = f->cut_bins ? bounds_above(s, c, y, f) : 0;
    f->drop = y[f->first] - y[f->last - 1];
    centre(c, y, f);
    f->from = c->x[f->first], f->to = c->x[f->last - 1];
}

/* A plateau longer than the window, and not of rounding, may be what the method does in the end. A linear rate is seen, however
 * long the plateau, if y fell by a factor of 100 before. */
static int hides_the_end(const cc_sample *s, const cc_fit *f, const cc_curve *c)
{
    if (f->rounding || (s->check->kind == CC_KIND_LINEAR_RATE && f->drop > log(100))) return 0;
    return c->x[f->last - 1] - c->x[f->first] < c->x[f->last + f->floor_bins - 1] - c->x[f->last - 1];
}

void cc_fit_report(const cc_sample *s, const cc_fit *f, const cc_curve *c, cc_result *result)
{
    size_t used = f->last - f->first, n = c->n_bins;
    const cc_criterion *is = &s->check->is;
    int held = result->verdict == CC_VERIFIED;
    if (f->last < 3 || used < 3) {
        cc_say(result, "only %zu values of x can be used", used);
        if (used < 2 || held) cc_doubt(result);
        return;
    }
    if (f->curved) {
        int grows = f->bend * c->sign > 0, away = is->relation == CC_LE ? grows : is->relation == CC_GE ? !grows : 0;
        cc_say(result, "no straight window: the slope still %s towards the asymptotic end", grows ? "grows" : "falls");
        if (held || !away || (f->bend > 0 && f->drop > 0))
            cc_doubt(result); /* a falling curve that flattens may have met a floor */
    }
    if (f->is_short && result->verdict != CC_INCONCLUSIVE && cc_decide(is, f->third.low, f->third.high) != result->verdict) {
        cc_say(result, "x spans less than a decade and a half, and its last third alone ([%.3g, %.3g]) does not show it",
               f->third.low, f->third.high);
        cc_doubt(result);
    }
    if (f->flattens) {
        cc_say(result, "the curve flattens until its end: a floor, or a slower rate");
        cc_doubt(result);
    }
    if (f->floor_bins) {
        cc_say(result, "the last %zu of %zu values of x are left out as a plateau%s", f->floor_bins, n,
               f->rounding ? " of rounding" : "");
        if (hides_the_end(s, f, c) && held) cc_doubt(result);
    }
    if (f->cut_bins) {
        cc_say(result, "runs were cut off at the last %zu of %zu values of x%s", f->cut_bins, n,
               f->cut_above ? ", above the line" : "");
        int hidden = f->cut_above || 2 * f->cut_bins > n;
        if (hidden && result->verdict == CC_VERIFIED && is->relation != CC_GE) cc_doubt(result);
        if (hidden && result->verdict == CC_REFUTED && is->relation == CC_GE) cc_doubt(result);
    }
}

void cc_fit_draw(const cc_sample *s, const cc_fit *f, double sign, int semilog, double logs, cc_result *result)
{
    enum { POINTS = 30 };
    result->log_x = semilog == 0 || semilog == 2;
    result->log_y = semilog <= 1;
    if (!isfinite(f->slope.value) || f->last < f->first + 2) return;
    if (s->check->other) snprintf(result->y_label, sizeof result->y_label, "%.20s / %.20s", s->check->y, s->check->other);
    cc_series *line = s->check->other ? NULL : cc_series_add(result, "fit", POINTS, 0);
    for (size_t i = 0; line && i < POINTS; i++) {
        double x = f->from + (f->to - f->from) * (double)i / (POINTS - 1),
               y = f->middle_y + sign * f->slope.value * (x - f->middle_x);
        line->x[i] = result->log_x ? exp(sign * x) : sign * x;
        if (logs != 0) y += logs * log(log(line->x[i]));
        line->y[i] = result->log_y ? exp(y) : y;
    }
}
