/* problems/online/arms.c: a stochastic bandit. Losses of all arms are drawn in every round, so that the best arm in hindsight is
 * known; the learner sees its own. */
#include <math.h>

#include "problems/online/problems.h"

enum { LOSSES = 1 }; /* stream */

typedef struct arms {
    online_instance base;
    double gap;
    size_t best;
    const cc_run *scope;
} arms;

typedef struct arms_env {
    online_env base;
    double *total; /* of each arm */
} arms_env;

static double arms_play(const cc_oracle *o, const double *x, double *g, uint64_t *iterations)
{
    const arms *p = o->instance;
    arms_env *e = o->env;
    const size_t K = (size_t)p->base.domain.high + 1, chosen = (size_t)(x[0] + .5);
    cc_rng rng = cc_stream(p->scope, LOSSES, e->base.t);
    double loss = 0, least = 1;
    (void)g, (void)iterations;
    for (size_t i = 0; i < K; i++) {
        const double mean = i == p->best ? .5 - p->gap : .5, drawn = cc_uniform(&rng) < mean;
        e->total[i] += drawn;
        least = fmin(least, drawn);
        if (i == chosen) loss = drawn;
    }
    e->base.best_each += least;
    return loss;
}

static double arms_best_fixed(const cc_oracle *o)
{
    const arms *p = o->instance;
    const arms_env *e = o->env;
    double least = INFINITY;
    for (size_t i = 0; i <= (size_t)p->base.domain.high; i++) least = fmin(least, e->total[i]);
    return least;
}

const online_ops online_arms_ops = {NULL, arms_play, arms_best_fixed};

cc_status online_arms_create(cc_run *scope, void **instance)
{
    const int64_t K = cc_int(scope, "arms"), best = cc_int(scope, "best");
    arms *p;
    CC_NEW(scope, p, 1);
    if (best >= K) return cc_fail(scope, CC_EINVAL, "arm %lld of %lld is the best", (long long)best, (long long)K);
    p->base = (online_instance){.domain = {ONLINE_BOX, 1, 0, (double)(K - 1)}, .T = (size_t)cc_int(scope, "T")};
    p->gap = cc_real(scope, "gap"), p->best = (size_t)best, p->scope = scope;
    *instance = p;
    CC_TRY(cc_publish(scope, CC_TOLD, "loss_max", 1));
    CC_TRY(cc_publish(scope, CC_TOLD, "loss_min", 0));
    return online_publish(scope, &p->base);
}

cc_status online_arms_begin(cc_run *scope, const void *instance, void **env)
{
    const arms *p = instance;
    arms_env *e;
    CC_NEW(scope, e, 1);
    CC_NEW(scope, e->total, (size_t)p->base.domain.high + 1);
    *env = e;
    return online_begin(scope, &p->base, &e->base);
}
