/* harness/cli/work.c: from words to claims and cells, and on to the store. */
#include "harness/cli/work.h"

#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* Whether this is the name of the module's file, without its ending. */
static int file_is(const cc_module *module, const char *name)
{
    const char *slash = strrchr(module->path, '/'), *base = slash ? slash + 1 : module->path;
    size_t length = strcspn(base, ".");
    return strlen(name) == length && strncmp(base, name, length) == 0;
}

const cc_module *cc_work_plugin(const cc_registry *registry, const char *name, char message[CC_MESSAGE])
{
    const cc_module *module = cc_find_plugin(registry, name);
    for (size_t m = 0; m < registry->n_modules && !module; m++)
        if (file_is(&registry->modules[m], name)) module = &registry->modules[m];
    if (module) return module;
    const char **names = calloc(registry->n_modules + 1, sizeof *names);
    for (size_t m = 0; names && m < registry->n_modules; m++) names[m] = registry->modules[m].plugin->id;
    if (names) cc_cli_unknown("plug-in", name, names, registry->n_modules, message, CC_MESSAGE);
    free(names);
    return NULL;
}

/* Ids may be written with the plug-in's id before them. */
static const char *bare(const cc_module *module, const char *id)
{
    size_t length = strlen(module->plugin->id);
    return strncmp(id, module->plugin->id, length) == 0 && id[length] == '.' ? id + length + 1 : id;
}

static const cc_experiment *find_experiment(const cc_module *module, const char *id)
{
    for (const cc_experiment *e = module->plugin->experiments; e && e->id; e++)
        if (strcmp(bare(module, e->id), bare(module, id)) == 0) return e;
    return NULL;
}

static const cc_claim *find_claim(const cc_module *module, const char *id)
{
    for (const cc_claim *c = module->plugin->claims; c && c->id; c++)
        if (strcmp(bare(module, c->id), bare(module, id)) == 0) return c;
    return NULL;
}

const cc_experiment *cc_work_experiment(const cc_module *module, const char *id, char message[CC_MESSAGE])
{
    const cc_experiment *found = find_experiment(module, id ? id : "");
    if (found) return found;
    const cc_experiment *all = module->plugin->experiments;
    size_t n = cc_cli_count(all, sizeof *all);
    const char **names = calloc(n + 1, sizeof *names);
    for (size_t i = 0; names && i < n; i++) names[i] = all[i].id;
    if (names) cc_cli_unknown("experiment", id ? id : "", names, n, message, CC_MESSAGE);
    free(names);
    return NULL;
}

/* ---- parts ---- */

const cc_part *cc_work_part(cc_work *work, const cc_module *module, const cc_experiment *experiment, const char *overlay,
                            const cc_overlay *change)
{
    char name[sizeof work->part->overlay];
    snprintf(name, sizeof name, "%s%s%s", work->pilot ? "pilot" : "", work->pilot && *overlay ? "/" : "", overlay);
    for (size_t i = 0; i < work->n_parts; i++) {
        const cc_part *part = &work->part[i];
        if (part->module == module && part->experiment == experiment && strcmp(part->overlay, name) == 0) return part;
    }
    cc_part *grown = cc_cli_grow(work->part, work->n_parts, sizeof *grown);
    if (!grown) return NULL;
    work->part = grown;
    cc_part *part = &grown[work->n_parts++];
    *part = (cc_part){.module = module, .experiment = experiment};
    memcpy(part->overlay, name, sizeof name);
    cc_status status =
        cc_plan_experiment(work->registry, module, experiment, work->tier, work->pilot, change, &part->tasks, part->wrong);
    if (status == CC_OK) return part;
    cc_tasks_free(&part->tasks);
    if (!part->wrong[0]) snprintf(part->wrong, sizeof part->wrong, "cannot be planned: %s", cc_status_name(status));
    return part;
}

const cc_part *cc_work_part_of(cc_work *work, const cc_asked *asked, const cc_control *control, char message[CC_MESSAGE])
{
    const char *id = control && control->experiment ? control->experiment : asked->claim->experiment;
    const cc_experiment *experiment = cc_work_experiment(asked->module, id, message);
    const cc_part *part;
    char overlay[sizeof part->overlay] = "";
    if (!experiment) return NULL;
    int changes = control && (control->set || control->arms);
    cc_overlay change = {control ? control->set : NULL, control ? control->arms : NULL};
    if (changes) snprintf(overlay, sizeof overlay, "%s/%s", bare(asked->module, asked->claim->id), control->id);
    part = cc_work_part(work, asked->module, experiment, overlay, changes ? &change : NULL);
    if (!part) snprintf(message, CC_MESSAGE, "no memory");
    return part;
}

/* ---- words ---- */

static cc_status add_claim(cc_work *work, const cc_module *module, const cc_claim *claim, char *message)
{
    for (size_t i = 0; i < work->n_claims; i++)
        if (work->claim[i].claim == claim) return CC_OK;
    cc_asked *grown = cc_cli_grow(work->claim, work->n_claims, sizeof *grown);
    if (!grown) return CC_ENOMEM;
    work->claim = grown;
    size_t at = work->n_claims; /* behind the last one of its plug-in */
    while (at > 0 && grown[at - 1].module != module) at--;
    if (at == 0) at = work->n_claims;
    memmove(grown + at + 1, grown + at, (work->n_claims++ - at) * sizeof *grown);
    const cc_asked asked = grown[at] = (cc_asked){module, claim};
    if (claim->untestable) return CC_OK;
    /* An experiment that is not there makes the claim an error when it is judged; it does not stop the others. */
    cc_work_part_of(work, &asked, NULL, message);
    for (const cc_control *c = claim->controls; c && c->id; c++) cc_work_part_of(work, &asked, c, message);
    message[0] = 0;
    return CC_OK;
}

static cc_status add_plugin(cc_work *work, const cc_module *module, char *message)
{
    for (const cc_experiment *e = module->plugin->experiments; e && e->id; e++)
        if (!cc_work_part(work, module, e, "", NULL)) return CC_ENOMEM;
    for (const cc_claim *c = module->plugin->claims; c && c->id; c++) CC_TRY(add_claim(work, module, c, message));
    return CC_OK;
}

static void suggest_items(const cc_module *module, const char *wrong, char *message)
{
    const cc_claim *claims = module->plugin->claims;
    const cc_experiment *experiments = module->plugin->experiments;
    size_t n_claims = cc_cli_count(claims, sizeof *claims), n_experiments = cc_cli_count(experiments, sizeof *experiments);
    const char **names = calloc(n_claims + n_experiments + 1, sizeof *names);
    char kind[128];
    if (!names) return;
    for (size_t i = 0; i < n_claims; i++) names[i] = claims[i].id;
    for (size_t i = 0; i < n_experiments; i++) names[n_claims + i] = experiments[i].id;
    snprintf(kind, sizeof kind, "claim or experiment of %s called", module->plugin->id);
    cc_cli_unknown(kind, wrong, names, n_claims + n_experiments, message, CC_MESSAGE);
    free(names);
}

static cc_status add_word(cc_work *work, const char *word, char *message)
{
    char plugin[128];
    const char *dot = strchr(word, '.');
    snprintf(plugin, sizeof plugin, "%.*s", dot ? (int)(dot - word) : (int)strlen(word), word);
    const cc_module *module = cc_work_plugin(work->registry, plugin, message);
    if (!module) return CC_EINVAL;
    if (!dot) return add_plugin(work, module, message);
    const cc_claim *claim = find_claim(module, dot + 1);
    const cc_experiment *experiment = find_experiment(module, dot + 1);
    if (!claim && !experiment) return suggest_items(module, dot + 1, message), CC_EINVAL;
    if (experiment && !cc_work_part(work, module, experiment, "", NULL)) return CC_ENOMEM;
    return claim ? add_claim(work, module, claim, message) : CC_OK;
}

cc_status cc_work_select(cc_work *work, char *const *words, size_t n, char message[CC_MESSAGE])
{
    message[0] = 0;
    for (size_t i = 0; i < n; i++) CC_TRY(add_word(work, words[i], message));
    for (size_t m = 0; n == 0 && m < work->registry->n_modules; m++) CC_TRY(add_plugin(work, &work->registry->modules[m], message));
    return CC_OK;
}

void cc_work_free(cc_work *work)
{
    for (size_t i = 0; i < work->n_parts; i++) cc_tasks_free(&work->part[i].tasks);
    free(work->part);
    free(work->claim);
    *work = (cc_work){0};
}

/* ---- running ---- */

cc_status cc_work_define(const cc_work *work, cc_store *store, char message[CC_MESSAGE])
{
    CC_TRY(cc_store_begin(store, message));
    CC_TRY(cc_store_define(store, work->registry, message));
    for (size_t i = 0; i < work->n_parts; i++) {
        const cc_part *part = &work->part[i];
        if (part->wrong[0]) continue;
        CC_TRY(cc_store_members(store, part->module->plugin->id, part->experiment->id, part->overlay, work->tier, &part->tasks,
                                message));
    }
    return cc_store_commit(store, message);
}

int cc_work_run(const cc_work *work, cc_store *store, const cc_campaign_options *options, cc_campaign_report *report)
{
    char message[CC_MESSAGE] = "";
    cc_tasks all = {0};
    size_t n = 0;
    for (size_t i = 0; i < work->n_parts; i++) n += work->part[i].tasks.n;
    all.item = calloc(n + 1, sizeof(cc_task *));
    if (!all.item) return cc_cli_fail("no memory");
    for (size_t i = 0; i < work->n_parts; i++)
        for (size_t t = 0; t < work->part[i].tasks.n; t++) all.item[all.n++] = work->part[i].tasks.item[t];
    cc_status status = cc_campaign_run(store, work->registry, &all, options, report, message);
    free(all.item);
    if (status < 0) return cc_cli_fail("%s", message);
    if (!report->interrupted) return CC_EXIT_OK;
    cc_cli_fail("interrupted; what was finished is in the store, the same command goes on from there");
    return CC_EXIT_INTERRUPTED;
}
