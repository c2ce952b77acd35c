/* algorithms/18_hessian_spectrum/measures_exact.c: the Hessian itself, against differences and with terms left out. */
#include "algorithms/18_hessian_spectrum/measures.h"

#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "harness/numerics/optim.h"
#include "problems/smooth/network.h"

enum { WEIGHTS_RESIDUAL, WEIGHTS_PROBABILITY };

typedef struct vector_field {
    cc_run *referee;
    const smooth_network *network; /* the referee's: networks alone are asked for */
    size_t d, n;
    const size_t *ids;
    const double *dz; /* NULL: the gradient of f; else (1/N) sum_i J_i' dz_i */
    double *slope;    /* not NULL: the gradient written out, with these slopes if `hold` */
    int hold;
    double *w, *g;
} vector_field;

/* The gradient again, written out example by example: its Jacobian is the Hessian too, and that without the terms of phi'' where
 * the slopes phi' of the backward pass are held at what they were at another w. slope: a row of all hidden units for each example.
 */
enum { WIDEST = 64 };

static void forward(const smooth_network *p, const double *w, const double *input, int hold, double *slope, double (*x)[WIDEST])
{
    const cc_mlp *net = &p->net;
    memcpy(x[0], input, net->width[0] * sizeof *input);
    for (size_t l = 0; l < net->layers; l++) {
        const size_t in = net->width[l], out = net->width[l + 1];
        double z[WIDEST];
        cc_copy(out, w + net->bias_at[l], z);
        cc_gemv(out, in, 1, w + net->weight_at[l], x[l], 1, z);
        cc_copy(out, z, x[l + 1]);
        if (l + 1 == net->layers) return;
        cc_phi_forward(net->phi, out, z, x[l + 1]);
        if (!hold) cc_phi_derivative(net->phi, 1, out, z, slope);
        slope += out;
    }
}

/* Adds to g; zb: the derivative in the last layer; slope: behind the example's last hidden unit. */
static void backward(const smooth_network *p, const double *w, const double *slope, double (*x)[WIDEST], double *zb, double *g)
{
    const cc_mlp *net = &p->net;
    double xb[WIDEST];
    for (size_t l = net->layers; l-- > 0;) {
        const size_t in = net->width[l], out = net->width[l + 1];
        cc_ger(out, in, 1, zb, x[l], g + net->weight_at[l]);
        cc_axpy(out, 1, zb, g + net->bias_at[l]);
        if (l == 0) return;
        cc_gemv_t(out, in, 1, w + net->weight_at[l], zb, 0, xb);
        slope -= in;
        for (size_t j = 0; j < in; j++) zb[j] = xb[j] * slope[j];
    }
}

static size_t hidden_units(const cc_mlp *net)
{
    size_t units = 0;
    for (size_t l = 1; l < net->layers; l++) units += net->width[l];
    return units;
}

static cc_status written_out(vector_field *v)
{
    const smooth_network *p = v->network;
    const size_t outputs = p->net.width[p->net.layers], hidden = hidden_units(&p->net);
    double x[CC_MLP_LAYERS + 1][WIDEST], zb[WIDEST];
    memset(v->g, 0, v->d * sizeof *v->g);
    for (size_t i = 0; i < v->n; i++) {
        double sum = 0;
        forward(p, v->w, p->data.x + i * p->net.width[0], v->hold, v->slope + i * hidden, x);
        for (size_t j = 0; j < outputs; j++) sum += zb[j] = exp(x[p->net.layers][j]);
        for (size_t j = 0; j < outputs; j++) zb[j] = (zb[j] / sum - (p->data.label[i] == (int)j)) / (double)v->n;
        backward(p, v->w, v->slope + (i + 1) * hidden, x, zb, v->g);
    }
    return CC_OK;
}

static cc_status evaluate(vector_field *v)
{
    if (v->slope) return written_out(v);
    if (!v->dz) return smooth_grad(v->referee, v->w, v->g);
    CC_TRY(smooth_pullback(v->referee, v->w, v->ids, v->n, v->dz, v->g));
    cc_scale(v->d, 1 / (double)v->n, v->g);
    return CC_OK;
}

/* Jacobian of a field, row j its derivative along w_j, by central differences of order 8 with steps h .. 4h, or of order 2. */
static cc_status differences(vector_field *v, double h, int order, double *jacobian)
{
    static const double eighth[] = {4. / 5, -1. / 5, 4. / 105, -1. / 280}, second[] = {.5};
    const double *c = order == 8 ? eighth : second;
    memset(jacobian, 0, v->d * v->d * sizeof *jacobian);
    for (size_t j = 0; j < v->d; j++) {
        const double at = v->w[j];
        for (int k = 1; k <= order / 2; k++)
            for (int sign = -1; sign <= 1; sign += 2) {
                v->w[j] = at + sign * k * h;
                CC_TRY(evaluate(v));
                cc_axpy(v->d, sign * c[k - 1] / h, v->g, jacobian + j * v->d);
            }
        v->w[j] = at;
    }
    return CC_OK;
}

static double distance(size_t n, const double *a, const double *b)
{
    double most = 0, scale = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(a[i] - b[i])), scale = fmax(scale, fabs(a[i]));
    return most / scale;
}

/* p - y of each example, or p alone. */
static cc_status output_weights(cc_run *referee, const double *w, const size_t *ids, size_t n, int which, double *z, double *dz)
{
    const size_t c = smooth_target_size(referee);
    CC_TRY(smooth_targets(referee, w, ids, n, z));
    CC_TRY(smooth_target_grad(referee, z, ids, n, dz));
    for (size_t i = 0; i < n && which == WEIGHTS_PROBABILITY; i++) {
        double sum = 0;
        for (size_t k = 0; k < c; k++) sum += dz[i * c + k] = exp(z[i * c + k]);
        for (size_t k = 0; k < c; k++) dz[i * c + k] /= sum;
    }
    return CC_OK;
}

/* The matrix by products with unit vectors, row by row: not made symmetric. */
static cc_status by_products(vector_field *v, smooth_kind kind, double *h)
{
    double *unit;
    CC_NEW(v->referee, unit, v->d);
    for (size_t j = 0; j < v->d; j++) {
        unit[j] = 1;
        CC_TRY(smooth_hvp(v->referee, kind, v->w, unit, h + j * v->d));
        unit[j] = 0;
    }
    return CC_OK;
}

/* What is called H: the Hessian, G, or the Hessian without the terms of phi''. */
static cc_status called_h(cc_cell *cell, vector_field *v, double *h)
{
    enum { EXACT, GAUSS_NEWTON, STRAIGHT };
    const int which = cc_choice(cc_cell_run(cell), "curvature");
    double *gradient, error = 0, scale = 0;
    CC_NEW(v->referee, v->slope, v->n * hidden_units(&v->network->net) + 1);
    CC_NEW(v->referee, gradient, v->d);
    CC_TRY(smooth_grad(v->referee, v->w, gradient));
    CC_TRY(written_out(v)); /* fills the slopes */
    for (size_t j = 0; j < v->d; j++) error = fmax(error, fabs(v->g[j] - gradient[j])), scale = fmax(scale, fabs(gradient[j]));
    cc_put(cell, "error_gradient", error / scale);
    v->hold = 1;
    if (which == STRAIGHT) CC_TRY(differences(v, .005, 8, h));
    v->slope = NULL;
    return which == STRAIGHT ? CC_OK : by_products(v, which == GAUSS_NEWTON ? SMOOTH_GN : SMOOTH_EXACT, h);
}

static void put_asymmetry(cc_cell *cell, size_t d, const double *h)
{
    double asymmetry = 0, scale = 0;
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < i; j++) asymmetry = fmax(asymmetry, fabs(h[i * d + j] - h[j * d + i]));
    for (size_t i = 0; i < d * d; i++) scale = fmax(scale, fabs(h[i]));
    cc_put(cell, "asymmetry", asymmetry / scale);
}

static cc_status open_field(cc_cell *cell, vector_field *v)
{
    size_t *ids;
    CC_TRY(cc_referee(cell, NULL, &v->referee));
    v->network = cc_oracle_of(v->referee)->instance;
    v->d = smooth_dim(v->referee), v->n = smooth_samples(v->referee);
    for (size_t l = 0; l <= v->network->net.layers; l++)
        if (v->network->net.width[l] > WIDEST) return cc_fail(v->referee, CC_EINVAL, "a layer of more than %d units", (int)WIDEST);
    CC_NEW(v->referee, v->w, v->d);
    CC_NEW(v->referee, v->g, v->d);
    CC_NEW(v->referee, ids, v->n);
    cc_count(v->n, ids);
    v->ids = ids;
    return smooth_start(v->referee, v->w);
}

static cc_status exactness_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    vector_field v = {0};
    CC_TRY(open_field(cell, &v));
    const size_t c = smooth_target_size(v.referee), d2 = v.d * v.d;
    double *h, *g, *fd, *z, *dz;
    CC_NEW(scope, h, d2);
    CC_NEW(scope, g, d2);
    CC_NEW(scope, fd, d2);
    CC_NEW(scope, z, v.n * c);
    CC_NEW(scope, dz, v.n * c);
    CC_TRY(called_h(cell, &v, h));
    CC_TRY(by_products(&v, SMOOTH_GN, g));
    CC_TRY(differences(&v, .005, 8, fd));
    cc_put(cell, "M", (double)v.d);
    put_asymmetry(cell, v.d, h);
    cc_put(cell, "error", distance(d2, fd, h));
    CC_TRY(differences(&v, cbrt(2.2e-16), 2, fd));
    cc_put(cell, "error_plain", distance(d2, fd, h));
    CC_TRY(output_weights(v.referee, v.w, v.ids, v.n, cc_choice(scope, "weights"), z, dz));
    v.dz = dz;
    CC_TRY(differences(&v, .005, 8, fd));
    cc_axpy(d2, -1, g, h);
    cc_put(cell, "error_r", distance(d2, fd, h));
    cc_emit(cell);
    return CC_OK;
}

static cc_status exactness_run(cc_cell *cell) { return cc_each_seed(cell, exactness_replicate); }

const cc_measure hessian_exactness = {
    .id = "spectrum.exactness",
    .run = exactness_run,
    .params = CC_LIST(cc_param,
                      {"curvature", CC_CHOICE, "exact", .choices = "exact gn straight",
                       .doc = "what is called H: the Hessian, G, or the Hessian without the terms of phi''"},
                      {"weights", CC_CHOICE, "residual", .choices = "residual probability", .doc = "of D^2 f_c in R: p - y, or p"}),
    .columns = CC_LIST(cc_column, {"M", "", "weights"},
                       {"error_gradient", "", "of the gradient against one written out, over the largest entry"},
                       {"asymmetry", "", "largest |H_ij - H_ji| over the largest entry"},
                       {"error", "", "of H against differences of order 8 of the gradient, over the largest entry"},
                       {"error_plain", "", "the same, of order 2 with h = eps^(1/3)"},
                       {"error_r", "", "of H - G against differences of (1/N) sum J_i'(p_i - y_i), p - y fixed"})};
