/* algorithms/25_learning_to_relax/relax.h: learners of a solver's parameter, and the quantities of their analysis.
 *
 * Khodak, Chow, Balcan, Talwalkar: Learning to relax: setting solver parameters across a sequence of linear system instances, ICLR
 * 2024 (arXiv 2310.02246).
 *
 *   paper         here                     meaning
 *   omega, g_i    x, grid                  relaxation parameter; arm i of the grid
 *   d             arms                     size of the grid
 *   l_t           loss                     iterations of round t
 *   c_t, [a, b]   context, low, high       shift of the diagonal and its range
 *   K             scale                    range of losses: known, or the running mean
 *   p             p                        distribution over arms
 *   eta           eta                      learning rate
 *   m             m                        bins of contexts; features of the regression
 *   theta_i       theta                    Chebyshev coefficients of arm i (unscaled here)
 *   rho(C_omega)  relax_radius             spectral radius of the SOR matrix
 *   tau, U        tau, relax_surrogate     asymptocity, near-asymptotic bound on the iterations */
#ifndef CLAIMCHECK_ALGORITHMS_RELAX_H
#define CLAIMCHECK_ALGORITHMS_RELAX_H

#include "harness/algorithm.h"
#include "problems/online/online.h"

/* Ids of the streams of random numbers. */
enum { RELAX_CHOICE = 1 };

enum { RELAX_MAX_FEATURES = 16 };

extern const cc_algorithm relax_algorithms[];

/* ---- the grid: relax.c ---- */

typedef struct relax_grid {
    size_t arms;
    double low, high;
    double offset; /* least loss there is: what is learned is loss - offset */
} relax_grid;

/* From the parameters low, high, arms and the told loss_min; CC_EINVAL if the domain is not an interval. */
cc_status relax_grid_init(cc_run *run, relax_grid *grid);
double relax_grid_point(const relax_grid *grid, size_t i);

/* An index drawn from p[arms], which sums to 1. */
size_t relax_draw(cc_rng *rng, size_t arms, const double *p);

/* ---- Tsallis-INF, for one context or for bins of contexts: tsallis.c ---- */

typedef struct relax_bin {
    double t, sum_loss; /* rounds so far; their losses, less the offset each */
    double *estimate;   /* arms: importance-weighted losses */
} relax_bin;

typedef struct relax_tsallis {
    relax_grid grid;
    size_t m;
    double low, high; /* of contexts; m > 1 */
    double K;         /* of losses less the offset; 0: the running mean */
    double x, loss, eta, least_p;
    relax_bin *bin;
    double *scaled, *p;
    cc_rng choice;
} relax_tsallis;

cc_status relax_tsallis_init(cc_run *run, void **state);
cc_status relax_tsallis_step(cc_run *run, void *state);
const void *relax_tsallis_candidate(void *state);

/* p_i = 4 / (eta (L_i - x))^2 with x < min L such that they sum to 1 (Zimmert and Seldin): returns x. Newton's method from the
 * side where it cannot overshoot. eta > 0; L finite. */
double relax_tsallis_weights(size_t arms, double eta, const double *L, double *p);

/* The bin of a context: the nearest of m centres, evenly spaced in [low, high]. */
size_t relax_bin_of(size_t m, double low, double high, double context);

/* ---- ChebCB: chebcb.c, fit.c ---- */

/* Least squares of one arm: sums over its rounds of features f and y = loss - offset. */
typedef struct relax_fit {
    size_t n;
    double gram[RELAX_MAX_FEATURES * RELAX_MAX_FEATURES], moment[RELAX_MAX_FEATURES], square;
    double theta[RELAX_MAX_FEATURES], residual; /* sum of squares, of the box's solution; 0 where the box does not bind */
} relax_fit;

void relax_fit_add(relax_fit *fit, size_t m, const double *f, double y);

/* theta: of least norm among the least-squares solutions; where it is not in the box |theta_j| <= bound_j, the box's. fit->n > 0.
 */
void relax_fit_solve(relax_fit *fit, size_t m, const double *bound);

/* f[m] = T_0(z), .., T_{m-1}(z) */
void relax_chebyshev(size_t m, double z, double *f);

typedef struct relax_chebcb {
    relax_grid grid;
    size_t m;
    double low, high; /* of contexts */
    double t, max_loss, min_loss, scale, eta;
    double predicted2, predicted_loss, loss2; /* sums of pred^2, pred loss, loss^2: pred as it was scaled in its round */
    int whole;                                /* subtract the residuals of all arms, not of the last one alone */
    double x, loss;
    relax_fit *fit; /* arms */
    double *p, *value;
    cc_rng choice;
} relax_chebcb;

cc_status relax_chebcb_init(cc_run *run, void **state);
cc_status relax_chebcb_step(cc_run *run, void *state);
const void *relax_chebcb_candidate(void *state);

/* The two halves of a step, for those who time or follow them: the arm for a context, and what its loss teaches. */
size_t relax_chebcb_predict(relax_chebcb *s, double context, double *f);
void relax_chebcb_update(relax_chebcb *s, size_t arm, const double *f, double loss);
size_t relax_tsallis_predict(relax_tsallis *s, size_t bin);
void relax_tsallis_update(relax_tsallis *s, size_t bin, size_t arm, double loss);

/* ---- Young's omega for the shift that the context names: young.c ---- */

typedef struct relax_young {
    double x, loss, diagonal, jacobi;
} relax_young;

cc_status relax_young_init(cc_run *run, void **state);
cc_status relax_young_step(cc_run *run, void *state);
const void *relax_young_candidate(void *state);

/* ---- analysis: surrogate.c ---- */

double relax_omega_star(double beta);                       /* 1 + (beta / (1 + sqrt(1 - beta^2)))^2 */
double relax_radius(double omega, double beta);             /* Young, for consistently ordered matrices; 1 <= omega < 2 */
double relax_surrogate(double rho, double tau, double eps); /* U = 1 + ln eps / ln(rho + tau (1 - rho)) */
double relax_lipschitz(double beta, double tau, double eps, double omega_max); /* of U on [omega*, omega_max]; Lemma 1 */
/* Bound on |C|_A per iteration: gamma = 1 - rho(D^-1 (L + L')), lower = rho(D^-1 L D^-1 L'). Hackbusch, Corollary 3.45. */
double relax_energy(double omega, double gamma, double lower);
/* Bound on the iterations of SSOR-preconditioned CG, omega >= 2 sqrt(2) - 2 (Axelsson, Theorem 7.17): kappa = cond(A), alpha =
 * lambda_max(D A^-1), beta = lambda_max((L D^-1 L' - D/4) A^-1). */
double relax_cg_bound(double omega, double kappa, double alpha, double beta, double eps);

#endif
