/* problems/online/problems.h: what the files of this folder share. */
#ifndef CLAIMCHECK_PROBLEMS_ONLINE_PROBLEMS_H
#define CLAIMCHECK_PROBLEMS_ONLINE_PROBLEMS_H

#include "problems/online/online_problem.h"

extern const online_ops online_arms_ops, online_linear_ops, online_sor_ops, online_heat_ops;

cc_status online_arms_create(cc_run *scope, void **instance); /* arms.c */
cc_status online_arms_begin(cc_run *scope, const void *instance, void **env);
cc_status online_linear_create(cc_run *scope, void **instance); /* linear.c */
cc_status online_linear_begin(cc_run *scope, const void *instance, void **env);
cc_status online_sor_create(cc_run *scope, void **instance); /* sequence.c */
cc_status online_sor_begin(cc_run *scope, const void *instance, void **env);
double online_heat_norm(const cc_oracle *o, const void *candidate); /* a metric; heat.c */
cc_status online_heat_create(cc_run *scope, void **instance);
cc_status online_heat_begin(cc_run *scope, const void *instance, void **env);

#endif
