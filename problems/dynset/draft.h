/* problems/dynset/draft.h: a coverage function that is written down element by element. */
#ifndef CLAIMCHECK_PROBLEMS_DYNSET_DRAFT_H
#define CLAIMCHECK_PROBLEMS_DYNSET_DRAFT_H

#include "problems/dynset/dynset_problem.h"

typedef struct dynset_draft {
    cc_run *scope;
    size_t n, items; /* elements so far; items: one more than the greatest */
    size_t covers;   /* pairs so far */
    size_t rooms[3]; /* of begin, item, last */
    uint32_t *begin, *item;
    uint32_t *last; /* item: 1 + the last element that covers it */
} dynset_draft;

cc_status dynset_draft_open(cc_run *scope, dynset_draft *draft);
/* The next element begins; items go to it until the next. */
cc_status dynset_draft_element(dynset_draft *draft);
/* Twice the same item is once. *fresh (may be NULL): was it new? */
cc_status dynset_draft_item(dynset_draft *draft, size_t item, int *fresh);
/* The function over at least `items` items, and an instance that has it, without a stream. weight: one for each item, or NULL. */
cc_status dynset_draft_close(dynset_draft *draft, size_t items, const double *weight, double cap, dynset_instance **instance);

#endif
