/* algorithms/13_vr_halpern/claims.c: what the paper says, what is run for it, and what must fail.
 * Sections and figures are those of arXiv 2310.02987. */
#include <math.h>
#include <stddef.h>

#include "algorithms/13_vr_halpern/bench.h"
#include "algorithms/13_vr_halpern/halpern.h"
#include "algorithms/13_vr_halpern/measures.h"
#include "harness/plugin.h"

/* ---- derived columns ---- */

static double lr(const cc_row *r) { return cc_get(r, "L_avg") * cc_get(r, "R"); }
static double bound16(const cc_row *r) { return 16 * lr(r) / (cc_get(r, "step") + 3); }
static double bound4(const cc_row *r) { return 4 * lr(r) / (cc_get(r, "step") + 3); }
/* (eta / lambda_{k-1}) |F(u_k)| / R, lambda_{k-1} = 2/(k+3): tends to 1 */
static double anchored(const cc_row *r) { return cc_get(r, "eta_used") * (cc_get(r, "step") + 3) / 2 * cc_get(r, "residual") / cc_get(r, "R"); }
static double det_residual(const cc_row *r) { return cc_peer(r, "det", "residual"); }
static double inverse_target(const cc_row *r) { return 1 / cc_get(r, "target"); }
static double missed(const cc_row *r) { return cc_get(r, "reached") > 0 ? 0 : 1; }

/* The schedule and its cost in formulas of their own, so that they check the algorithm's: 2n + sum over i = 2 .. K-1 of p_i n + (1 - p_i) 2b */
static double expected_cost(const cc_row *r)
{
    const double n = cc_get(r, "n"), b = cc_get(r, "b_used"), K = cc_get(r, "step");
    double sum = 2 * n;
    for (double i = 2; i < K; i++) {
        const double p = (i - 1) * (i - 1) <= n ? 4 / (i + 4) : 4 / (sqrt(n) + 5);
        sum += p * n + (1 - p) * 2 * b;
    }
    return sum;
}
static double cost_ceiling(const cc_row *r)
{
    const double n = cc_get(r, "n"), root = sqrt(n);
    return 2 * n + 4 * n * log(1 + root / 5) + (4 * root + 2 * cc_get(r, "b_used")) * cc_get(r, "step");
}

static double forb_bound(const cc_row *r) { return 4.25 * exp(-cc_get(r, "epoch") * cc_get(r, "n") * log1p(1 / (6 * cc_get(r, "n")))); }
static double outer7(const cc_row *r) { return 7 * cc_get(r, "R") / cc_get(r, "k"); }
static double outer2(const cc_row *r) { return 2 * cc_get(r, "R") / cc_get(r, "k"); }
static double outer_half(const cc_row *r) { return .5 * cc_get(r, "R") / cc_get(r, "k"); }
static double log_natural(const cc_row *r) { return log(cc_get(r, "natural")); }
static double passes_qp(const cc_row *r) { return cc_get(r, "n_comp") / cc_get(r, "n"); }

/* ---- experiments ---- */

#define GAME_EPOCHS "1,2,3,5,7,10,15,20,30,50,70,100,150,200,300,500,700,1000"
#define GAME_PAGE "halpern.page(outside_theory=true,floor_batch=true,eta_L=5)"
#define GAME_INEXACT "halpern.inexact(Mk=code,c=5)"
#define QP_PAGE "halpern.page(outside_theory=true,floor_batch=true,sampling=norepl,eta=0.3)"
#define QP_INEXACT "halpern.inexact(Mk=code,eta=7.0710678118654755,gamma=0.001)"

static const cc_experiment experiments[] = {
    { .id = "curve", .about = "residual along Algorithm 1, beside the full operator and two ablations", .measure = &cc_trajectory, .problem = "finsum_op.lsq",
      .arms = CC_LIST(cc_arm, { .as = "page", .algorithm = "halpern.page" }, { .as = "det", .algorithm = "finsum.halpern(eta_L=0.25,weights=slow)" },
                              { .as = "mini", .algorithm = "halpern.page:mini" }, { .as = "no_anchor", .algorithm = "halpern.page:no_anchor" }),
      .axes = CC_LIST(cc_axis, { "problem", "finsum_op.lsq finsum_op.lsq_box" }, { "n", "64 256 | 1024" }),
      .plan = { .metrics = "residual", .stop = "steps<=3000", .at = "0..100 105..3000+15" }, .seeds = { 10, 20, 20 }, .block = 20 },
    { .id = "bilinear", .about = "Algorithm 1 where it has no business: a bilinear problem", .measure = &cc_trajectory, .algorithm = "halpern.page(outside_theory=true)",
      .problem = "finsum_op.bilinear(n=64)", .plan = { .metrics = "residual", .stop = "steps<=3000", .at = "0..3000+100" }, .seeds = { 3, 3, 3 }, .block = 3 },
    { .id = "bill", .about = "what Algorithm 1 spends in a given number of steps", .measure = &cc_final, .algorithm = "halpern.page",
      .problem = "finsum_op.lsq(d=3)", .axes = CC_LIST(cc_axis, { "n", "100 | 1000" }), .plan = { .metrics = "dist", .stop = "steps<=2000" },
      .seeds = { 60, 200, 200 }, .block = 50 },
    { .id = "cost_n", .about = "evaluations until the residual is .004, over n", .measure = &cc_cost, .problem = "finsum_op.lsq",
      .arms = CC_LIST(cc_arm, { .as = "page", .algorithm = "halpern.page" }, { .as = "det", .algorithm = "finsum.halpern" }),
      .axes = CC_LIST(cc_axis, { "n", "64 256 1024 | 4096 16384" }), .plan = { .metrics = "residual", .targets = ".004", .stop = "steps<=20000" },
      .seeds = { 5, 9, 9 }, .block = 3 },
    { .id = "cost_eps", .about = "evaluations until the residual is epsilon, over epsilon", .measure = &cc_cost, .algorithm = "halpern.page",
      .problem = "finsum_op.lsq(n=1024)", .plan = { .metrics = "residual", .targets = ".05 .02 .01 .005 .002", .stop = "steps<=20000" },
      .seeds = { 9, 9, 9 }, .block = 3 },
    { .id = "cost_eps_mini", .about = "the same without recursion", .measure = &cc_cost, .algorithm = "halpern.page:mini", .problem = "finsum_op.lsq(n=1024)",
      .plan = { .metrics = "residual", .targets = ".05 .02 .01 .005 .002", .stop = "steps<=20000" }, .seeds = { 2, 4, 4 }, .block = 2 },
    { .id = "identity", .about = "PAGE's error after one step: all batches", .measure = &halpern_identity, .problem = "finsum_op.lsq(n=4,d=3)",
      .axes = CC_LIST(cc_axis, { "b", "1 2 3" }, { "distinct", "false true" }, { "p", "0 0.3" }), .seeds = { 3, 5, 5 }, .block = 5 },
    { .id = "identity_sampled", .about = "PAGE's error after one step: random batches", .measure = &halpern_identity, .problem = "finsum_op.lsq(n=100)",
      .set = "b=20 samples=200|1000", .axes = CC_LIST(cc_axis, { "distinct", "false true" }), .seeds = { 20, 100, 100 }, .block = 50 },
    { .id = "contraction", .about = "the inner solver alone, against the exact resolvent", .measure = &halpern_contraction,
      .problem = "finsum_op.bilinear(matrix=gaussian)", .axes = CC_LIST(cc_axis, { "n", "16 32 | 64" }, { "c", "0.5 1" }), .seeds = { 40, 100, 100 }, .block = 50 },
    { .id = "contraction_outer", .about = "the same with the snapshot of the published scripts", .measure = &halpern_contraction, .set = "snapshot=outer",
      .problem = "finsum_op.bilinear(matrix=gaussian)", .axes = CC_LIST(cc_axis, { "n", "16 32 | 64" }), .seeds = { 40, 100, 100 }, .block = 50 },
    { .id = "outer", .about = "Algorithm 2 beside the exact resolvent", .measure = &halpern_outer, .algorithm = "halpern.inexact", .problem = "finsum_op.bilinear(n=64)",
      .axes = CC_LIST(cc_axis, { "problem", "finsum_op.bilinear(n=64) finsum_op.qp(n=50)" }, { "Mk", "safe theory" }), .plan = { .stop = "steps<=40|200" },
      .seeds = { 9, 9, 9 }, .block = 3 },
    { .id = "accuracy", .about = "is the inner solution as accurate as the analysis of Algorithm 2 asks?", .measure = &halpern_outer,
      .algorithm = "halpern.inexact(Mk=theory)", .problem = "finsum_op.bilinear(n=16)", .plan = { .stop = "steps<=16" }, .seeds = { 20, 50, 50 }, .block = 50 },
    { .id = "lipschitz", .about = "evaluations until |F| <= .002 on a low-rank bilinear problem, over n, L fixed", .measure = &cc_cost, .problem = "finsum_op.bilinear",
      .arms = CC_LIST(cc_arm, { .as = "inexact", .algorithm = "halpern.inexact(c=1)", .set = "Mk=practical|safe" },
                              { .as = "practical", .algorithm = "halpern.inexact:practical" }, { .as = "eag", .algorithm = "finsum.eag(eta_L=0.5)" }),
      .axes = CC_LIST(cc_axis, { "n", "16 64 256 | 1024" }), .plan = { .metrics = "residual", .targets = ".002", .stop = "steps<=20000" }, .seeds = { 9, 9, 9 } },
    { .id = "report_at", .about = "outer iterations until the residual is .01: at the resolvent v and at the averaged point u", .measure = &cc_cost,
      .problem = "finsum_op.bilinear", .arms = CC_LIST(cc_arm, { .as = "v", .algorithm = "halpern.inexact(c=1)" }, { .as = "u", .algorithm = "halpern.inexact(c=1,res_at=u)" }),
      .axes = CC_LIST(cc_axis, { "n", "16 32 64 128" }), .plan = { .metrics = "residual", .targets = ".01", .stop = "steps<=500" }, .seeds = { 9, 9, 9 }, .block = 3 },
    { .id = "game", .about = "policeman and burglar: natural residual against passes over the data", .measure = &halpern_race, .problem = "finsum_op.game",
      .arms = CC_LIST(cc_arm, { .as = "page", .algorithm = GAME_PAGE }, { .as = "inexact", .algorithm = GAME_INEXACT },
                              { .as = "inexact_scripts", .algorithm = GAME_INEXACT, .set = "bill=scripts" }, { .as = "vreg", .algorithm = "finsum.vreg(c=3)" },
                              { .as = "eg", .algorithm = "finsum.eg(eta_L=5)" }, { .as = "eag", .algorithm = "finsum.eag(eta_L=5)" },
                              { .as = "det", .algorithm = "halpern.page(outside_theory=true,eta_L=5,p=1)" }),
      .axes = CC_LIST(cc_axis, { "n", "50 100" }), .set = "epochs=" GAME_EPOCHS, .seeds = { 9, 9, 9 }, .block = 3 },
    { .id = "game_large", .about = "the same at the size of the paper's figure", .measure = &halpern_race, .problem = "finsum_op.game(n=500)",
      .arms = CC_LIST(cc_arm, { .as = "page", .algorithm = GAME_PAGE }, { .as = "inexact", .algorithm = GAME_INEXACT }, { .as = "vreg", .algorithm = "finsum.vreg(c=3)" },
                              { .as = "eg", .algorithm = "finsum.eg(eta_L=5)" }, { .as = "eag", .algorithm = "finsum.eag(eta_L=5)" }),
      .set = "epochs=" GAME_EPOCHS "|" GAME_EPOCHS "|" GAME_EPOCHS ",1500,2000,3000,5000", .seeds = { 0, 9, 9 }, .block = 3, .first_seed = 100 },
    { .id = "qp", .about = "the saddle-point quadratic programme: residual against passes over the data", .measure = &cc_trajectory, .problem = "finsum_op.qp",
      .arms = CC_LIST(cc_arm, { .as = "page", .algorithm = QP_PAGE }, { .as = "inexact", .algorithm = QP_INEXACT }, { .as = "vreg", .algorithm = "finsum.vreg(eta=0.01)" },
                              { .as = "eg", .algorithm = "finsum.eg(eta=0.5)" }, { .as = "eag", .algorithm = "finsum.eag(eta=0.3)" }),
      .plan = { .metrics = "residual", .clock = "n_comp", .at = "2500..1000000*1.15", .stop = "n_comp<=1000000" }, .seeds = { 9, 9, 9 }, .block = 9 },
    { 0 },
};

/* ---- claims ---- */

static const cc_claim claims[] = {
    { .id = "coco_last_iterate", .source = "Section 3, last-iterate theorem of Algorithm 1; constant from the potential argument",
      .statement = "for cocoercive F, sqrt(E|F(u_k) + g_k|^2) <= 16 L R / (k+3) at every k >= 1",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "curve", .where = "arm=page step>=1",
      .derive = CC_LIST(cc_derived, { "bound", "", "16 L R / (k+3)", bound16 }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "step", .y = "residual", .other = "bound", .across = "rms", .by = "problem n")),
      .controls = CC_LIST(cc_control, { .id = "mini", .what = "a fresh batch in place of the recursion", .where = "arm=mini step=3000" },
                                      { .id = "not_cocoercive", .what = "a bilinear problem", .experiment = "bilinear", .where = "step>=1",
                                        .checks = CC_LIST(cc_check, CC_BOUND(.y = "residual", .other = "bound")) },
                                      { .id = "four", .what = "a bound of 4 L R / (k+3)", .derive = CC_LIST(cc_derived, { "bound", "", "4 L R / (k+3)", bound4 }) }) },
    { .id = "coco_slope", .source = "anchoring: F(u_k) tends to (lambda_{k-1}/eta) (u_0 - u*)",
      .statement = "the residual of Algorithm 1 decays like 1/k and (eta / lambda) |F(u_k)| tends to R",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PILOT, .experiment = "curve", .where = "arm=page problem=finsum_op.lsq",
      .derive = CC_LIST(cc_derived, { "anchored", "R", "(eta / lambda) |F(u_k)| / R", anchored }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "step", .y = "residual", .from = 300, .to = 3000, .is = CC_WITHIN(-1.05, -.9), .by = "n"),
                                  CC_EQUALITY(.y = "anchored", .where = "step=3000", .is = CC_EQUALS(1), .rel = .03, .by = "n")),
      .controls = CC_LIST(cc_control, { .id = "no_anchor", .what = "lambda = 0", .where = "arm=no_anchor problem=finsum_op.lsq" },
                                      { .id = "mini", .what = "a fresh batch in place of the recursion", .where = "arm=mini problem=finsum_op.lsq" }) },
    { .id = "page_tracks_full", .source = "Section 3: the variance of the estimate is absorbed",
      .statement = "per iteration Algorithm 1 is as good as Halpern iteration with the full operator: the residuals agree within 10 %",
      .origin = CC_FROM_US, .threshold = CC_FROM_PILOT, .experiment = "curve", .where = "arm=page step>=1",
      .derive = CC_LIST(cc_derived, { "full_operator", "", "residual with the full operator", det_residual }),
      .checks = CC_LIST(cc_check, CC_SCALING(.x = "step", .y = "residual", .other = "full_operator", .across = "rms", .is = CC_WITHIN(.9, 1.1), .by = "problem n")),
      .controls = CC_LIST(cc_control, { .id = "mini", .what = "a fresh batch in place of the recursion", .where = "arm=mini step>=1" }) },
    { .id = "page_cost", .source = "Section 3, cost of the schedule",
      .statement = "E[evaluations after K steps] = 2n + sum p_i n + (1 - p_i) 2b <= 2n + 4n ln(1 + sqrt(n)/5) + (4 sqrt(n) + 2b) K",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "bill",
      .derive = CC_LIST(cc_derived, { "formula", "", "expected evaluations", expected_cost }, { "ceiling", "", "closed bound", cost_ceiling }),
      .checks = CC_LIST(cc_check, CC_SCALING(.x = "n", .y = "n_comp", .other = "formula", .se = 4), CC_BOUND(.x = "n", .y = "n_comp", .other = "ceiling", .across = "mean")),
      .controls = CC_LIST(cc_control, { .id = "half", .what = "p = 1/2 throughout", .set = "p=0.5" }) },
    { .id = "sqrt_n_cost", .source = "abstract; Section 3, cost of Algorithm 1", .statement = "the evaluations of Algorithm 1 for a given residual grow like sqrt(n), once sqrt(n) L R / epsilon >> n",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "cost_n", .where = "arm=page",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "n", .y = "n_comp", .from = 64, .to = 16384, .is = CC_WITHIN(.45, .68))),
      .controls = CC_LIST(cc_control, { .id = "full_operator", .what = "Halpern iteration with the full operator: n", .where = "arm=det" }) },
    { .id = "inv_eps_cost", .source = "abstract; Section 3, cost of Algorithm 1", .statement = "the evaluations of Algorithm 1 grow like 1/epsilon",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "cost_eps",
      .derive = CC_LIST(cc_derived, { "inverse_target", "", "1/epsilon", inverse_target }, { "missed", "", "1: epsilon was not reached", missed }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "inverse_target", .y = "n_comp", .from = 20, .to = 500, .is = CC_WITHIN(.9, 1.2)),
                                  CC_PROBABILITY(.y = "missed", .over = "", .is = CC_AT_MOST(0))),
      .controls = CC_LIST(cc_control, { .id = "mini", .what = "a fresh batch in place of the recursion: small residuals are out of reach", .experiment = "cost_eps_mini",
                                        .shows = CC_LIST(cc_check, CC_EQUALITY(.y = "missed", .where = "target<=0.002", .is = CC_EQUALS(1), .over = "")) }) },
    { .id = "page_variance", .source = "Section 3, variance recursion of PAGE, as an identity",
      .statement = "E|e_{k+1}|^2 = (1-p) (|e_k|^2 + (1/b) (E_i|dF_i|^2 - |dF|^2)); times (n-b)/(n-1) inside when drawn without replacement",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "identity",
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "measured", .other = "expected", .rel = 1e-12, .over = "")),
      .controls = CC_LIST(cc_control, { .id = "sign", .what = "the correction subtracted", .set = "slip=sign" }, { .id = "weight", .what = "the correction divided by n", .set = "slip=weight" }) },
    { .id = "page_variance_sampled", .source = "the same, with the algorithm's own draws", .statement = "random batches of 20 of 100 components agree with the identity",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "identity_sampled",
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "ratio", .is = CC_EQUALS(1), .across = "mean", .se = 4, .by = "distinct")),
      .controls = CC_LIST(cc_control, { .id = "sign", .what = "the correction subtracted", .set = "slip=sign" }, { .id = "weight", .what = "the correction divided by n", .set = "slip=weight" }) },
    { .id = "forb_linear_rate", .source = "Algorithm 3 on a strongly monotone problem",
      .statement = "E|v_M - v*|^2 <= 4.25 (1 + 1/(6n))^-M |u - v*|^2 with c = 1/2; the rate of an epoch does not depend on n",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "contraction", .where = "c=0.5",
      .derive = CC_LIST(cc_derived, { "bound", "", "4.25 (1 + 1/(6n))^-M", forb_bound }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "epoch", .y = "ratio", .other = "bound", .across = "mean", .by = "n"),
                                  CC_LINEAR_RATE(.x = "epoch", .y = "ratio", .across = "mean", .by = "n", .is = CC_WITHIN(.63, .73))),
      .controls = CC_LIST(cc_control, { .id = "outer_snapshot", .what = "the snapshot never moves, as in the published scripts", .experiment = "contraction_outer" },
                                      { .id = "long_step", .what = "c = 5: diverges", .set = "c=5", .where = "c=5" }) },
    { .id = "resolvent_outer_rate", .source = "Section 4, theorem on Algorithm 2", .statement = "sqrt(E|P(u_k)|^2) <= 7 R / k at every k >= 1; with an exact resolvent 2 R / k",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "outer", .where = "k>=1",
      .derive = CC_LIST(cc_derived, { "bound", "", "7 R / k", outer7 }, { "exact", "", "2 R / k", outer2 }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "k", .y = "P", .other = "bound", .across = "rms", .by = "problem Mk"),
                                  CC_BOUND(.x = "k", .y = "P", .other = "exact", .across = "rms", .by = "problem Mk", .where = "Mk=theory")),
      .controls = CC_LIST(cc_control, { .id = "long_step", .what = "an inner solver with c = 5", .set = "c=5",
                                        .checks = CC_LIST(cc_check, CC_BOUND(.y = "P", .other = "bound", .by = "problem Mk")) },
                                      { .id = "half", .what = "a bound of R / (2k)", .derive = CC_LIST(cc_derived, { "bound", "", "R / (2k)", outer_half }) }) },
    { .id = "inner_accuracy", .source = "Algorithm 2, the accuracy asked of the inner solver", .statement = "|v - J(u_k)|^2 <= |P(u_k)|^2 / (k+2)^8 with the inner lengths of the analysis (there in the mean, here in every run)",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "accuracy", .where = "k=0,1,3,7,15",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "accuracy", .is = CC_AT_MOST(1))),
      .controls = CC_LIST(cc_control, { .id = "code", .what = "the inner lengths of the published scripts", .set = "Mk=code" }) },
    { .id = "lip_sqrt_n", .source = "abstract; Section 4, cost of Algorithm 2",
      .statement = "with L fixed the evaluations of Algorithm 2 grow at most about like sqrt(n), its outer iterations shrink like 1/sqrt(n)",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "lipschitz", .where = "arm=inexact",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "n", .y = "n_comp", .from = 16, .to = 1024, .is = CC_AT_MOST(.6)),
                                  CC_EXPONENT(.x = "n", .y = "step", .from = 16, .to = 1024, .is = CC_WITHIN(-.57, -.43))),
      .controls = CC_LIST(cc_control, { .id = "eag", .what = "anchored extragradient with the full operator: n", .where = "arm=eag" }) },
    { .id = "report_at_v", .source = "P(u_k) / eta is in (F + G)(J(u_k)), not in (F + G)(u_k)",
      .statement = "the gain of eta = sqrt(n)/L shows at the resolvent v: outer iterations shrink like 1/sqrt(n) there",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PILOT, .experiment = "report_at", .where = "arm=v",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "n", .y = "step", .from = 16, .to = 128, .is = CC_WITHIN(-.57, -.43))),
      .controls = CC_LIST(cc_control, { .id = "at_u", .what = "the averaged point, where the published scripts look: no gain at all", .where = "arm=u" }) },
    { .id = "game_page", .source = "Figure 1(a)", .statement = "on a matrix game of n = 100, at equal passes over the data, Algorithm 1 and VR-EG are below EG and EAG",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "game", .where = "epoch=50,100,200,500,1000 n=100",
      .derive = CC_LIST(cc_derived, { "log_natural", "", "ln of the natural residual", log_natural }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "page < eg", .margin = .2),
                                  CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "page < eag", .margin = .2),
                                  CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "vreg < eg", .margin = .2)),
      .controls = CC_LIST(cc_control, { .id = "swapped", .what = "EG to be below Algorithm 1",
                                        .checks = CC_LIST(cc_check, CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "eg < page", .margin = .2)) }) },
    { .id = "game_inexact", .source = "Figure 1(a)", .statement = "on a matrix game of n = 100, at equal passes over the data, Algorithm 2 is below EG and EAG",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "game", .where = "epoch=50,100,200,500,1000 n=100",
      .derive = CC_LIST(cc_derived, { "log_natural", "", "ln of the natural residual", log_natural }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "inexact < eg", .margin = .1),
                                  CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "inexact < eag", .margin = .2)),
      .controls = CC_LIST(cc_control, { .id = "swapped", .what = "EG to be below Algorithm 1",
                                        .checks = CC_LIST(cc_check, CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "eg < page", .margin = .1)) }) },
    { .id = "game_inexact_500", .source = "Figure 1(a)", .statement = "on the matrix game with n = 500, at equal passes over the data, Algorithms 1 and 2 and VR-EG are below EG and EAG",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "game_large", .where = "epoch=50,100,200,500,1000",
      .derive = CC_LIST(cc_derived, { "log_natural", "", "ln of the natural residual", log_natural }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "inexact < eg", .margin = .1),
                                  CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "inexact < eag", .margin = .2),
                                  CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "page < eg", .margin = .2),
                                  CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "vreg < eg", .margin = .2)),
      .controls = CC_LIST(cc_control, { .id = "small", .what = "n = 100: there Algorithm 2 is above EG", .experiment = "game", .where = "epoch=50,100,200,500,1000 n=100" }) },
    { .id = "game_inexact_scripts", .source = "published script of the matrix game",
      .statement = "at n = 100 already Algorithm 2 is below EG when the first full operator of each outer iteration is not counted, as in the published script",
      .origin = CC_FROM_CODE, .threshold = CC_FROM_PILOT, .experiment = "game", .where = "epoch=50,100,200,500,1000 n=100",
      .derive = CC_LIST(cc_derived, { "log_natural", "", "ln of the natural residual", log_natural }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "inexact_scripts < eg", .margin = .2)),
      .controls = CC_LIST(cc_control, { .id = "full_bill", .what = "every evaluation counted",
                                        .checks = CC_LIST(cc_check, CC_ORDERING(.y = "log_natural", .per_unit = "mean", .chain = "inexact < eg", .margin = .2)) }) },
    { .id = "qp_halpern", .source = "Figure 1(b)",
      .statement = "on the quadratic programme Algorithm 1 ends below EAG, EAG below EG, VR-EG stays flat, and Algorithm 1 decays like 1/k",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "qp", .derive = CC_LIST(cc_derived, { "passes", "", "evaluations / n", passes_qp }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "residual", .per_unit = "last", .chain = "page < eag < eg"), CC_ORDERING(.y = "residual", .per_unit = "last", .chain = "page < vreg"),
                                  CC_EXPONENT(.where = "arm=page", .x = "passes", .y = "residual", .from = 5000, .to = 20000, .is = CC_WITHIN(-1.1, -.9))),
      .controls = CC_LIST(cc_control, { .id = "eg", .what = "EG in the place of Algorithm 1",
                                        .checks = CC_LIST(cc_check, CC_EXPONENT(.where = "arm=eg", .x = "passes", .y = "residual", .from = 5000, .to = 20000, .is = CC_WITHIN(-1.1, -.9))) },
                                      { .id = "swapped", .what = "EAG to be below Algorithm 1", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "residual", .per_unit = "last", .chain = "eag < page")) }) },
    { .id = "lower_bound", .source = "Section 1, from earlier lower bounds", .statement = "n + sqrt(n) L R / epsilon is optimal up to logarithms for monotone Lipschitz problems",
      .origin = CC_FROM_PAPER, .untestable = "information-theoretic: about all algorithms and the worst problem" },
    { 0 },
};

/* ---- figures ---- */

static const cc_figure figures[] = {
    { .id = "game", .source = "Figure 1(a)", .caption = "Matrix game: natural residual against passes over the data. as-billed-by-the-script: Algorithm 2 without the first full operator of each outer iteration",
      .kind = "curve", .experiment = "game", .where = "arm!=det", .x = "epoch", .y = "natural", .by = "arm",
      .options = "yscale=log panels=n xlabel='passes over the data' ylabel='natural residual' labels='page:PAGE-Halpern inexact:inexact-Halpern inexact_scripts:as-billed-by-the-script vreg:VR-EG eg:EG eag:EAG'" },
    { .id = "game_large", .source = "Figure 1(a)", .caption = "The same with n = 500, as in the paper", .kind = "curve", .experiment = "game_large", .x = "epoch", .y = "natural", .by = "arm",
      .options = "yscale=log xlabel='passes over the data' ylabel='natural residual' labels='page:PAGE-Halpern inexact:inexact-Halpern vreg:VR-EG eg:EG eag:EAG'" },
    { .id = "qp", .source = "Figure 1(b)", .caption = "Quadratic programme (n = 50): residual against passes over the data", .kind = "curve", .experiment = "qp", .x = "passes", .y = "residual", .by = "arm",
      .derive = CC_LIST(cc_derived, { "passes", "", "evaluations / n", passes_qp }),
      .options = "yscale=log xlabel='passes over the data' labels='page:PAGE-Halpern inexact:inexact-Halpern vreg:VR-EG eg:EG eag:EAG'" },
    { .id = "last_iterate", .source = "Section 3", .caption = "The residual of Algorithm 1, of the full operator, without recursion, and the bound 16 L R / (k+3)", .kind = "curve", .experiment = "curve",
      .where = "step>=1 problem=finsum_op.lsq arm!=no_anchor", .x = "step", .y = "residual bound", .by = "arm", .derive = CC_LIST(cc_derived, { "bound", "", "16 L R / (k+3)", bound16 }),
      .options = "xscale=log yscale=log panels=n labels='page:PAGE-Halpern det:full-operator mini:no-recursion'" },
    { .id = "cost_over_n", .source = "Section 3", .caption = "Evaluations until the residual is .004", .kind = "curve", .experiment = "cost_n", .x = "n", .y = "n_comp", .by = "arm",
      .options = "xscale=log yscale=log markers=1 slope=.5,1 labels='page:PAGE-Halpern det:full-operator'" },
    { .id = "contraction", .source = "Algorithm 3", .caption = "Contraction of the inner solver over epochs (c = 1/2 and 1) and its bound", .kind = "curve", .experiment = "contraction",
      .x = "epoch", .y = "ratio bound", .by = "c", .derive = CC_LIST(cc_derived, { "bound", "", "4.25 (1 + 1/(6n))^-M", forb_bound }), .options = "yscale=log panels=n" },
    { .id = "contraction_outer", .source = "published scripts", .caption = "The same with a snapshot that never moves: it stalls", .kind = "curve", .experiment = "contraction_outer", .x = "epoch", .y = "ratio", .by = "n",
      .options = "yscale=log" },
    { .id = "report_at", .source = "Section 4", .caption = "Outer iterations of Algorithm 2 until the residual is .01, read at v and at u", .kind = "curve", .experiment = "report_at", .x = "n", .y = "step", .by = "arm",
      .options = "xscale=log yscale=log markers=1 slope=-.5" },
    { .id = "lipschitz", .source = "Section 4", .caption = "Evaluations until |F| <= .002 on low-rank bilinear problems", .kind = "curve", .experiment = "lipschitz", .x = "n", .y = "n_comp", .by = "arm",
      .options = "xscale=log yscale=log markers=1 slope=.5,1" },
    { 0 },
};



const cc_plugin cc_plugin_1 = {
    .id = "halpern",
    .title = "Variance-reduced Halpern iteration for finite-sum monotone inclusions",
    .citation = "Cai, Alacaoglu, Diakonikolas, ICLR 2024, arXiv 2310.02987",
    .algorithms = halpern_algorithms,
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = halpern_benches,
};
