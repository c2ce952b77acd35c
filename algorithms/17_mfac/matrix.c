/* algorithms/17_mfac/matrix.c: see mfac.h. A x with long rows is left to BLAS; with many short rows (U'), and A'x, it is done
 * here: memory bounds them, and several streams of rows are read faster than one. A float matrix is multiplied in float, by panels
 * or bundles of rows that are summed in double: half the traffic of a double matrix, and rounding that does not grow with the
 * length of a sum. */
#include <limits.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "algorithms/17_mfac/mfac.h"
#include "harness/numerics/linalg.h"

/* A tile of a transposition reads long runs and writes whole cache lines. CACHED rows stay in a core's cache. */
enum { PANEL = 2048, CACHED = 512, TILE_ROWS = 256, TILE_COLS = 8 };
enum { BUNDLE = 8 };

typedef double wide_lanes __attribute__((vector_size(64), aligned(8), may_alias));
typedef float narrow_lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef float half_lanes __attribute__((vector_size(32), aligned(4), may_alias));
typedef float quarter_lanes __attribute__((vector_size(16), aligned(4), may_alias));

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

/* Rows from .. from + count of A = B' */
static void fill_t(mfac_matrix *a, size_t from, size_t count, const double *b)
{
    const size_t to = from + count;
    for (size_t ib = from; ib < to; ib += TILE_ROWS)
        for (size_t jb = 0; jb < a->cols; jb += TILE_COLS)
            for (size_t i = ib; i < least(ib + TILE_ROWS, to); i++)
                for (size_t j = jb; j < least(jb + TILE_COLS, a->cols); j++) {
                    if (a->wide)
                        a->wide[i * a->cols + j] = b[j * a->rows + i];
                    else
                        a->narrow[i * a->cols + j] = (float)b[j * a->rows + i];
                }
}

/* y += alpha A x, four rows at once, far apart. */
static void dot_rows(size_t rows, size_t cols, double alpha, const double *a, const double *x, double *y)
{
    const size_t apart = rows / 4, n = apart * cols, even = cols - cols % 8;
    for (size_t i = 0; i < apart; i++) {
        const double *r = a + i * cols;
        wide_lanes s[4] = {{0}, {0}, {0}, {0}};
        for (size_t k = 0; k < even; k += 8) {
            const wide_lanes c = *(const wide_lanes *)(x + k);
            s[0] += c * *(const wide_lanes *)(r + k);
            s[1] += c * *(const wide_lanes *)(r + n + k);
            s[2] += c * *(const wide_lanes *)(r + 2 * n + k);
            s[3] += c * *(const wide_lanes *)(r + 3 * n + k);
        }
        for (size_t h = 0; h < 4; h++) {
            double sum = ((s[h][0] + s[h][4]) + (s[h][2] + s[h][6])) + ((s[h][1] + s[h][5]) + (s[h][3] + s[h][7]));
            for (size_t k = even; k < cols; k++) sum += x[k] * r[h * n + k];
            y[i + h * apart] += alpha * sum;
        }
    }
    for (size_t i = 4 * apart; i < rows; i++) y[i] += alpha * cblas_ddot((int)cols, a + i * cols, 1, x, 1);
}

static double narrow_sum(const narrow_lanes *s)
{
    const half_lanes *h = (const half_lanes *)s, half = h[0] + h[1];
    const quarter_lanes *q = (const quarter_lanes *)&half, sum = q[0] + q[1];
    return (double)((sum[0] + sum[2]) + (sum[1] + sum[3]));
}

/* The same in float, rows of at most PANEL entries. */
static void dot_narrow_rows(size_t rows, size_t cols, double alpha, const float *a, const float *x, double *y)
{
    const size_t apart = rows / 4, n = apart * cols, even = cols - cols % 16;
    for (size_t i = 0; i < apart; i++) {
        const float *r = a + i * cols;
        narrow_lanes s[4] = {{0}, {0}, {0}, {0}};
        for (size_t k = 0; k < even; k += 16) {
            const narrow_lanes c = *(const narrow_lanes *)(x + k);
            s[0] += c * *(const narrow_lanes *)(r + k);
            s[1] += c * *(const narrow_lanes *)(r + n + k);
            s[2] += c * *(const narrow_lanes *)(r + 2 * n + k);
            s[3] += c * *(const narrow_lanes *)(r + 3 * n + k);
        }
        for (size_t h = 0; h < 4; h++) {
            double sum = narrow_sum(&s[h]);
            for (size_t k = even; k < cols; k++) sum += (double)(x[k] * r[h * n + k]);
            y[i + h * apart] += alpha * sum;
        }
    }
    for (size_t i = 4 * apart; i < rows; i++) y[i] += alpha * cblas_dsdot((int)cols, a + i * cols, 1, x, 1);
}

void mfac_times(const mfac_matrix *a, size_t from, size_t count, double alpha, const double *x, int add, double *y)
{
    const int rows = (int)count, cols = (int)a->cols;
    const int tall = count > a->cols && a->cols <= PANEL; /* BLAS is made for longer rows */
    const size_t start = from * a->cols;
    mfac_spend(a->bill, 2 * count * a->cols);
    if (!add) memset(y, 0, count * sizeof *y);
    if (a->wide && tall) {
        dot_rows(count, a->cols, alpha, a->wide + start, x, y);
        return;
    }
    if (a->wide) {
        cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, cols, alpha, a->wide + start, cols, x, 1, 1, y, 1);
        return;
    }
    to_float(a->cols, x, a->in);
    if (tall) {
        dot_narrow_rows(count, a->cols, alpha, a->narrow + start, a->in, y);
        return;
    }
    for (size_t c = 0; c < a->cols; c += PANEL) {
        cblas_sgemv(CblasRowMajor, CblasNoTrans, rows, (int)least(PANEL, a->cols - c), 1, a->narrow + start + c, cols, a->in + c, 1,
                    0, a->out, 1);
        for (size_t i = 0; i < count; i++) y[i] += alpha * (double)a->out[i];
    }
}

/* y += alpha A'x, a bundle of rows at once, so that y is read and written an eighth as often; the rows of a bundle lie far apart,
 * since memory is faster with several streams than with one. OpenBLAS 0.3.21 takes up to 1.6 times as long. */
static void add_rows(size_t rows, size_t cols, double alpha, const double *a, const double *x, double *restrict y)
{
    const size_t apart = rows / BUNDLE, n = apart * cols;
    for (size_t i = 0; i < apart; i++) {
        const double *r = a + i * cols, *s = r + 4 * n;
        double c[BUNDLE];
        for (size_t k = 0; k < BUNDLE; k++) c[k] = alpha * x[i + k * apart];
        for (size_t j = 0; j < cols; j++)
            y[j] += ((c[0] * r[j] + c[1] * r[n + j]) + (c[2] * r[2 * n + j] + c[3] * r[3 * n + j])) +
                    ((c[4] * s[j] + c[5] * s[n + j]) + (c[6] * s[2 * n + j] + c[7] * s[3 * n + j]));
    }
    for (size_t i = BUNDLE * apart; i < rows; i++)
        for (size_t j = 0; j < cols; j++) y[j] += alpha * x[i] * a[i * cols + j];
}

/* The same in float; the sums of bundles are summed in double. */
static void add_narrow_rows(size_t rows, size_t cols, double alpha, const float *a, const double *x, double *restrict y)
{
    const size_t apart = rows / BUNDLE, n = apart * cols;
    for (size_t i = 0; i < apart; i++) {
        const float *r = a + i * cols, *s = r + 4 * n;
        float c[BUNDLE];
        for (size_t k = 0; k < BUNDLE; k++) c[k] = (float)(alpha * x[i + k * apart]);
        for (size_t j = 0; j < cols; j++)
            y[j] += (double)(((c[0] * r[j] + c[1] * r[n + j]) + (c[2] * r[2 * n + j] + c[3] * r[3 * n + j])) +
                             ((c[4] * s[j] + c[5] * s[n + j]) + (c[6] * s[2 * n + j] + c[7] * s[3 * n + j])));
    }
    for (size_t i = BUNDLE * apart; i < rows; i++)
        for (size_t j = 0; j < cols; j++) y[j] += alpha * x[i] * (double)a[i * cols + j];
}

void mfac_times_t(const mfac_matrix *a, size_t from, size_t count, double alpha, const double *x, int add, double *y)
{
    mfac_spend(a->bill, 2 * count * a->cols);
    if (!add) memset(y, 0, a->cols * sizeof *y);
    if (a->wide)
        add_rows(count, a->cols, alpha, a->wide + from * a->cols, x, y);
    else
        add_narrow_rows(count, a->cols, alpha, a->narrow + from * a->cols, x, y);
}

void mfac_gram(mfac_matrix *a, size_t from, size_t count, const double *b, double *gram)
{
    const size_t n = a->cols;
    mfac_spend(a->bill, count * n * (n + 1));
    if (a->wide) {
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, (int)n, (int)count, 1, b + from, (int)a->rows, 0, gram, (int)n);
        return;
    }
    memset(gram, 0, n * n * sizeof *gram);
    for (size_t r = from; r < from + count; r += PANEL) {
        const size_t panel = least(PANEL, from + count - r);
        fill_t(a, r, panel, b);
        cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, (int)n, (int)panel, 1, a->narrow + r * n, (int)n, 0, a->square, (int)n);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++) gram[i * n + j] += (double)a->square[i * n + j];
    }
}

void mfac_apply(mfac_matrix *a, size_t from, size_t count, const double *b, const double *lower)
{
    const int n = (int)a->cols;
    mfac_spend(a->bill, count * a->cols * a->cols);
    if (!a->wide) to_float(a->cols * a->cols, lower, a->square);
    for (size_t r = from; r < from + count; r += CACHED) {
        const size_t panel = least(CACHED, from + count - r), at = r * a->cols;
        if (a->wide) fill_t(a, r, panel, b); /* floats are there since mfac_gram */
        if (a->wide)
            cblas_dtrmm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, (int)panel, n, 1, lower, n, a->wide + at,
                        n);
        else
            cblas_strmm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, (int)panel, n, 1, a->square, n,
                        a->narrow + at, n);
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
