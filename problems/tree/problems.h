/* problems/tree/problems.h: what the files of this folder share. */
#ifndef CLAIMCHECK_PROBLEMS_TREE_PROBLEMS_H
#define CLAIMCHECK_PROBLEMS_TREE_PROBLEMS_H

#include "problems/tree/tree_problem.h"

extern const cc_metric tree_metrics[]; /* layout.c */

/* Metrics: what a candidate is worth, from the tree and the candidate alone; NaN if the candidate is of another kind.
 * polygons.c, layout.c, points.c, binary.c */
double tree_polygon_asp(const tree_layout *layout, size_t v); /* diameter^2 / area */
double tree_polygon_area(const tree_layout *layout, size_t v);
double tree_box_volume(const tree_layout *layout, size_t v);
double tree_box_ratio(const tree_layout *layout, size_t v);    /* longest side / shortest side */
double tree_polygon_bend(const tree_layout *layout, size_t v); /* the least sine of a turn: >= 0 for a convex polygon */
double tree_polygon_outside(const tree_layout *layout, size_t v, size_t parent);
double tree_polygon_overlap(const tree_layout *layout, size_t u, size_t v); /* area of the intersection */
double tree_metric_distortion(const cc_oracle *oracle, const void *candidate);
double tree_metric_expansion(const cc_oracle *oracle, const void *candidate);
double tree_metric_contraction(const cc_oracle *oracle, const void *candidate);
double tree_metric_lower_bound(const cc_oracle *oracle, const void *candidate);
double tree_metric_upper_bound(const cc_oracle *oracle, const void *candidate);
double tree_metric_binary_height(const cc_oracle *oracle, const void *candidate);

cc_status tree_random_create(cc_run *scope, void **instance); /* weighted.c */
cc_status tree_kary_create(cc_run *scope, void **instance);
cc_status tree_star_create(cc_run *scope, void **instance);
cc_status tree_caterpillar_create(cc_run *scope, void **instance);
cc_status tree_two_leaves_create(cc_run *scope, void **instance);
cc_status tree_hst_regular_create(cc_run *scope, void **instance); /* hst.c */
cc_status tree_hst_star_create(cc_run *scope, void **instance);
cc_status tree_hst_two_scale_create(cc_run *scope, void **instance);
cc_status tree_hst_caterpillar_create(cc_run *scope, void **instance);
cc_status tree_hst_random_create(cc_run *scope, void **instance);
cc_status tree_linkage_create(cc_run *scope, void **instance); /* linkage.c */
cc_status tree_file_create(cc_run *scope, void **instance);    /* files.c */
cc_status tree_package_create(cc_run *scope, void **instance);
cc_status tree_wordnet_create(cc_run *scope, void **instance);

#endif
