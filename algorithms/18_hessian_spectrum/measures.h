/* algorithms/18_hessian_spectrum/measures.h: measures of this paper's own, and what their files share. */
#ifndef CLAIMCHECK_HESSIAN_MEASURES_H
#define CLAIMCHECK_HESSIAN_MEASURES_H

#include "harness/measure.h"

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
/* Trains; a row for each of the largest eigenvalues before and after, by Lanczos' method and by minimising Rayleigh quotients. */
extern const cc_measure hessian_leading;

/* ---- shared ---- */

cc_status hessian_each(cc_cell *cell, cc_status (*replicate)(cc_cell *)); /* calls it for every seed of the cell */

/* Where a run of the arm's algorithm spectrum.gd began and ended: points of d weights, of the replicate's scope. */
typedef struct hessian_ends {
    size_t d, steps;
    double *first, *last;
} hessian_ends;
cc_status hessian_train(cc_cell *cell, cc_run *referee, hessian_ends *e);
/* Columns that every row of an end has. */
cc_status hessian_put_point(cc_cell *cell, cc_run *referee, const hessian_ends *e, int trained);
#define HESSIAN_POINT                                                                                                              \
    {"trained", "", "0: the start, 1: the end"}, {"steps", "", "of training"}, {"M", "", "weights"}, { "f", "", "loss" }

#endif
