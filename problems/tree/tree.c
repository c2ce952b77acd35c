/* problems/tree/tree.c: makes trees from what is written down, refusing what is none; hands them out. */
#include <math.h>
#include <string.h>

#include "problems/tree/tree_problem.h"

const tree_data *tree_get(cc_run *run) { return cc_oracle_of(run)->instance; }

void tree_report(cc_run *run, uint64_t cuts, uint64_t vertices)
{
    uint64_t *count = cc_oracle_of(run)->count;
    count[0] += cuts;
    count[1] += vertices;
}

/* ---- drafts ---- */

cc_status tree_draft_open(cc_run *scope, size_t room, tree_draft *draft)
{
    *draft = (tree_draft){.scope = scope, .room = room};
    CC_NEW(scope, draft->parent, room);
    CC_NEW(scope, draft->value, room);
    return CC_OK;
}

cc_status tree_draft_add(tree_draft *draft, size_t parent, double value)
{
    if (draft->n == draft->room) {
        tree_draft old = *draft;
        CC_TRY(tree_draft_open(old.scope, 2 * old.room, draft));
        memcpy(draft->parent, old.parent, old.n * sizeof *old.parent);
        memcpy(draft->value, old.value, old.n * sizeof *old.value);
        draft->n = old.n;
    }
    draft->parent[draft->n] = parent;
    draft->value[draft->n++] = value;
    return CC_OK;
}

/* ---- building ---- */

/* The shape of a tree as written down: children of u are child[begin[u]] .. child[begin[u + 1] - 1]. */
typedef struct shape {
    size_t n, root;
    const size_t *parent;
    size_t *begin, *child;
    size_t *given; /* the number that preorder node v was given */
} shape;

static cc_status list_children(cc_run *scope, shape *s)
{
    size_t *next;
    s->root = TREE_ROOT;
    CC_NEW(scope, s->begin, s->n + 1);
    CC_NEW(scope, s->child, s->n);
    CC_NEW(scope, next, s->n);
    for (size_t v = 0; v < s->n; v++) {
        if (s->parent[v] == TREE_ROOT) {
            if (s->root != TREE_ROOT) return cc_fail(scope, CC_EINVAL, "nodes %zu and %zu both are roots", s->root, v);
            s->root = v;
        } else if (s->parent[v] >= s->n)
            return cc_fail(scope, CC_EINVAL, "the parent of node %zu is %zu; there are %zu nodes", v, s->parent[v], s->n);
        else
            s->begin[s->parent[v] + 1]++;
    }
    if (s->root == TREE_ROOT)
        return cc_fail(scope, CC_EINVAL, "no node is a root: the parents form a cycle, or there are no nodes");
    for (size_t v = 0; v < s->n; v++) {
        s->begin[v + 1] += s->begin[v];
        next[v] = s->begin[v];
    }
    for (size_t v = 0; v < s->n; v++)
        if (v != s->root) s->child[next[s->parent[v]]++] = v;
    return CC_OK;
}

/* Numbers the nodes in preorder: fills given, parent, level. What the walk does not reach hangs on a cycle. */
static cc_status number_nodes(cc_run *scope, shape *s, size_t *parent, size_t *level)
{
    size_t *stack, *number, top = 0, n = 0;
    CC_NEW(scope, s->given, s->n);
    CC_NEW(scope, stack, s->n);
    CC_NEW(scope, number, s->n);
    for (size_t v = 0; v < s->n; v++) number[v] = TREE_ROOT;
    stack[top++] = s->root;
    while (top) {
        const size_t u = stack[--top];
        number[u] = n;
        s->given[n] = u;
        parent[n] = u == s->root ? 0 : number[s->parent[u]];
        level[n] = u == s->root ? 0 : level[parent[n]] + 1;
        n++;
        for (size_t i = s->begin[u + 1]; i > s->begin[u]; i--) stack[top++] = s->child[i - 1];
    }
    for (size_t v = 0; v < s->n && n < s->n; v++)
        if (number[v] == TREE_ROOT)
            return cc_fail(scope, CC_EINVAL, "node %zu is not below the root: its ancestors form a cycle", v);
    return CC_OK;
}

static cc_status sum_weights(cc_run *scope, const shape *s, const tree_data *t, const double *given, double *weight)
{
    for (size_t v = 0; v < t->nodes; v++) {
        if (!tree_is_leaf(t, v)) continue;
        weight[v] = given ? given[s->given[v]] : 1;
        if (!(weight[v] > 0) || isinf(weight[v]))
            return cc_fail(scope, CC_EINVAL, "the weight of leaf %zu is %g; weights are positive and finite", s->given[v],
                           weight[v]);
    }
    for (size_t v = t->nodes; v-- > 1;) weight[t->parent[v]] += weight[v];
    const double total = weight[0];
    if (isinf(total)) return cc_fail(scope, CC_EINVAL, "the weights sum to more than a double holds");
    for (size_t v = 0; v < t->nodes; v++) weight[v] /= total;
    return CC_OK;
}

static cc_status copy_labels(cc_run *scope, const shape *s, const tree_data *t, const double *given, double *label)
{
    if (t->leaves < 2) return cc_fail(scope, CC_EINVAL, "an ultrametric needs two points; this one has %zu", t->leaves);
    for (size_t v = 0; v < t->nodes; v++) label[v] = tree_is_leaf(t, v) ? 0 : given[s->given[v]];
    for (size_t v = 0; v < t->nodes; v++) {
        if (!tree_is_leaf(t, v) && (!(label[v] > 0) || isinf(label[v])))
            return cc_fail(scope, CC_EINVAL, "the label of node %zu is %g; labels are positive and finite", s->given[v], label[v]);
        if (v > 0 && !(label[v] < label[t->parent[v]]))
            return cc_fail(scope, CC_EINVAL, "the label of node %zu is %g, not below its parent's %g", s->given[v], label[v],
                           label[t->parent[v]]);
    }
    return CC_OK;
}

static void count_leaves(tree_data *t, size_t *size, size_t *count, size_t *first)
{
    for (size_t v = 0; v < t->nodes; v++) size[v] = 1;
    for (size_t v = t->nodes; v-- > 1;) size[t->parent[v]] += size[v];
    for (size_t v = 0; v < t->nodes; v++) {
        first[v] = t->leaves;
        count[v] = size[v] == 1;
        t->leaves += count[v];
        if (t->level[v] > t->depth) t->depth = t->level[v];
    }
    for (size_t v = t->nodes; v-- > 1;) count[t->parent[v]] += count[v];
}

static cc_status publish(cc_run *scope, const tree_data *t)
{
    double w_min = 1, least = INFINITY;
    for (size_t v = 0; v < t->nodes; v++) {
        w_min = fmin(w_min, t->weight[v]);
        if (t->label && t->label[v] > 0) least = fmin(least, t->label[v]);
    }
    CC_TRY(cc_publish(scope, CC_TOLD, "leaves", (double)t->leaves));
    CC_TRY(cc_publish(scope, CC_TOLD, "nodes", (double)t->nodes));
    CC_TRY(cc_publish(scope, CC_TOLD, "depth", (double)t->depth));
    CC_TRY(cc_publish(scope, CC_HIDDEN, "w_min", w_min));
    return t->label ? cc_publish(scope, CC_HIDDEN, "log2_spread", log2(t->label[0] / least)) : CC_OK;
}

cc_status tree_build(cc_run *scope, size_t n, const size_t *parent, const double *weight, const double *label, tree_data **tree)
{
    shape s = {.n = n, .parent = parent};
    tree_data *t;
    size_t *size, *count, *first, *parents, *level;
    double *w, *l;
    CC_NEW(scope, t, 1);
    CC_NEW(scope, size, n);
    CC_NEW(scope, count, n);
    CC_NEW(scope, first, n);
    CC_NEW(scope, parents, n);
    CC_NEW(scope, level, n);
    CC_NEW(scope, w, n);
    CC_NEW(scope, l, n);
    *t = (tree_data){.nodes = n, .size = size, .parent = parents, .level = level, .count = count, .first = first, .weight = w};
    CC_TRY(list_children(scope, &s));
    CC_TRY(number_nodes(scope, &s, parents, level));
    count_leaves(t, size, count, first);
    CC_TRY(sum_weights(scope, &s, t, weight, w));
    if (label) CC_TRY(copy_labels(scope, &s, t, label, l));
    t->label = label ? l : NULL;
    *tree = t;
    return publish(scope, t);
}
