/* binary.c: the tree made binary, without regard to weights.
 *
 *   paper            here
 *   T, its nodes v   tree, 0 .. nodes - 1 in preorder
 *   N_i, N           leaf counts of the children of v, and of v
 *   l_i              depth: ceil(log2(N / N_i)), where child i may go (Kraft's inequality holds)
 *
 * On a path from the root to a leaf the depths telescope: height <= depth(T) + log2 n. */
#include "partitions.h"

#include <math.h>

void fp_shannon_depths(size_t m, const double *share, size_t *depth)
{
    double sum = 0;
    for (size_t i = 0; i < m; i++) sum += share[i];
    for (size_t i = 0; i < m; i++) {
        int exponent;
        const double mantissa = frexp(sum / share[i], &exponent); /* in [1/2, 1): an exact power of two has 1/2 */
        depth[i] = m == 1 || exponent < 1 ? 0 : (size_t)(mantissa > .5 ? exponent : exponent - 1);
    }
}

cc_status fp_binary_alloc(cc_run *run, const tree_data *tree, fp_binary *b)
{
    const size_t n = 2 * tree->leaves - 1;
    CC_NEW(run, b->parent, n);
    CC_NEW(run, b->left, n);
    CC_NEW(run, b->right, n);
    CC_NEW(run, b->depth, n);
    CC_NEW(run, b->weight, n + 1); /* join_shannon keeps shares behind the nodes made */
    CC_NEW(run, b->node, tree->nodes);
    CC_NEW(run, b->next, n);
    CC_NEW(run, b->depths, tree->leaves + 1);
    return CC_OK;
}

static size_t join(fp_binary *b, size_t left, size_t right)
{
    const size_t u = b->n++;
    b->left[u] = left;
    b->right[u] = right;
    b->weight[u] = b->weight[left] + b->weight[right];
    return b->parent[left] = b->parent[right] = u;
}

enum { DEEPEST = 2200 }; /* ceil(log2) of a ratio of doubles */

/* A first-in first-out list of binary nodes for each level, linked by b->next. */
typedef struct levels {
    size_t head[DEEPEST], tail[DEEPEST];
} levels;

static void append(fp_binary *b, levels *q, size_t level, size_t u)
{
    b->next[u] = FP_NONE;
    if (q->head[level] == FP_NONE)
        q->head[level] = u;
    else
        b->next[q->tail[level]] = u;
    q->tail[level] = u;
}

/* Pairs of level l are items of level l - 1; one that is left over moves up as it is. */
static size_t join_levels(fp_binary *b, levels *q, size_t deepest)
{
    for (size_t level = deepest; level > 0; level--)
        for (size_t u = q->head[level], after; u != FP_NONE; u = after) {
            const size_t partner = b->next[u];
            after = partner == FP_NONE ? FP_NONE : b->next[partner];
            append(b, q, level - 1, partner == FP_NONE ? u : join(b, u, partner));
        }
    return q->head[0];
}

static size_t join_shannon(const tree_data *tree, size_t v, int by_weight, fp_binary *b, levels *q)
{
    size_t m = 0, deepest = 0;
    double *share = b->weight + b->n; /* of nodes that are not there yet */
    for (size_t c = v + 1; c < v + tree->size[v]; c += tree->size[c])
        share[m++] = by_weight ? tree->weight[c] : (double)tree->count[c];
    fp_shannon_depths(m, share, b->depths);
    for (size_t i = 0; i < m; i++) deepest = b->depths[i] > deepest ? b->depths[i] : deepest;
    for (size_t level = 0; level <= deepest; level++) q->head[level] = FP_NONE;
    for (size_t c = v + 1, i = 0; c < v + tree->size[v]; c += tree->size[c]) append(b, q, b->depths[i++], b->node[c]);
    return join_levels(b, q, deepest);
}

static size_t join_left_deep(const tree_data *tree, size_t v, fp_binary *b)
{
    size_t u = b->node[v + 1];
    for (size_t c = v + 1 + tree->size[v + 1]; c < v + tree->size[v]; c += tree->size[c]) u = join(b, u, b->node[c]);
    return u;
}

void fp_binary_build(const tree_data *tree, fp_rule rule, fp_binary *b)
{
    levels q;
    b->n = 0;
    for (size_t v = tree->nodes; v-- > 0;) {
        if (!tree_is_leaf(tree, v)) {
            b->node[v] = rule == FP_LEFT_DEEP ? join_left_deep(tree, v, b) : join_shannon(tree, v, rule == FP_BY_WEIGHT, b, &q);
            continue;
        }
        b->node[v] = b->n++;
        b->left[b->node[v]] = b->right[b->node[v]] = FP_NONE;
        b->weight[b->node[v]] = tree->weight[v];
    }
    const size_t root = b->n - 1;
    b->parent[root] = root;
    b->depth[root] = b->height = 0;
    for (size_t u = root; u-- > 0;) {
        b->depth[u] = b->depth[b->parent[u]] + 1;
        b->height = b->depth[u] > b->height ? b->depth[u] : b->height;
    }
}

/* ---- an algorithm that stops here: for claims on the height ---- */

typedef struct binarise {
    fp_binary binary;
    fp_rule rule;
    const tree_data *tree;
    tree_layout layout;
} binarise;

cc_status fp_binarise_init(cc_run *run, void **state)
{
    binarise *s;
    CC_NEW(run, s, 1);
    s->tree = tree_get(run);
    s->rule = (fp_rule)cc_choice(run, "rule");
    *state = s;
    return fp_binary_alloc(run, s->tree, &s->binary);
}

cc_status fp_binarise_step(cc_run *run, void *state)
{
    binarise *s = state;
    fp_binary_build(s->tree, s->rule, &s->binary);
    s->layout = (tree_layout){.binary = s->binary.n, .binary_parent = s->binary.parent, .node = s->binary.node};
    return cc_finish(run, "LAID_OUT");
}

const void *fp_binarise_candidate(void *state) { return &((binarise *)state)->layout; }
