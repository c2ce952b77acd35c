/* Sums and products with broadcasting, affine maps, activations. */
#include <string.h>

#include "harness/numerics/nn_op.h"

/* Records an operation of two inputs whose loop has operands 0 (result), 1 and 2. */
static nn_node record_pair(nn_tape *t, const nn_op *op, nn_node a, nn_node b, nn_rec **r)
{
    const nn_node in[] = {a, b};
    char as[96], bs[96];
    nn_loop loop;
    nn_shape box;
    if (!nn_good(t, op->name, 2, in)) return NN_NONE;
    nn_shape sa = nn_shape_of(t, a), sb = nn_shape_of(t, b);
    if (!nn_broadcast(sa, sb, &box, &loop)) return nn_error(t, "%s: %s and %s", op->name, nn_show(sa, as), nn_show(sb, bs));
    nn_collapse(&loop);
    nn_node y = nn_record(t, op, box, 2, in, r);
    if (y != NN_NONE) (*r)->loop = loop;
    return y;
}

/* For a parameter's gradient with a row of g for each example. Operand 0: y, 1: the other input, 2: input k, which along the
 * example dimension moves by `stride`. */
static nn_loop example_loop(const nn_arg *in, const nn_arg *y, int k, int axis, size_t stride)
{
    nn_loop from, loop;
    nn_shape box;
    nn_broadcast(in[0].s, in[1].s, &box, &from);
    loop = from;
    memcpy(loop.stride[1], from.stride[2 - k], sizeof loop.stride[1]);
    memcpy(loop.stride[2], from.stride[1 + k], sizeof loop.stride[2]);
    loop.stride[2][4 - y->s.nd + axis] = stride;
    return loop;
}

/* ---- add: c = a + scale b ---- */

static cc_status add_forward(nn_rec *r, const nn_arg *in, double *y)
{
    memset(y, 0, nn_size(r->tape, r->out) * sizeof *y);
    if (in[0].v) nn_contract(&r->loop, 1, in[0].v, 1, NULL, 0, y, 0);
    if (in[1].v) nn_contract(&r->loop, r->c[0], in[1].v, 2, NULL, 0, y, 0);
    return CC_OK;
}

static void add_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    if (in[0].a) nn_contract(&r->loop, 1, y->a, 0, NULL, 0, in[0].a, 1);
    if (in[1].a) nn_contract(&r->loop, r->c[0], y->a, 0, NULL, 0, in[1].a, 2);
}

static void add_rows(nn_rec *r, const nn_arg *in, const nn_arg *y, int k, int axis, double *g, size_t stride)
{
    nn_loop loop = example_loop(in, y, k, axis, stride);
    nn_contract(&loop, k ? r->c[0] : 1, y->a, 0, NULL, 0, g, 2);
}

static const nn_op add = {
    .name = "add", .flags = NN_LINEAR | NN_ROWWISE | NN_ALIGNED, .forward = add_forward, .vjp = add_vjp, .rows = add_rows};

static nn_node add_scaled(nn_tape *t, nn_node a, double scale, nn_node b)
{
    nn_rec *r;
    nn_node y = record_pair(t, &add, a, b, &r);
    if (y != NN_NONE) r->c[0] = scale;
    return y;
}

nn_node nn_add(nn_tape *t, nn_node a, nn_node b) { return add_scaled(t, a, 1, b); }
nn_node nn_sub(nn_tape *t, nn_node a, nn_node b) { return add_scaled(t, a, -1, b); }

/* ---- mul ---- */

static void mul_map(const nn_rec *r, const double *a, const double *b, double beta, double *y)
{
    if (beta == 0) memset(y, 0, nn_size(r->tape, r->out) * sizeof *y);
    nn_contract(&r->loop, 1, a, 1, b, 2, y, 0);
}

static void mul_adjoint_a(const nn_rec *r, const double *yb, const double *b, double *ab)
{
    nn_contract(&r->loop, 1, yb, 0, b, 2, ab, 1);
}
static void mul_adjoint_b(const nn_rec *r, const double *yb, const double *a, double *bb)
{
    nn_contract(&r->loop, 1, yb, 0, a, 1, bb, 2);
}

static void mul_rows(nn_rec *r, const nn_arg *in, const nn_arg *y, int k, int axis, double *g, size_t stride)
{
    (void)r;
    nn_loop loop = example_loop(in, y, k, axis, stride);
    nn_contract(&loop, 1, y->a, 0, in[1 - k].v, 1, g, 2);
}

static const nn_bilinear mul_maps = {mul_map, mul_adjoint_a, mul_adjoint_b};
static const nn_op mul = {.name = "mul", .flags = NN_ROWWISE | NN_ALIGNED, .bilinear = &mul_maps, .rows = mul_rows};

nn_node nn_mul(nn_tape *t, nn_node a, nn_node b)
{
    nn_rec *r;
    return record_pair(t, &mul, a, b, &r);
}

nn_node nn_div(nn_tape *t, nn_node a, nn_node b) { return nn_mul(t, a, nn_apply(t, CC_PHI_RECIPROCAL, b)); }

/* ---- affine: y = scale x + shift ---- */

static cc_status affine_forward(nn_rec *r, const nn_arg *in, double *y)
{
    for (size_t i = 0; i < in->n; i++) y[i] = r->c[0] * in->v[i] + r->c[1];
    return CC_OK;
}

static void affine_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    for (size_t i = 0; in->a && i < in->n; i++) in->a[i] += r->c[0] * y->a[i];
}

static void affine_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry)
{
    (void)y;
    for (size_t i = 0; i < in->n; i++) ry[i] = r->c[0] * in->t[i];
}

static void affine_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    for (size_t i = 0; in->at && i < in->n; i++) in->at[i] += r->c[0] * y->at[i];
}

static const nn_op affine = {.name = "affine",
                             .flags = NN_ROWWISE,
                             .forward = affine_forward,
                             .vjp = affine_vjp,
                             .jvp = affine_jvp,
                             .vjp_tan = affine_vjp_tan};

nn_node nn_affine(nn_tape *t, double scale, nn_node x, double shift)
{
    nn_rec *r;
    nn_node y = nn_good(t, "affine", 1, &x) ? nn_record(t, &affine, nn_shape_of(t, x), 1, &x, &r) : NN_NONE;
    if (y == NN_NONE) return y;
    r->c[0] = scale;
    r->c[1] = shift;
    return y;
}

/* ---- phi ---- */

static cc_status phi_forward(nn_rec *r, const nn_arg *in, double *y)
{
    cc_phi_forward(r->phi, in->n, in->v, y);
    return CC_OK;
}

static void phi_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    if (in->a) cc_phi_vjp(r->phi, in->n, in->v, y->v, y->a, 1, in->a);
}

static void phi_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry) { cc_phi_jvp(r->phi, in->n, in->v, y->v, in->t, ry); }

static void phi_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    if (in->at) cc_phi_vjp_tan(r->phi, in->n, in->v, y->v, y->a, in->t, y->at, 1, in->at);
}

static const nn_op phi_op = {
    .name = "phi", .flags = NN_ROWWISE, .forward = phi_forward, .vjp = phi_vjp, .jvp = phi_jvp, .vjp_tan = phi_vjp_tan};

/* A derivative of phi as a function of its own: its derivatives are the next ones. k[0]: the order; scratch for one of them. */
static cc_status higher_forward(nn_rec *r, const nn_arg *in, double *y)
{
    cc_phi_derivative(r->phi, (int)r->k[0], in->n, in->v, y);
    return CC_OK;
}

static void add_product(size_t n, const double *x, const double *y, double *d)
{
    for (size_t i = 0; i < n; i++) d[i] += x[i] * y[i];
}

static void higher_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    double *d = nn_scratch(r->tape);
    if (!in->a) return;
    cc_phi_derivative(r->phi, (int)r->k[0] + 1, in->n, in->v, d);
    add_product(in->n, d, y->a, in->a);
}

static void higher_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry)
{
    (void)y;
    cc_phi_derivative(r->phi, (int)r->k[0] + 1, in->n, in->v, ry);
    for (size_t i = 0; i < in->n; i++) ry[i] *= in->t[i];
}

static void higher_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    double *d = nn_scratch(r->tape);
    if (!in->at) return;
    cc_phi_derivative(r->phi, (int)r->k[0] + 1, in->n, in->v, d);
    add_product(in->n, d, y->at, in->at);
    if (!in->t) return;
    cc_phi_derivative(r->phi, (int)r->k[0] + 2, in->n, in->v, d);
    for (size_t i = 0; i < in->n; i++) in->at[i] += d[i] * y->a[i] * in->t[i];
}

static const nn_op higher_op = {.name = "phi derivative",
                                .flags = NN_ROWWISE,
                                .forward = higher_forward,
                                .vjp = higher_vjp,
                                .jvp = higher_jvp,
                                .vjp_tan = higher_vjp_tan};

nn_node nn_phi(nn_tape *t, cc_phi phi, int order, nn_node x)
{
    nn_rec *r;
    if (!nn_good(t, "phi", 1, &x)) return NN_NONE;
    if ((unsigned)phi.kind >= CC_PHI_KINDS || order < 0 || order > 2)
        return nn_error(t, "phi: kind %d, order %d", (int)phi.kind, order);
    nn_node y = nn_record(t, order ? &higher_op : &phi_op, nn_shape_of(t, x), 1, &x, &r);
    if (y == NN_NONE) return y;
    r->phi = phi;
    r->k[0] = (size_t)order;
    if (order) nn_need_scratch(t, nn_size(t, x));
    return y;
}

nn_node nn_apply(nn_tape *t, cc_phi_kind kind, nn_node x)
{
    return nn_phi(t, (cc_phi){kind, kind == CC_PHI_LEAKY ? 0.01 : 1}, 0, x);
}
