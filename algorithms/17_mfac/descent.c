/* algorithms/17_mfac/descent.c: see descent.h; and the rivals, SGD with momentum and Adam. */
#include "algorithms/17_mfac/descent.h"

#include <math.h>

#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

enum { STREAM_EPOCHS = 1 };

cc_status mfac_descent_init(cc_run *run, mfac_descent *s)
{
    const size_t n = smooth_samples(run);
    s->d = smooth_dim(run), s->batch = (size_t)cc_int(run, "batch"), s->horizon = (size_t)cc_int(run, "horizon");
    s->rate = cc_real(run, "lr"), s->decay = cc_real(run, "wd");
    if (!n) return cc_fail(run, CC_EINVAL, "the problem is no finite sum");
    if (s->batch > n) s->batch = n;
    CC_NEW(run, s->w, s->d);
    CC_NEW(run, s->g, s->d);
    CC_TRY(cc_epochs_new(run, STREAM_EPOCHS, n, s->batch, CC_DROP_LAST, &s->epochs));
    return smooth_start(run, s->w);
}

cc_status mfac_descent_next(cc_run *run, mfac_descent *s)
{
    size_t got;
    const size_t *ids = cc_epochs_next(&s->epochs, s->batch, &got);
    const double done = (double)s->epochs.epoch / (double)s->horizon;
    s->rate = cc_real(run, "lr") * (!s->horizon || done < .5 ? 1 : done < .75 ? .1 : .01);
    CC_TRY(smooth_batch(run, s->w, ids, got, NULL, s->g));
    if (s->decay > 0) cc_axpy(s->d, s->decay, s->w, s->g);
    s->epoch += (double)got / (double)s->epochs.n;
    return isfinite(cc_norm(s->d, s->g)) ? CC_OK : cc_finish(run, "DIVERGED");
}

/* ---- rivals ---- */

typedef struct rival {
    mfac_descent descent; /* first: probes read it */
    cc_sgd sgd;
    cc_adam adam;
} rival;

cc_status mfac_sgd_init(cc_run *run, void **state)
{
    rival *s;
    CC_NEW(run, s, 1);
    *state = s;
    CC_TRY(mfac_descent_init(run, &s->descent));
    s->sgd = (cc_sgd){.rate = s->descent.rate, .momentum = cc_real(run, "momentum")};
    return cc_sgd_new(run, s->descent.d, &s->sgd);
}

cc_status mfac_sgd_step(cc_run *run, void *state)
{
    rival *s = state;
    CC_TRY(mfac_descent_next(run, &s->descent));
    s->sgd.rate = s->descent.rate;
    cc_sgd_step(&s->sgd, s->descent.g, s->descent.w);
    return CC_OK;
}

cc_status mfac_adam_init(cc_run *run, void **state)
{
    rival *s;
    CC_NEW(run, s, 1);
    *state = s;
    CC_TRY(mfac_descent_init(run, &s->descent));
    s->adam = cc_adam_default();
    s->adam.rate = s->descent.rate;
    return cc_adam_new(run, s->descent.d, &s->adam);
}

cc_status mfac_adam_step(cc_run *run, void *state)
{
    rival *s = state;
    CC_TRY(mfac_descent_next(run, &s->descent));
    s->adam.rate = s->descent.rate;
    cc_adam_step(&s->adam, s->descent.g, s->descent.w);
    return CC_OK;
}

const void *mfac_rival_candidate(void *state) { return ((rival *)state)->descent.w; }
