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

void cc_bootstrap_t(const double *value, size_t n, unsigned resamples, double *t)
{
    double mean = cc_mean(value, n), m = (double)n;
    const uint16_t *kept = kept_draws(n, resamples);
    for (unsigned b = 0; b < resamples; b++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            size_t at = (size_t)b * n + i;
            double v = value[kept ? kept[at] : drawn(n, at)] - mean;
            sum += v;
            squares += v * v;
        }
        double variance = (squares - sum * sum / m) / (m - 1), shift = sum / m;
        if (variance > squares * 1e-24)
            t[b] = shift / sqrt(variance / m);
        else
            t[b] = shift == 0 ? 0 : shift > 0 ? INFINITY : -INFINITY;
    }
    cc_sort(t, resamples);
}
