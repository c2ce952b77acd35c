/* algorithms/17_mfac/dense.c: F^-1 as a matrix, one gradient after another (Sherman and Morrison): the baseline.
 *
 *     F_k^-1 = F_{k-1}^-1 - (F_{k-1}^-1 g_k)(F_{k-1}^-1 g_k)' / (m + g_k'F_{k-1}^-1 g_k)
 *
 * WoodFisher (Singh and Alistarh, NeurIPS 2020) does this for diagonal blocks of F. With blocks of b coordinates: d b numbers,
 * O(d b m) flops. Always in double. */
#include <string.h>

#include <cblas.h>

#include "algorithms/17_mfac/mfac.h"

typedef struct blocks {
    size_t block;
    double *inverse;    /* one block of `block` rows after another, each row-major with its own size */
    double *u, *newest; /* scratch; F^-1 g of the last gradient */
} blocks;

static size_t size_at(const mfac_engine *e, size_t from)
{
    const blocks *s = e->state;
    return from + s->block < e->spec.d ? s->block : e->spec.d - from;
}

static double *block_at(const mfac_engine *e, size_t from) /* all blocks before it are full */
{
    const blocks *s = e->state;
    return s->inverse + from * s->block;
}

static cc_status create(cc_run *run, mfac_engine *e)
{
    blocks *s;
    const size_t d = e->spec.d;
    CC_NEW(run, s, 1);
    e->state = s;
    s->block = e->spec.block && e->spec.block < d ? e->spec.block : d;
    if (e->spec.storage != MFAC_DOUBLE) return cc_fail(run, CC_EINVAL, "the dense engine is in double only");
    CC_TRY(mfac_words(run, &e->bill, d * s->block, &s->inverse));
    CC_TRY(mfac_words(run, &e->bill, s->block, &s->u));
    return mfac_words(run, &e->bill, d, &s->newest);
}

/* Lower triangles are kept. */
static void add(mfac_engine *e, size_t from, const double *g)
{
    blocks *s = e->state;
    const size_t n = size_at(e, from);
    const int size = (int)n;
    double *inverse = block_at(e, from);
    cblas_dsymv(CblasRowMajor, CblasLower, size, 1, inverse, size, g, 1, 0, s->u, 1);
    const double q = (double)e->spec.m + cblas_ddot(size, g, 1, s->u, 1);
    cblas_dsyr(CblasRowMajor, CblasLower, size, -1 / q, s->u, 1, inverse, size);
    for (size_t i = 0; i < n; i++) s->newest[from + i] = (double)e->spec.m / q * s->u[i];
    mfac_spend(&e->bill, 2 * n * n + 3 * n + 3 + n * (n + 1));
}

static cc_status build(mfac_engine *e, const double *rows)
{
    const blocks *s = e->state;
    memset(s->inverse, 0, e->spec.d * s->block * sizeof *s->inverse);
    for (size_t from = 0; from < e->spec.d; from += s->block) {
        const size_t n = size_at(e, from);
        for (size_t i = 0; i < n; i++) block_at(e, from)[i * n + i] = 1 / e->spec.lambda;
        for (size_t k = 0; k < e->spec.m; k++) add(e, from, rows + k * e->spec.d + from);
    }
    return CC_OK;
}

static void product(mfac_engine *e, const double *x, double *out)
{
    const blocks *s = e->state;
    for (size_t from = 0; from < e->spec.d; from += s->block) {
        const size_t n = size_at(e, from);
        cblas_dsymv(CblasRowMajor, CblasLower, (int)n, 1, block_at(e, from), (int)n, x + from, 1, 0, out + from, 1);
        mfac_spend(&e->bill, 2 * n * n);
    }
}

static void newest(mfac_engine *e, double *out)
{
    const blocks *s = e->state;
    memcpy(out, s->newest, e->spec.d * sizeof *out);
}

static double element(mfac_engine *e, size_t i, size_t j)
{
    const blocks *s = e->state;
    const size_t from = i - i % s->block, n = size_at(e, from), low = i > j ? j : i, high = i > j ? i : j;
    return i / s->block == j / s->block ? block_at(e, from)[(high - from) * n + low - from] : 0;
}

static void diagonal(mfac_engine *e, double *out)
{
    for (size_t j = 0; j < e->spec.d; j++) out[j] = element(e, j, j);
}

static void column(mfac_engine *e, size_t j, double *out)
{
    for (size_t i = 0; i < e->spec.d; i++) out[i] = element(e, i, j);
}

const mfac_ops mfac_dense = {.id = "dense",
                             .create = create,
                             .build = build,
                             .product = product,
                             .newest = newest,
                             .diagonal = diagonal,
                             .element = element,
                             .column = column};
