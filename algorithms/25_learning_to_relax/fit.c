/* algorithms/25_learning_to_relax/fit.c: least squares in a box from sums: what ChebCB refits after every round, in O(m^2).
 *
 * The sums are of losses that are not scaled, so that a change of the scale changes bounds and no data. */
#include <math.h>
#include <string.h>

#include "algorithms/25_learning_to_relax/relax.h"

enum { MAX = RELAX_MAX_FEATURES };

void relax_chebyshev(size_t m, double z, double *f)
{
    f[0] = 1;
    if (m > 1) f[1] = z;
    for (size_t j = 2; j < m; j++) f[j] = 2 * z * f[j - 1] - f[j - 2];
}

void relax_fit_add(relax_fit *fit, size_t m, const double *f, double y)
{
    for (size_t j = 0; j < m; j++) {
        for (size_t k = 0; k < m; k++) fit->gram[j * m + k] += f[j] * f[k];
        fit->moment[j] += f[j] * y;
    }
    fit->square += y * y;
    fit->n++;
}

/* (G + ridge I) z = right on the coordinates in `use`, by Cholesky; 0 if a pivot is lost to ten digits. Others keep their z. */
static int cholesky(const relax_fit *fit, size_t m, const int *use, double ridge, const double *right, double *z)
{
    double l[MAX * MAX];
    for (size_t j = 0; j < m; j++)
        for (size_t i = j; use[j] && i < m; i++) {
            double sum = fit->gram[i * m + j] + (i == j ? ridge : 0);
            if (!use[i]) continue;
            for (size_t k = 0; k < j; k++)
                if (use[k]) sum -= l[i * m + k] * l[j * m + k];
            if (i == j && !(sum > 1e-10 * fit->gram[j * m + j])) return 0;
            l[i * m + j] = i == j ? sqrt(sum) : sum / l[j * m + j];
        }
    for (size_t i = 0; i < m; i++) {
        if (!use[i]) continue;
        z[i] = right[i];
        for (size_t k = 0; k < i; k++)
            if (use[k]) z[i] -= l[i * m + k] * z[k];
        z[i] /= l[i * m + i];
    }
    for (size_t i = m; i-- > 0;) {
        if (!use[i]) continue;
        for (size_t k = i + 1; k < m; k++)
            if (use[k]) z[i] -= l[k * m + i] * z[k];
        z[i] /= l[i * m + i];
    }
    return 1;
}

/* A rotation in the plane (p, q) that makes a[p, q] zero; the rows of v take it too. */
static void rotate(size_t m, double *a, double *v, size_t p, size_t q)
{
    if (a[p * m + q] == 0) return;
    const double theta = (a[q * m + q] - a[p * m + p]) / (2 * a[p * m + q]);
    const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1)), c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < m; k++) {
        const double x = a[k * m + p], y = a[k * m + q];
        a[k * m + p] = c * x - s * y, a[k * m + q] = s * x + c * y;
    }
    for (size_t k = 0; k < m; k++) {
        const double x = a[p * m + k], y = a[q * m + k], vx = v[p * m + k], vy = v[q * m + k];
        a[p * m + k] = c * x - s * y, a[q * m + k] = s * x + c * y;
        v[p * m + k] = c * vx - s * vy, v[q * m + k] = s * vx + c * vy;
    }
}

/* The solution of least norm, from the eigenvectors (Jacobi) with eigenvalues above 1e-10 of their sum. */
static void least_norm(const relax_fit *fit, size_t m, double *theta)
{
    double a[MAX * MAX], v[MAX * MAX] = {0}, top = 0;
    memcpy(a, fit->gram, m * m * sizeof *a);
    for (size_t j = 0; j < m; j++) v[j * m + j] = 1;
    for (size_t j = 0; j < m; j++) top += a[j * m + j]; /* the trace: at least the largest eigenvalue */
    for (double off = top; off > 1e-14 * top;) {
        off = 0;
        for (size_t p = 0; p < m; p++)
            for (size_t q = p + 1; q < m; q++) {
                off = fmax(off, fabs(a[p * m + q]));
                rotate(m, a, v, p, q);
            }
    }
    memset(theta, 0, m * sizeof *theta);
    for (size_t j = 0; j < m; j++) {
        double part = 0;
        if (!(a[j * m + j] > 1e-10 * top)) continue;
        for (size_t k = 0; k < m; k++) part += v[j * m + k] * fit->moment[k];
        for (size_t k = 0; k < m; k++) theta[k] += v[j * m + k] * part / a[j * m + j];
    }
}

/* half the gradient of theta'G theta - 2 moment'theta */
static double slope(const relax_fit *fit, size_t m, size_t j)
{
    double sum = -fit->moment[j];
    for (size_t k = 0; k < m; k++) sum += fit->gram[j * m + k] * fit->theta[k];
    return sum;
}

/* Goes from theta towards z, as far as the box allows; the coordinate that stops it leaves `use`. 1: arrived. */
static int walk(size_t m, const double *bound, const double *z, int *use, double *theta)
{
    double share = 1;
    size_t stop = m;
    for (size_t j = 0; j < m; j++) {
        if (!use[j] || fabs(z[j]) <= bound[j]) continue;
        const double room = (copysign(bound[j], z[j]) - theta[j]) / (z[j] - theta[j]);
        if (stop == m || room < share) share = room, stop = j;
    }
    for (size_t j = 0; j < m; j++)
        if (use[j]) theta[j] += share * (z[j] - theta[j]);
    if (stop == m) return 1;
    theta[stop] = copysign(bound[stop], z[stop]);
    use[stop] = 0;
    return 0;
}

/* The bound coordinate whose release lowers the sum of squares most steeply; m: none. */
static size_t to_release(const relax_fit *fit, size_t m, const int *use)
{
    double steepest = 1e-10 * (1 + sqrt(fit->square * (double)fit->n));
    size_t release = m;
    for (size_t j = 0; j < m; j++) {
        const double down = use[j] ? 0 : copysign(1, fit->theta[j]) * slope(fit, m, j);
        if (down > steepest) steepest = down, release = j;
    }
    return release;
}

/* Least squares in the box by active sets, from the last round's theta. The ridge makes it unique and changes no digit that
 * matters: a feature's square is at most 1. */
static void boxed(relax_fit *fit, size_t m, const double *bound)
{
    double right[MAX], z[MAX];
    int use[MAX];
    for (size_t j = 0; j < m; j++) {
        fit->theta[j] = fmin(fmax(fit->theta[j], -bound[j]), bound[j]);
        use[j] = bound[j] > 0;
    }
    for (size_t turn = 0; turn < 8 * m; turn++) {
        for (size_t j = 0; j < m; j++) {
            right[j] = fit->moment[j];
            for (size_t k = 0; k < m; k++)
                if (!use[k]) right[j] -= fit->gram[j * m + k] * fit->theta[k];
        }
        if (!cholesky(fit, m, use, 1e-9 * (double)fit->n, right, z)) return; /* not with this ridge */
        if (!walk(m, bound, z, use, fit->theta)) continue;
        const size_t release = to_release(fit, m, use);
        if (release == m) return;
        use[release] = 1;
    }
}

void relax_fit_solve(relax_fit *fit, size_t m, const double *bound)
{
    double free_theta[MAX];
    int inside = 1, all[MAX] = {0};
    for (size_t j = 0; j < m; j++) all[j] = 1;
    if (fit->n < m || !cholesky(fit, m, all, 0, fit->moment, free_theta)) least_norm(fit, m, free_theta);
    for (size_t j = 0; j < m; j++) inside &= fabs(free_theta[j]) <= bound[j];
    fit->residual = 0;
    if (inside) {
        memcpy(fit->theta, free_theta, m * sizeof *free_theta);
        return;
    }
    boxed(fit, m, bound);
    fit->residual = fit->square;
    for (size_t j = 0; j < m; j++) fit->residual += (slope(fit, m, j) - fit->moment[j]) * fit->theta[j];
}
