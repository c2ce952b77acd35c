/* grid.c: see baselines.h. */
#include <math.h>

#include "baselines.h"

size_t ds_opt_grid(double least, double most, size_t k, size_t room, double *guess)
{
    const double span = (double)k * most / least, steps = ceil(log(span) / log(1.3) - 1e-6);
    const size_t n = (size_t)steps;
    for (size_t i = 0; i <= n && i < room; i++) guess[i] = n ? least * pow(span, (double)i / (double)n) : least;
    return n + 1;
}
