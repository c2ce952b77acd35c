/* Networks made of layers drawn at random: Taylor's theorem, products of second order, gradients of single examples. The weights
 * are parts of one vector, some of them shared. */
#include "harness/test/nn_check.h"

enum { N = 5, D = 4, POOL = 240, NETS = 24, DEPTH = 6 };

typedef struct maker {
    nn_tape *t;
    nn_node pool;
    size_t at;
    cc_rng rng;
    int meets; /* examples meet somewhere */
} maker;

static nn_node weights(maker *k, nn_shape shape)
{
    size_t n = 1;
    for (int i = 0; i < shape.nd; i++) n *= shape.d[i];
    if (k->at + n > POOL) k->at = cc_below(&k->rng, 8); /* from the beginning: shared with an earlier layer */
    k->at += n;
    return nn_part(k->t, k->pool, k->at - n, shape);
}

static nn_node layer(maker *k, nn_node h, size_t out)
{
    return nn_dense(k->t, h, weights(k, nn_mat(out, D)), weights(k, nn_vec(out)));
}

static nn_node recurrent(maker *k, nn_node h)
{
    nn_node twice[] = {h, nn_tanh(k->t, h)};
    return nn_slice(k->t, nn_lstm_gates(k->t, layer(k, h, 4 * D), nn_concat(k->t, 1, 2, twice), NN_NONE), 1, 2, D);
}

static nn_node convolved(maker *k, nn_node h)
{
    nn_tape *t = k->t;
    nn_node y = nn_conv(t, nn_reshape(t, h, nn_img(N, 1, 2, 2)), weights(k, nn_img(2, 1, 2, 2)), weights(k, nn_vec(2)), 1, 1);
    y = nn_group_norm(t, nn_tanh(t, nn_mean_pool(t, y, 2, 1)), 1, weights(k, nn_vec(2)), NN_NONE, 1e-2);
    return nn_dense(t, nn_reshape(t, y, nn_mat(N, 8)), weights(k, nn_mat(D, 8)), NN_NONE);
}

static nn_node generated(maker *k, nn_node h)
{
    nn_tape *t = k->t;
    nn_node made = nn_tanh(t, nn_matmul(t, weights(k, nn_mat(D, 2)), 0, weights(k, nn_mat(2, D)), 0));
    k->meets = 1;
    return nn_dense(t, h, made, NN_NONE);
}

/* A point that all examples are moved by is computed once. */
static nn_node embedded(maker *k, nn_node h)
{
    nn_tape *t = k->t;
    nn_node y = nn_ball_exp0(t, .5, h), by = cc_below(&k->rng, 2) ? y : nn_ball_exp0(t, .5, weights(k, nn_mat(1, D)));
    k->meets |= by != y;
    return nn_ball_log0(t, .5, nn_ball_add(t, .5, y, by));
}

static nn_node drawn(maker *k, nn_node h)
{
    static const int rows[N] = {2, 0, 1, 1, 2};
    nn_tape *t = k->t;
    switch (cc_below(&k->rng, 14)) {
    case 0:
        return nn_tanh(t, layer(k, h, D));
    case 1:
        return nn_add(t, h, nn_apply(t, CC_PHI_SOFTPLUS, layer(k, h, D)));
    case 2:
        return nn_layer_norm(t, h, weights(k, nn_vec(D)), weights(k, nn_vec(D)), 1e-2);
    case 3:
        k->meets = 1;
        return nn_batch_norm(t, h, weights(k, nn_vec(D)), weights(k, nn_vec(D)), 1e-2, NULL, NULL);
    case 4:
        return nn_mul(t, h, nn_sigmoid(t, layer(k, h, D)));
    case 5:
        return embedded(k, h);
    case 6:
        return recurrent(k, h);
    case 7:
        return convolved(k, h);
    case 8:
        return nn_dropout(t, h, .3, 11);
    case 9:
        return generated(k, h);
    case 10:
        return nn_sub(t, nn_apply(t, CC_PHI_GELU, h), nn_affine(t, .3, nn_apply(t, CC_PHI_SIN, layer(k, h, D)), .1));
    case 11:
        k->meets = 1;
        return nn_tanh(t, nn_matmul(t, nn_matmul(t, h, 0, h, 1), 0, h, 0));
    case 12:
        return nn_add(t, h, nn_gather(t, weights(k, nn_mat(3, D)), nn_index(t, nn_vec(N), rows)));
    default:
        return nn_mul(t, nn_phi(t, (cc_phi){CC_PHI_TANH, 0}, 1, layer(k, h, D)), h);
    }
}

typedef struct net {
    cc_run *run;
    nn_tape *t;
    nn_node rows, loss;
    int meets;
    double *x, *w, *v;
} net;

static net net_open(uint64_t seed)
{
    static const int labels[N] = {0, 2, 1, 1, 2};
    static const double targets[N * 3] = {.3, -.2, .1, .5, .4, -.7, .2, .2, .9, -.3, .1, 0, .6, -.6, .2};
    net f = {.run = cc_test_run(NULL, seed), .x = seq(N * D, .1 + (double)seed, .7, 1)};
    maker k = {.t = f.t = tape_of(f.run), .rng = cc_stream(f.run, 3, 0)};
    k.pool = nn_param(f.t, nn_vec(POOL));
    nn_node h = nn_input(f.t, nn_mat(N, D), f.x);
    for (int i = 0; i < DEPTH; i++) h = drawn(&k, h);
    nn_node z = layer(&k, h, 3);
    f.rows = seed % 3 ? nn_softmax_loss(f.t, z, nn_index(f.t, nn_vec(N), labels))
                      : nn_loss(f.t, CC_LOSS_SQUARED, z, nn_input(f.t, nn_mat(N, 3), targets));
    f.loss = nn_mean(f.t, f.rows);
    f.meets = k.meets;
    ok(f.run, nn_status(f.t));
    f.w = draw(&k.rng, POOL, -.7, .7);
    f.v = draw(&k.rng, POOL, -1, 1);
    double length = norm(POOL, f.v);
    for (size_t i = 0; i < POOL; i++) f.v[i] /= length;
    return f;
}

static void net_close(net *f)
{
    free(f->x);
    free(f->w);
    free(f->v);
    cc_test_close(f->run);
}

static double loss_at(net *f, double h)
{
    double w[POOL];
    for (size_t i = 0; i < POOL; i++) w[i] = f->w[i] + h * f->v[i];
    ok(f->run, nn_forward(f->t, w));
    return *nn_value(f->t, f->loss);
}

/* The slope of log |error| over log h, by least squares. */
static double slope(int n, const double *h, const double *error)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < n; i++) {
        double x = log(h[i]), y = log(fabs(error[i]));
        sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

/* The remainder after the gradient falls like h^2, after the product like h^3; both ways averaged, so that no higher term
 * interferes: what is odd in h is left out of the first, what is even of the second. */
static void check_taylor(net *f)
{
    enum { STEPS = 6 };
    double g[POOL], hv[POOL], value, h[STEPS], first[STEPS], second[STEPS];
    ok(f->run, nn_loss_grad(f->t, f->loss, f->w, &value, g));
    ok(f->run, nn_hvp(f->t, f->loss, f->w, f->v, hv));
    double gv = dot(POOL, g, f->v), vhv = dot(POOL, f->v, hv);
    for (int i = 0; i < STEPS; i++) {
        h[i] = ldexp(1, -4 - i);
        double up = loss_at(f, h[i]), down = loss_at(f, -h[i]);
        first[i] = up - value - h[i] * gv + (down - value + h[i] * gv);
        second[i] = up - value - h[i] * gv - h[i] * h[i] / 2 * vhv - (down - value + h[i] * gv - h[i] * h[i] / 2 * vhv);
        near("differences", (up - down) / (2 * h[i]), gv, 10 * h[i] * h[i]);
        near("second differences", first[i] / (h[i] * h[i]), vhv, 10 * h[i] * h[i]);
    }
    near("slope after the gradient", slope(STEPS, h, first), 2, .1);
    near("slope after the product", slope(STEPS, h, second), 3, .15);
}

static void check_products(net *f)
{
    double hv[POOL], hu[POOL], gv[POOL], *u = seq(POOL, 1.3, .77, .2);
    ok(f->run, nn_hvp(f->t, f->loss, f->w, f->v, hv));
    ok(f->run, nn_hvp_again(f->t, u, hu));
    near("symmetry", dot(POOL, u, hv), dot(POOL, f->v, hu),
         1e-12 * (norm(POOL, u) * norm(POOL, hv) + norm(POOL, f->v) * norm(POOL, hu)));
    ok(f->run, nn_ggn_vp_again(f->t, f->v, gv));
    assert_true(dot(POOL, f->v, gv) >= -1e-14);
    ok(f->run, nn_ggn_vp_again(f->t, u, hu));
    near("symmetry", dot(POOL, u, gv), dot(POOL, f->v, hu),
         1e-12 * (norm(POOL, u) * norm(POOL, gv) + norm(POOL, f->v) * norm(POOL, hu)));
    free(u);
}

/* Row i against the gradient of entry i of the losses. */
static void check_examples(net *f)
{
    double *rows = numbers(N * POOL), g[POOL], sq[N];
    cc_status status = nn_per_example_grads(f->t, f->rows, f->w, rows);
    if (f->meets) {
        assert_int_equal(status, CC_EINVAL);
        assert_non_null(strstr(cc_test_message(f->run), "per-example gradients: "));
        assert_int_equal(nn_per_example_sqnorms(f->t, f->rows, f->w, sq), CC_EINVAL);
    } else {
        ok(f->run, status);
        ok(f->run, nn_per_example_sqnorms(f->t, f->rows, f->w, sq));
        for (size_t i = 0; i < N; i++) {
            double seed[N] = {0};
            seed[i] = 1;
            ok(f->run, nn_vjp(f->t, f->rows, f->w, seed, g));
            all_near("per example", "row", POOL, rows + i * POOL, g, 1e-13);
            near("norm", sq[i], dot(POOL, g, g), 1e-12 * (1 + sq[i]));
        }
    }
    free(rows);
}

static void test_nets(void **unused)
{
    (void)unused;
    int apart = 0;
    for (uint64_t seed = 0; seed < NETS; seed++) {
        net f = net_open(seed);
        check_taylor(&f);
        check_products(&f);
        check_examples(&f);
        apart += !f.meets;
        net_close(&f);
    }
    assert_true(apart >= 5 && apart <= NETS - 5); /* both kinds were drawn */
}

/* The same numbers in any tape, and no matter what was done before; a batch is the mean of its parts. */
static void test_bits(void **unused)
{
    (void)unused;
    net f = net_open(1), f2 = net_open(1);
    double g[POOL], g2[POOL], hv[POOL], hv2[POOL];
    ok(f.run, nn_loss_grad(f.t, f.loss, f.w, NULL, g));
    ok(f.run, nn_hvp_again(f.t, f.v, hv));
    ok(f2.run, nn_ggn_vp(f2.t, f2.loss, f2.v, f2.w, g2));
    ok(f2.run, nn_hvp(f2.t, f2.loss, f2.w, f2.v, hv2));
    ok(f2.run, nn_loss_grad(f2.t, f2.loss, f2.w, NULL, g2));
    assert_memory_equal(g, g2, sizeof g);
    assert_memory_equal(hv, hv2, sizeof hv);
    net_close(&f);
    net_close(&f2);
}

/* Batch norm keeps examples apart when it uses tracked statistics, and only then. */
static void test_tracked(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double mean[2] = {.1, .2}, variance[2] = {.5, 2}, *x = seq(N * 3, .2, .9, 1), *w = seq(10, .5, .8, .7), g[10], each[N * 10],
           sq[N];
    nn_node W = nn_param(t, nn_mat(2, 3)), gain = nn_param(t, nn_vec(2)), shift = nn_param(t, nn_vec(2));
    nn_node y = nn_batch_norm(t, nn_dense(t, nn_input(t, nn_mat(N, 3), x), W, NN_NONE), gain, shift, 1e-5, mean, variance);
    nn_node rows = nn_row_dot(t, y, y);
    assert_int_equal(nn_per_example_grads(t, rows, w, each), CC_EINVAL);
    nn_set_mode(t, NN_EVAL);
    ok(run, nn_per_example_grads(t, rows, w, each));
    ok(run, nn_per_example_sqnorms(t, rows, w, sq));
    for (size_t i = 0; i < N; i++) {
        double seed[N] = {0};
        seed[i] = 1;
        ok(run, nn_vjp(t, rows, w, seed, g));
        all_near("tracked", "row", 10, each + 10 * i, g, 1e-14);
        near("norm", sq[i], dot(10, g, g), 1e-13 * (1 + sq[i]));
    }
    near("untouched", mean[0], .1, 0);
    free(x);
    free(w);
    cc_test_close(run);
}

/* Exclusive or, learnt by Newton's method with damping: gradient and Hessian as a user takes them. */
static void test_learns(void **unused)
{
    (void)unused;
    enum { M = 17 };
    static const double x[] = {0, 0, 0, 1, 1, 0, 1, 1};
    static const int y[] = {0, 1, 1, 0};
    cc_run *run = cc_test_run(NULL, 5);
    nn_tape *t = tape_of(run);
    nn_node W = nn_param(t, nn_mat(4, 2)), b = nn_param(t, nn_vec(4)), V = nn_param(t, nn_mat(1, 4)), c = nn_param(t, nn_vec(1));
    nn_node z = nn_dense(t, nn_tanh(t, nn_dense(t, nn_input(t, nn_mat(4, 2), x), W, b)), V, c);
    nn_node loss = nn_mean(t, nn_loss(t, CC_LOSS_LOGISTIC, z, nn_index(t, nn_vec(4), y)));
    double w[M], g[M], h[M * M], d[M], value = 1;
    cc_rng rng = cc_stream(run, 0, 0);
    for (size_t i = 0; i < M; i++) w[i] = 2 * cc_uniform(&rng) - 1;
    for (int step = 0; step < 200 && value > 1e-3; step++) {
        ok(run, nn_loss_grad(t, loss, w, &value, g));
        ok(run, nn_hessian(t, loss, w, h));
        assert_int_equal(cc_syev(M, h, 1, d), 0);
        for (size_t k = 0; k < M; k++) { /* -g / (|eigenvalue| + .02), along each eigenvector */
            double along = dot(M, h + k * M, g) / (fabs(d[k]) + .02);
            for (size_t i = 0; i < M; i++) w[i] -= along * h[k * M + i];
        }
    }
    assert_true(value <= 1e-3);
    cc_test_close(run);
}

/* Everything that takes memory, in a scope that has `limit` bytes. */
static cc_status all_calls(cc_run *run)
{
    static const int rows[N] = {2, 0, 1, 1, 2};
    static const size_t order[N] = {4, 0, 2, 1, 3};
    static const double x[N * D] = {.1, .2, .3, .4, .5};
    double w[D * D + D] = {.3, -.2, .1}, v[3 * (D * D + D)] = {.2, .1}, g[N * (D * D + D)], sq[N], h[(D * D + D) * (D * D + D)],
                     *z = numbers(N * D);
    nn_tape *t;
    cc_status status = nn_open(run, &t);
    if (status == CC_OK) {
        nn_node W = nn_param(t, nn_mat(D, D)), b = nn_param(t, nn_vec(D)), in = nn_input(t, nn_mat(N, D), NULL),
                y = nn_index(t, nn_vec(N), NULL);
        nn_want(t, in);
        nn_node f = nn_tanh(t, nn_dense(t, in, W, b)), losses = nn_softmax_loss(t, nn_layer_norm(t, f, NN_NONE, NN_NONE, 1e-3), y),
                loss = nn_mean(t, losses);
        nn_feed_rows(t, in, x, order);
        nn_feed_index_rows(t, y, rows, order);
        status = nn_status(t);
        nn_fixed fixed = {t, in, f, 1e-6, 200};
        if (status == CC_OK) status = nn_loss_grad(t, loss, w, NULL, NULL);
        if (status == CC_OK) status = nn_hvp(t, loss, w, w, NULL);
        if (status == CC_OK) status = nn_hvps(t, loss, w, 3, v, NULL);
        if (status == CC_OK) status = nn_fisher_vps(t, losses, w, 2, v, h);
        if (status == CC_OK) status = nn_hessian(t, loss, w, h);
        if (status == CC_OK) status = nn_per_example_grads(t, losses, w, g);
        if (status == CC_OK) status = nn_per_example_sqnorms(t, losses, w, sq);
        if (status == CC_OK) status = nn_fixed_solve(&fixed, w, z, NULL);
        if (status == CC_OK) status = nn_fixed_vjp(&fixed, x, g);
    }
    free(z);
    return status;
}

/* Wherever memory runs out, it is said; with enough, all is well. */
static void test_no_memory(void **unused)
{
    (void)unused;
    cc_status status = CC_ENOMEM;
    uint64_t limit = 1 << 10;
    int refused = 0;
    for (; limit < 1 << 22 && status != CC_OK; limit += 1 << 9) {
        cc_run *run = cc_test_run(NULL, 0);
        run->limit = limit;
        status = all_calls(run);
        if (status != CC_OK) assert_int_equal(status, CC_ENOMEM);
        refused += status != CC_OK;
        cc_test_close(run);
    }
    assert_int_equal(status, CC_OK);
    assert_true(refused > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nets), cmocka_unit_test(test_bits), cmocka_unit_test(test_tracked),
                                       cmocka_unit_test(test_learns), cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
