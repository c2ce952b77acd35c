/* harness/family.h: for authors of families and problems. No algorithm's file includes it (a test greps). */
#ifndef CLAIMCHECK_HARNESS_FAMILY_H
#define CLAIMCHECK_HARNESS_FAMILY_H

#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first member of every cc_run: what a family's functions reach the problem by. `count` has one slot for each counter the
 * family declares, in that order; a family's function adds to it what the call costs. */
typedef struct cc_oracle {
    const void *ops, *instance;
    void *env;
    uint64_t *count;
} cc_oracle;

static inline const cc_oracle *cc_oracle_of(cc_run *run) { return (const cc_oracle *)(const void *)run; }

/* A quality measure of a candidate; never billed. NaN where it is not defined. */
typedef struct cc_metric {
    const char *name, *unit, *doc;
    double (*value)(const cc_oracle *oracle, const void *candidate);
} cc_metric;

/* A class of problems with one oracle contract. `candidate` names the C type of a candidate: "double[d]". */
typedef struct cc_family {
    const char *id, *candidate, *doc;
    const cc_column *counters;
    const cc_metric *metrics;
} cc_family;

/* A generator of instances. `seed` is implicit: the cell's, or fixed by `set="seed=3124"`. */
typedef struct cc_problem {
    const char *id, *family, *summary, *reference;
    const cc_param *params;
    const void *ops;          /* the family's table of oracles */
    const cc_metric *metrics; /* beside the family's */
    /* Data and constants; immutable afterwards, shared by runs. CC_SKIP with a message if data are absent. */
    cc_status (*create)(cc_run *scope, void **instance);
    /* The environment, one a run, mutable: caches, workspace, position, history. NULL: none. Its scope has the run's streams. */
    cc_status (*begin)(cc_run *scope, const void *instance, void **env);
} cc_problem;

typedef enum cc_audience { CC_TOLD, CC_HIDDEN } cc_audience;

/* A known constant of the instance: told to algorithms (L, mu), or hidden (f_star) and seen by metrics and claims only. */
cc_status cc_publish(cc_run *scope, cc_audience who, const char *name, double value);

/* A published constant, told or hidden, from inside a problem (metrics, begin); NaN if there is none. */
double cc_known(const cc_oracle *oracle, const char *name);

/* Something made once, under a lock, and kept by content: a trained net, a pool. Mapped read-only for the process. `key` must name
 * maker, parameters and seed; the module's digest is added. `make` fills *data (cc_alloc of its scope) and *bytes. */
typedef cc_status (*cc_maker)(cc_run *scope, const void *arg, void **data, size_t *bytes);
cc_status cc_artefact(cc_run *scope, const char *key, cc_maker make, const void *arg, const void **data, size_t *bytes);

/* The path of a data file: looked for in the source tree's problems/data (build tree), the installed share/claimcheck/data, then
 * CLAIMCHECK_DATA. Its SHA-256 is checked against `sha256` (hex) unless NULL. CC_SKIP if absent, CC_EDATA if damaged.
 * An absolute `name` is taken as it is (files of Debian packages). *path belongs to the scope. */
cc_status cc_data_file(cc_run *scope, const char *name, const char *sha256, const char **path);

#ifdef __cplusplus
}
#endif
#endif
