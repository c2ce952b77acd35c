/* verify/dist.h: distribution functions and exact tests, accurate to 1e-10 (README.md says where less). */
#ifndef CLAIMCHECK_VERIFY_DIST_H
#define CLAIMCHECK_VERIFY_DIST_H

#include <stddef.h>

double cc_gamma_p(double a, double x);          /* regularised lower incomplete gamma, a > 0 */
double cc_gamma_q(double a, double x);          /* its complement */
double cc_beta_i(double a, double b, double x); /* regularised incomplete beta */

double cc_normal_cdf(double z);
double cc_normal_quantile(double p);
double cc_t_cdf(double t, double df); /* df = INFINITY: normal */
double cc_t_quantile(double p, double df);
double cc_chi2_cdf(double x, double k);
double cc_chi2_sf(double x, double k);
double cc_beta_quantile(double p, double a, double b);

double cc_binomial_cdf(size_t k, size_t n, double p); /* P(X <= k) */
double cc_binomial_sf(size_t k, size_t n, double p);  /* P(X >= k) */
void cc_clopper_pearson(size_t k, size_t n, double alpha, double *low, double *high);

/* P(W <= w) for the signed-rank statistic of n values without ties; exact for n <= 100, normal with an Edgeworth term beyond. */
double cc_signed_rank_cdf(double w, size_t n);

double cc_ks_sf(double d, size_t n);               /* P(D_n >= d), two-sided, one sample; exact for n <= 2000 */
double cc_ks_two_sf(double d, size_t m, size_t n); /* two samples; exact for m n <= 1e6 */
double cc_kolmogorov_sf(double x);                 /* the limit of sqrt(n) D_n */
double cc_ad_sf(double a2, size_t n);              /* Anderson-Darling, law fully known; n = 0: the limit */

/* Two samples in ascending order, as many as you like tied: Scholz and Stephens' A^2 with midranks, less its mean 1, in its
 * standard deviations; and P(T >= t) by Anderson and Darling's limit law with that standard deviation: good to .002 from eight
 * values each. */
double cc_ad_two(const double *a, size_t m, const double *b, size_t n);
double cc_ad_two_sf(double t);

#endif
