/* harness/core/cell.h: what a cc_cell is. Inside core only. */
#ifndef CLAIMCHECK_HARNESS_CELL_H
#define CLAIMCHECK_HARNESS_CELL_H

#include "harness/core/scope.h"

enum { CC_MAX_REFEREES = 32 };

typedef struct cc_referee_of {
    cc_session session;
    cc_bound *problem; /* NULL: the arm's */
} cc_referee_of;

struct cc_cell {
    const cc_registry *registry;
    const cc_task *task;
    cc_instances *instances;
    cc_outcome *out;
    uint32_t next, end; /* replicates of the block */
    uint64_t seed, limit;
    cc_run scope; /* this replicate's */
    int live, row_open;
    size_t n_referees;
    cc_referee_of *referees[CC_MAX_REFEREES];
};

cc_status cc_cell_fail(cc_cell *cell, cc_status why, const char *message);

/* stop.c: "gap<=1e-8 steps<=500 n_grad<=1e6", compiled against a session. */
enum { CC_MAX_LIMITS = 8 };
typedef struct cc_stop {
    uint64_t steps;
    size_t n_counters, n_values;
    struct {
        size_t index;
        uint64_t limit;
    } counter[CC_MAX_LIMITS];
    struct {
        const cc_metric *metric; /* NULL: a probe */
        size_t offset;
        int at_least;
        double limit;
    } value[CC_MAX_LIMITS];
} cc_stop;
cc_status cc_stop_parse(const char *text, const cc_session *session, const cc_problem *problem, cc_stop *stop, char *message);
/* NULL: go on; else the outcome: "BUDGET" or "TARGET". */
const char *cc_stop_reached(const cc_stop *stop, cc_session *session);

#endif
