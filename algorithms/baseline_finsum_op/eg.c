/* algorithms/baseline_finsum_op/eg.c: extragradient and its anchored form.
 *
 * Problem    0 in F(u) + G(u), F monotone and L-Lipschitz.
 * Method     h = J_{eta G}(lambda_k u_0 + (1 - lambda_k) u_k - eta F(u_k)), u_{k+1} = J_{eta G}(the same - eta F(h) instead);
 *            EG: lambda = 0, eta < 1/L; EAG with constant step: lambda_k = 1/(k+2), eta <= 1/(8L).
 * Guarantee  EG: some iterate up to k has a residual O(L R / sqrt(k)); EAG: the last has O(L R / k).
 * Reference  Korpelevich 1976; Yoon and Ryu, Accelerated algorithms for smooth convex-concave minimax problems, ICML 2021. */
#include "algorithms/baseline_finsum_op/baseline.h"
#include "harness/numerics/linalg.h"

typedef struct eg {
    size_t d, k;
    int anchored, at_half;
    double eta, *u0, *u, *half, *F, *z; /* u and half: each with its g */
} eg;

static cc_status init(cc_run *run, int anchored, void **state)
{
    eg *s;
    CC_NEW(run, s, 1);
    s->d = finsum_d(run);
    s->anchored = anchored;
    s->at_half = cc_choice(run, "res_at") == 1;
    CC_TRY(finsum_step(run, cc_real(run, "eta_L") / cc_fact(run, "L_F"), &s->eta));
    CC_NEW(run, s->u0, s->d);
    CC_NEW(run, s->u, 2 * s->d);
    CC_NEW(run, s->half, 2 * s->d);
    CC_NEW(run, s->F, s->d);
    CC_NEW(run, s->z, s->d);
    finsum_start(run, s->u0, s->u + s->d);
    cc_copy(s->d, s->u0, s->u);
    cc_copy(2 * s->d, s->u, s->half);
    *state = s;
    return CC_OK;
}

cc_status finsum_eg_init(cc_run *run, void **state) { return init(run, 0, state); }
cc_status finsum_eag_init(cc_run *run, void **state) { return init(run, 1, state); }

/* z = lambda u0 + (1 - lambda) u - eta F */
static void combine(eg *s, double lambda)
{
    for (size_t j = 0; j < s->d; j++) s->z[j] = lambda * s->u0[j] + (1 - lambda) * s->u[j] - s->eta * s->F[j];
}

cc_status finsum_eg_step(cc_run *run, void *state)
{
    eg *s = state;
    const double lambda = s->anchored ? 1 / (double)(s->k + 2) : 0;
    CC_TRY(finsum_full(run, s->u, s->F));
    combine(s, lambda);
    finsum_prox(run, s->d, s->eta, s->z, s->half, s->half + s->d);
    CC_TRY(finsum_full(run, s->half, s->F));
    combine(s, lambda);
    finsum_prox(run, s->d, s->eta, s->z, s->u, s->u + s->d);
    s->k++;
    return finsum_guard(run, s->d, s->u);
}

const void *finsum_eg_candidate(void *state)
{
    const eg *s = state;
    return s->at_half ? s->half : s->u;
}
