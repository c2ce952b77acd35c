/* Linear equations by products with the matrix. Every method begins with the residual of the start and counts its products. */
#include <math.h>
#include <string.h>

#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"

/* r = b - A x; without a product where x is 0. */
static cc_status first_residual(const cc_linop *a, const double *b, const double *x, double *r, cc_solve_result *result)
{
    size_t n = a->n, i = 0;
    while (i < n && x[i] == 0) i++;
    if (i == n) {
        cc_copy(n, b, r);
    } else {
        CC_TRY(a->apply(a->self, 1, x, r));
        result->products++;
        for (i = 0; i < n; i++) r[i] = b[i] - r[i];
        cc_flops(n);
    }
    result->residual = cc_norm(n, r);
    return CC_OK;
}

/* Whether to end before an iteration of so many products; the outcome is set. */
static int over(const cc_solve_plan *plan, double goal, size_t products, cc_solve_result *result)
{
    if (!isfinite(result->residual))
        result->outcome = CC_SOLVE_BREAKDOWN;
    else if (result->residual <= goal)
        result->outcome = CC_SOLVED;
    else if (result->products + products > plan->most)
        result->outcome = CC_SOLVE_BUDGET;
    else
        return 0;
    return 1;
}

static cc_status stop(cc_solve_result *result, cc_solve_outcome outcome)
{
    result->outcome = outcome;
    return CC_OK;
}

static int useless(double divisor) { return divisor == 0 || !isfinite(divisor); }

/* ---- conjugate gradients ---- */

size_t cc_cg_words(size_t n) { return 4 * n; }

static cc_status precondition(const cc_linop *m, size_t n, const double *r, double *z)
{
    if (m) return m->apply(m->self, 1, r, z);
    cc_copy(n, r, z);
    return CC_OK;
}

cc_status cc_cg(const cc_linop *a, const cc_linop *m, const cc_solve_plan *plan, const double *b, double *work, double *x,
                cc_solve_result *result)
{
    size_t n = a->n;
    double *d = work, *r = d + n, *ad = r + n, *z = ad + n, goal = plan->tolerance * cc_norm(n, b);
    *result = (cc_solve_result){0};
    CC_TRY(first_residual(a, b, x, r, result));
    CC_TRY(precondition(m, n, r, z));
    cc_copy(n, z, d);
    double rz = cc_dot(n, r, z);
    while (!over(plan, goal, 1, result)) {
        CC_TRY(a->apply(a->self, 1, d, ad));
        result->products++;
        double bend = cc_dot(n, d, ad);
        if (!isfinite(bend)) return stop(result, CC_SOLVE_BREAKDOWN);
        if (bend <= 0) {
            result->curvature = bend / cc_dot(n, d, d);
            return stop(result, CC_SOLVE_NEGATIVE);
        }
        double length = rz / bend;
        if (useless(length)) return stop(result, CC_SOLVE_BREAKDOWN);
        cc_axpy(n, length, d, x);
        cc_axpy(n, -length, ad, r);
        result->residual = cc_norm(n, r);
        CC_TRY(precondition(m, n, r, z));
        double last = rz;
        rz = cc_dot(n, r, z);
        cc_scale(n, rz / last, d);
        cc_axpy(n, 1, z, d);
    }
    return CC_OK;
}

/* ---- MINRES: Lanczos's T by Givens rotations, three terms of directions ---- */

size_t cc_minres_words(size_t n) { return 6 * n; }

/* The last two rotations, and the part of the residual in the next direction. */
typedef struct turns {
    double c[2], s[2], rest;
} turns;

/* The new column (0, beta, alpha, next) of T after the earlier rotations and its own: out[0..1] above the diagonal, out[2] on it.
 */
static void turn(turns *t, double beta, double alpha, double next, double out[3])
{
    double diagonal = t->c[1] * alpha - t->c[0] * t->s[1] * beta;
    out[0] = t->s[0] * beta;
    out[1] = t->s[1] * alpha + t->c[0] * t->c[1] * beta;
    out[2] = hypot(diagonal, next);
    t->c[0] = t->c[1], t->s[0] = t->s[1];
    t->c[1] = diagonal / out[2], t->s[1] = next / out[2];
}

cc_status cc_minres(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x, cc_solve_result *result)
{
    size_t n = a->n;
    double *v = work, *before = v + n, *p = before + n, *w = p + n, *w1 = w + n, *w2 = w1 + n;
    double goal = plan->tolerance * cc_norm(n, b), beta = 0, r[3];
    memset(work, 0, cc_minres_words(n) * sizeof *work);
    *result = (cc_solve_result){0};
    CC_TRY(first_residual(a, b, x, v, result));
    turns t = {{1, 1}, {0, 0}, result->residual};
    if (over(plan, goal, 1, result)) return CC_OK;
    cc_scale(n, 1 / result->residual, v);
    do {
        CC_TRY(a->apply(a->self, 1, v, p));
        result->products++;
        cc_axpy(n, -beta, before, p);
        double alpha = cc_dot(n, v, p);
        cc_axpy(n, -alpha, v, p);
        double next = cc_norm(n, p);
        turn(&t, beta, alpha, next, r);
        if (useless(r[2])) return stop(result, CC_SOLVE_BREAKDOWN);
        cc_flops(6 * n);
        for (size_t i = 0; i < n; i++) w[i] = (v[i] - r[0] * w2[i] - r[1] * w1[i]) / r[2];
        cc_axpy(n, t.c[1] * t.rest, w, x);
        t.rest *= -t.s[1];
        result->residual = fabs(t.rest);
        double *free_w = w2, *free_v = before;
        w2 = w1, w1 = w, w = free_w;
        before = v, v = p, p = free_v;
        if (next > 0) cc_scale(n, 1 / next, v);
        beta = next;
    } while (!over(plan, goal, 1, result));
    return CC_OK;
}

/* ---- GMRES ---- */

size_t cc_gmres_words(size_t n, size_t restart) { return (restart + 1) * (n + restart + 4); }

typedef struct arnoldi {
    size_t n, m, k;              /* k columns done */
    double *basis;               /* (m + 1) x n */
    double *h;                   /* m columns of m + 1: R of the rotated Hessenberg matrix */
    double *c, *s, *rest, *more; /* rotations, right-hand side, a second pass */
} arnoldi;

/* One more column; returns the part of the new vector outside the span. */
static cc_status next_column(arnoldi *k, const cc_linop *a, double *outside)
{
    double *column = k->h + k->k * (k->m + 1), *next = k->basis + (k->k + 1) * k->n;
    CC_TRY(a->apply(a->self, 1, next - k->n, next));
    double before = cc_norm(k->n, next);
    cc_gemv(k->k + 1, k->n, 1, k->basis, next, 0, column);
    cc_gemv_t(k->k + 1, k->n, -1, k->basis, column, 1, next);
    cc_gemv(k->k + 1, k->n, 1, k->basis, next, 0, k->more);
    cc_gemv_t(k->k + 1, k->n, -1, k->basis, k->more, 1, next);
    cc_axpy(k->k + 1, 1, k->more, column);
    *outside = cc_norm(k->n, next);
    if (*outside <= 1e-14 * before) *outside = 0; /* nothing but rounding: the span is invariant */
    if (*outside > 0) cc_scale(k->n, 1 / *outside, next);
    return CC_OK;
}

/* Rotates the column, and the right-hand side; 0: the column is singular. */
static int rotate(arnoldi *k, double outside)
{
    double *column = k->h + k->k * (k->m + 1);
    for (size_t i = 0; i < k->k; i++) {
        double upper = column[i], lower = column[i + 1];
        column[i] = k->c[i] * upper + k->s[i] * lower;
        column[i + 1] = k->c[i] * lower - k->s[i] * upper;
    }
    double length = hypot(column[k->k], outside);
    if (useless(length)) return 0;
    k->c[k->k] = column[k->k] / length, k->s[k->k] = outside / length;
    column[k->k] = length;
    k->rest[k->k + 1] = -k->s[k->k] * k->rest[k->k];
    k->rest[k->k] *= k->c[k->k];
    k->k++;
    return 1;
}

/* x += Q' R^-1 rest */
static void correct(arnoldi *k, double *x)
{
    double *y = k->more;
    for (size_t i = k->k; i-- > 0;) {
        y[i] = k->rest[i];
        for (size_t j = i + 1; j < k->k; j++) y[i] -= k->h[j * (k->m + 1) + i] * y[j];
        y[i] /= k->h[i * (k->m + 1) + i];
    }
    cc_gemv_t(k->k, k->n, 1, k->basis, y, 1, x);
}

cc_status cc_gmres(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x, cc_solve_result *result)
{
    size_t n = a->n, m = plan->restart < n ? plan->restart : n;
    double goal = plan->tolerance * cc_norm(n, b);
    *result = (cc_solve_result){0};
    if (m == 0) return CC_EINVAL;
    arnoldi k = {.n = n, .m = m, .basis = work, .h = work + (m + 1) * n};
    k.c = k.h + m * (m + 1), k.s = k.c + m + 1, k.rest = k.s + m + 1, k.more = k.rest + m + 1;
    for (;;) {
        int whole = 1;
        double outside = 1;
        CC_TRY(first_residual(a, b, x, k.basis, result));
        if (over(plan, goal, 1, result)) return CC_OK;
        cc_scale(n, 1 / result->residual, k.basis);
        k.rest[0] = result->residual;
        for (k.k = 0; k.k < m && outside > 0 && whole && !over(plan, goal, 1, result);) {
            CC_TRY(next_column(&k, a, &outside));
            result->products++;
            whole = isfinite(outside) && rotate(&k, outside);
            if (whole) result->residual = fabs(k.rest[k.k]);
        }
        if (k.k) correct(&k, x);
        if (!whole) return stop(result, CC_SOLVE_BREAKDOWN);
        if (over(plan, goal, 2, result)) return CC_OK; /* a new cycle takes its residual and a column */
    }
}

/* ---- BiCGSTAB ---- */

size_t cc_bicgstab_words(size_t n) { return 6 * n; }

cc_status cc_bicgstab(const cc_linop *a, const cc_solve_plan *plan, const double *b, double *work, double *x,
                      cc_solve_result *result)
{
    size_t n = a->n;
    double *r = work, *shadow = r + n, *p = shadow + n, *ap = p + n, *as = ap + n, *s = as + n;
    double goal = plan->tolerance * cc_norm(n, b);
    *result = (cc_solve_result){0};
    CC_TRY(first_residual(a, b, x, r, result));
    cc_copy(n, r, shadow);
    cc_copy(n, r, p);
    double rho = cc_dot(n, shadow, r);
    while (!over(plan, goal, 2, result)) {
        CC_TRY(a->apply(a->self, 1, p, ap));
        double alpha = rho / cc_dot(n, shadow, ap);
        result->products++;
        if (useless(alpha)) return stop(result, CC_SOLVE_BREAKDOWN);
        cc_copy(n, r, s);
        cc_axpy(n, -alpha, ap, s);
        CC_TRY(a->apply(a->self, 1, s, as));
        result->products++;
        double square = cc_dot(n, as, as), omega = square > 0 ? cc_dot(n, as, s) / square : 0;
        if (!isfinite(omega)) return stop(result, CC_SOLVE_BREAKDOWN);
        cc_axpy(n, alpha, p, x);
        cc_axpy(n, omega, s, x);
        cc_copy(n, s, r);
        cc_axpy(n, -omega, as, r);
        result->residual = cc_norm(n, r);
        if (result->residual <= goal) continue;
        double last = rho;
        rho = cc_dot(n, shadow, r);
        if (useless(omega) || useless(rho)) return stop(result, CC_SOLVE_BREAKDOWN);
        cc_axpy(n, -omega, ap, p);
        cc_scale(n, rho / last * alpha / omega, p);
        cc_axpy(n, 1, r, p);
    }
    return CC_OK;
}
