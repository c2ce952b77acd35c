/* algorithms/13_vr_halpern/halpern.h: the pieces that the two algorithms and the measures share.
 *
 * Cai, Alacaoglu, Diakonikolas: Variance Reduced Halpern Iteration for Finite-Sum Monotone Inclusions, ICLR 2024 (arXiv
 * 2310.02987).
 *
 *   paper      here            meaning
 *   u_0, u_k   u0, u           anchor and iterate                          R^d
 *   F~(u_k)    estimate        PAGE's recursive estimate of F(u_k)
 *   lambda_k   lambda          weight of the anchor
 *   p_k, b     p, batch        chance of a full operator, size of a batch
 *   eta        eta             step of Algorithm 1; parameter of the resolvent of Algorithm 2
 *   v, w       v, w            iterate and snapshot of the inner solver (Algorithm 3)
 *   gamma      gamma           its step; p = 1/n, alpha = 1 - p
 *   M_k        inner           its length at the k-th outer iteration
 *   J, P       -               resolvent of eta (F + G); P(u) = u - J(u) */
#ifndef CLAIMCHECK_ALGORITHMS_HALPERN_H
#define CLAIMCHECK_ALGORITHMS_HALPERN_H

#include "harness/algorithm.h"
#include "problems/finsum_op/finsum_op.h"

/* Ids of the streams of random numbers. */
enum { HALPERN_COIN = 1, HALPERN_BATCH, HALPERN_REFRESH, HALPERN_COMPONENT };

/* Above this norm an iterate counts as diverged: the run ends with that outcome, long before overflow. */
#define HALPERN_FAR 1e100

extern const cc_algorithm halpern_algorithms[];

/* The constant that steps are measured by: L_avg, or L_F where `unit` says so. CC_EINVAL unless positive. */
cc_status halpern_constant(cc_run *run, double *L);
int halpern_is_far(size_t d, const double *u);

/* ---- Algorithm 1: page.c ---- */

typedef struct halpern_page {
    size_t d, n, i; /* i: the number of the next step */
    int recursive, distinct, anchored;
    double eta, eps, p_given;                   /* p_given: NaN, the paper's schedule */
    double lambda, p, batch, full;              /* of the last step; full: 1 if it took the full operator */
    double *u0, *u, *g, *u_prev, *estimate, *z; /* u and g are adjacent: the candidate */
    size_t *ids;
    cc_rng coin, draw;
} halpern_page;

cc_status halpern_page_init(cc_run *run, void **state);
cc_status halpern_page_step(cc_run *run, void *state);
const void *halpern_page_candidate(void *state);

/* p_i of the schedule; 1 for i <= 1. */
double halpern_page_schedule(size_t i, size_t n);

/* PAGE's correction with a batch of b ids: estimate[d] += (1/b) sum of F_j(u) - F_j(u_prev). Costs 2 b. */
cc_status halpern_page_correct(cc_run *run, size_t b, const size_t *ids, const double *u, const double *u_prev, double *estimate);

/* ---- Algorithm 3: forb.c, variance-reduced forward-reflected-backward for 0 in Phi(v) + eta G(v), Phi = I - centre + eta F ----
 */

typedef struct halpern_forb {
    size_t d;
    int has_set, outer; /* outer: the published scripts' snapshot, always the centre */
    double eta, gamma, p;
    const double *centre;
    double *v, *w, *w_prev;
    double *base, *F, *z; /* base = p w - gamma Phi(w) + gamma w_prev: what a step adds, constant between refreshes */
    int reflected;        /* the next step is the one after a refresh: w_prev is not w */
    cc_rng coin, draw;
} halpern_forb;

/* gamma = c sqrt(p (1 - p)) / (1 + eta L) with p = 1/n; n >= 2. Allocates; streams start at (seed, .., id). */
cc_status halpern_forb_init(cc_run *run, halpern_forb *s, double eta, double gamma, int outer, uint64_t id);
double halpern_forb_gamma(size_t n, double eta_L, double c);

/* v = w = centre (kept, not copied). Costs n. */
cc_status halpern_forb_start(cc_run *run, halpern_forb *s, const double *centre);

/* One inner step: 2 evaluations, n more with probability p. CC_DONE: diverged. */
cc_status halpern_forb_step(cc_run *run, halpern_forb *s);

/* g[d] in G(v), after at least one step. */
void halpern_forb_normal(const halpern_forb *s, double *g);

/* ---- Algorithm 2: inexact.c ---- */

enum { HALPERN_MK_THEORY, HALPERN_MK_SAFE, HALPERN_MK_PRACTICAL, HALPERN_MK_CODE };

typedef struct halpern_inexact {
    size_t d, n, k; /* k: the number of the next outer iteration */
    int mk, at_u;
    double eta, lambda, inner; /* of the last iteration */
    double *u0, *u, *centre;   /* centre: u_k of the last iteration, when u is u_{k+1} already */
    double *candidate;         /* 2d */
    halpern_forb forb;
} halpern_inexact;

cc_status halpern_inexact_init(cc_run *run, void **state);
cc_status halpern_inexact_step(cc_run *run, void *state);
const void *halpern_inexact_candidate(void *state);

/* M_k; theory: ln(4.25 (k+2)^8) / ln(1 + 1/(6n)), rounded up. */
uint64_t halpern_inner_steps(int mk, size_t n, size_t k);

#endif
