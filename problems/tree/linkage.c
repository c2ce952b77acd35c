/* problems/tree/linkage.c: the single-linkage ultrametric of real points: the greatest ultrametric below their distance. Its tree
 * comes from a minimum spanning tree (Gower and Ross 1969), here Prim's, in O(n^2). Equal points are one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "problems/data/data.h"
#include "problems/tree/problems.h"

static double distance(size_t d, const double *x, const double *y)
{
    double sum = 0;
    for (size_t k = 0; k < d; k++) sum += (x[k] - y[k]) * (x[k] - y[k]);
    return sqrt(sum);
}

/* Drops points equal to an earlier one; returns how many are left. */
static size_t distinct(size_t n, size_t d, double *x)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        size_t j = 0;
        while (j < kept && distance(d, x + i * d, x + j * d) > 0) j++;
        if (j == kept) memmove(x + kept++ * d, x + i * d, d * sizeof *x);
    }
    return kept;
}

typedef struct edge {
    double length;
    size_t a, b;
} edge;

static void spanning_tree(size_t n, size_t d, const double *x, edge *best, edge *edges)
{
    size_t last = 0;
    for (size_t i = 0; i < n; i++) best[i] = (edge){INFINITY, i, 0};
    best[0].length = -1; /* in the tree */
    for (size_t k = 0; k + 1 < n; k++) {
        size_t next = 0;
        for (size_t i = 0; i < n; i++) {
            if (best[i].length < 0) continue;
            const double length = distance(d, x + i * d, x + last * d);
            if (length < best[i].length) best[i] = (edge){length, i, last};
            if (next == 0 || best[i].length < best[next].length) next = i;
        }
        edges[k] = best[next];
        best[last = next].length = -1;
    }
}

static int by_length(const void *a, const void *b)
{
    const edge *e = a, *f = b;
    if (e->length != f->length) return e->length < f->length ? -1 : 1;
    return e->a != f->a ? (e->a < f->a ? -1 : 1) : (e->b > f->b) - (e->b < f->b);
}

static size_t find(size_t *up, size_t i)
{
    while (up[i] != i) i = up[i] = up[up[i]];
    return i;
}

/* Joins along edges from the shortest: node n + k joins what edge k connects. A node of its parent's label is one with it; labels
 * that differ by rounding only are the same. */
static cc_status join(cc_run *scope, size_t n, const edge *edges, tree_draft *draft)
{
    size_t *up, *top, *parent, *number;
    CC_NEW(scope, up, n);
    CC_NEW(scope, top, n);
    CC_NEW(scope, parent, 2 * n);
    CC_NEW(scope, number, 2 * n);
    for (size_t i = 0; i < n; i++) up[i] = top[i] = i;
    for (size_t k = 0; k + 1 < n; k++) {
        const size_t a = find(up, edges[k].a), b = find(up, edges[k].b);
        parent[top[a]] = parent[top[b]] = n + k;
        up[b] = a;
        top[a] = n + k;
    }
    CC_TRY(tree_draft_open(scope, 2 * n, draft));
    for (size_t v = 2 * n - 1; v-- > 0;) {
        const double label = v >= n ? edges[v - n].length : 0;
        const int root = v == 2 * n - 2;
        if (!root && v >= n && label >= edges[parent[v] - n].length * (1 - 1e-12))
            number[v] = number[parent[v]];
        else {
            number[v] = draft->n;
            CC_TRY(tree_draft_add(draft, root ? TREE_ROOT : number[parent[v]], label));
        }
    }
    return CC_OK;
}

cc_status tree_linkage_create(cc_run *scope, void **instance)
{
    static const char *const sets[] = {"iris", "digits"};
    const size_t asked = (size_t)cc_int(scope, "n");
    data_table table;
    edge *edges, *best;
    tree_draft draft;
    tree_data *tree;
    CC_TRY(data_read(scope, sets[cc_choice(scope, "data")], &table));
    const size_t rows = asked && asked < table.n ? asked : table.n;
    CC_NEW(scope, edges, rows);
    CC_NEW(scope, best, rows);
    const size_t n = distinct(rows, table.features, table.a);
    if (n < 2) return cc_fail(scope, CC_EINVAL, "fewer than two distinct points");
    spanning_tree(n, table.features, table.a, best, edges);
    qsort(edges, n - 1, sizeof *edges, by_length);
    CC_TRY(join(scope, n, edges, &draft));
    CC_TRY(tree_build(scope, draft.n, draft.parent, NULL, draft.value, &tree));
    *instance = tree;
    return CC_OK;
}
