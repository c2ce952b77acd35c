/* problems/smooth/images.c: a multilayer perceptron with ReLU on images, f(w) = mean cross-entropy over the training images.
 *
 * Data: the first n images of Fashion-MNIST (28 x 28, pixels / 255, its own test images), or the digits (8 x 8, pixels / 16; the
 * last `tests` rows are the test images). Weights as in harness/numerics/mlp.h; a weight may be removed, a bias may not. The start
 * is random, or what `epochs` epochs of Adam (rate 1e-3, batches of 128) make of it: an artefact. No constant is known. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/numerics/optim.h"
#include "problems/data/data.h"
#include "problems/smooth/network.h"

enum { STREAM_START, STREAM_EPOCHS, BATCH = 128 };

typedef struct perceptron {
    smooth_network network; /* its oracles are network.c's */
    cc_batch test;
} perceptron;

/* ---- data ---- */

static cc_status from_images(cc_run *scope, data_part part, size_t n, cc_batch *batch, size_t *inputs)
{
    data_images images;
    double *x;
    int *label;
    CC_TRY(data_fashion_mnist(scope, part, n, &images));
    *inputs = images.rows * images.cols;
    CC_NEW(scope, x, n * *inputs);
    CC_NEW(scope, label, n);
    for (size_t i = 0; i < n * *inputs; i++) x[i] = (double)images.pixels[i] / 255;
    for (size_t i = 0; i < n; i++) label[i] = images.labels[i];
    *batch = (cc_batch){.rows = n, .x = x, .label = label, .loss = CC_LOSS_SOFTMAX, .n = n};
    return CC_OK;
}

static cc_status from_digits(cc_run *scope, size_t n, size_t tests, cc_batch *train, cc_batch *test, size_t *inputs)
{
    data_table table;
    int *label;
    CC_TRY(data_read(scope, "digits", &table));
    if (n + tests > table.n) return cc_fail(scope, CC_EINVAL, "n=%zu and tests=%zu of %zu digits", n, tests, table.n);
    *inputs = table.features;
    CC_NEW(scope, label, table.n);
    for (size_t i = 0; i < table.n * table.features; i++) table.a[i] /= 16;
    for (size_t i = 0; i < table.n; i++) label[i] = (int)table.label[i];
    const size_t from = table.n - tests;
    *train = (cc_batch){.rows = n, .x = table.a, .label = label, .loss = CC_LOSS_SOFTMAX, .n = n};
    *test = (cc_batch){.rows = tests, .x = table.a + from * *inputs, .label = label + from, .loss = CC_LOSS_SOFTMAX, .n = tests};
    return CC_OK;
}

cc_status smooth_images_load(cc_run *scope, cc_batch *train, cc_batch *test, size_t *inputs)
{
    const size_t n = (size_t)cc_int(scope, "n"), tests = (size_t)cc_int(scope, "tests");
    if (cc_choice(scope, "data") == 1) return from_digits(scope, n, tests, train, test, inputs);
    CC_TRY(from_images(scope, DATA_TRAIN, n, train, inputs));
    return from_images(scope, DATA_TEST, tests, test, inputs);
}

/* ---- the start ---- */

static cc_status trained(cc_run *scope, const void *arg, void **data, size_t *bytes)
{
    const perceptron *p = arg;
    const size_t batch = BATCH < p->network.data.n ? BATCH : p->network.data.n,
                 steps = (size_t)cc_int(scope, "epochs") * (p->network.data.n / batch);
    cc_rng rng = cc_stream(scope, STREAM_START, 0);
    cc_adam adam = cc_adam_default();
    cc_epochs epochs;
    cc_batch some = p->network.data; /* the mean over a batch */
    double *w, *g;
    some.scale = 0;
    CC_NEW(scope, w, p->network.net.weights);
    CC_NEW(scope, g, p->network.net.weights);
    CC_TRY(cc_adam_new(scope, p->network.net.weights, &adam));
    CC_TRY(cc_epochs_new(scope, STREAM_EPOCHS, p->network.data.n, batch, CC_DROP_LAST, &epochs));
    cc_mlp_init(&p->network.net, CC_MLP_UNIFORM, &rng, w);
    for (size_t k = 0; k < steps; k++) {
        some.ids = cc_epochs_next(&epochs, batch, &some.n);
        CC_TRY(cc_mlp_grad(p->network.work, w, &some, NULL, g));
        cc_adam_step(&adam, g, w);
    }
    *data = w;
    *bytes = p->network.net.weights * sizeof *w;
    return CC_OK;
}

static cc_status start_from(cc_run *scope, perceptron *p)
{
    const void *w;
    size_t bytes;
    char key[256];
    snprintf(key, sizeof key, "smooth.images widths=%s data=%d n=%zu epochs=%lld seed=%llu", cc_text(scope, "widths"),
             cc_choice(scope, "data"), p->network.data.n, (long long)cc_int(scope, "epochs"), (unsigned long long)cc_seed(scope));
    CC_TRY(cc_artefact(scope, key, trained, p, &w, &bytes));
    if (bytes != p->network.net.weights * sizeof(double)) return cc_fail(scope, CC_EDATA, "%s: %zu bytes", key, bytes);
    p->network.base.x0 = w;
    return CC_OK;
}

static cc_status mark_weights(cc_run *scope, perceptron *p)
{
    unsigned char *prunable;
    CC_NEW(scope, prunable, p->network.net.weights);
    memset(prunable, 1, p->network.net.weights);
    for (size_t l = 0; l < p->network.net.layers; l++) memset(prunable + p->network.net.bias_at[l], 0, p->network.net.width[l + 1]);
    p->network.base.prunable = prunable;
    return CC_OK;
}

cc_status smooth_images_create(cc_run *scope, void **instance)
{
    perceptron *p;
    size_t inputs = 0;
    smooth_facts facts = smooth_unknown();
    CC_NEW(scope, p, 1);
    CC_TRY(cc_mlp_parse(scope, &p->network.net, cc_text(scope, "widths"), (cc_phi){.kind = CC_PHI_RELU}, 1));
    CC_TRY(smooth_images_load(scope, &p->network.data, &p->test, &inputs));
    if (p->network.net.width[0] != inputs || p->network.net.width[p->network.net.layers] != 10)
        return cc_fail(scope, CC_EINVAL, "widths=%s: the images have %zu pixels and 10 classes", cc_text(scope, "widths"), inputs);
    p->network.factor = 1, p->network.classes = 1;
    CC_TRY(smooth_network_setup(scope, &p->network));
    CC_TRY(mark_weights(scope, p));
    CC_TRY(start_from(scope, p));
    smooth_network_facts(&p->network, &facts);
    *instance = p;
    return smooth_publish(scope, &p->network.base, &facts);
}

/* ---- metrics ---- */

static double accuracy(const cc_oracle *o, const void *candidate)
{
    const perceptron *p = o->instance;
    double share;
    return cc_mlp_accuracy(p->network.work, candidate, &p->test, &share) == CC_OK ? share : NAN;
}

double smooth_metric_density(const cc_oracle *o, const void *candidate)
{
    const smooth_base *base = o->instance;
    const double *w = candidate;
    size_t of = 0, left = 0;
    for (size_t i = 0; i < base->d; i++) of += base->prunable[i], left += base->prunable[i] && w[i] != 0;
    return (double)left / (double)of;
}

const cc_metric smooth_images_metrics[] = {
    {"accuracy", "", "share of test images whose class is found", accuracy},
    {"density", "", "share of the weights, biases apart, that are not zero", smooth_metric_density},
    {0},
};
