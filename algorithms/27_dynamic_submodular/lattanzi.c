/* lattanzi.c: the predecessor's simple algorithm: levels that halve, buffers that wait for a level's size.
 *
 * Problem    as dynamic.c.
 * Method     for each guess g of the grid, tau = g / (2k), T = ceil(log2 n). Levels 0 .. T have candidates A, picks S, buffers B.
 *            An element goes to all buffers; the first level whose buffer holds 2^(T-l) is rebuilt with those above it. To build:
 *            candidates in random order; at level l, while 2^(T-l) of them gain tau or more, the first is picked and all are
 *            looked at again. A deleted pick makes the lowest level rebuild that has lost one since, once
 *            f(S) < (1 - eps) g / 2.
 * Guarantee  (1/2 - eps) OPT was claimed; but how many are picked at a level depends on which: given that nothing was rebuilt
 *            since, they are no uniform sample.
 * Reference  Lattanzi, Mitrovic, Norouzi-Fard, Tarnawski, Zadimoghaddam, Fully Dynamic Algorithm for Constrained Submodular
 *            Optimization, NeurIPS 2020, and its published code.
 *
 * A_l + B_l are a chain of sets: an element is in B_l below the level that it was last built from, in A_l from there to the last
 * level that it reached. So one nest holds them: R_{l+1} = A_l + B_l, R_0 all elements of the copy. */
#include <math.h>

#include "baselines.h"
#include "submodular.h"

enum { MOST_COPIES = 512 };

typedef struct copy {
    double guess, tau, value;
    int stale;
    cc_rng rng;
    ds_nest nest;
    uint16_t *buffered; /* element: in B_l for l < buffered */
    size_t *waiting;    /* |B_l| */
    size_t picks;
    uint32_t *picked; /* by levels */
    uint16_t *level;  /* of a pick */
    size_t lowest;    /* level of a lost pick; SIZE_MAX: none */
    dynset_chain *chain;
} copy;

typedef struct simple {
    size_t n, k, T, copies;
    double eps;
    copy *copy;
    double *gain;
    uint32_t *dropped; /* scratch */
    dynset_set answer;
} simple;

static cc_status open_copy(cc_run *run, const simple *s, double guess, uint64_t id, copy *c)
{
    *c = (copy){.guess = guess, .tau = guess / (2 * (double)s->k), .lowest = SIZE_MAX};
    c->rng = cc_stream(run, DS_SHUFFLE, id);
    CC_NEW(run, c->buffered, s->n);
    CC_NEW(run, c->waiting, s->T + 1);
    CC_NEW(run, c->picked, s->k);
    CC_NEW(run, c->level, s->k);
    CC_TRY(ds_nest_open(run, s->n, s->T + 2, &c->nest));
    return dynset_chain_open(run, 1, &c->chain);
}

cc_status ds_lattanzi_init(cc_run *run, void **state)
{
    simple *s;
    double guess[MOST_COPIES] = {cc_real(run, "guess")};
    CC_NEW(run, s, 1);
    s->n = dynset_n(run);
    s->k = dynset_k(run);
    s->T = (size_t)ceil(log2((double)s->n) - 1e-6);
    s->eps = cc_real(run, "eps");
    s->copies =
        isnan(guess[0]) ? ds_opt_grid(cc_fact(run, "singleton_min"), cc_fact(run, "singleton_max"), s->k, MOST_COPIES, guess) : 1;
    if (s->copies > MOST_COPIES)
        return cc_fail(run, CC_EINVAL, "%zu guesses of the optimum; there is room for %d", s->copies, MOST_COPIES);
    if (!(guess[0] > 0) || isinf(guess[0])) return cc_fail(run, CC_EINVAL, "guess = %g is not positive and finite", guess[0]);
    CC_NEW(run, s->copy, s->copies);
    CC_NEW(run, s->gain, s->n);
    CC_NEW(run, s->dropped, s->n);
    for (size_t i = 0; i < s->copies; i++) CC_TRY(open_copy(run, s, guess[i], i, s->copy + i));
    *state = s;
    return CC_OK;
}

/* Keeps those of the first n whose gain is tau or more, in their order; the others go behind them. */
static cc_status filter(cc_run *run, simple *s, copy *c, size_t *n)
{
    uint32_t *order = c->nest.order;
    size_t kept = 0, dropped = 0;
    dynset_gains(run, c->chain, 1, *n, order, s->gain);
    for (size_t i = 0; i < *n; i++) {
        if (s->gain[i] < 0) return cc_fail(run, CC_ENUMERIC, "element %u has the gain %g: f is not monotone", order[i], s->gain[i]);
        if (s->gain[i] >= c->tau)
            order[kept++] = order[i];
        else
            s->dropped[dropped++] = order[i];
    }
    for (size_t i = 0; i < dropped; i++) order[kept + i] = s->dropped[i];
    *n = kept;
    return CC_OK;
}

/* Level l from n candidates: some are picked, *n are left. */
static cc_status build_level(cc_run *run, simple *s, copy *c, size_t l, size_t *n)
{
    while (*n >= (size_t)1 << (s->T - l)) {
        double gain;
        const size_t i = dynset_first(run, c->chain, 1, *n, c->nest.order, nextafter(c->tau, INFINITY), &gain);
        if (i == *n) return CC_OK; /* all gain tau exactly */
        c->picked[c->picks] = c->nest.order[i];
        c->level[c->picks++] = (uint16_t)l;
        dynset_add(c->chain, c->nest.order[i]);
        if (c->picks == s->k) return CC_OK;
        CC_TRY(filter(run, s, c, n));
    }
    return CC_OK;
}

static void start_construction(copy *c, size_t first, size_t last)
{
    const size_t n = c->nest.size[first + 1];
    size_t kept = 0;
    while (kept < c->picks && c->level[kept] < first) kept++;
    c->picks = kept;
    dynset_cut(c->chain, 0);
    dynset_push(c->chain);
    for (size_t i = 0; i < kept; i++) dynset_add(c->chain, c->picked[i]);
    ds_draw(&c->rng, n, n, c->nest.order);
    for (size_t i = 0; i < n; i++)
        if (c->buffered[c->nest.order[i]] > first) c->buffered[c->nest.order[i]] = (uint16_t)first;
    for (size_t l = first; l <= last; l++) {
        c->waiting[l] = 0;
        c->nest.size[l + 1] = 0;
    }
    c->stale = 1;
}

static cc_status construct(cc_run *run, simple *s, copy *c, size_t first)
{
    const size_t all = c->nest.size[first + 1];
    size_t n = all;
    start_construction(c, first, s->T);
    CC_TRY(filter(run, s, c, &n));
    for (size_t l = first; l <= s->T && c->picks < s->k && n > 0; l++) {
        c->nest.size[l + 1] = n;
        CC_TRY(build_level(run, s, c, l, &n));
    }
    ds_nest_settle(&c->nest, all, first + 1, s->T + 1);
    return CC_OK;
}

static cc_status insert(cc_run *run, simple *s, copy *c, uint32_t element)
{
    const double gain = dynset_gain(run, c->chain, 0, element);
    if (ds_nest_holds(&c->nest, element)) return cc_fail(run, CC_EINVAL, "element %u is inserted twice", element);
    if (gain < 0) return cc_fail(run, CC_ENUMERIC, "element %u has the gain %g: f is not monotone", element, gain);
    if (gain < c->tau) return CC_OK;
    ds_nest_enter(&c->nest, element, s->T + 1);
    c->buffered[element] = (uint16_t)(s->T + 1);
    for (size_t l = 0; l <= s->T; l++) c->waiting[l]++;
    for (size_t l = 0; l <= s->T && c->picks < s->k; l++)
        if (c->waiting[l] >= (size_t)1 << (s->T - l)) return construct(run, s, c, l);
    return CC_OK;
}

static cc_status lose_pick(cc_run *run, simple *s, copy *c, size_t i)
{
    if (c->level[i] < c->lowest) c->lowest = c->level[i];
    for (c->picks--; i < c->picks; i++) {
        c->picked[i] = c->picked[i + 1];
        c->level[i] = c->level[i + 1];
    }
    c->stale = 0;
    c->value = dynset_value(run, (dynset_set){c->picks, c->picked});
    if (!(c->value < (1 - s->eps) * c->guess / 2)) return CC_OK;
    const size_t lowest = c->lowest;
    c->lowest = SIZE_MAX;
    return construct(run, s, c, lowest);
}

static cc_status delete (cc_run *run, simple *s, copy *c, uint32_t element)
{
    if (!ds_nest_holds(&c->nest, element)) return CC_OK; /* its f({e}) was below tau */
    for (size_t l = 0; l < c->buffered[element]; l++) c->waiting[l]--;
    ds_nest_leave(&c->nest, element);
    for (size_t i = 0; i < c->picks; i++)
        if (c->picked[i] == element) return lose_pick(run, s, c, i);
    return CC_OK;
}

static void answer(cc_run *run, simple *s)
{
    const copy *best = s->copy;
    for (size_t i = 0; i < s->copies; i++) {
        copy *c = s->copy + i;
        if (c->stale) c->value = c->picks ? dynset_value(run, (dynset_set){c->picks, c->picked}) : 0;
        c->stale = 0;
        if (c->value > best->value) best = c;
    }
    s->answer = (dynset_set){best->picks, best->picked};
    dynset_show(run, s->answer);
}

cc_status ds_lattanzi_step(cc_run *run, void *state)
{
    simple *s = state;
    dynset_update u;
    if (!dynset_next(run, &u)) return cc_finish(run, "END");
    for (size_t i = 0; i < s->copies; i++)
        CC_TRY(u.insert ? insert(run, s, s->copy + i, u.element) : delete (run, s, s->copy + i, u.element));
    if (u.ask) answer(run, s);
    return u.last ? cc_finish(run, "END") : CC_OK;
}

const void *ds_lattanzi_candidate(void *state) { return &((simple *)state)->answer; }

const uint32_t *ds_lattanzi_picked(const void *state, size_t i, size_t *n)
{
    const copy *c = ((const simple *)state)->copy + i;
    *n = c->picks;
    return c->picked;
}

const size_t *ds_lattanzi_waiting(const void *state, size_t i, size_t *levels)
{
    const simple *s = state;
    *levels = s->T + 1;
    return s->copy[i].waiting;
}

const cc_param ds_lattanzi_params[] = {
    {"eps", CC_REAL, "0.2", 0, 1, .doc = "what f(S) may lose before levels are rebuilt"},
    {"guess", CC_REAL, "auto", .doc = "of the optimum: one copy; auto: the grid"},
    {0},
};
