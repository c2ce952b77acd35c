/* problems/smooth/test.c: every problem against published values, its derivatives against differences, its oracles against each
 * other. */
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

static void assert_close(double got, double want, double rel)
{
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1e-300))) fail_msg("got %.17g, expected %.17g (relative %g)", got, want, rel);
}

static double *vector(size_t n)
{
    double *v = calloc(n, sizeof *v);
    assert_non_null(v);
    return v;
}

/* ---- published values ---- */
typedef struct fixture {
    const char *problem;
    double f0, gradient0; /* at the start: value and dual norm of the gradient */
    double f_star, x_norm, L1, L2, R;
} fixture;

static const fixture fixtures[] = {
    {"smooth.logreg(data=bc)", 0.6931471805599453, 1.41810351085426, 0.0598294718818051, 4.55088783892936, 3.32140192056448,
     23.5695889377, 20.5699067893646},
    {"smooth.logreg(data=heart)", 0.6931471805599453, 0.471226580343511, 0.3401942419458268, 3.59971772814087, 0.899072571142462,
     1.187806003, 3.43625962849346},
    {"smooth.logreg(data=heart,lam=0)", 0.6931471805599453, 0.471226580343511, 0.3325884487136591, 4.2649531367442,
     0.898072571142462, 1.187806003, 3.43625962849346},
    {"smooth.logreg(data=dig2)", 0.6931471805599453, 0.278290747157118, 0.225412405468295, 7.87275262016984, 2.86188209729308,
     5.405495076, 4.90893636646474},
    {"smooth.softmax", 2.30258509299405, 0.444403252591696, 0.2639258232950729, 15.5512000622534, 5.72276419458616, NAN,
     6.942284386281 / 1.4142135623730951},
    {"smooth.lse(n=20,m=50,mu_s=1,seed=3124)", 6.97603928779702, 0.3503487654481, 4.17943100026855, NAN, NAN, NAN, 0.763633004264},
    {"smooth.lse(n=20,m=50,mu_s=0.1,seed=3124)", 5.99563158336244, 0.729815922114, 1.09664339815559, NAN, NAN, NAN,
     0.8387840949662},
    {"smooth.lse(n=100,m=100,mu_s=0.5,seed=3124)", 13.8189256154252, 0.7962009990751, 2.61982982831493, NAN, NAN, NAN,
     1.009006124034},
    {"smooth.lse(n=20,m=50,mu_s=1,metric=I,seed=3124)", 6.97603928779702, NAN, 4.17943100026855, NAN, NAN, NAN, 3.128799544019},
    {"smooth.nesterov(d=11)", 0, .25, -0.114583333333333, 1.874537, NAN, NAN, NAN},
    {"smooth.nesterov(d=101)", 0, .25, -0.123774509803922, 5.788060, NAN, NAN, NAN},
    {"smooth.pdiff(n=50)", 0, 1, -100.0 / 3, 207.1834935510066, NAN, 11.313708498984761, NAN},
    {"smooth.rosen(q=5)", 676609.771760621, 6844950.9, 0, 1.4142135623730951, NAN, NAN, NAN},
    {"smooth.rosen0", 409, NAN, 0, 1.4142135623730951, NAN, NAN, NAN},
    {"smooth.cheb(n=10)", 20.5322265625, NAN, 0, 3.1622776601683795, NAN, NAN, NAN},
    {"smooth.cheb(n=50)", 601.7822265625, NAN, 0, 7.0710678118654755, NAN, NAN, NAN},
    {"smooth.lin(seed=11)", 369.807125694828, NAN, 0, NAN, NAN, NAN, NAN},
};

static void published_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(fixtures); i++) {
        const fixture *t = fixtures + i;
        cc_run *run = cc_test_run(t->problem, 0);
        double *x = vector(smooth_dim(run)), *g = vector(smooth_dim(run)), f;
        smooth_start(run, x);
        assert_int_equal(smooth_value_grad(run, x, &f, g), CC_OK);
        if (t->f0 == 0)
            assert_true(fabs(f) < 1e-15);
        else
            assert_close(f, t->f0, 1e-12);
        if (!isnan(t->gradient0)) assert_close(smooth_dual_norm(run, g), t->gradient0, t->gradient0 > 1e3 ? 1e-5 : 1e-9);
        assert_close(cc_test_known(run, "f_star"), t->f_star, 1e-12);
        memset(x, 0, smooth_dim(run) * sizeof *x);
        if (!isnan(t->x_norm)) assert_close(cc_test_metric(run, "dist", x), t->x_norm, 1e-6);
        if (!isnan(t->L1)) assert_close(cc_test_known(run, "L1"), t->L1, 1e-9);
        if (!isnan(t->L2)) assert_close(cc_test_known(run, "L2"), t->L2, 1e-9);
        if (!isnan(t->R)) assert_close(cc_test_known(run, "R"), t->R, 1e-9);
        free(x), free(g);
        cc_test_close(run);
    }
}

static void constants_of_log_sum_exp(void **state)
{
    (void)state;
    static const struct {
        const char *problem;
        double mu_s, P;
    } t[] = {{"smooth.lse(n=20,m=50,mu_s=1,seed=3124)", 1, 1.177419737028},
             {"smooth.lse(n=20,m=50,mu_s=0.1,seed=3124)", .1, 1.177419737028},
             {"smooth.lse(n=100,m=100,mu_s=0.5,seed=3124)", .5, 1.414213562373},
             {"smooth.lse(n=20,m=50,mu_s=1,metric=I,seed=3124)", 1, 5.088665343166}};
    for (size_t i = 0; i < COUNT(t); i++) {
        cc_run *run = cc_test_run(t[i].problem, 0);
        const double P = t[i].P, mu_s = t[i].mu_s;
        assert_close(cc_test_known(run, "Mqsc"), P / mu_s, 1e-9);
        assert_close(cc_test_known(run, "L1"), P * P / (4 * mu_s), 1e-9);
        assert_close(cc_test_known(run, "L2"), P * P * P / (4 * mu_s * mu_s), 1e-9);
        cc_test_close(run);
    }
}

static void rosenbrock_gradient_and_gauss_newton(void **state)
{
    (void)state;
    cc_run *run = cc_test_run("smooth.rosen(q=5)", 0);
    double x[2], g[2], h[4];
    smooth_start(run, x);
    smooth_grad(run, x, g);
    smooth_hess(run, SMOOTH_GN, x, h);
    assert_close(g[0], -6642025.021073092, 1e-12);
    assert_close(g[1], -1654302.6204416167, 1e-12);
    assert_close(h[0], 52364057.454055876, 1e-12);
    assert_close(h[2], 13052407.227787524, 1e-12);
    assert_close(h[3], 3254001.1201596106, 1e-12);
    cc_test_close(run);
}

static void minimisers_of_regression(void **state)
{
    (void)state;
    static const struct {
        const char *problem;
        double x[3];
    } t[] = {{"smooth.logreg(data=bc)", {-0.25661691122, -0.27945424254, -0.24728141119}},
             {"smooth.logreg(data=heart)", {-0.20500075321, 0.71400144687, 1.0311494989}},
             {"smooth.logreg(data=heart,lam=0)", {-0.41945941209, 0.77105454609, 1.0513426479}}};
    for (size_t i = 0; i < COUNT(t); i++) {
        cc_run *run = cc_test_run(t[i].problem, 0);
        const size_t d = smooth_dim(run);
        double *x = vector(d), far[3];
        for (size_t j = 0; j < 3; j++) { /* (norm(x*)^2 - norm(x* - e_j)^2 + 1) / 2 = x*_j: the minimiser is hidden from callers */
            const double near = cc_test_metric(run, "dist", x);
            x[j] = 1;
            far[j] = cc_test_metric(run, "dist", x);
            x[j] = 0;
            assert_true(fabs((near * near - far[j] * far[j] + 1) / 2 - t[i].x[j]) < 1e-9);
        }
        free(x);
        cc_test_close(run);
    }
}

/* ---- derivatives and consistency, at a point off the start ---- */
static const char *const every[] = {"smooth.quad(d=12,kappa=50)",
                                    "smooth.quad(d=7,spectrum=power)",
                                    "smooth.nesterov(d=9)",
                                    "smooth.logreg(data=heart)",
                                    "smooth.logreg(data=heart,lam=0)",
                                    "smooth.logreg(data=bc)",
                                    "smooth.logreg(data=sep,lam=0)",
                                    "smooth.lse(n=8,m=300,mu_s=0.5)",
                                    "smooth.lse(n=8,m=12,metric=I)",
                                    "smooth.polytope(n=6,m=30,q=3)",
                                    "smooth.polytope(n=6,m=300,q=2.5)",
                                    "smooth.pdiff(n=9)",
                                    "smooth.pdiff(n=9,metric=B)",
                                    "smooth.rosen(q=2)",
                                    "smooth.rosen(q=5)",
                                    "smooth.rosen0",
                                    "smooth.cheb(n=7,q=4)",
                                    "smooth.cheb(n=7,q=2)",
                                    "smooth.lin(m=5,n=9)",
                                    "smooth.lin(m=5,n=9,q=3,metric=I)",
                                    "smooth.softmax"};

typedef struct probe_point {
    cc_run *run;
    size_t d;
    double *x, *v, *g, *h;
} probe_point;

static probe_point off_start(const char *problem)
{
    probe_point p = {.run = cc_test_run(problem, 5)};
    p.d = smooth_dim(p.run);
    p.x = vector(p.d), p.v = vector(p.d), p.g = vector(p.d), p.h = vector(p.d * p.d);
    cc_rng rng = cc_stream(p.run, 9, 0);
    smooth_start(p.run, p.x);
    cc_normal(&rng, p.d, p.v);
    for (size_t j = 0; j < p.d; j++) p.x[j] += .3 * p.v[j];
    cc_normal(&rng, p.d, p.v);
    return p;
}

static void leave(probe_point *p)
{
    free(p->x), free(p->v), free(p->g), free(p->h);
    cc_test_close(p->run);
}

static void gradients_are_derivatives(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(every); i++) {
        probe_point p = off_start(every[i]);
        const double t = 1e-5;
        double ahead, behind;
        smooth_grad(p.run, p.x, p.g);
        cc_axpy(p.d, t, p.v, p.x);
        smooth_value(p.run, p.x, &ahead);
        cc_axpy(p.d, -2 * t, p.v, p.x);
        smooth_value(p.run, p.x, &behind);
        const double slope = cc_dot(p.d, p.g, p.v), scale = cc_norm(p.d, p.g) * cc_norm(p.d, p.v);
        if (fabs((ahead - behind) / (2 * t) - slope) > 1e-6 * scale)
            fail_msg("%s: slope %.12g, difference %.12g", every[i], slope, (ahead - behind) / (2 * t));
        leave(&p);
    }
}

static void hessians_are_derivatives(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(every); i++) {
        probe_point p = off_start(every[i]);
        const double t = 1e-5;
        double *ahead = vector(p.d), *hv = vector(p.d);
        assert_int_equal(smooth_hess(p.run, SMOOTH_EXACT, p.x, p.h), CC_OK);
        cc_symv(p.d, 1, p.h, p.v, 0, hv);
        cc_axpy(p.d, t, p.v, p.x);
        smooth_grad(p.run, p.x, ahead);
        cc_axpy(p.d, -2 * t, p.v, p.x);
        smooth_grad(p.run, p.x, p.g);
        for (size_t j = 0; j < p.d; j++) ahead[j] = (ahead[j] - p.g[j]) / (2 * t) - hv[j];
        if (cc_norm(p.d, ahead) > 1e-5 * cc_norm(p.d, hv))
            fail_msg("%s: Hessian off by %.3g", every[i], cc_norm(p.d, ahead) / cc_norm(p.d, hv));
        free(ahead), free(hv);
        leave(&p);
    }
}

static void products_and_factors_agree_with_hessians(void **state)
{
    (void)state;
    size_t products = 0, factors = 0;
    for (size_t i = 0; i < COUNT(every); i++) {
        probe_point p = off_start(every[i]);
        double *out = vector(p.d), *hv = vector(p.d);
        for (int kind = 0; kind < SMOOTH_KINDS; kind++) {
            if (!smooth_has_hess(p.run, (smooth_kind)kind)) continue;
            smooth_hess(p.run, (smooth_kind)kind, p.x, p.h);
            cc_symv(p.d, 1, p.h, p.v, 0, hv);
            if (smooth_hvp(p.run, (smooth_kind)kind, p.x, p.v, out) == CC_OK) {
                cc_axpy(p.d, -1, hv, out);
                assert_true(cc_norm(p.d, out) <= 1e-12 * cc_norm(p.d, hv) + 1e-14);
                products++;
            }
            if (smooth_rank(p.run, (smooth_kind)kind) == 1) {
                smooth_factor(p.run, (smooth_kind)kind, p.x, out);
                cc_scale(p.d, cc_dot(p.d, out, p.v), out);
                cc_axpy(p.d, -1, hv, out);
                assert_true(cc_norm(p.d, out) <= 1e-12 * cc_norm(p.d, hv));
                factors++;
            }
        }
        free(out), free(hv);
        leave(&p);
    }
    assert_int_equal(factors, 2);
    assert_true(products >= 20);
}

static void approximations_are_positive_semidefinite(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(every); i++) {
        probe_point p = off_start(every[i]);
        for (int kind = SMOOTH_GN; kind < SMOOTH_KINDS; kind++) {
            if (!smooth_has_hess(p.run, (smooth_kind)kind)) continue;
            double trace = 0;
            smooth_hess(p.run, (smooth_kind)kind, p.x, p.h);
            for (size_t j = 0; j < p.d; j++) trace += p.h[j * p.d + j];
            for (size_t j = 0; j < p.d; j++) p.h[j * p.d + j] += 1e-12 * trace;
            assert_int_equal(cc_potrf(p.d, p.h), 0);
        }
        leave(&p);
    }
}

static void weighted_gauss_newton_is_the_hessian_plus_gg(void **state)
{
    (void)state;
    probe_point p = off_start("smooth.lse(n=8,m=30,mu_s=0.25)");
    double wgn[64];
    smooth_hess(p.run, SMOOTH_EXACT, p.x, p.h);
    smooth_hess(p.run, SMOOTH_WGN, p.x, wgn);
    smooth_grad(p.run, p.x, p.g);
    for (size_t i = 0; i < 8; i++) {
        for (size_t j = 0; j <= i; j++) assert_close(wgn[8 * i + j], p.h[8 * i + j] + 4 * p.g[i] * p.g[j], 1e-10);
    }
    leave(&p);
}

static void check_samples(const char *problem)
{
    probe_point p = off_start(problem);
    const size_t n = smooth_samples(p.run);
    size_t *ids = calloc(n, sizeof *ids);
    double *rows = vector(n * p.d), *mean = vector(p.d), f, f_batch;
    for (size_t i = 0; i < n; i++) ids[i] = i;
    smooth_value_grad(p.run, p.x, &f, p.g);
    assert_int_equal(smooth_batch(p.run, p.x, ids, n, &f_batch, mean), CC_OK);
    assert_close(f_batch, f, 1e-12);
    cc_axpy(p.d, -1, p.g, mean);
    assert_true(cc_norm(p.d, mean) < 1e-13);
    assert_int_equal(smooth_perex(p.run, p.x, ids, n, rows), CC_OK);
    for (size_t j = 0; j < p.d; j++) mean[j] = .1 * p.x[j] - p.g[j];
    for (size_t i = 0; i < n; i++) cc_axpy(p.d, 1 / (double)n, rows + i * p.d, mean);
    assert_true(cc_norm(p.d, mean) < 1e-13);
    if (smooth_has_hess(p.run, SMOOTH_FISHER)) {
        smooth_hess(p.run, SMOOTH_FISHER, p.x, p.h);
        for (size_t i = 0; i < n; i++) cc_syr(p.d, -1 / (double)n, rows + i * p.d, p.h);
        for (size_t j = 0; j < p.d; j++) assert_true(fabs(p.h[j * p.d + j] - .1) < 1e-13); /* D^2 r is left */
    }
    assert_int_equal(cc_spent(p.run, "n_samp"), 3 * n);
    free(ids), free(rows), free(mean);
    leave(&p);
}

static void samples_average_to_the_whole(void **state)
{
    (void)state;
    check_samples("smooth.logreg(data=heart,lam=0.1)");
    check_samples("smooth.softmax(lam=0.1)");
}

/* ---- the contract ---- */
static void bills_are_exact_and_metrics_free(void **state)
{
    (void)state;
    probe_point p = off_start("smooth.logreg(data=heart)");
    double f;
    smooth_value(p.run, p.x, &f);
    smooth_grad(p.run, p.x, p.g);
    smooth_value_grad(p.run, p.x, &f, p.g);
    smooth_hess(p.run, SMOOTH_EXACT, p.x, p.h);
    smooth_hess(p.run, SMOOTH_FISHER, p.x, p.h);
    smooth_hvp(p.run, SMOOTH_EXACT, p.x, p.v, p.g);
    cc_test_metric(p.run, "gap", p.x);
    cc_test_metric(p.run, "grad_dual_norm", p.x);
    assert_int_equal(cc_spent(p.run, "n_f"), 2);
    assert_int_equal(cc_spent(p.run, "n_g"), 2);
    assert_int_equal(cc_spent(p.run, "n_samp"), 540);
    assert_int_equal(cc_spent(p.run, "n_hess"), 2);
    assert_int_equal(cc_spent(p.run, "n_hvp"), 1);
    leave(&p);
}

static void the_cache_follows_the_point(void **state)
{
    (void)state;
    probe_point p = off_start("smooth.lse(n=8,m=30)");
    double here, there, again;
    smooth_value(p.run, p.x, &here);
    p.x[3] += 1;
    smooth_value(p.run, p.x, &there);
    cc_test_metric(p.run, "f", p.v); /* a metric elsewhere does not disturb what comes next */
    p.x[3] -= 1;
    smooth_value(p.run, p.x, &again);
    assert_true(here != there);
    assert_true(fabs(here - again) < 1e-14);
    leave(&p);
}

static void the_metric_is_consistent(void **state)
{
    (void)state;
    static const char *const with[] = {"smooth.lse(n=8,m=30)", "smooth.pdiff(n=8,metric=B)", "smooth.quad(d=8)"};
    for (size_t i = 0; i < COUNT(with); i++) {
        probe_point p = off_start(with[i]);
        double Bv[8], back[8];
        smooth_metric_apply(p.run, p.v, Bv);
        smooth_metric_solve(p.run, Bv, back);
        for (size_t j = 0; j < 8; j++) assert_true(fabs(back[j] - p.v[j]) < 1e-11);
        assert_close(smooth_norm(p.run, p.v), sqrt(cc_dot(8, p.v, Bv)), 1e-12);
        assert_close(smooth_dual_norm(p.run, Bv), smooth_norm(p.run, p.v), 1e-11);
        memset(p.h, 0, 64 * sizeof *p.h);
        smooth_metric_add(p.run, 2, p.h);
        cc_symv(8, 1, p.h, p.v, -2, Bv);
        assert_true(cc_norm(8, Bv) < 1e-12);
        assert_int_equal(smooth_has_metric(p.run), i < 2);
        leave(&p);
    }
}

static void absent_oracles_say_so(void **state)
{
    (void)state;
    probe_point p = off_start("smooth.pdiff(n=8)");
    const size_t outside[1] = {0};
    double f;
    assert_int_equal(smooth_hess(p.run, SMOOTH_FISHER, p.x, p.h), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(p.run), "`fisher`"));
    assert_non_null(strstr(cc_test_message(p.run), "exact"));
    assert_int_equal(smooth_batch(p.run, p.x, outside, 1, &f, p.g), CC_EINVAL);
    assert_int_equal(smooth_perex(p.run, p.x, outside, 1, p.h), CC_EINVAL);
    assert_int_equal(smooth_factor(p.run, SMOOTH_RANK1, p.x, p.g), CC_EINVAL);
    assert_int_equal(cc_spent(p.run, "n_hess"), 0);
    leave(&p);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    char message[512];
    assert_int_equal(cc_test_try(NULL, "smooth.lin(m=30,n=20)", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "m <= n"));
    assert_int_equal(cc_test_try(NULL, "smooth.lse(n=20,m=10)", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "positive definite"));
    assert_int_equal(cc_test_try(NULL, "smooth.quad(d=0)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "smooth.rosen(q=1.5)", 0, message), CC_EINVAL);
    probe_point p = off_start("smooth.logreg(data=heart)");
    const size_t outside[2] = {0, 270};
    double f;
    assert_int_equal(smooth_batch(p.run, p.x, outside, 2, &f, p.g), CC_EINVAL);
    assert_int_equal(smooth_batch(p.run, p.x, outside, 0, &f, p.g), CC_EINVAL);
    assert_int_equal(cc_spent(p.run, "n_samp"), 0);
    leave(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_values),
        cmocka_unit_test(constants_of_log_sum_exp),
        cmocka_unit_test(rosenbrock_gradient_and_gauss_newton),
        cmocka_unit_test(minimisers_of_regression),
        cmocka_unit_test(gradients_are_derivatives),
        cmocka_unit_test(hessians_are_derivatives),
        cmocka_unit_test(products_and_factors_agree_with_hessians),
        cmocka_unit_test(approximations_are_positive_semidefinite),
        cmocka_unit_test(weighted_gauss_newton_is_the_hessian_plus_gg),
        cmocka_unit_test(samples_average_to_the_whole),
        cmocka_unit_test(bills_are_exact_and_metrics_free),
        cmocka_unit_test(the_cache_follows_the_point),
        cmocka_unit_test(the_metric_is_consistent),
        cmocka_unit_test(absent_oracles_say_so),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
