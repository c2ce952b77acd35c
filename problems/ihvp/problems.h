/* problems/ihvp/problems.h: what the files of this folder share. */
#ifndef CLAIMCHECK_PROBLEMS_IHVP_PROBLEMS_H
#define CLAIMCHECK_PROBLEMS_IHVP_PROBLEMS_H

#include "problems/ihvp/ihvp_problem.h"

cc_status ihvp_batch_create(cc_run *scope, void **instance); /* scripts.c */
cc_status ihvp_stream_create(cc_run *scope, void **instance);

/* Metrics, by dense linear algebra; NaN where there is no answer or d is above IHVP_DENSE. dense.c */
double ihvp_metric_error(const cc_oracle *oracle, const void *candidate);
double ihvp_metric_condition(const cc_oracle *oracle, const void *candidate);

#endif
