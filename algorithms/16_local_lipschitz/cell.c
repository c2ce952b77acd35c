/* cell.c: is there a point of the box at which hidden neurons have given signs? Below neurons whose states are known every z_i is
 * affine in x, so it is a linear programme: the greatest t such that every constraint holds with a margin t, rows of unit length, x
 * = centre + radius y. Solved by lp_solve. */
#include <math.h>
#include <string.h>

#include <lpsolve/lp_lib.h>

#include "harness/numerics/linalg.h"
#include "lipschitz.h"

static const double MARGIN = 1e-9; /* of the box's radius: thinner cells are none */

cc_status lip_cells_alloc(cc_run *run, const relu_box *box, lip_cells *cells)
{
    const relu_net *net = &box->net;
    cells->d = net->width[0];
    for (size_t i = 1; i < net->layers; i++) cells->most += net->width[i];
    CC_NEW(run, cells->constraint, (cells->most + 1) * (cells->d + 1));
    CC_NEW(run, cells->centre, cells->d);
    CC_NEW(run, cells->radius, cells->d);
    CC_NEW(run, cells->witness, cells->d);
    CC_NEW(run, cells->row, cells->d + 2);
    CC_NEW(run, cells->column, cells->d + 2);
    for (size_t k = 0; k < cells->d; k++) {
        cells->radius[k] = (box->high[k] - box->low[k]) / 2;
        cells->centre[k] = cells->witness[k] = box->low[k] + cells->radius[k];
        cells->column[k] = (int)k + 1;
    }
    cells->column[cells->d] = (int)cells->d + 1;
    return CC_OK;
}

void lip_cells_inputs(const lip_cells *cells, double *map)
{
    memset(map, 0, cells->d * (cells->d + 1) * sizeof *map);
    for (size_t k = 0; k < cells->d; k++) map[k * (cells->d + 1) + k] = 1;
}

void lip_cells_layer(const lip_cells *cells, size_t m, size_t inner, const double *w, const double *b, const double *h, double *z)
{
    cc_gemm(0, 0, m, cells->d + 1, inner, 1, w, h, 0, z);
    for (size_t j = 0; j < m; j++) z[j * (cells->d + 1) + cells->d] += b[j];
}

double lip_cells_value(const lip_cells *cells, const double *affine)
{
    double sum = affine[cells->d];
    for (size_t k = 0; k < cells->d; k++) sum += affine[k] * cells->witness[k];
    return sum;
}

int lip_cells_sign(const lip_cells *cells, const double *affine)
{
    double centre = affine[cells->d], radius = 0;
    for (size_t k = 0; k < cells->d; k++) {
        centre += affine[k] * cells->centre[k];
        radius += fabs(affine[k]) * cells->radius[k];
    }
    return centre - radius > 0 ? 1 : centre + radius < 0 ? -1 : 0;
}

void lip_cells_add(lip_cells *cells, const double *affine, double sign)
{
    double *row = cells->constraint + cells->constraints++ * (cells->d + 1), norm2 = 0;
    row[cells->d] = sign * affine[cells->d];
    for (size_t k = 0; k < cells->d; k++) {
        row[k] = sign * affine[k] * cells->radius[k];
        row[cells->d] += sign * affine[k] * cells->centre[k];
        norm2 += row[k] * row[k];
    }
    if (norm2 > 0)
        cc_scale(cells->d + 1, 1 / sqrt(norm2), row);
    else
        cells->constraints -= row[cells->d] >= 0; /* a constant: it holds everywhere, or nowhere */
}

/* max t: a_i y + c_i >= t for every constraint, |y|_inf <= 1, t <= 1. */
static lprec *programme(const lip_cells *cells)
{
    const int columns = (int)cells->d + 1;
    lprec *lp = make_lp(0, columns);
    if (!lp) return NULL;
    set_verbose(lp, NEUTRAL);
    set_add_rowmode(lp, TRUE);
    for (size_t i = 0; i < cells->constraints; i++) {
        const double *a = cells->constraint + i * (cells->d + 1);
        memcpy(cells->row, a, cells->d * sizeof *a);
        cells->row[cells->d] = -1;
        add_constraintex(lp, columns, cells->row, cells->column, GE, -a[cells->d]);
    }
    set_add_rowmode(lp, FALSE);
    for (int k = 1; k < columns; k++) set_bounds(lp, k, -1, 1);
    set_bounds(lp, columns, -get_infinite(lp), 1);
    set_obj(lp, columns, 1);
    set_maxim(lp);
    return lp;
}

int lip_cells_feasible(lip_cells *cells)
{
    REAL *y;
    int feasible = 1;
    lprec *lp = programme(cells);
    if (lp && solve(lp) == OPTIMAL && get_ptr_variables(lp, &y)) {
        feasible = y[cells->d] > MARGIN;
        for (size_t k = 0; feasible && k < cells->d; k++)
            cells->witness[k] = cells->centre[k] + cells->radius[k] * fmin(fmax(y[k], -1), 1);
    } /* else the solver gave up: the cell is kept, and bounds stay sound */
    if (lp) delete_lp(lp);
    return feasible;
}
