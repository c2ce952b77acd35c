/* harness/cli/cmd_list.c: `claimcheck list`: what is there, one line each. */
#include <cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/catalogue.h"

/* The kind of a word ("claims", "claim"); CC_ITEM_KINDS: there is none. */
static cc_item_kind kind_of(const char *word)
{
    cc_item_kind kind = 0;
    while (kind < CC_ITEM_KINDS && strcmp(word, cc_item_kind_name(kind, 0)) != 0 && strcmp(word, cc_item_kind_name(kind, 1)) != 0)
        kind++;
    return kind;
}

static int unknown_kind(const char *word)
{
    const char *names[CC_ITEM_KINDS];
    char text[CC_MESSAGE];
    for (cc_item_kind kind = 0; kind < CC_ITEM_KINDS; kind++) names[kind] = cc_item_kind_name(kind, 1);
    cc_cli_unknown("kind of thing", word, names, CC_ITEM_KINDS, text, sizeof text);
    return cc_cli_usage("list", "%s", text);
}

static void print_lines(const cc_catalogue *c, cc_item_kind only)
{
    int width = cc_cli_width(stdout), name_width = 0;
    for (size_t i = 0; i < c->n; i++)
        if ((only == CC_ITEM_KINDS || only == c->item[i].kind) && (int)strlen(c->item[i].name) > name_width)
            name_width = (int)strlen(c->item[i].name);
    for (size_t i = 0; i < c->n; i++) {
        const cc_item *item = &c->item[i];
        if (only != CC_ITEM_KINDS && only != item->kind) continue;
        if (only == CC_ITEM_KINDS && (i == 0 || c->item[i - 1].kind != item->kind))
            printf("%s%s\n", i ? "\n" : "", cc_item_kind_name(item->kind, 1));
        int used = printf("%s%-*s  ", only == CC_ITEM_KINDS ? "  " : "", name_width, item->name);
        printf("%.*s\n", width > used ? width - used : 100000, item->summary);
    }
}

static int print_json(const cc_catalogue *c, cc_item_kind only)
{
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; i < c->n; i++) {
        const cc_item *item = &c->item[i];
        if (only != CC_ITEM_KINDS && only != item->kind) continue;
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "kind", cc_item_kind_name(item->kind, 0));
        cJSON_AddStringToObject(json, "name", item->name);
        cJSON_AddStringToObject(json, "plugin", item->module->plugin->id);
        cJSON_AddStringToObject(json, "summary", item->summary);
        cJSON_AddItemToArray(array, json);
    }
    char *text = cJSON_Print(array);
    cJSON_Delete(array);
    if (!text) return cc_cli_fail("no memory");
    puts(text);
    free(text);
    return CC_EXIT_OK;
}

int cc_cmd_list(int argc, char **argv)
{
    int json = 0, code = CC_EXIT_OK;
    const cc_option table[] = {{"json", 0, CC_OPT_FLAG, &json, NULL, "as JSON"}, {0}};
    const cc_usage usage = {"list",
                            "[plugins | claims | problems | algorithms | families | experiments | figures | benches]",
                            "What the plug-ins offer; without a word, everything.",
                            table,
                            0,
                            1};
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    cc_item_kind only = first < argc ? kind_of(argv[first]) : CC_ITEM_KINDS;
    if (first < argc && only == CC_ITEM_KINDS) return unknown_kind(argv[first]);
    const cc_registry *registry = cc_cli_registry();
    if (!registry) return CC_EXIT_FAILED;
    cc_catalogue catalogue = cc_catalogue_make(registry);
    if (json)
        code = print_json(&catalogue, only);
    else
        print_lines(&catalogue, only);
    cc_catalogue_free(&catalogue);
    return code;
}
