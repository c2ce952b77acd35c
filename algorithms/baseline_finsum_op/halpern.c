/* algorithms/baseline_finsum_op/halpern.c: Halpern iteration with the full operator.
 *
 * Problem    0 in F(u) + G(u), F 1/L-cocoercive.
 * Method     u_{k+1} = J_{eta G}(lambda_k u_0 + (1 - lambda_k) u_k - eta F(u_k)), eta = 1/L, lambda_k = 1/(k+2).
 * Guarantee  |F(u_k)| <= 2 L R / (k+1) when G = 0: u -> u - eta F(u) is nonexpansive.
 * Reference  Lieder, On the convergence rate of the Halpern-iteration, Optimization Letters 2021; Diakonikolas, COLT 2020. */
#include "algorithms/baseline_finsum_op/baseline.h"
#include "harness/numerics/linalg.h"

typedef struct halpern {
    size_t d, k;
    int slow; /* lambda_k = 2/(k+4) */
    double eta, *u0, *u, *F, *z;
} halpern;

cc_status finsum_halpern_init(cc_run *run, void **state)
{
    halpern *s;
    CC_NEW(run, s, 1);
    if (!(finsum_caps(run) & FINSUM_COCO) && !cc_bool(run, "outside_theory"))
        return cc_fail(run, CC_EINVAL,
                       "explicit Halpern iteration needs a cocoercive operator; outside_theory=true runs it all the same");
    s->d = finsum_d(run);
    s->slow = cc_choice(run, "weights") == 1;
    CC_TRY(finsum_step(run, cc_real(run, "eta_L") / cc_fact(run, "L_avg"), &s->eta));
    CC_NEW(run, s->u0, s->d);
    CC_NEW(run, s->u, 2 * s->d);
    CC_NEW(run, s->F, s->d);
    CC_NEW(run, s->z, s->d);
    finsum_start(run, s->u0, s->u + s->d);
    cc_copy(s->d, s->u0, s->u);
    *state = s;
    return CC_OK;
}

cc_status finsum_halpern_step(cc_run *run, void *state)
{
    halpern *s = state;
    const double lambda = s->slow ? 2 / (double)(s->k + 4) : 1 / (double)(s->k + 2);
    CC_TRY(finsum_full(run, s->u, s->F));
    for (size_t j = 0; j < s->d; j++) s->z[j] = lambda * s->u0[j] + (1 - lambda) * s->u[j] - s->eta * s->F[j];
    finsum_prox(run, s->d, s->eta, s->z, s->u, s->u + s->d);
    s->k++;
    return finsum_guard(run, s->d, s->u);
}

const void *finsum_halpern_candidate(void *state) { return ((halpern *)state)->u; }
