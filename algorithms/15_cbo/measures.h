/* algorithms/15_cbo/measures.h: measures of this paper's own. */
#ifndef CLAIMCHECK_CBO_MEASURES_H
#define CLAIMCHECK_CBO_MEASURES_H

#include "harness/claim.h"

/* One consensus hop of infinitely many particles in one dimension, by quadrature, beside the proximal point. */
extern const cc_measure cbo_hop;
/* The same for x'Ax/2 in one and two dimensions. */
extern const cc_measure cbo_quadratic;
/* One hop of N particles on a quadratic, many times, against its limit's mean and covariance. */
extern const cc_measure cbo_monte_carlo;
/* The mean error of many such hops, a row a seed, beside its limit. */
extern const cc_measure cbo_bias;
/* One step of CBO from a given cloud: its next consensus by the identity, by quadrature, and by many copies of the cloud. */
extern const cc_measure cbo_step_identity;
/* Displacements of particles in units of their noise, beside the position before. */
extern const cc_measure cbo_forgetting;
/* Candidates along runs in the plane; with seed 0 the energies on [-2, 8]^2 are attached. */
extern const cc_measure cbo_paths;

#endif
