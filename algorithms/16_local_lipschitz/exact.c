/* exact.c: the constant itself, by visiting every cell of the box on which the network is affine: neuron after neuron, layer after
 * layer, each sign that some point of the cell so far has. |J|_inf is convex, so its greatest value over the Clarke Jacobians is
 * that of a cell. The number of cells grows exponentially; large networks are refused. */
#include <math.h>
#include <string.h>

#include "lipschitz.h"

typedef struct exact {
    lip_result result; /* first */
    const relu_net *net;
    size_t K, stride; /* stride: d + 1 */
    int refused;
    lip_cells cells;
    double **z, **h; /* by layer: maps */
    double *out, *point;
    uint64_t visited;
} exact;

cc_status lip_exact_init(cc_run *run, void **state)
{
    exact *s;
    size_t hidden = 0;
    CC_NEW(run, s, 1);
    const relu_box *box = relu_box_get(run);
    s->net = &box->net;
    s->K = s->net->width[s->net->layers];
    s->stride = s->net->width[0] + 1;
    for (size_t i = 1; i < s->net->layers; i++) hidden += s->net->width[i];
    s->refused = hidden > (size_t)cc_int(run, "most_hidden") || s->net->width[0] > (size_t)cc_int(run, "most_inputs");
    CC_TRY(lip_result_alloc(run, 1, &s->result));
    CC_TRY(lip_cells_alloc(run, box, &s->cells));
    CC_NEW(run, s->z, s->net->layers + 1);
    CC_NEW(run, s->h, s->net->layers + 1);
    for (size_t i = 0; i <= s->net->layers; i++) {
        CC_NEW(run, s->z[i], s->net->width[i] * s->stride);
        CC_NEW(run, s->h[i], s->net->width[i] * s->stride);
    }
    CC_NEW(run, s->point, hidden * s->stride + 1);
    *state = s;
    return CC_OK;
}

/* A cell: the rows of the Jacobian are the outputs' maps. */
static void leaf(exact *s)
{
    const double *out = s->z[s->net->layers];
    const size_t d = s->stride - 1;
    for (size_t c = 0; c < s->K; c++) {
        double sum = 0;
        for (size_t k = 0; k < d; k++) {
            const double g = out[c * s->stride + k];
            sum += fabs(g);
            s->result.low[c * d + k] = fmin(s->result.low[c * d + k], g);
            s->result.high[c * d + k] = fmax(s->result.high[c * d + k], g);
        }
        s->result.per_class[c] = fmax(s->result.per_class[c], sum);
    }
}

static void visit(exact *s, size_t i, size_t j, size_t depth);

static void next_layer(exact *s, size_t i, size_t depth)
{
    const size_t n = s->net->layers;
    lip_cells_layer(&s->cells, s->net->width[i], s->net->width[i - 1], s->net->w[i], s->net->b[i], s->h[i - 1], s->z[i]);
    if (i == n)
        leaf(s);
    else
        visit(s, i, 0, depth);
}

/* Neuron (i, j) on (sign 1) or off, if the cell has such points: `known` says that it has. */
static void descend(exact *s, size_t i, size_t j, size_t depth, int sign, int known)
{
    const size_t d = s->stride - 1, constraints = s->cells.constraints;
    const double *z = s->z[i] + j * s->stride;
    double *h = s->h[i] + j * s->stride;
    lip_cells_add(&s->cells, z, sign);
    if (known || lip_cells_feasible(&s->cells)) {
        for (size_t k = 0; k <= d; k++) h[k] = sign > 0 ? z[k] : 0;
        visit(s, i, j + 1, depth + 1);
    }
    s->cells.constraints = constraints;
}

static void visit(exact *s, size_t i, size_t j, size_t depth)
{
    s->visited++;
    if (j == s->net->width[i]) {
        next_layer(s, i + 1, depth);
        return;
    }
    const size_t d = s->stride - 1;
    const double *z = s->z[i] + j * s->stride;
    double *point = s->point + depth * d; /* the witness of this cell, kept over the first descent */
    const int sign = lip_cells_sign(&s->cells, z);
    if (sign) {
        for (size_t k = 0; k <= d; k++) s->h[i][j * s->stride + k] = sign > 0 ? z[k] : 0;
        visit(s, i, j + 1, depth + 1);
        return;
    }
    memcpy(point, s->cells.witness, d * sizeof *point);
    const double at = lip_cells_value(&s->cells, z);
    double scale = 0;
    for (size_t k = 0; k < d; k++) scale += fabs(z[k]) * s->cells.radius[k];
    descend(s, i, j, depth, 1, at > 1e-6 * scale);
    memcpy(s->cells.witness, point, d * sizeof *point);
    descend(s, i, j, depth, -1, at < -1e-6 * scale);
}

cc_status lip_exact_step(cc_run *run, void *state)
{
    exact *s = state;
    if (s->refused) return cc_finish(run, "REFUSED");
    for (size_t c = 0; c < s->K; c++) s->result.per_class[c] = 0;
    for (size_t k = 0; k < s->K * (s->stride - 1); k++) s->result.low[k] = INFINITY, s->result.high[k] = -INFINITY;
    s->visited = 0;
    s->cells.constraints = 0;
    memcpy(s->cells.witness, s->cells.centre, s->cells.d * sizeof(double));
    lip_cells_inputs(&s->cells, s->h[0]);
    next_layer(s, 1, 0);
    lip_result_overall(&s->result, s->K);
    relu_box_report(run, 0, s->visited);
    return cc_finish(run, "EXACT");
}
