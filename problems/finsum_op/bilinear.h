/* problems/finsum_op/bilinear.h: F(x, y) = (A'y, -Ax) with a dense n x n matrix A; shared by bilinear.c (G = 0) and game.c
 * (simplices).
 *
 * Components. Weighted: a row i with probability r_i = |A_i:|^2 / |A|_F^2 and, independently, a column j with c_j likewise;
 * F_ij(u) = (A_i:' y_i / r_i, -A_:j x_j / c_j); E |F_ij(u) - F_ij(v)|^2 = |A|_F^2 |u - v|^2 exactly, so L_avg = |A|_F. The id is i
 * n + j. Uniform: the same index for both, with r_i = c_i = 1/n; L_avg = sqrt(n) max_i max(|A_i:|, |A_:i|). The id is i. */
#ifndef CLAIMCHECK_PROBLEMS_FINSUM_OP_BILINEAR_H
#define CLAIMCHECK_PROBLEMS_FINSUM_OP_BILINEAR_H

#include "problems/finsum_op/finsum_op_problem.h"

typedef struct bilinear {
    finsum_instance base;
    size_t n, rank;
    const double *a, *at;            /* A and A', so that a row and a column are both contiguous */
    const double *per_row, *per_col; /* 1 / r_i, 1 / c_j */
    const double *u, *v;             /* low rank: orthonormal columns, n x rank; else NULL */
} bilinear;

/* From a (kept, not copied): the transpose, the law, L_avg, L_F (the largest singular value unless L_F is given: NaN), dimensions.
 */
cc_status finsum_bilinear_fill(cc_run *scope, bilinear *p, size_t n, const double *a, int weighted, double L_F);

void finsum_bilinear_full(const cc_oracle *o, const double *u, double *out);
void finsum_bilinear_comp(const cc_oracle *o, size_t id, const double *u, double *out);
void finsum_bilinear_diff(const cc_oracle *o, size_t b, const size_t *ids, const double *u, const double *v, double scale,
                          double *acc);
void finsum_bilinear_affine_step(const cc_oracle *o, size_t id, const double *u, const double *v, double a, const double *base,
                                 double scale, double *out);

#endif
