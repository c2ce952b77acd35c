/* problems/smooth/test_images.c: the perceptron on images: its gradient against differences and single samples, its metrics, its
 * start, what is refused. On digits, so that no package is needed. */
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

#define SMALL "smooth.images(data=digits,widths=64-7-10,n=200,tests=100"
enum { D = 64 * 7 + 7 + 7 * 10 + 10, N = 200 };

static void test_gradient(void **state)
{
    static double x[D], g[D], mean[D], rows[3 * D], f, up, down;
    const size_t ids[3] = {5, 199, 5};
    size_t all[N];
    (void)state;
    cc_run *run = cc_test_run(SMALL ")", 1);
    assert_int_equal(smooth_dim(run), D);
    assert_int_equal(smooth_samples(run), N);
    assert_int_equal(smooth_start(run, x), CC_OK);
    assert_int_equal(smooth_value_grad(run, x, &f, g), CC_OK);
    assert_true(f > 2 && f < 3); /* log 10 at chance */
    for (size_t j = 3; j < D; j += 41) {
        const double kept = x[j];
        x[j] = kept + 1e-6;
        assert_int_equal(smooth_value(run, x, &up), CC_OK);
        x[j] = kept - 1e-6;
        assert_int_equal(smooth_value(run, x, &down), CC_OK);
        x[j] = kept;
        assert_true(fabs((up - down) / 2e-6 - g[j]) < 1e-7);
    }
    for (size_t i = 0; i < N; i++) all[i] = i;
    assert_int_equal(smooth_batch(run, x, all, N, &up, mean), CC_OK);
    assert_true(fabs(up - f) < 1e-13);
    for (size_t j = 0; j < D; j++) assert_true(fabs(mean[j] - g[j]) < 1e-14);
    assert_int_equal(smooth_batch(run, x, ids, 3, NULL, mean), CC_OK);
    assert_int_equal(smooth_perex(run, x, ids, 3, rows), CC_OK);
    for (size_t j = 0; j < D; j++) assert_true(fabs((rows[j] + rows[D + j] + rows[2 * D + j]) / 3 - mean[j]) < 1e-14);
    cc_test_close(run);
}

static void test_prunable(void **state)
{
    static double x[D];
    size_t weights = 0;
    (void)state;
    cc_run *run = cc_test_run(SMALL ")", 1);
    const unsigned char *prunable = smooth_prunable(run);
    for (size_t j = 0; j < D; j++) weights += prunable[j], x[j] = 1;
    assert_int_equal(weights, 64 * 7 + 7 * 10);
    assert_true(prunable[64 * 7 - 1] && !prunable[64 * 7] && !prunable[64 * 7 + 6] && prunable[64 * 7 + 7] && !prunable[D - 1]);
    assert_true(cc_test_metric(run, "density", x) == 1);
    for (size_t j = 0; j < 64 * 7; j++) x[j] = 0;
    x[D - 1] = 0;
    assert_true(fabs(cc_test_metric(run, "density", x) - 70. / (64 * 7 + 70)) < 1e-15);
    cc_test_close(run);
    run = cc_test_run("smooth.quad", 0);
    assert_null(smooth_prunable(run));
    cc_test_close(run);
}

/* Training helps; it is the same every time; another seed has other weights. */
static void test_start(void **state)
{
    static double x[3][D];
    (void)state;
    for (int k = 0; k < 3; k++) {
        cc_run *run = cc_test_run(SMALL ",epochs=400)", k == 2);
        assert_int_equal(smooth_start(run, x[k]), CC_OK);
        assert_true(cc_test_metric(run, "accuracy", x[k]) > .5);
        cc_test_close(run);
    }
    assert_memory_equal(x[0], x[1], sizeof x[0]);
    assert_memory_not_equal(x[0], x[2], sizeof x[0]);
}

static void test_refused(void **state)
{
    (void)state;
    cc_test_refused(NULL, "smooth.images(data=digits,widths=784-40-10,n=100,tests=100)", CC_EINVAL, "64 pixels");
    cc_test_refused(NULL, "smooth.images(data=digits,widths=64-40-9,n=100,tests=100)", CC_EINVAL, "10 classes");
    cc_test_refused(NULL, "smooth.images(data=digits,widths=64-10,n=1700,tests=100)", CC_EINVAL, "1700");
    cc_test_refused(NULL, "smooth.images(data=digits,widths=64-0-10,n=100,tests=100)", CC_EINVAL, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradient),
        cmocka_unit_test(test_prunable),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
