/* problems/online/family.c: the metrics of a run of rounds, the family and its problems. */
#include <math.h>

#include "harness/plugin.h"
#include "problems/online/problems.h"

static const online_env *env_of(const cc_oracle *o) { return o->env; }
static double best_fixed(const cc_oracle *o, const void *candidate)
{
    (void)candidate;
    return ((const online_ops *)o->ops)->best_fixed(o);
}

static double loss(const cc_oracle *o, const void *candidate)
{
    (void)candidate;
    return env_of(o)->loss;
}

static double total(const cc_oracle *o, const void *candidate)
{
    (void)candidate;
    return env_of(o)->total;
}

static double best_each(const cc_oracle *o, const void *candidate)
{
    (void)candidate;
    return env_of(o)->best_each;
}

static double regret(const cc_oracle *o, const void *candidate) { return total(o, candidate) - best_fixed(o, candidate); }
static double regret_each(const cc_oracle *o, const void *candidate) { return total(o, candidate) - best_each(o, candidate); }

static const cc_param arms_params[] = {
    {"arms", CC_INT, "20", 2, 1e6, .doc = "arms"},
    {"gap", CC_REAL, "0.25", 0, 0.5, .doc = "the best arm's mean loss is 1/2 - gap, the others' 1/2"},
    {"best", CC_INT, "7", 0, 1e6, .doc = "the best arm"},
    {"T", CC_INT, "20000", 1, 1e9, .doc = "rounds"},
    {0},
};

static const cc_param linear_params[] = {
    {"d", CC_INT, "3", 1, 1e6, .doc = "dimension"},
    {"D", CC_REAL, "2", 0, 1e6, .doc = "diameter of the ball"},
    {"mean", CC_REAL, "0", 0, 1e6, .doc = "length of the mean of the gradients"},
    {"sigma", CC_REAL, "1", 0, 1e6, .doc = "length of their noise"},
    {"T", CC_INT, "1000", 1, 1e9, .doc = "rounds"},
    {0},
};

static const cc_param sor_params[] = {
    {"side", CC_INT, "10", 2, 30,
     .doc = "points on a side of the square; n = side^2; beyond 10 the least shift makes A indefinite: refused"},
    {"law", CC_CHOICE, "low", .choices = "low high",
     .doc = "of the shift: -.15 + .6 Beta(2, 6), or .6 Beta(1/2, 3/2): more variance"},
    {"T", CC_INT, "5000", 1, 1e6, .doc = "rounds"},
    {"eps", CC_REAL, "1e-8", 1e-14, 0.5, .doc = "solved when |r| < eps |b|"},
    {"solver", CC_CHOICE, "sor", .choices = "sor symmetric",
     .doc = "symmetric: every sweep is followed by one in the reverse order"},
    {"context", CC_CHOICE, "shift", .choices = "shift unrelated", .doc = "the round's shift, or an independent draw of its law"},
    {"low", CC_REAL, "1", 0.01, 1.99, .doc = "least omega of the table that hindsight looks at"},
    {"high", CC_REAL, "1.95", 0.01, 1.99, .doc = "largest"},
    {"arms", CC_INT, "20", 2, 1000, .doc = "how many, evenly spaced"},
    {0},
};

static const cc_param heat_params[] = {
    {"nx", CC_INT, "25", 3, 400, .doc = "cells on a side; n = (nx - 1)^2"},
    {"T", CC_INT, "5000", 1, 1e6, .doc = "time steps"},
    {"dt", CC_REAL, "0.001", 1e-9, 1, .doc = "length of a time step"},
    {"eps", CC_REAL, "1e-8", 1e-14, 0.5, .doc = "solved when |r| <= eps |b|"},
    {"solver", CC_CHOICE, "ssor_pcg", .choices = "ssor_pcg cg", .doc = "cg: no preconditioner, whatever omega is"},
    {"low", CC_REAL, "1", 0.01, 1.99, .doc = "least omega of the table that hindsight looks at"},
    {"high", CC_REAL, "1.95", 0.01, 1.99, .doc = "largest"},
    {"arms", CC_INT, "20", 2, 1000, .doc = "how many, evenly spaced"},
    {0},
};

const cc_plugin cc_plugin_1 = {
    .id = "online",
    .title = "Online learning, with bandit or gradient feedback",
    .families = CC_LIST(
        cc_family,
        {.id = "online",
         .candidate = "double[d]",
         .doc = "play a point a round, pay its loss; a candidate is the point played last",
         .counters = CC_LIST(cc_column, {"n_round", "", "rounds played"}, {"n_grad", "", "gradients seen"},
                             {"n_proj", "", "projections on the domain"},
                             {"n_iter", "", "iterations of the solver that plays have caused"}),
         .metrics = CC_LIST(cc_metric, {"total", "", "sum of losses so far", total}, {"loss", "", "loss of the last round", loss},
                            {"best_fixed", "", "least total of one and the same point, in hindsight", best_fixed},
                            {"best_each", "", "sum of the least losses of the rounds", best_each},
                            {"regret", "", "total - best_fixed", regret}, {"regret_each", "", "total - best_each", regret_each})}),
    .problems = CC_LIST(
        cc_problem,
        {.id = "online.arms",
         .family = "online",
         .summary = "a stochastic bandit with Bernoulli losses, one arm better than the others",
         .params = arms_params,
         .ops = &online_arms_ops,
         .create = online_arms_create,
         .begin = online_arms_begin},
        {.id = "online.linear",
         .family = "online",
         .summary = "noisy linear losses over a ball, with gradients",
         .params = linear_params,
         .ops = &online_linear_ops,
         .create = online_linear_create,
         .begin = online_linear_begin},
        {.id = "online.sor",
         .family = "online",
         .summary = "a sequence of shifted Laplace systems, solved by SOR, plain or symmetric: the loss is the iterations, the "
                    "context the shift",
         .reference = "Khodak, Chow, Balcan, Talwalkar, ICLR 2024, Section 4.1",
         .params = sor_params,
         .ops = &online_sor_ops,
         .create = online_sor_create,
         .begin = online_sor_begin},
        {.id = "online.heat",
         .family = "online",
         .summary =
             "time steps of a heat equation, solved by SSOR-preconditioned conjugate gradients; the context is the coefficient",
         .reference = "Khodak, Chow, Balcan, Talwalkar, ICLR 2024, Section 4.2",
         .params = heat_params,
         .ops = &online_heat_ops,
         .metrics = CC_LIST(cc_metric, {"norm", "", "Euclidean norm of the temperatures", online_heat_norm}),
         .create = online_heat_create,
         .begin = online_heat_begin}),
};
