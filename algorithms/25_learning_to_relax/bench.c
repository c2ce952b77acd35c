/* algorithms/25_learning_to_relax/bench.c: what a round, a solve and a table cost. */
#include "algorithms/25_learning_to_relax/bench.h"

#include <math.h>
#include <string.h>

#include "algorithms/25_learning_to_relax/measures.h"
#include "algorithms/25_learning_to_relax/relax.h"
#include "harness/numerics/linalg.h"
#include "problems/online/linseq.h"

enum { ARMS = 20 };

static const relax_grid grid20 = {ARMS, 1, 1.95, 1};

/* What SOR would take asymptotically: a loss without a solve. */
static double loss_of(double c, size_t arm)
{
    const double beta = 4 * .959492973614 / (4 + c);
    return ceil(relax_surrogate(relax_radius(relax_grid_point(&grid20, arm), beta), 0, 1e-8));
}

static double shift(cc_rng *rng) { return -.15 + .6 * cc_uniform(rng); }

static void tsallis(cc_loop *loop)
{
    cc_run *run = cc_loop_run(loop, NULL);
    relax_bin bin = {.estimate = cc_alloc(run, ARMS, sizeof(double))};
    relax_tsallis s = {.grid = grid20, .m = 1, .bin = &bin, .choice = cc_stream(run, 1, 0), .least_p = 1};
    cc_rng rng = cc_stream(run, 2, 0);
    s.scaled = cc_alloc(run, ARMS, sizeof(double)), s.p = cc_alloc(run, ARMS, sizeof(double));
    while (cc_loop_next(loop)) {
        const size_t arm = relax_tsallis_predict(&s, 0);
        relax_tsallis_update(&s, 0, arm, loss_of(shift(&rng), arm));
    }
}

static void chebcb(cc_loop *loop)
{
    cc_run *run = cc_loop_run(loop, NULL);
    relax_chebcb s = {.grid = grid20, .m = 6, .low = -.15, .high = .65, .choice = cc_stream(run, 1, 0)};
    cc_rng rng = cc_stream(run, 2, 0);
    s.max_loss = -INFINITY, s.min_loss = INFINITY, s.scale = 1;
    s.fit = cc_alloc(run, ARMS, sizeof *s.fit);
    s.p = cc_alloc(run, ARMS, sizeof(double)), s.value = cc_alloc(run, ARMS, sizeof(double));
    while (cc_loop_next(loop)) {
        double f[RELAX_MAX_FEATURES];
        const double c = shift(&rng);
        const size_t arm = relax_chebcb_predict(&s, c, f);
        relax_chebcb_update(&s, arm, f, loss_of(c, arm));
    }
}

static void weights(cc_loop *loop)
{
    const size_t arms = (size_t)cc_loop_arg(loop, 0);
    cc_run *run = cc_loop_run(loop, NULL);
    double *L = cc_alloc(run, arms, sizeof *L), *p = cc_alloc(run, arms, sizeof *p);
    if (!L || !p) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    for (size_t i = 0; i < arms; i++) L[i] = (double)(i * i % 17);
    while (cc_loop_next(loop)) relax_tsallis_weights(arms, .1, L, p);
}

typedef void solve(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work);

/* Systems at omega = 1.5; the rate is iterations. */
static void sor(cc_loop *loop, solve *all)
{
    enum { JOBS = 256 };
    const size_t side = (size_t)cc_loop_arg(loop, 0), n = side * side;
    cc_run *run = cc_loop_run(loop, NULL);
    linseq_grid grid;
    linseq_sor_job job[JOBS];
    double *b = cc_alloc(run, n, sizeof *b), *work = NULL;
    if (b && linseq_square(run, side, &grid) == CC_OK)
        work = cc_alloc(run, LINSEQ_SSOR_WORK * grid.size * LINSEQ_LANES, sizeof *work);
    if (!work) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    relax_pattern(n, b);
    int64_t iterations = 0;
    while (cc_loop_next(loop)) {
        for (size_t i = 0; i < JOBS; i++) job[i] = (linseq_sor_job){.b = b, .diag = 4.2, .omega = 1.5};
        all(&grid, 1e-8, JOBS, job, work);
        for (size_t i = 0; i < JOBS; i++) iterations += job[i].iterations;
    }
    cc_loop_items(loop, iterations);
}

static void one_by_one(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work)
{
    for (size_t i = 0; i < jobs; i++) linseq_sor(grid, eps, job + i, work, NULL);
}

static void symmetric_one_by_one(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work)
{
    for (size_t i = 0; i < jobs; i++) linseq_ssor(grid, eps, job + i, work, NULL);
}

static void sor_single(cc_loop *loop) { sor(loop, one_by_one); }
static void sor_lanes(cc_loop *loop) { sor(loop, linseq_sor_batch); }
static void ssor_single(cc_loop *loop) { sor(loop, symmetric_one_by_one); }
static void ssor_lanes(cc_loop *loop) { sor(loop, linseq_ssor_batch); }

/* What iterations save: factorisation and solution, dense. */
static void direct(cc_loop *loop)
{
    const size_t side = (size_t)cc_loop_arg(loop, 0), n = side * side;
    cc_run *run = cc_loop_run(loop, NULL);
    linseq_grid grid;
    double *a = cc_alloc(run, n * n, sizeof *a), *b = cc_alloc(run, n, sizeof *b);
    if (!a || !b || linseq_square(run, side, &grid) != CC_OK) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    while (cc_loop_next(loop)) {
        linseq_dense(&grid, 4.2, 1, a);
        relax_pattern(n, b);
        if (cc_potrf(n, a) == 0) cc_potrs(n, a, b);
    }
}

/* Preconditioned CG from zero, omega = 1.5; the rate is iterations. */
static void pcg(cc_loop *loop)
{
    const size_t side = (size_t)cc_loop_arg(loop, 0);
    cc_run *run = cc_loop_run(loop, NULL);
    linseq_grid grid;
    double *b = cc_alloc(run, side * side, sizeof *b), *padded = NULL;
    if (b && linseq_square(run, side, &grid) == CC_OK) padded = cc_alloc(run, grid.size * (2 + LINSEQ_PCG_WORK), sizeof *padded);
    if (!padded) {
        cc_loop_skip(loop, "no memory");
        return;
    }
    relax_pattern(side * side, b);
    linseq_put(&grid, b, padded);
    double *x = padded + grid.size;
    int64_t iterations = 0;
    while (cc_loop_next(loop)) {
        memset(x, 0, grid.size * sizeof *x);
        iterations += linseq_pcg(&grid, 4.0005, 1, 1.5, 1e-8, padded, x, x + grid.size);
    }
    cc_loop_items(loop, iterations);
}

const cc_bench relax_benches[] = {
    {"Tsallis-INF round", tsallis, NULL, NULL},
    {"ChebCB round", chebcb, NULL, NULL},
    {"Tsallis weights", weights, "5..320*4", "N"},
    {"SOR, one at a time", sor_single, "10 30", NULL},
    {"SOR, in lanes", sor_lanes, "10 30", NULL},
    {"symmetric SOR, one at a time", ssor_single, "10 30", NULL},
    {"symmetric SOR, in lanes", ssor_lanes, "10 30", NULL},
    {"direct solve", direct, "10 20", NULL},
    {"SSOR-preconditioned CG", pcg, "24 49", NULL},
    {0},
};
