/* algorithms/03_gns/measures.c: what no run of the method shows.
 *
 *   gns.values   gamma(x) of functions of one variable by exhaustion of its definition, beside the closed forms
 *   gns.bounds   the inequality of the definition at sampled points and steps, with gamma(x) replaced by a class's lower bound
 *   gns.rank1    the rank-one solve against the Cholesky one: agreement, residual, time a trial */
#include "algorithms/03_gns/gns.h"

#include "harness/measure.h"
#include "harness/numerics/linalg.h"

#include <math.h>

/* ---- gns.values ---- */
static double slope_quartic(double x) { return x * x * x; }
static double slope_exp(double x) { return exp(x); }
static double slope_logistic(double x) { return -1 / (1 + exp(x)); }

#define E 2.718281828459045
const gns_line gns_lines[GNS_LINES] = {{"x^4/4 at 1", 1, 1, 3, slope_quartic, 9.0 / 8},
                                       {"e^x at 0", 0, 1, 1, slope_exp, E},
                                       {"e^x at 2", 2, E *E, E *E, slope_exp, E},
                                       {"log(1 + e^-x) at 0", 0, -.5, .25, slope_logistic, E *E + 1}};

/* rho(h), the gamma at which h alone is tight, is scanned outwards; with the running minimum m(r) over norm(h) <= r, gamma = max
 * min(r, m(r)). */
double gns_exhaust(const gns_line *f, int constrained, int grid, double reach)
{
    double least = INFINITY, gamma = 0;
    for (int i = 1; i <= grid; i++) {
        const double r = reach * i / grid;
        for (int sign = -1; sign <= 1; sign += 2) {
            const double h = sign * r, error = fabs(f->slope(f->x + h) - f->g - f->curvature * h);
            if (constrained && f->curvature * h * h + f->g * h > 0) continue; /* O = {<Hh, h> + <g, h> <= 0} */
            least = fmin(least, fabs(f->g) * r / error);
        }
        gamma = fmax(gamma, fmin(r, least));
    }
    return gamma;
}

static cc_status values_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        const cc_run *run = cc_cell_run(cell);
        for (size_t i = 0; i < GNS_LINES; i++) {
            cc_put_text(cell, "function", gns_lines[i].name);
            cc_put(cell, "gamma", gns_exhaust(gns_lines + i, cc_bool(run, "constrained"), (int)cc_int(run, "grid"), 20));
            cc_put(cell, "closed_form", gns_lines[i].gamma);
            cc_emit(cell);
        }
    }
    return CC_OK;
}

const cc_measure gns_measure_values = {
    .id = "gns.values",
    .run = values_run,
    .params = CC_LIST(cc_param, {"grid", CC_INT, "200000", 100, 1e8, .doc = "points a side of (0, 20]"},
                      {"constrained", CC_BOOL, "true", .doc = "only h with <Hh, h> + <g, h> <= 0, as the definition says"}),
    .columns = CC_LIST(cc_column, {"function", "", "f and the point"}, {"gamma", "", "by exhaustion"},
                       {"closed_form", "", "of gamma(x)"})};

/* ---- gns.bounds ---- */
typedef struct bounds {
    cc_run *run;
    size_t d;
    int rule, kind;
    double *x, *g, *h, *Hh, *g_at, *direction, *H;
    gns_system walk; /* with the exact Hessian, whatever `kind` */
    double radius;   /* the class's lower bound of gamma(x) */
} bounds;

static cc_status bounds_open(cc_cell *cell, bounds *b)
{
    cc_run *run = cc_cell_run(cell);
    CC_TRY(cc_referee(cell, NULL, &b->run));
    b->d = smooth_dim(b->run), b->rule = cc_choice(run, "class"), b->kind = cc_choice(run, "kind");
    CC_NEW(run, b->x, b->d);
    CC_NEW(run, b->g, b->d);
    CC_NEW(run, b->h, b->d);
    CC_NEW(run, b->Hh, b->d);
    CC_NEW(run, b->g_at, b->d);
    CC_NEW(run, b->direction, b->d);
    CC_NEW(run, b->H, b->d * b->d);
    CC_TRY(gns_system_init(b->run, &b->walk, GNS_CHOL, SMOOTH_EXACT));
    return smooth_start(b->run, b->x);
}

/* The gradient, the Hessian and the bound there; the classes in the order of the choices of `class`. WGN: the harmonic rule with
 * error ||g||^2 / mu_s. */
static cc_status bounds_at(const cc_run *cell_run, bounds *b)
{
    cc_run *run = b->run;
    CC_TRY(smooth_grad(run, b->x, b->g));
    if (b->kind != GNS_ZERO) {
        CC_TRY(smooth_hess(run, (smooth_kind)b->kind, b->x, b->H));
        cc_fill_upper(b->d, b->H);
    }
    const double norm = smooth_dual_norm(run, b->g), qsc = GNS_T_STAR / cc_fact(run, "Mqsc");
    switch (b->rule) {
    case 0:
        b->radius = qsc;
        break;
    case 1:
        b->radius = sqrt(2 * norm / cc_fact(run, "L2"));
        break;
    case 2:
        b->radius = norm / cc_fact(run, "L1");
        break;
    default:
        b->radius = 1 / (1 / qsc + cc_fact(run, "R") / cc_real(run, "mu_s"));
    }
    b->radius *= cc_real(cell_run, "factor");
    return CC_OK;
}

/* A step of random length within the ball and O, along -B^-1 g plus noise of the same size (`noise` times). */
static int bounds_step(bounds *b, cc_rng *rng, double noise)
{
    cc_run *run = b->run;
    double *u = b->direction;
    smooth_metric_solve(run, b->g, b->Hh);
    const double scale = cc_norm(b->d, b->Hh) / sqrt((double)b->d);
    cc_normal(rng, b->d, u);
    for (size_t i = 0; i < b->d; i++) u[i] = noise * scale * u[i] - b->Hh[i];
    const double along = -cc_dot(b->d, b->g, u);
    if (!(along > 0)) return 0;
    for (size_t i = 0; i < b->d; i++) b->Hh[i] = 0;
    if (b->kind != GNS_ZERO) cc_symv(b->d, 1, b->H, u, 0, b->Hh);
    const double curvature = cc_dot(b->d, u, b->Hh), length = smooth_norm(run, u);
    const double most = fmin(b->radius / length, curvature > 0 ? along / curvature : INFINITY), t = most * sqrt(cc_uniform(rng));
    for (size_t i = 0; i < b->d; i++) b->h[i] = t * u[i], b->Hh[i] *= t;
    return t > 0;
}

/* ||grad f(x+h) - grad f(x) - Hh|| radius / (||g|| norm(h)), at most 1 by the definition */
static cc_status bounds_ratio(bounds *b, double *ratio)
{
    cc_run *run = b->run;
    for (size_t i = 0; i < b->d; i++) b->x[i] += b->h[i];
    CC_TRY(smooth_grad(run, b->x, b->g_at));
    for (size_t i = 0; i < b->d; i++) b->x[i] -= b->h[i], b->g_at[i] -= b->g[i] + b->Hh[i];
    *ratio = smooth_dual_norm(run, b->g_at) * b->radius / (smooth_dual_norm(run, b->g) * smooth_norm(run, b->h));
    return CC_OK;
}

/* x <- x - (D^2 f + lambda B)^-1 g, lambda = ||g|| / (stride radius): the next point is nearer to a minimiser. */
static cc_status bounds_walk(const cc_run *cell_run, bounds *b)
{
    const double lambda = smooth_dual_norm(b->run, b->g) / (cc_real(cell_run, "stride") * b->radius);
    int solved;
    CC_TRY(gns_system_set(&b->walk, b->x, b->g, 0));
    CC_TRY(gns_system_solve(&b->walk, lambda, 0, b->h, &solved));
    if (!solved) return cc_fail(b->run, CC_ENUMERIC, "the walk met a Hessian that is not positive definite");
    cc_axpy(b->d, 1, b->h, b->x);
    return CC_OK;
}

/* The worst ratio at x over `directions` steps. */
static cc_status bounds_point(cc_cell *cell, bounds *b, cc_rng *rng, int64_t point)
{
    const cc_run *run = cc_cell_run(cell);
    double worst = 0, ratio;
    for (int64_t k = 0; k < cc_int(run, "directions"); k++) {
        if (!bounds_step(b, rng, (double)(k % 4) / 2)) continue;
        CC_TRY(bounds_ratio(b, &ratio));
        worst = fmax(worst, ratio);
    }
    cc_put(cell, "point", (double)point);
    cc_put(cell, "gradient", smooth_dual_norm(b->run, b->g));
    cc_put(cell, "worst", worst);
    cc_emit(cell);
    return CC_OK;
}

/* Points on a walk to the minimiser, until the gradient is a millionth of the first. */
static cc_status bounds_replicate(cc_cell *cell)
{
    const cc_run *run = cc_cell_run(cell);
    cc_rng rng = cc_stream(run, 1, 0);
    bounds b = {0};
    CC_TRY(bounds_open(cell, &b));
    double first = 0;
    for (int64_t p = 0; p < cc_int(run, "points"); p++) {
        CC_TRY(bounds_at(run, &b));
        const double norm = smooth_dual_norm(b.run, b.g);
        if (p == 0) first = norm;
        if (norm < 1e-6 * first) break;
        CC_TRY(bounds_point(cell, &b, &rng, p));
        CC_TRY(bounds_walk(run, &b));
    }
    return CC_OK;
}

static cc_status bounds_run(cc_cell *cell)
{
    while (cc_replicate(cell)) CC_TRY(bounds_replicate(cell));
    return CC_OK;
}

const cc_measure gns_measure_bounds = {
    .id = "gns.bounds",
    .run = bounds_run,
    .params =
        CC_LIST(cc_param, {"class", CC_CHOICE, "qsc", .choices = "qsc liphess lipgrad wgn", .doc = "whose lower bound of gamma(x)"},
                {"kind", CC_CHOICE, "exact", .choices = GNS_HESS_CHOICES, .doc = "H(x)"},
                {"points", CC_INT, "20", 1, 10000, .doc = "points at most"},
                {"directions", CC_INT, "50", 1, 10000, .doc = "steps tried at each"},
                {"stride", CC_REAL, "16", 1e-3, 1e6, .doc = "the walk's radius, in the bound's"},
                {"factor", CC_REAL, "1", 0, 1e6, .doc = "times the bound: 1 is the claim"}),
    .columns = CC_LIST(cc_column, {"point", "", "number of the point"}, {"gradient", "", "dual norm of the gradient there"},
                       {"worst", "", "largest ||grad f(x+h) - grad f(x) - Hh|| gamma / (||g|| norm(h)) over the steps"})};

/* ---- gns.rank1 ---- */

/* The least time of a solve in `repeats`, h left behind. */
static cc_status best_time(gns_system *system, double lambda, int64_t repeats, double *h, double *ns)
{
    int solved = 1;
    *ns = INFINITY;
    for (int64_t k = 0; k < repeats; k++) {
        const uint64_t from = cc_now_ns();
        CC_TRY(gns_system_solve(system, lambda, 0, h, &solved));
        *ns = fmin(*ns, (double)(cc_now_ns() - from));
        if (!solved) return cc_fail(system->run, CC_ENUMERIC, "a matrix H + lambda B was not positive definite");
    }
    return CC_OK;
}

/* ||(H + lambda B) h + g|| / ||g||, H from the family */
static cc_status relative_residual(cc_run *run, const double *x, const double *g, double lambda, const double *h, double *H,
                                   double *r, double *out)
{
    const size_t d = smooth_dim(run);
    CC_TRY(smooth_hess(run, SMOOTH_RANK1, x, H));
    smooth_metric_add(run, lambda, H);
    cc_copy(d, g, r);
    cc_symv(d, 1, H, h, 1, r);
    *out = smooth_dual_norm(run, r) / smooth_dual_norm(run, g);
    return CC_OK;
}

static cc_status rank1_one(cc_cell *cell)
{
    cc_run *run = cc_cell_run(cell), *on;
    gns_system dense, fast;
    double *x, *g, *h, *h_dense, *H, ns_dense, ns_fast, residual;
    CC_TRY(cc_referee(cell, NULL, &on));
    const size_t d = smooth_dim(on);
    CC_NEW(run, x, d);
    CC_NEW(run, g, d);
    CC_NEW(run, h, d);
    CC_NEW(run, h_dense, d);
    CC_NEW(run, H, d * d);
    CC_TRY(smooth_start(on, x));
    CC_TRY(smooth_grad(on, x, g));
    const double lambda = smooth_dual_norm(on, g) / cc_real(run, "radius");
    CC_TRY(gns_system_init(on, &dense, GNS_CHOL, SMOOTH_RANK1));
    CC_TRY(gns_system_init(on, &fast, GNS_WOODBURY, SMOOTH_RANK1));
    CC_TRY(gns_system_set(&dense, x, g, 0));
    CC_TRY(gns_system_set(&fast, x, g, 0));
    CC_TRY(best_time(&dense, lambda, cc_int(run, "repeats"), h_dense, &ns_dense));
    CC_TRY(best_time(&fast, lambda, 20 * cc_int(run, "repeats"), h, &ns_fast));
    CC_TRY(relative_residual(on, x, g, lambda, h, H, x, &residual));
    const double length = smooth_norm(on, h_dense);
    cc_axpy(d, -1, h_dense, h);
    cc_put(cell, "difference", smooth_norm(on, h) / length);
    cc_put(cell, "residual", residual);
    cc_put(cell, "ns_dense", ns_dense);
    cc_put(cell, "ns_rank1", ns_fast);
    cc_emit(cell);
    return CC_OK;
}

static cc_status rank1_run(cc_cell *cell)
{
    while (cc_replicate(cell)) CC_TRY(rank1_one(cell));
    return CC_OK;
}

const cc_measure gns_measure_rank1 = {
    .id = "gns.rank1",
    .run = rank1_run,
    .params = CC_LIST(cc_param, {"radius", CC_REAL, "1", 1e-300, 1e300, .doc = "gamma of the trial"},
                      {"repeats", CC_INT, "5", 1, 1000, .doc = "of each dense solve; twenty times as many of the rank-one solve"}),
    .columns = CC_LIST(cc_column, {"difference", "", "norm(h - h_dense) / norm(h_dense)"},
                       {"residual", "", "of the rank-one step, by the dense H"}, {"ns_dense", "ns", "a Cholesky trial"},
                       {"ns_rank1", "ns", "a rank-one trial"})};
