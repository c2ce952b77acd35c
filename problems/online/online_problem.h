/* problems/online/online_problem.h: for authors of online problems and of measures; no algorithm includes it. */
#ifndef CLAIMCHECK_PROBLEMS_ONLINE_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_ONLINE_PROBLEM_H

#include "harness/family.h"
#include "problems/online/online.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first member of every instance. */
typedef struct online_instance {
    online_domain domain;
    unsigned caps;
    size_t T; /* rounds there are */
    double context_low, context_high;
} online_instance;

/* The first member of every environment: the history that metrics need. The family keeps `t`, `loss`, `total`; the problem keeps
 * `best_each`. */
typedef struct online_env {
    size_t t; /* rounds played */
    double loss, total;
    double best_each; /* sum over rounds of the least loss in that round */
    double *played;   /* d: the point played last */
} online_env;

typedef struct online_ops {
    double (*context)(const cc_oracle *o); /* of round env->t; NULL without ONLINE_CONTEXT */
    /* Plays x in round env->t: the loss; g (NULL: not asked for) a gradient; *iterations: of a solver. Updates the problem's part
     * of the history. Non-finite: an error of the run. */
    double (*play)(const cc_oracle *o, const double *x, double *g, uint64_t *iterations);
    double (*best_fixed)(const cc_oracle *o); /* least total loss so far of one and the same point; NaN: not known */
} online_ops;

/* Fills the family's part of an environment whose memory is there (`begin` of a problem calls it). */
CC_FAMILY_API cc_status online_begin(cc_run *scope, const online_instance *instance, online_env *env);

/* Tells T and d; refuses an empty domain, no rounds, an empty range of contexts. */
CC_FAMILY_API cc_status online_publish(cc_run *scope, const online_instance *instance);

#ifdef __cplusplus
}
#endif
#endif
