/* backward.c: linear bounds propagated through the chain rule of the Jacobian, as through a second network.
 *
 * Class    rows of the Jacobian of a ReLU network over a box, one class at a time
 * Method   G_{n-1} = row c of W_n, a constant. For i = n-1 .. 1: V_i = G_i o s_i, G_{i-1} = V_i W_i, with s_ij = 1, 0 or anything
 * in [0, 1] as neuron (i, j) is on, off or unstable. V_ij = s g lies between lines in g that need bounds of g: those are found from
 * the last layer down, each by back-substitution of the lines found before, up to the constant. |G_0k| <= t g + r alike Guarantee
 * an upper bound of sum_k |J_ck| over the box, and l <= J_ck <= u, up to rounding. Back-substitution is sublinear in its targets,
 * so these are never worse than interval arithmetic on the same graph Reference  Shi, Wang, Zhang, Kolter, Hsieh 2022; with
 * constants for lines: Zhang, Zhang, Hsieh, RecurJac, AAAI 2019
 *
 *   l, u of G_i    domain->l, u       pU, qU, pL, qL   lines        t, r    t, norm()      A    rows     BACK   push() */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "lipschitz.h"

enum { BLOCK = 384 };

static cc_status alloc_lines(cc_run *run, size_t n, lip_lines *lines)
{
    CC_NEW(run, lines->pu, n);
    CC_NEW(run, lines->qu, n);
    CC_NEW(run, lines->pl, n);
    CC_NEW(run, lines->ql, n);
    return CC_OK;
}

cc_status lip_back_alloc(cc_run *run, const lip_live *net, size_t slots, lip_back *s)
{
    const relu_net *full = &net->box->net;
    size_t hidden = 0;
    for (size_t i = 1; i < full->layers; i++) hidden += full->width[i];
    s->net = net, s->slots = slots;
    s->room = slots > BLOCK ? slots : BLOCK;
    CC_TRY(alloc_lines(run, slots * hidden + 1, &s->lines));
    CC_NEW(run, s->l0, slots * full->width[0]);
    CC_NEW(run, s->u0, slots * full->width[0]);
    CC_NEW(run, s->rows, s->room * net->widest);
    CC_NEW(run, s->rows_next, s->room * net->widest);
    CC_NEW(run, s->d, s->room);
    CC_NEW(run, s->row_sign, s->room);
    CC_NEW(run, s->row_slot, s->room);
    CC_NEW(run, s->row_target, s->room);
    CC_NEW(run, s->trace, slots * hidden + 1);
    CC_NEW(run, s->t, full->width[0]);
    return CC_OK;
}

cc_status lip_domain_alloc(cc_run *run, const relu_box *box, lip_domain *domain)
{
    size_t hidden = 1;
    for (size_t i = 1; i < box->net.layers; i++) hidden += box->net.width[i];
    CC_NEW(run, domain->s, hidden);
    CC_NEW(run, domain->l, hidden);
    CC_NEW(run, domain->u, hidden);
    return CC_OK;
}

void lip_domain_root(const lip_live *net, size_t c, lip_domain *domain)
{
    domain->c = c;
    domain->bound = INFINITY;
    domain->from = net->n - 1;
    domain->pick = LIP_NONE;
    memcpy(domain->s, net->status, net->hidden);
    if (net->n < 2 || net->dead) return;
    const double *row = net->w[net->n] + c * net->m[net->n - 1];
    memcpy(domain->l + net->at[net->n - 1], row, net->m[net->n - 1] * sizeof *row);
    memcpy(domain->u + net->at[net->n - 1], row, net->m[net->n - 1] * sizeof *row);
}

/* ---- lines of V = s g for g in [l, u] ---- */

static void set_line(lip_lines *lines, size_t at, double pu, double qu, double pl, double ql)
{
    lines->pu[at] = pu, lines->qu[at] = qu, lines->pl[at] = pl, lines->ql[at] = ql;
}

static void set_lines(lip_back *s, size_t slot, const lip_domain *domain, size_t i)
{
    for (size_t j = s->net->at[i]; j < s->net->at[i + 1]; j++) {
        const double l = domain->l[j], u = domain->u[j];
        const size_t at = slot * s->net->hidden + j;
        if (domain->s[j] == LIP_OFF)
            set_line(&s->lines, at, 0, 0, 0, 0);
        else if (s->rule == LIP_ALL_CONSTANT)
            set_line(&s->lines, at, 0, domain->s[j] == LIP_ON ? u : fmax(u, 0), 0, domain->s[j] == LIP_ON ? l : fmin(l, 0));
        else if (domain->s[j] == LIP_ON)
            set_line(&s->lines, at, 1, 0, 1, 0);
        else if (l >= 0)
            set_line(&s->lines, at, 1, 0, 0, 0);
        else if (u <= 0)
            set_line(&s->lines, at, 0, 0, 1, 0);
        else if (s->rule == LIP_CONSTANTS)
            set_line(&s->lines, at, 0, u, 0, l);
        else
            set_line(&s->lines, at, u / (u - l), -u * l / (u - l), -l / (u - l), u * l / (u - l));
    }
    if (i + 1 < s->net->n) return;
    for (size_t j = s->net->at[i]; j < s->net->at[i + 1]; j++) { /* of the constant G_{n-1}: constants, kept in qu and ql */
        const size_t at = slot * s->net->hidden + j;
        s->lines.qu[at] += s->lines.pu[at] * domain->u[j];
        s->lines.ql[at] += s->lines.pl[at] * domain->l[j];
    }
}

/* ---- back-substitution ---- */

static lip_lines lines_of(const lip_back *s, size_t slot, size_t i)
{
    const size_t at = slot * s->net->hidden + s->net->at[i];
    return (lip_lines){s->lines.pu + at, s->lines.qu + at, s->lines.pl + at, s->lines.ql + at};
}

/* Row r of `rows`: sign * a on V_i becomes coefficients on G_i; at the last layer, a number. */
static void enter(lip_back *s, size_t i, size_t r, const double *a, double sign)
{
    const size_t m = s->net->m[i];
    const lip_lines lines = lines_of(s, s->row_slot[r], i);
    s->d[r] += i + 1 == s->net->n ? lip_concretise(m, a, sign, lines.ql, lines.qu) : lip_relax(m, a, sign, lines, s->rows + r * m);
}

static void keep_trace(lip_back *s, size_t i, size_t r, const double *a)
{
    double *to = s->trace + s->row_slot[r] * s->net->hidden + s->net->at[i];
    for (size_t j = 0; j < s->net->m[i]; j++) to[j] = fabs(a[j]);
}

/* Rows that have entered at layer i go on to the last. */
static void push(lip_back *s, size_t i, size_t rows, int trace)
{
    for (size_t k = i + 1; k < s->net->n; k++) {
        const size_t m = s->net->m[k], inner = s->net->m[k - 1];
        cc_gemm(0, 1, rows, m, inner, 1, s->rows, s->net->w[k], 0, s->rows_next);
        s->flops += 2 * rows * m * inner;
        for (size_t r = 0; r < rows; r++) {
            const double *a = s->rows_next + r * m;
            if (trace) keep_trace(s, k, r, a);
            enter(s, k, r, a, 1);
        }
    }
}

static void flush(lip_back *s, size_t i, size_t rows, lip_domain *const *domain)
{
    push(s, i, rows, 0);
    for (size_t r = 0; r < rows; r++) {
        const size_t slot = s->row_slot[r], k = s->row_target[r];
        double *l = i == 1 ? s->l0 + slot * s->net->m[0] : domain[slot]->l + s->net->at[i - 1];
        double *u = i == 1 ? s->u0 + slot * s->net->m[0] : domain[slot]->u + s->net->at[i - 1];
        if (s->row_sign[r] > 0)
            u[k] = s->d[r];
        else
            l[k] = -s->d[r];
    }
}

/* Do the lines of neuron j need bounds of its gradient? */
static int needed(const lip_back *s, const lip_domain *domain, size_t j)
{
    return domain->s[j] == LIP_UNSTABLE || (s->rule == LIP_ALL_CONSTANT && domain->s[j] == LIP_ON);
}

/* Bounds of G_{i-1} in every domain that lacks them. */
static void bound_gradient(lip_back *s, size_t i, size_t count, lip_domain *const *domain)
{
    const size_t targets = s->net->m[i - 1], m = s->net->m[i];
    size_t rows = 0;
    for (size_t slot = 0; slot < count; slot++) {
        if (domain[slot]->from < i) continue;
        for (size_t k = 0; k < targets; k++) {
            if (i > 1 && !needed(s, domain[slot], s->net->at[i - 1] + k)) continue;
            for (double sign = 1; sign >= -1; sign -= 2) {
                s->row_slot[rows] = slot, s->row_target[rows] = k, s->row_sign[rows] = sign, s->d[rows] = 0;
                enter(s, i, rows, s->net->wt[i] + k * m, sign);
                if (++rows == s->room) flush(s, i, rows, domain), rows = 0;
            }
        }
    }
    if (rows) flush(s, i, rows, domain);
}

/* ---- the norm ---- */

static double widest(size_t d, const double *l, const double *u)
{
    double sum = 0;
    for (size_t k = 0; k < d; k++) sum += fmax(-l[k], u[k]);
    return sum;
}

/* Lines over |g|: fills t and returns the sum of r. */
static double norm_lines(size_t d, const double *l, const double *u, double *t)
{
    double r = 0;
    for (size_t k = 0; k < d; k++) {
        const int mixed = l[k] < 0 && u[k] > 0;
        t[k] = l[k] >= 0 ? 1 : !mixed ? -1 : (u[k] + l[k]) / (u[k] - l[k]);
        r += mixed ? -2 * u[k] * l[k] / (u[k] - l[k]) : 0;
    }
    return r;
}

static void bound_norms(lip_back *s, size_t count, lip_domain *const *domain)
{
    const size_t d = s->net->m[0], m = s->net->m[1];
    for (size_t slot = 0; slot < count; slot++) {
        const double *l = s->l0 + slot * d, *u = s->u0 + slot * d;
        double *a = s->rows_next; /* W_1 t */
        domain[slot]->bound = fmin(domain[slot]->bound, widest(d, l, u));
        s->row_slot[slot] = slot;
        s->d[slot] = norm_lines(d, l, u, s->t);
        cc_gemv(m, d, 1, s->net->w[1], s->t, 0, a);
        keep_trace(s, 1, slot, a);
        enter(s, 1, slot, a, 1);
    }
    if (!s->norm_chord && s->branching == LIP_NO_BRANCHING) return;
    push(s, 1, count, 1);
    for (size_t slot = 0; s->norm_chord && slot < count; slot++) domain[slot]->bound = fmin(domain[slot]->bound, s->d[slot]);
}

/* ---- which neuron to branch on: that whose relaxation contributes most to the norm's bound ---- */

static double score(const lip_back *s, const lip_domain *domain, size_t j, double a)
{
    const double l = domain->l[j], u = domain->u[j];
    if (s->branching == LIP_BABSR) return l < 0 && u > 0 ? -a * u * l / (u - l) : 0;
    return (u * fabs(u) - l * fabs(l)) * a + 1;
}

static void choose(lip_back *s, size_t slot, lip_domain *domain)
{
    double best = -1;
    domain->pick = LIP_NONE;
    for (size_t j = 0; j < s->net->hidden; j++) {
        if (domain->s[j] != LIP_UNSTABLE) continue;
        const double value = score(s, domain, j, s->trace[slot * s->net->hidden + j]);
        if (value > best) best = value, domain->pick = j;
    }
}

/* One layer: the Jacobian is W_1. A dead network's is 0. */
static void without_hidden(lip_back *s, size_t count, lip_domain *const *domain)
{
    const size_t d = s->net->m[0];
    for (size_t slot = 0; slot < count; slot++) {
        double *l = s->l0 + slot * d;
        memset(l, 0, d * sizeof *l);
        if (!s->net->dead) memcpy(l, s->net->w[1] + domain[slot]->c * d, d * sizeof *l);
        memcpy(s->u0 + slot * d, l, d * sizeof *l);
        domain[slot]->bound = widest(d, l, l);
    }
}

void lip_back_run(lip_back *s, size_t count, lip_domain *const *domain)
{
    const size_t n = s->net->n;
    if (n == 1 || s->net->dead) {
        without_hidden(s, count, domain);
        return;
    }
    for (size_t i = n - 1; i >= 1; i--) {
        for (size_t slot = 0; slot < count; slot++) set_lines(s, slot, domain[slot], i);
        bound_gradient(s, i, count, domain);
    }
    bound_norms(s, count, domain);
    for (size_t slot = 0; s->branching != LIP_NO_BRANCHING && slot < count; slot++) choose(s, slot, domain[slot]);
}
