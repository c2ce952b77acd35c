/* Dropout and noise of the tape: shares and moments, what an example, a channel, a step and a stream have in common. That their
 * derivatives are right is in test_nn_layers.c. */
#include "harness/test/nn_check.h"

static void test_dropout_masks(void **unused)
{
    (void)unused;
    enum { N = 20000 };
    cc_run *run = cc_test_run(NULL, 3);
    nn_tape *t = tape_of(run);
    double *w = numbers(N), kept = 0, *first = numbers(N);
    for (size_t i = 0; i < N; i++) w[i] = 1;
    nn_node x = nn_param(t, nn_vec(N)), y = nn_dropout(t, x, .3, 5), z = nn_dropout(t, x, .3, 6);
    ok(run, nn_forward(t, w));
    memcpy(first, nn_value(t, y), N * sizeof *w);
    for (size_t i = 0; i < N; i++) {
        assert_true(first[i] == 0 || first[i] == 1 / .7);
        kept += first[i] > 0;
    }
    near("share kept", kept / N, .7, 4 * sqrt(.21 / N));
    assert_memory_not_equal(first, nn_value(t, z), N * sizeof *w); /* another stream */
    ok(run, nn_forward(t, w));
    assert_memory_equal(first, nn_value(t, y), N * sizeof *w); /* the same step */
    nn_set_step(t, 1);
    ok(run, nn_forward(t, w));
    assert_memory_not_equal(first, nn_value(t, y), N * sizeof *w);
    nn_set_mode(t, NN_EVAL);
    ok(run, nn_forward(t, w));
    assert_memory_equal(w, nn_value(t, y), N * sizeof *w);
    free(w);
    free(first);
    cc_test_close(run);
}

/* Each example has its own rate, and loses channels whole; rates may be computed, and no derivative reaches them. */
static void test_dropout_by_rates(void **unused)
{
    (void)unused;
    enum { N = 3, C = 4000, AREA = 4 };
    cc_run *run = cc_test_run(NULL, 3);
    nn_tape *t = tape_of(run);
    const size_t m = N * C * AREA + N;
    double *w = numbers(m), *g = numbers(m), rate[N] = {.05, .5, .95};
    for (size_t i = 0; i < m; i++) w[i] = i < N * C * AREA ? 1 : rate[i - N * C * AREA];
    nn_node x = nn_param(t, nn_img(N, C, 2, 2)), rates = nn_affine(t, 1, nn_param(t, nn_vec(N)), 0);
    nn_node y = nn_dropout_rates(t, x, rates, 1, 5), sum = nn_sum(t, y);
    ok(run, nn_loss_grad(t, sum, w, NULL, g));
    for (size_t i = 0; i < N; i++) {
        double kept = 0, scale = 1 / (1 - rate[i]);
        for (size_t c = 0; c < C; c++) {
            const double *v = nn_value(t, y) + (i * C + c) * AREA;
            for (size_t k = 0; k < AREA; k++) assert_true(v[k] == v[0] && g[(i * C + c) * AREA + k] == v[0]);
            assert_true(v[0] == 0 || v[0] == scale);
            kept += v[0] > 0;
        }
        near("share kept", kept / C, 1 - rate[i], 4 * sqrt(rate[i] * (1 - rate[i]) / C));
        assert_true(g[N * C * AREA + i] == 0);
    }
    memset(g, 0, m * sizeof *g);
    g[m - 1] = 1; /* only a rate moves: nothing else does */
    ok(run, nn_tangent(t, g));
    const double *moved = nn_node_tangent(t, sum, 0);
    assert_true(!moved || *moved == 0);
    w[m - 1] = 1;
    assert_int_equal(nn_forward(t, w), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "dropout: rate 1 of example 2"));
    w[m - 1] = -.1;
    assert_int_equal(nn_forward(t, w), CC_EINVAL);
    nn_dropout_rates(t, x, nn_item(t, nn_reshape(t, rates, nn_mat(3, 1)), 0), 0, 5);
    assert_int_equal(nn_status(t), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "the rates are 1"));
    free(w);
    free(g);
    cc_test_close(run);
}

static void test_noise(void **unused)
{
    (void)unused;
    enum { N = 20000 };
    cc_run *run = cc_test_run(NULL, 3);
    nn_tape *t = tape_of(run);
    double *w = numbers(N), *first = numbers(N), mean = 0, square = 0;
    nn_node x = nn_param(t, nn_vec(N)), y = nn_noise(t, x, .3, 5), z = nn_noise(t, x, .3, 6), none = nn_noise(t, x, 0, 5);
    for (size_t i = 0; i < N; i++) w[i] = 2;
    ok(run, nn_forward(t, w));
    memcpy(first, nn_value(t, y), N * sizeof *w);
    for (size_t i = 0; i < N; i++) mean += (first[i] - 2) / N, square += (first[i] - 2) * (first[i] - 2) / N;
    assert_memory_equal(w, nn_value(t, none), N * sizeof *w);
    near("mean of noise", mean, 0, 4 * .3 / sqrt(N));
    near("variance of noise", square, .09, 4 * .09 * sqrt(2. / N));
    assert_memory_not_equal(first, nn_value(t, z), N * sizeof *w); /* another stream */
    ok(run, nn_forward(t, w));
    assert_memory_equal(first, nn_value(t, y), N * sizeof *w); /* the same step */
    nn_set_step(t, 1);
    ok(run, nn_forward(t, w));
    assert_memory_not_equal(first, nn_value(t, y), N * sizeof *w);
    nn_set_mode(t, NN_EVAL);
    ok(run, nn_forward(t, w));
    assert_memory_equal(w, nn_value(t, y), N * sizeof *w);
    nn_noise(t, x, -1, 5);
    assert_int_equal(nn_status(t), CC_EINVAL);
    free(w);
    free(first);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dropout_masks), cmocka_unit_test(test_dropout_by_rates),
                                       cmocka_unit_test(test_noise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
