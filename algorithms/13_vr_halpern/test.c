/* algorithms/13_vr_halpern/test.c: the two algorithms against fixtures and against literal transcriptions of the paper's
 * pseudo-code. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/13_vr_halpern/halpern.h"
#include "harness/near.h"
#include "harness/numerics/linalg.h"
#include "harness/testing.h"
#include "problems/finsum_op/finsum_op_problem.h"

enum { MAX_D = 256 };

static void same_vector(size_t d, const double *actual, const double *expected, double tolerance)
{
    for (size_t j = 0; j < d; j++) assert_near(actual[j], expected[j], tolerance);
}

static const double *start_of(cc_run *run) { return ((const finsum_instance *)cc_oracle_of(run)->instance)->u0; }

/* ---- Algorithm 1 ---- */

/* F(u) = u - u*, one component: the schedule's coins do not matter, since a correction is exact. */
static void one_dimension(void **unused)
{
    (void)unused;
    const double first[] = {.75, .6625, .609375, .568638392857};
    cc_run *run = cc_test_start("halpern.page", "finsum_op.lsq(n=1,d=1)", 5);
    for (int k = 0; k < 12; k++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        if (k < 4) assert_near(cc_test_metric(run, "dist", NULL), first[k], 1e-12);
    }
    assert_near(cc_test_metric(run, "dist", NULL), .375214324014, 1e-12);
    cc_test_close(run);
}

/* F(u) = u over [.5, inf) from 1: the recursion in plain numbers. Then the same recursion against the algorithm, over a box. */
static void one_dimension_with_a_set(void **unused)
{
    (void)unused;
    const double expected[] = {.75, .6625, .609375, .568638392857, .534319196429, .504224020337};
    double u = 1;
    for (int i = 0; i < 6; i++) {
        const double lambda = 2 / (double)(i + 4);
        u = fmax(lambda + (1 - lambda) * u - u / 4, .5);
        assert_near(u, expected[i], 1e-12);
    }
    cc_run *run = cc_test_start("halpern.page:det", "finsum_op.lsq_box(n=1,d=1,shift=1)", 5);
    const double infinity = 1e300, u0 = *start_of(run);
    double F0, low = -infinity, high = infinity, x = u0, z;
    assert_int_equal(finsum_peek_full(run, &u0, &F0), CC_OK); /* u0 minus the free solution */
    finsum_resolvent(run, 1, &low, &low);
    finsum_resolvent(run, 1, &high, &high);
    for (int i = 0; i < 40; i++) {
        const double lambda = 2 / (double)(i + 4);
        z = lambda * u0 + (1 - lambda) * x - (F0 + x - u0) / 4;
        x = fmin(fmax(z, low), high);
        assert_int_equal(cc_test_step(run), CC_OK);
        const double *candidate = cc_test_candidate(run);
        assert_near(candidate[0], x, 1e-13);
        assert_near(candidate[1], 4 * (z - x), 1e-12);
    }
    cc_test_close(run);
}

static void schedule(void **unused)
{
    (void)unused;
    assert_near(halpern_page_schedule(0, 100), 1, 0);
    assert_near(halpern_page_schedule(1, 100), 1, 0);
    assert_near(halpern_page_schedule(2, 100), 4. / 6, 1e-16);
    assert_near(halpern_page_schedule(11, 100), 4. / 15, 1e-16);
    assert_near(halpern_page_schedule(12, 100), 4. / 15, 1e-16);
    assert_near(halpern_page_schedule(500, 100), 4. / 15, 1e-16);
    const struct {
        size_t n, b;
        double cost;
    } expected[] = {{1000, 32, 504273.50}, {100, 10, 124235.17}}; /* after 3000 steps */
    for (int k = 0; k < 2; k++) {
        double sum = 2 * (double)expected[k].n, p;
        for (size_t i = 2; i < 3000; i++) {
            p = halpern_page_schedule(i, expected[k].n);
            sum += p * (double)expected[k].n + (1 - p) * 2 * (double)expected[k].b;
        }
        assert_near(sum, expected[k].cost, .005);
    }
}

static void batch_and_step(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("halpern.page", "finsum_op.lsq(n=101,d=2)", 0);
    assert_near(cc_test_probe(run, "b_used"), 11, 0);
    assert_near(cc_test_probe(run, "eta_used"), .25, 0);
    cc_test_close(run);
    run = cc_test_start("halpern.page:code", "finsum_op.lsq(n=101,d=2)", 0);
    assert_near(cc_test_probe(run, "b_used"), 10, 0);
    cc_test_close(run);
    run = cc_test_start("halpern.page(unit=L_F)", "finsum_op.lsq(n=101,d=2)", 0);
    assert_near(cc_test_probe(run, "eta_used"), .25 / cc_test_known(run, "L_F"), 1e-15);
    cc_test_close(run);
}

static void full_operator_fixture(void **unused)
{
    (void)unused;
    const struct {
        int k;
        double norm;
    } expected[] = {{1, .310349610774}, {2, .295069219064}, {10, .235361498385}, {100, .067824180545}, {-1, 0}};
    cc_run *run = cc_test_start("halpern.page:det", "finsum_op.lsq(n=8,d=3)", 7);
    for (int k = 1, next = 0; k <= 100; k++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        if (k == expected[next].k) assert_near(cc_test_metric(run, "residual", NULL), expected[next++].norm, 1e-11);
    }
    assert_int_equal(cc_spent(run, "n_comp"), 800);
    cc_test_close(run);
}

/* The pseudo-code, word for word, on single components; random numbers by the same names. */
static void literal_page(const char *problem, int distinct, int steps)
{
    char algorithm[96];
    snprintf(algorithm, sizeof algorithm, "halpern.page(outside_theory=true,eta=0.05%s)", distinct ? ",sampling=norepl" : "");
    cc_run *run = cc_test_start(algorithm, problem, 3), *twin = cc_test_run(problem, 3);
    const size_t d = finsum_d(twin), n = finsum_n(twin), b = (size_t)ceil(sqrt((double)n));
    double u0[MAX_D], u[MAX_D], u_prev[MAX_D] = {0}, g[MAX_D], estimate[MAX_D] = {0}, a[MAX_D], c[MAX_D], z[MAX_D];
    size_t ids[MAX_D];
    cc_rng coin = cc_stream(twin, HALPERN_COIN, 0), draw = cc_stream(twin, HALPERN_BATCH, 0);
    uint64_t bill = 0;
    finsum_start(twin, u0, g);
    memcpy(u, u0, sizeof u);
    for (int i = 0; i < steps; i++) {
        const double lambda = 2 / (double)(i + 4), root = sqrt((double)n);
        const double p = i <= 1 ? 1 : i - 1 <= root ? 4 / (double)(i + 4) : 4 / (root + 5);
        if (p >= 1 || cc_uniform(&coin) < p) {
            finsum_peek_full(twin, u, estimate);
            bill += n;
        } else {
            if (distinct)
                finsum_draw_distinct(twin, &draw, b, ids);
            else
                finsum_draw(twin, &draw, b, ids);
            for (size_t k = 0; k < b; k++) {
                finsum_peek_comp(twin, ids[k], u, a);
                finsum_peek_comp(twin, ids[k], u_prev, c);
                for (size_t j = 0; j < d; j++) estimate[j] += (a[j] - c[j]) / (double)b;
            }
            bill += 2 * b;
        }
        memcpy(u_prev, u, sizeof u);
        for (size_t j = 0; j < d; j++) z[j] = lambda * u0[j] + (1 - lambda) * u[j] - .05 * estimate[j];
        finsum_resolvent(twin, .05, z, u);
        assert_int_equal(cc_test_step(run), CC_OK);
        const double *candidate = cc_test_candidate(run);
        same_vector(d, candidate, u, 1e-11);
        for (size_t j = 0; j < d; j++) assert_near(candidate[d + j], (z[j] - u[j]) / .05, 1e-9);
        assert_int_equal(cc_spent(run, "n_comp"), bill);
    }
    cc_test_close(run);
    cc_test_close(twin);
}

static void page_is_the_pseudo_code(void **unused)
{
    (void)unused;
    literal_page("finsum_op.lsq(n=30,d=4)", 0, 300);
    literal_page("finsum_op.lsq_box(n=30,d=4)", 1, 300);
    literal_page("finsum_op.game(n=12)", 0, 300);
    literal_page("finsum_op.qp(n=16)", 1, 300);
}

/* In one dimension all components have the same slope: a correction has no error, and rounding over 3000 steps leaves no trace. */
/* Without recursion the estimate is the mean of the batch at u_i, and of nothing else. */
static void without_recursion_a_batch_is_the_estimate(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("halpern.page:mini", "finsum_op.lsq(n=30,d=3)", 3),
           *twin = cc_test_run("finsum_op.lsq(n=30,d=3)", 3);
    const halpern_page *s = cc_test_state(run);
    double u[3], F[3];
    assert_int_equal(cc_test_steps(run, 2), CC_OK); /* these are full */
    for (int i = 0; i < 6; i++) {
        memcpy(u, cc_test_candidate(run), sizeof u);
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_true(s->full == 0);
        double mean[3] = {0};
        for (size_t k = 0; k < 6; k++) {
            assert_int_equal(finsum_comp(twin, s->ids[k], u, F), CC_OK);
            cc_axpy(3, 1. / 6, F, mean);
        }
        same_vector(3, s->estimate, mean, 1e-12);
    }
    cc_test_close(run);
    cc_test_close(twin);
}

static void identical_components_are_exact(void **unused)
{
    (void)unused;
    cc_run *page = cc_test_start("halpern.page", "finsum_op.lsq(n=400,d=1)", 2),
           *det = cc_test_start("halpern.page:det", "finsum_op.lsq(n=400,d=1)", 2);
    for (int k = 0; k < 3000; k++) {
        assert_int_equal(cc_test_step(page), CC_OK);
        assert_int_equal(cc_test_step(det), CC_OK);
        assert_near(*(const double *)cc_test_candidate(page), *(const double *)cc_test_candidate(det), 1e-13);
    }
    assert_true(cc_spent(page, "n_comp") * 4 < cc_spent(det, "n_comp"));
    cc_test_close(page);
    cc_test_close(det);
}

/* A constant L that is twice too large: the bound with that L holds. */
static void cautious_step_keeps_its_bound(void **unused)
{
    (void)unused;
    double square[301] = {0};
    for (uint64_t seed = 0; seed < 10; seed++) {
        cc_run *run = cc_test_start("halpern.page(eta_L=0.125)", "finsum_op.lsq(n=64)", seed);
        for (int k = 1; k <= 300; k++) {
            assert_int_equal(cc_test_step(run), CC_OK);
            square[k] += pow(cc_test_metric(run, "residual", NULL), 2) / 10;
        }
        cc_test_close(run);
    }
    for (int k = 1; k <= 300; k++) assert_true(sqrt(square[k]) <= 16 * 2 / (double)(k + 3));
}

static void certificate_is_free_and_true(void **unused)
{
    (void)unused;
    const char *const problems[] = {"finsum_op.lsq(n=100)", "finsum_op.lsq_box(n=100)"};
    for (int k = 0; k < 2; k++) {
        cc_run *run = cc_test_start("halpern.page(eps=0.01)", problems[k], 1),
               *free_run = cc_test_start("halpern.page", problems[k], 1);
        int steps = 0;
        cc_status status;
        while ((status = cc_test_step(run)) == CC_OK && steps < 10000) steps++;
        assert_int_equal(status, CC_DONE);
        assert_true(steps > 100);
        assert_true(cc_test_metric(run, "residual", NULL) <= .01);
        assert_int_equal(cc_test_steps(free_run, steps), CC_OK);
        assert_memory_equal(cc_test_candidate(run), cc_test_candidate(free_run), 20 * sizeof(double));
        assert_int_equal(cc_spent(run, "n_comp"), cc_spent(free_run, "n_comp") + 100); /* the operator that certified it */
        cc_test_close(run);
        cc_test_close(free_run);
    }
}

/* ---- Algorithm 3 ---- */

/* The pseudo-code of the inner solver, word for word, with Phi evaluated as it is written. */
static void literal_forb(const char *problem, int outer, int steps)
{
    cc_run *run = cc_test_run(problem, 6), *twin = cc_test_run(problem, 6);
    const size_t d = finsum_d(run), n = finsum_n(run);
    const double eta = .7, gamma = .02, p = 1 / (double)n;
    double centre[MAX_D], v[MAX_D], w[MAX_D], w_prev[MAX_D], phi[MAX_D], a[MAX_D], c[MAX_D], z[MAX_D], g[MAX_D];
    halpern_forb s = {0};
    int refreshes = 0;
    for (size_t j = 0; j < d; j++) centre[j] = start_of(run)[j] + .1 * sin((double)j);
    assert_int_equal(halpern_forb_init(run, &s, eta, gamma, outer, 4), CC_OK);
    assert_int_equal(halpern_forb_start(run, &s, centre), CC_OK);
    cc_rng coin = cc_stream(twin, HALPERN_REFRESH, 4), draw = cc_stream(twin, HALPERN_COMPONENT, 4);
    memcpy(v, centre, sizeof v), memcpy(w, centre, sizeof w), memcpy(w_prev, centre, sizeof w);
    finsum_peek_full(twin, w, phi);
    for (size_t j = 0; j < d; j++) phi[j] = eta * phi[j] + w[j] - centre[j];
    for (int m = 0; m < steps; m++) {
        size_t id;
        finsum_draw(twin, &draw, 1, &id);
        finsum_peek_comp(twin, id, v, a);
        finsum_peek_comp(twin, id, w_prev, c);
        for (size_t j = 0; j < d; j++) {
            const double difference = eta * (a[j] - c[j]) + (v[j] - w_prev[j]);
            z[j] = (1 - p) * v[j] + p * w[j] - gamma * (phi[j] + difference);
        }
        finsum_resolvent(twin, gamma * eta, z, v);
        memcpy(w_prev, w, sizeof w);
        if (cc_uniform(&coin) < p) {
            memcpy(w, outer ? centre : v, sizeof w);
            finsum_peek_full(twin, w, phi);
            for (size_t j = 0; j < d; j++) phi[j] = eta * phi[j] + w[j] - centre[j];
            refreshes++;
        }
        assert_int_equal(halpern_forb_step(run, &s), CC_OK);
        same_vector(d, s.v, v, 1e-12);
        halpern_forb_normal(&s, g);
        for (size_t j = 0; j < d; j++) assert_near(g[j], (z[j] - v[j]) / (gamma * eta), 1e-9);
    }
    assert_true(refreshes > 20);
    assert_int_equal(cc_spent(run, "n_comp"), (uint64_t)(2 * steps) + (uint64_t)(refreshes + 1) * n);
    cc_test_close(run);
    cc_test_close(twin);
}

static void forb_is_the_pseudo_code(void **unused)
{
    (void)unused;
    literal_forb("finsum_op.bilinear(n=8)", 0, 600);
    literal_forb("finsum_op.bilinear(n=2,rank=1)", 0, 200); /* snapshots follow one another */
    literal_forb("finsum_op.game(n=10)", 0, 600);
    literal_forb("finsum_op.game(n=10,law=uniform)", 1, 600);
    literal_forb("finsum_op.lsq_box(n=12,d=5)", 0, 600);
    literal_forb("finsum_op.qp(n=9)", 0, 600);
}

static void forb_finds_the_resolvent(void **unused)
{
    (void)unused;
    const char *const problems[] = {"finsum_op.bilinear(n=16)", "finsum_op.bilinear(n=16,law=uniform)", "finsum_op.qp(n=16)",
                                    "finsum_op.lsq(n=16,d=3)"};
    for (int k = 0; k < 4; k++) {
        cc_run *run = cc_test_run(problems[k], 1);
        const size_t n = finsum_n(run), d = finsum_d(run);
        const double eta = 4 / cc_test_known(run, "L_avg");
        double exact[MAX_D];
        halpern_forb s = {0};
        assert_int_equal(finsum_exact_resolvent(run, eta, start_of(run), exact), CC_OK);
        assert_int_equal(halpern_forb_init(run, &s, eta, halpern_forb_gamma(n, 4, .5), 0, 0), CC_OK);
        assert_int_equal(halpern_forb_start(run, &s, start_of(run)), CC_OK);
        for (size_t m = 0; m < 150 * n; m++) assert_int_equal(halpern_forb_step(run, &s), CC_OK);
        same_vector(d, s.v, exact, 1e-10);
        cc_test_close(run);
    }
}

/* ---- Algorithm 2 ---- */

static void inner_lengths(void **unused)
{
    (void)unused;
    assert_int_equal(halpern_inner_steps(HALPERN_MK_THEORY, 64, 0), 2689); /* ln(4.25 * 2^8) / ln(1 + 1/384) = 2688.46 */
    assert_int_equal(halpern_inner_steps(HALPERN_MK_SAFE, 64, 0), 888);
    assert_int_equal(halpern_inner_steps(HALPERN_MK_PRACTICAL, 64, 2), 178);
    assert_int_equal(halpern_inner_steps(HALPERN_MK_CODE, 16, 0), 0);
    assert_int_equal(halpern_inner_steps(HALPERN_MK_CODE, 1000, 0), 34);
    assert_near(halpern_forb_gamma(16, 4, .5), .5 * sqrt(15. / 256) / 5, 1e-16);
}

/* Halpern iteration on the exact resolvent, beside the algorithm with proved inner lengths. */
static void inexact_follows_the_exact_resolvent(void **unused)
{
    (void)unused;
    const char *const problems[] = {"finsum_op.bilinear(n=6,rank=2)", "finsum_op.qp(n=10)"};
    for (int which = 0; which < 2; which++) {
        cc_run *run = cc_test_start("halpern.inexact:theory", problems[which], 11), *twin = cc_test_run(problems[which], 11);
        const size_t d = finsum_d(twin), n = finsum_n(twin);
        const double eta = sqrt((double)n) / cc_test_known(twin, "L_avg");
        double u[MAX_D], v[MAX_D];
        const double *u0 = start_of(twin);
        memcpy(u, u0, d * sizeof *u);
        assert_near(cc_test_probe(run, "eta_used"), eta, 1e-14);
        for (int k = 0; k < 12; k++) {
            finsum_exact_resolvent(twin, eta, u, v);
            double P = finsum_distance(d, u, v);
            if (which == 0 && k == 0) assert_near(P, sqrt(3) / 2, 1e-12);
            assert_int_equal(cc_test_step(run), CC_OK);
            const double *candidate = cc_test_candidate(run);
            assert_true(finsum_distance(d, candidate, v) <= (which ? 1e-2 : 1e-3) * P);
            const size_t steps = halpern_inner_steps(HALPERN_MK_THEORY, n, (size_t)k);
            assert_true(cc_test_probe(run, "inner") == (double)steps);
            if (k == 0) { /* that many, of the same draws */
                halpern_forb s = {0};
                halpern_forb_init(twin, &s, eta, ((const halpern_inexact *)cc_test_state(run))->forb.gamma, 0, 0);
                halpern_forb_start(twin, &s, u0);
                for (size_t m = 0; m < steps; m++) halpern_forb_step(twin, &s);
                same_vector(d, candidate, s.v, 0);
            }
            for (size_t j = 0; j < d; j++) assert_near(candidate[d + j], 0, 0);
            for (size_t j = 0; j < d; j++) u[j] = u0[j] / (double)(k + 2) + (1 - 1 / (double)(k + 2)) * v[j];
            if (k > 0) assert_true(P <= 2 * cc_test_known(run, "R") / (double)k);
        }
        cc_test_close(run);
        cc_test_close(twin);
    }
}

static void report_at_u_or_v(void **unused)
{
    (void)unused;
    cc_run *v = cc_test_start("halpern.inexact(res_at=v)", "finsum_op.game(n=10)", 1),
           *u = cc_test_start("halpern.inexact(res_at=u)", "finsum_op.game(n=10)", 1);
    assert_int_equal(cc_test_steps(v, 5), CC_OK);
    assert_int_equal(cc_test_steps(u, 5), CC_OK);
    const halpern_inexact *s = cc_test_state(u);
    same_vector(20, cc_test_candidate(v), s->forb.v, 0);
    same_vector(20, cc_test_candidate(u), s->u, 0);
    assert_true(isnan(((const double *)cc_test_candidate(u))[20])); /* nothing is known of G there */
    assert_near(cc_test_metric(v, "outside", NULL), 0, 1e-12);
    cc_test_close(v);
    cc_test_close(u);
}

/* ---- both ---- */

static void normals_are_normals(void **unused)
{
    (void)unused;
    const char *const algorithms[] = {"halpern.page(outside_theory=true)", "halpern.inexact:practical"};
    const char *const problems[] = {"finsum_op.game(n=20)", "finsum_op.lsq_box(n=40)", "finsum_op.lsq(n=40)"};
    for (int a = 0; a < 2; a++)
        for (int p = 0; p < 3; p++) {
            cc_run *run = cc_test_start(algorithms[a], problems[p], 4);
            for (int k = 0; k < 30; k++) {
                assert_int_equal(cc_test_step(run), CC_OK);
                assert_near(cc_test_metric(run, "outside", NULL), 0, 1e-11);
                assert_true(cc_test_metric(run, "natural", NULL) <= cc_test_metric(run, "residual", NULL) + 1e-12);
            }
            cc_test_close(run);
        }
}

static void same_seed_same_bits(void **unused)
{
    (void)unused;
    const char *const algorithms[] = {"halpern.page", "halpern.page:code", "halpern.page:mini", "halpern.inexact:practical"};
    for (int k = 0; k < 4; k++) {
        cc_run *a = cc_test_start(algorithms[k], "finsum_op.lsq(n=50)", 1),
               *b = cc_test_start(algorithms[k], "finsum_op.lsq(n=50)", 1);
        for (int i = 0; i < 20; i++) {
            assert_int_equal(cc_test_step(a), CC_OK);
            cc_test_metric(a, "natural", NULL); /* looking changes nothing */
            assert_int_equal(cc_test_step(b), CC_OK);
        }
        assert_memory_equal(cc_test_candidate(a), cc_test_candidate(b), 20 * sizeof(double));
        cc_test_close(a);
        cc_test_close(b);
    }
}

static void divergence_is_an_outcome(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("halpern.page(outside_theory=true,eta=100)", "finsum_op.bilinear(n=8)", 1);
    assert_int_equal(cc_test_steps(run, 100000), CC_DONE);
    cc_test_close(run);
    run = cc_test_start("halpern.inexact(c=8)", "finsum_op.bilinear(n=16)", 1);
    assert_int_equal(cc_test_steps(run, 1000), CC_DONE);
    cc_test_close(run);
}

static void bad_input_is_refused(void **unused)
{
    (void)unused;
    cc_test_refused("halpern.page", "finsum_op.bilinear(n=8)", CC_EINVAL, "cocoercive");
    cc_test_refused("halpern.page", "finsum_op.qp(n=8)", CC_EINVAL, "cocoercive");
    cc_test_refused("halpern.page(outside_theory=true,sampling=norepl)", "finsum_op.game(n=8)", CC_EINVAL, "weighted");
    cc_test_refused("halpern.page(sampling=norepl,batch=20)", "finsum_op.lsq(n=16)", CC_EINVAL, "distinct");
    cc_test_refused("halpern.page(batch=2.5)", "finsum_op.lsq(n=16)", CC_EINVAL, "whole number");
    cc_test_refused("halpern.page(eta=0)", "finsum_op.lsq(n=16)", CC_EINVAL, "eta");
    cc_test_refused("halpern.page(eta_L=0)", "finsum_op.lsq(n=16)", CC_EINVAL, "eta");
    cc_test_refused("halpern.page(p=1.5)", "finsum_op.lsq(n=16)", CC_EINVAL, "p=1.5");
    cc_test_refused("halpern.inexact", "finsum_op.lsq(n=1,d=1)", CC_EINVAL, "two components");
    cc_test_refused("halpern.inexact(eta=0)", "finsum_op.qp(n=8)", CC_EINVAL, "eta");
    cc_test_refused("halpern.inexact(c=0)", "finsum_op.qp(n=8)", CC_EINVAL, "gamma");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_dimension),
        cmocka_unit_test(one_dimension_with_a_set),
        cmocka_unit_test(schedule),
        cmocka_unit_test(batch_and_step),
        cmocka_unit_test(full_operator_fixture),
        cmocka_unit_test(page_is_the_pseudo_code),
        cmocka_unit_test(without_recursion_a_batch_is_the_estimate),
        cmocka_unit_test(identical_components_are_exact),
        cmocka_unit_test(cautious_step_keeps_its_bound),
        cmocka_unit_test(certificate_is_free_and_true),
        cmocka_unit_test(forb_is_the_pseudo_code),
        cmocka_unit_test(forb_finds_the_resolvent),
        cmocka_unit_test(inner_lengths),
        cmocka_unit_test(inexact_follows_the_exact_resolvent),
        cmocka_unit_test(report_at_u_or_v),
        cmocka_unit_test(normals_are_normals),
        cmocka_unit_test(same_seed_same_bits),
        cmocka_unit_test(divergence_is_an_outcome),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests_name("halpern", tests, NULL, NULL);
}
