/* ci/fuzz/fuzz_store.c: bytes -> a damaged result store: any file at all, or a store whose cells and columns are not what they
 * should be; opened, read, merged into another. */
#include <unistd.h>

#include <sqlite3.h>

#include "ci/fuzz/fuzz.h"
#include "harness/engine/engine.h"

static char path[64], other[64];
static volatile double sink; /* what is read is used */

static void start(void)
{
    if (path[0]) return;
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* in memory: nothing waits for a disk */
    snprintf(path, sizeof path, "%s/claimcheck-fuzz-%d.db", folder, (int)getpid());
    snprintf(other, sizeof other, "%s/claimcheck-fuzz-%d-into.db", folder, (int)getpid());
}

static void end(const char *name)
{
    static const char *const with[] = {"", "-wal", "-shm", "-journal", ".lock"};
    char file[96];
    for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
        snprintf(file, sizeof file, "%s%s", name, with[i]);
        unlink(file);
    }
}

/* Any bytes as a store: opened for reading, they are refused with a reason, or read. */
static void open_bytes(const uint8_t *data, size_t size)
{
    char message[CC_MESSAGE] = "";
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file)) abort();
    cc_store *store = cc_store_open(path, 0, message);
    promise(store || message[0], "what is refused is explained");
    cc_cell_info info = {0};
    if (store && cc_store_find(store, "key", &info, message) != CC_OK) promise(message[0] != 0, "a failure is explained");
    cc_store_close(store);
    end(path);
}

static void execute(sqlite3 *db, const char *sql, const void *blob, size_t size, int64_t first, int64_t second)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) abort();
    if (sqlite3_bind_parameter_count(statement) > 0) sqlite3_bind_int64(statement, 1, first);
    if (sqlite3_bind_parameter_count(statement) > 1) sqlite3_bind_int64(statement, 2, second);
    if (sqlite3_bind_parameter_count(statement) > 2) sqlite3_bind_blob64(statement, 3, blob ? blob : "", size, SQLITE_STATIC);
    sqlite3_step(statement); /* a constraint may refuse it */
    sqlite3_finalize(statement);
}

/* A cell of data[0] rows; then its columns: a byte for the name, one for the type and a length, the blob. */
static void fill(sqlite3 *db, const uint8_t *data, size_t size)
{
    execute(db, "INSERT OR IGNORE INTO environment (id, digest, json) VALUES (1, 'd', '{}')", NULL, 0, 0, 0);
    execute(db,
            "INSERT INTO cell (id, key, canonical, status, rows, environment, finished) VALUES (?1, 'key', 'c', 'done', ?2, 1, '')",
            NULL, 0, 1, data[0] % 32);
    for (size_t at = 1; at + 3 <= size;) {
        const int64_t text = data[at] & 1, named = data[at] >> 1 & 7;
        size_t length = data[at + 1];
        if (length > size - at - 2) length = size - at - 2;
        execute(db, "INSERT INTO cell_column (cell, name, text, data) VALUES (1, 'c' || ?1, ?2, ?3)", data + at + 2, length, named,
                text);
        at += 2 + length;
    }
}

/* Every value of a table that is given can be read. */
static void check_rows(const cc_table *table, size_t expected)
{
    promise(cc_table_rows(table) == expected, "a table has the rows that the cell says");
    for (size_t c = 0; c < cc_table_columns(table); c++)
        for (size_t i = 0; i < expected; i++)
            sink += cc_table_is_text(table, c) ? (double)strlen(cc_table_text(table, i, c)) : cc_table_get(table, i, c);
}

static void read_cell(const uint8_t *data, size_t size)
{
    char message[CC_MESSAGE] = "";
    size_t copied = 0;
    cc_store *store = cc_store_open(path, 1, message);
    if (!store) abort();
    fill(cc_store_sqlite(store), data, size);
    cc_cell_info info = {0};
    promise(cc_store_find(store, "key", &info, message) == CC_OK && info.id == 1, "the cell is there");
    cc_table *table = cc_store_rows(store, 1, message);
    promise(table || message[0], "what is refused is explained");
    if (table) check_rows(table, data[0] % 32);
    cc_table_free(table);
    cc_store_close(store);

    cc_store *into = cc_store_open(other, 1, message);
    if (!into) abort();
    for (int twice = 0; twice < 2; twice++) {
        message[0] = 0;
        cc_status status = cc_store_merge(into, path, &copied, message);
        promise(status == CC_OK || message[0], "a store that is not merged is explained");
        promise(status != CC_OK || copied == (twice == 0), "a cell is copied once");
    }
    cc_store_close(into);
    end(path);
    end(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    start();
    if (size < 2) return 0;
    if (data[0] % 4 == 0)
        open_bytes(data + 1, size - 1);
    else
        read_cell(data + 1, size - 1);
    return 0;
}
