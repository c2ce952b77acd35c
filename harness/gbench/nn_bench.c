/* harness/gbench/nn_bench.c: the tape of harness/numerics/nn.h on a perceptron (784-64-64-10), a small convolutional net and a
 * recurrent one, of the sizes that papers train; data made here. */
#include "harness/gbench/gbench.h"
#include "harness/numerics/nn.h"

typedef struct net {
    nn_tape *t;
    nn_node rows, loss;
    double *w, *g, *v;
} net;

static nn_node layer(nn_tape *t, nn_node x, size_t in, size_t out)
{
    nn_node W = nn_param(t, nn_mat(out, in)), b = nn_param(t, nn_vec(out));
    return nn_dense(t, x, W, b);
}

static nn_node perceptron(nn_tape *t, size_t n, const double *x, const int *tokens)
{
    (void)tokens;
    nn_node h = nn_relu(t, layer(t, nn_input(t, nn_mat(n, 784), x), 784, 64));
    return layer(t, nn_relu(t, layer(t, h, 64, 64)), 64, 10);
}

static nn_node convolve(nn_tape *t, nn_node x, size_t in, size_t out)
{
    nn_node W = nn_param(t, nn_img(out, in, 5, 5)), b = nn_param(t, nn_vec(out));
    return nn_max_pool(t, nn_relu(t, nn_conv(t, x, W, b, 1, 2)), 2, 2);
}

static nn_node convolutional(nn_tape *t, size_t n, const double *x, const int *tokens)
{
    (void)tokens;
    nn_node h = convolve(t, convolve(t, nn_input(t, nn_img(n, 1, 28, 28), x), 1, 8), 8, 16);
    return layer(t, nn_reshape(t, h, nn_mat(n, 784)), 784, 10);
}

/* 16 tokens of 100, embedded in 32 dimensions; 64 units. */
static nn_node recurrent(nn_tape *t, size_t n, const double *x, const int *tokens)
{
    (void)x;
    nn_node E = nn_param(t, nn_mat(100, 32)), W = nn_param(t, nn_mat(256, 32)), R = nn_param(t, nn_mat(256, 64));
    nn_node b = nn_param(t, nn_vec(256)), c = nn_param(t, nn_vec(256)), words = nn_index(t, nn_mat(16, n), tokens);
    return layer(t, nn_lstm(t, nn_gather(t, E, words), (nn_lstm_weights){W, R, b, c}, NN_NONE, NULL), 64, 10);
}

static cc_status new_net(cc_run *run, size_t n, nn_node (*build)(nn_tape *, size_t, const double *, const int *), net *f)
{
    double *x;
    int *labels, *tokens;
    cc_rng rng = cc_stream(run, 0, 0);
    CC_NEW(run, x, n * 784);
    CC_NEW(run, labels, n);
    CC_NEW(run, tokens, n * 16);
    for (size_t i = 0; i < n * 784; i++) x[i] = cc_uniform(&rng);
    for (size_t i = 0; i < n; i++) labels[i] = (int)cc_below(&rng, 10);
    for (size_t i = 0; i < n * 16; i++) tokens[i] = (int)cc_below(&rng, 100);
    CC_TRY(nn_open(run, &f->t));
    f->rows = nn_softmax_loss(f->t, build(f->t, n, x, tokens), nn_index(f->t, nn_vec(n), labels));
    f->loss = nn_mean(f->t, f->rows);
    size_t m = nn_params(f->t);
    CC_NEW(run, f->w, m);
    CC_NEW(run, f->g, m);
    CC_NEW(run, f->v, m);
    cc_normal(&rng, m, f->v);
    for (size_t i = 0; i < m; i++) f->w[i] = .05 * f->v[i];
    return nn_status(f->t);
}

typedef enum what { GRADIENT, PRODUCT, EXAMPLE_NORMS } what;

static void measure(cc_loop *loop, nn_node (*build)(nn_tape *, size_t, const double *, const int *), what w)
{
    size_t n = (size_t)cc_loop_arg(loop, 0);
    net f;
    double *sqnorms = NULL;
    cc_run *run = cc_loop_run(loop, NULL);
    cc_status status = new_net(run, n, build, &f);
    if (status == CC_OK && !(sqnorms = cc_alloc(run, n, sizeof *sqnorms))) status = CC_ENOMEM;
    int64_t seen = 0;
    for (; cc_loop_next(loop); seen += (int64_t)n) {
        if (status != CC_OK) continue;
        status = w == GRADIENT  ? nn_loss_grad(f.t, f.loss, f.w, NULL, f.g)
                 : w == PRODUCT ? nn_hvp(f.t, f.loss, f.w, f.v, f.g)
                                : nn_per_example_sqnorms(f.t, f.rows, f.w, sqnorms);
    }
    if (status != CC_OK) cc_loop_skip(loop, cc_status_name(status));
    cc_loop_items(loop, seen);
}

void cc_bench_nn_mlp_grad(cc_loop *loop) { measure(loop, perceptron, GRADIENT); }
void cc_bench_nn_mlp_hvp(cc_loop *loop) { measure(loop, perceptron, PRODUCT); }
void cc_bench_nn_mlp_sqnorms(cc_loop *loop) { measure(loop, perceptron, EXAMPLE_NORMS); }
void cc_bench_nn_cnn_grad(cc_loop *loop) { measure(loop, convolutional, GRADIENT); }
void cc_bench_nn_cnn_hvp(cc_loop *loop) { measure(loop, convolutional, PRODUCT); }
void cc_bench_nn_lstm_grad(cc_loop *loop) { measure(loop, recurrent, GRADIENT); }
void cc_bench_nn_lstm_hvp(cc_loop *loop) { measure(loop, recurrent, PRODUCT); }
