/* problems/smooth/samples.c: the family's functions of listed samples: batches, single gradients, targets. */
#include "problems/smooth/problems.h"

static const smooth_ops *ops_of(const cc_oracle *o) { return o->ops; }

cc_status smooth_check_ids(cc_run *run, const size_t *ids, size_t b)
{
    const size_t samples = smooth_samples(run);
    if (b == 0) return cc_fail(run, CC_EINVAL, "a batch of no samples");
    for (size_t j = 0; j < b; j++) {
        if (ids[j] >= samples)
            return cc_fail(run, CC_EINVAL, "sample %zu of a batch is %zu, but there are %zu", j, ids[j], samples);
    }
    return CC_OK;
}

cc_status smooth_batch(cc_run *run, const double *x, const size_t *ids, size_t b, double *f, double *g)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!ops_of(o)->batch) return smooth_absent(run, "gradient of a batch");
    CC_TRY(smooth_check_ids(run, ids, b));
    const double value = ops_of(o)->batch(o->instance, x, ids, b, g);
    if (f) *f = value;
    o->count[N_SAMP] += b;
    return CC_OK;
}

cc_status smooth_perex(cc_run *run, const double *x, const size_t *ids, size_t b, double *rows)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!ops_of(o)->perex) return smooth_absent(run, "gradients of single samples");
    CC_TRY(smooth_check_ids(run, ids, b));
    ops_of(o)->perex(o->instance, x, ids, b, rows);
    o->count[N_SAMP] += b;
    return CC_OK;
}

cc_status smooth_perex_sqnorm(cc_run *run, const double *x, const size_t *ids, size_t b, double *sq)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!ops_of(o)->perex_sqnorm) return smooth_absent(run, "norms of single gradients");
    CC_TRY(smooth_check_ids(run, ids, b));
    const smooth_point at = smooth_scratch(o, x);
    ops_of(o)->perex_sqnorm(&at, ids, b, sq);
    o->count[N_SAMP] += b;
    return CC_OK;
}

cc_status smooth_perex_dot(cc_run *run, const double *x, const size_t *ids, size_t b, const double *v, double *dots)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!ops_of(o)->perex_dot) return smooth_absent(run, "inner products with single gradients");
    CC_TRY(smooth_check_ids(run, ids, b));
    const smooth_point at = smooth_scratch(o, x);
    ops_of(o)->perex_dot(&at, ids, b, v, dots);
    o->count[N_SAMP] += b;
    return CC_OK;
}

cc_status smooth_batch_hvp(cc_run *run, smooth_kind kind, const double *x, const size_t *ids, size_t b, const double *v,
                           double *out)
{
    const cc_oracle *o = cc_oracle_of(run);
    if ((unsigned)kind >= SMOOTH_KINDS || !ops_of(o)->batch_hvp[kind])
        return smooth_absent(run, "Hessian-vector product of a batch, of this kind");
    CC_TRY(smooth_check_ids(run, ids, b));
    const smooth_point at = smooth_scratch(o, x);
    ops_of(o)->batch_hvp[kind](&at, ids, b, v, out);
    o->count[N_HVP]++;
    return CC_OK;
}

/* ---- targets ---- */

static cc_status targets_of(cc_run *run, const size_t *ids, size_t b, const smooth_target_ops **target)
{
    *target = ops_of(cc_oracle_of(run))->target;
    return *target ? smooth_check_ids(run, ids, b) : smooth_absent(run, "targets");
}

size_t smooth_target_size(cc_run *run)
{
    const cc_oracle *o = cc_oracle_of(run);
    return ops_of(o)->target ? ((const smooth_base *)o->instance)->targets : 0;
}

cc_status smooth_targets(cc_run *run, const double *x, const size_t *ids, size_t b, double *z)
{
    const cc_oracle *o = cc_oracle_of(run);
    const smooth_point at = smooth_scratch(o, x);
    const smooth_target_ops *target;
    CC_TRY(targets_of(run, ids, b, &target));
    target->forward(&at, ids, b, z);
    o->count[N_FWD] += b;
    return CC_OK;
}

cc_status smooth_target_loss(cc_run *run, const double *z, const size_t *ids, size_t b, double *sum)
{
    const cc_oracle *o = cc_oracle_of(run);
    const smooth_point at = smooth_scratch(o, NULL);
    const smooth_target_ops *target;
    CC_TRY(targets_of(run, ids, b, &target));
    *sum = target->loss(&at, z, ids, b);
    o->count[N_TLOSS] += b;
    return CC_OK;
}

cc_status smooth_target_grad(cc_run *run, const double *z, const size_t *ids, size_t b, double *dz)
{
    const cc_oracle *o = cc_oracle_of(run);
    const smooth_point at = smooth_scratch(o, NULL);
    const smooth_target_ops *target;
    CC_TRY(targets_of(run, ids, b, &target));
    target->grad(&at, z, ids, b, dz);
    o->count[N_TGRAD] += b;
    o->count[N_TEXP]++;
    return CC_OK;
}

cc_status smooth_pullback(cc_run *run, const double *x, const size_t *ids, size_t b, const double *dz, double *g)
{
    const cc_oracle *o = cc_oracle_of(run);
    const smooth_point at = smooth_scratch(o, x);
    const smooth_target_ops *target;
    CC_TRY(targets_of(run, ids, b, &target));
    target->pull(&at, ids, b, dz, g);
    o->count[N_BWD] += b;
    return CC_OK;
}

cc_status smooth_pushforward(cc_run *run, const double *x, const size_t *ids, size_t b, const double *v, double *dz)
{
    const cc_oracle *o = cc_oracle_of(run);
    const smooth_point at = smooth_scratch(o, x);
    const smooth_target_ops *target;
    CC_TRY(targets_of(run, ids, b, &target));
    target->push(&at, ids, b, v, dz);
    o->count[N_FWD] += b;
    return CC_OK;
}
