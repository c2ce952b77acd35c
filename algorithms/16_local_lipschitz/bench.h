/* bench.h: the micro-benchmarks of this folder. */
#ifndef LOCAL_LIPSCHITZ_BENCH_H
#define LOCAL_LIPSCHITZ_BENCH_H

#include "harness/plugin.h"

extern const cc_bench lip_benches[];

#endif
