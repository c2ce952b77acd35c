/* harness/testing.h: for tests of plug-ins (any framework): the modules of the build tree are loaded on first use; a failure prints
 * its message and aborts. */
#ifndef CLAIMCHECK_HARNESS_TESTING_H
#define CLAIMCHECK_HARNESS_TESTING_H

#include "harness/run.h"

/* A scope bound to a problem (the family's functions work on it; NULL: to none); free with cc_test_close. */
cc_run *cc_test_run(const char *problem, uint64_t seed);

/* The same with an algorithm whose init was called; problem may not be NULL. */
cc_run *cc_test_start(const char *algorithm, const char *problem, uint64_t seed);
cc_status cc_test_step(cc_run *run);         /* one step; returns what step returned */
cc_status cc_test_steps(cc_run *run, int n); /* up to n steps, until a status other than CC_OK */
void *cc_test_state(cc_run *run);
const void *cc_test_candidate(cc_run *run);
double cc_test_metric(cc_run *run, const char *metric, const void *candidate); /* candidate NULL: the algorithm's */
double cc_test_known(cc_run *run, const char *fact);                           /* told or hidden */
double cc_test_probe(cc_run *run, const char *probe);

/* Tries to create; returns the status and copies the message (size of the buffer 512). For tests of bad parameters. */
cc_status cc_test_try(const char *algorithm, const char *problem, uint64_t seed, char message[512]);

/* That creating them fails with this status and a message that has `word` in it. */
void cc_test_refused(const char *algorithm, const char *problem, cc_status why, const char *word);

const char *cc_test_message(const cc_run *run);
void cc_test_close(cc_run *run);

#endif
