/* algorithms/02_bo_rep/borep.h: what the algorithm shows to its measures and tests. */
#ifndef CLAIMCHECK_BOREP_H
#define CLAIMCHECK_BOREP_H

#include "harness/algorithm.h"
#include "problems/bilevel/bilevel.h"

typedef struct borep {
    size_t dx, dy, k, K, I, N, batch;
    uint64_t lower_id; /* of the next sample of the lower level */
    int average, z_first, normalise;
    double eta, beta, nu, alpha, R;
    double *x, *y; /* one array: the candidate */
    double *z, *m;
    double *h, *mixed, *fy, *curved, *gy, *centre, *sum; /* work */
} borep;

/* The parameters that a horizon K fixes, as the theorem orders them: eta ~ K^-3/4, 1 - beta, nu, alpha ~ K^-1/2, I, N ~ K^1/2. */
typedef struct borep_schedule {
    double eta, beta, nu, alpha;
    size_t I, N, epochs;
} borep_schedule;
borep_schedule borep_by_horizon(size_t K);

cc_status borep_init(cc_run *run, void **state);
cc_status borep_step(cc_run *run, void *state);
const void *borep_candidate(void *state);

extern const cc_param borep_params[];
extern const cc_variant borep_variants[];

#endif
