/* algorithms/17_mfac/recursion.c: the static algorithm as the paper writes it, one vector after another (symbols: static.c):
 *
 *     v_i = g_i / lambda - sum_{j < i} (v_j'g_i / q_j) v_j,   q_i = m + g_i'v_i
 *     F^-1 = I / lambda - sum_i v_i v_i' / q_i
 *
 * 2 d m (m - 1) + 3 d m + m (m + 1) / 2 flops, all of them products and sums of vectors. Always in double. The planted mistake
 * divides by the number of gradients so far: F_i is then the mean of the first i, and the order of the gradients matters. */
#include <cblas.h>

#include "algorithms/17_mfac/mfac.h"

typedef struct recursion {
    double *v, *q; /* m x d; m */
} recursion;

static cc_status create(cc_run *run, mfac_engine *e)
{
    recursion *s;
    CC_NEW(run, s, 1);
    e->state = s;
    if (e->spec.storage != MFAC_DOUBLE) return cc_fail(run, CC_EINVAL, "the recursion is in double only");
    CC_TRY(mfac_words(run, &e->bill, e->spec.m * e->spec.d, &s->v));
    return mfac_words(run, &e->bill, e->spec.m, &s->q);
}

static double dot(mfac_engine *e, const double *x, const double *y)
{
    mfac_spend(&e->bill, 2 * e->spec.d);
    return cblas_ddot((int)e->spec.d, x, 1, y, 1);
}

static void axpy(mfac_engine *e, double a, const double *x, double *y)
{
    mfac_spend(&e->bill, 2 * e->spec.d);
    cblas_daxpy((int)e->spec.d, a, x, 1, y, 1);
}

static void over_lambda(mfac_engine *e, const double *x, double *y)
{
    mfac_spend(&e->bill, e->spec.d);
    for (size_t k = 0; k < e->spec.d; k++) y[k] = x[k] / e->spec.lambda;
}

static cc_status build(mfac_engine *e, const double *rows)
{
    recursion *s = e->state;
    const size_t d = e->spec.d;
    for (size_t i = 0; i < e->spec.m; i++) {
        const double *g = rows + i * d;
        double *v = s->v + i * d;
        over_lambda(e, g, v);
        for (size_t j = 0; j < i; j++) axpy(e, -dot(e, s->v + j * d, g) / s->q[j], s->v + j * d, v);
        s->q[i] = (double)(e->spec.slip ? i + 1 : e->spec.m) + dot(e, g, v);
        mfac_spend(&e->bill, i + 1);
    }
    return CC_OK;
}

static void product(mfac_engine *e, const double *x, double *out)
{
    const recursion *s = e->state;
    over_lambda(e, x, out);
    for (size_t i = 0; i < e->spec.m; i++) {
        const double *v = s->v + i * e->spec.d;
        axpy(e, -dot(e, v, x) / s->q[i], v, out);
    }
    mfac_spend(&e->bill, e->spec.m);
}

/* Sherman and Morrison: F_m^-1 g_m = v_m (1 - g_m'v_m / q_m) */
static void newest(mfac_engine *e, double *out)
{
    const recursion *s = e->state;
    const size_t last = e->spec.m - 1;
    for (size_t k = 0; k < e->spec.d; k++) out[k] = (double)e->spec.m / s->q[last] * s->v[last * e->spec.d + k];
    mfac_spend(&e->bill, e->spec.d + 1);
}

static double element(mfac_engine *e, size_t i, size_t j)
{
    const recursion *s = e->state;
    double out = i == j ? 1 / e->spec.lambda : 0;
    for (size_t k = 0; k < e->spec.m; k++) out -= s->v[k * e->spec.d + i] * s->v[k * e->spec.d + j] / s->q[k];
    mfac_spend(&e->bill, 3 * e->spec.m);
    return out;
}

static void diagonal(mfac_engine *e, double *out)
{
    const recursion *s = e->state;
    for (size_t j = 0; j < e->spec.d; j++) out[j] = 1 / e->spec.lambda;
    for (size_t k = 0; k < e->spec.m; k++) {
        const double *v = s->v + k * e->spec.d;
        for (size_t j = 0; j < e->spec.d; j++) out[j] -= v[j] * v[j] / s->q[k];
    }
    mfac_spend(&e->bill, 3 * e->spec.m * e->spec.d);
}

static void column(mfac_engine *e, size_t j, double *out)
{
    const recursion *s = e->state;
    for (size_t i = 0; i < e->spec.d; i++) out[i] = i == j ? 1 / e->spec.lambda : 0;
    for (size_t k = 0; k < e->spec.m; k++) axpy(e, -s->v[k * e->spec.d + j] / s->q[k], s->v + k * e->spec.d, out);
    mfac_spend(&e->bill, e->spec.m);
}

const mfac_ops mfac_recursion = {.id = "recursion",
                                 .create = create,
                                 .build = build,
                                 .product = product,
                                 .newest = newest,
                                 .diagonal = diagonal,
                                 .element = element,
                                 .column = column};
