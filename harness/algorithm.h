/* harness/algorithm.h: what a plug-in says of an algorithm. */
#ifndef CLAIMCHECK_HARNESS_ALGORITHM_H
#define CLAIMCHECK_HARNESS_ALGORITHM_H

#include "harness/run.h"

/* A double of the state, read at checkpoints: a step size, a batch size. */
typedef struct cc_probe {
    const char *name, *unit, *doc;
    size_t offset;
} cc_probe;

/* Named parameter values: "paper", "code", "no_recursion". */
typedef struct cc_variant {
    const char *id, *summary, *set; /* set: "b=8 recursion=false" */
} cc_variant;

typedef struct cc_algorithm {
    const char *id, *family, *summary, *reference;
    const cc_param *params;
    const cc_variant *variants;
    const cc_probe *probes;
    /* Gets no problem: the family's functions on `run` are the only way to it. */
    cc_status (*init)(cc_run *run, void **state);
    /* CC_OK: again; CC_DONE (cc_finish): finished; < 0: error. Allocates nothing. */
    cc_status (*step)(cc_run *run, void *state);
    /* Of the type the family names; may fill scratch of the state; not billed. */
    const void *(*candidate)(void *state);
    /* What cc_alloc did not give (a FILE, an mpfr_t); usually NULL. */
    void (*release)(void *state);
} cc_algorithm;

#endif
