/* problems/tree/points.c: metrics of an embedded ultrametric: distortion over all pairs, and what is known of the best possible. */
#include <math.h>
#include <stdlib.h>

#include "problems/tree/problems.h"

static const tree_data *tree_of(const cc_oracle *oracle) { return oracle->instance; }

/* ---- distortion ---- */

typedef struct extremes {
    double expansion2, contraction2; /* squares of max |x - y| / l and max l / |x - y| */
} extremes;

/* Pairs of a leaf in [a, b) and one in [b, c): their lowest common ancestor has label l. */
static void pairs(const tree_layout *p, size_t a, size_t b, size_t c, double l, extremes *e)
{
    double least = INFINITY, most = 0;
    for (size_t i = a; i < b; i++)
        for (size_t j = b; j < c; j++) {
            double distance2 = 0;
            for (size_t k = 0; k < p->d; k++) {
                const double x = p->point[i * p->d + k] - p->point[j * p->d + k];
                distance2 += x * x;
            }
            least = distance2 < least ? distance2 : least;
            most = distance2 > most ? distance2 : most;
        }
    e->expansion2 = fmax(e->expansion2, most / (l * l));
    e->contraction2 = fmax(e->contraction2, least > 0 ? l * l / least : INFINITY);
}

/* 0 if the candidate is of another kind. A point that is nowhere is infinitely bad. */
static int measure(const cc_oracle *oracle, const tree_layout *p, extremes *e)
{
    const tree_data *t = tree_of(oracle);
    *e = (extremes){0, 0};
    if (p->kind != TREE_POINTS || !t->label) return 0;
    for (size_t i = 0; i < t->leaves * p->d; i++)
        if (!isfinite(p->point[i])) *e = (extremes){INFINITY, INFINITY};
    for (size_t v = 0; v < t->nodes; v++)
        for (size_t c = v + 1; c < v + t->size[v]; c += t->size[c])
            pairs(p, t->first[v], t->first[c], t->first[c] + t->count[c], t->label[v], e);
    return 1;
}

double tree_metric_distortion(const cc_oracle *oracle, const void *candidate)
{
    extremes e;
    return measure(oracle, candidate, &e) ? sqrt(e.expansion2) * sqrt(e.contraction2) : NAN;
}

double tree_metric_expansion(const cc_oracle *oracle, const void *candidate)
{
    extremes e;
    return measure(oracle, candidate, &e) ? sqrt(e.expansion2) : NAN;
}

double tree_metric_contraction(const cc_oracle *oracle, const void *candidate)
{
    extremes e;
    return measure(oracle, candidate, &e) ? sqrt(e.contraction2) : NAN;
}

/* ---- bounds ---- */

/* Volume of the unit ball of R^d. */
static double ball(size_t d) { return pow(M_PI, (double)d / 2) / tgamma((double)d / 2 + 1); }

/* A label rounded up to a power of two times the least; the small slack keeps exact powers where they are. */
static double rounded(double label, double least) { return label > 0 ? ldexp(least, (int)ceil(log2(label / least) - 1e-9)) : 0; }

static double least_label(const tree_data *t)
{
    double least = INFINITY;
    for (size_t v = 0; v < t->nodes; v++)
        if (t->label[v] > 0) least = fmin(least, t->label[v]);
    return least;
}

/* c_LB = max_v 2 (A(v) / V_d)^(1/d) / l(v) - 1 with A(v) = sum_u (A(u)^(1/d) + V_d^(1/d) (l(v) - l(u)) / 2)^d over the children u:
 * the balls of radius l(v) / 2 around the images of a non-contracting map fill at least A(v), by Brunn-Minkowski; the isodiametric
 * inequality says how far apart they then are. With `round` for labels rounded up: a child whose label has become its parent's
 * hands its own children over, which the recursion sees as A(u) added whole. NaN: no memory. */
static double lower_bound(const tree_data *t, size_t d, int round)
{
    const double kappa = pow(ball(d), 1 / (double)d), least = least_label(t);
    double *a = calloc(t->nodes, sizeof *a), most = 0;
    if (!a) return NAN;
    for (size_t v = t->nodes; v-- > 0;) {
        const double l = round ? rounded(t->label[v], least) : t->label[v];
        if (l > 0) most = fmax(most, 2 * pow(a[v], 1 / (double)d) / (kappa * l) - 1);
        if (v == 0) break;
        const double gap = (round ? rounded(t->label[t->parent[v]], least) : t->label[t->parent[v]]) - l;
        a[t->parent[v]] += gap > 0 ? pow(pow(a[v], 1 / (double)d) + kappa * gap / 2, (double)d) : a[v];
    }
    free(a);
    return most;
}

double tree_metric_lower_bound(const cc_oracle *oracle, const void *candidate)
{
    const tree_layout *p = candidate;
    return p->kind == TREE_POINTS && tree_of(oracle)->label ? lower_bound(tree_of(oracle), p->d, 0) : NAN;
}

/* Edges on the longest path of the tree with rounded labels, in which a child of its parent's label is one with it. */
static size_t rounded_height(const tree_data *t, int *exact)
{
    const double least = least_label(t);
    size_t *below = calloc(t->nodes, sizeof *below), height;
    if (!below) return 0;
    *exact = 1;
    for (size_t v = t->nodes; v-- > 1;) {
        const double l = rounded(t->label[v], least), up = rounded(t->label[t->parent[v]], least);
        const size_t h = below[v] + (l < up);
        if (h > below[t->parent[v]]) below[t->parent[v]] = h;
        *exact &= fabs(up - t->label[t->parent[v]]) <= 1e-9 * up;
    }
    height = below[0];
    free(below);
    return height;
}

/* distortion <= 4 sqrt(d) eps^(-2 (d-1) / d) (1 - eps)^(-h/d) (c_LB' + 1), c_LB' that of the rounded tree, eps = min(1/3, 1/h);
 * half of it where rounding changes no label. */
double tree_metric_upper_bound(const cc_oracle *oracle, const void *candidate)
{
    const tree_layout *p = candidate;
    const tree_data *t = tree_of(oracle);
    int exact = 0;
    if (p->kind != TREE_POINTS || !t->label) return NAN;
    const double h = (double)rounded_height(t, &exact), eps = fmin(1.0 / 3, 1 / h), d = (double)p->d;
    return (exact ? 2 : 4) * sqrt(d) * pow(eps, -2 * (d - 1) / d) * pow(1 - eps, -h / d) * (lower_bound(t, p->d, 1) + 1);
}
