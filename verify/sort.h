/* verify/sort.h: sorting and order statistics of doubles. */
#ifndef CLAIMCHECK_VERIFY_SORT_H
#define CLAIMCHECK_VERIFY_SORT_H

#include <stddef.h>

void cc_sort(double *value, size_t n);
size_t cc_count_below(const double *sorted, size_t n, double value); /* how many are smaller */
double cc_nth(double *value, size_t n, size_t k);                    /* the k-th smallest, k from 0; rearranges */
double cc_median(double *value, size_t n);                           /* rearranges; NaN for n = 0 */
double cc_quantile(double *value, size_t n, double q);               /* the same of values in any order; rearranges */
double cc_quantile_sorted(const double *sorted, size_t n, double q); /* linear between order statistics */
double cc_mean(const double *value, size_t n);
double cc_deviation(const double *value, size_t n); /* sample standard deviation; 0 for n < 2 */

#endif
