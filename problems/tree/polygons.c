/* problems/tree/polygons.c: convex polygons of a layout, judged. Brute force on purpose: a judge shares no code with the judged. */
#include <math.h>

#include "problems/tree/problems.h"

typedef struct point {
    double x, y;
} point;

/* Vertex i of node v, seen from `from`. */
static point vertex(const tree_layout *p, size_t v, size_t i, const double *from)
{
    const double *xy = p->xy + 2 * (p->start[v] + i), *o = p->origin + 2 * v;
    return (point){(o[0] - from[0]) + xy[0], (o[1] - from[1]) + xy[1]};
}

static point own(const tree_layout *p, size_t v, size_t i) { return vertex(p, v, i % p->corners[v], p->origin + 2 * v); }
static double cross(point a, point b, point c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

double tree_polygon_area(const tree_layout *p, size_t v)
{
    double twice = 0;
    for (size_t i = 1; i + 1 < p->corners[v]; i++) twice += cross(own(p, v, 0), own(p, v, i), own(p, v, i + 1));
    return twice / 2;
}

static double diameter2(const tree_layout *p, size_t v)
{
    double most = 0;
    for (size_t i = 0; i < p->corners[v]; i++)
        for (size_t j = 0; j < i; j++) {
            const point a = own(p, v, i), b = own(p, v, j);
            most = fmax(most, (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
        }
    return most;
}

double tree_polygon_asp(const tree_layout *p, size_t v) { return diameter2(p, v) / tree_polygon_area(p, v); }

double tree_polygon_bend(const tree_layout *p, size_t v)
{
    double least = 1, turn = 0;
    if (p->corners[v] < 3) return -1;
    for (size_t i = 0; i < p->corners[v]; i++) {
        const point a = own(p, v, i), b = own(p, v, i + 1), c = own(p, v, i + 2);
        const double e = hypot(b.x - a.x, b.y - a.y), f = hypot(c.x - b.x, c.y - b.y), sine = cross(a, b, c) / (e * f);
        const double cosine = ((b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y)) / (e * f);
        if (!(e > 0 && f > 0)) return -1;
        least = fmin(least, sine);
        turn += atan2(sine, cosine);
    }
    return fabs(turn - 2 * M_PI) < 1e-6 ? least : -1; /* once around, counter-clockwise: not a star */
}

double tree_polygon_outside(const tree_layout *p, size_t v, size_t parent)
{
    const double *from = p->origin + 2 * parent;
    const size_t n = p->corners[parent];
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        const point a = vertex(p, parent, i, from), b = vertex(p, parent, (i + 1) % n, from);
        const double length = hypot(b.x - a.x, b.y - a.y);
        for (size_t j = 0; j < p->corners[v]; j++) most = fmax(most, -cross(a, b, vertex(p, v, j, from)) / length);
    }
    return most / sqrt(diameter2(p, parent));
}

enum { MOST = 1024 }; /* corners of an intersection; beyond: NaN */

/* Keeps what of a polygon of n points is left of a -> b; returns how many are kept. */
static size_t keep_left(size_t n, const point *in, point a, point b, point *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n && kept + 2 < MOST; i++) {
        const point p = in[i], q = in[(i + 1) % n];
        const double s = cross(a, b, p), t = cross(a, b, q);
        if (s >= 0) out[kept++] = p;
        if ((s > 0 && t < 0) || (s < 0 && t > 0))
            out[kept++] = (point){p.x + s / (s - t) * (q.x - p.x), p.y + s / (s - t) * (q.y - p.y)};
    }
    return kept;
}

double tree_polygon_overlap(const tree_layout *p, size_t u, size_t v)
{
    point a[MOST], b[MOST];
    const double *from = p->origin + 2 * u;
    size_t n = p->corners[u], m = p->corners[v];
    double twice = 0;
    if (n + m > MOST / 2) return NAN;
    for (size_t i = 0; i < n; i++) a[i] = own(p, u, i);
    for (size_t j = 0; j < m && n; j++) {
        n = keep_left(n, a, vertex(p, v, j, from), vertex(p, v, (j + 1) % m, from), b);
        for (size_t i = 0; i < n; i++) a[i] = b[i];
    }
    for (size_t i = 1; i + 1 < n; i++) twice += cross(a[0], a[i], a[i + 1]);
    return fmax(twice / 2, 0);
}
