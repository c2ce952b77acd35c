/* The Poincare ball of curvature -c (Ungar's gyrovectors; Ganea, Becigneul, Hofmann, Hyperbolic Neural Networks, 2018), points in
 * rows. Composed of row products and of tanh(r)/r and atanh(r)/r as functions of r^2, which are smooth at the origin: no case
 * there. */
#include <math.h>

#include "harness/numerics/nn_op.h"

static nn_node square_norm(nn_tape *t, nn_node x) { return nn_row_dot(t, x, x); }

static int good(nn_tape *t, double c, const char *what)
{
    if (c > 0 && isfinite(c)) return 1;
    nn_error(t, "%s: the curvature is -c with c > 0, not c = %g", what, c);
    return 0;
}

/* f(scale |x|^2) x */
static nn_node radial(nn_tape *t, cc_phi_kind f, double scale, nn_node x)
{
    return nn_mul(t, x, nn_apply(t, f, nn_affine(t, scale, square_norm(t, x), 0)));
}

nn_node nn_ball_exp0(nn_tape *t, double c, nn_node v) { return good(t, c, "exp0") ? radial(t, CC_PHI_TANHC, c, v) : NN_NONE; }
nn_node nn_ball_log0(nn_tape *t, double c, nn_node y) { return good(t, c, "log0") ? radial(t, CC_PHI_ATANHC, c, y) : NN_NONE; }

/* [(1 + 2c x.y + c|y|^2) x + (1 - c|x|^2) y] / (1 + 2c x.y + c^2 |x|^2 |y|^2) */
nn_node nn_ball_add(nn_tape *t, double c, nn_node x, nn_node y)
{
    if (!good(t, c, "Moebius addition")) return NN_NONE;
    nn_node xx = square_norm(t, x), yy = square_norm(t, y), first = nn_affine(t, 2 * c, nn_row_dot(t, x, y), 1);
    nn_node along_x = nn_add(t, first, nn_affine(t, c, yy, 0)), along_y = nn_affine(t, -c, xx, 1);
    nn_node below = nn_add(t, first, nn_affine(t, c * c, nn_mul(t, xx, yy), 0));
    return nn_div(t, nn_add(t, nn_mul(t, x, along_x), nn_mul(t, y, along_y)), below);
}

static nn_node difference(nn_tape *t, double c, nn_node x, nn_node y) { return nn_ball_add(t, c, nn_affine(t, -1, x, 0), y); }

/* (2/k) atanh(k |m|) = 2 |m| atanhc(c |m|^2), squared */
nn_node nn_ball_sqdistance(nn_tape *t, double c, nn_node x, nn_node y)
{
    nn_node mm = square_norm(t, difference(t, c, x, y));
    return nn_affine(t, 4, nn_mul(t, mm, nn_square(t, nn_apply(t, CC_PHI_ATANHC, nn_affine(t, c, mm, 0)))), 0);
}

nn_node nn_ball_distance(nn_tape *t, double c, nn_node x, nn_node y)
{
    return nn_apply(t, CC_PHI_SQRT, nn_ball_sqdistance(t, c, x, y));
}

/* 1 / (1 - c|x|^2): half the conformal factor */
static nn_node half_factor(nn_tape *t, double c, nn_node x)
{
    return nn_apply(t, CC_PHI_RECIPROCAL, nn_affine(t, -c, square_norm(t, x), 1));
}

nn_node nn_ball_exp(nn_tape *t, double c, nn_node x, nn_node v)
{
    if (!good(t, c, "exp")) return NN_NONE;
    return nn_ball_add(t, c, x, radial(t, CC_PHI_TANHC, c, nn_mul(t, v, half_factor(t, c, x))));
}

nn_node nn_ball_log(nn_tape *t, double c, nn_node x, nn_node y)
{
    return nn_div(t, nn_ball_log0(t, c, difference(t, c, x, y)), half_factor(t, c, x));
}

/* x / sqrt(1 + max(|x|^2 / R^2 - 1, 0)): x itself inside, to the last bit */
nn_node nn_ball_project(nn_tape *t, double c, nn_node x)
{
    if (!good(t, c, "projection")) return NN_NONE;
    double radius = (1 - 1e-5) / sqrt(c);
    nn_node beyond = nn_relu(t, nn_affine(t, 1 / (radius * radius), square_norm(t, x), -1));
    return nn_div(t, x, nn_apply(t, CC_PHI_SQRT, nn_affine(t, 1, beyond, 1)));
}

nn_node nn_ball_dense(nn_tape *t, double c, nn_node x, nn_node W, nn_node b)
{
    nn_node y = nn_ball_exp0(t, c, nn_dense(t, nn_ball_log0(t, c, x), W, NN_NONE));
    return b == NN_NONE ? y : nn_ball_add(t, c, y, b);
}
