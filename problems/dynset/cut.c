/* problems/dynset/cut.c: the edges between a set of vertices and the rest: submodular, but a vertex among its neighbours has a
 * negative gain. Methods for monotone functions must refuse it. */
#include "problems/dynset/problems.h"

enum { OUTSIDE = UINT16_MAX };

typedef struct state {
    uint16_t *first; /* vertex: least level whose set holds it */
    uint32_t *order; /* vertices in the order of their coming */
    size_t *upto;    /* level: how many */
    double *value;
} state;

static cc_status open(cc_run *scope, const void *data, size_t levels, void **made)
{
    const dynset_cover *c = data;
    state *s;
    CC_NEW(scope, s, 1);
    CC_NEW(scope, s->first, c->n);
    CC_NEW(scope, s->order, c->n);
    CC_NEW(scope, s->upto, levels + 1);
    CC_NEW(scope, s->value, levels + 1);
    for (size_t v = 0; v < c->n; v++) s->first[v] = OUTSIDE;
    *made = s;
    return CC_OK;
}

static void push(const void *data, void *made, size_t top)
{
    state *s = made;
    (void)data;
    s->upto[top] = s->upto[top - 1];
    s->value[top] = s->value[top - 1];
}

static void gains(const void *data, const void *made, size_t level, size_t n, const uint32_t *element, double *gain)
{
    const dynset_cover *c = data;
    const state *s = made;
    for (size_t j = 0; j < n; j++) {
        const uint32_t v = element[j];
        gain[j] = 0;
        for (uint32_t q = c->begin[v]; q < c->begin[v + 1] && s->first[v] > level; q++)
            gain[j] += s->first[c->item[q]] > level ? 1 : -1;
    }
}

static void add(const void *data, void *made, size_t top, uint32_t element)
{
    state *s = made;
    double gain;
    gains(data, made, top, 1, &element, &gain);
    if (s->first[element] != OUTSIDE) return;
    s->first[element] = (uint16_t)top;
    s->order[s->upto[top]++] = element;
    s->value[top] += gain;
}

static void cut(const void *data, void *made, size_t top, size_t level)
{
    state *s = made;
    (void)data;
    for (size_t i = s->upto[level]; i < s->upto[top]; i++) s->first[s->order[i]] = OUTSIDE;
}

static double value(const void *data, const void *made, size_t level)
{
    (void)data;
    return ((const state *)made)->value[level];
}

const dynset_function dynset_cut_function = {open, push, add, cut, gains, value};
