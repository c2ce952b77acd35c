/* algorithms/baseline_bilevel/test.c: the baselines against iterates worked out by hand, bills and minimisers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/testing.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* g = y^2 - y (x + 1/2), f = (y - 3/2)^2 / 2 + .15 x^2, from x = 1, y = 0. */
#define SCALAR "bilevel.quad(matrices=scalar,x0=1)"

static void close_to(const char *what, double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance)) fail_msg("%s: %.15g is not %.15g within %g", what, actual, expected, tolerance);
}

/* x and y after each of n steps. */
static void trace(const char *algorithm, size_t n, const double expected[][2])
{
    cc_run *run = cc_test_start(algorithm, SCALAR, 0);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        const double *c = cc_test_candidate(run);
        for (size_t i = 0; i < 2; i++) close_to(algorithm, c[i], expected[k][i], 1e-12);
    }
    cc_test_close(run);
}

static void soba_by_hand(void **unused)
{
    (void)unused;
    trace("bilevel.soba(a=.1,h=.1,b=.1)", 3, (const double[][2]){{.97, .15}, {.9559, .267}, {.952723, .35919}});
    trace("bilevel.soba(a=.1,h=.1,b=.1,c=.5)", 2, (const double[][2]){{.985, .15}, {.970225, .2685}});
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(soba_by_hand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
