/* problems/online/variates.h: random data that the harness does not have. */
#ifndef CLAIMCHECK_PROBLEMS_ONLINE_VARIATES_H
#define CLAIMCHECK_PROBLEMS_ONLINE_VARIATES_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Gamma(shape, 1), shape > 0: Marsaglia and Tsang, A simple method for generating gamma variables, 2000. */
CC_FAMILY_API double online_gamma(cc_rng *rng, double shape);

/* Beta(a, b) = X / (X + Y) of two gammas. */
CC_FAMILY_API double online_beta(cc_rng *rng, double a, double b);

/* n normals, drawn again until their norm is at most sqrt(n). */
CC_FAMILY_API void online_truncated_normal(cc_rng *rng, size_t n, double *x);

#ifdef __cplusplus
}
#endif
#endif
