/* problems/finsum_op/finsum_op.h: all that an algorithm sees of a finite-sum operator.
 *
 * Find u in R^d with 0 in F(u) + G(u); F = (1/n) sum_i F_i is monotone and single-valued, G is maximal monotone with a cheap
 * resolvent (G = 0, or the normal cone of a convex set). Components are drawn from the problem's own law Q and come scaled so that
 * E_Q F_i^Q = F; an id is a token of that law: take it from a draw, do not compute with it.
 *
 * A candidate is double[2d]: u, then an element g of G(u) (NaN: none known). Every step u+ = J_{eta G}(z) yields g = (z - u+) /
 * eta.
 *
 * Counters: n_comp (component evaluations: a full operator is n, a difference 2), n_full, n_prox.
 * Constants told: L_avg and L_F (see below). Arrays are the caller's; an output may not overlap an input unless said.
 * Calls return CC_ENUMERIC when a value is not finite. */
#ifndef CLAIMCHECK_PROBLEMS_FINSUM_OP_H
#define CLAIMCHECK_PROBLEMS_FINSUM_OP_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif
/* What is known of the problem.
 * COCO: E|F_i^Q(u) - F_i^Q(v)|^2 <= L_avg <F(u) - F(v), u - v>; otherwise <= L_avg^2 |u - v|^2. L_F is the Lipschitz constant of F.
 */
enum {
    FINSUM_COCO = 1,    /* cocoercive on average, in the sense above */
    FINSUM_AFFINE = 2,  /* F(u) = F' u + F(0) */
    FINSUM_SET = 4,     /* G is a normal cone; without it G = 0 */
    FINSUM_WEIGHTED = 8 /* Q is not uniform */
};
CC_FAMILY_API unsigned finsum_caps(cc_run *run);
CC_FAMILY_API size_t finsum_n(cc_run *run); /* components: what a full operator costs */
CC_FAMILY_API size_t finsum_d(cc_run *run);

/* The start: u0[d], and g0[d] = 0, which is in G(u0) when u0 is in the set; NaN otherwise. */
CC_FAMILY_API void finsum_start(cc_run *run, double *u0, double *g0);

/* out[d] = F(u). n_comp += n, n_full += 1. */
CC_FAMILY_API cc_status finsum_full(cc_run *run, const double *u, double *out);

/* out[d] = F_i^Q(u). n_comp += 1. */
CC_FAMILY_API cc_status finsum_comp(cc_run *run, size_t id, const double *u, double *out);

/* acc[d] += scale * sum over the b ids of F_i^Q(u) - F_i^Q(v). n_comp += 2 b. */
CC_FAMILY_API cc_status finsum_diff(cc_run *run, size_t b, const size_t *ids, const double *u, const double *v, double scale,
                                    double *acc);

/* out[d] = a u + base + scale (F_i^Q(u) - F_i^Q(v)) in one pass; out may be u. n_comp += 2. Values are not checked: a non-finite
 * one shows in the next full operator. */
CC_FAMILY_API void finsum_affine_step(cc_run *run, size_t id, const double *u, const double *v, double a, const double *base,
                                      double scale, double *out);

/* out[d] = J_{eta G}(u); out may be u. n_prox += 1. */
CC_FAMILY_API void finsum_resolvent(cc_run *run, double eta, const double *u, double *out);

/* b ids, independent draws from Q. */
CC_FAMILY_API void finsum_draw(cc_run *run, cc_rng *rng, size_t b, size_t *ids);

/* b <= n distinct ids, uniform without replacement. CC_EINVAL if Q is not uniform. */
CC_FAMILY_API cc_status finsum_draw_distinct(cc_run *run, cc_rng *rng, size_t b, size_t *ids);

#ifdef __cplusplus
}
#endif
#endif
