/* problems/finsum_op/simplex.h: the Euclidean projection on {x >= 0, sum x = 1}. */
#ifndef CLAIMCHECK_PROBLEMS_FINSUM_OP_SIMPLEX_H
#define CLAIMCHECK_PROBLEMS_FINSUM_OP_SIMPLEX_H

#include <stddef.h>

/* x = max(y - tau, 0) with sum x = 1; x may be y. *tau: in a guess (any number, NaN too; a good one saves passes), out the
 * threshold. Newton's method on the convex, piecewise linear tau -> sum max(y - tau, 0) - 1: from its first step on it approaches
 * the root from the left, so the active set only shrinks, and the method ends exactly when the set stays. O(n) a pass, two or three
 * from a warm start. Condat, Fast projection onto the simplex and the l1 ball, 2016 (as its Michelot iteration, started warm). */
void finsum_simplex(size_t n, const double *y, double *x, double *tau);

#endif
