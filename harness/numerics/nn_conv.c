/* Convolutions: patches of an image become columns, and the layer a matrix product. Patches are made anew in each sweep, in tiles
 * that stay in the second cache. */
#include <stdint.h>
#include <string.h>

#include <cblas.h>

#include "harness/numerics/nn_op.h"

/* Image ci x h x w, kernels co x ci x kh x kw, result co x ho x wo. */
typedef struct geometry {
    size_t n, ci, h, w, co, kh, kw, stride, pad, ho, wo;
} geometry;

enum { TILE = 1 << 15 }; /* numbers in a tile: 256 KiB */

static geometry geometry_of(const nn_rec *r)
{
    const size_t *k = r->k;
    return (geometry){k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7], k[8], k[9], k[10]};
}

static size_t patch(const geometry *g) { return g->ci * g->kh * g->kw; }
static size_t tile_rows(const geometry *g) /* rows of the result at a time */
{
    size_t rows = TILE / (patch(g) * g->wo);
    return rows == 0 ? 1 : rows > g->ho ? g->ho : rows;
}

/* C (m x n of row length ldc) += op(A) op(B) */
static void gemm(int ta, int tb, size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c,
                 size_t ldc, double beta)
{
    cc_flops(2 * m * n * k);
    cblas_dgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)k, 1, a,
                (int)lda, b, (int)ldb, beta, c, (int)ldc);
}

/* The columns x of the result for which column b of a kernel meets the image: first <= x < last. */
static void meets(const geometry *g, size_t b, size_t *first, size_t *last)
{
    *first = b >= g->pad ? 0 : (g->pad - b + g->stride - 1) / g->stride;
    *last = g->w + g->pad <= b ? 0 : (g->w + g->pad - b - 1) / g->stride + 1;
    if (*last > g->wo) *last = g->wo;
    if (*first > *last) *first = *last;
}

/* Column x of a row of the result, for entry b of a row of a kernel, is entry x stride + b - pad of a row of the image. */
static void line_to(const geometry *g, size_t b, size_t first, size_t last, const double *row, double *col)
{
    memset(col, 0, first * sizeof *col);
    if (g->stride == 1)
        memcpy(col + first, row + (first + b - g->pad), (last - first) * sizeof *col);
    else
        for (size_t x = first; x < last; x++) col[x] = row[x * g->stride + b - g->pad];
    memset(col + last, 0, (g->wo - last) * sizeof *col);
}

static void line_from(const geometry *g, size_t b, size_t first, size_t last, double *row, const double *col)
{
    if (g->stride == 1) {
        double *to = row + (first + b - g->pad);
        for (size_t x = 0; x < last - first; x++) to[x] += col[first + x];
    } else
        for (size_t x = first; x < last; x++) row[x * g->stride + b - g->pad] += col[x];
}

/* Between an image and the columns of rows y0 .. y0 + rows - 1 of the result: `from` to the columns, or (NULL) added to `image`. */
static void move(const geometry *g, size_t y0, size_t rows, double *image, const double *from, double *col)
{
    for (size_t c = 0; c < g->ci; c++)
        for (size_t a = 0; a < g->kh; a++)
            for (size_t b = 0; b < g->kw; b++) {
                size_t first, last;
                meets(g, b, &first, &last);
                for (size_t y = y0; y < y0 + rows; y++, col += g->wo) {
                    size_t iy = y * g->stride + a, at = (c * g->h + iy - g->pad) * g->w;
                    int inside = iy >= g->pad && iy < g->h + g->pad && first < last;
                    if (inside && from)
                        line_to(g, b, first, last, from + at, col);
                    else if (inside)
                        line_from(g, b, first, last, image + at, col);
                    else if (from)
                        memset(col, 0, g->wo * sizeof *col);
                }
            }
}

/* For each tile of each image: one product. What it is, `what` says. */
typedef enum product { FORWARD, ADJOINT_X, ADJOINT_W } product;

static void one_tile(const geometry *g, product what, size_t y0, size_t rows, const double *x, double *xb, const double *w,
                     double *wb, const double *yb, double *y, double beta, double *cols)
{
    size_t p = patch(g), here = rows * g->wo, all = g->ho * g->wo, at = y0 * g->wo;
    int plain = g->kh == 1 && g->kw == 1 && g->stride == 1 && g->pad == 0; /* the image is its columns */
    const double *c = plain ? x + at : cols;
    size_t ldc = plain ? all : here;
    if (what == ADJOINT_X) {
        if (plain)
            gemm(1, 0, p, here, g->co, w, p, yb + at, all, xb + at, all, 1);
        else {
            gemm(1, 0, p, here, g->co, w, p, yb + at, all, cols, here, 0);
            move(g, y0, rows, xb, NULL, cols);
        }
        return;
    }
    if (!plain) move(g, y0, rows, NULL, x, cols);
    if (what == FORWARD)
        gemm(0, 0, g->co, here, p, w, p, c, ldc, y + at, all, beta);
    else
        gemm(0, 1, g->co, p, here, yb + at, all, c, ldc, wb, p, 1);
}

static void image_product(const nn_rec *r, const geometry *g, product what, const double *x, double *xb, const double *w,
                          double *wb, const double *yb, double *y, double beta)
{
    size_t step = tile_rows(g);
    for (size_t y0 = 0; y0 < g->ho; y0 += step)
        one_tile(g, what, y0, y0 + step > g->ho ? g->ho - y0 : step, x, xb, w, wb, yb, y, beta, nn_scratch(r->tape));
}

static void conv_map(const nn_rec *r, const double *x, const double *w, double beta, double *y)
{
    geometry g = geometry_of(r);
    for (size_t i = 0; i < g.n; i++)
        image_product(r, &g, FORWARD, x + i * g.ci * g.h * g.w, NULL, w, NULL, NULL, y + i * g.co * g.ho * g.wo, beta);
}

static void conv_adjoint_x(const nn_rec *r, const double *yb, const double *w, double *xb)
{
    geometry g = geometry_of(r);
    for (size_t i = 0; i < g.n; i++)
        image_product(r, &g, ADJOINT_X, NULL, xb + i * g.ci * g.h * g.w, w, NULL, yb + i * g.co * g.ho * g.wo, NULL, 1);
}

static void conv_adjoint_w(const nn_rec *r, const double *yb, const double *x, double *wb)
{
    geometry g = geometry_of(r);
    for (size_t i = 0; i < g.n; i++)
        image_product(r, &g, ADJOINT_W, x + i * g.ci * g.h * g.w, NULL, NULL, wb, yb + i * g.co * g.ho * g.wo, NULL, 1);
}

/* Transposed: the geometry is that of the convolution from the result to x. */
static void transposed_map(const nn_rec *r, const double *x, const double *w, double beta, double *y)
{
    geometry g = geometry_of(r);
    if (beta == 0) memset(y, 0, g.n * g.ci * g.h * g.w * sizeof *y);
    conv_adjoint_x(r, x, w, y);
}

static void transposed_adjoint_x(const nn_rec *r, const double *yb, const double *w, double *xb) { conv_map(r, yb, w, 1, xb); }
static void transposed_adjoint_w(const nn_rec *r, const double *yb, const double *x, double *wb) { conv_adjoint_w(r, x, yb, wb); }

static void sum_channels(size_t channels, size_t size, const double *yb, double *g)
{
    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < size; i++) g[c] += yb[c * size + i];
}

static void conv_rows(nn_rec *r, const nn_arg *in, const nn_arg *y, int k, int axis, double *rows, size_t stride)
{
    geometry g = geometry_of(r);
    size_t size = y->n / g.n;
    (void)axis;
    for (size_t i = 0; i < g.n; i++) {
        const double *yb = y->a + i * size;
        if (k == 2)
            sum_channels(y->s.d[1], y->s.d[2] * y->s.d[3], yb, rows + i * stride);
        else if (r->k[11]) /* transposed */
            image_product(r, &g, ADJOINT_W, yb, NULL, NULL, rows + i * stride, in[0].v + i * g.co * g.ho * g.wo, NULL, 1);
        else
            image_product(r, &g, ADJOINT_W, in[0].v + i * g.ci * g.h * g.w, NULL, NULL, rows + i * stride, yb, NULL, 1);
    }
}

static const nn_bilinear conv_maps = {conv_map, conv_adjoint_x, conv_adjoint_w, 1};
static const nn_bilinear transposed_maps = {transposed_map, transposed_adjoint_x, transposed_adjoint_w, 1};
static const nn_op conv = {.name = "conv", .flags = NN_ROWWISE, .bilinear = &conv_maps, .rows = conv_rows};
static const nn_op transposed = {.name = "transposed conv", .flags = NN_ROWWISE, .bilinear = &transposed_maps, .rows = conv_rows};

static nn_node record(nn_tape *t, const nn_op *op, nn_node x, nn_node W, nn_node b, nn_shape shape, geometry g)
{
    const nn_node in[] = {x, W, b};
    char ws[96], bs[96];
    nn_rec *r;
    size_t channels = shape.d[1], size = shape.d[2] * shape.d[3];
    if (b != NN_NONE && nn_size(t, b) != channels)
        return nn_error(t, "%s: W is %s, b is %s", op->name, nn_show(nn_shape_of(t, W), ws), nn_show(nn_shape_of(t, b), bs));
    nn_node y = nn_record(t, op, shape, 3, in, &r);
    if (y == NN_NONE) return y;
    const size_t k[] = {g.n, g.ci, g.h, g.w, g.co, g.kh, g.kw, g.stride, g.pad, g.ho, g.wo, op == &transposed};
    memcpy(r->k, k, sizeof k);
    r->bias = (nn_loop){{1, g.n, channels, size}, {{0, channels * size, size, 1}, {0, 0, 1, 0}}};
    nn_need_scratch(t, patch(&g) * tile_rows(&g) * g.wo);
    return y;
}

static int fits(const nn_tape *t, const nn_op *op, nn_node x, nn_node W, nn_node b, size_t stride)
{
    const nn_node in[] = {x, W, b};
    char xs[96], ws[96];
    nn_tape *tape = (nn_tape *)(uintptr_t)t;
    if (!nn_good(tape, op->name, b == NN_NONE ? 2 : 3, in)) return 0;
    nn_shape s = nn_shape_of(t, x), k = nn_shape_of(t, W);
    if (s.nd == 4 && k.nd == 4 && stride > 0 && s.d[1] == k.d[op == &conv]) return 1;
    nn_error(tape, "%s: x is %s, W is %s, stride %zu", op->name, nn_show(s, xs), nn_show(k, ws), stride);
    return 0;
}

nn_node nn_conv(nn_tape *t, nn_node x, nn_node W, nn_node b, size_t stride, size_t pad)
{
    char xs[96], ws[96];
    if (!fits(t, &conv, x, W, b, stride)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x), k = nn_shape_of(t, W);
    if (s.d[2] + 2 * pad < k.d[2] || s.d[3] + 2 * pad < k.d[3])
        return nn_error(t, "conv: x is %s with %zu around, W is %s", nn_show(s, xs), pad, nn_show(k, ws));
    geometry g = {s.d[0], s.d[1], s.d[2], s.d[3], k.d[0], k.d[2], k.d[3], stride, pad, 0, 0};
    g.ho = (g.h + 2 * pad - g.kh) / stride + 1;
    g.wo = (g.w + 2 * pad - g.kw) / stride + 1;
    return record(t, &conv, x, W, b, nn_img(g.n, g.co, g.ho, g.wo), g);
}

nn_node nn_conv_transposed(nn_tape *t, nn_node x, nn_node W, nn_node b, size_t stride, size_t pad)
{
    char xs[96], ws[96];
    if (!fits(t, &transposed, x, W, b, stride)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x), k = nn_shape_of(t, W);
    geometry g = {s.d[0], k.d[1], 0, 0, k.d[0], k.d[2], k.d[3], stride, pad, s.d[2], s.d[3]};
    size_t high = (g.ho - 1) * stride + g.kh, wide = (g.wo - 1) * stride + g.kw;
    if (high <= 2 * pad || wide <= 2 * pad)
        return nn_error(t, "transposed conv: x is %s, W is %s, padding %zu", nn_show(s, xs), nn_show(k, ws), pad);
    g.h = high - 2 * pad;
    g.w = wide - 2 * pad;
    return record(t, &transposed, x, W, b, nn_img(g.n, g.ci, g.h, g.w), g);
}
