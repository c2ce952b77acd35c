/* problems/smooth/softmax.c: multinomial regression, W (C x k, row-major, k = features + 1), start 0,
 * f(W) = (1/N) sum [ lse(W a_i) - (W a_i)_{t_i} ] + (lam/2) norm(W)_F^2, t_i the class of a_i, a column of ones last.
 *
 * With p_i the softmax of W a_i: grad = (1/N) sum (p_i - e_{t_i}) a_i' + lam W, and block (c, b) of the Hessian is
 * (1/N) sum p_ic ([c = b] - p_ib) a_i a_i' + lam I [c = b]. The softmax Hessian is at most 1/2, so L1 = lmax(A'A/N)/2 + lam;
 * Mqsc = sqrt 2 max norm(a_i), the range of a difference of two logits. */
#include "problems/data/data.h"
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"

#include <math.h>
#include <string.h>

typedef struct softmax {
    smooth_base base;
    size_t n, k, classes;
    double lam;
    const double *a; /* n x k */
    const size_t *t; /* n */
} softmax;

static cc_status load(cc_run *scope, softmax *p)
{
    data_table table;
    double *a;
    size_t *t;
    CC_TRY(data_read(scope, "digits", &table));
    p->n = table.n, p->k = table.features + 1, p->classes = 10;
    CC_NEW(scope, a, p->n * p->k);
    CC_NEW(scope, t, p->n);
    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = 0; j < table.features; j++) a[i * p->k + j] = table.a[i * table.features + j] / 16;
        a[i * p->k + table.features] = 1;
        t[i] = (size_t)table.label[i];
        if (t[i] >= p->classes) return cc_fail(scope, CC_EDATA, "digits: row %zu has class %zu", i + 1, t[i]);
    }
    p->a = a, p->t = t;
    return CC_OK;
}

cc_status smooth_softmax_create(cc_run *scope, void **instance)
{
    softmax *p;
    double *x_star, longest = 0;
    smooth_facts facts = smooth_unknown();
    CC_NEW(scope, p, 1);
    CC_TRY(load(scope, p));
    const size_t d = p->classes * p->k;
    CC_NEW(scope, x_star, d);
    p->lam = cc_real(scope, "lam");
    p->base = (smooth_base){.d = d, .samples = p->n, .pass = p->n * p->classes + 1, .x0 = smooth_constant(scope, d, 0)};
    p->base.work = p->n * p->classes + p->n + SMOOTH_PANEL * p->k + p->k * p->k;
    if (!p->base.x0) return CC_ENOMEM;
    for (size_t i = 0; i < p->n; i++) longest = fmax(longest, cc_norm(p->k, p->a + i * p->k));
    facts.L1 = smooth_lmax_gram(scope, p->n, p->k, p->a) / (double)p->n / 2 + p->lam;
    facts.mu = p->lam, facts.Mqsc = sqrt(2) * longest, facts.R = longest, facts.convex = 1;
    facts.tgt_L = .5, facts.tgt_mu = 0, p->base.targets = p->classes;
    CC_TRY(smooth_minimise(scope, &p->base, &smooth_softmax_ops, x_star, &facts.f_star));
    p->base.x_star = x_star;
    *instance = p;
    return smooth_publish(scope, &p->base, &facts);
}

/* The softmax of z (C numbers) in place; returns lse(z) - z_t. */
static double normalise(size_t classes, double *z, size_t t)
{
    double top = -INFINITY, sum = 0;
    for (size_t c = 0; c < classes; c++) top = z[c] > top ? z[c] : top;
    const double right = z[t] - top;
    for (size_t c = 0; c < classes; c++) sum += z[c] = exp(z[c] - top);
    cc_scale(classes, 1 / sum, z);
    return log(sum) - right;
}

/* pass: p (n x C), then f */
static void forward(const void *instance, const double *x, double *pass)
{
    const softmax *p = instance;
    double sum = 0;
    cc_gemm(0, 1, p->n, p->classes, p->k, 1, p->a, x, 0, pass);
    for (size_t i = 0; i < p->n; i++) sum += normalise(p->classes, pass + i * p->classes, p->t[i]);
    pass[p->n * p->classes] = sum / (double)p->n + p->lam / 2 * cc_dot(p->base.d, x, x);
}

static double value(const smooth_point *at)
{
    const softmax *p = at->instance;
    return at->pass[p->n * p->classes];
}

static void grad(const smooth_point *at, double *g)
{
    const softmax *p = at->instance;
    cc_copy(p->n * p->classes, at->pass, at->work);
    for (size_t i = 0; i < p->n; i++) at->work[i * p->classes + p->t[i]] -= 1;
    cc_copy(p->base.d, at->x, g);
    cc_gemm(1, 0, p->classes, p->k, p->n, 1 / (double)p->n, at->work, p->a, p->lam, g);
}

/* Block (c, b), b <= c: sum w_i a_i a_i' with w_i = p_ic (1 - p_ic) / N when b = c, else - p_ic p_ib / N, of both triangles. */
static void block(const smooth_point *at, size_t c, size_t b, double *h)
{
    const softmax *p = at->instance;
    const size_t k = p->k, d = p->base.d;
    double *w = at->work, *panel = w + p->n, *gram = panel + SMOOTH_PANEL * k;
    for (size_t i = 0; i < p->n; i++) {
        const double *q = at->pass + i * p->classes;
        w[i] = q[c] * (b == c ? 1 - q[c] : q[b]) / (double)p->n;
    }
    smooth_gram(p->n, k, p->a, w, panel, gram);
    cc_fill_upper(k, gram);
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) h[(c * k + i) * d + b * k + j] = b == c ? gram[i * k + j] : -gram[i * k + j];
    }
}

static void hess(const smooth_point *at, double *h)
{
    const softmax *p = at->instance;
    for (size_t c = 0; c < p->classes; c++) {
        for (size_t b = 0; b <= c; b++) block(at, c, b, h);
    }
    for (size_t j = 0; j < p->base.d; j++) h[j * p->base.d + j] += p->lam;
}

static void hvp(const smooth_point *at, const double *v, double *out)
{
    const softmax *p = at->instance;
    double *u = at->work; /* A V', then p * (u - <p, u>) */
    cc_gemm(0, 1, p->n, p->classes, p->k, 1, p->a, v, 0, u);
    for (size_t i = 0; i < p->n; i++) {
        const double *q = at->pass + i * p->classes, mean = cc_dot(p->classes, q, u + i * p->classes);
        for (size_t c = 0; c < p->classes; c++) u[i * p->classes + c] = q[c] * (u[i * p->classes + c] - mean);
    }
    cc_copy(p->base.d, v, out);
    cc_gemm(1, 0, p->classes, p->k, p->n, 1 / (double)p->n, u, p->a, p->lam, out);
}

/* Into z: p - e_t of sample i at x. Returns its loss. */
static double one_sample(const softmax *p, const double *x, size_t i, double *z)
{
    cc_gemv(p->classes, p->k, 1, x, p->a + i * p->k, 0, z);
    const double loss = normalise(p->classes, z, p->t[i]);
    z[p->t[i]] -= 1;
    return loss;
}

enum { MOST_CLASSES = 64 };

static double batch(const void *instance, const double *x, const size_t *ids, size_t b, double *g)
{
    const softmax *p = instance;
    double z[MOST_CLASSES], sum = 0;
    for (size_t j = 0; g && j < p->base.d; j++) g[j] = p->lam * x[j];
    for (size_t s = 0; s < b; s++) {
        sum += one_sample(p, x, ids[s], z);
        if (g) cc_ger(p->classes, p->k, 1 / (double)b, z, p->a + ids[s] * p->k, g);
    }
    return sum / (double)b + p->lam / 2 * cc_dot(p->base.d, x, x);
}

static void perex(const void *instance, const double *x, const size_t *ids, size_t b, double *rows)
{
    const softmax *p = instance;
    double z[MOST_CLASSES];
    for (size_t s = 0; s < b; s++) {
        double *row = rows + s * p->base.d;
        one_sample(p, x, ids[s], z);
        for (size_t c = 0; c < p->classes; c++) {
            for (size_t j = 0; j < p->k; j++) row[c * p->k + j] = z[c] * p->a[ids[s] * p->k + j];
        }
    }
}

static void perex_sqnorm(const smooth_point *at, const size_t *ids, size_t b, double *sq)
{
    const softmax *p = at->instance;
    double z[MOST_CLASSES];
    for (size_t s = 0; s < b; s++) {
        const double *a = p->a + ids[s] * p->k;
        one_sample(p, at->x, ids[s], z);
        sq[s] = cc_dot(p->classes, z, z) * cc_dot(p->k, a, a);
    }
}

static void perex_dot(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *dots)
{
    const softmax *p = at->instance;
    double z[MOST_CLASSES], va[MOST_CLASSES];
    for (size_t s = 0; s < b; s++) {
        one_sample(p, at->x, ids[s], z);
        cc_gemv(p->classes, p->k, 1, v, p->a + ids[s] * p->k, 0, va);
        dots[s] = cc_dot(p->classes, z, va);
    }
}

/* ---- the target of a sample is W a_i ---- */

static void push(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *dz)
{
    const softmax *p = at->instance;
    for (size_t s = 0; s < b; s++) cc_gemv(p->classes, p->k, 1, v, p->a + ids[s] * p->k, 0, dz + s * p->classes);
}

static void target_forward(const smooth_point *at, const size_t *ids, size_t b, double *z) { push(at, ids, b, at->x, z); }

static double target_loss(const smooth_point *at, const double *z, const size_t *ids, size_t b)
{
    const softmax *p = at->instance;
    double sum = 0, q[MOST_CLASSES];
    for (size_t s = 0; s < b; s++) {
        cc_copy(p->classes, z + s * p->classes, q);
        sum += normalise(p->classes, q, p->t[ids[s]]);
    }
    return sum;
}

static void target_grad(const smooth_point *at, const double *z, const size_t *ids, size_t b, double *dz)
{
    const softmax *p = at->instance;
    cc_copy(b * p->classes, z, dz);
    for (size_t s = 0; s < b; s++) {
        normalise(p->classes, dz + s * p->classes, p->t[ids[s]]);
        dz[s * p->classes + p->t[ids[s]]] -= 1;
    }
}

static void pull(const smooth_point *at, const size_t *ids, size_t b, const double *dz, double *g)
{
    const softmax *p = at->instance;
    memset(g, 0, p->base.d * sizeof *g);
    for (size_t s = 0; s < b; s++) cc_ger(p->classes, p->k, 1, dz + s * p->classes, p->a + ids[s] * p->k, g);
}

static const smooth_target_ops targets = {target_forward, target_loss, target_grad, pull, push};

const smooth_ops smooth_softmax_ops = {
    .forward = forward,
    .value = value,
    .grad = grad,
    .hess = {[SMOOTH_EXACT] = hess, [SMOOTH_GN] = hess},
    .hvp = {[SMOOTH_EXACT] = hvp, [SMOOTH_GN] = hvp},
    .batch = batch,
    .perex = perex,
    .perex_sqnorm = perex_sqnorm,
    .perex_dot = perex_dot,
    .target = &targets,
};
