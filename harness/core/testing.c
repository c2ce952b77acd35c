/* For tests and benches of plug-ins: sessions by spec. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/scope.h"
#include "harness/testing.h"

typedef struct test_session { /* session.run is first: what the test holds */
    cc_session session;
    cc_bound *algorithm, *problem;
    char message[CC_MESSAGE];
} test_session;

static cc_registry *registry;

static void close_registry(void)
{
    cc_registry_close(registry);
    registry = NULL;
}

static cc_registry *tests_registry(void)
{
    if (registry) return registry;
    registry = cc_registry_open();
    if (!registry) abort();
    for (size_t i = 0; i < registry->n_problems; i++) fprintf(stderr, "claimcheck: %s\n", registry->problems[i]);
    atexit(close_registry);
    return registry;
}

static void test_free(test_session *test)
{
    cc_session_close(&test->session);
    cc_bound_free(test->algorithm);
    cc_bound_free(test->problem);
    free(test);
}

cc_status cc_test_open(const char *algorithm, const char *problem, uint64_t seed, cc_run **run, char *message)
{
    const cc_module *owner;
    test_session *test = calloc(1, sizeof *test);
    if (!test) return CC_ENOMEM;
    cc_scope_open(&test->session.run, CC_ROLE_RUN, seed, 0);
    cc_status status = CC_OK;
    if (problem) status = cc_bound_parse(tests_registry(), problem, 1, &test->problem, message);
    if (status == CC_OK && algorithm) status = cc_bound_parse(tests_registry(), algorithm, 0, &test->algorithm, message);
    if (status == CC_OK && problem) {
        const cc_family *family = cc_find_family(tests_registry(), test->problem->problem->family, &owner);
        if (!family) snprintf(message, CC_MESSAGE, "family '%s' is not loaded", test->problem->problem->family);
        status =
            family ? cc_session_open(&test->session, family, test->algorithm, test->problem, seed, 0, NULL, message) : CC_EINVAL;
    }
    if (status != CC_OK) {
        test_free(test);
        return status;
    }
    *run = &test->session.run;
    return CC_OK;
}

static cc_run *opened(const char *algorithm, const char *problem, uint64_t seed)
{
    char message[CC_MESSAGE] = "";
    cc_run *run;
    cc_status status = cc_test_open(algorithm, problem, seed, &run, message);
    if (status == CC_OK) return run;
    fprintf(stderr, "claimcheck: %s on %s: %s: %s\n", algorithm ? algorithm : "(none)", problem ? problem : "(none)",
            cc_status_name(status), message);
    abort();
}

static test_session *test_of(const cc_run *run) { return (test_session *)(uintptr_t)run; }

cc_run *cc_test_run(const char *problem, uint64_t seed) { return opened(NULL, problem, seed); }
cc_run *cc_test_start(const char *algorithm, const char *problem, uint64_t seed) { return opened(algorithm, problem, seed); }

cc_status cc_test_try(const char *algorithm, const char *problem, uint64_t seed, char message[512])
{
    cc_run *run;
    message[0] = 0;
    cc_status status = cc_test_open(algorithm, problem, seed, &run, message);
    if (status == CC_OK) cc_test_close(run);
    return status;
}

void cc_test_refused(const char *algorithm, const char *problem, cc_status why, const char *word)
{
    char message[CC_MESSAGE];
    const cc_status status = cc_test_try(algorithm, problem, 0, message);
    if (status == why && strstr(message, word)) return;
    fprintf(stderr, "claimcheck: %s on %s: %s with the message \"%s\", not %s with \"%s\" in it\n",
            algorithm ? algorithm : "(none)", problem, cc_status_name(status), message, cc_status_name(why), word);
    abort();
}

cc_status cc_test_step(cc_run *run)
{
    test_session *test = test_of(run);
    return cc_session_step(&test->session, test->message);
}

cc_status cc_test_steps(cc_run *run, int n)
{
    cc_status status = CC_OK;
    for (int i = 0; i < n && status == CC_OK; i++) status = cc_test_step(run);
    return status;
}

void *cc_test_state(cc_run *run) { return test_of(run)->session.state; }
const void *cc_test_candidate(cc_run *run) { return cc_session_candidate(&test_of(run)->session); }
double cc_test_known(cc_run *run, const char *fact) { return cc_known(cc_oracle_of(run), fact); }

double cc_test_metric(cc_run *run, const char *metric, const void *candidate)
{
    test_session *test = test_of(run);
    int found;
    double value =
        cc_session_metric(&test->session, test->problem->problem, metric, candidate ? candidate : cc_test_candidate(run), &found);
    if (found) return value;
    fprintf(stderr, "claimcheck: there is no metric '%s'\n", metric);
    abort();
}

double cc_test_probe(cc_run *run, const char *probe)
{
    int found;
    double value = cc_session_probe(&test_of(run)->session, probe, &found);
    if (found) return value;
    fprintf(stderr, "claimcheck: there is no probe '%s'\n", probe);
    abort();
}

const char *cc_test_message(const cc_run *run)
{
    const test_session *test = test_of(run);
    return test->message[0] ? test->message : run->message;
}

void cc_test_close(cc_run *run) { test_free(test_of(run)); }
