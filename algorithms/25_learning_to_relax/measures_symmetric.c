/* algorithms/25_learning_to_relax/measures_symmetric.c: how symmetric SOR minds a change of omega; see measures.h.
 *
 * Iterations are whole numbers and jump. The paper's analysis of stochastic right-hand sides rests on the jumps being spread: given
 * omega, those b that jump between omega and omega + h are few in proportion to h, so that on average over b the change is at most
 * L h. For one b there is no such bound. */
#include <math.h>

#include "algorithms/25_learning_to_relax/measures.h"
#include "harness/measure.h"
#include "problems/online/linseq.h"
#include "problems/online/variates.h"

static const double steps[] = {.1, .03, .01, .003, .001};
enum { STEPS = sizeof steps / sizeof *steps, MAX_DRAWS = 4096 };

typedef struct smooth {
    linseq_grid grid;
    size_t draws;
    double c, omega;
    double *b, *work;
    linseq_sor_job *job;
} smooth;

static cc_status smooth_open(cc_run *scope, smooth *s)
{
    const size_t side = (size_t)cc_int(scope, "side"), n = side * side;
    cc_rng rng = cc_stream(scope, 120, 0);
    s->draws = cc_choice(scope, "rhs") == 1 ? 1 : (size_t)cc_int(scope, "draws");
    s->c = -.15 + .6 * cc_uniform(&rng), s->omega = 1 + .85 * cc_uniform(&rng);
    CC_TRY(linseq_square(scope, side, &s->grid));
    CC_NEW(scope, s->b, s->draws * n);
    CC_NEW(scope, s->work, LINSEQ_SSOR_WORK * s->grid.size * LINSEQ_LANES);
    CC_NEW(scope, s->job, s->draws * (STEPS + 1));
    for (size_t i = 0; i < s->draws; i++) online_truncated_normal(&rng, n, s->b + i * n);
    return CC_OK;
}

static double iterations_at(const smooth *s, double omega)
{
    linseq_sor_job job = {.b = s->b, .diag = 4 + s->c, .omega = omega};
    linseq_ssor(&s->grid, 1e-8, &job, s->work, NULL);
    return job.iterations;
}

/* Puts omega just before the next one where the iterations for the first b change. */
static void seek_jump(smooth *s)
{
    const double here = iterations_at(s, s->omega);
    double after = s->omega;
    do after += .001;
    while (iterations_at(s, after) == here && after < 1.95); /* NOLINT: counts */
    while (after - s->omega > 1e-6) {
        const double middle = (s->omega + after) / 2;
        *(iterations_at(s, middle) == here ? &s->omega : &after) = middle; /* NOLINT: counts */
    }
}

static cc_status smooth_seed(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    smooth s = {0};
    CC_TRY(smooth_open(scope, &s));
    if (cc_choice(scope, "rhs") == 1) seek_jump(&s);
    for (size_t i = 0; i < s.draws * (STEPS + 1); i++) {
        const size_t h = i % (STEPS + 1);
        s.job[i] =
            (linseq_sor_job){.b = s.b + i / (STEPS + 1) * s.grid.n, .diag = 4 + s.c, .omega = s.omega + (h < STEPS ? steps[h] : 0)};
    }
    linseq_ssor_batch(&s.grid, 1e-8, s.draws * (STEPS + 1), s.job, s.work);
    for (size_t h = 0; h < STEPS; h++) {
        double change = 0;
        for (size_t i = 0; i < s.draws; i++) {
            const linseq_sor_job *job = s.job + i * (STEPS + 1);
            change += fabs((double)job[h].iterations - (double)job[STEPS].iterations) / (double)s.draws;
        }
        cc_put(cell, "h", steps[h]);
        cc_put(cell, "shift", s.c);
        cc_put(cell, "omega", s.omega);
        cc_put(cell, "change", change);
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status smooth_run(cc_cell *cell) { return cc_each_seed(cell, smooth_seed); }

const cc_measure relax_smooth = {
    .id = "relax.smooth",
    .run = smooth_run,
    .params = CC_LIST(cc_param, {"side", CC_INT, "10", 2, 10, .doc = "points on a side of the square"},
                      {"rhs", CC_CHOICE, "random", .choices = "random jump",
                       .doc = "mean over truncated normals; or one of them, at an omega where its iterations jump"},
                      {"draws", CC_INT, "2000", 1, MAX_DRAWS, .doc = "right-hand sides of the mean"}),
    .columns = CC_LIST(cc_column, {"h", "", "change of omega"}, {"shift", "", "c, uniform on [-.15, .45]"},
                       {"omega", "", "uniform on [1, 1.85]; or a jump"}, {"change", "", "mean |k(omega + h) - k(omega)|"}),
};
