/* claims.c: what is said of the dynamic structure, what is run for it, and what must fail. Numbers in brackets are the sections of README.md. */
#include <math.h>

#include "bench.h"
#include "measures.h"
#include "submodular.h"

/* ---- derived columns ---- */

static double per_update(const cc_row *r) { return cc_get(r, "n_query") / cc_get(r, "n_update"); }
static double inverse_eps(const cc_row *r) { return 1 / cc_get(r, "eps"); }
static double half_less_eps(const cc_row *r) { return .5 - cc_get(r, "eps"); }
static double floor_of_opt(const cc_row *r) { return half_less_eps(r) * cc_get(r, "opt"); }
static double guess_floor(const cc_row *r) { return (.5 - 2.5 * cc_get(r, "eps")) * cc_get(r, "greedy"); } /* greedy is optimal for weights */
/* The bill by the formulas of the pseudo-code [5] */
static double ledger(const cc_row *r)
{
    return cc_get(r, "singles") + cc_get(r, "checks") + cc_get(r, "built") + cc_get(r, "refiltered") + cc_get(r, "N_s") * cc_get(r, "means") + cc_get(r, "answers") + cc_get(r, "resampled");
}
static double ledger_with_adds(const cc_row *r) { return ledger(r) + cc_get(r, "n_add"); }
static double log_levels(const cc_row *r) { return 2 * log(cc_get(r, "n")); }
static double lost(const cc_row *r) { return 1 - cc_get(r, "value") / cc_lag(r, "value", 1); }
/* What the dynamic structure asks times the factor that is claimed at n = 32000, in proportion below */
static double times(const cc_row *r, double factor) { return factor * cc_get(r, "n") / 32000 * cc_peer(r, "dynamic", "n_query"); }
static double times20(const cc_row *r) { return times(r, 20); }
static double times10(const cc_row *r) { return times(r, 10); }
static double linear_value(const cc_row *r) { return cc_peer(r, "linear", "value"); }
static double linear_added(const cc_row *r) { return cc_peer(r, "linear", "n_add"); }
static double linear_levels(const cc_row *r) { return cc_peer(r, "linear", "levels_built"); }
static double missed(const cc_row *r)
{
    const double eps = cc_get(r, "eps");
    return cc_get(r, "at_m") > 1 - eps || cc_get(r, "before") < 1 - 2 * eps;
}

/* ---- experiments ---- */

#define ASKED(asks) .clock = "n_ask", .at = "1.." #asks "+1", .stop = "steps<=100000000"
#define PARETO(n) "dynset.pareto_cov(n=" #n ",stream=window) dynset.pareto_cov(n=" #n ",stream=drain) dynset.pareto_cov(n=" #n ",stream=random) "
#define CLUSTERS(n) "dynset.clusters(n=" #n ",clients=200,stream=window) dynset.clusters(n=" #n ",clients=200,stream=drain) "
#define SMALL "dynset.small(kind=coverage) dynset.small(kind=weighted) dynset.small(kind=saturated) dynset.small(kind=facility) "
#define LIGHT "dynset.modular(n=200,heavy=20,heavy_weight=1,weight=0.51,k=20,stream=insert,asks=4)"
#define TRIPLES "dynset.groups(groups=40,mates=3,singles=20,k=60)"
#define HYPER(set, stream) "dynset.hypergraph(set=" #set ",stream=" #stream ") "

static const cc_experiment experiments[] = {
    { .id = "small", .about = "18 elements, k = 4: answers beside the optimum", .measure = &cc_trajectory, .algorithm = "submodular.dynamic", .problem = "dynset.small",
      .axes = CC_LIST(cc_axis, { "kind", "coverage weighted saturated facility" }, { "stream", "random drain" }, { "instance", "0..1+1 | 2..24+1" }, { "eps", "0.1 0.3" }),
      .set = "asks=9", .plan = { .metrics = "value opt", ASKED(9) }, .seeds = { 9, 12, 12 }, .block = 12 },
    { .id = "small_wrong", .about = "the same with a wrong guess, and without reconstructions on deletions", .measure = &cc_trajectory, .problem = "dynset.small",
      .arms = CC_LIST(cc_arm, { .as = "high_guess", .algorithm = "submodular.dynamic(guess=400,eps=0.1)" }, { .as = "no_rebuild", .algorithm = "submodular.dynamic:no_rebuild(eps=0.1)" }),
      .axes = CC_LIST(cc_axis, { "kind", "coverage weighted saturated facility" }, { "stream", "random drain" }, { "instance", "0 1" }), .set = "asks=9", .plan = { .metrics = "value opt", ASKED(9) },
      .seeds = { 9, 12, 12 }, .block = 12 },
    { .id = "small_theory", .about = "the same with eps / 3 and as many draws as the analysis asks for", .measure = &cc_trajectory, .algorithm = "submodular.dynamic:theory", .problem = "dynset.small",
      .axes = CC_LIST(cc_axis, { "kind", "coverage facility" }, { "instance", "0 | 1 2" }, { "eps", "0.3" }), .set = "asks=9 n=10|14", .plan = { .metrics = "value opt", ASKED(9) },
      .seeds = { 9, 9, 12 }, .block = 6 },
    { .id = "right_guess", .about = "one copy, whose guess is the optimum: 20 elements of 1 among 180 of .51", .measure = &cc_trajectory, .algorithm = "submodular.dynamic(guess=20)", .problem = LIGHT,
      .axes = CC_LIST(cc_axis, { "eps", "0.01 0.1" }), .plan = { .metrics = "value ratio greedy", ASKED(4) }, .seeds = { 9, 12, 12 }, .block = 12 },
    { .id = "all_guesses", .about = "the same with a copy for every guess", .measure = &cc_trajectory, .algorithm = "submodular.dynamic(eps=0.1)", .problem = LIGHT,
      .plan = { .metrics = "value ratio greedy", ASKED(4) }, .seeds = { 2, 3, 3 } },
    { .id = "answers", .about = "answers beside the greedy value at 40 times", .measure = &cc_trajectory, .problem = "dynset.pareto_cov",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic" }, { .as = "lattanzi", .algorithm = "submodular.lattanzi" }, { .as = "sieve", .algorithm = "submodular.sieve" },
                              { .as = "random_k", .algorithm = "submodular.random_k" }),
      .axes = CC_LIST(cc_axis, { "problem", PARETO(500) CLUSTERS(100) "| " CLUSTERS(300) PARETO(4000) }), .plan = { .metrics = "value ratio greedy present", ASKED(40) }, .seeds = { 3, 4, 9 }, .block = 9 },
    { .id = "cost_n", .about = "queries of whole streams over the number of elements", .measure = &cc_final, .problem = "dynset.pareto_cov",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic", .axes = CC_LIST(cc_axis, { "n", "500 1000 2000 | 4000 8000 16000 32000 100000" }) },
                              { .as = "lattanzi", .algorithm = "submodular.lattanzi", .axes = CC_LIST(cc_axis, { "n", "500 1000 2000 | 4000 8000 | 16000 32000 100000" }) },
                              { .as = "sieve", .algorithm = "submodular.sieve", .axes = CC_LIST(cc_axis, { "n", "500 1000 2000 | 4000 8000 | 16000 32000" }) },
                              { .as = "greedy", .algorithm = "submodular.greedy(when=always)", .axes = CC_LIST(cc_axis, { "n", "500 1000 2000 | 4000 | 8000 16000" }) }),
      .axes = CC_LIST(cc_axis, { "stream", "window drain random" }), .plan = { .metrics = "ratio", .stop = "steps<=100000000" }, .seeds = { 3, 3, 3 }, .first_seed = 100 },
    { .id = "cost_k", .about = "queries over the size of the solution, n = 8000", .measure = &cc_final, .problem = "dynset.pareto_cov(n=8000)", .set = "n=2000|8000",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic" }, { .as = "sieve", .algorithm = "submodular.sieve" }),
      .axes = CC_LIST(cc_axis, { "k", "5 10 20 | 40 80 160" }), .plan = { .metrics = "ratio", .stop = "steps<=100000000" }, .seeds = { 3, 3, 9 }, .first_seed = 100 },
    { .id = "cost_eps", .about = "queries and values over eps", .measure = &cc_trajectory, .algorithm = "submodular.dynamic", .problem = "dynset.pareto_cov(n=1000)",
      .axes = CC_LIST(cc_axis, { "eps", "0.1 0.3 0.45 | 0.2" }), .set = "n=1000|4000", .plan = { .metrics = "ratio", ASKED(40) }, .seeds = { 9, 12, 12 }, .block = 4 },
    { .id = "bucket", .about = "one element of 100 among 99 of 2; it is deleted", .measure = &cc_trajectory, .problem = "dynset.modular(share=0.01,asks=101)",
      .arms = CC_LIST(cc_arm, { .as = "buckets", .algorithm = "submodular.dynamic(eps=0.1,guess=198)" }, { .as = "no_buckets", .algorithm = "submodular.dynamic:no_buckets(eps=0.1,guess=198)" }),
      .plan = { .metrics = "value", .at = "100 101", .stop = "steps<=1000" }, .seeds = { 100, 400, 400 }, .block = 400 },
    { .id = "duel", .deadline_s = 600, .about = "the whole bill of an insertion phase and of deleting the largest half", .measure = &cc_final, .problem = "dynset.pareto_cov(stream=drain)",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic" }, { .as = "sieve", .algorithm = "submodular.sieve" }, { .as = "greedy", .algorithm = "submodular.greedy(when=always)" }),
      .axes = CC_LIST(cc_axis, { "n", "2000 | 16000 | 32000" }), .plan = { .metrics = "ratio", .stop = "steps<=100000000" }, .seeds = { 2, 1, 3 } },
    { .id = "duel_random", .about = "the same with random updates", .measure = &cc_final, .problem = "dynset.pareto_cov(stream=random)",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic" }, { .as = "sieve", .algorithm = "submodular.sieve" }),
      .axes = CC_LIST(cc_axis, { "n", "1000 | 32000" }), .plan = { .metrics = "ratio", .stop = "steps<=100000000" }, .seeds = { 6, 9, 9 }, .block = 3 },
    { .id = "bill", .about = "every kind of event, every variant", .measure = &cc_final, .problem = "dynset.pareto_cov",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic" }, { .as = "binary", .algorithm = "submodular.dynamic:binary" }, { .as = "no_buckets", .algorithm = "submodular.dynamic:no_buckets" },
                              { .as = "one", .algorithm = "submodular.dynamic:one" }, { .as = "adaptive", .algorithm = "submodular.dynamic:adaptive" }),
      .axes = CC_LIST(cc_axis, { "problem", PARETO(200) SMALL "| " CLUSTERS(100) }, { "eps", "0.3 | 0.1" }), .plan = { .metrics = "size", .stop = "steps<=100000000" }, .seeds = { 2, 2, 3 }, .block = 3 },
    { .id = "watch", .about = "the whole state after each of 1000 random updates", .measure = &ds_watch, .algorithm = "submodular.dynamic", .problem = "dynset.pareto_cov",
      .axes = CC_LIST(cc_axis, { "problem", "dynset.pareto_cov(n=100,k=8,stream=random,asks=1000) dynset.small(kind=weighted,n=60,k=5,asks=1000) | dynset.pareto_cov(n=500,k=10,stream=random,asks=1000) dynset.small(kind=facility,n=200,k=8,asks=1000) dynset.small(kind=saturated,n=200,k=12,asks=1000)" },
                               { "eps", "0.1 0.3" }), .plan = { .stop = "steps<=100000000" }, .seeds = { 2, 2, 5 } },
    { .id = "membership", .about = "a bucket of 12 elements, 4 pairs that exclude each other: who is in the first level's sample after 6 updates that rebuild nothing?", .measure = &ds_membership,
      .problem = "dynset.groups(extra=5,gone=1)",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic(guess=16,eps=0.1)" }, { .as = "adaptive", .algorithm = "submodular.dynamic:adaptive(guess=16,eps=0.3)" },
                              { .as = "lattanzi", .algorithm = "submodular.lattanzi(guess=15.9)", .problem = "dynset.groups", .set = "structure=lattanzi" }),
      .plan = { .stop = "steps<=1000" }, .seeds = { 2000, 20000, 20000 }, .block = 2000 },
    { .id = "sizes", .about = "sizes of samples among 40 triples and 20 singles", .measure = &ds_sizes, .problem = TRIPLES, .axes = CC_LIST(cc_axis, { "eps", "0.3 | 0.2" }), .seeds = { 150, 200, 400 }, .block = 50 },
    { .id = "search", .about = "levels of an insertion one after the other, and by binary search", .measure = &cc_trajectory, .problem = "dynset.pareto_cov",
      .arms = CC_LIST(cc_arm, { .as = "linear", .algorithm = "submodular.dynamic" }, { .as = "binary", .algorithm = "submodular.dynamic:binary" }),
      .axes = CC_LIST(cc_axis, { "problem", PARETO(500) "| " PARETO(4000) }), .plan = { .metrics = "value", ASKED(40) }, .seeds = { 2, 3, 3 }, .block = 3 },
    { .id = "real", .about = "hypergraphs, packages, images: answers and bills", .measure = &cc_trajectory, .problem = "dynset.pareto_cov",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic" }, { .as = "lattanzi", .algorithm = "submodular.lattanzi" }, { .as = "sieve", .algorithm = "submodular.sieve" },
                              { .as = "random_k", .algorithm = "submodular.random_k" }),
      .axes = CC_LIST(cc_axis, { "problem", "dynset.pareto_cov(stream=drain) dynset.packages " HYPER(enron, drain) "| " HYPER(school, drain) HYPER(school2, drain) HYPER(foursquare, drain) "dynset.images(data=digits,n=300) dynset.images(data=fashion,n=300) "
                                            "| dynset.hypergraph(set=dblp,first=60000,k=50,stream=window) dynset.images(data=fashion,n=2000)" }),
      .plan = { .metrics = "value ratio greedy present", ASKED(40) }, .seeds = { 1, 3, 3 }, .deadline_s = 600 },
    { .id = "sizes_of_k", .about = "a sliding window of half of the elements, over k", .measure = &cc_trajectory, .problem = "dynset.pareto_cov",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic" }, { .as = "lattanzi", .algorithm = "submodular.lattanzi" }, { .as = "sieve", .algorithm = "submodular.sieve" }),
      .axes = CC_LIST(cc_axis, { "problem", "dynset.pareto_cov(n=2000) | " HYPER(school, window) HYPER(foursquare, window) "| dynset.hypergraph(set=dblp,stream=window)" }, { "k", "10 20 50 | 100 | 200" }),
      .plan = { .metrics = "value ratio greedy", ASKED(40) }, .seeds = { 1, 1, 2 }, .block = 2, .deadline_s = 900, .memory_mb = 4096 },
    { .id = "adversary", .about = "deletions that look: always one of the last answer", .measure = &cc_trajectory, .problem = "dynset.pareto_cov(n=1000)",
      .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic" }, { .as = "sieve", .algorithm = "submodular.sieve" }), .set = "stream=adaptive asks=1000000",
      .plan = { .metrics = "ratio value", .clock = "n_update", .at = "1000..1500+25", .stop = "steps<=100000000" }, .seeds = { 3, 5, 9 } },
    { .id = "long", .about = "181427 publications of DBLP come and go", .measure = &cc_final, .algorithm = "submodular.dynamic", .problem = "dynset.hypergraph(set=dblp,k=50)",
      .axes = CC_LIST(cc_axis, { "problem", "dynset.pareto_cov(n=1000000,k=50,stream=random) dynset.hypergraph(set=dblp,k=50,stream=window) dynset.hypergraph(set=dblp,k=50,stream=drain) dynset.hypergraph(set=dblp,k=50,stream=random)" }),
      .plan = { .metrics = "ratio", .stop = "steps<=100000000" }, .seeds = { 0, 0, 1 }, .deadline_s = 900, .memory_mb = 4096 },
    { 0 },
};

/* ---- claims ---- */

#define MEMBER_LAW "discrete(0.083333333333,0.083333333333,0.083333333333,0.083333333333,0.083333333333,0.083333333333,0.083333333333,0.083333333333,0.083333333333,0.083333333333,0.083333333333,0.083333333337)"
/* Whole pairs in a uniform 4-subset: 321, 168 and 6 of 495 */
#define WHOLE_LAW "discrete(0.648484848485,0.339393939394,0.012121212121)"

static const cc_claim claims[] = {
    { .id = "half_approx", .source = "abstract: a (1/2 - eps)-approximation in expectation, at every time", .statement = "E f(S_t) >= (1/2 - eps) OPT_t at every t, on 200 small instances of four kinds",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER, .experiment = "small", .derive = CC_LIST(cc_derived, { "floor", "", "(1/2 - eps) OPT", floor_of_opt }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "n_ask", .y = "floor", .other = "value", .across = "mean", .by = "kind stream instance eps"),
                                  CC_BOUND(.y = "value", .other = "opt", .rel = 1e-9)),
      .controls = CC_LIST(cc_control, { .id = "high_guess", .what = "one copy whose guess is far above the optimum", .experiment = "small_wrong", .where = "arm=high_guess kind=coverage stream=drain instance=0 n_ask=5" },
                                      { .id = "no_rebuild", .what = "deletions rebuild nothing", .experiment = "small_wrong", .where = "arm=no_rebuild kind=saturated stream=drain instance=1 n_ask=9" }) },
    { .id = "half_theory", .source = "README [1], constants of the analysis", .statement = "with eps_hat = eps / 3 and N_s = 16 ceil(ln(2nk) / eps_hat^2): E f(S_t) >= (1/2 - eps) OPT_t at every t",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "small_theory", .derive = CC_LIST(cc_derived, { "floor", "", "(1/2 - eps) OPT", floor_of_opt }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "n_ask", .y = "floor", .other = "value", .across = "mean", .by = "kind instance")),
      .controls = CC_LIST(cc_control, { .id = "high_guess", .what = "one copy whose guess is far above the optimum", .set = "guess=400", .where = "kind=coverage instance=0 n_ask=5" }) },
    { .id = "right_guess", .source = "README [1]", .statement = "the copy with g <= OPT < (1 + eps) g alone has E f(S_t) >= (1/2 - 2.5 eps_hat) OPT_t",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "right_guess", .derive = CC_LIST(cc_derived, { "floor", "", "(1/2 - 2.5 eps) OPT", guess_floor }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "n_ask", .y = "floor", .other = "value", .across = "mean", .by = "eps")),
      .controls = CC_LIST(cc_control, { .id = "low_guess", .what = "a guess of OPT / 16, many elements of .04", .set = "guess=1.25 weight=0.04" },
                                      { .id = "high_guess", .what = "a guess of 16 OPT", .set = "guess=320" }) },
    { .id = "half_is_sharp", .source = "1/2 is the limit of the method for one guess", .statement = "the copy with the right guess can end at 1/2: on light elements just above OPT / 2k it has at most .52 OPT",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "right_guess", .where = "n_ask>=3",
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "ratio", .is = CC_AT_MOST(.52))),
      .controls = CC_LIST(cc_control, { .id = "all_guesses", .what = "the best of all guesses finds the optimum here", .experiment = "all_guesses" }) },
    { .id = "half_large", .source = "abstract", .statement = "at each of 40 times, on all streams, the answer is at least (1/2 - eps) of the greedy value, and with eps = .3 at least .6 of it",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "answers", .where = "arm=dynamic", .derive = CC_LIST(cc_derived, { "floor", "", "1/2 - eps", half_less_eps }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "floor", .other = "ratio"), CC_BOUND(.y = "ratio", .is = CC_AT_LEAST(.6))),
      .controls = CC_LIST(cc_control, { .id = "random_k", .what = "k elements at random", .where = "arm=random_k", .checks = CC_LIST(cc_check, CC_BOUND(.y = "ratio", .is = CC_AT_LEAST(.2))) }) },
    { .id = "polylog_n", .source = "title, abstract: polylogarithmic update time", .statement = "amortised queries an update do not grow with n: exponent at most .15 from n = 500 to 100000",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT, .experiment = "cost_n", .where = "arm=dynamic", .derive = CC_LIST(cc_derived, { "per_update", "", "queries an update", per_update }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "n", .y = "per_update", .from = 500, .to = 100000, .pure = 1, .by = "stream", .is = CC_AT_MOST(.15))),
      .controls = CC_LIST(cc_control, { .id = "sieve", .what = "Sieve-Streaming while the largest half is deleted", .where = "arm=sieve stream=drain" },
                                      { .id = "greedy", .what = "greedy from scratch after every update", .where = "arm=greedy" }) },
    { .id = "polylog_k", .source = "abstract: polylogarithmic in k", .statement = "amortised queries an update grow with k with an exponent of at most .6", .origin = CC_FROM_PAPER, .threshold = CC_FROM_PILOT,
      .experiment = "cost_k", .where = "arm=dynamic", .derive = CC_LIST(cc_derived, { "per_update", "", "queries an update", per_update }),
      .checks = CC_LIST(cc_check, CC_EXPONENT(.x = "k", .y = "per_update", .from = 5, .to = 160, .pure = 1, .is = CC_AT_MOST(.6))),
      .controls = CC_LIST(cc_control, { .id = "sieve", .what = "Sieve-Streaming: about k", .where = "arm=sieve" }) },
    { .id = "eps_cost", .source = "abstract: polynomial in 1/eps", .statement = "queries grow, and answers come nearer to greedy, as eps falls; queries with an exponent of at most 4 in 1/eps",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER, .experiment = "cost_eps",
      .derive = CC_LIST(cc_derived, { "per_update", "", "queries an update", per_update }, { "inverse_eps", "", "1/eps", inverse_eps }),
      .checks = CC_LIST(cc_check, CC_ORDERING(.y = "per_update", .per_unit = "last", .chain = "eps: falling"), CC_ORDERING(.y = "ratio", .per_unit = "mean", .chain = "eps: falling"),
                                  CC_EXPONENT(.x = "inverse_eps", .y = "per_update", .where = "n_ask=40", .from = 2, .to = 10, .is = CC_AT_MOST(4))),
      .controls = CC_LIST(cc_control, { .id = "ignored", .what = "eps = .3, whatever is asked for", .set = "ignore_eps=true" }) },
    { .id = "uniform", .source = "the repaired gap: README [2]", .statement = "as long as level 1 is not rebuilt its sample is a uniform subset of its bucket, whatever came and went",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PROOF, .experiment = "membership", .where = "arm=dynamic m=4",
      .checks = CC_LIST(cc_check, CC_DISTRIBUTION(.y = "member", .over = "", .law = MEMBER_LAW), CC_DISTRIBUTION(.y = "whole", .over = "", .law = WHOLE_LAW)),
      .controls = CC_LIST(cc_control, { .id = "lattanzi", .what = "the predecessor: pick, look at all again, pick", .where = "arm=lattanzi" },
                                      { .id = "adaptive", .what = "a sample that grows until its bucket has shrunk", .where = "arm=adaptive m=8" }) },
    { .id = "sample_size", .source = "README [3]; threshold sampling", .statement = "with N_s of the analysis a sample of m has E[I_m] <= 1 - eps (or m is the largest that is wanted) and E[I_t] >= 1 - 2 eps at t = m / (1 + eps)",
      .origin = CC_FROM_PROOF, .threshold = CC_FROM_US, .experiment = "sizes", .derive = CC_LIST(cc_derived, { "missed", "", "1: not so", missed }),
      .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "missed", .by = "eps", .is = CC_AT_MOST(.03))),
      .controls = CC_LIST(cc_control, { .id = "two_draws", .what = "means of two draws", .set = "draws=2" }) },
    { .id = "invariants", .source = "the data structure", .statement = "after every update each level of each copy is what the pseudo-code makes it, and the answer is a set of at most k present elements",
      .origin = CC_FROM_PAPER, .threshold = CC_FROM_PAPER, .experiment = "watch",
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "structure", .is = CC_EQUALS(0), .over = ""), CC_EQUALITY(.y = "counts", .is = CC_EQUALS(0), .over = ""),
                                  CC_EQUALITY(.y = "fresh", .is = CC_EQUALS(0), .over = ""), CC_EQUALITY(.y = "answers_wrong", .is = CC_EQUALS(0), .over = "")),
      .controls = CC_LIST(cc_control, { .id = "no_rebuild", .what = "deletions rebuild nothing", .set = "rebuild=false" }, { .id = "no_buckets", .what = "samples from all candidates", .set = "buckets=false" }) },
    { .id = "ledger", .source = "accounting: README [5]", .statement = "the metered queries are exactly those of the pseudo-code: f({e}), levels, candidates, refilters, N_s a mean, answers", .origin = CC_FROM_PAPER,
      .threshold = CC_FROM_PAPER, .experiment = "bill", .derive = CC_LIST(cc_derived, { "ledger", "", "the sum of the events", ledger }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "n_query", .other = "ledger", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "adds", .what = "elements put into sets counted as queries", .derive = CC_LIST(cc_derived, { "ledger", "", "with additions", ledger_with_adds }) }) },
    { .id = "levels", .source = "README [4]: T = O(L^2 / eps log(nL))", .statement = "no copy ever has more than 2 ln n levels (k = 20)", .origin = CC_FROM_PROOF, .threshold = CC_FROM_PILOT, .experiment = "cost_n", .where = "arm=dynamic",
      .derive = CC_LIST(cc_derived, { "allowed", "", "2 ln n", log_levels }), .checks = CC_LIST(cc_check, CC_BOUND(.y = "levels", .other = "allowed")),
      .controls = CC_LIST(cc_control, { .id = "one", .what = "one element a level",
                                        .arms = CC_LIST(cc_arm, { .as = "dynamic", .algorithm = "submodular.dynamic:one", .axes = CC_LIST(cc_axis, { "n", "500" }) }) }) },
    { .id = "bucket_needed", .source = "README [1]: samples of equal gains", .statement = "deleting less than an eps fraction of a bucket costs at most an eps fraction of the value", .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF,
      .experiment = "bucket", .where = "arm=buckets step=101", .derive = CC_LIST(cc_derived, { "lost", "", "share of the value", lost }),
      .checks = CC_LIST(cc_check, CC_BOUND(.x = "step", .y = "lost", .other = "eps", .across = "mean")),
      .controls = CC_LIST(cc_control, { .id = "no_buckets", .what = "a sample of all candidates loses a third", .where = "arm=no_buckets step=101" }) },
    { .id = "beats_recompute", .source = "motivation", .statement = "while the largest half is deleted greedy from scratch asks more than 20 times, Sieve-Streaming more than 10 times as many queries at n = 32000, and in proportion to n below", .origin = CC_FROM_PAPER,
      .threshold = CC_FROM_US, .experiment = "duel",
      .derive = CC_LIST(cc_derived, { "times20", "", "20 n / 32000 times the dynamic structure's bill", times20 }, { "times10", "", "10 n / 32000 times it", times10 }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "times20", .other = "n_query", .where = "arm=greedy"), CC_BOUND(.y = "times10", .other = "n_query", .where = "arm=sieve")),
      .controls = CC_LIST(cc_control, { .id = "random", .what = "random updates, where Sieve-Streaming is as cheap", .experiment = "duel_random",
                                        .checks = CC_LIST(cc_check, CC_BOUND(.y = "times10", .other = "n_query", .where = "arm=sieve n>=32000"), CC_BOUND(.y = "times20", .other = "n_query", .where = "arm=sieve")) }) },
    { .id = "sieve_on_random", .source = "motivation", .statement = "under random updates Sieve-Streaming asks fewer queries than the dynamic structure", .origin = CC_FROM_US, .threshold = CC_FROM_US,
      .experiment = "duel_random", .checks = CC_LIST(cc_check, CC_ORDERING(.y = "n_query", .chain = "sieve < dynamic", .by = "n")),
      .observation = "an honest limit: a random deletion rarely hits one of k picks, and only then Sieve-Streaming pays" },
    { .id = "binary_search", .source = "membership in levels is a prefix", .statement = "finding an insertion's level by binary search changes no level and no answer", .origin = CC_FROM_PROOF, .threshold = CC_FROM_PROOF, .experiment = "search",
      .where = "arm=binary", .derive = CC_LIST(cc_derived, { "linear_value", "", "value with linear search", linear_value }, { "linear_added", "", "elements put into sets", linear_added }, { "linear_levels", "", "levels built", linear_levels }),
      .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "value", .other = "linear_value", .over = ""), CC_EQUALITY(.y = "n_add", .other = "linear_added", .over = ""), CC_EQUALITY(.y = "levels_built", .other = "linear_levels", .over = "")),
      .controls = CC_LIST(cc_control, { .id = "other_draws", .what = "binary search with 49 draws a mean",
                                        .arms = CC_LIST(cc_arm, { .as = "linear", .algorithm = "submodular.dynamic" }, { .as = "binary", .algorithm = "submodular.dynamic:binary(samples=49)" }) }) },
    { .id = "real_data", .source = "abstract, on data", .statement = "on hypergraphs, package dependencies and images every answer is at least (1/2 - eps) of the greedy value, and at least half of it", .origin = CC_FROM_PAPER,
      .threshold = CC_FROM_PILOT, .experiment = "real", .where = "arm=dynamic", .derive = CC_LIST(cc_derived, { "floor", "", "1/2 - eps", half_less_eps }),
      .checks = CC_LIST(cc_check, CC_BOUND(.y = "floor", .other = "ratio"), CC_BOUND(.y = "ratio", .is = CC_AT_LEAST(.5))),
      .controls = CC_LIST(cc_control, { .id = "random_k", .what = "k elements at random", .where = "arm=random_k", .checks = CC_LIST(cc_check, CC_BOUND(.y = "ratio", .is = CC_AT_LEAST(.5))) }) },
    { .id = "adversary", .source = "the guarantee is against oblivious updates", .statement = "even when each deletion takes an element of the last answer, answers stay above (1/2 - eps) of the greedy value", .origin = CC_FROM_US, .threshold = CC_FROM_US,
      .experiment = "adversary", .where = "arm=dynamic", .derive = CC_LIST(cc_derived, { "floor", "", "1/2 - eps", half_less_eps }), .checks = CC_LIST(cc_check, CC_BOUND(.y = "floor", .other = "ratio")),
      .observation = "outside the theorem: shown, not promised" },
    { .id = "barrier", .source = "Chen and Peng, STOC 2022", .statement = "a (1/2 + eps)-approximation takes polynomially many amortised queries", .origin = CC_FROM_PAPER, .untestable = "information-theoretic: about all algorithms and the worst stream" },
    { 0 },
};

/* ---- figures ---- */

#define ARMS "labels='dynamic:dynamic lattanzi:predecessor sieve:Sieve-Streaming greedy:greedy-from-scratch random_k:random'"

static const cc_figure figures[] = {
    { .id = "cost_n", .source = "as the paper's question has it", .caption = "Queries an update over the number of elements: a sliding window, deletion of the largest, random updates.", .kind = "curve", .experiment = "cost_n",
      .x = "n", .y = "per_update", .by = "arm", .derive = CC_LIST(cc_derived, { "per_update", "", "queries an update", per_update }), .options = "xscale=log yscale=log markers=1 panels=stream " ARMS },
    { .id = "over_time", .source = "as the experiments of the predecessor", .caption = "Value over the greedy value along the streams; deletions are shaded; the line is 1/2 - eps.", .kind = "custom", .experiment = "answers", .where = "arm=dynamic,lattanzi,sieve" },
    { .id = "over_k", .source = "as the figures of the predecessor", .caption = "A sliding window of half of the elements: mean value and queries an update over k.", .kind = "custom", .experiment = "sizes_of_k" },
    { .id = "membership", .source = "the repaired gap", .caption = "How often each element of a bucket is in the sample: pairs first, then singles; the line is a uniform sample.", .kind = "custom", .experiment = "membership" },
    { .id = "cost_k", .source = "abstract", .caption = "Queries an update over k, n = 8000.", .kind = "curve", .experiment = "cost_k", .x = "k", .y = "per_update", .by = "arm",
      .derive = CC_LIST(cc_derived, { "per_update", "", "queries an update", per_update }), .options = "xscale=log yscale=log markers=1 slope=1 " ARMS },
    { .id = "cost_eps", .source = "abstract", .caption = "Queries an update over eps.", .kind = "curve", .experiment = "cost_eps", .where = "n_ask=40", .x = "eps", .y = "per_update", .by = "arm",
      .derive = CC_LIST(cc_derived, { "per_update", "", "queries an update", per_update }), .options = "xscale=log yscale=log markers=1" },
    { .id = "real", .source = "data", .caption = "Real data: value over the greedy value at 40 times, and all queries at the end.", .kind = "table", .experiment = "real", .x = "problem arm", .y = "ratio per_update",
      .derive = CC_LIST(cc_derived, { "per_update", "", "queries an update", per_update }) },
    { .id = "adversary", .source = "beyond the theorem", .caption = "Deletions that look at the answer: value over the greedy value.", .kind = "curve", .experiment = "adversary", .x = "n_update", .y = "ratio", .by = "arm",
      .options = "ylim=0,1 hline=.2 " ARMS },
    { 0 },
};

const cc_plugin cc_plugin_1 = {
    .id = "submodular",
    .title = "Fully dynamic submodular maximisation under a cardinality constraint",
    .citation = "K. Banihashem, L. Biabani, S. Goudarzi, M. Hajiaghayi, P. Jabbarzade, M. Monemizadeh: Dynamic Constrained Submodular Optimization with Polylogarithmic Update Time, ICML 2023, PMLR 202:1660-1691; arXiv 2305.15192",
    .algorithms = ds_algorithms,
    .experiments = experiments,
    .claims = claims,
    .figures = figures,
    .benches = ds_benches,
};
