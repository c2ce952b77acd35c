/* test_slopes.c: boxes of pre-activations against the same bounds in plain loops, and optimised slopes against the same descent
 * with differences in place of derivatives. */
#include "test.h"

enum { MOST = 64 };

/* The upper bound of sign * z_kj (bias included) with these lower slopes: coefficients on h_{k-1}, down to the box. */
static double plain_upper(const lip_live *net, size_t k, const double *row, double bias, double sign, const double *slope)
{
    double a[MOST], next[MOST], bound = sign * bias;
    for (size_t j = 0; j < net->m[k - 1]; j++) a[j] = sign * row[j];
    for (size_t i = k - 1; i >= 1; i--) {
        memset(next, 0, sizeof next);
        for (size_t j = 0; j < net->m[i]; j++) {
            const double l = net->low[net->at[i] + j], u = net->high[net->at[i] + j];
            double on_z = a[j];
            if (l <= 0) { /* unstable: u / (u - l) (z - l) above, slope * z below */
                bound += a[j] > 0 ? -a[j] * u * l / (u - l) : 0;
                on_z *= a[j] > 0 ? u / (u - l) : slope[net->at[i] + j];
            }
            bound += on_z * net->b[i][j];
            for (size_t c = 0; c < net->m[i - 1]; c++) next[c] += on_z * net->w[i][j * net->m[i - 1] + c];
        }
        memcpy(a, next, sizeof a);
    }
    for (size_t c = 0; c < net->m[0]; c++) bound += a[c] * (a[c] > 0 ? net->box->high[c] : net->box->low[c]);
    return bound;
}

static double interval_upper(const lip_live *net, size_t k, const double *row, double bias, double sign)
{
    double bound = sign * bias;
    for (size_t j = 0; j < net->m[k - 1]; j++) {
        const double x = sign * row[j], l = net->low[net->at[k - 1] + j], u = net->high[net->at[k - 1] + j];
        bound += x * fmax(x > 0 ? u : l, 0);
    }
    return bound;
}

/* The least of intervals and of the choices of slopes: u > -l (only = 1), and all 0 and all 1. */
static double best_upper(const lip_live *net, size_t k, const double *row, double bias, double sign, int only)
{
    double slope[MOST], best = interval_upper(net, k, row, bias, sign);
    for (int choice = 0; choice < (only ? 1 : 3); choice++) {
        for (size_t j = 0; j < net->hidden; j++) slope[j] = choice ? choice - 1 : net->high[j] > -net->low[j];
        best = fmin(best, plain_upper(net, k, row, bias, sign, slope));
    }
    return best;
}

static void open_net(cc_run *run, lip_forward forward, lip_live *net)
{
    *net = (lip_live){0};
    assert_int_equal(lip_live_alloc(run, forward, net), CC_OK);
    lip_live_run(net, forward, 0);
    assert_true(!net->dead && net->unstable >= 5);
}

static void test_boxes(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++)
        for (int forward = LIP_CROWN; forward <= LIP_BEST3; forward++) {
            lip_live net;
            double low[3], high[3];
            cc_run *run = cc_test_run("relu_box.random(widths=4-11-9-10-3,eps=0.6,samples=1)", seed);
            open_net(run, (lip_forward)forward, &net);
            lip_live_outputs(&net, (lip_forward)forward, low, high);
            for (size_t k = 2; k <= net.n; k++)
                for (size_t j = 0; j < net.m[k]; j++) {
                    const size_t at = net.at[k] + j;
                    const double *row = net.w[k] + j * net.m[k - 1], b = net.b[k][j];
                    if (k < net.n && net.status[at] != LIP_UNSTABLE) continue;
                    const double u = best_upper(&net, k, row, b, 1, forward == LIP_CROWN),
                                 l = -best_upper(&net, k, row, b, -1, forward == LIP_CROWN);
                    assert_close(k < net.n ? net.high[at] : high[j], u, 1e-12);
                    assert_close(k < net.n ? net.low[at] : low[j], l, 1e-12);
                }
            cc_test_close(run);
        }
}

/* 20 steps of projected Adam, rate .5 times .98 a step, from the first choice of slopes; derivatives by central differences. */
static double descend(const lip_live *net, size_t k, const double *row, double bias, double sign)
{
    double slope[MOST], first[MOST] = {0}, second[MOST] = {0}, gradient[MOST], best = INFINITY, rate = .5;
    for (size_t j = 0; j < net->hidden; j++) slope[j] = net->high[j] > -net->low[j];
    for (int t = 1; t <= 20; t++, rate *= .98) {
        best = fmin(best, plain_upper(net, k, row, bias, sign, slope));
        for (size_t j = 0; j < net->at[k]; j++) {
            const double kept = slope[j], h = 1e-6;
            slope[j] = kept + h;
            const double above = plain_upper(net, k, row, bias, sign, slope);
            slope[j] = kept - h;
            gradient[j] = (above - plain_upper(net, k, row, bias, sign, slope)) / (2 * h);
            slope[j] = kept;
            if (fabs(gradient[j]) < 1e-7) gradient[j] = 0; /* the line is not used; the rest is rounding */
        }
        for (size_t j = 0; j < net->at[k]; j++) {
            first[j] = .9 * first[j] + .1 * gradient[j];
            second[j] = .999 * second[j] + .001 * gradient[j] * gradient[j];
            const double step = rate * first[j] / (1 - pow(.9, t)) / (sqrt(second[j] / (1 - pow(.999, t))) + 1e-8);
            slope[j] = fmin(fmax(slope[j] - step, 0), 1);
        }
    }
    return best;
}

static void test_optimised(void **state)
{
    double gain = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        lip_live net;
        double low[3], high[3];
        cc_run *run = cc_test_run("relu_box.random(widths=4-11-9-10-3,eps=0.6,samples=1)", seed);
        open_net(run, LIP_ALPHA, &net);
        lip_live_outputs(&net, LIP_ALPHA, low, high);
        for (size_t j = 0; j < 3; j++) {
            const double *row = net.w[net.n] + j * net.m[net.n - 1], b = net.b[net.n][j];
            const double u = descend(&net, net.n, row, b, 1), l = -descend(&net, net.n, row, b, -1);
            const double best_u = best_upper(&net, net.n, row, b, 1, 0), best_l = -best_upper(&net, net.n, row, b, -1, 0);
            assert_close(high[j], fmin(u, best_u), 1e-6);
            assert_close(low[j], fmax(l, best_l), 1e-6);
            gain += (u < best_u - 1e-3) + (l > best_l + 1e-3);
        }
        cc_test_close(run);
    }
    assert_true(gain > 20); /* of 48: it is the descent that is tested */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_boxes), cmocka_unit_test(test_optimised)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
