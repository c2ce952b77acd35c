/* The core: parameters, specs, plans, cells, declarations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/core/scope.h"
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
static cc_module module = {.path = (char *)(uintptr_t) "here", .plugin = &plugin, .digest = (char *)(uintptr_t) "0123"};
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
        assert_true(at(&out, k, "drew") == 1); /* its init opens a stream */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_parameters),
        cmocka_unit_test(test_plan),
        cmocka_unit_test(test_trajectory),
        cmocka_unit_test(test_cost_is_censored),
        cmocka_unit_test(test_blocks_equal_single_seeds),
        cmocka_unit_test(test_trouble_is_an_error_with_a_message),
        cmocka_unit_test(test_own_measure),
        cmocka_unit_test(test_solve),
        cmocka_unit_test(test_validation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
