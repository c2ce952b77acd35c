/* problems/tree/binary.c: the binary tree that a method cuts along, judged. */
#include <math.h>
#include <stdlib.h>

#include "problems/tree/problems.h"

typedef struct judged {
    size_t *children, *leaves, *depth;
} judged;

/* Depths of binary nodes by walking up; SIZE_MAX marks the unknown. Returns 0 on a cycle or a wrong parent. */
static int find_depths(const tree_layout *p, size_t *depth, size_t *stack)
{
    for (size_t b = 0; b < p->binary; b++) depth[b] = SIZE_MAX;
    for (size_t b = 0; b < p->binary; b++) {
        size_t n = 0, u = b;
        while (depth[u] == SIZE_MAX && p->binary_parent[u] != u) {
            if (n == p->binary || p->binary_parent[u] >= p->binary) return 0;
            stack[n++] = u;
            u = p->binary_parent[u];
        }
        if (depth[u] == SIZE_MAX) depth[u] = 0;
        for (size_t d = depth[u]; n;) depth[stack[--n]] = ++d;
    }
    return 1;
}

/* One root; two children or none; leaves are the images of the leaves of T, one to one; below the image of v lie exactly count[v]
 * leaves, and the image of v is at or above that of its children. That makes the leaves below node[v] those below v. */
static int is_binary_tree_of(const tree_data *t, const tree_layout *p, const judged *j)
{
    size_t roots = 0;
    for (size_t b = 0; b < p->binary; b++) {
        roots += p->binary_parent[b] == b;
        if (p->binary_parent[b] != b) j->children[p->binary_parent[b]]++;
    }
    for (size_t v = 0; v < t->nodes; v++) {
        if (p->node[v] >= p->binary) return 0;
        if (!tree_is_leaf(t, v)) continue;
        if (j->children[p->node[v]] || j->leaves[p->node[v]]) return 0;
        for (size_t b = p->node[v];; b = p->binary_parent[b]) {
            j->leaves[b]++;
            if (p->binary_parent[b] == b) break;
        }
    }
    for (size_t b = 0; b < p->binary; b++)
        if ((j->children[b] != 0 && j->children[b] != 2) || !j->leaves[b]) return 0;
    for (size_t v = 0; v < t->nodes; v++) {
        if (j->leaves[p->node[v]] != t->count[v]) return 0;
        size_t b = p->node[v], up = p->node[t->parent[v]];
        while (b != up && p->binary_parent[b] != b) b = p->binary_parent[b];
        if (b != up) return 0;
    }
    return roots == 1;
}

double tree_metric_binary_height(const cc_oracle *oracle, const void *candidate)
{
    const tree_layout *p = candidate;
    double height = INFINITY;
    if (!p->binary) return NAN;
    size_t *work = calloc(4 * p->binary, sizeof *work);
    if (!work) return NAN;
    const judged j = {work, work + p->binary, work + 2 * p->binary};
    if (find_depths(p, j.depth, work + 3 * p->binary) && is_binary_tree_of(oracle->instance, p, &j)) {
        height = 0;
        for (size_t b = 0; b < p->binary; b++) height = fmax(height, (double)j.depth[b]);
    }
    free(work);
    return height;
}
