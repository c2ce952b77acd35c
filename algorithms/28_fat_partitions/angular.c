/* angular.c: the first method: all nodes of one binary depth are cut in one direction, and the directions of a path are far apart.
 *
 *   paper            here
 *   h                binary.height
 *   m                directions j pi / m, even, >= h + 2
 *   theta_t          direction[t], for cuts of nodes of depth t
 *
 * Then diam(P)^2 <= 4 cot(pi / (2m)) area(P) for every polygon, whatever the weights: edges of a polygon come from distinct
 * directions (only those of the square, 0 and pi / 2, come twice), so both chains over a diameter rise with slopes of at least
 * tan(pi / (2m)). */
#include "partitions.h"

#include <math.h>

size_t fp_angular_m(size_t height) { return height + 2 + height % 2 < 4 ? 4 : height + 2 + height % 2; }

void fp_angular_order(size_t m, size_t *distance, size_t *order)
{
    for (size_t j = 0; j < m; j++) {
        const size_t from_zero = j < m - j ? j : m - j, from_half = j < m / 2 ? m / 2 - j : j - m / 2;
        distance[j] = from_zero < from_half ? from_zero : from_half;
    }
    for (size_t t = 0; t + 2 < m; t++) {
        size_t best = 0;
        for (size_t j = 1; j < m; j++)
            if (distance[j] > distance[best]) best = j;
        order[t] = best;
        for (size_t j = 0; j < m; j++) {
            const size_t gap = j < best ? best - j : j - best, around = gap < m - gap ? gap : m - gap;
            if (around < distance[j]) distance[j] = around;
        }
    }
}

typedef enum schedule { SEPARATED, AXIS, ONE, CYCLIC } schedule;

typedef struct angular {
    fp_partition partition; /* first: `choose` is given its address */
    fp_direction *direction;

} angular;

static fp_direction choose(fp_partition *s, const fp_polygon *p, size_t depth, double wa, double wb)
{
    (void)p, (void)wa, (void)wb;
    return ((const angular *)(const void *)s)->direction[depth];
}

/* j in units of pi / m. The other schedules break the theorem, each in its way. */
static size_t scheduled(schedule how, size_t t, size_t m, const size_t *order)
{
    switch (how) {
    case SEPARATED:
        return order[t];
    case AXIS:
        return t % 2 ? 0 : m / 2;
    case ONE:
        return m / 2;
    case CYCLIC:
        return order[t % 2]; /* two directions for ever */
    }
    return 0;
}

cc_status fp_angular_init(cc_run *run, void **state)
{
    angular *s;
    size_t *distance, *order;
    CC_NEW(run, s, 1);
    CC_TRY(fp_partition_alloc(run, (fp_rule)cc_choice(run, "rule"), &s->partition));
    const size_t h = s->partition.binary.height, m = fp_angular_m(h);
    CC_NEW(run, s->direction, h + 1);
    CC_NEW(run, distance, m);
    CC_NEW(run, order, m);
    fp_angular_order(m, distance, order);
    for (size_t t = 0; t < h; t++) {
        const size_t j = scheduled((schedule)cc_choice(run, "directions"), t, m, order);
        const double theta = M_PI * (double)j / (double)m;
        s->direction[t] = j == 0       ? (fp_direction){1, 0}
                          : 2 * j == m ? (fp_direction){0, 1}
                                       : (fp_direction){cos(theta), sin(theta)};
    }
    s->partition.choose = choose;
    s->partition.by_length = cc_choice(run, "cut") == 1;
    *state = s;
    return CC_OK;
}

cc_status fp_angular_step(cc_run *run, void *state)
{
    angular *s = state;
    fp_partition_run(&s->partition);
    tree_report(run, s->partition.cuts, s->partition.vertices);
    return cc_finish(run, "LAID_OUT");
}

const void *fp_angular_candidate(void *state) { return &((angular *)state)->partition.layout; }
