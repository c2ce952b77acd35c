#include "problems/finsum_op/sweep.h"

#include <string.h>

enum { LANES = 8 }; /* independent partial sums: the compiler may not reorder one floating-point sum by itself */

static double total(const double *s)
{
    double sum = 0;
    for (size_t l = 0; l < LANES; l++) sum += s[l];
    return sum;
}

/* Four rows at a time: the vectors are then read and written a quarter as often. */
static void four_rows(size_t n, const double *restrict a, const double *restrict x, const double *restrict y, double *restrict aty,
                      double *restrict ax)
{
    const double *restrict r0 = a, *restrict r1 = r0 + n, *restrict r2 = r1 + n, *restrict r3 = r2 + n;
    double s0[LANES] = {0}, s1[LANES] = {0}, s2[LANES] = {0}, s3[LANES] = {0};
    size_t j = 0;
    for (; j + LANES <= n; j += LANES)
        for (size_t l = 0; l < LANES; l++) {
            const double v = x[j + l];
            s0[l] += r0[j + l] * v, s1[l] += r1[j + l] * v, s2[l] += r2[j + l] * v, s3[l] += r3[j + l] * v;
            aty[j + l] += (y[0] * r0[j + l] + y[1] * r1[j + l]) + (y[2] * r2[j + l] + y[3] * r3[j + l]);
        }
    for (; j < n; j++) {
        s0[0] += r0[j] * x[j], s1[0] += r1[j] * x[j], s2[0] += r2[j] * x[j], s3[0] += r3[j] * x[j];
        aty[j] += (y[0] * r0[j] + y[1] * r1[j]) + (y[2] * r2[j] + y[3] * r3[j]);
    }
    ax[0] = total(s0), ax[1] = total(s1), ax[2] = total(s2), ax[3] = total(s3);
}

void finsum_sweep(size_t n, const double *a, const double *x, const double *y, double *aty, double *ax)
{
    size_t i = 0;
    memset(aty, 0, n * sizeof *aty);
    for (; i + 4 <= n; i += 4) four_rows(n, a + i * n, x, y + i, aty, ax + i);
    for (; i < n; i++) {
        ax[i] = 0;
        for (size_t j = 0; j < n; j++) {
            ax[i] += a[i * n + j] * x[j];
            aty[j] += y[i] * a[i * n + j];
        }
    }
}
