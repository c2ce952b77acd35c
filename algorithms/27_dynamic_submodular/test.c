/* test.c: the structure against published and hand-made values; sampling against exact laws; what must be refused. */
#include "test.h"

/* ---- the sets behind the levels ---- */

static void test_nest(void **state)
{
    enum { N = 40, SETS = 6 };
    size_t depth[N];
    ds_nest nest;
    cc_run *run = cc_test_run(NULL, 0);
    cc_rng rng = cc_stream(run, 0, 0);
    (void)state;
    assert_int_equal(ds_nest_open(run, N, SETS, &nest), CC_OK);
    for (size_t e = 0; e < N; e++) depth[e] = SIZE_MAX;
    for (int t = 0; t < 4000; t++) {
        const uint32_t e = (uint32_t)cc_below(&rng, N);
        if (depth[e] == SIZE_MAX)
            ds_nest_enter(&nest, e, depth[e] = cc_below(&rng, SETS));
        else {
            ds_nest_leave(&nest, e);
            depth[e] = SIZE_MAX;
        }
        if (t % 7 == 0) { /* the last layers of R_2 are dealt anew */
            const size_t n = nest.size[2];
            ds_draw(&rng, n, n, nest.order);
            nest.size[2] = n - n / 3;
            nest.size[3] = n / 2;
            nest.size[4] = nest.size[5] = 0;
            ds_nest_settle(&nest, n, 2, 3);
            for (size_t i = 0; i < n; i++) depth[nest.order[i]] = i < n / 2 ? 3 : i < n - n / 3 ? 2 : 1;
        }
        for (size_t i = 0; i < SETS; i++) {
            size_t count = 0;
            for (uint32_t v = 0; v < N; v++) {
                const int inside = depth[v] != SIZE_MAX && depth[v] >= i;
                count += (size_t)inside;
                if (inside)
                    assert_true(nest.place[v] < nest.size[i] && nest.order[nest.place[v]] == v && nest.depth[v] == depth[v]);
                if (!inside && ds_nest_holds(&nest, v)) assert_true(nest.place[v] >= nest.size[i]);
            }
            assert_int_equal(count, nest.size[i]);
        }
    }
    for (uint32_t v = 0; v < N; v++) assert_int_equal(ds_nest_holds(&nest, v), depth[v] != SIZE_MAX);
    cc_test_close(run);
}

/* ---- hand-made values ---- */

static void test_guesses(void **state)
{
    ds_range p = ds_guesses(4, .3, 20);
    double g[64];
    (void)state;
    assert_int_equal(p.low, 5);
    assert_int_equal(p.high, 19);
    p = ds_guesses(1, 1, 4); /* boundaries belong: 1/2 and 8 */
    assert_int_equal(p.low, -1);
    assert_int_equal(p.high, 3);
    assert_close(ds_samples_in_theory(.1, 18, 4), 16 * 497, 0);
    assert_int_equal(ds_opt_grid(1, 1, 2, 64, g), 4); /* log 2 / log 1.3 = 2.64 */
    assert_close(g[0], 1, 0);
    assert_close(g[1], pow(2, 1 / 3.), 1e-15);
    assert_close(g[3], 2, 1e-15);
    assert_int_equal(ds_opt_grid(3, 3, 1, 64, g), 1);
    assert_close(g[0], 3, 0);
    assert_int_equal(ds_opt_grid(2, 2 * 1.69, 1, 64, g), 3); /* two steps exactly */
}

static void test_grid(void **state)
{
    const size_t small[] = {1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 12},
                 fine[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24};
    (void)state;
    for (size_t j = 0; j < COUNT(small); j++) assert_int_equal(ds_grid(.3, 12, j), small[j]);
    for (size_t j = 0; j < COUNT(fine); j++) assert_int_equal(ds_grid(.1, 1000, j), fine[j]);
    assert_int_equal(ds_grid(.3, 1, 0), 1);
    assert_int_equal(ds_grid(.3, 2, 1), 2);
}

/* A copy of its own, over a problem. */
typedef struct bench {
    cc_run *run;
    ds_rules rules;
    ds_bill bill;
    ds_scratch scratch;
    ds_copy copy;
} bench;

static void open_bench(bench *b, const char *problem, double eps, double guess, size_t samples)
{
    memset(b, 0, sizeof *b);
    b->run = cc_test_run(problem, 0);
    b->rules = (ds_rules){.eps = eps, .k = dynset_k(b->run), .samples = samples, .buckets = 1, .rebuild = 1};
    assert_int_equal(ds_scratch_open(b->run, dynset_n(b->run), eps, b->rules.k, &b->scratch), CC_OK);
    assert_int_equal(ds_copy_open(b->run, &b->rules, &b->bill, &b->scratch, guess, 0, &b->copy), CC_OK);
    for (uint32_t e = 0; e < dynset_n(b->run); e++) b->scratch.list[e] = e;
}

static void test_buckets(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "dynset.modular(n=4,k=20)", .3, 20, 50);
    assert_close(b.copy.tau, .5, 0);
    assert_int_equal(ds_bucket(&b.copy, 1), 2);
    assert_close(b.copy.theta[2], .845, 1e-15);
    assert_int_equal(b.copy.buckets, 17); /* ceil(log_1.3 52) + 1 */
    for (size_t j = 0; j < b.copy.buckets; j++) {
        const double theta = .5 * pow(1.3, (double)j);
        assert_int_equal(ds_bucket(&b.copy, theta), j);
        assert_int_equal(ds_bucket(&b.copy, theta * (1 - 1e-12)), j); /* rounding does not move it */
        if (j) assert_int_equal(ds_bucket(&b.copy, theta * (1 - 1e-6)), j - 1);
    }
    assert_int_equal(ds_bucket(&b.copy, 1e9), 16);
    cc_test_close(b.run);
}

/* f(S) = |S|, k = 2, one copy: each insertion costs its check, reconstructions of 1, 2, 3, 5, 8, .. elements cost these. */
static void test_ledger(void **state)
{
    const size_t sizes[] = {1, 2, 3, 5, 8, 12, 18, 27, 41};
    cc_run *run = cc_test_start("submodular.dynamic(guess=4)", "dynset.modular(n=41,heavy=0,weight=1,k=2,asks=0)", 0);
    uint64_t bill = 0;
    (void)state;
    for (size_t t = 1, next = 0; t <= 41; t++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        bill += 1 + (t == sizes[next] ? t : 0);
        next += t == sizes[next];
        assert_int_equal(cc_spent(run, "n_query"), bill);
        assert_close(cc_test_probe(run, "rebuilds"), (double)next, 0);
    }
    assert_int_equal(bill, 158);
    for (size_t t = 1; t <= 13; t++) {
        assert_int_equal(cc_spent(run, "n_query"), 158);
        assert_int_equal(cc_test_step(run), CC_OK);
    }
    assert_int_equal(cc_spent(run, "n_query"), 158 + 28);
    assert_close(cc_test_probe(run, "levels"), 1, 0);
    assert_close(cc_test_probe(run, "means"), 0, 0);
    cc_test_close(run);
}

/* Of two buckets of two, that of larger gains. A deletion of all of it brings the other. */
static void test_tie(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "dynset.modular(n=4,heavy=2,heavy_weight=1.5,weight=1,k=1)", .3, 2, 50);
    for (uint32_t e = 0; e < 4; e++) assert_int_equal(ds_copy_insert(b.run, &b.copy, e), CC_OK);
    assert_int_equal(ds_rebuild(b.run, &b.copy, 1), CC_OK);
    assert_int_equal(b.copy.T, 1);
    assert_true(b.copy.picked[0] < 2 && b.copy.level[1].bucket == 2 && b.copy.level[1].built == 4);
    assert_close(b.copy.level[1].theta, 1.3, 1e-15);
    assert_true(ds_in_bucket(&b.copy, 0, 1) && ds_in_bucket(&b.copy, 1, 1) && !ds_in_bucket(&b.copy, 2, 1));
    assert_int_equal(ds_copy_delete(b.run, &b.copy, 0), CC_OK); /* half of the bucket: rebuilt from 1.5, 1, 1 */
    assert_true(b.copy.level[1].built == 3 && b.copy.picked[0] >= 2);
    assert_int_equal(ds_copy_insert(b.run, &b.copy, 1), CC_EINVAL);
    assert_int_equal(ds_copy_delete(b.run, &b.copy, 0), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(b.run), "0"));
    cc_test_close(b.run);
}

/* ---- samples ---- */

static void test_draw(void **state)
{
    double count[4][4] = {{0}};
    cc_run *run = cc_test_run(NULL, 1);
    cc_rng rng = cc_stream(run, 0, 0);
    uint32_t list[4] = {0, 1, 2, 3};
    (void)state;
    for (int t = 0; t < 12000; t++) { /* from whatever order the last draw left */
        ds_draw(&rng, 2, 4, list);
        count[list[0]][list[1]]++;
    }
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) assert_close(count[i][j], i == j ? 0 : 1000, i == j ? 0 : 130);
    cc_test_close(run);
}

static double mean_indicator(bench *b, size_t t, size_t s, double theta, int draws)
{
    double sum = 0;
    for (int i = 0; i < draws; i++) sum += ds_indicator(b->run, &b->copy, t, s, theta);
    return sum / draws;
}

/* Four pairs and four singles: E[I_t] = 1 - (t - 1) (8 / 12) / 11. */
static void test_indicator(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "dynset.groups", .1, 16, 20000);
    const uint64_t before = cc_spent(b.run, "n_query"), added = cc_spent(b.run, "n_add");
    assert_close(mean_indicator(&b, 8, 12, 1, 20000), .5757575758, .015);
    assert_int_equal(cc_spent(b.run, "n_query") - before, 20000);
    assert_int_equal(cc_spent(b.run, "n_add") - added, 140000);
    assert_close(mean_indicator(&b, 4, 12, 1, 20000), .8181818182, .012);
    assert_close(mean_indicator(&b, 1, 12, 1, 1000), 1, 0);
    assert_int_equal(dynset_top(b.copy.chain), 0);
    for (int i = 0; i < 5; i++) assert_int_equal(ds_sample_count(b.run, &b.copy, 12, 1, 8), 4); /* first mean <= .85 */
    b.rules.eps = .3;
    for (int i = 0; i < 5; i++) assert_int_equal(ds_sample_count(b.run, &b.copy, 12, 1, 8), 8); /* .576 > .55: all that is wanted */
    assert_int_equal(ds_sample_count(b.run, &b.copy, 1, 1, 8), 1);
    cc_test_close(b.run);
}

/* E[I_t] by enumeration: all ordered (t-1)-subsets and another element; falls with t on any submodular function. */
static double exact_indicator(bench *b, size_t t, size_t n, uint32_t used, size_t have, double theta)
{
    double sum = 0, ways = 0;
    const size_t top = dynset_top(b->copy.chain);
    for (uint32_t e = 0; e < n; e++) {
        if (used >> e & 1) continue;
        ways++;
        if (have + 1 == t) {
            sum += ds_reaches(dynset_gain(b->run, b->copy.chain, top, e), theta);
            continue;
        }
        dynset_push(b->copy.chain);
        dynset_add(b->copy.chain, e);
        sum += exact_indicator(b, t, n, used | UINT32_C(1) << e, have + 1, theta);
        dynset_cut(b->copy.chain, top);
    }
    return sum / ways;
}

static void test_monotone(void **state)
{
    static const char *const kinds[] = {"coverage", "weighted", "facility"};
    (void)state;
    for (int i = 0; i < 50; i++) {
        char problem[96];
        bench b;
        snprintf(problem, sizeof problem, "dynset.small(kind=%s,n=6,items=12,instance=%d,k=5)", kinds[i % 3], i);
        open_bench(&b, problem, .2, 10, 3000);
        const double theta = i % 3 == 2 ? .5 : 2;
        double before = 1;
        for (size_t t = 1; t <= 4; t++) {
            const double exact = exact_indicator(&b, t, 6, 0, 0, theta);
            assert_true(exact <= before + 1e-12);
            before = exact;
            if (i < 6) assert_close(mean_indicator(&b, t, 6, theta, 3000), exact, .04);
        }
        cc_test_close(b.run);
    }
}

/* A sample that grows until the bucket shrinks never holds both of a pair. */
static void test_adaptive(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "dynset.groups", .1, 16, 50);
    for (int i = 0; i < 200; i++) {
        dynset_push(b.copy.chain);
        const size_t m = ds_sample_adaptive(b.run, &b.copy, 12, 1, 8);
        uint32_t seen[4] = {0}, all = 0;
        for (size_t j = 0; j < 12; j++) all |= UINT32_C(1) << b.scratch.list[j];
        for (size_t j = 0; j < m; j++)
            if (b.scratch.list[j] < 8) seen[b.scratch.list[j] / 2]++;
        for (size_t j = 0; j < 4; j++) assert_true(seen[j] <= 1);
        assert_true(m >= 1 && m <= 8 && all == 4095); /* a permutation still */
        /* It goes on while .9 of 12 are left, 10 or more: until one of the third pair is in. */
        assert_int_equal(seen[0] + seen[1] + seen[2] + seen[3], 3);
        dynset_cut(b.copy.chain, 0);
    }
    assert_true(b.bill.resampled > 0);
    cc_test_close(b.run);
}

/* ---- whole runs ---- */

static double survivors_value(cc_run *run, const ds_dynamic *s, const ds_copy *c)
{
    uint32_t list[128];
    size_t n = 0;
    for (size_t i = 0; i < c->level[c->T].picked; i++)
        if (s->present[c->picked[i]]) list[n++] = c->picked[i];
    return cc_test_metric(run, "value", &(dynset_set){n, list});
}

/* After every update: the answer is the best copy's, copies know their values, and nothing is paid for what did not change. */
static void check_run(const char *algorithm, const char *problem)
{
    cc_run *run = cc_test_start(algorithm, problem, 1);
    const ds_dynamic *s = cc_test_state(run);
    cc_status status = CC_OK;
    while (status == CC_OK) {
        const uint64_t bill = cc_spent(run, "n_query");
        const ds_bill before = s->bill;
        const double present = cc_test_metric(run, "present", NULL);
        status = cc_test_step(run);
        const int deletion = cc_test_metric(run, "present", NULL) < present;
        double best = 0;
        for (size_t p = 0; p < s->copies; p++) {
            const double value = survivors_value(run, s, s->copy + p);
            best = fmax(best, value);
            if (value > 0) assert_close(s->copy[p].value, value, 1e-12 * value);
            assert_int_equal(s->copy[p].stale, 0);
        }
        assert_close(cc_test_metric(run, "value", NULL), best, 1e-12 * best);
        assert_true(cc_test_metric(run, "excess", NULL) == 0);
        if (deletion && s->bill.rebuilds == before.rebuilds)
            assert_int_equal(cc_spent(run, "n_query") - bill, (uint64_t)(s->bill.answers - before.answers));
        if (!deletion && s->all) assert_close(s->bill.singles, before.singles + 1, 0);
        assert_true(s->bill.answers - before.answers <= (double)s->copies);
    }
    assert_int_equal(status, CC_DONE);
    assert_int_equal(cc_spent(run, "n_query"), (uint64_t)(s->bill.singles + s->bill.checks + s->bill.built + s->bill.refiltered +
                                                          s->samples * s->bill.means + s->bill.answers));
    cc_test_close(run);
}

static void test_runs(void **state)
{
    (void)state;
    check_run("submodular.dynamic", "dynset.pareto_cov(n=150,k=6,stream=random,asks=1000)");
    check_run("submodular.dynamic(eps=0.1)", "dynset.pareto_cov(n=60,k=5,stream=drain,asks=1000)");
    check_run("submodular.dynamic:binary", "dynset.small(kind=facility,n=40,k=5,asks=1000)");
    check_run("submodular.dynamic(guess=30)", "dynset.small(kind=saturated,n=40,k=5,asks=1000)");
    check_run("submodular.dynamic",
              "dynset.modular(n=90,heavy=3,k=70,stream=random,asks=1000)"); /* more than 64 levels have room */
    check_run("submodular.dynamic:one", "dynset.modular(n=90,heavy=3,k=70,stream=drain,asks=1000)");
}

/* An answer is not asked for again as long as nothing that it is made of changes. */
static void test_cached_answers(void **state)
{
    cc_run *run = cc_test_start("submodular.dynamic(guess=40)", "dynset.modular(n=41,heavy=0,weight=1,k=2,asks=100000)", 0);
    const ds_dynamic *s = cc_test_state(run);
    (void)state;
    assert_true(isnan(cc_test_probe(run, "best_guess")));
    assert_int_equal(cc_test_steps(run, 41), CC_OK); /* guess 40: tau = 10, nobody reaches it */
    assert_int_equal(cc_spent(run, "n_query"), 41);
    assert_true(cc_test_metric(run, "size", NULL) == 0);
    cc_test_close(run);
    run = cc_test_start("submodular.dynamic(guess=4)", "dynset.modular(n=41,heavy=0,weight=1,k=2,asks=100000)", 0);
    s = cc_test_state(run);
    assert_int_equal(cc_test_steps(run, 41), CC_OK);
    assert_close(s->bill.answers, 9, 0); /* one a reconstruction */
    for (uint32_t t = 0; t < 12; t++) {
        const double before = s->bill.answers;
        const int hit = s->copy->picked[0] == t || s->copy->picked[1] == t;
        assert_int_equal(cc_test_step(run), CC_OK);
        assert_close(s->bill.answers - before, hit, 0);
        assert_close(cc_test_probe(run, "best_guess"), 4, 0);
    }
    cc_test_close(run);
}

static void test_same_seed(void **state)
{
    const char *problem = "dynset.pareto_cov(n=300,k=8,stream=random)";
    cc_run *a = cc_test_start("submodular.dynamic", problem, 5), *b = cc_test_start("submodular.dynamic", problem, 5);
    (void)state;
    assert_int_equal(run_out(a), CC_DONE);
    assert_int_equal(run_out(b), CC_DONE);
    assert_int_equal(cc_spent(a, "n_query"), cc_spent(b, "n_query"));
    const dynset_set *s = cc_test_candidate(a), *t = cc_test_candidate(b);
    assert_int_equal(s->n, t->n);
    assert_memory_equal(s->element, t->element, s->n * sizeof *s->element);
    cc_test_close(a);
    cc_test_close(b);
}

/* ---- parameters and refusals ---- */

static void test_parameters(void **state)
{
    cc_run *run = cc_test_start("submodular.dynamic:theory(eps=0.3)", "dynset.small", 0);
    const ds_dynamic *s = cc_test_state(run);
    (void)state;
    assert_close(s->rules.eps, .1, 1e-16);
    assert_close(cc_test_probe(run, "N_s"), 16 * 497, 0);
    assert_true(s->rules.buckets && s->rules.rebuild && !s->rules.binary && s->rules.sizing == DS_SAMPLED);
    cc_test_close(run);
    run = cc_test_start("submodular.dynamic(ignore_eps=true,eps=0.1)", "dynset.pareto_cov(n=300)", 0);
    s = cc_test_state(run);
    assert_close(s->rules.eps, .3, 0);
    const double least = cc_test_known(run, "singleton_min"), most = cc_test_known(run, "singleton_max");
    assert_true(pow(1.3, (double)s->first) >= least / 1.3 * (1 - 1e-9) && pow(1.3, (double)s->first - 1) < least / 1.3);
    const double last = (double)(s->first + (long)s->copies - 1);
    assert_true(pow(1.3, last) <= 40 * most * (1 + 1e-9) && pow(1.3, last + 1) > 40 * most);
    for (size_t p = 0; p < s->copies; p++)
        assert_close(s->copy[p].guess, pow(1.3, (double)s->first + (double)p), 1e-9 * s->copy[p].guess);
    cc_test_close(run);
    run = cc_test_start("submodular.dynamic", "dynset.small", 0);
    assert_close(cc_test_probe(run, "N_s"), 50, 0);
    cc_test_close(run);
}

/* An element is in the copies with f(e) / (1 + eps) <= g <= 2k f(e), and in no other. */
static void check_copies(const char *problem)
{
    cc_run *run = cc_test_start("submodular.dynamic", problem, 0), *twin = cc_test_run(problem, 0);
    const ds_dynamic *s = cc_test_state(run);
    const double k = (double)dynset_k(run);
    dynset_chain *chain;
    assert_int_equal(dynset_chain_open(twin, 1, &chain), CC_OK);
    assert_int_equal(run_out(run), CC_DONE);
    for (uint32_t e = 0; e < dynset_n(run); e++) {
        const double f = dynset_gain(twin, chain, 0, e);
        size_t copies = 0;
        for (size_t p = 0; p < s->copies; p++) {
            const double g = s->copy[p].guess;
            const int wanted = s->present[e] && f > 0 && f / 1.3 <= g * (1 + 1e-9) && g <= 2 * k * f * (1 + 1e-9);
            assert_int_equal(ds_nest_holds(&s->copy[p].nest, e), wanted);
            copies += (size_t)wanted;
        }
        if (s->present[e] && f > 0) assert_true(copies >= 9); /* log_1.3 (2k), about */
    }
    cc_test_close(run);
    cc_test_close(twin);
}

/* B_i less those of it that went are the present members, and no element is in a bucket that there is not: also of levels whose
 * bits are in further words. */
static void check_membership(const char *algorithm, const char *problem, size_t levels)
{
    cc_run *run = cc_test_start(algorithm, problem, 0);
    const ds_dynamic *s = cc_test_state(run);
    size_t most = 0;
    for (cc_status status = CC_OK; status == CC_OK;) {
        status = cc_test_step(run);
        assert_true(status >= 0);
        for (size_t p = 0; p < s->copies; p++) {
            const ds_copy *c = s->copy + p;
            most = c->T > most ? c->T : most;
            for (size_t i = 1; i <= s->rules.k; i++) {
                size_t members = 0;
                for (size_t j = 0; j < c->nest.size[0]; j++) members += (size_t)ds_in_bucket(c, c->nest.order[j], i);
                assert_int_equal(members, i <= c->T ? c->level[i].bucket - c->level[i].deleted : 0);
            }
        }
    }
    assert_true(most >= levels);
    cc_test_close(run);
}

static void test_membership(void **state)
{
    (void)state;
    check_membership("submodular.dynamic(eps=0.1)", "dynset.pareto_cov(n=80,k=8,stream=random)", 2);
    check_membership("submodular.dynamic:one(guess=100)", "dynset.modular(n=150,heavy=0,weight=1,k=100,stream=window,share=0.7)",
                     80);
    check_membership("submodular.dynamic:one(guess=100,eps=0.05)", "dynset.modular(n=150,heavy=40,weight=1,heavy_weight=3,k=140)",
                     70);
}

static void test_copies(void **state)
{
    (void)state;
    check_copies("dynset.pareto_cov(n=300)");
    check_copies("dynset.pareto_cov(n=300,stream=random)");
    check_copies("dynset.modular(n=50,heavy=3,heavy_weight=1000,weight=40,k=5,stream=insert)");
    check_copies("dynset.modular(n=50,heavy=3,heavy_weight=0.01,weight=0.0003,k=5,stream=random)");
    check_copies("dynset.modular(n=50,heavy=3,heavy_weight=7,weight=0,k=5,stream=random)"); /* worth nothing: in no copy */
}

static void test_refusals(void **state)
{
    static const char *const all[] = {"submodular.dynamic",
                                      "submodular.dynamic(guess=20)",
                                      "submodular.dynamic(guess=20,search=binary)",
                                      "submodular.lattanzi",
                                      "submodular.sieve",
                                      "submodular.greedy"};
    (void)state;
    refused("submodular.dynamic(eps=0.5)", "dynset.small", CC_EINVAL, "eps");
    refused("submodular.dynamic(eps=0)", "dynset.small", CC_EINVAL, "eps");
    refused("submodular.dynamic(guess=0)", "dynset.small", CC_EINVAL, "guess");
    refused("submodular.dynamic(guess=-1)", "dynset.small", CC_EINVAL, "guess");
    refused("submodular.lattanzi(guess=0)", "dynset.small", CC_EINVAL, "guess");
    refused("submodular.dynamic(eps=0.01)", "dynset.modular(heavy_weight=1e60)", CC_EINVAL, "guesses");
    refused("submodular.sieve", "dynset.modular(heavy_weight=1e100)", CC_EINVAL, "guesses");
    refused("submodular.lattanzi", "dynset.modular(heavy_weight=1e100)", CC_EINVAL, "guesses");
    for (size_t i = 0; i < COUNT(all); i++) { /* a cut is not monotone */
        cc_run *run = cc_test_start(all[i], "dynset.cut(n=40,degree=30,k=20,stream=insert)", 0);
        assert_int_equal(run_out(run), CC_ENUMERIC);
        const char *gain = strstr(cc_test_message(run), "the gain ");
        if (!gain || !(strtod(gain + 9, NULL) < 0) || !strstr(gain, "not monotone")) fail_msg("'%s'", cc_test_message(run));
        cc_test_close(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nest),       cmocka_unit_test(test_guesses),    cmocka_unit_test(test_grid),
        cmocka_unit_test(test_buckets),    cmocka_unit_test(test_ledger),     cmocka_unit_test(test_tie),
        cmocka_unit_test(test_draw),       cmocka_unit_test(test_indicator),  cmocka_unit_test(test_monotone),
        cmocka_unit_test(test_adaptive),   cmocka_unit_test(test_runs),       cmocka_unit_test(test_cached_answers),
        cmocka_unit_test(test_same_seed),  cmocka_unit_test(test_parameters), cmocka_unit_test(test_copies),
        cmocka_unit_test(test_membership), cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
