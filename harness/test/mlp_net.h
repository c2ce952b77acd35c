/* harness/test/mlp_net.h: networks with data, for the tests of the multilayer perceptron. */
#ifndef CLAIMCHECK_HARNESS_TEST_MLP_NET_H
#define CLAIMCHECK_HARNESS_TEST_MLP_NET_H

#include "harness/core/scope.h"
#include "harness/numerics/mlp.h"

typedef struct net_case {
    cc_run *scope;
    cc_mlp net;
    cc_mlp_work *work;
    cc_batch batch;
    size_t m;
    double *w, *v; /* v of norm 1, but for net_3_4_2 */
} net_case;

static inline double *numbers(size_t n)
{
    double *x = calloc(n, sizeof *x);
    assert_non_null(x);
    return x;
}

/* s sin(a + b i), i = 0 .. n-1 */
static inline void sequence(size_t n, double a, double b, double s, double *x)
{
    for (size_t i = 0; i < n; i++) x[i] = s * sin(a + b * (double)i);
}

static inline double *scoped(cc_run *scope, size_t n)
{
    double *x = cc_alloc(scope, n, sizeof *x);
    assert_non_null(x);
    return x;
}

static inline net_case new_case(size_t layers, const size_t *width, cc_phi phi, int bias, size_t rows, size_t vectors)
{
    net_case c = {.scope = calloc(1, sizeof *c.scope)};
    cc_scope_open(c.scope, CC_ROLE_RUN, 1, 0);
    assert_int_equal(cc_mlp_shape(c.scope, &c.net, layers, width, phi, bias), CC_OK);
    assert_int_equal(cc_mlp_work_new(c.scope, &c.net, rows, vectors, &c.work), CC_OK);
    c.m = c.net.weights;
    c.w = scoped(c.scope, c.m), c.v = scoped(c.scope, c.m);
    return c;
}

static inline void leave(net_case *c)
{
    cc_scope_close(c->scope);
    free(c->scope);
}

static inline net_case net_3_4_2(cc_phi phi)
{
    static const size_t width[] = {3, 4, 2};
    static const int label[] = {0, 1, 1, 0, 1};
    static double x[15];
    net_case c = new_case(2, width, phi, 1, 5, 8);
    sequence(15, .1, .7, 1, x);
    sequence(26, .3, 1.1, .6, c.w);
    c.batch = (cc_batch){.rows = 5, .n = 5, .x = x, .label = label, .loss = CC_LOSS_SOFTMAX};
    return c;
}

/* softmax by label, softmax by target, squared by label, squared by target, logistic by target */
enum { LOSSES = 5 };

static inline net_case net_7_6_5_3(cc_phi phi, int loss, size_t rows)
{
    enum { ROWS = 31, N = 23 };
    static const size_t width[] = {7, 6, 5, 3};
    int odd = loss % 2;
    net_case c = new_case(3, width, phi, !odd || loss == 1, rows, 4);
    double *x = scoped(c.scope, ROWS * 7), *target = scoped(c.scope, ROWS * 3), *weight = scoped(c.scope, N);
    int *label = cc_alloc(c.scope, ROWS, sizeof *label);
    size_t *ids = cc_alloc(c.scope, N, sizeof *ids);
    cc_rng rng = cc_stream(c.scope, 4, (uint64_t)phi.kind);
    cc_normal(&rng, ROWS * 7, x), cc_normal(&rng, c.m, c.v), cc_normal(&rng, c.m, c.w);
    double norm = 0;
    for (size_t i = 0; i < c.m; i++) c.w[i] *= .5, norm += c.v[i] * c.v[i];
    for (size_t i = 0; i < c.m; i++) c.v[i] /= sqrt(norm);
    for (size_t i = 0; i < ROWS; i++) {
        label[i] = (int)cc_below(&rng, 3);
        double u = cc_uniform(&rng), *t = target + 3 * i;
        for (int k = 0; k < 3; k++) t[k] = loss == 4 ? k == label[i] ? 1 : -1 : k == label[i] ? u : (1 - u) / 2;
    }
    for (size_t i = 0; i < N; i++) ids[i] = cc_below(&rng, ROWS), weight[i] = .5 + cc_uniform(&rng);
    c.batch = (cc_batch){.rows = ROWS,
                         .n = N,
                         .x = x,
                         .label = loss == 0 || loss == 2 ? label : NULL,
                         .target = loss == 0 || loss == 2 ? NULL : target,
                         .ids = loss < 3 ? ids : NULL,
                         .weight = loss % 3 ? weight : NULL,
                         .scale = loss == 2 ? .3 : 0,
                         .loss = loss < 2   ? CC_LOSS_SOFTMAX
                                 : loss < 4 ? CC_LOSS_SQUARED
                                            : CC_LOSS_LOGISTIC};
    return c;
}

static inline double cc_mlp_scale_of(const cc_batch *b) { return b->scale == 0 ? 1 / (double)b->n : b->scale; }
static inline double weight_of(const cc_batch *b, size_t i) { return b->weight ? b->weight[i] : 1; }

/* D^2 of the loss of example i in its outputs, from its probabilities. */
static inline void loss_curvature(net_case *c, size_t i, double a[9])
{
    double *z = numbers(c->batch.n * 3), top, sum = 0;
    assert_int_equal(cc_mlp_logits(c->work, c->w, &c->batch, z), CC_OK);
    const double *zi = z + 3 * i;
    top = fmax(zi[0], fmax(zi[1], zi[2]));
    for (int k = 0; k < 3; k++) sum += exp(zi[k] - top);
    for (int k = 0; k < 9; k++) {
        double p = exp(zi[k / 3] - top) / sum, q = exp(zi[k % 3] - top) / sum, s = 1 / (1 + exp(-zi[k / 3]));
        int same = k / 3 == k % 3;
        a[k] = c->batch.loss == CC_LOSS_SOFTMAX   ? (same ? p : 0) - p * q
               : c->batch.loss == CC_LOSS_SQUARED ? same
               : same                             ? s * (1 - s)
                                                  : 0;
    }
    free(z);
}

#endif
