/* verify/estimate.c: estimates of a location or a share, with interval, p-value and detectable effect. */
#include "verify/dist.h"
#include "verify/resample.h"
#include "verify/sample.h"
#include "verify/sort.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* p of "`is` does not hold" from the one-sided p-values at its ends: both must be rejected. */
static double combine(const cc_criterion *is, double p_most, double p_least)
{
    if (is->relation == CC_LE) return p_most;
    if (is->relation == CC_GE) return p_least;
    return is->relation == CC_IN ? fmax(p_most, p_least) : NAN;
}

static double detectable(double se, double df, double alpha)
{
    return se * (cc_t_quantile(1 - alpha / 2, df) + cc_t_quantile(.8, df));
}

void cc_locate_t(double value, double se, double df, double alpha, const cc_criterion *is, cc_estimate *e)
{
    *e = (cc_estimate){.value = value, .low = value, .high = value, .se = se, .detectable = 0};
    if (se > 0) {
        double width = cc_t_quantile(1 - alpha / 2, df) * se;
        e->low = value - width;
        e->high = value + width;
        e->p = combine(is, cc_t_cdf((value - is->high) / se, df), cc_t_cdf((is->low - value) / se, df));
        e->detectable = detectable(se, df, alpha);
    } else
        e->p = cc_satisfies(is, value) ? 0 : 1;
    snprintf(e->how, sizeof e->how, "t interval, %.3g df", df);
}

/* Values without any spread: n equal signs are evidence of 2^-n, whatever their size. Too few of them say nothing of other units.
 */
static void constant_values(const double *sorted, size_t n, double alpha, const cc_criterion *is, cc_estimate *e)
{
    double p = ldexp(1, -(int)(n < 1000 ? n : 1000)), v = sorted[0];
    int enough = p <= alpha;
    *e = (cc_estimate){.value = v, .low = enough ? v : -INFINITY, .high = enough ? v : INFINITY, .p = cc_satisfies(is, v) ? p : 1};
    snprintf(e->how, sizeof e->how, enough ? "all %zu units agree" : "all %zu units agree: few (over = \"\" if they must)", n);
}

static void bootstrap_mean(const cc_sample *s, const double *sorted, size_t n, const cc_criterion *is, cc_estimate *e)
{
    unsigned b = s->resamples;
    double *t = cc_take(s->pool, b, sizeof *t), *scaled = cc_take(s->pool, n, sizeof *scaled), mean = e->value, se = e->se;
    const int shift = se > 0 && isfinite(se) ? -ilogb(se) : 0;
    for (size_t i = 0; i < n; i++) scaled[i] = ldexp(sorted[i], shift); /* a power of 2: the same bits, and squares in range */
    cc_bootstrap_t(scaled, n, b, t);
    double below = 0, above = 0, most = (mean - is->high) / se, least = (mean - is->low) / se;
    for (unsigned i = 0; i < b; i++) below += t[i] <= most, above += t[i] >= least;
    e->high = mean - cc_quantile(t, b, s->alpha / 2) * se;
    e->low = mean - cc_quantile(t, b, 1 - s->alpha / 2) * se;
    e->p = combine(is, (1 + below) / (1 + b), (1 + above) / (1 + b));
    snprintf(e->how, sizeof e->how, "studentised bootstrap, %u resamples", b);
}

static void mean_location(const cc_sample *s, const double *sorted, size_t n, const cc_criterion *is, cc_estimate *e)
{
    cc_locate_t(cc_mean(sorted, n), cc_deviation(sorted, n) / sqrt((double)n), (double)n - 1, s->alpha, is, e);
    if (n >= 15 && n <= 200) bootstrap_mean(s, sorted, n, is, e);
}

/* Order statistics about the median: exact for any continuous law, conservative with ties. */
static void median_location(const cc_sample *s, const double *sorted, size_t n, const cc_criterion *is, cc_estimate *e)
{
    size_t k = 0;
    while (k < n / 2 && cc_binomial_cdf(k, n, .5) <= s->alpha / 2) k++;
    double value = cc_quantile_sorted(sorted, n, .5);
    *e = (cc_estimate){.value = value, .low = k ? sorted[k - 1] : -INFINITY, .high = k ? sorted[n - k] : INFINITY};
    size_t above = n - cc_count_below(sorted, n, nextafter(is->high, INFINITY)), below = cc_count_below(sorted, n, is->low);
    e->p = combine(is, cc_binomial_cdf(above, n, .5), cc_binomial_cdf(below, n, .5));
    double se = k ? (e->high - e->low) / 3.92 : NAN;
    e->se = se;
    e->detectable = 2.8 * se;
    snprintf(e->how, sizeof e->how, "order-statistic interval of the median");
}

/* Hodges-Lehmann: the median of the Walsh averages, with the interval and p of the exact signed-rank test. */
static void signed_rank_location(const cc_sample *s, const double *sorted, size_t n, const cc_criterion *is, cc_estimate *e)
{
    size_t m = n * (n + 1) / 2, c = 0, k = 0;
    double *walsh = cc_take(s->pool, m, sizeof *walsh);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) walsh[c++] = (sorted[i] + sorted[j]) / 2;
    cc_sort(walsh, m);
    double step = cc_normal_quantile(1 - s->alpha / 2) * sqrt((double)m * (2 * (double)n + 1) / 12), guess = (double)m / 2 - step;
    for (k = guess > 6 ? (size_t)guess - 5 : 0; k < m / 2 && cc_signed_rank_cdf((double)k, n) <= s->alpha / 2;) k++;
    *e = (cc_estimate){
        .value = cc_quantile_sorted(walsh, m, .5), .low = k ? walsh[k - 1] : -INFINITY, .high = k ? walsh[m - k] : INFINITY};
    double above = (double)(m - cc_count_below(walsh, m, nextafter(is->high, INFINITY))),
           below = (double)cc_count_below(walsh, m, is->low);
    e->p = combine(is, cc_signed_rank_cdf(above, n), cc_signed_rank_cdf(below, n));
    e->se = (e->high - e->low) / (2 * cc_t_quantile(1 - s->alpha / 2, (double)n - 1));
    e->detectable = detectable(e->se, (double)n - 1, s->alpha);
    snprintf(e->how, sizeof e->how, "Hodges-Lehmann, signed-rank interval");
}

/* A tenth trimmed at each end; winsorised variance (Tukey and McLaughlin 1963). */
static void trimmed_location(const cc_sample *s, const double *sorted, size_t n, const cc_criterion *is, cc_estimate *e)
{
    size_t g = n / 10, h = n - 2 * g;
    double *winsorised = cc_take(s->pool, n, sizeof *winsorised);
    for (size_t i = 0; i < n; i++) winsorised[i] = sorted[i < g ? g : i >= n - g ? n - g - 1 : i];
    double se = cc_deviation(winsorised, n) * sqrt((double)n) / (double)h;
    cc_locate_t(cc_mean(sorted + g, h), se, (double)h - 1, s->alpha, is, e);
    snprintf(e->how, sizeof e->how, "10 %% trimmed mean, winsorised t interval");
}

/* Infinite values: they are the mean's; of a bound on a location they leave one end open. */
static void open_end(const double *sorted, size_t n, int what, const cc_criterion *is, cc_estimate *e)
{
    double v = isfinite(sorted[0]) ? INFINITY : isfinite(sorted[n - 1]) ? -INFINITY : NAN;
    *e = (cc_estimate){.value = v, .low = v, .high = v, .p = cc_satisfies(is, v) ? 0 : 1, .detectable = NAN};
    if (what == CC_ROBUST) e->low = -INFINITY, e->high = INFINITY, e->p = 1;
    snprintf(e->how, sizeof e->how, "some values are infinite");
}

/* A value further from the median than 5 standard deviations, these taken from the median absolute deviation. */
static int has_outlier(const cc_sample *s, const double *sorted, size_t n)
{
    double *distance = cc_take(s->pool, n, sizeof *distance), middle = cc_quantile_sorted(sorted, n, .5);
    for (size_t i = 0; i < n; i++) distance[i] = fabs(sorted[i] - middle);
    double far = fmax(distance[0], distance[n - 1]);
    return far > 5 * 1.4826 * cc_median(distance, n);
}

/* A ratio 0/0 says nothing, and so nothing is known of a location that depends on it. */
static int nothing_known(const cc_sample *s, const double *value, size_t n, cc_estimate *e)
{
    size_t k = 0;
    while (k < n && !isnan(value[k])) k++;
    if (k == n) return 0;
    *e =
        (cc_estimate){.value = NAN, .low = -INFINITY, .high = INFINITY, .p = s->exact ? NAN : 1, .detectable = NAN, .se = INFINITY};
    snprintf(e->how, sizeof e->how, "some values are 0/0 or inf/inf");
    return 1;
}

void cc_locate(const cc_sample *s, const double *value, size_t n, int what, const cc_criterion *is, cc_estimate *e)
{
    if (nothing_known(s, value, n, e)) return;
    double *sorted = cc_take(s->pool, n, sizeof *sorted);
    memcpy(sorted, value, n * sizeof *sorted);
    cc_sort(sorted, n);
    if (n == 0 || (n == 1 && !s->exact)) {
        *e = (cc_estimate){
            .value = n ? value[0] : NAN, .low = -INFINITY, .high = INFINITY, .p = 1, .detectable = INFINITY, .se = INFINITY};
        snprintf(e->how, sizeof e->how, "%s", n ? "one unit: no interval" : "no unit");
    } else if (s->exact) {
        double v = what == CC_MEAN ? cc_mean(sorted, n) : cc_quantile_sorted(sorted, n, .5);
        *e = (cc_estimate){.value = v, .low = v, .high = v, .p = NAN, .detectable = NAN};
        snprintf(e->how, sizeof e->how, "exact over the population");
    } else if (sorted[0] == sorted[n - 1])
        constant_values(sorted, n, s->alpha, is, e);
    else if (what == CC_MEDIAN || (what == CC_ROBUST && n >= 9 && n <= 400 && has_outlier(s, sorted, n)))
        median_location(s, sorted, n, is, e);
    else if (!isfinite(sorted[0]) || !isfinite(sorted[n - 1])) {
        if (what == CC_ROBUST && n >= 9 && n <= 400)
            signed_rank_location(s, sorted, n, is, e);
        else
            open_end(sorted, n, what, is, e);
    } else if (what == CC_MEAN)
        mean_location(s, sorted, n, is, e);
    else if (n < 9)
        cc_locate_t(cc_mean(sorted, n), cc_deviation(sorted, n) / sqrt((double)n), (double)n - 1, s->alpha, is, e);
    else if (n <= 400)
        signed_rank_location(s, sorted, n, is, e);
    else
        trimmed_location(s, sorted, n, is, e);
}

/* The true shares of n units at which a sample refutes `is` with power .8 differ from its limit by this. */
static double share_detectable(size_t n, double alpha, const cc_criterion *is)
{
    double limit = is->relation == CC_LE ? is->high : is->low, step = 1. / 512;
    for (double effect = step; effect <= 1; effect += step) {
        double truth = is->relation == CC_LE ? limit + effect : limit - effect, power = 0;
        if (truth < 0 || truth > 1) return NAN;
        if (is->relation == CC_LE) {
            size_t k = n;
            while (k > 0 && cc_binomial_sf(k - 1, n, limit) <= alpha / 2) k--;
            power = cc_binomial_sf(k, n, limit) <= alpha / 2 ? cc_binomial_sf(k, n, truth) : 0;
        } else {
            size_t k = 0;
            while (k < n && cc_binomial_cdf(k + 1, n, limit) <= alpha / 2) k++;
            power = cc_binomial_cdf(k, n, limit) <= alpha / 2 ? cc_binomial_cdf(k, n, truth) : 0;
        }
        if (power >= .8) return effect;
    }
    return NAN;
}

void cc_share(size_t least, size_t most, size_t n, double alpha, int exact, const cc_criterion *is, cc_estimate *e)
{
    double m = (double)n;
    *e = (cc_estimate){.value = (double)least / m, .low = (double)least / m, .high = (double)most / m, .p = NAN, .detectable = NAN};
    snprintf(e->how, sizeof e->how, exact ? "exact share of the population" : "Clopper-Pearson interval");
    if (exact) return;
    double unused;
    cc_clopper_pearson(least, n, alpha, &e->low, &unused);
    cc_clopper_pearson(most, n, alpha, &unused, &e->high);
    double p_most = is->high >= 1 ? 0 : cc_binomial_cdf(most, n, fmax(is->high, 0)),
           p_least = is->low <= 0 ? 0 : cc_binomial_sf(least, n, fmin(is->low, 1));
    if (is->high < 0) p_most = 1;
    if (is->low > 1) p_least = 1;
    e->p = combine(is, p_most, p_least);
    if (n <= 2000) e->detectable = share_detectable(n, alpha, is);
}

void cc_conclude(const cc_sample *s, const cc_estimate *e, cc_result *result)
{
    result->estimate = e->value;
    result->low = e->low;
    result->high = e->high;
    result->p = s->exact ? NAN : e->p;
    result->detectable = s->exact ? NAN : e->detectable;
    result->verdict = cc_decide(&s->check->is, e->low, e->high);
}
