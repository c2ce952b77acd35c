/* problems/tree/hst.c: generated ultrametrics, as hierarchically separated trees. */
#include <math.h>

#include "problems/splitmix.h"
#include "problems/tree/problems.h"

static cc_status build(cc_run *scope, const tree_draft *draft, void **instance)
{
    tree_data *tree;
    CC_TRY(tree_build(scope, draft->n, draft->parent, NULL, draft->value, &tree));
    *instance = tree;
    return CC_OK;
}

/* Complete: labels base^(levels - 1), .., base, 1. */
cc_status tree_hst_regular_create(cc_run *scope, void **instance)
{
    const size_t levels = (size_t)cc_int(scope, "levels"), arity = (size_t)cc_int(scope, "arity");
    const double base = cc_real(scope, "base");
    tree_draft draft;
    if (pow((double)arity, (double)levels) > 1e6)
        return cc_fail(scope, CC_EINVAL, "arity=%zu, levels=%zu makes more than 1e6 points", arity, levels);
    if (!(base > 1)) return cc_fail(scope, CC_EINVAL, "base=%g is not above 1", base);
    CC_TRY(tree_draft_open(scope, 1024, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, pow(base, (double)levels - 1)));
    for (size_t level = 0, begin = 0, end = 1; level < levels; level++, begin = end, end = draft.n)
        for (size_t i = 0; i < (end - begin) * arity; i++)
            CC_TRY(tree_draft_add(&draft, begin + i / arity, pow(base, (double)levels - 2 - (double)level)));
    return build(scope, &draft, instance);
}

cc_status tree_hst_star_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n");
    tree_draft draft;
    CC_TRY(tree_draft_open(scope, n + 1, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, 1));
    for (size_t i = 0; i < n; i++) CC_TRY(tree_draft_add(&draft, 0, 0));
    return build(scope, &draft, instance);
}

/* m clusters of m points: distance 1 within, L between. */
cc_status tree_hst_two_scale_create(cc_run *scope, void **instance)
{
    const size_t m = (size_t)cc_int(scope, "m");
    const double far = cc_real(scope, "L");
    tree_draft draft;
    if (!(far > 1)) return cc_fail(scope, CC_EINVAL, "L=%g is not above 1, the distance within clusters", far);
    CC_TRY(tree_draft_open(scope, 1 + m + m * m, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, far));
    for (size_t i = 0; i < m; i++) CC_TRY(tree_draft_add(&draft, 0, 1));
    for (size_t i = 0; i < m * m; i++) CC_TRY(tree_draft_add(&draft, 1 + i / m, 0));
    return build(scope, &draft, instance);
}

/* n points; labels base^(n - 2), .., 1 along the spine, one leaf beside each node of it, two at its end. */
cc_status tree_hst_caterpillar_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n");
    const double base = cc_real(scope, "base");
    tree_draft draft;
    if (!(base > 1) || (double)(n - 2) * log2(base) > 1000)
        return cc_fail(scope, CC_EINVAL, "base=%g, n=%zu: labels base^0 .. base^(n-2) must rise and stay below 2^1000", base, n);
    CC_TRY(tree_draft_open(scope, 2 * n, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, pow(base, (double)n - 2)));
    size_t spine = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        const size_t next = draft.n;
        CC_TRY(tree_draft_add(&draft, spine, pow(base, (double)(n - 2 - i))));
        CC_TRY(tree_draft_add(&draft, spine, 0));
        spine = next;
    }
    CC_TRY(tree_draft_add(&draft, spine, 0));
    CC_TRY(tree_draft_add(&draft, spine, 0));
    return build(scope, &draft, instance);
}

/* A node of m > 1 points has 2 .. min(arity, m) children; its points are dealt to them by cuts drawn uniformly, at least one each;
 * a child's label is its parent's times U(.1, .95). */
cc_status tree_hst_random_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n"), arity = (size_t)cc_int(scope, "arity");
    uint64_t stream = cc_seed(scope);
    size_t *points;
    tree_draft draft;
    CC_NEW(scope, points, 2 * n);
    CC_TRY(tree_draft_open(scope, 2 * n, &draft));
    CC_TRY(tree_draft_add(&draft, TREE_ROOT, 1024));
    points[0] = n;
    for (size_t u = 0; u < draft.n; u++) {
        const size_t m = points[u], most = m < arity ? m : arity;
        if (m == 1) continue;
        size_t left = m, children = 2 + (size_t)(cc_sm64_uniform(&stream) * (double)(most - 1));
        for (; children; children--) {
            const size_t share = children == 1 ? left : 1 + (size_t)(cc_sm64_uniform(&stream) * (double)(left - children + 1));
            points[draft.n] = share;
            left -= share;
            CC_TRY(tree_draft_add(&draft, u, draft.value[u] * (.1 + .85 * cc_sm64_uniform(&stream))));
        }
    }
    return build(scope, &draft, instance);
}
