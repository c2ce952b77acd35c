/* problems/relu_box/test.c: networks as they are written down, drawn and trained; the referee; what must be refused. */
#include "problems/relu_box/relu_box_problem.h"

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
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1))) fail_msg("got %.17g, expected %.17g", got, want);
}

static void write_net(const char *text, char name[64], char problem[160], const char *more)
{
    strcpy(name, P_tmpdir "/relu_box-XXXXXX");
    const int handle = mkstemp(name);
    FILE *file = handle < 0 ? NULL : fdopen(handle, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    snprintf(problem, 160, "relu_box.file(path=%s%s)", name, more);
}

/* ---- networks ---- */

static void test_file(void **state)
{
    char name[64], problem[160];
    (void)state;
    write_net("layers 2\n2 3 2\n 1 2 -1 1 2 -1   0 .5 -1\n1 -2 1 3 1 -1  .25 -.5\n.25 .5\n", name, problem, ",eps=0.125");
    cc_run *run = cc_test_run(problem, 0);
    const relu_box *box = relu_box_get(run);
    double z[3], out[2], work[6], jacobian[4];
    assert_int_equal(box->net.layers, 2);
    assert_true(box->net.width[0] == 2 && box->net.width[1] == 3 && box->net.width[2] == 2);
    assert_true(box->low[0] == .125 && box->high[1] == .625);
    assert_true(cc_test_known(run, "d") == 2 && cc_test_known(run, "K") == 2 && cc_test_known(run, "hidden") == 3);
    relu_forward(&box->net, (const double[]){1, 1}, z, out);
    assert_true(z[0] == 3 && z[1] == .5 && z[2] == 0);
    assert_true(out[0] == 2.25 && out[1] == 9);
    relu_jacobian(&box->net, z, work, jacobian); /* the third is not on: z = 0 */
    assert_true(jacobian[0] == 3 && jacobian[1] == 0 && jacobian[2] == 2 && jacobian[3] == 7);
    assert_int_equal(relu_hidden(&box->net), 3);
    assert_int_equal(relu_widest(&box->net), 3);
    cc_test_close(run);
    unlink(name);
}

/* The Jacobian is that of the function: differences along each input, on a piece. */
static void test_jacobian(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        cc_run *run = cc_test_run("relu_box.random(widths=5-7-6-4,eps=0.1)", seed);
        const relu_box *box = relu_box_get(run);
        double x[5], z[13], moved[13], out[4], after[4], work[14], jacobian[20], most = 0;
        for (size_t k = 0; k < 5; k++) x[k] = (box->low[k] + box->high[k]) / 2;
        relu_forward(&box->net, x, z, out);
        relu_jacobian(&box->net, z, work, jacobian);
        for (size_t k = 0; k < 5; k++) {
            x[k] += 1e-7;
            relu_forward(&box->net, x, moved, after);
            x[k] -= 1e-7;
            for (size_t c = 0; c < 4; c++) assert_close((after[c] - out[c]) / 1e-7, jacobian[c * 5 + k], 1e-6);
        }
        for (size_t c = 0; c < 4; c++) {
            double sum = 0;
            for (size_t k = 0; k < 5; k++) sum += fabs(jacobian[c * 5 + k]);
            most = fmax(most, sum);
        }
        assert_close(cc_test_known(run, "at_centre"), most, 1e-12);
        assert_true(cc_test_known(run, "sampled") >= most * (1 - 1e-12));
        cc_test_close(run);
    }
}

static void test_random(void **state)
{
    double sum = 0, squares = 0, n = 0;
    (void)state;
    cc_run *run = cc_test_run("relu_box.random(widths=50-80-80-3,bias=2,centre=3,eps=0.25)", 7);
    const relu_box *box = relu_box_get(run);
    for (size_t k = 0; k < 4000; k++) sum += box->net.w[1][k], squares += box->net.w[1][k] * box->net.w[1][k], n++;
    assert_close(squares / n, 2. / 50, .005);
    assert_close(sum / n, 0, .01);
    squares = 0;
    for (size_t k = 0; k < 80; k++) squares += box->net.b[1][k] * box->net.b[1][k] / 80;
    assert_close(squares, 4, .4);
    squares = 0;
    for (size_t k = 0; k < 50; k++) squares += pow((box->low[k] + box->high[k]) / 2, 2) / 50;
    assert_close(squares, 9, .5);
    assert_close(box->high[3] - box->low[3], .5, 1e-12);
    cc_test_close(run);
    run = cc_test_run("relu_box.random(widths=5-6-2,layers=5)", 1);
    box = relu_box_get(run);
    assert_true(box->net.layers == 5 && box->net.width[4] == 6 && box->net.width[5] == 2);
    cc_test_close(run);
    double least = 2, most = 0, deep = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        run = cc_test_run("relu_box.mixed(samples=1)", seed);
        box = relu_box_get(run);
        const double eps = cc_test_known(run, "radius");
        least = fmin(least, eps), most = fmax(most, eps), deep += box->net.layers == 4;
        assert_in_range(box->net.layers, 2, 4);
        assert_in_range(box->net.width[0], 2, 8);
        assert_in_range(box->net.width[1], 4, 12);
        assert_in_range(box->net.width[box->net.layers], 1, 3);
        assert_close(box->high[0] - box->low[0], 2 * eps, 1e-12);
        cc_test_close(run);
    }
    assert_true(least >= .01 && least < .02 && most <= 1.9953 && most > 1.2 && deep > 8);
}

static void test_trained(void **state)
{
    (void)state;
    cc_run *run = cc_test_run("relu_box.trained(hidden_widths=16-16,eps=0.1,sample=3)", 0);
    const relu_box *box = relu_box_get(run);
    assert_true(cc_test_known(run, "accuracy") > .93);
    for (size_t k = 0; k < 64; k++) {
        assert_true(box->low[k] >= 0 && box->high[k] <= 1 && box->high[k] - box->low[k] <= .2 + 1e-12);
        assert_true(box->high[k] - box->low[k] >= .1 - 1e-12);
    }
    cc_test_close(run);
    run = cc_test_run("relu_box.trained(hidden_widths=16-16,eps=0.1,sample=3,free=20,clip=false)", 0);
    box = relu_box_get(run);
    for (size_t k = 0; k < 64; k++) assert_close(box->high[k] - box->low[k], k == 20 ? .2 : 0, 1e-12);
    cc_test_close(run);
    run = cc_test_run("relu_box.trained(data=breast_cancer,hidden_widths=16)", 0);
    assert_true(cc_test_known(run, "accuracy") > .93 && cc_test_known(run, "K") == 2 && cc_test_known(run, "d") == 30);
    cc_test_close(run);
    run = cc_test_run("relu_box.trained(data=clusters,hidden_widths=16-16)", 0);
    assert_true(cc_test_known(run, "accuracy") > .15); /* guessing: .1 */
    cc_test_close(run);
}

/* A convolution: the same numbers wherever it looks, zeros elsewhere. */
static void test_conv(void **state)
{
    (void)state;
    cc_run *run = cc_test_run("relu_box.conv(channels=2,samples=5)", 0);
    const relu_net *net = &relu_box_get(run)->net;
    assert_true(cc_test_known(run, "accuracy") > .85);
    assert_true(net->width[1] == 72 && net->width[2] == 32 && net->width[3] == 10);
    for (size_t row = 0; row < 72; row++) {
        size_t nonzero = 0;
        for (size_t k = 0; k < 64; k++) nonzero += net->w[1][row * 64 + k] != 0;
        assert_int_equal(nonzero, 9);
        const size_t y = row % 36, corner = y / 6 * 8 + y % 6;
        for (size_t k = 0; k < 3; k++) /* the first row of the kernel */
            assert_true(net->w[1][row * 64 + corner + k] == net->w[1][row / 36 * 36 * 64 + k]);
        assert_true(net->b[1][row] == net->b[1][row / 36 * 36]);
    }
    for (size_t row = 0; row < 32; row++) {
        const size_t y = row % 16, corner = y / 4 * 6 + y % 4;
        for (size_t k = 0; k < 2; k++) /* of the second input channel */
            assert_true(net->w[2][row * 72 + 36 + corner + 12 + k] == net->w[2][row / 16 * 16 * 72 + 36 + 12 + k]);
        assert_true(net->w[2][row * 72 + 36 + corner + 12] != 0);
    }
    cc_test_close(run);
}

static void test_monotone(void **state)
{
    (void)state;
    cc_run *run = cc_test_run("relu_box.monotone", 0);
    const relu_net *net = &relu_box_get(run)->net;
    double z[32], low, high;
    for (size_t i = 1; i <= 3; i++)
        for (size_t k = 0; k < net->width[i] * net->width[i - 1]; k++) assert_true(net->w[i][k] >= 0);
    relu_forward(net, (const double[]){.2, .2, .2, .2}, z, &low);
    relu_forward(net, (const double[]){.8, .8, .8, .8}, z, &high);
    assert_close(low, .2 + .04 + exp(.2) + .08, .15); /* it has learnt the function */
    assert_close(high, .8 + .64 + exp(.8) + 1.28, .05);
    cc_test_close(run);
}

/* ---- metrics ---- */

static void test_metrics(void **state)
{
    double per_class[2] = {9, 9}, low[4] = {-5, -5, -5, -5}, high[4] = {5, 5, 5, 8};
    relu_bounds b = {.overall = 9, .per_class = per_class, .low = low, .high = high};
    cc_run *run = cc_test_run("relu_box.fixture(net=two,eps=0.5)", 0); /* d f_2 / d x_2 is up to 8, its class up to 9 */
    (void)state;
    assert_true(cc_test_metric(run, "bound", &b) == 9);
    assert_close(cc_test_metric(run, "tightest", &b), 1, 1e-12);
    assert_true(cc_test_metric(run, "escape", &b) <= 0);
    per_class[0] = 1; /* wrong for a class that is not the worst */
    assert_true(cc_test_metric(run, "tightest", &b) < .5);
    per_class[0] = NAN;
    assert_true(cc_test_metric(run, "tightest", &b) == -1);
    high[3] = 6;
    assert_close(cc_test_metric(run, "escape", &b), 2. / 9, 1e-12);
    high[3] = 8, low[1] = 3;
    assert_true(cc_test_metric(run, "escape", &b) > 0);
    high[0] = NAN;
    assert_true(isinf(cc_test_metric(run, "escape", &b)));
    b = (relu_bounds){.overall = NAN};
    assert_true(isnan(cc_test_metric(run, "tightest", &b)) && isnan(cc_test_metric(run, "escape", &b)));
    assert_true(isnan(cc_test_metric(run, "increasing", &b)) && isnan(cc_test_metric(run, "contradicted", &b)));
    assert_true(isnan(relu_judge(run, "beauty", &b)) && isnan(relu_judge(run, "bound", &b)));
    cc_test_close(run);
}

/* f(x, y, z) = relu(x) - relu(y) over a box where z is fixed. */
static void test_certificates(void **state)
{
    double low[3] = {0, -1, 0}, high[3] = {1, 0, 0};
    const relu_bounds b = {.overall = 1, .low = low, .high = high};
    char name[64], problem[160];
    (void)state;
    write_net("layers 2  3 2 1  1 0 0 0 1 0  0 0  1 -1  0  0 0 0", name, problem, ",eps=1");
    cc_run *run = cc_test_run(problem, 0);
    assert_close(cc_test_metric(run, "increasing", &b), 2. / 3, 1e-12); /* z: neither rises nor falls, so both */
    assert_close(cc_test_metric(run, "decreasing", &b), 2. / 3, 1e-12);
    assert_true(cc_test_metric(run, "contradicted", &b) == 0);
    low[0] = -1, high[0] = 0; /* "falls in x" is wrong wherever the pair ends above 0 */
    assert_true(cc_test_metric(run, "contradicted", &b) > 200 && cc_test_metric(run, "contradicted", &b) < 300);
    assert_close(cc_test_metric(run, "increasing", &b), 1. / 3, 1e-12);
    low[0] = -1, high[0] = 1;
    assert_true(cc_test_metric(run, "contradicted", &b) == 0);
    low[1] = 0, high[1] = 1; /* "rises in y" */
    assert_true(cc_test_metric(run, "contradicted", &b) > 200);
    cc_test_close(run);
    unlink(name);
}

/* ---- what must be refused ---- */

static void refused_text(const char *text, const char *more, cc_status why, const char *word)
{
    char name[64], problem[160];
    write_net(text, name, problem, more);
    cc_test_refused(NULL, problem, why, word);
    unlink(name);
}

static void test_refusals(void **state)
{
    (void)state;
    cc_test_refused(NULL, "relu_box.random(widths=4)", CC_EINVAL, "outputs");
    cc_test_refused(NULL, "relu_box.random(widths=4-0-2)", CC_EINVAL, "widths");
    cc_test_refused(NULL, "relu_box.random(widths=4-8-)", CC_EINVAL, "widths");
    cc_test_refused(NULL, "relu_box.random(widths=4x8)", CC_EINVAL, "widths");
    cc_test_refused(NULL, "relu_box.random(eps=-1)", CC_EINVAL, "eps");
    cc_test_refused(NULL, "relu_box.trained(hidden_widths=)", CC_EINVAL, "widths");
    cc_test_refused(NULL, "relu_box.trained(hidden_widths=16-16,free=64)", CC_EINVAL, "64 features");
    cc_test_refused(NULL, "relu_box.fixture(samples=0)", CC_EINVAL, "samples");
    cc_test_refused(NULL, "relu_box.file(path=/nowhere/net.txt)", CC_SKIP, "/nowhere/net.txt");
    refused_text("", "", CC_EDATA, "layers");
    refused_text("layers 0 1", "", CC_EDATA, "layers");
    refused_text("layers 1 2 0", "", CC_EDATA, "width 1");
    refused_text("layers 1 2", "", CC_EDATA, "width 1");
    refused_text("layers 1 2 1 1 2", "", CC_EDATA, "biases of layer 1");
    refused_text("layers 1 2 1 1 x 0 0 0", "", CC_EDATA, "number 2 of 2 of the weights of layer 1");
    refused_text("layers 1 2 1 1 2 0 0", "", CC_EDATA, "centre");
    refused_text("layers 1 2 1 1 2 0 0 0 7", "", CC_EDATA, "more");
    refused_text("layers 1 2 1 1 nan 0 0 0", "", CC_EINVAL, "weight 1 of layer 1");
    refused_text("layers 1 2 1 1 2 inf 0 0", "", CC_EINVAL, "bias 0 of layer 1");
    refused_text("layers 1 2 1 1 2 0 0 inf", "", CC_EINVAL, "input 1");
}

static void test_boxes_refused(void **state)
{
    static const size_t width[2] = {1, 1}, none[2] = {1, 0};
    static const double clip[2] = {0, 1}, outside = 2, inside = .5, radius = .75, negative = -.1;
    void *instance;
    relu_draft draft;
    (void)state;
    cc_run *run = cc_test_run(NULL, 0);
    assert_int_equal(relu_draft_open(run, 1, none, &draft), CC_EINVAL);
    assert_int_equal(relu_draft_open(run, 0, width, &draft), CC_EINVAL);
    assert_int_equal(relu_draft_open(run, 1, width, &draft), CC_OK);
    assert_int_equal(relu_box_make(run, &draft, &inside, &negative, clip, 1, &instance), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "radius"));
    assert_int_equal(relu_box_make(run, &draft, &outside, &radius, clip, 1, &instance), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "outside"));
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),          cmocka_unit_test(test_jacobian),     cmocka_unit_test(test_random),
        cmocka_unit_test(test_trained),       cmocka_unit_test(test_conv),         cmocka_unit_test(test_monotone),
        cmocka_unit_test(test_metrics),       cmocka_unit_test(test_certificates), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_boxes_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
