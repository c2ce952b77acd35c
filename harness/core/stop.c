/* When a run ends: counters and metrics, never seconds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/cell.h"

static const cc_metric *find_metric(const cc_metric *metrics, const char *name)
{
    for (; metrics && metrics->name; metrics++)
        if (!strcmp(metrics->name, name)) return metrics;
    return NULL;
}

static cc_status unknown(const char *name, const cc_session *session, const cc_problem *problem, char *message)
{
    const char *names[128] = {"steps"};
    char nearest[256];
    size_t n = 1;
    const cc_family *family = session->run.family;
    for (const cc_column *c = family ? family->counters : NULL; c && c->name && n < 128; c++) names[n++] = c->name;
    for (const cc_metric *m = family ? family->metrics : NULL; m && m->name && n < 128; m++) names[n++] = m->name;
    for (const cc_metric *m = problem->metrics; m && m->name && n < 128; m++) names[n++] = m->name;
    for (const cc_probe *p = session->algorithm->probes; p && p->name && n < 128; p++) names[n++] = p->name;
    cc_suggest(name, names, n, nearest, sizeof nearest);
    snprintf(message, CC_MESSAGE, "stop: there is no counter, metric or probe '%s'; there is %s", name, nearest);
    return CC_EINVAL;
}

static int as_count(double limit, uint64_t *count)
{
    if (!(limit >= 0 && limit < 9e18)) return 0;
    *count = (uint64_t)ceil(limit);
    return 1;
}

static int add_counter(cc_stop *stop, const cc_family *family, const char *name, double limit)
{
    for (size_t i = 0; family && family->counters && family->counters[i].name; i++) {
        if (strcmp(family->counters[i].name, name)) continue;
        if (stop->n_counters == CC_MAX_LIMITS || !as_count(limit, &stop->counter[stop->n_counters].limit)) return -1;
        stop->counter[stop->n_counters++].index = i;
        return 1;
    }
    return 0;
}

static int add_value(cc_stop *stop, const cc_session *session, const cc_problem *problem, const char *name, int at_least,
                     double limit)
{
    const cc_metric *metric = find_metric(problem->metrics, name);
    const cc_probe *probe = session->algorithm->probes;
    if (!metric && session->run.family) metric = find_metric(session->run.family->metrics, name);
    while (probe && probe->name && strcmp(probe->name, name)) probe++;
    if (!metric && !(probe && probe->name)) return 0;
    if (stop->n_values == CC_MAX_LIMITS) return -1;
    stop->value[stop->n_values].metric = metric;
    stop->value[stop->n_values].offset = metric ? 0 : probe->offset;
    stop->value[stop->n_values].at_least = at_least;
    stop->value[stop->n_values++].limit = limit;
    return 1;
}

static cc_status add_limit(const char *word, const cc_session *session, const cc_problem *problem, cc_stop *stop, char *message)
{
    char name[64], *end;
    size_t length = strcspn(word, "<>");
    int at_least = word[length] == '>';
    if (length == 0 || length >= sizeof name || word[length] == 0 || word[length + 1] != '=') {
        snprintf(message, CC_MESSAGE, "stop: '%s' is not of the form name<=number or name>=number", word);
        return CC_EINVAL;
    }
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    double limit = strtod(word + length + 2, &end);
    int done = 0;
    if (*end || end == word + length + 2 || isnan(limit)) {
        snprintf(message, CC_MESSAGE, "stop: '%s' does not end in a number", word);
        return CC_EINVAL;
    }
    if (!strcmp(name, "steps"))
        done = as_count(limit, &stop->steps) ? 1 : -1;
    else
        done = add_counter(stop, session->run.family, name, limit);
    if (!done) done = add_value(stop, session, problem, name, at_least, limit);
    if (done < 0) {
        snprintf(message, CC_MESSAGE, "stop: '%s': a count cannot be so, or there are more than %d limits", word, CC_MAX_LIMITS);
        return CC_EINVAL;
    }
    return done ? CC_OK : unknown(name, session, problem, message);
}

cc_status cc_stop_parse(const char *text, const cc_session *session, const cc_problem *problem, cc_stop *stop, char *message)
{
    cc_words words = cc_words_split(text, ' ');
    cc_status status = CC_OK;
    *stop = (cc_stop){.steps = UINT64_MAX};
    for (size_t i = 0; i < words.n && status == CC_OK; i++) status = add_limit(words.item[i], session, problem, stop, message);
    cc_words_free(&words);
    return status;
}

static const char *value_reached(const cc_stop *stop, cc_session *session)
{
    for (size_t i = 0; i < stop->n_values; i++) {
        double value;
        if (stop->value[i].metric) {
            uint64_t flops = cc_flops_now();
            value = stop->value[i].metric->value(&session->run.oracle, cc_session_candidate(session));
            cc_flops_restore(flops);
            if (!isfinite(value)) return "NONFINITE";
        } else
            memcpy(&value, (const char *)session->state + stop->value[i].offset, sizeof value);
        if (stop->value[i].at_least ? value >= stop->value[i].limit : value <= stop->value[i].limit) return "TARGET";
    }
    return NULL;
}

const char *cc_stop_reached(const cc_stop *stop, cc_session *session)
{
    if (session->step >= stop->steps) return "BUDGET";
    for (size_t i = 0; i < stop->n_counters; i++)
        if (session->run.counts[stop->counter[i].index] >= stop->counter[i].limit) return "BUDGET";
    return stop->n_values ? value_reached(stop, session) : NULL;
}
