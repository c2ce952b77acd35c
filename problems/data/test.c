/* Readers of real data: what the files hold, and what is said of files that are not what they should be. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/testing.h"
#include "problems/data/data.h"

static cc_run *scope;

static int open_scope(void **state)
{
    (void)state;
    scope = cc_test_run(NULL, 0);
    return scope == NULL;
}

static int close_scope(void **state)
{
    (void)state;
    cc_test_close(scope);
    return 0;
}

static void the_tables_are_what_their_sources_say(void **state)
{
    (void)state;
    data_table t;
    assert_int_equal(data_read(scope, "breast_cancer", &t), CC_OK);
    assert_int_equal(t.n, 569);
    assert_int_equal(t.features, 30);
    assert_true(t.a[0] == 17.99);
    double benign = 0;
    for (size_t i = 0; i < t.n; i++) benign += t.label[i];
    assert_true(benign == 357); /* published class sizes: 212 malignant, 357 benign */
    assert_int_equal(data_read(scope, "digits", &t), CC_OK);
    size_t count[10] = {0};
    for (size_t i = 0; i < t.n; i++) count[(size_t)t.label[i]]++;
    assert_int_equal(count[0], 178);
    assert_int_equal(count[8], 174);
    assert_int_equal(data_read(scope, "heart_scale", &t), CC_OK);
    assert_true(t.a[0] == 0.708333);
    assert_true(t.label[1] == -1);
    assert_int_equal(data_read(scope, "iris", &t), CC_OK);
    assert_true(t.a[4 * 149 + 3] == 1.8);
    assert_true(t.label[149] == 2);
    assert_int_equal(data_read(scope, "mnist", &t), CC_EBUG);
    assert_string_equal(cc_test_message(scope), "no data set 'mnist'");
}

static void fashion_mnist_has_6000_images_of_a_class(void **state)
{
    (void)state;
    data_images train, test, few;
    const cc_status status = data_fashion_mnist(scope, DATA_TRAIN, 60000, &train);
    if (status == CC_SKIP) skip();
    assert_int_equal(status, CC_OK);
    size_t count[10] = {0}, sum = 0;
    for (size_t i = 0; i < train.n; i++) count[train.labels[i]]++;
    for (size_t c = 0; c < 10; c++) assert_int_equal(count[c], 6000);
    for (size_t i = 0; i < train.n * 784; i++) sum += train.pixels[i];
    assert_true(fabs((double)sum / 255 / (60000 * 784.) - .2860) < 5e-5); /* the published mean */
    assert_int_equal(train.labels[0], 9);
    assert_int_equal(data_fashion_mnist(scope, DATA_TEST, 10000, &test), CC_OK);
    assert_int_equal(test.labels[0], 9);
    assert_int_equal(data_fashion_mnist(scope, DATA_TRAIN, 100, &few), CC_OK);
    assert_memory_equal(few.pixels, train.pixels, 100 * 784);
    assert_memory_equal(few.labels, train.labels, 100);
    assert_int_equal(data_fashion_mnist(scope, DATA_TEST, 10001, &test), CC_EINVAL);
    assert_string_equal(cc_test_message(scope), "10001 images of Fashion-MNIST: there are 1..10000");
    assert_int_equal(data_fashion_mnist(scope, DATA_TEST, 0, &test), CC_EINVAL);
}

static void text_is_read_as_it_is_written(void **state)
{
    (void)state;
    data_table t;
    const char *csv = "a,b,y\n1, 2 ,-3\r\n\n4e1,5,6";
    assert_int_equal(data_parse_table(scope, "t", DATA_CSV, 2, 1, csv, strlen(csv), &t), CC_OK);
    assert_int_equal(t.n, 2);
    const double rows[] = {1, 2, 40, 5}, labels[] = {-3, 6};
    assert_memory_equal(t.a, rows, sizeof rows);
    assert_memory_equal(t.label, labels, sizeof labels);
    const char *sparse = "+1 3:.5 1:2\n-1\n";
    assert_int_equal(data_parse_table(scope, "t", DATA_LIBSVM, 3, 0, sparse, strlen(sparse), &t), CC_OK);
    const double dense[] = {2, 0, .5, 0, 0, 0};
    assert_int_equal(t.n, 2);
    assert_memory_equal(t.a, dense, sizeof dense);
}

static void damaged_text_is_refused_by_line(void **state)
{
    (void)state;
    static const struct {
        data_form form;
        const char *text, *message;
    } cases[] = {
        {DATA_CSV, "1,2,3\n1,2\n", "t: line 2 has too few values"},
        {DATA_CSV, "1,2,3,4\n", "t: line 1 has too many values"},
        {DATA_CSV, "1,x,3\n", "t: line 1 has something that is no number"},
        {DATA_CSV, "1,2,\n3,4,5\n", "t: line 1 has something that is no number"},
        {DATA_CSV, "1,nan,3\n", "t: line 1 has a value that is not finite"},
        {DATA_LIBSVM, "x 1:2\n", "t: line 1 does not begin with a label"},
        {DATA_LIBSVM, "1 3:2\n", "t: line 1 has an index out of range"},
        {DATA_LIBSVM, "1 0:2\n", "t: line 1 has an index out of range"},
        {DATA_LIBSVM, "1 -1:2\n", "t: line 1 has an index out of range"},
        {DATA_LIBSVM, "1 1=2\n", "t: line 1 has something that is not index:value"},
        {DATA_LIBSVM, "1 1:\n2 1:1\n", "t: line 1 has something that is no number"},
        {DATA_LIBSVM, "1 1:inf\n", "t: line 1 has a value that is not finite"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        data_table t;
        assert_int_equal(data_parse_table(scope, "t", cases[i].form, 2, 0, cases[i].text, strlen(cases[i].text), &t), CC_EDATA);
        assert_string_equal(cc_test_message(scope), cases[i].message);
    }
    data_table t;
    assert_int_equal(data_parse_table(scope, "t", DATA_CSV, 1, 0, "1\0002", 3, &t), CC_EDATA);
}

static void damaged_idx_headers_are_refused(void **state)
{
    (void)state;
    size_t dim[3];
    const unsigned char good[] = {0, 0, 8, 2, 0, 0, 1, 2, 0, 0, 0, 5};
    assert_int_equal(data_parse_idx(scope, "t", good, sizeof good, 2, dim), CC_OK);
    assert_int_equal(dim[0], 258);
    assert_int_equal(dim[1], 5);
    for (size_t cut = 0; cut < sizeof good; cut++) assert_int_equal(data_parse_idx(scope, "t", good, cut, 2, dim), CC_EDATA);
    for (size_t k = 0; k < 4; k++) {
        unsigned char bad[sizeof good];
        memcpy(bad, good, sizeof good);
        bad[k] ^= 1;
        assert_int_equal(data_parse_idx(scope, "t", bad, sizeof bad, 2, dim), CC_EDATA);
    }
    const unsigned char empty[] = {0, 0, 8, 1, 0, 0, 0, 0};
    assert_int_equal(data_parse_idx(scope, "t", empty, sizeof empty, 1, dim), CC_EDATA);
    const unsigned char huge[] = {0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255};
    assert_int_equal(data_parse_idx(scope, "t", huge, sizeof huge, 2, dim), CC_EDATA);
}

static void text_is_read_whole_and_cut_into_lines(void **state)
{
    (void)state;
    char path[] = P_tmpdir "/text-XXXXXX", *text;
    const int file = mkstemp(path);
    assert_true(file >= 0 && write(file, "a\n\nlast", 7) == 7 && close(file) == 0);
    assert_int_equal(data_text(scope, path, &text), CC_OK);
    assert_string_equal(data_line(&text), "a");
    assert_string_equal(data_line(&text), "");
    assert_string_equal(data_line(&text), "last");
    assert_null(data_line(&text));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(data_text(scope, path, &text), CC_SKIP);
    assert_int_equal(symlink(path, path), 0); /* a link to itself is there, but not to be opened */
    assert_int_equal(data_text(scope, path, &text), CC_EDATA);
    assert_non_null(strstr(cc_test_message(scope), "cannot be opened"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(data_text(scope, P_tmpdir, &text), CC_EDATA);
    assert_non_null(strstr(cc_test_message(scope), "is not a file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_tables_are_what_their_sources_say, open_scope, close_scope),
        cmocka_unit_test_setup_teardown(fashion_mnist_has_6000_images_of_a_class, open_scope, close_scope),
        cmocka_unit_test_setup_teardown(text_is_read_as_it_is_written, open_scope, close_scope),
        cmocka_unit_test_setup_teardown(damaged_text_is_refused_by_line, open_scope, close_scope),
        cmocka_unit_test_setup_teardown(damaged_idx_headers_are_refused, open_scope, close_scope),
        cmocka_unit_test_setup_teardown(text_is_read_whole_and_cut_into_lines, open_scope, close_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
