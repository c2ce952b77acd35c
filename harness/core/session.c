/* A session: an algorithm on an instance, with its bill. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/scope.h"

static cc_status failed(const cc_run *run, const char *who, cc_status status, char *message)
{
    if (run->bug[0]) status = CC_EBUG;
    snprintf(message, CC_MESSAGE, "%s: %s", who,
             run->bug[0]       ? run->bug
             : run->message[0] ? run->message
                               : "failed without a message");
    return status;
}

/* The family's functions find ops, instance and environment by the first member of the scope. */
static void bind(cc_run *run, const cc_session *session, const cc_family *family, const cc_problem *problem)
{
    run->oracle.ops = problem->ops;
    run->oracle.instance = session->instance->instance;
    run->oracle.env = session->env.oracle.env;
    run->family = family;
    run->facts = &session->instance->facts;
}

static cc_status start_environment(cc_session *session, const cc_family *family, const cc_bound *problem, char *message)
{
    cc_run *env = &session->env;
    void *made = NULL;
    bind(env, session, family, problem->problem);
    env->values[0] = &problem->values;
    if (!problem->problem->begin) return CC_OK;
    cc_status status = problem->problem->begin(env, session->instance->instance, &made);
    if (status != CC_OK || env->bug[0])
        return failed(env, problem->problem->id, status < 0 || status == CC_SKIP ? status : CC_EBUG, message);
    env->oracle.env = made;
    return CC_OK;
}

static cc_status start_algorithm(cc_session *session, const cc_bound *algorithm, char *message)
{
    session->algorithm = algorithm->algorithm;
    session->run.values[0] = &algorithm->values;
    cc_status status = algorithm->algorithm->init(&session->run, &session->state);
    if (status != CC_OK || session->run.bug[0])
        return failed(&session->run, algorithm->algorithm->id, status > 0 && status != CC_SKIP ? CC_EBUG : status, message);
    return CC_OK;
}

cc_status cc_session_open(cc_session *session, const cc_family *family, const cc_bound *algorithm, const cc_bound *problem,
                          uint64_t seed, uint64_t limit, cc_instances *instances, char *message)
{
    memset(session, 0, sizeof *session);
    cc_scope_open(&session->run, CC_ROLE_RUN, seed, limit);
    cc_scope_open(&session->env, CC_ROLE_ENVIRONMENT, seed, limit);
    session->owns_instance = !instances;
    cc_status status = cc_instance_get(instances, problem, seed, limit, &session->instance, message);
    if (status == CC_OK) status = start_environment(session, family, problem, message);
    if (status == CC_OK) {
        bind(&session->run, session, family, problem->problem);
        if (algorithm) status = start_algorithm(session, algorithm, message);
    }
    if (status != CC_OK) cc_session_close(session);
    return status;
}

void cc_session_close(cc_session *session)
{
    if (session->algorithm && session->algorithm->release && session->state) session->algorithm->release(session->state);
    cc_scope_close(&session->run);
    cc_scope_close(&session->env);
    if (session->owns_instance) cc_instance_free(session->instance);
    session->instance = NULL;
    session->algorithm = NULL;
}

cc_status cc_session_step(cc_session *session, char *message)
{
    cc_status status = session->algorithm->step(&session->run, session->state);
    session->step++;
    if (__builtin_expect(status < 0 || status == CC_SKIP || session->run.bug[0], 0))
        return failed(&session->run, session->algorithm->id, status < 0 ? status : CC_EBUG, message);
    return status;
}

const void *cc_session_candidate(cc_session *session) { return session->algorithm->candidate(session->state); }

static const cc_metric *metric_named(const cc_metric *metrics, const char *name)
{
    for (; metrics && metrics->name; metrics++)
        if (!strcmp(metrics->name, name)) return metrics;
    return NULL;
}

double cc_session_metric(cc_session *session, const cc_problem *problem, const char *name, const void *candidate, int *found)
{
    const cc_metric *metric = metric_named(problem->metrics, name);
    if (!metric && session->run.family) metric = metric_named(session->run.family->metrics, name);
    *found = metric != NULL;
    if (!metric) return NAN;
    uint64_t flops = cc_flops_now();
    double value = metric->value(&session->run.oracle, candidate);
    cc_flops_restore(flops);
    return value;
}

double cc_session_probe(const cc_session *session, const char *name, int *found)
{
    for (const cc_probe *probe = session->algorithm->probes; probe && probe->name; probe++)
        if (!strcmp(probe->name, name)) {
            double value;
            memcpy(&value, (const char *)session->state + probe->offset, sizeof value);
            *found = 1;
            return value;
        }
    *found = 0;
    return NAN;
}
