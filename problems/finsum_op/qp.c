/* problems/finsum_op/qp.c: the saddle point of x'Hx/2 - h'x - y'(Ax - b), F(x, y) = (Hx - h - A'y, Ax - b), G = 0.
 *
 * A = B/4 with B_{i,n-1-i} = 1 and B_{i,n-2-i} = -1 (0-based, the latter for i < n-1), H = 2A'A (tridiagonal), b = 1/4, h =
 * e_{n-1}/4. The solution is x_i = i + 1, y_i = -1/2; the start is 1/n throughout. A component takes column i of H and of A and row
 * i of A: F_i(u) = n (H_:i x_i - A_i:'y_i, A_:i x_i) - (h, b), uniform; L_avg^2 = n max_i of the largest eigenvalue of the 2 x 2
 * Gram matrix of (H_:i, A_:i) and (-A_i:', 0). Everything costs as many operations as there are non-zeros: two to a row of A, three
 * to one of H. */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/finsum_op/problems.h"

typedef struct qp {
    finsum_instance base;
    size_t n;
} qp;

/* out += s A_:j (column j): rows n-1-j and n-2-j. */
static void add_column(size_t n, size_t j, double s, double *out)
{
    out[n - 1 - j] += s / 4;
    if (j + 1 < n) out[n - 2 - j] -= s / 4;
}

/* A is symmetric (its entries depend on i + j), so a row is a column. out += s H_:j = 2 s A (A_:j). */
static void add_hessian_column(size_t n, size_t j, double s, double *out)
{
    add_column(n, n - 1 - j, s / 2, out);
    if (j + 1 < n) add_column(n, n - 2 - j, -s / 2, out);
}

static void multiply(size_t n, double s, const double *x, double *out) /* out = s A x */
{
    for (size_t i = 0; i + 1 < n; i++) out[i] = s / 4 * (x[n - 1 - i] - x[n - 2 - i]);
    out[n - 1] = s / 4 * x[0];
}

static void full(const cc_oracle *o, const double *u, double *out)
{
    const size_t n = ((const qp *)o->instance)->n;
    double *w = ((finsum_env *)o->env)->work;
    const double *y = u + n;
    multiply(n, 1, u, out + n);
    for (size_t i = 0; i < n; i++) w[i] = 2 * out[n + i] - y[i];
    multiply(n, 1, w, out); /* A (2 A x - y) */
    out[n - 1] -= .25;
    for (size_t i = 0; i < n; i++) out[n + i] -= .25;
    cc_flops(8 * n);
}

/* out += s n (H_:i dx - A_i:'dy, A_:i dx) */
static void add_component(size_t n, size_t i, double dx, double dy, double s, double *out)
{
    const double sn = s * (double)n;
    add_hessian_column(n, i, sn * dx, out);
    add_column(n, i, -sn * dy, out);
    add_column(n, i, sn * dx, out + n);
}

static void comp(const cc_oracle *o, size_t id, const double *u, double *out)
{
    const size_t n = ((const qp *)o->instance)->n;
    for (size_t k = 0; k < n; k++) {
        out[k] = 0;
        out[n + k] = -.25;
    }
    out[n - 1] = -.25;
    add_component(n, id, u[id], u[n + id], 1, out);
    cc_flops(20);
}

static void diff(const cc_oracle *o, size_t b, const size_t *ids, const double *u, const double *v, double scale, double *acc)
{
    const size_t n = ((const qp *)o->instance)->n;
    for (size_t k = 0; k < b; k++) add_component(n, ids[k], u[ids[k]] - v[ids[k]], u[n + ids[k]] - v[n + ids[k]], scale, acc);
    cc_flops(20 * b);
}

static void affine_step(const cc_oracle *o, size_t id, const double *u, const double *v, double a, const double *base, double scale,
                        double *out)
{
    const size_t n = ((const qp *)o->instance)->n;
    const double dx = u[id] - v[id], dy = u[n + id] - v[n + id]; /* before out, which may be u, changes */
    for (size_t k = 0; k < 2 * n; k++) out[k] = a * u[k] + base[k];
    add_component(n, id, dx, dy, scale, out);
    cc_flops(4 * n + 20);
}

static void nearest_zero(const cc_oracle *o, const double *u, double *out)
{
    const size_t n = ((const qp *)o->instance)->n;
    (void)u;
    for (size_t k = 0; k < n; k++) {
        out[k] = (double)(k + 1);
        out[n + k] = -.5;
    }
}

const finsum_ops finsum_qp_ops = {full, comp, diff, affine_step, NULL, nearest_zero};

/* The largest eigenvalue of [[|H_:i|^2 + |A_:i|^2, -H_:i'A_:i], [., |A_:i|^2]], over i. `column`: scratch[2n]. */
static double largest_component(size_t n, double *column)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        double *H = column, *A = column + n;
        memset(column, 0, 2 * n * sizeof *column);
        add_hessian_column(n, i, 1, H);
        add_column(n, i, 1, A);
        const double aa = cc_dot(n, A, A), hh = cc_dot(n, H, H), ha = cc_dot(n, H, A);
        largest = fmax(largest, aa + hh / 2 + sqrt(hh * hh / 4 + ha * ha));
    }
    return largest;
}

static cc_status spectral_norm(cc_run *scope, const cc_oracle *o, double *norm)
{
    const size_t d = ((const finsum_instance *)o->instance)->d, n = d / 2;
    double *jacobian, *s;
    CC_NEW(scope, jacobian, d * d);
    CC_NEW(scope, s, d);
    for (size_t j = 0; j < n; j++) { /* row j holds column j */
        add_hessian_column(n, j, 1, jacobian + j * d);
        add_column(n, j, 1, jacobian + j * d + n);
        add_column(n, j, -1, jacobian + (n + j) * d);
    }
    if (cc_svdvals(d, d, jacobian, s) != 0) return cc_fail(scope, CC_ENUMERIC, "no singular values of F'");
    *norm = s[0];
    return CC_OK;
}

cc_status finsum_qp_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n");
    qp *p;
    double *solution;
    CC_NEW(scope, p, 1);
    CC_NEW(scope, p->base.u0, 2 * n);
    CC_NEW(scope, solution, 2 * n);
    const cc_oracle o = {.ops = &finsum_qp_ops, .instance = p};
    p->n = p->base.n = p->base.law.n = n;
    p->base.d = 2 * n;
    p->base.caps = FINSUM_AFFINE;
    for (size_t k = 0; k < 2 * n; k++) p->base.u0[k] = 1 / (double)n;
    p->base.L_avg = sqrt((double)n * largest_component(n, solution));
    CC_TRY(spectral_norm(scope, &o, &p->base.L_F));
    nearest_zero(&o, NULL, solution);
    p->base.R = finsum_distance(2 * n, p->base.u0, solution);
    *instance = p;
    return finsum_publish(scope, &p->base, &finsum_qp_ops);
}
