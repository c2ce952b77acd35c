/* verify/levels.c: statistics over units at each x. */
#include "verify/levels.h"

#include "verify/dist.h"
#include "verify/sort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_x_then_unit(const void *a, const void *b)
{
    const cc_point *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    if (p->unit != q->unit) return p->unit < q->unit ? -1 : 1;
    return (p->row > q->row) - (p->row < q->row);
}

size_t cc_split_levels(cc_sample *s, cc_level **levels)
{
    size_t n = 0;
    cc_point *at = cc_take(s->pool, s->n, sizeof *at);
    memcpy(at, s->at, s->n * sizeof *at);
    qsort(at, s->n, sizeof *at, by_x_then_unit);
    *levels = cc_take(s->pool, s->n, sizeof **levels);
    for (size_t i = 0, j; i < s->n; i = j) {
        for (j = i + 1; j < s->n && at[j].x == at[i].x; j++)
            if (at[j].unit == at[j - 1].unit && !s->exact) {
                char place[120];
                cc_place(s->table, at[j].row, cc_unit_columns(s->check), place, sizeof place);
                cc_stop(s->pool, "%s has several rows at one x: reduce them with `per_unit`, split them with `by` or name `x`",
                        place);
            }
        (*levels)[n++] = (cc_level){.x = at[i].x, .n = j - i, .at = at + i};
    }
    return n;
}

/* The extreme over units is a fact about these units: exact. */
static void extreme(const double *value, size_t n, int most, cc_estimate *e)
{
    double v = value[0];
    for (size_t i = 1; i < n; i++)
        if (most ? value[i] > v : value[i] < v) v = value[i];
    *e = (cc_estimate){.value = v, .low = v, .high = v, .p = NAN, .detectable = NAN};
    snprintf(e->how, sizeof e->how, "%s over units", most ? "max" : "min");
}

static double signed_root(double v) { return v < 0 ? -sqrt(-v) : sqrt(v); }

/* A root mean square is judged as a mean of squares. */
static void rms(cc_sample *s, double *value, const double *natural, size_t n, const cc_criterion *is, cc_estimate *e)
{
    cc_criterion squares = {is->relation, is->low * fabs(is->low), is->high * fabs(is->high)};
    for (size_t i = 0; i < n; i++) value[i] *= value[i];
    cc_locate(s, value, n, CC_MEAN, &squares, e);
    if (natural) cc_allow_for_tail(s, value, n, &squares, e);
    e->value = signed_root(e->value);
    e->low = signed_root(fmax(e->low, 0));
    e->high = signed_root(e->high);
    e->detectable = e->value > 0 ? e->detectable / (2 * e->value) : NAN;
}

/* natural: NULL, or the random part of the values, which they are shifted from. */
static void statistic(cc_sample *s, double *value, const double *natural, size_t n, const char *across, const cc_criterion *is,
                      cc_estimate *e)
{
    int median = !strcmp(across, "median");
    if (!strcmp(across, "max") || !strcmp(across, "min"))
        extreme(value, n, across[1] == 'a', e);
    else if (!strcmp(across, "rms"))
        rms(s, value, natural, n, is, e);
    else {
        cc_locate(s, value, n, median ? CC_MEDIAN : CC_MEAN, is, e);
        if (natural && !median) cc_allow_for_tail(s, natural, n, is, e);
    }
}

/* What is asked of each level. */
typedef struct question {
    cc_value_of value, natural;
    const char *across;
    const cc_criterion *is;
    double slack;
} question;

static cc_verdict decide_level(cc_sample *s, const cc_level *level, const question *q, cc_estimate *e)
{
    const cc_criterion *is = q->is;
    double *v = cc_take(s->pool, level->n, sizeof *v), *natural = q->natural ? cc_take(s->pool, level->n, sizeof *v) : NULL;
    cc_criterion wide = *is;
    for (size_t i = 0; i < level->n; i++) v[i] = q->value(s, &level->at[i]);
    for (size_t i = 0; natural && i < level->n; i++) natural[i] = q->natural(s, &level->at[i]);
    double se = q->slack > 0 && level->n > 1 ? q->slack * cc_deviation(v, level->n) / sqrt((double)level->n) : 0;
    wide.low -= se;
    wide.high += se;
    statistic(s, v, natural, level->n, q->across, &wide, e);
    return cc_decide(&wide, e->low, e->high);
}

void cc_judge_levels(cc_sample *s, cc_value_of value, cc_value_of natural, const char *across, const cc_criterion *is, double slack,
                     cc_result *result)
{
    const question q = {value, natural, across, is, slack};
    cc_level *levels;
    size_t n = cc_split_levels(s, &levels);
    cc_verdict *verdict = cc_take(s->pool, n, sizeof *verdict);
    double p = NAN, worst = -INFINITY, alpha = s->alpha;
    for (size_t k = 0; k < n; k++) {
        cc_estimate e, strict;
        verdict[k] = decide_level(s, &levels[k], &q, &e);
        if (verdict[k] == CC_REFUTED && n > 1) {
            s->alpha = alpha / (double)n;
            if (decide_level(s, &levels[k], &q, &strict) != CC_REFUTED) verdict[k] = CC_INCONCLUSIVE;
            s->alpha = alpha;
        }
        if (!isnan(e.p)) p = isnan(p) ? e.p : fmax(p, e.p);
        double over = is->relation == CC_GE   ? is->low - e.low
                      : is->relation == CC_LE ? e.high - is->high
                                              : fmax(e.high - is->high, is->low - e.low);
        double rank = (verdict[k] == CC_REFUTED ? 2 : verdict[k] == CC_INCONCLUSIVE ? 1 : 0) * 4 + (isnan(over) ? 1.5 : atan(over));
        if (rank <= worst) continue;
        worst = rank;
        cc_conclude(s, &e, result);
        cc_weakest(s, &levels[k].at[0], result);
        snprintf(result->method, sizeof result->method, "%s over units%s%.48s: %s", across, n > 1 ? " at each " : "",
                 n > 1 ? s->check->x : "", e.how);
    }
    result->p = p;
    result->verdict = cc_verdict_all(verdict, n);
    if (n > 1) cc_say(result, "weakest of %zu values of %s", n, s->check->x);
}

void cc_judge_agreement(cc_sample *s, cc_value_of tolerance, cc_result *result)
{
    enum {
        LEAST_UNITS = 15
    }; /* the error of fewer varies so much that it excuses one sigma beyond the tolerance in a third of samples */
    cc_level *levels;
    size_t n = cc_split_levels(s, &levels), few = 0, bad = 0;
    double worst = -INFINITY, units = INFINITY;
    for (size_t k = 0; k < n; k++) {
        double *d = cc_take(s->pool, levels[k].n, sizeof *d), *t = cc_take(s->pool, levels[k].n, sizeof *t);
        for (size_t i = 0; i < levels[k].n; i++)
            d[i] = levels[k].at[i].y - levels[k].at[i].other, t[i] = tolerance(s, &levels[k].at[i]);
        double mean = cc_mean(d, levels[k].n), se = s->exact ? 0 : cc_deviation(d, levels[k].n) / sqrt((double)levels[k].n);
        double slack = cc_mean(t, levels[k].n) + s->check->se * se, over = slack > 0   ? fabs(mean) / slack
                                                                           : mean == 0 ? 0
                                                                                       : INFINITY;
        if (isnan(mean) || isnan(over)) over = INFINITY;
        few += !s->exact && levels[k].n < LEAST_UNITS;
        bad += over > 1;
        units = fmin(units, (double)levels[k].n);
        if (over <= worst) continue;
        worst = over;
        result->estimate = mean;
        result->low = mean - s->check->se * se;
        result->high = mean + s->check->se * se;
        result->detectable = s->exact ? NAN : slack + cc_normal_quantile(.8) * se;
        cc_weakest(s, &levels[k].at[0], result);
    }
    result->verdict = bad ? CC_REFUTED : few ? CC_INCONCLUSIVE : CC_VERIFIED;
    result->tightness = worst;
    snprintf(result->quantity, sizeof result->quantity, "mean of %.48s - %.48s", s->check->y, s->check->other);
    snprintf(result->method, sizeof result->method, "|mean difference| <= tolerance + %g standard errors, at %zu values of x",
             s->check->se, n);
    if (few && !bad) cc_say(result, "fewer than %d units at some x: the standard error says too little", LEAST_UNITS);
    cc_say(result, "the largest difference is %.3g of what is allowed", worst);
    result->p = NAN;
}
