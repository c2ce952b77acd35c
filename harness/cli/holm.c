/* harness/cli/holm.c: many claims are judged at once; Holm's step-down within a paper keeps the chance of any false "verified" of
 * that paper below alpha. Over the whole campaign it only makes a mark. */
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/judge_claim.h"

static const double alpha = .05;

static double counted_p(const cc_evidence *e) { return cc_evidence_counts(e) ? e->p : NAN; }

static int is_asked(const cc_evidence *e, size_t n, const char *claim)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(e[i].claim->id, claim) == 0) return 1;
    return 0;
}

/* Appends to p[n..] what the store knows of the paper's other claims at this tier; the new length, or 0 with a message. */
static size_t add_stored(cc_store *store, const cc_evidence *e, size_t n, double **p, char *message)
{
    static const char sql[] =
        "SELECT claim, p FROM verdict WHERE owner = ? AND tier = ? AND p IS NOT NULL AND verdict <> 'observation'";
    sqlite3 *db = cc_store_sqlite(store);
    sqlite3_stmt *query;
    size_t all = n;
    int step = sqlite3_prepare_v2(db, sql, -1, &query, NULL);
    if (step == SQLITE_OK) {
        sqlite3_bind_text(query, 1, e->module->plugin->id, -1, SQLITE_STATIC);
        sqlite3_bind_int(query, 2, e->tier);
        while ((step = sqlite3_step(query)) == SQLITE_ROW) {
            if (is_asked(e, n, (const char *)sqlite3_column_text(query, 0))) continue;
            double *grown = realloc(*p, (all + 1) * sizeof *grown);
            if (!grown) break;
            *p = grown;
            grown[all++] = sqlite3_column_double(query, 1);
        }
    }
    sqlite3_finalize(query);
    if (step == SQLITE_DONE) return all;
    snprintf(message, CC_MESSAGE, "the verdicts of %s cannot be read: %s", e->module->plugin->id, sqlite3_errmsg(db));
    return 0;
}

static cc_status correct_paper(cc_evidence *e, size_t n, cc_store *store, char *message)
{
    double *p = calloc(n, sizeof *p);
    for (size_t i = 0; p && i < n; i++) p[i] = counted_p(&e[i]);
    size_t all = p && store ? add_stored(store, e, n, &p, message) : n;
    double *adjusted = p && all ? calloc(all, sizeof *adjusted) : NULL;
    if (adjusted) cc_holm(p, all, adjusted);
    for (size_t i = 0; adjusted && i < n; i++) {
        e[i].p_holm = adjusted[i];
        if (e[i].verdict != CC_VERIFIED || !(adjusted[i] > alpha)) continue;
        e[i].verdict = CC_INCONCLUSIVE;
        snprintf(e[i].reason, sizeof e[i].reason,
                 "p = %.2g alone, %.2g after Holm's correction over the paper's claims: more seeds are needed", p[i], adjusted[i]);
    }
    cc_status status = adjusted ? CC_OK : CC_ENOMEM;
    free(adjusted);
    free(p);
    return status;
}

static cc_status mark_campaign(cc_evidence *e, size_t n)
{
    double *p = calloc(2 * n + 1, sizeof *p);
    if (!p) return CC_ENOMEM;
    for (size_t i = 0; i < n; i++) p[i] = counted_p(&e[i]);
    cc_holm(p, n, p + n);
    for (size_t i = 0; i < n; i++)
        e[i].campaign_mark = cc_evidence_counts(&e[i]) && e[i].verdict == CC_VERIFIED && !(p[n + i] > alpha);
    free(p);
    return CC_OK;
}

cc_status cc_judge_holm(cc_evidence *e, size_t n, cc_store *store, char message[CC_MESSAGE])
{
    snprintf(message, CC_MESSAGE, "no memory for Holm's correction");
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && e[to].module == e[from].module;) to++;
        CC_TRY(correct_paper(e + from, to - from, store, message));
    }
    return mark_campaign(e, n);
}
