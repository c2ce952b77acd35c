/* algorithms/03_gns/bench.h: the micro-benchmarks, declared beside the claims. */
#ifndef CLAIMCHECK_GNS_BENCH_H
#define CLAIMCHECK_GNS_BENCH_H

#include "harness/plugin.h"

extern const cc_bench gns_benches[];

#endif
