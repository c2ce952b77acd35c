/* algorithms/02_bo_rep/borep.c: BO-REP.
 *
 * Problem    min over x of Phi(x) = f(x, y*(x)), y*(x) = argmin g(x, .), stochastic; g strongly convex in y; f (L0, L1)-smooth: its
 *            curvature may grow like its gradient.
 * Method     y is refined once at the start and then stands still for I iterations at a time, because a normalised step moves x by
 *            exactly eta: every I-th iteration it is renewed by N averaged, projected SGD steps. One SGD step on the linear system
 *            gyy z = fy and one normalised momentum step in x an iteration.
 * Guarantee  the mean over k < K of |grad Phi(x_k)| is O(K^-1/4): O~(eps^-4) oracle calls to eps.
 * Reference  Hao, Gong, Liu: Bilevel optimization under unbounded smoothness: a new algorithm and convergence analysis, ICLR 2024.
 *
 * Symbols, as in the paper:
 *   x y z m          upper variable, lower variable, solution of the linear system, momentum
 *   eta beta         step length in x, momentum
 *   nu alpha         steps of z and of y
 *   I N R            period of the updates of y, SGD steps in one, radius around the y it began with
 *   h                fx(x, y; xi) - gxy(x, y; zeta) z, the estimate of grad Phi(x) */
#include "algorithms/02_bo_rep/borep.h"

#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"

borep_schedule borep_by_horizon(size_t K)
{
    const double root = sqrt((double)K);
    return (borep_schedule){.eta = 4 / (root * sqrt(root)),
                            .beta = fmax(0, 1 - 2 / root),
                            .nu = fmin(.25, 8 / root),
                            .alpha = fmin(.2, 4 / root),
                            .I = (size_t)ceil(root / 8),
                            .N = (size_t)ceil(root / 4),
                            .epochs = 4 + (size_t)fmax(0, (log2((double)K) - 10) / 2)};
}

/* `steps` of SGD on g(x, .) from s->y with step a, each projected on the ball of this radius around the start. s->y becomes their
 * average, or the last. */
static cc_status lower_sgd(cc_run *run, borep *s, uint32_t stream, size_t steps, double a, double radius)
{
    cc_copy(s->dy, s->y, s->centre);
    memset(s->sum, 0, s->dy * sizeof *s->sum);
    for (size_t t = 0; t < steps; t++) {
        const bilevel_sample zeta = {stream, s->lower_id++, s->batch};
        double moved = 0;
        CC_TRY(bilevel_lower(run, 0, &zeta, s->x, s->y, NULL, s->gy));
        for (size_t j = 0; j < s->dy; j++) {
            s->y[j] -= a * s->gy[j];
            moved += (s->y[j] - s->centre[j]) * (s->y[j] - s->centre[j]);
        }
        if (moved > radius * radius) {
            const double shrink = radius / sqrt(moved);
            for (size_t j = 0; j < s->dy; j++) s->y[j] = s->centre[j] + shrink * (s->y[j] - s->centre[j]);
        }
        if (s->average) cc_axpy(s->dy, 1 / (double)steps, s->y, s->sum);
    }
    if (s->average) cc_copy(s->dy, s->sum, s->y);
    return CC_OK;
}

/* Epoch-SGD at x_0: each epoch starts where the last one's average was, with half the step, twice the length, a smaller ball. */
static cc_status refine(cc_run *run, borep *s, size_t epochs)
{
    double a = cc_real(run, "a0"), radius = cc_real(run, "D0");
    size_t steps = (size_t)cc_int(run, "T0");
    for (size_t e = 0; e < epochs; e++, a /= 2, steps *= 2, radius /= sqrt(2))
        CC_TRY(lower_sgd(run, s, BILEVEL_WARM_START, steps, a, radius));
    return CC_OK;
}

/* Explicit values, or those of the horizon where a parameter is auto. */
static cc_status set_parameters(cc_run *run, borep *s, size_t *epochs)
{
    s->K = (size_t)cc_int(run, "K");
    const borep_schedule by_K = borep_by_horizon(s->K);
    const struct {
        const char *name;
        double automatic, *to;
    } reals[] = {
        {"eta", by_K.eta, &s->eta}, {"beta", by_K.beta, &s->beta}, {"nu", by_K.nu, &s->nu}, {"alpha", by_K.alpha, &s->alpha}};
    const int64_t I = cc_int(run, "I"), N = cc_int(run, "N"), E = cc_int(run, "refine");
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        *reals[i].to = cc_real(run, reals[i].name);
        if (isnan(*reals[i].to)) *reals[i].to = reals[i].automatic;
    }
    s->I = (I < 0 ? by_K.I : (size_t)I) * (size_t)cc_int(run, "I_factor");
    s->N = N < 0 ? by_K.N : (size_t)N;
    *epochs = E < 0 ? by_K.epochs : (size_t)E;
    s->R = cc_real(run, "R"), s->batch = (size_t)cc_int(run, "batch");
    s->average = cc_choice(run, "avg") == 0, s->z_first = cc_bool(run, "z_first"), s->normalise = cc_bool(run, "normalise");
    if (s->N == 0) return cc_fail(run, CC_EINVAL, "N = 0: a periodic update needs at least one step (I = 0 is for none at all)");
    if (!(s->beta < 1)) return cc_fail(run, CC_EINVAL, "beta = %g: momentum must be below 1", s->beta);
    const double limit = cc_bool(run, "outside_theory") ? NAN : 2 / cc_fact(run, "Lyy");
    for (size_t i = 2; i < 4; i++)
        if (*reals[i].to >= limit)
            return cc_fail(run, CC_EINVAL, "%s = %g is not below 2/Lyy = %g (outside_theory=true allows it)", reals[i].name,
                           *reals[i].to, limit);
    return CC_OK;
}

cc_status borep_init(cc_run *run, void **state)
{
    borep *s;
    size_t epochs = 0;
    if (bilevel_blocks(run) != 1)
        return cc_fail(run, CC_EINVAL, "BO-REP is for one block; this problem has %zu", bilevel_blocks(run));
    CC_NEW(run, s, 1);
    s->dx = bilevel_dx(run), s->dy = bilevel_dy(run);
    CC_TRY(set_parameters(run, s, &epochs));
    CC_NEW(run, s->x, s->dx + s->dy);
    s->y = s->x + s->dx;
    double **const upper[] = {&s->m, &s->h, &s->mixed}, **const lower[] = {&s->z, &s->fy, &s->curved, &s->gy, &s->centre, &s->sum};
    for (size_t i = 0; i < sizeof upper / sizeof *upper; i++) CC_NEW(run, *upper[i], s->dx);
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) CC_NEW(run, *lower[i], s->dy);
    bilevel_start(run, s->x, s->y);
    *state = s;
    return refine(run, s, epochs);
}

/* z <- z - nu (gyy z - fy) */
static cc_status linear_system_step(cc_run *run, borep *s)
{
    const bilevel_sample xi = {BILEVEL_UPPER, 2 * s->k + 1, s->batch}, zeta = {BILEVEL_HESSIAN, s->k, s->batch};
    CC_TRY(bilevel_upper(run, 0, &xi, s->x, s->y, NULL, s->fy));
    CC_TRY(bilevel_hvp(run, 0, &zeta, s->x, s->y, s->z, s->curved));
    for (size_t j = 0; j < s->dy; j++) s->z[j] -= s->nu * (s->curved[j] - s->fy[j]);
    return CC_OK;
}

/* m <- beta m + (1 - beta) h */
static cc_status momentum_step(cc_run *run, borep *s)
{
    const bilevel_sample xi = {BILEVEL_UPPER, 2 * s->k, s->batch}, zeta = {BILEVEL_JACOBIAN, s->k, s->batch};
    CC_TRY(bilevel_upper(run, 0, &xi, s->x, s->y, s->h, NULL));
    CC_TRY(bilevel_jvp(run, 0, &zeta, s->x, s->y, s->z, s->mixed));
    for (size_t j = 0; j < s->dx; j++) s->m[j] = s->beta * s->m[j] + (1 - s->beta) * (s->h[j] - s->mixed[j]);
    return CC_OK;
}

/* x <- x - eta m/|m|; m = 0 leaves x where it is. */
static cc_status move(cc_run *run, borep *s)
{
    const double norm = cc_norm(s->dx, s->m);
    if (!isfinite(norm)) return cc_fail(run, CC_ENUMERIC, "the momentum is not finite after %zu iterations", s->k);
    if (!s->normalise)
        cc_axpy(s->dx, -s->eta, s->m, s->x);
    else if (norm > 0)
        cc_axpy(s->dx, -s->eta / norm, s->m, s->x);
    return CC_OK;
}

cc_status borep_step(cc_run *run, void *state)
{
    borep *s = state;
    if (s->k > 0 && s->I > 0 && s->k % s->I == 0) CC_TRY(lower_sgd(run, s, BILEVEL_LOWER, s->N, s->alpha, s->R));
    if (s->z_first) CC_TRY(linear_system_step(run, s));
    CC_TRY(momentum_step(run, s));
    if (!s->z_first) CC_TRY(linear_system_step(run, s));
    CC_TRY(move(run, s));
    return ++s->k == s->K ? cc_finish(run, "HORIZON") : CC_OK;
}

const void *borep_candidate(void *state) { return ((borep *)state)->x; }

const cc_param borep_params[] = {
    {"K", CC_INT, "1024", 1, 1e9, .doc = "horizon: iterations; what is auto or -1 below follows from it"},
    {"eta", CC_REAL, "auto", 0, 1e6, .doc = "length of a step of x; auto: 4 K^-3/4; 0: x stands still"},
    {"beta", CC_REAL, "auto", 0, 1, .doc = "momentum; auto: 1 - 2 K^-1/2"},
    {"nu", CC_REAL, "auto", 0, 1e6, .doc = "step of z; auto: min(.25, 8 K^-1/2)"},
    {"alpha", CC_REAL, "auto", 0, 1e6, .doc = "step of y; auto: min(.2, 4 K^-1/2)"},
    {"I", CC_INT, "-1", -1, 1e9, .doc = "iterations from one update of y to the next; -1: ceil(K^1/2 / 8); 0: y is never updated"},
    {"I_factor", CC_INT, "1", 1, 1e6, .doc = "multiplies I"},
    {"N", CC_INT, "-1", -1, 1e9, .doc = "SGD steps in an update; -1: ceil(K^1/2 / 4)"},
    {"R", CC_REAL, "1", 0, 1e300, .doc = "radius around the y that an update began with"},
    {"avg", CC_CHOICE, "mean", .choices = "mean last", .doc = "an update's result: the average of its steps, or the last"},
    {"refine", CC_INT, "-1", -1, 40, .doc = "epochs of the refinement at the start; -1: 4 + (log2 K - 10)/2; 0: none"},
    {"a0", CC_REAL, "0.2", 0, 1e6, .doc = "step of the first epoch; halved from one to the next"},
    {"T0", CC_INT, "32", 1, 1e6, .doc = "steps of the first epoch; doubled from one to the next"},
    {"D0", CC_REAL, "1e300", 0, 1e300, .doc = "radius of the first epoch; divided by sqrt(2) from one to the next"},
    {"batch", CC_INT, "1", 1, 1e6, .doc = "samples a call"},
    {"z_first", CC_BOOL, "false", .doc = "z moves before h is formed, as in the published code"},
    {"normalise", CC_BOOL, "true", .doc = "divide the momentum by its norm"},
    {"outside_theory", CC_BOOL, "false", .doc = "allow nu and alpha of 2/Lyy and more"},
    {0},
};

const cc_variant borep_variants[] = {
    {"code", "order of operations and values of the published experiments",
     "beta=0.9 nu=0.01 I=2 N=3 avg=last z_first=true refine=0"},
    {"slip", "y moves by one SGD step an iteration", "I=1 N=1 avg=last"},
    {"no_momentum", "beta = 0", "beta=0"},
    {"unnormalised", "steps as long as the momentum", "normalise=false"},
    {"frozen", "y is refined at the start and never again", "I=0"},
    {"unrefined", "no refinement at the start", "refine=0"},
    {0},
};
