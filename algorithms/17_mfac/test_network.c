/* algorithms/17_mfac/test_network.c: the surgeon, the optimiser and the pruner on small networks, each beside a computation of the
 * same with dense matrices. */
#include "algorithms/17_mfac/test.h"

#include "algorithms/17_mfac/optimiser.h"
#include "algorithms/17_mfac/prune.h"
#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"
#include "problems/splitmix.h"

#define NET "smooth.images(data=digits,widths=64-3-10,n=300,tests=100)"
enum { D = 64 * 3 + 3 + 30 + 10, N = 300, PRUNABLE = 64 * 3 + 30 };

/* ---- the surgeon ---- */

static void test_surgery(void **state)
{
    static const double rows[6] = {1, 0, 1, 0, 2, 1};
    double w[3] = {1, -2, .5}, diagonal[3], p[3], pull[3], step[3];
    size_t index[3];
    (void)state;
    cc_run *run = cc_test_run(NULL, 0);
    mfac_engine *e = engine(run, MFAC_STATIC, (mfac_spec){.m = 2, .d = 3, .lambda = 1});
    assert_int_equal(mfac_build(e, rows), CC_OK);
    e->ops->diagonal(e, diagonal);
    mfac_saliency(3, w, diagonal, p);
    assert_vector(3, p, (const double[]){.675, 54. / 11, .1875}, 1e-15);
    mfac_least(3, p, 1, index);
    assert_int_equal(index[0], 2);
    mfac_operate(e, diagonal, 1, index, w, pull, step);
    assert_vector(3, w, (const double[]){7. / 6, -11. / 6, 0}, 1e-15);
    assert_true(w[2] == 0);
    cc_test_close(run);
}

/* The k least, equal ones by index, for every k; many equal. */
static void test_least(void **state)
{
    enum { COUNTED = 60 };
    double p[COUNTED];
    uint64_t seed = 4;
    (void)state;
    for (size_t levels = 1; levels <= COUNTED; levels += 7)
        for (size_t k = 0; k <= COUNTED; k++) {
            size_t index[COUNTED], chosen[COUNTED] = {0};
            for (size_t i = 0; i < COUNTED; i++) p[i] = (double)(cc_sm64_next(&seed) % levels);
            mfac_least(COUNTED, p, k, index);
            for (size_t i = 0; i < k; i++) chosen[index[i]]++;
            for (size_t i = 0; i < COUNTED; i++) {
                size_t rank = 0;
                for (size_t j = 0; j < COUNTED; j++) rank += p[j] < p[i] || (p[j] == p[i] && j < i);
                assert_int_equal(chosen[i], rank < k);
            }
        }
}

/* ---- the optimiser ---- */

/* u = (lambda I + sum of the window's g g' / m)^-1 g, dense */
static void dense_direction(size_t m, double lambda, const double *window, const double *g, double *u)
{
    static double f[D * D];
    memset(f, 0, sizeof f);
    for (size_t i = 0; i < m; i++) cc_syr(D, 1 / (double)m, window + i * D, f);
    for (size_t j = 0; j < D; j++) f[j * D + j] += lambda;
    assert_int_equal(cc_potrf(D, f), 0);
    memcpy(u, g, D * sizeof *g);
    cc_potrs(D, f, u);
}

/* Batches of 60 of 300, a window of 4, four epochs with the drops of the rate, momentum, weight decay. */
static void check_optimiser(const char *algorithm, double beta, double wd)
{
    enum { M = 4, BATCH = 60, STEPS = 20 };
    static double window[M * D], w[D], g[D], u[D], v[D];
    cc_run *run = cc_test_start(algorithm, NET, 3), *other = cc_test_run(NET, 3);
    cc_epochs epochs;
    memset(window, 0, sizeof window);
    memset(v, 0, sizeof v);
    assert_int_equal(cc_epochs_new(other, 1, N, BATCH, CC_DROP_LAST, &epochs), CC_OK);
    assert_int_equal(smooth_start(other, w), CC_OK);
    for (size_t k = 0; k < STEPS; k++) {
        size_t got;
        const size_t *ids = cc_epochs_next(&epochs, BATCH, &got);
        const double rate = k < 10 ? .1 : k < 15 ? .01 : .001;
        assert_int_equal(smooth_batch(other, w, ids, got, NULL, g), CC_OK);
        for (size_t j = 0; j < D; j++) g[j] += wd * w[j];
        memcpy(window + k % M * D, g, sizeof g);
        dense_direction(M, 1e-2, window, g, u);
        for (size_t j = 0; j < D; j++) {
            v[j] = beta * v[j] + (1 - beta) * u[j];
            w[j] -= rate * v[j];
        }
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_vector(D, cc_test_candidate(run), w, 1e-9);
        assert_near(cc_test_probe(run, "rate"), rate, 1e-15);
        assert_near(cc_test_probe(run, "epoch"), (double)(k + 1) / 5, 1e-12);
        assert_near(cc_test_probe(run, "norm_u"), cc_norm(D, u), 1e-9 * cc_norm(D, u));
        assert_near(cc_test_probe(run, "share"), cc_norm(D, u) / (sqrt(M / 1e-2) / 2), 1e-9);
        assert_near(cc_test_probe(run, "slope"), cc_dot(D, u, g), 1e-9);
        assert_near(cc_test_probe(run, "cosine"), cc_dot(D, u, g) / cc_norm(D, u) / cc_norm(D, g), 1e-9);
    }
    cc_test_close(run);
    cc_test_close(other);
}

#define SETTING "m=4,lambda=1e-2,lr=0.1,batch=60,horizon=4,storage=double"
static void test_optimiser(void **state)
{
    (void)state;
    check_optimiser("mfac.optimiser(" SETTING ")", 0, 0);
    check_optimiser("mfac.optimiser(" SETTING ",solve=naive)", 0, 0);
    check_optimiser("mfac.optimiser(" SETTING ",solve=paper)", 0, 0);
    check_optimiser("mfac.optimiser(" SETTING ",beta=0.7,wd=0.05)", .7, .05);
}

/* Float storage: near the double one, and no step breaks the bound even where lambda is tiny. */
static void test_optimiser_float(void **state)
{
    (void)state;
    cc_run *wide = cc_test_start("mfac.optimiser(m=16,lambda=1e-2,storage=double)", NET, 0);
    cc_run *narrow = cc_test_start("mfac.optimiser(m=16,lambda=1e-2,storage=float)", NET, 0);
    cc_run *tiny = cc_test_start("mfac.optimiser(m=16,lambda=1e-6)", NET, 0);
    for (int k = 0; k < 30; k++) {
        assert_int_equal(cc_test_step(wide), CC_OK);
        assert_int_equal(cc_test_step(narrow), CC_OK);
        assert_int_equal(cc_test_step(tiny), CC_OK);
        assert_true(cc_test_probe(tiny, "share") <= 1 && cc_test_probe(tiny, "slope") > 0);
    }
    assert_vector(D, cc_test_candidate(narrow), cc_test_candidate(wide), 1e-5);
    cc_test_close(wide), cc_test_close(narrow), cc_test_close(tiny);
}

/* The rivals follow their rules on the same batches. */
static void test_rivals(void **state)
{
    static const char *const names[] = {"mfac.sgd(lr=0.2,batch=60,wd=0.01,momentum=0.5)", "mfac.adam(lr=0.01,batch=60,wd=0.01)"};
    (void)state;
    for (int which = 0; which < 2; which++) {
        static double w[D], g[D], a[D], b[D];
        cc_run *run = cc_test_start(names[which], NET, 1), *other = cc_test_run(NET, 1);
        cc_epochs epochs;
        memset(a, 0, sizeof a), memset(b, 0, sizeof b);
        assert_int_equal(cc_epochs_new(other, 1, N, 60, CC_DROP_LAST, &epochs), CC_OK);
        assert_int_equal(smooth_start(other, w), CC_OK);
        for (int k = 1; k <= 8; k++) {
            size_t got;
            const size_t *ids = cc_epochs_next(&epochs, 60, &got);
            assert_int_equal(smooth_batch(other, w, ids, got, NULL, g), CC_OK);
            for (size_t j = 0; j < D; j++) {
                const double d = g[j] + .01 * w[j];
                a[j] = which ? .9 * a[j] + .1 * d : .5 * a[j] + d;
                b[j] = .999 * b[j] + .001 * d * d;
                w[j] -= which ? .01 * a[j] / (1 - pow(.9, k)) / (sqrt(b[j] / (1 - pow(.999, k))) + 1e-8) : .2 * a[j];
            }
            assert_int_equal(cc_test_step(run), CC_OK);
            assert_vector(D, cc_test_candidate(run), w, 1e-12);
        }
        cc_test_close(run), cc_test_close(other);
    }
}

/* ---- the pruner ---- */

static size_t zeros(cc_run *run, const double *w)
{
    const unsigned char *prunable = smooth_prunable(run);
    size_t count = 0;
    for (size_t j = 0; j < D; j++) count += prunable[j] && w[j] == 0;
    return count;
}

typedef struct trial {
    size_t m, alive, place[D];
    double lambda, w[D], rows[64 * D];
    int last_is_zero;
    cc_epochs windows;
    cc_run *run;
} trial;

static void begin_trial(trial *t)
{
    const unsigned char *prunable;
    t->run = cc_test_run(NET, 2), t->alive = 0;
    prunable = smooth_prunable(t->run);
    assert_int_equal(smooth_start(t->run, t->w), CC_OK);
    assert_int_equal(cc_epochs_new(t->run, 1, N, 20, CC_DROP_LAST, &t->windows), CC_OK);
    for (size_t j = 0; j < D; j++)
        if (prunable[j]) t->place[t->alive++] = j;
}

/* One round with the dense inverse (or its diagonal alone, inverted): drops until `gone` prunable weights are zero. */
static void dense_round(trial *t, size_t gone, int diagonal_alone)
{
    static double f[D * D], inverse[D * D], p[D], moved[D];
    const size_t n = t->alive, k = gone - (PRUNABLE - n);
    size_t got, left = 0;
    double g[D];
    memset(f, 0, sizeof f);
    for (size_t i = 0; i < t->m; i++) {
        const size_t *ids = cc_epochs_next(&t->windows, 20, &got);
        assert_int_equal(smooth_batch(t->run, t->w, ids, got, NULL, g), CC_OK);
        for (size_t a = 0; a < n && !(t->last_is_zero && i + 1 == t->m); a++)
            for (size_t b = 0; b < n; b++)
                if (a == b || !diagonal_alone) f[a * n + b] += g[t->place[a]] * g[t->place[b]] / (double)t->m;
    }
    for (size_t a = 0; a < n; a++) f[a * n + a] += t->lambda;
    assert_int_equal(cc_potrf(n, f), 0);
    memset(inverse, 0, sizeof inverse);
    for (size_t a = 0; a < n; a++) {
        inverse[a * n + a] = 1;
        cc_potrs(n, f, inverse + a * n);
    }
    for (size_t a = 0; a < n; a++) {
        p[a] = pow(t->w[t->place[a]], 2) / inverse[a * n + a];
        moved[a] = t->w[t->place[a]];
    }
    for (size_t a = 0; a < n; a++) {
        size_t rank = 0;
        for (size_t b = 0; b < n; b++) rank += p[b] < p[a] || (p[b] == p[a] && b < a);
        if (rank >= k) continue;
        for (size_t b = 0; b < n; b++) moved[b] -= t->w[t->place[a]] / inverse[a * n + a] * inverse[a * n + b];
        p[a] = -1 - (double)rank; /* dropped, and still the least */
    }
    for (size_t a = 0; a < n; a++) {
        t->w[t->place[a]] = p[a] < 0 ? 0 : moved[a];
        if (p[a] >= 0) t->place[left++] = t->place[a];
    }
    t->alive = left;
}

static void check_pruner(const char *algorithm, size_t rounds, int diagonal_alone, int quirk)
{
    static trial t;
    memset(&t, 0, sizeof t);
    t.m = 8, t.lambda = 1e-2, t.last_is_zero = quirk;
    begin_trial(&t);
    cc_run *run = cc_test_start(algorithm, NET, 2);
    for (size_t j = 1; j <= rounds; j++) {
        const double density = pow(.3, (double)j / (double)rounds);
        dense_round(&t, (size_t)((j == rounds ? .7 : 1 - density) * PRUNABLE), diagonal_alone);
        assert_int_equal(cc_test_step(run), j == rounds ? CC_DONE : CC_OK);
        assert_vector(D, cc_test_candidate(run), t.w, 1e-9);
        assert_int_equal(zeros(t.run, cc_test_candidate(run)), PRUNABLE - t.alive);
        assert_near(cc_test_probe(run, "sparsity_now"), 1 - (double)t.alive / PRUNABLE, 1e-12);
    }
    cc_test_close(run), cc_test_close(t.run);
}

#define PRUNE "sparsity=0.7,m=8,grad_batch=20,lambda=1e-2"
static void test_pruner(void **state)
{
    (void)state;
    check_pruner("mfac.prune(" PRUNE ",recomputations=1)", 1, 0, 0);
    check_pruner("mfac.prune(" PRUNE ",recomputations=4)", 4, 0, 0);
    check_pruner("mfac.prune(" PRUNE ",recomputations=3,quirk=true)", 3, 0, 1);
}

/* The diagonal: no other weight moves, so the dense round with a diagonal F is the same. */
static void test_diagonal(void **state)
{
    (void)state;
    check_pruner("mfac.prune(" PRUNE ",recomputations=1,score=diagonal)", 1, 1, 0);
    check_pruner("mfac.prune(" PRUNE ",recomputations=3,score=diagonal)", 3, 1, 0);
}

static void test_magnitude(void **state)
{
    static double start[D];
    double dropped = 0, kept = INFINITY;
    (void)state;
    cc_run *run = cc_test_start("mfac.prune(score=magnitude,sparsity=0.4,recomputations=5)", NET, 0);
    const unsigned char *prunable = smooth_prunable(run);
    assert_int_equal(smooth_start(run, start), CC_OK);
    assert_int_equal(cc_test_steps(run, 5), CC_DONE);
    const double *w = cc_test_candidate(run);
    for (size_t j = 0; j < D; j++) {
        if (w[j] != 0)
            assert_true(w[j] == start[j]);
        else
            dropped = fmax(dropped, fabs(start[j]));
        if (prunable[j] && w[j] != 0) kept = fmin(kept, fabs(w[j]));
        assert_true(prunable[j] || w[j] == start[j]);
    }
    assert_true(dropped < kept);
    assert_int_equal(zeros(run, w), (size_t)(.4 * PRUNABLE));
    cc_test_close(run);
}

/* Three stages with tuning: zeros stay, everything else moves, biases too; a stage is its rounds and its steps. */
static void test_stages(void **state)
{
    static double before[D];
    (void)state;
    cc_run *run =
        cc_test_start("mfac.prune(via=0.2/0.5,sparsity=0.8,recomputations=2,tune=3,m=4,block=64,lambda=1e-2,lr=0.1)", NET, 0);
    static const double targets[3] = {.2, .5, .8};
    for (int stage = 0; stage < 3; stage++) {
        assert_int_equal(cc_test_steps(run, 2), CC_OK);
        memcpy(before, cc_test_candidate(run), sizeof before);
        assert_int_equal(zeros(run, before), (size_t)(targets[stage] * PRUNABLE));
        assert_int_equal(cc_test_steps(run, 3), stage == 2 ? CC_DONE : CC_OK);
        const double *w = cc_test_candidate(run);
        size_t moved = 0;
        for (size_t j = 0; j < D; j++) {
            moved += w[j] != before[j];
            assert_true(w[j] == 0 || before[j] != 0);
        }
        assert_true(moved > (D - zeros(run, w)) / 2); /* border pixels never light up: their weights have no gradient */
        assert_int_equal(zeros(run, w), zeros(run, before));
        assert_true(w[D - 1] != before[D - 1]);
    }
    assert_int_equal(cc_spent(run, "n_samp"), 3 * (2 * 4 * 32 + 3 * 128));
    cc_test_close(run);
}

/* Ablations: one gradient again and again is one gradient of m = 1 scaled; shuffled entries are the same numbers elsewhere. */
static void test_ablations(void **state)
{
    (void)state;
    cc_run *one = cc_test_start("mfac.prune(m=1,recomputations=1,lambda=1e-2)", NET, 0);
    cc_run *again = cc_test_start("mfac.prune(m=5,recomputations=1,lambda=1e-2,gradients=repeated)", NET, 0);
    cc_run *shuffled = cc_test_start("mfac.prune(m=1,recomputations=1,lambda=1e-2,gradients=shuffled)", NET, 0);
    assert_int_equal(cc_test_step(one), CC_DONE);
    assert_int_equal(cc_test_step(again), CC_DONE);
    assert_int_equal(cc_test_step(shuffled), CC_DONE);
    assert_vector(D, cc_test_candidate(again), cc_test_candidate(one), 1e-9);
    const mfac_pruner *a = cc_test_state(one), *b = cc_test_state(shuffled);
    double sums[2] = {0}, squares[2] = {0}, same = 0;
    for (size_t k = 0; k < PRUNABLE; k++) {
        sums[0] += a->rows[k], sums[1] += b->rows[k];
        squares[0] += a->rows[k] * a->rows[k], squares[1] += b->rows[k] * b->rows[k];
        same += a->rows[k] == b->rows[k] && a->rows[k] != 0;
    }
    assert_near(sums[0], sums[1], 1e-12);
    assert_near(squares[0], squares[1], 1e-12);
    assert_true(same < 10);
    cc_test_close(one), cc_test_close(again), cc_test_close(shuffled);
}

static void test_refused(void **state)
{
    (void)state;
    cc_test_refused("mfac.prune(sparsity=1)", NET, CC_EINVAL, "sparsity 1 after 0");
    cc_test_refused("mfac.prune(via=0.9,sparsity=0.8)", NET, CC_EINVAL, "sparsity 0.8 after 0.9");
    cc_test_refused("mfac.prune(via=-0.1)", NET, CC_EINVAL, "sparsity -0.1 after 0");
    cc_test_refused("mfac.prune(via=0.1:0.2)", NET, CC_EINVAL, "separated by slashes");
    cc_test_refused("mfac.prune(via=x)", NET, CC_EINVAL, "separated by slashes");
    cc_test_refused("mfac.prune(lambda=0)", NET, CC_EINVAL, "lambda=0");
    cc_test_refused("mfac.prune", "smooth.quad", CC_EINVAL, "no finite sum");
    cc_test_refused("mfac.optimiser", "smooth.quad", CC_EINVAL, "no finite sum");
    cc_test_refused("mfac.optimiser(lambda=0)", NET, CC_EINVAL, "lambda=0");
    cc_test_refused("mfac.sgd(momentum=1)", NET, CC_EINVAL, "momentum 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_surgery),         cmocka_unit_test(test_least),     cmocka_unit_test(test_optimiser),
        cmocka_unit_test(test_optimiser_float), cmocka_unit_test(test_rivals),    cmocka_unit_test(test_pruner),
        cmocka_unit_test(test_diagonal),        cmocka_unit_test(test_magnitude), cmocka_unit_test(test_stages),
        cmocka_unit_test(test_ablations),       cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
