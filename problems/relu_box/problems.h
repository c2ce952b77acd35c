/* problems/relu_box/problems.h: what the files of this folder share. */
#ifndef CLAIMCHECK_PROBLEMS_RELU_BOX_PROBLEMS_H
#define CLAIMCHECK_PROBLEMS_RELU_BOX_PROBLEMS_H

#include "problems/relu_box/relu_box_problem.h"

/* The instance as the family keeps it. */
typedef struct relu_instance {
    relu_box box; /* first: relu_box_get hands out its address */
    size_t samples;
    uint64_t seed;             /* of the sample points */
    double *sampled_per_class; /* K */
} relu_instance;

extern const cc_metric relu_metrics[]; /* metrics.c */

/* sample.c: the s-th sample point of the box. */
void relu_sample_point(const relu_instance *p, size_t s, double *x);
cc_status relu_sample(cc_run *scope, relu_instance *p); /* fills sampled_per_class and publishes */

/* "8-16-4" as numbers, all >= 1; at most `room`. */
cc_status relu_parse_widths(cc_run *scope, const char *text, size_t room, size_t *width, size_t *n);

cc_status relu_fixture_create(cc_run *scope, void **instance); /* generated.c */
cc_status relu_random_create(cc_run *scope, void **instance);
cc_status relu_mixed_create(cc_run *scope, void **instance);
cc_status relu_file_create(cc_run *scope, void **instance);    /* file.c */
cc_status relu_trained_create(cc_run *scope, void **instance); /* trained.c */
cc_status relu_conv_create(cc_run *scope, void **instance);
cc_status relu_monotone_create(cc_run *scope, void **instance);

#endif
