/* algorithms/25_learning_to_relax/measures_cg.c: preconditioned CG, the heat equation, and what learning costs; see measures.h. */
#include <math.h>
#include <string.h>

#include "algorithms/25_learning_to_relax/measures.h"
#include "algorithms/25_learning_to_relax/relax.h"
#include "harness/measure.h"
#include "harness/numerics/linalg.h"
#include "problems/online/sequence.h"
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

/* ---- what a learner does on the heat equation ---- */

typedef struct actions {
    size_t window, t;
    double sum, loss;
    const sequence_table *table;
} actions;

static cc_status actions_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    actions *s = arg;
    const online_env *e = cc_oracle_of(run)->env;
    (void)state;
    if (e->t == s->t) return CC_OK; /* before the first round */
    s->sum += *(const double *)candidate, s->loss += e->loss;
    s->t = e->t;
    if (s->t % s->window != 0) return CC_OK;
    cc_put(cell, "t", (double)s->t - (double)s->window / 2);
    cc_put(cell, "mean_omega", s->sum / (double)s->window);
    cc_put(cell, "mean_loss", s->loss / (double)s->window);
    cc_put(cell, "kappa", s->table->row[(s->t - s->window / 2) * s->table->columns]);
    cc_emit(cell);
    s->sum = s->loss = 0;
    return CC_OK;
}

/* Iterations of every omega, as means over the windows: arms x windows. */
static cc_status attach_costs(cc_cell *cell, const actions *s)
{
    const sequence_table *table = s->table;
    const size_t windows = table->T / s->window, shape[2] = {table->arms, windows};
    double *cost;
    CC_NEW(cc_cell_run(cell), cost, table->arms * windows);
    for (size_t t = 0; t < windows * s->window; t++)
        for (size_t i = 0; i < table->arms; i++)
            cost[i * windows + t / s->window] += table->row[t * table->columns + 1 + i] / (double)s->window;
    return cc_attach(cell, "cost", 2, shape, cost);
}

static cc_status actions_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *referee;
        actions s = {.window = (size_t)cc_int(cc_cell_run(cell), "window")};
        CC_TRY(cc_referee(cell, NULL, &referee));
        s.table = sequence_table_of(cc_oracle_of(referee));
        CC_TRY(cc_drive(cell, NULL, actions_look, &s));
        CC_TRY(attach_costs(cell, &s));
    }
    return CC_OK;
}

const cc_measure relax_actions = {
    .id = "relax.actions",
    .run = actions_run,
    .params = CC_LIST(cc_param, {"window", CC_INT, "25", 1, 1e5, .doc = "rounds that are averaged"}),
    .columns = CC_LIST(cc_column, {"t", "", "middle of the window"}, {"mean_omega", "", "mean omega that was played"},
                       {"mean_loss", "", "mean iterations"}, {"kappa", "", "coefficient in the middle of the window"}),
};

/* ---- time ---- */

typedef struct clock {
    uint64_t before, sum;
    size_t rounds;
    int raw;       /* also build the regressions anew from all rounds, as one without sums would */
    double *f, *y; /* raw: features and losses of all rounds */
    relax_fit fit;
} clock;

static void refit(clock *s, const relax_chebcb *learner)
{
    const size_t m = learner->m, last = s->rounds - 1;
    double bound[RELAX_MAX_FEATURES];
    for (size_t j = 0; j < m; j++) bound[j] = learner->max_loss;
    for (size_t j = 0; j < m; j++) s->f[last * m + j] = pow(.5, (double)j);
    s->y[last] = learner->loss;
    memset(&s->fit, 0, sizeof s->fit);
    for (size_t t = 0; t < s->rounds; t++) relax_fit_add(&s->fit, m, s->f + t * m, s->y[t]);
    relax_fit_solve(&s->fit, m, bound);
}

static cc_status clock_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    clock *s = arg;
    (void)cell, (void)run, (void)candidate;
    if (s->before && s->rounds && s->raw) refit(s, state);
    const uint64_t now = cc_now_ns();
    if (s->before) s->sum += now - s->before;
    s->rounds++;
    s->before = cc_now_ns();
    return CC_OK;
}

/* Nanoseconds of one solve as a learner causes it, SOR on a square at the best omega; *ns: the least so far. */
static cc_status solve_time(cc_run *scope, size_t side, double *ns)
{
    linseq_grid grid;
    double *b, *work;
    const size_t n = side * side, repeats = 40000 / n + 4;
    cc_rng rng = cc_stream(scope, 111, 0);
    CC_TRY(linseq_square(scope, side, &grid));
    CC_NEW(scope, b, n);
    CC_NEW(scope, work, grid.size);
    online_truncated_normal(&rng, n, b);
    linseq_sor_job job = {.b = b, .diag = 4, .omega = relax_omega_star(cos(3.14159265358979 / (double)(side + 1)))};
    const uint64_t start = cc_now_ns();
    for (size_t i = 0; i < repeats; i++) linseq_sor(&grid, 1e-8, &job, work, NULL);
    *ns = fmin(*ns, (double)(cc_now_ns() - start) / (double)repeats);
    return CC_OK;
}

static cc_status overhead_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        clock s = {.raw = cc_choice(scope, "refit")};
        double small = INFINITY, large = INFINITY, round = INFINITY;
        CC_NEW(scope, s.f, 8192 * RELAX_MAX_FEATURES);
        CC_NEW(scope, s.y, 8192);
        for (int repeat = 0; repeat < 5; repeat++) { /* the least of five: others use the machine, too */
            s.before = s.sum = s.rounds = 0;
            CC_TRY(solve_time(scope, 10, &small));
            CC_TRY(solve_time(scope, 20, &large));
            CC_TRY(cc_drive(cell, NULL, clock_look, &s));
            round = fmin(round, (double)s.sum / (double)(s.rounds - 1));
        }
        cc_put(cell, "round_ns", round);
        cc_put(cell, "solve100_ns", small);
        cc_put(cell, "solve400_ns", large);
        cc_emit(cell);
    }
    return CC_OK;
}

const cc_measure relax_overhead = {
    .id = "relax.overhead",
    .run = overhead_run,
    .params = CC_LIST(cc_param, {"refit", CC_CHOICE, "sums", .choices = "sums raw",
                                 .doc = "raw: every round also sums up all rounds anew (ChebCB, at most 8000 rounds)"}),
    .columns = CC_LIST(cc_column, {"round_ns", "ns", "a round of the learner, table look-up included"},
                       {"solve100_ns", "ns", "one SOR solve, 100 unknowns, best omega"},
                       {"solve400_ns", "ns", "the same with 400 unknowns"}),
};
