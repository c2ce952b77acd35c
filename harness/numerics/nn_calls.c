/* What is usually wanted, made of the four sweeps; gradients of single examples. */
#include <math.h>
#include <string.h>

#include "harness/numerics/nn_tape.h"

static cc_status scalar(nn_tape *t, nn_node loss, const char *call)
{
    char text[96];
    CC_TRY(nn_status(t));
    if (nn_size(t, loss) != 1)
        return cc_fail(t->run, CC_EINVAL, "%s: the loss is %s, not one number", call, nn_show(nn_shape_of(t, loss), text));
    return CC_OK;
}

void nn_start(nn_tape *t, cc_mlp_start how, nn_node W, nn_node b, cc_rng *rng, double *w)
{
    const nn_node in[] = {W, b};
    char text[96];
    if (!nn_good(t, "start", b == NN_NONE ? 1 : 2, in)) return;
    nn_shape s = nn_shape_of(t, W);
    if ((s.nd != 2 && s.nd != 4) || !nn_is_param(t, W) || (b != NN_NONE && !nn_is_param(t, b))) {
        nn_error(t, "start: W is %s; a parameter of 2 or 4 dimensions and its bias are needed", nn_show(s, text));
        return;
    }
    size_t n = nn_count(s), each = n / (s.d[0] * s.d[1]); /* weights between an input and an output */
    double *bias = b == NN_NONE ? NULL : w + nn_param_offset(t, b);
    cc_mlp_init_layer(how, s.d[1] * each, s.d[0] * each, n, w + nn_param_offset(t, W), bias ? nn_size(t, b) : 0, bias, rng);
}

cc_status nn_loss_grad(nn_tape *t, nn_node loss, const double *w, double *value, double *g)
{
    CC_TRY(scalar(t, loss, "loss and gradient"));
    CC_TRY(nn_forward(t, w));
    if (value) *value = *nn_value(t, loss);
    return nn_backward(t, loss, NULL, g);
}

cc_status nn_hvps_again(nn_tape *t, size_t p, const double *v, double *hv)
{
    CC_TRY(nn_tangents(t, p, v));
    return nn_backward_tangent(t, hv);
}

cc_status nn_ggn_vps_again(nn_tape *t, size_t p, const double *v, double *gv)
{
    CC_TRY(nn_tangents(t, p, v));
    return nn_backward_gauss_newton(t, gv);
}

/* Looking at a loss from outside must not count as a step of training. */
static cc_status gradient_probed(nn_tape *t, nn_node loss, const double *w)
{
    nn_mode mode = t->mode;
    if (mode == NN_TRAIN) t->mode = NN_PROBE;
    cc_status status = nn_loss_grad(t, loss, w, NULL, NULL);
    t->mode = mode;
    return status;
}

cc_status nn_hvps(nn_tape *t, nn_node loss, const double *w, size_t p, const double *v, double *hv)
{
    CC_TRY(gradient_probed(t, loss, w));
    return nn_hvps_again(t, p, v, hv);
}

cc_status nn_ggn_vps(nn_tape *t, nn_node loss, const double *w, size_t p, const double *v, double *gv)
{
    CC_TRY(gradient_probed(t, loss, w));
    return nn_ggn_vps_again(t, p, v, gv);
}

cc_status nn_jvps(nn_tape *t, nn_node out, const double *w, size_t p, const double *v, double *jv)
{
    CC_TRY(nn_forward(t, w));
    size_t n = nn_size(t, out);
    if (n == 0) return cc_fail(t->run, CC_EINVAL, "jvp: node %d is not of this tape", out);
    CC_TRY(nn_tangents(t, p, v));
    for (size_t q = 0; q < p; q++) {
        const double *tangent = nn_node_tangent(t, out, q);
        if (tangent)
            memcpy(jv + q * n, tangent, n * sizeof *jv);
        else
            memset(jv + q * n, 0, n * sizeof *jv);
    }
    return CC_OK;
}

cc_status nn_vjp(nn_tape *t, nn_node out, const double *w, const double *u, double *g)
{
    CC_TRY(nn_forward(t, w));
    return nn_backward(t, out, u, g);
}

/* (1/n) sum g_i (g_i . v): tangents of the single losses, handed back as their adjoints. */
cc_status nn_fisher_vps(nn_tape *t, nn_node rows, const double *w, size_t p, const double *v, double *fv)
{
    size_t n = nn_size(t, rows);
    nn_mode mode = t->mode;
    if (mode == NN_TRAIN) t->mode = NN_PROBE;
    cc_status status = nn_forward(t, w);
    t->mode = mode;
    CC_TRY(status);
    if (n == 0) return cc_fail(t->run, CC_EINVAL, "fisher: node %d is not of this tape", rows);
    CC_TRY(nn_tangents(t, p, v));
    for (size_t q = 0; q < p; q++, fv += t->params) {
        const double *along = nn_node_tangent(t, rows, q);
        if (along)
            CC_TRY(nn_backward(t, rows, along, fv));
        else
            memset(fv, 0, t->params * sizeof *fv);
        for (size_t i = 0; i < t->params; i++) fv[i] /= (double)n;
    }
    t->backward = 0; /* the adjoints are nobody's loss */
    return CC_OK;
}

static cc_status hessian_apply(void *self, size_t p, const double *x, double *y) { return nn_hvps_again(self, p, x, y); }
static cc_status gauss_newton_apply(void *self, size_t p, const double *x, double *y) { return nn_ggn_vps_again(self, p, x, y); }

cc_linop nn_hessian_operator(nn_tape *t) { return (cc_linop){t->params, hessian_apply, t}; }
cc_linop nn_gauss_newton_operator(nn_tape *t) { return (cc_linop){t->params, gauss_newton_apply, t}; }

/* ---- the whole Hessian ---- */

enum { BLOCK = 32, CACHED = 1 << 17 }; /* directions at a time; numbers that their tangents may fill, where there is a choice */

static size_t block_of(const nn_tape *t)
{
    size_t numbers = 1;
    for (size_t i = 0; i < t->n_nodes; i++)
        if (t->node[i].kind == NN_RESULT) numbers += 2 * t->node[i].n;
    size_t p = CACHED / numbers;
    return p < 1 ? 1 : p > BLOCK ? BLOCK : p;
}

static cc_status symmetrise(const nn_tape *t, size_t m, double *h)
{
    double largest = 0, skew = 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++) {
            double *a = &h[i * m + j], *b = &h[j * m + i], mean = (*a + *b) / 2;
            skew = fmax(skew, fabs(*a - *b));
            largest = fmax(largest, fabs(mean));
            *a = *b = mean;
        }
    if (skew <= 1e-12 * largest) return CC_OK;
    return cc_fail(t->run, CC_ENUMERIC, "hessian: entries differ from their mirror images by %g, the largest is %g", skew, largest);
}

cc_status nn_hessian(nn_tape *t, nn_node loss, const double *w, double *h)
{
    size_t m = t->params, block = block_of(t);
    CC_TRY(gradient_probed(t, loss, w));
    if (t->unit_room < block * m) {
        if (!(t->unit = nn_take(t, block * m))) return nn_status(t);
        t->unit_room = block * m;
    }
    memset(t->unit, 0, block * m * sizeof *t->unit);
    for (size_t i = 0; i < m; i += block) {
        size_t p = m - i < block ? m - i : block;
        for (size_t q = 0; q < p; q++) t->unit[q * m + i + q] = 1;
        CC_TRY(nn_hvps_again(t, p, t->unit, h + i * m));
        for (size_t q = 0; q < p; q++) t->unit[q * m + i + q] = 0;
    }
    return symmetrise(t, m, h);
}

/* ---- single examples ---- */

/* Adjoints of the sum of rows, in which each example has its own. */
static cc_status example_adjoints(nn_tape *t, nn_node rows, const double *w)
{
    char text[96];
    CC_TRY(nn_status(t));
    nn_shape s = nn_shape_of(t, rows);
    if (s.nd == 0 || nn_count(s) != s.d[0])
        return cc_fail(t->run, CC_EINVAL, "per-example gradients: the losses are %s, not one for each example", nn_show(s, text));
    if (t->node[rows].axis != 0)
        return cc_fail(t->run, CC_EINVAL, "per-example gradients: examples meet before the losses (%s)", nn_show(s, text));
    nn_mode mode = t->mode;
    if (mode == NN_TRAIN) t->mode = NN_PROBE;
    cc_status status = nn_forward(t, w);
    t->mode = mode;
    CC_TRY(status);
    return nn_backward_over(t, rows, NULL, NULL, 0);
}

/* An operation on the way down must keep examples apart, and know its part of each one's gradient. */
static cc_status separable(const nn_tape *t, const nn_rec *r, size_t n)
{
    const nn_slot *y = &t->node[r->out];
    const char *name = r->op->name;
    int meet = r->op->flags & NN_BATCH && t->mode != NN_EVAL;
    if (y->axis < 0 || y->s.d[y->axis] != n || meet)
        return cc_fail(t->run, CC_EINVAL, "per-example gradients: %s (node %d) %s", name, r->out,
                       y->axis == NN_UNBATCHED ? "computes what all examples share" : "lets examples meet");
    for (int k = 0; k < r->nin; k++) {
        const nn_slot *x = &t->node[r->in[k]];
        if (!x->want || x->axis >= 0) continue;
        if (!nn_is_param(t, r->in[k]))
            return cc_fail(t->run, CC_EINVAL, "per-example gradients: %s (node %d) uses a weight that is no parameter", name,
                           r->out);
        if (!r->op->rows) return cc_fail(t->run, CC_EINVAL, "per-example gradients: %s (node %d) has none", name, r->out);
    }
    return CC_OK;
}

static void operation(const nn_tape *t, const nn_rec *r, nn_arg *in, nn_arg *y)
{
    for (int k = 0; k < r->nin; k++) in[k] = nn_arg_of(t, r->in[k]);
    *y = nn_arg_of(t, r->out);
}

/* Is input k of r a parameter (or a part of one) that takes part in the last backward sweep? */
static int takes_part(const nn_tape *t, const nn_rec *r, int k)
{
    return t->node[r->out].reached && t->node[r->in[k]].want && nn_is_param(t, r->in[k]) && r->op->rows;
}

static cc_status all_separable(const nn_tape *t, size_t n)
{
    for (size_t i = 0; i < t->n_recs; i++)
        if (t->node[t->rec[i].out].reached) CC_TRY(separable(t, &t->rec[i], n));
    return CC_OK;
}

cc_status nn_per_example_grads(nn_tape *t, nn_node rows, const double *w, double *g)
{
    size_t n = nn_size(t, rows);
    nn_arg in[NN_INPUTS], y;
    CC_TRY(example_adjoints(t, rows, w));
    CC_TRY(all_separable(t, n));
    memset(g, 0, n * t->params * sizeof *g);
    for (size_t i = 0; i < t->n_recs; i++) {
        nn_rec *r = &t->rec[i];
        operation(t, r, in, &y);
        for (int k = 0; k < r->nin; k++)
            if (takes_part(t, r, k)) r->op->rows(r, in, &y, k, t->node[r->out].axis, g + nn_param_offset(t, r->in[k]), t->params);
    }
    return CC_OK;
}

/* The squared norms of one parameter's rows, by way of the rows. */
static cc_status sqnorms_by_rows(nn_tape *t, nn_node param, size_t n, double *sqnorms)
{
    size_t m = t->node[param].n;
    nn_arg in[NN_INPUTS], y;
    if (t->rows_room < n * m) {
        if (!(t->rows = nn_take(t, n * m))) return nn_status(t);
        t->rows_room = n * m;
    }
    memset(t->rows, 0, n * m * sizeof *t->rows);
    for (size_t i = 0; i < t->n_recs; i++) {
        nn_rec *r = &t->rec[i];
        operation(t, r, in, &y);
        for (int k = 0; k < r->nin; k++)
            if (takes_part(t, r, k) && t->node[r->in[k]].root == param)
                r->op->rows(r, in, &y, k, t->node[r->out].axis, t->rows + (nn_param_offset(t, r->in[k]) - t->node[param].offset),
                            m);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) sqnorms[i] += t->rows[i * m + j] * t->rows[i * m + j];
    return CC_OK;
}

/* A parameter that one operation reads may have a way without the rows. */
static int sqnorms_directly(nn_tape *t, nn_node param, double *sqnorms)
{
    nn_arg in[NN_INPUTS], y;
    if (t->node[param].uses != 1) return 0;
    for (size_t i = 0; i < t->n_recs; i++)
        for (int k = 0; k < t->rec[i].nin; k++) {
            nn_rec *r = &t->rec[i];
            if (r->in[k] != param) continue;
            if (!takes_part(t, r, k)) return 1; /* nothing of it is used */
            operation(t, r, in, &y);
            return r->op->sqnorms && r->op->sqnorms(r, in, &y, k, sqnorms);
        }
    return 0;
}

cc_status nn_per_example_sqnorms(nn_tape *t, nn_node rows, const double *w, double *sqnorms)
{
    size_t n = nn_size(t, rows);
    CC_TRY(example_adjoints(t, rows, w));
    CC_TRY(all_separable(t, n));
    memset(sqnorms, 0, n * sizeof *sqnorms);
    for (size_t i = 0; i < t->n_nodes; i++)
        if (t->node[i].kind == NN_PARAM && t->node[i].uses > 0 && !sqnorms_directly(t, (nn_node)i, sqnorms))
            CC_TRY(sqnorms_by_rows(t, (nn_node)i, n, sqnorms));
    return CC_OK;
}
