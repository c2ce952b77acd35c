/* algorithms/18_hessian_spectrum/measures.h: measures of this paper's own. */
#ifndef CLAIMCHECK_HESSIAN_MEASURES_H
#define CLAIMCHECK_HESSIAN_MEASURES_H

#include "harness/claim.h"

/* Trains; a row before and a row after, of all eigenvalues of the Hessian and of its Gauss-Newton part. They are attached. */
extern const cc_measure hessian_spectrum;
/* Trains; a row before and a row after, of the largest eigenvalues, by Lanczos' method without a matrix. */
extern const cc_measure hessian_top;
/* Trains, changes the batch, and looks at the loss along the way and on the line through both ends. */
extern const cc_measure hessian_path;
/* The Hessian at the start against differences of gradients; its part R against differences of J'(p - y). */
extern const cc_measure hessian_exactness;
/* Eigenvalues of a sample covariance against the law of Marchenko and Pastur. */
extern const cc_measure hessian_covariance;

#endif
