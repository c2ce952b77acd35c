/* algorithms/25_learning_to_relax/claims.c: what the paper says, what is run for it, and what must fail.
 * Sections, theorems and figures are those of arXiv 2310.02246. */
#include <math.h>
#include <stddef.h>

#include "algorithms/25_learning_to_relax/bench.h"
#include "algorithms/25_learning_to_relax/measures.h"
#include "algorithms/25_learning_to_relax/relax.h"
#include "harness/plugin.h"

/* ---- derived columns ---- */

static double surrogate(const cc_row *r) { return cc_get(r, "U"); }
static double asymptotic(const cc_row *r) { return 1 + cc_get(r, "asymptotic"); }
/* Lemma 1 needs tau >= e^-2 or beta^2 >= (4/e^2)(1 - 1/e^2): the larger of the two margins */
static double lemma_margin(const cc_row *r) { return fmax(cc_get(r, "tau") - exp(-2), pow(cc_get(r, "beta"), 2) - 4 * exp(-2) * (1 - exp(-2))); }
static double wrong_margin(const cc_row *r) { return fmax(cc_get(r, "tau") - .3, pow(cc_get(r, "beta"), 2) - .9); }
static double energy(const cc_row *r) { return 1 + cc_get(r, "energy"); }
/* The published formula: its last term is negative when rho(D^-1 L D^-1 L') < 1/4 */
static double energy_published(const cc_row *r)
{
    const double w = cc_get(r, "omega"), g = 1 - cc_get(r, "beta"), Omega = (2 - w) / (2 * w), kappa = (2 - g) / g;
    const double norm2 = 1 - 2 * Omega * g / (Omega * Omega + g / w + cc_get(r, "lower") - .25);
    return 1 + 2 * log(cc_get(r, "eps") / (2 * sqrt(kappa))) / log(norm2);
}
static double lemma_tau(const cc_row *r) { (void)r; return exp(-2); }
static double lemma_beta(const cc_row *r) { (void)r; return 4 * exp(-2) * (1 - exp(-2)); }
static double steepest(const cc_row *r) { return cc_get(r, "slope"); }
static double steepest_left(const cc_row *r) { return fabs(cc_get(r, "left")); }
static double regret_bound(const cc_row *r)
{
    return (cc_get(r, "loss_max") - cc_get(r, "loss_min")) * (4 * sqrt(cc_get(r, "arms") * cc_get(r, "step")) + 1);
}
static double over_fixed(const cc_row *r) { return cc_get(r, "total") / cc_get(r, "best_fixed"); }
static double over_optimal(const cc_row *r) { return cc_get(r, "total") / cc_get(r, "best_each"); }
static double per_round(const cc_row *r) { return cc_get(r, "total") / cc_get(r, "n_round"); }
static double remaining(const cc_row *r) { return cc_get(r, "T") - cc_get(r, "step"); }
static double iterations(const cc_row *r) { return cc_get(r, "k"); }
static double plain_iterations(const cc_row *r) { return cc_get(r, "cg"); }
static double eigen_iterations(const cc_row *r) { return cc_get(r, "smallest"); }
static double largest_iterations(const cc_row *r) { return cc_get(r, "largest"); }
static double share_large(const cc_row *r) { return cc_get(r, "round_ns") / cc_get(r, "solve400_ns"); }

/* ---- experiments ---- */

#define FIXED(w, value) { .as = w, .algorithm = "online.fixed(x=" value ")" }

static const cc_experiment experiments[] = {
    { .id = "spectrum", .about = "spectral radius of the SOR matrix, dense, over omega", .measure = &relax_spectrum,
      .axes = CC_LIST(cc_axis, { "side,c", "6,-0.15 6,0 6,0.45 | 10,-0.15 10,0 10,0.45 | 20,0 20,0.45" }), .seeds = { 1, 1, 1 } },
    { .id = "bounds", .about = "iterations of SOR and the bounds on them over omega, right-hand side of the fixtures", .measure = &relax_bound,
      .set = "rhs=pattern omega_step=0.05|0.01", .axes = CC_LIST(cc_axis, { "c", "0 | -0.15 0.45" }), .seeds = { 1, 1, 1 } },
    { .id = "random", .about = "the same for random shifts and right-hand sides", .measure = &relax_bound,
      .axes = CC_LIST(cc_axis, { "side,omega_step,c,law", "6,0.1,auto,uniform | 10,0.05,auto,uniform 10,0.05,auto,low 10,0.05,auto,high | 20,0.1,0,uniform" }), .seeds = { 40, 40, 40 }, .block = 20 },
    { .id = "shape", .about = "the surrogate left and right of omega*", .measure = &relax_shape, .seeds = { 200, 200, 200 }, .block = 200 },
    { .id = "bandit", .about = "regret of Tsallis-INF with the range of losses known", .measure = &cc_trajectory, .problem = "online.arms",
      .arms = CC_LIST(cc_arm, { .as = "bernoulli", .algorithm = "relax.tsallis:theory(low=0,high=19)", .set = "T=20000|200000" },
                              { .as = "sor", .algorithm = "relax.tsallis:theory", .problem = "online.sor", .set = "T=3000|5000|8000" },
                              { .as = "uniform", .algorithm = "online.uniform", .set = "T=20000|200000" }),
      .plan = { .metrics = "regret", .stop = "steps<=20000|200000", .per_decade = 4 }, .seeds = { 8, 10, 20 }, .block = 5 },
    { .id = "learning", .about = "learners and fixed choices on sequences of shifted systems, solved by SOR", .measure = &cc_trajectory, .problem = "online.sor",
      .set = "T=3000|5000|8000",
      .arms = CC_LIST(cc_arm, { .as = "tsallis", .algorithm = "relax.tsallis" }, { .as = "tsallis_cb", .algorithm = "relax.tsallis:cb" },
                              { .as = "chebcb", .algorithm = "relax.chebcb" }, { .as = "optimal", .algorithm = "relax.young" },
                              FIXED("w10", "1"), FIXED("w12", "1.2"), FIXED("w14", "1.4"), FIXED("w16", "1.6"), FIXED("w18", "1.8"),
                              { .as = "uniform", .algorithm = "online.uniform(low=1,high=1.95)" }, { .as = "ucb1", .algorithm = "online.ucb1(low=1,high=1.95)" },
                              { .as = "greedy", .algorithm = "online.greedy(low=1,high=1.95)" }, { .as = "exp3", .algorithm = "online.exp3(low=1,high=1.95)" }),
      .axes = CC_LIST(cc_axis, { "law", "low | high" }), .plan = { .stop = "steps<=3000|5000|8000", .at = "0 50 100 200 500 1000..8000+1000" }, .seeds = { 10, 10, 40 }, .block = 1 },
    { .id = "symmetric", .about = "learners and fixed choices on the same systems, solved by symmetric SOR", .measure = &cc_trajectory, .problem = "online.sor(solver=symmetric)",
      .set = "T=2000|8000|20000",
      .arms = CC_LIST(cc_arm, { .as = "tsallis", .algorithm = "relax.tsallis" }, { .as = "chebcb", .algorithm = "relax.chebcb" }, FIXED("w14", "1.4"), FIXED("w16", "1.6"), FIXED("w18", "1.8")),
      .axes = CC_LIST(cc_axis, { "law", "low || high" }), .plan = { .stop = "steps<=2000|8000|20000", .at = "0 50 100 200 500 1000..20000+1000" }, .seeds = { 4, 8, 20 }, .block = 1 },
    { .id = "smooth", .about = "change of the iterations of symmetric SOR when omega changes by h, mean over right-hand sides", .measure = &relax_smooth, .set = "draws=500|2000|4000",
      .seeds = { 20, 20, 40 }, .block = 20 },
    { .id = "surrogate", .about = "a learner's iterations beside the surrogate total of the best fixed omega", .measure = &relax_against, .problem = "online.sor",
      .set = "T=2000|5000|8000", .arms = CC_LIST(cc_arm, { .as = "tsallis", .algorithm = "relax.tsallis" }, { .as = "uniform", .algorithm = "online.uniform(low=1,high=1.95)" }),
      .axes = CC_LIST(cc_axis, { "law", "low | high" }), .plan = { .stop = "steps<=2000|5000|8000" }, .seeds = { 6, 10, 40 }, .first_seed = 1000 },
    { .id = "heat", .about = "learners and fixed choices on the heat equation, solved by SSOR-preconditioned CG", .measure = &cc_trajectory, .problem = "online.heat",
      .arms = CC_LIST(cc_arm, { .as = "tsallis", .algorithm = "relax.tsallis" }, { .as = "tsallis_cb", .algorithm = "relax.tsallis(m=6)" },
                              { .as = "chebcb", .algorithm = "relax.chebcb" }, FIXED("w10", "1"), FIXED("w15", "1.5"),
                              { .as = "cg", .algorithm = "online.fixed(x=1)", .problem = "online.heat(solver=cg,arms=2)" }),
      .axes = CC_LIST(cc_axis, { "nx,T", "25,2000 | 25,5000 50,2000 | 100,2000 200,2000" }), .plan = { .metrics = "total best_fixed best_each regret regret_each", .stop = "steps<=5000", .at = "0 100 1000 2000 3000 4000 5000" },
      .seeds = { 9, 9, 9 }, .block = 3, .deadline_s = 3600 },
    { .id = "condition", .about = "iterations of SSOR-preconditioned CG and their bound over omega", .measure = &relax_condition,
      .axes = CC_LIST(cc_axis, { "domain", "square L" }, { "c", "0 0.5" }, { "side", "10 || 30" }), .seeds = { 1, 1, 1 }, .deadline_s = 600 },
    { .id = "degenerate", .about = "iterations of SOR for an eigenvector of C_1.4 and for random right-hand sides", .measure = &relax_degenerate,
      .seeds = { 20, 20, 20 }, .block = 20 },
    { .id = "degenerate_fine", .about = "the same on the grid of the paper's figure", .measure = &relax_degenerate, .set = "omega_step=0.001", .seeds = { 0, 1, 1 } },
    { .id = "actions", .about = "what learners choose along the heat equation", .measure = &relax_actions, .problem = "online.heat", .set = "T=1000|5000",
      .arms = CC_LIST(cc_arm, { .as = "tsallis", .algorithm = "relax.tsallis" }, { .as = "chebcb", .algorithm = "relax.chebcb" }),
      .plan = { .stop = "steps<=1000|5000" }, .seeds = { 1, 1, 1 } },
    { .id = "overhead", .about = "time of a learner's round, beside that of a solve", .measure = &relax_overhead, .problem = "online.sor(T=1500)",
      .arms = CC_LIST(cc_arm, { .as = "tsallis", .algorithm = "relax.tsallis" }, { .as = "chebcb", .algorithm = "relax.chebcb" }),
      .plan = { .stop = "steps<=1500" }, .seeds = { 1, 3, 3 }, .timed = 1, .first_seed = 1000 },
    { 0 },
};

/* ---- claims ---- */

static const cc_claim claims[] = {
    { .id = "young_spectral_radius", .source = "Section 2.1, after Young 1954",
      .statement = "rho(C_omega) = (omega beta + sqrt(omega^2 beta^2 - 4 (omega - 1)))^2 / 4 up to omega*, omega - 1 beyond",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "spectrum",
      .checks = CC_LIST(cc_check, CC_EQUALITY(.where = "apart>0.02", .y = "radius", .other = "young", .abs = 1e-6, .over = ""),
                                  CC_EQUALITY(.y = "radius", .other = "young", .abs = 1e-3, .over = "")),
      .controls = CC_LIST(cc_control, { .id = "shuffled", .what = "the unknowns in random order: not consistently ordered", .set = "order=shuffled" }) },
    { .id = "near_asymptotic_bound", .source = "Section 2.1: Assumption 1 and the surrogate U",
      .statement = "k <= U(omega) = 1 + ln eps / ln(rho + tau (1 - rho)) for every omega, and U is at most 3 times too large",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "random", .derive = CC_LIST(cc_derived, { "bound", "", "U", surrogate }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "k", .other = "bound", .by = "law side"), CC_BOUND(.y = "slack", .is = CC_WITHIN(1, 3), .by = "law side"),
                                  CC_BOUND(.y = "tau", .is = CC_WITHIN(0, .5), .by = "law side")),
      .controls = CC_LIST(cc_control, { .id = "asymptotic", .what = "tau = 0: the asymptotic estimate", .derive = CC_LIST(cc_derived, { "bound", "", "1 + ln eps / ln rho", asymptotic }) }) },
    { .id = "energy_bound", .source = "Figure 2, after Hackbusch 2016, Corollary 3.45",
      .statement = "k is at most the bound from the energy norm, with the last term of its denominator not below 0",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "random", .derive = CC_LIST(cc_derived, { "ceiling", "", "by the energy norm", energy }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "k", .other = "ceiling", .by = "law")),
      .controls = CC_LIST(cc_control, { .id = "published", .what = "the formula of the published code, where that term may be negative",
                                        .derive = CC_LIST(cc_derived, { "ceiling", "", "by the published formula", energy_published }) }) },
    { .id = "lemma_condition", .source = "Lemma 1 and the figure of tau and beta",
      .statement = "tau >= 1/e^2 or beta^2 >= (4/e^2)(1 - 1/e^2), which Lemma 1 asks for, on all these systems",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER, .experiment = "random", .derive = CC_LIST(cc_derived, { "margin", "", "the larger of the two differences", lemma_margin }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "margin", .is = CC_AT_LEAST(0), .by = "law")),
      .controls = CC_LIST(cc_control, { .id = "stricter", .what = "tau >= .3 or beta^2 >= .9", .derive = CC_LIST(cc_derived, { "margin", "", "of other thresholds", wrong_margin }) }) },
    { .id = "surrogate_shape", .source = "Lemma 1",
      .statement = "U falls up to omega*, rises after it, and on [omega*, omega_max] it is Lipschitz with the constant of the lemma",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "shape", .derive = CC_LIST(cc_derived, { "steepest", "", "slope right of omega*", steepest }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "rise", .is = CC_AT_MOST(0)), CC_BOUND(.y = "fall", .is = CC_AT_LEAST(0)),
                                  CC_BOUND(.y = "steepest", .other = "lipschitz", .rel = 1e-9)),
      .controls = CC_LIST(cc_control, { .id = "left", .what = "just left of omega*: a square root", .derive = CC_LIST(cc_derived, { "steepest", "", "slope on [omega* - 1e-10, omega*]", steepest_left }) }) },
    { .id = "tinf_regret_bound", .source = "Theorem 2.1, from Zimmert and Seldin 2021",
      .statement = "E regret of Tsallis-INF <= K (4 sqrt(d t) + 1) at every t, losses in an interval of length K",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "bandit", .where = "arm=bernoulli,sor step>=1",
      .derive = CC_LIST(cc_derived, { "bound", "", "K (4 sqrt(d t) + 1)", regret_bound }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "step", .y = "regret", .other = "bound", .across = "mean", .by = "arm")),
      .controls = CC_LIST(cc_control, { .id = "uniform", .what = "an arm at random", .where = "arm=uniform step>=1" }) },
    { .id = "tinf_regret_exponent", .source = "abstract; Theorem 2.1", .statement = "the regret of Tsallis-INF against the best omega of the grid grows at most like T^(2/3)",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER, .experiment = "learning", .where = "arm=tsallis law=low",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "step", .y = "regret", .from = 200, .to = 8000, .across = "mean", .pure = 1, .is = CC_AT_MOST(.72))),
      .controls = CC_LIST(cc_control, { .id = "uniform", .what = "omega at random: linear", .where = "arm=uniform law=low" }) },
    { .id = "tinf_surrogate", .source = "Theorem 2.1",
      .statement = "k_t(omega) <= U_t(omega) with tau = .25 for all systems and omegas, and after 2000 systems Tsallis-INF has on average taken fewer iterations than the least sum of U_t of one omega",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "surrogate", .where = "arm=tsallis t>=2000",
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "t", .y = "total", .other = "surrogate", .across = "mean", .by = "law"), CC_BOUND(.y = "tau_needed", .is = CC_AT_MOST(.25), .by = "law")),
      .controls = CC_LIST(cc_control, { .id = "uniform", .what = "omega at random", .where = "arm=uniform t>=2000" }) },
    { .id = "tinf_near_best_fixed", .source = "Section 2.4, figure of learning",
      .statement = "over 8000 systems Tsallis-INF costs at most 1.25 times as much as the best fixed omega, less than fixed omegas off the best one, EXP3 and UCB1",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "learning",
      .derive = CC_LIST(cc_derived, { "over_fixed", "", "iterations, over those of the best omega of the grid", over_fixed }),
      .checks = CC_LIST(cc_check, CC_SCALING(.where = "arm=tsallis", .y = "over_fixed", .per_unit = "last", .is = CC_AT_MOST(1.25), .by = "law"),
                                  CC_ORDERING(.where = "law=low", .y = "total", .per_unit = "last", .chain = "tsallis < w18 < w14 < w12 < w10"),
                                  CC_ORDERING(.y = "total", .per_unit = "last", .chain = "tsallis < w14", .by = "law"),
                                  CC_ORDERING(.y = "total", .per_unit = "last", .chain = "tsallis < exp3 < uniform", .by = "law"),
                                  CC_ORDERING(.y = "total", .per_unit = "last", .chain = "tsallis < ucb1", .by = "law")),
      .controls = CC_LIST(cc_control, { .id = "withheld", .what = "a grid that ends at 1.4, short of the best omega",
                                        .arms = CC_LIST(cc_arm, { .as = "tsallis", .algorithm = "relax.tsallis(high=1.4)" }, FIXED("w10", "1"), FIXED("w12", "1.2"), FIXED("w14", "1.4"), FIXED("w18", "1.8"),
                                                                { .as = "ucb1", .algorithm = "online.ucb1(low=1,high=1.95)" }, { .as = "exp3", .algorithm = "online.exp3(low=1,high=1.95)" },
                                                                { .as = "uniform", .algorithm = "online.uniform(low=1,high=1.95)" }) }) },
    { .id = "contextual_ordering", .source = "Section 3.3, figure of contextual learning",
      .statement = "instance-optimal < ChebCB < Tsallis-INF-CB < Tsallis-INF; ChebCB costs less than every fixed omega, and at most 1.25 times the instance-optimal",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "learning",
      .derive = CC_LIST(cc_derived, { "over_optimal", "", "iterations, over those of the optimal omegas", over_optimal }, { "over_fixed", "", "over those of the best fixed omega", over_fixed }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "total", .per_unit = "last", .chain = "optimal < chebcb < tsallis_cb < tsallis", .by = "law"),
                                  CC_BOUND(.where = "arm=chebcb step>=3000", .y = "over_fixed", .per_unit = "last", .is = CC_AT_MOST(1), .by = "law"),
                                  CC_SCALING(.where = "arm=chebcb step>=3000", .y = "over_optimal", .per_unit = "last", .is = CC_AT_MOST(1.25), .by = "law")),
      .controls = CC_LIST(cc_control, { .id = "unrelated", .what = "contexts that say nothing of the systems", .set = "context=unrelated" }) },
    { .id = "chebcb_regret_exponent", .source = "Theorem 3.2", .statement = "the regret of ChebCB against the instance-optimal omegas grows at most like T^(9/11)",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER, .experiment = "learning", .where = "arm=chebcb law=low",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "step", .y = "regret_each", .from = 200, .to = 8000, .across = "mean", .pure = 1, .is = CC_AT_MOST(.8182))),
      .controls = CC_LIST(cc_control, { .id = "fixed", .what = "omega = 1.6 throughout: linear", .where = "arm=w16 law=low" }) },
    { .id = "symmetric_lipschitz", .source = "Theorem 3.1", .statement = "for random b the expected iterations of symmetric SOR are Lipschitz in omega: E |k(omega + h) - k(omega)| falls like h",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "smooth",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "h", .y = "change", .from = .0005, .to = .2, .across = "mean", .pure = 1, .is = CC_AT_LEAST(.9))),
      .controls = CC_LIST(cc_control, { .id = "one", .what = "one b, at an omega where its iterations jump", .set = "rhs=jump" }) },
    { .id = "chebcb_symmetric", .source = "Theorem 3.2", .statement = "on symmetric SOR with random b the regret of ChebCB against the instance-optimal omegas grows at most like T^(9/11), and after 2000 systems it takes at most 1.05 times as many iterations as the best fixed omega",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "symmetric", .where = "arm=chebcb",
      .derive = CC_LIST(cc_derived, { "over_fixed", "", "iterations, over those of the best omega of the grid", over_fixed }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "step", .y = "regret_each", .from = 200, .to = 20000, .across = "mean", .pure = 1, .by = "law", .is = CC_AT_MOST(.8182)),
                                  CC_SCALING(.where = "step>=2000", .y = "over_fixed", .per_unit = "last", .by = "law", .is = CC_AT_MOST(1.05))),
      .controls = CC_LIST(cc_control, { .id = "fixed", .what = "omega = 1.6 throughout: linear", .where = "arm=w16" },
                                      { .id = "tsallis", .what = "Tsallis-INF, which does not see the shift", .where = "arm=tsallis" }) },
    { .id = "pcg_condition_bound", .source = "Section 2.5, after Axelsson 1994, Theorem 7.17",
      .statement = "iterations of SSOR-preconditioned CG are at most the bound from condition numbers, for omega >= 2 sqrt(2) - 2",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "condition", .derive = CC_LIST(cc_derived, { "iterations", "", "of SSOR-preconditioned CG", iterations }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "iterations", .other = "bound", .over = "", .by = "domain c")),
      .controls = CC_LIST(cc_control, { .id = "plain", .what = "CG without preconditioner", .derive = CC_LIST(cc_derived, { "iterations", "", "of CG", plain_iterations }) }) },
    { .id = "heat_ordering", .source = "Section 4, figure of the heat equation",
      .statement = "iterations in all: instance-optimal < ChebCB < best fixed omega; Tsallis-INF, with or without bins, < omega = 1 < CG, and ChebCB is the best of the learners",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "heat",
      .derive = CC_LIST(cc_derived, { "over_fixed", "", "iterations, over those of the best fixed omega", over_fixed }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "total", .per_unit = "last", .chain = "chebcb < tsallis_cb < w10 < cg", .by = "nx T"),
                                  CC_ORDERING(.y = "total", .per_unit = "last", .chain = "chebcb < tsallis < w10", .by = "nx T"),
                                  CC_BOUND(.where = "arm=chebcb step>=2000", .y = "regret_each", .per_unit = "last", .is = CC_AT_LEAST(1), .by = "nx T"),
                                  CC_BOUND(.where = "arm=chebcb step>=2000", .y = "over_fixed", .per_unit = "last", .is = CC_AT_MOST(1), .by = "nx T")),
      .controls = CC_LIST(cc_control, { .id = "deaf", .what = "learners that do not learn: omega at random",
                                        .arms = CC_LIST(cc_arm, { .as = "tsallis", .algorithm = "online.uniform(low=1,high=1.95)" }, { .as = "tsallis_cb", .algorithm = "online.uniform(low=1,high=1.95)" },
                                                                { .as = "chebcb", .algorithm = "online.uniform(low=1,high=1.95)" }, FIXED("w10", "1"),
                                                                { .as = "cg", .algorithm = "online.fixed(x=1)", .problem = "online.heat(solver=cg,arms=2)" }) }) },
    { .id = "overhead", .source = "Section 2.4, remark on the cost of learning", .statement = "a learner's round takes less than a fifth of a solve (SOR, 400 unknowns)",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_US, .experiment = "overhead", .derive = CC_LIST(cc_derived, { "share", "", "of one solve", share_large }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "share", .is = CC_AT_MOST(.2), .by = "arm")),
      .controls = CC_LIST(cc_control, { .id = "raw", .what = "regressions from the raw data in every round", .set = "refit=raw" }) },
    { .id = "degenerate_rhs", .source = "Section 3.1, figure of degenerate targets",
      .statement = "if b is an eigenvector of C_1.4 the iterations dip at omega = 1.4 alone; for random b they are smooth in omega, and from omega* on they concentrate",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "degenerate", .derive = CC_LIST(cc_derived, { "eigen", "", "iterations for the eigenvector", eigen_iterations }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.where = "percent=140", .y = "eigen", .is = CC_EQUALS(12), .abs = 1, .over = ""),
                                  CC_EQUALITY(.where = "percent=139", .y = "eigen", .is = CC_EQUALS(54), .abs = 1, .over = ""),
                                  CC_EQUALITY(.where = "percent=141", .y = "eigen", .is = CC_EQUALS(51), .abs = 1, .over = ""),
                                  CC_BOUND(.y = "change", .is = CC_AT_MOST(.12)), CC_BOUND(.y = "width", .is = CC_AT_MOST(.8)),
                                  CC_BOUND(.where = "percent>=156", .y = "width", .is = CC_AT_MOST(.12))),
      .controls = CC_LIST(cc_control, { .id = "largest", .what = "the eigenvector of the largest eigenvalue", .derive = CC_LIST(cc_derived, { "eigen", "", "iterations for that eigenvector", largest_iterations }) }) },
    { 0 },
};

/* ---- figures ---- */

static const cc_figure figures[] = {
    { .id = "bound_comparison", .source = "Figure 2", .caption = "Iterations of SOR over omega, the near-asymptotic bound U, the asymptotic estimate and the bound by the energy norm", .kind = "curve",
      .experiment = "bounds", .where = "optimal=0", .x = "omega", .y = "k U asymptotic energy", .by = "c", .options = "yscale=log panels=c xlabel=omega ylabel=iterations" },
    { .id = "asymptocity", .source = "Figure 2", .caption = "How far the norm is from the spectral radius at convergence, and what tau allows", .kind = "curve", .experiment = "bounds",
      .where = "optimal=0", .x = "omega", .y = "excess allowed", .by = "c", .options = "panels=c xlabel=omega" },
    { .id = "tau_beta", .source = "Figure 2", .caption = "tau and beta over the shift, and the thresholds of Lemma 1, one of which must be passed", .kind = "scatter", .experiment = "random",
      .where = "law=uniform optimal=1", .x = "shift", .y = "beta lemma_beta tau lemma_tau", .by = "side",
      .derive = CC_LIST(cc_derived, { "lemma_tau", "", "1/e^2", lemma_tau }, { "lemma_beta", "", "(4/e^2)(1 - 1/e^2)", lemma_beta }), .options = "panels=side xlabel=c ylim=0,1" },
    { .id = "variance", .source = "Figure 1", .caption = "Iterations and near-asymptotic bound over omega for 40 random shifts; the fewest for each shift", .kind = "curve", .experiment = "random",
      .where = "optimal=0 law!=uniform", .x = "omega", .y = "k U least least_U", .by = "law", .options = "yscale=log panels=law xlabel=omega ylabel=iterations" },
    { .id = "learning", .source = "Figure 3", .caption = "Instances that remain after a number of iterations: Tsallis-INF and fixed omegas", .kind = "curve", .experiment = "learning",
      .where = "arm=tsallis,w10,w12,w14,w16,w18", .x = "total", .y = "remaining", .by = "arm", .derive = CC_LIST(cc_derived, { "remaining", "", "instances remaining", remaining }),
      .options = "panels=law xlabel='total iterations' ylabel='instances remaining' labels='tsallis:Tsallis-INF w10:ω=1 w12:ω=1.2 w14:ω=1.4 w16:ω=1.6 w18:ω=1.8'" },
    { .id = "contextual", .source = "Figure 4", .caption = "The same for learners that see the shift", .kind = "curve", .experiment = "learning",
      .where = "arm=tsallis,tsallis_cb,chebcb,optimal,w16,w18", .x = "total", .y = "remaining", .by = "arm", .derive = CC_LIST(cc_derived, { "remaining", "", "instances remaining", remaining }),
      .options = "panels=law xlabel='total iterations' ylabel='instances remaining' labels='tsallis:Tsallis-INF w16:ω=1.6 w18:ω=1.8 tsallis_cb:Tsallis-INF-CB chebcb:ChebCB optimal:instance-optimal'" },
    { .id = "cost_per_system", .source = "Sections 2.4 and 3.3", .caption = "Iterations a system, at the end", .kind = "table", .experiment = "learning", .where = "step>=3000", .x = "law step", .y = "per_round", .by = "arm",
      .derive = CC_LIST(cc_derived, { "per_round", "", "iterations a system", per_round }) },
    { .id = "regret", .source = "Theorems 2.1 and 3.2", .caption = "Regret of Tsallis-INF against the best fixed omega; of ChebCB and Tsallis-INF against the instance-optimal", .kind = "curve", .experiment = "learning",
      .where = "step>=100 arm=tsallis,chebcb,uniform,greedy", .x = "step", .y = "regret_each", .by = "arm", .options = "xscale=log yscale=log panels=law slope=.818,1 labels='tsallis:Tsallis-INF chebcb:ChebCB'" },
    { .id = "symmetric", .source = "Theorem 3.2", .caption = "Symmetric SOR: regret against the instance-optimal omegas", .kind = "curve", .experiment = "symmetric", .where = "step>=100",
      .x = "step", .y = "regret_each", .by = "arm", .options = "xscale=log yscale=log panels=law slope=.818,1 labels='tsallis:Tsallis-INF chebcb:ChebCB w14:ω=1.4 w16:ω=1.6 w18:ω=1.8'" },
    { .id = "smooth", .source = "Theorem 3.1", .caption = "Symmetric SOR: mean change of the iterations over a change h of omega, right-hand sides random", .kind = "curve", .experiment = "smooth",
      .x = "h", .y = "change", .by = "arm", .options = "xscale=log yscale=log markers=1 slope=1 ylabel='E |k(ω + h) - k(ω)|'" },
    { .id = "regret_bandit", .source = "Theorem 2.1", .caption = "Regret of Tsallis-INF and its bound", .kind = "curve", .experiment = "bandit", .where = "step>=1 arm!=uniform", .x = "step", .y = "regret bound", .by = "arm",
      .derive = CC_LIST(cc_derived, { "bound", "", "K (4 sqrt(d t) + 1)", regret_bound }), .options = "xscale=log yscale=log panels=arm slope=.5" },
    { .id = "condition", .source = "Figure 5", .caption = "Iterations of SSOR-preconditioned CG and the condition-number bound, scaled to touch them", .kind = "curve", .experiment = "condition", .where = "side=10",
      .x = "omega", .y = "k scaled", .by = "domain c", .options = "xlabel=omega ylabel=iterations" },
    { .id = "heat_coefficient", .source = "Figure 6", .caption = "Coefficient of the heat equation", .kind = "curve", .experiment = "actions", .where = "arm=tsallis", .x = "t", .y = "kappa", .by = "arm", .options = "xlabel='time step'" },
    { .id = "heat_total", .source = "Figure 6", .caption = "Heat equation: total iterations of 2000 steps over the number of unknowns; in hindsight, the best fixed omega and the best of every step", .kind = "custom",
      .experiment = "heat", .where = "step=2000 T=2000" },
    { .id = "heat_table", .source = "Figure 6", .caption = "Heat equation: total iterations; of the best fixed omega and of the best omega of every step, in hindsight", .kind = "table", .experiment = "heat", .where = "step>=2000",
      .x = "nx T step", .y = "total best_fixed best_each", .by = "arm" },
    { .id = "heat_actions", .source = "Figure 7", .caption = "Heat equation: iterations over time and omega (means over 25 steps), and what two learners chose", .kind = "custom", .experiment = "actions" },
    { .id = "degenerate", .source = "Figure 8", .caption = "Iterations of SOR for the eigenvector of C_1.4 with the smallest eigenvalue; mean, fewest and most for 40 random right-hand sides", .kind = "curve",
      .experiment = "degenerate", .x = "omega", .y = "smallest mean low high", .by = "arm", .options = "xlabel=omega ylabel=iterations" },
    { .id = "degenerate_fine", .source = "Figure 8", .caption = "The same on a grid ten times as fine", .kind = "curve", .experiment = "degenerate_fine", .x = "omega", .y = "smallest mean low high", .by = "arm",
      .options = "xlabel=omega ylabel=iterations" },
    { 0 },
};

const cc_plugin cc_plugin_1 = {
    .id = "relax",
    .title = "Learning to relax: solver parameters across a sequence of linear systems",
    .citation = "Khodak, Chow, Balcan, Talwalkar, ICLR 2024, arXiv 2310.02246",
    .algorithms = relax_algorithms,
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = relax_benches,
};
