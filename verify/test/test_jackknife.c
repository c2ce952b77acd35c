/* Slopes of a statistic over units: the jackknife against its definition, computed the long way. */
#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { UNITS = 11, LEVELS = 5 };

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The statistic of the logarithms of y (given as logarithms), but unit `without`. */
static double statistic(const double *log_y, size_t without, const char *what)
{
    double value[UNITS], sum = 0, below = 0;
    size_t n = 0;
    for (size_t u = 0; u < UNITS; u++)
        if (u != without) value[n++] = log_y[u];
    double m = (double)n, a = (m + 1) / 2;
    qsort(value, n, sizeof *value, ascending);
    for (size_t i = 0; i < n; i++) {
        double upto = cc_beta_i(a, a, (double)(i + 1) / m);
        sum += !strcmp(what, "median") ? (upto - below) * value[i]
               : !strcmp(what, "mean") ? exp(value[i]) / m
                                       : exp(2 * value[i]) / m;
        below = upto;
    }
    return !strcmp(what, "median") ? sum : !strcmp(what, "mean") ? log(sum) : log(sum) / 2;
}

/* The mean and standard error of the slopes of the pseudo-values. */
static void long_way(double log_y[LEVELS][UNITS], const double *x, const char *what, double *mean, double *se)
{
    double slope[UNITS], middle = 0, square = 0;
    for (size_t k = 0; k < LEVELS; k++) middle += x[k] / LEVELS;
    for (size_t k = 0; k < LEVELS; k++) square += (x[k] - middle) * (x[k] - middle);
    *mean = *se = 0;
    for (size_t u = 0; u < UNITS; u++) {
        slope[u] = 0;
        for (size_t k = 0; k < LEVELS; k++) {
            double pseudo = UNITS * statistic(log_y[k], UNITS, what) - (UNITS - 1) * statistic(log_y[k], u, what);
            slope[u] += (x[k] - middle) * pseudo / square;
        }
        *mean += slope[u] / UNITS;
    }
    for (size_t u = 0; u < UNITS; u++) *se += (slope[u] - *mean) * (slope[u] - *mean);
    *se = sqrt(*se / (UNITS - 1) / UNITS);
}

static void test_statistics(void **state)
{
    (void)state;
    static const char *const statistics[] = {"mean", "median", "rms"};
    for (uint64_t stream = 0; stream < 12; stream++)
        for (size_t s = 0; s < 3; s++) {
            double log_y[LEVELS][UNITS], x[LEVELS], mean, se;
            cc_table *t = cc_table_new();
            for (size_t u = 0; u < UNITS; u++)
                for (size_t k = 0; k < LEVELS; k++) {
                    /* every third table has a unit that is nearly all of the sum */
                    double y = pow(10. * (double)(k + 1), 1.5) * exp(.4 * noise(stream, u * LEVELS + k)) *
                               (stream % 3 == 0 && u == 4 ? 1e9 : 1);
                    size_t row = new_row(t);
                    put(t, row, "seed", (double)u);
                    put(t, row, "x", 10. * (double)(k + 1));
                    put(t, row, "y", y);
                    log_y[k][u] = log(y), x[k] = log(10. * (double)(k + 1));
                }
            const cc_check check =
                CC_EXPONENT(.x = "x", .y = "y", .across = statistics[s], .from = 10, .to = 50, .is = CC_AT_MOST(2));
            cc_result r;
            cc_judge(t, &check, NULL, &r);
            long_way(log_y, x, statistics[s], &mean, &se);
            double width = cc_t_quantile(.975, UNITS - 1) * se;
            if (fabs(r.estimate - mean) > 1e-7 || fabs(r.high - mean - width) > 1e-7 || fabs(mean - width - r.low) > 1e-7)
                fail_msg("%s of table %d: %.10g [%.10g, %.10g], the long way %.10g +- %.10g", statistics[s], (int)stream,
                         r.estimate, r.low, r.high, mean, width);
            cc_result_clear(&r);
            cc_table_free(t);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_statistics)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
