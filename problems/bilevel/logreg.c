/* problems/bilevel/logreg.c: choosing the l2 penalty of logistic regression on breast_cancer by validation loss. x = lambda.
 *
 *   g = mean over training rows of ln(1 + exp(-t w.a)) + e^lambda |w|^2/2,   f = mean over validation rows of ln(1 + exp(-t w.a))
 *
 * Rows i mod 3 != 0 train (379), the rest validate (190); features standardised with training mean and population deviation, a
 * constant appended and penalised too; t = 2 label - 1. Rows are kept multiplied by t. */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/problems.h"

typedef struct logreg {
    bilevel_base base;
    double *train, *valid; /* t a', rows of dy */
} logreg;

static double softplus(double z) { return fmax(z, 0) + log1p(exp(-fabs(z))); }

static const double *row(const bilevel_at *at, const double *a, size_t k, size_t dy) { return a + (at->ids ? at->ids[k] : k) * dy; }

/* Mean loss over the terms; gradient into g unless NULL. */
static double loss(const bilevel_at *at, const double *a, double *g)
{
    const size_t dy = ((const logreg *)at->instance)->base.dy;
    double sum = 0;
    if (g) memset(g, 0, dy * sizeof *g);
    for (size_t k = 0; k < at->b; k++) {
        const double *r = row(at, a, k, dy), z = cc_dot(dy, r, at->y);
        sum += softplus(-z);
        if (g) cc_axpy(dy, -bilevel_sigmoid(-z) / (double)at->b, r, g);
    }
    return sum / (double)at->b;
}

static double f(const bilevel_at *at) { return loss(at, ((const logreg *)at->instance)->valid, NULL); }

static double g(const bilevel_at *at)
{
    const logreg *p = at->instance;
    return loss(at, p->train, NULL) + exp(at->x[0]) * cc_dot(p->base.dy, at->y, at->y) / 2;
}

static void upper(const bilevel_at *at, double *fx, double *fy)
{
    if (fx) fx[0] = 0;
    if (fy) loss(at, ((const logreg *)at->instance)->valid, fy);
}

static void lower(const bilevel_at *at, double *gx, double *gy)
{
    const logreg *p = at->instance;
    const double penalty = exp(at->x[0]);
    if (gx) gx[0] = penalty * cc_dot(p->base.dy, at->y, at->y) / 2;
    if (!gy) return;
    loss(at, p->train, gy);
    cc_axpy(p->base.dy, penalty, at->y, gy);
}

static void hvp(const bilevel_at *at, const double *v, double *out)
{
    const logreg *p = at->instance;
    const size_t dy = p->base.dy;
    const double penalty = exp(at->x[0]);
    for (size_t j = 0; j < dy; j++) out[j] = penalty * v[j];
    for (size_t k = 0; k < at->b; k++) {
        const double *r = row(at, p->train, k, dy), s = bilevel_sigmoid(cc_dot(dy, r, at->y));
        cc_axpy(dy, s * (1 - s) * cc_dot(dy, r, v) / (double)at->b, r, out);
    }
}

static void jvp(const bilevel_at *at, const double *v, double *out)
{
    out[0] = exp(at->x[0]) * cc_dot(((const logreg *)at->instance)->base.dy, at->y, v);
}

static void hess(const bilevel_at *at, double *h)
{
    const logreg *p = at->instance;
    const size_t dy = p->base.dy;
    memset(h, 0, dy * dy * sizeof *h);
    for (size_t k = 0; k < at->b; k++) {
        const double *r = row(at, p->train, k, dy), s = bilevel_sigmoid(cc_dot(dy, r, at->y));
        cc_syr(dy, s * (1 - s) / (double)at->b, r, h);
    }
    for (size_t j = 0; j < dy; j++) h[j * dy + j] += exp(at->x[0]);
}

/* Newton's method with step halving from y = 0. */
static int ystar(const bilevel_at *at, double *y)
{
    const logreg *p = at->instance;
    const size_t dy = p->base.dy;
    double *gy = at->work, *h = gy + dy, *trial = h + dy * dy;
    bilevel_at here = {at->instance, at->block, at->x, y, NULL, p->base.n_lower, NULL};
    memset(y, 0, dy * sizeof *y);
    for (int k = 0; k < 60; k++) {
        lower(&here, NULL, gy);
        if (cc_norm(dy, gy) <= 1e-13) return 0;
        hess(&here, h);
        if (cc_potrf(dy, h)) return -1;
        const double value = g(&here);
        cc_potrs(dy, h, gy);
        double step = 1;
        for (here.y = trial; step > 1e-10; step /= 2) {
            for (size_t j = 0; j < dy; j++) trial[j] = y[j] - step * gy[j];
            if (g(&here) <= value + 1e-15 * fabs(value)) break;
        }
        here.y = y;
        cc_copy(dy, trial, y);
    }
    lower(&here, NULL, gy);
    return cc_norm(dy, gy) <= 1e-10 ? 0 : -1;
}

const bilevel_ops bilevel_logreg_ops = {
    .f = f, .g = g, .upper = upper, .lower = lower, .hvp = hvp, .jvp = jvp, .hess = hess, .ystar = ystar};

/* ---- the instance ---- */

cc_status bilevel_logreg_create(cc_run *scope, void **instance)
{
    data_table t;
    logreg *p;
    double *x0, *y0;
    CC_TRY(data_read(scope, "breast_cancer", &t));
    const size_t dy = t.features + 1, n_upper = (t.n + 2) / 3, n_lower = t.n - n_upper;
    CC_NEW(scope, p, 1);
    CC_NEW(scope, p->train, n_lower * dy);
    CC_NEW(scope, p->valid, n_upper * dy);
    CC_NEW(scope, x0, 1);
    CC_NEW(scope, y0, dy);
    p->base = (bilevel_base){.dx = 1,
                             .dy = dy,
                             .m = 1,
                             .caps = BILEVEL_LOWER_SC | BILEVEL_FINITE_SUM,
                             .n_lower = n_lower,
                             .n_upper = n_upper,
                             .work = dy * dy + 2 * dy,
                             .x0 = x0,
                             .y0 = y0};
    bilevel_standardise(&t);
    double *train = p->train, *valid = p->valid;
    for (size_t i = 0; i < t.n; i++) {
        double *to = i % 3 ? train : valid;
        *(i % 3 ? &train : &valid) += dy;
        const double sign = 2 * t.label[i] - 1;
        for (size_t j = 0; j < t.features; j++) to[j] = sign * t.a[i * t.features + j];
        to[t.features] = sign;
    }
    *instance = p;
    return bilevel_publish(scope, &p->base, &(bilevel_facts){NAN, NAN, NAN, 0.08184065198031334});
}
