/* algorithms/02_bo_rep/bench.h: the table of benchmarks. */
#ifndef CLAIMCHECK_BOREP_BENCH_H
#define CLAIMCHECK_BOREP_BENCH_H

#include "harness/plugin.h"

extern const cc_bench borep_benches[];

#endif
