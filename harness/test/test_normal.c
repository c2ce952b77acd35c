/* The normal law of cc_normal: the table of its layers, thirty million draws against the law, and streams that do not depend on how
 * they are asked for. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/core/scope.h"
#include "harness/core/ziggurat.h"

enum { DRAWS = 30000000, CHUNK = 100003, BINS = 4000 };

static double density(double x) { return exp(-x * x / 2); }
static double beyond(double x) { return erfc(x * M_SQRT1_2) / 2; } /* P(Z > x) */

static cc_rng stream(uint64_t id)
{
    cc_run run;
    cc_scope_open(&run, CC_ROLE_RUN, 1, 0);
    return cc_stream(&run, 3, id);
}

static void every_layer_has_the_same_area(void **unused)
{
    (void)unused;
    double r = layer[1], area = r * density(r) + sqrt(2 * M_PI) * beyond(r);
    assert_true(fabs(layer[0] * density(r) - area) < 1e-16);
    for (int i = 1; i < 256; i++) {
        assert_true(layer[i] > layer[i + 1]);
        assert_true(fabs(layer[i] * (density(layer[i + 1]) - density(layer[i])) - area) < 4e-15 * layer[i]);
    }
    assert_true(layer[256] == 0);
}

/* What the law says of thirty million draws, each within four and a half standard errors. */
typedef struct tally {
    double power[5];
    double lag, square_lag; /* sums of z_i z_i+1 and of (z_i^2 - 1)(z_i+1^2 - 1) */
    double excess;          /* of what lies beyond layer[1] */
    uint64_t bin[BINS + 2], beyond[2][4];
} tally;
static const double tails[4] = {3, 3.654152885361009, 4, 4.8};

static void count(tally *t, double z)
{
    double power = 1, place = (z + 4) * (BINS / 8.);
    for (int k = 0; k < 5; k++, power *= z) t->power[k] += power;
    t->bin[place < 0 ? 0 : place >= BINS ? BINS + 1 : 1 + (size_t)place]++;
    for (int k = 0; k < 4; k++) t->beyond[z < 0][k] += fabs(z) > tails[k];
    if (fabs(z) > layer[1]) t->excess += fabs(z) - layer[1];
}

static tally *drawn(void)
{
    tally *t = calloc(1, sizeof *t);
    double *z = malloc(CHUNK * sizeof *z), last = 0;
    cc_rng rng = stream(0);
    for (size_t left = DRAWS; left;) {
        size_t n = left < CHUNK ? left : CHUNK;
        cc_normal(&rng, n, z);
        for (size_t i = 0; i < n; i++) {
            count(t, z[i]);
            t->lag += z[i] * last, t->square_lag += (z[i] * z[i] - 1) * (last * last - 1), last = z[i];
        }
        left -= n;
    }
    free(z);
    return t;
}

static void assert_near(double n, double sum, double mean, double variance)
{
    double z = (sum - n * mean) / sqrt(n * variance);
    if (!(fabs(z) < 4.5)) fail_msg("%g standard errors off", z);
}

static void draws_follow_the_law(void **unused)
{
    (void)unused;
    tally *t = drawn();
    assert_near(DRAWS, t->power[1], 0, 1);
    assert_near(DRAWS, t->power[2], 1, 2);
    assert_near(DRAWS, t->power[3], 0, 15);
    assert_near(DRAWS, t->power[4], 3, 96);
    assert_near(DRAWS, t->lag, 0, 1);
    assert_near(DRAWS, t->square_lag, 0, 4);
    for (int side = 0; side < 2; side++)
        for (int k = 0; k < 4; k++) assert_near(DRAWS, (double)t->beyond[side][k], beyond(tails[k]), beyond(tails[k]));
    double r = layer[1], hazard = density(r) / sqrt(2 * M_PI) / beyond(r);
    assert_near((double)(t->beyond[0][1] + t->beyond[1][1]), t->excess, hazard - r, 1 + r * hazard - hazard * hazard);
    /* Kolmogorov's distance over the edges, and chi squared over the bins: 4001 degrees of freedom */
    double seen = 0, distance = 0, chi = 0;
    for (int b = 0; b < BINS + 2; b++) {
        double left = b ? -4 + (b - 1) * 8. / BINS : -INFINITY, right = b <= BINS ? -4 + b * 8. / BINS : INFINITY;
        double expected = DRAWS * (left < 0 ? beyond(-right) - beyond(-left) : beyond(left) - beyond(right));
        seen += (double)t->bin[b];
        distance = fmax(distance, fabs(seen - DRAWS * beyond(-right)));
        chi += pow((double)t->bin[b] - expected, 2) / expected;
    }
    assert_true(distance / sqrt(DRAWS) < 1.63); /* the 1 % point */
    assert_true(fabs(chi - (BINS + 1)) < 4 * sqrt(2. * (BINS + 1)));
    free(t);
}

static void chunks_do_not_matter(void **unused)
{
    (void)unused;
    enum { N = 30000 };
    double *whole = malloc(N * sizeof *whole), *parts = malloc(N * sizeof *parts);
    cc_rng rng = stream(1), other = stream(1), sizes = stream(2);
    cc_bits(&rng), cc_bits(&other); /* not at the start of a block */
    cc_normal(&rng, N, whole);
    for (size_t i = 0; i < N;) {
        size_t n = 1 + cc_below(&sizes, 2 + cc_below(&sizes, 200));
        n = n < N - i ? n : N - i;
        cc_normal(&other, n, parts + i);
        i += n;
    }
    assert_memory_equal(whole, parts, N * sizeof *whole);
    for (int i = 0; i < 9; i++) assert_true(cc_bits(&rng) == cc_bits(&other)); /* what follows is the same, too */
    cc_normal(&rng, 0, NULL);
    assert_true(cc_bits(&rng) == cc_bits(&other));
    free(whole), free(parts);
}

static void one_by_one_is_the_same_too(void **unused)
{
    (void)unused;
    enum { N = 5000 };
    double whole[N], one;
    cc_rng rng = stream(4), single = stream(4);
    cc_normal(&rng, N, whole);
    for (int i = 0; i < N; i++) {
        cc_normal(&single, 1, &one);
        assert_memory_equal(&one, whole + i, sizeof one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_has_the_same_area),
        cmocka_unit_test(draws_follow_the_law),
        cmocka_unit_test(chunks_do_not_matter),
        cmocka_unit_test(one_by_one_is_the_same_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
