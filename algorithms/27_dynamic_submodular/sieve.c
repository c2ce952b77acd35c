/* sieve.c: Sieve-Streaming, rerun over the elements present whenever one of a solution goes.
 *
 * Problem    as dynamic.c.
 * Method     for each guess g of the grid: an arriving element is kept if fewer than k are and its gain is at least g / (2k).
 * Guarantee  (1/2 - eps) OPT; a deletion can cost a query for each element present.
 * Reference  Badanidiyuru, Mirzasoleiman, Karbasi, Krause, Streaming Submodular Maximization, KDD 2014; the rerun as in the code
 *            of Lattanzi, Mitrovic, Norouzi-Fard, Tarnawski, Zadimoghaddam, Fully Dynamic Algorithm for Constrained Submodular
 *            Optimization, NeurIPS 2020. */
#include <math.h>

#include "baselines.h"

enum { MOST_SIEVES = 512, BLOCK = 64 };
static const double zero = 1e-11; /* gains up to here are none */

typedef struct sieve {
    double threshold, value;
    size_t n;
    uint32_t *picked;
    uint8_t *holds; /* element: is it picked? */
    dynset_chain *chain;
} sieve;

typedef struct sieves {
    size_t n, k, count;
    sieve *sieve;
    size_t oldest;     /* nobody is left before it */
    size_t arrived;    /* entries of `arrival`, some of which have gone */
    uint32_t *arrival; /* in order; DS_NOWHERE: gone */
    uint32_t *place;   /* element: where in arrival */
    dynset_set answer;
} sieves;

static cc_status open_sieve(cc_run *run, const sieves *s, double guess, sieve *v)
{
    v->threshold = fmax(guess / (2 * (double)s->k), nextafter(zero, 1));
    CC_NEW(run, v->picked, s->k);
    CC_NEW(run, v->holds, s->n);
    CC_TRY(dynset_chain_open(run, 1, &v->chain));
    dynset_push(v->chain);
    return CC_OK;
}

cc_status ds_sieve_init(cc_run *run, void **state)
{
    sieves *s;
    double guess[MOST_SIEVES];
    CC_NEW(run, s, 1);
    s->n = dynset_n(run);
    s->k = dynset_k(run);
    s->count = ds_opt_grid(cc_fact(run, "singleton_min"), cc_fact(run, "singleton_max"), s->k, MOST_SIEVES, guess);
    if (s->count > MOST_SIEVES)
        return cc_fail(run, CC_EINVAL, "%zu guesses of the optimum; there is room for %d", s->count, MOST_SIEVES);
    CC_NEW(run, s->sieve, s->count);
    CC_NEW(run, s->arrival, 2 * s->n);
    CC_NEW(run, s->place, s->n);
    for (size_t e = 0; e < s->n; e++) s->place[e] = DS_NOWHERE;
    for (size_t i = 0; i < s->count; i++) CC_TRY(open_sieve(run, s, guess[i], s->sieve + i));
    *state = s;
    return CC_OK;
}

static cc_status take(cc_run *run, sieve *v, uint32_t element, double gain)
{
    if (gain < 0) return cc_fail(run, CC_ENUMERIC, "element %u has the gain %g: f is not monotone", element, gain);
    dynset_add(v->chain, element);
    v->holds[element] = 1;
    v->picked[v->n++] = element;
    v->value += gain;
    return CC_OK;
}

/* Elements that arrive one after the other, until k are picked. */
static cc_status process(cc_run *run, size_t k, sieve *v, size_t n, const uint32_t *element)
{
    double gain;
    for (size_t i = 0; i < n && v->n < k; i++) {
        i += dynset_first(run, v->chain, 1, n - i, element + i, v->threshold, &gain);
        if (i < n) CC_TRY(take(run, v, element[i], gain));
    }
    return CC_OK;
}

static cc_status rerun(cc_run *run, const sieves *s, sieve *v)
{
    uint32_t block[BLOCK];
    for (size_t i = 0; i < v->n; i++) v->holds[v->picked[i]] = 0;
    v->n = 0;
    v->value = 0;
    dynset_cut(v->chain, 0);
    dynset_push(v->chain);
    for (size_t i = s->oldest; i < s->arrived && v->n < s->k;) {
        size_t n = 0;
        for (; i < s->arrived && n < BLOCK; i++)
            if (s->arrival[i] != DS_NOWHERE) block[n++] = s->arrival[i];
        CC_TRY(process(run, s->k, v, n, block));
    }
    return CC_OK;
}

/* Closes the gaps once the array is full; n entries at least are free then. */
static void arrive(sieves *s, uint32_t element)
{
    if (s->arrived == 2 * s->n) {
        size_t kept = 0;
        for (size_t i = 0; i < s->arrived; i++)
            if (s->arrival[i] != DS_NOWHERE) {
                s->place[s->arrival[i]] = (uint32_t)kept;
                s->arrival[kept++] = s->arrival[i];
            }
        s->arrived = kept;
        s->oldest = 0;
    }
    s->place[element] = (uint32_t)s->arrived;
    s->arrival[s->arrived++] = element;
}

static cc_status insert(cc_run *run, sieves *s, uint32_t element)
{
    if (s->place[element] != DS_NOWHERE) return cc_fail(run, CC_EINVAL, "element %u is inserted twice", element);
    arrive(s, element);
    for (size_t i = 0; i < s->count; i++)
        if (s->sieve[i].n < s->k) CC_TRY(process(run, s->k, s->sieve + i, 1, &element));
    return CC_OK;
}

static cc_status delete (cc_run *run, sieves *s, uint32_t element)
{
    if (s->place[element] == DS_NOWHERE) return cc_fail(run, CC_EINVAL, "element %u is deleted but not present", element);
    s->arrival[s->place[element]] = DS_NOWHERE;
    s->place[element] = DS_NOWHERE;
    while (s->oldest < s->arrived && s->arrival[s->oldest] == DS_NOWHERE) s->oldest++;
    for (size_t i = 0; i < s->count; i++)
        if (s->sieve[i].holds[element]) CC_TRY(rerun(run, s, s->sieve + i));
    return CC_OK;
}

cc_status ds_sieve_step(cc_run *run, void *state)
{
    sieves *s = state;
    dynset_update u;
    if (!dynset_next(run, &u)) return cc_finish(run, "END");
    CC_TRY(u.insert ? insert(run, s, u.element) : delete (run, s, u.element));
    if (u.ask) {
        const sieve *best = s->sieve;
        for (size_t i = 1; i < s->count; i++)
            if (s->sieve[i].value > best->value) best = s->sieve + i;
        s->answer = (dynset_set){best->n, best->picked};
        dynset_show(run, s->answer);
    }
    return u.last ? cc_finish(run, "END") : CC_OK;
}

const void *ds_sieve_candidate(void *state) { return &((sieves *)state)->answer; }
