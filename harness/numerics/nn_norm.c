/* Normalisation over sets of entries: of a channel (batch norm), of a row (layer norm), of a group of channels. The core is the
 * same operation without gain and shift, which are a product and a sum; a set is `outer` runs of `inner` entries. */
#include <math.h>
#include <string.h>

#include "harness/numerics/nn_op.h"

typedef struct sets {
    size_t count, step;       /* sets, and from the start of one to that of the next */
    size_t outer, far, inner; /* runs, from one to the next, their length */
} sets;

static sets sets_of(const nn_rec *r) { return (sets){r->k[0], r->k[1], r->k[2], r->k[3], r->k[4]}; }
static size_t size_of(const sets *s) { return s->outer * s->inner; }

/* sum x, or sum x y, over a set that begins at `at` */
static double sum(const sets *s, size_t at, const double *x, const double *y)
{
    double total = 0;
    for (size_t i = 0; i < s->outer; i++)
        for (size_t j = 0, k = at + i * s->far; j < s->inner; j++, k++) total += y ? x[k] * y[k] : x[k];
    return total;
}

static double sum_squares(const sets *s, size_t at, const double *x, double mean)
{
    double total = 0;
    for (size_t i = 0; i < s->outer; i++)
        for (size_t j = 0, k = at + i * s->far; j < s->inner; j++, k++) total += (x[k] - mean) * (x[k] - mean);
    return total;
}

/* With the tracked statistics: state[0] means, state[1] variances. */
static int tracked(const nn_rec *r) { return r->state[0] && nn_mode_of(r->tape) == NN_EVAL; }

static void track(const nn_rec *r, size_t set, size_t m, double mean, double variance)
{
    double *means = r->state[0], *variances = r->state[1];
    if (!means || nn_mode_of(r->tape) != NN_TRAIN) return;
    means[set] += 0.1 * (mean - means[set]);
    variances[set] += 0.1 * (variance * (double)m / (double)(m - 1) - variances[set]);
}

/* aux: s of each set */
static cc_status norm_forward(nn_rec *r, const nn_arg *in, double *y)
{
    sets s = sets_of(r);
    size_t m = size_of(&s);
    if (m < 2 && !tracked(r)) return cc_fail(nn_run(r->tape), CC_EINVAL, "%s: one number has no variance", r->op->name);
    for (size_t set = 0; set < s.count; set++) {
        size_t at = set * s.step;
        double mean, variance;
        if (tracked(r)) {
            mean = ((const double *)r->state[0])[set];
            variance = ((const double *)r->state[1])[set];
        } else {
            mean = sum(&s, at, in->v, NULL) / (double)m;
            variance = sum_squares(&s, at, in->v, mean) / (double)m;
            track(r, set, m, mean, variance);
        }
        r->aux[set] = sqrt(variance + r->c[0]);
        for (size_t i = 0; i < s.outer; i++)
            for (size_t j = 0, k = at + i * s.far; j < s.inner; j++, k++) y[k] = (in->v[k] - mean) / r->aux[set];
    }
    return CC_OK;
}

/* The projection d -> d - mean(d) - y mean(d y), which takes adjoints and tangents alike through the normalisation; over s, added
 * to `to` or put there. */
static void project(const nn_rec *r, const double *y, const double *d, int add, double *to)
{
    sets s = sets_of(r);
    double m = (double)size_of(&s);
    for (size_t set = 0; set < s.count; set++) {
        size_t at = set * s.step;
        double mean = tracked(r) ? 0 : sum(&s, at, d, NULL) / m, share = tracked(r) ? 0 : sum(&s, at, d, y) / m;
        for (size_t i = 0; i < s.outer; i++)
            for (size_t j = 0, k = at + i * s.far; j < s.inner; j++, k++)
                to[k] = (add ? to[k] : 0) + (d[k] - mean - y[k] * share) / r->aux[set];
    }
}

static void norm_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    if (in->a) project(r, y->v, y->a, 1, in->a);
}

static void norm_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry) { project(r, y->v, in->t, 0, ry); }

/* With T the projected adjoint, ry = y->t: d(xb) = (RT - (k/s) T)/s, k = mean(y rx),
 * RT = yrb - mean yrb - ry mean(yb y) - y mean(yrb y + yb ry). */
static void norm_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    sets s = sets_of(r);
    double m = (double)size_of(&s);
    if (!in->at) return;
    project(r, y->v, y->at, 1, in->at);
    if (!in->t || tracked(r)) return;
    for (size_t set = 0; set < s.count; set++) {
        size_t at = set * s.step;
        double d = r->aux[set], mean = sum(&s, at, y->a, NULL) / m, share = sum(&s, at, y->a, y->v) / m;
        double k = sum(&s, at, y->v, in->t) / m / d, turn = sum(&s, at, y->a, y->t) / m;
        for (size_t i = 0; i < s.outer; i++)
            for (size_t j = 0, e = at + i * s.far; j < s.inner; j++, e++) {
                double T = y->a[e] - mean - y->v[e] * share;
                in->at[e] += (-y->t[e] * share - y->v[e] * turn - k * T) / d;
            }
    }
}

static const nn_op batch_norm = {
    .name = "batch norm", .flags = 0, .forward = norm_forward, .vjp = norm_vjp, .jvp = norm_jvp, .vjp_tan = norm_vjp_tan};
static const nn_op tracked_norm = {.name = "batch norm",
                                   .flags = NN_ROWWISE | NN_BATCH,
                                   .forward = norm_forward,
                                   .vjp = norm_vjp,
                                   .jvp = norm_jvp,
                                   .vjp_tan = norm_vjp_tan};
static const nn_op row_norm = {
    .name = "layer norm", .flags = NN_ROWWISE, .forward = norm_forward, .vjp = norm_vjp, .jvp = norm_jvp, .vjp_tan = norm_vjp_tan};

static nn_node record(nn_tape *t, const nn_op *op, nn_node x, sets s, double eps, double *mean, double *variance)
{
    nn_rec *r;
    if (!(eps >= 0)) return nn_error(t, "%s: eps is %g", op->name, eps);
    nn_node y = nn_record(t, op, nn_shape_of(t, x), 1, &x, &r);
    if (y == NN_NONE) return y;
    const size_t k[] = {s.count, s.step, s.outer, s.far, s.inner};
    memcpy(r->k, k, sizeof k);
    r->c[0] = eps;
    r->state[0] = mean;
    r->state[1] = variance;
    r->aux = nn_take(t, s.count);
    return r->aux ? y : NN_NONE;
}

/* gain y + shift, where they are given; one each for each channel of images, for each column otherwise */
static nn_node scale_shift(nn_tape *t, nn_node y, nn_node gain, nn_node shift)
{
    nn_node own[2] = {gain, shift};
    char ys[96], os[96];
    nn_shape s = nn_shape_of(t, y);
    size_t channels = s.nd == 4 ? s.d[1] : s.nd ? s.d[s.nd - 1] : 0;
    for (int i = 0; i < 2 && y != NN_NONE; i++) {
        if (own[i] == NN_NONE) continue;
        if (nn_size(t, own[i]) != channels)
            return nn_error(t, "norm: x is %s, its %s is %s", nn_show(s, ys), i ? "shift" : "gain",
                            nn_show(nn_shape_of(t, own[i]), os));
        if (s.nd == 4) own[i] = nn_reshape(t, own[i], nn_cube(channels, 1, 1));
        y = i ? nn_add(t, y, own[i]) : nn_mul(t, y, own[i]);
    }
    return y;
}

nn_node nn_batch_norm(nn_tape *t, nn_node x, nn_node gain, nn_node shift, double eps, double *mean, double *variance)
{
    char text[96];
    if (!nn_good(t, "batch norm", 1, &x)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x);
    if ((s.nd != 2 && s.nd != 4) || !mean != !variance)
        return nn_error(t, "batch norm: x is %s, of 2 or 4 dimensions; mean and variance come together", nn_show(s, text));
    size_t inner = s.nd == 4 ? s.d[2] * s.d[3] : 1;
    sets channel = {s.d[1], inner, s.d[0], s.d[1] * inner, inner};
    return scale_shift(t, record(t, mean ? &tracked_norm : &batch_norm, x, channel, eps, mean, variance), gain, shift);
}

nn_node nn_layer_norm(nn_tape *t, nn_node x, nn_node gain, nn_node shift, double eps)
{
    if (!nn_good(t, "layer norm", 1, &x)) return NN_NONE;
    nn_shape flat = nn_flat(t, x), s = nn_shape_of(t, x);
    nn_node y = record(t, &row_norm, x, (sets){flat.d[0], flat.d[1], 1, 0, flat.d[1]}, eps, NULL, NULL);
    if (s.nd != 4) return scale_shift(t, y, gain, shift);
    if (gain != NN_NONE) y = nn_mul(t, y, gain); /* of the last dimension, not of channels */
    return shift == NN_NONE ? y : nn_add(t, y, shift);
}

nn_node nn_group_norm(nn_tape *t, nn_node x, size_t groups, nn_node gain, nn_node shift, double eps)
{
    char text[96];
    if (!nn_good(t, "group norm", 1, &x)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x);
    if (s.nd != 4 || groups == 0 || s.d[1] % groups) return nn_error(t, "group norm: %zu groups of %s", groups, nn_show(s, text));
    size_t one = nn_size(t, x) / (s.d[0] * groups);
    return scale_shift(t, record(t, &row_norm, x, (sets){s.d[0] * groups, one, 1, 0, one}, eps, NULL, NULL), gain, shift);
}
