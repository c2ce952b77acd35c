/* problems/dynset/draft.c: see draft.h. Arrays grow by doubling. */
#include "problems/dynset/draft.h"

#include <string.h>

static cc_status reserve(cc_run *scope, uint32_t **array, size_t *room, size_t used, size_t wanted)
{
    uint32_t *larger;
    if (wanted <= *room) return CC_OK;
    const size_t next = wanted > 2 * *room ? wanted : 2 * *room;
    CC_NEW(scope, larger, next);
    if (used) memcpy(larger, *array, used * sizeof *larger);
    *array = larger;
    *room = next;
    return CC_OK;
}

cc_status dynset_draft_open(cc_run *scope, dynset_draft *draft)
{
    *draft = (dynset_draft){.scope = scope};
    CC_TRY(reserve(scope, &draft->begin, &draft->rooms[0], 0, 1024));
    CC_TRY(reserve(scope, &draft->item, &draft->rooms[1], 0, 4096));
    return reserve(scope, &draft->last, &draft->rooms[2], 0, 1024);
}

cc_status dynset_draft_element(dynset_draft *draft)
{
    CC_TRY(reserve(draft->scope, &draft->begin, &draft->rooms[0], draft->n + 1, draft->n + 2));
    draft->n++;
    draft->begin[draft->n] = (uint32_t)draft->covers;
    return CC_OK;
}

cc_status dynset_draft_item(dynset_draft *draft, size_t item, int *fresh)
{
    if (item >= UINT32_MAX || draft->covers >= UINT32_MAX - 1)
        return cc_fail(draft->scope, CC_EINVAL, "item %zu: there is room for 2^32 - 1", item);
    CC_TRY(reserve(draft->scope, &draft->last, &draft->rooms[2], draft->items, item + 1));
    const int is_new = draft->last[item] != draft->n;
    if (fresh) *fresh = is_new;
    if (!is_new) return CC_OK;
    CC_TRY(reserve(draft->scope, &draft->item, &draft->rooms[1], draft->covers, draft->covers + 1));
    draft->last[item] = (uint32_t)draft->n;
    draft->item[draft->covers++] = (uint32_t)item;
    draft->begin[draft->n] = (uint32_t)draft->covers;
    if (item >= draft->items) draft->items = item + 1;
    return CC_OK;
}

cc_status dynset_draft_close(dynset_draft *draft, size_t items, const double *weight, double cap, dynset_instance **instance)
{
    dynset_cover *c;
    uint64_t *sketch;
    CC_NEW(draft->scope, c, 1);
    CC_NEW(draft->scope, *instance, 1);
    CC_NEW(draft->scope, sketch, draft->n);
    for (size_t e = 0; e < draft->n; e++)
        for (uint32_t q = draft->begin[e]; q < draft->begin[e + 1]; q++) sketch[e] |= dynset_bit(draft->item[q]);
    *c = (dynset_cover){.n = draft->n,
                        .items = items > draft->items ? items : draft->items,
                        .begin = draft->begin,
                        .item = draft->item,
                        .weight = weight,
                        .cap = cap,
                        .sketch = sketch};
    **instance = (dynset_instance){.f = &dynset_coverage, .data = c, .n = draft->n, .stream_seed = cc_seed(draft->scope)};
    return CC_OK;
}
