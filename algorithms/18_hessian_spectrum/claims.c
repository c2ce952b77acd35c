/* algorithms/18_hessian_spectrum/claims.c: what the paper says of Hessians of networks, and what would show that it is not so. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algorithms/18_hessian_spectrum/bench.h"
#include "algorithms/18_hessian_spectrum/hessian.h"
#include "algorithms/18_hessian_spectrum/measures.h"
#include "harness/plugin.h"

#define CLUSTERS(widths) "smooth.net(data=clusters,inputs=20,outputs=5,n=500,hidden=" widths ",phi=relu,start=he)"
#define POOLED "smooth.net(data=pooled,n=1000,hidden=20-20,phi=relu,start=he)"
#define FEW "smooth.net(data=clusters,inputs=20,outputs=3,n=20,hidden=16-16,phi=tanh,start=uniform)"
#define DIGITS(widths, n) "smooth.net(data=digits,centred=true,n=" n ",hidden=" widths ",phi=relu,start=he)"

static const cc_experiment experiments[] = {
    { .id = "clusters", .about = "outliers after training to a loss of .05 on k equidistant clusters", .measure = &hessian_top, .algorithm = "spectrum.gd(goal=0.05)", .problem = CLUSTERS("30-30"), .set = "n=250|500",
      .axes = CC_LIST(cc_axis, { "outputs", "2 5 | 3 8 10" }), .plan = { .stop = "steps<=5000" }, .seeds = { 15, 10, 24 } },
    { .id = "two_labels", .about = "the same clusters, of two classes only", .measure = &hessian_top, .algorithm = "spectrum.gd(goal=0.05)", .problem = CLUSTERS("30-30"), .set = "outputs=2 n=250|500",
      .axes = CC_LIST(cc_axis, { "clusters", "5 | 3 8 10" }), .plan = { .stop = "steps<=5000" }, .seeds = { 6, 6, 12 } },
    { .id = "narrow", .about = "the same clusters with six hidden units a layer", .measure = &hessian_top, .algorithm = "spectrum.gd(goal=0.05)", .problem = CLUSTERS("6-6"), .set = "n=250|500",
      .axes = CC_LIST(cc_axis, { "outputs", "5 | 8 10" }), .plan = { .stop = "steps<=5000" }, .seeds = { 6, 6, 12 } },
    { .id = "separation", .about = "five clusters, nearer and farther", .measure = &hessian_top, .algorithm = "spectrum.gd(goal=0.05)", .problem = CLUSTERS("30-30"),
      .axes = CC_LIST(cc_axis, { "separation", "3 6 | 4" }), .plan = { .stop = "steps<=5000" }, .seeds = { 10, 16, 30 }, .first_seed = 200 },
    { .id = "rescaled", .about = "five clusters, their distance and their width scaled alike", .measure = &hessian_top, .algorithm = "spectrum.gd(goal=0.05)", .set = "n=250|500",
      .arms = CC_LIST(cc_arm, { .as = "near", .problem = CLUSTERS("30-30"), .set = "separation=6 spread=1" },
                              { .as = "far", .problem = CLUSTERS("30-30"), .set = "separation=12 spread=2" }), .plan = { .stop = "steps<=5000" }, .seeds = { 5, 5, 16 } },
    { .id = "leading", .about = "five largest eigenvalues by Lanczos' method and by minimising Rayleigh quotients, before and after training", .measure = &hessian_leading, .algorithm = "spectrum.gd(goal=0.05)",
      .problem = CLUSTERS("30-30"), .axes = CC_LIST(cc_axis, { "pgtol", "1e-5 1e-9" }), .set = "n=250|500", .plan = { .stop = "steps<=5000" }, .seeds = { 1, 5, 10 }, .first_seed = 100 },
    { .id = "blobs", .about = "outliers on blobs around random centres, from the small start of the paper's code", .measure = &hessian_top, .algorithm = "spectrum.gd(from=reference,goal=0.001)",
      .problem = "smooth.net(data=blobs,inputs=20,outputs=5,n=500,hidden=30-30,phi=relu,start=he)", .axes = CC_LIST(cc_axis, { "outputs", "2 3 5 | | 8 10" }), .plan = { .stop = "steps<=20000" }, .seeds = { 0, 8, 20 } },
    { .id = "curves", .about = "two classes that no line divides: circles, half circles", .measure = &hessian_top, .algorithm = "spectrum.gd(goal=0.05)", .problem = "smooth.net(data=circles,outputs=2,n=250,hidden=30-30,phi=relu,start=he)",
      .axes = CC_LIST(cc_axis, { "data", "moons circles" }), .plan = { .stop = "steps<=2000" }, .seeds = { 0, 6, 20 } },
    { .id = "losses", .about = "H and G at the start and where the loss is .3, .05, .005", .measure = &hessian_spectrum, .algorithm = "spectrum.gd", .problem = CLUSTERS("12-12"), .set = "hidden=8-8|12-12 n=250|500",
      .axes = CC_LIST(cc_axis, { "goal", "0.3 0.05 | 0.005" }), .plan = { .stop = "steps<=20000" }, .seeds = { 6, 7, 12 }, .first_seed = 100 },
    { .id = "pooled", .about = "whole spectra before and after 3000 steps on 7 x 7 Fashion-MNIST", .measure = &hessian_spectrum, .algorithm = "spectrum.gd", .problem = POOLED,
      .axes = CC_LIST(cc_axis, { "hidden", "10-10 14-14 20-20 30-30 | | 40-40 47-47" }), .plan = { .stop = "steps<=3000" }, .seeds = { 0, 1, 2 }, .deadline_s = 1500, .memory_mb = 4096, .first_seed = 100 },
    { .id = "random_labels", .about = "the smallest of these networks on normal inputs whose labels say nothing of them", .measure = &hessian_spectrum, .algorithm = "spectrum.gd",
      .problem = "smooth.net(data=clusters,separation=0,inputs=49,outputs=10,n=1000,hidden=10-10,phi=relu,start=he)", .plan = { .stop = "steps<=3000" }, .seeds = { 0, 1, 2 } },
    { .id = "few", .about = "fewer residuals than weights: 20 examples of 3 classes, M = 659", .measure = &hessian_spectrum, .algorithm = "spectrum.gd", .problem = FEW,
      .plan = { .stop = "steps<=200" }, .seeds = { 1, 3, 10 } },
    { .id = "traces", .about = "traces of H and G", .measure = &hessian_spectrum, .algorithm = "spectrum.gd", .problem = "smooth.net(data=clusters,inputs=10,outputs=4,n=200,hidden=8-6,phi=relu,start=uniform)",
      .plan = { .stop = "steps<=100" }, .seeds = { 3, 10, 20 } },
    { .id = "exactness", .about = "the Hessian at a random start against differences", .measure = &hessian_exactness, .problem = "smooth.net(data=clusters,inputs=5,outputs=3,n=40,hidden=6-5,start=uniform)",
      .axes = CC_LIST(cc_axis, { "phi", "tanh softplus" }), .seeds = { 2, 5, 10 } },
    { .id = "switch", .about = "1000 steps of 256 examples, 2000 of 10, and the line through where the one ended and the other did", .measure = &hessian_path,
      .algorithm = "spectrum.gd(batch=256,then=10)", .problem = DIGITS("20-20", "1000"), .set = "until=1000 hidden=10-10|20-20", .plan = { .stop = "steps<=2000|3000" }, .seeds = { 1, 3, 6 }, .deadline_s = 200 },
    { .id = "switch_ends", .about = "the same runs, whole spectra at both ends", .measure = &hessian_path,
      .algorithm = "spectrum.gd(batch=256,then=10)", .problem = DIGITS("20-20", "1000"), .set = "until=100|1000 spectra=true hidden=10-10|16-16|20-20", .plan = { .stop = "steps<=200|3000" }, .seeds = { 1, 1, 3 }, .deadline_s = 200 },
    { .id = "batches", .about = "largest eigenvalue after 2000 steps from one start, by all of 250 digits (extended: 1000) or by 10 of them", .measure = &hessian_top, .problem = DIGITS("30-30", "1000"), .set = "n=250|250|1000",
      .arms = CC_LIST(cc_arm, { .as = "large", .algorithm = "spectrum.gd" }, { .as = "small", .algorithm = "spectrum.gd(batch=10)" }), .plan = { .stop = "steps<=2000" }, .seeds = { 0, 10, 20 } },
    { .id = "costs", .about = "flops of a step of descent and of power iteration", .measure = &cc_trajectory, .problem = "smooth.net(data=clusters,inputs=20,outputs=5,n=100,hidden=10-10,phi=relu,start=he)",
      .arms = CC_LIST(cc_arm, { .as = "gradient", .algorithm = "spectrum.gd" }, { .as = "product", .algorithm = "spectrum.power" }), .axes = CC_LIST(cc_axis, { "hidden", "10-10 20-20 40-40 80-80" }),
      .plan = { .metrics = "dist", .at = "0..4+1", .stop = "steps<=4" }, .seeds = { 1, 1, 1 } },
    { .id = "covariance", .about = "spectra of sample covariances, M = 600", .measure = &hessian_covariance, .set = "M=300|600", .axes = CC_LIST(cc_axis, { "N", "150 600 | 300 1200" }), .seeds = { 2, 3, 10 } },
    { 0 },
};

/* ---- derived columns ---- */

/* k - 1 for k clusters, each a class or not. */
static double one_less(const cc_row *r) { return (cc_get(r, "clusters") > 0 ? cc_get(r, "clusters") : cc_get(r, "outputs")) - 1; }
static double counted(const cc_row *r) { return cc_get(r, "n_out") == one_less(r); }
static double all_counted(const cc_row *r) { return cc_get(r, "n_out") == cc_get(r, "outputs"); }
static double products_ratio(const cc_row *r) { return cc_get(r, "products_rayleigh") / cc_get(r, "products_lanczos"); }
static double products_anew(const cc_row *r) { return products_ratio(r) / cc_get(r, "pairs"); }
static double of_h(const cc_row *r) { return cc_get(r, "beyond_h"); }

/* Flops of a step: F_l = 2 N in out of layer l; vectors of M besides, an update and a norm of descent, a norm, a product and a scaling
 * of power iteration. */
static double first_layer(const cc_row *r) { return 2 * cc_get(r, "n") * cc_get(r, "inputs") * strtod(cc_get_text(r, "hidden"), NULL); }
static double others(const cc_row *r)
{
    const double h = strtod(cc_get_text(r, "hidden"), NULL);
    return 2 * cc_get(r, "n") * (h * h + h * cc_get(r, "outputs"));
}
static double weights(const cc_row *r)
{
    const double h = strtod(cc_get_text(r, "hidden"), NULL), c = cc_get(r, "outputs");
    return (cc_get(r, "inputs") + 1) * h + (h + 1) * h + (h + 1) * c;
}
static double gradient_flops(const cc_row *r) { return 2 * first_layer(r) + 3 * others(r); }
static double step_flops(const cc_row *r) { return cc_get(r, "flops") - cc_lag(r, "flops", 1); }
static int is_gradient(const cc_row *r) { return strcmp(cc_get_text(r, "arm"), "gradient") == 0; }
static double formula(const cc_row *r)
{
    return is_gradient(r) ? gradient_flops(r) + 4 * weights(r) : 2 * first_layer(r) + 6 * others(r) + 5 * weights(r);
}
static double formula_differences(const cc_row *r) { return is_gradient(r) ? formula(r) : 2 * gradient_flops(r) + 5 * weights(r); }
static double twice_gradient(const cc_row *r) { return is_gradient(r) ? NAN : 2 * gradient_flops(r) + 5 * weights(r); }

#define TRAINED "trained=1"
#define AT_START CC_LIST(cc_control, { .id = "start", .what = "before training", .where = "trained=0" })

static const cc_claim claims[] = {
    { .id = "hessian_exact", .source = "method", .statement = "the matrix made of Hessian-vector products is symmetric and agrees with differences of the gradient, and the gradient with one written out, for tanh and softplus",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "exactness",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "asymmetry", .is = CC_AT_MOST(1e-12), .over = ""), CC_BOUND(.y = "error", .is = CC_AT_MOST(1e-10), .over = ""), CC_BOUND(.y = "error_plain", .is = CC_AT_MOST(1e-6), .over = ""), CC_BOUND(.y = "error_gradient", .is = CC_AT_MOST(1e-13), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "straight", .what = "the terms of phi'' left out", .set = "curvature=straight" }, { .id = "gauss_newton", .what = "G called H: the second derivatives of the network left out", .set = "curvature=gn" }) },
    { .id = "hessian_decomposition", .source = "Section 2", .statement = "H - G is the sum of the logits' Hessians weighted by p - y, over N", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .experiment = "exactness", .checks = CC_LIST(cc_check, CC_BOUND(.y = "error_r", .is = CC_AT_MOST(1e-10), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "probability", .what = "weighted by p", .set = "weights=probability" }) },
    { .id = "ggn_rank", .source = "Section 2", .statement = "G is positive semidefinite and its rank is at most N (C - 1), before and after training; its eigenvalues but for zeros are those of SS'/N, where G = S'S/N with NC rows", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .experiment = "few", .checks = CC_LIST(cc_check, CC_BOUND(.y = "beyond_g", .is = CC_AT_MOST(1e-12), .over = ""), CC_BOUND(.y = "least_g", .is = CC_AT_LEAST(-1e-12), .over = ""),
                                                              CC_BOUND(.y = "gram", .is = CC_AT_MOST(1e-12), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "whole", .what = "H in place of G", .derive = CC_LIST(cc_derived, { "beyond_g", "", "of H", of_h }) }) },
    { .id = "trace_identity", .source = "own", .statement = "of a network with ReLU the traces of H and G are equal: a logit is multilinear in single weights, so R has no diagonal",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "traces", .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "trace_h", .other = "trace_g", .rel = 1e-12, .over = "")),
      .controls = CC_LIST(cc_control, { .id = "tanh", .what = "tanh, which is curved", .set = "phi=tanh" }) },
    { .id = "outliers_k_minus_1", .source = "table of outliers and clusters; abstract", .statement = "trained to a loss of .05 on k equidistant clusters, the Hessian has k - 1 eigenvalues above its largest gap",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "clusters", .where = TRAINED, .derive = CC_LIST(cc_derived, { "counted", "", "1: k - 1 outliers", counted }),
      .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "counted", .over = "outputs seed", .is = CC_AT_LEAST(.88))),
      .controls = CC_LIST(cc_control, { .id = "start", .what = "before training", .where = "trained=0" },
                                      { .id = "two_labels", .what = "k clusters of two classes: one outlier", .experiment = "two_labels", .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "counted", .over = "clusters seed", .is = CC_AT_LEAST(.88))) },
                                      { .id = "narrow", .what = "six hidden units a layer", .experiment = "narrow" }) },
    { .id = "outliers_follow_data", .source = "conjecture 2", .statement = "the nearer the clusters, s = 6, 4, 3, the larger the largest eigenvalue; the number of outliers stays", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "separation", .where = TRAINED, .derive = CC_LIST(cc_derived, { "counted", "", "1: k - 1 outliers", counted }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.x = "separation", .y = "top", .chain = "separation: falling"), CC_PROBABILITY(.y = "counted", .over = "separation seed", .is = CC_AT_LEAST(.7))),
      .controls = CC_LIST(cc_control, { .id = "rescaled", .what = "distance and width scaled alike: standardised inputs do not change", .experiment = "rescaled",
                                        .checks = CC_LIST(cc_check, CC_ORDERING(.y = "top", .chain = "far < near")) }) },
    { .id = "rayleigh_finds_them", .source = "the paper's code", .statement = "minimising the Rayleigh quotient by L-BFGS, vectors that were found projected out, gives the five largest eigenvalues that Lanczos' method gives, to a millionth of the first, before and after training",
      .origin = CC_FROM_CODE, .threshold = CC_FROM_PILOT, .experiment = "leading", .where = "pgtol=1e-9", .checks = CC_LIST(cc_check, CC_BOUND(.y = "error", .is = CC_AT_MOST(1e-6), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "not_projected", .what = "the first again and again", .set = "project=false" },
                                      { .id = "loose", .what = "as the paper's code stops, where no entry of the gradient exceeds 1e-5", .where = "pgtol=1e-5" }) },
    { .id = "lanczos_is_cheaper", .source = "own", .statement = "to the same residuals Lanczos' method needs less than 1/1.8 of the products of that", .origin = CC_FROM_US, .threshold = CC_FROM_PILOT, .experiment = "leading", .where = "pgtol=1e-9 place=1",
      .derive = CC_LIST(cc_derived, { "products_ratio", "", "products of L-BFGS over those of Lanczos' method", products_ratio }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "products_ratio", .is = CC_AT_LEAST(1.8), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "anew", .what = "Lanczos' method anew for each pair", .derive = CC_LIST(cc_derived, { "products_ratio", "", "its products counted for each pair", products_anew }) }) },
    { .id = "outliers_blobs", .source = "table of outliers and clusters", .statement = "the same count, k - 1, on k blobs around random centres, from the small start of the paper's code, at a loss of .001", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "blobs", .where = TRAINED, .derive = CC_LIST(cc_derived, { "counted", "", "1: k - 1 outliers", counted }),
      .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "counted", .over = "", .is = CC_AT_LEAST(.7))), .controls = AT_START },
    { .id = "outliers_blobs_all", .source = "own", .statement = "there, for k of 2, 3 and 5, k eigenvalues lie above the largest gap", .origin = CC_FROM_PILOT, .threshold = CC_FROM_PILOT,
      .experiment = "blobs", .where = "trained=1 outputs=2,3,5", .derive = CC_LIST(cc_derived, { "counted", "", "1: k outliers", all_counted }),
      .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "counted", .over = "outputs seed", .is = CC_AT_LEAST(.7))),
      .controls = CC_LIST(cc_control, { .id = "start", .what = "before training", .where = "trained=0 outputs=2,3,5" }) },
    { .id = "outliers_curves", .source = "table of outliers and clusters", .statement = "the same count, 1, on two half circles or circles", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "curves", .where = TRAINED,
      .derive = CC_LIST(cc_derived, { "counted", "", "1: k - 1 outliers", counted }), .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "counted", .over = "", .is = CC_AT_LEAST(.7))), .controls = AT_START },
    { .id = "bulk_follows_width", .source = "conjecture 1", .statement = "on the same images more weights M enlarge the bulk near zero; the number of large eigenvalues is no growing power of M", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "pooled", .where = TRAINED,
      .checks = CC_LIST(cc_check, CC_ORDERING(.x = "hidden", .y = "flat_share", .chain = "10-10 < 14-14 < 20-20 < 30-30", .over = ""), CC_BOUND(.y = "large", .is = CC_WITHIN(10, 40), .over = ""),
                                  CC_EXPONENT(.x = "M", .y = "large", .over = "", .from = 1, .pure = 1, .is = CC_WITHIN(-.5, .3))),
      .controls = CC_LIST(cc_control, { .id = "start", .what = "before training", .where = "trained=0" },
                                      { .id = "start_grows", .what = "before training the number grows, up to 2740 weights", .where = "trained=0", .shows = CC_LIST(cc_check, CC_EXPONENT(.x = "M", .y = "large", .over = "", .from = 500, .to = 3000, .is = CC_AT_LEAST(.3))) },
                                      { .id = "random_labels", .what = "labels that say nothing of the inputs", .experiment = "random_labels", .checks = CC_LIST(cc_check, CC_BOUND(.y = "large", .is = CC_WITHIN(10, 40), .over = "")) }) },
    { .id = "mostly_flat", .source = "abstract", .statement = "after training at least 80 % of the eigenvalues are within a thousandth of the largest around zero, M >= 1630", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "pooled", .where = "trained=1 M>=1630", .checks = CC_LIST(cc_check, CC_BOUND(.y = "flat_share", .is = CC_AT_LEAST(.8), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "start", .what = "before training", .where = "trained=0 M>=1630" }) },
    { .id = "negative_eigs_small", .source = "negative eigenvalues", .statement = "after training the smallest eigenvalue is negative, and at most .03 of the largest", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "pooled", .where = TRAINED, .checks = CC_LIST(cc_check, CC_BOUND(.y = "bottom", .is = CC_WITHIN(-.03, -1e-12), .over = "")), .controls = AT_START },
    { .id = "gn_dominates", .source = "Section 2", .statement = "|R| / |H| falls as the loss falls from .3 to .05 and .005", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "losses", .where = TRAINED,
      .checks = CC_LIST(cc_check, CC_ORDERING(.x = "goal", .y = "ratio", .chain = "goal: rising")), .controls = AT_START },
    { .id = "gn_dominates_images", .source = "Section 2", .statement = "on images |R| / |H| is at most .1 after training", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "pooled", .where = TRAINED,
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "ratio", .is = CC_AT_MOST(.1), .over = "")), .controls = AT_START },
    { .id = "lb_sb_connected", .source = "last experiment", .statement = "after a change to small batches the loss falls further, and on the line between both points it falls all the way",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "switch",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "barrier", .is = CC_AT_MOST(1e-6), .over = ""), CC_BOUND(.y = "rise", .is = CC_AT_MOST(0), .over = ""), CC_BOUND(.y = "f_after", .other = "f_before", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "independent", .what = "the line ends at a run from another start: a barrier above .3", .set = "independent=true",
                                        .shows = CC_LIST(cc_check, CC_BOUND(.y = "barrier", .per_unit = "max", .is = CC_AT_LEAST(.3))) }) },
    { .id = "lb_top_larger", .source = "section on batch sizes", .statement = "descent on all examples ends at a larger largest eigenvalue than on batches of 10", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .experiment = "batches", .where = TRAINED, .checks = CC_LIST(cc_check, CC_ORDERING(.y = "top", .chain = "small < large")),
      .controls = CC_LIST(cc_control, { .id = "equal", .what = "batches of 10 in both", .arms = CC_LIST(cc_arm, { .as = "large", .algorithm = "spectrum.gd(batch=10)" }, { .as = "small", .algorithm = "spectrum.gd(batch=10)" }) }) },
    { .id = "hvp_cost", .source = "method", .statement = "with F_l = 2 N in out a gradient takes 2 F_1 + 3 (F_2 + ..) flops and a product with the Hessian at the same point 2 F_1 + 6 (F_2 + ..): at most twice as many",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "costs", .where = "step>=1",
      .derive = CC_LIST(cc_derived, { "step_flops", "", "flops of a step", step_flops }, { "formula", "", "what they should be", formula }, { "twice", "", "two gradients", twice_gradient }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "step_flops", .other = "formula", .over = ""), CC_BOUND(.y = "step_flops", .other = "twice", .over = "", .where = "arm=product")),
      .controls = CC_LIST(cc_control, { .id = "differences", .what = "a product by two gradients", .derive = CC_LIST(cc_derived, { "formula", "", "with two gradients", formula_differences }) }) },
    { .id = "mp_reference", .source = "sample covariance matrices", .statement = "max(0, M - N) eigenvalues of (1/N) sum g g' are zero, the others follow the law of Marchenko and Pastur", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "covariance", .checks = CC_LIST(cc_check, CC_BOUND(.y = "distance", .is = CC_AT_MOST(.03), .over = ""), CC_EQUALITY(.y = "zeros", .other = "zeros_law", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "correlated", .what = "neighbours correlated, .5", .set = "rho=0.5" }) },
    { 0 },
};

static const cc_figure figures[] = {
    { .id = "ordered", .source = "figures of ordered eigenvalues", .caption = "Eigenvalues in order, before and after 3000 steps on Fashion-MNIST, by the widths of the hidden layers; right: the left edge.", .kind = "custom", .experiment = "pooled" },
    { .id = "by_width", .source = "figures over the network's size", .caption = "Positive eigenvalues in descending order after training. Outliers lie upon each other, the bulk moves; dashed: 2/lr, the edge of stability of descent.", .kind = "custom", .experiment = "pooled" },
    { .id = "parts", .source = "Section 2", .caption = "Spectra of H and of its Gauss-Newton part G, before and after training, widest network of those below 2000 weights.", .kind = "custom", .experiment = "pooled" },
    { .id = "outlier_table", .source = "table of outliers and clusters", .caption = "Outliers on k equidistant clusters after training.", .kind = "table", .experiment = "clusters", .where = TRAINED, .x = "outputs M", .y = "n_out gap top steps products" },
    { .id = "own_data_table", .source = "table of outliers and clusters", .caption = "Outliers on k blobs around random centres, from a small start, at a loss of .001.", .kind = "table", .experiment = "blobs", .where = TRAINED, .x = "outputs", .y = "n_out gap top bottom f steps" },
    { .id = "curves_table", .source = "table of outliers and clusters", .caption = "Outliers of two classes that no line divides, after 2000 steps or at a loss of .05.", .kind = "table", .experiment = "curves", .where = TRAINED, .x = "data", .y = "n_out gap top bottom f steps" },
    { .id = "leading", .source = "the paper's code", .caption = "Products with the Hessian for the five largest eigenvalues before and after training, to the same residuals; L-BFGS stops where no entry of the gradient exceeds pgtol.", .kind = "table", .experiment = "leading", .where = "place=1", .x = "trained pgtol", .y = "products_lanczos products_rayleigh error residual" },
    { .id = "switch_curve", .source = "last experiment", .caption = "Loss on all examples along a run that changes from batches of 256 to batches of 10 at step 1000.", .kind = "curve", .experiment = "switch", .where = "k>=0", .x = "k", .y = "f", .options = "yscale=log xlabel=step ylabel=loss" },
    { .id = "switch_line", .source = "last experiment", .caption = "Loss on the line through the point before the change (0) and the end (1).", .kind = "curve", .experiment = "switch", .where = "a>=-1", .x = "a", .y = "f", .options = "markers=1 ylabel=loss" },
    { .id = "switch_spectra", .source = "last experiment", .caption = "Eigenvalues where the batch changes and at the end: positive ones in descending order, and all of them in order.", .kind = "custom", .experiment = "switch_ends" },
    { .id = "switch_table", .source = "last experiment", .caption = "The same ends in numbers.", .kind = "table", .experiment = "switch_ends", .where = "top>0", .x = "a", .y = "f top bottom large flat_share" },
    { .id = "batch_table", .source = "section on batch sizes", .caption = "Largest eigenvalue and loss after 2000 steps from the same start.", .kind = "table", .experiment = "batches", .where = TRAINED, .x = "arm", .y = "top f bottom" },
    { 0 },
};

const cc_plugin cc_plugin_1 = {
    .id = "spectrum",
    .title = "Empirical analysis of the Hessian of over-parametrised neural networks",
    .citation = "L. Sagun, U. Evci, V. U. Guney, Y. Dauphin, L. Bottou: Empirical Analysis of the Hessian of Over-Parametrized Neural Networks, ICLR 2018 workshop track, arXiv 1706.04454",
    .algorithms = CC_LIST(cc_algorithm,
        { .id = "spectrum.gd", .family = "smooth", .summary = "gradient descent, on all examples or on batches in turn", .reference = "Sagun et al., arXiv 1706.04454",
          .params = hessian_gd_params, .probes = hessian_gd_probes, .init = hessian_gd_init, .step = hessian_gd_step, .candidate = hessian_gd_candidate },
        { .id = "spectrum.power", .family = "smooth", .summary = "power iteration on the Hessian at the start", .reference = "Sagun et al., arXiv 1706.04454",
          .params = hessian_power_params, .probes = hessian_power_probes, .init = hessian_power_init, .step = hessian_power_step, .candidate = hessian_power_candidate },
        { .id = "spectrum.rayleigh", .family = "smooth", .summary = "L-BFGS on the Rayleigh quotient of the Hessian at the start, pair by pair", .reference = "Sagun et al., arXiv 1706.04454",
          .params = hessian_rayleigh_params, .probes = hessian_rayleigh_probes, .init = hessian_rayleigh_init, .step = hessian_rayleigh_advance, .candidate = hessian_rayleigh_candidate }),
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = hessian_benches,
};
