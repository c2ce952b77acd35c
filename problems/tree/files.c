/* problems/tree/files.c: trees from files: one's own, the files of an installed Debian package, WordNet's nouns. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "problems/data/data.h"
#include "problems/tree/problems.h"

/* ---- one's own: a line "parent value" a node, numbered from 0; the root's parent is "-" ---- */

static cc_status parse_node(cc_run *scope, const char *line, size_t number, tree_draft *draft)
{
    char *end;
    const char *at = line;
    size_t parent = TREE_ROOT;
    if (*at == '-' && (at[1] == ' ' || at[1] == '\t'))
        at++;
    else {
        parent = strtoull(at, &end, 10);
        if (end == at || *at == '-')
            return cc_fail(scope, CC_EINVAL, "line %zu: '%s' does not begin with a parent (a number, or - for the root)", number,
                           line);
        at = end;
    }
    const double value = strtod(at, &end);
    if (end == at || end[strspn(end, " \t\r")])
        return cc_fail(scope, CC_EINVAL, "line %zu: '%s' is not 'parent value'", number, line);
    return tree_draft_add(draft, parent, value);
}

cc_status tree_file_create(cc_run *scope, void **instance)
{
    const int labels = cc_choice(scope, "values") == 1;
    char none[1] = "", *text = none, *line;
    tree_draft draft;
    tree_data *tree;
    CC_TRY(data_text(scope, cc_text(scope, "path"), &text));
    CC_TRY(tree_draft_open(scope, 1024, &draft));
    for (size_t number = 1; (line = data_line(&text)); number++)
        if (*line && *line != '#') CC_TRY(parse_node(scope, line, number, &draft));
    CC_TRY(tree_build(scope, draft.n, draft.parent, labels ? NULL : draft.value, labels ? draft.value : NULL, &tree));
    *instance = tree;
    return CC_OK;
}

/* ---- the files of a package, as `dpkg -L` lists them; a leaf weighs its bytes ---- */

/* By components: "a/b" before "a.b". */
static int by_path(const void *a, const void *b)
{
    const unsigned char *s = *(unsigned char *const *)a, *t = *(unsigned char *const *)b;
    while (*s && *s == *t) s++, t++;
    return (*s == '/' ? 1 : *s ? *s + 1 : 0) - (*t == '/' ? 1 : *t ? *t + 1 : 0);
}

/* Length of the longest common prefix of whole components, "/" included. */
static size_t common(const char *s, const char *t)
{
    size_t cut = 0;
    for (size_t i = 0; s[i] && s[i] == t[i]; i++)
        if (s[i] == '/') cut = i + 1;
    return cut;
}

enum { DEEPEST = 256 };

/* `path` is sorted: nodes[k] is the directory of the first k components of the current path. */
static cc_status plant(cc_run *scope, size_t n, char *const *path, const double *bytes, tree_draft *draft)
{
    size_t nodes[DEEPEST] = {0};
    nodes[0] = 0;
    CC_TRY(tree_draft_add(draft, TREE_ROOT, 0));
    for (size_t i = 0; i < n; i++) {
        size_t known = i ? common(path[i - 1], path[i]) : 1, k = 0;
        for (size_t j = 1; j < known; j++) k += path[i][j] == '/';
        for (const char *at = path[i] + known; (at = strchr(at, '/')); at++) {
            if (k + 1 == DEEPEST) return cc_fail(scope, CC_EDATA, "%s is deeper than %d", path[i], DEEPEST);
            CC_TRY(tree_draft_add(draft, nodes[k], 0));
            nodes[++k] = draft->n - 1;
        }
        CC_TRY(tree_draft_add(draft, nodes[k], bytes[i]));
    }
    return CC_OK;
}

static cc_status list_of_package(cc_run *scope, const char *package, char **text)
{
    static const char *const forms[] = {"%s.list", "%s:amd64.list", "%s:arm64.list"};
    char path[512] = "/var/lib/dpkg/info/";
    const size_t folder = strlen(path);
    if (strchr(package, '/')) return cc_fail(scope, CC_EINVAL, "'%s' is no name of a package", package);
    for (size_t i = 0; i < 3; i++) {
        snprintf(path + folder, sizeof path - folder, i == 0 ? forms[0] : i == 1 ? forms[1] : forms[2], package);
        const cc_status status = data_text(scope, path, text);
        if (status != CC_SKIP) return status;
    }
    return cc_fail(scope, CC_SKIP, "the package %s is not installed", package);
}

cc_status tree_package_create(cc_run *scope, void **instance)
{
    char none[1] = "", *text = none, *line, **path;
    double *bytes;
    size_t lines = 0, n = 0;
    struct stat about;
    tree_draft draft;
    tree_data *tree;
    CC_TRY(list_of_package(scope, cc_text(scope, "package"), &text));
    for (const char *at = text; *at; at++) lines += *at == '\n';
    CC_NEW(scope, path, lines + 1);
    CC_NEW(scope, bytes, lines + 1);
    while ((line = data_line(&text)))
        if (line[0] == '/' && lstat(line, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0) path[n++] = line;
    if (n < 2) return cc_fail(scope, CC_SKIP, "the package %s has fewer than two files", cc_text(scope, "package"));
    qsort(path, n, sizeof *path, by_path);
    for (size_t i = 0; i < n; i++) bytes[i] = lstat(path[i], &about) == 0 ? (double)about.st_size : 0;
    CC_TRY(tree_draft_open(scope, 2 * n, &draft));
    CC_TRY(plant(scope, n, path, bytes, &draft));
    CC_TRY(tree_build(scope, draft.n, draft.parent, draft.value, NULL, &tree));
    *instance = tree;
    return CC_OK;
}

/* ---- WordNet's nouns: the first hypernym is the parent; leaves weigh 1 ---- */

typedef struct synset {
    unsigned long offset, hypernym; /* hypernym 0: none */
} synset;

static int by_offset(const void *a, const void *b)
{
    const synset *s = a, *t = b;
    return (s->offset > t->offset) - (s->offset < t->offset);
}

/* "offset lex_filenum ss_type w_cnt(hex) (word lex_id).. p_cnt (symbol offset pos source/target).." (wndb(5WN)). 0: malformed. */
static int parse_synset(char *line, synset *s)
{
    char *save, *word = strtok_r(line, " ", &save);
    *s = (synset){word ? strtoul(word, NULL, 10) : 0, 0};
    for (int i = 0; i < 3; i++) word = strtok_r(NULL, " ", &save);
    if (!word) return 0;
    for (unsigned long words = 2 * strtoul(word, NULL, 16); words; words--) strtok_r(NULL, " ", &save);
    if (!(word = strtok_r(NULL, " ", &save))) return 0;
    for (unsigned long pointers = strtoul(word, NULL, 10); pointers; pointers--) {
        const char *symbol = strtok_r(NULL, " ", &save), *offset = strtok_r(NULL, " ", &save);
        strtok_r(NULL, " ", &save);
        if (!strtok_r(NULL, " ", &save) || !offset) return 0;
        if (!s->hypernym && (!strcmp(symbol, "@") || !strcmp(symbol, "@i"))) s->hypernym = strtoul(offset, NULL, 10);
    }
    return 1;
}

cc_status tree_wordnet_create(cc_run *scope, void **instance)
{
    char none[1] = "", *text = none, *line;
    size_t lines = 0, n = 0, *parent;
    synset *all;
    tree_data *tree;
    CC_TRY(data_text(scope, cc_text(scope, "path"), &text));
    for (const char *at = text; *at; at++) lines += *at == '\n';
    CC_NEW(scope, all, lines + 1);
    CC_NEW(scope, parent, lines + 1);
    for (size_t number = 1; (line = data_line(&text)); number++)
        if (*line != ' ' && !parse_synset(line, &all[n++])) return cc_fail(scope, CC_EDATA, "line %zu is no synset", number);
    qsort(all, n, sizeof *all, by_offset);
    for (size_t i = 0; i < n; i++) {
        const synset key = {all[i].hypernym, 0}, *up = all[i].hypernym ? bsearch(&key, all, n, sizeof *all, by_offset) : NULL;
        if (all[i].hypernym && !up)
            return cc_fail(scope, CC_EDATA, "synset %08lu has the hypernym %08lu, which is absent", all[i].offset, all[i].hypernym);
        parent[i] = up ? (size_t)(up - all) : TREE_ROOT;
    }
    CC_TRY(tree_build(scope, n, parent, NULL, NULL, &tree));
    *instance = tree;
    return CC_OK;
}
