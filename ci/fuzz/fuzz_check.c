/* ci/fuzz/fuzz_check.c: bytes -> a small table and a check of any kind, well formed or not -> a verdict. */
#include "ci/fuzz/fuzz.h"

typedef struct source {
    const uint8_t *at, *end;
    char *kept[32];
    size_t n_kept;
} source;

static unsigned byte(source *s) { return s->at < s->end ? *s->at++ : 0; }

/* One of the words, none at all, or whatever the bytes hold. */
static const char *text(source *s, const char *const *words, size_t n)
{
    unsigned which = byte(s);
    if (which < 128 || s->n_kept == sizeof s->kept / sizeof *s->kept) return NULL;
    if (which < 240) return words[which % n];
    size_t length = byte(s) % 48, left = (size_t)(s->end - s->at);
    if (length > left) length = left;
    char *copy = s->kept[s->n_kept++] = as_text(s->at, length);
    s->at += length;
    return copy;
}

static double number(source *s)
{
    static const double special[] = {0, 1, -1, 2, .5, 10, 100, 1000, 1e-3, .05, INFINITY, -INFINITY, NAN, 1e308, 5e-324, 1e-16};
    unsigned which = byte(s);
    double value = 0;
    if (which < 128) return which % 4 ? (double)which / 4 : 0;
    if (which < 250) return special[which % 16];
    for (size_t i = 0; i < sizeof value && s->at < s->end; i++) ((unsigned char *)&value)[i] = (unsigned char)byte(s);
    return value;
}

static cc_table *make_table(source *s)
{
    static const char *const names[] = {"seed", "x", "y", "other", "reached", "step", "arm", "problem"};
    static const char *const words[] = {"a", "b", "c", ""};
    cc_table *table = cc_table_new();
    unsigned shape = byte(s), rows = byte(s) % 48;
    if (!table) abort();
    for (size_t j = 0; j < 8; j++)
        if ((j < 3 || shape >> (j - 3) & 1) && cc_table_column(table, names[j], j > 5) < 0) abort();
    int regular = shape & 64, units = 1 + (int)(byte(s) % 8);
    for (unsigned i = 0; i < rows; i++) {
        if (cc_table_append(table)) abort();
        for (size_t j = 0; j < cc_table_columns(table); j++) {
            if (cc_table_is_text(table, j)) {
                if (cc_table_set_text(table, i, j, words[byte(s) % 4])) abort();
            } else if (regular && j == 0)
                cc_table_set(table, i, j, (int)i % units);
            else if (regular && j == 1)
                cc_table_set(table, i, j, ldexp(1, (int)i / units));
            else
                cc_table_set(table, i, j, number(s));
        }
    }
    return table;
}

#define TEXT(...) text(s, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
#define COLUMN TEXT("x", "y", "other", "arm", "seed", "reached", "1/x", "absent", "")

static cc_check make_check(source *s)
{
    cc_check c = {.kind = (cc_kind)(byte(s) % (CC_KIND_ULP + 2)), .x = COLUMN, .y = COLUMN};
    unsigned is = byte(s), some = byte(s);
    c.is = (cc_criterion){(int)(is % 5), is & 64 ? number(s) : 0, is & 128 ? number(s) : 1};
    if (!c.y) c.y = "y";
    if (!c.x && some & 1) c.x = "x";
    c.where = TEXT("arm=a", "x>=2 y<1e3", "seed!=0,1", "arm!=a,b x<=4", "y>0");
    c.by = TEXT("arm", "problem", "arm problem", "seed");
    c.over = TEXT("", "seed", "problem seed", "x", "arm");
    c.per_unit = TEXT("last", "first", "max", "min", "range", "sum", "mean", "median", "count");
    c.across = TEXT("mean", "median", "rms", "max", "min", "share");
    c.other = TEXT("other", "y", "x", "seed");
    if (some & 2) c.rel = number(s);
    if (some & 4) c.abs = number(s);
    if (some & 8) c.se = number(s);
    if (some & 16) c.from = number(s), c.to = number(s);
    if (some & 32) c.logs = number(s);
    if (some & 64) c.semilog = (int)(byte(s) % 5);
    c.chain = TEXT("a < b", "a < b < c", "x: falling", "x: rising", "a<b", "a", "<");
    if (some & 128) c.margin = number(s);
    c.best_over = TEXT("x", "problem", "other");
    c.law = TEXT("normal", "uniform", "exponential", "chi2(3)", "t(4)", "discrete(.2,.3,.5)", "other", "chi2(", "discrete()");
    return c;
}

static int same(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    source s = {.at = data, .end = data + size};
    cc_check check = make_check(&s);
    cc_table *table = make_table(&s);
    const unsigned last = byte(&s); /* older inputs keep their meaning */
    check.toward = (int)(last % 4);
    check.pure = last >> 2 & 1;
    const cc_judge_options options = {.resamples = 49, .alpha = .05};
    cc_result first, second;
    char words[64];
    cc_check_describe(&check, words, sizeof words);
    promise(memchr(words, 0, sizeof words) != NULL, "a description ends");
    const int valid = cc_check_valid(&check) == NULL;
    cc_judge(table, &check, &options, &first);
    check_result(&first);
    promise(valid || first.verdict == CC_ERROR, "a wrong check is an error");
    cc_judge(table, &check, &options, &second);
    promise(first.verdict == second.verdict && same(first.estimate, second.estimate) && same(first.low, second.low) &&
                same(first.high, second.high) && same(first.p, second.p) && !strcmp(first.message, second.message),
            "the same table gives the same verdict");
    cc_result_clear(&second);
    if (cc_judge_null(table, &check, &options, &second)) check_result(&second);
    cc_result_clear(&second);
    cc_result_clear(&first);
    cc_table_free(table);
    for (size_t i = 0; i < s.n_kept; i++) free(s.kept[i]);
    return 0;
}
