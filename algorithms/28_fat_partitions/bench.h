/* bench.h: the micro-benchmarks of this folder. */
#ifndef FAT_PARTITIONS_BENCH_H
#define FAT_PARTITIONS_BENCH_H

#include "harness/plugin.h"

extern const cc_bench fp_benches[];

#endif
