/* test.c: kernels and algorithms against published values, against each other, and on what they must refuse. */
#include "partitions.h"

#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void assert_close(double got, double want, double rel)
{
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1e-300))) fail_msg("got %.17g, expected %.17g (relative %g)", got, want, rel);
}

/* The metric of a finished run. */
static double result(const char *algorithm, const char *problem, const char *metric, uint64_t seed)
{
    cc_run *run = cc_test_start(algorithm, problem, seed);
    assert_int_equal(cc_test_step(run), CC_DONE);
    const double value = cc_test_metric(run, metric, NULL);
    cc_test_close(run);
    return value;
}

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
    while (shift < n && hypot(p->origin[0] + p->xy[2 * shift] - want[0], p->origin[1] + p->xy[2 * shift + 1] - want[1]) > 1e-9) shift++;
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
    size_t depth[3];
    assert_depths(4, (const double[]){5, 1, 1, 1}, (const size_t[]){1, 3, 3, 3});
    assert_depths(5, (const double[]){8, 4, 2, 1, 1}, (const size_t[]){1, 2, 3, 4, 4});
    assert_depths(3, (const double[]){1, 1, 1}, (const size_t[]){2, 2, 2});
    assert_depths(1, (const double[]){7}, (const size_t[]){0});
    fp_shannon_depths(3, (const double[]){100, 1, 1}, depth);
    assert_int_equal(depth[0], 1);
    assert_int_equal(depth[1], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_published),    cmocka_unit_test(test_cut_through_corners), cmocka_unit_test(test_cut_stays_relative),
        cmocka_unit_test(test_diameter),         cmocka_unit_test(test_shannon_depths),
    };
    (void)result;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
