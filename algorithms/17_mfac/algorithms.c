/* algorithms/17_mfac/algorithms.c: the plug-in's algorithms with their parameters. */
#include "algorithms/17_mfac/optimiser.h"
#include "algorithms/17_mfac/prune.h"

#include <stddef.h>

/* clang-format off */
#define STORAGE { "storage", CC_CHOICE, "double", .choices = MFAC_STORAGES, .doc = "of the gradients or what is made of them; vectors and small matrices are double" }
#define BLOCK { "block", CC_INT, "0", 0, 1e9, .doc = "coordinates of a diagonal block that F is replaced by; 0: all in one" }
#define STALE { "stale", CC_BOOL, "false", .doc = "a planted mistake: column `last` of S is not renewed" }
#define DESCENT(rate) { "lr", CC_REAL, rate, 0, 1e6, .doc = "learning rate" }, { "batch", CC_INT, "128", 1, 1e6, .doc = "samples of a gradient" }, \
    { "wd", CC_REAL, "0", 0, 1e6, .doc = "weight decay, part of the gradient" }, { "horizon", CC_INT, "0", 0, 1e6, .doc = "epochs; the rate is a tenth from 1/2 of them, a hundredth from 3/4; 0: constant" }
#define RIVAL CC_LIST(cc_probe, { "epoch", "", "passes over the data", offsetof(mfac_descent, epoch) }, { "rate", "", "of the last step", offsetof(mfac_descent, rate) })
#define CLERK .family = "ihvp", .step = mfac_clerk_step, .candidate = mfac_clerk_candidate

const cc_algorithm mfac_algorithms[] = {
    { .id = "mfac.static", .summary = "the static algorithm by matrix products", .init = mfac_static_init, CLERK, .params = CC_LIST(cc_param, STORAGE, BLOCK) },
    { .id = "mfac.recursion", .summary = "the static algorithm, one vector after another", .init = mfac_recursion_init, CLERK,
      .params = CC_LIST(cc_param, { "divide", CC_CHOICE, "final", .choices = "final prefix", .doc = "prefix: a planted mistake, the i-th denominator is i + g'v" }) },
    { .id = "mfac.dynamic", .summary = "the dynamic algorithm, symmetric", .init = mfac_dynamic_init, CLERK,
      .params = CC_LIST(cc_param, STORAGE, { "solve", CC_CHOICE, "push", .choices = "push naive", .doc = "F^-1 of the newest gradient: push-through, or like any vector" }, STALE) },
    { .id = "mfac.triangular", .summary = "the dynamic algorithm with the paper's tables", .init = mfac_triangular_init, CLERK, .params = CC_LIST(cc_param, STALE) },
    { .id = "mfac.dense", .summary = "F^-1 as a matrix, or as diagonal blocks", .init = mfac_dense_init, CLERK,
      .reference = "Singh and Alistarh, WoodFisher: Efficient Second-Order Approximation for Neural Network Compression, NeurIPS 2020",
      .params = CC_LIST(cc_param, BLOCK) },
    { .id = "mfac.optimiser", .summary = "natural gradients by the dynamic algorithm", .family = "smooth",
      .init = mfac_optimiser_init, .step = mfac_optimiser_step, .candidate = mfac_optimiser_candidate,
      .params = CC_LIST(cc_param, DESCENT("1e-3"),
          { "m", CC_INT, "256", 1, 1e5, .doc = "gradients of the window" },
          { "lambda", CC_REAL, "1e-5", 0, 1e300, .doc = "damping" },
          { "beta", CC_REAL, "0", 0, 1, .doc = "momentum: v = beta v + (1 - beta) u" },
          { "solve", CC_CHOICE, "push", .choices = MFAC_SOLVES, .doc = "push-through, the product as for any vector, or the paper's tables" },
          { "storage", CC_CHOICE, "float", .choices = MFAC_STORAGES, .doc = "of the window" },
          { "window", CC_CHOICE, "gradients", .choices = "gradients noise", .doc = "noise: an ablation, normal vectors as long as the gradients" }),
      .probes = CC_LIST(cc_probe, { "epoch", "", "passes over the data", offsetof(mfac_optimiser, descent.epoch) }, { "rate", "", "of the last step", offsetof(mfac_optimiser, descent.rate) },
          { "norm_u", "", "|F^-1 g|", offsetof(mfac_optimiser, norm_u) }, { "share", "", "|F^-1 g| / (sqrt(m / lambda) / 2)", offsetof(mfac_optimiser, share) },
          { "slope", "", "u'g", offsetof(mfac_optimiser, slope) }, { "cosine", "", "of u and g", offsetof(mfac_optimiser, cosine) }) },
    { .id = "mfac.sgd", .summary = "stochastic gradients with momentum", .family = "smooth", .init = mfac_sgd_init, .step = mfac_sgd_step, .candidate = mfac_rival_candidate,
      .params = CC_LIST(cc_param, DESCENT("0.1"), { "momentum", CC_REAL, "0.9", 0, 1, .doc = "as in PyTorch" }), .probes = RIVAL },
    { .id = "mfac.adam", .summary = "Adam", .reference = "Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015", .family = "smooth",
      .init = mfac_adam_init, .step = mfac_adam_step, .candidate = mfac_rival_candidate, .params = CC_LIST(cc_param, DESCENT("1e-3")), .probes = RIVAL },
    { .id = "mfac.prune", .summary = "the optimal brain surgeon with the static algorithm", .family = "smooth", .init = mfac_prune_init, .step = mfac_prune_step, .candidate = mfac_prune_candidate,
      .params = CC_LIST(cc_param,
          { "sparsity", CC_REAL, "0.75", 0, 1, .doc = "share of the prunable weights that is zero in the end" },
          { "via", CC_TEXT, "", .doc = "sparsities on the way, separated by slashes" },
          { "recomputations", CC_INT, "16", 1, 10000, .doc = "rounds a stage" },
          { "m", CC_INT, "64", 1, 1e5, .doc = "gradients of a round" },
          { "grad_batch", CC_INT, "32", 1, 1e6, .doc = "samples of a gradient" },
          BLOCK, STORAGE, { "lambda", CC_REAL, "1e-5", 0, 1e300, .doc = "damping" },
          { "score", CC_CHOICE, "mfac", .choices = MFAC_SCORES, .doc = "what is dropped: the least saliency by F, by its diagonal, or the least magnitude; only the first compensates" },
          { "gradients", CC_CHOICE, "true", .choices = MFAC_GRADIENTS, .doc = "ablations: entries of each in random order; one gradient m times" },
          { "quirk", CC_BOOL, "false", .doc = "as the published code has it: the last of the m gradients is zero" },
          { "tune", CC_INT, "0", 0, 1e6, .doc = "steps of SGD (momentum .9, batch 128) after a stage" },
          { "lr", CC_REAL, "0.005", 0, 1e6, .doc = "of these" }),
      .probes = CC_LIST(cc_probe, { "sparsity_now", "", "share of the prunable weights that is zero", offsetof(mfac_pruner, sparsity) },
                                  { "predicted", "", "sum of the saliencies dropped in the last round", offsetof(mfac_pruner, predicted) }) },
    { 0 },
};
/* clang-format on */
