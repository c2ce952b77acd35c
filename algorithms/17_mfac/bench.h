/* algorithms/17_mfac/bench.h: the micro-benchmarks of this folder. */
#ifndef CLAIMCHECK_MFAC_BENCH_H
#define CLAIMCHECK_MFAC_BENCH_H

#include "harness/plugin.h"

extern const cc_bench mfac_benches[];

#endif
