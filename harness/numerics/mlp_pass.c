/* One pass over a network, forward and backward, and what it gives of first order: losses, gradients, gradients of single examples.
 * A gradient costs 2 F_1 + 3 (F_2 + .. + F_L) flops, F_l = 2 n in_l out_l. */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "harness/numerics/mlp_work.h"

/* The rows of the pass, where they lie or gathered. */
static void take_examples(cc_mlp_work *work, const cc_batch *batch)
{
    size_t in = work->net.width[0], c = work->net.width[work->net.layers], n = work->n;
    work->loss = (cc_loss){.kind = batch->loss, .n = n, .c = c};
    work->weight = batch->weight ? batch->weight + work->first : NULL;
    if (!batch->ids) {
        work->x[0] = batch->x + work->first * in;
        work->loss.label = batch->label ? batch->label + work->first : NULL;
        work->loss.target = batch->target ? batch->target + work->first * c : NULL;
        return;
    }
    const size_t *ids = batch->ids + work->first;
    for (size_t i = 0; i < n; i++) {
        memcpy(work->input + i * in, batch->x + ids[i] * in, in * sizeof *work->input);
        if (batch->label) work->label[i] = batch->label[ids[i]];
        if (batch->target) memcpy(work->target + i * c, batch->target + ids[i] * c, c * sizeof *work->target);
    }
    work->x[0] = work->input;
    work->loss.label = batch->label ? work->label : NULL;
    work->loss.target = batch->target ? work->target : NULL;
}

void cc_mlp_forward(cc_mlp_work *work, const double *w, const cc_batch *batch, size_t first)
{
    const cc_mlp *net = &work->net;
    work->first = first;
    work->n = batch->n - first < work->rows ? batch->n - first : work->rows;
    work->w = w;
    take_examples(work, batch);
    for (size_t l = 0; l < net->layers; l++) {
        size_t in = net->width[l], out = net->width[l + 1];
        double *a = work->a[l], *z = l + 1 < net->layers && work->keeps_z ? work->z[l] : a;
        for (size_t i = 0; net->bias && i < work->n; i++) memcpy(z + i * out, w + net->bias_at[l], out * sizeof *z);
        cc_gemm(0, 1, work->n, out, in, 1, work->x[l], cc_mlp_w(work, l), net->bias ? 1 : 0, z);
        if (l + 1 < net->layers) cc_phi_forward(net->phi, work->n * out, z, a);
        work->x[l + 1] = a;
    }
    cc_loss_forward(&work->loss, work->x[net->layers], work->p, work->each);
}

static const double *z_of(const cc_mlp_work *work, size_t l) { return work->keeps_z ? work->z[l] : NULL; }

static void fill(size_t n, double value, double *x)
{
    for (size_t i = 0; i < n; i++) x[i] = value;
}

void cc_mlp_slopes(cc_mlp_work *work)
{
    for (size_t l = 0; l + 1 < work->net.layers; l++) {
        size_t n = work->n * cc_mlp_out(work, l);
        fill(n, 1, work->d1[l]);
        cc_phi_jvp(work->net.phi, n, z_of(work, l), work->a[l], work->d1[l], work->d1[l]);
    }
}

/* d2 of layer l, whose zb is still the adjoint of phi(z): what the tangent of its product with phi' is for a tangent of 1. */
static void bend(cc_mlp_work *work, size_t l)
{
    size_t n = work->n * cc_mlp_out(work, l);
    fill(n, 1, work->rxb);
    fill(n, 0, work->d2[l]);
    cc_phi_vjp_tan(work->net.phi, n, z_of(work, l), work->a[l], work->zb[l], work->rxb, work->d2[l], 0, work->d2[l]);
}

void cc_mlp_backward(cc_mlp_work *work, int bends)
{
    for (size_t l = work->net.layers - 1; l > 0; l--) {
        size_t in = cc_mlp_in(work, l), out = cc_mlp_out(work, l);
        cc_gemm(0, 0, work->n, in, out, 1, work->zb[l], cc_mlp_w(work, l), 0, work->zb[l - 1]);
        if (bends && work->curved) bend(work, l - 1);
        cc_phi_vjp(work->net.phi, work->n * in, z_of(work, l - 1), work->a[l - 1], work->zb[l - 1], 0, work->zb[l - 1]);
    }
}

void cc_mlp_collect(const cc_mlp_work *work, double beta, double *g)
{
    for (size_t l = 0; l < work->net.layers; l++) {
        size_t in = cc_mlp_in(work, l), out = cc_mlp_out(work, l);
        cc_gemm(1, 0, out, in, work->n, 1, work->zb[l], work->x[l], beta, g + work->net.weight_at[l]);
        if (!work->net.bias) continue;
        double *b = g + work->net.bias_at[l];
        if (beta == 0) memset(b, 0, out * sizeof *b);
        for (size_t i = 0; i < work->n; i++)
            for (size_t k = 0; k < out; k++) b[k] += work->zb[l][i * out + k];
    }
}

double cc_mlp_sum(const cc_mlp_work *work)
{
    double sum = 0;
    for (size_t i = 0; i < work->n; i++) sum += work->weight ? work->weight[i] * work->each[i] : work->each[i];
    return sum;
}

/* ---- the calls ---- */

/* A call of first order begins: it leaves the point. */
static cc_status begin(cc_mlp_work *work, const cc_batch *batch)
{
    work->there = 0;
    return cc_mlp_batch_is_valid(work->scope, &work->net, batch);
}

static double *last_adjoint(const cc_mlp_work *work) { return work->zb[work->net.layers - 1]; }

/* Forward and backward of the losses, each times scale and, if asked, its weight. */
static void both_ways(cc_mlp_work *work, const double *w, const cc_batch *batch, size_t first, double scale, const double *weight)
{
    cc_mlp_forward(work, w, batch, first);
    cc_loss_vjp(&work->loss, work->p, scale, weight ? weight + first : NULL, 0, last_adjoint(work));
    cc_mlp_backward(work, 0);
}

cc_status cc_mlp_logits(cc_mlp_work *work, const double *w, const cc_batch *batch, double *z)
{
    CC_TRY(begin(work, batch));
    size_t c = work->net.width[work->net.layers];
    for (size_t first = 0; first < batch->n; first += work->n) {
        cc_mlp_forward(work, w, batch, first);
        memcpy(z + first * c, work->x[work->net.layers], work->n * c * sizeof *z);
    }
    return CC_OK;
}

cc_status cc_mlp_losses(cc_mlp_work *work, const double *w, const cc_batch *batch, double *each)
{
    CC_TRY(begin(work, batch));
    for (size_t first = 0; first < batch->n; first += work->n) {
        cc_mlp_forward(work, w, batch, first);
        memcpy(each + first, work->each, work->n * sizeof *each);
    }
    return CC_OK;
}

cc_status cc_mlp_loss(cc_mlp_work *work, const double *w, const cc_batch *batch, double *loss)
{
    CC_TRY(begin(work, batch));
    double sum = 0;
    for (size_t first = 0; first < batch->n; first += work->n) {
        cc_mlp_forward(work, w, batch, first);
        sum += cc_mlp_sum(work);
    }
    *loss = cc_mlp_scale(batch) * sum;
    return CC_OK;
}

cc_status cc_mlp_grad(cc_mlp_work *work, const double *w, const cc_batch *batch, double *loss, double *g)
{
    if (!g) return cc_mlp_loss(work, w, batch, loss);
    CC_TRY(begin(work, batch));
    double sum = 0;
    for (size_t first = 0; first < batch->n; first += work->n) {
        both_ways(work, w, batch, first, cc_mlp_scale(batch), batch->weight);
        cc_mlp_collect(work, first ? 1 : 0, g);
        sum += cc_mlp_sum(work);
    }
    if (loss) *loss = cc_mlp_scale(batch) * sum;
    return CC_OK;
}

static size_t largest(size_t n, const double *x)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (x[i] > x[best]) best = i;
    return best;
}

static int is_right(const cc_mlp_work *work, size_t i)
{
    size_t c = work->loss.c;
    const double *z = work->x[work->net.layers] + i * c, *target = work->loss.target ? work->loss.target + i * c : NULL;
    if (c == 1) return (z[0] > 0) == (target ? target[0] > 0 : work->loss.label[i] > 0);
    return largest(c, z) == (target ? largest(c, target) : (size_t)work->loss.label[i]);
}

cc_status cc_mlp_accuracy(cc_mlp_work *work, const double *w, const cc_batch *batch, double *share)
{
    CC_TRY(begin(work, batch));
    size_t right = 0;
    for (size_t first = 0; first < batch->n; first += work->n) {
        cc_mlp_forward(work, w, batch, first);
        for (size_t i = 0; i < work->n; i++) right += (size_t)is_right(work, i);
    }
    *share = (double)right / (double)batch->n;
    return CC_OK;
}

/* ---- single examples ---- */

/* The gradient that the adjoints of example i make: an outer product a layer. */
static void outer_products(const cc_mlp_work *work, size_t i, double *row)
{
    cc_flops(work->net.weights);
    for (size_t l = 0; l < work->net.layers; l++) {
        size_t in = cc_mlp_in(work, l), out = cc_mlp_out(work, l);
        const double *zb = work->zb[l] + i * out, *x = work->x[l] + i * in;
        double *w = row + work->net.weight_at[l];
        for (size_t k = 0; k < out; k++, w += in)
            for (size_t j = 0; j < in; j++) w[j] = zb[k] * x[j];
        if (work->net.bias) memcpy(row + work->net.bias_at[l], zb, out * sizeof *zb);
    }
}

cc_status cc_mlp_example_grads(cc_mlp_work *work, const double *w, const cc_batch *batch, double *rows)
{
    CC_TRY(begin(work, batch));
    for (size_t first = 0; first < batch->n; first += work->n) {
        both_ways(work, w, batch, first, 1, NULL);
        for (size_t i = 0; i < work->n; i++) outer_products(work, i, rows + (first + i) * work->net.weights);
    }
    return CC_OK;
}

static double square(size_t n, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sum;
}

/* |zb x'|^2 + |zb|^2 = |zb|^2 (|x|^2 + 1) in each layer. */
cc_status cc_mlp_example_sqnorms(cc_mlp_work *work, const double *w, const cc_batch *batch, double *sq)
{
    CC_TRY(begin(work, batch));
    for (size_t first = 0; first < batch->n; first += work->n) {
        both_ways(work, w, batch, first, 1, NULL);
        for (size_t i = 0; i < work->n; i++) {
            sq[first + i] = 0;
            for (size_t l = 0; l < work->net.layers; l++) {
                size_t in = cc_mlp_in(work, l), out = cc_mlp_out(work, l);
                cc_flops(2 * (in + out));
                sq[first + i] += square(out, work->zb[l] + i * out) * (square(in, work->x[l] + i * in) + (work->net.bias ? 1 : 0));
            }
        }
    }
    return CC_OK;
}

cc_status cc_mlp_batch_grads(cc_mlp_work *work, const double *w, const cc_batch *batch, size_t size, double *rows)
{
    if (size == 0) return cc_fail(work->scope, CC_EINVAL, "batches of 0 examples");
    CC_TRY(begin(work, batch));
    size_t in = work->net.width[0], c = work->net.width[work->net.layers];
    for (size_t first = 0; first < batch->n; first += size, rows += work->net.weights) {
        cc_batch part = *batch;
        part.n = batch->n - first < size ? batch->n - first : size;
        part.scale = 0;
        if (batch->weight) part.weight += first;
        if (batch->ids) {
            part.ids += first;
        } else {
            part.rows -= first, part.x += first * in;
            if (batch->label) part.label += first;
            if (batch->target) part.target += first * c;
        }
        CC_TRY(cc_mlp_grad(work, w, &part, NULL, rows));
    }
    return CC_OK;
}

cc_status cc_mlp_jacobian(cc_mlp_work *work, const double *w, const cc_batch *batch, double *rows)
{
    CC_TRY(begin(work, batch));
    size_t c = work->net.width[work->net.layers];
    for (size_t first = 0; first < batch->n; first += work->n) {
        cc_mlp_forward(work, w, batch, first);
        for (size_t k = 0; k < c; k++) {
            memset(last_adjoint(work), 0, work->n * c * sizeof(double));
            for (size_t i = 0; i < work->n; i++) last_adjoint(work)[i * c + k] = 1;
            cc_mlp_backward(work, 0);
            for (size_t i = 0; i < work->n; i++) outer_products(work, i, rows + ((first + i) * c + k) * work->net.weights);
        }
    }
    return CC_OK;
}
