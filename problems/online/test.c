/* problems/online/test.c: the contract of the family, its problems, the fixtures of the heat equation. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "harness/near.h"
#include "harness/testing.h"
#include "problems/online/sequence.h"
#include "problems/online/variates.h"

static double play(cc_run *run, double x)
{
    double loss;
    assert_int_equal(online_play(run, &x, &loss), CC_OK);
    return loss;
}

/* ---- the contract ---- */

static void rounds_are_billed_and_end(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("online.sor(T=3,side=4)", 1);
    double c, x = 1.2, loss, total = 0;
    assert_int_equal(online_caps(run), ONLINE_CONTEXT);
    assert_true(online_domain_of(run).d == 1 && online_domain_of(run).shape == ONLINE_BOX);
    assert_true(isnan(cc_test_metric(run, "loss", &x)));
    for (int t = 0; t < 3; t++) {
        assert_int_equal(online_context(run, &c), CC_OK);
        assert_int_equal(online_context(run, &c), CC_OK); /* looking costs nothing */
        total += loss = play(run, x);
        assert_near(cc_test_metric(run, "loss", &x), loss, 0);
        assert_int_equal(cc_spent(run, "n_round"), (uint64_t)t + 1);
    }
    assert_near(cc_test_metric(run, "total", &x), total, 0);
    assert_int_equal(cc_spent(run, "n_iter"), (uint64_t)total);
    assert_int_equal(online_context(run, &c), CC_DONE);
    assert_int_equal(online_play(run, &x, &loss), CC_DONE);
    assert_int_equal(cc_spent(run, "n_round"), 3);
    cc_test_close(run);
}

static void points_outside_are_refused(void **unused)
{
    (void)unused;
    double loss, g[3];
    const double outside[] = {0, 2, -1, NAN, INFINITY}, beyond[3] = {.8, .8, 0}, edge[3] = {.6, -.8, 0};
    cc_run *run = cc_test_run("online.sor(T=3,side=4)", 1);
    for (int k = 0; k < 5; k++) {
        assert_int_equal(online_play(run, &outside[k], &loss), CC_EINVAL);
        assert_non_null(strstr(cc_test_message(run), "domain"));
    }
    assert_int_equal(cc_spent(run, "n_round"), 0);
    assert_int_equal(online_play_gradient(run, &outside[0], &loss, g), CC_EINVAL);
    cc_test_close(run);
    run = cc_test_run("online.linear(T=9)", 1);
    assert_int_equal(online_play_gradient(run, beyond, &loss, g), CC_EINVAL);
    assert_int_equal(online_play_gradient(run, edge, &loss, g), CC_OK);
    assert_int_equal(cc_spent(run, "n_grad"), 1);
    assert_near(.6 * g[0] - .8 * g[1], loss, 1e-15);
    assert_int_equal(online_context(run, &loss), CC_EINVAL);
    assert_int_equal(online_context_range(run, &loss, g), CC_EINVAL);
    cc_test_close(run);
}

static void projections(void **unused)
{
    (void)unused;
    double x[3];
    cc_run *run = cc_test_run("online.linear(D=2)", 1);
    online_project(run, (const double[]){3, 0, -4}, x);
    assert_near(x[0], .6, 1e-15), assert_near(x[1], 0, 0), assert_near(x[2], -.8, 1e-15);
    online_project(run, (const double[]){.3, .1, 0}, x);
    assert_near(x[0], .3, 0), assert_near(x[1], .1, 0);
    assert_int_equal(cc_spent(run, "n_proj"), 2);
    cc_test_close(run);
    run = cc_test_run("online.arms(arms=5,best=0)", 1);
    online_project(run, (const double[]){7}, x);
    assert_near(x[0], 4, 0);
    online_project(run, (const double[]){-1}, x);
    assert_near(x[0], 0, 0);
    cc_test_close(run);
}

static void bad_parameters_are_refused(void **unused)
{
    (void)unused;
    cc_test_refused(NULL, "online.sor(side=11)", CC_EINVAL, "not positive definite");
    cc_test_refused(NULL, "online.sor(side=1)", CC_EINVAL, "side=1");
    cc_test_refused(NULL, "online.sor(low=1.5,high=1.2,T=2)", CC_EINVAL, "empty");
    cc_test_refused(NULL, "online.sor(high=2,T=2)", CC_EINVAL, "high=2");
    cc_test_refused(NULL, "online.heat(low=1.5,high=1.5,T=2,nx=4)", CC_EINVAL, "empty");
    cc_test_refused(NULL, "online.arms(arms=4,best=4)", CC_EINVAL, "arm 4 of 4");
    cc_test_refused(NULL, "online.linear(D=0)", CC_EINVAL, "ball");
}

/* ---- problems ---- */

static void the_best_arm_is_known(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("online.arms(arms=6,best=2,T=4000)", 1);
    double total[6] = {0}, x = 0;
    for (int t = 0; t < 4000; t++) total[t % 6] += play(run, t % 6);
    for (int i = 0; i < 6; i++) assert_near(total[i] / 667, i == 2 ? .25 : .5, .07);
    assert_near(cc_test_metric(run, "best_fixed", &x) / 4000, .25, .03);
    assert_near(cc_test_metric(run, "best_each", &x) / 4000, pow(.5, 5) * .25, .01); /* that all six lose */
    assert_near(cc_test_metric(run, "regret", &x), cc_test_metric(run, "total", &x) - cc_test_metric(run, "best_fixed", &x), 0);
    cc_test_close(run);
    cc_run *a = cc_test_run("online.arms(arms=2,gap=0,best=0)", 1), *b = cc_test_run("online.arms(arms=2,gap=0,best=0)", 1);
    double same = 0;
    for (int t = 0; t < 400; t++) { /* the same losses whatever is played: what one misses is in the other's best_fixed */
        const double la = play(a, 0), lb = play(b, 1);
        same += la + lb;
    }
    assert_near(fmin(cc_test_metric(a, "total", &x), cc_test_metric(b, "total", &x)), cc_test_metric(a, "best_fixed", &x), 0);
    assert_near(cc_test_metric(a, "total", &x) + cc_test_metric(b, "total", &x), same, 0);
    cc_test_close(a);
    cc_test_close(b);
}

/* Published data: 1000 unit gradients of seed 5; the best point in hindsight. */
static void linear_losses_in_hindsight(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("online.linear(d=3,D=2,T=1000)", 5);
    double x[3] = {0}, g[3], loss, sum[3] = {0};
    assert_int_equal(online_play_gradient(run, x, &loss, g), CC_OK);
    assert_near(g[0], .018955145912, 1e-12), assert_near(g[1], .780990916715, 1e-12), assert_near(g[2], -.624254667945, 1e-12);
    for (int j = 0; j < 3; j++) sum[j] += g[j];
    for (int t = 1; t < 4; t++) {
        assert_int_equal(online_play_gradient(run, x, &loss, g), CC_OK);
        for (int j = 0; j < 3; j++) sum[j] += g[j];
    }
    assert_near(-cc_test_metric(run, "best_fixed", x), 2.759535836433, 1e-11); /* the norm of their sum */
    assert_near(sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]), 2.759535836433, 1e-11);
    assert_near(cc_test_metric(run, "best_each", x), -4, 1e-13);
    cc_test_close(run);
    run = cc_test_run("online.linear(d=2,mean=0.5,sigma=0)", 5);
    assert_int_equal(online_play_gradient(run, x, &loss, g), CC_OK);
    assert_near(g[0], .5, 0), assert_near(g[1], 0, 0);
    cc_test_close(run);
}

/* The table against systems solved one by one, contexts against what is in the matrix. */
static void the_table_is_what_solving_gives(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("online.sor(T=20,law=high)", 4), *off = cc_test_run("online.sor(T=20,law=high)", 4),
           *other = cc_test_run("online.sor(T=20,law=high,context=unrelated)", 4);
    const sequence_table *table = sequence_table_of(cc_oracle_of(run));
    double c, unrelated, total[20] = {0}, least = INFINITY, x = 1, differ = 0;
    assert_true(table->T == 20 && table->arms == 20 && table->columns == 22);
    assert_near(sequence_arm(table, 0), 1, 0), assert_near(sequence_arm(table, 19), 1.95, 1e-15),
        assert_near(sequence_arm(table, 8), 1.4, 1e-15);
    for (size_t t = 0; t < 20; t++) {
        const size_t i = t * 7 % 20;
        assert_int_equal(online_context(run, &c), CC_OK);
        assert_int_equal(online_context(other, &unrelated), CC_OK);
        assert_near(c, table->row[t * 22], 0);
        assert_true(c >= -.15 && c <= .45 && unrelated >= -.15 && unrelated <= .45);
        differ += c != unrelated;
        assert_near(play(run, sequence_arm(table, i)), table->row[t * 22 + 1 + i], 0);
        assert_near(play(other, sequence_arm(table, i)), table->row[t * 22 + 1 + i], 0);
        assert_near(play(off, sequence_arm(table, i) + 1e-8), table->row[t * 22 + 1 + i], 1 + 1e-4 * table->row[t * 22 + 1 + i]);
        for (size_t j = 0; j < 20; j++) total[j] += table->row[t * 22 + 1 + j];
    }
    for (size_t j = 0; j < 20; j++) least = fmin(least, total[j]);
    assert_near(cc_test_metric(run, "best_fixed", &x), least, 0);
    assert_true(differ == 20);
    cc_test_close(run);
    cc_test_close(off);
    cc_test_close(other);
}

/* Symmetric SOR: the table against single solves, and its best column: an arm that is close to the best in every round, the same
 * for the same shift, and better on average than any fixed one. */
static void the_symmetric_table(void **unused)
{
    (void)unused;
    enum { ROUNDS = 400 };
    cc_run *run = cc_test_run("online.sor(T=400,law=high,solver=symmetric)", 4),
           *off = cc_test_run("online.sor(T=400,law=high,solver=symmetric)", 4),
           *plain = cc_test_run("online.sor(T=400,law=high)", 4);
    const sequence_table *table = sequence_table_of(cc_oracle_of(run)), *other = sequence_table_of(cc_oracle_of(plain));
    double x = 1, best = 0, least = 0;
    for (size_t t = 0; t < ROUNDS; t++) {
        const double *row = table->row + t * 22;
        const size_t i = t * 7 % 20;
        double fewest = INFINITY;
        for (size_t j = 0; j < 20; j++) fewest = fmin(fewest, row[1 + j]);
        assert_near(row[0], other->row[t * 22], 0);   /* the same systems */
        assert_true(row[1] < other->row[t * 22 + 1]); /* at omega = 1 two sweeps are better than one */
        assert_near(play(run, sequence_arm(table, i)), row[1 + i], 0);
        assert_near(play(off, sequence_arm(table, i) + 1e-9), row[1 + i], 1);
        assert_true(row[21] >= fewest && row[21] <= 1.3 * fewest + 1);
        best += row[21], least += fewest;
    }
    assert_near(cc_test_metric(run, "best_each", &x), best, 0);
    assert_true(best < 1.05 * least && best < cc_test_metric(run, "best_fixed", &x));
    cc_test_close(run);
    cc_test_close(off);
    cc_test_close(plain);
}

static double heat_total(const char *problem, double omega, int steps, double *norm)
{
    cc_run *run = cc_test_run(problem, 0);
    double total = 0;
    for (int t = 0; t < steps; t++) total += play(run, omega);
    *norm = cc_test_metric(run, "norm", &omega);
    cc_test_close(run);
    return total;
}

static void heat_totals_are_the_published_ones(void **unused)
{
    (void)unused;
    const struct {
        double omega, total;
    } expected[] = {{1, 6528}, {1.3, 5914}, {1.4, 5858}, {1.5, 6432}, {1.9, 11577}};
    double norm = 0, first = 0;
    for (int k = 0; k < 5; k++) {
        assert_near(heat_total("online.heat(T=1000)", expected[k].omega, 1000, &norm) / expected[k].total, 1, 1e-3);
        if (k == 0) first = norm;
        assert_near(norm / first, 1, 1e-6); /* the temperatures do not depend on omega */
    }
    assert_near(heat_total("online.heat(T=1000,solver=cg,arms=2)", 1, 1000, &norm) / 17038, 1, 1e-3);
    assert_near(heat_total("online.heat(nx=50,T=1000,arms=2)", 1.5, 1000, &norm) / 8732, 1, 1e-3);
}

static void heat_hindsight_is_its_own_simulation(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("online.heat(nx=12,T=300)", 0);
    const sequence_table *table = sequence_table_of(cc_oracle_of(run));
    double norm, x = 1, c, low, high, best = 0, total[20] = {0};
    assert_int_equal(online_context_range(run, &low, &high), CC_OK);
    assert_near(low, 0, 1e-12), assert_near(high, 10, 1e-5);
    for (size_t t = 0; t < 300; t++) {
        double least = INFINITY;
        assert_int_equal(online_context(run, &c), CC_OK);
        assert_near(c, fmax(.1 * sin(6.283185307179586 * (double)t * .001), -10 * sin(6.283185307179586 * (double)t * .001)),
                    1e-12);
        play(run, 1.3);
        for (size_t i = 0; i < 20; i++) total[i] += table->row[t * 21 + 1 + i], least = fmin(least, table->row[t * 21 + 1 + i]);
        best += least;
    }
    assert_near(cc_test_metric(run, "best_each", &x), best, 0);
    for (size_t i = 0; i < 20; i += 6)
        assert_near(heat_total("online.heat(nx=12,T=300)", sequence_arm(table, i), 300, &norm), total[i], 0);
    cc_test_close(run);
}

/* An omega that is played throughout is looked up; that changes nothing: beside it one that is no arm, by the last bit. */
static void heat_looked_up_is_heat_simulated(void **unused)
{
    (void)unused;
    const char *problem = "online.heat(nx=10,T=60)";
    const double arm = 1.3, same = nextafter(arm, 2);
    cc_run *looked_up = cc_test_run(problem, 0), *simulated = cc_test_run(problem, 0);
    double x = 1;
    assert_true(sequence_arm(sequence_table_of(cc_oracle_of(looked_up)), 6) == arm);
    for (size_t t = 0; t < 60; t++) {
        const int other = t == 35 || t == 50; /* after this the table is of no use */
        assert_near(play(looked_up, other ? 1.8 : arm), play(simulated, other ? 1.8 : same), 0);
        if (t % 10 == 7) assert_near(cc_test_metric(looked_up, "norm", &x) / cc_test_metric(simulated, "norm", &x), 1, 1e-12);
    }
    cc_test_close(looked_up);
    cc_test_close(simulated);
}

/* ---- random data ---- */

static void beta_has_its_moments(void **unused)
{
    (void)unused;
    const double a[] = {2, .5}, b[] = {6, 1.5};
    cc_run *run = cc_test_run(NULL, 1);
    for (int k = 0; k < 2; k++) {
        cc_rng rng = cc_stream(run, 1, (uint64_t)k);
        double sum = 0, square = 0, cube = 0;
        const double s = a[k] + b[k], mean = a[k] / s, second = mean * (a[k] + 1) / (s + 1), third = second * (a[k] + 2) / (s + 2);
        for (int i = 0; i < 40000; i++) {
            const double x = online_beta(&rng, a[k], b[k]);
            assert_true(x >= 0 && x <= 1);
            sum += x, square += x * x, cube += x * x * x;
        }
        assert_near(sum / 40000, mean, 5 * sqrt((second - mean * mean) / 40000));
        assert_near(square / 40000, second, .005);
        assert_near(cube / 40000, third, .005);
    }
    cc_rng rng = cc_stream(run, 2, 0);
    double sum = 0, x[50];
    for (int i = 0; i < 40000; i++) sum += online_gamma(&rng, 2.5);
    assert_near(sum / 40000, 2.5, .04);
    for (int i = 0; i < 50; i++) {
        double norm2 = 0;
        online_truncated_normal(&rng, 50, x);
        for (int j = 0; j < 50; j++) norm2 += x[j] * x[j];
        assert_true(norm2 <= 50 && norm2 > 10);
    }
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_are_billed_and_end),
        cmocka_unit_test(points_outside_are_refused),
        cmocka_unit_test(projections),
        cmocka_unit_test(bad_parameters_are_refused),
        cmocka_unit_test(the_best_arm_is_known),
        cmocka_unit_test(linear_losses_in_hindsight),
        cmocka_unit_test(the_table_is_what_solving_gives),
        cmocka_unit_test(the_symmetric_table),
        cmocka_unit_test(heat_totals_are_the_published_ones),
        cmocka_unit_test(heat_hindsight_is_its_own_simulation),
        cmocka_unit_test(heat_looked_up_is_heat_simulated),
        cmocka_unit_test(beta_has_its_moments),
    };
    return cmocka_run_group_tests_name("online", tests, NULL, NULL);
}
