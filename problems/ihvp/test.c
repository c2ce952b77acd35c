/* problems/ihvp/test.c: scripts as they are read and refused; the metrics against answers right and wrong. */
#include "problems/ihvp/problems.h"

#include "harness/numerics/linalg.h"
#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- scripts ---- */

static void test_batch(void **state)
{
    static const ihvp_ask asks[] = {IHVP_BUILD,   IHVP_PRODUCT, IHVP_PRODUCT, IHVP_PRODUCT, IHVP_NEWEST, IHVP_DIAGONAL,
                                    IHVP_ELEMENT, IHVP_ELEMENT, IHVP_ELEMENT, IHVP_COLUMN,  IHVP_END,    IHVP_END};
    ihvp_line line;
    const double *rows = NULL;
    (void)state;
    cc_run *run = cc_test_run("ihvp.batch(d=7,m=5,lambda=0.25)", 0);
    assert_int_equal(ihvp_dim(run), 7);
    assert_int_equal(ihvp_window(run), 5);
    assert_true(ihvp_damping(run) == .25);
    for (size_t k = 0; k < sizeof asks / sizeof asks[0]; k++) {
        assert_int_equal(ihvp_next(run, &line), CC_OK);
        assert_int_equal(line.ask, asks[k]);
        if (k == 0) rows = line.rows;
        if (k == 3) assert_ptr_equal(line.x, rows + 2 * 7); /* one of the gradients */
        if (line.ask == IHVP_ELEMENT) assert_true(line.i < 7 && line.j < 7);
        if (k == 8) assert_int_equal(line.i, line.j);
    }
    assert_int_equal(cc_spent(run, "n_gradient"), 5);
    assert_int_equal(cc_spent(run, "n_answer"), 9);
    ihvp_report_words(run, 99);
    assert_int_equal(cc_spent(run, "n_word"), 99);
    cc_test_close(run);
}

static void test_stream(void **state)
{
    ihvp_line line;
    (void)state;
    cc_run *run = cc_test_run("ihvp.stream(d=3,m=2)", 0);
    for (int t = 0; t < 3 * 2 + 5; t++) {
        ihvp_next(run, &line);
        assert_int_equal(line.ask, IHVP_PUSH);
        ihvp_next(run, &line);
        assert_int_equal(line.ask, IHVP_NEWEST);
        ihvp_next(run, &line);
        assert_int_equal(line.ask, IHVP_PRODUCT);
    }
    ihvp_next(run, &line);
    assert_int_equal(line.ask, IHVP_END);
    assert_int_equal(cc_spent(run, "n_gradient"), 11);
    assert_int_equal(cc_spent(run, "n_answer"), 22);
    cc_test_close(run);
    run = cc_test_run("ihvp.stream(d=3,m=2,updates=1)", 0);
    for (int k = 0; k < 4; k++) ihvp_next(run, &line);
    assert_int_equal(line.ask, IHVP_END);
    cc_test_close(run);
}

/* Orders hold the same rows, elsewhere; the other lines stay. */
static void test_order(void **state)
{
    enum { D = 4, M = 9 };
    ihvp_line a, b;
    size_t moved = 0;
    (void)state;
    cc_run *given = cc_test_run("ihvp.batch(d=4,m=9)", 5), *other = cc_test_run("ihvp.batch(d=4,m=9,order=3)", 5);
    ihvp_next(given, &a), ihvp_next(other, &b);
    for (size_t i = 0; i < M; i++) {
        size_t found = 0;
        for (size_t k = 0; k < M; k++) found += !memcmp(a.rows + i * D, b.rows + k * D, D * sizeof(double));
        assert_int_equal(found, 1);
        moved += memcmp(a.rows + i * D, b.rows + i * D, D * sizeof(double)) != 0;
    }
    assert_true(moved > 4);
    ihvp_next(given, &a), ihvp_next(other, &b);
    assert_memory_equal(a.x, b.x, D * sizeof(double));
    cc_test_close(given), cc_test_close(other);
}

static void test_laws(void **state)
{
    enum { D = 11, M = 4000 };
    static double rows[M * D];
    (void)state;
    cc_run *run = cc_test_run(NULL, 0);
    cc_rng rng = cc_stream(run, 0, 0);
    ihvp_draw(&rng, IHVP_SPECTRUM, M, D, rows);
    for (size_t j = 0; j < D; j += 5) {
        double square = 0;
        for (size_t i = 0; i < M; i++) square += rows[i * D + j] * rows[i * D + j] / M;
        const double want = pow(.01, (double)j / 10);
        assert_true(fabs(square / want - 1) < .1);
    }
    ihvp_draw(&rng, IHVP_REPEATED, 3, D, rows);
    assert_memory_equal(rows, rows + 2 * D, D * sizeof *rows);
    cc_test_close(run);
}

static void refused(const ihvp_script *script, const char *word)
{
    cc_run *run = cc_test_run(NULL, 0);
    assert_int_equal(ihvp_accept(run, script), CC_EINVAL);
    if (!strstr(cc_test_message(run), word)) fail_msg("'%s' does not say '%s'", cc_test_message(run), word);
    cc_test_close(run);
}

static void test_refused(void **state)
{
    const double good[4] = {1, 2, 3, 4}, bad[4] = {1, 2, 3, NAN};
    const ihvp_line early[] = {{IHVP_DIAGONAL}}, poor[] = {{IHVP_BUILD, .rows = bad}}, none[] = {{IHVP_PUSH}},
                    vector[] = {{IHVP_BUILD, .rows = good}, {IHVP_PRODUCT, .x = bad + 2}},
                    missing[] = {{IHVP_BUILD, .rows = good}, {IHVP_PRODUCT}},
                    row[] = {{IHVP_BUILD, .rows = good}, {IHVP_ELEMENT, .i = 2}},
                    column[] = {{IHVP_PUSH, .rows = good}, {IHVP_COLUMN, .j = 2}};
    (void)state;
    refused(&(ihvp_script){.d = 0, .m = 2, .lambda = 1}, "d=0");
    refused(&(ihvp_script){.d = 2, .m = 0, .lambda = 1}, "m=0");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = 0}, "lambda=0");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = INFINITY}, "lambda=inf");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = 1, .lines = 1, .line = early}, "line 1 asks before");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = 1, .lines = 1, .line = poor}, "line 1: a gradient");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = 1, .lines = 1, .line = none}, "line 1: a gradient");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = 1, .lines = 2, .line = vector}, "line 2: the vector");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = 1, .lines = 2, .line = missing}, "line 2: the vector");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = 1, .lines = 2, .line = row}, "element (2, 0)");
    refused(&(ihvp_script){.d = 2, .m = 2, .lambda = 1, .lines = 2, .line = column}, "order 2");
}

/* ---- metrics ---- */

static void judge(cc_run *run, const double *values, size_t n, double want)
{
    const ihvp_answer answer = {n, values};
    const double got = cc_test_metric(run, "error", &answer);
    if (isinf(want))
        assert_true(isinf(got));
    else if (!(fabs(got - want) < 1e-12))
        fail_msg("error %g, expected %g", got, want);
}

/* Right answers computed here by an inverse of order 3; then each spoilt. */
static void test_error(void **state)
{
    enum { D = 3 };
    double f[D * D], inverse[D * D], right[D], poor[D];
    const double *window[4];
    ihvp_line line;
    (void)state;
    cc_run *run = cc_test_run("ihvp.batch(d=3,m=4,lambda=0.5)", 1);
    ihvp_next(run, &line);
    const double *rows = line.rows;
    assert_true(isnan(cc_test_metric(run, "error", &(ihvp_answer){0}))); /* nothing was asked */
    for (size_t i = 0; i < 4; i++) window[i] = rows + i * D;
    ihvp_fisher(D, 4, .5, window, f);
    assert_true(fabs(f[0] - (.5 + (rows[0] * rows[0] + rows[3] * rows[3] + rows[6] * rows[6] + rows[9] * rows[9]) / 4)) < 1e-14);
    assert_int_equal(cc_potrf(D, f), 0);
    memset(inverse, 0, sizeof inverse);
    for (size_t j = 0; j < D; j++) {
        inverse[j * D + j] = 1;
        cc_potrs(D, f, inverse + j * D);
    }
    for (ihvp_next(run, &line); line.ask != IHVP_END; ihvp_next(run, &line)) {
        const double *x = line.ask == IHVP_NEWEST ? rows + 3 * D : line.x;
        size_t n = D;
        for (size_t i = 0; i < D; i++) {
            right[i] = line.ask == IHVP_COLUMN ? inverse[i * D + line.j] : inverse[i * D + i];
            if (line.ask == IHVP_PRODUCT || line.ask == IHVP_NEWEST) right[i] = cc_dot(D, inverse + i * D, x);
        }
        if (line.ask == IHVP_ELEMENT) right[0] = inverse[line.i * D + line.j], n = 1;
        judge(run, right, n, 0);
        memcpy(poor, right, sizeof poor);
        const double unit = n == 1 ? sqrt(inverse[line.i * (D + 1)] * inverse[line.j * (D + 1)]) : cc_norm(D, right);
        poor[n - 1] += .5 * unit;
        judge(run, poor, n, .5);
        poor[0] = NAN;
        judge(run, poor, n, INFINITY);
        judge(run, right, n == 1 ? 3 : 1, INFINITY);
    }
    cc_test_close(run);
}

/* One gradient: GG'/m has the eigenvalue |g|^2 / m; before it the window is zero. */
static void test_condition(void **state)
{
    ihvp_line line;
    const ihvp_answer none = {0};
    (void)state;
    cc_run *run = cc_test_run("ihvp.stream(d=5,m=3,lambda=0.1)", 0);
    assert_true(fabs(cc_test_metric(run, "condition", &none) - 1) < 1e-15);
    ihvp_next(run, &line);
    const double want = 1 + cc_dot(5, line.rows, line.rows) / 3 / .1;
    assert_true(fabs(cc_test_metric(run, "condition", &none) / want - 1) < 1e-13);
    cc_test_close(run);
}

/* The window turns: after m + 1 gradients the first is gone. */
static void test_window(void **state)
{
    double f[4], want[2], first[2];
    const double *window[2];
    ihvp_line line;
    (void)state;
    cc_run *run = cc_test_run("ihvp.stream(d=2,m=2,lambda=1)", 3);
    const double *rows[3];
    for (int t = 0; t < 3; t++) {
        ihvp_next(run, &line);
        rows[t] = line.rows;
        ihvp_next(run, &line);
        if (t == 0) { /* half of the window is zero */
            window[0] = rows[0], window[1] = NULL;
            ihvp_fisher(2, 2, 1, window, f);
            assert_int_equal(cc_potrf(2, f), 0);
            memcpy(first, rows[0], sizeof first);
            cc_potrs(2, f, first);
            judge(run, first, 2, 0);
        }
        if (t < 2) ihvp_next(run, &line);
    }
    window[0] = rows[1], window[1] = rows[2];
    ihvp_fisher(2, 2, 1, window, f);
    assert_int_equal(cc_potrf(2, f), 0);
    memcpy(want, rows[2], sizeof want);
    cc_potrs(2, f, want);
    judge(run, want, 2, 0);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch),     cmocka_unit_test(test_stream),  cmocka_unit_test(test_order),
        cmocka_unit_test(test_laws),      cmocka_unit_test(test_refused), cmocka_unit_test(test_error),
        cmocka_unit_test(test_condition), cmocka_unit_test(test_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
