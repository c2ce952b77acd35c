/* problems/dynset/problems.h: what the files of this folder share. */
#ifndef CLAIMCHECK_PROBLEMS_DYNSET_PROBLEMS_H
#define CLAIMCHECK_PROBLEMS_DYNSET_PROBLEMS_H

#include "problems/dynset/dynset_problem.h"

extern const dynset_function dynset_cut_function; /* cut.c: submodular, not monotone; data: dynset_cover, items = neighbours */

struct dynset_chain {
    const dynset_function *f;
    const void *data;
    size_t levels, top;
    void *state;
    uint64_t *adds, sink; /* where additions are counted: the run's counter, or nowhere */
};

/* What is the case now. */
typedef struct dynset_env {
    const dynset_instance *instance;
    cc_rng rng; /* of streams that react */
    size_t at;  /* updates given out */
    size_t n_present;
    uint8_t *present;
    size_t n_shown; /* the last answer */
    uint32_t *shown;
    dynset_chain *query;          /* for values: one set */
    dynset_chain *judge;          /* for metrics: k sets */
    uint8_t *seen;                /* for metrics: zero between calls */
    uint32_t *list;               /* n: scratch of metrics */
    double *gain;                 /* n */
    size_t greedy_at, optimum_at; /* updates + 1 for which these hold; 0: not known */
    double greedy, optimum;
} dynset_env;

cc_status dynset_chain_make(cc_run *scope, const dynset_instance *instance, size_t levels, dynset_chain **chain); /* dynset.c */

extern const cc_metric dynset_metrics[]; /* metrics.c */

cc_status dynset_pareto_create(cc_run *scope, void **instance); /* generated.c */
cc_status dynset_small_create(cc_run *scope, void **instance);
cc_status dynset_modular_create(cc_run *scope, void **instance);
cc_status dynset_groups_create(cc_run *scope, void **instance);
cc_status dynset_clusters_create(cc_run *scope, void **instance);
cc_status dynset_cut_create(cc_run *scope, void **instance);
cc_status dynset_images_create(cc_run *scope, void **instance); /* real.c */
cc_status dynset_hypergraph_create(cc_run *scope, void **instance);
cc_status dynset_packages_create(cc_run *scope, void **instance);
cc_status dynset_file_create(cc_run *scope, void **instance);

#endif
