/* Distribution functions against SciPy, statsmodels and mpmath: verify/test/fixtures/dist.csv, made by make_dist.py. */
#include "verify/dist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static double clopper(double k, double n, double alpha, int upper)
{
    double low, high;
    cc_clopper_pearson((size_t)k, (size_t)n, alpha, &low, &high);
    return upper ? high : low;
}

static int ascending(const void *a, const void *b)
{
    const double *p = a, *q = b;
    return (*p > *q) - (*p < *q);
}

/* The samples of make_dist.py, with ties within and between them. */
static double ad_two(size_t m, size_t n, double shift)
{
    double a[200], b[200];
    for (size_t i = 0; i < m; i++) a[i] = (double)((i * i * 7 + 3 * i) % 97);
    for (size_t j = 0; j < n; j++) b[j] = (double)((5 * j * j + 11 * j) % 89) + shift;
    qsort(a, m, sizeof *a, ascending);
    qsort(b, n, sizeof *b, ascending);
    return cc_ad_two(a, m, b, n);
}

static double evaluate(const char *f, double a, double b, double c)
{
    if (!strcmp(f, "gamma_p")) return cc_gamma_p(a, b);
    if (!strcmp(f, "gamma_q")) return cc_gamma_q(a, b);
    if (!strcmp(f, "beta_i")) return cc_beta_i(a, b, c);
    if (!strcmp(f, "normal_cdf")) return cc_normal_cdf(a);
    if (!strcmp(f, "normal_quantile")) return cc_normal_quantile(a);
    if (!strcmp(f, "t_cdf")) return cc_t_cdf(a, b);
    if (!strcmp(f, "t_quantile")) return cc_t_quantile(a, b);
    if (!strcmp(f, "chi2_cdf")) return cc_chi2_cdf(a, b);
    if (!strcmp(f, "chi2_sf")) return cc_chi2_sf(a, b);
    if (!strcmp(f, "beta_quantile")) return cc_beta_quantile(a, b, c);
    if (!strcmp(f, "binomial_cdf")) return cc_binomial_cdf((size_t)a, (size_t)b, c);
    if (!strcmp(f, "binomial_sf")) return cc_binomial_sf((size_t)a, (size_t)b, c);
    if (!strcmp(f, "clopper_low")) return clopper(a, b, c, 0);
    if (!strcmp(f, "clopper_high")) return clopper(a, b, c, 1);
    if (!strcmp(f, "signed_rank_cdf")) return cc_signed_rank_cdf(a, (size_t)b);
    if (!strcmp(f, "kolmogorov_sf")) return cc_kolmogorov_sf(a);
    if (!strcmp(f, "ks_sf")) return cc_ks_sf(a, (size_t)b);
    if (!strcmp(f, "ks_two_sf")) return cc_ks_two_sf(a, (size_t)b, (size_t)c);
    if (!strcmp(f, "ad_limit_sf")) return cc_ad_sf(a, 0);
    if (!strcmp(f, "ad_two")) return ad_two((size_t)a, (size_t)b, c);
    if (!strcmp(f, "ad_two_sf")) return cc_ad_two_sf(a);
    fail_msg("unknown function %s", f);
    return NAN;
}

static void test_fixture(void **state)
{
    (void)state;
    FILE *file = fopen(FIXTURES "dist.csv", "r");
    char line[256], f[32];
    double a, b, c, value, worst = 0;
    size_t n = 0, wrong = 0;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        assert_int_equal(sscanf(line, "%31[^,],%lf,%lf,%lf,%lf", f, &a, &b, &c, &value), 5);
        double got = evaluate(f, a, b, c), error = fabs(got - value) / fmax(1, fabs(value));
        int limit_law = !strcmp(f, "ad_two_sf"); /* against every permutation of few values: the limit is within .02 of them */
        if (!limit_law) worst = fmax(worst, error);
        if (!(error <= (limit_law ? .02 : 1e-10)) && wrong++ < 20)
            print_error("%s(%.17g, %.17g, %.17g) = %.17g, not %.17g\n", f, a, b, c, got, value);
        n++;
    }
    fclose(file);
    assert_int_equal(wrong, 0);
    assert_true(n > 1200);
    print_message("%zu values, largest error %.2g\n", n, worst);
}

/* Beyond the exact ranges: a normal, a limit and a correction law; how far they are off is stated in README.md. */
static void test_large_samples(void **state)
{
    (void)state;
    assert_true(fabs(cc_signed_rank_cdf(2300, 100) - cc_normal_cdf((2300.5 - 2525) / sqrt(100. * 101 * 201 / 24))) < 1e-3);
    assert_true(fabs(cc_ks_sf(1.36 / sqrt(2000), 2000) - cc_ks_sf(1.36 / sqrt(2001), 2001)) < 1e-5);
    assert_true(fabs(cc_ad_sf(2.492, 0) - .05) < 1e-4); /* the tabulated 5 % point */
    assert_true(fabs(cc_ad_sf(2.492, 20) - .05) < 2e-3);
}

static void test_edges(void **state)
{
    (void)state;
    assert_true(cc_normal_quantile(0) == -INFINITY && cc_normal_quantile(1) == INFINITY);
    assert_true(isnan(cc_t_quantile(-1, 3)));
    assert_true(cc_t_cdf(INFINITY, 3) == 1 && cc_t_cdf(-INFINITY, 3) == 0);
    assert_true(cc_binomial_sf(0, 10, 0) == 1 && cc_binomial_sf(1, 10, 0) == 0 && cc_binomial_cdf(9, 10, 1) == 0);
    assert_true(cc_ks_sf(0, 10) == 1 && cc_ks_sf(1, 10) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fixture), cmocka_unit_test(test_large_samples),
                                       cmocka_unit_test(test_edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
