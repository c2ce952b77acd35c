/* planted.c: benchmarks that are slower by so much, on purpose: PLANTED per mille more work an iteration. What a gate on time must
 * see, and what it must not cry over (PLANTED 0). Arithmetic in a chain, memory in random order, branches nobody can predict. */
#include "harness/plugin.h"

#ifndef PLANTED
#define PLANTED 0
#endif

enum { UNITS = 1000, WORK = UNITS * (1000 + PLANTED) / 1000, CELLS = 1 << 15 };

static void chain(cc_loop *loop)
{
    double x = .5;
    while (cc_loop_next(loop))
        for (int i = 0; i < WORK; i++) x = 3.7 * x * (1 - x);
    cc_loop_counter(loop, "x", x);
}

static uint64_t next_bits(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

/* One cycle through 128 kB, in random order (Sattolo). */
static void memory(cc_loop *loop)
{
    static uint32_t next[CELLS];
    uint64_t bits = 88172645463325252u;
    for (uint32_t i = 0; i < CELLS; i++) next[i] = i;
    for (uint32_t i = CELLS - 1; i > 0; i--) {
        uint32_t j = (uint32_t)(next_bits(&bits) % i), keep = next[i];
        next[i] = next[j];
        next[j] = keep;
    }
    uint32_t at = 0;
    while (cc_loop_next(loop))
        for (int i = 0; i < WORK; i++) at = next[at];
    cc_loop_counter(loop, "at", at);
}

static void branches(cc_loop *loop)
{
    uint64_t bits = 88172645463325252u, sum = 0;
    while (cc_loop_next(loop))
        for (int i = 0; i < WORK; i++) {
            if (next_bits(&bits) & 1)
                sum = sum * 3 + 1;
            else
                sum ^= bits >> 9;
            __asm__ volatile("" : "+r"(sum)); /* a branch, not a conditional move */
        }
    cc_loop_counter(loop, "sum", (double)sum);
}

static const cc_bench benches[] = {
    {"chain", chain, NULL, NULL}, {"memory", memory, NULL, NULL}, {"branches", branches, NULL, NULL}, {0}};

const cc_plugin cc_plugin_1 = {.id = "planted", .title = "Benchmarks with work planted", .benches = benches};
