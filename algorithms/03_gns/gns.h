/* algorithms/03_gns/gns.h: inside the plug-in: the linear systems, the state (read by tests), what the measures share. */
#ifndef CLAIMCHECK_GNS_H
#define CLAIMCHECK_GNS_H

#include "harness/plugin.h"
#include "problems/smooth/smooth.h"

/* t*, the positive root of e^t = 1 + 2 t: gamma(x) >= t* / M for a quasi-self-concordant f with constant M. */
#define GNS_T_STAR 1.256431208626170

/* ---- solve.c: (H + lambda B) h = -g, H and g fixed during the trials of an iteration, lambda not ---- */
#define GNS_SOLVER_CHOICES "chol tridiag woodbury cg lu"
typedef enum gns_method { GNS_CHOL, GNS_TRIDIAG, GNS_WOODBURY, GNS_CG, GNS_LU } gns_method;

/* H = 0 has no oracle, so it stands behind the family's kinds. */
#define GNS_HESS_CHOICES SMOOTH_KIND_CHOICES " zero"
#define GNS_ZERO ((int)SMOOTH_KINDS)

typedef struct gns_system {
    cc_run *run;
    size_t d, r; /* dimension; rank of a factored H */
    int kind;    /* a smooth_kind, or GNS_ZERO */
    gns_method method;
    const double *x, *g; /* the caller's, valid during the iteration */
    double *H, *M;       /* d x d; the matrix that is factored (capacitance, r x r, for woodbury) */
    double *U, *Y;       /* H = U'U, rows of Y = B^-1 times those of U */
    double *gram;        /* U Y', r x r */
    double *y;           /* B^-1 g */
    double *diag, *off, *diag_work, *off_work, *tau, *lapack; /* tridiag: C^-1 H C^-T = Q T Q', B = C C' */
    double *residual, *p, *z, *Hp;                            /* cg; residual is scratch elsewhere */
    int *pivots;
    double factorisations; /* so far, d x d or r x r; failed ones too */
} gns_system;

cc_status gns_system_init(cc_run *run, gns_system *system, gns_method method, int kind);

/* H(x), and what all trials at x share. shift: H + shift B is used instead (0: H itself; dense methods only). */
cc_status gns_system_set(gns_system *system, const double *x, const double *g, double shift);

/* h = -(H + lambda B)^-1 g. *solved = 0: the matrix is not positive definite (lu: singular), h is not defined. tolerance: relative
 * residual in the dual norm at which cg stops. */
cc_status gns_system_solve(gns_system *system, double lambda, double tolerance, double *h, int *solved);

/* ---- gns.c ---- */
typedef enum gns_rule { GNS_ADAPTIVE, GNS_QSC, GNS_LIPHESS, GNS_LIPGRAD, GNS_FIXED } gns_rule;

typedef struct gns {
    size_t d;
    gns_rule rule;
    gns_system system;
    double *x, *g, *h, *x_new, *g_new; /* x_k, grad f(x_k), the step h, the trial point and its gradient */
    double f, f_new, g_norm, g_new_norm;
    double M; /* the constant of a known rule */
    double gamma0, gamma_min, eps_reg, grow, shrink, accept, grad_tol, C2, beta;
    size_t max_trials;
    int carry;
    /* probes: of the last step, or counted over the run */
    double gamma, gamma_next, lambda, h_norm, radius, trials, trials_total, failed_total;
} gns;

extern const cc_algorithm gns_algorithms[];

/* ---- measures.c ---- */
/* A function of one variable at a point: f'(x), f''(x), f', and gamma(x) in closed form. */
typedef struct gns_line {
    const char *name;
    double x, g, curvature;
    double (*slope)(double x);
    double gamma;
} gns_line;
#define GNS_LINES 4
extern const gns_line gns_lines[GNS_LINES];

/* The largest gamma with |f'(x+h) - f'(x) - f''(x) h| <= |f'(x)| |h| / gamma for all |h| <= gamma, in O = {<Hh, h> + <g, h> <= 0}
 * when `constrained`, by trying `grid` values of |h| up to `reach` on both sides. */
double gns_exhaust(const gns_line *f, int constrained, int grid, double reach);

extern const cc_measure gns_measure_rank1, gns_measure_values, gns_measure_bounds;

#endif
