/* What the multilayer perceptron promises beside its numbers: bills, cuts of a batch, starts, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/core/scope.h"
#include "harness/numerics/linalg.h"
#include "harness/test/mlp_net.h"

static void assert_close(double is, double should, double tolerance)
{
    if (!(fabs(is - should) <= tolerance)) fail_msg("%.15g, not %.15g (off by %g)", is, should, is - should);
}

static const cc_phi tangent_h = {CC_PHI_TANH, 0}, gelu = {CC_PHI_GELU, 0}, relu = {CC_PHI_RELU, 0};

/* ---- cuts ---- */

/* Work spaces of 1, 4 and 23 rows, and shuffled examples, say the same. */
static void however_a_batch_is_cut(void **unused)
{
    (void)unused;
    for (int loss = 0; loss < LOSSES; loss++) {
        net_case whole = net_7_6_5_3(gelu, loss, 23);
        size_t m = whole.m, rows[] = {1, 4, 40};
        double *should = numbers(6 * m), *is = numbers(6 * m), share[2], l[2];
        for (int k = -1; k < 3; k++) {
            net_case c = k < 0 ? whole : net_7_6_5_3(gelu, loss, rows[k]);
            double *g = k < 0 ? should : is;
            assert_int_equal(cc_mlp_accuracy(c.work, c.w, &c.batch, share + (k >= 0)), CC_OK);
            assert_int_equal(cc_mlp_grad(c.work, c.w, &c.batch, l + (k >= 0), g), CC_OK);
            assert_int_equal(cc_mlp_at(c.work, c.w, &c.batch), CC_OK);
            for (int kind = 0; kind < 3; kind++)
                assert_int_equal(cc_mlp_product(c.work, (cc_mlp_curvature)kind, 1, c.v, g + (kind + 1) * (int)m), CC_OK);
            if (k < 0) continue;
            assert_close(l[1], l[0], 1e-14 * fmax(1, fabs(l[0])));
            assert_true(share[0] == share[1]);
            for (size_t i = 0; i < 4 * m; i++) assert_close(is[i], should[i], 1e-13 * fmax(1, cc_norm(m, should + i / m * m)));
            leave(&c);
        }
        leave(&whole);
        free(should), free(is);
    }
}

/* Rows of batches are gradients of slices; the last slice is shorter. */
static void gradients_of_batches(void **unused)
{
    (void)unused;
    for (int loss = 0; loss < LOSSES; loss++) {
        net_case c = net_7_6_5_3(tangent_h, loss, 5);
        size_t m = c.m;
        double *rows = numbers(3 * m), *examples = numbers(23 * m);
        assert_int_equal(cc_mlp_batch_grads(c.work, c.w, &c.batch, 10, rows), CC_OK);
        assert_int_equal(cc_mlp_example_grads(c.work, c.w, &c.batch, examples), CC_OK);
        for (size_t i = 0; i < 23; i++)
            cc_axpy(m, -weight_of(&c.batch, i) / (i < 20 ? 10 : 3), examples + i * m, rows + i / 10 * m);
        assert_true(cc_norm(3 * m, rows) < 1e-13 * cc_norm(23 * m, examples));
        free(rows), free(examples);
        leave(&c);
    }
}

/* ---- bills ---- */

static uint64_t billed(net_case *c, int what, double *out)
{
    uint64_t before = cc_flops_now();
    if (what == 0) assert_int_equal(cc_mlp_grad(c->work, c->w, &c->batch, NULL, out), CC_OK);
    if (what == 1) assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, out), CC_OK);
    if (what == 2) assert_int_equal(cc_mlp_product(c->work, CC_MLP_GGN, 1, c->v, out), CC_OK);
    if (what == 4) assert_int_equal(cc_mlp_here(c->work, NULL, out), CC_OK);
    if (what == 3) assert_int_equal(cc_mlp_loss(c->work, c->w, &c->batch, out), CC_OK);
    return cc_flops_now() - before;
}

/* F_l = 2 n in out: a gradient 2 F_1 + 3 (F_2 + F_3), a product on the kept pass 2 F_1 + 6 (F_2 + F_3), Gauss-Newton's 2 F_1 + 4
 * (..). */
static void flops_are_what_they_must_be(void **unused)
{
    (void)unused;
    net_case c = net_7_6_5_3(tangent_h, 0, 23);
    uint64_t first = 2 * 23 * 7 * 6, others = 2 * 23 * (6 * 5 + 5 * 3);
    double *out = numbers(c.m);
    assert_int_equal(billed(&c, 0, out), 2 * first + 3 * others);
    assert_int_equal(billed(&c, 3, out), first + others);
    assert_int_equal(cc_mlp_at(c.work, c.w, &c.batch), CC_OK);
    assert_int_equal(billed(&c, 4, out), 2 * first + 3 * others); /* the pass is made here, and kept */
    assert_int_equal(billed(&c, 1, out), 2 * first + 6 * others);
    assert_int_equal(billed(&c, 2, out), 2 * first + 4 * others);
    free(out);
    leave(&c);
}

/* Loss and gradient at the point are those of the plain calls, before and after products; an adjoint in between is repaired. */
static void losses_and_gradients_at_a_point(void **unused)
{
    (void)unused;
    for (int loss = 0; loss < LOSSES; loss++)
        for (size_t rows = 8; rows <= 23; rows += 15) {
            net_case c = net_7_6_5_3(gelu, loss, rows);
            double *should = numbers(c.m), *is = numbers(c.m), l[2], *zb = numbers(3 * 23);
            assert_int_equal(cc_mlp_here(c.work, l, is), CC_EINVAL);
            assert_null(cc_mlp_where(c.work));
            assert_int_equal(cc_mlp_grad(c.work, c.w, &c.batch, l, should), CC_OK);
            assert_int_equal(cc_mlp_at(c.work, c.w, &c.batch), CC_OK);
            assert_ptr_equal(cc_mlp_where(c.work), c.w);
            for (int k = 0; k < 4; k++) {
                assert_int_equal(cc_mlp_here(c.work, l + 1, k ? is : NULL), CC_OK);
                assert_true(l[0] == l[1]);
                if (k) assert_memory_equal(is, should, c.m * sizeof *is);
                if (k == 1) assert_int_equal(cc_mlp_product(c.work, CC_MLP_HESSIAN, 1, c.v, is), CC_OK);
                if (k == 2) assert_int_equal(cc_mlp_vjp(c.work, zb, is), CC_OK);
            }
            free(should), free(is), free(zb);
            leave(&c);
        }
}

/* Nothing is allocated after the work space, and the same calls give the same bits. */
static void calls_allocate_nothing_and_repeat(void **unused)
{
    (void)unused;
    net_case c = net_7_6_5_3(gelu, 1, 8);
    uint64_t bytes = c.scope->bytes;
    double *once = numbers(c.m * c.m), *again = numbers(c.m * c.m);
    for (int k = 0; k < 2; k++) {
        double *out = k ? again : once, norms[32];
        cc_mlp_grad(c.work, c.w, &c.batch, NULL, out);
        cc_mlp_example_sqnorms(c.work, c.w, &c.batch, norms);
        cc_mlp_at(c.work, c.w, &c.batch);
        cc_mlp_matrix(c.work, CC_MLP_HESSIAN, out);
    }
    assert_memory_equal(once, again, c.m * c.m * sizeof *once);
    assert_int_equal(c.scope->bytes, bytes);
    free(once), free(again);
    leave(&c);
}

/* ---- identities ---- */

static double trace(net_case *c, cc_mlp_curvature kind)
{
    double *h = numbers(c->m * c->m), sum = 0;
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_matrix(c->work, kind, h), CC_OK);
    for (size_t i = 0; i < c->m; i++) sum += h[i * (c->m + 1)];
    free(h);
    return sum;
}

/* Piecewise linear in each weight: the Hessian's trace is Gauss-Newton's. Not so for tanh. */
static void traces_of_relu_nets(void **unused)
{
    (void)unused;
    for (int loss = 0; loss < LOSSES; loss++) {
        net_case c = net_7_6_5_3(relu, loss, 23), other = net_7_6_5_3(tangent_h, loss, 23);
        double h = trace(&c, CC_MLP_HESSIAN), g = trace(&c, CC_MLP_GGN);
        assert_close(h, g, 1e-12 * fabs(g));
        assert_true(fabs(trace(&other, CC_MLP_HESSIAN) - trace(&other, CC_MLP_GGN)) > 1e-3 * g);
        leave(&c), leave(&other);
    }
}

/* One layer and softmax: the Hessian is Gauss-Newton's matrix. */
static void one_layer_is_gauss_newton(void **unused)
{
    (void)unused;
    const size_t width[] = {7, 3};
    net_case data = net_7_6_5_3(tangent_h, 0, 23), c = new_case(1, width, tangent_h, 1, 23, 5);
    c.batch = data.batch;
    sequence(c.m, .2, .9, .7, c.w);
    double *h = numbers(c.m * c.m), *g = numbers(c.m * c.m);
    assert_int_equal(cc_mlp_at(c.work, c.w, &c.batch), CC_OK);
    assert_int_equal(cc_mlp_matrix(c.work, CC_MLP_HESSIAN, h), CC_OK);
    assert_int_equal(cc_mlp_matrix(c.work, CC_MLP_GGN, g), CC_OK);
    assert_memory_equal(h, g, c.m * c.m * sizeof *h);
    free(h), free(g);
    leave(&c), leave(&data);
}

/* Lanczos on the operator finds the largest eigenvalue of the whole matrix. */
static void operators_are_the_matrix(void **unused)
{
    (void)unused;
    net_case c = net_7_6_5_3(tangent_h, 0, 23);
    double *h = numbers(c.m * c.m), *lambda = numbers(c.m);
    assert_int_equal(cc_mlp_at(c.work, c.w, &c.batch), CC_OK);
    for (int kind = CC_MLP_HESSIAN; kind <= CC_MLP_FISHER; kind++) {
        assert_int_equal(cc_mlp_matrix(c.work, (cc_mlp_curvature)kind, h), CC_OK);
        assert_int_equal(cc_syev(c.m, h, 0, lambda), 0);
        cc_linop a = cc_mlp_operator(c.work, (cc_mlp_curvature)kind);
        cc_lanczos l;
        assert_int_equal(cc_lanczos_new(c.scope, c.m, 60, &l), CC_OK);
        assert_int_equal(cc_lanczos_start(&l, c.v), CC_OK);
        assert_int_equal(cc_lanczos_steps(&l, &a, 60), CC_OK);
        assert_int_equal(cc_lanczos_ritz(&l), CC_OK);
        assert_close(l.theta[l.k - 1], lambda[c.m - 1], 1e-10);
        assert_close(l.theta[0], lambda[0], 1e-8);
    }
    free(h), free(lambda);
    leave(&c);
}

/* ---- shapes, starts, accuracy ---- */

static void shapes(void **unused)
{
    (void)unused;
    cc_run run;
    cc_mlp net;
    cc_scope_open(&run, CC_ROLE_RUN, 0, 0);
    assert_int_equal(cc_mlp_parse(&run, &net, "784-40-20-10", relu, 1), CC_OK);
    assert_int_equal(net.weights, 32430);
    assert_int_equal(net.weight_at[1], 784 * 40 + 40);
    assert_int_equal(net.bias_at[1], 784 * 40 + 40 + 40 * 20);
    assert_int_equal(cc_mlp_parse(&run, &net, "6-4-10", (cc_phi){CC_PHI_IDENTITY}, 0), CC_OK);
    assert_int_equal(net.weights, 64);
    const char *wrong[] = {
        "", "7", "7-", "-7", "7-0-2", "7--2", "7-2x", "a", "7-99999999999", "1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(cc_mlp_parse(&run, &net, wrong[i], relu, 1), CC_EINVAL);
    assert_int_equal(cc_mlp_parse(&run, &net, "1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", relu, 1), CC_OK);
    assert_int_equal(net.layers, 16);
    const size_t width[] = {3, 0, 2};
    assert_int_equal(cc_mlp_shape(&run, &net, 2, width, relu, 1), CC_EINVAL);
    cc_scope_close(&run);
}

static void starts(void **unused)
{
    (void)unused;
    cc_run run;
    cc_mlp net;
    cc_scope_open(&run, CC_ROLE_RUN, 3, 0);
    assert_int_equal(cc_mlp_parse(&run, &net, "100-300-50", relu, 1), CC_OK);
    double *w = numbers(net.weights);
    for (int how = CC_MLP_HE; how <= CC_MLP_UNIFORM; how++) {
        cc_rng rng = cc_stream(&run, 1, 0);
        cc_mlp_init(&net, (cc_mlp_start)how, &rng, w);
        for (int l = 0; l < 2; l++) {
            double in = l ? 300 : 100, out = l ? 50 : 300, square = 0, largest = 0, bias = 0, n = in * out;
            for (size_t i = net.weight_at[l]; i < net.bias_at[l]; i++) square += w[i] * w[i], largest = fmax(largest, fabs(w[i]));
            for (size_t i = 0; i < (size_t)out; i++) bias = fmax(bias, fabs(w[net.bias_at[l] + i]));
            double variance = how == CC_MLP_XAVIER ? 2 / (in + out) : how == CC_MLP_UNIFORM ? 1 / (3 * in) : 2 / in;
            assert_close(square / n, variance, 4 * variance * sqrt((how == CC_MLP_HE ? 2 : .8) / n));
            if (how == CC_MLP_HE) assert_true(largest > sqrt(3 * variance));
            if (how != CC_MLP_HE) assert_true(largest <= sqrt(3 * variance) && largest > .99 * sqrt(3 * variance));
            assert_true(how == CC_MLP_UNIFORM ? bias > .8 * sqrt(1 / in) && bias <= sqrt(1 / in) : bias == 0);
        }
    }
    free(w);
    cc_scope_close(&run);
}

/* A net that is the identity: the outputs are the data. */
static void accuracies(void **unused)
{
    (void)unused;
    const size_t two[] = {2, 2}, one[] = {2, 1};
    const double x[] = {1, 0, 0, 1, 2, 2, -1, -3}, target[] = {.9, .1, .8, .2, 0, 1, 1, 0}, sign[] = {1, -1, 1, -1};
    const int label[] = {0, 1, 1, 1}, positive[] = {1, 0, 1, 0};
    double identity[] = {1, 0, 0, 1}, share;
    net_case c = new_case(1, two, relu, 0, 3, 0), single = new_case(1, one, relu, 0, 3, 0);
    cc_batch batch = {.rows = 4, .n = 4, .x = x, .label = label};
    assert_int_equal(cc_mlp_accuracy(c.work, identity, &batch, &share), CC_OK);
    assert_close(share, .5, 0); /* of two equal outputs the first */
    batch.label = NULL, batch.target = target;
    assert_int_equal(cc_mlp_accuracy(c.work, identity, &batch, &share), CC_OK);
    assert_close(share, .5, 0);
    batch.target = sign, batch.loss = CC_LOSS_LOGISTIC;
    assert_int_equal(cc_mlp_accuracy(single.work, identity, &batch, &share), CC_OK); /* the first column: 1 0 2 -1 */
    assert_close(share, 1, 0);
    batch.target = NULL, batch.label = positive;
    assert_int_equal(cc_mlp_accuracy(single.work, identity, &batch, &share), CC_OK);
    assert_close(share, 1, 0);
    leave(&c), leave(&single);
}

/* ---- refusals ---- */

static void refused(net_case *c, const cc_batch *batch, const char *message)
{
    double *out = numbers(c->m), loss;
    assert_int_equal(cc_mlp_grad(c->work, c->w, batch, &loss, out), CC_EINVAL);
    if (!strstr(c->scope->message, message)) fail_msg("'%s' is not about '%s'", c->scope->message, message);
    assert_int_equal(cc_mlp_loss(c->work, c->w, batch, &loss), CC_EINVAL);
    assert_int_equal(cc_mlp_accuracy(c->work, c->w, batch, &loss), CC_EINVAL);
    assert_int_equal(cc_mlp_losses(c->work, c->w, batch, out), CC_EINVAL);
    assert_int_equal(cc_mlp_logits(c->work, c->w, batch, out), CC_EINVAL);
    assert_int_equal(cc_mlp_example_grads(c->work, c->w, batch, out), CC_EINVAL);
    assert_int_equal(cc_mlp_example_sqnorms(c->work, c->w, batch, out), CC_EINVAL);
    assert_int_equal(cc_mlp_example_dots(c->work, c->w, batch, c->v, out), CC_EINVAL);
    assert_int_equal(cc_mlp_batch_grads(c->work, c->w, batch, 2, out), CC_EINVAL);
    assert_int_equal(cc_mlp_jacobian(c->work, c->w, batch, out), CC_EINVAL);
    assert_int_equal(cc_mlp_check(c->scope, &c->net, batch), CC_EINVAL);
    assert_int_equal(cc_mlp_at(c->work, c->w, batch), CC_EINVAL);
    assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, out), CC_EINVAL); /* and there is no point */
    free(out);
}

static void wrong_batches_are_refused(void **unused)
{
    (void)unused;
    net_case c = net_7_6_5_3(tangent_h, 0, 23);
    const cc_batch good = c.batch;
    cc_batch bad = good;
    bad.n = 0, refused(&c, &bad, "empty");
    bad = good, bad.label = NULL, refused(&c, &bad, "labels or targets");
    bad = good, bad.target = good.x, refused(&c, &bad, "labels or targets");
    bad = good, bad.x = NULL, refused(&c, &bad, "x");
    bad = good, bad.ids = NULL, bad.n = 32, refused(&c, &bad, "31 rows");
    bad = good, bad.loss = CC_LOSS_LOGISTIC, refused(&c, &bad, "one output");
    bad = good, bad.loss = (cc_loss_kind)17, refused(&c, &bad, "no loss 17");
    size_t ids[] = {0, 30, 31};
    bad = good, bad.ids = ids, bad.n = 3, refused(&c, &bad, "row 31");
    int label[31] = {0};
    bad = good, bad.label = label, bad.ids = NULL;
    label[5] = 3, refused(&c, &bad, "label 3");
    label[5] = -1, refused(&c, &bad, "label -1");
    assert_int_equal(cc_mlp_at(c.work, c.w, &good), CC_OK);
    double loss;
    assert_int_equal(cc_mlp_batch_grads(c.work, c.w, &good, 0, &loss), CC_EINVAL);
    leave(&c);
}

static void numbers_that_are_none(void **unused)
{
    (void)unused;
    net_case c = net_7_6_5_3(relu, 1, 23);
    assert_int_equal(cc_mlp_check(c.scope, &c.net, &c.batch), CC_OK);
    double *of[] = {(double *)(uintptr_t)c.batch.x, (double *)(uintptr_t)c.batch.target, (double *)(uintptr_t)c.batch.weight}, loss;
    size_t at[] = {c.batch.ids[4] * 7 + 3, c.batch.ids[4] * 3 + 2, 4};
    for (int k = 0; k < 3; k++) {
        double was = of[k][at[k]];
        of[k][at[k]] = k == 1 ? INFINITY : NAN;
        assert_int_equal(cc_mlp_check(c.scope, &c.net, &c.batch), CC_ENUMERIC);
        assert_int_equal(cc_mlp_loss(c.work, c.w, &c.batch, &loss), CC_OK);
        assert_true(!isfinite(loss)); /* shown, not hidden */
        of[k][at[k]] = was;
    }
    assert_int_equal(cc_mlp_check(c.scope, &c.net, &c.batch), CC_OK);
    leave(&c);
}

/* A call of first order leaves the point; a work space without directions has no products, but adjoints. */
static void there_must_be_a_point(void **unused)
{
    (void)unused;
    const size_t width[] = {7, 3};
    net_case c = net_7_6_5_3(tangent_h, 0, 23), few = new_case(1, width, tangent_h, 1, 5, 0);
    double *out = numbers(c.m * 4), loss;
    few.batch = c.batch;
    assert_int_equal(cc_mlp_vjp(c.work, c.batch.x, out), CC_EINVAL);
    assert_int_equal(cc_mlp_jvp(c.work, 1, c.v, out), CC_EINVAL);
    assert_int_equal(cc_mlp_matrix(c.work, CC_MLP_GGN, out), CC_EINVAL);
    assert_int_equal(cc_mlp_example_hvp_sqnorms(c.work, c.v, out), CC_EINVAL);
    assert_int_equal(cc_mlp_at(c.work, c.w, &c.batch), CC_OK);
    assert_int_equal(cc_mlp_product(c.work, CC_MLP_GGN, 1, c.v, out), CC_OK);
    assert_int_equal(cc_mlp_loss(c.work, c.w, &c.batch, &loss), CC_OK);
    assert_int_equal(cc_mlp_product(c.work, CC_MLP_GGN, 1, c.v, out), CC_EINVAL);
    assert_int_equal(cc_mlp_at(few.work, few.w, &few.batch), CC_OK);
    assert_int_equal(cc_mlp_product(few.work, CC_MLP_GGN, 1, few.v, out), CC_EINVAL);
    assert_int_equal(cc_mlp_vjp(few.work, few.batch.x, out), CC_OK);
    assert_int_equal(cc_mlp_example_dots(few.work, few.w, &few.batch, few.v, out), CC_EINVAL);
    assert_int_equal(cc_mlp_work_new(c.scope, &c.net, 0, 1, &few.work), CC_EINVAL);
    c.scope->limit = c.scope->bytes + 1000;
    assert_int_equal(cc_mlp_work_new(c.scope, &c.net, 10, 1, &few.work), CC_ENOMEM);
    free(out);
    leave(&c), leave(&few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(however_a_batch_is_cut),
        cmocka_unit_test(gradients_of_batches),
        cmocka_unit_test(flops_are_what_they_must_be),
        cmocka_unit_test(losses_and_gradients_at_a_point),
        cmocka_unit_test(calls_allocate_nothing_and_repeat),
        cmocka_unit_test(traces_of_relu_nets),
        cmocka_unit_test(one_layer_is_gauss_newton),
        cmocka_unit_test(operators_are_the_matrix),
        cmocka_unit_test(shapes),
        cmocka_unit_test(starts),
        cmocka_unit_test(accuracies),
        cmocka_unit_test(wrong_batches_are_refused),
        cmocka_unit_test(numbers_that_are_none),
        cmocka_unit_test(there_must_be_a_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
