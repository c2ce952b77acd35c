/* A network's value, gradient and Laplacian in its inputs, carried forward through the layers: through a dense layer all three go
 * linearly; through phi, u_i' = phi' u_i and (lap u)' = phi'' sum_i u_i^2 + phi' lap u. Nodes like any others, so that a loss made
 * of them has gradients and products. */
#include <string.h>

#include "harness/numerics/nn_op.h"

nn_jet nn_jet_input(nn_tape *t, nn_node x)
{
    nn_jet none = {NN_NONE, NN_NONE, NN_NONE};
    char text[96];
    if (!nn_good(t, "jet", 1, &x)) return none;
    nn_shape s = nn_shape_of(t, x);
    if (s.nd != 2) return nn_error(t, "jet: x is %s, not a matrix", nn_show(s, text)), none;
    size_t n = s.d[0], d = s.d[1];
    double *unit = nn_take(t, d * n * d);
    if (!unit) return none;
    memset(unit, 0, d * n * d * sizeof *unit);
    for (size_t i = 0; i < d; i++)
        for (size_t k = 0; k < n; k++) unit[(i * n + k) * d + i] = 1;
    nn_node grad = nn_input(t, nn_cube(d, n, d), unit);
    nn_examples_in(t, grad, 1);
    return (nn_jet){x, grad, NN_NONE};
}

nn_jet nn_jet_dense(nn_tape *t, nn_jet x, nn_node W, nn_node b)
{
    nn_jet y = {nn_dense(t, x.u, W, b), nn_dense(t, x.grad, W, NN_NONE), NN_NONE};
    if (x.lap != NN_NONE) y.lap = nn_dense(t, x.lap, W, NN_NONE);
    return y;
}

nn_jet nn_jet_apply(nn_tape *t, cc_phi_kind kind, nn_jet x)
{
    cc_phi phi = {kind, kind == CC_PHI_LEAKY ? 0.01 : 1};
    nn_node first = nn_phi(t, phi, 1, x.u), second = nn_phi(t, phi, 2, x.u);
    nn_node squares = nn_item(t, nn_sum_over(t, nn_square(t, x.grad), 0), 0);
    nn_jet y = {nn_phi(t, phi, 0, x.u), nn_mul(t, x.grad, first), nn_mul(t, squares, second)};
    if (x.lap != NN_NONE) y.lap = nn_add(t, y.lap, nn_mul(t, x.lap, first));
    return y;
}
