/* problems/bilevel/bilevel.h: bilevel optimisation. All that an algorithm sees of such a problem.
 *
 *     min over x in X of  Phi(x) = (1/m) sum_i f_i(x, y_i*(x)),   y_i*(x) in argmin over y in Y of g_i(x, y)
 *
 * m = 1: ordinary; m > 1: blocks, each with a lower level of its own. f and g are finite sums over data, or exact functions with
 * noise. x has dx entries; y is m x dy, row-major; calls take the y of one block. With gyy the Hessian of g in y and gxy (dx x dy)
 * the derivative of gy in x, (gxy v)_q = sum_a d^2 g / (dx_q dy_a) v_a, and for a strongly convex lower level without constraints
 *
 *     grad Phi(x) = (1/m) sum_i [ fx_i - gxy_i z_i ],   gyy_i z_i = fy_i,   all at (x, y_i*(x)).
 *
 * A candidate is double[dx + m dy]: x, then y (NaN where a method has none).
 *
 * Samples. A stochastic call names its sample: stream, id and batch. The same name is the same realisation (the same data, the
 * same noise) at any point, so two points can share one, as variance reduction needs. Another id or another stream is independent.
 * With finite sums, lower-level calls of one name see the same data, whichever they are; so do upper-level calls. With noise, fx,
 * fy, gx and gy of one name have independent noises, gyy v and gyy share theirs with gy, and gxy v has none. `NULL` asks for the
 * exact oracle. Samples of the stream BILEVEL_TERMS are not drawn: there id i is terms i batch .. (i + 1) batch - 1 of the level's
 * finite sum, or what is left of them at its end, so that methods with a table of the terms (SAGA) can say which one they mean.
 *
 * Bills, in single samples: n_fx n_fy n_gx n_gy n_hvp n_jvp n_hess, their sum n_calls, and n_proj. A call with a sample bills its
 * batch (the last one of BILEVEL_TERMS what it has); an exact one the number of terms (1 with noise). Only outputs that are asked
 * for are billed.
 *
 * Told (cc_fact; NaN: unknown): "mu" (strong convexity of g in y), "Lyy" (Lipschitz constant of gy in y), "C" (bound of |gxy|).
 * Metrics: grad_phi, phi, phi_gap, dist_y. Buffers are the caller's; outputs may not overlap inputs (x and y may be parts of one
 * array). CC_EINVAL: an oracle that the problem lacks, a block, a batch or terms out of range, terms where there is noise;
 * CC_ENUMERIC: an answer that is not finite. */
#ifndef CLAIMCHECK_PROBLEMS_BILEVEL_H
#define CLAIMCHECK_PROBLEMS_BILEVEL_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    BILEVEL_LOWER_SC = 1,  /* g is strongly convex in y */
    BILEVEL_BOX_X = 2,     /* X is not the whole space: bilevel_proj_x */
    BILEVEL_BOX_Y = 4,     /* Y is not the whole space: bilevel_proj_y */
    BILEVEL_FINITE_SUM = 8 /* data; otherwise exact functions with noise */
};

/* Streams that methods agree on, so that their samples are the same ones where they mean the same. cc_stream(run, n, id) with n up
 * to BILEVEL_FREE is the method's own: it never meets a sample. */
enum {
    BILEVEL_LOWER = 1,  /* gy, and gx where a method descends on g itself */
    BILEVEL_UPPER,      /* fx, fy */
    BILEVEL_JACOBIAN,   /* gxy v */
    BILEVEL_HESSIAN,    /* gyy v, gyy */
    BILEVEL_WARM_START, /* gy before the first iteration */
    BILEVEL_BLOCKS,     /* which blocks an iteration touches: for cc_stream */
    BILEVEL_TERMS,      /* not drawn: id says which terms */
    BILEVEL_FREE = 255
};

typedef struct bilevel_sample {
    uint32_t stream; /* below 2^24 */
    uint64_t id;
    size_t batch; /* at least 1; data are drawn without replacement, but for BILEVEL_TERMS */
} bilevel_sample;

CC_FAMILY_API unsigned bilevel_caps(cc_run *run);
CC_FAMILY_API size_t bilevel_dx(cc_run *run);
CC_FAMILY_API size_t bilevel_dy(cc_run *run);
CC_FAMILY_API size_t bilevel_blocks(cc_run *run);
CC_FAMILY_API size_t bilevel_lower_terms(cc_run *run); /* of the finite sum; 1 with noise */
CC_FAMILY_API size_t bilevel_upper_terms(cc_run *run);
CC_FAMILY_API void bilevel_start(cc_run *run, double *x, double *y);

/* fx[dx], fy[dy]: either may be NULL. */
CC_FAMILY_API cc_status bilevel_upper(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y,
                                      double *fx, double *fy);
/* gx[dx], gy[dy]: either may be NULL. */
CC_FAMILY_API cc_status bilevel_lower(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y,
                                      double *gx, double *gy);
CC_FAMILY_API cc_status bilevel_hvp(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y,
                                    const double *v, double *out); /* gyy v, dy */
CC_FAMILY_API cc_status bilevel_jvp(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y,
                                    const double *v, double *out); /* gxy v, dx */
CC_FAMILY_API cc_status bilevel_hess(cc_run *run, size_t block, const bilevel_sample *sample, const double *x, const double *y,
                                     double *out); /* gyy, dy x dy, both triangles; dy <= 64 */

/* Onto X and Y; the start is inside. Without BILEVEL_BOX_X or _Y nothing moves, and the call is billed all the same. */
CC_FAMILY_API void bilevel_proj_x(cc_run *run, double *x);
CC_FAMILY_API void bilevel_proj_y(cc_run *run, size_t block, double *y);

#ifdef __cplusplus
}
#endif
#endif
