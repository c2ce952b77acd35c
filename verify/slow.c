/* verify/slow.c: is it the power that the claim forbids, or a logarithm?
 *
 * x log x is of order x^1.05, though over two decades it rises like x^1.16: "at most 1.05" holds and looks refuted. So the reading
 * x^a log x is tried, in units of x that make the logarithm 1 to 9 where the window begins: verdicts do not depend on the unit that
 * x is given in. A reading is contradicted if its own slope is refuted as well, or if the data are bent upwards in it (a logarithm
 * is bent downwards); a population, which has no test of curvature, contradicts it when the slopes of its windows differ more than
 * without it. One logarithm: two would leave open what is .25 too steep over two decades, at noise .2 in a third of the campaigns.
 * Not 1 / log x: a lower bound that a divisor explains away is rarely what a paper means. */
#include "verify/curve.h"

#include <math.h>
#include <string.h>

static const double BENT_P = .05;

static int is_population(const cc_sample *s, const cc_curve *c)
{
    return s->exact || (c->n_units == 1 && s->check->across && s->n_units > 1);
}

/* The slope of y / (unit + log of x over the window's beginning) on the window; 1: the data allow this reading and the claim. */
static int allows(cc_sample *s, const cc_curve *c, const cc_fit *f, double unit, double *slope)
{
    const cc_criterion *is = &s->check->is;
    cc_curve other = *c;
    cc_estimate e = {0};
    other.Y = cc_take(s->pool, c->n_units * c->n_bins, sizeof *other.Y);
    for (size_t u = 0; u < c->n_units; u++)
        for (size_t b = f->first; b < f->last; b++)
            other.Y[u * c->n_bins + b] = c->Y[u * c->n_bins + b] - log(unit + c->x[b] - c->x[f->first]);
    if (is_population(s, c)) {
        double low, high;
        cc_curve_slopes(c, f->first, f->last, &low, &high);
        cc_curve_slopes(&other, f->first, f->last, &e.low, &e.high);
        if (e.high - e.low > high - low) return 0;
        e.value = (e.low + e.high) / 2;
    } else {
        cc_curve_slope(s, &other, f->first, f->last, is, &e);
        if (cc_curve_concave(s, &other, f->first, f->last) < BENT_P) return 0;
    }
    *slope = e.value;
    return cc_decide(is, e.low, e.high) != CC_REFUTED;
}

int cc_curve_may_be_slow(cc_sample *s, const cc_curve *c, const cc_fit *f, double *slope)
{
    static const double units[] = {1.1, 2.3, 3.4, 4.6, 5.7, 6.9, 9.2}; /* log x at the beginning: from 3 to 10000 */
    const cc_criterion *is = &s->check->is;
    int above = is->relation != CC_GE && f->slope.low > is->high, below = is->relation != CC_LE && f->slope.high < is->low;
    if (!(c->sign > 0 ? above : below)) return 0;      /* y grows too little, or falls too fast: no logarithm makes that */
    if (f->curved || f->last - f->first < 3) return 0; /* the slope moves away from the claim: a logarithm brings it back */
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (allows(s, c, f, units[i], slope)) return 1;
    return 0;
}
