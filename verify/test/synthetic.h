/* verify/test/synthetic.h: tables with a known truth. */
#ifndef CLAIMCHECK_VERIFY_SYNTHETIC_H
#define CLAIMCHECK_VERIFY_SYNTHETIC_H

#include "verify/dist.h"
#include "verify/judge.h"
#include "verify/resample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The k-th standard normal of a stream, by Box and Muller. */
static inline double noise(uint64_t stream, uint64_t k)
{
    double u = 1 - cc_hash_uniform(stream, 2 * k), v = cc_hash_uniform(stream, 2 * k + 1);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static inline void put(cc_table *table, size_t row, const char *column, double value)
{
    int j = cc_table_column(table, column, 0);
    if (j < 0) abort();
    cc_table_set(table, row, (size_t)j, value);
}

static inline void put_text(cc_table *table, size_t row, const char *column, const char *value)
{
    int j = cc_table_column(table, column, 1);
    if (j < 0 || cc_table_set_text(table, row, (size_t)j, value)) abort();
}

static inline size_t new_row(cc_table *table)
{
    if (cc_table_append(table)) abort();
    return cc_table_rows(table) - 1;
}

typedef double (*curve_of)(double x, const void *with);

/* One row for each seed and each of n x from x0 on, log-spaced over `decades` (rounded to integers if `whole`): y = f(x) e^(sigma
 * z). */
static inline cc_table *curves(curve_of f, const void *with, size_t seeds, size_t n, double x0, double decades, double sigma,
                               uint64_t stream)
{
    cc_table *table = cc_table_new();
    if (!table) abort();
    for (size_t u = 0; u < seeds; u++)
        for (size_t i = 0; i < n; i++) {
            double x = x0 * pow(10, decades * (double)i / (double)(n > 1 ? n - 1 : 1));
            size_t row = new_row(table);
            put(table, row, "seed", (double)u);
            put(table, row, "x", x);
            put(table, row, "y", f(x, with) * exp(sigma * noise(stream, u * n + i)));
        }
    return table;
}

static inline cc_verdict verdict_of(const cc_table *table, cc_check check)
{
    cc_result result;
    cc_judge(table, &check, NULL, &result);
    cc_verdict verdict = result.verdict;
    if (getenv("VERBOSE")) {
        char text[256];
        cc_check_describe(&check, text, sizeof text);
        printf("%s: %s %.6g [%.6g, %.6g] p=%.3g det=%.3g | %s | %s | %s | %s\n", text, cc_verdict_name(verdict), result.estimate,
               result.low, result.high, result.p, result.detectable, result.quantity, result.method, result.worst, result.message);
    }
    cc_result_clear(&result);
    return verdict;
}

#endif
