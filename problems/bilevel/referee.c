/* problems/bilevel/referee.c: environments, constants, and the exact hyper-objective: nothing here is billed. */
#include <math.h>
#include <string.h>

#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"
#include "problems/bilevel/problems.h"

/* Of gyy z = fy by conjugate gradients. */
static const cc_solve_plan to_rounding = {.tolerance = 1e-12, .most = 2000};

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

cc_status bilevel_begin(cc_run *scope, const void *instance, void **env)
{
    const bilevel_base *p = instance;
    const size_t n = larger(larger(p->n_lower, p->n_upper), 1);
    bilevel_env *e;
    CC_NEW(scope, e, 1);
    e->scope = scope;
    CC_NEW(scope, e->ids, 2 * n);
    CC_NEW(scope, e->order, n);
    CC_NEW(scope, e->work, p->work);
    CC_NEW(scope, e->noise, larger(p->dx, p->dy));
    CC_NEW(scope, e->h, p->dy);
    CC_NEW(scope, e->y, p->dy);
    CC_NEW(scope, e->z, p->dy);
    CC_NEW(scope, e->fy, p->dy);
    CC_NEW(scope, e->fx, p->dx);
    CC_NEW(scope, e->linear, larger(cc_cg_words(p->dy), p->dy <= BILEVEL_DENSE ? p->dy * p->dy : 0));
    CC_NEW(scope, e->x, p->dx);
    CC_NEW(scope, e->hypergrad, p->dx);
    for (size_t i = 0; i < n; i++) e->order[i] = i;
    e->x[0] = NAN;
    *env = e;
    return CC_OK;
}

cc_status bilevel_publish(cc_run *scope, const bilevel_base *base, const bilevel_facts *facts)
{
    const struct {
        const char *name;
        double value;
    } told[] = {{"mu", facts->mu}, {"Lyy", facts->Lyy}, {"C", facts->C}, {"dx", (double)base->dx}, {"dy", (double)base->dy}};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (!isnan(told[i].value)) CC_TRY(cc_publish(scope, CC_TOLD, told[i].name, told[i].value));
    return isnan(facts->phi_star) ? CC_OK : cc_publish(scope, CC_HIDDEN, "phi_star", facts->phi_star);
}

int bilevel_ystar(const cc_oracle *o, size_t block, const double *x, double *y)
{
    const bilevel_base *p = o->instance;
    const bilevel_ops *ops = o->ops;
    const bilevel_env *e = o->env;
    const bilevel_at at = {o->instance, block, x, NULL, NULL, p->n_lower, e->work};
    return ops->ystar ? ops->ystar(&at, y) : -1;
}

static int by_cholesky(const bilevel_ops *ops, const bilevel_at *at, size_t dy, const bilevel_env *e)
{
    ops->hess(at, e->linear);
    cc_copy(dy, e->fy, e->z);
    if (cc_potrf(dy, e->linear)) return -1;
    cc_potrs(dy, e->linear, e->z);
    return 0;
}

typedef struct curvature {
    const bilevel_ops *ops;
    const bilevel_at *at;
} curvature;

static cc_status apply_gyy(void *self, size_t p, const double *v, double *out)
{
    const curvature *c = self;
    (void)p;
    c->ops->hvp(c->at, v, out);
    return CC_OK;
}

static int by_products(const bilevel_ops *ops, const bilevel_at *at, size_t dy, const bilevel_env *e)
{
    curvature here = {ops, at};
    const cc_linop gyy = {dy, apply_gyy, &here};
    cc_solve_result result;
    memset(e->z, 0, dy * sizeof *e->z);
    return cc_cg(&gyy, NULL, &to_rounding, e->fy, e->linear, e->z, &result) == CC_OK && result.outcome == CC_SOLVED ? 0 : -1;
}

/* z = gyy^-1 fy */
static int solve(const bilevel_ops *ops, const bilevel_at *at, size_t dy, const bilevel_env *e)
{
    if (ops->solve) return ops->solve(at, e->fy, e->z);
    return ops->hess && dy <= BILEVEL_DENSE ? by_cholesky(ops, at, dy, e) : by_products(ops, at, dy, e);
}

/* Adds block i's share to e->phi and, if wanted, to e->hypergrad. */
static int add_block(const cc_oracle *o, size_t block, const double *x, int with_grad)
{
    const bilevel_base *p = o->instance;
    const bilevel_ops *ops = o->ops;
    bilevel_env *e = o->env;
    const double share = 1 / (double)p->m;
    if (bilevel_ystar(o, block, x, e->y)) return -1;
    const bilevel_at above = {o->instance, block, x, e->y, NULL, p->n_upper, e->work},
                     below = {o->instance, block, x, e->y, NULL, p->n_lower, e->work};
    e->phi += share * ops->f(&above);
    if (!with_grad) return 0;
    ops->upper(&above, e->fx, e->fy);
    cc_axpy(p->dx, share, e->fx, e->hypergrad);
    if (solve(ops, &below, p->dy, e)) return -1;
    ops->jvp(&below, e->z, e->fx);
    cc_axpy(p->dx, -share, e->fx, e->hypergrad);
    return 0;
}

static void judge(const cc_oracle *o, const double *x, int with_grad)
{
    const bilevel_base *p = o->instance;
    bilevel_env *e = o->env;
    int bad = 0;
    e->phi = 0;
    memset(e->hypergrad, 0, p->dx * sizeof *e->hypergrad);
    for (size_t block = 0; block < p->m && !bad; block++) bad = add_block(o, block, x, with_grad);
    if (bad) {
        e->phi = NAN;
        for (size_t j = 0; j < p->dx; j++) e->hypergrad[j] = NAN;
    }
    cc_copy(p->dx, x, e->x);
    e->has_grad = with_grad;
}

void bilevel_referee(const cc_oracle *o, const double *x, double *phi, double *grad)
{
    const bilevel_base *p = o->instance;
    const bilevel_env *e = o->env;
    const int known = !isnan(e->x[0]) && memcmp(x, e->x, p->dx * sizeof *x) == 0;
    if (!known || (grad && !e->has_grad)) judge(o, x, grad != NULL);
    if (phi) *phi = e->phi;
    if (grad) cc_copy(p->dx, e->hypergrad, grad);
}
