/* verify/check.c: which fields each kind uses, and a check in words. */
#include "verify/sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *cc_kind_name(cc_kind kind)
{
    static const char *const name[] = {"end",      "exponent",    "linear_rate", "order",        "bound", "scaling",
                                       "ordering", "probability", "equality",    "distribution", "ulp"};
    return (unsigned)kind <= CC_KIND_ULP ? name[kind] : "?";
}

enum {
    F_IS = 1,
    F_X = 2,
    F_PER_UNIT = 4,
    F_ACROSS = 8,
    F_BEST = 16,
    F_OTHER = 32,
    F_REL = 64,
    F_ABS = 128,
    F_SE = 256,
    F_WINDOW = 512,
    F_LOGS = 1024,
    F_SEMILOG = 2048,
    F_CHAIN = 4096,
    F_MARGIN = 8192,
    F_LAW = 16384,
    F_TOWARD = 32768,
    F_PURE = 65536
};

typedef struct usage {
    int may, must;
} usage;

static const usage use[] = {
    [CC_KIND_EXPONENT] = {F_IS | F_X | F_PER_UNIT | F_ACROSS | F_OTHER | F_ABS | F_WINDOW | F_LOGS | F_SEMILOG | F_TOWARD | F_PURE,
                          F_IS | F_X},
    [CC_KIND_LINEAR_RATE] = {F_IS | F_X | F_PER_UNIT | F_ACROSS | F_ABS | F_WINDOW | F_TOWARD, F_X},
    [CC_KIND_ORDER] = {F_IS | F_X | F_PER_UNIT | F_ABS | F_SEMILOG, F_IS | F_X},
    [CC_KIND_BOUND] = {F_IS | F_X | F_PER_UNIT | F_ACROSS | F_OTHER | F_REL | F_ABS | F_SE, 0},
    [CC_KIND_SCALING] = {F_IS | F_X | F_PER_UNIT | F_ACROSS | F_OTHER | F_REL | F_ABS | F_SE, 0},
    [CC_KIND_ORDERING] = {F_X | F_PER_UNIT | F_BEST | F_CHAIN | F_MARGIN, F_CHAIN},
    [CC_KIND_PROBABILITY] = {F_IS | F_PER_UNIT, F_IS},
    [CC_KIND_EQUALITY] = {F_IS | F_X | F_PER_UNIT | F_ACROSS | F_OTHER | F_REL | F_ABS | F_SE, 0},
    [CC_KIND_DISTRIBUTION] = {F_PER_UNIT | F_LAW | F_ABS, F_LAW},
    [CC_KIND_ULP] = {F_X | F_PER_UNIT | F_OTHER | F_ABS, F_OTHER},
};

static int fields_used(const cc_check *c)
{
    return (c->is.relation != CC_ANY ? F_IS : 0) | (c->x ? F_X : 0) | (c->per_unit ? F_PER_UNIT : 0) | (c->across ? F_ACROSS : 0) |
           (c->best_over ? F_BEST : 0) | (c->other ? F_OTHER : 0) | (c->rel != 0 ? F_REL : 0) | (c->abs != 0 ? F_ABS : 0) |
           (c->se != 0 ? F_SE : 0) | (c->from != 0 || c->to != 0 ? F_WINDOW : 0) | (c->logs != 0 ? F_LOGS : 0) |
           (c->semilog != 0 ? F_SEMILOG : 0) | (c->chain ? F_CHAIN : 0) | (c->margin != 0 ? F_MARGIN : 0) | (c->law ? F_LAW : 0) |
           (c->toward != 0 ? F_TOWARD : 0) | (c->pure != 0 ? F_PURE : 0);
}

static const char *field_name(int field)
{
    static const char *const name[] = {"is",      "x",    "per_unit", "across", "best_over", "other", "rel",    "abs", "se",
                                       "from/to", "logs", "semilog",  "chain",  "margin",    "law",   "toward", "pure"};
    int i = 0;
    while (!(field >> i & 1)) i++;
    return name[i];
}

/* Messages live as long as the program: one buffer a thread. */
static const char *complain(const char *format, const char *a, const char *b)
{
    static _Thread_local char text[200];
    snprintf(text, sizeof text, format, a, b);
    return text;
}

static int in_list(const char *word, const char *list)
{
    size_t n = strlen(word);
    if (n == 0) return 0;
    for (const char *c = strstr(list, word); c; c = strstr(c + 1, word))
        if ((c == list || c[-1] == ' ') && (c[n] == ' ' || c[n] == 0)) return 1;
    return 0;
}

static const char *numbers_valid(const cc_check *c)
{
    if (c->is.relation < CC_ANY || c->is.relation > CC_IN)
        return "`is` has an unknown relation: CC_AT_MOST, CC_AT_LEAST or CC_WITHIN";
    if (isnan(c->is.low) || isnan(c->is.high)) return "`is` holds a NaN";
    if (c->is.relation == CC_IN && c->is.low > c->is.high) return "`is`: the lower end exceeds the upper";
    if (!(c->rel >= 0) || !(c->abs >= 0) || !(c->se >= 0)) return "`rel`, `abs` and `se` must not be negative";
    if (isnan(c->from) || isnan(c->to) || (c->to != 0 && c->from > c->to)) return "`from` exceeds `to`";
    if (c->toward < CC_BY_NAME || c->toward > CC_TO_ZERO) return "`toward` is none of CC_BY_NAME, CC_TO_INFINITY, CC_TO_ZERO";
    if (isnan(c->margin) || isnan(c->logs)) return "`margin` or `logs` is NaN";
    return NULL;
}

/* What the table of fields cannot say. */
static const char *kind_valid(const cc_check *c)
{
    int share = c->across && !strcmp(c->across, "share"), is = c->is.relation != CC_ANY;
    switch (c->kind) {
    case CC_KIND_EXPONENT:
        if (c->semilog < 0 || c->semilog > 3) return "`semilog` is 0, 1, 2 or 3";
        if (c->pure && (c->logs != 0 || c->semilog != 0)) return "`pure` has no use beside `logs`, nor outside the log-log plane";
        if (c->logs != 0 && c->semilog != 0) return "`logs` needs the log-log plane (semilog 0)";
        return share ? "`across` = share is not used by kind exponent" : NULL;
    case CC_KIND_LINEAR_RATE:
        return share ? "`across` = share is not used by kind linear_rate" : NULL;
    case CC_KIND_ORDER:
        return c->semilog && c->semilog != 3 ? "`semilog` of kind order is 0 or 3" : NULL;
    case CC_KIND_BOUND:
        if (share) return !c->other ? "`across` = share needs the bound in `other`" : is ? NULL : "`across` = share needs `is`";
        if (!c->other == !is)
            return c->other ? "kind bound takes `other` or `is`, not both (unless across = share)"
                            : "kind bound needs `other` or `is`";
        if (is && (c->rel != 0 || c->abs != 0)) return "`rel` and `abs` belong to `other`; put the slack into `is`";
        return c->se != 0 && !c->across ? "`se` needs `across` in kind bound" : NULL;
    case CC_KIND_SCALING:
        if (share) return "`across` = share is not used by kind scaling";
        if (c->se > 0 && c->across && strcmp(c->across, "mean")) return "`se` compares means: `across` is mean";
        if (c->se > 0) return !c->other ? "`se` needs `other`" : is ? "kind scaling takes `se` or `is`, not both" : NULL;
        if (c->rel != 0 || c->abs != 0) return "`rel` and `abs` need `se` in kind scaling";
        return is ? NULL : "kind scaling needs `is` or `se`";
    case CC_KIND_EQUALITY:
        if (c->across && strcmp(c->across, "mean")) return "`across` of kind equality is mean";
        if (c->other) return is ? "kind equality takes `other` or `is`, not both" : NULL;
        return is && c->is.relation == CC_IN && c->is.low == c->is.high ? NULL : "kind equality needs `other` or is = CC_EQUALS(v)";
    default:
        return NULL;
    }
}

const char *cc_check_valid(const cc_check *c)
{
    if (c->kind <= CC_END || c->kind > CC_KIND_ULP) return "the check has no known kind";
    if (!c->y || !*c->y) return "`y` is missing";
    int used = fields_used(c), wrong = used & ~use[c->kind].may, missing = use[c->kind].must & ~used;
    if (wrong) return complain("`%s` is not used by kind %s", field_name(wrong), cc_kind_name(c->kind));
    if (missing) return complain("`%s` is needed by kind %s", field_name(missing), cc_kind_name(c->kind));
    if (c->per_unit && !in_list(c->per_unit, "last first max min range sum mean median count"))
        return complain("`per_unit` = %s; valid: %s", c->per_unit, "last first max min range sum mean median count");
    if (c->across && !in_list(c->across, "mean median rms max min share"))
        return complain("`across` = %s; valid: %s", c->across, "mean median rms max min share");
    const char *numbers = numbers_valid(c);
    return numbers ? numbers : kind_valid(c);
}

/* "mean over seed of last y" */
static void describe_quantity(const cc_check *c, char *text, size_t size)
{
    const char *unit = cc_unit_columns(c);
    char across[80] = "";
    if (c->across) snprintf(across, sizeof across, "%s over %s of ", c->across, *unit ? unit : "rows");
    snprintf(text, size, "%s%s%s%s", across, c->per_unit ? c->per_unit : "", c->per_unit ? " " : "", c->y);
}

static void describe_slack(const cc_check *c, char *text, size_t size)
{
    size_t used = 0;
    text[0] = 0;
    if (c->rel != 0) used += (size_t)snprintf(text + used, size - used, " + %g relative", c->rel);
    if (c->abs != 0) used += (size_t)snprintf(text + used, size - used, " + %g", c->abs);
    if (c->se != 0) snprintf(text + used, size - used, " + %g standard errors", c->se);
}

void cc_check_describe(const cc_check *c, char *text, size_t size)
{
    static const char *const plane[] = {"log %s on log %s", "log %s on %s", "%s on log %s", "%s on %s"};
    char y[160], is[80], slack[96], slope[256];
    describe_quantity(c, y, sizeof y);
    cc_criterion_text(&c->is, is, sizeof is);
    describe_slack(c, slack, sizeof slack);
    const char *x = c->x ? c->x : c->kind == CC_KIND_ORDERING ? "arm" : "x", *other = c->other ? c->other : "";
    switch (c->kind) {
    case CC_KIND_EXPONENT:
        snprintf(slope, sizeof slope, plane[c->semilog & 3], y, x);
        snprintf(text, size, "slope of %s%s%s%s %s", slope, c->logs != 0 ? " less log factors" : "", *other ? " less that of " : "",
                 other, is);
        break;
    case CC_KIND_LINEAR_RATE:
        snprintf(text, size, "%s decays by a factor %s each unit of %s", y, c->is.relation ? is : "less than 1", x);
        break;
    case CC_KIND_ORDER:
        snprintf(text, size, "order of %s along %s %s", y, x, is);
        break;
    case CC_KIND_BOUND:
        if (*other)
            snprintf(text, size, "%s <= %s%s%s%s%s%s", y, other, slack, c->x ? " at every " : "", c->x ? c->x : "",
                     c->is.relation ? ", " : "", c->is.relation ? is : "");
        else
            snprintf(text, size, "%s %s%s", y, is, slack);
        break;
    case CC_KIND_SCALING:
        snprintf(text, size, "%s%s%s %s%s%s%s", y, *other ? (c->se > 0 ? " agrees with " : " / ") : "", other,
                 c->se > 0 ? "up to 0" : is, slack, c->x ? " at every " : "", c->x ? c->x : "");
        break;
    case CC_KIND_ORDERING:
        if (c->margin != 0) snprintf(slack, sizeof slack, ", margin %g", c->margin);
        snprintf(text, size, "%s: %s%s", y, c->chain, slack);
        break;
    case CC_KIND_PROBABILITY:
        snprintf(text, size, "share of %s with %s %s", *cc_unit_columns(c) ? cc_unit_columns(c) : "rows", y, is);
        break;
    case CC_KIND_EQUALITY:
        snprintf(text, size, "%s %s%s%s", y, *other ? "equals " : is, other, slack);
        break;
    case CC_KIND_DISTRIBUTION:
        snprintf(text, size,
                 c->abs > 0 ? "%s is distributed as %s, up to a shift of %g standard deviations" : "%s is distributed as %s", y,
                 c->law, c->abs);
        break;
    case CC_KIND_ULP:
        snprintf(text, size, "%s within %g ulp of %s", y, c->abs, other);
        break;
    default:
        snprintf(text, size, "no check");
        break;
    }
    if (c->toward && strlen(text) + 24 < size)
        snprintf(text + strlen(text), size - strlen(text), ", %.12s -> %s", x, c->toward == CC_TO_ZERO ? "0" : "infinity");
    if (c->where && *c->where && strlen(text) + 2 < size) snprintf(text + strlen(text), size - strlen(text), " (%s)", c->where);
}
