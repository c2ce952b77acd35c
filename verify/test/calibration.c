/* Are the verdicts calibrated? Synthetic campaigns with a known truth, judged many times.
 *
 *   calibration [--full] [--campaigns N] [--only KIND] [--shape SHAPE] [--csv FILE] [--markdown FILE]
 *
 * Of each setting: how often the 95 % interval covers the truth; how often a claim at the very limit of the truth is verified
 * (false, but just so) or refuted; how often a claim that is wrong by `effect` is refuted, left open, verified; how often one that
 * is right by `effect` is verified, refuted. The short form is a test: it fails when a share leaves what its number of campaigns
 * allows. */
#include "synthetic.h"

#include <string.h>
#include <time.h>

typedef enum shape { PURE, BEND, FLOOR, LOGS, CENSORED, OUTLIER, SHAPES } shape;
static const char *const shape_name[] = {"pure", "bend", "floor", "log", "censored", "outlier"};

typedef struct setting {
    const char *kind;
    shape shape;
    size_t seeds;
    double decades, sigma, effect;
} setting;

typedef struct tally {
    size_t n, judged, covered;
    size_t limit_verified, limit_refuted;             /* the claim's limit is the truth */
    size_t wrong_refuted, wrong_open, wrong_verified; /* it excludes the truth by `effect` */
    size_t right_verified, right_refuted;             /* it holds with `effect` to spare */
    double width;
} tally;

/* ---- campaigns: a table, the truth, and the check but for its limit ---- */
typedef struct campaign {
    cc_table *table;
    double truth;
    cc_check check;
} campaign;

static double lognormal(double sigma, uint64_t stream, uint64_t k) { return exp(sigma * noise(stream, k)); }

static campaign exponent_campaign(const setting *s, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .truth = s->shape == FLOOR ? -1 : s->shape == LOGS ? 1 : 1.25};
    size_t n = (size_t)(8 * s->decades) + 1;
    c.check = (cc_check)CC_EXPONENT(.x = "x", .y = "y");
    c.check.logs = s->shape == LOGS;
    double cap = pow(10 * pow(10, .8 * s->decades), 1.25);
    for (size_t u = 0; u < s->seeds; u++)
        for (size_t i = 0; i < n; i++) {
            double x = 10 * pow(10, s->decades * (double)i / (double)(n - 1)), y = pow(x, c.truth);
            size_t row = cc_table_append(c.table) ? 0 : cc_table_rows(c.table) - 1;
            if (s->shape == LOGS) y *= log(x);
            if (s->shape == BEND) y += pow(10 * pow(10, .25 * s->decades), 1.25);
            if (s->shape == FLOOR) y += 1 / (10 * pow(10, .75 * s->decades));
            y *= lognormal(s->sigma, stream, u * n + i);
            if (s->shape == OUTLIER && u % 10 == 9) y *= pow(x / 10, 1.5);
            put(c.table, row, "seed", (double)u);
            put(c.table, row, "x", x);
            if (s->shape == CENSORED) put(c.table, row, "reached", y <= cap), y = fmin(y, cap);
            put(c.table, row, "y", y);
        }
    return c;
}

static campaign rate_campaign(const setting *s, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .truth = .9};
    size_t n = (size_t)(60 * s->decades);
    c.check = (cc_check)CC_LINEAR_RATE(.x = "k", .y = "y");
    for (size_t u = 0; u < s->seeds; u++)
        for (size_t k = 0; k < n; k++) {
            double y = pow(.9, (double)k);
            size_t row = cc_table_append(c.table) ? 0 : cc_table_rows(c.table) - 1;
            if (s->shape == BEND) y += 3 * pow(.6, (double)k);
            if (s->shape == FLOOR) y += pow(.9, .7 * (double)n);
            put(c.table, row, "seed", (double)u);
            put(c.table, row, "k", (double)k);
            put(c.table, row, "y", y * lognormal(s->sigma, stream, u * n + k));
        }
    return c;
}

static campaign mean_campaign(const setting *s, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .truth = 1};
    c.check = !strcmp(s->kind, "bound") ? (cc_check)CC_BOUND(.y = "y", .across = "mean")
                                        : (cc_check)CC_SCALING(.y = "y", .across = "median");
    for (size_t u = 0; u < s->seeds; u++) {
        size_t row = cc_table_append(c.table) ? 0 : cc_table_rows(c.table) - 1;
        put(c.table, row, "seed", (double)u);
        put(c.table, row, "y",
            lognormal(s->sigma, stream, u) * (c.check.kind == CC_KIND_BOUND ? exp(-s->sigma * s->sigma / 2) : 1));
    }
    return c;
}

static campaign share_campaign(const setting *s, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .truth = s->decades};
    c.check = (cc_check)CC_PROBABILITY(.y = "y");
    for (size_t u = 0; u < s->seeds; u++) {
        size_t row = cc_table_append(c.table) ? 0 : cc_table_rows(c.table) - 1;
        put(c.table, row, "seed", (double)u);
        put(c.table, row, "y", cc_hash_uniform(stream, u) < c.truth);
    }
    return c;
}

/* The median difference of two arms is 0; a margin moves the claim away from it. */
static campaign ordering_campaign(const setting *s, uint64_t stream)
{
    campaign c = {.table = cc_table_new(), .truth = 0};
    c.check = (cc_check)CC_ORDERING(.y = "y", .chain = "a < b");
    for (size_t u = 0; u < s->seeds; u++)
        for (size_t k = 0; k < 2; k++) {
            size_t row = cc_table_append(c.table) ? 0 : cc_table_rows(c.table) - 1;
            put(c.table, row, "seed", (double)u);
            put_text(c.table, row, "arm", k ? "b" : "a");
            put(c.table, row, "y", s->sigma * (noise(stream, 2 * u + k) + 3 * noise(stream + 1, u)));
        }
    return c;
}

static campaign make_campaign(const setting *s, uint64_t stream)
{
    if (!strcmp(s->kind, "exponent")) return exponent_campaign(s, stream);
    if (!strcmp(s->kind, "linear_rate")) return rate_campaign(s, stream);
    if (!strcmp(s->kind, "probability")) return share_campaign(s, stream);
    if (!strcmp(s->kind, "ordering")) return ordering_campaign(s, stream);
    return mean_campaign(s, stream);
}

/* ---- judging ---- */
/* "At most `limit`"; for the ordering "a is below b by more than -limit". */
static cc_verdict judge_at(const campaign *c, double limit, cc_result *result)
{
    cc_check check = c->check;
    if (check.kind == CC_KIND_ORDERING)
        check.margin = -limit;
    else
        check.is = (cc_criterion)CC_AT_MOST(limit);
    cc_judge(c->table, &check, NULL, result);
    cc_result_clear(result);
    if (getenv("VERBOSE"))
        printf("at most %g: %s [%g, %g] %s; %s\n", limit, cc_verdict_name(result->verdict), result->low, result->high,
               result->method, result->message);
    return result->verdict;
}

static void add_campaign(const setting *s, uint64_t stream, tally *t)
{
    campaign c = make_campaign(s, stream);
    cc_result r;
    cc_verdict v = judge_at(&c, c.truth, &r);
    t->n++;
    t->limit_verified += v == CC_VERIFIED;
    t->limit_refuted += v == CC_REFUTED;
    if (isfinite(r.low) && isfinite(r.high)) {
        t->judged++;
        t->covered += r.low <= c.truth && c.truth <= r.high;
        t->width += r.high - r.low;
    }
    v = judge_at(&c, c.truth - s->effect, &r);
    t->wrong_refuted += v == CC_REFUTED;
    t->wrong_verified += v == CC_VERIFIED;
    t->wrong_open += v == CC_INCONCLUSIVE;
    v = judge_at(&c, c.truth + s->effect, &r);
    t->right_verified += v == CC_VERIFIED;
    t->right_refuted += v == CC_REFUTED;
    cc_table_free(c.table);
}

/* ---- settings ---- */
static size_t all_settings(setting *to)
{
    static const double sigma[] = {.05, .2, .5}, decades[] = {1, 2, 3}, share[] = {.5, .9, .98};
    static const size_t seeds[] = {5, 20, 60};
    size_t n = 0;
    for (int k = 0; k < SHAPES; k++)
        for (size_t u = 0; u < 3; u++)
            for (size_t d = 0; d < 3; d++)
                for (size_t g = 0; g < 3; g++)
                    if (k != OUTLIER || seeds[u] >= 20)
                        to[n++] = (setting){"exponent", (enum shape)k, seeds[u], decades[d], sigma[g], .25};
    for (int k = PURE; k <= FLOOR; k++)
        for (size_t u = 0; u < 3; u++)
            for (size_t g = 0; g < 3; g++) to[n++] = (setting){"linear_rate", (enum shape)k, seeds[u], 2, sigma[g], .02};
    for (size_t u = 0; u < 3; u++)
        for (size_t g = 0; g < 3; g++) {
            to[n++] = (setting){"bound", PURE, seeds[u], 0, sigma[g], sigma[g]};
            to[n++] = (setting){"scaling", PURE, seeds[u], 0, sigma[g], sigma[g]};
            to[n++] = (setting){"probability", PURE, seeds[u], share[g], 0, .15};
            if (g == 1) to[n++] = (setting){"ordering", PURE, seeds[u], 0, sigma[g], .3};
        }
    return n;
}

static double percent(size_t k, size_t n) { return n ? 100 * (double)k / (double)n : NAN; }

static void write_row(FILE *csv, FILE *markdown, const setting *s, const tally *t)
{
    if (csv)
        fprintf(csv, "%s,%s,%zu,%g,%g,%g,%zu,%.2f,%.4g,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f\n", s->kind, shape_name[s->shape],
                s->seeds, s->decades, s->sigma, s->effect, t->n, percent(t->covered, t->judged), t->width / (double)t->judged,
                percent(t->limit_verified, t->n), percent(t->limit_refuted, t->n), percent(t->wrong_refuted, t->n),
                percent(t->wrong_open, t->n), percent(t->wrong_verified, t->n), percent(t->right_verified, t->n),
                percent(t->right_refuted, t->n));
    if (markdown)
        fprintf(markdown, "| %s | %s | %zu | %g | %g | %.1f | %.2g | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |\n", s->kind,
                shape_name[s->shape], s->seeds, s->decades, s->sigma, percent(t->covered, t->judged), t->width / (double)t->judged,
                percent(t->limit_verified, t->n), percent(t->limit_refuted, t->n), percent(t->wrong_refuted, t->n),
                percent(t->wrong_open, t->n), percent(t->wrong_verified, t->n), percent(t->right_verified, t->n),
                percent(t->right_refuted, t->n));
    if (markdown) fflush(markdown);
}

static void write_heads(FILE *csv, FILE *markdown)
{
    if (csv)
        fprintf(
            csv,
            "kind,shape,seeds,decades,sigma,effect,campaigns,coverage,width,limit_verified,limit_refuted,wrong_refuted,wrong_open,"
            "wrong_verified,right_verified,right_refuted\n");
    if (markdown)
        fprintf(markdown, "| kind | shape | seeds | decades | sigma | coverage | width | at limit: verified | refuted | wrong: "
                          "refuted | open | verified | "
                          "right: verified | refuted |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
}

/* A share of at most `most` is contradicted by k of n when four standard errors do not explain it. */
static int too_many(size_t k, size_t n, double most)
{
    double m = (double)n;
    return (double)k > m * most + 4 * sqrt(m * most * (1 - most)) + 1;
}

static int acceptable(const setting *s, const tally *t)
{
    int bad =
        too_many(t->limit_verified, t->n, .05) || too_many(t->wrong_verified, t->n, .01) || too_many(t->right_refuted, t->n, .01);
    if (s->shape == PURE && strcmp(s->kind, "ordering")) bad |= too_many(t->judged - t->covered, t->judged, .07);
    if (!strcmp(s->kind, "exponent") && s->shape == PURE && s->seeds == 20 && s->decades == 2 && s->sigma == .2)
        bad |= too_many(t->n - t->wrong_refuted, t->n, .1);
    return !bad;
}

/* The short form's settings: one of each kind and shape, in the middle of the range. */
static int in_short_form(const setting *s)
{
    return s->seeds == 20 && (s->sigma == .2 || s->sigma == 0) && (s->decades == 2 || s->decades == 0 || s->decades == .9);
}

typedef struct options {
    int full;
    size_t campaigns;
    const char *only, *shape;
    FILE *csv, *markdown;
} options;

static int read_options(int argc, char **argv, options *o)
{
    *o = (options){.campaigns = 120};
    for (int i = 1; i < argc; i++) {
        int more = i + 1 < argc;
        if (!strcmp(argv[i], "--full"))
            o->full = 1, o->campaigns = 2000;
        else if (more && !strcmp(argv[i], "--campaigns"))
            o->campaigns = (size_t)strtoul(argv[++i], NULL, 10);
        else if (more && !strcmp(argv[i], "--only"))
            o->only = argv[++i];
        else if (more && !strcmp(argv[i], "--shape"))
            o->shape = argv[++i];
        else if (more && !strcmp(argv[i], "--csv"))
            o->csv = fopen(argv[++i], "w");
        else if (more && !strcmp(argv[i], "--markdown"))
            o->markdown = fopen(argv[++i], "w");
        else
            return fprintf(stderr, "calibration: `%s` is not an option\n", argv[i]), -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    options o;
    setting settings[256];
    size_t n = all_settings(settings), failed = 0;
    if (read_options(argc, argv, &o)) return 2;
    write_heads(o.csv, o.markdown);
    write_heads(NULL, stdout);
    for (size_t i = 0; i < n; i++) {
        const setting *s = &settings[i];
        tally t = {0};
        if (o.shape && strcmp(o.shape, shape_name[s->shape])) continue;
        if ((o.only && strcmp(o.only, s->kind)) || (!o.full && !in_short_form(s))) continue;
        for (size_t k = 0; k < o.campaigns; k++) add_campaign(s, cc_hash_bits(0x63616c69u, i * 1000003 + k), &t);
        int good = acceptable(s, &t);
        failed += !good;
        write_row(o.csv, o.markdown, s, &t);
        write_row(NULL, stdout, s, &t);
        if (!good) printf("^ beyond what %zu campaigns allow\n", t.n);
    }
    if (o.csv) fclose(o.csv);
    if (o.markdown) fclose(o.markdown);
    return failed && !o.full ? 1 : 0;
}
