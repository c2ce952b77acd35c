/* algorithms/13_vr_halpern/forb.c: Algorithm 3, the inner solver.
 *
 * Problem    0 in Phi(v) + eta G(v), Phi(v) = v - centre + eta F(v): 1-strongly monotone; its solution is J_{eta (F + G)}(centre).
 * Method     v+ = J_{gamma eta G}(alpha v + (1 - alpha) w - gamma (Phi(w) + Phi_i(v) - Phi_i(w_prev))),
 *            Phi_i(v) - Phi_i(w') = v - w' + eta (F_i(v) - F_i(w')); then w_prev = w and, with probability p, w = v+.
 * Guarantee  E |v_M - v*|^2 <= 4.25 (1 + 1/(6n))^-M |centre - v*|^2 for gamma = sqrt(p (1 - p)) / (2 (1 + eta L)), p = 1/n, n >= 9.
 * Reference  Alacaoglu, Malitsky, Cevher 2021; Cai, Alacaoglu, Diakonikolas 2024, Section 4. */
#include <math.h>

#include "algorithms/13_vr_halpern/halpern.h"
#include "harness/numerics/linalg.h"

double halpern_forb_gamma(size_t n, double eta_L, double c)
{
    const double p = 1 / (double)n;
    return c * sqrt(p * (1 - p)) / (1 + eta_L);
}

cc_status halpern_forb_init(cc_run *run, halpern_forb *s, double eta, double gamma, int outer, uint64_t id)
{
    const size_t n = finsum_n(run), d = finsum_d(run);
    if (n < 2) return cc_fail(run, CC_EINVAL, "the inner solver needs at least two components: with p = 1 its step is zero");
    if (!(eta > 0 && isfinite(eta) && gamma > 0 && isfinite(gamma)))
        return cc_fail(run, CC_EINVAL, "eta = %g and gamma = %g must be positive and finite", eta, gamma);
    s->d = d, s->eta = eta, s->gamma = gamma, s->p = 1 / (double)n, s->outer = outer;
    s->has_set = (finsum_caps(run) & FINSUM_SET) != 0;
    CC_NEW(run, s->v, d);
    CC_NEW(run, s->w, d);
    CC_NEW(run, s->w_prev, d);
    CC_NEW(run, s->base, d);
    CC_NEW(run, s->F, d);
    CC_NEW(run, s->z, d);
    s->coin = cc_stream(run, HALPERN_REFRESH, id), s->draw = cc_stream(run, HALPERN_COMPONENT, id);
    return CC_OK;
}

/* F(w), and base for a step whose differences are taken from `from`. */
static cc_status refresh(cc_run *run, halpern_forb *s, const double *from)
{
    CC_TRY(finsum_full(run, s->w, s->F));
    for (size_t j = 0; j < s->d; j++)
        s->base[j] = s->p * s->w[j] - s->gamma * (s->eta * s->F[j] + s->w[j] - s->centre[j]) + s->gamma * from[j];
    return CC_OK;
}

cc_status halpern_forb_start(cc_run *run, halpern_forb *s, const double *centre)
{
    s->centre = centre;
    cc_copy(s->d, centre, s->v);
    cc_copy(s->d, centre, s->w);
    s->reflected = 0;
    return refresh(run, s, s->w);
}

/* w_prev <- w, w <- v. */
static cc_status new_snapshot(cc_run *run, halpern_forb *s)
{
    double *old = s->w_prev;
    if (halpern_is_far(s->d, s->v)) return cc_finish(run, "DIVERGED");
    s->w_prev = s->w, s->w = old;
    cc_copy(s->d, s->outer ? s->centre : s->v, s->w);
    s->reflected = 1;
    return refresh(run, s, s->w_prev);
}

cc_status halpern_forb_step(cc_run *run, halpern_forb *s)
{
    size_t id;
    finsum_draw(run, &s->draw, 1, &id);
    finsum_affine_step(run, id, s->v, s->reflected ? s->w_prev : s->w, 1 - s->p - s->gamma, s->base, -s->gamma * s->eta,
                       s->has_set ? s->z : s->v);
    finsum_resolvent(run, s->gamma * s->eta, s->has_set ? s->z : s->v, s->v);
    if (s->reflected) { /* from here on differences are taken from w itself */
        for (size_t j = 0; j < s->d; j++) s->base[j] += s->gamma * (s->w[j] - s->w_prev[j]);
        s->reflected = 0;
    }
    return cc_uniform(&s->coin) < s->p ? new_snapshot(run, s) : CC_OK;
}

void halpern_forb_normal(const halpern_forb *s, double *g)
{
    for (size_t j = 0; j < s->d; j++) g[j] = s->has_set ? (s->z[j] - s->v[j]) / (s->gamma * s->eta) : 0;
}
