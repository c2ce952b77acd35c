/* problems/smooth/logreg.c: binary logistic regression, f(x) = (1/N) sum log(1 + exp(-y_i a_i'x)) + (lam/2) norm(x)^2, a column of
 * ones last (regularised too), start 0.
 *
 * With margins m_i = y_i a_i'x and s_i = 1/(1 + e^{m_i}): grad f_i = -s_i y_i a_i, D^2 f_i = s_i (1 - s_i) a_i a_i'. Since
 * |sigma''| <= 1/(6 sqrt 3), L2 <= min(R lmax(A'A/N), mean norm(a_i)^3) / (6 sqrt 3); L1 = lmax(A'A/N)/4 + lam; Mqsc = R = max
 * norm(a_i). */
#include "problems/data/data.h"
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"
#include "problems/splitmix.h"

#include <math.h>
#include <string.h>

typedef struct logreg {
    smooth_base base;
    size_t n;
    double lam;
    const double *ya; /* n x d, row i is y_i a_i */
} logreg;

enum { BC, HEART, DIG2, SEP };

/* Columns minus their mean, over their population standard deviation. */
static void standardise(size_t n, size_t d, double *a)
{
    for (size_t j = 0; j < d; j++) {
        double mean = 0, var = 0;
        for (size_t i = 0; i < n; i++) mean += a[i * d + j];
        mean /= (double)n;
        for (size_t i = 0; i < n; i++) var += (a[i * d + j] - mean) * (a[i * d + j] - mean);
        const double std = sqrt(var / (double)n);
        for (size_t i = 0; i < n; i++) a[i * d + j] = (a[i * d + j] - mean) / std;
    }
}

/* Normal points with the labels of a random hyperplane: separable, the infimum 0 is not attained. */
static cc_status separable(cc_run *scope, data_table *t)
{
    uint64_t state = cc_seed(scope);
    double w[10];
    *t = (data_table){.n = 200, .features = 10};
    CC_NEW(scope, t->a, t->n * t->features);
    CC_NEW(scope, t->label, t->n);
    cc_sm64_sphere(&state, t->features, w);
    for (size_t i = 0; i < t->n; i++) {
        double *row = t->a + i * t->features, along = 0;
        for (size_t j = 0; j < t->features; j++) {
            row[j] = cc_sm64_normal(&state);
            along += row[j] * w[j];
        }
        t->label[i] = along > 0 ? 1 : -1;
    }
    return CC_OK;
}

static cc_status load(cc_run *scope, int data, data_table *t)
{
    static const char *const file[] = {"breast_cancer", "heart_scale", "digits"};
    if (data == SEP) return separable(scope, t);
    CC_TRY(data_read(scope, file[data], t));
    for (size_t i = 0; i < t->n; i++) {
        if (data == BC) t->label[i] = t->label[i] > 0 ? 1 : -1;             /* 1: benign */
        if (data == DIG2) t->label[i] = fmod(t->label[i], 2) == 0 ? 1 : -1; /* even digits against odd ones */
    }
    if (data == BC) standardise(t->n, t->features, t->a);
    if (data == DIG2) cc_scale(t->n * t->features, 1.0 / 16, t->a);
    return CC_OK;
}

/* Rows y_i (a_i, 1). */
static cc_status fold(cc_run *scope, const data_table *t, const double **ya)
{
    const size_t d = t->features + 1;
    double *rows;
    CC_NEW(scope, rows, t->n * d);
    for (size_t i = 0; i < t->n; i++) {
        for (size_t j = 0; j < d; j++) rows[i * d + j] = t->label[i] * (j < t->features ? t->a[i * t->features + j] : 1);
    }
    *ya = rows;
    return CC_OK;
}

static void constants(const logreg *p, double lmax, smooth_facts *facts)
{
    double r = 0, cubes = 0;
    for (size_t i = 0; i < p->n; i++) {
        const double norm = cc_norm(p->base.d, p->ya + i * p->base.d);
        r = fmax(r, norm);
        cubes += norm * norm * norm / (double)p->n;
    }
    *facts = (smooth_facts){.L1 = lmax / 4 + p->lam,
                            .L2 = fmin(r * lmax, cubes) / (6 * sqrt(3)),
                            .mu = p->lam,
                            .Mqsc = r,
                            .R = r,
                            .convex = 1,
                            .f_star = 0,
                            .tgt_L = .25,
                            .tgt_mu = 0};
}

cc_status smooth_logreg_create(cc_run *scope, void **instance)
{
    const int data = cc_choice(scope, "data");
    logreg *p;
    data_table t;
    smooth_facts facts;
    CC_NEW(scope, p, 1);
    CC_TRY(load(scope, data, &t));
    CC_TRY(fold(scope, &t, &p->ya));
    const size_t d = t.features + 1;
    p->n = t.n, p->lam = cc_real(scope, "lam");
    p->base = (smooth_base){.d = d, .samples = t.n, .pass = 2 * t.n + 1, .work = t.n + SMOOTH_PANEL * d};
    p->base.targets = 1;
    p->base.x0 = smooth_constant(scope, d, 0);
    if (!p->base.x0) return CC_ENOMEM;
    constants(p, smooth_lmax_gram(scope, t.n, d, p->ya) / (double)t.n, &facts);
    if (data != SEP || p->lam > 0) {
        double *x_star;
        CC_NEW(scope, x_star, d);
        CC_TRY(smooth_minimise(scope, &p->base, &smooth_logreg_ops, x_star, &facts.f_star));
        p->base.x_star = x_star;
    }
    *instance = p;
    return smooth_publish(scope, &p->base, &facts);
}

/* s = 1/(1 + e^m) and log(1 + e^-m), without overflow on either side */
static double sigmoid_loss(double m, double *s)
{
    const double e = exp(-fabs(m));
    *s = (m > 0 ? e : 1) / (1 + e);
    return log1p(e) + (m > 0 ? 0 : -m);
}

/* pass: margins, s, then f */
static void forward(const void *instance, const double *x, double *pass)
{
    const logreg *p = instance;
    const size_t n = p->n, d = p->base.d;
    double sum = 0;
    cc_gemv(n, d, 1, p->ya, x, 0, pass);
    for (size_t i = 0; i < n; i++) sum += sigmoid_loss(pass[i], pass + n + i);
    pass[2 * n] = sum / (double)n + p->lam / 2 * cc_dot(d, x, x);
}

static double value(const smooth_point *at) { return at->pass[2 * ((const logreg *)at->instance)->n]; }

static void grad(const smooth_point *at, double *g)
{
    const logreg *p = at->instance;
    cc_copy(p->base.d, at->x, g);
    cc_gemv_t(p->n, p->base.d, -1 / (double)p->n, p->ya, at->pass + p->n, p->lam, g);
}

/* The weight of a_i a_i' / N: s (1 - s), the empirical Fisher s^2, or the foil 1/4. */
static double weight(smooth_kind kind, double s)
{
    return kind == SMOOTH_FISHER ? s * s : kind == SMOOTH_UNIFORM ? .25 : s * (1 - s);
}

static void weighted(const smooth_point *at, smooth_kind kind, double *h)
{
    const logreg *p = at->instance;
    double *w = at->work;
    for (size_t i = 0; i < p->n; i++) w[i] = weight(kind, at->pass[p->n + i]) / (double)p->n;
    smooth_gram(p->n, p->base.d, p->ya, w, at->work + p->n, h);
    for (size_t j = 0; j < p->base.d; j++) h[j * p->base.d + j] += p->lam;
}

static void product(const smooth_point *at, smooth_kind kind, const double *v, double *out)
{
    const logreg *p = at->instance;
    double *w = at->work;
    cc_gemv(p->n, p->base.d, 1, p->ya, v, 0, w);
    for (size_t i = 0; i < p->n; i++) w[i] *= weight(kind, at->pass[p->n + i]) / (double)p->n;
    cc_copy(p->base.d, v, out);
    cc_gemv_t(p->n, p->base.d, 1, p->ya, w, p->lam, out);
}

static void hess(const smooth_point *at, double *h) { weighted(at, SMOOTH_EXACT, h); }
static void fisher(const smooth_point *at, double *h) { weighted(at, SMOOTH_FISHER, h); }
static void uniform(const smooth_point *at, double *h) { weighted(at, SMOOTH_UNIFORM, h); }
static void hvp(const smooth_point *at, const double *v, double *out) { product(at, SMOOTH_EXACT, v, out); }
static void fisher_vec(const smooth_point *at, const double *v, double *out) { product(at, SMOOTH_FISHER, v, out); }

static double batch(const void *instance, const double *x, const size_t *ids, size_t b, double *g)
{
    const logreg *p = instance;
    const size_t d = p->base.d;
    double sum = 0, s;
    for (size_t j = 0; g && j < d; j++) g[j] = p->lam * x[j];
    for (size_t k = 0; k < b; k++) {
        const double *row = p->ya + ids[k] * d;
        sum += sigmoid_loss(cc_dot(d, row, x), &s);
        if (g) cc_axpy(d, -s / (double)b, row, g);
    }
    return sum / (double)b + p->lam / 2 * cc_dot(d, x, x);
}

static void perex(const void *instance, const double *x, const size_t *ids, size_t b, double *rows)
{
    const logreg *p = instance;
    const size_t d = p->base.d;
    double s;
    for (size_t k = 0; k < b; k++) {
        const double *row = p->ya + ids[k] * d;
        sigmoid_loss(cc_dot(d, row, x), &s);
        for (size_t j = 0; j < d; j++) rows[k * d + j] = -s * row[j];
    }
}

static void perex_sqnorm(const smooth_point *at, const size_t *ids, size_t b, double *sq)
{
    const logreg *p = at->instance;
    const size_t d = p->base.d;
    for (size_t k = 0; k < b; k++) {
        const double *row = p->ya + ids[k] * d;
        double s;
        sigmoid_loss(cc_dot(d, row, at->x), &s);
        sq[k] = s * s * cc_dot(d, row, row);
    }
}

static void perex_dot(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *dots)
{
    const logreg *p = at->instance;
    const size_t d = p->base.d;
    for (size_t k = 0; k < b; k++) {
        const double *row = p->ya + ids[k] * d;
        double s;
        sigmoid_loss(cc_dot(d, row, at->x), &s);
        dots[k] = -s * cc_dot(d, row, v);
    }
}

/* ---- the target of a sample is its margin z = y_i a_i'x, l(z) = log(1 + e^-z) ---- */

static void push(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *dz)
{
    const logreg *p = at->instance;
    for (size_t k = 0; k < b; k++) dz[k] = cc_dot(p->base.d, p->ya + ids[k] * p->base.d, v);
}

static void target_forward(const smooth_point *at, const size_t *ids, size_t b, double *z) { push(at, ids, b, at->x, z); }

static double target_loss(const smooth_point *at, const double *z, const size_t *ids, size_t b)
{
    double sum = 0, s;
    (void)at, (void)ids;
    for (size_t k = 0; k < b; k++) sum += sigmoid_loss(z[k], &s);
    return sum;
}

static void target_grad(const smooth_point *at, const double *z, const size_t *ids, size_t b, double *dz)
{
    double s;
    (void)at, (void)ids;
    for (size_t k = 0; k < b; k++) {
        sigmoid_loss(z[k], &s);
        dz[k] = -s;
    }
}

static void pull(const smooth_point *at, const size_t *ids, size_t b, const double *dz, double *g)
{
    const logreg *p = at->instance;
    const size_t d = p->base.d;
    memset(g, 0, d * sizeof *g);
    for (size_t k = 0; k < b; k++) cc_axpy(d, dz[k], p->ya + ids[k] * d, g);
}

static const smooth_target_ops targets = {target_forward, target_loss, target_grad, pull, push};

const smooth_ops smooth_logreg_ops = {
    .forward = forward,
    .value = value,
    .grad = grad,
    .hess = {[SMOOTH_EXACT] = hess, [SMOOTH_GN] = hess, [SMOOTH_FISHER] = fisher, [SMOOTH_UNIFORM] = uniform},
    .hvp = {[SMOOTH_EXACT] = hvp, [SMOOTH_GN] = hvp, [SMOOTH_FISHER] = fisher_vec},
    .batch = batch,
    .perex = perex,
    .perex_sqnorm = perex_sqnorm,
    .perex_dot = perex_dot,
    .target = &targets,
};
