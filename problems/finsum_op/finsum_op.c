/* problems/finsum_op/finsum_op.c: the metered calls, and those of authors of problems and measures. */
#include "problems/finsum_op/finsum_op.h"

#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/finsum_op/finsum_op_problem.h"

enum { N_COMP, N_FULL, N_PROX }; /* slots, in the order of the family's counters */

static const finsum_instance *instance_of(const cc_oracle *o) { return o->instance; }
static const finsum_ops *ops_of(const cc_oracle *o) { return o->ops; }

unsigned finsum_caps(cc_run *run) { return instance_of(cc_oracle_of(run))->caps; }
size_t finsum_n(cc_run *run) { return instance_of(cc_oracle_of(run))->n; }
size_t finsum_d(cc_run *run) { return instance_of(cc_oracle_of(run))->d; }

static int is_finite(size_t n, const double *x) { return isfinite(cc_dot(n, x, x)); }

void finsum_resolve(const cc_oracle *o, double eta, const double *u, double *out, double *hint)
{
    if (ops_of(o)->resolvent)
        ops_of(o)->resolvent(o, eta, u, out, hint);
    else if (out != u)
        memcpy(out, u, instance_of(o)->d * sizeof *out);
}

double finsum_distance(size_t d, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < d; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

/* ---- what algorithms call ---- */

void finsum_start(cc_run *run, double *u0, double *g0)
{
    const cc_oracle *o = cc_oracle_of(run);
    const finsum_instance *p = o->instance;
    finsum_env *e = o->env;
    memcpy(u0, p->u0, p->d * sizeof *u0);
    finsum_resolve(o, 1, u0, e->point, e->hint[1]);
    const double g = finsum_distance(p->d, u0, e->point) <= 1e-12 * (1 + cc_norm(p->d, u0)) ? 0 : NAN;
    for (size_t i = 0; i < p->d; i++) g0[i] = g;
}

cc_status finsum_full(cc_run *run, const double *u, double *out)
{
    const cc_oracle *o = cc_oracle_of(run);
    o->count[N_COMP] += instance_of(o)->n;
    o->count[N_FULL]++;
    return finsum_peek_full(run, u, out);
}

cc_status finsum_comp(cc_run *run, size_t id, const double *u, double *out)
{
    cc_oracle_of(run)->count[N_COMP]++;
    return finsum_peek_comp(run, id, u, out);
}

cc_status finsum_diff(cc_run *run, size_t b, const size_t *ids, const double *u, const double *v, double scale, double *acc)
{
    const cc_oracle *o = cc_oracle_of(run);
    o->count[N_COMP] += 2 * b;
    ops_of(o)->diff(o, b, ids, u, v, scale, acc);
    return is_finite(instance_of(o)->d, acc) ? CC_OK : cc_fail(run, CC_ENUMERIC, "a difference of components is not finite");
}

void finsum_affine_step(cc_run *run, size_t id, const double *u, const double *v, double a, const double *base, double scale,
                        double *out)
{
    const cc_oracle *o = cc_oracle_of(run);
    o->count[N_COMP] += 2;
    ops_of(o)->affine_step(o, id, u, v, a, base, scale, out);
}

void finsum_resolvent(cc_run *run, double eta, const double *u, double *out)
{
    const cc_oracle *o = cc_oracle_of(run);
    finsum_env *e = o->env;
    o->count[N_PROX]++;
    finsum_resolve(o, eta, u, out, e->hint[0]);
}

void finsum_draw(cc_run *run, cc_rng *rng, size_t b, size_t *ids)
{
    const finsum_law *law = &instance_of(cc_oracle_of(run))->law;
    for (size_t k = 0; k < b; k++) ids[k] = finsum_law_draw(law, rng);
}

cc_status finsum_draw_distinct(cc_run *run, cc_rng *rng, size_t b, size_t *ids)
{
    const cc_oracle *o = cc_oracle_of(run);
    const size_t n = instance_of(o)->n;
    size_t *permutation = ((finsum_env *)o->env)->permutation;
    if (instance_of(o)->law.first)
        return cc_fail(run, CC_EINVAL, "drawing without replacement needs a uniform law; this problem's is weighted");
    if (b > n) return cc_fail(run, CC_EINVAL, "%zu distinct components of %zu", b, n);
    for (size_t k = 0; k < b; k++) { /* Fisher-Yates, from whatever order the last draw left */
        const size_t j = k + (size_t)cc_below(rng, n - k), id = permutation[j];
        permutation[j] = permutation[k];
        ids[k] = permutation[k] = id;
    }
    return CC_OK;
}

/* ---- what authors of problems call ---- */

cc_status finsum_begin(cc_run *scope, const void *instance, void **env)
{
    const finsum_instance *p = instance;
    finsum_env *e;
    CC_NEW(scope, e, 1);
    CC_NEW(scope, e->work, p->d);
    CC_NEW(scope, e->point, p->d);
    CC_NEW(scope, e->value, p->d);
    CC_NEW(scope, e->permutation, p->n);
    for (size_t i = 0; i < p->n; i++) e->permutation[i] = i;
    for (size_t k = 0; k < 4; k++) e->hint[k / 2][k % 2] = NAN;
    *env = e;
    return CC_OK;
}

/* |J(a) - J(b)| <= |a - b| at two points around the start. */
static int expands(const cc_oracle *o, double *a, double *b)
{
    const finsum_instance *p = o->instance;
    finsum_env *e = o->env;
    for (size_t i = 0; i < p->d; i++) {
        a[i] = p->u0[i] + sin(1.0 + (double)i);
        b[i] = p->u0[i] + 3 * cos(2.0 + 3.0 * (double)i);
    }
    const double apart = finsum_distance(p->d, a, b);
    finsum_resolve(o, 1, a, e->point, e->hint[1]);
    finsum_resolve(o, 1, b, e->value, e->hint[1]);
    return !(finsum_distance(p->d, e->point, e->value) <= apart * (1 + 1e-12));
}

cc_status finsum_validate(cc_run *scope, finsum_instance *p, const finsum_ops *ops)
{
    cc_oracle o = {.ops = ops, .instance = p};
    double *a, *b;
    if (p->n < 1 || p->d < 1)
        return cc_fail(scope, CC_EINVAL, "%zu components in dimension %zu: both must be at least 1", p->n, p->d);
    if (p->law.n != p->n && !p->law.first)
        return cc_fail(scope, CC_EINVAL, "a law over %zu ids for %zu components", p->law.n, p->n);
    if (!(p->L_avg > 0) || !isfinite(p->L_avg))
        return cc_fail(scope, CC_EINVAL, "L_avg = %g must be positive and finite", p->L_avg);
    if (!(p->L_F > 0) && !isnan(p->L_F)) return cc_fail(scope, CC_EINVAL, "L_F = %g must be positive, or NaN when unknown", p->L_F);
    CC_TRY(finsum_begin(scope, p, &o.env));
    CC_NEW(scope, a, p->d);
    CC_NEW(scope, b, p->d);
    if (!is_finite(p->d, p->u0)) return cc_fail(scope, CC_ENUMERIC, "the start is not finite");
    ops->full(&o, p->u0, a);
    if (!is_finite(p->d, a)) return cc_fail(scope, CC_ENUMERIC, "F(u0) is not finite");
    if (expands(&o, a, b)) return cc_fail(scope, CC_EINVAL, "the resolvent of G expands: G is not monotone");
    return CC_OK;
}

cc_status finsum_publish(cc_run *scope, finsum_instance *p, const finsum_ops *ops)
{
    CC_TRY(finsum_validate(scope, p, ops));
    CC_TRY(cc_publish(scope, CC_TOLD, "L_avg", p->L_avg));
    CC_TRY(cc_publish(scope, CC_TOLD, "L_F", p->L_F));
    CC_TRY(cc_publish(scope, CC_HIDDEN, "mu", p->mu));
    CC_TRY(cc_publish(scope, CC_HIDDEN, "R", p->R));
    return cc_publish(scope, CC_HIDDEN, "cocoercive", p->caps & FINSUM_COCO ? 1 : 0);
}

/* ---- what measures call ---- */

cc_status finsum_peek_full(cc_run *run, const double *u, double *out)
{
    const cc_oracle *o = cc_oracle_of(run);
    ops_of(o)->full(o, u, out);
    return is_finite(instance_of(o)->d, out) ? CC_OK : cc_fail(run, CC_ENUMERIC, "F(u) is not finite");
}

cc_status finsum_peek_comp(cc_run *run, size_t id, const double *u, double *out)
{
    const cc_oracle *o = cc_oracle_of(run);
    ops_of(o)->comp(o, id, u, out);
    return is_finite(instance_of(o)->d, out) ? CC_OK : cc_fail(run, CC_ENUMERIC, "a component is not finite");
}

/* e->lu = I + eta F', column by column from F(e_j) - F(0). */
static cc_status factorise(cc_run *run, double eta)
{
    const cc_oracle *o = cc_oracle_of(run);
    const size_t d = instance_of(o)->d;
    finsum_env *e = o->env;
    if (!e->lu) {
        CC_NEW(run, e->lu, d * d);
        CC_NEW(run, e->at_zero, d);
        CC_NEW(run, e->pivots, d);
    }
    memset(e->point, 0, d * sizeof *e->point);
    ops_of(o)->full(o, e->point, e->at_zero);
    for (size_t j = 0; j < d; j++) {
        e->point[j] = 1;
        ops_of(o)->full(o, e->point, e->value);
        e->point[j] = 0;
        for (size_t i = 0; i < d; i++) e->lu[i * d + j] = (i == j) + eta * (e->value[i] - e->at_zero[i]);
    }
    e->lu_eta = eta;
    return cc_getrf(d, e->lu, e->pivots) == 0 ? CC_OK : cc_fail(run, CC_ENUMERIC, "I + eta F' is singular: F is not monotone");
}

cc_status finsum_exact_resolvent(cc_run *run, double eta, const double *u, double *out)
{
    const cc_oracle *o = cc_oracle_of(run);
    const finsum_instance *p = o->instance;
    finsum_env *e = o->env;
    if (!(p->caps & FINSUM_AFFINE) || p->caps & FINSUM_SET)
        return cc_fail(run, CC_EINVAL, "the exact resolvent of F + G is known for affine F and G = 0 only");
    if (!(eta > 0)) return cc_fail(run, CC_EINVAL, "eta = %g must be positive", eta);
    if (!e->lu || eta < e->lu_eta || eta > e->lu_eta) CC_TRY(factorise(run, eta));
    for (size_t i = 0; i < p->d; i++) out[i] = u[i] - eta * e->at_zero[i];
    cc_getrs(p->d, e->lu, e->pivots, out);
    return CC_OK;
}
