/* algorithms/25_learning_to_relax/chebcb.c: ChebCB, a contextual bandit by regression on Chebyshev polynomials.
 *
 * Problem    bandit feedback; the context is the shift of the diagonal
 * Method     SquareCB (inverse gap weighting) over per-arm least squares, coefficients in a box that any Lipschitz cost satisfies
 * Guarantee  O(T^(9/11)) regret against the instance-optimal omega, systems with random right-hand sides, symmetric SOR
 * Reference  Khodak et al., ICLR 2024, Algorithm 3 and Theorem 3.2; Foster and Rakhlin, Beyond UCB, ICML 2020 */
#include <math.h>

#include "algorithms/25_learning_to_relax/relax.h"

cc_status relax_chebcb_init(cc_run *run, void **state)
{
    relax_chebcb *s;
    CC_NEW(run, s, 1);
    CC_TRY(relax_grid_init(run, &s->grid));
    CC_TRY(online_context_range(run, &s->low, &s->high));
    s->m = (size_t)cc_int(run, "m"), s->whole = cc_choice(run, "residual") == 1;
    CC_NEW(run, s->fit, s->grid.arms);
    CC_NEW(run, s->p, s->grid.arms);
    CC_NEW(run, s->value, s->grid.arms);
    s->choice = cc_stream(run, RELAX_CHOICE, 0);
    s->max_loss = -INFINITY, s->min_loss = INFINITY, s->scale = 1;
    s->x = s->loss = NAN;
    *state = s;
    return CC_OK;
}

const void *relax_chebcb_candidate(void *state) { return &((relax_chebcb *)state)->x; }

size_t relax_chebcb_predict(relax_chebcb *s, double context, double *f)
{
    const size_t arms = s->grid.arms;
    size_t best = 0;
    double rest = 0;
    relax_chebyshev(s->m, 2 * (context - s->low) / (s->high - s->low) - 1, f);
    for (size_t i = 0; i < arms; i++) {
        s->value[i] = 0;
        for (size_t j = 0; j < s->m; j++) s->value[i] += s->fit[i].theta[j] * f[j];
        s->value[i] /= s->scale;
        if (s->value[i] < s->value[best]) best = i;
    }
    for (size_t i = 0; i < arms; i++) {
        if (i == best) continue;
        s->p[i] = 1 / ((double)arms + s->eta * (s->value[i] - s->value[best]));
        rest += s->p[i];
    }
    s->p[best] = 1 - rest;
    return relax_draw(&s->choice, arms, s->p);
}

/* eta from the regret of the regression so far, an estimate less what the best coefficients leave, and the error of truncating the
 * Chebyshev series. */
static double rate(const relax_chebcb *s, double range, double residual)
{
    const double pi = 3.14159265358979323846, m = (double)s->m, scale2 = s->scale * s->scale;
    const double alpha = (pi + 2 / pi * log(2 * m + 1)) / (2 * s->scale * (m + 1)) * range;
    const double error = s->predicted2 - 2 * s->predicted_loss / s->scale + s->loss2 / scale2;
    return 2 * s->t * sqrt((double)s->grid.arms * s->t / fmax(error - residual / scale2 + 2 * alpha * alpha * s->t, 1e-12));
}

void relax_chebcb_update(relax_chebcb *s, size_t arm, const double *f, double loss)
{
    const double K = s->max_loss = fmax(s->max_loss, loss), range = K - (s->min_loss = fmin(s->min_loss, loss));
    const double N = 2 + 4 * range / K * (1 + log((double)s->m)), before = s->scale;
    double bound[RELAX_MAX_FEATURES], last = 0, sum = 0;
    s->predicted2 += s->value[arm] * s->value[arm];
    s->predicted_loss += s->value[arm] * loss;
    s->loss2 += loss * loss;
    s->scale = K * N;
    bound[0] = K; /* 1/N and 2 range / (scale j) in the paper, where theta is divided by the scale */
    for (size_t j = 1; j < s->m; j++) bound[j] = 2 * range / (double)j;
    relax_fit_add(&s->fit[arm], s->m, f, loss - s->grid.offset);
    for (size_t i = 0; i < s->grid.arms; i++) {
        if (s->fit[i].n > 0 && (s->scale != before || i == arm)) {
            relax_fit_solve(&s->fit[i], s->m, bound);
            if (s->fit[i].residual > 0) last = s->fit[i].residual;
        }
        sum += s->fit[i].residual;
    }
    s->t++;
    s->eta = rate(s, range, s->whole ? sum : last);
}

cc_status relax_chebcb_step(cc_run *run, void *state)
{
    relax_chebcb *s = state;
    double context, f[RELAX_MAX_FEATURES];
    CC_TRY(online_context(run, &context));
    const size_t arm = relax_chebcb_predict(s, context, f);
    s->x = relax_grid_point(&s->grid, arm);
    CC_TRY(online_play(run, &s->x, &s->loss));
    relax_chebcb_update(s, arm, f, s->loss);
    return CC_OK;
}
