/* problems/online/grid.c: planar grids and their padded vectors. */
#include <math.h>

#include "problems/online/linseq.h"

static cc_status lines(cc_run *scope, size_t side, size_t **begin, size_t **end, linseq_grid *grid)
{
    CC_NEW(scope, *begin, side);
    CC_NEW(scope, *end, side);
    *grid = (linseq_grid){side, side + 1, 0, ((side + 2) * (side + 1) + 8) / 8 * 8, *begin, *end};
    return CC_OK;
}

cc_status linseq_square(cc_run *scope, size_t side, linseq_grid *grid)
{
    size_t *begin, *end;
    CC_TRY(lines(scope, side, &begin, &end, grid));
    for (size_t o = 0; o < side; o++) end[o] = side;
    grid->n = side * side;
    return CC_OK;
}

cc_status linseq_l_shape(cc_run *scope, size_t side, linseq_grid *grid)
{
    size_t *begin, *end;
    CC_TRY(lines(scope, side, &begin, &end, grid));
    for (size_t o = 0; o < side; o++) {
        const int right = 2 * (o + 1) > side + 1; /* x > 0; y > 0 are the points i with 2 (i + 1) < side + 1 */
        end[o] = right ? side : side / 2;
        grid->n += end[o];
    }
    return CC_OK;
}

static size_t place(const linseq_grid *grid, size_t o, size_t i) { return (o + 1) * grid->stride + i + 1; }

void linseq_put(const linseq_grid *grid, const double *x, double *padded)
{
    for (size_t o = 0; o < grid->rows; o++)
        for (size_t i = grid->begin[o]; i < grid->end[o]; i++) padded[place(grid, o, i)] = *x++;
}

void linseq_take(const linseq_grid *grid, const double *padded, double *x)
{
    for (size_t o = 0; o < grid->rows; o++)
        for (size_t i = grid->begin[o]; i < grid->end[o]; i++) *x++ = padded[place(grid, o, i)];
}

static int inside(const linseq_grid *grid, size_t o, size_t i) { return o < grid->rows && i >= grid->begin[o] && i < grid->end[o]; }

void linseq_dense(const linseq_grid *grid, double diag, double off, double *a)
{
    const size_t n = grid->n;
    size_t k = 0;
    for (size_t j = 0; j < n * n; j++) a[j] = 0;
    for (size_t o = 0; o < grid->rows; o++)
        for (size_t i = grid->begin[o]; i < grid->end[o]; i++, k++) {
            a[k * n + k] = diag;
            if (inside(grid, o, i + 1)) a[k * n + k + 1] = a[(k + 1) * n + k] = -off;
            if (!inside(grid, o + 1, i)) continue;
            const size_t below = k + (grid->end[o] - i) + (i - grid->begin[o + 1]);
            a[k * n + below] = a[below * n + k] = -off;
        }
}

double linseq_young(double beta) { return 2 / (1 + sqrt(1 - beta * beta)); }
