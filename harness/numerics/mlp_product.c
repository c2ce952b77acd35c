/* Products of second order: Pearlmutter's R-operator (1994) through the passes of mlp_pass.c, for p directions at a time. Tangents
 * of p directions lie as n x p x width, which is both (n p) rows of one width, for products with W, and n rows of p widths, for
 * products of an example's x or zb with all directions at once. A product costs 2 F_1 + 6 (F_2 + .. + F_L) flops for each
 * direction, the Gauss-Newton product 2 F_1 + 4 (F_2 + .. + F_L). */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "harness/numerics/mlp_work.h"

/* ---- the point ---- */

static void adjoints(cc_mlp_work *work, double scale, const double *weight)
{
    cc_loss_vjp(&work->loss, work->p, scale, weight, 0, work->zb[work->net.layers - 1]);
    cc_mlp_backward(work, work->vectors > 0);
}

/* Makes the pass from `first` on the point's, up to `what`. */
static void arrive(cc_mlp_work *work, size_t first, int what)
{
    if (work->batch.n > work->rows) work->passed = CC_MLP_NOTHING;
    if (work->passed < CC_MLP_OUTPUTS) {
        cc_mlp_forward(work, work->w, &work->batch, first);
        work->passed = CC_MLP_OUTPUTS;
    }
    if (what >= CC_MLP_SLOPES && work->passed < CC_MLP_SLOPES) {
        if (work->vectors) cc_mlp_slopes(work);
        work->passed = CC_MLP_SLOPES;
    }
    if (what >= CC_MLP_ADJOINTS && work->passed < CC_MLP_ADJOINTS) {
        adjoints(work, cc_mlp_scale(&work->batch), work->weight);
        work->passed = CC_MLP_ADJOINTS;
    }
}

/* The adjoints are now others than the point's. */
static void forget_adjoints(cc_mlp_work *work)
{
    if (work->passed == CC_MLP_ADJOINTS) work->passed = CC_MLP_SLOPES;
}

cc_status cc_mlp_at(cc_mlp_work *work, const double *w, const cc_batch *batch)
{
    work->there = 0;
    CC_TRY(cc_mlp_batch_is_valid(work->scope, &work->net, batch));
    work->w = w;
    work->batch = *batch;
    work->there = 1;
    work->passed = CC_MLP_NOTHING;
    return CC_OK;
}

const double *cc_mlp_where(const cc_mlp_work *work) { return work->there ? work->w : NULL; }

static cc_status ready(const cc_mlp_work *work, size_t vectors)
{
    if (!work->there) return cc_fail(work->scope, CC_EINVAL, "a product before cc_mlp_at has gone to a point");
    if (vectors > work->vectors) return cc_fail(work->scope, CC_EINVAL, "this work space has no room for directions");
    return CC_OK;
}

void cc_mlp_leave(cc_mlp_work *work) { work->there = 0; }

cc_status cc_mlp_here(cc_mlp_work *work, double *loss, double *g)
{
    CC_TRY(ready(work, 0));
    double sum = 0;
    for (size_t first = 0; first < work->batch.n; first += work->n) {
        arrive(work, first, g ? CC_MLP_ADJOINTS : CC_MLP_OUTPUTS);
        if (g) cc_mlp_collect(work, first ? 1 : 0, g);
        sum += cc_mlp_sum(work);
    }
    if (loss) *loss = cc_mlp_scale(&work->batch) * sum;
    return CC_OK;
}

/* ---- directions of one layer, side by side ---- */

static int is_zero(size_t n, const double *x)
{
    size_t i = 0;
    while (i < n && x[i] == 0) i++;
    return i == n;
}

/* Of layer l, as p x out x in. */
static const double *by_output(cc_mlp_work *work, size_t l, size_t p, const double *v)
{
    size_t size = cc_mlp_out(work, l) * cc_mlp_in(work, l), m = work->net.weights;
    v += work->net.weight_at[l];
    if (p == 1) return v;
    for (size_t q = 0; q < p; q++) memcpy(work->v_by_output + q * size, v + q * m, size * sizeof *v);
    return work->v_by_output;
}

/* Of layer l, as out x p x in. */
static const double *by_input(cc_mlp_work *work, size_t l, size_t p, const double *v)
{
    size_t in = cc_mlp_in(work, l), out = cc_mlp_out(work, l), m = work->net.weights;
    v += work->net.weight_at[l];
    if (p == 1) return v;
    for (size_t k = 0; k < out; k++)
        for (size_t q = 0; q < p; q++) memcpy(work->v_by_input + (k * p + q) * in, v + q * m + k * in, in * sizeof *v);
    return work->v_by_input;
}

/* ---- forward: tangents of all layers ---- */

static void add_bias(cc_mlp_work *work, size_t l, size_t p, const double *v)
{
    size_t out = cc_mlp_out(work, l);
    for (size_t i = 0; i < work->n; i++)
        for (size_t q = 0; q < p; q++) {
            const double *b = v + q * work->net.weights + work->net.bias_at[l];
            double *rz = work->rz[l] + (i * p + q) * out;
            for (size_t k = 0; k < out; k++) rz[k] += b[k];
        }
}

/* rz[l] = ra[l - 1] W' + x V' + 1 v_b'; what is zero is left out. Sets turns[l]; returns whether rz[l] is not zero. */
static int tangent_of_layer(cc_mlp_work *work, size_t l, size_t p, const double *v)
{
    size_t in = cc_mlp_in(work, l), out = cc_mlp_out(work, l), biases = work->net.bias ? out : 0, n = work->n;
    int biased = 0;
    work->turns[l] = 0;
    for (size_t q = 0; q < p; q++) {
        const double *vq = v + q * work->net.weights;
        if (!work->turns[l]) work->turns[l] = !is_zero(in * out, vq + work->net.weight_at[l]);
        if (!biased) biased = !is_zero(biases, vq + work->net.bias_at[l]);
    }
    double *rz = work->rz[l];
    if (work->moves[l]) cc_gemm(0, 1, n * p, out, in, 1, work->ra[l - 1], cc_mlp_w(work, l), 0, rz);
    if (work->turns[l]) cc_gemm(0, 1, n, p * out, in, 1, work->x[l], by_output(work, l, p, v), work->moves[l] ? 1 : 0, rz);
    if (!work->moves[l] && !work->turns[l]) memset(rz, 0, n * p * out * sizeof *rz);
    if (biased) add_bias(work, l, p, v);
    return work->moves[l] || work->turns[l] || biased;
}

static void tangents(cc_mlp_work *work, size_t p, const double *v)
{
    work->moves[0] = 0;
    for (size_t l = 0; l < work->net.layers; l++) {
        int moves = tangent_of_layer(work, l, p, v);
        if (l + 1 == work->net.layers) break;
        work->moves[l + 1] = moves;
        size_t out = cc_mlp_out(work, l);
        for (size_t i = 0; i < work->n; i++)
            for (size_t q = 0; q < p; q++)
                for (size_t k = 0, at = (i * p + q) * out; k < out; k++)
                    work->ra[l][at + k] = work->rz[l][at + k] * work->d1[l][i * out + k];
    }
}

/* ---- the middle: rzb of the last layer ---- */

static void through_loss(cc_mlp_work *work, size_t p, double scale, const double *weight)
{
    size_t c = work->loss.c;
    const double *rz = work->rz[work->net.layers - 1];
    if (p == 1) {
        cc_loss_hessian(&work->loss, work->p, scale, weight, rz, 0, work->rzb);
        return;
    }
    for (size_t i = 0; i < work->n; i++) { /* p rows, one example */
        cc_loss one = {.kind = work->loss.kind, .n = p, .c = c};
        for (size_t q = 0; q < p; q++) memcpy(work->row + q * c, work->p + i * c, c * sizeof *work->row);
        cc_loss_hessian(&one, work->row, weight ? scale * weight[i] : scale, NULL, rz + i * p * c, 0, work->rzb + i * p * c);
    }
}

/* Empirical Fisher: the gradient of l_i in the outputs times its inner product with the tangent. */
static void through_gradients(cc_mlp_work *work, size_t p, double scale, const double *weight)
{
    size_t c = work->loss.c;
    double *g = work->rxb;
    cc_loss_vjp(&work->loss, work->p, 1, NULL, 0, g);
    for (size_t i = 0; i < work->n; i++, g += c)
        for (size_t q = 0; q < p; q++) {
            const double *rz = work->rz[work->net.layers - 1] + (i * p + q) * c;
            double *rzb = work->rzb + (i * p + q) * c, dot = 0;
            for (size_t k = 0; k < c; k++) dot += g[k] * rz[k];
            for (size_t k = 0; k < c; k++) rzb[k] = (weight ? scale * weight[i] : scale) * dot * g[k];
        }
}

/* ---- backward ---- */

/* rzb of layer l - 1 from that of layer l. */
static void down(cc_mlp_work *work, cc_mlp_curvature kind, size_t l, size_t p, const double *v)
{
    size_t in = cc_mlp_in(work, l), out = cc_mlp_out(work, l), n = work->n;
    int exact = kind == CC_MLP_HESSIAN;
    double *rxb = work->rxb;
    cc_gemm(0, 0, n * p, in, out, 1, work->rzb, cc_mlp_w(work, l), 0, rxb);
    if (exact && work->turns[l]) cc_gemm(0, 0, n, p * in, out, 1, work->zb[l], by_input(work, l, p, v), 1, rxb);
    for (size_t i = 0; i < n; i++)
        for (size_t q = 0; q < p; q++) {
            const double *d1 = work->d1[l - 1] + i * in, *d2 = work->curved && exact ? work->d2[l - 1] + i * in : NULL;
            const double *rz = work->rz[l - 1] + (i * p + q) * in;
            double *r = rxb + (i * p + q) * in;
            for (size_t k = 0; k < in; k++) r[k] *= d1[k];
            for (size_t k = 0; d2 && k < in; k++) r[k] += d2[k] * rz[k];
        }
    work->rxb = work->rzb;
    work->rzb = rxb;
}

/* out_q (of layer l) = beta out_q + part_q, parts of `length` numbers, of direction q and output k at (q a + k b) length. */
static void spread(const cc_mlp_work *work, size_t l, size_t p, size_t a, size_t b, double beta, double *out)
{
    size_t in = cc_mlp_in(work, l);
    for (size_t q = 0; q < p; q++)
        for (size_t k = 0; k < cc_mlp_out(work, l); k++) {
            const double *part = work->product + (q * a + k * b) * in;
            double *to = out + q * work->net.weights + work->net.weight_at[l] + k * in;
            if (beta == 0)
                memcpy(to, part, in * sizeof *to);
            else
                for (size_t j = 0; j < in; j++) to[j] += part[j];
        }
}

/* Rows of layer l of the products: rzb' x + zb' ra, and sums of rzb for the bias. */
static void collect(cc_mlp_work *work, cc_mlp_curvature kind, size_t l, size_t p, double beta, double *out)
{
    size_t in = cc_mlp_in(work, l), width = cc_mlp_out(work, l), n = work->n;
    int mixed = kind == CC_MLP_HESSIAN && work->moves[l];
    double *one = out + work->net.weight_at[l];
    cc_gemm(1, 0, p * width, in, n, 1, work->rzb, work->x[l], p == 1 ? beta : 0, p == 1 ? one : work->product);
    if (p > 1) spread(work, l, p, width, 1, beta, out);
    if (mixed) cc_gemm(1, 0, width, p * in, n, 1, work->zb[l], work->ra[l - 1], p == 1 ? 1 : 0, p == 1 ? one : work->product);
    if (mixed && p > 1) spread(work, l, p, 1, p, 1, out);
    for (size_t q = 0; work->net.bias && q < p; q++) {
        double *b = out + q * work->net.weights + work->net.bias_at[l];
        if (beta == 0) memset(b, 0, width * sizeof *b);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < width; k++) b[k] += work->rzb[(i * p + q) * width + k];
    }
}

static void product_of_pass(cc_mlp_work *work, cc_mlp_curvature kind, size_t p, const double *v, double beta, double *out)
{
    double scale = cc_mlp_scale(&work->batch);
    tangents(work, p, v);
    (kind == CC_MLP_FISHER ? through_gradients : through_loss)(work, p, scale, work->weight);
    for (size_t l = work->net.layers; l-- > 0;) {
        collect(work, kind, l, p, beta, out);
        if (l) down(work, kind, l, p, v);
    }
}

/* ---- the calls ---- */

cc_status cc_mlp_product(cc_mlp_work *work, cc_mlp_curvature kind, size_t p, const double *v, double *out)
{
    CC_TRY(ready(work, 1));
    for (size_t done = 0, some; done < p; done += some) {
        some = p - done < work->vectors ? p - done : work->vectors;
        for (size_t first = 0; first < work->batch.n; first += work->n) {
            arrive(work, first, CC_MLP_ADJOINTS);
            product_of_pass(work, kind, some, v + done * work->net.weights, first ? 1 : 0, out + done * work->net.weights);
        }
    }
    return CC_OK;
}

static cc_status apply_hessian(void *self, size_t p, const double *v, double *out)
{
    return cc_mlp_product(self, CC_MLP_HESSIAN, p, v, out);
}

static cc_status apply_ggn(void *self, size_t p, const double *v, double *out)
{
    return cc_mlp_product(self, CC_MLP_GGN, p, v, out);
}

static cc_status apply_fisher(void *self, size_t p, const double *v, double *out)
{
    return cc_mlp_product(self, CC_MLP_FISHER, p, v, out);
}

cc_linop cc_mlp_operator(cc_mlp_work *work, cc_mlp_curvature kind)
{
    return (cc_linop){.n = work->net.weights,
                      .apply = kind == CC_MLP_HESSIAN ? apply_hessian
                               : kind == CC_MLP_GGN   ? apply_ggn
                                                      : apply_fisher,
                      .self = work};
}

static cc_status symmetrise(cc_run *scope, size_t m, double *h)
{
    double largest = 0, gap = 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++) {
            double *a = h + i * m + j, *b = h + j * m + i;
            largest = fmax(largest, fabs(*a));
            gap = fmax(gap, fabs(*a - *b));
            *a = *b = (*a + *b) / 2;
        }
    if (gap <= 1e-12 * largest || !isfinite(largest)) return CC_OK;
    return cc_fail(scope, CC_ENUMERIC, "a curvature matrix is not symmetric: off by %g, largest entry %g", gap, largest);
}

cc_status cc_mlp_matrix(cc_mlp_work *work, cc_mlp_curvature kind, double *h)
{
    CC_TRY(ready(work, 1));
    size_t m = work->net.weights, p;
    for (size_t j = 0; j < m; j += p) {
        p = m - j < work->vectors ? m - j : work->vectors;
        for (size_t q = 0; q < p; q++) work->unit[q * m + j + q] = 1;
        CC_TRY(cc_mlp_product(work, kind, p, work->unit, h + j * m));
        for (size_t q = 0; q < p; q++) work->unit[q * m + j + q] = 0;
    }
    return symmetrise(work->scope, m, h);
}

cc_status cc_mlp_jvp(cc_mlp_work *work, size_t p, const double *v, double *out)
{
    CC_TRY(ready(work, 1));
    size_t last = work->net.layers - 1, c = work->net.width[last + 1];
    for (size_t first = 0; first < work->batch.n; first += work->n) {
        arrive(work, first, CC_MLP_SLOPES);
        for (size_t done = 0, some; done < p; done += some) {
            some = p - done < work->vectors ? p - done : work->vectors;
            tangents(work, some, v + done * work->net.weights);
            for (size_t i = 0; i < work->n; i++)
                memcpy(out + ((first + i) * p + done) * c, work->rz[last] + i * some * c, some * c * sizeof *out);
        }
    }
    return CC_OK;
}

cc_status cc_mlp_vjp(cc_mlp_work *work, const double *zb, double *g)
{
    CC_TRY(ready(work, 0));
    size_t last = work->net.layers - 1, c = work->net.width[last + 1];
    for (size_t first = 0; first < work->batch.n; first += work->n) {
        arrive(work, first, CC_MLP_OUTPUTS);
        memcpy(work->zb[last], zb + first * c, work->n * c * sizeof *zb);
        cc_mlp_backward(work, 0);
        cc_mlp_collect(work, first ? 1 : 0, g);
        forget_adjoints(work);
    }
    return CC_OK;
}

/* ---- single examples ---- */

cc_status cc_mlp_example_dots(cc_mlp_work *work, const double *w, const cc_batch *batch, const double *v, double *dots)
{
    work->there = 0;
    CC_TRY(cc_mlp_batch_is_valid(work->scope, &work->net, batch));
    if (!work->vectors) return cc_fail(work->scope, CC_EINVAL, "this work space has no room for directions");
    size_t last = work->net.layers - 1, c = work->net.width[last + 1];
    for (size_t first = 0; first < batch->n; first += work->n) {
        cc_mlp_forward(work, w, batch, first);
        cc_mlp_slopes(work);
        tangents(work, 1, v);
        cc_loss_vjp(&work->loss, work->p, 1, NULL, 0, work->zb[last]);
        for (size_t i = 0; i < work->n; i++) {
            dots[first + i] = 0;
            for (size_t k = 0; k < c; k++) dots[first + i] += work->zb[last][i * c + k] * work->rz[last][i * c + k];
        }
    }
    return CC_OK;
}

static double inner(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
    return sum;
}

/* |rzb x' + zb rx'|^2 + |rzb|^2 of the bias, rx the tangent of x; the Gram matrices of two and two vectors say it. */
static double square_of_layer(const cc_mlp_work *work, size_t l, size_t i)
{
    size_t in = cc_mlp_in(work, l), out = cc_mlp_out(work, l);
    const double *x = work->x[l] + i * in, *zb = work->zb[l] + i * out, *rzb = work->rzb + i * out;
    double r = inner(out, rzb, rzb), sq = r * (inner(in, x, x) + (work->net.bias ? 1 : 0));
    cc_flops(6 * (in + out));
    if (!work->moves[l]) return sq;
    const double *rx = work->ra[l - 1] + i * in;
    return sq + inner(out, zb, zb) * inner(in, rx, rx) + 2 * inner(out, rzb, zb) * inner(in, x, rx);
}

cc_status cc_mlp_example_hvp_sqnorms(cc_mlp_work *work, const double *v, double *sq)
{
    CC_TRY(ready(work, 1));
    for (size_t first = 0; first < work->batch.n; first += work->n) {
        arrive(work, first, CC_MLP_SLOPES);
        adjoints(work, 1, NULL);
        forget_adjoints(work);
        tangents(work, 1, v);
        through_loss(work, 1, 1, NULL);
        memset(sq + first, 0, work->n * sizeof *sq);
        for (size_t l = work->net.layers; l-- > 0;) {
            for (size_t i = 0; i < work->n; i++) sq[first + i] += square_of_layer(work, l, i);
            if (l) down(work, CC_MLP_HESSIAN, l, 1, v);
        }
    }
    return CC_OK;
}
