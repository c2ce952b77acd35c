/* verify/distribution.c: do the values follow a law? Kolmogorov-Smirnov and Anderson-Darling; chi-square for discrete laws. */
#include "verify/dist.h"
#include "verify/sample.h"
#include "verify/sort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum law_kind { NORMAL, UNIFORM, EXPONENTIAL, CHI2, STUDENT, DISCRETE } law_kind;

typedef struct law {
    law_kind kind;
    double a, b; /* parameters */
    size_t n;    /* of a discrete law */
    double p[64];
} law;

static double law_cdf(const law *l, double v)
{
    switch (l->kind) {
    case NORMAL:
        return cc_normal_cdf((v - l->a) / l->b);
    case UNIFORM:
        return v <= l->a ? 0 : v >= l->b ? 1 : (v - l->a) / (l->b - l->a);
    case EXPONENTIAL:
        return v <= 0 ? 0 : -expm1(-v * l->a);
    case CHI2:
        return cc_chi2_cdf(v, l->a);
    default:
        return cc_t_cdf(v, l->a);
    }
}

/* Reads "(a,b,..)", at most `most` finite numbers, or nothing at all; -1 for anything else. */
static int parse_parameters(const char *text, size_t most, law *l)
{
    if (!*text || !strcmp(text, "()")) return 0;
    for (char separator = '('; separator != ')';) {
        char *end;
        if (*text != separator || l->n == most) return -1;
        l->p[l->n] = strtod(text + 1, &end);
        if (end == text + 1 || !isfinite(l->p[l->n]) || (*end != ',' && *end != ')')) return -1;
        l->n++;
        text = end;
        separator = *end;
    }
    return text[1] ? -1 : 0;
}

/* Reads "name" or "name(a,b,..)"; 0 if it is no law. */
static int parse_law(cc_pool *pool, const char *text, law *l)
{
    static const struct {
        const char *name;
        law_kind kind;
        size_t least, most;
        double a, b;
    } known[] = {{"normal", NORMAL, 0, 2, 0, 1}, {"uniform", UNIFORM, 0, 2, 0, 1}, {"exponential", EXPONENTIAL, 0, 1, 1, 0},
                 {"chi2", CHI2, 1, 1, 0, 0},     {"t", STUDENT, 1, 1, 0, 0},       {"discrete", DISCRETE, 2, 64, 0, 0}};
    size_t length = strcspn(text, "(");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].name) != length || strncmp(text, known[i].name, length)) continue;
        *l = (law){.kind = known[i].kind, .a = known[i].a, .b = known[i].b};
        if (parse_parameters(text + length, known[i].most, l) || l->n < known[i].least)
            cc_stop(pool, "law `%s`: %s takes %zu to %zu finite numbers in parentheses", text, known[i].name, known[i].least,
                    known[i].most);
        if (l->kind != DISCRETE && l->n > 0) l->a = l->p[0];
        if (l->kind != DISCRETE && l->n > 1) l->b = l->p[1];
        return 1;
    }
    return 0;
}

static void check_parameters(cc_pool *pool, const char *text, const law *l)
{
    double sum = 0;
    for (size_t i = 0; i < l->n && l->kind == DISCRETE; i++) sum += l->p[i] >= 0 ? l->p[i] : NAN;
    int wrong = (l->kind == NORMAL && !(l->b > 0)) || (l->kind == UNIFORM && !(l->b > l->a)) ||
                (l->kind == DISCRETE && !(fabs(sum - 1) < 1e-9)) ||
                ((l->kind == EXPONENTIAL || l->kind == CHI2 || l->kind == STUDENT) && !(l->a > 0));
    if (wrong) cc_stop(pool, "law `%s`: no such law (spread, rate and degrees of freedom are positive, shares sum to 1)", text);
}

/* The largest gap to the law, and A^2. */
static void distances(const law *l, const double *sorted, size_t n, double *d, double *a2)
{
    double m = (double)n, sum = 0;
    *d = 0;
    for (size_t i = 0; i < n; i++) {
        double u = law_cdf(l, sorted[i]), v = law_cdf(l, sorted[n - 1 - i]);
        *d = fmax(*d, fmax(u - (double)i / m, (double)(i + 1) / m - u));
        sum += (2 * (double)i + 1) * (log(fmax(u, 1e-300)) + log(fmax(1 - v, 1e-300)));
    }
    *a2 = -m - sum / m;
}

/* Two samples: the largest gap between the empirical laws. */
static double two_sample_gap(const double *a, size_t m, const double *b, size_t n)
{
    double d = 0;
    for (size_t i = 0, j = 0; i < m && j < n;) {
        double v = fmin(a[i], b[j]);
        while (i < m && a[i] <= v) i++;
        while (j < n && b[j] <= v) j++;
        d = fmax(d, fabs((double)i / (double)m - (double)j / (double)n));
    }
    return d;
}

/* A law that is not rejected is only as good as the laws that would have been. A shift by so many standard deviations is rejected
 * at .05 with probability .95 or more, by the smaller of two p-values doubled, of n values (of two samples: n = half of each): 3.6
 * for the mean itself, and what the distances lose to it (calibration, shape "reach"). */
static double reach(double n) { return 4.2 / sqrt(n); }

/* tolerance: the shift that must have been seen, in standard deviations. values_each: how many values make one of the n. */
static void conclude(cc_result *result, double p, double d, double n, double alpha, double tolerance, double values_each)
{
    double band = sqrt(log(2 / alpha) / (2 * n)); /* Dvoretzky-Kiefer-Wolfowitz */
    result->verdict = p < .001 ? CC_REFUTED : p < .05 ? CC_INCONCLUSIVE : CC_VERIFIED;
    result->estimate = d;
    result->low = fmax(0, d - band);
    result->high = fmin(1, d + band);
    result->detectable = band + sqrt(log(1 / .2) / (2 * n));
    result->p = NAN; /* not rejecting a law proves nothing that has a p-value */
    cc_say(result, "goodness of fit p = %.4g; a gap of %.2g would have been seen with probability .8", p, result->detectable);
    if (result->verdict != CC_VERIFIED || (n >= 8 && reach(n) <= tolerance)) return;
    result->verdict = CC_INCONCLUSIVE;
    cc_say(result, "so few values miss a shift of less than %.2g standard deviations: for one of %.2g take %.0f or more", reach(n),
           tolerance, ceil(fmax(8, pow(reach(1) / tolerance, 2)) * values_each));
}

static double tolerance(const cc_sample *s) { return s->check->abs > 0 ? s->check->abs : 1; }

static void judge_discrete(cc_sample *s, const law *l, const double *value, size_t n, cc_result *result)
{
    double count[64] = {0}, chi2 = 0, gap = 0, run = 0, least = INFINITY, impossible = 0;
    for (size_t i = 0; i < n; i++) {
        if (value[i] < 0 || value[i] >= (double)l->n || value[i] != floor(value[i]))
            cc_stop(s->pool, "%g is no class of `%s` (0 .. %zu)", value[i], s->check->law, l->n - 1);
        count[(size_t)value[i]] += 1;
    }
    double classes = 0;
    for (size_t k = 0; k < l->n; k++) {
        double expected = l->p[k] * (double)n;
        if (expected > 0)
            chi2 += (count[k] - expected) * (count[k] - expected) / expected, classes += 1, least = fmin(least, expected);
        if (expected <= 0) impossible += count[k];
        run += count[k] / (double)n - l->p[k];
        gap = fmax(gap, fabs(run));
    }
    double p = impossible > 0 ? 0 : cc_chi2_sf(chi2, classes - 1);
    snprintf(result->method, sizeof result->method, "chi-square %.4g with %g df", chi2, classes - 1);
    conclude(result, p, gap, (double)n, s->alpha, tolerance(s), 1);
    if (least < 5 && result->verdict != CC_REFUTED) {
        result->verdict = CC_INCONCLUSIVE;
        cc_say(result, "a class expects %.2g values: chi-square needs 5", least);
    }
}

static double *values_of(cc_sample *s, int other)
{
    int *seen = cc_take(s->pool, s->n_units + 1, sizeof *seen);
    double *value = cc_take(s->pool, s->n, sizeof *value);
    for (size_t i = 0; i < s->n; i++) {
        if (!s->exact && seen[s->at[i].unit]++)
            cc_stop(s->pool,
                    "a unit has several values, which are not independent: reduce them with `per_unit`, or say `over` = \"\"");
        value[i] = other ? s->at[i].other : s->at[i].y;
    }
    cc_sort(value, s->n);
    return value;
}

static void draw(cc_result *result, const char *name, const double *sorted, size_t n, const law *l)
{
    size_t kept = n > 400 ? 400 : n;
    cc_series *series = cc_series_add(result, l ? "law" : name, kept, 0);
    for (size_t i = 0; series && i < kept; i++) {
        size_t k = kept > 1 ? i * (n - 1) / (kept - 1) : 0;
        series->x[i] = sorted[k];
        series->y[i] = l ? law_cdf(l, sorted[k]) : (double)(k + 1) / (double)n;
    }
}

static void judge_two_samples(cc_sample *s, cc_result *result)
{
    int j = cc_table_find(s->table, s->check->law);
    if (j < 0 || cc_table_is_text(s->table, (size_t)j))
        cc_stop(s->pool, "law `%s` is neither a column of numbers nor normal, uniform, exponential, chi2(k), t(k), discrete(p,..)",
                s->check->law);
    s->columns[2] = j;
    s->n = s->missing = 0;
    cc_sample_points(s);
    double *a = values_of(s, 0), *b = values_of(s, 1), d = two_sample_gap(a, s->n, b, s->n);
    double ks = cc_ks_two_sf(d, s->n, s->n), ad = s->n > 1 ? cc_ad_two_sf(cc_ad_two(a, s->n, b, s->n)) : 1;
    snprintf(result->method, sizeof result->method,
             "two samples: Kolmogorov-Smirnov p = %.4g, Anderson-Darling p = %.4g; twice the smaller counts", ks, ad);
    conclude(result, fmin(1, 2 * fmin(ks, ad)), d, (double)s->n / 2, s->alpha, tolerance(s), 2);
    draw(result, s->check->y, a, s->n, NULL);
    draw(result, s->check->law, b, s->n, NULL);
}

void cc_judge_distribution(cc_sample *s, cc_result *result)
{
    law l;
    snprintf(result->quantity, sizeof result->quantity, "largest gap to the law");
    snprintf(result->x_label, sizeof result->x_label, "%s", s->check->y);
    snprintf(result->y_label, sizeof result->y_label, "share at most");
    if (!parse_law(s->pool, s->check->law, &l)) {
        judge_two_samples(s, result);
        return;
    }
    check_parameters(s->pool, s->check->law, &l);
    double *value = values_of(s, 0), d, a2;
    if (l.kind == DISCRETE) {
        judge_discrete(s, &l, value, s->n, result);
        draw(result, s->check->y, value, s->n, NULL);
        return;
    }
    distances(&l, value, s->n, &d, &a2);
    double ks = cc_ks_sf(d, s->n), ad = cc_ad_sf(a2, s->n);
    snprintf(result->method, sizeof result->method,
             "Kolmogorov-Smirnov p = %.4g, Anderson-Darling p = %.4g; twice the smaller counts", ks, ad);
    conclude(result, fmin(1, 2 * fmin(ks, ad)), d, (double)s->n, s->alpha, tolerance(s), 1);
    draw(result, s->check->y, value, s->n, NULL);
    draw(result, s->check->law, value, s->n, &l);
}
