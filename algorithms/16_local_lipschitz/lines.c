/* lines.c: the two inner loops. Branch-free, with as many partial sums as a vector register holds, so that the order of additions
 * is fixed and the compiler need not be allowed to change it. */
#include "lipschitz.h"

enum { LANES = 8 };

static double total(const double sum[LANES])
{
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

double lip_relax(size_t m, const double *a, double sign, lip_lines lines, double *out)
{
    double sum[LANES] = {0};
    size_t j = 0;
    for (; j + LANES <= m; j += LANES)
        for (size_t k = 0; k < LANES; k++) {
            const double x = sign * a[j + k];
            const double pu = lines.pu[j + k], pl = lines.pl[j + k], qu = lines.qu[j + k], ql = lines.ql[j + k];
            sum[k] += x * (x > 0 ? qu : ql);
            out[j + k] = x * (x > 0 ? pu : pl);
        }
    for (; j < m; j++) {
        const double x = sign * a[j];
        sum[j % LANES] += x * (x > 0 ? lines.qu[j] : lines.ql[j]);
        out[j] = x * (x > 0 ? lines.pu[j] : lines.pl[j]);
    }
    return total(sum);
}

double lip_concretise(size_t m, const double *a, double sign, const double *low, const double *high)
{
    double sum[LANES] = {0};
    size_t j = 0;
    for (; j + LANES <= m; j += LANES)
        for (size_t k = 0; k < LANES; k++) {
            const double x = sign * a[j + k], l = low[j + k], h = high[j + k];
            sum[k] += x * (x > 0 ? h : l);
        }
    for (; j < m; j++) {
        const double x = sign * a[j];
        sum[j % LANES] += x * (x > 0 ? high[j] : low[j]);
    }
    return total(sum);
}
