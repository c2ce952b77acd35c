/* harness/cli/judged.c: see judged.h. Evidence goes to the store as the bytes of this very program, which the basis names. */
#include "harness/cli/judged.h"

#include <link.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- the basis ---- */

/* Digests of the loaded objects that are the project's, but for the plug-ins: each claim names its own. */
static int add_object(struct dl_phdr_info *info, size_t size, void *to)
{
    char hex[65];
    (void)size;
    if (!info->dlpi_name || !strstr(info->dlpi_name, "claimcheck") || strstr(info->dlpi_name, "/plugins/")) return 0;
    if (cc_sha256_file(info->dlpi_name, hex) != 0) return 1;
    fprintf(to, "%s\n", hex);
    return 0;
}

/* Closes the stream of *text and gives the digest of what was written; hex = "": no memory. */
static void digest_of(FILE *stream, char **text, size_t *size, char hex[65])
{
    hex[0] = 0;
    if (stream && fclose(stream) == 0 && *text) cc_sha256(*text, *size, hex);
    free(*text);
}

void cc_judged_program(char hex[65])
{
    char *text = NULL, own[65];
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    int lost = !to || cc_sha256_file("/proc/self/exe", own) != 0;
    if (!lost) fprintf(to, "%s\n", own);
    if (!lost) lost = dl_iterate_phdr(add_object, to);
    digest_of(to, &text, &size, hex);
    if (lost) hex[0] = 0;
}

static cc_status add_part(FILE *to, cc_store *store, const cc_part *part, char *message)
{
    fprintf(to, "part %s %s %s %zu\n", part->experiment->id, part->overlay, part->wrong, part->tasks.n);
    for (size_t i = 0; i < part->tasks.n; i++) {
        cc_cell_info info = {0};
        CC_TRY(cc_store_find(store, part->tasks.item[i]->key, &info, message));
        fprintf(to, "%s %lld %s %s %a\n", part->tasks.item[i]->key, (long long)info.id, info.status, info.cause, info.seconds);
    }
    return CC_OK;
}

static FILE *begin(const cc_module *module, const char *program, char **text, size_t *size)
{
    char hex[65];
    *text = NULL;
    if (!*program || cc_sha256_file(module->path, hex) != 0) return NULL;
    FILE *to = open_memstream(text, size);
    if (to) fprintf(to, "%s %s %s\n", program, hex, cc_module_digest(module));
    return to;
}

cc_status cc_judged_basis(cc_work *work, cc_store *store, const cc_asked *asked, const char *program, char hex[65],
                          char message[CC_MESSAGE])
{
    char *text;
    size_t size = 0, n = cc_cli_count(asked->claim->controls, sizeof *asked->claim->controls);
    cc_status status = CC_OK;
    hex[0] = 0;
    if (asked->claim->untestable) return CC_OK;
    FILE *to = begin(asked->module, program, &text, &size);
    if (!to) return CC_OK;
    fprintf(to, "%s %d\n", asked->claim->id, work->tier);
    int whole = 1;
    for (size_t i = 0; i <= n && status == CC_OK && whole; i++) {
        char why[CC_MESSAGE];
        const cc_part *part = cc_work_part_of(work, asked, i ? &asked->claim->controls[i - 1] : NULL, why);
        whole = part != NULL;
        if (part) status = add_part(to, store, part, message);
    }
    digest_of(to, &text, &size, hex);
    if (!whole) hex[0] = 0;
    return status;
}

cc_status cc_judged_basis_of_part(cc_store *store, const cc_part *part, const char *program, char hex[65], char message[CC_MESSAGE])
{
    char *text;
    size_t size = 0;
    hex[0] = 0;
    FILE *to = begin(part->module, program, &text, &size);
    if (!to) return CC_OK;
    cc_status status = add_part(to, store, part, message);
    digest_of(to, &text, &size, hex);
    return status;
}

/* ---- evidence to bytes ---- */

typedef struct head {
    cc_verdict raw, verdict;
    size_t n_checks, n_controls, n_nulls, n_errors, n_skips, n_cells;
    double seconds, p;
} head;

static void put(FILE *to, const void *data, size_t size) { fwrite(data, 1, size, to); }

static void put_text(FILE *to, const char *text)
{
    size_t n = strlen(text);
    put(to, &n, sizeof n);
    put(to, text, n);
}

static void put_result(FILE *to, const cc_result *r)
{
    const char *const texts[] = {r->quantity, r->method, r->worst, r->message, r->x_label, r->y_label};
    const double numbers[] = {r->estimate, r->low, r->high, r->p, r->detectable, r->tightness};
    const size_t counts[] = {(size_t)r->verdict, r->rows, r->units, r->n_series, (size_t)r->log_x, (size_t)r->log_y};
    put(to, numbers, sizeof numbers);
    put(to, counts, sizeof counts);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) put_text(to, texts[i]);
    for (size_t i = 0; i < r->n_series; i++) {
        const cc_series *s = &r->series[i];
        const double *const lists[] = {s->x, s->y, s->low, s->high};
        put_text(to, s->name);
        put(to, &s->n, sizeof s->n);
        for (size_t k = 0; k < 4; k++) {
            char there = lists[k] != NULL;
            put(to, &there, 1);
            if (there) put(to, lists[k], s->n * sizeof *lists[k]);
        }
    }
}

static void put_results(FILE *to, const cc_results *results)
{
    put(to, &results->n, sizeof results->n);
    for (size_t i = 0; i < results->n; i++) put_result(to, &results->item[i]);
}

static void put_evidence(FILE *to, const cc_evidence *e)
{
    const head h = {e->raw,      e->verdict, e->checks.n, e->n_controls, e->n_nulls,
                    e->n_errors, e->n_skips, e->n_cells,  e->seconds,    e->p};
    put(to, &h, sizeof h);
    put_text(to, e->reason);
    put_results(to, &e->checks);
    for (size_t i = 0; i < e->n_controls; i++) {
        const cc_control_evidence *c = &e->control[i];
        const int state[] = {(int)c->verdict, c->ok};
        put(to, state, sizeof state);
        put_text(to, c->message);
        put_results(to, &c->checks);
    }
    for (size_t i = 0; i < e->n_nulls; i++) {
        const size_t state[] = {e->null_control[i].check, (size_t)e->null_control[i].ok};
        put(to, state, sizeof state);
        put_result(to, &e->null_control[i].result);
    }
    put(to, e->error, e->n_errors * sizeof *e->error);
    put(to, e->skip, e->n_skips * sizeof *e->skip);
}

/* ---- and back: what does not fit is no evidence ---- */

typedef struct source {
    const unsigned char *at;
    size_t left;
    int bad;
} source;

static void take(source *from, void *to, size_t size)
{
    if (from->bad || size > from->left) {
        from->bad = 1;
        memset(to, 0, size);
        return;
    }
    memcpy(to, from->at, size);
    from->at += size, from->left -= size;
}

/* Memory for n things that take at least `least` bytes each in what is left; one more than n, zeroed. */
static void *room(source *from, size_t n, size_t size, size_t least)
{
    void *data = n <= from->left / least ? calloc(n + 1, size) : NULL;
    if (!data) from->bad = 1;
    return data;
}

static void take_text(source *from, char *text, size_t size)
{
    size_t n;
    take(from, &n, sizeof n);
    if (n >= size) from->bad = 1;
    if (!from->bad) take(from, text, n), text[n] = 0;
}

static double *take_list(source *from, size_t n)
{
    char there;
    take(from, &there, 1);
    double *list = there ? room(from, n, sizeof *list, sizeof *list) : NULL;
    if (list) take(from, list, n * sizeof *list);
    return list;
}

static void take_series(source *from, cc_series *s)
{
    char name[1024] = "";
    take_text(from, name, sizeof name);
    take(from, &s->n, sizeof s->n);
    s->name = strdup(name);
    s->x = take_list(from, s->n);
    s->y = take_list(from, s->n);
    s->low = take_list(from, s->n);
    s->high = take_list(from, s->n);
    if (!s->name || !s->x || !s->y) from->bad = 1;
}

static void take_result(source *from, cc_result *r)
{
    const struct {
        char *text;
        size_t size;
    } texts[] = {{r->quantity, sizeof r->quantity}, {r->method, sizeof r->method},   {r->worst, sizeof r->worst},
                 {r->message, sizeof r->message},   {r->x_label, sizeof r->x_label}, {r->y_label, sizeof r->y_label}};
    double numbers[6];
    size_t counts[6];
    take(from, numbers, sizeof numbers);
    take(from, counts, sizeof counts);
    r->estimate = numbers[0], r->low = numbers[1], r->high = numbers[2], r->p = numbers[3], r->detectable = numbers[4];
    r->tightness = numbers[5];
    r->verdict = (cc_verdict)counts[0], r->rows = counts[1], r->units = counts[2];
    r->log_x = (int)counts[4], r->log_y = (int)counts[5];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) take_text(from, texts[i].text, texts[i].size);
    r->series = counts[3] ? room(from, counts[3], sizeof *r->series, sizeof(size_t)) : NULL;
    for (; r->series && !from->bad && r->n_series < counts[3]; r->n_series++) take_series(from, &r->series[r->n_series]);
}

static void take_results(source *from, cc_results *results)
{
    size_t n;
    take(from, &n, sizeof n);
    results->item = room(from, n, sizeof *results->item, sizeof(double));
    for (; results->item && !from->bad && results->n < n; results->n++) take_result(from, &results->item[results->n]);
}

static void take_controls(source *from, cc_evidence *e, size_t n)
{
    e->control = room(from, n, sizeof *e->control, sizeof(int));
    if (n != cc_cli_count(e->claim->controls, sizeof *e->claim->controls)) from->bad = 1;
    for (; e->control && !from->bad && e->n_controls < n; e->n_controls++) {
        cc_control_evidence *c = &e->control[e->n_controls];
        int state[2];
        c->control = &e->claim->controls[e->n_controls];
        take(from, state, sizeof state);
        c->verdict = (cc_verdict)state[0], c->ok = state[1];
        take_text(from, c->message, sizeof c->message);
        take_results(from, &c->checks);
    }
}

static void take_nulls(source *from, cc_evidence *e, size_t n)
{
    e->null_control = room(from, n, sizeof *e->null_control, sizeof(size_t));
    for (; e->null_control && !from->bad && e->n_nulls < n; e->n_nulls++) {
        cc_null_evidence *null = &e->null_control[e->n_nulls];
        size_t state[2];
        take(from, state, sizeof state);
        null->check = state[0], null->ok = (int)state[1];
        take_result(from, &null->result);
    }
}

static cc_cell_note *take_notes(source *from, size_t n, size_t *count)
{
    cc_cell_note *notes = room(from, n, sizeof *notes, sizeof *notes);
    if (notes) take(from, notes, n * sizeof *notes);
    *count = notes ? n : 0;
    return notes;
}

static int take_evidence(source *from, cc_evidence *e)
{
    head h;
    take(from, &h, sizeof h);
    e->raw = h.raw, e->verdict = h.verdict, e->n_cells = h.n_cells, e->seconds = h.seconds, e->p = h.p;
    take_text(from, e->reason, sizeof e->reason);
    take_results(from, &e->checks);
    if (e->checks.n != h.n_checks) from->bad = 1;
    if (!from->bad) take_controls(from, e, h.n_controls);
    if (!from->bad) take_nulls(from, e, h.n_nulls);
    if (!from->bad) e->error = take_notes(from, h.n_errors, &e->n_errors);
    if (!from->bad) e->skip = take_notes(from, h.n_skips, &e->n_skips);
    return !from->bad && from->left == 0;
}

/* ---- the store ---- */

int cc_judged_recall(cc_store *store, const cc_asked *asked, int tier, const char *basis, cc_evidence *evidence)
{
    char message[CC_MESSAGE];
    void *data = NULL;
    size_t size = 0;
    if (!*basis || cc_store_recall(store, asked->module->plugin->id, asked->claim->id, tier, basis, &data, &size, message) <= 0)
        return 0;
    cc_evidence e = {.module = asked->module, .claim = asked->claim, .tier = tier, .p_holm = NAN};
    source from = {.at = data, .left = size};
    int whole = take_evidence(&from, &e);
    free(data);
    if (!whole) return cc_evidence_clear(&e), 0;
    *evidence = e;
    return 1;
}

cc_status cc_judged_keep(cc_store *store, const cc_evidence *e, const char *basis, char message[CC_MESSAGE])
{
    char *data = NULL;
    size_t size = 0;
    if (!*basis) return CC_OK;
    if (e->raw == CC_ERROR) basis = ""; /* what was kept of this claim is out of date, and an error is looked for every time */
    FILE *to = open_memstream(&data, &size);
    if (!to) return snprintf(message, CC_MESSAGE, "no memory"), CC_ENOMEM;
    put_evidence(to, e);
    int lost = ferror(to) != 0, bad = fclose(to) != 0 || lost;
    cc_status status =
        bad ? CC_ENOMEM : cc_store_remember(store, e->module->plugin->id, e->claim->id, e->tier, basis, data, size, message);
    free(data);
    return status;
}

static int same_number(sqlite3_stmt *row, int column, double value)
{
    if (sqlite3_column_type(row, column) == SQLITE_NULL) return isnan(value);
    return sqlite3_column_double(row, column) == value;
}

int cc_judged_is_stored(cc_store *store, const cc_evidence *e)
{
    static const char sql[] =
        "SELECT verdict, p_holm, campaign_mark, message FROM verdict WHERE owner = ? AND claim = ? AND tier = ?";
    sqlite3_stmt *row;
    int same = 0;
    if (sqlite3_prepare_v2(cc_store_sqlite(store), sql, -1, &row, NULL) != SQLITE_OK) return 0;
    sqlite3_bind_text(row, 1, e->module->plugin->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 2, e->claim->id, -1, SQLITE_STATIC);
    sqlite3_bind_int(row, 3, e->tier);
    if (sqlite3_step(row) == SQLITE_ROW)
        same = !strcmp((const char *)sqlite3_column_text(row, 0), cc_evidence_verdict(e)) && same_number(row, 1, e->p_holm) &&
               sqlite3_column_int(row, 2) == e->campaign_mark && !strcmp((const char *)sqlite3_column_text(row, 3), e->reason);
    sqlite3_finalize(row);
    return same;
}
