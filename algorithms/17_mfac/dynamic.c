/* algorithms/17_mfac/dynamic.c: the dynamic algorithm, symmetric. The last m gradients in a ring; one is replaced in
 * O(d m + m^3), a product takes O(d m + m^2), memory d m + 2 m^2 + O(m).
 *
 *     here              what
 *     g (m x d)         the ring G, zero rows until they are filled
 *     s, factor         S = G G', kept up to date by one product; L L' = lambda I + S / m
 *     last              the row of the newest gradient
 *
 *     F^-1 x   = (x - G'(lambda I + S/m)^-1 G x / m) / lambda        (Woodbury)
 *     F^-1 G'c = G'(lambda I + S/m)^-1 c                             (push-through)
 *
 * The first form subtracts nearly equal vectors when x lies in the span of the gradients, and loses lambda_max(F) / lambda in
 * accuracy. What the optimiser asks for is in the span (c = e_last): the second form needs no subtraction and one product less.
 * The paper keeps triangular tables for the same job: triangular.c. */
#include <string.h>

#include "algorithms/17_mfac/mfac.h"
#include "harness/numerics/linalg.h"

typedef struct ring {
    mfac_matrix g;
    double *s, *factor, *c;
    size_t last;
} ring;

static cc_status create(cc_run *run, mfac_engine *e)
{
    ring *s;
    const size_t m = e->spec.m;
    CC_NEW(run, s, 1);
    e->state = s;
    CC_TRY(mfac_matrix_init(run, &s->g, m, e->spec.d, e->spec.storage, 0, &e->bill));
    CC_TRY(mfac_words(run, &e->bill, m * m, &s->s));
    CC_TRY(mfac_words(run, &e->bill, m * m, &s->factor));
    return mfac_words(run, &e->bill, m, &s->c);
}

static cc_status refactor(mfac_engine *e)
{
    ring *s = e->state;
    const size_t m = e->spec.m;
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j <= i; j++) s->factor[i * m + j] = s->s[i * m + j] / (double)m;
        s->factor[i * m + i] += e->spec.lambda;
    }
    mfac_spend(&e->bill, m * (m + 1) / 2 + m);
    return mfac_cholesky(e->run, m, s->factor, &e->bill);
}

static cc_status push(mfac_engine *e, const double *g)
{
    ring *s = e->state;
    const size_t m = e->spec.m;
    s->last = (s->last + 1) % m;
    mfac_matrix_set(&s->g, s->last, g);
    mfac_times(&s->g, 0, m, 1, g, 0, s->c);
    for (size_t i = 0; i < m; i++) {
        if (i <= s->last) s->s[s->last * m + i] = s->c[i];                 /* the lower triangle: row `last`, */
        if (i > s->last && !e->spec.slip) s->s[i * m + s->last] = s->c[i]; /* and column `last` */
    }
    return refactor(e);
}

static cc_status build(mfac_engine *e, const double *rows)
{
    ring *s = e->state;
    const size_t m = e->spec.m;
    for (size_t i = 0; i < m; i++) mfac_matrix_set(&s->g, i, rows + i * e->spec.d);
    for (size_t i = 0; i < m; i++) {
        mfac_times(&s->g, 0, i + 1, 1, rows + i * e->spec.d, 0, s->c);
        memcpy(s->s + i * m, s->c, (i + 1) * sizeof *s->c);
    }
    s->last = m - 1;
    return refactor(e);
}

/* c <- (lambda I + S/m)^-1 c */
static void inner_solve(mfac_engine *e)
{
    ring *s = e->state;
    e->bill.flops += 2 * e->spec.m * e->spec.m;
    cc_potrs(e->spec.m, s->factor, s->c);
}

static void product(mfac_engine *e, const double *x, double *out)
{
    ring *s = e->state;
    const double scale = 1 / e->spec.lambda;
    mfac_times(&s->g, 0, e->spec.m, 1, x, 0, s->c);
    inner_solve(e);
    for (size_t j = 0; j < e->spec.d; j++) out[j] = scale * x[j];
    mfac_spend(&e->bill, e->spec.d);
    mfac_times_t(&s->g, 0, e->spec.m, -scale / (double)e->spec.m, s->c, 1, out);
}

static void newest(mfac_engine *e, double *out)
{
    ring *s = e->state;
    if (e->spec.naive) {
        for (size_t j = 0; j < e->spec.d; j++) out[j] = mfac_matrix_at(&s->g, s->last, j);
        product(e, out, out);
        return;
    }
    memset(s->c, 0, e->spec.m * sizeof *s->c);
    s->c[s->last] = 1;
    inner_solve(e);
    mfac_times_t(&s->g, 0, e->spec.m, 1, s->c, 0, out);
}

const mfac_ops mfac_dynamic = {
    .id = "dynamic", .create = create, .build = build, .push = push, .product = product, .newest = newest};
