/* test_boxes.c: treemaps of rectangles, boxes with slack, embeddings. */
#include "test.h"

/* ---- boxes ---- */

static void test_squarified_published(void **state)
{
    static const double area[] = {6, 6, 4, 3, 2, 2, 1}, rectangle[4] = {0, 0, 6, 4};
    static const double want[28] = {0,       0,      3,           2,      0,      2,      3,  2,      3,   0,
                                    12. / 7, 7. / 3, 3 + 12. / 7, 0,      9. / 7, 7. / 3, 3,  7. / 3, 1.2, 5. / 3,
                                    4.2,     7. / 3, 1.2,         5. / 3, 5.4,    7. / 3, .6, 5. / 3};
    static const double ratio[] = {1.5, 1.5, 1.361111, 1.814815, 1.388889, 1.388889, 2.777778};
    double out[28];
    (void)state;
    fp_squarify(7, area, rectangle, out);
    for (size_t i = 0; i < 28; i++) assert_true(fabs(out[i] - want[i]) < 1e-14);
    for (size_t i = 0; i < 7; i++)
        assert_true(fabs(fmax(out[4 * i + 2], out[4 * i + 3]) / fmin(out[4 * i + 2], out[4 * i + 3]) - ratio[i]) < 1e-6);
}

/* Twenty equal squares: three fill the short side with ratio 10/9, a fourth would make it 16/10. */
static void test_squarified_row_ends(void **state)
{
    double area[20], out[80];
    (void)state;
    for (size_t i = 0; i < 20; i++) area[i] = .1;
    fp_squarify(20, area, (const double[]){0, 0, 2, 1}, out);
    assert_close(out[2 * 4 + 0], 0, 0);
    assert_close(out[2 * 4 + 1], 2. / 3, 1e-14);
    assert_close(out[3 * 4 + 0], .3, 1e-14);
    assert_close(out[3 * 4 + 1], 0, 0);
}

/* Treemaps of whole trees: exact areas, children inside their parent and apart. */
static void test_treemaps(void **state)
{
    static const char *const algorithms[] = {"partitions.slice_and_dice", "partitions.squarified"};
    (void)state;
    for (size_t i = 0; i < COUNT(algorithms); i++)
        for (uint64_t seed = 0; seed < 4; seed++) {
            cc_run *run = cc_test_start(algorithms[i], "tree.random(depth=3,branching=9,weights=loguniform,lambda=4)", seed);
            assert_int_equal(cc_test_step(run), CC_DONE);
            assert_true(fabs(cc_test_metric(run, "slack", NULL)) <= 1e-11);
            assert_true(cc_test_metric(run, "excess", NULL) <= 1e-11);
            assert_true(cc_test_metric(run, "outside", NULL) <= rounding(run, 2, 1e3));
            assert_true(cc_test_metric(run, "overlap", NULL) <= rounding(run, 2, 1e3));
            cc_test_close(run);
        }
}

/* Slice and dice: side by side at even levels, one above the other at odd ones. */
static void test_slices_alternate(void **state)
{
    cc_run *run = cc_test_start("partitions.slice_and_dice", "tree.kary", 0);
    (void)state;
    assert_int_equal(cc_test_step(run), CC_DONE);
    const tree_layout *p = cc_test_candidate(run);
    const tree_data *t = tree_get(run);
    for (size_t v = 1; v < t->nodes; v++) {
        const size_t along = t->level[t->parent[v]] % 2, u = t->parent[v];
        assert_close(p->side[2 * v + 1 - along], p->side[2 * u + 1 - along], 0);
        assert_close(p->side[2 * v + along], p->side[2 * u + along] * t->weight[v] / t->weight[u], 1e-14);
    }
    cc_test_close(run);
}

/* Ratio, volumes and nesting for random trees, slack and dimension; the deal stays within [eps, 1 - eps]. */
static void test_slack(void **state)
{
    static const double eps[] = {1. / 3, .25, .05};
    char algorithm[64];
    (void)state;
    for (size_t d = 1; d <= 4; d++)
        for (size_t e = 0; e < COUNT(eps); e++)
            for (uint64_t seed = 0; seed < 4; seed++) {
                snprintf(algorithm, sizeof algorithm, "partitions.slack(d=%zu,eps=%.17g)", d, eps[e]);
                cc_run *run = cc_test_start(algorithm, "tree.random(depth=4,branching=9,weights=loguniform,lambda=8)", seed);
                assert_int_equal(cc_test_step(run), CC_DONE);
                assert_true(cc_test_metric(run, "max_ratio", NULL) <= (1 + 1e-12) / eps[e]);
                assert_true(cc_test_metric(run, "slack", NULL) <= eps[e] * (1 + 1e-12));
                assert_true(cc_test_metric(run, "excess", NULL) <= 1e-12);
                assert_true(cc_test_metric(run, "outside", NULL) <= rounding(run, (double)d, 1 / eps[e]) &&
                            cc_test_metric(run, "overlap", NULL) <= rounding(run, (double)d, 1 / eps[e]));
                cc_test_close(run);
            }
}

/* ---- embeddings ---- */

typedef struct embedded {
    const char *algorithm, *problem;
    double distortion, c_lb;
} embedded;

static const embedded published[] = {
    {"partitions.embed", "tree.hst_star(n=4)", 1.4142135623730951, 1},
    {"partitions.embed", "tree.hst_star(n=64)", 9.899494936611665, 7},
    {"partitions.embed", "tree.hst_star(n=256)", 21.213203435596427, 15},
    {"partitions.embed", "tree.hst_star(n=1024)", 43.840620433565949, 31},
    {"partitions.embed", "tree.hst_caterpillar(n=3,base=4)", 1.265376764940, 0.489238089054},
    {"partitions.embed", "tree.hst_two_scale(m=16,L=16)", 5.303300858899, 3.75},
    {"partitions.embed", "tree.hst_two_scale(m=16,L=256)", 4.308931947856, 3.046875},
    {"partitions.embed", "tree.hst_regular(levels=5,arity=4)", 7.0710678118655, 5},
    {"partitions.embed:no_margin", "tree.hst_two_scale(m=16,L=16)", 67.88225099390, 3.75},
    {"partitions.embed:no_margin", "tree.hst_regular(levels=10)", 512, 1.370019388549},
    {"partitions.place:line", "tree.hst_star(n=1024)", 1023, 31},
    {"partitions.place:line", "tree.hst_regular(levels=10)", 10, 1.370019388549},
};

static void test_embeddings_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(published); i++) {
        assert_close(result(published[i].algorithm, published[i].problem, "distortion", 0), published[i].distortion, 1e-11);
        assert_close(result(published[i].algorithm, published[i].problem, "c_lb", 0), published[i].c_lb, 1e-11);
    }
    /* real data: the bounds do not depend on how ties are broken */
    assert_close(result("partitions.embed", "tree.linkage(data=iris)", "c_lb", 0), 5.588200709376, 1e-11);
    assert_close(result("partitions.embed", "tree.linkage(data=iris)", "c_ub", 0), 312.7556254122, 1e-11);
    assert_close(result("partitions.embed", "tree.linkage(data=digits,n=600)", "c_lb", 0), 15.77533932525, 1e-11);
}

static void test_three_points(void **state)
{
    static const double want[3][2] = {
        {1.449430847458, 2.216770976336}, {1.449430847458, 3.062440595382}, {4.089036633317, 2.639605785859}};
    cc_run *run = cc_test_start("partitions.embed", "tree.hst_caterpillar(n=3,base=4)", 0);
    (void)state;
    assert_int_equal(cc_test_step(run), CC_DONE);
    const tree_layout *p = cc_test_candidate(run);
    for (size_t i = 0; i < 6; i++) assert_true(fabs(p->point[i] - want[i / 2][i % 2]) < 1e-11);
    assert_close(p->side[0] * p->side[1], 27.870074818969, 1e-12); /* A(root) */
    cc_test_close(run);
    run = cc_test_start("partitions.embed", "tree.hst_star(n=4)", 0);
    assert_int_equal(cc_test_step(run), CC_DONE);
    assert_close(cc_test_metric(run, "expansion", NULL) / sqrt(2), 0.8862269254527579, 1e-14);
    cc_test_close(run);
}

/* Labels are rounded up to powers of two times the least: 3.9 and 4 over 1 give the same points, also where a level is contracted.
 */
static void test_rounding(void **state)
{
    static const char *const text[] = {"- 4\n0 1\n0 0\n1 0\n1 0\n", "- 3.9\n0 1\n0 0\n1 0\n1 0\n",
                                       "- 3.9\n0 3\n1 1\n0 0\n2 0\n2 0\n1 0\n", "- 4\n0 1\n1 0\n1 0\n0 0\n0 0\n"};
    double point[4][8];
    (void)state;
    for (size_t i = 0; i < COUNT(text); i++) {
        char problem[128], name[64];
        write_tree(text[i], name, problem);
        strcpy(strchr(problem, ')'), ",values=labels)");
        cc_run *run = cc_test_start("partitions.embed", problem, 0);
        unlink(name);
        assert_int_equal(cc_test_step(run), CC_DONE);
        const tree_layout *p = cc_test_candidate(run);
        memcpy(point[i], p->point, 2 * tree_get(run)->leaves * sizeof(double));
        cc_test_close(run);
    }
    assert_memory_equal(point[0], point[1], 6 * sizeof(double));
    for (size_t k = 0; k < 4; k++) assert_close(point[2][k], point[3][k], 1e-15); /* the two points at distance 1 */
}

/* eps=auto is 1 / height: on a high tree not 1/3, which would distort more. */
static void test_slack_of_an_embedding(void **state)
{
    static const char problem[] = "tree.hst_random(n=60)";
    const double distortion = result("partitions.embed", problem, "distortion", 0);
    (void)state;
    assert_true(distortion < result("partitions.embed(eps=0.25)", problem, "distortion", 0));
    assert_true(distortion < .98 * result("partitions.embed(eps=0.333333)", problem, "distortion", 0));
}

/* Theorem and lower bound on random ultrametrics, in dimensions 1 to 4. */
static void test_embedding_bounds(void **state)
{
    char algorithm[64];
    (void)state;
    for (size_t d = 1; d <= 4; d++)
        for (uint64_t seed = 0; seed < 10; seed++) {
            snprintf(algorithm, sizeof algorithm, "partitions.embed(d=%zu)", d);
            cc_run *run = cc_test_start(algorithm, "tree.hst_random(n=120)", seed);
            assert_int_equal(cc_test_step(run), CC_DONE);
            const double distortion = cc_test_metric(run, "distortion", NULL);
            assert_true(distortion <= cc_test_metric(run, "c_ub", NULL));
            assert_true(distortion >= cc_test_metric(run, "c_lb", NULL) && distortion >= 1);
            cc_test_close(run);
        }
    assert_true(result("partitions.mds", "tree.hst_random(n=60)", "distortion", 1) > 10); /* points coincide: infinite */
    assert_true(isfinite(result("partitions.place:random", "tree.hst_random(n=60)", "distortion", 1)));
    assert_close(result("partitions.place:grid", "tree.hst_star(n=256)", "distortion", 1), 15 * sqrt(2), 1e-14);
    assert_close(result("partitions.mds(d=3)", "tree.hst_star(n=4)", "distortion", 1), 1, 1e-12); /* a tetrahedron */
    assert_close(result("partitions.mds(d=2)", "tree.hst_caterpillar(n=3,base=4)", "distortion", 1), 1, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_squarified_published),
        cmocka_unit_test(test_slack),
        cmocka_unit_test(test_embeddings_published),
        cmocka_unit_test(test_three_points),
        cmocka_unit_test(test_embedding_bounds),
        cmocka_unit_test(test_squarified_row_ends),
        cmocka_unit_test(test_treemaps),
        cmocka_unit_test(test_slices_alternate),
        cmocka_unit_test(test_slack_of_an_embedding),
        cmocka_unit_test(test_rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
