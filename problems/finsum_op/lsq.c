/* problems/finsum_op/lsq.c: least squares, F_i(u) = a_i (a_i'u - b_i) with |a_i| = 1, alone or over a box.
 *
 * (1/n) sum |F_i(u) - F_i(v)|^2 = (1/n) sum (a_i'(u - v))^2 = <F(u) - F(v), u - v>: cocoercive on average with L_avg = 1 exactly.
 * The data in the order of the draws: a_1 .. a_n (sphere), u_true (d normals), n noise normals, the direction of the start
 * (sphere), for the box the direction of its shift (sphere). The start is one unit from the solution. */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/finsum_op/problems.h"
#include "problems/splitmix.h"

typedef struct lsq {
    finsum_instance base;
    const double *a, *b; /* n x d, n */
    double *solution, *low, *high;
} lsq;

static void lsq_full(const cc_oracle *o, const double *u, double *out)
{
    const lsq *p = o->instance;
    const size_t n = p->base.n, d = p->base.d;
    memset(out, 0, d * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        const double *a = p->a + i * d;
        double r = -p->b[i];
        for (size_t j = 0; j < d; j++) r += a[j] * u[j];
        for (size_t j = 0; j < d; j++) out[j] += r * a[j];
    }
    for (size_t j = 0; j < d; j++) out[j] /= (double)n;
    cc_flops(4 * n * d);
}

static void lsq_comp(const cc_oracle *o, size_t id, const double *u, double *out)
{
    const lsq *p = o->instance;
    const size_t d = p->base.d;
    const double *a = p->a + id * d;
    double r = -p->b[id];
    for (size_t j = 0; j < d; j++) r += a[j] * u[j];
    for (size_t j = 0; j < d; j++) out[j] = r * a[j];
    cc_flops(3 * d);
}

static void lsq_diff(const cc_oracle *o, size_t b, const size_t *ids, const double *u, const double *v, double scale, double *acc)
{
    const lsq *p = o->instance;
    const size_t d = p->base.d;
    double *du = ((finsum_env *)o->env)->work;
    for (size_t j = 0; j < d; j++) du[j] = u[j] - v[j];
    for (size_t k = 0; k < b; k++) {
        const double *a = p->a + ids[k] * d;
        double r = 0;
        for (size_t j = 0; j < d; j++) r += a[j] * du[j];
        for (size_t j = 0; j < d; j++) acc[j] += scale * r * a[j];
    }
    cc_flops((4 * b + 1) * d);
}

static void lsq_affine_step(const cc_oracle *o, size_t id, const double *u, const double *v, double a, const double *base,
                            double scale, double *out)
{
    const lsq *p = o->instance;
    const size_t d = p->base.d;
    const double *row = p->a + id * d;
    double r = 0;
    for (size_t j = 0; j < d; j++) r += row[j] * (u[j] - v[j]);
    for (size_t j = 0; j < d; j++) out[j] = a * u[j] + base[j] + scale * r * row[j];
    cc_flops(8 * d);
}

static void lsq_nearest_zero(const cc_oracle *o, const double *u, double *out)
{
    const lsq *p = o->instance;
    (void)u;
    memcpy(out, p->solution, p->base.d * sizeof *out);
}

static void lsq_box(const cc_oracle *o, double eta, const double *u, double *out, double *hint)
{
    const lsq *p = o->instance;
    (void)eta, (void)hint;
    for (size_t j = 0; j < p->base.d; j++) out[j] = fmin(fmax(u[j], p->low[j]), p->high[j]);
}

const finsum_ops finsum_lsq_ops = {lsq_full, lsq_comp, lsq_diff, lsq_affine_step, NULL, lsq_nearest_zero};
const finsum_ops finsum_lsq_box_ops = {lsq_full, lsq_comp, lsq_diff, lsq_affine_step, lsq_box, lsq_nearest_zero};

/* The data, L_F and mu (extreme eigenvalues of A'A / n), and the least-squares solution in p->solution. gram[d*d] = A'A / n. */
static cc_status draw(cc_run *scope, lsq *p, uint64_t *stream, double *gram)
{
    const size_t n = p->base.n, d = p->base.d;
    double *a, *b, *work, *u_true;
    CC_NEW(scope, a, n * d);
    CC_NEW(scope, b, n);
    CC_NEW(scope, work, n * d);
    CC_NEW(scope, u_true, n > d ? n : d); /* the right-hand side of the solver, afterwards */
    for (size_t i = 0; i < n; i++) cc_sm64_sphere(stream, d, a + i * d);
    for (size_t j = 0; j < d; j++) u_true[j] = cc_sm64_normal(stream);
    for (size_t i = 0; i < n; i++) b[i] = cc_dot(d, a + i * d, u_true) + cc_real(scope, "noise") * cc_sm64_normal(stream);
    p->a = a, p->b = b;
    cc_syrk_t(n, d, 1.0 / (double)n, a, 0, gram);
    cc_fill_upper(d, gram);
    memcpy(work, gram, d * d * sizeof *work);
    if (cc_syev(d, work, 0, u_true) != 0) return cc_fail(scope, CC_ENUMERIC, "no eigenvalues of A'A");
    p->base.mu = fmax(u_true[0], 0), p->base.L_F = u_true[d - 1];
    memcpy(work, a, n * d * sizeof *work);
    memcpy(u_true, b, n * sizeof *b);
    if (cc_lstsq(n, d, work, u_true) != 0) return cc_fail(scope, CC_ENUMERIC, "A has not full rank");
    memcpy(p->solution, u_true, d * sizeof *u_true);
    return CC_OK;
}

static cc_status create(cc_run *scope, lsq **instance, uint64_t *stream, double **gram)
{
    const size_t n = (size_t)cc_int(scope, "n"), d = (size_t)cc_int(scope, "d");
    lsq *p;
    if (d > n) return cc_fail(scope, CC_EINVAL, "d = %zu exceeds n = %zu: the solution would not be unique", d, n);
    CC_NEW(scope, p, 1);
    CC_NEW(scope, p->solution, d);
    CC_NEW(scope, p->base.u0, d);
    CC_NEW(scope, *gram, d * d);
    p->base.n = p->base.law.n = n, p->base.d = d;
    p->base.caps = FINSUM_COCO | FINSUM_AFFINE;
    p->base.L_avg = 1, p->base.R = 1;
    *stream = cc_seed(scope);
    CC_TRY(draw(scope, p, stream, *gram));
    cc_sm64_sphere(stream, d, p->base.u0); /* the direction; the solution is added by the caller */
    *instance = p;
    return CC_OK;
}

cc_status finsum_lsq_create(cc_run *scope, void **instance)
{
    lsq *p = NULL;
    double *gram;
    uint64_t stream;
    CC_TRY(create(scope, &p, &stream, &gram));
    for (size_t j = 0; j < p->base.d; j++) p->base.u0[j] += p->solution[j];
    *instance = p;
    return finsum_publish(scope, &p->base, &finsum_lsq_ops);
}

/* min over low <= u <= high of (u - c)'gram (u - c): cyclic coordinate descent to the last bit; gram is positive definite. u: in c.
 */
static void box_least_squares(size_t d, const double *gram, const double *low, const double *high, const double *c, double *u)
{
    double change = 1;
    for (size_t j = 0; j < d; j++) u[j] = fmin(fmax(c[j], low[j]), high[j]);
    for (int sweep = 0; sweep < 100000 && change > 1e-16; sweep++) {
        change = 0;
        for (size_t j = 0; j < d; j++) {
            double slope = 0;
            for (size_t k = 0; k < d; k++) slope += gram[j * d + k] * (u[k] - c[k]);
            const double next = fmin(fmax(u[j] - slope / gram[j * d + j], low[j]), high[j]);
            change = fmax(change, fabs(next - u[j]));
            u[j] = next;
        }
    }
}

cc_status finsum_lsq_box_create(cc_run *scope, void **instance)
{
    lsq *p = NULL;
    double *gram, *free_solution;
    uint64_t stream;
    CC_TRY(create(scope, &p, &stream, &gram));
    const size_t d = p->base.d;
    CC_NEW(scope, p->low, d);
    CC_NEW(scope, p->high, d);
    CC_NEW(scope, free_solution, d);
    memcpy(free_solution, p->solution, d * sizeof *free_solution);
    cc_sm64_sphere(&stream, d, p->low);
    for (size_t j = 0; j < d; j++) {
        const double centre = free_solution[j] + cc_real(scope, "shift") * p->low[j];
        p->low[j] = centre - .5, p->high[j] = centre + .5;
    }
    box_least_squares(d, gram, p->low, p->high, free_solution, p->solution);
    for (size_t j = 0; j < d; j++) p->base.u0[j] += p->solution[j];
    p->base.caps |= FINSUM_SET;
    *instance = p;
    return finsum_publish(scope, &p->base, &finsum_lsq_box_ops);
}
