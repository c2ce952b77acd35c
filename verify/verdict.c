/* verify/verdict.c: the one place for the rules that turn intervals, controls and p-values into verdicts. */
#include "verify/sample.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *cc_verdict_name(cc_verdict verdict)
{
    static const char *const name[] = {"verified", "refuted", "inconclusive", "vacuous", "skipped", "error"};
    return (unsigned)verdict <= CC_ERROR ? name[verdict] : "?";
}

const char *cc_verdict_mark(cc_verdict verdict)
{
    static const char *const mark[] = {"+", "-", "?", "0", "s", "!"};
    return (unsigned)verdict <= CC_ERROR ? mark[verdict] : "?";
}

int cc_satisfies(const cc_criterion *is, double value)
{
    if (isnan(value)) return 0;
    switch (is->relation) {
    case CC_LE:
        return value <= is->high;
    case CC_GE:
        return value >= is->low;
    case CC_IN:
        return value >= is->low && value <= is->high;
    default:
        return 1;
    }
}

cc_verdict cc_decide(const cc_criterion *is, double low, double high)
{
    if (isnan(low) || isnan(high)) return CC_INCONCLUSIVE;
    if (cc_satisfies(is, low) && cc_satisfies(is, high)) return CC_VERIFIED;
    if (is->relation != CC_GE && low > is->high) return CC_REFUTED;
    if (is->relation != CC_LE && high < is->low) return CC_REFUTED;
    return CC_INCONCLUSIVE;
}

void cc_criterion_text(const cc_criterion *is, char *text, size_t size)
{
    if (is->relation == CC_LE)
        snprintf(text, size, "at most %.6g", is->high);
    else if (is->relation == CC_GE)
        snprintf(text, size, "at least %.6g", is->low);
    else if (is->relation == CC_IN && is->low == is->high)
        snprintf(text, size, "equal to %.6g", is->low);
    else if (is->relation == CC_IN)
        snprintf(text, size, "within [%.6g, %.6g]", is->low, is->high);
    else
        snprintf(text, size, "any");
}

void cc_say(cc_result *result, const char *format, ...)
{
    size_t used = strlen(result->message), size = sizeof result->message;
    if (used + 8 >= size) return; /* it is full, and says so by its ellipsis */
    if (used) used += (size_t)snprintf(result->message + used, size - used, "; ");
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(result->message + used, size - used, format, arguments);
    va_end(arguments);
    cc_text_cut(result->message, size, used + (size_t)(more > 0 ? more : 0));
}

void cc_text_cut(char *text, size_t size, size_t wanted)
{
    static const char dots[] = "…";
    if (wanted < size || size <= sizeof dots) return;
    size_t end = size - sizeof dots, word = end, least = end > 60 ? end - 60 : 0;
    while (word > least && text[word] != ' ') word--;
    if (word == least) /* one long word: at least between two characters */
        for (word = end; word > 0 && ((unsigned char)text[word] & 0xc0) == 0x80;) word--;
    memcpy(text + word, dots, sizeof dots);
}

void cc_doubt(cc_result *result)
{
    result->verdict = CC_INCONCLUSIVE;
    if (!isnan(result->p)) result->p = 1;
}

cc_verdict cc_verdict_all(const cc_verdict *verdicts, size_t n)
{
    size_t count[CC_ERROR + 1] = {0};
    for (size_t i = 0; i < n; i++) count[verdicts[i]]++;
    if (count[CC_REFUTED]) return CC_REFUTED;
    if (count[CC_ERROR]) return CC_ERROR;
    if (count[CC_INCONCLUSIVE]) return CC_INCONCLUSIVE;
    if (count[CC_VACUOUS]) return CC_VACUOUS;
    if (count[CC_VERIFIED]) return CC_VERIFIED;
    return n ? CC_SKIPPED : CC_INCONCLUSIVE;
}

/* Only a verified claim depends on its controls: they say whether the check could have failed. */
cc_verdict cc_verdict_controlled(cc_verdict treatment, const int *control_ok, size_t n)
{
    int undecided = 0;
    if (treatment != CC_VERIFIED) return treatment;
    for (size_t i = 0; i < n; i++) {
        if (control_ok[i] == 0) return CC_VACUOUS;
        if (control_ok[i] < 0) undecided = 1;
    }
    return undecided ? CC_INCONCLUSIVE : CC_VERIFIED;
}

/* The least of the p-values above the last; n is a paper's claims, so quadratic time is of no account. */
void cc_holm(const double *p, size_t n, double *adjusted)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = NAN;
        count += isnan(p[i]) ? 0 : 1;
    }
    double running = 0;
    for (size_t step = 0; step < count; step++) {
        size_t least = n;
        for (size_t i = 0; i < n; i++)
            if (!isnan(p[i]) && isnan(adjusted[i]) && (least == n || p[i] < p[least])) least = i;
        double value = fmin(1, (double)(count - step) * p[least]);
        running = fmax(running, value);
        adjusted[least] = running;
    }
}
