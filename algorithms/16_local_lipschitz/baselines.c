/* baselines.c: the product of layer norms, interval arithmetic on the Jacobian, and points at random.
 *
 * Reference  Szegedy et al., Intriguing properties of neural networks, ICLR 2014 (products of norms); Weng et al., Towards Fast
 * Computation of Certified Robustness for ReLU Networks, ICML 2018 (intervals) */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "lipschitz.h"

static double row_norm(const double *row, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += fabs(row[k]);
    return sum;
}

/* ---- lipschitz.global: prod_i |W_i|_inf ---- */

typedef struct global {
    lip_result result; /* first */
    const relu_net *net;
} global;

cc_status lip_global_init(cc_run *run, void **state)
{
    global *s;
    CC_NEW(run, s, 1);
    s->net = &relu_box_get(run)->net;
    *state = s;
    return lip_result_alloc(run, 0, &s->result);
}

cc_status lip_global_step(cc_run *run, void *state)
{
    global *s = state;
    const size_t n = s->net->layers, K = s->net->width[n];
    double product = 1;
    for (size_t i = 1; i < n; i++) {
        double norm = 0;
        for (size_t j = 0; j < s->net->width[i]; j++)
            norm = fmax(norm, row_norm(s->net->w[i] + j * s->net->width[i - 1], s->net->width[i - 1]));
        product *= norm;
    }
    for (size_t c = 0; c < K; c++)
        s->result.per_class[c] = product * row_norm(s->net->w[n] + c * s->net->width[n - 1], s->net->width[n - 1]);
    lip_result_overall(&s->result, K);
    relu_box_report(run, 0, 1);
    return cc_finish(run, "BOUNDED");
}

/* ---- lipschitz.ibp: G and V as intervals ---- */

typedef struct ibp {
    lip_result result; /* first */
    lip_forward forward;
    lip_live net;
    double *l, *u, *l_next, *u_next;
} ibp;

cc_status lip_ibp_init(cc_run *run, void **state)
{
    ibp *s;
    CC_NEW(run, s, 1);
    s->forward = (lip_forward)cc_choice(run, "forward");
    CC_TRY(lip_result_alloc(run, 1, &s->result));
    CC_TRY(lip_live_alloc(run, s->forward, &s->net));
    CC_NEW(run, s->l, s->net.widest);
    CC_NEW(run, s->u, s->net.widest);
    CC_NEW(run, s->l_next, s->net.widest);
    CC_NEW(run, s->u_next, s->net.widest);
    *state = s;
    return CC_OK;
}

/* From bounds of G_i to those of G_{i-1}. */
static void through_layer(ibp *s, size_t i)
{
    const size_t m = s->net.m[i], inner = s->net.m[i - 1];
    memset(s->l_next, 0, inner * sizeof *s->l_next);
    memset(s->u_next, 0, inner * sizeof *s->u_next);
    for (size_t j = 0; j < m; j++) {
        const int unstable = s->net.status[s->net.at[i] + j] == LIP_UNSTABLE;
        const double l = unstable ? fmin(s->l[j], 0) : s->l[j], u = unstable ? fmax(s->u[j], 0) : s->u[j];
        const double *row = s->net.w[i] + j * inner;
        for (size_t k = 0; k < inner; k++) {
            s->l_next[k] += row[k] * (row[k] > 0 ? l : u);
            s->u_next[k] += row[k] * (row[k] > 0 ? u : l);
        }
    }
    double *swap = s->l;
    s->l = s->l_next, s->l_next = swap;
    swap = s->u;
    s->u = s->u_next, s->u_next = swap;
}

cc_status lip_ibp_step(cc_run *run, void *state)
{
    ibp *s = state;
    lip_live_run(&s->net, s->forward, 0);
    const size_t n = s->net.n, K = s->net.m[n], d = s->net.m[0], last = s->net.m[n - 1];
    for (size_t c = 0; c < K; c++) {
        double *low = s->result.low + c * d, *high = s->result.high + c * d;
        memset(low, 0, d * sizeof *low);
        memset(high, 0, d * sizeof *high);
        if (!s->net.dead) {
            memcpy(s->l, s->net.w[n] + c * last, last * sizeof *s->l);
            memcpy(s->u, s->l, last * sizeof *s->u);
            for (size_t i = n - 1; i >= 1; i--) through_layer(s, i);
            memcpy(low, s->l, d * sizeof *low);
            memcpy(high, s->u, d * sizeof *high);
        }
        s->result.per_class[c] = 0;
        for (size_t k = 0; k < d; k++) s->result.per_class[c] += fmax(-low[k], high[k]);
    }
    s->result.unstable = s->net.unstable;
    lip_result_overall(&s->result, K);
    relu_box_report(run, 0, K);
    return cc_finish(run, "BOUNDED");
}

/* ---- lipschitz.sample: the greatest norm at random points: a lower bound. A block of points at a time ---- */

enum { BLOCK = 64, STREAM_POINT = 1 };

typedef struct sample {
    lip_result result; /* first */
    const relu_box *box;
    size_t points;
    double *x, *g, *g_next, **z; /* z: by layer, BLOCK x m_i; g: BLOCK K x widest */
} sample;

cc_status lip_sample_init(cc_run *run, void **state)
{
    sample *s;
    size_t widest = 0;
    CC_NEW(run, s, 1);
    s->box = relu_box_get(run);
    const relu_net *net = &s->box->net;
    const size_t K = net->width[net->layers];
    s->points = (size_t)cc_int(run, "points");
    CC_TRY(lip_result_alloc(run, 0, &s->result));
    CC_NEW(run, s->z, net->layers + 1);
    for (size_t i = 0; i <= net->layers; i++) {
        widest = net->width[i] > widest ? net->width[i] : widest;
        CC_NEW(run, s->z[i], BLOCK * net->width[i]);
    }
    CC_NEW(run, s->g, BLOCK * K * widest);
    CC_NEW(run, s->g_next, BLOCK * K * widest);
    *state = s;
    return CC_OK;
}

/* z of every hidden layer at the points in z[0]; rows of z[i] are points. */
static void signs(sample *s)
{
    const relu_net *net = &s->box->net;
    for (size_t i = 1; i < net->layers; i++) {
        const size_t m = net->width[i], inner = net->width[i - 1];
        cc_gemm(0, 1, BLOCK, m, inner, 1, i == 1 ? s->z[0] : s->g, net->w[i], 0, s->z[i]);
        for (size_t p = 0; p < BLOCK; p++)
            for (size_t j = 0; j < m; j++) {
                s->z[i][p * m + j] += net->b[i][j];
                s->g[p * m + j] = fmax(s->z[i][p * m + j], 0);
            }
    }
}

static void jacobians(sample *s)
{
    const relu_net *net = &s->box->net;
    const size_t n = net->layers, K = net->width[n];
    for (size_t p = 0; p < BLOCK; p++) memcpy(s->g + p * K * net->width[n - 1], net->w[n], K * net->width[n - 1] * sizeof *s->g);
    for (size_t i = n - 1; i >= 1; i--) {
        const size_t m = net->width[i];
        for (size_t row = 0; row < BLOCK * K; row++)
            for (size_t j = 0; j < m; j++) s->g[row * m + j] = s->z[i][row / K * m + j] > 0 ? s->g[row * m + j] : 0;
        cc_gemm(0, 0, BLOCK * K, net->width[i - 1], m, 1, s->g, net->w[i], 0, s->g_next);
        double *swap = s->g;
        s->g = s->g_next, s->g_next = swap;
    }
    for (size_t row = 0; row < BLOCK * K; row++)
        s->result.per_class[row % K] = fmax(s->result.per_class[row % K], row_norm(s->g + row * net->width[0], net->width[0]));
}

cc_status lip_sample_step(cc_run *run, void *state)
{
    sample *s = state;
    const relu_net *net = &s->box->net;
    const size_t d = net->width[0], K = net->width[net->layers];
    cc_rng rng = cc_stream(run, STREAM_POINT, 0);
    for (size_t c = 0; c < K; c++) s->result.per_class[c] = 0;
    for (size_t done = 0; done < s->points; done += BLOCK) {
        for (size_t e = 0; e < BLOCK * d; e++)
            s->z[0][e] = s->box->low[e % d] + (s->box->high[e % d] - s->box->low[e % d]) * cc_uniform(&rng);
        signs(s);
        jacobians(s);
    }
    lip_result_overall(&s->result, K);
    relu_box_report(run, 0, s->points);
    return cc_finish(run, "SAMPLED");
}
