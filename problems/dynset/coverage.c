/* problems/dynset/coverage.c: (weighted, capped) coverage on a chain: each item knows the level that covers it first. */
#include <math.h>

#include "problems/dynset/problems.h"

enum { UNCOVERED = UINT16_MAX, WANTED = UNCOVERED - 1 };

typedef struct state {
    uint16_t *first;   /* item: least level whose set covers it */
    uint32_t *covered; /* items in the order of their covering */
    size_t *upto;      /* level: how many items its set covers */
    double *weight;    /* level: their weight, not capped */
} state;

static cc_status open(cc_run *scope, const void *data, size_t levels, void **made)
{
    const dynset_cover *c = data;
    state *s;
    if (levels >= WANTED) return cc_fail(scope, CC_EINVAL, "a chain of %zu sets; coverage has room for %d", levels, WANTED - 1);
    CC_NEW(scope, s, 1);
    CC_NEW(scope, s->first, c->items + 1);
    CC_NEW(scope, s->covered, c->items + 1);
    CC_NEW(scope, s->upto, levels + 1);
    CC_NEW(scope, s->weight, levels + 1);
    for (size_t i = 0; i < c->items; i++) s->first[i] = UNCOVERED;
    *made = s;
    return CC_OK;
}

static void push(const void *data, void *made, size_t top)
{
    state *s = made;
    (void)data;
    s->upto[top] = s->upto[top - 1];
    s->weight[top] = s->weight[top - 1];
}

static void add(const void *data, void *made, size_t top, uint32_t element)
{
    const dynset_cover *c = data;
    state *s = made;
    for (uint32_t q = c->begin[element]; q < c->begin[element + 1]; q++) {
        const uint32_t i = c->item[q];
        if (s->first[i] != UNCOVERED) continue;
        s->first[i] = (uint16_t)top;
        s->covered[s->upto[top]++] = i;
        s->weight[top] += c->weight ? c->weight[i] : 1;
    }
}

static void cut(const void *data, void *made, size_t top, size_t level)
{
    state *s = made;
    (void)data;
    for (size_t i = s->upto[level]; i < s->upto[top]; i++) s->first[s->covered[i]] = UNCOVERED;
}

static double value(const void *data, const void *made, size_t level)
{
    return fmin(((const dynset_cover *)data)->cap, ((const state *)made)->weight[level]);
}

static void gains(const void *data, const void *made, size_t level, size_t n, const uint32_t *element, double *gain)
{
    const dynset_cover *c = data;
    const state *s = made;
    for (size_t j = 0; j < n; j++) {
        const uint32_t *item = c->item + c->begin[element[j]], *end = c->item + c->begin[element[j] + 1];
        if (c->weight) {
            double sum = 0;
            for (; item < end; item++) sum += s->first[*item] > level ? c->weight[*item] : 0;
            gain[j] = sum;
        } else {
            uint32_t count = 0;
            for (; item < end; item++) count += s->first[*item] > level;
            gain[j] = count;
        }
    }
    if (isinf(c->cap)) return;
    for (size_t j = 0; j < n; j++) gain[j] = fmin(c->cap, s->weight[level] + gain[j]) - value(data, made, level);
}

static double trial_by_steps(const void *data, void *made, size_t top, size_t n, const uint32_t *extra, uint32_t element)
{
    double gain;
    push(data, made, top + 1);
    for (size_t i = 0; i < n; i++) add(data, made, top + 1, extra[i]);
    gains(data, made, top + 1, 1, &element, &gain);
    cut(data, made, top + 1, top);
    return gain;
}

/* The element's uncovered items are marked, the extra ones take marks away: nothing is stored for theirs. Most have no item in
 * common with it, and their sketches say so. */
static double trial(const void *data, void *made, size_t top, size_t n, const uint32_t *extra, uint32_t element)
{
    const dynset_cover *c = data;
    state *s = made;
    uint16_t *first = s->first;
    const uint32_t begin = c->begin[element], end = c->begin[element + 1];
    uint64_t sketch = 0;
    size_t left = 0;
    double gain = 0;
    if (!isinf(c->cap)) return trial_by_steps(data, made, top, n, extra, element); /* what the others cover matters, too */
    for (uint32_t q = begin; q < end; q++) {
        if (first[c->item[q]] != UNCOVERED) continue;
        first[c->item[q]] = WANTED;
        sketch |= dynset_bit(c->item[q]);
        left++;
    }
    for (size_t j = 0; j < n && left > 0; j++) {
        if (!(c->sketch[extra[j]] & sketch)) continue;
        for (uint32_t q = c->begin[extra[j]]; q < c->begin[extra[j] + 1]; q++) {
            if (first[c->item[q]] != WANTED) continue;
            first[c->item[q]] = UNCOVERED;
            left--;
        }
    }
    for (uint32_t q = begin; q < end; q++) {
        if (first[c->item[q]] != WANTED) continue;
        first[c->item[q]] = UNCOVERED;
        gain += c->weight ? c->weight[c->item[q]] : 1;
    }
    return gain;
}

const dynset_function dynset_coverage = {open, push, add, cut, gains, value, trial};
