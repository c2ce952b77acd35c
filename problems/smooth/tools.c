/* problems/smooth/tools.c: what problems share: constants, metrics, weighted Gram matrices, reference minimisers. */
#include "problems/smooth/problems.h"

#include "harness/numerics/linalg.h"

#include <math.h>
#include <string.h>

smooth_facts smooth_unknown(void) { return (smooth_facts){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}; }

cc_status smooth_publish(cc_run *scope, const smooth_base *base, const smooth_facts *facts)
{
    const struct {
        const char *name;
        double value;
    } told[] = {{"L1", facts->L1},      {"L2", facts->L2},       {"mu", facts->mu},
                {"Mqsc", facts->Mqsc},  {"R", facts->R},         {"convex", facts->convex},
                {"d", (double)base->d}, {"tgt_L", facts->tgt_L}, {"tgt_mu", facts->tgt_mu}};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        const int of_targets = strncmp(told[i].name, "tgt_", 4) == 0;
        if (!isnan(told[i].value) && (!of_targets || base->targets))
            CC_TRY(cc_publish(scope, CC_TOLD, told[i].name, told[i].value));
    }
    return isnan(facts->f_star) ? CC_OK : cc_publish(scope, CC_HIDDEN, "f_star", facts->f_star);
}

double *smooth_constant(cc_run *scope, size_t n, double value)
{
    double *x = cc_alloc(scope, n, sizeof *x);
    for (size_t i = 0; x && i < n; i++) x[i] = value;
    return x;
}

cc_status smooth_set_metric(cc_run *scope, smooth_base *base, const double *b)
{
    const size_t d = base->d;
    double *factor;
    CC_NEW(scope, factor, d * d);
    cc_copy(d * d, b, factor);
    if (cc_potrf(d, factor) != 0) return cc_fail(scope, CC_EINVAL, "the metric is not positive definite");
    base->metric = b, base->metric_factor = factor;
    return CC_OK;
}

void smooth_gram(size_t m, size_t n, const double *a, const double *w, double *work, double *h)
{
    for (size_t from = 0; from < m; from += SMOOTH_PANEL) {
        const size_t rows = m - from < SMOOTH_PANEL ? m - from : SMOOTH_PANEL;
        for (size_t i = 0; i < rows; i++) {
            const double root = sqrt(w[from + i]), *row = a + (from + i) * n;
            for (size_t j = 0; j < n; j++) work[i * n + j] = root * row[j];
        }
        cc_syrk_t(rows, n, 1, work, from ? 1 : 0, h);
    }
}

double smooth_lmax_gram(cc_run *scope, size_t m, size_t n, const double *a)
{
    const size_t k = m < n ? m : n;
    double *gram = cc_alloc(scope, k * k, sizeof *gram), *w = cc_alloc(scope, k, sizeof *w);
    if (!gram || !w) return NAN;
    if (m < n)
        cc_gemm(0, 1, m, m, n, 1, a, a, 0, gram);
    else
        cc_syrk_t(m, n, 1, a, 0, gram);
    return cc_syev(k, gram, 0, w) == 0 ? w[k - 1] : NAN;
}

/* ---- a reference minimiser ---- */
typedef struct newton {
    const smooth_base *base;
    const smooth_ops *ops;
    double *pass, *work, *g, *h, *trial;
} newton;

static double value_at(const newton *s, const double *x)
{
    s->ops->forward(s->base, x, s->pass);
    return s->ops->value(&(smooth_point){.instance = s->base, .x = x, .pass = s->pass, .work = s->work});
}

/* g <- -(D^2 f(x))^-1 grad f(x); *decrement <- <grad f(x), (D^2 f(x))^-1 grad f(x)> */
static cc_status direction(cc_run *scope, newton *s, const double *x, double *decrement)
{
    const size_t d = s->base->d;
    const smooth_point at = {.instance = s->base, .x = x, .pass = s->pass, .work = s->work};
    s->ops->forward(s->base, x, s->pass);
    s->ops->grad(&at, s->g);
    s->ops->hess[SMOOTH_EXACT](&at, s->h);
    if (cc_potrf(d, s->h) != 0)
        return cc_fail(scope, CC_ENUMERIC, "the Hessian is not positive definite on the way to the reference minimiser");
    cc_copy(d, s->g, s->trial);
    cc_potrs(d, s->h, s->g);
    *decrement = cc_dot(d, s->g, s->trial);
    cc_scale(d, -1, s->g);
    return CC_OK;
}

cc_status smooth_minimise(cc_run *scope, const smooth_base *base, const smooth_ops *ops, double *x, double *f)
{
    enum {
        most = 200,
        polish = 3
    }; /* full steps after the decrement is below rounding of f: quadratic convergence ends at rounding of g */
    const size_t d = base->d;
    newton s = {.base = base, .ops = ops};
    int polished = 0;
    CC_NEW(scope, s.pass, base->pass + 1);
    CC_NEW(scope, s.work, base->work + 1);
    CC_NEW(scope, s.g, d);
    CC_NEW(scope, s.h, d * d);
    CC_NEW(scope, s.trial, d);
    cc_copy(d, base->x0, x);
    *f = value_at(&s, x);
    for (int k = 0; k < most && polished < polish; k++) {
        double decrement = 0, t = 1, f_trial;
        CC_TRY(direction(scope, &s, x, &decrement));
        const int close = decrement < 1e-12 * fmax(1, fabs(*f));
        polished += close;
        for (;; t /= 2) { /* Armijo; at full length at the end, where differences of f are rounding */
            cc_copy(d, x, s.trial);
            cc_axpy(d, t, s.g, s.trial);
            f_trial = value_at(&s, s.trial);
            if (close || f_trial <= *f - 1e-4 * t * decrement || t < 1e-12) break;
        }
        cc_copy(d, s.trial, x);
        *f = f_trial;
    }
    return polished == polish ? CC_OK
                              : cc_fail(scope, CC_ENUMERIC, "the reference minimiser did not settle in %d Newton steps", most);
}
