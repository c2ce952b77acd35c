/* algorithms/03_gns/claims.c: what the paper says, what is run for it, what would refute it. README.md says how it went.
 *
 * Notation: F_k = f(x_k) - f* (gap), g_k (grad_dual_norm is its dual norm), D the largest norm(x_k - x*) so far, kappa the constant
 * of progress: 1/2 for convex f and a known radius, 1/8 for the search, whose radius may also be half of what the class allows. */
#include "algorithms/03_gns/gns.h"
#include "algorithms/03_gns/bench.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- problems ---- */
#define BC      "smooth.logreg(data=bc)"
#define HEART   "smooth.logreg(data=heart)"
#define HEART0  "smooth.logreg(data=heart,lam=0)"
#define DIG2    "smooth.logreg(data=dig2)"
#define LSE20   "smooth.lse(n=20,m=50,mu_s=1,seed=3124)"
#define LSE20S  "smooth.lse(n=20,m=50,mu_s=0.1,seed=3124)"
#define LSE100  "smooth.lse(n=100,m=100,mu_s=0.5,seed=3124)"
#define POLY    "smooth.polytope(n=20,m=100,q=3,seed=17)"
#define PDIFF   "smooth.pdiff(n=50)"
#define ROSEN2  "smooth.rosen(q=2)"
#define ROSEN5  "smooth.rosen(q=5)"
#define CHEB10  "smooth.cheb(n=10)"
#define CHEB50  "smooth.cheb(n=50)"

/* Every problem with algorithm A (NULL: the experiment's); Gauss-Newton, GN, where f is not convex. */
#define EVERY_PROBLEM(A, GN) CC_LIST(cc_arm, \
    { .as = "bc", .problem = BC, .algorithm = A }, { .as = "heart", .problem = HEART, .algorithm = A }, \
    { .as = "heart0", .problem = HEART0, .algorithm = A }, { .as = "dig2", .problem = DIG2, .algorithm = A }, \
    { .as = "lse20", .problem = LSE20, .algorithm = A }, { .as = "lse20s", .problem = LSE20S, .algorithm = A }, \
    { .as = "lse100", .problem = LSE100, .algorithm = A }, { .as = "poly", .problem = POLY, .algorithm = A }, \
    { .as = "pdiff50", .problem = PDIFF, .algorithm = A }, \
    { .as = "rosen2", .problem = ROSEN2, .algorithm = A, .set = GN }, \
    { .as = "rosen5", .problem = ROSEN5, .algorithm = A, .set = GN }, \
    { .as = "cheb10", .problem = CHEB10, .algorithm = A, .set = GN }, \
    { .as = "cheb50", .problem = CHEB50, .algorithm = A, .set = GN })

#define GRADIENT "baseline_smooth.gradient"

/* ---- derived columns ---- */
static double decrease(const cc_row *r)
{
    const double before = cc_lag(r, "f", 1);
    return before - cc_get(r, "f") + 4 * DBL_EPSILON * fabs(before); /* the two values are rounded */
}
#define T_STAR 1.256431208626170 /* e^t = 1 + 2 t; not the method's own constant: it is under test */
/* What the class of f allows at x_k: the radius that the known rules must have used. */
static double class_radius(const cc_row *r)
{
    if (!strcmp(cc_get_text(r, "rule"), "liphess")) return sqrt(2 * cc_lag(r, "grad_dual_norm", 1) / cc_get(r, "L2"));
    return T_STAR / cc_get(r, "Mqsc");
}
static double progress(const cc_row *r) { return cc_get(r, "grad_dual_norm") * cc_get(r, "grad_dual_norm") / cc_get(r, "lambda"); }
static double half_progress(const cc_row *r) { return progress(r) / 2; }
static double eighth_progress(const cc_row *r) { return progress(r) / 8; }
static double moved_at_least(const cc_row *r) { return fabs(cc_get(r, "dist") - cc_lag(r, "dist", 1)); }
static double counted_trials(const cc_row *r)
{
    return 2 * cc_get(r, "step") + log2(cc_get(r, "gamma0") / cc_get(r, "gamma_next"));
}
static double evaluated_trials(const cc_row *r) { return cc_get(r, "n_f") - 1 + cc_get(r, "failed_total"); }
static double failed(const cc_row *r) { return *cc_get_text(r, "outcome") && !(cc_get(r, "gap") <= 1e-8); }
static double ratio10(const cc_row *r) { return cc_get(r, "gap") / cc_lag(r, "gap", 10); }
static double inverse_mu(const cc_row *r) { return 1 / cc_get(r, "mu_s"); }
static double inverse_target(const cc_row *r) { return 1 / cc_get(r, "target"); }

/* max norm(x_i - x*) over i <= k; running maxima begin after the first step */
static double diameter(const cc_row *r) { return fmax(cc_get(r, "max(dist)"), cc_lag(r, "dist", -1)); }

/* gamma(x) >= t* / M; with the weighted Gauss-Newton matrix 1 / (M / t* + R / mu_s); the search may stay at half of it. */
static double qsc_radius(const cc_row *r)
{
    const double M = cc_get(r, "Mqsc"), R = cc_get(r, "R"), mu_s = cc_get(r, "mu_s");
    const int known = !strcmp(cc_get_text(r, "arm"), "known"), weighted = !strcmp(cc_get_text(r, "arm"), "wgn");
    return (known ? 1 : .5) / (M / T_STAR + (weighted ? R / mu_s : 0));
}
static double qsc_iterations(const cc_row *r)
{
    const double F = cc_get(r, "gap"), F0 = cc_lag(r, "gap", -1), g0 = cc_lag(r, "grad_dual_norm", -1), D = diameter(r);
    const double kappa = !strcmp(cc_get_text(r, "arm"), "known") ? .5 : .125;
    return fmax(log(D * g0 / F), log(F0 / F) / log1p(kappa * qsc_radius(r) / (exp(1) * D)));
}

/* pdiff: F_0 = 2n/3, ||g_0|| = 1, norm(x_0 - x*) = sqrt(n (n+1) (2n+1) / 6); M = sqrt(L2 / 2), kappa = 1/2 */
static double liphess_iterations(const cc_row *r)
{
    const double n = cc_get(r, "n"), eps = cc_get(r, "target"), M = sqrt(cc_get(r, "L2") / 2);
    const double D = fmax(cc_get(r, "max(dist)"), sqrt(n * (n + 1) * (2 * n + 1) / 6));
    return fmax(log(2 * n / 3 / eps) + log(D / eps) / 2, 4 * exp(1) * M * pow(D, 1.5) / sqrt(eps));
}

static double five_exact(const cc_row *r) { return 5 * cc_peer(r, "exact", "step"); }
/* Iterations to 1e-8 that an independent implementation in numpy takes. */
static double independent(const cc_row *r)
{
    static const struct {
        const char *arm;
        double K;
    } t[] = { { "bc", 9 }, { "heart", 7 }, { "heart0", 7 }, { "dig2", 8 }, { "lse20", 7 }, { "lse20s", 22 }, { "lse100", 20 },
        { "poly", 23 },
              { "pdiff50", 56 }, { "rosen2", 49 }, { "rosen5", 57 }, { "cheb10", 14 }, { "cheb50", 17 } };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        if (!strcmp(cc_get_text(r, "arm"), t[i].arm)) return t[i].K;
    return NAN;
}
static double used_radius(const cc_row *r) /* the gradient method's is ||g|| / L, L of the step taken */
{
    const double gamma = cc_get(r, "gamma");
    return isnan(gamma) ? cc_lag(r, "grad_dual_norm", 1) / (2 * cc_get(r, "L")) : gamma;
}

#define PROGRESS { "decrease", "", "f_k - f_{k+1}, rounding added", decrease }
#define HALF     { "half", "", "||g_{k+1}||^2 / (2 lambda_k)", half_progress }
#define EIGHTH   { "eighth", "", "||g_{k+1}||^2 / (8 lambda_k)", eighth_progress }
#define FAILED   { "failed", "", "the run ended above 1e-8", failed }

/* ---- experiments ---- */
static const cc_experiment experiments[] = {
    { .id = "adaptive", .about = "the search, from gamma0 = 1, on every test problem", .algorithm = "gns.newton",
      .measure = &cc_trajectory,
      .arms = EVERY_PROBLEM(NULL, "hess=gn"), .seeds = { 1, 1, 1 },
      .plan = { .metrics = "gap f grad_dual_norm dist", .stop = "gap<=1e-8 steps<=500", .at = "0..500" } },

    { .id = "universal", .about = "iterations to 1e-8 with one setting", .algorithm = "gns.newton", .measure = &cc_cost,
      .arms = EVERY_PROBLEM(NULL, "hess=gn"), .seeds = { 1, 1, 1 },
      .plan = { .metrics = "gap grad_dual_norm", .targets = "1e-8", .stop = "steps<=500" } },

    { .id = "known", .about = "known radii, no search", .algorithm = "gns.newton", .measure = &cc_trajectory, .seeds = { 1, 1, 1 },
      .arms = CC_LIST(cc_arm, { .as = "lse20", .problem = LSE20, .set = "rule=qsc" },
          { .as = "lse20s", .problem = LSE20S, .set = "rule=qsc" },
          { .as = "lse100", .problem = LSE100, .set = "rule=qsc" }, { .as = "heart0", .problem = HEART0, .set = "rule=qsc" },
          { .as = "heart0_liphess", .problem = HEART0, .set = "rule=liphess" },
          { .as = "pdiff50", .problem = PDIFF, .set = "rule=liphess" }),
      .plan = { .metrics = "gap f grad_dual_norm dist", .stop = "gap<=1e-10 steps<=800|3000", .at = "0..3000" } },

    { .id = "lse", .about = "log-sum-exp, ever less smooth", .algorithm = "gns.newton", .problem = "smooth.lse(n=100,m=100)",
      .measure = &cc_trajectory,
      .arms = CC_LIST(cc_arm, { .as = "known", .set = "rule=qsc" }, { .as = "adaptive" }, { .as = "wgn", .set = "hess=wgn" }),
      .axes = CC_LIST(cc_axis, { "mu_s", "1 0.5 0.25 | 0.1 0.05" }), .seeds = { 3, 3, 8 },
      .plan = { .metrics = "gap grad_dual_norm dist", .stop = "gap<=1e-8 steps<=3000|5000", .at = "0..5000",
          .running = "max(dist)" } },

    { .id = "lse_targets", .about = "log-sum-exp: iterations to given gaps", .algorithm = "gns.newton",
      .problem = "smooth.lse(n=100,m=100)", .measure = &cc_cost,
      .arms = CC_LIST(cc_arm, { .as = "exact" }, { .as = "wgn", .set = "hess=wgn" }, { .as = "known", .set = "rule=qsc" }),
      .axes = CC_LIST(cc_axis, { "mu_s", "1 0.5 0.25 | 0.1 0.05 | 0.025" }), .seeds = { 8, 8, 12 }, .first_seed = 100,
      .plan = { .metrics = "gap", .targets = "1e-2..1e-8*1e-2", .stop = "steps<=3000|5000|8000" } },

    { .id = "pdiff", .about = "iterations to ever smaller gaps of cubed differences", .algorithm = "gns.newton:liphess",
      .problem = "smooth.pdiff",
      .measure = &cc_cost, .axes = CC_LIST(cc_axis, { "n", "25 50 | 75 | 100" }), .seeds = { 1, 1, 1 },
      .plan = { .metrics = "gap dist", .targets = "10..1e-5*0.31622776601683794", .stop = "steps<=5000|5000|20000",
          .running = "max(dist)" } },

    { .id = "fisher", .about = "empirical Fisher matrix on heart", .algorithm = "gns.newton", .problem = HEART0,
      .measure = &cc_cost, .seeds = { 1, 1, 1 },
      .arms = CC_LIST(cc_arm, { .as = "exact" }, { .as = "fisher", .set = "hess=fisher" },
          { .as = "gradient", .set = "hess=zero" }),
      .plan = { .metrics = "gap", .targets = "1e-1..1e-12*0.1", .stop = "steps<=1000" } },

    { .id = "nonconvex", .about = "Gauss-Newton where f is not convex", .algorithm = "gns.newton", .set = "hess=gn",
      .measure = &cc_trajectory, .seeds = { 1, 1, 1 },
      .arms = CC_LIST(cc_arm, { .as = "rosen", .problem = "smooth.rosen", .axes = CC_LIST(cc_axis, { "q", "2..8" }) },
          { .as = "cheb", .problem = "smooth.cheb", .axes = CC_LIST(cc_axis, { "n", "10 | 50 | 200" }) }),
      .plan = { .metrics = "gap f grad_dual_norm", .stop = "gap<=1e-8 steps<=500", .at = "0..500" } },

    { .id = "values", .about = "gamma(x) in one variable", .measure = &gns_measure_values, .seeds = { 1, 1, 1 } },

    { .id = "bounds", .about = "class bounds of gamma(x) at sampled steps", .measure = &gns_measure_bounds, .seeds = { 4, 10, 30 },
      .block = 10,
      .arms = CC_LIST(cc_arm, { .as = "lse_qsc", .problem = "smooth.lse(n=20,m=50)", .set = "class=qsc" },
          { .as = "lse_liphess", .problem = "smooth.lse(n=20,m=50)", .set = "class=liphess" },
          { .as = "lse_gradient", .problem = "smooth.lse(n=20,m=50)", .set = "class=lipgrad kind=zero" },
          { .as = "lse_wgn", .problem = "smooth.lse(n=20,m=50)", .set = "class=wgn kind=wgn" },
          { .as = "heart_qsc", .problem = HEART0, .set = "class=qsc" },
          { .as = "heart_liphess", .problem = HEART0, .set = "class=liphess" },
          { .as = "heart_gradient", .problem = HEART0, .set = "class=lipgrad kind=zero" },
          { .as = "pdiff_liphess", .problem = "smooth.pdiff(n=20)", .set = "class=liphess" }) },

    { .id = "rank1", .about = "one trial: rank-one formula against Cholesky", .problem = "smooth.lin(metric=I)",
      .measure = &gns_measure_rank1, .timed = 1,
      .axes = CC_LIST(cc_axis, { "m,n", "10,100 10,200 10,400 | 10,800 10,1600" }), .seeds = { 8, 8, 8 } },

    /* of figures alone */
    { .id = "figure1", .about = "log-sum-exp, six methods", .measure = &cc_trajectory, .problem = "smooth.lse(mu_s=1,seed=3124)",
      .set = "n=100|200 m=100|200",
      .arms = CC_LIST(cc_arm, { .as = "exact", .algorithm = "gns.newton" },
          { .as = "wgn", .algorithm = "gns.newton", .set = "hess=wgn" },
          { .as = "gradient_B", .algorithm = GRADIENT }, { .as = "gradient", .algorithm = GRADIENT, .set = "metric=I" },
          { .as = "fast_gradient_B", .algorithm = "baseline_smooth.fast_gradient" },
          { .as = "super_newton", .algorithm = "baseline_smooth.super_newton" },
          { .as = "cubic_newton", .algorithm = "baseline_smooth.cubic_newton" }),
      .seeds = { 1, 1, 1 }, .plan = { .metrics = "gap grad_dual_norm", .stop = "gap<=1e-8 steps<=1000", .at = "0..1000" } },

    { .id = "figure3", .about = "linear equations, q = 4: rank-one Fisher term", .algorithm = "gns.newton",
      .problem = "smooth.lin(seed=11)", .set = "m=50|100 n=100|200",
      .measure = &cc_trajectory, .timed = 1, .seeds = { 1, 1, 1 },
      .arms = CC_LIST(cc_arm, { .as = "exact" }, { .as = "fisher_chol", .set = "hess=rank1" },
          { .as = "fisher_woodbury", .set = "hess=rank1 solver=woodbury" }),
      .plan = { .metrics = "gap", .stop = "gap<=1e-10 steps<=200", .at = "0..200" } },

    { .id = "figure4", .about = "Rosenbrock's valley", .measure = &cc_trajectory, .seeds = { 1, 1, 1 },
      .arms = CC_LIST(cc_arm, { .as = "newton", .algorithm = "gns.newton", .problem = "smooth.rosen0" },
          { .as = "gauss_newton_5", .algorithm = "gns.newton", .problem = ROSEN5, .set = "hess=gn" },
          { .as = "gradient", .algorithm = GRADIENT, .problem = "smooth.rosen0" }),
      .plan = { .metrics = "gap", .stop = "gap<=1e-8 steps<=2000", .at = "0..2000", .keep = 1 } },

    { .id = "table", .about = "Rosenbrock by power: iterations to 1e-8", .problem = "smooth.rosen", .measure = &cc_cost,
      .seeds = { 1, 1, 1 },
      .arms = CC_LIST(cc_arm, { .as = "exact", .algorithm = "gns.newton" },
          { .as = "gauss_newton", .algorithm = "gns.newton", .set = "hess=gn" },
          { .as = "super_newton", .algorithm = "baseline_smooth.super_newton" },
          { .as = "cubic_newton", .algorithm = "baseline_smooth.cubic_newton" },
          { .as = "damped_newton", .algorithm = "baseline_smooth.damped_newton" }),
      .axes = CC_LIST(cc_axis, { "q", "2 3 4 5 6 8" }), .plan = { .metrics = "gap", .targets = "1e-8", .stop = "steps<=1000" } },

    { .id = "phase", .about = "a planted Hessian error C2 ||g||^(1-beta) B", .algorithm = "gns.newton", .measure = &cc_cost,
      .seeds = { 1, 1, 1 },
      .arms = CC_LIST(cc_arm, { .as = "quasi-self-concordant", .problem = LSE20S },
          { .as = "Lipschitz Hessian", .problem = "smooth.pdiff(n=20)" }),
      .axes = CC_LIST(cc_axis, { "beta", "0 0.25 0.5 0.75 1" }, { "C2", "0.1 0.3 1 3" }),
      .plan = { .metrics = "gap", .targets = "1e-6", .stop = "steps<=3000" } },
    { 0 },
};

/* ---- claims ---- */
static const cc_claim claims[] = {
    { .id = "progress", .source = "Lemma 1; constant 1/2 for convex f", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .statement = "with gamma_k <= gamma(x_k) a step gains f_k - f_{k+1} >= ||g_{k+1}||^2 / (2 lambda_k) for convex f",
      .experiment = "known", .derive = CC_LIST(cc_derived, PROGRESS, HALF,
          { "class_radius", "norm", "t*/M or sqrt(2 ||g_k|| / L2)", class_radius }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.where = "step>0", .y = "gamma", .other = "class_radius", .rel = 1e-9, .over = "",
          .by = "arm"),
          CC_BOUND(.where = "step>0", .y = "half", .other = "decrease", .rel = 1e-9, .over = "", .by = "arm")),
      .controls = CC_LIST(cc_control, { .id = "no_curvature", .what = "the same radii with H = 0", .set = "hess=zero" }) },

    { .id = "radius", .source = "Section 3", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .statement = "norm(h_k) <= gamma_k in every trial, for any H >= 0",
      .experiment = "adaptive", .derive = CC_LIST(cc_derived, { "moved", "norm", "|norm(x_k - x*) - norm(x_{k-1} - x*)|, at most "
          "norm(h_k)", moved_at_least }),
      .checks = CC_LIST(cc_check, CC_BOUND(.where = "step>0", .y = "radius", .is = CC_AT_MOST(1 + 1e-10), .over = "", .by = "arm"),
          CC_BOUND(.where = "step>0 arm!=poly", .y = "moved", .other = "gamma", .rel = 1e-9, .over = "", .by = "arm")),
      .controls = CC_LIST(cc_control, { .id = "indefinite", .what = "the exact Hessian of nonconvex f, solved by LU",
          .arms = CC_LIST(cc_arm, { .as = "cheb10", .problem = CHEB10, .set = "hess=exact solver=lu" },
              { .as = "rosen0", .problem = "smooth.rosen0", .set = "hess=exact solver=lu" }) }) },

    { .id = "trials", .source = "Algorithm 3", .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF,
      .statement = "K iterations take exactly 2 K + log2(gamma_0 / gamma_K) linear solves: two each, and a logarithm",
      .experiment = "adaptive", .derive = CC_LIST(cc_derived, { "counted", "solves",
          "2 K + log2(gamma_0 / gamma_K)", counted_trials },
          { "evaluated", "solves", "values billed by the problem, less the first, plus failed factorisations", evaluated_trials }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.where = "step>0", .y = "trials_total", .other = "counted", .over = "", .by = "arm"),
          CC_EQUALITY(.where = "step>0", .y = "evaluated", .other = "counted", .over = "", .by = "arm")),
      .controls = CC_LIST(cc_control, { .id = "restart", .what = "every search starts from gamma_0 again",
          .set = "carry=false" }) },

    { .id = "qsc_linear", .source = "Theorem 2, quasi-self-concordant case", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .statement = "F_k <= eps after max(ln(D ||g_0|| / eps), ln(F_0 / eps) / ln(1 + kappa gamma / (e D))) iterations, gamma = "
          "t*/M: a global linear rate without strong convexity",
      .experiment = "lse", .derive = CC_LIST(cc_derived, { "bound", "iterations", "right-hand side at eps = F_k", qsc_iterations },
          { "ratio10", "", "F_k / F_{k-10}", ratio10 }),
      .checks = CC_LIST(cc_check, CC_BOUND(.where = "step>0", .y = "step", .other = "bound", .by = "arm"),
          CC_BOUND(.where = "step>=10", .y = "ratio10", .is = CC_AT_MOST(1 - 1e-9), .by = "arm"),
          CC_LINEAR_RATE(.where = "arm=known gap>=1e-6", .x = "step", .y = "gap", .by = "mu_s", .from = 1, .to = 5000)),
      .controls = CC_LIST(cc_control, { .id = "no_curvature", .what = "the known radius with H = 0: normalised gradient steps of "
          "fixed length",
          .arms = CC_LIST(cc_arm, { .as = "known", .set = "rule=qsc hess=zero" }) }) },

    { .id = "qsc_scaling", .source = "Complexity table, O~(M D)", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .statement = "iterations to 1e-8 grow with M = P / mu_s no faster than linearly, up to a logarithm",
      .experiment = "lse_targets", .where = "target=1e-8", .derive = CC_LIST(cc_derived,
          { "inv_mu", "", "1 / mu_s, proportional to M", inverse_mu }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.where = "arm=known", .x = "inv_mu", .y = "step", .is = CC_AT_MOST(1.25), .from = 1,
          .to = 100),
          CC_EXPONENT(.where = "arm=exact", .x = "inv_mu", .y = "step", .is = CC_AT_MOST(1.1), .from = 1, .to = 100)),
      .controls = CC_LIST(cc_control, { .id = "no_curvature", .what = "the search with H = 0 in the same metric",
          .arms = CC_LIST(cc_arm, { .as = "known", .set = "hess=zero" }, { .as = "exact", .set = "hess=zero" }) }) },

    { .id = "hess_rate", .source = "Theorem 2, Lipschitz Hessian", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .statement = "F_k <= eps after max(ln(F_0/eps) + ln(D ||g_0|| / eps) / 2, 4 e sqrt(L2/2) D^(3/2) eps^(-1/2)) iterations",
      .experiment = "pdiff", .derive = CC_LIST(cc_derived, { "bound", "iterations", "right-hand side at eps = "
          "target", liphess_iterations },
          { "inv_eps", "", "1 / target", inverse_target }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "reached", .is = CC_EQUALS(1), .over = ""),
          CC_BOUND(.y = "step", .other = "bound", .over = "", .by = "n"),
          CC_EXPONENT(.x = "inv_eps", .y = "step", .over = "", .by = "n", .is = CC_AT_MOST(.5))),
      .controls = CC_LIST(cc_control, { .id = "gradient", .what = "the gradient method with a search for L",
          .set = "algorithm=" GRADIENT }) },

    { .id = "wgn_matches", .source = "Section 5, log-sum-exp", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .statement = "the weighted Gauss-Newton matrix keeps the class: iterations to 1e-8 grow no faster than M, and are at most "
          "five times those of the exact Hessian",
      .experiment = "lse_targets", .where = "target=1e-8", .derive = CC_LIST(cc_derived,
          { "five_exact", "iterations", "five times those of the exact Hessian", five_exact },
          { "inv_mu", "", "1 / mu_s, proportional to M", inverse_mu }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.where = "arm=wgn", .y = "reached", .is = CC_EQUALS(1), .over = ""),
          CC_BOUND(.where = "arm=wgn", .y = "step", .other = "five_exact", .by = "mu_s"),
          CC_EXPONENT(.where = "arm=wgn", .x = "inv_mu", .y = "step", .is = CC_AT_MOST(1.25), .from = 1, .to = 100)),
      .controls = CC_LIST(cc_control, { .id = "unweighted", .what = "every row weighted alike: A'A / (m mu_s)",
          .arms = CC_LIST(cc_arm, { .as = "exact" }, { .as = "wgn", .set = "hess=uniform" }) }) },

    { .id = "fisher", .source = "Section 5, logistic regression", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .statement = "with the empirical Fisher matrix the method converges linearly: F_k <= 1e-10 within 40 iterations on heart",
      .experiment = "fisher",
      .checks = CC_LIST(cc_check, CC_BOUND(.where = "arm=fisher target>=1e-10", .y = "step", .is = CC_AT_MOST(40), .over = ""),
          CC_LINEAR_RATE(.where = "arm=fisher", .x = "step", .y = "gap", .over = "", .is = CC_AT_MOST(.7))),
      .controls = CC_LIST(cc_control, { .id = "no_curvature", .what = "H = 0 in place of the Fisher matrix",
          .arms = CC_LIST(cc_arm, { .as = "fisher", .set = "hess=zero" }) }) },

    { .id = "nonconvex", .source = "Theorem 1", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER,
      .statement = "with Gauss-Newton matrices every step gains f_k - f_{k+1} >= ||g_{k+1}||^2 / (8 lambda_k) though f is not "
          "convex; Rosenbrock to any power q = 2..8 takes at most 80 iterations",
      .experiment = "nonconvex", .derive = CC_LIST(cc_derived, PROGRESS, EIGHTH, FAILED),
      .checks = CC_LIST(cc_check, CC_BOUND(.where = "step>0", .y = "eighth", .other = "decrease", .rel = 1e-6, .over = "",
          .by = "arm"),
          CC_BOUND(.where = "arm=rosen", .y = "step", .is = CC_AT_MOST(80), .over = ""),
          CC_EQUALITY(.y = "failed", .is = CC_EQUALS(0), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "no_search", .what = "radius 1000, every trial accepted",
          .set = "rule=fixed gamma0=1e3" }) },

    { .id = "local_order", .source = "Consequence of lambda_k -> 0", .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF,
      .statement = "with the exact Hessian convergence to a nondegenerate minimiser is quadratic",
      .experiment = "known", .where = "arm=heart0",
      .checks = CC_LIST(cc_check, CC_ORDER(.x = "step", .y = "dist", .over = "", .abs = 1e-12, .is = CC_AT_LEAST(1.8))),
      .controls = CC_LIST(cc_control, { .id = "fisher", .what = "the Fisher matrix in place of the Hessian",
          .arms = CC_LIST(cc_arm, { .as = "heart0", .problem = HEART0, .set = "rule=qsc hess=fisher" }) }) },

    { .id = "rank1", .source = "Appendix; the published code's rank-one path", .origin = CC_FROM_CODE, .threshold = CC_FROM_US,
      .statement = "for H of rank one a trial is the same step as by Cholesky, in O(n) instead of O(n^3)",
      .experiment = "rank1",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "difference", .is = CC_AT_MOST(1e-10)),
          CC_BOUND(.y = "residual", .is = CC_AT_MOST(1e-10)),
          CC_EXPONENT(.x = "n", .y = "ns_dense", .from = 100, .to = 1600, .is = CC_AT_LEAST(2)),
          CC_EXPONENT(.x = "n", .y = "ns_rank1", .from = 100, .to = 1600, .is = CC_AT_MOST(1.3))),
      .controls = CC_LIST(cc_control, { .id = "cholesky", .what = "the times of the Cholesky trial in place of the rank-one "
          "trial's",
          .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "n", .y = "ns_dense", .from = 100, .to = 1600, .is = CC_AT_MOST(1.3))) }) },

    { .id = "values", .source = "Definition 1", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .statement = "gamma(x) is 9/8 for x^4/4 at 1, e for e^x anywhere, e^2 + 1 for log(1 + e^-x) at 0",
      .experiment = "values",
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "gamma", .other = "closed_form", .rel = 1e-4, .over = "")),
      .controls = CC_LIST(cc_control, { .id = "whole_ball", .what = "the definition without O, the steps that do not raise the "
          "model", .set = "constrained=false" }) },

    { .id = "bounds", .source = "Lower bounds of gamma(x) by class", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .statement = "gamma(x) >= t*/M, sqrt(2 ||g|| / L2), ||g|| / L1 (H = 0), 1 / (M/t* + R/mu_s) (weighted Gauss-Newton)",
      .experiment = "bounds",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "worst", .is = CC_AT_MOST(1 + 1e-9), .by = "arm")),
      .controls = CC_LIST(cc_control, { .id = "ten_times", .what = "ten times these radii", .set = "factor=10" }) },

    { .id = "universal", .source = "Abstract", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .statement = "one setting, no constants: every smooth test problem to 1e-8 within 60 iterations, as an independent "
          "implementation has it",
      .experiment = "universal", .derive = CC_LIST(cc_derived, { "independent", "iterations",
          "of an independent implementation", independent }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "reached", .is = CC_EQUALS(1), .over = ""),
          CC_BOUND(.y = "step", .is = CC_AT_MOST(60), .over = ""),
          CC_EQUALITY(.y = "step", .other = "independent", .abs = 3, .over = "")),
      .controls = CC_LIST(cc_control, { .id = "gradient", .what = "the gradient method with a search for L, in the same metric",
          .arms = EVERY_PROBLEM(GRADIENT, NULL) }) },
    { 0 },
};

/* ---- figures ---- */
static const cc_figure figures[] = {
    { .id = "lse", .source = "Figure: LogSumExp", .caption = "Log-sum-exp, mu_s = 1: the weighted Gauss-Newton matrix starts "
      "later than the exact Hessian and then falls as steeply; the gradient method is far behind.",
      .kind = "curve", .experiment = "figure1", .x = "step", .y = "gap", .options = "yscale=log xlim=0,200 xlabel=iterations "
          "ylabel='f - f*'" },
    { .id = "radii", .source = "Figure: gamma along the run", .caption = "Radii used. Those of the two Newton-type methods stay "
      "at 4 and above; norm(g)/L of the gradient method falls with the gradient.",
      .kind = "curve", .experiment = "figure1", .where = "arm=exact,wgn,gradient_B step>0", .x = "step", .y = "used_radius",
      .derive = CC_LIST(cc_derived, { "used_radius", "norm", "gamma_k, or ||g|| / L of the gradient method", used_radius }),
          .options = "yscale=log xlim=0,60 xlabel=iterations ylabel='gamma_k'" },
    { .id = "fisher_iterations", .source = "Figure: p-norm equations", .caption = "Linear equations to the power 4: the rank-one "
      "Fisher term by iterations.",
      .kind = "curve", .experiment = "figure3", .x = "step", .y = "gap", .options = "yscale=log xlabel=iterations ylabel='f - "
          "f*'" },
    { .id = "fisher_time", .source = "Figure: p-norm equations", .caption = "The same by time: the rank-one formula needs no "
      "factorisation.",
      .kind = "curve", .experiment = "figure3", .x = "ns", .y = "gap", .options = "xscale=log yscale=log xlabel='time (ns)' "
          "ylabel='f - f*'" },
    { .id = "rosenbrock", .source = "Figure: Rosenbrock", .caption = "Rosenbrock from (-2, 2): f - f* by iterations.",
      .kind = "curve", .experiment = "figure4", .x = "step", .y = "gap", .options = "xscale=symlog yscale=log xlabel=iterations "
          "ylabel='f - f*'" },
    { .id = "rosenbrock_path", .source = "Figure: Rosenbrock", .caption = "The same in the plane.",
      .kind = "path", .experiment = "figure4", .where = "arm=newton,gauss_newton_5", .x = "x", .y = "y",
          .options = "attach=candidate aspect=auto" },
    { .id = "chebyshev", .source = "Figure: Chebyshev chain", .caption = "Gauss-Newton on the Chebyshev chain, q = 4.",
      .kind = "curve", .experiment = "nonconvex", .where = "arm=cheb", .x = "step", .y = "gap", .by = "n",
          .options = "yscale=log xlabel=iterations ylabel='f - f*'" },
    { .id = "rosenbrock_table", .source = "Follow-up table", .caption = "Iterations to 1e-8 on Rosenbrock to the power q / 2.",
      .kind = "table", .experiment = "table", .x = "q", .y = "step", .by = "arm" },
    { .id = "scaling", .source = "Complexity table", .caption = "Iterations to 1e-8 by M: known radius and search.",
      .kind = "curve", .experiment = "lse_targets", .where = "target=1e-8", .x = "inv_mu", .y = "step",
          .derive = CC_LIST(cc_derived, { "inv_mu", "", "1 / mu_s", inverse_mu }),
      .options = "xscale=log yscale=log slope=1 markers=1 xlabel='1 / mu_s' ylabel=iterations" },
    { .id = "phase", .source = "Figure 1", .caption = "Iterations to 1e-6 with a planted Hessian error C2 ||g||^(1-beta) B. Where "
      "beta is at most the class's alpha (0 on the left, 1/2 on the right) the error costs little.",
      .kind = "heat", .experiment = "phase", .x = "beta", .y = "C2 step", .by = "arm", .options = "vscale=log vlabel=iterations" },
    { 0 },
};

const cc_plugin cc_plugin_1 = {
    .id = "gns", .title = "Gradient-normalized smoothness",
    .citation = "Andrei Semenov, Martin Jaggi, Nikita Doikov: Gradient-Normalized Smoothness for Optimization with Approximate "
        "Hessians. ICLR 2026, arXiv 2506.13710",
    .algorithms = gns_algorithms, .experiments = experiments, .claims = claims, .figures = figures, .benches = gns_benches };
