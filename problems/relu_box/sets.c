/* problems/relu_box/sets.c: the data that networks are trained on. */
#include <math.h>
#include <string.h>

#include "harness/numerics/optim.h"
#include "problems/data/data.h"
#include "problems/relu_box/train.h"

enum { STREAM_ORDER = 20, STREAM_POINTS, STREAM_LEADERS };
enum { CLUSTER_POINTS = 10000, CLUSTER_INPUTS = 16, LEADERS = 80, FASHION_TRAIN = 10000, FASHION_TEST = 100 };

static cc_status alloc_set(cc_run *scope, size_t n, size_t train, size_t features, size_t classes, relu_set *set)
{
    *set = (relu_set){.n = n, .train = train, .features = features, .classes = classes};
    CC_NEW(scope, set->x, n * features);
    CC_NEW(scope, set->label, n);
    return CC_OK;
}

/* Rows of a table in random order, each feature from its least to its greatest value, or from 0 to `most`. */
static cc_status from_table(cc_run *scope, const char *name, size_t train, size_t classes, double most, relu_set *set)
{
    data_table table;
    size_t *order;
    cc_rng rng = cc_stream(scope, STREAM_ORDER, 0);
    CC_TRY(data_read(scope, name, &table));
    CC_TRY(alloc_set(scope, table.n, train, table.features, classes, set));
    CC_NEW(scope, order, table.n);
    cc_count(table.n, order);
    cc_shuffle(&rng, table.n, order);
    for (size_t k = 0; k < table.features; k++) {
        double low = most > 0 ? 0 : INFINITY, high = most > 0 ? most : -INFINITY;
        for (size_t i = 0; most == 0 && i < table.n; i++) {
            low = fmin(low, table.a[i * table.features + k]);
            high = fmax(high, table.a[i * table.features + k]);
        }
        for (size_t i = 0; i < table.n; i++)
            set->x[i * table.features + k] = (table.a[order[i] * table.features + k] - low) / (high - low);
    }
    for (size_t i = 0; i < table.n; i++) set->label[i] = (int)table.label[order[i]];
    return CC_OK;
}

static cc_status clusters(cc_run *scope, relu_set *set)
{
    double leader[LEADERS * CLUSTER_INPUTS];
    int label[LEADERS];
    cc_rng points = cc_stream(scope, STREAM_POINTS, 0), leaders = cc_stream(scope, STREAM_LEADERS, 0);
    CC_TRY(alloc_set(scope, CLUSTER_POINTS, CLUSTER_POINTS * 7 / 10, CLUSTER_INPUTS, 10, set));
    for (size_t k = 0; k < LEADERS * CLUSTER_INPUTS; k++) leader[k] = cc_uniform(&leaders);
    for (size_t k = 0; k < LEADERS; k++) label[k] = (int)cc_below(&leaders, 10);
    for (size_t i = 0; i < set->n; i++) {
        double *x = set->x + i * CLUSTER_INPUTS, nearest = INFINITY;
        for (size_t k = 0; k < CLUSTER_INPUTS; k++) x[k] = cc_uniform(&points);
        for (size_t l = 0; l < LEADERS; l++) {
            double distance = 0;
            for (size_t k = 0; k < CLUSTER_INPUTS; k++)
                distance += (x[k] - leader[l * CLUSTER_INPUTS + k]) * (x[k] - leader[l * CLUSTER_INPUTS + k]);
            if (distance < nearest) nearest = distance, set->label[i] = label[l];
        }
    }
    return CC_OK;
}

static void copy_images(const data_images *images, size_t n, size_t at, relu_set *set)
{
    for (size_t k = 0; k < n * set->features; k++) set->x[at * set->features + k] = images->pixels[k] / 255.0;
    for (size_t i = 0; i < n; i++) set->label[at + i] = images->labels[i];
}

static cc_status fashion(cc_run *scope, relu_set *set)
{
    data_images train, test;
    CC_TRY(data_fashion_mnist(scope, DATA_TRAIN, FASHION_TRAIN, &train));
    CC_TRY(data_fashion_mnist(scope, DATA_TEST, FASHION_TEST, &test));
    CC_TRY(alloc_set(scope, FASHION_TRAIN + FASHION_TEST, FASHION_TRAIN, train.rows * train.cols, 10, set));
    copy_images(&train, FASHION_TRAIN, 0, set);
    copy_images(&test, FASHION_TEST, FASHION_TRAIN, set);
    return CC_OK;
}

cc_status relu_set_load(cc_run *scope, relu_data data, relu_set *set)
{
    switch (data) {
    case RELU_DIGITS:
        return from_table(scope, "digits", 1400, 10, 16, set);
    case RELU_CLUSTERS:
        return clusters(scope, set);
    case RELU_BREAST_CANCER:
        return from_table(scope, "breast_cancer", 400, 2, 0, set);
    case RELU_FASHION:
        return fashion(scope, set);
    }
    return cc_fail(scope, CC_EBUG, "data set %d", (int)data);
}
