/* The scope: arena, message, parameters, facts, the meter. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/scope.h"

static _Thread_local uint64_t flops;

void cc_flops(uint64_t n) { flops += n; }
uint64_t cc_flops_now(void) { return flops; }
void cc_flops_restore(uint64_t n) { flops = n; }

void cc_scope_open(cc_run *run, cc_role role, uint64_t seed, uint64_t limit)
{
    memset(run, 0, sizeof *run);
    run->oracle.count = run->counts;
    run->role = role;
    run->seed = seed;
    run->limit = limit;
}

void cc_scope_close(cc_run *run)
{
    while (run->chunks) {
        cc_chunk *next = run->chunks->next;
        free(run->chunks);
        run->chunks = next;
    }
    run->bytes = 0;
}

enum { CC_ALIGN = 64 };

void *cc_alloc(cc_run *run, size_t count, size_t size)
{
    size_t bytes, total;
    void *block = NULL; /* of exactly this size: a sanitizer then sees the first byte beyond it */
    if (__builtin_mul_overflow(count, size, &bytes) || __builtin_add_overflow(bytes, CC_ALIGN, &total)) {
        cc_fail(run, CC_ENOMEM, "%zu x %zu bytes asked: more than there can be", count, size);
        return NULL;
    }
    if ((run->limit && run->bytes + bytes > run->limit) || posix_memalign(&block, CC_ALIGN, total)) {
        cc_fail(run, CC_ENOMEM, "no memory for %zu bytes (%llu already in use)", bytes, (unsigned long long)run->bytes);
        return NULL;
    }
    cc_chunk *chunk = memset(block, 0, total);
    chunk->next = run->chunks;
    run->chunks = chunk;
    run->bytes += bytes;
    return (char *)chunk + CC_ALIGN;
}

const char *cc_status_name(cc_status status)
{
    switch (status) {
    case CC_OK:
        return "OK";
    case CC_DONE:
        return "DONE";
    case CC_SKIP:
        return "SKIP";
    case CC_EINVAL:
        return "EINVAL";
    case CC_ENOMEM:
        return "ENOMEM";
    case CC_ENUMERIC:
        return "ENUMERIC";
    case CC_EDATA:
        return "EDATA";
    case CC_EBUG:
        return "EBUG";
    }
    return "UNKNOWN";
}

/* In parentheses: for the analyzer a macro has this name. */
cc_status(cc_fail)(cc_run *run, cc_status why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(run->message, sizeof run->message, format, args);
    va_end(args);
    return why;
}

cc_status cc_finish(cc_run *run, const char *outcome)
{
    run->outcome = outcome;
    return CC_DONE;
}

/* A name that was never declared is a bug of the plug-in; the first one is remembered and ends the cell. */
static void undeclared(const cc_run *run, const char *what, const char *name)
{
    cc_run *own = (cc_run *)(uintptr_t)run;
    if (!own->bug[0]) snprintf(own->bug, sizeof own->bug, "the plug-in asks for %s '%s', which it does not declare", what, name);
}

static const cc_value *value_of(const cc_run *run, const char *name)
{
    for (int i = 0; i < 3; i++) {
        const cc_value *value = run->values[i] ? cc_values_find(run->values[i], name) : NULL;
        if (value) return value;
    }
    undeclared(run, "parameter", name);
    return NULL;
}

double cc_real(const cc_run *run, const char *param)
{
    const cc_value *value = value_of(run, param);
    return value ? value->real : NAN;
}

int64_t cc_int(const cc_run *run, const char *param)
{
    const cc_value *value = value_of(run, param);
    return value ? value->integer : 0;
}

int cc_bool(const cc_run *run, const char *param) { return cc_int(run, param) != 0; }
int cc_choice(const cc_run *run, const char *param) { return (int)cc_int(run, param); }

const char *cc_text(const cc_run *run, const char *param)
{
    const cc_value *value = value_of(run, param);
    return value ? value->text : "";
}

uint64_t cc_seed(const cc_run *run) { return run->seed; }

cc_status cc_publish(cc_run *scope, cc_audience who, const char *name, double value)
{
    cc_facts *facts = scope->facts;
    if (!facts) return cc_fail(scope, CC_EBUG, "'%s' is published outside of create", name);
    size_t i = 0;
    while (i < facts->n && strcmp(facts->item[i].name, name)) i++;
    if (i == CC_MAX_FACTS) return cc_fail(scope, CC_EBUG, "more than %d constants are published", CC_MAX_FACTS);
    snprintf(facts->item[i].name, sizeof facts->item[i].name, "%s", name);
    facts->item[i].value = value;
    facts->item[i].who = who;
    if (i == facts->n) facts->n++;
    return CC_OK;
}

static double fact_of(const cc_facts *facts, const char *name, int hidden_too, size_t *index)
{
    for (size_t i = 0; facts && i < facts->n; i++)
        if (!strcmp(facts->item[i].name, name) && (hidden_too || facts->item[i].who == CC_TOLD)) {
            *index = i;
            return facts->item[i].value;
        }
    return NAN;
}

double cc_fact(cc_run *run, const char *name)
{
    size_t index = CC_MAX_FACTS;
    double value = fact_of(run->facts, name, 0, &index);
    if (index < 64) run->facts_used |= (uint64_t)1 << index;
    return value;
}

double cc_known(const cc_oracle *oracle, const char *name)
{
    const cc_run *run = (const cc_run *)(const void *)oracle;
    size_t index = 0;
    return fact_of(run->facts, name, 1, &index);
}

uint64_t cc_spent(const cc_run *run, const char *counter)
{
    for (size_t i = 0; run->family && run->family->counters && run->family->counters[i].name; i++)
        if (!strcmp(run->family->counters[i].name, counter)) return run->counts[i];
    undeclared(run, "counter", counter);
    return 0;
}
