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

void cc_bootstrap_t(const double *value, size_t n, unsigned resamples, double *t)
{
    double mean = cc_mean(value, n), m = (double)n;
    for (unsigned b = 0; b < resamples; b++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            uint64_t bits = cc_hash_bits(0x5bd1e995u, (uint64_t)b * n + i) >> 32;
            double v = value[(bits * n) >> 32] - mean;
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
