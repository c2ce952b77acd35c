/* problems/smooth/cnn.c: a small convolutional network on images, f(w) = mean cross-entropy over the training images.
 *
 *     x -> conv 3 x 3 (c channels) -> ReLU -> largest of 2 x 2 -> conv 3 x 3 (2c) -> ReLU -> largest of 2 x 2 -> dense (10)
 *
 * Data, start and what may be pruned are as in images.c: kernels and weights, but no bias. Images are padded by zeros, so that a
 * convolution keeps their size. Values, gradients, batches; no constant is known. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/numerics/nn.h"
#include "harness/numerics/optim.h"
#include "problems/smooth/network.h"

enum { STREAM_START, STREAM_EPOCHS, BATCH = 128, CLASSES = 10, LAYERS = 3 };

typedef struct cnn {
    smooth_base base;
    cc_batch train, test;
    size_t side, channels;
    /* The tape and what it is fed: mutable, one a process. */
    nn_tape *tape;
    size_t recorded; /* images */
    nn_node images, labels, logits, loss, weight[LAYERS], bias[LAYERS];
} cnn;

/* ---- the tape ---- */

static nn_node layer(cnn *p, int l, nn_node x, size_t in, size_t out)
{
    nn_tape *t = p->tape;
    p->weight[l] = nn_param(t, nn_img(out, in, 3, 3));
    p->bias[l] = nn_param(t, nn_vec(out));
    return nn_max_pool(t, nn_relu(t, nn_conv(t, x, p->weight[l], p->bias[l], 1, 1)), 2, 2);
}

/* Records the network for n images, unless it is. */
static cc_status record(cnn *p, size_t n)
{
    nn_tape *t = p->tape;
    const size_t c = p->channels, flat = 2 * c * (p->side / 4) * (p->side / 4);
    if (p->recorded == n) return CC_OK;
    nn_reset(t);
    p->recorded = 0;
    p->images = nn_input(t, nn_img(n, 1, p->side, p->side), NULL);
    p->labels = nn_index(t, nn_vec(n), NULL);
    const nn_node x = layer(p, 1, layer(p, 0, p->images, 1, c), c, 2 * c);
    p->weight[2] = nn_param(t, nn_mat(CLASSES, flat)), p->bias[2] = nn_param(t, nn_vec(CLASSES));
    p->logits = nn_dense(t, nn_reshape(t, x, nn_mat(n, flat)), p->weight[2], p->bias[2]);
    p->loss = nn_mean(t, nn_softmax_loss(t, p->logits, p->labels));
    CC_TRY(nn_status(t));
    p->recorded = n;
    return CC_OK;
}

static cc_status feed(cnn *p, const cc_batch *of, const size_t *ids, size_t n)
{
    CC_TRY(record(p, n));
    nn_feed_rows(p->tape, p->images, of->x, ids);
    nn_feed_index_rows(p->tape, p->labels, of->label, ids);
    return CC_OK;
}

static cnn *mutable(const void *instance) { return (cnn *)(uintptr_t)instance; }

/* The mean over the images ids; g may be NULL. A tape that fails says NaN. */
static double batch(const void *instance, const double *x, const size_t *ids, size_t n, double *g)
{
    cnn *p = mutable(instance);
    double value = NAN;
    if (feed(p, &p->train, ids, n) != CC_OK) return NAN;
    if (g) return nn_loss_grad(p->tape, p->loss, x, &value, g) == CC_OK ? value : NAN;
    return nn_forward(p->tape, x) == CC_OK ? nn_value(p->tape, p->loss)[0] : NAN;
}

/* ---- all images, some at a time ---- */

static void forward(const void *instance, const double *x, double *pass) { (void)instance, (void)x, (void)pass; }

/* g NULL: the value alone; else work has room for a gradient. */
static double whole(const smooth_point *at, double *g)
{
    const cnn *p = at->instance;
    const size_t d = p->base.d, n = p->train.n;
    size_t ids[BATCH];
    double value = 0;
    for (size_t j = 0; g && j < d; j++) g[j] = 0;
    for (size_t from = 0; from < n; from += BATCH) {
        const size_t some = from + BATCH < n ? BATCH : n - from;
        const double share = (double)some / (double)n;
        for (size_t i = 0; i < some; i++) ids[i] = from + i;
        value += share * batch(p, at->x, ids, some, g ? at->work : NULL);
        for (size_t j = 0; g && j < d; j++) g[j] += share * at->work[j];
    }
    return value;
}

static double value(const smooth_point *at) { return whole(at, NULL); }
static void gradient(const smooth_point *at, double *g) { whole(at, g); }

const smooth_ops smooth_cnn_ops = {.forward = forward, .value = value, .grad = gradient, .batch = batch};

/* ---- the start ---- */

static cc_status trained(cc_run *scope, const void *arg, void **data, size_t *bytes)
{
    cnn *p = mutable(arg);
    const size_t d = p->base.d, some = BATCH < p->train.n ? BATCH : p->train.n,
                 steps = (size_t)cc_int(scope, "epochs") * (p->train.n / some);
    cc_rng rng = cc_stream(scope, STREAM_START, 0);
    cc_adam adam = cc_adam_default();
    cc_epochs epochs;
    double *w, *g;
    CC_NEW(scope, w, d);
    CC_NEW(scope, g, d);
    CC_TRY(cc_adam_new(scope, d, &adam));
    CC_TRY(cc_epochs_new(scope, STREAM_EPOCHS, p->train.n, some, CC_DROP_LAST, &epochs));
    for (size_t l = 0; l < LAYERS; l++) nn_start(p->tape, CC_MLP_UNIFORM, p->weight[l], p->bias[l], &rng, w);
    for (size_t k = 0; k < steps; k++) {
        size_t got;
        const size_t *ids = cc_epochs_next(&epochs, some, &got);
        if (isnan(batch(p, w, ids, got, g))) return cc_fail(scope, CC_ENUMERIC, "training fails after %zu steps", k);
        cc_adam_step(&adam, g, w);
    }
    *data = w;
    *bytes = d * sizeof *w;
    return CC_OK;
}

static cc_status start_from(cc_run *scope, cnn *p)
{
    const void *w;
    size_t bytes;
    char key[256];
    snprintf(key, sizeof key, "smooth.cnn channels=%zu data=%d n=%zu epochs=%lld seed=%llu", p->channels, cc_choice(scope, "data"),
             p->train.n, (long long)cc_int(scope, "epochs"), (unsigned long long)cc_seed(scope));
    CC_TRY(cc_artefact(scope, key, trained, p, &w, &bytes));
    if (bytes != p->base.d * sizeof(double)) return cc_fail(scope, CC_EDATA, "%s: %zu bytes", key, bytes);
    p->base.x0 = w;
    return CC_OK;
}

cc_status smooth_cnn_create(cc_run *scope, void **instance)
{
    cnn *p;
    size_t inputs;
    unsigned char *prunable;
    smooth_facts facts = smooth_unknown();
    CC_NEW(scope, p, 1);
    CC_TRY(smooth_images_load(scope, &p->train, &p->test, &inputs));
    p->channels = (size_t)cc_int(scope, "channels");
    p->side = (size_t)lround(sqrt((double)inputs));
    CC_TRY(nn_open(scope, &p->tape));
    CC_TRY(record(p, 1));
    p->base.d = p->base.work = nn_params(p->tape), p->base.samples = p->train.n;
    CC_NEW(scope, prunable, p->base.d);
    memset(prunable, 1, p->base.d);
    for (size_t l = 0; l < LAYERS; l++) memset(prunable + nn_param_offset(p->tape, p->bias[l]), 0, nn_size(p->tape, p->bias[l]));
    p->base.prunable = prunable;
    CC_TRY(start_from(scope, p));
    *instance = p;
    return smooth_publish(scope, &p->base, &facts);
}

/* ---- metrics ---- */

static double accuracy(const cc_oracle *o, const void *candidate)
{
    cnn *p = mutable(o->instance);
    size_t right = 0, ids[BATCH];
    for (size_t from = 0; from < p->test.n; from += BATCH) {
        const size_t some = from + BATCH < p->test.n ? BATCH : p->test.n - from;
        for (size_t i = 0; i < some; i++) ids[i] = from + i;
        if (feed(p, &p->test, ids, some) != CC_OK || nn_forward(p->tape, candidate) != CC_OK) return NAN;
        const double *logits = nn_value(p->tape, p->logits);
        for (size_t i = 0; i < some; i++) {
            size_t best = 0;
            for (size_t c = 1; c < CLASSES; c++)
                if (logits[i * CLASSES + c] > logits[i * CLASSES + best]) best = c;
            right += best == (size_t)p->test.label[from + i];
        }
    }
    return (double)right / (double)p->test.n;
}

const cc_metric smooth_cnn_metrics[] = {
    {"accuracy", "", "share of test images whose class is found", accuracy},
    {"density", "", "share of the weights, biases apart, that are not zero", smooth_metric_density},
    {0},
};
