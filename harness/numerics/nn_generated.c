/* Layers that depend on more than their input: gates by hyperparameters; features of coordinates for networks that make weights.
 * All composed of other operations. */
#include <math.h>

#include "harness/numerics/nn_op.h"

nn_node nn_gated_dense(nn_tape *t, nn_node x, nn_node W, nn_node b, nn_node U, nn_node c, nn_node lambda, nn_node E)
{
    nn_node gate = nn_dense(t, lambda, E, NN_NONE);
    return nn_add(t, nn_dense(t, x, W, b), nn_mul(t, nn_dense(t, x, U, c), gate));
}

nn_node nn_fourier(nn_tape *t, nn_node coordinates, size_t frequencies)
{
    char text[96];
    if (!nn_good(t, "fourier", 1, &coordinates)) return NN_NONE;
    nn_shape s = nn_shape_of(t, coordinates);
    if (s.nd != 2 || frequencies == 0 || frequencies > 32)
        return nn_error(t, "fourier: %zu frequencies of %s", frequencies, nn_show(s, text));
    size_t d = s.d[1], wide = d * frequencies;
    double *to = nn_take(t, wide * d); /* row i f + k: 2^k pi for coordinate i */
    if (!to) return NN_NONE;
    for (size_t i = 0; i < d; i++)
        for (size_t k = 0; k < frequencies; k++)
            for (size_t j = 0; j < d; j++) to[(i * frequencies + k) * d + j] = i == j ? ldexp(M_PI, (int)k) : 0;
    nn_node angles = nn_dense(t, coordinates, nn_constant(t, nn_mat(wide, d), to), NN_NONE);
    const nn_node both[] = {nn_apply(t, CC_PHI_SIN, angles), nn_apply(t, CC_PHI_COS, angles)};
    return nn_concat(t, 1, 2, both);
}
