/* algorithms/13_vr_halpern/inexact.c: Algorithm 2, Halpern iteration on an inexact resolvent.
 *
 * Problem    0 in F(u) + G(u), F = (1/n) sum F_i monotone and Lipschitz on average with constant L.
 * Method     v_k ~ J_{eta (F + G)}(u_k) by M_k steps of Algorithm 3, u_{k+1} = lambda_k u_0 + (1 - lambda_k) v_k,
 *            lambda_k = 1/(k+2), eta = sqrt(n) / L.
 * Guarantee  |P(u_k)| = O(R / k), hence |F(v_k) + g_k| = O(L R / (sqrt(n) k)); about n + sqrt(n) L R / epsilon evaluations up to
 * logarithms. Reference  Cai, Alacaoglu, Diakonikolas 2024, Section 4.
 *
 * The bound on the residual holds at v_k; u_{k+1} still carries lambda_k (u_0 - v_k), which hides the gain of a large eta. The
 * published scripts report at u: res_at=u. */
#include <math.h>

#include "algorithms/13_vr_halpern/halpern.h"
#include "harness/numerics/linalg.h"

uint64_t halpern_inner_steps(int mk, size_t n, size_t k)
{
    const double size = (double)n, log_k = log((double)(k + 2));
    switch (mk) {
    case HALPERN_MK_THEORY:
        return (uint64_t)ceil((log(4.25) + 8 * log_k) / log1p(1 / (6 * size)));
    case HALPERN_MK_SAFE:
        return (uint64_t)ceil(20 * size * log_k);
    case HALPERN_MK_PRACTICAL:
        return (uint64_t)ceil(2 * size * log_k);
    default:
        return (uint64_t)(.05 * size * log_k);
    }
}

cc_status halpern_inexact_init(cc_run *run, void **state)
{
    halpern_inexact *s;
    double L, gamma = cc_real(run, "gamma");
    CC_NEW(run, s, 1);
    CC_TRY(halpern_constant(run, &L));
    s->d = finsum_d(run), s->n = finsum_n(run);
    s->mk = cc_choice(run, "Mk"), s->at_u = cc_choice(run, "res_at") == 1;
    s->eta = cc_real(run, "eta");
    if (isnan(s->eta)) s->eta = sqrt((double)s->n) / L;
    if (isnan(gamma)) gamma = halpern_forb_gamma(s->n, s->eta * L, cc_real(run, "c"));
    CC_TRY(halpern_forb_init(run, &s->forb, s->eta, gamma, cc_choice(run, "snapshot") == 1, 0));
    CC_NEW(run, s->u0, s->d);
    CC_NEW(run, s->u, s->d);
    CC_NEW(run, s->centre, s->d);
    CC_NEW(run, s->candidate, 2 * s->d);
    finsum_start(run, s->u0, s->candidate + s->d);
    cc_copy(s->d, s->u0, s->u);
    cc_copy(s->d, s->u0, s->candidate);
    *state = s;
    return CC_OK;
}

cc_status halpern_inexact_step(cc_run *run, void *state)
{
    halpern_inexact *s = state;
    double *g = s->candidate + s->d;
    const uint64_t steps = halpern_inner_steps(s->mk, s->n, s->k);
    cc_copy(s->d, s->u, s->centre);
    CC_TRY(halpern_forb_start(run, &s->forb, s->centre));
    for (uint64_t m = 0; m < steps; m++) CC_TRY(halpern_forb_step(run, &s->forb));
    s->inner = (double)steps;
    s->lambda = 1 / (double)(s->k + 2);
    for (size_t j = 0; j < s->d; j++) s->u[j] = s->lambda * s->u0[j] + (1 - s->lambda) * s->forb.v[j];
    cc_copy(s->d, s->at_u ? s->u : s->forb.v, s->candidate);
    if (steps > 0) halpern_forb_normal(&s->forb, g);
    if (s->at_u && s->forb.has_set) /* the prox step tells nothing of G at the averaged point */
        for (size_t j = 0; j < s->d; j++) g[j] = NAN;
    s->k++;
    return halpern_is_far(s->d, s->u) ? cc_finish(run, "DIVERGED") : CC_OK;
}

const void *halpern_inexact_candidate(void *state) { return ((halpern_inexact *)state)->candidate; }
