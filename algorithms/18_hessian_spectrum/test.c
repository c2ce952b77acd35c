/* Descent against its definition, spectral kernels against lists and laws that are known, problems against closed forms, and what
 * is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "harness/near.h"
#include "harness/numerics/linalg.h"
#include "harness/testing.h"
#include "problems/smooth/smooth.h"

#define SMALL "smooth.net(data=clusters,inputs=6,outputs=3,n=30,hidden=5,phi=tanh,start=uniform)"

static double *numbers(size_t n)
{
    double *v = calloc(n, sizeof *v);
    assert_non_null(v);
    return v;
}

/* ---- descent ---- */

/* Batches of 8, from step 3 on of 4, of 30 examples in turn. */
static void descent_takes_batches_in_turn(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("spectrum.gd(lr=0.2,batch=8,then=4,until=3)", SMALL, 7), *other = cc_test_run(SMALL, 7);
    const size_t d = smooth_dim(other);
    double *w = numbers(d), *g = numbers(d), f;
    size_t next = 0, ids[8];
    assert_int_equal(smooth_start(other, w), CC_OK);
    for (size_t k = 0; k < 12; k++) {
        const size_t b = k < 3 ? 8 : 4;
        for (size_t j = 0; j < b; j++) ids[j] = next++ % 30;
        assert_int_equal(smooth_batch(other, w, ids, b, &f, g), CC_OK);
        assert_near(cc_test_probe(run, "batch_loss"), f, 1e-14);
        assert_near(cc_test_probe(run, "examples"), (double)b, 0);
        for (size_t j = 0; j < d; j++) w[j] -= .2 * g[j];
        assert_int_equal(cc_test_step(run), CC_OK);
        const double *x = cc_test_candidate(run);
        for (size_t j = 0; j < d; j++) assert_near(x[j], w[j], 1e-14);
    }
    free(w), free(g);
    cc_test_close(run), cc_test_close(other);
}

static void descent_ends_where_it_should(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("spectrum.gd(goal=0.3)", SMALL, 1);
    assert_int_equal(cc_test_steps(run, 5000), CC_DONE);
    const hessian_gd *s = cc_test_state(run);
    double f;
    assert_int_equal(smooth_value(run, s->w, &f), CC_OK);
    assert_true(f <= .3 && f > .25);
    assert_true(cc_spent(run, "n_g") == s->k + 1);
    cc_test_close(run);
    run = cc_test_start("spectrum.gd(flat=0.05)", SMALL, 1);
    assert_int_equal(cc_test_steps(run, 5000), CC_DONE);
    assert_true(cc_test_probe(run, "batch_norm") <= .05);
    cc_test_close(run);
    run = cc_test_start("spectrum.gd(batch=10,goal=100)", SMALL, 1); /* one batch says nothing of the loss */
    assert_int_equal(cc_test_steps(run, 20), CC_OK);
    cc_test_close(run);
}

static void the_reference_start_is_small_and_normal(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("spectrum.gd(from=reference)", "smooth.net(data=clusters,inputs=30,outputs=5,n=50,hidden=60)", 1);
    const hessian_gd *s = cc_test_state(run);
    assert_near(cc_norm(s->d, s->w) / sqrt((double)s->d), .1, .01);
    cc_test_close(run);
}

/* A step too long: the run says so and ends. */
static void descent_may_diverge(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("spectrum.gd(lr=1e6)", "smooth.net(data=teacher,loss=squared,phi=identity,hidden=5)", 1);
    assert_int_equal(cc_test_steps(run, 500), CC_DONE);
    assert_true(!isfinite(cc_test_probe(run, "batch_norm")));
    cc_test_close(run);
}

/* Sums of cubes have no curvature at 0. */
static void power_iteration_may_meet_a_zero(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("spectrum.power", "smooth.pdiff", 1);
    assert_int_equal(cc_test_step(run), CC_DONE);
    assert_near(cc_test_probe(run, "top"), 0, 0);
    cc_test_close(run);
}

static void power_iteration_finds_the_largest(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("spectrum.power", SMALL, 3);
    const size_t d = smooth_dim(run);
    double *h = numbers(d * d), *lambda = numbers(d), *w = numbers(d);
    assert_int_equal(smooth_start(run, w), CC_OK);
    assert_int_equal(smooth_hess(run, SMOOTH_EXACT, w, h), CC_OK);
    assert_int_equal(cc_syev(d, h, 0, lambda), 0);
    const double largest = lambda[d - 1] > -lambda[0] ? lambda[d - 1] : lambda[0];
    assert_int_equal(cc_test_step(run), CC_OK); /* a Rayleigh quotient from the first step on */
    assert_true(fabs(cc_test_probe(run, "top")) <= fabs(largest));
    assert_int_equal(cc_test_steps(run, 400), CC_OK);
    assert_near(cc_test_probe(run, "top"), largest, 1e-3);
    free(h), free(lambda), free(w);
    cc_test_close(run);
}

/* ---- lists of eigenvalues ---- */

static void counts_of_a_list(void **state)
{
    (void)state;
    static const double lambda[] = {-.5, -1e-10, 0, 5e-4, .04, .06, 1, 4, 5, 10};
    const hessian_counts c = hessian_count(10, lambda);
    double gap;
    assert_near(c.top, 10, 0);
    assert_near(c.bottom, -.05, 1e-16);
    assert_near(c.large, 4, 0); /* .5 and less are not */
    assert_near(c.flat, .3, 1e-15);
    assert_near(c.negative, .1, 1e-15);
    assert_int_equal(hessian_outliers(10, lambda, 9, &gap), 6);
    assert_near(gap, .04 / 5e-4, 1e-9);
}

static void limits_of_the_counts(void **state)
{
    (void)state;
    const hessian_counts c = hessian_count(7, (double[]){-1.05e-9, -.95e-9, .0095, .0105, .495, .505, 10});
    assert_near(c.negative, 1 / 7., 1e-15);
    assert_near(c.flat, 3 / 7., 1e-15);
    assert_near(c.large, 2, 0);
}

static void outliers_of_a_list(void **state)
{
    (void)state;
    static const double lambda[] = {-.5, -1e-10, 0, 5e-4, .04, .06, 1, 4, 5, 10};
    double gap, work[10];
    assert_int_equal(hessian_outliers(10, lambda, 4, &gap), 4);
    assert_near(gap, 1 / .06, 1e-12);
    assert_int_equal(hessian_outliers(10, lambda, 3, &gap), 3);
    assert_near(gap, 4, 1e-15);
    assert_int_equal(hessian_outliers(2, (double[]){-1, 1}, 3, &gap), 0);
    assert_int_equal(hessian_outliers(4, (double[]){1, 2, 4, 4}, 3, &gap), 2); /* the first of equal gaps */
    assert_near(gap, 2, 0);
    assert_int_equal(hessian_outliers(2, (double[]){3, 3}, 3, &gap), 1); /* no gap is one */
    assert_near(gap, 1, 0);
    assert_near(hessian_beyond(10, lambda, 0, work), 1, 0);
    assert_near(hessian_beyond(10, lambda, 4, work), .05, 1e-16); /* by modulus */
    assert_near(hessian_beyond(10, lambda, 9, work), 0, 0);
    assert_true(isnan(hessian_beyond(10, lambda, 10, work)));
}

/* ratio 1: the roots follow the quarter circle, F(s) = (s/2 sqrt(4 - s^2) + 2 asin(s/2)) / pi on [0, 2]. */
static double quarter_circle(double share)
{
    double low = 0, high = 2;
    for (int k = 0; k < 100; k++) {
        const double s = (low + high) / 2;
        *((s / 2 * sqrt(4 - s * s) + 2 * asin(s / 2)) / acos(-1) < share ? &low : &high) = s;
    }
    return low;
}

static void the_law_of_marchenko_and_pastur(void **state)
{
    (void)state;
    enum { N = 200 };
    double lambda[N];
    for (size_t i = 0; i < N; i++) lambda[i] = pow(quarter_circle(((double)i + .5) / N), 2);
    assert_near(hessian_marchenko_pastur(1, N, lambda), .5 / N, 3e-4);
    for (size_t i = 0; i < N; i++) lambda[i] *= 1.2;
    assert_true(hessian_marchenko_pastur(1, N, lambda) > .04);
    /* M and N exchanged: the nonzero eigenvalues are multiplied by N / M */
    double other[N];
    for (size_t i = 0; i < N; i++) lambda[i] = .3 + 1.9 * (double)i / N, other[i] = 4 * lambda[i];
    assert_near(hessian_marchenko_pastur(.25, N, lambda), hessian_marchenko_pastur(4, N, other), 1e-12);
    assert_true(hessian_marchenko_pastur(.25, N, lambda) > .05);
    for (size_t i = 0; i < N; i++) lambda[i] = 100;
    assert_near(hessian_marchenko_pastur(2, N, lambda), 1, 1e-9);
    for (size_t i = 0; i < N; i++) lambda[i] = 0;
    assert_near(hessian_marchenko_pastur(2, N, lambda), 1, 1e-9);
}

/* ---- problems ---- */

/* One example, two classes, no hidden layer: G = H has the eigenvalue 2 p1 p2 (|x|^2 + 1) and otherwise zeros. */
static void one_example_of_a_linear_model(void **state)
{
    (void)state;
    cc_run *run = cc_test_run("smooth.net(data=teacher,n=1,inputs=3,outputs=2,hidden=none)", 5);
    const size_t d = smooth_dim(run), id = 0;
    double w[8], g[8], h[64], gn[64], z[2], lambda[8];
    assert_int_equal(d, 8);
    assert_int_equal(smooth_start(run, w), CC_OK);
    assert_int_equal(smooth_grad(run, w, g), CC_OK);
    assert_int_equal(smooth_targets(run, w, &id, 1, z), CC_OK);
    assert_int_equal(smooth_hess(run, SMOOTH_EXACT, w, h), CC_OK);
    assert_int_equal(smooth_hess(run, SMOOTH_GN, w, gn), CC_OK);
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j <= i; j++) assert_near(h[i * d + j], gn[i * d + j], 1e-15);
    const double p = 1 / (1 + exp(z[1] - z[0])), x2 = cc_dot(6, g, g) / cc_dot(2, g + 6, g + 6);
    assert_int_equal(cc_syev(d, h, 0, lambda), 0);
    assert_near(lambda[7], 2 * p * (1 - p) * (x2 + 1), 1e-13);
    assert_near(lambda[6], 0, 1e-14);
    assert_near(lambda[0], 0, 1e-14);
    cc_test_close(run);
}

/* The output of unit weights on input j is that input. */
static void inputs_of(cc_run *run, size_t n, size_t inputs, double *x)
{
    const size_t c = smooth_target_size(run), d = smooth_dim(run);
    double *w = numbers(d), *z = numbers(n * c);
    size_t *ids = calloc(n, sizeof *ids);
    for (size_t i = 0; i < n; i++) ids[i] = i;
    for (size_t j = 0; j < inputs; j++) {
        memset(w, 0, d * sizeof *w);
        w[j] = 1;
        assert_int_equal(smooth_targets(run, w, ids, n, z), CC_OK);
        for (size_t i = 0; i < n; i++) x[i * inputs + j] = z[i * c];
    }
    free(w), free(z), free(ids);
}

static void clusters_are_standardised_and_apart(void **state)
{
    (void)state;
    enum { N = 400, D = 6 };
    static double x[N * D], y[N * D];
    cc_run *run = cc_test_run("smooth.net(data=clusters,inputs=6,outputs=2,clusters=4,n=400,hidden=none)", 2);
    inputs_of(run, N, D, x);
    cc_test_close(run);
    for (size_t j = 0; j < D; j++) {
        double mean = 0, square = 0, inside = 0;
        for (size_t i = 0; i < N; i++) {
            mean += x[i * D + j] / N, square += x[i * D + j] * x[i * D + j] / N;
            if (i % 4 == j) inside += x[i * D + j] * 4 / N;
        }
        assert_near(mean, 0, 1e-13);
        assert_near(square, 1, 1e-12);
        /* separation 6, a quarter of the rows: mean 1.5, variance 1 + 36 * 3/16 */
        if (j < 4) assert_near(inside, 4.5 / sqrt(7.75), .05);
    }
    run = cc_test_run("smooth.net(data=clusters,inputs=6,outputs=2,clusters=4,n=400,hidden=none,separation=12,spread=2)", 2);
    inputs_of(run, N, D, y);
    assert_memory_equal(x, y, sizeof x); /* scaled by two, standardised: the same bits */
    cc_test_close(run);
}

static void images_are_pooled(void **state)
{
    (void)state;
    enum { N = 50, D = 49 };
    static double x[N * D];
    char message[512];
    const char *problem = "smooth.net(data=pooled,n=50,hidden=none)";
    if (cc_test_try("spectrum.gd", problem, 0, message) == CC_SKIP) skip();
    cc_run *run = cc_test_run(problem, 0);
    double square = 0;
    inputs_of(run, N, D, x);
    for (size_t j = 0; j < D; j++) {
        double mean = 0;
        for (size_t i = 0; i < N; i++) mean += x[i * D + j] / N, square += x[i * D + j] * x[i * D + j] / (N * D);
        assert_near(mean, 0, 1e-13);
    }
    assert_near(square, 1, 1e-12);
    cc_test_close(run);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"spectrum.gd", "smooth.rosen", "no finite sum"},
        {"spectrum.gd(lr=-1)", SMALL, "lr"},
        {"spectrum.gd", "smooth.net(data=clusters,inputs=4,outputs=5)", "5 clusters do not fit"},
        {"spectrum.gd", "smooth.net(data=clusters,inputs=20,outputs=9,n=8)", "9 clusters of 8 rows"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char message[512];
        assert_int_equal(cc_test_try(cases[k][0], cases[k][1], 0, message), CC_EINVAL);
        if (!strstr(message, cases[k][2])) fail_msg("%s", message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descent_takes_batches_in_turn),
        cmocka_unit_test(descent_ends_where_it_should),
        cmocka_unit_test(the_reference_start_is_small_and_normal),
        cmocka_unit_test(descent_may_diverge),
        cmocka_unit_test(power_iteration_finds_the_largest),
        cmocka_unit_test(power_iteration_may_meet_a_zero),
        cmocka_unit_test(counts_of_a_list),
        cmocka_unit_test(limits_of_the_counts),
        cmocka_unit_test(outliers_of_a_list),
        cmocka_unit_test(the_law_of_marchenko_and_pastur),
        cmocka_unit_test(one_example_of_a_linear_model),
        cmocka_unit_test(clusters_are_standardised_and_apart),
        cmocka_unit_test(images_are_pooled),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
