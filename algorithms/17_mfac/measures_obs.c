/* algorithms/17_mfac/measures_obs.c: mfac.surgery, weights dropped by the surgeon beside the constrained minimiser: a Lagrange
 * system solved by LU, with F dense. Weights w are normal, their loss is (1/2) dw'F dw. */
#include <math.h>
#include <string.h>

#include "algorithms/17_mfac/mfac.h"
#include "harness/measure.h"
#include "harness/numerics/linalg.h"
#include "problems/ihvp/ihvp_problem.h"

enum { STREAM_ROWS = 100, STREAM_WEIGHTS };
enum { UPDATE_FULL, UPDATE_DIAGONAL };

typedef struct surgery {
    cc_run *run;
    mfac_engine *engine;
    size_t d;
    int update;
    double *w, *fisher, *diagonal, *p, *moved, *best, *work, *lagrange;
    size_t *drop;
    int *pivots;
} surgery;

static cc_status open_surgery(cc_run *run, surgery *s)
{
    const mfac_spec spec = {.m = (size_t)cc_int(run, "m"), .d = (size_t)cc_int(run, "d"), .lambda = cc_real(run, "lambda")};
    cc_rng rows_rng = cc_stream(run, STREAM_ROWS, 0), weights = cc_stream(run, STREAM_WEIGHTS, 0);
    const size_t d = s->d = spec.d;
    double *rows;
    const double **window;
    s->run = run, s->update = cc_choice(run, "update");
    CC_NEW(run, rows, spec.m * d);
    CC_NEW(run, window, spec.m);
    CC_NEW(run, s->w, d);
    CC_NEW(run, s->fisher, d * d);
    CC_NEW(run, s->diagonal, d);
    CC_NEW(run, s->p, d);
    CC_NEW(run, s->moved, d);
    CC_NEW(run, s->best, 2 * d);
    CC_NEW(run, s->work, 2 * d);
    CC_NEW(run, s->lagrange, 4 * d * d);
    CC_NEW(run, s->drop, d);
    CC_NEW(run, s->pivots, 2 * d);
    ihvp_draw(&rows_rng, IHVP_SPECTRUM, spec.m, d, rows);
    cc_normal(&weights, d, s->w);
    for (size_t i = 0; i < spec.m; i++) window[i] = rows + i * d;
    ihvp_fisher(d, spec.m, spec.lambda, window, s->fisher);
    cc_fill_upper(d, s->fisher);
    CC_TRY(mfac_create(run, MFAC_STATIC, &spec, &s->engine));
    CC_TRY(mfac_build(s->engine, rows));
    s->engine->ops->diagonal(s->engine, s->diagonal);
    mfac_saliency(d, s->w, s->diagonal, s->p);
    return CC_OK;
}

static double loss(surgery *s, const double *step)
{
    cc_symv(s->d, 1, s->fisher, step, 0, s->work);
    return cc_dot(s->d, step, s->work) / 2;
}

/* min (1/2) dw'F dw with dw_i = -w_i for the first k of drop: [F E; E' 0] [dw; mu] = [0; -w_Q] */
static cc_status minimise(surgery *s, size_t k)
{
    const size_t d = s->d, n = d + k;
    memset(s->lagrange, 0, n * n * sizeof *s->lagrange);
    memset(s->best, 0, n * sizeof *s->best);
    for (size_t i = 0; i < d; i++) memcpy(s->lagrange + i * n, s->fisher + i * d, d * sizeof *s->fisher);
    for (size_t q = 0; q < k; q++) {
        s->lagrange[s->drop[q] * n + d + q] = s->lagrange[(d + q) * n + s->drop[q]] = 1;
        s->best[d + q] = -s->w[s->drop[q]];
    }
    if (cc_getrf(n, s->lagrange, s->pivots)) return cc_fail(s->run, CC_ENUMERIC, "the Lagrange system is singular");
    cc_getrs(n, s->lagrange, s->pivots, s->best);
    return CC_OK;
}

/* moved = the step that the surgeon takes, or a poorer one */
static void operate(surgery *s, size_t k)
{
    memcpy(s->moved, s->w, s->d * sizeof *s->w);
    if (s->update == UPDATE_FULL)
        mfac_operate(s->engine, s->diagonal, k, s->drop, s->moved, s->work, s->work + s->d);
    else
        for (size_t q = 0; q < k; q++) s->moved[s->drop[q]] = 0; /* the diagonal of F moves no other weight */
    for (size_t i = 0; i < s->d; i++) s->moved[i] -= s->w[i];
}

static cc_status drop_some(cc_cell *cell, surgery *s, size_t k)
{
    double wrong = 0, size = 0, predicted = 0;
    CC_TRY(minimise(s, k));
    operate(s, k);
    for (size_t i = 0; i < s->d; i++) wrong += pow(s->moved[i] - s->best[i], 2), size += pow(s->best[i], 2);
    for (size_t q = 0; q < k; q++) {
        const size_t at = s->drop[q];
        predicted += s->update == UPDATE_FULL ? s->p[at] : s->fisher[at * s->d + at] * s->w[at] * s->w[at] / 2;
    }
    cc_put(cell, "dropped", (double)k);
    cc_put(cell, "step_error", sqrt(wrong / size));
    cc_put(cell, "loss", loss(s, s->moved));
    cc_put(cell, "best_loss", loss(s, s->best));
    cc_put(cell, "predicted", predicted);
    cc_emit(cell);
    return CC_OK;
}

static cc_status surgery_one(cc_cell *cell)
{
    cc_run *run = cc_cell_run(cell);
    surgery s = {0};
    const size_t most = (size_t)cc_int(run, "dropped_at_most");
    CC_TRY(open_surgery(run, &s));
    if (most > s.d) return cc_fail(run, CC_EINVAL, "%zu weights of %zu", most, s.d);
    for (size_t i = 0; i < s.d; i++) {
        s.drop[0] = i;
        CC_TRY(drop_some(cell, &s, 1));
    }
    for (size_t k = 2; k <= most; k++) {
        mfac_least(s.d, s.p, k, s.drop);
        CC_TRY(drop_some(cell, &s, k));
    }
    return CC_OK;
}

static cc_status surgery_run(cc_cell *cell)
{
    while (cc_replicate(cell)) CC_TRY(surgery_one(cell));
    return CC_OK;
}

const cc_measure mfac_surgery = {
    .id = "mfac.surgery",
    .run = surgery_run,
    .params = CC_LIST(cc_param, {"d", CC_INT, "50", 1, 2000, .doc = "weights"}, {"m", CC_INT, "64", 1, 1e5, .doc = "gradients"},
                      {"lambda", CC_REAL, "1e-2", 0, 1e300, .doc = "damping"},
                      {"dropped_at_most", CC_INT, "10", 1, 2000, .doc = "each weight alone, then the 2, 3, .. least salient"},
                      {"update", CC_CHOICE, "full", .choices = "full diagonal",
                       .doc = "diagonal: F without its other elements, which moves no other weight"}),
    .columns =
        CC_LIST(cc_column, {"dropped", "", "weights dropped"}, {"step_error", "", "|dw - dw*| / |dw*|, dw* the minimiser"},
                {"loss", "", "(1/2) dw'F dw"}, {"best_loss", "", "the same at dw*"}, {"predicted", "", "sum of the saliencies"}),
};
