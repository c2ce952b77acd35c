/* algorithms/17_mfac/prune.h: the pruner's state, for its probes. */
#ifndef CLAIMCHECK_MFAC_PRUNE_H
#define CLAIMCHECK_MFAC_PRUNE_H

#include "algorithms/17_mfac/mfac.h"
#include "harness/numerics/optim.h"

typedef enum mfac_score { MFAC_SCORE_MFAC, MFAC_SCORE_DIAGONAL, MFAC_SCORE_MAGNITUDE } mfac_score;
#define MFAC_SCORES "mfac diagonal magnitude"
typedef enum mfac_gradients { MFAC_TRUE, MFAC_SHUFFLED, MFAC_REPEATED } mfac_gradients;
#define MFAC_GRADIENTS "true shuffled repeated"
enum { MFAC_STAGES = 8 };

typedef struct mfac_pruner {
    size_t d, n, m, alive; /* weights; prunable ones; gradients; prunable ones that are left */
    mfac_score score;
    mfac_gradients gradients;
    int quirk; /* the last gradient of a window is left out, though the division is by m */
    double lambda;
    mfac_engine *engine;                       /* NULL: the score needs none */
    double target[MFAC_STAGES];                /* sparsities, one after another */
    size_t stages, stage, rounds, round;       /* rounds of recomputation a stage */
    double from;                               /* sparsity at which the stage began */
    size_t tune, tuned, batch;                 /* steps of SGD after a stage, done so far */
    double *w, *g, *rows;                      /* d; d; m x alive */
    double *some, *diagonal, *p, *pull, *step; /* of the alive ones */
    size_t *place, *drop;                      /* where the alive ones are in w; dropped ones, by rank among the alive */
    cc_sgd sgd;
    cc_epochs epochs, windows;  /* batches of the tuning; those that windows are made of */
    double sparsity, predicted; /* now; sum of the saliencies dropped in the last round */
} mfac_pruner;

cc_status mfac_prune_init(cc_run *run, void **state);
cc_status mfac_prune_step(cc_run *run, void *state);
const void *mfac_prune_candidate(void *state);

#endif
