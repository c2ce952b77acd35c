/* Claims of known verdict (plugins/judge_rules.c) through the command: controls, Holm, troubles of cells, what is written back. */
#include "harness/test/command.h"

#include <sqlite3.h>

/* The claim's entry in what `verify --json` said. */
static const cJSON *claim_of(const cJSON *json, const char *id)
{
    const cJSON *claim;
    cJSON_ArrayForEach(claim, cJSON_GetObjectItem(json, "claims"))
    {
        if (strcmp(text_of(claim, "claim"), id) == 0) return claim;
    }
    fail_msg("no claim %s in %.300s", id, said_out);
    return NULL;
}

static void assert_verdict(const cJSON *json, const char *id, const char *verdict, const char *message)
{
    const cJSON *claim = claim_of(json, id);
    if (strcmp(text_of(claim, "verdict"), verdict) != 0)
        fail_msg("%s: %s, not %s: %s", id, text_of(claim, "verdict"), verdict, text_of(claim, "message"));
    assert_mentions(text_of(claim, "message"), message);
}

static void test_every_verdict(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verify", "rules", "-t", "quick", "-q", "--json"), 1);
    cJSON *json = said_json();
    assert_verdict(json, "holds", "verified", "");
    assert_verdict(json, "fails", "refuted", "");
    assert_verdict(json, "empty", "vacuous", "control shifted passes as well");
    assert_verdict(json, "undecided", "inconclusive", "control breaks is undecided");
    assert_verdict(json, "absent", "skipped", "the ramp is not at hand");
    assert_verdict(json, "partly", "verified", "");
    assert_verdict(json, "broken", "error", "ENUMERIC: the ramp broke");
    assert_verdict(json, "late", "skipped", "not in the quick tier");
    assert_verdict(json, "misnamed", "error", "there is no column \"nosuch\"; columns are: ");
    assert_verdict(json, "misnamed", "error", "shift");
    assert_verdict(json, "stranger", "error", "there is no arm \"nobody\"; arms are: low, high");
    assert_verdict(json, "unshown", "vacuous", "control shown does not show what it must");
    assert_verdict(json, "seen", "observation", "");
    assert_verdict(json, "beyond", "untestable", "about all algorithms");
    cJSON_Delete(json);
}

static void test_derived_columns(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verify", "rules.lag", "rules.peer", "rules.order", "-t", "quick", "-q", "--json"), 0);
    cJSON *json = said_json();
    const char *const claims[] = {"lag", "peer", "order"};
    for (size_t i = 0; i < 3; i++) {
        const cJSON *control, *claim = claim_of(json, claims[i]);
        assert_verdict(json, claims[i], "verified", "");
        cJSON_ArrayForEach(control, cJSON_GetObjectItem(claim, "controls"))
            assert_true(cJSON_IsTrue(cJSON_GetObjectItem(control, "ok")));
    }
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(claim_of(json, "peer"), "controls")), 3);
    cJSON_Delete(json);
}

/* p = .75^13 = .024 passes alone and not among three. Asking for one alone does not help once the others are known. */
static void test_holm(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verify", "rules.chance1", "-t", "quick", "-q", "--json", "--store", scratch("holm.db")), 0);
    cJSON *json = said_json();
    assert_verdict(json, "chance1", "verified", "");
    double p = number_of(claim_of(json, "chance1"), "p");
    assert_true(p > .05 / 3 && p < .05);
    assert_true(number_of(claim_of(json, "chance1"), "p_holm") == p);
    cJSON_Delete(json);
    assert_int_equal(COMMAND("verify", "rules.chance1", "rules.chance2", "rules.chance3", "-t", "quick", "-q", "--json", "--store",
                             scratch("holm.db")),
                     1);
    json = said_json();
    for (int i = 1; i <= 3; i++) {
        char id[16];
        snprintf(id, sizeof id, "chance%d", i);
        assert_verdict(json, id, "inconclusive", "Holm");
        double adjusted = number_of(claim_of(json, id), "p_holm") / p;
        assert_true(adjusted > 2.999 && adjusted < 3.001);
    }
    cJSON_Delete(json);
    assert_int_equal(COMMAND("verify", "rules.chance1", "-t", "quick", "-q", "--json", "--store", scratch("holm.db")), 1);
    json = said_json();
    assert_verdict(json, "chance1", "inconclusive", "Holm");
    cJSON_Delete(json);
}

/* Exact claims are outside Holm and bear the campaign's mark. */
static void test_exact(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verify", "rules.holds", "-t", "quick", "-q", "--json"), 0);
    cJSON *json = said_json();
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(claim_of(json, "holds"), "p")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(claim_of(json, "holds"), "p_holm")));
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(claim_of(json, "holds"), "campaign_mark")));
    cJSON_Delete(json);
}

static void test_exit_codes(void **state)
{
    static const struct {
        const char *claim;
        int code;
    } cases[] = {{"rules.holds", 0}, {"rules.absent", 0}, {"rules.late", 0},      {"rules.seen", 0},   {"rules.beyond", 0},
                 {"rules.fails", 1}, {"rules.empty", 1},  {"rules.undecided", 1}, {"rules.broken", 1}, {"rules.misnamed", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int code = COMMAND("verify", cases[i].claim, "-t", "quick", "-q");
        if (code != cases[i].code) fail_msg("%s: exit %d, not %d", cases[i].claim, code, cases[i].code);
    }
}

static void test_no_claim(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verify", "rules.plain", "-t", "quick", "-q"), 3);
    assert_mentions(said_err, "none of these words names a claim");
}

static void test_no_run(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verify", "rules.holds", "-t", "quick", "--no-run", "--json", "--store", scratch("unrun.db")), 1);
    cJSON *json = said_json();
    assert_verdict(json, "holds", "error", "4 of 4 cells have not been run");
    cJSON_Delete(json);
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(scratch(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void test_baseline(void **state)
{
    (void)state;
    write_file("rules.txt", "# known\nfails quick refuted\nfails standard verified\n\nempty quick vacuous\n");
    assert_int_equal(
        COMMAND("verify", "rules.fails", "rules.empty", "rules.holds", "-t", "quick", "-q", "--baseline", scratch_folder), 0);
    assert_mentions(said_out, "All verdicts are as the baseline has them.");
    assert_int_equal(COMMAND("verify", "rules.broken", "rules.fails", "-t", "quick", "-q", "--baseline", scratch_folder), 1);
    assert_mentions(said_out, "rules.broken, quick tier: error, and no baseline says so");
    write_file("rules.txt", "fails quick verified\n");
    assert_int_equal(COMMAND("verify", "rules.fails", "-t", "quick", "-q", "--baseline", scratch_folder), 1);
    assert_mentions(said_out, "rules.fails, quick tier: refuted, the baseline says verified");
    write_file("rules.txt", "fails quick\n");
    assert_int_equal(COMMAND("verify", "rules.fails", "-t", "quick", "-q", "--baseline", scratch_folder), 1);
    assert_mentions(said_err, "rules.txt:1: not \"claim tier verdict\"");
}

/* The text that a query of the test's store yields. */
static void ask_text(const char *sql, char *text, size_t size)
{
    cc_store *store = open_store("test.db", 0);
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_prepare_v2(cc_store_sqlite(store), sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    snprintf(text, size, "%s", sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    cc_store_close(store);
}

static void test_stored_evidence(void **state)
{
    static char text[1 << 20];
    static const char *const fields[] = {"statement",  "source", "origin",      "threshold",
                                         "experiment", "tier",   "verdict_raw", "reason"};
    (void)state;
    assert_int_equal(COMMAND("verify", "rules.order", "-t", "quick", "-q"), 0);
    ask_text("SELECT json FROM verdict WHERE owner = 'rules' AND claim = 'order' AND tier = 0", text, sizeof text);
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) text_of(json, fields[i]);
    assert_int_equal(number_of(json, "cells"), 12);
    const cJSON *check = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "checks"), 0);
    assert_string_equal(text_of(check, "kind"), "ordering");
    assert_true(number_of(check, "estimate") == -5);
    assert_true(cJSON_IsArray(cJSON_GetObjectItem(check, "series")));
    const cJSON *control = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "controls"), 0);
    assert_string_equal(text_of(control, "expected"), "refuted");
    assert_string_equal(text_of(control, "verdict"), "refuted");
    const cJSON *null = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "null_controls"), 0);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(null, "ok")));
    cJSON_Delete(json);
}

static void test_derived_kept(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verify", "rules.lag", "-t", "quick", "-q"), 0);
    cc_store *store = open_store("test.db", 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM derived WHERE owner = 'rules' AND user = 'claim:lag' AND name = 'total'"), 4);
    assert_int_equal(
        ask(store, "SELECT min(length(data)) FROM derived WHERE owner = 'rules' AND user = 'claim:lag' AND name = 'total'"), 4 * 8);
    assert_int_equal(ask(store, "SELECT count(*) FROM derived WHERE owner = 'rules' AND user = 'figure:sum' AND name = 'total'"),
                     4);
    assert_int_equal(
        ask(store, "SELECT count(*) FROM member WHERE owner = 'rules' AND experiment = 'arms' AND overlay = 'peer/higher'"), 12);
    cc_store_close(store);
}

/* Pilot seeds are judged aloud and forgotten. */
static void test_pilot(void **state)
{
    (void)state;
    assert_int_equal(COMMAND("verify", "rules.holds", "-t", "quick", "-q", "--pilot", "--store", scratch("pilot.db")), 0);
    assert_mentions(said_out, "pilot seeds, not stored");
    cc_store *store = open_store("pilot.db", 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM verdict"), 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM member WHERE overlay = ''"), 0);
    assert_true(ask(store, "SELECT count(*) FROM member WHERE overlay LIKE 'pilot%'") > 0);
    cc_store_close(store);
    assert_int_equal(COMMAND("export", "rules.plain", "-t", "quick", "--pilot", "--store", scratch("pilot.db")), 0);
    assert_mentions(said_out, "2147483648");
}

static void change(const char *sql)
{
    cc_store *store = open_store("recall.db", 1);
    assert_int_equal(sqlite3_exec(cc_store_sqlite(store), sql, NULL, NULL, NULL), SQLITE_OK);
    cc_store_close(store);
}

#define RECALL(...)                                                                                                                \
    COMMAND("verify", "rules.order", "rules.peer", "rules.lag", "-t", "quick", "-q", "-v", "--store", scratch("recall.db"),        \
            __VA_ARGS__)

/* What has not changed is not judged again: rows altered behind the store's back show it. Whatever else has, is. */
static void test_recalled(void **state)
{
    static char first[sizeof said_out];
    (void)state;
    assert_int_equal(RECALL("-j", "1"), 0);
    memcpy(first, said_out, sizeof first);
    assert_int_equal(RECALL("--again"), 0);
    assert_string_equal(said_out, first);
    change("UPDATE cell_column SET data = x'0000000000000000' WHERE text = 0");
    assert_int_equal(RECALL("-j", "1"), 0);
    assert_string_equal(said_out, first);
    assert_int_equal(RECALL("--again"), 1);
    assert_string_not_equal(said_out, first);
    memcpy(first, said_out, sizeof first);
    assert_int_equal(RECALL("-j", "1"), 1); /* what --again found is what is recalled now */
    assert_string_equal(said_out, first);
    change("UPDATE judged SET evidence = x'00'"); /* no evidence: judged anew */
    assert_int_equal(RECALL("-j", "1"), 1);
    assert_string_equal(said_out, first);
    change("UPDATE judged SET evidence = evidence || x'00'");
    assert_int_equal(RECALL("-j", "1"), 1);
    assert_string_equal(said_out, first);
    change("DELETE FROM cell"); /* other cells, another basis */
    assert_int_equal(RECALL("-j", "1"), 0);
}

/* A store that was made before verdicts were recalled gets the table. */
static void test_older_store(void **state)
{
    (void)state;
    change("DROP TABLE judged");
    assert_int_equal(RECALL("-j", "1"), 0);
    cc_store *store = open_store("recall.db", 0);
    assert_true(ask(store, "SELECT count(*) FROM judged") >= 3);
    cc_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_verdict), cmocka_unit_test(test_derived_columns), cmocka_unit_test(test_holm),
        cmocka_unit_test(test_exact),         cmocka_unit_test(test_exit_codes),      cmocka_unit_test(test_no_run),
        cmocka_unit_test(test_baseline),      cmocka_unit_test(test_stored_evidence), cmocka_unit_test(test_derived_kept),
        cmocka_unit_test(test_pilot),         cmocka_unit_test(test_no_claim),        cmocka_unit_test(test_recalled),
        cmocka_unit_test(test_older_store),
    };
    return cmocka_run_group_tests(tests, command_setup, scratch_remove);
}
