/* algorithms/baseline_online/bandits.c: textbook bandits.
 *
 * Auer, Cesa-Bianchi, Fischer: Finite-time analysis of the multiarmed bandit problem, 2002 (UCB1, epsilon-greedy).
 * Auer, Cesa-Bianchi, Freund, Schapire: The nonstochastic multiarmed bandit problem, 2002 (EXP3). */
#include <math.h>

#include "algorithms/baseline_online/baseline.h"

enum { CHOICE = 1 }; /* stream */

cc_status online_bandit_init(cc_run *run, void **state)
{
    online_bandit *s;
    const online_domain domain = online_domain_of(run);
    CC_NEW(run, s, 1);
    if (domain.d != 1) return cc_fail(run, CC_EINVAL, "a bandit over a grid needs a domain of dimension 1, not %zu", domain.d);
    s->arms = (size_t)cc_int(run, "arms"), s->low = cc_real(run, "low"), s->high = cc_real(run, "high");
    if (isnan(s->low)) s->low = domain.low;
    if (isnan(s->high)) s->high = domain.high;
    s->range_low = cc_fact(run, "loss_min"), s->range = cc_fact(run, "loss_max") - s->range_low;
    if (!(s->range > 0)) return cc_fail(run, CC_EINVAL, "the problem does not tell the range of its losses");
    s->epsilon = cc_real(run, "epsilon"), s->confidence = cc_real(run, "confidence");
    CC_NEW(run, s->plays, s->arms);
    CC_NEW(run, s->sum, s->arms);
    CC_NEW(run, s->p, s->arms);
    s->rng = cc_stream(run, CHOICE, 0);
    s->x = NAN;
    *state = s;
    return CC_OK;
}

const void *online_bandit_candidate(void *state) { return &((online_bandit *)state)->x; }

static cc_status play(cc_run *run, online_bandit *s, size_t arm, double *scaled)
{
    s->x = s->low + (s->high - s->low) * (double)arm / (double)(s->arms - 1);
    CC_TRY(online_play(run, &s->x, &s->loss));
    *scaled = (s->loss - s->range_low) / s->range;
    s->plays[arm]++, s->t++;
    return CC_OK;
}

cc_status online_uniform_step(cc_run *run, void *state)
{
    online_bandit *s = state;
    double scaled;
    return play(run, s, (size_t)cc_below(&s->rng, s->arms), &scaled);
}

static cc_status play_and_average(cc_run *run, online_bandit *s, size_t arm)
{
    double scaled;
    CC_TRY(play(run, s, arm, &scaled));
    s->sum[arm] += scaled;
    return CC_OK;
}

/* The arm with the least mean, less a bonus; one that was never played comes first. */
static size_t least(const online_bandit *s, double bonus)
{
    size_t best = 0;
    double value = INFINITY;
    for (size_t i = 0; i < s->arms; i++) {
        if (s->plays[i] == 0) return i;
        const double index = s->sum[i] / s->plays[i] - sqrt(bonus / s->plays[i]);
        if (index < value) value = index, best = i;
    }
    return best;
}

cc_status online_greedy_step(cc_run *run, void *state)
{
    online_bandit *s = state;
    const double explore = s->epsilon * (double)s->arms / (double)(s->t + 1);
    const int random = cc_uniform(&s->rng) < explore;
    return play_and_average(run, s, random ? (size_t)cc_below(&s->rng, s->arms) : least(s, 0));
}

cc_status online_ucb_step(cc_run *run, void *state)
{
    online_bandit *s = state;
    return play_and_average(run, s, least(s, s->confidence * log((double)(s->t + 1))));
}

cc_status online_exp3_step(cc_run *run, void *state)
{
    online_bandit *s = state;
    const double eta = sqrt(log((double)s->arms) / ((double)s->arms * (double)(s->t + 1)));
    double low = s->sum[0], total = 0, scaled;
    for (size_t i = 1; i < s->arms; i++) low = fmin(low, s->sum[i]);
    for (size_t i = 0; i < s->arms; i++) total += s->p[i] = exp(-eta * (s->sum[i] - low));
    double left = cc_uniform(&s->rng) * total;
    size_t arm = 0;
    while (arm + 1 < s->arms && (left -= s->p[arm]) >= 0) arm++;
    CC_TRY(play(run, s, arm, &scaled));
    s->sum[arm] += scaled * total / s->p[arm];
    return CC_OK;
}
