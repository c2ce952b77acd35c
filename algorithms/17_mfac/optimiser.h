/* algorithms/17_mfac/optimiser.h: the optimiser's state, for its probes. */
#ifndef CLAIMCHECK_MFAC_OPTIMISER_H
#define CLAIMCHECK_MFAC_OPTIMISER_H

#include "algorithms/17_mfac/descent.h"

typedef struct mfac_optimiser {
    mfac_descent descent;
    mfac_engine *engine;
    double beta, bound; /* momentum; sqrt(m / lambda) / 2 */
    int noise;
    double *u, *v;                       /* F^-1 g; its running mean, NULL without momentum */
    double norm_u, share, slope, cosine; /* |u|; |u| / bound; u'g; u'g / (|u| |g|) */
} mfac_optimiser;

cc_status mfac_optimiser_init(cc_run *run, void **state);
cc_status mfac_optimiser_step(cc_run *run, void *state);
const void *mfac_optimiser_candidate(void *state);
cc_status mfac_sgd_init(cc_run *run, void **state); /* descent.c */
cc_status mfac_sgd_step(cc_run *run, void *state);
cc_status mfac_adam_init(cc_run *run, void **state);
cc_status mfac_adam_step(cc_run *run, void *state);
const void *mfac_rival_candidate(void *state);

#endif
