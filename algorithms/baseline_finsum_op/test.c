/* algorithms/baseline_finsum_op/test.c: the baselines against values of the published scripts and against their definitions. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/baseline_finsum_op/baseline.h"
#include "harness/near.h"
#include "harness/testing.h"
#include "problems/finsum_op/finsum_op_problem.h"

static void after(const char *algorithm, const char *problem, int steps, double natural, double bill)
{
    cc_run *run = cc_test_start(algorithm, problem, 3);
    assert_int_equal(cc_test_steps(run, steps), CC_OK);
    assert_near(cc_test_metric(run, "natural", NULL), natural, 1e-12);
    assert_near((double)cc_spent(run, "n_comp"), bill, 0);
    cc_test_close(run);
}

/* Values of the published scripts' update functions on the same data (their projection repaired where it fails on feasible points).
 */
static void published_scripts(void **unused)
{
    (void)unused;
    after("finsum.eg(eta_L=5)", "finsum_op.game(n=20)", 50, .00628887805385648, 2000);
    after("finsum.eg(eta_L=5,res_at=new)", "finsum_op.game(n=20)", 50, .00628887805385648, 2000); /* a plateau: both agree */
    after("finsum.eag(eta_L=5)", "finsum_op.game(n=20)", 50, .0631962113131784, 2000);
    after("finsum.halpern(outside_theory=true,weights=slow,eta=0.38655197906537336)", "finsum_op.game(n=20)", 50, .0774932658567987,
          1000);
    after("finsum.eg(eta=0.5)", "finsum_op.qp(n=50)", 500, 1.64323014744797, 50000);
    after("finsum.eag(eta=0.3)", "finsum_op.qp(n=50)", 500, 1.53467236019571, 50000);
}

static void halpern_fixture(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("finsum.halpern(eta=0.25,weights=slow)", "finsum_op.lsq(n=8,d=3)", 7);
    assert_int_equal(cc_test_steps(run, 100), CC_OK);
    assert_near(cc_test_metric(run, "residual", NULL), .067824180545, 1e-11);
    cc_test_close(run);
    for (uint64_t seed = 0; seed < 5; seed++) { /* 2 L R / (k+1) with the fast weights */
        run = cc_test_start("finsum.halpern", "finsum_op.lsq(n=64)", seed);
        for (int k = 1; k <= 300; k++) {
            assert_int_equal(cc_test_step(run), CC_OK);
            assert_true(cc_test_metric(run, "residual", NULL) <= 2 / (double)(k + 1));
        }
        cc_test_close(run);
    }
}

/* Loopless variance-reduced extragradient as its authors write it, on single components. */
static void literal_vreg(const char *problem)
{
    enum { D = 64, STEPS = 500 };
    cc_run *run = cc_test_start("finsum.vreg(eta=0.02)", problem, 8), *twin = cc_test_run(problem, 8);
    const size_t d = finsum_d(twin), n = finsum_n(twin);
    const double p = 1 / (double)n, alpha = 1 - p, gamma = .02;
    double u[D], w[D], g[D], Fw[D], bar[D], half[D], a[D], c[D];
    uint64_t bill = n;
    cc_rng coin = cc_stream(twin, 1, 0), draw = cc_stream(twin, 2, 0);
    finsum_start(twin, u, g);
    memcpy(w, u, sizeof w);
    finsum_peek_full(twin, w, Fw);
    for (int k = 0; k < STEPS; k++) {
        size_t id;
        for (size_t j = 0; j < d; j++) {
            bar[j] = alpha * u[j] + (1 - alpha) * w[j];
            half[j] = bar[j] - gamma * Fw[j];
        }
        finsum_resolvent(twin, gamma, half, half);
        finsum_draw(twin, &draw, 1, &id);
        finsum_peek_comp(twin, id, half, a);
        finsum_peek_comp(twin, id, w, c);
        for (size_t j = 0; j < d; j++) u[j] = bar[j] - gamma * (Fw[j] + a[j] - c[j]);
        finsum_resolvent(twin, gamma, u, u);
        bill += 2;
        if (cc_uniform(&coin) < p) {
            memcpy(w, u, sizeof w);
            finsum_peek_full(twin, w, Fw);
            bill += n;
        }
        assert_int_equal(cc_test_step(run), CC_OK);
        for (size_t j = 0; j < d; j++) assert_near(((const double *)cc_test_candidate(run))[j], u[j], 1e-11);
        assert_int_equal(cc_spent(run, "n_comp"), bill);
    }
    cc_test_close(run);
    cc_test_close(twin);
}

static void vreg_is_the_pseudo_code(void **unused)
{
    (void)unused;
    literal_vreg("finsum_op.game(n=15)");
    literal_vreg("finsum_op.bilinear(n=12)");
    literal_vreg("finsum_op.qp(n=20)");
}

/* With the steps of their theories all methods solve a game; their normals are in the cone. */
static void they_converge(void **unused)
{
    (void)unused;
    const char *const algorithms[] = {"finsum.eg", "finsum.eg(res_at=new)", "finsum.eag", "finsum.eag(res_at=half)", "finsum.vreg"};
    for (int a = 0; a < 5; a++) {
        cc_run *run = cc_test_start(algorithms[a], "finsum_op.game(n=5)", 3);
        const double before = cc_test_metric(run, "natural", NULL);
        assert_int_equal(cc_test_steps(run, 20000), CC_OK);
        assert_true(cc_test_metric(run, "natural", NULL) <= 1e-2 * before);
        assert_true(cc_test_metric(run, "natural", NULL) <= cc_test_metric(run, "residual", NULL) + 1e-12);
        assert_near(cc_test_metric(run, "outside", NULL), 0, 1e-11);
        cc_test_close(run);
    }
}

static void bad_input_is_refused(void **unused)
{
    (void)unused;
    cc_test_refused("finsum.halpern", "finsum_op.bilinear(n=4)", CC_EINVAL, "cocoercive");
    cc_test_refused("finsum.eg(eta=0)", "finsum_op.qp(n=4)", CC_EINVAL, "positive");
    cc_test_refused("finsum.eag(eta_L=0)", "finsum_op.qp(n=4)", CC_EINVAL, "positive");
    cc_test_refused("finsum.vreg(eta=-1)", "finsum_op.qp(n=4)", CC_EINVAL, "eta");
    cc_run *run = cc_test_start("finsum.eg(eta=50)", "finsum_op.bilinear(n=4)", 1);
    assert_int_equal(cc_test_steps(run, 100000), CC_DONE); /* diverged: an outcome */
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_scripts), cmocka_unit_test(halpern_fixture),      cmocka_unit_test(vreg_is_the_pseudo_code),
        cmocka_unit_test(they_converge),     cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests_name("baseline_finsum_op", tests, NULL, NULL);
}
