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

/* ---- one operation, several directions: a node's tangents lie one behind the other, and so do its adjoint tangents ---- */

typedef struct view { /* the arguments at the first direction, and how far it is to the next */
    nn_arg in[NN_INPUTS], y;
    size_t p, step[NN_INPUTS];
} view;

static view look(const nn_tape *t, const nn_rec *r)
{
    view a = {.p = t->directions, .y = nn_arg_of(t, r->out)};
    for (int k = 0; k < r->nin; k++) {
        a.in[k] = nn_arg_of(t, r->in[k]);
        a.step[k] = nn_step(t, r->in[k]);
    }
    return a;
}

static void next_direction(const nn_rec *r, view *a)
{
    for (int k = 0; k < r->nin; k++) {
        if (a->in[k].t) a->in[k].t += a->step[k];
        if (a->in[k].at) a->in[k].at += a->step[k];
    }
    if (a->y.t) a->y.t += a->y.n;
    if (a->y.at) a->y.at += a->y.n;
}

/* Where an operation counts rows of x and y, those of all directions are the rows of one call. Returns the number of calls. */
static size_t stack(nn_rec *r, const view *a)
{
    if (!r->op->bilinear->rows || a->step[0] != a->in[0].n) return a->p;
    r->k[0] *= a->p;
    return 1;
}

static void unstack(nn_rec *r, const view *a, size_t calls)
{
    if (calls < a->p) r->k[0] /= a->p;
}

static void bilinear_jvp(nn_rec *r, const view *a, double *ry)
{
    const nn_bilinear *m = r->op->bilinear;
    const nn_arg *x = &a->in[0], *w = &a->in[1], *b = &a->in[2];
    size_t n = a->y.n, calls;
    int begun = r->nin > 2 && b->t;
    for (size_t q = 0; begun && q < a->p; q++) nn_spread(&r->bias, b->t + q * a->step[2], 1, ry + q * n, 0);
    if (x->t) {
        calls = stack(r, a);
        for (size_t q = 0; q < calls; q++) m->map(r, x->t + q * a->step[0], w->v, begun, ry + q * n);
        unstack(r, a, calls);
    }
    for (size_t q = 0; w->t && q < a->p; q++) m->map(r, x->v, w->t + q * a->step[1], begun || x->t, ry + q * n);
}

static void op_jvp(nn_rec *r, view *a, double *ry)
{
    if (r->op->bilinear) {
        bilinear_jvp(r, a, ry);
        return;
    }
    for (size_t q = 0; q < a->p; q++, ry += a->y.n) {
        if (r->op->flags & NN_LINEAR) {
            nn_arg tangents[NN_INPUTS];
            for (int i = 0; i < r->nin; i++) {
                tangents[i] = a->in[i];
                tangents[i].v = a->in[i].t;
            }
            r->op->forward(r, tangents, ry);
        } else
            r->op->jvp(r, a->in, &a->y, ry);
        next_direction(r, a);
    }
}

/* curved: with the operation's own curvature; otherwise the vjp kernel on adjoint tangents. */
static void bilinear_vjp_tan(nn_rec *r, const view *a, int curved)
{
    const nn_bilinear *m = r->op->bilinear;
    const nn_arg *x = &a->in[0], *w = &a->in[1];
    const double *yrb = a->y.at;
    size_t n = a->y.n, calls;
    if (x->at) {
        calls = stack(r, a);
        for (size_t q = 0; q < calls; q++) m->adjoint_x(r, yrb + q * n, w->v, x->at + q * a->step[0]);
        unstack(r, a, calls);
    }
    for (size_t q = 0; q < a->p; q++) {
        if (w->at) m->adjoint_w(r, yrb + q * n, x->v, w->at + q * a->step[1]);
        if (r->nin > 2 && a->in[2].at) sum_bias(r, yrb + q * n, a->in[2].at + q * a->step[2]);
        if (curved && x->at && w->t) m->adjoint_x(r, a->y.a, w->t + q * a->step[1], x->at + q * a->step[0]);
        if (curved && w->at && x->t) m->adjoint_w(r, a->y.a, x->t + q * a->step[0], w->at + q * a->step[1]);
    }
}

/* The vjp kernel on adjoint tangents. */
static void vjp_of_tangents(nn_rec *r, const nn_arg *in, const nn_arg *out)
{
    nn_arg from[NN_INPUTS] = {0}, to = *out;
    to.a = out->at;
    for (int i = 0; i < r->nin; i++) {
        from[i] = in[i];
        from[i].a = in[i].at;
    }
    r->op->vjp(r, from, &to);
}

static void op_vjp_tan(nn_rec *r, view *a, int curved)
{
    if (r->op->bilinear) {
        bilinear_vjp_tan(r, a, curved);
        return;
    }
    for (size_t q = 0; q < a->p; q++) {
        if (curved && !(r->op->flags & NN_LINEAR))
            r->op->vjp_tan(r, a->in, &a->y);
        else
            vjp_of_tangents(r, a->in, &a->y);
        next_direction(r, a);
    }
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

/* Does a leaf move along one of the directions? */
static int moves(const nn_tape *t, nn_node leaf)
{
    const nn_slot *x = &t->node[leaf];
    int moved = 0;
    for (size_t q = 0; x->t && q < t->directions && !moved; q++) moved = any(x->t + q * nn_step(t, leaf), x->n);
    return moved;
}

/* Room for all directions; what was there before is not kept. */
static cc_status room(nn_tape *t, size_t n, double **array, size_t *directions)
{
    if (*directions >= t->directions) return CC_OK;
    *array = nn_take(t, t->directions * n);
    if (*array) *directions = t->directions;
    return nn_status(t);
}

cc_status nn_tangents(nn_tape *t, size_t p, const double *v)
{
    CC_TRY(nn_status(t));
    if (!t->forward) return cc_fail(t->run, CC_EINVAL, "tangent: a forward sweep comes first");
    if (p == 0) return cc_fail(t->run, CC_EINVAL, "tangent: no direction");
    t->directions = p;
    for (size_t i = 0; i < t->n_nodes; i++) {
        nn_slot *x = &t->node[i];
        if (x->kind == NN_PARAM) x->t = v ? v + x->offset : NULL;
        x->live = (x->kind == NN_PARAM || x->kind == NN_INPUT) && moves(t, (nn_node)i);
    }
    for (size_t i = 0; i < t->n_recs; i++) {
        nn_rec *r = &t->rec[i];
        nn_slot *x = &t->node[r->out];
        view a = look(t, r);
        for (int k = 0; k < r->nin; k++)
            if (a.in[k].t) x->live = 1;
        if (!x->live) continue;
        CC_TRY(room(t, x->n, &x->own_t, &x->t_room));
        x->t = x->own_t;
        op_jvp(r, &a, x->own_t);
    }
    t->tangent = 1;
    return CC_OK;
}

/* ---- backward tangent ---- */

static cc_status clear_adjoint_tangents(nn_tape *t, double *hv)
{
    t->flat.hv = hv;
    if (!hv && t->params > 0) {
        CC_TRY(room(t, t->params, &t->flat.own_hv, &t->flat.hv_room));
        t->flat.hv = t->flat.own_hv;
    }
    if (t->params > 0) zero(t->flat.hv, t->directions * t->params);
    for (size_t i = 0; i < t->n_nodes; i++) {
        nn_slot *x = &t->node[i];
        x->at_live = 0;
        if (x->kind == NN_PARAM) x->at = t->params > 0 ? t->flat.hv + x->offset : NULL;
        if (x->kind == NN_PARAM || x->kind == NN_VIEW || !x->want || !x->reached) continue;
        CC_TRY(room(t, x->n, &x->at, &x->at_room));
        zero(x->at, t->directions * x->n);
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
        if (!t->node[r->out].reached) continue;
        int curved = t->node[r->out].live && (!gauss_newton || r->op->flags & NN_LOSS);
        if (!curved && !t->node[r->out].at_live) continue; /* nothing arrives and nothing is added */
        for (int k = 0; k < r->nin; k++) t->node[t->node[r->in[k]].root].at_live = 1;
        view a = look(t, r);
        op_vjp_tan(r, &a, curved);
    }
    return CC_OK;
}

cc_status nn_backward_tangent(nn_tape *t, double *hv) { return backward_tangents(t, hv, 0); }
cc_status nn_backward_gauss_newton(nn_tape *t, double *gv) { return backward_tangents(t, gv, 1); }
