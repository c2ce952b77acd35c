/* problems/smooth/test_network.c: networks as problems: published optima, derivatives, oracles against each other, bills. */
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

static double *vector(size_t n)
{
    double *v = calloc(n, sizeof *v);
    assert_non_null(v);
    return v;
}

static void assert_close(double got, double want, double rel)
{
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1e-300))) fail_msg("got %.17g, expected %.17g (relative %g)", got, want, rel);
}

static const char *const every[] = {"smooth.mf(k=3,seed=3)",
                                    "smooth.net(data=teacher,hidden=5-4,loss=squared,inputs=4,outputs=2,n=40)",
                                    "smooth.net(data=teacher,hidden=6,phi=softplus,inputs=4,n=60,l2=0.1)",
                                    "smooth.net(data=teacher,hidden=6,phi=gelu,loss=logistic,inputs=4,n=60,noise=0.5)",
                                    "smooth.net(data=bc,hidden=5,loss=logistic,l2=0.01)",
                                    "smooth.net(data=bc,hidden=5-3,phi=sigmoid,start=xavier,loss=squared)",
                                    "smooth.net(data=digits,hidden=4,phi=elu,n=300)",
                                    "smooth.net(data=digits,hidden=none,n=200,l2=0.1)"};

typedef struct place {
    cc_run *run;
    size_t d, n;
    double *x, *v, *g, *h;
} place;

static place off_start(const char *problem)
{
    place p = {.run = cc_test_run(problem, 5)};
    p.d = smooth_dim(p.run), p.n = smooth_samples(p.run);
    p.x = vector(p.d), p.v = vector(p.d), p.g = vector(p.d), p.h = vector(p.d * p.d);
    cc_rng rng = cc_stream(p.run, 9, 0);
    smooth_start(p.run, p.x);
    cc_normal(&rng, p.d, p.v);
    for (size_t j = 0; j < p.d; j++) p.x[j] += .1 * p.v[j];
    cc_normal(&rng, p.d, p.v);
    return p;
}

static void leave(place *p)
{
    free(p->x), free(p->v), free(p->g), free(p->h);
    cc_test_close(p->run);
}

/* ---- what is known ---- */

static void the_least_of_a_factorisation(void **unused)
{
    (void)unused;
    static const double f_star[] = {1.1184376502295104, .05432345240440574, 0, 0};
    static const char *const problem[] = {"smooth.mf(k=1,seed=3)", "smooth.mf(k=4,seed=3)", "smooth.mf(k=6,seed=3)",
                                          "smooth.mf(k=10,seed=3)"};
    for (int i = 0; i < 4; i++) {
        cc_run *run = cc_test_run(problem[i], 0);
        if (f_star[i] > 0)
            assert_close(cc_test_known(run, "f_star"), f_star[i], 1e-11);
        else
            assert_true(cc_test_known(run, "f_star") == 0);
        cc_test_close(run);
    }
}

/* The value of f is what its definition says, of maps that can be written down: W2 W1 = 0, and one that is not. */
static void a_factorisation_by_hand(void **unused)
{
    (void)unused;
    place p = off_start("smooth.mf(k=10,seed=3)");
    double f, far;
    memset(p.x, 0, p.d * sizeof *p.x);
    assert_int_equal(p.d, 160);
    assert_int_equal(smooth_value_grad(p.run, p.x, &f, p.g), CC_OK);
    assert_true(cc_norm(p.d, p.g) == 0);                                           /* a saddle */
    for (size_t i = 0; i < 6; i++) p.x[i * 6 + i] = 1, p.x[60 + i * 10 + i] = 1e4; /* 1e4 times the identity, four outputs 0 */
    smooth_value(p.run, p.x, &far);
    assert_close(far, f + 6e8, .1); /* |1e4 X - ..|^2 / n, X'X/n about the identity */
    leave(&p);
}

/* A teacher's weights are a minimiser with value 0; after noise nothing is known. */
static void a_teacher_is_a_minimiser(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("smooth.net(data=teacher,loss=squared,hidden=7)", 3);
    assert_true(cc_test_known(run, "f_star") == 0);
    size_t d = smooth_dim(run);
    double *x = vector(d), *unit = vector(d), *g = vector(d), f;
    double at_zero = cc_test_metric(run, "dist", x);
    for (size_t j = 0; j < d; j++) { /* the minimiser is hidden: |x*|^2 - |x* - e_j|^2 + 1 = 2 x*_j */
        unit[j] = 1;
        double there = cc_test_metric(run, "dist", unit);
        x[j] = (at_zero * at_zero - there * there + 1) / 2;
        unit[j] = 0;
    }
    assert_int_equal(smooth_value_grad(run, x, &f, g), CC_OK);
    assert_true(f < 1e-24 && cc_norm(d, g) < 1e-12);
    smooth_start(run, x);
    smooth_value(run, x, &f);
    assert_true(f > .01);
    free(x), free(unit), free(g);
    cc_test_close(run);
    run = cc_test_run("smooth.net(data=teacher,loss=squared,hidden=7,noise=0.1)", 3);
    assert_true(isnan(cc_test_known(run, "f_star")));
    cc_test_close(run);
}

/* One layer, softmax, digits: the multinomial regression of smooth.softmax with its weights in another order. */
static void one_layer_is_regression(void **unused)
{
    (void)unused;
    cc_run *net = cc_test_run("smooth.net(data=digits,hidden=none)", 0), *regression = cc_test_run("smooth.softmax(lam=1e-12)", 0);
    double *x = vector(650), *y = vector(650), *g = vector(650), *h = vector(650), f, same;
    assert_int_equal(smooth_dim(net), 650);
    for (size_t c = 0; c < 10; c++)
        for (size_t j = 0; j < 65; j++) x[j < 64 ? c * 64 + j : 640 + c] = y[c * 65 + j] = sin((double)(c * 65 + j));
    assert_int_equal(smooth_value_grad(net, x, &f, g), CC_OK);
    assert_int_equal(smooth_value_grad(regression, y, &same, h), CC_OK);
    assert_close(f, same, 1e-9);
    for (size_t c = 0; c < 10; c++)
        for (size_t j = 0; j < 65; j++) assert_true(fabs(g[j < 64 ? c * 64 + j : 640 + c] - h[c * 65 + j]) < 1e-11);
    assert_true(cc_test_known(net, "convex") == 1);
    free(x), free(y), free(g), free(h);
    cc_test_close(net), cc_test_close(regression);
}

/* Full gradient steps learn the classes. */
static void learning_works(void **unused)
{
    (void)unused;
    place p = off_start("smooth.net(data=bc,hidden=5,start=he,loss=softmax)");
    double before = cc_test_metric(p.run, "train_accuracy", p.x);
    for (int k = 0; k < 200; k++) {
        smooth_grad(p.run, p.x, p.g);
        cc_axpy(p.d, -.5, p.g, p.x);
    }
    double after = cc_test_metric(p.run, "train_accuracy", p.x);
    assert_true(before < .95 && after > .98);
    leave(&p);
    cc_run *run = cc_test_run("smooth.net(data=teacher,loss=squared)", 1);
    double *x = vector(smooth_dim(run));
    assert_true(isnan(cc_test_metric(run, "train_accuracy", x)));
    free(x);
    cc_test_close(run);
}

/* ---- derivatives ---- */

static void derivatives_are_derivatives(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(every); i++) {
        place p = off_start(every[i]);
        const double t = 1e-5;
        double ahead, behind, *up = vector(p.d), *hv = vector(p.d);
        smooth_grad(p.run, p.x, p.g);
        const double slope = cc_dot(p.d, p.g, p.v), scale = cc_norm(p.d, p.g) * cc_norm(p.d, p.v);
        assert_int_equal(smooth_hess(p.run, SMOOTH_EXACT, p.x, p.h), CC_OK);
        cc_symv(p.d, 1, p.h, p.v, 0, hv);
        cc_axpy(p.d, t, p.v, p.x);
        smooth_value_grad(p.run, p.x, &ahead, up);
        cc_axpy(p.d, -2 * t, p.v, p.x);
        smooth_value_grad(p.run, p.x, &behind, p.g);
        if (fabs((ahead - behind) / (2 * t) - slope) > 1e-6 * scale)
            fail_msg("%s: slope %.12g, difference %.12g", every[i], slope, (ahead - behind) / (2 * t));
        for (size_t j = 0; j < p.d; j++) up[j] = (up[j] - p.g[j]) / (2 * t) - hv[j];
        if (cc_norm(p.d, up) > 1e-5 * cc_norm(p.d, hv))
            fail_msg("%s: Hessian off by %.3g", every[i], cc_norm(p.d, up) / cc_norm(p.d, hv));
        free(up), free(hv);
        leave(&p);
    }
}

static void products_agree_with_matrices(void **unused)
{
    (void)unused;
    const smooth_kind kinds[] = {SMOOTH_EXACT, SMOOTH_GN, SMOOTH_FISHER};
    for (size_t i = 0; i < COUNT(every); i++) {
        place p = off_start(every[i]);
        double *out = vector(p.d), *hv = vector(p.d), trace = 0;
        for (int k = 0; k < 3; k++) {
            assert_int_equal(smooth_hess(p.run, kinds[k], p.x, p.h), CC_OK);
            assert_int_equal(smooth_hvp(p.run, kinds[k], p.x, p.v, out), CC_OK);
            cc_symv(p.d, 1, p.h, p.v, 0, hv);
            cc_axpy(p.d, -1, hv, out);
            assert_true(cc_norm(p.d, out) <= 1e-12 * cc_norm(p.d, hv));
            for (size_t j = 0; j < p.d; j++) trace += p.h[j * p.d + j];
            for (size_t j = 0; j < p.d; j++) p.h[j * p.d + j] += 1e-12 * trace;
            if (k) assert_int_equal(cc_potrf(p.d, p.h), 0);
        }
        free(out), free(hv);
        leave(&p);
    }
}

/* Fisher's matrix from the rows, the gradient from the rows and from the batch of everything; l2 is in all but the rows. */
static void samples_average_to_the_whole(void **unused)
{
    (void)unused;
    const double l2[] = {0, 0, .1, 0, .01, 0, 0, .1};
    for (size_t i = 0; i < COUNT(every); i++) {
        place p = off_start(every[i]);
        size_t *ids = calloc(p.n, sizeof *ids);
        double *rows = vector(p.n * p.d), *sum = vector(p.d), f, all;
        for (size_t s = 0; s < p.n; s++) ids[s] = p.n - 1 - s;
        smooth_value_grad(p.run, p.x, &f, p.g);
        const double size = cc_norm(p.d, p.g);
        assert_int_equal(smooth_batch(p.run, p.x, ids, p.n, &all, sum), CC_OK);
        assert_close(all, f, 1e-12);
        cc_axpy(p.d, -1, p.g, sum);
        assert_true(cc_norm(p.d, sum) < 1e-12 * (1 + size));
        assert_int_equal(smooth_perex(p.run, p.x, ids, p.n, rows), CC_OK);
        for (size_t j = 0; j < p.d; j++) sum[j] = l2[i] * p.x[j] - p.g[j];
        for (size_t s = 0; s < p.n; s++) cc_axpy(p.d, 1 / (double)p.n, rows + s * p.d, sum);
        assert_true(cc_norm(p.d, sum) < 1e-12 * (1 + size));
        smooth_hess(p.run, SMOOTH_FISHER, p.x, p.h); /* the point is found again after the calls in between */
        double largest = 0;
        for (size_t j = 0; j < p.d; j++) largest = fmax(largest, p.h[j * (p.d + 1)]);
        for (size_t s = 0; s < p.n; s++) cc_syr(p.d, -1 / (double)p.n, rows + s * p.d, p.h);
        for (size_t j = 0; j < p.d; j++)
            for (size_t k = 0; k <= j; k++) assert_true(fabs(p.h[j * p.d + k] - (j == k ? l2[i] : 0)) < 1e-12 * (1 + largest));
        assert_int_equal(cc_spent(p.run, "n_samp"), 3 * p.n);
        free(ids), free(rows), free(sum);
        leave(&p);
    }
}

/* The pass at the last point is kept, and never taken for another's: two runs of one instance, calls in between. */
static void points_are_not_mixed_up(void **unused)
{
    (void)unused;
    place p = off_start(every[1]), q = off_start(every[1]);
    double f, g, again, *hv = vector(p.d), *same = vector(p.d);
    const size_t ids[] = {3, 1};
    cc_axpy(q.d, .2, q.v, q.x);
    smooth_value(p.run, p.x, &f);
    smooth_hvp(p.run, SMOOTH_EXACT, p.x, p.v, hv);
    smooth_value(q.run, q.x, &g);
    smooth_hvp(p.run, SMOOTH_EXACT, p.x, p.v, same);
    assert_memory_equal(hv, same, p.d * sizeof *hv);
    smooth_batch(p.run, q.x, ids, 2, &again, same);
    cc_test_metric(p.run, "f", q.x);
    smooth_value(p.run, p.x, &again);
    assert_true(f == again && f != g);
    p.x[0] += 1;
    smooth_hvp(p.run, SMOOTH_EXACT, p.x, p.v, same);
    assert_true(memcmp(hv, same, p.d * sizeof *hv) != 0);
    free(hv), free(same);
    leave(&p), leave(&q);
}

static void images_are_read(void **unused)
{
    (void)unused;
    char message[512];
    const char *problem = "smooth.net(data=fmnist,n=300,hidden=40-20,phi=relu)";
    cc_status status = cc_test_try(NULL, problem, 0, message);
    if (status == CC_SKIP) skip(); /* the package is absent */
    assert_int_equal(status, CC_OK);
    cc_run *run = cc_test_run(problem, 0);
    assert_int_equal(smooth_dim(run), 32430);
    double *x = vector(32430), f;
    smooth_start(run, x);
    smooth_value(run, x, &f);
    assert_close(f, log(10), .05);
    free(x);
    cc_test_close(run);
}

static void wrong_parameters_are_refused(void **unused)
{
    (void)unused;
    char message[512];
    assert_int_equal(cc_test_try(NULL, "smooth.net(n=1798)", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "1798"));
    assert_int_equal(cc_test_try(NULL, "smooth.net(hidden=20-x)", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "20-x"));
    assert_int_equal(cc_test_try(NULL, "smooth.net(hidden=0)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "smooth.net(data=teacher,outputs=1)", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "two outputs"));
    assert_int_equal(cc_test_try(NULL, "smooth.net(phi=step)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "smooth.mf(k=0)", 0, message), CC_EINVAL);
    place p = off_start(every[0]);
    const size_t outside[] = {0, 1000};
    double f;
    assert_int_equal(smooth_batch(p.run, p.x, outside, 2, &f, p.g), CC_EINVAL);
    assert_int_equal(smooth_batch(p.run, p.x, outside, 0, &f, p.g), CC_EINVAL);
    leave(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_of_a_factorisation),
        cmocka_unit_test(a_factorisation_by_hand),
        cmocka_unit_test(a_teacher_is_a_minimiser),
        cmocka_unit_test(one_layer_is_regression),
        cmocka_unit_test(learning_works),
        cmocka_unit_test(derivatives_are_derivatives),
        cmocka_unit_test(products_agree_with_matrices),
        cmocka_unit_test(samples_average_to_the_whole),
        cmocka_unit_test(points_are_not_mixed_up),
        cmocka_unit_test(images_are_read),
        cmocka_unit_test(wrong_parameters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
