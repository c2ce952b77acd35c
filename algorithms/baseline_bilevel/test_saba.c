/* algorithms/baseline_bilevel/test_saba.c: SABA on finite sums: its first steps, its tables, its rate where SOBA stalls. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/baseline_bilevel/baseline.h"
#include "harness/near.h"
#include "harness/testing.h"
#include "problems/bilevel/bilevel.h"

#define LOGREG "bilevel.logreg" /* 379 terms below, 190 above; dx = 1, dy = 31 */
enum { DY = 31 };

/* Exact oracles at x and y, and with v. */
typedef struct exact {
    double fx, fy[DY], gy[DY], hv[DY], jv;
} exact;

static void ask(cc_run *run, const double *x, const double *y, const double *v, exact *e)
{
    assert_int_equal(bilevel_upper(run, 0, NULL, x, y, &e->fx, e->fy), CC_OK);
    assert_int_equal(bilevel_lower(run, 0, NULL, x, y, NULL, e->gy), CC_OK);
    assert_int_equal(bilevel_hvp(run, 0, NULL, x, y, v, e->hv), CC_OK);
    assert_int_equal(bilevel_jvp(run, 0, NULL, x, y, v, &e->jv), CC_OK);
}

/* x, y, v after exact steps from the start. */
static void exact_steps(int steps, double a, double h, double b, double *x, double *y, double *v)
{
    cc_run *run = cc_test_run(LOGREG, 0);
    exact e;
    bilevel_start(run, x, y);
    memset(v, 0, DY * sizeof *v);
    for (int k = 0; k < steps; k++) {
        ask(run, x, y, v, &e);
        for (int j = 0; j < DY; j++) y[j] -= a * e.gy[j], v[j] -= h * (e.hv[j] - e.fy[j]);
        x[0] -= b * (e.fx - e.jv);
    }
    cc_test_close(run);
}

/* Tables that were filled where the iterates are correct every sample to the exact answer. That holds in the first step; and in any
 * step if the tables have a single row. */
static void full_tables_leave_no_noise(void **unused)
{
    (void)unused;
    double x[1], y[DY], v[DY];
    exact_steps(2, .5, .5, 10, x, y, v);
    cc_run *run = cc_test_start("bilevel.saba(a=.5,h=.5,b=10,batch=400)", LOGREG, 3);
    assert_int_equal(cc_test_steps(run, 2), CC_OK);
    const double *c = cc_test_candidate(run);
    assert_near(c[0], x[0], 1e-13);
    for (int j = 0; j < DY; j++) assert_near(c[1 + j], y[j], 1e-13);
    cc_test_close(run);
    exact_steps(1, .5, .5, 10, x, y, v);
    for (uint64_t seed = 0; seed < 3; seed++) {
        run = cc_test_start("bilevel.saba(a=.5,h=.5,b=10,batch=7)", LOGREG, seed);
        assert_int_equal(cc_test_step(run), CC_OK);
        c = cc_test_candidate(run);
        assert_near(c[0], x[0], 1e-13);
        for (int j = 0; j < DY; j++) assert_near(c[1 + j], y[j], 1e-13);
        cc_test_close(run);
    }
}

/* The second step is random, and on average the exact one: a batch of 300 terms leaves one of 79, drawn less often. */
static void estimates_are_unbiased(void **unused)
{
    (void)unused;
    enum { SEEDS = 1000 };
    double x[1], y[DY], v[DY], mean[1 + DY] = {0}, square[1 + DY] = {0};
    exact_steps(2, .5, .5, 100, x, y, v);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        cc_run *run = cc_test_start("bilevel.saba(a=.5,h=.5,b=100,batch=300)", LOGREG, seed);
        assert_int_equal(cc_test_steps(run, 2), CC_OK);
        const double *c = cc_test_candidate(run);
        for (int j = 0; j < 1 + DY; j++) mean[j] += c[j] / SEEDS, square[j] += c[j] * c[j] / SEEDS;
        cc_test_close(run);
    }
    for (int j = 0; j < 1 + DY; j++) {
        const double sd = sqrt(fmax(square[j] - mean[j] * mean[j], 0));
        assert_true(j == 0 || sd > 1e-4); /* gxy v is the same for every row */
        assert_near(mean[j], j ? y[j - 1] : x[0], 4.5 * sd / sqrt(SEEDS) + 1e-12);
    }
}

/* The tables are filled for 379 gy and 190 fx and fy; a step asks once for each of five, here for whole batches: 19 divides 190,
 * and 379 = 19 * 19 + 18. */
static void bills(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("bilevel.saba(batch=19)", LOGREG, 0);
    assert_true(cc_spent(run, "n_gy") == 379 && cc_spent(run, "n_fx") == 190 && cc_spent(run, "n_fy") == 190);
    assert_true(cc_spent(run, "n_calls") == 379 + 2 * 190);
    uint64_t short_batches = 0;
    for (int k = 0; k < 200; k++) {
        const uint64_t before = cc_spent(run, "n_gy");
        assert_int_equal(cc_test_step(run), CC_OK);
        short_batches += cc_spent(run, "n_gy") - before == 18;
    }
    assert_in_range(short_batches, 1, 30); /* expected 200 * 18/379 = 9.5 */
    assert_true(cc_spent(run, "n_fx") == 190 + 200 * 19 && cc_spent(run, "n_fy") == 190 + 200 * 19);
    assert_true(cc_spent(run, "n_gy") == 379 + 200 * 19 - short_batches);
    assert_true(cc_spent(run, "n_hvp") == cc_spent(run, "n_gy") - 379 && cc_spent(run, "n_jvp") == cc_spent(run, "n_hvp"));
    cc_test_close(run);
}

/* ln of |y - y*(x)| and |grad Phi(x)| after 40 000 and 100 000 steps */
typedef struct course {
    double y[2], grad[2];
} course;

static course run_long(const char *algorithm, uint64_t seed)
{
    course c;
    cc_run *run = cc_test_start(algorithm, LOGREG, seed);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(cc_test_steps(run, i ? 60000 : 40000), CC_OK);
        c.y[i] = log(cc_test_metric(run, "dist_y", NULL)), c.grad[i] = log(cc_test_metric(run, "grad_phi", NULL));
    }
    cc_test_close(run);
    return c;
}

/* With the same steps, which stay, SABA converges linearly: like (1 - a mu)^k, a mu = .05 exp(-5.35), or somewhat slower as x has
 * to follow. SOBA stalls at the level of its noise. */
static void the_rate_is_linear(void **unused)
{
    (void)unused;
    const double steps = 60000, a_mu = .05 * exp(-5.351312008936698);
    for (uint64_t seed = 0; seed < 2; seed++) {
        const course saba = run_long("bilevel.saba(a=.05,h=.05,b=.02,batch=20)", seed),
                     soba = run_long("bilevel.soba(a=.05,h=.05,b=.02,batch=20)", seed);
        const double rate = (saba.y[0] - saba.y[1]) / steps;
        if (!(rate >= .4 * a_mu && rate <= 1.5 * a_mu)) fail_msg("rate %g, a mu = %g", rate, a_mu);
        assert_true(saba.grad[1] < log(1e-8) && saba.grad[1] < saba.grad[0] - 4);
        assert_true(soba.y[1] > log(1e-2) && soba.y[1] > soba.y[0] - 1);
    }
}

static void what_has_no_terms_is_refused(void **unused)
{
    (void)unused;
    char message[512];
    assert_int_equal(cc_test_try("bilevel.saba", "bilevel.expupper(noise=1)", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "SABA keeps a table of terms; this problem has noise instead"));
    assert_int_equal(cc_test_try("bilevel.saba(batch=0)", LOGREG, 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try("bilevel.saba(a=-1)", LOGREG, 0, message), CC_EINVAL);
    cc_run *run = cc_test_start("bilevel.saba(a=1000,b=1e6)", LOGREG, 0);
    assert_int_equal(cc_test_steps(run, 1000), CC_DONE);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_tables_leave_no_noise), cmocka_unit_test(estimates_are_unbiased),       cmocka_unit_test(bills),
        cmocka_unit_test(the_rate_is_linear),         cmocka_unit_test(what_has_no_terms_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
