/* algorithms/17_mfac/triangular.c: the dynamic algorithm with the paper's tables (symbols: static.c).
 *
 *     d (m x m, upper)   D_ij = g_i'F_{i-1}^-1 g_j, i <= j: the upper factor of m I + S / lambda without pivots, less m I
 *     q                  q_i = m + D_ii
 *     b (m x m, lower)   v_i = sum_j B_ij g_j: B_i = e_i / lambda - sum_{j < i} (D_ji / q_j) B_j
 *     w                  w_i = g_i'F_{i-1}^-1 x, from G x / lambda by one elimination
 *
 *     F^-1 x = x / lambda - G'B'(w / q)
 *
 * Rows of B above the replaced gradient stay. An update costs 2 d m + O(m^3), a product 4 d m + O(m^2). Always in double. */
#include <string.h>

#include <cblas.h>

#include "algorithms/17_mfac/mfac.h"
#include "harness/numerics/linalg.h"

typedef struct tables {
    mfac_matrix g;
    double *s, *d, *q, *b, *w, *c;
    size_t last;
} tables;

static cc_status create(cc_run *run, mfac_engine *e)
{
    tables *s;
    const size_t m = e->spec.m;
    CC_NEW(run, s, 1);
    e->state = s;
    s->last = m - 1;
    if (e->spec.storage != MFAC_DOUBLE) return cc_fail(run, CC_EINVAL, "the tables are in double only");
    CC_TRY(mfac_matrix_init(run, &s->g, m, e->spec.d, MFAC_DOUBLE, 0, &e->bill));
    CC_TRY(mfac_words(run, &e->bill, m * m, &s->s));
    CC_TRY(mfac_words(run, &e->bill, m * m, &s->d));
    CC_TRY(mfac_words(run, &e->bill, m * m, &s->b));
    CC_TRY(mfac_words(run, &e->bill, m, &s->q));
    CC_TRY(mfac_words(run, &e->bill, m, &s->w));
    return mfac_words(run, &e->bill, m, &s->c);
}

static void axpy(mfac_engine *e, size_t n, double a, const double *x, double *y)
{
    mfac_spend(&e->bill, 2 * n);
    cblas_daxpy((int)n, a, x, 1, y, 1);
}

/* d <- upper factor of m I + S / lambda, less m I; q. Of the upper triangle alone: multipliers out of a lower one would be rounded
 * otherwise than d / q, by which everything else is done, and d'd / q would miss the matrix by as much as the pivots are small. */
static void eliminate(mfac_engine *e)
{
    tables *s = e->state;
    const size_t m = e->spec.m;
    for (size_t i = 0; i < m; i++) {
        for (size_t j = i; j < m; j++) s->d[i * m + j] = s->s[i * m + j] / e->spec.lambda;
        s->d[i * m + i] += (double)m;
    }
    mfac_spend(&e->bill, m * (m + 1) / 2 + m);
    for (size_t k = 0; k < m; k++) {
        const double *row = s->d + k * m;
        for (size_t i = k + 1; i < m; i++) axpy(e, m - i, -row[i] / row[k], row + i, s->d + i * m + i);
        s->q[k] = row[k];
        mfac_spend(&e->bill, m - k - 1);
    }
    for (size_t i = 0; i < m; i++) s->d[i * m + i] -= (double)m;
    mfac_spend(&e->bill, m);
}

/* Rows from .. m of B */
static void combine(mfac_engine *e, size_t from)
{
    tables *s = e->state;
    const size_t m = e->spec.m;
    for (size_t i = from; i < m; i++) {
        memset(s->b + i * m, 0, m * sizeof *s->b);
        for (size_t j = 0; j < i; j++) axpy(e, j + 1, -s->d[j * m + i] / s->q[j], s->b + j * m, s->b + i * m);
        s->b[i * m + i] = 1 / e->spec.lambda;
        mfac_spend(&e->bill, i);
    }
}

static cc_status push(mfac_engine *e, const double *g)
{
    tables *s = e->state;
    const size_t m = e->spec.m;
    s->last = (s->last + 1) % m;
    mfac_matrix_set(&s->g, s->last, g);
    mfac_times(&s->g, 0, m, 1, g, 0, s->c);
    for (size_t i = 0; i < m; i++) {
        s->s[s->last * m + i] = s->c[i];
        if (!e->spec.slip) s->s[i * m + s->last] = s->c[i];
    }
    eliminate(e);
    combine(e, s->last); /* the first push, at row 0, makes them all */
    return CC_OK;
}

static void product(mfac_engine *e, const double *x, double *out)
{
    tables *s = e->state;
    const size_t m = e->spec.m;
    mfac_times(&s->g, 0, m, 1 / e->spec.lambda, x, 0, s->w);
    for (size_t i = 0; i < m; i++) {
        s->w[i] /= s->q[i];
        axpy(e, m - i - 1, -s->w[i], s->d + i * m + i + 1, s->w + i + 1);
    }
    mfac_spend(&e->bill, m + 2 * m * m + e->spec.d);
    cblas_dgemv(CblasRowMajor, CblasTrans, (int)m, (int)m, 1, s->b, (int)m, s->w, 1, 0, s->c, 1);
    for (size_t j = 0; j < e->spec.d; j++) out[j] = x[j] / e->spec.lambda;
    mfac_times_t(&s->g, 0, m, -1, s->c, 1, out);
}

static void newest(mfac_engine *e, double *out)
{
    const tables *s = e->state;
    memcpy(out, s->g.wide + s->last * e->spec.d, e->spec.d * sizeof *out);
    product(e, out, out);
}

const mfac_ops mfac_triangular = {.id = "triangular", .create = create, .push = push, .product = product, .newest = newest};
