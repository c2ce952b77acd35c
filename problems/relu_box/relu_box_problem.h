/* problems/relu_box/relu_box_problem.h: for authors of networks. */
#ifndef CLAIMCHECK_PROBLEMS_RELU_BOX_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_RELU_BOX_PROBLEM_H

#include "harness/family.h"
#include "problems/relu_box/relu_box.h"

/* A network that is being written: w[i] and b[i] are zero, to be filled. width (n + 1 numbers) is copied. */
typedef struct relu_draft {
    size_t layers;
    size_t *width;
    double **w, **b;
} relu_draft;

CC_FAMILY_API cc_status relu_draft_open(cc_run *scope, size_t layers, const size_t *width, relu_draft *draft);

/* Makes the instance: the box [x0 - radius, x0 + radius] cut to [clip[0], clip[1]] (NULL: not cut), or, with `radius` NULL, x0
 * alone. Samples the Jacobian at `samples` points of the box (its centre, then uniform points and random vertices in turn) and
 * publishes: d, K, layers, hidden (told); sampled (the greatest norm seen, a lower bound on L) and at_centre (hidden). Refuses
 * (CC_EINVAL): numbers that are not finite, a radius < 0, a box outside the clip. */
CC_FAMILY_API cc_status relu_box_make(cc_run *scope, const relu_draft *draft, const double *x0, const double *radius,
                                      const double *clip, size_t samples, void **instance);

/* ---- the referee's own arithmetic: plain loops, shared with no algorithm ---- */

/* f(x) in out (K); z: room for all hidden neurons, layer after layer, their pre-activations. */
CC_FAMILY_API void relu_forward(const relu_net *net, const double *x, double *z, double *out);

/* The Jacobian (K x d) of the linear piece whose neurons are on where z > 0. work: 2 * widest numbers. */
CC_FAMILY_API void relu_jacobian(const relu_net *net, const double *z, double *work, double *jacobian);

CC_FAMILY_API size_t relu_hidden(const relu_net *net); /* neurons */
CC_FAMILY_API size_t relu_widest(const relu_net *net); /* the greatest width */

/* A metric of the family by name, for measures of one's own; NaN if there is none of that name. */
CC_FAMILY_API double relu_judge(cc_run *run, const char *metric, const relu_bounds *bounds);

#endif
