/* algorithms/15_cbo/cbo.c: consensus-based optimisation and consensus hopping.
 *
 * Problem    min E(x) over R^d, by values alone.
 * Method     N particles x^i. The consensus point is their mean under the Gibbs weights exp(-alpha E). CBO moves each towards it
 * and by noise as large as its distance from it; consensus hopping (CH) draws the whole cloud afresh around it. Guarantee  the
 * consensus point follows x_k = x_{k-1} - tau grad E(x_{k-1}) + g_k, tau = alpha stilde^2: a gradient descent whose perturbation
 * g_k vanishes with tau, 1/alpha, 1/N (and, for CBO, with lambda - 1/dt and sigma sqrt(dt)). Reference  Riedl, Klock, Geldhauser,
 * Fornasier: Gradient is all you need? How consensus-based optimization can be interpreted as a stochastic relaxation of gradient
 * descent, arXiv 2306.09778.
 *
 * Symbols, as in the paper:
 *   X e c            the cloud (d x N), its energies, the consensus point
 *   alpha            inverse temperature of the weights
 *   lambda sigma dt  drift, noise, time step of CBO; lambda dt <= 1
 *   stilde           width of the cloud of CH
 *
 * The noise scales with the distance before the drift. (The published program takes the distance after it: its sigma is
 * sigma (1 - lambda dt) here.) */
#include "algorithms/15_cbo/cbo.h"

#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

typedef struct cbo {
    size_t d, N, k;
    double alpha, ess, lambda_dt, sigma_root_dt, stilde, shrink;
    size_t shrink_every;
    cbo_noise noise;
    int shuffled;  /* weights go to the wrong particles */
    double moment; /* (1/2) mean |x^i|^2, a probe */
    double *X, *xi, *e, *w, *c;
} cbo;

/* N values, then c. */
static cc_status agree(cc_run *run, cbo *s)
{
    CC_TRY(smooth_value_batch(run, s->N, s->X, s->e));
    if (s->shuffled) {
        cc_rng rng = cc_stream(run, 2, s->k);
        cbo_shuffle(&rng, s->N, s->e);
    }
    const double alpha = s->ess > 0 ? cbo_alpha(s->N, s->e, s->ess, s->w) : s->alpha;
    if (cbo_consensus(s->d, s->N, s->X, s->e, alpha, s->w, s->c))
        return cc_fail(run, CC_ENUMERIC, "an energy is not a number, or none is finite, after %zu steps", s->k);
    s->moment = cc_dot(s->d * s->N, s->X, s->X) / (2 * (double)s->N);
    return CC_OK;
}

static cc_status create(cc_run *run, cbo **made)
{
    cbo *s;
    CC_NEW(run, s, 1);
    s->d = smooth_dim(run), s->N = (size_t)cc_int(run, "N");
    s->alpha = cc_real(run, "alpha"), s->ess = cc_real(run, "ess"), s->shuffled = cc_bool(run, "shuffled");
    CC_NEW(run, s->X, s->d * s->N);
    CC_NEW(run, s->xi, s->d * s->N);
    CC_NEW(run, s->e, s->N);
    CC_NEW(run, s->w, s->N);
    CC_NEW(run, s->c, s->d);
    CC_TRY(smooth_start(run, s->c));
    const double mean = cc_real(run, "mean");
    for (size_t j = 0; j < s->d && !isnan(mean); j++) s->c[j] = mean;
    *made = s;
    return CC_OK;
}

/* X ~ N(c, width^2 I), by the stream of step k. */
static void scatter(cc_run *run, cbo *s, double width)
{
    cc_rng rng = cc_stream(run, 1, s->k);
    cc_normal(&rng, s->d * s->N, s->X);
    for (size_t j = 0; j < s->d; j++)
        for (size_t i = 0; i < s->N; i++) s->X[j * s->N + i] = s->c[j] + width * s->X[j * s->N + i];
}

cc_status cbo_init(cc_run *run, void **state)
{
    cbo *s;
    const double dt = cc_real(run, "dt");
    CC_TRY(create(run, &s));
    s->lambda_dt = cc_real(run, "lambda") * dt, s->sigma_root_dt = cc_real(run, "sigma") * sqrt(dt);
    s->noise = (cbo_noise)cc_choice(run, "noise_model");
    if (!(dt > 0)) return cc_fail(run, CC_EINVAL, "dt = %g: a time step must be positive", dt);
    if (s->lambda_dt > 1)
        return cc_fail(run, CC_EINVAL, "lambda dt = %g: beyond 1 particles would overshoot the consensus", s->lambda_dt);
    scatter(run, s, cc_real(run, "std"));
    s->k = 1;
    *state = s;
    return agree(run, s);
}

cc_status cbo_step(cc_run *run, void *state)
{
    cbo *s = state;
    cc_rng rng = cc_stream(run, 1, s->k);
    cc_normal(&rng, s->d * s->N, s->xi);
    cbo_move(s->d, s->N, s->X, s->c, s->noise, s->lambda_dt, s->sigma_root_dt, s->xi, s->w);
    s->k++;
    return agree(run, s);
}

cc_status cbo_hopping_init(cc_run *run, void **state)
{
    cbo *s;
    CC_TRY(create(run, &s));
    s->stilde = cc_real(run, "stilde"), s->shrink = cc_real(run, "shrink"), s->shrink_every = (size_t)cc_int(run, "shrink_every");
    scatter(run, s, s->stilde);
    s->k = 1;
    *state = s;
    return agree(run, s);
}

cc_status cbo_hopping_step(cc_run *run, void *state)
{
    cbo *s = state;
    if (s->k % s->shrink_every == 0) s->stilde *= s->shrink;
    scatter(run, s, s->stilde);
    s->k++;
    return agree(run, s);
}

const void *cbo_candidate(void *state) { return ((cbo *)state)->c; }

#define COMMON                                                                                                                      \
    {"N", CC_INT, "200", 2, 1e8, .doc = "particles"}, {"alpha", CC_REAL, "100", 0, 1e300, .doc = "inverse temperature"},            \
        {"ess", CC_REAL, "0", 0, 1, .doc = "not 0: alpha is chosen so that the weights' effective sample size is this share of N"}, \
        {"mean", CC_REAL, "auto", -1e6, 1e6, .doc = "every coordinate of the first cloud's centre; auto: the problem's start"},     \
    {                                                                                                                               \
        "shuffled", CC_BOOL, "false", .doc = "weights go to other particles than those whose energy they have"                      \
    }

const cc_param cbo_params[] = {COMMON,
                               {"lambda", CC_REAL, "1", 0, 1e9, .doc = "drift"},
                               {"sigma", CC_REAL, "1.6", 0, 1e9, .doc = "noise"},
                               {"dt", CC_REAL, "0.01", 0, 1e9, .doc = "time step; lambda dt at most 1"},
                               {"std", CC_REAL, "0.5", 0, 1e9, .doc = "standard deviation of the first cloud"},
                               {"noise_model", CC_CHOICE, "isotropic", .choices = "isotropic anisotropic constant",
                                .doc = "noise as large as the distance from the consensus, as its coordinates, or as 1"},
                               {0}};
const cc_param cbo_hopping_params[] = {COMMON,
                                       {"stilde", CC_REAL, "0.7", 0, 1e9, .doc = "width of the cloud"},
                                       {"shrink", CC_REAL, "1", 0, 1, .doc = "multiplies stilde"},
                                       {"shrink_every", CC_INT, "100", 1, 1e9, .doc = "steps from one shrinking to the next"},
                                       {0}};
const cc_variant cbo_variants[] = {{"forgetful", "lambda = 1/dt: a particle forgets where it was", "lambda=100 dt=0.01"}, {0}};
const cc_variant cbo_hopping_variants[] = {{"vanishing", "every 100 steps the cloud is 2 % narrower", "shrink=0.98"}, {0}};
const cc_probe cbo_probes[] = {{"moment", "", "(1/2) mean |x^i|^2 over the particles", offsetof(cbo, moment)}, {0}};
