/* algorithms/17_mfac/test.h: what the tests of this folder share. */
#ifndef CLAIMCHECK_MFAC_TEST_H
#define CLAIMCHECK_MFAC_TEST_H

#include "algorithms/17_mfac/mfac.h"

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

static inline void assert_near(double got, double want, double abs)
{
    if (!(fabs(got - want) <= abs)) fail_msg("got %.17g, expected %.17g (within %g)", got, want, abs);
}

static inline void assert_vector(size_t n, const double *got, const double *want, double rel)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(got[i] - want[i]) <= rel * fmax(fabs(want[i]), 1)))
            fail_msg("entry %zu: got %.17g, expected %.17g", i, got[i], want[i]);
}

static inline mfac_engine *engine(cc_run *run, mfac_kind kind, mfac_spec spec)
{
    mfac_engine *e;
    assert_int_equal(mfac_create(run, kind, &spec, &e), CC_OK);
    return e;
}

#endif
