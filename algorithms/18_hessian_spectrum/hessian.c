/* algorithms/18_hessian_spectrum/hessian.c: gradient descent on the loss of a network, and power iteration on its Hessian.
 *
 * Problem class: L(w) = (1/N) sum_i l(f(w, x_i), y_i), a finite sum of the family smooth. Method: gradient descent with a fixed
 * step, on all examples or on batches taken in turn; the batch may change once on the way. Guarantee: none for networks; what is
 * looked at is the Hessian H = G + R where it ends, G = (1/N) sum J_i' A_i J_i positive semidefinite. Reference: Sagun, Evci,
 * Guney, Dauphin, Bottou, Empirical Analysis of the Hessian of Over-Parametrized Neural Networks, 2017.
 *
 *   paper   here               paper     here
 *   w       w                  M         d
 *   N       n                  B         batch, then `then`
 *   lr      rate               L(w)      loss */
#include "algorithms/18_hessian_spectrum/hessian.h"

#include <math.h>
#include <stddef.h>

#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

enum { STREAM_START = 20, STREAM_POWER = 21 };

/* Loss and gradient at w, on the next batch. */
static cc_status look(cc_run *run, hessian_gd *s)
{
    const size_t asked = s->until && s->k >= s->until ? s->then : s->batch, b = asked && asked < s->n ? asked : s->n;
    s->size = (double)b;
    if (b == s->n) {
        CC_TRY(smooth_value_grad(run, s->w, &s->loss, s->g));
    } else {
        for (size_t j = 0; j < b; j++) s->ids[j] = (s->next + j) % s->n;
        s->next = (s->next + b) % s->n;
        CC_TRY(smooth_batch(run, s->w, s->ids, b, &s->loss, s->g));
    }
    s->norm = cc_norm(s->d, s->g);
    return CC_OK;
}

cc_status hessian_gd_init(cc_run *run, void **state)
{
    hessian_gd *s;
    CC_NEW(run, s, 1);
    *state = s;
    s->d = smooth_dim(run), s->n = smooth_samples(run);
    if (!s->n) return cc_fail(run, CC_EINVAL, "the problem is no finite sum");
    s->batch = (size_t)cc_int(run, "batch"), s->then = (size_t)cc_int(run, "then"), s->until = (size_t)cc_int(run, "until");
    s->rate = cc_real(run, "lr"), s->goal = cc_real(run, "goal"), s->flat = cc_real(run, "flat");
    CC_NEW(run, s->w, s->d);
    CC_NEW(run, s->g, s->d);
    CC_NEW(run, s->ids, s->n);
    CC_TRY(smooth_start(run, s->w));
    if (cc_choice(run, "from") == 1) {
        cc_rng rng = cc_stream(run, STREAM_START, 0);
        cc_normal(&rng, s->d, s->w);
        cc_scale(s->d, .1, s->w);
    }
    return look(run, s);
}

cc_status hessian_gd_step(cc_run *run, void *state)
{
    hessian_gd *s = state;
    cc_axpy(s->d, -s->rate, s->g, s->w);
    s->k++;
    CC_TRY(look(run, s));
    if (!isfinite(s->norm)) return cc_finish(run, "DIVERGED");
    if (s->size < (double)s->n) return CC_OK; /* one batch says nothing of the loss */
    if (s->loss <= s->goal) return cc_finish(run, "REACHED");
    return s->norm <= s->flat ? cc_finish(run, "STATIONARY") : CC_OK;
}

const void *hessian_gd_candidate(void *state) { return ((hessian_gd *)state)->w; }

const cc_param hessian_gd_params[] = {
    {"lr", CC_REAL, "0.1", 0, 1e6, .doc = "step"},
    {"batch", CC_INT, "0", 0, 1e9, .doc = "examples a step, taken in turn; 0: all"},
    {"then", CC_INT, "0", 0, 1e9, .doc = "examples a step from step `until` on"},
    {"until", CC_INT, "0", 0, 1e9, .doc = "0: the batch stays"},
    {"goal", CC_REAL, "-1", .doc = "ends when the loss on all examples is at most this"},
    {"flat", CC_REAL, "1e-4", 0, 1e6, .doc = "and when the norm of its gradient is"},
    {"from", CC_CHOICE, "problem", .choices = "problem reference",
     .doc = "the problem's start, or all weights normal of deviation .1"},
    {0},
};

const cc_probe hessian_gd_probes[] = {
    {"batch_loss", "", "loss on the last batch", offsetof(hessian_gd, loss)},
    {"batch_norm", "", "norm of its gradient", offsetof(hessian_gd, norm)},
    {"examples", "", "in the last batch", offsetof(hessian_gd, size)},
    {0},
};

/* ---- power iteration ---- */

cc_status hessian_power_init(cc_run *run, void **state)
{
    hessian_power *s;
    CC_NEW(run, s, 1);
    *state = s;
    s->d = smooth_dim(run);
    CC_NEW(run, s->w, s->d);
    CC_NEW(run, s->v, s->d);
    CC_NEW(run, s->Hv, s->d);
    CC_TRY(smooth_start(run, s->w));
    cc_rng rng = cc_stream(run, STREAM_POWER, 0);
    cc_normal(&rng, s->d, s->v);
    cc_scale(s->d, 1 / cc_norm(s->d, s->v), s->v);
    return smooth_hvp(run, SMOOTH_EXACT, s->w, s->v, s->Hv);
}

cc_status hessian_power_step(cc_run *run, void *state)
{
    hessian_power *s = state;
    const double length = cc_norm(s->d, s->Hv);
    s->top = cc_dot(s->d, s->v, s->Hv);
    if (!(length > 0)) return cc_finish(run, "SINGULAR");
    cc_copy(s->d, s->Hv, s->v);
    cc_scale(s->d, 1 / length, s->v);
    return smooth_hvp(run, SMOOTH_EXACT, s->w, s->v, s->Hv);
}

const void *hessian_power_candidate(void *state) { return ((hessian_power *)state)->w; }

const cc_param hessian_power_params[] = {{0}};

const cc_probe hessian_power_probes[] = {{"top", "", "Rayleigh quotient", offsetof(hessian_power, top)}, {0}};
