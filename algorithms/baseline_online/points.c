/* algorithms/baseline_online/points.c: a fixed point, and online gradient descent.
 *
 * Zinkevich: Online convex programming and generalized infinitesimal gradient ascent, 2003. */
#include <math.h>

#include "algorithms/baseline_online/baseline.h"

static cc_status create(cc_run *run, online_point **state)
{
    online_point *s;
    CC_NEW(run, s, 1);
    s->d = online_domain_of(run).d;
    CC_NEW(run, s->x, s->d);
    CC_NEW(run, s->z, s->d);
    CC_NEW(run, s->g, s->d);
    *state = s;
    return CC_OK;
}

cc_status online_fixed_init(cc_run *run, void **state)
{
    online_point *s = NULL;
    CC_TRY(create(run, &s));
    *state = s;
    for (size_t j = 0; j < s->d; j++) s->x[j] = cc_real(run, "x");
    return CC_OK;
}

cc_status online_fixed_step(cc_run *run, void *state)
{
    online_point *s = state;
    return online_play(run, s->x, &s->loss);
}

cc_status online_descent_init(cc_run *run, void **state)
{
    online_point *s = NULL;
    CC_TRY(create(run, &s));
    *state = s;
    if (!(online_caps(run) & ONLINE_GRADIENT)) return cc_fail(run, CC_EINVAL, "gradient descent needs gradients");
    s->step = cc_real(run, "rate") * cc_fact(run, "D") / cc_fact(run, "G");
    if (!(s->step > 0)) return cc_fail(run, CC_EINVAL, "the problem does not tell its diameter D and the bound G on gradients");
    online_project(run, s->x, s->x);
    return CC_OK;
}

cc_status online_descent_step(cc_run *run, void *state)
{
    online_point *s = state;
    CC_TRY(online_play_gradient(run, s->x, &s->loss, s->g));
    const double eta = s->step / sqrt((double)++s->t);
    for (size_t j = 0; j < s->d; j++) s->z[j] = s->x[j] - eta * s->g[j];
    online_project(run, s->z, s->x);
    return CC_OK;
}

const void *online_point_candidate(void *state) { return ((online_point *)state)->x; }
