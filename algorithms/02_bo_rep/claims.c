/* algorithms/02_bo_rep/claims.c: what the paper says of BO-REP, and what would show that it is not so. */
#include <math.h>
#include <string.h>

#include "algorithms/02_bo_rep/bench.h"
#include "algorithms/02_bo_rep/borep.h"
#include "algorithms/02_bo_rep/measures.h"
#include "harness/plugin.h"

/* ---- derived columns ---- */

static double inverse_mean(const cc_row *r) { return 1 / cc_get(r, "mean(grad_phi)"); }
static double relative_mean(const cc_row *r) { return cc_get(r, "mean(grad_phi)") * pow(cc_get(r, "K"), .25) / 4.87; }
static double tracked(const cc_row *r) { return cc_get(r, "max(dist_y)") <= 2.5 * pow(cc_get(r, "K"), -.25); }

/* Calls of one iteration: fx, fy, gyy v, gxy v, and gy, which BO-REP asks for N/I = 2 times. */
static double log_calls(const cc_row *r) { return log(cc_get(r, "iterations") * (strcmp(cc_get_text(r, "arm"), "borep") ? 5 : 6)); }

/* Half a point above the test accuracy of a model fitted with the weights 1/2 of the start, for each share of wrong labels. */
static double better(const cc_row *r) { return .005 + (cc_get(r, "rho") < .3 ? .7884 : cc_get(r, "rho") < .5 ? .7712 : .7042); }

/* Lemma 1 on `expupper`: f has Lx0 = 2, Lx1 = (e - 1) a, Ly0 = 1, Ly1 = 0, |fy| <= M = sqrt(D); g is quadratic. */
static double kappa(const cc_row *r) { return sqrt(1 + pow(cc_get(r, "C") / cc_get(r, "mu"), 2)); }
static double K1(const cc_row *r) { return kappa(r) * expm1(1) * cc_get(r, "a"); }
static double K0(const cc_row *r)
{
    const double Lx0 = 2, Ly0 = 1, M = sqrt(cc_get(r, "D")), ratio = cc_get(r, "C") / cc_get(r, "mu");
    return kappa(r) * (Lx0 + expm1(1) * cc_get(r, "a") * M * ratio + ratio * Ly0);
}
static double smoothness_bound(const cc_row *r) { return K0(r) + K1(r) * cc_get(r, "grad"); }
static double near_origin(const cc_row *r) { (void)r; return 1.275; }

static double log_iterations(const cc_row *r) { return log(cc_get(r, "iterations")); }
static double k_length(const cc_row *r) { return cc_get(r, "k") * cc_get(r, "length") * (1 + 1e-12); }

static double lower_calls(const cc_row *r)
{
    const borep_schedule s = borep_by_horizon((size_t)cc_get(r, "K"));
    return cc_get(r, "T0") * (ldexp(1, (int)s.epochs) - 1) + (double)s.N * floor((cc_get(r, "K") - 1) / (double)s.I);
}
static double lower_calls_late(const cc_row *r)
{
    const borep_schedule s = borep_by_horizon((size_t)cc_get(r, "K"));
    return cc_get(r, "T0") * (ldexp(1, (int)s.epochs) - 1) + (double)s.N * floor((cc_get(r, "K") - 1) / (double)(s.I + 1));
}

static double linear_bound(const cc_row *r)
{
    const double nu = cc_get(r, "step_z"), mu = cc_get(r, "mu"), Lyy = cc_get(r, "Lyy"), sd = cc_get(r, "noise");
    return pow(1 - nu * mu, 2 * cc_get(r, "k")) * cc_lag(r, "error2", -1) + nu * sd * sd / (mu * (2 - nu * Lyy));
}

/* ---- experiments ---- */

#define P2 "bilevel.expupper(noise=1)"
#define HORIZONS "1024 4096 16384 | 65536 262144 | 1048576"
#define STEEP "bilevel.expupper(noise=0.3,x0=0.5,x0_slope=0,x0_first=12)"
#define BOREP_TUNED "borep.borep(I=4,N=8,nu=0.05,alpha=0.05,beta=0.9,refine=0,K=1000000)"
#define TRACKED "1024 2048 4096 | 16384 | 65536"
#define CLEAN "eta=0.5,beta=0.9,nu=0.5,alpha=1,I=2,N=3,avg=last,R=1e300,refine=1,T0=500,a0=1,batch=200,K=2000"
#define TEXT "beta=0.9,nu=0.1,alpha=0.2,I=2,N=3,avg=last,R=1e300,refine=1,T0=100,a0=0.2,batch=20,K=200"
#define CLEAN_SLIP "eta=0.5,beta=0.9,nu=0.5,alpha=1,R=1e300,refine=1,T0=500,a0=1,batch=200,K=2000"

static const cc_experiment experiments[] = {
    { .id = "rate", .about = "the exact hypergradient along runs of each horizon", .measure = &cc_final, .algorithm = "borep.borep", .problem = P2,
      .axes = CC_LIST(cc_axis, { "K", HORIZONS }), .plan = { .metrics = "grad_phi", .running = "mean(grad_phi)", .stop = "steps<=2000000" }, .seeds = { 4, 6, 8 }, .block = 4 },
    { .id = "skewed", .about = "the same under noise whose median is not its mean", .measure = &cc_final, .algorithm = "borep.borep", .problem = "bilevel.expupper(noise=3,skewed=true)",
      .axes = CC_LIST(cc_axis, { "K", "1024 4096 16384 | 65536" }), .plan = { .metrics = "grad_phi", .running = "mean(grad_phi)", .stop = "steps<=2000000" }, .seeds = { 4, 8, 8 }, .block = 4 },
    { .id = "tracking", .about = "distance of y from y*(x) along a run", .measure = &cc_final, .algorithm = "borep.borep", .problem = P2,
      .axes = CC_LIST(cc_axis, { "K", TRACKED }), .plan = { .metrics = "dist_y", .running = "max(dist_y)", .stop = "steps<=2000000" }, .seeds = { 48, 48, 48 }, .block = 16 },
    { .id = "tracking_rate", .about = "the same, where horizons are far enough apart for a rate", .measure = &cc_final, .algorithm = "borep.borep", .problem = P2,
      .axes = CC_LIST(cc_axis, { "K", TRACKED }), .plan = { .metrics = "dist_y", .running = "max(dist_y)", .stop = "steps<=2000000" }, .seeds = { 0, 48, 48 }, .block = 16 },
    { .id = "spread", .about = "many runs of one horizon", .measure = &cc_final, .algorithm = "borep.borep", .problem = P2, .set = "K=4096|16384",
      .plan = { .metrics = "grad_phi", .running = "mean(grad_phi)", .stop = "steps<=2000000" }, .seeds = { 16, 24, 64 }, .block = 4 },
    { .id = "ablations", .about = "the rate, and what goes without: updates of y, momentum", .measure = &cc_final, .problem = P2,
      .arms = CC_LIST(cc_arm, { .as = "BO-REP", .algorithm = "borep.borep" }, { .as = "y frozen", .algorithm = "borep.borep", .set = "I=0" },
                              { .as = "skewed noise", .algorithm = "borep.borep", .problem = "bilevel.expupper(noise=3,skewed=true)" },
                              { .as = "skewed noise, no momentum", .algorithm = "borep.borep", .problem = "bilevel.expupper(noise=3,skewed=true)", .set = "beta=0" }),
      .axes = CC_LIST(cc_axis, { "K", "1024 4096 16384" }), .plan = { .metrics = "grad_phi", .running = "mean(grad_phi)", .stop = "steps<=2000000" }, .seeds = { 0, 8, 8 }, .block = 4 },
    { .id = "trace", .about = "distance of y from y*(x) over the iterations: saw-teeth of period I", .measure = &cc_trajectory, .algorithm = "borep.borep", .problem = P2,
      .arms = CC_LIST(cc_arm, { .as = "BO-REP" }, { .as = "unrefined", .set = "refine=0" }, { .as = "I x 4", .set = "I_factor=4" }, { .as = "I x 16", .set = "I_factor=16" }, { .as = "I x 64", .set = "I_factor=64" }),
      .plan = { .metrics = "dist_y grad_phi", .at = "0..4096+8", .stop = "steps<=4096" }, .set = "K=4096", .seeds = { 1, 1, 1 } },
    { .id = "periods", .about = "period of the updates of y against steps in one, for the same number of calls", .measure = &cc_final, .problem = P2,
      .algorithm = "borep.borep(K=1000000,eta=0.0078,beta=0.97,nu=0.125,alpha=0.0625,refine=5)",
      .axes = CC_LIST(cc_axis, { "I", "1 2 4 8 16 32 64" }, { "N", "1 2 4 8 16 32 64" }), .plan = { .metrics = "grad_phi", .running = "mean(grad_phi)", .stop = "n_calls<=30000" }, .seeds = { 0, 2, 8 }, .block = 4 },
    { .id = "smoothness", .about = "pairs of points of the hyper-objective", .measure = &borep_pairs, .problem = "bilevel.expupper", .set = "pairs=20000|20000|100000", .seeds = { 1, 5, 5 } },
    { .id = "scale_free", .about = "iterations to |grad Phi| <= .25 from ever steeper starts, each method with its best step for each seed", .measure = &borep_tuned,
      .problem = "bilevel.expupper(noise=0.3,x0=0.5,x0_slope=0)",
      .arms = CC_LIST(cc_arm, { .as = "borep", .algorithm = BOREP_TUNED },
                              { .as = "slip", .algorithm = "borep.borep:slip(nu=0.05,alpha=0.05,beta=0.9,refine=0,K=1000000)" },
                              { .as = "soba", .algorithm = "bilevel.soba", .set = "tuned=b" }, { .as = "ma_soba", .algorithm = "bilevel.soba:ma", .set = "tuned=b" }),
      .axes = CC_LIST(cc_axis, { "x0_first", "6 8 10" }), .seeds = { 6, 9, 9 }, .block = 3 },
    { .id = "mild", .about = "the same with an almost quadratic upper level", .measure = &borep_tuned, .problem = "bilevel.expupper(noise=0.3,x0=0.5,x0_slope=0,a=0.001)",
      .arms = CC_LIST(cc_arm, { .as = "borep", .algorithm = BOREP_TUNED }, { .as = "soba", .algorithm = "bilevel.soba", .set = "tuned=b" }),
      .axes = CC_LIST(cc_axis, { "x0_first", "6 8 10" }), .seeds = { 6, 9, 9 }, .block = 3 },
    { .id = "walk", .about = "how far each step moves x", .measure = &borep_walk, .algorithm = "borep.borep", .problem = P2, .axes = CC_LIST(cc_axis, { "K", "1024 | 4096" }),
      .plan = { .stop = "steps<=4096" }, .seeds = { 3, 3, 3 } },
    { .id = "path", .about = "the same down from a steep start", .measure = &borep_walk, .problem = "bilevel.expupper(noise=0.3,x0=0.5,x0_slope=0,x0_first=8)",
      .algorithm = "borep.borep(I=4,N=8,nu=0.05,alpha=0.05,beta=0.9,refine=0,K=1000000,eta=0.0625)", .plan = { .stop = "steps<=200" }, .seeds = { 2, 5, 5 } },
    { .id = "text_path", .about = "steps through the weights of an LSTM encoder", .measure = &borep_walk, .problem = "bilevel.text", .algorithm = "borep.borep(" TEXT ",eta=0.5)",
      .plan = { .stop = "steps<=100" }, .seeds = { 0, 0, 2 }, .deadline_s = 300 },
    { .id = "moderate", .about = "both levels quadratic: tuned races to |grad Phi| <= .25", .measure = &borep_tuned, .problem = "bilevel.quad(noise=0.3)",
      .arms = CC_LIST(cc_arm, { .as = "borep", .algorithm = BOREP_TUNED }, { .as = "ma_soba", .algorithm = "bilevel.soba:ma", .set = "tuned=b" }),
      .seeds = { 9, 9, 30 }, .block = 3 },
    { .id = "linear", .about = "the recursion for z while x and y stand still, with noise", .measure = &borep_linear, .algorithm = "borep.borep(nu=0.05,K=1000)", .problem = "bilevel.expupper(noise=0.5)",
      .plan = { .stop = "steps<=1000" }, .seeds = { 64, 64, 64 }, .block = 32 },
    { .id = "clean", .about = "hyper-cleaning of Fashion-MNIST, 40 % of the labels wrong", .measure = &cc_final, .algorithm = "borep.borep(" CLEAN ")", .problem = "bilevel.clean",
      .plan = { .metrics = "auc refit_accuracy phi", .stop = "steps<=2000" }, .seeds = { 0, 1, 5 }, .deadline_s = 200 },
    { .id = "clean_shares", .about = "the same with other shares of wrong labels", .measure = &cc_final, .algorithm = "borep.borep(" CLEAN ")", .problem = "bilevel.clean",
      .axes = CC_LIST(cc_axis, { "rho", "0.2 0.4 0.6" }), .plan = { .metrics = "auc refit_accuracy phi", .stop = "steps<=2000" }, .seeds = { 0, 0, 5 }, .deadline_s = 200 },
    { .id = "clean_curve", .about = "cleaning along the run, against other methods", .measure = &cc_trajectory, .problem = "bilevel.clean",
      .arms = CC_LIST(cc_arm, { .as = "BO-REP", .algorithm = "borep.borep(" CLEAN ")" }, { .as = "SLIP", .algorithm = "borep.borep:slip(" CLEAN_SLIP ")" },
                              { .as = "SOBA", .algorithm = "bilevel.soba(a=1,h=0.5,b=1000,batch=200)" }, { .as = "MA-SOBA", .algorithm = "bilevel.soba:ma(a=1,h=0.5,b=1000,batch=200)" },
                              { .as = "SABA", .algorithm = "bilevel.saba(a=1,h=0.5,b=1000,batch=200)" }, { .as = "stocBiO", .algorithm = "bilevel.stocbio(a=1,h=0.5,b=3000,T=3,Q=5,batch=200)" },
                              { .as = "TTSA", .algorithm = "bilevel.ttsa(a=2,h=0.5,b=30000,Q=5,batch=200)" }),
      .axes = CC_LIST(cc_axis, { "rho", "0.4 0.2" }), .plan = { .metrics = "accuracy auc phi refit_accuracy", .at = "0 200 400 800 1200 1600 2000", .stop = "n_calls<=2200000 steps<=2000" }, .seeds = { 0, 0, 3 }, .deadline_s = 600 },
    { .id = "auc", .about = "the area under a ROC curve with a tenth of the rows positive, as a saddle: y has a closed form", .measure = &cc_final, .problem = "bilevel.auc",
      .algorithm = "borep.borep(K=1000,eta=0.02,beta=0.9,nu=1,alpha=0.3,I=5,N=10,refine=3,R=1e300,batch=32)", .plan = { .metrics = "test_auc phi dist_y", .stop = "steps<=1000" }, .seeds = { 6, 12, 30 }, .block = 6 },
    { .id = "text", .about = "hyper-representation: an LSTM encoder above a linear classifier of text", .measure = &cc_trajectory, .problem = "bilevel.text",
      .arms = CC_LIST(cc_arm, { .as = "BO-REP", .algorithm = "borep.borep(" TEXT ",eta=0.5)" }, { .as = "random_encoder", .algorithm = "borep.borep(" TEXT ",eta=0)" },
                              { .as = "MA-SOBA", .algorithm = "bilevel.soba:ma(a=0.2,h=0.1,b=2,batch=20)" }),
      .plan = { .metrics = "phi refit_accuracy", .at = "0 50 100 200", .stop = "steps<=200" }, .seeds = { 0, 7, 9 }, .block = 7 },
    { .id = "linear_exact", .about = "the same without noise", .measure = &borep_linear, .algorithm = "borep.borep(nu=0.05,K=400)", .problem = "bilevel.expupper",
      .plan = { .stop = "steps<=400" }, .seeds = { 1, 1, 1 } },
    { 0 },
};

/* ---- claims ---- */

static const cc_claim claims[] = {
    { .id = "rate", .source = "Theorem 1", .statement = "with the parameters that a horizon K fixes, the mean over k < K of |grad Phi(x_k)| falls like K^-1/4",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "rate",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "K", .y = "mean(grad_phi)", .from = 1, .to = 1e7, .is = CC_WITHIN(-.32, -.21))),
      .controls = CC_LIST(cc_control, { .id = "frozen", .what = "y is never updated after its refinement", .set = "I=0" }) },
    { .id = "momentum", .source = "Section 4, the role of momentum", .statement = "the rate holds under skewed noise as well, for which normalised steps without momentum follow the median",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "skewed",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "K", .y = "mean(grad_phi)", .from = 1, .to = 1e7, .is = CC_WITHIN(-.32, -.18))),
      .controls = CC_LIST(cc_control, { .id = "no_momentum", .what = "beta = 0", .set = "beta=0" }) },
    { .id = "oracle", .source = "abstract", .statement = "the oracle calls, refinement included, that a mean gradient norm of eps takes grow like eps^-4",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "rate", .derive = CC_LIST(cc_derived, { "inv_mean", "", "1 / mean over k of |grad Phi(x_k)|", inverse_mean }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "inv_mean", .y = "n_calls", .from = 1e-3, .to = 1e3, .is = CC_WITHIN(3.3, 4.7))),
      .controls = CC_LIST(cc_control, { .id = "frozen", .what = "y is never updated after its refinement", .set = "I=0" }) },
    { .id = "tracking", .source = "lower-level lemma, with high probability", .statement = "max over k of |y_k - y*(x_k)| <= 2.5 K^-1/4 with probability at least .9",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "tracking", .derive = CC_LIST(cc_derived, { "tracked", "", "1: never beyond 2.5 K^-1/4", tracked }),
      .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "tracked", .by = "K", .is = CC_AT_LEAST(.9))),
      .controls = CC_LIST(cc_control, { .id = "unrefined", .what = "y starts where the problem puts it", .set = "refine=0" },
                                      { .id = "rare", .what = "updates of y 64 times rarer", .set = "I_factor=64" }) },
    { .id = "tracking_rate", .source = "lower-level lemma", .statement = "max over k of |y_k - y*(x_k)| falls at least like K^-.2 (K^-1/4 but for logarithms)",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "tracking_rate",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "K", .y = "max(dist_y)", .from = 1, .to = 1e7, .is = CC_AT_MOST(-.2))),
      .controls = CC_LIST(cc_control, { .id = "unrefined", .what = "y starts where the problem puts it", .set = "refine=0" }) },
    { .id = "smoothness", .source = "Lemma 1", .statement = "|grad Phi(x) - grad Phi(x')| <= (K0 + K1 |grad Phi(x)|) |x - x'| within 1 / (kappa sqrt(Lx1^2 + Ly1^2))",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "smoothness", .derive = CC_LIST(cc_derived, { "bound", "", "K0 + K1 |grad Phi(x)|", smoothness_bound }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "slope", .other = "bound", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "lipschitz", .what = "K1 = 0 and K0 = 1.275, the curvature near the origin", .derive = CC_LIST(cc_derived, { "bound", "", "1.275", near_origin }) }) },
    { .id = "path_smoothness", .source = "Lemma 1", .statement = "so it does from step to step of a run that comes down from a gradient of 1500",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "path", .derive = CC_LIST(cc_derived, { "bound", "", "K0 + K1 |grad Phi(x)|", smoothness_bound }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "slope", .other = "bound", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "lipschitz", .what = "K1 = 0 and K0 = 1.275, the curvature near the origin", .derive = CC_LIST(cc_derived, { "bound", "", "1.275", near_origin }) }) },
    { .id = "concentration", .source = "Theorem 1, with high probability", .statement = "not only the mean over runs: in every run the mean of |grad Phi(x_k)| is within 4 % of 4.87 K^-1/4",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "spread", .derive = CC_LIST(cc_derived, { "relative", "", "mean of |grad Phi(x_k)| / (4.87 K^-1/4)", relative_mean }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "relative", .is = CC_WITHIN(.96, 1.04), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "no_momentum", .what = "beta = 0", .set = "beta=0" }, { .id = "frozen", .what = "y is never updated after its refinement", .set = "I=0" }) },
    { .id = "bounded_curvature", .source = "motivation: ordinary smoothness", .statement = "where both levels are quadratic BO-REP and MA-SOBA, tuned, reach a gradient with calls within a factor 3 of each other",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "moderate", .derive = CC_LIST(cc_derived, { "log_calls", "", "ln of the oracle calls", log_calls }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "reached", .is = CC_AT_LEAST(1), .over = ""), CC_ORDERING(.y = "log_calls", .chain = "borep < ma_soba", .margin = -1.0986122886681098),
                                  CC_ORDERING(.y = "log_calls", .chain = "ma_soba < borep", .margin = -1.0986122886681098)),
      .controls = CC_LIST(cc_control, { .id = "steep", .what = "a start where the curvature is 10^5", .arms = CC_LIST(cc_arm, { .as = "borep", .algorithm = BOREP_TUNED, .problem = STEEP }, { .as = "ma_soba", .algorithm = "bilevel.soba:ma", .problem = STEEP, .set = "tuned=b" }) }) },
    { .id = "scale_free", .source = "motivation: unbounded smoothness", .statement = "iterations to |grad Phi| <= .25 do not grow with the gradient at the start; without normalisation they do",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "scale_free", .derive = CC_LIST(cc_derived, { "log_iterations", "", "ln of the iterations", log_iterations }),
      .checks = CC_LIST(cc_check, CC_BOUND(.where = "arm=borep,slip", .y = "reached", .is = CC_AT_LEAST(1), .over = ""),
                                  CC_ORDERING(.where = "x0_first=10", .y = "log_iterations", .chain = "borep < soba", .margin = 2.0794415416798357),
                                  CC_EXPONENT(.where = "arm=borep", .x = "grad_0", .y = "iterations", .from = 1, .to = 1e6, .is = CC_AT_MOST(.25)),
                                  CC_EXPONENT(.where = "arm=soba", .x = "grad_0", .y = "iterations", .from = 1, .to = 1e6, .is = CC_AT_LEAST(.5))),
      .controls = CC_LIST(cc_control, { .id = "mild", .what = "a = .001: an upper level of bounded curvature", .experiment = "mild" }) },
    { .id = "step_length", .source = "Algorithm 1", .statement = "every step moves x by eta exactly, so x_k is within k eta of x_0",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "walk", .derive = CC_LIST(cc_derived, { "k_eta", "", "k eta", k_length }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "moved", .other = "length", .rel = 1e-12, .abs = 1e-14, .over = ""), CC_BOUND(.y = "away", .other = "k_eta", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "unnormalised", .what = "steps as long as the momentum", .set = "normalise=false" }) },
    { .id = "counts", .source = "Algorithm 1", .statement = "K calls each of fx, fy, gyy v and gxy v, and T0 (2^E - 1) + N floor((K - 1)/I) of gy",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "rate", .derive = CC_LIST(cc_derived, { "lower_calls", "", "T0 (2^E - 1) + N floor((K - 1)/I)", lower_calls }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "n_fx", .other = "K", .over = ""), CC_EQUALITY(.y = "n_fy", .other = "K", .over = ""), CC_EQUALITY(.y = "n_hvp", .other = "K", .over = ""),
                                  CC_EQUALITY(.y = "n_jvp", .other = "K", .over = ""), CC_EQUALITY(.y = "n_gy", .other = "lower_calls", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "period", .what = "a period one longer", .derive = CC_LIST(cc_derived, { "lower_calls", "", "with I + 1 for I", lower_calls_late }) }) },
    { .id = "clean", .source = "experiments on hyper-cleaning, with a linear model in place of a recurrent network", .statement = "the weights tell clean images from mislabelled ones, and a model refitted with them is better than one without",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "clean",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "auc", .is = CC_AT_LEAST(.9), .over = ""), CC_BOUND(.y = "refit_accuracy", .is = CC_AT_LEAST(.778), .over = ""), CC_BOUND(.y = "phi", .is = CC_AT_MOST(.65), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "shuffled", .what = "validation labels permuted: nothing to learn from", .set = "shuffle_validation=true" }) },
    { .id = "clean_shares", .source = "experiments on hyper-cleaning, with a linear model in place of a recurrent network", .statement = "so they do with a fifth, two fifths and three fifths of the labels wrong",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "clean_shares", .derive = CC_LIST(cc_derived, { "better", "", "test accuracy without cleaning + .005", better }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "auc", .is = CC_AT_LEAST(.9), .over = ""), CC_BOUND(.y = "better", .other = "refit_accuracy", .over = ""), CC_BOUND(.y = "phi", .is = CC_AT_MOST(.7), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "shuffled", .what = "validation labels permuted", .set = "shuffle_validation=true" }) },
    { .id = "auc", .source = "deep AUC maximisation in the authors' later experiments, with a linear score", .statement = "the score ranks new positives above new negatives, the saddle value falls to a tenth, and y keeps near y*(x), which moves by .7",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "auc",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "test_auc", .is = CC_AT_LEAST(.97), .over = ""), CC_BOUND(.y = "phi", .is = CC_AT_MOST(.0315), .over = ""), CC_BOUND(.y = "dist_y", .is = CC_AT_MOST(.25), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "shuffled", .what = "who is positive is permuted among the training rows", .set = "shuffle=true" }, { .id = "frozen", .what = "y is never updated after its refinement", .set = "I=0" }) },
    { .id = "text", .source = "experiments on hyper-representation, with one recurrent layer on the texts at hand", .statement = "the encoder learns: validation loss and accuracy of a classifier refitted on it are far better than on a random encoder",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "text", .where = "step=200",
      .checks = CC_LIST(cc_check, CC_ORDERING(.where = "arm=BO-REP,random_encoder", .y = "phi", .chain = "BO-REP < random_encoder", .margin = .8), CC_BOUND(.where = "arm=BO-REP", .y = "refit_accuracy", .is = CC_AT_LEAST(.85), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "shuffled", .what = "validation labels permuted", .set = "shuffle_validation=true" }) },
    { .id = "linear_system", .source = "recursion of the linear system", .statement = "while x and y stand still, E|z_k - z*|^2 <= (1 - nu mu)^2k |z_0 - z*|^2 + nu sigma^2 / (mu (2 - nu Lyy))",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "linear", .where = "k=50,200,1000", .derive = CC_LIST(cc_derived, { "bound", "", "right-hand side", linear_bound }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "k", .y = "error2", .other = "bound", .across = "mean", .se = 5)),
      .controls = CC_LIST(cc_control, { .id = "long_step", .what = "nu = 2.2 / Lyy", .set = "nu=0.55 outside_theory=true K=200" }) },
    { .id = "linear_rate", .source = "recursion of the linear system", .statement = "without noise z converges linearly, at least by 1 - nu mu an iteration",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "linear_exact",
      .checks = CC_LIST(cc_check, CC_LINEAR_RATE(.x = "k", .y = "error", .over = "", .is = CC_AT_MOST(.9501))),
      .controls = CC_LIST(cc_control, { .id = "short_step", .what = "nu one hundredth smaller than the bound is told", .set = "nu=0.0495" }) },
    { 0 },
};

/* ---- figures ---- */

static const cc_figure figures[] = {
    { .id = "rate", .source = "Theorem 1", .caption = "Mean over the run of |grad Phi(x_k)| against the horizon; the theorem's slope is -1/4.", .kind = "curve", .experiment = "rate",
      .x = "K", .y = "mean(grad_phi)", .options = "xscale=log yscale=log markers=1" },
    { .id = "ablations", .source = "Theorem 1", .caption = "The same beside what fails: y that is never updated, and normalised steps without momentum under skewed noise of standard deviation 3.", .kind = "curve", .experiment = "ablations",
      .x = "K", .y = "mean(grad_phi)", .by = "arm", .options = "xscale=log yscale=log markers=1" },
    { .id = "scale", .source = "motivation", .caption = "Iterations to |grad Phi| = .25 with the best step length, against the gradient at the start.", .kind = "curve", .experiment = "scale_free",
      .x = "grad_0", .y = "iterations", .by = "arm", .options = "xscale=log yscale=log markers=1" },
    { .id = "tracking", .source = "lower-level lemma", .caption = "|y_k - y*(x_k)| over a run of K = 4096 iterations: saw-teeth of period I, and what a start without refinement costs.", .kind = "curve", .experiment = "trace",
      .x = "step", .y = "dist_y", .by = "arm", .options = "yscale=log" },
    { .id = "smoothness", .source = "Lemma 1", .caption = "Slope of grad Phi between two points against |grad Phi| at the first: the curvature grows with the gradient.", .kind = "scatter", .experiment = "smoothness",
      .where = "seed=0", .x = "grad", .y = "slope", .options = "xscale=log yscale=log" },
    { .id = "path_smoothness", .source = "Lemma 1", .caption = "The same from step to step of runs that come down from a steep start.", .kind = "scatter", .experiment = "path",
      .x = "grad", .y = "slope", .options = "xscale=log yscale=log" },
    { .id = "text_smoothness", .source = "motivation", .caption = "Local smoothness against the gradient along a run through the weights of an LSTM encoder.", .kind = "scatter", .experiment = "text_path",
      .x = "grad", .y = "slope", .options = "xscale=log yscale=log" },
    { .id = "periods", .source = "ablation", .caption = "Mean gradient norm over period I and steps N, for 30 000 calls: what is spent on y is not spent on x.", .kind = "heat", .experiment = "periods", .x = "I", .y = "N", .options = "value=mean(grad_phi) vscale=log" },
    { .id = "clean", .source = "experiments on hyper-cleaning", .caption = "Test accuracy of a model refitted with the weights, against oracle calls, two fifths of the labels wrong; the start is no cleaning (extended tier).", .kind = "curve",
      .experiment = "clean_curve", .where = "rho=0.4", .x = "n_calls", .y = "refit_accuracy", .by = "arm", .options = "markers=1" },
    { .id = "clean_fifth", .source = "experiments on hyper-cleaning", .caption = "The same with a fifth of the labels wrong.", .kind = "curve",
      .experiment = "clean_curve", .where = "rho=0.2", .x = "n_calls", .y = "refit_accuracy", .by = "arm", .options = "markers=1" },
    { .id = "text", .source = "experiments on hyper-representation", .caption = "Validation loss of a classifier refitted on the encoder, over the iterations.", .kind = "curve", .experiment = "text",
      .x = "step", .y = "phi", .by = "arm", .options = "markers=1" },
    { 0 },
};

const cc_plugin cc_plugin_1 = {
    .id = "borep",
    .title = "BO-REP: bilevel optimisation under unbounded smoothness",
    .citation = "J. Hao, X. Gong, M. Liu: Bilevel optimization under unbounded smoothness: a new algorithm and convergence analysis, ICLR 2024; arXiv 2401.09587",
    .algorithms = CC_LIST(cc_algorithm, { .id = "borep.borep", .family = "bilevel", .summary = "normalised momentum in x, periodic averaged updates of y", .reference = "Hao, Gong, Liu, ICLR 2024",
        .params = borep_params, .variants = borep_variants, .init = borep_init, .step = borep_step, .candidate = borep_candidate }),
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = borep_benches,
};
