/* harness/numerics/mlp_work.h: inside the multilayer perceptron (mlp*.c): the work space and the passes over it. Notation as in
 * activation.h: a suffix b is an adjoint, a prefix r a tangent along a direction v. */
#ifndef CLAIMCHECK_HARNESS_MLP_WORK_H
#define CLAIMCHECK_HARNESS_MLP_WORK_H

#include "harness/numerics/mlp.h"

/* Layer l maps x[l] (n x width[l]) to z = x[l] W_l' + b_l and, but for the last, x[l + 1] = phi(z); x[L] are the outputs. */
struct cc_mlp_work {
    cc_run *scope;
    cc_mlp net;
    size_t rows, vectors;
    int keeps_z, curved; /* phi' needs z; phi'' is not 0 everywhere */

    /* a pass: examples first .. first + n - 1 of a batch */
    size_t first, n;
    const double *x[CC_MLP_LAYERS + 1];
    double *input, *a[CC_MLP_LAYERS]; /* a[l]: where x[l + 1] lies; input: gathered rows */
    double *z[CC_MLP_LAYERS];         /* NULL where not kept */
    double *zb[CC_MLP_LAYERS];        /* adjoints of the pre-activations */
    double *p, *each;                 /* of the loss: probabilities, n values */
    cc_loss loss;
    const double *weight; /* of the pass */
    int *label;
    double *target;

    /* the point */
    const double *w;
    cc_batch batch;
    int there; /* cc_mlp_at was called, and no call of first order since */
    enum { CC_MLP_NOTHING, CC_MLP_OUTPUTS, CC_MLP_SLOPES, CC_MLP_ADJOINTS } passed; /* so much of the pass is the point's */
    double *d1[CC_MLP_LAYERS], *d2[CC_MLP_LAYERS]; /* of layer l < L - 1: phi'(z), and phi''(z) times the adjoint of phi(z) */

    /* products with p <= vectors directions; tangents are n x p x width */
    double *rz[CC_MLP_LAYERS], *ra[CC_MLP_LAYERS];  /* of pre-activations and of x[l + 1]; the same where phi'' = 0 */
    double *rzb, *rxb;                              /* of one layer at a time */
    double *v_by_output, *v_by_input;               /* directions of one layer as p x out x in, as out x p x in */
    double *product;                                /* p products of a layer */
    double *row, *unit;                             /* a row of the loss's p for each direction; directions of cc_mlp_matrix */
    int moves[CC_MLP_LAYERS], turns[CC_MLP_LAYERS]; /* x[l] has a tangent; W_l has */
};

static inline const double *cc_mlp_w(const cc_mlp_work *work, size_t l) { return work->w + work->net.weight_at[l]; }
static inline size_t cc_mlp_in(const cc_mlp_work *work, size_t l) { return work->net.width[l]; }
static inline size_t cc_mlp_out(const cc_mlp_work *work, size_t l) { return work->net.width[l + 1]; }

/* mlp.c: all that cc_mlp_check checks, but that the data are finite. */
cc_status cc_mlp_batch_is_valid(cc_run *run, const cc_mlp *net, const cc_batch *batch);
double cc_mlp_scale(const cc_batch *batch);

/* mlp_pass.c. A pass over examples from `first` on, as many as there is room for: outputs, losses. */
void cc_mlp_forward(cc_mlp_work *work, const double *w, const cc_batch *batch, size_t first);
void cc_mlp_slopes(cc_mlp_work *work); /* d1 */
/* All zb from zb[L - 1]; d2 as well, from d1 and the adjoints, if asked for. */
void cc_mlp_backward(cc_mlp_work *work, int bends);
/* g = beta g + the gradient that the adjoints of this pass make. */
void cc_mlp_collect(const cc_mlp_work *work, double beta, double *g);
double cc_mlp_sum(const cc_mlp_work *work); /* of the pass's losses, each times its weight */

#endif
