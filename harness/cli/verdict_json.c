/* harness/cli/verdict_json.c: the evidence as JSON. A number that is not finite is null. */
#include <cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/judge_claim.h"

static void add_number(cJSON *to, const char *name, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(to, name, value);
    else
        cJSON_AddNullToObject(to, name);
}

/* The length of the UTF-8 sequence at `at`; 0 if it is none, as where a message was cut to its buffer. */
static size_t sequence(const unsigned char *at)
{
    size_t n = *at < 0x80 ? 1 : *at >= 0xc2 && *at < 0xe0 ? 2 : *at >= 0xe0 && *at < 0xf0 ? 3 : *at >= 0xf0 && *at < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < n; i++)
        if ((at[i] & 0xc0) != 0x80) return 0;
    return n;
}

static void add_text(cJSON *to, const char *name, const char *text)
{
    char *copy = strdup(text ? text : "");
    for (char *at = copy; at && *at;) {
        size_t n = sequence((unsigned char *)at);
        if (n == 0) *at = '?';
        at += n ? n : 1;
    }
    cJSON_AddStringToObject(to, name, copy ? copy : "");
    free(copy);
}

static cJSON *numbers(const double *values, size_t n)
{
    if (!values) return cJSON_CreateNull();
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(array, isfinite(values[i]) ? cJSON_CreateNumber(values[i]) : cJSON_CreateNull());
    return array;
}

static cJSON *series_json(const cc_series *s)
{
    cJSON *json = cJSON_CreateObject();
    add_text(json, "name", s->name);
    cJSON_AddItemToObject(json, "x", numbers(s->x, s->n));
    cJSON_AddItemToObject(json, "y", numbers(s->y, s->n));
    cJSON_AddItemToObject(json, "low", numbers(s->low, s->n));
    cJSON_AddItemToObject(json, "high", numbers(s->high, s->n));
    return json;
}

/* p_holm: the claim's, since all its checks must hold; a check without a p is exact and has none. */
static cJSON *result_json(const cc_result *r, const cc_check *check, double p_holm)
{
    char criterion[512] = "";
    cJSON *json = cJSON_CreateObject(), *series = cJSON_CreateArray();
    cc_check_describe(check, criterion, sizeof criterion);
    add_text(json, "kind", cc_kind_name(check->kind));
    add_text(json, "criterion", criterion);
    add_text(json, "verdict", cc_verdict_name(r->verdict));
    add_text(json, "quantity", r->quantity);
    add_number(json, "estimate", r->estimate);
    add_number(json, "low", r->low);
    add_number(json, "high", r->high);
    add_number(json, "p", r->p);
    add_number(json, "p_holm", isnan(r->p) ? NAN : p_holm);
    add_number(json, "detectable", r->detectable);
    add_number(json, "tightness", r->tightness);
    add_number(json, "rows", (double)r->rows);
    add_number(json, "units", (double)r->units);
    add_text(json, "method", r->method);
    add_text(json, "worst", r->worst);
    add_text(json, "message", r->message);
    add_text(json, "x_label", r->x_label);
    add_text(json, "y_label", r->y_label);
    cJSON_AddBoolToObject(json, "log_x", r->log_x);
    cJSON_AddBoolToObject(json, "log_y", r->log_y);
    for (size_t i = 0; i < r->n_series; i++) cJSON_AddItemToArray(series, series_json(&r->series[i]));
    cJSON_AddItemToObject(json, "series", series);
    return json;
}

static cJSON *results_json(const cc_results *results, const cc_check *checks, double p_holm)
{
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; i < results->n; i++) cJSON_AddItemToArray(array, result_json(&results->item[i], &checks[i], p_holm));
    return array;
}

static void add_ok(cJSON *to, int ok) { cJSON_AddItemToObject(to, "ok", ok < 0 ? cJSON_CreateNull() : cJSON_CreateBool(ok)); }

static cJSON *control_json(const cc_claim *claim, const cc_control_evidence *c)
{
    cJSON *json = cJSON_CreateObject();
    const cc_check *checks = cc_control_checks(claim, c->control);
    add_text(json, "id", c->control->id);
    add_text(json, "what", c->control->what);
    add_text(json, "expected", c->control->shows ? "shows" : "refuted");
    add_text(json, "verdict", cc_verdict_name(c->verdict));
    add_ok(json, c->ok);
    add_text(json, "message", c->message);
    cJSON_AddItemToObject(json, "checks", results_json(&c->checks, checks, NAN));
    return json;
}

static cJSON *null_json(const cc_claim *claim, const cc_null_evidence *null)
{
    cJSON *json = result_json(&null->result, &claim->checks[null->check], NAN);
    add_number(json, "check", (double)null->check);
    add_ok(json, null->ok);
    return json;
}

static cJSON *notes_json(const cc_cell_note *notes, size_t n)
{
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++) {
        cJSON *json = cJSON_CreateObject();
        add_text(json, "arm", notes[i].arm);
        add_text(json, "point", notes[i].point);
        add_text(json, "cause", notes[i].cause);
        add_text(json, "message", notes[i].message);
        cJSON_AddItemToArray(array, json);
    }
    return array;
}

/* Where a statement or a threshold is from. */
static const char *origin_name(cc_origin origin)
{
    static const char *const names[] = {"", "paper", "code", "proof", "pilot", "us"};
    return (size_t)origin < sizeof names / sizeof *names ? names[origin] : "";
}

char *cc_evidence_json(const cc_evidence *e)
{
    const cc_claim *claim = e->claim;
    cJSON *json = cJSON_CreateObject(), *controls = cJSON_CreateArray(), *nulls = cJSON_CreateArray();
    add_text(json, "statement", claim->statement);
    add_text(json, "source", claim->source);
    add_text(json, "origin", origin_name(claim->origin));
    add_text(json, "threshold", origin_name(claim->threshold));
    add_text(json, "experiment", claim->experiment);
    add_text(json, "tier", cc_cli_tier_name(e->tier));
    add_number(json, "cells", (double)e->n_cells);
    add_number(json, "seconds", e->seconds);
    cJSON_AddItemToObject(json, "errors", notes_json(e->error, e->n_errors));
    cJSON_AddItemToObject(json, "skipped", notes_json(e->skip, e->n_skips));
    cJSON_AddItemToObject(json, "checks", results_json(&e->checks, claim->checks, e->p_holm));
    for (size_t i = 0; i < e->n_controls; i++) cJSON_AddItemToArray(controls, control_json(claim, &e->control[i]));
    cJSON_AddItemToObject(json, "controls", controls);
    for (size_t i = 0; i < e->n_nulls; i++) cJSON_AddItemToArray(nulls, null_json(claim, &e->null_control[i]));
    cJSON_AddItemToObject(json, "null_controls", nulls);
    add_text(json, "verdict_raw", cc_verdict_name(e->raw));
    add_text(json, "reason", e->reason);
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    return text;
}

cJSON *cc_evidence_summary(const cc_evidence *e)
{
    const cc_result *main = cc_evidence_main(e);
    cJSON *json = cJSON_CreateObject(), *controls = cJSON_CreateArray();
    add_text(json, "paper", e->module->plugin->id);
    add_text(json, "claim", e->claim->id);
    add_text(json, "tier", cc_cli_tier_name(e->tier));
    add_text(json, "verdict", cc_evidence_verdict(e));
    add_number(json, "estimate", main ? main->estimate : NAN);
    add_number(json, "low", main ? main->low : NAN);
    add_number(json, "high", main ? main->high : NAN);
    for (size_t i = 0; i < e->n_controls; i++) {
        cJSON *control = cJSON_CreateObject();
        add_text(control, "id", e->control[i].control->id);
        add_text(control, "verdict", cc_verdict_name(e->control[i].verdict));
        add_ok(control, e->control[i].ok);
        cJSON_AddItemToArray(controls, control);
    }
    cJSON_AddItemToObject(json, "controls", controls);
    add_number(json, "p", e->p);
    add_number(json, "p_holm", e->p_holm);
    cJSON_AddBoolToObject(json, "campaign_mark", e->campaign_mark);
    add_text(json, "message", e->reason);
    return json;
}
