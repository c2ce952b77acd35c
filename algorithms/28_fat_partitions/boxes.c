/* boxes.c: partitions of a box into boxes that may be a little too small, and therefore never thin; treemaps made of them.
 *
 *   paper      here
 *   epsilon    eps, in (0, 1/3]
 *   PART       fp_boxes_part: items (children with weights) into a box of R^d
 *
 * All sides of a box stay within [eps l, l] of its longest side l, because only longest sides are cut, at fractions in [eps, 1 -
 * eps]. An item loses volume only as the one item of more than (1 - eps) of the weight: once per level of T, a factor 1 - eps. */
#include "partitions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double fp_volume(size_t d, const double *side)
{
    double volume = 1;
    for (size_t k = 0; k < d; k++) volume *= side[k];
    return volume;
}

void fp_shrink(size_t d, double factor, double *low, double *side)
{
    for (size_t k = 0; k < d; k++) {
        low[k] += side[k] * (1 - factor) / 2;
        side[k] *= factor;
    }
}

static int heavier_first(const void *a, const void *b, void *weight)
{
    const double *w = weight, x = w[*(const size_t *)a], y = w[*(const size_t *)b];
    if (x != y) return x > y ? -1 : 1;
    return *(const size_t *)a < *(const size_t *)b ? -1 : 1;
}

void fp_sort_decreasing(size_t m, size_t *item, const double *weight)
{
    qsort_r(item, m, sizeof *item, heavier_first, (void *)(uintptr_t)weight);
}

cc_status fp_boxes_alloc(cc_run *run, size_t d, size_t most, fp_boxes *b)
{
    b->d = d;
    CC_NEW(run, b->item, most);
    CC_NEW(run, b->group, most);
    CC_NEW(run, b->begin, most + 1);
    CC_NEW(run, b->end, most + 1);
    CC_NEW(run, b->low, (most + 1) * d);
    CC_NEW(run, b->side, (most + 1) * d);
    return CC_OK;
}

/* Deals items [begin, end), sorted, into two groups, the next one to the lighter group; each stays sorted. Returns where the second
 * begins. Both shares are told: 1 - share is not exact enough for the small one. */
static size_t deal(fp_boxes *b, size_t begin, size_t end, const double *weight, double share[2])
{
    double first = 0, second = 0;
    size_t n = begin, m = 0;
    for (size_t i = begin; i < end; i++) {
        const size_t item = b->item[i];
        if (first <= second) {
            first += weight[item];
            b->item[n++] = item;
        } else {
            second += weight[item];
            b->group[m++] = item;
        }
    }
    memcpy(b->item + n, b->group, m * sizeof *b->group);
    share[0] = first / (first + second);
    share[1] = second / (first + second);
    return n;
}

/* Where the sorted items [begin, end) are divided, and in which proportion the longest side. */
static size_t divide(fp_boxes *b, size_t begin, size_t end, const double *weight, double share[2])
{
    double total = 0;
    for (size_t i = end; i-- > begin;) total += weight[b->item[i]];
    if (!b->exact && weight[b->item[begin]] > (1 - b->eps) * total) {
        share[0] = 1 - b->eps;
        share[1] = b->eps;
        return begin + 1;
    }
    return deal(b, begin, end, weight, share);
}

/* Pending box `top` is cut: it keeps the second part, the first goes on top of it. */
static void cut(fp_boxes *b, size_t top, const double share[2])
{
    const size_t d = b->d;
    double *low = b->low + top * d, *side = b->side + top * d;
    size_t k = 0;
    for (size_t i = 1; i < d; i++)
        if (side[i] > side[k]) k = i;
    memcpy(low + d, low, d * sizeof *low);
    memcpy(side + d, side, d * sizeof *side);
    side[d + k] = share[0] * side[k];
    low[k] += side[d + k];
    side[k] *= share[1];
    b->cuts++;
}

void fp_boxes_part(fp_boxes *b, size_t m, const size_t *child, const double *weight, const double *in_low, const double *in_side,
                   double *low, double *side)
{
    const size_t d = b->d;
    const double volume = fp_volume(d, in_side);
    double total = 0;
    size_t waiting = 1;
    memcpy(b->item, child, m * sizeof *child);
    fp_sort_decreasing(m, b->item, weight);
    for (size_t i = m; i-- > 0;) total += weight[b->item[i]];
    memcpy(b->low, in_low, d * sizeof *low);
    memcpy(b->side, in_side, d * sizeof *side);
    b->begin[0] = 0;
    b->end[0] = m;
    while (waiting) {
        const size_t top = waiting - 1, begin = b->begin[top], end = b->end[top];
        if (end - begin > 1) {
            double share[2];
            const size_t middle = divide(b, begin, end, weight, share);
            cut(b, top, share);
            b->begin[top] = middle;
            b->begin[waiting] = begin;
            b->end[waiting++] = middle;
            continue;
        }
        const size_t item = b->item[begin];
        const double share = weight[item] / total * volume, got = fp_volume(d, b->side + top * d);
        memcpy(low + item * d, b->low + top * d, d * sizeof *low);
        memcpy(side + item * d, b->side + top * d, d * sizeof *side);
        if (got > share) fp_shrink(d, pow(share / got, 1 / (double)d), low + item * d, side + item * d);
        waiting--;
    }
}

/* ---- a treemap of boxes ---- */

typedef struct slack {
    const tree_data *tree;
    fp_boxes boxes;
    size_t *child;
    double *low, *side;
    tree_layout layout;
} slack;

static size_t most_children(const tree_data *tree)
{
    size_t most = 1;
    for (size_t v = 0; v < tree->nodes; v++) {
        size_t m = 0;
        for (size_t c = v + 1; c < v + tree->size[v]; c += tree->size[c]) m++;
        most = m > most ? m : most;
    }
    return most;
}

cc_status fp_slack_init(cc_run *run, void **state)
{
    slack *s;
    CC_NEW(run, s, 1);
    s->tree = tree_get(run);
    const size_t d = (size_t)cc_int(run, "d"), most = most_children(s->tree);
    const double depth = fmax((double)s->tree->depth, 1), asked = cc_real(run, "eps");
    if (asked <= 0) return cc_fail(run, CC_EINVAL, "eps=%g is not in (0, 1/3]", asked);
    CC_TRY(fp_boxes_alloc(run, d, most, &s->boxes));
    s->boxes.eps = isnan(asked) ? fmin(1.0 / 3, 1 / depth) : asked;
    s->boxes.exact = cc_bool(run, "exact");
    CC_NEW(run, s->child, most);
    CC_NEW(run, s->low, s->tree->nodes * d);
    CC_NEW(run, s->side, s->tree->nodes * d);
    *state = s;
    return CC_OK;
}

cc_status fp_slack_step(cc_run *run, void *state)
{
    slack *s = state;
    const tree_data *t = s->tree;
    const size_t d = s->boxes.d;
    s->boxes.cuts = 0;
    for (size_t k = 0; k < d; k++) s->low[k] = 0, s->side[k] = 1;
    for (size_t v = 0; v < t->nodes; v++) {
        size_t m = 0;
        for (size_t c = v + 1; c < v + t->size[v]; c += t->size[c]) s->child[m++] = c;
        if (m) fp_boxes_part(&s->boxes, m, s->child, t->weight, s->low + v * d, s->side + v * d, s->low, s->side);
    }
    s->layout = (tree_layout){.kind = TREE_BOXES, .d = d, .low = s->low, .side = s->side};
    tree_report(run, s->boxes.cuts, 4 * d * s->boxes.cuts);
    return cc_finish(run, "LAID_OUT");
}

const void *fp_slack_candidate(void *state) { return &((slack *)state)->layout; }
