/* Specs: "id:variant(k=v, k=v)" names an algorithm or a problem with its parameters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/scope.h"

static void list_params(const cc_param *params, const char **names, size_t *n, size_t most)
{
    for (; params && params->name && *n < most; params++) names[(*n)++] = params->name;
}

static cc_status unknown_param(const cc_bound *bound, const char *name, char *message)
{
    const char *names[64] = {0};
    char nearest[256];
    size_t n = 0;
    list_params(bound->problem ? bound->problem->params : bound->algorithm->params, names, &n, 64);
    cc_suggest(name, names, n, nearest, sizeof nearest);
    snprintf(message, CC_MESSAGE, "%s has no parameter '%s'; it has %s", bound->problem ? bound->problem->id : bound->algorithm->id,
             name, n ? nearest : "none");
    return CC_EINVAL;
}

cc_status cc_bound_assign(cc_bound *bound, const char *name, const char *text, char *message)
{
    if (bound->problem && !strcmp(name, "seed") && !cc_values_find(&bound->values, "seed")) {
        char *end;
        long long seed = strtoll(text, &end, 10);
        if (end == text || *end || seed < 0) {
            snprintf(message, CC_MESSAGE, "seed=%s is not a non-negative integer", text);
            return CC_EINVAL;
        }
        bound->fixed_seed = seed;
        return CC_OK;
    }
    return cc_values_set(&bound->values, name, text, message);
}

static cc_status assign_words(cc_bound *bound, const char *text, char separator, char *message)
{
    cc_words words = cc_words_split(text, separator);
    cc_status status = CC_OK;
    for (size_t i = 0; i < words.n && status == CC_OK; i++) {
        char *equals = strchr(words.item[i], '=');
        if (!equals) {
            snprintf(message, CC_MESSAGE, "'%s' is not of the form name=value", words.item[i]);
            status = CC_EINVAL;
            break;
        }
        *equals = 0;
        status = cc_bound_assign(bound, words.item[i], equals + 1, message);
        if (status == CC_SKIP) status = unknown_param(bound, words.item[i], message);
    }
    cc_words_free(&words);
    return status;
}

static cc_status assign_variant(cc_bound *bound, const char *id, char *message)
{
    const char *names[64] = {0};
    char nearest[256];
    size_t n = 0;
    const cc_variant *variants = bound->algorithm ? bound->algorithm->variants : NULL;
    for (; variants && variants[n].id && n < 64; n++) {
        if (!strcmp(variants[n].id, id)) return assign_words(bound, variants[n].set, ' ', message);
        names[n] = variants[n].id;
    }
    cc_suggest(id, names, n, nearest, sizeof nearest);
    snprintf(message, CC_MESSAGE, "%s has no variant '%s'; it has %s", bound->algorithm ? bound->algorithm->id : bound->problem->id,
             id, n ? nearest : "none");
    return CC_EINVAL;
}

static cc_status unknown_id(const cc_registry *registry, const char *id, int problem, char *message)
{
    const char *names[512] = {0};
    char nearest[256];
    size_t n = 0;
    for (size_t m = 0; m < registry->n_modules; m++) {
        const cc_plugin *plugin = registry->modules[m].plugin;
        for (const cc_problem *p = problem ? plugin->problems : NULL; p && p->id && n < 512; p++) names[n++] = p->id;
        for (const cc_algorithm *a = problem ? NULL : plugin->algorithms; a && a->id && n < 512; a++) names[n++] = a->id;
    }
    cc_suggest(id, names, n, nearest, sizeof nearest);
    snprintf(message, CC_MESSAGE, "no %s '%s'; there is %s", problem ? "problem" : "algorithm", id, n ? nearest : "none");
    return CC_EINVAL;
}

/* Cuts "id:variant(args)" in place. */
static cc_status cut_spec(char *spec, char **variant, char **args, char *message)
{
    char *open = strchr(spec, '('), *colon;
    *variant = *args = NULL;
    if (open) {
        size_t length = strlen(open);
        if (open[length - 1] != ')') {
            snprintf(message, CC_MESSAGE, "'%s' lacks its closing parenthesis", spec);
            return CC_EINVAL;
        }
        open[length - 1] = 0;
        *open = 0;
        *args = open + 1;
    }
    colon = strchr(spec, ':');
    if (colon) {
        *colon = 0;
        *variant = colon + 1;
    }
    return CC_OK;
}

static cc_status bound_fill(const cc_registry *registry, cc_bound *bound, char *spec, int problem, char *message)
{
    char *variant, *args;
    CC_TRY(cut_spec(spec, &variant, &args, message));
    if (problem)
        bound->problem = cc_find_problem(registry, spec, &bound->module);
    else
        bound->algorithm = cc_find_algorithm(registry, spec, &bound->module);
    if (!bound->problem && !bound->algorithm) return unknown_id(registry, spec, problem, message);
    CC_TRY(cc_values_default(&bound->values, problem ? bound->problem->params : bound->algorithm->params, message));
    if (variant) CC_TRY(assign_variant(bound, variant, message));
    if (args) CC_TRY(assign_words(bound, args, ',', message));
    return CC_OK;
}

cc_status cc_bound_parse(const cc_registry *registry, const char *spec, int problem, cc_bound **result, char *message)
{
    cc_bound *bound = calloc(1, sizeof *bound);
    char *copy = strdup(spec);
    cc_status status = bound && copy ? CC_OK : CC_ENOMEM;
    if (status == CC_OK) {
        bound->fixed_seed = -1;
        status = bound_fill(registry, bound, copy, problem, message);
    } else
        snprintf(message, CC_MESSAGE, "no memory");
    free(copy);
    if (status != CC_OK) {
        cc_bound_free(bound);
        bound = NULL;
    }
    *result = bound;
    return status;
}

cc_bound *cc_bound_copy(const cc_bound *bound)
{
    cc_bound *copy = malloc(sizeof *copy);
    if (!copy) return NULL;
    *copy = *bound;
    if (cc_values_copy(&copy->values, &bound->values) != CC_OK) {
        free(copy);
        return NULL;
    }
    return copy;
}

void cc_bound_free(cc_bound *bound)
{
    if (!bound) return;
    cc_values_free(&bound->values);
    free(bound);
}

char *cc_bound_canonical(const cc_bound *bound, uint64_t seed)
{
    char *text = cc_format("%s(", bound->problem ? bound->problem->id : bound->algorithm->id);
    cc_values_canonical(&bound->values, &text);
    if (bound->problem)
        text = cc_append(text, ")@%llu", (unsigned long long)(bound->fixed_seed >= 0 ? (uint64_t)bound->fixed_seed : seed));
    else
        text = cc_append(text, ")");
    return text;
}
