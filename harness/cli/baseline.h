/* harness/cli/baseline.h: known verdicts, DIR/<plug-in>.txt with lines "claim tier verdict": a known refutation passes, a verdict
 * that changed does not. Lines that begin with # are comments. */
#ifndef CLAIMCHECK_HARNESS_BASELINE_H
#define CLAIMCHECK_HARNESS_BASELINE_H

#include "harness/cli/judge_claim.h"

/* Compares and lists the differences on `out`. How many there are, or -1 after telling that a file cannot be read. A claim of which
 * the baseline says nothing at this tier must pass by itself. */
int cc_baseline_compare(const char *folder, const cc_evidence *evidence, size_t n, FILE *out);

#endif
