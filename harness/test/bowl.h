/* A family, a problem and two algorithms for tests of the harness: gradient steps on (x^2 + mu y^2) / 2. */
#ifndef CLAIMCHECK_TEST_BOWL_H
#define CLAIMCHECK_TEST_BOWL_H

#include <math.h>
#include <string.h>

#include "harness/family.h"
#include "harness/plugin.h"

typedef struct bowl {
    double mu;
} bowl;

static inline const bowl *bowl_of(const cc_oracle *o) { return o->instance; }

static double bowl_gap(const cc_oracle *o, const void *candidate)
{
    const double *x = candidate;
    return (x[0] * x[0] + bowl_of(o)->mu * x[1] * x[1]) / 2;
}

static cc_status bowl_create(cc_run *scope, void **instance)
{
    bowl *b;
    CC_NEW(scope, b, 1);
    if (cc_bool(scope, "absent")) return cc_fail(scope, CC_SKIP, "the data of this bowl are not here");
    b->mu = 1 / cc_real(scope, "kappa");
    cc_rng rng = cc_stream(scope, 3, 0);
    *instance = b;
    CC_TRY(cc_publish(scope, CC_HIDDEN, "noise", cc_uniform(&rng)));
    CC_TRY(cc_publish(scope, CC_HIDDEN, "f_star", 0));
    CC_TRY(cc_publish(scope, CC_TOLD, "d", 2));
    return cc_publish(scope, CC_TOLD, "L", 1);
}

static void bowl_grad(cc_run *run, const double *x, double *g)
{
    const cc_oracle *o = cc_oracle_of(run);
    o->count[0]++;
    g[0] = x[0];
    g[1] = bowl_of(o)->mu * x[1];
}

typedef struct descent { /* x <- x - step grad f(x) / L */
    double step, x[2], g[2], drift;
    cc_rng rng;
} descent;

static cc_status descent_init(cc_run *run, void **state)
{
    descent *s;
    CC_NEW(run, s, 1);
    s->step = cc_real(run, "step") / cc_fact(run, "L");
    s->x[0] = s->x[1] = 1;
    s->rng = cc_stream(run, 1, 0);
    *state = s;
    if (!isnan(cc_fact(run, "f_star"))) return cc_fail(run, CC_EBUG, "a hidden constant was told");
    return CC_OK;
}

/* `trouble` picks how this algorithm misbehaves, at its third step. */
static cc_status descent_step(cc_run *run, void *state)
{
    descent *s = state;
    bowl_grad(run, s->x, s->g);
    cc_flops(4);
    for (int i = 0; i < 2; i++) s->x[i] -= s->step * s->g[i];
    s->drift = cc_uniform(&s->rng);
    if (cc_spent(run, "n_grad") < 3) return CC_OK;
    const char *trouble = cc_text(run, "trouble");
    if (!strcmp(trouble, "finish")) return cc_finish(run, "CONVERGED");
    if (!strcmp(trouble, "numeric")) return cc_fail(run, CC_ENUMERIC, "the third step is not a number");
    if (!strcmp(trouble, "undeclared")) return cc_real(run, "lenght") > 0 ? CC_OK : CC_OK;
    if (!strcmp(trouble, "hog")) return cc_alloc(run, 1u << 30, 16) ? CC_OK : CC_ENOMEM;
    if (!strcmp(trouble, "nan")) s->x[0] = NAN;
    return CC_OK;
}

static const void *descent_candidate(void *state) { return ((descent *)state)->x; }

static const cc_family bowl_families[] = {{.id = "bowl",
                                           .candidate = "double[d]",
                                           .counters = CC_LIST(cc_column, {"n_grad", "calls", "gradients"}),
                                           .metrics = CC_LIST(cc_metric, {"gap", "", "f - f*", bowl_gap})},
                                          {0}};

static const cc_problem bowl_problems[] = {
    {.id = "bowl.flat",
     .family = "bowl",
     .create = bowl_create,
     .params = CC_LIST(cc_param, {"kappa", CC_REAL, "100", 1, 1e12, .doc = "condition number"},
                       {"absent", CC_BOOL, "false", .doc = "play absent data"})},
    {0}};

static const cc_algorithm bowl_algorithms[] = {
    {.id = "bowl.descent",
     .family = "bowl",
     .init = descent_init,
     .step = descent_step,
     .candidate = descent_candidate,
     .probes = CC_LIST(cc_probe, {"drift", "", "a random number", offsetof(descent, drift)}),
     .variants = CC_LIST(cc_variant, {"timid", "a tenth of the step", "step=0.1"}),
     .params = CC_LIST(cc_param, {"step", CC_REAL, "1", 0, 10, .unit = "1/L", .doc = "step length"},
                       {"trouble", CC_TEXT, "none", .doc = "what goes wrong"}, {"count", CC_INT, "5", 1, 9},
                       {"how", CC_CHOICE, "plain", .choices = "plain fancy"})},
    {0}};

#endif
