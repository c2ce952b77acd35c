/* algorithms/18_hessian_spectrum/measures_path.c: a change of the batch, and the line through both ends. */
#include "algorithms/18_hessian_spectrum/measures.h"

#include <math.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

typedef struct path {
    size_t d, until;
    cc_run *referee;
    double *before, *after;
    int silent; /* rows of the way have been given already */
} path;

static cc_status path_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    const hessian_gd *s = state;
    path *p = arg;
    double f;
    (void)run;
    if (s->k <= p->until && !p->silent) cc_copy(p->d, candidate, p->before);
    cc_copy(p->d, candidate, p->after);
    if (s->k % 50 || p->silent) return CC_OK;
    CC_TRY(smooth_value(p->referee, candidate, &f));
    cc_put(cell, "k", (double)s->k);
    cc_put(cell, "f", f);
    cc_emit(cell);
    return CC_OK;
}

/* All eigenvalues at an end; attached to the row that is built. */
static cc_status put_spectrum(cc_cell *cell, const path *p, const double *w, const char *name)
{
    double *h, *lambda;
    CC_NEW(cc_cell_run(cell), h, p->d * p->d);
    CC_NEW(cc_cell_run(cell), lambda, p->d);
    CC_TRY(smooth_hess(p->referee, SMOOTH_EXACT, w, h));
    if (cc_syev(p->d, h, 0, lambda)) return cc_fail(p->referee, CC_ENUMERIC, "no eigenvalues: the Hessian is not finite");
    const hessian_counts c = hessian_count(p->d, lambda);
    cc_put(cell, "top", c.top);
    cc_put(cell, "bottom", c.bottom);
    cc_put(cell, "large", c.large);
    cc_put(cell, "flat_share", c.flat);
    return cc_attach(cell, name, 1, &p->d, lambda);
}

/* 29 points from a = -.2 to 1.2; those with 0 <= a <= 1 are judged. */
static cc_status line(cc_cell *cell, const path *p, int spectra)
{
    enum { POINTS = 29, BEFORE = 4, AFTER = 24 };
    double *w, f[POINTS];
    CC_NEW(cc_cell_run(cell), w, p->d);
    for (int i = 0; i < POINTS; i++) {
        const double a = (i - BEFORE) * .05;
        for (size_t j = 0; j < p->d; j++) w[j] = (1 - a) * p->before[j] + a * p->after[j];
        CC_TRY(smooth_value(p->referee, w, f + i));
    }
    for (int i = 0; i < POINTS; i++) {
        const int inside = i >= BEFORE && i <= AFTER;
        cc_put(cell, "a", (i - BEFORE) * .05);
        cc_put(cell, "f", f[i]);
        cc_put(cell, "f_before", f[BEFORE]);
        cc_put(cell, "f_after", f[AFTER]);
        if (inside) cc_put(cell, "barrier", f[i] - fmax(f[BEFORE], f[AFTER]));
        if (inside && i > BEFORE) cc_put(cell, "rise", f[i] - f[i - 1]);
        if (spectra && i == BEFORE) CC_TRY(put_spectrum(cell, p, p->before, "H_before"));
        if (spectra && i == AFTER) CC_TRY(put_spectrum(cell, p, p->after, "H_after"));
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status path_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    path p = {.until = (size_t)cc_int(scope, "until")};
    CC_TRY(cc_referee(cell, NULL, &p.referee));
    p.d = smooth_dim(p.referee);
    CC_NEW(scope, p.before, p.d);
    CC_NEW(scope, p.after, p.d);
    CC_TRY(cc_drive(cell, NULL, path_look, &p));
    if (cc_bool(scope, "independent")) {
        p.silent = 1;
        CC_TRY(cc_drive(cell, "from=reference", path_look, &p));
    }
    return line(cell, &p, cc_bool(scope, "spectra"));
}

static cc_status path_run(cc_cell *cell) { return cc_each_seed(cell, path_replicate); }

const cc_measure hessian_path = {
    .id = "spectrum.path",
    .run = path_run,
    .params = CC_LIST(cc_param, {"independent", CC_BOOL, "false", .doc = "the line ends at another run, from another start"},
                      {"spectra", CC_BOOL, "false", .doc = "all eigenvalues at both ends, attached to their rows"}),
    .columns = CC_LIST(cc_column, {"k", "", "step of the run; none on the line"}, {"a", "", "place on the line; none in the run"},
                       {"f", "", "loss on all examples"}, {"f_before", "", "where the batch is changed, a = 0"},
                       {"f_after", "", "at the end, a = 1"}, {"barrier", "", "loss above that of the worse end, 0 <= a <= 1"},
                       {"rise", "", "loss above that a step before on the line"}, {"top", "", "at an end: largest eigenvalue"},
                       {"bottom", "", "smallest over it"}, {"large", "", "eigenvalues above a twentieth of it"},
                       {"flat_share", "", "share within a thousandth of it around 0"})};
