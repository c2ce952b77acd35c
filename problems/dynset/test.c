/* problems/dynset/test.c: functions against brute force on sets, chains, streams, metrics. */
#include "problems/dynset/test.h"

static void assert_close(double got, double want, double rel)
{
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1))) fail_msg("got %.17g, expected %.17g", got, want);
}

/* ---- functions ---- */

enum kind { COVER, SCORES, CUT };

static enum kind kind_of(const char *problem)
{
    return strstr(problem, "facility") || strstr(problem, "clusters") ? SCORES : strstr(problem, "cut") ? CUT : COVER;
}

static enum kind kind; /* of the function under test */

/* f(S) by its definition. */
static double plain_value(cc_run *run, size_t n, const uint32_t *set)
{
    const dynset_instance *p = instance_of(run);
    double sum = 0;
    if (kind == SCORES) {
        const dynset_scores *c = p->data;
        for (size_t i = 0; i < c->clients; i++) {
            double best = 0;
            for (size_t j = 0; j < n; j++) best = fmax(best, (double)c->score[set[j] * c->clients + i]);
            sum += best;
        }
        return sum;
    }
    const dynset_cover *c = p->data;
    for (uint32_t i = 0; i < c->items; i++) {
        int covered = 0, inside = 0;
        for (size_t j = 0; j < n; j++) {
            for (uint32_t q = c->begin[set[j]]; q < c->begin[set[j] + 1]; q++) covered += c->item[q] == i;
            inside |= set[j] == i;
        }
        if (kind == COVER)
            sum += covered ? (c->weight ? c->weight[i] : 1) : 0;
        else if (!inside) /* edges that leave the set */
            sum += covered;
    }
    return fmin(sum, kind == COVER ? c->cap : INFINITY);
}

/* A chain of five sets of random growth: values, gains at every level, cuts. */
static void check_function(const char *problem, uint64_t seed)
{
    cc_run *run = cc_test_run(problem, seed);
    const dynset_instance *p = instance_of(run);
    kind = kind_of(problem);
    uint32_t set[64], with[64], all[64];
    size_t upto[6] = {0};
    double gain[64];
    dynset_chain *chain;
    cc_rng rng = cc_stream(run, 9, seed);
    assert_true(p->n <= 64);
    assert_int_equal(dynset_chain_open(run, 5, &chain), CC_OK);
    for (uint32_t e = 0; e < p->n; e++) all[e] = e;
    for (int round = 0; round < 4; round++) {
        dynset_cut(chain, (size_t)round);
        while (dynset_top(chain) < 5) {
            const size_t top = dynset_top(chain);
            dynset_push(chain);
            upto[top + 1] = upto[top];
            for (uint64_t more = cc_below(&rng, 3); more > 0 && upto[top + 1] < 10; more--) {
                set[upto[top + 1]] = (uint32_t)cc_below(&rng, p->n);
                int twice = 0;
                for (size_t j = 0; j < upto[top + 1]; j++) twice |= set[j] == set[upto[top + 1]];
                dynset_add(chain, set[upto[top + 1]]); /* an element twice is an element once */
                upto[top + 1] += !twice;
            }
        }
        for (size_t level = 0; level <= 5; level++) {
            const uint64_t before = cc_spent(run, "n_query");
            const double base = plain_value(run, upto[level], set);
            assert_close(p->f->value(p->data, chain->state, level), base, 1e-12);
            dynset_gains(run, chain, level, p->n, all, gain);
            assert_int_equal(cc_spent(run, "n_query"), before + p->n);
            for (uint32_t e = 0; e < p->n; e++) {
                memcpy(with, set, upto[level] * sizeof *set);
                with[upto[level]] = e;
                int inside = 0;
                for (size_t j = 0; j < upto[level]; j++) inside |= set[j] == e;
                assert_close(gain[e], inside ? 0 : plain_value(run, upto[level] + 1, with) - base, 1e-12);
                assert_true(dynset_gain(run, chain, level, e) == gain[e]);
            }
        }
        const uint64_t before = cc_spent(run, "n_query");
        assert_close(dynset_value(run, (dynset_set){upto[5], set}), plain_value(run, upto[5], set), 1e-12);
        assert_int_equal(cc_spent(run, "n_query"), before + 1);
    }
    cc_test_close(run);
}

static void test_functions(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        check_function("dynset.small(kind=coverage)", seed);
        check_function("dynset.small(kind=weighted)", seed);
        check_function("dynset.small(kind=saturated)", seed);
        check_function("dynset.small(kind=facility,items=29)", seed);
        check_function("dynset.pareto_cov(n=60)", seed);
        check_function("dynset.clusters(n=40,clients=37)", seed);
        check_function("dynset.clusters(n=40,clients=2075)", seed); /* more than a block */
        check_function("dynset.modular(n=20)", seed);
        check_function("dynset.groups(groups=3,mates=4,singles=5)", seed);
        check_function("dynset.cut(n=30)", seed);
    }
}

/* A gain over a set on trial is that of a chain which has the set, at the same bill; the chain stays as it is. */
static void check_trial(const char *problem, uint64_t seed)
{
    cc_run *run = cc_test_run(problem, seed), *twin = cc_test_run(problem, seed);
    const dynset_instance *p = instance_of(run);
    cc_rng rng = cc_stream(run, 78, 0);
    dynset_chain *chain, *steps;
    uint32_t extra[12];
    assert_int_equal(dynset_chain_open(run, 4, &chain), CC_OK);
    assert_int_equal(dynset_chain_open(twin, 4, &steps), CC_OK);
    for (size_t top = 0; top < 4; top++) {
        for (int round = 0; round < 60; round++) {
            const size_t n = (size_t)cc_below(&rng, 13);
            const uint32_t element = (uint32_t)cc_below(&rng, p->n);
            for (size_t i = 0; i < n; i++) extra[i] = (uint32_t)cc_below(&rng, p->n);
            dynset_push(steps);
            for (size_t i = 0; i < n; i++) dynset_add(steps, extra[i]);
            assert_true(dynset_trial(run, chain, n, extra, element) == dynset_gain(twin, steps, top + 1, element));
            dynset_cut(steps, top);
            assert_true(dynset_gain(run, chain, top, element) == dynset_gain(twin, steps, top, element));
            assert_int_equal(cc_spent(run, "n_query"), cc_spent(twin, "n_query"));
            assert_int_equal(cc_spent(run, "n_add"), cc_spent(twin, "n_add"));
        }
        const uint32_t next = (uint32_t)cc_below(&rng, p->n);
        dynset_push(chain), dynset_push(steps);
        dynset_add(chain, next), dynset_add(steps, next);
    }
    cc_test_close(run);
    cc_test_close(twin);
}

static void test_trial(void **state)
{
    const char *const problems[] = {"dynset.small(kind=coverage)",     "dynset.small(kind=weighted)",
                                    "dynset.small(kind=saturated)",    "dynset.small(kind=facility,items=29)",
                                    "dynset.pareto_cov(n=300)",        "dynset.clusters(n=40,clients=37)",
                                    "dynset.groups(groups=3,mates=9)", "dynset.cut(n=30)"};
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++)
        for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) check_trial(problems[i], seed);
}

/* The first that reaches a threshold, at any place of any block, with the bill up to it. */
static void test_first(void **state)
{
    cc_run *run = cc_test_run("dynset.modular(n=200,heavy=0,weight=1,k=3)", 0), *cut = cc_test_run("dynset.cut(n=30,degree=20)", 0);
    uint32_t element[200];
    dynset_chain *chain;
    double gain = 0;
    (void)state;
    assert_int_equal(dynset_chain_open(run, 200, &chain), CC_OK);
    for (uint32_t e = 0; e < 200; e++) element[e] = e;
    for (size_t n = 0; n < 200; n++) { /* elements 0 .. n - 1 are in the set: they gain nothing */
        const uint64_t before = cc_spent(run, "n_query");
        assert_int_equal(dynset_first(run, chain, n, 200, element, .5, &gain), n);
        assert_true(gain == 1);
        assert_int_equal(cc_spent(run, "n_query") - before, n + 1);
        assert_int_equal(dynset_first(run, chain, n, n, element, .5, &gain), n);
        assert_int_equal(cc_spent(run, "n_query") - before, 2 * n + 1);
        assert_int_equal(dynset_first(run, chain, n, 200, element, 1, &gain), n);
        assert_int_equal(dynset_first(run, chain, n, 200, element, 1.5, &gain), 200);
        dynset_push(chain);
        dynset_add(chain, (uint32_t)n);
    }
    assert_int_equal(dynset_chain_open(cut, 1, &chain), CC_OK);
    dynset_push(chain);
    for (uint32_t e = 0; e < 25; e++) dynset_add(chain, e);
    const size_t i = dynset_first(cut, chain, 1, 5, element + 25, 1e9, &gain);
    assert_true(i < 5 && gain < 0); /* whatever the threshold */
    cc_test_close(run);
    cc_test_close(cut);
}

static void test_scores(void **state)
{
    (void)state;
    assert_true(dynset_score(-1) == 0 && dynset_score(2) == 1 && dynset_score(.5) == .5f);
    for (int i = 0; i < 1000; i++) {
        const double s = (double)dynset_score(i / 999.);
        assert_true(s * 0x1p24 == floor(s * 0x1p24));
        assert_true(fabs(s - i / 999.) <= 0x1p-25);
    }
}

/* ---- streams ---- */

static void read_stream(const char *problem, size_t *updates, dynset_update *u, size_t room)
{
    cc_run *run = cc_test_run(problem, 3);
    for (*updates = 0; *updates < room && dynset_next(run, u + *updates); ++*updates) {
        const dynset_update *v = u + *updates;
        assert_int_equal(dynset_present(run, v->element), v->insert);
        assert_int_equal(v->last, *updates + 1 == instance_of(run)->updates);
    }
    assert_int_equal(cc_spent(run, "n_update"), *updates);
    assert_int_equal((int)cc_test_known(run, "updates"), (int)*updates);
    cc_test_close(run);
}

static void test_window(void **state)
{
    dynset_update u[64];
    size_t n, present = 0, most = 0, asks = 0;
    (void)state;
    read_stream("dynset.pareto_cov(n=21,share=0.3,asks=5)", &n, u, 64);
    assert_int_equal(n, 21 + 21 - 7);
    for (size_t t = 0, next = 0, oldest = 0; t < n; t++) {
        assert_int_equal(u[t].element, u[t].insert ? next++ : oldest++);
        present += u[t].insert ? 1 : (size_t)-1;
        most = present > most ? present : most;
        asks += u[t].ask;
    }
    assert_int_equal(present, 7);
    assert_int_equal(most, 8);
    assert_int_equal(asks, 5);
    assert_true(u[6].ask && u[13].ask && u[n - 1].ask && !u[0].ask);
}

static void test_drain(void **state)
{
    dynset_update u[64];
    double last = INFINITY, gain[40];
    size_t n;
    uint32_t all[40];
    dynset_chain *chain;
    (void)state;
    read_stream("dynset.pareto_cov(n=40,stream=drain,asks=1000)", &n, u, 64);
    assert_int_equal(n, 60);
    cc_run *run = cc_test_run("dynset.pareto_cov(n=40,stream=drain)", 3);
    assert_int_equal(dynset_chain_open(run, 1, &chain), CC_OK);
    for (uint32_t e = 0; e < 40; e++) all[e] = e;
    dynset_gains(run, chain, 0, 40, all, gain);
    double least = INFINITY, most = 0;
    for (size_t e = 0; e < 40; e++) least = fmin(least, gain[e]), most = fmax(most, gain[e]);
    assert_true(cc_test_known(run, "singleton_min") == least && cc_test_known(run, "singleton_max") == most);
    for (size_t t = 0; t < n; t++) {
        assert_true(u[t].ask && u[t].insert == (t < 40));
        if (t < 40) {
            assert_int_equal(u[t].element, t);
            continue;
        }
        assert_true(gain[u[t].element] <= last);
        if (t > 40 && gain[u[t].element] >= last) assert_true(u[t].element > u[t - 1].element);
        last = gain[u[t].element];
        gain[u[t].element] = -1;
    }
    for (size_t e = 0; e < 40; e++) assert_true(gain[e] <= last); /* what stays is smaller */
    cc_test_close(run);
}

static void test_random_and_insert(void **state)
{
    static dynset_update u[4096], v[4096];
    size_t n, m, insertions = 0, again = 0, free_choice = 0, present = 0;
    uint8_t came[1000] = {0};
    (void)state;
    read_stream("dynset.pareto_cov(n=1000,stream=random)", &n, u, 4096);
    assert_int_equal(n, 2000);
    for (size_t t = 0; t < n; t++) {
        free_choice += present > 0 && present < 1000;
        insertions += present > 0 && present < 1000 && u[t].insert;
        present += u[t].insert ? 1 : (size_t)-1;
        again += u[t].insert && came[u[t].element]++;
    }
    assert_true(fabs((double)insertions / (double)free_choice - .6) < .05);
    assert_true(again > 50);
    read_stream("dynset.small(instance=5,stream=random)", &n, u, 64);
    cc_run *other = cc_test_run("dynset.small(instance=5,stream=random)", 77); /* the same stream for another seed */
    for (m = 0; dynset_next(other, v + m); m++) assert_int_equal(v[m].element, u[m].element);
    assert_int_equal(m, n);
    cc_test_close(other);
    read_stream("dynset.pareto_cov(n=30,stream=insert)", &n, u, 64);
    assert_int_equal(n, 30);
}

static void test_adaptive(void **state)
{
    cc_run *run = cc_test_run("dynset.pareto_cov(n=30,k=3,stream=adaptive,share=0.2)", 0);
    const uint32_t shown[3] = {7, 11, 13};
    dynset_update u;
    size_t hits = 0, t = 0;
    (void)state;
    while (dynset_next(run, &u)) {
        if (++t == 30) dynset_show(run, (dynset_set){3, shown});
        if (u.insert) continue;
        hits += u.element == 7 || u.element == 11 || u.element == 13;
        if (t <= 33) assert_int_equal(hits, t - 30);
    }
    assert_int_equal(t, 36);
    assert_int_equal(hits, 3);
    cc_test_close(run);
}

/* ---- own files, metrics ---- */

static cc_run *open_file(const char *sets, const char *script, const char *more)
{
    char path[64], steps[64] = "none", problem[256];
    write_text(sets, path);
    if (script) write_text(script, steps);
    snprintf(problem, sizeof problem, "dynset.file(path=%s,script=%s%s)", path, steps, more);
    cc_run *run = cc_test_run(problem, 0);
    unlink(path);
    if (script) unlink(steps);
    return run;
}

static void test_published(void **state)
{
    cc_run *run = open_file(FOUR, "+0\n+1\n+2\n+3?\n-3?\n+3\n", ",k=2");
    dynset_update u;
    const uint32_t best[] = {0, 3}, worse[] = {1, 2}, twice[] = {0, 0}, far[] = {0, 9}, three[] = {0, 1, 2};
    (void)state;
    assert_int_equal(dynset_n(run), 4);
    assert_int_equal(dynset_k(run), 2);
    for (int t = 0; t < 4; t++) assert_int_equal(dynset_next(run, &u), 1);
    assert_true(u.ask && u.insert && u.element == 3 && !u.last);
    assert_true(cc_test_metric(run, "opt", &(dynset_set){0, best}) == 5);
    assert_true(cc_test_metric(run, "greedy", &(dynset_set){0, best}) == 5);
    assert_true(cc_test_metric(run, "value", &(dynset_set){2, best}) == 5);
    assert_true(cc_test_metric(run, "value", &(dynset_set){2, worse}) == 3);
    assert_true(cc_test_metric(run, "ratio", &(dynset_set){2, worse}) == .6);
    assert_true(cc_test_metric(run, "size", &(dynset_set){2, worse}) == 2);
    assert_true(cc_test_metric(run, "excess", &(dynset_set){2, best}) == 0);
    assert_true(cc_test_metric(run, "excess", &(dynset_set){2, twice}) == 1);
    assert_true(cc_test_metric(run, "excess", &(dynset_set){2, far}) == 1);
    assert_true(cc_test_metric(run, "excess", &(dynset_set){3, three}) == 1);
    assert_true(isnan(cc_test_metric(run, "value", &(dynset_set){2, twice})));
    assert_int_equal(dynset_next(run, &u), 1);
    assert_true(cc_test_metric(run, "opt", &(dynset_set){0, best}) == 4);
    assert_true(cc_test_metric(run, "excess", &(dynset_set){2, best}) == 1);
    assert_true(cc_test_metric(run, "present", &(dynset_set){0, best}) == 3);
    assert_int_equal(cc_spent(run, "n_ask"), 2);
    assert_int_equal(cc_spent(run, "n_query"), 0); /* metrics are not billed */
    assert_int_equal(dynset_next(run, &u), 1);
    assert_true(u.last);
    assert_int_equal(dynset_next(run, &u), 0);
    cc_test_close(run);
}

/* All sets of at most k present elements, one by one. */
static double plain_optimum(cc_run *run, size_t from, size_t n, uint32_t *set, size_t k)
{
    double best = plain_value(run, n, set);
    for (uint32_t e = (uint32_t)from; k > 0 && e < instance_of(run)->n; e++) {
        if (!dynset_present(run, e)) continue;
        set[n] = e;
        best = fmax(best, plain_optimum(run, e + 1, n + 1, set, k - 1));
    }
    return best;
}

/* The element of the largest gain, k times, without any heap. */
static double plain_greedy(cc_run *run)
{
    uint32_t set[64];
    double value = 0;
    for (size_t n = 0; n < dynset_k(run); n++) {
        double best = value;
        uint32_t who = UINT32_MAX;
        for (uint32_t e = 0; e < instance_of(run)->n; e++) {
            if (!dynset_present(run, e)) continue;
            set[n] = e;
            const double with = plain_value(run, n + 1, set);
            if (with > best) best = with, who = e;
        }
        if (who == UINT32_MAX) return value;
        set[n] = who;
        value = best;
    }
    return value;
}

static void test_references(void **state)
{
    static const char *const kinds[] = {"coverage", "weighted", "saturated", "facility"};
    uint32_t set[64];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        char problem[96];
        dynset_update u;
        snprintf(problem, sizeof problem, "dynset.small(kind=%s,n=12,k=3)", kinds[i]);
        cc_run *run = cc_test_run(problem, i);
        kind = kind_of(problem);
        while (dynset_next(run, &u)) {
            const double opt = plain_optimum(run, 0, 0, set, 3), greedy = cc_test_metric(run, "greedy", &(dynset_set){0, set});
            assert_close(cc_test_metric(run, "opt", &(dynset_set){0, set}), opt, 1e-12);
            assert_true(greedy <= opt * (1 + 1e-12) && greedy >= .63 * opt);
            if (i == 1 || i == 3) assert_close(greedy, plain_greedy(run), 1e-12); /* no ties */
        }
        cc_test_close(run);
    }
    cc_run *large = cc_test_run("dynset.small(n=40,stream=insert)", 0);
    dynset_update u;
    while (dynset_next(large, &u)) continue;
    assert_true(isnan(cc_test_metric(large, "opt", &(dynset_set){0, set})));
    cc_test_close(large);
}

static void test_shapes(void **state)
{
    cc_run *run = cc_test_run("dynset.pareto_cov(n=2000)", 1);
    const dynset_cover *c = instance_of(run)->data;
    double popular = 0, degrees = 0;
    (void)state;
    assert_int_equal(c->items, 1001);
    for (uint32_t e = 0; e < 2000; e++) {
        const uint32_t degree = c->begin[e + 1] - c->begin[e];
        assert_true(degree >= 2 && degree <= 200);
        degrees += degree;
    }
    for (uint32_t q = 0; q < c->begin[2000]; q++) popular += c->item[q] < 125; /* U^1.5 < 1/8: a quarter, but distinct */
    assert_true(popular / degrees > .2 && popular / degrees < .27);
    assert_true(degrees / 2000 > 3 && degrees / 2000 < 4.2);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_trial),
        cmocka_unit_test(test_first),
        cmocka_unit_test(test_scores),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_drain),
        cmocka_unit_test(test_random_and_insert),
        cmocka_unit_test(test_adaptive),
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
