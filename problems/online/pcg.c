/* problems/online/pcg.c: conjugate gradients with the SSOR preconditioner, one system.
 *
 * M z = r in two sweeps: s = r + q N_up s upwards, z = (omega (2 - omega) / diag) s + q N_down z downwards, q = omega off / diag;
 * the upward sweep comes first. Within a line a sweep is a chain of one fused multiply-add an unknown; lines overlap in the
 * processor. All else is vectorised over the padded vectors, whose borders stay 0. */
#include <math.h>
#include <string.h>

#include "problems/online/linseq.h"

typedef struct vectors {
    double *r, *z, *p, *q, *s;
} vectors;

static size_t first_of(const linseq_grid *grid, size_t o) { return (o + 1) * grid->stride + grid->begin[o] + 1; }

/* x'y in eight parts: a single chain of additions would be the bottleneck. */
static double inner(size_t size, const double *x, const double *y)
{
    double sum[8] = {0};
    for (size_t i = 0; i < size; i += 8)
        for (size_t l = 0; l < 8; l++) sum[l] = fma(x[i + l], y[i + l], sum[l]);
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/* z = M^-1 r */
static void precondition(const linseq_grid *grid, double q, double scale, const vectors *v)
{
    const size_t down = grid->stride;
    for (size_t o = grid->rows; o-- > 0;) {
        const size_t first = first_of(grid, o);
        double last = 0;
        for (size_t k = first + grid->end[o] - grid->begin[o]; k-- > first;)
            v->s[k] = last = fma(q, last, fma(q, v->s[k + down], v->r[k]));
    }
    for (size_t o = 0; o < grid->rows; o++) {
        const size_t first = first_of(grid, o), past = first + grid->end[o] - grid->begin[o];
        double last = 0;
        for (size_t k = first; k < past; k++) v->z[k] = last = fma(q, last, fma(q, v->z[k - down], scale * v->s[k]));
    }
}

void linseq_apply(const linseq_grid *grid, double diag, double off, const double *restrict x, double *restrict y)
{
    for (size_t o = 0; o < grid->rows; o++) {
        const size_t first = first_of(grid, o), length = grid->end[o] - grid->begin[o];
        const double *c = x + first, *up = c - grid->stride, *down = c + grid->stride, *left = c - 1, *right = c + 1;
        double *out = y + first;
        for (size_t i = 0; i < length; i++) out[i] = diag * c[i] - off * ((left[i] + right[i]) + (up[i] + down[i]));
    }
}

/* p = z + beta p */
static void direct(size_t size, double beta, const double *restrict z, double *restrict p)
{
    for (size_t i = 0; i < size; i++) p[i] = z[i] + beta * p[i];
}

/* x += alpha p, r -= alpha q */
static void advance(size_t size, double alpha, const double *restrict p, const double *restrict q, double *restrict x,
                    double *restrict r)
{
    for (size_t i = 0; i < size; i++) x[i] += alpha * p[i], r[i] -= alpha * q[i];
}

uint32_t linseq_pcg(const linseq_grid *grid, double diag, double off, double omega, double eps, const double *b, double *x,
                    double *work)
{
    const size_t size = grid->size;
    const vectors v = {work, omega > 0 ? work + size : work, work + 2 * size, work + 3 * size, work + 4 * size};
    memset(work, 0, LINSEQ_PCG_WORK * size * sizeof *work);
    linseq_apply(grid, diag, off, x, v.q);
    for (size_t i = 0; i < size; i++) v.r[i] = b[i] - v.q[i];
    const double bound = eps * eps * inner(size, b, b);
    double norm2 = inner(size, v.r, v.r), before = 1;
    uint32_t k = 0;
    for (; norm2 > bound && k < LINSEQ_CAP; k++) {
        if (omega > 0) precondition(grid, omega * off / diag, omega * (2 - omega) / diag, &v);
        const double rho = omega > 0 ? inner(size, v.r, v.z) : norm2;
        direct(size, k > 0 ? rho / before : 0, v.z, v.p);
        linseq_apply(grid, diag, off, v.p, v.q);
        advance(size, rho / inner(size, v.p, v.q), v.p, v.q, x, v.r);
        norm2 = inner(size, v.r, v.r);
        before = rho;
    }
    return k;
}
