/* problems/relu_box/relu_box.h: feed-forward ReLU networks over a box of inputs; what an algorithm sees of one.
 *
 * A *data* family: relu_box_get hands out network and box, the algorithm reports its work by relu_box_report. With h_0 = x,
 * z_i = W_i h_{i-1} + b_i (1 <= i <= n), h_i = max(z_i, 0) for i < n and f(x) = z_n, what is asked for is
 *   L(f, X) = max over x in X and over J in J(x) of max_c sum_k |J_ck|,
 * the Lipschitz constant of f on X from and to the maximum norm. J(x) is the set of products W_n D_{n-1} W_{n-1} .. D_1 W_1, D_i
 * diagonal with 1 where z_i > 0, 0 where z_i < 0 and any number of [0, 1] where z_i = 0. */
#ifndef CLAIMCHECK_PROBLEMS_RELU_BOX_H
#define CLAIMCHECK_PROBLEMS_RELU_BOX_H

#include "harness/run.h"

typedef struct relu_net {
    size_t layers;       /* n >= 1 */
    const size_t *width; /* n + 1 of them: d, m_1, .., m_{n-1}, K; each >= 1 */
    /* w[i] (width[i] x width[i-1], row-major) and b[i] (width[i]) for 1 <= i <= n; w[0] and b[0] are NULL */
    const double *const *w, *const *b;
} relu_net;

/* The instance; all arrays belong to it. */
typedef struct relu_box {
    relu_net net;
    const double *low, *high; /* X, d each, low <= high */
} relu_box;

/* The family's candidate: what is said about the Jacobians over X. NULL: not said. Rows are outputs ("classes"). */
typedef struct relu_bounds {
    double overall;           /* a bound on L, or an estimate of it; NaN: none */
    const double *per_class;  /* K: the same for each row of J alone */
    const double *low, *high; /* K x d: low <= J <= high entry by entry */
} relu_bounds;

CC_FAMILY_API const relu_box *relu_box_get(cc_run *run);

/* Reported work: flops of matrix products on the backward graph, boundings of a domain (or cells visited). Counters n_flop, n_node.
 */
CC_FAMILY_API void relu_box_report(cc_run *run, uint64_t flops, uint64_t nodes);

#endif
