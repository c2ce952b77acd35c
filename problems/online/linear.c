/* problems/online/linear.c: online linear optimisation over a ball, f_t(x) = <m e_1 + sigma xi_t, x>, xi_t uniform on the unit
 * sphere. The best fixed point in hindsight is known: -(D/2) S / |S|, S the sum of the gradients. */
#include <math.h>

#include "problems/online/problems.h"
#include "problems/splitmix.h"

typedef struct linear {
    online_instance base;
    double mean, sigma;
    uint64_t seed;
} linear;

typedef struct linear_env {
    online_env base;
    uint64_t stream;
    double *gradient, *sum;
} linear_env;

static double linear_play(const cc_oracle *o, const double *x, double *g, uint64_t *iterations)
{
    const linear *p = o->instance;
    linear_env *e = o->env;
    const size_t d = p->base.domain.d;
    double loss = 0, norm2 = 0;
    (void)iterations;
    cc_sm64_sphere(&e->stream, d, e->gradient);
    for (size_t j = 0; j < d; j++) {
        e->gradient[j] = p->sigma * e->gradient[j] + (j == 0 ? p->mean : 0);
        e->sum[j] += e->gradient[j];
        loss += e->gradient[j] * x[j], norm2 += e->gradient[j] * e->gradient[j];
        if (g) g[j] = e->gradient[j];
    }
    e->base.best_each -= p->base.domain.high * sqrt(norm2);
    return loss;
}

static double linear_best_fixed(const cc_oracle *o)
{
    const linear *p = o->instance;
    const linear_env *e = o->env;
    double norm2 = 0;
    for (size_t j = 0; j < p->base.domain.d; j++) norm2 += e->sum[j] * e->sum[j];
    return -p->base.domain.high * sqrt(norm2);
}

const online_ops online_linear_ops = {NULL, linear_play, linear_best_fixed};

cc_status online_linear_create(cc_run *scope, void **instance)
{
    const double D = cc_real(scope, "D");
    linear *p;
    CC_NEW(scope, p, 1);
    p->base = (online_instance){
        .domain = {ONLINE_BALL, (size_t)cc_int(scope, "d"), 0, D / 2}, .caps = ONLINE_GRADIENT, .T = (size_t)cc_int(scope, "T")};
    p->mean = cc_real(scope, "mean"), p->sigma = cc_real(scope, "sigma"), p->seed = cc_seed(scope);
    *instance = p;
    CC_TRY(cc_publish(scope, CC_TOLD, "D", D));
    CC_TRY(cc_publish(scope, CC_TOLD, "G", p->mean + p->sigma));
    return online_publish(scope, &p->base);
}

cc_status online_linear_begin(cc_run *scope, const void *instance, void **env)
{
    const linear *p = instance;
    linear_env *e;
    CC_NEW(scope, e, 1);
    CC_NEW(scope, e->gradient, p->base.domain.d);
    CC_NEW(scope, e->sum, p->base.domain.d);
    e->stream = p->seed;
    *env = e;
    return online_begin(scope, &p->base, &e->base);
}
