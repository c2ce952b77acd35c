/* problems/data/parse.c: the formats, from memory. */
#include "problems/data/data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_blanks(const char *at) { return at + strspn(at, " \t\r"); }

/* A number of this line: what follows it, or NULL. */
static const char *parse_number(const char *at, double *value)
{
    char *end;
    at = skip_blanks(at);
    if (*at == '\n') return NULL; /* strtod would go on to the next line */
    *value = strtod(at, &end);
    return end == at ? NULL : end;
}

/* "v1,..,vk,label": NULL, or what is wrong. */
static const char *parse_csv(const char *at, size_t features, double *row, double *label)
{
    for (size_t j = 0; j <= features; j++) {
        at = parse_number(at, j < features ? row + j : label);
        if (!at) return "has something that is no number";
        at = skip_blanks(at);
        if (j < features && *at++ != ',') return "has too few values";
    }
    return *at == 0 || *at == '\n' ? NULL : "has too many values";
}

static const char *parse_libsvm(const char *at, size_t features, double *row, double *label)
{
    char *end;
    if (!(at = parse_number(at, label))) return "does not begin with a label";
    for (at = skip_blanks(at); *at && *at != '\n'; at = skip_blanks(at)) {
        const unsigned long index = strtoul(at, &end, 10);
        if (end == at || *end != ':') return "has something that is not index:value";
        if (*at == '-' || index < 1 || index > features) return "has an index out of range";
        at = parse_number(end + 1, row + index - 1);
        if (!at) return "has something that is no number";
    }
    return NULL;
}

static int finite_row(const double *row, size_t features, double label)
{
    for (size_t j = 0; j < features; j++)
        if (!isfinite(row[j])) return 0;
    return isfinite(label);
}

cc_status data_parse_table(cc_run *scope, const char *what, data_form form, size_t features, size_t header, const char *text,
                           size_t size, data_table *table)
{
    size_t lines = 1, number = 0;
    if (strlen(text) != size) return cc_fail(scope, CC_EDATA, "%s: a zero byte within the text", what);
    for (const char *at = text; *at; at++) lines += *at == '\n';
    *table = (data_table){.features = features};
    if (features == 0 || lines > SIZE_MAX / features) return cc_fail(scope, CC_EINVAL, "%s: %zu features", what, features);
    CC_NEW(scope, table->a, lines * features);
    CC_NEW(scope, table->label, lines);
    for (const char *at = text, *next; *at; at = next) {
        const char *end = strchr(at, '\n');
        next = end ? end + 1 : at + strlen(at);
        if (number++ < header) continue;
        at = skip_blanks(at);
        if (!*at || *at == '\n') continue;
        double *row = table->a + table->n * features, *label = table->label + table->n;
        const char *wrong = form == DATA_CSV ? parse_csv(at, features, row, label) : parse_libsvm(at, features, row, label);
        if (!wrong && !finite_row(row, features, *label)) wrong = "has a value that is not finite";
        if (wrong) return cc_fail(scope, CC_EDATA, "%s: line %zu %s", what, number, wrong);
        table->n++;
    }
    return CC_OK;
}

static size_t big_endian(const unsigned char *b) { return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3]; }

cc_status data_parse_idx(cc_run *scope, const char *what, const unsigned char *bytes, size_t size, size_t dims, size_t *dim)
{
    enum { UNSIGNED_BYTES = 8 };
    if (size < 4 + 4 * dims) return cc_fail(scope, CC_EDATA, "%s: %zu bytes are too few for an idx header", what, size);
    if (bytes[0] || bytes[1] || bytes[2] != UNSIGNED_BYTES || bytes[3] != dims)
        return cc_fail(scope, CC_EDATA, "%s: not an idx file of unsigned bytes in %zu dimensions", what, dims);
    size_t count = 1;
    for (size_t k = 0; k < dims; k++) {
        dim[k] = big_endian(bytes + 4 + 4 * k);
        if (dim[k] == 0 || count > ((size_t)1 << 40) / dim[k])
            return cc_fail(scope, CC_EDATA, "%s: dimension %zu is %zu", what, k + 1, dim[k]);
        count *= dim[k];
    }
    return CC_OK;
}
