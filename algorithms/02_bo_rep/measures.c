/* algorithms/02_bo_rep/measures.c: see measures.h. */
#include "algorithms/02_bo_rep/measures.h"

#include <math.h>
#include <stdio.h>

#include "algorithms/02_bo_rep/borep.h"
#include "harness/measure.h"
#include "harness/numerics/linalg.h"
#include "problems/bilevel/bilevel_problem.h"

/* ---- pairs: |grad Phi(x) - grad Phi(x')| against |x - x'| within a radius ---- */

/* v <- a point of the ball of this radius, uniform. */
static void in_ball(cc_rng *rng, size_t d, double radius, double *v)
{
    cc_normal(rng, d, v);
    cc_scale(d, radius * pow(cc_uniform(rng), 1 / (double)d) / cc_norm(d, v), v);
}

static cc_status pairs_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell), *run;
    double *x, *step, *there, *g, *g_there;
    CC_TRY(cc_referee(cell, NULL, &run));
    const size_t d = bilevel_dx(run);
    double **const vectors[] = {&x, &step, &there, &g, &g_there};
    for (int i = 0; i < 5; i++) CC_NEW(scope, *vectors[i], d);
    cc_rng rng = cc_stream(scope, 100, 0);
    for (int64_t pair = cc_int(scope, "pairs"); pair-- > 0;) {
        in_ball(&rng, d, cc_real(scope, "radius"), x);
        in_ball(&rng, d, cc_real(scope, "apart"), step);
        for (size_t j = 0; j < d; j++) there[j] = x[j] + step[j];
        bilevel_referee(cc_oracle_of(run), x, NULL, g);
        bilevel_referee(cc_oracle_of(run), there, NULL, g_there);
        cc_put(cell, "grad", cc_norm(d, g));
        cc_axpy(d, -1, g, g_there);
        cc_put(cell, "slope", cc_norm(d, g_there) / cc_norm(d, step));
        cc_put(cell, "C", cc_known(cc_oracle_of(run), "C"));
        cc_put(cell, "mu", cc_known(cc_oracle_of(run), "mu"));
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status pairs_run(cc_cell *cell) { return cc_each_seed(cell, pairs_replicate); }

const cc_measure borep_pairs = {
    .id = "borep.pairs",
    .run = pairs_run,
    .params = CC_LIST(cc_param, {"pairs", CC_INT, "1000", 1, 1e7, .doc = "pairs a seed"},
                      {"radius", CC_REAL, "8", 0, 1e3, .doc = "of the ball that x is drawn from"},
                      {"apart", CC_REAL, "0.4410962226", 1e-9, 1e3, .doc = "greatest distance of a pair"}),
    .columns = CC_LIST(cc_column, {"grad", "", "|grad Phi(x)|"}, {"slope", "", "|grad Phi(x) - grad Phi(x')| / |x - x'|"},
                       {"C", "", "bound of |gxy|"}, {"mu", "", "strong convexity of g"})};

/* ---- walk ---- */

typedef struct walk {
    size_t d, k;
    double *start, *last, *grad, *last_grad; /* x_0, x_(k-1), grad Phi there and at x_k */
} walk;

static double distance(size_t d, const double *a, const double *b)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sqrt(sum);
}

static cc_status walk_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    walk *w = arg;
    const borep *s = state;
    const cc_oracle *o = cc_oracle_of(run);
    bilevel_referee(o, candidate, NULL, w->grad);
    if (w->k > 0) {
        const double moved = distance(w->d, candidate, w->last);
        cc_put(cell, "k", (double)w->k);
        cc_put(cell, "length", s->eta);
        cc_put(cell, "moved", moved);
        cc_put(cell, "away", distance(w->d, candidate, w->start));
        cc_put(cell, "grad", cc_norm(w->d, w->last_grad));
        cc_put(cell, "slope", distance(w->d, w->grad, w->last_grad) / moved);
        cc_put(cell, "C", cc_known(o, "C"));
        cc_put(cell, "mu", cc_known(o, "mu"));
        cc_emit(cell);
    } else
        cc_copy(w->d, candidate, w->start);
    cc_copy(w->d, candidate, w->last);
    cc_copy(w->d, w->grad, w->last_grad);
    w->k++;
    return CC_OK;
}

static cc_status walk_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell), *run;
    walk w = {0};
    CC_TRY(cc_referee(cell, NULL, &run));
    w.d = bilevel_dx(run);
    double **const vectors[] = {&w.start, &w.last, &w.grad, &w.last_grad};
    for (int i = 0; i < 4; i++) CC_NEW(scope, *vectors[i], w.d);
    return cc_drive(cell, NULL, walk_look, &w);
}

static cc_status walk_run(cc_cell *cell) { return cc_each_seed(cell, walk_replicate); }

const cc_measure borep_walk = {.id = "borep.walk",
                               .run = walk_run,
                               .columns = CC_LIST(cc_column, {"k", "", "iteration"}, {"length", "", "the parameter eta"},
                                                  {"moved", "", "|x_k - x_(k-1)|"}, {"away", "", "|x_k - x_0|"},
                                                  {"grad", "", "|grad Phi(x_(k-1))|"},
                                                  {"slope", "", "|grad Phi(x_k) - grad Phi(x_(k-1))| / |x_k - x_(k-1)|"},
                                                  {"C", "", "bound of |gxy|"}, {"mu", "", "strong convexity of g"})};

/* ---- linear: the recursion for z with x and y where they start ---- */

typedef struct linear {
    size_t k, dy;
    const double *solution;
} linear;

static cc_status linear_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    linear *l = arg;
    const borep *s = state;
    const cc_oracle *o = cc_oracle_of(run);
    (void)candidate;
    if (l->k % 10 == 0) {
        const double off = distance(l->dy, s->z, l->solution);
        cc_put(cell, "k", (double)l->k);
        cc_put(cell, "error", off);
        cc_put(cell, "error2", off * off);
        cc_put(cell, "step_z", s->nu);
        cc_put(cell, "mu", cc_known(o, "mu"));
        cc_put(cell, "Lyy", cc_known(o, "Lyy"));
        cc_emit(cell);
    }
    l->k++;
    return CC_OK;
}

/* z* = gyy^-1 fy at the problem's start. */
static cc_status exact_solution(cc_run *scope, cc_run *run, double **solution)
{
    const size_t dx = bilevel_dx(run), dy = bilevel_dy(run);
    double *x, *y, *h;
    CC_NEW(scope, x, dx);
    CC_NEW(scope, y, dy);
    CC_NEW(scope, h, dy * dy);
    CC_NEW(scope, *solution, dy);
    bilevel_start(run, x, y);
    CC_TRY(bilevel_upper(run, 0, NULL, x, y, NULL, *solution));
    CC_TRY(bilevel_hess(run, 0, NULL, x, y, h));
    if (cc_potrf(dy, h)) return cc_fail(scope, CC_ENUMERIC, "gyy is not positive definite at the start");
    cc_potrs(dy, h, *solution);
    return CC_OK;
}

static cc_status linear_replicate(cc_cell *cell)
{
    cc_run *run;
    double *solution = NULL;
    CC_TRY(cc_referee(cell, NULL, &run));
    CC_TRY(exact_solution(cc_cell_run(cell), run, &solution));
    linear l = {.dy = bilevel_dy(run), .solution = solution};
    return cc_drive(cell, "eta=0 I=0 refine=0", linear_look, &l);
}

static cc_status linear_run(cc_cell *cell) { return cc_each_seed(cell, linear_replicate); }

const cc_measure borep_linear = {.id = "borep.linear",
                                 .run = linear_run,
                                 .columns =
                                     CC_LIST(cc_column, {"k", "", "iteration, every tenth"}, {"error", "", "|z_k - gyy^-1 fy|"},
                                             {"error2", "", "its square"}, {"step_z", "", "the parameter nu"},
                                             {"mu", "", "strong convexity of g"}, {"Lyy", "", "Lipschitz constant of gy"})};

/* ---- tuned: for each seed the best step length of the grid 2^0, 2^-1, .. ---- */

typedef struct race {
    uint64_t k, best; /* iterations of this run; of the best so far */
    double target, *grad;
    const cc_oracle *referee;
    int reached;
} race;

static cc_status race_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    race *r = arg;
    double square = 0;
    (void)cell, (void)run, (void)state;
    const size_t d = ((const bilevel_base *)r->referee->instance)->dx;
    bilevel_referee(r->referee, candidate, NULL, r->grad);
    for (size_t j = 0; j < d; j++) square += r->grad[j] * r->grad[j];
    r->reached = square <= r->target * r->target;
    if (r->reached || !isfinite(square) || r->k + 1 >= r->best) return CC_DONE; /* no longer the best */
    r->k++;
    return CC_OK;
}

static cc_status tuned_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell), *run;
    double *x, *y, *grad;
    CC_TRY(cc_referee(cell, NULL, &run));
    CC_NEW(scope, x, bilevel_dx(run));
    CC_NEW(scope, y, bilevel_dy(run));
    CC_NEW(scope, grad, bilevel_dx(run));
    bilevel_start(run, x, y);
    bilevel_referee(cc_oracle_of(run), x, NULL, grad);
    cc_put(cell, "grad_0", cc_norm(bilevel_dx(run), grad));
    const uint64_t cap = (uint64_t)cc_int(scope, "cap");
    race r = {.best = cap + 1, .target = cc_real(scope, "target"), .grad = grad, .referee = cc_oracle_of(run)};
    double exponent = NAN;
    for (int64_t j = 0; j <= cc_int(scope, "halvings"); j++) {
        char set[64];
        snprintf(set, sizeof set, "%s=%.17g", cc_text(scope, "tuned"), ldexp(1, -(int)j));
        r.k = 0, r.reached = 0;
        CC_TRY(cc_drive(cell, set, race_look, &r));
        if (r.reached && r.k < r.best) r.best = r.k, exponent = -(double)j;
    }
    cc_put(cell, "iterations", r.best <= cap ? (double)r.best : (double)cap);
    cc_put(cell, "reached", r.best <= cap);
    cc_put(cell, "log2_step", exponent);
    cc_emit(cell);
    return CC_OK;
}

static cc_status tuned_run(cc_cell *cell) { return cc_each_seed(cell, tuned_replicate); }

const cc_measure borep_tuned = {
    .id = "borep.tuned",
    .run = tuned_run,
    .params = CC_LIST(cc_param, {"tuned", CC_TEXT, "eta", .doc = "the algorithm's parameter that is tuned"},
                      {"target", CC_REAL, "0.25", 0, 1e9, .doc = "of |grad Phi|"},
                      {"cap", CC_INT, "20000", 1, 1e9, .doc = "iterations at most"},
                      {"halvings", CC_INT, "12", 0, 60, .doc = "the grid is 1, 1/2, .., 2^-halvings"}),
    .columns = CC_LIST(cc_column, {"grad_0", "", "|grad Phi| at the start"},
                       {"iterations", "", "to the target with the best step; the cap if none gets there"},
                       {"reached", "", "1: some step of the grid reaches the target"}, {"log2_step", "", "the best step"})};
