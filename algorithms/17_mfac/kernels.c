/* algorithms/17_mfac/kernels.c: see kernels.h. In double; kernels_float.c includes it to have the same in float.
 *
 * Products with a vector are bound by memory, which is faster with several streams of rows than with one: rows that are read at
 * once lie far apart. Products with small triangular matrices are bound by arithmetic: a tile of 6 rows and two vectors of columns
 * is summed in registers, and of a triangle no more is computed than the tiles it meets. A general matrix product computes twice as
 * much, or packs what a panel has ready. */
#include "algorithms/17_mfac/kernels.h"

#include <string.h>

#ifdef MFAC_NARROW
typedef float real;
#define NAME(name) name##_narrow
#define SHUFFLED(a, b, i, j, k, l)                                                                                                 \
    __builtin_shufflevector(a, b, i, j, k, l, i + 4, j + 4, k + 4, l + 4, i + 8, j + 8, k + 8, l + 8, i + 12, j + 12, k + 12,      \
                            l + 12)
#else
typedef double real;
#define NAME(name) name
#define SHUFFLED(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l, i + 4, j + 4, k + 4, l + 4)
#endif

#ifdef __AVX512F__
enum { STRIP_BYTES = 64 };
#else
enum { STRIP_BYTES = 32 };
#endif
enum { STREAMS = 4, BUNDLE = 8, LANES = 64 / sizeof(real), STRIP = STRIP_BYTES / sizeof(real), TILE = MFAC_TILE, LINE = 8 };

typedef real lanes __attribute__((vector_size(64), aligned(sizeof(real)), may_alias));
typedef real strip __attribute__((vector_size(STRIP_BYTES), aligned(sizeof(real)), may_alias));
typedef real quad __attribute__((vector_size(4 * sizeof(real)), aligned(sizeof(real)), may_alias));
typedef double totals __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));

/* The sums of four vectors. */
static inline quad four_sums(const lanes *s)
{
    const lanes ab = SHUFFLED(s[0], s[1], 0, LANES, 2, LANES + 2) + SHUFFLED(s[0], s[1], 1, LANES + 1, 3, LANES + 3);
    const lanes cd = SHUFFLED(s[2], s[3], 0, LANES, 2, LANES + 2) + SHUFFLED(s[2], s[3], 1, LANES + 1, 3, LANES + 3);
    const lanes all = SHUFFLED(ab, cd, 0, 1, LANES, LANES + 1) + SHUFFLED(ab, cd, 2, 3, LANES + 2, LANES + 3);
    const quad *q = (const quad *)&all;
    return LANES == 8 ? q[0] + q[1] : (q[0] + q[1]) + (q[LANES / 4 - 2] + q[LANES / 4 - 1]);
}

void NAME(mfac_dots)(size_t rows, size_t cols, double alpha, const real *a, const real *x, double *y)
{
    const size_t apart = rows / STREAMS, n = apart * cols, even = cols - cols % LANES;
    for (size_t i = 0; i < apart; i++) {
        const real *r = a + i * cols;
        lanes s[STREAMS] = {{0}, {0}, {0}, {0}};
        for (size_t k = 0; k < even; k += LANES) {
            const lanes c = *(const lanes *)(x + k);
            for (size_t h = 0; h < STREAMS; h++) s[h] += c * *(const lanes *)(r + h * n + k);
        }
        quad sum = four_sums(s);
        for (size_t k = even; k < cols; k++)
            for (size_t h = 0; h < STREAMS; h++) sum[h] += x[k] * r[h * n + k];
        for (size_t h = 0; h < STREAMS; h++) y[i + h * apart] += alpha * (double)sum[h];
    }
    for (size_t i = STREAMS * apart; i < rows; i++) {
        double sum = 0;
        for (size_t k = 0; k < cols; k++) sum += (double)x[k] * (double)a[i * cols + k];
        y[i] += alpha * sum;
    }
}

/* y is read and written once for eight rows. */
void NAME(mfac_sums)(size_t rows, size_t cols, double alpha, const real *a, const double *x, double *y)
{
    const size_t apart = rows / BUNDLE, n = apart * cols, even = cols - cols % LANES;
    for (size_t i = 0; i < apart; i++) {
        const real *r = a + i * cols, *s = r + 4 * n;
        real c[BUNDLE];
        for (size_t h = 0; h < BUNDLE; h++) c[h] = (real)(alpha * x[i + h * apart]);
        for (size_t j = 0; j < even; j += LANES) {
            const lanes some = (c[0] * *(const lanes *)(r + j) + c[1] * *(const lanes *)(r + n + j)) +
                               (c[2] * *(const lanes *)(r + 2 * n + j) + c[3] * *(const lanes *)(r + 3 * n + j));
            const lanes more = (c[4] * *(const lanes *)(s + j) + c[5] * *(const lanes *)(s + n + j)) +
                               (c[6] * *(const lanes *)(s + 2 * n + j) + c[7] * *(const lanes *)(s + 3 * n + j));
            *(totals *)(y + j) += __builtin_convertvector(some + more, totals);
        }
        for (size_t j = even; j < cols; j++)
            for (size_t h = 0; h < BUNDLE; h++) y[j] += (double)(c[h] * r[h * n + j]);
    }
    for (size_t i = BUNDLE * apart; i < rows; i++)
        for (size_t j = 0; j < cols; j++) y[j] += alpha * x[i] * (double)a[i * cols + j];
}

/* By squares of a line of memory. */
void NAME(mfac_panel)(size_t cols, size_t count, size_t stride, size_t ahead, const double *b, real *panel)
{
    const size_t padded = mfac_padded(cols, sizeof(real));
    for (size_t jb = 0; jb < cols; jb += LINE)
        for (size_t i = 0; i < count; i += LINE)
            for (size_t j = jb; j < jb + LINE && j < cols; j++) {
                const double *line = b + j * stride + i;
                real *out = panel + i * padded + j;
                if (ahead) __builtin_prefetch(line + ahead, 0, 2);
                if (i + LINE <= count)
                    for (size_t h = 0; h < LINE; h++) out[h * padded] = (real)line[h];
                else
                    for (size_t h = 0; h < count - i; h++) out[h * padded] = (real)line[h];
            }
}

#ifndef MFAC_NARROW
void mfac_gram_panel(size_t cols, size_t count, const double *panel, double *gram)
{
    const size_t padded = mfac_padded(cols, sizeof(double));
    for (size_t j = 0; j < cols; j += 2 * STRIP)
        for (size_t i = j; i < cols; i += TILE) {
            strip s[TILE][2] = {{{0}}};
            for (size_t k = 0; k < count; k++) {
                const double *x = panel + k * padded + i;
                const strip p = *(const strip *)(panel + k * padded + j), q = *(const strip *)(panel + k * padded + j + STRIP);
                for (size_t h = 0; h < TILE; h++) s[h][0] += x[h] * p, s[h][1] += x[h] * q;
            }
            for (size_t h = 0; h < TILE && i + h < cols; h++) {
                const double *sums = (const double *)s[h];
                double *row = gram + (i + h) * cols + j;
                const size_t below = i + h + 1 - j, length = below < 2 * STRIP ? below : 2 * STRIP;
                for (size_t l = 0; l < length; l++) row[l] += sums[l];
            }
        }
}
#endif

void NAME(mfac_apply_panel)(size_t cols, size_t count, const real *panel, const real *right, real *out)
{
    const size_t padded = mfac_padded(cols, sizeof(real));
    for (size_t i = 0; i < cols; i += 2 * STRIP)
        for (size_t c = 0; c < count; c += TILE) {
            const size_t end = i + 2 * STRIP < cols ? i + 2 * STRIP : cols;
            strip s[TILE][2] = {{{0}}};
            if (!i) /* the next rows, which are written to for the first time */
                for (size_t k = 0; k < TILE * cols; k += LANES) __builtin_prefetch(out + (c + TILE) * cols + k, 1, 2);
            for (size_t j = 0; j < end; j++) {
                const real *x = panel + c * padded + j;
                const strip p = *(const strip *)(right + j * padded + i), q = *(const strip *)(right + j * padded + i + STRIP);
                for (size_t h = 0; h < TILE; h++) s[h][0] += x[h * padded] * p, s[h][1] += x[h * padded] * q;
            }
            for (size_t h = 0; h < TILE && c + h < count; h++) {
                real *at = out + (c + h) * cols + i;
                if (i + 2 * STRIP == end)
                    *(strip *)at = s[h][0], *(strip *)(at + STRIP) = s[h][1];
                else
                    memcpy(at, s[h], (end - i) * sizeof *at);
            }
        }
}
