/* algorithms/15_cbo/bench.h: the table of benchmarks. */
#ifndef CLAIMCHECK_CBO_BENCH_H
#define CLAIMCHECK_CBO_BENCH_H

#include "harness/plugin.h"

extern const cc_bench cbo_benches[];

#endif
