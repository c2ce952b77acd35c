/* measures.h: what cannot be read off a trajectory. */
#ifndef DYNAMIC_SUBMODULAR_MEASURES_H
#define DYNAMIC_SUBMODULAR_MEASURES_H

#include "harness/claim.h"

/* submodular.dynamic, looked through after every update: does each level say what the pseudo-code promises? */
extern const cc_measure ds_watch;

/* The first level's sample after a stream that rebuilds nothing: which elements, how many, how many whole groups. */
extern const cc_measure ds_membership;

/* The size of a sample, against the exact law of I_t on groups. */
extern const cc_measure ds_sizes;

#endif
