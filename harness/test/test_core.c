/* The core: text, parameters, specs, random streams, plans, cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/core/scope.h"
#include "harness/numerics/linalg.h"
#include "harness/test/bowl.h"

/* ---- a registry of one module, made by hand ---- */

static cc_status count_run(cc_cell *cell);
static const cc_measure count = {
    .id = "bowl.count", .run = count_run, .params = CC_LIST(cc_param, {"fail", CC_BOOL, "false"}, {"rows", CC_INT, "2", 0, 10})};

static const cc_experiment experiments[] = {
    {.id = "curve",
     .algorithm = "bowl.descent",
     .problem = "bowl.flat",
     .measure = &cc_trajectory,
     .axes = CC_LIST(cc_axis, {"kappa", "10 100 | 1000"}),
     .plan = {.stop = "steps<=50|100"},
     .seeds = {1, 3, 5}},
    {.id = "every",
     .algorithm = "bowl.descent(step=0.5)",
     .problem = "bowl.flat(kappa=1)",
     .measure = &cc_trajectory,
     .plan = {.stop = "gap<=1e-3 steps<=50", .at = "0..50", .running = "sum(gap) max(drift)", .keep = 1},
     .seeds = {1, 1, 1}},
    {.id = "cost",
     .algorithm = "bowl.descent(step=0.5)",
     .problem = "bowl.flat(kappa=1)",
     .measure = &cc_cost,
     .plan = {.targets = "1e-1..1e-3*0.1 1e-30", .stop = "n_grad<=9"},
     .seeds = {1, 1, 1}},
    {.id = "final",
     .problem = "bowl.flat(kappa=1)",
     .measure = &cc_final,
     .arms = CC_LIST(cc_arm, {.as = "bold", .algorithm = "bowl.descent"}, {.as = "shy", .algorithm = "bowl.descent:timid"}),
     .plan = {.stop = "steps<=10"},
     .seeds = {7, 7, 7},
     .block = 3},
    {.id = "zipped",
     .algorithm = "bowl.descent",
     .problem = "bowl.flat",
     .measure = &cc_final,
     .axes = CC_LIST(cc_axis, {"kappa,step", "2,1 4,0.5"}),
     .plan = {.stop = "steps<=3"},
     .seeds = {1, 1, 1}},
    {.id = "own",
     .algorithm = "bowl.descent",
     .problem = "bowl.flat",
     .measure = &count,
     .plan = {.stop = "steps<=9"},
     .seeds = {2, 2, 2},
     .block = 2},
    {0}};

static const cc_plugin plugin = {.id = "bowl",
                                 .title = "Bowls",
                                 .families = bowl_families,
                                 .problems = bowl_problems,
                                 .algorithms = bowl_algorithms,
                                 .experiments = experiments};
static cc_module module = {.path = (char *)(uintptr_t) "here", .plugin = &plugin, .digest = "0123"};
static const cc_registry registry = {.modules = &module, .n_modules = 1};

static cc_tasks planned(const char *id, int tier, const cc_overlay *overlay)
{
    cc_tasks tasks = {0};
    char message[CC_MESSAGE];
    const cc_experiment *e = experiments;
    while (strcmp(e->id, id)) e++;
    if (cc_plan_experiment(&registry, &module, e, tier, 0, overlay, &tasks, message) != CC_OK) fail_msg("%s", message);
    return tasks;
}

static void plan_refused(const char *id, const char *set, const char *part)
{
    cc_tasks tasks = {0};
    char message[CC_MESSAGE];
    cc_overlay overlay = {.set = set};
    const cc_experiment *e = experiments;
    while (strcmp(e->id, id)) e++;
    assert_int_equal(cc_plan_experiment(&registry, &module, e, 0, 0, &overlay, &tasks, message), CC_EINVAL);
    if (!strstr(message, part)) fail_msg("'%s' is not in: %s", part, message);
    cc_tasks_free(&tasks);
}

static double at(const cc_outcome *out, size_t row, const char *column)
{
    int index = cc_table_find(out->rows, column);
    if (index < 0) fail_msg("no column %s", column);
    return cc_table_get(out->rows, row, (size_t)index);
}

static const char *text_at(const cc_outcome *out, size_t row, const char *column)
{
    int index = cc_table_find(out->rows, column);
    if (index < 0) fail_msg("no column %s", column);
    return cc_table_text(out->rows, row, (size_t)index);
}

static cc_outcome ran(const char *id, size_t which, const char *set)
{
    cc_overlay overlay = {.set = set};
    cc_tasks tasks = planned(id, 0, &overlay);
    cc_outcome out;
    assert_true(which < tasks.n);
    cc_task_run(&registry, tasks.item[which], 0, 0, NULL, &out);
    cc_tasks_free(&tasks);
    return out;
}

/* ---- own measure ---- */

static cc_status look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    (void)cell, (void)candidate;
    const descent *s = state;
    uint64_t *looks = arg;
    assert_int_equal(cc_spent(run, "n_grad"), (*looks)++);
    return s->x[0] < 0.01 ? CC_DONE : CC_OK;
}

static cc_status count_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell), *referee;
        uint64_t looks = 0;
        double x[2] = {2, 0}, g[2];
        size_t shape[2] = {1, 2};
        if (cc_bool(scope, "fail")) return cc_fail(scope, CC_EDATA, "asked to fail");
        CC_TRY(cc_referee(cell, "bowl.flat(kappa=4)", &referee));
        bowl_grad(referee, x, g);
        CC_TRY(cc_drive(cell, "step=0.5", look, &looks));
        for (int64_t i = 0; i < cc_int(scope, "rows"); i++) {
            cc_put(cell, "i", (double)i);
            cc_put(cell, "g", g[0]);
            cc_put(cell, "looks", (double)looks);
            cc_put(cell, "kappa_seen", cc_real(scope, "kappa"));
            CC_TRY(cc_attach(cell, "point", 2, shape, x));
            cc_emit(cell);
        }
    }
    return CC_OK;
}

/* ---- tests ---- */

static void words_are(cc_words words, const char *expected)
{
    char *joined = strdup("");
    for (size_t i = 0; i < words.n; i++) joined = cc_append(joined, "%s%s", i ? ";" : "", words.item[i]);
    assert_string_equal(joined, expected);
    free(joined);
    cc_words_free(&words);
}

static void test_text(void **unused)
{
    (void)unused;
    words_are(cc_axis_words("64 256 | 1024 | 4096", 0), "64;256");
    words_are(cc_axis_words("64 256 | 1024 | 4096", 2), "64;256;1024;4096");
    words_are(cc_axis_words("1| |3 4", 1), "1");
    words_are(cc_axis_words("1||3 4", 2), "1;3;4");
    words_are(cc_axis_words("a(b=1|2) | c", 0), "a(b=1|2)");
    words_are(cc_axis_words("1e-1..1e-4*0.1", 0), "0.1;0.01;0.001;0.0001");
    words_are(cc_axis_words("0..8+2 2..4", 0), "0;2;4;6;8;2;3;4");
    words_are(cc_axis_words("smooth.lse(n=20, m=50) smooth.quad", 0), "smooth.lse(n=20, m=50);smooth.quad");
    words_are(cc_axis_words("x..y 1..", 0), "x..y;1..");
    words_are(cc_words_split(" a , b(c,d) ,", ','), "a;b(c,d)");
    char *set = cc_set_at_tier("K=500|2000 p=a(b=1|2) eps<=1e-3|1e-6|1e-9", 1);
    assert_string_equal(set, "K=2000 p=a(b=1|2) eps<=1e-6");
    free(set);
}

static void test_suggest(void **unused)
{
    (void)unused;
    const char *const names[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"};
    char out[128];
    cc_suggest("gama", names, 10, out, sizeof out);
    assert_ptr_equal(strstr(out, "gamma"), out);
    cc_suggest("x", names, 3, out, sizeof out);
    assert_string_equal(out, "beta, alpha or gamma"); /* few: all of them, the nearest first */
}

static void test_random(void **unused)
{
    (void)unused;
    cc_run run;
    cc_scope_open(&run, CC_ROLE_PROBLEM, 0, 0);
    cc_rng rng = cc_stream(&run, 0, 0); /* the known answer of Random123 for key 0, counter 0 */
    assert_true(cc_bits(&rng) == 0x16554d9eca36314cULL && cc_bits(&rng) == 0xdb20fe9d672d0fdcULL &&
                cc_bits(&rng) == 0xd7e772cee186176bULL && cc_bits(&rng) == 0x7e68b68aec7ba23bULL);
    double z[20001], mean = 0, square = 0;
    rng = cc_stream(&run, 1, 7);
    cc_normal(&rng, 20001, z);
    for (int i = 0; i < 20001; i++) mean += z[i] / 20001, square += z[i] * z[i] / 20001;
    assert_true(fabs(mean) < 0.03 && fabs(square - 1) < 0.04);
    double again;
    rng = cc_stream(&run, 1, 7);
    cc_normal(&rng, 1, &again);
    assert_true(again == z[0]);
    int seen[5] = {0};
    for (int i = 0; i < 5000; i++) seen[cc_below(&rng, 5)]++;
    for (int i = 0; i < 5; i++) assert_true(seen[i] > 850 && seen[i] < 1150);
}

static void test_alloc(void **unused)
{
    (void)unused;
    cc_run run;
    cc_scope_open(&run, CC_ROLE_RUN, 0, 1000);
    double *p = cc_alloc(&run, 100, 8);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % 64, 0);
    for (int i = 0; i < 100; i++) assert_true(p[i] == 0);
    assert_null(cc_alloc(&run, 100, 8));
    assert_non_null(strstr(run.message, "800"));
    assert_null(cc_alloc(&run, SIZE_MAX / 2, 8));
    cc_scope_close(&run);
}

static void test_bad_parameters(void **unused)
{
    (void)unused;
    plan_refused("curve", "step=11", "step=11 is outside [0, 10]: step length");
    plan_refused("curve", "step=long", "step=long is not a number");
    plan_refused("curve", "count=2.5", "count=2.5 is not an integer");
    plan_refused("curve", "how=odd", "how=odd is not one of: plain fancy");
    plan_refused("curve", "absent=maybe", "neither true nor false");
    plan_refused("curve", "stepp=1", "has a parameter 'stepp'; there is step");
    plan_refused("curve", "algorithm=bowl.decent", "no algorithm 'bowl.decent'; there is bowl.descent");
    plan_refused("curve", "algorithm=bowl.descent:shy", "no variant 'shy'; it has timid");
    plan_refused("curve", "problem=bowl.flat(kapa=2)", "no parameter 'kapa'; it has kappa");
    plan_refused("curve", "problem=bowl.flat(kappa=2", "closing parenthesis");
    plan_refused("curve", "seed=-1", "not a non-negative integer");
}

static void test_plan(void **unused)
{
    (void)unused;
    cc_tasks quick = planned("curve", 0, NULL), standard = planned("curve", 1, NULL),
             again = planned("curve", 0, &(cc_overlay){.set = "step=1.0"});
    assert_int_equal(quick.n, 2);
    assert_int_equal(standard.n, 9);
    assert_string_equal(quick.item[0]->key, again.item[0]->key); /* 1 and 1.0 are one value */
    assert_string_equal(standard.item[8]->point, "kappa=1000");
    assert_int_equal(standard.item[8]->seed, 2);
    cc_tasks blocks = planned("final", 0, NULL), zipped = planned("zipped", 0, NULL),
             fixed = planned("zipped", 0, &(cc_overlay){.set = "seed=3"});
    assert_int_equal(blocks.n, 6);
    assert_int_equal(blocks.item[2]->n_seeds, 1);
    assert_string_equal(blocks.item[3]->arm, "shy");
    assert_int_equal(zipped.n, 2);
    assert_string_equal(zipped.item[1]->point, "kappa=4 step=0.5");
    assert_string_not_equal(zipped.item[0]->key, fixed.item[0]->key);
    cc_tasks *all[] = {&quick, &standard, &again, &blocks, &zipped, &fixed};
    for (size_t i = 0; i < 6; i++) cc_tasks_free(all[i]);
}

static void test_trajectory(void **unused)
{
    (void)unused;
    cc_outcome out = ran("every", 0, NULL);
    assert_int_equal(out.status, CC_OK);
    size_t rows = cc_table_rows(out.rows); /* gap 4^-k: the first below 1e-3 is k = 5 */
    assert_int_equal(rows, 6);
    double sum = 0;
    for (size_t k = 0; k < rows; k++) {
        double gap = pow(0.25, (double)k);
        assert_true(at(&out, k, "step") == (double)k && at(&out, k, "n_grad") == (double)k);
        assert_true(fabs(at(&out, k, "gap") - gap) < 1e-15 && at(&out, k, "kappa") == 1 && at(&out, k, "L") == 1 &&
                    at(&out, k, "f_star") == 0);
        if (k > 0) sum += gap;
        if (k > 0) assert_true(fabs(at(&out, k, "sum(gap)") - sum) < 1e-15 && at(&out, k, "flops") == 4.0 * (double)k);
        assert_string_equal(text_at(&out, k, "outcome"), k + 1 < rows ? "" : "TARGET");
    }
    assert_int_equal(out.n_attachments, 6);
    assert_true(out.attachments[5].data[0] == 1.0 / 32 && out.attachments[5].row == 5 && out.attachments[5].shape[0] == 2);
    cc_outcome_clear(&out);
    out = ran("curve", 0, NULL);
    assert_true(at(&out, cc_table_rows(out.rows) - 1, "step") == 50);
    assert_string_equal(text_at(&out, cc_table_rows(out.rows) - 1, "outcome"), "BUDGET");
    double grid[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 18, 20, 23, 26, 29, 32, 36, 40, 45, 50}; /* 20 a decade */
    assert_int_equal(cc_table_rows(out.rows), sizeof grid / sizeof *grid);
    for (size_t i = 0; i < sizeof grid / sizeof *grid; i++) assert_true(at(&out, i, "step") == grid[i]);
    cc_outcome_clear(&out);
}

static void test_cost_is_censored(void **unused)
{
    (void)unused;
    cc_outcome out = ran("cost", 0, NULL);
    assert_int_equal(cc_table_rows(out.rows), 4);
    double steps[] = {2, 4, 5, 9}, reached[] = {1, 1, 1, 0};
    for (size_t i = 0; i < 4; i++) assert_true(at(&out, i, "n_grad") == steps[i] && at(&out, i, "reached") == reached[i]);
    assert_true(at(&out, 3, "target") == 1e-30);
    cc_outcome_clear(&out);
}

static void test_blocks_equal_single_seeds(void **unused)
{
    (void)unused;
    cc_tasks tasks = planned("final", 0, NULL);
    cc_outcome block, one;
    cc_instances *instances = cc_instances_new();
    cc_task_run(&registry, tasks.item[0], 0, 0, instances, &block);
    assert_int_equal(cc_table_rows(block.rows), 3);
    for (uint32_t s = 0; s < 3; s++) {
        cc_task_run(&registry, tasks.item[0], s, 1, instances, &one);
        assert_true(at(&one, 0, "seed") == s && at(&one, 0, "drift") == at(&block, s, "drift") &&
                    at(&one, 0, "noise") == at(&block, s, "noise"));
        if (s > 0) assert_true(at(&block, s, "drift") != at(&block, 0, "drift"));
        cc_outcome_clear(&one);
    }
    cc_task_run(&registry, tasks.item[3], 0, 0, instances, &one); /* the other arm has the same instance */
    assert_true(at(&one, 1, "noise") == at(&block, 1, "noise"));
    assert_string_equal(text_at(&one, 0, "arm"), "shy");
    assert_true(at(&one, 0, "step") == 10 && at(&one, 0, "gap") > at(&block, 0, "gap"));
    cc_outcome_clear(&one);
    cc_outcome_clear(&block);
    cc_instances_free(instances);
    cc_tasks_free(&tasks);
}

static void test_trouble_is_an_error_with_a_message(void **unused)
{
    (void)unused;
    struct {
        const char *set;
        cc_status status;
        const char *part;
    } cases[] = {{"trouble=numeric", CC_ENUMERIC, "third step"},
                 {"trouble=undeclared", CC_EBUG, "parameter 'lenght'"},
                 {"trouble=hog", CC_ENOMEM, "no memory"},
                 {"absent=true", CC_SKIP, "not here"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cc_outcome out = ran("curve", 0, cases[i].set);
        assert_int_equal(out.status, cases[i].status);
        if (!strstr(out.message, cases[i].part)) fail_msg("'%s' is not in: %s", cases[i].part, out.message);
        cc_outcome_clear(&out);
    }
    cc_outcome out = ran("curve", 0, "trouble=finish");
    assert_int_equal(out.status, CC_OK);
    assert_string_equal(text_at(&out, cc_table_rows(out.rows) - 1, "outcome"), "CONVERGED");
    cc_outcome_clear(&out);
    out = ran("every", 0, "trouble=nan");
    assert_string_equal(text_at(&out, cc_table_rows(out.rows) - 1, "outcome"), "NONFINITE");
    cc_outcome_clear(&out);
}

static void test_own_measure(void **unused)
{
    (void)unused;
    cc_outcome out = ran("own", 0, NULL);
    assert_int_equal(out.status, CC_OK);
    assert_int_equal(cc_table_rows(out.rows), 4);
    assert_true(at(&out, 3, "i") == 1 && at(&out, 3, "seed") == 1 && at(&out, 0, "g") == 2 && at(&out, 0, "looks") == 8 &&
                at(&out, 0, "kappa_seen") == 100);
    assert_int_equal(out.n_attachments, 4);
    cc_outcome_clear(&out);
    out = ran("own", 0, "fail=true rows=0");
    assert_int_equal(out.status, CC_EDATA);
    assert_string_equal(out.message, "asked to fail");
    cc_outcome_clear(&out);
}

static void test_solve(void **unused)
{
    (void)unused;
    cc_tasks tasks = {0};
    char message[CC_MESSAGE];
    cc_outcome out;
    assert_int_equal(cc_plan_solve(&registry, "bowl.descent", "bowl.flat", "kappa=1", "steps<=7", 5, &tasks, message), CC_OK);
    cc_task_run(&registry, tasks.item[0], 0, 0, NULL, &out);
    assert_true(at(&out, cc_table_rows(out.rows) - 1, "step") == 7 && at(&out, 0, "seed") == 5);
    cc_outcome_clear(&out);
    cc_tasks_free(&tasks);
    assert_int_equal(cc_plan_solve(&registry, "bowl.descent", "bowl.flat", "kapp=1", "steps<=7", 5, &tasks, message), CC_EINVAL);
    cc_tasks_free(&tasks);
    assert_int_equal(cc_plan_solve(&registry, "bowl.descent", "bowl.flat", NULL, "stepz<=7", 5, &tasks, message), CC_OK);
    cc_task_run(&registry, tasks.item[0], 0, 0, NULL, &out);
    assert_int_equal(out.status, CC_EINVAL);
    assert_non_null(strstr(out.message, "no counter, metric or probe 'stepz'; there is steps"));
    cc_outcome_clear(&out);
    cc_tasks_free(&tasks);
}

static void test_validation(void **unused)
{
    (void)unused;
    assert_null(cc_plugin_wrong(&plugin));
    const cc_claim claim = {.id = "c",
                            .statement = "s",
                            .experiment = "curve",
                            .checks = (const cc_check[]){CC_BOUND(.y = "gap", .is = CC_AT_MOST(1)), {0}}};
    cc_claim claims[] = {claim, {0}};
    cc_plugin broken = plugin;
    broken.claims = claims;
    assert_non_null(strstr(cc_plugin_wrong(&broken), "no negative control"));
    const cc_control controls[] = {{.id = "k", .what = "w", .set = "step=3"}, {0}};
    claims[0].controls = controls;
    assert_null(cc_plugin_wrong(&broken));
    claims[0].experiment = "curvy";
    assert_non_null(strstr(cc_plugin_wrong(&broken), "no experiment 'curvy'"));
    claims[0].experiment = "curve";
    claims[0].checks = (const cc_check[]){CC_BOUND(.y = "gap", .is = CC_AT_MOST(1), .chain = "a < b"), {0}};
    assert_non_null(strstr(cc_plugin_wrong(&broken), "chain"));
}

static cc_status made(cc_run *scope, const void *arg, void **data, size_t *bytes)
{
    double *d;
    CC_NEW(scope, d, 3);
    ++*(int *)(uintptr_t)arg;
    d[2] = 42;
    *data = d;
    *bytes = 3 * sizeof *d;
    return CC_OK;
}

static void test_artefact_is_made_once(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/claimcheck-test-XXXXXX", key[64];
    int makes = 0;
    cc_run run;
    assert_non_null(mkdtemp(folder));
    setenv("CLAIMCHECK_CACHE", folder, 1);
    cc_scope_open(&run, CC_ROLE_PROBLEM, 0, 0);
    snprintf(key, sizeof key, "test %ld", (long)getpid());
    for (int i = 0; i < 3; i++) {
        const void *data = NULL;
        size_t bytes = 0;
        assert_int_equal(cc_artefact(&run, key, made, &makes, &data, &bytes), CC_OK);
        assert_true(bytes == 24 && ((const double *)data)[2] == 42);
    }
    assert_int_equal(makes, 1);
    cc_scope_close(&run);
    char command[96];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    assert_int_equal(system(command), 0);
}

static void test_data_files(void **unused)
{
    (void)unused;
    char file[] = "/tmp/claimcheck-data-XXXXXX";
    const char *path;
    cc_run run;
    int handle = mkstemp(file);
    assert_true(handle >= 0 && write(handle, "abc", 3) == 3 && close(handle) == 0);
    cc_scope_open(&run, CC_ROLE_PROBLEM, 0, 0);
    assert_int_equal(cc_data_file(&run, file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", &path), CC_OK);
    assert_string_equal(path, file);
    assert_int_equal(cc_data_file(&run, file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ae", &path), CC_EDATA);
    unlink(file);
    assert_int_equal(cc_data_file(&run, file, NULL, &path), CC_SKIP);
    assert_int_equal(cc_data_file(&run, "no-such-set.csv", NULL, &path), CC_SKIP);
    cc_scope_close(&run);
}

static void test_linear_algebra(void **unused)
{
    (void)unused;
    double a[9] = {4, 0, 0, 2, 5, 0, 1, 3, 6}, b[3] = {7, 10, 10}, l[9], x[3]; /* lower triangle of a symmetric matrix; A 1 = b */
    memcpy(l, a, sizeof a);
    memcpy(x, b, sizeof b);
    assert_int_equal(cc_potrf(3, l), 0);
    cc_potrs(3, l, x);
    for (int i = 0; i < 3; i++) assert_true(fabs(x[i] - 1) < 1e-14);
    cc_fill_upper(3, a);
    assert_true(a[1] == 2 && a[2] == 1 && a[5] == 3);
    double full[6] = {1, 2, 3, 4, 5, 6}, y[3], c[9] = {0}, v[2] = {1, -1}; /* 2 x 3 */
    cc_gemv_t(2, 3, 1, full, v, 0, y);
    assert_true(y[0] == -3 && y[1] == -3 && y[2] == -3);
    cc_syrk_t(2, 3, 1, full, 0, c);
    assert_true(c[0] == 17 && c[3] == 22 && c[4] == 29 && c[8] == 45 && c[1] == 0);
    double general[4] = {0, 2, 1, 1}, rhs[2] = {2, 3};
    int pivots[2];
    assert_int_equal(cc_getrf(2, general, pivots), 0);
    cc_getrs(2, general, pivots, rhs);
    assert_true(fabs(rhs[0] - 2) < 1e-15 && fabs(rhs[1] - 1) < 1e-15);
    double w[3], s[2], again[6];
    memcpy(again, full, sizeof full);
    assert_int_equal(cc_syev(3, a, 1, w), 0);
    assert_true(w[0] <= w[1] && fabs(w[0] + w[1] + w[2] - 15) < 1e-12);
    assert_int_equal(cc_svdvals(2, 3, again, s), 0);
    assert_true(fabs(s[0] * s[0] + s[1] * s[1] - 91) < 1e-11);
    double tall[6] = {1, 0, 0, 1, 1, 1}, right[3] = {1, 2, 3};
    assert_int_equal(cc_lstsq(3, 2, tall, right), 0);
    assert_true(fabs(right[0] - 1) < 1e-14 && fabs(right[1] - 2) < 1e-14);
    double bad[1] = {-1};
    assert_int_equal(cc_potrf(1, bad), 1);
    bad[0] = NAN;
    assert_int_equal(cc_potrf(1, bad), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_suggest),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_alloc),
        cmocka_unit_test(test_bad_parameters),
        cmocka_unit_test(test_plan),
        cmocka_unit_test(test_trajectory),
        cmocka_unit_test(test_cost_is_censored),
        cmocka_unit_test(test_blocks_equal_single_seeds),
        cmocka_unit_test(test_trouble_is_an_error_with_a_message),
        cmocka_unit_test(test_own_measure),
        cmocka_unit_test(test_solve),
        cmocka_unit_test(test_validation),
        cmocka_unit_test(test_artefact_is_made_once),
        cmocka_unit_test(test_data_files),
        cmocka_unit_test(test_linear_algebra),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
