/* test.c: cuts, binary trees and polygonal partitions against published values and brute force; what must be refused. */
#include "test.h"

/* ---- one cut ---- */

typedef struct pieces {
    double xy[4][64], work[64];
    fp_polygon p, a, b;
} pieces;

static void square(pieces *s)
{
    static const double corners[8] = {0, 0, 1, 0, 1, 1, 0, 1};
    memset(s, 0, sizeof *s);
    s->p = (fp_polygon){.n = 4, .xy = memcpy(s->xy[0], corners, sizeof corners)};
    s->a.xy = s->xy[1], s->b.xy = s->xy[2];
}

static void cut_square(pieces *s, double theta, double fraction)
{
    square(s);
    fp_cut(&s->p, (fp_direction){cos(theta), sin(theta)}, fraction, 1 - fraction, 0, s->work, &s->a, &s->b);
}

/* The polygon has exactly these corners, in this cyclic order. */
static void assert_corners(const fp_polygon *p, size_t n, const double *want)
{
    size_t shift = 0;
    assert_int_equal(p->n, n);
    while (shift < n && hypot(p->origin[0] + p->xy[2 * shift] - want[0], p->origin[1] + p->xy[2 * shift + 1] - want[1]) > 1e-9)
        shift++;
    assert_true(shift < n);
    for (size_t i = 0; i < 2 * n; i++) {
        const double got = p->origin[i % 2] + p->xy[(i + 2 * shift) % (2 * n)];
        assert_true(fabs(got - want[i]) < 4e-16);
    }
}

static double asp(const fp_polygon *p) { return fp_diameter2(p) / fp_area(p); }

static void test_cut_published(void **state)
{
    pieces s;
    (void)state;
    cut_square(&s, M_PI / 4, .25);
    assert_corners(&s.a, 3, (const double[]){0.2928932188134524, 0, 1, 0, 1, 0.7071067811865475});
    assert_close(asp(&s.a), 4, 1e-15);
    assert_close(asp(&s.b), 2.6666666666666665, 1e-15);
    cut_square(&s, M_PI / 3, .1);
    assert_corners(&s.a, 3, (const double[]){0.6601911510305755, 0, 1, 0, 1, 0.5885661912765422});
    assert_close(asp(&s.a), 4.618802153517005, 1e-15);
    assert_close(asp(&s.b), 2.2222222222222223, 1e-15);
    cut_square(&s, M_PI / 6, 1e-6);
    assert_corners(&s.a, 3, (const double[]){0.9981387902817958, 0, 1, 0, 1, 0.0010745699318235704});
    assert_close(fp_area(&s.a), 1e-6, 1e-14);
}

/* A cut through corners puts them into both parts and makes no edge of length zero. */
static void test_cut_through_corners(void **state)
{
    pieces s;
    (void)state;
    cut_square(&s, M_PI / 4, .5);
    assert_int_equal(s.a.n, 3);
    assert_int_equal(s.b.n, 3);
    assert_close(fp_area(&s.a), .5, 1e-15);
    cut_square(&s, 3 * M_PI / 4, .5);
    assert_int_equal(s.a.n, 3);
    assert_int_equal(s.b.n, 3);
    cut_square(&s, 0, .3); /* along two sides */
    assert_corners(&s.a, 4, (const double[]){0, 0, 1, 0, 1, .3, 0, .3});
    assert_corners(&s.b, 4, (const double[]){0, .3, 1, .3, 1, 1, 0, 1});
    square(&s);
    fp_cut(&s.p, (fp_direction){0, 1}, 1, 3, 1, s.work, &s.a, &s.b); /* by length: x from 1 down */
    assert_corners(&s.a, 4, (const double[]){.75, 0, 1, 0, 1, 1, .75, 1});
}

/* Areas to relative accuracy, however small the part: each cut of a chain takes a share of 1e-3. 60 cuts: area 1e-180. */
static void test_cut_stays_relative(void **state)
{
    pieces s;
    (void)state;
    square(&s);
    double area = 1;
    for (int i = 0; i < 60; i++) {
        const double theta = .3 + 1.1 * i;
        fp_cut(&s.p, (fp_direction){cos(theta), sin(theta)}, 1e-3, 1 - 1e-3, 0, s.work, &s.a, &s.b);
        assert_close(fp_area(&s.a), 1e-3 * area, 1e-12);
        assert_close(fp_area(&s.b), (1 - 1e-3) * area, 1e-12);
        assert_true(s.a.n >= 3 && s.b.n >= 3 && s.a.n + s.b.n <= s.p.n + 4);
        memcpy(s.xy[0], s.xy[1], sizeof s.xy[0]);
        s.p = s.a;
        s.p.xy = s.xy[0];
        area = fp_area(&s.p);
    }
}

static double slow_diameter2(const fp_polygon *p)
{
    double most = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < i; j++)
            most = fmax(most, pow(p->xy[2 * i] - p->xy[2 * j], 2) + pow(p->xy[2 * i + 1] - p->xy[2 * j + 1], 2));
    return most;
}

static void test_area(void **state)
{
    double xy[] = {3, 2, 7, 5, 4, 9, 2, 6}; /* by the shoelace formula */
    (void)state;
    assert_close(fp_area(&(fp_polygon){.n = 4, .xy = xy}), (3 * 5 - 7 * 2 + 7 * 9 - 4 * 5 + 4 * 6 - 2 * 9 + 2 * 2 - 3 * 6) / 2.,
                 1e-15);
}

/* Rotating calipers against all pairs: random convex polygons, regular ones (parallel edges), slivers. */
static void test_diameter(void **state)
{
    double xy[128];
    uint64_t seed = 1;
    (void)state;
    for (int trial = 0; trial < 2000; trial++) {
        fp_polygon p = {.n = 3 + (size_t)(trial % 30), .xy = xy};
        double at = 0;
        for (size_t i = 0; i < p.n; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            at += trial % 2 ? 1 / (double)p.n : (1 + (double)(seed >> 40)) / (double)(1 << 24) * 2 / (double)p.n;
            if (at >= 1 && !(trial % 2)) {
                p.n = i;
                break;
            }
            const double squash = trial % 3 == 0 ? 1e-9 : 1, x = cos(2 * M_PI * at), y = squash * sin(2 * M_PI * at);
            xy[2 * i] = x * cos(.7 * trial) - y * sin(.7 * trial), xy[2 * i + 1] = x * sin(.7 * trial) + y * cos(.7 * trial);
        }
        if (p.n >= 3) assert_close(fp_diameter2(&p), slow_diameter2(&p), 1e-15);
    }
}

/* ---- the binary tree ---- */

static void assert_depths(size_t m, const double *share, const size_t *want)
{
    size_t depth[8];
    fp_shannon_depths(m, share, depth);
    for (size_t i = 0; i < m; i++) assert_int_equal(depth[i], want[i]);
}

static void test_shannon_depths(void **state)
{
    (void)state;
    assert_depths(3, (const double[]){1, 1, 1}, (const size_t[]){2, 2, 2});
    assert_depths(4, (const double[]){5, 1, 1, 1}, (const size_t[]){1, 3, 3, 3});
    assert_depths(5, (const double[]){8, 4, 2, 1, 1}, (const size_t[]){1, 2, 3, 4, 4});
    assert_depths(3, (const double[]){100, 1, 1}, (const size_t[]){1, 7, 7});
    assert_depths(1, (const double[]){7}, (const size_t[]){0});
}

/* A root whose children are stars of these many leaves; depths of the children in the binary tree. */
static void assert_built(size_t m, const size_t *leaves, const size_t *want)
{
    char text[2048] = "# parent weight\n- 0\n", name[64], problem[128], *end = text + strlen(text);
    for (size_t i = 0; i < m; i++) end += sprintf(end, "0 1\n");
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < leaves[i] && leaves[i] > 1; j++) end += sprintf(end, "%zu 1\n", 1 + i);
    write_tree(text, name, problem);
    cc_run *run = cc_test_start("partitions.binarise", problem, 0);
    unlink(name);
    assert_int_equal(cc_test_step(run), CC_DONE);
    const tree_data *tree = tree_get(run);
    const tree_layout *p = cc_test_candidate(run);
    assert_int_equal(p->binary, 2 * tree->leaves - 1);
    for (size_t c = 1, i = 0; i < m; c += tree->size[c]) {
        size_t depth = 0;
        for (size_t u = p->node[c]; u != p->node[0]; u = p->binary_parent[u]) depth++;
        assert_int_equal(depth, want[i++]);
    }
    cc_test_close(run);
}

static void test_binary_published(void **state)
{
    (void)state;
    assert_built(3, (const size_t[]){1, 1, 1}, (const size_t[]){2, 2, 1}); /* any one of three may be the single one */
    assert_built(4, (const size_t[]){5, 1, 1, 1}, (const size_t[]){1, 3, 3, 2});
    assert_built(5, (const size_t[]){8, 4, 2, 1, 1}, (const size_t[]){1, 2, 3, 4, 4});
    assert_built(3, (const size_t[]){100, 1, 1}, (const size_t[]){1, 2, 2});
}

static void test_height(void **state)
{
    (void)state;
    assert_true(result("partitions.binarise", "tree.star(n=100000)", "binary_height", 0) == 17);
    assert_true(result("partitions.binarise", "tree.star(n=65536)", "binary_height", 0) == 16);
    assert_true(result("partitions.binarise", "tree.star(n=1)", "binary_height", 0) == 0);
    assert_true(result("partitions.binarise", "tree.caterpillar(depth=500)", "binary_height", 0) == 500);
    assert_true(result("partitions.binarise(rule=left_deep)", "tree.star(n=100)", "binary_height", 0) == 99);
}

static void test_directions(void **state)
{
    size_t distance[64], order[64];
    (void)state;
    fp_angular_order(4, distance, order);
    assert_true(order[0] == 1 && order[1] == 3);
    fp_angular_order(8, distance, order);
    assert_true(order[0] == 2 && order[1] == 6 && order[2] == 1);
    for (size_t m = 4; m <= 64; m += 2) { /* each direction once, the square's never */
        int seen[64] = {0};
        fp_angular_order(m, distance, order);
        for (size_t t = 0; t + 2 < m; t++) seen[order[t]]++;
        for (size_t j = 0; j < m; j++) assert_int_equal(seen[j], j != 0 && j != m / 2);
    }
    assert_true(fp_angular_m(0) == 4 && fp_angular_m(1) == 4 && fp_angular_m(3) == 6 && fp_angular_m(4) == 6);
}

/* ---- polygonal partitions ---- */

static double cot(double x) { return 1 / tan(x); }

static void test_caterpillars(void **state)
{
    static const size_t depth[] = {4, 8, 16, 64};
    static const double want[] = {6.928203230275, 12.3107341487, 22.6851272785, 83.9703338456};
    char problem[64];
    (void)state;
    for (size_t i = 0; i < COUNT(depth); i++) {
        snprintf(problem, sizeof problem, "tree.caterpillar(depth=%zu)", depth[i]);
        assert_close(result("partitions.angular", problem, "max_asp", 0), want[i], 1e-11);
        assert_close(want[i], 4 * cot(M_PI / ((double)depth[i] + 2)), 1e-11);
    }
    /* deeper ones need smaller leaves for that: these do not fit between their neighbours' cuts */
    assert_close(result("partitions.angular", "tree.caterpillar(depth=128)", "max_asp", 0), 133.2112668762, 1e-10);
    assert_close(result("partitions.angular", "tree.caterpillar(depth=128,fraction=1e-5)", "max_asp", 0), 4 * cot(M_PI / 130),
                 1e-9);
}

static void test_two_leaves(void **state)
{
    (void)state;
    for (double eta = .3; eta > 1e-12; eta /= 31) {
        char problem[64];
        snprintf(problem, sizeof problem, "tree.two_leaves(eta=%.17g)", eta);
        assert_close(result("partitions.angular", problem, "max_asp", 0), 4, 1e-12);
        assert_true(result("partitions.greedy_polygonal", problem, "max_asp", 0) <= 4 * (1 + 1e-12));
        assert_close(result("partitions.slice_and_dice", problem, "max_ratio", 0), 1 / eta, 1e-12);
        assert_close(result("partitions.squarified", problem, "max_ratio", 0), 1 / eta, 1e-12);
        assert_close(result("partitions.slack:exact", problem, "max_ratio", 0), 1 / eta, 1e-12);
        assert_close(result("partitions.slack", problem, "max_ratio", 0), 3, 1e-12);
    }
    cc_run *run = cc_test_start("partitions.angular", "tree.two_leaves(eta=1e-4)", 0);
    assert_int_equal(cc_test_step(run), CC_DONE);
    const tree_layout *p = cc_test_candidate(run);
    assert_true(p->corners[0] == 4 && p->corners[1] == 5 && p->corners[2] == 3);
    assert_true(fp_angular_m(1) == 4);
    assert_close(4 * cot(M_PI / 8), 9.65685424949238, 1e-14);
    cc_test_close(run);
}

/* What a partition must be, on trees of every kind, down to weights of 1e-12. */
static void assert_partition(const char *algorithm, const char *problem, uint64_t seed)
{
    cc_run *run = cc_test_start(algorithm, problem, seed);
    assert_int_equal(cc_test_step(run), CC_DONE);
    const double m = (double)fp_angular_m((size_t)cc_test_metric(run, "binary_height", NULL));
    assert_true(cc_test_metric(run, "area_error", NULL) < 1e-11);
    assert_close(cc_test_metric(run, "leaf_area", NULL), 1, 1e-12);
    assert_true(cc_test_metric(run, "bend", NULL) > -1e-12);
    assert_true(cc_test_metric(run, "outside", NULL) < rounding(run, 2, 1));
    assert_true(cc_test_metric(run, "overlap", NULL) < rounding(run, 2, 1));
    if (strstr(algorithm, "angular")) assert_true(cc_test_metric(run, "max_asp", NULL) <= 4 * cot(M_PI / m) * (1 + 1e-12));
    assert_true(cc_spent(run, "n_cut") >= (uint64_t)cc_test_known(run, "leaves") - 1);
    const double asp = cc_test_metric(run, "max_asp", NULL);
    assert_int_equal(cc_test_step(run), CC_DONE); /* again: the same */
    assert_true(cc_test_metric(run, "max_asp", NULL) == asp);
    cc_test_close(run);
}

static void test_partitions(void **state)
{
    static const char *const problems[] = {"tree.random(depth=1,branching=400,weights=pareto)",
                                           "tree.random(depth=4,branching=5,weights=loguniform,lambda=6)",
                                           "tree.random(depth=12,branching=2,weights=uniform)",
                                           "tree.caterpillar(depth=40,fraction=0.3)",
                                           "tree.kary(weights=loguniform,lambda=12)",
                                           "tree.star(n=1)",
                                           "tree.star(n=3)",
                                           "tree.random(depth=0)"};
    (void)state;
    for (size_t i = 0; i < COUNT(problems); i++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            assert_partition("partitions.angular", problems[i], seed);
            assert_partition("partitions.greedy_polygonal", problems[i], seed);
            assert_partition("partitions.greedy_polygonal:wide", problems[i], seed);
        }
}

/* The ablations are what they say. */
static void test_ablations(void **state)
{
    static const char tree[] = "tree.kary(weights=loguniform,lambda=4)";
    (void)state;
    assert_true(result("partitions.angular:length", tree, "area_error", 1) > .1);
    assert_true(result("partitions.angular:slices", tree, "max_asp", 1) > 1e3);
    assert_true(result("partitions.angular:one_way", tree, "max_asp", 1) > 1e3);
    assert_true(result("partitions.angular(directions=cyclic)", tree, "max_asp", 1) > 1e3);
    assert_true(result("partitions.angular:toy", "tree.star(weights=loguniform,lambda=40)", "binary_height", 1) > 40);
    assert_true(result("partitions.greedy_polygonal:wide", tree, "max_asp", 1) < 8);
}

/* ---- what must be refused ---- */

static void test_refusals(void **state)
{
    (void)state;
    cc_test_refused("partitions.embed", "tree.star(n=4)", CC_EINVAL, "no labels");
    cc_test_refused("partitions.mds", "tree.star(n=4)", CC_EINVAL, "no labels");
    cc_test_refused("partitions.place", "tree.star(n=4)", CC_EINVAL, "no labels");
    cc_test_refused("partitions.embed(d=0)", "tree.hst_star(n=4)", CC_EINVAL, "d=0");
    cc_test_refused("partitions.slack(d=0)", "tree.star(n=4)", CC_EINVAL, "d=0");
    cc_test_refused("partitions.slack(eps=0)", "tree.star(n=4)", CC_EINVAL, "(0, 1/3]");
    cc_test_refused("partitions.slack(eps=0.34)", "tree.star(n=4)", CC_EINVAL, "eps");
    cc_test_refused("partitions.slack(eps=-0.1)", "tree.star(n=4)", CC_EINVAL, "eps");
    cc_test_refused("partitions.embed(eps=0)", "tree.hst_star(n=4)", CC_EINVAL, "(0, 1/3]");
    cc_test_refused("partitions.greedy_polygonal(K=1)", "tree.star(n=4)", CC_EINVAL, "K=1");
    cc_test_refused("partitions.mds(d=5)", "tree.hst_star(n=4)", CC_EINVAL, "4 points");
    cc_test_refused("partitions.angular(directions=sideways)", "tree.star(n=4)", CC_EINVAL, "separated");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_published),      cmocka_unit_test(test_cut_through_corners),
        cmocka_unit_test(test_cut_stays_relative), cmocka_unit_test(test_area),
        cmocka_unit_test(test_diameter),           cmocka_unit_test(test_shannon_depths),
        cmocka_unit_test(test_binary_published),   cmocka_unit_test(test_height),
        cmocka_unit_test(test_directions),         cmocka_unit_test(test_caterpillars),
        cmocka_unit_test(test_two_leaves),         cmocka_unit_test(test_partitions),
        cmocka_unit_test(test_ablations),          cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
