/* Dropout and noise: functions of (seed of the scope, stream, step), so that every sweep of a step sees the same. */
#include <string.h>

#include "harness/numerics/nn_op.h"

/* ---- dropout; aux: the mask; c[0]: rate, where there are no rates; k: stream, entries that share a fate, entries of an example
 * ---- */

static cc_status rate_at(const nn_rec *r, const nn_arg *in, size_t entry, double *rate)
{
    size_t i = entry / r->k[2];
    *rate = r->nin > 1 ? in[1].v[i] : r->c[0];
    if (*rate >= 0 && *rate < 1) return CC_OK;
    return cc_fail(nn_run(r->tape), CC_EINVAL, "dropout: rate %g of example %zu is not in [0, 1)", *rate, i);
}

static cc_status draw_mask(nn_rec *r, const nn_arg *in)
{
    int drops = nn_mode_of(r->tape) != NN_EVAL;
    cc_rng rng = cc_stream(nn_run(r->tape), (uint32_t)r->k[0], nn_step_of(r->tape));
    for (size_t i = 0; i < in->n; i += r->k[1]) {
        double rate;
        CC_TRY(rate_at(r, in, i, &rate));
        double kept = !drops ? 1 : cc_uniform(&rng) < rate ? 0 : 1 / (1 - rate);
        for (size_t j = i; j < i + r->k[1]; j++) r->aux[j] = kept;
    }
    return CC_OK;
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
    CC_TRY(draw_mask(r, in));
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
    if (in->t)
        masked(r, in->n, in->t, ry);
    else /* only the rates move */
        memset(ry, 0, in->n * sizeof *ry);
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

static nn_node record(nn_tape *t, nn_node x, nn_node rates, double rate, size_t together, uint32_t stream)
{
    const nn_node in[] = {x, rates};
    nn_rec *r;
    nn_shape s = nn_shape_of(t, x);
    nn_node y = nn_record(t, &dropout, s, 2, in, &r);
    if (y == NN_NONE) return y;
    r->c[0] = rate;
    r->k[0] = stream;
    r->k[1] = together;
    r->k[2] = nn_size(t, x) / s.d[0];
    r->aux = nn_take(t, nn_size(t, x));
    return r->aux ? y : NN_NONE;
}

nn_node nn_dropout(nn_tape *t, nn_node x, double rate, uint32_t stream)
{
    if (!nn_good(t, "dropout", 1, &x)) return NN_NONE;
    if (!(rate >= 0 && rate < 1)) return nn_error(t, "dropout: the rate %g is not in [0, 1)", rate);
    return record(t, x, NN_NONE, rate, 1, stream);
}

nn_node nn_dropout_rates(nn_tape *t, nn_node x, nn_node rates, int channels, uint32_t stream)
{
    const nn_node in[] = {x, rates};
    char xs[96], rs[96];
    if (!nn_good(t, "dropout", 2, in)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x);
    if (nn_size(t, rates) != s.d[0] || (channels && s.nd != 4))
        return nn_error(t, "dropout: x is %s, the rates are %s%s", nn_show(s, xs), nn_show(nn_shape_of(t, rates), rs),
                        channels ? ", channels of images" : "");
    return record(t, x, rates, 0, channels ? s.d[2] * s.d[3] : 1, stream);
}

/* ---- noise: y = x + c[0] z, z standard normal ---- */

static cc_status noise_forward(nn_rec *r, const nn_arg *in, double *y)
{
    cc_rng rng = cc_stream(nn_run(r->tape), (uint32_t)r->k[0], nn_step_of(r->tape));
    double size = nn_mode_of(r->tape) == NN_EVAL ? 0 : r->c[0];
    cc_normal(&rng, in->n, y);
    for (size_t i = 0; i < in->n; i++) y[i] = in->v[i] + size * y[i];
    return CC_OK;
}

static void add(size_t n, const double *x, double *y)
{
    for (size_t i = 0; i < n; i++) y[i] += x[i];
}

static void noise_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    (void)r;
    if (in->a) add(in->n, y->a, in->a);
}

static void noise_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry)
{
    (void)r, (void)y;
    memcpy(ry, in->t, in->n * sizeof *ry);
}

static void noise_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    (void)r;
    if (in->at) add(in->n, y->at, in->at);
}

static const nn_op noise = {
    .name = "noise", .flags = NN_ROWWISE, .forward = noise_forward, .vjp = noise_vjp, .jvp = noise_jvp, .vjp_tan = noise_vjp_tan};

nn_node nn_noise(nn_tape *t, nn_node x, double deviation, uint32_t stream)
{
    nn_rec *r;
    if (!nn_good(t, "noise", 1, &x)) return NN_NONE;
    if (!(deviation >= 0)) return nn_error(t, "noise: the deviation %g is negative", deviation);
    nn_node y = nn_record(t, &noise, nn_shape_of(t, x), 1, &x, &r);
    if (y == NN_NONE) return y;
    r->c[0] = deviation;
    r->k[0] = stream;
    return y;
}
