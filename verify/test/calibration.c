/* Are the verdicts calibrated? Synthetic campaigns with a known truth, judged many times.
 *
 *   calibration [--full] [--campaigns N] [--only KIND] [--shape SHAPE] [--units N] [--at DECADES-OR-SHARE] [--out FOLDER]
 *
 * Of each setting: how often the 95 % interval covers the truth; how often a claim at the very limit of the truth is verified
 * (false, but just so) or refuted; how often a claim that is wrong by `effect` is refuted, left open, verified; how often one that
 * is right by `effect` is verified, refuted. The short form is a test: it fails when a share leaves what its number of campaigns
 * allows. --out writes FOLDER/KIND.csv. */
#include "campaigns.h"

#include <string.h>

typedef struct tally {
    size_t n, judged, covered, exact;
    size_t verdicts[3][3]; /* [side][verdict] */
    double width;
} tally;

static void add_campaign(const setting *s, uint64_t stream, tally *t)
{
    t->n++;
    for (side which = AT_LIMIT; which <= RIGHT; which++) {
        cc_result r;
        campaign c = make_campaign(s, which, stream);
        cc_judge(c.table, &c.check, NULL, &r);
        cc_result_clear(&r);
        if (getenv("VERBOSE"))
            printf("%s %s side %d: %s [%g, %g] %s; %s\n", s->kind, s->shape, (int)which, cc_verdict_name(r.verdict), r.low, r.high,
                   r.method, r.message);
        if (r.verdict > CC_INCONCLUSIVE) fprintf(stderr, "%s %s: %s\n", s->kind, s->shape, r.message), exit(2);
        t->verdicts[which][r.verdict]++;
        if (which == (c.no_limit ? RIGHT : AT_LIMIT)) {
            t->exact += c.no_limit ? 1 : 0;
            if (!isnan(c.target) && isfinite(r.low) && isfinite(r.high)) {
                t->judged++;
                t->covered += r.low <= c.target && c.target <= r.high;
                t->width += r.high - r.low;
            }
        }
        cc_table_free(c.table);
    }
}

/* ---- tables ---- */
typedef struct column {
    const char *name;
    double value;
    int digits;
} column;

/* The measured columns; NaN where there is nothing to measure. */
enum { MEASURED = 9 };
static void measure(const tally *t, column to[MEASURED])
{
    double share = 100 / (double)t->n, limit = t->exact ? NAN : share;
    const size_t *at = t->verdicts[AT_LIMIT], *wrong = t->verdicts[WRONG], *right = t->verdicts[RIGHT];
    column columns[MEASURED] = {
        {"coverage", t->judged ? 100 * (double)t->covered / (double)t->judged : NAN, 1},
        {"width", t->judged ? t->width / (double)t->judged : NAN, 0},
        {"limit_verified", limit * (double)at[CC_VERIFIED], 1},
        {"limit_refuted", limit * (double)at[CC_REFUTED], 1},
        {"false_verified", share * (double)wrong[CC_VERIFIED], 1},
        {"false_refuted", share * (double)right[CC_REFUTED], 1},
        {"inconclusive", share * (double)wrong[CC_INCONCLUSIVE], 1},
        {"power", share * (double)wrong[CC_REFUTED], 1},
        {"right_verified", share * (double)right[CC_VERIFIED], 1},
    };
    memcpy(to, columns, sizeof columns);
}

static void write_row(FILE *file, const setting *s, const tally *t, int head)
{
    column columns[MEASURED];
    const char *at = !strcmp(s->kind, "probability") ? "true_share" : s->at > 0 ? "decades" : NULL;
    measure(t, columns);
    if (!strcmp(s->kind, "ordering")) columns[3].value = NAN; /* without a difference the claim is false: refuting is right */
    int noisy = strcmp(s->kind, "probability") && strcmp(s->kind, "distribution") && strcmp(s->kind, "ulp");
    if (head) {
        fprintf(file, "shape,units%s%s%s,effect,campaigns", at ? "," : "", at ? at : "", noisy ? ",sigma" : "");
        for (size_t k = 0; k < MEASURED; k++) fprintf(file, ",%s", columns[k].name);
        fputc('\n', file);
    }
    fprintf(file, "%s,%zu", s->shape, s->units);
    if (at) fprintf(file, ",%g", s->at);
    if (noisy) fprintf(file, ",%g", s->sigma);
    fprintf(file, ",%g,%zu", s->effect, t->n);
    for (size_t k = 0; k < MEASURED; k++) {
        if (isnan(columns[k].value))
            fputc(',', file);
        else
            fprintf(file, columns[k].digits ? ",%.1f" : ",%.2g", columns[k].value);
    }
    fputc('\n', file);
    fflush(file);
}

/* ---- the test ---- */
/* A share of at most `most` is contradicted by k of n when four standard errors do not explain it. */
static int too_many(size_t k, size_t n, double most)
{
    double m = (double)n;
    return (double)k > m * most + 4 * sqrt(m * most * (1 - most)) + 1;
}

static int is_one_of(const setting *s, const char *kind, const char *shape)
{
    return !strcmp(s->kind, kind) && (!shape || !strcmp(s->shape, shape));
}

static int acceptable(const setting *s, const tally *t)
{
    const size_t *at = t->verdicts[AT_LIMIT], *wrong = t->verdicts[WRONG], *right = t->verdicts[RIGHT];
    /* A test of means with so many standard errors verifies what it cannot reject at its limit: on purpose. A logarithm that is not
     * declared is a power at the limit. */
    int hidden = is_one_of(s, "exponent", "hidden log"), limit = !t->exact && !is_one_of(s, "equality", "se");
    double most = is_one_of(s, "distribution", NULL) ? .05 : .01;
    int bad = too_many(wrong[CC_VERIFIED], t->n, most) || too_many(right[CC_REFUTED], t->n, hidden ? .05 : .01);
    bad |= limit && too_many(at[CC_VERIFIED], t->n, .05);
    if (!strcmp(s->shape, "rows")) bad |= wrong[CC_REFUTED] != t->n || right[CC_VERIFIED] != t->n;
    int straight = strcmp(s->shape, "bend") && strcmp(s->shape, "floor") && !is_one_of(s, "ordering", NULL);
    if (straight) bad |= too_many(t->judged - t->covered, t->judged, .07);
    if (is_one_of(s, "exponent", "pure")) bad |= too_many(t->n - wrong[CC_REFUTED], t->n, .1);
    return !bad;
}

/* The short form's settings: one of each kind and shape, in the middle of the range. */
static int in_short_form(const setting *s)
{
    int middle = is_one_of(s, "probability", NULL) ? s->at == .9 || s->at == 1 : s->at == 0 || s->at == 2;
    return s->units == 20 && middle && (s->sigma == .2 || s->sigma == 0 || s->sigma == 1);
}

typedef struct options {
    int full;
    size_t campaigns;
    const char *only, *shape, *out;
    size_t units; /* 0, NaN: all */
    double at;
} options;

static int read_options(int argc, char **argv, options *o)
{
    *o = (options){.at = NAN};
    for (int i = 1; i < argc; i++) {
        int more = i + 1 < argc;
        if (!strcmp(argv[i], "--full"))
            o->full = 1;
        else if (more && !strcmp(argv[i], "--campaigns"))
            o->campaigns = (size_t)strtoul(argv[++i], NULL, 10);
        else if (more && !strcmp(argv[i], "--only"))
            o->only = argv[++i];
        else if (more && !strcmp(argv[i], "--shape"))
            o->shape = argv[++i];
        else if (more && !strcmp(argv[i], "--units"))
            o->units = (size_t)strtoul(argv[++i], NULL, 10);
        else if (more && !strcmp(argv[i], "--at"))
            o->at = strtod(argv[++i], NULL);
        else if (more && !strcmp(argv[i], "--out"))
            o->out = argv[++i];
        else
            return fprintf(stderr, "calibration: `%s` is not an option\n", argv[i]), -1;
    }
    if (o->campaigns == 0) o->campaigns = o->full ? 2000 : 100;
    return 0;
}

static int asked_for(const options *o, const setting *s)
{
    if ((o->only && strcmp(o->only, s->kind)) || (o->shape && strcmp(o->shape, s->shape))) return 0;
    if ((o->units && o->units != s->units) || (!isnan(o->at) && o->at != s->at)) return 0;
    return o->full || in_short_form(s);
}

/* The kind's file; settings of one kind stand together. */
static FILE *open_table(const char *folder, const char *kind)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.csv", folder, kind);
    FILE *file = fopen(path, "w");
    if (!file) perror(path), exit(2);
    return file;
}

int main(int argc, char **argv)
{
    options o;
    setting settings[MOST_SETTINGS];
    size_t n = all_settings(settings), failed = 0;
    const char *kind = "";
    FILE *csv = NULL;
    if (read_options(argc, argv, &o)) return 2;
    for (size_t i = 0; i < n; i++) {
        const setting *s = &settings[i];
        tally t = {0};
        if (!asked_for(&o, s)) continue;
        for (size_t k = 0; k < o.campaigns; k++) add_campaign(s, cc_hash_bits(0x63616c69u, i * 1000003 + k), &t);
        int fresh = strcmp(kind, s->kind) != 0, good = acceptable(s, &t);
        kind = s->kind;
        failed += !good;
        if (fresh) printf("\n%s\n", kind);
        if (fresh && csv) fclose(csv), csv = NULL;
        if (fresh && o.out) csv = open_table(o.out, kind);
        if (csv) write_row(csv, s, &t, fresh);
        write_row(stdout, s, &t, fresh);
        if (!good) printf("^ beyond what %zu campaigns allow\n", t.n);
    }
    if (csv) fclose(csv);
    return failed && !o.full ? 1 : 0;
}
