/* algorithms/13_vr_halpern/halpern.c: what a user sees of the two algorithms: parameters, variants, probes. */
#include "algorithms/13_vr_halpern/halpern.h"

#include <math.h>
#include <stddef.h>

#include "harness/numerics/linalg.h"
#include "harness/plugin.h"

cc_status halpern_constant(cc_run *run, double *L)
{
    const char *name = cc_choice(run, "unit") == 0 ? "L_avg" : "L_F";
    *L = cc_fact(run, name);
    return *L > 0 && isfinite(*L) ? CC_OK : cc_fail(run, CC_EINVAL, "the problem's %s = %g must be positive and finite", name, *L);
}

int halpern_is_far(size_t d, const double *u) { return !(cc_norm(d, u) < HALPERN_FAR); }

const cc_algorithm halpern_algorithms[] = {
    {.id = "halpern.page",
     .family = "finsum_op",
     .summary = "Halpern iteration on PAGE's recursive estimate, for cocoercive operators (Algorithm 1)",
     .reference = "Cai, Alacaoglu, Diakonikolas, ICLR 2024",
     .params = CC_LIST(
         cc_param, {"eta", CC_REAL, "auto", 0, 1e12, .doc = "step; auto: eta_L / L"},
         {"eta_L", CC_REAL, "0.25", 0, 1e6, .unit = "1/L", .doc = "step in units of 1/L"},
         {"unit", CC_CHOICE, "L_avg", .choices = "L_avg L_F", .doc = "the constant called L"},
         {"batch", CC_REAL, "auto", 1, 1e7, .doc = "components of a correction; auto: sqrt(n), rounded up"},
         {"floor_batch", CC_BOOL, "false", .doc = "round sqrt(n) down instead, as the published scripts do"},
         {"sampling", CC_CHOICE, "iid", .choices = "iid norepl", .doc = "independent draws, or distinct ones (uniform laws)"},
         {"p", CC_REAL, "auto", 0, 1, .doc = "chance of a full operator from the third step on; auto: the paper's schedule"},
         {"recursion", CC_BOOL, "true", .doc = "false: a fresh batch estimates F, without memory (an ablation)"},
         {"anchor", CC_BOOL, "true", .doc = "false: lambda = 0, no pull towards the start (an ablation)"},
         {"eps", CC_REAL, "0", 0, 1e12, .doc = "end when a full operator certifies a residual of at most eps; 0: never"},
         {"outside_theory", CC_BOOL, "false", .doc = "run on operators that are not cocoercive"}),
     .variants = CC_LIST(cc_variant, {"paper", "as analysed", ""},
                         {"code", "batches as in the published scripts", "floor_batch=true sampling=norepl"},
                         {"det", "the full operator in every step", "p=1"},
                         {"mini", "no recursion: a fresh batch in every step", "recursion=false p=0"},
                         {"no_anchor", "no anchor: a plain step on the estimate", "anchor=false"}),
     .probes = CC_LIST(cc_probe, {"eta_used", "", "step", offsetof(halpern_page, eta)},
                       {"lambda", "", "weight of the anchor", offsetof(halpern_page, lambda)},
                       {"p_used", "", "chance of a full operator", offsetof(halpern_page, p)},
                       {"b_used", "", "components of a correction", offsetof(halpern_page, batch)},
                       {"full", "", "1: the last step took the full operator", offsetof(halpern_page, full)}),
     .init = halpern_page_init,
     .step = halpern_page_step,
     .candidate = halpern_page_candidate},
    {.id = "halpern.inexact",
     .family = "finsum_op",
     .summary = "Halpern iteration on an inexact resolvent, for monotone Lipschitz operators (Algorithms 2 and 3)",
     .reference = "Cai, Alacaoglu, Diakonikolas, ICLR 2024",
     .params = CC_LIST(
         cc_param, {"eta", CC_REAL, "auto", 0, 1e12, .doc = "parameter of the resolvent; auto: sqrt(n) / L"},
         {"unit", CC_CHOICE, "L_avg", .choices = "L_avg L_F", .doc = "the constant called L"},
         {"Mk", CC_CHOICE, "safe", .choices = "theory safe practical code",
          .doc = "inner steps: proved, 20 n ln(k+2), 2 n ln(k+2), or the published scripts' 0.05 n ln(k+2)"},
         {"c", CC_REAL, "0.5", 0, 100,
          .doc = "inner step in units of sqrt(p(1-p)) / (1 + eta L); 1/2 is proved, about 2 is stable"},
         {"gamma", CC_REAL, "auto", 0, 1e6, .doc = "inner step; auto: from c"},
         {"snapshot", CC_CHOICE, "inner", .choices = "inner outer",
          .doc = "outer: never moved, as in the published scripts (an ablation)"},
         {"res_at", CC_CHOICE, "v", .choices = "v u", .doc = "where the candidate is: the resolvent, or the averaged point"}),
     .variants = CC_LIST(cc_variant, {"theory", "proved inner lengths", "Mk=theory"},
                         {"practical", "short inner loops", "Mk=practical c=1"},
                         {"code", "as the published scripts", "Mk=code c=5 snapshot=outer res_at=u"}),
     .probes = CC_LIST(cc_probe, {"eta_used", "", "parameter of the resolvent", offsetof(halpern_inexact, eta)},
                       {"lambda", "", "weight of the anchor", offsetof(halpern_inexact, lambda)},
                       {"inner", "", "inner steps of the last iteration", offsetof(halpern_inexact, inner)}),
     .init = halpern_inexact_init,
     .step = halpern_inexact_step,
     .candidate = halpern_inexact_candidate},
    {0},
};
