/* harness/cli/cmd_solve.c: `claimcheck solve`: one algorithm on one problem, in a child of its own, so that a crash or an endless
 * loop is reported and not suffered. */
#include <cJSON.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/cli/cli.h"
#include "harness/cli/csv.h"

typedef struct solving {
    const char *set, *stop, *csv;
    uint64_t seed;
    int json, deadline;
    const cc_task *task;
} solving;

/* ---- the trace ---- */

static int same(const cc_table *t, size_t row, size_t column)
{
    double a = cc_table_get(t, 0, column), b = cc_table_get(t, row, column);
    if (cc_table_is_text(t, column)) return strcmp(cc_table_text(t, 0, column), cc_table_text(t, row, column)) == 0;
    return a == b || (isnan(a) && isnan(b));
}

/* What changes on the way makes the table; what does not stands above it. Of texts there is but the outcome, which stands below. */
static int is_trace(const cc_table *t, size_t column)
{
    if (cc_table_is_text(t, column)) return 0;
    for (size_t r = 1; r < cc_table_rows(t); r++)
        if (!same(t, r, column)) return 1;
    return 0;
}

static void print_constants(const cc_table *t)
{
    static const char *const said[] = {"arm", "algorithm", "problem", "seed", "step", "outcome", "ns", "peak_bytes", "flops"};
    int used = 0;
    for (size_t c = 0; c < cc_table_columns(t); c++) {
        const char *name = cc_table_name(t, c);
        char buffer[32], text[256];
        size_t k = 0;
        while (k < sizeof said / sizeof *said && strcmp(said[k], name) != 0) k++;
        if (k < sizeof said / sizeof *said || is_trace(t, c) || cc_table_rows(t) == 0) continue;
        snprintf(text, sizeof text, "%s=%s", name,
                 cc_table_is_text(t, c) ? cc_table_text(t, 0, c) : cc_csv_number(cc_table_get(t, 0, c), buffer));
        if (used > 0 && used + (int)strlen(text) + 1 > 110) used = 0, putchar('\n');
        used += printf("%s%s", used ? " " : "  ", text);
    }
    putchar('\n');
}

static void print_trace(const cc_table *t)
{
    for (size_t line = 0; line <= cc_table_rows(t); line++) {
        for (size_t c = 0; c < cc_table_columns(t); c++) {
            const char *name = cc_table_name(t, c);
            if (!is_trace(t, c) || strcmp(name, "ns") == 0) continue;
            int width = strlen(name) > 12 ? (int)strlen(name) : 12;
            if (line == 0)
                printf(" %*s", width, name);
            else
                printf(" %*.6g", width, cc_table_get(t, line - 1, c));
        }
        putchar('\n');
    }
}

static double last(const cc_table *t, const char *column)
{
    int c = cc_table_find(t, column);
    return c < 0 || cc_table_rows(t) == 0 ? NAN : cc_table_get(t, cc_table_rows(t) - 1, (size_t)c);
}

static const char *outcome_of(const cc_table *t)
{
    int c = cc_table_find(t, "outcome");
    return c < 0 || cc_table_rows(t) == 0 ? "" : cc_table_text(t, cc_table_rows(t) - 1, (size_t)c);
}

static void print_bill(const cc_table *t, const cc_task *task)
{
    printf("\n%s after %.0f steps;", outcome_of(t), last(t, "step"));
    for (const cc_column *c = task->family ? task->family->counters : NULL; c && c->name; c++)
        printf(" %s %.0f,", c->name, last(t, c->name));
    printf(" flops %.4g (reported), memory %.4g kB, %.4g ms\n", last(t, "flops"), last(t, "peak_bytes") / 1024,
           last(t, "ns") / 1e6);
}

static void print_json(const solving *s, const cc_table *t)
{
    cJSON *json = cJSON_CreateObject(), *columns = cJSON_CreateObject();
    for (size_t c = 0; c < cc_table_columns(t); c++) {
        cJSON *values = cJSON_CreateArray();
        for (size_t r = 0; r < cc_table_rows(t); r++) {
            double v = cc_table_get(t, r, c);
            cJSON_AddItemToArray(values, cc_table_is_text(t, c) ? cJSON_CreateString(cc_table_text(t, r, c))
                                         : isfinite(v)          ? cJSON_CreateNumber(v)
                                                                : cJSON_CreateNull());
        }
        cJSON_AddItemToObject(columns, cc_table_name(t, c), values);
    }
    cJSON_AddStringToObject(json, "algorithm", s->task->algorithm->algorithm->id);
    cJSON_AddStringToObject(json, "problem", s->task->problem->problem->id);
    cJSON_AddNumberToObject(json, "seed", (double)s->seed);
    cJSON_AddStringToObject(json, "outcome", outcome_of(t));
    cJSON_AddItemToObject(json, "columns", columns);
    char *text = cJSON_PrintUnformatted(json);
    if (text) puts(text);
    free(text);
    cJSON_Delete(json);
}

static int print_result(const solving *s, const cc_table *rows)
{
    if (s->json) print_json(s, rows);
    if (s->csv) {
        int to_stdout = strcmp(s->csv, "-") == 0;
        FILE *out = to_stdout ? stdout : fopen(s->csv, "w");
        if (!out) return cc_cli_fail("%s cannot be written", s->csv);
        cc_csv_write(out, rows);
        int failed = ferror(out);
        if (!to_stdout && fclose(out) != 0) failed = 1;
        if (failed) return cc_cli_fail("%s cannot be written", s->csv);
        if (to_stdout) return CC_EXIT_OK;
    }
    if (s->json) return CC_EXIT_OK;
    printf("%s on %s, seed %llu\n", s->task->algorithm->algorithm->id, s->task->problem->problem->id, (unsigned long long)s->seed);
    print_constants(rows);
    if (!s->csv) putchar('\n'), print_trace(rows);
    print_bill(rows, s->task);
    return CC_EXIT_OK;
}

/* ---- the child ---- */

static int child(const solving *s)
{
    cc_outcome outcome;
    int code = CC_EXIT_OK;
    alarm((unsigned)s->deadline);
    cc_task_run(cc_cli_registry(), s->task, 0, 0, NULL, &outcome);
    alarm(0);
    if (outcome.status == CC_EINVAL) /* what was asked for cannot be, as a stopping rule on a metric that is not there */
        code = cc_cli_usage("solve", "%s", outcome.message);
    else if (outcome.status != CC_OK)
        code = cc_cli_fail("%s: %s", outcome.status == CC_SKIP ? "skipped" : cc_status_name(outcome.status), outcome.message);
    else
        code = print_result(s, outcome.rows);
    cc_outcome_clear(&outcome);
    return fflush(stdout) == 0 ? code : CC_EXIT_FAILED;
}

static int run_in_child(const solving *s)
{
    int status;
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) return cc_cli_fail("no process can be started");
    if (pid == 0) _exit(child(s));
    while (waitpid(pid, &status, 0) < 0) {}
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    int number = WTERMSIG(status);
    if (number == SIGALRM) return cc_cli_fail("not done after %d s (--deadline)", s->deadline);
    return cc_cli_fail("the run crashed: %s (SIG%s)", strsignal(number), sigabbrev_np(number) ? sigabbrev_np(number) : "?");
}

int cc_cmd_solve(int argc, char **argv)
{
    solving s = {.stop = "steps<=1000", .deadline = 600};
    cc_tasks tasks = {0};
    char message[CC_MESSAGE] = "";
    int code = CC_EXIT_OK;
    const cc_option table[] = {
        {"set", 0, CC_OPT_TEXT, &s.set, "\"K=V ...\"", "parameters of the algorithm or the problem"},
        {"seed", 0, CC_OPT_SEED, &s.seed, "S", "default 0"},
        {"stop", 0, CC_OPT_TEXT, &s.stop, "RULES",
         "default \"steps<=1000\"; counters and metrics work, too: \"gap<=1e-8 n_grad<=1e5\""},
        {"deadline", 0, CC_OPT_COUNT, &s.deadline, "SECONDS", "default 600"},
        {"csv", 0, CC_OPT_TEXT, &s.csv, "FILE", "every column of the trace as CSV; - is standard output"},
        {"json", 0, CC_OPT_FLAG, &s.json, NULL, "every column of the trace as JSON"},
        {0},
    };
    const cc_usage usage = {
        "solve",
        "ALGORITHM PROBLEM",
        "Runs one algorithm on one problem and prints the trace. Both are specs: \"gns.adaptive:paper(gamma0=1)\".",
        table,
        2,
        2};
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    const cc_registry *registry = cc_cli_registry();
    if (!registry) return CC_EXIT_FAILED;
    cc_status status = cc_plan_solve(registry, argv[first], argv[first + 1], s.set, s.stop, s.seed, &tasks, message);
    if (status == CC_OK && tasks.n > 0) {
        s.task = tasks.item[0];
        code = run_in_child(&s);
    } else
        code = cc_cli_usage("solve", "%s", message);
    cc_tasks_free(&tasks);
    return code;
}
