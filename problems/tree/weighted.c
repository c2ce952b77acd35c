/* problems/tree/weighted.c: generated trees with leaf weights. */
#include <math.h>

#include "problems/splitmix.h"
#include "problems/tree/problems.h"

typedef enum law { LAW_UNIT, LAW_UNIFORM, LAW_PARETO, LAW_LOGUNIFORM } law;

/* Draws leaf weights: 1, U(0, 1], Pareto with exponent 1, 10^U(-lambda, 0). */
typedef struct weights {
    law law;
    double lambda;
    uint64_t stream;
} weights;

static weights weights_of(cc_run *scope)
{
    return (weights){(law)cc_choice(scope, "weights"), cc_real(scope, "lambda"), cc_seed(scope)};
}

static double draw(weights *w)
{
    const double u = 1 - cc_sm64_uniform(&w->stream); /* (0, 1] */
    switch (w->law) {
    case LAW_UNIT:
        return 1;
    case LAW_UNIFORM:
        return u;
    case LAW_PARETO:
        return 1 / u;
    case LAW_LOGUNIFORM:
        return pow(10, -w->lambda * u);
    }
    return NAN;
}

static cc_status build(cc_run *scope, const tree_draft *draft, void **instance)
{
    tree_data *tree;
    CC_TRY(tree_build(scope, draft->n, draft->parent, draft->value, NULL, &tree));
    *instance = tree;
    return CC_OK;
}

/* Level by level: a node of level k < depth has 2 .. branching children; one node of each level surely goes on, each other one is a
 * leaf with probability `stop`. */
cc_status tree_random_create(cc_run *scope, void **instance)
{
    const size_t depth = (size_t)cc_int(scope, "depth"), branching = (size_t)cc_int(scope, "branching"),
                 most = (size_t)cc_int(scope, "max_leaves");
    const double stop = cc_real(scope, "stop");
    weights w = weights_of(scope);
    uint64_t shape = cc_seed(scope) ^ UINT64_C(0x7472656573686170);
    tree_draft draft;
    CC_TRY(tree_draft_open(scope, 1024, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, draw(&w)));
    for (size_t level = 0, begin = 0, end = 1; level < depth; level++, begin = end, end = draft.n)
        for (size_t u = begin; u < end; u++) {
            if (u > begin && cc_sm64_uniform(&shape) < stop) continue;
            const size_t children = 2 + (size_t)(cc_sm64_uniform(&shape) * (double)(branching - 1));
            if (u > begin && draft.n + children > most) continue;
            for (size_t i = 0; i < children; i++) CC_TRY(tree_draft_add(&draft, u, draw(&w)));
        }
    return build(scope, &draft, instance);
}

cc_status tree_kary_create(cc_run *scope, void **instance)
{
    const size_t depth = (size_t)cc_int(scope, "depth"), arity = (size_t)cc_int(scope, "arity");
    weights w = weights_of(scope);
    tree_draft draft;
    if (pow((double)arity, (double)depth) > 1e7)
        return cc_fail(scope, CC_EINVAL, "arity=%zu, depth=%zu makes more than 1e7 leaves", arity, depth);
    CC_TRY(tree_draft_open(scope, 1024, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, draw(&w)));
    for (size_t level = 0, begin = 0, end = 1; level < depth; level++, begin = end, end = draft.n)
        for (size_t i = 0; i < (end - begin) * arity; i++) CC_TRY(tree_draft_add(&draft, begin + i / arity, draw(&w)));
    return build(scope, &draft, instance);
}

cc_status tree_star_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n");
    weights w = weights_of(scope);
    tree_draft draft;
    CC_TRY(tree_draft_open(scope, n + 1, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, 0));
    for (size_t i = 0; i < n; i++) CC_TRY(tree_draft_add(&draft, 0, draw(&w)));
    return build(scope, &draft, instance);
}

/* Each internal node: a leaf that holds `fraction` of it, and the rest. */
cc_status tree_caterpillar_create(cc_run *scope, void **instance)
{
    const size_t depth = (size_t)cc_int(scope, "depth");
    const double fraction = cc_real(scope, "fraction");
    double rest = 1;
    size_t spine = 0;
    tree_draft draft;
    CC_TRY(tree_draft_open(scope, 2 * depth + 1, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, 0));
    for (size_t i = 0; i < depth; i++) {
        CC_TRY(tree_draft_add(&draft, spine, fraction * rest));
        rest *= 1 - fraction;
        CC_TRY(tree_draft_add(&draft, spine, rest));
        spine = draft.n - 1;
    }
    return build(scope, &draft, instance);
}

cc_status tree_two_leaves_create(cc_run *scope, void **instance)
{
    const double eta = cc_real(scope, "eta");
    tree_draft draft;
    if (!(eta > 0 && eta < 1)) return cc_fail(scope, CC_EINVAL, "eta=%g is outside (0, 1)", eta);
    CC_TRY(tree_draft_open(scope, 3, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, 0));
    CC_TRY(tree_draft_add(&draft, 0, 1 - eta));
    CC_TRY(tree_draft_add(&draft, 0, eta));
    return build(scope, &draft, instance);
}
