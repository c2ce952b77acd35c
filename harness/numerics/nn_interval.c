/* Interval arithmetic by centres and radii: composed of other operations, so that bounds have gradients and products like any node.
 */
#include <float.h>

#include "harness/numerics/nn_op.h"

/* A linear map of x by weights W, the same way for centres, radii and moduli. */
typedef struct linear {
    int conv;
    size_t stride, pad, terms; /* terms: products in a sum */
} linear;

static nn_node map(nn_tape *t, const linear *l, nn_node x, nn_node W, nn_node b)
{
    return l->conv ? nn_conv(t, x, W, b, l->stride, l->pad) : nn_dense(t, x, W, b);
}

static nn_node absolute(nn_tape *t, nn_node x) { return nn_apply(t, CC_PHI_ABS, x); }

/* For all x, W, b: |x W' + b - (xc Wc' + bc)| <= |xr Wc'| + |x Wr'| + br <= xr |Wc|' + (|xc| + xr) Wr' + br. Outward: plus
 * 4 eps (terms + 2) times the moduli of everything that was added up, and of the radius itself. */
static nn_interval interval_map(nn_tape *t, const linear *l, nn_interval x, nn_interval W, nn_interval b, int outward)
{
    nn_node modulus = absolute(t, W.c), size = absolute(t, x.c);
    nn_interval y = {map(t, l, x.c, W.c, b.c), map(t, l, x.r, modulus, b.r)};
    if (W.r != NN_NONE) {
        if (outward) modulus = nn_add(t, modulus, W.r);
        y.r = nn_add(t, y.r, map(t, l, nn_add(t, size, x.r), W.r, NN_NONE));
    }
    if (!outward) return y;
    double unit = 4 * DBL_EPSILON * (double)(l->terms + 2);
    nn_node all = map(t, l, nn_add(t, size, x.r), modulus, b.c == NN_NONE ? NN_NONE : absolute(t, b.c));
    y.r = nn_add(t, nn_affine(t, 1 + unit, y.r, 0), nn_affine(t, unit, all, DBL_MIN));
    return y;
}

nn_interval nn_interval_dense(nn_tape *t, nn_interval x, nn_interval W, nn_interval b, int outward)
{
    const linear dense = {.terms = nn_shape_of(t, W.c).d[1]};
    return interval_map(t, &dense, x, W, b, outward);
}

nn_interval nn_interval_conv(nn_tape *t, nn_interval x, nn_interval W, nn_interval b, size_t stride, size_t pad, int outward)
{
    nn_shape s = nn_shape_of(t, W.c);
    const linear conv = {1, stride, pad, s.d[1] * s.d[2] * s.d[3]};
    return interval_map(t, &conv, x, W, b, outward);
}

nn_interval nn_interval_monotone(nn_tape *t, cc_phi_kind kind, nn_interval x)
{
    nn_interval none = {NN_NONE, NN_NONE};
    const nn_node in[] = {x.c, x.r};
    if (!nn_good(t, "interval", 2, in)) return none;
    if (kind != CC_PHI_IDENTITY && kind != CC_PHI_RELU && kind != CC_PHI_LEAKY && kind != CC_PHI_TANH && kind != CC_PHI_SIGMOID &&
        kind != CC_PHI_SOFTPLUS && kind != CC_PHI_EXP && kind != CC_PHI_ELU) {
        nn_error(t, "interval: %s is not monotone", cc_phi_name(kind));
        return none;
    }
    nn_node low = nn_apply(t, kind, nn_sub(t, x.c, x.r)), high = nn_apply(t, kind, nn_add(t, x.c, x.r));
    return (nn_interval){nn_affine(t, 0.5, nn_add(t, low, high), 0), nn_affine(t, 0.5, nn_sub(t, high, low), 0)};
}
