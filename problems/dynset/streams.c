/* problems/dynset/streams.c: what comes and goes, and when it is asked for. Drawn by SplitMix64 from the seed: the streams do not
 * know what an algorithm draws. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "problems/dynset/problems.h"
#include "problems/splitmix.h"

enum { WINDOW, DRAIN, RANDOM, INSERT, ADAPTIVE };

typedef struct builder {
    size_t n, at, room;
    dynset_update *update;
} builder;

static void put(builder *b, size_t element, int insert)
{
    b->update[b->at++] = (dynset_update){.element = (uint32_t)element, .insert = (uint8_t)insert};
}

static void window(builder *b, size_t width)
{
    for (size_t e = 0; e < b->n; e++) {
        put(b, e, 1);
        if (e >= width) put(b, e - width, 0);
    }
}

typedef struct ranked {
    double value;
    size_t element;
} ranked;

static int by_value_down(const void *a, const void *b)
{
    const ranked *s = a, *t = b;
    return s->value != t->value ? (s->value < t->value) - (s->value > t->value)
                                : (s->element > t->element) - (s->element < t->element);
}

static cc_status drain(cc_run *scope, builder *b, const double *single, size_t deletions)
{
    ranked *order;
    CC_NEW(scope, order, b->n);
    for (size_t e = 0; e < b->n; e++) {
        put(b, e, 1);
        order[e] = (ranked){single[e], e};
    }
    qsort(order, b->n, sizeof *order, by_value_down);
    for (size_t i = 0; i < deletions; i++) put(b, order[i].element, 0);
    return CC_OK;
}

/* n insertions and deletions in random order, insertions with probability .6 where there is a choice. The absent elements are
 * mixed[0 .. out - 1], the present ones follow. */
static cc_status random_updates(cc_run *scope, builder *b, size_t updates, uint64_t seed)
{
    uint64_t state = seed ^ UINT64_C(0x5354524541);
    size_t *mixed, out = b->n;
    CC_NEW(scope, mixed, b->n);
    for (size_t e = 0; e < b->n; e++) mixed[e] = e;
    for (size_t t = 0; t < updates; t++) {
        const int insert = out == b->n || (out > 0 && cc_sm64_uniform(&state) < .6);
        const size_t low = insert ? 0 : out, count = insert ? out : b->n - out;
        const size_t i = low + (size_t)(cc_sm64_uniform(&state) * (double)count), element = mixed[i];
        const size_t edge = insert ? --out : out++;
        mixed[i] = mixed[edge];
        mixed[edge] = element;
        put(b, element, insert);
    }
    return CC_OK;
}

/* f of every element alone. */
static cc_status singletons(cc_run *scope, const dynset_instance *p, double **single)
{
    dynset_chain *chain;
    CC_NEW(scope, *single, p->n);
    CC_TRY(dynset_chain_make(scope, p, 1, &chain));
    for (uint32_t e = 0; e < p->n; e++) p->f->gains(p->data, chain->state, 0, 1, &e, *single + e);
    return CC_OK;
}

static cc_status publish(cc_run *scope, const dynset_instance *p, const double *single)
{
    double least = INFINITY, most = 0;
    for (size_t e = 0; e < p->n; e++) {
        if (!(single[e] >= 0) || isinf(single[e]))
            return cc_fail(scope, CC_EINVAL, "f of element %zu alone is %g; values are finite and not negative", e, single[e]);
        if (single[e] > 0) least = fmin(least, single[e]);
        most = fmax(most, single[e]);
    }
    if (!(most > 0)) return cc_fail(scope, CC_EINVAL, "f is zero: there is nothing to maximise");
    CC_TRY(cc_publish(scope, CC_TOLD, "singleton_min", least));
    CC_TRY(cc_publish(scope, CC_TOLD, "singleton_max", most));
    return cc_publish(scope, CC_HIDDEN, "updates", (double)p->updates);
}

/* Some of the updates ask, evenly spread, the last one among them. */
static void ask(builder *b, size_t asks)
{
    for (size_t t = 0; t < b->at; t++) b->update[t].ask = asks >= b->at || (t + 1) * asks / b->at > t * asks / b->at;
}

static cc_status start(cc_run *scope, dynset_instance *p)
{
    p->k = (size_t)cc_int(scope, "k");
    if (p->n == 0) return cc_fail(scope, CC_EINVAL, "there are no elements");
    if (p->n > UINT32_MAX) return cc_fail(scope, CC_EINVAL, "%zu elements; there is room for 2^32 - 1", p->n);
    return CC_OK;
}

cc_status dynset_finish(cc_run *scope, dynset_instance *p)
{
    const int kind = cc_choice(scope, "stream");
    const double share = cc_real(scope, "share");
    builder b = {.n = p->n, .room = 2 * p->n};
    double *single;
    CC_TRY(start(scope, p));
    const size_t part = (size_t)ceil(share * (double)p->n);
    CC_NEW(scope, b.update, b.room);
    CC_TRY(singletons(scope, p, &single));
    if (kind == WINDOW)
        window(&b, part > 0 ? part : 1);
    else if (kind == RANDOM)
        CC_TRY(random_updates(scope, &b, 2 * p->n, p->stream_seed));
    else if (kind == ADAPTIVE) {
        for (size_t e = 0; e < p->n; e++) put(&b, e, 1);
        for (size_t i = 0; i < part; i++) put(&b, 0, 0);
    } else
        CC_TRY(drain(scope, &b, single, kind == DRAIN ? part : 0));
    ask(&b, (size_t)cc_int(scope, "asks"));
    p->updates = b.at;
    p->stream = b.update;
    p->adaptive = kind == ADAPTIVE;
    return publish(scope, p, single);
}

cc_status dynset_finish_given(cc_run *scope, dynset_instance *p, size_t updates, const dynset_update *stream)
{
    uint8_t *present;
    double *single;
    CC_TRY(start(scope, p));
    CC_NEW(scope, present, p->n);
    CC_TRY(singletons(scope, p, &single));
    for (size_t t = 0; t < updates; t++) {
        const uint32_t e = stream[t].element;
        if (e >= p->n) return cc_fail(scope, CC_EINVAL, "update %zu speaks of element %u; there are %zu", t + 1, e, p->n);
        if (present[e] == stream[t].insert)
            return cc_fail(scope, CC_EINVAL,
                           stream[t].insert ? "update %zu inserts element %u, which is present"
                                            : "update %zu deletes element %u, which is absent",
                           t + 1, e);
        present[e] = stream[t].insert;
    }
    p->updates = updates;
    p->stream = stream;
    return publish(scope, p, single);
}
