/* algorithms/03_gns/solve.c: h = -(H + lambda B)^-1 g for many lambda at one x.
 *
 *   chol      copy H's triangle, add lambda B, factor: n^3/3 a trial, two trials an iteration on average
 *   tridiag   with B = C C', C^-1 H C^-T = Q T Q' once (4/3 n^3), then O(n) and two products with Q a trial
 *   woodbury  H = U'U of rank r: h = -(1/lambda) (y - Y' (lambda I + U Y')^-1 U y), y = B^-1 g, Y' = B^-1 U': O(n r + r^3) a trial
 *   cg        Hessian-vector products only, preconditioned by B; its iterates grow in norm(.), so the radius bound holds for each
 *   lu        chol for a matrix that need not be positive definite: a foil, the theory wants H >= 0 */
#include "algorithms/03_gns/gns.h"

#include "harness/numerics/linalg.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

#define LAPACK_BLOCK 64

static cc_status init_dense(gns_system *s)
{
    CC_NEW(s->run, s->H, s->d * s->d);
    if (s->method != GNS_TRIDIAG) {
        CC_NEW(s->run, s->M, s->d * s->d);
        if (s->method == GNS_LU) CC_NEW(s->run, s->pivots, s->d);
        return CC_OK;
    }
    CC_NEW(s->run, s->diag, s->d);
    CC_NEW(s->run, s->off, s->d);
    CC_NEW(s->run, s->diag_work, s->d);
    CC_NEW(s->run, s->off_work, s->d);
    CC_NEW(s->run, s->tau, s->d);
    CC_NEW(s->run, s->lapack, LAPACK_BLOCK * s->d);
    return CC_OK;
}

static cc_status init_woodbury(gns_system *s)
{
    s->r = smooth_rank(s->run, (smooth_kind)s->kind);
    if (s->r == 0)
        return cc_fail(s->run, CC_EINVAL,
                       "solver=woodbury needs a Hessian with a low-rank factor; this problem has none of that kind");
    CC_NEW(s->run, s->U, s->r * s->d);
    CC_NEW(s->run, s->Y, s->r * s->d);
    CC_NEW(s->run, s->gram, s->r * s->r);
    CC_NEW(s->run, s->M, s->r * s->r);
    return CC_OK;
}

static cc_status init_cg(gns_system *s)
{
    CC_NEW(s->run, s->p, s->d);
    CC_NEW(s->run, s->z, s->d);
    CC_NEW(s->run, s->Hp, s->d);
    return CC_OK;
}

cc_status gns_system_init(cc_run *run, gns_system *system, gns_method method, int kind)
{
    *system = (gns_system){.run = run, .d = smooth_dim(run), .method = method, .kind = kind};
    CC_NEW(run, system->y, system->d);
    CC_NEW(run, system->residual, system->d);
    if (kind == GNS_ZERO) return CC_OK;
    if (method == GNS_WOODBURY) return init_woodbury(system);
    return method == GNS_CG ? init_cg(system) : init_dense(system);
}

/* C^-1 H C^-T = Q T Q'. LAPACK reads columns: our lower triangle is its upper one, B = U'U with U = C'. */
static cc_status tridiagonalise(gns_system *s)
{
    const lapack_int n = (lapack_int)s->d;
    const double *C = smooth_metric_factor(s->run);
    if (C && LAPACKE_dsygst_work(LAPACK_COL_MAJOR, 1, 'U', n, s->H, n, C, n) != 0) {
        return cc_fail(s->run, CC_EBUG, "dsygst refused its arguments");
    }
    const lapack_int info =
        LAPACKE_dsytrd_work(LAPACK_COL_MAJOR, 'U', n, s->H, n, s->diag, s->off, s->tau, s->lapack, LAPACK_BLOCK * n);
    s->factorisations++;
    cc_flops((uint64_t)(4 * s->d * s->d * s->d / 3));
    return info == 0 ? CC_OK : cc_fail(s->run, CC_ENUMERIC, "the tridiagonal form of the Hessian failed");
}

static cc_status set_woodbury(gns_system *s)
{
    CC_TRY(smooth_factor(s->run, (smooth_kind)s->kind, s->x, s->U));
    for (size_t i = 0; i < s->r; i++) smooth_metric_solve(s->run, s->U + i * s->d, s->Y + i * s->d);
    cc_gemm(0, 1, s->r, s->r, s->d, 1, s->U, s->Y, 0, s->gram);
    return CC_OK;
}

cc_status gns_system_set(gns_system *s, const double *x, const double *g, double shift)
{
    s->x = x, s->g = g;
    if (s->kind == GNS_ZERO || s->method == GNS_WOODBURY) smooth_metric_solve(s->run, g, s->y);
    if (s->kind == GNS_ZERO || s->method == GNS_CG) return CC_OK;
    if (s->method == GNS_WOODBURY) return set_woodbury(s);
    CC_TRY(smooth_hess(s->run, (smooth_kind)s->kind, x, s->H));
    if (shift > 0) smooth_metric_add(s->run, shift, s->H);
    return s->method == GNS_TRIDIAG ? tridiagonalise(s) : CC_OK;
}

/* M <- H + lambda B, factored; h <- -M^-1 g */
static int solve_factored(gns_system *s, double lambda, double *h)
{
    for (size_t i = 0; i < s->d; i++) memcpy(s->M + i * s->d, s->H + i * s->d, (i + 1) * sizeof *s->M);
    smooth_metric_add(s->run, lambda, s->M);
    s->factorisations++;
    if (s->method == GNS_LU) cc_fill_upper(s->d, s->M);
    if ((s->method == GNS_LU ? cc_getrf(s->d, s->M, s->pivots) : cc_potrf(s->d, s->M)) != 0) return 0;
    for (size_t i = 0; i < s->d; i++) h[i] = -s->g[i];
    if (s->method == GNS_LU)
        cc_getrs(s->d, s->M, s->pivots, h);
    else
        cc_potrs(s->d, s->M, h);
    return 1;
}

/* h <- Q h or Q'h */
static int apply_q(gns_system *s, char transpose, double *h)
{
    const lapack_int n = (lapack_int)s->d;
    return LAPACKE_dormtr_work(LAPACK_COL_MAJOR, 'L', 'U', transpose, n, 1, s->H, n, s->tau, h, n, s->lapack, LAPACK_BLOCK * n) ==
           0;
}

static int solve_tridiag(gns_system *s, double lambda, double *h)
{
    const lapack_int n = (lapack_int)s->d;
    const double *C = smooth_metric_factor(s->run);
    for (size_t i = 0; i < s->d; i++) h[i] = -s->g[i], s->diag_work[i] = s->diag[i] + lambda;
    memcpy(s->off_work, s->off, (s->d - 1) * sizeof *s->off);
    if (C) cc_trsv(s->d, C, 0, h);
    if (!apply_q(s, 'T', h)) return 0;
    if (LAPACKE_dptsv_work(LAPACK_COL_MAJOR, n, 1, s->diag_work, s->off_work, h, n) != 0) return 0;
    if (!apply_q(s, 'N', h)) return 0;
    if (C) cc_trsv(s->d, C, 1, h);
    cc_flops((uint64_t)(4 * s->d * s->d + 9 * s->d));
    return 1;
}

/* With rank one this is the formula h = -(1/lambda) (y - y0 alpha g0'y / (lambda + alpha g0'y0)). */
static int solve_woodbury(gns_system *s, double lambda, double *h)
{
    double *c = s->residual; /* r <= d numbers */
    memcpy(s->M, s->gram, s->r * s->r * sizeof *s->M);
    for (size_t i = 0; i < s->r; i++) s->M[i * s->r + i] += lambda;
    s->factorisations++;
    if (cc_potrf(s->r, s->M) != 0) return 0;
    cc_gemv(s->r, s->d, 1, s->U, s->y, 0, c);
    cc_potrs(s->r, s->M, c);
    cc_copy(s->d, s->y, h);
    cc_gemv_t(s->r, s->d, 1 / lambda, s->Y, c, -1 / lambda, h);
    return 1;
}

/* Conjugate gradients on (H + lambda B) h = -g from 0, preconditioned by B. */
static cc_status solve_cg(gns_system *s, double lambda, double tolerance, double *h, int *solved)
{
    const size_t d = s->d;
    for (size_t i = 0; i < d; i++) h[i] = 0, s->residual[i] = -s->g[i];
    smooth_metric_solve(s->run, s->residual, s->z);
    cc_copy(d, s->z, s->p);
    double rz = cc_dot(d, s->residual, s->z);
    const double enough = tolerance * tolerance * rz;
    for (size_t k = 0; k < 10 * d && rz > enough; k++) {
        CC_TRY(smooth_hvp(s->run, (smooth_kind)s->kind, s->x, s->p, s->Hp));
        smooth_metric_apply(s->run, s->p, s->z);
        cc_axpy(d, lambda, s->z, s->Hp);
        const double curvature = cc_dot(d, s->p, s->Hp);
        *solved = curvature > 0;
        if (!*solved) return CC_OK;
        const double alpha = rz / curvature, before = rz;
        cc_axpy(d, alpha, s->p, h);
        cc_axpy(d, -alpha, s->Hp, s->residual);
        smooth_metric_solve(s->run, s->residual, s->z);
        rz = cc_dot(d, s->residual, s->z);
        cc_scale(d, rz / before, s->p);
        cc_axpy(d, 1, s->z, s->p);
    }
    *solved = 1;
    return CC_OK;
}

cc_status gns_system_solve(gns_system *s, double lambda, double tolerance, double *h, int *solved)
{
    *solved = 1;
    if (s->kind == GNS_ZERO) {
        for (size_t i = 0; i < s->d; i++) h[i] = -s->y[i] / lambda;
        return CC_OK;
    }
    switch (s->method) {
    case GNS_TRIDIAG:
        *solved = solve_tridiag(s, lambda, h);
        return CC_OK;
    case GNS_WOODBURY:
        *solved = solve_woodbury(s, lambda, h);
        return CC_OK;
    case GNS_CG:
        return solve_cg(s, lambda, tolerance, h, solved);
    default:
        *solved = solve_factored(s, lambda, h);
        return CC_OK;
    }
}
