/* test.h: what the tests of this folder share. */
#ifndef FAT_PARTITIONS_TEST_H
#define FAT_PARTITIONS_TEST_H

#include "partitions.h"

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
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1e-300))) fail_msg("got %.17g, expected %.17g (relative %g)", got, want, rel);
}

/* The metric of a finished run. */
static inline double result(const char *algorithm, const char *problem, const char *metric, uint64_t seed)
{
    cc_run *run = cc_test_start(algorithm, problem, seed);
    assert_int_equal(cc_test_step(run), CC_DONE);
    const double value = cc_test_metric(run, metric, NULL);
    cc_test_close(run);
    return value;
}

/* A file of the text, and the problem that reads it. */
static inline void write_tree(const char *text, char name[64], char problem[128])
{
    strcpy(name, P_tmpdir "/partitions-XXXXXX");
    const int handle = mkstemp(name);
    FILE *file = handle < 0 ? NULL : fdopen(handle, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    snprintf(problem, 128, "tree.file(path=%s)", name);
}

/* Coordinates are absolute in the square: those of a small node are rounded relative to its own size. */
static inline double rounding(cc_run *run, double d, double ratio)
{
    return 1e-15 * ratio / pow(cc_test_known(run, "w_min"), 1 / d) + 1e-14;
}

#endif
