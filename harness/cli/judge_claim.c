/* harness/cli/judge_claim.c: claims and their controls.
 *
 * The order of things: errors in cells that are needed make an error; nothing but skipped cells, skipped; then what the checks say;
 * then the controls, which can only take a "verified" away. */
#include "harness/cli/judge_claim.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void say(cc_evidence *e, cc_verdict verdict, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void say(cc_evidence *e, cc_verdict verdict, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(e->reason, sizeof e->reason, format, args);
    cc_text_cut(e->reason, sizeof e->reason, wanted > 0 ? (size_t)wanted : 0);
    va_end(args);
    e->raw = e->verdict = verdict;
}

/* ---- checks ---- */

static size_t count_checks(const cc_check *checks)
{
    size_t n = 0;
    while (checks && checks[n].kind != CC_END) n++;
    return n;
}

/* All checks on the same rows; their verdict together. */
static cc_verdict judge_checks(const cc_evaluation *rows, const cc_check *checks, const char *where, cc_results *results)
{
    size_t n = count_checks(checks);
    cc_verdict verdict = CC_ERROR, *each = calloc(n + 1, sizeof *each);
    results->item = calloc(n + 1, sizeof *results->item);
    for (size_t i = 0; each && results->item && i < n; i++) {
        cc_evaluation_judge(rows, &checks[i], where, 0, &results->item[i]);
        each[i] = results->item[i].verdict;
        results->n = i + 1;
    }
    if (results->n > 0) verdict = cc_verdict_all(each, n);
    free(each);
    return verdict;
}

static void clear_results(cc_results *results)
{
    for (size_t i = 0; i < results->n; i++) cc_result_clear(&results->item[i]);
    free(results->item);
    *results = (cc_results){0};
}

static const cc_result *weakest(const cc_results *results, cc_verdict verdict)
{
    for (size_t i = 0; i < results->n; i++)
        if (results->item[i].verdict == verdict) return &results->item[i];
    return results->n ? &results->item[0] : NULL;
}

/* ---- cells ---- */

static void note_cell(cc_cell_note *note, const cc_trouble *t)
{
    snprintf(note->arm, sizeof note->arm, "%s", t->task->arm);
    snprintf(note->point, sizeof note->point, "%s", t->task->point);
    snprintf(note->cause, sizeof note->cause, "%s", *t->cause ? t->cause : t->status);
    memcpy(note->message, t->message, sizeof note->message);
}

static void note_cells(cc_evidence *e, const cc_evaluation *rows)
{
    size_t n = rows->n_errors + rows->n_skipped + rows->n_missing;
    e->n_cells = rows->n_cells + n;
    e->seconds += rows->seconds;
    e->error = calloc(n + 1, sizeof *e->error);
    e->skip = calloc(n + 1, sizeof *e->skip);
    for (size_t i = 0; e->error && e->skip && i < n; i++) {
        const cc_trouble *t = &rows->trouble[i];
        note_cell(strcmp(t->status, "skipped") == 0 ? &e->skip[e->n_skips++] : &e->error[e->n_errors++], t);
    }
}

/* 1: the rows can be judged. Otherwise the verdict is said. */
static int rows_suffice(cc_evidence *e, const cc_evaluation *rows)
{
    const cc_cell_note *first = e->n_errors ? e->error : e->skip;
    if (rows->part->wrong[0]) return say(e, CC_ERROR, "%s", rows->part->wrong), 0;
    if (rows->part->tasks.n == 0)
        return say(e, CC_SKIPPED, "experiment %s is not in the %s tier", rows->part->experiment->id, cc_cli_tier_name(e->tier)), 0;
    if (rows->n_errors > 0)
        return say(e, CC_ERROR, "%zu of %zu cells failed; arm %s%s%s: %s: %s", rows->n_errors, e->n_cells, first->arm,
                   *first->point ? ", " : "", first->point, first->cause, first->message),
               0;
    if (rows->n_missing > 0) return say(e, CC_ERROR, "%zu of %zu cells have not been run", rows->n_missing, e->n_cells), 0;
    if (rows->n_cells == 0) return say(e, CC_SKIPPED, "%s", first->message), 0;
    return 1;
}

/* ---- controls ---- */

const cc_check *cc_control_checks(const cc_claim *claim, const cc_control *control)
{
    return control->shows ? control->shows : control->checks ? control->checks : claim->checks;
}

static cc_verdict judge_control_rows(const cc_claim *claim, const cc_control *control, cc_evaluation *rows,
                                     cc_control_evidence *out)
{
    const cc_check *checks = cc_control_checks(claim, control);
    size_t troubles = rows->n_errors + rows->n_missing;
    if (rows->part->wrong[0]) return memcpy(out->message, rows->part->wrong, sizeof out->message), CC_ERROR;
    if (troubles > 0) {
        const cc_trouble *t = rows->trouble;
        while (strcmp(t->status, "skipped") == 0) t++;
        snprintf(out->message, sizeof out->message, "%zu cells without rows; arm %s: %s: %.380s", troubles, t->task->arm,
                 *t->cause ? t->cause : t->status, t->message);
        return CC_ERROR;
    }
    if (rows->n_cells == 0) return snprintf(out->message, sizeof out->message, "no rows in this tier"), CC_SKIPPED;
    if (cc_evaluation_derive(rows, claim->derive, control->derive, out->message) != CC_OK) return CC_ERROR;
    return judge_checks(rows, checks, control->where ? control->where : claim->where, &out->checks);
}

static void judge_control(cc_work *work, cc_store *store, const cc_asked *asked, const cc_control *control, cc_evidence *e,
                          cc_control_evidence *out)
{
    const cc_part *part = cc_work_part_of(work, asked, control, out->message);
    cc_evaluation *rows = part ? cc_evaluate(store, part, out->message) : NULL;
    out->control = control;
    out->verdict = CC_ERROR;
    out->ok = -1;
    if (!rows) return;
    out->message[0] = 0;
    out->verdict = judge_control_rows(asked->claim, control, rows, out);
    if (part->overlay[0]) e->seconds += rows->seconds;
    cc_verdict wanted = control->shows ? CC_VERIFIED : CC_REFUTED, passed = control->shows ? CC_REFUTED : CC_VERIFIED;
    out->ok = out->verdict == wanted ? 1 : out->verdict == passed ? 0 : -1;
    cc_evaluation_free(rows);
}

static void judge_controls(cc_work *work, cc_store *store, const cc_asked *asked, cc_evidence *e)
{
    size_t n = cc_cli_count(asked->claim->controls, sizeof *asked->claim->controls);
    e->control = calloc(n + 1, sizeof *e->control);
    for (size_t i = 0; e->control && i < n; i++)
        judge_control(work, store, asked, &asked->claim->controls[i], e, &e->control[e->n_controls++]);
}

static void judge_nulls(cc_evidence *e, const cc_evaluation *rows)
{
    e->null_control = calloc(e->checks.n + 1, sizeof *e->null_control);
    for (size_t i = 0; e->null_control && i < e->checks.n; i++) {
        cc_null_evidence *null = &e->null_control[e->n_nulls];
        if (!cc_evaluation_judge(rows, &e->claim->checks[i], e->claim->where, 1, &null->result)) continue;
        null->check = i;
        null->ok = null->result.verdict != CC_VERIFIED;
        e->n_nulls++;
    }
}

static void apply_controls(cc_evidence *e)
{
    size_t n = e->n_controls + e->n_nulls;
    int *ok = calloc(n + 1, sizeof *ok);
    if (!ok) return say(e, CC_ERROR, "no memory");
    for (size_t i = 0; i < e->n_controls; i++) ok[i] = e->control[i].ok;
    for (size_t i = 0; i < e->n_nulls; i++) ok[e->n_controls + i] = e->null_control[i].ok;
    cc_verdict verdict = cc_verdict_controlled(e->verdict, ok, n);
    free(ok);
    if (verdict == e->verdict) return;
    for (size_t i = 0; i < e->n_controls; i++) {
        const cc_control_evidence *c = &e->control[i];
        const cc_result *r = weakest(&c->checks, c->verdict);
        if (verdict == CC_VACUOUS && c->ok == 0)
            return say(e, verdict, "control %s %s: %s", c->control->id,
                       c->control->shows ? "does not show what it must" : "passes as well", r ? r->message : c->message);
        if (verdict != CC_VACUOUS && c->ok < 0)
            return say(e, verdict, "control %s is undecided (%s): %s", c->control->id, cc_verdict_name(c->verdict),
                       r ? r->message : c->message);
    }
    say(e, verdict, "the ordering holds as well with the labels swapped");
}

/* ---- claims ---- */

static double largest_p(const cc_results *results)
{
    double p = NAN;
    for (size_t i = 0; i < results->n; i++) p = fmax(p, results->item[i].p); /* fmax passes over NaN */
    return p;
}

/* A check that has nothing particular to say repeats its criterion. */
static void say_checks(cc_evidence *e, cc_verdict verdict)
{
    const cc_result *main = weakest(&e->checks, verdict);
    char criterion[CC_MESSAGE] = "the claim has no checks";
    if (main) cc_check_describe(&e->claim->checks[main - e->checks.item], criterion, sizeof criterion);
    say(e, verdict, "%s", main && *main->message ? main->message : criterion);
}

static void judge_rows(cc_work *work, cc_store *store, const cc_asked *asked, cc_evaluation *rows, int keep, cc_evidence *e)
{
    char message[CC_MESSAGE] = "", user[160];
    note_cells(e, rows);
    if (!rows_suffice(e, rows)) return;
    if (cc_evaluation_derive(rows, asked->claim->derive, NULL, message) != CC_OK) return say(e, CC_ERROR, "%s", message);
    snprintf(user, sizeof user, "claim:%s", asked->claim->id);
    if (keep && cc_evaluation_keep(rows, store, user, asked->claim->derive, message) != CC_OK)
        return say(e, CC_ERROR, "%s", message);
    cc_verdict verdict = judge_checks(rows, asked->claim->checks, asked->claim->where, &e->checks);
    say_checks(e, verdict);
    e->p = largest_p(&e->checks);
    judge_nulls(e, rows);
    judge_controls(work, store, asked, e);
    if (!asked->claim->observation) apply_controls(e);
    e->raw = verdict; /* what the checks say alone */
}

void cc_judge_claim(cc_work *work, cc_store *store, const cc_asked *asked, int keep, cc_evidence *e)
{
    char message[CC_MESSAGE] = "";
    *e = (cc_evidence){.module = asked->module, .claim = asked->claim, .tier = work->tier, .p = NAN, .p_holm = NAN};
    if (asked->claim->untestable) return say(e, CC_SKIPPED, "%s", asked->claim->untestable);
    const cc_part *part = cc_work_part_of(work, asked, NULL, message);
    cc_evaluation *rows = part ? cc_evaluate(store, part, message) : NULL;
    if (!rows) return say(e, CC_ERROR, "%s", message);
    judge_rows(work, store, asked, rows, keep, e);
    cc_evaluation_free(rows);
}

void cc_evidence_clear(cc_evidence *e)
{
    clear_results(&e->checks);
    for (size_t i = 0; i < e->n_controls; i++) clear_results(&e->control[i].checks);
    for (size_t i = 0; i < e->n_nulls; i++) cc_result_clear(&e->null_control[i].result);
    free(e->control);
    free(e->null_control);
    free(e->error);
    free(e->skip);
    *e = (cc_evidence){0};
}

/* ---- in short ---- */

const char *cc_evidence_verdict(const cc_evidence *e)
{
    return e->claim->untestable ? "untestable" : e->claim->observation ? "observation" : cc_verdict_name(e->verdict);
}

int cc_evidence_counts(const cc_evidence *e) { return !e->claim->observation && !e->claim->untestable; }

int cc_evidence_passes(const cc_evidence *e)
{
    return !cc_evidence_counts(e) || e->verdict == CC_VERIFIED || e->verdict == CC_SKIPPED;
}

const cc_result *cc_evidence_main(const cc_evidence *e) { return weakest(&e->checks, e->raw); }
