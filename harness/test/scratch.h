/* harness/test/scratch.h: a folder that lives as long as a test, and questions to a store, for the tests of the engine. */
#ifndef CLAIMCHECK_HARNESS_TEST_SCRATCH_H
#define CLAIMCHECK_HARNESS_TEST_SCRATCH_H

#include "harness/engine/internal.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char scratch_folder[64];

static inline int scratch_make(void **state)
{
    (void)state;
    strcpy(scratch_folder, "/tmp/claimcheck.XXXXXX");
    return mkdtemp(scratch_folder) ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
    (void)state;
    char path[400];
    DIR *folder = opendir(scratch_folder);
    if (!folder) return -1;
    for (struct dirent *e; (e = readdir(folder));) {
        snprintf(path, sizeof path, "%s/%s", scratch_folder, e->d_name);
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) unlink(path);
    }
    closedir(folder);
    return rmdir(scratch_folder);
}

/* A path in the folder; four at a time. */
static inline const char *scratch(const char *name)
{
    static char path[4][128];
    static unsigned turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", scratch_folder, name);
    return path[turn];
}

static inline int exists(const char *path) { return access(path, F_OK) == 0; }

static inline cc_store *open_store(const char *name, int writer)
{
    char message[CC_MESSAGE] = "";
    cc_store *store = cc_store_open(scratch(name), writer, message);
    if (!store) fail_msg("%s", message);
    return store;
}

/* The single number that a query yields. */
static inline int64_t ask(cc_store *store, const char *sql)
{
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_prepare_v2(cc_store_sqlite(store), sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return n;
}

static inline void assert_mentions(const char *message, const char *what)
{
    if (!strstr(message, what)) fail_msg("\"%s\" does not mention \"%s\"", message, what);
}

#endif
