/* problems/online/online.h: all that an algorithm sees of an online problem.
 *
 * Rounds t = 0, 1, .. : the problem may show a context, the learner plays a point x of a convex domain in R^d, the problem answers.
 * With *bandit* feedback the answer is the loss f_t(x) alone; with *gradient* feedback it is a (sub)gradient of f_t at x as well. A
 * finite set of arms is the interval [0, arms - 1] with d = 1. A solver parameter chosen from a range is a point of that range, its
 * loss the iterations that the solver took.
 *
 * A candidate is double[d]: the point played last. Metrics speak of the rounds played so far.
 * Counters: n_round, n_grad (gradients seen), n_proj, n_iter (iterations of a solver that plays have caused).
 * Constants told: those a problem knows of itself (T, loss_max, D, G, ..); see problems/online/README.md. */
#ifndef CLAIMCHECK_PROBLEMS_ONLINE_H
#define CLAIMCHECK_PROBLEMS_ONLINE_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ONLINE_GRADIENT = 1, /* online_play_gradient works */
    ONLINE_CONTEXT = 2   /* rounds come with a context */
};

typedef enum online_shape { ONLINE_BOX, ONLINE_BALL, ONLINE_SIMPLEX } online_shape;

/* Box: every coordinate in [low, high]. Ball: around 0, of radius `high`. Simplex: x >= 0, sum = 1. */
typedef struct online_domain {
    online_shape shape;
    size_t d;
    double low, high;
} online_domain;

CC_FAMILY_API unsigned online_caps(cc_run *run);
CC_FAMILY_API online_domain online_domain_of(cc_run *run);

/* Contexts are numbers in [*low, *high]. CC_EINVAL if the problem shows none. */
CC_FAMILY_API cc_status online_context_range(cc_run *run, double *low, double *high);

/* The context of the coming round. CC_EINVAL if there is none; CC_DONE after the last round. */
CC_FAMILY_API cc_status online_context(cc_run *run, double *context);

/* Plays x[d] and ends the round. n_round += 1; *loss = f_t(x). CC_EINVAL: x is not in the domain (tolerance 1e-9, relative to its
 * size). CC_DONE, outcome HORIZON: there was no round left. */
CC_FAMILY_API cc_status online_play(cc_run *run, const double *x, double *loss);

/* The same, and g[d] in the subdifferential of f_t at x: n_grad += 1. CC_EINVAL without ONLINE_GRADIENT. */
CC_FAMILY_API cc_status online_play_gradient(cc_run *run, const double *x, double *loss, double *g);

/* The nearest point of the domain; x may be z. n_proj += 1. */
CC_FAMILY_API void online_project(cc_run *run, const double *z, double *x);

#ifdef __cplusplus
}
#endif
#endif
