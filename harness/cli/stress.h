/* harness/cli/stress.h: the instance that comes closest to breaking a claim, searched for over the problem's parameters. */
#ifndef CLAIMCHECK_HARNESS_STRESS_H
#define CLAIMCHECK_HARNESS_STRESS_H

#include "harness/cli/judge_claim.h"

enum { CC_STRESS_AXES = 8 };

typedef struct cc_stress_axis { /* a numeric parameter of the problem, or "seed" */
    char name[64];
    double low, high;
    int integer, log;
} cc_stress_axis;

typedef struct cc_stress_instance {
    char set[512];    /* "kappa=3.2e4 seed=17" */
    double closeness; /* of what is judged to its limit: 1 is at the limit, more is beyond; NaN: not judged */
    cc_verdict verdict;
    char message[CC_MESSAGE];
} cc_stress_instance;

typedef struct cc_stress {
    const cc_registry *registry;
    cc_store *store; /* cells of tried instances; the caller's */
    cc_asked asked;
    const cc_check *check; /* the one that is pressed; a bound or an exponent */
    int tier, jobs;
    size_t n_axes;
    cc_stress_axis axis[CC_STRESS_AXES];
    int evaluations, restarts;
    uint64_t seed;
    int done, failed; /* instances tried; of them in error or skipped */
    int interrupted;  /* by SIGINT or SIGTERM: the search has ended early */
    char first_failure[CC_MESSAGE];
    cc_stress_instance worst;
    void *optimiser; /* the running one's nlopt_opt */
    void (*progress)(const struct cc_stress *stress, const cc_stress_instance *now);
} cc_stress;

/* The claim's first bound or exponent. NULL with a message: it has none. */
const cc_check *cc_stress_check(const cc_claim *claim, char message[CC_MESSAGE]);

/* Fills the axes: those of `over` ("kappa=1..1e6 n=2..200"; NULL: every numeric parameter of the experiment's problems, from a
 * quarter of the least value that the experiment uses to four times its largest (integers: to its largest), within what is
 * declared, and the instance's seed). */
cc_status cc_stress_axes(cc_stress *stress, const char *over, char message[CC_MESSAGE]);

/* Judges the claim's check on one instance. Always fills *instance. */
void cc_stress_try(cc_stress *stress, const char *set, cc_stress_instance *instance);

/* Restarts of a global search (controlled random search) each refined by a local one (Subplex), both of NLopt. Deterministic. */
cc_status cc_stress_search(cc_stress *stress, char message[CC_MESSAGE]);

#endif
