/* algorithms/25_learning_to_relax/measures_cg.c: the condition-number bound on preconditioned CG; see measures.h. */
#include <math.h>
#include <string.h>

#include "algorithms/25_learning_to_relax/measures.h"
#include "algorithms/25_learning_to_relax/relax.h"
#include "harness/measure.h"
#include "harness/numerics/linalg.h"
#include "problems/online/linseq.h"
#include "problems/online/variates.h"

/* ---- the condition-number bound ---- */

typedef struct spectrum {
    double kappa, alpha, beta; /* cond(A), lambda_max(D A^-1), lambda_max((L D^-1 L' - D/4) A^-1) */
} spectrum;

/* Dense. diag: the constant diagonal of A. */
static cc_status analyse(cc_run *scope, const linseq_grid *grid, double diag, spectrum *result)
{
    const size_t n = grid->n;
    double *a, *lower, *s, *values;
    CC_NEW(scope, a, n * n);
    CC_NEW(scope, lower, n * n);
    CC_NEW(scope, s, n * n);
    CC_NEW(scope, values, 2 * n);
    linseq_dense(grid, diag, 1, a);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) lower[i * n + j] = a[i * n + j];
    cc_gemm(0, 1, n, n, n, 1 / diag, lower, lower, 0, s);
    for (size_t i = 0; i < n; i++) s[i * n + i] -= diag / 4;
    memcpy(lower, a, n * n * sizeof *a);
    if (cc_syev(n, lower, 0, values) != 0) return cc_fail(scope, CC_ENUMERIC, "no eigenvalues of A");
    result->kappa = values[n - 1] / values[0], result->alpha = diag / values[0];
    if (cc_potrf(n, a) != 0) return cc_fail(scope, CC_ENUMERIC, "A is not positive definite");
    for (size_t i = 0; i < n; i++) cc_potrs(n, a, s + i * n); /* s is symmetric: rows of (A^-1 s)' */
    if (cc_geev(n, s, values, values + n) != 0) return cc_fail(scope, CC_ENUMERIC, "no eigenvalues of the pencil");
    result->beta = -INFINITY;
    for (size_t i = 0; i < n; i++) result->beta = fmax(result->beta, values[i]);
    return CC_OK;
}

typedef struct condition {
    linseq_grid grid;
    double diag, eps;
    double *b, *x, *work;
} condition;

static cc_status condition_open(cc_run *scope, condition *s)
{
    double *b;
    const size_t side = (size_t)cc_int(scope, "side");
    cc_rng rng = cc_stream(scope, 110, 0);
    CC_TRY(cc_choice(scope, "domain") == 0 ? linseq_square(scope, side, &s->grid) : linseq_l_shape(scope, side, &s->grid));
    s->diag = 4 + cc_real(scope, "c"), s->eps = cc_real(scope, "eps");
    CC_NEW(scope, b, s->grid.n);
    CC_NEW(scope, s->b, s->grid.size);
    CC_NEW(scope, s->x, s->grid.size);
    CC_NEW(scope, s->work, LINSEQ_PCG_WORK * s->grid.size);
    if (cc_choice(scope, "rhs") == 0)
        relax_pattern(s->grid.n, b);
    else
        online_truncated_normal(&rng, s->grid.n, b);
    linseq_put(&s->grid, b, s->b);
    return CC_OK;
}

static double count(condition *s, double omega)
{
    memset(s->x, 0, s->grid.size * sizeof *s->x);
    return linseq_pcg(&s->grid, s->diag, 1, omega, s->eps, s->b, s->x, s->work);
}

static cc_status condition_run(cc_cell *cell)
{
    enum { POINTS = 47 };
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        condition s = {0};
        spectrum z = {0};
        double k[POINTS], bound[POINTS], omega[POINTS], tau = 0;
        CC_TRY(condition_open(scope, &s));
        CC_TRY(analyse(scope, &s.grid, s.diag, &z));
        for (int i = 0; i < POINTS; i++) {
            omega[i] = i == 0 ? 2 * sqrt(2) - 2 : 1 + .02 * (i - 1);
            k[i] = count(&s, omega[i]), bound[i] = relax_cg_bound(omega[i], z.kappa, z.alpha, z.beta, s.eps);
            tau = fmax(tau, (k[i] - 1) / (bound[i] - 1));
        }
        const double plain = count(&s, 0);
        for (int i = 0; i < POINTS; i++) {
            cc_put(cell, "omega", omega[i]);
            cc_put(cell, "k", k[i]);
            cc_put(cell, "cg", plain);
            cc_put(cell, "bound", bound[i]);
            cc_put(cell, "scaled", 1 + tau * (bound[i] - 1));
            cc_put(cell, "kappa", z.kappa);
            cc_put(cell, "alpha", z.alpha);
            cc_put(cell, "beta", z.beta);
            cc_emit(cell);
        }
    }
    return CC_OK;
}

const cc_measure relax_condition = {
    .id = "relax.condition",
    .run = condition_run,
    .params = CC_LIST(
        cc_param, {"domain", CC_CHOICE, "square", .choices = "square L", .doc = "of the Laplacian"},
        {"side", CC_INT, "10", 3, 60, .doc = "points on its side"}, {"c", CC_REAL, "0", -.16, 100, .doc = "shift of the diagonal"},
        {"rhs", CC_CHOICE, "pattern", .choices = "pattern normal", .doc = "b: that of the fixtures, or a truncated normal"},
        {"eps", CC_REAL, "1e-8", 1e-14, 0.5, .doc = "solved when |r| <= eps |b|"}),
    .columns = CC_LIST(cc_column, {"omega", "", "relaxation parameter"}, {"k", "", "iterations of SSOR-preconditioned CG"},
                       {"cg", "", "iterations of CG"}, {"bound", "", "by condition numbers"},
                       {"scaled", "", "1 + tau (bound - 1), tau the least that keeps it above k"}, {"kappa", "", "cond(A)"},
                       {"alpha", "", "lambda_max(D A^-1)"}, {"beta", "", "lambda_max((L D^-1 L' - D/4) A^-1)"}),
};
