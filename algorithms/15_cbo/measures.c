/* algorithms/15_cbo/measures.c: see measures.h. Integrals are sums over evenly spaced nodes, which converge faster than any power
 * for these integrands; the window is centred where the weighted mass is, at the proximal point. */
#include "algorithms/15_cbo/measures.h"

#include <math.h>
#include <string.h>

#include "algorithms/15_cbo/cbo.h"
#include "harness/measure.h"
#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

enum { HALF = 10000, NODES = 2 * HALF + 1 }; /* of a window: on either side of its centre, and all */
static const double WINDOW = 14;             /* half width, in units of the cloud's */

/* ---- functions of one variable ---- */

enum { LOG, ABS, ABS_CUT };

static double energy(int kind, double x) { return kind == LOG ? log1p(x * x) : fabs(x); }

/* ABS_CUT forgets the kink: its slope is 0 for |x| < .3. */
static double slope(int kind, double x)
{
    if (kind == LOG) return 2 * x / (1 + x * x);
    return kind == ABS_CUT && fabs(x) < .3 ? 0 : x > 0 ? 1 : x < 0 ? -1 : 0;
}

/* argmin E(x) + (x - m)^2 / (2 tau), E = log(1 + x^2), by Newton's method from m; of |x| by shrinkage. */
static double proximal(int kind, double m, double tau)
{
    if (kind != LOG) return copysign(fmax(fabs(m) - tau, 0), m);
    double x = m;
    for (int k = 0; k < 100; k++) {
        const double q = 1 + x * x, curvature = 2 * (1 - x * x) / (q * q);
        x -= (slope(LOG, x) + (x - m) / tau) / (curvature + 1 / tau);
    }
    return x;
}

typedef struct nodes {
    double *x, *e, *w, *g;
} nodes;

static cc_status new_nodes(cc_run *scope, nodes *n)
{
    CC_NEW(scope, n->x, NODES);
    CC_NEW(scope, n->e, NODES);
    CC_NEW(scope, n->w, NODES);
    CC_NEW(scope, n->g, NODES);
    return CC_OK;
}

/* Mean and mean slope under the density of N(m, s^2) times exp(-alpha E): the algorithm's own weights of E + (x - m)^2 / (2 tau).
 * The value is the log of the mass. */
static double tilted(const nodes *n, int kind, double m, double s, double alpha, double *mean, double *mean_slope)
{
    const double tau = alpha * s * s, centre = proximal(kind, m, tau), step = WINDOW * s / HALF;
    double mass = 0, sum = 0, least = INFINITY;
    for (size_t i = 0; i < NODES; i++) {
        n->x[i] = centre + ((double)i - HALF) * step;
        n->e[i] = energy(kind, n->x[i]) + (n->x[i] - m) * (n->x[i] - m) / (2 * tau);
        least = fmin(least, n->e[i]);
    }
    cbo_consensus(1, NODES, n->x, n->e, alpha, n->w, mean);
    for (size_t i = 0; i < NODES; i++) mass += n->w[i], sum += n->w[i] * slope(kind, n->x[i]);
    *mean_slope = sum / mass;
    return log(mass * step / (s * sqrt(2 * acos(-1)))) - alpha * least;
}

static cc_status hop_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    const int kind = cc_choice(scope, "function");
    const double alpha = cc_real(scope, "alpha"), tau = cc_real(scope, "tau"), s = sqrt(tau / alpha);
    nodes n;
    CC_TRY(new_nodes(scope, &n));
    for (double m = cc_real(scope, "m_low"); m <= cc_real(scope, "m_high") + 1e-9; m += cc_real(scope, "m_step")) {
        double c, mean_slope;
        tilted(&n, kind, m, s, alpha, &c, &mean_slope);
        cc_put(cell, "m", m);
        cc_put(cell, "c", c);
        cc_put(cell, "mean_slope", mean_slope);
        cc_put(cell, "slope_m", slope(kind, m));
        cc_put(cell, "slope_c", slope(kind, c));
        cc_put(cell, "prox", proximal(kind, m, tau));
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status hop_run(cc_cell *cell) { return cc_each_seed(cell, hop_replicate); }

const cc_measure cbo_hop = {.id = "cbo.hop",
                            .run = hop_run,
                            .params = CC_LIST(cc_param,
                                              {"function", CC_CHOICE, "log", .choices = "log abs abs_cut",
                                               .doc = "log(1 + x^2), |x|, |x| with a slope of 0 near its kink"},
                                              {"alpha", CC_REAL, "10", 1e-9, 1e12, .doc = "inverse temperature"},
                                              {"tau", CC_REAL, "0.1", 1e-12, 1e6, .doc = "alpha stilde^2"},
                                              {"m_low", CC_REAL, "-4", -100, 100, .doc = "first centre"},
                                              {"m_high", CC_REAL, "4", -100, 100, .doc = "last centre"},
                                              {"m_step", CC_REAL, "0.2", 1e-6, 100, .doc = "from one to the next"}),
                            .columns = CC_LIST(cc_column, {"m", "", "centre of the cloud"}, {"c", "", "consensus"},
                                               {"mean_slope", "", "weighted mean of E'"}, {"slope_m", "", "E'(m)"},
                                               {"slope_c", "", "E'(c)"}, {"prox", "", "argmin E(x) + (x - m)^2/(2 tau)"})};

/* ---- quadratics ---- */

/* Consensus of exp(-alpha (x'Ax/2 + |x - m|^2/(2 tau))), A = diag(a), on a grid of `side` nodes an axis. */
static cc_status grid_consensus(cc_run *scope, size_t d, size_t side, const double *a, const double *m, double tau, double alpha,
                                double *c)
{
    const size_t N = d == 1 ? side : side * side;
    double *X, *e, *w;
    CC_NEW(scope, X, d * N);
    CC_NEW(scope, e, N);
    CC_NEW(scope, w, N);
    const double s = sqrt(tau / alpha);
    for (size_t i = 0; i < N; i++) {
        const size_t at[] = {d == 1 ? i : i / side, i % side};
        for (size_t j = 0; j < d; j++) {
            const double prox = m[j] / (1 + tau * a[j]), x = prox + ((double)at[j] / (double)(side - 1) * 2 - 1) * WINDOW * s;
            X[j * N + i] = x;
            e[i] += a[j] * x * x / 2 + (x - m[j]) * (x - m[j]) / (2 * tau);
        }
    }
    return cbo_consensus(d, N, X, e, alpha, w, c) ? cc_fail(scope, CC_ENUMERIC, "no consensus") : CC_OK;
}

static cc_status quadratic_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    const double a[] = {cc_real(scope, "a"), 4}, m[] = {1, -.5}, tau = cc_real(scope, "tau");
    for (size_t d = 1; d <= 2; d++) {
        double c[2];
        CC_TRY(grid_consensus(scope, d, d == 1 ? NODES : 401, a, m, tau, cc_real(scope, "alpha"), c));
        for (size_t j = 0; j < d; j++) {
            cc_put(cell, "d", (double)d);
            cc_put(cell, "m", m[j]);
            cc_put(cell, "curvature", a[j]);
            cc_put(cell, "c", c[j]);
            cc_emit(cell);
        }
    }
    return CC_OK;
}

static cc_status quadratic_run(cc_cell *cell) { return cc_each_seed(cell, quadratic_replicate); }

const cc_measure cbo_quadratic = {.id = "cbo.quadratic",
                                  .run = quadratic_run,
                                  .params = CC_LIST(cc_param, {"a", CC_REAL, "1", 0, 1e6, .doc = "curvature along the first axis"},
                                                    {"alpha", CC_REAL, "10", 1e-9, 1e12, .doc = "inverse temperature"},
                                                    {"tau", CC_REAL, "0.1", 1e-12, 1e6, .doc = "alpha stilde^2"}),
                                  .columns =
                                      CC_LIST(cc_column, {"d", "", "dimension"}, {"m", "", "centre of the cloud, this coordinate"},
                                              {"curvature", "", "along this coordinate"}, {"c", "", "consensus, this coordinate"})};

/* ---- Monte Carlo ---- */

/* The limit of one hop on x'diag(a)x/2 from m: c, and C of sqrt(N) (c^N - c) -> N(0, C), and b of N E(c^N - c) -> b, first
 * coordinate; rho says how uneven the weights are. */
typedef struct limit {
    double c[2], C[4], b, rho;
} limit;

static limit hop_limit(const double *a, const double *m, double alpha, double tau)
{
    limit l = {.rho = 1};
    double m2[2], exponent = 0;
    for (int j = 0; j < 2; j++) {
        const double t = tau * a[j];
        l.c[j] = m[j] / (1 + t), m2[j] = m[j] / (1 + 2 * t);
        l.rho *= (1 + t) / sqrt(1 + 2 * t);
        exponent += alpha * tau * a[j] * a[j] * m[j] * m[j] / ((1 + t) * (1 + 2 * t));
    }
    l.rho *= exp(exponent);
    l.b = l.rho * (l.c[0] - m2[0]);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            l.C[2 * i + j] = l.rho * ((i == j ? tau / alpha / (1 + 2 * tau * a[i]) : 0) + (m2[i] - l.c[i]) * (m2[j] - l.c[j]));
    return l;
}

/* Hops of N particles, the first `distinct` of which differ. */
typedef struct hops {
    size_t N, distinct;
    double alpha, s;
    limit limit;
    double *X, *e, *w;
} hops;

static const double quadratic_a[] = {1, 4}, quadratic_m[] = {1, -.5};

static cc_status new_hops(cc_run *scope, hops *h)
{
    const double tau = cc_real(scope, "tau");
    const size_t asked = (size_t)cc_int(scope, "distinct");
    h->N = (size_t)cc_int(scope, "N"), h->distinct = asked ? asked : h->N;
    h->alpha = cc_real(scope, "alpha"), h->s = sqrt(tau / h->alpha);
    h->limit = hop_limit(quadratic_a, quadratic_m, h->alpha, tau);
    CC_NEW(scope, h->X, 2 * h->N);
    CC_NEW(scope, h->e, h->N);
    CC_NEW(scope, h->w, h->N);
    return CC_OK;
}

/* off = c^N - c of the k-th hop. */
static cc_status hop(cc_run *scope, const hops *h, int64_t k, double *off)
{
    const size_t N = h->N;
    double *X = h->X;
    cc_rng rng = cc_stream(scope, 100, (uint64_t)k);
    cc_normal(&rng, 2 * N, X);
    for (size_t i = h->distinct; i < N; i++) X[i] = X[i % h->distinct], X[N + i] = X[N + i % h->distinct];
    for (size_t i = 0; i < N; i++) {
        X[i] = quadratic_m[0] + h->s * X[i], X[N + i] = quadratic_m[1] + h->s * X[N + i];
        h->e[i] = (quadratic_a[0] * X[i] * X[i] + quadratic_a[1] * X[N + i] * X[N + i]) / 2;
    }
    if (cbo_consensus(2, N, X, h->e, h->alpha, h->w, off)) return cc_fail(scope, CC_ENUMERIC, "no consensus");
    off[0] -= h->limit.c[0], off[1] -= h->limit.c[1];
    return CC_OK;
}

static cc_status monte_carlo_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    hops h;
    CC_TRY(new_hops(scope, &h));
    const double *C = h.limit.C, det = C[0] * C[3] - C[1] * C[2];
    for (int64_t k = 0; k < cc_int(scope, "repetitions"); k++) {
        double off[2];
        CC_TRY(hop(scope, &h, k, off));
        const double u = off[0], v = off[1];
        cc_put(cell, "error2", u * u + v * v);
        cc_put(cell, "T2", (double)h.N * (C[3] * u * u - 2 * C[1] * u * v + C[0] * v * v) / det);
        cc_put(cell, "variance", (C[0] + C[3]) / (double)h.N);
        cc_put(cell, "rho", h.limit.rho);
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status monte_carlo_run(cc_cell *cell) { return cc_each_seed(cell, monte_carlo_replicate); }

static cc_status bias_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    const int64_t repetitions = cc_int(scope, "repetitions");
    double mean = 0;
    hops h;
    CC_TRY(new_hops(scope, &h));
    for (int64_t k = 0; k < repetitions; k++) {
        double off[2];
        CC_TRY(hop(scope, &h, k, off));
        mean += off[0] / (double)repetitions;
    }
    cc_put(cell, "bias", mean);
    cc_put(cell, "expected", h.limit.b / (double)h.N);
    cc_emit(cell);
    return CC_OK;
}

static cc_status bias_run(cc_cell *cell) { return cc_each_seed(cell, bias_replicate); }

#define HOPS                                                                                                                       \
    CC_LIST(cc_param, {"N", CC_INT, "200", 2, 1e7, .doc = "particles"},                                                            \
            {"alpha", CC_REAL, "20", 1e-9, 1e12, .doc = "inverse temperature"},                                                    \
            {"tau", CC_REAL, "0.02", 1e-12, 1e6, .doc = "alpha stilde^2"},                                                         \
            {"repetitions", CC_INT, "100", 1, 1e6, .doc = "hops a seed"},                                                          \
            {"distinct", CC_INT, "0", 0, 1e7, .doc = "particles that differ; the others are copies; 0: all"})

const cc_measure cbo_monte_carlo = {.id = "cbo.monte_carlo",
                                    .run = monte_carlo_run,
                                    .params = HOPS,
                                    .columns =
                                        CC_LIST(cc_column, {"error2", "", "|c^N - c|^2"}, {"T2", "", "N (c^N - c)' C^-1 (c^N - c)"},
                                                {"variance", "", "limit of the mean of error2, the trace of C / N"},
                                                {"rho", "", "unevenness of the weights"})};

const cc_measure cbo_bias = {.id = "cbo.bias",
                             .run = bias_run,
                             .params = HOPS,
                             .columns =
                                 CC_LIST(cc_column, {"bias", "", "mean over the hops of c^N - c, first coordinate"},
                                         {"expected", "", "its limit, rho (c - m2) / N, m2 the mean under squared weights"})};

/* ---- one step of CBO ---- */

static const double cloud[] = {-1, .5, 2, .8};
enum { PARTICLES = 4 };

/* E = log(1 + x^2) + .3 (1 - cos 3x) */
static double wavy(double x) { return log1p(x * x) + .3 * (1 - cos(3 * x)); }
static double wavy_slope(double x) { return 2 * x / (1 + x * x) + .9 * sin(3 * x); }

typedef struct hop_step {
    double alpha, lambda_dt, sigma_root_dt, c;
} hop_step;

/* The weighted law of particle i's next position, N(m, s^2): mass Z, mean position, mean slope, by quadrature around m. */
static void moments(const hop_step *h, size_t i, double *Z, double *position, double *mean_slope)
{
    const double D = cloud[i] - h->c, m = h->c + (1 - h->lambda_dt) * D, s = h->sigma_root_dt * fabs(D), step = WINDOW / HALF;
    *Z = *position = *mean_slope = 0;
    for (size_t k = 0; k < NODES; k++) {
        const double t = ((double)k - HALF) * step, x = m + s * t, w = exp(-h->alpha * wavy(x) - t * t / 2) * step;
        *Z += w, *position += w * x, *mean_slope += w * wavy_slope(x);
    }
    *position /= *Z, *mean_slope /= *Z;
}

/* The next consensus of infinitely many copies of the cloud: by its definition, and by
 * c + (1 - lambda dt) sum p_i (X^i - c) - sum p_i alpha s_i^2 G_i. */
static void exact_next(const hop_step *h, int middle_term, double *defined, double *identity)
{
    double Z[PARTICLES], position, G[PARTICLES], mass = 0, sum = 0;
    for (size_t i = 0; i < PARTICLES; i++) {
        moments(h, i, &Z[i], &position, &G[i]);
        mass += Z[i], sum += Z[i] * position;
    }
    *defined = sum / mass;
    *identity = h->c;
    for (size_t i = 0; i < PARTICLES; i++) {
        const double p = Z[i] / mass, D = cloud[i] - h->c, s = h->sigma_root_dt * fabs(D);
        *identity += (middle_term ? (1 - h->lambda_dt) * p * D : 0) - p * h->alpha * s * s * G[i];
    }
}

/* The algorithm's own step and consensus on `copies` copies of the cloud. */
static cc_status sampled_next(cc_run *scope, const hop_step *h, size_t copies, double *next)
{
    const size_t N = PARTICLES * copies;
    double *X, *xi, *e, *w;
    CC_NEW(scope, X, N);
    CC_NEW(scope, xi, N);
    CC_NEW(scope, e, N);
    CC_NEW(scope, w, N);
    cc_rng rng = cc_stream(scope, 100, 0);
    cc_normal(&rng, N, xi);
    for (size_t i = 0; i < N; i++) X[i] = cloud[i % PARTICLES];
    cbo_move(1, N, X, &h->c, CBO_ISOTROPIC, h->lambda_dt, h->sigma_root_dt, xi, w);
    for (size_t i = 0; i < N; i++) e[i] = wavy(X[i]);
    return cbo_consensus(1, N, X, e, h->alpha, w, next) ? cc_fail(scope, CC_ENUMERIC, "no consensus") : CC_OK;
}

static cc_status step_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    const double dt = cc_real(scope, "dt");
    hop_step h = {cc_real(scope, "alpha"), cc_real(scope, "lambda") * dt, cc_real(scope, "sigma") * sqrt(dt), 0};
    double e[PARTICLES], w[PARTICLES], defined, identity, sampled;
    for (size_t i = 0; i < PARTICLES; i++) e[i] = wavy(cloud[i]);
    cbo_consensus(1, PARTICLES, cloud, e, h.alpha, w, &h.c);
    exact_next(&h, cc_bool(scope, "middle_term"), &defined, &identity);
    CC_TRY(sampled_next(scope, &h, (size_t)cc_int(scope, "copies"), &sampled));
    cc_put(cell, "c", h.c);
    cc_put(cell, "defined", defined);
    cc_put(cell, "identity", identity);
    cc_put(cell, "sampled", sampled);
    cc_emit(cell);
    return CC_OK;
}

static cc_status step_run(cc_cell *cell) { return cc_each_seed(cell, step_replicate); }

const cc_measure cbo_step_identity = {
    .id = "cbo.step_identity",
    .run = step_run,
    .params = CC_LIST(cc_param, {"alpha", CC_REAL, "5", 0, 1e9, .doc = "inverse temperature"},
                      {"lambda", CC_REAL, "20", 0, 1e9, .doc = "drift"}, {"sigma", CC_REAL, "1.2", 0, 1e9, .doc = "noise"},
                      {"dt", CC_REAL, "0.04", 1e-12, 1e9, .doc = "time step"},
                      {"copies", CC_INT, "20000", 1, 1e8, .doc = "of the cloud, a seed"},
                      {"middle_term", CC_BOOL, "true", .doc = "keep the term of lambda - 1/dt"}),
    .columns = CC_LIST(cc_column, {"c", "", "consensus before"}, {"defined", "", "next consensus by its definition"},
                       {"identity", "", "and by the identity"}, {"sampled", "", "and by many copies of the cloud"})};

/* ---- forgetting ---- */

static cc_status forgetting_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    const size_t N = (size_t)cc_int(scope, "N");
    const double lambda_dt = cc_real(scope, "lambda_dt"), sigma_root_dt = .16;
    double *X, *before, *xi, *w, c[2] = {.3, -.2}, product = 0, square[2] = {0, 0};
    CC_NEW(scope, X, 2 * N);
    CC_NEW(scope, before, 2 * N);
    CC_NEW(scope, xi, 2 * N);
    CC_NEW(scope, w, N);
    cc_rng rng = cc_stream(scope, 100, 0);
    cc_normal(&rng, 2 * N, X);
    cc_normal(&rng, 2 * N, xi);
    cc_copy(2 * N, X, before);
    cbo_move(2, N, X, c, CBO_ISOTROPIC, lambda_dt, sigma_root_dt, xi, w);
    for (size_t i = 0; i < N; i++) {
        const double far = hypot(before[i] - c[0], before[N + i] - c[1]) * sigma_root_dt,
                     z[] = {(X[i] - c[0]) / far, (X[N + i] - c[1]) / far};
        product += z[0] * (before[i] - c[0]), square[0] += z[0] * z[0], square[1] += (before[i] - c[0]) * (before[i] - c[0]);
        for (int j = 0; j < 2; j++) {
            cc_put(cell, "coordinate", j);
            cc_put(cell, "z", z[j]);
            cc_put(cell, "correlation", i + 1 == N ? product / sqrt(square[0] * square[1]) * sqrt((double)N) : NAN);
            cc_emit(cell);
        }
    }
    return CC_OK;
}

static cc_status forgetting_run(cc_cell *cell) { return cc_each_seed(cell, forgetting_replicate); }

const cc_measure cbo_forgetting = {
    .id = "cbo.forgetting",
    .run = forgetting_run,
    .params = CC_LIST(cc_param, {"N", CC_INT, "10000", 2, 1e7, .doc = "particles"},
                      {"lambda_dt", CC_REAL, "1", 0, 1, .doc = "drift of a step"}),
    .columns = CC_LIST(cc_column, {"coordinate", "", "of the plane"}, {"z", "", "(X_k - c) / (sigma sqrt(dt) |X_(k-1) - c|)"},
                       {"correlation", "", "sqrt(N) times that of z and X_(k-1) - c, first coordinate; in the last row"})};

/* ---- paths ---- */

enum { SIDE = 201 };
static const double LEAST = -2, GREATEST = 8;

typedef struct path {
    size_t k, every;
} path;

static cc_status path_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    path *p = arg;
    const double *x = candidate;
    (void)run, (void)state;
    if (p->k % p->every == 0) {
        cc_put(cell, "k", (double)p->k);
        cc_put(cell, "x", x[0]);
        cc_put(cell, "y", x[1]);
        cc_emit(cell);
    }
    p->k++;
    return CC_OK;
}

static cc_status attach_energies(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell), *run;
    double *X, *e;
    CC_TRY(cc_referee(cell, NULL, &run));
    CC_NEW(scope, X, 2 * SIDE * SIDE);
    CC_NEW(scope, e, SIDE * SIDE);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        const size_t row = i / SIDE, column = i % SIDE;
        X[i] = LEAST + (GREATEST - LEAST) * (double)column / (SIDE - 1);
        X[SIDE * SIDE + i] = LEAST + (GREATEST - LEAST) * (double)row / (SIDE - 1);
    }
    CC_TRY(smooth_value_batch(run, SIDE * SIDE, X, e));
    return cc_attach(cell, "energy", 2, (size_t[]){SIDE, SIDE}, e);
}

static cc_status paths_replicate(cc_cell *cell)
{
    path p = {.every = (size_t)cc_int(cc_cell_run(cell), "every")};
    if (cc_seed(cc_cell_run(cell)) == 0) CC_TRY(attach_energies(cell));
    return cc_drive(cell, NULL, path_look, &p);
}

static cc_status paths_run(cc_cell *cell) { return cc_each_seed(cell, paths_replicate); }

const cc_measure cbo_paths = {.id = "cbo.paths",
                              .run = paths_run,
                              .params = CC_LIST(cc_param, {"every", CC_INT, "1", 1, 1e9, .doc = "steps from one row to the next"}),
                              .columns = CC_LIST(cc_column, {"k", "", "step"}, {"x", "", "first coordinate of the candidate"},
                                                 {"y", "", "second coordinate"})};
