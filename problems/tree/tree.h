/* problems/tree/tree.h: rooted trees, with leaf weights (treemaps) or with labels (ultrametrics); what an algorithm sees of one.
 *
 * A *data* family: tree_get hands out the tree, the algorithm reports its work by tree_report. Two problems are posed on a tree T:
 *   weighted    a region P(v) for each node: P(root) the unit square or unit cube, children inside their parent and apart from each
 *               other, area(P(v)) = w(v), or a little less ("slack"); good regions are fat.
 *   ultrametric a point of R^d for each leaf; distances should be the labels of lowest common ancestors, up to one factor
 * (distortion). */
#ifndef CLAIMCHECK_PROBLEMS_TREE_H
#define CLAIMCHECK_PROBLEMS_TREE_H

#include "harness/run.h"

/* Nodes are numbered in preorder: the root is 0, the subtree of v is v .. v + size[v] - 1, the children of v are v + 1 and then
 * each c + size[c]. Leaves have ranks 0 .. leaves - 1 in that order; those below v are first[v] .. first[v] + count[v] - 1. All
 * arrays have `nodes` entries and belong to the instance. */
typedef struct tree_data {
    size_t nodes, leaves;
    size_t depth;                /* edges on the longest path from the root to a leaf */
    const size_t *size, *parent; /* parent[0] = 0 */
    const size_t *level;         /* edges from the root */
    const size_t *count, *first;
    const double *weight; /* w(v) > 0: the sum over the children; w(root) = 1. Without given weights: count / leaves */
    const double *label;  /* l(v): 0 at leaves, above that of every child elsewhere; NULL: no ultrametric */
} tree_data;

static inline int tree_is_leaf(const tree_data *tree, size_t v) { return tree->size[v] == 1; }

typedef enum tree_kind { TREE_NOTHING, TREE_POLYGONS, TREE_BOXES, TREE_POINTS } tree_kind;

/* The family's candidate. Fields that its kind does not use are not read. */
typedef struct tree_layout {
    tree_kind kind;
    size_t d; /* dimension; polygons: 2 */
    /* Polygons, counter-clockwise: vertex i of node v is origin[2v..] + xy[2 (start[v] + i)..], i < corners[v]. Nodes may share
     * vertices. Relative to an origin of its own a small polygon keeps its relative accuracy. */
    const size_t *start, *corners;
    const double *origin, *xy;
    /* Boxes: low corner and sides, nodes x d. An embedding may give them too, for a drawing. */
    const double *low, *side;
    const double *point; /* leaves x d, by rank */
    /* The binary tree that a method cuts along (binary = 0: none): binary_parent[b] (a root: itself), node[v]: where v of T is. */
    size_t binary;
    const size_t *binary_parent, *node;
} tree_layout;

CC_FAMILY_API const tree_data *tree_get(cc_run *run);

/* Reported work: cuts made, polygon vertices (box corners: 2d a box) touched. Counters n_cut and n_vertex. */
CC_FAMILY_API void tree_report(cc_run *run, uint64_t cuts, uint64_t vertices);

#endif
