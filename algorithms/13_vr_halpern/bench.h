/* algorithms/13_vr_halpern/bench.h */
#ifndef CLAIMCHECK_ALGORITHMS_HALPERN_BENCH_H
#define CLAIMCHECK_ALGORITHMS_HALPERN_BENCH_H

#include "harness/plugin.h"

extern const cc_bench halpern_benches[];

#endif
