/* algorithms/baseline_finsum_op/baseline.h: the methods that finite-sum operators are usually solved with.
 * u: iterate; g: an element of G(u); z: what the resolvent is applied to. Candidates are u and g, adjacent. */
#ifndef CLAIMCHECK_ALGORITHMS_BASELINE_FINSUM_OP_H
#define CLAIMCHECK_ALGORITHMS_BASELINE_FINSUM_OP_H

#include "harness/algorithm.h"
#include "problems/finsum_op/finsum_op.h"

/* The parameter eta, or the value that `auto` stands for; CC_EINVAL unless positive and finite. */
cc_status finsum_step(cc_run *run, double automatic, double *eta);

/* u+ = J_{eta G}(z), g = (z - u+) / eta in G(u+). */
void finsum_prox(cc_run *run, size_t d, double eta, const double *z, double *u, double *g);

/* Ends a run whose iterate has left every reasonable range. */
cc_status finsum_guard(cc_run *run, size_t d, const double *u);

cc_status finsum_halpern_init(cc_run *run, void **state);
cc_status finsum_halpern_step(cc_run *run, void *state);
const void *finsum_halpern_candidate(void *state);

cc_status finsum_eg_init(cc_run *run, void **state);
cc_status finsum_eag_init(cc_run *run, void **state);
cc_status finsum_eg_step(cc_run *run, void *state);
const void *finsum_eg_candidate(void *state);

cc_status finsum_vreg_init(cc_run *run, void **state);
cc_status finsum_vreg_step(cc_run *run, void *state);
const void *finsum_vreg_candidate(void *state);

#endif
