/* algorithms/18_hessian_spectrum/bench.h: the table of benchmarks. */
#ifndef CLAIMCHECK_HESSIAN_BENCH_H
#define CLAIMCHECK_HESSIAN_BENCH_H

#include "harness/plugin.h"

extern const cc_bench hessian_benches[];

#endif
