/* test_baselines.c: the rivals against bills counted by hand and literal transcriptions. */
#include "test.h"

#include "problems/dynset/dynset_problem.h"

#include <unistd.h>

static void check_bills(const char *algorithm, const char *problem, size_t n, const uint64_t *bill)
{
    cc_run *run = cc_test_start(algorithm, problem, 0);
    uint64_t sum = 0;
    for (size_t t = 0; t < n; t++) {
        assert_true(cc_test_step(run) >= 0);
        sum += bill[t];
        if (cc_spent(run, "n_query") != sum)
            fail_msg("%s, update %zu: %llu queries, expected %llu", algorithm, t + 1, (unsigned long long)cc_spent(run, "n_query"),
                     (unsigned long long)sum);
    }
    cc_test_close(run);
}

/* Four elements of weight 1, k = 2; then two of them go. Bills worked out by hand from the pseudo-code. */
static void test_bills(void **state)
{
    const char *problem = "dynset.modular(n=4,heavy=0,weight=1,k=2,asks=0)",
               *asking = "dynset.modular(n=4,heavy=0,weight=1,k=2,asks=100)";
    (void)state;
    check_bills("submodular.sieve", problem, 6, (const uint64_t[]){4, 4, 0, 0, 8, 8});
    check_bills("submodular.lattanzi(guess=2)", problem, 6, (const uint64_t[]){4, 7, 1, 1, 1, 7});
    check_bills("submodular.greedy", problem, 6, (const uint64_t[]){0, 0, 0, 0, 0, 0});
    check_bills("submodular.greedy", asking, 6, (const uint64_t[]){1, 3, 4, 5, 4, 3});
    check_bills("submodular.greedy(when=always)", problem, 6, (const uint64_t[]){1, 3, 4, 5, 4, 3});
    check_bills("submodular.random_k", asking, 6, (const uint64_t[]){0, 0, 0, 0, 0, 0});
}

/* Nothing is picked that adds nothing. */
static void test_greedy_stops(void **state)
{
    cc_run *run = cc_test_start("submodular.greedy", "dynset.groups(groups=2,mates=3,singles=1,k=5)", 0);
    (void)state;
    assert_int_equal(run_out(run), CC_DONE);
    assert_int_equal(((const dynset_set *)cc_test_candidate(run))->n, 3);
    cc_test_close(run);
}

/* Greedy is the referee's greedy, whatever the function. */
static void test_greedy(void **state)
{
    static const char *const problems[] = {
        "dynset.pareto_cov(n=200,k=7,stream=random,asks=1000)", "dynset.small(kind=facility,n=50,k=6,asks=1000)",
        "dynset.small(kind=weighted,n=50,k=6,stream=drain,asks=1000)", "dynset.pareto_cov(n=5,k=9,asks=1000)"};
    (void)state;
    for (size_t i = 0; i < COUNT(problems); i++) {
        cc_run *run = cc_test_start("submodular.greedy", problems[i], i);
        cc_status status = CC_OK;
        while (status == CC_OK) {
            status = cc_test_step(run);
            const double value = cc_test_metric(run, "value", NULL), greedy = cc_test_metric(run, "greedy", NULL);
            assert_true(fabs(value - greedy) <=
                        (i == 0 || i == 3 ? .1 * greedy : 1e-12 * greedy)); /* ties are broken differently */
        }
        assert_int_equal(status, CC_DONE);
        cc_test_close(run);
    }
}

/* ---- Sieve-Streaming, word for word: every sieve from scratch over what is present ---- */

static double literal_sieve(cc_run *twin, dynset_chain *chain, size_t n, const uint32_t *arrival, double threshold, size_t k,
                            size_t *size)
{
    double value = 0;
    *size = 0;
    dynset_cut(chain, 0);
    dynset_push(chain);
    for (size_t i = 0; i < n && *size < k; i++) {
        const double gain = dynset_gain(twin, chain, 1, arrival[i]);
        if (gain < threshold || gain <= 1e-11) continue;
        dynset_add(chain, arrival[i]);
        value += gain;
        ++*size;
    }
    return value;
}

/* A sieve that ran over elements which have gone since, without losing a pick, is the one that never saw them. */
static void check_sieve(const char *problem)
{
    cc_run *run = cc_test_start("submodular.sieve", problem, 2), *twin = cc_test_run(problem, 2);
    const size_t k = dynset_k(run);
    double guess[128];
    uint32_t arrival[64];
    size_t n = 0, size;
    dynset_chain *chain;
    dynset_update u;
    const size_t guesses = ds_opt_grid(cc_test_known(run, "singleton_min"), cc_test_known(run, "singleton_max"), k, 128, guess);
    assert_true(dynset_n(run) <= 64);
    assert_int_equal(dynset_chain_open(twin, 1, &chain), CC_OK);
    while (dynset_next(twin, &u)) {
        size_t kept = 0;
        for (size_t i = 0; i < n; i++)
            if (arrival[i] != u.element) arrival[kept++] = arrival[i];
        n = kept;
        if (u.insert) arrival[n++] = u.element;
        double best = 0;
        for (size_t i = 0; i < guesses; i++)
            best = fmax(best, literal_sieve(twin, chain, n, arrival, guess[i] / (2 * (double)k), k, &size));
        assert_true(cc_test_step(run) >= 0);
        assert_close(cc_test_metric(run, "value", NULL), best, 1e-9);
        assert_true(cc_test_metric(run, "excess", NULL) == 0);
    }
    cc_test_close(run);
    cc_test_close(twin);
}

/* Six elements come and go for so long that the list of arrivals is closed up many times. */
static void test_sieve(void **state)
{
    char sets[64] = P_tmpdir "/sieve-XXXXXX", script[64] = P_tmpdir "/sieve-XXXXXX", problem[192];
    FILE *file = fdopen(mkstemp(sets), "w");
    int present[6] = {0};
    uint32_t x = 1;
    (void)state;
    check_sieve("dynset.pareto_cov(n=60,k=5,stream=random,asks=1000)");
    check_sieve("dynset.small(kind=weighted,n=60,items=60,k=4,stream=drain,asks=1000)");
    check_sieve("dynset.modular(n=40,heavy=3,heavy_weight=50,weight=1,k=6,stream=drain,asks=1000)");
    assert_non_null(file);
    fputs("0 1 2\n2 3\n3 4 5 6\n6 7\n7 8 0\n1 9\n", file);
    fclose(file);
    file = fdopen(mkstemp(script), "w");
    assert_non_null(file);
    for (int t = 0; t < 300; t++) {
        x = x * 1664525 + 1013904223;
        const uint32_t e = (x >> 16) % 6;
        fprintf(file, "%c%u?\n", present[e] ? '-' : '+', e);
        present[e] = !present[e];
    }
    fclose(file);
    snprintf(problem, sizeof problem, "dynset.file(path=%s,script=%s,k=2)", sets, script);
    check_sieve(problem);
    unlink(sets);
    unlink(script);
}

/* What is worth next to nothing is nothing, however low the guess. */
static void test_sieve_zero(void **state)
{
    static const double weight[] = {.9e-11, 1.1e-11};
    (void)state;
    for (size_t i = 0; i < COUNT(weight); i++) {
        char problem[96];
        snprintf(problem, sizeof problem, "dynset.modular(n=6,heavy=0,weight=%g,k=2,stream=insert,asks=1)", weight[i]);
        cc_run *run = cc_test_start("submodular.sieve", problem, 0);
        assert_int_equal(run_out(run), CC_DONE);
        assert_int_equal(((const dynset_set *)cc_test_candidate(run))->n, 2 * i);
        cc_test_close(run);
    }
}

/* ---- the predecessor ---- */

/* Picks are distinct and present and, as they were picked, gained more than tau; nothing waits that is due. */
static void test_lattanzi(void **state)
{
    static const char *const problems[] = {"dynset.pareto_cov(n=300,k=6,stream=random,asks=1000)",
                                           "dynset.pareto_cov(n=300,k=6,stream=drain,asks=1000)",
                                           "dynset.pareto_cov(n=300,k=6,asks=1000)"};
    (void)state;
    for (size_t i = 0; i < COUNT(problems); i++) {
        const double guess = 60, tau = guess / 12;
        cc_run *run = cc_test_start("submodular.lattanzi(guess=60)", problems[i], i), *twin = cc_test_run(problems[i], i);
        dynset_chain *chain;
        dynset_update u;
        double worst = 1;
        size_t fresh = 0, n;
        assert_int_equal(dynset_chain_open(twin, 6, &chain), CC_OK);
        while (dynset_next(twin, &u)) {
            assert_true(cc_test_step(run) >= 0);
            const uint32_t *picked = ds_lattanzi_picked(cc_test_state(run), 0, &n);
            assert_true(n <= 6 && cc_test_metric(run, "excess", NULL) == 0);
            dynset_cut(chain, 0);
            for (size_t j = 0; j < n; j++) { /* losing a pick before only makes a gain larger */
                assert_true(dynset_gain(twin, chain, j, picked[j]) > tau);
                dynset_push(chain);
                dynset_add(chain, picked[j]);
            }
            /* Where the optimum is at least the guess, half of the guess is there, less what eps allows to lose. */
            const double value = cc_test_metric(run, "value", NULL), greedy = cc_test_metric(run, "greedy", NULL);
            if (greedy >= guess) worst = fmin(worst, value / guess), fresh++;
        }
        assert_true(fresh > 20);
        assert_true(worst >= .8 / 2 * .9);
        cc_test_close(run);
        cc_test_close(twin);
    }
}

/* Picks go one by one; a level is rebuilt once f(S) < (1 - eps) g / 2, and not before. */
static void test_lattanzi_patience(void **state)
{
    const struct {
        const char *algorithm;
        size_t expected[4]; /* picks after each of the first deletions, of elements worth .95 */
    } cases[] = {{"submodular.lattanzi(guess=10,eps=0.2)", {5, 6, 5, 6}}, /* 3.8 < 4 <= 4.75 */
                 {"submodular.lattanzi(guess=10,eps=0)", {6, 6, 6, 6}},   /* 4.75 < 5 */
                 {"submodular.lattanzi(guess=9.4,eps=0)", {5, 6, 5, 6}}}; /* 3.8 < 4.7 <= 4.75 */
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        cc_run *run = cc_test_start(cases[i].algorithm,
                                    "dynset.modular(n=20,heavy=0,weight=0.95,k=6,stream=adaptive,share=0.2,asks=1000)", 0);
        size_t n;
        assert_int_equal(cc_test_steps(run, 20), CC_OK);
        ds_lattanzi_picked(cc_test_state(run), 0, &n);
        assert_int_equal(n, 6);
        for (size_t j = 0; j < 4; j++) {
            assert_true(cc_test_step(run) >= 0);
            ds_lattanzi_picked(cc_test_state(run), 0, &n);
            assert_int_equal(n, cases[i].expected[j]);
        }
        cc_test_close(run);
    }
}

/* The answer is the best copy's, by what the copies hold now. */
static void test_lattanzi_answers(void **state)
{
    cc_run *run = cc_test_start("submodular.lattanzi", "dynset.small(kind=weighted,n=60,items=60,k=4,asks=1000)", 0);
    cc_status status = CC_OK;
    (void)state;
    while (status == CC_OK) {
        double best = 0;
        status = cc_test_step(run);
        for (size_t i = 0; i < 12; i++) { /* the grid has more: up to 4 times the largest */
            size_t n;
            const uint32_t *picked = ds_lattanzi_picked(cc_test_state(run), i, &n);
            best = fmax(best, cc_test_metric(run, "value", &(dynset_set){n, picked}));
        }
        assert_true(cc_test_metric(run, "value", NULL) >= best * (1 - 1e-12));
    }
    assert_int_equal(status, CC_DONE);
    cc_test_close(run);
}

/* A lost pick rebuilds its own level, not a lower one. Four elements of 1, k = 2, guess 2.5: both picks are needed. One is of level
 * 1, built of three elements in 1 + 3 + 1 + 3 + 1 queries, the other of level 2, of two in 1 + 2 + 1. */
static void test_lattanzi_levels(void **state)
{
    size_t low = 0, high = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        size_t n;
        cc_run *run =
            cc_test_start("submodular.lattanzi(guess=2.5,eps=0)", "dynset.modular(n=4,heavy=0,weight=1,k=2,asks=0)", seed);
        assert_int_equal(cc_test_steps(run, 4), CC_OK);
        const uint32_t *picked = ds_lattanzi_picked(cc_test_state(run), 0, &n);
        assert_int_equal(n, 2);
        const int second = picked[1] == 0;
        const uint64_t before = cc_spent(run, "n_query");
        assert_int_equal(cc_test_step(run), CC_OK); /* element 0 goes */
        assert_int_equal(cc_spent(run, "n_query") - before, second ? 4 : 9);
        *(second ? &high : &low) += 1;
        cc_test_close(run);
    }
    assert_true(low > 2 && high > 2);
}

/* |B_0| >= |B_1| >= .., no more wait than are present, and when all have gone nobody does. */
static void test_lattanzi_buffers(void **state)
{
    static const char *const problems[] = {
        "dynset.pareto_cov(n=100,k=6,stream=drain,share=1)", "dynset.pareto_cov(n=100,k=30,stream=drain,share=1)",
        "dynset.modular(n=64,heavy=0,weight=1,k=3,stream=drain,share=1)", "dynset.pareto_cov(n=100,k=6,stream=random)"};
    (void)state;
    for (size_t i = 0; i < COUNT(problems); i++) {
        cc_run *run = cc_test_start("submodular.lattanzi(guess=5)", problems[i], i);
        cc_status status = CC_OK;
        while (status == CC_OK) {
            size_t levels;
            status = cc_test_step(run);
            const size_t *waiting = ds_lattanzi_waiting(cc_test_state(run), 0, &levels);
            const double present = cc_test_metric(run, "present", NULL);
            for (size_t l = 0; l < levels; l++) {
                assert_true((double)waiting[l] <= present && (l == 0 || waiting[l] <= waiting[l - 1]));
                if (present == 0) assert_int_equal(waiting[l], 0);
            }
        }
        assert_int_equal(status, CC_DONE);
        cc_test_close(run);
    }
}

/* The random order matters, and is the only thing that does: another seed picks other elements, the same seed the same. */
static void test_lattanzi_seeds(void **state)
{
    const char *problem = "dynset.small(kind=coverage,n=200,items=60,instance=3,k=5,stream=insert)";
    uint32_t picked[3][5];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t n;
        cc_run *run = cc_test_start("submodular.lattanzi(guess=40)", problem, i / 2);
        assert_int_equal(run_out(run), CC_DONE);
        const uint32_t *p = ds_lattanzi_picked(cc_test_state(run), 0, &n);
        assert_int_equal(n, 5);
        memcpy(picked[i], p, sizeof picked[i]);
        cc_test_close(run);
    }
    assert_memory_equal(picked[0], picked[1], sizeof picked[0]);
    assert_true(memcmp(picked[1], picked[2], sizeof picked[1]) != 0);
}

/* ---- all of them ---- */

/* A stream that reacts takes one of the last answer: so that was shown. */
static void test_shown(void **state)
{
    static const char *const all[] = {"submodular.dynamic", "submodular.lattanzi", "submodular.sieve", "submodular.greedy",
                                      "submodular.random_k"};
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        cc_run *run = cc_test_start(all[i], "dynset.modular(n=40,heavy=6,k=4,stream=adaptive,share=0.5,asks=1000)", i);
        uint32_t answer[4];
        assert_int_equal(cc_test_steps(run, 40), CC_OK);
        for (size_t t = 0; t < 20; t++) {
            const dynset_set *s = cc_test_candidate(run);
            const size_t n = s->n;
            size_t gone = 0;
            assert_in_range(n, 1, 4);
            memcpy(answer, s->element, n * sizeof *answer);
            assert_true(cc_test_step(run) >= 0);
            for (size_t j = 0; j < n; j++) gone += !dynset_present(run, answer[j]);
            if (gone != 1) fail_msg("%s: %zu of the answer are gone, not 1", all[i], gone);
        }
        cc_test_close(run);
    }
}

/* ---- random ---- */

static void test_random(void **state)
{
    double count[6] = {0};
    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        cc_run *run = cc_test_start("submodular.random_k", "dynset.modular(n=6,k=2,stream=insert,asks=1)", seed);
        assert_int_equal(run_out(run), CC_DONE);
        const dynset_set *s = cc_test_candidate(run);
        assert_int_equal(s->n, 2);
        for (size_t i = 0; i < 2; i++) count[s->element[i]]++;
        cc_test_close(run);
    }
    for (size_t e = 0; e < 6; e++) assert_close(count[e], 1000, 110);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bills),
        cmocka_unit_test(test_greedy),
        cmocka_unit_test(test_greedy_stops),
        cmocka_unit_test(test_sieve),
        cmocka_unit_test(test_sieve_zero),
        cmocka_unit_test(test_lattanzi),
        cmocka_unit_test(test_lattanzi_patience),
        cmocka_unit_test(test_lattanzi_answers),
        cmocka_unit_test(test_lattanzi_levels),
        cmocka_unit_test(test_lattanzi_buffers),
        cmocka_unit_test(test_lattanzi_seeds),
        cmocka_unit_test(test_shown),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
