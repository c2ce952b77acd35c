/* lipschitz.h: the kernels of local Lipschitz bounds, shared by the algorithms, the tests and the benches of this folder.
 *
 * Shi, Wang, Zhang, Kolter, Hsieh: Efficiently Computing Local Lipschitz Constants of Neural Networks via Bound Propagation,
 * NeurIPS 2022. README.md tells which file is which part of the paper. */
#ifndef LOCAL_LIPSCHITZ_H
#define LOCAL_LIPSCHITZ_H

#include "harness/plugin.h"
#include "problems/relu_box/relu_box.h"

/* ---- lines: y <= pu x + qu and y >= pl x + ql, a quadruple for each neuron (lines.c) ---- */

typedef struct lip_lines {
    double *pu, *qu, *pl, *ql;
} lip_lines;

/* Turns coefficients of an upper bound on sum_j x_j y_j into those on the x_j that the lines bound the y_j by: out_j = x_j pu_j
 * where x_j > 0, x_j pl_j elsewhere, x = sign * a. Returns the constant that this leaves. out may be a. */
double lip_relax(size_t m, const double *a, double sign, lip_lines lines, double *out);

/* The same where the lines are constants: sum_j x_j (x_j > 0 ? high_j : low_j). */
double lip_concretise(size_t m, const double *a, double sign, const double *low, const double *high);

/* ---- the network without the neurons that are off all over the box (forward.c) ---- */

typedef enum lip_forward { LIP_IBP, LIP_CROWN, LIP_BEST3, LIP_ALPHA } lip_forward;
typedef enum lip_status { LIP_OFF, LIP_ON, LIP_UNSTABLE } lip_status; /* z < 0, z > 0, either, all over the box */

enum { LIP_SLOPES = 3 }; /* lower lines of an unstable neuron: slope 1 if u > -l, else 0; slope 0; slope 1 */

typedef struct lip_live {
    const relu_box *box;
    size_t n, widest, hidden; /* hidden: live neurons in all */
    size_t *m, *at;           /* live widths, 0..n; neurons of layer i are at[i] .. at[i+1] - 1 of `hidden` */
    double **w, **wt, **b;    /* of the live net: m_i x m_{i-1}, its transpose, m_i */
    double *low, *high;       /* boxes of the z of live hidden neurons */
    unsigned char *status;    /* lip_status of live hidden neurons */
    double unstable;          /* how many are */
    int dead;                 /* a layer without a live neuron: f is constant */
    /* work: boxes of a whole layer; centre and radius of its inputs; lines by slope; a block of rows */
    double *z_low, *z_high, *c, *r, *slope[LIP_SLOPES];
    lip_lines lines;
    size_t room, *target, *keep;
    double *rows, *rows_next, *d, *sign;
    size_t *choice;
    struct lip_alpha *alpha;
} lip_live;

cc_status lip_live_alloc(cc_run *run, lip_forward forward, lip_live *net);

/* Bounds every hidden pre-activation over the box, layer by layer, and drops what is off. `frozen`: statuses are those at the box's
 * centre (unsound). */
void lip_live_run(lip_live *net, lip_forward forward, int frozen);

/* The boxes of the outputs z_n, by the same means: low and high (K each). After lip_live_run; not for a dead net. */
void lip_live_outputs(lip_live *net, lip_forward forward, double *low, double *high);

/* Tightens z_low and z_high of the targets of layer k by optimised lower slopes (alpha.c). */
cc_status lip_alpha_alloc(cc_run *run, lip_live *net);
void lip_alpha_run(lip_live *net, size_t k, const double *w, const double *b, size_t targets);

/* ---- the backward graph (backward.c) ---- */

typedef enum lip_rule {
    LIP_CHORDS,      /* the tightest lines of s g, s in [0, 1] */
    LIP_CONSTANTS,   /* constants where g has both signs: RecurJac */
    LIP_ALL_CONSTANT /* also where a neuron is on or g has one sign */
} lip_rule;

/* A part of the problem: one class, and statuses of all live neurons. */
typedef struct lip_domain {
    size_t c, from;   /* G_i has bounds for i >= from */
    unsigned char *s; /* hidden */
    double *l, *u;    /* hidden: bounds of G_ij; only those the lines need */
    double bound;     /* in: an upper bound known before (or infinity); out: the least of both */
    uint64_t born;
    size_t pick; /* the neuron to branch on; LIP_NONE */
} lip_domain;

#define LIP_NONE ((size_t)-1)

typedef enum lip_branching { LIP_NO_BRANCHING, LIP_AREA, LIP_BABSR } lip_branching;

typedef struct lip_back {
    const lip_live *net;
    lip_rule rule;
    int norm_chord; /* |g| <= t g + r with the chord; else |g| <= max(|l|, |u|) */
    lip_branching branching;
    size_t slots, room;
    uint64_t flops;
    lip_lines lines;          /* slots x hidden */
    double *l0, *u0;          /* slots x d: bounds of the Jacobian's row */
    double *rows, *rows_next; /* blocks of `room` rows */
    double *d, *row_sign, *trace, *t;
    size_t *row_slot, *row_target;
} lip_back;

/* At most `slots` domains a call. */
cc_status lip_back_alloc(cc_run *run, const lip_live *net, size_t slots, lip_back *s);
void lip_back_run(lip_back *s, size_t count, lip_domain *const *domain);

cc_status lip_domain_alloc(cc_run *run, const relu_box *box, lip_domain *domain);
void lip_domain_root(const lip_live *net, size_t c, lip_domain *domain); /* the whole box, class c */

/* ---- cells: points of the box whose hidden neurons have given signs (cell.c) ---- */

/* An affine function of x is d + 1 numbers, the constant last; a map is a row of them for each neuron. */
typedef struct lip_cells {
    size_t d, most;          /* inputs; room for constraints */
    double *constraint;      /* constraints x (d + 1): a y + c >= 0 with |a|_2 = 1, x = centre + radius y, |y|_inf <= 1 */
    size_t constraints;      /* set it back to drop the last ones */
    double *centre, *radius; /* of the box */
    double *witness, *row;   /* an inner point of the last cell that had one */
    int *column;
} lip_cells;

cc_status lip_cells_alloc(cc_run *run, const relu_box *box, lip_cells *cells);
void lip_cells_inputs(const lip_cells *cells, double *map); /* x as a map */
/* z = W h + b for a map h (inner rows), W m x inner. */
void lip_cells_layer(const lip_cells *cells, size_t m, size_t inner, const double *w, const double *b, const double *h, double *z);
double lip_cells_value(const lip_cells *cells, const double *affine);    /* at the witness */
int lip_cells_sign(const lip_cells *cells, const double *affine);        /* over the box: 1, -1, or 0: both */
void lip_cells_add(lip_cells *cells, const double *affine, double sign); /* sign * affine >= 0 */
int lip_cells_feasible(lip_cells *cells); /* is there an inner point? Then the witness is the most central one */

/* ---- algorithms (lipschitz.c lists them) ---- */

/* What each of them starts with: the first member of every state. */
typedef struct lip_result {
    relu_bounds bounds;
    double *per_class, *low, *high;
    double unstable; /* the probe */
} lip_result;

cc_status lip_result_alloc(cc_run *run, int jacobian, lip_result *result);
void lip_result_overall(lip_result *result, size_t classes); /* the greatest of per_class */
const void *lip_candidate(void *state);

extern const cc_algorithm lip_algorithms[];
cc_status lip_bound_init(cc_run *run, void **state);
cc_status lip_bound_step(cc_run *run, void *state);
cc_status lip_bab_init(cc_run *run, void **state);
cc_status lip_bab_step(cc_run *run, void *state);
const void *lip_bab_candidate(void *state);
cc_status lip_ibp_init(cc_run *run, void **state);
cc_status lip_ibp_step(cc_run *run, void *state);
cc_status lip_global_init(cc_run *run, void **state);
cc_status lip_global_step(cc_run *run, void *state);
cc_status lip_sample_init(cc_run *run, void **state);
cc_status lip_sample_step(cc_run *run, void *state);
cc_status lip_exact_init(cc_run *run, void **state);
cc_status lip_exact_step(cc_run *run, void *state);

/* measures.c */
extern const cc_measure lip_mean, lip_certificates;

#endif
