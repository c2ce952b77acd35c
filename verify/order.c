/* verify/order.c: the order of convergence p of errors within a unit. */
#include "verify/sample.h"

#include <math.h>
#include <stdio.h>

/* One unit's order, with the range that an uncertainty `floor` of each error leaves. */
typedef struct local_order {
    double p, low, high;
    const cc_point *at;
} local_order;

static double triple_order(double y1, double y2, double y3) { return log(y3 / y2) / log(y2 / y1); }

/* The last triple of falling errors above the floor. Rounding blurs y3 by some floors: among the triples the last one that is sharp
 * to .1 speaks, and the last of all if none is. */
static int last_triple(const cc_point *at, size_t n, double floor, local_order *o)
{
    enum { BLUR = 10 };
    int found = 0;
    for (size_t i = n; i-- > 2;) {
        double y1 = at[i - 2].y, y2 = at[i - 1].y, y3 = at[i].y, blur = BLUR * floor;
        if (!(y3 > floor && y2 > y3 && y1 > y2)) continue;
        local_order now = {.p = triple_order(y1, y2, y3), .at = &at[i]};
        now.low = triple_order(y1, y2, y3 + blur);
        now.high = y3 > blur ? triple_order(y1, y2, y3 - blur) : INFINITY;
        if (!found || now.high - now.low <= .1) *o = now;
        found = 1;
        if (now.high - now.low <= .1) return 1;
    }
    return found;
}

/* Between the two finest meshes: those at the end of x where the error is smaller. */
static int finest_pair(const cc_point *at, size_t n, double floor, local_order *o)
{
    if (n < 2) return 0;
    int fine_first = at[0].y < at[n - 1].y;
    for (size_t k = 0; k + 1 < n; k++) {
        const cc_point *fine = fine_first ? &at[k] : &at[n - 1 - k], *coarse = fine_first ? &at[k + 1] : &at[n - 2 - k];
        if (!(fine->y > floor && coarse->y > floor && fine->x > 0 && coarse->x > 0) || coarse->x == fine->x) continue;
        double step = log(fine->x / coarse->x), blur = log1p(10 * floor / fine->y) / fabs(step);
        o->p = log(fine->y / coarse->y) / step;
        o->low = o->p - blur;
        o->high = o->p + blur;
        o->at = fine;
        return 1;
    }
    return 0;
}

/* Whether a unit has errors enough that three in a row would fall if it converged. */
static int enough_errors(const cc_point *at, size_t n, double floor)
{
    size_t above = 0;
    for (size_t i = 0; i < n; i++) above += at[i].y > floor ? 1 : 0;
    return above >= 4;
}

/* Errors are one sequence: several at one x would be taken for steps. */
static void need_sequence(const cc_sample *s, const cc_point *at, size_t n)
{
    char place[120];
    for (size_t i = 1; i < n; i++) {
        if (at[i].x != at[i - 1].x) continue;
        cc_place(s->table, at[i].row, cc_unit_columns(s->check), place, sizeof place);
        cc_stop(s->pool, "%s%shas several rows at one x: reduce them with `per_unit` or split them with `by`",
                *place ? place : "the population", " ");
    }
}

static size_t unit_orders(cc_sample *s, local_order *orders, size_t *failed)
{
    size_t n = 0;
    *failed = 0;
    for (size_t i = 0, j; i < s->n; i = j) {
        for (j = i + 1; j < s->n && (s->exact || s->at[j].unit == s->at[i].unit); j++) {}
        const cc_point *at = s->at + i;
        need_sequence(s, at, j - i);
        size_t first = s->check->semilog == 3 && at[0].y < at[j - i - 1].y ? j - i - 1 : 0;
        double floor = s->check->abs > 0 ? s->check->abs : 1e-14 * fabs(at[first].y);
        if ((s->check->semilog == 3 ? finest_pair : last_triple)(at, j - i, floor, &orders[n]))
            n++;
        else
            *failed += enough_errors(at, j - i, floor) ? 1 : 0;
    }
    return n;
}

/* A ratio N/D of noisy differences is skewed, but N - pD is not, so its median is p: that of units enough for an interval. */
static void units_together(cc_sample *s, const local_order *orders, size_t n, cc_result *result)
{
    enum { ENOUGH = 20 };
    const int ratio = s->check->semilog != 3;
    cc_estimate e;
    double *p = cc_take(s->pool, n, sizeof *p), blur = 0;
    for (size_t i = 0; i < n; i++) {
        p[i] = orders[i].p;
        if (isfinite(orders[i].high)) blur += fmax(orders[i].high - p[i], p[i] - orders[i].low) / (double)n;
    }
    cc_locate(s, p, n, ratio && n >= ENOUGH ? CC_MEDIAN : CC_ROBUST, &s->check->is, &e);
    e.low -= blur;
    e.high += blur;
    cc_conclude(s, &e, result);
    snprintf(result->method, sizeof result->method, "last order of each of %zu units; %s", n, e.how);
}

void cc_judge_order(cc_sample *s, cc_result *result)
{
    local_order *orders = cc_take(s->pool, s->n, sizeof *orders);
    size_t failed, n = unit_orders(s, orders, &failed);
    int mesh = s->check->semilog == 3;
    snprintf(result->quantity, sizeof result->quantity, "order of %.48s", s->check->y);
    result->log_y = 1;
    result->log_x = mesh;
    if (failed > n && s->check->is.relation != CC_LE && s->check->is.low > 0) {
        result->verdict = CC_REFUTED;
        result->p = s->exact ? NAN : 1;
        cc_say(result, "the errors of %zu units do not fall three times in a row", failed);
        return;
    }
    if (n == 0) {
        result->verdict = CC_INCONCLUSIVE;
        cc_say(result, mesh ? "no two meshes with errors above the floor" : "no three falling errors in a row above the floor");
        return;
    }
    const local_order *weakest = &orders[0];
    for (size_t i = 1; i < n; i++)
        if (s->check->is.relation == CC_LE ? orders[i].p > weakest->p : orders[i].p < weakest->p) weakest = &orders[i];
    cc_weakest(s, weakest->at, result);
    if (n > 1) {
        units_together(s, orders, n, result);
        return;
    }
    cc_estimate e = {.value = orders[0].p, .low = orders[0].low, .high = orders[0].high, .p = NAN, .detectable = NAN};
    cc_conclude(s, &e, result);
    result->p = NAN; /* one sequence: a fact about it, up to rounding */
    snprintf(result->method, sizeof result->method, "%s, range: rounding",
             mesh ? "two finest meshes" : "last triple above the floor");
}
