/* harness/core/loop.h: how the loop of a micro-benchmark reaches the library that times it. Inside the harness; plug-ins see
 * harness/plugin.h only. */
#ifndef CLAIMCHECK_HARNESS_CORE_LOOP_H
#define CLAIMCHECK_HARNESS_CORE_LOOP_H

#include "harness/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The library behind a loop; `state` is its own. */
typedef struct cc_loop_backend {
    int64_t (*grant)(void *state); /* first call: starts the clock, returns the iterations to run; then stops it and returns 0 */
    int64_t (*arg)(const void *state, int i);
    void (*items)(void *state, int64_t items);
    void (*counter)(void *state, const char *name, double value);
    void (*skip)(void *state, const char *why);
} cc_loop_backend;

/* Runs the body once over a loop of `backend`; frees the runs that it opened. */
void cc_loop_call(const cc_loop_backend *backend, void *state, void (*body)(cc_loop *loop));

/* One range of cc_bench.ranges ("1024..65536*4", "50 100 200"): *n whole numbers, malloc'd. NULL: it is none, or no memory. */
int64_t *cc_loop_values(const char *range, size_t *n);

#ifdef __cplusplus
}
#endif
#endif
