/* Activations by themselves: each derivative against differences of the one before, and what is agreed on at the kinks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "harness/numerics/activation.h"

enum { POINTS = 5, ORDERS = 4 };

static void close_to(double is, double should, double tolerance)
{
    if (!(fabs(is - should) <= tolerance)) fail_msg("%.15g, not %.15g", is, should);
}

static double one(cc_phi phi, int order, double z)
{
    double out;
    cc_phi_derivative(phi, order, 1, &z, &out);
    return out;
}

/* Where every kind is smooth within the step of a difference; the last five need 0 < z < 1. */
static const double *points(cc_phi_kind kind)
{
    static const double wide[POINTS] = {-2.5, -.7, -.01, .3, 1.9}, narrow[POINTS] = {.05, .22, .28, .48, .55};
    return kind == CC_PHI_LOG || kind >= CC_PHI_SQRT ? narrow : wide;
}

static void each_order_is_the_slope_of_the_one_before(void **unused)
{
    (void)unused;
    const double h = 1e-4;
    for (int kind = 0; kind < CC_PHI_KINDS; kind++) {
        const cc_phi phi = {(cc_phi_kind)kind, .3};
        for (int order = 1; order <= ORDERS; order++)
            for (int i = 0; i < POINTS; i++) {
                const double z = points(phi.kind)[i], is = one(phi, order, z);
                /* of fourth order, so that its error is that of rounding */
                const double should = (8 * (one(phi, order - 1, z + h) - one(phi, order - 1, z - h)) -
                                       (one(phi, order - 1, z + 2 * h) - one(phi, order - 1, z - 2 * h))) /
                                      (12 * h);
                const double size = fmax(fabs(one(phi, order - 1, z)), fmax(fabs(should), 1));
                if (!(fabs(is - should) <= 2e-9 * size))
                    fail_msg("%s, order %d at %g: %.12g, not %.12g", cc_phi_name(phi.kind), order, z, is, should);
            }
    }
}

static void order_zero_is_phi_itself(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < CC_PHI_KINDS; kind++) {
        const cc_phi phi = {(cc_phi_kind)kind, .3};
        double value[POINTS], zeroth[POINTS];
        cc_phi_forward(phi, POINTS, points(phi.kind), value);
        cc_phi_derivative(phi, 0, POINTS, points(phi.kind), zeroth);
        for (int i = 0; i < POINTS; i++) assert_true(value[i] == zeroth[i]);
    }
}

static void kinks_are_as_agreed(void **unused)
{
    (void)unused;
    static const struct {
        cc_phi phi;
        double at_zero[ORDERS + 1];
    } known[] = {{{CC_PHI_RELU, 0}, {0}},
                 {{CC_PHI_LEAKY, .2}, {0, .2}},
                 {{CC_PHI_LEAKY, -.2}, {0, -.2}},
                 {{CC_PHI_ELU, .5}, {0, .5, .5, .5, .5}},
                 {{CC_PHI_ELU, -.5}, {0, -.5, -.5, -.5, -.5}},
                 {{CC_PHI_ABS, 0}, {0}}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        for (int order = 0; order <= ORDERS; order++) {
            const double is = one(known[i].phi, order, 0);
            if (is != known[i].at_zero[order])
                fail_msg("%s, slope %g, order %d at 0: %g", cc_phi_name(known[i].phi.kind), known[i].phi.slope, order, is);
        }
}

/* What is told from the value alone must be what is told from the point, kinks included. */
static void the_value_alone_tells_the_slope(void **unused)
{
    (void)unused;
    static const double z[] = {-3, -.5, 0, .25, 4}, ones[] = {1, 1, 1, 1, 1}, straight[] = {1, -2, 3, -4, 5};
    for (int kind = 0; kind < CC_PHI_KINDS; kind++) {
        const cc_phi phi = {(cc_phi_kind)kind, .3};
        if (!cc_phi_from_value(phi) || kind == CC_PHI_SQRT) continue;
        double a[POINTS], slope[POINTS], second[POINTS], first[POINTS], is[POINTS];
        cc_phi_forward(phi, POINTS, z, a);
        cc_phi_derivative(phi, 1, POINTS, z, slope);
        cc_phi_derivative(phi, 2, POINTS, z, second);
        cc_phi_vjp(phi, POINTS, NULL, a, ones, 0, first);
        for (int i = 0; i < POINTS; i++) close_to(first[i], slope[i], 1e-15);
        cc_phi_jvp(phi, POINTS, NULL, a, straight, is);
        for (int i = 0; i < POINTS; i++) close_to(is[i], straight[i] * slope[i], 1e-15);
        for (int i = 0; i < POINTS; i++) is[i] = 7;
        cc_phi_vjp_tan(phi, POINTS, NULL, a, ones, straight, ones, 2, is);
        for (int i = 0; i < POINTS; i++) close_to(is[i], 14 + slope[i] + second[i] * straight[i], 1e-14);
    }
}

static void names_go_both_ways(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < CC_PHI_KINDS; kind++) assert_int_equal(cc_phi_parse(cc_phi_name((cc_phi_kind)kind)), kind);
    assert_int_equal(cc_phi_parse("tan"), -1);
    assert_int_equal(cc_phi_parse(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_order_is_the_slope_of_the_one_before),
        cmocka_unit_test(order_zero_is_phi_itself),
        cmocka_unit_test(kinks_are_as_agreed),
        cmocka_unit_test(the_value_alone_tells_the_slope),
        cmocka_unit_test(names_go_both_ways),
    };
    return cmocka_run_group_tests_name("activation", tests, NULL, NULL);
}
