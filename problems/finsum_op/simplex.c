#include "problems/finsum_op/simplex.h"

#include <math.h>

enum { LANES = 8 }; /* independent partial sums: the compiler may not reorder one floating-point sum by itself */

/* Number and sum of the entries above tau. */
static size_t above(size_t n, const double *y, double tau, double *sum)
{
    double s[LANES] = {0}, c[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t l = 0; l < LANES; l++) {
            const double v = y[i + l];
            s[l] += v > tau ? v : 0;
            c[l] += v > tau ? 1 : 0;
        }
    for (; i < n; i++) {
        s[0] += y[i] > tau ? y[i] : 0;
        c[0] += y[i] > tau ? 1 : 0;
    }
    *sum = ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
    return (size_t)(((c[0] + c[4]) + (c[1] + c[5])) + ((c[2] + c[6]) + (c[3] + c[7])));
}

void finsum_simplex(size_t n, const double *y, double *x, double *tau)
{
    double sum, t = *tau;
    size_t count = isfinite(t) ? above(n, y, t, &sum) : 0;
    if (count == 0) count = above(n, y, -INFINITY, &sum); /* all entries */
    t = (sum - 1) / (double)count;
    for (size_t before = 0; count != before && count > 0;) {
        before = count;
        count = above(n, y, t, &sum);
        if (count > 0) t = (sum - 1) / (double)count;
    }
    for (size_t i = 0; i < n; i++) x[i] = y[i] <= t ? 0 : y[i] - t; /* not a number stays so */
    *tau = t;
}
