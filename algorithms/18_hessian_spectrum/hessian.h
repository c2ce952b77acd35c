/* algorithms/18_hessian_spectrum/hessian.h: what the algorithms and the spectral kernels show to measures and tests. */
#ifndef CLAIMCHECK_HESSIAN_H
#define CLAIMCHECK_HESSIAN_H

#include "harness/algorithm.h"
#include "harness/numerics/krylov.h"

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

/* ---- rayleigh.c ---- */

/* The Hessian at w as an operator; a product is billed to `run`. Lives as long as *at. */
typedef struct hessian_at {
    cc_run *run;
    const double *w;
} hessian_at;
cc_linop hessian_operator(hessian_at *at);

/* Extreme eigenvalues of a symmetric matrix of order n, one after the other, by L-BFGS on the Rayleigh quotient. */
typedef struct hessian_rayleigh {
    size_t n, pairs, memory; /* pairs: wanted, at most n; memory: steps remembered, at least 1 */
    double flat;             /* a pair is found where no entry of the gradient is larger */
    int smallest, project;   /* 1: from below; found vectors are projected out */
    /* ---- */
    size_t found, products, kept;
    double quotient, steepest;   /* at v: q, and the largest entry of its gradient */
    double *vectors, *lambda;    /* found: rows of length 1, their quotients */
    double *residual;            /* |Hu - lambda u| of each */
    double *v, *Hv, *g, *p, *Hp; /* g: gradient of what is minimised */
    double *s, *y, *rho, *alpha; /* memory x n, memory */
} hessian_rayleigh;
/* The numbers above the line are the caller's. CC_EINVAL: more pairs than n. */
cc_status hessian_rayleigh_new(cc_run *scope, hessian_rayleigh *r);
/* To a random v for the next pair: one product. */
cc_status hessian_rayleigh_start(hessian_rayleigh *r, const cc_linop *a, cc_rng *rng);
/* One product: a step, or, where the gradient is flat, the pair is taken and the next one started (none after the last).
 * CC_ENUMERIC: not finite. */
cc_status hessian_rayleigh_step(hessian_rayleigh *r, const cc_linop *a, cc_rng *rng);

/* The same of the Hessian at the problem's start, as an algorithm. */
cc_status hessian_rayleigh_init(cc_run *run, void **state);
cc_status hessian_rayleigh_advance(cc_run *run, void *state);
const void *hessian_rayleigh_candidate(void *state);
extern const cc_param hessian_rayleigh_params[];
extern const cc_probe hessian_rayleigh_probes[];

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
