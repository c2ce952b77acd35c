/* Instances of problems: made once, shared by the runs of this process while they are recent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/scope.h"

enum { KEPT = 8 };

struct cc_instances {
    cc_instance *item[KEPT];
    uint64_t clock;
};

cc_instances *cc_instances_new(void) { return calloc(1, sizeof(cc_instances)); }

void cc_instance_free(cc_instance *instance)
{
    if (!instance) return;
    cc_scope_close(&instance->scope);
    free(instance->name);
    free(instance);
}

void cc_instances_free(cc_instances *instances)
{
    if (!instances) return;
    for (int i = 0; i < KEPT; i++) cc_instance_free(instances->item[i]);
    free(instances);
}

static cc_status instance_make(const cc_bound *problem, uint64_t seed, uint64_t limit, cc_instance **result, char *message)
{
    cc_instance *instance = calloc(1, sizeof *instance);
    if (!instance) return CC_ENOMEM;
    cc_scope_open(&instance->scope, CC_ROLE_PROBLEM, seed, limit);
    instance->scope.values[0] = &problem->values;
    instance->scope.facts = &instance->facts;
    cc_status status = problem->problem->create(&instance->scope, &instance->instance);
    if (status == CC_OK && instance->scope.bug[0]) status = CC_EBUG;
    if (status == CC_DONE) status = CC_EBUG;
    if (status != CC_OK) {
        snprintf(message, CC_MESSAGE, "%s: %s", problem->problem->id,
                 status == CC_EBUG && instance->scope.bug[0] ? instance->scope.bug : instance->scope.message);
        cc_instance_free(instance);
        return status;
    }
    instance->scope.values[0] = NULL; /* the cell's, gone before the instance */
    *result = instance;
    return CC_OK;
}

cc_status cc_instance_get(cc_instances *instances, const cc_bound *problem, uint64_t seed, uint64_t limit, cc_instance **result,
                          char *message)
{
    uint64_t own = problem->fixed_seed >= 0 ? (uint64_t)problem->fixed_seed : seed;
    if (!instances) return instance_make(problem, own, limit, result, message);
    char *name = cc_bound_canonical(problem, seed);
    int oldest = 0;
    if (!name) return CC_ENOMEM;
    for (int i = 0; i < KEPT; i++) {
        cc_instance *kept = instances->item[i];
        if (kept && !strcmp(kept->name, name)) {
            free(name);
            kept->used = ++instances->clock;
            *result = kept;
            return CC_OK;
        }
        if (!kept || (instances->item[oldest] && kept->used < instances->item[oldest]->used)) oldest = i;
    }
    cc_status status = instance_make(problem, own, limit, result, message);
    if (status != CC_OK) {
        free(name);
        return status;
    }
    cc_instance_free(instances->item[oldest]);
    instances->item[oldest] = *result;
    (*result)->name = name;
    (*result)->used = ++instances->clock;
    return CC_OK;
}
