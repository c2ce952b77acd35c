/* harness/gbench/harness_bench.c: what the harness itself costs, measured like a plug-in: a step, a checkpoint, a metered call,
 * random numbers, rows and cells on their way into the store. The algorithms here do next to nothing, so what is timed is what is
 * around them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/engine/engine.h"
#include "harness/gbench/gbench.h"

/* ---- a family of one oracle, a problem, two algorithms ---- */

typedef struct idle_ops {
    double (*value)(const void *instance, double x);
} idle_ops;

/* The family's function, as an algorithm calls it: through the table, billed. */
__attribute__((noinline)) static cc_status idle_value(cc_run *run, double x, double *value)
{
    const cc_oracle *oracle = cc_oracle_of(run);
    oracle->count[0]++;
    *value = ((const idle_ops *)oracle->ops)->value(oracle->instance, x);
    return CC_OK;
}

__attribute__((noinline)) static double shift(const void *instance, double x) { return x + *(const double *)instance; }
static const idle_ops shifted = {shift};

static cc_status idle_create(cc_run *scope, void **instance)
{
    double *by;
    CC_NEW(scope, by, 1);
    *by = 1;
    *instance = by;
    return cc_publish(scope, CC_TOLD, "by", 1);
}

static double gap(const cc_oracle *oracle, const void *candidate) { return (void)oracle, *(const double *)candidate; }

static cc_status idle_init(cc_run *run, void **state)
{
    double *x;
    CC_NEW(run, x, 1);
    *state = x;
    return CC_OK;
}

static cc_status idle_step(cc_run *run, void *state) { return (void)run, (void)state, CC_OK; }
static const void *idle_candidate(void *state) { return state; }

/* An algorithm whose one step is a benchmark's loop: so that the loop has a run whose oracles are bound and billed. */
static struct {
    cc_loop *loop;
    void (*body)(cc_loop *loop, cc_run *run);
} inside;

static cc_status inside_step(cc_run *run, void *state)
{
    (void)state;
    inside.body(inside.loop, run);
    return cc_finish(run, "MEASURED");
}

static const cc_family families[] = {{.id = "idle",
                                      .candidate = "double",
                                      .counters = CC_LIST(cc_column, {"n_value", "", "values"}),
                                      .metrics = CC_LIST(cc_metric, {"gap", "", "the candidate", gap})},
                                     {0}};
static const cc_problem problems[] = {{.id = "idle.shift", .family = "idle", .create = idle_create, .ops = &shifted}, {0}};
static const cc_algorithm algorithms[] = {
    {.id = "idle.none", .family = "idle", .init = idle_init, .step = idle_step, .candidate = idle_candidate},
    {.id = "idle.inside", .family = "idle", .init = idle_init, .step = inside_step, .candidate = idle_candidate},
    {0}};

/* One short cell a seed; every step of the second is a checkpoint. */
static const cc_experiment cells[] = {{.id = "cells",
                                       .algorithm = "idle.none",
                                       .problem = "idle.shift",
                                       .measure = &cc_trajectory,
                                       .plan = {.stop = "steps<=100"},
                                       .seeds = {256, 256, 256}},
                                      {.id = "rows",
                                       .algorithm = "idle.none",
                                       .problem = "idle.shift",
                                       .measure = &cc_trajectory,
                                       .plan = {.stop = "steps<=10000", .at = "0..10000"},
                                       .seeds = {1, 1, 1}},
                                      {0}};

static cc_module module = {
    .path = (char *)(uintptr_t) "harness", .plugin = &cc_harness_bench, .digest = (char *)(uintptr_t) "harness"};
static const cc_registry registry = {.modules = &module, .n_modules = 1};

/* ---- bodies ---- */

static int planned(cc_loop *loop, cc_status status, const char *message)
{
    if (status != CC_OK) cc_loop_skip(loop, message);
    return status == CC_OK;
}

static cc_status solve(const char *algorithm, const char *stop, cc_tasks *tasks, char *message)
{
    return cc_plan_solve(&registry, algorithm, "idle.shift", NULL, stop, 0, tasks, message);
}

/* Runs a cell; what went wrong becomes the benchmark's result. */
static void run_cell(cc_loop *loop, const cc_task *task)
{
    cc_outcome outcome = {0};
    cc_task_run(&registry, task, 0, 0, NULL, &outcome);
    if (outcome.status != CC_OK) cc_loop_skip(loop, outcome.message);
    cc_outcome_clear(&outcome);
}

enum { STEPS = 1000000, CHECKPOINTS = 10001, CELLS = 256 };

static void step(cc_loop *loop)
{
    char message[CC_MESSAGE] = "", stop[32];
    cc_tasks tasks = {0};
    int64_t steps = 0;
    snprintf(stop, sizeof stop, "steps<=%d", STEPS);
    if (planned(loop, solve("idle.none", stop, &tasks, message), message))
        for (; cc_loop_next(loop); steps += STEPS) run_cell(loop, tasks.item[0]);
    cc_loop_items(loop, steps);
    cc_tasks_free(&tasks);
}

static void checkpoint(cc_loop *loop)
{
    char message[CC_MESSAGE] = "";
    cc_tasks tasks = {0};
    int64_t rows = 0;
    if (planned(loop, cc_plan_experiment(&registry, &module, &cells[1], 0, 0, NULL, &tasks, message), message))
        for (; cc_loop_next(loop); rows += CHECKPOINTS) run_cell(loop, tasks.item[0]);
    cc_loop_items(loop, rows);
    cc_tasks_free(&tasks);
}

static void measure_inside(cc_loop *loop, void (*body)(cc_loop *loop, cc_run *run))
{
    char message[CC_MESSAGE] = "";
    cc_tasks tasks = {0};
    inside.loop = loop;
    inside.body = body;
    if (planned(loop, solve("idle.inside", "steps<=1", &tasks, message), message)) run_cell(loop, tasks.item[0]);
    cc_tasks_free(&tasks);
}

static void next_body(cc_loop *loop, cc_run *run)
{
    (void)run;
    while (cc_loop_next(loop)) {}
}

static void direct_body(cc_loop *loop, cc_run *run)
{
    const cc_oracle *oracle = cc_oracle_of(run);
    double x = 0;
    while (cc_loop_next(loop)) x = ((const idle_ops *)oracle->ops)->value(oracle->instance, x);
    cc_loop_counter(loop, "sum", x);
}

static void metered_body(cc_loop *loop, cc_run *run)
{
    double x = 0;
    while (cc_loop_next(loop)) idle_value(run, x, &x);
    cc_loop_counter(loop, "sum", x);
}

static void uniform_body(cc_loop *loop, cc_run *run)
{
    cc_rng rng = cc_stream(run, 0, 0);
    double sum = 0;
    while (cc_loop_next(loop)) sum += cc_uniform(&rng);
    cc_loop_counter(loop, "sum", sum);
}

static void normal_body(cc_loop *loop, cc_run *run)
{
    enum { N = 1024 };
    static double out[N];
    cc_rng rng = cc_stream(run, 0, 0);
    int64_t drawn = 0;
    for (; cc_loop_next(loop); drawn += N) cc_normal(&rng, N, out);
    cc_loop_items(loop, drawn);
}

static void stream_body(cc_loop *loop, cc_run *run)
{
    double sum = 0;
    for (uint64_t id = 0; cc_loop_next(loop); id++) {
        cc_rng rng = cc_stream(run, 0, id);
        sum += cc_uniform(&rng);
    }
    cc_loop_counter(loop, "sum", sum);
}

static void next(cc_loop *loop) { measure_inside(loop, next_body); }
static void oracle_direct(cc_loop *loop) { measure_inside(loop, direct_body); }
static void oracle_metered(cc_loop *loop) { measure_inside(loop, metered_body); }
static void uniform(cc_loop *loop) { measure_inside(loop, uniform_body); }
static void normal(cc_loop *loop) { measure_inside(loop, normal_body); }
static void stream(cc_loop *loop) { measure_inside(loop, stream_body); }

/* ---- into a store of its own, in a new folder ---- */

typedef struct scratch {
    char folder[64], path[96];
    cc_store *store;
} scratch;

static int scratch_open(cc_loop *loop, scratch *s)
{
    char message[CC_MESSAGE] = "no folder for the store can be made";
    strcpy(s->folder, "/tmp/claimcheck-bench-XXXXXX");
    s->store = NULL;
    if (mkdtemp(s->folder)) {
        snprintf(s->path, sizeof s->path, "%s/store.db", s->folder);
        s->store = cc_store_open(s->path, 1, message);
    }
    if (!s->store) cc_loop_skip(loop, message);
    return s->store != NULL;
}

static void scratch_close(scratch *s)
{
    static const char *const files[] = {"", "-wal", "-shm", ".lock"};
    char file[128];
    cc_store_close(s->store);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(file, sizeof file, "%s%s", s->path, files[i]);
        unlink(file);
    }
    rmdir(s->folder);
}

/* A cell of 10 001 rows, written again under a new key each time. */
static void store_rows(cc_loop *loop)
{
    char message[CC_MESSAGE] = "";
    cc_tasks tasks = {0};
    cc_outcome outcome = {0};
    scratch s;
    int64_t rows = 0;
    if (!scratch_open(loop, &s)) return;
    if (planned(loop, cc_plan_experiment(&registry, &module, &cells[1], 0, 0, NULL, &tasks, message), message)) {
        cc_task *task = tasks.item[0];
        cc_task_run(&registry, task, 0, 0, NULL, &outcome);
        for (; cc_loop_next(loop); rows += CHECKPOINTS) {
            snprintf(task->key, sizeof task->key, "%064llx", (unsigned long long)rows);
            if (cc_store_put(s.store, task, &outcome, "", message) != CC_OK) cc_loop_skip(loop, message);
        }
    }
    cc_loop_items(loop, rows);
    cc_outcome_clear(&outcome);
    cc_tasks_free(&tasks);
    scratch_close(&s);
}

/* A campaign of 256 short cells on one worker: planned, dealt, run, sent back, stored. By the wall clock: the work is a child's. */
static void campaign(cc_loop *loop)
{
    const cc_campaign_options options = {.jobs = 1, .quiet = 1};
    char message[CC_MESSAGE] = "";
    uint64_t ns = 0;
    double run = 0;
    while (cc_loop_next(loop)) {
        cc_tasks tasks = {0};
        cc_campaign_report report = {0};
        scratch s;
        if (!scratch_open(loop, &s)) continue;
        uint64_t begun = cc_now_ns();
        if (planned(loop, cc_plan_experiment(&registry, &module, &cells[0], 0, 0, NULL, &tasks, message), message) &&
            cc_campaign_run(s.store, &registry, &tasks, &options, &report, message) != CC_OK)
            cc_loop_skip(loop, message);
        ns += cc_now_ns() - begun;
        run += (double)report.run;
        cc_tasks_free(&tasks);
        scratch_close(&s);
    }
    if (ns > 0) cc_loop_counter(loop, "cells_per_second", run / ((double)ns * 1e-9));
}

static const cc_bench benches[] = {{"next", next, NULL, NULL},
                                   {"step_1e6", step, NULL, NULL},
                                   {"checkpoint_1e4", checkpoint, NULL, NULL},
                                   {"oracle_direct", oracle_direct, NULL, NULL},
                                   {"oracle_metered", oracle_metered, NULL, NULL},
                                   {"uniform", uniform, NULL, NULL},
                                   {"normal_1024", normal, NULL, NULL},
                                   {"stream", stream, NULL, NULL},
                                   {"store_rows", store_rows, NULL, NULL},
                                   {"campaign_256", campaign, NULL, NULL},
                                   {"mlp_sgd_4096", cc_bench_mlp_sgd, "1 8 32..1024*2", NULL},
                                   {"mlp_adam_4096", cc_bench_mlp_adam, "32 128 1024", NULL},
                                   {"mlp_hvp", cc_bench_mlp_hvp, "128 1024; 1 8", NULL},
                                   {"mlp_hessian", cc_bench_mlp_hessian, "1024", NULL},
                                   {"mlp_rows", cc_bench_mlp_rows, "128", NULL},
                                   {"nn_mlp_sgd_1024", cc_bench_nn_mlp_sgd, "1 8 32 128 512", NULL},
                                   {"nn_cnn_sgd_1024", cc_bench_nn_cnn_sgd, "1 8 32 128 512", NULL},
                                   {"nn_hvps", cc_bench_nn_hvps, "1 4 32", NULL},
                                   {"nn_mlp_grad", cc_bench_nn_mlp_grad, "32 128 512", NULL},
                                   {"nn_mlp_hvp", cc_bench_nn_mlp_hvp, "32 128 512", NULL},
                                   {"nn_mlp_sqnorms", cc_bench_nn_mlp_sqnorms, "128", NULL},
                                   {"nn_cnn_grad", cc_bench_nn_cnn_grad, "32 128", NULL},
                                   {"nn_cnn_hvp", cc_bench_nn_cnn_hvp, "32", NULL},
                                   {"nn_lstm_grad", cc_bench_nn_lstm_grad, "32 128", NULL},
                                   {"nn_lstm_hvp", cc_bench_nn_lstm_hvp, "32", NULL},
                                   {0}};

const cc_plugin cc_harness_bench = {.id = "harness",
                                    .title = "What the harness costs",
                                    .families = families,
                                    .problems = problems,
                                    .algorithms = algorithms,
                                    .experiments = cells,
                                    .benches = benches};
