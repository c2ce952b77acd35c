/* algorithms/baseline_finsum_op/vreg.c: loopless variance-reduced extragradient.
 *
 * Problem    0 in F(u) + G(u), F = (1/n) sum F_i monotone, L-Lipschitz on average.
 * Method     x = alpha u + (1 - alpha) w, h = J(x - gamma F(w)), u+ = J(x - gamma (F(w) + F_i(h) - F_i(w))), w = u+ with
 * probability p; p = 1/n, alpha = 1 - p, gamma = 0.99 sqrt(p) / L. Guarantee  the gap of the average iterate is O(1/K) at an
 * expected cost of n + sqrt(n) L / epsilon evaluations. Reference  Alacaoglu and Malitsky, Stochastic variance reduction for
 * variational inequality methods, COLT 2022. */
#include <math.h>

#include "algorithms/baseline_finsum_op/baseline.h"
#include "harness/numerics/linalg.h"

typedef struct vreg {
    size_t d;
    int started;
    double gamma, p, *u, *w, *F, *half, *x, *z;
    cc_rng coin, draw;
} vreg;

cc_status finsum_vreg_init(cc_run *run, void **state)
{
    vreg *s;
    CC_NEW(run, s, 1);
    s->d = finsum_d(run);
    s->p = 1 / (double)finsum_n(run);
    CC_TRY(finsum_step(run, cc_real(run, "c") * sqrt(s->p) / cc_fact(run, "L_avg"), &s->gamma));
    CC_NEW(run, s->u, 2 * s->d);
    CC_NEW(run, s->w, s->d);
    CC_NEW(run, s->F, s->d);
    CC_NEW(run, s->half, s->d);
    CC_NEW(run, s->x, s->d);
    CC_NEW(run, s->z, s->d);
    s->coin = cc_stream(run, 1, 0), s->draw = cc_stream(run, 2, 0);
    finsum_start(run, s->w, s->u + s->d);
    cc_copy(s->d, s->w, s->u);
    *state = s;
    return CC_OK;
}

cc_status finsum_vreg_step(cc_run *run, void *state)
{
    vreg *s = state;
    size_t id;
    if (!s->started) CC_TRY(finsum_full(run, s->w, s->F));
    s->started = 1;
    for (size_t j = 0; j < s->d; j++) {
        s->x[j] = (1 - s->p) * s->u[j] + s->p * s->w[j] - s->gamma * s->F[j];
        s->half[j] = s->x[j];
    }
    finsum_resolvent(run, s->gamma, s->half, s->half);
    finsum_draw(run, &s->draw, 1, &id);
    cc_copy(s->d, s->x, s->z);
    CC_TRY(finsum_diff(run, 1, &id, s->half, s->w, -s->gamma, s->z));
    finsum_prox(run, s->d, s->gamma, s->z, s->u, s->u + s->d);
    if (cc_uniform(&s->coin) < s->p) {
        cc_copy(s->d, s->u, s->w);
        CC_TRY(finsum_full(run, s->w, s->F));
    }
    return finsum_guard(run, s->d, s->u);
}

const void *finsum_vreg_candidate(void *state) { return ((vreg *)state)->u; }
