/* The layers: each against differences, its adjoint, itself, and against the plainest code that says what it is. */
#include "harness/test/nn_check.h"

/* ---- as operations ---- */

static const double mask3[] = {1, 0, 1}, mask_steps[] = {1, 1, 1, 1, 0, 1, 1, 0, 0};
static size_t stride_now, pad_now;

static nn_node gates(nn_tape *t, const nn_node *p) { return nn_lstm_gates(t, p[0], p[1], NN_NONE); }
static nn_node gates_masked(nn_tape *t, const nn_node *p) { return nn_lstm_gates(t, p[0], p[1], nn_input(t, nn_mat(3, 1), mask3)); }
static nn_node lstm(nn_tape *t, const nn_node *p)
{
    return nn_lstm(t, p[0], (nn_lstm_weights){p[1], p[2], p[3], p[4]}, NN_NONE, NULL);
}
static nn_node lstm_masked(nn_tape *t, const nn_node *p)
{
    nn_node h[3];
    nn_lstm(t, p[0], (nn_lstm_weights){p[1], p[2], p[3], p[4]}, nn_input(t, nn_mat(3, 3), mask_steps), h);
    return nn_add(t, nn_mul(t, h[0], h[1]), h[2]);
}

static nn_node conv(nn_tape *t, const nn_node *p) { return nn_conv(t, p[0], p[1], p[2], stride_now, pad_now); }
static nn_node conv_plain(nn_tape *t, const nn_node *p) { return nn_conv(t, p[0], p[1], NN_NONE, stride_now, pad_now); }
static nn_node transposed(nn_tape *t, const nn_node *p) { return nn_conv_transposed(t, p[0], p[1], p[2], stride_now, pad_now); }
static nn_node max_pool(nn_tape *t, const nn_node *p) { return nn_max_pool(t, p[0], 2, 2); }
static nn_node max_pool_over(nn_tape *t, const nn_node *p) { return nn_max_pool(t, p[0], 3, 1); }
static nn_node mean_pool(nn_tape *t, const nn_node *p) { return nn_mean_pool(t, nn_square(t, p[0]), 2, 1); }
static nn_node mean_all(nn_tape *t, const nn_node *p) { return nn_mean_pool(t, nn_square(t, p[0]), 0, 0); }

static nn_node batch_norm(nn_tape *t, const nn_node *p) { return nn_batch_norm(t, p[0], p[1], p[2], 1e-5, NULL, NULL); }
static nn_node layer_norm(nn_tape *t, const nn_node *p) { return nn_layer_norm(t, p[0], p[1], p[2], 1e-5); }
static nn_node group_norm(nn_tape *t, const nn_node *p) { return nn_group_norm(t, p[0], 2, p[1], p[2], 1e-5); }
static nn_node tracked_norm(nn_tape *t, const nn_node *p)
{
    static double mean[] = {.1, -.2, .3, .05}, variance[] = {1.2, .8, .5, 1};
    nn_set_mode(t, NN_EVAL);
    return nn_batch_norm(t, p[0], p[1], p[2], 1e-5, mean, variance);
}
static nn_node dropout(nn_tape *t, const nn_node *p) { return nn_dropout(t, nn_square(t, p[0]), .4, 7); }
static nn_node dropout_rates(nn_tape *t, const nn_node *p)
{
    static const double rates[] = {0, .5, .8};
    return nn_dropout_rates(t, nn_square(t, p[0]), nn_constant(t, nn_vec(3), rates), 1, 7);
}
static nn_node noise(nn_tape *t, const nn_node *p) { return nn_square(t, nn_noise(t, nn_square(t, p[0]), .7, 7)); }

static nn_node gated(nn_tape *t, const nn_node *p) { return nn_gated_dense(t, p[0], p[1], p[2], p[3], p[4], p[5], p[6]); }
static nn_node fourier(nn_tape *t, const nn_node *p) { return nn_fourier(t, p[0], 3); }

static nn_node both(nn_tape *t, nn_interval y)
{
    const nn_node in[] = {y.c, y.r};
    return nn_concat(t, 1, 2, in);
}
static nn_node interval_dense(nn_tape *t, const nn_node *p)
{
    nn_interval x = {p[0], p[1]}, W = {p[2], p[3]}, b = {p[4], p[5]};
    return both(t, nn_interval_dense(t, x, W, b, 1));
}
static nn_node interval_conv(nn_tape *t, const nn_node *p)
{
    nn_interval x = {p[0], p[1]}, W = {p[2], p[3]}, b = {p[4], NN_NONE};
    return both(t, nn_interval_monotone(t, CC_PHI_RELU, nn_interval_conv(t, x, W, b, 1, 1, 0)));
}
static nn_node interval_tanh(nn_tape *t, const nn_node *p)
{
    return both(t, nn_interval_monotone(t, CC_PHI_TANH, (nn_interval){p[0], p[1]}));
}

static nn_node ball_exp0(nn_tape *t, const nn_node *p) { return nn_ball_exp0(t, .7, p[0]); }
static nn_node ball_log0(nn_tape *t, const nn_node *p) { return nn_ball_log0(t, .7, p[0]); }
static nn_node ball_add(nn_tape *t, const nn_node *p) { return nn_ball_add(t, .7, p[0], p[1]); }
static nn_node ball_distance(nn_tape *t, const nn_node *p) { return nn_ball_distance(t, .7, p[0], p[1]); }
static nn_node ball_sqdistance(nn_tape *t, const nn_node *p) { return nn_ball_sqdistance(t, .7, p[0], p[1]); }
static nn_node ball_exp(nn_tape *t, const nn_node *p) { return nn_ball_exp(t, .7, p[0], p[1]); }
static nn_node ball_log(nn_tape *t, const nn_node *p) { return nn_ball_log(t, .7, p[0], p[1]); }
static nn_node ball_project(nn_tape *t, const nn_node *p) { return nn_ball_project(t, 6, p[0]); } /* all are beyond */
static nn_node ball_dense(nn_tape *t, const nn_node *p) { return nn_ball_dense(t, .7, p[0], p[1], p[2]); }

static nn_node jet(nn_tape *t, const nn_node *p)
{
    nn_jet u = nn_jet_apply(t, CC_PHI_TANH, nn_jet_dense(t, nn_jet_input(t, p[0]), p[1], p[2]));
    u = nn_jet_dense(t, nn_jet_apply(t, CC_PHI_SIN, nn_jet_dense(t, u, p[3], p[2])), p[4], NN_NONE);
    nn_node flat[] = {nn_reshape(t, u.u, nn_vec(4)), nn_reshape(t, u.grad, nn_vec(8)), nn_reshape(t, u.lap, nn_vec(4))};
    return nn_concat(t, 0, 3, flat);
}

static const nn_case cases[] = {
    {"lstm gates", gates, {{2, {3, 8}}, {2, {3, 4}}}},
    {"lstm gates, masked", gates_masked, {{2, {3, 8}}, {2, {3, 4}}}},
    {"lstm", lstm, {{3, {3, 2, 2}}, {2, {12, 2}}, {2, {12, 3}}, {1, {12}}, {1, {12}}}},
    {"lstm, masked", lstm_masked, {{3, {3, 3, 2}}, {2, {8, 2}}, {2, {8, 2}}, {1, {8}}, {1, {8}}}},
    {"mean pool", mean_pool, {{4, {2, 3, 3, 3}}}},
    {"mean pool of all", mean_all, {{4, {2, 2, 4, 3}}}},
    {"batch norm", batch_norm, {{2, {6, 4}}, {1, {4}}, {1, {4}}}},
    {"batch norm of images", batch_norm, {{4, {3, 2, 2, 3}}, {1, {2}}, {1, {2}}}},
    {"layer norm", layer_norm, {{2, {3, 4}}, {1, {4}}, {1, {4}}}},
    {"layer norm of images", layer_norm, {{4, {2, 2, 2, 4}}, {1, {4}}, {1, {4}}}},
    {"group norm", group_norm, {{4, {3, 4, 2, 2}}, {1, {4}}, {1, {4}}}},
    {"tracked norm", tracked_norm, {{2, {6, 4}}, {1, {4}}, {1, {4}}}},
    {"dropout", dropout, {{2, {5, 7}}}},
    {"dropout by rates", dropout_rates, {{4, {3, 2, 2, 2}}}},
    {"noise", noise, {{2, {5, 7}}}},
    {"gated dense", gated, {{2, {5, 3}}, {2, {4, 3}}, {1, {4}}, {2, {4, 3}}, {1, {4}}, {2, {5, 2}}, {2, {4, 2}}}},
    {"fourier", fourier, {{2, {5, 2}}}},
    {"interval dense", interval_dense, {{2, {3, 2}}, {2, {3, 2}}, {2, {4, 2}}, {2, {4, 2}}, {1, {4}}, {1, {4}}}, .2, 1},
    {"interval conv", interval_conv, {{4, {1, 2, 3, 3}}, {4, {1, 2, 3, 3}}, {4, {2, 2, 2, 2}}, {4, {2, 2, 2, 2}}, {1, {2}}}, .2, 1},
    {"interval tanh", interval_tanh, {{2, {3, 2}}, {2, {3, 2}}}, .2, 1},
    {"ball exp0", ball_exp0, {{2, {4, 3}}}},
    {"ball log0", ball_log0, {{2, {4, 3}}}, -.5, .5},
    {"ball add", ball_add, {{2, {4, 3}}, {2, {4, 3}}}, -.5, .5},
    {"ball add a point", ball_add, {{2, {4, 3}}, {1, {3}}}, -.5, .5},
    {"ball distance", ball_distance, {{2, {2, 3}}, {2, {2, 3}}}, -.5, .5, 2e-4},
    {"ball squared distance", ball_sqdistance, {{2, {4, 3}}, {2, {4, 3}}}, -.4, .4},
    {"ball exp", ball_exp, {{2, {4, 3}}, {2, {4, 3}}}, -.5, .5},
    {"ball log", ball_log, {{2, {4, 3}}, {2, {4, 3}}}, -.4, .4},
    {"ball project", ball_project, {{2, {4, 3}}}, .3, .9},
    {"ball dense", ball_dense, {{2, {4, 3}}, {2, {2, 3}}, {1, {2}}}, -.5, .5},
    {"jet", jet, {{2, {4, 2}}, {2, {3, 2}}, {1, {3}}, {2, {3, 3}}, {2, {1, 3}}}},
};

static void test_layers(void **unused)
{
    (void)unused;
    check_cases(sizeof cases / sizeof *cases, cases);
}

static void test_convolutions(void **unused)
{
    (void)unused;
    static const nn_case each[] = {
        {"conv", conv, {{4, {2, 2, 5, 4}}, {4, {3, 2, 3, 2}}, {1, {3}}}},
        {"conv 1 x 1", conv, {{4, {2, 2, 3, 4}}, {4, {3, 2, 1, 1}}, {1, {3}}}},
        {"conv without bias", conv_plain, {{4, {2, 1, 5, 4}}, {4, {2, 1, 2, 2}}}},
        {"transposed conv", transposed, {{4, {2, 3, 3, 2}}, {4, {3, 2, 3, 4}}, {1, {2}}}},
    };
    for (stride_now = 1; stride_now <= 3; stride_now++)
        for (pad_now = 0; pad_now <= 1; pad_now++) check_cases(sizeof each / sizeof *each, each);
}

/* A maximum has a derivative where it leads clearly: entries a permutation of multiples of .01. */
static void test_max_pool(void **unused)
{
    (void)unused;
    static const nn_case each[] = {{"max pool", max_pool, {{4, {2, 2, 4, 5}}}},
                                   {"max pool, overlapping", max_pool_over, {{4, {1, 2, 4, 5}}}}};
    for (size_t k = 0; k < 2; k++) {
        nn_lab l = lab_open(&each[k], 0);
        for (size_t i = 0; i < l.m; i++) l.w[i] = .01 * (double)(i * 37 % l.m);
        check_first_order(&l);
        check_second_order(&l);
        check_accumulation(&l);
        lab_close(&l);
    }
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    const double tie[] = {3, 3, 3, 1}, holes[] = {1, NAN, 2, 3};
    double g[4], gradient[] = {1, 0, 0, 0};
    nn_node y = nn_max_pool(t, nn_param(t, nn_img(1, 1, 2, 2)), 2, 2);
    ok(run, nn_vjp(t, y, tie, NULL, g));
    assert_memory_equal(g, gradient, sizeof g); /* the first */
    assert_int_equal(nn_forward(t, holes), CC_ENUMERIC);
    cc_test_close(run);
}

/* ---- against plain code ---- */

/* Seven loops. */
static void test_conv_direct(void **unused)
{
    (void)unused;
    enum { N = 2, CI = 3, H = 9, W = 70, CO = 4, KH = 3, KW = 5 }; /* several tiles */
    for (size_t stride = 1; stride <= 2; stride++)
        for (size_t pad = 0; pad <= 2; pad++) {
            size_t ho = (H + 2 * pad - KH) / stride + 1, wo = (W + 2 * pad - KW) / stride + 1, at = 0;
            cc_run *run = cc_test_run(NULL, 0);
            nn_tape *t = tape_of(run);
            double *x = seq(N * CI * H * W, .2, .9, 1), *w = seq(CO * CI * KH * KW + CO, .5, .8, .4);
            nn_node k = nn_param(t, nn_img(CO, CI, KH, KW)), b = nn_param(t, nn_vec(CO));
            nn_node y = nn_conv(t, nn_input(t, nn_img(N, CI, H, W), x), k, b, stride, pad);
            ok(run, nn_forward(t, w));
            assert_int_equal(nn_size(t, y), N * CO * ho * wo);
            for (size_t n = 0; n < N; n++)
                for (size_t o = 0; o < CO; o++)
                    for (size_t i = 0; i < ho; i++)
                        for (size_t j = 0; j < wo; j++) {
                            double sum = w[CO * CI * KH * KW + o];
                            for (size_t c = 0; c < CI; c++)
                                for (size_t a = 0; a < KH; a++)
                                    for (size_t e = 0; e < KW; e++) {
                                        size_t r = i * stride + a, s = j * stride + e;
                                        if (r < pad || r >= H + pad || s < pad || s >= W + pad) continue;
                                        sum += w[((o * CI + c) * KH + a) * KW + e] * x[((n * CI + c) * H + r - pad) * W + s - pad];
                                    }
                            near("conv", nn_value(t, y)[at++], sum, 1e-13);
                        }
            free(x);
            free(w);
            cc_test_close(run);
        }
}

/* A large image takes several tiles: derivatives through them. */
static void test_conv_tiles(void **unused)
{
    (void)unused;
    static const nn_case big = {"conv in tiles", conv, {{4, {1, 3, 40, 90}}, {4, {2, 3, 5, 5}}, {1, {2}}}};
    stride_now = 1;
    pad_now = 2;
    check_case(&big);
}

static double sigmoid(double z) { return 1 / (1 + exp(-z)); }

static void test_lstm_scalar(void **unused)
{
    (void)unused;
    enum { T = 4, N = 3, D = 2, H = 5 };
    static const double mask[T * N] = {1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1};
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *x = seq(T * N * D, .4, 1.3, 1), *w = seq(4 * H * (D + H + 2), .3, .7, .9);
    const double *wi = w, *wh = wi + 4 * H * D, *bi = wh + 4 * H * H, *bh = bi + 4 * H;
    nn_lstm_weights weights = {nn_param(t, nn_mat(4 * H, D)), nn_param(t, nn_mat(4 * H, H)), nn_param(t, nn_vec(4 * H)),
                               nn_param(t, nn_vec(4 * H))};
    nn_node hidden[T], last = nn_lstm(t, nn_input(t, nn_cube(T, N, D), x), weights, nn_input(t, nn_mat(T, N), mask), hidden);
    assert_int_equal(last, hidden[T - 1]);
    ok(run, nn_forward(t, w));
    for (size_t n = 0; n < N; n++) {
        double h[H] = {0}, c[H] = {0};
        for (size_t s = 0; s < T; s++) {
            double a[4 * H], m = mask[s * N + n];
            for (size_t k = 0; k < 4 * H; k++) {
                a[k] = bi[k] + bh[k];
                for (size_t d = 0; d < D; d++) a[k] += wi[k * D + d] * x[(s * N + n) * D + d];
                for (size_t j = 0; j < H; j++) a[k] += wh[k * H + j] * h[j];
            }
            for (size_t j = 0; j < H && m == 1; j++) {
                c[j] = sigmoid(a[H + j]) * c[j] + sigmoid(a[j]) * tanh(a[2 * H + j]);
                h[j] = sigmoid(a[3 * H + j]) * tanh(c[j]);
            }
            all_near("lstm", "hidden state", H, nn_value(t, hidden[s]) + n * H, h, 1e-14);
        }
    }
    free(x);
    free(w);
    cc_test_close(run);
}

static void test_norm_statistics(void **unused)
{
    (void)unused;
    enum { N = 6, C = 3, S = 4 };
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *w = seq(N * C * S, .1, .7, 3), mean[C] = {0}, variance[C] = {1, 1, 1};
    nn_node y = nn_batch_norm(t, nn_param(t, nn_img(N, C, 2, 2)), NN_NONE, NN_NONE, 0, mean, variance);
    ok(run, nn_forward(t, w));
    for (size_t c = 0; c < C; c++) {
        double m = 0, v = 0, xm = 0, xv = 0;
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < S; j++) {
                m += nn_value(t, y)[(i * C + c) * S + j] / (N * S);
                xm += w[(i * C + c) * S + j] / (N * S);
            }
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < S; j++) {
                v += pow(nn_value(t, y)[(i * C + c) * S + j] - m, 2) / (N * S);
                xv += pow(w[(i * C + c) * S + j] - xm, 2) / (N * S - 1);
            }
        near("mean", m, 0, 1e-14);
        near("variance", v, 1, 1e-14);
        near("tracked mean", mean[c], .1 * xm, 1e-15);
        near("tracked variance", variance[c], .9 + .1 * xv, 1e-14);
    }
    double before = mean[0];
    nn_set_mode(t, NN_PROBE);
    ok(run, nn_forward(t, w));
    nn_set_mode(t, NN_EVAL);
    ok(run, nn_forward(t, w));
    near("untouched by looking", mean[0], before, 0);
    near("affine when evaluating", nn_value(t, y)[0], (w[0] - mean[0]) / sqrt(variance[0]), 1e-14);
    nn_reset(t);
    nn_set_mode(t, NN_TRAIN);
    nn_batch_norm(t, nn_param(t, nn_mat(1, 3)), NN_NONE, NN_NONE, 1e-5, NULL, NULL);
    assert_int_equal(nn_forward(t, w), CC_EINVAL);
    free(w);
    cc_test_close(run);
}

/* ---- intervals: nothing gets out ---- */

static double inside(cc_rng *rng, double c, double r)
{
    double u = cc_uniform(rng);
    return u < .2 ? c - r : u < .4 ? c + r : c + r * (2 * cc_uniform(rng) - 1); /* corners, too */
}

enum { IN = 4, MID = 6, OUT = 3 };

typedef struct box_net { /* w: c and r of W1, b1, W2, b2, x; the same order for points */
    size_t size[5];
    nn_interval part[5], y;
} box_net;

static box_net record_box(nn_tape *t, int outward)
{
    box_net net = {.size = {MID * IN, MID, OUT * MID, OUT, IN}};
    const nn_shape shape[] = {nn_mat(MID, IN), nn_vec(MID), nn_mat(OUT, MID), nn_vec(OUT), nn_mat(1, IN)};
    for (size_t k = 0; k < 5; k++) net.part[k] = (nn_interval){nn_param(t, shape[k]), nn_param(t, shape[k])};
    nn_interval h = nn_interval_monotone(t, CC_PHI_RELU, nn_interval_dense(t, net.part[4], net.part[0], net.part[1], outward));
    net.y = nn_interval_dense(t, h, net.part[2], net.part[3], outward);
    return net;
}

static void point_net(const double *p, double *y)
{
    const double *w1 = p, *b1 = w1 + MID * IN, *w2 = b1 + MID, *b2 = w2 + OUT * MID, *x = b2 + OUT;
    double h[MID];
    for (size_t i = 0; i < MID; i++) {
        h[i] = b1[i];
        for (size_t j = 0; j < IN; j++) h[i] += w1[i * IN + j] * x[j];
        if (h[i] < 0) h[i] = 0;
    }
    for (size_t i = 0; i < OUT; i++) {
        y[i] = b2[i];
        for (size_t j = 0; j < MID; j++) y[i] += w2[i * MID + j] * h[j];
    }
}

static void test_interval_contains(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    box_net net = record_box(t, 1);
    size_t m = nn_params(t), worst = 0;
    double *w = seq(m, .3, 1.1, .8), *p = numbers(m), *radii = numbers(m);
    cc_rng rng = cc_stream(run, 0, 0);
    for (size_t k = 0, at = 0; k < 5; at += 2 * net.size[k++])
        for (size_t i = 0; i < net.size[k]; i++) w[at + net.size[k] + i] = .15 * fabs(w[at + net.size[k] + i]);
    ok(run, nn_forward(t, w));
    for (int trial = 0; trial < 10000; trial++) {
        double y[OUT];
        for (size_t k = 0, at = 0, to = 0; k < 5; at += 2 * net.size[k++])
            for (size_t i = 0; i < net.size[k]; i++) p[to++] = inside(&rng, w[at + i], w[at + net.size[k] + i]);
        point_net(p, y);
        for (size_t i = 0; i < OUT; i++) {
            double off = fabs(y[i] - nn_value(t, net.y.c)[i]), r = nn_value(t, net.y.r)[i];
            assert_true(off <= r);
            if (off > .2 * r) worst++;
        }
    }
    assert_true(worst > 0);                                            /* nor is it idly wide */
    for (size_t k = 0, at = 0, to = 0; k < 5; at += 2 * net.size[k++]) /* radius 0: the point */
        for (size_t i = 0; i < net.size[k]; i++) {
            w[at + net.size[k] + i] = 0;
            p[to++] = w[at + i];
        }
    double y[OUT];
    ok(run, nn_forward(t, w));
    point_net(p, y);
    for (size_t i = 0; i < OUT; i++) {
        near("centre", nn_value(t, net.y.c)[i], y[i], 1e-14);
        assert_true(nn_value(t, net.y.r)[i] > 0 && nn_value(t, net.y.r)[i] < 1e-13); /* rounding alone */
    }
    nn_reset(t);
    net = record_box(t, 0);
    ok(run, nn_forward(t, w));
    for (size_t i = 0; i < OUT; i++) near("radius", nn_value(t, net.y.r)[i], 0, 0);
    free(w);
    free(p);
    free(radii);
    cc_test_close(run);
}

/* ---- the ball ---- */

static void test_ball_identities(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    const double c = .7;
    double w[] = {.3, -.4, .2, 0, 0, 0, 1e-9, 0, -2e-9, .1, .25, -.3, .5, .5, .1, 1e-3, .2, -.1};
    nn_node x = nn_param(t, nn_mat(3, 3)), y = nn_param(t, nn_mat(3, 3));
    nn_node there = nn_ball_log0(t, c, nn_ball_exp0(t, c, x)), back = nn_ball_log(t, c, x, nn_ball_exp(t, c, x, y));
    nn_node zero = nn_ball_add(t, c, nn_affine(t, -1, x, 0), x), d = nn_ball_distance(t, c, x, y), e = nn_ball_distance(t, c, y, x);
    nn_node kept = nn_ball_project(t, c, x), cut = nn_ball_project(t, c, nn_affine(t, 100, y, 0)), norms = nn_row_dot(t, cut, cut);
    nn_node W = nn_input(t, nn_mat(3, 3), w + 9), flat = nn_ball_exp0(t, c, nn_dense(t, nn_ball_log0(t, c, x), W, NN_NONE));
    nn_node layer = nn_ball_dense(t, c, x, W, y), expected = nn_ball_add(t, c, flat, y), plain = nn_ball_dense(t, c, x, W, NN_NONE);
    ok(run, nn_forward(t, w));
    assert_memory_equal(nn_value(t, layer), nn_value(t, expected), 9 * sizeof *w);
    assert_memory_equal(nn_value(t, plain), nn_value(t, flat), 9 * sizeof *w);
    all_near("ball", "log0 exp0", 9, nn_value(t, there), w, 1e-15);
    all_near("ball", "log exp", 9, nn_value(t, back), w + 9, 1e-14);
    for (int i = 0; i < 9; i++) near("-x + x", nn_value(t, zero)[i], 0, 1e-16);
    all_near("ball", "symmetry", 3, nn_value(t, d), nn_value(t, e), 1e-15);
    assert_memory_equal(nn_value(t, kept), w, 9 * sizeof *w);
    for (int i = 0; i < 3; i++) near("radius", sqrt(nn_value(t, norms)[i]), (1 - 1e-5) / sqrt(c), 1e-15);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layers),          cmocka_unit_test(test_convolutions),      cmocka_unit_test(test_max_pool),
        cmocka_unit_test(test_conv_direct),     cmocka_unit_test(test_conv_tiles),        cmocka_unit_test(test_lstm_scalar),
        cmocka_unit_test(test_norm_statistics), cmocka_unit_test(test_interval_contains), cmocka_unit_test(test_ball_identities)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
