/* algorithms/baseline_smooth/baselines.c: what other methods on the family `smooth` are compared with. */
#include "algorithms/baseline_smooth/baselines.h"

#include "problems/smooth/smooth.h"

#include <stddef.h>

/* clang-format off */
#define FIRST_ORDER_PARAMS CC_LIST(cc_param, \
          { "L0", CC_REAL, "1", 1e-300, 1e300, .doc = "first guess of the Lipschitz constant" }, \
          { "L_min", CC_REAL, "1e-5", 0, 1e300, .doc = "least guess" })
#define FIRST_ORDER_PROBES CC_LIST(cc_probe, \
          { "L", "", "guess that the next step starts from", offsetof(first_order, L) }, \
          { "trials", "values", "trials of this step", offsetof(first_order, trials) })
#define HESS { "hess", CC_CHOICE, "exact", .choices = SMOOTH_KIND_CHOICES, .doc = "H(x)" }
#define SECOND_ORDER_PROBES CC_LIST(cc_probe, \
          { "lambda", "", "shift of the last trial", offsetof(second_order, lambda) }, \
          { "reg", "", "regularisation that the next step starts from", offsetof(second_order, reg) }, \
          { "trials", "values", "trials of this step", offsetof(second_order, trials) })

static const cc_algorithm algorithms[] = {
    { .id = "baseline_smooth.gradient", .family = "smooth", .summary = "gradient method with a search for L",
      .reference = "Nesterov, Gradient methods for minimizing composite functions, 2013",
      .init = gradient_init, .step = gradient_step, .candidate = first_order_candidate,
      .params = FIRST_ORDER_PARAMS, .probes = FIRST_ORDER_PROBES },
    { .id = "baseline_smooth.fast_gradient", .family = "smooth", .summary = "fast gradient method with a search for L",
      .reference = "Nesterov, Gradient methods for minimizing composite functions, 2013",
      .init = fast_gradient_init, .step = fast_gradient_step, .candidate = first_order_candidate,
      .params = FIRST_ORDER_PARAMS, .probes = FIRST_ORDER_PROBES },
    { .id = "baseline_smooth.super_newton", .family = "smooth", .summary = "super-universal regularised Newton",
      .reference = "Doikov, Mishchenko, Nesterov, SIAM J. Optim. 2024",
      .init = super_newton_init, .step = super_newton_step, .candidate = second_order_candidate, .probes = SECOND_ORDER_PROBES,
      .params = CC_LIST(cc_param, HESS, { "alpha", CC_REAL, "1", 0, 2, .doc = "power of the gradient norm in the shift" }) },
    { .id = "baseline_smooth.cubic_newton", .family = "smooth", .summary = "adaptive cubic Newton",
      .reference = "Nesterov, Polyak, Math. Program. 2006",
      .init = cubic_newton_init, .step = cubic_newton_step, .candidate = second_order_candidate, .probes = SECOND_ORDER_PROBES,
      .params = CC_LIST(cc_param, HESS) },
    { .id = "baseline_smooth.fixed_newton", .family = "smooth", .summary = "regularised Newton with a constant that is known",
      .reference = "Doikov, Minimizing quasi-self-concordant functions by gradient regularization of Newton method, 2023",
      .init = fixed_newton_init, .step = fixed_newton_step, .candidate = second_order_candidate, .probes = SECOND_ORDER_PROBES,
      .params = CC_LIST(cc_param, HESS,
          { "rule", CC_CHOICE, "qsc", .choices = "qsc constant", .doc = "shift M ||g||, or M" },
          { "M", CC_REAL, "auto", 0, 1e300, .doc = "auto: Mqsc of the problem, or L1" }) },
    { .id = "baseline_smooth.damped_newton", .family = "smooth", .summary = "Newton with an Armijo search, not regularised",
      .init = damped_newton_init, .step = damped_newton_step, .candidate = second_order_candidate, .probes = SECOND_ORDER_PROBES,
      .params = CC_LIST(cc_param, HESS) },
    { .id = "baseline_smooth.langevin", .family = "smooth", .summary = "annealed Langevin; without noise the gradient method with a fixed step",
      .reference = "Chiang, Hwang, Sheu, SIAM J. Control Optim. 1987",
      .init = langevin_init, .step = langevin_step, .candidate = langevin_candidate,
      .params = CC_LIST(cc_param,
          { "rate", CC_REAL, "1", 0, 1e9, .doc = "step, in units of dt" },
          { "dt", CC_REAL, "1e-3", 0, 1e9, .doc = "time step" },
          { "sigma", CC_REAL, "0", 0, 1e9, .doc = "noise, divided by log(k + 1)" }) },
    { .id = "baseline_smooth.random", .family = "smooth", .summary = "the best of random points around the start",
      .init = random_search_init, .step = random_search_step, .candidate = random_search_candidate,
      .params = CC_LIST(cc_param,
          { "N", CC_INT, "200", 1, 1e8, .doc = "points a step" },
          { "std", CC_REAL, "0.5", 0, 1e9, .doc = "of every coordinate" }) },
    { 0 },
};
/* clang-format on */

const cc_plugin cc_plugin_1 = {.id = "baseline_smooth", .title = "Baselines of smooth minimisation", .algorithms = algorithms};
