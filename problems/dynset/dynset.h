/* problems/dynset/dynset.h: the best k elements of a ground set that changes; what an algorithm sees of it.
 *
 * f: 2^V -> R is monotone and submodular, f(empty) = 0, and known by its values alone. Elements 0 .. n - 1 come and go by a stream
 * of updates; V_t are those present after update t. Whenever the stream asks, the algorithm names a set S of at most k elements of
 * V_t, the larger f(S) the better. Value queries are metered: one for each evaluation of f on one set. A gain f(e | S) = f(S + e) -
 * f(S) over a set S whose value is known costs one; putting elements into a set costs none (n_add counts it all the same). */
#ifndef CLAIMCHECK_PROBLEMS_DYNSET_H
#define CLAIMCHECK_PROBLEMS_DYNSET_H

#include "harness/run.h"

/* The family's candidate: distinct elements. Owned by whoever fills it. */
typedef struct dynset_set {
    size_t n;
    const uint32_t *element;
} dynset_set;

typedef struct dynset_update {
    uint32_t element;
    uint8_t insert; /* else: deleted */
    uint8_t ask;    /* after this update a solution is wanted */
    uint8_t last;   /* none follows */
} dynset_update;

CC_FAMILY_API size_t dynset_n(cc_run *run); /* elements that may ever come */
CC_FAMILY_API size_t dynset_k(cc_run *run); /* most elements of a solution */

/* The next update; 0 at the stream's end. Counts n_update += 1 and, if it asks, n_ask += 1. Told facts bound what can come:
 * `singleton_min` and `singleton_max`, the least positive and the greatest f({e}). */
CC_FAMILY_API int dynset_next(cc_run *run, dynset_update *update);

/* The answer to the last update that asked: some streams react to it. The elements are copied. */
CC_FAMILY_API void dynset_show(cc_run *run, dynset_set set);

/* f on a growing chain of sets: empty = G_0 <= G_1 <= .. <= G_top. All of them can be asked for gains; only G_top grows. */
typedef struct dynset_chain dynset_chain;
/* A chain with top = 0 that can have `levels` sets beside G_0. Memory of the run. */
CC_FAMILY_API cc_status dynset_chain_open(cc_run *run, size_t levels, dynset_chain **chain);
CC_FAMILY_API size_t dynset_top(const dynset_chain *chain);
CC_FAMILY_API void dynset_push(dynset_chain *chain);                  /* G_{top+1} := G_top; top += 1 */
CC_FAMILY_API void dynset_add(dynset_chain *chain, uint32_t element); /* to G_top; top >= 1 */
CC_FAMILY_API void dynset_cut(dynset_chain *chain, size_t level);     /* forgets the sets above G_level */

/* f(e | G_level), level <= top. n_query += 1 each. */
CC_FAMILY_API double dynset_gain(cc_run *run, const dynset_chain *chain, size_t level, uint32_t element);
CC_FAMILY_API void dynset_gains(cc_run *run, const dynset_chain *chain, size_t level, size_t n, const uint32_t *element,
                                double *gain);
/* f(e | G_top + extra[0 .. n - 1]): a gain over a set on trial, for which the chain must have room above G_top. The chain stays as
 * it is. n_query += 1, n_add += n. */
CC_FAMILY_API double dynset_trial(cc_run *run, dynset_chain *chain, size_t n, const uint32_t *extra, uint32_t element);
/* The first of n elements whose gain is at least `threshold`, or negative; n: there is none. *gain: its gain. n_query += 1 for each
 * that is looked at on the way, itself among them. */
CC_FAMILY_API size_t dynset_first(cc_run *run, const dynset_chain *chain, size_t level, size_t n, const uint32_t *element,
                                  double threshold, double *gain);
/* f(S). n_query += 1. */
CC_FAMILY_API double dynset_value(cc_run *run, dynset_set set);

#endif
