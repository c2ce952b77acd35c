/* test.h: what the tests of this folder share. */
#ifndef DYNAMIC_SUBMODULAR_TEST_H
#define DYNAMIC_SUBMODULAR_TEST_H

#include "baselines.h"
#include "submodular.h"

#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static inline void assert_close(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance)) fail_msg("got %.17g, expected %.17g within %g", got, want, tolerance);
}

static inline void refused(const char *algorithm, const char *problem, cc_status why, const char *word)
{
    char message[512];
    assert_int_equal(cc_test_try(algorithm, problem, 0, message), why);
    if (!strstr(message, word)) fail_msg("'%s' does not say '%s'", message, word);
}

/* Steps until the stream's end or a failure. */
static inline cc_status run_out(cc_run *run)
{
    cc_status status;
    while ((status = cc_test_step(run)) == CC_OK) continue;
    return status;
}

#endif
