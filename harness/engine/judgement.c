/* harness/engine/judgement.c: what judging writes back: verdicts and derived columns. */
#include "harness/engine/internal.h"

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
