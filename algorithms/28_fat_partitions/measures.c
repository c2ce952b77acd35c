/* measures.c: what figures draw: the regions of a layout as arrays. */
#include <math.h>

#include "harness/measure.h"
#include "partitions.h"
#include "problems/tree/tree_problem.h"

/* Regions of all nodes but the root, in preorder, so that children lie on top. */
typedef struct drawing {
    const tree_data *tree;
    const tree_layout *layout;
    double *xy, *offset, *depth, *group;
    size_t vertices;
} drawing;

static size_t corners(const tree_layout *p, size_t v) { return p->kind == TREE_POLYGONS ? p->corners[v] : 4; }

static void draw_polygon(drawing *g, size_t v)
{
    const tree_layout *p = g->layout;
    for (size_t i = 0; i < p->corners[v]; i++)
        for (size_t k = 0; k < 2; k++) g->xy[2 * (g->vertices + i) + k] = p->origin[2 * v + k] + p->xy[2 * (p->start[v] + i) + k];
}

/* A box; of an embedding, a leaf's is a point: a small square stands for it. */
static void draw_box(drawing *g, size_t v)
{
    static const double corner[8] = {0, 0, 1, 0, 1, 1, 0, 1};
    const tree_layout *p = g->layout;
    const double dot = p->kind == TREE_POINTS && tree_is_leaf(g->tree, v) ? p->side[0] / 160 : 0;
    for (size_t i = 0; i < 8; i++)
        g->xy[2 * g->vertices + i] = p->low[2 * v + i % 2] + corner[i] * (p->side[2 * v + i % 2] + dot) - dot / 2;
}

static cc_status alloc(cc_run *run, drawing *g)
{
    size_t most = 0;
    for (size_t v = 1; v < g->tree->nodes; v++) most += corners(g->layout, v);
    CC_NEW(run, g->xy, 2 * most);
    CC_NEW(run, g->offset, g->tree->nodes);
    CC_NEW(run, g->depth, g->tree->nodes);
    CC_NEW(run, g->group, g->tree->nodes);
    return CC_OK;
}

static cc_status attach(cc_cell *cell, const drawing *g)
{
    const size_t n = g->tree->nodes - 1, shape[2] = {g->vertices, 2}, ends = n + 1;
    CC_TRY(cc_attach(cell, "polygons", 2, shape, g->xy));
    CC_TRY(cc_attach(cell, "offsets", 1, &ends, g->offset));
    CC_TRY(cc_attach(cell, "depth", 1, &n, g->depth));
    return g->layout->kind == TREE_POINTS ? CC_OK : cc_attach(cell, "group", 1, &n, g->group); /* an embedding is not filled */
}

/* Lines are thinner further down; dendrograms are deep, and their points must be seen. */
static double line_depth(const drawing *g, size_t v)
{
    const double level = (double)g->tree->level[v];
    return g->layout->kind != TREE_POINTS ? level : tree_is_leaf(g->tree, v) ? 1 : fmin(level, 5);
}

static cc_status draw(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    drawing g = {.tree = tree_get(run), .layout = candidate};
    double group = -1;
    (void)state, (void)arg;
    if (g.layout->kind == TREE_NOTHING) return CC_OK; /* before the step */
    if (g.layout->d != 2) return cc_fail(cc_cell_run(cell), CC_EINVAL, "only the plane can be drawn; d=%zu", g.layout->d);
    CC_TRY(alloc(cc_cell_run(cell), &g));
    for (size_t v = 1; v < g.tree->nodes; v++) {
        group += g.tree->level[v] == 1;
        g.depth[v - 1] = line_depth(&g, v);
        g.group[v - 1] = group;
        if (g.layout->kind == TREE_POLYGONS)
            draw_polygon(&g, v);
        else
            draw_box(&g, v);
        g.vertices += corners(g.layout, v);
        g.offset[v] = (double)g.vertices;
    }
    cc_put(cell, "regions", (double)(g.tree->nodes - 1));
    cc_put(cell, "max_asp", tree_judge(run, "max_asp", g.layout));
    cc_put(cell, "median_asp", tree_judge(run, "median_asp", g.layout));
    cc_put(cell, "distortion", tree_judge(run, "distortion", g.layout));
    CC_TRY(attach(cell, &g));
    cc_emit(cell);
    return CC_DONE;
}

static cc_status run_drawing(cc_cell *cell)
{
    while (cc_replicate(cell)) CC_TRY(cc_drive(cell, NULL, draw, NULL));
    return CC_OK;
}

const cc_measure fp_drawing = {
    .id = "drawing",
    .run = run_drawing,
    .columns =
        CC_LIST(cc_column, {"regions", "", "nodes drawn: all but the root"}, {"max_asp", "", "max over nodes of diameter^2 / area"},
                {"median_asp", "", "its median"}, {"distortion", "", "of an embedding"}),
};
