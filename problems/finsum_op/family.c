/* problems/finsum_op/family.c: the metrics of a candidate (u, g), the family and its problems. */
#include <math.h>

#include "harness/plugin.h"
#include "problems/finsum_op/finsum_op_problem.h"
#include "problems/finsum_op/problems.h"

static const finsum_ops *ops(const cc_oracle *o) { return o->ops; }
static size_t dim(const cc_oracle *o) { return ((const finsum_instance *)o->instance)->d; }

static double residual(const cc_oracle *o, const void *candidate)
{
    const size_t d = dim(o);
    const double *u = candidate, *g = u + d;
    finsum_env *e = o->env;
    double sum = 0;
    ops(o)->full(o, u, e->value);
    for (size_t i = 0; i < d; i++) sum += (e->value[i] + g[i]) * (e->value[i] + g[i]);
    return sqrt(sum);
}

double finsum_natural(const cc_oracle *o, const void *candidate)
{
    const size_t d = dim(o);
    const double *u = candidate;
    finsum_env *e = o->env;
    ops(o)->full(o, u, e->value);
    for (size_t i = 0; i < d; i++) e->point[i] = u[i] - e->value[i];
    finsum_resolve(o, 1, e->point, e->point, e->hint[1]);
    return finsum_distance(d, u, e->point);
}

static double dist(const cc_oracle *o, const void *candidate)
{
    finsum_env *e = o->env;
    if (!ops(o)->nearest_zero) return NAN;
    ops(o)->nearest_zero(o, candidate, e->point);
    return finsum_distance(dim(o), candidate, e->point);
}

static double outside(const cc_oracle *o, const void *candidate)
{
    const size_t d = dim(o);
    const double *u = candidate, *g = u + d;
    finsum_env *e = o->env;
    for (size_t i = 0; i < d; i++) e->point[i] = u[i] + g[i];
    finsum_resolve(o, 1, e->point, e->point, e->hint[1]);
    return finsum_distance(d, u, e->point);
}

static const cc_param lsq_params[] = {
    {"n", CC_INT, "256", 1, 1e7, .doc = "components"},
    {"d", CC_INT, "10", 1, 1000, .doc = "dimension, at most n"},
    {"noise", CC_REAL, "0.5", 0, 1e6, .doc = "standard deviation of the noise in b"},
    {0},
};

static const cc_param lsq_box_params[] = {
    {"n", CC_INT, "256", 1, 1e7, .doc = "components"},
    {"d", CC_INT, "10", 1, 1000, .doc = "dimension, at most n"},
    {"noise", CC_REAL, "0.5", 0, 1e6, .doc = "standard deviation of the noise in b"},
    {"shift", CC_REAL, "2", 0, 100,
     .doc = "the box is [-.5, .5]^d around the least-squares solution + shift * a unit vector; beyond .5 sqrt(d) it surely binds"},
    {0},
};

static const cc_param bilinear_params[] = {
    {"n", CC_INT, "64", 1, 4096, .doc = "rows and columns of A; the dimension is 2n"},
    {"matrix", CC_CHOICE, "lowrank", .choices = "lowrank gaussian",
     .doc = "U V' / sqrt(rank) with orthonormal U and V, or independent normals"},
    {"rank", CC_INT, "2", 1, 4096, .doc = "of the low-rank matrix"},
    {"law", CC_CHOICE, "weighted", .choices = "weighted uniform",
     .doc = "a row and a column by their squared norms, or the same index for both"},
    {0},
};

static const cc_param game_params[] = {
    {"n", CC_INT, "100", 1, 4096, .doc = "houses; the dimension is 2n"},
    {"law", CC_CHOICE, "weighted", .choices = "weighted uniform",
     .doc = "a row and a column by their squared norms, or the same index for both"},
    {0},
};

static const cc_param qp_params[] = {
    {"n", CC_INT, "50", 2, 500, .doc = "variables and constraints; the dimension is 2n"},
    {0},
};

const cc_plugin cc_plugin_1 = {
    .id = "finsum_op",
    .title = "Finite-sum monotone inclusions",
    .families = CC_LIST(
        cc_family, {.id = "finsum_op",
                    .candidate = "double[2d]",
                    .doc = "find u with 0 in F(u) + G(u), F = (1/n) sum F_i; a candidate is u, then g in G(u)",
                    .counters = CC_LIST(cc_column, {"n_comp", "", "components evaluated; a full operator is n, a difference 2"},
                                        {"n_full", "", "full operators"}, {"n_prox", "", "resolvents of G"}),
                    .metrics = CC_LIST(cc_metric, {"residual", "", "|F(u) + g|", residual},
                                       {"natural", "", "|u - J_G(u - F(u))|, never above the residual", finsum_natural},
                                       {"dist", "", "distance of u from the solutions", dist},
                                       {"outside", "", "|u - J_G(u + g)|: 0 if and only if g is in G(u)", outside})}),
    .problems = CC_LIST(
        cc_problem,
        {.id = "finsum_op.lsq",
         .family = "finsum_op",
         .summary = "least squares, F_i(u) = a_i (a_i'u - b_i) with unit a_i: cocoercive, L_avg = 1",
         .params = lsq_params,
         .ops = &finsum_lsq_ops,
         .create = finsum_lsq_create,
         .begin = finsum_begin},
        {.id = "finsum_op.lsq_box",
         .family = "finsum_op",
         .summary = "the same over a box",
         .params = lsq_box_params,
         .ops = &finsum_lsq_box_ops,
         .create = finsum_lsq_box_create,
         .begin = finsum_begin},
        {.id = "finsum_op.bilinear",
         .family = "finsum_op",
         .summary = "min_x max_y y'Ax, unconstrained: monotone, not cocoercive",
         .params = bilinear_params,
         .ops = &finsum_bilinear_ops,
         .create = finsum_bilinear_create,
         .begin = finsum_begin},
        {.id = "finsum_op.game",
         .family = "finsum_op",
         .summary = "policeman and burglar: min_x max_y y'Ax over two simplices",
         .reference = "Nemirovski 2013, Mini-course on convex programming algorithms",
         .params = game_params,
         .ops = &finsum_game_ops,
         .metrics = CC_LIST(cc_metric, {"gap", "", "max_i (Ax)_i - min_j (A'y)_j: zero at a saddle point", finsum_game_gap}),
         .create = finsum_game_create,
         .begin = finsum_begin},
        {.id = "finsum_op.qp",
         .family = "finsum_op",
         .summary = "saddle point of x'Hx/2 - h'x - y'(Ax - b), sparse, the hard instance of first-order methods",
         .reference = "Ouyang and Xu, Lower complexity bounds of first-order methods for bilinear saddle-point problems, 2021",
         .params = qp_params,
         .ops = &finsum_qp_ops,
         .create = finsum_qp_create,
         .begin = finsum_begin}),
};
