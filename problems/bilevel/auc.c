/* problems/bilevel/auc.c: a linear score with a large area under its ROC curve, learnt from breast_cancer with few positives.
 *
 * The square surrogate of the area is a saddle: min over x = (w, a, b), max over alpha of
 *
 *   F = mean of  positives:  (1-p) (s-a)^2 - 2 (1+alpha) (1-p) s        s = sigmoid(w.row), p = the share of positives
 *                negatives:     p  (s-b)^2 + 2 (1+alpha)    p  s
 *       + 2 (1+alpha) p (1-p) - p (1-p) alpha^2
 *
 * At the best a, b and alpha it is p (1-p) (mean over pairs of (2 - (s_positive - s_negative))^2 - 1), the squared shortfall of the
 * pairs' margins. f = F + reg |w|^2/2, g = -F: y = alpha has a closed form, gyy = 2p(1-p), and fy vanishes at y*. Malignant rows
 * are positives; of them only so many are kept, spread evenly, that they are a share `positives`. Rows i mod 3 != 0 train, the rest
 * are for the metric. Features are standardised with the training rows of the whole table; a constant is appended.
 *
 * Ying, Wen, Lyu: Stochastic online AUC maximization, NIPS 2016; with sigmoid scores: Liu, Yuan, Ying, Yang: Stochastic AUC
 * maximization with deep neural networks, ICLR 2020. */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/problems.h"

typedef struct scored {
    size_t n;
    double *rows; /* n x k */
    int *positive;
} scored;

typedef struct auc {
    bilevel_base base;
    size_t k; /* features and the constant: dx = k + 2 */
    scored train, test;
    double p, reg;
} auc;

static const auc *of(const bilevel_at *at) { return at->instance; }

/* Of one row: its score, and the weight that its place in F has: 1-p of a positive, p of a negative. */
typedef struct seen {
    const double *row;
    double s, weight, sign; /* sign: -1 of a positive */
    size_t centre;          /* of a or b, in x */
} seen;

static seen look(const bilevel_at *at, size_t t)
{
    const auc *q = of(at);
    const size_t i = at->ids ? at->ids[t] : t;
    const int positive = q->train.positive[i];
    const double *row = q->train.rows + i * q->k;
    return (seen){row, bilevel_sigmoid(cc_dot(q->k, at->x, row)), positive ? 1 - q->p : q->p, positive ? -1 : 1,
                  q->k + (positive ? 0 : 1)};
}

/* F at (x, alpha) */
static double saddle(const bilevel_at *at)
{
    const double alpha = at->y[0], pq = of(at)->p * (1 - of(at)->p);
    double sum = 0;
    for (size_t t = 0; t < at->b; t++) {
        const seen r = look(at, t);
        const double off = r.s - at->x[r.centre];
        sum += r.weight * (off * off + 2 * (1 + alpha) * r.sign * r.s);
    }
    return sum / (double)at->b + 2 * (1 + alpha) * pq - pq * alpha * alpha;
}

static double f(const bilevel_at *at) { return saddle(at) + of(at)->reg / 2 * cc_dot(of(at)->k, at->x, at->x); }
static double g(const bilevel_at *at) { return -saddle(at); }

/* factor times the derivatives of F */
static void derivatives(const bilevel_at *at, double factor, double *by_x, double *by_y)
{
    const auc *q = of(at);
    const double alpha = at->y[0], pq = q->p * (1 - q->p), share = factor / (double)at->b;
    if (by_x) memset(by_x, 0, q->base.dx * sizeof *by_x);
    if (by_y) *by_y = factor * 2 * pq * (1 - alpha);
    for (size_t t = 0; t < at->b; t++) {
        const seen r = look(at, t);
        const double off = r.s - at->x[r.centre], steep = r.s * (1 - r.s);
        if (by_x) {
            cc_axpy(q->k, share * r.weight * 2 * (off + (1 + alpha) * r.sign) * steep, r.row, by_x);
            by_x[r.centre] -= share * r.weight * 2 * off;
        }
        if (by_y) *by_y += share * r.weight * 2 * r.sign * r.s;
    }
}

static void upper(const bilevel_at *at, double *fx, double *fy)
{
    derivatives(at, 1, fx, fy);
    if (fx) cc_axpy(of(at)->k, of(at)->reg, at->x, fx);
}

static void lower(const bilevel_at *at, double *gx, double *gy) { derivatives(at, -1, gx, gy); }

static void hess(const bilevel_at *at, double *h) { *h = 2 * of(at)->p * (1 - of(at)->p); }

static void hvp(const bilevel_at *at, const double *v, double *out)
{
    hess(at, out);
    *out *= *v;
}

static void jvp(const bilevel_at *at, const double *v, double *out)
{
    const auc *q = of(at);
    memset(out, 0, q->base.dx * sizeof *out);
    for (size_t t = 0; t < at->b; t++) {
        const seen r = look(at, t);
        cc_axpy(q->k, -*v / (double)at->b * r.weight * 2 * r.sign * r.s * (1 - r.s), r.row, out);
    }
}

static int ystar(const bilevel_at *at, double *y)
{
    bilevel_at zero = *at;
    const double none = 0;
    double by_y, curved;
    zero.y = &none;
    derivatives(&zero, 1, NULL, &by_y);
    hess(at, &curved);
    *y = by_y / curved;
    return 0;
}

const bilevel_ops bilevel_auc_ops = {
    .f = f, .g = g, .upper = upper, .lower = lower, .hvp = hvp, .jvp = jvp, .hess = hess, .ystar = ystar};

/* P(score of a positive test row > that of a negative one), ties half. */
static double area(const cc_oracle *o, const void *candidate)
{
    const auc *q = o->instance;
    double wins = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < q->test.n; i++)
        for (size_t j = 0; j < q->test.n; j++) {
            if (!q->test.positive[i] || q->test.positive[j]) continue;
            const double above =
                cc_dot(q->k, candidate, q->test.rows + i * q->k) - cc_dot(q->k, candidate, q->test.rows + j * q->k);
            wins += above > 0 ? 1 : above == 0 ? .5 : 0;
            pairs++;
        }
    return wins / (double)pairs;
}

const cc_metric bilevel_auc_metrics[] = {{"test_auc", "", "area under the ROC curve on the rows that do not train", area}, {0}};

/* ---- the instance ---- */

static cc_status new_part(cc_run *scope, size_t most, size_t k, scored *part)
{
    CC_NEW(scope, part->rows, most * k);
    CC_NEW(scope, part->positive, most);
    return CC_OK;
}

static void take(scored *part, const data_table *t, size_t i)
{
    double *row = part->rows + part->n * (t->features + 1);
    cc_copy(t->features, t->a + i * t->features, row);
    row[t->features] = 1;
    part->positive[part->n++] = t->label[i] == 0;
}

/* Of `all` malignant rows so many that they are a share of the table with all benign ones; the c-th is kept when c times the share
 * that is kept passes a whole number. */
static void thin(auc *q, const data_table *t, double positives)
{
    double malignant = 0;
    size_t c = 0;
    for (size_t i = 0; i < t->n; i++) malignant += t->label[i] == 0;
    const double kept = fmin(1, positives / (1 - positives) * ((double)t->n - malignant) / malignant);
    for (size_t i = 0; i < t->n; i++) {
        const int positive = t->label[i] == 0;
        if (positive) c++;
        if (!positive || floor((double)c * kept) > floor((double)(c - 1) * kept)) take(i % 3 ? &q->train : &q->test, t, i);
    }
    for (size_t i = 0; i < q->train.n; i++) q->p += q->train.positive[i] / (double)q->train.n;
}

cc_status bilevel_auc_create(cc_run *scope, void **instance)
{
    data_table t;
    auc *q;
    double *x0, *y0;
    CC_TRY(data_read(scope, "breast_cancer", &t));
    CC_NEW(scope, q, 1);
    q->k = t.features + 1, q->reg = cc_real(scope, "reg");
    CC_TRY(new_part(scope, t.n, q->k, &q->train));
    CC_TRY(new_part(scope, t.n, q->k, &q->test));
    CC_NEW(scope, x0, q->k + 2);
    CC_NEW(scope, y0, 1);
    bilevel_standardise(&t);
    thin(q, &t, cc_real(scope, "positives"));
    if (cc_bool(scope, "shuffle")) bilevel_shuffle(scope, q->train.n, sizeof *q->train.positive, q->train.positive);
    q->base = (bilevel_base){.dx = q->k + 2,
                             .dy = 1,
                             .m = 1,
                             .caps = BILEVEL_LOWER_SC | BILEVEL_FINITE_SUM,
                             .n_lower = q->train.n,
                             .n_upper = q->train.n,
                             .work = 1,
                             .x0 = x0,
                             .y0 = y0};
    *instance = q;
    const double curved = 2 * q->p * (1 - q->p);
    return bilevel_publish(scope, &q->base, &(bilevel_facts){curved, curved, NAN, NAN});
}

const cc_param bilevel_auc_params[] = {
    {"positives", CC_REAL, "0.1", 0.01, 0.37, .doc = "share of positives that is aimed at"},
    {"reg", CC_REAL, "1e-3", 0, 1e3, .doc = "weight of |w|^2/2 in f"},
    {"shuffle", CC_BOOL, "false", .doc = "permute which training rows are positive: nothing can then be learnt"},
    {0},
};
