/* problems/bilevel/problems.h: what the files of the family give each other. */
#ifndef CLAIMCHECK_PROBLEMS_BILEVEL_PROBLEMS_H
#define CLAIMCHECK_PROBLEMS_BILEVEL_PROBLEMS_H

#include <math.h>

#include "problems/bilevel/bilevel_problem.h"
#include "problems/data/data.h"

enum { BILEVEL_DENSE = 64 }; /* Hessians are given as matrices up to this dy */

/* e->ids[batch]: the terms that the sample names, of n. */
void bilevel_draw(bilevel_env *e, const bilevel_sample *sample, size_t n);
/* v[n] += the sample's noise for the output `which`, E|.|^2 = sd^2 / batch. */
void bilevel_add_noise(bilevel_env *e, const bilevel_sample *sample, int which, double sd, int skew, size_t n, double *v);

static inline double bilevel_sigmoid(double z) { return z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)); }
/* Rows i mod 3 != 0 train: every feature of the table gets their mean 0 and their population variance 1. */
void bilevel_standardise(const data_table *t);
/* Permutes n labels of `size` bytes each; the permutation depends on the scope's seed and n. */
void bilevel_shuffle(const cc_run *scope, size_t n, size_t size, void *label);

extern const bilevel_ops bilevel_quad_ops, bilevel_expupper_ops, bilevel_huber_ops, bilevel_logreg_ops, bilevel_clean_ops,
    bilevel_text_ops, bilevel_auc_ops;
extern const cc_param bilevel_quad_params[], bilevel_expupper_params[], bilevel_huber_params[], bilevel_clean_params[],
    bilevel_text_params[], bilevel_auc_params[];
extern const cc_metric bilevel_clean_metrics[], bilevel_text_metrics[], bilevel_auc_metrics[];
cc_status bilevel_quad_create(cc_run *scope, void **instance);
cc_status bilevel_expupper_create(cc_run *scope, void **instance);
cc_status bilevel_huber_create(cc_run *scope, void **instance);
cc_status bilevel_logreg_create(cc_run *scope, void **instance);
cc_status bilevel_clean_create(cc_run *scope, void **instance);
cc_status bilevel_text_create(cc_run *scope, void **instance);
cc_status bilevel_auc_create(cc_run *scope, void **instance);

#endif
