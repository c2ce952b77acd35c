/* Losses of examples: the kernels of activation.h on the tape. aux holds what they keep (p). */
#include "harness/numerics/nn_op.h"

static cc_loss loss_of(const nn_rec *r, const nn_arg *in)
{
    return (cc_loss){(cc_loss_kind)r->k[0], r->k[1], r->k[2], in[1].index, in[1].v};
}

static cc_status loss_forward(nn_rec *r, const nn_arg *in, double *y)
{
    cc_loss loss = loss_of(r, in);
    if (r->k[3]) CC_TRY(nn_check_index(r, &in[1], loss.kind == CC_LOSS_LOGISTIC ? 2 : loss.c));
    cc_loss_forward(&loss, in[0].v, r->aux, y);
    return CC_OK;
}

static void loss_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    cc_loss loss = loss_of(r, in);
    if (in[0].a) cc_loss_vjp(&loss, r->aux, 1, y->a, 1, in[0].a);
}

static void loss_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry)
{
    cc_loss loss = loss_of(r, in);
    double *gradient = nn_scratch(r->tape);
    (void)y;
    cc_loss_vjp(&loss, r->aux, 1, NULL, 0, gradient);
    for (size_t i = 0, j = 0; i < loss.n; i++) {
        ry[i] = 0;
        for (size_t k = 0; k < loss.c; k++, j++) ry[i] += gradient[j] * in[0].t[j];
    }
}

static void loss_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    cc_loss loss = loss_of(r, in);
    if (!in[0].at) return;
    cc_loss_vjp(&loss, r->aux, 1, y->at, 1, in[0].at);
    if (in[0].t) cc_loss_hessian(&loss, r->aux, 1, y->a, in[0].t, 1, in[0].at);
}

static const nn_op ops[CC_LOSS_KINDS] = {
    {"softmax loss", NN_ROWWISE | NN_LOSS, loss_forward, loss_vjp, loss_jvp, loss_vjp_tan, NULL, NULL, NULL},
    {"squared loss", NN_ROWWISE | NN_LOSS, loss_forward, loss_vjp, loss_jvp, loss_vjp_tan, NULL, NULL, NULL},
    {"logistic loss", NN_ROWWISE | NN_LOSS, loss_forward, loss_vjp, loss_jvp, loss_vjp_tan, NULL, NULL, NULL}};

nn_node nn_loss(nn_tape *t, cc_loss_kind kind, nn_node z, nn_node target)
{
    const nn_node in[] = {z, target};
    char zs[96], ts[96];
    nn_rec *r;
    if ((unsigned)kind >= CC_LOSS_KINDS) return nn_error(t, "loss: kind %d", (int)kind);
    if (!nn_good(t, ops[kind].name, 2, in)) return NN_NONE;
    nn_shape flat = nn_flat(t, z), s = nn_shape_of(t, z), y = nn_shape_of(t, target);
    int labels = nn_is_index(t, target);
    size_t needed = labels ? flat.d[0] : nn_size(t, z);
    if (nn_count(y) != needed) return nn_error(t, "%s: z is %s, the target is %s", ops[kind].name, nn_show(s, zs), nn_show(y, ts));
    if (labels && kind == CC_LOSS_LOGISTIC && flat.d[1] != 1)
        return nn_error(t, "%s: labels need one column, z is %s", ops[kind].name, nn_show(s, zs));
    if (!labels && nn_wanted(t, target)) return nn_error(t, "%s: the target may not depend on parameters", ops[kind].name);
    s.d[s.nd - 1] = 1;
    nn_node out = nn_record(t, &ops[kind], s, 2, in, &r);
    if (out == NN_NONE) return out;
    r->k[0] = (size_t)kind;
    r->k[1] = flat.d[0];
    r->k[2] = flat.d[1];
    r->k[3] = (size_t)labels;
    r->aux = nn_take(t, nn_size(t, z));
    nn_need_scratch(t, nn_size(t, z));
    return r->aux ? out : NN_NONE;
}

nn_node nn_softmax_loss(nn_tape *t, nn_node logits, nn_node labels) { return nn_loss(t, CC_LOSS_SOFTMAX, logits, labels); }
