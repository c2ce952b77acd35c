/* problems/smooth/catalogue.c: the standard problems of the family, with their parameters. */
#include "problems/smooth/problems.h"

#include "harness/plugin.h"

/* clang-format off */
static const cc_problem problems[] = {
    { .id = "smooth.quad", .family = "smooth", .summary = "a quadratic with a prescribed spectrum", .ops = &smooth_quad_ops,
      .create = smooth_quad_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param,
          { "d", CC_INT, "200", 1, 5000, .doc = "dimension" },
          { "kappa", CC_REAL, "100", 1, 1e12, .doc = "condition number" },
          { "spectrum", CC_CHOICE, "geom", .choices = "geom lin cluster power", .doc = "eigenvalues: kappa^(-i/(d-1)), evenly "
            "from 1 to 1/kappa, half 1 and half 1/kappa, i^-2" }) },
    { .id = "smooth.nesterov", .family = "smooth", .summary = "the worst function for first-order methods",
      .ops = &smooth_nesterov_ops,
      .create = smooth_nesterov_create, .begin = smooth_begin, .reference = "Nesterov, Lectures on Convex Optimization, 2018, "
          "section 2.1.2",
      .params = CC_LIST(cc_param,
          { "d", CC_INT, "101", 1, 100000, .doc = "dimension" },
          { "L", CC_REAL, "1", 1e-12, 1e12, .doc = "Lipschitz constant of the gradient" }) },
    { .id = "smooth.logreg", .family = "smooth", .summary = "binary logistic regression on real data", .ops = &smooth_logreg_ops,
      .create = smooth_logreg_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param,
          { "data", CC_CHOICE, "bc", .choices = "bc heart dig2 sep", .doc = "breast cancer 569 x 31, heart 270 x 14, digits even "
            "or odd 1797 x 65, generated and separable 200 x 11" },
          { "lam", CC_REAL, "1e-3", 0, 1e6, .doc = "weight of norm(x)^2 / 2" }) },
    { .id = "smooth.softmax", .family = "smooth", .summary = "multinomial regression on digits, d = 650", .ops = &smooth_softmax_ops,
      .create = smooth_softmax_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param, { "lam", CC_REAL, "1e-3", 1e-12, 1e6, .doc = "weight of norm(W)^2 / 2" }) },
    { .id = "smooth.lse", .family = "smooth", .summary = "log-sum-exp with its minimiser at 0", .ops = &smooth_lse_ops,
      .create = smooth_lse_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "100", 1, 5000, .doc = "dimension" },
          { "m", CC_INT, "100", 1, 20000, .doc = "terms; at least n for the metric B" },
          { "mu_s", CC_REAL, "0.5", 1e-6, 1e6, .doc = "smoothing" },
          { "metric", CC_CHOICE, "B", .choices = "I B", .doc = "identity, or sum of a_i a_i'" }) },
    { .id = "smooth.polytope", .family = "smooth", .summary = "feasibility of a polytope by a power of the violations",
      .ops = &smooth_polytope_ops,
      .create = smooth_polytope_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "20", 1, 5000, .doc = "dimension" },
          { "m", CC_INT, "100", 1, 20000, .doc = "constraints" },
          { "q", CC_REAL, "3", 2, 20, .doc = "power" }) },
    { .id = "smooth.pdiff", .family = "smooth", .summary = "cubed differences, hard for second-order methods",
      .ops = &smooth_pdiff_ops,
      .create = smooth_pdiff_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "50", 1, 5000, .doc = "dimension" },
          { "metric", CC_CHOICE, "I", .choices = "I B", .doc = "identity, or D'D with D the differences" }) },
    { .id = "smooth.rosen", .family = "smooth", .summary = "Rosenbrock, a power of its residual", .ops = &smooth_nls_ops,
      .create = smooth_rosen_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param, { "q", CC_REAL, "2", 2, 20, .doc = "power" }) },
    { .id = "smooth.rosen0", .family = "smooth", .summary = "Rosenbrock as in 1960", .ops = &smooth_nls_ops,
      .create = smooth_rosen0_create, .begin = smooth_begin },
    { .id = "smooth.cheb", .family = "smooth", .summary = "the Chebyshev chain, a power of its residual", .ops = &smooth_nls_ops,
      .create = smooth_cheb_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param,
          { "n", CC_INT, "10", 2, 5000, .doc = "dimension" },
          { "q", CC_REAL, "4", 2, 20, .doc = "power" },
          { "start", CC_REAL, "0.5", -10, 10, .doc = "every entry of the start" }) },
    { .id = "smooth.lin", .family = "smooth", .summary = "linear equations by a power of the residual",
      .ops = &smooth_nls_linear_ops,
      .create = smooth_lin_create, .begin = smooth_begin,
      .params = CC_LIST(cc_param,
          { "m", CC_INT, "10", 1, 5000, .doc = "equations, at most n" },
          { "n", CC_INT, "20", 1, 5000, .doc = "unknowns" },
          { "q", CC_REAL, "4", 2, 20, .doc = "power" },
          { "metric", CC_CHOICE, "B", .choices = "I B", .doc = "identity, or A'A + 1e-8 I" }) },
    { 0 },
};
/* clang-format on */

const cc_plugin cc_plugin_1 = {.id = "smooth", .title = "Smooth minimisation", .families = smooth_families, .problems = problems};
