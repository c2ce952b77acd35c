/* greedy.c: the greedy algorithm from scratch, whenever an answer is wanted or after every update; and k elements at random.
 *
 * Problem    as dynamic.c.
 * Method     k times the element of the largest gain. Gains only fall, so stale ones are bounds: those of a heap's top are
 *            renewed until one stays on top. A query for each element present, and a few for each pick.
 * Guarantee  (1 - 1/e) OPT. Random: none.
 * Reference  Nemhauser, Wolsey, Fisher 1978; lazy evaluation: Minoux 1978. */
#include "baselines.h"
#include "roster.h"
#include "submodular.h"

typedef struct greedy {
    size_t k;
    int always; /* after every update */
    ds_nest roster;
    dynset_chain *chain;
    uint32_t *heap;
    double *gain; /* of heap[i] */
    uint32_t *list;
    dynset_set answer;
    cc_rng rng;
} greedy;

static cc_status open(cc_run *run, greedy **state)
{
    greedy *s;
    const size_t n = dynset_n(run);
    CC_NEW(run, s, 1);
    s->k = dynset_k(run);
    CC_NEW(run, s->heap, n);
    CC_NEW(run, s->gain, n);
    CC_NEW(run, s->list, s->k);
    s->answer.element = s->list;
    *state = s;
    return ds_nest_open(run, n, 1, &s->roster);
}

cc_status ds_greedy_init(cc_run *run, void **state)
{
    greedy *s;
    CC_TRY(open(run, &s));
    s->always = cc_choice(run, "when") == 1;
    *state = s;
    return dynset_chain_open(run, 1, &s->chain);
}

/* Moves entry i of the heap of n down to where it belongs. */
static void sift(greedy *s, size_t n, size_t i)
{
    const uint32_t element = s->heap[i];
    const double gain = s->gain[i];
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        child += child + 1 < n && s->gain[child + 1] > s->gain[child];
        if (!(s->gain[child] > gain)) break;
        s->heap[i] = s->heap[child];
        s->gain[i] = s->gain[child];
    }
    s->heap[i] = element;
    s->gain[i] = gain;
}

static cc_status solve(cc_run *run, greedy *s)
{
    size_t n = s->roster.size[0];
    s->answer.n = 0;
    dynset_cut(s->chain, 0);
    dynset_push(s->chain);
    for (size_t i = 0; i < n; i++) s->heap[i] = s->roster.order[i];
    dynset_gains(run, s->chain, 1, n, s->heap, s->gain);
    for (size_t i = 0; i < n; i++)
        if (s->gain[i] < 0)
            return cc_fail(run, CC_ENUMERIC, "element %u has the gain %g: f is not monotone", s->heap[i], s->gain[i]);
    for (size_t i = n / 2; i-- > 0;) sift(s, n, i);
    for (int fresh = 1; n > 0 && s->answer.n < s->k && s->gain[0] > 0; fresh = 0) {
        while (!fresh) {
            const uint32_t top = s->heap[0];
            const double stale = s->gain[0];
            s->gain[0] = dynset_gain(run, s->chain, 1, top);
            if (s->gain[0] < 0) return cc_fail(run, CC_ENUMERIC, "element %u has the gain %g: f is not monotone", top, s->gain[0]);
            if (!(s->gain[0] < stale)) break;
            sift(s, n, 0);
            fresh = s->heap[0] == top;
        }
        if (!(s->gain[0] > 0)) break; /* looked at again, nothing is left of it */
        dynset_add(s->chain, s->heap[0]);
        s->list[s->answer.n++] = s->heap[0];
        n--;
        s->heap[0] = s->heap[n];
        s->gain[0] = s->gain[n];
        if (n) sift(s, n, 0);
    }
    return CC_OK;
}

cc_status ds_greedy_step(cc_run *run, void *state)
{
    greedy *s = state;
    dynset_update u;
    if (!dynset_next(run, &u)) return cc_finish(run, "END");
    CC_TRY(ds_roster_update(run, &s->roster, u.element, u.insert));
    if (s->always || u.ask) CC_TRY(solve(run, s));
    if (u.ask) dynset_show(run, s->answer);
    return u.last ? cc_finish(run, "END") : CC_OK;
}

const void *ds_greedy_candidate(void *state) { return &((greedy *)state)->answer; }

const cc_param ds_greedy_params[] = {
    {"when", CC_CHOICE, "asked", .choices = "asked always", .doc = "from scratch when asked, or after every update"},
    {0},
};

/* ---- k elements at random ---- */

cc_status ds_random_init(cc_run *run, void **state)
{
    greedy *s;
    CC_TRY(open(run, &s));
    s->rng = cc_stream(run, DS_CHOICE, 0);
    *state = s;
    return CC_OK;
}

cc_status ds_random_step(cc_run *run, void *state)
{
    greedy *s = state;
    dynset_update u;
    if (!dynset_next(run, &u)) return cc_finish(run, "END");
    CC_TRY(ds_roster_update(run, &s->roster, u.element, u.insert));
    if (u.ask) {
        const size_t n = s->roster.size[0];
        s->answer.n = n < s->k ? n : s->k;
        for (size_t i = 0; i < n; i++) s->heap[i] = s->roster.order[i];
        ds_draw(&s->rng, s->answer.n, n, s->heap);
        for (size_t i = 0; i < s->answer.n; i++) s->list[i] = s->heap[i];
        dynset_show(run, s->answer);
    }
    return u.last ? cc_finish(run, "END") : CC_OK;
}
