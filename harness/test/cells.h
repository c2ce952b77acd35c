/* harness/test/cells.h: cells made by hand, for the tests of the store. */
#ifndef CLAIMCHECK_HARNESS_TEST_CELLS_H
#define CLAIMCHECK_HARNESS_TEST_CELLS_H

#include "harness/test/scratch.h"

#include <math.h>

static inline cc_task task_of(const char *name)
{
    cc_task task = {.canonical = (char *)(uintptr_t)name, .arm = (char *)(uintptr_t) "a", .point = (char *)(uintptr_t) "n=1"};
    cc_sha256(name, strlen(name), task.key);
    return task;
}

static inline void set(cc_table *rows, size_t row, const char *column, double value)
{
    cc_table_set(rows, row, (size_t)cc_table_column(rows, column, 0), value);
}

static inline void set_text(cc_table *rows, size_t row, const char *column, const char *value)
{
    assert_int_equal(cc_table_set_text(rows, row, (size_t)cc_table_column(rows, column, 1), value), 0);
}

/* Three rows: numbers of every sort, a constant, texts, and what differs from run to run. */
static inline cc_outcome outcome_of(double y, double ns)
{
    const double values[3] = {y, (double)-INFINITY, -0.0};
    const char *const words[3] = {"", "SINGULAR", "zwei Wörter"};
    cc_outcome outcome = {.rows = cc_table_new(), .seconds = .25, .peak_bytes = 77};
    for (size_t i = 0; i < 3; i++) {
        cc_table_append(outcome.rows);
        set(outcome.rows, i, "y", values[i]);
        set(outcome.rows, i, "constant", .1);
        set(outcome.rows, i, "undefined", i % 2 ? (double)NAN : -(double)NAN);
        set(outcome.rows, i, "ns", ns + (double)i);
        set(outcome.rows, i, "setup_ns", ns);
        set(outcome.rows, i, "peak_bytes", ns);
        set_text(outcome.rows, i, "outcome", words[i]);
        set_text(outcome.rows, i, "arm", "a");
    }
    cc_table_column(outcome.rows, "empty", 1);
    return outcome;
}

static inline void attach(cc_outcome *outcome, const char *name, int64_t seed, double first)
{
    outcome->attachments = realloc(outcome->attachments, (outcome->n_attachments + 1) * sizeof *outcome->attachments);
    double *data = malloc(6 * sizeof *data);
    for (int i = 0; i < 6; i++) data[i] = first + i;
    outcome->attachments[outcome->n_attachments++] = (cc_attachment){strdup(name), seed, -1, 2, {2, 3}, data};
}

static inline void put(cc_store *store, const char *name, cc_outcome outcome, const char *cause)
{
    char message[CC_MESSAGE] = "";
    cc_task task = task_of(name);
    if (cc_store_put(store, &task, &outcome, cause, message) != CC_OK) fail_msg("%s", message);
    cc_outcome_clear(&outcome);
}

static inline cc_cell_info find(cc_store *store, const char *name)
{
    char message[CC_MESSAGE] = "";
    cc_cell_info info;
    cc_task task = task_of(name);
    assert_int_equal(cc_store_find(store, task.key, &info, message), CC_OK);
    return info;
}

static inline void assert_same_rows(const cc_table *a, const cc_table *b)
{
    assert_int_equal(cc_table_rows(a), cc_table_rows(b));
    assert_int_equal(cc_table_columns(a), cc_table_columns(b));
    for (size_t c = 0; c < cc_table_columns(a); c++) {
        int d = cc_table_find(b, cc_table_name(a, c));
        assert_true(d >= 0);
        assert_int_equal(cc_table_is_text(a, c), cc_table_is_text(b, (size_t)d));
        for (size_t r = 0; r < cc_table_rows(a); r++) {
            double x = cc_table_get(a, r, c), y = cc_table_get(b, r, (size_t)d);
            assert_string_equal(cc_table_text(a, r, c), cc_table_text(b, r, (size_t)d));
            assert_true((isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0);
        }
    }
}

#endif
