/* partitions.h: the kernels of fat partitions, shared by the algorithms, the tests and the benches of this folder.
 *
 * De Berg, Onak, Sidiropoulos: Fat polygonal partitions with applications to visualization and embeddings, Journal of Computational
 * Geometry 4(1), 2013. README.md tells which file is which part of the paper. */
#ifndef FAT_PARTITIONS_H
#define FAT_PARTITIONS_H

#include "harness/plugin.h"
#include "problems/tree/tree.h"

/* ---- the binary tree (binary.c) ---- */

typedef enum fp_rule {
    FP_SHANNON,   /* a child with a share N_i / N of the leaves goes to depth <= ceil(log2(N / N_i)) */
    FP_LEFT_DEEP, /* one child after the other: of height m - 1 for m children */
    FP_BY_WEIGHT  /* the first rule with weights for leaf counts: heights then depend on the weights */
} fp_rule;

#define FP_NONE ((size_t)-1)

/* 2 leaves - 1 nodes, children before parents: the root is the last. A node of T with one child shares the child's binary node. */
typedef struct fp_binary {
    size_t n, height;
    size_t *parent, *left, *right; /* left = right = FP_NONE at leaves; the root is its own parent */
    size_t *depth;
    double *weight;
    size_t *node;          /* of v in T */
    size_t *next, *depths; /* work */
} fp_binary;

/* l_i = ceil(log2(sum / count_i)) for m > 1 shares, 0 for one. */
void fp_shannon_depths(size_t m, const double *share, size_t *depth);
cc_status fp_binary_alloc(cc_run *run, const tree_data *tree, fp_binary *binary);
void fp_binary_build(const tree_data *tree, fp_rule rule, fp_binary *binary);

/* ---- one cut (cut.c) ---- */

/* Vertices counter-clockwise, relative to an origin near by: small polygons keep their relative accuracy. */
typedef struct fp_polygon {
    size_t n;
    double origin[2];
    double *xy;
} fp_polygon;

typedef struct fp_direction {
    double cosine, sine;
} fp_direction;

/* Cuts the convex polygon p along direction theta into a (where nu.x <= c, nu = (-sin theta, cos theta)) and b, with areas in the
 * ratio wa : wb; with `by_length` the extents along nu have that ratio instead. O(p->n). `work` has room for 2 p->n numbers; a->xy
 * and b->xy for p->n + 1 vertices each; all apart from p->xy. */
void fp_cut(const fp_polygon *p, fp_direction theta, double wa, double wb, int by_length, double *work, fp_polygon *a,
            fp_polygon *b);

double fp_area(const fp_polygon *p);
double fp_diameter2(const fp_polygon *p); /* square of the diameter, by rotating calipers: O(n) */

/* ---- polygonal partitions (partition.c) ---- */

/* What is done at a node of the binary tree; `scratch` is for two polygons. */
typedef struct fp_partition fp_partition;
typedef fp_direction (*fp_chooser)(fp_partition *s, const fp_polygon *p, size_t depth, double wa, double wb);

struct fp_partition {
    const tree_data *tree;
    fp_binary binary;
    int by_length;
    fp_chooser choose;
    uint64_t cuts, vertices;
    double *stack, *work; /* vertices of pending polygons; of one cut */
    fp_polygon *pending, piece, part[2], trial[2];
    size_t *pending_node;
    size_t *start_of, *corners_of; /* by binary node */
    double *origin_of;
    size_t *start, *corners, used; /* the layout */
    double *origin, *xy;
    tree_layout layout;
};

/* Builds the binary tree and all memory; then fp_partition_run lays out. */
cc_status fp_partition_alloc(cc_run *run, fp_rule rule, fp_partition *s);
void fp_partition_run(fp_partition *s);

/* angular.c: j pi / m, j = 0 .. m - 1, without 0 and pi / 2, each next one farthest from those before (m even, >= 4): m - 2 numbers
 * j. */
size_t fp_angular_m(size_t height);
void fp_angular_order(size_t m, size_t *distance, size_t *order);

/* ---- boxes (boxes.c) ---- */

typedef struct fp_boxes {
    size_t d;
    double eps;
    int exact; /* no slack: shares are exact, sides are not bounded */
    uint64_t cuts;
    size_t *item, *group, *begin, *end; /* work for as many items as a node has children */
    double *low, *side;
} fp_boxes;

cc_status fp_boxes_alloc(cc_run *run, size_t d, size_t most, fp_boxes *b);

/* PART: gives the m items, of weights weight[child[i]] in any order, boxes inside the given one: low and side (d numbers each at
 * child[i] * d). Then each is shrunk about its centre to its share of the volume, if it has more. */
void fp_boxes_part(fp_boxes *b, size_t m, const size_t *child, const double *weight, const double *in_low, const double *in_side,
                   double *low, double *side);
double fp_volume(size_t d, const double *side);
void fp_shrink(size_t d, double factor, double *low, double *side); /* about its centre, by a factor in length */

/* squarified.c: areas in decreasing order into the rectangle: rectangles (x, y, width, height) in the same order. */
void fp_squarify(size_t m, const double *area, const double rectangle[4], double *out);

/* Weights in decreasing order; ties by number. */
void fp_sort_decreasing(size_t m, size_t *item, const double *weight);

/* ---- algorithms (partitions.c lists them) ---- */
extern const cc_algorithm fp_algorithms[];
cc_status fp_binarise_init(cc_run *run, void **state);
cc_status fp_binarise_step(cc_run *run, void *state);
const void *fp_binarise_candidate(void *state);
cc_status fp_angular_init(cc_run *run, void **state);
cc_status fp_angular_step(cc_run *run, void *state);
const void *fp_angular_candidate(void *state);
cc_status fp_greedy_init(cc_run *run, void **state);
cc_status fp_greedy_step(cc_run *run, void *state);
const void *fp_greedy_candidate(void *state);
cc_status fp_slack_init(cc_run *run, void **state);
cc_status fp_slack_step(cc_run *run, void *state);
const void *fp_slack_candidate(void *state);
cc_status fp_embed_init(cc_run *run, void **state);
cc_status fp_embed_step(cc_run *run, void *state);
const void *fp_embed_candidate(void *state);
cc_status fp_place_init(cc_run *run, void **state);
cc_status fp_place_step(cc_run *run, void *state);
const void *fp_place_candidate(void *state);
cc_status fp_treemap_init(cc_run *run, void **state);
cc_status fp_slices_step(cc_run *run, void *state);
cc_status fp_squarified_step(cc_run *run, void *state);
const void *fp_treemap_candidate(void *state);
cc_status fp_mds_init(cc_run *run, void **state); /* its candidate: fp_place_candidate */
cc_status fp_mds_step(cc_run *run, void *state);

/* measures.c */
extern const cc_measure fp_drawing;

#endif
