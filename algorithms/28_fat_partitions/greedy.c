/* greedy.c: the second method: each polygon is cut in the direction, of a few, that leaves the fatter halves.
 *
 * The paper's rule keeps polygons of few vertices and is not given in a form that could be followed; this is the plain greedy
 * choice: of 2K directed cuts j pi / K (directed: which side the first child gets) the one with the least max(asp(A), asp(B)). */
#include "partitions.h"

#include <math.h>

typedef struct greedy {
    fp_partition partition; /* first: `choose` is given its address */
    size_t K;
    int extra;
    fp_direction *direction;
} greedy;

typedef struct contest {
    fp_direction best;
    double asp, area, wa, wb;
} contest;

/* asp = diam^2 / area, and the areas are known. */
static void try(fp_partition *s, const fp_polygon *p, fp_direction theta, contest *c)
{
    const double share_a = c->area * (c->wa / (c->wa + c->wb)), share_b = c->area * (c->wb / (c->wa + c->wb));
    fp_cut(p, theta, c->wa, c->wb, 0, s->work, &s->trial[0], &s->trial[1]);
    s->cuts++;
    s->vertices += s->trial[0].n + s->trial[1].n;
    const double a = fp_diameter2(&s->trial[0]) / share_a;
    if (a >= c->asp) return;
    const double asp = fmax(a, fp_diameter2(&s->trial[1]) / share_b);
    if (asp < c->asp) c->asp = asp, c->best = theta;
}

/* Both directed cuts along (x, y), turned by the angle of `turn`. */
static void try_along(fp_partition *s, const fp_polygon *p, double x, double y, fp_direction turn, contest *c)
{
    const double length = hypot(x, y), cosine = (x * turn.cosine - y * turn.sine) / length,
                 sine = (y * turn.cosine + x * turn.sine) / length;
    try(s, p, (fp_direction){cosine, sine}, c);
    try(s, p, (fp_direction){-cosine, -sine}, c);
}

/* Along each edge turned by +- pi / K, and across the diameter. */
static void try_extra(greedy *g, const fp_polygon *p, contest *c)
{
    fp_partition *s = &g->partition;
    const fp_direction turn = g->direction[1], back = {turn.cosine, -turn.sine};
    double most = 0, across[2] = {1, 0};
    for (size_t i = 0; i < p->n; i++) {
        const double *a = p->xy + 2 * i, *b = p->xy + 2 * ((i + 1) % p->n);
        try_along(s, p, b[0] - a[0], b[1] - a[1], turn, c);
        try_along(s, p, b[0] - a[0], b[1] - a[1], back, c);
        for (size_t j = 0; j < i; j++) {
            const double x = a[0] - p->xy[2 * j], y = a[1] - p->xy[2 * j + 1];
            if (x * x + y * y > most) most = x * x + y * y, across[0] = -y, across[1] = x;
        }
    }
    try_along(s, p, across[0], across[1], (fp_direction){1, 0}, c);
}

static fp_direction choose(fp_partition *s, const fp_polygon *p, size_t depth, double wa, double wb)
{
    greedy *g = (greedy *)(void *)s;
    contest c = {.best = g->direction[0], .asp = INFINITY, .area = fp_area(p), .wa = wa, .wb = wb};
    (void)depth;
    for (size_t j = 0; j < 2 * g->K; j++) try(s, p, g->direction[j], &c);
    if (g->extra) try_extra(g, p, &c);
    return c.best;
}

cc_status fp_greedy_init(cc_run *run, void **state)
{
    greedy *g;
    CC_NEW(run, g, 1);
    CC_TRY(fp_partition_alloc(run, FP_SHANNON, &g->partition));
    g->K = (size_t)cc_int(run, "K");
    g->extra = cc_bool(run, "extra");
    CC_NEW(run, g->direction, 2 * g->K);
    for (size_t j = 0; j < g->K; j++) {
        const double theta = M_PI * (double)j / (double)g->K;
        fp_direction u = {cos(theta), sin(theta)};
        if (j == 0 || 2 * j == g->K) u = j ? (fp_direction){0, 1} : (fp_direction){1, 0};
        g->direction[j] = u;
        g->direction[j + g->K] = (fp_direction){-u.cosine, -u.sine};
    }
    g->partition.choose = choose;
    *state = g;
    return CC_OK;
}

cc_status fp_greedy_step(cc_run *run, void *state)
{
    greedy *g = state;
    fp_partition_run(&g->partition);
    tree_report(run, g->partition.cuts, g->partition.vertices);
    return cc_finish(run, "LAID_OUT");
}

const void *fp_greedy_candidate(void *state) { return &((greedy *)state)->partition.layout; }
