/* Row-major wrappers: a row-major matrix is the transpose of a column-major one, so that no LAPACK call copies. */
#include <math.h>
#include <stdlib.h>

#include <cblas.h>
#include <lapacke.h>

#include "harness/numerics/linalg.h"

static int dim(size_t n) { return (int)n; }

double cc_dot(size_t n, const double *x, const double *y)
{
    cc_flops(2 * n);
    return cblas_ddot(dim(n), x, 1, y, 1);
}

double cc_norm(size_t n, const double *x)
{
    cc_flops(2 * n);
    return cblas_dnrm2(dim(n), x, 1);
}

void cc_axpy(size_t n, double a, const double *x, double *y)
{
    cc_flops(2 * n);
    cblas_daxpy(dim(n), a, x, 1, y, 1);
}

void cc_scale(size_t n, double a, double *x)
{
    cc_flops(n);
    cblas_dscal(dim(n), a, x, 1);
}

void cc_copy(size_t n, const double *x, double *y) { cblas_dcopy(dim(n), x, 1, y, 1); }

void cc_gemv(size_t m, size_t n, double alpha, const double *a, const double *x, double beta, double *y)
{
    cc_flops(2 * m * n);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, dim(m), dim(n), alpha, a, dim(n), x, 1, beta, y, 1);
}

void cc_gemv_t(size_t m, size_t n, double alpha, const double *a, const double *x, double beta, double *y)
{
    cc_flops(2 * m * n);
    cblas_dgemv(CblasRowMajor, CblasTrans, dim(m), dim(n), alpha, a, dim(n), x, 1, beta, y, 1);
}

void cc_ger(size_t m, size_t n, double alpha, const double *x, const double *y, double *a)
{
    cc_flops(2 * m * n);
    cblas_dger(CblasRowMajor, dim(m), dim(n), alpha, x, 1, y, 1, a, dim(n));
}

void cc_symv(size_t n, double alpha, const double *a, const double *x, double beta, double *y)
{
    cc_flops(2 * n * n);
    cblas_dsymv(CblasRowMajor, CblasLower, dim(n), alpha, a, dim(n), x, 1, beta, y, 1);
}

void cc_gemm(int trans_a, int trans_b, size_t m, size_t n, size_t k, double alpha, const double *a, const double *b, double beta,
             double *c)
{
    cc_flops(2 * m * n * k);
    cblas_dgemm(CblasRowMajor, trans_a ? CblasTrans : CblasNoTrans, trans_b ? CblasTrans : CblasNoTrans, dim(m), dim(n), dim(k),
                alpha, a, dim(trans_a ? m : k), b, dim(trans_b ? k : n), beta, c, dim(n));
}

void cc_syrk_t(size_t m, size_t n, double alpha, const double *a, double beta, double *c)
{
    cc_flops(m * n * (n + 1));
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, dim(n), dim(m), alpha, a, dim(n), beta, c, dim(n));
}

void cc_syr(size_t n, double alpha, const double *x, double *c)
{
    cc_flops(n * (n + 1));
    cblas_dsyr(CblasRowMajor, CblasLower, dim(n), alpha, x, 1, c, dim(n));
}

void cc_fill_upper(size_t n, double *c)
{
    enum { TILE = 32 }; /* both triangles of a tile stay in the first cache */
    for (size_t ib = 0; ib < n; ib += TILE)
        for (size_t jb = 0; jb <= ib; jb += TILE)
            for (size_t i = ib; i < ib + TILE && i < n; i++)
                for (size_t j = jb; j < jb + TILE && j < i; j++) c[j * n + i] = c[i * n + j];
}

int cc_potrf(size_t n, double *a)
{
    cc_flops(n * n * n / 3);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(a[i * n + i])) return -1;
    return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', dim(n), a, dim(n));
}

void cc_potrs(size_t n, const double *l, double *b)
{
    cc_trsv(n, l, 0, b);
    cc_trsv(n, l, 1, b);
}

void cc_trsv(size_t n, const double *l, int transpose, double *b)
{
    cc_flops(n * n);
    cblas_dtrsv(CblasRowMajor, CblasLower, transpose ? CblasTrans : CblasNoTrans, CblasNonUnit, dim(n), l, dim(n), b, 1);
}

int cc_getrf(size_t n, double *a, int *pivots)
{
    cc_flops(2 * n * n * n / 3);
    return LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, dim(n), dim(n), a, dim(n), pivots);
}

void cc_getrs(size_t n, const double *lu, const int *pivots, double *b)
{
    cc_flops(2 * n * n);
    LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, 'T', dim(n), 1, lu, dim(n), pivots, b, dim(n)); /* the factors are those of A' */
}

int cc_syev(size_t n, double *a, int vectors, double *w)
{
    cc_flops((vectors ? 9 : 4) * n * n * n / (vectors ? 1 : 3));
    return LAPACKE_dsyevd(LAPACK_COL_MAJOR, vectors ? 'V' : 'N', 'U', dim(n), a, dim(n), w);
}

int cc_svdvals(size_t m, size_t n, double *a, double *s)
{
    cc_flops(4 * m * n * (m < n ? m : n));
    return LAPACKE_dgesdd(LAPACK_COL_MAJOR, 'N', dim(n), dim(m), a, dim(n), s, NULL, 1, NULL, 1);
}

int cc_geev(size_t n, double *a, double *real, double *imaginary)
{
    cc_flops(10 * n * n * n);
    return LAPACKE_dgeev(LAPACK_ROW_MAJOR, 'N', 'N', dim(n), a, dim(n), real, imaginary, NULL, 1, NULL, 1);
}

int cc_lstsq(size_t m, size_t n, double *a, double *b)
{
    cc_flops(2 * m * n * n);
    return LAPACKE_dgels(LAPACK_ROW_MAJOR, 'N', dim(m), dim(n), 1, a, dim(n), b, 1);
}
