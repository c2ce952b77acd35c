/* problems/bilevel/family.c: the metrics of a candidate (x, y), the family and its problems. */
#include <math.h>

#include "harness/numerics/linalg.h"
#include "harness/plugin.h"
#include "problems/bilevel/problems.h"

static const bilevel_base *base_of(const cc_oracle *o) { return o->instance; }

static double phi(const cc_oracle *o, const void *candidate)
{
    double value;
    bilevel_referee(o, candidate, &value, NULL);
    return value;
}

static double phi_gap(const cc_oracle *o, const void *candidate) { return phi(o, candidate) - cc_known(o, "phi_star"); }

static double grad_phi(const cc_oracle *o, const void *candidate)
{
    const bilevel_env *e = o->env;
    bilevel_referee(o, candidate, NULL, e->fx);
    return cc_norm(base_of(o)->dx, e->fx);
}

/* max over blocks of |y_i - y_i*(x)| */
static double dist_y(const cc_oracle *o, const void *candidate)
{
    const bilevel_base *p = base_of(o);
    const double *x = candidate, *y = x + p->dx;
    const bilevel_env *e = o->env;
    double most = 0;
    for (size_t block = 0; block < p->m; block++, y += p->dy) {
        if (bilevel_ystar(o, block, x, e->z)) return NAN;
        double sum = 0;
        for (size_t j = 0; j < p->dy; j++) sum += (y[j] - e->z[j]) * (y[j] - e->z[j]);
        if (!(sqrt(sum) <= most)) most = sqrt(sum);
    }
    return most;
}

#define CALLS                                                                                                                      \
    CC_LIST(cc_column, {"n_fx", "", "samples of fx"}, {"n_fy", "", "samples of fy"}, {"n_gx", "", "samples of gx"},                \
            {"n_gy", "", "samples of gy"}, {"n_hvp", "", "samples of gyy v"}, {"n_jvp", "", "samples of gxy v"},                   \
            {"n_hess", "", "samples of gyy as a matrix"}, {"n_calls", "", "all of these"}, {"n_proj", "", "projections"})

const cc_plugin cc_plugin_1 = {
    .id = "bilevel",
    .title = "Bilevel optimisation",
    .families = CC_LIST(
        cc_family,
        {.id = "bilevel",
         .candidate = "double[dx + m dy]",
         .doc = "min over x of the mean of f_i(x, y_i*(x)), y_i*(x) minimising g_i(x, .); a candidate is x, then y",
         .counters = CALLS,
         .metrics = CC_LIST(cc_metric, {"grad_phi", "", "|grad Phi(x)|, exact", grad_phi}, {"phi", "", "Phi(x), exact", phi},
                            {"phi_gap", "", "Phi(x) - min Phi, where that is known", phi_gap},
                            {"dist_y", "", "max over blocks of |y - y*(x)|", dist_y})}),
    .problems = CC_LIST(
        cc_problem,
        {.id = "bilevel.quad",
         .family = "bilevel",
         .summary = "both levels quadratic",
         .params = bilevel_quad_params,
         .ops = &bilevel_quad_ops,
         .create = bilevel_quad_create,
         .begin = bilevel_begin},
        {.id = "bilevel.expupper",
         .family = "bilevel",
         .summary = "an upper level whose curvature grows like its gradient, (L0, L1)-smooth",
         .params = bilevel_expupper_params,
         .ops = &bilevel_expupper_ops,
         .create = bilevel_expupper_create,
         .begin = bilevel_begin},
        {.id = "bilevel.huber",
         .family = "bilevel",
         .summary = "a smooth upper level that is not quadratic",
         .params = bilevel_huber_params,
         .ops = &bilevel_huber_ops,
         .create = bilevel_huber_create,
         .begin = bilevel_begin},
        {.id = "bilevel.logreg",
         .family = "bilevel",
         .summary = "the l2 penalty of logistic regression on breast_cancer, by validation loss",
         .ops = &bilevel_logreg_ops,
         .create = bilevel_logreg_create,
         .begin = bilevel_begin},
        {.id = "bilevel.clean",
         .family = "bilevel",
         .summary = "data hyper-cleaning on Fashion-MNIST: a weight for each training image",
         .reference = "Franceschi et al., Forward and reverse gradient-based hyperparameter optimization, 2017",
         .params = bilevel_clean_params,
         .metrics = bilevel_clean_metrics,
         .ops = &bilevel_clean_ops,
         .create = bilevel_clean_create,
         .begin = bilevel_begin},
        {.id = "bilevel.text",
         .family = "bilevel",
         .summary =
             "hyper-representation: an LSTM encoder under a linear classifier of text, from which licence a window of words is",
         .params = bilevel_text_params,
         .metrics = bilevel_text_metrics,
         .ops = &bilevel_text_ops,
         .create = bilevel_text_create,
         .begin = bilevel_begin},
        {.id = "bilevel.auc",
         .family = "bilevel",
         .summary = "the area under the ROC curve of a linear score, as a saddle; breast_cancer with few positives",
         .reference = "Ying, Wen, Lyu, NIPS 2016; Liu, Yuan, Ying, Yang, ICLR 2020",
         .params = bilevel_auc_params,
         .metrics = bilevel_auc_metrics,
         .ops = &bilevel_auc_ops,
         .create = bilevel_auc_create,
         .begin = bilevel_begin}),
};
