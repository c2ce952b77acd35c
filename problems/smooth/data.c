/* problems/smooth/data.c: reads the small real data sets of problems/data (CSV and libsvm text) into smooth_table. */
#include "problems/smooth/problems.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct source {
    const char *name, *file, *sha256;
    size_t n, features;
    int header, sparse; /* lines to skip; libsvm's "label index:value .." instead of "value,..,label" */
} source;

static const source sources[] = {
    {"breast_cancer", "breast_cancer.csv", "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed", 569, 30, 1, 0},
    {"digits", "digits.csv", "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8", 1797, 64, 0, 0},
    {"heart_scale", "heart_scale.libsvm", "5defa0a4c4c5bdaf3f55ae3828310252e8565c13ee37ce279e0b86d82e7f4ce9", 270, 13, 0, 1},
};

/* "v1,..,vk,label": 0, or -1 if malformed. */
static int parse_dense(const char *line, size_t features, double *row, double *label)
{
    char *end;
    for (size_t j = 0; j <= features; j++) {
        *(j < features ? row + j : label) = strtod(line, &end);
        if (end == line || (j < features && *end != ',')) return -1;
        line = end + 1;
    }
    return *end == '\n' || *end == '\r' || *end == 0 ? 0 : -1;
}

/* "label i:v ..", indices from 1, absent entries 0. */
static int parse_sparse(const char *line, size_t features, double *row, double *label)
{
    char *end;
    *label = strtod(line, &end);
    if (end == line) return -1;
    for (line = end; *(line += strspn(line, " \r\n"));) {
        const unsigned long index = strtoul(line, &end, 10);
        if (*end != ':' || index < 1 || index > features) return -1;
        line = end + 1;
        row[index - 1] = strtod(line, &end);
        if (end == line) return -1;
        line = end;
    }
    return 0;
}

static cc_status read_lines(cc_run *scope, const source *from, FILE *file, smooth_table *table)
{
    char line[4096];
    size_t n = 0;
    for (int skip = 0; skip < from->header; skip++) {
        if (!fgets(line, sizeof line, file)) break;
    }
    while (fgets(line, sizeof line, file)) {
        if (n == from->n) return cc_fail(scope, CC_EDATA, "%s: more than %zu rows", from->file, n);
        double *row = table->a + n * from->features;
        const int bad = from->sparse ? parse_sparse(line, from->features, row, table->label + n)
                                     : parse_dense(line, from->features, row, table->label + n);
        if (bad) return cc_fail(scope, CC_EDATA, "%s: row %zu is malformed", from->file, n + 1);
        n++;
    }
    return n == from->n ? CC_OK : cc_fail(scope, CC_EDATA, "%s: %zu rows, expected %zu", from->file, n, from->n);
}

cc_status smooth_read(cc_run *scope, const char *name, smooth_table *table)
{
    const source *from = NULL;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (strcmp(sources[i].name, name) == 0) from = sources + i;
    }
    if (!from) return cc_fail(scope, CC_EBUG, "no data set `%s`", name);
    const char *path;
    CC_TRY(cc_data_file(scope, from->file, from->sha256, &path));
    *table = (smooth_table){.n = from->n, .features = from->features};
    CC_NEW(scope, table->a, from->n * from->features);
    CC_NEW(scope, table->label, from->n);
    FILE *file = fopen(path, "r");
    if (!file) return cc_fail(scope, CC_EDATA, "%s cannot be opened", path);
    const cc_status status = read_lines(scope, from, file, table);
    fclose(file);
    return status;
}
