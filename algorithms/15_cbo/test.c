/* The kernels against published values, the methods against their edges, and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/15_cbo/cbo.h"
#include "harness/near.h"
#include "harness/testing.h"
#include "problems/smooth/smooth.h"

/* (.5, -1), (1.5, .25), (-.75, 2), (.1, .2): a row a coordinate */
static const double X[] = {.5, 1.5, -.75, .1, -1, .25, 2, .2};

static void energies_are_the_published_ones(void **state)
{
    (void)state;
    static const double noisy[] = {27.97908212194956, 28.30128228026509, 28.57679249934371, 0.44575867704453};
    static const double mild[] = {25.85804581614998, 26.39195822807461, 26.573772580504, 0.32108968272929};
    static const double rastrigin[] = {6.25, 9.8125, 7.0625, 2.25491502812526};
    static const struct {
        const char *problem;
        const double *e;
    } cases[] = {{"smooth.canyon", noisy}, {"smooth.canyon(ripple=0.25)", mild}, {"smooth.rastrigin", rastrigin}};
    for (size_t k = 0; k < 3; k++) {
        cc_run *run = cc_test_run(cases[k].problem, 0);
        double e[4], single;
        assert_int_equal(smooth_value_batch(run, 4, X, e), CC_OK);
        assert_true(cc_spent(run, "n_f") == 4);
        for (size_t i = 0; i < 4; i++) {
            assert_near(e[i], cases[k].e[i], 1e-11);
            assert_int_equal(smooth_value(run, (double[]){X[i], X[4 + i]}, &single), CC_OK);
            assert_near(single, e[i], 1e-13);
        }
        cc_test_close(run);
    }
    cc_run *run = cc_test_run("smooth.canyon", 0);
    double e;
    assert_int_equal(smooth_value_batch(run, 1, (double[]){8, 8}, &e), CC_OK);
    assert_near(e, 39.0125366353719, 1e-11);
    assert_int_equal(smooth_value_batch(run, 1, (double[]){0, 0}, &e), CC_OK);
    assert_near(e, 0, 1e-12);
    cc_test_close(run);
    run = cc_test_run("smooth.quad(d=2)", 0);
    assert_int_equal(smooth_value_batch(run, 4, X, &e), CC_EINVAL);
    cc_test_close(run);
}

static void gradients_of_landscapes_are_derivatives(void **state)
{
    (void)state;
    static const char *const problems[] = {"smooth.canyon", "smooth.canyon(ripple=0.25)", "smooth.rastrigin"};
    const double h = 1e-6;
    for (size_t k = 0; k < 3; k++) {
        cc_run *run = cc_test_run(problems[k], 0);
        for (int i = 0; i < 40; i++) {
            double x[] = {4 * sin(1 + i), 4 * cos(2 + 3 * i)}, g[2], ahead, behind;
            assert_int_equal(smooth_grad(run, x, g), CC_OK);
            for (int j = 0; j < 2; j++) {
                const double at = x[j];
                x[j] = at + h, smooth_value(run, x, &ahead);
                x[j] = at - h, smooth_value(run, x, &behind);
                x[j] = at;
                assert_near(g[j], (ahead - behind) / (2 * h), 1e-5 * (1 + fabs(g[j])));
            }
        }
        cc_test_close(run);
    }
}

static void consensus_of_four_points(void **state)
{
    (void)state;
    static const double canyon[] = {27.97908212194956, 28.30128228026509, 28.57679249934371, 0.44575867704453};
    static const struct {
        double alpha, x, y;
    } cases[] = {{0, .3375, .3625}, {1, .10112055281846, .19283480248531}, {5, .10000000081408, .1999999975305}, {1e15, .1, .2}};
    static const double e[] = {6.25, 9.8125, 7.0625, 2.25491502812526};
    double w[4], c[2];
    for (size_t k = 0; k < 4; k++) {
        assert_int_equal(cbo_consensus(2, 4, X, e, cases[k].alpha, w, c), 0);
        assert_near(c[0], cases[k].x, 1e-13), assert_near(c[1], cases[k].y, 1e-13);
    }
    cbo_consensus(2, 4, X, canyon, 1, w, c);
    assert_near(c[0], .10000000000104, 1e-13), assert_near(c[1], .19999999999981, 1e-13);
    const double shifted[] = {6.25 + 1e6, 9.8125 + 1e6, 7.0625 + 1e6, 2.25491502812526 + 1e6}; /* only differences count */
    cbo_consensus(2, 4, X, shifted, 1, w, c);
    assert_near(c[0], .10112055281846, 1e-9);
    const double ties[] = {7, 3, 7, 3};
    cbo_consensus(2, 4, X, ties, 1e15, w, c);
    assert_near(c[0], .8, 1e-15), assert_near(c[1], .225, 1e-15);
}

static void energies_that_are_no_numbers(void **state)
{
    (void)state;
    double w[4], c[2];
    const double some[] = {INFINITY, 1, INFINITY, 1}, none[] = {INFINITY, INFINITY, INFINITY, INFINITY}, nan_too[] = {1, NAN, 2, 3};
    for (int k = 0; k < 2; k++) {
        assert_int_equal(cbo_consensus(2, 4, X, some, k ? 0 : 1, w, c), 0);
        assert_near(c[0], .8, 1e-15);
    }
    assert_int_equal(cbo_consensus(2, 4, X, none, 1, w, c), -1);
    assert_int_equal(cbo_consensus(2, 4, X, nan_too, 1, w, c), -1);
    assert_int_equal(cbo_consensus(2, 4, X, (double[]){1, 2, 3, NAN}, 1, w, c), -1);
}

static void alpha_by_effective_sample_size(void **state)
{
    (void)state;
    double e[100], w[100], sum = 0, square = 0;
    for (int i = 0; i < 100; i++) e[i] = i * i / 50.;
    const double alpha = cbo_alpha(100, e, .3, w);
    for (int i = 0; i < 100; i++) sum += exp(-alpha * e[i]), square += exp(-2 * alpha * e[i]);
    assert_near(sum * sum / square, 30, 1e-6);
}

/* Each of the six orders of three energies a sixth of the time. */
static void shuffles_are_uniform(void **state)
{
    (void)state;
    cc_run *run = cc_test_run(NULL, 0);
    cc_rng rng = cc_stream(run, 1, 0);
    int count[3][3][3] = {0};
    for (int k = 0; k < 6000; k++) {
        double e[] = {0, 1, 2, -7};
        cbo_shuffle(&rng, 3, e);
        assert_true(e[3] == -7);
        for (int i = 0; i < 3; i++) assert_true(e[i] == 0 || e[i] == 1 || e[i] == 2);
        count[(int)e[0]][(int)e[1]][(int)e[2]]++;
    }
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            if (a != b) assert_near(count[a][b][3 - a - b], 1000, 5 * sqrt(1000 * 5. / 6));
    cc_test_close(run);
}

/* Cold weights pick one particle: with shuffled energies another one. */
static void shuffled_weights_belong_to_other_particles(void **state)
{
    (void)state;
    cc_run *plain = cc_test_start("cbo.cbo(N=50,alpha=1e15)", "smooth.canyon", 0),
           *shuffled = cc_test_start("cbo.cbo(N=50,alpha=1e15,shuffled=true)", "smooth.canyon", 0);
    const double *c = cc_test_candidate(plain), *d = cc_test_candidate(shuffled);
    assert_true(c[0] != d[0] && c[1] != d[1]);
    cc_test_close(plain);
    cc_test_close(shuffled);
}

/* One particle at distance (3, 4) from the consensus. */
static void a_particle_moves_as_its_noise_model_says(void **state)
{
    (void)state;
    const double c[] = {1, 1}, xi[] = {.5, -2};
    static const double expected[3][2] = {{4 - .3 + .2 * 5 * .5, 5 - .4 - .2 * 5 * 2},
                                          {4 - .3 + .2 * 3 * .5, 5 - .4 - .2 * 4 * 2},
                                          {4 - .3 + .2 * .5, 5 - .4 - .2 * 2}};
    for (int noise = 0; noise < 3; noise++) {
        double x[] = {4, 5}, work[1];
        cbo_move(2, 1, x, c, (cbo_noise)noise, .1, .2, xi, work);
        assert_near(x[0], expected[noise][0], 1e-15), assert_near(x[1], expected[noise][1], 1e-15);
    }
}

/* Without noise each step contracts the cloud towards the consensus by 1 - lambda dt; with lambda dt = 1 at once. */
static void without_noise_the_cloud_contracts(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("cbo.cbo(N=10,sigma=0,lambda=100,alpha=3)", "smooth.rastrigin", 0);
    double first[2], again[2];
    memcpy(first, cc_test_candidate(run), sizeof first);
    assert_int_equal(cc_test_steps(run, 2), CC_OK);
    memcpy(again, cc_test_candidate(run), sizeof again);
    assert_near(again[0], first[0], 1e-14), assert_near(again[1], first[1], 1e-14);
    assert_true(cc_spent(run, "n_f") == 30);
    assert_near(cc_test_probe(run, "moment"), (first[0] * first[0] + first[1] * first[1]) / 2, 1e-14);
    cc_test_close(run);
}

static void clouds_start_where_they_are_told(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("cbo.cbo(N=4000,alpha=0,std=0.5)", "smooth.canyon", 0);
    const double *c = cc_test_candidate(run);
    assert_near(c[0], 8, 5 * .5 / sqrt(4000)), assert_near(c[1], 8, 5 * .5 / sqrt(4000));
    assert_near(cc_test_probe(run, "moment"), 64 + .25, .5);
    cc_test_close(run);
    run = cc_test_start("cbo.hopping(N=4000,alpha=0,stilde=0.5,mean=3)", "smooth.canyon", 0);
    assert_near(((const double *)cc_test_candidate(run))[0], 3, 5 * .5 / sqrt(4000));
    cc_test_close(run);
}

/* After `shrink_every` steps the cloud of CH is narrower: its moment around a fixed consensus shows by how much. */
static void hopping_clouds_shrink_on_schedule(void **state)
{
    (void)state;
    cc_run *run =
        cc_test_start("cbo.hopping(N=20000,alpha=0,stilde=1,mean=0,shrink=0.5,shrink_every=2)", "smooth.rastrigin(d=1)", 0);
    static const double width[] = {1, .5, .5, .25};
    for (int k = 0; k < 4; k++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_near(sqrt(2 * cc_test_probe(run, "moment")), width[k], .03 * width[k] + .02);
    }
    cc_test_close(run);
}

/* Infinitely many particles around m on log(1 + x^2): the weights of E + (x - m)^2/(2 tau) on fine nodes give the published hops.
 */
static void hops_of_the_mean_field(void **state)
{
    (void)state;
    enum { NODES = 20001 };
    static double x[NODES], e[NODES], w[NODES];
    static const double cases[][4] = {{1.5, .1, 10, 1.405645197752}, {-2, .3, 50, -1.740851250284}, {.4, .05, 3, .368623958740}};
    for (int k = 0; k < 3; k++) {
        const double m = cases[k][0], tau = cases[k][1], alpha = cases[k][2], half = 14 * sqrt(tau / alpha) + tau;
        double c;
        for (int i = 0; i < NODES; i++) {
            x[i] = m + ((double)i / (NODES - 1) * 2 - 1) * half;
            e[i] = log1p(x[i] * x[i]) + (x[i] - m) * (x[i] - m) / (2 * tau);
        }
        assert_int_equal(cbo_consensus(1, NODES, x, e, alpha, w, &c), 0);
        assert_near(c, cases[k][3], 1e-11);
    }
}

static double wavy(double x) { return log1p(x * x) + .3 * (1 - cos(3 * x)); }

/* The consensus of infinitely many copies of four particles after one step of CBO. The noise of a particle is t with the density
 * exp(-t^2/2), which the weights of wavy + t^2/(2 alpha) have in them; each of the four has the same mass before weighting. */
static void steps_of_the_mean_field(void **state)
{
    (void)state;
    enum { NODES = 2001, ALL = 4 * NODES };
    static double x[ALL], t[ALL], e[ALL], w[ALL];
    static const double cases[][2] = {{20, .170528148617}, {25, .227554204548}}, cloud[] = {-1, .5, 2, .8};
    const double alpha = 5, dt = .04, sigma = 1.2;
    double c, next, energy[4];
    for (int i = 0; i < 4; i++) energy[i] = wavy(cloud[i]);
    assert_int_equal(cbo_consensus(1, 4, cloud, energy, alpha, w, &c), 0);
    assert_near(c, .499439264673, 1e-12);
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < ALL; i++) x[i] = cloud[i / NODES], t[i] = (i % NODES - NODES / 2) * 12. / (NODES / 2);
        cbo_move(1, ALL, x, &c, CBO_ISOTROPIC, cases[k][0] * dt, sigma * sqrt(dt), t, w);
        for (int i = 0; i < ALL; i++) e[i] = wavy(x[i]) + t[i] * t[i] / (2 * alpha);
        assert_int_equal(cbo_consensus(1, ALL, x, e, alpha, w, &next), 0);
        assert_near(next, cases[k][1], 1e-11);
    }
}

static void what_cannot_work_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *algorithm, *message;
    } cases[] = {
        {"cbo.cbo(N=1)", "N"},       {"cbo.cbo(alpha=-1)", "alpha"},       {"cbo.cbo(sigma=-1)", "sigma"},
        {"cbo.cbo(dt=0)", "dt = 0"}, {"cbo.cbo(lambda=200)", "lambda dt"}, {"cbo.hopping(stilde=-1)", "stilde"},
        {"cbo.hopping(N=1)", "N"},
    };
    char message[512];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(cc_test_try(cases[i].algorithm, "smooth.canyon", 0, message), CC_EINVAL);
        assert_non_null(strstr(message, cases[i].message));
    }
    assert_int_equal(cc_test_try("cbo.cbo", "smooth.quad", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "values of many points"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energies_are_the_published_ones),
        cmocka_unit_test(gradients_of_landscapes_are_derivatives),
        cmocka_unit_test(consensus_of_four_points),
        cmocka_unit_test(energies_that_are_no_numbers),
        cmocka_unit_test(alpha_by_effective_sample_size),
        cmocka_unit_test(a_particle_moves_as_its_noise_model_says),
        cmocka_unit_test(without_noise_the_cloud_contracts),
        cmocka_unit_test(clouds_start_where_they_are_told),
        cmocka_unit_test(hopping_clouds_shrink_on_schedule),
        cmocka_unit_test(shuffles_are_uniform),
        cmocka_unit_test(shuffled_weights_belong_to_other_particles),
        cmocka_unit_test(hops_of_the_mean_field),
        cmocka_unit_test(steps_of_the_mean_field),
        cmocka_unit_test(what_cannot_work_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
