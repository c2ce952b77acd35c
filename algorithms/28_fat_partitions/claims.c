/* claims.c: what is said of fat partitions, what is run for it, and what must fail. Numbers in brackets are the sections of README.md,
 * where the theorems are stated with their constants. */
#include <math.h>
#include <string.h>

#include "bench.h"
#include "partitions.h"

/* ---- derived columns ---- */

/* A layout without a binary tree has no m; one with a wrong tree (infinite height) m = 1, with which every bound is 0. */
static double m(const cc_row *r)
{
    const double h = cc_get(r, "binary_height");
    return isfinite(h) ? (double)fp_angular_m((size_t)h) : isnan(h) ? NAN : 1;
}
static double angular_bound(const cc_row *r) { return 4 / tan(M_PI / (2 * m(r))); }
static double linear_bound(const cc_row *r) { return 8 / M_PI * (cc_get(r, "depth") + log2(cc_get(r, "leaves")) + 4); }
static double spine_asp(const cc_row *r) { return 4 / tan(M_PI / m(r)); }
static double below_spine_asp(const cc_row *r) { return 3.9 / tan(M_PI / m(r)); }
static double height_bound(const cc_row *r) { return cc_get(r, "depth") + log2(cc_get(r, "leaves")); }
static double skew(const cc_row *r) { return pow(10, cc_get(r, "lambda")); }
static double inverse_eta(const cc_row *r) { return 1 / cc_get(r, "eta"); }
static double leaves_less_one(const cc_row *r) { return cc_get(r, "leaves") - 1; }
static double most_vertices(const cc_row *r) { return leaves_less_one(r) * (cc_get(r, "binary_height") + 8); }
/* "greedy < angular" of this column: greedy is below .6 of the other */
static double handicapped(const cc_row *r) { return (strcmp(cc_get_text(r, "arm"), "angular") ? 1 : .6) * cc_get(r, "max_asp"); }

static double eps_used(const cc_row *r)
{
    const double eps = cc_get(r, "eps");
    return isnan(eps) ? fmin(1.0 / 3, 1 / fmax(cc_get(r, "depth"), 1)) : eps;
}
static double ratio_bound(const cc_row *r) { return 1 / eps_used(r); }

static double capped(const cc_row *r) { return fmin(cc_get(r, "distortion"), 1e300); } /* infinite where points coincide */
static double allowed(const cc_row *r) { return 5 * (1 + cc_get(r, "log2_spread")) * fmax(cc_get(r, "c_lb"), 1); }
static double ratio(const cc_row *r) { return cc_get(r, "distortion") / cc_get(r, "c_lb"); }
/* On a star, the bound with balls of radius l in place of l / 2 */
static double lb_without_half(const cc_row *r) { return 2 * pow(cc_get(r, "leaves"), 1 / cc_get(r, "d")) - 1; }

/* One curve is enough where all arms have the same. */
static double bound_once(const cc_row *r) { return strcmp(cc_get_text(r, "arm"), "angular") ? NAN : angular_bound(r); }
static double lower_bound_once(const cc_row *r) { return strcmp(cc_get_text(r, "arm"), "embed") ? NAN : cc_get(r, "c_lb"); }

/* ---- experiments ---- */

#define RANDOM(depth, branching)                                                                                                 \
    "tree.random(depth=" #depth ",branching=" #branching ",weights=uniform) "                                                    \
    "tree.random(depth=" #depth ",branching=" #branching ",weights=pareto) "                                                     \
    "tree.random(depth=" #depth ",branching=" #branching ",weights=loguniform,lambda=6) "
#define FOREST                                                                                                                   \
    RANDOM(1, 400) RANDOM(2, 20) RANDOM(4, 5) RANDOM(8, 3) RANDOM(12, 2)                                                         \
    "tree.kary(arity=2,depth=6,weights=unit) tree.caterpillar(depth=4) tree.caterpillar(depth=16) | tree.caterpillar(depth=64) "                                          \
    "| tree.package(package=linux-libc-dev) tree.wordnet"
#define STARS "tree.hst_star(n=16) tree.hst_star(n=64) tree.hst_star(n=256) tree.hst_star(n=1024) "
#define REGULAR                                                                                                                  \
    "tree.hst_regular(arity=2,levels=2) tree.hst_regular(arity=2,levels=4) tree.hst_regular(arity=2,levels=6) tree.hst_regular(arity=2,levels=8) tree.hst_regular(arity=2,levels=10) "                 \
    "tree.hst_regular(arity=4,levels=1) tree.hst_regular(arity=4,levels=3) tree.hst_regular(arity=4,levels=5) "                  \
    "tree.hst_regular(arity=8,levels=1) tree.hst_regular(arity=8,levels=2) tree.hst_regular(arity=8,levels=3) "
#define OTHERS                                                                                                                   \
    "tree.hst_two_scale(m=16,L=16) tree.hst_two_scale(m=16,L=256) tree.hst_caterpillar(n=21) tree.hst_random(n=50) "             \
    "tree.linkage(data=iris) | tree.hst_random(n=300) tree.linkage(data=digits,n=600) | tree.linkage(data=digits)"

static const cc_experiment experiments[] = {
    { .id = "forest", .about = "polygons on random and hard trees", .measure = &cc_final, .problem = "tree.random",
      .arms = CC_LIST(cc_arm, { .as = "angular", .algorithm = "partitions.angular" }, { .as = "greedy", .algorithm = "partitions.greedy_polygonal" },
                              { .as = "greedy_axis", .algorithm = "partitions.greedy_polygonal:axis" }, { .as = "slices", .algorithm = "partitions.angular:slices" },
                              { .as = "length", .algorithm = "partitions.angular:length" }),
      .axes = CC_LIST(cc_axis, { "problem", FOREST }), .seeds = { 1, 5, 5 }, .block = 5,
      .plan = { .metrics = "max_asp median_asp area_error leaf_area bend outside overlap binary_height" } },
    { .id = "heights", .about = "the binary tree alone", .measure = &cc_final, .algorithm = "partitions.binarise", .problem = "tree.random",
      .axes = CC_LIST(cc_axis, { "problem", "tree.star(n=2) tree.star(n=3) tree.star(n=1000) tree.star(n=100000) tree.caterpillar(depth=1000) tree.kary(arity=7,depth=4) " FOREST }),
      .seeds = { 1, 5, 5 }, .block = 5, .plan = { .metrics = "binary_height" } },
    { .id = "chains", .about = "stars, their leaves joined one after the other", .measure = &cc_final, .algorithm = "partitions.binarise(rule=left_deep)", .problem = "tree.star",
      .axes = CC_LIST(cc_axis, { "n", "16 64 1024" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "binary_height" } },
    { .id = "skew", .about = "243 leaves, weights spread over more and more decades", .measure = &cc_final, .problem = "tree.kary(arity=3,depth=5,weights=loguniform)",
      .arms = CC_LIST(cc_arm, { .as = "angular", .algorithm = "partitions.angular" }, { .as = "greedy", .algorithm = "partitions.greedy_polygonal" },
                              { .as = "slack", .algorithm = "partitions.slack" }, { .as = "slice_and_dice", .algorithm = "partitions.slice_and_dice" },
                              { .as = "squarified", .algorithm = "partitions.squarified" }, { .as = "toy", .algorithm = "partitions.angular:toy" }),
      .axes = CC_LIST(cc_axis, { "lambda", "0 2 4 6 8" }), .seeds = { 4, 10, 20 }, .block = 20, .plan = { .metrics = "max_asp median_asp binary_height" } },
    { .id = "spines", .about = "caterpillars with leaves of 1e-6: the hardest trees", .measure = &cc_final, .problem = "tree.caterpillar(fraction=1e-6)",
      .arms = CC_LIST(cc_arm, { .as = "angular", .algorithm = "partitions.angular" }, { .as = "greedy", .algorithm = "partitions.greedy_polygonal" },
                              { .as = "slack", .algorithm = "partitions.slack" }, { .as = "slice_and_dice", .algorithm = "partitions.slice_and_dice" },
                              { .as = "one_way", .algorithm = "partitions.angular:one_way" }),
      .axes = CC_LIST(cc_axis, { "depth", "4 8 16 32 64 | 128 | 256" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "max_asp median_asp binary_height" } },
    { .id = "slack", .about = "boxes that may be a little too small", .measure = &cc_final, .algorithm = "partitions.slack", .problem = "tree.random",
      .axes = CC_LIST(cc_axis, { "problem", FOREST }, { "eps", "0.3333333333333333 0.25 0.125 auto" }, { "d", "2 3" }), .seeds = { 1, 5, 5 }, .block = 5,
      .plan = { .metrics = "max_ratio slack excess outside overlap" } },
    { .id = "no_slack", .about = "boxes of exact volume for two leaves, one of 1e-6", .measure = &cc_final, .algorithm = "partitions.slack:exact", .problem = "tree.two_leaves(eta=1e-6)",
      .axes = CC_LIST(cc_axis, { "eps", "0.3333333333333333 0.125" }, { "d", "2 3" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "max_ratio slack excess outside overlap" } },
    { .id = "two_leaves", .about = "the least tree on which rectangles fail", .measure = &cc_final, .problem = "tree.two_leaves",
      .arms = CC_LIST(cc_arm, { .as = "angular", .algorithm = "partitions.angular" }, { .as = "greedy", .algorithm = "partitions.greedy_polygonal" },
                              { .as = "slice_and_dice", .algorithm = "partitions.slice_and_dice" }, { .as = "squarified", .algorithm = "partitions.squarified" },
                              { .as = "exact", .algorithm = "partitions.slack:exact" }, { .as = "slack", .algorithm = "partitions.slack" }),
      .axes = CC_LIST(cc_axis, { "eta", "1e-2 1e-4 1e-6" }), .seeds = { 1, 1, 1 }, .plan = { .metrics = "max_asp max_ratio" } },
    { .id = "ultrametrics", .about = "embeddings of generated and real ultrametrics", .measure = &cc_final, .problem = "tree.hst_star",
      .arms = CC_LIST(cc_arm, { .as = "embed", .algorithm = "partitions.embed" }, { .as = "no_margin", .algorithm = "partitions.embed:no_margin" },
                              { .as = "line", .algorithm = "partitions.place:line" }, { .as = "grid", .algorithm = "partitions.place:grid" },
                              { .as = "random", .algorithm = "partitions.place:random" }, { .as = "mds", .algorithm = "partitions.mds" }),
      .axes = CC_LIST(cc_axis, { "problem", STARS REGULAR OTHERS }, { "d", "2 3" }), .seeds = { 1, 3, 3 }, .block = 3,
      .plan = { .metrics = "distortion c_lb c_ub" } },
    { .id = "cost", .about = "work over the number of leaves", .measure = &cc_final, .problem = "tree.random(depth=6,branching=1000,weights=pareto)",
      .arms = CC_LIST(cc_arm, { .as = "angular", .algorithm = "partitions.angular" }, { .as = "greedy", .algorithm = "partitions.greedy_polygonal(K=4)" }),
      .axes = CC_LIST(cc_axis, { "max_leaves", "100 1000 10000 | 100000" }), .seeds = { 1, 3, 3 }, .block = 3, .plan = { .metrics = "binary_height" } },
    { .id = "pictures", .about = "one tree, five layouts", .measure = &fp_drawing, .problem = "tree.random(depth=5,branching=6,stop=0.35,weights=pareto,seed=4)",
      .arms = CC_LIST(cc_arm, { .as = "slice_and_dice", .algorithm = "partitions.slice_and_dice" }, { .as = "squarified", .algorithm = "partitions.squarified" },
                              { .as = "angular", .algorithm = "partitions.angular" }, { .as = "greedy", .algorithm = "partitions.greedy_polygonal" },
                              { .as = "slack", .algorithm = "partitions.slack" }), .seeds = { 1, 1, 1 } },
    { .id = "package_pictures", .about = "the files of linux-libc-dev", .measure = &fp_drawing, .problem = "tree.package(package=linux-libc-dev)",
      .arms = CC_LIST(cc_arm, { .as = "slice_and_dice", .algorithm = "partitions.slice_and_dice" }, { .as = "squarified", .algorithm = "partitions.squarified" },
                              { .as = "angular", .algorithm = "partitions.angular" }, { .as = "greedy", .algorithm = "partitions.greedy_polygonal" },
                              { .as = "slack", .algorithm = "partitions.slack" }), .seeds = { 0, 0, 1 } },
    { .id = "iris", .about = "the dendrogram of iris in the plane", .measure = &fp_drawing, .algorithm = "partitions.embed", .problem = "tree.linkage(data=iris)", .seeds = { 1, 1, 1 } },
    { 0 },
};

/* ---- claims ---- */

static const cc_claim claims[] = {
    { .id = "angular_bound", .source = "abstract: an aspect ratio bounded independently of the weights; with constants: README [1]",
      .statement = "diam(P)^2 / area(P) <= 4 cot(pi / (2m)) <= (8 / pi)(depth + log2 n + 4) for every polygon of the angular partition, m the least even number >= h + 2",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "forest", .where = "arm=angular",
      .derive = CC_LIST(cc_derived, { "bound", "", "4 cot(pi / (2m))", angular_bound }, { "linear", "", "(8 / pi)(depth + log2 n + 4)", linear_bound }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "max_asp", .other = "bound", .rel = 1e-9), CC_BOUND(.y = "bound", .other = "linear")),
      .controls = CC_LIST(cc_control,
          { .id = "slices", .what = "vertical and horizontal cuts of the same binary tree: thin on every tree whose weights span six decades", .where = "arm=slices weights=loguniform",
            .shows = CC_LIST(cc_check, CC_BOUND(.y = "bound", .other = "max_asp")) }) },
    { .id = "angular_sharp", .source = "README [1]: half the constant suffices", .statement = "diam(P)^2 / area(P) <= 4 cot(pi / m), which caterpillars attain",
      .origin = CC_FROM_US, .threshold = CC_FROM_PROOF, .experiment = "forest", .where = "arm=angular",
      .derive = CC_LIST(cc_derived, { "bound", "", "4 cot(pi / m)", spine_asp }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "max_asp", .other = "bound", .rel = 1e-9)),
      .controls = CC_LIST(cc_control, { .id = "smaller", .what = "3.9 cot(pi / m)", .derive = CC_LIST(cc_derived, { "bound", "", "3.9 cot(pi / m)", below_spine_asp }) },
                                      { .id = "slices", .what = "vertical and horizontal cuts of the same binary tree", .where = "arm=slices" }) },
    { .id = "areas_exact", .source = "definition of a polygonal partition",
      .statement = "area(P(v)) = w(v), every polygon is convex and counter-clockwise, and children tile their parent",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_US, .experiment = "forest", .where = "arm=angular,greedy",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "area_error", .is = CC_AT_MOST(1e-8)), CC_EQUALITY(.y = "leaf_area", .is = CC_EQUALS(1), .abs = 1e-10),
                                  CC_BOUND(.y = "bend", .is = CC_AT_LEAST(-1e-9)), CC_BOUND(.y = "outside", .is = CC_AT_MOST(1e-9)),
                                  CC_BOUND(.y = "overlap", .is = CC_AT_MOST(1e-9))),
      .controls = CC_LIST(cc_control, { .id = "length", .what = "cuts divide the extent of a polygon, not its area", .where = "arm=length" }) },
    { .id = "height", .source = "the tree is made binary first; README [2]", .statement = "the binary tree has height at most depth + log2 n, whatever the weights",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "heights",
      .derive = CC_LIST(cc_derived, { "bound", "", "depth + log2 n", height_bound }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "binary_height", .other = "bound", .rel = 1e-12)),
      .controls = CC_LIST(cc_control, { .id = "left_deep", .what = "leaves joined one after the other", .experiment = "chains" }) },
    { .id = "weight_independent", .source = "abstract: independently of the weights", .statement = "the aspect ratio of the angular partition does not grow with the skew of the weights",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_US, .experiment = "skew", .where = "arm=angular",
      .derive = CC_LIST(cc_derived, { "skew", "", "10^lambda: greatest over least weight", skew }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "skew", .y = "max_asp", .from = 1, .to = 1e8, .is = CC_WITHIN(-.02, .02))),
      .controls = CC_LIST(cc_control, { .id = "slice_and_dice", .what = "rectangles side by side", .where = "arm=slice_and_dice" },
                                      { .id = "squarified", .what = "rectangles in rows", .where = "arm=squarified" },
                                      { .id = "toy", .what = "balanced by weight, vertical and horizontal cuts", .where = "arm=toy" }) },
    { .id = "greedy_weights", .source = "the second method: an aspect ratio that is a function of the depth alone",
      .statement = "nor does that of the greedy partition, by more than a twelfth of a decade per decade", .origin = CC_FROM_US, .threshold = CC_FROM_US, .experiment = "skew",
      .where = "arm=greedy", .derive = CC_LIST(cc_derived, { "skew", "", "10^lambda: greatest over least weight", skew }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "skew", .y = "max_asp", .from = 1, .to = 1e8, .is = CC_WITHIN(-.12, .12))),
      .controls = CC_LIST(cc_control, { .id = "squarified", .what = "rectangles in rows", .where = "arm=squarified" }) },
    { .id = "depth_growth", .source = "O(depth + log n); README [1]", .statement = "on caterpillars with small leaves the angular partition has aspect ratio exactly 4 cot(pi / m): linear in the height",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_US, .experiment = "spines", .where = "arm=angular",
      .derive = CC_LIST(cc_derived, { "m", "", "directions", m }, { "exact", "", "4 cot(pi / m)", spine_asp }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "m", .y = "max_asp", .over = "", .from = 10, .to = 1000, .is = CC_WITHIN(.9, 1.1)),
                                  CC_EQUALITY(.y = "max_asp", .other = "exact", .over = "", .rel = 1e-9)),
      .controls = CC_LIST(cc_control, { .id = "one_way", .what = "all cuts vertical: 1 / weight, at any height", .where = "arm=one_way" }) },
    { .id = "greedy_beats", .source = "practice", .statement = "the greedy partition is fatter: its aspect ratio is below .6 of the angular one's, for the median tree",
      .origin = CC_FROM_US, .threshold = CC_FROM_US, .experiment = "forest",
      .derive = CC_LIST(cc_derived, { "handicapped", "", "max_asp; times .6 for angular", handicapped }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "handicapped", .chain = "greedy < angular", .over = "seed problem")),
      .controls = CC_LIST(cc_control, { .id = "axis", .what = "greedy among vertical and horizontal cuts, on skewed weights", .where = "weights=loguniform",
          .checks = CC_LIST(cc_check, CC_ORDERING(.y = "handicapped", .chain = "greedy_axis < angular", .over = "seed problem")) }) },
    { .id = "slack_bound", .source = "abstract: constant aspect ratio if areas may deviate; README [3]",
      .statement = "boxes with slack eps have sides within a factor 1 / eps and (1 - eps)^level w <= volume <= w, are disjoint and nested",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "slack",
      .derive = CC_LIST(cc_derived, { "eps_used", "", "slack", eps_used }, { "bound", "", "1 / eps", ratio_bound }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "max_ratio", .other = "bound", .rel = 1e-9), CC_BOUND(.y = "slack", .other = "eps_used", .rel = 1e-9),
                                  CC_BOUND(.y = "excess", .is = CC_AT_MOST(1e-9)), CC_BOUND(.y = "outside", .is = CC_AT_MOST(1e-9)), CC_BOUND(.y = "overlap", .is = CC_AT_MOST(1e-9))),
      .controls = CC_LIST(cc_control, { .id = "no_slack", .what = "exact volumes", .experiment = "no_slack" }) },
    { .id = "rectangles_impossible", .source = "introduction: no bound for rectangles; README [4]",
      .statement = "children of weights 1 - eta and eta: every partition into rectangles has a side ratio 1 / eta, polygons reach diam^2 / area = 4",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "two_leaves", .derive = CC_LIST(cc_derived, { "inverse", "", "1 / eta", inverse_eta }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "max_ratio", .other = "inverse", .where = "arm=slice_and_dice,squarified,exact", .over = "", .rel = 1e-9),
                                  CC_EQUALITY(.y = "max_asp", .is = CC_EQUALS(4), .where = "arm=angular,greedy", .over = "", .rel = 1e-9)),
      .controls = CC_LIST(cc_control,
          { .id = "slack", .what = "rectangles that may be too small escape it",
            .checks = CC_LIST(cc_check, CC_BOUND(.y = "inverse", .other = "max_ratio", .where = "arm=slack", .over = "", .rel = 1e-9)) },
          { .id = "rectangles", .what = "rectangles held to the standard of polygons",
            .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "max_asp", .is = CC_EQUALS(4), .where = "arm=slice_and_dice,squarified,exact", .over = "", .rel = 1e-9)) }) },
    { .id = "embed_bound", .source = "abstract: polylog(spread) approximation; with constants: README [5]",
      .statement = "the slack embedding has distortion at most 4 sqrt(d) eps^(-2(d-1)/d) (1 - eps)^(-h/d) (c_LB' + 1), and at least c_LB",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "ultrametrics", .where = "arm=embed",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "distortion", .other = "c_ub", .rel = 1e-9), CC_BOUND(.y = "c_lb", .other = "distortion", .rel = 1e-9)),
      .controls = CC_LIST(cc_control, { .id = "no_margin_binary", .what = "no margin between siblings, on 1024 points of a binary tree", .where = "arm=no_margin levels=10 d=2" },
                                      { .id = "no_margin_spine", .what = "no margin between siblings, on a caterpillar", .where = "arm=no_margin problem=tree.hst_caterpillar(n=21) d=2" }) },
    { .id = "embed_ratio", .source = "abstract: the factor depends on the spread, not on n",
      .statement = "distortion <= 5 (1 + log2 spread) max(c_LB, 1), and on stars (spread 1) distortion / c_LB does not grow with n",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_US, .experiment = "ultrametrics", .where = "arm=embed",
      .derive = CC_LIST(cc_derived, { "allowed", "", "5 (1 + log2 spread) max(c_LB, 1)", allowed }, { "ratio", "", "distortion / c_LB", ratio }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "distortion", .other = "allowed"),
                                  CC_EXPONENT(.x = "leaves", .y = "ratio", .where = "log2_spread=0 d=2 leaves>=16", .over = "", .from = 16, .to = 1024, .is = CC_WITHIN(-.05, .05))),
      .controls = CC_LIST(cc_control, { .id = "line", .what = "points on a line", .where = "arm=line" }) },
    { .id = "lower_bound_valid", .source = "the volume argument of Badoiu, Chuzhoy, Indyk and Sidiropoulos; README [5]",
      .statement = "no embedding has distortion below c_LB: not the slack embedding, nor lines, grids, random points or classical scaling",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "ultrametrics",
      .derive = CC_LIST(cc_derived, { "capped", "", "distortion; 1e300 if points coincide", capped }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "c_lb", .other = "capped", .rel = 1e-9)),
      .controls = CC_LIST(cc_control, { .id = "no_half", .what = "balls of radius l in place of l / 2, on 1024 points at mutual distance 1", .where = "arm=embed problem=tree.hst_star(n=1024) d=2",
                                        .derive = CC_LIST(cc_derived, { "c_lb", "", "2 n^(1/d) - 1", lb_without_half }) }) },
    { .id = "cost", .source = "one cut for each internal node of the binary tree", .statement = "n leaves take n - 1 cuts, of polygons of at most h + 4 corners",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "cost", .where = "arm=angular",
      .derive = CC_LIST(cc_derived, { "n_less_one", "", "n - 1", leaves_less_one }, { "most", "", "(n - 1)(h + 8): both parts of a cut", most_vertices }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "n_cut", .other = "n_less_one"),
                                  CC_BOUND(.y = "n_vertex", .other = "most")),
      .controls = CC_LIST(cc_control, { .id = "greedy", .what = "the greedy choice tries eight cuts at each node", .where = "arm=greedy" }) },
    { 0 },
};

/* ---- figures ---- */

static const cc_figure figures[] = {
    { .id = "layouts", .source = "as the paper's example partitions", .caption = "One random tree, five layouts; colour by the child of the root.", .kind = "drawing",
      .experiment = "pictures", .by = "arm", .options = "attach=polygons" },
    { .id = "layouts_table", .source = "as the paper's example partitions", .caption = "diam^2 / area over the nodes of that tree.", .kind = "table",
      .experiment = "pictures", .x = "arm", .y = "max_asp median_asp regions" },
    { .id = "package", .source = "a tree of files", .caption = "The files of linux-libc-dev by size.", .kind = "drawing", .experiment = "package_pictures", .by = "arm", .options = "attach=polygons" },
    { .id = "skew", .source = "abstract", .caption = "Aspect ratio over the skew of the weights: 243 leaves, weights spread over lambda decades.", .kind = "curve", .experiment = "skew",
      .x = "skew", .y = "max_asp", .by = "arm", .derive = CC_LIST(cc_derived, { "skew", "", "10^lambda: greatest over least weight", skew }),
      .options = "xscale=log yscale=log markers=1 ylabel='max diam^2 / area' " },
    { .id = "depth", .source = "abstract", .caption = "Aspect ratio over the depth of caterpillars, with the proved bound.", .kind = "curve", .experiment = "spines", .where = "arm=angular,greedy,slack",
      .x = "depth", .y = "max_asp bound", .by = "arm", .derive = CC_LIST(cc_derived, { "bound", "", "4 cot(pi / (2m)), for angular", bound_once }),
      .options = "xscale=log yscale=log markers=1 ylabel='max diam^2 / area'" },
    { .id = "stars", .source = "abstract", .caption = "Distortion over the number of points at mutual distance 1, in the plane, with the lower bound.", .kind = "curve", .experiment = "ultrametrics",
      .where = "arm=embed,line,grid,random log2_spread=0 d=2", .x = "leaves", .y = "distortion lower_bound", .by = "arm",
      .derive = CC_LIST(cc_derived, { "lower_bound", "", "c_LB", lower_bound_once }), .options = "xscale=log yscale=log markers=1" },
    { .id = "regular", .source = "abstract", .caption = "Distortion over the number of points of complete binary ultrametrics, in the plane and in space.", .kind = "curve", .experiment = "ultrametrics",
      .where = "arm=embed,no_margin,line levels>=1 arity=2", .x = "leaves", .y = "distortion lower_bound", .by = "arm d",
      .derive = CC_LIST(cc_derived, { "lower_bound", "", "c_LB", lower_bound_once }), .options = "xscale=log yscale=log markers=1" },
    { .id = "iris", .source = "application", .caption = "The single-linkage dendrogram of iris in the plane: points, and the boxes of its nodes.", .kind = "drawing", .experiment = "iris", .options = "attach=polygons" },
    { 0 },
};

const cc_plugin cc_plugin_1 = {
    .id = "partitions",
    .title = "Fat polygonal partitions, rectangular partitions with slack, ultrametric embeddings",
    .citation = "M. de Berg, K. Onak, A. Sidiropoulos: Fat Polygonal Partitions with Applications to Visualization and Embeddings, Journal of Computational Geometry 4(1), 212-239, 2013; arXiv 1009.1866",
    .algorithms = fp_algorithms,
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = fp_benches,
};
