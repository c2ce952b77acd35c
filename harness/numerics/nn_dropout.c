/* Dropout: a product with a mask that is a function of (seed of the scope, stream, step), so that every sweep of a step sees the
 * same. */
#include "harness/numerics/nn_op.h"

/* aux: the mask; c[0]: rate, k[0]: stream */
static void draw_mask(nn_rec *r, size_t n)
{
    double kept = 1 / (1 - r->c[0]);
    int drops = nn_mode_of(r->tape) != NN_EVAL;
    cc_rng rng = cc_stream(nn_run(r->tape), (uint32_t)r->k[0], nn_step_of(r->tape));
    for (size_t i = 0; i < n; i++) r->aux[i] = !drops ? 1 : cc_uniform(&rng) < r->c[0] ? 0 : kept;
}

static void masked(const nn_rec *r, size_t n, const double *x, double *y)
{
    for (size_t i = 0; i < n; i++) y[i] = r->aux[i] * x[i];
}

static void add_masked(const nn_rec *r, size_t n, const double *x, double *y)
{
    for (size_t i = 0; i < n; i++) y[i] += r->aux[i] * x[i];
}

static cc_status dropout_forward(nn_rec *r, const nn_arg *in, double *y)
{
    draw_mask(r, in->n);
    masked(r, in->n, in->v, y);
    return CC_OK;
}

static void dropout_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    if (in->a) add_masked(r, in->n, y->a, in->a);
}

static void dropout_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry)
{
    (void)y;
    masked(r, in->n, in->t, ry);
}

static void dropout_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    if (in->at) add_masked(r, in->n, y->at, in->at);
}

static const nn_op dropout = {.name = "dropout",
                              .flags = NN_ROWWISE,
                              .forward = dropout_forward,
                              .vjp = dropout_vjp,
                              .jvp = dropout_jvp,
                              .vjp_tan = dropout_vjp_tan};

nn_node nn_dropout(nn_tape *t, nn_node x, double rate, uint32_t stream)
{
    nn_rec *r;
    if (!nn_good(t, "dropout", 1, &x)) return NN_NONE;
    if (!(rate >= 0 && rate < 1)) return nn_error(t, "dropout: the rate %g is not in [0, 1)", rate);
    nn_node y = nn_record(t, &dropout, nn_shape_of(t, x), 1, &x, &r);
    if (y == NN_NONE) return y;
    r->c[0] = rate;
    r->k[0] = stream;
    r->aux = nn_take(t, nn_size(t, x));
    return r->aux ? y : NN_NONE;
}
