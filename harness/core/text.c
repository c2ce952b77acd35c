/* Text of sets, axes and plans: words outside parentheses, values by tier, ranges. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/scope.h"

char *cc_format(const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0) text = NULL;
    va_end(args);
    return text;
}

char *cc_append(char *text, const char *format, ...)
{
    va_list args;
    char *more = NULL, *both = NULL;
    va_start(args, format);
    if (vasprintf(&more, format, args) < 0) more = NULL;
    va_end(args);
    if (more && asprintf(&both, "%s%s", text ? text : "", more) < 0) both = NULL;
    free(more);
    free(text);
    return both;
}

const char *cc_number(double value, char buffer[32])
{
    if (isnan(value)) return strcpy(buffer, "nan");
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, 32, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) break;
    }
    return buffer;
}

static int words_push(cc_words *words, const char *from, size_t length)
{
    if (!(words->n & (words->n - 1))) { /* full at powers of two only */
        char **item = realloc(words->item, (words->n ? 2 * words->n : 1) * sizeof *item);
        if (!item) return -1;
        words->item = item;
    }
    char **item = words->item;
    item[words->n] = strndup(from, length);
    if (!item[words->n]) return -1;
    words->n++;
    return 0;
}

cc_words cc_words_split(const char *text, char separator)
{
    cc_words words = {0};
    int depth = 0;
    const char *start = NULL;
    if (!text) return words;
    for (const char *c = text;; c++) {
        int ends = !*c || (depth == 0 && (*c == separator || (separator == ' ' && isspace((unsigned char)*c))));
        if (*c == '(') depth++;
        if (*c == ')' && depth > 0) depth--;
        if (!ends && !start) start = c;
        if (ends && start) {
            size_t length = (size_t)(c - start);
            while (length > 0 && isspace((unsigned char)start[length - 1])) length--;
            if (length > 0 && words_push(&words, start, length) < 0) break;
            start = NULL;
        }
        if (!*c) break;
        if (start == c && isspace((unsigned char)*c)) start = NULL;
    }
    return words;
}

void cc_words_free(cc_words *words)
{
    for (size_t i = 0; i < words->n; i++) free(words->item[i]);
    free(words->item);
    *words = (cc_words){0};
}

enum { MOST_VALUES = 100000 }; /* of one range: more is a slip of the pen, and would only exhaust the memory */

/* "a..b", "a..b+s", "a..b*f": its values pushed; 0 if the word is no range. */
static int range_push(cc_words *words, const char *word)
{
    const char *dots = strstr(word, "..");
    char *end, buffer[32];
    if (!dots || dots == word || dots - word >= (long)sizeof buffer) return 0;
    snprintf(buffer, sizeof buffer, "%.*s", (int)(dots - word), word); /* strtod would take the first dot */
    double from = strtod(buffer, &end);
    if (*end) return 0;
    double to = strtod(dots + 2, &end), by = 1;
    int geometric = *end == '*';
    if (end == dots + 2 || (*end && *end != '*' && *end != '+')) return 0;
    if (*end) {
        const char *rest = end + 1;
        by = strtod(rest, &end);
        if (end == rest || *end) return 0;
    }
    if (geometric ? (by <= 0 || by == 1 || from == 0) : by == 0) return 0;
    double steps = geometric ? log(to / from) / log(by) : (to - from) / by;
    if (!(steps >= -1e-9 && steps < MOST_VALUES)) return 0;
    for (long i = 0, n = (long)floor(steps + 1e-9); i <= n; i++) {
        double value = geometric ? from * pow(by, (double)i) : from + by * (double)i;
        double rounded = strtod((snprintf(buffer, sizeof buffer, "%.12g", value), buffer), NULL);
        cc_number(rounded, buffer);
        if (words_push(words, buffer, strlen(buffer)) < 0) return 0;
    }
    return 1;
}

/* Cuts at the next bar outside parentheses; *rest: what follows it, NULL if there was none. NULL at the end. */
static char *next_part(char **rest)
{
    char *part = *rest;
    int depth = 0;
    *rest = NULL;
    for (char *c = part; c && *c; c++) {
        depth += *c == '(' ? 1 : *c == ')' ? -1 : 0;
        if (*c != '|' || depth > 0) continue;
        *c = 0;
        *rest = c + 1;
        break;
    }
    return part;
}

cc_words cc_axis_words(const char *values, int tier)
{
    cc_words all = {0}, words = cc_words_split(values, ' '); /* a bar may stand against a value, and a tier may add nothing */
    int at = 0;
    for (size_t i = 0; i < words.n; i++) {
        char *rest = words.item[i], *part;
        while ((part = next_part(&rest)) && at <= tier) {
            if (*part && !range_push(&all, part)) words_push(&all, part, strlen(part));
            at += rest != NULL;
        }
    }
    cc_words_free(&words);
    return all;
}

char *cc_set_at_tier(const char *set, int tier)
{
    char *result = strdup("");
    cc_words words = cc_words_split(set, ' ');
    for (size_t i = 0; i < words.n && result; i++) {
        char *name_end = strpbrk(words.item[i], "=<>");
        char *value = name_end ? name_end + strspn(name_end, "=<>") : words.item[i];
        cc_words tiers = cc_words_split(value, '|');
        if (tiers.n > 0) {
            const char *chosen = tiers.item[(size_t)tier < tiers.n ? (size_t)tier : tiers.n - 1];
            result = cc_append(result, "%s%.*s%s", *result ? " " : "", (int)(value - words.item[i]), words.item[i], chosen);
        }
        cc_words_free(&tiers);
    }
    cc_words_free(&words);
    return result;
}
