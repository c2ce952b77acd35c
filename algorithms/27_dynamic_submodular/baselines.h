/* baselines.h: the methods that the dynamic structure is compared with. */
#ifndef DYNAMIC_SUBMODULAR_BASELINES_H
#define DYNAMIC_SUBMODULAR_BASELINES_H

#include "harness/algorithm.h"
#include "nest.h"
#include "problems/dynset/dynset.h"

/* greedy.c */
extern const cc_param ds_greedy_params[];
cc_status ds_greedy_init(cc_run *run, void **state);
cc_status ds_greedy_step(cc_run *run, void *state);
const void *ds_greedy_candidate(void *state);
cc_status ds_random_init(cc_run *run, void **state);
cc_status ds_random_step(cc_run *run, void *state);

/* sieve.c */
cc_status ds_sieve_init(cc_run *run, void **state);
cc_status ds_sieve_step(cc_run *run, void *state);
const void *ds_sieve_candidate(void *state);

/* lattanzi.c */
extern const cc_param ds_lattanzi_params[];
cc_status ds_lattanzi_init(cc_run *run, void **state);
cc_status ds_lattanzi_step(cc_run *run, void *state);
const void *ds_lattanzi_candidate(void *state);

/* Elements of one copy of lattanzi.c that are solution members, in the order of their picking. */
const uint32_t *ds_lattanzi_picked(const void *state, size_t copy, size_t *n);
/* |B_l| of its levels. */
const size_t *ds_lattanzi_waiting(const void *state, size_t copy, size_t *levels);

/* grid.c: guesses from the least positive f({e}) to k times the greatest, at a ratio of 1.3, as the published code has them. Writes
 * up to `room`; returns how many there are. */
size_t ds_opt_grid(double least, double most, size_t k, size_t room, double *guess);

#endif
