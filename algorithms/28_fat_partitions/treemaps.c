/* treemaps.c: the treemaps in use, with rectangles of exact area: slice and dice, and squarified. */
#include "partitions.h"

#include <math.h>
#include <string.h>

/* The row's worst ratio: items of area a in a row of total area `row` along a side s have sides row / s and a s / row. */
static double worst_ratio(double least, double most, double row, double s)
{
    return fmax(s * s * most / (row * row), row * row / (s * s * least));
}

/* Items [begin, end) as a row along the shorter side; the rectangle becomes what is left, of area `rest`. */
static void fix_row(size_t begin, size_t end, const double *area, double row, double rest, double left[4], double *out)
{
    const int upright = left[3] <= left[2]; /* the row stands at the left, along the height */
    const double s = upright ? left[3] : left[2], thickness = row / s;
    double at = 0;
    for (size_t i = begin; i < end; i++) {
        const double length = area[i] / thickness;
        double *o = out + 4 * i;
        o[0] = left[0] + (upright ? 0 : at);
        o[1] = left[1] + (upright ? at : 0);
        o[2] = upright ? thickness : length;
        o[3] = upright ? length : thickness;
        at += length;
    }
    left[upright ? 0 : 1] += thickness;
    left[upright ? 2 : 3] = rest / s; /* not a difference: rounding could eat it up */
}

void fp_squarify(size_t m, const double *area, const double rectangle[4], double *out)
{
    double left[4];
    memcpy(left, rectangle, sizeof left);
    for (size_t i = m; i-- > 0;) out[4 * i] = area[i] + (i + 1 < m ? out[4 * i + 4] : 0); /* sums of the rest, until overwritten */
    for (size_t begin = 0, end; begin < m; begin = end) {
        const double s = fmin(left[2], left[3]);
        double row = area[begin], worst = worst_ratio(row, row, row, s);
        for (end = begin + 1; end < m; end++) {
            const double next = worst_ratio(area[end], area[begin], row + area[end], s);
            if (next > worst) break;
            worst = next;
            row += area[end];
        }
        fix_row(begin, end, area, row, end < m ? out[4 * end] : 0, left, out);
    }
}

typedef struct treemap {
    const tree_data *tree;
    size_t *child;
    double *low, *side, *area, *out; /* corners and sides: nodes x 2; of one node's children */
    uint64_t cuts;
    tree_layout layout;
} treemap;

cc_status fp_treemap_init(cc_run *run, void **state)
{
    treemap *s;
    CC_NEW(run, s, 1);
    s->tree = tree_get(run);
    CC_NEW(run, s->child, s->tree->nodes);
    CC_NEW(run, s->area, s->tree->nodes);
    CC_NEW(run, s->out, 4 * s->tree->nodes);
    CC_NEW(run, s->low, 2 * s->tree->nodes);
    CC_NEW(run, s->side, 2 * s->tree->nodes);
    *state = s;
    return CC_OK;
}

static void slice(treemap *s, size_t v)
{
    const tree_data *t = s->tree;
    const size_t k = t->level[v] % 2; /* even levels: side by side */
    double at = s->low[2 * v + k];
    for (size_t c = v + 1; c < v + t->size[v]; c += t->size[c]) {
        memcpy(s->low + 2 * c, s->low + 2 * v, 2 * sizeof *s->low);
        memcpy(s->side + 2 * c, s->side + 2 * v, 2 * sizeof *s->side);
        s->low[2 * c + k] = at;
        s->side[2 * c + k] *= t->weight[c] / t->weight[v];
        at += s->side[2 * c + k];
        s->cuts++;
    }
}

static void square(treemap *s, size_t v)
{
    const tree_data *t = s->tree;
    const double in[4] = {s->low[2 * v], s->low[2 * v + 1], s->side[2 * v], s->side[2 * v + 1]};
    size_t m = 0;
    for (size_t c = v + 1; c < v + t->size[v]; c += t->size[c]) s->child[m++] = c;
    fp_sort_decreasing(m, s->child, t->weight);
    for (size_t i = 0; i < m; i++) s->area[i] = t->weight[s->child[i]] / t->weight[v] * in[2] * in[3];
    fp_squarify(m, s->area, in, s->out);
    for (size_t i = 0; i < m; i++) {
        memcpy(s->low + 2 * s->child[i], s->out + 4 * i, 2 * sizeof *s->low);
        memcpy(s->side + 2 * s->child[i], s->out + 4 * i + 2, 2 * sizeof *s->side);
    }
    s->cuts += m;
}

static cc_status lay_out(cc_run *run, treemap *s, void (*divide)(treemap *s, size_t v))
{
    s->low[0] = s->low[1] = 0;
    s->side[0] = s->side[1] = 1;
    s->cuts = 0;
    for (size_t v = 0; v < s->tree->nodes; v++)
        if (!tree_is_leaf(s->tree, v)) divide(s, v);
    s->layout = (tree_layout){.kind = TREE_BOXES, .d = 2, .low = s->low, .side = s->side};
    tree_report(run, s->cuts, 4 * s->cuts);
    return cc_finish(run, "LAID_OUT");
}

cc_status fp_slices_step(cc_run *run, void *state) { return lay_out(run, state, slice); }
cc_status fp_squarified_step(cc_run *run, void *state) { return lay_out(run, state, square); }
const void *fp_treemap_candidate(void *state) { return &((treemap *)state)->layout; }
