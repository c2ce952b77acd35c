/* problems/tree/test.c: trees as they are built and refused; metrics against layouts made by hand, whole and broken; real data. */
#include "problems/tree/problems.h"

#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void assert_close(double got, double want, double rel)
{
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1e-300))) fail_msg("got %.17g, expected %.17g (relative %g)", got, want, rel);
}

/* ---- trees from text ---- */

/* The spec of a problem that reads this text; the file is `name`. */
static void write_tree(const char *text, const char *kind, char name[64], char problem[128])
{
    strcpy(name, P_tmpdir "/tree-XXXXXX");
    const int handle = mkstemp(name);
    assert_true(handle >= 0);
    FILE *file = fdopen(handle, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    snprintf(problem, 128, "tree.file(path=%s,values=%s)", name, kind);
}

static cc_run *read_tree(const char *text, const char *kind)
{
    char name[64], problem[128];
    write_tree(text, kind, name, problem);
    cc_run *run = cc_test_run(problem, 0);
    unlink(name);
    return run;
}

static void refused(const char *text, const char *kind, const char *word)
{
    char name[64], problem[128], message[512];
    write_tree(text, kind, name, problem);
    const cc_status status = cc_test_try(NULL, problem, 0, message);
    unlink(name);
    assert_int_equal(status, CC_EINVAL);
    if (!strstr(message, word)) fail_msg("'%s' does not say '%s'", message, word);
}

static void test_build(void **state)
{
    /* node 3 is the root; children keep the order of their numbers */
    (void)state;
    cc_run *run = read_tree("# a comment\n3 1\n3 0\n1 2\n- 0\n1 5\n", "weights");
    const tree_data *t = tree_get(run);
    const size_t parent[] = {0, 0, 0, 2, 2}, size[] = {5, 1, 3, 1, 1}, count[] = {3, 1, 2, 1, 1}, first[] = {0, 0, 1, 1, 2},
                 level[] = {0, 1, 1, 2, 2};
    const double weight[] = {1, .125, .875, .25, .625};
    assert_true(t->nodes == 5 && t->leaves == 3 && t->depth == 2 && t->label == NULL);
    for (size_t v = 0; v < 5; v++) {
        assert_true(t->parent[v] == parent[v] && t->size[v] == size[v] && t->count[v] == count[v] && t->first[v] == first[v] &&
                    t->level[v] == level[v]);
        assert_close(t->weight[v], weight[v], 0);
    }
    assert_close(cc_test_known(run, "w_min"), .125, 0);
    cc_test_close(run);
    run = read_tree("- 4\n0 1\n0 0\n1 0\n1 0\n", "labels");
    t = tree_get(run);
    assert_true(t->label[0] == 4 && t->label[1] == 1 && t->label[2] == 0 && t->leaves == 3);
    assert_close(cc_test_known(run, "log2_spread"), 2, 1e-15);
    cc_test_close(run);
}

static void test_refusals(void **state)
{
    char message[512];
    (void)state;
    refused("", "weights", "no node is a root");
    refused("- 1\n- 1\n", "weights", "both are roots");
    refused("- 0\n7 1\n", "weights", "there are 2 nodes");
    refused("1 1\n0 1\n", "weights", "cycle");
    refused("- 0\n0 1\n3 1\n2 1\n", "weights", "cycle");
    refused("- 0\n0 1\n0 0\n", "weights", "positive and finite");
    refused("- 0\n0 1\n0 -2\n", "weights", "positive and finite");
    refused("- 0\n0 1\n0 nan\n", "weights", "positive and finite");
    refused("- 0\n0 1\n0 inf\n", "weights", "positive and finite");
    refused("- 0\n0 1.7e308\n0 1.7e308\n", "weights", "sum");
    refused("- 1\n0 1\n0 0\n1 0\n1 0\n", "labels", "not below its parent's");
    refused("- 1\n0 2\n0 0\n1 0\n1 0\n", "labels", "not below its parent's");
    refused("- nan\n0 0\n0 0\n", "labels", "positive and finite");
    refused("- 0\n0 0\n0 0\n", "labels", "positive and finite");
    refused("- -1\n0 0\n0 0\n", "labels", "positive and finite");
    refused("- 1\n", "labels", "two points");
    refused("- 0\n0 x\n", "weights", "line 2");
    refused("- 0\nroot 1\n", "weights", "line 2");
    refused("- 0\n-3 1\n", "weights", "line 2");
    assert_int_equal(cc_test_try(NULL, "tree.file(path=/nowhere/at/all)", 0, message), CC_SKIP);
    assert_int_equal(cc_test_try(NULL, "tree.file(path=" P_tmpdir ")", 0, message), CC_EDATA);
    assert_int_equal(cc_test_try(NULL, "tree.package(package=no-such-package)", 0, message), CC_SKIP);
    assert_int_equal(cc_test_try(NULL, "tree.package(package=../../x)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "tree.wordnet(path=/nowhere)", 0, message), CC_SKIP);
    assert_int_equal(cc_test_try(NULL, "tree.linkage(n=1)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "tree.kary(depth=20,arity=9)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "tree.two_leaves(eta=0)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "tree.two_leaves(eta=1)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "tree.hst_two_scale(L=1)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "tree.hst_regular(base=1)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "tree.hst_caterpillar(n=999,base=3)", 0, message), CC_EINVAL);
}

/* ---- generators: every tree is one, and what it is said to be ---- */

static void test_generators(void **state)
{
    static const struct {
        const char *problem;
        double leaves, depth;
    } trees[] = {
        {"tree.kary(depth=5,arity=3)", 243, 5},        {"tree.star(n=7)", 7, 1},
        {"tree.caterpillar(depth=9)", 10, 9},          {"tree.two_leaves", 2, 1},
        {"tree.hst_regular(levels=3,arity=4)", 64, 3}, {"tree.hst_star(n=5)", 5, 1},
        {"tree.hst_two_scale(m=6,L=3)", 36, 2},        {"tree.hst_caterpillar(n=6)", 6, 5},
        {"tree.hst_caterpillar(n=2)", 2, 1},           {"tree.random(depth=0)", 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(trees); i++) {
        cc_run *run = cc_test_run(trees[i].problem, 3);
        assert_close(cc_test_known(run, "leaves"), trees[i].leaves, 0);
        assert_close(cc_test_known(run, "depth"), trees[i].depth, 0);
        cc_test_close(run);
    }
    for (uint64_t seed = 0; seed < 20; seed++) {
        cc_run *run = cc_test_run("tree.random(depth=6,branching=4,weights=loguniform,lambda=3)", seed),
               *again = cc_test_run("tree.random(depth=6,branching=4,weights=loguniform,lambda=3)", seed);
        const tree_data *t = tree_get(run), *u = tree_get(again);
        assert_true(t->depth == 6 && t->nodes == u->nodes);
        assert_memory_equal(t->weight, u->weight, t->nodes * sizeof *t->weight);
        double sum = 0, most = 0;
        for (size_t v = 0; v < t->nodes; v++) {
            if (tree_is_leaf(t, v)) sum += t->weight[v], most = fmax(most, t->weight[v]);
        }
        assert_close(sum, 1, 1e-13);
        assert_true(cc_test_known(run, "w_min") >= most * 1e-3);
        cc_test_close(run);
        cc_test_close(again);
        run = cc_test_run("tree.hst_random(n=77)", seed);
        assert_int_equal(tree_get(run)->leaves, 77);
        cc_test_close(run);
    }
    cc_run *run = cc_test_run("tree.caterpillar(depth=3,fraction=0.1)", 0);
    assert_close(tree_get(run)->weight[1], .1, 1e-15);
    assert_close(tree_get(run)->weight[3], .09, 1e-15);
    cc_test_close(run);
}

/* ---- metrics, on the unit square in two halves, its right one in two ---- */

typedef struct halves {
    size_t start[5], corners[5];
    double origin[10], xy[40], low[10], side[10];
    tree_layout layout;
} halves;

static cc_run *open_halves(halves *h)
{
    static const double box[5][4] = {{0, 0, 1, 1}, {0, 0, .5, 1}, {.5, 0, .5, 1}, {.5, 0, .5, .5}, {.5, .5, .5, .5}};
    memset(h, 0, sizeof *h);
    for (size_t v = 0; v < 5; v++) {
        const double corner[8] = {0, 0, box[v][2], 0, box[v][2], box[v][3], 0, box[v][3]};
        memcpy(h->xy + 8 * v, corner, sizeof corner);
        memcpy(h->origin + 2 * v, box[v], 2 * sizeof(double));
        memcpy(h->low + 2 * v, box[v], 2 * sizeof(double));
        memcpy(h->side + 2 * v, box[v] + 2, 2 * sizeof(double));
        h->start[v] = 4 * v;
        h->corners[v] = 4;
    }
    h->layout = (tree_layout){.kind = TREE_POLYGONS,
                              .d = 2,
                              .start = h->start,
                              .corners = h->corners,
                              .origin = h->origin,
                              .xy = h->xy,
                              .low = h->low,
                              .side = h->side};
    return read_tree("- 0\n0 2\n0 0\n2 1\n2 1\n", "weights");
}

static double judged(cc_run *run, const char *metric, const halves *h) { return cc_test_metric(run, metric, &h->layout); }

static void test_whole_layout(void **state)
{
    halves h;
    cc_run *run = open_halves(&h);
    (void)state;
    for (int boxes = 0; boxes < 2; boxes++) {
        h.layout.kind = boxes ? TREE_BOXES : TREE_POLYGONS;
        assert_close(judged(run, "max_asp", &h), 2.5, 1e-15);
        assert_close(judged(run, "median_asp", &h), 2, 1e-15);
        assert_true(judged(run, "area_error", &h) == 0 && judged(run, "leaf_area", &h) == 1 && judged(run, "excess", &h) == 0);
        assert_true(judged(run, "slack", &h) == 0 && judged(run, "outside", &h) == 0 && judged(run, "overlap", &h) == 0);
    }
    assert_close(judged(run, "max_ratio", &h), 2, 0);
    assert_true(isnan(judged(run, "bend", &h)) && isnan(judged(run, "distortion", &h)) && isnan(judged(run, "c_lb", &h)));
    h.layout.kind = TREE_POLYGONS;
    assert_close(judged(run, "bend", &h), 1, 1e-15);
    assert_true(isnan(judged(run, "max_ratio", &h)) && isnan(judged(run, "binary_height", &h)));
    h.layout.kind = TREE_NOTHING;
    assert_true(isnan(judged(run, "max_asp", &h)) && isnan(judged(run, "overlap", &h)));
    cc_test_close(run);
}

/* Each fault is seen by the metric that is there for it. */
static void test_broken_polygons(void **state)
{
    halves h;
    cc_run *run = open_halves(&h);
    (void)state;
    h.origin[2 * 4 + 1] -= .1; /* the last leaf slides over its sibling */
    assert_close(judged(run, "overlap", &h), .1, 1e-13);
    assert_true(judged(run, "outside", &h) == 0 && judged(run, "area_error", &h) == 0);
    h.origin[2 * 4 + 1] += .2; /* and out of its parent, whose diameter is sqrt(1.25) */
    assert_close(judged(run, "outside", &h), .1 / sqrt(1.25), 1e-13);
    cc_test_close(run);
    run = open_halves(&h);
    h.xy[8 * 3 + 4] *= .9; /* a corner moves: less area */
    assert_close(judged(run, "area_error", &h), .05, 1e-13);
    assert_close(judged(run, "leaf_area", &h), 1 - .0125, 1e-15);
    assert_close(judged(run, "slack", &h), 1 - sqrt(.95), 1e-13);
    h.xy[8 * 3 + 4] *= 1.3 / .9;
    assert_close(judged(run, "excess", &h), .15, 1e-13);
    h.xy[8 * 3 + 4] = h.xy[8 * 3 + 5] = .1; /* a dent */
    assert_true(judged(run, "bend", &h) < -.1);
    cc_test_close(run);
    run = open_halves(&h);
    for (size_t k = 0; k < 2; k++) { /* clockwise */
        const double swap = h.xy[8 * 3 + 2 + k];
        h.xy[8 * 3 + 2 + k] = h.xy[8 * 3 + 6 + k];
        h.xy[8 * 3 + 6 + k] = swap;
    }
    assert_true(judged(run, "bend", &h) < 0 && isinf(judged(run, "max_asp", &h)) && judged(run, "area_error", &h) > 1.9);
    cc_test_close(run);
    run = open_halves(&h);
    h.xy[8 * 3 + 2] = NAN;
    assert_true(isinf(judged(run, "max_asp", &h)) && isinf(judged(run, "area_error", &h)) && judged(run, "bend", &h) == -1);
    cc_test_close(run);
    run = open_halves(&h); /* a corner twice: an edge of length zero */
    h.xy[8 * 3 + 4] = h.xy[8 * 3 + 2], h.xy[8 * 3 + 5] = h.xy[8 * 3 + 3];
    assert_true(judged(run, "bend", &h) == -1);
    cc_test_close(run);
}

static void test_broken_boxes(void **state)
{
    halves h;
    cc_run *run = open_halves(&h);
    (void)state;
    h.layout.kind = TREE_BOXES;
    h.low[2 * 4 + 1] -= .1;
    assert_close(judged(run, "overlap", &h), .1, 1e-13);
    h.low[2 * 4 + 1] += .2;
    assert_close(judged(run, "outside", &h), .1, 1e-13); /* of the parent's longest side */
    h.side[2 * 4] = NAN;
    assert_true(isinf(judged(run, "max_ratio", &h)) && isinf(judged(run, "max_asp", &h)) && isinf(judged(run, "excess", &h)));
    cc_test_close(run);
}

/* A pentagram turns around twice: all turns are left, and yet it is no polygon. */
static void test_star_polygon(void **state)
{
    double xy[10], origin[2] = {0, 0};
    const size_t start = 0, corners = 5;
    (void)state;
    for (size_t step = 1; step <= 2; step++) {
        for (size_t i = 0; i < 5; i++)
            xy[2 * i] = cos(2 * M_PI * (double)(i * step) / 5), xy[2 * i + 1] = sin(2 * M_PI * (double)(i * step) / 5);
        const tree_layout p = {.kind = TREE_POLYGONS, .d = 2, .start = &start, .corners = &corners, .origin = origin, .xy = xy};
        assert_true((tree_polygon_bend(&p, 0) > 0) == (step == 1));
    }
}

static void test_binary_judged(void **state)
{
    cc_run *run = read_tree("- 0\n0 2\n0 0\n2 1\n2 1\n", "weights"); /* preorder: root, leaf, inner, leaf, leaf */
    size_t parent[5] = {4, 3, 3, 4, 4}, node[5] = {4, 0, 3, 1, 2};
    const tree_layout p = {.binary = 5, .binary_parent = parent, .node = node};
    (void)state;
    assert_close(cc_test_metric(run, "binary_height", &p), 2, 0);
    node[1] = 1, node[3] = 0; /* a leaf below the wrong node */
    assert_true(isinf(cc_test_metric(run, "binary_height", &p)));
    node[1] = 0, node[3] = 0; /* two leaves in one */
    assert_true(isinf(cc_test_metric(run, "binary_height", &p)));
    node[3] = 1, parent[4] = 3; /* a cycle */
    assert_true(isinf(cc_test_metric(run, "binary_height", &p)));
    parent[4] = 4, parent[3] = 3; /* two roots */
    assert_true(isinf(cc_test_metric(run, "binary_height", &p)));
    parent[3] = parent[0] = 4, parent[1] = parent[2] = 4; /* four children */
    assert_true(isinf(cc_test_metric(run, "binary_height", &p)));
    cc_test_close(run);
}

/* ---- distortion ---- */

static void test_distortion(void **state)
{
    cc_run *run = read_tree("- 4\n0 1\n0 0\n1 0\n1 0\n", "labels");
    double point[3] = {0, 2, 5};
    tree_layout p = {.kind = TREE_POINTS, .d = 1, .point = point};
    (void)state;
    assert_close(cc_test_metric(run, "expansion", &p), 2, 1e-15);        /* 2 for 1 */
    assert_close(cc_test_metric(run, "contraction", &p), 4. / 3, 1e-15); /* 3 for 4 */
    assert_close(cc_test_metric(run, "distortion", &p), 8. / 3, 1e-15);
    for (size_t i = 0; i < 3; i++) point[i] = -7 * point[i] + 3;
    assert_close(cc_test_metric(run, "distortion", &p), 8. / 3, 1e-15);
    point[1] = point[0];
    assert_true(isinf(cc_test_metric(run, "distortion", &p)));
    point[1] = NAN;
    assert_true(isinf(cc_test_metric(run, "distortion", &p)));
    cc_test_close(run);
}

static void test_bounds(void **state)
{
    static double point[64];
    const tree_layout line = {.kind = TREE_POINTS, .d = 1, .point = point}, plane = {.kind = TREE_POINTS, .d = 2, .point = point};
    (void)state;
    cc_run *run = cc_test_run("tree.hst_star(n=9)", 0);
    assert_close(cc_test_metric(run, "c_lb", &line), 8, 1e-14); /* n points on a line: distortion n - 1, and no less */
    assert_close(cc_test_metric(run, "c_lb", &plane), 2, 1e-14);
    assert_close(cc_test_metric(run, "c_ub", &plane), 2 * sqrt(2) * 3 * sqrt(1.5) * 3, 1e-13); /* eps = 1/3, h = 1, labels exact */
    cc_test_close(run);
    run = read_tree("- 4\n0 1\n0 0\n1 0\n1 0\n", "labels");
    assert_close(cc_test_metric(run, "c_lb", &plane), 0.489238089054, 1e-11);
    cc_test_close(run);
    run = read_tree("- 3.9\n0 1\n0 0\n1 0\n1 0\n", "labels"); /* rounds to the same tree; the factor 2 for rounding is due */
    assert_close(cc_test_metric(run, "c_ub", &plane), 4 * sqrt(2) * 3 * 1.5 * 1.489238089054, 1e-11);
    cc_test_close(run);
    run = read_tree("- 1.3\n0 1.1\n0 0\n1 0\n1 1\n4 0\n4 0\n", "labels"); /* 1.1 rounds to its parent's 2: A = 2 + 2 + 3 */
    assert_close(cc_test_metric(run, "c_ub", &line), 4 * pow(2. / 3, -2) * 3.5, 1e-12);
    cc_test_close(run);
}

/* ---- real data ---- */

/* The label of the lowest common ancestor of leaves i and j. */
static double label_between(const tree_data *t, size_t i, size_t j)
{
    size_t v = 0;
    for (size_t c = 1; c < v + t->size[v];) {
        if (i >= t->first[c] && j >= t->first[c] && i < t->first[c] + t->count[c] && j < t->first[c] + t->count[c]) {
            v = c;
            c = v + 1;
        } else
            c += t->size[c];
    }
    return t->label[v];
}

static void test_linkage(void **state)
{
    cc_run *run = cc_test_run("tree.linkage(data=iris)", 0);
    const tree_data *t = tree_get(run);
    (void)state;
    assert_int_equal(t->leaves, 149); /* two flowers have equal measures */
    double least = INFINITY;
    for (size_t v = 0; v < t->nodes; v++)
        if (t->label[v] > 0) least = fmin(least, t->label[v]);
    assert_close(least, .1, 1e-12);
    assert_close(t->label[0], 1.6401219466856727, 1e-14); /* setosa to the others */
    assert_int_equal(t->count[1] + t->count[1 + t->size[1]], 149);
    assert_true(t->count[1] == 50 || t->count[1] == 99);
    for (size_t i = 0; i < 149; i += 7) /* an ultrametric: the two greatest of three distances are equal */
        for (size_t j = 0; j < i; j += 5)
            for (size_t k = 0; k < j; k += 3) {
                const double a = label_between(t, i, j), b = label_between(t, j, k), c = label_between(t, i, k);
                assert_true(fmin(fmin(fmax(a, b) - c, fmax(b, c) - a), fmax(a, c) - b) == 0);
            }
    cc_test_close(run);
    run = cc_test_run("tree.linkage(data=digits,n=600)", 0);
    assert_int_equal(tree_get(run)->leaves, 600);
    cc_test_close(run);
}

static void test_wordnet_format(void **state)
{
    static const char text[] =
        "  1 This is a licence line.  \n"
        "00001740 03 n 01 entity 0 002 ~ 00001930 n 0000 ~ 00002137 n 0000 | that which exists\n"
        "00001930 03 n 01 physical_entity 0 001 @ 00001740 n 0000 | physical\n"
        "00002137 03 n 02 abstraction 0 abstract_entity 0 002 + 00692329 v 0101 @ 00001740 n 0000 | abstract\n"
        "00002452 03 n 0a a 0 b 0 c 0 d 0 e 0 f 0 g 0 h 0 i 0 j 0 001 @i 00002137 n 0000 | ten words\n";
    char name[64], problem[128], message[512];
    (void)state;
    write_tree(text, "weights", name, problem);
    snprintf(problem, sizeof problem, "tree.wordnet(path=%s)", name);
    cc_run *run = cc_test_run(problem, 0);
    assert_true(tree_get(run)->nodes == 4 && tree_get(run)->leaves == 2 && tree_get(run)->depth == 2);
    cc_test_close(run);
    unlink(name);
    write_tree("00001740 03 n 01 entity 0 001 @ 00000009 n 0000 | orphan\n", "weights", name, problem);
    snprintf(problem, sizeof problem, "tree.wordnet(path=%s)", name);
    assert_int_equal(cc_test_try(NULL, problem, 0, message), CC_EDATA);
    assert_non_null(strstr(message, "00000009"));
    unlink(name);
    write_tree("00001740 03 n\n", "weights", name, problem);
    snprintf(problem, sizeof problem, "tree.wordnet(path=%s)", name);
    assert_int_equal(cc_test_try(NULL, problem, 0, message), CC_EDATA);
    unlink(name);
}

static void test_package(void **state)
{
    char message[512];
    (void)state;
    const cc_status status = cc_test_try(NULL, "tree.package(package=linux-libc-dev)", 0, message);
    if (status == CC_SKIP) skip();
    assert_int_equal(status, CC_OK);
    cc_run *run = cc_test_run("tree.package(package=linux-libc-dev)", 0);
    const tree_data *t = tree_get(run);
    assert_true(t->leaves > 500 && t->depth >= 4 && t->depth < 12);
    assert_true(t->nodes < t->leaves + 100); /* folders are few: each is there once */
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_build),        cmocka_unit_test(test_refusals),        cmocka_unit_test(test_generators),
        cmocka_unit_test(test_whole_layout), cmocka_unit_test(test_broken_polygons), cmocka_unit_test(test_broken_boxes),
        cmocka_unit_test(test_star_polygon), cmocka_unit_test(test_binary_judged),   cmocka_unit_test(test_distortion),
        cmocka_unit_test(test_bounds),       cmocka_unit_test(test_linkage),         cmocka_unit_test(test_wordnet_format),
        cmocka_unit_test(test_package),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
