/* problems/relu_box/train.c: Adam on batches, with weights that may be tied or kept from being negative. */
#include "problems/relu_box/train.h"

#include <math.h>
#include <string.h>

#include "harness/numerics/optim.h"

enum { STREAM_EPOCHS = 30 };

void relu_untie(const cc_mlp *net, const relu_recipe *recipe, const double *parameters, double *w)
{
    for (size_t e = 0; e < net->weights; e++) w[e] = recipe->tie[e] == RELU_FIXED_0 ? 0 : parameters[recipe->tie[e]];
}

/* The gradient of the parameters from that of the weights. */
static void tie_gradient(const cc_mlp *net, const relu_recipe *recipe, const double *g, double *tied)
{
    memset(tied, 0, recipe->parameters * sizeof *tied);
    for (size_t e = 0; e < net->weights; e++)
        if (recipe->tie[e] != RELU_FIXED_0) tied[recipe->tie[e]] += g[e];
}

static void cut_negative(const cc_mlp *net, double *w)
{
    for (size_t l = 0; l < net->layers; l++)
        for (size_t e = net->weight_at[l]; e < net->bias_at[l]; e++) w[e] = fmax(w[e], 0);
}

static cc_batch whole(const relu_set *set, const double *target)
{
    return (cc_batch){.rows = set->n,
                      .x = set->x,
                      .label = target ? NULL : set->label,
                      .target = target,
                      .loss = target ? CC_LOSS_SQUARED : CC_LOSS_SOFTMAX,
                      .n = set->n};
}

cc_status relu_train(cc_run *scope, const cc_mlp *net, const relu_set *set, const double *target, const relu_recipe *recipe,
                     double *w)
{
    const size_t steps = recipe->epochs * (set->train / recipe->batch),
                 parameters = recipe->tie ? recipe->parameters : net->weights;
    double *g, *tied, *untied;
    cc_mlp_work *work;
    cc_epochs epochs;
    cc_adam adam = cc_adam_default();
    adam.rate = recipe->rate;
    cc_batch batch = whole(set, target);
    CC_NEW(scope, g, net->weights);
    CC_NEW(scope, tied, parameters);
    CC_NEW(scope, untied, net->weights);
    CC_TRY(cc_mlp_check(scope, net, &batch));
    CC_TRY(cc_mlp_work_new(scope, net, recipe->batch, 0, &work));
    CC_TRY(cc_adam_new(scope, parameters, &adam));
    CC_TRY(cc_epochs_new(scope, STREAM_EPOCHS, set->train, recipe->batch, CC_DROP_LAST, &epochs));
    for (size_t step = 0; step < steps; step++) {
        batch.ids = cc_epochs_next(&epochs, recipe->batch, &batch.n);
        if (recipe->tie) relu_untie(net, recipe, w, untied);
        CC_TRY(cc_mlp_grad(work, recipe->tie ? untied : w, &batch, NULL, g));
        if (recipe->tie) tie_gradient(net, recipe, g, tied);
        cc_adam_step(&adam, recipe->tie ? tied : g, w);
        if (recipe->nonnegative) cut_negative(net, w);
    }
    for (size_t e = 0; e < parameters; e++)
        if (!isfinite(w[e])) return cc_fail(scope, CC_ENUMERIC, "training diverged");
    return CC_OK;
}

cc_status relu_accuracy(cc_run *scope, const cc_mlp *net, const relu_set *set, const double *w, double *share)
{
    cc_mlp_work *work;
    cc_batch batch = whole(set, NULL);
    batch.x += set->train * set->features;
    batch.label += set->train;
    batch.n = batch.rows = set->n - set->train;
    CC_TRY(cc_mlp_work_new(scope, net, 256, 0, &work));
    return cc_mlp_accuracy(work, w, &batch, share);
}

cc_status relu_from_mlp(cc_run *scope, const cc_mlp *net, const double *w, relu_draft *draft)
{
    CC_TRY(relu_draft_open(scope, net->layers, net->width, draft));
    for (size_t i = 1; i <= net->layers; i++) {
        memcpy(draft->w[i], w + net->weight_at[i - 1], net->width[i] * net->width[i - 1] * sizeof *w);
        memcpy(draft->b[i], w + net->bias_at[i - 1], net->width[i] * sizeof *w);
    }
    return CC_OK;
}
