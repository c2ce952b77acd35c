/* problems/dynset/metrics.c: what an answer is worth: its value, beside the greedy value and the optimum of the elements present.
 */
#include <math.h>

#include "problems/dynset/problems.h"

/* ---- the greedy value ---- */

/* A heap of elements by gain (ties: the lesser number first). */
static int above(const dynset_env *e, uint32_t a, uint32_t b)
{
    return e->gain[a] > e->gain[b] || (!(e->gain[a] < e->gain[b]) && a < b);
}

static void sift(const dynset_env *e, size_t n, size_t i)
{
    uint32_t *heap = e->list;
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && above(e, heap[child + 1], heap[child])) child++;
        if (!above(e, heap[child], heap[i])) return;
        const uint32_t swap = heap[i];
        heap[i] = heap[child], heap[child] = swap;
    }
}

static size_t list_present(const dynset_env *e)
{
    size_t n = 0;
    for (uint32_t v = 0; v < e->instance->n; v++)
        if (e->present[v]) e->list[n++] = v;
    return n;
}

/* Lazy evaluation: gains only fall, so an element whose fresh gain stays on top is the best. */
static double greedy(dynset_env *e)
{
    dynset_chain *c = e->judge;
    const dynset_instance *p = e->instance;
    size_t n = list_present(e);
    dynset_cut(c, 0);
    for (size_t i = 0; i < n; i++) p->f->gains(p->data, c->state, 0, 1, &e->list[i], &e->gain[e->list[i]]);
    for (size_t i = n / 2; i-- > 0;) sift(e, n, i);
    dynset_push(c);
    for (size_t size = 0; size < p->k && n; size++) {
        for (;;) {
            const uint32_t top = e->list[0];
            const double stale = e->gain[top];
            p->f->gains(p->data, c->state, 1, 1, &top, &e->gain[top]);
            if (!(e->gain[top] < stale)) break;
            sift(e, n, 0);
            if (e->list[0] == top) break;
        }
        dynset_add(c, e->list[0]);
        e->list[0] = e->list[--n];
        sift(e, n, 0);
    }
    return p->f->value(p->data, c->state, 1);
}

double dynset_greedy_value(const cc_oracle *oracle)
{
    dynset_env *e = oracle->env;
    if (e->greedy_at != e->at + 1) {
        e->greedy = greedy(e);
        e->greedy_at = e->at + 1;
    }
    return e->greedy;
}

/* ---- the optimum ---- */

enum { MOST_PRESENT = 32, MOST_CHOSEN = 8 };

typedef struct search {
    const dynset_instance *p;
    dynset_chain *c;
    uint32_t element[MOST_PRESENT];
    size_t n;
    double best;
} search;

/* All sets that hold G_top and elements from `from` on, but those whose bound (the largest gains of what may still come) is not
 * above the best. */
static void descend(search *s, size_t from)
{
    double gain[MOST_PRESENT], most = 0;
    const size_t depth = s->c->top, left = s->p->k - depth;
    const double value = s->p->f->value(s->p->data, s->c->state, depth);
    s->best = fmax(s->best, value);
    if (left == 0 || from == s->n) return;
    s->p->f->gains(s->p->data, s->c->state, depth, s->n - from, s->element + from, gain);
    for (size_t i = 0; i < s->n - from; i++) most = fmax(most, gain[i]);
    if (left == 1) {
        s->best = fmax(s->best, value + most);
        return;
    }
    for (size_t i = 0; i < s->n - from; i++) {
        if (value + gain[i] + (double)(left - 1) * most <= s->best * (1 + 1e-12)) continue;
        dynset_push(s->c);
        dynset_add(s->c, s->element[from + i]);
        descend(s, from + i + 1);
        dynset_cut(s->c, depth);
    }
}

double dynset_optimum(const cc_oracle *oracle)
{
    dynset_env *e = oracle->env;
    if (e->n_present > MOST_PRESENT || e->instance->k > MOST_CHOSEN) return NAN;
    if (e->optimum_at != e->at + 1) {
        search s = {.p = e->instance, .c = e->judge, .best = dynset_greedy_value(oracle)};
        s.n = list_present(e);
        for (size_t i = 0; i < s.n; i++) s.element[i] = e->list[i];
        dynset_cut(s.c, 0);
        descend(&s, 0);
        e->optimum = s.best;
        e->optimum_at = e->at + 1;
    }
    return e->optimum;
}

/* ---- metrics ---- */

/* What the set is not allowed: elements beyond k, absent ones, those named twice. */
static double excess(const cc_oracle *oracle, const void *candidate)
{
    dynset_env *e = oracle->env;
    const dynset_set *s = candidate;
    size_t wrong = s->n > e->instance->k ? s->n - e->instance->k : 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->element[i] >= e->instance->n || !e->present[s->element[i]])
            wrong++;
        else
            wrong += e->seen[s->element[i]]++ > 0;
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->element[i] < e->instance->n) e->seen[s->element[i]] = 0;
    return (double)wrong;
}

static double value(const cc_oracle *oracle, const void *candidate)
{
    dynset_env *e = oracle->env;
    const dynset_set *s = candidate;
    if (excess(oracle, candidate) > 0) return NAN;
    dynset_cut(e->query, 0);
    dynset_push(e->query);
    for (size_t i = 0; i < s->n; i++) dynset_add(e->query, s->element[i]);
    return e->instance->f->value(e->instance->data, e->query->state, 1);
}

static double greedy_value(const cc_oracle *oracle, const void *candidate) { return (void)candidate, dynset_greedy_value(oracle); }
static double optimum(const cc_oracle *oracle, const void *candidate) { return (void)candidate, dynset_optimum(oracle); }
static double ratio(const cc_oracle *oracle, const void *candidate)
{
    return value(oracle, candidate) / dynset_greedy_value(oracle);
}
static double size(const cc_oracle *oracle, const void *candidate)
{
    return (void)oracle, (double)((const dynset_set *)candidate)->n;
}
static double present(const cc_oracle *oracle, const void *candidate)
{
    return (void)candidate, (double)((const dynset_env *)oracle->env)->n_present;
}

const cc_metric dynset_metrics[] = {
    {"value", "", "f(S); no number if S is not allowed", value},
    {"greedy", "", "the greedy value of the elements present", greedy_value},
    {"opt", "", "the optimum of the elements present (at most 32 of them, k <= 8)", optimum},
    {"ratio", "", "f(S) over the greedy value", ratio},
    {"size", "", "elements of S", size},
    {"present", "", "elements present", present},
    {"excess", "", "elements of S beyond k, absent or named twice", excess},
    {0},
};
