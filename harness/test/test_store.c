/* harness/test/test_store.c: what goes into the store comes out; what is damaged, foreign, locked or full is refused and left
 * alone. */
#include "harness/test/cells.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

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
    assert_int_equal(sqlite3_exec(cc_store_sqlite(store), "UPDATE cell SET rows = 1 << 60", NULL, NULL, NULL), SQLITE_OK);
    assert_null(cc_store_rows(store, cell, message));
    assert_mentions(message, "1152921504606846976 rows");
    assert_int_equal(sqlite3_exec(cc_store_sqlite(store), "UPDATE cell SET rows = -3", NULL, NULL, NULL), SQLITE_OK);
    assert_null(cc_store_rows(store, cell, message));
    assert_mentions(message, "-3 rows");
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

/* Opening and closing change the journal's mode: a moment of its own to be killed in. */
static void a_writer_may_be_killed_at_any_moment(void **state)
{
    (void)state;
    int64_t before = 0;
    for (long round = 0; round < 30 || (before <= 10 && round < 300); round++) {
        pid_t pid = fork();
        if (pid == 0) {
            for (;;) {
                cc_store *store = open_store("s.db", 1);
                char name[32];
                snprintf(name, sizeof name, "cell %d", (int)ask(store, "SELECT count(*) FROM cell"));
                put(store, name, outcome_of(1, 1), "");
                cc_store_close(store);
            }
        }
        nanosleep(&(struct timespec){0, 20000000 + round % 60 * 777777}, NULL);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        cc_store *store = open_store("s.db", 1);
        int64_t cells = ask(store, "SELECT count(*) FROM cell");
        assert_int_equal(ask(store, "SELECT count(*) FROM cell_column"), 9 * cells);
        assert_true(cells >= before);
        before = cells;
        cc_store_close(store);
    }
    assert_true(before > 10);
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

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(what_goes_in_comes_out),
        IN_SCRATCH(no_rows_and_no_cell),
        IN_SCRATCH(an_error_is_replaced),
        IN_SCRATCH(a_damaged_blob_is_told),
        IN_SCRATCH(many_puts_are_one_transaction),
        IN_SCRATCH(members_verdicts_derived),
        IN_SCRATCH(a_second_writer_is_refused),
        IN_SCRATCH(a_killed_writer_leaves_no_lock),
        IN_SCRATCH(a_writer_may_be_killed_at_any_moment),
        IN_SCRATCH(a_foreign_file_is_left_alone),
        IN_SCRATCH(a_damaged_store_is_left_alone),
        IN_SCRATCH(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
