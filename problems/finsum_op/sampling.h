/* problems/finsum_op/sampling.h: the law Q that components are drawn from. */
#ifndef CLAIMCHECK_PROBLEMS_FINSUM_OP_SAMPLING_H
#define CLAIMCHECK_PROBLEMS_FINSUM_OP_SAMPLING_H

#include "harness/run.h"

/* Walker's alias table: i with probability q[i] in O(1). */
typedef struct finsum_alias {
    size_t n;
    double *q, *keep; /* keep[i]: the chance to stay at i, else other[i] */
    size_t *other;
} finsum_alias;

/* q[n] is copied; it must be non-negative and sum to 1 within 1e-9 (CC_EINVAL). Vose 1991. */
cc_status finsum_alias_make(cc_run *scope, size_t n, const double *q, finsum_alias *alias);
size_t finsum_alias_draw(const finsum_alias *alias, cc_rng *rng);

/* Uniform on 0 .. n-1 (first = second = NULL), one table, or a product of two: id = i * second->n + j. */
typedef struct finsum_law {
    size_t n;
    const finsum_alias *first, *second;
} finsum_law;

size_t finsum_law_draw(const finsum_law *law, cc_rng *rng);

#endif
