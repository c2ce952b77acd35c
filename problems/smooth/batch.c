/* problems/smooth/batch.c: values of many points at once. */
#include "problems/smooth/problems.h"

cc_status smooth_value_batch(cc_run *run, size_t n, const double *X, double *f)
{
    const cc_oracle *o = cc_oracle_of(run);
    const smooth_ops *ops = o->ops;
    if (!ops->value_batch) return smooth_absent(run, "values of many points");
    ops->value_batch(o->instance, n, X, f);
    o->count[N_F] += n;
    return CC_OK;
}
