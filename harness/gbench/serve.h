/* harness/gbench/serve.h: one benchmark held open by a process, run in batches on demand. Two builds, a process each, told to take
 * turns, are compared within milliseconds of one another; no start of a process lies between (ci/gate). */
#ifndef CLAIMCHECK_HARNESS_GBENCH_SERVE_H
#define CLAIMCHECK_HARNESS_GBENCH_SERVE_H

#include "harness/gbench/gbench.h"

/* Serves on standard input and output, a line each; the body sees one loop that pauses between batches:
 *   >  ready                                      the body is set up
 *   <  N                                          run N iterations (1 .. 10^12)
 *   >  CPU WALL INSTRUCTIONS                      nanoseconds (of children that were waited for, too), and instructions in user
 *                                                 mode where the kernel counts them, else -1
 *   <  end of input
 *   >  peak BYTES                                 the process's high-water mark of memory
 * or, at any time, "error TEXT" and the end. args: values of the benchmark's ranges, n_args of them.
 * 0, or -1 after an error; it is also printed. */
int cc_serve(const char *name, const cc_bench *bench, const int64_t *args, size_t n_args);

#endif
