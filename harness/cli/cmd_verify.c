/* harness/cli/cmd_verify.c: `claimcheck verify`: runs what is missing, judges, prints, writes back. */
#include <cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/baseline.h"
#include "harness/cli/judged.h"

typedef struct verification {
    cc_work work;
    cc_campaign_options options;
    const char *path, *baseline;
    int json, no_run, verbose, again;
    char program[65]; /* of what is judged with; "": nothing is recalled */
    size_t n;
    cc_evidence *evidence;
    int *recalled; /* n: as it was judged before */
} verification;

/* ---- judging ---- */

/* Derived columns of the figures that are drawn from experiments at hand. */
static cc_status keep_figure(const cc_part *part, const cc_figure *f, cc_store *store, char *message)
{
    char user[160];
    cc_evaluation *rows = cc_evaluate(store, part, message);
    if (!rows) return CC_EDATA;
    snprintf(user, sizeof user, "figure:%s", f->id);
    cc_status status = cc_evaluation_derive(rows, f->derive, NULL, message);
    if (status != CC_OK) cc_cli_fail("figure %s.%s: %s", part->module->plugin->id, f->id, message);
    if (status == CC_OK) status = cc_evaluation_keep(rows, store, user, f->derive, message);
    cc_evaluation_free(rows);
    return status;
}

/* Derives a figure's columns unless that was done for the same rows. */
static cc_status refresh_figure(const verification *v, const cc_part *part, const cc_figure *f, cc_store *store, char *message)
{
    char basis[65], user[160];
    void *data = NULL;
    size_t size;
    const char *owner = part->module->plugin->id;
    snprintf(user, sizeof user, "figure:%s", f->id);
    CC_TRY(cc_judged_basis_of_part(store, part, v->program, basis, message));
    int known = *basis ? cc_store_recall(store, owner, user, v->work.tier, basis, &data, &size, message) : 0;
    free(data);
    if (known) return known > 0 ? CC_OK : CC_EDATA;
    CC_TRY(keep_figure(part, f, store, message));
    return *basis ? cc_store_remember(store, owner, user, v->work.tier, basis, "", 0, message) : CC_OK;
}

static cc_status keep_figures(const verification *v, cc_store *store, char *message)
{
    const cc_work *work = &v->work;
    for (size_t i = 0; i < work->n_parts; i++) {
        const cc_part *part = &work->part[i];
        for (const cc_figure *f = part->module->plugin->figures; f && f->id && !part->overlay[0]; f++) {
            if (!f->derive || !f->experiment || strcmp(f->experiment, part->experiment->id) != 0) continue;
            cc_status status = refresh_figure(v, part, f, store, message);
            if (status != CC_OK && status != CC_EBUG) return status;
        }
    }
    return CC_OK;
}

static cc_status keep_verdict(const cc_evidence *e, int recalled, cc_store *store, char *message)
{
    if (recalled && cc_judged_is_stored(store, e)) return CC_OK;
    const cc_result *main = cc_evidence_main(e);
    char *json = cc_evidence_json(e);
    cc_judgement judgement = {.owner = e->module->plugin->id,
                              .claim = e->claim->id,
                              .verdict = cc_evidence_verdict(e),
                              .message = e->reason,
                              .json = json,
                              .tier = e->tier,
                              .campaign_mark = e->campaign_mark,
                              .estimate = main ? main->estimate : NAN,
                              .low = main ? main->low : NAN,
                              .high = main ? main->high : NAN,
                              .p = e->p,
                              .p_holm = e->p_holm};
    if (!json) return snprintf(message, CC_MESSAGE, "no memory"), CC_ENOMEM;
    cc_status status = cc_store_judge(store, &judgement, message);
    free(json);
    return status;
}

/* One claim: as it was judged before if nothing has changed since, else anew. */
static cc_status judge_one(verification *v, cc_store *store, const cc_asked *asked, int *recalled, cc_evidence *e, char *message)
{
    char basis[65] = "";
    int keep = !v->work.pilot;
    if (keep) CC_TRY(cc_judged_basis(&v->work, store, asked, v->program, basis, message));
    *recalled = !v->again && cc_judged_recall(store, asked, v->work.tier, basis, e);
    if (*recalled) return CC_OK;
    cc_judge_claim(&v->work, store, asked, keep, e);
    return keep ? cc_judged_keep(store, e, basis, message) : CC_OK;
}

/* All claims, in one transaction. A pilot's verdicts are printed and forgotten. */
static cc_status judge(verification *v, cc_store *store, char *message)
{
    int keep = !v->work.pilot;
    v->evidence = calloc(v->work.n_claims + 1, sizeof *v->evidence);
    if (!v->evidence) return snprintf(message, CC_MESSAGE, "no memory"), CC_ENOMEM;
    int *recalled = v->recalled = calloc(v->work.n_claims + 1, sizeof *recalled);
    if (!recalled) return snprintf(message, CC_MESSAGE, "no memory"), CC_ENOMEM;
    if (keep) CC_TRY(cc_store_begin(store, message));
    if (keep) cc_judged_program(v->program);
    for (; v->n < v->work.n_claims; v->n++)
        CC_TRY(judge_one(v, store, &v->work.claim[v->n], &recalled[v->n], &v->evidence[v->n], message));
    CC_TRY(cc_judge_holm(v->evidence, v->n, keep ? store : NULL, message));
    if (!keep) return CC_OK;
    for (size_t i = 0; i < v->n; i++) CC_TRY(keep_verdict(&v->evidence[i], recalled[i], store, message));
    CC_TRY(keep_figures(v, store, message));
    return cc_store_commit(store, message);
}

/* ---- printing ---- */

static void format_estimate(const cc_result *r, char *text, size_t size)
{
    if (!r || isnan(r->estimate))
        *text = 0;
    else if (isnan(r->low) || isnan(r->high) || (r->low == r->estimate && r->high == r->estimate))
        snprintf(text, size, "%.4g", r->estimate);
    else
        snprintf(text, size, "%.4g [%.4g, %.4g]", r->estimate, r->low, r->high);
}

static void print_claim(const cc_evidence *e, int name_width, int width)
{
    char name[160], estimate[64];
    const char *verdict = cc_evidence_verdict(e);
    snprintf(name, sizeof name, "%s.%s", e->module->plugin->id, e->claim->id);
    format_estimate(cc_evidence_main(e), estimate, sizeof estimate);
    int used = printf("%-*s  ", name_width, name);
    printf("%s%-12s%s  ", cc_cli_verdict_colour(verdict, stdout), verdict, cc_cli_plain(stdout));
    used += 14 + printf("%-26s  ", estimate);
    int room = width > 0 ? (width > used ? width - used : 0) : (int)sizeof e->reason;
    printf("%.*s\n", room, e->reason);
}

static void print_result(const char *label, const cc_result *r, const cc_check *check)
{
    char estimate[64], criterion[512] = "";
    const char *verdict = cc_verdict_name(r->verdict);
    format_estimate(r, estimate, sizeof estimate);
    cc_check_describe(check, criterion, sizeof criterion);
    printf("    %s%s: %s%s%s\n", label, criterion, cc_cli_verdict_colour(verdict, stdout), verdict, cc_cli_plain(stdout));
    printf("      %s = %s", r->quantity, *estimate ? estimate : "?");
    if (!isnan(r->p)) printf(", p = %.3g", r->p);
    printf("; %zu rows, %zu units\n", r->rows, r->units);
    if (*r->method) printf("      %s\n", r->method);
    if (*r->worst) printf("      worst at %s\n", r->worst);
    if (*r->message) printf("      %s\n", r->message);
}

/* Every check, and what became of the controls. */
static void print_evidence(const cc_evidence *e)
{
    for (size_t i = 0; i < e->checks.n; i++) print_result("", &e->checks.item[i], &e->claim->checks[i]);
    for (size_t i = 0; i < e->n_controls; i++) {
        const cc_control_evidence *c = &e->control[i];
        const cc_check *checks = cc_control_checks(e->claim, c->control);
        printf("    control %s (%s): %s%s%s\n", c->control->id, c->control->what ? c->control->what : "",
               cc_verdict_name(c->verdict), *c->message ? ": " : "", c->message);
        for (size_t k = 0; k < c->checks.n; k++) print_result("  ", &c->checks.item[k], &checks[k]);
    }
    for (size_t i = 0; i < e->n_nulls; i++)
        print_result("labels swapped: ", &e->null_control[i].result, &e->claim->checks[e->null_control[i].check]);
    putchar('\n');
}

static void print_totals(const verification *v)
{
    static const char *const names[] = {"verified", "refuted", "inconclusive", "vacuous",
                                        "skipped",  "error",   "observation",  "untestable"};
    printf("\n%zu claims at the %s tier%s:", v->n, cc_cli_tier_name(v->work.tier),
           v->work.pilot ? " (pilot seeds, not stored)" : "");
    const char *comma = "";
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        size_t count = 0;
        for (size_t i = 0; i < v->n; i++) count += strcmp(cc_evidence_verdict(&v->evidence[i]), names[k]) == 0;
        if (count == 0) continue;
        printf("%s %s%zu %s%s", comma, cc_cli_verdict_colour(names[k], stdout), count, names[k], cc_cli_plain(stdout));
        comma = ",";
    }
    putchar('\n');
}

static void print_table(const verification *v)
{
    int name_width = 0, width = cc_cli_width(stdout);
    for (size_t i = 0; i < v->n; i++) {
        const cc_evidence *e = &v->evidence[i];
        int n = (int)(strlen(e->module->plugin->id) + strlen(e->claim->id) + 1);
        if (n > name_width) name_width = n;
    }
    for (size_t i = 0; i < v->n; i++) {
        print_claim(&v->evidence[i], name_width, width);
        if (v->verbose) print_evidence(&v->evidence[i]);
    }
    print_totals(v);
}

static int print_json(const verification *v)
{
    cJSON *json = cJSON_CreateObject(), *claims = cJSON_CreateArray();
    for (size_t i = 0; i < v->n; i++) cJSON_AddItemToArray(claims, cc_evidence_summary(&v->evidence[i]));
    cJSON_AddItemToObject(json, "claims", claims);
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!text) return cc_cli_fail("no memory");
    puts(text);
    free(text);
    return CC_EXIT_OK;
}

/* ---- the command ---- */

static int conclude(const verification *v)
{
    FILE *out = v->json ? stderr : stdout;
    if (v->json && print_json(v) != CC_EXIT_OK) return CC_EXIT_FAILED;
    if (!v->json) print_table(v);
    if (v->baseline) {
        int differ = cc_baseline_compare(v->baseline, v->evidence, v->n, out);
        if (differ == 0) fprintf(out, "All verdicts are as the baseline has them.\n");
        return differ ? CC_EXIT_FAILED : CC_EXIT_OK;
    }
    for (size_t i = 0; i < v->n; i++)
        if (!cc_evidence_passes(&v->evidence[i])) return CC_EXIT_FAILED;
    return CC_EXIT_OK;
}

static int verify(verification *v)
{
    char message[CC_MESSAGE] = "";
    cc_campaign_report report = {0};
    cc_store *store = cc_cli_store(v->path, 1);
    int code = store ? CC_EXIT_OK : CC_EXIT_FAILED;
    if (store && cc_work_define(&v->work, store, message) != CC_OK) code = cc_cli_fail("%s", message);
    if (code == CC_EXIT_OK && !v->no_run) code = cc_work_run(&v->work, store, &v->options, &report);
    if (code == CC_EXIT_OK && judge(v, store, message) != CC_OK) code = cc_cli_fail("%s", message);
    if (code == CC_EXIT_OK) code = conclude(v);
    cc_store_close(store);
    return code;
}

int cc_cmd_verify(int argc, char **argv)
{
    verification v = {.work = {.tier = 1}, .options = {.label = "verify"}};
    char message[CC_MESSAGE] = "";
    int code = CC_EXIT_OK;
    const cc_option table[] = {
        {"tier", 't', CC_OPT_TIER, &v.work.tier, "TIER", "quick, standard (default) or extended"},
        {"jobs", 'j', CC_OPT_COUNT, &v.options.jobs, "N", "workers (default: one a core)"},
        {"no-run", 0, CC_OPT_FLAG, &v.no_run, NULL, "judge what the store holds, run nothing"},
        {"pilot", 0, CC_OPT_FLAG, &v.work.pilot, NULL, "seeds from 2^31: for setting thresholds; verdicts are not stored"},
        {"again", 0, CC_OPT_FLAG, &v.again, NULL, "judge anew what has not changed since it was judged"},
        {"retry", 0, CC_OPT_FLAG, &v.options.retry_errors, NULL, "run cells again that ended in error"},
        {"baseline", 'b', CC_OPT_TEXT, &v.baseline, "DIR", "known verdicts (DIR/<paper>.txt); succeed if they are the same"},
        {"store", 's', CC_OPT_TEXT, &v.path, "FILE", "the store (default: $CLAIMCHECK_STORE, claimcheck.db)"},
        {"quiet", 'q', CC_OPT_FLAG, &v.options.quiet, NULL, "no progress"},
        {"verbose", 'v', CC_OPT_FLAG, &v.verbose, NULL, "every check and control of a claim below it"},
        {"json", 0, CC_OPT_FLAG, &v.json, NULL, "the verdicts as JSON"},
        {0},
    };
    const cc_usage usage = {"verify",
                            "[PAPER | PAPER.claim ...]",
                            "Runs the cells that the store lacks and judges the claims; without words, those of every plug-in.\n"
                            "Exit 0 if no claim is refuted, vacuous, inconclusive or in error, else 1.",
                            table,
                            0,
                            -1};
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    v.work.registry = cc_cli_registry();
    if (!v.work.registry) return CC_EXIT_FAILED;
    if (cc_work_select(&v.work, argv + first, (size_t)(argc - first), message) != CC_OK)
        code = cc_cli_usage("verify", "%s", message);
    else if (v.work.n_claims == 0 && first < argc)
        code = cc_cli_usage("verify", "none of these words names a claim; `claimcheck list claims` does");
    else
        code = verify(&v);
    for (size_t i = 0; i < v.n; i++) cc_evidence_clear(&v.evidence[i]);
    free(v.evidence);
    free(v.recalled);
    cc_work_free(&v.work);
    return code;
}
