/* algorithms/baseline_finsum_op/baseline.c: what the methods share, and the plug-in. */
#include "algorithms/baseline_finsum_op/baseline.h"

#include <math.h>

#include "harness/numerics/linalg.h"
#include "harness/plugin.h"

cc_status finsum_step(cc_run *run, double automatic, double *eta)
{
    *eta = cc_real(run, "eta");
    if (isnan(*eta)) *eta = automatic;
    if (*eta > 0 && isfinite(*eta)) return CC_OK;
    return cc_fail(run, CC_EINVAL, "the step is %g: eta must be positive and finite, or auto and the problem's constant known",
                   *eta);
}

void finsum_prox(cc_run *run, size_t d, double eta, const double *z, double *u, double *g)
{
    finsum_resolvent(run, eta, z, u);
    for (size_t j = 0; j < d; j++) g[j] = (z[j] - u[j]) / eta;
}

cc_status finsum_guard(cc_run *run, size_t d, const double *u)
{
    return cc_norm(d, u) < 1e100 ? CC_OK : cc_finish(run, "DIVERGED");
}

const cc_plugin cc_plugin_1 = {
    .id = "baseline_finsum_op",
    .title = "Baselines for finite-sum monotone inclusions",
    .citation = "Korpelevich 1976; Yoon and Ryu, ICML 2021; Lieder, Optimization Letters 2021; Alacaoglu and Malitsky, COLT 2022",
    .algorithms = CC_LIST(
        cc_algorithm,
        {.id = "finsum.halpern",
         .family = "finsum_op",
         .summary = "Halpern iteration with the full operator",
         .reference = "Lieder, Optimization Letters 2021",
         .params = CC_LIST(
             cc_param, {"eta", CC_REAL, "auto", 0, 1e12, .doc = "step; auto: eta_L / L_avg"},
             {"eta_L", CC_REAL, "1", 0, 1e6, .unit = "1/L_avg", .doc = "step in units of 1/L_avg"},
             {"weights", CC_CHOICE, "fast", .choices = "fast slow", .doc = "lambda_k = 1/(k+2), or 2/(k+4) as in PAGE-Halpern"},
             {"outside_theory", CC_BOOL, "false", .doc = "run on operators that are not cocoercive"}),
         .init = finsum_halpern_init,
         .step = finsum_halpern_step,
         .candidate = finsum_halpern_candidate},
        {.id = "finsum.eg",
         .family = "finsum_op",
         .summary = "extragradient",
         .reference = "Korpelevich 1976",
         .params = CC_LIST(
             cc_param, {"eta", CC_REAL, "auto", 0, 1e12, .doc = "step; auto: eta_L / L_F"},
             {"eta_L", CC_REAL, "0.9", 0, 1e6, .unit = "1/L_F", .doc = "step in units of 1/L_F; below 1 is proved"},
             {"res_at", CC_CHOICE, "half", .choices = "new half", .doc = "the candidate: the new point, or the extrapolated one"}),
         .init = finsum_eg_init,
         .step = finsum_eg_step,
         .candidate = finsum_eg_candidate},
        {.id = "finsum.eag",
         .family = "finsum_op",
         .summary = "anchored extragradient with a constant step",
         .reference = "Yoon and Ryu, ICML 2021",
         .params = CC_LIST(
             cc_param, {"eta", CC_REAL, "auto", 0, 1e12, .doc = "step; auto: eta_L / L_F"},
             {"eta_L", CC_REAL, "0.125", 0, 1e6, .unit = "1/L_F", .doc = "step in units of 1/L_F; up to 1/8 is proved"},
             {"res_at", CC_CHOICE, "new", .choices = "new half", .doc = "the candidate: the new point, or the extrapolated one"}),
         .init = finsum_eag_init,
         .step = finsum_eg_step,
         .candidate = finsum_eg_candidate},
        {.id = "finsum.vreg",
         .family = "finsum_op",
         .summary = "loopless variance-reduced extragradient",
         .reference = "Alacaoglu and Malitsky, COLT 2022",
         .params = CC_LIST(
             cc_param, {"eta", CC_REAL, "auto", 0, 1e12, .doc = "step; auto: c sqrt(p) / L_avg, p = 1/n"},
             {"c", CC_REAL, "0.99", 0, 1e6, .unit = "sqrt(p)/L_avg", .doc = "step in units of sqrt(p) / L_avg; below 1 is proved"}),
         .init = finsum_vreg_init,
         .step = finsum_vreg_step,
         .candidate = finsum_vreg_candidate}),
};
