/* algorithms/baseline_online/test.c: the reference methods against literal transcriptions and their guarantees. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/baseline_online/baseline.h"
#include "harness/near.h"
#include "harness/testing.h"

static double played(cc_run *run) { return *(const double *)cc_test_candidate(run); }

/* UCB1 in plain arrays on the losses that the run has seen: first every arm, then the least mean - sqrt(2 ln t / n). */
static void ucb_is_the_textbook_one(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("online.ucb1(arms=5)", "online.arms(arms=5,best=3,T=2000)", 2);
    double sum[5] = {0}, n[5] = {0};
    for (int t = 0; t < 2000; t++) {
        int best = -1;
        for (int i = 4; i >= 0 && t >= 5; i--)
            if (best < 0 || sum[i] / n[i] - sqrt(2 * log(t + 1) / n[i]) <= sum[best] / n[best] - sqrt(2 * log(t + 1) / n[best]))
                best = i;
        assert_int_equal(cc_test_step(run), CC_OK);
        const int arm = (int)played(run);
        assert_int_equal(arm, t < 5 ? t : best);
        sum[arm] += cc_test_metric(run, "loss", NULL), n[arm]++;
    }
    assert_true(n[3] > 1000);
    cc_test_close(run);
}

/* EXP3's probabilities by their definition, from the same uniform numbers. */
static void exp3_is_the_textbook_one(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("online.exp3(arms=4,low=1,high=1.9)", "online.sor(T=500,side=4)", 2);
    const double range = cc_test_known(run, "loss_max") - 1;
    cc_rng rng = cc_stream(run, 1, 0);
    double estimate[4] = {0};
    for (int t = 0; t < 500; t++) {
        double p[4], total = 0, u = cc_uniform(&rng);
        const double eta = sqrt(log(4) / (4. * (t + 1)));
        for (int i = 0; i < 4; i++) total += exp(-eta * estimate[i]);
        for (int i = 0; i < 4; i++) p[i] = exp(-eta * estimate[i]) / total;
        int arm = 0;
        while (arm < 3 && u >= p[arm]) u -= p[arm++];
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_near(played(run), 1 + .3 * arm, 1e-12);
        assert_near(cc_test_probe(run, "x"), 1 + .3 * arm, 1e-12);
        estimate[arm] += (cc_test_metric(run, "loss", NULL) - 1) / range / p[arm];
    }
    cc_test_close(run);
}

static void greedy_explores_less_and_less(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("online.greedy(arms=5)", "online.arms(arms=5,best=3,T=20000)", 2);
    int late = 0, early = 0;
    for (int t = 0; t < 20000; t++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        if (t < 25) early += played(run) != 3;
        if (t >= 10000) late += played(run) != 3;
    }
    assert_true(early > 10 && late < 60 && late > 2);
    cc_test_close(run);
}

static void uniform_is_uniform(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("online.uniform(arms=5)", "online.arms(arms=5,best=3,T=10000)", 2);
    int n[5] = {0};
    for (int t = 0; t < 10000; t++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        n[(int)played(run)]++;
    }
    for (int i = 0; i < 5; i++) assert_true(n[i] > 1850 && n[i] < 2150);
    cc_test_close(run);
}

/* Regret at most 3/2 D G sqrt(T); the same steps by hand. */
static void descent_follows_the_gradient(void **unused)
{
    (void)unused;
    const char *problem = "online.linear(d=3,D=2,mean=0.4,sigma=0.6,T=1000)";
    cc_run *run = cc_test_start("online.descent", problem, 5), *twin = cc_test_run(problem, 5);
    double x[3] = {0}, g[3], loss;
    for (int t = 1; t <= 1000; t++) {
        assert_int_equal(online_play_gradient(twin, x, &loss, g), CC_OK);
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_near(cc_test_metric(run, "loss", NULL), loss, 1e-12);
        double norm2 = 0;
        for (int j = 0; j < 3; j++) x[j] -= 2 / sqrt(t) * g[j], norm2 += x[j] * x[j];
        for (int j = 0; j < 3 && norm2 > 1; j++) x[j] /= sqrt(norm2);
    }
    assert_true(cc_test_metric(run, "regret", NULL) <= 1.5 * 2 * sqrt(1000));
    assert_int_equal(cc_spent(run, "n_grad"), 1000);
    cc_test_close(run);
    cc_test_close(twin);
}

static void fixed_stays(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("online.fixed(x=1.35)", "online.sor(T=20,side=4)", 2);
    assert_int_equal(cc_test_steps(run, 20), CC_OK);
    assert_near(played(run), 1.35, 0);
    assert_int_equal(cc_test_step(run), CC_DONE);
    cc_test_close(run);
}

static void bad_input_is_refused(void **unused)
{
    (void)unused;
    cc_test_refused("online.descent", "online.arms", CC_EINVAL, "gradients");
    cc_test_refused("online.descent(rate=0)", "online.linear", CC_EINVAL, "diameter");
    cc_test_refused("online.ucb1", "online.linear", CC_EINVAL, "dimension");
    cc_test_refused("online.exp3", "online.linear(d=1)", CC_EINVAL, "range of its losses");
    cc_test_refused("online.uniform(arms=1)", "online.arms", CC_EINVAL, "arms=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ucb_is_the_textbook_one),       cmocka_unit_test(exp3_is_the_textbook_one),
        cmocka_unit_test(greedy_explores_less_and_less), cmocka_unit_test(uniform_is_uniform),
        cmocka_unit_test(descent_follows_the_gradient),  cmocka_unit_test(fixed_stays),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests_name("baseline_online", tests, NULL, NULL);
}
