/* guess.c: which guesses of the optimum an element matters for, and how many draws the analysis asks for. */
#include <math.h>

#include "submodular.h"

ds_range ds_guesses(double single, double eps, size_t k)
{
    const double base = log1p(eps);
    return (ds_range){.low = (long)ceil(log(single) / base - 1 - 1e-9),
                      .high = (long)floor(log(2 * (double)k * single) / base + 1e-9)};
}

/* 16 ceil(ln(2/delta) / eps^2), delta = 1 / (n k) */
double ds_samples_in_theory(double eps, size_t n, size_t k) { return 16 * ceil(log(2 * (double)n * (double)k) / (eps * eps)); }
