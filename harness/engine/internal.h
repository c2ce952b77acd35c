/* harness/engine/internal.h: what the files of the engine share. */
#ifndef CLAIMCHECK_HARNESS_ENGINE_INTERNAL_H
#define CLAIMCHECK_HARNESS_ENGINE_INTERNAL_H

#include "harness/engine/engine.h"

#include <sqlite3.h>
#include <sys/types.h>

/* ---- column.c: growing bytes, and a column as a blob ---- */
typedef struct cc_buffer {
    unsigned char *data;
    size_t size, capacity;
    int failed; /* no memory at some put: what follows is lost, too */
} cc_buffer;

unsigned char *cc_buffer_room(cc_buffer *buffer, size_t size); /* `size` more bytes, to be filled in; NULL: no memory */
void cc_buffer_put(cc_buffer *buffer, const void *data, size_t size);
void cc_buffer_free(cc_buffer *buffer);

/* Appends a column as schema.sql says: one value a row, or a single one that holds for all. Every NaN has the same bits. */
void cc_column_pack(const cc_table *rows, size_t column, cc_buffer *out);
/* Adds a packed column to a table that has its rows already. 0, -1: no memory, -2: the blob does not fit the number of rows. */
int cc_column_unpack(cc_table *rows, const char *name, int text, const void *data, size_t size);

/* ---- wire.c: an outcome as bytes, between processes of one program ---- */
void cc_wire_write(const cc_outcome *outcome, cc_buffer *out);
int cc_wire_read(const void *data, size_t size, cc_outcome *outcome); /* 0, or -1: no memory or malformed */

/* ---- store.c: for the other files of the store ---- */
enum { CC_STATEMENTS = 24 };
struct cc_store {
    sqlite3 *db;
    char *path;
    int writer, lock;    /* lock: the open <path>.lock of a writer, or -1 */
    int depth;           /* of cc_store_begin */
    int64_t environment; /* this machine's row; 0: not looked up yet */
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } prepared[CC_STATEMENTS];
    cc_buffer scratch;
};

/* Says what SQLite's last error means for this store; returns CC_EDATA. */
cc_status cc_store_error(cc_store *store, char message[CC_MESSAGE]);
/* Prepares `sql` once (its address is the key) and binds: t const char *, i int64_t, r double, b const void * and size_t. NULL:
 * failed. */
sqlite3_stmt *cc_store_bind(cc_store *store, char message[CC_MESSAGE], const char *sql, const char *types, ...);
/* The same, stepped to its end: a statement that yields no rows. */
cc_status cc_store_do(cc_store *store, char message[CC_MESSAGE], const char *sql, const char *types, ...);
cc_status cc_store_script(cc_store *store, char message[CC_MESSAGE], const char *sql);
/* Ends a savepoint opened by cc_store_script(.., "SAVEPOINT name"): released if `status` is CC_OK, else undone. Returns the status.
 */
cc_status cc_store_settle(cc_store *store, cc_status status, char message[CC_MESSAGE]);

/* ---- deal.c: which task goes to whom ---- */
typedef struct cc_deal cc_deal;

/* Groups the n tasks `pending` (indices) by instance, in order of first appearance, for `hands` workers. NULL: no memory. */
cc_deal *cc_deal_new(const cc_tasks *tasks, const size_t *pending, size_t n, size_t hands);
void cc_deal_free(cc_deal *deal);
size_t cc_deal_take(cc_deal *deal, size_t hand); /* the next task of this hand; SIZE_MAX: none left for it */
void cc_deal_return(cc_deal *deal, size_t hand); /* undoes the hand's last take */

/* ---- worker.c: a forked process that runs cells ---- */
typedef struct cc_worker {
    pid_t pid; /* 0: none */
    int channel;
    int starved; /* it said that an allocation had failed before it died */
    cc_buffer in;
    size_t used; /* of `in` */
} cc_worker;

typedef struct cc_command {
    uint64_t task;
    uint32_t first, n; /* seeds of the block; n = 0: all */
} cc_command;

int cc_worker_spawn(cc_worker *worker, const cc_registry *registry, const cc_tasks *tasks); /* 0, or -1 with errno */
int cc_worker_send(cc_worker *worker, cc_command command);                                  /* 0, or -1: it is dying */
typedef enum cc_received { CC_NOTHING, CC_OUTCOME, CC_CLOSED, CC_NO_ROOM } cc_received;
cc_received cc_worker_receive(cc_worker *worker, cc_outcome *outcome);
int cc_worker_end(cc_worker *worker); /* kills it if it lives; its wait status */

/* What a wait status means for the cell that was running. `late`: its deadline had passed. */
void cc_worker_blame(int wait_status, int starved, int late, const cc_task *task, char cause[32], char message[CC_MESSAGE]);

/* ---- progress.c ---- */
typedef struct cc_progress cc_progress;
cc_progress *cc_progress_new(const cc_tasks *tasks, const size_t *pending, size_t n, size_t cached, int jobs,
                             const cc_campaign_options *options);
void cc_progress_cell(cc_progress *progress, const cc_task *task, double seconds, int error); /* one more is done */
void cc_progress_show(cc_progress *progress, const cc_task *current);                         /* cheap when nothing is due */
double cc_progress_due(const cc_progress *progress); /* seconds until then; infinite when quiet */
void cc_progress_end(cc_progress *progress);         /* the final line; frees */

double cc_clock(void); /* monotonic seconds */

/* ---- crew.c: some workers, until a list of tasks is done ---- */
typedef struct cc_crew_job {
    cc_store *store;
    const cc_registry *registry;
    const cc_tasks *tasks;
    const size_t *pending; /* n indices of tasks */
    size_t n;
    size_t hands; /* how many workers */
    int timed;    /* nothing but the cell is to run: no queue, no commit beside it */
    int signals;  /* a signalfd: readable when the campaign is to stop */
    cc_progress *progress;
    cc_campaign_report *report;
} cc_crew_job;

/* Sets report->interrupted when `signals` says so. Negative: the store failed or there is no memory; no worker is left in any case.
 */
cc_status cc_crew_run(const cc_crew_job *job, char message[CC_MESSAGE]);

#endif
