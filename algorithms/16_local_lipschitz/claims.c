/* claims.c: what is said of local Lipschitz bounds, what is run for it, and what must fail. */
#include <math.h>
#include <string.h>

#include "bench.h"
#include "lipschitz.h"

/* ---- derived columns ---- */

static double exact(const cc_row *r) { return cc_peer(r, "exact", "bound"); }
static double recurjac(const cc_row *r) { return cc_peer(r, "recurjac", "bound"); }
static double ibp(const cc_row *r) { return cc_peer(r, "ibp", "bound"); }
static double ours(const cc_row *r) { return cc_peer(r, "ours", "bound"); }
static double unstable(const cc_row *r) { return cc_peer(r, "ours", "unstable"); }
static double below(const cc_row *r) { return cc_get(r, "bound") < cc_get(r, "sampled") * (1 - 1e-9); }
static double strict(const cc_row *r) { return cc_get(r, "bound") < .99 * recurjac(r); }
static double previous(const cc_row *r) { return cc_lag(r, "bound", 1); }
static double ended(const cc_row *r) { return !strcmp(cc_get_text(r, "outcome"), "EXACT"); }
static double first(const cc_row *r) { return cc_peer(r, "root", "bound"); }
static double gain(const cc_row *r) { return cc_get(r, "bound") / first(r); }
static double planted(const cc_row *r) { return cc_get(r, "bound") * (cc_get(r, "step") == 20 ? 1.5 : 1); }
static double planted_previous(const cc_row *r) { return cc_lag(r, "bound", 1) * (cc_get(r, "step") == 21 ? 1.5 : 1); }
static double of_global(const cc_row *r) { return cc_get(r, "mean_bound") / cc_peer(r, "global", "mean_bound"); }
static double m(const cc_row *r) { return cc_get(r, "d"); } /* all but the last layer are as wide as the input */
/* Of the matrix products, all neurons unstable: both bounds of every gradient, and the norm. */
static double flops(const cc_row *r)
{
    const double n = cc_get(r, "layers"), K = cc_get(r, "K"), w = m(r);
    return 2 * K * w * w * w * (n - 1) * (n - 2) + 2 * K * w * w * (n - 2);
}
static double seen_area(const cc_row *r) { return strcmp(cc_get_text(r, "arm"), "area") ? NAN : cc_get(r, "sampled"); }
static double width(const cc_row *r) { return cc_get(r, "hidden") / (cc_get(r, "layers") - 1); }
static double milliseconds(const cc_row *r) { return cc_get(r, "ns") / 1e6; }
static double depth(const cc_row *r) { return cc_get(r, "layers"); }

/* ---- experiments ---- */

#define LADDER                                                                                                                   \
    { .as = "bab", .algorithm = "lipschitz.bab(nodes=200)" }, { .as = "ours", .algorithm = "lipschitz.bound" },                  \
    { .as = "recurjac", .algorithm = "lipschitz.bound:recurjac" }, { .as = "ibp", .algorithm = "lipschitz.ibp" },                \
    { .as = "global", .algorithm = "lipschitz.global" }

static const cc_experiment experiments[] = {
    { .id = "nets", .about = "random networks of random shapes", .measure = &cc_final, .problem = "relu_box.mixed",
      .arms = CC_LIST(cc_arm, LADDER, { .as = "alpha", .algorithm = "lipschitz.bound:alpha" }, { .as = "switch", .algorithm = "lipschitz.bound:recurjac_switch" },
                              { .as = "naive", .algorithm = "lipschitz.ibp:naive" }, { .as = "exact", .algorithm = "lipschitz.exact" },
                              { .as = "sample", .algorithm = "lipschitz.sample" }, { .as = "frozen", .algorithm = "lipschitz.bound:frozen_mask" }),
      .seeds = { 60, 200, 200 }, .block = 20, .plan = { .metrics = "bound tightest escape", .stop = "steps<=1000" } },
    { .id = "splits", .about = "branch and bound on random networks", .measure = &cc_trajectory, .problem = "relu_box.random(widths=4-8-8-3,eps=0.5,bias=0.1)",
      .arms = CC_LIST(cc_arm, { .as = "bab", .algorithm = "lipschitz.bab(nodes=400)" }, { .as = "forgetful", .algorithm = "lipschitz.bab:forgetful(nodes=400)" }), .seeds = { 10, 30, 30 }, .block = 10,
      .plan = { .metrics = "bound", .at = "0..200", .stop = "steps<=1000" } },
    { .id = "gains", .about = "the same, its start and its end", .measure = &cc_final, .problem = "relu_box.random(widths=4-8-8-3,eps=0.5,bias=0.1)",
      .arms = CC_LIST(cc_arm, { .as = "root", .algorithm = "lipschitz.bound" }, { .as = "bab", .algorithm = "lipschitz.bab(nodes=400)" }), .seeds = { 30, 60, 60 }, .block = 10,
      .plan = { .metrics = "bound", .stop = "steps<=1000" } },
    { .id = "tiny", .about = "networks small enough for every piece to be visited", .measure = &cc_final, .problem = "relu_box.random",
      .arms = CC_LIST(cc_arm, { .as = "exact", .algorithm = "lipschitz.exact" }, { .as = "bab", .algorithm = "lipschitz.bab:exact" }, { .as = "full", .algorithm = "lipschitz.bab:full" }),
      .axes = CC_LIST(cc_axis, { "widths", "2-6-2 2-8-8-2" }, { "eps", "0.1 0.5 1" }), .seeds = { 3, 5, 5 }, .block = 5,
      .plan = { .metrics = "bound", .stop = "steps<=100000" } },
    { .id = "digits", .about = "networks trained on digits: means over eight boxes", .measure = &lip_mean, .problem = "relu_box.trained(data=digits)",
      .arms = CC_LIST(cc_arm, LADDER, { .as = "sample", .algorithm = "lipschitz.sample" }),
      .axes = CC_LIST(cc_axis, { "hidden_widths", "16-16 32-32 | 64-64 32-32-32-32" }, { "eps", "0.05 0.1 | 0.02" }), .seeds = { 1, 3, 3 }, .first_seed = 300, .set = "boxes=4|8" },
    { .id = "fashion", .about = "networks trained on Fashion-MNIST: the same", .measure = &lip_mean, .problem = "relu_box.trained(data=fashion,samples=50)",
      .arms = CC_LIST(cc_arm, LADDER, { .as = "sample", .algorithm = "lipschitz.sample" }),
      .axes = CC_LIST(cc_axis, { "hidden_widths", "20-20 | | 64-64" }, { "eps", "0.01568627450980392 0.03137254901960784 | 0.00392156862745098" }), .seeds = { 1, 1, 3 }, .first_seed = 300, .set = "boxes=4|8", .deadline_s = 600 },
    { .id = "table", .about = "one network of each shape, bounds and times", .measure = &lip_mean, .problem = "relu_box.trained(data=digits)",
      .arms = CC_LIST(cc_arm, LADDER, { .as = "sample", .algorithm = "lipschitz.sample" }),
      .axes = CC_LIST(cc_axis, { "hidden_widths", "16-16 64-64" }, { "eps", "0.01 0.02 0.05 0.1" }), .seeds = { 1, 1, 1 }, .set = "boxes=4 clock=true", .timed = 1 },
    { .id = "fashion_table", .about = "the same on Fashion-MNIST", .measure = &lip_mean, .problem = "relu_box.trained(data=fashion,samples=50)",
      .arms = CC_LIST(cc_arm, LADDER, { .as = "sample", .algorithm = "lipschitz.sample" }),
      .axes = CC_LIST(cc_axis, { "hidden_widths", "20-20 | | 64-64" }, { "eps", "0.03137254901960784 | 0.00392156862745098 0.01568627450980392" }), .seeds = { 0, 1, 1 }, .set = "boxes=4 clock=true", .timed = 1, .deadline_s = 600 },
    { .id = "width", .about = "work over the width, four layers, every neuron unstable", .measure = &cc_final, .algorithm = "lipschitz.bound", .problem = "relu_box.random(eps=100,samples=1)",
      .axes = CC_LIST(cc_axis, { "widths", "32-32-32-32-10 64-64-64-64-10 128-128-128-128-10 256-256-256-256-10" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "bound" } },
    { .id = "depth", .about = "work over the number of layers of 16 neurons, every one unstable", .measure = &cc_final, .algorithm = "lipschitz.bound", .problem = "relu_box.random(widths=16-16-10,eps=100,samples=1)",
      .axes = CC_LIST(cc_axis, { "layers", "16 32 64 128" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "bound" } },
    { .id = "cells", .about = "visiting every piece, over the number of neurons", .measure = &cc_final, .algorithm = "lipschitz.exact(most_inputs=16)", .problem = "relu_box.random(eps=0.5,bias=0,centre=0,samples=1)",
      .axes = CC_LIST(cc_axis, { "widths", "12-2-1 12-4-1 12-6-1 12-8-1 12-10-1" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "bound" } },
    { .id = "shrink", .about = "one network, smaller and smaller boxes", .measure = &cc_final, .problem = "relu_box.random(widths=4-8-8-3,samples=1)",
      .arms = CC_LIST(cc_arm, { .as = "ours", .algorithm = "lipschitz.bound" }, { .as = "recurjac", .algorithm = "lipschitz.bound:recurjac" }, { .as = "ibp", .algorithm = "lipschitz.ibp:naive" }),
      .axes = CC_LIST(cc_axis, { "eps", "1e-8 1e-7 1e-6 1e-5 1e-4 1e-3 0.01 0.1" }), .seeds = { 20, 50, 50 }, .block = 50, .plan = { .metrics = "bound" } },
    { .id = "kink", .about = "a neuron that is 0 in the centre", .measure = &cc_final, .algorithm = "lipschitz.bound", .problem = "relu_box.fixture(net=kink)",
      .axes = CC_LIST(cc_axis, { "eps", "0.000030517578125 7.450580596923828e-09" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "bound" } },
    { .id = "monotone", .about = "a network that rises in each of four features", .measure = &cc_final, .algorithm = "lipschitz.bound", .problem = "relu_box.monotone(samples=1000)",
      .seeds = { 5, 20, 20 }, .block = 5, .plan = { .metrics = "increasing decreasing contradicted escape" } },
    { .id = "cancer", .about = "breast cancer: one feature free by .25 either way, ten examples", .measure = &lip_certificates, .problem = "relu_box.trained(data=breast_cancer,eps=0.25,samples=50)",
      .arms = CC_LIST(cc_arm, { .as = "ours", .algorithm = "lipschitz.bound" }, { .as = "frozen", .algorithm = "lipschitz.bound:frozen_mask" }),
      .axes = CC_LIST(cc_axis, { "free", "0..29" }), .set = "boxes=4|10", .seeds = { 1, 3, 5 }, .first_seed = 300, .block = 5 },
    { .id = "widths", .about = "networks of 16 inputs trained on clusters: bounds and times over the width", .measure = &cc_final, .problem = "relu_box.trained(data=clusters,eps=0.05)",
      .arms = CC_LIST(cc_arm, LADDER, { .as = "sample", .algorithm = "lipschitz.sample" }), .axes = CC_LIST(cc_axis, { "hidden_widths", "16-16 32-32 | 64-64 128-128" }, { "sample", "0 1" }),
      .seeds = { 1, 2, 3 }, .timed = 1, .plan = { .metrics = "bound", .stop = "steps<=1000" } },
    { .id = "depths", .about = "the same over the depth, 32 neurons a layer", .measure = &cc_final, .problem = "relu_box.trained(data=clusters,eps=0.05)",
      .arms = CC_LIST(cc_arm, LADDER, { .as = "sample", .algorithm = "lipschitz.sample" }), .axes = CC_LIST(cc_axis, { "hidden_widths", "16 16-32 | 16-32-32 16-32-32-32" }, { "sample", "0 1" }),
      .seeds = { 1, 2, 3 }, .timed = 1, .plan = { .metrics = "bound", .stop = "steps<=1000" } },
    { .id = "conv", .about = "convolutional networks of two layers, over the channels", .measure = &cc_final, .problem = "relu_box.conv(eps=0.1,samples=50)",
      .arms = CC_LIST(cc_arm, LADDER, { .as = "sample", .algorithm = "lipschitz.sample" }), .axes = CC_LIST(cc_axis, { "channels", "2 4 | 8 | 16" }, { "sample", "0 | 1" }),
      .seeds = { 1, 1, 2 }, .timed = 1, .deadline_s = 600, .plan = { .metrics = "bound", .stop = "steps<=1000" } },
    { .id = "staircase", .about = "branch and bound on a network trained on digits, three ways to choose", .measure = &cc_trajectory, .problem = "relu_box.trained(data=digits,eps=0.1)",
      .arms = CC_LIST(cc_arm, { .as = "area", .algorithm = "lipschitz.bab(nodes=2000)" }, { .as = "babsr", .algorithm = "lipschitz.bab(nodes=2000,branching=babsr)" },
                              { .as = "random", .algorithm = "lipschitz.bab(nodes=2000,branching=random)" }),
      .axes = CC_LIST(cc_axis, { "hidden_widths", "32-32 64-64" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "bound", .stop = "steps<=2000", .per_decade = 30 } },
    { 0 },
};

/* ---- claims ---- */

static const cc_claim claims[] = {
    { .id = "soundness", .source = "the method's guarantee", .statement = "sampled norms <= the exact constant <= every bound, for all classes, on 200 random networks; sampled Jacobians lie in their bounds entry by entry",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "nets",
      .derive = CC_LIST(cc_derived, { "exact", "", "the constant, where it was computed", exact }, { "below", "", "1: below a norm that was seen", below }, { "unstable_ours", "", "unstable neurons", unstable }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "sampled", .other = "bound", .where = "arm=ours,alpha,switch,bab,recurjac,ibp,naive,global,exact", .rel = 1e-9),
                                  CC_BOUND(.y = "exact", .other = "bound", .where = "arm=ours,alpha,switch,bab,recurjac,ibp,naive,global", .rel = 1e-9),
                                  CC_BOUND(.y = "bound", .other = "exact", .where = "arm=sample", .rel = 1e-9),
                                  CC_BOUND(.y = "tightest", .is = CC_AT_LEAST(1 - 1e-9), .where = "arm=ours,alpha,switch,bab,recurjac,ibp,naive,global,exact"),
                                  CC_BOUND(.y = "escape", .is = CC_AT_MOST(1e-9), .where = "arm=ours,alpha,switch,bab,recurjac,ibp,naive,exact")),
      .controls = CC_LIST(cc_control,
          { .id = "frozen_mask", .what = "statuses taken at the centre: below a sampled norm on 40 % of the networks with unstable neurons, or more", .where = "arm=frozen unstable_ours>0",
            .shows = CC_LIST(cc_check, CC_PROBABILITY(.y = "below", .is = CC_AT_LEAST(.4))) }) },
    { .id = "tighter_recurjac", .source = "abstract: RecurJac is a special case with weaker relaxations",
      .statement = "optimised slopes <= ours <= RecurJac <= intervals on every network; ours is smaller than RecurJac by 1 % or more on 60 % of those with unstable neurons",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_US, .experiment = "nets",
      .derive = CC_LIST(cc_derived, { "ours", "", "its bound", ours }, { "recurjac", "", "its bound", recurjac }, { "ibp", "", "its bound", ibp }, { "strict", "", "1: below .99 of RecurJac's", strict },
                        { "unstable_ours", "", "unstable neurons", unstable }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "bound", .other = "ours", .where = "arm=alpha", .rel = 1e-9), CC_BOUND(.y = "bound", .other = "recurjac", .where = "arm=ours", .rel = 1e-9),
                                  CC_BOUND(.y = "bound", .other = "ibp", .where = "arm=recurjac", .rel = 1e-9), CC_PROBABILITY(.y = "strict", .where = "arm=ours unstable_ours>0", .is = CC_AT_LEAST(.6))),
      .controls = CC_LIST(cc_control, { .id = "constants", .what = "constants in place of chords where the gradient has both signs: RecurJac itself",
            .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "strict", .where = "arm=recurjac unstable_ours>0", .is = CC_AT_LEAST(.6))) }) },
    { .id = "bab_monotone", .source = "branch and bound", .statement = "the bound never rises from node to node and stays above the sampled norms; nor if children are not held to their parent's bound", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .experiment = "splits", .where = "step>=2", .derive = CC_LIST(cc_derived, { "previous", "", "the bound a step earlier", previous }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "bound", .other = "previous", .rel = 1e-12), CC_BOUND(.y = "sampled", .other = "bound", .rel = 1e-9)),
      .controls = CC_LIST(cc_control,
          { .id = "planted", .what = "one bound of the trace made larger by half", .derive = CC_LIST(cc_derived, { "bound_planted", "", "with the mistake", planted }, { "previous_planted", "", "with the mistake", planted_previous }),
            .checks = CC_LIST(cc_check, CC_BOUND(.y = "bound_planted", .other = "previous_planted", .rel = 1e-12)) },
          { .id = "least_first", .what = "the wrong end of the queue: the bound of the best domain", .set = "first=least" }) },
    { .id = "bab_gain_random", .source = "branch and bound", .statement = "400 nodes take the bound of the median random network to .9 of the first or below", .origin = CC_FROM_US, .threshold = CC_FROM_US,
      .experiment = "gains", .derive = CC_LIST(cc_derived, { "gain", "", "last bound over first", gain }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "gain", .where = "arm=bab", .across = "median", .is = CC_AT_MOST(.9))),
      .controls = CC_LIST(cc_control, { .id = "root", .what = "no branching", .checks = CC_LIST(cc_check, CC_BOUND(.y = "gain", .where = "arm=root", .across = "median", .is = CC_AT_MOST(.9))) }) },
    { .id = "bab_exact_tiny", .source = "abstract: comparable to exact methods on tiny models", .statement = "branch and bound with the test of feasibility ends at the exact constant", .origin = CC_FROM_PAPER,
      .threshold = CC_FROM_US, .experiment = "tiny", .derive = CC_LIST(cc_derived, { "exact", "", "the constant", exact }, { "ended", "", "1: by itself, not by its budget", ended }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "bound", .other = "exact", .where = "arm=bab", .rel = 1e-7), CC_EQUALITY(.y = "ended", .where = "arm=bab", .is = CC_EQUALS(1))),
      .controls = CC_LIST(cc_control, { .id = "infeasible", .what = "patterns of signs that no point has are kept", .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "bound", .other = "exact", .where = "arm=full", .rel = 1e-7)) }) },
    { .id = "bab_gain", .source = "tables of mean bounds", .statement = "branch and bound < ours < RecurJac < intervals < product of norms in the mean over boxes around digits, in every network, for every size of the box; none is below a norm seen", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "digits", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "mean_bound", .chain = "bab < ours < recurjac < ibp < global", .over = ""),
                                  CC_BOUND(.y = "worst", .is = CC_AT_LEAST(1 - 1e-9), .where = "arm!=sample")),
      .controls = CC_LIST(cc_control, { .id = "no_unstable", .what = "boxes of 1e-6, where no neuron is unstable", .set = "eps=1e-6" }) },
    { .id = "bab_gain_fashion", .source = "tables of mean bounds", .statement = "branch and bound < ours < RecurJac < intervals < product of norms in the mean over boxes around images of Fashion-MNIST (784 inputs), in every network, for every size of the box", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "fashion", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "mean_bound", .chain = "bab < ours < recurjac < ibp < global", .over = ""),
                                  CC_BOUND(.y = "worst", .is = CC_AT_LEAST(1 - 1e-9), .where = "arm!=sample")),
      .controls = CC_LIST(cc_control, { .id = "no_unstable", .what = "boxes of 1e-9, where no neuron is unstable", .set = "eps=1e-9" }) },
    { .id = "cost_width", .source = "scales to larger models", .statement = "matrix products take 2 K m^3 (n - 1)(n - 2) flops, and those of one row a class: cubic in the width", .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF,
      .experiment = "width", .derive = CC_LIST(cc_derived, { "m", "", "width", m }, { "expected", "", "2 K m^3 (n-1)(n-2) + 2 K m^2 (n-2)", flops }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "m", .y = "n_flop", .over = "", .from = 32, .is = CC_WITHIN(2.9, 3.1)), CC_EQUALITY(.y = "n_flop", .other = "expected", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "exact", .what = "visiting every piece: 2^(.5 a neuron) or more", .experiment = "cells",
            .shows = CC_LIST(cc_check, CC_EXPONENT(.x = "hidden", .y = "n_node", .semilog = 1, .over = "", .from = 2, .is = CC_AT_LEAST(.5 * M_LN2))) }) },
    { .id = "cost_depth", .source = "scales to larger models", .statement = "matrix products take 2 K m^3 (n - 1)(n - 2) flops, and those of one row a class: quadratic in the number of layers", .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF,
      .experiment = "depth", .derive = CC_LIST(cc_derived, { "m", "", "width", m }, { "expected", "", "2 K m^3 (n-1)(n-2) + 2 K m^2 (n-2)", flops }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "layers", .y = "n_flop", .over = "", .from = 16, .is = CC_WITHIN(1.8, 2.2)), CC_EQUALITY(.y = "n_flop", .other = "expected", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "linear", .what = "held to be linear", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "layers", .y = "n_flop", .over = "", .from = 16, .is = CC_WITHIN(.8, 1.2))) }) },
    { .id = "eps_limit", .source = "definition", .statement = "as the box shrinks to a point where no neuron is 0, every bound falls to the Jacobian's norm there; bounds by intervals grow with the box", .origin = CC_FROM_PROOF,
      .threshold = CC_FROM_US, .experiment = "shrink",
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "bound", .other = "at_centre", .where = "eps=1e-8", .rel = 1e-9),
                                  CC_ORDERING(.y = "bound", .chain = "eps: rising", .where = "arm=ibp", .over = "", .margin = -1e-6)),
      .controls = CC_LIST(cc_control, { .id = "kink", .what = "a neuron is 0 in the centre: the bound stays at 8, the norm over both sides; that of one side is 3", .experiment = "kink",
            .shows = CC_LIST(cc_check, CC_EQUALITY(.y = "bound", .is = CC_EQUALS(8), .over = "", .rel = 1e-9), CC_EQUALITY(.y = "at_centre", .is = CC_EQUALS(3), .over = "")) },
          { .id = "large", .what = "boxes of .1", .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "bound", .other = "at_centre", .where = "eps=0.1", .rel = 1e-9)) }) },
    { .id = "local_vs_global", .source = "motivation", .statement = "around digits, ours is at most half the product of norms at eps <= .05", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US, .experiment = "digits",
      .where = "arm=ours eps<=0.05", .derive = CC_LIST(cc_derived, { "share", "", "bound over the product of norms", of_global }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "share", .is = CC_AT_MOST(.5))),
      .controls = CC_LIST(cc_control, { .id = "global", .what = "the product of norms itself", .where = "arm=global eps<=0.05" },
          { .id = "large", .what = "boxes of 10, where every neuron is unstable: .15 of it or more in three layers", .set = "eps=10 clip=false", .where = "arm=ours hidden_widths=16-16,32-32,64-64",
            .shows = CC_LIST(cc_check, CC_BOUND(.y = "share", .is = CC_AT_LEAST(.15))) }) },
    { .id = "monotone_cert", .source = "application: monotonicity", .statement = "a network of weights that are not negative is certified to rise in all four features over the whole box, and no pair of points contradicts it",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "monotone",
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "increasing", .is = CC_EQUALS(1)), CC_EQUALITY(.y = "contradicted", .is = CC_EQUALS(0))),
      .controls = CC_LIST(cc_control, { .id = "negative", .what = "all paths from one feature fall: that one is certified to rise no more, the other three are", .set = "negative=true",
            .shows = CC_LIST(cc_check, CC_EQUALITY(.y = "increasing", .is = CC_EQUALS(.75)), CC_EQUALITY(.y = "decreasing", .is = CC_EQUALS(.25)), CC_EQUALITY(.y = "contradicted", .is = CC_EQUALS(0))) }) },
    { .id = "monotone_real", .source = "application: monotonicity", .statement = "on breast cancer data, some features are certified at some examples, and no pair of points contradicts a certificate", .origin = CC_FROM_PAPER,
      .threshold = CC_FROM_US, .experiment = "cancer",
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "contradictions", .where = "arm=ours", .is = CC_EQUALS(0)),
                                  CC_BOUND(.y = "rising", .where = "arm=ours", .per_unit = "mean", .is = CC_AT_LEAST(.01)), CC_BOUND(.y = "falling", .where = "arm=ours", .per_unit = "mean", .is = CC_AT_LEAST(.01))),
      .controls = CC_LIST(cc_control, { .id = "frozen_mask", .what = "statuses taken at the centre", .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "contradictions", .where = "arm=frozen", .is = CC_EQUALS(0))) }) },
    { 0 },
};

/* ---- figures ---- */

static const cc_figure figures[] = {
    { .id = "width_bound", .source = "bounds over the width of tiny networks", .caption = "Bounds over the width of networks 16-w-w-10 trained on random clusters, eps = .05. 'sample' is a lower bound.", .kind = "curve",
      .experiment = "widths", .x = "width", .y = "bound", .by = "arm", .derive = CC_LIST(cc_derived, { "width", "", "neurons of a hidden layer", width }), .options = "xscale=log yscale=log markers=1 ylabel='Lipschitz constant'" },
    { .id = "width_time", .source = "times over the width of tiny networks", .caption = "Time of one box over the width of those networks, all ten classes, one thread.", .kind = "curve", .experiment = "widths", .x = "width", .y = "ms", .by = "arm",
      .derive = CC_LIST(cc_derived, { "width", "", "neurons of a hidden layer", width }, { "ms", "ms", "time", milliseconds }), .options = "xscale=log yscale=log markers=1 ylabel='time of one box (ms)'" },
    { .id = "depth_bound", .source = "bounds over the depth of tiny networks", .caption = "Bounds over the number of layers of networks 16-16-32-..-32-10.", .kind = "curve", .experiment = "depths", .x = "n", .y = "bound", .by = "arm",
      .derive = CC_LIST(cc_derived, { "n", "", "linear layers", depth }), .options = "yscale=log markers=1 ylabel='Lipschitz constant'" },
    { .id = "depth_time", .source = "times over the depth of tiny networks", .caption = "Time of one box over the number of layers of those networks.", .kind = "curve", .experiment = "depths", .x = "n", .y = "ms", .by = "arm",
      .derive = CC_LIST(cc_derived, { "n", "", "linear layers", depth }, { "ms", "ms", "time", milliseconds }), .options = "yscale=log markers=1 ylabel='time of one box (ms)'" },
    { .id = "conv_bound", .source = "bounds over the channels of tiny convolutional networks", .caption = "Bounds over the channels of convolutional networks on 8 x 8 digits, eps = .1.", .kind = "curve", .experiment = "conv",
      .x = "channels", .y = "bound", .by = "arm", .options = "xscale=log yscale=log markers=1 ylabel='Lipschitz constant'" },
    { .id = "conv_time", .source = "times over the channels of tiny convolutional networks", .caption = "Time of one box over the channels of those convolutional networks.", .kind = "curve", .experiment = "conv", .x = "channels", .y = "ms", .by = "arm",
      .derive = CC_LIST(cc_derived, { "ms", "ms", "time", milliseconds }), .options = "xscale=log yscale=log markers=1 ylabel='time of one box (ms)'" },
    { .id = "digits", .source = "table of mean bounds", .caption = "Mean local Lipschitz constants of networks 64-w-w-10 around four test digits; 'sample' is a lower bound.", .kind = "table", .experiment = "table", .x = "hidden_widths eps", .y = "mean_bound", .by = "arm" },
    { .id = "digits_time", .source = "table of mean times", .caption = "Milliseconds a box of these bounds, all ten classes, one thread.", .kind = "table", .experiment = "table", .x = "hidden_widths eps", .y = "ms", .by = "arm" },
    { .id = "digits_eps", .source = "table of mean bounds", .caption = "Mean bounds over the size of the box: 64-64-64-10, four test digits.", .kind = "curve", .experiment = "table", .where = "hidden_widths=64-64", .x = "eps", .y = "mean_bound", .by = "arm",
      .options = "xscale=log yscale=log markers=1 ylabel='Lipschitz constant'" },
    { .id = "fashion", .source = "table of mean bounds", .caption = "Mean local Lipschitz constants of networks 784-w-w-10 around four test images of Fashion-MNIST; 'sample' is a lower bound.", .kind = "table", .experiment = "fashion_table", .x = "hidden_widths eps", .y = "mean_bound", .by = "arm" },
    { .id = "fashion_time", .source = "table of mean times", .caption = "Milliseconds a box of these bounds on Fashion-MNIST, all ten classes, one thread.", .kind = "table", .experiment = "fashion_table", .x = "hidden_widths eps", .y = "ms", .by = "arm" },
    { .id = "staircase", .source = "branch and bound over time", .caption = "The bound over the domains bounded, on networks trained on digits (eps = .1), and the greatest sampled norm.", .kind = "curve", .experiment = "staircase", .where = "step>=1",
      .x = "n_node", .y = "bound lower", .by = "arm", .derive = CC_LIST(cc_derived, { "lower", "", "greatest sampled norm", seen_area }), .options = "xscale=log panels=hidden_widths ylabel='Lipschitz constant'" },
    { .id = "monotone", .source = "monotonicity by feature", .caption = "Breast cancer, one feature free by .25 either way: shares of examples at which the last output (benign) is certified to rise, or to fall, in it; median and quartiles over networks.", .kind = "bar", .experiment = "cancer",
      .where = "arm=ours", .x = "free", .y = "rising falling", .options = "xlabel=feature ylabel='share certified'" },
    { 0 },
};

const cc_plugin cc_plugin_1 = {
    .id = "lipschitz",
    .title = "Local Lipschitz constants by linear bounds on the backward graph",
    .citation = "Z. Shi, Y. Wang, H. Zhang, J. Z. Kolter, C.-J. Hsieh: Efficiently Computing Local Lipschitz Constants of Neural Networks via Bound Propagation, NeurIPS 2022; arXiv 2210.07394",
    .algorithms = lip_algorithms,
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = lip_benches,
};
