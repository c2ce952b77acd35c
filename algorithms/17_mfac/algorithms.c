/* algorithms/17_mfac/algorithms.c: the plug-in's algorithms with their parameters. */
#include "algorithms/17_mfac/mfac.h"

/* clang-format off */
#define STORAGE { "storage", CC_CHOICE, "double", .choices = MFAC_STORAGES, .doc = "of the gradients or what is made of them; vectors and small matrices are double" }
#define BLOCK { "block", CC_INT, "0", 0, 1e9, .doc = "coordinates of a diagonal block that F is replaced by; 0: all in one" }
#define STALE { "stale", CC_BOOL, "false", .doc = "a planted mistake: column `last` of S is not renewed" }
#define CLERK .family = "ihvp", .step = mfac_clerk_step, .candidate = mfac_clerk_candidate

const cc_algorithm mfac_algorithms[] = {
    { .id = "mfac.static", .summary = "the static algorithm by matrix products", .init = mfac_static_init, CLERK, .params = CC_LIST(cc_param, STORAGE, BLOCK) },
    { .id = "mfac.recursion", .summary = "the static algorithm, one vector after another", .init = mfac_recursion_init, CLERK,
      .params = CC_LIST(cc_param, { "divide", CC_CHOICE, "final", .choices = "final prefix", .doc = "prefix: a planted mistake, the i-th denominator is i + g'v" }) },
    { .id = "mfac.dynamic", .summary = "the dynamic algorithm, symmetric", .init = mfac_dynamic_init, CLERK,
      .params = CC_LIST(cc_param, STORAGE, { "solve", CC_CHOICE, "push", .choices = MFAC_SOLVES, .doc = "F^-1 of the newest gradient: push-through, or like any vector" }, STALE) },
    { .id = "mfac.triangular", .summary = "the dynamic algorithm with the paper's tables", .init = mfac_triangular_init, CLERK, .params = CC_LIST(cc_param, STALE) },
    { .id = "mfac.dense", .summary = "F^-1 as a matrix, or as diagonal blocks", .init = mfac_dense_init, CLERK,
      .reference = "Singh and Alistarh, WoodFisher: Efficient Second-Order Approximation for Neural Network Compression, NeurIPS 2020",
      .params = CC_LIST(cc_param, BLOCK) },
    { 0 },
};
/* clang-format on */
