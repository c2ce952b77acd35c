/* problems/bilevel/hash.h: the published generator of this family's *data*: a number is a hash of (seed, stream, id, j). Noise
 * comes from Philox streams instead. */
#ifndef CLAIMCHECK_PROBLEMS_BILEVEL_HASH_H
#define CLAIMCHECK_PROBLEMS_BILEVEL_HASH_H

#include "problems/splitmix.h"

static inline uint64_t bilevel_mix(uint64_t x) { return cc_sm64_next(&x); }

static inline uint64_t bilevel_hash(uint64_t seed, uint64_t stream, uint64_t id, uint64_t j)
{
    return bilevel_mix(bilevel_mix(bilevel_mix(bilevel_mix(seed) ^ stream) ^ id) ^ j);
}

/* In (0, 1). */
static inline double bilevel_u01(uint64_t seed, uint64_t stream, uint64_t id, uint64_t j)
{
    return ((double)(bilevel_hash(seed, stream, id, j) >> 11) + .5) * 0x1p-53;
}

/* Standard normal; j and j ^ 1 are a Box-Muller pair. */
static inline double bilevel_nrm(uint64_t seed, uint64_t stream, uint64_t id, uint64_t j)
{
    const double u1 = bilevel_u01(seed, stream, id, j & ~UINT64_C(1)),
                 angle = 2 * 3.14159265358979323846 * bilevel_u01(seed, stream, id, j | 1);
    return sqrt(-2 * log(u1)) * (j & 1 ? sin(angle) : cos(angle));
}

#endif
