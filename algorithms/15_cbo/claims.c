/* algorithms/15_cbo/claims.c: what the paper says of consensus-based optimisation, and what would show that it is not so. */
#include <math.h>
#include <string.h>

#include "algorithms/15_cbo/bench.h"
#include "algorithms/15_cbo/cbo.h"
#include "algorithms/15_cbo/measures.h"
#include "harness/plugin.h"

/* ---- derived columns ---- */

static double implicit_step(const cc_row *r) { return cc_get(r, "m") / (1 + cc_get(r, "tau") * cc_get(r, "curvature")); }
static double implicit_half(const cc_row *r) { return cc_get(r, "m") / (1 + cc_get(r, "tau") / 2 * cc_get(r, "curvature")); }
static double stein(const cc_row *r) { return cc_get(r, "m") - cc_get(r, "tau") * cc_get(r, "mean_slope"); }

/* E = log(1 + x^2): L = 2, Lambda = -1/4, d = 1. S bounds the spread of the weighted law. */
static double L_of(const cc_row *r) { return cc_get(r, "L"); }
static double L_true(const cc_row *r)
{
    (void)r;
    return 2;
}
static double L_quarter(const cc_row *r)
{
    (void)r;
    return .5;
}
static double spread(const cc_row *r) { return sqrt(cc_get(r, "tau") / (cc_get(r, "alpha") * (1 - cc_get(r, "tau") / 4))); }
static double implicit_residual(const cc_row *r)
{
    return fabs(cc_get(r, "c") - cc_get(r, "m") + cc_get(r, "tau") * cc_get(r, "slope_c"));
}
static double implicit_bound(const cc_row *r) { return cc_get(r, "tau") * L_of(r) * spread(r); }
static double explicit_residual(const cc_row *r)
{
    return fabs(cc_get(r, "c") - cc_get(r, "m") + cc_get(r, "tau") * cc_get(r, "slope_m"));
}
static double explicit_bound(const cc_row *r)
{
    const double tau = cc_get(r, "tau"), tauL = tau * L_of(r);
    if (tauL >= 1) return INFINITY;
    return tauL * (tau * (fabs(cc_get(r, "slope_m")) + L_of(r) * spread(r)) / (1 - tauL) + spread(r));
}
static double prox_distance(const cc_row *r) { return fabs(cc_get(r, "c") - cc_get(r, "prox")); }
static double prox_bound(const cc_row *r) { return cc_get(r, "tau") * L_of(r) * spread(r) / (1 - cc_get(r, "tau") / 4); }
static double half_residual(const cc_row *r)
{
    return fabs(cc_get(r, "c") - cc_get(r, "m") + cc_get(r, "tau") / 2 * cc_get(r, "slope_m"));
}

static double reached_minimum(const cc_row *r) { return cc_get(r, "max_dist") < .25; }
static double missed(const cc_row *r) { return !(cc_get(r, "max_dist") < .25); }
static double block_of_20(const cc_row *r) { return floor(cc_get(r, "seed") / 20); }
static double evaluations(const cc_row *r) { return cc_get(r, "N") * (cc_get(r, "step") + 1); }
static double evaluations_short(const cc_row *r) { return cc_get(r, "N") * cc_get(r, "step"); }

/* -log((1 - lambda dt)^2 + (d or 1) sigma^2 dt): what V loses in a step of the mean-field limit. */
static double lifetimes(const cc_row *r)
{
    const double dt = cc_get(r, "dt"), d = strcmp(cc_get_text(r, "noise_model"), "anisotropic") ? cc_get(r, "d") : 1,
                 drift = 1 - cc_get(r, "lambda") * dt;
    return -log(drift * drift + d * pow(cc_get(r, "sigma"), 2) * dt) * cc_get(r, "step");
}

/* ---- experiments ---- */

#define CANYON "smooth.canyon"
#define TAUS "0.4 0.2 0.1 0.05 0.02 0.01 0.005"

static const cc_experiment experiments[] = {
    {.id = "quadratic",
     .about = "one hop of infinitely many particles on x'Ax/2, by quadrature",
     .measure = &cbo_quadratic,
     .axes = CC_LIST(cc_axis, {"a", "1 4"}, {"tau", "0.01 0.1 0.5"}, {"alpha", "1 10 100"}),
     .seeds = {1, 1, 1}},
    {.id = "hop",
     .about = "one hop of infinitely many particles on log(1 + x^2), by quadrature",
     .measure = &cbo_hop,
     .axes = CC_LIST(cc_axis, {"tau", "0.4 0.1 0.02 | 0.2 0.05 0.01 0.005"}, {"alpha", "1 10 1000 | 3 30 100 10000"}),
     .seeds = {1, 1, 1}},
    {.id = "order",
     .about = "the same from m = 1.5 with ever shorter steps",
     .measure = &cbo_hop,
     .set = "m_low=1.5 m_high=1.5",
     .axes = CC_LIST(cc_axis, {"alpha", "30 10000"}, {"tau", "0.1 0.05 0.025 0.0125"}),
     .seeds = {1, 1, 1}},
    {.id = "laplace",
     .about = "the same with ever colder weights",
     .measure = &cbo_hop,
     .set = "m_low=1.5 m_high=1.5 tau=0.1",
     .axes = CC_LIST(cc_axis, {"alpha", "10 40 160 640 2560"}),
     .seeds = {1, 1, 1}},
    {.id = "laplace_fixed",
     .about = "ever colder weights on a cloud that keeps its width",
     .measure = &cbo_hop,
     .set = "m_low=1.5 m_high=1.5",
     .axes = CC_LIST(cc_axis, {"alpha,tau", "10,0.1 20,0.2 40,0.4 80,0.8 160,1.6"}),
     .seeds = {1, 1, 1}},
    {.id = "monte_carlo",
     .about = "one hop of N particles on a quadratic",
     .measure = &cbo_monte_carlo,
     .axes = CC_LIST(cc_axis, {"N", "200 800 3200 | 12800"}),
     .set = "repetitions=50|100|100",
     .seeds = {10, 20, 100},
     .block = 10},
    {.id = "bias",
     .about = "the mean error of many hops of N particles",
     .measure = &cbo_bias,
     .axes = CC_LIST(cc_axis, {"N", "200 400 800"}),
     .set = "repetitions=2000",
     .seeds = {0, 100, 400},
     .block = 20},
    {.id = "limit_law",
     .about = "the same with so many particles that the law is the limit's",
     .measure = &cbo_monte_carlo,
     .set = "N=51200 repetitions=50",
     .seeds = {0, 20, 40},
     .block = 5,
     .first_seed = 200},
    {.id = "step",
     .about = "one step of CBO from four particles",
     .measure = &cbo_step_identity,
     .axes = CC_LIST(cc_axis, {"lambda", "20 25"}),
     .seeds = {20, 20, 80},
     .block = 20},
    {.id = "forgetting", .about = "where particles go when lambda dt = 1", .measure = &cbo_forgetting, .seeds = {1, 1, 1}},
    {.id = "canyon",
     .about = "the noisy canyon from (8, 8)",
     .measure = &cc_final,
     .problem = CANYON,
     .arms = CC_LIST(cc_arm, {.as = "cbo", .algorithm = "cbo.cbo"}, {.as = "ch", .algorithm = "cbo.hopping"},
                     {.as = "random", .algorithm = "baseline_smooth.random"}),
     .plan = {.metrics = "max_dist f", .stop = "steps<=250"},
     .seeds = {40, 200, 1000},
     .block = 50},
    {.id = "canyon_gradient",
     .about = "the same with gradients",
     .measure = &cc_final,
     .problem = CANYON,
     .arms = CC_LIST(cc_arm, {.as = "gd", .algorithm = "baseline_smooth.langevin"},
                     {.as = "langevin", .algorithm = "baseline_smooth.langevin(sigma=10)"}),
     .plan = {.metrics = "max_dist f", .stop = "steps<=10000"},
     .seeds = {40, 200, 1000},
     .block = 50},
    {.id = "particles",
     .about = "the noisy canyon with more and more particles",
     .measure = &cc_final,
     .problem = CANYON,
     .algorithm = "cbo.cbo",
     .axes = CC_LIST(cc_axis, {"N", "20 100 400"}),
     .plan = {.metrics = "max_dist", .stop = "steps<=250"},
     .seeds = {0, 300, 1000},
     .block = 60},
    {.id = "noise",
     .about = "the noisy canyon with more and more noise",
     .measure = &cc_final,
     .problem = CANYON,
     .algorithm = "cbo.cbo",
     .axes = CC_LIST(cc_axis, {"sigma", "0.4 0.8 1.2 1.6 2"}),
     .plan = {.metrics = "max_dist", .stop = "steps<=250"},
     .seeds = {0, 100, 200},
     .block = 50},
    {.id = "decay",
     .about = "the second moment of the cloud on |x|^2",
     .measure = &cc_trajectory,
     .algorithm = "cbo.cbo(N=2000,alpha=1e15,mean=1,std=2)",
     .problem = "smooth.rastrigin(ripple=0)",
     .axes = CC_LIST(cc_axis, {"d", "1 4"}, {"sigma", "0.3 | 0.1 0.3"}, {"noise_model", "isotropic anisotropic"}),
     .plan = {.metrics = "dist", .at = "0..200+5", .stop = "steps<=200"},
     .seeds = {5, 6, 20},
     .block = 5},
    {.id = "paths",
     .about = "consensus points on the noisy canyon",
     .measure = &cbo_paths,
     .problem = CANYON,
     .arms = CC_LIST(cc_arm, {.as = "CBO", .algorithm = "cbo.cbo"}, {.as = "CH", .algorithm = "cbo.hopping"}),
     .set = "every=5",
     .plan = {.stop = "steps<=250"},
     .seeds = {3, 50, 50}},
    {.id = "paths_gradient",
     .about = "gradient methods on the canyon",
     .measure = &cbo_paths,
     .problem = CANYON,
     .arms = CC_LIST(cc_arm, {.as = "GD", .algorithm = "baseline_smooth.langevin"},
                     {.as = "Langevin", .algorithm = "baseline_smooth.langevin(sigma=10)"},
                     {.as = "GD_mild", .algorithm = "baseline_smooth.langevin", .problem = "smooth.canyon(ripple=0.25)"}),
     .set = "every=200",
     .plan = {.stop = "steps<=10000"},
     .seeds = {3, 50, 50}},
    {0},
};

/* ---- claims ---- */

#define BOUNDS                                                                                                                     \
    CC_LIST(cc_derived, {"L", "", "Lipschitz constant of E'", L_true}, {"implicit", "", "|c - m + tau E'(c)|", implicit_residual}, \
            {"implicit_bound", "", "tau L S", implicit_bound}, {"explicit", "", "|c - m + tau E'(m)|", explicit_residual},         \
            {"explicit_bound", "", "tau L (D + S)", explicit_bound}, {"to_prox", "", "|c - prox|", prox_distance},                 \
            {"prox_bound", "", "tau L S / (1 + tau Lambda)", prox_bound})

static const cc_claim claims[] = {
    {.id = "quadratic_is_implicit",
     .source = "ingredient of the main theorem",
     .statement = "on x'Ax/2 one hop is the implicit gradient step (I + tau A)^-1 m with tau = alpha stilde^2, whatever alpha is",
     .origin = CC_FROM_PROOF,
     .threshold = CC_FROM_PROOF,
     .experiment = "quadratic",
     .derive = CC_LIST(cc_derived, {"implicit", "", "m / (1 + tau a)", implicit_step}),
     .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "c", .other = "implicit", .rel = 1e-10, .over = "")),
     .controls = CC_LIST(cc_control, {.id = "half",
                                      .what = "tau = alpha stilde^2 / 2",
                                      .derive = CC_LIST(cc_derived, {"implicit", "", "with tau / 2", implicit_half})})},
    {.id = "stein",
     .source = "ingredient of the main theorem",
     .statement = "one hop is c = m - tau times the weighted mean of the gradient",
     .origin = CC_FROM_PROOF,
     .threshold = CC_FROM_PROOF,
     .experiment = "hop",
     .derive = CC_LIST(cc_derived, {"stein", "", "m - tau E[grad E]", stein}),
     .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "c", .other = "stein", .abs = 1e-12, .over = "")),
     .controls = CC_LIST(cc_control, {.id = "kink", .what = "|x| with a slope of 0 near its kink", .set = "function=abs_cut"})},
    {.id = "perturbation_bounds",
     .source = "main theorem, terms sqrt(tau/alpha) and tau",
     .statement =
         "the distances of one hop from the implicit step, the explicit step and the proximal point are within explicit bounds",
     .origin = CC_FROM_PROOF,
     .threshold = CC_FROM_PROOF,
     .experiment = "hop",
     .derive = BOUNDS,
     .checks = CC_LIST(cc_check, CC_BOUND(.y = "implicit", .other = "implicit_bound", .over = ""),
                       CC_BOUND(.y = "explicit", .other = "explicit_bound", .over = ""),
                       CC_BOUND(.y = "to_prox", .other = "prox_bound", .over = "")),
     .controls = CC_LIST(
         cc_control,
         {.id = "quarter", .what = "L = 1/2, a quarter of it", .derive = CC_LIST(cc_derived, {"L", "", "1/2", L_quarter})})},
    {.id = "order_tau",
     .source = "main theorem, O(tau)",
     .statement = "a hop differs from the explicit gradient step by O(tau^2), so the perturbation per unit of tau vanishes",
     .origin = CC_FROM_PAPER,
     .threshold = CC_FROM_PILOT,
     .experiment = "order",
     .derive = CC_LIST(cc_derived, {"explicit", "", "|c - m + tau E'(m)|", explicit_residual}),
     .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "tau", .y = "explicit", .by = "alpha", .over = "", .toward = CC_TO_ZERO,
                                             .from = 1e-9, .to = 1, .is = CC_WITHIN(1.9, 2.05))),
     .controls = CC_LIST(cc_control, {.id = "half",
                                      .what = "tau = alpha stilde^2 / 2",
                                      .derive = CC_LIST(cc_derived, {"explicit", "", "with tau / 2", half_residual})})},
    {.id = "laplace",
     .source = "quantitative Laplace principle",
     .statement = "at a fixed tau the distance of a hop from the proximal point falls at least like alpha^-1/2",
     .origin = CC_FROM_PAPER,
     .threshold = CC_FROM_PROOF,
     .experiment = "laplace",
     .derive = CC_LIST(cc_derived, {"to_prox", "", "|c - prox|", prox_distance}),
     .checks =
         CC_LIST(cc_check, CC_EXPONENT(.x = "alpha", .y = "to_prox", .over = "", .from = 1, .to = 1e6, .is = CC_AT_MOST(-.45))),
     .controls =
         CC_LIST(cc_control,
                 {.id = "fixed_width", .what = "stilde fixed, so that tau = alpha stilde^2 grows", .experiment = "laplace_fixed"})},
    {.id = "rate_N",
     .source = "main theorem, N^-1/2",
     .statement = "the hop of N particles is off its limit by O(N^-1/2)",
     .origin = CC_FROM_PAPER,
     .threshold = CC_FROM_PILOT,
     .experiment = "monte_carlo",
     .checks = CC_LIST(
         cc_check, CC_EXPONENT(.x = "N", .y = "error2", .per_unit = "mean", .from = 200, .to = 1e6, .is = CC_WITHIN(-1.1, -.9))),
     .controls = CC_LIST(cc_control, {.id = "copies", .what = "50 particles and copies of them", .set = "distinct=50"})},
    {.id = "bias_N",
     .source = "main theorem, N^-1/2",
     .statement = "the mean of the hop of N particles is off by O(1/N) only, and within a tenth by what the delta method says",
     .origin = CC_FROM_PROOF,
     .threshold = CC_FROM_PILOT,
     .experiment = "bias",
     .checks = CC_LIST(cc_check, CC_EQUALITY(.x = "N", .y = "bias", .other = "expected", .across = "mean", .se = 4, .rel = .1)),
     .controls = CC_LIST(cc_control, {.id = "copies", .what = "50 particles and copies of them", .set = "distinct=50"})},
    {.id = "limit_law",
     .source = "main theorem, N^-1/2",
     .statement = "N (c^N - c)' C^-1 (c^N - c) is chi-square with two degrees of freedom in the limit, C from the delta method",
     .origin = CC_FROM_PROOF,
     .threshold = CC_FROM_PROOF,
     .experiment = "limit_law",
     .checks = CC_LIST(cc_check, CC_DISTRIBUTION(.y = "T2", .over = "", .law = "chi2(2)")),
     .controls =
         CC_LIST(cc_control, {.id = "degenerate", .what = "tau = .1: uneven weights, far from the limit", .set = "tau=0.1"})},
    {.id = "step_identity",
     .source = "main theorem, terms of lambda and sigma",
     .statement = "a step of CBO moves the consensus by a weighted gradient step and a term proportional to 1 - lambda dt",
     .origin = CC_FROM_PROOF,
     .threshold = CC_FROM_PROOF,
     .experiment = "step",
     .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "identity", .other = "defined", .rel = 1e-10, .over = ""),
                       CC_EQUALITY(.x = "lambda", .y = "sampled", .other = "identity", .across = "mean", .se = 4, .abs = 1e-5)),
     .controls =
         CC_LIST(cc_control, {.id = "no_middle", .what = "the term of 1 - lambda dt left out", .set = "middle_term=false"})},
    {.id = "forgetting",
     .source = "lambda = 1/dt",
     .statement = "with lambda dt = 1 a particle's displacement from the consensus, in units of its noise, is standard normal and "
                  "independent of where it was",
     .origin = CC_FROM_PAPER,
     .threshold = CC_FROM_PROOF,
     .experiment = "forgetting",
     .checks = CC_LIST(cc_check, CC_DISTRIBUTION(.y = "z", .by = "coordinate", .over = "", .law = "normal(0,1)"),
                       CC_BOUND(.where = "coordinate=0", .y = "correlation", .is = CC_WITHIN(-4, 4), .over = "")),
     .controls = CC_LIST(cc_control, {.id = "remembers", .what = "lambda dt = 1/2", .set = "lambda_dt=0.5"})},
    {.id = "canyon",
     .source = "Figures 1 and 2",
     .statement = "from (8, 8) CBO and, less reliably, consensus hopping find the global minimiser of the noisy canyon",
     .origin = CC_FROM_PAPER,
     .threshold = CC_FROM_PILOT,
     .experiment = "canyon",
     .derive = CC_LIST(cc_derived, {"success", "", "1: within .25 of the minimiser", reached_minimum}),
     .checks = CC_LIST(cc_check, CC_PROBABILITY(.where = "arm=cbo", .y = "success", .is = CC_AT_LEAST(.9)),
                       CC_PROBABILITY(.where = "arm=ch", .y = "success", .is = CC_AT_LEAST(.6))),
     .controls = CC_LIST(
         cc_control,
         {.id = "quiet",
          .what = "sigma = .4 and stilde = .4",
          .arms = CC_LIST(cc_arm, {.as = "cbo", .algorithm = "cbo.cbo(sigma=0.4)"},
                          {.as = "ch", .algorithm = "cbo.hopping(stilde=0.4)"})},
         {.id = "warm",
          .what = "alpha = 1",
          .arms =
              CC_LIST(cc_arm, {.as = "cbo", .algorithm = "cbo.cbo(alpha=1)"}, {.as = "ch", .algorithm = "cbo.hopping(alpha=1)"})},
         {.id = "few",
          .what = "20 particles",
          .arms = CC_LIST(cc_arm, {.as = "cbo", .algorithm = "cbo.cbo(N=20)"}, {.as = "ch", .algorithm = "cbo.hopping(N=20)"})})},
    {.id = "canyon_gradient",
     .source = "Figures 1 and 2",
     .statement = "from there gradient descent never does, and annealed Langevin mostly does not",
     .origin = CC_FROM_PAPER,
     .threshold = CC_FROM_PILOT,
     .experiment = "canyon_gradient",
     .derive = CC_LIST(cc_derived, {"success", "", "1: within .25 of the minimiser", reached_minimum}),
     .checks = CC_LIST(cc_check, CC_EQUALITY(.where = "arm=gd", .y = "success", .is = CC_EQUALS(0), .over = ""),
                       CC_PROBABILITY(.where = "arm=langevin", .y = "success", .is = CC_AT_MOST(.45))),
     .controls = CC_LIST(cc_control, {.id = "mild", .what = "ripples of .25: nothing is in the way", .set = "ripple=0.25"})},
    {.id = "more_particles",
     .source = "main theorem: N large",
     .statement = "success becomes likelier from 20 to 100 to 400 particles",
     .origin = CC_FROM_PAPER,
     .threshold = CC_FROM_PILOT,
     .experiment = "particles",
     .derive = CC_LIST(cc_derived, {"miss", "", "1: not within .25 of the minimiser", missed},
                       {"block", "", "of twenty runs", block_of_20}),
     .checks =
         CC_LIST(cc_check, CC_ORDERING(.x = "N", .y = "miss", .over = "block", .per_unit = "mean", .chain = "400 < 100 < 20")),
     .controls = CC_LIST(cc_control, {.id = "shuffled", .what = "weights go to other particles", .set = "shuffled=true"})},
    {.id = "decay",
     .source = "mean-field theory of CBO",
     .statement = "on |x|^2 the second moment of the cloud decays at the rate of the mean-field limit, isotropic d sigma^2 and "
                  "anisotropic sigma^2, within 5 %",
     .origin = CC_FROM_PAPER,
     .threshold = CC_FROM_PILOT,
     .experiment = "decay",
     .derive = CC_LIST(cc_derived, {"lifetimes", "", "steps times the discrete rate", lifetimes}),
     .checks = CC_LIST(cc_check, CC_LINEAR_RATE(.x = "lifetimes", .y = "moment", .by = "d sigma noise_model", .from = .001,
                                                .to = 100, .is = CC_WITHIN(.34994, .38674))),
     .controls = CC_LIST(cc_control, {.id = "rastrigin",
                                      .what = "Rastrigin in 16 dimensions: 2000 particles are far from the limit",
                                      .set = "ripple=2.5 d=16"})},
    {.id = "evaluations",
     .source = "algorithm",
     .statement = "K steps take N (K + 1) values and no gradient",
     .origin = CC_FROM_PROOF,
     .threshold = CC_FROM_PROOF,
     .experiment = "canyon",
     .where = "arm=cbo,ch",
     .derive = CC_LIST(cc_derived, {"values", "", "N (K + 1)", evaluations}),
     .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "n_f", .other = "values", .over = ""),
                       CC_EQUALITY(.y = "n_g", .is = CC_EQUALS(0), .over = "")),
     .controls = CC_LIST(
         cc_control, {.id = "no_last", .what = "N K", .derive = CC_LIST(cc_derived, {"values", "", "N K", evaluations_short})})},
    {0},
};

/* ---- figures ---- */

static const cc_figure figures[] = {
    {.id = "gd_mild",
     .source = "Figure 1(a)",
     .caption = "Gradient descent on the canyon with mild ripples.",
     .kind = "custom",
     .experiment = "paths_gradient",
     .where = "arm=GD_mild"},
    {.id = "cbo_path",
     .source = "Figure 1(b)",
     .caption = "Consensus points of CBO on the noisy canyon, 50 runs, coloured by time.",
     .kind = "custom",
     .experiment = "paths",
     .where = "arm=CBO"},
    {.id = "ch_path",
     .source = "Figure 2(a)",
     .caption = "The same of consensus hopping.",
     .kind = "custom",
     .experiment = "paths",
     .where = "arm=CH"},
    {.id = "gd_path",
     .source = "Figure 2(b)",
     .caption = "Gradient descent: it stays near (2.3, 2.5).",
     .kind = "custom",
     .experiment = "paths_gradient",
     .where = "arm=GD"},
    {.id = "langevin_path",
     .source = "Figure 2(c)",
     .caption = "Annealed Langevin, 50 runs.",
     .kind = "custom",
     .experiment = "paths_gradient",
     .where = "arm=Langevin"},
    {.id = "perturbation_tau",
     .source = "main theorem",
     .caption = "How far a hop is from the explicit gradient step, and the bound, against tau (m = 1.5).",
     .kind = "curve",
     .experiment = "order",
     .x = "tau",
     .y = "explicit explicit_bound",
     .by = "alpha",
     .derive = BOUNDS,
     .options = "xscale=log yscale=log markers=1"},
    {.id = "perturbation_alpha",
     .source = "main theorem",
     .caption = "How far a hop is from the proximal point, and the bound, against alpha.",
     .kind = "curve",
     .experiment = "laplace",
     .x = "alpha",
     .y = "to_prox prox_bound",
     .derive = BOUNDS,
     .options = "xscale=log yscale=log markers=1"},
    {.id = "perturbation_N",
     .source = "main theorem",
     .caption = "Squared distance of a hop of N particles from its limit, and the variance of the delta method.",
     .kind = "curve",
     .experiment = "monte_carlo",
     .x = "N",
     .y = "error2 variance",
     .options = "xscale=log yscale=log markers=1"},
    {.id = "success_noise",
     .source = "own",
     .caption = "Share of runs that find the minimiser, against the noise sigma, after 250 steps; bars: two standard errors.",
     .kind = "custom",
     .experiment = "noise"},
    {0},
};

const cc_plugin cc_plugin_1 = {
    .id = "cbo",
    .title = "Consensus-based optimisation as a stochastic relaxation of gradient descent",
    .citation = "K. Riedl, T. Klock, C. Geldhauser, M. Fornasier: Gradient is all you need? How consensus-based optimization can "
                "be interpreted as a stochastic relaxation of gradient descent, arXiv 2306.09778",
    .algorithms = CC_LIST(cc_algorithm,
                          {.id = "cbo.cbo",
                           .family = "smooth",
                           .summary = "consensus-based optimisation",
                           .reference = "Riedl et al., arXiv 2306.09778",
                           .params = cbo_params,
                           .variants = cbo_variants,
                           .probes = cbo_probes,
                           .init = cbo_init,
                           .step = cbo_step,
                           .candidate = cbo_candidate},
                          {.id = "cbo.hopping",
                           .family = "smooth",
                           .summary = "consensus hopping",
                           .reference = "Riedl et al., arXiv 2306.09778",
                           .params = cbo_hopping_params,
                           .variants = cbo_hopping_variants,
                           .probes = cbo_probes,
                           .init = cbo_hopping_init,
                           .step = cbo_hopping_step,
                           .candidate = cbo_candidate}),
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = cbo_benches,
};
