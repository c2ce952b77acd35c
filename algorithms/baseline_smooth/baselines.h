/* algorithms/baseline_smooth/baselines.h: inside the plug-in: the states' functions, joined in baselines.c. */
#ifndef CLAIMCHECK_BASELINE_SMOOTH_H
#define CLAIMCHECK_BASELINE_SMOOTH_H

#include "harness/plugin.h"

/* ---- first_order.c ---- */
typedef struct first_order {
    size_t d;
    double *x, *g, *step, *next; /* iterate, gradient, B^-1 g, trial point */
    double *y, *v, A;            /* the fast method's */
    double f, L, L_min, trials;
} first_order;
cc_status gradient_init(cc_run *run, void **state);
cc_status gradient_step(cc_run *run, void *state);
cc_status fast_gradient_init(cc_run *run, void **state);
cc_status fast_gradient_step(cc_run *run, void *state);
const void *first_order_candidate(void *state);

/* ---- second_order.c ---- */
typedef struct second_order {
    size_t d;
    int kind;                          /* of the Hessian */
    double *x, *g, *h, *next, *g_next; /* iterate, gradient, step, trial point and its gradient */
    double *H, *M, *Bh, *solved;       /* Hessian; factor; scratch of the cubic model */
    double f, f_next, g_norm;
    double alpha, fixed, M_fixed; /* parameters of super_newton and fixed_newton */
    double reg, lambda, trials;   /* H_k or M_k; the shift of the last trial; trials of the last step */
} second_order;
cc_status super_newton_init(cc_run *run, void **state);
cc_status super_newton_step(cc_run *run, void *state);
cc_status cubic_newton_init(cc_run *run, void **state);
cc_status cubic_newton_step(cc_run *run, void *state);
cc_status fixed_newton_init(cc_run *run, void **state);
cc_status fixed_newton_step(cc_run *run, void *state);
cc_status damped_newton_init(cc_run *run, void **state);
cc_status damped_newton_step(cc_run *run, void *state);
const void *second_order_candidate(void *state);

/* ---- zeroth_order.c ---- */
cc_status langevin_init(cc_run *run, void **state);
cc_status langevin_step(cc_run *run, void *state);
const void *langevin_candidate(void *state);
cc_status random_search_init(cc_run *run, void **state);
cc_status random_search_step(cc_run *run, void *state);
const void *random_search_candidate(void *state);

#endif
