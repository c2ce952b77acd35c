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
    p->base.targets = p->base.work = p->net.width[p->net.layers];
    return CC_OK;
}

/* Of l_i in its outputs: |D^2 l| <= 1/2 for softmax, 1 for half squares, 1/4 for the logistic loss. */
void smooth_network_facts(const smooth_network *p, smooth_facts *facts)
{
    const cc_loss_kind loss = p->data.loss;
    facts->tgt_L = p->factor * (loss == CC_LOSS_SOFTMAX ? .5 : loss == CC_LOSS_SQUARED ? 1 : .25);
    facts->tgt_mu = loss == CC_LOSS_SQUARED ? p->factor : 0;
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

/* ---- listed samples ---- */

static cc_batch listed(const smooth_network *p, const size_t *ids, size_t b)
{
    cc_batch some = p->data;
    some.ids = ids, some.n = b, some.scale = p->factor / (double)b;
    return some;
}

static double batch(const void *instance, const double *x, const size_t *ids, size_t b, double *g)
{
    const smooth_network *p = instance;
    const cc_batch some = listed(p, ids, b);
    double f = NAN;
    cc_mlp_grad(p->work, x, &some, &f, g);
    if (g && p->l2 > 0) cc_axpy(p->base.d, p->l2, x, g);
    return f + ridge(p, x);
}

static void perex(const void *instance, const double *x, const size_t *ids, size_t b, double *rows)
{
    const smooth_network *p = instance;
    const cc_batch some = listed(p, ids, b);
    cc_mlp_example_grads(p->work, x, &some, rows);
    if (p->factor != 1) cc_scale(b * p->base.d, p->factor, rows);
}

static void perex_sqnorm(const smooth_point *at, const size_t *ids, size_t b, double *sq)
{
    const smooth_network *p = at->instance;
    const cc_batch some = listed(p, ids, b);
    cc_mlp_example_sqnorms(p->work, at->x, &some, sq);
    if (p->factor != 1) cc_scale(b, p->factor * p->factor, sq);
}

static void perex_dot(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *dots)
{
    const smooth_network *p = at->instance;
    const cc_batch some = listed(p, ids, b);
    cc_mlp_example_dots(p->work, at->x, &some, v, dots);
    if (p->factor != 1) cc_scale(b, p->factor, dots);
}

static void batch_product(const smooth_point *at, cc_mlp_curvature kind, const size_t *ids, size_t b, const double *v, double *out)
{
    const smooth_network *p = at->instance;
    const cc_batch some = listed(p, ids, b);
    cc_mlp_at(p->work, at->x, &some);
    cc_mlp_product(p->work, kind, 1, v, out);
    cc_mlp_leave(p->work); /* x and ids are the caller's */
    if (p->l2 > 0) cc_axpy(p->base.d, p->l2, v, out);
}

static void batch_exact(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *out)
{
    batch_product(at, CC_MLP_HESSIAN, ids, b, v, out);
}

static void batch_gauss_newton(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *out)
{
    batch_product(at, CC_MLP_GGN, ids, b, v, out);
}

/* ---- targets: the outputs ---- */

static void target_forward(const smooth_point *at, const size_t *ids, size_t b, double *z)
{
    const smooth_network *p = at->instance;
    const cc_batch some = listed(p, ids, b);
    cc_mlp_logits(p->work, at->x, &some, z);
}

/* The loss of one sample at its output, and, if asked, its gradient. */
static double at_target(const smooth_point *at, const double *z, size_t id, double *dz)
{
    const smooth_network *p = at->instance;
    const size_t c = p->base.targets;
    const cc_loss one = {.kind = p->data.loss,
                         .n = 1,
                         .c = c,
                         .label = p->data.label ? p->data.label + id : NULL,
                         .target = p->data.target ? p->data.target + id * c : NULL};
    double loss;
    cc_loss_forward(&one, z, at->work, &loss);
    if (dz) cc_loss_vjp(&one, at->work, p->factor, NULL, 0, dz);
    return p->factor * loss;
}

static double target_loss(const smooth_point *at, const double *z, const size_t *ids, size_t b)
{
    const size_t c = ((const smooth_network *)at->instance)->base.targets;
    double sum = 0;
    for (size_t j = 0; j < b; j++) sum += at_target(at, z + j * c, ids[j], NULL);
    return sum;
}

static void target_grad(const smooth_point *at, const double *z, const size_t *ids, size_t b, double *dz)
{
    const size_t c = ((const smooth_network *)at->instance)->base.targets;
    for (size_t j = 0; j < b; j++) at_target(at, z + j * c, ids[j], dz + j * c);
}

static void pull(const smooth_point *at, const size_t *ids, size_t b, const double *dz, double *g)
{
    const smooth_network *p = at->instance;
    const cc_batch some = listed(p, ids, b);
    cc_mlp_at(p->work, at->x, &some);
    cc_mlp_vjp(p->work, dz, g);
    cc_mlp_leave(p->work);
}

static void push(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *dz)
{
    const smooth_network *p = at->instance;
    const cc_batch some = listed(p, ids, b);
    cc_mlp_at(p->work, at->x, &some);
    cc_mlp_jvp(p->work, 1, v, dz);
    cc_mlp_leave(p->work);
}

static const smooth_target_ops targets = {target_forward, target_loss, target_grad, pull, push};

const smooth_ops smooth_network_ops = {
    .forward = forward,
    .value = value,
    .grad = grad,
    .hess = {[SMOOTH_EXACT] = exact, [SMOOTH_GN] = gauss_newton, [SMOOTH_FISHER] = fisher},
    .hvp = {[SMOOTH_EXACT] = exact_product, [SMOOTH_GN] = gauss_newton_product, [SMOOTH_FISHER] = fisher_product},
    .batch = batch,
    .perex = perex,
    .perex_sqnorm = perex_sqnorm,
    .perex_dot = perex_dot,
    .batch_hvp = {[SMOOTH_EXACT] = batch_exact, [SMOOTH_GN] = batch_gauss_newton},
    .target = &targets,
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
