/* harness/near.h: for tests with cmocka, which compares no doubles. Include it after cmocka.h. */
#ifndef CLAIMCHECK_HARNESS_NEAR_H
#define CLAIMCHECK_HARNESS_NEAR_H

#include <math.h>

/* |actual - expected| <= tolerance, so that a NaN is near nothing. A failure names the line of the caller: hence a macro. */
#define assert_near(actual, expected, tolerance) cc_assert_near((actual), (expected), (tolerance), __FILE__, __LINE__)

static inline void cc_assert_near(double actual, double expected, double tolerance, const char *file, int line)
{
    if (fabs(actual - expected) <= tolerance) return;
    print_error("%.17g is not %.17g within %g\n", actual, expected, tolerance);
    _fail(file, line);
}

#endif
