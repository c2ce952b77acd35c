/* problems/online/sequence.h: what measures see of `online.sor` and `online.heat`. */
#ifndef CLAIMCHECK_PROBLEMS_ONLINE_SEQUENCE_H
#define CLAIMCHECK_PROBLEMS_ONLINE_SEQUENCE_H

#include "problems/online/linseq.h"
#include "problems/online/online_problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Iterations of every round with every omega of the grid: T x columns, row-major; made once for each instance's parameters.
 * `online.sor`: columns arms + 2: context, iterations of each arm, iterations with the best omega: Young's, or, for symmetric SOR,
 * the arm whose expected iterations at that shift are fewest. `online.heat`: columns arms + 1: the context first; each arm runs a
 * simulation of its own. */
typedef struct sequence_table {
    size_t T, arms, columns;
    double low, high; /* arm i is low + (high - low) i / (arms - 1) */
    const double *row;
} sequence_table;

/* The first member of their instances. */
typedef struct sequence_instance {
    online_instance base;
    sequence_table table;
} sequence_instance;

CC_FAMILY_API const sequence_table *sequence_table_of(const cc_oracle *o);
CC_FAMILY_API double sequence_arm(const sequence_table *table, size_t i);

/* Draws of `online.sor`, round t, by the streams of `scope`: a shift in [-.15, .45] (law 0: low variance, 1: high), and b[n]. */
CC_FAMILY_API double sequence_shift(const cc_run *scope, int law, size_t t);
CC_FAMILY_API void sequence_rhs(const cc_run *scope, size_t n, size_t t, double *b);

#ifdef __cplusplus
}
#endif
#endif
