/* problems/online/sequence.c: `online.sor`. Round t asks for A + c_t I, b_t to be solved by SOR, plain or symmetric; the learner
 * chooses omega, the loss is the number of iterations. A is the 5-point Laplacian of a square (diagonal 4). */
#include "problems/online/sequence.h"

#include <math.h>
#include <stdio.h>

#include "problems/online/problems.h"
#include "problems/online/variates.h"

enum { SHIFT = 1, RHS, OTHER_SHIFT, EXPECTED_RHS }; /* streams */

/* Expected iterations of symmetric SOR: shifts between which they are interpolated, right-hand sides that each mean is over. */
enum { PLACES = 33, DRAWS = 32 };

static const double pi = 3.14159265358979323846;
static const double diagonal = 4, shift_low = -.15, shift_span = .6;

typedef struct sequence {
    sequence_instance head;
    linseq_grid grid;
    const cc_run *scope;
    double eps, jacobi;
    int law, unrelated; /* unrelated: contexts say nothing of the systems */
    int symmetric;
} sequence;

typedef struct sequence_env {
    online_env base;
    double *total; /* of each arm */
    double *b, *work;
} sequence_env;

const sequence_table *sequence_table_of(const cc_oracle *o) { return &((const sequence_instance *)o->instance)->table; }
double sequence_arm(const sequence_table *table, size_t i)
{
    return table->low + (table->high - table->low) * (double)i / (double)(table->arms - 1);
}

static double shift_from(const cc_run *scope, int law, uint32_t stream, size_t t)
{
    cc_rng rng = cc_stream(scope, stream, t);
    return shift_low + shift_span * (law == 0 ? online_beta(&rng, 2, 6) : online_beta(&rng, .5, 1.5));
}

double sequence_shift(const cc_run *scope, int law, size_t t) { return shift_from(scope, law, SHIFT, t); }

void sequence_rhs(const cc_run *scope, size_t n, size_t t, double *b)
{
    cc_rng rng = cc_stream(scope, RHS, t);
    online_truncated_normal(&rng, n, b);
}

static double best_omega(const sequence *p, double c) { return linseq_young(p->jacobi * diagonal / (diagonal + c)); }

/* ---- symmetric SOR: there is no formula for its best omega ---- */

static double place(size_t j) { return shift_low + shift_span * (double)j / (PLACES - 1); }

/* Mean iterations of every arm at every place, all over the same right-hand sides. */
static cc_status expect(cc_run *scope, const sequence *p, double *work, double *mean)
{
    const size_t n = p->grid.n, arms = p->head.table.arms;
    linseq_sor_job *jobs;
    double *b;
    CC_NEW(scope, b, DRAWS * n);
    CC_NEW(scope, jobs, PLACES * arms * DRAWS);
    for (size_t i = 0; i < DRAWS; i++) {
        cc_rng rng = cc_stream(scope, EXPECTED_RHS, i);
        online_truncated_normal(&rng, n, b + i * n);
    }
    for (size_t k = 0; k < PLACES * arms * DRAWS; k++)
        jobs[k] = (linseq_sor_job){.b = b + k % DRAWS * n,
                                   .diag = diagonal + place(k / DRAWS / arms),
                                   .omega = sequence_arm(&p->head.table, k / DRAWS % arms)};
    linseq_ssor_batch(&p->grid, p->eps, PLACES * arms * DRAWS, jobs, work);
    for (size_t k = 0; k < PLACES * arms * DRAWS; k++) mean[k / DRAWS] += jobs[k].iterations / (double)DRAWS;
    return CC_OK;
}

/* The arm whose expected iterations at shift c are fewest. */
static size_t best_arm(size_t arms, const double *mean, double c)
{
    const double at = (c - shift_low) / shift_span * (PLACES - 1), j = fmin(floor(at), PLACES - 2), part = at - j;
    const double *low = mean + (size_t)j * arms, *high = low + arms;
    size_t best = 0;
    for (size_t i = 1; i < arms; i++)
        if ((1 - part) * low[i] + part * high[i] < (1 - part) * low[best] + part * high[best]) best = i;
    return best;
}

/* ---- the table ---- */

/* Contexts, and the arms' iterations; for SOR those with the best omega. */
static void fill(const sequence *p, const double *b, linseq_sor_job *jobs, double *work, double *row)
{
    const sequence_table *table = &p->head.table;
    const size_t each = table->arms + !p->symmetric;
    for (size_t t = 0; t < table->T; t++)
        for (size_t i = 0; i < each; i++) {
            const double c = row[t * table->columns];
            jobs[t * each + i] = (linseq_sor_job){
                .b = b + t * p->grid.n, .diag = diagonal + c, .omega = i < table->arms ? sequence_arm(table, i) : best_omega(p, c)};
        }
    (p->symmetric ? linseq_ssor_batch : linseq_sor_batch)(&p->grid, p->eps, table->T * each, jobs, work);
    for (size_t t = 0; t < table->T; t++)
        for (size_t i = 0; i < each; i++) row[t * table->columns + 1 + i] = jobs[t * each + i].iterations;
}

static cc_status make_table(cc_run *scope, const void *arg, void **data, size_t *bytes)
{
    const sequence *p = arg;
    const sequence_table *table = &p->head.table;
    const size_t n = p->grid.n, arms = table->arms;
    linseq_sor_job *jobs;
    double *row, *b, *work, *mean;
    CC_NEW(scope, row, table->T * table->columns);
    CC_NEW(scope, jobs, table->T * (arms + 1));
    CC_NEW(scope, b, table->T * n);
    CC_NEW(scope, work, LINSEQ_SSOR_WORK * p->grid.size * LINSEQ_LANES);
    for (size_t t = 0; t < table->T; t++) {
        row[t * table->columns] = sequence_shift(scope, p->law, t);
        sequence_rhs(scope, n, t, b + t * n);
    }
    fill(p, b, jobs, work, row);
    if (p->symmetric) {
        CC_NEW(scope, mean, PLACES * arms);
        CC_TRY(expect(scope, p, work, mean));
        for (size_t t = 0; t < table->T; t++) {
            double *r = row + t * table->columns;
            r[1 + arms] = r[1 + best_arm(arms, mean, r[0])];
        }
    }
    *data = row, *bytes = table->T * table->columns * sizeof *row;
    return CC_OK;
}

static cc_status find_table(cc_run *scope, sequence *p)
{
    char key[256];
    const void *data;
    size_t bytes;
    snprintf(key, sizeof key, "online.%s table side=%zu law=%d T=%zu eps=%.17g grid=%.17g:%.17g:%zu seed=%llu",
             p->symmetric ? "ssor" : "sor", p->grid.rows, p->law, p->head.table.T, p->eps, p->head.table.low, p->head.table.high,
             p->head.table.arms, (unsigned long long)cc_seed(scope));
    CC_TRY(cc_artefact(scope, key, make_table, p, &data, &bytes));
    if (bytes != p->head.table.T * p->head.table.columns * sizeof(double))
        return cc_fail(scope, CC_EDATA, "the table has %zu bytes", bytes);
    p->head.table.row = data;
    return CC_OK;
}

/* ---- a round ---- */

static double sequence_context(const cc_oracle *o)
{
    const sequence *p = o->instance;
    const size_t t = ((const online_env *)o->env)->t;
    return p->unrelated ? shift_from(p->scope, p->law, OTHER_SHIFT, t) : p->head.table.row[t * p->head.table.columns];
}

/* An omega of the grid and SOR's best one are in the table; any other is solved. */
static double iterations_of(const sequence *p, sequence_env *e, const double *row, double omega)
{
    const sequence_table *table = &p->head.table;
    const double place = (omega - table->low) / (table->high - table->low) * (double)(table->arms - 1), nearest = round(place);
    if (nearest >= 0 && nearest < (double)table->arms && fabs(place - nearest) < 1e-9) return row[1 + (size_t)nearest];
    if (!p->symmetric && fabs(omega - best_omega(p, row[0])) < 1e-12) return row[1 + table->arms];
    linseq_sor_job job = {.b = e->b, .diag = diagonal + row[0], .omega = omega};
    sequence_rhs(p->scope, p->grid.n, e->base.t, e->b);
    (p->symmetric ? linseq_ssor : linseq_sor)(&p->grid, p->eps, &job, e->work, NULL);
    return job.iterations;
}

static double sequence_play(const cc_oracle *o, const double *x, double *g, uint64_t *iterations)
{
    const sequence *p = o->instance;
    sequence_env *e = o->env;
    const double *row = p->head.table.row + e->base.t * p->head.table.columns, k = iterations_of(p, e, row, x[0]);
    (void)g;
    for (size_t i = 0; i < p->head.table.arms; i++) e->total[i] += row[1 + i];
    e->base.best_each += row[1 + p->head.table.arms];
    *iterations = (uint64_t)k;
    return k;
}

static double sequence_best_fixed(const cc_oracle *o)
{
    const sequence *p = o->instance;
    const sequence_env *e = o->env;
    double least = INFINITY;
    for (size_t i = 0; i < p->head.table.arms; i++) least = fmin(least, e->total[i]);
    return least;
}

const online_ops online_sor_ops = {sequence_context, sequence_play, sequence_best_fixed};

cc_status online_sor_create(cc_run *scope, void **instance)
{
    const size_t T = (size_t)cc_int(scope, "T"), arms = (size_t)cc_int(scope, "arms"), side = (size_t)cc_int(scope, "side");
    double largest = 0;
    sequence *p;
    CC_NEW(scope, p, 1);
    p->head.base =
        (online_instance){.domain = {ONLINE_BOX, 1, .01, 1.99},
                          .caps = ONLINE_CONTEXT,
                          .T = T,
                          .context_low = shift_low,
                          .context_high = shift_low + .8}; /* wider than what is drawn, as in the published experiments */
    p->head.table =
        (sequence_table){.T = T, .arms = arms, .columns = arms + 2, .low = cc_real(scope, "low"), .high = cc_real(scope, "high")};
    p->scope = scope, p->eps = cc_real(scope, "eps"), p->law = cc_choice(scope, "law"), p->unrelated = cc_choice(scope, "context");
    p->symmetric = cc_choice(scope, "solver");
    p->jacobi = cos(pi / (double)(side + 1));
    if (diagonal * (1 - p->jacobi) <= -shift_low)
        return cc_fail(scope, CC_EINVAL, "side = %zu: with a shift of %g the matrix is not positive definite", side, shift_low);
    if (!(p->head.table.low < p->head.table.high))
        return cc_fail(scope, CC_EINVAL, "the grid [%g, %g] is empty", p->head.table.low, p->head.table.high);
    CC_TRY(linseq_square(scope, side, &p->grid));
    CC_TRY(find_table(scope, p));
    for (size_t t = 0; t < T; t++)
        for (size_t i = 0; i < arms; i++) largest = fmax(largest, p->head.table.row[t * p->head.table.columns + 1 + i]);
    *instance = p;
    if (!p->symmetric) { /* they tell the best omega of SOR */
        CC_TRY(cc_publish(scope, CC_TOLD, "diagonal", diagonal));
        CC_TRY(cc_publish(scope, CC_TOLD, "jacobi", p->jacobi));
    }
    CC_TRY(cc_publish(scope, CC_TOLD, "loss_max", largest));
    CC_TRY(cc_publish(scope, CC_TOLD, "loss_min", 1));
    CC_TRY(cc_publish(scope, CC_TOLD, "n", (double)p->grid.n));
    return online_publish(scope, &p->head.base);
}

cc_status online_sor_begin(cc_run *scope, const void *instance, void **env)
{
    const sequence *p = instance;
    sequence_env *e;
    CC_NEW(scope, e, 1);
    CC_NEW(scope, e->total, p->head.table.arms);
    CC_NEW(scope, e->b, p->grid.n);
    CC_NEW(scope, e->work, LINSEQ_SSOR_WORK * p->grid.size);
    *env = e;
    return online_begin(scope, &p->head.base, &e->base);
}
