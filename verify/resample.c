/* verify/resample.c: the counter-based generator and the bootstrap of a studentised mean. */
#include "verify/resample.h"

#include "verify/sort.h"

#include <math.h>

/* Two rounds of a 64-bit finaliser over the counter, keyed before each (the SplitMix64 mixing constants). */
uint64_t cc_hash_bits(uint64_t key, uint64_t counter)
{
    uint64_t z = counter * 0x9e3779b97f4a7c15u + key;
    for (int round = 0; round < 2; round++) {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z = (z ^ (z >> 31)) + key;
    }
    return z;
}

double cc_hash_uniform(uint64_t key, uint64_t counter) { return (double)(cc_hash_bits(key, counter) >> 11) * 0x1p-53; }

static size_t drawn(size_t n, uint64_t counter) { return ((cc_hash_bits(0x5bd1e995u, counter) >> 32) * n) >> 32; }

/* The draws depend on n and their number alone. Judging a statistic at hundreds of x asks for the same ones every time: the last
 * are kept, and half of the cost is saved. */
enum { KEPT_DRAWS = 1 << 17 };
static const uint16_t *kept_draws(size_t n, unsigned resamples)
{
    static _Thread_local uint16_t kept[KEPT_DRAWS];
    static _Thread_local size_t kept_n, filled;
    size_t wanted = n * resamples;
    if (n > UINT16_MAX || resamples == 0 || wanted / resamples != n || wanted > KEPT_DRAWS) return NULL;
    if (kept_n != n) kept_n = n, filled = 0;
    for (; filled < wanted; filled++) kept[filled] = (uint16_t)drawn(n, filled);
    return kept;
}

/* The mean of m deviations over its standard error. */
static double studentised(double sum, double squares, double m)
{
    double variance = (squares - sum * sum / m) / (m - 1), shift = sum / m;
    if (variance > squares * 1e-24) return shift / sqrt(variance / m);
    return shift == 0 ? 0 : shift > 0 ? INFINITY : -INFINITY;
}

void cc_bootstrap_t(const double *value, size_t n, unsigned resamples, double *t)
{
    double mean = cc_mean(value, n);
    const uint16_t *kept = kept_draws(n, resamples);
    unsigned b = 0;
    for (; kept && b + 4 <= resamples; b += 4) { /* four at once: their sums do not wait for one another */
        const uint16_t *at = kept + (size_t)b * n;
        double sum[4] = {0}, squares[4] = {0};
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < 4; k++) {
                double v = value[at[k * n + i]] - mean;
                sum[k] += v;
                squares[k] += v * v;
            }
        for (size_t k = 0; k < 4; k++) t[b + k] = studentised(sum[k], squares[k], (double)n);
    }
    for (; b < resamples; b++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            double v = value[drawn(n, (size_t)b * n + i)] - mean;
            sum += v;
            squares += v * v;
        }
        t[b] = studentised(sum, squares, (double)n);
    }
}
