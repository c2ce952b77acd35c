/* The contract, for every problem: derivatives, products, the lower level's solution, the hypergradient, samples, bills, refusals.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/numerics/linalg.h"
#include "harness/testing.h"
#include "problems/bilevel/bilevel_problem.h"

static const char *const problems[] = {"bilevel.quad(matrices=tiny)",
                                       "bilevel.quad",
                                       "bilevel.expupper",
                                       "bilevel.huber",
                                       "bilevel.logreg",
                                       "bilevel.auc",
                                       "bilevel.auc",
                                       "bilevel.text(windows=9,vocabulary=40,embedding=3,hidden=4,words=6)",
                                       "bilevel.clean(n_train=40,n_valid=20)"};
static const char *const noisy[] = {"bilevel.expupper(noise=1)",
                                    "bilevel.expupper(noise=1,skewed=true)",
                                    "bilevel.quad(noise=0.5,noise_h=0.3)",
                                    "bilevel.logreg",
                                    "bilevel.text(windows=9,vocabulary=40,embedding=3,hidden=4,words=6)",
                                    "bilevel.clean(n_train=40,n_valid=20)"};
enum { PROBLEMS = sizeof problems / sizeof *problems, NOISY = sizeof noisy / sizeof *noisy };

/* A run at a point away from the start, with vectors of each length. */
typedef struct place {
    cc_run *run;
    const bilevel_base *base;
    const bilevel_ops *ops;
    double *x, *y, *u, *v, *a, *b, *c, *d; /* x u a c: dx; y v b d: dy */
} place;

static double *vector(size_t n) { return calloc(n, sizeof(double)); }

static int open_place(const char *problem, place *p)
{
    *p = (place){.run = cc_test_run(problem, 0)};
    if (!p->run) return 0;
    p->base = cc_oracle_of(p->run)->instance, p->ops = cc_oracle_of(p->run)->ops;
    double **const upper[] = {&p->x, &p->u, &p->a, &p->c}, **const lower[] = {&p->y, &p->v, &p->b, &p->d};
    for (int k = 0; k < 4; k++) *upper[k] = vector(p->base->dx), *lower[k] = vector(p->base->dy);
    bilevel_start(p->run, p->x, p->y);
    for (size_t j = 0; j < p->base->dx; j++) p->x[j] += .3 * sin(1 + 2 * (double)j), p->u[j] = cos(3 + (double)j);
    for (size_t j = 0; j < p->base->dy; j++) p->y[j] += .1 * cos(2 + 3 * (double)j), p->v[j] = sin(5 + 2 * (double)j);
    return 1;
}

static void close_place(place *p)
{
    double *const all[] = {p->x, p->u, p->a, p->c, p->y, p->v, p->b, p->d};
    for (int k = 0; k < 8; k++) free(all[k]);
    cc_test_close(p->run);
}

static void close_to(const char *problem, const char *what, double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance * fmax(1e-2, fabs(expected))))
        fail_msg("%s: %s is %.12g, by differences %.12g", problem, what, value, expected);
}

/* f or g at (x + h u, y + k v) */
static double value_at(place *p, int upper, double h, double k)
{
    for (size_t j = 0; j < p->base->dx; j++) p->c[j] = p->x[j] + h * p->u[j];
    for (size_t j = 0; j < p->base->dy; j++) p->d[j] = p->y[j] + k * p->v[j];
    const bilevel_at at = {p->base,
                           0,
                           p->c,
                           p->d,
                           NULL,
                           upper ? p->base->n_upper : p->base->n_lower,
                           ((bilevel_env *)cc_oracle_of(p->run)->env)->work};
    return (upper ? p->ops->f : p->ops->g)(&at);
}

static void gradients_are_derivatives_of_values(void **state)
{
    (void)state;
    const double h = 1e-5;
    for (int i = 0; i < PROBLEMS; i++) {
        place p;
        if (!open_place(problems[i], &p)) continue;
        assert_int_equal(bilevel_upper(p.run, 0, NULL, p.x, p.y, p.a, p.b), CC_OK);
        close_to(problems[i], "fx", cc_dot(p.base->dx, p.a, p.u), (value_at(&p, 1, h, 0) - value_at(&p, 1, -h, 0)) / (2 * h), 1e-6);
        close_to(problems[i], "fy", cc_dot(p.base->dy, p.b, p.v), (value_at(&p, 1, 0, h) - value_at(&p, 1, 0, -h)) / (2 * h), 1e-6);
        assert_int_equal(bilevel_lower(p.run, 0, NULL, p.x, p.y, p.a, p.b), CC_OK);
        close_to(problems[i], "gx", cc_dot(p.base->dx, p.a, p.u), (value_at(&p, 0, h, 0) - value_at(&p, 0, -h, 0)) / (2 * h), 1e-6);
        close_to(problems[i], "gy", cc_dot(p.base->dy, p.b, p.v), (value_at(&p, 0, 0, h) - value_at(&p, 0, 0, -h)) / (2 * h), 1e-6);
        close_place(&p);
    }
}

/* (gradient at y + h v - gradient at y - h v) / 2h, dotted with w: into *dx (gx . u) and *dy (gy . y-shaped cosine) */
static void curvature(place *p, double *mixed, double *along)
{
    const double h = 1e-5;
    *mixed = *along = 0;
    for (int side = -1; side <= 1; side += 2) {
        for (size_t j = 0; j < p->base->dy; j++) p->d[j] = p->y[j] + side * h * p->v[j];
        assert_int_equal(bilevel_lower(p->run, 0, NULL, p->x, p->d, p->a, p->b), CC_OK);
        *mixed += side * cc_dot(p->base->dx, p->a, p->u) / (2 * h);
        *along += side * cc_dot(p->base->dy, p->b, p->y) / (2 * h);
    }
}

static void products_are_derivatives_of_gradients(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEMS; i++) {
        place p;
        double mixed, along;
        if (!open_place(problems[i], &p)) continue;
        curvature(&p, &mixed, &along);
        assert_int_equal(bilevel_hvp(p.run, 0, NULL, p.x, p.y, p.v, p.b), CC_OK);
        close_to(problems[i], "gyy v", cc_dot(p.base->dy, p.b, p.y), along, 1e-5);
        assert_int_equal(bilevel_jvp(p.run, 0, NULL, p.x, p.y, p.v, p.a), CC_OK);
        close_to(problems[i], "gxy v", cc_dot(p.base->dx, p.a, p.u), mixed, 1e-5);
        if (p.ops->hess) {
            double *h = vector(p.base->dy * p.base->dy);
            assert_int_equal(bilevel_hess(p.run, 0, NULL, p.x, p.y, h), CC_OK);
            cc_gemv(p.base->dy, p.base->dy, 1, h, p.v, -1, p.b);
            assert_true(cc_norm(p.base->dy, p.b) <= 1e-12 * cc_norm(p.base->dy, p.v) * 100);
            free(h);
        }
        close_place(&p);
    }
}

static void the_referee_solves_the_lower_level_and_differentiates_through_it(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEMS - 1; i++) { /* the last is solved by a fixed number of steps */
        place p;
        double ahead, behind;
        const double h = 1e-5;
        if (!open_place(problems[i], &p)) continue;
        const cc_oracle *o = cc_oracle_of(p.run);
        assert_int_equal(bilevel_ystar(o, 0, p.x, p.d), 0);
        assert_int_equal(bilevel_lower(p.run, 0, NULL, p.x, p.d, NULL, p.b), CC_OK);
        assert_true(cc_norm(p.base->dy, p.b) <= 1e-10);
        bilevel_referee(o, p.x, NULL, p.a);
        for (size_t j = 0; j < p.base->dx; j++) p.c[j] = p.x[j] + h * p.u[j];
        bilevel_referee(o, p.c, &ahead, NULL);
        for (size_t j = 0; j < p.base->dx; j++) p.c[j] = p.x[j] - h * p.u[j];
        bilevel_referee(o, p.c, &behind, NULL);
        close_to(problems[i], "grad Phi", cc_dot(p.base->dx, p.a, p.u), (ahead - behind) / (2 * h), 1e-5);
        close_place(&p);
    }
}

/* gyy z = fy at (x, y*(x)), whether z has a closed form, a Cholesky factor or comes from products alone. */
static void the_referee_solves_the_linear_system(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEMS; i++) {
        place p;
        if (!open_place(problems[i], &p)) continue;
        const bilevel_env *e = cc_oracle_of(p.run)->env;
        bilevel_referee(cc_oracle_of(p.run), p.x, NULL, p.a);
        cc_copy(p.base->dy, e->y, p.y), cc_copy(p.base->dy, e->z, p.v);
        assert_int_equal(bilevel_upper(p.run, 0, NULL, p.x, p.y, NULL, p.d), CC_OK);
        assert_int_equal(bilevel_hvp(p.run, 0, NULL, p.x, p.y, p.v, p.b), CC_OK);
        cc_axpy(p.base->dy, -1, p.d, p.b);
        if (!(cc_norm(p.base->dy, p.b) <= 1e-10 * cc_norm(p.base->dy, p.d))) fail_msg("%s: gyy z is not fy", problems[i]);
        close_place(&p);
    }
}

/* Mean over many samples against the exact answer, in standard errors of the projection on u or v. */
static void unbiased(place *p, const char *problem, const char *what, int which, size_t batch)
{
    enum { DRAWS = 4000 };
    double sum = 0, square = 0, exact = 0;
    for (uint64_t id = 0; id <= DRAWS; id++) {
        const bilevel_sample named = {20, id, batch}, *sample = id < DRAWS ? &named : NULL;
        double *fx = which == 0 ? p->a : NULL, *fy = which == 1 ? p->b : NULL;
        if (which < 2) assert_int_equal(bilevel_upper(p->run, 0, sample, p->x, p->y, fx, fy), CC_OK);
        if (which == 2) assert_int_equal(bilevel_lower(p->run, 0, sample, p->x, p->y, p->a, NULL), CC_OK);
        if (which == 3) assert_int_equal(bilevel_lower(p->run, 0, sample, p->x, p->y, NULL, p->b), CC_OK);
        if (which == 4) assert_int_equal(bilevel_hvp(p->run, 0, sample, p->x, p->y, p->v, p->b), CC_OK);
        if (which == 5) assert_int_equal(bilevel_jvp(p->run, 0, sample, p->x, p->y, p->v, p->a), CC_OK);
        const double value =
            which == 0 || which == 2 || which == 5 ? cc_dot(p->base->dx, p->a, p->u) : cc_dot(p->base->dy, p->b, p->v);
        if (!sample)
            exact = value;
        else
            sum += value, square += value * value;
    }
    const double mean = sum / DRAWS, se = sqrt(fmax(square / DRAWS - mean * mean, 0) / DRAWS);
    if (!(fabs(mean - exact) <= 5 * se + 1e-10 * (1 + fabs(exact))))
        fail_msg("%s: mean %s %g, exact %g, standard error %g", problem, what, mean, exact, se);
}

static void samples_are_unbiased(void **state)
{
    (void)state;
    static const char *const what[] = {"fx", "fy", "gx", "gy", "gyy v", "gxy v"};
    for (int i = 0; i < NOISY; i++) {
        place p;
        if (!open_place(noisy[i], &p)) continue;
        for (int which = 0; which < 6; which++) unbiased(&p, noisy[i], what[which], which, 3);
        close_place(&p);
    }
}

/* The realisation belongs to the name: at one point the same bits, whatever was asked for in between; at two points the same noise.
 */
static void a_sample_can_be_asked_for_again(void **state)
{
    (void)state;
    for (int i = 0; i < NOISY; i++) {
        place p;
        if (!open_place(noisy[i], &p)) continue;
        const bilevel_sample sample = {BILEVEL_LOWER, 7, 3}, other = {BILEVEL_LOWER, 8, 5};
        assert_int_equal(bilevel_lower(p.run, 0, &sample, p.x, p.y, p.a, p.b), CC_OK);
        assert_int_equal(bilevel_lower(p.run, 0, &other, p.x, p.y, p.c, p.d), CC_OK);
        assert_memory_not_equal(p.b, p.d, p.base->dy * sizeof *p.b);
        assert_int_equal(bilevel_lower(p.run, 0, &sample, p.x, p.y, p.c, p.d), CC_OK);
        assert_memory_equal(p.a, p.c, p.base->dx * sizeof *p.a);
        assert_memory_equal(p.b, p.d, p.base->dy * sizeof *p.b);
        /* gy(y + h v; s) - gy(y; s) goes to h gyy(s) v */
        const double h = 1e-6;
        for (size_t j = 0; j < p.base->dy; j++) p.y[j] += h * p.v[j];
        assert_int_equal(bilevel_lower(p.run, 0, &sample, p.x, p.y, NULL, p.d), CC_OK);
        for (size_t j = 0; j < p.base->dy; j++) p.d[j] = (p.d[j] - p.b[j]) / h, p.y[j] -= h * p.v[j];
        assert_int_equal(bilevel_hvp(p.run, 0, &sample, p.x, p.y, p.v, p.b), CC_OK);
        close_to(noisy[i], "a difference with one sample", cc_dot(p.base->dy, p.d, p.v), cc_dot(p.base->dy, p.b, p.v), 1e-4);
        close_place(&p);
    }
}

/* One oracle on the id-th run of `batch` terms (0: the exact one): fx fy gx gy gyy v gxy v by `which`, projected as in `unbiased`.
 */
static double on_terms(place *p, int which, uint64_t id, size_t batch)
{
    const bilevel_sample named = {BILEVEL_TERMS, id, batch}, *sample = batch ? &named : NULL;
    if (which < 2)
        assert_int_equal(bilevel_upper(p->run, 0, sample, p->x, p->y, which == 0 ? p->a : NULL, which == 1 ? p->b : NULL), CC_OK);
    else if (which < 4)
        assert_int_equal(bilevel_lower(p->run, 0, sample, p->x, p->y, which == 2 ? p->a : NULL, which == 3 ? p->b : NULL), CC_OK);
    else if (which == 4)
        assert_int_equal(bilevel_hvp(p->run, 0, sample, p->x, p->y, p->v, p->b), CC_OK);
    else
        assert_int_equal(bilevel_jvp(p->run, 0, sample, p->x, p->y, p->v, p->a), CC_OK);
    return which == 0 || which == 2 || which == 5 ? cc_dot(p->base->dx, p->a, p->u) : cc_dot(p->base->dy, p->b, p->v);
}

/* The finite sum, walked through in runs of four or term by term, is the exact oracle, and costs as much. */
static void terms_make_up_the_whole(void **state)
{
    (void)state;
    for (int i = 0; i < NOISY; i++) {
        place p;
        if (!open_place(noisy[i], &p)) continue;
        for (int which = 0; which < 6 && p.base->caps & BILEVEL_FINITE_SUM; which++) {
            const size_t n = which < 2 ? p.base->n_upper : p.base->n_lower;
            const double exact = on_terms(&p, which, 0, 0);
            for (size_t batch = 1; batch <= 4; batch += 3) {
                double sum = 0;
                const uint64_t before = cc_spent(p.run, "n_calls");
                for (size_t first = 0; first < n; first += batch)
                    sum += on_terms(&p, which, first / batch, batch) * (double)(n - first < batch ? n - first : batch) / (double)n;
                close_to(noisy[i], "a sum of terms", sum, exact, 1e-12);
                assert_true(cc_spent(p.run, "n_calls") - before == n);
            }
        }
        close_place(&p);
    }
}

/* Term i of logistic regression is its i-th row: different rows, different gradients; the last batch has what is left. */
static void a_term_is_known_by_its_number(void **state)
{
    (void)state;
    place p;
    assert_true(open_place("bilevel.logreg", &p));
    assert_true(on_terms(&p, 3, 5, 1) == on_terms(&p, 3, 5, 1) && on_terms(&p, 3, 5, 1) != on_terms(&p, 3, 6, 1));
    close_to("logreg", "two terms", on_terms(&p, 3, 3, 2), (on_terms(&p, 3, 6, 1) + on_terms(&p, 3, 7, 1)) / 2, 1e-12);
    const uint64_t before = cc_spent(p.run, "n_gy");
    close_to("logreg", "the last", on_terms(&p, 3, 189, 2), on_terms(&p, 3, 378, 1), 1e-12);
    assert_true(cc_spent(p.run, "n_gy") - before == 2);
    const bilevel_sample beyond = {BILEVEL_TERMS, 190, 2}, far = {BILEVEL_TERMS, UINT64_MAX, 2};
    assert_int_equal(bilevel_lower(p.run, 0, &beyond, p.x, p.y, NULL, p.b), CC_EINVAL);
    assert_string_equal(cc_test_message(p.run), "batch 190 of 2 terms each: there are 379");
    assert_int_equal(bilevel_lower(p.run, 0, &far, p.x, p.y, NULL, p.b), CC_EINVAL);
    close_place(&p);
    assert_true(open_place("bilevel.quad", &p));
    const bilevel_sample term = {BILEVEL_TERMS, 0, 1};
    assert_int_equal(bilevel_lower(p.run, 0, &term, p.x, p.y, NULL, p.b), CC_EINVAL);
    assert_string_equal(cc_test_message(p.run), "terms of a problem that has noise instead");
    close_place(&p);
}

/* E|noise|^2 = sd^2 / batch */
static void noise_has_the_stated_variance(void **state)
{
    (void)state;
    for (int skewed = 0; skewed < 2; skewed++) {
        place p;
        double square = 0;
        assert_true(open_place(skewed ? "bilevel.expupper(noise=2,skewed=true)" : "bilevel.expupper(noise=2)", &p));
        assert_int_equal(bilevel_upper(p.run, 0, NULL, p.x, p.y, p.c, NULL), CC_OK);
        for (uint64_t id = 0; id < 4000; id++) {
            const bilevel_sample sample = {BILEVEL_UPPER, id, 4};
            assert_int_equal(bilevel_upper(p.run, 0, &sample, p.x, p.y, p.a, NULL), CC_OK);
            for (size_t j = 0; j < p.base->dx; j++) square += (p.a[j] - p.c[j]) * (p.a[j] - p.c[j]) / 4000;
        }
        assert_true(fabs(square - 1) < .05);
        close_place(&p);
    }
}

static void calls_are_billed_in_samples(void **state)
{
    (void)state;
    place p;
    const bilevel_sample sample = {BILEVEL_LOWER, 0, 6};
    assert_true(open_place("bilevel.logreg", &p));
    const uint64_t *count = cc_oracle_of(p.run)->count;
    double h[31 * 31];
    bilevel_upper(p.run, 0, &sample, p.x, p.y, p.a, p.b);
    bilevel_lower(p.run, 0, &sample, p.x, p.y, NULL, p.b);
    bilevel_lower(p.run, 0, NULL, p.x, p.y, p.a, p.b);
    bilevel_hvp(p.run, 0, &sample, p.x, p.y, p.v, p.b);
    bilevel_jvp(p.run, 0, &sample, p.x, p.y, p.v, p.a);
    bilevel_hess(p.run, 0, &sample, p.x, p.y, h);
    bilevel_proj_y(p.run, 0, p.y);
    const uint64_t expected[] = {6, 6, 379, 6 + 379, 6, 6, 6, 6 * 6 + 2 * 379, 1};
    assert_memory_equal(count, expected, sizeof expected);
    bilevel_referee(cc_oracle_of(p.run), p.x, NULL, p.a);
    assert_memory_equal(count, expected, sizeof expected);
    close_place(&p);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    place p;
    assert_true(open_place("bilevel.logreg", &p));
    bilevel_sample sample = {BILEVEL_LOWER, 0, 0};
    assert_int_equal(bilevel_lower(p.run, 0, &sample, p.x, p.y, NULL, p.b), CC_EINVAL);
    assert_string_equal(cc_test_message(p.run), "a batch of 0 from 379 terms");
    sample.batch = 380;
    assert_int_equal(bilevel_lower(p.run, 0, &sample, p.x, p.y, NULL, p.b), CC_EINVAL);
    assert_int_equal(bilevel_lower(p.run, 1, NULL, p.x, p.y, NULL, p.b), CC_EINVAL);
    assert_string_equal(cc_test_message(p.run), "block 1 of 1");
    p.y[3] = NAN;
    assert_int_equal(bilevel_lower(p.run, 0, NULL, p.x, p.y, NULL, p.b), CC_ENUMERIC);
    assert_string_equal(cc_test_message(p.run), "gy is not finite");
    close_place(&p);
    char message[512];
    assert_int_equal(cc_test_try(NULL, "bilevel.clean(n_train=50000,n_valid=10001)", 0, message), CC_EINVAL);
    assert_int_equal(cc_test_try(NULL, "bilevel.expupper(a=0)", 0, message), CC_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_derivatives_of_values),
        cmocka_unit_test(products_are_derivatives_of_gradients),
        cmocka_unit_test(the_referee_solves_the_lower_level_and_differentiates_through_it),
        cmocka_unit_test(the_referee_solves_the_linear_system),
        cmocka_unit_test(samples_are_unbiased),
        cmocka_unit_test(a_sample_can_be_asked_for_again),
        cmocka_unit_test(terms_make_up_the_whole),
        cmocka_unit_test(a_term_is_known_by_its_number),
        cmocka_unit_test(noise_has_the_stated_variance),
        cmocka_unit_test(calls_are_billed_in_samples),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
