/* Loops over boxes: broadcasting and its adjoint, summation, are one loop nest with strides of zero in different places. */
#include <string.h>

#include "harness/numerics/nn_op.h"

/* Strides of a row-major array of this shape, aligned at the right of a box of four dimensions; 0 where it is repeated. */
static int strides(nn_shape s, const size_t box[4], size_t stride[4])
{
    size_t step = 1;
    for (int i = 3; i >= 0; i--) {
        int own = i - (4 - s.nd);
        size_t d = own >= 0 ? s.d[own] : 1;
        if (d != 1 && d != box[i]) return 0;
        stride[i] = d == 1 ? 0 : step;
        step *= d;
    }
    return 1;
}

int nn_broadcast(nn_shape a, nn_shape b, nn_shape *box, nn_loop *loop)
{
    box->nd = a.nd > b.nd ? a.nd : b.nd;
    for (int i = 0; i < 4; i++) { /* from the right */
        size_t da = i < a.nd ? a.d[a.nd - 1 - i] : 1, db = i < b.nd ? b.d[b.nd - 1 - i] : 1, d = da > db ? da : db;
        if (i < box->nd) box->d[box->nd - 1 - i] = d;
        loop->d[3 - i] = d;
    }
    return strides(*box, loop->d, loop->stride[0]) && strides(a, loop->d, loop->stride[1]) && strides(b, loop->d, loop->stride[2]);
}

void nn_collapse(nn_loop *l)
{
    size_t d[4] = {1, 1, 1, 1}, stride[3][4] = {{0}};
    int at = 3, begun = 0;
    for (int i = 3; i >= 0; i--) {
        if (l->d[i] == 1) continue;
        int joins = begun;
        for (int k = 0; k < 3 && joins; k++) joins = l->stride[k][i] == stride[k][at] * d[at];
        if (!joins && begun) at--;
        if (!joins)
            for (int k = 0; k < 3; k++) stride[k][at] = l->stride[k][i];
        d[at] *= l->d[i];
        begun = 1;
    }
    memcpy(l->d, d, sizeof d);
    memcpy(l->stride, stride, sizeof stride);
}

enum { LANES = 8 }; /* partial sums: so that a sum vectorises, in an order that is fixed */

static double sum_line(size_t n, const double *restrict x)
{
    double part[LANES] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++) part[k] += x[i + (size_t)k];
    for (; i < n; i++) sum += x[i];
    for (int k = 0; k < LANES; k++) sum += part[k];
    return sum;
}

static double dot_line(size_t n, const double *restrict x, const double *restrict y)
{
    double part[LANES] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++) part[k] += x[i + (size_t)k] * y[i + (size_t)k];
    for (; i < n; i++) sum += x[i] * y[i];
    for (int k = 0; k < LANES; k++) sum += part[k];
    return sum;
}

static void add_line(size_t n, double alpha, const double *x, double *d)
{
    for (size_t i = 0; i < n; i++) d[i] += alpha * x[i];
}

/* d += alpha x y along one dimension, x and y with strides 0 or 1 and d with 0 or 1: the cases that matter; otherwise any. */
static void line(size_t n, double alpha, const double *x, size_t sx, const double *y, size_t sy, double *d, size_t sd)
{
    if (y && sy == 0) {
        alpha *= *y;
        y = NULL;
    }
    if (y && sx == 0) { /* the one that moves is x */
        alpha *= *x;
        x = y;
        sx = sy;
        y = NULL;
    }
    if (sd == 0 && sx == 1 && (!y || sy == 1))
        *d += alpha * (y ? dot_line(n, x, y) : sum_line(n, x));
    else if (sd == 1 && sx == 1 && !y)
        add_line(n, alpha, x, d);
    else if (sd == 1 && sx == 1 && sy == 1)
        for (size_t i = 0; i < n; i++) d[i] += alpha * x[i] * y[i];
    else
        for (size_t i = 0; i < n; i++) d[i * sd] += alpha * x[i * sx] * (y ? y[i * sy] : 1);
}

void nn_contract(const nn_loop *l, double alpha, const double *x, int kx, const double *y, int ky, double *d, int kd)
{
    const size_t *sx = l->stride[kx], *sy = l->stride[ky], *sd = l->stride[kd];
    for (size_t i = 0; i < l->d[0]; i++)
        for (size_t j = 0; j < l->d[1]; j++)
            for (size_t k = 0; k < l->d[2]; k++)
                line(l->d[3], alpha, x + i * sx[0] + j * sx[1] + k * sx[2], sx[3], y ? y + i * sy[0] + j * sy[1] + k * sy[2] : NULL,
                     sy[3], d + i * sd[0] + j * sd[1] + k * sd[2], sd[3]);
}

void nn_spread(const nn_loop *l, const double *x, int kx, double *y, int ky)
{
    const size_t *sx = l->stride[kx], *sy = l->stride[ky];
    for (size_t i = 0; i < l->d[0]; i++)
        for (size_t j = 0; j < l->d[1]; j++)
            for (size_t k = 0; k < l->d[2]; k++) {
                const double *from = x + i * sx[0] + j * sx[1] + k * sx[2];
                double *to = y + i * sy[0] + j * sy[1] + k * sy[2];
                for (size_t e = 0; e < l->d[3]; e++) to[e * sy[3]] = from[e * sx[3]];
            }
}
