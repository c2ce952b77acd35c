/* verify/series.c: the picture of the evidence. */
#include "verify/sample.h"
#include "verify/sort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POINTS = 400 };

static void series_free(cc_series *series)
{
    free(series->name);
    free(series->x);
    free(series->y);
    free(series->low);
    free(series->high);
}

cc_series *cc_series_add(cc_result *result, const char *name, size_t n, int band)
{
    cc_series *all = realloc(result->series, (result->n_series + 1) * sizeof *all);
    if (!all) return NULL;
    result->series = all;
    cc_series *series = &all[result->n_series];
    *series = (cc_series){.n = n, .name = strdup(name), .x = calloc(n + 1, sizeof(double)), .y = calloc(n + 1, sizeof(double))};
    if (band) {
        series->low = calloc(n + 1, sizeof(double));
        series->high = calloc(n + 1, sizeof(double));
    }
    if (!series->name || !series->x || !series->y || (band && (!series->low || !series->high))) {
        series_free(series);
        return NULL;
    }
    result->n_series++;
    return series;
}

void cc_result_clear(cc_result *result)
{
    for (size_t i = 0; i < result->n_series; i++) series_free(&result->series[i]);
    free(result->series);
    result->series = NULL;
    result->n_series = 0;
}

static int ascending(const void *a, const void *b)
{
    const cc_point *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

/* Points sorted by x are cut into at most 400 pieces of whole levels; each gives its median and its 10 and 90 % quantiles. */
static void add_quantiles(const cc_sample *s, const cc_point *sorted, int other, const char *name, cc_result *result)
{
    size_t n_levels = 0, done = 0;
    for (size_t i = 0; i < s->n; i++) n_levels += i == 0 || sorted[i].x > sorted[i - 1].x;
    size_t keep = n_levels > MOST_POINTS ? MOST_POINTS : n_levels, stride = (n_levels + keep - 1) / keep;
    cc_series *series = cc_series_add(result, name, keep, s->n > n_levels);
    double *value = cc_take(s->pool, s->n, sizeof *value);
    if (!series) return;
    for (size_t i = 0, j, level = 0; i < s->n && done < keep; i = j, level++) {
        size_t n = 0;
        for (j = i; j < s->n && sorted[j].x == sorted[i].x; j++) value[n++] = other ? sorted[j].other : sorted[j].y;
        if (level % stride && j < s->n) continue;
        cc_sort(value, n);
        series->x[done] = sorted[i].x;
        series->y[done] = cc_quantile_sorted(value, n, .5);
        if (series->low)
            series->low[done] = cc_quantile_sorted(value, n, .1), series->high[done] = cc_quantile_sorted(value, n, .9);
        done++;
    }
    series->n = done;
}

void cc_series_points(const cc_sample *s, cc_result *result)
{
    if (s->n == 0 || s->columns[0] < 0) return;
    cc_point *sorted = cc_take(s->pool, s->n, sizeof *sorted);
    memcpy(sorted, s->at, s->n * sizeof *sorted);
    qsort(sorted, s->n, sizeof *sorted, ascending);
    add_quantiles(s, sorted, 0, s->check->y, result);
    if (s->columns[2] >= 0) add_quantiles(s, sorted, 1, s->check->other, result);
    snprintf(result->x_label, sizeof result->x_label, "%s", s->check->x);
    snprintf(result->y_label, sizeof result->y_label, "%s", s->check->y);
}
