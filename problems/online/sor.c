/* problems/online/sor.c: successive over-relaxation, and symmetric, without a residual.
 *
 * With x += delta, delta = W^-1 r, the next residual is ((1 - omega)/omega) D delta - L' delta: it can be formed from the update
 * alone, and the sweep that consumes it writes the next update over the last one. So a sweep reads and writes a single array.
 *
 * Symmetric: after a sweep backwards the residual is ((1 - omega)/omega) D delta - L delta. Of both, a sweep needs the updates of
 * the last sweep at the neighbours that it has just passed, so there are two arrays, read and written in turn. */
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

/* The updates of a sweep that goes the other way than the last: `to` from `from`. Constants where this is inlined: lanes, back (the
 * order is reversed), norm2 (NULL: not wanted; else of the residual between them). */
static inline __attribute__((always_inline)) void turn(const linseq_grid *grid, size_t lanes, int back, const double *restrict a,
                                                       const double *restrict w, const double *restrict from, double *restrict to,
                                                       double *restrict norm2)
{
    const ptrdiff_t next = back ? -(ptrdiff_t)lanes : (ptrdiff_t)lanes, down = next * (ptrdiff_t)grid->stride;
    double square[LINSEQ_LANES];
    for (size_t l = 0; l < lanes; l++) square[l] = 0;
    for (size_t j = 0; j < grid->rows; j++) {
        const size_t o = back ? grid->rows - 1 - j : j, first = back ? grid->end[o] : grid->begin[o] + 1;
        const double *f = from + ((o + 1) * grid->stride + first) * lanes;
        double *t = to + ((o + 1) * grid->stride + first) * lanes, passed[LINSEQ_LANES];
        for (size_t l = 0; l < lanes; l++) passed[l] = 0;
        for (size_t i = grid->begin[o]; i < grid->end[o]; i++, f += next, t += next)
            for (size_t l = 0; l < lanes; l++) {
                const double r = a[l] * f[l] + ((f - next)[l] + (f - down)[l]);
                if (norm2) square[l] += r * r;
                passed[l] = w[l] * ((r + (t - down)[l]) + passed[l]);
                t[l] = passed[l];
            }
    }
    for (size_t l = 0; norm2 && l < lanes; l++) norm2[l] = square[l];
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

/* x += delta */
static void advance(const linseq_grid *grid, const double *delta, double *x)
{
    for (size_t o = 0; o < grid->rows; o++)
        for (size_t i = grid->begin[o]; i < grid->end[o]; i++) *x++ += delta[(o + 1) * grid->stride + i + 1];
}

void linseq_sor(const linseq_grid *grid, double eps, linseq_sor_job *job, double *work, double *x)
{
    const double a = kept(job), w = weight(job);
    memset(work, 0, grid->size * sizeof *work);
    double norm2, bound = eps * eps * first(grid, 1, 0, job, work);
    if (x) memset(x, 0, grid->n * sizeof *x);
    for (job->iterations = 1;; job->iterations++) {
        if (x) advance(grid, work, x);
        sweep(grid, 1, &a, &w, work, &norm2);
        if (norm2 < bound || job->iterations == LINSEQ_CAP) return;
    }
}

void linseq_ssor(const linseq_grid *grid, double eps, linseq_sor_job *job, double *work, double *x)
{
    const double a = kept(job), w = weight(job);
    double *other = work + grid->size, norm2;
    memset(work, 0, LINSEQ_SSOR_WORK * grid->size * sizeof *work);
    const double bound = eps * eps * first(grid, 1, 0, job, work);
    if (x) memset(x, 0, grid->n * sizeof *x);
    for (job->iterations = 1;; job->iterations++) {
        turn(grid, 1, 1, &a, &w, work, other, NULL);
        if (x) advance(grid, work, x), advance(grid, other, x);
        turn(grid, 1, 0, &a, &w, other, work, &norm2);
        if (norm2 < bound || job->iterations == LINSEQ_CAP) return;
    }
}

/* ---- many systems ---- */

typedef struct lanes {
    double a[LINSEQ_LANES], w[LINSEQ_LANES], bound[LINSEQ_LANES], norm2[LINSEQ_LANES];
    linseq_sor_job *job[LINSEQ_LANES]; /* NULL: at rest */
} lanes;

/* An iteration of all lanes; the last update forwards is at the beginning of `work`. */
typedef void iteration(const linseq_grid *grid, lanes *s, double *work);

static void iterate_sor(const linseq_grid *grid, lanes *s, double *work) { sweep(grid, LINSEQ_LANES, s->a, s->w, work, s->norm2); }

static void iterate_ssor(const linseq_grid *grid, lanes *s, double *work)
{
    double *other = work + grid->size * LINSEQ_LANES;
    turn(grid, LINSEQ_LANES, 1, s->a, s->w, work, other, NULL);
    turn(grid, LINSEQ_LANES, 0, s->a, s->w, other, work, s->norm2);
}

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

static void solve_all(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work, iteration *iterate)
{
    lanes s __attribute__((aligned(64)));
    size_t next = 0, running = 0;
    for (size_t lane = 0; lane < LINSEQ_LANES; lane++)
        running += (size_t)refill(grid, eps, &s, lane, next < jobs ? &job[next++] : NULL, work);
    while (running > 0) {
        iterate(grid, &s, work);
        for (size_t lane = 0; lane < LINSEQ_LANES; lane++) {
            if (!s.job[lane]) continue;
            if (++s.job[lane]->iterations < LINSEQ_CAP && !(s.norm2[lane] < s.bound[lane])) continue;
            running--;
            running += (size_t)refill(grid, eps, &s, lane, next < jobs ? &job[next++] : NULL, work);
        }
    }
}

void linseq_sor_batch(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work)
{
    memset(work, 0, grid->size * LINSEQ_LANES * sizeof *work);
    solve_all(grid, eps, jobs, job, work, iterate_sor);
}

void linseq_ssor_batch(const linseq_grid *grid, double eps, size_t jobs, linseq_sor_job *job, double *work)
{
    memset(work, 0, LINSEQ_SSOR_WORK * grid->size * LINSEQ_LANES * sizeof *work);
    solve_all(grid, eps, jobs, job, work, iterate_ssor);
}
