/* harness/numerics/optim.h: first-order updates of a flat vector w[n] from a gradient g[n], and the order in which examples are
 * drawn. Symbols and defaults are those of PyTorch's optimisers, whose iterates these are.
 *
 * A rule is its struct: the caller fills the numbers above the line, the .._new call allocates the state below it in a scope;
 * numbers may be changed between steps (a schedule of rates). A step allocates nothing and changes w in place; flops are billed. */
#ifndef CLAIMCHECK_HARNESS_OPTIM_H
#define CLAIMCHECK_HARNESS_OPTIM_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* g += decay w; v = momentum v + g (first step: v = g); w -= rate (g + momentum v, if nesterov; else v). */
typedef struct cc_sgd {
    double rate, momentum, decay;
    int nesterov;
    /* ---- */
    size_t n;
    uint64_t steps;
    double *v; /* NULL without momentum */
} cc_sgd;
cc_status cc_sgd_new(cc_run *scope, size_t n, cc_sgd *rule); /* CC_EINVAL: rate < 0, momentum not in [0, 1), decay < 0 */
void cc_sgd_step(cc_sgd *rule, const double *g, double *w);

/* Kingma, Ba 2015, bias-corrected: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
 * w -= rate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon). decay is added to the gradient, or, if decoupled
 * (Loshchilov, Hutter 2019), w -= rate decay w first. */
typedef struct cc_adam {
    double rate, beta1, beta2, epsilon, decay; /* 1e-3, .9, .999, 1e-8, 0: cc_adam_default */
    int decoupled;
    /* ---- */
    size_t n;
    uint64_t steps;
    double *m, *v;
} cc_adam;
cc_adam cc_adam_default(void);
cc_status cc_adam_new(cc_run *scope, size_t n, cc_adam *rule); /* CC_EINVAL: beta not in [0, 1), epsilon < 0, rate or decay < 0 */
void cc_adam_step(cc_adam *rule, const double *g, double *w);

/* Duchi, Hazan, Singer 2011: s += g^2, w -= rate g / (sqrt(s) + epsilon); s begins at `initial`. */
typedef struct cc_adagrad {
    double rate, epsilon, decay, initial; /* 1e-2, 1e-10, 0, 0: cc_adagrad_default */
    /* ---- */
    size_t n;
    uint64_t steps;
    double *s;
} cc_adagrad;
cc_adagrad cc_adagrad_default(void);
cc_status cc_adagrad_new(cc_run *scope, size_t n, cc_adagrad *rule); /* CC_EINVAL: a negative number */
void cc_adagrad_step(cc_adagrad *rule, const double *g, double *w);

/* AdaGrad-Norm (Ward, Wu, Bottou 2019): b^2 += |g|^2, w -= rate g / b; b2 begins at the caller's b_0^2 > 0. Returns the step length
 * rate / b. */
typedef struct cc_adagrad_norm {
    double rate;
    double b2;
} cc_adagrad_norm;
double cc_adagrad_norm_step(cc_adagrad_norm *rule, size_t n, const double *g, double *w);

/* ---- which examples ---- */

void cc_shuffle(cc_rng *rng, size_t n, size_t *ids);        /* Fisher-Yates from the end; ids in any order before */
void cc_draw(cc_rng *rng, size_t n, size_t b, size_t *ids); /* b of 0 .. n-1 with replacement */
/* b <= n of 0 .. n-1 without replacement, O(b). pool: 0 .. n-1 in order (cc_count), and so again afterwards. */
void cc_draw_distinct(cc_rng *rng, size_t n, size_t b, size_t *pool, size_t *ids);
void cc_count(size_t n, size_t *ids); /* 0 .. n-1 */

typedef enum cc_epoch_end {
    CC_DROP_LAST, /* a new order when fewer than b are left */
    CC_WRAP,      /* what is left, then the beginning of the new order */
    CC_KEEP_LAST  /* what is left, then a new order: the last batch is smaller */
} cc_epoch_end;

/* Batches from a new random order of 0 .. n-1 in each epoch. Epoch e is the stream (stream, e) of the scope: it does not depend on
 * how the earlier ones were cut. */
typedef struct cc_epochs {
    size_t n, most;
    cc_epoch_end end;
    uint32_t stream;
    const cc_run *run;
    uint64_t epoch; /* whose order is in use, from 0 */
    size_t used;    /* of it */
    size_t *order, *batch;
} cc_epochs;
/* `most`: the largest batch; CC_EINVAL if that is 0 or exceeds n. */
cc_status cc_epochs_new(cc_run *run, uint32_t stream, size_t n, size_t most, cc_epoch_end end, cc_epochs *epochs);
/* The next batch, of b <= most examples but for CC_KEEP_LAST; its length is in *got. Valid until the next call. */
const size_t *cc_epochs_next(cc_epochs *epochs, size_t b, size_t *got);

#ifdef __cplusplus
}
#endif
#endif
