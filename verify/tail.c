/* verify/tail.c: the mean of few positive values, whose tail has not been seen.
 *
 * A mean of positive values depends on rare large ones, and where none of them is in the sample the values look harmless: five
 * lognormal values with a spread of one have a t interval that misses their mean from below in 18 % of samples, instead of 2.5.
 * What a sample without its tail does still show is how far its values are apart on the scale of logarithms. So the end away from
 * zero is the further of three: that of the usual interval; that of a t interval of the mean's logarithm (delta method), for values
 * that may come near zero; and that of lognormal values, exp(m + s^2 / 2) with the errors of m and s^2 put together as by Zou, Huo
 * and Taleban (2009), for the tail. */
#include "verify/dist.h"
#include "verify/sample.h"
#include "verify/sort.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FEW = 15, MOST = 200 }; /* of more than MOST units the bootstrap has seen the tail */

typedef struct tail {
    size_t n;
    double mean, se;       /* of the values */
    double centre, spread; /* variance of the logarithms */
} tail;

/* Logarithms, the lower ones drawn to within `reach` times the distance of the largest from the median: values near zero say
 * nothing of the tail at the other side. */
static void describe(const cc_sample *s, const double *positive, size_t n, tail *t)
{
    double *logs = cc_take(s->pool, n, sizeof *logs), reach = n < FEW ? 2 : 1.5;
    for (size_t i = 0; i < n; i++) logs[i] = log(positive[i]);
    cc_sort(logs, n);
    double middle = cc_quantile_sorted(logs, n, .5), least = middle - reach * (logs[n - 1] - middle);
    for (size_t i = 0; i < n; i++) logs[i] = fmax(logs[i], least);
    double deviation = cc_deviation(logs, n);
    *t = (tail){n, cc_mean(positive, n), cc_deviation(positive, n) / sqrt((double)n), cc_mean(logs, n), deviation * deviation};
}

/* The chi-square quantile by Wilson and Hilferty (1931): below the truth in the lower tail, and so on the safe side. */
static double chi2_quantile(double p, double df)
{
    double root = 1 - 2 / (9 * df) + cc_normal_quantile(p) * sqrt(2 / (9 * df));
    return root > 0 ? df * root * root * root : 0;
}

/* The upper end of the mean at one-sided level `level`. */
static double upper_end(const tail *t, double level)
{
    double n = (double)t->n, quantile = cc_t_quantile(1 - level, n - 1);
    double near_zero = t->mean * exp(quantile * t->se / t->mean);
    if (!(t->spread > 0)) return near_zero;
    double of_centre = quantile * sqrt(t->spread / n);
    double of_spread = t->spread / 2 * fmax((n - 1) / chi2_quantile(fmin(1.5 * level, .5), n - 1) - 1, 0);
    return fmax(near_zero, exp(t->centre + t->spread / 2 + hypot(of_centre, of_spread)));
}

/* The level at which the upper end comes down to the limit. */
static double level_of(const tail *t, double limit)
{
    double low = -30, high = log(.5); /* of its logarithm */
    if (!(upper_end(t, .5) < limit)) return 1;
    for (int i = 0; i < 24; i++) {
        double middle = (low + high) / 2;
        if (upper_end(t, exp(middle)) < limit)
            high = middle;
        else
            low = middle;
    }
    return exp(high);
}

void cc_allow_for_tail(const cc_sample *s, const double *natural, size_t n, const cc_criterion *is, cc_estimate *e)
{
    if (s->exact || n < 2 || n > MOST || !(e->low < e->high)) return;
    double *positive = cc_take(s->pool, n, sizeof *positive), sign = natural[0] > 0 ? 1 : -1;
    tail t;
    for (size_t i = 0; i < n; i++) {
        positive[i] = sign * natural[i];
        if (!(positive[i] >= 0x1p-1000 && positive[i] < 0x1p1000)) return; /* zero is no natural end, or nothing is finite */
    }
    describe(s, positive, n, &t);
    double shift = e->value - sign * t.mean, end = sign * upper_end(&t, s->alpha / 2) + shift;
    int most = is->relation != CC_GE, least = is->relation != CC_LE;
    if (sign > 0 && end > e->high) {
        e->high = end;
        if (most) e->p = fmax(e->p, level_of(&t, is->high - shift));
    } else if (sign < 0 && end < e->low) {
        e->low = end;
        if (least) e->p = fmax(e->p, level_of(&t, shift - is->low));
    } else
        return;
    size_t used = strlen(e->how);
    snprintf(e->how + used, sizeof e->how - used, ", wider for an unseen tail");
}
