/* harness/engine/describe.c: descriptors of a plug-in as JSON. Keys are the fields' names; a list is an array; NULL is null. */
#include "harness/engine/describe.h"
#include "harness/family.h"
#include "verify/judge.h"

#include <stdio.h>

static void text(cJSON *object, const char *name, const char *value)
{
    if (value)
        cJSON_AddStringToObject(object, name, value);
    else
        cJSON_AddNullToObject(object, name);
}

static cJSON *entry(cJSON *array)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(array, object);
    return object;
}

static void params(cJSON *object, const cc_param *list)
{
    static const char *const types[] = {"real", "int", "bool", "choice", "text"};
    cJSON *array = cJSON_AddArrayToObject(object, "params");
    for (const cc_param *p = list; p && p->name; p++) {
        cJSON *o = entry(array);
        text(o, "name", p->name);
        text(o, "type", types[p->type]);
        text(o, "value", p->value);
        cJSON_AddNumberToObject(o, "min", p->min);
        cJSON_AddNumberToObject(o, "max", p->max);
        text(o, "choices", p->choices);
        text(o, "unit", p->unit);
        text(o, "doc", p->doc);
    }
}

static void named(cJSON *array, const char *name, const char *unit, const char *doc)
{
    cJSON *o = entry(array);
    text(o, "name", name);
    text(o, "unit", unit);
    text(o, "doc", doc);
}

static void columns(cJSON *object, const char *name, const cc_column *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);
    for (const cc_column *c = list; c && c->name; c++) named(array, c->name, c->unit, c->doc);
}

static void metrics(cJSON *object, const cc_metric *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, "metrics");
    for (const cc_metric *m = list; m && m->name; m++) named(array, m->name, m->unit, m->doc);
}

static void derived(cJSON *object, const cc_derived *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, "derive");
    for (const cc_derived *d = list; d && d->name; d++) named(array, d->name, d->unit, d->doc);
}

static void axes(cJSON *object, const cc_axis *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, "axes");
    for (const cc_axis *a = list; a && a->name; a++) {
        cJSON *o = entry(array);
        text(o, "name", a->name);
        text(o, "values", a->values);
    }
}

/* An arm's label may be left to the algorithm or problem it names. */
static void arms(cJSON *object, const cc_arm *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, "arms");
    for (const cc_arm *a = list; a && (a->as || a->algorithm || a->problem || a->set || a->axes); a++) {
        cJSON *o = entry(array);
        text(o, "as", a->as);
        text(o, "algorithm", a->algorithm);
        text(o, "problem", a->problem);
        text(o, "set", a->set);
        axes(o, a->axes);
    }
}

static void some_text(cJSON *object, const char *name, const char *value)
{
    if (value) cJSON_AddStringToObject(object, name, value);
}

static void some_number(cJSON *object, const char *name, double value)
{
    if (value != 0) cJSON_AddNumberToObject(object, name, value);
}

static void criterion(cJSON *object, const cc_criterion *is)
{
    static const char *const relations[] = {"any", "<=", ">=", "in"};
    if (is->relation == CC_ANY) return;
    cJSON *o = cJSON_AddObjectToObject(object, "is");
    text(o, "relation", relations[is->relation]);
    if (is->relation != CC_LE) cJSON_AddNumberToObject(o, "low", is->low);
    if (is->relation != CC_GE) cJSON_AddNumberToObject(o, "high", is->high);
}

/* Fields that are 0 are left out, but `over`: "" differs from NULL. */
static void check(cJSON *o, const cc_check *c)
{
    char words[512];
    text(o, "kind", cc_kind_name(c->kind));
    criterion(o, &c->is);
    some_text(o, "where", c->where);
    some_text(o, "x", c->x);
    some_text(o, "y", c->y);
    some_text(o, "by", c->by);
    some_text(o, "over", c->over);
    some_text(o, "per_unit", c->per_unit);
    some_text(o, "across", c->across);
    some_text(o, "best_over", c->best_over);
    some_text(o, "other", c->other);
    some_number(o, "rel", c->rel);
    some_number(o, "abs", c->abs);
    some_number(o, "se", c->se);
    some_number(o, "from", c->from);
    some_number(o, "to", c->to);
    some_number(o, "logs", c->logs);
    some_number(o, "semilog", c->semilog);
    some_number(o, "toward", c->toward);
    some_number(o, "pure", c->pure);
    some_text(o, "chain", c->chain);
    some_number(o, "margin", c->margin);
    some_text(o, "law", c->law);
    cc_check_describe(c, words, sizeof words);
    text(o, "text", words);
}

static void checks(cJSON *object, const char *name, const cc_check *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);
    for (const cc_check *c = list; c && c->kind != CC_END; c++) check(entry(array), c);
}

static void controls(cJSON *object, const cc_control *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, "controls");
    for (const cc_control *c = list; c && c->id; c++) {
        cJSON *o = entry(array);
        text(o, "id", c->id);
        text(o, "what", c->what);
        text(o, "experiment", c->experiment);
        text(o, "set", c->set);
        text(o, "where", c->where);
        arms(o, c->arms);
        derived(o, c->derive);
        checks(o, "checks", c->checks);
        checks(o, "shows", c->shows);
    }
}

static void plan(cJSON *object, const cc_plan *p)
{
    cJSON *o = cJSON_AddObjectToObject(object, "plan");
    text(o, "metrics", p->metrics);
    text(o, "targets", p->targets);
    text(o, "stop", p->stop);
    text(o, "clock", p->clock);
    text(o, "at", p->at);
    cJSON_AddNumberToObject(o, "per_decade", p->per_decade);
    text(o, "running", p->running);
    cJSON_AddNumberToObject(o, "keep", p->keep);
}

cJSON *cc_describe_plugin(const cc_module *module)
{
    const cc_plugin *plugin = module->plugin;
    cJSON *o = cJSON_CreateObject();
    text(o, "id", plugin->id);
    text(o, "title", plugin->title);
    text(o, "citation", plugin->citation);
    text(o, "digest", cc_module_digest(module));
    cJSON *benches = cJSON_AddArrayToObject(o, "benches");
    for (const cc_bench *b = plugin->benches; b && b->name; b++) {
        cJSON *bench = entry(benches);
        text(bench, "name", b->name);
        text(bench, "ranges", b->ranges);
        text(bench, "complexity", b->complexity);
    }
    return o;
}

cJSON *cc_describe_family(const cc_family *family)
{
    cJSON *o = cJSON_CreateObject();
    text(o, "id", family->id);
    text(o, "candidate", family->candidate);
    text(o, "doc", family->doc);
    columns(o, "counters", family->counters);
    metrics(o, family->metrics);
    return o;
}

cJSON *cc_describe_problem(const cc_problem *problem)
{
    cJSON *o = cJSON_CreateObject();
    text(o, "id", problem->id);
    text(o, "family", problem->family);
    text(o, "summary", problem->summary);
    text(o, "reference", problem->reference);
    params(o, problem->params);
    metrics(o, problem->metrics);
    return o;
}

cJSON *cc_describe_algorithm(const cc_algorithm *algorithm)
{
    cJSON *o = cJSON_CreateObject();
    text(o, "id", algorithm->id);
    text(o, "family", algorithm->family);
    text(o, "summary", algorithm->summary);
    text(o, "reference", algorithm->reference);
    params(o, algorithm->params);
    cJSON *variants = cJSON_AddArrayToObject(o, "variants");
    for (const cc_variant *v = algorithm->variants; v && v->id; v++) {
        cJSON *variant = entry(variants);
        text(variant, "id", v->id);
        text(variant, "summary", v->summary);
        text(variant, "set", v->set);
    }
    cJSON *probes = cJSON_AddArrayToObject(o, "probes");
    for (const cc_probe *p = algorithm->probes; p && p->name; p++) named(probes, p->name, p->unit, p->doc);
    return o;
}

cJSON *cc_describe_experiment(const cc_experiment *experiment)
{
    cJSON *o = cJSON_CreateObject();
    text(o, "id", experiment->id);
    text(o, "about", experiment->about);
    text(o, "algorithm", experiment->algorithm);
    text(o, "problem", experiment->problem);
    text(o, "set", experiment->set);
    cJSON *measure = cJSON_AddObjectToObject(o, "measure");
    text(measure, "id", experiment->measure ? experiment->measure->id : NULL);
    params(measure, experiment->measure ? experiment->measure->params : NULL);
    columns(measure, "columns", experiment->measure ? experiment->measure->columns : NULL);
    arms(o, experiment->arms);
    axes(o, experiment->axes);
    plan(o, &experiment->plan);
    cJSON *seeds = cJSON_AddArrayToObject(o, "seeds");
    for (int tier = 0; tier < 3; tier++) cJSON_AddItemToArray(seeds, cJSON_CreateNumber(experiment->seeds[tier]));
    cJSON_AddNumberToObject(o, "first_seed", experiment->first_seed);
    cJSON_AddNumberToObject(o, "block", experiment->block);
    cJSON_AddNumberToObject(o, "deadline_s", experiment->deadline_s);
    cJSON_AddNumberToObject(o, "memory_mb", experiment->memory_mb);
    cJSON_AddNumberToObject(o, "timed", experiment->timed);
    return o;
}

cJSON *cc_describe_claim(const cc_claim *claim)
{
    static const char *const origins[] = {NULL, "paper", "code", "proof", "pilot", "us"};
    cJSON *o = cJSON_CreateObject();
    text(o, "id", claim->id);
    text(o, "source", claim->source);
    text(o, "statement", claim->statement);
    text(o, "origin", origins[claim->origin]);
    text(o, "threshold", origins[claim->threshold]);
    text(o, "experiment", claim->experiment);
    text(o, "where", claim->where);
    derived(o, claim->derive);
    checks(o, "checks", claim->checks);
    controls(o, claim->controls);
    text(o, "observation", claim->observation);
    text(o, "untestable", claim->untestable);
    return o;
}

cJSON *cc_describe_figure(const cc_figure *figure)
{
    cJSON *o = cJSON_CreateObject();
    text(o, "id", figure->id);
    text(o, "source", figure->source);
    text(o, "caption", figure->caption);
    text(o, "kind", figure->kind);
    text(o, "experiment", figure->experiment);
    text(o, "where", figure->where);
    text(o, "x", figure->x);
    text(o, "y", figure->y);
    text(o, "by", figure->by);
    derived(o, figure->derive);
    text(o, "options", figure->options);
    return o;
}
