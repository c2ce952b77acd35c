/* The calls of the tape: Gauss-Newton products against their definition, gradients of single examples by layer, index sets, fixed
 * points, the fast path for perceptrons, what is refused and in which words. */
#include "harness/numerics/mlp.h"
#include "harness/test/nn_check.h"

/* ---- a small convolutional net, and one over sequences: all parameters have gradients by example ---- */

enum { BATCH = 6 };
static const int labels[BATCH] = {0, 2, 1, 2, 1, 0};

static nn_node cnn(nn_tape *t, const double *x)
{
    nn_node W = nn_param(t, nn_img(3, 2, 3, 3)), b = nn_param(t, nn_vec(3)), V = nn_param(t, nn_img(3, 2, 2, 2)),
            c = nn_param(t, nn_vec(2));
    nn_node h = nn_tanh(t, nn_conv(t, nn_input(t, nn_img(BATCH, 2, 5, 5), x), W, b, 2, 1));
    h = nn_mean_pool(t, nn_tanh(t, nn_conv_transposed(t, h, V, c, 1, 0)), 2, 2);
    nn_node U = nn_param(t, nn_mat(3, 8)), d = nn_param(t, nn_vec(3)), gain = nn_param(t, nn_vec(8)),
            shift = nn_param(t, nn_vec(8));
    h = nn_layer_norm(t, nn_reshape(t, h, nn_mat(BATCH, 8)), gain, shift, 1e-3);
    return nn_softmax_loss(t, nn_dense(t, h, U, d), nn_index(t, nn_vec(BATCH), labels));
}

static nn_node rnn(nn_tape *t, const double *x)
{
    static const int tokens[3 * BATCH] = {0, 3, 2, 1, 4, 3, 2, 2, 1, 0, 0, 4, 3, 1, 1, 2, 4, 0};
    nn_node E = nn_param(t, nn_mat(5, 2)), index = nn_index(t, nn_mat(3, BATCH), tokens), O = nn_param(t, nn_mat(3, 3));
    nn_lstm_weights cell = {nn_param(t, nn_mat(12, 2)), nn_param(t, nn_mat(12, 3)), nn_param(t, nn_vec(12)),
                            nn_param(t, nn_vec(12))};
    (void)x;
    nn_examples_in(t, index, 1);
    nn_node h = nn_lstm(t, nn_gather(t, E, index), cell, NN_NONE, NULL);
    return nn_softmax_loss(t, nn_dense(t, h, O, NN_NONE), nn_index(t, nn_vec(BATCH), labels));
}

/* Gradients of solutions of a differential equation at its points. */
static nn_node pde(nn_tape *t, const double *x)
{
    nn_node W = nn_param(t, nn_mat(4, 2)), b = nn_param(t, nn_vec(4)), V = nn_param(t, nn_mat(1, 4));
    nn_jet u = nn_jet_apply(t, CC_PHI_TANH, nn_jet_dense(t, nn_jet_input(t, nn_input(t, nn_mat(BATCH, 2), x)), W, b));
    u = nn_jet_dense(t, u, V, NN_NONE);
    return nn_square(t, nn_add(t, u.lap, nn_affine(t, 2, u.u, .3)));
}

/* A parameter as either operand of sums and products, and in the place of a column. */
static nn_node operands(nn_tape *t, const double *x)
{
    nn_node a = nn_param(t, nn_vec(4)), b = nn_param(t, nn_vec(4)), c = nn_param(t, nn_vec(1)),
            h = nn_input(t, nn_mat(BATCH, 4), x);
    h = nn_sub(t, a, nn_tanh(t, nn_sub(t, nn_mul(t, h, b), a)));
    return nn_row_dot(t, nn_mul(t, c, h), nn_add(t, h, b));
}

static void test_examples(void **unused)
{
    (void)unused;
    nn_node (*const nets[])(nn_tape *, const double *) = {cnn, rnn, pde, operands};
    for (size_t k = 0; k < 4; k++) {
        cc_run *run = cc_test_run(NULL, 0);
        nn_tape *t = tape_of(run);
        double *x = seq(BATCH * 50, .2, .9, 1), seed[BATCH] = {0}, sq[BATCH];
        nn_node rows = nets[k](t, x), mean = nn_mean(t, rows);
        size_t m = nn_params(t);
        double *w = seq(m, .5, .8, .7), *g = numbers(m), *each = numbers(BATCH * m), *total = numbers(m);
        ok(run, nn_per_example_grads(t, rows, w, each));
        ok(run, nn_per_example_sqnorms(t, rows, w, sq));
        for (size_t i = 0; i < BATCH; i++) {
            seed[i] = 1;
            ok(run, nn_vjp(t, rows, w, seed, g));
            seed[i] = 0;
            all_near("example", "row", m, each + i * m, g, 1e-13);
            near("norm", sq[i], dot(m, g, g), 1e-12 * (1 + sq[i]));
            for (size_t j = 0; j < m; j++) total[j] += each[i * m + j] / BATCH;
        }
        ok(run, nn_loss_grad(t, mean, w, NULL, g));
        all_near("example", "mean of rows", m, total, g, 1e-13);
        free(x);
        free(w);
        free(g);
        free(each);
        free(total);
        cc_test_close(run);
    }
}

/* The first dimension counts examples unless something else is said: a step along it is one of them. */
static void test_mixed_examples(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *x = seq(12, .2, .9, 1), w[6] = {.1, .2, .3, .4, .5, .6}, sq[3];
    for (int steps = 0; steps <= 1; steps++) {
        nn_reset(t);
        nn_node in = nn_input(t, nn_cube(2, 3, 2), x), W = nn_param(t, nn_mat(1, 2));
        if (steps) nn_examples_in(t, in, 1);
        nn_node rows = nn_square(t, nn_dense(t, nn_item(t, in, 1), W, NN_NONE));
        assert_int_equal(nn_per_example_sqnorms(t, rows, w, sq), steps ? CC_OK : CC_EINVAL);
    }
    near("norm", sq[1], pow(2 * (.1 * x[8] + .2 * x[9]), 2) * (x[8] * x[8] + x[9] * x[9]), 1e-15);
    free(x);
    cc_test_close(run);
}

/* ---- Gauss-Newton ---- */

/* G = J' A J / n with A = diag(p) - p p', from the explicit Jacobian; G = H for a linear net. */
static void test_gauss_newton(void **unused)
{
    (void)unused;
    for (int hidden = 0; hidden <= 1; hidden++) {
        cc_run *run = cc_test_run(NULL, 0);
        nn_tape *t = tape_of(run);
        double *x = seq(BATCH * 2, .2, .9, 1);
        nn_node h = nn_input(t, nn_mat(BATCH, 2), x);
        if (hidden) h = nn_tanh(t, nn_dense(t, h, nn_param(t, nn_mat(2, 2)), nn_param(t, nn_vec(2))));
        nn_node z = nn_dense(t, h, nn_param(t, nn_mat(3, 2)), nn_param(t, nn_vec(3)));
        nn_node loss = nn_mean(t, nn_softmax_loss(t, z, nn_index(t, nn_vec(BATCH), labels)));
        size_t m = nn_params(t), k = 3 * BATCH;
        double *w = seq(m, .5, .8, .7), *v = seq(m, .1, .3, 1), *gv = numbers(m), *hv = numbers(m), *jv = numbers(k),
               *u = numbers(k), *e = numbers(m);
        ok(run, nn_jvp(t, z, w, v, jv));
        const double *logits = nn_value(t, z);
        for (size_t i = 0; i < BATCH; i++) {
            double p[3], total = 0, along = 0;
            for (size_t j = 0; j < 3; j++) total += p[j] = exp(logits[3 * i + j]);
            for (size_t j = 0; j < 3; j++) along += (p[j] /= total) * jv[3 * i + j];
            for (size_t j = 0; j < 3; j++) u[3 * i + j] = p[j] * (jv[3 * i + j] - along) / BATCH;
        }
        ok(run, nn_vjp(t, z, w, u, e));
        ok(run, nn_ggn_vp(t, loss, w, v, gv));
        ok(run, nn_hvp_again(t, v, hv));
        all_near("Gauss-Newton", "definition", m, gv, e, 1e-14);
        double apart = 0;
        for (size_t i = 0; i < m; i++) apart = fmax(apart, fabs(gv[i] - hv[i]));
        assert_true(hidden ? apart > 1e-3 : apart < 1e-15);
        free(x);
        free(w);
        free(v);
        free(gv);
        free(hv);
        free(jv);
        free(u);
        free(e);
        cc_test_close(run);
    }
}

/* ---- the fast path ---- */

static void test_fast_path(void **unused)
{
    (void)unused;
    enum { ROWS = 40 };
    static const cc_phi_kind kinds[] = {CC_PHI_TANH, CC_PHI_RELU, CC_PHI_SOFTPLUS, CC_PHI_GELU};
    const size_t width[] = {12, 9, 7, 3};
    int y[ROWS];
    size_t ids[ROWS / 2];
    double *x = seq(ROWS * 12, .3, .71, 1);
    for (int i = 0; i < ROWS; i++) y[i] = i * 7 % 3;
    for (size_t i = 0; i < ROWS / 2; i++) ids[i] = i * 13 % ROWS;
    for (size_t k = 0; k < 4; k++) {
        cc_run *run = cc_test_run(NULL, 0);
        nn_tape *t = tape_of(run);
        cc_mlp net;
        cc_mlp_work *work;
        ok(run, cc_mlp_shape(run, &net, 3, width, (cc_phi){kinds[k], 1}, 1));
        ok(run, cc_mlp_work_new(run, &net, ROWS, 1, &work));
        cc_batch batch = {.rows = ROWS, .x = x, .label = y, .loss = CC_LOSS_SOFTMAX, .n = ROWS / 2, .ids = ids};
        nn_node in = nn_input(t, nn_mat(ROWS / 2, 12), NULL), index = nn_index(t, nn_vec(ROWS / 2), NULL), h = in;
        for (size_t l = 0; l < 3; l++) {
            nn_node W = nn_param(t, nn_mat(width[l + 1], width[l])), b = nn_param(t, nn_vec(width[l + 1]));
            h = nn_dense(t, h, W, b);
            if (l < 2) h = nn_apply(t, kinds[k], h);
        }
        nn_node rows = nn_softmax_loss(t, h, index), loss = nn_mean(t, rows);
        nn_feed_rows(t, in, x, ids);
        nn_feed_index_rows(t, index, y, ids);
        size_t m = nn_params(t);
        assert_int_equal(m, net.weights);
        double *w = seq(m, .4, .9, .5), *v = seq(m, .1, .3, 1), *a = numbers(m), *b = numbers(m), *ea = numbers(ROWS / 2 * m),
               *eb = numbers(ROWS / 2 * m);
        double la, lb;
        ok(run, nn_loss_grad(t, loss, w, &la, a));
        ok(run, cc_mlp_grad(work, w, &batch, &lb, b));
        near("loss", la, lb, 1e-14);
        all_near("fast path", "gradient", m, a, b, 1e-14);
        ok(run, nn_hvp(t, loss, w, v, a));
        ok(run, cc_mlp_at(work, w, &batch));
        ok(run, cc_mlp_product(work, CC_MLP_HESSIAN, 1, v, b));
        all_near("fast path", "product", m, a, b, 1e-14);
        ok(run, nn_ggn_vp_again(t, v, a));
        ok(run, cc_mlp_product(work, CC_MLP_GGN, 1, v, b));
        all_near("fast path", "Gauss-Newton", m, a, b, 1e-14);
        ok(run, nn_per_example_grads(t, rows, w, ea));
        ok(run, cc_mlp_example_grads(work, w, &batch, eb));
        all_near("fast path", "examples", ROWS / 2 * m, ea, eb, 1e-14);
        free(w);
        free(v);
        free(a);
        free(b);
        free(ea);
        free(eb);
        cc_test_close(run);
    }
    free(x);
}

/* ---- parts of a batch; inputs that want adjoints and have tangents ---- */

static void test_feeding(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *x = seq(12, .2, .9, 1), *w = seq(8, .5, .8, .7), *dx = seq(6, .3, .4, 1), g[8], half[8], total[8] = {0}, jv[3], hv[8];
    nn_node in = nn_input(t, nn_mat(3, 2), x);
    nn_want(t, in);
    nn_node W = nn_param(t, nn_mat(4, 2)), z = nn_tanh(t, nn_dense(t, in, W, NN_NONE)), rows = nn_row_dot(t, z, z),
            loss = nn_mean(t, rows);
    for (size_t part = 0; part < 2; part++) {
        nn_feed(t, in, x + 6 * part);
        ok(run, nn_loss_grad(t, loss, w, NULL, half));
        for (size_t i = 0; i < 8; i++) total[i] += half[i] / 2;
    }
    ok(run, nn_loss_grad(t, rows, w, NULL, g) == CC_EINVAL ? CC_OK : CC_EBUG); /* three numbers are no loss */
    nn_feed_tangent(t, in, dx);
    ok(run, nn_jvp(t, rows, w, NULL, jv));
    ok(run, nn_backward(t, loss, NULL, g));
    assert_memory_equal(g, half, sizeof g);
    near("input adjoint", dot(6, nn_adjoint(t, in), dx), (jv[0] + jv[1] + jv[2]) / 3, 1e-15);
    ok(run, nn_backward_tangent(t, hv)); /* mixed: along the input, read at the weights */
    double *moved = numbers(6), up[8], down[8], h = 1e-5;
    for (size_t i = 0; i < 6; i++) moved[i] = x[6 + i] + h * dx[i];
    nn_feed(t, in, moved);
    ok(run, nn_loss_grad(t, loss, w, NULL, up));
    for (size_t i = 0; i < 6; i++) moved[i] = x[6 + i] - h * dx[i];
    nn_feed(t, in, moved);
    ok(run, nn_loss_grad(t, loss, w, NULL, down));
    for (size_t i = 0; i < 8; i++) near("mixed", hv[i], (up[i] - down[i]) / (2 * h), 1e-9);
    nn_reset(t); /* the whole batch at once */
    in = nn_input(t, nn_mat(6, 2), x);
    W = nn_param(t, nn_mat(4, 2));
    z = nn_tanh(t, nn_dense(t, in, W, NN_NONE));
    ok(run, nn_loss_grad(t, nn_mean(t, nn_row_dot(t, z, z)), w, NULL, g));
    all_near("batch", "halves", 8, total, g, 1e-15);
    free(x);
    free(w);
    free(dx);
    free(moved);
    cc_test_close(run);
}

static uint64_t flops_of(nn_tape *t, cc_run *run, int sweep, nn_node loss, const double *w, double *g)
{
    uint64_t before = cc_flops_now();
    if (sweep == 0) ok(run, nn_forward(t, w));
    if (sweep == 1) ok(run, nn_backward(t, loss, NULL, g));
    if (sweep == 2) ok(run, nn_tangent(t, w));
    if (sweep == 3) ok(run, nn_backward_tangent(t, g));
    if (sweep == 4) ok(run, nn_backward_gauss_newton(t, g));
    return cc_flops_now() - before;
}

/* What is billed: F a layer forward, 2F backward, 2F tangent, 4F backward tangent; F each for the first, whose input is data. */
static void test_bill(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *x = seq(BATCH * 5, .2, .9, 1);
    nn_node h = nn_tanh(t, nn_dense(t, nn_input(t, nn_mat(BATCH, 5), x), nn_param(t, nn_mat(4, 5)), nn_param(t, nn_vec(4))));
    nn_node z = nn_dense(t, h, nn_param(t, nn_mat(3, 4)), nn_param(t, nn_vec(3)));
    nn_node loss = nn_mean(t, nn_softmax_loss(t, z, nn_index(t, nn_vec(BATCH), labels)));
    size_t m = nn_params(t), first = 2 * BATCH * 5 * 4, next = 2 * BATCH * 4 * 3;
    double *w = seq(m, .5, .8, .7), *g = numbers(m);
    const uint64_t bill[] = {first + next, first + 2 * next, first + 2 * next, first + 4 * next, first + 2 * next};
    for (int sweep = 0; sweep < 5; sweep++) assert_int_equal(flops_of(t, run, sweep, loss, w, g), bill[sweep]);
    memset(w, 0, m * sizeof *w);
    assert_int_equal(flops_of(t, run, 2, loss, w, g), 0); /* a direction that is zero costs nothing */
    free(x);
    free(w);
    free(g);
    cc_test_close(run);
}

/* ---- fixed points ---- */

typedef struct implicit { /* z = tanh(z A' + x B' + b), read by u.z */
    cc_run *run;
    nn_tape *t;
    nn_fixed p;
    double *x, *w, *u, *v;
    size_t m, n;
} implicit;

static implicit implicit_open(double size)
{
    enum { ROWS = 3, WIDE = 4 };
    implicit f = {.run = cc_test_run(NULL, 0)};
    nn_tape *t = f.t = tape_of(f.run);
    f.x = seq(ROWS * 2, .2, .9, 1);
    nn_node z = nn_input(t, nn_mat(ROWS, WIDE), NULL);
    nn_want(t, z);
    nn_node A = nn_param(t, nn_mat(WIDE, WIDE)), B = nn_param(t, nn_mat(WIDE, 2)), b = nn_param(t, nn_vec(WIDE));
    nn_node into = nn_dense(t, nn_input(t, nn_mat(ROWS, 2), f.x), B, b);
    f.p = (nn_fixed){t, z, nn_tanh(t, nn_dense(t, z, A, into)), 1e-13, 400};
    f.m = nn_params(t);
    f.n = ROWS * WIDE;
    f.w = seq(f.m, .5, .8, size);
    f.v = seq(f.m, .1, .37, 1);
    f.u = seq(f.n, .3, .7, 1);
    return f;
}

static void implicit_close(implicit *f)
{
    free(f->x);
    free(f->w);
    free(f->u);
    free(f->v);
    cc_test_close(f->run);
}

static double solved(implicit *f, double h, double *z)
{
    double *w = numbers(f->m), value;
    for (size_t i = 0; i < f->m; i++) w[i] = f->w[i] + h * f->v[i];
    nn_fixed tight = f->p; /* differences divide the error by h */
    tight.tolerance = 1e-15;
    ok(f->run, nn_fixed_solve(&tight, w, z, NULL));
    value = dot(f->n, f->u, z);
    free(w);
    return value;
}

static void test_fixed_points(void **unused)
{
    (void)unused;
    implicit f = implicit_open(.4);
    double *z = numbers(f.n), *z2 = numbers(f.n), *g = numbers(f.m), *dz = numbers(f.n);
    size_t used = 0;
    double fd = (8 * (solved(&f, 4e-4, z2) - solved(&f, -4e-4, z2)) - (solved(&f, 8e-4, z2) - solved(&f, -8e-4, z2))) / 48e-4;
    assert_int_equal(nn_fixed_vjp(&(nn_fixed){f.t, f.p.f, f.p.f, 1e-13, 9}, f.u, g), CC_EINVAL); /* z is no input */
    ok(f.run, nn_fixed_solve(&f.p, f.w, z, &used));
    assert_true(used > 10 && used < 400);
    ok(f.run, nn_fixed_vjp(&f.p, f.u, g));
    ok(f.run, nn_fixed_jvp(&f.p, f.v, dz));
    near("adjoint of a fixed point", dot(f.m, g, f.v), fd, 1e-10);
    near("tangent of a fixed point", dot(f.n, f.u, dz), fd, 1e-10);
    near("both", dot(f.n, f.u, dz), dot(f.m, g, f.v), 1e-12);
    uint64_t bytes = f.run->bytes;
    ok(f.run, nn_fixed_solve(&f.p, f.w, z, NULL));
    ok(f.run, nn_fixed_vjp(&f.p, f.u, g));
    assert_int_equal(f.run->bytes, bytes);
    f.p.iterations = 3;
    memset(z, 0, f.n * sizeof *z);
    assert_int_equal(nn_fixed_solve(&f.p, f.w, z, NULL), CC_ENUMERIC);
    free(z);
    free(z2);
    free(g);
    free(dz);
    implicit_close(&f);
}

/* ---- what is refused ---- */

static void says(cc_run *run, cc_status status, cc_status expected, const char *words)
{
    assert_int_equal(status, expected);
    if (!strstr(cc_test_message(run), words)) fail_msg("'%s' is not in '%s'", words, cc_test_message(run));
}

/* Each line records something wrong on a fresh tape. */
static void test_shapes(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    nn_node a = NN_NONE, b = NN_NONE, c = NN_NONE, im = NN_NONE, k = NN_NONE, idx = NN_NONE;
#define WRONG(call, words)                                                                                                         \
    do {                                                                                                                           \
        nn_reset(t);                                                                                                               \
        a = nn_param(t, nn_mat(5, 3)), b = nn_param(t, nn_mat(4, 2)), c = nn_param(t, nn_vec(7));                                  \
        im = nn_param(t, nn_img(2, 3, 4, 4)), k = nn_param(t, nn_img(2, 2, 3, 3)), idx = nn_index(t, nn_vec(4), labels);           \
        assert_int_equal((call), NN_NONE);                                                                                         \
        assert_int_equal(nn_tanh(t, a), NN_NONE); /* everything after it, too */                                                   \
        says(run, nn_status(t), CC_EINVAL, words);                                                                                 \
        says(run, nn_forward(t, NULL), CC_EINVAL, words);                                                                          \
    } while (0)
    WRONG(nn_dense(t, a, b, NN_NONE), "dense: x is 5 x 3, W is 4 x 2");
    WRONG(nn_dense(t, nn_reshape(t, a, nn_mat(3, 5)), nn_reshape(t, a, nn_mat(3, 5)), c), "dense: W is 3 x 5, b is 7");
    WRONG(nn_dense(t, 99, b, NN_NONE), "dense: input 0 is no node");
    WRONG(nn_matmul(t, a, 0, b, 1), "matmul: 5 x 3 times 4 x 2 transposed");
    WRONG(nn_add(t, a, b), "add: 5 x 3 and 4 x 2");
    WRONG(nn_mul(t, a, c), "mul: 5 x 3 and 7");
    WRONG(nn_reshape(t, a, nn_vec(16)), "reshape: 5 x 3 to 16");
    WRONG(nn_part(t, a, 10, nn_vec(6)), "part: 6 from entry 10 of 5 x 3");
    WRONG(nn_slice(t, a, 1, 2, 2), "slice: 2 from 2 along dimension 1 of 5 x 3");
    WRONG(nn_slice(t, a, 2, 0, 1), "slice: 1 from 0 along dimension 2 of 5 x 3");
    WRONG(nn_lstm(t, a, (nn_lstm_weights){b, nn_reshape(t, k, nn_mat(12, 3)), c, c}, NN_NONE, NULL),
          "lstm: x is 5 x 3, W_hh is 12 x 3");
    WRONG(nn_item(t, a, 5), "item: 5 of 5 x 3");
    WRONG(nn_sum_over(t, a, 2), "sum over: dimension 2 of 5 x 3");
    WRONG(nn_transpose(t, c), "transpose: 7 is no matrix");
    WRONG(nn_concat(t, 0, 2, ((const nn_node[]){a, b})), "concat: 5 x 3 and 4 x 2");
    WRONG(nn_concat(t, 0, 0, &a), "concat: 0 inputs");
    WRONG(nn_gather(t, c, idx), "gather: a table of 7");
    WRONG(nn_softmax_loss(t, a, idx), "softmax loss: z is 5 x 3, the target is 4");
    WRONG(nn_loss(t, CC_LOSS_LOGISTIC, b, idx), "logistic loss: labels need one column");
    WRONG(nn_loss(t, CC_LOSS_SQUARED, a, a), "the target may not depend on parameters");
    WRONG(nn_conv(t, im, k, NN_NONE, 1, 0), "conv: x is 2 x 3 x 4 x 4, W is 2 x 2 x 3 x 3");
    WRONG(nn_conv(t, im, im, c, 1, 0), "conv: W is 2 x 3 x 4 x 4, b is 7");
    WRONG(nn_concat(t, 0, 2, ((const nn_node[]){nn_reshape(t, a, nn_cube(5, 3, 1)), a})), "concat: 5 x 3 x 1 and 5 x 3");
    WRONG(nn_max_pool(t, a, 2, 1), "max pool: size 2, stride 1 of 5 x 3");
    WRONG(nn_transpose(t, 99), "transpose: input 0 is no node");
    WRONG(nn_item(t, -7, 0), "item: input 0 is no node");
    WRONG(nn_part(t, 99, 0, nn_vec(1)), "part: input 0 is no node");
    WRONG(nn_dropout_rates(t, a, idx, 0, 1), "dropout: x is 5 x 3, the rates are 4");
    WRONG(nn_noise(t, a, -1, 0), "noise: the deviation -1");
    WRONG((nn_examples_in(t, a, 2), nn_tanh(t, a)), "examples in: node 0, dimension 2");
    WRONG((nn_examples_in(t, a, -2), nn_tanh(t, a)), "examples in: node 0, dimension -2");
    WRONG((nn_tanh(t, a), nn_examples_in(t, a, 1), nn_tanh(t, a)), "examples in: node 0, dimension 1");
    WRONG(nn_max_pool(t, im, 5, 1), "max pool: size 5, stride 1 of 2 x 3 x 4 x 4");
    WRONG(nn_batch_norm(t, a, c, NN_NONE, 1e-5, NULL, NULL), "norm: x is 5 x 3, its gain is 7");
    WRONG(nn_group_norm(t, im, 2, NN_NONE, NN_NONE, 1e-5), "group norm: 2 groups of 2 x 3 x 4 x 4");
    WRONG(nn_dropout(t, a, 1, 0), "dropout: the rate 1");
    WRONG(nn_lstm_gates(t, a, b, NN_NONE), "lstm gates: the gates are 5 x 3, the state is 4 x 2");
    WRONG(nn_ball_exp0(t, -1, a), "exp0: the curvature is -c");
    WRONG(nn_interval_monotone(t, CC_PHI_SIN, (nn_interval){a, a}).c, "interval: sin is not monotone");
    WRONG(nn_jet_input(t, c).u, "jet: x is 7");
    WRONG(nn_phi(t, (cc_phi){CC_PHI_TANH, 0}, 3, a), "phi: kind");
    WRONG(nn_param(t, nn_mat(0, 3)), "parameter: empty (0 x 3)");
    WRONG(nn_input(t, nn_mat(0, 3), NULL), "input: empty (0 x 3)");
    WRONG(nn_input(t, (nn_shape){0}, NULL), "input: 0 dimensions");
    cc_test_close(run);
}

static void test_order(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    static const int wrong[] = {0, 1, 3};
    double w[9] = {.1, .2, .3, .4, .5, .6, .7, .8, .9}, g[9], x[9] = {0};
    nn_node z = nn_param(t, nn_mat(3, 3)), y = nn_index(t, nn_vec(3), NULL), in = nn_input(t, nn_mat(3, 3), NULL);
    nn_node loss = nn_mean(t, nn_softmax_loss(t, nn_add(t, z, in), y));
    says(run, nn_tangent(t, w), CC_EINVAL, "tangent: a forward sweep comes first");
    says(run, nn_backward(t, loss, NULL, g), CC_EINVAL, "backward: a forward sweep comes first");
    says(run, nn_forward(t, NULL), CC_EINVAL, "forward: no parameter vector, 9 parameters");
    says(run, nn_forward(t, w), CC_EINVAL, "forward: input 2 was never fed");
    nn_feed(t, in, x);
    says(run, nn_forward(t, w), CC_EINVAL, "softmax loss: the indices were never fed");
    nn_feed_index(t, y, wrong);
    says(run, nn_forward(t, w), CC_EINVAL, "softmax loss: index 3 at 2 is not in 0 .. 2");
    nn_feed_index(t, y, labels);
    ok(run, nn_forward(t, w));
    says(run, nn_backward_tangent(t, g), CC_EINVAL, "backward tangent: forward, backward and tangent sweeps come first");
    ok(run, nn_tangent(t, w));
    says(run, nn_backward_tangent(t, g), CC_EINVAL, "backward tangent");
    ok(run, nn_backward(t, loss, NULL, g));
    nn_feed(t, in, x);
    says(run, nn_hvp_again(t, w, g), CC_EINVAL, "tangent: a forward sweep comes first"); /* other data may have come */
    ok(run, nn_loss_grad(t, loss, w, NULL, g));
    nn_set_step(t, 1);
    says(run, nn_backward(t, loss, NULL, g), CC_EINVAL, "a forward sweep comes first");
    ok(run, nn_loss_grad(t, loss, w, NULL, g));
    nn_set_mode(t, NN_EVAL);
    says(run, nn_tangent(t, w), CC_EINVAL, "a forward sweep comes first");
    says(run, nn_loss_grad(t, z, w, NULL, g), CC_EINVAL, "the loss is 3 x 3, not one number");
    w[4] = NAN;
    says(run, nn_loss_grad(t, loss, w, NULL, g), CC_ENUMERIC, "first in node 0: parameter (3 x 3)");
    w[4] = .5;
    x[2] = INFINITY;
    says(run, nn_loss_grad(t, loss, w, NULL, g), CC_ENUMERIC, "first in node 2: input (3 x 3)");
    nn_reset(t);
    z = nn_param(t, nn_vec(2));
    nn_sum(t, nn_apply(t, CC_PHI_LOG, nn_affine(t, 1, z, -.15)));
    says(run, nn_forward(t, w), CC_ENUMERIC, "first in node 2: phi (2)");
    nn_reset(t);
    z = nn_param(t, nn_mat(2, 2));
    nn_tanh(t, z);
    nn_want(t, z);
    says(run, nn_status(t), CC_EINVAL, "want: node 0 is no input");
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),     cmocka_unit_test(test_mixed_examples), cmocka_unit_test(test_gauss_newton),
        cmocka_unit_test(test_fast_path),    cmocka_unit_test(test_feeding),        cmocka_unit_test(test_bill),
        cmocka_unit_test(test_fixed_points), cmocka_unit_test(test_shapes),         cmocka_unit_test(test_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
