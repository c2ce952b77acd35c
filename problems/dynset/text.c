/* problems/dynset/text.c: see text.h; and instances of one's own: a file of sets, and perhaps a script of updates. */
#include "problems/dynset/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "problems/data/data.h"
#include "problems/dynset/problems.h"

static cc_status number(cc_run *scope, const char *what, size_t line, char **at, size_t most, size_t *value)
{
    char *end;
    errno = 0;
    const unsigned long long read = strtoull(*at, &end, 10);
    if (end == *at || **at == '-' || **at == '+' || errno || read > most || !strchr(" \t\r", *end))
        return cc_fail(scope, CC_EINVAL, "%s, line %zu: '%s' is no number from 0 to %zu", what, line, *at, most);
    *at = end + strspn(end, " \t\r");
    *value = (size_t)read;
    return CC_OK;
}

cc_status dynset_read_sets(dynset_draft *draft, const char *what, char *text, size_t first)
{
    char *at;
    for (size_t line = 1, item = 0; (at = data_line(&text)) && (!first || draft->n < first); line++) {
        at += strspn(at, " \t\r");
        if (!*at || *at == '#') continue;
        CC_TRY(dynset_draft_element(draft));
        while (*at) {
            CC_TRY(number(draft->scope, what, line, &at, 1000000000, &item));
            CC_TRY(dynset_draft_item(draft, item, NULL));
        }
    }
    return CC_OK;
}

/* "+3" inserts element 3, "-3" deletes it, "?" behind it asks: one update a line. */
static cc_status read_script(cc_run *scope, const char *what, char *text, dynset_instance *p)
{
    size_t lines = 1, n = 0, element = 0;
    dynset_update *stream;
    char *at;
    for (const char *c = text; *c; c++) lines += *c == '\n';
    CC_NEW(scope, stream, lines);
    for (size_t line = 1; (at = data_line(&text)); line++) {
        at += strspn(at, " \t\r");
        if (!*at || *at == '#') continue;
        if (*at != '+' && *at != '-')
            return cc_fail(scope, CC_EINVAL, "%s, line %zu: '%s' is not '+element' or '-element'", what, line, at);
        dynset_update *u = stream + n++;
        u->insert = *at++ == '+';
        char *mark = strchr(at, '?');
        if (mark) {
            if (mark[1 + strspn(mark + 1, " \t\r")])
                return cc_fail(scope, CC_EINVAL, "%s, line %zu: '%s' behind the question", what, line, mark + 1);
            *mark = 0;
            u->ask = 1;
        }
        CC_TRY(number(scope, what, line, &at, UINT32_MAX - 1, &element));
        if (*at) return cc_fail(scope, CC_EINVAL, "%s, line %zu: '%s' behind the element", what, line, at);
        u->element = (uint32_t)element;
    }
    return dynset_finish_given(scope, p, n, stream);
}

cc_status dynset_file_create(cc_run *scope, void **instance)
{
    const char *sets = cc_text(scope, "path"), *script = cc_text(scope, "script");
    char *text;
    dynset_draft draft;
    dynset_instance *p;
    CC_TRY(data_text(scope, sets, &text));
    CC_TRY(dynset_draft_open(scope, &draft));
    CC_TRY(dynset_read_sets(&draft, sets, text, 0));
    CC_TRY(dynset_draft_close(&draft, 0, NULL, INFINITY, &p));
    *instance = p;
    if (!strcmp(script, "none")) return dynset_finish(scope, p);
    CC_TRY(data_text(scope, script, &text));
    return read_script(scope, script, text, p);
}
