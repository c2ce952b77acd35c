/* problems/tree/tree_problem.h: for authors of trees. */
#ifndef CLAIMCHECK_PROBLEMS_TREE_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_TREE_PROBLEM_H

#include "harness/family.h"
#include "problems/tree/tree.h"

/* A tree as it is written down: any order of nodes; this stands for the parent of the root. */
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

CC_FAMILY_API cc_status tree_draft_open(cc_run *scope, size_t room, tree_draft *draft); /* room >= 1: a first guess */
CC_FAMILY_API cc_status tree_draft_add(tree_draft *draft, size_t parent,
                                       double value); /* the new node's number is draft->n before the call */

#endif
