/* harness/engine/worker.c: a forked process that runs cells, and both ends of its channel.
 *
 * Parent to worker: a cc_command. Worker to parent: the size of an outcome, then the outcome as wire.c writes it; or, from a
 * handler of a deadly signal, STARVED alone: an allocation had failed before. A worker dies with its parent, and ends when the
 * channel is closed. */
#include "harness/engine/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 }; /* shadow memory counts as data, and the sanitizer wants the signals */
#else
enum { SANITIZED = 0 };
#endif

#ifdef CLAIMCHECK_COVERAGE
enum { COUNTED = 1 }; /* a worker must end by exit(), or what it ran is not counted */
#else
enum { COUNTED = 0 };
#endif

static const uint64_t STARVED = UINT64_MAX;
static const double MB = 1024.0 * 1024.0;

/* ---- in the worker ---- */

static int the_channel;

/* A crash right after a failed allocation is a want of memory; the parent cannot see that from outside. */
static void last_words(int signal_number)
{
    if (errno == ENOMEM) send(the_channel, &STARVED, sizeof STARVED, MSG_NOSIGNAL);
    raise(signal_number); /* SA_RESETHAND: this time it kills */
}

static void install_last_words(void)
{
    static unsigned char stack[32768] __attribute__((aligned(16))); /* a stack overflow leaves no other */
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
    stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_handler = last_words, .sa_flags = SA_ONSTACK | (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    if (sigaltstack(&other, NULL)) return;
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) sigaction(deadly[i], &action, NULL);
}

/* exit() in a cell must not run what the parent had registered for its own end. */
static void leave(int status, void *unused)
{
    (void)unused;
    _exit(status);
}

/* No descriptor of the parent but stderr, no terminal input, no output among the parent's, no core files, no signals from the
 * keyboard. */
static void settle_down(int channel)
{
    sigset_t none;
    the_channel = channel;
    if (channel > 3) close_range(3, (unsigned)channel - 1, 0);
    close_range((unsigned)channel + 1, ~0U, 0);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) dup2(null, STDIN_FILENO), close(null);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (!COUNTED) on_exit(leave, NULL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    signal(SIGINT, SIG_IGN); /* the parent hears them, too, and decides */
    signal(SIGTERM, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (!SANITIZED) install_last_words();
}

/* Lets the data segment grow by `mb` over what is used now; negative: without limit. */
static void limit_memory(double mb)
{
    struct rlimit limit;
    char text[128];
    unsigned long long data_pages;
    if (SANITIZED || getrlimit(RLIMIT_DATA, &limit)) return;
    limit.rlim_cur = limit.rlim_max;
    if (mb >= 0) {
        int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
        ssize_t n = file < 0 ? -1 : read(file, text, sizeof text - 1);
        if (file >= 0) close(file);
        if (n <= 0) return;
        text[n] = 0;
        if (sscanf(text, "%*u %*u %*u %*u %*u %llu", &data_pages) != 1) return;
        rlim_t want = data_pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)(mb * MB);
        if (want < limit.rlim_cur) limit.rlim_cur = want;
    }
    setrlimit(RLIMIT_DATA, &limit);
}

static int send_all(int channel, const void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = send(channel, (const char *)data + done, size - done, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) return -1;
        if (n > 0) done += (size_t)n;
    }
    return 0;
}

static int answer(int channel, const cc_outcome *outcome, cc_buffer *frame)
{
    uint64_t size = 0;
    frame->size = 0;
    cc_buffer_put(frame, &size, sizeof size);
    cc_wire_write(outcome, frame);
    if (frame->failed) { /* too large to be told: that is an outcome as well */
        cc_outcome failure = {.status = CC_ENOMEM, .seconds = outcome->seconds, .peak_bytes = outcome->peak_bytes};
        snprintf(failure.message, CC_MESSAGE, "no memory to send %zu rows", outcome->rows ? cc_table_rows(outcome->rows) : 0);
        cc_buffer_free(frame);
        cc_buffer_put(frame, &size, sizeof size);
        cc_wire_write(&failure, frame);
        if (frame->failed) return -1;
    }
    size = frame->size - sizeof size;
    memcpy(frame->data, &size, sizeof size);
    return send_all(channel, frame->data, frame->size);
}

static void serve(int channel, const cc_registry *registry, const cc_tasks *tasks)
{
    cc_buffer frame = {0};
    cc_command command;
    cc_instances *instances = cc_instances_new();
    while (instances && recv(channel, &command, sizeof command, MSG_WAITALL) == (ssize_t)sizeof command) {
        const cc_task *task = tasks->item[command.task];
        cc_outcome outcome = {0};
        limit_memory(task->memory_mb > 0 ? task->memory_mb : 1024);
        errno = 0;
        cc_task_run(registry, task, command.first, command.n, instances, &outcome);
        limit_memory(-1);
        if (answer(channel, &outcome, &frame)) break;
        cc_outcome_clear(&outcome);
        if (frame.capacity > (size_t)(64 * MB)) cc_buffer_free(&frame);
    }
    cc_instances_free(instances);
    cc_buffer_free(&frame);
}

/* ---- in the parent ---- */

int cc_worker_spawn(cc_worker *worker, const cc_registry *registry, const cc_tasks *tasks)
{
    int ends[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return -1;
    fflush(NULL); /* or a cell that calls exit() would print it once more */
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(0);
        settle_down(ends[1]);
        serve(ends[1], registry, tasks);
        if (COUNTED) exit(0);
        _exit(0);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return -1;
    }
    *worker = (cc_worker){.pid = pid, .channel = ends[0]};
    return 0;
}

int cc_worker_send(cc_worker *worker, cc_command command) { return send_all(worker->channel, &command, sizeof command); }

/* The next outcome among the bytes that have come. */
static cc_received next_frame(cc_worker *worker, cc_outcome *outcome)
{
    uint64_t size;
    size_t left = worker->in.size - worker->used;
    const unsigned char *data = worker->in.data + worker->used;
    if (left < sizeof size) return CC_NOTHING;
    memcpy(&size, data, sizeof size);
    if (size == STARVED) {
        worker->starved = 1;
        worker->used += sizeof size;
        return next_frame(worker, outcome);
    }
    if (left - sizeof size < size) return CC_NOTHING;
    worker->used += sizeof size + size;
    return cc_wire_read(data + sizeof size, size, outcome) ? CC_NO_ROOM : CC_OUTCOME;
}

cc_received cc_worker_receive(cc_worker *worker, cc_outcome *outcome)
{
    enum { CHUNK = 1 << 16 };
    for (;;) {
        cc_received found = worker->in.size > worker->used ? next_frame(worker, outcome) : CC_NOTHING;
        if (found != CC_NOTHING) return found;
        if (worker->used) {
            worker->in.size -= worker->used;
            memmove(worker->in.data, worker->in.data + worker->used, worker->in.size);
            worker->used = 0;
        }
        unsigned char *room = cc_buffer_room(&worker->in, CHUNK);
        if (!room) return CC_NO_ROOM;
        ssize_t n = recv(worker->channel, room, CHUNK, MSG_DONTWAIT);
        worker->in.size -= CHUNK - (size_t)(n > 0 ? n : 0);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return CC_CLOSED;
        if (n < 0 && errno == EAGAIN) return CC_NOTHING;
    }
}

int cc_worker_end(cc_worker *worker)
{
    int wait_status = 0;
    if (!worker->pid) return 0;
    if (COUNTED && shutdown(worker->channel, SHUT_WR) == 0) poll(&(struct pollfd){.fd = worker->channel}, 1, 2000);
    kill(worker->pid, SIGKILL); /* of no effect on what is dead already: the status tells how it died */
    while (waitpid(worker->pid, &wait_status, 0) < 0 && errno == EINTR) continue;
    close(worker->channel);
    cc_buffer_free(&worker->in);
    worker->pid = 0;
    return wait_status;
}

void cc_worker_blame(int wait_status, int starved, int late, const cc_task *task, char cause[32], char message[CC_MESSAGE])
{
    double limit = task->memory_mb > 0 ? task->memory_mb : 1024;
    if (WIFEXITED(wait_status) && !late) {
        snprintf(cause, 32, "exit");
        snprintf(message, CC_MESSAGE, "the process was ended from inside the cell: exit(%d)", WEXITSTATUS(wait_status));
        return;
    }
    int killer = WIFEXITED(wait_status) ? SIGKILL : WTERMSIG(wait_status); /* one that left while we were about to kill it */
    const char *name = sigabbrev_np(killer);
    if (starved) {
        snprintf(cause, 32, "memory");
        snprintf(message, CC_MESSAGE, "an allocation failed (limit %g MB), then SIG%s", limit, name ? name : "?");
    } else if (killer == SIGKILL && late) {
        snprintf(cause, 32, "deadline");
        snprintf(message, CC_MESSAGE, "not finished within %g s", task->deadline_s > 0 ? task->deadline_s : 60);
    } else if (killer == SIGKILL) {
        snprintf(cause, 32, "memory");
        snprintf(message, CC_MESSAGE, "killed from outside (SIGKILL), as the kernel does when memory runs out");
    } else {
        snprintf(cause, 32, "SIG%s", name ? name : "?");
        snprintf(message, CC_MESSAGE, "killed by SIG%s (%s)", name ? name : "?", sigdescr_np(killer));
    }
}
