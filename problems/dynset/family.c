/* problems/dynset/family.c: the family, its counters, its problems. */
#include "harness/plugin.h"
#include "problems/dynset/problems.h"

/* clang-format off */
#define K(value) { "k", CC_INT, value, 1, 10000, .doc = "most elements of a solution" }
#define STREAM(kind)                                                                                                             \
    { "stream", CC_CHOICE, kind, .choices = "window drain random insert adaptive",                                               \
      .doc = "window: insert all, oldest deleted beyond share n; drain: insert all, then delete the share n of largest f({e}), largest first; " \
             "random: 2n updates, inserting with probability .6; insert: insert all; adaptive: insert all, then share n times delete one of the last answer" }, \
    { "share", CC_REAL, "0.5", 0, 1, .doc = "of n: width of the window, or how many are deleted" },                              \
    { "asks", CC_INT, "40", 0, 1e9, .doc = "how often an answer is wanted, evenly spread over the updates" }
#define COMMON .begin = dynset_begin

static const cc_problem problems[] = {
    { .id = "dynset.pareto_cov", .family = "dynset", .summary = "coverage: heavy-tailed degrees, popular items", .create = dynset_pareto_create, COMMON,
      .params = CC_LIST(cc_param, { "n", CC_INT, "1000", 1, 1e7, .doc = "elements; items: n/2 + 1" }, K("20"), STREAM("window")) },
    { .id = "dynset.small", .family = "dynset", .summary = "few elements, whose optimum can be found", .create = dynset_small_create, COMMON,
      .params = CC_LIST(cc_param,
          { "kind", CC_CHOICE, "coverage", .choices = "coverage weighted saturated facility", .doc = "the function; saturated: weighted, capped at a third of the weight" },
          { "n", CC_INT, "18", 1, 1000, .doc = "elements" },
          { "items", CC_INT, "30", 1, 10000, .doc = "items, or clients" },
          { "instance", CC_INT, "-1", -1, 1e9, .doc = "its number; -1: drawn by the seed" },
          K("4"), STREAM("random")) },
    { .id = "dynset.modular", .family = "dynset", .summary = "a weight for each element", .create = dynset_modular_create, COMMON,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "100", 1, 1e7, .doc = "elements" },
          { "heavy", CC_INT, "1", 0, 1e7, .doc = "how many of them are heavy: the first" },
          { "heavy_weight", CC_REAL, "100", 0, 1e100, .doc = "their weight" },
          { "weight", CC_REAL, "2", 0, 1e100, .doc = "that of the others" },
          K("50"), STREAM("drain")) },
    { .id = "dynset.groups", .family = "dynset", .summary = "groups of elements that cover the same item, and singles", .create = dynset_groups_create, COMMON,
      .params = CC_LIST(cc_param,
          { "groups", CC_INT, "4", 0, 1e6, .doc = "groups" },
          { "mates", CC_INT, "2", 1, 1e6, .doc = "elements of each" },
          { "singles", CC_INT, "4", 0, 1e6, .doc = "elements with an item of their own" },
          { "extra", CC_INT, "0", 0, 1e6, .doc = "singles that come afterwards" },
          { "gone", CC_INT, "0", 0, 1e6, .doc = "elements that go afterwards: the first" },
          K("8")) },
    { .id = "dynset.clusters", .family = "dynset", .summary = "facility location among Gaussian clusters of the plane", .create = dynset_clusters_create, COMMON,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "1000", 1, 1e6, .doc = "sites" },
          { "clients", CC_INT, "500", 1, 1e6, .doc = "clients" },
          { "clusters", CC_INT, "12", 1, 1e6, .doc = "clusters of both" },
          K("10"), STREAM("window")) },
    { .id = "dynset.cut", .family = "dynset", .summary = "edges between a set of vertices and the rest: not monotone, to be refused", .create = dynset_cut_create, COMMON,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "60", 1, 10000, .doc = "vertices" },
          { "degree", CC_REAL, "10", 0, 10000, .doc = "mean degree" },
          K("20"), STREAM("window")) },
    { .id = "dynset.hypergraph", .family = "dynset", .summary = "coverage: hyperedges cover their nodes", .create = dynset_hypergraph_create, COMMON,
      .reference = "Wang and Kleinberg, From Graphs to Hypergraphs: Hypergraph Projection and its Remediation, ICLR 2024 (the data sets)",
      .params = CC_LIST(cc_param,
          { "set", CC_CHOICE, "school", .choices = "crime directors enron foursquare hosts school school2 dblp", .doc = "CLAIMCHECK_DATA/hypergraph-<set>" },
          { "part", CC_CHOICE, "train", .choices = "train test", .doc = "which of its files" },
          { "first", CC_INT, "0", 0, 1e9, .doc = "hyperedges taken, from the first; 0: all" },
          K("20"), STREAM("drain")) },
    { .id = "dynset.packages", .family = "dynset", .summary = "coverage: Debian packages cover what they depend on", .create = dynset_packages_create, COMMON,
      .params = CC_LIST(cc_param,
          { "path", CC_TEXT, "/var/lib/dpkg/status", .doc = "what dpkg knows of installed packages; or the output of apt-cache dumpavail" },
          K("20"), STREAM("window")) },
    { .id = "dynset.images", .family = "dynset", .summary = "facility location: images that stand for the others, by cosine", .create = dynset_images_create, COMMON,
      .params = CC_LIST(cc_param,
          { "data", CC_CHOICE, "digits", .choices = "digits fashion", .doc = "8 x 8 digits (1797), Fashion-MNIST (60000)" },
          { "n", CC_INT, "500", 1, 20000, .doc = "the first n images" },
          K("10"), STREAM("window")) },
    { .id = "dynset.file", .family = "dynset", .summary = "coverage of one's own: a line of item numbers for each element", .create = dynset_file_create, COMMON,
      .params = CC_LIST(cc_param,
          { "path", CC_TEXT, "sets.txt", .doc = "the sets" },
          { "script", CC_TEXT, "none", .doc = "a file of updates, one a line: +element or -element, with ? to ask for an answer; none: as stream says" },
          K("20"), STREAM("window")) },
    { 0 },
};
/* clang-format on */

static const cc_family families[] = {
    {.id = "dynset",
     .candidate = "dynset_set",
     .doc = "the best k elements of a ground set that changes, by a monotone submodular function",
     .counters = CC_LIST(cc_column, {"n_query", "", "value queries: evaluations of f on one set"},
                         {"n_update", "", "insertions and deletions"}, {"n_ask", "", "answers asked for"},
                         {"n_add", "", "elements put into sets: no query"}),
     .metrics = dynset_metrics},
    {0},
};

const cc_plugin cc_plugin_1 = {.id = "dynset",
                               .title = "Dynamic submodular maximisation under a cardinality constraint",
                               .families = families,
                               .problems = problems};
