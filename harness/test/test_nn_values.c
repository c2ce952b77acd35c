/* Single values that PyTorch 1.13 computed in double precision: a jet, the ball, an interval, losses far out. seq(n, a, b, s)[i] =
 * s sin(a + b i), row-major. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_jet), cmocka_unit_test(test_ball), cmocka_unit_test(test_interval),
                                       cmocka_unit_test(test_stability)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
