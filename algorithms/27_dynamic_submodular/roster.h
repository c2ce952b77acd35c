/* roster.h: who is present, as a list. */
#ifndef DYNAMIC_SUBMODULAR_ROSTER_H
#define DYNAMIC_SUBMODULAR_ROSTER_H

#include "nest.h"

/* A nest of one set: R_0. */
static inline cc_status ds_roster_update(cc_run *run, ds_nest *roster, uint32_t element, int insert)
{
    if (ds_nest_holds(roster, element) == insert)
        return cc_fail(run, CC_EINVAL, insert ? "element %u is inserted twice" : "element %u is deleted but not present", element);
    if (insert)
        ds_nest_enter(roster, element, 0);
    else
        ds_nest_leave(roster, element);
    return CC_OK;
}

#endif
