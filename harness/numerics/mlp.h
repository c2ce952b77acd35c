/* harness/numerics/mlp.h: a multilayer perceptron on one flat vector of weights: x_l = phi(x_{l-1} W_l' + b_l), l = 1..L, no phi
 * after the last layer; losses and their derivatives of first and second order, all exact.
 *
 * Weights w[M]: layer by layer W (outputs x inputs, row-major), then b (the order of PyTorch's parameters()). Examples are rows.
 * Gradients, rows of Jacobians, directions v and products have the same order and length M. A matrix product is one call of BLAS a
 * layer, over all examples and directions; flops are billed (cc_flops). Nothing is allocated but by cc_mlp_work_new, and nothing is
 * shared: one work space a thread.
 *
 * Calls return CC_OK, or CC_EINVAL with a message in the scope of the work space (an empty batch, a row or label out of range, a
 * product before cc_mlp_at). What is not finite stays so in the answer; cc_mlp_check finds it in data. Buffers may not overlap. */
#ifndef CLAIMCHECK_HARNESS_MLP_H
#define CLAIMCHECK_HARNESS_MLP_H

#include "harness/numerics/activation.h"
#include "harness/numerics/krylov.h"
#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CC_MLP_LAYERS = 16 };

/* ---- the network ---- */

typedef struct cc_mlp {
    size_t layers;                   /* L: matrices W_0 .. W_{L-1} */
    size_t width[CC_MLP_LAYERS + 1]; /* width[0] inputs, width[L] outputs */
    size_t weight_at[CC_MLP_LAYERS]; /* where W_l begins in w: width[l + 1] x width[l] */
    size_t bias_at[CC_MLP_LAYERS];   /* where b_l begins in w: width[l + 1] numbers; nothing without biases */
    size_t weights;                  /* M */
    cc_phi phi;
    int bias; /* 0: no layer has a bias */
} cc_mlp;

/* CC_EINVAL: no layer or too many, or a width of 0. */
cc_status cc_mlp_shape(cc_run *run, cc_mlp *net, size_t layers, const size_t *width, cc_phi phi, int bias);
/* The same from "784-40-20-10". */
cc_status cc_mlp_parse(cc_run *run, cc_mlp *net, const char *widths, cc_phi phi, int bias);

typedef enum cc_mlp_start {
    CC_MLP_HE,         /* normal, variance 2 / inputs; b = 0 */
    CC_MLP_HE_UNIFORM, /* uniform of that variance: +-sqrt(6 / inputs); b = 0 */
    CC_MLP_XAVIER,     /* uniform, +-sqrt(6 / (inputs + outputs)); b = 0 */
    CC_MLP_UNIFORM     /* uniform, +-1 / sqrt(inputs), b as well: what PyTorch's Linear starts from */
} cc_mlp_start;
void cc_mlp_init(const cc_mlp *net, cc_mlp_start how, cc_rng *rng, double *w);
/* A layer of any kind: a matrix of n weights, `in` to an output and `out` to an input, and its biases. */
void cc_mlp_init_layer(cc_mlp_start how, size_t in, size_t out, size_t n, double *matrix, size_t biases, double *bias, cc_rng *rng);

/* ---- examples ---- */

/* n examples and their loss. Example i is row ids[i] of the data, or row i when ids is NULL: then nothing is copied, and a slice is
 * a batch with x, label and target moved on. Labels or targets; with an own scale of each example where `weight` is given. */
typedef struct cc_batch {
    size_t rows;          /* of the data */
    const double *x;      /* rows x width[0] */
    const int *label;     /* rows; NULL: targets */
    const double *target; /* rows x width[L]; NULL: labels */
    cc_loss_kind loss;
    size_t n;
    const size_t *ids;    /* n, repeats allowed; NULL: 0 .. n-1 */
    const double *weight; /* n, by place in the batch; NULL: ones */
    double scale;         /* the loss is scale * sum_i weight_i l_i; 0: scale = 1/n, the mean; 1: the sum */
} cc_batch;

/* Everything that a call checks, and that the data are finite: CC_ENUMERIC. For data from outside, once. */
cc_status cc_mlp_check(cc_run *run, const cc_mlp *net, const cc_batch *batch);

/* ---- work space ---- */

typedef struct cc_mlp_work cc_mlp_work;

/* `rows`: the examples of one pass; larger batches are cut into passes of at most that many, with the same result up to rounding.
 * `vectors`: the directions that a product of second order takes at a time (0: none will be asked for; 32 suits whole matrices).
 * Holds about rows x (4 sum of widths) + vectors x (2 rows x (sum of widths) + 3 largest layer) numbers. `net` is copied. */
cc_status cc_mlp_work_new(cc_run *scope, const cc_mlp *net, size_t rows, size_t vectors, cc_mlp_work **work);

/* ---- of first order; pass NULL for a result that is not wanted ---- */

cc_status cc_mlp_logits(cc_mlp_work *work, const double *w, const cc_batch *batch, double *z);    /* n x width[L]: the last layer */
cc_status cc_mlp_losses(cc_mlp_work *work, const double *w, const cc_batch *batch, double *each); /* n: l_i, no scale, no weight */
cc_status cc_mlp_loss(cc_mlp_work *work, const double *w, const cc_batch *batch, double *loss);
cc_status cc_mlp_grad(cc_mlp_work *work, const double *w, const cc_batch *batch, double *loss, double *g);
/* Share of examples whose largest output is that of their label (the first largest), or of the largest target; one column: the
 * sign, of the target or of label - 1/2. */
cc_status cc_mlp_accuracy(cc_mlp_work *work, const double *w, const cc_batch *batch, double *share);

/* Gradients of single losses l_i, without scale and weight. Their mean is the gradient of the mean. */
cc_status cc_mlp_example_grads(cc_mlp_work *work, const double *w, const cc_batch *batch, double *rows); /* n x M */
cc_status cc_mlp_example_sqnorms(cc_mlp_work *work, const double *w, const cc_batch *batch, double *sq); /* n: no row is made */
cc_status cc_mlp_example_dots(cc_mlp_work *work, const double *w, const cc_batch *batch, const double *v,
                              double *dots); /* n; needs vectors >= 1 */
/* Row k: the gradient of the mean loss of examples k size .. (k+1) size - 1 of the batch; ceil(n / size) rows of M. */
cc_status cc_mlp_batch_grads(cc_mlp_work *work, const double *w, const cc_batch *batch, size_t size, double *rows);
/* Row i width[L] + k: the derivative of output k of example i. */
cc_status cc_mlp_jacobian(cc_mlp_work *work, const double *w, const cc_batch *batch, double *rows);

/* ---- of second order, at a point ---- */

/* Goes to a point: the forward and the backward pass are made when first needed, and kept for the calls below. w and the batch with
 * all it points to must stay as they are until the last of them; any call of first order leaves the point. A batch of more than
 * `rows` examples is not kept but passed again in each call. */
cc_status cc_mlp_at(cc_mlp_work *work, const double *w, const cc_batch *batch);
const double *cc_mlp_where(const cc_mlp_work *work); /* the w of the point, NULL if there is none */
void cc_mlp_leave(cc_mlp_work *work);                /* before w or the batch goes */

/* Loss and gradient, either may be NULL, at the point: what cc_mlp_grad gives, without a second pass. */
cc_status cc_mlp_here(cc_mlp_work *work, double *loss, double *g);

typedef enum cc_mlp_curvature {
    CC_MLP_HESSIAN,
    CC_MLP_GGN,   /* generalised Gauss-Newton: scale sum_i weight_i J_i' (D^2 l_i) J_i; of softmax it is Fisher's matrix */
    CC_MLP_FISHER /* empirical: scale sum_i weight_i grad l_i grad l_i' */
} cc_mlp_curvature;

/* out (p x M) = each of p directions v (p x M) times the matrix; at most `vectors` at a time are taken together. */
cc_status cc_mlp_product(cc_mlp_work *work, cc_mlp_curvature kind, size_t p, const double *v, double *out);
/* The product as an operator for krylov.h; works as long as the point does. */
cc_linop cc_mlp_operator(cc_mlp_work *work, cc_mlp_curvature kind);
/* The whole matrix, M x M, both triangles. Its asymmetry is checked (1e-12 of the largest entry, CC_ENUMERIC) and removed. */
cc_status cc_mlp_matrix(cc_mlp_work *work, cc_mlp_curvature kind, double *h);

/* out: n x p x width[L], the derivatives of the outputs along the p directions. */
cc_status cc_mlp_jvp(cc_mlp_work *work, size_t p, const double *v, double *out);
/* g = sum_i J_i' zb_i, zb: n x width[L]. Needs no `vectors`. */
cc_status cc_mlp_vjp(cc_mlp_work *work, const double *zb, double *g);
/* sq[i] = |H_i v|^2 of the Hessian H_i of l_i alone, without scale and weight. */
cc_status cc_mlp_example_hvp_sqnorms(cc_mlp_work *work, const double *v, double *sq);

#ifdef __cplusplus
}
#endif
#endif
