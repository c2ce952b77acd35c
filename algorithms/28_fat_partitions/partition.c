/* partition.c: a polygonal partition: the unit square, cut down along the binary tree; `choose` picks each cut's direction.
 *
 * Depth first with an own stack. Polygons that wait on it are a partition of a part of the square, so they have at most 4 + 4
 * height vertices together; likewise the leaves' polygons have at most 4 n. Polygons go to one block of memory as they are
 * finished. */
#include "partitions.h"

#include <string.h>

/* Vertices of the layout at most: all leaves together, and 4 + depth for each internal node of T. */
static size_t most_vertices(const tree_data *tree, const fp_binary *b)
{
    size_t most = 4 * tree->leaves + 4;
    for (size_t v = 0; v < tree->nodes; v++)
        if (tree->count[v] > 1) most += 4 + b->depth[b->node[v]];
    return most;
}

cc_status fp_partition_alloc(cc_run *run, fp_rule rule, fp_partition *s)
{
    s->tree = tree_get(run);
    const size_t nodes = s->tree->nodes;
    CC_TRY(fp_binary_alloc(run, s->tree, &s->binary));
    fp_binary_build(s->tree, rule, &s->binary);
    const size_t most = most_vertices(s->tree, &s->binary), corners = s->binary.height + 8;
    CC_NEW(run, s->xy, 2 * most);
    CC_NEW(run, s->start, nodes);
    CC_NEW(run, s->corners, nodes);
    CC_NEW(run, s->origin, 2 * nodes);
    CC_NEW(run, s->start_of, s->binary.n);
    CC_NEW(run, s->corners_of, s->binary.n);
    CC_NEW(run, s->origin_of, 2 * s->binary.n);
    CC_NEW(run, s->stack, 8 * corners);
    CC_NEW(run, s->work, 2 * corners);
    CC_NEW(run, s->pending, s->binary.height + 2);
    CC_NEW(run, s->pending_node, s->binary.height + 2);
    CC_NEW(run, s->piece.xy, 2 * corners);
    for (size_t i = 0; i < 2; i++) {
        CC_NEW(run, s->part[i].xy, 2 * corners);
        CC_NEW(run, s->trial[i].xy, 2 * corners);
    }
    for (size_t v = 0; v < nodes; v++) s->corners_of[s->binary.node[v]] = 1; /* wanted */
    return CC_OK;
}

static void keep(fp_partition *s, size_t u, const fp_polygon *p)
{
    s->start_of[u] = s->used;
    s->corners_of[u] = p->n;
    memcpy(s->origin_of + 2 * u, p->origin, sizeof p->origin);
    memcpy(s->xy + 2 * s->used, p->xy, 2 * p->n * sizeof *p->xy);
    s->used += p->n;
}

/* The top of the stack becomes s->piece; what it is cut into, two tops. Returns how many wait then. */
static size_t descend(fp_partition *s, size_t waiting)
{
    const size_t u = s->pending_node[--waiting], left = s->binary.left[u], right = s->binary.right[u];
    double *top = s->pending[waiting].xy, *xy = s->piece.xy;
    s->piece = s->pending[waiting];
    s->piece.xy = memcpy(xy, top, 2 * s->piece.n * sizeof *top);
    if (s->corners_of[u]) keep(s, u, &s->piece);
    if (left == FP_NONE) return waiting;
    const double wa = s->binary.weight[left], wb = s->binary.weight[right];
    const fp_direction theta = s->choose(s, &s->piece, s->binary.depth[u], wa, wb);
    fp_cut(&s->piece, theta, wa, wb, s->by_length, s->work, &s->part[0], &s->part[1]);
    s->cuts++;
    s->vertices += s->part[0].n + s->part[1].n;
    for (size_t i = 2; i-- > 0; waiting++) {
        s->pending[waiting] = s->part[i];
        s->pending[waiting].xy = memcpy(top, s->part[i].xy, 2 * s->part[i].n * sizeof *top);
        s->pending_node[waiting] = i ? right : left;
        top += 2 * s->part[i].n;
    }
    return waiting;
}

void fp_partition_run(fp_partition *s)
{
    static const double square[8] = {0, 0, 1, 0, 1, 1, 0, 1};
    size_t waiting = 1;
    s->used = 0;
    s->cuts = s->vertices = 0;
    s->pending[0] = (fp_polygon){.n = 4, .xy = memcpy(s->stack, square, sizeof square)};
    s->pending_node[0] = s->binary.n - 1;
    while (waiting) waiting = descend(s, waiting);
    for (size_t v = 0; v < s->tree->nodes; v++) {
        const size_t u = s->binary.node[v];
        s->start[v] = s->start_of[u];
        s->corners[v] = s->corners_of[u];
        memcpy(s->origin + 2 * v, s->origin_of + 2 * u, 2 * sizeof *s->origin);
    }
    s->layout = (tree_layout){.kind = TREE_POLYGONS,
                              .d = 2,
                              .start = s->start,
                              .corners = s->corners,
                              .origin = s->origin,
                              .xy = s->xy,
                              .binary = s->binary.n,
                              .binary_parent = s->binary.parent,
                              .node = s->binary.node};
}
