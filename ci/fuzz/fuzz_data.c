/* ci/fuzz/fuzz_data.c: bytes -> the readers of data sets: CSV and libsvm tables, headers of idx files. */
#include "ci/fuzz/fuzz.h"
#include "harness/core/scope.h"
#include "problems/data/data.h"

static volatile double sink; /* what is read is used */

static void check_refused(const cc_run *scope, cc_status status)
{
    promise(status == CC_OK || status == CC_EDATA || status == CC_ENOMEM, "bytes are data, or CC_EDATA");
    promise(status == CC_OK || scope->message[0], "what is refused is explained");
    promise(memchr(scope->message, 0, sizeof scope->message) != NULL, "a message has an end");
}

/* Every number of a table that is taken is there to be read. */
static void parse_table(data_form form, size_t features, size_t header, const char *text, size_t size)
{
    cc_run scope;
    data_table table = {0};
    cc_scope_open(&scope, CC_ROLE_PROBLEM, 0, 1u << 28);
    cc_status status = data_parse_table(&scope, "fuzz", form, features, header, text, size, &table);
    check_refused(&scope, status);
    if (status == CC_OK) {
        size_t lines = 1;
        for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
        promise(table.features == features && table.n <= lines, "as many features as asked for, and at most a row a line");
        for (size_t i = 0; i < table.n * features; i++) {
            sink += table.a[i];
            promise(isfinite(table.a[i]), "features are finite");
        }
        for (size_t i = 0; i < table.n; i++) sink += table.label[i];
    }
    cc_scope_close(&scope);
}

static void parse_idx(const uint8_t *bytes, size_t size, size_t dims)
{
    cc_run scope;
    size_t dim[3] = {0};
    cc_scope_open(&scope, CC_ROLE_PROBLEM, 0, 1u << 28);
    cc_status status = data_parse_idx(&scope, "fuzz", bytes, size, dims, dim);
    check_refused(&scope, status);
    promise(status != CC_OK || (size >= 4 + 4 * dims && bytes[3] == dims),
            "a header is whole, with as many dimensions as asked for");
    cc_scope_close(&scope);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    const size_t features = 1 + data[1] % 16u, header = data[1] / 16u % 3;
    char *text = as_text(data + 2, size - 2);
    switch (data[0] % 3) {
    case 0:
        parse_table(DATA_CSV, features, header, text, size - 2);
        break;
    case 1:
        parse_table(DATA_LIBSVM, features, header, text, size - 2);
        break;
    default: {
        uint8_t *exact = malloc(size - 2 ? size - 2 : 1); /* what reads past the end is seen */
        if (!exact) abort();
        memcpy(exact, data + 2, size - 2);
        parse_idx(exact, size - 2, 1 + data[1] % 3u);
        free(exact);
    }
    }
    free(text);
    return 0;
}
