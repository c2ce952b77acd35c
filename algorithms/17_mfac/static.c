/* algorithms/17_mfac/static.c: the static algorithm, in terms of matrix products.
 *
 * Class: F = lambda I + (1/m) G'G, rows of G any m gradients of R^d. Method: F^-1 as a rank-m change of I / lambda, without a d x d
 * matrix. Guarantee: exact. Set-up O(d m^2 + m^3), product and diagonal O(d m), an element O(m), of memory d m + O(m^2).
 * Reference: E. Frantar, E. Kurtic, D. Alistarh, M-FAC: Efficient Matrix-Free Approximations of Second-Order Information, NeurIPS
 * 2021.
 *
 *     paper            here
 *     lambda, m, d     spec.lambda, spec.m, spec.d
 *     G                the gradients, m x d; S = G G'
 *     v_i, q_i         v_i = F_{i-1}^-1 g_i, q_i = m + g_i'v_i (recursion.c computes them one after another)
 *     U                here alone: U = R^-1 G, R R' = m lambda I + S. Row i of U is v_i sqrt(lambda / q_i), so that
 *                      F^-1 = (I - U'U) / lambda and R_ii^2 = lambda q_i
 *
 * The paper's recursion is the unpivoted elimination of m I + S / lambda, applied to G: one symmetric product, one Cholesky
 * factorisation and one product with R^-1 give the same vectors (by the inverse of the small factor rather than by solves: as
 * accurate here, and a third faster). U' is kept (d x m), so that an element is a
 * product of two contiguous rows, and a block of coordinates a block of rows. In the block version F is replaced by its diagonal
 * blocks. The newest gradient is the last row: F^-1 g_m = v_m m / q_m, without a difference of large numbers. */
#include "algorithms/17_mfac/mfac.h"
#include "harness/numerics/linalg.h"

typedef struct fixed {
    mfac_matrix ut;       /* U', d x m */
    double *factor, *c;   /* m x m; m */
    size_t block;         /* coordinates of a block */
    double *newest_scale; /* of each block: m / R_mm */
} fixed;

static size_t size_at(const mfac_engine *e, size_t from)
{
    const fixed *s = e->state;
    return from + s->block < e->spec.d ? s->block : e->spec.d - from;
}

static cc_status create(cc_run *run, mfac_engine *e)
{
    fixed *s;
    const size_t m = e->spec.m, d = e->spec.d;
    CC_NEW(run, s, 1);
    e->state = s;
    s->block = e->spec.block && e->spec.block < d ? e->spec.block : d;
    CC_TRY(mfac_matrix_init(run, &s->ut, d, m, e->spec.storage, 1, &e->bill));
    CC_TRY(mfac_words(run, &e->bill, m * m, &s->factor));
    CC_TRY(mfac_words(run, &e->bill, m, &s->c));
    return mfac_words(run, &e->bill, (d + s->block - 1) / s->block, &s->newest_scale);
}

static cc_status build(mfac_engine *e, const double *rows)
{
    fixed *s = e->state;
    const size_t m = e->spec.m;
    for (size_t from = 0; from < e->spec.d; from += s->block) {
        mfac_gram(&s->ut, from, size_at(e, from), rows, s->factor);
        for (size_t i = 0; i < m; i++) s->factor[i * m + i] += (double)m * e->spec.lambda;
        mfac_spend(&e->bill, m);
        CC_TRY(mfac_cholesky(e->run, m, s->factor, &e->bill));
        s->newest_scale[from / s->block] = (double)m / s->factor[m * m - 1];
        mfac_invert(m, s->factor, &e->bill);
        mfac_apply(&s->ut, from, size_at(e, from), rows, s->factor);
    }
    return CC_OK;
}

/* (x - U'U x) / lambda, block by block */
static void product(mfac_engine *e, const double *x, double *out)
{
    const fixed *s = e->state;
    const double scale = 1 / e->spec.lambda;
    for (size_t j = 0; j < e->spec.d; j++) out[j] = scale * x[j];
    mfac_spend(&e->bill, e->spec.d);
    for (size_t from = 0; from < e->spec.d; from += s->block) {
        const size_t size = size_at(e, from);
        mfac_times_t(&s->ut, from, size, scale, x + from, 0, s->c);
        mfac_times(&s->ut, from, size, -1, s->c, 1, out + from);
    }
}

static void newest(mfac_engine *e, double *out)
{
    const fixed *s = e->state;
    for (size_t j = 0; j < e->spec.d; j++) out[j] = s->newest_scale[j / s->block] * mfac_matrix_at(&s->ut, j, e->spec.m - 1);
    mfac_spend(&e->bill, e->spec.d);
}

static double element(mfac_engine *e, size_t i, size_t j)
{
    const fixed *s = e->state;
    if (i / s->block != j / s->block) return 0;
    mfac_spend(&e->bill, 2);
    return ((i == j ? 1 : 0) - mfac_row_dot(&s->ut, i, j)) / e->spec.lambda;
}

static void diagonal(mfac_engine *e, double *out)
{
    for (size_t j = 0; j < e->spec.d; j++) out[j] = element(e, j, j);
}

static void column(mfac_engine *e, size_t j, double *out)
{
    const fixed *s = e->state;
    const size_t from = j - j % s->block;
    for (size_t i = 0; i < e->spec.d; i++) out[i] = 0;
    for (size_t i = 0; i < e->spec.m; i++) s->c[i] = mfac_matrix_at(&s->ut, j, i);
    mfac_times(&s->ut, from, size_at(e, from), -1 / e->spec.lambda, s->c, 0, out + from);
    out[j] += 1 / e->spec.lambda;
    mfac_spend(&e->bill, 1);
}

static void shrink(mfac_engine *e, size_t d)
{
    fixed *s = e->state;
    e->spec.d = s->ut.rows = d;
    if (s->block > d) s->block = d;
}

const mfac_ops mfac_static = {.id = "static",
                              .create = create,
                              .build = build,
                              .product = product,
                              .newest = newest,
                              .diagonal = diagonal,
                              .element = element,
                              .column = column,
                              .shrink = shrink};
