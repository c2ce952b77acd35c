/* The tape along several directions at once: products of every kind, inputs that move, operators for Krylov methods, whole Hessians
 * by blocks; random starts; fixed points by every solver. That every operation takes directions together is in nn_check.h. */
#include "harness/test/nn_check.h"

enum { N = 5, D = 3, C = 4, P = 7 };
static const int labels[N] = {0, 2, 1, 3, 1};

typedef struct model {
    cc_run *run;
    nn_tape *t;
    nn_node x, rows, loss;
    size_t m;
    double *data, *w, *v;
} model;

/* A convolution (5 x 5 images, so that images and directions differ in number), a layer, softmax. */
static model open_model(void)
{
    model f = {.run = cc_test_run(NULL, 3), .data = seq(N * 2 * 25, .2, .9, 1)};
    nn_tape *t = f.t = tape_of(f.run);
    f.x = nn_input(t, nn_img(N, 2, 5, 5), f.data);
    nn_want(t, f.x);
    nn_node K = nn_param(t, nn_img(2, 2, 3, 3)), b = nn_param(t, nn_vec(2)), W = nn_param(t, nn_mat(C, 8)),
            c = nn_param(t, nn_vec(C));
    nn_node h = nn_tanh(t, nn_conv(t, f.x, K, b, 2, 0));
    f.rows = nn_softmax_loss(t, nn_dense(t, nn_reshape(t, h, nn_mat(N, 8)), W, c), nn_index(t, nn_vec(N), labels));
    f.loss = nn_mean(t, f.rows);
    f.m = nn_params(t);
    f.w = seq(f.m, .3, .8, .6);
    f.v = seq(P * f.m, .9, .37, 1);
    return f;
}

static void close_model(model *f)
{
    free(f->data);
    free(f->w);
    free(f->v);
    cc_test_close(f->run);
}

static void test_products(void **unused)
{
    (void)unused;
    model f = open_model();
    double *together = numbers(P * f.m), *one = numbers(f.m);
    ok(f.run, nn_hvps(f.t, f.loss, f.w, P, f.v, together));
    for (size_t q = 0; q < P; q++) {
        ok(f.run, nn_hvp(f.t, f.loss, f.w, f.v + q * f.m, one));
        all_near("block", "Hessian", f.m, together + q * f.m, one, 1e-14);
    }
    ok(f.run, nn_ggn_vps(f.t, f.loss, f.w, P, f.v, together));
    for (size_t q = 0; q < P; q++) {
        ok(f.run, nn_ggn_vp_again(f.t, f.v + q * f.m, one));
        all_near("block", "Gauss-Newton", f.m, together + q * f.m, one, 1e-14);
    }
    uint64_t bytes = f.run->bytes;
    ok(f.run, nn_hvps(f.t, f.loss, f.w, P, f.v, NULL));
    uint64_t more = f.run->bytes;
    for (size_t p = 1; p <= P; p++) ok(f.run, nn_hvps(f.t, f.loss, f.w, p, f.v, p % 2 ? together : NULL));
    assert_int_equal(f.run->bytes, more);
    assert_true(more - bytes <= 2 * P * f.m * sizeof(double) + (1 << 17)); /* the products' own vector, in a block */
    assert_int_equal(nn_hvps(f.t, f.loss, f.w, 0, f.v, together), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(f.run), "no direction"));
    free(together);
    free(one);
    close_model(&f);
}

/* (1/n) G'(G v) of the gradients in rows; also where the direction moves no loss. */
static void test_fisher(void **unused)
{
    (void)unused;
    model f = open_model();
    double *g = numbers(N * f.m), *fv = numbers(P * f.m), *zero = numbers(f.m);
    ok(f.run, nn_per_example_grads(f.t, f.rows, f.w, g));
    ok(f.run, nn_fisher_vps(f.t, f.rows, f.w, P, f.v, fv));
    for (size_t q = 0; q < P; q++) {
        double *expected = numbers(f.m);
        for (size_t i = 0; i < N; i++) {
            double along = dot(f.m, g + i * f.m, f.v + q * f.m) / N;
            for (size_t j = 0; j < f.m; j++) expected[j] += along * g[i * f.m + j];
        }
        all_near("block", "Fisher", f.m, fv + q * f.m, expected, 1e-14);
        free(expected);
    }
    assert_int_equal(nn_hvp_again(f.t, f.v, fv), CC_EINVAL); /* of what loss? */
    ok(f.run, nn_fisher_vps(f.t, f.rows, f.w, 1, zero, fv));
    all_near("block", "Fisher of zero", f.m, fv, zero, 0);
    assert_int_equal(nn_fisher_vps(f.t, 99, f.w, 1, zero, fv), CC_EINVAL);
    free(g);
    free(fv);
    free(zero);
    close_model(&f);
}

/* Each direction has its own tangent of the input, and its own adjoint tangents there. */
static void test_inputs(void **unused)
{
    (void)unused;
    model f = open_model();
    const size_t n = N * 50;
    double *dx = seq(P * n, .4, .7, 1), *at = numbers(P * n), *hv = numbers(P * f.m), *one = numbers(f.m);
    nn_feed_tangent(f.t, f.x, dx);
    ok(f.run, nn_hvps(f.t, f.loss, f.w, P, f.v, hv));
    for (size_t q = 0; q < P; q++) {
        assert_ptr_equal(nn_node_tangent(f.t, f.x, q), dx + q * n);
        memcpy(at + q * n, nn_adjoint_tangent(f.t, f.x, q), n * sizeof *at);
    }
    assert_null(nn_node_tangent(f.t, f.x, P));
    assert_null(nn_adjoint_tangent(f.t, f.x, P));
    for (size_t q = 0; q < P; q++) {
        nn_feed_tangent(f.t, f.x, dx + q * n);
        ok(f.run, nn_hvp(f.t, f.loss, f.w, f.v + q * f.m, one));
        all_near("inputs", "product", f.m, hv + q * f.m, one, 1e-14);
        all_near("inputs", "adjoint tangent", n, at + q * n, nn_adjoint_tangent(f.t, f.x, 0), 1e-14);
    }
    free(dx);
    free(at);
    free(hv);
    free(one);
    close_model(&f);
}

/* Columns by blocks, the last of them shorter: those of single products, exactly symmetric. */
static void test_whole(void **unused)
{
    (void)unused;
    model f = open_model();
    double *h = numbers(f.m * f.m), *unit = numbers(f.m), *column = numbers(f.m);
    assert_true(f.m % 32 != 0 && f.m > 32);
    ok(f.run, nn_hessian(f.t, f.loss, f.w, h));
    for (size_t i = 0; i < f.m; i++) {
        unit[i] = 1;
        ok(f.run, nn_hvp_again(f.t, unit, column));
        unit[i] = 0;
        all_near("Hessian", "column", f.m, h + i * f.m, column, 1e-14);
        for (size_t j = 0; j < i; j++) assert_true(h[i * f.m + j] == h[j * f.m + i]);
    }
    free(unit);
    free(column);
    free(h);
    close_model(&f);
}

/* Lanczos through the operator finds the largest eigenvalue of the whole matrix. */
static void test_operators(void **unused)
{
    (void)unused;
    model f = open_model();
    double *h = numbers(f.m * f.m), *d = numbers(f.m), *gv = numbers(2 * f.m), *one = numbers(f.m);
    cc_lanczos l;
    ok(f.run, nn_hessian(f.t, f.loss, f.w, h));
    assert_int_equal(cc_syev(f.m, h, 0, d), 0);
    cc_linop a = nn_hessian_operator(f.t), g = nn_gauss_newton_operator(f.t);
    ok(f.run, cc_lanczos_new(f.run, f.m, f.m, &l));
    ok(f.run, cc_lanczos_start(&l, f.v));
    ok(f.run, cc_lanczos_steps(&l, &a, f.m));
    ok(f.run, cc_lanczos_ritz(&l));
    near("largest", l.theta[l.k - 1], d[f.m - 1], 1e-10);
    near("smallest", l.theta[0], d[0], 1e-10);
    ok(f.run, g.apply(g.self, 2, f.v, gv));
    ok(f.run, nn_ggn_vp_again(f.t, f.v + f.m, one));
    all_near("operator", "Gauss-Newton", f.m, gv + f.m, one, 1e-14);
    assert_true(dot(f.m, f.v, gv) >= 0);
    free(h);
    free(d);
    free(gv);
    free(one);
    close_model(&f);
}

/* ---- starts ---- */

static void moments(size_t n, const double *x, double *largest, double *variance)
{
    *largest = *variance = 0;
    for (size_t i = 0; i < n; i++) {
        *largest = fmax(*largest, fabs(x[i]));
        *variance += x[i] * x[i] / (double)n;
    }
}

static void test_starts(void **unused)
{
    (void)unused;
    static const cc_mlp_start how[] = {CC_MLP_HE, CC_MLP_HE_UNIFORM, CC_MLP_XAVIER, CC_MLP_UNIFORM};
    cc_run *run = cc_test_run(NULL, 1);
    nn_tape *t = tape_of(run);
    nn_node skipped = nn_param(t, nn_vec(3)), K = nn_param(t, nn_img(32, 20, 3, 3)), b = nn_param(t, nn_vec(32));
    /* 180 numbers meet in an output, an input goes to 288: variances of the four starts, and their largest numbers */
    const double in = 180, out = 288, variance[] = {2 / in, 2 / in, 2 / (in + out), 1 / (3 * in)};
    double *w = numbers(nn_params(t)), largest, found;
    for (size_t k = 0; k < 4; k++) {
        cc_rng rng = cc_stream(run, 0, k);
        w[0] = 7;
        nn_start(t, how[k], K, b, &rng, w);
        assert_true(w[0] == 7 && nn_param_offset(t, skipped) == 0);
        moments(5760, w + 3, &largest, &found);
        near("variance of a start", found / variance[k], 1, .1);
        if (k > 0) assert_true(largest <= sqrt(3 * variance[k]) && largest > .99 * sqrt(3 * variance[k]));
        moments(32, w + 5763, &largest, &found);
        assert_true(k == 3 ? largest > .5 / sqrt(in) && largest <= 1 / sqrt(in) : largest == 0);
    }
    cc_rng rng = cc_stream(run, 0, 4);
    nn_start(t, CC_MLP_HE, skipped, NN_NONE, &rng, w);
    assert_int_equal(nn_status(t), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "start: W is 3;"));
    free(w);
    cc_test_close(run);
}

/* ---- linear equations at a fixed point ---- */

static void test_solvers(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *w = seq(16, .5, .8, .4), *v = seq(16, .1, .3, 1), *u = seq(12, .2, .4, 1), z[12] = {0}, g[3][16], dz[3][12];
    double *x = seq(12, .3, .5, 1);
    nn_node in = nn_input(t, nn_mat(3, 4), NULL);
    nn_want(t, in);
    nn_node f = nn_tanh(t, nn_add(t, nn_dense(t, in, nn_param(t, nn_mat(4, 4)), NN_NONE), nn_input(t, nn_mat(3, 4), x)));
    nn_fixed p = {t, in, f, 1e-14, 500, NN_GMRES};
    ok(run, nn_fixed_solve(&p, w, z, NULL));
    for (nn_solver s = NN_GMRES; s <= NN_NEUMANN; s++) {
        p.solver = s;
        ok(run, nn_fixed_vjp(&p, u, g[s]));
        ok(run, nn_fixed_jvp(&p, v, dz[s]));
        all_near("solver", "adjoint", 16, g[s], g[0], 1e-12);
        all_near("solver", "tangent", 12, dz[s], dz[0], 1e-12);
        near("solver", dot(16, g[s], v), dot(12, dz[s], u), 1e-12);
    }
    ok(run, nn_tangent(t, NULL)); /* the solves leave no direction behind */
    assert_null(nn_node_tangent(t, in, 0));
    p.iterations = 3; /* the series is cut off */
    assert_int_equal(nn_fixed_vjp(&p, u, g[0]), CC_ENUMERIC);
    p.solver = (nn_solver)3;
    assert_int_equal(nn_fixed_vjp(&p, u, g[0]), CC_EINVAL);
    free(w);
    free(v);
    free(u);
    free(x);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_products),  cmocka_unit_test(test_fisher),
                                       cmocka_unit_test(test_inputs),    cmocka_unit_test(test_whole),
                                       cmocka_unit_test(test_operators), cmocka_unit_test(test_starts),
                                       cmocka_unit_test(test_solvers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
