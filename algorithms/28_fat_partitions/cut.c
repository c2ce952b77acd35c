/* cut.c: one cut of a convex polygon along a direction, with exact areas.
 *
 *   paper          here
 *   theta, nu      u = (cos theta, sin theta) along the cut, nu = (-sin theta, cos theta) across it
 *   nu.p           height[i], above the lowest vertex
 *   w_l, kappa, R  chord length, its slope, the area still missing in the slab: w_l t + kappa t^2 / 2 = R
 *
 * The walk goes up both chains of the polygon at once, so no sorting is needed, and always from the side of the smaller part, in
 * coordinates relative to the lowest vertex there: the smaller part keeps its relative accuracy. */
#include "partitions.h"

#include <math.h>

double fp_area(const fp_polygon *p)
{
    const double *o = p->xy;
    double twice = 0;
    for (size_t i = 1; i + 1 < p->n; i++) {
        const double *a = p->xy + 2 * i, *b = a + 2;
        twice += (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    }
    return twice / 2;
}

static double distance2(const fp_polygon *p, size_t i, size_t j)
{
    const double x = p->xy[2 * i] - p->xy[2 * j], y = p->xy[2 * i + 1] - p->xy[2 * j + 1];
    return x * x + y * y;
}

/* Of vertex k above edge i -> j, times the edge's length. */
static double above(const fp_polygon *p, size_t i, size_t j, size_t k)
{
    const double *a = p->xy + 2 * i, *b = p->xy + 2 * j, *c = p->xy + 2 * k;
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

double fp_diameter2(const fp_polygon *p)
{
    double most = 0;
    for (size_t i = 0, k = 1; i < p->n; i++) {
        const size_t j = i + 1 == p->n ? 0 : i + 1;
        for (size_t turns = 0; turns < p->n; turns++) {
            const size_t next = k + 1 == p->n ? 0 : k + 1;
            most = fmax(most, fmax(distance2(p, i, k), distance2(p, j, k)));
            if (above(p, i, j, next) < above(p, i, j, k)) break;
            k = next;
        }
    }
    return most;
}

/* A polygon seen from the side where the walk begins. */
typedef struct view {
    size_t n, low, high; /* the lowest and the highest vertex: the walk's ends */
    const double *xy;
    double *height, *along; /* nu.(p_i - p_low), u.(p_i - p_low) */
} view;

/* The cut: at height c, across the edges right -> next(right) and left -> previous(left). */
typedef struct chord {
    size_t right, left;
    double height;
} chord;

static size_t next_of(const view *w, size_t i) { return i + 1 == w->n ? 0 : i + 1; }
static size_t previous_of(const view *w, size_t i) { return i == 0 ? w->n - 1 : i - 1; }

static view look(const fp_polygon *p, fp_direction u, double *work)
{
    view w = {.n = p->n, .xy = p->xy, .height = work, .along = work + p->n};
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < p->n; i++) {
        const double h = u.cosine * p->xy[2 * i + 1] - u.sine * p->xy[2 * i];
        if (h < least) least = h, w.low = i;
        if (h > most) most = h, w.high = i;
    }
    for (size_t i = 0; i < p->n; i++) {
        const double x = p->xy[2 * i] - p->xy[2 * w.low], y = p->xy[2 * i + 1] - p->xy[2 * w.low + 1];
        w.height[i] = u.cosine * y - u.sine * x;
        w.along[i] = u.cosine * x + u.sine * y;
    }
    return w;
}

/* Where the edge i -> j is at height y, along the cut. */
static double at_height(const view *w, size_t i, size_t j, double y)
{
    const double rise = w->height[j] - w->height[i];
    return rise > 0 ? w->along[i] + (w->along[j] - w->along[i]) * ((y - w->height[i]) / rise) : w->along[j];
}

/* Moves both ends up to the edges that rise above the chord. */
static void climb(const view *w, chord *c)
{
    while (c->right != w->high && w->height[next_of(w, c->right)] <= c->height) c->right = next_of(w, c->right);
    while (c->left != w->high && w->height[previous_of(w, c->left)] <= c->height) c->left = previous_of(w, c->left);
}

/* The height at which `area` lies below; slab by slab, a slab ending where either chain has its next vertex. */
static chord find_area(const view *w, double area)
{
    chord c = {w->low, w->low, 0};
    for (;;) {
        climb(w, &c);
        if (c.right == w->high || c.left == w->high) return c; /* all lies below: by rounding only */
        const size_t r = next_of(w, c.right), l = previous_of(w, c.left);
        const double top = fmin(w->height[r], w->height[l]), rise = top - c.height;
        const double below = at_height(w, c.right, r, c.height) - at_height(w, c.left, l, c.height);
        const double over = at_height(w, c.right, r, top) - at_height(w, c.left, l, top);
        const double slab = (below + over) / 2 * rise;
        if (slab >= area) {
            const double slope = (over - below) / rise, root = sqrt(fmax(below * below + 2 * slope * area, 0));
            c.height += fmin(2 * area / (below + root), rise);
            return c;
        }
        area -= slab;
        c.height = top;
    }
}

static chord find_height(const view *w, double fraction)
{
    chord c = {w->low, w->low, fraction * w->height[w->high]};
    climb(w, &c);
    return c;
}

static void push(fp_polygon *p, double x, double y)
{
    p->xy[2 * p->n] = x;
    p->xy[2 * p->n++ + 1] = y;
}

static void push_vertex(fp_polygon *p, const view *w, size_t i)
{
    push(p, w->xy[2 * i] - w->xy[2 * w->low], w->xy[2 * i + 1] - w->xy[2 * w->low + 1]);
}

/* Which end of the edge from -> to the chord goes through: -1 from, 1 to, 0 neither: no edge may be shorter than rounding. */
static int snap(const view *w, const chord *c, size_t from, size_t to)
{
    const double near = 1e-13 * c->height;
    return c->height - w->height[from] <= near ? -1 : w->height[to] - c->height <= near ? 1 : 0;
}

static void push_crossing(fp_polygon *p, const view *w, const chord *c, size_t from, size_t to, int snapped)
{
    if (snapped) {
        push_vertex(p, w, snapped < 0 ? from : to);
        return;
    }
    const double t = (c->height - w->height[from]) / (w->height[to] - w->height[from]);
    const double *o = w->xy + 2 * w->low, *a = w->xy + 2 * from, *b = w->xy + 2 * to;
    push(p, (a[0] - o[0]) + t * (b[0] - a[0]), (a[1] - o[1]) + t * (b[1] - a[1]));
}

/* Both parts, relative to the lowest vertex; a vertex on the cut goes to both. */
static void split(const view *w, const chord *c, fp_polygon *lower, fp_polygon *upper)
{
    const size_t r = next_of(w, c->right), l = previous_of(w, c->left);
    const int at_right = snap(w, c, c->right, r), at_left = snap(w, c, c->left, l);
    lower->n = upper->n = 0;
    for (size_t i = c->left;; i = next_of(w, i)) {
        push_vertex(lower, w, i);
        if (i == c->right) break;
    }
    if (at_right >= 0) push_crossing(lower, w, c, c->right, r, at_right);
    if (at_left >= 0) push_crossing(lower, w, c, c->left, l, at_left);
    push_crossing(upper, w, c, c->right, r, at_right);
    for (size_t i = r;; i = next_of(w, i)) {
        if (!(i == r && at_right > 0) && !(i == l && at_left > 0)) push_vertex(upper, w, i);
        if (i == l) break;
    }
    push_crossing(upper, w, c, c->left, l, at_left);
}

/* Makes vertex 0 the origin. */
static void rebase(fp_polygon *p)
{
    const double x = p->xy[0], y = p->xy[1];
    for (size_t i = 0; i < p->n; i++) {
        p->xy[2 * i] -= x;
        p->xy[2 * i + 1] -= y;
    }
    p->origin[0] += x;
    p->origin[1] += y;
}

void fp_cut(const fp_polygon *p, fp_direction theta, double wa, double wb, int by_length, double *work, fp_polygon *a,
            fp_polygon *b)
{
    const int from_above = wb < wa;
    const double fraction = (from_above ? wb : wa) / (wa + wb);
    const fp_direction u = {from_above ? -theta.cosine : theta.cosine, from_above ? -theta.sine : theta.sine};
    const view w = look(p, u, work);
    const chord c = by_length ? find_height(&w, fraction) : find_area(&w, fraction * fp_area(p));
    fp_polygon *lower = from_above ? b : a, *upper = from_above ? a : b;
    split(&w, &c, lower, upper);
    for (size_t k = 0; k < 2; k++) lower->origin[k] = upper->origin[k] = p->origin[k] + p->xy[2 * w.low + k];
    rebase(lower);
    rebase(upper);
}
