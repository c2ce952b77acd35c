/* harness/core/core.h: inside the harness. Plug-ins never see this. Modules, specs, tasks; how a cell is run in this process. */
#ifndef CLAIMCHECK_HARNESS_CORE_H
#define CLAIMCHECK_HARNESS_CORE_H

#include "harness/family.h"
#include "harness/measure.h"
#include "harness/plugin.h"
#include "verify/table.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CC_MESSAGE 512 /* the size of every message buffer */

/* ---- modules (registry.c) ---- */
typedef struct cc_module {
    char *path;
    void *handle;
    const cc_plugin *plugin;
    char *digest; /* what cc_module_digest found, in room for 65; "": nobody has asked yet */
} cc_module;

typedef struct cc_registry {
    cc_module *modules; /* sorted by plug-in id */
    size_t n_modules;
    char **problems; /* "path: why" of files that could not be loaded */
    size_t n_problems;
} cc_registry;

/* Scans the plug-in folders: CLAIMCHECK_PLUGIN_PATH, then the build tree's or the install prefix's. A file is first loaded in a
 * forked child. Never NULL but for want of memory; what could not be loaded is in `problems`. */
cc_registry *cc_registry_open(void);
void cc_registry_close(cc_registry *registry);

const cc_module *cc_find_plugin(const cc_registry *registry, const char *id);
const cc_algorithm *cc_find_algorithm(const cc_registry *registry, const char *id, const cc_module **owner);
const cc_problem *cc_find_problem(const cc_registry *registry, const char *id, const cc_module **owner);
const cc_family *cc_find_family(const cc_registry *registry, const char *id, const cc_module **owner);
const char *cc_core_digest(void); /* of the harness's code that cells depend on, but for the numerics */
/* Of a module with what it takes of the numerics; read when first asked for. */
const char *cc_module_digest(const cc_module *module);
/* The same of a file that may be a module: from the file beside it; without one, of the module and the whole library. */
void cc_digest_module(const char *path, char hex[65]);
/* The same of files that are named. `listed`: a digest, then the names that its objects take from elsewhere, a line each,
 * ascending; no names: all of the library counts. `numerics`: "name digest" a line, ascending. -1: `listed` is no such file. */
int cc_digest_listed(const char *listed, const char *numerics, char hex[65]);

/* Fills `out` with "a, b or c": the names nearest to `wrong` among n names (all, when few). */
void cc_suggest(const char *wrong, const char *const *names, size_t n, char *out, size_t size);

/* ---- values and specs (param.c, spec.c) ---- */
typedef struct cc_value {
    const cc_param *param;
    double real;
    int64_t integer;
    const char *text; /* canonical text; owned by the cc_values */
} cc_value;
typedef struct cc_values {
    size_t n;
    cc_value *item;
} cc_values;

/* An algorithm or a problem with all its parameters: "gns.adaptive:paper(gamma0=1)". */
typedef struct cc_bound {
    const cc_algorithm *algorithm; /* one of the two is NULL */
    const cc_problem *problem;
    const cc_module *module;
    cc_values values;
    int64_t fixed_seed; /* of a problem; -1: the cell's */
} cc_bound;

/* ---- tasks (plan.c): a cell, ready to run ---- */
typedef struct cc_task {
    const cc_module *module; /* of the experiment and its measure */
    const cc_experiment *experiment;
    const cc_measure *measure;
    char *arm;           /* label */
    cc_bound *algorithm; /* NULL: the measure needs none */
    cc_bound *problem;   /* NULL: likewise */
    const cc_family *family;
    const cc_module *family_module;
    cc_values measure_values;
    size_t n_point;
    char **point_name, **point_value;                      /* the axes' values */
    char *point;                                           /* "mu=0.5 n=100" */
    char *metrics, *targets, *stop, *clock, *at, *running; /* the plan at this tier, ranges expanded; "" = none */
    double per_decade;
    int keep, timed;
    uint64_t seed;
    uint32_t n_seeds;
    double deadline_s, memory_mb;
    char *canonical; /* everything the rows depend on */
    char key[65];    /* SHA-256 of canonical */
} cc_task;

typedef struct cc_tasks {
    size_t n;
    cc_task **item;
} cc_tasks;

typedef struct cc_overlay { /* a control's, or the command line's: NULL: kept */
    const char *set;
    const cc_arm *arms;
} cc_overlay;

/* The cells of an experiment at a tier (0 1 2), appended to *tasks. pilot: seeds from 2^31. CC_EINVAL with a message that names
 * what is wrong and what is valid. */
cc_status cc_plan_experiment(const cc_registry *registry, const cc_module *module, const cc_experiment *experiment, int tier,
                             int pilot, const cc_overlay *overlay, cc_tasks *tasks, char message[CC_MESSAGE]);
/* One run from the command line: `solve`. */
cc_status cc_plan_solve(const cc_registry *registry, const char *algorithm, const char *problem, const char *set, const char *stop,
                        uint64_t seed, cc_tasks *tasks, char message[CC_MESSAGE]);
void cc_tasks_free(cc_tasks *tasks);
void cc_tasks_drop(cc_tasks *tasks, size_t i); /* one of them; the others keep their order */

/* ---- running a cell in this process (cell.c) ---- */
typedef struct cc_attachment {
    char *name;
    int64_t seed, row;
    int rank;
    size_t shape[4];
    double *data;
} cc_attachment;

typedef struct cc_outcome { /* what a cell gave */
    cc_status status;
    char message[CC_MESSAGE];
    cc_table *rows;
    cc_attachment *attachments;
    size_t n_attachments;
    double seconds;
    uint64_t peak_bytes;
} cc_outcome;

typedef struct cc_instances cc_instances; /* the last few instances of this process, by canonical problem and seed */
cc_instances *cc_instances_new(void);
void cc_instances_free(cc_instances *instances);

/* Runs the task; seeds [first, first + n) of its block (n = 0: all). Fills *outcome; free with cc_outcome_clear. */
void cc_task_run(const cc_registry *registry, const cc_task *task, uint32_t first, uint32_t n, cc_instances *instances,
                 cc_outcome *outcome);
void cc_outcome_clear(cc_outcome *outcome);

/* ---- small things ---- */
void cc_sha256(const void *data, size_t size, char hex[65]);
int cc_sha256_file(const char *path, char hex[65]); /* 0, or -1 with errno */
const char *cc_home(const char *what); /* "plugins" | "data" | "reports" | "share": folders of the build tree or of the install
                                          prefix; "" if none */

#ifdef __cplusplus
}
#endif
#endif
