/* verify/curve.c: from points to one curve a unit. */
#include "verify/curve.h"

#include "verify/dist.h"
#include "verify/sort.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BINS = 40 };

/* A tolerance, a target or a mesh width goes to 0, unless the check says where x goes: the asymptotic end is the small one. */
static int goes_to_zero(const cc_sample *s)
{
    if (s->check->toward != CC_BY_NAME) return s->check->toward == CC_TO_ZERO;
    static const char *const name[] = {"target", "eps", "epsilon", "tol", "tolerance", "h", "dt"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (!s->inverse && !strcmp(s->check->x, name[i])) return 1;
    return 0;
}

static int in_window(const cc_check *c, double x) { return (c->from == 0 || x >= c->from) && (c->to == 0 || x <= c->to); }

int cc_diverges(cc_sample *s, cc_result *result)
{
    size_t count = 0;
    unsigned char *seen = cc_take(s->pool, s->n_units, sizeof *seen);
    for (size_t i = 0; i < s->n; i++) {
        if (s->at[i].y < INFINITY || seen[s->at[i].unit]) continue;
        seen[s->at[i].unit] = 1;
        count++;
    }
    if (2 * count <= s->n_units) return 0;
    result->verdict = s->check->is.relation == CC_GE ? CC_INCONCLUSIVE : CC_REFUTED;
    result->estimate = result->low = result->high = INFINITY;
    result->p = s->exact ? NAN : 1;
    cc_say(result, "y becomes infinite in %zu of %zu units", count, s->n_units);
    return 1;
}

/* Stops where a logarithm is needed of values below 0: how many there are, and where the first stands. x = 0 is the start of a run
 * and y = 0 a plateau of rounding: they are left out later. */
static void need_logarithms(const cc_sample *s, int log_x, int log_y)
{
    const cc_check *c = s->check;
    size_t count = 0, first = SIZE_MAX, n = 0;
    const char *name = "";
    double value = 0;
    for (size_t i = 0; i < s->n; i++) {
        const cc_point *p = &s->at[i];
        int bad_x = log_x && p->x < 0, bad_y = log_y && p->y < 0;
        if (!in_window(c, p->x)) continue;
        n++;
        if (!bad_x && !bad_y && !(log_y && c->other && p->other < 0)) continue;
        count++;
        if (p->row >= first) continue;
        first = p->row;
        name = bad_x ? c->x : bad_y ? c->y : c->other;
        value = bad_x ? p->x : bad_y ? p->y : p->other;
    }
    if (count == 0) return;
    cc_stop(s->pool, "%zu of %zu points have no logarithm; the first: %.40s = %g in row %zu", count, n, name, value, first + 1);
}

/* Points of the plane, in place of x and y; drops zeros of y and what is at the declared floor. */
static size_t to_plane(cc_sample *s, int semilog, double logs, cc_curve *curve)
{
    int log_x = semilog == 0 || semilog == 2, log_y = semilog <= 1;
    size_t n = 0, outside = 0;
    need_logarithms(s, log_x && logs == 0, log_y);
    for (size_t i = 0; i < s->n; i++) {
        cc_point p = s->at[i];
        if (!in_window(s->check, p.x)) {
            outside++;
            continue;
        }
        if (isinf(p.x) || (log_x && !(p.x > 0)) || (logs != 0 && !(p.x > 1))) {
            curve->off_axis++; /* x = 0 is the start of a run; log x must be positive for a log factor */
            continue;
        }
        if (log_y && (p.y == 0 || p.y <= s->check->abs || (s->check->other && p.other == 0))) {
            curve->zeros++;
            continue;
        }
        if (isinf(p.y)) p.y = p.y > 0 ? DBL_MAX : -DBL_MAX, curve->infinite++; /* it diverged: the largest number is bad enough */
        p.y = log_y ? log(p.y) : p.y;
        if (s->check->other) p.y -= log_y ? log(p.other) : p.other;
        if (logs != 0) p.y -= logs * log(log(p.x));
        p.x = curve->sign * (log_x ? log(p.x) : p.x);
        s->at[n++] = p;
    }
    if (n == 0)
        cc_stop(s->pool, "no point can be used: %zu outside the window, %zu at x %s or infinite, %zu zero or at the floor", outside,
                curve->off_axis, logs != 0 ? "<= 1" : "= 0", curve->zeros);
    return n;
}

/* Bins: the distinct x, or 40 of equal width. bin[i] of each point; x[b] the mean of its points. */
static size_t make_bins(cc_sample *s, size_t *bin, double **centre)
{
    double *x;
    size_t n = cc_levels(s, bin, &x);
    if (n > MOST_BINS) {
        double low = x[0], width = (x[n - 1] - x[0]) / MOST_BINS;
        size_t *used = cc_take(s->pool, MOST_BINS, sizeof *used), kept = 0;
        for (size_t i = 0; i < s->n; i++) {
            size_t b = (size_t)((s->at[i].x - low) / width);
            bin[i] = b < MOST_BINS ? b : MOST_BINS - 1;
            used[bin[i]] = 1;
        }
        for (size_t b = 0; b < MOST_BINS; b++) used[b] = used[b] ? kept++ : 0;
        for (size_t i = 0; i < s->n; i++) bin[i] = used[bin[i]];
        n = kept;
    }
    double *count = cc_take(s->pool, n, sizeof *count), *sum = cc_take(s->pool, n, sizeof *sum);
    for (size_t i = 0; i < s->n; i++) count[bin[i]] += 1, sum[bin[i]] += s->at[i].x;
    for (size_t b = 0; b < n; b++) sum[b] /= count[b];
    *centre = sum;
    return n;
}

/* Y of each unit and bin: the mean of its points there. */
static void fill(cc_sample *s, const size_t *bin, cc_curve *c)
{
    size_t cells = c->n_units * c->n_bins;
    double *count = cc_take(s->pool, cells, sizeof *count);
    c->Y = cc_take(s->pool, cells, sizeof *c->Y);
    c->cut = cc_take(s->pool, cells, sizeof *c->cut);
    for (size_t i = 0; i < s->n; i++) {
        size_t k = s->at[i].unit * c->n_bins + bin[i];
        c->Y[k] += s->at[i].y;
        count[k] += 1;
        c->cut[k] |= s->at[i].censored != 0;
    }
    for (size_t k = 0; k < cells; k++) c->Y[k] = count[k] > 0 ? c->Y[k] / count[k] : NAN;
}

/* ---- a statistic over units, with jackknife pseudo-values in the place of units ---- */
enum statistic { MEAN_OF_Y, MEAN, RMS, MEDIAN, MAX, MIN };

typedef struct ranked {
    double value;
    size_t place;
} ranked;

static int by_value(const void *a, const void *b)
{
    const ranked *p = a, *q = b;
    return (p->value > q->value) - (p->value < q->value);
}

/* Of n values in order: the weight of each in the smooth median of Harrell and Davis (1982), for which the jackknife works. */
static double *median_weights(cc_sample *s, size_t n)
{
    double *weight = cc_take(s->pool, n, sizeof *weight), m = (double)n, a = (m + 1) / 2, below = 0;
    for (size_t i = 0; i < n; i++) {
        double upto = cc_beta_i(a, a, (double)(i + 1) / m);
        weight[i] = upto - below;
        below = upto;
    }
    return weight;
}

/* The smooth median of n values, and of all but each of them: the values before and behind the one left out keep their sums. */
static double smooth_medians(cc_sample *s, const double *value, size_t n, double *without)
{
    ranked *order = cc_take(s->pool, n, sizeof *order);
    double *weight = median_weights(s, n), all = 0, before = 0, behind = 0;
    for (size_t i = 0; i < n; i++) order[i] = (ranked){value[i], i};
    qsort(order, n, sizeof *order, by_value);
    for (size_t i = 0; i < n; i++) all += weight[i] * order[i].value;
    if (!without) return all;
    double *less = median_weights(s, n - 1);
    for (size_t i = 0; i + 1 < n; i++) behind += less[i] * order[i + 1].value;
    for (size_t i = 0; i < n; i++) {
        without[order[i].place] = before + behind;
        if (i + 1 == n) break;
        before += less[i] * order[i].value;
        behind -= less[i] * order[i + 1].value;
    }
    return all;
}

/* Means by sums of f(value): of logarithms scaled by the largest against overflow. One value that is nearly all of a sum of
 * positive terms is left out by a sum of its own: the difference would be rounding. */
static double means(cc_sample *s, const double *value, size_t n, enum statistic what, int log_y, double *without)
{
    double *term = cc_take(s->pool, n, sizeof *term), most = -INFINITY, sum = 0, m = (double)n;
    int plain = what == MEAN_OF_Y || (what == MEAN && !log_y), power = what == RMS ? 2 : 1;
    for (size_t i = 0; i < n; i++) most = fmax(most, value[i]);
    for (size_t i = 0; i < n; i++) {
        term[i] = plain ? value[i] : log_y ? exp(power * (value[i] - most)) : value[i] * value[i];
        sum += term[i];
    }
    for (size_t i = 0; without && i < n; i++) {
        double rest = sum - term[i];
        if (!plain && rest < 1e-3 * sum) {
            rest = 0;
            for (size_t k = 0; k < n; k++) rest += k == i ? 0 : term[k];
        }
        rest /= m - 1;
        without[i] = plain ? rest : log_y ? most + log(rest) / power : sqrt(rest);
    }
    sum /= m;
    return plain ? sum : log_y ? most + log(sum) / power : sqrt(sum);
}

/* A statistic of n > 0 values in the plane; unless NULL, without[i] is that of all but the i-th. */
static double statistic_of(cc_sample *s, const double *value, size_t n, enum statistic what, int log_y, double *without)
{
    double most = value[0], least = value[0];
    for (size_t i = 1; i < n; i++) most = fmax(most, value[i]), least = fmin(least, value[i]);
    if (what == MAX || what == MIN) return what == MAX ? most : least;
    if (what == MEDIAN) return smooth_medians(s, value, n, without);
    return means(s, value, n, what, log_y, without);
}

/* A unit that is absent from a bin, or alone there, gets the statistic itself. */
static void to_pseudo_values(cc_sample *s, cc_curve *c, enum statistic what, int log_y)
{
    const int one = what == MAX || what == MIN || s->exact || c->n_units == 1; /* a fact about these units: one curve */
    double *value = cc_take(s->pool, c->n_units, sizeof *value), *without = cc_take(s->pool, c->n_units, sizeof *without);
    double *Y = cc_take(s->pool, c->n_units * c->n_bins, sizeof *Y), units = (double)c->n_units;
    for (size_t b = 0; b < c->n_bins; b++) {
        size_t n = 0, k = 0;
        for (size_t u = 0; u < c->n_units; u++)
            if (!isnan(c->Y[u * c->n_bins + b])) value[n++] = c->Y[u * c->n_bins + b];
        double all = n ? statistic_of(s, value, n, what, log_y, one || n == 1 ? NULL : without) : NAN;
        if (one) Y[b] = all;
        for (size_t u = 0; u < c->n_units && !one; u++) {
            int present = !isnan(c->Y[u * c->n_bins + b]);
            Y[u * c->n_bins + b] = present && n > 1 ? units * all - (units - 1) * without[k] : all;
            k += (size_t)present;
        }
    }
    c->Y = Y;
    c->pseudo = !one;
    if (one) c->n_units = 1;
}

/* Units with fewer than three x have no slope of their own: then the means at each x are fitted. */
static int crossed(const cc_curve *c)
{
    size_t good = 0;
    for (size_t u = 0; u < c->n_units; u++) {
        size_t present = 0;
        for (size_t b = 0; b < c->n_bins; b++) present += isnan(c->Y[u * c->n_bins + b]) ? 0 : 1;
        good += present >= 3 || present == c->n_bins;
    }
    return 2 * good > c->n_units;
}

cc_curve *cc_curve_build(cc_sample *s, int semilog, double logs)
{
    cc_curve *c = cc_take(s->pool, 1, sizeof *c);
    c->sign = goes_to_zero(s) ? -1 : 1;
    c->floor = s->check->abs;
    c->unit = semilog <= 1 ? 1 : 0;
    s->n = to_plane(s, semilog, logs, c);
    size_t *bin = cc_take(s->pool, s->n, sizeof *bin);
    c->n_bins = make_bins(s, bin, &c->x);
    c->n_units = s->exact ? 1 : s->n_units;
    if (s->exact)
        for (size_t i = 0; i < s->n; i++) s->at[i].unit = 0;
    fill(s, bin, c);
    if (s->check->across) {
        const char *a = s->check->across;
        enum statistic what = !strcmp(a, "rms")      ? RMS
                              : !strcmp(a, "median") ? MEDIAN
                              : !strcmp(a, "max")    ? MAX
                              : !strcmp(a, "min")    ? MIN
                                                     : MEAN;
        to_pseudo_values(s, c, what, semilog <= 1);
    } else if (!s->exact && !crossed(c))
        to_pseudo_values(s, c, MEAN_OF_Y, semilog <= 1);
    return c;
}

void cc_curve_left_out(const cc_curve *c, double logs, cc_result *result)
{
    if (c->off_axis && logs != 0)
        cc_say(result, "%zu points stand at x <= 1, where log x is no factor, or at infinity and are left out", c->off_axis);
    else if (c->off_axis)
        cc_say(result, "%zu points stand at x = 0 or at infinity and are left out", c->off_axis);
    if (c->zeros) cc_say(result, "%zu values at zero or at the floor are left out", c->zeros);
    if (c->infinite) cc_say(result, "%zu values are infinite and count as %.2g", c->infinite, DBL_MAX);
}

void cc_curve_direction(const cc_sample *s, const cc_curve *c, char *text, size_t size)
{
    int named = s->check->toward == CC_BY_NAME && c->sign < 0;
    snprintf(text, size, "%.32s -> %s%s", s->check->x, c->sign < 0 ? "0" : "infinity", named ? " by its name" : "");
}
