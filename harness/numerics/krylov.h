/* harness/numerics/krylov.h: what can be learnt of a matrix from its products with vectors: eigenvalues, densities, traces, and
 * solutions of linear equations.
 *
 * A matrix is an operator; work space is the caller's, so that nothing is allocated in an iteration. Calls return what the operator
 * returned if that was not CC_OK. Flops are billed (cc_flops), but for the operator's own. */
#ifndef CLAIMCHECK_HARNESS_KRYLOV_H
#define CLAIMCHECK_HARNESS_KRYLOV_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y_k = A x_k, k < p, for rows x_k, y_k of n numbers; p = 1 but where it is said. */
typedef struct cc_linop {
    size_t n;
    cc_status (*apply)(void *self, size_t p, const double *x, double *y);
    void *self;
} cc_linop;

typedef struct cc_dense {
    size_t n;
    const double *a; /* n x n, row-major, not necessarily symmetric */
} cc_dense;
cc_linop cc_dense_operator(const cc_dense *matrix);

/* ---- Lanczos, A symmetric ---- */

/* After k steps A Q' = Q' T + beta[k-1] q_{k+1} e_k', rows of Q orthonormal (two passes of Gram-Schmidt a step). */
typedef struct cc_lanczos {
    size_t n, m;          /* order of A, most steps (at most n) */
    size_t k;             /* steps done */
    int broken;           /* 1: an invariant subspace was found, T has eigenvalues of A exactly and more steps do nothing */
    double *alpha, *beta; /* T: diagonal, and what lies beside it */
    double *basis;        /* (m + 1) x n: Q */
    double *theta;        /* k: Ritz values, ascending */
    double *weight;   /* k: squares of the first components of T's eigenvectors, sum 1: Gauss quadrature of the start's measure */
    double *residual; /* k: |A y - theta y| of the Ritz vectors */
    double *vector;   /* k x k: row i is T's eigenvector of theta[i] */
    double *work;
} cc_lanczos;

cc_status cc_lanczos_new(cc_run *scope, size_t n, size_t m, cc_lanczos *l);
/* Starts at `start` (not zero: CC_EINVAL; any length) and forgets earlier steps. */
cc_status cc_lanczos_start(cc_lanczos *l, const double *start);
/* Up to `steps` more; stops at m and when broken: a beta below 1e-12 of the largest entry of T. */
cc_status cc_lanczos_steps(cc_lanczos *l, const cc_linop *a, size_t steps);
/* Fills theta, weight, residual and vector. CC_ENUMERIC: T is not finite. */
cc_status cc_lanczos_ritz(cc_lanczos *l);
void cc_lanczos_vector(const cc_lanczos *l, size_t i, double *x); /* the Ritz vector of theta[i], of norm 1 */

/* ---- densities and traces, A symmetric ---- */

/* The spectral measure of A as `count` nodes and weights of sum 1: means over `probes` random signs of the quadrature of l->m
 * Lanczos steps each (Ubaru, Chen, Saad 2017). Of a polynomial of degree <= 2 l->m - 1 the sum is the mean of z'p(A)z / n exactly.
 * node, weight: probes x l->m numbers. */
cc_status cc_slq(cc_lanczos *l, const cc_linop *a, size_t probes, cc_rng *rng, double *node, double *weight, size_t *count);
/* density[i] = sum_k weight_k normal density((at_i - node_k) / width) / width */
void cc_slq_density(size_t count, const double *node, const double *weight, double width, size_t points, const double *at,
                    double *density);

/* Hutchinson: means over random signs z of z'Az, with the standard error (NaN for one probe), and of z * Az. work: 2 n. */
cc_status cc_trace(const cc_linop *a, size_t probes, cc_rng *rng, double *work, double *mean, double *error);
cc_status cc_diagonal(const cc_linop *a, size_t probes, cc_rng *rng, double *work, double *diagonal);

/* ---- dominant eigenvalues, A symmetric ---- */

/* Power iteration from x (not zero), which becomes the eigenvector of the eigenvalue largest in modulus: until |A x - lambda x| <=
 * tolerance |lambda|, or `most` products. work: n. */
typedef struct cc_power_result {
    double lambda, residual; /* |A x - lambda x| */
    size_t products;
    int converged;
} cc_power_result;
cc_status cc_power(const cc_linop *a, double tolerance, size_t most, double *x, double *work, cc_power_result *result);

/* The k eigenvalues largest in modulus, in that order, by `rounds` of a random subspace of k + extra <= n vectors with a
 * Rayleigh-Ritz step at the end (Halko, Martinsson, Tropp 2011); applies A to k + extra vectors together, rounds + 1 times.
 * vectors: (k + extra) x n, the first k rows are the eigenvectors; lambda: k + extra. work: cc_top_words. Allocates inside LAPACK:
 * not for a step. */
size_t cc_top_words(size_t n, size_t k, size_t extra);
cc_status cc_top(const cc_linop *a, size_t k, size_t extra, size_t rounds, cc_rng *rng, double *work, double *lambda,
                 double *vectors);

/* ---- linear equations A x = b; x is the start and the answer ---- */

typedef enum cc_solve_outcome {
    CC_SOLVED,         /* |b - A x| <= tolerance |b| */
    CC_SOLVE_BUDGET,   /* the products are used up */
    CC_SOLVE_NEGATIVE, /* conjugate gradients: d'A d <= 0, d the first n numbers of work; x is what was reached before */
    CC_SOLVE_BREAKDOWN /* a division by zero, or not finite: x is the last iterate that was finite */
} cc_solve_outcome;

typedef struct cc_solve_result {
    cc_solve_outcome outcome;
    size_t products;  /* of A with a vector */
    double residual;  /* |b - A x|, as the recurrence has it */
    double curvature; /* d'A d / d'd where the outcome is CC_SOLVE_NEGATIVE */
} cc_solve_result;

typedef struct cc_solve_plan {
    double tolerance; /* of |b - A x| / |b| */
    size_t most;      /* products */
    size_t restart;   /* GMRES: vectors kept */
} cc_solve_plan;

/* A symmetric positive definite (or not: then it is found out), M ~ A^-1 symmetric positive definite or NULL. */
size_t cc_cg_words(size_t n);
cc_status cc_cg(const cc_linop *a, const cc_linop *m, const cc_solve_plan *plan, const double *b, double *work, double *x,
                cc_solve_result *result);
/* A symmetric, also indefinite (Paige, Saunders 1975); the residual falls monotonely. */
size_t cc_minres_words(size_t n);
cc_status cc_minres(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x,
                    cc_solve_result *result);
/* A general (Saad, Schultz 1986), two passes of Gram-Schmidt, restarted. */
size_t cc_gmres_words(size_t n, size_t restart);
cc_status cc_gmres(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x, cc_solve_result *result);
/* A general (van der Vorst 1992), short recurrences, two products an iteration. */
size_t cc_bicgstab_words(size_t n);
cc_status cc_bicgstab(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x,
                      cc_solve_result *result);

#ifdef __cplusplus
}
#endif
#endif
