/* harness/numerics/activation.h: the elementwise kernels of neural networks, for whatever holds layers: the tape (nn.h), the
 * multilayer perceptron (mlp.h). Plain loops over arrays; nothing is allocated, nothing is kept.
 *
 * Names: z input, a = phi(z) output; a suffix b is an adjoint (dL/d.), a prefix r a tangent (the derivative along a direction v);
 * so rzb is the derivative along v of dL/dz. `beta` as in BLAS: 0 overwrites and never reads, 1 adds. Outputs may be the inputs
 * of the same shape. */
#ifndef CLAIMCHECK_HARNESS_ACTIVATION_H
#define CLAIMCHECK_HARNESS_ACTIVATION_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- phi ---- */

typedef enum cc_phi_kind {
    CC_PHI_IDENTITY,
    CC_PHI_RELU,       /* derivative 0 at 0 */
    CC_PHI_LEAKY,      /* slope z for z <= 0 */
    CC_PHI_TANH,       /* */
    CC_PHI_SIGMOID,    /* */
    CC_PHI_SOFTPLUS,   /* log(1 + e^z) without overflow */
    CC_PHI_EXP,        /* */
    CC_PHI_SQUARE,     /* */
    CC_PHI_SIN,        /* */
    CC_PHI_COS,        /* */
    CC_PHI_ELU,        /* slope (e^z - 1) for z <= 0; first derivative continuous for slope 1 */
    CC_PHI_GELU,       /* exact: z Phi(z) */
    CC_PHI_ABS,        /* derivative 0 at 0 */
    CC_PHI_LOG,        /* */
    CC_PHI_SQRT,       /* */
    CC_PHI_RECIPROCAL, /* 1/z */
    CC_PHI_ATANH,      /* */
    CC_PHI_TANHC,      /* tanh(r)/r of r^2: smooth, as are its uses in hyperbolic space */
    CC_PHI_ATANHC,     /* atanh(r)/r of r^2 < 1 */
    CC_PHI_KINDS
} cc_phi_kind;

typedef struct cc_phi {
    cc_phi_kind kind;
    double slope; /* of leaky and elu; otherwise ignored */
} cc_phi;

const char *cc_phi_name(cc_phi_kind kind); /* "tanh" */
int cc_phi_parse(const char *name);        /* the kind, or -1 */

/* The derivatives of these follow from a alone, so that z need not be kept (pass NULL): identity, relu, leaky, tanh, sigmoid,
 * softplus, exp, sqrt, elu with a positive slope. */
int cc_phi_from_value(cc_phi phi);

/* out = the derivative of phi of this order at z; order 0..4, order 0: phi itself. */
void cc_phi_derivative(cc_phi phi, int order, size_t n, const double *z, double *out);

void cc_phi_forward(cc_phi phi, size_t n, const double *z, double *a);
/* zb = beta zb + ab phi'(z) */
void cc_phi_vjp(cc_phi phi, size_t n, const double *z, const double *a, const double *ab, double beta, double *zb);
/* ra = phi'(z) rz */
void cc_phi_jvp(cc_phi phi, size_t n, const double *z, const double *a, const double *rz, double *ra);
/* rzb = beta rzb + rab phi'(z) + ab phi''(z) rz; rz NULL: zero */
void cc_phi_vjp_tan(cc_phi phi, size_t n, const double *z, const double *a, const double *ab, const double *rz, const double *rab,
                    double beta, double *rzb);

/* ---- losses of n rows with c columns ---- */

typedef enum cc_loss_kind {
    CC_LOSS_SOFTMAX,  /* cross-entropy: lse(z) - z_label; with targets: rows that sum to one */
    CC_LOSS_SQUARED,  /* |z - target|^2 / 2; a label stands for its unit vector */
    CC_LOSS_LOGISTIC, /* sum over the columns of log(1 + e^(-y z)), target y = -1 or 1; with labels 0, 1: one column */
    CC_LOSS_KINDS
} cc_loss_kind;

/* One of label (n of them) and target (n x c) is given. */
typedef struct cc_loss {
    cc_loss_kind kind;
    size_t n, c;
    const int *label;
    const double *target;
} cc_loss;

/* The first row whose label is out of range, or n. */
size_t cc_loss_bad_label(const cc_loss *loss);

/* rows (n): the loss of each row; p (n x c): softmax or logistic probabilities, residuals for squared error, for the calls below.
 */
void cc_loss_forward(const cc_loss *loss, const double *z, double *p, double *rows);
/* zb = beta zb + s_i dl_i/dz_i, s_i = scale weight_i; weight NULL: ones */
void cc_loss_vjp(const cc_loss *loss, const double *p, double scale, const double *weight, double beta, double *zb);
/* rzb = beta rzb + s_i (d2 l_i/dz_i2) rz_i: the loss's part of a Hessian product, and the whole middle of a Gauss-Newton product.
 * The derivative of the loss itself along rz is the inner product of rz with cc_loss_vjp. */
void cc_loss_hessian(const cc_loss *loss, const double *p, double scale, const double *weight, const double *rz, double beta,
                     double *rzb);

#ifdef __cplusplus
}
#endif
#endif
