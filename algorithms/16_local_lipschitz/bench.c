/* bench.c: times of the inner loop, of a whole bounding over width and depth, and of a step of branch and bound. */
#include "bench.h"

#include <math.h>
#include <stdio.h>

#include "lipschitz.h"

static void bench_relax(cc_loop *loop)
{
    enum { MOST = 1024 };
    static double a[MOST], out[MOST], line[4][MOST];
    const size_t m = (size_t)cc_loop_arg(loop, 0);
    const lip_lines lines = {line[0], line[1], line[2], line[3]};
    double sum = 0;
    for (size_t j = 0; j < m; j++) {
        a[j] = cos((double)(7 * j));
        for (size_t k = 0; k < 4; k++) line[k][j] = sin((double)(j + k));
    }
    for (; cc_loop_next(loop);) sum += lip_relax(m, a, 1, lines, out);
    cc_loop_counter(loop, "sum", sum);
}

/* All neurons unstable: the whole of the backward graph. The rate is that of matrix products on it, in flops. */
static void bound(cc_loop *loop, const char *algorithm, const char *problem, double flops)
{
    cc_run *run = cc_loop_start(loop, algorithm, problem);
    if (!run) return;
    int64_t rounds = 0;
    for (; cc_loop_next(loop); rounds++) cc_loop_step(run);
    cc_loop_items(loop, rounds * (int64_t)flops);
}

static void bench_width(cc_loop *loop)
{
    char problem[128];
    const long long m = (long long)cc_loop_arg(loop, 0);
    snprintf(problem, sizeof problem, "relu_box.random(widths=%lld-%lld-%lld-%lld-10,eps=100,samples=1)", m, m, m, m);
    bound(loop, "lipschitz.bound", problem, 10 * 12 * pow((double)m, 3));
}

static void bench_depth(cc_loop *loop)
{
    char problem[128];
    const long long n = (long long)cc_loop_arg(loop, 0);
    snprintf(problem, sizeof problem, "relu_box.random(widths=64-64-10,layers=%lld,eps=100,samples=1)", n);
    bound(loop, "lipschitz.bound", problem, 10 * 2 * (double)((n - 1) * (n - 2)) * pow(64, 3));
}

static void bench_digits(cc_loop *loop)
{
    static const double eps[] = {.01, .05, .1};
    char problem[96];
    snprintf(problem, sizeof problem, "relu_box.trained(eps=%g,samples=1)", eps[cc_loop_arg(loop, 0)]);
    bound(loop, "lipschitz.bound", problem, 1);
}

/* 400 nodes, from the start. */
static void bench_bab(cc_loop *loop)
{
    char algorithm[96];
    int64_t rounds = 0;
    snprintf(algorithm, sizeof algorithm, "lipschitz.bab(nodes=400,batch=%lld)", (long long)cc_loop_arg(loop, 0));
    for (; cc_loop_next(loop); rounds++) {
        cc_run *run = cc_loop_start(loop, algorithm, "relu_box.trained(eps=0.1,samples=1)");
        if (!run) return;
        while (cc_loop_step(run) == CC_OK) continue;
    }
    cc_loop_items(loop, 400 * rounds);
}

const cc_bench lip_benches[] = {
    {"relax", bench_relax, "16..1024*4", "N"}, {"width", bench_width, "32..512*2", "N^3"}, {"depth", bench_depth, "4..32*2", "N^2"},
    {"digits", bench_digits, "0..2", NULL},    {"bab", bench_bab, "1 16 64", NULL},        {0},
};
