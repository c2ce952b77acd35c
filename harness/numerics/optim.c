/* Updates of a flat vector by its gradient. */
#include <math.h>

#include "harness/numerics/linalg.h"
#include "harness/numerics/optim.h"

static int nonnegative(double x) { return isfinite(x) && x >= 0; }
static int share(double x) { return x >= 0 && x < 1; }

cc_status cc_sgd_new(cc_run *scope, size_t n, cc_sgd *rule)
{
    if (!nonnegative(rule->rate) || !nonnegative(rule->decay) || !share(rule->momentum))
        return cc_fail(scope, CC_EINVAL, "gradient steps with rate %g, momentum %g, decay %g", rule->rate, rule->momentum,
                       rule->decay);
    rule->n = n;
    rule->steps = 0;
    rule->v = NULL;
    if (rule->momentum > 0) CC_NEW(scope, rule->v, n);
    return CC_OK;
}

void cc_sgd_step(cc_sgd *rule, const double *g, double *w)
{
    double rate = rule->rate, momentum = rule->momentum, decay = rule->decay, *v = rule->v;
    int first = rule->steps++ == 0;
    cc_flops((v ? 6 : 4) * rule->n);
    if (!v) {
        for (size_t i = 0; i < rule->n; i++) w[i] -= rate * (g[i] + decay * w[i]);
        return;
    }
    for (size_t i = 0; i < rule->n; i++) {
        double d = g[i] + decay * w[i];
        v[i] = first ? d : momentum * v[i] + d;
        w[i] -= rate * (rule->nesterov ? d + momentum * v[i] : v[i]);
    }
}

cc_adam cc_adam_default(void) { return (cc_adam){.rate = 1e-3, .beta1 = .9, .beta2 = .999, .epsilon = 1e-8}; }

cc_status cc_adam_new(cc_run *scope, size_t n, cc_adam *rule)
{
    if (!nonnegative(rule->rate) || !nonnegative(rule->decay) || !nonnegative(rule->epsilon) || !share(rule->beta1) ||
        !share(rule->beta2))
        return cc_fail(scope, CC_EINVAL, "Adam with rate %g, betas %g and %g, epsilon %g, decay %g", rule->rate, rule->beta1,
                       rule->beta2, rule->epsilon, rule->decay);
    rule->n = n;
    rule->steps = 0;
    CC_NEW(scope, rule->m, n);
    CC_NEW(scope, rule->v, n);
    return CC_OK;
}

void cc_adam_step(cc_adam *rule, const double *g, double *w)
{
    double t = (double)++rule->steps, beta1 = rule->beta1, beta2 = rule->beta2, epsilon = rule->epsilon;
    double step = rule->rate / (1 - pow(beta1, t)), root = 1 / sqrt(1 - pow(beta2, t));
    double added = rule->decoupled ? 0 : rule->decay, kept = rule->decoupled ? 1 - rule->rate * rule->decay : 1;
    double *m = rule->m, *v = rule->v;
    cc_flops(15 * rule->n);
    for (size_t i = 0; i < rule->n; i++) {
        double d = g[i] + added * w[i];
        m[i] = beta1 * m[i] + (1 - beta1) * d;
        v[i] = beta2 * v[i] + (1 - beta2) * d * d;
        w[i] = kept * w[i] - step * m[i] / (sqrt(v[i]) * root + epsilon);
    }
}

cc_adagrad cc_adagrad_default(void) { return (cc_adagrad){.rate = 1e-2, .epsilon = 1e-10}; }

cc_status cc_adagrad_new(cc_run *scope, size_t n, cc_adagrad *rule)
{
    if (!nonnegative(rule->rate) || !nonnegative(rule->epsilon) || !nonnegative(rule->decay) || !nonnegative(rule->initial))
        return cc_fail(scope, CC_EINVAL, "AdaGrad with rate %g, epsilon %g, decay %g, initial %g", rule->rate, rule->epsilon,
                       rule->decay, rule->initial);
    rule->n = n;
    rule->steps = 0;
    CC_NEW(scope, rule->s, n);
    for (size_t i = 0; i < n; i++) rule->s[i] = rule->initial;
    return CC_OK;
}

void cc_adagrad_step(cc_adagrad *rule, const double *g, double *w)
{
    double *s = rule->s;
    rule->steps++;
    cc_flops(8 * rule->n);
    for (size_t i = 0; i < rule->n; i++) {
        double d = g[i] + rule->decay * w[i];
        s[i] += d * d;
        w[i] -= rule->rate * d / (sqrt(s[i]) + rule->epsilon);
    }
}

double cc_adagrad_norm_step(cc_adagrad_norm *rule, size_t n, const double *g, double *w)
{
    rule->b2 += cc_dot(n, g, g);
    double step = rule->rate / sqrt(rule->b2);
    cc_axpy(n, -step, g, w);
    return step;
}
