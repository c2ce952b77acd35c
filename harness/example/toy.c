/* A paper in 80 lines of C: the gradient method x <- x - (eta / L) grad f(x) on f(x, y) = (x^2 + mu y^2) / 2, one claim, one
 * control. Outside the tree: it sees the installed headers alone. */
#include <math.h>

#include "harness/plugin.h"
#include "problems/smooth/smooth_problem.h"

/* ---- the problem: kappa = 1 / mu, L = 1, f* = 0 ---- */

typedef struct bowl {
    smooth_base base;
    double mu, x0[2];
} bowl;

static cc_status bowl_create(cc_run *scope, void **instance)
{
    bowl *b;
    CC_NEW(scope, b, 1);
    *b = (bowl){.base = {.d = 2, .pass = 2, .x0 = b->x0}, .mu = 1 / cc_real(scope, "kappa"), .x0 = {1, 1}};
    *instance = b;
    smooth_facts facts = smooth_unknown();
    facts.L1 = 1, facts.mu = b->mu, facts.f_star = 0;
    return smooth_publish(scope, &b->base, &facts);
}

/* What value and gradient share: the gradient (x, mu y). */
static void bowl_forward(const void *instance, const double *x, double *pass)
{
    pass[0] = x[0], pass[1] = ((const bowl *)instance)->mu * x[1];
}
static double bowl_value(const smooth_point *at) { return (at->x[0] * at->pass[0] + at->x[1] * at->pass[1]) / 2; }
static void bowl_grad(const smooth_point *at, double *g) { g[0] = at->pass[0], g[1] = at->pass[1]; }
static const smooth_ops bowl_ops = {.forward = bowl_forward, .value = bowl_value, .grad = bowl_grad};

/* ---- the algorithm ---- */

typedef struct gd {
    size_t d;
    double *x, *g, eta;
} gd;

static cc_status gd_init(cc_run *run, void **state)
{
    gd *s;
    CC_NEW(run, s, 1);
    s->d = smooth_dim(run), s->eta = cc_real(run, "eta") / cc_fact(run, "L1");
    CC_NEW(run, s->x, s->d);
    CC_NEW(run, s->g, s->d);
    *state = s;
    return smooth_start(run, s->x);
}

static cc_status gd_step(cc_run *run, void *state)
{
    gd *s = state;
    CC_TRY(smooth_grad(run, s->x, s->g));
    for (size_t i = 0; i < s->d; i++) s->x[i] -= s->eta * s->g[i];
    return CC_OK;
}

static const void *gd_candidate(void *state) { return ((gd *)state)->x; }

/* ---- the claim ---- */

static double contraction(const cc_row *r) { return 1 - cc_get(r, "mu") / cc_get(r, "L1"); }
static double bound(const cc_row *r) { return pow(contraction(r), 2 * cc_get(r, "step")) * cc_lag(r, "gap", -1); }

/* clang-format off */
const cc_plugin cc_plugin_1 = { .id = "toy", .title = "The gradient method", .citation = "Nesterov 2004, Introductory Lectures on Convex Optimization",
    .problems = CC_LIST(cc_problem, { .id = "toy.bowl", .family = "smooth", .create = bowl_create, .begin = smooth_begin, .ops = &bowl_ops,
        .params = CC_LIST(cc_param, { "kappa", CC_REAL, "100", 1, 1e12, .doc = "condition number" }) }),
    .algorithms = CC_LIST(cc_algorithm, { .id = "toy.gd", .family = "smooth", .init = gd_init, .step = gd_step, .candidate = gd_candidate,
        .params = CC_LIST(cc_param, { "eta", CC_REAL, "1", 0, 10, .unit = "1/L", .doc = "step length" }) }),
    .experiments = CC_LIST(cc_experiment, { .id = "curve", .algorithm = "toy.gd", .problem = "toy.bowl", .measure = &cc_trajectory,
        .axes = CC_LIST(cc_axis, { "kappa", "10 100 | 1000" }), .plan = { .stop = "steps<=200" }, .seeds = { 1, 1, 1 } }),
    .claims = CC_LIST(cc_claim, { .id = "linear", .source = "Nesterov 2004, 2.1.15", .statement = "f_k - f* <= (1 - mu/L)^(2k) (f_0 - f*)",
        .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "curve", .derive = CC_LIST(cc_derived, { "bound", "", "right-hand side", bound }),
        .checks = CC_LIST(cc_check, CC_BOUND(.y = "gap", .other = "bound", .rel = 1e-9, .over = "")),
        .controls = CC_LIST(cc_control, { .id = "long_step", .what = "step 2.5/L, beyond stability", .set = "eta=2.5" }) }) };
