/* problems/smooth/net.c: a multilayer perceptron on real data, on clusters and curves, or on data that another network makes (a
 * teacher of the same shape: its weights are a minimiser where it makes the targets without noise). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problems/data/data.h"
#include "problems/smooth/network.h"

enum { DIGITS, BREAST_CANCER, FASHION, TEACHER, CLUSTERS, POOLED, BLOBS, CIRCLES, MOONS };
enum { STREAM_START = 0, STREAM_TEACHER = 3 };

typedef struct net {
    smooth_network network;
    size_t n, inputs, outputs;
    double *x;
    int *label;
} net;

/* ---- data ---- */

static cc_status room(cc_run *scope, net *p)
{
    CC_NEW(scope, p->x, p->n * p->inputs);
    CC_NEW(scope, p->label, p->n);
    return CC_OK;
}

/* Columns minus their mean. */
static void centre(size_t n, size_t features, double *x)
{
    for (size_t j = 0; j < features; j++) {
        double mean = 0;
        for (size_t i = 0; i < n; i++) mean += x[i * features + j] / (double)n;
        for (size_t i = 0; i < n; i++) x[i * features + j] -= mean;
    }
}

/* The same over their standard deviation. */
static void standardise(size_t n, size_t features, double *x)
{
    centre(n, features, x);
    for (size_t j = 0; j < features; j++) {
        double square = 0;
        for (size_t i = 0; i < n; i++) square += pow(x[i * features + j], 2) / (double)n;
        for (size_t i = 0; i < n; i++) x[i * features + j] /= sqrt(square);
    }
}

static cc_status from_table(cc_run *scope, net *p, const char *name, size_t classes)
{
    data_table table;
    CC_TRY(data_read(scope, name, &table));
    if (p->n > table.n) return cc_fail(scope, CC_EINVAL, "n=%zu of %zu rows of %s", p->n, table.n, name);
    p->n = p->n ? p->n : table.n, p->inputs = table.features, p->outputs = classes;
    CC_TRY(room(scope, p));
    memcpy(p->x, table.a, p->n * p->inputs * sizeof *p->x);
    for (size_t i = 0; i < p->n; i++) p->label[i] = (int)table.label[i];
    return CC_OK;
}

static cc_status from_images(cc_run *scope, net *p, int pooled)
{
    data_images images;
    p->n = p->n ? p->n : 60000;
    CC_TRY(data_fashion_mnist(scope, DATA_TRAIN, p->n, &images));
    p->inputs = pooled ? smooth_pooled_size(&images) : images.rows * images.cols, p->outputs = 10;
    CC_TRY(room(scope, p));
    if (pooled) smooth_pooled(&images, p->x);
    for (size_t i = 0; i < p->n * p->inputs && !pooled; i++) p->x[i] = (double)images.pixels[i] / 255;
    for (size_t i = 0; i < p->n; i++) p->label[i] = images.labels[i];
    return CC_OK;
}

static cc_status from_shape(cc_run *scope, net *p, int which)
{
    const smooth_clusters_spec spec = {.n = p->n,
                                       .inputs = p->inputs,
                                       .clusters = (size_t)cc_int(scope, "clusters"),
                                       .classes = p->outputs,
                                       .separation = cc_real(scope, "separation"),
                                       .spread = cc_real(scope, "spread")};
    CC_TRY(room(scope, p));
    if (which == CLUSTERS)
        CC_TRY(smooth_clusters(scope, &spec, p->x, p->label));
    else if (which == BLOBS)
        CC_TRY(smooth_blobs(scope, &spec, p->x, p->label));
    else
        smooth_curves(scope, p->n, which == MOONS, .1 * spec.spread, p->x, p->label);
    standardise(p->n, p->inputs, p->x);
    return CC_OK;
}

static cc_status load(cc_run *scope, net *p, int which)
{
    p->n = (size_t)cc_int(scope, "n");
    if (which == FASHION || which == POOLED) return from_images(scope, p, which == POOLED);
    if (which == DIGITS) {
        CC_TRY(from_table(scope, p, "digits", 10));
        for (size_t i = 0; i < p->n * p->inputs; i++) p->x[i] /= 16;
        if (cc_bool(scope, "centred")) centre(p->n, p->inputs, p->x);
        return CC_OK;
    }
    if (which == BREAST_CANCER) {
        CC_TRY(from_table(scope, p, "breast_cancer", 2));
        standardise(p->n, p->inputs, p->x);
        return CC_OK;
    }
    p->n = p->n ? p->n : 500, p->inputs = (size_t)cc_int(scope, "inputs"), p->outputs = (size_t)cc_int(scope, "outputs");
    if (which == CIRCLES || which == MOONS) p->inputs = p->outputs = 2;
    if (which != TEACHER) return from_shape(scope, p, which);
    CC_TRY(room(scope, p));
    cc_rng rng = cc_stream(scope, STREAM_TEACHER, 0);
    cc_normal(&rng, p->n * p->inputs, p->x);
    return CC_OK;
}

/* ---- the network ---- */

static cc_status shape(cc_run *scope, net *p)
{
    static const cc_phi phis[] = {{CC_PHI_RELU, 0},     {CC_PHI_LEAKY, .01}, {CC_PHI_TANH, 0}, {CC_PHI_SIGMOID, 0},
                                  {CC_PHI_SOFTPLUS, 0}, {CC_PHI_ELU, 1},     {CC_PHI_GELU, 0}, {CC_PHI_IDENTITY, 0}};
    char widths[256];
    const char *hidden = cc_text(scope, "hidden");
    const int none = strcmp(hidden, "none") == 0;
    const int length = snprintf(widths, sizeof widths, "%zu-%s%s%zu", p->inputs, none ? "" : hidden, none ? "" : "-", p->outputs);
    if (length < 0 || (size_t)length >= sizeof widths) return cc_fail(scope, CC_EINVAL, "hidden=%s is too long", hidden);
    return cc_mlp_parse(scope, &p->network.net, widths, phis[cc_choice(scope, "phi")], 1);
}

/* 1 and -1 where a logistic loss has an output for each class. */
static cc_status signs(cc_run *scope, net *p)
{
    double *target;
    CC_NEW(scope, target, p->n * p->outputs);
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->outputs; k++) target[i * p->outputs + k] = (size_t)p->label[i] == k ? 1 : -1;
    p->network.data.label = NULL, p->network.data.target = target;
    return CC_OK;
}

/* The teacher's outputs, with noise; their largest says the class where classes are learnt. */
static cc_status teach(cc_run *scope, net *p, double **weights)
{
    cc_mlp_work *work;
    cc_mlp *shape_of = &p->network.net;
    cc_batch asked = {.rows = p->n, .n = p->n, .x = p->x, .label = p->label};
    double *w, *z, *noise, level = cc_real(scope, "noise");
    cc_rng rng = cc_stream(scope, STREAM_TEACHER, 1);
    CC_NEW(scope, w, shape_of->weights);
    CC_NEW(scope, z, p->n * p->outputs);
    CC_NEW(scope, noise, p->n * p->outputs);
    CC_TRY(cc_mlp_work_new(scope, shape_of, 256, 0, &work));
    cc_mlp_init(shape_of, CC_MLP_UNIFORM, &rng, w);
    for (size_t i = 0; i < shape_of->weights; i++) w[i] *= 3; /* far enough from linear */
    CC_TRY(cc_mlp_logits(work, w, &asked, z));
    cc_normal(&rng, p->n * p->outputs, noise);
    for (size_t i = 0; i < p->n * p->outputs; i++) z[i] += level * noise[i];
    for (size_t i = 0; i < p->n; i++) {
        if (p->outputs == 1) p->label[i] = z[i] > 0;
        for (size_t k = 1; k < p->outputs; k++)
            if (z[i * p->outputs + k] > z[i * p->outputs + (size_t)p->label[i]]) p->label[i] = (int)k;
    }
    if (p->network.data.loss == CC_LOSS_SQUARED) p->network.data.label = NULL, p->network.data.target = z, p->network.classes = 0;
    *weights = w;
    return CC_OK;
}

/* What is learnt from the rows: labels, or targets. */
static cc_status tasks(cc_run *scope, net *p, int which, double **teacher)
{
    smooth_network *s = &p->network;
    s->data = (cc_batch){.rows = p->n, .n = p->n, .x = p->x, .label = p->label, .loss = (cc_loss_kind)cc_choice(scope, "loss")};
    if (s->data.loss == CC_LOSS_SOFTMAX && p->outputs < 2) return cc_fail(scope, CC_EINVAL, "softmax takes two outputs or more");
    s->factor = 1, s->l2 = cc_real(scope, "l2"), s->classes = 1;
    if (which == BREAST_CANCER && s->data.loss == CC_LOSS_LOGISTIC) p->outputs = 1;
    CC_TRY(shape(scope, p));
    if (which == TEACHER) CC_TRY(teach(scope, p, teacher));
    return s->data.loss == CC_LOSS_LOGISTIC && p->outputs > 1 ? signs(scope, p) : CC_OK;
}

cc_status smooth_net_create(cc_run *scope, void **instance)
{
    net *p;
    double *teacher = NULL;
    smooth_facts facts = smooth_unknown();
    const int which = cc_choice(scope, "data");
    CC_NEW(scope, p, 1);
    CC_TRY(load(scope, p, which));
    CC_TRY(tasks(scope, p, which, &teacher));
    CC_TRY(smooth_network_setup(scope, &p->network));
    CC_TRY(smooth_network_start(scope, &p->network, (cc_mlp_start)cc_choice(scope, "start"), STREAM_START));
    facts.convex = p->network.net.layers == 1;
    if (which == TEACHER && !p->network.classes && cc_real(scope, "noise") == 0 && p->network.l2 == 0)
        p->network.base.x_star = teacher, facts.f_star = 0;
    smooth_network_facts(&p->network, &facts);
    *instance = p;
    return smooth_publish(scope, &p->network.base, &facts);
}
