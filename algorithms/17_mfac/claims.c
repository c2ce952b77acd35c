/* algorithms/17_mfac/claims.c: what is said of M-FAC, what is run for it, and what must fail. */
#include <math.h>
#include <string.h>

#include "algorithms/17_mfac/bench.h"
#include "algorithms/17_mfac/mfac.h"

/* ---- derived columns ---- */

static double tolerance(const cc_row *r) { return 2e-14 * cc_get(r, "condition") + 1e-12; }
static double tolerance_float(const cc_row *r) { return 1e-6 * cc_get(r, "condition"); }

static double d(const cc_row *r) { return cc_get(r, "d"); }
static double m(const cc_row *r) { return cc_get(r, "m"); }
static int is_engine(const cc_row *r, const char *name) { return !strcmp(cc_get_text(r, "engine"), name); }

/* Flops by formula, to the last one; NaN where an engine has no such operation. */
static double build_flops(const cc_row *r)
{
    const double of_matrices = 2 * d(r) * m(r) * m(r) + d(r) * m(r) + m(r) + m(r) * (m(r) + 1) * (2 * m(r) + 1) / 6 + m(r) * (m(r) * m(r) + 2) / 3;
    return is_engine(r, "static")      ? of_matrices
           : is_engine(r, "recursion") ? 2 * d(r) * m(r) * (m(r) - 1) + 3 * d(r) * m(r) + m(r) * (m(r) + 1) / 2
           : is_engine(r, "dense")     ? m(r) * (3 * d(r) * d(r) + 4 * d(r) + 3)
                                       : NAN;
}
static double product_flops(const cc_row *r)
{
    const double two_passes = 4 * d(r) * m(r) + d(r);
    return is_engine(r, "static")       ? two_passes
           : is_engine(r, "recursion")  ? two_passes + m(r)
           : is_engine(r, "dynamic")    ? two_passes + 2 * m(r) * m(r)
           : is_engine(r, "triangular") ? two_passes + 3 * m(r) * m(r)
                                        : 2 * d(r) * d(r);
}
static double element_flops(const cc_row *r) { return is_engine(r, "static") ? 2 * m(r) + 2 : is_engine(r, "recursion") ? 3 * m(r) : NAN; }
static double diagonal_flops(const cc_row *r) { return d(r) * element_flops(r); }
static double push_flops(const cc_row *r)
{
    return is_engine(r, "dynamic") ? 2 * d(r) * m(r) + m(r) * (m(r) + 1) / 2 + m(r) + m(r) * (m(r) + 1) * (2 * m(r) + 1) / 6 : NAN;
}
static double push_flops_most(const cc_row *r) { return 2 * d(r) * m(r) + m(r) * (m(r) - 1) * (2 * m(r) - 1) / 3 + m(r) * (5 * m(r) + 1) / 2; }
static double newest_flops(const cc_row *r) { return is_engine(r, "dynamic") ? 2 * d(r) * m(r) + 2 * m(r) * m(r) : NAN; }
static double words_formula(const cc_row *r)
{
    const double rows = d(r) < 192 ? d(r) + 6 : 193; /* of a panel in cache, as long as whole tiles of 16 */
    return is_engine(r, "static")       ? d(r) * m(r) + m(r) * m(r) + m(r) + 1 + 16 * ceil(m(r) / 16) * (rows + m(r))
           : is_engine(r, "recursion")  ? d(r) * m(r) + m(r)
           : is_engine(r, "dynamic")    ? d(r) * m(r) + 2 * m(r) * m(r) + m(r)
           : is_engine(r, "triangular") ? d(r) * m(r) + 3 * m(r) * m(r) + 3 * m(r)
                                        : NAN;
}
static double words_of_window(const cc_row *r) { return d(r) * m(r) + 3 * m(r) * m(r) + 3 * m(r); }
static double one_more(const cc_row *r) { return build_flops(r) + (is_engine(r, "recursion") ? 4 : 1) * d(r); }
static double peer_build(const cc_row *r) { return cc_peer(r, "static", "flops_build"); }
static double error_of_full(const cc_row *r) { return cc_peer(r, "full", "error"); }
static double rebuild_time_ratio(const cc_row *r) { return cc_peer(r, "recursion", "ns_build") / (cc_get(r, "ns_push") + cc_get(r, "ns_newest")); }
static double product_time_ratio(const cc_row *r) { return cc_peer(r, "static", "ns_product") / (cc_get(r, "ns_push") + cc_get(r, "ns_newest")); }
static double eighth_of_m(const cc_row *r) { return m(r) / 8; }

static double surgery_ratio(const cc_row *r) { return cc_get(r, "loss") / cc_get(r, "best_loss"); }
static double predicted_ratio(const cc_row *r) { return cc_get(r, "predicted") / cc_get(r, "best_loss"); }

static double wrong(const cc_row *r) { return 1 - cc_get(r, "accuracy"); }
static double most_share(const cc_row *r) { return cc_get(r, "max(share)"); }
static double least_slope(const cc_row *r) { return cc_get(r, "min(slope)"); }

/* ---- experiments ---- */

#define TRAINED "smooth.images(n=10000,tests=5000,epochs=10)"
#define CONVOLUTIONAL "smooth.cnn(channels=4,n=4000,tests=2000,epochs=10)"
#define FRESH "smooth.images(widths=784-20-10,n=6000,tests=1000)"
#define DIGITS "smooth.images(data=digits,widths=64-40-20-10,n=1297,tests=500)"
#define PRUNER(label, values) { .as = label, .algorithm = "mfac.prune(" values ")" }
#define ONE_SHOT PRUNER("one_shot", "recomputations=1")
#define MAGNITUDE PRUNER("magnitude", "recomputations=1,score=magnitude")
#define WINDOW(count) { .as = "m" #count, .algorithm = "mfac.optimiser(m=" #count ")" }
#define SGD { .as = "sgd", .algorithm = "mfac.sgd" }
#define ADAM(label, rate) { .as = label, .algorithm = "mfac.adam(lr=" rate ")" }

#define SIZES { "d", "6 50 | 300" }, { "m", "1 4 | 64" }, { "lambda", "1 1e-2 1e-5" }

static const cc_experiment experiments[] = {
    { .id = "static", .about = "every kind of answer beside dense linear algebra", .measure = &cc_trajectory, .problem = "ihvp.batch",
      .arms = CC_LIST(cc_arm, { .as = "static", .algorithm = "mfac.static" }, { .as = "recursion", .algorithm = "mfac.recursion" }),
      .axes = CC_LIST(cc_axis, SIZES), .plan = { .at = "1..10", .stop = "steps<=10" }, .seeds = { 3, 5, 10 }, .block = 10 },
    { .id = "static_float", .about = "the same in float", .measure = &cc_trajectory, .problem = "ihvp.batch",
      .arms = CC_LIST(cc_arm, { .as = "static", .algorithm = "mfac.static(storage=float)" }),
      .axes = CC_LIST(cc_axis, SIZES), .plan = { .at = "1..10", .stop = "steps<=10" }, .seeds = { 3, 5, 10 }, .block = 10 },
    { .id = "prefix", .about = "the recursion with i + g'v for m + g'v", .measure = &cc_trajectory, .problem = "ihvp.batch", .algorithm = "mfac.recursion(divide=prefix)",
      .axes = CC_LIST(cc_axis, { "d", "50" }, { "m", "4 | 64" }, { "lambda", "1 1e-2 1e-5" }, { "order", "0..4" }), .plan = { .at = "1..10", .stop = "steps<=10" }, .seeds = { 1, 1, 1 } },
    { .id = "dynamic", .about = "every update of a window, beside dense linear algebra", .measure = &cc_trajectory, .problem = "ihvp.stream",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "mfac.dynamic" }, { .as = "triangular", .algorithm = "mfac.triangular" },
                              { .as = "naive", .algorithm = "mfac.dynamic(solve=naive)" }),
      .axes = CC_LIST(cc_axis, SIZES), .plan = { .stop = "steps<=600" }, .seeds = { 2, 3, 10 }, .block = 10 },
    { .id = "orders", .about = "the same gradients in other orders", .measure = &cc_trajectory, .problem = "ihvp.batch",
      .arms = CC_LIST(cc_arm, { .as = "static", .algorithm = "mfac.static" }, { .as = "recursion", .algorithm = "mfac.recursion" }),
      .axes = CC_LIST(cc_axis, { "d", "50" }, { "m", "16" }, { "order", "0..20" }), .plan = { .at = "1..10", .stop = "steps<=10" }, .seeds = { 2, 2, 10 }, .block = 10 },
    { .id = "blocks", .about = "diagonal blocks of F", .measure = &cc_trajectory, .problem = "ihvp.batch(d=50,m=16)",
      .arms = CC_LIST(cc_arm, { .as = "full", .algorithm = "mfac.static(block=0)" }, { .as = "of_d", .algorithm = "mfac.static(block=50)" },
                              { .as = "beyond", .algorithm = "mfac.static(block=1000)" }, { .as = "half", .algorithm = "mfac.static(block=25)" }),
      .plan = { .at = "1..10", .stop = "steps<=10" }, .seeds = { 3, 5, 10 } },
    { .id = "bills", .about = "flops and memory of every operation", .measure = &mfac_cost, .set = "repeats=1 least_ms=0",
      .arms = CC_LIST(cc_arm, { .as = "static", .set = "engine=static" }, { .as = "recursion", .set = "engine=recursion" }, { .as = "dynamic", .set = "engine=dynamic" },
                              { .as = "triangular", .set = "engine=triangular" }, { .as = "dense", .set = "engine=dense" }),
      .axes = CC_LIST(cc_axis, { "d", "100 400 | 1600" }, { "m", "4 16 | 64" }), .seeds = { 1, 1, 1 } },
    { .id = "over_m", .about = "time over the number of gradients", .measure = &mfac_cost, .set = "d=2000 repeats=3 least_ms=3", .timed = 1,
      .arms = CC_LIST(cc_arm, { .as = "static", .set = "engine=static" }, { .as = "dynamic", .set = "engine=dynamic" }),
      .axes = CC_LIST(cc_axis, { "m", "32 64 128 256 | | 512 1024" }), .seeds = { 0, 5, 5 }, .first_seed = 300 },
    { .id = "over_d", .about = "time over the dimension", .measure = &mfac_cost, .set = "m=16 repeats=3 least_ms=2", .timed = 1,
      .arms = CC_LIST(cc_arm, { .as = "static", .set = "engine=static" }, { .as = "dynamic", .set = "engine=dynamic" }, { .as = "float", .set = "engine=dynamic storage=float" }),
      .axes = CC_LIST(cc_axis, { "d", "500 1000 2000 4000 8000 | | 16000 32000 64000 128000" }), .seeds = { 0, 5, 5 }, .first_seed = 300 },
    { .id = "rebuild", .about = "a step of the dynamic algorithm beside a set-up of the static one, vector by vector and by matrices", .measure = &mfac_cost, .set = "m=64 repeats=2 least_ms=0", .timed = 1,
      .arms = CC_LIST(cc_arm, { .as = "static", .set = "engine=static" }, { .as = "dynamic", .set = "engine=dynamic" }, { .as = "recursion", .set = "engine=recursion" }, { .as = "float", .set = "engine=dynamic storage=float" }),
      .axes = CC_LIST(cc_axis, { "d", "8000 16000 32000" }), .seeds = { 0, 3, 5 }, .first_seed = 300 },
    { .id = "dense_over_d", .about = "the inverse as a matrix", .measure = &mfac_cost, .set = "m=16 engine=dense repeats=2 least_ms=1", .timed = 1,
      .axes = CC_LIST(cc_axis, { "d", "100 200 400 800 1600" }), .seeds = { 0, 5, 5 }, .first_seed = 300 },
    { .id = "dense_over_m", .about = "the inverse as a matrix, over the number of gradients", .measure = &mfac_cost, .set = "d=300 engine=dense repeats=2 least_ms=1", .timed = 1,
      .axes = CC_LIST(cc_axis, { "m", "128 256 512 1024" }), .seeds = { 0, 5, 5 }, .first_seed = 300 },
    { .id = "elements", .about = "time of single elements", .measure = &mfac_cost, .set = "engine=static repeats=3 least_ms=4", .timed = 1,
      .axes = CC_LIST(cc_axis, { "m", "4 16" }, { "d", "500 1000 2000 4000 8000 | | 32000 128000 512000" }), .seeds = { 0, 5, 5 }, .first_seed = 300 },
    { .id = "updates", .about = "time of an update over m, d = 1000", .measure = &mfac_cost, .set = "engine=dynamic d=1000 repeats=3 least_ms=1", .timed = 1,
      .axes = CC_LIST(cc_axis, { "m", "64 128 256 512 1024" }), .seeds = { 0, 5, 5 }, .first_seed = 300 },
    { .id = "precision", .about = "relative errors, against long double arithmetic", .measure = &mfac_precision, .set = "d=500|2000",
      .arms = CC_LIST(cc_arm, { .as = "push", .set = "solve=push" }, { .as = "naive", .set = "solve=naive" }, { .as = "static", .set = "engine=static" },
                              { .as = "push_float", .set = "solve=push storage=float" }, { .as = "naive_float", .set = "solve=naive storage=float" }),
      .axes = CC_LIST(cc_axis, { "lambda", "1e-1 1e-3 1e-5" }), .seeds = { 2, 3, 10 } },
    { .id = "convergence", .about = "m gradients of 4096", .measure = &mfac_convergence, .axes = CC_LIST(cc_axis, { "m", "16 64 256 1024" }), .seeds = { 8, 20, 40 }, .block = 20 },
    { .id = "one_batch", .about = "64 gradients again and again", .measure = &mfac_convergence, .set = "distinct=64", .axes = CC_LIST(cc_axis, { "m", "64 256 1024" }), .seeds = { 8, 20, 40 }, .block = 20 },
    { .id = "surgery", .about = "weights dropped, beside the constrained minimiser", .measure = &mfac_surgery, .axes = CC_LIST(cc_axis, { "lambda", "1 1e-2 1e-4" }), .seeds = { 5, 10, 20 } },
    { .id = "stale", .about = "a window whose table S keeps an old column", .measure = &cc_trajectory, .problem = "ihvp.stream(d=50,m=4,lambda=1)",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "mfac.dynamic(stale=true)" }, { .as = "triangular", .algorithm = "mfac.triangular(stale=true)" }), .plan = { .stop = "steps<=51" }, .seeds = { 2, 3, 10 } },
    { .id = "bounded", .about = "length and slope of every step", .measure = &cc_final, .problem = DIGITS, .set = "m=32 lr=1e-3",
      .arms = CC_LIST(cc_arm, { .as = "small", .algorithm = "mfac.optimiser", .set = "lambda=1e-5" }, { .as = "medium", .algorithm = "mfac.optimiser", .set = "lambda=1e-2" },
                              { .as = "momentum", .algorithm = "mfac.optimiser", .set = "lambda=1e-3 beta=0.9 wd=1e-3" }),
      .plan = { .metrics = "f", .stop = "steps<=200", .running = "max(share) min(slope)" }, .seeds = { 5, 5, 10 } },
    { .id = "bounded_noise", .about = "the same with a window of noise", .measure = &cc_final, .problem = DIGITS, .algorithm = "mfac.optimiser", .set = "m=32 lr=1e-7 lambda=1e-4 window=noise",
      .plan = { .metrics = "f", .stop = "steps<=50", .running = "max(share) min(slope)" }, .seeds = { 5, 5, 10 } },
    { .id = "prune75", .about = "a trained network at sparsity .75", .measure = &cc_final, .problem = TRAINED, .set = "sparsity=0.75",
      .arms = CC_LIST(cc_arm, MAGNITUDE, ONE_SHOT, PRUNER("recomputed", "recomputations=16"),
                              PRUNER("block_64", "recomputations=1,block=64"), PRUNER("block_512", "recomputations=1,block=512"), PRUNER("shuffled", "recomputations=1,gradients=shuffled")),
      .plan = { .metrics = "accuracy density", .stop = "steps<=1000" }, .seeds = { 0, 12, 24 }, .first_seed = 400 },
    { .id = "prune75_256", .about = "64 gradients and 256, at sparsity .75", .measure = &cc_final, .problem = TRAINED, .set = "sparsity=0.75",
      .arms = CC_LIST(cc_arm, ONE_SHOT, PRUNER("one_shot_256", "recomputations=1,m=256")),
      .plan = { .metrics = "accuracy density", .stop = "steps<=1000" }, .seeds = { 0, 7, 15 }, .first_seed = 400 },
    { .id = "gradients", .about = "one shot with more and more gradients, digits", .measure = &cc_final, .problem = "smooth.images(data=digits,widths=64-40-20-10,n=1297,tests=500,epochs=60)", .set = "sparsity=0.75 recomputations=1",
      .arms = CC_LIST(cc_arm, { .as = "m16", .algorithm = "mfac.prune", .set = "m=16" }, { .as = "m64", .algorithm = "mfac.prune", .set = "m=64" }, { .as = "m256", .algorithm = "mfac.prune", .set = "m=256" },
                              { .as = "repeated", .algorithm = "mfac.prune", .set = "m=64 gradients=repeated" }),
      .plan = { .metrics = "accuracy density", .stop = "steps<=10" }, .seeds = { 0, 24, 80 }, .first_seed = 300, .block = 8 },
    { .id = "prune90", .about = "the same at sparsity .9", .measure = &cc_final, .problem = TRAINED, .set = "sparsity=0.9",
      .arms = CC_LIST(cc_arm, MAGNITUDE, ONE_SHOT, PRUNER("recomputed", "recomputations=16"), PRUNER("diagonal", "recomputations=16,score=diagonal")),
      .plan = { .metrics = "accuracy density", .stop = "steps<=1000" }, .seeds = { 0, 12, 24 }, .first_seed = 400 },
    { .id = "curves", .about = "accuracy over sparsity", .measure = &cc_final, .problem = TRAINED,
      .arms = CC_LIST(cc_arm, MAGNITUDE, ONE_SHOT, PRUNER("block_64", "recomputations=1,block=64"),
                              PRUNER("recomputed", "recomputations=16"), PRUNER("diagonal", "recomputations=16,score=diagonal")),
      .axes = CC_LIST(cc_axis, { "sparsity", "0.5 0.75 0.9 0.95" }), .plan = { .metrics = "accuracy density", .stop = "steps<=1000" }, .seeds = { 0, 1, 5 }, .first_seed = 400 },
    { .id = "descent", .about = "training by M-FAC, SGD and Adam", .measure = &cc_trajectory, .problem = FRESH, .set = "horizon=10",
      .arms = CC_LIST(cc_arm, WINDOW(64), WINDOW(256), SGD, ADAM("adam_1", "1e-3"), ADAM("adam_3", "3e-3")),
      .plan = { .metrics = "f accuracy", .stop = "steps<=460", .at = "0..460+92" }, .seeds = { 0, 5, 9 }, .first_seed = 300 },
    { .id = "descent_ablated", .about = "a window of one gradient", .measure = &cc_trajectory, .problem = FRESH, .set = "horizon=10",
      .arms = CC_LIST(cc_arm, { .as = "m256", .algorithm = "mfac.optimiser(m=1)" }, SGD),
      .plan = { .metrics = "f accuracy", .stop = "steps<=460", .at = "0..460+92" }, .seeds = { 0, 5, 9 }, .first_seed = 300 },
    { .id = "descent_large", .about = "the same on 20000 images for six epochs", .measure = &cc_trajectory, .problem = "smooth.images(n=20000)", .set = "horizon=6",
      .arms = CC_LIST(cc_arm, { .as = "m32", .algorithm = "mfac.optimiser(m=32)" }, WINDOW(64), WINDOW(128), WINDOW(256), SGD, ADAM("adam_1", "1e-3"), ADAM("adam_3", "3e-3")),
      .plan = { .metrics = "f accuracy", .stop = "steps<=936", .at = "0..936+78" }, .seeds = { 0, 0, 3 } },
    { .id = "gradual", .about = "sparsities .5, .75, .875 with two epochs of SGD after each", .measure = &cc_trajectory, .problem = TRAINED, .set = "via=0.5/0.75 sparsity=0.875 tune=156",
      .arms = CC_LIST(cc_arm, { .as = "mfac", .algorithm = "mfac.prune", .set = "recomputations=16 block=128" }, { .as = "magnitude", .algorithm = "mfac.prune", .set = "recomputations=16 score=magnitude" }),
      .plan = { .metrics = "accuracy density", .at = "0..512+32", .stop = "steps<=600" }, .seeds = { 0, 1, 5 }, .first_seed = 400 },
    { .id = "gradual_cnn", .about = "the same of a convolutional network", .measure = &cc_trajectory, .problem = CONVOLUTIONAL, .set = "via=0.5/0.75 sparsity=0.875 tune=62 recomputations=4",
      .arms = CC_LIST(cc_arm, PRUNER("mfac", "block=128"), PRUNER("magnitude", "score=magnitude"), PRUNER("shuffled", "block=128,gradients=shuffled")),
      .plan = { .metrics = "accuracy density", .at = "0..198+22", .stop = "steps<=198" }, .seeds = { 0, 0, 12 }, .first_seed = 200, .deadline_s = 900 },
    { .id = "surgery_diagonal", .about = "the same with the diagonal of F", .measure = &mfac_surgery, .set = "update=diagonal", .axes = CC_LIST(cc_axis, { "lambda", "1e-2" }), .seeds = { 3, 3, 3 } },
    { 0 },
};

/* ---- claims ---- */

#define TOLERANCE CC_LIST(cc_derived, { "tolerance", "", "2e-14 (lambda + largest eigenvalue of S/m) / lambda + 1e-12", tolerance })
#define EXACT CC_LIST(cc_check, CC_BOUND(.y = "error", .other = "tolerance"))
#define BILLS CC_LIST(cc_derived, { "build_formula", "", "flops", build_flops }, { "product_formula", "", "flops", product_flops }, { "element_formula", "", "flops", element_flops }, \
                      { "diagonal_formula", "", "flops", diagonal_flops }, { "push_formula", "", "flops", push_flops }, { "push_most", "", "flops", push_flops_most }, \
                      { "newest_formula", "", "flops", newest_flops }, { "words_formula", "", "numbers", words_formula }, { "words_window", "", "d m + 3 m^2 + 3 m", words_of_window })

static const cc_claim claims[] = {
    { .id = "static_exact", .source = "abstract; section on the static algorithm",
      .statement = "products, elements, columns and the diagonal of the static algorithm are those of the dense inverse", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "static", .derive = TOLERANCE, .checks = EXACT,
      .controls = CC_LIST(cc_control, { .id = "prefix", .what = "denominators i + g'v: the mean of the gradients so far", .experiment = "prefix" }) },
    { .id = "static_float", .source = "the reference implementation stores float",
      .statement = "in float storage the same holds within 1e-6 of the condition number", .origin = CC_FROM_CODE, .threshold = CC_FROM_US,
      .experiment = "static_float", .derive = CC_LIST(cc_derived, { "tolerance", "", "1e-6 (lambda + largest eigenvalue of S/m) / lambda", tolerance_float }), .checks = EXACT,
      .controls = CC_LIST(cc_control, { .id = "as_double", .what = "held to the standard of double", .derive = TOLERANCE }) },
    { .id = "dynamic_exact", .source = "abstract; section on the dynamic algorithm",
      .statement = "after any number of updates, window full or not, products are those of the dense inverse of the last m gradients", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "dynamic", .derive = TOLERANCE, .checks = EXACT,
      .controls = CC_LIST(cc_control, { .id = "stale", .what = "column `last` of S is not renewed", .experiment = "stale" }) },
    { .id = "order_free", .source = "F is a sum", .statement = "no answer depends on the order of the gradients: 20 permutations", .origin = CC_FROM_PROOF, .threshold = CC_FROM_US,
      .experiment = "orders", .derive = TOLERANCE, .checks = EXACT,
      .controls = CC_LIST(cc_control, { .id = "prefix", .what = "denominators i + g'v depend on it", .experiment = "prefix" }) },
    { .id = "block_full", .source = "ablation of the block size", .statement = "blocks of d coordinates or more are the full matrix, to the last bit", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .experiment = "blocks", .derive = CC_LIST(cc_derived, { "of_full", "", "the error of the full matrix", error_of_full }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "error", .other = "of_full", .where = "arm=of_d,beyond")),
      .controls = CC_LIST(cc_control, { .id = "half", .what = "two blocks of d/2", .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "error", .other = "of_full", .where = "arm=half", .abs = 1e-3)) }) },
    { .id = "push_through", .source = "derived: F^-1 G'c = G'(lambda I + S/m)^-1 c",
      .statement = "the product of the newest gradient by push-through is good to rounding whatever lambda: 1e-12 in double, 1e-5 in float", .origin = CC_FROM_PROOF, .threshold = CC_FROM_US,
      .experiment = "precision",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "error_span", .is = CC_AT_MOST(1e-12), .where = "arm=push,static"), CC_BOUND(.y = "error_span", .is = CC_AT_MOST(1e-5), .where = "arm=push_float")),
      .controls = CC_LIST(cc_control,
          { .id = "naive", .what = "x / lambda less its projection, in double", .checks = CC_LIST(cc_check, CC_BOUND(.y = "error_span", .is = CC_AT_MOST(1e-12), .where = "arm=naive")) },
          { .id = "naive_float", .what = "the same in float: a hundredth and more of the answer is wrong at lambda = 1e-5",
            .shows = CC_LIST(cc_check, CC_BOUND(.y = "error_span", .is = CC_AT_LEAST(1e-2), .where = "arm=naive_float lambda=1e-5")) }) },
    { .id = "static_cost", .source = "abstract: O(d m^2)",
      .statement = "the set-up takes 2dm(m - 1) + 3dm + m(m + 1)/2 flops one vector after another, 2dm^2 + dm + m + m(m + 1)(2m + 1)/6 + m(m^2 + 2)/3 by matrix products",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_US, .experiment = "bills", .derive = BILLS,
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "flops_build", .other = "build_formula", .where = "arm=static,recursion,dense", .over = ""),
                                  CC_EQUALITY(.y = "flops_product", .other = "product_formula", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "one_more", .what = "as if the first gradient were compared with itself",
                                        .derive = CC_LIST(cc_derived, { "build_formula", "", "2dm^2 + ..", one_more }) }) },
    { .id = "static_time", .source = "abstract: O(d m^2)", .statement = "the time of the set-up is linear in d while the vectors fit a private cache", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "over_d",
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "d", .y = "ns_build", .where = "arm=static", .from = 500, .to = 8000, .is = CC_WITHIN(.9, 1.1))),
      .controls = CC_LIST(cc_control, { .id = "dense", .what = "the inverse as a matrix, quadratic in d", .experiment = "dense_over_d",
                                        .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "d", .y = "ns_build", .from = 100, .to = 1600, .is = CC_WITHIN(.9, 1.1))) }) },
    { .id = "static_time_m", .source = "abstract: O(d m^2)", .statement = "the time of the set-up grows with m with an exponent of at most 2: from 1.3 to 2.1, as matrix products get faster with size", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "over_m", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "m", .y = "ns_build", .where = "arm=static", .from = 32, .to = 256, .is = CC_WITHIN(1.3, 2.1))),
      .controls = CC_LIST(cc_control, { .id = "dense", .what = "the inverse as a matrix, linear in m", .experiment = "dense_over_m", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "m", .y = "ns_build", .from = 128, .to = 1024, .is = CC_WITHIN(1.3, 2.1))) }) },
    { .id = "query_cost", .source = "abstract: O(m) for an element",
      .statement = "an element takes 3m flops one vector after another, 2m + 2 by matrix products, whatever d; the diagonal d times as many", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF,
      .experiment = "bills", .where = "arm=static,recursion", .derive = BILLS,
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "flops_element", .other = "element_formula", .over = ""), CC_EQUALITY(.y = "flops_diagonal", .other = "diagonal_formula", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "product", .what = "an element out of a whole product", .derive = CC_LIST(cc_derived, { "element_formula", "", "4dm + ..", product_flops }) }) },
    { .id = "query_time", .source = "abstract: O(m) for an element", .statement = "its time does not depend on d while the vectors fit a private cache: exponent at most .2", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "elements", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "d", .y = "ns_element", .by = "m", .from = 500, .to = 8000, .is = CC_AT_MOST(.2))),
      .controls = CC_LIST(cc_control, { .id = "product", .what = "an element out of a whole product", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "d", .y = "ns_product", .by = "m", .from = 500, .to = 8000, .is = CC_AT_MOST(.2))) }) },
    { .id = "dynamic_cost", .source = "abstract: O(dm + m^2), O(dm + m^3)",
      .statement = "replacing a gradient takes 2dm + m^3/3 + O(m^2) flops, with the paper's tables at most 2dm + 2m^3/3 + O(m^2); the newest product 2dm + 2m^2 more",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "bills", .derive = BILLS,
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "flops_push", .other = "push_formula", .where = "arm=dynamic", .over = ""), CC_EQUALITY(.y = "flops_newest", .other = "newest_formula", .where = "arm=dynamic", .over = ""),
                                  CC_BOUND(.y = "flops_push", .other = "push_most", .where = "arm=triangular", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "rebuild", .what = "the static algorithm anew for each gradient",
                                        .derive = CC_LIST(cc_derived, { "flops_push", "", "of a set-up", peer_build }) }) },
    { .id = "dynamic_time", .source = "abstract: O(dm + m^2)", .statement = "the time of a product of the dynamic algorithm is linear in d while the window fits a private cache", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "over_d", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "d", .y = "ns_product", .where = "arm=dynamic", .from = 500, .to = 8000, .is = CC_WITHIN(.9, 1.1))),
      .controls = CC_LIST(cc_control, { .id = "dense", .what = "the inverse as a matrix, quadratic in d", .experiment = "dense_over_d",
                                        .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "d", .y = "ns_product", .from = 100, .to = 1600, .is = CC_WITHIN(.9, 1.1))) }) },
    { .id = "rebuild_time", .source = "abstract: O(dm + m^3) for O(dm^2)", .statement = "a step (a gradient replaced, the newest product) takes at most 8/m of the time of a set-up one vector after another", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "rebuild", .where = "arm=dynamic", .derive = CC_LIST(cc_derived, { "rebuild", "", "time of a set-up over that of a step", rebuild_time_ratio }, { "m_8", "", "m / 8", eighth_of_m }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "m_8", .other = "rebuild")),
      .controls = CC_LIST(cc_control, { .id = "product", .what = "a product of the static algorithm for the set-up", .derive = CC_LIST(cc_derived, { "rebuild", "", "time of a product over that of a step", product_time_ratio }) }) },
    { .id = "update_time", .source = "abstract: O(dm + m^3)", .statement = "at d = 1000 an update's time grows with an exponent from 1.5 to 3.1 in m, that of a product with at most 2", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "updates", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "m", .y = "ns_push", .from = 128, .to = 1024, .is = CC_WITHIN(1.5, 3.1)), CC_EXPONENT(.x = "m", .y = "ns_product", .from = 128, .to = 1024, .is = CC_AT_MOST(2.1))),
      .controls = CC_LIST(cc_control, { .id = "dense", .what = "the inverse as a matrix: linear in m", .experiment = "dense_over_m", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "m", .y = "ns_build", .from = 128, .to = 1024, .is = CC_WITHIN(1.5, 3.1))) }) },
    { .id = "memory", .source = "section on memory", .statement = "dm + O(m^2) numbers are kept: dm + 2m^2 and panels of O(m) static, dm + m one vector after another, dm + 2m^2 + m dynamic, dm + 3m^2 + 3m with the paper's tables",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "bills", .derive = BILLS,
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "words", .other = "words_formula", .where = "arm=static,recursion,dynamic,triangular", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "dense", .what = "the inverse as a matrix: d^2", .checks = CC_LIST(cc_check, CC_BOUND(.y = "words", .other = "words_window", .where = "arm=dense", .over = "")) }) },
    { .id = "obs_single", .source = "optimal brain surgeon", .statement = "for one weight the update is the constrained minimiser of dw'F dw / 2, and the increase is w^2 / (2 [F^-1]_ii)", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "surgery", .where = "dropped=1",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "step_error", .is = CC_AT_MOST(1e-9)), CC_EQUALITY(.y = "loss", .other = "predicted", .rel = 1e-9), CC_EQUALITY(.y = "loss", .other = "best_loss", .rel = 1e-9)),
      .controls = CC_LIST(cc_control, { .id = "diagonal", .what = "F without its other elements", .experiment = "surgery_diagonal" }) },
    { .id = "obs_joint", .source = "derived", .statement = "the sum of single updates is not the joint optimum: the model's increase is at least the optimal one, equal for one weight, and above it for ten",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "surgery", .derive = CC_LIST(cc_derived, { "ratio", "", "increase over the least increase", surgery_ratio }, { "predicted_ratio", "", "sum of saliencies over it", predicted_ratio }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "ratio", .is = CC_AT_LEAST(1 - 1e-9)), CC_EQUALITY(.y = "ratio", .is = CC_EQUALS(1), .rel = 1e-9, .where = "dropped=1"), CC_BOUND(.y = "ratio", .is = CC_AT_LEAST(1 + 1e-6), .where = "dropped=10")),
      .controls = CC_LIST(cc_control, { .id = "predicted", .what = "the sum of the saliencies for the increase: it can be too small",
                                        .checks = CC_LIST(cc_check, CC_BOUND(.y = "predicted_ratio", .is = CC_AT_LEAST(1 - 1e-9))) }) },
    { .id = "m_convergence", .source = "ablation of m", .statement = "with independent gradients the distance to the inverse of all of them falls with an exponent of -.4 or less in m >= 64", .origin = CC_FROM_PAPER, .threshold = CC_FROM_US,
      .experiment = "convergence", .where = "m>=64", .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "m", .y = "distance", .from = 64, .to = 1024, .is = CC_AT_MOST(-.4))),
      .controls = CC_LIST(cc_control, { .id = "one_batch", .what = "64 gradients again and again", .experiment = "one_batch" }) },
    { .id = "step_bound", .source = "derived: singular values of g -> F^-1 g", .statement = "every step u = F^-1 g of the optimiser has |u| <= sqrt(m / lambda) / 2 and u'g > 0", .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF,
      .experiment = "bounded", .derive = CC_LIST(cc_derived, { "most_share", "", "max |u| / (sqrt(m / lambda) / 2)", most_share }, { "least_slope", "", "min u'g", least_slope }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "most_share", .is = CC_AT_MOST(1)), CC_BOUND(.y = "least_slope", .is = CC_AT_LEAST(0))),
      .controls = CC_LIST(cc_control, { .id = "noise", .what = "noise in the window for gradients: g is not in its span", .experiment = "bounded_noise" }) },
    { .id = "prune_order", .source = "figures and tables on one-shot pruning and recomputation",
      .statement = "at sparsity .75 a network keeps more accuracy with 16 recomputations than in one shot, and in one shot more than by magnitude",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "prune75", .derive = CC_LIST(cc_derived, { "wrong", "", "share of test images misclassified", wrong }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "recomputed < one_shot < magnitude")),
      .controls = CC_LIST(cc_control, { .id = "shuffled", .what = "each gradient's entries in random order, in one shot", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "shuffled < magnitude", .margin = .02)) }) },
    { .id = "prune_diagonal", .source = "figures and tables on one-shot pruning and recomputation", .statement = "at sparsity .9, with 16 recomputations, the whole of F keeps .05 more accuracy than its diagonal",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "prune90", .derive = CC_LIST(cc_derived, { "wrong", "", "share of test images misclassified", wrong }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "recomputed < diagonal", .margin = .05)),
      .controls = CC_LIST(cc_control, { .id = "magnitude", .what = "the least magnitude for the least saliency", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "magnitude < diagonal", .margin = .05)) }) },
    { .id = "prune_m", .source = "ablation of m", .statement = "in one shot at sparsity .75 more gradients keep more accuracy: 64 more than 16, and 256 more than 16 (digits)", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER,
      .experiment = "gradients", .derive = CC_LIST(cc_derived, { "wrong", "", "share of test images misclassified", wrong }), .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "m64 < m16"), CC_ORDERING(.y = "wrong", .chain = "m256 < m16")),
      .controls = CC_LIST(cc_control, { .id = "repeated", .what = "64 times the same gradient", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "repeated < m16")) }) },
    { .id = "prune_m_256", .source = "ablation of m", .statement = "256 gradients keep more than 64, in one shot at sparsity .75, on Fashion-MNIST", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER,
      .experiment = "prune75_256", .derive = CC_LIST(cc_derived, { "wrong", "", "share of test images misclassified", wrong }), .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "one_shot_256 < one_shot")),
      .observation = "on pilot seeds the difference was within a hundredth either way: nothing that seven networks decide" },
    { .id = "prune_block", .source = "ablation of the block size", .statement = "larger blocks do not lose accuracy, in one shot at sparsity .75: 64, 512, all; .02 of slack", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "prune75", .derive = CC_LIST(cc_derived, { "wrong", "", "share of test images misclassified", wrong }), .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "one_shot < block_512 < block_64", .margin = -.02)),
      .controls = CC_LIST(cc_control, { .id = "rounds", .what = "one round held to the standard of sixteen, at sparsity .9", .experiment = "prune90", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "one_shot < recomputed", .margin = -.02)) }) },
    { .id = "prune_gradual", .source = "tables on gradual pruning", .statement = "pruned in stages to sparsity .875, with four recomputations each and two epochs of SGD after it, a convolutional network keeps at least .01 more accuracy by M-FAC than by magnitude",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "gradual_cnn", .where = "step=198", .derive = CC_LIST(cc_derived, { "wrong", "", "share of test images misclassified", wrong }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "mfac < magnitude", .margin = .01)),
      .controls = CC_LIST(cc_control, { .id = "shuffled", .what = "each gradient's entries in random order", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "wrong", .chain = "shuffled < magnitude", .margin = .01)) }) },
    { .id = "optim_order", .source = "tables on optimisation", .statement = "at its reference settings, without tuning, M-FAC with m = 256 reaches a lower training loss in ten epochs than SGD (.1, .9) and Adam (1e-3, 3e-3), and the loss falls with m",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER, .experiment = "descent", .where = "step=460",
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "f", .chain = "m256 < sgd"), CC_ORDERING(.y = "f", .chain = "m256 < adam_3 < adam_1"), CC_ORDERING(.y = "f", .chain = "m256 < m64")),
      .controls = CC_LIST(cc_control, { .id = "one", .what = "a window of one gradient", .experiment = "descent_ablated", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "f", .chain = "m256 < sgd")) }) },
    { 0 },
};

/* ---- figures ---- */

static const cc_figure figures[] = {
    { .id = "pruning", .source = "figures on one-shot pruning", .caption = "Test accuracy over sparsity: a perceptron 784-40-20-10 on Fashion-MNIST, no training after pruning.", .kind = "curve",
      .experiment = "curves", .x = "sparsity", .y = "accuracy", .by = "arm", .options = "markers=1 labels='magnitude:magnitude diagonal:diagonal-of-F,16-rounds block_64:M-FAC,blocks-of-64 one_shot:M-FAC recomputed:M-FAC,16-rounds'" },
    { .id = "pruned", .source = "tables on one-shot pruning", .caption = "Test accuracy at sparsity .75.", .kind = "box", .experiment = "prune75", .x = "arm", .y = "accuracy", .by = "arm" },
    { .id = "gradual", .source = "tables on gradual pruning", .caption = "Pruned in three stages with two epochs of SGD after each: accuracy over steps.", .kind = "curve", .experiment = "gradual", .x = "step", .y = "accuracy", .by = "arm" },
    { .id = "gradual_cnn", .source = "tables on gradual pruning", .caption = "The same of a convolutional network with 4244 weights, four recomputations a stage: means of five.", .kind = "curve", .experiment = "gradual_cnn", .x = "step", .y = "accuracy", .by = "arm" },
    { .id = "training", .source = "figures on optimisation", .caption = "Training loss over epochs; the rates fall at half and three quarters.", .kind = "curve", .experiment = "descent", .where = "step>0", .x = "epoch", .y = "f", .by = "arm",
      .options = "yscale=log markers=1 labels='m64:M-FAC,m=64 m256:M-FAC,m=256 sgd:SGD adam_1:Adam,1e-3 adam_3:Adam,3e-3'" },
    { .id = "training_large", .source = "figures on optimisation", .caption = "The same for a perceptron 784-40-20-10, 20000 images and six epochs.", .kind = "curve", .experiment = "descent_large", .where = "step>0", .x = "epoch", .y = "f", .by = "arm", .options = "yscale=log markers=1" },
    { .id = "training_accuracy", .source = "figures on optimisation", .caption = "Test accuracy over epochs.", .kind = "curve", .experiment = "descent", .where = "step>0", .x = "epoch", .y = "accuracy", .by = "arm", .options = "markers=1" },
    { .id = "cost_d", .source = "table of costs", .caption = "Time over the dimension, m = 16: a set-up, a replaced gradient, a product.", .kind = "curve", .experiment = "over_d", .x = "d", .y = "ns_build ns_push ns_product", .by = "arm", .options = "xscale=log yscale=log markers=1 ylabel='time [ns]' slope=1" },
    { .id = "cost_m", .source = "table of costs", .caption = "Time over the number of gradients.", .kind = "curve", .experiment = "over_m", .x = "m", .y = "ns_build ns_push", .by = "arm", .options = "xscale=log yscale=log markers=1 ylabel='time [ns]' slope=1,2" },
    { .id = "cost_table", .source = "table of costs", .caption = "Flops and memory, counted.", .kind = "table", .experiment = "bills", .x = "d m arm", .y = "flops_build flops_push flops_product flops_newest flops_element words" },
    { .id = "precision", .source = "derived", .caption = "Relative error of F^-1 g for the newest gradient, and of F^-1 x for a vector at large.", .kind = "table", .experiment = "precision", .x = "lambda arm", .y = "error_span error_large" },
    { .id = "convergence", .source = "ablation of m", .caption = "Distance between the inverse of m gradients and that of 4096.", .kind = "curve", .experiment = "convergence", .x = "m", .y = "distance", .by = "arm", .options = "xscale=log yscale=log markers=1 slope=-0.5" },
    { .id = "surgery", .source = "derived", .caption = "Increase of the model's loss over the least possible, by weights dropped at once.", .kind = "curve", .experiment = "surgery", .x = "dropped", .y = "ratio", .by = "lambda",
      .derive = CC_LIST(cc_derived, { "ratio", "", "increase over the least increase", surgery_ratio }), .options = "markers=1" },
    { 0 },
};

const cc_plugin cc_plugin_1 = {
    .id = "mfac",
    .title = "M-FAC: products with the inverse Fisher matrix, without the matrix",
    .citation = "E. Frantar, E. Kurtic, D. Alistarh: M-FAC: Efficient Matrix-Free Approximations of Second-Order Information, NeurIPS 2021; arXiv 2107.03356",
    .algorithms = mfac_algorithms,
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = mfac_benches,
};
