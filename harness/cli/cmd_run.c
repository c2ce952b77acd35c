/* harness/cli/cmd_run.c: `claimcheck run`: experiments into the store. */
#include "harness/cli/work.h"

static void print_report(const cc_campaign_report *r)
{
    printf("%zu cells: %zu in the store, %zu run, %zu skipped, %zu in error; %.1f s (%.1f s in cells)\n", r->cells, r->cached,
           r->run, r->skipped, r->errors, r->seconds, r->busy_seconds);
}

static void print_json(const cc_campaign_report *r)
{
    printf("{\"cells\":%zu,\"cached\":%zu,\"run\":%zu,\"skipped\":%zu,\"errors\":%zu,\"seconds\":%.3f,\"busy_seconds\":%.3f,"
           "\"interrupted\":%s}\n",
           r->cells, r->cached, r->run, r->skipped, r->errors, r->seconds, r->busy_seconds, r->interrupted ? "true" : "false");
}

/* What cannot be planned is told, and the rest is run. */
static int tell_wrong(const cc_work *work)
{
    int wrong = 0;
    for (size_t i = 0; i < work->n_parts; i++) {
        const cc_part *part = &work->part[i];
        if (!part->wrong[0]) continue;
        cc_cli_fail("%s.%s%s%s: %s", part->module->plugin->id, part->experiment->id, part->overlay[0] ? ", control " : "",
                    part->overlay, part->wrong);
        wrong++;
    }
    return wrong;
}

int cc_cmd_run(int argc, char **argv)
{
    cc_work work = {.tier = 1};
    cc_campaign_options options = {.label = "run"};
    cc_campaign_report report = {0};
    const char *path = NULL;
    char message[CC_MESSAGE];
    int json = 0, shard[2] = {0, 0}, code = CC_EXIT_OK;
    const cc_option table[] = {
        {"tier", 't', CC_OPT_TIER, &work.tier, "TIER", "quick, standard (default) or extended"},
        {"jobs", 'j', CC_OPT_COUNT, &options.jobs, "N", "workers (default: one a core)"},
        {"shard", 0, CC_OPT_SHARD, shard, "I/N", "the I-th of N parts of the cells; see `merge`"},
        {"pilot", 0, CC_OPT_FLAG, &work.pilot, NULL, "seeds from 2^31: for setting thresholds, never judged"},
        {"retry", 0, CC_OPT_FLAG, &options.retry_errors, NULL, "run cells again that ended in error"},
        {"store", 's', CC_OPT_TEXT, &path, "FILE", "the store (default: $CLAIMCHECK_STORE, claimcheck.db)"},
        {"quiet", 'q', CC_OPT_FLAG, &options.quiet, NULL, "no progress"},
        {"json", 0, CC_OPT_FLAG, &json, NULL, "the totals as JSON"},
        {0},
    };
    const cc_usage usage = {
        "run",
        "[PAPER | PAPER.experiment | PAPER.claim ...]",
        "Runs the cells that the store lacks; without words, those of every plug-in. Exit 1 if a cell ended in error.",
        table,
        0,
        -1};
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    options.shard = shard[0], options.shards = shard[1];
    work.registry = cc_cli_registry();
    if (!work.registry) return CC_EXIT_FAILED;
    if (cc_work_select(&work, argv + first, (size_t)(argc - first), message) != CC_OK) {
        cc_work_free(&work);
        return cc_cli_usage("run", "%s", message);
    }
    int wrong = tell_wrong(&work);
    cc_store *store = cc_cli_store(path, 1);
    code = store ? CC_EXIT_OK : CC_EXIT_FAILED;
    if (store && cc_work_define(&work, store, message) != CC_OK) code = cc_cli_fail("%s", message);
    if (code == CC_EXIT_OK) code = cc_work_run(&work, store, &options, &report);
    if (code != CC_EXIT_FAILED) (json ? print_json : print_report)(&report);
    cc_store_close(store);
    cc_work_free(&work);
    return code == CC_EXIT_OK && (wrong || report.errors) ? CC_EXIT_FAILED : code;
}
