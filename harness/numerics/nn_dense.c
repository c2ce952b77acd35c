/* Matrix products: a layer's, and of two nodes. */
#include "harness/numerics/linalg.h"
#include "harness/numerics/nn_op.h"

/* ---- dense: y = x W' + b; k: rows, in, out ---- */

static void dense_map(const nn_rec *r, const double *x, const double *w, double beta, double *y)
{
    cc_gemm(0, 1, r->k[0], r->k[2], r->k[1], 1, x, w, beta, y);
}

static void dense_adjoint_x(const nn_rec *r, const double *yb, const double *w, double *xb)
{
    cc_gemm(0, 0, r->k[0], r->k[1], r->k[2], 1, yb, w, 1, xb);
}

static void dense_adjoint_w(const nn_rec *r, const double *yb, const double *x, double *wb)
{
    cc_gemm(1, 0, r->k[2], r->k[1], r->k[0], 1, yb, x, 1, wb);
}

static const nn_bilinear dense_maps = {dense_map, dense_adjoint_x, dense_adjoint_w, 1};

/* How the rows of y fall to examples: row (i n + e) inner + j is of example e. */
static void rows_of_examples(const nn_arg *y, int axis, size_t *n, size_t *inner)
{
    *n = y->s.d[axis];
    *inner = 1;
    for (int i = axis + 1; i < y->s.nd - 1; i++) *inner *= y->s.d[i];
}

static void dense_rows(nn_rec *r, const nn_arg *in, const nn_arg *y, int k, int axis, double *g, size_t stride)
{
    size_t d = r->k[1], o = r->k[2], n, inner;
    rows_of_examples(y, axis, &n, &inner);
    for (size_t i = 0; i < r->k[0]; i++) {
        double *row = g + i / inner % n * stride;
        const double *yb = y->a + i * o;
        if (k == 1)
            cc_ger(o, d, 1, yb, in[0].v + i * d, row);
        else
            for (size_t j = 0; j < o; j++) row[j] += yb[j];
    }
}

/* |yb x'|^2 = |yb|^2 |x|^2, if each example has one row. */
static int dense_sqnorms(nn_rec *r, const nn_arg *in, const nn_arg *y, int k, double *sqnorms)
{
    if (y->s.nd != 2) return 0;
    for (size_t i = 0, d = r->k[1], o = r->k[2]; i < r->k[0]; i++) {
        const double *x = in[0].v + i * d, *yb = y->a + i * o;
        double xx = 0, yy = 0;
        for (size_t j = 0; k == 1 && j < d; j++) xx += x[j] * x[j];
        for (size_t j = 0; j < o; j++) yy += yb[j] * yb[j];
        sqnorms[i] += k == 1 ? xx * yy : yy;
    }
    return 1;
}

static const nn_op dense = {
    .name = "dense", .flags = NN_ROWWISE, .bilinear = &dense_maps, .rows = dense_rows, .sqnorms = dense_sqnorms};

nn_node nn_dense(nn_tape *t, nn_node x, nn_node W, nn_node b)
{
    const nn_node in[] = {x, W, b};
    char xs[96], ws[96], bs[96];
    nn_rec *r;
    if (!nn_good(t, "dense", b == NN_NONE ? 2 : 3, in)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x), w = nn_shape_of(t, W), flat = nn_flat(t, x);
    size_t rows = flat.d[0], d = flat.d[1], o = w.d[0], nb = nn_size(t, b);
    if (w.nd != 2 || w.d[1] != d) return nn_error(t, "dense: x is %s, W is %s", nn_show(s, xs), nn_show(w, ws));
    if (b != NN_NONE && nb != o && nb != rows * o)
        return nn_error(t, "dense: W is %s, b is %s", nn_show(w, ws), nn_show(nn_shape_of(t, b), bs));
    s.d[s.nd - 1] = o;
    nn_node y = nn_record(t, &dense, s, 3, in, &r);
    if (y == NN_NONE) return y;
    r->k[0] = rows;
    r->k[1] = d;
    r->k[2] = o;
    r->bias = (nn_loop){{1, 1, rows, o}, {{0, 0, o, 1}, {0, 0, nb == o ? 0 : o, 1}}};
    nn_collapse(&r->bias);
    return y;
}

/* ---- matmul: y (m x n) = op(a) op(b), inner dimension k; k: m, n, k, transposed a, transposed b ---- */

static void matmul_map(const nn_rec *r, const double *a, const double *b, double beta, double *y)
{
    cc_gemm((int)r->k[3], (int)r->k[4], r->k[0], r->k[1], r->k[2], 1, a, b, beta, y);
}

static void matmul_adjoint_a(const nn_rec *r, const double *yb, const double *b, double *ab)
{
    size_t m = r->k[0], n = r->k[1], k = r->k[2];
    if (r->k[3])
        cc_gemm((int)r->k[4], 1, k, m, n, 1, b, yb, 1, ab);
    else
        cc_gemm(0, !r->k[4], m, k, n, 1, yb, b, 1, ab);
}

static void matmul_adjoint_b(const nn_rec *r, const double *yb, const double *a, double *bb)
{
    size_t m = r->k[0], n = r->k[1], k = r->k[2];
    if (r->k[4])
        cc_gemm(1, (int)r->k[3], n, k, m, 1, yb, a, 1, bb);
    else
        cc_gemm(!r->k[3], 0, k, n, m, 1, a, yb, 1, bb);
}

static const nn_bilinear matmul_maps = {matmul_map, matmul_adjoint_a, matmul_adjoint_b, 0};
static const nn_op matmul = {.name = "matmul", .bilinear = &matmul_maps};

nn_node nn_matmul(nn_tape *t, nn_node a, int transpose_a, nn_node b, int transpose_b)
{
    const nn_node in[] = {a, b};
    char as[96], bs[96];
    nn_rec *r;
    if (!nn_good(t, "matmul", 2, in)) return NN_NONE;
    nn_shape sa = nn_shape_of(t, a), sb = nn_shape_of(t, b);
    size_t m = sa.d[transpose_a != 0], k = sa.d[!transpose_a], n = sb.d[!transpose_b];
    if (sa.nd != 2 || sb.nd != 2 || sb.d[transpose_b != 0] != k)
        return nn_error(t, "matmul: %s%s times %s%s", nn_show(sa, as), transpose_a ? " transposed" : "", nn_show(sb, bs),
                        transpose_b ? " transposed" : "");
    nn_node y = nn_record(t, &matmul, nn_mat(m, n), 2, in, &r);
    if (y == NN_NONE) return y;
    r->k[0] = m;
    r->k[1] = n;
    r->k[2] = k;
    r->k[3] = transpose_a != 0;
    r->k[4] = transpose_b != 0;
    return y;
}
