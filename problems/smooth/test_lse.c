/* problems/smooth/test_lse.c: log-sum-exp on three rows in the plane, against values computed by hand; lse.c itself is included,
 * under other names, because its data are its own. */
#define smooth_lse_ops tiny_lse_ops
#define smooth_lse_create tiny_lse_create
#include "problems/smooth/lse.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const double A[] = {1, 0, -1, 1, 0, -1}, b[] = {0, .5, -.5}, x[] = {1, -2};

static smooth_point tiny(lse *p, double *pass, double *work)
{
    *p = (lse){.base = {.d = 2, .pass = 4, .work = 3 + 2 * SMOOTH_PANEL}, .m = 3, .mu_s = .5, .a = A, .b = b};
    forward(p, x, pass);
    return (smooth_point){.instance = p, .x = x, .pass = pass, .work = work};
}

static void value_and_gradient(void **state)
{
    (void)state;
    lse p;
    double pass[4], work[3 + 2 * SMOOTH_PANEL], g[2];
    const smooth_point at = tiny(&p, pass, work);
    assert_true(fabs(value(&at) - 2.52429660218717) < 1e-13);
    grad(&at, g);
    assert_true(fabs(g[0] - 0.047419742820738) < 1e-13);
    assert_true(fabs(g[1] + 0.952562698828875) < 1e-13);
}

static void both_hessians(void **state)
{
    (void)state;
    static const double exact[] = {0.090365632756956, 0, 0.090328850831263, 0.090397418391299};
    static const double weighted[] = {0.0948628967753, 0, -1.170556692e-5, 1.905148808791599};
    lse p;
    double pass[4], work[3 + 2 * SMOOTH_PANEL], h[4];
    const smooth_point at = tiny(&p, pass, work);
    for (int i = 0; i < 4; i++) {
        if (i == 1) continue; /* above the diagonal */
        hess(&at, h);
        assert_true(fabs(h[i] - exact[i]) < 1e-13);
        wgn(&at, h);
        assert_true(fabs(h[i] - weighted[i]) < 1e-12);
    }
}

/* Arguments of 1e4 / mu_s would overflow exp without the shift by the largest. */
static void no_overflow_far_out(void **state)
{
    (void)state;
    lse p;
    double pass[4], work[3 + 2 * SMOOTH_PANEL];
    const double far[] = {1e4, -1e4};
    smooth_point at = tiny(&p, pass, work);
    forward(&p, far, pass);
    at.x = far;
    assert_true(fabs(value(&at) - (1e4 + .5 + .5 * log1p(exp(-1)))) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_and_gradient),
        cmocka_unit_test(both_hessians),
        cmocka_unit_test(no_overflow_far_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
