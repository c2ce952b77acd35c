/* harness/claim.h: experiments are run, claims are said of them.
 *
 * Text of sets and axes. A `set` is "name=value name=value". An axis's values are separated by blanks; "64 256 | 1024 | 4096" means
 * quick: 64 256, standard: 64 256 1024, extended: all four. Ranges: "1e-1..1e-6*0.1" (geometric), "0..8+2" (arithmetic), "2..8" (by
 * 1). In a `set` or `stop`, bars replace: "K=500|2000" is 500 at the quick tier, 2000 above; "5|20|100" gives extended its own. */
#ifndef CLAIMCHECK_HARNESS_CLAIM_H
#define CLAIMCHECK_HARNESS_CLAIM_H

#include "harness/run.h"
#include "verify/check.h"

typedef struct cc_cell cc_cell;
typedef struct cc_row cc_row;

/* How a cell becomes rows. `run` is called once a cell. `columns` are those it puts itself. */
typedef struct cc_measure {
    const char *id;
    cc_status (*run)(cc_cell *cell);
    const cc_param *params;
    const cc_column *columns;
} cc_measure;

/* Rows at checkpoints (step 0 and the last step included) · one row for each target of plan.targets, at the first step that reaches
 * it (a target not reached: reached = 0, counters at the stop: a censored row) · one row at the end.
 * Columns of a row: seed, arm, step, outcome (text; "" before the end), every parameter of problem and algorithm, facts, metrics,
 * counters, probes, running statistics, flops, peak_bytes, ns (time: left out of bit-for-bit comparison), drew (1: the run has
 * asked for a random stream); cc_cost adds target, reached. A parameter whose name is taken in the row (step; the problem's n for
 * the algorithm) is the column "algorithm.step". An axis "problem" or "algorithm" puts its value's text into the column of that
 * name. Running statistics start with step 1; a stop metric that is not finite ends a run as NONFINITE. */
extern const cc_measure cc_trajectory, cc_cost, cc_final;

/* Any parameter, "problem", "algorithm", "seed" or an arm's; "M,d" with values "3,1 7,1" is zipped. */
typedef struct cc_axis {
    const char *name, *values;
} cc_axis;

/* A labelled contestant, paired with the others by point and seed. NULL: the experiment's. `algorithm` and `problem` are specs:
 * "halpern.page:mini(b=8)". `axes` are swept for this arm alone. */
typedef struct cc_arm {
    const char *as, *algorithm, *problem, *set;
    const cc_axis *axes;
} cc_arm;

typedef struct cc_plan {
    const char *metrics; /* names, first the one that targets speak of; NULL: all */
    const char *targets; /* values of the first metric, reached when metric <= target */
    const char
        *stop; /* "gap<=1e-8 steps<=500|2000 n_grad<=1e6": the run ends when any holds (counters: >= the number). Never seconds */
    const char *clock;   /* checkpoints on "step" (NULL) or a counter */
    const char *at;      /* values of the clock ("0..2000"); NULL: a log grid */
    double per_decade;   /* checkpoints a decade on the log grid; 0: 20 */
    const char *running; /* accumulated at every step over metrics and probes: "sum(regret) max(dist) min(gap) mean(grad)" */
    int keep;            /* 1: the candidate (a double[d]) is attached at checkpoints */
} cc_plan;

/* What is run. Its cells: measure x arm x point x block of seeds, keyed by content, never by claim. */
typedef struct cc_experiment {
    const char *id, *about, *algorithm, *problem, *set;
    const cc_measure *measure;
    const cc_arm *arms; /* NULL: one arm, labelled by the algorithm's id */
    const cc_axis *axes;
    cc_plan plan;
    uint32_t seeds[3];   /* how many (first_seed, first_seed + 1, ..) at tier quick, standard, extended; 0: not in that tier */
    uint32_t block;      /* seeds a cell; 0: 1 */
    double deadline_s;   /* 0: 60 */
    double memory_mb;    /* 0: 1024 */
    int timed;           /* alone on the machine; the host is in the key */
    uint32_t first_seed; /* not 0: the claim was stated after lower seeds had been seen, and is judged on new ones */
} cc_experiment;

/* A row under judgement. cc_get: a number of this row (a text column: NaN). cc_lag: the row `back` rows earlier in the same run
 * (same arm, point, seed), NaN before its first; back < 0: the run's first row. cc_peer: the row of another arm at the same point,
 * seed and place (equal step, or target for cc_cost). */
double cc_get(const cc_row *row, const char *column);
const char *cc_get_text(const cc_row *row, const char *column);
double cc_lag(const cc_row *row, const char *column, int back);
double cc_peer(const cc_row *row, const char *arm, const char *column);

/* A column computed when judging: bounds, ratios, cost models. A later one may use an earlier one. */
typedef struct cc_derived {
    const char *name, *unit, *doc;
    double (*value)(const cc_row *row);
} cc_derived;

typedef enum cc_origin { CC_NO_ORIGIN, CC_FROM_PAPER, CC_FROM_CODE, CC_FROM_PROOF, CC_FROM_PILOT, CC_FROM_US } cc_origin;

/* The claim with something replaced (NULL: kept); it must then be refuted. `set` and `arms` run new cells; `where`, `derive` (adds
 * to or shadows the claim's derived columns by name) and `checks` need none. */
typedef struct cc_control {
    const char *id, *what;
    const char *experiment, *set, *where;
    const cc_arm *arms;
    const cc_derived *derive;
    const cc_check *checks;
    const cc_check *shows; /* instead: how it must fail; these must be verified */
} cc_control;

typedef struct cc_claim {
    const char *id, *source, *statement;
    cc_origin origin, threshold; /* where the statement is from, and the numbers in its checks */
    const char *experiment, *where;
    const cc_derived *derive;
    const cc_check *checks; /* all must hold */
    const cc_control *controls;
    const char *observation; /* reported without a verdict, and why */
    const char *untestable;  /* stated without an experiment, and why */
} cc_claim;

#endif
