/* Reading CSV: what is a column, a number, a line; what is refused, and what it says. */
#include "synthetic.h"

#include "verify/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

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

static cc_table *good(const char *text)
{
    char message[200];
    cc_table *t = read_text(text, message);
    if (!t) fail_msg("%s", message);
    return t;
}

static void test_types(void **state)
{
    (void)state;
    cc_table *t = good("\xef\xbb\xbfseed,arm, y ,z\r\n0,\"a, b\",1.5,1e-3\r\n1,\"say \"\"hi\"\"\",NA,-2.25\r\n\r\n"
                       "2,\"two\nlines\",,nan\r\n");
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
    t = good("a\tb\n1\tx,y\n2\t3\n");
    assert_string_equal(cc_table_text(t, 1, 1), "3"); /* one word makes the column text */
    cc_table_free(t);
    t = good("a,b\n1,3\n2,x\n");
    assert_string_equal(cc_table_text(t, 0, 1), "3"); /* also when it comes late */
    cc_table_free(t);
}

static void test_separators(void **state)
{
    (void)state;
    static const char *const same[] = {"a,b c,d\n1,2,\n",
                                       "a;b c;d\n1;2;\n",
                                       "a\tb c\td\n1\t2\t\n",
                                       "\"a\";\"b c\";d\n1;2;\n",
                                       "a , b c , d\n 1, 2 ,\n",
                                       "a,b c,d\r1,2,\r",
                                       "# made\n\na,b c,d\n# why\n1,2,\n#end",
                                       "\"a\" ,b c, \"d\"\n\"1\",\"2\", \n"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        cc_table *t = good(same[i]);
        assert_int_equal(cc_table_rows(t), 1);
        assert_int_equal(cc_table_columns(t), 3);
        assert_string_equal(cc_table_name(t, 0), "a");
        assert_string_equal(cc_table_name(t, 1), "b c");
        assert_string_equal(cc_table_name(t, 2), "d");
        assert_true(cc_table_get(t, 0, 0) == 1 && cc_table_get(t, 0, 1) == 2 && isnan(cc_table_get(t, 0, 2)));
        cc_table_free(t);
    }
    cc_table *t = good(",n,\"\"\n0,5,6\n"); /* an index without a name, as data frames are written */
    assert_string_equal(cc_table_name(t, 0), "column_1");
    assert_string_equal(cc_table_name(t, 2), "column_3");
    cc_table_free(t);
    t = good("a\n#1\n\"#2\"\n");
    assert_int_equal(cc_table_rows(t), 1);
    assert_string_equal(cc_table_text(t, 0, 0), "#2"); /* quoted, it is no comment */
    cc_table_free(t);
    t = good("price;name\n1,5;\"x;y\"\n");
    assert_string_equal(cc_table_text(t, 0, 0), "1,5"); /* a decimal comma is no number */
    assert_string_equal(cc_table_text(t, 0, 1), "x;y");
    cc_table_free(t);
}

static void check_number(const char *number)
{
    double v;
    char padded[128];
    snprintf(padded, sizeof padded, "%s,", number);
    assert_true(cc_csv_is_number(padded, strlen(number), &v));
    double expected = strtod(number, NULL);
    if (memcmp(&v, &expected, sizeof v) != 0) fail_msg("%s read as %.17g", number, v);
}

/* Every decimal reads as strtod reads it, to the last bit. */
static void test_numbers(void **state)
{
    (void)state;
    static const char *const special[] = {"0",
                                          "-0",
                                          "+1",
                                          ".5",
                                          "5.",
                                          "1e5",
                                          "1E+5",
                                          "1e-5",
                                          "inf",
                                          "-inf",
                                          "Infinity",
                                          "0x1.8p3",
                                          "1e999",
                                          "-1e999",
                                          "1e-999",
                                          "4.9e-324",
                                          "2.2250738585072011e-308",
                                          "9007199254740993",
                                          "9007199254740993.0",
                                          "9007199254740992.99999",
                                          "18446744073709551615",
                                          "9999999999999999999",
                                          "99999999999999999999",
                                          "0.1",
                                          "1e27",
                                          "1e28",
                                          "1e-27",
                                          "1e22",
                                          "1e23",
                                          "8.5000000000000000000000000000001",
                                          "1.00000000000000011102230246251565404e0",
                                          "100000000000000000000000000000000000000000000000000000000000000",
                                          "5e-324"};
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) check_number(special[i]);
    for (uint64_t i = 0; i < 200000; i++) {
        char number[400];
        double v = (cc_hash_uniform(1, i) - .5) * pow(10, floor(60 * cc_hash_uniform(2, i)) - 30);
        snprintf(number, sizeof number, i % 3 == 0 ? "%.*f" : i % 3 == 1 ? "%.*g" : "%.*e", (int)(i % 19), v);
        check_number(number);
    }
}

static void test_no_numbers(void **state)
{
    (void)state;
    static const char *const nan_text[] = {"", "NA", "na", "nan", "NaN", "null", "N/A", "-nan"};
    static const char *const text[] = {"1e", "1e+",      "1.2.3", "-", "+",   ".",     "e5",   "1,5", "1 2", "12a",
                                       "0x", "infinite", "nanx",  "i", "--1", "1e1.5", "true", "abc", "N",   "\xc2\xb5"};
    double v;
    for (size_t i = 0; i < sizeof nan_text / sizeof *nan_text; i++) {
        assert_true(cc_csv_is_number(nan_text[i], strlen(nan_text[i]), &v));
        assert_true(isnan(v));
    }
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (cc_csv_is_number(text[i], strlen(text[i]), &v)) fail_msg("%s read as %g", text[i], v);
    char digits[700] = {0};
    memset(digits, '7', sizeof digits - 1);
    assert_false(cc_csv_is_number(digits, 699, &v));
    assert_true(cc_csv_is_number(digits, 300, &v));
}

static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {{"a,b\n1,2\n3\n", "line 3 has 1 field, the header has 2"},
               {"a,b\n1,2,3\n", "line 2 has at least 3 fields, the header has 2"},
               {"a,b\n#\n\"x\ny\",1\n2\n", "line 5 has 1 field,"},
               {"a,b\r\n1,2\r\n\r\n3\r\n", "line 4 has 1 field,"},
               {"a,b\r1,2\r3\r", "line 3 has 1 field,"},
               {"a,b\n1,\"x\n", "line 2: a quote is not closed"},
               {"a,\"b\n1,x\n", "line 1: a quote is not closed"},
               {"a,b\n1,\"x\"y\n", "line 2: text behind a closing quote"},
               {"a,a\n1,2\n", "line 1: column `a` is there twice"},
               {"x\n#c\n", "no rows below the header"},
               {"a,b\n", "no rows below the header"},
               {"\n\n", "no header line, only comments and blank lines"},
               {"# n,ops\n#\n", "no header line, only comments"},
               {"# n,ops\n1,2\n3,4\n", "line 2: `1` is no name of a column: the first line must be a header"},
               {"\xef\xbb\xbf", "the file is empty"},
               {"a,b\n1,\x01\n", "line 2: byte 0x01 is no text"},
               {"a,b\n1,\x7f\n", "line 2: byte 0x7f is no text"},
               {"a,b\n1,\xb5s\n", "line 2: byte 0xb5 is no text: the file is binary, or not UTF-8"},
               {"a,b\n1,\xe2\x82", "line 2: byte 0xe2 is no text"},
               {"a,b\n1,\xc0\xaf\n", "byte 0xc0 is no text"},
               {"a,b\n1,\xed\xa0\x80\n", "byte 0xed is no text"},
               {"a,b\n1,\xf4\x90\x80\x80\n", "byte 0xf4 is no text"},
               {"\x1f\x8b\x08 x", "compressed"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char message[200];
        cc_table *t = read_text(bad[i].text, message);
        if (t || !strstr(message, bad[i].says)) fail_msg("case %zu: %s", i, message);
    }
    cc_table_free(good("a,b\n1,\xc2\xb5\xe2\x82\xac\xf0\x9f\x98\x80\n"));
}

static void expect_bytes(const char *text, size_t n, const char *says)
{
    char message[200] = "", path[] = "/tmp/claimcheck-csv-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w+");
    assert_int_equal(fwrite(text, 1, n, file), n);
    rewind(file);
    cc_table *t = cc_csv_read(file, message, sizeof message);
    fclose(file);
    remove(path);
    if (t || !strstr(message, says)) fail_msg("%s is not: %s", message, says);
}

static void test_bytes(void **state)
{
    (void)state;
    expect_bytes("", 0, "the file is empty");
    expect_bytes("a,b\n1,\0002\n", 9, "the file is binary: it holds a zero byte");
    expect_bytes("\xff\xfe\x61\x20", 4, "UTF-16");
    expect_bytes("\xff\xfe\x61\0,\0b\0", 8, "UTF-16"); /* what a spreadsheet writes */
    expect_bytes("\xfe\xff\0\x61\0,\0b", 8, "UTF-16");
    expect_bytes("\x1f\x8b\x08\0\0\0", 6, "compressed");
    FILE *closed = fopen("/", "r"); /* opens, cannot be read */
    char message[200];
    assert_non_null(closed);
    assert_null(cc_csv_read(closed, message, sizeof message));
    assert_string_equal(message, "the text cannot be read");
    fclose(closed);
}

static void test_too_long(void **state)
{
    (void)state;
    size_t n = CC_CSV_FIELD + 100;
    char *text = malloc(n), message[200];
    assert_non_null(text);
    memset(text, 'x', n);
    memcpy(text, "a\n", 2);
    text[n - 1] = 0;
    assert_null(cc_csv_parse(text, n - 1, message, sizeof message));
    assert_string_equal(message, "line 2: a field of more than 65536 bytes");
    text[2] = '"';
    assert_null(cc_csv_parse(text, n - 1, message, sizeof message));
    assert_string_equal(message, "line 2: a field of more than 65536 bytes: is its quote closed?");
    text[2 + CC_CSV_FIELD] = 0; /* the longest that fits */
    text[2] = 'x';
    cc_table *t = cc_csv_parse(text, 2 + CC_CSV_FIELD, message, sizeof message);
    assert_non_null(t);
    assert_int_equal(strlen(cc_table_text(t, 0, 0)), CC_CSV_FIELD);
    cc_table_free(t);
    for (size_t i = 0; i < n - 1; i++) text[i] = i % 2 ? ',' : 'x';
    assert_null(cc_csv_parse(text, n - 1, message, sizeof message));
    assert_string_equal(message, "line 1: column `x` is there twice");
    for (size_t i = 0; i < n - 1; i++) text[i] = ',';
    assert_null(cc_csv_parse(text, n - 1, message, sizeof message));
    assert_string_equal(message, "line 1: more than 4096 columns");
    free(text);
}

/* A million rows, four columns. The bound is loose: the machine may be busy; unoptimised and instrumented builds are slower. */
static void test_speed(void **state)
{
    (void)state;
    enum { ROWS = 1000000 };
    size_t n = 0, capacity = (size_t)ROWS * 64;
    char *text = malloc(capacity), message[200];
    assert_non_null(text);
    n += (size_t)sprintf(text, "seed,n,ops,arm\n");
    for (int i = 0; i < ROWS; i++) {
        double v = cc_hash_uniform(3, (uint64_t)i);
        memcpy(text + n, "17,1000.5,0.", 12);
        n += 12;
        for (int d = 0; d < 16; d++, v *= 10, v -= floor(v)) text[n++] = (char)('0' + (int)(10 * v));
        memcpy(text + n, ",vr\n", 4);
        n += 4;
    }
    text[n] = 0;
    clock_t start = clock();
    cc_table *t = cc_csv_parse(text, n, message, sizeof message);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (!t) fail_msg("%s", message);
    assert_int_equal(cc_table_rows(t), ROWS);
    print_message("%.2f s of processor time, %.0f MB/s\n", seconds, 1e-6 * (double)n / seconds);
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
    assert_true(seconds < 1);
#endif
    cc_table_free(t);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_types),     cmocka_unit_test(test_separators),
                                       cmocka_unit_test(test_numbers),   cmocka_unit_test(test_no_numbers),
                                       cmocka_unit_test(test_malformed), cmocka_unit_test(test_bytes),
                                       cmocka_unit_test(test_too_long),  cmocka_unit_test(test_speed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
