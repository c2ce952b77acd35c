/* What plug-ins work with: text of sets and axes, random streams, memory, artefacts, data files, linear algebra. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/core/scope.h"
#include "harness/numerics/linalg.h"

static void words_are(cc_words words, const char *expected)
{
    char *joined = strdup("");
    for (size_t i = 0; i < words.n; i++) joined = cc_append(joined, "%s%s", i ? ";" : "", words.item[i]);
    assert_string_equal(joined, expected);
    free(joined);
    cc_words_free(&words);
}

static void test_text(void **unused)
{
    (void)unused;
    words_are(cc_axis_words("64 256 | 1024 | 4096", 0), "64;256");
    words_are(cc_axis_words("64 256 | 1024 | 4096", 2), "64;256;1024;4096");
    words_are(cc_axis_words("1| |3 4", 1), "1");
    words_are(cc_axis_words("1||3 4", 2), "1;3;4");
    words_are(cc_axis_words("a(b=1|2) | c", 0), "a(b=1|2)");
    words_are(cc_axis_words("1e-1..1e-4*0.1", 0), "0.1;0.01;0.001;0.0001");
    words_are(cc_axis_words("0..8+2 2..4", 0), "0;2;4;6;8;2;3;4");
    words_are(cc_axis_words("smooth.lse(n=20, m=50) smooth.quad", 0), "smooth.lse(n=20, m=50);smooth.quad");
    words_are(cc_axis_words("x..y 1..", 0), "x..y;1..");
    words_are(cc_words_split(" a , b(c,d) ,", ','), "a;b(c,d)");
    char *set = cc_set_at_tier("K=500|2000 p=a(b=1|2) eps<=1e-3|1e-6|1e-9", 1);
    assert_string_equal(set, "K=2000 p=a(b=1|2) eps<=1e-6");
    free(set);
}

static void test_suggest(void **unused)
{
    (void)unused;
    const char *const names[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"};
    char out[128];
    cc_suggest("gama", names, 10, out, sizeof out);
    assert_ptr_equal(strstr(out, "gamma"), out);
    cc_suggest("x", names, 3, out, sizeof out);
    assert_string_equal(out, "beta, alpha or gamma"); /* few: all of them, the nearest first */
}

static void test_random(void **unused)
{
    (void)unused;
    cc_run run;
    cc_scope_open(&run, CC_ROLE_PROBLEM, 0, 0);
    cc_rng rng = cc_stream(&run, 0, 0); /* the known answer of Random123 for key 0, counter 0 */
    assert_true(cc_bits(&rng) == 0x16554d9eca36314cULL && cc_bits(&rng) == 0xdb20fe9d672d0fdcULL &&
                cc_bits(&rng) == 0xd7e772cee186176bULL && cc_bits(&rng) == 0x7e68b68aec7ba23bULL);
    double z[20001], mean = 0, square = 0;
    rng = cc_stream(&run, 1, 7);
    cc_normal(&rng, 20001, z);
    for (int i = 0; i < 20001; i++) mean += z[i] / 20001, square += z[i] * z[i] / 20001;
    assert_true(fabs(mean) < 0.03 && fabs(square - 1) < 0.04);
    double again;
    rng = cc_stream(&run, 1, 7);
    cc_normal(&rng, 1, &again);
    assert_true(again == z[0]);
    int seen[5] = {0};
    for (int i = 0; i < 5000; i++) seen[cc_below(&rng, 5)]++;
    for (int i = 0; i < 5; i++) assert_true(seen[i] > 850 && seen[i] < 1150);
}

static void test_alloc(void **unused)
{
    (void)unused;
    cc_run run;
    cc_scope_open(&run, CC_ROLE_RUN, 0, 1000);
    double *p = cc_alloc(&run, 100, 8);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % 64, 0);
    for (int i = 0; i < 100; i++) assert_true(p[i] == 0);
    assert_null(cc_alloc(&run, 100, 8));
    assert_non_null(strstr(run.message, "800"));
    assert_null(cc_alloc(&run, SIZE_MAX / 2, 8));
    cc_scope_close(&run);
}

static cc_status made(cc_run *scope, const void *arg, void **data, size_t *bytes)
{
    double *d;
    CC_NEW(scope, d, 3);
    ++*(int *)(uintptr_t)arg;
    d[2] = 42;
    *data = d;
    *bytes = 3 * sizeof *d;
    return CC_OK;
}

static void test_artefact_is_made_once(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/claimcheck-test-XXXXXX", key[64];
    int makes = 0;
    cc_run run;
    assert_non_null(mkdtemp(folder));
    setenv("CLAIMCHECK_CACHE", folder, 1);
    cc_scope_open(&run, CC_ROLE_PROBLEM, 0, 0);
    snprintf(key, sizeof key, "test %ld", (long)getpid());
    for (int i = 0; i < 3; i++) {
        const void *data = key; /* whatever was there */
        size_t bytes = 1;
        assert_int_equal(cc_artefact(&run, key, made, &makes, &data, &bytes), CC_OK);
        assert_true(bytes == 24 && ((const double *)data)[2] == 42);
    }
    assert_int_equal(makes, 1);
    cc_scope_close(&run);
    char command[96];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    assert_int_equal(system(command), 0);
}

static void test_data_files(void **unused)
{
    (void)unused;
    char file[] = "/tmp/claimcheck-data-XXXXXX";
    const char *path;
    cc_run run;
    int handle = mkstemp(file);
    assert_true(handle >= 0 && write(handle, "abc", 3) == 3 && close(handle) == 0);
    cc_scope_open(&run, CC_ROLE_PROBLEM, 0, 0);
    assert_int_equal(cc_data_file(&run, file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", &path), CC_OK);
    assert_string_equal(path, file);
    assert_int_equal(cc_data_file(&run, file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ae", &path), CC_EDATA);
    unlink(file);
    assert_int_equal(cc_data_file(&run, file, NULL, &path), CC_SKIP);
    assert_int_equal(cc_data_file(&run, "no-such-set.csv", NULL, &path), CC_SKIP);
    cc_scope_close(&run);
}

static void test_linear_algebra(void **unused)
{
    (void)unused;
    double a[9] = {4, 0, 0, 2, 5, 0, 1, 3, 6}, b[3] = {7, 10, 10}, l[9], x[3]; /* lower triangle of a symmetric matrix; A 1 = b */
    memcpy(l, a, sizeof a);
    memcpy(x, b, sizeof b);
    assert_int_equal(cc_potrf(3, l), 0);
    cc_potrs(3, l, x);
    for (int i = 0; i < 3; i++) assert_true(fabs(x[i] - 1) < 1e-14);
    cc_fill_upper(3, a);
    assert_true(a[1] == 2 && a[2] == 1 && a[5] == 3);
    double full[6] = {1, 2, 3, 4, 5, 6}, y[3], c[9] = {0}, v[2] = {1, -1}; /* 2 x 3 */
    cc_gemv_t(2, 3, 1, full, v, 0, y);
    assert_true(y[0] == -3 && y[1] == -3 && y[2] == -3);
    cc_syrk_t(2, 3, 1, full, 0, c);
    assert_true(c[0] == 17 && c[3] == 22 && c[4] == 29 && c[8] == 45 && c[1] == 0);
    double general[4] = {0, 2, 1, 1}, rhs[2] = {2, 3};
    int pivots[2];
    assert_int_equal(cc_getrf(2, general, pivots), 0);
    cc_getrs(2, general, pivots, rhs);
    assert_true(fabs(rhs[0] - 2) < 1e-15 && fabs(rhs[1] - 1) < 1e-15);
    double w[3], s[2], again[6];
    memcpy(again, full, sizeof full);
    assert_int_equal(cc_syev(3, a, 1, w), 0);
    assert_true(w[0] <= w[1] && fabs(w[0] + w[1] + w[2] - 15) < 1e-12);
    assert_int_equal(cc_svdvals(2, 3, again, s), 0);
    assert_true(fabs(s[0] * s[0] + s[1] * s[1] - 91) < 1e-11);
    double turn[4] = {1, -2, 2, 1}, re[2], im[2]; /* 1 +- 2i */
    assert_int_equal(cc_geev(2, turn, re, im), 0);
    assert_true(fabs(re[0] - 1) < 1e-14 && fabs(re[1] - 1) < 1e-14 && fabs(fabs(im[0]) - 2) < 1e-14 && im[0] == -im[1]);
    double tall[6] = {1, 0, 0, 1, 1, 1}, right[3] = {1, 2, 3};
    assert_int_equal(cc_lstsq(3, 2, tall, right), 0);
    assert_true(fabs(right[0] - 1) < 1e-14 && fabs(right[1] - 2) < 1e-14);
    double bad[1] = {-1};
    assert_int_equal(cc_potrf(1, bad), 1);
    bad[0] = NAN;
    assert_int_equal(cc_potrf(1, bad), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_suggest),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_alloc),
        cmocka_unit_test(test_artefact_is_made_once),
        cmocka_unit_test(test_data_files),
        cmocka_unit_test(test_linear_algebra),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
