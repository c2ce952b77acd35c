/* embed.c: an ultrametric into R^d by a box partition: a point set gets a box of the volume that its balls must fill anyway.
 *
 *   paper            here
 *   l(v), Delta      label[u] of the rounded tree, greatest over least
 *   A(v), B(v)       inner[u], outer[u]: volumes of the balls of radius l(v)/2 and l(parent)/2 around the points of v, at least
 *   kappa            V_d^(1/d)
 *   rho_u            (A(u) / B(u))^(1/d): R_u is C_u scaled about its centre, which leaves a margin to the siblings
 *
 * Labels are first rounded up to powers of two times the least, and nodes of their parent's label are contracted: at most
 * h = log2 Delta + 1 levels are left. Distortion <= 4 sqrt(d) eps^(-2(d-1)/d) (1 - eps)^(-h/d) (c_LB' + 1) with eps = min(1/3,
 * 1/h). */
#include "partitions.h"

#include <math.h>

typedef struct embed {
    const tree_data *tree;
    int margin; /* 0: volumes by leaf counts, and no margin */
    /* the rounded tree: node_of maps v of T; parents before children */
    size_t n, height, *node_of, *parent, *begin, *child, *level;
    double *label, *inner, *outer;
    fp_boxes boxes;
    double *low, *side, *point, *all_low, *all_side;
    tree_layout layout;
} embed;

static double unit_ball(size_t d) { return pow(M_PI, (double)d / 2) / tgamma((double)d / 2 + 1); }

/* l_min 2^j at or above the label; 1e-9 keeps what is such a number up to rounding. */
static double round_up(double label, double least) { return label > 0 ? ldexp(least, (int)ceil(log2(label / least) - 1e-9)) : 0; }

static void contract(embed *s)
{
    const tree_data *t = s->tree;
    double least = t->label[0];
    for (size_t v = 0; v < t->nodes; v++)
        if (t->label[v] > 0 && t->label[v] < least) least = t->label[v];
    for (size_t v = 0; v < t->nodes; v++) {
        const double label = round_up(t->label[v], least);
        const size_t up = s->node_of[t->parent[v]];
        if (v > 0 && label == s->label[up]) {
            s->node_of[v] = up;
            continue;
        }
        s->node_of[v] = s->n;
        s->label[s->n] = label;
        s->parent[s->n] = v ? up : 0;
        s->level[s->n] = v ? s->level[up] + 1 : 0;
        s->height = s->level[s->n] > s->height ? s->level[s->n] : s->height;
        s->n++;
    }
}

/* Children of u: child[begin[u]] .. child[begin[u + 1] - 1]. Returns the most children of a node. */
static size_t list_children(embed *s)
{
    size_t most = 1;
    for (size_t u = 1; u < s->n; u++) s->begin[s->parent[u] + 1]++;
    for (size_t u = 0; u < s->n; u++) {
        most = s->begin[u + 1] > most ? s->begin[u + 1] : most;
        s->begin[u + 1] += s->begin[u];
    }
    for (size_t u = s->n; u-- > 1;) s->child[--s->begin[s->parent[u] + 1]] = u;
    for (size_t u = 0; u < s->n; u++) s->begin[u] = s->begin[u + 1];
    s->begin[s->n] = s->n - 1;
    return most;
}

/* A and B, bottom up; without margin both are leaf counts. */
static void volumes(embed *s)
{
    const double d = (double)s->boxes.d, kappa = pow(unit_ball(s->boxes.d), 1 / d);
    for (size_t u = s->n; u-- > 0;) {
        if (!s->margin && s->label[u] == 0) s->inner[u] = 1;
        const double gap = u ? s->label[s->parent[u]] - s->label[u] : 0;
        s->outer[u] = s->margin ? pow(pow(s->inner[u], 1 / d) + kappa * gap / 2, d) : s->inner[u];
        if (u) s->inner[s->parent[u]] += s->outer[u];
    }
}

static cc_status alloc(cc_run *run, embed *s)
{
    const size_t n = s->tree->nodes;
    CC_NEW(run, s->node_of, n);
    CC_NEW(run, s->parent, n);
    CC_NEW(run, s->begin, n + 2);
    CC_NEW(run, s->child, n);
    CC_NEW(run, s->level, n);
    CC_NEW(run, s->label, n);
    CC_NEW(run, s->inner, n);
    CC_NEW(run, s->outer, n);
    return CC_OK;
}

cc_status fp_embed_init(cc_run *run, void **state)
{
    embed *s;
    const size_t d = (size_t)cc_int(run, "d");
    CC_NEW(run, s, 1);
    s->tree = tree_get(run);
    s->margin = cc_bool(run, "margin");
    const double asked = cc_real(run, "eps");
    if (!s->tree->label) return cc_fail(run, CC_EINVAL, "the tree has no labels: it is no ultrametric");
    if (asked <= 0) return cc_fail(run, CC_EINVAL, "eps=%g is not in (0, 1/3]", asked);
    CC_TRY(alloc(run, s));
    contract(s);
    CC_TRY(fp_boxes_alloc(run, d, list_children(s), &s->boxes));
    s->boxes.eps = isnan(asked) ? fmin(1.0 / 3, 1 / (double)s->height) : asked;
    CC_NEW(run, s->low, s->n * d);
    CC_NEW(run, s->side, s->n * d);
    CC_NEW(run, s->point, s->tree->leaves * d);
    CC_NEW(run, s->all_low, s->tree->nodes * d);
    CC_NEW(run, s->all_side, s->tree->nodes * d);
    *state = s;
    return CC_OK;
}

/* Boxes C_u of the children of u, in R_u; each becomes its R. A leaf's is a point at the centre. */
static void descend(embed *s, size_t u)
{
    const size_t d = s->boxes.d, m = s->begin[u + 1] - s->begin[u], *child = s->child + s->begin[u];
    fp_boxes_part(&s->boxes, m, child, s->outer, s->low + u * d, s->side + u * d, s->low, s->side);
    for (size_t i = 0; i < m; i++) {
        const size_t c = child[i];
        const double rho = s->margin ? pow(s->inner[c] / s->outer[c], 1 / (double)d) : 1;
        fp_shrink(d, s->label[c] > 0 ? rho : 0, s->low + c * d, s->side + c * d);
    }
}

/* In terms of T: points by rank, boxes by node. */
static void report(embed *s)
{
    const size_t d = s->boxes.d;
    for (size_t v = 0; v < s->tree->nodes; v++)
        for (size_t k = 0; k < d; k++) {
            s->all_low[v * d + k] = s->low[s->node_of[v] * d + k];
            s->all_side[v * d + k] = s->side[s->node_of[v] * d + k];
            if (tree_is_leaf(s->tree, v)) s->point[s->tree->first[v] * d + k] = s->all_low[v * d + k];
        }
    s->layout = (tree_layout){.kind = TREE_POINTS, .d = d, .point = s->point, .low = s->all_low, .side = s->all_side};
}

cc_status fp_embed_step(cc_run *run, void *state)
{
    embed *s = state;
    const size_t d = s->boxes.d;
    for (size_t u = 0; u < s->n; u++) s->inner[u] = 0;
    volumes(s);
    s->boxes.cuts = 0;
    for (size_t k = 0; k < d; k++) s->side[k] = pow(s->inner[0], 1 / (double)d);
    for (size_t u = 0; u < s->n; u++)
        if (s->label[u] > 0) descend(s, u);
    report(s);
    tree_report(run, s->boxes.cuts, 4 * d * s->boxes.cuts);
    return cc_finish(run, "LAID_OUT");
}

const void *fp_embed_candidate(void *state) { return &((embed *)state)->layout; }
