/* problems/online/online.c: the metered calls. */
#include "problems/online/online.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "problems/online/online_problem.h"

enum { N_ROUND, N_GRAD, N_PROJ, N_ITER }; /* slots, in the order of the family's counters */

static const online_instance *instance_of(cc_run *run) { return cc_oracle_of(run)->instance; }

unsigned online_caps(cc_run *run) { return instance_of(run)->caps; }
online_domain online_domain_of(cc_run *run) { return instance_of(run)->domain; }

cc_status online_context_range(cc_run *run, double *low, double *high)
{
    const online_instance *p = instance_of(run);
    if (!(p->caps & ONLINE_CONTEXT)) return cc_fail(run, CC_EINVAL, "the problem shows no context");
    *low = p->context_low, *high = p->context_high;
    return CC_OK;
}

cc_status online_context(cc_run *run, double *context)
{
    const cc_oracle *o = cc_oracle_of(run);
    const online_env *e = o->env;
    if (!(instance_of(run)->caps & ONLINE_CONTEXT)) return cc_fail(run, CC_EINVAL, "the problem shows no context");
    if (e->t >= instance_of(run)->T) return cc_finish(run, "HORIZON");
    *context = ((const online_ops *)o->ops)->context(o);
    return CC_OK;
}

/* How far x is from the domain, relative to the domain's size; NaN if x is not finite. */
static double outside(const online_domain *domain, const double *x)
{
    double sum = 0, square = 0, beyond = 0;
    for (size_t j = 0; j < domain->d; j++) {
        sum += x[j], square += x[j] * x[j];
        const double low = domain->shape == ONLINE_SIMPLEX ? 0 : domain->low;
        if (domain->shape != ONLINE_BALL) beyond = fmax(beyond, fmax(low - x[j], x[j] - domain->high));
    }
    if (!isfinite(square)) return NAN;
    if (domain->shape == ONLINE_BALL) return sqrt(square) / domain->high - 1;
    if (domain->shape == ONLINE_SIMPLEX) return fmax(beyond, fabs(sum - 1));
    return beyond / fmax(domain->high - domain->low, fabs(domain->high));
}

static cc_status play(cc_run *run, const double *x, double *loss, double *g)
{
    const cc_oracle *o = cc_oracle_of(run);
    const online_instance *p = o->instance;
    online_env *e = o->env;
    uint64_t iterations = 0;
    if (e->t >= p->T) return cc_finish(run, "HORIZON");
    if (!(outside(&p->domain, x) <= 1e-9)) return cc_fail(run, CC_EINVAL, "round %zu: x[0] = %g: not in the domain", e->t, x[0]);
    *loss = ((const online_ops *)o->ops)->play(o, x, g, &iterations);
    if (!isfinite(*loss)) return cc_fail(run, CC_ENUMERIC, "the loss of round %zu is not finite", e->t);
    memcpy(e->played, x, p->domain.d * sizeof *x);
    e->loss = *loss, e->total += *loss;
    e->t++;
    o->count[N_ROUND]++;
    o->count[N_ITER] += iterations;
    return CC_OK;
}

cc_status online_play(cc_run *run, const double *x, double *loss) { return play(run, x, loss, NULL); }

cc_status online_play_gradient(cc_run *run, const double *x, double *loss, double *g)
{
    if (!(instance_of(run)->caps & ONLINE_GRADIENT)) return cc_fail(run, CC_EINVAL, "the problem gives no gradients");
    CC_TRY(play(run, x, loss, g));
    cc_oracle_of(run)->count[N_GRAD]++;
    return CC_OK;
}

/* The nearest point of the simplex is max(z - level, 0); the level by bisection to the last bit, so that nothing is sorted. */
static void project_simplex(size_t d, const double *z, double *x)
{
    double top = z[0], low, high;
    for (size_t j = 1; j < d; j++) top = fmax(top, z[j]);
    low = top - 1, high = top;
    for (double middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
        double sum = 0;
        for (size_t j = 0; j < d; j++) sum += fmax(z[j] - middle, 0);
        if (sum > 1)
            low = middle;
        else
            high = middle;
    }
    for (size_t j = 0; j < d; j++) x[j] = fmax(z[j] - high, 0);
}

void online_project(cc_run *run, const double *z, double *x)
{
    const online_domain *domain = &instance_of(run)->domain;
    double square = 0, scale = 1;
    cc_oracle_of(run)->count[N_PROJ]++;
    if (domain->shape == ONLINE_SIMPLEX) {
        project_simplex(domain->d, z, x);
        return;
    }
    for (size_t j = 0; j < domain->d; j++) square += z[j] * z[j];
    if (domain->shape == ONLINE_BALL && square > domain->high * domain->high) scale = domain->high / sqrt(square);
    for (size_t j = 0; j < domain->d; j++)
        x[j] = domain->shape == ONLINE_BALL ? scale * z[j] : fmin(fmax(z[j], domain->low), domain->high);
}

/* ---- what authors of problems call ---- */

cc_status online_begin(cc_run *scope, const online_instance *instance, online_env *env)
{
    CC_NEW(scope, env->played, instance->domain.d);
    for (size_t j = 0; j < instance->domain.d; j++) env->played[j] = NAN;
    env->loss = NAN;
    return CC_OK;
}

cc_status online_publish(cc_run *scope, const online_instance *p)
{
    if (p->domain.d < 1 || p->T < 1) return cc_fail(scope, CC_EINVAL, "a game needs a dimension and a round");
    if (p->domain.shape == ONLINE_BOX && !(p->domain.low <= p->domain.high))
        return cc_fail(scope, CC_EINVAL, "the domain [%g, %g] is empty", p->domain.low, p->domain.high);
    if (p->domain.shape == ONLINE_BALL && !(p->domain.high > 0))
        return cc_fail(scope, CC_EINVAL, "a ball of radius %g", p->domain.high);
    if ((p->caps & ONLINE_CONTEXT) && !(p->context_low < p->context_high))
        return cc_fail(scope, CC_EINVAL, "the range of contexts [%g, %g] is empty", p->context_low, p->context_high);
    CC_TRY(cc_publish(scope, CC_TOLD, "d", (double)p->domain.d));
    return cc_publish(scope, CC_TOLD, "T", (double)p->T);
}
