/* verify/equality.c: y = other in every row, up to a tolerance; texts exactly; or the means over units. */
#include "verify/levels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double partner(const cc_sample *s, const cc_point *p) { return s->check->other ? p->other : s->check->is.low; }

/* Of an infinite value no relative tolerance follows: it would allow everything. */
static double tolerance(const cc_sample *s, const cc_point *p)
{
    double size = fmax(fabs(p->y), fabs(partner(s, p)));
    return s->check->abs + (isinf(size) ? 0 : s->check->rel * size);
}

static void texts(cc_sample *s, cc_result *result)
{
    if (!s->check->other) cc_stop(s->pool, "column `%s` holds text: name the text column it equals in `other`", s->check->y);
    int other = cc_need_column(s->pool, s->table, s->check->other, "other");
    if (!cc_table_is_text(s->table, (size_t)other))
        cc_stop(s->pool, "`%s` holds text and `%s` numbers", s->check->y, s->check->other);
    size_t differ = 0, first = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        int same = cc_table_text(s->table, s->rows[i], (size_t)s->columns[1]) == cc_table_text(s->table, s->rows[i], (size_t)other);
        if (!same && !differ++) first = s->rows[i];
    }
    result->verdict = differ ? CC_REFUTED : CC_VERIFIED;
    result->estimate = result->low = result->high = (double)differ;
    snprintf(result->quantity, sizeof result->quantity, "rows whose texts differ");
    snprintf(result->method, sizeof result->method, "every row (%zu)", s->n_rows);
    if (!differ) return;
    cc_weakest(s, &(cc_point){.row = first}, result);
    cc_say(result, "`%.200s` is not `%.200s`", cc_table_text(s->table, first, (size_t)s->columns[1]),
           cc_table_text(s->table, first, (size_t)other));
}

static void every_row(cc_sample *s, cc_result *result)
{
    size_t differ = 0;
    const cc_point *worst = NULL;
    double most = -1;
    for (size_t i = 0; i < s->n; i++) {
        const cc_point *p = &s->at[i];
        double gap = p->y == partner(s, p) ? 0 : fabs(p->y - partner(s, p)),
               allowed = tolerance(s, p); /* equal infinities are equal */
        int bad = !(gap <= allowed);
        differ += bad ? 1 : 0;
        double size = gap == 0 ? 0 : isfinite(gap) ? (allowed > 0 ? gap / allowed : gap + 1e300 * bad) : INFINITY;
        if (size > most) most = size, worst = p;
    }
    double gap = worst->y == partner(s, worst) ? 0 : fabs(worst->y - partner(s, worst));
    result->verdict = differ ? CC_REFUTED : CC_VERIFIED;
    result->estimate = result->low = result->high = gap;
    result->tightness = tolerance(s, worst) > 0 ? gap / tolerance(s, worst) : NAN;
    cc_weakest(s, worst, result);
    snprintf(result->quantity, sizeof result->quantity, "largest |%.48s - %.48s|", s->check->y,
             s->check->other ? s->check->other : "value");
    snprintf(result->method, sizeof result->method, "every row (%zu)", s->n);
    cc_say(result, "%zu of %zu rows differ by more than allowed; worst: %.9g against %.9g", differ, s->n, worst->y,
           partner(s, worst));
}

static double y_itself(const cc_sample *s, const cc_point *p) { return (void)s, p->y; }
static double difference(const cc_sample *s, const cc_point *p) { return p->y - partner(s, p); }

/* Equivalence: the interval of the mean difference must lie within the tolerance (averaged over the rows). */
static void means(cc_sample *s, cc_result *result)
{
    double allowed = 0;
    for (size_t i = 0; i < s->n; i++) allowed += tolerance(s, &s->at[i]) / (double)s->n;
    cc_criterion is = {CC_IN, -allowed, allowed};
    cc_judge_levels(s, difference, s->check->other ? NULL : y_itself, "mean", &is, 0, result);
    snprintf(result->quantity, sizeof result->quantity, "mean of %.48s - %.48s", s->check->y,
             s->check->other ? s->check->other : "value");
    if (allowed == 0) cc_say(result, "without a tolerance means can only be refuted: give abs, rel or se");
}

void cc_judge_equality(cc_sample *s, cc_result *result)
{
    if (cc_table_is_text(s->table, (size_t)s->columns[1])) {
        texts(s, result);
    } else if (s->check->se > 0) {
        for (size_t i = 0; i < s->n; i++) s->at[i].other = partner(s, &s->at[i]);
        cc_judge_agreement(s, tolerance, result);
    } else if (s->check->across)
        means(s, result);
    else
        every_row(s, result);
}
