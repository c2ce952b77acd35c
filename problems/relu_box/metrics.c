/* problems/relu_box/metrics.c: what a candidate is worth, against Jacobians at sample points and differences of the network. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "problems/relu_box/problems.h"

static double bound(const cc_oracle *oracle, const void *candidate)
{
    (void)oracle;
    return ((const relu_bounds *)candidate)->overall;
}

/* The least of bound_c / sampled_c: below 1 some class is wrong, even if the worst one is right. */
static double tightest(const cc_oracle *oracle, const void *candidate)
{
    const relu_instance *p = oracle->instance;
    const relu_bounds *b = candidate;
    double least = INFINITY;
    if (!b->per_class || isnan(b->overall)) return NAN;
    for (size_t c = 0; c < p->box.net.width[p->box.net.layers]; c++) {
        const double seen = p->sampled_per_class[c];
        const double ratio = seen > 0 ? b->per_class[c] / seen : 1;
        least = isnan(ratio) ? -1 : fmin(least, ratio);
    }
    return least;
}

typedef struct bench {
    double *x, *z, *out, *work, *jacobian;
} bench;

/* Metrics have no scope: their memory is theirs. */
static int bench_open(const relu_net *net, bench *b)
{
    const size_t d = net->width[0], K = net->width[net->layers];
    *b = (bench){.x = malloc(d * sizeof(double)),
                 .z = malloc((relu_hidden(net) + 1) * sizeof(double)),
                 .out = malloc(2 * K * sizeof(double)),
                 .work = malloc(2 * relu_widest(net) * sizeof(double)),
                 .jacobian = malloc(K * d * sizeof(double))};
    return b->x && b->z && b->out && b->work && b->jacobian;
}

static void bench_close(bench *b) { free(b->x), free(b->z), free(b->out), free(b->work), free(b->jacobian); }

/* How far a Jacobian at a sample point is outside [low, high], relative to the greatest norm seen; <= 0: nowhere. */
static double escape(const cc_oracle *oracle, const void *candidate)
{
    const relu_instance *p = oracle->instance;
    const relu_net *net = &p->box.net;
    const relu_bounds *b = candidate;
    const size_t entries = net->width[0] * net->width[net->layers];
    double most = -INFINITY;
    bench t;
    if (!b->low || !b->high) return NAN;
    if (!bench_open(net, &t)) most = NAN;
    for (size_t s = 0; s < p->samples && !isnan(most); s++) {
        relu_sample_point(p, s, t.x);
        relu_forward(net, t.x, t.z, t.out);
        relu_jacobian(net, t.z, t.work, t.jacobian);
        for (size_t k = 0; k < entries; k++) {
            if (!(b->low[k] <= b->high[k])) most = INFINITY;
            most = fmax(most, fmax(b->low[k] - t.jacobian[k], t.jacobian[k] - b->high[k]));
        }
    }
    bench_close(&t);
    return most / fmax(cc_known(oracle, "sampled"), DBL_MIN);
}

/* Of the features that vary over the box, those along which the last output is certified to rise (sign 1) or fall (-1). */
static int certified(const relu_instance *p, const relu_bounds *b, size_t k, int sign)
{
    const size_t d = p->box.net.width[0], at = (p->box.net.width[p->box.net.layers] - 1) * d + k;
    return p->box.low[k] < p->box.high[k] && (sign > 0 ? b->low[at] >= 0 : b->high[at] <= 0);
}

static double share(const cc_oracle *oracle, const void *candidate, int sign)
{
    const relu_instance *p = oracle->instance;
    const relu_bounds *b = candidate;
    double yes = 0, all = 0;
    if (!b->low || !b->high) return NAN;
    for (size_t k = 0; k < p->box.net.width[0]; k++) {
        yes += certified(p, b, k, sign);
        all += p->box.low[k] < p->box.high[k];
    }
    return all > 0 ? yes / all : NAN;
}

static double increasing(const cc_oracle *oracle, const void *candidate) { return share(oracle, candidate, 1); }
static double decreasing(const cc_oracle *oracle, const void *candidate) { return share(oracle, candidate, -1); }

/* Pairs of points that differ in one feature: how many contradict a certificate by more than rounding. */
static double contradicted(const cc_oracle *oracle, const void *candidate)
{
    const relu_instance *p = oracle->instance;
    const relu_net *net = &p->box.net;
    const relu_bounds *b = candidate;
    const size_t d = net->width[0], K = net->width[net->layers];
    double count = 0;
    bench t;
    if (!b->low || !b->high) return NAN;
    if (!bench_open(net, &t)) count = NAN;
    for (size_t s = 0; s < p->samples && !isnan(count); s++)
        for (size_t k = 0; k < d; k++) {
            const int up = certified(p, b, k, 1), down = certified(p, b, k, -1);
            if (!up && !down) continue;
            relu_sample_point(p, s, t.x);
            t.x[k] = p->box.low[k];
            relu_forward(net, t.x, t.z, t.out);
            t.x[k] = p->box.low[k] + (p->box.high[k] - p->box.low[k]) * (double)(s + 1) / (double)p->samples;
            relu_forward(net, t.x, t.z, t.out + K);
            const double rise = t.out[2 * K - 1] - t.out[K - 1], slack = 1e-12 * (1 + fabs(t.out[K - 1]));
            count += (up && rise < -slack) || (down && rise > slack);
        }
    bench_close(&t);
    return count;
}

const cc_metric relu_metrics[] = {
    {"bound", "", "the candidate's bound on the Lipschitz constant", bound},
    {"tightest", "", "least bound over sampled norm, class by class: >= 1 if sound", tightest},
    {"escape", "", "how far a sampled Jacobian leaves its bounds, relative; <= 0 if sound", escape},
    {"increasing", "", "share of the free features along which the last output is certified to rise", increasing},
    {"decreasing", "", "or to fall", decreasing},
    {"contradicted", "", "pairs of points that contradict such a certificate", contradicted},
    {0},
};

double relu_judge(cc_run *run, const char *metric, const relu_bounds *bounds)
{
    for (const cc_metric *m = relu_metrics; m->name; m++)
        if (!strcmp(m->name, metric)) return m->value(cc_oracle_of(run), bounds);
    return NAN;
}
