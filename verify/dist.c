/* verify/dist.c: incomplete gamma and beta functions, and the laws that follow from them. */
#include "verify/dist.h"

#include <float.h>
#include <math.h>

/* Power series of P(a, x) for x < a + 1. */
static double gamma_series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (int n = 1; n < 100000 && fabs(term) > fabs(sum) * DBL_EPSILON / 4; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum;
}

/* Legendre's continued fraction of Q(a, x) for x >= a + 1, by Lentz's method. */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
    for (int i = 1; i < 100000; i++) {
        double an = -i * (i - a);
        b += 2;
        d = an * d + b;
        if (fabs(d) < 1e-300) d = 1e-300;
        c = b + an / c;
        if (fabs(c) < 1e-300) c = 1e-300;
        d = 1 / d;
        double factor = d * c;
        h *= factor;
        if (fabs(factor - 1) < DBL_EPSILON) break;
    }
    return h;
}

/* log(1 + u) - u without cancellation for small u. */
static double log1pmx(double u)
{
    if (fabs(u) > .3) return log1p(u) - u;
    double term = u, sum = 0;
    for (int k = 2; k < 80 && fabs(term) > 1e-19 * fabs(sum); k++) {
        term *= -u;
        sum += term / k;
    }
    return sum;
}

/* What Stirling's formula leaves of log Gamma(a): a >= 10. */
static double stirling_rest(double a)
{
    double r = 1 / (a * a);
    return (1. / 12 - r * (1. / 360 - r * (1. / 1260 - r * (1. / 1680 - r * (1. / 1188 - r * 691. / 360360))))) / a;
}

/* x^a e^-x / Gamma(a), also where the factors overflow. */
static double gamma_front(double a, double x)
{
    if (a < 10) return exp(a * log(x) - x - lgamma(a));
    return sqrt(a / (2 * M_PI)) * exp(a * log1pmx((x - a) / a) - stirling_rest(a));
}

double cc_gamma_p(double a, double x)
{
    if (!(x > 0)) return 0;
    if (isinf(x)) return 1;
    return x < a + 1 ? gamma_front(a, x) * gamma_series(a, x) : 1 - gamma_front(a, x) * gamma_fraction(a, x);
}

double cc_gamma_q(double a, double x)
{
    if (!(x > 0)) return 1;
    if (isinf(x)) return 0;
    return x < a + 1 ? 1 - gamma_front(a, x) * gamma_series(a, x) : gamma_front(a, x) * gamma_fraction(a, x);
}

static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    if (fabs(d) < 1e-300) d = 1e-300;
    d = 1 / d;
    double h = d;
    for (int m = 1; m < 100000; m++) {
        for (int odd = 0; odd < 2; odd++) {
            double step = odd ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                              : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 + step * d;
            if (fabs(d) < 1e-300) d = 1e-300;
            c = 1 + step / c;
            if (fabs(c) < 1e-300) c = 1e-300;
            d = 1 / d;
            h *= d * c;
        }
        if (fabs(d * c - 1) < DBL_EPSILON) break;
    }
    return h;
}

/* log Gamma(a + b) - log Gamma(b) for b >= 10 and small a, without cancellation. */
static double gamma_step(double a, double b)
{
    return (b - .5) * log1p(a / b) + a * log(a + b) - a + stirling_rest(a + b) - stirling_rest(b);
}

/* x^a (1-x)^b / B(a, b). For large a and b by Stirling about the mode, where lgamma would cancel. */
static double beta_front(double a, double b, double x)
{
    if (a < 10 && b < 10) return exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b));
    if (a < 10) return exp(a * log(x) + b * log1p(-x) + gamma_step(a, b) - lgamma(a));
    if (b < 10) return exp(a * log(x) + b * log1p(-x) + gamma_step(b, a) - lgamma(b));
    double n = a + b, u = (n * x - a) / a, v = -(n * x - a) / b;
    double main = a * log1pmx(u) + b * log1pmx(v);
    return sqrt(a * b / (2 * M_PI * n)) * exp(main + stirling_rest(n) - stirling_rest(a) - stirling_rest(b));
}

double cc_beta_i(double a, double b, double x)
{
    if (!(x > 0)) return 0;
    if (x >= 1) return 1;
    if (x < (a + 1) / (a + b + 2)) return beta_front(a, b, x) * beta_fraction(a, b, x) / a;
    return 1 - beta_front(a, b, x) * beta_fraction(b, a, 1 - x) / b;
}

double cc_normal_cdf(double z) { return erfc(-z * M_SQRT1_2) / 2; }

/* Increasing f on [low, high] (f(low) <= p <= f(high)): bisection guarded secants. */
static double invert(double (*f)(double, double, double), double a, double b, double p, double low, double high)
{
    double f_low = f(low, a, b) - p, f_high = f(high, a, b) - p;
    if (f_low >= 0) return low;
    if (f_high <= 0) return high;
    for (int i = 0; i < 200; i++) {
        double middle = i % 3 == 2 ? (low + high) / 2 : low - f_low * (high - low) / (f_high - f_low);
        if (!(middle > low && middle < high)) middle = low + (high - low) / 2;
        if (middle == low || middle == high || high - low <= 4 * DBL_EPSILON * fabs(middle)) return middle;
        double value = f(middle, a, b) - p;
        if (value == 0) return middle;
        if (value < 0)
            low = middle, f_low = value;
        else
            high = middle, f_high = value;
    }
    return low + (high - low) / 2;
}

static double normal3(double z, double a, double b) { return (void)a, (void)b, cc_normal_cdf(z); }
static double t3(double t, double df, double b) { return (void)b, cc_t_cdf(t, df); }
static double beta3(double x, double a, double b) { return cc_beta_i(a, b, x); }

/* Quantiles are found in the lower half, where the distribution function keeps its relative accuracy. */
double cc_normal_quantile(double p)
{
    if (!(p > 0)) return p == 0 ? -INFINITY : NAN;
    if (p >= 1) return p == 1 ? INFINITY : NAN;
    return p > .5 ? -invert(normal3, 0, 0, 1 - p, -40, 0) : invert(normal3, 0, 0, p, -40, 0);
}

double cc_t_cdf(double t, double df)
{
    if (isinf(df)) return cc_normal_cdf(t);
    if (isinf(t)) return t > 0;
    double square = t * t, tail = square < 1 ? .5 - .5 * cc_beta_i(.5, df / 2, square / (df + square))
                                             : .5 * cc_beta_i(df / 2, .5, df / (df + square));
    return t < 0 ? tail : 1 - tail;
}

static double t_quantile(double p, double df)
{
    if (isinf(df)) return cc_normal_quantile(p);
    if (!(p > 0)) return p == 0 ? -INFINITY : NAN;
    if (p >= 1) return p == 1 ? INFINITY : NAN;
    double tail = p > .5 ? 1 - p : p, low = -1;
    if (tail == .5) return 0;
    while (cc_t_cdf(low, df) > tail) low *= 4;
    double t = invert(t3, df, 0, tail, low, 0);
    return p > .5 ? -t : t;
}

/* One judgement asks for the same few quantiles over and over. */
double cc_t_quantile(double p, double df)
{
    enum { KEPT = 8 };
    static _Thread_local struct {
        double p, df, t;
    } kept[KEPT];
    static _Thread_local size_t next;
    for (size_t i = 0; i < KEPT; i++)
        if (kept[i].df == df && kept[i].p == p) return kept[i].t;
    double t = t_quantile(p, df);
    next = (next + 1) % KEPT;
    kept[next].p = p, kept[next].df = df, kept[next].t = t;
    return t;
}

double cc_chi2_cdf(double x, double k) { return cc_gamma_p(k / 2, x / 2); }
double cc_chi2_sf(double x, double k) { return cc_gamma_q(k / 2, x / 2); }
double cc_beta_quantile(double p, double a, double b) { return invert(beta3, a, b, p, 0, 1); }

double cc_binomial_cdf(size_t k, size_t n, double p)
{
    if (k >= n || p <= 0) return 1;
    return p >= 1 ? 0 : cc_beta_i((double)(n - k), (double)k + 1, 1 - p);
}

double cc_binomial_sf(size_t k, size_t n, double p)
{
    if (k == 0 || p >= 1) return 1;
    return k > n || p <= 0 ? 0 : cc_beta_i((double)k, (double)(n - k) + 1, p);
}

void cc_clopper_pearson(size_t k, size_t n, double alpha, double *low, double *high)
{
    double a = (double)k, b = (double)(n - k);
    *low = k == 0 ? 0 : cc_beta_quantile(alpha / 2, a, b + 1);
    *high = k == n ? 1 : 1 - cc_beta_quantile(alpha / 2, b, a + 1);
}
