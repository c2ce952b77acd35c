/* test.c: numbers from an independent implementation, invariances, and what must be refused. */
#include "test.h"
#include "test_nets.h"

#define TWO(eps) "relu_box.fixture(net=two,eps=" #eps ")"
#define THREE(eps) "relu_box.fixture(net=three,eps=" #eps ")"

static const char *const methods[] = {"lipschitz.bound",
                                      "lipschitz.bound:alpha",
                                      "lipschitz.bound:recurjac",
                                      "lipschitz.bound:recurjac_switch",
                                      "lipschitz.bound:no_chord",
                                      "lipschitz.bound(forward=crown)",
                                      "lipschitz.bound(forward=ibp)",
                                      "lipschitz.ibp",
                                      "lipschitz.ibp:naive",
                                      "lipschitz.bab",
                                      "lipschitz.bab:full",
                                      "lipschitz.bab:exact",
                                      "lipschitz.bab:batched",
                                      "lipschitz.bab:frozen",
                                      "lipschitz.bab(branching=babsr)",
                                      "lipschitz.bab(branching=random)"};

static void assert_jacobian(const char *algorithm, const char *problem, const double *low, const double *high, size_t entries)
{
    cc_run *run = finish(algorithm, problem, 0);
    const relu_bounds *b = cc_test_candidate(run);
    for (size_t k = 0; k < entries; k++) {
        assert_close(b->low[k], low[k], 1e-11);
        assert_close(b->high[k], high[k], 1e-11);
    }
    cc_test_close(run);
}

static void assert_classes(const char *algorithm, const char *problem, double first, double second)
{
    cc_run *run = finish(algorithm, problem, 0);
    const relu_bounds *b = cc_test_candidate(run);
    assert_close(b->per_class[0], first, 1e-12);
    assert_close(b->per_class[1], second, 1e-12);
    assert_close(b->overall, fmax(first, second), 1e-12);
    cc_test_close(run);
}

/* ---- published numbers ---- */

static void test_two_layers(void **state)
{
    static const double low[4] = {0, -3, -3, 0}, high[4] = {5, 2, 3, 8};
    (void)state;
    for (size_t k = 0; k < COUNT(methods); k++) assert_classes(methods[k], TWO(0.125), 3, 9);
    assert_classes("lipschitz.exact", TWO(0.125), 3, 9);
    assert_classes("lipschitz.bound", TWO(0.5), 7.6, 11);
    assert_classes("lipschitz.bound:recurjac", TWO(0.5), 8, 11);
    assert_classes("lipschitz.ibp", TWO(0.5), 8, 11);
    assert_close(bound_of("lipschitz.exact", TWO(0.5), 0), 9, 1e-12);
    assert_close(bound_of("lipschitz.bab:full", TWO(0.5), 0), 9, 1e-12);
    assert_close(bound_of("lipschitz.global", TWO(0.5), 0), 15, 1e-12);
    assert_jacobian("lipschitz.bound", TWO(0.5), low, high, 4);
    assert_jacobian("lipschitz.ibp", TWO(0.5), low, high, 4); /* one hidden layer: its gradient is a constant */
}

static void test_three_layers(void **state)
{
    static const double low[4] = {-8.75, -6.5, -13.583333333333333, -6.666666666666667},
                        high[4] = {14, 12.25, 2.4166666666666667, 8.5};
    (void)state;
    assert_classes("lipschitz.bound", THREE(0.5), 23.811794871794874, 21.37820512820513);
    assert_jacobian("lipschitz.bound", THREE(0.5), low, high, 4);
    assert_classes("lipschitz.bound:recurjac", THREE(0.5), 31, 26);
    assert_classes("lipschitz.ibp", THREE(0.5), 31, 26);
    assert_close(bound_of("lipschitz.bab:full", THREE(0.5), 0), 19, 1e-12);
    assert_close(bound_of("lipschitz.bab:exact", THREE(0.5), 0), 19, 1e-12);
    assert_close(bound_of("lipschitz.exact", THREE(0.5), 0), 19, 1e-12);
    assert_close(bound_of("lipschitz.global", THREE(0.5), 0), 60, 1e-12);
    for (size_t k = 0; k < COUNT(methods); k++) assert_classes(methods[k], THREE(0.125), 9, 4);
    cc_run *run = finish("lipschitz.bab:full", THREE(0.5), 0);
    assert_int_equal(cc_spent(run, "n_node"), 30);
    cc_test_close(run);
}

static void test_drawn_networks(void **state)
{
    static const struct {
        const char *text, *algorithm;
        double eps, want;
    } cases[] = {
        {net_0, "lipschitz.exact", .5, 2.4949536483634676},         {net_0, "lipschitz.bab:full", .5, 3.6364763179901356},
        {net_0, "lipschitz.bab:exact", .5, 2.4949536483634676},     {net_0, "lipschitz.bound", .5, 4.2992759726872425},
        {net_0, "lipschitz.bound:recurjac", .5, 6.097791081192593}, {net_2, "lipschitz.exact", 1, 2.2098344987027367},
        {net_2, "lipschitz.bab:full", 1, 2.4864335671100304},       {net_2, "lipschitz.bab:exact", 1, 2.2098344987027367},
        {net_2, "lipschitz.bound", 1, 4.273548491585844},           {net_2, "lipschitz.bound:recurjac", 1, 6.554738668859308},
    };
    char name[64], problem[160];
    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        write_net(cases[k].text, cases[k].eps, name, problem);
        assert_close(bound_of(cases[k].algorithm, problem, 0), cases[k].want, 1e-10);
        unlink(name);
    }
}

/* ---- statuses ---- */

static void test_forward(void **state)
{
    double low[2], high[2];
    lip_live net = {0};
    (void)state;
    cc_run *run = cc_test_run(TWO(0.125), 0);
    assert_int_equal(lip_live_alloc(run, LIP_BEST3, &net), CC_OK);
    lip_live_run(&net, LIP_BEST3, 0);
    assert_int_equal(net.m[1], 2); /* the third is off */
    assert_true(net.unstable == 0 && net.status[0] == LIP_ON && net.status[1] == LIP_ON);
    assert_close(net.low[0], .375, 1e-15);
    assert_close(net.high[0], 1.125, 1e-15);
    assert_close(net.low[1], .25, 1e-15);
    assert_close(net.high[1], .75, 1e-15);
    cc_test_close(run);
    net = (lip_live){0};
    run = cc_test_run(TWO(0.5), 0);
    assert_int_equal(lip_live_alloc(run, LIP_CROWN, &net), CC_OK);
    lip_live_run(&net, LIP_CROWN, 0);
    assert_true(net.unstable == 3);
    lip_live_outputs(&net, LIP_CROWN, low, high);
    assert_close(low[0], -2.25, 1e-14);
    assert_close(low[1], -.75, 1e-14);
    assert_close(high[0], 2.5, 1e-14);
    assert_close(high[1], 7.5, 1e-14);
    cc_test_close(run);
    net = (lip_live){0};
    run = cc_test_run(THREE(0.5), 0);
    assert_int_equal(lip_live_alloc(run, LIP_BEST3, &net), CC_OK);
    lip_live_run(&net, LIP_BEST3, 0);
    static const double l[3] = {-1, -4.25, -2.25}, u[3] = {3.25, 1.25, 3};
    for (size_t j = 0; j < 3; j++) {
        assert_close(net.low[3 + j], l[j], 1e-14);
        assert_close(net.high[3 + j], u[j], 1e-14);
    }
    cc_test_close(run);
}

/* Pre-activations at points of the box lie in their boxes; better means give smaller ones; the deeper the more. */
static void assert_boxes(uint64_t seed, double width[4])
{
    cc_run *run = cc_test_run("relu_box.random(widths=5-9-9-9-9-2,eps=0.4,samples=1)", seed);
    const relu_box *box = relu_box_get(run);
    for (int forward = LIP_IBP; forward <= LIP_ALPHA; forward++) {
        double low[2], high[2], x[5], h[9], z[9];
        lip_live net = {0};
        cc_rng rng = cc_stream(run, 77, 0);
        assert_int_equal(lip_live_alloc(run, (lip_forward)forward, &net), CC_OK);
        lip_live_run(&net, (lip_forward)forward, 0);
        if (net.dead) continue;
        lip_live_outputs(&net, (lip_forward)forward, low, high);
        width[forward] += high[0] - low[0] + high[1] - low[1];
        for (int point = 0; point < 200; point++) {
            for (size_t k = 0; k < 5; k++) {
                const double u = cc_uniform(&rng);
                x[k] = box->low[k] + (point % 2 ? u : u < .5 ? 0 : 1) * (box->high[k] - box->low[k]);
            }
            const double *in = x;
            for (size_t i = 1; i <= net.n; i++) { /* the live net is the net */
                for (size_t j = 0; j < net.m[i]; j++) {
                    z[j] = net.b[i][j];
                    for (size_t k = 0; k < net.m[i - 1]; k++) z[j] += net.w[i][j * net.m[i - 1] + k] * in[k];
                    assert_true(net.wt[i][0 * net.m[i] + j] == net.w[i][j * net.m[i - 1]]);
                    const double l = i == net.n ? low[j] : net.low[net.at[i] + j],
                                 u = i == net.n ? high[j] : net.high[net.at[i] + j];
                    assert_true(z[j] >= l - 1e-12 && z[j] <= u + 1e-12);
                }
                for (size_t j = 0; j < net.m[i]; j++) h[j] = fmax(z[j], 0);
                in = h;
            }
        }
    }
    cc_test_close(run);
}

static void test_forward_random(void **state)
{
    double width[4] = {0};
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) assert_boxes(seed, width);
    assert_true(width[LIP_CROWN] < .8 * width[LIP_IBP] && width[LIP_BEST3] < .97 * width[LIP_CROWN]);
    assert_true(width[LIP_ALPHA] < .97 * width[LIP_BEST3]);
}

/* ---- the inner loops ---- */

static void test_lines(void **state)
{
    double a[19], out[19], line[4][19], sum = 0, constant = 0;
    const lip_lines lines = {line[0], line[1], line[2], line[3]};
    (void)state;
    for (size_t j = 0; j < 19; j++) {
        a[j] = cos((double)j * 3);
        for (size_t k = 0; k < 4; k++) line[k][j] = sin((double)(j + 5 * k + 1));
        const double x = -2 * a[j];
        sum += x * (x > 0 ? line[1][j] : line[3][j]);
        constant += x * (x > 0 ? line[1][j] : line[3][j]);
    }
    assert_close(lip_relax(19, a, -2, lines, out), sum, 1e-14);
    for (size_t j = 0; j < 19; j++) assert_close(out[j], -2 * a[j] * (-2 * a[j] > 0 ? line[0][j] : line[2][j]), 1e-15);
    assert_close(lip_concretise(19, a, -2, line[3], line[1]), constant, 1e-14);
}

/* ---- guarantees on random networks ---- */

static void test_sound(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 160; seed++) {
        const double exact = bound_of("lipschitz.exact", "relu_box.mixed", seed);
        for (size_t k = 0; k < COUNT(methods); k++) {
            if (strstr(methods[k], "full") || strstr(methods[k], ":exact")) continue; /* slow here */
            cc_run *run = finish(methods[k], "relu_box.mixed", seed);
            assert_true(cc_test_metric(run, "tightest", NULL) >= 1 - 1e-9);
            assert_true(cc_test_metric(run, "escape", NULL) <= 1e-9);
            if (!isnan(exact)) assert_true(cc_test_metric(run, "bound", NULL) >= exact * (1 - 1e-9));
            cc_test_close(run);
        }
        assert_true(isnan(exact) || bound_of("lipschitz.sample", "relu_box.mixed", seed) <= exact * (1 + 1e-9));
    }
}

/* A relaxation inside another gives the smaller bound: chords in constants, constants in intervals, optimised slopes in three
 * choices. */
static void test_ladder(void **state)
{
    static const char *const steps[] = {
        "lipschitz.bab", "lipschitz.bound:alpha", "lipschitz.bound", "lipschitz.bound:no_chord", "lipschitz.bound:recurjac",
        "lipschitz.ibp", "lipschitz.global"};
    double strict = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        double last = bound_of(steps[1], "relu_box.random(widths=4-8-8-3)", seed);
        assert_true(bound_of(steps[0], "relu_box.random(widths=4-8-8-3)", seed) <=
                    1.0000001 * bound_of(steps[2], "relu_box.random(widths=4-8-8-3)", seed));
        for (size_t k = 2; k < COUNT(steps); k++) {
            const double now = bound_of(steps[k], "relu_box.random(widths=4-8-8-3)", seed);
            assert_true(last <= now * (1 + 1e-9));
            strict += last < .99 * now;
            last = now;
        }
    }
    assert_true(strict > 100);
}

static void test_branching(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 15; seed++) {
        const double root = bound_of("lipschitz.bound", "relu_box.random(eps=0.3)", seed),
                     full = bound_of("lipschitz.bab:full", "relu_box.random(eps=0.3)", seed),
                     exact = bound_of("lipschitz.exact", "relu_box.random(eps=0.3)", seed);
        assert_true(full <= root * (1 + 1e-12) && exact <= full * (1 + 1e-9));
        /* whatever the order of splitting, and however many at a time, the end is the same */
        assert_close(bound_of("lipschitz.bab:full(branching=babsr)", "relu_box.random(eps=0.3)", seed), full, 1e-9);
        assert_close(bound_of("lipschitz.bab:full(branching=random)", "relu_box.random(eps=0.3)", seed), full, 1e-9);
        assert_close(bound_of("lipschitz.bab:full(batch=7)", "relu_box.random(eps=0.3)", seed), full, 1e-9);
        assert_close(bound_of("lipschitz.bab:full(rebound=false)", "relu_box.random(eps=0.3)", seed), full, 1e-9);
        assert_close(bound_of("lipschitz.bab:exact", "relu_box.random(eps=0.3)", seed), exact, 1e-9);
        assert_close(bound_of("lipschitz.bab:exact(batch=5,branching=random)", "relu_box.random(eps=0.3)", seed), exact, 1e-9);
    }
}

/* The coefficients that the norm's bound puts on each V_ij, and the neurons that the two scores choose by them. */
static void test_scores(void **state)
{
    static const double coefficients[6] = {0.844102564103, 0.075897435897, 0.154871794872, 0.98, 1.591794871795, 0.630769230769};
    static const size_t picks[2] = {0, 2}; /* area: 25 * .844 + 1; babsr: 16 / 8 * .155 */
    (void)state;
    for (int score = 0; score < 2; score++) {
        cc_run *run = cc_test_run(THREE(0.5), 0);
        lip_live net = {0};
        lip_back back = {0};
        lip_domain domain, *pointer = &domain;
        assert_int_equal(lip_live_alloc(run, LIP_BEST3, &net), CC_OK);
        lip_live_run(&net, LIP_BEST3, 0);
        assert_int_equal(lip_back_alloc(run, &net, 1, &back), CC_OK);
        assert_int_equal(lip_domain_alloc(run, net.box, &domain), CC_OK);
        back.norm_chord = 1, back.branching = score ? LIP_BABSR : LIP_AREA;
        lip_domain_root(&net, 0, &domain);
        lip_back_run(&back, 1, &pointer);
        for (size_t j = 0; j < 6; j++) assert_close(back.trace[j], coefficients[j], 1e-11);
        assert_int_equal(domain.pick, picks[score]);
        static const double l[3] = {0, -3, -4}, u[3] = {5, 1, 4};
        for (size_t j = 0; j < 3; j++) assert_true(domain.l[j] == l[j] && domain.u[j] == u[j]);
        for (size_t j = 0; j < 6; j++) domain.s[j] = LIP_ON;
        lip_back_run(&back, 1, &pointer);
        assert_true(domain.pick == LIP_NONE);
        cc_test_close(run);
    }
}

/* Three hidden layers, neurons split in any order: only signs that a point has are kept, and all of those. */
static void test_feasible(void **state)
{
    double apart = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        static const char net[] = "relu_box.random(widths=2-5-5-5-2,eps=0.8)";
        const double exact = bound_of("lipschitz.exact", net, seed), full = bound_of("lipschitz.bab:full", net, seed);
        assert_close(bound_of("lipschitz.bab:exact", net, seed), exact, 1e-9);
        assert_close(bound_of("lipschitz.bab:exact(branching=random)", net, seed), exact, 1e-9);
        assert_close(bound_of("lipschitz.bab:exact(branching=babsr,rebound=false)", net, seed), exact, 1e-9);
        apart += full > exact * 1.01;
    }
    assert_true(apart >= 4);
    for (uint64_t seed = 0; seed < 60; seed++) { /* narrow layers: a single neuron is left open often */
        static const char net[] = "relu_box.random(widths=3-3-3-3-1,eps=1,bias=0.5)";
        assert_close(bound_of("lipschitz.bab(exact=true,nodes=2000,branching=random)", net, seed),
                     bound_of("lipschitz.exact", net, seed), 1e-9);
    }
}

/* A child of a split in layer i recomputes gradients below i alone: that saves products. */
static void test_saved_products(void **state)
{
    double spent = 0, whole = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        static const char net[] = "relu_box.random(widths=8-8-8-8-8-1,eps=0.5,samples=1)";
        cc_run *root = finish("lipschitz.bound", net, seed), *run = finish("lipschitz.bab(nodes=101)", net, seed);
        spent += (double)cc_spent(run, "n_flop");
        whole += (double)cc_spent(root, "n_flop") * (double)cc_spent(run, "n_node");
        cc_test_close(root);
        cc_test_close(run);
    }
    if (!(spent < .66 * whole)) fail_msg("%g of the products", spent / whole);
}

/* What a child takes from its parent is what it would find itself. */
static void test_inherited(void **state)
{
    double better = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        const double once = bound_of("lipschitz.bab(nodes=60)", "relu_box.random(widths=4-8-8-8-3)", seed),
                     frozen = bound_of("lipschitz.bab:frozen(nodes=60)", "relu_box.random(widths=4-8-8-8-3)", seed);
        assert_true(once <= frozen * (1 + 1e-9));
        better += once < .999 * frozen;
    }
    assert_true(better >= 3);
}

static void test_budget(void **state)
{
    (void)state;
    for (int batch = 1; batch <= 9; batch += 4) {
        char algorithm[64];
        snprintf(algorithm, sizeof algorithm, "lipschitz.bab(nodes=51,batch=%d)", batch);
        cc_run *run = finish(algorithm, "relu_box.random(eps=1)", 3);
        assert_in_range(cc_spent(run, "n_node"), 51, 52);
        cc_test_close(run);
    }
    assert_true(bound_of("lipschitz.bab(nodes=3)", "relu_box.random(eps=1)", 3) ==
                bound_of("lipschitz.bound", "relu_box.random(eps=1)", 3));
}

/* A network and its twin: neurons in another order, and one that is always off. */
static void test_invariance(void **state)
{
    static const char one[] =
        "layers 3 2 3 3 2  1 2 -1 1 2 -1  0 .5 -1  1 -1 2 -2 1 1 1 1 -3  .5 -.25 0  2 -1 1 -1 1 1  0 0  .25 .25",
                      twin[] =
                          "layers 3 2 4 3 2  2 -1 1 2 3 3 -1 1  -1 0 -90 .5  2 1 8 -1 1 -2 -9 1 -3 1 7 1  .5 -.25 0  2 -1 1 -1 1 1 "
                          " 0 0  .25 .25",
                      scaled[] =
                          "layers 3 2 3 3 2  1 2 -1 1 2 -1  0 .5 -1  1 -1 2 -2 1 1 1 1 -3  .5 -.25 0  6 -3 3 -3 3 3  0 0  .25 .25";
    char name[3][64], problem[3][160];
    (void)state;
    write_net(one, .4, name[0], problem[0]);
    write_net(twin, .4, name[1], problem[1]);
    write_net(scaled, .4, name[2], problem[2]);
    for (size_t k = 0; k < COUNT(methods); k++) {
        if (strstr(methods[k], "random")) continue; /* takes neurons by number */
        const double want = bound_of(methods[k], problem[0], 0);
        assert_close(bound_of(methods[k], problem[1], 0), want, 1e-12);
        assert_close(bound_of(methods[k], problem[2], 0), 3 * want, 1e-12);
    }
    assert_close(bound_of("lipschitz.exact", problem[1], 0), bound_of("lipschitz.exact", problem[0], 0), 1e-12);
    assert_close(bound_of("lipschitz.global", problem[2], 0), 180, 1e-12);
    for (size_t k = 0; k < 3; k++) unlink(name[k]);
}

/* ---- the ends of the range ---- */

static void test_kink(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(methods); k++)
        assert_true(bound_of(methods[k], "relu_box.fixture(net=kink,eps=0)", 0) >= 8 - 1e-12); /* not 3 */
    assert_close(bound_of("lipschitz.exact", "relu_box.fixture(net=kink,eps=0.0009765625)", 0), 8, 1e-12);
    assert_close(bound_of("lipschitz.bound:frozen_mask", "relu_box.fixture(net=kink,eps=0.0009765625)", 0), 3, 1e-12);
}

static void test_degenerate(void **state)
{
    char name[64], problem[160];
    (void)state;
    write_net("layers 1 3 2  1 -2 3  -4 0 .5  0 0  1 1 1", .5, name, problem); /* one layer: W itself */
    for (size_t k = 0; k < COUNT(methods); k++) assert_classes(methods[k], problem, 6, 4.5);
    assert_classes("lipschitz.exact", problem, 6, 4.5);
    assert_classes("lipschitz.global", problem, 6, 4.5);
    assert_classes("lipschitz.sample", problem, 6, 4.5);
    unlink(name);
    write_net("layers 3 1 2 2 1  1 1  -9 -9  1 1 1 1  1 1  1 1  0  0", 1, name, problem); /* a layer that is off: a constant */
    for (size_t k = 0; k < COUNT(methods); k++) assert_true(bound_of(methods[k], problem, 0) == 0);
    assert_true(bound_of("lipschitz.exact", problem, 0) == 0);
    unlink(name);
}

/* Neurons of 784 inputs and 400 rows at a time: more than one block. */
static void test_blocks(void **state)
{
    static const char problem[] = "relu_box.random(widths=300-70-70-4,eps=0.05,samples=20)";
    (void)state;
    cc_run *run = finish("lipschitz.bound:alpha", problem, 1);
    assert_true(cc_test_metric(run, "tightest", NULL) >= 1 && cc_test_metric(run, "escape", NULL) <= 1e-9);
    assert_true(cc_test_probe(run, "unstable") > 60);
    cc_test_close(run);
    assert_true(bound_of("lipschitz.bound", problem, 1) <= bound_of("lipschitz.bound:recurjac", problem, 1));
}

static void test_repeatable(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("lipschitz.bound:alpha", "relu_box.random", 5);
    assert_int_equal(cc_test_step(run), CC_DONE);
    const double once = cc_test_metric(run, "bound", NULL), flops = (double)cc_spent(run, "n_flop");
    assert_int_equal(cc_test_step(run), CC_DONE);
    assert_true(cc_test_metric(run, "bound", NULL) == once && (double)cc_spent(run, "n_flop") == 2 * flops);
    cc_test_close(run);
}

static void test_refusals(void **state)
{
    char message[512];
    (void)state;
    cc_run *run = finish("lipschitz.exact", "relu_box.random(widths=4-9-9-2)", 0);
    assert_true(isnan(cc_test_metric(run, "bound", NULL)));
    cc_test_close(run);
    assert_int_equal(cc_test_try("lipschitz.bab(nodes=0)", "relu_box.fixture", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try("lipschitz.bab(batch=0)", "relu_box.fixture", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try("lipschitz.bound(lines=curves)", "relu_box.fixture", 0, message), CC_EINVAL);
    assert_non_null(strstr(message, "chords"));
    assert_int_equal(cc_test_try("lipschitz.sample(points=0)", "relu_box.fixture", 0, message), CC_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_layers), cmocka_unit_test(test_three_layers),   cmocka_unit_test(test_drawn_networks),
        cmocka_unit_test(test_forward),    cmocka_unit_test(test_forward_random), cmocka_unit_test(test_lines),
        cmocka_unit_test(test_sound),      cmocka_unit_test(test_ladder),         cmocka_unit_test(test_branching),
        cmocka_unit_test(test_inherited),  cmocka_unit_test(test_feasible),       cmocka_unit_test(test_saved_products),
        cmocka_unit_test(test_scores),     cmocka_unit_test(test_budget),         cmocka_unit_test(test_invariance),
        cmocka_unit_test(test_kink),       cmocka_unit_test(test_degenerate),     cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_repeatable), cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
