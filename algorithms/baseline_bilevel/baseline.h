/* algorithms/baseline_bilevel/baseline.h: what the files of the baselines give each other. */
#ifndef CLAIMCHECK_BASELINE_BILEVEL_H
#define CLAIMCHECK_BASELINE_BILEVEL_H

#include "harness/algorithm.h"

cc_status bilevel_soba_init(cc_run *run, void **state);
cc_status bilevel_soba_step(cc_run *run, void *state);
const void *bilevel_soba_candidate(void *state);
extern const cc_param bilevel_soba_params[];
extern const cc_variant bilevel_soba_variants[];

#endif
