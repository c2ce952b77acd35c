/* harness/test/nn_check.h: what every operation of the tape must satisfy, whatever it computes. An operation is given as a function
 * of parameters; derivatives are checked against differences of the sweep before, and against each other. */
#ifndef CLAIMCHECK_TEST_NN_CHECK_H
#define CLAIMCHECK_TEST_NN_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/core/scope.h"
#include "harness/numerics/linalg.h"
#include "harness/numerics/nn.h"
#include "harness/testing.h"

typedef struct nn_case {
    const char *name;
    nn_node (*build)(nn_tape *t, const nn_node *p); /* p: the parameters, in order */
    nn_shape shape[8];                              /* theirs, up to nd = 0 */
    double low, high;                               /* where the parameters are drawn from; 0, 0: -1 .. 1 */
    double step;                                    /* of differences; 0: 1e-3 */
} nn_case;

static inline nn_tape *tape_of(cc_run *run)
{
    nn_tape *t;
    assert_int_equal(nn_open(run, &t), CC_OK);
    return t;
}

static inline void ok(cc_run *run, cc_status status)
{
    if (status != CC_OK) fail_msg("%s: %s", cc_status_name(status), cc_test_message(run));
}

static inline double *numbers(size_t n)
{
    double *x = calloc(n ? n : 1, sizeof *x);
    assert_non_null(x);
    return x;
}

static inline double *draw(cc_rng *rng, size_t n, double low, double high)
{
    double *x = numbers(n);
    for (size_t i = 0; i < n; i++) x[i] = low + (high - low) * cc_uniform(rng);
    return x;
}

static inline double *seq(size_t n, double a, double b, double s)
{
    double *x = numbers(n);
    for (size_t i = 0; i < n; i++) x[i] = s * sin(a + b * (double)i);
    return x;
}

static inline double dot(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
    return sum;
}

static inline double norm(size_t n, const double *x) { return sqrt(dot(n, x, x)); }

static inline void near(const char *what, double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) fail_msg("%s: %.17g and %.17g differ by %g > %g", what, a, b, fabs(a - b), tolerance);
}

/* |x - y| <= tolerance (1 + |y|), entry by entry against the largest. */
static inline void all_near(const char *name, const char *what, size_t n, const double *x, const double *y, double tolerance)
{
    double worst = 0, scale = 1;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        double d = fabs(x[i] - y[i]);
        scale = fmax(scale, fabs(y[i]));
        if (!(d <= worst)) worst = d, at = i;
    }
    if (!(worst <= tolerance * scale))
        fail_msg("%s: %s: entry %zu of %zu: %.17g and %.17g differ by %g > %g", name, what, at, n, x[at], y[at], worst,
                 tolerance * scale);
}

typedef struct nn_lab { /* a case at a point, with directions */
    const nn_case *c;
    cc_run *run;
    nn_tape *t;
    nn_node out, p[8];
    size_t np, m, n;
    double *w, *v, *v2, *u;
} nn_lab;

static inline nn_node lab_record(nn_lab *l, int twice)
{
    nn_reset(l->t);
    for (l->np = 0; l->np < 8 && l->c->shape[l->np].nd; l->np++) l->p[l->np] = nn_param(l->t, l->c->shape[l->np]);
    l->out = l->c->build(l->t, l->p);
    if (twice) l->out = nn_add(l->t, l->out, l->c->build(l->t, l->p));
    ok(l->run, nn_status(l->t));
    return l->out;
}

static inline nn_lab lab_open(const nn_case *c, uint64_t seed)
{
    nn_lab l = {.c = c, .run = cc_test_run(NULL, seed)};
    double low = c->low, high = c->high;
    if (low == 0 && high == 0) low = -1, high = 1;
    cc_rng rng = cc_stream(l.run, 1, 0);
    l.t = tape_of(l.run);
    lab_record(&l, 0);
    l.m = nn_params(l.t);
    l.n = nn_size(l.t, l.out);
    l.w = draw(&rng, l.m, low, high);
    l.v = draw(&rng, l.m, -1, 1);
    l.v2 = draw(&rng, l.m, -1, 1);
    l.u = draw(&rng, l.n, -1, 1);
    return l;
}

static inline void lab_close(nn_lab *l)
{
    free(l->w);
    free(l->v);
    free(l->v2);
    free(l->u);
    cc_test_close(l->run);
}

/* u . out by all sweeps at w + h v: the value, J'u in g. */
static inline void at_shifted(nn_lab *l, double h, double *y, double *g)
{
    double *w = numbers(l->m);
    for (size_t i = 0; i < l->m; i++) w[i] = l->w[i] + h * l->v[i];
    ok(l->run, nn_vjp(l->t, l->out, w, l->u, g));
    memcpy(y, nn_value(l->t, l->out), l->n * sizeof *y);
    free(w);
}

static inline void combine(size_t n, double h, const double *a, const double *b, const double *a2, const double *b2, double *d)
{
    for (size_t i = 0; i < n; i++) d[i] = (8 * (a[i] - b[i]) - (a2[i] - b2[i])) / (12 * h);
}

/* Derivatives of out and of J'u along v by differences of fourth order. */
static inline void differences(nn_lab *l, double *jv, double *hv)
{
    double h = l->c->step > 0 ? l->c->step : 1e-3, *y[4], *g[4];
    static const double at[] = {1, -1, 2, -2};
    for (int k = 0; k < 4; k++) {
        y[k] = numbers(l->n);
        g[k] = numbers(l->m);
        at_shifted(l, at[k] * h, y[k], g[k]);
    }
    combine(l->n, h, y[0], y[1], y[2], y[3], jv);
    combine(l->m, h, g[0], g[1], g[2], g[3], hv);
    for (int k = 0; k < 4; k++) {
        free(y[k]);
        free(g[k]);
    }
}

/* H v of u . out at w. */
static inline void curvature(nn_lab *l, const double *v, double *hv)
{
    ok(l->run, nn_vjp(l->t, l->out, l->w, l->u, NULL));
    ok(l->run, nn_hvp_again(l->t, v, hv));
}

static inline void check_first_order(nn_lab *l)
{
    double *jv = numbers(l->n), *fd = numbers(l->n), *g = numbers(l->m), *hv = numbers(l->m), *fdh = numbers(l->m);
    ok(l->run, nn_jvp(l->t, l->out, l->w, l->v, jv));
    ok(l->run, nn_vjp(l->t, l->out, l->w, l->u, g));
    double left = dot(l->n, l->u, jv), right = dot(l->m, l->v, g);
    near(l->c->name, left, right, 1e-13 * (1 + norm(l->n, l->u) * norm(l->n, jv) + norm(l->m, l->v) * norm(l->m, g)));
    curvature(l, l->v, hv);
    differences(l, fd, fdh);
    all_near(l->c->name, "jvp and differences of the value", l->n, jv, fd, 1e-8);
    all_near(l->c->name, "vjp_tan and differences of the vjp", l->m, hv, fdh, 1e-7);
    free(jv);
    free(fd);
    free(g);
    free(hv);
    free(fdh);
}

/* Symmetric, linear; a sum of products over the parameters one by one (mixed products, tangents that are zero elsewhere). */
static inline void check_second_order(nn_lab *l)
{
    double *hv = numbers(l->m), *h2 = numbers(l->m), *part = numbers(l->m), *sum = numbers(l->m), *v = numbers(l->m);
    curvature(l, l->v, hv);
    curvature(l, l->v2, h2);
    double a = dot(l->m, l->v2, hv), b = dot(l->m, l->v, h2);
    near(l->c->name, a, b, 1e-12 * (1 + norm(l->m, l->v2) * norm(l->m, hv) + norm(l->m, l->v) * norm(l->m, h2)));
    for (size_t i = 0; i < l->m; i++) v[i] = 2 * l->v[i];
    curvature(l, v, part);
    for (size_t i = 0; i < l->m; i++) hv[i] *= 2;
    all_near(l->c->name, "H(2v) = 2 Hv", l->m, part, hv, 0);
    for (size_t k = 0; k < l->np; k++) {
        size_t from = nn_param_offset(l->t, l->p[k]), n = nn_size(l->t, l->p[k]);
        memset(v, 0, l->m * sizeof *v);
        memcpy(v + from, l->v + from, n * sizeof *v);
        curvature(l, v, part);
        for (size_t i = 0; i < l->m; i++) sum[i] += 2 * part[i];
    }
    all_near(l->c->name, "sum of mixed products", l->m, sum, hv, 1e-12);
    free(hv);
    free(h2);
    free(part);
    free(sum);
    free(v);
}

/* Several directions together are what they are one by one; then fewer of them, in the memory of before. */
static inline void check_directions(nn_lab *l)
{
    enum { P = 3 };
    double *v = numbers(P * l->m), *together = numbers(P * l->m), *hv = numbers(l->m), *jvs = numbers(P * l->n),
           *jv = numbers(l->n);
    memcpy(v, l->v, l->m * sizeof *v); /* the second is zero */
    memcpy(v + 2 * l->m, l->v2, l->m * sizeof *v);
    ok(l->run, nn_jvps(l->t, l->out, l->w, P, v, jvs));
    ok(l->run, nn_vjp(l->t, l->out, l->w, l->u, NULL));
    ok(l->run, nn_hvps_again(l->t, P, v, together));
    for (size_t q = 0; q < P; q++) {
        curvature(l, v + q * l->m, hv);
        all_near(l->c->name, "products together", l->m, together + q * l->m, hv, 1e-14);
        ok(l->run, nn_jvp(l->t, l->out, l->w, v + q * l->m, jv));
        all_near(l->c->name, "tangents together", l->n, jvs + q * l->n, jv, 1e-14);
    }
    ok(l->run, nn_vjp(l->t, l->out, l->w, l->u, NULL));
    ok(l->run, nn_hvps_again(l->t, 2, v + l->m, together));
    all_near(l->c->name, "fewer products", l->m, together + l->m, hv, 1e-14);
    free(v);
    free(together);
    free(hv);
    free(jvs);
    free(jv);
}

/* Kernels add to adjoints: an operation recorded twice on the same inputs doubles everything. No memory is taken after warm-up. */
static inline void check_accumulation(nn_lab *l)
{
    double *g = numbers(l->m), *g2 = numbers(l->m), *hv = numbers(l->m), *hv2 = numbers(l->m);
    ok(l->run, nn_vjp(l->t, l->out, l->w, l->u, g));
    curvature(l, l->v, hv);
    lab_record(l, 1);
    ok(l->run, nn_vjp(l->t, l->out, l->w, l->u, g2));
    curvature(l, l->v, hv2);
    for (size_t i = 0; i < l->m; i++) g[i] *= 2, hv[i] *= 2;
    all_near(l->c->name, "twice: gradient", l->m, g2, g, 1e-13);
    all_near(l->c->name, "twice: product", l->m, hv2, hv, 1e-13);
    uint64_t bytes = l->run->bytes;
    lab_record(l, 0);
    ok(l->run, nn_vjp(l->t, l->out, l->w, l->u, g2));
    curvature(l, l->v, hv2);
    assert_int_equal(l->run->bytes, bytes);
    for (size_t i = 0; i < l->m; i++) g2[i] *= 2;
    assert_memory_equal(g2, g, l->m * sizeof *g);
    free(g);
    free(g2);
    free(hv);
    free(hv2);
}

static inline void check_case(const nn_case *c)
{
    for (uint64_t seed = 0; seed < 3; seed++) {
        nn_lab l = lab_open(c, seed);
        check_first_order(&l);
        check_second_order(&l);
        check_directions(&l);
        check_accumulation(&l);
        lab_close(&l);
    }
}

static inline void check_cases(size_t n, const nn_case *cases)
{
    for (size_t i = 0; i < n; i++) check_case(&cases[i]);
}

#endif
