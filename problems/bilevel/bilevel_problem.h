/* problems/bilevel/bilevel_problem.h: for authors of problems and of measures; no algorithm includes it.
 *
 * A problem writes down exact functions, over all terms or over a list of them; the family draws samples, adds noise, bills and
 * checks. An instance starts with a bilevel_base; .begin of the cc_problem is bilevel_begin. See analytic.c for the shortest
 * example. */
#ifndef CLAIMCHECK_PROBLEMS_BILEVEL_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_BILEVEL_PROBLEM_H

#include "harness/family.h"
#include "problems/bilevel/bilevel.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Noise of an oracle without data. A vector of `dim` entries gets a mean-zero one with E|.|^2 = sd^2 / batch. */
typedef struct bilevel_noise {
    double fx, fy, gx, gy; /* standard deviations */
    double h;              /* gyy + h diag(normal), and gy + h diag(normal) y with it */
    int skewed;            /* entries 3 with probability 1/10 and -1/3 with 9/10, in place of normal */
} bilevel_noise;

/* The first member of every instance. */
typedef struct bilevel_base {
    size_t dx, dy, m;
    unsigned caps;
    size_t n_lower, n_upper; /* terms; 0: noise */
    bilevel_noise noise;
    size_t work; /* length of bilevel_at.work */
    const double *x0, *y0;
} bilevel_base;

/* Where a function is asked. ids == NULL: all terms. Contents of work do not survive the call. */
typedef struct bilevel_at {
    const void *instance;
    size_t block;
    const double *x, *y;
    const size_t *ids;
    size_t b; /* how many terms: of ids, or all */
    double *work;
} bilevel_at;

/* Means over the terms of `at`; outputs are overwritten, and NULL where not asked for. Optional functions are NULL. */
typedef struct bilevel_ops {
    double (*f)(const bilevel_at *at), (*g)(const bilevel_at *at);
    void (*upper)(const bilevel_at *at, double *fx, double *fy);
    void (*lower)(const bilevel_at *at, double *gx, double *gy);
    void (*hvp)(const bilevel_at *at, const double *v, double *out);
    void (*jvp)(const bilevel_at *at, const double *v, double *out);
    void (*hess)(const bilevel_at *at, double *h); /* lower triangle at least */
    void (*proj_x)(const void *instance, double *x);
    void (*proj_y)(const void *instance, size_t block, double *y);
    /* y*(x) of a block into y, to rounding; nonzero: not found. at->y is not read. */
    int (*ystar)(const bilevel_at *at, double *y);
    /* z = gyy^-1 fy at at->y, where there is a closed form. NULL: by Cholesky of hess if dy <= 64, else by conjugate gradients of
     * hvp. */
    int (*solve)(const bilevel_at *at, const double *fy, double *z);
} bilevel_ops;

/* What a run changes. */
typedef struct bilevel_env {
    cc_run *scope; /* its streams are those of the noise */
    size_t *ids, *order;
    double *work, *noise, *h;         /* of the oracles */
    double *y, *z, *fy, *fx, *linear; /* of the referee: y*(x) of a block, gyy^-1 fy, .., and work for that solution */
    double *x, *hypergrad, phi;       /* the last x that the referee was asked for (x[0] NaN: none), and what it said */
    int has_grad;                     /* hypergrad was asked for, too */
} bilevel_env;

CC_FAMILY_API cc_status bilevel_begin(cc_run *scope, const void *instance, void **env);

/* Constants of bilevel.h, told; phi_star, hidden. NaN: unknown. */
typedef struct bilevel_facts {
    double mu, Lyy, C, phi_star;
} bilevel_facts;
CC_FAMILY_API cc_status bilevel_publish(cc_run *scope, const bilevel_base *base, const bilevel_facts *facts);

/* For measures and metrics, unbilled: Phi(x) and grad Phi(x) by the lower level solved to rounding; NaN if it cannot be.
 * NULL: not asked for. */
CC_FAMILY_API void bilevel_referee(const cc_oracle *o, const double *x, double *phi, double *grad);
CC_FAMILY_API int bilevel_ystar(const cc_oracle *o, size_t block, const double *x, double *y); /* nonzero: not found */

#ifdef __cplusplus
}
#endif
#endif
