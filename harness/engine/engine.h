/* harness/engine/engine.h: the store and the campaign. */
#ifndef CLAIMCHECK_HARNESS_ENGINE_H
#define CLAIMCHECK_HARNESS_ENGINE_H

#include "harness/core/core.h"

/* ---- store.c: SQLite, WAL, one writer ---- */
typedef struct cc_store cc_store;

/* Opens (writer: makes, and takes the writer's lock: a second writer is refused with its pid). NULL with a message: a corrupt or
 * foreign file is named and left untouched. */
cc_store *cc_store_open(const char *path, int writer, char message[CC_MESSAGE]);
void cc_store_close(cc_store *store);
void *cc_store_sqlite(cc_store *store); /* the sqlite3 handle, for queries of the command */

typedef struct cc_cell_info {
    int64_t id; /* 0: not in the store */
    char status[16], cause[32], message[CC_MESSAGE];
    double seconds;
    uint64_t peak_bytes;
} cc_cell_info;
cc_status cc_store_find(cc_store *store, const char *key, cc_cell_info *info, char message[CC_MESSAGE]);

/* One transaction: the cell, its columns and attachments, or nothing. Replaces an earlier error of the same key. */
cc_status cc_store_put(cc_store *store, const cc_task *task, const cc_outcome *outcome, const char *cause,
                       char message[CC_MESSAGE]);

/* The rows of a cell, with their columns; constant columns are spread. NULL: no such cell, no memory or a damaged blob. */
cc_table *cc_store_rows(cc_store *store, int64_t cell, char message[CC_MESSAGE]);

/* Definitions of all loaded plug-ins, and the members of an experiment or overlay. */
cc_status cc_store_define(cc_store *store, const cc_registry *registry, char message[CC_MESSAGE]);
cc_status cc_store_members(cc_store *store, const char *owner, const char *experiment, const char *overlay, int tier,
                           const cc_tasks *tasks, char message[CC_MESSAGE]);

/* A judgement, and derived columns (n values of the cell). */
typedef struct cc_judgement {
    const char *owner, *claim, *verdict, *message, *json;
    int tier, campaign_mark;
    double estimate, low, high, p, p_holm;
} cc_judgement;
cc_status cc_store_judge(cc_store *store, const cc_judgement *judgement, char message[CC_MESSAGE]);
cc_status cc_store_derived(cc_store *store, const char *owner, const char *user, int64_t cell, const char *name,
                           const double *values, size_t n, char message[CC_MESSAGE]);
/* What was judged under a basis. recall: 1 with malloc'd data, 0 if there is none of this basis, negative: the store failed. */
cc_status cc_store_remember(cc_store *store, const char *owner, const char *claim, int tier, const char *basis, const void *data,
                            size_t size, char message[CC_MESSAGE]);
int cc_store_recall(cc_store *store, const char *owner, const char *claim, int tier, const char *basis, void **data, size_t *size,
                    char message[CC_MESSAGE]);
cc_status cc_store_begin(cc_store *store, char message[CC_MESSAGE]); /* a transaction around many puts; nested puts join it */
cc_status cc_store_commit(cc_store *store, char message[CC_MESSAGE]);

/* Copies cells that `into` lacks from the store at `from` (shards). Counts them. Same key with different rows: CC_EDATA, named. */
cc_status cc_store_merge(cc_store *into, const char *from, size_t *copied, char message[CC_MESSAGE]);

/* Deletes cells that no member names (old digests). */
cc_status cc_store_prune(cc_store *store, size_t *deleted, char message[CC_MESSAGE]);

/* ---- campaign.c: what is missing is run in forked workers ---- */
typedef struct cc_campaign_options {
    int jobs;          /* 0: all cores */
    int shard, shards; /* 0-based; shards 0: all */
    int retry_errors;  /* 1: cells in error are run again */
    int quiet;         /* no progress */
    const char *label; /* of the progress line */
} cc_campaign_options;

typedef struct cc_campaign_report {
    size_t cells, cached, run,
        skipped;                  /* cells = cached + run + skipped, unless interrupted; a skipped cell is tried again every time */
    size_t errors;                /* of those cached or run */
    double seconds, busy_seconds; /* wall; summed over cells */
    int interrupted;              /* SIGINT or SIGTERM: what was finished is stored */
} cc_campaign_report;

/* Runs the tasks whose keys are missing (tasks with equal keys once), writes each as it ends. Cells differ in nothing for any
 * `jobs`. CC_OK also when cells ended in error (report->errors); negative: the store failed (full disk, lock), message says how. */
cc_status cc_campaign_run(cc_store *store, const cc_registry *registry, const cc_tasks *tasks, const cc_campaign_options *options,
                          cc_campaign_report *report, char message[CC_MESSAGE]);

/* environment.c:
 * {"host":..,"cpu":..,"cores":..,"memory_mb":..,"os":..,"kernel":..,"compiler":..,"flags":..,"blas":..,"commit":..,"claimcheck":..}
 */
char *cc_environment_json(void);

#endif
