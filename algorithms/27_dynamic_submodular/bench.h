/* bench.h: the micro-benchmarks of this folder. */
#ifndef DYNAMIC_SUBMODULAR_BENCH_H
#define DYNAMIC_SUBMODULAR_BENCH_H

#include "harness/plugin.h"

extern const cc_bench ds_benches[];

#endif
