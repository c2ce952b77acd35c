/* harness/engine/store.c: opening and closing the store, its lock, its errors, its transactions. */
#include "harness/engine/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char schema[] =
#include "schema.inc"
    ;
static const char schema_version[] = "1";

/* ---- errors and statements ---- */

/* The errno behind the last error. SQLite forgets it when a COMMIT fails; the WAL's file still knows. */
static int system_error(sqlite3 *db)
{
    sqlite3_file *wal = NULL;
    int cause = sqlite3_system_errno(db);
    if (!cause && sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK && wal && wal->pMethods)
        wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &cause);
    return cause;
}

cc_status cc_store_error(cc_store *store, char message[CC_MESSAGE])
{
    int code = sqlite3_errcode(store->db), cause = system_error(store->db);
    const char *why = sqlite3_errmsg(store->db);
    switch (code & 0xff) {
    case SQLITE_FULL:
        snprintf(message, CC_MESSAGE, "store %s: cannot be written: the disk is full", store->path);
        break;
    case SQLITE_IOERR:
        snprintf(message, CC_MESSAGE, "store %s: %s: %s", store->path, why, cause ? strerror(cause) : "no cause known");
        break;
    case SQLITE_CORRUPT:
        snprintf(message, CC_MESSAGE, "store %s is damaged: %s", store->path, why);
        break;
    case SQLITE_NOTADB:
        snprintf(message, CC_MESSAGE, "%s is not a result store (not an SQLite file)", store->path);
        break;
    case SQLITE_CANTOPEN:
        snprintf(message, CC_MESSAGE, "store %s: cannot be opened: %s", store->path, cause ? strerror(cause) : why);
        break;
    case SQLITE_BUSY:
        snprintf(message, CC_MESSAGE, "store %s: locked by another program", store->path);
        break;
    default:
        snprintf(message, CC_MESSAGE, "store %s: %s", store->path, why);
    }
    return CC_EDATA;
}

static sqlite3_stmt *prepare(cc_store *store, const char *sql)
{
    size_t i = 0;
    while (i < CC_STATEMENTS && store->prepared[i].sql && store->prepared[i].sql != sql) i++;
    if (i == CC_STATEMENTS) i = 0, sqlite3_finalize(store->prepared[0].statement), store->prepared[0].sql = NULL;
    if (!store->prepared[i].sql) {
        if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &store->prepared[i].statement, NULL)) return NULL;
        store->prepared[i].sql = sql;
    }
    sqlite3_reset(store->prepared[i].statement);
    return store->prepared[i].statement;
}

static int bind_all(sqlite3_stmt *statement, const char *types, va_list values)
{
    int bad = 0;
    for (int i = 1; types[i - 1] && !bad; i++) {
        switch (types[i - 1]) {
        case 't':
            bad = sqlite3_bind_text(statement, i, va_arg(values, const char *), -1, SQLITE_STATIC);
            break;
        case 'i':
            bad = sqlite3_bind_int64(statement, i, va_arg(values, int64_t));
            break;
        case 'r':
            bad = sqlite3_bind_double(statement, i, va_arg(values, double));
            break;
        default: {
            const void *data = va_arg(values, const void *);
            bad = sqlite3_bind_blob64(statement, i, data ? data : "", va_arg(values, size_t), SQLITE_STATIC);
        }
        }
    }
    return bad;
}

static sqlite3_stmt *bind(cc_store *store, char message[CC_MESSAGE], const char *sql, const char *types, va_list values)
{
    sqlite3_stmt *statement = prepare(store, sql);
    if (!statement || bind_all(statement, types, values)) {
        cc_store_error(store, message);
        return NULL;
    }
    return statement;
}

sqlite3_stmt *cc_store_bind(cc_store *store, char message[CC_MESSAGE], const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = bind(store, message, sql, types, values);
    va_end(values);
    return statement;
}

cc_status cc_store_do(cc_store *store, char message[CC_MESSAGE], const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = bind(store, message, sql, types, values);
    va_end(values);
    if (!statement) return CC_EDATA;
    cc_status status = sqlite3_step(statement) == SQLITE_DONE ? CC_OK : cc_store_error(store, message);
    sqlite3_reset(statement);
    return status;
}

cc_status cc_store_script(cc_store *store, char message[CC_MESSAGE], const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? CC_OK : cc_store_error(store, message);
}

/* ---- transactions ---- */

cc_status cc_store_begin(cc_store *store, char message[CC_MESSAGE])
{
    if (store->depth == 0) CC_TRY(cc_store_do(store, message, "BEGIN IMMEDIATE", ""));
    store->depth++;
    return CC_OK;
}

cc_status cc_store_commit(cc_store *store, char message[CC_MESSAGE])
{
    if (store->depth == 0 || --store->depth > 0) return CC_OK;
    cc_status status = cc_store_do(store, message, "COMMIT", "");
    if (status != CC_OK && !sqlite3_get_autocommit(store->db)) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

cc_status cc_store_settle(cc_store *store, cc_status status, char message[CC_MESSAGE])
{
    if (status == CC_OK) status = cc_store_do(store, message, "RELEASE part", "");
    /* After a full disk SQLite may have undone the whole transaction by itself. */
    if (status != CC_OK && !sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
    return status;
}

/* ---- the writer's lock: flock on <path>.lock, which holds the pid ---- */

static int lock_refused(int lock, const char *path, char message[CC_MESSAGE])
{
    char pid[16] = "";
    ssize_t n = pread(lock, pid, sizeof pid - 1, 0);
    pid[n > 0 ? n : 0] = 0;
    pid[strcspn(pid, "\n")] = 0;
    snprintf(message, CC_MESSAGE, "store %s is being written by process %s", path, *pid ? pid : "unknown");
    close(lock);
    return -1;
}

/* The open lock file, or -1 with a message. */
static int lock_take(const char *path, char message[CC_MESSAGE])
{
    char name[4096];
    struct stat held, named;
    snprintf(name, sizeof name, "%s.lock", path);
    for (;;) {
        int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (lock < 0) {
            snprintf(message, CC_MESSAGE, "store %s: its lock file cannot be made: %s", path, strerror(errno));
            return -1;
        }
        if (flock(lock, LOCK_EX | LOCK_NB)) return lock_refused(lock, path, message);
        /* The former owner may have removed the file between our open and our flock. */
        if (fstat(lock, &held) == 0 && stat(name, &named) == 0 && held.st_ino == named.st_ino) {
            if (ftruncate(lock, 0) == 0) dprintf(lock, "%d\n", (int)getpid());
            return lock;
        }
        close(lock);
    }
}

static void lock_release(cc_store *store)
{
    char name[4096];
    snprintf(name, sizeof name, "%s.lock", store->path);
    unlink(name);
    close(store->lock);
}

/* ---- opening ---- */

typedef enum found { EMPTY, OURS, FAILED } found;

/* One text of the first row; "" if it is NULL. 1, 0: no row, -1: error. */
static int query_text(sqlite3 *db, const char *sql, char *text, size_t size)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL)) return -1;
    int row = sqlite3_step(statement);
    const unsigned char *value = row == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
    snprintf(text, size, "%s", value ? (const char *)value : "");
    int bad = sqlite3_finalize(statement);
    return bad ? -1 : row == SQLITE_ROW;
}

/* What the file is; nothing of it is changed. */
static found inspect(cc_store *store, char message[CC_MESSAGE])
{
    char tables[32], version[32], whole[256];
    if (query_text(store->db, "SELECT count(*) FROM sqlite_master", tables, sizeof tables) < 0) {
        cc_store_error(store, message);
        return FAILED;
    }
    if (strcmp(tables, "0") == 0) return EMPTY;
    if (query_text(store->db, "SELECT value FROM meta WHERE key = 'schema'", version, sizeof version) != 1) {
        if ((sqlite3_errcode(store->db) & 0xff) == SQLITE_CORRUPT)
            cc_store_error(store, message);
        else
            snprintf(message, CC_MESSAGE, "%s is not a result store (an SQLite file of another program)", store->path);
        return FAILED;
    }
    if (strcmp(version, schema_version) != 0) {
        snprintf(message, CC_MESSAGE, "store %s has schema version %s, this program reads version %s", store->path, version,
                 schema_version);
        return FAILED;
    }
    if (store->writer && (query_text(store->db, "PRAGMA quick_check(1)", whole, sizeof whole) != 1 || strcmp(whole, "ok") != 0)) {
        snprintf(message, CC_MESSAGE, "store %s is damaged: %s", store->path, *whole ? whole : sqlite3_errmsg(store->db));
        return FAILED;
    }
    return OURS;
}

static int is_there(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0;
}

static found open_and_inspect(cc_store *store, int flags, char message[CC_MESSAGE])
{
    if (sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL)) {
        cc_store_error(store, message);
        return FAILED;
    }
    sqlite3_busy_timeout(store->db, 10000);
    return inspect(store, message);
}

/* Looks without writing; only if a writer was killed in the one moment that leaves a journal to be played back, with. */
static found look_at(cc_store *store, char message[CC_MESSAGE])
{
    found file = open_and_inspect(store, SQLITE_OPEN_READONLY, message);
    if (file == FAILED && (sqlite3_errcode(store->db) & 0xff) == SQLITE_READONLY) {
        sqlite3_close(store->db);
        file = open_and_inspect(store, SQLITE_OPEN_READWRITE, message);
    }
    return file;
}

static cc_status open_read_only(cc_store *store, char message[CC_MESSAGE])
{
    if (!is_there(store->path)) {
        snprintf(message, CC_MESSAGE, "no store at %s: %s", store->path, strerror(errno));
        return CC_EDATA;
    }
    found file = look_at(store, message);
    if (file == EMPTY) snprintf(message, CC_MESSAGE, "%s is empty, not a result store", store->path);
    return file == OURS ? CC_OK : CC_EDATA;
}

static cc_status make_schema(cc_store *store, char message[CC_MESSAGE])
{
    CC_TRY(cc_store_begin(store, message));
    cc_status status = cc_store_script(store, message, schema);
    if (status == CC_OK) status = cc_store_do(store, message, "INSERT INTO meta VALUES('schema', ?)", "t", schema_version);
    cc_status end = cc_store_commit(store, message);
    return status ? status : end;
}

static cc_status open_writer(cc_store *store, char message[CC_MESSAGE])
{
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is then an error of write(), which we report */
    store->lock = lock_take(store->path, message);
    if (store->lock < 0) return CC_EDATA;
    found file = EMPTY;
    if (is_there(store->path)) {
        file = look_at(store, message);
        if (file == FAILED) return CC_EDATA;
        sqlite3_close(store->db), store->db = NULL;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    if (sqlite3_open_v2(store->path, &store->db, flags, NULL)) return cc_store_error(store, message);
    sqlite3_busy_timeout(store->db, 10000);
    CC_TRY(cc_store_script(store, message,
                           "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
                           "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000"));
    return file == EMPTY ? make_schema(store, message) : cc_store_script(store, message, schema); /* tables that came later */
}

cc_store *cc_store_open(const char *path, int writer, char message[CC_MESSAGE])
{
    cc_store *store = calloc(1, sizeof *store);
    if (store) store->path = strdup(path);
    if (!store || !store->path) {
        snprintf(message, CC_MESSAGE, "no memory to open %s", path);
        free(store);
        return NULL;
    }
    store->writer = writer, store->lock = -1;
    if ((writer ? open_writer(store, message) : open_read_only(store, message)) == CC_OK) return store;
    cc_store_close(store);
    return NULL;
}

void cc_store_close(cc_store *store)
{
    if (!store) return;
    for (size_t i = 0; i < CC_STATEMENTS; i++) sqlite3_finalize(store->prepared[i].statement);
    if (store->writer && store->db) { /* one plain file, readable from a read-only place; not while others read it */
        sqlite3_busy_timeout(store->db, 0);
        sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
    sqlite3_close(store->db);
    if (store->lock >= 0) lock_release(store);
    cc_buffer_free(&store->scratch);
    free(store->path);
    free(store);
}

void *cc_store_sqlite(cc_store *store) { return store->db; }
