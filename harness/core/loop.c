/* harness/core/loop.c: the loop of a micro-benchmark. Iterations are granted in one batch, so that cc_loop_next is a decrement. */
#include "harness/core/loop.h"

#include <math.h>
#include <setjmp.h>
#include <stdlib.h>

#include "harness/core/scope.h"
#include "harness/testing.h"

enum { MOST_RUNS = 16 };

struct cc_loop {
    int64_t left;         /* iterations of the batch still to run */
    int n_runs, n_before; /* open runs; those of them that were opened before the loop */
    const cc_loop_backend *backend;
    void *state;
    cc_run *runs[MOST_RUNS];
    int begun;
    jmp_buf out; /* left by when a run cannot be made: the body has nothing to go on with */
};

static void close_runs(cc_loop *loop, int keep)
{
    while (loop->n_runs > keep) cc_test_close(loop->runs[--loop->n_runs]);
}

/* Starts the loop, or ends it. */
static int turn(cc_loop *loop)
{
    loop->begun = 1;
    loop->n_before = loop->n_runs;
    loop->left = loop->backend->grant(loop->state);
    if (loop->left == 0) return 0;
    loop->left--;
    return 1;
}

int cc_loop_next(cc_loop *loop)
{
    if (__builtin_expect(loop->n_runs != loop->n_before && loop->begun, 0)) close_runs(loop, loop->n_before);
    if (__builtin_expect(loop->left == 0, 0)) return turn(loop);
    loop->left--;
    return 1;
}

int64_t cc_loop_arg(const cc_loop *loop, int i) { return loop->backend->arg(loop->state, i); }
void cc_loop_items(cc_loop *loop, int64_t items) { loop->backend->items(loop->state, items); }
void cc_loop_counter(cc_loop *loop, const char *name, double value) { loop->backend->counter(loop->state, name, value); }

void cc_loop_skip(cc_loop *loop, const char *why)
{
    loop->left = 0;
    loop->backend->skip(loop->state, why);
}

/* A run; or out of the body, with the reason as the benchmark's result. */
static cc_run *open_run(cc_loop *loop, const char *algorithm, const char *problem)
{
    char message[CC_MESSAGE] = "a benchmark has at most 16 runs open";
    cc_run *run;
    if (loop->n_runs < MOST_RUNS && cc_test_open(algorithm, problem, 0, &run, message) == CC_OK)
        return loop->runs[loop->n_runs++] = run;
    cc_loop_skip(loop, message);
    longjmp(loop->out, 1);
}

cc_run *cc_loop_run(cc_loop *loop, const char *problem) { return open_run(loop, NULL, problem); }
cc_run *cc_loop_start(cc_loop *loop, const char *algorithm, const char *problem) { return open_run(loop, algorithm, problem); }
cc_status cc_loop_step(cc_run *run) { return cc_test_step(run); }

void cc_loop_call(const cc_loop_backend *backend, void *state, void (*body)(cc_loop *loop))
{
    cc_loop loop = {.backend = backend, .state = state};
    if (setjmp(loop.out) == 0) body(&loop);
    close_runs(&loop, 0);
}

int64_t *cc_loop_values(const char *range, size_t *n)
{
    cc_words words = cc_axis_words(range, 2);
    int64_t *values = words.n ? calloc(words.n, sizeof *values) : NULL;
    int whole = values != NULL;
    for (size_t i = 0; i < words.n && whole; i++) {
        char *end;
        double value = strtod(words.item[i], &end);
        whole = *end == 0 && fabs(value) <= 0x1p53 && value == floor(value);
        if (whole) values[i] = (int64_t)value;
    }
    *n = words.n;
    cc_words_free(&words);
    if (whole) return values;
    free(values);
    return NULL;
}
