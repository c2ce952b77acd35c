/* Pictures of results: what is drawn, what is left out, and that any result gives a picture that ends and is XML. */
#include "synthetic.h"

#include "verify/csv.h"
#include "verify/plot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char picture[1 << 18];

static int draw(const cc_result *r, const char *title)
{
    memset(picture, 0, sizeof picture);
    FILE *out = fmemopen(picture, sizeof picture - 1, "w");
    assert_non_null(out);
    int drawn = cc_plot_svg(out, r, title);
    fclose(out);
    return drawn;
}

static size_t count(const char *what)
{
    size_t n = 0;
    for (const char *c = strstr(picture, what); c; c = strstr(c + 1, what)) n++;
    return n;
}

/* Text is UTF-8, elements close, every place is a number inside of the picture. */
static void check_picture(void)
{
    for (const char *c = picture; *c;) {
        size_t n = cc_utf8_length(c);
        assert_true(n > 0);
        c += n;
    }
    assert_int_equal(count("<text"), count("</text>"));
    assert_int_equal(count("<svg"), 1);
    assert_string_equal(picture + strlen(picture) - 7, "</svg>\n");
    for (const char *c = strstr(picture, " points=\""); c; c = strstr(c + 1, " points=\"")) {
        double x, y;
        int used = 0;
        for (const char *p = c + 9; *p != '"'; p += used) {
            assert_int_equal(sscanf(p, "%lf,%lf %n", &x, &y, &used), 2);
            assert_true(x >= 0 && x <= 760 && y >= 0 && y <= 480);
        }
    }
    static const char *const places[] = {" x=\"", " y=\"", " x1=\"", " y2=\"", " cx=\"", " cy=\""};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (const char *c = strstr(picture, places[i]); c; c = strstr(c + 1, places[i])) {
            double v = strtod(c + strlen(places[i]), NULL);
            assert_true(v >= 0 && v <= 760);
        }
}

static double square(double x, const void *with) { return (void)with, x * x; }

static void test_exponent(void **state)
{
    (void)state;
    cc_table *t = curves(square, NULL, 5, 9, 10, 4, .2, 1);
    const cc_check check = CC_EXPONENT(.x = "x", .y = "y", .is = CC_AT_MOST(3));
    cc_result r;
    cc_judge(t, &check, NULL, &r);
    assert_int_equal(draw(&r, "a < b & \"c\""), 0);
    check_picture();
    assert_non_null(strstr(picture, "a &lt; b &amp; &quot;c&quot;"));
    assert_non_null(strstr(picture, "prefers-color-scheme:dark"));
    assert_non_null(strstr(picture, "<text class=\"bold verified\" x=\"84\" y=\"24\">verified</text>"));
    assert_non_null(strstr(picture, "slope of log y on log x: "));
    assert_int_equal(count("class=\"line s1 dash\" points"), 1); /* the fit */
    assert_int_equal(count("<circle"), 9);
    assert_int_equal(count("class=\"bar"), 9);
    assert_non_null(strstr(picture, ">100</text>"));
    assert_non_null(strstr(picture, ">10<tspan dy=\"-4\" font-size=\"9\">4</tspan></text>"));
    assert_non_null(strstr(picture, "class=\"fine\""));
    cc_result_clear(&r);
    cc_table_free(t);
    assert_int_equal(draw(&r, "nothing"), -1);
    assert_string_equal(picture, "");
}

/* A result with one series of n points. */
static cc_result made(double *x, double *y, double *low, double *high, size_t n, cc_series *series)
{
    static char name[] = "series";
    *series = (cc_series){.name = name, .n = n, .x = x, .y = y, .low = low, .high = high};
    cc_result r = {.verdict = CC_INCONCLUSIVE, .estimate = NAN, .low = NAN, .high = NAN, .n_series = 1, .series = series};
    return r;
}

static void test_left_out(void **state)
{
    (void)state;
    double x[] = {0, 1, 10, 100, 1000, NAN, INFINITY}, y[] = {5, 5, -1, 50, 0, 7, 7};
    cc_series s;
    cc_result r = made(x, y, NULL, NULL, 7, &s);
    r.log_x = r.log_y = 1;
    assert_int_equal(draw(&r, "t"), 0);
    check_picture();
    assert_int_equal(count("<circle"), 2);
    r.log_x = r.log_y = 0;
    assert_int_equal(draw(&r, "t"), 0);
    check_picture();
    assert_int_equal(count("<circle"), 5);
    s.n = 1, y[0] = NAN;
    assert_int_equal(draw(&r, "t"), -1);
}

/* Ranges of nothing, of a bit, of all numbers: ticks end and places are numbers. */
static void test_ranges(void **state)
{
    (void)state;
    static const double pairs[][2] = {{0, 0},         {1, 1},          {-5, -5},        {1600500, 1600500}, {1e15, 1e15 + 1},
                                      {1, 1 + 1e-15}, {1e-300, 1e300}, {-1e300, 1e300}, {5e-324, 1e-323},   {1e308, INFINITY},
                                      {1e299, 1e300}, {-1, 1e-12},     {3, 4},          {6.1, 6.9},         {99, 101},
                                      {1e-320, 1}};
    double x[2] = {1, 2}, y[2], low[2] = {-INFINITY, 0}, high[2] = {INFINITY, NAN};
    cc_series s;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int plane = 0; plane < 4; plane++)
            for (int band = 0; band < 2; band++) {
                y[0] = pairs[i][0], y[1] = pairs[i][1];
                cc_result r = made(plane & 2 ? y : x, plane & 2 ? x : y, band ? low : NULL, band ? high : NULL, 2, &s);
                r.log_x = r.log_y = plane & 1;
                if (draw(&r, "t")) continue;
                check_picture();
                assert_in_range(count("class=\"grid\"") + count("class=\"fine\""), 2, 100);
                assert_true(count("text-anchor=\"end\">") >= 1 && count("text-anchor=\"middle\">") >= 3); /* ticks, and two names */
                assert_true(strlen(picture) < 40000);
            }
}

/* Less than a decade: 2 and 5 are labelled. No plane named: logarithms over three decades. A band where there are many points. */
static void test_planes(void **state)
{
    (void)state;
    double x[50], y[50], low[50], high[50];
    for (size_t i = 0; i < 50; i++) x[i] = 15 + (double)i, y[i] = pow(10, (double)i / 10), low[i] = y[i] / 2, high[i] = 2 * y[i];
    cc_series s;
    cc_result r = made(x, y, low, high, 50, &s);
    assert_int_equal(draw(&r, "t"), 0);
    check_picture();
    assert_int_equal(count("<polygon class=\"band f0\""), 1);
    assert_non_null(strstr(picture, "10<tspan")); /* y spans five decades */
    assert_null(strstr(picture, "class=\"bar"));
    r.log_x = 1;
    assert_int_equal(draw(&r, "t"), 0);
    check_picture();
    assert_non_null(strstr(picture, "text-anchor=\"middle\">20</text>"));
    assert_non_null(strstr(picture, "text-anchor=\"middle\">50</text>"));
    assert_null(strstr(picture, "10<tspan")); /* named: y is plain */
}

static void test_words(void **state)
{
    (void)state;
    double x[] = {1, 2}, y[] = {1, 2};
    char title[200] = "", long_name[] = "a name that is much longer than the legend is wide";
    cc_series s[40], one;
    cc_result r = made(x, y, NULL, NULL, 2, &one);
    for (size_t i = 0; i < 40; i++) s[i] = one;
    s[0].name = long_name;
    r.series = s, r.n_series = 40;
    for (int i = 0; i < 20; i++) strcat(title, "nine char");
    strcpy(r.x_label, "\xc2\xb5s \x01");
    memcpy(r.y_label, "cut \xe2\x82", 7); /* as a buffer's end would */
    snprintf(r.message, sizeof r.message,
             "first line of the message that goes on and on until it does not fit into one line of the "
             "picture, and then some, and more");
    r.verdict = CC_REFUTED;
    assert_int_equal(draw(&r, title), 0);
    check_picture();
    assert_non_null(strstr(picture, ">\xc2\xb5s </text>"));
    assert_non_null(strstr(picture, ">cut </text>"));
    assert_non_null(strstr(picture, ">and 23 more</text>"));
    assert_non_null(strstr(picture, ">a name that is much l</text>"));
    assert_int_equal(count("class=\"bold\""), 2); /* two lines of title */
    assert_int_equal(count("class=\"bold refuted\""), 1);
    assert_non_null(strstr(picture, "y=\"452\">first line"));
    assert_non_null(strstr(picture, "y=\"468\">"));
}

static void test_full(void **state)
{
    (void)state;
    double x[] = {1, 2}, y[] = {1, 2};
    cc_series s;
    cc_result r = made(x, y, NULL, NULL, 2, &s);
    FILE *full = fopen("/dev/full", "w");
    if (!full) skip();
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(cc_plot_svg(full, &r, "t"), -1);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_exponent), cmocka_unit_test(test_left_out),
                                       cmocka_unit_test(test_ranges),   cmocka_unit_test(test_planes),
                                       cmocka_unit_test(test_words),    cmocka_unit_test(test_full)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
