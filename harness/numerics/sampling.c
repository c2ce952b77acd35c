/* The order in which examples are drawn (declared in optim.h). */
#include <string.h>

#include "harness/numerics/optim.h"

static void swap(size_t *a, size_t *b)
{
    size_t t = *a;
    *a = *b, *b = t;
}

void cc_count(size_t n, size_t *ids)
{
    for (size_t i = 0; i < n; i++) ids[i] = i;
}

void cc_shuffle(cc_rng *rng, size_t n, size_t *ids)
{
    for (size_t i = n; i > 1; i--) swap(ids + i - 1, ids + cc_below(rng, i));
}

void cc_draw(cc_rng *rng, size_t n, size_t b, size_t *ids)
{
    for (size_t i = 0; i < b; i++) ids[i] = cc_below(rng, n);
}

/* The first b steps of a shuffle from the front. Then every entry that has moved gets its place back: number k from below b belongs
 * to place k; what sits at a place k >= b after the steps was swapped out of a place below b. */
void cc_draw_distinct(cc_rng *rng, size_t n, size_t b, size_t *pool, size_t *ids)
{
    for (size_t i = 0; i < b; i++) {
        swap(pool + i, pool + i + cc_below(rng, n - i));
        ids[i] = pool[i];
    }
    for (size_t i = 0; i < b; i++) pool[ids[i]] = ids[i];
    for (size_t i = 0; i < b; i++) pool[i] = i;
}

cc_status cc_epochs_new(cc_run *run, uint32_t stream, size_t n, size_t most, cc_epoch_end end, cc_epochs *epochs)
{
    if (most == 0 || most > n) return cc_fail(run, CC_EINVAL, "batches of %zu of %zu examples", most, n);
    *epochs = (cc_epochs){.n = n, .most = most, .end = end, .stream = stream, .run = run, .epoch = UINT64_MAX, .used = n};
    CC_NEW(run, epochs->order, n);
    CC_NEW(run, epochs->batch, most);
    return CC_OK;
}

static void next_epoch(cc_epochs *e)
{
    cc_rng rng = cc_stream(e->run, e->stream, ++e->epoch);
    e->used = 0;
    cc_count(e->n, e->order);
    cc_shuffle(&rng, e->n, e->order);
}

const size_t *cc_epochs_next(cc_epochs *e, size_t b, size_t *got)
{
    size_t left = e->n - e->used;
    if (left == 0 || (left < b && e->end == CC_DROP_LAST)) {
        next_epoch(e);
        left = e->n;
    }
    *got = b <= left || e->end == CC_WRAP ? b : left;
    if (b > left && e->end == CC_WRAP) {
        memcpy(e->batch, e->order + e->used, left * sizeof *e->batch);
        next_epoch(e);
        memcpy(e->batch + left, e->order, (b - left) * sizeof *e->batch);
        e->used = b - left;
        return e->batch;
    }
    e->used += *got;
    return e->order + e->used - *got;
}
