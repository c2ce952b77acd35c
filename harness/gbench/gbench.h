/* harness/gbench/gbench.h: Google Benchmark, from C. One process, one use: init, add, run. */
#ifndef CLAIMCHECK_HARNESS_GBENCH_GBENCH_H
#define CLAIMCHECK_HARNESS_GBENCH_GBENCH_H

#include "harness/core/loop.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Takes the --benchmark_* flags out of argv. A wrong value ends the process, as the library does; --help prints the library's
 * flags, and ends it too. */
void cc_gbench_init(int *argc, char **argv);

/* The values of one argument. */
typedef struct cc_gbench_range {
    int64_t *values;
    size_t n;
} cc_gbench_range;

/* Adds "owner/name", run at every combination of the ranges' values; complexity (may be NULL) is fitted over the first range.
 * 0, or -1: no such complexity. */
int cc_gbench_add(const char *owner, const cc_bench *bench, const cc_gbench_range *ranges, size_t n_ranges);

/* Runs what --benchmark_filter keeps. `json` is then called for every owner that ran, with the library's JSON of its benchmarks.
 * Returns the number of benchmarks run, or -1 if one was skipped with an error. */
typedef void (*cc_gbench_sink)(void *arg, const char *owner, const char *json);
long cc_gbench_run(cc_gbench_sink json, void *arg);

/* The harness's own benchmarks, and the idle problem and algorithms that they run (harness_bench.c). */
extern const cc_plugin cc_harness_bench;

/* Its kernels of harness/numerics (numerics_bench.c). */
void cc_bench_mlp_sgd(cc_loop *loop);
void cc_bench_mlp_adam(cc_loop *loop);
void cc_bench_mlp_hvp(cc_loop *loop);
void cc_bench_mlp_hessian(cc_loop *loop);
void cc_bench_mlp_rows(cc_loop *loop);

/* Its tape (nn_bench.c). */
void cc_bench_nn_mlp_sgd(cc_loop *loop);
void cc_bench_nn_cnn_sgd(cc_loop *loop);
void cc_bench_nn_hvps(cc_loop *loop);
void cc_bench_nn_mlp_grad(cc_loop *loop);
void cc_bench_nn_mlp_hvp(cc_loop *loop);
void cc_bench_nn_mlp_sqnorms(cc_loop *loop);
void cc_bench_nn_cnn_grad(cc_loop *loop);
void cc_bench_nn_cnn_hvp(cc_loop *loop);
void cc_bench_nn_lstm_grad(cc_loop *loop);
void cc_bench_nn_lstm_hvp(cc_loop *loop);

#ifdef __cplusplus
}
#endif
#endif
