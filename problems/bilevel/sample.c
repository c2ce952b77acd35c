/* problems/bilevel/sample.c: realisations by name. Whatever was drawn before, a name gives the same terms and the same noise. */
#include <math.h>

#include "problems/bilevel/problems.h"

enum { TERMS = 0xff }; /* the purpose of a stream beside the slots of noise: which terms a batch has */

static cc_rng stream(const bilevel_env *e, const bilevel_sample *sample, int purpose)
{
    return cc_stream(e->scope, sample->stream << 8 | (uint32_t)purpose, sample->id);
}

/* Partial Fisher-Yates on e->order, undone afterwards so that the next draw starts from the same order. */
void bilevel_draw(bilevel_env *e, const bilevel_sample *sample, size_t n)
{
    cc_rng rng = stream(e, sample, TERMS);
    size_t *order = e->order, *ids = e->ids, *from = e->ids + sample->batch;
    for (size_t k = 0; k < sample->batch; k++) {
        from[k] = k + (size_t)cc_below(&rng, n - k);
        ids[k] = order[from[k]];
        order[from[k]] = order[k];
        order[k] = ids[k];
    }
    for (size_t k = sample->batch; k-- > 0;) {
        order[k] = order[from[k]];
        order[from[k]] = ids[k];
    }
}

/* Entries e with P(3) = 1/10, P(-1/3) = 9/10: mean 0, variance 1; here the mean of `batch` of them. */
static void skewed(cc_rng *rng, size_t batch, size_t n, double *z)
{
    for (size_t j = 0; j < n; j++) {
        size_t high = 0;
        for (size_t k = 0; k < batch; k++) high += cc_uniform(rng) < .1;
        z[j] = ((double)high * 3 - (double)(batch - high) / 3) / (double)batch;
    }
}

void bilevel_add_noise(bilevel_env *e, const bilevel_sample *sample, int which, double sd, int skew, size_t n, double *v)
{
    cc_rng rng = stream(e, sample, which);
    double scale = sd / sqrt((double)n);
    if (skew)
        skewed(&rng, sample->batch, n, e->noise);
    else {
        cc_normal(&rng, n, e->noise);
        scale /= sqrt((double)sample->batch);
    }
    for (size_t j = 0; j < n; j++) v[j] += scale * e->noise[j];
}
