/* problems/relu_box/train.h: data sets in [0, 1]^d, and networks trained on them. */
#ifndef CLAIMCHECK_PROBLEMS_RELU_BOX_TRAIN_H
#define CLAIMCHECK_PROBLEMS_RELU_BOX_TRAIN_H

#include "harness/numerics/mlp.h"
#include "problems/relu_box/relu_box_problem.h"

typedef enum relu_data { RELU_DIGITS, RELU_CLUSTERS, RELU_BREAST_CANCER, RELU_FASHION } relu_data;

/* n examples in the seed's random order; the first `train` are for training. */
typedef struct relu_set {
    size_t n, train, features, classes;
    double *x; /* n x features */
    int *label;
} relu_set;

/* digits: pixels / 16, 1400 of 1797 for training. clusters: 10000 points uniform in [0, 1]^16 with the label of the nearest of 80
 * random leaders, 7000. breast_cancer: each feature scaled to [0, 1], 400 of 569. fashion: 10000 images / 255 for training, and
 * 100. */
cc_status relu_set_load(cc_run *scope, relu_data data, relu_set *set);

/* Entry e of the network's weight vector is entry tie[e] of the parameters; RELU_FIXED_0: it is 0. NULL: they are the same. */
#define RELU_FIXED_0 ((size_t)-1)

typedef struct relu_recipe {
    double rate;
    size_t batch, epochs;
    const size_t *tie;
    size_t parameters; /* used with tie */
    int nonnegative;   /* weights (not biases) are set to 0 after a step that makes them negative */
} relu_recipe;

/* Adam on cross-entropy, or, with `target` (n numbers), on squared error. w: the start in, the result out; with ties, the
 * parameters'. */
cc_status relu_train(cc_run *scope, const cc_mlp *net, const relu_set *set, const double *target, const relu_recipe *recipe,
                     double *w);

/* The network's weights of the parameters. */
void relu_untie(const cc_mlp *net, const relu_recipe *recipe, const double *parameters, double *w);

/* Share of the examples from `train` on whose class is right. */
cc_status relu_accuracy(cc_run *scope, const cc_mlp *net, const relu_set *set, const double *w, double *share);

/* The weight vector as a draft. */
cc_status relu_from_mlp(cc_run *scope, const cc_mlp *net, const double *w, relu_draft *draft);

#endif
