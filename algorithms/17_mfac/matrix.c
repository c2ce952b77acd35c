/* algorithms/17_mfac/matrix.c: see mfac.h. A float matrix is multiplied by single-precision BLAS, panel by panel, and the panels
 * are summed in double: half the traffic of a double matrix, and rounding that does not grow with the length of a sum. */
#include <limits.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "algorithms/17_mfac/mfac.h"
#include "harness/numerics/linalg.h"

enum { PANEL = 2048, TILE_ROWS = 8, TILE_COLS = 128 }; /* a tile reads 128 cache lines, whole */

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

void mfac_spend(mfac_bill *bill, uint64_t flops)
{
    bill->flops += flops;
    cc_flops(flops);
}

cc_status mfac_words(cc_run *run, mfac_bill *bill, size_t count, double **array)
{
    CC_NEW(run, *array, count);
    bill->words += count;
    return CC_OK;
}

static cc_status floats(cc_run *run, mfac_bill *bill, size_t count, float **array)
{
    CC_NEW(run, *array, count);
    bill->words += (count + 1) / 2;
    return CC_OK;
}

cc_status mfac_matrix_init(cc_run *run, mfac_matrix *a, size_t rows, size_t cols, mfac_storage storage, int factor, mfac_bill *bill)
{
    *a = (mfac_matrix){.rows = rows, .cols = cols, .bill = bill};
    if (rows > INT_MAX || cols > INT_MAX) return cc_fail(run, CC_EINVAL, "a matrix of %zu x %zu is too large", rows, cols);
    if (storage == MFAC_DOUBLE) return mfac_words(run, bill, rows * cols, &a->wide);
    CC_TRY(floats(run, bill, rows * cols, &a->narrow));
    CC_TRY(floats(run, bill, rows > cols ? rows : cols, &a->in));
    CC_TRY(floats(run, bill, rows > cols ? rows : cols, &a->out));
    return factor ? floats(run, bill, cols * cols, &a->square) : CC_OK;
}

static void to_float(size_t n, const double *x, float *y)
{
    for (size_t i = 0; i < n; i++) y[i] = (float)x[i];
}

void mfac_matrix_set(mfac_matrix *a, size_t i, const double *row)
{
    if (a->wide)
        memcpy(a->wide + i * a->cols, row, a->cols * sizeof *row);
    else
        to_float(a->cols, row, a->narrow + i * a->cols);
}

double mfac_matrix_at(const mfac_matrix *a, size_t i, size_t j)
{
    return a->wide ? a->wide[i * a->cols + j] : (double)a->narrow[i * a->cols + j];
}

void mfac_matrix_fill_t(mfac_matrix *a, const double *b)
{
    for (size_t ib = 0; ib < a->rows; ib += TILE_ROWS)
        for (size_t jb = 0; jb < a->cols; jb += TILE_COLS)
            for (size_t i = ib; i < least(ib + TILE_ROWS, a->rows); i++)
                for (size_t j = jb; j < least(jb + TILE_COLS, a->cols); j++) {
                    if (a->wide)
                        a->wide[i * a->cols + j] = b[j * a->rows + i];
                    else
                        a->narrow[i * a->cols + j] = (float)b[j * a->rows + i];
                }
}

void mfac_times(const mfac_matrix *a, size_t from, size_t count, double alpha, const double *x, int add, double *y)
{
    const int rows = (int)count, cols = (int)a->cols;
    mfac_spend(a->bill, 2 * count * a->cols);
    if (a->wide) {
        cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, cols, alpha, a->wide + from * a->cols, cols, x, 1, add ? 1 : 0, y, 1);
        return;
    }
    if (!add) memset(y, 0, count * sizeof *y);
    to_float(a->cols, x, a->in);
    for (size_t c = 0; c < a->cols; c += PANEL) {
        cblas_sgemv(CblasRowMajor, CblasNoTrans, rows, (int)least(PANEL, a->cols - c), 1, a->narrow + from * a->cols + c, cols,
                    a->in + c, 1, 0, a->out, 1);
        for (size_t i = 0; i < count; i++) y[i] += alpha * (double)a->out[i];
    }
}

void mfac_times_t(const mfac_matrix *a, size_t from, size_t count, double alpha, const double *x, int add, double *y)
{
    const int rows = (int)count, cols = (int)a->cols;
    mfac_spend(a->bill, 2 * count * a->cols);
    if (a->wide) {
        cblas_dgemv(CblasRowMajor, CblasTrans, rows, cols, alpha, a->wide + from * a->cols, cols, x, 1, add ? 1 : 0, y, 1);
        return;
    }
    if (!add) memset(y, 0, a->cols * sizeof *y);
    to_float(count, x, a->in);
    for (size_t r = 0; r < count; r += PANEL) {
        cblas_sgemv(CblasRowMajor, CblasTrans, (int)least(PANEL, count - r), cols, 1, a->narrow + (from + r) * a->cols, cols,
                    a->in + r, 1, 0, a->out, 1);
        for (size_t j = 0; j < a->cols; j++) y[j] += alpha * (double)a->out[j];
    }
}

void mfac_gram(const mfac_matrix *a, size_t from, size_t count, double *gram)
{
    const size_t n = a->cols;
    mfac_spend(a->bill, count * n * (n + 1));
    if (a->wide) {
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)n, (int)count, 1, a->wide + from * n, (int)n, 0, gram, (int)n);
        return;
    }
    memset(gram, 0, n * n * sizeof *gram);
    for (size_t r = 0; r < count; r += PANEL) {
        cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, (int)n, (int)least(PANEL, count - r), 1, a->narrow + (from + r) * n,
                    (int)n, 0, a->square, (int)n);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++) gram[i * n + j] += (double)a->square[i * n + j];
    }
}

void mfac_apply(mfac_matrix *a, size_t from, size_t count, const double *lower)
{
    const int n = (int)a->cols;
    mfac_spend(a->bill, count * a->cols * a->cols);
    if (a->wide) {
        cblas_dtrmm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, (int)count, n, 1, lower, n,
                    a->wide + from * a->cols, n);
        return;
    }
    to_float(a->cols * a->cols, lower, a->square);
    cblas_strmm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, (int)count, n, 1, a->square, n,
                a->narrow + from * a->cols, n);
}

double mfac_row_dot(const mfac_matrix *a, size_t i, size_t j)
{
    const int n = (int)a->cols;
    mfac_spend(a->bill, 2 * a->cols);
    return a->wide ? cblas_ddot(n, a->wide + i * a->cols, 1, a->wide + j * a->cols, 1)
                   : cblas_dsdot(n, a->narrow + i * a->cols, 1, a->narrow + j * a->cols, 1);
}

cc_status mfac_cholesky(cc_run *run, size_t n, double *a, mfac_bill *bill)
{
    bill->flops += n * (n + 1) * (2 * n + 1) / 6;
    if (cc_potrf(n, a)) return cc_fail(run, CC_ENUMERIC, "m lambda I + G G' is not positive definite in floating point");
    return CC_OK;
}

void mfac_invert(size_t n, double *l, mfac_bill *bill)
{
    mfac_spend(bill, n * (n * n + 2) / 3);
    LAPACKE_dtrtri_work(LAPACK_COL_MAJOR, 'U', 'N', (int)n, l, (int)n);
}
