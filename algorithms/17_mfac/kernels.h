/* algorithms/17_mfac/kernels.h: the loops that M-FAC spends its time in (kernels.c), on matrices of contiguous rows, in double and
 * in float. Vectors that are summed to are double. Nothing overlaps but what is said; no call allocates or counts.
 *
 * Panels: MFAC_PANEL rows at most of a matrix, each as long as mfac_padded says, whatever is beyond `cols`, for products with small
 * triangular matrices. Whole tiles are read, so there is room for more rows than there are: mfac_panel_room. */
#ifndef CLAIMCHECK_MFAC_KERNELS_H
#define CLAIMCHECK_MFAC_KERNELS_H

#include <stddef.h>

enum { MFAC_PANEL = 192, MFAC_TILE = 6 };

/* The length of a panel's row: whole tiles of 128 bytes. */
static inline size_t mfac_padded(size_t cols, size_t entry) { return (cols * entry + 127) / 128 * 128 / entry; }

/* Entries of a panel of `rows` rows, or of MFAC_PANEL if those are more. */
static inline size_t mfac_panel_room(size_t rows, size_t cols, size_t entry)
{
    const size_t room = rows < MFAC_PANEL ? rows + MFAC_TILE : MFAC_PANEL + 1;
    return room * mfac_padded(cols, entry);
}

/* y += alpha A x, A rows x cols */
void mfac_dots(size_t rows, size_t cols, double alpha, const double *a, const double *x, double *y);
void mfac_dots_narrow(size_t rows, size_t cols, double alpha, const float *a, const float *x, double *y);
/* y += alpha A'x */
void mfac_sums(size_t rows, size_t cols, double alpha, const double *a, const double *x, double *y);
void mfac_sums_narrow(size_t rows, size_t cols, double alpha, const float *a, const double *x, double *y);

/* The first `count` columns of B (cols rows, `stride` apart) as rows of a panel. The columns `ahead` of them are called into cache
 * unless it is 0. */
void mfac_panel(size_t cols, size_t count, size_t stride, size_t ahead, const double *b, double *panel);
void mfac_panel_narrow(size_t cols, size_t count, size_t stride, size_t ahead, const double *b, float *panel);
/* The lower triangle of gram (cols x cols) += P'P, P the panel's `count` rows. In double alone: small pivots feel a float's
 * rounding. */
void mfac_gram_panel(size_t cols, size_t count, const double *panel, double *gram);
/* out (count x cols) = P R, R upper triangular with rows as long as the panel's. */
void mfac_apply_panel(size_t cols, size_t count, const double *panel, const double *right, double *out);
void mfac_apply_panel_narrow(size_t cols, size_t count, const float *panel, const float *right, float *out);

#endif
