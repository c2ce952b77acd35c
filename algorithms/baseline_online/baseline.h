/* algorithms/baseline_online/baseline.h: reference methods for the family `online`. */
#ifndef CLAIMCHECK_ALGORITHMS_BASELINE_ONLINE_H
#define CLAIMCHECK_ALGORITHMS_BASELINE_ONLINE_H

#include "harness/algorithm.h"
#include "problems/online/online.h"

/* Bandits over arms that are points of the domain, arm i at low + (high - low) i / (arms - 1). Losses are scaled to [0, 1] by the
 * told loss_min and loss_max. */
typedef struct online_bandit {
    size_t arms, t;
    double low, high, range_low, range; /* of arms; of losses */
    double x, loss;                     /* played last */
    double epsilon, confidence;
    double *plays, *sum; /* of each arm: times played, scaled losses (EXP3: estimated) */
    double *p;
    cc_rng rng;
} online_bandit;

cc_status online_bandit_init(cc_run *run, void **state); /* bandits.c */
cc_status online_uniform_step(cc_run *run, void *state);
cc_status online_greedy_step(cc_run *run, void *state); /* explores with probability min(1, epsilon arms / t) */
cc_status online_ucb_step(cc_run *run, void *state);    /* least of mean - sqrt(confidence ln t / plays) */
cc_status online_exp3_step(cc_run *run, void *state);   /* eta_t = sqrt(ln arms / (arms t)) */
const void *online_bandit_candidate(void *state);

/* A point that stays, and projected gradient descent with steps D / (G sqrt(t)). */
typedef struct online_point {
    size_t d, t;
    double step, loss;
    double *x, *z, *g;
} online_point;

cc_status online_fixed_init(cc_run *run, void **state); /* points.c */
cc_status online_fixed_step(cc_run *run, void *state);
cc_status online_descent_init(cc_run *run, void **state);
cc_status online_descent_step(cc_run *run, void *state);
const void *online_point_candidate(void *state);

#endif
