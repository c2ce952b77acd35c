/* verify/judge.h: tables in, verdicts out. Knows no algorithm, no store; deterministic. */
#ifndef CLAIMCHECK_VERIFY_JUDGE_H
#define CLAIMCHECK_VERIFY_JUDGE_H

#include "verify/check.h"
#include "verify/table.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

typedef enum cc_verdict { CC_VERIFIED, CC_REFUTED, CC_INCONCLUSIVE, CC_VACUOUS, CC_SKIPPED, CC_ERROR } cc_verdict;
const char *cc_verdict_name(cc_verdict verdict); /* "verified" .. */
const char *cc_kind_name(cc_kind kind);          /* "exponent" .. */
const char *cc_verdict_mark(cc_verdict verdict); /* one character for narrow tables */

/* After text was printed into `size` bytes, snprintf having returned `wanted`: what did not fit ends at a word with an ellipsis. */
void cc_text_cut(char *text, size_t size, size_t wanted);

typedef struct cc_judge_options {
    double alpha;       /* 0: .05; two-sided level of intervals */
    unsigned resamples; /* 0: 1999 */
    const char *labels; /* key columns that pair rows in an ordering, besides the unit; NULL: every column that is constant within a
                           run is not known here, so pairs are matched on `by` and the unit only */
} cc_judge_options;

/* A picture of the evidence: at most 400 points a series, for plots and for people. */
typedef struct cc_series {
    char *name; /* "arm=page", "bound" .. */
    size_t n;
    double *x, *y, *low, *high; /* low, high may be NULL */
} cc_series;

typedef struct cc_result {
    cc_verdict verdict;
    double estimate, low, high; /* of what is judged; low = high = estimate when exact; NaN: none */
    double p;                   /* p-value of "the criterion does not hold"; NaN: exact, outside Holm */
    double detectable;          /* the smallest effect that these data could have shown (power .8), NaN: not meant */
    double tightness;           /* bound: worst ratio to the bound; NaN else */
    size_t rows, units;
    char quantity[128]; /* what estimate is: "slope of log y on log x", "max y/other" */
    char method[256];   /* estimator, interval, window */
    char worst[256];    /* where the weakest evidence is: "seed=3 k=120" */
    char message[1024]; /* one sentence for a person; longer ones are cut at a word */
    size_t n_series;
    cc_series *series;
    char x_label[48], y_label[48];
    int log_x, log_y;
} cc_result;

/* Judges one check. Always fills *result (verdict CC_ERROR with a message for a wrong check: absent column, no rows, ..). */
void cc_judge(const cc_table *table, const cc_check *check, const cc_judge_options *options, cc_result *result);
void cc_result_clear(cc_result *result);

/* The null control of an ordering: labels swapped at random within pairs; the result must not be verified. 1 if it applies. */
int cc_judge_null(const cc_table *table, const cc_check *check, const cc_judge_options *options, cc_result *result);

/* NULL if the check is well formed, else what is wrong ("`chain` is not used by kind bound"). */
const char *cc_check_valid(const cc_check *check);

/* One row of evaluation text, for reports: "slope of log evals on log n within [0.45, 0.68]". */
void cc_check_describe(const cc_check *check, char *text, size_t size);

/* Of several: all must be verified; any refuted refutes. Skips count only if nothing else is left. */
cc_verdict cc_verdict_all(const cc_verdict *verdicts, size_t n);
/* Of a claim with its controls: a control that is verified makes a verified claim vacuous, one that is inconclusive or in error
 * makes it inconclusive. `control_ok[i]`: 1 refuted as it must, 0 passed, -1 undecided. */
cc_verdict cc_verdict_controlled(cc_verdict treatment, const int *control_ok, size_t n);

/* Holm's step-down: adjusted[i] for p[i] (NaN entries stay NaN and do not count). */
void cc_holm(const double *p, size_t n, double *adjusted);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
