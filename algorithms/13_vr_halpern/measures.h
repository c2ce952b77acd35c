/* algorithms/13_vr_halpern/measures.h: what cannot be read off a trajectory. */
#ifndef CLAIMCHECK_ALGORITHMS_HALPERN_MEASURES_H
#define CLAIMCHECK_ALGORITHMS_HALPERN_MEASURES_H

#include "harness/claim.h"

/* The second moment of PAGE's error after one step against the identity: over all batches, or over random ones. */
extern const cc_measure halpern_identity;

/* Algorithm 3 from a random centre: its distance to the exact resolvent after every n inner steps. */
extern const cc_measure halpern_contraction;

/* Algorithm 2 with the exact resolvent beside it: |P(u_k)| and the inner error at every outer iteration. */
extern const cc_measure halpern_outer;

/* Any algorithm: the natural residual at given numbers of passes over the data, billed by the contract or as the published script
 * does. */
extern const cc_measure halpern_race;

#endif
