/* algorithms/02_bo_rep/measures.h: measures of this paper's own. */
#ifndef CLAIMCHECK_BOREP_MEASURES_H
#define CLAIMCHECK_BOREP_MEASURES_H

#include "harness/claim.h"

/* Pairs of points of the exact hyper-objective: by how much its gradient changes from one to the other, and how long it is. */
extern const cc_measure borep_pairs;
/* How far each step moves x, how far x is from its start, and by how much the exact hypergradient changes. */
extern const cc_measure borep_walk;
/* |z - gyy^-1 fy|^2 while x and y stand still. */
extern const cc_measure borep_linear;
/* Iterations to a target gradient with the best step length of a grid, for each seed. */
extern const cc_measure borep_tuned;

#endif
