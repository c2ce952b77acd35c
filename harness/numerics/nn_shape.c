/* Sums, slices, concatenation, transposition, rows of a table: linear maps that move numbers. */
#include <string.h>

#include "harness/numerics/nn_op.h"

/* ---- sum over dimensions: y = scale sum x; loop operand 0: x, 1: y ---- */

static cc_status sum_forward(nn_rec *r, const nn_arg *in, double *y)
{
    memset(y, 0, nn_size(r->tape, r->out) * sizeof *y);
    nn_contract(&r->loop, r->c[0], in->v, 0, NULL, 0, y, 1);
    return CC_OK;
}

static void sum_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    if (in->a) nn_contract(&r->loop, r->c[0], y->a, 1, NULL, 0, in->a, 0);
}

static const nn_op sum_all = {.name = "sum", .flags = NN_LINEAR, .forward = sum_forward, .vjp = sum_vjp};
static const nn_op sum_rows = {.name = "sum over", .flags = NN_LINEAR | NN_ROWWISE, .forward = sum_forward, .vjp = sum_vjp};

static nn_node scaled_sum(nn_tape *t, nn_node x, double scale)
{
    nn_rec *r;
    nn_node y = nn_good(t, "sum", 1, &x) ? nn_record(t, &sum_all, nn_vec(1), 1, &x, &r) : NN_NONE;
    if (y == NN_NONE) return y;
    r->loop = (nn_loop){{1, 1, 1, nn_size(t, x)}, {{0, 0, 0, 1}}};
    r->c[0] = scale;
    return y;
}

nn_node nn_sum(nn_tape *t, nn_node x) { return scaled_sum(t, x, 1); }
nn_node nn_mean(nn_tape *t, nn_node x) { return scaled_sum(t, x, 1 / (double)nn_size(t, x)); }

/* before: product of the dimensions before `dimension`; after: behind it. */
static void around(nn_shape s, int dimension, size_t *before, size_t *after)
{
    *before = *after = 1;
    for (int i = 0; i < s.nd; i++)
        if (i != dimension) *(i < dimension ? before : after) *= s.d[i];
}

static nn_node sum_dimension(nn_tape *t, nn_node x, int dimension, int mean)
{
    char text[96];
    nn_rec *r;
    size_t before, after;
    if (!nn_good(t, "sum over", 1, &x)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x);
    if (dimension < 0 || dimension >= s.nd) return nn_error(t, "sum over: dimension %d of %s", dimension, nn_show(s, text));
    size_t n = s.d[dimension];
    around(s, dimension, &before, &after);
    s.d[dimension] = 1;
    nn_node y = nn_record(t, nn_counts_examples(t, x, dimension) ? &sum_all : &sum_rows, s, 1, &x, &r);
    if (y == NN_NONE) return y;
    r->loop = (nn_loop){{1, before, n, after}, {{0, n * after, after, 1}, {0, after, 0, 1}}};
    nn_collapse(&r->loop);
    r->c[0] = mean ? 1 / (double)n : 1;
    return y;
}

nn_node nn_sum_over(nn_tape *t, nn_node x, int dimension) { return sum_dimension(t, x, dimension, 0); }
nn_node nn_mean_over(nn_tape *t, nn_node x, int dimension) { return sum_dimension(t, x, dimension, 1); }

nn_node nn_row_dot(nn_tape *t, nn_node a, nn_node b)
{
    nn_node c = nn_mul(t, a, b);
    return nn_sum_over(t, c, nn_shape_of(t, c).nd - 1);
}

/* ---- slice: k: before, after, n, begin, length; loop operand 0: x from `begin`, 1: y ---- */

static cc_status slice_forward(nn_rec *r, const nn_arg *in, double *y)
{
    memset(y, 0, nn_size(r->tape, r->out) * sizeof *y);
    nn_contract(&r->loop, 1, in->v + r->k[0], 0, NULL, 0, y, 1);
    return CC_OK;
}

static void slice_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    if (in->a) nn_contract(&r->loop, 1, y->a, 1, NULL, 0, in->a + r->k[0], 0);
}

static const nn_op slice = {.name = "slice", .flags = NN_LINEAR | NN_ROWWISE, .forward = slice_forward, .vjp = slice_vjp};

nn_node nn_slice(nn_tape *t, nn_node x, int dimension, size_t begin, size_t n)
{
    char text[96];
    nn_rec *r;
    size_t before, after;
    if (!nn_good(t, "slice", 1, &x)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x);
    if (dimension < 0 || dimension >= s.nd || begin + n > s.d[dimension])
        return nn_error(t, "slice: %zu from %zu along dimension %d of %s", n, begin, dimension, nn_show(s, text));
    around(s, dimension, &before, &after);
    size_t old = s.d[dimension];
    s.d[dimension] = n;
    if (dimension == 0) return nn_part(t, x, begin * after, s);
    nn_node y = nn_record(t, &slice, s, 1, &x, &r);
    if (y == NN_NONE) return y;
    r->k[0] = begin * after;
    r->loop = (nn_loop){{1, 1, before, n * after}, {{0, 0, old * after, 1}, {0, 0, n * after, 1}}};
    nn_collapse(&r->loop);
    return y;
}

/* ---- concat: c along a dimension; k[0]: before, k[1]: length of a row of y ---- */

static size_t part_length(const nn_rec *r, const nn_arg *in) { return in->n / r->k[0]; }

static cc_status concat_forward(nn_rec *r, const nn_arg *in, double *y)
{
    for (int k = 0; k < r->nin; k++) {
        size_t n = part_length(r, &in[k]);
        for (size_t i = 0; i < r->k[0]; i++) {
            if (in[k].v)
                memcpy(y + i * r->k[1], in[k].v + i * n, n * sizeof *y);
            else
                memset(y + i * r->k[1], 0, n * sizeof *y);
        }
        y += n;
    }
    return CC_OK;
}

static void concat_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    const double *yb = y->a;
    for (int k = 0; k < r->nin; k++) {
        size_t n = part_length(r, &in[k]);
        for (size_t i = 0; in[k].a && i < r->k[0]; i++)
            for (size_t j = 0; j < n; j++) in[k].a[i * n + j] += yb[i * r->k[1] + j];
        yb += n;
    }
}

static const nn_op concat = {.name = "concat", .flags = NN_LINEAR | NN_ROWWISE, .forward = concat_forward, .vjp = concat_vjp};
static const nn_op concat_examples = {
    .name = "concat of examples", .flags = NN_LINEAR, .forward = concat_forward, .vjp = concat_vjp};

nn_node nn_concat(nn_tape *t, int dimension, size_t n, const nn_node *x)
{
    char first[96], other[96];
    nn_rec *r;
    if (n == 0 || n > NN_INPUTS) return nn_error(t, "concat: %zu inputs; there are 1 to %d", n, NN_INPUTS);
    if (!nn_good(t, "concat", n, x)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x[0]);
    size_t before, after, total = 0;
    if (dimension < 0 || dimension >= s.nd) return nn_error(t, "concat: dimension %d of %s", dimension, nn_show(s, first));
    for (size_t i = 0; i < n; i++) {
        nn_shape next = nn_shape_of(t, x[i]), like = next;
        if (next.nd == s.nd) like.d[dimension] = s.d[dimension];
        if (!nn_same(like, s))
            return nn_error(t, "concat: %s and %s along dimension %d", nn_show(s, first), nn_show(next, other), dimension);
        total += next.d[dimension];
    }
    s.d[dimension] = total;
    around(s, dimension, &before, &after);
    nn_node y = nn_record(t, dimension ? &concat : &concat_examples, s, (int)n, x, &r);
    if (y == NN_NONE) return y;
    r->k[0] = before;
    r->k[1] = total * after;
    return y;
}

/* ---- transpose: loop operand 0: x, 1: y ---- */

static const nn_op transpose = {.name = "transpose", .flags = NN_LINEAR, .forward = slice_forward, .vjp = slice_vjp};

nn_node nn_transpose(nn_tape *t, nn_node x)
{
    char text[96];
    nn_rec *r;
    if (!nn_good(t, "transpose", 1, &x)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x);
    if (s.nd != 2) return nn_error(t, "transpose: %s is no matrix", nn_show(s, text));
    nn_node y = nn_record(t, &transpose, nn_mat(s.d[1], s.d[0]), 1, &x, &r);
    if (y == NN_NONE) return y;
    r->loop = (nn_loop){{1, 1, s.d[0], s.d[1]}, {{0, 0, s.d[1], 1}, {0, 0, 1, s.d[0]}}};
    return y;
}

/* ---- gather: y_i = row index_i of a table; k[0]: length of a row. Positions in order: repeated rows add up the same way each
 * time. ---- */

static cc_status gather_forward(nn_rec *r, const nn_arg *in, double *y)
{
    size_t d = r->k[0];
    CC_TRY(nn_check_index(r, &in[1], in[0].n / d));
    for (size_t i = 0; i < in[1].n; i++) memcpy(y + i * d, in[0].v + (size_t)in[1].index[i] * d, d * sizeof *y);
    return CC_OK;
}

static void gather_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    size_t d = r->k[0];
    for (size_t i = 0; in[0].a && i < in[1].n; i++) {
        double *row = in[0].a + (size_t)in[1].index[i] * d;
        for (size_t j = 0; j < d; j++) row[j] += y->a[i * d + j];
    }
}

static void gather_rows(nn_rec *r, const nn_arg *in, const nn_arg *y, int k, int axis, double *g, size_t stride)
{
    size_t d = r->k[0], n = y->s.d[axis], inner = 1;
    (void)k;
    for (int i = axis + 1; i < y->s.nd - 1; i++) inner *= y->s.d[i];
    for (size_t i = 0; i < in[1].n; i++) {
        double *row = g + i / inner % n * stride + (size_t)in[1].index[i] * d;
        for (size_t j = 0; j < d; j++) row[j] += y->a[i * d + j];
    }
}

static const nn_op gather = {
    .name = "gather", .flags = NN_LINEAR | NN_ROWWISE, .forward = gather_forward, .vjp = gather_vjp, .rows = gather_rows};

nn_node nn_gather(nn_tape *t, nn_node table, nn_node index)
{
    const nn_node in[] = {table, index};
    char text[96];
    nn_rec *r;
    if (!nn_good(t, "gather", 2, in)) return NN_NONE;
    nn_shape s = nn_shape_of(t, table), shape = nn_shape_of(t, index);
    if (s.nd != 2 || shape.nd == 4)
        return nn_error(t, "gather: a table of %s, an index of %d dimensions", nn_show(s, text), shape.nd);
    shape.d[shape.nd++] = s.d[1];
    nn_node y = nn_record(t, &gather, shape, 2, in, &r);
    if (y != NN_NONE) r->k[0] = s.d[1];
    return y;
}
