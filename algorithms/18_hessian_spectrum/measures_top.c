/* algorithms/18_hessian_spectrum/measures_top.c: the largest eigenvalues without a matrix, by Lanczos' method and by minimising the
 * Rayleigh quotient. */
#include "algorithms/18_hessian_spectrum/measures.h"

#include <math.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

/* Lanczos' steps, `more` at a time, until the `wanted` largest Ritz values have residuals of at most `goal` (`relative`: times the
 * largest value), or its end. Returns their largest residual in *worst. */
typedef struct wanted_values {
    size_t wanted, more;
    double goal;
    int relative;
} wanted_values;

static cc_status go_on(cc_lanczos *l, const cc_linop *a, const wanted_values *plan, double *worst)
{
    for (;;) {
        CC_TRY(cc_lanczos_ritz(l));
        *worst = l->k < plan->wanted && !l->broken ? INFINITY : 0;
        for (size_t i = 1; i <= plan->wanted && i <= l->k; i++) *worst = fmax(*worst, l->residual[l->k - i]);
        if (l->k && *worst <= plan->goal * (plan->relative ? l->theta[l->k - 1] : 1)) return CC_OK;
        if (l->k == l->m || l->broken) return CC_OK;
        CC_TRY(cc_lanczos_steps(l, a, plan->more));
    }
}

static cc_status put_largest(cc_cell *cell, cc_run *referee, const double *w, cc_lanczos *l, double *start)
{
    const size_t wanted = 3 * smooth_target_size(referee) + 1;
    hessian_at at = {referee, w};
    const cc_linop H = hessian_operator(&at);
    const wanted_values plan = {.wanted = wanted, .more = 10, .goal = 1e-6, .relative = 1};
    double worst, gap;
    cc_rng rng = cc_stream(cc_cell_run(cell), 100, 0);
    cc_normal(&rng, l->n, start);
    CC_TRY(cc_lanczos_start(l, start));
    CC_TRY(cc_lanczos_steps(l, &H, wanted + 30));
    CC_TRY(go_on(l, &H, &plan, &worst));
    cc_put(cell, "top", l->theta[l->k - 1]);
    cc_put(cell, "bottom", l->theta[0] / l->theta[l->k - 1]);
    cc_put(cell, "n_out", (double)hessian_outliers(l->k, l->theta, wanted - 1, &gap));
    cc_put(cell, "gap", gap);
    cc_put(cell, "residual", worst / l->theta[l->k - 1]);
    cc_put(cell, "products", (double)l->k);
    return CC_OK;
}

static cc_status top_replicate(cc_cell *cell)
{
    cc_run *referee, *scope = cc_cell_run(cell);
    hessian_ends e = {0};
    cc_lanczos l;
    double *start;
    CC_TRY(cc_referee(cell, NULL, &referee));
    CC_TRY(hessian_train(cell, referee, &e));
    CC_NEW(scope, start, e.d);
    const size_t most = 9 * smooth_target_size(referee) + 150;
    CC_TRY(cc_lanczos_new(scope, e.d, e.d < most ? e.d : most, &l));
    for (int trained = 0; trained < 2; trained++) {
        CC_TRY(hessian_put_point(cell, referee, &e, trained));
        CC_TRY(put_largest(cell, referee, trained ? e.last : e.first, &l, start));
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status top_run(cc_cell *cell) { return cc_each_seed(cell, top_replicate); }

const cc_measure hessian_top = {
    .id = "spectrum.top",
    .run = top_run,
    .columns = CC_LIST(cc_column, HESSIAN_POINT, {"top", "", "largest eigenvalue of H"},
                       {"bottom", "", "smallest Ritz value over it"}, {"n_out", "", "eigenvalues above the largest ratio gap"},
                       {"gap", "", "that ratio"}, {"residual", "", "largest of the wanted ones, over the largest eigenvalue"},
                       {"products", "", "of the Hessian with a vector"})};

/* ---- the same pairs by minimising Rayleigh quotients ---- */

/* The values found, largest first, and what is known of them. */
typedef struct leading {
    hessian_rayleigh r;
    cc_lanczos l;
    double *start;
    size_t most;    /* products that either method may take */
    size_t *order;  /* places of the values found, largest first */
    double reached; /* smallest residual among them */
} leading;

static cc_status new_leading(cc_cell *cell, size_t d, leading *s)
{
    cc_run *scope = cc_cell_run(cell);
    s->r = (hessian_rayleigh){.n = d,
                              .pairs = (size_t)cc_int(scope, "pairs"),
                              .memory = 10,
                              .flat = cc_real(scope, "pgtol"),
                              .project = cc_bool(scope, "project")};
    s->most = 400 * s->r.pairs;
    CC_NEW(scope, s->start, d);
    CC_NEW(scope, s->order, s->r.pairs);
    CC_TRY(hessian_rayleigh_new(scope, &s->r));
    return cc_lanczos_new(scope, d, d < 400 ? d : 400, &s->l);
}

static cc_status minimise(cc_run *referee, leading *s, const cc_linop *H, cc_rng *rng)
{
    hessian_rayleigh *r = &s->r;
    r->found = r->products = 0;
    s->reached = INFINITY;
    CC_TRY(hessian_rayleigh_start(r, H, rng));
    while (r->found < r->pairs) {
        if (r->products > s->most)
            return cc_fail(referee, CC_ENUMERIC, "%zu of %zu pairs in %zu products", r->found, r->pairs, s->most);
        CC_TRY(hessian_rayleigh_step(r, H, rng));
    }
    for (size_t i = 0; i < r->pairs; i++) {
        size_t place = i;
        for (; place > 0 && r->lambda[s->order[place - 1]] < r->lambda[i]; place--) s->order[place] = s->order[place - 1];
        s->order[place] = i;
        s->reached = fmin(s->reached, r->residual[i]);
    }
    return CC_OK;
}

/* Lanczos' method until its residuals are the smallest of the other's; then on, for values to compare with. */
static cc_status put_leading(cc_cell *cell, cc_run *referee, const hessian_ends *e, int trained, leading *s)
{
    hessian_at at = {referee, trained ? e->last : e->first};
    const cc_linop H = hessian_operator(&at);
    const wanted_values well = {.wanted = s->r.pairs, .more = 10, .goal = 1e-9, .relative = 1};
    cc_rng rng = cc_stream(cc_cell_run(cell), 101, (uint64_t)trained);
    double worst;
    CC_TRY(minimise(referee, s, &H, &rng));
    cc_normal(&rng, s->l.n, s->start);
    CC_TRY(cc_lanczos_start(&s->l, s->start));
    const wanted_values alike = {.wanted = s->r.pairs, .more = 1, .goal = s->reached};
    CC_TRY(go_on(&s->l, &H, &alike, &worst));
    const size_t products = s->l.k;
    CC_TRY(go_on(&s->l, &H, &well, &worst));
    for (size_t i = 0; i < s->r.pairs; i++) {
        const size_t found = s->order[i];
        const double *theta = s->l.theta + s->l.k - 1, top = theta[0];
        CC_TRY(hessian_put_point(cell, referee, e, trained));
        cc_put(cell, "place", (double)(i + 1));
        cc_put(cell, "lanczos", *(theta - i));
        cc_put(cell, "rayleigh", s->r.lambda[found]);
        cc_put(cell, "error", fabs(*(theta - i) - s->r.lambda[found]) / top);
        cc_put(cell, "residual", s->r.residual[found] / top);
        cc_put(cell, "products_lanczos", (double)products);
        cc_put(cell, "products_rayleigh", (double)s->r.products);
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status leading_replicate(cc_cell *cell)
{
    cc_run *referee;
    hessian_ends e = {0};
    leading s;
    CC_TRY(cc_referee(cell, NULL, &referee));
    CC_TRY(hessian_train(cell, referee, &e));
    CC_TRY(new_leading(cell, e.d, &s));
    for (int trained = 0; trained < 2; trained++) CC_TRY(put_leading(cell, referee, &e, trained, &s));
    return CC_OK;
}

static cc_status leading_run(cc_cell *cell) { return hessian_each(cell, leading_replicate); }

const cc_measure hessian_leading = {
    .id = "spectrum.leading",
    .run = leading_run,
    .params = CC_LIST(cc_param, {"pairs", CC_INT, "5", 1, 100, .doc = "largest eigenvalues"},
                      {"pgtol", CC_REAL, "1e-5", 0, 1, .doc = "largest entry of the quotient's gradient where a pair is found"},
                      {"project", CC_BOOL, "true", .doc = "vectors that were found are projected out"}),
    .columns = CC_LIST(cc_column, HESSIAN_POINT, {"place", "", "1: the largest"}, {"lanczos", "", "eigenvalue by Lanczos' method"},
                       {"rayleigh", "", "the same by L-BFGS on the Rayleigh quotient"},
                       {"error", "", "their distance over the largest"}, {"residual", "", "of L-BFGS, over the largest"},
                       {"products_lanczos", "", "for all pairs, to the smallest residual of L-BFGS"},
                       {"products_rayleigh", "", "for all pairs"})};
