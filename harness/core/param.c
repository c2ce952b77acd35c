/* Typed parameters: defaults, parsing, ranges. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/scope.h"

static cc_status range_check(const cc_param *param, double value, const char *text, char *message)
{
    char low[32], high[32];
    if (param->max <= param->min || (value >= param->min && value <= param->max)) return CC_OK;
    snprintf(message, CC_MESSAGE, "%s=%s is outside [%s, %s]%s%s", param->name, text, cc_number(param->min, low),
             cc_number(param->max, high), param->doc ? ": " : "", param->doc ? param->doc : "");
    return CC_EINVAL;
}

static cc_status parse_real(cc_value *value, const char *text, char *message)
{
    char *end;
    if (!strcmp(text, "auto") && !strcmp(value->param->value, "auto")) {
        value->real = NAN;
        return CC_OK;
    }
    value->real = strtod(text, &end);
    if (end == text || *end || isnan(value->real)) {
        snprintf(message, CC_MESSAGE, "%s=%s is not a number", value->param->name, text);
        return CC_EINVAL;
    }
    return range_check(value->param, value->real, text, message);
}

static cc_status parse_int(cc_value *value, const char *text, char *message)
{
    char *end;
    double real = strtod(text, &end); /* so that 1e6 is an integer too */
    if (end == text || *end || real != floor(real) || fabs(real) > 9007199254740992.0) {
        snprintf(message, CC_MESSAGE, "%s=%s is not an integer", value->param->name, text);
        return CC_EINVAL;
    }
    value->integer = (int64_t)real;
    value->real = real;
    return range_check(value->param, real, text, message);
}

static cc_status parse_bool(cc_value *value, const char *text, char *message)
{
    static const char *const names[] = {"false", "true", "0", "1", "no", "yes"};
    for (int i = 0; i < 6; i++)
        if (!strcmp(text, names[i])) {
            value->integer = i & 1;
            value->real = (double)value->integer;
            return CC_OK;
        }
    snprintf(message, CC_MESSAGE, "%s=%s is neither true nor false", value->param->name, text);
    return CC_EINVAL;
}

static cc_status parse_choice(cc_value *value, const char *text, char *message)
{
    cc_words choices = cc_words_split(value->param->choices, ' ');
    cc_status status = CC_EINVAL;
    for (size_t i = 0; i < choices.n; i++)
        if (!strcmp(choices.item[i], text)) {
            value->integer = (int64_t)i;
            value->real = NAN;
            status = CC_OK;
        }
    if (status != CC_OK) snprintf(message, CC_MESSAGE, "%s=%s is not one of: %s", value->param->name, text, value->param->choices);
    cc_words_free(&choices);
    return status;
}

/* One text for one value: 1e3 and 1000 are the same cell. */
static char *canonical(const cc_value *value, const char *text)
{
    char buffer[32];
    switch (value->param->type) {
    case CC_REAL:
        return strdup(isnan(value->real) ? "auto" : cc_number(value->real, buffer));
    case CC_INT:
        return cc_format("%lld", (long long)value->integer);
    case CC_BOOL:
        return strdup(value->integer ? "true" : "false");
    case CC_CHOICE:
    case CC_TEXT:
        break;
    }
    return strdup(text);
}

static cc_status value_parse(cc_value *value, const char *text, char *message)
{
    cc_status status = CC_OK;
    switch (value->param->type) {
    case CC_REAL:
        status = parse_real(value, text, message);
        break;
    case CC_INT:
        status = parse_int(value, text, message);
        break;
    case CC_BOOL:
        status = parse_bool(value, text, message);
        break;
    case CC_CHOICE:
        status = parse_choice(value, text, message);
        break;
    case CC_TEXT:
        value->real = NAN;
        break;
    }
    if (status != CC_OK) return status;
    char *copy = canonical(value, text);
    if (!copy) return CC_ENOMEM;
    free((char *)(uintptr_t)value->text);
    value->text = copy;
    return CC_OK;
}

cc_status cc_values_default(cc_values *values, const cc_param *params, char *message)
{
    size_t n = 0;
    *values = (cc_values){0};
    while (params && params[n].name) n++;
    if (n == 0) return CC_OK;
    values->item = calloc(n, sizeof *values->item);
    if (!values->item) return CC_ENOMEM;
    for (values->n = 0; values->n < n; values->n++) {
        cc_value *value = &values->item[values->n];
        value->param = &params[values->n];
        cc_status status = value_parse(value, value->param->value ? value->param->value : "", message);
        if (status != CC_OK) {
            values->n++;
            cc_values_free(values);
            return status;
        }
    }
    return CC_OK;
}

const cc_value *cc_values_find(const cc_values *values, const char *name)
{
    for (size_t i = 0; i < values->n; i++)
        if (!strcmp(values->item[i].param->name, name)) return &values->item[i];
    return NULL;
}

cc_status cc_values_set(cc_values *values, const char *name, const char *text, char *message)
{
    for (size_t i = 0; i < values->n; i++)
        if (!strcmp(values->item[i].param->name, name)) return value_parse(&values->item[i], text, message);
    return CC_SKIP;
}

cc_status cc_values_copy(cc_values *to, const cc_values *from)
{
    *to = (cc_values){0};
    if (from->n == 0) return CC_OK;
    to->item = calloc(from->n, sizeof *to->item);
    if (!to->item) return CC_ENOMEM;
    for (to->n = 0; to->n < from->n; to->n++) {
        to->item[to->n] = from->item[to->n];
        to->item[to->n].text = strdup(from->item[to->n].text);
        if (!to->item[to->n].text) {
            cc_values_free(to);
            return CC_ENOMEM;
        }
    }
    return CC_OK;
}

void cc_values_free(cc_values *values)
{
    for (size_t i = 0; i < values->n; i++) free((char *)(uintptr_t)values->item[i].text);
    free(values->item);
    *values = (cc_values){0};
}

void cc_values_canonical(const cc_values *values, char **text)
{
    for (size_t i = 0; i < values->n; i++)
        *text = cc_append(*text, "%s%s=%s", i ? "," : "", values->item[i].param->name, values->item[i].text);
}
