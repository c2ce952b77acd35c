/* algorithms/18_hessian_spectrum/spectrum.c: what is read off a list of eigenvalues. */
#include <math.h>
#include <stdlib.h>

#include "algorithms/18_hessian_spectrum/hessian.h"

hessian_counts hessian_count(size_t n, const double *lambda)
{
    const double top = lambda[n - 1];
    hessian_counts c = {.top = top, .bottom = lambda[0] / top};
    for (size_t i = 0; i < n; i++) {
        c.large += lambda[i] > .05 * top;
        c.flat += (fabs(lambda[i]) < 1e-3 * top) / (double)n;
        c.negative += (lambda[i] < -1e-9) / (double)n;
    }
    return c;
}

size_t hessian_outliers(size_t n, const double *lambda, size_t most, double *gap)
{
    size_t best = 0;
    *gap = 0;
    for (size_t j = 1; j <= most && j < n && lambda[n - 1 - j] > 0; j++)
        if (lambda[n - j] / lambda[n - 1 - j] > *gap) *gap = lambda[n - j] / lambda[n - 1 - j], best = j;
    return best;
}

static int descending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

double hessian_beyond(size_t n, const double *lambda, size_t rank, double *work)
{
    if (rank >= n) return NAN;
    for (size_t i = 0; i < n; i++) work[i] = fabs(lambda[i]);
    qsort(work, n, sizeof *work, descending);
    return work[rank] / work[0];
}

/* The density is proportional to sqrt((b - x)(x - a)) / x on [a, b] = (1 -+ sqrt ratio)^2. With x = c - r cos(t) the mass up to t
 * is the integral of sin^2 / (c - r cos), whose integrand is smooth: by the midpoint rule, on more pieces than there are values. */
double hessian_marchenko_pastur(double ratio, size_t n, const double *lambda)
{
    enum { PIECES = 8192 };
    const double c = 1 + ratio, r = 2 * sqrt(ratio), step = acos(-1) / PIECES;
    double whole = 0, mass = 0, worst = 0;
    for (int k = 0; k < PIECES; k++) {
        const double t = (k + .5) * step;
        whole += pow(sin(t), 2) / (c - r * cos(t));
    }
    size_t i = 0;
    for (int k = 0; k <= PIECES; k++) { /* `mass` lies below c - r cos(k step); what is beyond the last piece has all of it below */
        const double t = (k + .5) * step, x = k < PIECES ? c - r * cos(t) : INFINITY;
        for (; i < n && lambda[i] <= x; i++) {
            const double at = mass / whole;
            worst = fmax(worst, fmax(fabs((double)(i + 1) / (double)n - at), fabs((double)i / (double)n - at)));
        }
        mass += pow(sin(t), 2) / (c - r * cos(t));
    }
    return worst;
}
