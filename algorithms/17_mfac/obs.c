/* algorithms/17_mfac/obs.c: the optimal brain surgeon with F^-1 in place of the inverse Hessian, on n weights w.
 *
 *     saliency   p_i = w_i^2 / (2 [F^-1]_ii), the least increase of (1/2) dw'F dw with w_i + dw_i = 0
 *     update     w <- w - sum over dropped i of (w_i / [F^-1]_ii) F^-1 e_i, then w_i = 0
 *
 * The update is the sum of the best updates for each weight alone, one product in all: exact for one weight, not jointly optimal
 * for several. Reference: B. Hassibi, D. Stork, Second order derivatives for network pruning: optimal brain surgeon, NIPS 1992. */
#include "algorithms/17_mfac/mfac.h"

void mfac_saliency(size_t n, const double *w, const double *diagonal, double *p)
{
    for (size_t i = 0; i < n; i++) p[i] = w[i] * w[i] / (2 * diagonal[i]);
}

static int before(const double *p, size_t a, size_t b) { return p[a] < p[b] || (p[a] == p[b] && a < b); }

static void swap(size_t *index, size_t a, size_t b)
{
    const size_t kept = index[a];
    index[a] = index[b];
    index[b] = kept;
}

/* Moves what comes before the middle one of index[low .. high] to its left; returns where that one is. */
static size_t part(const double *p, size_t *index, size_t low, size_t high)
{
    size_t to = low;
    swap(index, low + (high - low) / 2, high);
    for (size_t i = low; i < high; i++)
        if (before(p, index[i], index[high])) swap(index, i, to++);
    swap(index, to, high);
    return to;
}

void mfac_least(size_t n, const double *p, size_t k, size_t *index)
{
    for (size_t i = 0; i < n; i++) index[i] = i;
    for (size_t low = 0, high = n; high > low + 1;) {
        const size_t at = part(p, index, low, high - 1);
        if (at >= k)
            high = at;
        else
            low = at + 1;
    }
}

void mfac_operate(mfac_engine *e, const double *diagonal, size_t k, const size_t *drop, double *w, double *pull, double *step)
{
    for (size_t i = 0; i < e->spec.d; i++) pull[i] = 0;
    for (size_t i = 0; i < k; i++) pull[drop[i]] = -w[drop[i]] / diagonal[drop[i]];
    e->ops->product(e, pull, step);
    for (size_t i = 0; i < e->spec.d; i++) w[i] += step[i];
    for (size_t i = 0; i < k; i++) w[drop[i]] = 0;
}
