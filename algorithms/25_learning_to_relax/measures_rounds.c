/* algorithms/25_learning_to_relax/measures_rounds.c: learners round by round; see measures.h. */
#include <math.h>
#include <string.h>

#include "algorithms/25_learning_to_relax/measures.h"
#include "algorithms/25_learning_to_relax/relax.h"
#include "harness/measure.h"
#include "problems/online/sequence.h"
#include "problems/online/variates.h"

/* ---- against the surrogate ---- */

typedef struct against {
    const sequence_table *table;
    size_t t, every;
    double tau, needed, jacobi, diagonal, eps, *sum; /* sum: of U over the rounds, for every arm */
} against;

/* U of every arm for the round's system, and the tau that its iterations ask for: k <= U if and only if tau is at least that. */
static void add_round(against *s, const double *row)
{
    const double beta = s->jacobi * s->diagonal / (s->diagonal + row[0]);
    for (size_t i = 0; i < s->table->arms; i++) {
        const double rho = relax_radius(sequence_arm(s->table, i), beta), k = row[1 + i];
        s->sum[i] += relax_surrogate(rho, s->tau, s->eps);
        s->needed = fmax(s->needed, (pow(s->eps, 1 / (k - 1)) - rho) / (1 - rho));
    }
}

static cc_status against_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    against *s = arg;
    const online_env *e = cc_oracle_of(run)->env;
    double least = INFINITY;
    (void)state, (void)candidate;
    if (e->t == s->t) return CC_OK; /* before the first round */
    add_round(s, s->table->row + s->t * s->table->columns);
    s->t = e->t;
    if (s->t % s->every != 0) return CC_OK;
    for (size_t i = 0; i < s->table->arms; i++) least = fmin(least, s->sum[i]);
    cc_put(cell, "t", (double)s->t);
    cc_put(cell, "total", e->total);
    cc_put(cell, "surrogate", least);
    cc_put(cell, "tau_needed", s->needed);
    cc_emit(cell);
    return CC_OK;
}

static cc_status against_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell), *referee;
        against s = {.every = (size_t)cc_int(scope, "every"), .tau = cc_real(scope, "tau")};
        CC_TRY(cc_referee(cell, NULL, &referee));
        s.table = sequence_table_of(cc_oracle_of(referee));
        s.jacobi = cc_fact(referee, "jacobi"), s.diagonal = cc_fact(referee, "diagonal"), s.eps = cc_real(scope, "eps");
        CC_NEW(scope, s.sum, s.table->arms);
        CC_TRY(cc_drive(cell, NULL, against_look, &s));
    }
    return CC_OK;
}

const cc_measure relax_against = {
    .id = "relax.against",
    .run = against_run,
    .params = CC_LIST(cc_param, {"tau", CC_REAL, "0.25", 0, 1, .doc = "of the surrogate"},
                      {"every", CC_INT, "500", 1, 1e6, .doc = "rounds between rows"}),
    .columns = CC_LIST(cc_column, {"t", "", "rounds"}, {"total", "", "iterations of the learner"},
                       {"surrogate", "", "least sum of U over the rounds, of one omega of the grid"},
                       {"tau_needed", "", "least tau with k <= U for all systems so far and all omegas of the grid"}),
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

enum { REPEATS = 5, MAX_ROUNDS = 8192 };

typedef struct stopwatch {
    uint64_t before;
    size_t rounds;
    int raw;       /* also sum up one regression anew from all rounds, as a method without sums would */
    double *ns;    /* of each round: the least of all repeats, as others use the machine, too */
    double *f, *y; /* raw: features and losses of all rounds */
    relax_fit fit;
} stopwatch;

static void refit(stopwatch *s, double loss)
{
    enum { M = 6 };
    const size_t last = s->rounds - 1;
    double bound[M];
    relax_chebyshev(M, sin((double)last), s->f + last * M);
    s->y[last] = loss;
    memset(&s->fit, 0, sizeof s->fit);
    for (size_t j = 0; j < M; j++) bound[j] = 100;
    for (size_t t = 0; t < s->rounds; t++) relax_fit_add(&s->fit, M, s->f + t * M, s->y[t]);
    relax_fit_solve(&s->fit, M, bound);
}

static cc_status clock_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    stopwatch *s = arg;
    (void)cell, (void)state, (void)candidate;
    if (s->before && s->raw) refit(s, ((const online_env *)cc_oracle_of(run)->env)->loss);
    const uint64_t now = cc_now_ns();
    if (s->before) s->ns[s->rounds - 1] = fmin(s->ns[s->rounds - 1], (double)(now - s->before));
    if (++s->rounds >= MAX_ROUNDS) return CC_DONE;
    s->before = cc_now_ns();
    return CC_OK;
}

/* Nanoseconds of one solve as a learner causes it, SOR on a square at the best omega; the least of many. */
static cc_status solve_time(cc_run *scope, size_t side, double *ns)
{
    linseq_grid grid;
    double *b, *work;
    cc_rng rng = cc_stream(scope, 111, 0);
    CC_TRY(linseq_square(scope, side, &grid));
    CC_NEW(scope, b, grid.n);
    CC_NEW(scope, work, grid.size);
    online_truncated_normal(&rng, grid.n, b);
    linseq_sor_job job = {.b = b, .diag = 4, .omega = relax_omega_star(cos(3.14159265358979 / (double)(side + 1)))};
    for (int i = 0; i < 200; i++) {
        const uint64_t start = cc_now_ns();
        linseq_sor(&grid, 1e-8, &job, work, NULL);
        *ns = fmin(*ns, (double)(cc_now_ns() - start));
    }
    return CC_OK;
}

static cc_status overhead_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        stopwatch s = {.raw = cc_choice(scope, "refit")};
        double small = INFINITY, large = INFINITY, sum = 0;
        CC_NEW(scope, s.f, MAX_ROUNDS * RELAX_MAX_FEATURES);
        CC_NEW(scope, s.y, MAX_ROUNDS);
        CC_NEW(scope, s.ns, MAX_ROUNDS);
        for (size_t t = 0; t < MAX_ROUNDS; t++) s.ns[t] = INFINITY;
        CC_TRY(solve_time(scope, 10, &small));
        CC_TRY(solve_time(scope, 20, &large));
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            s.before = s.rounds = 0;
            CC_TRY(cc_drive(cell, NULL, clock_look, &s));
        }
        for (size_t t = 0; t + 1 < s.rounds; t++) sum += s.ns[t];
        cc_put(cell, "round_ns", sum / (double)(s.rounds - 1));
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
                                 .doc = "raw: every round also sums up all rounds anew; at most 8000 rounds"}),
    .columns = CC_LIST(cc_column, {"round_ns", "ns", "a round of the learner, table look-up included"},
                       {"solve100_ns", "ns", "one SOR solve, 100 unknowns, best omega"},
                       {"solve400_ns", "ns", "the same with 400 unknowns"}),
};
