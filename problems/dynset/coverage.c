/* problems/dynset/coverage.c: (weighted, capped) coverage on a chain: each item knows the level that covers it first. */
#include <math.h>

#include "problems/dynset/problems.h"

enum { UNCOVERED = UINT16_MAX };

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
    if (levels >= UNCOVERED)
        return cc_fail(scope, CC_EINVAL, "a chain of %zu sets; coverage has room for %d", levels, UNCOVERED - 1);
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

const dynset_function dynset_coverage = {open, push, add, cut, gains, value};
