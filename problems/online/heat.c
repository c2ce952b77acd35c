/* problems/online/heat.c: `online.heat`. The heat equation with a coefficient kappa(t) on the unit square, Crank-Nicolson: every
 * time step is a linear system, solved by conjugate gradients with the SSOR preconditioner from the last step's solution. The
 * learner chooses omega; what it has solved is the next step's start. */
#include <math.h>
#include <stdio.h>

#include "problems/online/problems.h"
#include "problems/online/sequence.h"

static const double pi = 3.14159265358979323846;

typedef struct heat {
    sequence_instance head;
    linseq_grid grid;
    double dt, eps;
    int plain; /* no preconditioner: omega does not matter */
} heat;

typedef struct simulation {
    double *u, *b, *work; /* padded: temperature, right-hand side */
} simulation;

/* As long as one and the same arm of the table is played, the table has the iterations and the simulation stays behind. */
typedef struct heat_env {
    online_env base;
    simulation now;
    size_t simulated; /* steps of `now` */
    size_t arm;       /* of all rounds so far; NONE: there were several, or an omega that is not in the table */
    double *total;    /* of each arm */
} heat_env;

enum { NONE = SIZE_MAX };

static double kappa(double t) { return fmax(.1 * sin(2 * pi * t), -10 * sin(2 * pi * t)); }

/* u += height bump(x; centre, radius), bump = exp(1 - 1/(1 - |x - centre|^2 / radius^2)) inside the circle */
static void add_bump(const linseq_grid *grid, double cx, double cy, double radius, double height, double *u)
{
    const double dx = 1 / (double)(grid->rows + 1);
    const double low = fmax(0, floor((cy - radius) / dx) - 1), high = fmin((double)grid->rows, ceil((cy + radius) / dx) + 1);
    for (size_t o = 0; o < grid->rows; o++) {
        const double x = (double)(o + 1) * dx - cx;
        if (fabs(x) >= radius) continue;
        for (size_t i = (size_t)low; i < (size_t)high; i++) {
            const double y = (double)(i + 1) * dx - cy, s = (x * x + y * y) / (radius * radius);
            if (s < 1) u[(o + 1) * grid->stride + i + 1] += height * exp(1 - 1 / (1 - s));
        }
    }
}

static cc_status simulation_open(cc_run *scope, const heat *p, simulation *s)
{
    CC_NEW(scope, s->u, p->grid.size);
    CC_NEW(scope, s->b, p->grid.size);
    CC_NEW(scope, s->work, LINSEQ_PCG_WORK * p->grid.size);
    add_bump(&p->grid, .5, .5, .25, 1, s->u);
    return CC_OK;
}

/* Time step t: (I - kappa dt/2 Lap) u+ = (I + kappa dt/2 Lap) u + dt f, kappa and f in the middle of the step. */
static uint32_t simulation_step(const heat *p, simulation *s, size_t t, double omega)
{
    const double dx = 1 / (double)(p->grid.rows + 1), middle = ((double)t + .5) * p->dt;
    const double off = .5 * kappa(middle) * p->dt / (dx * dx);
    linseq_apply(&p->grid, 1 - 4 * off, -off, s->u, s->b);
    add_bump(&p->grid, .5 + cos(16 * pi * middle) / 4, .5 + sin(16 * pi * middle) / 4, .125, 32 * p->dt, s->b);
    return linseq_pcg(&p->grid, 1 + 4 * off, off, p->plain ? 0 : omega, p->eps, s->b, s->u, s->work);
}

static cc_status make_table(cc_run *scope, const void *arg, void **data, size_t *bytes)
{
    const heat *p = arg;
    const sequence_table *table = &p->head.table;
    double *row;
    CC_NEW(scope, row, table->T * table->columns);
    for (size_t i = 0; i < table->arms; i++) {
        simulation s;
        CC_TRY(simulation_open(scope, p, &s));
        for (size_t t = 0; t < table->T; t++) {
            row[t * table->columns] = kappa((double)t * p->dt);
            row[t * table->columns + 1 + i] = simulation_step(p, &s, t, sequence_arm(table, i));
        }
    }
    *data = row, *bytes = table->T * table->columns * sizeof *row;
    return CC_OK;
}

static cc_status find_table(cc_run *scope, heat *p)
{
    char key[256];
    const void *data;
    size_t bytes;
    snprintf(key, sizeof key, "online.heat table nx=%zu T=%zu dt=%.17g eps=%.17g grid=%.17g:%.17g:%zu plain=%d", p->grid.rows + 1,
             p->head.table.T, p->dt, p->eps, p->head.table.low, p->head.table.high, p->head.table.arms, p->plain);
    CC_TRY(cc_artefact(scope, key, make_table, p, &data, &bytes));
    if (bytes != p->head.table.T * p->head.table.columns * sizeof(double))
        return cc_fail(scope, CC_EDATA, "the table has %zu bytes", bytes);
    p->head.table.row = data;
    return CC_OK;
}

static double heat_context(const cc_oracle *o)
{
    return kappa((double)((const online_env *)o->env)->t * ((const heat *)o->instance)->dt);
}

static void catch_up(const heat *p, heat_env *e)
{
    for (; e->simulated < e->base.t; e->simulated++)
        simulation_step(p, &e->now, e->simulated, sequence_arm(&p->head.table, e->arm));
}

static uint64_t solve(const heat *p, heat_env *e, const double *row, double omega)
{
    const double low = p->head.table.low, width = p->head.table.high - low, last = (double)(p->head.table.arms - 1);
    const double nearest = fmin(fmax(round((omega - low) / width * last), 0), last);
    const size_t arm = omega == sequence_arm(&p->head.table, (size_t)nearest) ? (size_t)nearest : NONE;
    if (e->base.t == 0) e->arm = arm;
    if (arm != NONE && arm == e->arm) return (uint64_t)row[1 + arm];
    if (e->arm != NONE) catch_up(p, e);
    e->arm = NONE, e->simulated++;
    return simulation_step(p, &e->now, e->base.t, omega);
}

static double heat_play(const cc_oracle *o, const double *x, double *g, uint64_t *iterations)
{
    const heat *p = o->instance;
    heat_env *e = o->env;
    const double *row = p->head.table.row + e->base.t * p->head.table.columns;
    double least = INFINITY;
    (void)g;
    *iterations = solve(p, e, row, x[0]);
    for (size_t i = 0; i < p->head.table.arms; i++) {
        e->total[i] += row[1 + i];
        least = fmin(least, row[1 + i]);
    }
    e->base.best_each += least;
    return (double)*iterations;
}

static double heat_best_fixed(const cc_oracle *o)
{
    const heat *p = o->instance;
    const heat_env *e = o->env;
    double least = INFINITY;
    for (size_t i = 0; i < p->head.table.arms; i++) least = fmin(least, e->total[i]);
    return least;
}

double online_heat_norm(const cc_oracle *o, const void *candidate)
{
    const heat *p = o->instance;
    heat_env *e = o->env;
    double sum = 0;
    (void)candidate;
    catch_up(p, e);
    for (size_t i = 0; i < p->grid.size; i++) sum += e->now.u[i] * e->now.u[i];
    return sqrt(sum);
}

const online_ops online_heat_ops = {heat_context, heat_play, heat_best_fixed};

cc_status online_heat_create(cc_run *scope, void **instance)
{
    const size_t T = (size_t)cc_int(scope, "T"), arms = (size_t)cc_int(scope, "arms"), nx = (size_t)cc_int(scope, "nx");
    heat *p;
    CC_NEW(scope, p, 1);
    p->head.base = (online_instance){
        .domain = {ONLINE_BOX, 1, .01, 1.99}, .caps = ONLINE_CONTEXT, .T = T, .context_low = INFINITY, .context_high = -INFINITY};
    p->head.table =
        (sequence_table){.T = T, .arms = arms, .columns = arms + 1, .low = cc_real(scope, "low"), .high = cc_real(scope, "high")};
    p->dt = cc_real(scope, "dt"), p->eps = cc_real(scope, "eps"), p->plain = cc_choice(scope, "solver");
    if (!(p->head.table.low < p->head.table.high))
        return cc_fail(scope, CC_EINVAL, "the grid [%g, %g] is empty", p->head.table.low, p->head.table.high);
    for (size_t t = 0; t < 5000; t++) { /* the range of kappa over its period, seen from a grid as in the published experiments */
        p->head.base.context_low = fmin(p->head.base.context_low, kappa((double)t * 5 / 4999));
        p->head.base.context_high = fmax(p->head.base.context_high, kappa((double)t * 5 / 4999));
    }
    CC_TRY(linseq_square(scope, nx - 1, &p->grid));
    CC_TRY(find_table(scope, p));
    *instance = p;
    CC_TRY(cc_publish(scope, CC_TOLD, "loss_max", LINSEQ_CAP));
    CC_TRY(cc_publish(scope, CC_TOLD, "loss_min", 1)); /* the forcing keeps the start from being a solution */
    CC_TRY(cc_publish(scope, CC_TOLD, "n", (double)p->grid.n));
    return online_publish(scope, &p->head.base);
}

cc_status online_heat_begin(cc_run *scope, const void *instance, void **env)
{
    const heat *p = instance;
    heat_env *e;
    CC_NEW(scope, e, 1);
    CC_NEW(scope, e->total, p->head.table.arms);
    CC_TRY(simulation_open(scope, p, &e->now));
    *env = e;
    return online_begin(scope, &p->head.base, &e->base);
}
