/* harness/numerics/linalg.h: thin wrappers on OpenBLAS and LAPACK. Double precision, row-major, leading dimension = row length of
 * the stored matrix. Each adds its flops to the run's reported work. Symmetric matrices: the lower triangle is read and written
 * unless said. No allocation; LAPACK work space is given where it is needed. */
#ifndef CLAIMCHECK_HARNESS_LINALG_H
#define CLAIMCHECK_HARNESS_LINALG_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

double cc_dot(size_t n, const double *x, const double *y);
double cc_norm(size_t n, const double *x);                    /* Euclidean */
void cc_axpy(size_t n, double a, const double *x, double *y); /* y += a x */
void cc_scale(size_t n, double a, double *x);
void cc_copy(size_t n, const double *x, double *y);

/* y = alpha A x + beta y and y = alpha A' x + beta y, A (m x n) */
void cc_gemv(size_t m, size_t n, double alpha, const double *a, const double *x, double beta, double *y);
void cc_gemv_t(size_t m, size_t n, double alpha, const double *a, const double *x, double beta, double *y);
void cc_ger(size_t m, size_t n, double alpha, const double *x, const double *y, double *a); /* A += alpha x y' */
void cc_symv(size_t n, double alpha, const double *a, const double *x, double beta, double *y);

/* C = alpha op(A) op(B) + beta C, C (m x n), inner dimension k */
void cc_gemm(int trans_a, int trans_b, size_t m, size_t n, size_t k, double alpha, const double *a, const double *b, double beta,
             double *c);
/* C (n x n, lower) = alpha A' A + beta C, A (m x n) */
void cc_syrk_t(size_t m, size_t n, double alpha, const double *a, double beta, double *c);
void cc_syr(size_t n, double alpha, const double *x, double *c); /* C (lower) += alpha x x' */
void cc_fill_upper(size_t n, double *c);                         /* mirrors the lower triangle */

/* Cholesky A = L L' (lower, in place): 0, or k > 0: the leading minor of order k is not positive, -1: not finite. */
int cc_potrf(size_t n, double *a);
void cc_potrs(size_t n, const double *l, double *b);               /* b = (L L')^-1 b */
void cc_trsv(size_t n, const double *l, int transpose, double *b); /* b = L^-1 b or L'^-1 b */

/* LU with pivots (n of them, int): 0 or k > 0 singular. */
int cc_getrf(size_t n, double *a, int *pivots);
void cc_getrs(size_t n, const double *lu, const int *pivots, double *b);

/* Eigenvalues ascending in w; with vectors: row i of a is the eigenvector of w[i]. Allocates: not for a step. 0 or an error. */
int cc_syev(size_t n, double *a, int vectors, double *w);
/* Singular values descending; A (m x n) is destroyed. Allocates. */
int cc_svdvals(size_t m, size_t n, double *a, double *s);
/* Eigenvalues of a matrix that is not symmetric, real and imaginary parts, in no order; A is destroyed. Allocates. 0 or an error.
 */
int cc_geev(size_t n, double *a, double *real, double *imaginary);
/* min |A x - b|: x in the first n of b (length m), m >= n, A destroyed. Allocates. */
int cc_lstsq(size_t m, size_t n, double *a, double *b);

#ifdef __cplusplus
}
#endif
#endif
