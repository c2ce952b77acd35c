/* harness/cli/cmd_table.c: `claimcheck table`: a check on a table of any origin. */
#include <cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/cli.h"
#include "verify/csv.h"
#include "verify/judge.h"
#include "verify/plot.h"

/* The options as they were given. */
typedef struct given {
    const char *kind, *x, *y, *other, *group, *by, *where, *per_unit, *across, *best_over, *censored;
    const char *at_most, *at_least, *within, *equals, *log_factors, *rel, *abs, *se, *from, *to, *semilog, *chain, *margin, *law,
        *plot, *toward;
    int json, as_is;
    char reciprocal[32]; /* what x is turned into */
} given;

static const char about[] =
    "Judges a claim on a table of any origin: a CSV file (or tabs, or semicolons) with a header line; - reads standard input.\n"
    "Exit codes: 0 verified, 1 refuted, 2 inconclusive, 3 bad input.\n"
    "\n"
    "The unit of evidence is the run: --group names the columns that tell runs apart (seed, if there is such a column). Rows of "
    "one\n"
    "run are never counted as independent. --group \"\" says that the rows are all there is: statements about them are exact.\n"
    "\n"
    "Examples:\n"
    "  claimcheck table runs.csv --x n --y ops --at-most 2                      ops grows at most like n^2\n"
    "  claimcheck table runs.csv --x n --y ops --within 0.9,1.1 --log-factors 1 ops grows like n log n\n"
    "  claimcheck table runs.csv --x eps --y evals --censored hit --at-most 4   at most eps^-4; runs with hit = 0 were cut off\n"
    "  claimcheck table runs.csv --kind bound --y gap --other theorem --x k     gap <= theorem in every row\n"
    "  claimcheck table runs.csv --kind ordering --x arm --y loss --per-unit last --chain \"new < old\"\n"
    "  claimcheck table runs.csv --kind probability --y failed --at-most 0.05   the share of runs with failed != 0\n"
    "  claimcheck table runs.csv --kind linear_rate --x k --y gap --at-most 0.9 --by problem --plot rate.svg";

/* ---- what was asked ---- */

static int number(const char *option, const char *text, double *value)
{
    char *end;
    if (!text) return 0;
    *value = strtod(text, &end);
    if (end != text && !*end && !isnan(*value)) return 0;
    return cc_cli_usage("table", "--%s \"%s\": must be a number", option, text);
}

static int two_numbers(const char *option, const char *text, double *low, double *high)
{
    char *end, *last;
    if (!text) return 0;
    *low = strtod(text, &end);
    if (end != text && *end == ',') {
        *high = strtod(end + 1, &last);
        if (last != end + 1 && !*last && *low <= *high) return 0;
    }
    return cc_cli_usage("table", "--%s \"%s\": must be two numbers with a comma between, the lower one first", option, text);
}

static int take_criterion(const given *g, cc_criterion *is)
{
    int n = (g->at_most != NULL) + (g->at_least != NULL) + (g->within != NULL) + (g->equals != NULL);
    if (n > 1) return cc_cli_usage("table", "--at-most, --at-least, --within and --equals exclude each other");
    is->relation = g->at_most ? CC_LE : g->at_least ? CC_GE : g->within || g->equals ? CC_IN : CC_ANY;
    int code = number("at-most", g->at_most, &is->high);
    if (!code) code = number("at-least", g->at_least, &is->low);
    if (!code) code = number("equals", g->equals, &is->low);
    if (!code && g->equals) is->high = is->low;
    return code ? code : two_numbers("within", g->within, &is->low, &is->high);
}

static int take_kind(const char *name, cc_kind *kind)
{
    const char *names[CC_KIND_ULP];
    char text[CC_MESSAGE];
    for (int k = CC_KIND_EXPONENT; k <= CC_KIND_ULP; k++) {
        names[k - 1] = cc_kind_name((cc_kind)k);
        if (strcmp(name, names[k - 1]) == 0) return *kind = (cc_kind)k, 0;
    }
    cc_cli_unknown("kind", name, names, CC_KIND_ULP, text, sizeof text);
    return cc_cli_usage("table", "--kind: %s", text);
}

/* The verifiers speak of the fields of a check; here they are options. */
static void in_options(const char *message, char *text, size_t size)
{
    static const char *const names[][2] = {{"is", "--at-most, --at-least, --within or --equals"},
                                           {"x", "--x"},
                                           {"y", "--y"},
                                           {"other", "--other"},
                                           {"over", "--group"},
                                           {"by", "--by"},
                                           {"per_unit", "--per-unit"},
                                           {"across", "--across"},
                                           {"best_over", "--best-over"},
                                           {"rel", "--rel"},
                                           {"abs", "--abs"},
                                           {"se", "--se"},
                                           {"from/to", "--from or --to"},
                                           {"from", "--from"},
                                           {"to", "--to"},
                                           {"logs", "--log-factors"},
                                           {"pure", "--log-factors 0"},
                                           {"semilog", "--semilog"},
                                           {"chain", "--chain"},
                                           {"margin", "--margin"},
                                           {"law", "--law"},
                                           {"toward", "--toward"},
                                           {"where", "--where"}};
    size_t used = 0;
    for (const char *c = message; *c && used + 1 < size;) {
        const char *end = *c == '`' ? strchr(c + 1, '`') : NULL, *option = NULL;
        for (size_t i = 0; end && i < sizeof names / sizeof *names; i++)
            if (strncmp(names[i][0], c + 1, (size_t)(end - c - 1)) == 0 && names[i][0][end - c - 1] == 0) option = names[i][1];
        if (option) {
            used += (size_t)snprintf(text + used, size - used, "%s", option);
            c = end + 1;
        } else
            text[used++] = *c++;
    }
    text[used < size ? used : size - 1] = 0;
}

/* The cost of an accuracy is a power of 1/eps: "at most 4" means eps^-4, and a log factor log(1/eps). The window turns with it. */
static void turn_accuracy(given *g, cc_check *c)
{
    static const char *const accuracy[] = {"eps", "epsilon", "tol", "tolerance", "accuracy", "target"};
    int is = 0;
    for (size_t i = 0; i < sizeof accuracy / sizeof *accuracy && c->x; i++) is |= strcmp(c->x, accuracy[i]) == 0;
    if (!is || g->as_is || g->toward || c->kind != CC_KIND_EXPONENT || c->semilog) return;
    double from = c->from;
    snprintf(g->reciprocal, sizeof g->reciprocal, "1/%s", c->x);
    c->x = g->reciprocal;
    c->from = c->to > 0 ? 1 / c->to : 0;
    c->to = from > 0 ? 1 / from : 0;
}

static int take_direction(const char *toward, int *to)
{
    if (!toward) return 0;
    *to = strcmp(toward, "zero") == 0 ? CC_TO_ZERO : strcmp(toward, "infinity") == 0 ? CC_TO_INFINITY : CC_BY_NAME;
    return *to ? 0 : cc_cli_usage("table", "--toward \"%s\": must be zero or infinity", toward);
}

static int take_check(given *g, cc_check *c)
{
    *c = (cc_check){.x = g->x,
                    .y = g->y,
                    .other = g->other,
                    .over = g->group,
                    .by = g->by,
                    .where = g->where,
                    .per_unit = g->per_unit,
                    .across = g->across,
                    .best_over = g->best_over,
                    .chain = g->chain,
                    .law = g->law};
    double semilog = 0;
    char text[CC_MESSAGE];
    int code = take_kind(g->kind ? g->kind : "exponent", &c->kind);
    if (!code) code = take_criterion(g, &c->is);
    if (!code) code = take_direction(g->toward, &c->toward);
    const struct {
        const char *option, *text;
        double *value;
    } numbers[] = {{"log-factors", g->log_factors, &c->logs},
                   {"rel", g->rel, &c->rel},
                   {"abs", g->abs, &c->abs},
                   {"se", g->se, &c->se},
                   {"margin", g->margin, &c->margin},
                   {"semilog", g->semilog, &semilog},
                   {"from", g->from, &c->from},
                   {"to", g->to, &c->to}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && !code; i++)
        code = number(numbers[i].option, numbers[i].text, numbers[i].value);
    if (code) return code;
    c->semilog = semilog == 1 || semilog == 2 || semilog == 3 ? (int)semilog : semilog == 0 ? 0 : -1;
    c->pure = g->log_factors != NULL && c->logs == 0 && c->kind == CC_KIND_EXPONENT && c->semilog == 0;
    turn_accuracy(g, c);
    int cost = c->kind == CC_KIND_EXPONENT || c->kind == CC_KIND_BOUND || c->kind == CC_KIND_SCALING || c->kind == CC_KIND_ORDERING;
    if (g->censored && !cost) return cc_cli_usage("table", "--censored is not used by kind %s", cc_kind_name(c->kind));
    const char *wrong = cc_check_valid(c);
    if (!wrong) return 0;
    in_options(wrong, text, sizeof text);
    return cc_cli_usage("table", "%s", text);
}

/* ---- the table ---- */

static cc_table *read_table(const char *path)
{
    char message[CC_MESSAGE];
    int is_stdin = strcmp(path, "-") == 0;
    FILE *in = is_stdin ? stdin : fopen(path, "r");
    if (!in) return cc_cli_fail("%s: %s", path, strerror(errno)), NULL;
    cc_table *table = cc_csv_read(in, message, sizeof message);
    if (!is_stdin) fclose(in);
    if (!table) cc_cli_fail("%s: %s", is_stdin ? "standard input" : path, message);
    return table;
}

/* The index of a column, or -1 after saying which there are, the nearest first. */
static int need_column(const cc_table *table, const char *option, const char *name)
{
    const char *names[CC_CSV_COLUMNS];
    char text[CC_MESSAGE];
    int found = cc_table_find(table, name);
    size_t n = cc_table_columns(table);
    if (found >= 0) return found;
    for (size_t j = 0; j < n; j++) names[j] = cc_table_name(table, j);
    cc_cli_unknown("column", name, names, n, text, sizeof text);
    return cc_cli_usage("table", "--%s: %s", option, text), -1;
}

static int need_columns(const cc_table *table, const char *option, const char *list)
{
    char name[256];
    for (const char *c = list ? list : ""; *c;) {
        size_t length = strcspn(c, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, c);
        if (length && need_column(table, option, name) < 0) return -1;
        c += length + (c[length] == ' ');
    }
    return 0;
}

static int need_numbers(const cc_table *table, const char *option, const char *name)
{
    double value;
    int j = need_column(table, option, name);
    if (j < 0 || !cc_table_is_text(table, (size_t)j)) return j < 0 ? -1 : 0;
    for (size_t i = 0; i < cc_table_rows(table); i++) {
        const char *text = cc_table_text(table, i, (size_t)j);
        if (cc_csv_is_number(text, strlen(text), &value)) continue;
        return cc_cli_usage("table", "--%s: column \"%s\" holds text: \"%.40s\" in row %zu is no number", option, name, text,
                            i + 1),
               -1;
    }
    return 0;
}

/* The verifiers look for a column `reached`. */
static int mark_censored(cc_table *table, const char *name)
{
    if (need_numbers(table, "censored", name) < 0) return -1;
    int from = cc_table_find(table, name), to = cc_table_column(table, "reached", 0);
    if (to < 0) return cc_cli_usage("table", "--censored: the table has a column \"reached\" that holds text"), -1;
    for (size_t i = 0; i < cc_table_rows(table); i++) cc_table_set(table, i, (size_t)to, cc_table_get(table, i, (size_t)from));
    return 0;
}

/* What the verifiers would find too, said in terms of the options. */
static int fits(cc_table *table, const cc_check *c, const given *g)
{
    const char *x = c->x && strncmp(c->x, "1/", 2) == 0 ? c->x + 2 : c->x;
    int slope = c->kind == CC_KIND_EXPONENT || c->kind == CC_KIND_LINEAR_RATE || c->kind == CC_KIND_ORDER;
    if (!c->over && cc_table_find(table, "seed") < 0)
        return cc_cli_usage(
                   "table",
                   "there is no column \"seed\": name the columns that tell runs apart with --group, or say --group \"\" if the "
                   "rows are all there is"),
               0;
    if (x && (slope || x != c->x ? need_numbers(table, "x", x) : need_column(table, "x", x)) < 0) return 0;
    if ((c->kind == CC_KIND_EQUALITY ? need_column(table, "y", c->y) : need_numbers(table, "y", c->y)) < 0) return 0;
    if (c->other &&
        (c->kind == CC_KIND_EQUALITY ? need_column(table, "other", c->other) : need_numbers(table, "other", c->other)) < 0)
        return 0;
    if (need_columns(table, "group", c->over) < 0 || need_columns(table, "by", c->by) < 0) return 0;
    if (c->best_over && need_column(table, "best-over", c->best_over) < 0) return 0;
    return !g->censored || mark_censored(table, g->censored) == 0;
}

/* ---- the verdict in words ---- */

/* How many runs without a single failure (or success) a share needs to be told from its limit at .05, two-sided. */
static double runs_needed(const cc_criterion *is)
{
    double limit = is->relation == CC_LE ? 1 - is->high : is->relation == CC_GE ? is->low : NAN;
    return limit > 0 && limit < 1 ? ceil(log(.025) / log(limit)) : NAN;
}

/* What would have to be there for a verdict; empty if that is not the trouble. */
static void what_is_needed(const cc_check *c, const cc_result *r, char *text, size_t size)
{
    int slope = c->kind == CC_KIND_EXPONENT || c->kind == CC_KIND_LINEAR_RATE;
    size_t levels = slope && r->n_series ? r->series[0].n : 0;
    double runs = c->kind == CC_KIND_PROBABILITY ? runs_needed(&c->is) : NAN;
    text[0] = 0;
    if (r->verdict != CC_INCONCLUSIVE) return;
    if (slope && levels < 3)
        snprintf(text, size, "A slope needs at least 3 values of %s, 5 to see whether it bends; there %s %zu.", c->x,
                 levels == 1 ? "is" : "are", levels);
    else if (r->units == 1)
        snprintf(text, size, "One run says nothing of others: an interval needs at least 3 units, better 9 or more.");
    else if (r->units > 0 && (double)r->units < runs)
        snprintf(text, size, "Even without one exception this takes %.0f units; there are %zu.", runs, r->units);
    else if (slope && r->units > 1 && r->units < 6)
        snprintf(text, size, "%zu units make a wide interval: 9 or more are better.", r->units);
}

static void sentence(const cc_check *c, const cc_result *r, char *text, size_t size)
{
    const char *what = isnan(r->estimate)                 ? "what the rows show"
                       : isnan(r->p) || r->low == r->high ? "the value"
                                                          : "the whole interval";
    what_is_needed(c, r, text, size);
    if (*text) return;
    if (r->verdict == CC_VERIFIED)
        snprintf(text, size, "The data bear the claim out: %s agrees with it.", what);
    else if (r->verdict == CC_REFUTED)
        snprintf(text, size, "The data contradict the claim: %s is outside of what it allows.", what);
    else if (isfinite(r->low) && isfinite(r->high) && r->low < r->high && c->is.relation != CC_ANY &&
             !((c->is.relation == CC_GE || r->high <= c->is.high) && (c->is.relation == CC_LE || r->low >= c->is.low)))
        snprintf(text, size, "The data cannot tell: the interval holds values that the claim allows and values that it does not.");
    else
        snprintf(text, size, "The data cannot tell.");
}

static void print_text(const cc_result *r, const cc_check *c, const char *criterion)
{
    const char *verdict = cc_verdict_name(r->verdict), *unit = c->over ? c->over : "seed";
    char text[2 * sizeof r->message];
    printf("%s%s%s  %s\n", cc_cli_verdict_colour(verdict, stdout), verdict, cc_cli_plain(stdout), criterion);
    if (!isnan(r->estimate)) {
        printf("  estimate    %.6g", r->estimate);
        if (r->low < r->high) printf(" [%.6g, %.6g]", r->low, r->high);
        printf("  %s", r->quantity);
        if (!isnan(r->p)) printf(", p = %.3g that the claim does not hold", r->p);
        putchar('\n');
    }
    if (*r->method) printf("  method      %s\n", r->method);
    printf("  data        %zu rows", r->rows);
    if (r->units) printf(", %zu independent unit%s (%s)", r->units, r->units == 1 ? "" : "s", unit);
    putchar('\n');
    if (isfinite(r->detectable)) printf("  detectable  an effect of %.3g, with probability .8\n", r->detectable);
    if (isfinite(r->tightness)) printf("  tightness   %.4g of the limit at the worst place\n", r->tightness);
    if (*r->worst) printf("  weakest at  %s\n", r->worst);
    in_options(r->message, text, sizeof text);
    if (*text) printf("  note        %s\n", text);
    sentence(c, r, text, sizeof text);
    puts(text);
}

static void add_number(cJSON *to, const char *name, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(to, name, value);
    else
        cJSON_AddNullToObject(to, name);
}

/* Names of the table may hold what is no character. */
static void add_text(cJSON *to, const char *name, const char *value)
{
    char *whole = malloc(strlen(value) + 1);
    size_t used = 0;
    if (!whole) return;
    for (size_t n; *value; value += n ? n : 1) {
        n = cc_utf8_length(value);
        memcpy(whole + used, value, n);
        used += n;
    }
    whole[used] = 0;
    cJSON_AddStringToObject(to, name, whole);
    free(whole);
}

static int print_json(const cc_result *r, const cc_check *check, const char *criterion)
{
    char words[CC_MESSAGE], note[2 * sizeof r->message];
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"estimate", r->estimate},
                   {"low", r->low},
                   {"high", r->high},
                   {"p", r->p},
                   {"detectable", r->detectable},
                   {"tightness", r->tightness},
                   {"rows", (double)r->rows},
                   {"units", (double)r->units}};
    sentence(check, r, words, sizeof words);
    in_options(r->message, note, sizeof note);
    const struct {
        const char *name, *value;
    } texts[] = {{"quantity", r->quantity}, {"method", r->method}, {"worst", r->worst}, {"message", note}, {"sentence", words}};
    cJSON *json = cJSON_CreateObject();
    add_text(json, "verdict", cc_verdict_name(r->verdict));
    add_text(json, "kind", cc_kind_name(check->kind));
    add_text(json, "criterion", criterion);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) add_number(json, numbers[i].name, numbers[i].value);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) add_text(json, texts[i].name, texts[i].value);
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!text) return cc_cli_fail("no memory for the JSON");
    puts(text);
    cJSON_free(text);
    return 0;
}

static int write_plot(const char *path, const cc_result *r, const char *title)
{
    FILE *out = fopen(path, "w");
    if (!out) return cc_cli_fail("%s: %s", path, strerror(errno));
    int drawn = cc_plot_svg(out, r, title), lost = ferror(out);
    if (fclose(out) != 0 || lost) return cc_cli_fail("%s: cannot be written", path);
    if (drawn == 0) return 0;
    remove(path);
    return cc_cli_fail("%s: this result has no points to draw", path);
}

static int judge(const given *g, const cc_check *check, const cc_table *table)
{
    static const int codes[] = {
        [CC_VERIFIED] = CC_EXIT_OK,          [CC_REFUTED] = CC_EXIT_FAILED,       [CC_INCONCLUSIVE] = CC_EXIT_INCONCLUSIVE,
        [CC_VACUOUS] = CC_EXIT_INCONCLUSIVE, [CC_SKIPPED] = CC_EXIT_INCONCLUSIVE, [CC_ERROR] = CC_EXIT_USAGE};
    cc_result result;
    char criterion[512], text[2 * sizeof result.message];
    int bad = 0;
    cc_judge(table, check, NULL, &result);
    cc_check_describe(check, criterion, sizeof criterion);
    const int code = codes[result.verdict];
    if (result.verdict == CC_ERROR) {
        in_options(result.message, text, sizeof text);
        cc_cli_fail("%s", text);
    } else if (g->json)
        bad = print_json(&result, check, criterion);
    else
        print_text(&result, check, criterion);
    if (!bad && g->plot && result.verdict != CC_ERROR) bad = write_plot(g->plot, &result, criterion);
    cc_result_clear(&result);
    return bad ? CC_EXIT_USAGE : code;
}

int cc_cmd_table(int argc, char **argv)
{
    given g = {0};
    int code = CC_EXIT_OK;
    const cc_option options[] = {
        {"kind", 'k', CC_OPT_TEXT, &g.kind, "KIND",
         "exponent (default) linear_rate order bound scaling ordering probability equality distribution ulp"},
        {"x", 'x', CC_OPT_TEXT, &g.x, "COLUMN",
         "the abscissa; 1/n: the reciprocal of n. An accuracy (eps epsilon tol tolerance accuracy target) is taken as 1/eps by an "
         "exponent. Of an ordering: the arms (arm)"},
        {"as-is", 0, CC_OPT_FLAG, &g.as_is, NULL, "an accuracy is not turned into its reciprocal"},
        {"toward", 0, CC_OPT_TEXT, &g.toward, "END",
         "where x goes, the asymptotic end of an exponent or a rate: zero or infinity (default, by its name: zero for target eps "
         "epsilon tol tolerance h dt, else infinity). x is then taken as it is"},
        {"y", 'y', CC_OPT_TEXT, &g.y, "COLUMN", "what is judged"},
        {"group", 'g', CC_OPT_TEXT, &g.group, "COLUMNS",
         "what tells runs, the independent units, apart (seed); \"\": the rows are all there is"},
        {"at-most", 0, CC_OPT_TEXT, &g.at_most, "V", "the criterion: on the exponent, the rate, the order, the share .."},
        {"at-least", 0, CC_OPT_TEXT, &g.at_least, "V", "the criterion"},
        {"within", 0, CC_OPT_TEXT, &g.within, "A,B", "the criterion"},
        {"equals", 0, CC_OPT_TEXT, &g.equals, "V", "the criterion"},
        {"other", 'o', CC_OPT_TEXT, &g.other, "COLUMN", "the bound, the reference, the second series"},
        {"log-factors", 0, CC_OPT_TEXT, &g.log_factors, "N",
         "y is first divided by (log x)^N; 0: there are none, and none may explain a slope that is too large"},
        {"where", 'w', CC_OPT_TEXT, &g.where, "TEXT", "which rows: \"arm=a,b n>=100\" (= != < <= > >=)"},
        {"by", 0, CC_OPT_TEXT, &g.by, "COLUMNS", "judge each of their values by itself; all must hold"},
        {"per-unit", 0, CC_OPT_TEXT, &g.per_unit, "HOW",
         "a unit's rows at one x to one: last first max min range sum mean median count"},
        {"across", 0, CC_OPT_TEXT, &g.across, "HOW", "units to one at each x: mean median rms max min share"},
        {"best-over", 0, CC_OPT_TEXT, &g.best_over, "COLUMN", "a tuned parameter: each arm at its best value"},
        {"chain", 'c', CC_OPT_TEXT, &g.chain, "TEXT", "of an ordering: \"a < b < c\", or \"column: falling\", \"column: rising\""},
        {"margin", 0, CC_OPT_TEXT, &g.margin, "V", "of an ordering: better by V; negative: not worse by more than -V"},
        {"rel", 0, CC_OPT_TEXT, &g.rel, "V", "relative slack of a bound or an equality"},
        {"abs", 0, CC_OPT_TEXT, &g.abs, "V", "absolute slack; the noise floor of a slope or a rate"},
        {"se", 0, CC_OPT_TEXT, &g.se, "V", "slack in standard errors"},
        {"from", 0, CC_OPT_TEXT, &g.from, "X", "the window begins here (else it is found)"},
        {"to", 0, CC_OPT_TEXT, &g.to, "X", "the window ends here"},
        {"semilog", 0, CC_OPT_TEXT, &g.semilog, "N", "the plane: 0 log y on log x, 1 log y on x, 2 y on log x, 3 y on x"},
        {"law", 0, CC_OPT_TEXT, &g.law, "LAW", "normal uniform exponential chi2(k) t(k) discrete(p,..) or a column"},
        {"censored", 0, CC_OPT_TEXT, &g.censored, "COLUMN",
         "0 where the budget ended the run before the target: y is a lower bound there (reached)"},
        {"plot", 'p', CC_OPT_TEXT, &g.plot, "FILE", "the evidence as SVG"},
        {"json", 'j', CC_OPT_FLAG, &g.json, NULL, "the result as JSON"},
        {0}};
    const cc_usage usage = {"table", "FILE|-", about, options, 1, 1};
    cc_check check;
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    if ((code = take_check(&g, &check))) return code;
    cc_table *table = read_table(argv[first]);
    if (!table) return CC_EXIT_USAGE;
    code = fits(table, &check, &g) ? judge(&g, &check, table) : CC_EXIT_USAGE;
    cc_table_free(table);
    return code;
}
