/* Pooling. A maximum's place is found in the forward sweep and kept for the others; k: size, stride. */
#include <math.h>
#include <string.h>

#include "harness/numerics/nn_op.h"

/* ---- maximum; aux: for each entry of y, the place in x ---- */

static double place_of_max(const double *x, size_t corner, size_t width, size_t size)
{
    size_t best = corner;
    for (size_t a = 0; a < size; a++)
        for (size_t b = 0; b < size; b++) {
            size_t at = corner + a * width + b;
            if (x[at] > x[best] || (isnan(x[at]) && !isnan(x[best]))) best = at;
        }
    return (double)best;
}

static cc_status max_forward(nn_rec *r, const nn_arg *in, double *y)
{
    nn_shape s = nn_shape_of(r->tape, r->out);
    size_t size = r->k[0], stride = r->k[1], h = in->s.d[2], w = in->s.d[3], at = 0;
    for (size_t plane = 0; plane < s.d[0] * s.d[1]; plane++)
        for (size_t i = 0; i < s.d[2]; i++)
            for (size_t j = 0; j < s.d[3]; j++, at++) {
                r->aux[at] = place_of_max(in->v, (plane * h + i * stride) * w + j * stride, w, size);
                y[at] = in->v[(size_t)r->aux[at]];
            }
    return CC_OK;
}

static void max_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    for (size_t i = 0; in->a && i < y->n; i++) in->a[(size_t)r->aux[i]] += y->a[i];
}

static void max_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry)
{
    for (size_t i = 0; i < y->n; i++) ry[i] = in->t[(size_t)r->aux[i]];
}

static void max_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    for (size_t i = 0; in->at && i < y->n; i++) in->at[(size_t)r->aux[i]] += y->at[i];
}

static const nn_op max_pool = {
    .name = "max pool", .flags = NN_ROWWISE, .forward = max_forward, .vjp = max_vjp, .jvp = max_jvp, .vjp_tan = max_vjp_tan};

/* ---- mean ---- */

static cc_status mean_forward(nn_rec *r, const nn_arg *in, double *y)
{
    nn_shape s = nn_shape_of(r->tape, r->out);
    size_t size = r->k[0], stride = r->k[1], h = in->s.d[2], w = in->s.d[3];
    double share = 1 / (double)(size * size);
    for (size_t plane = 0; plane < s.d[0] * s.d[1]; plane++)
        for (size_t i = 0; i < s.d[2]; i++)
            for (size_t j = 0; j < s.d[3]; j++) {
                const double *x = in->v + (plane * h + i * stride) * w + j * stride;
                double sum = 0;
                for (size_t a = 0; a < size; a++)
                    for (size_t b = 0; b < size; b++) sum += x[a * w + b];
                *y++ = share * sum;
            }
    return CC_OK;
}

static void mean_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    size_t size = r->k[0], stride = r->k[1], h = in->s.d[2], w = in->s.d[3];
    const double *yb = y->a;
    double share = 1 / (double)(size * size);
    if (!in->a) return;
    for (size_t plane = 0; plane < y->s.d[0] * y->s.d[1]; plane++)
        for (size_t i = 0; i < y->s.d[2]; i++)
            for (size_t j = 0; j < y->s.d[3]; j++, yb++) {
                double *x = in->a + (plane * h + i * stride) * w + j * stride;
                for (size_t a = 0; a < size; a++)
                    for (size_t b = 0; b < size; b++) x[a * w + b] += share * *yb;
            }
}

static const nn_op mean_pool = {.name = "mean pool", .flags = NN_LINEAR | NN_ROWWISE, .forward = mean_forward, .vjp = mean_vjp};

static nn_node record(nn_tape *t, const nn_op *op, nn_node x, size_t size, size_t stride)
{
    char text[96];
    nn_rec *r;
    if (!nn_good(t, op->name, 1, &x)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x);
    if (s.nd != 4 || size == 0 || stride == 0 || s.d[2] < size || s.d[3] < size)
        return nn_error(t, "%s: size %zu, stride %zu of %s", op->name, size, stride, nn_show(s, text));
    s.d[2] = (s.d[2] - size) / stride + 1;
    s.d[3] = (s.d[3] - size) / stride + 1;
    nn_node y = nn_record(t, op, s, 1, &x, &r);
    if (y == NN_NONE) return y;
    r->k[0] = size;
    r->k[1] = stride;
    if (op == &max_pool && !(r->aux = nn_take(t, nn_count(s)))) return NN_NONE;
    return y;
}

nn_node nn_max_pool(nn_tape *t, nn_node x, size_t size, size_t stride) { return record(t, &max_pool, x, size, stride); }

nn_node nn_mean_pool(nn_tape *t, nn_node x, size_t size, size_t stride)
{
    nn_shape s = nn_shape_of(t, x);
    if (size > 0 || s.nd != 4) return record(t, &mean_pool, x, size, stride);
    return nn_reshape(t, nn_mean_over(t, nn_reshape(t, x, nn_cube(s.d[0], s.d[1], s.d[2] * s.d[3])), 2), nn_mat(s.d[0], s.d[1]));
}
