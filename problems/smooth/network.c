/* problems/smooth/network.c: losses of multilayer perceptrons, f(w) = (scale / N) sum_i weight l(net(x_i; w), y_i) + (l2/2) |w|^2,
 * by harness/numerics/mlp.h: the Hessian exact, Gauss-Newton's and Fisher's, samples. Where phi or the loss has no second
 * derivative the exact Hessian is that of the piece. No Lipschitz constant is known.
 *
 * The work space belongs to the instance, and is left by every call but for the pass at the last point: a run whose point it is not
 * makes its pass again. */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/smooth/network.h"

enum { MOST_ROWS = 2048, WHOLE = 4096 }; /* examples of a pass; up to so many weights whole Hessians are made in blocks */

cc_status smooth_network_setup(cc_run *scope, smooth_network *p)
{
    size_t rows = p->data.n < MOST_ROWS ? p->data.n : MOST_ROWS;
    CC_TRY(cc_mlp_check(scope, &p->net, &p->data));
    CC_TRY(cc_mlp_work_new(scope, &p->net, rows, p->net.weights <= WHOLE ? 16 : 1, &p->work));
    p->data.scale = p->factor / (double)p->data.n;
    p->base.d = p->net.weights, p->base.samples = p->data.n;
    return CC_OK;
}

cc_status smooth_network_start(cc_run *scope, smooth_network *p, cc_mlp_start how, uint32_t stream)
{
    double *w;
    cc_rng rng = cc_stream(scope, stream, 0);
    CC_NEW(scope, w, p->net.weights);
    cc_mlp_init(&p->net, how, &rng, w);
    p->base.x0 = w;
    return CC_OK;
}

/* ---- the oracles; what they ask of the work space was checked by the setup ---- */

static void forward(const void *instance, const double *x, double *pass)
{
    const smooth_network *p = instance;
    (void)pass;
    cc_mlp_at(p->work, x, &p->data);
}

static const smooth_network *go(const smooth_point *at)
{
    const smooth_network *p = at->instance;
    if (cc_mlp_where(p->work) != at->x) cc_mlp_at(p->work, at->x, &p->data);
    return p;
}

static double ridge(const smooth_network *p, const double *x) { return p->l2 > 0 ? p->l2 / 2 * cc_dot(p->base.d, x, x) : 0; }

static double value(const smooth_point *at)
{
    const smooth_network *p = go(at);
    double f = NAN;
    cc_mlp_here(p->work, &f, NULL);
    return f + ridge(p, at->x);
}

static void grad(const smooth_point *at, double *g)
{
    const smooth_network *p = go(at);
    cc_mlp_here(p->work, NULL, g);
    if (p->l2 > 0) cc_axpy(p->base.d, p->l2, at->x, g);
}

static void matrix(const smooth_point *at, cc_mlp_curvature kind, double *h)
{
    const smooth_network *p = go(at);
    if (cc_mlp_matrix(p->work, kind, h) != CC_OK) h[0] = NAN; /* not symmetric: shown as a Hessian that is none */
    for (size_t i = 0; i < p->base.d; i++) h[i * (p->base.d + 1)] += p->l2;
}

static void exact(const smooth_point *at, double *h) { matrix(at, CC_MLP_HESSIAN, h); }
static void gauss_newton(const smooth_point *at, double *h) { matrix(at, CC_MLP_GGN, h); }

static void product(const smooth_point *at, cc_mlp_curvature kind, const double *v, double *out)
{
    const smooth_network *p = go(at);
    cc_mlp_product(p->work, kind, 1, v, out);
    if (p->l2 > 0) cc_axpy(p->base.d, p->l2, v, out);
}

static void exact_product(const smooth_point *at, const double *v, double *out) { product(at, CC_MLP_HESSIAN, v, out); }
static void gauss_newton_product(const smooth_point *at, const double *v, double *out) { product(at, CC_MLP_GGN, v, out); }

/* Gradients of single samples are `factor` times those of l_i, so their second moment is factor^2 times the mean of squares; the
 * kernel has one factor in the batch's scale. */
static void fisher(const smooth_point *at, double *h)
{
    const smooth_network *p = go(at);
    size_t d = p->base.d;
    if (cc_mlp_matrix(p->work, CC_MLP_FISHER, h) != CC_OK) h[0] = NAN;
    if (p->factor != 1) cc_scale(d * d, p->factor, h);
    for (size_t i = 0; i < d; i++) h[i * (d + 1)] += p->l2;
}

static void fisher_product(const smooth_point *at, const double *v, double *out)
{
    const smooth_network *p = go(at);
    cc_mlp_product(p->work, CC_MLP_FISHER, 1, v, out);
    if (p->factor != 1) cc_scale(p->base.d, p->factor, out);
    if (p->l2 > 0) cc_axpy(p->base.d, p->l2, v, out);
}

static double batch(const void *instance, const double *x, const size_t *ids, size_t b, double *g)
{
    const smooth_network *p = instance;
    cc_batch some = p->data;
    double f = NAN;
    some.ids = ids, some.n = b, some.scale = p->factor / (double)b;
    cc_mlp_grad(p->work, x, &some, &f, g);
    if (g && p->l2 > 0) cc_axpy(p->base.d, p->l2, x, g);
    return f + ridge(p, x);
}

static void perex(const void *instance, const double *x, const size_t *ids, size_t b, double *rows)
{
    const smooth_network *p = instance;
    cc_batch some = p->data;
    some.ids = ids, some.n = b;
    cc_mlp_example_grads(p->work, x, &some, rows);
    if (p->factor != 1) cc_scale(b * p->base.d, p->factor, rows);
}

const smooth_ops smooth_network_ops = {
    .forward = forward,
    .value = value,
    .grad = grad,
    .hess = {[SMOOTH_EXACT] = exact, [SMOOTH_GN] = gauss_newton, [SMOOTH_FISHER] = fisher},
    .hvp = {[SMOOTH_EXACT] = exact_product, [SMOOTH_GN] = gauss_newton_product, [SMOOTH_FISHER] = fisher_product},
    .batch = batch,
    .perex = perex,
};

/* ---- metric ---- */

static double accuracy(const cc_oracle *o, const void *candidate)
{
    const smooth_network *p = o->instance;
    double share = NAN;
    if (p->classes) cc_mlp_accuracy(p->work, candidate, &p->data, &share);
    return share;
}

const cc_metric smooth_network_metrics[] = {
    {"train_accuracy", "", "share of the examples whose class is found; NaN where there are no classes", accuracy},
    {0},
};
