/* Reading CSV, drawing SVG. */
#include "synthetic.h"

#include "verify/csv.h"
#include "verify/plot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static cc_table *read_text(const char *text, char message[200])
{
    FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    assert_non_null(in);
    message[0] = 0;
    cc_table *t = cc_csv_read(in, message, 200);
    fclose(in);
    return t;
}

static void test_types(void **state)
{
    (void)state;
    char message[200];
    cc_table *t = read_text(
        "\xef\xbb\xbfseed,arm, y ,z\r\n0,\"a, b\",1.5,1e-3\r\n1,\"say \"\"hi\"\"\",NA,-2.25\r\n\r\n2,\"two\nlines\",,nan\r\n",
        message);
    if (!t) fail_msg("%s", message);
    assert_int_equal(cc_table_rows(t), 3);
    assert_int_equal(cc_table_columns(t), 4);
    assert_true(cc_table_is_text(t, 1) && !cc_table_is_text(t, 2));
    assert_string_equal(cc_table_name(t, 2), "y");
    assert_string_equal(cc_table_text(t, 0, 1), "a, b");
    assert_string_equal(cc_table_text(t, 1, 1), "say \"hi\"");
    assert_string_equal(cc_table_text(t, 2, 1), "two\nlines");
    assert_true(cc_table_get(t, 0, 2) == 1.5 && isnan(cc_table_get(t, 1, 2)) && isnan(cc_table_get(t, 2, 2)));
    assert_true(cc_table_get(t, 0, 3) == 1e-3 && cc_table_get(t, 1, 3) == -2.25 && isnan(cc_table_get(t, 2, 3)));
    cc_table_free(t);
    t = read_text("a\tb\n1\tx,y\n2\t3\n", message);
    assert_non_null(t);
    assert_string_equal(cc_table_text(t, 1, 1), "3"); /* one word makes the column text */
    cc_table_free(t);
    t = read_text("a;b\n1;2\n", message);
    assert_non_null(t);
    assert_int_equal(cc_table_columns(t), 2);
    cc_table_free(t);
}

/* Every short decimal reads as strtod reads it. */
static void test_numbers(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 2000; i++) {
        char number[40], text[64], message[200];
        double v = (cc_hash_uniform(1, i) - .5) * pow(10, floor(20 * cc_hash_uniform(2, i)) - 10);
        snprintf(number, sizeof number, i % 2 ? "%.*f" : "%.*g", (int)(i % 14), v);
        snprintf(text, sizeof text, "a\n%s\n", number);
        cc_table *t = read_text(text, message);
        assert_non_null(t);
        if (cc_table_get(t, 0, 0) != strtod(number, NULL)) fail_msg("%s read as %.17g", number, cc_table_get(t, 0, 0));
        cc_table_free(t);
    }
}

static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {{"a,b\n1,2\n3\n", "line 3 has 1 cells"},
               {"a,b\n1,2,3\n", "line 2 has 3 cells"},
               {"a,b\n1,\"x\n", "line 2: a quote"},
               {"a,a\n1,2\n", "`a` is there twice"},
               {"a,,c\n1,2,3\n", "column 2 has no name"},
               {"a,b\n", "no rows"},
               {"\n\n", "no header"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char message[200];
        cc_table *t = read_text(bad[i].text, message);
        if (t || !strstr(message, bad[i].says)) fail_msg("case %zu: %s", i, message);
    }
}

static double square(double x, const void *with) { return (void)with, x * x; }

static void test_plot(void **state)
{
    (void)state;
    cc_table *t = curves(square, NULL, 5, 9, 10, 2, .2, 1);
    const cc_check check = CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(3));
    cc_result r;
    char *svg = NULL;
    size_t size = 0;
    cc_judge(t, &check, NULL, &r);
    FILE *out = open_memstream(&svg, &size);
    assert_int_equal(cc_plot_svg(out, &r, "a < b & \"c\""), 0);
    fclose(out);
    assert_non_null(strstr(svg, "a &lt; b &amp; &quot;c&quot;"));
    assert_non_null(strstr(svg, "prefers-color-scheme:dark"));
    assert_null(strstr(svg, "nan"));
    assert_string_equal(svg + size - 7, "</svg>\n");
    free(svg);
    cc_result_clear(&r);
    out = open_memstream(&svg, &size);
    assert_int_equal(cc_plot_svg(out, &r, "nothing"), -1);
    fclose(out);
    free(svg);
    cc_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_types), cmocka_unit_test(test_numbers),
                                       cmocka_unit_test(test_malformed), cmocka_unit_test(test_plot)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
