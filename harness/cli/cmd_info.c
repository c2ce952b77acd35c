/* harness/cli/cmd_info.c: `claimcheck info`: all about one thing. */
#include <cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/catalogue.h"
#include "harness/engine/describe.h"
#include "verify/judge.h"

static void print_field(const char *label, const char *text)
{
    if (text && *text) printf("  %-12s %s\n", label, text);
}

static void print_params(const cc_param *params, const char *title)
{
    if (!params || !params->name) return;
    printf("\n  %s\n", title);
    for (const cc_param *p = params; p->name; p++) {
        static const char *const types[] = {"real", "int", "bool", "choice", "text"};
        char range[96] = "";
        if (p->type == CC_CHOICE) snprintf(range, sizeof range, " of {%s}", p->choices ? p->choices : "");
        if ((p->type == CC_REAL || p->type == CC_INT) && p->max > p->min)
            snprintf(range, sizeof range, " in [%g, %g]", p->min, p->max);
        printf("    %-14s = %-10s %s%s%s%s%s%s\n", p->name, p->value ? p->value : "", types[p->type], range,
               p->unit && *p->unit ? ", " : "", p->unit ? p->unit : "", p->doc ? ": " : "", p->doc ? p->doc : "");
    }
}

static void print_columns(const cc_column *columns, const char *title)
{
    if (!columns || !columns->name) return;
    printf("\n  %s\n", title);
    for (const cc_column *c = columns; c->name; c++)
        printf("    %-14s %-10s %s\n", c->name, c->unit ? c->unit : "", c->doc ? c->doc : "");
}

static void print_metrics(const cc_metric *metrics)
{
    if (!metrics || !metrics->name) return;
    puts("\n  metrics (never billed)");
    for (const cc_metric *m = metrics; m->name; m++)
        printf("    %-14s %-10s %s\n", m->name, m->unit ? m->unit : "", m->doc ? m->doc : "");
}

static void print_plugin(const cc_item *item)
{
    const cc_plugin *p = item->what;
    print_field("title", p->title);
    print_field("reference", p->citation);
    print_field("file", item->module->path);
    printf("  %-12s %.12s\n", "digest", cc_module_digest(item->module));
}

static void print_family(const cc_family *f)
{
    print_field("about", f->doc);
    print_field("candidate", f->candidate);
    print_columns(f->counters, "counters (metered)");
    print_metrics(f->metrics);
}

static void print_problem(const cc_problem *p)
{
    print_field("family", p->family);
    print_field("about", p->summary);
    print_field("reference", p->reference);
    print_params(p->params, "parameters");
    print_metrics(p->metrics);
}

static void print_algorithm(const cc_algorithm *a)
{
    print_field("family", a->family);
    print_field("about", a->summary);
    print_field("reference", a->reference);
    print_params(a->params, "parameters");
    if (a->variants && a->variants->id) puts("\n  variants");
    for (const cc_variant *v = a->variants; v && v->id; v++)
        printf("    %-14s %-30s %s\n", v->id, v->set ? v->set : "", v->summary ? v->summary : "");
    if (a->probes && a->probes->name) puts("\n  probes");
    for (const cc_probe *p = a->probes; p && p->name; p++)
        printf("    %-14s %-10s %s\n", p->name, p->unit ? p->unit : "", p->doc ? p->doc : "");
}

static void print_arm(const cc_arm *arm)
{
    printf("    %-14s", arm->as ? arm->as : "");
    if (arm->algorithm) printf(" %s", arm->algorithm);
    if (arm->problem) printf(" on %s", arm->problem);
    if (arm->set) printf(" %s", arm->set);
    for (const cc_axis *x = arm->axes; x && x->name; x++) printf(" %s in {%s}", x->name, x->values);
    putchar('\n');
}

static void print_experiment(const cc_experiment *e)
{
    char seeds[96];
    print_field("about", e->about);
    print_field("algorithm", e->algorithm);
    print_field("problem", e->problem);
    print_field("set", e->set);
    print_field("measure", e->measure ? e->measure->id : "");
    print_field("targets", e->plan.targets);
    print_field("stop", e->plan.stop);
    print_field("clock", e->plan.clock);
    print_field("at", e->plan.at);
    print_field("running", e->plan.running);
    snprintf(seeds, sizeof seeds, "%u quick, %u standard, %u extended, from %u", e->seeds[0], e->seeds[1], e->seeds[2],
             e->first_seed);
    print_field("seeds", seeds);
    if (e->axes && e->axes->name) puts("\n  axes");
    for (const cc_axis *x = e->axes; x && x->name; x++) printf("    %-14s %s\n", x->name, x->values);
    if (e->arms) puts("\n  arms");
    for (const cc_arm *a = e->arms; a && (a->as || a->algorithm || a->problem || a->set); a++) print_arm(a);
    if (e->measure) {
        print_params(e->measure->params, "parameters of the measure");
        print_columns(e->measure->columns, "columns of the measure");
    }
}

static void print_checks(const cc_check *checks, const char *before)
{
    for (; checks && checks->kind != CC_END; checks++) {
        char text[512];
        cc_check_describe(checks, text, sizeof text);
        printf("    %s%s\n", before, text);
    }
}

static void print_control(const cc_control *c)
{
    printf("    %s: %s\n", c->id, c->what ? c->what : "");
    if (c->experiment) printf("      experiment %s\n", c->experiment);
    if (c->set) printf("      set %s\n", c->set);
    if (c->where) printf("      where %s\n", c->where);
    for (const cc_arm *a = c->arms; a && (a->as || a->algorithm || a->problem || a->set); a++) print_arm(a);
    for (const cc_derived *d = c->derive; d && d->name; d++) printf("      with %s = %s\n", d->name, d->doc ? d->doc : "");
    print_checks(c->checks, "  refuted: ");
    print_checks(c->shows, "  shows: ");
}

static const char *origin_text(cc_origin origin)
{
    static const char *const names[] = {"", "the paper", "the paper's code", "a proof", "pilot runs", "this project"};
    return (size_t)origin < sizeof names / sizeof *names ? names[origin] : "";
}

static void print_claim(const cc_claim *c)
{
    print_field("statement", c->statement);
    print_field("source", c->source);
    print_field("from", origin_text(c->origin));
    print_field("thresholds", origin_text(c->threshold));
    print_field("experiment", c->experiment);
    print_field("where", c->where);
    print_field("observation", c->observation);
    print_field("untestable", c->untestable);
    if (c->derive) puts("\n  derived columns");
    for (const cc_derived *d = c->derive; d && d->name; d++)
        printf("    %-14s %-10s %s\n", d->name, d->unit ? d->unit : "", d->doc ? d->doc : "");
    if (c->checks) puts("\n  criteria (all must hold)");
    print_checks(c->checks, "");
    if (c->controls) puts("\n  controls (each must be refuted)");
    for (const cc_control *k = c->controls; k && k->id; k++) print_control(k);
}

static void print_figure(const cc_figure *f)
{
    print_field("caption", f->caption);
    print_field("source", f->source);
    print_field("kind", f->kind);
    print_field("experiment", f->experiment);
    print_field("where", f->where);
    print_field("x", f->x);
    print_field("y", f->y);
    print_field("by", f->by);
    print_field("options", f->options);
}

static void print_item(const cc_item *item)
{
    const cc_bench *bench = item->what;
    printf("%s %s (plug-in %s)\n", cc_item_kind_name(item->kind, 0), item->name, item->module->plugin->id);
    switch (item->kind) {
    case CC_ITEM_PLUGIN:
        print_plugin(item);
        break;
    case CC_ITEM_FAMILY:
        print_family(item->what);
        break;
    case CC_ITEM_PROBLEM:
        print_problem(item->what);
        break;
    case CC_ITEM_ALGORITHM:
        print_algorithm(item->what);
        break;
    case CC_ITEM_EXPERIMENT:
        print_experiment(item->what);
        break;
    case CC_ITEM_CLAIM:
        print_claim(item->what);
        break;
    case CC_ITEM_FIGURE:
        print_figure(item->what);
        break;
    case CC_ITEM_BENCH:
        print_field("ranges", bench->ranges), print_field("complexity", bench->complexity);
        break;
    case CC_ITEM_KINDS:
        break;
    }
}

/* ---- JSON ---- */

static cJSON *describe(const cc_item *item)
{
    switch (item->kind) {
    case CC_ITEM_PLUGIN:
        return cc_describe_plugin(item->module);
    case CC_ITEM_FAMILY:
        return cc_describe_family(item->what);
    case CC_ITEM_PROBLEM:
        return cc_describe_problem(item->what);
    case CC_ITEM_ALGORITHM:
        return cc_describe_algorithm(item->what);
    case CC_ITEM_EXPERIMENT:
        return cc_describe_experiment(item->what);
    case CC_ITEM_CLAIM:
        return cc_describe_claim(item->what);
    case CC_ITEM_FIGURE:
        return cc_describe_figure(item->what);
    default:
        return cJSON_CreateObject();
    }
}

static void print_json(const cc_item *item)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "kind", cc_item_kind_name(item->kind, 0));
    cJSON_AddStringToObject(json, "name", item->name);
    cJSON_AddStringToObject(json, "plugin", item->module->plugin->id);
    cJSON_AddItemToObject(json, "declared", describe(item));
    char *text = cJSON_Print(json);
    if (text) puts(text);
    free(text);
    cJSON_Delete(json);
}

/* ---- the command ---- */

static int unknown_name(const cc_catalogue *c, const char *name)
{
    const char **names = calloc(c->n + 1, sizeof *names);
    char text[CC_MESSAGE];
    if (!names) return cc_cli_fail("no memory");
    for (size_t i = 0; i < c->n; i++) names[i] = c->item[i].name;
    cc_cli_unknown("thing called", name, names, c->n, text, sizeof text);
    free(names);
    return cc_cli_usage("info", "%s", text);
}

int cc_cmd_info(int argc, char **argv)
{
    int json = 0, code = CC_EXIT_OK, found = 0;
    const cc_option table[] = {{"json", 0, CC_OPT_FLAG, &json, NULL, "as JSON, one object a thing of this name"}, {0}};
    const cc_usage usage = {"info",
                            "NAME",
                            "All about a plug-in, family, problem, algorithm, experiment, claim, figure or benchmark of this name\n"
                            "(`list` tells the names): parameters with their ranges and defaults, variants, counters, criteria.",
                            table,
                            1,
                            1};
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    const cc_registry *registry = cc_cli_registry();
    if (!registry) return CC_EXIT_FAILED;
    cc_catalogue catalogue = cc_catalogue_make(registry);
    for (size_t i = 0; i < catalogue.n; i++) {
        if (strcmp(catalogue.item[i].name, argv[first]) != 0) continue;
        if (found++ && !json) putchar('\n');
        (json ? print_json : print_item)(&catalogue.item[i]);
    }
    if (!found) code = unknown_name(&catalogue, argv[first]);
    cc_catalogue_free(&catalogue);
    return code;
}
