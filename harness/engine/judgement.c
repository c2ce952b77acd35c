/* harness/engine/judgement.c: what judging writes back: verdicts and derived columns. */
#include "harness/engine/internal.h"

#include <stdlib.h>
#include <string.h>

cc_status cc_store_judge(cc_store *store, const cc_judgement *j, char message[CC_MESSAGE])
{
    /* SQLite stores a NaN as NULL. */
    static const char sql[] = "INSERT OR REPLACE INTO verdict(owner, claim, tier, verdict, estimate, low, high, p, p_holm, "
                              "campaign_mark, message, json, judged)"
                              " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))";
    return cc_store_do(store, message, sql, "ttitrrrrritt", j->owner, j->claim, (int64_t)j->tier, j->verdict, j->estimate, j->low,
                       j->high, j->p, j->p_holm, (int64_t)j->campaign_mark, j->message ? j->message : "", j->json ? j->json : "{}");
}

cc_status cc_store_derived(cc_store *store, const char *owner, const char *user, int64_t cell, const char *name,
                           const double *values, size_t n, char message[CC_MESSAGE])
{
    static const char sql[] = "INSERT OR REPLACE INTO derived(owner, user, cell, name, data) VALUES(?, ?, ?, ?, ?)";
    return cc_store_do(store, message, sql, "ttitb", owner, user, cell, name, (const void *)values, n * sizeof *values);
}

cc_status cc_store_remember(cc_store *store, const char *owner, const char *claim, int tier, const char *basis, const void *data,
                            size_t size, char message[CC_MESSAGE])
{
    static const char sql[] = "INSERT OR REPLACE INTO judged(owner, claim, tier, basis, evidence) VALUES(?, ?, ?, ?, ?)";
    return cc_store_do(store, message, sql, "ttitb", owner, claim, (int64_t)tier, basis, data, size);
}

int cc_store_recall(cc_store *store, const char *owner, const char *claim, int tier, const char *basis, void **data, size_t *size,
                    char message[CC_MESSAGE])
{
    static const char sql[] = "SELECT evidence FROM judged WHERE owner = ? AND claim = ? AND tier = ? AND basis = ?";
    sqlite3_stmt *row = cc_store_bind(store, message, sql, "ttit", owner, claim, (int64_t)tier, basis);
    int step = row ? sqlite3_step(row) : SQLITE_ERROR, found = 0;
    if (step == SQLITE_ROW) {
        *size = (size_t)sqlite3_column_bytes(row, 0);
        *data = malloc(*size + 1);
        if (*data && *size) memcpy(*data, sqlite3_column_blob(row, 0), *size);
        found = *data != NULL;
    } else if (row && step != SQLITE_DONE)
        found = cc_store_error(store, message);
    if (row) sqlite3_reset(row);
    return row ? found : CC_EDATA;
}
