/* algorithms/17_mfac/measures.c: what no script shows.
 *
 *   mfac.cost         processor time, flops and memory of each operation of an engine
 *   mfac.precision    F^-1 x against long double arithmetic: naive and push-through, float and double
 *   mfac.convergence  the inverse of m gradients beside that of all of them */
#include <math.h>
#include <string.h>
#include <time.h>

#include "algorithms/17_mfac/mfac.h"
#include "harness/measure.h"
#include "problems/ihvp/ihvp_problem.h"

enum { STREAM_ROWS = 100, STREAM_X, STREAM_PLACES };

static mfac_spec spec_of(const cc_run *run)
{
    return (mfac_spec){.m = (size_t)cc_int(run, "m"), .d = (size_t)cc_int(run, "d"), .lambda = cc_real(run, "lambda")};
}

static cc_status draw_rows(cc_run *run, ihvp_law law, size_t m, size_t d, double **rows)
{
    cc_rng rng = cc_stream(run, STREAM_ROWS, 0);
    CC_NEW(run, *rows, m * d);
    ihvp_draw(&rng, law, m, d, *rows);
    return CC_OK;
}

static cc_status draw_vector(cc_run *run, size_t d, double **x)
{
    cc_rng rng = cc_stream(run, STREAM_X, 0);
    CC_NEW(run, *x, d);
    cc_normal(&rng, d, *x);
    return CC_OK;
}

/* ---- mfac.cost ---- */

typedef enum operation { BUILD, PUSH, PRODUCT, NEWEST, DIAGONAL, ELEMENT, OPERATIONS } operation;
static const char *const ns_columns[] = {"ns_build", "ns_push", "ns_product", "ns_newest", "ns_diagonal", "ns_element"};
static const char *const flop_columns[] = {"flops_build",  "flops_push",     "flops_product",
                                           "flops_newest", "flops_diagonal", "flops_element"};

typedef struct costs {
    mfac_engine *engine;
    double *rows, *x, *out, kept; /* kept: so that no query is optimised away */
    cc_rng places;
} costs;

static int has(const mfac_ops *ops, operation what)
{
    return what == BUILD      ? !!ops->build
           : what == PUSH     ? !!ops->push
           : what == NEWEST   ? !!ops->newest
           : what == DIAGONAL ? !!ops->diagonal
           : what == ELEMENT  ? !!ops->element
                              : 1;
}

enum { ELEMENTS = 256 }; /* one is too short for a clock */

static cc_status act(costs *c, operation what, const size_t *places)
{
    mfac_engine *e = c->engine;
    switch (what) {
    case BUILD:
        return e->ops->build(e, c->rows);
    case PUSH:
        return e->ops->push(e, c->x);
    case PRODUCT:
        e->ops->product(e, c->x, c->out);
        break;
    case NEWEST:
        e->ops->newest(e, c->out);
        break;
    case DIAGONAL:
        e->ops->diagonal(e, c->out);
        break;
    default:
        for (size_t i = 0; i < ELEMENTS; i++) c->kept += e->ops->element(e, places[2 * i], places[2 * i + 1]);
    }
    return CC_OK;
}

/* Of this thread: what else the machine does is not counted, but for its use of caches and memory. */
static double processor_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* The least processor time of a few rounds of calls, and the flops of one call. A round is long enough for the clock. */
static cc_status clock_one(cc_cell *cell, costs *c, operation what)
{
    const cc_run *run = cc_cell_run(cell);
    const size_t calls = what == ELEMENT ? 1 : 1 + (1 << 16) / (c->engine->spec.d * c->engine->spec.m);
    const double per = (double)calls * (what == ELEMENT ? ELEMENTS : 1);
    size_t places[2 * ELEMENTS];
    double best = INFINITY, spent = 0;
    for (int64_t i = 0; i < cc_int(run, "repeats") || (spent < 1e6 * cc_real(run, "least_ms") && i < 10000); i++) {
        for (size_t k = 0; k < 2 * ELEMENTS; k++) places[k] = cc_below(&c->places, c->engine->spec.d);
        const uint64_t flops = c->engine->bill.flops;
        const double from = processor_ns();
        for (size_t k = 0; k < calls; k++) CC_TRY(act(c, what, places));
        const double ns = processor_ns() - from;
        best = fmin(best, ns), spent += ns;
        cc_put(cell, flop_columns[what], (double)(c->engine->bill.flops - flops) / per);
    }
    cc_put(cell, ns_columns[what], best / per);
    return CC_OK;
}

static cc_status cost_one(cc_cell *cell)
{
    cc_run *run = cc_cell_run(cell);
    mfac_spec spec = spec_of(run);
    costs c = {.places = cc_stream(run, STREAM_PLACES, 0)};
    spec.storage = (mfac_storage)cc_choice(run, "storage"), spec.block = (size_t)cc_int(run, "block");
    CC_TRY(draw_rows(run, IHVP_NORMAL, spec.m, spec.d, &c.rows));
    CC_TRY(draw_vector(run, spec.d, &c.x));
    CC_NEW(run, c.out, spec.d);
    CC_TRY(mfac_create(run, (mfac_kind)cc_choice(run, "engine"), &spec, &c.engine));
    for (operation what = BUILD; what < OPERATIONS; what++)
        if (has(c.engine->ops, what)) CC_TRY(clock_one(cell, &c, what));
    cc_put(cell, "words", (double)c.engine->bill.words);
    cc_emit(cell);
    return isnan(c.kept) ? cc_fail(run, CC_ENUMERIC, "an element is not a number") : CC_OK;
}

static cc_status cost_run(cc_cell *cell)
{
    while (cc_replicate(cell)) CC_TRY(cost_one(cell));
    return CC_OK;
}

/* clang-format off */
#define SIZES(of_d, of_m) { "d", CC_INT, of_d, 1, 1e9, .doc = "dimension" }, { "m", CC_INT, of_m, 1, 1e5, .doc = "gradients" }, \
                          { "lambda", CC_REAL, "1e-2", 0, 1e300, .doc = "damping" }
/* clang-format on */

const cc_measure mfac_cost = {
    .id = "mfac.cost",
    .run = cost_run,
    .params = CC_LIST(cc_param, SIZES("10000", "64"), {"engine", CC_CHOICE, "static", .choices = MFAC_ENGINES, .doc = "which"},
                      {"storage", CC_CHOICE, "double", .choices = MFAC_STORAGES, .doc = "of the gradients"},
                      {"block", CC_INT, "0", 0, 1e9, .doc = "coordinates of a diagonal block; 0: all in one"},
                      {"repeats", CC_INT, "3", 1, 1e6, .doc = "calls of each operation at least"},
                      {"least_ms", CC_REAL, "20", 0, 1e6, .doc = "and as long"}),
    .columns = CC_LIST(cc_column, {"ns_build", "ns", "a window, least of the calls"}, {"ns_push", "ns", "one gradient replaced"},
                       {"ns_product", "ns", "F^-1 x"}, {"ns_newest", "ns", "F^-1 of the newest gradient"},
                       {"ns_diagonal", "ns", "the diagonal"}, {"ns_element", "ns", "an element at a random place"},
                       {"flops_build", "", "counted by the kernels"}, {"flops_push", "", "counted by the kernels"},
                       {"flops_product", "", "counted by the kernels"}, {"flops_newest", "", "counted by the kernels"},
                       {"flops_diagonal", "", "counted by the kernels"}, {"flops_element", "", "counted by the kernels"},
                       {"words", "", "numbers of 8 bytes kept"}),
};

/* ---- mfac.precision ---- */

typedef struct precise {
    size_t m, d;
    double lambda;
    const double *g;    /* m x d, values of floats */
    long double *k, *c; /* m x m: lambda I + S/m, then its Cholesky factor; m */
} precise;

static void precise_factor(precise *p)
{
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j <= i; j++) {
            long double sum = 0;
            for (size_t t = 0; t < p->d; t++) sum += (long double)p->g[i * p->d + t] * (long double)p->g[j * p->d + t];
            sum = sum / (long double)p->m + (i == j ? (long double)p->lambda : 0);
            for (size_t t = 0; t < j; t++) sum -= p->k[i * p->m + t] * p->k[j * p->m + t];
            p->k[i * p->m + j] = i == j ? sqrtl(sum) : sum / p->k[j * p->m + j];
        }
}

static void precise_solve(precise *p)
{
    for (size_t i = 0; i < p->m; i++) {
        for (size_t j = 0; j < i; j++) p->c[i] -= p->k[i * p->m + j] * p->c[j];
        p->c[i] /= p->k[i * p->m + i];
    }
    for (size_t i = p->m; i-- > 0;) {
        for (size_t j = i + 1; j < p->m; j++) p->c[i] -= p->k[j * p->m + i] * p->c[j];
        p->c[i] /= p->k[i * p->m + i];
    }
}

/* |got - F^-1 x| / |F^-1 x|; x NULL: the last gradient, by push-through */
static double precise_error(precise *p, const double *x, const double *got)
{
    long double wrong = 0, size = 0;
    for (size_t i = 0; i < p->m; i++) {
        p->c[i] = x || i + 1 < p->m ? 0 : 1;
        for (size_t t = 0; x && t < p->d; t++) p->c[i] += (long double)p->g[i * p->d + t] * (long double)x[t];
    }
    precise_solve(p);
    for (size_t t = 0; t < p->d; t++) {
        long double sum = 0;
        for (size_t i = 0; i < p->m; i++) sum += (long double)p->g[i * p->d + t] * p->c[i];
        if (x) sum = ((long double)x[t] - sum / (long double)p->m) / (long double)p->lambda;
        wrong += (sum - (long double)got[t]) * (sum - (long double)got[t]);
        size += sum * sum;
    }
    return (double)sqrtl(wrong / size);
}

static cc_status precision_one(cc_cell *cell)
{
    cc_run *run = cc_cell_run(cell);
    mfac_spec spec = spec_of(run);
    precise p = {.m = spec.m, .d = spec.d, .lambda = spec.lambda};
    mfac_engine *e;
    double *rows, *x, *out;
    CC_TRY(draw_rows(run, IHVP_NORMAL, spec.m, spec.d, &rows));
    CC_TRY(draw_vector(run, spec.d, &x));
    CC_NEW(run, out, spec.d);
    CC_NEW(run, p.k, spec.m * spec.m);
    CC_NEW(run, p.c, spec.m);
    for (size_t i = 0; i < spec.m * spec.d; i++) rows[i] = (double)(float)rows[i];
    p.g = rows;
    spec.storage = (mfac_storage)cc_choice(run, "storage"), spec.naive = cc_choice(run, "solve") == MFAC_SOLVE_NAIVE;
    CC_TRY(mfac_create(run, (mfac_kind)cc_choice(run, "engine"), &spec, &e));
    CC_TRY(mfac_build(e, rows));
    precise_factor(&p);
    e->ops->newest(e, out);
    cc_put(cell, "error_span", precise_error(&p, NULL, out));
    e->ops->product(e, x, out);
    cc_put(cell, "error_large", precise_error(&p, x, out));
    cc_emit(cell);
    return CC_OK;
}

static cc_status precision_run(cc_cell *cell)
{
    while (cc_replicate(cell)) CC_TRY(precision_one(cell));
    return CC_OK;
}

const cc_measure mfac_precision = {
    .id = "mfac.precision",
    .run = precision_run,
    .params = CC_LIST(cc_param, SIZES("2000", "64"), {"engine", CC_CHOICE, "dynamic", .choices = MFAC_ENGINES, .doc = "which"},
                      {"storage", CC_CHOICE, "double", .choices = MFAC_STORAGES, .doc = "of the gradients"},
                      {"solve", CC_CHOICE, "push", .choices = MFAC_SOLVES, .doc = "of the dynamic engine"}),
    .columns = CC_LIST(cc_column, {"error_span", "", "relative error of F^-1 g, g the newest gradient"},
                       {"error_large", "", "relative error of F^-1 x, x a normal vector"}),
};

/* ---- mfac.convergence ---- */

static double apart(size_t d, const double *x, const double *y)
{
    double wrong = 0, size = 0;
    for (size_t i = 0; i < d; i++) wrong += (x[i] - y[i]) * (x[i] - y[i]), size += y[i] * y[i];
    return sqrt(wrong / size);
}

/* The pool's first m gradients (those of a batch of `distinct`, again and again) and all of the pool. */
static cc_status convergence_one(cc_cell *cell)
{
    cc_run *run = cc_cell_run(cell);
    mfac_spec some = spec_of(run), all = some;
    const size_t d = some.d, distinct = (size_t)cc_int(run, "distinct");
    mfac_engine *few, *many;
    double *pool, *rows, *x, *a, *b, sum = 0;
    cc_rng rng = cc_stream(run, STREAM_X, 0);
    all.m = (size_t)cc_int(run, "pool");
    if (some.m > all.m) return cc_fail(run, CC_EINVAL, "m=%zu of a pool of %zu", some.m, all.m);
    CC_TRY(draw_rows(run, IHVP_SPECTRUM, all.m, d, &pool));
    CC_NEW(run, rows, some.m * d);
    CC_NEW(run, x, d);
    CC_NEW(run, a, d);
    CC_NEW(run, b, d);
    for (size_t i = 0; i < some.m; i++) memcpy(rows + i * d, pool + (distinct ? i % distinct : i) * d, d * sizeof *rows);
    CC_TRY(mfac_create(run, MFAC_STATIC, &some, &few));
    CC_TRY(mfac_create(run, MFAC_DENSE, &all, &many));
    CC_TRY(mfac_build(few, rows));
    CC_TRY(mfac_build(many, pool));
    const int64_t vectors = cc_int(run, "vectors");
    for (int64_t k = 0; k < vectors; k++) {
        cc_normal(&rng, d, x);
        few->ops->product(few, x, a);
        many->ops->product(many, x, b);
        sum += apart(d, a, b) / (double)vectors;
    }
    cc_put(cell, "distance", sum);
    cc_emit(cell);
    return CC_OK;
}

static cc_status convergence_run(cc_cell *cell)
{
    while (cc_replicate(cell)) CC_TRY(convergence_one(cell));
    return CC_OK;
}

const cc_measure mfac_convergence = {
    .id = "mfac.convergence",
    .run = convergence_run,
    .params = CC_LIST(cc_param, SIZES("30", "64"), {"pool", CC_INT, "4096", 1, 1e7, .doc = "gradients in all"},
                      {"vectors", CC_INT, "10", 1, 1e6, .doc = "normal vectors that products are compared for"},
                      {"distinct", CC_INT, "0", 0, 1e7, .doc = "different gradients among the m; 0: all"}),
    .columns = CC_LIST(cc_column, {"distance", "", "mean of |F_m^-1 x - F^-1 x| / |F^-1 x|"}),
};
