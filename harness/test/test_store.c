/* harness/test/test_store.c: what goes into the store comes out; what is damaged, foreign, locked or full is refused and left
 * alone. */
#include "harness/test/scratch.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* ---- cells by hand ---- */

static cc_task task_of(const char *name)
{
    cc_task task = {.canonical = (char *)(uintptr_t)name, .arm = (char *)(uintptr_t) "a", .point = (char *)(uintptr_t) "n=1"};
    cc_sha256(name, strlen(name), task.key);
    return task;
}

static void set(cc_table *rows, size_t row, const char *column, double value)
{
    cc_table_set(rows, row, (size_t)cc_table_column(rows, column, 0), value);
}

static void set_text(cc_table *rows, size_t row, const char *column, const char *value)
{
    assert_int_equal(cc_table_set_text(rows, row, (size_t)cc_table_column(rows, column, 1), value), 0);
}

/* Three rows: numbers of every sort, a constant, texts, and what differs from run to run. */
static cc_outcome outcome_of(double y, double ns)
{
    const double values[3] = {y, (double)-INFINITY, -0.0};
    const char *const words[3] = {"", "SINGULAR", "zwei Wörter"};
    cc_outcome outcome = {.rows = cc_table_new(), .seconds = .25, .peak_bytes = 77};
    for (size_t i = 0; i < 3; i++) {
        cc_table_append(outcome.rows);
        set(outcome.rows, i, "y", values[i]);
        set(outcome.rows, i, "constant", .1);
        set(outcome.rows, i, "undefined", i % 2 ? (double)NAN : -(double)NAN);
        set(outcome.rows, i, "ns", ns + (double)i);
        set(outcome.rows, i, "setup_ns", ns);
        set(outcome.rows, i, "peak_bytes", ns);
        set_text(outcome.rows, i, "outcome", words[i]);
        set_text(outcome.rows, i, "arm", "a");
    }
    cc_table_column(outcome.rows, "empty", 1);
    return outcome;
}

static void attach(cc_outcome *outcome, const char *name, int64_t seed, double first)
{
    outcome->attachments = realloc(outcome->attachments, (outcome->n_attachments + 1) * sizeof *outcome->attachments);
    double *data = malloc(6 * sizeof *data);
    for (int i = 0; i < 6; i++) data[i] = first + i;
    outcome->attachments[outcome->n_attachments++] = (cc_attachment){strdup(name), seed, -1, 2, {2, 3}, data};
}

static void put(cc_store *store, const char *name, cc_outcome outcome, const char *cause)
{
    char message[CC_MESSAGE] = "";
    cc_task task = task_of(name);
    if (cc_store_put(store, &task, &outcome, cause, message) != CC_OK) fail_msg("%s", message);
    cc_outcome_clear(&outcome);
}

static cc_cell_info find(cc_store *store, const char *name)
{
    char message[CC_MESSAGE] = "";
    cc_cell_info info;
    cc_task task = task_of(name);
    assert_int_equal(cc_store_find(store, task.key, &info, message), CC_OK);
    return info;
}

static void assert_same_rows(const cc_table *a, const cc_table *b)
{
    assert_int_equal(cc_table_rows(a), cc_table_rows(b));
    assert_int_equal(cc_table_columns(a), cc_table_columns(b));
    for (size_t c = 0; c < cc_table_columns(a); c++) {
        int d = cc_table_find(b, cc_table_name(a, c));
        assert_true(d >= 0);
        assert_int_equal(cc_table_is_text(a, c), cc_table_is_text(b, (size_t)d));
        for (size_t r = 0; r < cc_table_rows(a); r++) {
            double x = cc_table_get(a, r, c), y = cc_table_get(b, r, (size_t)d);
            assert_string_equal(cc_table_text(a, r, c), cc_table_text(b, r, (size_t)d));
            assert_true((isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0);
        }
    }
}

/* ---- round trips ---- */

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    cc_store *store = open_store("s.db", 1);
    cc_outcome outcome = outcome_of(1e-300, 5);
    attach(&outcome, "spectrum", 3, 10);
    attach(&outcome, "spectrum", 4, 20);
    put(store, "one", outcome, "");
    cc_store_close(store);

    store = open_store("s.db", 0);
    cc_cell_info info = find(store, "one");
    assert_true(info.id > 0);
    assert_string_equal(info.status, "done");
    assert_string_equal(info.cause, "");
    assert_true(info.seconds == .25 && info.peak_bytes == 77);
    cc_table *rows = cc_store_rows(store, info.id, message);
    cc_outcome again = outcome_of(1e-300, 5);
    assert_non_null(rows);
    assert_same_rows(again.rows, rows);
    cc_table_free(rows);
    cc_outcome_clear(&again);

    assert_int_equal(ask(store, "SELECT length(data) FROM cell_column WHERE name = 'y'"), 24);
    assert_int_equal(ask(store, "SELECT length(data) FROM cell_column WHERE name = 'constant'"), 8);
    assert_int_equal(ask(store, "SELECT length(data) FROM cell_column WHERE name = 'undefined'"), 8);
    assert_int_equal(ask(store, "SELECT length(data) FROM cell_column WHERE name = 'arm'"), 2);
    assert_int_equal(ask(store, "SELECT length(data) FROM cell_column WHERE name = 'empty'"), 1);
    assert_int_equal(ask(store, "SELECT count(*) FROM attachment WHERE shape = '2,3' AND length(data) = 48"), 2);
    assert_int_equal(
        ask(store, "SELECT json_extract(json, '$.cores') > 0 AND length(json_extract(json, '$.host')) = 12 FROM environment"), 1);
    cc_store_close(store);
    assert_false(exists(scratch("s.db.lock")) || exists(scratch("s.db-wal")) || exists(scratch("s.db-shm")));
}

static void no_rows_and_no_cell(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    cc_store *store = open_store("s.db", 1);
    cc_outcome outcome = {.rows = cc_table_new()};
    cc_table_column(outcome.rows, "y", 0);
    cc_table_column(outcome.rows, "word", 1);
    put(store, "nothing", outcome, "");
    cc_table *rows = cc_store_rows(store, find(store, "nothing").id, message);
    assert_non_null(rows);
    assert_int_equal(cc_table_rows(rows), 0);
    assert_int_equal(cc_table_columns(rows), 2);
    cc_table_free(rows);
    assert_int_equal(find(store, "unknown").id, 0);
    assert_null(cc_store_rows(store, 4711, message));
    assert_mentions(message, "4711");
    cc_store_close(store);
}

static void an_error_is_replaced(void **state)
{
    (void)state;
    cc_store *store = open_store("s.db", 1);
    cc_outcome failure = {.status = CC_EBUG, .message = "killed by SIGSEGV"};
    cc_outcome skip = {.status = CC_SKIP, .message = "no data"};
    put(store, "one", failure, "SIGSEGV");
    put(store, "two", skip, "");
    assert_string_equal(find(store, "one").status, "error");
    assert_string_equal(find(store, "one").cause, "SIGSEGV");
    assert_string_equal(find(store, "one").message, "killed by SIGSEGV");
    assert_string_equal(find(store, "two").status, "skipped");
    put(store, "one", outcome_of(1, 1), "");
    assert_string_equal(find(store, "one").status, "done");
    assert_int_equal(ask(store, "SELECT count(*) FROM cell"), 2);
    cc_store_close(store);
}

static void a_damaged_blob_is_told(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    cc_store *store = open_store("s.db", 1);
    put(store, "one", outcome_of(1, 1), "");
    int64_t cell = find(store, "one").id;
    assert_int_equal(
        sqlite3_exec(cc_store_sqlite(store), "UPDATE cell_column SET data = x'0011' WHERE name = 'y'", NULL, NULL, NULL),
        SQLITE_OK);
    assert_null(cc_store_rows(store, cell, message));
    assert_mentions(message, "column y");
    assert_int_equal(
        sqlite3_exec(cc_store_sqlite(store), "UPDATE cell_column SET data = x'41420043' WHERE name = 'arm'", NULL, NULL, NULL),
        SQLITE_OK);
    assert_null(cc_store_rows(store, cell, message));
    assert_mentions(message, "column arm");
    cc_store_close(store);
}

static void many_puts_are_one_transaction(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    cc_store *store = open_store("s.db", 1), *reader = open_store("s.db", 0);
    assert_int_equal(cc_store_begin(store, message), CC_OK);
    put(store, "one", outcome_of(1, 1), "");
    assert_int_equal(cc_store_begin(store, message), CC_OK);
    put(store, "two", outcome_of(2, 1), "");
    assert_int_equal(cc_store_commit(store, message), CC_OK);
    assert_int_equal(ask(reader, "SELECT count(*) FROM cell"), 0);
    assert_int_equal(cc_store_commit(store, message), CC_OK);
    assert_int_equal(ask(reader, "SELECT count(*) FROM cell"), 2);
    cc_store_close(reader);
    cc_store_close(store);
}

static void members_verdicts_derived(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "";
    const double values[3] = {1, (double)NAN, 3};
    cc_store *store = open_store("s.db", 1);
    cc_task one = task_of("one"), two = task_of("two");
    cc_task *items[] = {&one, &two};
    cc_tasks tasks = {2, items};
    put(store, "one", outcome_of(1, 1), "");
    put(store, "old", outcome_of(2, 1), "");
    assert_int_equal(cc_store_members(store, "p", "e", "", 1, &tasks, message), CC_OK);
    assert_int_equal(cc_store_members(store, "p", "e", "", 1, &tasks, message), CC_OK);
    assert_int_equal(ask(store, "SELECT count(*) FROM member WHERE owner = 'p' AND experiment = 'e' AND tier = 1 AND arm = 'a'"),
                     2);
    tasks.n = 1;
    assert_int_equal(cc_store_members(store, "p", "e", "", 1, &tasks, message), CC_OK);
    assert_int_equal(ask(store, "SELECT count(*) FROM member"), 1);

    cc_judgement judgement = {.owner = "p",
                              .claim = "c",
                              .verdict = "verified",
                              .message = "m",
                              .json = "{}",
                              .tier = 1,
                              .estimate = 2,
                              .low = 1,
                              .high = 3,
                              .p = (double)NAN,
                              .p_holm = (double)NAN};
    assert_int_equal(cc_store_judge(store, &judgement, message), CC_OK);
    judgement.verdict = "refuted";
    assert_int_equal(cc_store_judge(store, &judgement, message), CC_OK);
    assert_int_equal(ask(store, "SELECT count(*) FROM verdict WHERE verdict = 'refuted' AND p IS NULL AND high = 3"), 1);

    int64_t cell = find(store, "one").id;
    assert_int_equal(cc_store_derived(store, "p", "claim:c", cell, "bound", values, 3, message), CC_OK);
    assert_int_equal(ask(store, "SELECT length(data) FROM derived WHERE name = 'bound'"), 24);
    assert_int_not_equal(cc_store_derived(store, "p", "claim:c", 4711, "bound", values, 3, message), CC_OK);

    size_t deleted;
    assert_int_equal(cc_store_prune(store, &deleted, message), CC_OK);
    assert_int_equal(deleted, 1);
    assert_true(find(store, "one").id > 0 && find(store, "old").id == 0);
    assert_int_equal(ask(store, "SELECT count(DISTINCT cell) FROM cell_column"), 1);
    cc_store_close(store);
}

/* ---- what must be refused ---- */

static void a_second_writer_is_refused(void **state)
{
    (void)state;
    char message[CC_MESSAGE] = "", pid[32];
    cc_store *store = open_store("s.db", 1), *reader = open_store("s.db", 0);
    snprintf(pid, sizeof pid, "process %d", (int)getpid());
    assert_null(cc_store_open(scratch("s.db"), 1, message));
    assert_mentions(message, "s.db");
    assert_mentions(message, pid);
    put(store, "one", outcome_of(1, 1), "");
    assert_true(find(reader, "one").id > 0);
    cc_store_close(reader);
    cc_store_close(store);
    cc_store_close(open_store("s.db", 1));
}

static void a_killed_writer_leaves_no_lock(void **state)
{
    (void)state;
    int ready[2], wait_status;
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        cc_store *store = open_store("s.db", 1);
        put(store, "one", outcome_of(1, 1), "");
        if (write(ready[1], "x", 1) == 1)
            for (;;) pause();
        _exit(store == NULL);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    kill(pid, SIGKILL);
    waitpid(pid, &wait_status, 0);
    cc_store *store = open_store("s.db", 1);
    assert_true(find(store, "one").id > 0);
    cc_store_close(store);
    close(ready[0]), close(ready[1]);
}

static void write_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void refuse(const char *name, int writer, const char *why)
{
    char before[65] = "", after[65] = "", message[CC_MESSAGE] = "", lock[64];
    cc_sha256_file(scratch(name), before);
    assert_null(cc_store_open(scratch(name), writer, message));
    assert_mentions(message, name);
    assert_mentions(message, why);
    cc_sha256_file(scratch(name), after);
    assert_string_equal(before, after);
    snprintf(lock, sizeof lock, "%s.lock", name);
    assert_false(exists(scratch(lock)));
}

static void a_foreign_file_is_left_alone(void **state)
{
    (void)state;
    static const char text[] =
        "This is a letter, and longer than the head of a database would be: it has more than a hundred bytes in it.";
    sqlite3 *other;
    write_file(scratch("letter"), text, sizeof text);
    assert_int_equal(sqlite3_open(scratch("other.db"), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "CREATE TABLE bookmarks(url)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    cc_store *store = open_store("future.db", 1);
    assert_int_equal(sqlite3_exec(cc_store_sqlite(store), "UPDATE meta SET value = '99'", NULL, NULL, NULL), SQLITE_OK);
    cc_store_close(store);
    write_file(scratch("empty.db"), "", 0);
    for (int writer = 0; writer < 2; writer++) {
        refuse("letter", writer, "not a result store");
        refuse("other.db", writer, "not a result store");
        refuse("future.db", writer, "version 99");
    }
    refuse("empty.db", 0, "empty");
    refuse("absent.db", 0, "No such file");
    assert_false(exists(scratch("absent.db")));
    char message[CC_MESSAGE] = "";
    assert_null(cc_store_open("/nowhere/at/all.db", 1, message));
    assert_mentions(message, "/nowhere/at/all.db");
}

static void a_damaged_store_is_left_alone(void **state)
{
    (void)state;
    char name[32], text[32];
    cc_store *store = open_store("good.db", 1);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "cell %d", i);
        put(store, name, outcome_of(i, i), "");
    }
    cc_store_close(store);
    struct stat file;
    assert_int_equal(stat(scratch("good.db"), &file), 0);
    size_t size = (size_t)file.st_size;
    unsigned char *bytes = malloc(size);
    int in = open(scratch("good.db"), O_RDONLY);
    assert_int_equal(read(in, bytes, size), size);
    close(in);
    write_file(scratch("cut.db"), bytes, size / 2);
    refuse("cut.db", 1, "damaged");
    for (size_t page = 1; page < 12; page += 5) { /* rubbish in the middle */
        snprintf(text, sizeof text, "bad%zu.db", page);
        memset(bytes + page * 4096, 0xa5, 4096);
        write_file(scratch(text), bytes, size);
        refuse(text, 1, "damaged");
    }
    free(bytes);
}

/* A child that may write `limit` bytes to a file puts cells until that fails. */
static void a_full_disk_is_told(void **state)
{
    (void)state;
    int wait_status;
    pid_t pid = fork();
    if (pid == 0) {
        char message[CC_MESSAGE] = "", name[32];
        cc_status status = CC_OK;
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){300000, 300000});
        cc_store *store = cc_store_open(scratch("s.db"), 1, message);
        for (int i = 0; store && status == CC_OK && i < 10000; i++) {
            cc_task task = task_of(name);
            snprintf(name, sizeof name, "cell %d", i);
            cc_sha256(name, strlen(name), task.key);
            cc_outcome outcome = outcome_of(i, i);
            status = cc_store_put(store, &task, &outcome, "", message);
            cc_outcome_clear(&outcome);
        }
        _exit(status == CC_EDATA && strstr(message, "s.db") && strstr(message, "File too large") ? 42 : 1);
    }
    waitpid(pid, &wait_status, 0);
    assert_true(WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 42);
    cc_store *store = open_store("s.db", 1);
    int64_t n = ask(store, "SELECT count(*) FROM cell");
    assert_true(n > 10 && n < 10000);
    assert_true(find(store, "cell 0").id > 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM cell_column"), 9 * n);
    put(store, "one more", outcome_of(1, 1), "");
    cc_store_close(store);
}

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
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(what_goes_in_comes_out),        IN_SCRATCH(no_rows_and_no_cell),
        IN_SCRATCH(an_error_is_replaced),          IN_SCRATCH(a_damaged_blob_is_told),
        IN_SCRATCH(many_puts_are_one_transaction), IN_SCRATCH(members_verdicts_derived),
        IN_SCRATCH(a_second_writer_is_refused),    IN_SCRATCH(a_killed_writer_leaves_no_lock),
        IN_SCRATCH(a_foreign_file_is_left_alone),  IN_SCRATCH(a_damaged_store_is_left_alone),
        IN_SCRATCH(a_full_disk_is_told),           IN_SCRATCH(shards_become_one),
        IN_SCRATCH(a_contradiction_is_named),      cmocka_unit_test(an_outcome_crosses_the_wire),
        cmocka_unit_test(instances_stay_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
