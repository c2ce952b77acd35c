/* BO-REP against a trace worked out by hand, its edges, and what it refuses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "algorithms/02_bo_rep/borep.h"
#include "harness/near.h"
#include "harness/testing.h"
#include "problems/bilevel/bilevel_problem.h"

#define SCALAR "bilevel.quad(matrices=scalar,x0=1)"
#define PLAIN "beta=0.9,eta=0.1,nu=0.1,alpha=0.1,I=2,N=3,R=1e300,refine=0"

/* g = y^2 - y (x + 1/2), f = (y - 3/2)^2/2 + .15 x^2: gyy = 2, gxy = -1, fx = .3 x, fy = y - 1.5, h = fx + z. */
static void the_trace_on_a_scalar_problem(void **state)
{
    (void)state;
    static const double expected[6][4] = {
        {.9, 0, -.15, .03},
        {.8, 0, -.27, .039},
        {.7, .22706666666666667, -.34329333333333334, .0321},
        {.6, .22706666666666667, -.401928, .015560666666666667},
        {.7, .3398780444444444, -.43755459555555554, -.0081882},
        {.8, .3398780444444444, -.466055872, -.03012483955555555},
    };
    cc_run *run = cc_test_start("borep.borep(" PLAIN ",K=6)", SCALAR, 0);
    const borep *s = cc_test_state(run);
    for (int k = 0; k < 6; k++) {
        assert_int_equal(cc_test_step(run), k < 5 ? CC_OK : CC_DONE);
        const double got[] = {s->x[0], s->y[0], s->z[0], s->m[0]};
        for (int i = 0; i < 4; i++) assert_near(got[i], expected[k][i], 1e-14);
    }
    const double *candidate = cc_test_candidate(run);
    assert_near(candidate[0], .8, 1e-14);
    assert_near(candidate[1], .3398780444444444, 1e-14);
    cc_test_close(run);
}

/* z before h: the first h is fx + z_1 = .3 - .15. */
static void z_can_move_first(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("borep.borep(" PLAIN ",z_first=true)", SCALAR, 0);
    const borep *s = cc_test_state(run);
    assert_int_equal(cc_test_step(run), CC_OK);
    assert_near(s->m[0], .1 * (.3 - .15), 1e-15);
    cc_test_close(run);
}

/* Without normalisation x moves by eta m; with m = 0 it does not move at all. */
static void steps_have_the_length_that_is_asked_for(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("borep.borep(" PLAIN ",normalise=false)", SCALAR, 0);
    const borep *s = cc_test_state(run);
    assert_int_equal(cc_test_step(run), CC_OK);
    assert_near(s->x[0], 1 - .1 * .03, 1e-15);
    cc_test_close(run);
    run = cc_test_start("borep.borep(" PLAIN ")", "bilevel.quad(matrices=scalar,x0=0)", 0);
    s = cc_test_state(run);
    assert_int_equal(cc_test_step(run), CC_OK); /* fx = 0 and z = 0: h = 0 */
    assert_true(s->x[0] == 0 && s->m[0] == 0);
    cc_test_close(run);
}

/* Two epochs from y = 0 at x = 1: y <- y - a (2y - 1.5), averaged over 1 and then 2 steps, with a and then a/2. */
static void the_start_is_refined_in_epochs(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("borep.borep(" PLAIN ",refine=2,a0=0.2,T0=1)", SCALAR, 0);
    const borep *s = cc_test_state(run);
    const double first = .2 * 1.5, one = first - .1 * (2 * first - 1.5), two = one - .1 * (2 * one - 1.5);
    assert_near(s->y[0], (one + two) / 2, 1e-15);
    assert_true(cc_spent(run, "n_gy") == 3);
    cc_test_close(run);
    run = cc_test_start("borep.borep(beta=0.9,eta=0.1,nu=0.1,alpha=0.1,I=2,N=3,refine=2,a0=0.2,T0=1,avg=last)", SCALAR, 0);
    assert_near(((const borep *)cc_test_state(run))->y[0], two, 1e-15);
    cc_test_close(run);
}

/* From y = 0 at x = 1 a step of .2 goes to .3; a ball of .1 stops it there, the next epoch's of .1/sqrt 2 further on. */
static void epochs_stay_in_their_balls(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("borep.borep(" PLAIN ",refine=2,a0=0.2,T0=1,D0=0.1,avg=last)", SCALAR, 0);
    assert_near(((const borep *)cc_test_state(run))->y[0], .1 + .1 / sqrt(2), 1e-15);
    cc_test_close(run);
}

/* An update with a small R moves y by R at most, in the direction of -gy. */
static void updates_stay_in_their_ball(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("borep.borep(beta=0.9,eta=0.1,nu=0.1,alpha=0.1,I=1,N=50,R=0.01,refine=0,avg=last)", SCALAR, 0);
    const borep *s = cc_test_state(run);
    cc_test_steps(run, 2);
    assert_near(s->y[0], .01, 1e-15);
    cc_test_steps(run, 3);
    assert_near(s->y[0], .04, 1e-15);
    cc_test_close(run);
}

static void a_horizon_fixes_the_parameters(void **state)
{
    (void)state;
    const borep_schedule s = borep_by_horizon(4096);
    assert_near(s.eta, 4. / 512, 1e-15), assert_near(s.beta, 1 - 2. / 64, 1e-15), assert_near(s.nu, .125, 1e-15),
        assert_near(s.alpha, .0625, 1e-15);
    assert_int_equal(s.I, 8);
    assert_int_equal(s.N, 16);
    assert_int_equal(s.epochs, 5);
    const borep_schedule tiny = borep_by_horizon(1);
    assert_true(tiny.beta == 0 && tiny.nu == .25 && tiny.alpha == .2);
    assert_int_equal(tiny.I, 1);
    assert_int_equal(tiny.N, 1);
    assert_int_equal(tiny.epochs, 4);
    cc_run *run = cc_test_start("borep.borep(K=4096)", "bilevel.expupper", 0);
    const borep *p = cc_test_state(run);
    assert_true(p->eta == s.eta && p->beta == s.beta && p->nu == s.nu && p->alpha == s.alpha);
    assert_true(p->I == s.I && p->N == s.N && p->R == 1 && p->average && !p->z_first && p->normalise);
    assert_true(cc_spent(run, "n_gy") == 32 * 31);
    cc_test_close(run);
}

/* fx and fy of one iteration, and those of different iterations, are independent samples: a shared one would bias fx - gxy z. */
static void samples_are_not_shared(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("borep.borep(K=64,eta=0,I=0,refine=0)", "bilevel.clean(n_train=40,n_valid=20)", 0);
    if (!run) skip();
    const borep *s = cc_test_state(run);
    double first[3];
    for (int k = 0; k < 3; k++) {
        assert_int_equal(cc_test_step(run), CC_OK);
        first[k] = 0;
        for (size_t j = 0; j < s->dy; j++) first[k] += s->fy[j] * sin((double)j);
    }
    assert_true(first[0] != first[1] && first[1] != first[2]);
    cc_test_close(run);
}

static void without_noise_it_ends_near_the_minimiser(void **state)
{
    (void)state;
    cc_run *run =
        cc_test_start("borep.borep(K=100000,eta=0.0001,beta=0.5,nu=0.5,alpha=0.3,I=1,N=8)", "bilevel.quad(matrices=tiny)", 0);
    while (cc_test_step(run) == CC_OK) {}
    const double *x = cc_test_candidate(run);
    const double off = hypot(x[0] + 0.6312493083988, x[1] + 0.54146287484785);
    if (!(off <= 4 * .0001)) /* two steps, and what momentum and the lag of y and z add */
        fail_msg("%g from the minimiser", off);
    cc_test_close(run);
}

static void what_cannot_work_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *set, *message;
    } cases[] = {
        {"borep.borep(nu=1)", "nu = 1 is not below 2/Lyy = 0.5 (outside_theory=true allows it)"},
        {"borep.borep(alpha=0.5)", "alpha = 0.5 is not below 2/Lyy = 0.5 (outside_theory=true allows it)"},
        {"borep.borep(N=0)", "N = 0: a periodic update needs at least one step (I = 0 is for none at all)"},
        {"borep.borep(beta=1)", "beta = 1: momentum must be below 1"},
    };
    char message[512];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(cc_test_try(cases[i].set, "bilevel.expupper", 0, message), CC_EINVAL);
        assert_non_null(strstr(message, cases[i].message));
    }
    assert_int_equal(cc_test_try("borep.borep(nu=0.55,outside_theory=true)", "bilevel.expupper", 0, message), CC_OK);
    assert_int_equal(cc_test_try("borep.borep(I=-2)", "bilevel.expupper", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try("borep.borep(K=0)", "bilevel.expupper", 0, message), CC_EINVAL);
    cc_run *run = cc_test_start("borep.borep(K=10,refine=0)", "bilevel.expupper(x0=800,x0_slope=0)", 0); /* sinh overflows */
    assert_int_equal(cc_test_step(run), CC_ENUMERIC);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_trace_on_a_scalar_problem),
        cmocka_unit_test(z_can_move_first),
        cmocka_unit_test(steps_have_the_length_that_is_asked_for),
        cmocka_unit_test(the_start_is_refined_in_epochs),
        cmocka_unit_test(epochs_stay_in_their_balls),
        cmocka_unit_test(updates_stay_in_their_ball),
        cmocka_unit_test(a_horizon_fixes_the_parameters),
        cmocka_unit_test(samples_are_not_shared),
        cmocka_unit_test(without_noise_it_ends_near_the_minimiser),
        cmocka_unit_test(what_cannot_work_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
