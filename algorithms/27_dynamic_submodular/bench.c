/* bench.c: draws for the size of a sample, which dominate a reconstruction; and whole streams. */
#include "bench.h"

#include <stdio.h>

#include "submodular.h"

/* I_t over a bucket of 4096 elements of coverage, t = N. */
static void bench_indicator(cc_loop *loop)
{
    static const ds_rules rules = {.eps = .3, .k = 1024, .samples = 50, .buckets = 1};
    static ds_bill bill;
    ds_scratch scratch;
    ds_copy copy;
    cc_run *run = cc_loop_run(loop, "dynset.pareto_cov(n=4096,k=1024)");
    if (!run || ds_scratch_open(run, 4096, rules.eps, rules.k, &scratch) != CC_OK ||
        ds_copy_open(run, &rules, &bill, &scratch, 2048, 0, &copy) != CC_OK) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    for (uint32_t e = 0; e < 4096; e++) scratch.list[e] = e;
    const size_t t = (size_t)cc_loop_arg(loop, 0);
    while (cc_loop_next(loop)) ds_indicator(run, &copy, t, 4096, 1);
}

/* One gain after another, and a batch of them. */
static void bench_gains(cc_loop *loop)
{
    static uint32_t element[4096];
    static double gain[4096];
    dynset_chain *chain;
    cc_run *run = cc_loop_run(loop, "dynset.pareto_cov(n=4096)");
    const size_t n = (size_t)cc_loop_arg(loop, 0);
    if (!run || dynset_chain_open(run, 1, &chain) != CC_OK) return;
    for (uint32_t e = 0; e < 4096; e++) element[e] = e;
    int64_t rounds = 0;
    for (; cc_loop_next(loop); rounds++) dynset_gains(run, chain, 0, n, element, gain);
    cc_loop_items(loop, rounds * (int64_t)n);
}

/* Updates of a stream of N elements from its beginning. */
static void updates(cc_loop *loop, const char *algorithm, const char *stream)
{
    char problem[96];
    snprintf(problem, sizeof problem, "dynset.pareto_cov(n=%lld,stream=%s)", (long long)cc_loop_arg(loop, 0), stream);
    cc_run *run = cc_loop_start(loop, algorithm, problem);
    if (!run) return;
    int64_t done = 0;
    while (cc_loop_next(loop)) done += cc_loop_step(run) == CC_OK; /* nothing is left to do once the stream has ended */
    cc_loop_items(loop, done);
}

static void bench_window(cc_loop *loop) { updates(loop, "submodular.dynamic", "window"); }
static void bench_random(cc_loop *loop) { updates(loop, "submodular.dynamic", "random"); }
static void bench_lattanzi(cc_loop *loop) { updates(loop, "submodular.lattanzi", "window"); }
static void bench_sieve(cc_loop *loop) { updates(loop, "submodular.sieve", "window"); }

const cc_bench ds_benches[] = {
    {"I_t", bench_indicator, "4..256*4", "N"},
    {"gains", bench_gains, "1 64 4096", NULL},
    {"updates, window", bench_window, "100000", NULL},
    {"updates, random", bench_random, "100000", NULL},
    {"updates, lattanzi", bench_lattanzi, "100000", NULL},
    {"updates, sieve", bench_sieve, "100000", NULL},
    {0},
};
