/* algorithms/03_gns/gns.c: the gradient-regularised Newton method with approximate Hessians.
 *
 * Semenov, Jaggi, Doikov: Gradient-Normalized Smoothness for Optimization with Approximate Hessians, ICLR 2026, arXiv 2506.13710.
 *
 * Class       min f(x) over R^n, f differentiable and bounded below; a metric B; any symmetric H(x) >= 0 in place of D^2 f(x)
 * Method      x_{k+1} = x_k - (H(x_k) + lambda_k B)^-1 grad f(x_k),   lambda_k = ||grad f(x_k)|| / gamma_k
 * Guarantee   with gamma_k <= gamma(x_k), the gradient-normalized smoothness: f_k - f_{k+1} >= (gamma_k / 8) ||g_{k+1}||^2 /
 * ||g_k||, hence the rate of whichever class f belongs to, none of whose constants the adaptive search needs
 *
 *   paper                    here
 *   x_k, g_k, ||g_k||        x, g, g_norm          ||.|| is the dual norm, norm(.) the primal one
 *   h_k = x_{k+1} - x_k      h, h_norm
 *   gamma_k, lambda_k        gamma, lambda
 *   1/8 of Lemma 1           accept
 *   C2, beta                 C2, beta              a planted Hessian error C2 ||g||^{1-beta} B, for the phase diagram
 *
 * Known radii (rule): qsc gamma = t* / M, liphess gamma = sqrt(2 ||g|| / L2), lipgrad gamma = ||g|| / L1, which with hess=zero is
 * the gradient method with step 1/L1. What the published code does differently: a factorisation that fails ends its search, and
 * after 40 failed trials it takes the last step; here both are rejected trials, and a search without end stops the run, STALLED,
 * where it is. */
#include "algorithms/03_gns/gns.h"

#include "harness/numerics/linalg.h"
#include "harness/plugin.h"

#include <math.h>

/* The constant of a known rule, from what the problem tells. */
static cc_status known_constant(cc_run *run, gns *s)
{
    static const char *const fact[] = {[GNS_QSC] = "Mqsc", [GNS_LIPHESS] = "L2", [GNS_LIPGRAD] = "L1"};
    if (s->rule == GNS_ADAPTIVE || s->rule == GNS_FIXED) return CC_OK;
    s->M = cc_fact(run, fact[s->rule]);
    if (!(s->M > 0))
        return cc_fail(run, CC_EINVAL, "this rule needs the constant %s > 0, which the problem does not tell", fact[s->rule]);
    return CC_OK;
}

static cc_status allocate(cc_run *run, gns *s)
{
    CC_NEW(run, s->x, s->d);
    CC_NEW(run, s->g, s->d);
    CC_NEW(run, s->h, s->d);
    CC_NEW(run, s->x_new, s->d);
    CC_NEW(run, s->g_new, s->d);
    return CC_OK;
}

static cc_status gns_init(cc_run *run, void **state)
{
    gns *s;
    CC_NEW(run, s, 1);
    *state = s;
    s->d = smooth_dim(run);
    s->rule = (gns_rule)cc_choice(run, "rule");
    s->gamma0 = s->gamma = s->gamma_next = cc_real(run, "gamma0");
    s->gamma_min = cc_real(run, "gamma_min"), s->eps_reg = cc_real(run, "eps_reg");
    s->max_trials = (size_t)cc_int(run, "max_trials");
    s->grow = cc_real(run, "grow"), s->shrink = cc_real(run, "shrink"), s->accept = cc_real(run, "accept");
    s->grad_tol = cc_real(run, "grad_tol"), s->carry = cc_bool(run, "carry");
    s->C2 = cc_real(run, "C2"), s->beta = cc_real(run, "beta");
    CC_TRY(known_constant(run, s));
    CC_TRY(allocate(run, s));
    CC_TRY(gns_system_init(run, &s->system, (gns_method)cc_choice(run, "solver"), cc_choice(run, "hess")));
    CC_TRY(smooth_start(run, s->x));
    CC_TRY(smooth_value_grad(run, s->x, &s->f, s->g));
    s->g_norm = smooth_dual_norm(run, s->g);
    if (!isfinite(s->f) || !isfinite(s->g_norm)) return cc_fail(run, CC_EINVAL, "f or its gradient is not finite at the start");
    return CC_OK;
}

/* The radius that the iteration starts from: carried over by the search, or a lower bound of gamma(x) by the class of f. */
static double radius(const gns *s)
{
    switch (s->rule) {
    case GNS_QSC:
        return GNS_T_STAR / s->M;
    case GNS_LIPHESS:
        return sqrt(2 * s->g_norm / s->M);
    case GNS_LIPGRAD:
        return s->g_norm / s->M;
    case GNS_FIXED:
        return s->gamma0;
    default:
        return s->carry ? s->gamma_next : s->gamma0;
    }
}

/* f - f_new >= accept ||g_new||^2 / lambda. Where f - f_new is rounding, <g_new, -h> in its place: a lower bound of it when f is
 * convex, and what the proof of the lemma bounds from below in any case. */
static int progress(const gns *s)
{
    const double required = s->accept * s->g_new_norm * s->g_new_norm / s->lambda;
    double decrease = s->f - s->f_new;
    if (fabs(decrease) < 1e-13 * fmax(1, fabs(s->f))) decrease = -cc_dot(s->d, s->g_new, s->h);
    return decrease >= required;
}

/* One linear solve and one evaluation at x + h; *good: accepted. */
static cc_status trial(cc_run *run, gns *s, int *good)
{
    int solved;
    *good = 0;
    s->trials++, s->trials_total++;
    s->lambda = s->g_norm / (s->gamma + s->eps_reg);
    CC_TRY(gns_system_solve(&s->system, s->lambda, .01 * fmin(1, s->gamma), s->h, &solved));
    s->failed_total += !solved;
    if (!solved) return CC_OK;
    s->h_norm = smooth_norm(run, s->h);
    s->radius = fmax(s->radius, s->h_norm / s->gamma);
    for (size_t i = 0; i < s->d; i++) s->x_new[i] = s->x[i] + s->h[i];
    CC_TRY(smooth_value_grad(run, s->x_new, &s->f_new, s->g_new));
    s->g_new_norm = smooth_dual_norm(run, s->g_new);
    if (!isfinite(s->f_new) || !isfinite(s->g_new_norm)) return CC_OK;
    *good = s->rule != GNS_ADAPTIVE || progress(s);
    return CC_OK;
}

static void move(gns *s)
{
    double *x = s->x, *g = s->g;
    s->x = s->x_new, s->x_new = x;
    s->g = s->g_new, s->g_new = g;
    s->f = s->f_new, s->g_norm = s->g_new_norm;
    s->gamma_next = fmax(s->grow * s->gamma, s->gamma_min);
}

static cc_status gns_step(cc_run *run, void *state)
{
    gns *s = state;
    if (s->g_norm <= s->grad_tol) return cc_finish(run, "GRADTOL");
    CC_TRY(gns_system_set(&s->system, s->x, s->g, s->C2 > 0 ? s->C2 * pow(s->g_norm, 1 - s->beta) : 0));
    s->gamma = radius(s), s->trials = 0, s->radius = 0;
    for (size_t t = 0; t < s->max_trials; t++) {
        int good;
        CC_TRY(trial(run, s, &good));
        if (good) {
            move(s);
            return CC_OK;
        }
        if (s->rule != GNS_ADAPTIVE) break; /* a known radius has no other to try */
        s->gamma *= s->shrink;
    }
    return cc_finish(run, "STALLED");
}

static const void *gns_candidate(void *state) { return ((gns *)state)->x; }

/* clang-format off */
#define PROBE(field, unit, doc) { #field, unit, doc, offsetof(gns, field) }

const cc_algorithm gns_algorithms[] = {
    { .id = "gns.newton", .family = "smooth", .summary = "gradient-regularised Newton with approximate Hessians",
      .reference = "Semenov, Jaggi, Doikov, arXiv 2506.13710, Algorithms 1 and 3",
      .init = gns_init, .step = gns_step, .candidate = gns_candidate,
      .params = CC_LIST(cc_param,
          { "rule", CC_CHOICE, "adaptive", .choices = "adaptive qsc liphess lipgrad fixed",
            .doc = "how the radius gamma_k is chosen: the search, a known class, or gamma0 for ever" },
          { "hess", CC_CHOICE, "exact", .choices = GNS_HESS_CHOICES, .doc = "H(x)" },
          { "solver", CC_CHOICE, "chol", .choices = GNS_SOLVER_CHOICES, .doc = "of (H + lambda B) h = -g" },
          { "gamma0", CC_REAL, "1", 1e-300, 1e300, .doc = "first radius" },
          { "gamma_min", CC_REAL, "1e-9", 1e-300, 1, .doc = "the least radius after a doubling" },
          { "eps_reg", CC_REAL, "0", 0, 1, .doc = "lambda = ||g|| / (gamma + eps_reg); the published code has 1e-8" },
          { "max_trials", CC_INT, "60", 1, 1000, .doc = "trials an iteration, then STALLED" },
          { "grow", CC_REAL, "2", 1, 100, .doc = "radius after an accepted trial" },
          { "shrink", CC_REAL, "0.5", 1e-3, 0.999, .doc = "radius after a rejected trial" },
          { "accept", CC_REAL, "0.125", 0, 1, .doc = "constant of the test of progress" },
          { "grad_tol", CC_REAL, "0", 0, 1e300, .doc = "GRADTOL at this dual norm of the gradient" },
          { "carry", CC_BOOL, "true", .doc = "keep the radius between iterations" },
          { "C2", CC_REAL, "0", 0, 1e300, .doc = "planted Hessian error C2 ||g||^(1 - beta) B" },
          { "beta", CC_REAL, "0", 0, 1, .doc = "its exponent" }),
      .variants = CC_LIST(cc_variant,
          { "paper", "the adaptive search", "rule=adaptive" },
          { "code", "limits of the published code", "max_trials=40 eps_reg=1e-8" },
          { "qsc", "known radius of the quasi-self-concordant class", "rule=qsc" },
          { "liphess", "known radius for a Lipschitz Hessian", "rule=liphess" },
          { "gradient", "the gradient method with step 1/L1", "rule=lipgrad hess=zero" },
          { "gradient_search", "normalised gradient steps with the same search", "hess=zero" },
          { "restart", "ablation: every search starts from gamma0", "carry=false" },
          { "no_search", "ablation: a large radius, every trial accepted", "rule=fixed gamma0=1e3" }),
      .probes = CC_LIST(cc_probe,
          PROBE(gamma, "norm", "radius of the last trial: of the step taken"),
          PROBE(gamma_next, "norm", "radius that the next search starts from"),
          PROBE(lambda, "", "||g|| / gamma of the last trial"),
          PROBE(h_norm, "norm", "norm(h) of the last trial"),
          PROBE(radius, "", "largest norm(h) / gamma among the trials of this step"),
          PROBE(trials, "solves", "trials of this step"),
          PROBE(trials_total, "solves", "trials so far"),
          PROBE(failed_total, "solves", "trials so far whose matrix could not be factored"),
          { "n_fact", "factorisations", "so far", offsetof(gns, system.factorisations) }) },
    { 0 },
};
/* clang-format on */
