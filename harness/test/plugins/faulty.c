/* harness/test/plugins/faulty.c: algorithms that end in every way a cell can end. For tests of the engine. */
#include "harness/measure.h"
#include "harness/plugin.h"

#include <cblas.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- a family without oracles, a problem that is a random number ---- */

static cc_status point_create(cc_run *scope, void **instance)
{
    double *x;
    if (cc_bool(scope, "absent")) return cc_fail(scope, CC_SKIP, "the data of this point are absent");
    cc_rng rng = cc_stream(scope, 1, 0);
    CC_NEW(scope, x, 1);
    *x = cc_uniform(&rng);
    *instance = x;
    return cc_publish(scope, CC_HIDDEN, "x", *x);
}

static double distance(const cc_oracle *oracle, const void *candidate)
{
    return fabs(*(const double *)candidate - *(const double *)oracle->instance);
}

static double undefined(const cc_oracle *oracle, const void *candidate)
{
    (void)oracle;
    return *(const double *)candidate > .5 ? (double)NAN : 1;
}

/* ---- an algorithm with a fault at one step of one seed ---- */

enum { NONE, CRASH, ABORT, HANG, HOG, UNCHECKED, EXIT, NUMERIC, INVALID, KILLED };

typedef struct walk {
    double y;
    int fault, step;
    cc_rng rng;
} walk;

static void sleep_ms(int64_t ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static cc_status walk_init(cc_run *run, void **state)
{
    walk *w;
    CC_NEW(run, w, 1);
    w->rng = cc_stream(run, 2, 0);
    w->fault = cc_int(run, "at") < 0 || (uint64_t)cc_int(run, "at") == cc_seed(run) ? cc_choice(run, "fault") : NONE;
    *state = w;
    return CC_OK;
}

static volatile size_t volatile_size = (size_t)1 << 40;
static char *volatile kept;

/* Memory that the scope does not know of, until malloc says no. */
static cc_status hog(cc_run *run)
{
    for (size_t i = 0; i < 4096; i++) {
        char *block = malloc((size_t)1 << 20);
        if (!block) return cc_fail(run, CC_ENOMEM, "no memory after %zu MB", i);
        memset(block, 1, (size_t)1 << 20);
        kept = block;
    }
    return CC_OK;
}

static cc_status fail(cc_run *run, int fault)
{
    switch (fault) {
    case CRASH:
        raise(SIGSEGV);
        break;
    case ABORT:
        abort();
    case HANG:
        for (;;) pause();
    case HOG:
        return hog(run);
    case UNCHECKED: /* as a library does that gives up when malloc does */
        kept = malloc(volatile_size);
        if (!kept) abort();
        break;
    case EXIT:
        exit(3);
    case NUMERIC:
        return cc_fail(run, CC_ENUMERIC, "y is not finite");
    case INVALID:
        return cc_fail(run, CC_EINVAL, "this cannot be");
    case KILLED:
        kill(getpid(), SIGKILL);
        break;
    default:
        break;
    }
    return CC_OK;
}

static cc_status walk_step(cc_run *run, void *state)
{
    walk *w = state;
    if (++w->step == 3) CC_TRY(fail(run, w->fault));
    sleep_ms(cc_int(run, "pause_ms"));
    w->y = .9 * w->y + .1 * cc_uniform(&w->rng);
    return CC_OK;
}

static const void *walk_candidate(void *state) { return &((walk *)state)->y; }

/* ---- a measure that looks at its process ---- */

static cc_status look_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        const double array[6] = {1, 2, 3, 4, 5, 6};
        sleep_ms(cc_int(cc_cell_run(cell), "pause_ms"));
        cc_put(cell, "blas_threads", openblas_get_num_threads());
        cc_put(cell, "pid_ns", getpid()); /* by its name left out of comparisons */
        cc_put(cell, "at_ns", (double)cc_now_ns());
        cc_put_text(cell, "word", "constant");
        cc_put(cell, "nothing", (double)NAN);
        CC_TRY(cc_attach(cell, "array", 2, (const size_t[]){2, 3}, array));
        cc_emit(cell);
    }
    return CC_OK;
}

static const cc_measure look = {.id = "look", .run = look_run, .params = CC_LIST(cc_param, {"pause_ms", CC_INT, "0", 0, 10000})};

/* ---- experiments ---- */

static double twice(const cc_row *row) { return 2 * cc_get(row, "distance"); }

const cc_plugin cc_plugin_1 = {
    .id = "faulty",
    .title = "Ways to end",
    .citation = "none",
    .families = CC_LIST(cc_family, {.id = "trial",
                                    .candidate = "double[1]",
                                    .doc = "a number",
                                    .metrics = CC_LIST(cc_metric, {"distance", "", "to the number", distance},
                                                       {"undefined", "", "often NaN", undefined})}),
    .problems = CC_LIST(cc_problem, {.id = "faulty.point",
                                     .family = "trial",
                                     .summary = "a random number",
                                     .create = point_create,
                                     .params = CC_LIST(cc_param, {"absent", CC_BOOL, "false", .doc = "as if its data were"},
                                                       {"n", CC_INT, "1", 1, 1000, .doc = "no meaning"})}),
    .algorithms =
        CC_LIST(cc_algorithm, {.id = "faulty.walk",
                               .family = "trial",
                               .summary = "a random walk with a fault",
                               .init = walk_init,
                               .step = walk_step,
                               .candidate = walk_candidate,
                               .params = CC_LIST(cc_param,
                                                 {"fault", CC_CHOICE, "none",
                                                  .choices = "none crash abort hang hog unchecked exit numeric invalid killed"},
                                                 {"at", CC_INT, "-1", -1, 1e9, .doc = "the seed at which; -1: all"},
                                                 {"pause_ms", CC_INT, "0", 0, 10000, .doc = "a step's duration"}),
                               .variants = CC_LIST(cc_variant, {"slow", "pauses", "pause_ms=1"}),
                               .probes = CC_LIST(cc_probe, {"y", "", "where it is", offsetof(walk, y)})}),
    .experiments = CC_LIST(
        cc_experiment,
        {.id = "sane",
         .about = "nothing fails",
         .algorithm = "faulty.walk",
         .problem = "faulty.point",
         .measure = &cc_trajectory,
         .axes = CC_LIST(cc_axis, {"n", "1 2 3 4 | 5 6"}, {"pause_ms", "0 1"}),
         .plan = {.stop = "steps<=20"},
         .seeds = {6, 6, 6}},
        {.id = "all_ways",
         .about = "every way to end",
         .algorithm = "faulty.walk",
         .problem = "faulty.point",
         .measure = &cc_trajectory,
         .axes = CC_LIST(cc_axis, {"fault", "none crash abort hang hog unchecked exit numeric invalid killed"}),
         .plan = {.stop = "steps<=20"},
         .seeds = {2, 2, 2},
         .deadline_s = .5,
         .memory_mb = 64},
        {.id = "block",
         .about = "one seed of a block fails",
         .algorithm = "faulty.walk",
         .problem = "faulty.point",
         .measure = &cc_trajectory,
         .set = "at=3",
         .axes = CC_LIST(cc_axis, {"fault", "none crash hang exit"}),
         .plan = {.stop = "steps<=5"},
         .seeds = {8, 8, 8},
         .block = 8,
         .deadline_s = .5},
        {.id = "absent",
         .about = "no data",
         .algorithm = "faulty.walk",
         .problem = "faulty.point",
         .measure = &cc_final,
         .axes = CC_LIST(cc_axis, {"absent", "false true"}),
         .plan = {.stop = "steps<=5"},
         .seeds = {1, 1, 1}},
        {.id = "look", .about = "what a worker is like", .measure = &look, .seeds = {4, 4, 4}},
        {.id = "timed", .about = "alone on the machine", .measure = &look, .set = "pause_ms=20", .seeds = {4, 4, 4}, .timed = 1},
        {.id = "brisk",
         .about = "longer than they are stopped for",
         .measure = &look,
         .set = "pause_ms=100",
         .seeds = {20, 20, 20},
         .deadline_s = .5},
        {.id = "slow", .about = "long enough to interrupt", .measure = &look, .set = "pause_ms=20", .seeds = {200, 200, 200}}),
    .claims = CC_LIST(
        cc_claim,
        {.id = "near",
         .source = "nowhere",
         .statement = "it is not far",
         .origin = CC_FROM_US,
         .threshold = CC_FROM_PROOF,
         .experiment = "sane",
         .derive = CC_LIST(cc_derived, {"twice", "", "of the distance", twice}),
         .checks = (const cc_check[]){{.kind = CC_KIND_BOUND, .y = "distance", .is = CC_AT_MOST(2), .over = ""}, {CC_END}},
         .controls = CC_LIST(
             cc_control, {.id = "closer",
                          .what = "much nearer",
                          .checks = (const cc_check[]){{.kind = CC_KIND_BOUND, .y = "distance", .is = CC_AT_MOST(1e-9), .over = ""},
                                                       {CC_END}}})}),
    .figures = CC_LIST(cc_figure, {.id = "walk",
                                   .source = "nowhere",
                                   .caption = "a walk",
                                   .kind = "curve",
                                   .experiment = "sane",
                                   .x = "step",
                                   .y = "distance",
                                   .by = "n",
                                   .options = "band=seed"}),
};
