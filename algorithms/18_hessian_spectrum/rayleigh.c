/* algorithms/18_hessian_spectrum/rayleigh.c: eigenvalues of the Hessian as minima of the Rayleigh quotient, by L-BFGS: the way of
 * the paper's code, and the baseline of Lanczos' method.
 *
 * Problem class: a symmetric matrix H known by its products. Method: L-BFGS on -+q(v), q(v) = v'Hv / v'v, from a normal v; the
 * gradient of q is 2 (Hv - q v) / v'v; vectors that were found are projected out of v and of all products, so the next pair comes
 * next. Along v + tp the quotient is a ratio of two quadratics known from Hp alone: the step to its minimum takes no further
 * product, and Hv follows by adding t Hp. Guarantee: q has no minimum but the extreme eigenvalues, all else is a saddle. Reference:
 * Sagun, Evci, Guney, Dauphin, Bottou, Empirical Analysis of the Hessian of Over-Parametrized Neural Networks, 2017; L-BFGS:
 * Nocedal, Updating quasi-Newton matrices with limited storage, 1980. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

enum { STREAM_RAYLEIGH = 22 };

static cc_status times_hessian(void *self, size_t p, const double *x, double *y)
{
    const hessian_at *at = self;
    const size_t d = smooth_dim(at->run);
    for (size_t k = 0; k < p; k++) CC_TRY(smooth_hvp(at->run, SMOOTH_EXACT, at->w, x + k * d, y + k * d));
    return CC_OK;
}

cc_linop hessian_operator(hessian_at *at) { return (cc_linop){smooth_dim(at->run), times_hessian, at}; }

cc_status hessian_rayleigh_new(cc_run *scope, hessian_rayleigh *r)
{
    if (r->pairs > r->n) return cc_fail(scope, CC_EINVAL, "%zu eigenvalues of a matrix of order %zu", r->pairs, r->n);
    CC_NEW(scope, r->v, r->n);
    CC_NEW(scope, r->Hv, r->n);
    CC_NEW(scope, r->g, r->n);
    CC_NEW(scope, r->p, r->n);
    CC_NEW(scope, r->Hp, r->n);
    CC_NEW(scope, r->s, r->memory * r->n);
    CC_NEW(scope, r->y, r->memory * r->n);
    CC_NEW(scope, r->rho, r->memory);
    CC_NEW(scope, r->alpha, r->memory);
    CC_NEW(scope, r->vectors, r->pairs * r->n);
    CC_NEW(scope, r->lambda, r->pairs);
    CC_NEW(scope, r->residual, r->pairs);
    return CC_OK;
}

static void project(const hessian_rayleigh *r, double *x)
{
    for (size_t k = 0; k < r->found && r->project; k++) {
        const double *u = r->vectors + k * r->n;
        cc_axpy(r->n, -cc_dot(r->n, u, x), u, x);
    }
}

static cc_status product(hessian_rayleigh *r, const cc_linop *a, const double *x, double *y)
{
    CC_TRY(a->apply(a->self, 1, x, y));
    r->products++;
    project(r, y);
    return CC_OK;
}

/* Quotient and gradient of what is minimised, -q for the largest, at v. */
static void look(hessian_rayleigh *r)
{
    const double length2 = cc_dot(r->n, r->v, r->v);
    r->quotient = cc_dot(r->n, r->v, r->Hv) / length2;
    r->steepest = 0;
    for (size_t j = 0; j < r->n; j++) {
        r->g[j] = (r->smallest ? 2 : -2) * (r->Hv[j] - r->quotient * r->v[j]) / length2;
        r->steepest = fmax(r->steepest, fabs(r->g[j]));
    }
}

cc_status hessian_rayleigh_start(hessian_rayleigh *r, const cc_linop *a, cc_rng *rng)
{
    cc_normal(rng, r->n, r->v);
    project(r, r->v);
    r->kept = 0;
    CC_TRY(product(r, a, r->v, r->Hv));
    look(r);
    return CC_OK;
}

/* p = -(inverse of the Hessian that the kept pairs tell of) g; pair i is in slot i mod memory. */
static void direction(hessian_rayleigh *r)
{
    const size_t first = r->kept > r->memory ? r->kept - r->memory : 0;
    cc_copy(r->n, r->g, r->p);
    cc_scale(r->n, -1, r->p);
    for (size_t i = r->kept; i-- > first;) {
        const size_t slot = i % r->memory;
        r->alpha[slot] = r->rho[slot] * cc_dot(r->n, r->s + slot * r->n, r->p);
        cc_axpy(r->n, -r->alpha[slot], r->y + slot * r->n, r->p);
    }
    if (r->kept) {
        const size_t slot = (r->kept - 1) % r->memory;
        const double *y = r->y + slot * r->n;
        cc_scale(r->n, 1 / (r->rho[slot] * cc_dot(r->n, y, y)), r->p);
    }
    for (size_t i = first; i < r->kept; i++) {
        const size_t slot = i % r->memory;
        const double beta = r->rho[slot] * cc_dot(r->n, r->y + slot * r->n, r->p);
        cc_axpy(r->n, r->alpha[slot] - beta, r->s + slot * r->n, r->p);
    }
    project(r, r->p);
}

/* The t at which -+q(v + tp) is least: there the derivative c0 + c1 t + c2 t^2, but for a positive factor, rises through 0. */
static double best_step(const hessian_rayleigh *r)
{
    const double sign = r->smallest ? 1 : -1;
    const double a = cc_dot(r->n, r->v, r->Hv), b = cc_dot(r->n, r->v, r->Hp), c = cc_dot(r->n, r->p, r->Hp);
    const double d = cc_dot(r->n, r->v, r->v), e = cc_dot(r->n, r->v, r->p), f = cc_dot(r->n, r->p, r->p);
    const double c0 = sign * (b * d - a * e), c1 = sign * (c * d - a * f), c2 = sign * (c * e - b * f);
    const double root = sqrt(fmax(0, c1 * c1 - 4 * c0 * c2));
    return c1 > 0 ? -2 * c0 / (c1 + root) : (root - c1) / (2 * c2);
}

/* v is an eigenvector: it is kept at length 1. */
static void accept(hessian_rayleigh *r)
{
    const double length = cc_norm(r->n, r->v);
    double *u = r->vectors + r->found * r->n;
    cc_copy(r->n, r->v, u);
    cc_scale(r->n, 1 / length, u);
    r->lambda[r->found] = r->quotient;
    r->residual[r->found] = cc_norm(r->n, r->g) * length / 2;
    r->found++;
}

cc_status hessian_rayleigh_step(hessian_rayleigh *r, const cc_linop *a, cc_rng *rng)
{
    if (r->steepest <= r->flat) {
        accept(r);
        return r->found < r->pairs ? hessian_rayleigh_start(r, a, rng) : CC_OK;
    }
    direction(r);
    CC_TRY(product(r, a, r->p, r->Hp));
    const double t = best_step(r);
    if (!isfinite(t)) return CC_ENUMERIC;
    const size_t slot = r->kept % r->memory;
    double *s = r->s + slot * r->n, *y = r->y + slot * r->n;
    cc_copy(r->n, r->p, s);
    cc_scale(r->n, t, s);
    cc_axpy(r->n, 1, s, r->v);
    cc_axpy(r->n, t, r->Hp, r->Hv);
    cc_copy(r->n, r->g, y);
    look(r);
    for (size_t j = 0; j < r->n; j++) y[j] = r->g[j] - y[j];
    const double curvature = cc_dot(r->n, s, y);
    if (curvature > 0) r->rho[slot] = 1 / curvature;
    r->kept = curvature > 0 ? r->kept + 1 : 0; /* else the least lay behind v: steepest descent again */
    return CC_OK;
}

/* ---- as an algorithm: of the Hessian at the problem's start ---- */

typedef struct rayleigh_run {
    hessian_rayleigh r;
    double *w;
    cc_rng rng;
    double quotient, steepest, found;
} rayleigh_run;

static cc_status advance(cc_run *run, rayleigh_run *s, cc_status (*how)(hessian_rayleigh *, const cc_linop *, cc_rng *))
{
    hessian_at at = {run, s->w};
    const cc_linop H = hessian_operator(&at);
    const cc_status status = how(&s->r, &H, &s->rng);
    s->quotient = s->r.quotient, s->steepest = s->r.steepest, s->found = (double)s->r.found;
    return status == CC_ENUMERIC ? cc_fail(run, status, "the quotient is not finite") : status;
}

cc_status hessian_rayleigh_init(cc_run *run, void **state)
{
    rayleigh_run *s;
    CC_NEW(run, s, 1);
    *state = s;
    s->r.n = smooth_dim(run);
    s->r.pairs = (size_t)cc_int(run, "pairs"), s->r.memory = (size_t)cc_int(run, "memory");
    s->r.flat = cc_real(run, "pgtol"), s->r.smallest = cc_choice(run, "end") == 1, s->r.project = cc_bool(run, "project");
    s->rng = cc_stream(run, STREAM_RAYLEIGH, 0);
    CC_NEW(run, s->w, s->r.n);
    CC_TRY(smooth_start(run, s->w));
    CC_TRY(hessian_rayleigh_new(run, &s->r));
    return advance(run, s, hessian_rayleigh_start);
}

cc_status hessian_rayleigh_advance(cc_run *run, void *state)
{
    rayleigh_run *s = state;
    CC_TRY(advance(run, s, hessian_rayleigh_step));
    return s->r.found < s->r.pairs ? CC_OK : cc_finish(run, "FOUND");
}

const void *hessian_rayleigh_candidate(void *state) { return ((rayleigh_run *)state)->w; }

const cc_param hessian_rayleigh_params[] = {
    {"pairs", CC_INT, "1", 1, 1e6, .doc = "eigenvalues, one after the other"},
    {"memory", CC_INT, "10", 1, 1e3, .doc = "steps that the quasi-Newton matrix remembers"},
    {"pgtol", CC_REAL, "1e-5", 0, 1e6, .doc = "a pair is found where no entry of the gradient is larger"},
    {"end", CC_CHOICE, "largest", .choices = "largest smallest", .doc = "of the spectrum"},
    {"project", CC_BOOL, "true", .doc = "vectors that were found are projected out"},
    {0},
};

const cc_probe hessian_rayleigh_probes[] = {
    {"quotient", "", "Rayleigh quotient", offsetof(rayleigh_run, quotient)},
    {"steepest", "", "largest entry of its gradient", offsetof(rayleigh_run, steepest)},
    {"found", "", "eigenvalues so far", offsetof(rayleigh_run, found)},
    {0},
};
