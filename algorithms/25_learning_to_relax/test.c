/* algorithms/25_learning_to_relax/test.c: the learners against fixtures and literal transcriptions, the bounds against tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/25_learning_to_relax/measures.h"
#include "algorithms/25_learning_to_relax/relax.h"
#include "harness/near.h"
#include "harness/numerics/linalg.h"
#include "harness/testing.h"
#include "problems/online/sequence.h"

/* ---- Tsallis-INF ---- */

static void weights_are_the_published_ones(void **unused)
{
    (void)unused;
    const struct {
        size_t d;
        double eta, L[4], x, p[4];
    } expected[] = {
        {4, 1, {0, 0, 0, 0}, -4, {.25, .25, .25, .25}},
        {4, .5, {0, 1, 2, 5}, -6.521101467549, {.376251350114, .282850588743, .220357841185, .120540219958}},
        {4, 2, {0, 1, 2, 5}, -1.217833187167, {.674255333233, .203302277682, .096576830193, .025865558892}},
        {3, .2, {10, 10.5, 30}, -4.531584235543, {.473558975724, .442578680979, .083862343297}},
    };
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        double p[4];
        assert_near(relax_tsallis_weights(expected[k].d, expected[k].eta, expected[k].L, p), expected[k].x, 1e-10);
        for (size_t i = 0; i < expected[k].d; i++) assert_near(p[i], expected[k].p[i], 1e-11);
    }
}

/* The optimality condition of argmin <L, p> - (4/eta) sum sqrt(p): L_i - 2/(eta sqrt(p_i)) is the same for all arms. */
static void weights_are_optimal_however_wild_the_losses(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 3);
    cc_rng rng = cc_stream(run, 7, 0);
    for (int trial = 0; trial < 300; trial++) {
        const size_t d = 2 + (size_t)cc_below(&rng, 60);
        const double eta = pow(10, -4 + 5 * cc_uniform(&rng)), spread = pow(10, 8 * cc_uniform(&rng));
        double L[64], p[64], sum = 0;
        for (size_t i = 0; i < d; i++) L[i] = spread * cc_uniform(&rng);
        const double x = relax_tsallis_weights(d, eta, L, p);
        for (size_t i = 0; i < d; i++) {
            assert_true(p[i] > 0 && p[i] <= 1);
            sum += p[i];
            assert_near((L[i] - 2 / (eta * sqrt(p[i]))) / x, 1, 1e-6);
        }
        assert_near(sum, 1, 1e-12);
    }
    cc_test_close(run);
}

/* The pseudo-code in plain arrays, fed with the losses of the run itself. */
static void literal_tsallis(const char *algorithm, const char *problem, size_t m, double K, int rounds)
{
    cc_run *run = cc_test_start(algorithm, problem, 5), *twin = cc_test_run(problem, 5);
    cc_rng choice = cc_stream(run, RELAX_CHOICE, 0);
    double k[8][20] = {{0}}, sum[8] = {0}, low = 0, high = 1, context = .5, least_p = 1;
    double t[8] = {0};
    if (m > 1) assert_int_equal(online_context_range(twin, &low, &high), CC_OK);
    for (int round = 0; round < rounds; round++) {
        size_t bin = 0;
        if (m > 1) assert_int_equal(online_context(twin, &context), CC_OK);
        for (size_t j = 1; j < m; j++)
            if (fabs(low + (high - low) * ((double)j + .5) / (double)m - context) <
                fabs(low + (high - low) * ((double)bin + .5) / (double)m - context))
                bin = j;
        const double scale = K > 0 ? K : t[bin] > 0 && sum[bin] > 0 ? sum[bin] / t[bin] : 1;
        double L[20], p[20], u = cc_uniform(&choice), loss;
        for (int i = 0; i < 20; i++) L[i] = k[bin][i] / scale;
        relax_tsallis_weights(20, 2 / sqrt(t[bin] + 1), L, p);
        size_t arm = 0;
        while (arm < 19 && u >= p[arm]) u -= p[arm++];
        const double x = 1 + .05 * (double)arm;
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_near(*(const double *)cc_test_candidate(run), x, 1e-12);
        assert_int_equal(online_play(twin, &x, &loss), CC_OK);
        assert_near(cc_test_metric(run, "loss", NULL), loss, 0);
        t[bin]++, sum[bin] += loss - 1, k[bin][arm] += (loss - 1) / p[arm];
        least_p = fmin(least_p, p[arm]);
        assert_near(cc_test_probe(run, "eta"), 2 / sqrt(t[bin]), 1e-15);
        assert_near(cc_test_probe(run, "least_p"), least_p, 1e-12);
    }
    cc_test_close(run);
    cc_test_close(twin);
}

static void tsallis_is_the_pseudo_code(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run("online.sor(side=4,T=600)", 5);
    const double K = cc_test_known(run, "loss_max") - 1;
    cc_test_close(run);
    literal_tsallis("relax.tsallis", "online.sor(side=4,T=600)", 1, 0, 600);
    literal_tsallis("relax.tsallis:theory", "online.sor(side=4,T=600)", 1, K, 600);
    literal_tsallis("relax.tsallis(norm=fixed,K=50)", "online.sor(side=4,T=600)", 1, 50, 600);
    literal_tsallis("relax.tsallis:cb", "online.sor(side=4,T=600)", 5, 0, 600);
    literal_tsallis("relax.tsallis(m=6)", "online.heat(nx=8,T=300)", 6, 0, 300);
}

static void bins_are_the_nearest_centres(void **unused)
{
    (void)unused;
    assert_int_equal(relax_bin_of(5, -.15, .65, -.15), 0);
    assert_int_equal(relax_bin_of(5, -.15, .65, .0099), 0);
    assert_int_equal(relax_bin_of(5, -.15, .65, .0101), 1);
    assert_int_equal(relax_bin_of(5, -.15, .65, .65), 4);
    assert_int_equal(relax_bin_of(5, -.15, .65, 7), 4);
    assert_int_equal(relax_bin_of(5, -.15, .65, -7), 0);
}

/* ---- ChebCB ---- */

static void chebyshev_values(void **unused)
{
    (void)unused;
    const double expected[] = {1, .3, -.82, -.792, .3448, .99888};
    double f[6], one[1];
    relax_chebyshev(6, .3, f);
    for (int j = 0; j < 6; j++) assert_near(f[j], expected[j], 1e-14);
    relax_chebyshev(1, .3, one);
    assert_near(one[0], 1, 0);
}

static double sum_of_squares(size_t m, size_t n, const double *f, const double *y, const double *theta)
{
    double sum = 0;
    for (size_t t = 0; t < n; t++) {
        double r = -y[t];
        for (size_t j = 0; j < m; j++) r += theta[j] * f[t * m + j];
        sum += r * r;
    }
    return sum;
}

/* Optimal in the box: inside, the gradient is 0; at a bound it points outwards. */
static void check_box(const relax_fit *fit, size_t m, const double *bound, size_t n, const double *f, const double *y)
{
    const double size = sqrt(fit->square * (double)n) + 1;
    for (size_t j = 0; j < m; j++) {
        double g = 0;
        for (size_t t = 0; t < n; t++) {
            double r = -y[t];
            for (size_t k = 0; k < m; k++) r += fit->theta[k] * f[t * m + k];
            g += r * f[t * m + j];
        }
        assert_true(fabs(fit->theta[j]) <= bound[j]);
        if (fit->theta[j] >= bound[j])
            assert_true(g <= 1e-6 * size);
        else if (fit->theta[j] <= -bound[j])
            assert_true(g >= -1e-6 * size);
        else
            assert_near(g / size, 0, 1e-6);
    }
}

static void fits_solve_least_squares_in_a_box(void **unused)
{
    (void)unused;
    enum { N = 60 };
    cc_run *run = cc_test_run(NULL, 8);
    int bound_ones = 0, free_ones = 0;
    for (uint64_t trial = 0; trial < 400; trial++) {
        cc_rng rng = cc_stream(run, 1, trial);
        const size_t m = 1 + (size_t)cc_below(&rng, 8), n = 1 + (size_t)cc_below(&rng, N);
        double f[N * 8], y[N], bound[8];
        relax_fit fit = {0};
        const double width = pow(10, 2 * cc_uniform(&rng));
        for (size_t j = 0; j < m; j++) bound[j] = width / (double)(j + 1);
        for (size_t t = 0; t < n; t++) {
            const double z = 2 * cc_uniform(&rng) - 1;
            relax_chebyshev(m, z, f + t * m);
            y[t] = 10 / (1.1 + z) + cc_uniform(&rng);
            relax_fit_add(&fit, m, f + t * m, y[t]);
            if (t % 7 == 3) relax_fit_solve(&fit, m, bound); /* what is left in theta is a start, no more */
        }
        relax_fit_solve(&fit, m, bound);
        check_box(&fit, m, bound, n, f, y);
        int at_bound = 0;
        for (size_t j = 0; j < m; j++) at_bound |= fabs(fit.theta[j]) >= bound[j];
        if (at_bound)
            assert_near(fit.residual, sum_of_squares(m, n, f, y, fit.theta), 1e-7 * (1 + fit.square));
        else if (n > m)
            assert_near(fit.residual, 0, 0);
        bound_ones += at_bound, free_ones += !at_bound;
    }
    assert_true(bound_ones > 100 && free_ones > 20);
    cc_test_close(run);
}

/* Fewer rounds than features: of all that fit, the shortest. One round: theta = f y / |f|^2. */
static void fewer_rounds_than_features(void **unused)
{
    (void)unused;
    const double bound[] = {1e3, 1e3, 1e3, 1e3};
    double f[8], norm2 = 0;
    relax_fit one = {0}, two = {0};
    relax_chebyshev(4, .4, f);
    relax_chebyshev(4, -.7, f + 4);
    for (int j = 0; j < 4; j++) norm2 += f[j] * f[j];
    relax_fit_add(&one, 4, f, 5);
    relax_fit_solve(&one, 4, bound);
    for (int j = 0; j < 4; j++) assert_near(one.theta[j], 5 * f[j] / norm2, 1e-10);
    assert_near(one.residual, 0, 0);
    relax_fit_add(&two, 4, f, 5);
    relax_fit_add(&two, 4, f + 4, -2);
    relax_fit_solve(&two, 4, bound);
    double a = cc_dot(4, f, f), b = cc_dot(4, f, f + 4), c = cc_dot(4, f + 4, f + 4), det = a * c - b * b;
    const double u = (5 * c + 2 * b) / det, v = (-2 * a - 5 * b) / det; /* theta = u f + v f' */
    for (int j = 0; j < 4; j++) assert_near(two.theta[j], u * f[j] + v * f[4 + j], 1e-9);
    relax_fit_solve(&two, 4, (const double[]){.5, .5, .5, .5});
    check_box(&two, 4, (const double[]){.5, .5, .5, .5}, 2, f, (const double[]){5, -2});
}

/* The pseudo-code with raw data, scaled in every round as the paper writes it. The fits themselves are the library's. */
typedef struct literal {
    size_t t, arm[1200];
    double f[1200][6], loss[1200], predicted[1200], theta[20][6], scale, eta, residual, all;
} literal;

static void literal_update(literal *s, int whole)
{
    const size_t last = s->t++;
    double K = 0, least = 1e300, N, residual = 0, all = 0, R = 0, bound[6];
    for (size_t t = 0; t < s->t; t++) K = fmax(K, s->loss[t]), least = fmin(least, s->loss[t]);
    N = 2 + 4 * (K - least) / K * (1 + log(6));
    const int refit = s->scale != K * N;
    s->scale = K * N;
    bound[0] = 1 / N;
    for (int j = 1; j < 6; j++) bound[j] = 2 * (K - least) / (s->scale * j);
    for (size_t i = 0; i < 20; i++) {
        relax_fit fit = {0};
        int any = 0, bound_here = 0;
        for (size_t t = 0; t < s->t; t++)
            if (s->arm[t] == i) relax_fit_add(&fit, 6, s->f[t], (s->loss[t] - 1) / s->scale), any = 1;
        if (!any) continue;
        memcpy(fit.theta, s->theta[i], sizeof s->theta[i]);
        relax_fit_solve(&fit, 6, bound);
        bound_here = fit.residual > 0;
        all += fit.residual;
        if (refit || i == s->arm[last]) {
            memcpy(s->theta[i], fit.theta, sizeof s->theta[i]);
            if (bound_here) residual = fit.residual;
        }
    }
    for (size_t t = 0; t < s->t; t++) R += pow(s->predicted[t] - s->loss[t] / s->scale, 2);
    s->residual = residual, s->all = all;
    const double pi = 3.14159265358979323846, alpha = (pi + 2 / pi * log(13)) / (2 * s->scale * 7) * (K - least), t = (double)s->t;
    s->eta = 2 * t * sqrt(20 * t / (R - (whole ? all : residual) + 2 * alpha * alpha * t));
}

static void literal_chebcb(const char *algorithm, int whole)
{
    static literal s;
    const char *problem = "online.sor(side=5,T=1000)";
    cc_run *run = cc_test_start(algorithm, problem, 9), *twin = cc_test_run(problem, 9);
    cc_rng choice = cc_stream(run, RELAX_CHOICE, 0);
    memset(&s, 0, sizeof s);
    for (int round = 0; round < 250; round++) {
        double c, p[20], value[20] = {0}, rest = 0, u = cc_uniform(&choice);
        size_t best = 0, arm = 0;
        assert_int_equal(online_context(twin, &c), CC_OK);
        relax_chebyshev(6, 2 * (c + .15) / .8 - 1, s.f[s.t]);
        for (size_t i = 0; i < 20; i++) {
            for (int j = 0; j < 6; j++) value[i] += s.theta[i][j] * s.f[s.t][j];
            if (value[i] < value[best]) best = i;
        }
        for (size_t i = 0; i < 20; i++)
            if (i != best) rest += p[i] = 1 / (20 + s.eta * (value[i] - value[best]));
        p[best] = 1 - rest;
        while (arm < 19 && u >= p[arm]) u -= p[arm++];
        const double x = 1 + .05 * (double)arm;
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_near(*(const double *)cc_test_candidate(run), x, 1e-12);
        s.predicted[s.t] = value[arm], s.arm[s.t] = arm;
        assert_int_equal(online_play(twin, &x, &s.loss[s.t]), CC_OK);
        literal_update(&s, whole);
        assert_near(cc_test_probe(run, "eta") / s.eta, 1, 1e-5);
    }
    cc_test_close(run);
    cc_test_close(twin);
}

/* Losses that no polynomial in the box fits: several arms are at its bounds at a time. */
static void literal_chebcb_at_the_bounds(const char *algorithm, int whole)
{
    static literal s;
    cc_run *run = cc_test_start(algorithm, "online.sor(side=4,T=5)", 9);
    relax_chebcb *b = cc_test_state(run);
    cc_rng rng = cc_stream(run, 77, 0);
    int several = 0;
    memset(&s, 0, sizeof s);
    for (int round = 0; round < 500; round++) {
        const double c = -.15 + .6 * pow(cc_uniform(&rng), 3), u = cc_uniform(&rng);
        double value = 0;
        const size_t arm = relax_chebcb_predict(b, c, s.f[s.t]);
        for (int j = 0; j < 6; j++) value += s.theta[arm][j] * s.f[s.t][j];
        assert_near(value, b->value[arm], 1e-6);
        s.predicted[s.t] = value, s.arm[s.t] = arm, s.loss[s.t] = 1 + floor(1000 * u * u * u);
        const double loss = s.loss[s.t];
        const double *f = s.f[s.t];
        literal_update(&s, whole);
        relax_chebcb_update(b, arm, f, loss);
        assert_near(b->eta / s.eta, 1, 1e-5);
        several += s.all > 1.01 * s.residual && s.residual > 0;
    }
    assert_true(several > 20);
    cc_test_close(run);
}

static void chebcb_is_the_pseudo_code(void **unused)
{
    (void)unused;
    literal_chebcb_at_the_bounds("relax.chebcb", 0);
    literal_chebcb_at_the_bounds("relax.chebcb(residual=all)", 1);
    literal_chebcb("relax.chebcb", 0);
    literal_chebcb("relax.chebcb(residual=all)", 1);
}

/* ---- analysis ---- */

static void omega_and_radius(void **unused)
{
    (void)unused;
    const double beta[] = {.996875816742, .959492973614, .862465594260}, star[] = {1.853594150354, 1.560387921275, 1.327919232252};
    const double c[] = {-.15, 0, .45};
    for (int k = 0; k < 3; k++) {
        assert_near(4 * cos(3.14159265358979 / 11) / (4 + c[k]), beta[k], 1e-12);
        assert_near(relax_omega_star(beta[k]), star[k], 1e-10);
        assert_near(linseq_young(beta[k]), star[k], 1e-10);
        assert_near(relax_radius(1, beta[k]), beta[k] * beta[k], 1e-14);
        assert_near(relax_radius(star[k], beta[k]), star[k] - 1, 1e-5);
        assert_near(relax_radius(1.95, beta[k]), .95, 1e-14);
    }
    assert_near(relax_radius(1.56, .959492973614), .5759, 5e-5);
    assert_near(relax_radius(1.4, .959492973614), .16 / .1985382, 1e-6); /* the product of the two roots is (omega - 1)^2 */
}

static void surrogate_values(void **unused)
{
    (void)unused;
    assert_near(relax_surrogate(.25, 0, 1. / 16), 3, 1e-14);
    assert_near(relax_surrogate(.2, .0625, 1. / 16), 3, 1e-14);
    assert_near(relax_lipschitz(.5, 0, exp(-1), 1.5), 1 / (.5 * log(.5) * log(.5)), 1e-13);
    assert_near(relax_lipschitz(.9, .2, exp(-2), 1.5), 2 * .8 / (.848 * log(.848) * log(.848)), 1e-12);
    assert_near(relax_energy(1, .25, .25), sqrt(1 - .25 / (.25 + .25)), 1e-15);
    assert_near(relax_energy(1.5, .1, .3), sqrt(1 - (1. / 3) * .1 / (1. / 36 + .1 / 1.5 + .05)), 1e-14);
    assert_near(relax_energy(1.5, .1, .2), relax_energy(1.5, .1, .25), 0);
}

static void condition_bound_is_the_table(void **unused)
{
    (void)unused;
    const double omega[] = {2 * sqrt(2) - 2, 1, 1.2, 1.4, 1.5, 1.6, 1.8, 1.9};
    const double first[] = {32.413, 27.820, 23.770, 21.026, 20.299, 20.247, 24.478, 33.589};
    const double second[] = {17.250, 15.301, 14.015, 13.955, 14.556, 15.771, 21.933, 31.245};
    for (int i = 0; i < 8; i++) {
        assert_near(relax_cg_bound(omega[i], 48.37415008, 24.68707504, -.00352214, 1e-8), first[i], 6e-4);
        assert_near(relax_cg_bound(omega[i], 12.594589, 6.79729450, -.03189129, 1e-8), second[i], 6e-4);
    }
}

/* ---- both ---- */

static void young_plays_the_optimal_omega(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_start("relax.young", "online.sor(T=50)", 2), *twin = cc_test_run("online.sor(T=50)", 2);
    double c, loss;
    for (int t = 0; t < 50; t++) {
        assert_int_equal(online_context(twin, &c), CC_OK);
        assert_int_equal(cc_test_step(run), CC_OK);
        const double x = *(const double *)cc_test_candidate(run);
        assert_near(x, linseq_young(4 * cos(3.14159265358979323846 / 11) / (4 + c)), 1e-13);
        assert_int_equal(online_play(twin, &x, &loss), CC_OK);
    }
    assert_near(cc_test_metric(run, "regret_each", NULL), 0, 0);
    cc_test_close(run);
    cc_test_close(twin);
}

static void learners_learn(void **unused)
{
    (void)unused;
    const struct {
        const char *algorithm;
        double low, high; /* mean iterations a system */
    } expected[] = {{"relax.tsallis", 60, 85},
                    {"relax.tsallis:cb", 55, 95},
                    {"relax.chebcb", 42, 55},
                    {"online.uniform(low=1,high=1.95)", 130, 160}};
    for (size_t k = 0; k < 4; k++) {
        cc_run *run = cc_test_start(expected[k].algorithm, "online.sor(T=2000)", 1);
        assert_int_equal(cc_test_steps(run, 2000), CC_OK);
        const double mean = cc_test_metric(run, "total", NULL) / 2000;
        assert_true(mean > expected[k].low && mean < expected[k].high);
        assert_int_equal(cc_test_step(run), CC_DONE); /* no system is left */
        cc_test_close(run);
    }
}

static void same_seed_same_bits(void **unused)
{
    (void)unused;
    const char *const algorithms[] = {"relax.tsallis", "relax.tsallis:cb", "relax.chebcb"};
    for (int k = 0; k < 3; k++) {
        cc_run *a = cc_test_start(algorithms[k], "online.sor(T=300,side=6)", 1),
               *b = cc_test_start(algorithms[k], "online.sor(T=300,side=6)", 1);
        for (int t = 0; t < 300; t++) {
            assert_int_equal(cc_test_step(a), CC_OK);
            assert_int_equal(cc_test_step(b), CC_OK);
            assert_true(*(const double *)cc_test_candidate(a) == *(const double *)cc_test_candidate(b));
        }
        cc_test_close(a);
        cc_test_close(b);
    }
}

static void bad_input_is_refused(void **unused)
{
    (void)unused;
    cc_test_refused("relax.tsallis(low=1.5,high=1.5)", "online.sor(T=5)", CC_EINVAL, "empty");
    cc_test_refused("relax.tsallis(norm=fixed,K=0)", "online.sor(T=5)", CC_EINVAL, "K");
    cc_test_refused("relax.tsallis(m=2)", "online.arms(T=5)", CC_EINVAL, "context");
    cc_test_refused("relax.tsallis", "online.linear", CC_EINVAL, "interval");
    cc_test_refused("relax.chebcb", "online.arms(T=5)", CC_EINVAL, "context");
    cc_test_refused("relax.chebcb(m=17)", "online.sor(T=5)", CC_EINVAL, "m=17");
    cc_test_refused("relax.young", "online.heat(nx=4,T=3)", CC_EINVAL, "Jacobi");
    cc_test_refused("relax.young", "online.arms(T=5)", CC_EINVAL, "context");
    cc_run *run = cc_test_start("relax.tsallis(high=2.5)", "online.sor(T=500,side=4)", 0);
    assert_true(cc_test_steps(run, 500) < 0); /* an omega that is not in (0, 2) */
    assert_non_null(strstr(cc_test_message(run), "domain"));
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_the_published_ones),
        cmocka_unit_test(weights_are_optimal_however_wild_the_losses),
        cmocka_unit_test(tsallis_is_the_pseudo_code),
        cmocka_unit_test(bins_are_the_nearest_centres),
        cmocka_unit_test(chebyshev_values),
        cmocka_unit_test(fits_solve_least_squares_in_a_box),
        cmocka_unit_test(fewer_rounds_than_features),
        cmocka_unit_test(chebcb_is_the_pseudo_code),
        cmocka_unit_test(omega_and_radius),
        cmocka_unit_test(surrogate_values),
        cmocka_unit_test(condition_bound_is_the_table),
        cmocka_unit_test(young_plays_the_optimal_omega),
        cmocka_unit_test(learners_learn),
        cmocka_unit_test(same_seed_same_bits),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests_name("relax", tests, NULL, NULL);
}
