/* verify/resample.h: deterministic resampling. Random numbers are a hash of (key, counter): the same in any order of use. */
#ifndef CLAIMCHECK_VERIFY_RESAMPLE_H
#define CLAIMCHECK_VERIFY_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

uint64_t cc_hash_bits(uint64_t key, uint64_t counter);
double cc_hash_uniform(uint64_t key, uint64_t counter); /* in [0, 1), 53 bits */

/* t[b] = (mean* - mean) / se* of `resamples` bootstrap samples of value[0..n). Sort the values first: then the result
 * does not depend on their order. A sample without spread counts as +-infinity (0 if its mean is the mean). */
void cc_bootstrap_t(const double *value, size_t n, unsigned resamples, double *t);

#endif
