/* Random numbers by name: Philox 4x64-10, key (seed, role and stream), counter (block, id). */
#include <Random123/philox.h>

#include "harness/core/scope.h"

cc_rng cc_stream(const cc_run *run, uint32_t stream, uint64_t id)
{
    ((cc_run *)(uintptr_t)run)->drew = 1;
    cc_rng rng = {{run->seed, (uint64_t)run->role << 32 | stream}, {0, id}, {0}};
    return rng;
}

uint64_t cc_bits(cc_rng *rng)
{
    unsigned lane = (unsigned)(rng->counter[0] & 3);
    if (lane == 0) {
        philox4x64_ctr_t counter = {{rng->counter[0] >> 2, rng->counter[1], 0, 0}};
        philox4x64_key_t key = {{rng->key[0], rng->key[1]}};
        philox4x64_ctr_t block = philox4x64(counter, key);
        for (int i = 0; i < 4; i++) rng->block[i] = block.v[i];
    }
    rng->counter[0]++;
    return rng->block[lane];
}

double cc_uniform(cc_rng *rng) { return (double)(cc_bits(rng) >> 11) * 0x1p-53; }

/* Lemire's multiply-and-reject. */
uint64_t cc_below(cc_rng *rng, uint64_t n)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t threshold = -n % n;
    for (;;) {
        wide product = (wide)cc_bits(rng) * n;
        if ((uint64_t)product >= threshold) return (uint64_t)(product >> 64);
    }
}
