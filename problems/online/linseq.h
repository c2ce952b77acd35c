/* problems/online/linseq.h: solvers for the 5-point systems of `online.sor` and `online.heat`, for problems and measures.
 *
 *   A = diag I - off N,  N the adjacency of a planar grid;  A = D + L + L', L strictly lower in the order of the grid.
 *
 * The order of the unknowns is part of the problem: iteration counts of SOR depend on it. No function allocates unless it says so.
 * SOR and symmetric SOR come for one system and for many in lanes; a lane takes the same operations in the same order, so the
 * counts are the same. */
#ifndef CLAIMCHECK_PROBLEMS_ONLINE_LINSEQ_H
#define CLAIMCHECK_PROBLEMS_ONLINE_LINSEQ_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    LINSEQ_CAP = 10000, /* iterations after which a solver gives up; the count is then this */
    LINSEQ_LANES = 32,  /* systems that SOR carries at a time */
    LINSEQ_SSOR_WORK = 2,
    LINSEQ_PCG_WORK = 5
};

/* A grid of `rows` lines; line o holds the unknowns begin[o] <= i < end[o], which are numbered line by line. Vectors are padded:
 * unknown (o, i) lies at o * stride + i + stride + 1, everything else is 0 and stays 0. */
typedef struct linseq_grid {
    size_t rows, stride, n; /* n unknowns */
    size_t size;            /* of a padded vector: a multiple of 8 */
    const size_t *begin, *end;
} linseq_grid;

/* side x side points; the L-shaped domain of side x side points without a quarter (x <= 0 and y <= 0 on [-1, 1]^2), column by
 * column, y downwards. Allocate. side >= 1, for the L >= 3. */
CC_FAMILY_API cc_status linseq_square(cc_run *scope, size_t side, linseq_grid *grid);
CC_FAMILY_API cc_status linseq_l_shape(cc_run *scope, size_t side, linseq_grid *grid);

/* x[n] into and out of a padded vector. */
CC_FAMILY_API void linseq_put(const linseq_grid *grid, const double *x, double *padded);
CC_FAMILY_API void linseq_take(const linseq_grid *grid, const double *padded, double *x);

/* The matrix, dense, n x n row-major: for referees. */
CC_FAMILY_API void linseq_dense(const linseq_grid *grid, double diag, double off, double *a);

/* One solve from zero: x += W^-1 r until |r| < eps |b|; off = 1. SOR: W = D/omega + L, a sweep in the order of the unknowns.
 * Symmetric SOR: W = omega/(2 - omega) (D/omega + L) D^-1 (D/omega + L'), such a sweep and then one in the reverse order. */
typedef struct linseq_sor_job {
    const double *b; /* n */
    double diag, omega;
    uint32_t iterations; /* the answer: 1 .. LINSEQ_CAP */
} linseq_sor_job;

/* One system; work: grid->size numbers; x[n]: the solution, or NULL. */
CC_FAMILY_API void linseq_sor(const linseq_grid *grid, double eps, linseq_sor_job *job, double *work, double *x);

/* Many, LINSEQ_LANES at a time, a finished one replaced by the next; work: grid->size * LINSEQ_LANES numbers, 64-byte aligned. */
CC_FAMILY_API void linseq_sor_batch(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work);

/* The same by symmetric SOR; an iteration is both sweeps. LINSEQ_SSOR_WORK times the work space. */
CC_FAMILY_API void linseq_ssor(const linseq_grid *grid, double eps, linseq_sor_job *job, double *work, double *x);
CC_FAMILY_API void linseq_ssor_batch(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work);

/* Conjugate gradients for diag I - off N, preconditioned by SSOR, M = (D + omega L') D^-1 (D + omega L) / (omega (2 - omega));
 * omega = 0: not preconditioned. Vectors are padded; b is read, x is the start and becomes the solution. Returns the first k with
 * |r_k| <= eps |b|, at most LINSEQ_CAP. work: LINSEQ_PCG_WORK * grid->size numbers. */
CC_FAMILY_API uint32_t linseq_pcg(const linseq_grid *grid, double diag, double off, double omega, double eps, const double *b,
                                  double *x, double *work);

/* y = (diag I - off N) x, padded. */
CC_FAMILY_API void linseq_apply(const linseq_grid *grid, double diag, double off, const double *x, double *y);

/* The relaxation parameter that minimises the spectral radius for a consistently ordered matrix with Jacobi radius beta (Young). */
CC_FAMILY_API double linseq_young(double beta);

#ifdef __cplusplus
}
#endif
#endif
