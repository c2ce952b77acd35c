/* What a derived column sees: earlier rows of its run, peers of other arms, and what happens when it asks for what is not there. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/core/row.h"

enum { MOST = 64 };

typedef struct fixture {
    cc_table *table;
    uint32_t point[MOST], pair[MOST];
    size_t n;
} fixture;

static fixture fixture_new(void) { return (fixture){.table = cc_table_new()}; }

static void add(fixture *f, const char *arm, uint32_t point, uint32_t pair, double seed, double step, double y)
{
    assert_int_equal(cc_table_append(f->table), 0);
    cc_table_set_text(f->table, f->n, (size_t)cc_table_column(f->table, "arm", 1), arm);
    cc_table_set(f->table, f->n, (size_t)cc_table_column(f->table, "seed", 0), seed);
    cc_table_set(f->table, f->n, (size_t)cc_table_column(f->table, "step", 0), step);
    cc_table_set(f->table, f->n, (size_t)cc_table_column(f->table, "y", 0), y);
    f->point[f->n] = point;
    f->pair[f->n++] = pair;
}

/* The derived value of every row; the status of deriving. */
static cc_status derive(fixture *f, const char *place, double (*value)(const cc_row *), double out[MOST], char message[CC_MESSAGE])
{
    const cc_derived derived = {"d", "", "", value};
    cc_rows *rows = cc_rows_new(f->table, f->point, f->pair, place);
    assert_non_null(rows);
    cc_status status = cc_rows_derive(rows, &derived, message);
    for (size_t r = 0; r < f->n; r++) out[r] = cc_table_get(f->table, r, (size_t)cc_table_find(f->table, "d"));
    cc_rows_free(rows);
    return status;
}

static double lag1(const cc_row *r) { return cc_lag(r, "y", 1); }
static double lag2(const cc_row *r) { return cc_lag(r, "y", 2); }
static double lag0(const cc_row *r) { return cc_lag(r, "y", 0); }
static double origin(const cc_row *r) { return cc_lag(r, "y", -1); }
static double sum(const cc_row *r) { return cc_get(r, "y") + (isnan(cc_lag(r, "y", 1)) ? 0 : cc_lag(r, "d", 1)); }
static double peer_b(const cc_row *r) { return cc_peer(r, "b", "y"); }
static double peer_z(const cc_row *r) { return cc_peer(r, "z", "y"); }
static double of_text(const cc_row *r) { return cc_get(r, "arm"); }
static double is_a(const cc_row *r) { return strcmp(cc_get_text(r, "arm"), "a") == 0; }
static double wrong(const cc_row *r) { return cc_get(r, "Y"); }

/* Runs that are not contiguous: two arms, two seeds, interleaved. */
static fixture interleaved(void)
{
    fixture f = fixture_new();
    for (int step = 0; step < 3; step++)
        for (int seed = 0; seed < 2; seed++) {
            add(&f, "a", 0, 0, seed, step, 100 * seed + step);
            add(&f, "b", 0, 0, seed, step, 1000 + 100 * seed + step);
        }
    return f;
}

static void test_lag(void **state)
{
    (void)state;
    fixture f = interleaved();
    double d[MOST];
    char message[CC_MESSAGE];
    assert_int_equal(derive(&f, "step", lag1, d, message), CC_OK);
    for (size_t r = 0; r < f.n; r++) assert_true(r < 4 ? isnan(d[r]) : d[r] == cc_table_get(f.table, r - 4, 3));
    derive(&f, "step", lag2, d, message);
    for (size_t r = 0; r < f.n; r++) assert_true(r < 8 ? isnan(d[r]) : d[r] == cc_table_get(f.table, r - 8, 3));
    derive(&f, "step", lag0, d, message);
    for (size_t r = 0; r < f.n; r++) assert_true(d[r] == cc_table_get(f.table, r, 3));
    derive(&f, "step", origin, d, message);
    for (size_t r = 0; r < f.n; r++) assert_true(d[r] == cc_table_get(f.table, r % 4, 3));
    derive(&f, "step", sum, d, message);
    assert_true(d[8] == 0 + 1 + 2);
    assert_true(d[11] == 3 * 1100 + 0 + 1 + 2);
    cc_table_free(f.table);
}

/* A point that differs begins a new run. */
static void test_points_part_runs(void **state)
{
    (void)state;
    fixture f = fixture_new();
    double d[MOST];
    char message[CC_MESSAGE];
    for (uint32_t point = 0; point < 3; point++)
        for (int step = 0; step < 2; step++) add(&f, "a", point, point, 0, step, (double)(10 * point) + step);
    derive(&f, "step", lag1, d, message);
    for (size_t r = 0; r < f.n; r++) assert_true(r % 2 ? d[r] == (double)(10 * (r / 2)) : isnan(d[r]));
    cc_table_free(f.table);
}

static void test_peer(void **state)
{
    (void)state;
    fixture f = interleaved();
    double d[MOST];
    char message[CC_MESSAGE];
    assert_int_equal(derive(&f, "step", peer_b, d, message), CC_OK);
    for (size_t r = 0; r < f.n; r++) assert_true(d[r] == cc_table_get(f.table, r | 1, 3));
    cc_table_free(f.table);
}

/* Arms that stop or look at other steps have no peer there; without a place rows are counted. */
static void test_place(void **state)
{
    (void)state;
    fixture f = fixture_new();
    double d[MOST];
    char message[CC_MESSAGE];
    const double steps[2][3] = {{0, 1, 4}, {0, 2, 4}};
    for (int arm = 0; arm < 2; arm++)
        for (int i = 0; i < 3; i++) add(&f, arm ? "b" : "a", 0, 0, 0, steps[arm][i], 10 * arm + i);
    derive(&f, "step", peer_b, d, message);
    assert_true(d[0] == 10 && isnan(d[1]) && d[2] == 12);
    derive(&f, NULL, peer_b, d, message);
    assert_true(d[0] == 10 && d[1] == 11 && d[2] == 12);
    derive(&f, "target", peer_b, d, message); /* no such column */
    assert_true(d[1] == 11);
    cc_table_set(f.table, 2, 2, 1); /* two rows of a run at one step */
    derive(&f, "step", peer_b, d, message);
    assert_true(d[1] == 11 && d[2] == 12);
    cc_table_free(f.table);
}

/* An arm with an axis of its own: its rows have a peer, it is no peer. */
static void test_swept_arm(void **state)
{
    (void)state;
    fixture f = fixture_new();
    double d[MOST];
    char message[CC_MESSAGE];
    for (uint32_t eta = 0; eta < 3; eta++) add(&f, "z", eta, 9, 0, 0, eta);
    add(&f, "b", 9, 9, 0, 0, 7);
    assert_int_equal(derive(&f, "step", peer_b, d, message), CC_OK);
    assert_true(d[0] == 7 && d[1] == 7 && d[2] == 7);
    assert_int_equal(derive(&f, "step", peer_z, d, message), CC_EBUG);
    assert_non_null(strstr(message, "axes of its own"));
    cc_table_free(f.table);
}

static void test_missing(void **state)
{
    (void)state;
    fixture f = interleaved();
    double d[MOST];
    char message[CC_MESSAGE];
    assert_int_equal(derive(&f, "step", wrong, d, message), CC_EBUG);
    assert_non_null(strstr(message, "\"Y\""));
    assert_non_null(strstr(message, "arm seed step y"));
    assert_true(isnan(d[0]));
    assert_int_equal(derive(&f, "step", peer_z, d, message), CC_EBUG);
    assert_non_null(strstr(message, "there is no arm \"z\"; arms are: a, b"));
    assert_int_equal(derive(&f, "step", of_text, d, message), CC_OK);
    assert_true(isnan(d[0]));
    assert_int_equal(derive(&f, "step", is_a, d, message), CC_OK);
    assert_true(d[0] == 1 && d[1] == 0);
    cc_table_free(f.table);
}

static void test_nothing(void **state)
{
    (void)state;
    fixture f = fixture_new();
    double d[MOST];
    char message[CC_MESSAGE];
    const cc_derived text = {"arm", "", "", wrong};
    assert_int_equal(derive(&f, "step", wrong, d, message), CC_OK); /* no row asked */
    add(&f, "a", 0, 0, 0, 0, 1);
    cc_rows *rows = cc_rows_new(f.table, f.point, f.pair, NULL);
    assert_int_equal(cc_rows_derive(rows, &text, message), CC_EBUG);
    assert_non_null(strstr(message, "text of this name"));
    cc_rows_free(rows);
    cc_table_free(f.table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lag),     cmocka_unit_test(test_points_part_runs), cmocka_unit_test(test_peer),
        cmocka_unit_test(test_place),   cmocka_unit_test(test_swept_arm),        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
