/* What a module's cells depend on: its own objects, and of the numerics what it takes, directly or not. */
#include "harness/core/core.h"
#include "harness/test/scratch.h"

static void put(const char *name, const char *text)
{
    FILE *file = fopen(scratch(name), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void shell(const char *line)
{
    char whole[1000];
    snprintf(whole, sizeof whole, "cd '%s' && PATH=/usr/bin:/bin:$PATH && %s", scratch_folder, line);
    if (system(whole) != 0) fail_msg("failed: %s", whole);
}

/* A small library: outer takes inner, which takes outer again; apart takes neither. user takes outer, loner nothing of it. */
static void build(const char *inner, const char *user)
{
    put("outer.c", "int inner(int n); int outer(int n); int outer(int n) { return n ? inner(n - 1) + 1 : 0; }");
    put("inner.c", inner);
    put("apart.c", "int apart(int n); int apart(int n) { return 3 * n; }");
    put("user.c", user);
    put("loner.c", "int main(void); int elsewhere(int n); int main(void) { return elsewhere(1); }");
    shell("for f in outer inner apart user loner; do cc -O1 -c $f.c -o $f.o || exit 1; done");
    shell("\"$CLAIMCHECK_SOURCE/ci/closures\" table outer.o inner.o apart.o && \"$CLAIMCHECK_SOURCE/ci/digest\" user.digest user.o "
          "&& "
          "\"$CLAIMCHECK_SOURCE/ci/digest\" loner.digest loner.o");
}

typedef struct digests {
    char user[65], loner[65];
} digests;

static digests read_digests(void)
{
    digests d;
    assert_int_equal(cc_digest_listed(scratch("user.digest"), scratch("table"), d.user), 0);
    assert_int_equal(cc_digest_listed(scratch("loner.digest"), scratch("table"), d.loner), 0);
    return d;
}

static const char inner_1[] = "int outer(int n); int inner(int n); int inner(int n) { return n ? outer(n - 1) + 1 : 0; }",
                  inner_2[] = "int outer(int n); int inner(int n); int inner(int n) { return n ? outer(n - 1) + 2 : 0; }",
                  user_1[] = "int outer(int n); int main(void) { return outer(3); }",
                  user_2[] = "int outer(int n); int main(void) { return outer(4); }";

static void test_a_change_reaches_its_users(void **unused)
{
    (void)unused;
    build(inner_1, user_1);
    digests first = read_digests();
    build(inner_1, user_1);
    digests again = read_digests();
    assert_memory_equal(&first, &again, sizeof first);
    build(inner_2, user_1); /* what user takes takes */
    digests changed = read_digests();
    assert_string_not_equal(first.user, changed.user);
    assert_string_equal(first.loner, changed.loner);
    build(inner_1, user_2); /* its own code */
    changed = read_digests();
    assert_string_not_equal(first.user, changed.user);
    assert_string_equal(first.loner, changed.loner);
}

/* The library is built anew, the module is not: its file is the old one. */
static void test_a_module_that_was_not_built_again(void **unused)
{
    (void)unused;
    build(inner_1, user_1);
    digests first = read_digests();
    shell("cp user.digest kept");
    build(inner_2, user_1);
    shell("cp kept user.digest");
    assert_string_not_equal(first.user, read_digests().user);
    /* What it takes moves to an object that changes later. */
    put("apart.c", "int outer(int n); int outer(int n) { return 3 * n; }");
    shell("cc -O1 -c apart.c -o apart.o && \"$CLAIMCHECK_SOURCE/ci/closures\" table inner.o apart.o");
    digests moved = read_digests();
    put("apart.c", "int outer(int n); int outer(int n) { return 4 * n; }");
    shell("cc -O1 -c apart.c -o apart.o && \"$CLAIMCHECK_SOURCE/ci/closures\" table inner.o apart.o");
    assert_string_not_equal(moved.user, read_digests().user);
}

static void test_what_is_not_known_depends_on_all(void **unused)
{
    (void)unused;
    char known[65], nameless[65], tableless[65], hex[65];
    build(inner_1, user_1);
    strcpy(known, read_digests().loner);
    shell("head -n 1 loner.digest > nameless");
    assert_int_equal(cc_digest_listed(scratch("nameless"), scratch("table"), nameless), 0);
    assert_string_not_equal(known, nameless);
    assert_int_equal(cc_digest_listed(scratch("loner.digest"), scratch("none"), tableless), 0);
    assert_string_equal(nameless, tableless);
    put("short", "0123\nouter\n");
    assert_int_equal(cc_digest_listed(scratch("short"), scratch("table"), hex), -1);
    assert_int_equal(cc_digest_listed(scratch("none"), scratch("table"), hex), -1);
    /* A module without a file beside it: its bytes, and the library's. */
    char bytes[65];
    cc_digest_module(scratch("user.o"), hex);
    assert_int_equal(cc_sha256_file(scratch("user.o"), bytes), 0);
    assert_int_equal(strlen(hex), 64);
    assert_string_not_equal(hex, bytes);
    cc_digest_module(scratch("none"), hex);
    assert_string_equal(hex, "unreadable");
}

/* This build's table: each name once, in the order that the reader relies on, the numerics and the table of rows among them and the
 * core not. */
static void test_the_table_of_this_build(void **unused)
{
    (void)unused;
    char line[400], last[256] = "", name[256], hex[65];
    const char *found[] = {"cc_gemm", "cc_lanczos_new", "cc_mlp_here", "cc_table_append", "nn_dense", "nn_forward"},
               *foreign[] = {"cc_stream", "cc_flops", "cc_emit"};
    size_t n_found = 0;
    FILE *table = fopen(cc_home("numerics.digest"), "r");
    assert_non_null(table);
    while (fgets(line, sizeof line, table)) {
        assert_int_equal(sscanf(line, "%255s %64s", name, hex), 2);
        assert_int_equal(strlen(hex), 64);
        assert_true(strcmp(last, name) < 0);
        strcpy(last, name);
        for (size_t i = 0; i < sizeof found / sizeof *found; i++) n_found += !strcmp(name, found[i]);
        for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) assert_string_not_equal(name, foreign[i]);
    }
    fclose(table);
    assert_int_equal(n_found, sizeof found / sizeof *found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_change_reaches_its_users, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_a_module_that_was_not_built_again, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_what_is_not_known_depends_on_all, scratch_make, scratch_remove),
        cmocka_unit_test(test_the_table_of_this_build),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
