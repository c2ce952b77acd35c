/* problems/online/sor.c: successive over-relaxation in one array.
 *
 * With x += delta, delta = W^-1 r, the next residual is ((1 - omega)/omega) D delta - L' delta: it can be formed from the update
 * alone, and the sweep that consumes it writes the next update over the last one. So a sweep reads and writes a single array. */
#include <math.h>
#include <string.h>

#include "problems/online/linseq.h"

/* `lanes` is a constant wherever this is inlined. a = (1 - omega)/omega diag, w = omega/diag; a lane with w = 0 rests. Replaces the
 * updates by the next ones and gives |r|^2 of the residual between them. */
static inline __attribute__((always_inline)) void sweep(const linseq_grid *grid, size_t lanes, const double *restrict a,
                                                        const double *restrict w, double *restrict delta, double *restrict norm2)
{
    const size_t down = grid->stride * lanes;
    double square[LINSEQ_LANES];
    for (size_t l = 0; l < lanes; l++) square[l] = 0;
    for (size_t o = 0; o < grid->rows; o++) {
        double *d = delta + ((o + 1) * grid->stride + grid->begin[o] + 1) * lanes;
        double left[LINSEQ_LANES];
        for (size_t l = 0; l < lanes; l++) left[l] = 0;
        for (size_t i = grid->begin[o]; i < grid->end[o]; i++, d += lanes)
            for (size_t l = 0; l < lanes; l++) {
                const double r = a[l] * d[l] + (d[l + lanes] + d[l + down]);
                square[l] += r * r;
                left[l] = w[l] * ((r + (d - down)[l]) + left[l]);
                d[l] = left[l];
            }
    }
    for (size_t l = 0; l < lanes; l++) norm2[l] = square[l];
}

/* The first update, W^-1 b, into a lane; returns |b|^2. */
static double first(const linseq_grid *grid, size_t lanes, size_t lane, const linseq_sor_job *job, double *delta)
{
    const size_t down = grid->stride * lanes;
    const double w = job->omega / job->diag, *b = job->b;
    double square = 0;
    for (size_t o = 0; o < grid->rows; o++) {
        double *d = delta + ((o + 1) * grid->stride + grid->begin[o] + 1) * lanes + lane, left = 0;
        for (size_t i = grid->begin[o]; i < grid->end[o]; i++, d += lanes, b++) {
            square += *b * *b;
            left = w * ((*b + *(d - down)) + left);
            *d = left;
        }
    }
    return square;
}

static double weight(const linseq_sor_job *job) { return job->omega / job->diag; }
static double kept(const linseq_sor_job *job) { return (1 - job->omega) / job->omega * job->diag; }

void linseq_sor(const linseq_grid *grid, double eps, linseq_sor_job *job, double *work, double *x)
{
    const double a = kept(job), w = weight(job);
    memset(work, 0, grid->size * sizeof *work);
    double norm2, bound = eps * eps * first(grid, 1, 0, job, work);
    if (x) memset(x, 0, grid->n * sizeof *x);
    for (job->iterations = 1;; job->iterations++) {
        for (size_t o = 0, k = 0; x && o < grid->rows; o++)
            for (size_t i = grid->begin[o]; i < grid->end[o]; i++) x[k++] += work[(o + 1) * grid->stride + i + 1];
        sweep(grid, 1, &a, &w, work, &norm2);
        if (norm2 < bound || job->iterations == LINSEQ_CAP) return;
    }
}

typedef struct lanes {
    double a[LINSEQ_LANES], w[LINSEQ_LANES], bound[LINSEQ_LANES], norm2[LINSEQ_LANES];
    linseq_sor_job *job[LINSEQ_LANES]; /* NULL: at rest */
} lanes;

/* The lane's job is done: the next one, or rest. */
static int refill(const linseq_grid *grid, double eps, lanes *s, size_t lane, linseq_sor_job *next, double *work)
{
    s->job[lane] = next;
    s->a[lane] = next ? kept(next) : 0, s->w[lane] = next ? weight(next) : 0;
    s->bound[lane] = -1; /* nothing is below it */
    if (!next) return 0;
    next->iterations = 0;
    s->bound[lane] = eps * eps * first(grid, LINSEQ_LANES, lane, next, work);
    return 1;
}

void linseq_sor_batch(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work)
{
    lanes s __attribute__((aligned(64)));
    size_t next = 0, running = 0;
    memset(work, 0, grid->size * LINSEQ_LANES * sizeof *work);
    for (size_t lane = 0; lane < LINSEQ_LANES; lane++)
        running += (size_t)refill(grid, eps, &s, lane, next < jobs ? &job[next++] : NULL, work);
    while (running > 0) {
        sweep(grid, LINSEQ_LANES, s.a, s.w, work, s.norm2);
        for (size_t lane = 0; lane < LINSEQ_LANES; lane++) {
            if (!s.job[lane]) continue;
            if (++s.job[lane]->iterations < LINSEQ_CAP && !(s.norm2[lane] < s.bound[lane])) continue;
            running--;
            running += (size_t)refill(grid, eps, &s, lane, next < jobs ? &job[next++] : NULL, work);
        }
    }
}
