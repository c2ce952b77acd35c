/* algorithms/baseline_bilevel/baseline.h: what the files of the baselines give each other. */
#ifndef CLAIMCHECK_BASELINE_BILEVEL_H
#define CLAIMCHECK_BASELINE_BILEVEL_H

#include "harness/algorithm.h"

/* What every method has; the first member of its state, so that one function gives the candidates of all. */
typedef struct bilevel_walk {
    size_t dx, dy, batch;
    uint64_t k;     /* steps begun */
    int box_x;      /* X is not the whole space */
    double a, h, b; /* steps of y, of the linear system and of x; of those a method declares */
    double *x, *y;  /* one array */
} bilevel_walk;

/* What a method asks of the lower level. */
typedef enum bilevel_need {
    BILEVEL_ANY,   /* Y may be a box */
    BILEVEL_SMOOTH /* grad Phi = fx - gxy gyy^-1 fy: g strongly convex in y, Y the whole space */
} bilevel_need;

/* Starts the walk. CC_EINVAL: more than one block, or a lower level that the method (named in the message) cannot treat. */
cc_status bilevel_walk_start(cc_run *run, const char *method, bilevel_need need, bilevel_walk *walk);
/* x -= step d, projected onto X. */
void bilevel_walk_x(cc_run *run, bilevel_walk *walk, double step, const double *d);
/* How a step ends that did `done`: DIVERGED where an oracle's answer was not finite or x is beyond 1e4. */
cc_status bilevel_walk_end(cc_run *run, const bilevel_walk *walk, cc_status done);
const void *bilevel_walk_candidate(void *state);

cc_status bilevel_soba_init(cc_run *run, void **state);
cc_status bilevel_soba_step(cc_run *run, void *state);
cc_status bilevel_saba_init(cc_run *run, void **state);
cc_status bilevel_saba_step(cc_run *run, void *state);
cc_status bilevel_stocbio_init(cc_run *run, void **state);
cc_status bilevel_stocbio_step(cc_run *run, void *state);
cc_status bilevel_ttsa_init(cc_run *run, void **state);
cc_status bilevel_ttsa_step(cc_run *run, void *state);
cc_status bilevel_aid_cg_init(cc_run *run, void **state);
cc_status bilevel_aid_cg_step(cc_run *run, void *state);
cc_status bilevel_itd_init(cc_run *run, void **state);
cc_status bilevel_itd_step(cc_run *run, void *state);
cc_status bilevel_f2sa_init(cc_run *run, void **state);
cc_status bilevel_f2sa_step(cc_run *run, void *state);
cc_status bilevel_f2ba_init(cc_run *run, void **state);
cc_status bilevel_f2ba_step(cc_run *run, void *state);

extern const cc_param bilevel_soba_params[], bilevel_saba_params[], bilevel_stocbio_params[], bilevel_ttsa_params[],
    bilevel_aid_cg_params[], bilevel_itd_params[], bilevel_f2sa_params[], bilevel_f2ba_params[];
extern const cc_variant bilevel_soba_variants[], bilevel_f2sa_variants[];

#endif
