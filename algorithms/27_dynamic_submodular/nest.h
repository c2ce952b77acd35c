/* nest.h: sets R_0 >= R_1 >= R_2 >= .. in one array: R_i is its first size[i] entries, whatever their order. An element goes in or
 * out in time of the number of sets that hold it. */
#ifndef DYNAMIC_SUBMODULAR_NEST_H
#define DYNAMIC_SUBMODULAR_NEST_H

#include "harness/run.h"

enum { DS_NOWHERE = UINT32_MAX };

typedef struct ds_nest {
    uint32_t *order;
    uint32_t *place; /* element: where it is in `order`; DS_NOWHERE: not in R_0 */
    uint16_t *depth; /* element: the last set that holds it */
    size_t *size;
} ds_nest;

/* For elements 0 .. n - 1 and sets R_0 .. R_{sets-1}. Memory of the run. */
cc_status ds_nest_open(cc_run *run, size_t n, size_t sets, ds_nest *nest);

static inline int ds_nest_holds(const ds_nest *nest, uint32_t element) { return nest->place[element] != DS_NOWHERE; }

void ds_nest_enter(ds_nest *nest, uint32_t element, size_t depth); /* into R_0 .. R_depth; it is in none */
void ds_nest_leave(ds_nest *nest, uint32_t element);               /* out of all; it is in R_0 */

/* After the first n entries were rearranged: they are those of R_from - 1, or of R_from and more; size[from .. to] are new, sets
 * beyond `to` are empty. */
void ds_nest_settle(ds_nest *nest, size_t n, size_t from, size_t to);

#endif
