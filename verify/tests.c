/* verify/tests.c: null distributions of rank and distance statistics (Wilcoxon, Kolmogorov-Smirnov, Anderson-Darling). */
#include "verify/dist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_RANKS = 100 };

/* Counts subsets of 1..n by their sum, as probabilities. The table of the last n is kept: one judgement asks for the same n many
 * times. */
static double signed_rank_exact(double w, size_t n)
{
    static _Thread_local double cdf[EXACT_RANKS * (EXACT_RANKS + 1) / 2 + 1];
    static _Thread_local size_t n_kept = 0;
    size_t top = n * (n + 1) / 2, last = (size_t)floor(w);
    if (n_kept != n) {
        size_t reached = 0;
        for (size_t s = 0; s <= top; s++) cdf[s] = s == 0;
        for (size_t k = 1; k <= n; k++) {
            reached += k;
            for (size_t s = reached + 1; s-- > 0;) cdf[s] = (cdf[s] + (s >= k ? cdf[s - k] : 0)) / 2;
        }
        for (size_t s = 1; s <= top; s++) cdf[s] = fmin(1, cdf[s] + cdf[s - 1]);
        n_kept = n;
    }
    return last >= top ? 1 : cdf[last];
}

double cc_signed_rank_cdf(double w, size_t n)
{
    double m = (double)n, mean = m * (m + 1) / 4, variance = m * (m + 1) * (2 * m + 1) / 24;
    if (w < 0) return 0;
    if (w >= 2 * mean) return 1;
    if (n <= EXACT_RANKS) return signed_rank_exact(w, n);
    double z = (floor(w) + .5 - mean) / sqrt(variance);
    double fourth = -m * (m + 1) * (2 * m + 1) * (3 * m * m + 3 * m - 1) / 240; /* fourth cumulant: -(sum k^4) / 8 */
    double edgeworth = fourth / (variance * variance) / 24 * (z * z * z - 3 * z) * exp(-z * z / 2) / sqrt(2 * M_PI);
    double p = cc_normal_cdf(z) - edgeworth;
    return p < 0 ? 0 : p > 1 ? 1 : p;
}

double cc_kolmogorov_sf(double x)
{
    if (!(x > 0)) return 1;
    double sum = 0;
    if (x < 1) {
        for (int k = 1; k < 40; k += 2) sum += exp(-k * k * M_PI * M_PI / (8 * x * x));
        return 1 - sqrt(2 * M_PI) / x * sum;
    }
    for (int k = 1; k < 40; k++) sum += (k % 2 ? 2 : -2) * exp(-2. * k * k * x * x);
    return sum;
}

/* c = a b for m x m matrices, with a common decimal exponent kept apart against overflow. */
static void multiply(const double *a, const double *b, double *c, size_t m)
{
    memset(c, 0, m * m * sizeof *c);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++)
            for (size_t j = 0; j < m; j++) c[i * m + j] += a[i * m + k] * b[k * m + j];
}

static int rescale(double *a, size_t m, double *exponent)
{
    double centre = a[m / 2 * m + m / 2];
    if (centre < 1e140) return 0;
    for (size_t i = 0; i < m * m; i++) a[i] *= 1e-140;
    *exponent += 140;
    return 1;
}

/* Durbin's matrix: entry (i, j) is 1/(i-j+1)!, with corrections h^i in the first column and the last row. */
static void durbin_matrix(double *a, size_t m, double h)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) a[i * m + j] = i + 1 >= j ? 1 / tgamma((double)(i + 2 - j)) : 0;
    for (size_t i = 0; i < m; i++) {
        double f = 1 / tgamma((double)i + 2), corner = pow(h, (double)i + 1) * f;
        a[i * m] -= corner;
        a[(m - 1) * m + m - 1 - i] -= corner;
    }
    if (h > .5) a[(m - 1) * m] += pow(2 * h - 1, (double)m) / tgamma((double)m + 1);
}

/* P(D_n < d) = n!/n^n (H^n)_kk (Durbin 1973), by repeated squaring. NaN: no memory. */
static double ks_cdf_exact(double d, size_t n)
{
    double s = (double)n * d;
    size_t k = (size_t)s + 1, m = 2 * k - 1;
    double *block = malloc(3 * m * m * sizeof *block), h = (double)k - s, power_exponent = 0, base_exponent = 0;
    if (!block) return NAN;
    double *base = block, *power = block + m * m, *scratch = power + m * m;
    durbin_matrix(base, m, h);
    memset(power, 0, m * m * sizeof *power);
    for (size_t i = 0; i < m; i++) power[i * m + i] = 1;
    for (size_t e = n; e; e >>= 1) {
        if (e & 1) {
            multiply(power, base, scratch, m);
            memcpy(power, scratch, m * m * sizeof *power);
            power_exponent += base_exponent;
            rescale(power, m, &power_exponent);
        }
        multiply(base, base, scratch, m);
        memcpy(base, scratch, m * m * sizeof *base);
        base_exponent *= 2;
        rescale(base, m, &base_exponent);
    }
    double p = power[(k - 1) * m + k - 1];
    for (size_t i = 1; i <= n; i++) {
        p *= (double)i / (double)n;
        if (p < 1e-140) p *= 1e140, power_exponent -= 140;
    }
    free(block);
    return p * pow(10, power_exponent);
}

double cc_ks_sf(double d, size_t n)
{
    double root = sqrt((double)n), x = root * d;
    if (d <= .5 / (double)n) return 1;
    if (d >= 1) return 0;
    if (x > 6) return 2 * exp(-2 * x * x);
    if (n <= 2000) {
        double p = 1 - ks_cdf_exact(d, n);
        return p > 0 ? p : 0;
    }
    return cc_kolmogorov_sf(x + 1 / (6 * root) + (x - 1) / (4 * (double)n)); /* Vrbik's correction */
}

/* P(D >= d) by counting the lattice paths that stay within the band (Hodges 1957), as probabilities. */
static double two_exact(double d, size_t m, size_t n)
{
    double *row = calloc(n + 1, sizeof *row), gap = d * (1 - 1e-12) - 1e-14;
    if (!row) return NAN;
    for (size_t i = 0; i <= m; i++)
        for (size_t j = 0; j <= n; j++) {
            double left = (double)(m - i), right = (double)(n - j), p = i + j == 0 ? 1 : 0;
            if (i) p += row[j] * (left + 1) / (left + 1 + right);
            if (j) p += row[j - 1] * (right + 1) / (left + right + 1);
            row[j] = fabs((double)i / (double)m - (double)j / (double)n) >= gap ? 0 : p;
        }
    double inside = row[n];
    free(row);
    return inside < 1 ? 1 - inside : 0;
}

double cc_ks_two_sf(double d, size_t m, size_t n)
{
    if (d <= 0) return 1;
    if ((double)m * (double)n <= 1e6) return two_exact(d, m, n);
    return cc_kolmogorov_sf(d * sqrt((double)m * (double)n / (double)(m + n)));
}

/* The limit of A^2 (Anderson and Darling 1954); the integral over the whole line by the trapezoid rule, which is spectral there. */
static double ad_limit(double z)
{
    if (z < .01) return 0;
    double sum = 0, binomial = 1;
    for (int j = 0; j < 60; j++) {
        double t = (4 * j + 1) * (4 * j + 1) * M_PI * M_PI / (8 * z), integral = 0, h = fmin(.05, .25 / sqrt(t));
        for (double w = h; t * w * w < 60; w += h) integral += exp(z / (8 * (w * w + 1)) - t * w * w - t);
        integral = h * (integral + exp(z / 8 - t) / 2);
        double term = binomial * (4 * j + 1) * integral;
        sum += term;
        if (j > 0 && fabs(term) < 1e-17) break;
        binomial *= -(.5 + j) / (j + 1);
    }
    return sqrt(2 * M_PI) / z * sum;
}

/* What a finite n adds to the limit p, by Marsaglia and Marsaglia (2004). */
static double ad_finite(double p, double n)
{
    if (p > .8) return (-130.2137 + (745.2337 - (1705.091 - (1950.646 - (1116.360 - 255.7844 * p) * p) * p) * p) * p) / n;
    double c = .01265 + .1757 / n;
    if (p < c) {
        double t = p / c;
        t = sqrt(t) * (1 - t) * (49 * t - 102);
        return t * (.0037 / (n * n) + .00078 / n + .00006) / n;
    }
    double t = (p - c) / (.8 - c);
    t = -.00022633 + (6.54034 - (14.6538 - (14.458 - (8.259 - 1.91864 * t) * t) * t) * t) * t;
    return t * (.04213 + .01365 / n) / n;
}

double cc_ad_sf(double a2, size_t n)
{
    if (!(a2 > 0)) return 1;
    if (a2 > 60) return 0;
    double p = ad_limit(a2);
    if (n) p += ad_finite(p, (double)n);
    return p > 1 ? 0 : p < 0 ? 1 : 1 - p;
}

/* The standard deviation of the two-sample statistic (Scholz and Stephens 1987, their k = 2). */
static double ad_two_deviation(double m, double n)
{
    size_t N = (size_t)(m + n);
    double H = 1 / m + 1 / n, h = 0, g = 0, harmonic = 0, k = 2, total = m + n;
    for (size_t i = N - 1; i > 0; i--) { /* harmonic: the sum of 1/j over j > i */
        g += i < N - 1 ? harmonic / (double)(N - i) : 0;
        harmonic += 1 / (double)i;
    }
    h = harmonic;
    double a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * H;
    double b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * H - 8 * h + 4 * g - 6;
    double c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * H + 4 * h;
    double d = (2 * h + 6) * k * k - 4 * h * k;
    return sqrt((((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3)));
}

double cc_ad_two(const double *a, size_t m, const double *b, size_t n)
{
    double N = (double)(m + n), sum = 0;
    if (m + n < 4) return NAN;
    for (size_t i = 0, j = 0; i < m || j < n;) {
        double v = i < m && (j >= n || a[i] <= b[j]) ? a[i] : b[j], below = (double)(i + j), below_a = (double)i;
        while (i < m && a[i] == v) i++;
        while (j < n && b[j] == v) j++;
        double tied = (double)(i + j) - below, rank = below + tied / 2, rank_a = (below_a + (double)i) / 2;
        double between = N * rank_a - (double)m * rank, spread = rank * (N - rank) - N * tied / 4;
        if (spread > 0) sum += tied / N * between * between / spread; /* the other sample's term is the same but for its size */
    }
    double a2 = (N - 1) / N * sum * (1 / (double)m + 1 / (double)n);
    return (a2 - 1) / ad_two_deviation((double)m, (double)n);
}

double cc_ad_two_sf(double t)
{
    static const double deviation = 0.76141056; /* of the limit: sqrt(2 (pi^2 / 3 - 3)) */
    return cc_ad_sf(1 + t * deviation, 0);
}
