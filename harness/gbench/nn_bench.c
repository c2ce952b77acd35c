/* harness/gbench/nn_bench.c: the tape of harness/numerics/nn.h on a perceptron (784-64-64-10), a small convolutional net and a
 * recurrent one, of the sizes that papers train; data made here. */
#include "harness/gbench/gbench.h"
#include "harness/numerics/nn.h"
#include "harness/numerics/optim.h"

typedef struct net {
    nn_tape *t;
    nn_node x, y, rows, loss;
    double *w, *g, *v, *data;
    int *labels;
} net;

static nn_node layer(nn_tape *t, nn_node x, size_t in, size_t out)
{
    nn_node W = nn_param(t, nn_mat(out, in)), b = nn_param(t, nn_vec(out));
    return nn_dense(t, x, W, b);
}

static nn_node perceptron(nn_tape *t, nn_node x, const int *tokens)
{
    (void)tokens;
    nn_node h = nn_relu(t, layer(t, x, 784, 64));
    return layer(t, nn_relu(t, layer(t, h, 64, 64)), 64, 10);
}

static nn_node convolve(nn_tape *t, nn_node x, size_t in, size_t out)
{
    nn_node W = nn_param(t, nn_img(out, in, 5, 5)), b = nn_param(t, nn_vec(out));
    return nn_max_pool(t, nn_relu(t, nn_conv(t, x, W, b, 1, 2)), 2, 2);
}

static nn_node convolutional(nn_tape *t, nn_node x, const int *tokens)
{
    (void)tokens;
    size_t n = nn_size(t, x) / 784;
    nn_node h = convolve(t, convolve(t, nn_reshape(t, x, nn_img(n, 1, 28, 28)), 1, 8), 8, 16);
    return layer(t, nn_reshape(t, h, nn_mat(n, 784)), 784, 10);
}

/* 16 tokens of 100, embedded in 32 dimensions; 64 units. */
static nn_node recurrent(nn_tape *t, nn_node x, const int *tokens)
{
    size_t n = nn_size(t, x) / 784;
    nn_node E = nn_param(t, nn_mat(100, 32)), W = nn_param(t, nn_mat(256, 32)), R = nn_param(t, nn_mat(256, 64));
    nn_node b = nn_param(t, nn_vec(256)), c = nn_param(t, nn_vec(256)), words = nn_index(t, nn_mat(16, n), tokens);
    return layer(t, nn_lstm(t, nn_gather(t, E, words), (nn_lstm_weights){W, R, b, c}, NN_NONE, NULL), 64, 10);
}

static cc_status new_net(cc_run *run, size_t n, nn_node (*build)(nn_tape *, nn_node, const int *), net *f)
{
    int *tokens;
    cc_rng rng = cc_stream(run, 0, 0);
    CC_NEW(run, f->data, n * 784);
    CC_NEW(run, f->labels, n);
    CC_NEW(run, tokens, n * 16);
    for (size_t i = 0; i < n * 784; i++) f->data[i] = cc_uniform(&rng);
    for (size_t i = 0; i < n; i++) f->labels[i] = (int)cc_below(&rng, 10);
    for (size_t i = 0; i < n * 16; i++) tokens[i] = (int)cc_below(&rng, 100);
    CC_TRY(nn_open(run, &f->t));
    f->x = nn_input(f->t, nn_mat(n, 784), f->data);
    f->y = nn_index(f->t, nn_vec(n), f->labels);
    f->rows = nn_softmax_loss(f->t, build(f->t, f->x, tokens), f->y);
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

static void measure(cc_loop *loop, nn_node (*build)(nn_tape *, nn_node, const int *), what w)
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

/* An epoch of stochastic gradient steps with momentum over 1024 examples in a new order, in batches of the argument. */
static void epoch(cc_loop *loop, nn_node (*build)(nn_tape *, nn_node, const int *))
{
    enum { EXAMPLES = 1024 };
    size_t b = (size_t)cc_loop_arg(loop, 0), got;
    net f = {0}, all = {0};
    cc_epochs order;
    cc_sgd sgd = {.rate = 1e-3, .momentum = .9};
    cc_run *run = cc_loop_run(loop, NULL);
    cc_status status = new_net(run, b, build, &f);
    if (status == CC_OK) status = new_net(run, EXAMPLES, build, &all); /* for its data */
    if (status == CC_OK) status = cc_epochs_new(run, 1, EXAMPLES, b, CC_DROP_LAST, &order);
    if (status == CC_OK) status = cc_sgd_new(run, nn_params(f.t), &sgd);
    int64_t seen = 0;
    for (; cc_loop_next(loop); seen += EXAMPLES)
        for (size_t done = 0; done < EXAMPLES && status == CC_OK; done += b) {
            const size_t *ids = cc_epochs_next(&order, b, &got);
            nn_feed_rows(f.t, f.x, all.data, ids);
            nn_feed_index_rows(f.t, f.y, all.labels, ids);
            status = nn_loss_grad(f.t, f.loss, f.w, NULL, f.g);
            cc_sgd_step(&sgd, f.g, f.w);
        }
    if (status != CC_OK) cc_loop_skip(loop, cc_status_name(status));
    cc_loop_items(loop, seen);
}

/* Products with several directions together on a net that is small enough to gain: 16-12-10. */
void cc_bench_nn_hvps(cc_loop *loop)
{
    enum { ROWS = 32, IN = 16, MOST = 32 };
    size_t p = (size_t)cc_loop_arg(loop, 0);
    cc_run *run = cc_loop_run(loop, NULL);
    nn_tape *t;
    double *x = cc_alloc(run, ROWS * IN, sizeof *x);
    static const int labels[ROWS] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    cc_rng rng = cc_stream(run, 0, 0);
    cc_status status = x ? nn_open(run, &t) : CC_ENOMEM;
    if (status != CC_OK) {
        cc_loop_skip(loop, cc_status_name(status));
        return;
    }
    cc_normal(&rng, ROWS * IN, x);
    nn_node h = nn_tanh(t, layer(t, nn_input(t, nn_mat(ROWS, IN), x), IN, 12));
    nn_node loss = nn_mean(t, nn_softmax_loss(t, layer(t, h, 12, 10), nn_index(t, nn_vec(ROWS), labels)));
    size_t m = nn_params(t);
    double *v = cc_alloc(run, (2 * MOST + 1) * m, sizeof *v);
    status = v ? CC_OK : CC_ENOMEM;
    if (v) cc_normal(&rng, (MOST + 1) * m, v);
    if (status == CC_OK) status = nn_hvps(t, loss, v, p, v + m, v + (MOST + 1) * m);
    int64_t done = 0;
    for (; cc_loop_next(loop); done += (int64_t)p)
        if (status == CC_OK) status = nn_hvps_again(t, p, v + m, v + (MOST + 1) * m);
    if (status != CC_OK) cc_loop_skip(loop, cc_status_name(status));
    cc_loop_items(loop, done);
}

void cc_bench_nn_cnn_sgd(cc_loop *loop) { epoch(loop, convolutional); }
void cc_bench_nn_mlp_sgd(cc_loop *loop) { epoch(loop, perceptron); }
void cc_bench_nn_mlp_grad(cc_loop *loop) { measure(loop, perceptron, GRADIENT); }
void cc_bench_nn_mlp_hvp(cc_loop *loop) { measure(loop, perceptron, PRODUCT); }
void cc_bench_nn_mlp_sqnorms(cc_loop *loop) { measure(loop, perceptron, EXAMPLE_NORMS); }
void cc_bench_nn_cnn_grad(cc_loop *loop) { measure(loop, convolutional, GRADIENT); }
void cc_bench_nn_cnn_hvp(cc_loop *loop) { measure(loop, convolutional, PRODUCT); }
void cc_bench_nn_lstm_grad(cc_loop *loop) { measure(loop, recurrent, GRADIENT); }
void cc_bench_nn_lstm_hvp(cc_loop *loop) { measure(loop, recurrent, PRODUCT); }
