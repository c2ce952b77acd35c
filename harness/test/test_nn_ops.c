/* The operations of the tape that everything is made of: each against differences, its adjoint, itself. */
#include "harness/numerics/vexp.h"
#include "harness/test/nn_check.h"

static const int tokens[] = {0, 3, 2, 1, 3, 3}, labels[] = {0, 2, 1, 2};
static const double targets[] = {.1, .7, .2, .3, .3, .4, 1, 0, 0, .2, .2, .6}, signs[] = {1, -1, -1, 1, 1, 1, -1, -1, 1, -1, 1, 1};

static nn_node dense(nn_tape *t, const nn_node *p) { return nn_dense(t, p[0], p[1], p[2]); }
static nn_node dense_plain(nn_tape *t, const nn_node *p) { return nn_dense(t, p[0], p[1], NN_NONE); }
static nn_node matmul_nn(nn_tape *t, const nn_node *p) { return nn_matmul(t, p[0], 0, p[1], 0); }
static nn_node matmul_nt(nn_tape *t, const nn_node *p) { return nn_matmul(t, p[0], 0, p[1], 1); }
static nn_node matmul_tn(nn_tape *t, const nn_node *p) { return nn_matmul(t, p[0], 1, p[1], 0); }
static nn_node matmul_tt(nn_tape *t, const nn_node *p) { return nn_matmul(t, p[0], 1, p[1], 1); }
static nn_node matmul_self(nn_tape *t, const nn_node *p) { return nn_matmul(t, p[0], 0, p[0], 1); }
static nn_node add(nn_tape *t, const nn_node *p) { return nn_add(t, p[0], p[1]); }
static nn_node sub(nn_tape *t, const nn_node *p) { return nn_sub(t, p[0], p[1]); }
static nn_node mul(nn_tape *t, const nn_node *p) { return nn_mul(t, p[0], p[1]); }
static nn_node division(nn_tape *t, const nn_node *p) { return nn_div(t, p[0], p[1]); }
static nn_node affine(nn_tape *t, const nn_node *p) { return nn_affine(t, -1.5, p[0], 0.7); }
static nn_node sum(nn_tape *t, const nn_node *p) { return nn_sum(t, nn_square(t, p[0])); }
static nn_node mean(nn_tape *t, const nn_node *p) { return nn_mean(t, nn_square(t, p[0])); }
static nn_node sum_first(nn_tape *t, const nn_node *p) { return nn_sum_over(t, nn_square(t, p[0]), 0); }
static nn_node sum_middle(nn_tape *t, const nn_node *p) { return nn_sum_over(t, nn_square(t, p[0]), 1); }
static nn_node mean_last(nn_tape *t, const nn_node *p) { return nn_mean_over(t, nn_square(t, p[0]), 2); }
static nn_node row_dot(nn_tape *t, const nn_node *p) { return nn_row_dot(t, p[0], p[1]); }
static nn_node slice_first(nn_tape *t, const nn_node *p) { return nn_square(t, nn_slice(t, p[0], 0, 1, 2)); }
static nn_node slice_middle(nn_tape *t, const nn_node *p) { return nn_slice(t, nn_square(t, p[0]), 1, 1, 2); }
static nn_node slice_last(nn_tape *t, const nn_node *p) { return nn_slice(t, nn_square(t, p[0]), 2, 2, 1); }
static nn_node transpose(nn_tape *t, const nn_node *p) { return nn_transpose(t, nn_square(t, p[0])); }
static nn_node gather(nn_tape *t, const nn_node *p) { return nn_square(t, nn_gather(t, p[0], nn_index(t, nn_mat(2, 3), tokens))); }

static nn_node concat(nn_tape *t, const nn_node *p)
{
    nn_node x[] = {nn_square(t, p[0]), p[1], p[1]};
    return nn_concat(t, 1, 3, x);
}

static nn_node concat_rows(nn_tape *t, const nn_node *p)
{
    nn_node x[] = {p[0], nn_mul(t, p[1], p[1])};
    return nn_concat(t, 0, 2, x);
}

/* Views of views, overlapping, of a result and of a parameter. */
static nn_node views(nn_tape *t, const nn_node *p)
{
    nn_node q = nn_square(t, p[0]), part = nn_part(t, nn_reshape(t, q, nn_vec(24)), 3, nn_mat(4, 5));
    nn_node row = nn_item(t, part, 2), again = nn_part(t, p[0], 2, nn_vec(5));
    return nn_mul(t, nn_mul(t, row, again), nn_item(t, part, 1));
}

/* A matrix of weights that a network of its own makes, used in two layers. */
static nn_node generated(nn_tape *t, const nn_node *p)
{
    nn_node made = nn_tanh(t, nn_dense(t, p[0], p[1], NN_NONE)), W = nn_part(t, made, 0, nn_mat(3, 3)),
            b = nn_part(t, made, 9, nn_vec(3));
    return nn_dense(t, nn_tanh(t, nn_dense(t, p[2], W, b)), W, NN_NONE);
}

static nn_node softmax_loss(nn_tape *t, const nn_node *p) { return nn_softmax_loss(t, p[0], nn_index(t, nn_vec(4), labels)); }
static nn_node softmax_soft(nn_tape *t, const nn_node *p)
{
    return nn_loss(t, CC_LOSS_SOFTMAX, p[0], nn_input(t, nn_mat(4, 3), targets));
}
static nn_node squared_loss(nn_tape *t, const nn_node *p)
{
    return nn_loss(t, CC_LOSS_SQUARED, p[0], nn_input(t, nn_mat(4, 3), targets));
}
static nn_node squared_labels(nn_tape *t, const nn_node *p)
{
    return nn_loss(t, CC_LOSS_SQUARED, p[0], nn_index(t, nn_vec(4), labels));
}
static nn_node logistic_loss(nn_tape *t, const nn_node *p)
{
    return nn_loss(t, CC_LOSS_LOGISTIC, p[0], nn_input(t, nn_mat(4, 3), signs));
}
static nn_node logistic_labels(nn_tape *t, const nn_node *p)
{
    static const int binary[] = {0, 1, 1, 0};
    return nn_loss(t, CC_LOSS_LOGISTIC, p[0], nn_index(t, nn_mat(4, 1), binary));
}
/* Losses weighted by something that is learnt. */
static nn_node weighted(nn_tape *t, const nn_node *p)
{
    return nn_mean(t, nn_mul(t, nn_softmax_loss(t, p[0], nn_index(t, nn_vec(4), labels)), nn_sigmoid(t, p[1])));
}

static const nn_case cases[] = {
    {"dense", dense, {{2, {5, 3}}, {2, {4, 3}}, {1, {4}}}},
    {"dense of three dimensions", dense, {{3, {2, 5, 3}}, {2, {4, 3}}, {1, {4}}}},
    {"dense with a full bias", dense, {{2, {5, 3}}, {2, {4, 3}}, {2, {5, 4}}}},
    {"dense without bias", dense_plain, {{2, {5, 3}}, {2, {4, 3}}}},
    {"dense of one column", dense, {{2, {5, 3}}, {2, {1, 3}}, {1, {1}}}},
    {"matmul", matmul_nn, {{2, {5, 3}}, {2, {3, 4}}}},
    {"matmul nt", matmul_nt, {{2, {5, 3}}, {2, {4, 3}}}},
    {"matmul tn", matmul_tn, {{2, {3, 5}}, {2, {3, 4}}}},
    {"matmul tt", matmul_tt, {{2, {3, 5}}, {2, {4, 3}}}},
    {"matmul with itself", matmul_self, {{2, {4, 3}}}},
    {"add", add, {{2, {5, 3}}, {2, {5, 3}}}},
    {"add row", add, {{2, {5, 3}}, {1, {3}}}},
    {"add outer", add, {{2, {5, 1}}, {2, {1, 3}}}},
    {"sub column", sub, {{2, {5, 3}}, {2, {5, 1}}}},
    {"sub from scalar", sub, {{1, {1}}, {3, {2, 2, 3}}}},
    {"mul", mul, {{2, {5, 3}}, {2, {5, 3}}}},
    {"mul row", mul, {{2, {5, 3}}, {1, {3}}}},
    {"mul column", mul, {{2, {5, 3}}, {2, {5, 1}}}},
    {"mul outer", mul, {{2, {5, 1}}, {1, {3}}}},
    {"mul channel", mul, {{4, {2, 3, 2, 4}}, {3, {3, 1, 1}}}},
    {"mul steps", mul, {{3, {2, 3, 4}}, {2, {3, 4}}}},
    {"mul across", mul, {{4, {2, 1, 3, 1}}, {4, {1, 2, 1, 4}}}},
    {"div", division, {{2, {5, 3}}, {2, {5, 3}}}, .5, 1.5},
    {"div row", division, {{2, {5, 3}}, {1, {3}}}, .5, 1.5},
    {"affine", affine, {{2, {5, 3}}}},
    {"sum", sum, {{3, {2, 3, 4}}}},
    {"mean", mean, {{3, {2, 3, 4}}}},
    {"sum first", sum_first, {{3, {2, 3, 4}}}},
    {"sum middle", sum_middle, {{3, {2, 3, 4}}}},
    {"mean last", mean_last, {{3, {2, 3, 4}}}},
    {"row dot", row_dot, {{2, {5, 3}}, {2, {5, 3}}}},
    {"slice first", slice_first, {{3, {4, 3, 4}}}},
    {"slice middle", slice_middle, {{3, {4, 3, 4}}}},
    {"slice last", slice_last, {{3, {4, 3, 4}}}},
    {"transpose", transpose, {{2, {4, 3}}}},
    {"gather", gather, {{2, {4, 3}}}},
    {"concat", concat, {{3, {2, 1, 3}}, {3, {2, 2, 3}}}},
    {"concat rows", concat_rows, {{2, {2, 3}}, {2, {1, 3}}}},
    {"views", views, {{2, {6, 4}}}},
    {"generated", generated, {{2, {6, 2}}, {2, {2, 2}}, {2, {4, 3}}}},
    {"softmax loss", softmax_loss, {{2, {4, 3}}}},
    {"softmax loss of targets", softmax_soft, {{2, {4, 3}}}},
    {"squared loss", squared_loss, {{2, {4, 3}}}},
    {"squared loss of labels", squared_labels, {{2, {4, 3}}}},
    {"logistic loss", logistic_loss, {{2, {4, 3}}}},
    {"logistic loss of labels", logistic_labels, {{2, {4, 1}}}},
    {"weighted losses", weighted, {{2, {4, 3}}, {2, {4, 1}}}},
};

static void test_operations(void **unused)
{
    (void)unused;
    check_cases(sizeof cases / sizeof *cases, cases);
}

/* ---- activations: every kind, the derivatives as operations of their own ---- */

static cc_phi phi_now;
static int order_now;
static nn_node phi_build(nn_tape *t, const nn_node *p) { return nn_phi(t, phi_now, order_now, p[0]); }

/* Where each is smooth and tame. */
static void test_activations(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < CC_PHI_KINDS; kind++)
        for (order_now = 0; order_now <= 2; order_now++)
            for (int side = -1; side <= 1; side += 2) {
                int positive = kind == CC_PHI_LOG || kind == CC_PHI_SQRT || kind == CC_PHI_RECIPROCAL;
                double low = positive || side > 0 ? .35 : -.75, high = positive || side > 0 ? .75 : -.35;
                char name[64];
                phi_now = (cc_phi){(cc_phi_kind)kind, kind == CC_PHI_LEAKY ? .2 : .8};
                snprintf(name, sizeof name, "%s, derivative %d, side %d", cc_phi_name(phi_now.kind), order_now, side);
                nn_case c = {name, phi_build, {{2, {3, 4}}}, low, high, 1e-3};
                check_case(&c);
                assert_int_equal(cc_phi_parse(cc_phi_name(phi_now.kind)), kind);
            }
    assert_int_equal(cc_phi_parse("tan"), -1);
}

static void test_kinks(void **unused)
{
    (void)unused;
    const double z = 0, one = 1;
    double a, d;
    static const struct {
        cc_phi_kind kind;
        double slope;
    } at_zero[] = {{CC_PHI_RELU, 0}, {CC_PHI_LEAKY, .01}, {CC_PHI_ABS, 0}, {CC_PHI_ELU, 1}};
    for (size_t i = 0; i < 4; i++) {
        cc_phi phi = {at_zero[i].kind, i == 3 ? 1 : .01};
        cc_phi_forward(phi, 1, &z, &a);
        cc_phi_vjp(phi, 1, &z, &a, &one, 0, &d);
        near(cc_phi_name(phi.kind), a, 0, 0);
        near(cc_phi_name(phi.kind), d, at_zero[i].slope, 0);
    }
    const double nan = NAN, far[] = {-800, 800};
    for (int kind = 0; kind < CC_PHI_KINDS; kind++) { /* a NaN stays one */
        cc_phi_forward((cc_phi){(cc_phi_kind)kind, 1}, 1, &nan, &a);
        if (!isnan(a)) fail_msg("%s(NaN) = %g", cc_phi_name((cc_phi_kind)kind), a);
    }
    double y[2];
    cc_phi_forward((cc_phi){CC_PHI_SOFTPLUS, 0}, 2, far, y);
    assert_true(y[0] == 0 && y[1] == 800);
    cc_phi_forward((cc_phi){CC_PHI_SIGMOID, 0}, 2, far, y);
    assert_true(y[0] == 0 && y[1] == 1);
    cc_phi_forward((cc_phi){CC_PHI_TANH, 0}, 2, far, y);
    assert_true(y[0] == -1 && y[1] == 1);
    cc_phi_forward((cc_phi){CC_PHI_GELU, 0}, 2, far, y);
    assert_true(y[0] == 0 && y[1] == 800);
}

static double exp_here(double x) { return cc_vexp(x); }
static double expm1_here(double x) { return cc_vexpm1(x); }
static double tanh_here(double x) { return cc_vtanh(x); }
static double logistic_here(double x) { return cc_vlogistic(x); }
static long double logistic_exact(long double x) { return 1 / (1 + expl(-x)); }

/* Units in the last place off the long double result, over magnitudes from 1e-7 to overflow. */
static void test_exponentials(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        double (*ours)(double);
        long double (*exact)(long double);
        double most;
    } each[] = {{"exp", exp_here, expl, 1},
                {"expm1", expm1_here, expm1l, 2},
                {"tanh", tanh_here, tanhl, 2.5},
                {"logistic", logistic_here, logistic_exact, 2.5}};
    for (size_t k = 0; k < sizeof each / sizeof *each; k++)
        for (double size = 1e-7; size < 745; size *= 1.001)
            for (int sign = -1; sign <= 1; sign += 2) {
                double x = sign * size, y = each[k].ours(x);
                if ((k == 1 && x > 700) || (k == 3 && x < -700)) continue; /* out of their range */
                long double e = each[k].exact(x);
                double ulp = nextafter(fabs((double)e), INFINITY) - fabs((double)e);
                if (isinf((double)e) ? y != (double)e : !(fabsl((long double)y - e) <= (long double)(each[k].most * ulp)))
                    fail_msg("%s(%.17g) = %.17g, not %.17Lg", each[k].name, x, y, e);
            }
    assert_true(cc_vexp(-INFINITY) == 0 && cc_vexp(INFINITY) == INFINITY && cc_vexp(-746) == 0 && cc_vtanh(-INFINITY) == -1);
    assert_true(isnan(cc_vexp(NAN)) && isnan(cc_vtanh(NAN)) && isnan(cc_vlogistic(NAN)) && isnan(cc_vexpm1(NAN)));
    assert_true(cc_vtanh(0) == 0 && cc_vexpm1(0) == 0 && cc_vexp(0) == 1 && signbit(cc_vtanh(-0.0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_operations), cmocka_unit_test(test_activations),
                                       cmocka_unit_test(test_kinks), cmocka_unit_test(test_exponentials)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
