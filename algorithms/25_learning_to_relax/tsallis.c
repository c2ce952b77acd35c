/* algorithms/25_learning_to_relax/tsallis.c: Tsallis-INF over a grid, alone or one for each bin of contexts.
 *
 * Problem    bandit feedback: the iterations that the chosen omega took
 * Method     follow the regularised leader on importance-weighted losses, regulariser -(4/eta) sum sqrt(p_i), eta = 2/sqrt(t)
 * Guarantee  E regret <= 4 sqrt(d T) + 1 against the best arm for losses in [0, 1]
 * Reference  Zimmert and Seldin, Tsallis-INF, JMLR 2021; Khodak et al., ICLR 2024, Algorithms 1 and 2 */
#include <math.h>

#include "algorithms/25_learning_to_relax/relax.h"

double relax_tsallis_weights(size_t arms, double eta, const double *L, double *p)
{
    const double c = 2 / eta;
    double least = L[0], y = -c, sum = 0; /* y = x - least; at -c the least loss alone has weight 1 */
    for (size_t i = 1; i < arms; i++) least = fmin(least, L[i]);
    for (int iteration = 0; iteration < 100; iteration++) {
        double slope = 0;
        sum = 0;
        for (size_t i = 0; i < arms; i++) {
            const double root = c / ((L[i] - least) - y);
            p[i] = root * root;
            sum += p[i], slope += p[i] * root;
        }
        if (sum - 1 < 1e-12) break;
        y -= (sum - 1) / (eta * slope);
    }
    for (size_t i = 0; i < arms; i++) p[i] /= sum;
    return least + y;
}

size_t relax_bin_of(size_t m, double low, double high, double context)
{
    const double place = floor((context - low) / (high - low) * (double)m);
    return (size_t)fmin(fmax(place, 0), (double)(m - 1));
}

cc_status relax_tsallis_init(cc_run *run, void **state)
{
    relax_tsallis *s;
    CC_NEW(run, s, 1);
    CC_TRY(relax_grid_init(run, &s->grid));
    s->m = (size_t)cc_int(run, "m");
    if (s->m > 1) CC_TRY(online_context_range(run, &s->low, &s->high));
    if (cc_choice(run, "norm") == 1) {
        s->K = cc_real(run, "K");
        if (isnan(s->K)) s->K = cc_fact(run, "loss_max") - s->grid.offset;
        if (!(s->K > 0)) return cc_fail(run, CC_EINVAL, "losses of range K = %g", s->K);
    }
    CC_NEW(run, s->bin, s->m);
    for (size_t j = 0; j < s->m; j++) CC_NEW(run, s->bin[j].estimate, s->grid.arms);
    CC_NEW(run, s->scaled, s->grid.arms);
    CC_NEW(run, s->p, s->grid.arms);
    s->choice = cc_stream(run, RELAX_CHOICE, 0);
    s->x = s->loss = NAN, s->least_p = 1;
    *state = s;
    return CC_OK;
}

const void *relax_tsallis_candidate(void *state) { return &((relax_tsallis *)state)->x; }

size_t relax_tsallis_predict(relax_tsallis *s, size_t bin)
{
    const relax_bin *b = &s->bin[bin];
    double scale = s->K > 0 ? s->K : b->sum_loss / b->t;
    if (!(scale > 0)) scale = 1; /* nothing seen yet, or nothing but least losses */
    for (size_t i = 0; i < s->grid.arms; i++) s->scaled[i] = b->estimate[i] / scale;
    s->eta = 2 / sqrt(b->t + 1);
    relax_tsallis_weights(s->grid.arms, s->eta, s->scaled, s->p);
    return relax_draw(&s->choice, s->grid.arms, s->p);
}

void relax_tsallis_update(relax_tsallis *s, size_t bin, size_t arm, double loss)
{
    relax_bin *b = &s->bin[bin];
    const double y = loss - s->grid.offset;
    b->t++;
    b->sum_loss += y;
    b->estimate[arm] += y / s->p[arm];
    s->least_p = fmin(s->least_p, s->p[arm]);
}

cc_status relax_tsallis_step(cc_run *run, void *state)
{
    relax_tsallis *s = state;
    size_t bin = 0;
    if (s->m > 1) {
        double context;
        CC_TRY(online_context(run, &context));
        bin = relax_bin_of(s->m, s->low, s->high, context);
    }
    const size_t arm = relax_tsallis_predict(s, bin);
    s->x = relax_grid_point(&s->grid, arm);
    CC_TRY(online_play(run, &s->x, &s->loss));
    relax_tsallis_update(s, bin, arm, s->loss);
    return CC_OK;
}
