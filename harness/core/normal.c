/* Standard normals by the ziggurat of Marsaglia and Tsang (2000), with 64 independent bits for layer, sign and abscissa as Doornik
 * (2005) asks: exact but for the 53 bits of the abscissa. One number takes one draw of the stream 98.8 times of 100; the next takes
 * up where it ended, so that n calls of 1 give what one call of n gives. */
#include <math.h>

#include <Random123/philox.h>

#include "harness/core/scope.h"
#include "harness/core/ziggurat.h"

enum { BLOCKS = 8, AHEAD = 4 * BLOCKS }; /* blocks of Philox that are computed together: the processor overlaps them */

static double with_sign(double x, uint64_t bits) { return bits >> 8 & 1 ? -x : x; }

/* Marsaglia (1964): beyond layer[1]. */
static double tail(cc_rng *rng)
{
    for (;;) {
        double x = -log1p(-cc_uniform(rng)) / layer[1], y = -log1p(-cc_uniform(rng));
        if (2 * y >= x * x) return layer[1] + x;
    }
}

static double normal(cc_rng *rng)
{
    for (;;) {
        uint64_t bits = cc_bits(rng), i = bits & 255;
        double x = (double)(int64_t)(bits >> 11) * (layer[i] * 0x1p-53);
        if (x < layer[i + 1]) return with_sign(x, bits);
        if (i == 0) return with_sign(tail(rng), bits);
        double low = exp(-layer[i] * layer[i] / 2), high = exp(-layer[i + 1] * layer[i + 1] / 2);
        if (low + cc_uniform(rng) * (high - low) < exp(-x * x / 2)) return with_sign(x, bits);
    }
}

/* As many of AHEAD numbers, from the start of a block, as come one from one draw. */
static size_t run_of_normals(cc_rng *rng, double *out)
{
    uint64_t bits[AHEAD];
    unsigned outside = 0;
    for (unsigned b = 0; b < BLOCKS; b++) {
        philox4x64_ctr_t counter = {{(rng->counter[0] >> 2) + b, rng->counter[1], 0, 0}};
        philox4x64_key_t key = {{rng->key[0], rng->key[1]}};
        philox4x64_ctr_t block = philox4x64(counter, key);
        for (unsigned lane = 0; lane < 4; lane++) bits[4 * b + lane] = block.v[lane];
    }
    for (unsigned j = 0; j < AHEAD; j++) {
        uint64_t i = bits[j] & 255;
        double x = (double)(int64_t)(bits[j] >> 11) * (layer[i] * 0x1p-53);
        out[j] = with_sign(x, bits[j]);
        outside |= (unsigned)(x >= layer[i + 1]) << j;
    }
    size_t taken = outside ? (size_t)__builtin_ctz(outside) : AHEAD;
    for (size_t lane = 0; lane < 4; lane++) rng->block[lane] = bits[(taken & (AHEAD - 4)) + lane];
    rng->counter[0] += taken;
    return taken;
}

void cc_normal(cc_rng *rng, size_t n, double *out)
{
    for (size_t i = 0; i < n;) {
        size_t taken = rng->counter[0] & 3 || n - i < AHEAD ? 0 : run_of_normals(rng, out + i);
        i += taken;
        if (taken < AHEAD && i < n) out[i++] = normal(rng);
    }
}
