/* problems/bilevel/bilevel.c: the metered calls. */
#include "problems/bilevel/bilevel.h"

#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/problems.h"

enum { N_FX, N_FY, N_GX, N_GY, N_HVP, N_JVP, N_HESS, N_CALLS, N_PROJ }; /* slots, in the order of the family's counters */

static const bilevel_base *base_of(const cc_oracle *o) { return o->instance; }
static const bilevel_ops *ops_of(const cc_oracle *o) { return o->ops; }

unsigned bilevel_caps(cc_run *run) { return base_of(cc_oracle_of(run))->caps; }
size_t bilevel_dx(cc_run *run) { return base_of(cc_oracle_of(run))->dx; }
size_t bilevel_dy(cc_run *run) { return base_of(cc_oracle_of(run))->dy; }
size_t bilevel_blocks(cc_run *run) { return base_of(cc_oracle_of(run))->m; }

static size_t terms(size_t n) { return n ? n : 1; }
size_t bilevel_lower_terms(cc_run *run) { return terms(base_of(cc_oracle_of(run))->n_lower); }
size_t bilevel_upper_terms(cc_run *run) { return terms(base_of(cc_oracle_of(run))->n_upper); }

void bilevel_start(cc_run *run, double *x, double *y)
{
    const bilevel_base *p = base_of(cc_oracle_of(run));
    cc_copy(p->dx, p->x0, x);
    cc_copy(p->m * p->dy, p->y0, y);
}

/* One call: where it is, and what it costs for each of its outputs. */
typedef struct call {
    const cc_oracle *o;
    bilevel_at at;
    uint64_t cost;
} call;

/* e->ids: the terms of BILEVEL_TERMS that the sample names. */
static cc_status name_terms(cc_run *run, const bilevel_sample *sample, size_t n, call *c)
{
    const bilevel_env *e = c->o->env;
    if (sample->id > (n - 1) / sample->batch)
        return cc_fail(run, CC_EINVAL, "batch %llu of %zu terms each: there are %zu", (unsigned long long)sample->id, sample->batch,
                       n);
    const size_t first = (size_t)sample->id * sample->batch, left = n - first, b = left < sample->batch ? left : sample->batch;
    for (size_t k = 0; k < b; k++) e->ids[k] = first + k;
    c->at.ids = e->ids, c->at.b = b, c->cost = b;
    return CC_OK;
}

static cc_status open_call(cc_run *run, size_t block, const bilevel_sample *sample, size_t n, const double *x, const double *y,
                           call *c)
{
    const cc_oracle *o = cc_oracle_of(run);
    const bilevel_base *p = o->instance;
    bilevel_env *e = o->env;
    *c = (call){o, {o->instance, block, x, y, NULL, n, e->work}, terms(n)};
    if (block >= p->m) return cc_fail(run, CC_EINVAL, "block %zu of %zu", block, p->m);
    if (!sample) return CC_OK;
    if (sample->batch < 1 || (n && sample->batch > n))
        return cc_fail(run, CC_EINVAL, "a batch of %zu from %zu terms", sample->batch, n);
    if (sample->stream == BILEVEL_TERMS)
        return n ? name_terms(run, sample, n, c) : cc_fail(run, CC_EINVAL, "terms of a problem that has noise instead");
    c->cost = sample->batch;
    if (n) {
        bilevel_draw(e, sample, n);
        c->at.ids = e->ids, c->at.b = sample->batch;
    }
    return CC_OK;
}

static void bill(const call *c, int slot)
{
    c->o->count[slot] += c->cost;
    c->o->count[N_CALLS] += c->cost;
}

static cc_status lacks(cc_run *run, const char *what) { return cc_fail(run, CC_EINVAL, "this problem has no %s", what); }

static cc_status checked(cc_run *run, const char *what, size_t n, const double *v)
{
    return !v || isfinite(cc_dot(n, v, v)) ? CC_OK : cc_fail(run, CC_ENUMERIC, "%s is not finite", what);
}

/* Adds the noise `which` of the sample to v, if there is any. */
static void add_noise(const call *c, const bilevel_sample *sample, int which, double sd, size_t n, double *v)
{
    if (sample && v && sd > 0 && !c->at.ids) bilevel_add_noise(c->o->env, sample, which, sd, base_of(c->o)->noise.skewed, n, v);
}

cc_status bilevel_upper(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y, double *fx,
                        double *fy)
{
    call c;
    const bilevel_base *p = base_of(cc_oracle_of(run));
    CC_TRY(open_call(run, block, sample, p->n_upper, x, y, &c));
    if (fx) bill(&c, N_FX);
    if (fy) bill(&c, N_FY);
    ops_of(c.o)->upper(&c.at, fx, fy);
    add_noise(&c, sample, N_FX, p->noise.fx, p->dx, fx);
    add_noise(&c, sample, N_FY, p->noise.fy, p->dy, fy);
    CC_TRY(checked(run, "fx", p->dx, fx));
    return checked(run, "fy", p->dy, fy);
}

/* e->noise = the sample's draw for diag(normal) of gyy; 0 if there is none. */
static int curvature_noise(const call *c, const bilevel_sample *sample)
{
    const bilevel_base *p = base_of(c->o);
    bilevel_env *e = c->o->env;
    if (!sample || c->at.ids || !(p->noise.h > 0)) return 0;
    memset(e->h, 0, p->dy * sizeof *e->h);
    bilevel_add_noise(e, sample, N_HVP, p->noise.h * sqrt((double)p->dy), 0, p->dy, e->h);
    return 1;
}

cc_status bilevel_lower(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y, double *gx,
                        double *gy)
{
    call c;
    const bilevel_base *p = base_of(cc_oracle_of(run));
    CC_TRY(open_call(run, block, sample, p->n_lower, x, y, &c));
    if (gx) bill(&c, N_GX);
    if (gy) bill(&c, N_GY);
    ops_of(c.o)->lower(&c.at, gx, gy);
    add_noise(&c, sample, N_GX, p->noise.gx, p->dx, gx);
    add_noise(&c, sample, N_GY, p->noise.gy, p->dy, gy);
    if (gy && curvature_noise(&c, sample))
        for (size_t j = 0; j < p->dy; j++) gy[j] += ((bilevel_env *)c.o->env)->h[j] * y[j];
    CC_TRY(checked(run, "gx", p->dx, gx));
    return checked(run, "gy", p->dy, gy);
}

cc_status bilevel_hvp(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y, const double *v,
                      double *out)
{
    call c;
    const bilevel_base *p = base_of(cc_oracle_of(run));
    CC_TRY(open_call(run, block, sample, p->n_lower, x, y, &c));
    if (!ops_of(c.o)->hvp) return lacks(run, "Hessian-vector product");
    bill(&c, N_HVP);
    ops_of(c.o)->hvp(&c.at, v, out);
    if (curvature_noise(&c, sample))
        for (size_t j = 0; j < p->dy; j++) out[j] += ((bilevel_env *)c.o->env)->h[j] * v[j];
    return checked(run, "gyy v", p->dy, out);
}

cc_status bilevel_jvp(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y, const double *v,
                      double *out)
{
    call c;
    const bilevel_base *p = base_of(cc_oracle_of(run));
    CC_TRY(open_call(run, block, sample, p->n_lower, x, y, &c));
    if (!ops_of(c.o)->jvp) return lacks(run, "product with the mixed derivative");
    bill(&c, N_JVP);
    ops_of(c.o)->jvp(&c.at, v, out);
    return checked(run, "gxy v", p->dx, out);
}

cc_status bilevel_hess(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y, double *out)
{
    call c;
    const bilevel_base *p = base_of(cc_oracle_of(run));
    CC_TRY(open_call(run, block, sample, p->n_lower, x, y, &c));
    if (!ops_of(c.o)->hess || p->dy > BILEVEL_DENSE) return lacks(run, "Hessian as a matrix");
    bill(&c, N_HESS);
    ops_of(c.o)->hess(&c.at, out);
    cc_fill_upper(p->dy, out);
    if (curvature_noise(&c, sample))
        for (size_t j = 0; j < p->dy; j++) out[j * p->dy + j] += ((bilevel_env *)c.o->env)->h[j];
    return checked(run, "gyy", p->dy * p->dy, out);
}

void bilevel_proj_x(cc_run *run, double *x)
{
    const cc_oracle *o = cc_oracle_of(run);
    o->count[N_PROJ]++;
    if (ops_of(o)->proj_x) ops_of(o)->proj_x(o->instance, x);
}

void bilevel_proj_y(cc_run *run, size_t block, double *y)
{
    const cc_oracle *o = cc_oracle_of(run);
    o->count[N_PROJ]++;
    if (ops_of(o)->proj_y) ops_of(o)->proj_y(o->instance, block, y);
}
