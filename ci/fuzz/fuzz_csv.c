/* ci/fuzz/fuzz_csv.c: bytes -> reader of tables -> an exponent judged on the first columns -> its picture. */
#include "ci/fuzz/fuzz.h"
#include "verify/csv.h"
#include "verify/plot.h"

/* Numbers are read as strtod reads them, to the last bit. */
static void check_number(const char *text, size_t n)
{
    double value, expected;
    char copy[64], *end;
    if (n == 0 || n >= sizeof copy || memchr(text, 0, n) || !cc_csv_is_number(text, n, &value) || isnan(value)) return;
    memcpy(copy, text, n);
    copy[n] = 0;
    expected = strtod(copy, &end);
    promise(*end == 0 && memcmp(&value, &expected, sizeof value) == 0, "a number is what strtod says");
}

static void draw(const cc_result *result)
{
    char *svg = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&svg, &n);
    if (!out) abort();
    int drawn = cc_plot_svg(out, result, "fuzz") == 0;
    fclose(out);
    static const char *const nowhere[] = {"=\"nan", "=\"-nan", "=\"inf", "=\"-inf"};
    for (size_t i = 0; drawn && i < 4; i++) promise(!strstr(svg, nowhere[i]), "a picture has a place for all that it shows");
    free(svg);
}

static void judge(const cc_table *table)
{
    size_t columns = cc_table_columns(table);
    cc_check check = {.kind = CC_KIND_EXPONENT,
                      .x = cc_table_name(table, 0),
                      .y = cc_table_name(table, columns > 1),
                      .over = columns > 2 ? cc_table_name(table, 2) : "",
                      .is = CC_AT_MOST(2)};
    const cc_judge_options options = {.resamples = 99};
    cc_result result;
    cc_judge(table, &check, &options, &result);
    check_result(&result);
    draw(&result);
    cc_result_clear(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = as_text(data, size), message[200] = "";
    cc_table *table = cc_csv_parse(text, size, message, sizeof message);
    promise(table || message[0], "what is refused is explained");
    if (table) {
        promise(cc_table_columns(table) > 0 && cc_table_rows(table) > 0, "a table has columns and rows");
        if (cc_table_rows(table) <= 300) judge(table);
    }
    cc_table_free(table);
    check_number(text, strcspn(text, "\n"));
    free(text);
    return 0;
}
