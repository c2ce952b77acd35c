/* problems/finsum_op/test_contract.c: what the family promises, on every problem. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/near.h"
#include "harness/numerics/linalg.h"
#include "harness/testing.h"
#include "problems/finsum_op/finsum_op_problem.h"
#include "problems/splitmix.h"

enum { MAX_D = 400 };

static const char *const problems[] = {"finsum_op.lsq(n=12,d=4)",
                                       "finsum_op.lsq(n=1,d=1)",
                                       "finsum_op.lsq_box(n=12,d=4)",
                                       "finsum_op.bilinear(n=5)",
                                       "finsum_op.bilinear(n=5,matrix=gaussian)",
                                       "finsum_op.bilinear(n=5,law=uniform)",
                                       "finsum_op.game(n=5)",
                                       "finsum_op.game(n=5,law=uniform)",
                                       "finsum_op.qp(n=6)"};
enum { N_PROBLEMS = sizeof problems / sizeof *problems };

/* id number k of the law, with its probability. */
static double probability(const finsum_law *law, size_t id)
{
    if (!law->first) return 1 / (double)law->n;
    return law->second ? law->first->q[id / law->second->n] * law->second->q[id % law->second->n] : law->first->q[id];
}

static void mean_is_full(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_PROBLEMS; k++) {
        cc_run *run = cc_test_run(problems[k], 4);
        const finsum_instance *p = cc_oracle_of(run)->instance;
        double u[MAX_D], mean[MAX_D] = {0}, F[MAX_D], size = 1;
        uint64_t stream = 1;
        for (size_t j = 0; j < p->d; j++) u[j] = cc_sm64_normal(&stream);
        for (size_t id = 0; id < p->law.n; id++) {
            assert_int_equal(finsum_comp(run, id, u, F), CC_OK);
            for (size_t j = 0; j < p->d; j++) mean[j] += probability(&p->law, id) * F[j];
        }
        assert_int_equal(finsum_full(run, u, F), CC_OK);
        for (size_t j = 0; j < p->d; j++) size = fmax(size, fabs(F[j]));
        for (size_t j = 0; j < p->d; j++) assert_near(mean[j], F[j], 1e-13 * size);
        assert_int_equal(cc_spent(run, "n_comp"), p->law.n + p->n);
        cc_test_close(run);
    }
}

static double dot_of_differences(size_t d, const double *a, const double *b, const double *x, const double *y)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++) sum += (a[j] - b[j]) * (x[j] - y[j]);
    return sum;
}

/* E |F_i(u) - F_i(v)|^2 against L_avg, monotony, |F(u) - F(v)| against L_F, and J: at random pairs. Returns the largest ratio to
 * L_avg. */
static double inequalities(cc_run *run, int pairs)
{
    const finsum_instance *p = cc_oracle_of(run)->instance;
    const size_t d = p->d;
    double u[MAX_D], v[MAX_D], a[MAX_D], b[MAX_D], worst = 0;
    uint64_t stream = 2;
    for (int pair = 0; pair < pairs; pair++) {
        double second = 0;
        for (size_t j = 0; j < d; j++) u[j] = p->u0[j] + cc_sm64_normal(&stream), v[j] = p->u0[j] + cc_sm64_normal(&stream);
        for (size_t id = 0; id < p->law.n; id++) {
            finsum_peek_comp(run, id, u, a);
            finsum_peek_comp(run, id, v, b);
            second += probability(&p->law, id) * dot_of_differences(d, a, b, a, b);
        }
        finsum_peek_full(run, u, a);
        finsum_peek_full(run, v, b);
        const double inner = dot_of_differences(d, a, b, u, v), apart = dot_of_differences(d, u, v, u, v);
        assert_true(inner >= -1e-12 * apart);
        assert_true(dot_of_differences(d, a, b, a, b) <= p->L_F * p->L_F * apart * (1 + 1e-12));
        worst = fmax(worst, p->caps & FINSUM_COCO ? second / (p->L_avg * inner) : second / (p->L_avg * p->L_avg * apart));
        finsum_resolvent(run, .7, u, a);
        finsum_resolvent(run, .7, v, b);
        assert_true(dot_of_differences(d, a, b, a, b) <= apart * (1 + 1e-12));
        assert_true(dot_of_differences(d, a, b, u, v) >= dot_of_differences(d, a, b, a, b) - 1e-12); /* firmly */
    }
    return worst;
}

static void constants_hold(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_PROBLEMS; k++) {
        cc_run *run = cc_test_run(problems[k], 4);
        const double worst = inequalities(run, 1000);
        const int exact = !strstr(problems[k], "uniform") && !strstr(problems[k], "qp"); /* there L_avg is an equality */
        assert_true(worst <= 1 + 1e-10);
        assert_true(worst >= (exact ? 1 - 1e-10 : .1));
        cc_test_close(run);
    }
}

static void zero_solves(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_PROBLEMS; k++) {
        cc_run *run = cc_test_run(problems[k], 4);
        const cc_oracle *o = cc_oracle_of(run);
        const finsum_instance *p = o->instance;
        const finsum_ops *ops = o->ops;
        double zero[2 * MAX_D];
        if (ops->nearest_zero) {
            ops->nearest_zero(o, p->u0, zero);
            assert_true(cc_test_metric(run, "natural", zero) <= 1e-10);
            assert_near(finsum_distance(p->d, p->u0, zero), p->R, 1e-10 * p->R);
            assert_near(cc_test_metric(run, "dist", zero), 0, 1e-12 * p->R);
        }
        cc_test_close(run);
    }
}

/* finsum_diff and finsum_affine_step against finsum_comp. */
static void differences_agree(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_PROBLEMS; k++) {
        cc_run *run = cc_test_run(problems[k], 4);
        const finsum_instance *p = cc_oracle_of(run)->instance;
        const size_t d = p->d, ids[3] = {p->law.n - 1, 0, p->law.n / 2};
        double u[MAX_D], v[MAX_D], base[MAX_D], acc[MAX_D], expected[MAX_D], a[MAX_D], b[MAX_D];
        uint64_t stream = 3;
        for (size_t j = 0; j < d; j++) {
            u[j] = cc_sm64_normal(&stream), v[j] = cc_sm64_normal(&stream), base[j] = cc_sm64_normal(&stream);
            acc[j] = expected[j] = base[j];
        }
        for (int l = 0; l < 3; l++) {
            finsum_peek_comp(run, ids[l], u, a);
            finsum_peek_comp(run, ids[l], v, b);
            for (size_t j = 0; j < d; j++) expected[j] += .3 * (a[j] - b[j]);
        }
        assert_int_equal(finsum_diff(run, 3, ids, u, v, .3, acc), CC_OK);
        assert_int_equal(cc_spent(run, "n_comp"), 6);
        for (size_t j = 0; j < d; j++) assert_near(acc[j], expected[j], 1e-12);
        finsum_peek_comp(run, ids[2], u, a);
        finsum_peek_comp(run, ids[2], v, b);
        for (size_t j = 0; j < d; j++) expected[j] = .8 * u[j] + base[j] - .4 * (a[j] - b[j]);
        finsum_affine_step(run, ids[2], u, v, .8, base, -.4, u); /* in place */
        assert_int_equal(cc_spent(run, "n_comp"), 8);
        for (size_t j = 0; j < d; j++) assert_near(u[j], expected[j], 1e-12);
        cc_test_close(run);
    }
}

static void exact_resolvent_solves(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_PROBLEMS; k++) {
        cc_run *run = cc_test_run(problems[k], 4);
        const finsum_instance *p = cc_oracle_of(run)->instance;
        double v[MAX_D], F[MAX_D];
        if (p->caps & FINSUM_SET) {
            assert_int_equal(finsum_exact_resolvent(run, 1, p->u0, v), CC_EINVAL);
        } else {
            for (double eta = .5; eta < 5; eta *= 3) {
                assert_int_equal(finsum_exact_resolvent(run, eta, p->u0, v), CC_OK);
                finsum_peek_full(run, v, F);
                for (size_t j = 0; j < p->d; j++) assert_near(v[j] + eta * F[j], p->u0[j], 1e-12);
            }
            assert_int_equal(cc_spent(run, "n_comp"), 0);
        }
        cc_test_close(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_is_full),      cmocka_unit_test(constants_hold),         cmocka_unit_test(zero_solves),
        cmocka_unit_test(differences_agree), cmocka_unit_test(exact_resolvent_solves),
    };
    return cmocka_run_group_tests_name("finsum_op contract", tests, NULL, NULL);
}
