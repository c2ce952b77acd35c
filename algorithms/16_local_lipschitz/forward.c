/* forward.c: which neurons are on, off, or either, over the box: linear bounds of the pre-activations, propagated back to the
 * input.
 *
 * Class    a ReLU network over a box
 * Method   CROWN: for a target z_kj, coefficients A on h_i go through the lines of h_i = max(z_i, 0) to coefficients on z_i, then
 * through W_i to h_{i-1}, down to x, where the box bounds them. Three choices of lower slopes, all sound, and interval arithmetic:
 *          the best of four ("best3"); or optimised slopes (alpha.c)
 * Guarantee  low <= z <= high on the box, up to rounding
 * Reference  Zhang, Weng, Chen, Hsieh, Daniel: Efficient Neural Network Robustness Certification with General Activation Functions,
 *          NeurIPS 2018
 *
 *   l, u of z_i   low, high      lines of h_i   lines, slope[choice] in place of lines.pl
 *   A             rows           q              d */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "lipschitz.h"

enum { BLOCK = 384 }; /* rows of a product: its operands stay in the second cache */

static cc_status alloc_work(cc_run *run, lip_live *net, size_t hidden)
{
    CC_NEW(run, net->z_low, net->widest);
    CC_NEW(run, net->z_high, net->widest);
    CC_NEW(run, net->c, net->widest);
    CC_NEW(run, net->r, net->widest);
    for (size_t a = 0; a < LIP_SLOPES; a++) CC_NEW(run, net->slope[a], hidden + 1);
    CC_NEW(run, net->lines.pu, hidden + 1);
    CC_NEW(run, net->lines.qu, hidden + 1);
    CC_NEW(run, net->lines.ql, hidden + 1); /* stays 0 */
    CC_NEW(run, net->target, net->widest);
    CC_NEW(run, net->keep, net->widest);
    net->room = BLOCK;
    CC_NEW(run, net->rows, net->room * net->widest);
    CC_NEW(run, net->rows_next, net->room * net->widest);
    CC_NEW(run, net->d, net->room);
    CC_NEW(run, net->sign, net->room);
    CC_NEW(run, net->choice, net->room);
    return CC_OK;
}

cc_status lip_live_alloc(cc_run *run, lip_forward forward, lip_live *net)
{
    const relu_net *full;
    size_t hidden = 0;
    net->box = relu_box_get(run);
    full = &net->box->net;
    net->n = full->layers;
    CC_NEW(run, net->m, net->n + 1);
    CC_NEW(run, net->at, net->n + 2);
    CC_NEW(run, net->w, net->n + 1);
    CC_NEW(run, net->wt, net->n + 1);
    CC_NEW(run, net->b, net->n + 1);
    for (size_t i = 0; i <= net->n; i++) {
        if (full->width[i] > net->widest) net->widest = full->width[i];
        if (i > 0 && i < net->n) hidden += full->width[i];
        if (i == 0) continue;
        CC_NEW(run, net->w[i], full->width[i] * full->width[i - 1]);
        CC_NEW(run, net->wt[i], full->width[i] * full->width[i - 1]);
        CC_NEW(run, net->b[i], full->width[i]);
    }
    CC_NEW(run, net->low, hidden + 1);
    CC_NEW(run, net->high, hidden + 1);
    CC_NEW(run, net->status, hidden + 1);
    CC_TRY(alloc_work(run, net, hidden));
    return forward == LIP_ALPHA ? lip_alpha_alloc(run, net) : CC_OK;
}

/* ---- one layer by intervals ---- */

/* Centre and radius of h_{k-1}. */
static void inputs(const lip_live *net, size_t k)
{
    for (size_t j = 0; j < net->m[k - 1]; j++) {
        double low, high;
        if (k == 1)
            low = net->box->low[j], high = net->box->high[j];
        else
            low = fmax(net->low[net->at[k - 1] + j], 0), high = fmax(net->high[net->at[k - 1] + j], 0);
        net->c[j] = low + (high - low) / 2;
        net->r[j] = fmax(high - net->c[j], net->c[j] - low);
    }
}

static void intervals(lip_live *net, size_t k, size_t m)
{
    const size_t inner = net->m[k - 1];
    inputs(net, k);
    for (size_t j = 0; j < m; j++) {
        const double *row = net->w[k] + j * inner;
        double centre = net->b[k][j], radius = 0;
        for (size_t l = 0; l < inner; l++) centre += row[l] * net->c[l];
        for (size_t l = 0; l < inner; l++) radius += fabs(row[l]) * net->r[l];
        net->z_low[j] = centre - radius;
        net->z_high[j] = centre + radius;
    }
}

/* ---- a block of targets by back-substitution ---- */

/* Rows hold sign * (row of W_k), coefficients on h_{k-1}: d becomes the upper bound of each, without the bias. */
static void substitute(lip_live *net, size_t k, size_t rows)
{
    memset(net->d, 0, rows * sizeof *net->d);
    for (size_t i = k - 1; i >= 1; i--) {
        const size_t m = net->m[i], inner = net->m[i - 1], at = net->at[i];
        for (size_t r = 0; r < rows; r++) {
            const lip_lines lines = {net->lines.pu + at, net->lines.qu + at, net->slope[net->choice[r]] + at, net->lines.ql + at};
            net->d[r] += lip_relax(m, net->rows + r * m, 1, lines, net->rows + r * m);
        }
        cc_gemv(rows, m, 1, net->rows, net->b[i], 1, net->d);
        cc_gemm(0, 0, rows, inner, m, 1, net->rows, net->w[i], 0, net->rows_next);
        double *swap = net->rows;
        net->rows = net->rows_next, net->rows_next = swap;
    }
    for (size_t r = 0; r < rows; r++)
        net->d[r] += lip_concretise(net->m[0], net->rows + r * net->m[0], 1, net->box->low, net->box->high);
}

static void flush(lip_live *net, size_t k, size_t rows, const size_t *target)
{
    substitute(net, k, rows);
    for (size_t r = 0; r < rows; r++) {
        const size_t j = target[r];
        if (net->sign[r] > 0)
            net->z_high[j] = fmin(net->z_high[j], net->d[r] + net->b[k][j]);
        else
            net->z_low[j] = fmax(net->z_low[j], -net->d[r] + net->b[k][j]);
    }
}

/* Both bounds of each target with each choice of slopes. */
static void crown(lip_live *net, lip_forward forward, size_t k, size_t targets)
{
    const size_t inner = net->m[k - 1], slopes = forward == LIP_CROWN ? 1 : LIP_SLOPES;
    size_t of_row[BLOCK], rows = 0;
    for (size_t t = 0; t < targets; t++)
        for (size_t side = 0; side < 2 * slopes; side++) {
            const double *row = net->w[k] + net->target[t] * inner, sign = side % 2 ? -1 : 1;
            for (size_t j = 0; j < inner; j++) net->rows[rows * inner + j] = sign * row[j];
            net->sign[rows] = sign, net->choice[rows] = side / 2, of_row[rows] = net->target[t];
            if (++rows == net->room) flush(net, k, rows, of_row), rows = 0;
        }
    if (rows) flush(net, k, rows, of_row);
}

/* The rows of layer k that live neurons below see; then boxes of all of its neurons. What intervals decide needs no more. */
static void bound_layer(lip_live *net, lip_forward forward, size_t k, int all)
{
    const relu_net *full = &net->box->net;
    const size_t m = full->width[k], inner = net->m[k - 1], given = full->width[k - 1];
    size_t targets = 0;
    memcpy(net->b[k], full->b[k], m * sizeof **net->b);
    for (size_t j = 0; j < m; j++)
        for (size_t l = 0; l < inner; l++) net->w[k][j * inner + l] = full->w[k][j * given + (k > 1 ? net->keep[l] : l)];
    intervals(net, k, m);
    for (size_t j = 0; j < m; j++)
        if (all || (net->z_low[j] <= 0 && net->z_high[j] >= 0)) net->target[targets++] = j;
    if (k == 1 || forward == LIP_IBP || targets == 0) return;
    crown(net, forward, k, targets);
    if (forward == LIP_ALPHA) lip_alpha_run(net, k, net->w[k], net->b[k], targets);
}

/* ---- what is live ---- */

static void set_lines(lip_live *net, size_t at, double l, double u, lip_status status)
{
    const int unstable = status == LIP_UNSTABLE && u > l;
    net->lines.pu[at] = unstable ? u / (u - l) : 1;
    net->lines.qu[at] = unstable ? -u * l / (u - l) : 0;
    net->slope[0][at] = status == LIP_ON || u > -l;
    net->slope[1][at] = status == LIP_ON;
    net->slope[2][at] = 1;
}

/* Keeps the neurons of layer k that are not off. */
static void keep_live(lip_live *net, size_t k)
{
    const size_t m = net->box->net.width[k], inner = net->m[k - 1];
    size_t live = 0;
    for (size_t j = 0; j < m; j++) {
        const double l = net->z_low[j], u = net->z_high[j];
        const size_t at = net->at[k] + live;
        if (u < 0) continue;
        net->status[at] = l > 0 ? LIP_ON : LIP_UNSTABLE;
        net->unstable += net->status[at] == LIP_UNSTABLE;
        net->low[at] = l, net->high[at] = u;
        set_lines(net, at, l, u, (lip_status)net->status[at]);
        memmove(net->w[k] + live * inner, net->w[k] + j * inner, inner * sizeof **net->w);
        net->b[k][live] = net->b[k][j];
        net->keep[live++] = j;
    }
    net->m[k] = live;
    net->at[k + 1] = net->at[k] + live;
}

static void transpose(lip_live *net, size_t k)
{
    for (size_t j = 0; j < net->m[k]; j++)
        for (size_t l = 0; l < net->m[k - 1]; l++) net->wt[k][l * net->m[k] + j] = net->w[k][j * net->m[k - 1] + l];
}

/* The statuses at one point, as if they held all over the box. */
static void freeze(lip_live *net, size_t k)
{
    for (size_t j = 0; j < net->box->net.width[k]; j++) {
        const double z = net->z_low[j] + (net->z_high[j] - net->z_low[j]) / 2;
        net->z_low[j] = net->z_high[j] = z > 0 ? z : -1;
    }
}

void lip_live_run(lip_live *net, lip_forward forward, int frozen)
{
    const relu_box *whole = net->box;
    relu_box point = *whole;
    net->m[0] = whole->net.width[0];
    net->unstable = 0, net->dead = 0;
    net->at[1] = 0;
    if (frozen) { /* the box is its centre */
        inputs(net, 1);
        memcpy(net->rows, net->c, net->m[0] * sizeof *net->c);
        point.low = point.high = net->rows;
        net->box = &point;
    }
    for (size_t k = 1; k < net->n && !net->dead; k++) {
        bound_layer(net, frozen ? LIP_IBP : forward, k, 0);
        if (frozen) freeze(net, k);
        keep_live(net, k);
        transpose(net, k);
        net->dead = net->m[k] == 0;
    }
    net->hidden = net->dead ? 0 : net->at[net->n];
    net->m[net->n] = whole->net.width[net->n];
    if (!net->dead) {
        bound_layer(net, LIP_IBP, net->n, 0);
        transpose(net, net->n);
    }
    net->box = whole;
}

void lip_live_outputs(lip_live *net, lip_forward forward, double *low, double *high)
{
    bound_layer(net, forward, net->n, 1);
    memcpy(low, net->z_low, net->m[net->n] * sizeof *low);
    memcpy(high, net->z_high, net->m[net->n] * sizeof *high);
}
