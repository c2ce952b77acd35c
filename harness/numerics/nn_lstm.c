/* Long short-term memory: the gates in one kernel; the products around them are dense layers, the one over the input for all steps
 * at once. */
#include <string.h>

#include "harness/numerics/nn_op.h"

/* One unit: a gate's value each, tau = tanh of the new cell, c the old cell, m the mask. */
typedef struct unit {
    double i, f, g, o, tau, c, m;
} unit;

enum { KEPT = 5 }; /* i, f, g, o, tau of aux, as rows of h numbers */

static unit unit_at(const nn_rec *r, const nn_arg *in, size_t row, size_t j)
{
    size_t h = r->k[1];
    const double *kept = r->aux + row * KEPT * h + j;
    return (unit){
        kept[0], kept[h], kept[2 * h], kept[3 * h], kept[4 * h], in[1].v[row * 2 * h + h + j], r->nin > 2 ? in[2].v[row] : 1};
}

/* One row: gates, then the new cell, then what the mask lets through. */
static void row_forward(size_t h, const double *a, const double *old, double m, double *kept, double *new)
{
    static const cc_phi logistic = {CC_PHI_SIGMOID, 0}, squash = {CC_PHI_TANH, 0};
    const double *i = kept, *f = kept + h, *g = kept + 2 * h, *o = kept + 3 * h, *tau = kept + 4 * h;
    double *cell = new + h;
    cc_phi_forward(logistic, 2 * h, a, kept);
    cc_phi_forward(squash, h, a + 2 * h, kept + 2 * h);
    cc_phi_forward(logistic, h, a + 3 * h, kept + 3 * h);
    for (size_t j = 0; j < h; j++) cell[j] = f[j] * old[h + j] + i[j] * g[j];
    cc_phi_forward(squash, h, cell, kept + 4 * h);
    for (size_t j = 0; j < h; j++) {
        new[j] = m *(o[j] * tau[j]) + (1 - m) * old[j];
        cell[j] = m * cell[j] + (1 - m) * old[h + j];
    }
}

static cc_status gates_forward(nn_rec *r, const nn_arg *in, double *y)
{
    for (size_t row = 0, h = r->k[1]; row < r->k[0]; row++)
        row_forward(h, in[0].v + row * 4 * h, in[1].v + row * 2 * h, r->nin > 2 ? in[2].v[row] : 1, r->aux + row * KEPT * h,
                    y + row * 2 * h);
    return CC_OK;
}

/* Adjoints inside a unit, from those of the new hidden state (hb) and cell (cb); cb2: of the new cell in all. */
typedef struct unit_adjoint {
    double hb, cb2, ib, fb, gb, ob;
} unit_adjoint;

static unit_adjoint adjoints(const unit *u, double hb, double cb)
{
    unit_adjoint b = {.hb = u->m * hb};
    b.ob = b.hb * u->tau;
    b.cb2 = u->m * cb + b.hb * u->o * (1 - u->tau * u->tau);
    b.ib = b.cb2 * u->g;
    b.gb = b.cb2 * u->i;
    b.fb = b.cb2 * u->c;
    return b;
}

static void gates_vjp(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    for (size_t row = 0, h = r->k[1]; row < r->k[0]; row++)
        for (size_t j = 0; j < h; j++) {
            unit u = unit_at(r, in, row, j);
            size_t at = row * 2 * h + j;
            unit_adjoint b = adjoints(&u, y->a[at], y->a[at + h]);
            if (in[0].a) {
                double *ab = in[0].a + row * 4 * h + j;
                ab[0] += b.ib * u.i * (1 - u.i);
                ab[h] += b.fb * u.f * (1 - u.f);
                ab[2 * h] += b.gb * (1 - u.g * u.g);
                ab[3 * h] += b.ob * u.o * (1 - u.o);
            }
            if (in[1].a) {
                in[1].a[at] += (1 - u.m) * y->a[at];
                in[1].a[at + h] += (1 - u.m) * y->a[at + h] + b.cb2 * u.f;
            }
        }
}

/* Tangents inside a unit; c: of the old cell, c2: of the new one. */
static unit tangents(const nn_rec *r, const nn_arg *in, const unit *u, size_t row, size_t j, double *c2)
{
    size_t h = r->k[1];
    unit d = {.c = in[1].t ? in[1].t[row * 2 * h + h + j] : 0};
    if (in[0].t) {
        const double *ra = in[0].t + row * 4 * h + j;
        d.i = u->i * (1 - u->i) * ra[0];
        d.f = u->f * (1 - u->f) * ra[h];
        d.g = (1 - u->g * u->g) * ra[2 * h];
        d.o = u->o * (1 - u->o) * ra[3 * h];
    }
    *c2 = d.f * u->c + u->f * d.c + d.i * u->g + u->i * d.g;
    d.tau = (1 - u->tau * u->tau) * *c2;
    return d;
}

static void gates_jvp(nn_rec *r, const nn_arg *in, const nn_arg *y, double *ry)
{
    (void)y;
    for (size_t row = 0, h = r->k[1]; row < r->k[0]; row++)
        for (size_t j = 0; j < h; j++) {
            unit u = unit_at(r, in, row, j);
            size_t at = row * 2 * h + j;
            double c2, rh = in[1].t ? in[1].t[at] : 0;
            unit d = tangents(r, in, &u, row, j, &c2);
            ry[at] = u.m * (d.o * u.tau + u.o * d.tau) + (1 - u.m) * rh;
            ry[at + h] = u.m * c2 + (1 - u.m) * d.c;
        }
}

static void gates_vjp_tan(nn_rec *r, const nn_arg *in, const nn_arg *y)
{
    for (size_t row = 0, h = r->k[1]; row < r->k[0]; row++)
        for (size_t j = 0; j < h; j++) {
            unit u = unit_at(r, in, row, j);
            size_t at = row * 2 * h + j;
            double c2, q = 1 - u.tau * u.tau;
            unit d = tangents(r, in, &u, row, j, &c2);
            unit_adjoint b = adjoints(&u, y->a[at], y->a[at + h]), rb = adjoints(&u, y->at[at], y->at[at + h]);
            rb.ob += b.hb * d.tau;
            double more = b.hb * d.o * q - 2 * b.hb * u.o * u.tau * d.tau;
            rb.cb2 += more;
            rb.ib += more * u.g + b.cb2 * d.g;
            rb.gb += more * u.i + b.cb2 * d.i;
            rb.fb += more * u.c + b.cb2 * d.c;
            if (in[0].at) {
                double *rab = in[0].at + row * 4 * h + j;
                rab[0] += rb.ib * u.i * (1 - u.i) + b.ib * (1 - 2 * u.i) * d.i;
                rab[h] += rb.fb * u.f * (1 - u.f) + b.fb * (1 - 2 * u.f) * d.f;
                rab[2 * h] += rb.gb * (1 - u.g * u.g) - 2 * b.gb * u.g * d.g;
                rab[3 * h] += rb.ob * u.o * (1 - u.o) + b.ob * (1 - 2 * u.o) * d.o;
            }
            if (in[1].at) {
                in[1].at[at] += (1 - u.m) * y->at[at];
                in[1].at[at + h] += (1 - u.m) * y->at[at + h] + rb.cb2 * u.f + b.cb2 * d.f;
            }
        }
}

static const nn_op gates_op = {.name = "lstm gates",
                               .flags = NN_ROWWISE,
                               .forward = gates_forward,
                               .vjp = gates_vjp,
                               .jvp = gates_jvp,
                               .vjp_tan = gates_vjp_tan};

nn_node nn_lstm_gates(nn_tape *t, nn_node gates, nn_node state, nn_node mask)
{
    const nn_node in[] = {gates, state, mask};
    char gs[96], ss[96];
    nn_rec *r;
    if (!nn_good(t, "lstm gates", mask == NN_NONE ? 2 : 3, in)) return NN_NONE;
    nn_shape g = nn_shape_of(t, gates), s = nn_shape_of(t, state);
    if (g.nd != 2 || s.nd != 2 || g.d[0] != s.d[0] || g.d[1] != 2 * s.d[1] || s.d[1] % 2)
        return nn_error(t, "lstm gates: the gates are %s, the state is %s", nn_show(g, gs), nn_show(s, ss));
    if (mask != NN_NONE && (nn_size(t, mask) != s.d[0] || nn_wanted(t, mask)))
        return nn_error(t, "lstm gates: the mask is %s, a constant for each of %zu examples is needed",
                        nn_show(nn_shape_of(t, mask), gs), s.d[0]);
    nn_node y = nn_record(t, &gates_op, s, 3, in, &r);
    if (y == NN_NONE) return y;
    r->k[0] = s.d[0];
    r->k[1] = s.d[1] / 2;
    r->aux = nn_take(t, s.d[0] * KEPT * r->k[1]);
    return r->aux ? y : NN_NONE;
}

nn_node nn_lstm(nn_tape *t, nn_node x, nn_lstm_weights w, nn_node mask, nn_node *hidden)
{
    const nn_node in[] = {x, w.W_ih, w.W_hh, w.b_ih, w.b_hh};
    char xs[96], ws[96];
    if (!nn_good(t, "lstm", 5, in)) return NN_NONE;
    nn_shape s = nn_shape_of(t, x), recurrent = nn_shape_of(t, w.W_hh);
    if (s.nd != 3 || recurrent.nd != 2 || recurrent.d[0] != 4 * recurrent.d[1])
        return nn_error(t, "lstm: x is %s, W_hh is %s", nn_show(s, xs), nn_show(recurrent, ws));
    size_t steps = s.d[0], n = s.d[1], h = recurrent.d[1];
    double *zeros = nn_take(t, n * 2 * h);
    if (!zeros) return NN_NONE;
    memset(zeros, 0, n * 2 * h * sizeof *zeros);
    nn_node state = nn_input(t, nn_mat(n, 2 * h), zeros), last = NN_NONE;
    nn_node from_input = nn_add(t, nn_dense(t, x, w.W_ih, w.b_ih), w.b_hh);
    for (size_t i = 0; i < steps; i++) {
        nn_node gates = nn_item(t, from_input, i);
        if (last != NN_NONE) gates = nn_dense(t, last, w.W_hh, gates); /* the first hidden state is zero */
        state = nn_lstm_gates(t, gates, state, mask == NN_NONE ? NN_NONE : nn_item(t, mask, i));
        last = nn_slice(t, state, 1, 0, h);
        if (hidden) hidden[i] = last;
    }
    return last;
}
