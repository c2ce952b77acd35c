/* algorithms/17_mfac/optimiser.c: natural gradients by the dynamic algorithm.
 *
 *     g = gradient of a mini-batch + wd w;  the window takes g for its oldest;  u = F^-1 g;  v = beta v + (1 - beta) u;  w -= lr v
 *
 * Class: finite sums, any data: F is positive definite. Guarantee: u = G'(lambda I + S/m)^-1 e_last, and a singular value s of G
 * gives s / (lambda + s^2 / m) <= sqrt(m / lambda) / 2, so |u| <= sqrt(m / lambda) / 2 and u'g > 0, whatever the gradients are.
 * Reference: static.c. Settings of the paper's code: lr = 1e-3, lambda = 1e-5, rates a tenth at 1/2 and at 3/4 of the epochs. */
#include "algorithms/17_mfac/optimiser.h"

#include <math.h>

#include "harness/numerics/linalg.h"

enum { STREAM_NOISE = 2 };

cc_status mfac_optimiser_init(cc_run *run, void **state)
{
    mfac_optimiser *s;
    const int solve = cc_choice(run, "solve");
    CC_NEW(run, s, 1);
    *state = s;
    CC_TRY(mfac_descent_init(run, &s->descent));
    const mfac_spec spec = {.m = (size_t)cc_int(run, "m"),
                            .d = s->descent.d,
                            .lambda = cc_real(run, "lambda"),
                            .storage = (mfac_storage)cc_choice(run, "storage"),
                            .naive = solve == MFAC_SOLVE_NAIVE};
    CC_TRY(mfac_create(run, solve == MFAC_SOLVE_PAPER ? MFAC_TRIANGULAR : MFAC_DYNAMIC, &spec, &s->engine));
    s->beta = cc_real(run, "beta");
    s->noise = cc_choice(run, "window") == 1;
    s->bound = sqrt((double)spec.m / spec.lambda) / 2;
    CC_NEW(run, s->u, s->descent.d);
    if (s->beta > 0) CC_NEW(run, s->v, s->descent.d);
    return CC_OK;
}

/* A window that cannot be factored: its gradients are out of the range of the storage. */
static cc_status push(cc_run *run, mfac_optimiser *s, const double *g)
{
    const cc_status status = mfac_push(s->engine, g);
    return status == CC_ENUMERIC ? cc_finish(run, "DIVERGED") : status;
}

/* u = F^-1 g; with a window of noise as long as the gradients, g is not in it. */
static cc_status direction(cc_run *run, mfac_optimiser *s)
{
    mfac_descent *at = &s->descent;
    if (!s->noise) {
        CC_TRY(push(run, s, at->g));
        s->engine->ops->newest(s->engine, s->u);
        return CC_OK;
    }
    cc_rng rng = cc_stream(run, STREAM_NOISE, (uint64_t)llround(at->epoch * (double)at->epochs.n));
    cc_normal(&rng, at->d, s->u);
    cc_scale(at->d, cc_norm(at->d, at->g) / cc_norm(at->d, s->u), s->u);
    CC_TRY(push(run, s, s->u));
    s->engine->ops->product(s->engine, at->g, s->u);
    return CC_OK;
}

cc_status mfac_optimiser_step(cc_run *run, void *state)
{
    mfac_optimiser *s = state;
    mfac_descent *at = &s->descent;
    CC_TRY(mfac_descent_next(run, at));
    CC_TRY(direction(run, s));
    s->norm_u = cc_norm(at->d, s->u);
    s->share = s->norm_u / s->bound;
    s->slope = cc_dot(at->d, s->u, at->g);
    s->cosine = s->slope / (s->norm_u * cc_norm(at->d, at->g));
    if (!s->v) {
        cc_axpy(at->d, -at->rate, s->u, at->w);
        return CC_OK;
    }
    for (size_t j = 0; j < at->d; j++) s->v[j] = s->beta * s->v[j] + (1 - s->beta) * s->u[j];
    cc_axpy(at->d, -at->rate, s->v, at->w);
    return CC_OK;
}

const void *mfac_optimiser_candidate(void *state) { return ((mfac_optimiser *)state)->descent.w; }
