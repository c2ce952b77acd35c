/* harness/numerics/nn_op.h: how an operation of the tape is written. For the files nn_*.c; models need nn.h alone.
 *
 * An operation is a table entry (nn_op) and a function that checks shapes and records it. Four kernels say what it does in the four
 * sweeps. Writing J for the derivative of the output y in an input x, b for adjoints and r for tangents:
 *     forward  y = f(x..)             vjp      xb += J' yb
 *     jvp      ry = sum J rx          vjp_tan  xrb += J' yrb + (dJ' along the tangents) yb
 * Two common kinds need fewer:
 *     linear    (NN_LINEAR) jvp is forward of the tangents, vjp_tan is vjp of the adjoint tangents: give forward and vjp
 *     bilinear  y = m(x, w) + b: give m and its two adjoints (nn_bilinear), the four kernels follow */
#ifndef CLAIMCHECK_HARNESS_NN_OP_H
#define CLAIMCHECK_HARNESS_NN_OP_H

#include "harness/numerics/nn.h"

enum { NN_INPUTS = 6 };

/* What a kernel sees of a node. */
typedef struct nn_arg {
    nn_shape s;
    size_t n;
    const int *index;    /* of index nodes */
    const double *v, *t; /* t NULL: zero. v NULL in the forward kernel of a linear operation: zero */
    double *a, *at;      /* NULL: nobody wants it */
} nn_arg;

/* A loop nest over a box, shared by up to three operands; stride[k][i] is how far operand k moves along dimension i (0: repeated).
 */
typedef struct nn_loop {
    size_t d[4], stride[3][4];
} nn_loop;

typedef struct nn_op nn_op;
typedef struct nn_rec { /* one recorded operation */
    const nn_op *op;
    nn_tape *tape;
    int nin, in[NN_INPUTS], out;
    nn_loop loop, bias; /* of operations that broadcast; bias: operand 0 is y, 1 is b */
    cc_phi phi;
    double c[2];    /* constants, as the operation likes */
    size_t k[12];   /* likewise */
    double *aux;    /* memory that lasts from sweep to sweep (nn_take) */
    void *state[2]; /* the caller's */
} nn_rec;

typedef struct nn_bilinear {
    void (*map)(const nn_rec *r, const double *x, const double *w, double beta, double *y); /* y = beta y + m(x, w); beta 0 or 1 */
    void (*adjoint_x)(const nn_rec *r, const double *yb, const double *w, double *xb);      /* xb += */
    void (*adjoint_w)(const nn_rec *r, const double *yb, const double *x, double *wb);      /* wb += */
    int rows; /* k[0] counts rows of x and y and nothing else: those of several directions are then taken together */
} nn_bilinear;

enum {
    NN_LINEAR = 1,
    NN_ROWWISE = 2, /* examples stay apart: row i of the output depends on row i of the inputs that have examples */
    NN_LOSS = 4,    /* its curvature is what Gauss-Newton products keep */
    NN_ALIGNED = 8, /* shapes of inputs are aligned at the right */
    NN_BATCH = 16   /* examples meet, but not in NN_EVAL */
};

struct nn_op {
    const char *name;
    unsigned flags;
    cc_status (*forward)(nn_rec *r, const nn_arg *in, double *y);
    void (*vjp)(nn_rec *r, const nn_arg *in, const nn_arg *out);
    void (*jvp)(nn_rec *r, const nn_arg *in, const nn_arg *out, double *ry);
    void (*vjp_tan)(nn_rec *r, const nn_arg *in, const nn_arg *out);
    const nn_bilinear *bilinear;
    /* Per-example gradients: adds to row i of g (rows `stride` apart) what example i's adjoints in out->a say of input k, a
     * parameter. `axis`: the dimension of the output that counts examples. NULL: refused. */
    void (*rows)(nn_rec *r, const nn_arg *in, const nn_arg *out, int k, int axis, double *g, size_t stride);
    /* Adds the squared norms of those rows, if there is a way without them; 0: there is none. */
    int (*sqnorms)(nn_rec *r, const nn_arg *in, const nn_arg *out, int k, double *sqnorms);
};

/* ---- recording ---- */

nn_node nn_error(nn_tape *t, const char *format, ...) __attribute__((format(printf, 2, 3))); /* the tape's first error; NN_NONE */
int nn_good(nn_tape *t, const char *op, size_t n, const nn_node *x); /* 0: an earlier error, or x is no node of t: return NN_NONE */
/* The result is a new node of this shape; *rec is filled but for constants and loops. in may hold NN_NONE at the end. */
nn_node nn_record(nn_tape *t, const nn_op *op, nn_shape shape, int nin, const nn_node *in, nn_rec **rec);
double *nn_take(nn_tape *t, size_t n); /* memory until nn_reset; NULL: none left, the tape has failed */
double *nn_scratch(const nn_tape *t);  /* shared by all kernels: as large as the largest nn_need_scratch */
void nn_need_scratch(nn_tape *t, size_t n);
const char *nn_show(nn_shape s, char text[96]); /* "5 x 3" */
size_t nn_count(nn_shape s);
int nn_same(nn_shape a, nn_shape b);
nn_shape nn_flat(const nn_tape *t, nn_node x); /* as a matrix: all dimensions but the last count rows */
int nn_is_index(const nn_tape *t, nn_node x);
int nn_wanted(const nn_tape *t, nn_node x); /* does it, or what it is made of, want adjoints? */
int nn_counts_examples(const nn_tape *t, nn_node x, int dimension);
cc_run *nn_run(const nn_tape *t);
nn_mode nn_mode_of(const nn_tape *t);
uint64_t nn_step_of(const nn_tape *t);
/* CC_EINVAL with a message, if an entry is not below `below`. */
cc_status nn_check_index(const nn_rec *r, const nn_arg *index, size_t below);

/* ---- loops ---- */

/* Strides of shapes aligned at the right, in the box that they span; 0: they do not fit. b may be of no dimension. */
int nn_broadcast(nn_shape a, nn_shape b, nn_shape *box, nn_loop *loop); /* operands 0: the box, 1: a, 2: b */
void nn_collapse(nn_loop *loop);                                        /* fewer, longer dimensions where all strides allow */
/* operand d += alpha x y over the box, where x, y, d are operands `kx`, `ky`, `kd` of the loop; y NULL: one */
void nn_contract(const nn_loop *loop, double alpha, const double *x, int kx, const double *y, int ky, double *d, int kd);
/* operand y = x over the box, whose operand y is */
void nn_spread(const nn_loop *loop, const double *x, int kx, double *y, int ky);

#endif
