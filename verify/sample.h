/* verify/sample.h: inside the verifiers. What a kind of check gets to judge, and the memory it works in. */
#ifndef CLAIMCHECK_VERIFY_SAMPLE_H
#define CLAIMCHECK_VERIFY_SAMPLE_H

#include "verify/judge.h"

#include <setjmp.h>
#include <stdint.h>

/* Memory of one judgement, freed as a whole. Running out of it, or a wrong check, ends the judgement by a jump with a message. */
typedef struct cc_pool {
    void **block;
    size_t n_blocks, capacity;
    jmp_buf stop;
    char message[1024];
} cc_pool;

void *cc_take(cc_pool *pool, size_t count, size_t size); /* zeroed; never NULL */
_Noreturn void cc_stop(cc_pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cc_pool_free(cc_pool *pool);

/* One number of y (and other) of one unit at one x. censored: y is only known to be at least this. */
typedef struct cc_point {
    double x, y, other;
    size_t row, unit;
    int censored;
} cc_point;

typedef struct cc_sample {
    cc_pool *pool;
    const cc_table *table;
    const cc_check *check;
    const char *labels;
    double alpha;
    unsigned resamples;
    int exact;      /* over = "": the rows are the whole population */
    int inverse;    /* x is the reciprocal of the column ("1/eps") */
    int columns[3]; /* of x, y, other; -1: none */
    int reached;    /* the column that marks censored rows; -1: none */
    size_t n_rows;  /* rows of the table that `where` and `by` kept, in order of (step, row) */
    size_t *rows;
    size_t n; /* after per_unit: sorted by (unit, x, place) */
    cc_point *at;
    size_t n_units;
    size_t *unit_row; /* a row of each unit */
    size_t missing, n_censored;
} cc_sample;

/* ---- select.c ---- */
int cc_need_column(cc_pool *pool, const cc_table *table, const char *name, const char *role); /* stops with the names there are */
/* Rows that satisfy `where` (NULL: all), ascending. */
size_t cc_where(cc_pool *pool, const cc_table *table, const char *where, size_t **rows);
/* Groups rows[0..n) by the columns named in `by` (blanks between), in the order of their values: id[i] in 0 .. result-1. first[g]
 * is the least place of group g in `rows`. by = NULL or "": one group. */
size_t cc_group(cc_pool *pool, const cc_table *table, const size_t *rows, size_t n, const char *by, size_t *id, size_t **first);
/* "problem=a mu=0.5" of a row. */
void cc_place(const cc_table *table, size_t row, const char *columns, char *text, size_t size);
const char *cc_unit_columns(const cc_check *check); /* "seed" for NULL */

/* Fills n, at, n_units from rows: units, per_unit. */
void cc_sample_points(cc_sample *sample);
/* Distinct x in ascending order, and the level of each point. */
size_t cc_levels(const cc_sample *sample, size_t *level, double **x);
/* Reduces n values: last first max min range sum mean median rms count. */
double cc_reduce(cc_pool *pool, const char *how, const double *value, size_t n);
void cc_weakest(const cc_sample *sample, const cc_point *point, cc_result *result); /* fills worst */

/* ---- verdict.c ---- */
cc_verdict cc_decide(const cc_criterion *is, double low, double high);
int cc_satisfies(const cc_criterion *is, double value);
void cc_criterion_text(const cc_criterion *is, char *text, size_t size);                       /* "at most 2" */
void cc_say(cc_result *result, const char *format, ...) __attribute__((format(printf, 2, 3))); /* adds to message */

void cc_doubt(cc_result *result); /* the interval may not say what it seems to: inconclusive, p = 1 */

/* ---- estimate.c ---- */
typedef struct cc_estimate {
    double value, low, high, p, detectable; /* p of "is does not hold" */
    double se;
    char how[96];
} cc_estimate;
enum { CC_MEAN, CC_ROBUST, CC_MEDIAN };
/* Location of n independent values: t for few, Hodges-Lehmann with the exact signed-rank interval (robust), order statistics
 * (median), studentised bootstrap (mean of many). n = 1 or exact: the value, without an interval's width when exact, else with an
 * infinite one. */
void cc_locate(const cc_sample *sample, const double *value, size_t n, int what, const cc_criterion *is, cc_estimate *estimate);
/* An estimate with a standard error and t degrees of freedom. */
void cc_locate_t(double value, double se, double df, double alpha, const cc_criterion *is, cc_estimate *estimate);
void cc_share(size_t successes_low, size_t successes_high, size_t n, double alpha, int exact, const cc_criterion *is,
              cc_estimate *estimate);
/* Writes the estimate and its verdict into the result. */
void cc_conclude(const cc_sample *sample, const cc_estimate *estimate, cc_result *result);

/* ---- tail.c ---- */
/* Moves the end of a mean's interval away from zero where few values of one sign may have hidden their tail. natural[0..n) are
 * these values; the estimate may be that of their difference to something fixed. */
void cc_allow_for_tail(const cc_sample *sample, const double *natural, size_t n, const cc_criterion *is, cc_estimate *estimate);

/* ---- series.c ---- */
cc_series *cc_series_add(cc_result *result, const char *name, size_t n, int band); /* NULL: no memory; the caller fills it */
void cc_series_points(const cc_sample *sample, cc_result *result);                 /* median and 10-90 % over units at each x */

/* ---- the kinds: fill *result; stop the pool for what cannot be judged ---- */
void cc_judge_exponent(cc_sample *sample, cc_result *result);
void cc_judge_linear_rate(cc_sample *sample, cc_result *result);
void cc_judge_order(cc_sample *sample, cc_result *result);
void cc_judge_bound(cc_sample *sample, cc_result *result);
void cc_judge_scaling(cc_sample *sample, cc_result *result);
void cc_judge_ordering(cc_sample *sample, cc_result *result);
void cc_judge_probability(cc_sample *sample, cc_result *result);
void cc_judge_equality(cc_sample *sample, cc_result *result);
void cc_judge_distribution(cc_sample *sample, cc_result *result);
void cc_judge_ulp(cc_sample *sample, cc_result *result);

#endif
