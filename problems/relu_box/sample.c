/* problems/relu_box/sample.c: the referee: the network and its Jacobian at points of the box, in plain loops. */
#include <math.h>
#include <string.h>

#include "problems/relu_box/problems.h"
#include "problems/splitmix.h"

void relu_forward(const relu_net *net, const double *x, double *z, double *out)
{
    const double *in = x;
    for (size_t i = 1; i <= net->layers; i++) {
        const size_t m = net->width[i], k = net->width[i - 1];
        double *to = i == net->layers ? out : z;
        for (size_t j = 0; j < m; j++) {
            double sum = net->b[i][j];
            for (size_t l = 0; l < k; l++) sum += net->w[i][j * k + l] * (i == 1 ? in[l] : fmax(in[l], 0));
            to[j] = sum;
        }
        in = z;
        z += m;
    }
}

/* Row after row: g (width of layer i) times D_i W_i, from the last layer down. */
void relu_jacobian(const relu_net *net, const double *z, double *work, double *jacobian)
{
    const size_t n = net->layers, d = net->width[0], half = relu_widest(net);
    for (size_t c = 0; c < net->width[n]; c++) {
        double *g = work, *next = work + half;
        const double *on = z + relu_hidden(net);
        memcpy(g, net->w[n] + c * net->width[n - 1], net->width[n - 1] * sizeof *g);
        for (size_t i = n - 1; i >= 1; i--) {
            const size_t m = net->width[i], k = net->width[i - 1];
            on -= m;
            memset(next, 0, k * sizeof *next);
            for (size_t j = 0; j < m; j++)
                if (on[j] > 0)
                    for (size_t l = 0; l < k; l++) next[l] += g[j] * net->w[i][j * k + l];
            double *swap = g;
            g = next, next = swap;
        }
        memcpy(jacobian + c * d, g, d * sizeof *g);
    }
}

/* The centre; then uniform points, and vertices of the box, in turn. */
void relu_sample_point(const relu_instance *p, size_t s, double *x)
{
    uint64_t state = p->seed * UINT64_C(0x9E3779B97F4A7C15) + s * UINT64_C(0xD1B54A32D192ED03) + 1;
    for (size_t k = 0; k < p->box.net.width[0]; k++) {
        const double u = cc_sm64_uniform(&state), share = s == 0 ? .5 : s % 2 ? u : u < .5 ? 0 : 1;
        x[k] = p->box.low[k] + share * (p->box.high[k] - p->box.low[k]);
    }
}

static double row_norm(const double *row, size_t d)
{
    double sum = 0;
    for (size_t k = 0; k < d; k++) sum += fabs(row[k]);
    return sum;
}

cc_status relu_sample(cc_run *scope, relu_instance *p)
{
    const relu_net *net = &p->box.net;
    const size_t d = net->width[0], K = net->width[net->layers];
    double *x, *z, *out, *work, *jacobian, centre = 0, most = 0;
    CC_NEW(scope, p->sampled_per_class, K);
    CC_NEW(scope, x, d);
    CC_NEW(scope, z, relu_hidden(net) + 1);
    CC_NEW(scope, out, K);
    CC_NEW(scope, work, 2 * relu_widest(net));
    CC_NEW(scope, jacobian, K * d);
    for (size_t s = 0; s < p->samples; s++) {
        relu_sample_point(p, s, x);
        relu_forward(net, x, z, out);
        relu_jacobian(net, z, work, jacobian);
        for (size_t c = 0; c < K; c++) p->sampled_per_class[c] = fmax(p->sampled_per_class[c], row_norm(jacobian + c * d, d));
        for (size_t c = 0; c < K; c++) most = fmax(most, p->sampled_per_class[c]);
        if (s == 0) centre = most;
    }
    CC_TRY(cc_publish(scope, CC_HIDDEN, "sampled", most));
    return cc_publish(scope, CC_HIDDEN, "at_centre", centre);
}
