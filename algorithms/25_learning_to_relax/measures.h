/* algorithms/25_learning_to_relax/measures.h: what cannot be read off a trajectory. */
#ifndef CLAIMCHECK_ALGORITHMS_RELAX_MEASURES_H
#define CLAIMCHECK_ALGORITHMS_RELAX_MEASURES_H

#include "harness/claim.h"

/* Eigenvalues of the SOR matrix, dense, against Young's formula, over omega. measures.c */
extern const cc_measure relax_spectrum;

/* Iterations of SOR, the norm of the power of C that decides them, and the bounds that are made of it, over omega. measures.c */
extern const cc_measure relax_bound;

/* Where the surrogate falls and rises, and how steep it is. measures.c */
extern const cc_measure relax_shape;

/* Iterations when b is an eigenvector of C_1.4, and when it is random, over omega. measures.c */
extern const cc_measure relax_degenerate;

/* How much the iterations of symmetric SOR change with omega, on average over b or for one b. measures_symmetric.c */
extern const cc_measure relax_smooth;

/* Iterations of SSOR-preconditioned CG and their bound, over omega. measures_cg.c */
extern const cc_measure relax_condition;

/* A learner's iterations beside the surrogate total of the best fixed omega, and the tau that the systems ask for.
 * measures_rounds.c */
extern const cc_measure relax_against;

/* A learner on the heat equation: its mean omega in windows of time, and what every omega would have cost. measures_rounds.c */
extern const cc_measure relax_actions;

/* Nanoseconds of a learner's round, beside those of a solve. measures_rounds.c */
extern const cc_measure relax_overhead;

/* The right-hand side of the fixtures: b_i = ((37 i mod 101) / 101 - 1/2). */
void relax_pattern(size_t n, double *b);

#endif
