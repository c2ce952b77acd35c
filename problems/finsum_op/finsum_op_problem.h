/* problems/finsum_op/finsum_op_problem.h: for authors of problems and of measures; no algorithm includes it. */
#ifndef CLAIMCHECK_PROBLEMS_FINSUM_OP_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_FINSUM_OP_PROBLEM_H

#include "harness/family.h"
#include "problems/finsum_op/finsum_op.h"
#include "problems/finsum_op/sampling.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first member of every instance. Constants are exact or NaN, never guesses. */
typedef struct finsum_instance {
    size_t n, d;
    unsigned caps;
    double L_avg, L_F; /* as in finsum_op.h */
    double mu;         /* strong monotonicity of F */
    double R;          /* |u0 - P_zer(u0)|: distance of the start from the solutions */
    double *u0;
    finsum_law law;
} finsum_instance;

/* What a run changes: work space, the permutation that draws without replacement, starting points of iterative projections. */
typedef struct finsum_env {
    double *work, *point, *value; /* d each: for the problem's kernels; for metrics; for metrics */
    size_t *permutation;          /* of 0 .. n-1 */
    double hint[2][2];            /* [0] the algorithm's resolvents, [1] those of metrics: a metric must not disturb the run */
    double *lu, *at_zero, lu_eta; /* I + eta F', factorised, and F(0) */
    int *pivots;
} finsum_env;

typedef struct finsum_ops {
    void (*full)(const cc_oracle *o, const double *u, double *out);
    void (*comp)(const cc_oracle *o, size_t id, const double *u, double *out);
    void (*diff)(const cc_oracle *o, size_t b, const size_t *ids, const double *u, const double *v, double scale, double *acc);
    void (*affine_step)(const cc_oracle *o, size_t id, const double *u, const double *v, double a, const double *base, double scale,
                        double *out);
    void (*resolvent)(const cc_oracle *o, double eta, const double *u, double *out, double *hint); /* NULL: G = 0 */
    void (*nearest_zero)(const cc_oracle *o, const double *u, double *out);                        /* P_zer(u); NULL: not known */
} finsum_ops;

/* `begin` of every problem of the family. */
CC_FAMILY_API cc_status finsum_begin(cc_run *scope, const void *instance, void **env);

/* Refuses what no method can work with (n < 1, L_avg not positive, a start or F(u0) that is not finite, a resolvent that expands):
 * CC_EINVAL or CC_ENUMERIC with a message. */
CC_FAMILY_API cc_status finsum_validate(cc_run *scope, finsum_instance *instance, const finsum_ops *ops);

/* Validates, then publishes the constants: told L_avg, L_F; hidden R, mu, cocoercive. */
CC_FAMILY_API cc_status finsum_publish(cc_run *scope, finsum_instance *instance, const finsum_ops *ops);

/* For measures, unbilled: F(u), and J_{eta (F + G)}(u) by LU (affine F, G = 0; factorised once for each eta; allocates from `run`).
 */
CC_FAMILY_API cc_status finsum_peek_full(cc_run *run, const double *u, double *out);
CC_FAMILY_API cc_status finsum_peek_comp(cc_run *run, size_t id, const double *u, double *out);
CC_FAMILY_API cc_status finsum_exact_resolvent(cc_run *run, double eta, const double *u, double *out);
CC_FAMILY_API double finsum_natural(const cc_oracle *o, const void *candidate); /* the metric `natural` */

/* J_{eta G} by the problem's oracle, unbilled; `hint`: e->hint[1] for metrics. And |a - b|. */
CC_FAMILY_API void finsum_resolve(const cc_oracle *o, double eta, const double *u, double *out, double *hint);
CC_FAMILY_API double finsum_distance(size_t d, const double *a, const double *b);

#ifdef __cplusplus
}
#endif
#endif
