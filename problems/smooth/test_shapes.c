/* Data that are made: blobs, circles and half circles, seen through networks without hidden layers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/near.h"
#include "harness/testing.h"
#include "problems/smooth/smooth.h"

enum { N = 400, WIDEST = 20, MOST_OUTPUTS = 4 };

/* Inputs: the output of unit weights on input j is that input. Labels: p - y is lowest where y is 1. */
static void look(const char *problem, size_t inputs, double *x, size_t *label)
{
    cc_run *run = cc_test_run(problem, 3);
    const size_t outputs = smooth_target_size(run);
    double w[(WIDEST + 1) * MOST_OUTPUTS], z[N * MOST_OUTPUTS], dz[N * MOST_OUTPUTS];
    size_t ids[N];
    assert_int_equal(smooth_samples(run), N);
    assert_int_equal(smooth_dim(run), (inputs + 1) * outputs);
    for (size_t i = 0; i < N; i++) ids[i] = i;
    for (size_t j = 0; j < inputs; j++) {
        memset(w, 0, sizeof w);
        w[j] = 1;
        assert_int_equal(smooth_targets(run, w, ids, N, z), CC_OK);
        for (size_t i = 0; i < N; i++) x[i * inputs + j] = z[i * outputs];
    }
    memset(z, 0, sizeof z);
    assert_int_equal(smooth_target_grad(run, z, ids, N, dz), CC_OK);
    for (size_t i = 0; i < N; i++) {
        label[i] = 0;
        for (size_t k = 1; k < outputs; k++)
            if (dz[i * outputs + k] < dz[i * outputs + label[i]]) label[i] = k;
    }
    cc_test_close(run);
}

static void moments(size_t inputs, const double *x, size_t j, double *mean, double *square)
{
    *mean = *square = 0;
    for (size_t i = 0; i < N; i++) *mean += x[i * inputs + j] / N, *square += x[i * inputs + j] * x[i * inputs + j] / N;
}

static void blobs_lie_around_centres_in_a_box(void **state)
{
    enum { D = 20, K = 8 };
    static double x[N * D], centre[K * D];
    static size_t label[N];
    double between = 0, within = 0;
    (void)state;
    look("smooth.net(data=blobs,inputs=20,outputs=4,clusters=8,n=400,hidden=none,spread=0.5)", D, x, label);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(label[i], i % K % 4);
        for (size_t j = 0; j < D; j++) centre[i % K * D + j] += x[i * D + j] * K / N;
    }
    for (size_t j = 0; j < D; j++) {
        double mean, square;
        moments(D, x, j, &mean, &square);
        assert_near(mean, 0, 1e-13), assert_near(square, 1, 1e-12);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < D; j++)
            within += pow(x[i * D + j] - centre[i % K * D + j], 2) / N, between += pow(centre[i % K * D + j], 2) / N;
    /* .25 of the noise to 100/3 (1 - 1/8) of the centres, which are uniform in [-10, 10] */
    assert_near(between / within, 100. / 3 * .875 / .25, 40);
}

static void circles_have_their_radii(void **state)
{
    static double x[N * 2];
    static size_t label[N];
    const double unit = sqrt((1 + .49) / 4); /* deviation of a coordinate */
    (void)state;
    look("smooth.net(data=circles,n=400,hidden=none,spread=1e-9,outputs=7,inputs=9)", 2, x, label);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(label[i], i % 2);
        assert_near(unit * hypot(x[2 * i], x[2 * i + 1]), label[i] ? .7 : 1, 1e-8);
    }
    assert_near(x[0] * unit, 1, 1e-8), assert_near(x[4 * 50] * unit, 0, 1e-8),
        assert_near(x[4 * 50 + 1] * unit, 1, 1e-8); /* a quarter on */
    look("smooth.net(data=circles,n=400,hidden=none)", 2, x, label);
    double spread = 0, unit_noise = sqrt((1 + .49) / 4 + .01);
    for (size_t i = 0; i < N; i += 2) spread += pow(unit_noise * hypot(x[2 * i], x[2 * i + 1]) - 1, 2) / (N / 2.);
    assert_near(sqrt(spread), .1, .015);
}

/* Of half circles of radius 1 around (0, 0) and (1, .5), standardised alike along each axis. */
static void moons_hook_into_each_other(void **state)
{
    static double x[N * 2];
    static size_t label[N];
    double ends[2], mean = 0;
    (void)state;
    look("smooth.net(data=moons,n=400,hidden=none,spread=1e-9)", 2, x, label);
    /* the first runs from (1, 0) to (-1, 0), the second from (0, .5) to (2, .5) */
    ends[0] = x[0], ends[1] = x[2 * (N - 2)];
    const double unit = (ends[0] - ends[1]) / 2, middle = (ends[0] + ends[1]) / 2;
    assert_near((x[2] - middle) / unit, 0, 1e-7), assert_near((x[2 * (N - 1)] - middle) / unit, 2, 1e-7);
    for (size_t i = 0; i < N; i += 2) mean += x[2 * i + 1] / (N / 2.);
    const double top = x[2 * 200 + 1], foot = x[1], high = top - foot; /* about the middle of the first: height 1 */
    assert_near((x[3] - foot) / high, .5, 1e-3);
    for (size_t i = 0; i < N; i++) {
        const double a = (x[2 * i] - middle) / unit - (double)label[i], b = (x[2 * i + 1] - foot) / high - .5 * (double)label[i];
        assert_int_equal(label[i], i % 2);
        assert_near(hypot(a, b), 1, 1e-3);
        assert_true(label[i] ? b < 1e-4 : b > -1e-4);
    }
    assert_near((mean - foot) / high, 2 / acos(-1), .01);
}

static void bad_shapes_are_refused(void **state)
{
    char message[512];
    (void)state;
    assert_int_equal(cc_test_try(NULL, "smooth.net(data=blobs,outputs=9,n=8)", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "9 clusters of 8 rows"));
    assert_int_equal(cc_test_try(NULL, "smooth.net(data=blobs,outputs=1)", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "softmax"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blobs_lie_around_centres_in_a_box),
        cmocka_unit_test(circles_have_their_radii),
        cmocka_unit_test(moons_hook_into_each_other),
        cmocka_unit_test(bad_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
