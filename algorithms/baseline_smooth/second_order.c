/* algorithms/baseline_smooth/second_order.c: Newton-type methods, h = -(H(x) + lambda B)^-1 grad f(x) with other rules for lambda.
 *
 *   super_newton  lambda = H_k ||g||^alpha, H_k found by a search (Doikov, Mishchenko, Nesterov, Super-universal regularized Newton
 * method, 2024) cubic_newton  the minimiser of <g, h> + h'Hh/2 + (H_k/6) norm(h)^3, H_k found by a search (Nesterov, Polyak 2006)
 *   fixed_newton  lambda = M ||g||, the quasi-self-concordant rule, or lambda = M: no search (Doikov 2023)
 *   damped_newton lambda = 0 and an Armijo search along h: no regularisation */
#include "algorithms/baseline_smooth/baselines.h"

#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

#include <math.h>
#include <string.h>

enum { MAX_TRIALS = 60 };

static cc_status start(cc_run *run, void **state)
{
    second_order *s;
    CC_NEW(run, s, 1);
    *state = s;
    s->d = smooth_dim(run), s->kind = cc_choice(run, "hess"), s->reg = 1;
    CC_NEW(run, s->x, s->d);
    CC_NEW(run, s->g, s->d);
    CC_NEW(run, s->h, s->d);
    CC_NEW(run, s->next, s->d);
    CC_NEW(run, s->g_next, s->d);
    CC_NEW(run, s->Bh, s->d);
    CC_NEW(run, s->solved, s->d);
    CC_NEW(run, s->H, s->d * s->d);
    CC_NEW(run, s->M, s->d * s->d);
    CC_TRY(smooth_start(run, s->x));
    CC_TRY(smooth_value_grad(run, s->x, &s->f, s->g));
    s->g_norm = smooth_dual_norm(run, s->g);
    return CC_OK;
}

static cc_status open_step(cc_run *run, second_order *s)
{
    s->trials = 0;
    if (s->g_norm == 0) return cc_finish(run, "GRADTOL");
    return smooth_hess(run, (smooth_kind)s->kind, s->x, s->H);
}

/* h = -(H + lambda B)^-1 g; 0 if that matrix is not positive definite. */
static int regularised(cc_run *run, second_order *s, double lambda)
{
    s->lambda = lambda;
    for (size_t i = 0; i < s->d; i++) memcpy(s->M + i * s->d, s->H + i * s->d, (i + 1) * sizeof *s->M);
    if (lambda > 0) smooth_metric_add(run, lambda, s->M);
    if (cc_potrf(s->d, s->M) != 0) return 0;
    for (size_t i = 0; i < s->d; i++) s->h[i] = -s->g[i];
    cc_potrs(s->d, s->M, s->h);
    return 1;
}

/* next = x + t h with its value and gradient */
static cc_status evaluate(cc_run *run, second_order *s, double t)
{
    for (size_t i = 0; i < s->d; i++) s->next[i] = s->x[i] + t * s->h[i];
    return smooth_value_grad(run, s->next, &s->f_next, s->g_next);
}

static cc_status move(cc_run *run, second_order *s)
{
    double *x = s->x, *g = s->g;
    s->x = s->next, s->next = x;
    s->g = s->g_next, s->g_next = g;
    s->f = s->f_next, s->g_norm = smooth_dual_norm(run, s->g);
    return CC_OK;
}

/* ---- super-universal Newton ---- */
cc_status super_newton_init(cc_run *run, void **state)
{
    CC_TRY(start(run, state));
    ((second_order *)*state)->alpha = cc_real(run, "alpha");
    return CC_OK;
}

cc_status super_newton_step(cc_run *run, void *state)
{
    second_order *s = state;
    CC_TRY(open_step(run, s));
    for (int t = 0; t < MAX_TRIALS; t++, s->reg *= 4) {
        s->trials++;
        if (!regularised(run, s, s->reg * pow(s->g_norm, s->alpha))) continue;
        CC_TRY(evaluate(run, s, 1));
        const double norm = smooth_dual_norm(run, s->g_next);
        if (isfinite(s->f_next) && -cc_dot(s->d, s->g_next, s->h) >= norm * norm / (4 * s->lambda)) {
            s->reg = fmax(s->reg / 4, 1e-5);
            return move(run, s);
        }
    }
    return cc_finish(run, "STALLED");
}

/* ---- cubic Newton ---- */
cc_status cubic_newton_init(cc_run *run, void **state) { return start(run, state); }

/* norm(T(r)), T(r) = -(H + (reg/2) r B)^-1 g left in h; infinite where that matrix is not positive definite. */
static double length(cc_run *run, second_order *s, double r)
{
    return regularised(run, s, s->reg / 2 * r) ? smooth_norm(run, s->h) : INFINITY;
}

/* r = norm(T(r)): doubling until r is above, then Newton's method on r - norm(T(r)), concave and increasing. */
static int cubic_minimiser(cc_run *run, second_order *s)
{
    double r = 1, norm = length(run, s, r);
    for (int k = 0; k < 200 && r < norm; k++) norm = length(run, s, r *= 2);
    for (int k = 0; k < 100 && isfinite(norm) && fabs(r - norm) > 1e-10 * r; k++) {
        smooth_metric_apply(run, s->h, s->Bh);
        cc_copy(s->d, s->Bh, s->solved);
        cc_potrs(s->d, s->M, s->solved);
        const double slope = 1 + s->reg / 2 / norm * cc_dot(s->d, s->Bh, s->solved), root = r - (r - norm) / slope;
        r = root > 0 ? root : r / 2;
        norm = length(run, s, r);
    }
    return isfinite(norm);
}

cc_status cubic_newton_step(cc_run *run, void *state)
{
    second_order *s = state;
    CC_TRY(open_step(run, s));
    for (int t = 0; t < MAX_TRIALS; t++, s->reg *= 2) {
        s->trials++;
        if (!cubic_minimiser(run, s)) continue;
        CC_TRY(evaluate(run, s, 1));
        const double r = smooth_norm(run, s->h);
        cc_symv(s->d, 1, s->H, s->h, 0, s->Bh);
        const double model = cc_dot(s->d, s->g, s->h) + cc_dot(s->d, s->h, s->Bh) / 2 + s->reg / 6 * r * r * r;
        if (s->f_next <= s->f + model) {
            s->reg = fmax(s->reg / 2, 1e-5);
            return move(run, s);
        }
    }
    return cc_finish(run, "STALLED");
}

/* ---- fixed rules ---- */
cc_status fixed_newton_init(cc_run *run, void **state)
{
    CC_TRY(start(run, state));
    second_order *s = *state;
    s->fixed = cc_choice(run, "rule"), s->M_fixed = cc_real(run, "M");
    if (isnan(s->M_fixed)) s->M_fixed = cc_fact(run, s->fixed != 0 ? "L1" : "Mqsc");
    if (!(s->M_fixed > 0)) return cc_fail(run, CC_EINVAL, "M is `auto`, but the problem does not tell the constant of this rule");
    return CC_OK;
}

cc_status fixed_newton_step(cc_run *run, void *state)
{
    second_order *s = state;
    CC_TRY(open_step(run, s));
    s->trials++;
    if (!regularised(run, s, s->fixed != 0 ? s->M_fixed : s->M_fixed * s->g_norm)) return cc_finish(run, "SINGULAR");
    CC_TRY(evaluate(run, s, 1));
    return isfinite(s->f_next) ? move(run, s) : cc_finish(run, "NONFINITE");
}

/* ---- damped Newton ---- */
cc_status damped_newton_init(cc_run *run, void **state) { return start(run, state); }

cc_status damped_newton_step(cc_run *run, void *state)
{
    second_order *s = state;
    CC_TRY(open_step(run, s));
    if (!regularised(run, s, 0)) return cc_finish(run, "SINGULAR");
    const double slope = cc_dot(s->d, s->g, s->h);
    double t = 1;
    for (int k = 0; k < MAX_TRIALS; k++, t /= 2) {
        s->trials++;
        CC_TRY(evaluate(run, s, t));
        if (s->f_next <= s->f + 1e-4 * t * slope) return move(run, s);
    }
    return cc_finish(run, "STALLED");
}

const void *second_order_candidate(void *state) { return ((second_order *)state)->x; }
