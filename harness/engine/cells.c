/* harness/engine/cells.c: cells into the store and out of it. */
#include "harness/engine/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

cc_status cc_store_find(cc_store *store, const char *key, cc_cell_info *info, char message[CC_MESSAGE])
{
    static const char sql[] = "SELECT id, status, cause, message, seconds, peak_bytes FROM cell WHERE key = ?";
    *info = (cc_cell_info){0};
    sqlite3_stmt *row = cc_store_bind(store, message, sql, "t", key);
    if (!row) return CC_EDATA;
    int step = sqlite3_step(row);
    if (step == SQLITE_ROW) {
        info->id = sqlite3_column_int64(row, 0);
        snprintf(info->status, sizeof info->status, "%s", (const char *)sqlite3_column_text(row, 1));
        snprintf(info->cause, sizeof info->cause, "%s", (const char *)sqlite3_column_text(row, 2));
        snprintf(info->message, sizeof info->message, "%s", (const char *)sqlite3_column_text(row, 3));
        info->seconds = sqlite3_column_double(row, 4);
        info->peak_bytes = (uint64_t)sqlite3_column_int64(row, 5);
    }
    cc_status status = step == SQLITE_ROW || step == SQLITE_DONE ? CC_OK : cc_store_error(store, message);
    sqlite3_reset(row);
    return status;
}

/* ---- putting ---- */

static cc_status find_environment(cc_store *store, char message[CC_MESSAGE])
{
    char digest[65];
    char *json = cc_environment_json();
    if (!json) {
        snprintf(message, CC_MESSAGE, "no memory to describe this machine");
        return CC_ENOMEM;
    }
    cc_sha256(json, strlen(json), digest);
    cc_status status =
        cc_store_do(store, message, "INSERT OR IGNORE INTO environment(digest, json) VALUES(?, ?)", "tt", digest, json);
    free(json);
    if (status != CC_OK) return status;
    sqlite3_stmt *row = cc_store_bind(store, message, "SELECT id FROM environment WHERE digest = ?", "t", digest);
    if (!row) return CC_EDATA;
    if (sqlite3_step(row) == SQLITE_ROW)
        store->environment = sqlite3_column_int64(row, 0);
    else
        status = cc_store_error(store, message);
    sqlite3_reset(row);
    return status;
}

static cc_status put_columns(cc_store *store, int64_t cell, const cc_table *rows, char message[CC_MESSAGE])
{
    static const char sql[] = "INSERT INTO cell_column(cell, name, text, data) VALUES(?, ?, ?, ?)";
    for (size_t i = 0; i < cc_table_columns(rows); i++) {
        cc_buffer *blob = &store->scratch;
        blob->size = 0;
        cc_column_pack(rows, i, blob);
        if (blob->failed) {
            cc_buffer_free(blob);
            snprintf(message, CC_MESSAGE, "store %s: no memory for column %s", store->path, cc_table_name(rows, i));
            return CC_ENOMEM;
        }
        int64_t text = cc_table_is_text(rows, i);
        CC_TRY(cc_store_do(store, message, sql, "itib", cell, cc_table_name(rows, i), text, (const void *)blob->data, blob->size));
    }
    return CC_OK;
}

static cc_status put_attachment(cc_store *store, int64_t cell, const cc_attachment *a, char message[CC_MESSAGE])
{
    static const char sql[] = "INSERT OR REPLACE INTO attachment(cell, name, seed, row, shape, data) VALUES(?, ?, ?, ?, ?, ?)";
    char shape[96] = "";
    size_t n = 1, used = 0;
    for (int i = 0; i < a->rank; i++) {
        n *= a->shape[i];
        used += (size_t)snprintf(shape + used, sizeof shape - used, i ? ",%zu" : "%zu", a->shape[i]);
    }
    return cc_store_do(store, message, sql, "itiitb", cell, a->name, a->seed, a->row, shape, (const void *)a->data,
                       n * sizeof *a->data);
}

static cc_status put_all(cc_store *store, const cc_task *task, const cc_outcome *outcome, const char *cause,
                         char message[CC_MESSAGE])
{
    static const char sql[] =
        "INSERT INTO cell(key, canonical, status, cause, message, rows, seconds, peak_bytes, timed, environment, finished)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))";
    int done = outcome->status == CC_OK || outcome->status == CC_DONE;
    const char *status = done ? "done" : outcome->status == CC_SKIP ? "skipped" : "error";
    int64_t rows = done && outcome->rows ? (int64_t)cc_table_rows(outcome->rows) : 0;
    if (!store->environment) CC_TRY(find_environment(store, message));
    CC_TRY(cc_store_do(store, message, "DELETE FROM cell WHERE key = ?", "t", task->key));
    CC_TRY(cc_store_do(store, message, sql, "tttttiriii", task->key, task->canonical, status, cause ? cause : "", outcome->message,
                       rows, outcome->seconds, (int64_t)outcome->peak_bytes, (int64_t)task->timed, store->environment));
    int64_t cell = sqlite3_last_insert_rowid(store->db);
    if (!done) return CC_OK;
    if (outcome->rows) CC_TRY(put_columns(store, cell, outcome->rows, message));
    for (size_t i = 0; i < outcome->n_attachments; i++) CC_TRY(put_attachment(store, cell, &outcome->attachments[i], message));
    return CC_OK;
}

cc_status cc_store_put(cc_store *store, const cc_task *task, const cc_outcome *outcome, const char *cause, char message[CC_MESSAGE])
{
    int64_t known = store->environment;
    CC_TRY(cc_store_do(store, message, "SAVEPOINT part", ""));
    cc_status status = cc_store_settle(store, put_all(store, task, outcome, cause, message), message);
    if (status != CC_OK) store->environment = known;
    return status;
}

/* ---- reading ---- */

static int add_rows(cc_table *rows, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (cc_table_append(rows)) return -1;
    return 0;
}

static cc_status read_columns(cc_store *store, int64_t cell, cc_table *rows, char message[CC_MESSAGE])
{
    sqlite3_stmt *row = cc_store_bind(store, message, "SELECT name, text, data FROM cell_column WHERE cell = ?", "i", cell);
    if (!row) return CC_EDATA;
    int step, bad = 0;
    while (!bad && (step = sqlite3_step(row)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(row, 0);
        const void *data = sqlite3_column_blob(row, 2);
        bad = cc_column_unpack(rows, name, sqlite3_column_int(row, 1), data, (size_t)sqlite3_column_bytes(row, 2));
        if (bad == -1) snprintf(message, CC_MESSAGE, "no memory for the rows of cell %lld", (long long)cell);
        if (bad == -2)
            snprintf(message, CC_MESSAGE, "store %s: column %s of cell %lld is damaged", store->path, name, (long long)cell);
    }
    cc_status status = bad ? CC_EDATA : step == SQLITE_DONE ? CC_OK : cc_store_error(store, message);
    sqlite3_reset(row);
    return status;
}

cc_table *cc_store_rows(cc_store *store, int64_t cell, char message[CC_MESSAGE])
{
    enum { ALIKE = 1 << 16 }; /* more rows than this cannot be alike in every column: one must have a byte for each */
    static const char *const sql =
        "SELECT rows, (SELECT max(length(data)) FROM cell_column WHERE cell = cell.id) FROM cell WHERE id = ?";
    sqlite3_stmt *row = cc_store_bind(store, message, sql, "i", cell);
    if (!row) return NULL;
    int step = sqlite3_step(row);
    int64_t n = step == SQLITE_ROW ? sqlite3_column_int64(row, 0) : -1;
    int absurd = step == SQLITE_ROW && (n < 0 || (n > ALIKE && n > sqlite3_column_int64(row, 1)));
    sqlite3_reset(row);
    if (absurd) {
        snprintf(message, CC_MESSAGE, "store %s: cell %lld is damaged: it says %lld rows", store->path, (long long)cell,
                 (long long)n);
        return NULL;
    }
    if (n < 0) {
        if (step == SQLITE_DONE)
            snprintf(message, CC_MESSAGE, "store %s has no cell %lld", store->path, (long long)cell);
        else
            cc_store_error(store, message);
        return NULL;
    }
    cc_table *rows = cc_table_new();
    if (!rows || add_rows(rows, n))
        snprintf(message, CC_MESSAGE, "no memory for the rows of cell %lld", (long long)cell);
    else if (read_columns(store, cell, rows, message) == CC_OK)
        return rows;
    cc_table_free(rows);
    return NULL;
}
