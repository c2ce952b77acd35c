/* problems/smooth/test_samples.c: targets, norms and products of single samples, Hessian products of batches: against rows,
 * differences and the whole. */
#include "problems/smooth/smooth.h"

#include "harness/numerics/linalg.h"
#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
enum { B = 7 };

/* With targets; the weight of norm(x)^2 / 2; what is told of l_i. */
static const struct {
    const char *id;
    double l2, L, mu;
} every[] = {{"smooth.mf(k=3,seed=3)", 0, 2, 2},
             {"smooth.net(data=teacher,hidden=5-4,loss=squared,inputs=4,outputs=2,n=40)", 0, 1, 1},
             {"smooth.net(data=teacher,hidden=6,phi=softplus,inputs=4,n=60,l2=0.1)", .1, .5, 0},
             {"smooth.net(data=bc,hidden=5,loss=logistic,l2=0.01)", .01, .25, 0},
             {"smooth.images(data=digits,widths=64-5-10,n=100,tests=100)", 0, .5, 0},
             {"smooth.logreg(data=heart,lam=0.1)", .1, .25, 0},
             {"smooth.softmax(lam=0.1)", .1, .5, 0}};

typedef struct place {
    cc_run *run;
    size_t d, n, p;
    double *x, *v, *g;
    size_t *ids; /* n: all; the first B in an order of their own, with a repeat */
} place;

static double *vector(size_t n)
{
    double *v = calloc(n, sizeof *v);
    assert_non_null(v);
    return v;
}

static place off_start(const char *problem)
{
    place p = {.run = cc_test_run(problem, 5)};
    p.d = smooth_dim(p.run), p.n = smooth_samples(p.run), p.p = smooth_target_size(p.run);
    p.x = vector(p.d), p.v = vector(p.d), p.g = vector(p.d), p.ids = calloc(p.n, sizeof *p.ids);
    cc_rng rng = cc_stream(p.run, 9, 0);
    smooth_start(p.run, p.x);
    cc_normal(&rng, p.d, p.v);
    for (size_t j = 0; j < p.d; j++) p.x[j] += .1 * p.v[j];
    cc_normal(&rng, p.d, p.v);
    for (size_t i = 0; i < p.n; i++) p.ids[i] = i;
    return p;
}

static void leave(place *p)
{
    free(p->x), free(p->v), free(p->g), free(p->ids);
    cc_test_close(p->run);
}

static const size_t some[B] = {5, 0, 31, 5, 17, 2, 8};

static void norms_and_products_are_those_of_the_rows(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(every); i++) {
        place p = off_start(every[i].id);
        double *rows = vector(B * p.d), sq[B], dots[B];
        assert_int_equal(smooth_perex(p.run, p.x, some, B, rows), CC_OK);
        assert_int_equal(smooth_perex_sqnorm(p.run, p.x, some, B, sq), CC_OK);
        assert_int_equal(smooth_perex_dot(p.run, p.x, some, B, p.v, dots), CC_OK);
        for (size_t j = 0; j < B; j++) {
            const double norm = cc_norm(p.d, rows + j * p.d);
            assert_true(fabs(sq[j] - norm * norm) <= 1e-12 * norm * norm);
            assert_true(fabs(dots[j] - cc_dot(p.d, rows + j * p.d, p.v)) <= 1e-12 * norm * cc_norm(p.d, p.v));
        }
        assert_int_equal(cc_spent(p.run, "n_samp"), 3 * B);
        free(rows);
        leave(&p);
    }
}

/* f = sum l_i(F_i(x)) / N + r, and its gradient. */
static void the_whole_comes_from_its_targets(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(every); i++) {
        place p = off_start(every[i].id);
        double *z = vector(p.n * p.p), *dz = vector(p.n * p.p), *g = vector(p.d), f, sum;
        smooth_value_grad(p.run, p.x, &f, p.g);
        assert_int_equal(smooth_targets(p.run, p.x, p.ids, p.n, z), CC_OK);
        assert_int_equal(smooth_target_loss(p.run, z, p.ids, p.n, &sum), CC_OK);
        assert_true(fabs(sum / (double)p.n + every[i].l2 / 2 * cc_dot(p.d, p.x, p.x) - f) <= 1e-12 * (1 + f));
        assert_int_equal(smooth_target_grad(p.run, z, p.ids, p.n, dz), CC_OK);
        assert_int_equal(smooth_pullback(p.run, p.x, p.ids, p.n, dz, g), CC_OK);
        for (size_t j = 0; j < p.d; j++) g[j] = g[j] / (double)p.n + every[i].l2 * p.x[j] - p.g[j];
        assert_true(cc_norm(p.d, g) <= 1e-12 * (1 + cc_norm(p.d, p.g)));
        const char *const counters[] = {"n_fwd", "n_bwd", "n_tloss", "n_tgrad"};
        for (int k = 0; k < 4; k++) assert_int_equal(cc_spent(p.run, counters[k]), p.n);
        assert_int_equal(cc_spent(p.run, "n_texp"), 1);
        free(z), free(dz), free(g);
        leave(&p);
    }
}

/* J v against differences of the targets, and <J v, u> = <v, J'u>. */
static void tangents_and_their_adjoint(void **unused)
{
    (void)unused;
    const double t = 1e-5;
    for (size_t i = 0; i < COUNT(every); i++) {
        place p = off_start(every[i].id);
        const size_t m = B * p.p;
        double *jv = vector(m), *up = vector(m), *down = vector(m);
        assert_int_equal(smooth_pushforward(p.run, p.x, some, B, p.v, jv), CC_OK);
        for (size_t k = 0; k < m; k++) up[k] = sin(1 + 2. * (double)k);
        assert_int_equal(smooth_pullback(p.run, p.x, some, B, up, p.g), CC_OK);
        assert_true(fabs(cc_dot(m, jv, up) - cc_dot(p.d, p.v, p.g)) <= 1e-13 * (1 + cc_norm(m, jv) * cc_norm(m, up)) * 10);
        cc_axpy(p.d, t, p.v, p.x);
        smooth_targets(p.run, p.x, some, B, up);
        cc_axpy(p.d, -2 * t, p.v, p.x);
        smooth_targets(p.run, p.x, some, B, down);
        for (size_t k = 0; k < m; k++) up[k] = (up[k] - down[k]) / (2 * t) - jv[k];
        assert_true(cc_norm(m, up) <= 1e-7 * (1 + cc_norm(m, jv)));
        assert_int_equal(cc_spent(p.run, "n_fwd"), 3 * B);
        free(jv), free(up), free(down);
        leave(&p);
    }
}

/* Gradients at targets are derivatives of the loss, and as smooth and as strongly convex as is told: nearly attained. */
static void losses_of_targets(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(every); i++) {
        place p = off_start(every[i].id);
        double *z = vector(p.p), *y = vector(p.p), *g = vector(p.p), *h = vector(p.p), up, down, steepest = 0, flattest = INFINITY;
        assert_true(cc_test_known(p.run, "tgt_L") == every[i].L && cc_test_known(p.run, "tgt_mu") == every[i].mu);
        cc_rng rng = cc_stream(p.run, 9, 1);
        for (int k = 0; k < 400; k++) {
            const size_t id = cc_below(&rng, p.n);
            cc_normal(&rng, p.p, z), cc_normal(&rng, p.p, y);
            for (size_t c = 0; c < p.p; c++)
                z[c] *= c < 2 && k % 4 ? .1 : k % 4 ? -9 : 5; /* two classes that compete, and wherever */
            for (size_t c = 0; c < p.p; c++) y[c] = z[c] + 1e-4 * y[c] * (k % 4 && c > 1 ? 0 : k % 4 && c ? -1 : 1);
            if (k % 4 && p.p > 1) y[1] = z[1] - (y[0] - z[0]);
            for (size_t c = 2; k % 4 && c < p.p; c++) z[c] = y[c] = -20;
            smooth_target_grad(p.run, z, &id, 1, g), smooth_target_grad(p.run, y, &id, 1, h);
            smooth_target_loss(p.run, z, &id, 1, &down), smooth_target_loss(p.run, y, &id, 1, &up);
            double slope = 0;
            for (size_t c = 0; c < p.p; c++) slope += (g[c] + h[c]) / 2 * (y[c] - z[c]);
            assert_true(fabs(up - down - slope) <= 1e-9 * (1 + fabs(up)));
            cc_axpy(p.p, -1, z, y), cc_axpy(p.p, -1, g, h);
            const double distance = cc_norm(p.p, y), change = cc_norm(p.p, h);
            steepest = fmax(steepest, change / distance), flattest = fmin(flattest, cc_dot(p.p, h, y) / distance / distance);
        }
        assert_true(steepest <= every[i].L * (1 + 1e-6) && steepest >= .9 * every[i].L);
        assert_true(flattest >= every[i].mu * (1 - 1e-6) - 1e-9 && flattest <= every[i].mu + .05);
        free(z), free(y), free(g), free(h);
        leave(&p);
    }
}

/* Of everything it is the product of the whole; of some, what differences of the batch's gradient say. */
static void products_of_batches(void **unused)
{
    (void)unused;
    const double t = 1e-5;
    size_t checked = 0;
    for (size_t i = 0; i < COUNT(every); i++) {
        place p = off_start(every[i].id);
        double *hv = vector(p.d), *up = vector(p.d);
        if (smooth_batch_hvp(p.run, SMOOTH_EXACT, p.x, p.ids, p.n, p.v, hv) == CC_OK) {
            for (int kind = SMOOTH_EXACT; kind <= SMOOTH_GN; kind++) {
                assert_int_equal(smooth_batch_hvp(p.run, (smooth_kind)kind, p.x, p.ids, p.n, p.v, hv), CC_OK);
                smooth_hvp(p.run, (smooth_kind)kind, p.x, p.v, up);
                cc_axpy(p.d, -1, hv, up);
                assert_true(cc_norm(p.d, up) <= 1e-12 * cc_norm(p.d, hv));
            }
            smooth_batch_hvp(p.run, SMOOTH_EXACT, p.x, some, B, p.v, hv);
            cc_axpy(p.d, t, p.v, p.x);
            smooth_batch(p.run, p.x, some, B, NULL, up);
            cc_axpy(p.d, -2 * t, p.v, p.x);
            smooth_batch(p.run, p.x, some, B, NULL, p.g);
            for (size_t j = 0; j < p.d; j++) up[j] = (up[j] - p.g[j]) / (2 * t) - hv[j];
            if (i != 4) assert_true(cc_norm(p.d, up) <= 1e-5 * cc_norm(p.d, hv)); /* but for ReLU, at its kinks */
            assert_int_equal(cc_spent(p.run, "n_hvp"), 6);
            checked++;
        }
        free(hv), free(up);
        leave(&p);
    }
    assert_int_equal(checked, 5);
}

static void absent_and_wrong_is_refused(void **unused)
{
    (void)unused;
    double x[200] = {0}, out[400];
    const size_t outside[] = {0, 5000};
    cc_run *run = cc_test_run("smooth.quad(d=5)", 0);
    assert_int_equal(smooth_target_size(run), 0);
    assert_true(isnan(cc_test_known(run, "tgt_L")));
    assert_int_equal(smooth_targets(run, x, some, 1, out), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "targets"));
    assert_int_equal(smooth_target_loss(run, x, some, 1, out), CC_EINVAL);
    assert_int_equal(smooth_target_grad(run, x, some, 1, out), CC_EINVAL);
    assert_int_equal(smooth_pullback(run, x, some, 1, x, out), CC_EINVAL);
    assert_int_equal(smooth_pushforward(run, x, some, 1, x, out), CC_EINVAL);
    assert_int_equal(smooth_perex_sqnorm(run, x, some, 1, out), CC_EINVAL);
    assert_int_equal(smooth_perex_dot(run, x, some, 1, x, out), CC_EINVAL);
    assert_int_equal(smooth_batch_hvp(run, SMOOTH_EXACT, x, some, 1, x, out), CC_EINVAL);
    cc_test_close(run);
    run = cc_test_run("smooth.mf", 0);
    assert_int_equal(smooth_targets(run, x, outside, 2, out), CC_EINVAL);
    assert_int_equal(smooth_target_loss(run, x, outside, 0, out), CC_EINVAL);
    assert_int_equal(smooth_target_grad(run, x, outside, 2, out), CC_EINVAL);
    assert_int_equal(smooth_pullback(run, x, outside, 2, x, out), CC_EINVAL);
    assert_int_equal(smooth_pushforward(run, x, outside, 2, x, out), CC_EINVAL);
    assert_int_equal(smooth_perex_sqnorm(run, x, outside, 2, out), CC_EINVAL);
    assert_int_equal(smooth_perex_dot(run, x, outside, 2, x, out), CC_EINVAL);
    assert_int_equal(smooth_batch_hvp(run, SMOOTH_EXACT, x, outside, 2, x, out), CC_EINVAL);
    assert_int_equal(smooth_batch_hvp(run, SMOOTH_WGN, x, some, 2, x, out), CC_EINVAL);
    assert_int_equal(cc_spent(run, "n_fwd") + cc_spent(run, "n_samp") + cc_spent(run, "n_hvp"), 0);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(norms_and_products_are_those_of_the_rows),
        cmocka_unit_test(the_whole_comes_from_its_targets),
        cmocka_unit_test(tangents_and_their_adjoint),
        cmocka_unit_test(losses_of_targets),
        cmocka_unit_test(products_of_batches),
        cmocka_unit_test(absent_and_wrong_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
