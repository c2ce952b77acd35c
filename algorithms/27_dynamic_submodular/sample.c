/* sample.c: how large a uniform sample of a bucket may be, found before and apart from the sample.
 *
 * I_t: a uniform (t-1)-subset S' of B and one more element x of B; 1 if f(x | G + S') >= theta. By submodularity E[I_t] falls with
 * t. The size is the first of the grid 1, .., about (1+eps)^j, .. where a mean over fresh draws is at most 1 - 1.5 eps. Nothing of
 * the sample that is then drawn enters: given its bucket it is uniform, and stays so as long as nothing that looks at it decides on
 * a reconstruction.
 *
 * Reference  Fahrbach, Mirrokni, Zadimoghaddam, Submodular Maximization with Nearly Optimal Approximation, Adaptivity and Query
 *            Complexity, SODA 2019 (threshold sampling). */
#include "submodular.h"

/* The first m steps of a Fisher-Yates shuffle; from any order they give a uniform subset, so nothing needs to be undone. */
void ds_draw(cc_rng *rng, size_t m, size_t s, uint32_t *list)
{
    for (size_t i = 0; i < m; i++) {
        const size_t j = i + cc_below(rng, s - i);
        const uint32_t swap = list[i];
        list[i] = list[j];
        list[j] = swap;
    }
}

double ds_indicator(cc_run *run, ds_copy *copy, size_t t, size_t s, double theta)
{
    uint32_t *list = copy->scratch->list;
    ds_draw(&copy->rng, t, s, list);
    return ds_reaches(dynset_trial(run, copy->chain, t - 1, list, list[t - 1]), theta);
}

static int reduced_mean(cc_run *run, ds_copy *copy, size_t t, size_t s, double theta)
{
    const double samples = (double)copy->rules->samples;
    double ones = 0;
    for (size_t i = 0; i < copy->rules->samples; i++) ones += ds_indicator(run, copy, t, s, theta);
    copy->bill->means++;
    return ones <= (1 - 1.5 * copy->rules->eps) * samples * (1 + 1e-12);
}

size_t ds_grid(double eps, size_t most, size_t j)
{
    size_t t = 1;
    for (; j > 0; j--) {
        const size_t next = (size_t)((1 + eps) * (double)t * (1 + 1e-12));
        t = next > t ? next : t + 1;
    }
    return t < most ? t : most;
}

size_t ds_sample_count(cc_run *run, ds_copy *copy, size_t s, double theta, size_t most)
{
    const double eps = copy->rules->eps;
    size_t low = 0, high = 0;
    if (most > s) most = s;
    while (ds_grid(eps, most, high) < most) high++;
    while (low < high) {
        const size_t middle = (low + high) / 2, t = ds_grid(eps, most, middle);
        if (t > 1 && reduced_mean(run, copy, t, s, theta))
            high = middle;
        else
            low = middle + 1;
    }
    return ds_grid(eps, most, low);
}

size_t ds_sample_adaptive(cc_run *run, ds_copy *copy, size_t s, double theta, size_t most)
{
    uint32_t *list = copy->scratch->list;
    const size_t top = dynset_top(copy->chain), enough = (size_t)((1 - copy->rules->eps) * (double)s);
    size_t m = 0, end = s; /* list[m .. end - 1]: what still reaches theta */
    while (m < most && end > m && end >= enough) {
        const size_t j = m + cc_below(&copy->rng, end - m);
        const uint32_t taken = list[j];
        list[j] = list[m];
        list[m++] = taken;
        dynset_add(copy->chain, taken);
        for (size_t i = m; i < end;) {
            copy->bill->resampled++;
            if (ds_reaches(dynset_gain(run, copy->chain, top, list[i]), theta)) {
                i++;
                continue;
            }
            const uint32_t swap = list[i];
            list[i] = list[--end];
            list[end] = swap;
        }
    }
    return m;
}
