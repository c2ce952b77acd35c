/* harness/test/test_merge.c: shards become one store; and what shards stand on: outcomes cross the wire, tasks are dealt once each.
 */
#include "harness/test/cells.h"

/* ---- merging ---- */

static void shards_become_one(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    size_t copied;
    cc_store *a = open_store("a.db", 1), *b = open_store("100%?#b.db", 1);
    cc_outcome failure = {.status = CC_EBUG, .message = "killed"};
    cc_outcome with_array = outcome_of(4, 1);
    attach(&with_array, "spectrum", 0, 1);
    cc_task one = task_of("one");
    cc_task *items[] = {&one};
    cc_tasks tasks = {1, items};
    put(a, "one", outcome_of(1, 100), "");
    put(a, "two", failure, "SIGSEGV");
    put(a, "three", outcome_of(3, 1), "");
    put(b, "one", outcome_of(1, 200), ""); /* other times, equal rows */
    put(b, "two", outcome_of(2, 1), "");
    put(b, "three", failure, "SIGSEGV");
    put(b, "four", with_array, "");
    assert_int_equal(cc_store_members(b, "p", "e", "", 0, &tasks, message), CC_OK);
    assert_int_equal(sqlite3_exec(cc_store_sqlite(b), "UPDATE environment SET digest = 'other', json = '{\"host\":\"other\"}'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    cc_store_close(b);

    if (cc_store_merge(a, scratch("100%?#b.db"), &copied, message) != CC_OK) fail_msg("%s", message);
    assert_int_equal(copied, 2);
    assert_string_equal(find(a, "two").status, "done");
    assert_string_equal(find(a, "three").status, "done");
    assert_int_equal(ask(a, "SELECT count(*) FROM cell"), 4);
    assert_int_equal(ask(a, "SELECT count(*) FROM cell JOIN environment e ON e.id = environment WHERE e.digest = 'other'"), 2);
    assert_int_equal(ask(a, "SELECT count(*) FROM attachment"), 1);
    assert_int_equal(ask(a, "SELECT count(*) FROM member"), 1);
    cc_table *rows = cc_store_rows(a, find(a, "four").id, message);
    cc_outcome four = outcome_of(4, 1);
    assert_same_rows(four.rows, rows);
    cc_table_free(rows);
    cc_outcome_clear(&four);
    assert_int_equal(cc_store_merge(a, scratch("100%?#b.db"), &copied, message), CC_OK);
    assert_int_equal(copied, 0);
    cc_store_close(a);
}

static void a_contradiction_is_named(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    size_t copied;
    for (int array = 0; array < 2; array++) {
        cc_store *a = open_store(array ? "a1.db" : "a0.db", 1), *b = open_store(array ? "b1.db" : "b0.db", 1);
        cc_outcome ours = outcome_of(1, 1), theirs = outcome_of(array ? 1 : 1 + 1e-16 * 4, 1);
        attach(&ours, "spectrum", 0, 1);
        attach(&theirs, "spectrum", 0, array ? 2 : 1);
        put(a, "same", ours, "");
        put(b, "same", theirs, "");
        put(b, "new", outcome_of(2, 1), "");
        cc_store_close(b);
        assert_int_equal(cc_store_merge(a, scratch(array ? "b1.db" : "b0.db"), &copied, message), CC_EDATA);
        assert_mentions(message, task_of("same").key);
        assert_int_equal(copied, 0);
        assert_int_equal(ask(a, "SELECT count(*) FROM cell"), 1);
        cc_store_close(a);
    }
    cc_store *a = open_store("a0.db", 1);
    assert_int_equal(cc_store_merge(a, scratch("absent.db"), &copied, message), CC_EDATA);
    assert_mentions(message, "absent.db");
    cc_store_close(a);
}

/* ---- the wire and the deal ---- */

static void an_outcome_crosses_the_wire(void **state)
{
    (void)state;
    cc_buffer wire = {0};
    cc_outcome outcome = outcome_of(2, 3), back;
    strcpy(outcome.message, "said");
    attach(&outcome, "spectrum", 3, 10);
    cc_wire_write(&outcome, &wire);
    assert_false(wire.failed);
    assert_int_equal(cc_wire_read(wire.data, wire.size, &back), 0);
    assert_string_equal(back.message, "said");
    assert_true(back.status == CC_OK && back.seconds == .25 && back.peak_bytes == 77 && back.n_attachments == 1);
    assert_same_rows(outcome.rows, back.rows);
    assert_true(back.attachments[0].seed == 3 && back.attachments[0].row == -1 && back.attachments[0].rank == 2);
    assert_memory_equal(back.attachments[0].data, outcome.attachments[0].data, 48);
    cc_outcome_clear(&back);
    for (size_t size = 0; size < wire.size; size++) assert_int_equal(cc_wire_read(wire.data, size, &back), -1);
    cc_buffer_free(&wire);
    cc_outcome_clear(&outcome);
}

static void instances_stay_together(void **state)
{
    (void)state;
    enum { N = 60, INSTANCES = 7, HANDS = 3 };
    static const cc_problem problem = {.id = "p"};
    cc_bound bound = {.problem = &problem, .fixed_seed = -1};
    cc_task task[N] = {{0}};
    cc_task *items[N];
    cc_tasks tasks = {N, items};
    size_t pending[N], taken[N] = {0}, changes = 0, last[HANDS];
    for (size_t i = 0; i < N; i++) task[i].problem = &bound, task[i].seed = i % INSTANCES, items[i] = &task[i], pending[i] = i;
    cc_deal *deal = cc_deal_new(&tasks, pending, N, HANDS);
    for (size_t left = N, hand = 0, begun = 0; left; hand = (hand + 1) % HANDS) {
        size_t t = cc_deal_take(deal, hand);
        if (t == SIZE_MAX) continue;
        if (left % 5 == 0) { /* given back and taken again: the same */
            cc_deal_return(deal, hand);
            assert_int_equal(cc_deal_take(deal, hand), t);
        }
        if (begun < HANDS)
            begun++;
        else
            changes += task[last[hand]].seed != task[t].seed;
        last[hand] = t;
        taken[t]++, left--;
    }
    for (size_t i = 0; i < N; i++) assert_int_equal(taken[i], 1);
    for (size_t hand = 0; hand < HANDS; hand++) assert_true(cc_deal_take(deal, hand) == SIZE_MAX);
    assert_true(changes < INSTANCES + 2 * HANDS);
    cc_deal_free(deal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shards_become_one, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_contradiction_is_named, scratch_make, scratch_remove),
        cmocka_unit_test(an_outcome_crosses_the_wire),
        cmocka_unit_test(instances_stay_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
