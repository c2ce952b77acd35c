/* Optimisers against PyTorch 1.13's in double precision, step lengths by hand, and the order of examples. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/core/scope.h"
#include "harness/numerics/optim.h"

static cc_run *scope;
static int opened(void **unused)
{
    (void)unused;
    scope = calloc(1, sizeof *scope);
    cc_scope_open(scope, CC_ROLE_RUN, 7, 0);
    return 0;
}
static int closed(void **unused)
{
    (void)unused;
    cc_scope_close(scope);
    free(scope);
    return 0;
}

static void assert_close(double is, double should, double tolerance)
{
    if (!(fabs(is - should) <= tolerance)) fail_msg("%.15g, not %.15g (off by %g)", is, should, is - should);
}

/* ---- six steps with a gradient that moves and depends on w ---- */

static void sgd_step(void *rule, const double *g, double *w) { cc_sgd_step(rule, g, w); }
static void adam_step(void *rule, const double *g, double *w) { cc_adam_step(rule, g, w); }
static void adagrad_step(void *rule, const double *g, double *w) { cc_adagrad_step(rule, g, w); }

static void six_steps(void (*step)(void *rule, const double *g, double *w), void *rule, const double should[4])
{
    double w[4], g[4];
    for (int i = 0; i < 4; i++) w[i] = sin(.2 + .9 * i);
    for (int t = 0; t < 6; t++) {
        for (int i = 0; i < 4; i++) g[i] = sin(.4 + .8 * i + 1.3 * t) + .2 * w[i];
        step(rule, g, w);
    }
    for (int i = 0; i < 4; i++) assert_close(w[i], should[i], 2e-15);
}

static void gradient_steps(void **unused)
{
    (void)unused;
    cc_sgd plain = {.rate = .1}, decay = {.rate = .1, .decay = .3},
           momentum = {.rate = .1, .decay = .3, .momentum = .9, .steps = 7}, /* state is made anew */
        nesterov = {.rate = .1, .decay = .3, .momentum = .9, .nesterov = 1};
    cc_sgd *all[] = {&plain, &decay, &momentum, &nesterov};
    const double should[4][4] = {{0.128048002889455, 0.686283305156799, 0.709655227879716, 0.181579833641904},
                                 {0.107847099642013, 0.560378908447764, 0.574597741562147, 0.139881393510413},
                                 {-0.15976877088954, 0.00763267417450471, 0.137131717825957, 0.149500599523262},
                                 {-0.123837059392234, -0.0764497436092461, -0.00475835740694362, 0.0473020949145146}};
    for (int k = 0; k < 4; k++) {
        assert_int_equal(cc_sgd_new(scope, 4, all[k]), CC_OK);
        six_steps(sgd_step, all[k], should[k]);
        assert_int_equal(all[k]->steps, 6);
    }
}

static void adam_steps(void **unused)
{
    (void)unused;
    cc_adam plain = cc_adam_default(), all = {.05, .8, .95, 1e-3, .3, 0}, decoupled = {.05, .8, .95, 1e-3, .3, 1};
    plain.rate = .1, plain.steps = 3;
    assert_int_equal(cc_adam_new(scope, 4, &plain), CC_OK);
    assert_int_equal(cc_adam_new(scope, 4, &all), CC_OK);
    assert_int_equal(cc_adam_new(scope, 4, &decoupled), CC_OK);
    six_steps(adam_step, &plain, (double[]){-0.0853689669836986, 0.583854782279209, 0.678452814485235, 0.228687775359051});
    six_steps(adam_step, &all, (double[]){0.0595225011839015, 0.699985342308215, 0.736104593840435, 0.206108888264029});
    six_steps(adam_step, &decoupled, (double[]){0.0581575630133319, 0.677874279684157, 0.725149604732516, 0.208261945658235});
    assert_true(plain.steps == 6 && decoupled.steps == 6);
}

static void adagrad_steps(void **unused)
{
    (void)unused;
    cc_adagrad plain = cc_adagrad_default(), all = {.1, .01, .3, .5};
    plain.rate = .1, plain.steps = 5;
    assert_int_equal(cc_adagrad_new(scope, 4, &plain), CC_OK);
    assert_int_equal(cc_adagrad_new(scope, 4, &all), CC_OK);
    six_steps(adagrad_step, &plain, (double[]){0.0614437406857258, 0.740994527550695, 0.777146030742838, 0.180749616201993});
    six_steps(adagrad_step, &all, (double[]){0.104970823298339, 0.707936620353197, 0.729195058213253, 0.186723590649411});
    assert_true(plain.steps == 6 && all.steps == 6);
}

/* b_0^2 = 16, gradients of norm 3 and 12: b = 5 and 13. */
static void adagrad_norm_steps(void **unused)
{
    (void)unused;
    cc_adagrad_norm rule = {.rate = 2, .b2 = 16};
    double w[2] = {1, 1};
    assert_close(cc_adagrad_norm_step(&rule, 2, (double[]){0, 3}, w), 2. / 5, 1e-16);
    assert_close(w[1], 1 - 3 * 2. / 5, 1e-15);
    assert_close(cc_adagrad_norm_step(&rule, 2, (double[]){12, 0}, w), 2. / 13, 1e-16);
    assert_close(w[0], 1 - 12 * 2. / 13, 1e-15);
    assert_close(rule.b2, 169, 0);
}

/* The first step of Adam is `rate` long in every coordinate, whatever the gradient; a rate may change between steps. */
static void first_steps(void **unused)
{
    (void)unused;
    cc_adam rule = cc_adam_default();
    rule.epsilon = 0;
    assert_int_equal(cc_adam_new(scope, 3, &rule), CC_OK);
    double w[3] = {0};
    cc_adam_step(&rule, (double[]){1e-8, -3, 1e8}, w);
    for (int i = 0; i < 3; i++) assert_close(w[i], i == 1 ? 1e-3 : -1e-3, 1e-17);
    rule.rate = 0;
    cc_adam_step(&rule, (double[]){1, 1, 1}, w);
    assert_close(w[0], -1e-3, 1e-17);
}

static void wrong_rules_are_refused(void **unused)
{
    (void)unused;
    cc_sgd sgd[] = {
        {.rate = -1}, {.rate = NAN}, {.rate = 1, .momentum = 1}, {.rate = 1, .momentum = -.1}, {.rate = 1, .decay = -1}};
    for (int i = 0; i < 5; i++) assert_int_equal(cc_sgd_new(scope, 4, sgd + i), CC_EINVAL);
    for (int i = 0; i < 5; i++) {
        cc_adam rule = cc_adam_default();
        *(double *[]){&rule.rate, &rule.beta1, &rule.beta2, &rule.epsilon, &rule.decay}[i] = i == 1 || i == 2 ? 1 : -1;
        assert_int_equal(cc_adam_new(scope, 4, &rule), CC_EINVAL);
    }
    for (int i = 0; i < 4; i++) {
        cc_adagrad rule = cc_adagrad_default();
        *(double *[]){&rule.rate, &rule.epsilon, &rule.decay, &rule.initial}[i] = -1;
        assert_int_equal(cc_adagrad_new(scope, 4, &rule), CC_EINVAL);
    }
    cc_epochs epochs;
    assert_int_equal(cc_epochs_new(scope, 0, 10, 11, CC_WRAP, &epochs), CC_EINVAL);
    assert_int_equal(cc_epochs_new(scope, 0, 10, 0, CC_WRAP, &epochs), CC_EINVAL);
}

/* ---- which examples ---- */

/* All 120 orders of 5 are equally frequent: chi squared of 119 degrees of freedom. */
static void orders_are_uniform(void **unused)
{
    (void)unused;
    enum { TIMES = 24000 };
    cc_rng rng = cc_stream(scope, 1, 0);
    int seen[3125] = {0}, orders = 0;
    double chi = 0;
    for (int k = 0; k < TIMES; k++) {
        size_t ids[5], code = 0;
        cc_count(5, ids);
        cc_shuffle(&rng, 5, ids);
        for (int i = 0; i < 5; i++) code = 5 * code + ids[i];
        seen[code]++;
    }
    for (int i = 0; i < 3125; i++) orders += seen[i] > 0, chi += seen[i] ? pow(seen[i] - TIMES / 120., 2) / (TIMES / 120.) : 0;
    assert_int_equal(orders, 120);
    assert_true(fabs(chi - 119) < 4 * sqrt(2 * 119.));
}

static void draws(void **unused)
{
    (void)unused;
    enum { TIMES = 24000 };
    cc_rng rng = cc_stream(scope, 2, 0);
    size_t ids[9], pool[10];
    int seen[9 * 9 * 9] = {0}, triples = 0, pairs[81] = {0};
    double chi = 0, chi2 = 0;
    cc_count(9, pool);
    pool[9] = 77;
    for (int k = 0; k < TIMES; k++) {
        cc_draw_distinct(&rng, 9, 3, pool, ids);
        seen[ids[0] * 81 + ids[1] * 9 + ids[2]]++;
        for (size_t i = 0; i < 9; i++) assert_int_equal(pool[i], i);
        size_t two[4] = {77, 0, 0, 77};
        cc_draw(&rng, 9, 2, two + 1);
        assert_true(two[0] == 77 && two[3] == 77);
        pairs[two[1] * 9 + two[2]]++;
    }
    for (int i = 0; i < 729; i++) triples += seen[i] > 0, chi += seen[i] ? pow(seen[i] - TIMES / 504., 2) / (TIMES / 504.) : 0;
    for (int i = 0; i < 81; i++) chi2 += pow(pairs[i] - TIMES / 81., 2) / (TIMES / 81.);
    assert_int_equal(triples, 9 * 8 * 7);
    assert_true(fabs(chi - 503) < 4 * sqrt(2 * 503.));
    assert_true(fabs(chi2 - 80) < 4 * sqrt(2 * 80.));
    cc_draw_distinct(&rng, 9, 9, pool, ids); /* all of them: an order */
    assert_int_equal(pool[9], 77);
    unsigned all = 0;
    for (int i = 0; i < 9; i++) all |= 1u << ids[i];
    assert_int_equal(all, 511);
}

/* Epochs of 10 in batches of 4. */
static void epochs_of(cc_epoch_end end, const size_t lengths[6], const size_t epochs[6])
{
    cc_epochs e;
    assert_int_equal(cc_epochs_new(scope, 5, 10, 4, end, &e), CC_OK);
    size_t used = 0, got, order[10];
    for (int k = 0; k < 6; k++) {
        const size_t *ids = cc_epochs_next(&e, 4, &got);
        assert_int_equal(got, lengths[k]);
        assert_int_equal(e.epoch, epochs[k]);
        for (size_t i = 0; i < got; i++, used++) {
            size_t place = end == CC_DROP_LAST ? used % 8 : used % 10, epoch = end == CC_DROP_LAST ? used / 8 : used / 10;
            cc_rng rng = cc_stream(scope, 5, epoch);
            cc_count(10, order);
            cc_shuffle(&rng, 10, order);
            assert_int_equal(ids[i], order[place]);
        }
    }
}

static void epochs_end_as_told(void **unused)
{
    (void)unused;
    epochs_of(CC_DROP_LAST, (size_t[]){4, 4, 4, 4, 4, 4}, (size_t[]){0, 0, 1, 1, 2, 2});
    epochs_of(CC_WRAP, (size_t[]){4, 4, 4, 4, 4, 4}, (size_t[]){0, 0, 1, 1, 1, 2});
    epochs_of(CC_KEEP_LAST, (size_t[]){4, 4, 2, 4, 4, 2}, (size_t[]){0, 0, 0, 1, 1, 1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradient_steps),     cmocka_unit_test(adam_steps),  cmocka_unit_test(adagrad_steps),
        cmocka_unit_test(adagrad_norm_steps), cmocka_unit_test(first_steps), cmocka_unit_test(wrong_rules_are_refused),
        cmocka_unit_test(orders_are_uniform), cmocka_unit_test(draws),       cmocka_unit_test(epochs_end_as_told),
    };
    return cmocka_run_group_tests(tests, opened, closed);
}
