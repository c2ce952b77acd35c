/* algorithms/15_cbo/cbo.h: the kernels of consensus-based optimisation, for its algorithms, measures and tests.
 *
 * A cloud X is d rows of N: entry (j, i) is coordinate j of particle i. */
#ifndef CLAIMCHECK_CBO_H
#define CLAIMCHECK_CBO_H

#include "harness/algorithm.h"

/* c[d] = sum w_i x_i / sum w_i, w_i = exp(-alpha (e_i - min e)); w[N] is left with the weights. An infinite energy weighs nothing.
 * 0, or -1 if an energy is NaN or none is finite. */
int cbo_consensus(size_t d, size_t N, const double *X, const double *e, double alpha, double *w, double *c);

/* The alpha in [1e-5, 1e5] at which (sum w)^2 / sum w^2 = share * N, by bisection. w is scratch. */
double cbo_alpha(size_t N, const double *e, double share, double *w);

/* A uniform permutation of the energies: an ablation, the weights then go to other particles. */
void cbo_shuffle(cc_rng *rng, size_t N, double *e);

typedef enum cbo_noise { CBO_ISOTROPIC, CBO_ANISOTROPIC, CBO_CONSTANT } cbo_noise;

/* One Euler-Maruyama step of every particle: D = x - c, x <- x - lambda dt D + sigma sqrt(dt) s(D) xi, where s(D) is |D|
 * (isotropic), |D_j| by coordinate (anisotropic) or 1 (constant). xi: d x N standard normals; work[N]. */
void cbo_move(size_t d, size_t N, double *X, const double *c, cbo_noise noise, double lambda_dt, double sigma_root_dt,
              const double *xi, double *work);

cc_status cbo_init(cc_run *run, void **state);
cc_status cbo_step(cc_run *run, void *state);
cc_status cbo_hopping_init(cc_run *run, void **state);
cc_status cbo_hopping_step(cc_run *run, void *state);
const void *cbo_candidate(void *state);

extern const cc_param cbo_params[], cbo_hopping_params[];
extern const cc_variant cbo_variants[], cbo_hopping_variants[];
extern const cc_probe cbo_probes[];

#endif
