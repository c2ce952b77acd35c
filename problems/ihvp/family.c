/* problems/ihvp/family.c: the family, its counters, its problems. */
#include "harness/plugin.h"
#include "problems/ihvp/problems.h"

/* clang-format off */
#define WINDOW                                                                                                                   \
    { "d", CC_INT, "50", 1, 1e7, .doc = "dimension" }, { "m", CC_INT, "16", 1, 1e5, .doc = "gradients of the window" },          \
    { "lambda", CC_REAL, "1e-2", 0, 1e300, .doc = "damping" },                                                                   \
    { "law", CC_CHOICE, "normal", .choices = IHVP_LAWS, .doc = "gradients: normal; with variances from 1 to .01; all the same" }

static const cc_problem problems[] = {
    { .id = "ihvp.batch", .family = "ihvp", .summary = "one window of gradients, then every kind of question", .create = ihvp_batch_create, .begin = ihvp_begin,
      .params = CC_LIST(cc_param, WINDOW, { "order", CC_INT, "0", 0, 1e9, .doc = "number of a permutation of the gradients; 0: as drawn" }) },
    { .id = "ihvp.stream", .family = "ihvp", .summary = "gradients one by one; after each its own product, and that of a vector at large", .create = ihvp_stream_create, .begin = ihvp_begin,
      .params = CC_LIST(cc_param, WINDOW, { "updates", CC_INT, "0", 0, 1e6, .doc = "gradients in all; 0: 3m + 5" }) },
    { 0 },
};
/* clang-format on */

static const cc_family families[] = {
    {.id = "ihvp",
     .candidate = "ihvp_answer",
     .doc = "products with the inverse of lambda I + (1/m) sum g g', for gradients that come at once or one by one",
     .counters = CC_LIST(cc_column, {"n_gradient", "", "gradients handed out"}, {"n_answer", "", "answers asked for"},
                         {"n_word", "", "numbers kept by the algorithm (reported)"}),
     .metrics = CC_LIST(
         cc_metric,
         {"error", "", "norm(answer - right answer) / norm(right answer); an element: / sqrt(F^-1_ii F^-1_jj)", ihvp_metric_error},
         {"condition", "", "(lambda + largest eigenvalue of G G'/m) / lambda", ihvp_metric_condition})},
    {0},
};

const cc_plugin cc_plugin_1 = {
    .id = "ihvp", .title = "Inverse-Hessian-vector products", .families = families, .problems = problems};
