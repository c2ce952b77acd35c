/* problems/smooth/test_cnn.c: the convolutional network on images: its gradient against differences and batches, what may be
 * pruned, its metrics, its start. On digits, so that no package is needed. */
#include "problems/smooth/smooth.h"

#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SMALL "smooth.cnn(data=digits,channels=2,n=200,tests=100"
enum { KERNELS = 2 * 9, MORE = 4 * 2 * 9, DENSE = 10 * 4 * 2 * 2, D = KERNELS + 2 + MORE + 4 + DENSE + 10, N = 200 };

static void test_gradient(void **state)
{
    static double x[D], g[D], mean[D], part[D], f, up, down;
    size_t all[N];
    (void)state;
    cc_run *run = cc_test_run(SMALL ")", 1);
    assert_int_equal(smooth_dim(run), D);
    assert_int_equal(smooth_samples(run), N);
    assert_int_equal(smooth_start(run, x), CC_OK);
    assert_int_equal(smooth_value_grad(run, x, &f, g), CC_OK);
    assert_true(f > 2 && f < 3); /* log 10 at chance */
    for (size_t j = 0; j < D; j += 7) {
        const double kept = x[j];
        x[j] = kept + 1e-6;
        assert_int_equal(smooth_value(run, x, &up), CC_OK);
        x[j] = kept - 1e-6;
        assert_int_equal(smooth_value(run, x, &down), CC_OK);
        x[j] = kept;
        if (fabs((up - down) / 2e-6 - g[j]) > 1e-6) fail_msg("entry %zu: %g, by differences %g", j, g[j], (up - down) / 2e-6);
    }
    for (size_t i = 0; i < N; i++) all[i] = N - 1 - i;
    assert_int_equal(smooth_batch(run, x, all, N, &up, mean), CC_OK);
    assert_true(fabs(up - f) < 1e-12);
    for (size_t j = 0; j < D; j++) assert_true(fabs(mean[j] - g[j]) < 1e-13);
    memset(mean, 0, sizeof mean);
    for (size_t from = 0; from < N; from += 50) {
        assert_int_equal(smooth_batch(run, x, all + from, 50, &down, part), CC_OK);
        up -= down / 4;
        for (size_t j = 0; j < D; j++) mean[j] += part[j] / 4;
    }
    assert_true(fabs(up) < 1e-12);
    for (size_t j = 0; j < D; j++) assert_true(fabs(mean[j] - g[j]) < 1e-13);
    cc_test_close(run);
}

/* Kernels and weights, but no bias: kernels, 2 biases, kernels, 4 biases, weights, 10 biases. */
static void test_prunable(void **state)
{
    size_t weights = 0;
    (void)state;
    cc_run *run = cc_test_run(SMALL ")", 1);
    const unsigned char *prunable = smooth_prunable(run);
    for (size_t j = 0; j < D; j++) weights += prunable[j];
    assert_int_equal(weights, KERNELS + MORE + DENSE);
    assert_true(prunable[0] && prunable[KERNELS - 1] && !prunable[KERNELS] && !prunable[KERNELS + 1] && prunable[KERNELS + 2]);
    assert_true(prunable[KERNELS + MORE + 1] && !prunable[KERNELS + MORE + 2] && !prunable[KERNELS + MORE + 5]);
    assert_true(prunable[KERNELS + MORE + 6] && prunable[D - 11] && !prunable[D - 10] && !prunable[D - 1]);
    cc_test_close(run);
}

/* Weights of zero give the class of the largest bias; a weight of four left, density a quarter. */
static void test_metrics(void **state)
{
    (void)state;
    cc_run *run = cc_test_run(SMALL ")", 1);
    double x[D], share[10], sum = 0;
    assert_int_equal(smooth_start(run, x), CC_OK);
    assert_true(cc_test_metric(run, "density", x) == 1);
    memset(x, 0, sizeof x);
    for (size_t c = 0; c < 10; c++) {
        x[D - 10 + c] = 1;
        share[c] = cc_test_metric(run, "accuracy", x);
        sum += share[c];
        x[D - 10 + c] = 0;
    }
    assert_true(fabs(sum - 1) < 1e-12);
    for (size_t c = 0; c < 10; c++) assert_true(share[c] > .02 && share[c] < .2);
    for (size_t j = 0; j < D; j++) x[j] = smooth_prunable(run)[j] && j % 4 == 0;
    assert_true(fabs(cc_test_metric(run, "density", x) - .25) < .03);
    cc_test_close(run);
}

static void test_start(void **state)
{
    static double random[D], other[D], trained[D];
    double before, after;
    (void)state;
    cc_run *run = cc_test_run(SMALL ")", 1), *again = cc_test_run(SMALL ")", 1), *two = cc_test_run(SMALL ")", 2),
           *ten = cc_test_run(SMALL ",epochs=600)", 1);
    assert_int_equal(smooth_start(run, random), CC_OK);
    assert_int_equal(smooth_start(again, other), CC_OK);
    assert_memory_equal(random, other, sizeof random);
    assert_int_equal(smooth_start(two, other), CC_OK);
    assert_memory_not_equal(random, other, sizeof random);
    for (size_t j = 0; j < KERNELS; j++) assert_true(random[j] != 0 && fabs(random[j]) <= 1. / 3); /* +-1/sqrt(9) */
    assert_int_equal(smooth_start(ten, trained), CC_OK);
    assert_int_equal(smooth_value(run, random, &before), CC_OK);
    assert_int_equal(smooth_value(ten, trained, &after), CC_OK);
    if (!(after < before - .5)) fail_msg("from %g to %g only", before, after);
    cc_test_close(run), cc_test_close(again), cc_test_close(two), cc_test_close(ten);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gradient), cmocka_unit_test(test_prunable),
                                       cmocka_unit_test(test_metrics), cmocka_unit_test(test_start)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
