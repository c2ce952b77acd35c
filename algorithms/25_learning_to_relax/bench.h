/* algorithms/25_learning_to_relax/bench.h */
#ifndef CLAIMCHECK_ALGORITHMS_RELAX_BENCH_H
#define CLAIMCHECK_ALGORITHMS_RELAX_BENCH_H

#include "harness/plugin.h"

extern const cc_bench relax_benches[];

#endif
