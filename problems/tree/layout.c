/* problems/tree/layout.c: metrics of a layout in regions, polygons or boxes: shape, area, and whether children lie in their parent
 * and apart from each other. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "problems/tree/problems.h"

double tree_box_volume(const tree_layout *p, size_t v)
{
    double volume = 1;
    for (size_t k = 0; k < p->d; k++) volume *= p->side[v * p->d + k];
    return volume;
}

double tree_box_ratio(const tree_layout *p, size_t v)
{
    double least = DBL_MAX, most = 0;
    for (size_t k = 0; k < p->d; k++) {
        least = fmin(least, p->side[v * p->d + k]);
        most = fmax(most, p->side[v * p->d + k]);
        if (!(p->side[v * p->d + k] > 0)) return INFINITY;
    }
    return most / least;
}

static double box_outside(const tree_layout *p, size_t v, size_t parent)
{
    double most = 0, scale = 0;
    for (size_t k = 0; k < p->d; k++) {
        const double shift = p->low[v * p->d + k] - p->low[parent * p->d + k];
        most = fmax(most, fmax(-shift, shift + p->side[v * p->d + k] - p->side[parent * p->d + k]));
        scale = fmax(scale, p->side[parent * p->d + k]);
    }
    return most / scale;
}

static double box_overlap(const tree_layout *p, size_t u, size_t v)
{
    double volume = 1;
    for (size_t k = 0; k < p->d; k++) {
        const double shift = p->low[v * p->d + k] - p->low[u * p->d + k];
        volume *= fmax(fmin(p->side[u * p->d + k], shift + p->side[v * p->d + k]) - fmax(0, shift), 0);
    }
    return volume;
}

/* The greater one; what is not a number is worse than anything. */
static double worse(double most, double value) { return isnan(value) || isnan(most) ? INFINITY : fmax(most, value); }

static const tree_data *tree_of(const cc_oracle *oracle) { return oracle->instance; }
static int has_regions(const tree_layout *p) { return p->kind == TREE_POLYGONS || p->kind == TREE_BOXES; }
static double area(const tree_layout *p, size_t v)
{
    return p->kind == TREE_BOXES ? tree_box_volume(p, v) : tree_polygon_area(p, v);
}

static double box_asp(const tree_layout *p, size_t v)
{
    double diameter2 = 0;
    for (size_t k = 0; k < p->d; k++) diameter2 += p->side[v * p->d + k] * p->side[v * p->d + k];
    return diameter2 / tree_box_volume(p, v);
}

static double asp(const tree_layout *p, size_t v) { return p->kind == TREE_BOXES ? box_asp(p, v) : tree_polygon_asp(p, v); }

static double max_asp(const cc_oracle *oracle, const void *candidate)
{
    const tree_layout *p = candidate;
    double most = 0;
    if (!has_regions(p) || p->d != 2) return NAN;
    for (size_t v = 0; v < tree_of(oracle)->nodes; v++) {
        const double a = asp(p, v);
        most = a > 0 ? worse(most, a) : INFINITY; /* no area, clockwise, or not a number */
    }
    return most;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_asp(const cc_oracle *oracle, const void *candidate)
{
    const tree_layout *p = candidate;
    const size_t n = tree_of(oracle)->nodes;
    double *all = has_regions(p) && p->d == 2 ? malloc(n * sizeof *all) : NULL, median;
    if (!all) return NAN;
    for (size_t v = 0; v < n; v++) all[v] = asp(p, v);
    qsort(all, n, sizeof *all, ascending);
    median = (all[(n - 1) / 2] + all[n / 2]) / 2;
    free(all);
    return median;
}

static double max_ratio(const cc_oracle *oracle, const void *candidate)
{
    const tree_layout *p = candidate;
    double most = 0;
    if (p->kind != TREE_BOXES) return NAN;
    for (size_t v = 0; v < tree_of(oracle)->nodes; v++) most = worse(most, tree_box_ratio(p, v));
    return most;
}

static double area_error(const cc_oracle *oracle, const void *candidate)
{
    const tree_data *t = tree_of(oracle);
    double most = 0;
    if (!has_regions(candidate)) return NAN;
    for (size_t v = 0; v < t->nodes; v++) most = worse(most, fabs(area(candidate, v) - t->weight[v]) / t->weight[v]);
    return most;
}

static double leaf_area(const cc_oracle *oracle, const void *candidate)
{
    const tree_data *t = tree_of(oracle);
    double sum = 0;
    if (!has_regions(candidate)) return NAN;
    for (size_t v = 0; v < t->nodes; v++)
        if (tree_is_leaf(t, v)) sum += area(candidate, v);
    return sum;
}

static double excess(const cc_oracle *oracle, const void *candidate)
{
    const tree_data *t = tree_of(oracle);
    double most = -INFINITY;
    if (!has_regions(candidate)) return NAN;
    for (size_t v = 0; v < t->nodes; v++) most = worse(most, area(candidate, v) / t->weight[v] - 1);
    return most;
}

static double slack(const cc_oracle *oracle, const void *candidate)
{
    const tree_data *t = tree_of(oracle);
    double most = 0;
    if (!has_regions(candidate)) return NAN;
    for (size_t v = 1; v < t->nodes; v++) most = worse(most, -expm1(log(area(candidate, v) / t->weight[v]) / (double)t->level[v]));
    return most;
}

static double bend(const cc_oracle *oracle, const void *candidate)
{
    const tree_layout *p = candidate;
    double least = 1;
    if (p->kind != TREE_POLYGONS) return NAN;
    for (size_t v = 0; v < tree_of(oracle)->nodes; v++) least = fmin(least, tree_polygon_bend(p, v));
    return least;
}

static double outside(const cc_oracle *oracle, const void *candidate)
{
    const tree_layout *p = candidate;
    const tree_data *t = tree_of(oracle);
    double most = 0;
    if (!has_regions(p)) return NAN;
    for (size_t v = 1; v < t->nodes; v++)
        most = worse(most, p->kind == TREE_BOXES ? box_outside(p, v, t->parent[v]) : tree_polygon_outside(p, v, t->parent[v]));
    return most;
}

/* ---- overlap of siblings: a sweep over their bounding boxes, by left ends ---- */

typedef struct extent {
    double left, right, low, high;
    size_t node;
} extent;

static extent extent_of(const tree_layout *p, size_t v)
{
    if (p->kind == TREE_BOXES) {
        const double *low = p->low + v * p->d, *side = p->side + v * p->d;
        const size_t k = p->d > 1;
        return (extent){low[0], low[0] + side[0], low[k], low[k] + side[k], v};
    }
    extent e = {INFINITY, -INFINITY, INFINITY, -INFINITY, v};
    for (size_t i = 0; i < p->corners[v]; i++) {
        const double x = p->origin[2 * v] + p->xy[2 * (p->start[v] + i)],
                     y = p->origin[2 * v + 1] + p->xy[2 * (p->start[v] + i) + 1];
        e = (extent){fmin(e.left, x), fmax(e.right, x), fmin(e.low, y), fmax(e.high, y), v};
    }
    return e;
}

static int by_left(const void *a, const void *b) { return ascending(&((const extent *)a)->left, &((const extent *)b)->left); }

/* The sum over pairs of children of u; `list` and `active` have room for all children. */
static double overlap_below(const tree_data *t, const tree_layout *p, size_t u, extent *list, size_t *active)
{
    size_t n = 0, n_active = 0;
    double sum = 0;
    for (size_t c = u + 1; c < u + t->size[u]; c += t->size[c]) list[n++] = extent_of(p, c);
    qsort(list, n, sizeof *list, by_left);
    for (size_t i = 0; i < n; i++) {
        size_t kept = 0;
        for (size_t k = 0; k < n_active; k++) {
            const extent *e = &list[active[k]];
            if (e->right <= list[i].left) continue;
            active[kept++] = active[k];
            if (e->low >= list[i].high || e->high <= list[i].low) continue;
            sum += p->kind == TREE_BOXES ? box_overlap(p, e->node, list[i].node) : tree_polygon_overlap(p, e->node, list[i].node);
        }
        active[kept] = i;
        n_active = kept + 1;
    }
    return sum;
}

static double overlap(const cc_oracle *oracle, const void *candidate)
{
    const tree_data *t = tree_of(oracle);
    extent *list = has_regions(candidate) ? malloc(t->nodes * sizeof *list) : NULL;
    size_t *active = list ? malloc(t->nodes * sizeof *active) : NULL;
    double most = 0;
    for (size_t u = 0; active && u < t->nodes; u++)
        most = worse(most, overlap_below(t, candidate, u, list, active) / area(candidate, u));
    free(list);
    const double result = active ? most : NAN;
    free(active);
    return result;
}

const cc_metric tree_metrics[] = {
    {"max_asp", "", "max over nodes of diameter^2 / area (planar regions)", max_asp},
    {"median_asp", "", "its median over nodes", median_asp},
    {"max_ratio", "", "max over nodes of longest side / shortest side (boxes)", max_ratio},
    {"area_error", "", "max over nodes of |area - w| / w", area_error},
    {"leaf_area", "", "sum of the leaves' areas", leaf_area},
    {"excess", "", "max over nodes of area / w - 1", excess},
    {"slack", "", "max over nodes below the root of 1 - (area / w)^(1 / level): what is lost per level", slack},
    {"bend", "", "least sine of a turn of a polygon, counter-clockwise; -1: not a simple closed curve", bend},
    {"outside", "", "max over nodes of how far it leaves its parent, over the parent's diameter (longest side of a box)", outside},
    {"overlap", "", "max over nodes of the sum over pairs of children of area(intersection) / area(node)", overlap},
    {"binary_height", "", "height of the binary tree, recomputed; infinite if it is no binary tree of the same leaves",
     tree_metric_binary_height},
    {"distortion", "", "expansion x contraction over all pairs of leaves", tree_metric_distortion},
    {"expansion", "", "max |x - y| / l(lca)", tree_metric_expansion},
    {"contraction", "", "max l(lca) / |x - y|", tree_metric_contraction},
    {"c_lb", "", "no embedding into this dimension has less distortion (Brunn-Minkowski)", tree_metric_lower_bound},
    {"c_ub", "", "distortion that the slack embedding is proved to stay below", tree_metric_upper_bound},
    {0},
};

double tree_judge(cc_run *run, const char *metric, const tree_layout *layout)
{
    for (const cc_metric *m = tree_metrics; m->name; m++)
        if (!strcmp(m->name, metric)) return m->value(cc_oracle_of(run), layout);
    return NAN;
}
