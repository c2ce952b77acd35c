/* problems/smooth/smooth.c: the family's functions over smooth_ops: billing, the point cache, the metric; and its descriptor. */
#include "problems/smooth/smooth_problem.h"

#include "harness/numerics/linalg.h"
#include "problems/smooth/problems.h"

#include <math.h>
#include <string.h>

/* One a run: the last point with its pass, scratch of the problem, two vectors of the family. */
typedef struct smooth_env {
    int filled;
    double *x, *pass, *work, *s, *t;
} smooth_env;

cc_status smooth_begin(cc_run *scope, const void *instance, void **env)
{
    const smooth_base *base = instance;
    smooth_env *e;
    CC_NEW(scope, e, 1);
    CC_NEW(scope, e->x, base->d);
    CC_NEW(scope, e->s, base->d);
    CC_NEW(scope, e->t, base->d);
    CC_NEW(scope, e->pass, base->pass + 1);
    CC_NEW(scope, e->work, base->work + 1);
    *env = e;
    return CC_OK;
}

static const smooth_base *base_of(const cc_oracle *o) { return o->instance; }
static const smooth_ops *ops_of(const cc_oracle *o) { return o->ops; }

/* The point x with its forward pass, from the cache when x is the last one asked for. */
static smooth_point point_at(const cc_oracle *o, const double *x)
{
    smooth_env *e = o->env;
    const size_t bytes = base_of(o)->d * sizeof *x;
    if (!e->filled || memcmp(e->x, x, bytes) != 0) {
        memcpy(e->x, x, bytes);
        ops_of(o)->forward(o->instance, e->x, e->pass);
        e->filled = 1;
    }
    return (smooth_point){.instance = o->instance, .x = e->x, .pass = e->pass, .work = e->work};
}

smooth_point smooth_scratch(const cc_oracle *o, const double *x)
{
    return (smooth_point){.instance = o->instance, .x = x, .work = ((smooth_env *)o->env)->work};
}

/* ---- the instance ---- */
size_t smooth_dim(cc_run *run) { return base_of(cc_oracle_of(run))->d; }
size_t smooth_samples(cc_run *run) { return base_of(cc_oracle_of(run))->samples; }

cc_status smooth_start(cc_run *run, double *x)
{
    const smooth_base *base = base_of(cc_oracle_of(run));
    memcpy(x, base->x0, base->d * sizeof *x);
    return CC_OK;
}

const unsigned char *smooth_prunable(cc_run *run) { return base_of(cc_oracle_of(run))->prunable; }

static int known(smooth_kind kind) { return kind >= 0 && kind < SMOOTH_KINDS; }

int smooth_has_hess(cc_run *run, smooth_kind kind) { return known(kind) && ops_of(cc_oracle_of(run))->hess[kind] != NULL; }

size_t smooth_rank(cc_run *run, smooth_kind kind)
{
    const cc_oracle *o = cc_oracle_of(run);
    return known(kind) && ops_of(o)->factor[kind] ? base_of(o)->rank : 0;
}

/* ---- the oracles ---- */
cc_status smooth_absent(cc_run *run, const char *what)
{
    return cc_fail(run, CC_EINVAL, "this problem has no oracle for the %s", what);
}

static cc_status absent_kind(cc_run *run, const char *what, smooth_kind kind)
{
    static const char *const name[SMOOTH_KINDS] = {"exact", "gn", "wgn", "fisher", "rank1", "uniform"};
    char has[64] = "";
    for (int k = 0; k < SMOOTH_KINDS; k++) {
        if (!ops_of(cc_oracle_of(run))->hess[k]) continue;
        strcat(strcat(has, " "), name[k]);
    }
    return cc_fail(run, CC_EINVAL, "this problem has no %s of kind `%s`; Hessians it has:%s", what, known(kind) ? name[kind] : "?",
                   has[0] ? has : " none");
}

cc_status smooth_value(cc_run *run, const double *x, double *f)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!ops_of(o)->value) return smooth_absent(run, "value");
    const smooth_point at = point_at(o, x);
    *f = ops_of(o)->value(&at);
    o->count[N_F]++;
    return CC_OK;
}

cc_status smooth_grad(cc_run *run, const double *x, double *g)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!ops_of(o)->grad) return smooth_absent(run, "gradient");
    const smooth_point at = point_at(o, x);
    ops_of(o)->grad(&at, g);
    o->count[N_G]++;
    o->count[N_SAMP] += base_of(o)->samples;
    return CC_OK;
}

cc_status smooth_value_grad(cc_run *run, const double *x, double *f, double *g)
{
    CC_TRY(smooth_value(run, x, f));
    return smooth_grad(run, x, g);
}

cc_status smooth_hess(cc_run *run, smooth_kind kind, const double *x, double *h)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!known(kind) || !ops_of(o)->hess[kind]) return absent_kind(run, "Hessian", kind);
    const smooth_point at = point_at(o, x);
    ops_of(o)->hess[kind](&at, h);
    o->count[N_HESS]++;
    return CC_OK;
}

cc_status smooth_hvp(cc_run *run, smooth_kind kind, const double *x, const double *v, double *out)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!known(kind) || !ops_of(o)->hvp[kind]) return absent_kind(run, "Hessian-vector product", kind);
    const smooth_point at = point_at(o, x);
    ops_of(o)->hvp[kind](&at, v, out);
    o->count[N_HVP]++;
    return CC_OK;
}

cc_status smooth_factor(cc_run *run, smooth_kind kind, const double *x, double *u)
{
    const cc_oracle *o = cc_oracle_of(run);
    if (!known(kind) || !ops_of(o)->factor[kind]) return absent_kind(run, "low-rank factor", kind);
    const smooth_point at = point_at(o, x);
    ops_of(o)->factor[kind](&at, u);
    o->count[N_HESS]++;
    return CC_OK;
}

/* ---- the metric ---- */
static double metric_norm(const cc_oracle *o, const double *h)
{
    const smooth_base *base = base_of(o);
    smooth_env *e = o->env;
    if (!base->metric) return cc_norm(base->d, h);
    cc_symv(base->d, 1, base->metric, h, 0, e->s);
    return sqrt(fmax(0, cc_dot(base->d, h, e->s)));
}

static double metric_dual_norm(const cc_oracle *o, const double *s)
{
    const smooth_base *base = base_of(o);
    smooth_env *e = o->env;
    if (!base->metric) return cc_norm(base->d, s);
    cc_copy(base->d, s, e->s);
    cc_trsv(base->d, base->metric_factor, 0, e->s);
    return cc_norm(base->d, e->s);
}

int smooth_has_metric(cc_run *run) { return base_of(cc_oracle_of(run))->metric != NULL; }
double smooth_norm(cc_run *run, const double *h) { return metric_norm(cc_oracle_of(run), h); }
double smooth_dual_norm(cc_run *run, const double *s) { return metric_dual_norm(cc_oracle_of(run), s); }
const double *smooth_metric_factor(cc_run *run) { return base_of(cc_oracle_of(run))->metric_factor; }

void smooth_metric_apply(cc_run *run, const double *h, double *out)
{
    const smooth_base *base = base_of(cc_oracle_of(run));
    if (base->metric)
        cc_symv(base->d, 1, base->metric, h, 0, out);
    else
        cc_copy(base->d, h, out);
}

void smooth_metric_solve(cc_run *run, const double *s, double *out)
{
    const smooth_base *base = base_of(cc_oracle_of(run));
    cc_copy(base->d, s, out);
    if (base->metric) cc_potrs(base->d, base->metric_factor, out);
}

void smooth_metric_add(cc_run *run, double a, double *h)
{
    const smooth_base *base = base_of(cc_oracle_of(run));
    const size_t d = base->d;
    for (size_t i = 0; i < d; i++) {
        if (base->metric)
            cc_axpy(i + 1, a, base->metric + i * d, h + i * d);
        else
            h[i * d + i] += a;
    }
}

/* ---- metrics of a candidate: the same functions, no bill ---- */
static double metric_f(const cc_oracle *o, const void *x)
{
    if (!ops_of(o)->value) return NAN;
    const smooth_point at = point_at(o, x);
    return ops_of(o)->value(&at);
}

static double metric_gap(const cc_oracle *o, const void *x) { return metric_f(o, x) - cc_known(o, "f_star"); }

static double metric_grad(const cc_oracle *o, const void *x)
{
    if (!ops_of(o)->grad) return NAN;
    const smooth_point at = point_at(o, x);
    smooth_env *e = o->env;
    ops_of(o)->grad(&at, e->t);
    return metric_dual_norm(o, e->t);
}

static double metric_dist(const cc_oracle *o, const void *candidate)
{
    const smooth_base *base = base_of(o);
    const double *x = candidate;
    smooth_env *e = o->env;
    if (!base->x_star) return NAN;
    for (size_t i = 0; i < base->d; i++) e->t[i] = x[i] - base->x_star[i];
    return metric_norm(o, e->t);
}

const cc_family smooth_families[] = {
    {.id = "smooth",
     .candidate = "double[d]",
     .doc = "min f(x) over R^d: values, gradients, Hessians exact and approximate, samples, a metric",
     .counters = CC_LIST(cc_column, {"n_f", "calls", "values"}, {"n_g", "calls", "full gradients"},
                         {"n_samp", "calls", "gradients of single samples"}, {"n_hvp", "calls", "Hessian-vector products"},
                         {"n_hess", "calls", "Hessians, exact or approximate"},
                         {"n_fwd", "calls", "single samples whose target or its tangent was computed"},
                         {"n_bwd", "calls", "single samples pulled back from their target"},
                         {"n_tloss", "calls", "losses of single targets"}, {"n_tgrad", "calls", "gradients at single targets"},
                         {"n_texp", "calls", "calls that compute gradients at targets"}),
     .metrics = CC_LIST(cc_metric, {"gap", "", "f(x) - f*", metric_gap}, {"f", "", "f(x)", metric_f},
                        {"grad_dual_norm", "", "dual norm of grad f(x)", metric_grad},
                        {"dist", "", "norm(x - x*) where x* is known", metric_dist})},
    {0},
};
