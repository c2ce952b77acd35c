/* harness/cli/catalogue.c: see catalogue.h. */
#include "harness/cli/catalogue.h"

#include <stdlib.h>
#include <string.h>

const char *cc_item_kind_name(cc_item_kind kind, int plural)
{
    static const char *const names[][2] = {{"plugin", "plugins"},       {"family", "families"},        {"problem", "problems"},
                                           {"algorithm", "algorithms"}, {"experiment", "experiments"}, {"claim", "claims"},
                                           {"figure", "figures"},       {"bench", "benches"}};
    return names[kind][plural ? 1 : 0];
}

static void add(cc_catalogue *c, cc_item_kind kind, const cc_module *module, const char *id, const void *what, const char *summary)
{
    cc_item *grown = cc_cli_grow(c->item, c->n, sizeof *grown);
    const char *plugin = module->plugin->id;
    size_t length = strlen(plugin);
    if (!grown) return;
    c->item = grown;
    cc_item *item = &grown[c->n++];
    *item = (cc_item){kind, module, what, summary ? summary : "", ""};
    int bare = kind >= CC_ITEM_EXPERIMENT && !(strncmp(id, plugin, length) == 0 && id[length] == '.');
    snprintf(item->name, sizeof item->name, "%s%s%s", bare ? plugin : "", bare ? "." : "", id);
}

static void add_kind(cc_catalogue *c, cc_item_kind kind, const cc_module *m)
{
    const cc_plugin *p = m->plugin;
    switch (kind) {
    case CC_ITEM_PLUGIN:
        add(c, kind, m, p->id, p, p->title);
        break;
    case CC_ITEM_FAMILY:
        for (const cc_family *f = p->families; f && f->id; f++) add(c, kind, m, f->id, f, f->doc);
        break;
    case CC_ITEM_PROBLEM:
        for (const cc_problem *f = p->problems; f && f->id; f++) add(c, kind, m, f->id, f, f->summary);
        break;
    case CC_ITEM_ALGORITHM:
        for (const cc_algorithm *a = p->algorithms; a && a->id; a++) add(c, kind, m, a->id, a, a->summary);
        break;
    case CC_ITEM_EXPERIMENT:
        for (const cc_experiment *e = p->experiments; e && e->id; e++) add(c, kind, m, e->id, e, e->about);
        break;
    case CC_ITEM_CLAIM:
        for (const cc_claim *f = p->claims; f && f->id; f++) add(c, kind, m, f->id, f, f->statement);
        break;
    case CC_ITEM_FIGURE:
        for (const cc_figure *f = p->figures; f && f->id; f++) add(c, kind, m, f->id, f, f->caption);
        break;
    case CC_ITEM_BENCH:
        for (const cc_bench *b = p->benches; b && b->name; b++) add(c, kind, m, b->name, b, b->complexity);
        break;
    case CC_ITEM_KINDS:
        break;
    }
}

cc_catalogue cc_catalogue_make(const cc_registry *registry)
{
    cc_catalogue c = {0};
    for (cc_item_kind kind = 0; kind < CC_ITEM_KINDS; kind++)
        for (size_t m = 0; m < registry->n_modules; m++) add_kind(&c, kind, &registry->modules[m]);
    return c;
}

void cc_catalogue_free(cc_catalogue *catalogue)
{
    free(catalogue->item);
    *catalogue = (cc_catalogue){0};
}
