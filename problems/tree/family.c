/* problems/tree/family.c: the family, its counters, its problems. */
#include "harness/plugin.h"
#include "problems/tree/problems.h"

/* clang-format off */
#define WEIGHTS                                                                                                                  \
    { "weights", CC_CHOICE, "uniform", .choices = "unit uniform pareto loguniform", .doc = "law of leaf weights: 1, U(0, 1], Pareto(1), 10^U(-lambda, 0)" }, \
    { "lambda", CC_REAL, "6", 0, 300, .unit = "decades", .doc = "skew of loguniform weights" }

static const cc_problem problems[] = {
    { .id = "tree.random", .family = "tree", .summary = "a random tree of given depth", .create = tree_random_create,
      .params = CC_LIST(cc_param,
          { "depth", CC_INT, "4", 0, 1000, .doc = "edges from the root to the deepest leaf" },
          { "branching", CC_INT, "5", 2, 100000, .doc = "an internal node has 2 .. branching children" },
          { "stop", CC_REAL, "0.2", 0, 1, .doc = "probability that a node above the last level is a leaf" },
          { "max_leaves", CC_INT, "1e6", 1, 1e7, .doc = "about where growth ends" },
          WEIGHTS) },
    { .id = "tree.kary", .family = "tree", .summary = "the complete tree", .create = tree_kary_create,
      .params = CC_LIST(cc_param,
          { "depth", CC_INT, "5", 0, 23, .doc = "levels below the root" },
          { "arity", CC_INT, "3", 2, 100000, .doc = "children of an internal node" },
          WEIGHTS) },
    { .id = "tree.star", .family = "tree", .summary = "n leaves below the root", .create = tree_star_create,
      .params = CC_LIST(cc_param, { "n", CC_INT, "64", 1, 1e7, .doc = "leaves" }, WEIGHTS) },
    { .id = "tree.caterpillar", .family = "tree", .summary = "each internal node: a small leaf and the rest", .create = tree_caterpillar_create,
      .params = CC_LIST(cc_param,
          { "depth", CC_INT, "16", 1, 100000, .doc = "internal nodes" },
          { "fraction", CC_REAL, "1e-3", 1e-9, 0.999, .doc = "of a node that its leaf holds" }) },
    { .id = "tree.two_leaves", .family = "tree", .summary = "two leaves of weights 1 - eta and eta", .create = tree_two_leaves_create,
      .params = CC_LIST(cc_param, { "eta", CC_REAL, "1e-2", 0, 1, .doc = "weight of the second leaf" }) },
    { .id = "tree.hst_regular", .family = "tree", .summary = "the complete ultrametric, labels base^(levels-1) .. 1", .create = tree_hst_regular_create,
      .params = CC_LIST(cc_param,
          { "levels", CC_INT, "4", 1, 19, .doc = "internal levels" },
          { "arity", CC_INT, "2", 2, 1000000, .doc = "children of an internal node" },
          { "base", CC_REAL, "2", 1, 1e6, .doc = "label over a child's label" }) },
    { .id = "tree.hst_star", .family = "tree", .summary = "n points at mutual distance 1", .create = tree_hst_star_create,
      .params = CC_LIST(cc_param, { "n", CC_INT, "64", 2, 100000, .doc = "points" }) },
    { .id = "tree.hst_two_scale", .family = "tree", .summary = "m clusters of m points, 1 apart within and L between", .create = tree_hst_two_scale_create,
      .params = CC_LIST(cc_param,
          { "m", CC_INT, "16", 2, 300, .doc = "clusters, and points of each" },
          { "L", CC_REAL, "16", 1, 1e12, .doc = "distance between clusters" }) },
    { .id = "tree.hst_caterpillar", .family = "tree", .summary = "a spine with labels base^(n-2) .. 1 and a point beside each", .create = tree_hst_caterpillar_create,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "21", 2, 1000, .doc = "points" },
          { "base", CC_REAL, "2", 1, 1e6, .doc = "label over the next label" }) },
    { .id = "tree.hst_random", .family = "tree", .summary = "random splits; labels fall by random factors", .create = tree_hst_random_create,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "200", 2, 100000, .doc = "points" },
          { "arity", CC_INT, "4", 2, 100000, .doc = "most children of a node" }) },
    { .id = "tree.linkage", .family = "tree", .summary = "single linkage of real points", .create = tree_linkage_create,
      .reference = "Gower and Ross, Minimum spanning trees and single linkage cluster analysis, Applied Statistics 18, 1969",
      .params = CC_LIST(cc_param,
          { "data", CC_CHOICE, "iris", .choices = "iris digits", .doc = "150 points of R^4, 1797 of R^64" },
          { "n", CC_INT, "0", 0, 1e6, .doc = "first rows taken; 0: all" }) },
    { .id = "tree.file", .family = "tree", .summary = "a tree of one's own: a line 'parent value' a node, numbered from 0; the root's parent is -", .create = tree_file_create,
      .params = CC_LIST(cc_param,
          { "path", CC_TEXT, "tree.txt", .doc = "the file" },
          { "values", CC_CHOICE, "weights", .choices = "weights labels", .doc = "what a value is: the weight of a leaf, or the label of an internal node (an ultrametric)" }) },
    { .id = "tree.package", .family = "tree", .summary = "folders and files of an installed Debian package, by size", .create = tree_package_create,
      .params = CC_LIST(cc_param, { "package", CC_TEXT, "linux-libc-dev", .doc = "name of the package" }) },
    { .id = "tree.wordnet", .family = "tree", .summary = "nouns below their first hypernyms", .create = tree_wordnet_create,
      .reference = "Fellbaum, WordNet: An Electronic Lexical Database, 1998",
      .params = CC_LIST(cc_param, { "path", CC_TEXT, "/usr/share/wordnet/data.noun", .doc = "of the Debian package wordnet-base" }) },
    { 0 },
};
/* clang-format on */

static const cc_family families[] = {
    {.id = "tree",
     .candidate = "tree_layout",
     .doc = "rooted trees: regions nested as the nodes are, with areas as weights; or points of R^d, with distances as labels",
     .counters = CC_LIST(cc_column, {"n_cut", "", "cuts made"}, {"n_vertex", "", "polygon vertices touched; 2d a box"}),
     .metrics = tree_metrics},
    {0},
};

const cc_plugin cc_plugin_1 = {
    .id = "tree", .title = "Rooted trees, weighted or ultrametric", .families = families, .problems = problems};
