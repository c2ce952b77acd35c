/* problems/finsum_op/test.c: fixtures computed independently, sampling, the projection, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/near.h"
#include "harness/numerics/linalg.h"
#include "harness/testing.h"
#include "problems/finsum_op/finsum_op_problem.h"
#include "problems/finsum_op/simplex.h"
#include "problems/finsum_op/sweep.h"
#include "problems/splitmix.h"

enum { MAX_D = 400 };

static double norm_of_F(cc_run *run, const double *u)
{
    double F[MAX_D];
    assert_int_equal(finsum_peek_full(run, u, F), CC_OK);
    return cc_norm(finsum_d(run), F);
}

/* ---- fixtures ---- */

static void lsq_fixture(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("finsum_op.lsq(n=8,d=3,noise=0.5)", 7);
    const double expected[] = {-.437110575019, -1.319950480684, 1.474840579385};
    double u[6];
    finsum_start(run, u, u + 3);
    for (int j = 0; j < 3; j++) {
        assert_near(u[j], expected[j], 1e-11);
        assert_true(u[3 + j] <= 0 && u[3 + j] >= 0);
    }
    assert_near(norm_of_F(run, u), .340393598154, 1e-11);
    assert_near(cc_test_metric(run, "residual", u), .340393598154, 1e-11);
    assert_near(cc_test_metric(run, "natural", u), .340393598154, 1e-11);
    assert_near(cc_test_metric(run, "dist", u), 1, 1e-14);
    assert_near(cc_test_known(run, "L_F"), .468447557044, 1e-11);
    assert_near(cc_test_known(run, "mu"), .198717653178, 1e-11);
    assert_near(cc_test_known(run, "L_avg"), 1, 0);
    assert_near(cc_test_known(run, "R"), 1, 0);
    cc_test_close(run);
}

/* Halpern with eta = 1/4 and lambda_k = 2/(k+4), by hand on the family's calls. */
static void lsq_halpern_fixture(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("finsum_op.lsq(n=8,d=3,noise=0.5)", 7);
    const struct {
        int k;
        double norm;
    } expected[] = {{1, .310349610774}, {2, .295069219064}, {10, .235361498385}, {100, .067824180545}};
    double u0[3], u[3], g[3], F[3];
    finsum_start(run, u0, g);
    memcpy(u, u0, sizeof u);
    for (int k = 1, next = 0; k <= 100; k++) {
        const double lambda = 2 / (double)(k - 1 + 4);
        finsum_full(run, u, F);
        for (int j = 0; j < 3; j++) u[j] = lambda * u0[j] + (1 - lambda) * u[j] - F[j] / 4;
        if (k == expected[next].k) assert_near(norm_of_F(run, u), expected[next++].norm, 1e-11);
    }
    assert_int_equal(cc_spent(run, "n_comp"), 800);
    assert_int_equal(cc_spent(run, "n_full"), 100);
    cc_test_close(run);
}

static void low_rank_fixture(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("finsum_op.bilinear(n=6,rank=2)", 11);
    const double u0[] = {-.12256762302,  -.224708931505, -.223900209317, -.339402575695, -.358409894679, .412447580361,
                         -.133619095819, -.131781766489, .213293031779,  .534286812909,  .314581217353,  -.073816310577};
    const double resolved[] = {-.183608012077, -.171307587811, .009906618032, -.11886668928, -.247257174845, .248813453238,
                               .144568509768,  -.010501776761, .004309338925, -.00029656545, -.034869740624, .165605657627};
    const double row[] = {.062580498482, -.069727801206, -.270995567946, -.261399462657, -.140202710964, .201202257784};
    double u[24], v[12], e[12] = {0};
    finsum_start(run, u, u + 12);
    for (int j = 0; j < 12; j++) assert_near(u[j], u0[j], 1e-11);
    assert_near(norm_of_F(run, u), .707106781187, 1e-11);
    assert_near(cc_test_metric(run, "dist", u), 1, 1e-12);
    assert_near(cc_test_known(run, "L_avg"), 1, 1e-12);
    assert_near(cc_test_known(run, "L_F"), sqrt(.5), 1e-12);
    e[6] = 1; /* F(0, e_0) = (A_0:', 0) */
    finsum_full(run, e, v);
    for (int j = 0; j < 6; j++) assert_near(v[j], row[j], 1e-11);
    assert_int_equal(finsum_exact_resolvent(run, sqrt(6), u, v), CC_OK);
    double moved = 0;
    for (int j = 0; j < 12; j++) {
        assert_near(v[j], resolved[j], 1e-11);
        moved += (u[j] - v[j]) * (u[j] - v[j]);
    }
    assert_near(sqrt(moved), sqrt(3) / 2, 1e-12);
    cc_test_close(run);
}

static void game_fixture(void **unused)
{
    (void)unused;
    const struct {
        int n;
        double frobenius, spectral, natural;
    } expected[] = {{5, 2.4682014345, 2.2015440786, .400425211057},
                    {20, 13.3798645127, 12.9348710414, .413177622071},
                    {100, 92.9335206143, 92.2502898966, .351735906375}};
    for (size_t k = 0; k < 3; k++) {
        char spec[64];
        double u[2 * MAX_D];
        snprintf(spec, sizeof spec, "finsum_op.game(n=%d)", expected[k].n);
        cc_run *run = cc_test_run(spec, 3);
        finsum_start(run, u, u + 2 * expected[k].n);
        assert_near(cc_test_known(run, "L_avg"), expected[k].frobenius, 1e-9);
        assert_near(cc_test_known(run, "L_F"), expected[k].spectral, 1e-9);
        assert_near(cc_test_metric(run, "natural", u), expected[k].natural, 1e-11);
        assert_true(isnan(cc_test_metric(run, "dist", u)));
        cc_test_close(run);
    }
}

/* After many extragradient steps min_j (A'y)_j and max_i (Ax)_i enclose the value, which a linear programme gave, closely. */
static void game_value(void **unused)
{
    (void)unused;
    const struct {
        int n;
        double value, gap;
    } expected[] = {{5, .142450040844, 1e-11}, {20, .150789254562, 1e-5}};
    for (size_t k = 0; k < 2; k++) {
        char spec[64];
        const size_t n = (size_t)expected[k].n, d = 2 * n;
        double z[80], half[80], F[80], low = INFINITY, high = -INFINITY;
        snprintf(spec, sizeof spec, "finsum_op.game(n=%zu)", n);
        cc_run *run = cc_test_run(spec, 3);
        const double eta = .9 / cc_test_known(run, "L_F");
        finsum_start(run, z, F);
        for (int step = 0; step < 60000; step++) {
            finsum_full(run, z, F);
            for (size_t j = 0; j < d; j++) half[j] = z[j] - eta * F[j];
            finsum_resolvent(run, eta, half, half);
            finsum_full(run, half, F);
            for (size_t j = 0; j < d; j++) z[j] -= eta * F[j];
            finsum_resolvent(run, eta, z, z);
        }
        finsum_full(run, z, F);
        for (size_t j = 0; j < n; j++) {
            low = fmin(low, F[j]);
            high = fmax(high, -F[n + j]);
        }
        assert_true(low <= expected[k].value + 1e-12 && expected[k].value <= high + 1e-12);
        assert_near(low, high, expected[k].gap);
        assert_near(cc_test_metric(run, "gap", z), high - low, 1e-15);
        cc_test_close(run);
    }
}

static void qp_fixture(void **unused)
{
    (void)unused;
    const struct {
        int n;
        double residual, R, L_F, L_avg;
    } expected[] = {{4, .566823660851, 5.2440442409, NAN, NAN},
                    {50, 1.785372860217, 207.0930708643, .8084507429, 3.71948038},
                    {200, 3.544362215636, 1639.0698612323, .8089810638, 7.43896077}};
    for (size_t k = 0; k < 3; k++) {
        char spec[64];
        double u[2 * MAX_D] = {0};
        const size_t n = (size_t)expected[k].n;
        snprintf(spec, sizeof spec, "finsum_op.qp(n=%zu)", n);
        cc_run *run = cc_test_run(spec, 0);
        finsum_start(run, u, u + 2 * n);
        assert_near(norm_of_F(run, u), expected[k].residual, 1e-11);
        assert_near(cc_test_known(run, "R"), expected[k].R, 1e-9);
        if (!isnan(expected[k].L_F)) assert_near(cc_test_known(run, "L_F"), expected[k].L_F, 1e-9);
        if (!isnan(expected[k].L_avg)) assert_near(cc_test_known(run, "L_avg"), expected[k].L_avg, 1e-7);
        for (size_t j = 0; j < n; j++) {
            u[j] = (double)j + 1;
            u[n + j] = -.5;
        }
        assert_near(norm_of_F(run, u), 0, 1e-13);
        cc_test_close(run);
    }
}

static void box_binds(void **unused)
{
    (void)unused;
    for (uint64_t seed = 0; seed < 5; seed++) {
        cc_run *run = cc_test_run("finsum_op.lsq_box(n=64)", seed);
        const cc_oracle *o = cc_oracle_of(run);
        double zero[20];
        ((const finsum_ops *)o->ops)->nearest_zero(o, NULL, zero);
        assert_true(norm_of_F(run, zero) > 1e-3); /* the solution is on the boundary: F alone does not vanish there */
        finsum_peek_full(run, zero, zero + 10);
        for (int j = 10; j < 20; j++) zero[j] = -zero[j];
        assert_near(cc_test_metric(run, "outside", zero), 0, 1e-12); /* and -F(u*) is in G(u*) */
        assert_near(cc_test_metric(run, "residual", zero), 0, 1e-15);
        zero[10] += 1;
        assert_true(cc_test_metric(run, "residual", zero) > .9);
        cc_test_close(run);
    }
}

/* ---- sampling, projection, refusals ---- */

static void alias_frequencies(void **unused)
{
    (void)unused;
    enum { N = 5, DRAWS = 200000 };
    const double q[N] = {.5, .25, .125, .125, 0};
    cc_run *run = cc_test_run(NULL, 1);
    finsum_alias alias;
    int count[N] = {0};
    assert_int_equal(finsum_alias_make(run, N, q, &alias), CC_OK);
    double mass[N] = {0}; /* the table itself, exactly */
    for (size_t i = 0; i < N; i++) {
        mass[i] += alias.keep[i] / N;
        mass[alias.other[i]] += (1 - alias.keep[i]) / N;
    }
    for (size_t i = 0; i < N; i++) assert_near(mass[i], q[i], 1e-15);
    cc_rng rng = cc_stream(run, 9, 0);
    for (int k = 0; k < DRAWS; k++) count[finsum_alias_draw(&alias, &rng)]++;
    for (size_t i = 0; i < N; i++) assert_near((double)count[i] / DRAWS, q[i], 4.5 * sqrt(q[i] * (1 - q[i]) / DRAWS));
    const double short_sum[2] = {.5, .4}, negative[2] = {1.5, -.5};
    assert_int_equal(finsum_alias_make(run, 2, short_sum, &alias), CC_EINVAL);
    assert_int_equal(finsum_alias_make(run, 2, negative, &alias), CC_EINVAL);
    assert_int_equal(finsum_alias_make(run, 0, q, &alias), CC_EINVAL);
    cc_test_close(run);
}

static void distinct_draws(void **unused)
{
    (void)unused;
    enum { N = 6, B = 3, DRAWS = 60000 };
    cc_run *run = cc_test_run("finsum_op.lsq(n=6,d=2)", 1);
    cc_rng rng = cc_stream(run, 9, 0);
    size_t ids[N];
    int pair = 0, single = 0;
    for (int k = 0; k < DRAWS; k++) {
        assert_int_equal(finsum_draw_distinct(run, &rng, B, ids), CC_OK);
        int has2 = 0, has5 = 0;
        for (int i = 0; i < B; i++) {
            assert_true(ids[i] < N);
            for (int j = 0; j < i; j++) assert_true(ids[i] != ids[j]);
            has2 |= ids[i] == 2, has5 |= ids[i] == 5;
        }
        single += has2, pair += has2 && has5;
    }
    assert_near((double)single / DRAWS, .5, 4.5 * sqrt(.25 / DRAWS));
    assert_near((double)pair / DRAWS, .2, 4.5 * sqrt(.16 / DRAWS)); /* B (B-1) / (N (N-1)) */
    assert_int_equal(finsum_draw_distinct(run, &rng, N, ids), CC_OK);
    assert_int_equal(finsum_draw_distinct(run, &rng, N + 1, ids), CC_EINVAL);
    cc_test_close(run);
    run = cc_test_run("finsum_op.game(n=5)", 1);
    assert_int_equal(finsum_draw_distinct(run, &rng, 2, ids), CC_EINVAL); /* a weighted law */
    cc_test_close(run);
}

static int descending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* The threshold by sorting, as in the textbook. */
static double sorted_threshold(size_t n, const double *y)
{
    double s[64], sum = 0, tau = 0;
    memcpy(s, y, n * sizeof *s);
    qsort(s, n, sizeof *s, descending);
    for (size_t j = 0; j < n; j++) {
        sum += s[j];
        if (s[j] * (double)(j + 1) > sum - 1) tau = (sum - 1) / (double)(j + 1);
    }
    return tau;
}

static void simplex_projection(void **unused)
{
    (void)unused;
    const double fixtures[3][2][3] = {{{.5, .4, .9}, {.2333333333333333, .1333333333333333, .6333333333333333}},
                                      {{2, 0, 0}, {1, 0, 0}},
                                      {{.3, .3, .4}, {.3, .3, .4}}};
    double x[64], y[64], tau = NAN;
    for (int k = 0; k < 3; k++) {
        finsum_simplex(3, fixtures[k][0], x, &tau); /* the threshold of the last one is the guess for this one */
        for (int j = 0; j < 3; j++) assert_near(x[j], fixtures[k][1][j], 1e-15);
    }
    uint64_t stream = 8;
    const double guesses[] = {NAN, -1e3, 0, .3, 1e3};
    for (int trial = 0; trial < 2000; trial++) {
        const size_t n = 1 + (size_t)(cc_sm64_next(&stream) % 64);
        const double scale = pow(10, 3 * cc_sm64_uniform(&stream) - 2);
        for (size_t j = 0; j < n; j++) y[j] = scale * cc_sm64_normal(&stream);
        if (trial % 3 == 0)
            for (size_t j = 0; j < n; j++) y[j] = round(y[j]); /* ties */
        tau = guesses[trial % 5];
        finsum_simplex(n, y, x, &tau);
        const double expected = sorted_threshold(n, y);
        assert_near(tau, expected, 1e-13 * (1 + scale));
        for (size_t j = 0; j < n; j++) assert_near(x[j], fmax(y[j] - expected, 0), 1e-13 * (1 + scale));
    }
    y[0] = NAN, y[1] = .5;
    finsum_simplex(2, y, x, &tau);
    assert_true(isnan(x[0]));
}

static void both_products(void **unused)
{
    (void)unused;
    enum { N = 37 };
    double a[N * N], x[N], y[N], aty[N], ax[N];
    uint64_t stream = 4;
    for (size_t k = 0; k < N * N; k++) a[k] = cc_sm64_normal(&stream);
    for (size_t j = 0; j < N; j++) x[j] = cc_sm64_normal(&stream), y[j] = cc_sm64_normal(&stream);
    for (size_t n = 1; n <= N; n++) {
        finsum_sweep(n, a, x, y, aty, ax);
        for (size_t i = 0; i < n; i++) {
            double row = 0, column = 0;
            for (size_t j = 0; j < n; j++) row += a[i * n + j] * x[j], column += a[j * n + i] * y[j];
            assert_near(ax[i], row, 1e-13);
            assert_near(aty[i], column, 1e-13);
        }
    }
}

static void full_nan(const cc_oracle *o, const double *u, double *out)
{
    (void)u;
    for (size_t j = 0; j < ((const finsum_instance *)o->instance)->d; j++) out[j] = NAN;
}
static void full_identity(const cc_oracle *o, const double *u, double *out)
{
    memcpy(out, u, ((const finsum_instance *)o->instance)->d * sizeof *out);
}
static void doubling(const cc_oracle *o, double eta, const double *u, double *out, double *hint)
{
    (void)eta, (void)hint;
    for (size_t j = 0; j < ((const finsum_instance *)o->instance)->d; j++) out[j] = 2 * u[j];
}

static void bad_problems_are_refused(void **unused)
{
    (void)unused;
    cc_test_refused(NULL, "finsum_op.lsq(n=0)", CC_EINVAL, "n");
    cc_test_refused(NULL, "finsum_op.lsq(n=4,d=5)", CC_EINVAL, "d = 5");
    cc_test_refused(NULL, "finsum_op.bilinear(n=4,rank=5)", CC_EINVAL, "rank 5");
    cc_test_refused(NULL, "finsum_op.qp(n=1)", CC_EINVAL, "n");
    cc_run *run = cc_test_run(NULL, 0);
    double u0[2] = {1, 2};
    const finsum_ops nan_ops = {.full = full_nan}, good = {.full = full_identity},
                     expanding = {.full = full_identity, .resolvent = doubling};
    finsum_instance p = {.n = 3, .d = 2, .L_avg = 1, .L_F = 1, .u0 = u0, .law = {.n = 3}};
    assert_int_equal(finsum_validate(run, &p, &good), CC_OK);
    assert_int_equal(finsum_validate(run, &p, &nan_ops), CC_ENUMERIC);
    assert_int_equal(finsum_validate(run, &p, &expanding), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "expands"));
    p.L_avg = 0;
    assert_int_equal(finsum_validate(run, &p, &good), CC_EINVAL);
    p.L_avg = 1, p.law.n = 4;
    assert_int_equal(finsum_validate(run, &p, &good), CC_EINVAL);
    p.law.n = 3, p.n = 0;
    assert_int_equal(finsum_validate(run, &p, &good), CC_EINVAL);
    p.n = 3, u0[1] = NAN;
    assert_int_equal(finsum_validate(run, &p, &good), CC_ENUMERIC);
    cc_test_close(run);
}

static void non_finite_is_an_error(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("finsum_op.lsq(n=4,d=2)", 0);
    double u[2] = {NAN, 0}, v[2] = {0, 0}, out[2] = {0};
    const size_t id = 1;
    assert_int_equal(finsum_full(run, u, out), CC_ENUMERIC);
    assert_int_equal(finsum_comp(run, 1, u, out), CC_ENUMERIC);
    assert_int_equal(finsum_diff(run, 1, &id, u, v, 1, out), CC_ENUMERIC);
    cc_test_close(run);
}

/* A metric between two steps changes neither the bill nor the run. */
static void metrics_are_free(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("finsum_op.game(n=20)", 1);
    double u[80], out[40];
    finsum_start(run, u, u + 40);
    finsum_resolvent(run, 1, u, out);
    const finsum_env *e = cc_oracle_of(run)->env;
    const double hint = e->hint[0][0];
    assert_true(cc_test_metric(run, "residual", u) > 0);
    assert_true(cc_test_metric(run, "natural", u) > 0);
    assert_true(cc_test_metric(run, "gap", u) > 0);
    assert_true(cc_test_metric(run, "outside", u) <= 1e-15);
    assert_true(e->hint[0][0] <= hint && e->hint[0][0] >= hint);
    assert_int_equal(cc_spent(run, "n_comp"), 0);
    assert_int_equal(cc_spent(run, "n_prox"), 1);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lsq_fixture),
        cmocka_unit_test(lsq_halpern_fixture),
        cmocka_unit_test(low_rank_fixture),
        cmocka_unit_test(game_fixture),
        cmocka_unit_test(game_value),
        cmocka_unit_test(qp_fixture),
        cmocka_unit_test(box_binds),
        cmocka_unit_test(alias_frequencies),
        cmocka_unit_test(distinct_draws),
        cmocka_unit_test(simplex_projection),
        cmocka_unit_test(both_products),
        cmocka_unit_test(bad_problems_are_refused),
        cmocka_unit_test(non_finite_is_an_error),
        cmocka_unit_test(metrics_are_free),
    };
    return cmocka_run_group_tests_name("finsum_op", tests, NULL, NULL);
}
