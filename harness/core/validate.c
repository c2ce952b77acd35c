/* A plug-in's declarations, checked when it is loaded: what is wrong is said at once and by name. */
#include <stdio.h>
#include <string.h>

#include "harness/core/scope.h"
#include "verify/judge.h"

static char wrong[CC_MESSAGE];

#define WRONG(...) (snprintf(wrong, sizeof wrong, __VA_ARGS__), wrong)

static const cc_experiment *experiment_named(const cc_plugin *plugin, const char *id)
{
    for (const cc_experiment *e = plugin->experiments; e && e->id; e++)
        if (!strcmp(e->id, id)) return e;
    return NULL;
}

static const char *params_wrong(const char *owner, const cc_param *params)
{
    char message[CC_MESSAGE] = "";
    cc_values values;
    for (const cc_param *p = params; p && p->name; p++) {
        if (!p->value) return WRONG("%s: parameter '%s' has no default", owner, p->name);
        for (const cc_param *q = params; q < p; q++)
            if (!strcmp(p->name, q->name)) return WRONG("%s: parameter '%s' is declared twice", owner, p->name);
    }
    if (cc_values_default(&values, params, message) != CC_OK) return WRONG("%s: default of a parameter: %s", owner, message);
    cc_values_free(&values);
    return NULL;
}

static const char *checks_wrong(const char *owner, const cc_check *checks)
{
    for (const cc_check *check = checks; check && check->kind != CC_END; check++) {
        const char *what = cc_check_valid(check);
        if (what) return WRONG("%s, check %d: %s", owner, (int)(check - checks) + 1, what);
    }
    return NULL;
}

static const char *claim_wrong(const cc_plugin *plugin, const cc_claim *claim)
{
    char name[160];
    const char *what;
    snprintf(name, sizeof name, "claim '%s'", claim->id);
    if (!claim->statement) return WRONG("%s has no statement", name);
    if (claim->untestable) return NULL;
    if (!claim->experiment || !experiment_named(plugin, claim->experiment))
        return WRONG("%s: there is no experiment '%s'", name, claim->experiment ? claim->experiment : "(none given)");
    if (claim->observation) return NULL;
    if (!claim->checks || claim->checks->kind == CC_END) return WRONG("%s has no checks", name);
    if (!claim->controls || !claim->controls->id) return WRONG("%s has no negative control", name);
    if ((what = checks_wrong(name, claim->checks))) return what;
    for (const cc_control *c = claim->controls; c && c->id; c++) {
        snprintf(name, sizeof name, "control '%s' of claim '%s'", c->id, claim->id);
        if (c->experiment && !experiment_named(plugin, c->experiment))
            return WRONG("%s: there is no experiment '%s'", name, c->experiment);
        if ((what = checks_wrong(name, c->checks)) || (what = checks_wrong(name, c->shows))) return what;
        if (!c->experiment && !c->set && !c->where && !c->arms && !c->derive && !c->checks && !c->shows)
            return WRONG("%s replaces nothing", name);
    }
    return NULL;
}

static const char *parts_wrong(const cc_plugin *plugin)
{
    const char *what;
    for (const cc_family *f = plugin->families; f && f->id; f++) {
        size_t n = 0;
        while (f->counters && f->counters[n].name) n++;
        if (n > CC_MAX_COUNTERS) return WRONG("family '%s' has %zu counters; %d are possible", f->id, n, CC_MAX_COUNTERS);
    }
    for (const cc_problem *p = plugin->problems; p && p->id; p++) {
        if (!p->family || !p->create) return WRONG("problem '%s' lacks its family or its create", p->id);
        if ((what = params_wrong(p->id, p->params))) return what;
    }
    for (const cc_algorithm *a = plugin->algorithms; a && a->id; a++) {
        if (!a->family || !a->init || !a->step || !a->candidate)
            return WRONG("algorithm '%s' lacks its family, init, step or candidate", a->id);
        if ((what = params_wrong(a->id, a->params))) return what;
    }
    for (const cc_experiment *e = plugin->experiments; e && e->id; e++) {
        if (!e->measure || !e->measure->run) return WRONG("experiment '%s' has no measure", e->id);
        if ((what = params_wrong(e->id, e->measure->params))) return what;
        for (const cc_experiment *f = plugin->experiments; f < e; f++)
            if (!strcmp(e->id, f->id)) return WRONG("experiment '%s' is declared twice", e->id);
    }
    return NULL;
}

const char *cc_plugin_wrong(const cc_plugin *plugin)
{
    const char *what;
    if (!plugin->id || !*plugin->id || !plugin->title) return WRONG("the plug-in lacks its id or title");
    if ((what = parts_wrong(plugin))) return what;
    for (const cc_claim *c = plugin->claims; c && c->id; c++) {
        for (const cc_claim *d = plugin->claims; d < c; d++)
            if (!strcmp(c->id, d->id)) return WRONG("claim '%s' is declared twice", c->id);
        if ((what = claim_wrong(plugin, c))) return what;
    }
    for (const cc_figure *f = plugin->figures; f && f->id; f++)
        if (!f->experiment || !experiment_named(plugin, f->experiment))
            return WRONG("figure '%s': there is no experiment '%s'", f->id, f->experiment ? f->experiment : "(none given)");
    return NULL;
}
