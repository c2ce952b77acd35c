/* test.h: what the tests of this folder share. */
#ifndef LOCAL_LIPSCHITZ_TEST_H
#define LOCAL_LIPSCHITZ_TEST_H

#include "lipschitz.h"

#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static inline void assert_close(double got, double want, double rel)
{
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1))) fail_msg("got %.17g, expected %.17g (tolerance %g)", got, want, rel);
}

/* A run to its end. */
static inline cc_run *finish(const char *algorithm, const char *problem, uint64_t seed)
{
    cc_run *run = cc_test_start(algorithm, problem, seed);
    cc_status status = CC_OK;
    for (int k = 0; status == CC_OK && k < 1000000; k++) status = cc_test_step(run);
    assert_int_equal(status, CC_DONE);
    return run;
}

static inline double result(const char *algorithm, const char *problem, const char *metric, uint64_t seed)
{
    cc_run *run = finish(algorithm, problem, seed);
    const double value = cc_test_metric(run, metric, NULL);
    cc_test_close(run);
    return value;
}

static inline double bound_of(const char *algorithm, const char *problem, uint64_t seed)
{
    return result(algorithm, problem, "bound", seed);
}

/* A network of one's own in a file, and the problem that reads it. */
static inline void write_net(const char *text, double eps, char name[64], char problem[160])
{
    strcpy(name, P_tmpdir "/lipschitz-XXXXXX");
    const int handle = mkstemp(name);
    FILE *file = handle < 0 ? NULL : fdopen(handle, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    snprintf(problem, 160, "relu_box.file(path=%s,eps=%.17g)", name, eps);
}

#endif
