/* alpha.c: each target's own lower slopes, by projected Adam on its bound.
 *
 * A target's upper bound is a function of the slopes alpha in [0, 1] that its unstable neurons below use where their coefficient
 * A_ij is negative. With the corner of the box that attains the bound sent through the chosen lines, giving zhat_ij, its derivative
 * is min(A_ij, 0) zhat_ij. Every iterate is sound, so the best is kept.
 *
 * Reference  Xu, Zhang, Wang, Wang, Jana, Lin, Hsieh: Fast and Complete, ICLR 2021; Kingma, Ba: Adam, ICLR 2015 */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "lipschitz.h"

enum { BLOCK = 256, ITERATIONS = 20 };
static const double RATE = .5, DECAY = .98, BETA1 = .9, BETA2 = .999, TINY = 1e-8;

struct lip_alpha { /* BLOCK x (hidden neurons below the target's layer), but for x */
    double *slope, *first, *second, *a, *z, *x, *h;
    double *d, *sign;
    size_t *of_row;
};

cc_status lip_alpha_alloc(cc_run *run, lip_live *net)
{
    size_t hidden = 1;
    for (size_t i = 1; i < net->n; i++) hidden += net->box->net.width[i];
    CC_NEW(run, net->alpha, 1);
    CC_NEW(run, net->alpha->slope, BLOCK * hidden);
    CC_NEW(run, net->alpha->first, BLOCK * hidden);
    CC_NEW(run, net->alpha->second, BLOCK * hidden);
    CC_NEW(run, net->alpha->a, BLOCK * hidden);
    CC_NEW(run, net->alpha->z, BLOCK * hidden);
    CC_NEW(run, net->alpha->x, BLOCK * net->widest);
    CC_NEW(run, net->alpha->h, BLOCK * net->widest);
    CC_NEW(run, net->alpha->d, BLOCK);
    CC_NEW(run, net->alpha->sign, BLOCK);
    CC_NEW(run, net->alpha->of_row, BLOCK);
    return CC_OK;
}

/* Layer after layer, matrices of `rows` rows lie one behind the other. */
static size_t place(const lip_live *net, size_t rows, size_t i) { return rows * net->at[i]; }

/* From coefficients on h_{k-1} down to x: keeps those on each h_i in a, ends with the maximising corner in x and the bounds in d.
 */
static void down(lip_live *net, size_t k, size_t rows)
{
    struct lip_alpha *s = net->alpha;
    memset(s->d, 0, rows * sizeof *s->d);
    for (size_t i = k - 1; i >= 1; i--) {
        const size_t m = net->m[i], at = net->at[i], from = place(net, rows, i);
        memcpy(s->a + from, s->x, rows * m * sizeof *s->x);
        for (size_t r = 0; r < rows; r++) {
            const lip_lines lines = {net->lines.pu + at, net->lines.qu + at, s->slope + from + r * m, net->lines.ql + at};
            s->d[r] += lip_relax(m, s->a + from + r * m, 1, lines, s->h + r * m);
        }
        cc_gemv(rows, m, 1, s->h, net->b[i], 1, s->d);
        cc_gemm(0, 0, rows, net->m[i - 1], m, 1, s->h, net->w[i], 0, s->x);
    }
    for (size_t r = 0; r < rows; r++) {
        double *x = s->x + r * net->m[0];
        s->d[r] += lip_concretise(net->m[0], x, 1, net->box->low, net->box->high);
        for (size_t j = 0; j < net->m[0]; j++) x[j] = x[j] > 0 ? net->box->high[j] : net->box->low[j];
    }
}

/* The corner through the chosen lines: z of each layer below k. */
static void up(lip_live *net, size_t k, size_t rows)
{
    struct lip_alpha *s = net->alpha;
    for (size_t i = 1; i < k; i++) {
        const size_t m = net->m[i], at = net->at[i], from = place(net, rows, i);
        cc_gemm(0, 1, rows, m, net->m[i - 1], 1, s->x, net->w[i], 0, s->z + from);
        for (size_t r = 0; r < rows; r++)
            for (size_t j = 0; j < m; j++) {
                const size_t e = from + r * m + j;
                s->z[e] += net->b[i][j];
                s->x[r * m + j] = s->a[e] > 0 ? net->lines.pu[at + j] * s->z[e] + net->lines.qu[at + j] : s->slope[e] * s->z[e];
            }
    }
}

static void improve(lip_live *net, size_t k, size_t rows, int iteration)
{
    struct lip_alpha *s = net->alpha;
    const double rate = RATE * pow(DECAY, iteration), t = iteration + 1;
    const double correct1 = 1 - pow(BETA1, t), correct2 = 1 - pow(BETA2, t);
    for (size_t i = 1; i < k; i++)
        for (size_t r = 0; r < rows; r++)
            for (size_t j = 0; j < net->m[i]; j++) {
                const size_t e = place(net, rows, i) + r * net->m[i] + j;
                if (net->status[net->at[i] + j] != LIP_UNSTABLE) continue;
                const double g = fmin(s->a[e], 0) * s->z[e];
                s->first[e] = BETA1 * s->first[e] + (1 - BETA1) * g;
                s->second[e] = BETA2 * s->second[e] + (1 - BETA2) * g * g;
                const double step = rate * (s->first[e] / correct1) / (sqrt(s->second[e] / correct2) + TINY);
                s->slope[e] = fmin(fmax(s->slope[e] - step, 0), 1);
            }
}

static void tighten(lip_live *net, const double *b, size_t rows)
{
    const struct lip_alpha *s = net->alpha;
    for (size_t r = 0; r < rows; r++) {
        const size_t j = s->of_row[r];
        if (s->sign[r] > 0)
            net->z_high[j] = fmin(net->z_high[j], s->d[r] + b[j]);
        else
            net->z_low[j] = fmax(net->z_low[j], b[j] - s->d[r]);
    }
}

static void optimise(lip_live *net, size_t k, const double *w, const double *b, size_t rows)
{
    struct lip_alpha *s = net->alpha;
    const size_t below = rows * net->at[k], inner = net->m[k - 1];
    memset(s->first, 0, below * sizeof *s->first);
    memset(s->second, 0, below * sizeof *s->second);
    for (size_t i = 1; i < k; i++)
        for (size_t r = 0; r < rows; r++)
            memcpy(s->slope + place(net, rows, i) + r * net->m[i], net->slope[0] + net->at[i], net->m[i] * sizeof *s->slope);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        for (size_t r = 0; r < rows; r++)
            for (size_t j = 0; j < inner; j++) s->x[r * inner + j] = s->sign[r] * w[s->of_row[r] * inner + j];
        down(net, k, rows);
        tighten(net, b, rows);
        up(net, k, rows);
        improve(net, k, rows, iteration);
    }
}

void lip_alpha_run(lip_live *net, size_t k, const double *w, const double *b, size_t targets)
{
    struct lip_alpha *s = net->alpha;
    size_t rows = 0;
    for (size_t t = 0; t < targets; t++)
        for (double sign = 1; sign >= -1; sign -= 2) {
            s->sign[rows] = sign, s->of_row[rows] = net->target[t];
            if (++rows == BLOCK) optimise(net, k, w, b, rows), rows = 0;
        }
    if (rows) optimise(net, k, w, b, rows);
}
