/* problems/splitmix.h: SplitMix64, for the *data* of generated problems only, so that published fixtures hold in any language.
 * Algorithms and noisy oracles draw from the named Philox streams of harness/run.h instead.
 *
 * Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014. */
#ifndef CLAIMCHECK_PROBLEMS_SPLITMIX_H
#define CLAIMCHECK_PROBLEMS_SPLITMIX_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* The next 64 random bits; *state is the stream: start it with the seed. */
static inline uint64_t cc_sm64_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Uniform in [0, 1), 53 bits. */
static inline double cc_sm64_uniform(uint64_t *state) { return (double)(cc_sm64_next(state) >> 11) * 0x1p-53; }

/* One standard normal from two uniforms (Box-Muller, the cosine branch; the sine is not kept). */
static inline double cc_sm64_normal(uint64_t *state)
{
    const double u1 = cc_sm64_uniform(state), u2 = cc_sm64_uniform(state);
    return sqrt(-2 * log1p(-u1)) * cos(2 * 3.14159265358979323846 * u2);
}

/* A point uniform on the unit sphere of R^n: n normals, scaled. */
static inline void cc_sm64_sphere(uint64_t *state, size_t n, double *x)
{
    double norm2 = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = cc_sm64_normal(state);
        norm2 += x[i] * x[i];
    }
    for (size_t i = 0; i < n; i++) x[i] /= sqrt(norm2);
}

#endif
