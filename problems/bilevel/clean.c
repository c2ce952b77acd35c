/* problems/bilevel/clean.c: data hyper-cleaning on Fashion-MNIST. x_i says how much training image i is to be trusted.
 *
 *   g = (1/n) sum_i sigmoid(x_i) CE_i(W) + reg |W|^2,   f = mean cross-entropy over clean validation images
 *
 * Training: the first n images, a share rho of their labels replaced by other ones; validation: the images after them; the test set
 * is for metrics. A pixel v becomes (v/255 - .2860)/.3530/28; a constant 1 is appended. y = W, 785 x 10. */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/hash.h"
#include "problems/bilevel/problems.h"

enum { PIXELS = 784, D = PIXELS + 1, K = 10, DY = D * K, PANEL = 500, SETTLED = 400 };

typedef struct images {
    size_t n;
    double *a;             /* n x D */
    unsigned char *labels; /* as the methods see them */
} images;

typedef struct clean {
    bilevel_base base;
    images train, valid;
    data_images test;
    unsigned char *corrupted; /* of the training images */
    double reg, L;            /* L: of gy, whatever the weights */
} clean;

/* Rows that a call is about, their logits and what else is kept of them. */
typedef struct batch {
    size_t n;
    const double *a;
    double *P, *U, *rest; /* n x K each; what is left of the work space */
} batch;

static size_t index_of(const bilevel_at *at, size_t k) { return at->ids ? at->ids[k] : k; }

static batch gather(const bilevel_at *at, const images *from)
{
    batch b = {at->b, from->a, at->work, at->work + at->b * K, at->work + 2 * at->b * K};
    if (!at->ids) return b;
    double *rows = b.rest;
    for (size_t k = 0; k < b.n; k++) cc_copy(D, from->a + at->ids[k] * D, rows + k * D);
    b.a = rows, b.rest += b.n * D;
    return b;
}

/* z[K] -> softmax(z); returns ln sum exp z */
static double softmax(double *z)
{
    double most = z[0], sum = 0;
    for (size_t c = 1; c < K; c++) most = fmax(most, z[c]);
    for (size_t c = 0; c < K; c++) sum += z[c] = exp(z[c] - most);
    for (size_t c = 0; c < K; c++) z[c] /= sum;
    return most + log(sum);
}

/* P = softmax(A W) and, unless NULL, ce[k] = the cross-entropy of each row. */
static void probabilities(const bilevel_at *at, const batch *b, const images *from, const double *W, double *ce)
{
    cc_gemm(0, 0, b->n, K, D, 1, b->a, W, 0, b->P);
    for (size_t k = 0; k < b->n; k++) {
        const double correct = b->P[k * K + from->labels[index_of(at, k)]], lse = softmax(b->P + k * K);
        if (ce) ce[k] = lse - correct;
    }
}

static double weighted(const bilevel_at *at, const images *from, const double *x)
{
    const batch b = gather(at, from);
    double sum = 0;
    probabilities(at, &b, from, at->y, b.U);
    for (size_t k = 0; k < b.n; k++) sum += (x ? bilevel_sigmoid(x[index_of(at, k)]) : 1) * b.U[k];
    return sum / (double)b.n;
}

static double f(const bilevel_at *at) { return weighted(at, &((const clean *)at->instance)->valid, NULL); }

static double g(const bilevel_at *at)
{
    const clean *p = at->instance;
    return weighted(at, &p->train, at->x) + p->reg * cc_dot(DY, at->y, at->y);
}

/* P <- diag(s) (P - Y) / n */
static void residuals(const bilevel_at *at, const batch *b, const images *from, const double *x)
{
    for (size_t k = 0; k < b->n; k++) {
        const size_t i = index_of(at, k);
        b->P[k * K + from->labels[i]] -= 1;
        cc_scale(K, (x ? bilevel_sigmoid(x[i]) : 1) / (double)b->n, b->P + k * K);
    }
}

static void upper(const bilevel_at *at, double *fx, double *fy)
{
    const clean *p = at->instance;
    if (fx) memset(fx, 0, p->base.dx * sizeof *fx);
    if (!fy) return;
    const batch b = gather(at, &p->valid);
    probabilities(at, &b, &p->valid, at->y, NULL);
    residuals(at, &b, &p->valid, NULL);
    cc_gemm(1, 0, D, K, b.n, 1, b.a, b.P, 0, fy);
}

static void lower(const bilevel_at *at, double *gx, double *gy)
{
    const clean *p = at->instance;
    const batch b = gather(at, &p->train);
    probabilities(at, &b, &p->train, at->y, b.U);
    if (gx) {
        memset(gx, 0, p->base.dx * sizeof *gx);
        for (size_t k = 0; k < b.n; k++) {
            const double s = bilevel_sigmoid(at->x[index_of(at, k)]);
            gx[index_of(at, k)] = s * (1 - s) * b.U[k] / (double)b.n;
        }
    }
    if (!gy) return;
    residuals(at, &b, &p->train, at->x);
    cc_copy(DY, at->y, gy);
    cc_gemm(1, 0, D, K, b.n, 1, b.a, b.P, 2 * p->reg, gy);
}

static void hvp(const bilevel_at *at, const double *v, double *out)
{
    const clean *p = at->instance;
    const batch b = gather(at, &p->train);
    probabilities(at, &b, &p->train, at->y, NULL);
    cc_gemm(0, 0, b.n, K, D, 1, b.a, v, 0, b.U);
    for (size_t k = 0; k < b.n; k++) {
        double *u = b.U + k * K;
        const double *q = b.P + k * K, along = cc_dot(K, q, u), s = bilevel_sigmoid(at->x[index_of(at, k)]) / (double)b.n;
        for (size_t c = 0; c < K; c++) u[c] = s * q[c] * (u[c] - along);
    }
    cc_copy(DY, v, out);
    cc_gemm(1, 0, D, K, b.n, 1, b.a, b.U, 2 * p->reg, out);
}

static void jvp(const bilevel_at *at, const double *v, double *out)
{
    const clean *p = at->instance;
    const batch b = gather(at, &p->train);
    memset(out, 0, p->base.dx * sizeof *out);
    probabilities(at, &b, &p->train, at->y, NULL);
    cc_gemm(0, 0, b.n, K, D, 1, b.a, v, 0, b.U);
    for (size_t k = 0; k < b.n; k++) {
        const size_t i = index_of(at, k);
        const double s = bilevel_sigmoid(at->x[i]), along = cc_dot(K, b.P + k * K, b.U + k * K);
        out[i] = s * (1 - s) * (along - b.U[k * K + p->train.labels[i]]) / (double)b.n;
    }
}

/* ---- the referee's solver ---- */

/* Nesterov's accelerated gradient from W = 0, SETTLED full steps of 1/L. */
static int ystar(const bilevel_at *at, double *y)
{
    const clean *p = at->instance;
    double *gy = at->work + 2 * p->base.n_lower * K, *ahead = gy + DY;
    const bilevel_at here = {at->instance, 0, at->x, ahead, NULL, p->base.n_lower, at->work};
    memset(y, 0, DY * sizeof *y);
    memset(ahead, 0, DY * sizeof *ahead);
    for (size_t k = 0; k < SETTLED; k++) {
        const double momentum = (double)k / ((double)k + 3);
        lower(&here, NULL, gy);
        for (size_t j = 0; j < DY; j++) {
            const double next = ahead[j] - gy[j] / p->L;
            ahead[j] = next + momentum * (next - y[j]);
            y[j] = next;
        }
    }
    return isfinite(cc_dot(DY, y, y)) ? 0 : -1;
}

const bilevel_ops bilevel_clean_ops = {.f = f, .g = g, .upper = upper, .lower = lower, .hvp = hvp, .jvp = jvp, .ystar = ystar};

/* ---- metrics ---- */

static void scaled(const unsigned char *pixels, double *row)
{
    for (size_t j = 0; j < PIXELS; j++) row[j] = ((double)pixels[j] / 255 - .2860) / .3530 / 28;
    row[PIXELS] = 1;
}

static double test_accuracy(const cc_oracle *o, const double *W)
{
    const clean *p = o->instance;
    double *rows = ((bilevel_env *)o->env)->work, *z = rows + PANEL * D;
    size_t right = 0;
    for (size_t first = 0; first < p->test.n; first += PANEL) {
        const size_t n = p->test.n - first < PANEL ? p->test.n - first : PANEL;
        for (size_t k = 0; k < n; k++) scaled(p->test.pixels + (first + k) * PIXELS, rows + k * D);
        cc_gemm(0, 0, n, K, D, 1, rows, W, 0, z);
        for (size_t k = 0; k < n; k++) {
            size_t best = 0;
            for (size_t c = 1; c < K; c++)
                if (z[k * K + c] > z[k * K + best]) best = c;
            right += best == p->test.labels[first + k];
        }
    }
    return (double)right / (double)p->test.n;
}

static double accuracy(const cc_oracle *o, const void *candidate)
{
    const double *y = (const double *)candidate + ((const bilevel_base *)o->instance)->dx;
    return isnan(y[0]) ? NAN : test_accuracy(o, y);
}

static double refit_accuracy(const cc_oracle *o, const void *candidate)
{
    double phi;
    bilevel_referee(o, candidate, &phi, NULL);
    return isnan(phi) ? NAN : test_accuracy(o, ((bilevel_env *)o->env)->y);
}

/* P(weight of a clean image > weight of a corrupted one), ties half. */
static double auc(const cc_oracle *o, const void *candidate)
{
    const clean *p = o->instance;
    const double *x = candidate;
    size_t bad = 0;
    double wins = 0;
    for (size_t i = 0; i < p->train.n; i++) {
        if (!p->corrupted[i]) continue;
        bad++;
        for (size_t j = 0; j < p->train.n; j++)
            if (!p->corrupted[j]) wins += x[j] > x[i] ? 1 : x[j] == x[i] ? .5 : 0;
    }
    return bad == 0 || bad == p->train.n ? NAN : wins / (double)(bad * (p->train.n - bad));
}

const cc_metric bilevel_clean_metrics[] = {
    {"accuracy", "", "of the candidate's y on the test images", accuracy},
    {"refit_accuracy", "", "of y*(x) on the test images", refit_accuracy},
    {"auc", "", "probability that a clean image weighs more than a corrupted one", auc},
    {0},
};

/* ---- the instance ---- */

static cc_status take(cc_run *scope, const data_images *from, size_t first, size_t n, images *to)
{
    to->n = n;
    CC_NEW(scope, to->a, n * D);
    CC_NEW(scope, to->labels, n);
    for (size_t i = 0; i < n; i++) {
        scaled(from->pixels + (first + i) * PIXELS, to->a + i * D);
        to->labels[i] = from->labels[first + i];
    }
    return CC_OK;
}

static void corrupt(clean *p, double rho)
{
    for (size_t i = 0; i < p->train.n; i++) {
        p->corrupted[i] = bilevel_u01(7, 11, i, 0) < rho;
        if (p->corrupted[i])
            p->train.labels[i] = (unsigned char)((p->train.labels[i] + 1 + (int)(9 * bilevel_u01(7, 11, i, 1))) % K);
    }
}

/* lambda_max(A'A/n) / 2, the bound of the Hessian of mean cross-entropy, by the power method. */
static cc_status curvature(cc_run *scope, const images *set, double *bound)
{
    double *v, *w, *u, norm = 0;
    CC_NEW(scope, v, D);
    CC_NEW(scope, w, D);
    CC_NEW(scope, u, set->n);
    for (size_t j = 0; j < D; j++) v[j] = 1 / sqrt(D);
    for (int k = 0; k < 100; k++) {
        cc_gemv(set->n, D, 1, set->a, v, 0, u);
        cc_gemv_t(set->n, D, 1 / (double)set->n, set->a, u, 0, w);
        norm = cc_norm(D, w);
        for (size_t j = 0; j < D; j++) v[j] = w[j] / norm;
    }
    *bound = norm / 2;
    return CC_OK;
}

cc_status bilevel_clean_create(cc_run *scope, void **instance)
{
    const size_t n_lower = (size_t)cc_int(scope, "n_train"), n_upper = (size_t)cc_int(scope, "n_valid");
    const size_t most = n_lower > n_upper ? n_lower : n_upper;
    data_images all;
    clean *p;
    double *x0, *y0;
    CC_NEW(scope, p, 1);
    CC_TRY(data_fashion_mnist(scope, DATA_TRAIN, n_lower + n_upper, &all));
    CC_TRY(data_fashion_mnist(scope, DATA_TEST, 10000, &p->test));
    CC_TRY(take(scope, &all, 0, n_lower, &p->train));
    CC_TRY(take(scope, &all, n_lower, n_upper, &p->valid));
    CC_NEW(scope, p->corrupted, n_lower);
    CC_NEW(scope, x0, n_lower);
    CC_NEW(scope, y0, DY);
    corrupt(p, cc_real(scope, "rho"));
    if (cc_bool(scope, "shuffle_validation")) bilevel_shuffle(scope, n_upper, 1, p->valid.labels);
    p->reg = cc_real(scope, "reg");
    CC_TRY(curvature(scope, &p->train, &p->L));
    p->L += 2 * p->reg;
    const size_t oracle = most * (2 * K + D), referee = 2 * most * K + 2 * DY, test = PANEL * (D + K);
    p->base = (bilevel_base){.dx = n_lower,
                             .dy = DY,
                             .m = 1,
                             .caps = BILEVEL_LOWER_SC | BILEVEL_FINITE_SUM,
                             .n_lower = n_lower,
                             .n_upper = n_upper,
                             .work = oracle > referee ? (oracle > test ? oracle : test) : (referee > test ? referee : test),
                             .x0 = x0,
                             .y0 = y0};
    *instance = p;
    return bilevel_publish(scope, &p->base, &(bilevel_facts){2 * p->reg, p->L, NAN, NAN});
}

const cc_param bilevel_clean_params[] = {
    {"rho", CC_REAL, "0.4", 0, 1, .doc = "share of training labels that are replaced"},
    {"reg", CC_REAL, "5e-5", 1e-12, 1, .doc = "weight of |W|^2"},
    {"n_train", CC_INT, "2000", 2, 50000, .doc = "training images, and entries of x"},
    {"n_valid", CC_INT, "1000", 1, 10000, .doc = "validation images"},
    {"shuffle_validation", CC_BOOL, "false", .doc = "permute the validation labels: nothing can then be learnt"},
    {0},
};
