/* harness/test/bench_store.c: how fast the store takes rows and the campaign runs empty cells. Not a test: prints two numbers.
 * Usage: bench_store [cells] [rows a cell] [jobs] */
#include "harness/engine/engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { COLUMNS = 20 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop_if(cc_status status, const char *message)
{
    if (status == CC_OK) return;
    fprintf(stderr, "%s\n", message);
    exit(1);
}

/* Twenty columns as a trajectory has them: a text, constants, and ten that change from row to row. */
static cc_table *some_rows(size_t n)
{
    char name[16];
    cc_table *rows = cc_table_new();
    int text = cc_table_column(rows, "arm", 1);
    for (int c = 1; c < COLUMNS; c++) {
        snprintf(name, sizeof name, "column%d", c);
        cc_table_column(rows, name, 0);
    }
    for (size_t r = 0; r < n; r++) {
        cc_table_append(rows);
        cc_table_set_text(rows, r, (size_t)text, "method");
        for (size_t c = 1; c < COLUMNS; c++) cc_table_set(rows, r, c, c % 2 ? sin((double)(r * c)) : (double)c);
    }
    return rows;
}

static void put_cells(cc_store *store, size_t n, size_t rows_a_cell)
{
    char message[CC_MESSAGE], text[32];
    cc_outcome outcome = {.rows = some_rows(rows_a_cell)};
    double start = now();
    for (size_t i = 0; i < n; i++) {
        cc_task task = {.canonical = text};
        snprintf(text, sizeof text, "cell %zu", i);
        cc_sha256(text, strlen(text), task.key);
        if (i % 64 == 0) stop_if(cc_store_begin(store, message), message);
        stop_if(cc_store_put(store, &task, &outcome, "", message), message);
        if (i % 64 == 63 || i + 1 == n) stop_if(cc_store_commit(store, message), message);
    }
    double seconds = now() - start;
    printf("store: %zu cells of %zu rows and %d columns: %.0f rows/s, %.1f us a cell\n", n, rows_a_cell, COLUMNS,
           (double)(n * rows_a_cell) / seconds, 1e6 * seconds / (double)n);
    cc_table_free(outcome.rows);
}

static cc_status nothing(cc_cell *cell)
{
    while (cc_replicate(cell)) cc_emit(cell);
    return CC_OK;
}

static void run_cells(cc_store *store, uint32_t n, int jobs)
{
    static const cc_measure empty = {.id = "empty", .run = nothing};
    static const cc_plugin plugin = {.id = "bench"};
    const cc_experiment experiment = {.id = "empty", .measure = &empty, .seeds = {n, n, n}};
    const cc_module module = {.plugin = &plugin};
    const cc_registry registry = {0};
    cc_campaign_options options = {.jobs = jobs, .quiet = 1};
    cc_campaign_report report;
    cc_tasks tasks = {0};
    char message[CC_MESSAGE];
    stop_if(cc_plan_experiment(&registry, &module, &experiment, 0, 0, NULL, &tasks, message), message);
    stop_if(cc_campaign_run(store, &registry, &tasks, &options, &report, message), message);
    printf("campaign: %zu empty cells, %d workers: %.0f cells/s, %.1f us a cell\n", report.run, jobs,
           (double)report.run / report.seconds, 1e6 * report.seconds / (double)report.run);
    cc_tasks_free(&tasks);
}

int main(int argc, char **argv)
{
    size_t cells = argc > 1 ? strtoul(argv[1], NULL, 10) : 5000, rows = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    int jobs = argc > 3 ? atoi(argv[3]) : 2;
    char folder[] = "/tmp/bench_store.XXXXXX", path[64], message[CC_MESSAGE];
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/store.db", folder);
    cc_store *store = cc_store_open(path, 1, message);
    stop_if(store ? CC_OK : CC_EDATA, message);
    put_cells(store, cells, rows);
    run_cells(store, (uint32_t)cells, jobs);
    cc_store_close(store);
    unlink(path);
    rmdir(folder);
    return 0;
}
