/* harness/engine/merge.c: shards become one store, and a store loses what no experiment names any more. */
#include "harness/engine/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Times, memory and what is timed differ from run to run; all other columns of one key must agree. */
#define COMPARED "name <> 'ns' AND name NOT GLOB '*_ns' AND name NOT IN ('peak_bytes', 'seconds')"
#define COLUMNS(store, id) "SELECT name, text, data FROM " store ".cell_column WHERE cell = " id " AND " COMPARED
#define ARRAYS(store, id) "SELECT name, seed, row, shape, data FROM " store ".attachment WHERE cell = " id

static const char conflict_sql[] =
    "SELECT a.key FROM main.cell a JOIN other.cell b USING(key)"
    " WHERE a.status = 'done' AND b.status = 'done' AND NOT a.timed AND (a.rows <> b.rows"
    " OR EXISTS (" COLUMNS("main", "a.id") " EXCEPT " COLUMNS(
        "other", "b.id") ")"
                         " OR EXISTS (" COLUMNS("other", "b.id") " EXCEPT " COLUMNS(
                             "main", "a.id") ")"
                                             " OR EXISTS (" ARRAYS("main", "a.id") " EXCEPT " ARRAYS(
                                                 "other", "b.id") ")"
                                                                  " OR EXISTS (" ARRAYS("other", "b.id") " EXCEPT " ARRAYS(
                                                                      "main", "a.id") ")) ORDER BY a.key LIMIT 1";

/* A cell comes over if it is missing here or says more than ours: done over skipped over error. */
static const char copy_sql[] =
    "INSERT OR IGNORE INTO main.environment(digest, json) SELECT digest, json FROM other.environment;"
    "CREATE TEMP TABLE incoming AS SELECT b.id AS id, b.key AS key FROM other.cell b LEFT JOIN main.cell a USING(key)"
    " WHERE a.id IS NULL OR instr('error skipped done', b.status) > instr('error skipped done', a.status);"
    "DELETE FROM main.cell WHERE key IN (SELECT key FROM incoming);"
    "INSERT INTO main.cell(key, canonical, status, cause, message, rows, seconds, peak_bytes, timed, environment, finished)"
    " SELECT b.key, canonical, status, cause, message, rows, seconds, peak_bytes, timed, m.id, finished"
    " FROM incoming i JOIN other.cell b ON b.id = i.id JOIN other.environment o ON o.id = b.environment"
    " JOIN main.environment m ON m.digest = o.digest;"
    "INSERT INTO main.cell_column SELECT a.id, name, text, data"
    " FROM incoming i JOIN main.cell a ON a.key = i.key JOIN other.cell_column c ON c.cell = i.id;"
    "INSERT INTO main.attachment SELECT a.id, name, seed, row, shape, data"
    " FROM incoming i JOIN main.cell a ON a.key = i.key JOIN other.attachment c ON c.cell = i.id;"
    "INSERT OR IGNORE INTO main.definition SELECT * FROM other.definition;"
    "INSERT OR IGNORE INTO main.member SELECT * FROM other.member;";

static cc_status refuse_conflict(cc_store *into, const char *from, char message[CC_MESSAGE])
{
    sqlite3_stmt *row = cc_store_bind(into, message, conflict_sql, "");
    if (!row) return CC_EDATA;
    cc_status status = CC_OK;
    int step = sqlite3_step(row);
    if (step == SQLITE_ROW) {
        snprintf(message, CC_MESSAGE, "%s and %s have different rows for the same key %s", into->path, from,
                 sqlite3_column_text(row, 0));
        status = CC_EDATA;
    } else if (step != SQLITE_DONE) {
        status = cc_store_error(into, message);
    }
    sqlite3_reset(row);
    return status;
}

static cc_status count_rows(cc_store *store, const char *sql, size_t *n, char message[CC_MESSAGE])
{
    sqlite3_stmt *row = cc_store_bind(store, message, sql, "");
    if (!row) return CC_EDATA;
    cc_status status = CC_OK;
    if (sqlite3_step(row) == SQLITE_ROW)
        *n = (size_t)sqlite3_column_int64(row, 0);
    else
        status = cc_store_error(store, message);
    sqlite3_reset(row);
    return status;
}

static cc_status copy_cells(cc_store *into, const char *from, size_t *copied, char message[CC_MESSAGE])
{
    CC_TRY(refuse_conflict(into, from, message));
    CC_TRY(cc_store_script(into, message, copy_sql));
    CC_TRY(count_rows(into, "SELECT count(*) FROM incoming", copied, message));
    return cc_store_script(into, message, "DROP TABLE incoming");
}

/* "file:<path>?mode=ro", with what a URI may not hold escaped. */
static char *read_only_uri(const char *path)
{
    char *uri = malloc(3 * strlen(path) + 16);
    if (!uri) return NULL;
    char *to = uri + sprintf(uri, "file:");
    for (const char *c = path; *c; c++) to += strchr("%?#", *c) ? sprintf(to, "%%%02X", (unsigned)*c) : sprintf(to, "%c", *c);
    strcpy(to, "?mode=ro");
    return uri;
}

cc_status cc_store_merge(cc_store *into, const char *from, size_t *copied, char message[CC_MESSAGE])
{
    *copied = 0;
    cc_store *other = cc_store_open(from, 0, message); /* says what is wrong with it, if anything */
    if (!other) return CC_EDATA;
    cc_store_close(other);
    char *uri = read_only_uri(from);
    cc_status status = uri ? cc_store_do(into, message, "ATTACH ? AS other", "t", uri) : CC_ENOMEM;
    free(uri);
    if (status != CC_OK) return status;
    status = cc_store_script(into, message, "SAVEPOINT part");
    if (status == CC_OK) status = cc_store_settle(into, copy_cells(into, from, copied, message), message);
    if (status != CC_OK) *copied = 0;
    sqlite3_exec(into->db, "DETACH other", NULL, NULL, NULL);
    return status;
}

cc_status cc_store_prune(cc_store *store, size_t *deleted, char message[CC_MESSAGE])
{
    *deleted = 0;
    CC_TRY(cc_store_do(store, message, "DELETE FROM cell WHERE key NOT IN (SELECT key FROM member)", ""));
    *deleted = (size_t)sqlite3_changes64(store->db);
    return *deleted && sqlite3_get_autocommit(store->db) ? cc_store_script(store, message, "VACUUM") : CC_OK;
}
