/* The four sweeps. */
#include <math.h>
#include <string.h>

#include "harness/numerics/nn_tape.h"

static void zero(double *x, size_t n) { memset(x, 0, n * sizeof *x); }

/* ---- one operation ---- */

static void sum_bias(const nn_rec *r, const double *yb, double *bb) { nn_contract(&r->bias, 1, yb, 0, NULL, 0, bb, 1); }

static cc_status op_forward(nn_rec *r, const nn_arg *in, double *y)
{
    const nn_bilinear *m = r->op->bilinear;
    if (!m) return r->op->forward(r, in, y);
    if (r->nin > 2) nn_spread(&r->bias, in[2].v, 1, y, 0);
    m->map(r, in[0].v, in[1].v, r->nin > 2, y);
    return CC_OK;
}

static void op_vjp(nn_rec *r, const nn_arg *in, const nn_arg *out)
{
    const nn_bilinear *m = r->op->bilinear;
    if (!m) {
        r->op->vjp(r, in, out);
        return;
    }
    if (in[0].a) m->adjoint_x(r, out->a, in[1].v, in[0].a);
    if (in[1].a) m->adjoint_w(r, out->a, in[0].v, in[1].a);
    if (r->nin > 2 && in[2].a) sum_bias(r, out->a, in[2].a);
}

static void op_jvp(nn_rec *r, const nn_arg *in, const nn_arg *out, double *ry)
{
    const nn_bilinear *m = r->op->bilinear;
    if (m) {
        int begun = r->nin > 2 && in[2].t;
        if (begun) nn_spread(&r->bias, in[2].t, 1, ry, 0);
        if (in[0].t) m->map(r, in[0].t, in[1].v, begun, ry);
        if (in[1].t) m->map(r, in[0].v, in[1].t, begun || in[0].t, ry);
    } else if (r->op->flags & NN_LINEAR) {
        nn_arg tangents[NN_INPUTS];
        for (int i = 0; i < r->nin; i++) {
            tangents[i] = in[i];
            tangents[i].v = in[i].t;
        }
        r->op->forward(r, tangents, ry);
    } else
        r->op->jvp(r, in, out, ry);
}

/* The vjp kernel on adjoint tangents. */
static void op_vjp_of_tangents(nn_rec *r, const nn_arg *in, const nn_arg *out)
{
    nn_arg from[NN_INPUTS] = {0}, to = *out;
    to.a = out->at;
    for (int i = 0; i < r->nin; i++) {
        from[i] = in[i];
        from[i].a = in[i].at;
    }
    op_vjp(r, from, &to);
}

static void op_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *out)
{
    const nn_bilinear *m = r->op->bilinear;
    if (m) {
        op_vjp_of_tangents(r, in, out);
        if (in[0].at && in[1].t) m->adjoint_x(r, out->a, in[1].t, in[0].at);
        if (in[1].at && in[0].t) m->adjoint_w(r, out->a, in[0].t, in[1].at);
    } else if (r->op->flags & NN_LINEAR)
        op_vjp_of_tangents(r, in, out);
    else
        r->op->vjp_tan(r, in, out);
}

/* ---- forward ---- */

static cc_status ready(nn_tape *t, const double *w)
{
    CC_TRY(nn_status(t));
    if (t->params > 0 && !w) return cc_fail(t->run, CC_EINVAL, "forward: no parameter vector, %zu parameters", t->params);
    for (size_t i = 0; i < t->n_nodes; i++) {
        nn_slot *x = &t->node[i];
        if (x->kind == NN_PARAM) x->v = w + x->offset;
        if (x->kind == NN_INPUT && !x->v && x->uses > 0) return cc_fail(t->run, CC_EINVAL, "forward: input %zu was never fed", i);
    }
    if (t->scratch_room < t->scratch_need) {
        t->scratch = nn_take(t, t->scratch_need);
        t->scratch_room = t->scratch_need;
    }
    return nn_status(t);
}

static int all_finite(const nn_slot *x)
{
    double sum = 0; /* 0 unless an entry is not finite */
    for (size_t i = 0; i < x->n; i++) sum += 0 * x->v[i];
    return sum == 0;
}

/* Where it began: the first node in order that is not finite. */
static cc_status not_finite(const nn_tape *t)
{
    char text[96];
    static const char *const what[] = {"parameter", "input", "index", "result", "view"};
    for (size_t i = 0; i < t->n_nodes; i++) {
        const nn_slot *x = &t->node[i];
        if (x->kind == NN_INDEX || x->kind == NN_VIEW || !x->v || all_finite(x)) continue;
        const char *name = what[x->kind];
        for (size_t j = 0; j < t->n_recs; j++)
            if (t->rec[j].out == (int)i) name = t->rec[j].op->name;
        return cc_fail(t->run, CC_ENUMERIC, "forward: not a finite number, first in node %zu: %s (%s)", i, name,
                       nn_show(x->s, text));
    }
    return CC_OK;
}

cc_status nn_forward(nn_tape *t, const double *w)
{
    CC_TRY(ready(t, w));
    t->forward = t->backward = t->tangent = 0;
    for (size_t i = 0; i < t->n_recs; i++) {
        nn_rec *r = &t->rec[i];
        nn_arg in[NN_INPUTS] = {0};
        for (int k = 0; k < r->nin; k++) in[k] = nn_arg_of(t, r->in[k]);
        CC_TRY(op_forward(r, in, t->node[r->out].own));
    }
    for (size_t i = 0; i < t->n_recs; i++) {
        const nn_slot *x = &t->node[t->rec[i].out];
        if (x->uses == 0 && !all_finite(x)) return not_finite(t);
    }
    t->forward = 1;
    return CC_OK;
}

/* ---- backward ---- */

static cc_status own_vector(nn_tape *t, double **own)
{
    if (!*own && t->params > 0) *own = nn_take(t, t->params);
    return nn_status(t);
}

/* The adjoint of a node's root begins to be summed: from zero. */
static cc_status reach(nn_tape *t, nn_node x)
{
    nn_slot *root = &t->node[t->node[x].root];
    if (root->reached || !root->want || root->kind == NN_PARAM) return CC_OK;
    if (!root->a && !(root->a = nn_take(t, root->n))) return nn_status(t);
    zero(root->a, root->n);
    root->reached = 1;
    return CC_OK;
}

static cc_status seed_adjoint(nn_tape *t, nn_node out, const double *seed)
{
    CC_TRY(reach(t, out));
    nn_arg y = nn_arg_of(t, out);
    for (size_t i = 0; y.a && i < y.n; i++) y.a[i] += seed ? seed[i] : 1;
    return CC_OK;
}

cc_status nn_backward_over(nn_tape *t, nn_node out, const double *seed, double *g, int params)
{
    CC_TRY(nn_status(t));
    if (!t->forward) return cc_fail(t->run, CC_EINVAL, "backward: a forward sweep comes first");
    if (out < 0 || (size_t)out >= t->n_nodes) return cc_fail(t->run, CC_EINVAL, "backward: node %d is not of this tape", out);
    t->backward = 0;
    t->flat.g = g;
    if (params && !g) {
        CC_TRY(own_vector(t, &t->flat.own_g));
        t->flat.g = t->flat.own_g;
    }
    if (params && t->params > 0) zero(t->flat.g, t->params);
    for (size_t i = 0; i < t->n_nodes; i++) {
        nn_slot *x = &t->node[i];
        x->reached = x->kind == NN_PARAM && params;
        if (x->kind == NN_PARAM) x->a = params ? t->flat.g + x->offset : NULL;
        if (x->kind == NN_INPUT && x->want) CC_TRY(reach(t, (nn_node)i));
    }
    CC_TRY(seed_adjoint(t, out, seed));
    for (size_t i = t->n_recs; i-- > 0;) {
        nn_rec *r = &t->rec[i];
        if (!t->node[r->out].reached) continue;
        nn_arg in[NN_INPUTS] = {0}, y = nn_arg_of(t, r->out);
        for (int k = 0; k < r->nin; k++) {
            CC_TRY(reach(t, r->in[k]));
            in[k] = nn_arg_of(t, r->in[k]);
        }
        op_vjp(r, in, &y);
    }
    t->out = out;
    t->backward = params;
    return CC_OK;
}

cc_status nn_backward(nn_tape *t, nn_node out, const double *seed, double *g) { return nn_backward_over(t, out, seed, g, 1); }

/* ---- tangent ---- */

static int any(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0) return 1; /* a NaN, too */
    return 0;
}

cc_status nn_tangent(nn_tape *t, const double *v)
{
    CC_TRY(nn_status(t));
    if (!t->forward) return cc_fail(t->run, CC_EINVAL, "tangent: a forward sweep comes first");
    for (size_t i = 0; i < t->n_nodes; i++) {
        nn_slot *x = &t->node[i];
        if (x->kind == NN_PARAM) x->t = v ? v + x->offset : NULL;
        x->live = (x->kind == NN_PARAM || x->kind == NN_INPUT) && x->t && any(x->t, x->n);
    }
    for (size_t i = 0; i < t->n_recs; i++) {
        nn_rec *r = &t->rec[i];
        nn_arg in[NN_INPUTS] = {0}, y = nn_arg_of(t, r->out);
        nn_slot *x = &t->node[r->out];
        for (int k = 0; k < r->nin; k++) {
            in[k] = nn_arg_of(t, r->in[k]);
            if (in[k].t) x->live = 1;
        }
        if (!x->live) continue;
        if (!x->own_t && !(x->own_t = nn_take(t, x->n))) return nn_status(t);
        x->t = x->own_t;
        op_jvp(r, in, &y, x->own_t);
    }
    t->tangent = 1;
    return CC_OK;
}

/* ---- backward tangent ---- */

static cc_status clear_adjoint_tangents(nn_tape *t, double *hv)
{
    t->flat.hv = hv;
    if (!hv) {
        CC_TRY(own_vector(t, &t->flat.own_hv));
        t->flat.hv = t->flat.own_hv;
    }
    if (t->params > 0) zero(t->flat.hv, t->params);
    for (size_t i = 0; i < t->n_nodes; i++) {
        nn_slot *x = &t->node[i];
        x->at_live = 0;
        if (x->kind == NN_PARAM) x->at = t->flat.hv + x->offset;
        if (x->kind == NN_PARAM || x->kind == NN_VIEW || !x->want || !x->reached) continue;
        if (!x->at && !(x->at = nn_take(t, x->n))) return nn_status(t);
        zero(x->at, x->n);
    }
    return CC_OK;
}

static cc_status backward_tangents(nn_tape *t, double *hv, int gauss_newton)
{
    CC_TRY(nn_status(t));
    if (!t->backward || !t->tangent)
        return cc_fail(t->run, CC_EINVAL, "backward tangent: forward, backward and tangent sweeps come first");
    CC_TRY(clear_adjoint_tangents(t, hv));
    for (size_t i = t->n_recs; i-- > 0;) {
        nn_rec *r = &t->rec[i];
        nn_arg in[NN_INPUTS] = {0}, y = nn_arg_of(t, r->out);
        if (!t->node[r->out].reached) continue;
        int curved = t->node[r->out].live && (!gauss_newton || r->op->flags & NN_LOSS);
        if (!curved && !t->node[r->out].at_live) continue; /* nothing arrives and nothing is added */
        for (int k = 0; k < r->nin; k++) {
            in[k] = nn_arg_of(t, r->in[k]);
            t->node[t->node[r->in[k]].root].at_live = 1;
        }
        if (curved)
            op_vjp_tan(r, in, &y);
        else
            op_vjp_of_tangents(r, in, &y);
    }
    return CC_OK;
}

cc_status nn_backward_tangent(nn_tape *t, double *hv) { return backward_tangents(t, hv, 0); }
cc_status nn_backward_gauss_newton(nn_tape *t, double *gv) { return backward_tangents(t, gv, 1); }
