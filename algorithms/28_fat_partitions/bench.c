/* bench.c: times of one cut, and of whole layouts over the number of leaves. */
#include "bench.h"

#include <math.h>
#include <stdio.h>

#include "partitions.h"

/* A regular polygon of N corners is cut in the ratio 1 : 2. */
static void bench_cut(cc_loop *loop)
{
    enum { MOST = 1024 };
    static double xy[3][2 * MOST + 4], work[2 * MOST];
    fp_polygon p = {.n = (size_t)cc_loop_arg(loop, 0), .xy = xy[0]}, a = {.xy = xy[1]}, b = {.xy = xy[2]};
    for (size_t i = 0; i < p.n; i++) {
        xy[0][2 * i] = cos(2 * M_PI * (double)i / (double)p.n);
        xy[0][2 * i + 1] = sin(2 * M_PI * (double)i / (double)p.n);
    }
    for (double theta = .1; cc_loop_next(loop); theta += .1)
        fp_cut(&p, (fp_direction){cos(theta), sin(theta)}, 1, 2, 0, work, &a, &b);
}

static void layout(cc_loop *loop, const char *algorithm, const char *problem)
{
    cc_run *run = cc_loop_start(loop, algorithm, problem);
    if (!run) return;
    int64_t rounds = 0;
    for (; cc_loop_next(loop); rounds++) cc_loop_step(run);
    cc_loop_items(loop, rounds * cc_loop_arg(loop, 0));
}

static void on_star(cc_loop *loop, const char *algorithm)
{
    char problem[96];
    snprintf(problem, sizeof problem, "tree.star(n=%lld,weights=pareto)", (long long)cc_loop_arg(loop, 0));
    layout(loop, algorithm, problem);
}

static void bench_angular(cc_loop *loop) { on_star(loop, "partitions.angular"); }
static void bench_greedy(cc_loop *loop) { on_star(loop, "partitions.greedy_polygonal"); }
static void bench_slack(cc_loop *loop) { on_star(loop, "partitions.slack"); }
static void bench_squarified(cc_loop *loop) { on_star(loop, "partitions.squarified"); }

static void bench_embed(cc_loop *loop)
{
    char problem[64];
    snprintf(problem, sizeof problem, "tree.hst_random(n=%lld)", (long long)cc_loop_arg(loop, 0));
    layout(loop, "partitions.embed", problem);
}

const cc_bench fp_benches[] = {
    {"cut", bench_cut, "4..1024*4", "N"},
    {"angular", bench_angular, "1000..100000*10", "N"},
    {"greedy_polygonal", bench_greedy, "1000 10000", NULL},
    {"slack", bench_slack, "1000..100000*10", "NlgN"},
    {"squarified", bench_squarified, "1000..100000*10", "NlgN"},
    {"embed", bench_embed, "1000..100000*10", "NlgN"},
    {0},
};
