/* algorithms/baseline_bilevel/saba.c: SOBA with the tables of SAGA, for finite sums.
 *
 * Problem    min over x of f(x, y*(x)), y*(x) = argmin g(x, .), both means of finitely many terms; g strongly convex in y.
 * Method     tables hold the last gy, gyy v, gxy v of each batch of terms of g, and fx, fy of each batch of f. A step draws a
 *            batch i of g and j of f, and of each quantity q takes q_i - table_i + mean of the table, then table_i = q_i; with
 * these y -= a gy,  v -= h (gyy v - fy),  x -= b (fx - gxy v), all at the old point. Guarantee  E|grad Phi|^2 = O((n_f + n_g)^2/3 /
 * T) with steps that stay, the rate of full gradients; linear where Phi is PL. Reference  Dagreou, Ablin, Vaiter, Moreau: A
 * framework for bilevel optimization that enables stochastic and global variance reduction algorithms, NeurIPS 2022.
 *
 * The first pass, at the start, fills the tables; v = 0 there, so that products need no calls. A batch is drawn with the weight of
 * its terms: the last one may have fewer. */
#include "algorithms/baseline_bilevel/baseline.h"

#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/bilevel.h"

enum { LOWER = 64, UPPER }; /* streams of i and j, apart from those of samples */

typedef struct table {
    size_t dim;
    double *row, *mean; /* batches x dim, dim */
    double *now;        /* what an oracle says; then what SAGA makes of it */
} table;

/* The batches of a level: `batch` consecutive terms each. */
typedef struct parts {
    size_t terms, batch;
} parts;

typedef struct saba {
    bilevel_walk w;
    parts lower, upper;
    double *v;
    table gy, hv, jv, fx, fy;
} saba;

static size_t count(const parts *p) { return (p->terms + p->batch - 1) / p->batch; }

static double share(const parts *p, size_t i)
{
    const size_t left = p->terms - i * p->batch;
    return (double)(left < p->batch ? left : p->batch) / (double)p->terms;
}

static cc_status new_table(cc_run *run, size_t batches, size_t dim, table *t)
{
    t->dim = dim;
    CC_NEW(run, t->row, batches * dim);
    CC_NEW(run, t->mean, dim);
    CC_NEW(run, t->now, dim);
    return CC_OK;
}

/* Files what an oracle said of batch i, and turns it into an unbiased estimate whose variance vanishes with the table's age. */
static void correct(table *t, size_t i, double weight)
{
    double *row = t->row + i * t->dim;
    for (size_t j = 0; j < t->dim; j++) {
        const double change = t->now[j] - row[j];
        row[j] = t->now[j];
        t->now[j] = change + t->mean[j];
        t->mean[j] += weight * change;
    }
}

static cc_status fill(cc_run *run, saba *s)
{
    bilevel_walk *w = &s->w;
    for (size_t i = 0; i < count(&s->lower); i++) {
        const bilevel_sample terms = {BILEVEL_TERMS, i, s->lower.batch};
        CC_TRY(bilevel_lower(run, 0, &terms, w->x, w->y, NULL, s->gy.now));
        correct(&s->gy, i, share(&s->lower, i));
    }
    for (size_t j = 0; j < count(&s->upper); j++) {
        const bilevel_sample terms = {BILEVEL_TERMS, j, s->upper.batch};
        CC_TRY(bilevel_upper(run, 0, &terms, w->x, w->y, s->fx.now, s->fy.now));
        correct(&s->fx, j, share(&s->upper, j));
        correct(&s->fy, j, share(&s->upper, j));
    }
    return CC_OK;
}

cc_status bilevel_saba_init(cc_run *run, void **state)
{
    saba *s;
    if (!(bilevel_caps(run) & BILEVEL_FINITE_SUM))
        return cc_fail(run, CC_EINVAL, "SABA keeps a table of terms; this problem has noise instead");
    CC_NEW(run, s, 1);
    CC_TRY(bilevel_walk_start(run, "SABA", BILEVEL_ANY, &s->w));
    s->w.h = cc_real(run, "h"), s->w.batch = (size_t)cc_int(run, "batch");
    s->lower = (parts){bilevel_lower_terms(run), s->w.batch}, s->upper = (parts){bilevel_upper_terms(run), s->w.batch};
    if (s->upper.batch > s->upper.terms) s->upper.batch = s->upper.terms;
    if (s->lower.batch > s->lower.terms) s->lower.batch = s->lower.terms;
    CC_NEW(run, s->v, s->w.dy);
    CC_TRY(new_table(run, count(&s->lower), s->w.dy, &s->gy));
    CC_TRY(new_table(run, count(&s->lower), s->w.dy, &s->hv));
    CC_TRY(new_table(run, count(&s->lower), s->w.dx, &s->jv));
    CC_TRY(new_table(run, count(&s->upper), s->w.dx, &s->fx));
    CC_TRY(new_table(run, count(&s->upper), s->w.dy, &s->fy));
    *state = s;
    return fill(run, s);
}

/* The batch of a term drawn at random. */
static size_t draw(cc_run *run, uint32_t stream, uint64_t k, const parts *p)
{
    cc_rng rng = cc_stream(run, stream, k);
    return (size_t)cc_below(&rng, p->terms) / p->batch;
}

static cc_status ask_lower(cc_run *run, saba *s, size_t i)
{
    const bilevel_sample terms = {BILEVEL_TERMS, i, s->lower.batch};
    const double weight = share(&s->lower, i);
    CC_TRY(bilevel_lower(run, 0, &terms, s->w.x, s->w.y, NULL, s->gy.now));
    CC_TRY(bilevel_hvp(run, 0, &terms, s->w.x, s->w.y, s->v, s->hv.now));
    CC_TRY(bilevel_jvp(run, 0, &terms, s->w.x, s->w.y, s->v, s->jv.now));
    correct(&s->gy, i, weight);
    correct(&s->hv, i, weight);
    correct(&s->jv, i, weight);
    return CC_OK;
}

static cc_status ask_upper(cc_run *run, saba *s, size_t j)
{
    const bilevel_sample terms = {BILEVEL_TERMS, j, s->upper.batch};
    CC_TRY(bilevel_upper(run, 0, &terms, s->w.x, s->w.y, s->fx.now, s->fy.now));
    correct(&s->fx, j, share(&s->upper, j));
    correct(&s->fy, j, share(&s->upper, j));
    return CC_OK;
}

static cc_status saba_step(cc_run *run, saba *s)
{
    bilevel_walk *w = &s->w;
    CC_TRY(ask_lower(run, s, draw(run, LOWER, w->k, &s->lower)));
    CC_TRY(ask_upper(run, s, draw(run, UPPER, w->k, &s->upper)));
    w->k++;
    for (size_t j = 0; j < w->dy; j++) {
        w->y[j] -= w->a * s->gy.now[j];
        s->v[j] -= w->h * (s->hv.now[j] - s->fy.now[j]);
    }
    cc_axpy(w->dx, -1, s->jv.now, s->fx.now);
    bilevel_walk_x(run, w, w->b, s->fx.now);
    return CC_OK;
}

cc_status bilevel_saba_step(cc_run *run, void *state)
{
    saba *s = state;
    return bilevel_walk_end(run, &s->w, saba_step(run, s));
}

const cc_param bilevel_saba_params[] = {
    {"a", CC_REAL, "0.05", 0, 1e6, .doc = "step of y"},
    {"h", CC_REAL, "0.05", 0, 1e6, .doc = "step of v, the solution of the linear system"},
    {"b", CC_REAL, "0.05", 0, 1e6, .doc = "step of x"},
    {"batch", CC_INT, "1", 1, 1e6, .doc = "terms that share a row of the tables; at most those of a level"},
    {0},
};
