/* algorithms/17_mfac/prune.c: a trained network loses weights by the optimal brain surgeon (obs.c), F from gradients of
 * mini-batches.
 *
 * F has the rows and columns of the weights that are left, biases apart. With R rounds of recomputation a stage goes from sparsity
 * s to s' in R steps, the density falling by the same factor in each, each with m new gradients; one step of the algorithm is one
 * round. Stages may be several (gradual pruning), with steps of SGD with momentum after each, in which what is dropped stays zero.
 * Baselines: the diagonal of F alone, without compensation; the least magnitude. Reference: static.c. */
#include "algorithms/17_mfac/prune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

enum { STREAM_WINDOWS = 1, STREAM_TUNE, STREAM_SHUFFLE };

/* ---- set-up ---- */

static cc_status read_stages(cc_run *run, mfac_pruner *s)
{
    const char *text = cc_text(run, "via");
    for (char *end; *text; text = *end ? end + 1 : end) {
        s->target[s->stages] = strtod(text, &end);
        if (end == text || (*end && *end != '/') || ++s->stages == MFAC_STAGES)
            return cc_fail(run, CC_EINVAL, "via=%s: at most %d sparsities, separated by slashes", cc_text(run, "via"),
                           MFAC_STAGES - 1);
    }
    s->target[s->stages++] = cc_real(run, "sparsity");
    for (size_t i = 0; i < s->stages; i++)
        if (!(s->target[i] < 1) || s->target[i] < (i ? s->target[i - 1] : s->sparsity))
            return cc_fail(run, CC_EINVAL, "sparsity %g after %g: sparsities rise and are below 1", s->target[i],
                           i ? s->target[i - 1] : s->sparsity);
    return CC_OK;
}

/* The prunable weights, and those of them that are not zero. */
static cc_status count_weights(cc_run *run, mfac_pruner *s)
{
    const unsigned char *prunable = smooth_prunable(run);
    CC_NEW(run, s->place, s->d);
    for (size_t i = 0; i < s->d; i++) {
        if (prunable && !prunable[i]) continue;
        s->n++;
        if (s->w[i] != 0) s->place[s->alive++] = i;
    }
    if (!s->alive) return cc_fail(run, CC_EINVAL, "there is no weight to prune");
    s->from = s->sparsity = 1 - (double)s->alive / (double)s->n;
    return CC_OK;
}

static cc_status make_room(cc_run *run, mfac_pruner *s)
{
    CC_NEW(run, s->g, s->d);
    CC_NEW(run, s->some, s->alive);
    CC_NEW(run, s->diagonal, s->alive);
    CC_NEW(run, s->p, s->alive);
    CC_NEW(run, s->pull, s->alive);
    CC_NEW(run, s->step, s->alive);
    CC_NEW(run, s->drop, s->alive);
    if (s->score == MFAC_SCORE_MAGNITUDE) return CC_OK;
    CC_NEW(run, s->rows, s->m * s->alive);
    if (s->score != MFAC_SCORE_MFAC) return CC_OK;
    const mfac_spec spec = {.m = s->m,
                            .d = s->alive,
                            .lambda = s->lambda,
                            .storage = (mfac_storage)cc_choice(run, "storage"),
                            .block = (size_t)cc_int(run, "block")};
    return mfac_create(run, MFAC_STATIC, &spec, &s->engine);
}

cc_status mfac_prune_init(cc_run *run, void **state)
{
    mfac_pruner *s;
    const size_t samples = smooth_samples(run);
    CC_NEW(run, s, 1);
    *state = s;
    s->d = smooth_dim(run), s->m = (size_t)cc_int(run, "m"), s->lambda = cc_real(run, "lambda");
    s->score = (mfac_score)cc_choice(run, "score"), s->gradients = (mfac_gradients)cc_choice(run, "gradients");
    s->quirk = cc_bool(run, "quirk"), s->rounds = (size_t)cc_int(run, "recomputations"), s->tune = (size_t)cc_int(run, "tune");
    if (!samples) return cc_fail(run, CC_EINVAL, "the problem is no finite sum");
    CC_NEW(run, s->w, s->d);
    CC_TRY(smooth_start(run, s->w));
    CC_TRY(count_weights(run, s));
    CC_TRY(read_stages(run, s));
    CC_TRY(make_room(run, s));
    s->sgd = (cc_sgd){.rate = cc_real(run, "lr"), .momentum = .9};
    CC_TRY(cc_sgd_new(run, s->d, &s->sgd));
    s->batch = (size_t)cc_int(run, "grad_batch") < samples ? (size_t)cc_int(run, "grad_batch") : samples;
    CC_TRY(cc_epochs_new(run, STREAM_WINDOWS, samples, s->batch, CC_DROP_LAST, &s->windows));
    const size_t tuning = 128 < samples ? 128 : samples;
    return cc_epochs_new(run, STREAM_TUNE, samples, tuning, CC_DROP_LAST, &s->epochs);
}

/* ---- one round ---- */

/* Row i of the window: a new gradient at the alive weights; or, as planted mistakes, its entries in another order, or the first. */
static cc_status take_gradient(cc_run *run, mfac_pruner *s, size_t i)
{
    double *row = s->rows + i * s->alive;
    size_t got;
    if (s->gradients == MFAC_REPEATED && i > 0) {
        memcpy(row, s->rows, s->alive * sizeof *row);
        return CC_OK;
    }
    const size_t *ids = cc_epochs_next(&s->windows, s->batch, &got);
    CC_TRY(smooth_batch(run, s->w, ids, got, NULL, s->g));
    for (size_t k = 0; k < s->alive; k++) row[k] = s->g[s->place[k]];
    if (s->quirk && i + 1 == s->m) memset(row, 0, s->alive * sizeof *row);
    cc_rng rng = cc_stream(run, STREAM_SHUFFLE, s->round * s->m + i);
    for (size_t k = s->alive; s->gradients == MFAC_SHUFFLED && k-- > 1;) {
        const size_t j = cc_below(&rng, k + 1);
        const double kept = row[k];
        row[k] = row[j];
        row[j] = kept;
    }
    return CC_OK;
}

/* Saliencies p of the alive weights; with M-FAC, the engine and the diagonal of F^-1. */
static cc_status assess(cc_run *run, mfac_pruner *s)
{
    for (size_t k = 0; k < s->alive; k++) s->some[k] = s->w[s->place[k]];
    for (size_t i = 0; s->score != MFAC_SCORE_MAGNITUDE && i < s->m; i++) CC_TRY(take_gradient(run, s, i));
    if (s->score == MFAC_SCORE_MFAC) {
        s->engine->ops->shrink(s->engine, s->alive);
        CC_TRY(mfac_build(s->engine, s->rows));
        s->engine->ops->diagonal(s->engine, s->diagonal);
    } else {
        for (size_t k = 0; k < s->alive; k++) s->diagonal[k] = s->score == MFAC_SCORE_MAGNITUDE ? 1 : s->lambda;
        for (size_t i = 0; s->score == MFAC_SCORE_DIAGONAL && i < s->m; i++)
            for (size_t k = 0; k < s->alive; k++) s->diagonal[k] += pow(s->rows[i * s->alive + k], 2) / (double)s->m;
        for (size_t k = 0; k < s->alive; k++) s->diagonal[k] = 1 / s->diagonal[k];
    }
    mfac_saliency(s->alive, s->some, s->diagonal, s->p);
    return CC_OK;
}

/* Weights to drop in this round: the density falls by the same factor in each, to the target in the last. */
static size_t to_drop(const mfac_pruner *s)
{
    const double target = s->target[s->stage], factor = pow((1 - target) / (1 - s->from), 1 / (double)s->rounds);
    const double aim = s->round + 1 == s->rounds ? target : 1 - (1 - s->from) * pow(factor, (double)(s->round + 1));
    const size_t gone = s->n - s->alive, wanted = (size_t)(aim * (double)s->n);
    return wanted > gone ? wanted - gone : 0;
}

static void drop(mfac_pruner *s, size_t k)
{
    size_t left = 0;
    mfac_least(s->alive, s->p, k, s->drop);
    s->predicted = 0;
    for (size_t i = 0; i < k; i++) s->predicted += s->p[s->drop[i]];
    if (s->engine)
        mfac_operate(s->engine, s->diagonal, k, s->drop, s->some, s->pull, s->step);
    else
        for (size_t i = 0; i < k; i++) s->some[s->drop[i]] = 0;
    for (size_t i = 0; i < k; i++) s->p[s->drop[i]] = -1; /* saliencies are not negative */
    for (size_t i = 0; i < s->alive; i++) {
        s->w[s->place[i]] = s->some[i];
        if (s->p[i] >= 0) s->place[left++] = s->place[i];
    }
    s->alive = left;
    s->sparsity = 1 - (double)s->alive / (double)s->n;
}

/* A step of SGD on biases and what is left of the weights. */
static cc_status tune(cc_run *run, mfac_pruner *s)
{
    const unsigned char *prunable = smooth_prunable(run);
    size_t got, k = 0;
    const size_t *ids = cc_epochs_next(&s->epochs, s->epochs.most, &got);
    CC_TRY(smooth_batch(run, s->w, ids, got, NULL, s->g));
    for (size_t i = 0; i < s->d; i++) {
        const int alive = k < s->alive && s->place[k] == i;
        k += (size_t)alive;
        if (!alive && (!prunable || prunable[i])) s->g[i] = s->sgd.v[i] = 0;
    }
    cc_sgd_step(&s->sgd, s->g, s->w);
    s->tuned++;
    return CC_OK;
}

/* The next stage, or the end. */
static cc_status turn(cc_run *run, mfac_pruner *s)
{
    if (++s->stage == s->stages) return cc_finish(run, "PRUNED");
    s->round = s->tuned = 0;
    s->from = s->sparsity;
    return CC_OK;
}

cc_status mfac_prune_step(cc_run *run, void *state)
{
    mfac_pruner *s = state;
    if (s->round < s->rounds) {
        CC_TRY(assess(run, s));
        drop(s, to_drop(s));
        s->round++;
    } else
        CC_TRY(tune(run, s));
    return s->round == s->rounds && s->tuned == s->tune ? turn(run, s) : CC_OK;
}

const void *mfac_prune_candidate(void *state) { return ((mfac_pruner *)state)->w; }
