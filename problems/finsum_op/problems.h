/* problems/finsum_op/problems.h: what each file of a problem gives to family.c. Generators draw from SplitMix64, seeded by the
 * cell. */
#ifndef CLAIMCHECK_PROBLEMS_FINSUM_OP_PROBLEMS_H
#define CLAIMCHECK_PROBLEMS_FINSUM_OP_PROBLEMS_H

#include "problems/finsum_op/finsum_op_problem.h"

extern const finsum_ops finsum_lsq_ops, finsum_lsq_box_ops, finsum_bilinear_ops, finsum_game_ops, finsum_qp_ops;

cc_status finsum_lsq_create(cc_run *scope, void **instance);
cc_status finsum_lsq_box_create(cc_run *scope, void **instance);
cc_status finsum_bilinear_create(cc_run *scope, void **instance);
cc_status finsum_game_create(cc_run *scope, void **instance);
cc_status finsum_qp_create(cc_run *scope, void **instance);

double finsum_game_gap(const cc_oracle *o, const void *candidate);

#endif
