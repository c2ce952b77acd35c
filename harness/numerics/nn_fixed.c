/* Fixed points z = f(z, w), and derivatives by the implicit function theorem: dz = (I - J)^-1 (df/dw) dw with J = df/dz, solved
 * with products of the tape at the fixed point, which is linearised once. */
#include <math.h>
#include <string.h>

#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"
#include "harness/numerics/nn_tape.h"

enum { RESTART = 30 };

static cc_status good(const nn_fixed *p)
{
    const nn_tape *t = p->t;
    CC_TRY(nn_status(t));
    nn_shape z = nn_shape_of(t, p->z), f = nn_shape_of(t, p->f);
    char zs[96], fs[96];
    if (z.nd == 0 || !nn_same(z, f))
        return cc_fail(t->run, CC_EINVAL, "fixed point: z is %s, f is %s", nn_show(z, zs), nn_show(f, fs));
    if (t->node[p->z].kind != NN_INPUT || !t->node[p->z].want)
        return cc_fail(t->run, CC_EINVAL, "fixed point: z must be an input that is wanted");
    if ((unsigned)p->solver > NN_NEUMANN) return cc_fail(t->run, CC_EINVAL, "fixed point: there is no solver %d", (int)p->solver);
    return CC_OK;
}

cc_status nn_fixed_solve(const nn_fixed *p, const double *w, double *zstar, size_t *used)
{
    CC_TRY(good(p));
    size_t n = nn_size(p->t, p->z);
    double gap = INFINITY;
    nn_feed(p->t, p->z, zstar);
    nn_feed_tangent(p->t, p->z, NULL);
    for (size_t i = 1; i <= p->iterations; i++) {
        double change = 0, size = 0;
        CC_TRY(nn_forward(p->t, w));
        const double *f = nn_value(p->t, p->f);
        for (size_t j = 0; j < n; j++) {
            change += (f[j] - zstar[j]) * (f[j] - zstar[j]);
            size += zstar[j] * zstar[j];
        }
        gap = sqrt(change);
        if (used) *used = i;
        if (gap <= p->tolerance * (1 + sqrt(size))) return CC_OK; /* the tape is at zstar */
        memcpy(zstar, f, n * sizeof *zstar);
        nn_feed(p->t, p->z, zstar);
    }
    return cc_fail(p->t->run, CC_ENUMERIC, "fixed point: |f(z) - z| = %g after %zu iterations", gap, p->iterations);
}

/* y = (I - J') x */
static cc_status adjoint_apply(void *self, size_t count, const double *x, double *y)
{
    const nn_fixed *p = self;
    (void)count;
    CC_TRY(nn_backward_over(p->t, p->f, x, NULL, 0));
    const double *back = nn_arg_of(p->t, p->z).a;
    for (size_t i = 0, n = nn_size(p->t, p->z); i < n; i++) y[i] = x[i] - back[i];
    return CC_OK;
}

static cc_status tangent_of(const nn_fixed *p, const double *z, const double *v, double *y)
{
    size_t n = nn_size(p->t, p->z);
    nn_feed_tangent(p->t, p->z, z);
    CC_TRY(nn_tangent(p->t, v));
    const double *rf = nn_node_tangent(p->t, p->f, 0);
    nn_feed_tangent(p->t, p->z, NULL);
    if (rf)
        memcpy(y, rf, n * sizeof *y);
    else
        memset(y, 0, n * sizeof *y);
    return CC_OK;
}

/* y = (I - J) x */
static cc_status tangent_apply(void *self, size_t count, const double *x, double *y)
{
    const nn_fixed *p = self;
    (void)count;
    CC_TRY(tangent_of(p, x, NULL, y));
    for (size_t i = 0, n = nn_size(p->t, p->z); i < n; i++) y[i] = x[i] - y[i];
    return CC_OK;
}

static size_t words(const nn_fixed *p, size_t n, size_t restart)
{
    return p->solver == NN_GMRES ? cc_gmres_words(n, restart) : p->solver == NN_BICGSTAB ? cc_bicgstab_words(n) : n;
}

/* x += b - A x until that is small: with A = I - J, the partial sums of sum J^k b. work: n. */
static cc_status neumann(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x,
                         cc_solve_result *result)
{
    const double size = cc_norm(a->n, b);
    *result = (cc_solve_result){.outcome = CC_SOLVE_BUDGET, .residual = size};
    while (result->products < plan->most && result->outcome == CC_SOLVE_BUDGET) {
        CC_TRY(a->apply(a->self, 1, x, work));
        result->products++;
        for (size_t i = 0; i < a->n; i++) work[i] = b[i] - work[i];
        result->residual = cc_norm(a->n, work);
        if (!isfinite(result->residual)) result->outcome = CC_SOLVE_BREAKDOWN;
        if (result->residual <= plan->tolerance * size) result->outcome = CC_SOLVED;
        if (result->outcome == CC_SOLVE_BUDGET) cc_axpy(a->n, 1, work, x);
    }
    return CC_OK;
}

static cc_status solve(const nn_fixed *p, cc_status (*apply)(void *, size_t, const double *, double *), const double *b, double *x)
{
    nn_tape *t = p->t;
    size_t n = nn_size(t, p->z), restart = n < RESTART ? n : RESTART, room = words(p, n, restart);
    nn_fixed self = *p;
    cc_linop a = {n, apply, &self};
    cc_solve_plan plan = {p->tolerance, p->iterations, restart};
    cc_solve_result result = {0};
    if (t->krylov_room < room) {
        if (!(t->krylov = nn_take(t, room))) return nn_status(t);
        t->krylov_room = room;
    }
    memset(x, 0, n * sizeof *x);
    if (cc_norm(n, b) == 0) return CC_OK;
    const int gmres = p->solver == NN_GMRES, bicgstab = p->solver == NN_BICGSTAB;
    CC_TRY((gmres ? cc_gmres : bicgstab ? cc_bicgstab : neumann)(&a, &plan, b, t->krylov, x, &result));
    if (result.outcome == CC_SOLVED) return CC_OK;
    return cc_fail(t->run, CC_ENUMERIC, "fixed point: residual %g of the linear system after %zu products", result.residual,
                   result.products);
}

static cc_status vectors(const nn_fixed *p)
{
    nn_tape *t = p->t;
    size_t n = nn_size(t, p->z);
    if (t->fixed_room >= 2 * n) return CC_OK;
    t->fixed = nn_take(t, 2 * n);
    t->fixed_room = 2 * n;
    return nn_status(t);
}

cc_status nn_fixed_vjp(const nn_fixed *p, const double *zb, double *g)
{
    CC_TRY(good(p));
    CC_TRY(vectors(p));
    CC_TRY(solve(p, adjoint_apply, zb, p->t->fixed));
    return nn_backward(p->t, p->f, p->t->fixed, g);
}

cc_status nn_fixed_jvp(const nn_fixed *p, const double *v, double *dz)
{
    CC_TRY(good(p));
    CC_TRY(vectors(p));
    CC_TRY(tangent_of(p, NULL, v, p->t->fixed));
    return solve(p, tangent_apply, p->t->fixed, dz);
}
