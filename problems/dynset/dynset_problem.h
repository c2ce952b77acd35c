/* problems/dynset/dynset_problem.h: for authors of set functions and of measures. */
#ifndef CLAIMCHECK_PROBLEMS_DYNSET_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_DYNSET_PROBLEM_H

#include "harness/family.h"
#include "problems/dynset/dynset.h"

/* A set function, as operations on the state of a chain. `levels`: as in dynset_chain_open. */
typedef struct dynset_function {
    cc_status (*open)(cc_run *scope, const void *data, size_t levels, void **state);
    void (*push)(const void *data, void *state, size_t top); /* top: the new one */
    void (*add)(const void *data, void *state, size_t top, uint32_t element);
    void (*cut)(const void *data, void *state, size_t top, size_t level); /* from top down to level */
    void (*gains)(const void *data, const void *state, size_t level, size_t n, const uint32_t *element, double *gain);
    double (*value)(const void *data, const void *state, size_t level); /* f(G_level) */
    /* f(element | G_top + extra); NULL: push, add, gains, cut instead. Leaves the state as it was. */
    double (*trial)(const void *data, void *state, size_t top, size_t n, const uint32_t *extra, uint32_t element);
} dynset_function;

typedef struct dynset_instance {
    const dynset_function *f;
    const void *data;
    size_t n, k;
    size_t updates;
    const dynset_update *stream;
    uint64_t stream_seed; /* of random updates */
    int adaptive;         /* the stream's deletions come from what is shown: `stream` holds the insertions alone */
} dynset_instance;

/* Fills in the stream by the parameters DYNSET_STREAM, publishes what is told (singleton_min, singleton_max) and what is hidden
 * (updates). The instance has f, data, n, stream_seed. Refuses (CC_EINVAL) an empty ground set. */
CC_FAMILY_API cc_status dynset_finish(cc_run *scope, dynset_instance *instance);

/* The same with a stream that is given. Refuses by number what inserts a present element or deletes an absent one. */
CC_FAMILY_API cc_status dynset_finish_given(cc_run *scope, dynset_instance *instance, size_t updates, const dynset_update *stream);

/* The environment of every problem of the family. */
CC_FAMILY_API cc_status dynset_begin(cc_run *scope, const void *instance, void **env);

/* Weighted coverage f(S) = min(cap, sum of the weights of the items that elements of S cover). Element e covers
 * item[begin[e] .. begin[e + 1] - 1], distinct. weight NULL: all 1. */
typedef struct dynset_cover {
    size_t n, items;
    const uint32_t *begin, *item;
    const double *weight;
    double cap;             /* INFINITY: none */
    const uint64_t *sketch; /* of an element: dynset_bit of its items */
} dynset_cover;
/* A bit for an item: sets whose sketches have none in common have no item in common. */
static inline uint64_t dynset_bit(uint32_t item) { return UINT64_C(1) << (item * UINT64_C(0x9e3779b97f4a7c15) >> 58); }
CC_FAMILY_API extern const dynset_function dynset_coverage; /* data: dynset_cover */

/* Facility location f(S) = sum over clients i of max over e in S of score[e * clients + i]. Scores are multiples of 2^-24 in [0, 1]
 * (dynset_score): then differences are exact in float, sums in double, and gains are the same however they are computed. */
typedef struct dynset_scores {
    size_t n, clients;
    const float *score;
} dynset_scores;
CC_FAMILY_API float dynset_score(double score);             /* the nearest such number */
CC_FAMILY_API extern const dynset_function dynset_facility; /* data: dynset_scores */

/* For measures: is e present? The greedy value and the optimum of the present elements; NaN where an optimum is out of reach. */
CC_FAMILY_API int dynset_present(cc_run *run, uint32_t element);
CC_FAMILY_API double dynset_greedy_value(const cc_oracle *oracle);
CC_FAMILY_API double dynset_optimum(const cc_oracle *oracle);

#endif
