/* verify/sort.c: sorting and order statistics. */
#include "verify/sort.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void insertion_sort(double *value, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double v = value[i];
        size_t j = i;
        for (; j > 0 && value[j - 1] > v; j--) value[j] = value[j - 1];
        value[j] = v;
    }
}

/* Quicksort with the median of three; the C library's merge sort takes over where it goes deep. */
static void quick_sort(double *value, size_t n, int depth)
{
    while (n > 16) {
        if (depth-- == 0) {
            qsort(value, n, sizeof *value, compare);
            return;
        }
        double a = value[0], b = value[n / 2], c = value[n - 1],
               pivot = a < b ? (b < c   ? b
                                : a < c ? c
                                        : a)
                             : (a < c   ? a
                                : b < c ? c
                                        : b);
        ptrdiff_t i = 0, j = (ptrdiff_t)n - 1;
        while (i <= j) {
            while (value[i] < pivot) i++;
            while (value[j] > pivot) j--;
            if (i > j) break;
            double t = value[i];
            value[i++] = value[j];
            value[j--] = t;
        }
        quick_sort(value, (size_t)(j + 1), depth);
        value += i;
        n -= (size_t)i;
    }
    insertion_sort(value, n);
}

void cc_sort(double *value, size_t n) { quick_sort(value, n, 48); }

size_t cc_count_below(const double *sorted, size_t n, double value)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Hoare's selection; the middle element as pivot keeps sorted input fast. */
double cc_nth(double *value, size_t n, size_t k)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, place = (ptrdiff_t)k;
    while (low < high) {
        double pivot = value[low + (high - low) / 2];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (value[i] < pivot) i++;
            while (value[j] > pivot) j--;
            if (i > j) break;
            double t = value[i];
            value[i++] = value[j];
            value[j--] = t;
        }
        if (place <= j)
            high = j;
        else if (place >= i)
            low = i;
        else
            break;
    }
    return value[k];
}

double cc_median(double *value, size_t n) { return cc_quantile(value, n, .5); }

double cc_quantile(double *value, size_t n, double q)
{
    if (n == 0) return NAN;
    double place = q * (double)(n - 1);
    size_t k = (size_t)place;
    double low = cc_nth(value, n, k), high;
    if (k + 1 >= n || place == (double)k) return low;
    high = value[k + 1]; /* what stands behind the k-th is not smaller */
    for (size_t i = k + 2; i < n; i++) high = value[i] < high ? value[i] : high;
    return low + (place - (double)k) * (high - low);
}

double cc_quantile_sorted(const double *sorted, size_t n, double q)
{
    if (n == 0) return NAN;
    double place = q * (double)(n - 1);
    size_t k = (size_t)place;
    if (k + 1 >= n || place == (double)k) return sorted[k];
    return sorted[k] + (place - (double)k) * (sorted[k + 1] - sorted[k]);
}

double cc_mean(const double *value, size_t n)
{
    double sum = 0, rest = 0;
    for (size_t i = 0; i < n; i++) sum += value[i];
    sum /= (double)n;
    if (!isfinite(sum)) return sum;
    for (size_t i = 0; i < n; i++) rest += value[i] - sum; /* one step of refinement */
    return sum + rest / (double)n;
}

double cc_deviation(const double *value, size_t n)
{
    if (n < 2) return 0;
    double mean = cc_mean(value, n), sum = 0, most = 0, scale = 1;
    for (size_t i = 0; i < n; i++) {
        sum += (value[i] - mean) * (value[i] - mean);
        most = fmax(most, fabs(value[i] - mean));
    }
    if ((sum < 0x1p-900 || sum > 0x1p900) && most > 0 && isfinite(most)) { /* squares that are no numbers any more */
        scale = ldexp(1, ilogb(most));
        sum = 0;
        for (size_t i = 0; i < n; i++) sum += (value[i] - mean) / scale * ((value[i] - mean) / scale);
    }
    return scale * sqrt(sum / (double)(n - 1));
}
