/* algorithms/17_mfac/descent.h: what the optimiser and its rivals share: mini-batches, a schedule of rates, weight decay. */
#ifndef CLAIMCHECK_MFAC_DESCENT_H
#define CLAIMCHECK_MFAC_DESCENT_H

#include "algorithms/17_mfac/mfac.h"
#include "harness/numerics/optim.h"

typedef struct mfac_descent {
    size_t d, batch, horizon; /* the rate falls to a tenth at 1/2 and at 3/4 of `horizon` epochs; 0: never */
    double rate, decay;       /* the present rate; weight decay, part of the gradient */
    double epoch;             /* passes over the data so far */
    double *w, *g;
    cc_epochs epochs;
} mfac_descent;

/* Parameters lr, wd, batch, horizon of the run. */
cc_status mfac_descent_init(cc_run *run, mfac_descent *s);
/* The next mini-batch's gradient, decay included, in g; the rate for this step. CC_DONE (DIVERGED) if it is not finite. */
cc_status mfac_descent_next(cc_run *run, mfac_descent *s);

#endif
