/* algorithms/18_hessian_spectrum/hessian.h: what the algorithms and the spectral kernels show to measures and tests. */
#ifndef CLAIMCHECK_HESSIAN_H
#define CLAIMCHECK_HESSIAN_H

#include "harness/algorithm.h"

typedef struct hessian_gd {
    size_t d, n, k;            /* k: steps done */
    size_t batch, then, until; /* examples a step before and from step `until` on; 0: all, never */
    size_t next;               /* first example of the next batch */
    double rate, goal, flat;
    double loss, norm; /* of the last batch, at w */
    double size;       /* examples of the last batch */
    double *w, *g;
    size_t *ids;
} hessian_gd;

cc_status hessian_gd_init(cc_run *run, void **state);
cc_status hessian_gd_step(cc_run *run, void *state);
const void *hessian_gd_candidate(void *state);
extern const cc_param hessian_gd_params[];
extern const cc_probe hessian_gd_probes[];

/* v <- Hv / |Hv| with H at the problem's start. */
typedef struct hessian_power {
    size_t d;
    double top; /* v'Hv, of the v before the last step */
    double *w, *v, *Hv;
} hessian_power;

cc_status hessian_power_init(cc_run *run, void **state);
cc_status hessian_power_step(cc_run *run, void *state);
const void *hessian_power_candidate(void *state);
extern const cc_param hessian_power_params[];
extern const cc_probe hessian_power_probes[];

/* ---- spectrum.c ---- */

/* Eigenvalues ascending, n of them. Shares are of n; "large": more than a twentieth of the largest, "flat": within a thousandth of
 * it around 0, "negative": below -1e-9. */
typedef struct hessian_counts {
    double top, bottom; /* largest; smallest over largest */
    double large, flat, negative;
} hessian_counts;
hessian_counts hessian_count(size_t n, const double *lambda);

/* Where the largest ratio lambda_j / lambda_{j+1} is (descending, j = 1 .. most), and what it is; 0 if lambda_2 <= 0. `lambda` is
 * ascending. */
size_t hessian_outliers(size_t n, const double *lambda, size_t most, double *gap);

/* |lambda| number `rank + 1` from above, over the largest; NaN if there are no more than `rank`. work: n. */
double hessian_beyond(size_t n, const double *lambda, size_t rank, double *work);

/* Marchenko-Pastur: the law of the nonzero eigenvalues of (1/N) sum g_i g_i', g_i ~ N(0, I_M), as M and N grow, ratio = M / N.
 * Largest distance of the distribution functions of it and of n values, ascending. */
double hessian_marchenko_pastur(double ratio, size_t n, const double *lambda);

#endif
