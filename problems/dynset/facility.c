/* problems/dynset/facility.c: facility location on a chain: for each level the best score of every client so far. */
#include <math.h>
#include <string.h>

#include "problems/dynset/problems.h"

typedef struct state {
    float *best; /* level x clients */
} state;

static cc_status open(cc_run *scope, const void *data, size_t levels, void **made)
{
    const dynset_scores *c = data;
    state *s;
    CC_NEW(scope, s, 1);
    CC_NEW(scope, s->best, (levels + 1) * c->clients);
    *made = s;
    return CC_OK;
}

static void push(const void *data, void *made, size_t top)
{
    const size_t clients = ((const dynset_scores *)data)->clients;
    state *s = made;
    memcpy(s->best + top * clients, s->best + (top - 1) * clients, clients * sizeof *s->best);
}

float dynset_score(double score) { return (float)(round(fmin(fmax(score, 0), 1) * 0x1p24) * 0x1p-24); }

/* A difference as a whole number, times 2^24. */
static inline uint32_t more(float score, float best)
{
    const int32_t d = (int32_t)((score - best) * 0x1p24F);
    return d > 0 ? (uint32_t)d : 0;
}

/* In lanes of whole numbers, so that it vectorises, and in blocks, so that they do not overflow. */
static double improvement(size_t n, const float *score, const float *best)
{
    enum { LANES = 16, BLOCK = 64 * LANES };
    uint64_t sum = 0;
    size_t i = 0;
    while (i + LANES <= n) {
        const size_t stop = i + BLOCK < n ? i + BLOCK : n;
        uint32_t lane[LANES] = {0};
        for (; i + LANES <= stop; i += LANES)
            for (size_t j = 0; j < LANES; j++) lane[j] += more(score[i + j], best[i + j]);
        for (size_t j = 0; j < LANES; j++) sum += lane[j];
    }
    for (; i < n; i++) sum += more(score[i], best[i]);
    return (double)sum * 0x1p-24;
}

static void add(const void *data, void *made, size_t top, uint32_t element)
{
    const dynset_scores *c = data;
    state *s = made;
    const float *score = c->score + element * c->clients;
    float *best = s->best + top * c->clients;
    for (size_t i = 0; i < c->clients; i++) best[i] = score[i] > best[i] ? score[i] : best[i];
}

static void cut(const void *data, void *made, size_t top, size_t level) { (void)data, (void)made, (void)top, (void)level; }

static void gains(const void *data, const void *made, size_t level, size_t n, const uint32_t *element, double *gain)
{
    const dynset_scores *c = data;
    const state *s = made;
    for (size_t j = 0; j < n; j++)
        gain[j] = improvement(c->clients, c->score + element[j] * c->clients, s->best + level * c->clients);
}

static double value(const void *data, const void *made, size_t level)
{
    const size_t clients = ((const dynset_scores *)data)->clients;
    const float *best = ((const state *)made)->best + level * clients;
    double sum = 0;
    for (size_t i = 0; i < clients; i++) sum += (double)best[i];
    return sum;
}

const dynset_function dynset_facility = {open, push, add, cut, gains, value};
