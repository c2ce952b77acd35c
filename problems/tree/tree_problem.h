/* problems/tree/tree_problem.h: for authors of trees. */
#ifndef CLAIMCHECK_PROBLEMS_TREE_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_TREE_PROBLEM_H

#include "harness/family.h"
#include "problems/tree/tree.h"

/* A tree as it is written down: any order of nodes, `root` for "has no parent". */
#define TREE_ROOT ((size_t)-1)

/* Makes the tree of n nodes in the scope: renumbers in preorder (children keep the order of their numbers), sums the weights, and
 * publishes what is known of it: leaves, nodes, depth (told), w_min, log2_spread (hidden; log2 of greatest over least positive
 * label). `weight`: read at leaves only; NULL: all equal. `label`: read at internal nodes only; NULL: no ultrametric. Refuses
 * (CC_EINVAL, named by the given numbers): no root, two roots, a parent that is no node, a cycle; weights that are not positive and
 * finite; labels that are not positive and finite or not above those of the children; an ultrametric of one point. */
CC_FAMILY_API cc_status tree_build(cc_run *scope, size_t n, const size_t *parent, const double *weight, const double *label,
                                   tree_data **tree);

/* A metric of the family by name, for measures of one's own; NaN if there is none of that name. */
CC_FAMILY_API double tree_judge(cc_run *run, const char *metric, const tree_layout *layout);

/* A tree that grows: for generators and readers that do not know the number of nodes beforehand. */
typedef struct tree_draft {
    cc_run *scope;
    size_t n, room;
    size_t *parent;
    double *value; /* a weight or a label */
} tree_draft;

cc_status tree_draft_open(cc_run *scope, size_t room, tree_draft *draft); /* room >= 1: a first guess */
cc_status tree_draft_add(tree_draft *draft, size_t parent, double value); /* the new node's number is draft->n before the call */

extern const cc_metric tree_metrics[]; /* layout.c */

/* Metrics: what a candidate is worth, from the tree and the candidate alone; NaN if the candidate is of another kind.
 * polygons.c, boxes.c, points.c, binary.c */
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
