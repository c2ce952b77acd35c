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
    const char *kind, *x, *y, *other, *group, *by, *where, *per_unit, *across, *best_over;
    const char *at_most, *at_least, *within, *log_factors, *rel, *abs, *se, *window, *semilog, *chain, *margin, *law, *plot;
    int json;
} given;

static int number(const char *option, const char *text, double *value)
{
    char *end;
    *value = 0;
    if (!text) return 0;
    *value = strtod(text, &end);
    if (end != text && !*end) return 0;
    return cc_cli_usage("table", "--%s \"%s\": must be a number", option, text);
}

static int two_numbers(const char *option, const char *text, double *low, double *high)
{
    char *end;
    if (!text) return 0;
    *low = strtod(text, &end);
    const char *second = end + 1;
    int good = end != text && *end == ',';
    if (good) *high = strtod(second, &end);
    if (good && end != second && !*end) return 0;
    return cc_cli_usage("table", "--%s \"%s\": must be two numbers with a comma between", option, text);
}

static int take_criterion(const given *g, cc_criterion *is)
{
    int n = (g->at_most != NULL) + (g->at_least != NULL) + (g->within != NULL);
    if (n > 1) return cc_cli_usage("table", "--at-most, --at-least and --within exclude each other");
    is->relation = g->at_most ? CC_LE : g->at_least ? CC_GE : g->within ? CC_IN : CC_ANY;
    int code = number("at-most", g->at_most, &is->high);
    if (!code && g->at_least) code = number("at-least", g->at_least, &is->low);
    return code ? code : two_numbers("within", g->within, &is->low, &is->high);
}

static int take_kind(const char *name, cc_kind *kind)
{
    const char *names[CC_KIND_ULP];
    char text[CC_MESSAGE];
    for (int k = CC_KIND_EXPONENT; k <= CC_KIND_ULP; k++) {
        names[k - 1] = cc_kind_name((cc_kind)k);
        if (name && !strcmp(name, names[k - 1])) return *kind = (cc_kind)k, 0;
    }
    if (!name)
        return cc_cli_usage("table", "--kind is missing: exponent, linear_rate, order, bound, scaling, ordering, probability, "
                                     "equality, distribution or ulp");
    cc_cli_unknown("kind", name, names, CC_KIND_ULP, text, sizeof text);
    return cc_cli_usage("table", "%s", text);
}

static int take_check(const given *g, cc_check *c)
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
    int code = take_kind(g->kind, &c->kind);
    if (!code) code = take_criterion(g, &c->is);
    if (!code) code = number("log-factors", g->log_factors, &c->logs);
    if (!code) code = number("rel", g->rel, &c->rel);
    if (!code) code = number("abs", g->abs, &c->abs);
    if (!code) code = number("se", g->se, &c->se);
    if (!code) code = number("margin", g->margin, &c->margin);
    if (!code) code = number("semilog", g->semilog, &semilog);
    if (!code) code = two_numbers("window", g->window, &c->from, &c->to);
    if (code) return code;
    c->semilog = semilog >= 0 && semilog <= 3 ? (int)semilog : -1;
    const char *wrong = cc_check_valid(c);
    return wrong ? cc_cli_usage("table", "%s", wrong) : 0;
}

static cc_table *read_table(const char *path)
{
    char message[CC_MESSAGE];
    int is_stdin = !strcmp(path, "-");
    FILE *in = is_stdin ? stdin : fopen(path, "r");
    if (!in) {
        cc_cli_fail("%s: %s", path, strerror(errno));
        return NULL;
    }
    cc_table *table = cc_csv_read(in, message, sizeof message);
    if (!is_stdin) fclose(in);
    if (!table) cc_cli_fail("%s: %s", is_stdin ? "standard input" : path, message);
    return table;
}

static void print_text(const cc_result *r, const char *criterion)
{
    const char *verdict = cc_verdict_name(r->verdict);
    printf("%s%s%s  %s\n", cc_cli_verdict_colour(verdict, stdout), verdict, cc_cli_plain(stdout), criterion);
    if (!isnan(r->estimate)) printf("  %s: %.6g", r->quantity, r->estimate);
    if (!isnan(r->estimate) && (r->low < r->high)) printf(" [%.6g, %.6g]", r->low, r->high);
    if (!isnan(r->p)) printf(", p = %.3g", r->p);
    if (!isnan(r->estimate)) putchar('\n');
    if (*r->method) printf("  how: %s\n", r->method);
    printf("  data: %zu rows", r->rows);
    if (r->units) printf(", %zu independent units", r->units);
    if (isfinite(r->detectable)) printf("; detectable with probability .8: %.3g", r->detectable);
    putchar('\n');
    if (*r->worst) printf("  weakest at: %s\n", r->worst);
    if (*r->message) printf("  note: %s\n", r->message);
}

static void add_number(cJSON *to, const char *name, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(to, name, value);
    else
        cJSON_AddNullToObject(to, name);
}

static int print_json(const cc_result *r, const cc_check *check, const char *criterion)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "verdict", cc_verdict_name(r->verdict));
    cJSON_AddStringToObject(json, "kind", cc_kind_name(check->kind));
    cJSON_AddStringToObject(json, "criterion", criterion);
    cJSON_AddStringToObject(json, "quantity", r->quantity);
    add_number(json, "estimate", r->estimate);
    add_number(json, "low", r->low);
    add_number(json, "high", r->high);
    add_number(json, "p", r->p);
    add_number(json, "detectable", r->detectable);
    add_number(json, "tightness", r->tightness);
    add_number(json, "rows", (double)r->rows);
    add_number(json, "units", (double)r->units);
    cJSON_AddStringToObject(json, "method", r->method);
    cJSON_AddStringToObject(json, "worst", r->worst);
    cJSON_AddStringToObject(json, "message", r->message);
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!text) return cc_cli_fail("no memory for the JSON");
    puts(text);
    free(text);
    return 0;
}

static int write_plot(const char *path, const cc_result *r, const char *title)
{
    FILE *out = fopen(path, "w");
    if (!out) return cc_cli_fail("%s: %s", path, strerror(errno));
    int bad = cc_plot_svg(out, r, title);
    if (fclose(out) != 0) bad = -1;
    return bad ? cc_cli_fail("%s: there is nothing to draw, or it cannot be written", path) : 0;
}

static int judge(const given *g, const cc_check *check, const cc_table *table)
{
    static const int codes[] = {
        [CC_VERIFIED] = CC_EXIT_OK,          [CC_REFUTED] = CC_EXIT_FAILED,       [CC_INCONCLUSIVE] = CC_EXIT_INCONCLUSIVE,
        [CC_VACUOUS] = CC_EXIT_INCONCLUSIVE, [CC_SKIPPED] = CC_EXIT_INCONCLUSIVE, [CC_ERROR] = CC_EXIT_USAGE};
    cc_result result;
    char criterion[256];
    cc_judge(table, check, NULL, &result);
    cc_check_describe(check, criterion, sizeof criterion);
    int code = codes[result.verdict], bad = 0;
    if (result.verdict == CC_ERROR)
        cc_cli_fail("%s", result.message);
    else if (g->json)
        bad = print_json(&result, check, criterion);
    else
        print_text(&result, criterion);
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
         "exponent linear_rate order bound scaling ordering probability equality distribution ulp"},
        {"x", 'x', CC_OPT_TEXT, &g.x, "COLUMN", "the abscissa; \"1/eps\" for its reciprocal; of an ordering: the arms (arm)"},
        {"y", 'y', CC_OPT_TEXT, &g.y, "COLUMN", "what is judged"},
        {"other", 'o', CC_OPT_TEXT, &g.other, "COLUMN", "the bound, the reference, the second series"},
        {"group", 'g', CC_OPT_TEXT, &g.group, "COLUMNS", "the independent unit (seed); \"\": the rows are the whole population"},
        {"by", 0, CC_OPT_TEXT, &g.by, "COLUMNS", "judge apart for each value; all must hold"},
        {"where", 'w', CC_OPT_TEXT, &g.where, "TEXT", "which rows: \"arm=a,b n>=100\""},
        {"per-unit", 0, CC_OPT_TEXT, &g.per_unit, "HOW", "a unit's rows to one: last first max min range sum mean median count"},
        {"across", 0, CC_OPT_TEXT, &g.across, "HOW", "units to one at each x: mean median rms max min share"},
        {"best-over", 0, CC_OPT_TEXT, &g.best_over, "COLUMN", "a tuned parameter: each arm at its best value"},
        {"at-most", 0, CC_OPT_TEXT, &g.at_most, "V", "the criterion"},
        {"at-least", 0, CC_OPT_TEXT, &g.at_least, "V", "the criterion"},
        {"within", 0, CC_OPT_TEXT, &g.within, "A,B", "the criterion"},
        {"log-factors", 0, CC_OPT_TEXT, &g.log_factors, "N", "y is divided by (log x)^N"},
        {"rel", 0, CC_OPT_TEXT, &g.rel, "V", "relative slack of a bound or an equality"},
        {"abs", 0, CC_OPT_TEXT, &g.abs, "V", "absolute slack; the noise floor of a rate"},
        {"se", 0, CC_OPT_TEXT, &g.se, "V", "slack in standard errors"},
        {"window", 0, CC_OPT_TEXT, &g.window, "A,B", "the range of x (else it is found)"},
        {"semilog", 0, CC_OPT_TEXT, &g.semilog, "N", "1: log y on x, 2: y on log x, 3: y on x"},
        {"chain", 'c', CC_OPT_TEXT, &g.chain, "TEXT", "\"a < b < c\" or \"column: falling\""},
        {"margin", 0, CC_OPT_TEXT, &g.margin, "V", "by how much; negative: not worse than by that"},
        {"law", 0, CC_OPT_TEXT, &g.law, "LAW", "normal uniform exponential chi2(k) t(k) discrete(p,..) or a column"},
        {"plot", 'p', CC_OPT_TEXT, &g.plot, "FILE", "the evidence as SVG"},
        {"json", 'j', CC_OPT_FLAG, &g.json, NULL, "the result as JSON"},
        {0}};
    const cc_usage usage = {
        "table",
        "FILE",
        "Judges a CSV or TSV file (- reads standard input).\nExit codes: 0 verified, 1 refuted, 2 inconclusive, 3 bad input.",
        options,
        1,
        1};
    cc_check check;
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    if ((code = take_check(&g, &check))) return code;
    cc_table *table = read_table(argv[first]);
    if (!table) return CC_EXIT_USAGE;
    code = judge(&g, &check, table);
    cc_table_free(table);
    return code;
}
