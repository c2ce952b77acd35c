/* The shape of a multilayer perceptron, its start, its batches and its work space. */
#include <math.h>
#include <stdlib.h>

#include "harness/numerics/mlp_work.h"

cc_status cc_mlp_shape(cc_run *run, cc_mlp *net, size_t layers, const size_t *width, cc_phi phi, int bias)
{
    if (layers == 0 || layers > CC_MLP_LAYERS)
        return cc_fail(run, CC_EINVAL, "a network of %zu layers; 1 to %d are possible", layers, CC_MLP_LAYERS);
    *net = (cc_mlp){.layers = layers, .phi = phi, .bias = bias};
    for (size_t l = 0; l <= layers; l++) {
        if (width[l] == 0) return cc_fail(run, CC_EINVAL, "width %zu of the network is 0", l);
        net->width[l] = width[l];
    }
    for (size_t l = 0; l < layers; l++) {
        net->weight_at[l] = net->weights;
        net->bias_at[l] = net->weight_at[l] + width[l + 1] * width[l];
        net->weights = net->bias_at[l] + (bias ? width[l + 1] : 0);
    }
    return CC_OK;
}

cc_status cc_mlp_parse(cc_run *run, cc_mlp *net, const char *widths, cc_phi phi, int bias)
{
    size_t width[CC_MLP_LAYERS + 1], n = 0;
    for (const char *at = widths;; at++) {
        char *end;
        unsigned long value = *at >= '0' && *at <= '9' ? strtoul(at, &end, 10) : 0;
        if (value == 0 || value > 1u << 24 || (*end && *end != '-') || n > CC_MLP_LAYERS)
            return cc_fail(run, CC_EINVAL, "'%s' is no list of up to %d widths such as 784-40-10", widths, CC_MLP_LAYERS + 1);
        width[n++] = value;
        at = end;
        if (!*at) break;
    }
    return cc_mlp_shape(run, net, n - 1, width, phi, bias);
}

void cc_mlp_init_layer(cc_mlp_start how, size_t in, size_t out, size_t n, double *matrix, size_t biases, double *bias, cc_rng *rng)
{
    const double i = (double)in, o = (double)out;
    double half = how == CC_MLP_HE_UNIFORM ? sqrt(6 / i) : how == CC_MLP_XAVIER ? sqrt(6 / (i + o)) : 1 / sqrt(i);
    if (how == CC_MLP_HE) cc_normal(rng, n, matrix);
    for (size_t k = 0; k < n; k++) matrix[k] = how == CC_MLP_HE ? matrix[k] * sqrt(2 / i) : half * (2 * cc_uniform(rng) - 1);
    for (size_t k = 0; k < biases; k++) bias[k] = how == CC_MLP_UNIFORM ? half * (2 * cc_uniform(rng) - 1) : 0;
}

void cc_mlp_init(const cc_mlp *net, cc_mlp_start how, cc_rng *rng, double *w)
{
    for (size_t l = 0; l < net->layers; l++) {
        size_t in = net->width[l], out = net->width[l + 1];
        cc_mlp_init_layer(how, in, out, in * out, w + net->weight_at[l], net->bias ? out : 0, w + net->bias_at[l], rng);
    }
}

/* ---- batches ---- */

double cc_mlp_scale(const cc_batch *batch) { return batch->scale == 0 ? 1 / (double)batch->n : batch->scale; }

cc_status cc_mlp_batch_is_valid(cc_run *run, const cc_mlp *net, const cc_batch *batch)
{
    if (batch->n == 0) return cc_fail(run, CC_EINVAL, "an empty batch");
    if (!batch->x || !batch->label == !batch->target) return cc_fail(run, CC_EINVAL, "a batch has x, and either labels or targets");
    if ((unsigned)batch->loss >= CC_LOSS_KINDS) return cc_fail(run, CC_EINVAL, "there is no loss %d", (int)batch->loss);
    size_t classes = batch->loss == CC_LOSS_LOGISTIC ? 2 : net->width[net->layers];
    if (batch->loss == CC_LOSS_LOGISTIC && batch->label && net->width[net->layers] != 1)
        return cc_fail(run, CC_EINVAL, "labels 0, 1 of a logistic loss take one output, not %zu", net->width[net->layers]);
    if (!batch->ids && batch->n > batch->rows)
        return cc_fail(run, CC_EINVAL, "%zu examples of %zu rows of data", batch->n, batch->rows);
    for (size_t i = 0; i < batch->n; i++) {
        size_t row = batch->ids ? batch->ids[i] : i;
        if (row >= batch->rows) return cc_fail(run, CC_EINVAL, "example %zu is row %zu of %zu", i, row, batch->rows);
        if (batch->label && (batch->label[row] < 0 || (size_t)batch->label[row] >= classes))
            return cc_fail(run, CC_EINVAL, "example %zu has label %d of %zu classes", i, batch->label[row], classes);
    }
    return CC_OK;
}

static int finite_row(size_t n, const double *x)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return 0;
    return 1;
}

cc_status cc_mlp_check(cc_run *run, const cc_mlp *net, const cc_batch *batch)
{
    CC_TRY(cc_mlp_batch_is_valid(run, net, batch));
    size_t in = net->width[0], out = net->width[net->layers];
    for (size_t i = 0; i < batch->n; i++) {
        size_t row = batch->ids ? batch->ids[i] : i;
        if (!finite_row(in, batch->x + row * in) || (batch->target && !finite_row(out, batch->target + row * out)) ||
            (batch->weight && !isfinite(batch->weight[i])))
            return cc_fail(run, CC_ENUMERIC, "example %zu (row %zu) is not finite", i, row);
    }
    return CC_OK;
}

/* ---- work space ---- */

static cc_status new_pass(cc_run *scope, cc_mlp_work *work)
{
    const cc_mlp *net = &work->net;
    size_t rows = work->rows, last = net->layers - 1, c = net->width[net->layers];
    for (size_t l = 0; l <= last; l++) {
        CC_NEW(scope, work->a[l], rows * net->width[l + 1]);
        CC_NEW(scope, work->zb[l], rows * net->width[l + 1]);
        if (l < last && work->keeps_z) CC_NEW(scope, work->z[l], rows * net->width[l + 1]);
    }
    CC_NEW(scope, work->input, rows * net->width[0]);
    CC_NEW(scope, work->p, rows * c);
    CC_NEW(scope, work->each, rows);
    CC_NEW(scope, work->label, rows);
    CC_NEW(scope, work->target, rows * c);
    return CC_OK;
}

static cc_status new_products(cc_run *scope, cc_mlp_work *work)
{
    const cc_mlp *net = &work->net;
    size_t rows = work->rows, p = work->vectors, widest = 0, largest = 0;
    for (size_t l = 0; l < net->layers; l++) {
        size_t out = net->width[l + 1];
        widest = out > widest ? out : widest;
        largest = out * net->width[l] > largest ? out * net->width[l] : largest;
        CC_NEW(scope, work->ra[l], rows * p * out);
        work->rz[l] = work->ra[l];
        if (l + 1 == net->layers) break;
        CC_NEW(scope, work->d1[l], rows * out);
        if (!work->curved) continue;
        CC_NEW(scope, work->d2[l], rows * out);
        CC_NEW(scope, work->rz[l], rows * p * out);
    }
    CC_NEW(scope, work->rzb, rows * p * widest);
    CC_NEW(scope, work->rxb, rows * p * widest);
    CC_NEW(scope, work->v_by_output, p * largest);
    CC_NEW(scope, work->v_by_input, p * largest);
    CC_NEW(scope, work->product, p * largest);
    CC_NEW(scope, work->row, p * net->width[net->layers]);
    CC_NEW(scope, work->unit, p * net->weights);
    return CC_OK;
}

cc_status cc_mlp_work_new(cc_run *scope, const cc_mlp *net, size_t rows, size_t vectors, cc_mlp_work **work)
{
    if (rows == 0) return cc_fail(scope, CC_EINVAL, "a work space for 0 rows");
    CC_NEW(scope, *work, 1);
    (*work)->scope = scope;
    (*work)->net = *net;
    (*work)->rows = rows;
    (*work)->vectors = vectors;
    (*work)->keeps_z = !cc_phi_from_value(net->phi);
    (*work)->curved = net->phi.kind != CC_PHI_IDENTITY && net->phi.kind != CC_PHI_RELU && net->phi.kind != CC_PHI_LEAKY &&
                      net->phi.kind != CC_PHI_ABS;
    CC_TRY(new_pass(scope, *work));
    return vectors ? new_products(scope, *work) : CC_OK;
}
