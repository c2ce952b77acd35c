/* algorithms/17_mfac/matrix.c: see mfac.h. A x with long rows is left to BLAS; with many short rows (U'), and A'x, it is done
 * here: memory bounds them, and several streams of rows are read faster than one. A float matrix is multiplied in float, by panels
 * or bundles of rows that are summed in double: half the traffic of a double matrix, and rounding that does not grow with the
 * length of a sum. */
#include <limits.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "algorithms/17_mfac/kernels.h"
#include "algorithms/17_mfac/mfac.h"
#include "harness/numerics/linalg.h"

enum { PANEL = 2048 };

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

/* A panel of rows, in double for mfac_gram whatever the matrix is, and a triangle that multiplies them. */
static cc_status tiles(cc_run *run, mfac_matrix *a)
{
    double *panel, *wide;
    float *narrow;
    CC_TRY(mfac_words(run, a->bill, mfac_panel_room(a->rows, a->cols, sizeof *panel), &panel));
    a->panel = panel;
    if (a->wide) {
        CC_TRY(mfac_words(run, a->bill, a->cols * mfac_padded(a->cols, sizeof *wide), &wide));
        a->right = wide;
    } else {
        CC_TRY(floats(run, a->bill, a->cols * mfac_padded(a->cols, sizeof *narrow), &narrow));
        a->right = narrow;
    }
    return CC_OK;
}

cc_status mfac_matrix_init(cc_run *run, mfac_matrix *a, size_t rows, size_t cols, mfac_storage storage, int factor, mfac_bill *bill)
{
    *a = (mfac_matrix){.rows = rows, .cols = cols, .bill = bill};
    if (rows > INT_MAX || cols > INT_MAX) return cc_fail(run, CC_EINVAL, "a matrix of %zu x %zu is too large", rows, cols);
    if (storage == MFAC_DOUBLE) {
        CC_TRY(mfac_words(run, bill, rows * cols, &a->wide));
    } else {
        CC_TRY(floats(run, bill, rows * cols, &a->narrow));
        CC_TRY(floats(run, bill, rows > cols ? rows : cols, &a->in));
        CC_TRY(floats(run, bill, rows > cols ? rows : cols, &a->out));
    }
    return factor ? tiles(run, a) : CC_OK;
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

void mfac_times(const mfac_matrix *a, size_t from, size_t count, double alpha, const double *x, int add, double *y)
{
    const int rows = (int)count, cols = (int)a->cols;
    const int tall = count > a->cols && a->cols <= PANEL; /* BLAS is made for longer rows */
    const size_t start = from * a->cols;
    mfac_spend(a->bill, 2 * count * a->cols);
    if (!add) memset(y, 0, count * sizeof *y);
    if (a->wide && tall) {
        mfac_dots(count, a->cols, alpha, a->wide + start, x, y);
        return;
    }
    if (a->wide) {
        cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, cols, alpha, a->wide + start, cols, x, 1, 1, y, 1);
        return;
    }
    to_float(a->cols, x, a->in);
    if (tall) {
        mfac_dots_narrow(count, a->cols, alpha, a->narrow + start, a->in, y);
        return;
    }
    for (size_t c = 0; c < a->cols; c += PANEL) {
        cblas_sgemv(CblasRowMajor, CblasNoTrans, rows, (int)least(PANEL, a->cols - c), 1, a->narrow + start + c, cols, a->in + c, 1,
                    0, a->out, 1);
        for (size_t i = 0; i < count; i++) y[i] += alpha * (double)a->out[i];
    }
}

void mfac_times_t(const mfac_matrix *a, size_t from, size_t count, double alpha, const double *x, int add, double *y)
{
    mfac_spend(a->bill, 2 * count * a->cols);
    if (!add) memset(y, 0, a->cols * sizeof *y);
    if (a->wide)
        mfac_sums(count, a->cols, alpha, a->wide + from * a->cols, x, y);
    else
        mfac_sums_narrow(count, a->cols, alpha, a->narrow + from * a->cols, x, y);
}

/* Columns called into cache after a panel of `count` that begins at `from`: as many, if there are */
static size_t ahead_of(size_t from, size_t count, size_t to) { return from + 2 * count <= to ? count : 0; }

void mfac_gram(mfac_matrix *a, size_t from, size_t count, const double *b, double *gram)
{
    const size_t n = a->cols, to = from + count;
    mfac_spend(a->bill, count * n * (n + 1));
    memset(gram, 0, n * n * sizeof *gram);
    for (size_t r = from; r < to; r += MFAC_PANEL) {
        const size_t some = least(MFAC_PANEL, to - r);
        mfac_panel(n, some, a->rows, ahead_of(r, some, to), b + r, a->panel);
        mfac_gram_panel(n, some, a->panel, gram);
    }
}

/* lower', in whole tiles */
static void take_right(const mfac_matrix *a, const double *lower)
{
    const size_t n = a->cols, padded = mfac_padded(n, a->wide ? sizeof(double) : sizeof(float));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            if (a->wide)
                ((double *)a->right)[j * padded + i] = lower[i * n + j];
            else
                ((float *)a->right)[j * padded + i] = (float)lower[i * n + j];
        }
}

void mfac_apply(mfac_matrix *a, size_t from, size_t count, const double *b, const double *lower)
{
    const size_t n = a->cols, to = from + count;
    mfac_spend(a->bill, count * n * n);
    take_right(a, lower);
    for (size_t r = from; r < to; r += MFAC_PANEL) {
        const size_t some = least(MFAC_PANEL, to - r);
        const size_t ahead = ahead_of(r, some, to);
        if (a->wide) {
            mfac_panel(n, some, a->rows, ahead, b + r, a->panel);
            mfac_apply_panel(n, some, a->panel, a->right, a->wide + r * n);
        } else {
            mfac_panel_narrow(n, some, a->rows, ahead, b + r, a->panel);
            mfac_apply_panel_narrow(n, some, a->panel, a->right, a->narrow + r * n);
        }
    }
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
