/* problems/online/variates.c: see variates.h. */
#include "problems/online/variates.h"

#include <math.h>

double online_gamma(cc_rng *rng, double shape)
{
    if (shape < 1) return online_gamma(rng, shape + 1) * pow(1 - cc_uniform(rng), 1 / shape);
    const double d = shape - 1. / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double normal;
        cc_normal(rng, 1, &normal);
        const double v = pow(1 + c * normal, 3);
        if (v <= 0) continue;
        if (log(1 - cc_uniform(rng)) < normal * normal / 2 + d - d * v + d * log(v)) return d * v;
    }
}

double online_beta(cc_rng *rng, double a, double b)
{
    const double x = online_gamma(rng, a), y = online_gamma(rng, b);
    return x / (x + y);
}

void online_truncated_normal(cc_rng *rng, size_t n, double *x)
{
    for (double norm2 = INFINITY; norm2 > (double)n;) {
        cc_normal(rng, n, x);
        norm2 = 0;
        for (size_t i = 0; i < n; i++) norm2 += x[i] * x[i];
    }
}
