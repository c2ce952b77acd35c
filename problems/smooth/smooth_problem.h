/* problems/smooth/smooth_problem.h: for authors of problems of the family `smooth`.
 *
 * A problem is a forward pass and functions of it: `forward` computes what value, gradient and Hessian at x share (A x, residuals,
 * a softmax), the family keeps it for the last x, bills the calls and refuses those that are absent. An instance starts with a
 * smooth_base; .begin of the cc_problem is smooth_begin, .ops its smooth_ops. See quad.c for the shortest example. */
#ifndef CLAIMCHECK_PROBLEMS_SMOOTH_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_SMOOTH_PROBLEM_H

#include "harness/family.h"
#include "problems/smooth/smooth.h"

/* The first member of every instance. Zero what a problem does not have. */
typedef struct smooth_base {
    size_t d;                             /* parameters */
    size_t samples;                       /* N of the finite sum */
    size_t pass, work;                    /* lengths of smooth_point.pass and .work */
    size_t targets;                       /* p of F_i(x), if there are smooth_targets */
    size_t rank;                          /* rows of a factor, the same for each kind that has one */
    const double *x0;                     /* the standard start */
    const double *x_star;                 /* a minimiser, where one is known */
    const unsigned char *prunable;        /* d: a weight that may be removed, not a bias; NULL: all */
    const double *metric, *metric_factor; /* B and its Cholesky factor, lower; NULL: the identity */
} smooth_base;

/* Where an oracle is asked: the point, what forward left, and scratch whose contents do not survive the call. */
typedef struct smooth_point {
    const void *instance;
    const double *x, *pass;
    double *work;
} smooth_point;

/* Samples through their targets; a table is whole. loss returns the sum; pass of the point is NULL, x is NULL where only z is
 * looked at. */
typedef struct smooth_target_ops {
    void (*forward)(const smooth_point *at, const size_t *ids, size_t b, double *z);
    double (*loss)(const smooth_point *at, const double *z, const size_t *ids, size_t b);
    void (*grad)(const smooth_point *at, const double *z, const size_t *ids, size_t b, double *dz);
    void (*pull)(const smooth_point *at, const size_t *ids, size_t b, const double *dz, double *g);
    void (*push)(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *dz);
} smooth_target_ops;

/* Optional oracles are NULL. */
typedef struct smooth_ops {
    void (*forward)(const void *instance, const double *x, double *pass);
    double (*value)(const smooth_point *at);
    void (*grad)(const smooth_point *at, double *g);
    void (*hess[SMOOTH_KINDS])(const smooth_point *at, double *h); /* writes the lower triangle */
    void (*hvp[SMOOTH_KINDS])(const smooth_point *at, const double *v, double *out);
    void (*factor[SMOOTH_KINDS])(const smooth_point *at, double *u);
    void (*value_batch)(const void *instance, size_t n, const double *X, double *f); /* X: d rows of n */
    /* No forward pass: these touch b samples only. batch returns the mean value; g may be NULL. */
    double (*batch)(const void *instance, const double *x, const size_t *ids, size_t b, double *g);
    void (*perex)(const void *instance, const double *x, const size_t *ids, size_t b, double *rows);
    void (*perex_sqnorm)(const smooth_point *at, const size_t *ids, size_t b, double *sq); /* pass is NULL, here and below */
    void (*perex_dot)(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *dots);
    void (*batch_hvp[SMOOTH_KINDS])(const smooth_point *at, const size_t *ids, size_t b, const double *v, double *out);
    const smooth_target_ops *target;
} smooth_ops;

/* The constants of smooth.h; NaN: unknown, not published. f_star is hidden from algorithms. */
typedef struct smooth_facts {
    double L1, L2, mu, Mqsc, R, convex, f_star, tgt_L, tgt_mu;
} smooth_facts;
CC_FAMILY_API smooth_facts smooth_unknown(void);
CC_FAMILY_API cc_status smooth_publish(cc_run *scope, const smooth_base *base, const smooth_facts *facts); /* and d */

CC_FAMILY_API cc_status smooth_begin(cc_run *scope, const void *instance, void **env);

/* Sets base->metric to b (d x d, lower; kept, not copied) and factors it; CC_EINVAL if it is not positive definite. */
CC_FAMILY_API cc_status smooth_set_metric(cc_run *scope, smooth_base *base, const double *b);

/* A reference minimiser by Newton's method with exact Hessians from base->x0: x and f(x), gradient norm about 1e-15 of the start's.
 * CC_ENUMERIC if a Hessian on the way is not positive definite or the method does not settle. */
CC_FAMILY_API cc_status smooth_minimise(cc_run *scope, const smooth_base *base, const smooth_ops *ops, double *x, double *f);

/* H (n x n, lower) = sum_i w_i a_i a_i', rows a_i of A (m x n), w_i >= 0. Scales rows in panels that stay in the cache;
 * work holds SMOOTH_PANEL * n numbers. */
#define SMOOTH_PANEL 256
CC_FAMILY_API void smooth_gram(size_t m, size_t n, const double *a, const double *w, double *work, double *h);

/* Largest eigenvalue of A'A, A (m x n), of the smaller Gram matrix. Allocates in the scope; NaN without memory. */
CC_FAMILY_API double smooth_lmax_gram(cc_run *scope, size_t m, size_t n, const double *a);

#endif
