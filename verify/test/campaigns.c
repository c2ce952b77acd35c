/* verify/test/campaigns.c: see campaigns.h. */
#include "campaigns.h"

#include <string.h>

static int shaped(const setting *s, const char *shape) { return !strcmp(s->shape, shape); }
static double lognormal(double sigma, uint64_t stream, uint64_t k) { return exp(sigma * noise(stream, k)); }

/* How far a claim's limit stands above the truth. */
static double spare(const setting *s, side which) { return which == RIGHT ? s->effect : which == WRONG ? -s->effect : 0; }

static campaign at_most(cc_check check, const setting *s, side which, double truth)
{
    campaign c = {.table = cc_table_new(), .check = check, .target = truth};
    c.check.is = (cc_criterion)CC_AT_MOST(truth + spare(s, which));
    return c;
}

/* ---- curves ---- */
static campaign exponent_campaign(const setting *s, side which, uint64_t stream)
{
    int floored = shaped(s, "floor"), logs = shaped(s, "log"), hidden = shaped(s, "hidden log"), censored = shaped(s, "censored");
    double truth = floored ? -1 : logs || hidden ? 1 : 1.25;
    campaign c = at_most((cc_check)CC_EXPONENT(.x = "x", .y = "y"), s, which, truth);
    size_t n = (size_t)(8 * s->at) + 1;
    c.check.logs = logs;
    if (hidden) c.target = NAN; /* the interval speaks of the power that looks like this on the record */
    double cap = pow(10 * pow(10, .8 * s->at), 1.25);
    for (size_t u = 0; u < s->units; u++)
        for (size_t i = 0; i < n; i++) {
            double x = 10 * pow(10, s->at * (double)i / (double)(n - 1)), y = pow(x, truth);
            size_t row = new_row(c.table);
            if (logs || hidden) y *= log(x);
            if (shaped(s, "bend")) y += pow(10 * pow(10, .25 * s->at), 1.25);
            if (floored) y += 1 / (10 * pow(10, .75 * s->at));
            y *= lognormal(s->sigma, stream, u * n + i);
            if (shaped(s, "outlier") && u % 10 == 9) y *= pow(x / 10, 1.5);
            put(c.table, row, "seed", (double)u);
            put(c.table, row, "x", x);
            if (censored) put(c.table, row, "reached", y <= cap), y = fmin(y, cap);
            put(c.table, row, "y", y);
        }
    return c;
}

static campaign rate_campaign(const setting *s, side which, uint64_t stream)
{
    campaign c = at_most((cc_check)CC_LINEAR_RATE(.x = "k", .y = "y"), s, which, .9);
    size_t n = (size_t)(60 * s->at);
    for (size_t u = 0; u < s->units; u++)
        for (size_t k = 0; k < n; k++) {
            double y = pow(.9, (double)k);
            size_t row = new_row(c.table);
            if (shaped(s, "bend")) y += 3 * pow(.6, (double)k);
            if (shaped(s, "floor")) y += pow(.9, .7 * (double)n);
            put(c.table, row, "seed", (double)u);
            put(c.table, row, "k", (double)k);
            put(c.table, row, "y", y * lognormal(s->sigma, stream, u * n + k));
        }
    return c;
}

/* newton: errors squared at each step; floor: the same, then rounding of 1e-16; mesh: h^2. "At least" 2. */
static campaign order_campaign(const setting *s, side which, uint64_t stream)
{
    enum { STEPS = 7 };
    int mesh = shaped(s, "mesh");
    campaign c = {.table = cc_table_new(), .check = CC_ORDER(.x = "k", .y = "y"), .target = 2};
    c.check.semilog = mesh ? 3 : 0;
    c.check.is = (cc_criterion)CC_AT_LEAST(2 - spare(s, which));
    for (size_t u = 0; u < s->units; u++) {
        double error = .5;
        for (size_t k = 0; k < STEPS; k++, error *= error) {
            double h = ldexp(1, -(int)k), y = (mesh ? h * h : error) * lognormal(s->sigma, stream, 2 * (u * STEPS + k));
            if (shaped(s, "floor")) y += 1e-16 * fabs(noise(stream, 2 * (u * STEPS + k) + 1));
            if (shaped(s, "newton") && y < 1e-13) break;
            size_t row = new_row(c.table);
            put(c.table, row, "seed", (double)u);
            put(c.table, row, "k", mesh ? h : (double)k);
            put(c.table, row, "y", y);
        }
    }
    return c;
}

/* ---- one number a unit ---- */
static size_t unit_row(cc_table *table, size_t u)
{
    size_t row = new_row(table);
    put(table, row, "seed", (double)u);
    return row;
}

/* Every row exact and far from its limit, but for one row of one unit in a claim that is wrong. */
static campaign rows_campaign(cc_check check, const setting *s, side which, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .check = check, .target = NAN, .no_limit = 1};
    size_t broken = (size_t)(cc_hash_uniform(stream, 1u << 20) * (double)s->units);
    for (size_t u = 0; u < s->units; u++) {
        size_t row = unit_row(c.table, u);
        double other = ldexp(1 + .9 * cc_hash_uniform(stream, 2 * u), (int)(600 * cc_hash_uniform(stream, 2 * u + 1)) - 300);
        int steps = (int)(5 * cc_hash_uniform(stream, 4000000 + u)); /* at most four units in the last place off */
        if (which == WRONG && u == broken) steps = 5;
        if (cc_hash_bits(stream, 8000000 + u) & 1 && check.kind != CC_KIND_BOUND) steps = -steps;
        put(c.table, row, "y", other + steps * ldexp(1, ilogb(other) - 52));
        put(c.table, row, "z", check.kind == CC_KIND_ULP ? other : other + 4 * ldexp(1, ilogb(other) - 52));
    }
    return c;
}

/* Lognormal y whose mean, root mean square or median is 1, against a bound column: y <= z + tolerance. */
static campaign bound_campaign(const setting *s, side which, uint64_t stream)
{
    if (shaped(s, "rows")) return rows_campaign((cc_check)CC_BOUND(.y = "y", .other = "z"), s, which, stream);
    int rms = shaped(s, "rms"), median = shaped(s, "median");
    campaign c = {.table = cc_table_new(), .check = CC_BOUND(.y = "y", .other = "z", .across = s->shape)};
    double centre = median ? 0 : rms ? s->sigma * s->sigma : s->sigma * s->sigma / 2, limit = 1 + spare(s, which);
    c.check.abs = s->sigma / 2;
    c.target = rms ? 1 - limit * limit : 1 - limit;
    for (size_t u = 0; u < s->units; u++) {
        size_t row = unit_row(c.table, u);
        put(c.table, row, "y", lognormal(s->sigma, stream, u) * exp(-centre));
        put(c.table, row, "z", limit - c.check.abs);
    }
    return c;
}

/* The ratio y / z over instances of different size. */
static campaign scaling_campaign(const setting *s, side which, uint64_t stream)
{
    campaign c = at_most((cc_check)CC_SCALING(.y = "y", .other = "z", .across = s->shape), s, which, 1);
    double centre = shaped(s, "mean") ? s->sigma * s->sigma / 2 : 0;
    for (size_t u = 0; u < s->units; u++) {
        size_t row = unit_row(c.table, u);
        double z = exp(3 * cc_hash_uniform(stream, 4000000 + u));
        put(c.table, row, "z", z);
        put(c.table, row, "y", z * lognormal(s->sigma, stream, u) * exp(-centre));
    }
    return c;
}

/* Means differ by the tolerance (one sigma), by one effect less, by one more; "se": within tolerance + 2 standard errors. */
static campaign equality_campaign(const setting *s, side which, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .check = CC_EQUALITY(.y = "y", .other = "z", .abs = s->sigma)};
    if (shaped(s, "se"))
        c.check.se = 2;
    else
        c.check.across = "mean";
    c.target = s->sigma - spare(s, which);
    for (size_t u = 0; u < s->units; u++) {
        size_t row = unit_row(c.table, u);
        double z = noise(stream, 4000000 + u);
        put(c.table, row, "z", z);
        put(c.table, row, "y", z + c.target + s->sigma * noise(stream, u));
    }
    return c;
}

/* Of a right claim the law is the true one, whose gap is 0; of a wrong one the values are shifted by the effect. */
static campaign distribution_campaign(const setting *s, side which, uint64_t stream)
{
    int classes = shaped(s, "classes"), two = shaped(s, "two samples");
    campaign c = {.table = cc_table_new(), .target = 0, .no_limit = 1};
    c.check = (cc_check)CC_DISTRIBUTION(.y = "y", .law = classes ? "discrete(.4,.3,.2,.1)" : two ? "z" : "normal");
    for (size_t u = 0; u < s->units; u++) {
        size_t row = unit_row(c.table, u);
        double y = noise(stream, u) - (which == WRONG ? s->effect : 0), share = cc_normal_cdf(y);
        put(c.table, row, "y", classes ? (share > .4) + (share > .7) + (share > .9) : y);
        if (two) put(c.table, row, "z", noise(stream, 4000000 + u));
    }
    return c;
}

/* "At least" for shares of one half or more, "at most" below; wrong claims say the opposite, beyond the truth. */
static campaign share_campaign(const setting *s, side which, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .check = CC_PROBABILITY(.y = "y"), .target = s->at};
    int high = s->at >= .5, least = which == WRONG ? !high : high;
    double limit = which == AT_LIMIT ? s->at : high ? s->at - s->effect : s->at + s->effect;
    c.check.is = least ? (cc_criterion)CC_AT_LEAST(limit) : (cc_criterion)CC_AT_MOST(limit);
    for (size_t u = 0; u < s->units; u++) put(c.table, unit_row(c.table, u), "y", cc_hash_uniform(stream, u) < s->at);
    return c;
}

/* The difference a - b of one unit. pure: normal, the median at minus the effect, at 0 or above. ties: -1, 0 or 1; just half of the
 * units below 0 at the limit, four in five beyond it. equal: as often -1 as 1 at the limit, and half of the pairs tie. */
static double arm_difference(const setting *s, side which, uint64_t stream, size_t u)
{
    if (shaped(s, "pure")) return s->sigma * (noise(stream, 2 * u) - noise(stream, 2 * u + 1)) - spare(s, which);
    double v = cc_hash_uniform(stream, u), below = which == RIGHT ? .8 : which == WRONG ? .05 : shaped(s, "ties") ? .5 : .25;
    double tied = which == AT_LIMIT ? (shaped(s, "ties") ? .3 : .5) : .15;
    return v < below ? -1 : v < below + tied ? 0 : 1;
}

static campaign ordering_campaign(const setting *s, side which, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .check = CC_ORDERING(.y = "y", .chain = "a < b")};
    c.target = shaped(s, "pure") ? -spare(s, which) : NAN; /* the interval of a median among ties covers it too easily to count */
    for (size_t u = 0; u < s->units; u++) {
        double common = floor(8 * cc_hash_uniform(stream, 4000000 + u));
        for (size_t k = 0; k < 2; k++) {
            size_t row = unit_row(c.table, u);
            put_text(c.table, row, "arm", k ? "b" : "a");
            put(c.table, row, "y", common + (k ? 0 : arm_difference(s, which, stream, u)));
        }
    }
    return c;
}

campaign make_campaign(const setting *s, side which, uint64_t stream)
{
    if (!strcmp(s->kind, "exponent")) return exponent_campaign(s, which, stream);
    if (!strcmp(s->kind, "linear_rate")) return rate_campaign(s, which, stream);
    if (!strcmp(s->kind, "order")) return order_campaign(s, which, stream);
    if (!strcmp(s->kind, "bound")) return bound_campaign(s, which, stream);
    if (!strcmp(s->kind, "scaling")) return scaling_campaign(s, which, stream);
    if (!strcmp(s->kind, "probability")) return share_campaign(s, which, stream);
    if (!strcmp(s->kind, "ordering")) return ordering_campaign(s, which, stream);
    if (!strcmp(s->kind, "distribution")) return distribution_campaign(s, which, stream);
    if (!strcmp(s->kind, "equality") && !shaped(s, "rows")) return equality_campaign(s, which, stream);
    if (!strcmp(s->kind, "equality")) {
        campaign c = rows_campaign((cc_check)CC_EQUALITY(.y = "y", .other = "z", .rel = 0x1p-48), s, which, stream);
        size_t last = cc_table_rows(c.table) - 1;
        if (which == WRONG) put(c.table, last, "z", cc_table_get(c.table, last, 1) * (1 + 0x1p-47));
        return c;
    }
    return rows_campaign((cc_check)CC_ULP(.y = "y", .other = "z", .abs = 4), s, which, stream);
}

/* ---- settings ---- */
static const size_t few_to_many[] = {5, 20, 60};
static const double noises[] = {.05, .2, .5};

/* Every number of units and every noise. `relative`: the effect is so many sigma. */
static size_t add(setting *to, const char *kind, const char *shape, double at, double effect, int relative)
{
    size_t n = 0;
    for (size_t u = 0; u < 3; u++)
        for (size_t g = 0; g < 3; g++)
            to[n++] = (setting){kind, shape, few_to_many[u], at, noises[g], relative ? effect * noises[g] : effect};
    return n;
}

/* Every number of units, without noise to vary. */
static size_t add_plain(setting *to, const char *kind, const char *shape, double at, double sigma, double effect)
{
    for (size_t u = 0; u < 3; u++) to[u] = (setting){kind, shape, few_to_many[u], at, sigma, effect};
    return 3;
}

static size_t add_exponents(setting *to)
{
    static const char *const shapes[] = {"pure", "bend", "floor", "log", "censored", "hidden log", "outlier"};
    size_t n = 0;
    for (size_t k = 0; k < 7; k++)
        for (size_t u = 0; u < 3; u++)
            for (size_t d = 1; d <= 3; d++)
                for (size_t g = 0; g < 3; g++)
                    if (k < 6 || few_to_many[u] >= 20) /* an outlier is one unit in ten */
                        to[n++] = (setting){"exponent", shapes[k], few_to_many[u], (double)d, noises[g], k == 5 ? .05 : .25};
    return n;
}

size_t all_settings(setting to[MOST_SETTINGS])
{
    static const double share[] = {0, .02, .1, .5, .9, .98, 1};
    static const char *const shapes[] = {"pure", "bend", "floor"}, *const orders[] = {"newton", "floor", "mesh"},
                             *const bounds[] = {"mean", "rms", "median"}, *const laws[] = {"one sample", "two samples", "classes"},
                             *const arms[] = {"pure", "ties", "equal"};
    size_t n = add_exponents(to);
    for (size_t k = 0; k < 3; k++) n += add(to + n, "linear_rate", shapes[k], 2, .02, 0);
    for (size_t k = 0; k < 3; k++) n += add(to + n, "order", orders[k], 0, .25, 0);
    for (size_t k = 0; k < 3; k++) n += add(to + n, "bound", bounds[k], 0, 1, 1);
    n += add_plain(to + n, "bound", "rows", 0, 0, 0);
    for (size_t k = 0; k < 3; k += 2) n += add(to + n, "scaling", bounds[k], 0, 1, 1);
    n += add(to + n, "equality", "mean", 0, 1, 1);
    n += add(to + n, "equality", "se", 0, 1, 1);
    n += add_plain(to + n, "equality", "rows", 0, 0, 0);
    for (size_t k = 0; k < 3; k++) {
        if (k < 2) to[n++] = (setting){"distribution", laws[k], k ? 36 : 18, 0, 1, 1}; /* the least that verify */
        n += add_plain(to + n, "distribution", laws[k], 0, 1, 1);
    }
    n += add_plain(to + n, "ulp", "rows", 0, 0, 0);
    for (size_t k = 0; k < 3; k++) n += add_plain(to + n, "ordering", arms[k], 0, .2, .3);
    for (size_t k = 0; k < 7; k++) n += add_plain(to + n, "probability", "pure", share[k], 0, .15);
    return n;
}
