/* What operations compute: against the plainest loops, and single values that PyTorch 1.13 computed in double precision: a jet, the
 * ball, an interval, losses far out. seq(n, a, b, s)[i] = s sin(a + b i), row-major. */
#include "harness/test/nn_check.h"

static void test_jet(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    const double x[] = {.3, -.7};
    double w[12], *parts[] = {seq(6, .3, 1.1, 1.2), seq(3, .2, .6, .5), seq(3, .4, .9, 1)};
    memcpy(w, parts[0], 6 * sizeof *w);
    memcpy(w + 6, parts[1], 3 * sizeof *w);
    memcpy(w + 9, parts[2], 3 * sizeof *w);
    for (int i = 0; i < 3; i++) free(parts[i]);
    nn_node W = nn_param(t, nn_mat(3, 2)), b = nn_param(t, nn_vec(3)), a = nn_param(t, nn_mat(1, 3));
    nn_jet u = nn_jet_dense(t, nn_jet_apply(t, CC_PHI_TANH, nn_jet_dense(t, nn_jet_input(t, nn_input(t, nn_mat(1, 2), x)), W, b)),
                            a, NN_NONE);
    ok(run, nn_forward(t, w));
    near("u", *nn_value(t, u.u), .8839293288768, 1e-13);
    near("du/dx", nn_value(t, u.grad)[0], -.3354374387028, 1e-13);
    near("du/dy", nn_value(t, u.grad)[1], -.2600595165885, 1e-13);
    near("lap u", *nn_value(t, u.lap), -1.1067914946950, 1e-12);
    cc_test_close(run);
}

static void test_ball(void **unused)
{
    (void)unused;
    static const double exp0[] = {.2812232143142, -.3749642857522, .1874821428761},
                        add[] = {.40885253556, -.1744655140755, -.0819867038339};
    static const double dv[] = {.5677561804884, -1.5669952893453, 1.1532743408156},
                        dq[] = {-.2907995730597, 1.7029622134331, -1.4519119422910};
    static const double u[] = {1, 2, -1}, back[] = {1.0212620491603, 1.7630196490550, -.8815098245275};
    const double w[] = {.3, -.4, .2, .1, .25, -.3};
    double g[6];
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    nn_node v = nn_param(t, nn_mat(1, 3)), q = nn_param(t, nn_mat(1, 3)), y = nn_ball_exp0(t, .7, v);
    nn_node sum_ = nn_ball_add(t, .7, y, q), d = nn_ball_distance(t, .7, y, q);
    ok(run, nn_loss_grad(t, d, w, NULL, g));
    all_near("ball", "exp0", 3, nn_value(t, y), exp0, 1e-13);
    all_near("ball", "add", 3, nn_value(t, sum_), add, 1e-12);
    near("distance", *nn_value(t, d), 1.7461474719912, 1e-13);
    all_near("ball", "dd/dv", 3, g, dv, 1e-12);
    all_near("ball", "dd/dq", 3, g + 3, dq, 1e-12);
    ok(run, nn_vjp(t, y, w, u, g));
    all_near("ball", "vjp", 3, g, back, 1e-12);
    cc_test_close(run);
}

static void test_interval(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    const double xr[] = {.1, .2, .05};
    double *wc = seq(6, .3, 1.1, .6), *wr = seq(6, .5, .7, .05), *xc = seq(3, .1, .7, 1);
    for (int i = 0; i < 6; i++) wr[i] = fabs(wr[i]);
    nn_interval x = {nn_input(t, nn_mat(1, 3), xc), nn_input(t, nn_mat(1, 3), xr)}, none = {NN_NONE, NN_NONE};
    nn_interval W = {nn_input(t, nn_mat(2, 3), wc), nn_input(t, nn_mat(2, 3), wr)}, y = nn_interval_dense(t, x, W, none, 0);
    ok(run, nn_forward(t, NULL));
    near("centre", nn_value(t, y.c)[0], .80003647, 5e-9);
    near("centre", nn_value(t, y.c)[1], -.73495063, 5e-9);
    near("radius", nn_value(t, y.r)[0], .25104242, 5e-9);
    near("radius", nn_value(t, y.r)[1], .21250359, 5e-9);
    free(wc);
    free(wr);
    free(xc);
    cc_test_close(run);
}

static void test_stability(void **unused)
{
    (void)unused;
    static const int labels[] = {1, 0};
    const double z[] = {1000, 999, -1000, 1000};
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    nn_node rows = nn_softmax_loss(t, nn_param(t, nn_mat(2, 2)), nn_index(t, nn_vec(2), labels));
    ok(run, nn_forward(t, z));
    near("loss", nn_value(t, rows)[0], 1.31326168751822, 1e-14);
    near("loss", nn_value(t, rows)[1], 2000, 0);
    cc_test_close(run);
}

/* ---- against plain loops ---- */

static void shape_is(nn_tape *t, nn_node y, nn_shape e)
{
    nn_shape s = nn_shape_of(t, y);
    assert_int_equal(s.nd, e.nd);
    for (int i = 0; i < e.nd; i++) assert_int_equal(s.d[i], e.d[i]);
}

static void test_products(void **unused)
{
    (void)unused;
    enum { M = 5, N = 4, K = 3 };
    for (int ta = 0; ta < 2; ta++)
        for (int tb = 0; tb < 2; tb++) {
            cc_run *run = cc_test_run(NULL, 0);
            nn_tape *t = tape_of(run);
            double *w = seq(M * K + K * N, .3, .7, 1);
            nn_node a = nn_param(t, ta ? nn_mat(K, M) : nn_mat(M, K)), b = nn_param(t, tb ? nn_mat(N, K) : nn_mat(K, N));
            nn_node y = nn_matmul(t, a, ta, b, tb);
            ok(run, nn_forward(t, w));
            shape_is(t, y, nn_mat(M, N));
            for (size_t i = 0; i < M; i++)
                for (size_t j = 0; j < N; j++) {
                    double sum = 0;
                    for (size_t k = 0; k < K; k++) sum += w[ta ? k * M + i : i * K + k] * w[M * K + (tb ? j * K + k : k * N + j)];
                    near("matmul", nn_value(t, y)[i * N + j], sum, 1e-15);
                }
            free(w);
            cc_test_close(run);
        }
}

/* a (2 x 3 x 4) with b (3 x 1), entry by entry. */
static void test_elementwise(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *w = seq(27, .3, .7, 1);
    nn_node a = nn_param(t, nn_cube(2, 3, 4)), b = nn_param(t, nn_mat(3, 1)),
            y[] = {nn_add(t, a, b), nn_sub(t, a, b), nn_mul(t, a, b), nn_div(t, a, b)};
    nn_node z = nn_sub(t, b, a), f = nn_affine(t, 2, a, 3);
    ok(run, nn_forward(t, w));
    for (int k = 0; k < 4; k++) shape_is(t, y[k], nn_cube(2, 3, 4));
    for (size_t i = 0; i < 24; i++) {
        double p = w[i], q = w[24 + i / 4 % 3];
        const double e[] = {p + q, p - q, p * q, p / q};
        for (int k = 0; k < 4; k++) near("elementwise", nn_value(t, y[k])[i], e[k], 1e-15 * (1 + fabs(e[k])));
        near("the other way", nn_value(t, z)[i], q - p, 1e-15);
        near("affine", nn_value(t, f)[i], 2 * p + 3, 1e-15);
    }
    free(w);
    cc_test_close(run);
}

static void test_moves(void **unused)
{
    (void)unused;
    static const int rows[] = {2, 0, 2};
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *w = seq(24, .3, .7, 1), total = 0;
    nn_node a = nn_param(t, nn_cube(2, 3, 4)), m = nn_reshape(t, a, nn_mat(6, 4)), mid = nn_slice(t, a, 1, 1, 2),
            back = nn_transpose(t, m);
    nn_node sums[] = {nn_sum_over(t, a, 0), nn_sum_over(t, a, 1), nn_mean_over(t, a, 2)}, all = nn_sum(t, a), mean = nn_mean(t, a);
    nn_node taken = nn_gather(t, m, nn_index(t, nn_vec(3), rows)), both = nn_concat(t, 1, 2, ((const nn_node[]){mid, a}));
    nn_node top = nn_slice(t, a, 0, 1, 1), one = nn_item(t, a, 1), dots = nn_row_dot(t, m, m);
    ok(run, nn_forward(t, w));
    shape_is(t, mid, nn_cube(2, 2, 4));
    shape_is(t, back, nn_mat(4, 6));
    shape_is(t, both, nn_cube(2, 5, 4));
    shape_is(t, top, nn_cube(1, 3, 4));
    shape_is(t, one, nn_mat(3, 4));
    shape_is(t, dots, nn_mat(6, 1));
    shape_is(t, sums[1], nn_cube(2, 1, 4));
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++)
            for (size_t k = 0; k < 4; k++) {
                double x = w[(i * 3 + j) * 4 + k];
                total += x;
                if (j > 0) near("slice", nn_value(t, mid)[(i * 2 + j - 1) * 4 + k], x, 0);
                if (j > 0) near("concat", nn_value(t, both)[(i * 5 + j - 1) * 4 + k], x, 0);
                near("concat", nn_value(t, both)[(i * 5 + 2 + j) * 4 + k], x, 0);
                near("transpose", nn_value(t, back)[k * 6 + i * 3 + j], x, 0);
                if (i == 1) near("slice", nn_value(t, top)[j * 4 + k], x, 0);
                if (i == 1) near("step", nn_value(t, one)[j * 4 + k], x, 0);
            }
    near("sum", *nn_value(t, all), total, 1e-14);
    near("mean", *nn_value(t, mean), total / 24, 1e-15);
    near("sum over the first", nn_value(t, sums[0])[5], w[5] + w[17], 1e-15);
    near("sum over the middle", nn_value(t, sums[1])[6], w[14] + w[18] + w[22], 1e-15);
    near("mean over the last", nn_value(t, sums[2])[4], (w[16] + w[17] + w[18] + w[19]) / 4, 1e-15);
    near("row dot", nn_value(t, dots)[1], dot(4, w + 4, w + 4), 1e-15);
    for (size_t i = 0; i < 3; i++) assert_memory_equal(nn_value(t, taken) + 4 * i, w + 4 * rows[i], 4 * sizeof *w);
    free(w);
    cc_test_close(run);
}

static double cdf(double z) { return erfc(-z / sqrt(2)) / 2; }

static void test_activations(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    const double z[] = {-.7, .6, 2.5};
    nn_node x = nn_param(t, nn_vec(3)), y[CC_PHI_KINDS], last;
    for (int kind = 0; kind < CC_PHI_KINDS; kind++)
        y[kind] = nn_apply(t, (cc_phi_kind)kind,
                           kind == CC_PHI_LOG || kind == CC_PHI_SQRT || kind >= CC_PHI_ATANH ? nn_affine(t, .1, x, .2) : x);
    last = nn_fourier(t, nn_reshape(t, x, nn_mat(3, 1)), 3);
    ok(run, nn_forward(t, z));
    for (size_t i = 0; i < 3; i++) {
        double s = z[i], q = .1 * s + .2, r = sqrt(q);
        const double e[CC_PHI_KINDS] = {s,
                                        fmax(s, 0),
                                        s > 0 ? s : .01 * s,
                                        tanh(s),
                                        1 / (1 + exp(-s)),
                                        log(1 + exp(s)),
                                        exp(s),
                                        s * s,
                                        sin(s),
                                        cos(s),
                                        s > 0 ? s : exp(s) - 1,
                                        s * cdf(s),
                                        fabs(s),
                                        log(q),
                                        r,
                                        1 / s,
                                        atanh(q),
                                        tanh(r) / r,
                                        atanh(r) / r};
        for (int kind = 0; kind < CC_PHI_KINDS; kind++)
            near(cc_phi_name((cc_phi_kind)kind), nn_value(t, y[kind])[i], e[kind], 4e-15);
        for (size_t k = 0; k < 3; k++) {
            near("fourier sine", nn_value(t, last)[i * 6 + k], sin(M_PI * s * (1 << k)), 1e-14);
            near("fourier cosine", nn_value(t, last)[i * 6 + 3 + k], cos(M_PI * s * (1 << k)), 1e-14);
        }
    }
    cc_test_close(run);
}

/* A transposed convolution scatters what a convolution gathers: its result, of the right shape, by loops. */
static void test_images(void **unused)
{
    (void)unused;
    enum {
        N = 2,
        CI = 2,
        H = 3,
        W = 2,
        CO = 2,
        KH = 3,
        KW = 4,
        S = 2,
        P = 1,
        HO = (H - 1) * S + KH - 2 * P,
        WO = (W - 1) * S + KW - 2 * P
    };
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *x = seq(N * CI * H * W, .2, .9, 1), *w = seq(CI * CO * KH * KW, .5, .8, .4), e[N][CO][HO][WO] = {0};
    nn_node y = nn_conv_transposed(t, nn_input(t, nn_img(N, CI, H, W), x), nn_param(t, nn_img(CI, CO, KH, KW)), NN_NONE, S, P);
    nn_node pooled = nn_mean_pool(t, y, 2, 3), flat = nn_mean_pool(t, y, 0, 0);
    ok(run, nn_forward(t, w));
    shape_is(t, y, nn_img(N, CO, HO, WO));
    shape_is(t, pooled, nn_img(N, CO, 2, 1));
    shape_is(t, flat, nn_mat(N, CO));
    for (size_t i = 0; i < N * CI * H * W; i++)
        for (size_t k = 0; k < CO * KH * KW; k++) {
            size_t n = i / (CI * H * W), c = i / (H * W) % CI, a = i / W % H * S + k / KW % KH, b = i % W * S + k % KW;
            if (a >= P && a < HO + P && b >= P && b < WO + P) e[n][k / (KH * KW)][a - P][b - P] += x[i] * w[c * CO * KH * KW + k];
        }
    all_near("transposed conv", "scattered", N * CO * HO * WO, nn_value(t, y), &e[0][0][0][0], 1e-15);
    near("mean pool", nn_value(t, pooled)[7], (e[1][1][3][0] + e[1][1][3][1] + e[1][1][4][0] + e[1][1][4][1]) / 4, 1e-15);
    near("mean pool", nn_value(t, pooled)[2], (e[0][1][0][0] + e[0][1][0][1] + e[0][1][1][0] + e[0][1][1][1]) / 4, 1e-15);
    double total = 0;
    for (size_t i = 0; i < HO * WO; i++) total += (&e[1][0][0][0])[i] / (HO * WO);
    near("mean of all", nn_value(t, flat)[2], total, 1e-15);
    free(x);
    free(w);
    cc_test_close(run);
}

static void test_bad_labels(void **unused)
{
    (void)unused;
    const int y[] = {0, 1, 2, -1};
    for (size_t n = 1; n <= 4; n++) {
        assert_int_equal(cc_loss_bad_label(&(cc_loss){CC_LOSS_SOFTMAX, n, 3, y, NULL}), n < 4 ? n : 3);
        assert_int_equal(cc_loss_bad_label(&(cc_loss){CC_LOSS_LOGISTIC, n, 1, y, NULL}), n < 3 ? n : 2);
        assert_int_equal(cc_loss_bad_label(&(cc_loss){CC_LOSS_SQUARED, n, 1, NULL, NULL}), n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_jet),      cmocka_unit_test(test_ball),
                                       cmocka_unit_test(test_interval), cmocka_unit_test(test_stability),
                                       cmocka_unit_test(test_products), cmocka_unit_test(test_elementwise),
                                       cmocka_unit_test(test_moves),    cmocka_unit_test(test_activations),
                                       cmocka_unit_test(test_images),   cmocka_unit_test(test_bad_labels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
