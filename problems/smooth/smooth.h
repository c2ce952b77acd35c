/* problems/smooth/smooth.h: min f(x), x in R^d, f smooth. All that an algorithm sees of such a problem; a candidate is `const
 * double x[d]`.
 *
 * With a finite sum, f(x) = (1/N) sum_i f_i(x) + r(x). With a metric B (symmetric positive definite, the identity unless the
 * problem has one), norm(h)^2 = h'Bh and the dual norm is ||s||^2 = s'B^-1 s. Constants that a problem tells (cc_fact; NaN:
 * unknown, never a guess) are in its metric: "L1" and "L2" (Lipschitz constants of gradient and Hessian), "mu" (strong convexity,
 * 0: none), "Mqsc" (quasi-self-concordance, |D^3 f(x)[u, u, v]| <= Mqsc norm(v) <D^2 f(x) u, u>), "R" (largest dual norm of a row
 * of a generalised linear model), "convex" (1 or 0), "d".
 *
 * Vectors have smooth_dim entries, matrices are row-major. Of a symmetric matrix the lower triangle is written; cc_fill_upper of
 * harness/numerics mirrors it. Buffers are the caller's and may not overlap; nothing is allocated in a call. The work at the last x
 * is kept, so value, gradient and Hessian at the same x share one forward pass. Every oracle may be absent: then it returns
 * CC_EINVAL with a message that names it. What is not finite stays so in the answer: it is the algorithm's to reject.
 *
 * Bills: n_f values, n_g full gradients, n_samp gradients of single samples, n_hvp Hessian-vector products, n_hess Hessians; of
 * targets n_fwd and n_bwd samples through F and its adjoint, n_tloss losses, n_tgrad gradients in n_texp calls. */
#ifndef CLAIMCHECK_PROBLEMS_SMOOTH_H
#define CLAIMCHECK_PROBLEMS_SMOOTH_H

#include "harness/run.h"

/* Symmetric curvature matrices. All but EXACT are positive semidefinite by construction. */
typedef enum smooth_kind {
    SMOOTH_EXACT,   /* D^2 f(x) */
    SMOOTH_GN,      /* Gauss-Newton: sum J_i' (D^2 l_i) J_i */
    SMOOTH_WGN,     /* log-sum-exp: A' Diag(pi) A / mu_s, that is D^2 f without its term - g g' / mu_s */
    SMOOTH_FISHER,  /* empirical Fisher: (1/N) sum grad f_i grad f_i' */
    SMOOTH_RANK1,   /* norm(u)^q / q with linear u: (q-2) norm(u)^(q-4) (J'u)(J'u)' */
    SMOOTH_UNIFORM, /* Gauss-Newton with every sample weighted alike, whatever x: a foil, the scale is right and the place is not */
    SMOOTH_KINDS
} smooth_kind;

/* The kinds as the choices of a parameter, in this order. */
#define SMOOTH_KIND_CHOICES "exact gn wgn fisher rank1 uniform"

/* ---- the instance; not billed ---- */
CC_FAMILY_API size_t smooth_dim(cc_run *run);
CC_FAMILY_API size_t smooth_samples(cc_run *run); /* N; 0: no finite sum */
CC_FAMILY_API cc_status smooth_start(cc_run *run, double *x);
CC_FAMILY_API const unsigned char *smooth_prunable(cc_run *run); /* d: 1 where an entry may be removed; NULL: everywhere */
CC_FAMILY_API int smooth_has_hess(cc_run *run, smooth_kind kind);
CC_FAMILY_API size_t smooth_rank(cc_run *run, smooth_kind kind); /* rows of smooth_factor; 0: there is none */

/* ---- the oracles ---- */
CC_FAMILY_API cc_status smooth_value(cc_run *run, const double *x, double *f);                 /* n_f += 1 */
CC_FAMILY_API cc_status smooth_grad(cc_run *run, const double *x, double *g);                  /* n_g += 1, n_samp += N */
CC_FAMILY_API cc_status smooth_value_grad(cc_run *run, const double *x, double *f, double *g); /* n_f += 1, n_g += 1, n_samp += N */
CC_FAMILY_API cc_status smooth_hess(cc_run *run, smooth_kind kind, const double *x, double *h); /* n_hess += 1; h: d x d, lower */
CC_FAMILY_API cc_status smooth_hvp(cc_run *run, smooth_kind kind, const double *x, const double *v, double *out); /* n_hvp += 1 */
/* H = U'U with U (smooth_rank x d); n_hess += 1 */
CC_FAMILY_API cc_status smooth_factor(cc_run *run, smooth_kind kind, const double *x, double *u);

/* f[n]: the values at n points, X = d rows of n, a point a column. n_f += n. */
CC_FAMILY_API cc_status smooth_value_batch(cc_run *run, size_t n, const double *X, double *f);

/* Means over the listed samples (ids < N, repeats allowed), r included: *f and g may be NULL; n_samp += b. */
CC_FAMILY_API cc_status smooth_batch(cc_run *run, const double *x, const size_t *ids, size_t b, double *f, double *g);
/* G (b x d): row j = grad f_{ids[j]}(x), r left out; n_samp += b. */
CC_FAMILY_API cc_status smooth_perex(cc_run *run, const double *x, const size_t *ids, size_t b, double *rows);

/* Squared norms and inner products with v of the same b gradients; no row is made. n_samp += b. */
CC_FAMILY_API cc_status smooth_perex_sqnorm(cc_run *run, const double *x, const size_t *ids, size_t b, double *sq);
CC_FAMILY_API cc_status smooth_perex_dot(cc_run *run, const double *x, const size_t *ids, size_t b, const double *v, double *dots);
/* The mean Hessian of the listed samples times v, r included; n_hvp += 1. */
CC_FAMILY_API cc_status smooth_batch_hvp(cc_run *run, smooth_kind kind, const double *x, const size_t *ids, size_t b,
                                         const double *v, double *out);

/* ---- targets: f_i(x) = l_i(F_i(x)), F_i(x) in R^p, r left out. What is told of l_i: "tgt_L" and "tgt_mu", its smoothness and
 * strong convexity. Rows z_j and dz_j belong to sample ids[j]. grad f = pullback of target_grad at targets over all samples / N +
 * grad r. ---- */
CC_FAMILY_API size_t smooth_target_size(cc_run *run);                                                         /* p; 0: no targets */
CC_FAMILY_API cc_status smooth_targets(cc_run *run, const double *x, const size_t *ids, size_t b, double *z); /* n_fwd += b */
CC_FAMILY_API cc_status smooth_target_loss(cc_run *run, const double *z, const size_t *ids, size_t b,
                                           double *sum); /* n_tloss += b */
CC_FAMILY_API cc_status smooth_target_grad(cc_run *run, const double *z, const size_t *ids, size_t b,
                                           double *dz); /* n_tgrad += b, n_texp += 1 */
CC_FAMILY_API cc_status smooth_pullback(cc_run *run, const double *x, const size_t *ids, size_t b, const double *dz,
                                        double *g); /* sum of J_j' dz_j; n_bwd += b */
CC_FAMILY_API cc_status smooth_pushforward(cc_run *run, const double *x, const size_t *ids, size_t b, const double *v,
                                           double *dz); /* J_j v; n_fwd += b */

/* ---- the metric; not billed, O(d) without one, O(d^2) with ---- */
CC_FAMILY_API int smooth_has_metric(cc_run *run);
CC_FAMILY_API double smooth_norm(cc_run *run, const double *h);
CC_FAMILY_API double smooth_dual_norm(cc_run *run, const double *s);
CC_FAMILY_API void smooth_metric_apply(cc_run *run, const double *h, double *out); /* out = B h */
CC_FAMILY_API void smooth_metric_solve(cc_run *run, const double *s, double *out); /* out = B^-1 s */
CC_FAMILY_API void smooth_metric_add(cc_run *run, double a, double *h);            /* H += a B, lower */
CC_FAMILY_API const double *smooth_metric_factor(cc_run *run); /* Cholesky factor of B, lower d x d; NULL: B = I */

#endif
