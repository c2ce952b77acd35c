/* harness/numerics/nn.h: gradients, Hessian- and Gauss-Newton products of anything made of layers.
 *
 *     nn_tape *t;
 *     CC_TRY(nn_open(run, &t));
 *     nn_node W = nn_param(t, nn_mat(64, 784)), b = nn_param(t, nn_vec(64));
 *     nn_node U = nn_param(t, nn_mat(10, 64)), c = nn_param(t, nn_vec(10));
 *     nn_node x = nn_input(t, nn_mat(128, 784), images), y = nn_index(t, nn_vec(128), labels);
 *     nn_node logits = nn_dense(t, nn_tanh(t, nn_dense(t, x, W, b)), U, c);
 *     nn_node loss = nn_mean(t, nn_softmax_loss(t, logits, y));
 *     CC_TRY(nn_loss_grad(t, loss, w, &value, g)); // g = dL/dw
 *     CC_TRY(nn_hvp(t, loss, w, v, hv));           // hv = H v
 *
 * A *tape* is a list of operations on *nodes*, recorded once and then run as often as you like with other parameters and other
 * data. Nodes are dense arrays of up to four dimensions, row-major; the first dimension counts examples. All *parameters* are views
 * of one flat vector w of length nn_params(t), in the order in which they were made: that vector, and g, v, hv of the same length,
 * are the caller's, and nothing is copied. A node may be used wherever a parameter may: weights that another network generates are
 * nothing special.
 *
 * Four sweeps over the tape do everything:
 *     nn_forward           values             v      = f(inputs)
 *     nn_backward          adjoints           a      = dL/dv                    needs values
 *     nn_tangent           tangents           t      = dv along a direction     needs values
 *     nn_backward_tangent  adjoint tangents   at     = d(dL/dv) along it        needs all of these
 * Each operation is four kernels, one for each sweep (nn_op.h shows how to add one). Tangents may be seeded on some parameters and
 * adjoint tangents read on others (zero entries in the direction cost nothing): mixed products H_xy v come for free.
 *
 * Memory comes from the scope `run` and is freed with it; after the first run of each sweep, nothing is allocated, not even by
 * nn_reset and recording anew the same or a smaller graph. Tapes share nothing: one thread each.
 *
 * Errors. A wrong shape is noticed while recording: the operation returns NN_NONE, every later one does too, and the next sweep
 * returns CC_EINVAL with the message ("dense: x is 5 x 3, W is 4 x 2"). So there is one place to look, after recording (nn_status)
 * or at the first sweep. Indices out of range are CC_EINVAL and numbers that are not finite are CC_ENUMERIC, when they are met. */
#ifndef CLAIMCHECK_HARNESS_NN_H
#define CLAIMCHECK_HARNESS_NN_H

#include "harness/numerics/mlp.h"
#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct nn_tape nn_tape;
typedef int nn_node;
enum { NN_NONE = -1 }; /* where an argument may be left out (a bias); the result of a failed operation */

typedef struct nn_shape {
    int nd;
    size_t d[4];
} nn_shape;
nn_shape nn_vec(size_t n);
nn_shape nn_mat(size_t rows, size_t columns);
nn_shape nn_cube(size_t a, size_t b, size_t c);
nn_shape nn_img(size_t examples, size_t channels, size_t height, size_t width);

/* ---- the tape ---- */

cc_status nn_open(cc_run *run, nn_tape **tape);
void nn_reset(nn_tape *t);             /* forgets nodes and operations, keeps the memory */
cc_status nn_status(const nn_tape *t); /* of recording so far */

typedef enum nn_mode {
    NN_TRAIN, /* dropout drops, batch norm uses the batch's statistics and tracks them */
    NN_PROBE, /* the same without tracking: for looking at a training loss from outside */
    NN_EVAL   /* no dropout, no noise, tracked statistics */
} nn_mode;
void nn_set_mode(nn_tape *t, nn_mode mode);  /* NN_TRAIN at first */
void nn_set_step(nn_tape *t, uint64_t step); /* names masks and noise: one step, one mask, in whatever sweep */

nn_shape nn_shape_of(const nn_tape *t, nn_node x);
size_t nn_size(const nn_tape *t, nn_node x);
const double *nn_value(const nn_tape *t, nn_node x);   /* valid until the next nn_forward or nn_reset, as the following */
const double *nn_adjoint(const nn_tape *t, nn_node x); /* NULL: none was computed */
/* Of direction q of the last tangent sweep (0 when there was one). */
const double *nn_node_tangent(const nn_tape *t, nn_node x, size_t q);    /* NULL: zero */
const double *nn_adjoint_tangent(const nn_tape *t, nn_node x, size_t q); /* NULL: none was computed */

/* ---- leaves ---- */

nn_node nn_param(nn_tape *t, nn_shape shape);        /* the next part of the flat vector */
size_t nn_params(const nn_tape *t);                  /* length of the flat vector */
size_t nn_param_offset(const nn_tape *t, nn_node x); /* where it begins there */
/* Random starts of a weight (out x in, or kernels out x in x kh x kw) and its bias (or NN_NONE) in the flat vector w; see mlp.h. */
void nn_start(nn_tape *t, cc_mlp_start how, nn_node W, nn_node b, cc_rng *rng, double *w);
nn_node nn_input(nn_tape *t, nn_shape shape, const double *data);    /* data stays the caller's; NULL: nn_feed it before a sweep */
nn_node nn_constant(nn_tape *t, nn_shape shape, const double *data); /* an input that has no examples */
nn_node nn_index(nn_tape *t, nn_shape shape, const int *data);       /* labels, tokens, rows to gather */
void nn_feed(nn_tape *t, nn_node input, const double *data);         /* other numbers of the same shape */
void nn_feed_index(nn_tape *t, nn_node index, const int *data);
/* Copies rows rows[0], rows[1], .. of a table into memory of the input's own: a minibatch by an index set. */
void nn_feed_rows(nn_tape *t, nn_node input, const double *table, const size_t *rows);
void nn_feed_index_rows(nn_tape *t, nn_node index, const int *table, const size_t *rows);
void nn_want(nn_tape *t, nn_node input); /* before use: this input gets adjoints, too */
/* Before use: this dimension counts the examples (0 unless said; 1 for sequences, steps first; -1: none, a constant). Only
 * per-example gradients ask. */
void nn_examples_in(nn_tape *t, nn_node input, int dimension);
void nn_feed_tangent(nn_tape *t, nn_node input, const double *data); /* its direction in nn_tangent, p in nn_tangents; NULL: zero */

/* ---- linear maps ---- */

/* x W' + b, W (out x in). x (.. x in): all dimensions but the last count rows. b: NN_NONE, a row of out, or the shape of the
 * result. */
nn_node nn_dense(nn_tape *t, nn_node x, nn_node W, nn_node b);
nn_node nn_matmul(nn_tape *t, nn_node a, int transpose_a, nn_node b, int transpose_b); /* two matrices */
/* Images (examples, channels, height, width), kernels (out, in, kh, kw), cross-correlation as is usual, zeros around; b may be
 * NN_NONE. */
nn_node nn_conv(nn_tape *t, nn_node x, nn_node W, nn_node b, size_t stride, size_t pad);
/* The adjoint of nn_conv in x, plus b: kernels (in, out, kh, kw); the result is the smallest that nn_conv maps to x's shape. */
nn_node nn_conv_transposed(nn_tape *t, nn_node x, nn_node W, nn_node b, size_t stride, size_t pad);

/* ---- elementwise: shapes are aligned at the right, a dimension that is 1 or missing is repeated ---- */

nn_node nn_add(nn_tape *t, nn_node a, nn_node b);
nn_node nn_sub(nn_tape *t, nn_node a, nn_node b);
nn_node nn_mul(nn_tape *t, nn_node a, nn_node b);
nn_node nn_div(nn_tape *t, nn_node a, nn_node b);
nn_node nn_affine(nn_tape *t, double scale, nn_node x, double shift); /* scale x + shift */
/* The derivative of phi of this order (0..2; 0: phi itself) at each entry. */
nn_node nn_phi(nn_tape *t, cc_phi phi, int order, nn_node x);
nn_node nn_apply(nn_tape *t, cc_phi_kind kind, nn_node x); /* nn_phi of order 0 with slope 0.01 (leaky) or 1 (elu) */
static inline nn_node nn_relu(nn_tape *t, nn_node x) { return nn_apply(t, CC_PHI_RELU, x); }
static inline nn_node nn_tanh(nn_tape *t, nn_node x) { return nn_apply(t, CC_PHI_TANH, x); }
static inline nn_node nn_sigmoid(nn_tape *t, nn_node x) { return nn_apply(t, CC_PHI_SIGMOID, x); }
static inline nn_node nn_square(nn_tape *t, nn_node x) { return nn_apply(t, CC_PHI_SQUARE, x); }
/* Zero with probability `rate`, otherwise x / (1 - rate). Masks are Philox numbers of (seed of the scope, stream, step, position).
 */
nn_node nn_dropout(nn_tape *t, nn_node x, double rate, uint32_t stream);
/* Example i of x has the rate i of `rates`, a node of as many numbers; no derivative reaches them. channels: images lose whole
 * channels. A rate outside [0, 1) is CC_EINVAL when it is met. */
nn_node nn_dropout_rates(nn_tape *t, nn_node x, nn_node rates, int channels, uint32_t stream);
nn_node nn_noise(nn_tape *t, nn_node x, double deviation, uint32_t stream); /* x + deviation z, z normal, named like the masks */

/* ---- sums, shapes, selection ---- */

nn_node nn_sum(nn_tape *t, nn_node x);  /* of all entries: a vector of one */
nn_node nn_mean(nn_tape *t, nn_node x); /* of all entries */
/* Sum over one dimension, which becomes 1; over the last one: a sum of each row. */
nn_node nn_sum_over(nn_tape *t, nn_node x, int dimension);
nn_node nn_mean_over(nn_tape *t, nn_node x, int dimension);
nn_node nn_row_dot(nn_tape *t, nn_node a, nn_node b);                           /* sum over the last dimension of a b */
nn_node nn_reshape(nn_tape *t, nn_node x, nn_shape shape);                      /* a view: no copy in any sweep */
nn_node nn_slice(nn_tape *t, nn_node x, int dimension, size_t begin, size_t n); /* along dimension 0 a view, too */
nn_node nn_part(nn_tape *t, nn_node x, size_t begin, nn_shape shape);           /* of the entries in order: a view */
nn_node nn_item(nn_tape *t, nn_node x, size_t i);                               /* x[i], one dimension less: a view */
nn_node nn_concat(nn_tape *t, int dimension, size_t n, const nn_node *x);       /* up to 6 of them */
nn_node nn_transpose(nn_tape *t, nn_node x);                                    /* of a matrix */
nn_node nn_gather(nn_tape *t, nn_node table, nn_node index);                    /* rows of a matrix: an embedding */
nn_node nn_max_pool(nn_tape *t, nn_node x, size_t size, size_t stride);         /* the first maximum wins */
nn_node nn_mean_pool(nn_tape *t, nn_node x, size_t size, size_t stride);        /* size 0: over whole images */

/* ---- losses: one number for each example (n x 1), so that they can be weighted; take nn_mean of them ---- */

nn_node nn_softmax_loss(nn_tape *t, nn_node logits, nn_node labels);       /* cross-entropy; labels 0 .. c-1 */
nn_node nn_loss(nn_tape *t, cc_loss_kind kind, nn_node z, nn_node target); /* target: nn_index labels, or an input of z's shape */

/* ---- normalisation; gain and shift may be NN_NONE ---- */

/* Over examples (and positions) for each column or channel. mean, variance (one each a channel): the tracked statistics, the
 * caller's; start with 0 and 1; NULL: the batch's are used in every mode. */
nn_node nn_batch_norm(nn_tape *t, nn_node x, nn_node gain, nn_node shift, double eps, double *mean, double *variance);
nn_node nn_layer_norm(nn_tape *t, nn_node x, nn_node gain, nn_node shift, double eps);                /* over the last dimension */
nn_node nn_group_norm(nn_tape *t, nn_node x, size_t groups, nn_node gain, nn_node shift, double eps); /* of images' channels */

/* ---- recurrence ---- */

typedef struct nn_lstm_weights {
    nn_node W_ih, W_hh, b_ih, b_hh; /* 4h x d, 4h x h, 4h, 4h; gates in the order input, forget, cell, output */
} nn_lstm_weights;
/* x (steps, n, d). mask (steps, n) of 0 and 1, or NN_NONE: where 0, the state stays. Returns the last hidden state (n x h); all of
 * them (steps of them) in `hidden` unless NULL. Starts from zeros. */
nn_node nn_lstm(nn_tape *t, nn_node x, nn_lstm_weights w, nn_node mask, nn_node *hidden);
/* One step from the four gates' arguments (n x 4h) and the state (n x 2h: hidden, cell) to the next state; mask (n x 1) or NN_NONE.
 */
nn_node nn_lstm_gates(nn_tape *t, nn_node gates, nn_node state, nn_node mask);

/* ---- weights made by networks ---- */

/* x W' + b + (x U' + c) * (lambda E'): a layer whose response to its example's hyperparameters lambda (n x r) is a gate. */
nn_node nn_gated_dense(nn_tape *t, nn_node x, nn_node W, nn_node b, nn_node U, nn_node c, nn_node lambda, nn_node E);
/* Coordinates (n x d) to sines and cosines of 2^k pi times them, k < frequencies: (n x 2 d frequencies). */
nn_node nn_fourier(nn_tape *t, nn_node coordinates, size_t frequencies);

/* ---- intervals: centre and radius (>= 0) ---- */

typedef struct nn_interval {
    nn_node c, r;
} nn_interval;
/* Encloses x W' + b for all x, W, b in the intervals. r of W or b NN_NONE: a point. outward: widened by a bound on rounding. */
nn_interval nn_interval_dense(nn_tape *t, nn_interval x, nn_interval W, nn_interval b, int outward);
nn_interval nn_interval_conv(nn_tape *t, nn_interval x, nn_interval W, nn_interval b, size_t stride, size_t pad, int outward);
nn_interval nn_interval_monotone(nn_tape *t, cc_phi_kind kind, nn_interval x); /* relu, leaky, tanh, sigmoid, softplus, exp, elu */

/* ---- the Poincare ball of curvature -c (c > 0), points in rows ---- */

nn_node nn_ball_exp0(nn_tape *t, double c, nn_node v);
nn_node nn_ball_log0(nn_tape *t, double c, nn_node y);
nn_node nn_ball_add(nn_tape *t, double c, nn_node x, nn_node y);        /* Moebius addition */
nn_node nn_ball_distance(nn_tape *t, double c, nn_node x, nn_node y);   /* (n x 1); no derivative where x = y */
nn_node nn_ball_sqdistance(nn_tape *t, double c, nn_node x, nn_node y); /* its square: smooth everywhere */
nn_node nn_ball_exp(nn_tape *t, double c, nn_node x, nn_node v);
nn_node nn_ball_log(nn_tape *t, double c, nn_node x, nn_node y);
nn_node nn_ball_project(nn_tape *t, double c, nn_node x); /* rows longer than (1 - 1e-5)/sqrt(c) are cut back to that */
nn_node nn_ball_dense(nn_tape *t, double c, nn_node x, nn_node W, nn_node b); /* exp0(log0(x) W') + b; b a point or NN_NONE */

/* ---- jets: a network's derivatives in its inputs, as nodes ---- */

typedef struct nn_jet {
    nn_node u, grad, lap; /* n x h; d x n x h; n x h: the sum of second derivatives over the d inputs (NN_NONE: zero) */
} nn_jet;
nn_jet nn_jet_input(nn_tape *t, nn_node x); /* x (n x d) itself */
nn_jet nn_jet_dense(nn_tape *t, nn_jet x, nn_node W, nn_node b);
nn_jet nn_jet_apply(nn_tape *t, cc_phi_kind kind, nn_jet x);

/* ---- the four sweeps ---- */

/* w: the flat vector (NULL if there is no parameter); it must stay where it is for the later sweeps. */
cc_status nn_forward(nn_tape *t, const double *w);
/* Adjoints of the scalar seed . out (seed NULL: ones). g: dL/dw, overwritten; NULL: not wanted. */
cc_status nn_backward(nn_tape *t, nn_node out, const double *seed, double *g);
/* Along p directions together, the rows of v (p x params) in the parameters (NULL: zero) with the fed tangents of inputs. Layers
 * take all rows of all directions in one matrix product where they can, and what a pass keeps is read once; memory of tangents and
 * of adjoint tangents is p times that of values. */
cc_status nn_tangents(nn_tape *t, size_t p, const double *v);
static inline cc_status nn_tangent(nn_tape *t, const double *v) { return nn_tangents(t, 1, v); }
cc_status nn_backward_tangent(nn_tape *t, double *hv); /* hv: the derivatives of g along the directions, as many rows */
/* Instead of the last: the Gauss-Newton part, curvature of the losses (nn_loss) only. */
cc_status nn_backward_gauss_newton(nn_tape *t, double *gv);

/* ---- convenience; vectors are flat, of length nn_params(t), p of them the rows of a matrix; w as in nn_forward ---- */

cc_status nn_loss_grad(nn_tape *t, nn_node loss, const double *w, double *value, double *g); /* value may be NULL */
cc_status nn_hvps(nn_tape *t, nn_node loss, const double *w, size_t p, const double *v, double *hv);
cc_status nn_ggn_vps(nn_tape *t, nn_node loss, const double *w, size_t p, const double *v, double *gv);
/* Empirical Fisher: (1/n) sum g_i g_i' v, g_i the gradient of entry i of `rows`, n losses of single examples. No g_i is made. */
cc_status nn_fisher_vps(nn_tape *t, nn_node rows, const double *w, size_t p, const double *v, double *fv);
cc_status nn_jvps(nn_tape *t, nn_node out, const double *w, size_t p, const double *v, double *jv); /* jv: p x as many as out has */
cc_status nn_vjp(nn_tape *t, nn_node out, const double *w, const double *u, double *g);             /* u: as many as out has */
/* Further products at the same w and data: no forward, no backward sweep. After nn_hvps, nn_ggn_vps or nn_backward. */
cc_status nn_hvps_again(nn_tape *t, size_t p, const double *v, double *hv);
cc_status nn_ggn_vps_again(nn_tape *t, size_t p, const double *v, double *gv);
cc_linop nn_hessian_operator(nn_tape *t); /* these, for krylov.h: works as long as they do */
cc_linop nn_gauss_newton_operator(nn_tape *t);
/* One direction. */
static inline cc_status nn_hvp(nn_tape *t, nn_node loss, const double *w, const double *v, double *hv)
{
    return nn_hvps(t, loss, w, 1, v, hv);
}
static inline cc_status nn_ggn_vp(nn_tape *t, nn_node loss, const double *w, const double *v, double *gv)
{
    return nn_ggn_vps(t, loss, w, 1, v, gv);
}
static inline cc_status nn_jvp(nn_tape *t, nn_node out, const double *w, const double *v, double *jv)
{
    return nn_jvps(t, out, w, 1, v, jv);
}
static inline cc_status nn_hvp_again(nn_tape *t, const double *v, double *hv) { return nn_hvps_again(t, 1, v, hv); }
static inline cc_status nn_ggn_vp_again(nn_tape *t, const double *v, double *gv) { return nn_ggn_vps_again(t, 1, v, gv); }
/* H (M x M, row-major), columns in blocks; symmetrised. CC_ENUMERIC if it was not symmetric to 1e-12 max|H|. */
cc_status nn_hessian(nn_tape *t, nn_node loss, const double *w, double *h);

/* Row i of G (n x M): the gradient of entry i of `rows`, a loss of n rows, not averaged. The examples may meet nowhere: a batch
 * norm on its batch's statistics, a generated weight are refused with a message that names the operation. */
cc_status nn_per_example_grads(nn_tape *t, nn_node rows, const double *w, double *g);
cc_status nn_per_example_sqnorms(nn_tape *t, nn_node rows, const double *w,
                                 double *sqnorms); /* n of them, without G where it can be */

/* ---- fixed points z = f(z, w): z an input of the tape that is wanted, f a node of its shape ---- */

typedef enum nn_solver {
    NN_GMRES,    /* restarted after 30 vectors */
    NN_BICGSTAB, /* short recurrences: where 30 vectors do not fit memory */
    NN_NEUMANN   /* the series sum J^k b: needs a contraction, as Picard's iteration does */
} nn_solver;
typedef struct nn_fixed {
    nn_tape *t;
    nn_node z, f;
    double tolerance;  /* |f(z) - z| <= tolerance (1 + |z|), and the relative residual of the linear solves */
    size_t iterations; /* at most */
    nn_solver solver;  /* of the linear equations */
} nn_fixed;
/* Picard iteration from what zstar holds; zstar (size of z) is fed to z. CC_ENUMERIC: not reached. iterations used in *used (or
 * NULL). */
cc_status nn_fixed_solve(const nn_fixed *p, const double *w, double *zstar, size_t *used);
/* At a solved point: g = (df/dw)' u with (I - df/dz)' u = zb, so g = dL/dw for zb = dL/dz*. */
cc_status nn_fixed_vjp(const nn_fixed *p, const double *zb, double *g);
/* At a solved point: dz = dz* along v in the parameters. */
cc_status nn_fixed_jvp(const nn_fixed *p, const double *v, double *dz);

#ifdef __cplusplus
}
#endif
#endif
