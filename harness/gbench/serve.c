/* harness/gbench/serve.c: see serve.h. Standard output is the caller's alone: whatever a body prints goes to standard error. */
#include "harness/gbench/serve.h"

#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef struct usage {
    int64_t cpu, wall, instructions;
} usage;

typedef struct server {
    const int64_t *args;
    size_t n_args;
    FILE *out;
    int counter; /* of instructions; -1: the kernel has none for us */
    usage begun;
    int ready, ended, failed; /* ended: the body was told so */
} server;

static int open_counter(void)
{
    struct perf_event_attr event = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof event,
        .config = PERF_COUNT_HW_INSTRUCTIONS,
        .inherit = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    return (int)syscall(SYS_perf_event_open, &event, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t of_timeval(struct timeval t) { return ((int64_t)t.tv_sec * 1000000 + t.tv_usec) * 1000; }

static usage usage_now(const server *s)
{
    struct rusage children;
    usage u = {.instructions = -1, .wall = nanoseconds(CLOCK_MONOTONIC)};
    if (s->counter < 0 || read(s->counter, &u.instructions, sizeof u.instructions) != (ssize_t)sizeof u.instructions)
        u.instructions = -1;
    getrusage(RUSAGE_CHILDREN, &children);
    u.cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) + of_timeval(children.ru_utime) + of_timeval(children.ru_stime);
    return u;
}

static void say_error(server *s, const char *why)
{
    if (!s->failed) fprintf(s->out, "error %s\n", why);
    fflush(s->out);
    s->failed = 1;
}

/* The next batch, as asked for; 0: the input has ended. */
static int64_t asked(server *s)
{
    char line[64], *end;
    if (s->failed || !fgets(line, sizeof line, stdin)) return 0;
    int64_t n = strtoll(line, &end, 10);
    if (end != line && (*end == '\n' || !*end) && n >= 1 && n <= 1000000000000) return n;
    say_error(s, "a number of iterations, from 1 to 10^12, is expected");
    return 0;
}

static int64_t grant(void *state)
{
    server *s = state;
    usage now = usage_now(s);
    if (!s->ready)
        fprintf(s->out, "ready\n");
    else if (!s->failed)
        fprintf(s->out, "%lld %lld %lld\n", (long long)(now.cpu - s->begun.cpu), (long long)(now.wall - s->begun.wall),
                (long long)(s->counter < 0 ? -1 : now.instructions - s->begun.instructions));
    fflush(s->out);
    s->ready = 1;
    int64_t n = asked(s);
    s->ended = n == 0;
    s->begun = usage_now(s);
    return n;
}

static int64_t arg(const void *state, int i)
{
    const server *s = state;
    return i >= 0 && (size_t)i < s->n_args ? s->args[i] : 0;
}

static void items(void *state, int64_t n) { (void)state, (void)n; }
static void counter(void *state, const char *name, double value) { (void)state, (void)name, (void)value; }
static void skip(void *state, const char *why) { say_error(state, why); }

static const cc_loop_backend backend = {grant, arg, items, counter, skip};

/* VmHWM: that of this program alone, while getrusage's begins with the parent's. */
static long long peak_bytes(void)
{
    char line[256];
    long long kilobytes = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %lld", &kilobytes) == 1) break;
    if (status) fclose(status);
    return kilobytes < 0 ? -1 : kilobytes * 1024;
}

int cc_serve(const char *name, const cc_bench *bench, const int64_t *args, size_t n_args)
{
    int out = dup(STDOUT_FILENO);
    server s = {.args = args, .n_args = n_args, .out = out < 0 ? NULL : fdopen(out, "w")};
    if (!s.out || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        fprintf(stderr, "claimcheck: %s: standard output cannot be written\n", name);
        return -1;
    }
    s.counter = open_counter();
    cc_loop_call(&backend, &s, bench->body);
    if (!s.ended) say_error(&s, "the body returned before its loop ended");
    if (!s.failed) fprintf(s.out, "peak %lld\n", peak_bytes());
    if (s.counter >= 0) close(s.counter);
    fclose(s.out);
    return s.failed ? -1 : 0;
}
