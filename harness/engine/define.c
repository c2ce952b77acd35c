/* harness/engine/define.c: what is declared goes into the store: definitions of plug-ins, members of experiments. */
#include "harness/engine/describe.h"
#include "harness/engine/internal.h"

#include <stdio.h>

/* Takes `json`. */
static cc_status put(cc_store *store, const char *owner, const char *kind, const char *id, int64_t position, cJSON *json,
                     char message[CC_MESSAGE])
{
    static const char sql[] = "INSERT OR REPLACE INTO definition(owner, kind, id, position, json) VALUES(?, ?, ?, ?, ?)";
    char *text = json ? cJSON_PrintUnformatted(json) : NULL;
    cJSON_Delete(json);
    if (!text) {
        snprintf(message, CC_MESSAGE, "no memory to describe %s %s of %s", kind, id, owner);
        return CC_ENOMEM;
    }
    cc_status status = cc_store_do(store, message, sql, "tttit", owner, kind, id, position, text);
    cJSON_free(text);
    return status;
}

static cc_status define_runnable(cc_store *store, const cc_plugin *p, char message[CC_MESSAGE])
{
    int64_t i = 0;
    for (const cc_family *f = p->families; f && f->id; f++)
        CC_TRY(put(store, p->id, "family", f->id, i++, cc_describe_family(f), message));
    i = 0;
    for (const cc_problem *f = p->problems; f && f->id; f++)
        CC_TRY(put(store, p->id, "problem", f->id, i++, cc_describe_problem(f), message));
    i = 0;
    for (const cc_algorithm *a = p->algorithms; a && a->id; a++)
        CC_TRY(put(store, p->id, "algorithm", a->id, i++, cc_describe_algorithm(a), message));
    i = 0;
    for (const cc_experiment *e = p->experiments; e && e->id; e++)
        CC_TRY(put(store, p->id, "experiment", e->id, i++, cc_describe_experiment(e), message));
    return CC_OK;
}

static cc_status define_said(cc_store *store, const cc_plugin *p, char message[CC_MESSAGE])
{
    int64_t i = 0;
    for (const cc_claim *c = p->claims; c && c->id; c++)
        CC_TRY(put(store, p->id, "claim", c->id, i++, cc_describe_claim(c), message));
    i = 0;
    for (const cc_figure *f = p->figures; f && f->id; f++)
        CC_TRY(put(store, p->id, "figure", f->id, i++, cc_describe_figure(f), message));
    return CC_OK;
}

/* What spoke of experiments and claims that are gone goes, too. */
static cc_status forget(cc_store *store, const char *owner, char message[CC_MESSAGE])
{
    CC_TRY(cc_store_do(store, message,
                       "DELETE FROM member WHERE owner = ?1"
                       " AND experiment NOT IN (SELECT id FROM definition WHERE owner = ?1 AND kind = 'experiment')",
                       "t", owner));
    return cc_store_do(
        store, message,
        "DELETE FROM verdict WHERE owner = ?1 AND claim NOT IN (SELECT id FROM definition WHERE owner = ?1 AND kind = 'claim')",
        "t", owner);
}

static cc_status define_module(cc_store *store, const cc_module *module, int64_t position, char message[CC_MESSAGE])
{
    const cc_plugin *p = module->plugin;
    CC_TRY(cc_store_do(store, message, "DELETE FROM definition WHERE owner = ?", "t", p->id));
    CC_TRY(put(store, p->id, "plugin", p->id, position, cc_describe_plugin(module), message));
    CC_TRY(define_runnable(store, p, message));
    CC_TRY(define_said(store, p, message));
    return forget(store, p->id, message);
}

cc_status cc_store_define(cc_store *store, const cc_registry *registry, char message[CC_MESSAGE])
{
    cc_status status = CC_OK;
    CC_TRY(cc_store_script(store, message, "SAVEPOINT part"));
    for (size_t i = 0; status == CC_OK && i < registry->n_modules; i++)
        status = define_module(store, &registry->modules[i], (int64_t)i, message);
    return cc_store_settle(store, status, message);
}

static cc_status put_members(cc_store *store, const char *owner, const char *experiment, const char *overlay, int tier,
                             const cc_tasks *tasks, char message[CC_MESSAGE])
{
    static const char forget_sql[] = "DELETE FROM member WHERE owner = ? AND experiment = ? AND overlay = ? AND tier = ?";
    static const char sql[] =
        "INSERT INTO member(owner, experiment, overlay, tier, position, arm, point, key) VALUES(?, ?, ?, ?, ?, ?, ?, ?)";
    CC_TRY(cc_store_do(store, message, forget_sql, "ttti", owner, experiment, overlay, (int64_t)tier));
    for (size_t i = 0; i < tasks->n; i++) {
        const cc_task *t = tasks->item[i];
        CC_TRY(cc_store_do(store, message, sql, "tttiittt", owner, experiment, overlay, (int64_t)tier, (int64_t)i,
                           t->arm ? t->arm : "", t->point ? t->point : "", t->key));
    }
    return CC_OK;
}

cc_status cc_store_members(cc_store *store, const char *owner, const char *experiment, const char *overlay, int tier,
                           const cc_tasks *tasks, char message[CC_MESSAGE])
{
    CC_TRY(cc_store_script(store, message, "SAVEPOINT part"));
    return cc_store_settle(store, put_members(store, owner, experiment, overlay ? overlay : "", tier, tasks, message), message);
}
