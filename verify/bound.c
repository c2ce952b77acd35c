/* verify/bound.c: y <= other (1 + rel) + abs, in every row, for a statistic over units, or for a share of them. */
#include "verify/dist.h"
#include "verify/levels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A bound at infinity is what it is: 0 times infinity would be no number. */
static double limit_of(const cc_sample *s, const cc_point *p)
{
    return isinf(p->other) ? p->other : p->other + s->check->rel * fabs(p->other) + s->check->abs;
}

static double excess_over_bound(const cc_sample *s, const cc_point *p) { return p->y - limit_of(s, p); }
static double excess_of_squares(const cc_sample *s, const cc_point *p)
{
    double limit = limit_of(s, p);
    return p->y * p->y - (limit < 0 ? -limit * limit : limit * limit);
}
static double y_itself(const cc_sample *s, const cc_point *p) { return (void)s, p->y; }
static double y_squared(const cc_sample *s, const cc_point *p) { return (void)s, p->y * p->y; }

/* 0 the point obeys, 1 it does not, -1 it is censored: y may yet exceed. */
static int violates(const cc_sample *s, const cc_point *p)
{
    int obeys = s->check->other ? p->y <= limit_of(s, p) : cc_satisfies(&s->check->is, p->y);
    if (!p->censored) return !obeys;
    const cc_criterion *is = &s->check->is;
    if (s->check->other) return obeys ? -1 : 1;
    if (is->relation == CC_GE) return obeys ? 0 : -1;
    return p->y > is->high ? 1 : -1;
}

/* How far y stands beyond its limit, as a share of the limit; positive: violated. */
static double beyond(const cc_sample *s, const cc_point *p)
{
    const cc_criterion *is = &s->check->is;
    if (s->check->other) {
        double limit = limit_of(s, p);
        if (isinf(limit)) return p->y <= limit ? -INFINITY : INFINITY;
        return p->y == limit ? 0 : (p->y - limit) / fmax(fabs(limit), 1e-300);
    }
    double high = is->relation == CC_GE ? -INFINITY : (p->y - is->high) / (is->high == 0 ? 1 : fabs(is->high));
    double low = is->relation == CC_LE ? -INFINITY : (is->low - p->y) / (is->low == 0 ? 1 : fabs(is->low));
    return fmax(high, low);
}

/* The ratio of y to its limit where both have one sign. */
static double ratio(const cc_sample *s, const cc_point *p)
{
    const cc_criterion *is = &s->check->is;
    if (s->check->other) return limit_of(s, p) > 0 ? p->y / limit_of(s, p) : NAN;
    if (is->relation == CC_LE) return is->high > 0 ? p->y / is->high : NAN;
    return is->relation == CC_GE && is->low > 0 && p->y > 0 ? is->low / p->y : NAN;
}

/* The share of violating units that would have shown itself, with probability .8, among n. */
static double visible_share(size_t n) { return n ? 1 - pow(.2, 1 / (double)n) : NAN; }

static void every_row(cc_sample *s, cc_result *result)
{
    size_t violations = 0, undecided = 0;
    const cc_point *worst = &s->at[0];
    for (size_t i = 0; i < s->n; i++) {
        int v = violates(s, &s->at[i]);
        violations += v > 0;
        undecided += v < 0;
        if (beyond(s, &s->at[i]) > beyond(s, worst)) worst = &s->at[i];
    }
    result->verdict = violations ? CC_REFUTED : undecided ? CC_INCONCLUSIVE : CC_VERIFIED;
    result->tightness = ratio(s, worst);
    result->estimate = result->low = result->high = isnan(result->tightness) || !s->check->other ? worst->y : result->tightness;
    result->detectable = s->exact ? NAN : visible_share(s->n_units);
    cc_weakest(s, worst, result);
    snprintf(result->quantity, sizeof result->quantity, "%s %.48s%s%.48s", isnan(result->tightness) ? "worst" : "largest",
             s->check->y, s->check->other ? " / " : "", s->check->other ? s->check->other : "");
    snprintf(result->method, sizeof result->method, "every row (%zu)", s->n);
    if (violations && s->check->other)
        cc_say(result, "%zu of %zu rows violate it; worst: %.4g against %.4g", violations, s->n, worst->y, limit_of(s, worst));
    else if (violations)
        cc_say(result, "%zu of %zu rows violate it; worst: %.4g", violations, s->n, worst->y);
    else if (undecided)
        cc_say(result, "%zu runs were cut off before they could violate it", undecided);
    else
        cc_say(result, "holds in all %zu rows", s->n);
    if (!violations && result->tightness < .01 && s->check->other) cc_say(result, "loose: never within a factor 100 of the bound");
    if (!violations && !s->exact && !undecided)
        cc_say(result, "a violation in %.2g of the units would have been seen with probability .8", result->detectable);
}

static void share_of_units(cc_sample *s, cc_result *result)
{
    size_t n = s->exact ? s->n : s->n_units, bad = 0, open = 0, present = 0;
    int *state = cc_take(s->pool, n, sizeof *state); /* 0 absent, 1 obeys, 2 undecided, 3 violates */
    const cc_point *worst = &s->at[0];
    for (size_t i = 0; i < s->n; i++) {
        int v = violates(s, &s->at[i]), now = v > 0 ? 3 : v < 0 ? 2 : 1;
        size_t u = s->exact ? i : s->at[i].unit;
        if (now > state[u]) state[u] = now;
        if (beyond(s, &s->at[i]) > beyond(s, worst)) worst = &s->at[i];
    }
    for (size_t u = 0; u < n; u++) present += state[u] > 0, bad += state[u] == 3, open += state[u] == 2;
    cc_estimate e;
    cc_share(present - bad - open, present - bad, present, s->alpha, s->exact, &s->check->is, &e);
    cc_conclude(s, &e, result);
    cc_weakest(s, worst, result);
    result->tightness = ratio(s, worst);
    snprintf(result->quantity, sizeof result->quantity, "share of units that obey the bound");
    snprintf(result->method, sizeof result->method, "%s, %zu of %zu units obey", e.how, present - bad - open, present);
}

/* Tightness of a statistic: the largest ratio of its value over units to its limit. */
static void level_tightness(cc_sample *s, cc_result *result)
{
    cc_level *levels;
    size_t n = cc_split_levels(s, &levels);
    int squares = !strcmp(s->check->across, "rms");
    for (size_t k = 0; k < n; k++) {
        double y = 0, limit = 0;
        for (size_t i = 0; i < levels[k].n; i++) {
            double l = limit_of(s, &levels[k].at[i]), v = levels[k].at[i].y;
            y += squares ? v * v : v;
            limit += squares ? l * l : l;
        }
        double r = squares ? sqrt(y / limit) : y / limit;
        if (limit > 0 && isfinite(limit) && !(r <= result->tightness)) result->tightness = r;
    }
}

void cc_judge_bound(cc_sample *s, cc_result *result)
{
    const cc_check *c = s->check;
    if (!c->across) {
        every_row(s, result);
    } else if (!strcmp(c->across, "share")) {
        share_of_units(s, result);
    } else if (c->other) {
        cc_criterion below = {CC_LE, 0, 0};
        int squares = !strcmp(c->across, "rms");
        cc_judge_levels(s, squares ? excess_of_squares : excess_over_bound, squares ? y_squared : y_itself,
                        squares ? "mean" : c->across, &below, c->se, result);
        snprintf(result->quantity, sizeof result->quantity, "%s of %.48s%s - %.48s%s", squares ? "mean" : c->across, c->y,
                 squares ? "^2" : "", c->other, squares ? "^2" : "");
        level_tightness(s, result);
    } else {
        cc_judge_levels(s, y_itself, y_itself, c->across, &c->is, c->se, result);
        snprintf(result->quantity, sizeof result->quantity, "%s of %.48s", c->across, c->y);
    }
    if (c->across && s->n_censored && result->verdict == CC_VERIFIED && strcmp(c->across, "share") && c->is.relation != CC_GE) {
        cc_doubt(result);
        cc_say(result, "%zu runs were cut off: their values may be larger", s->n_censored);
    }
}
