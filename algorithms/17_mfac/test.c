/* algorithms/17_mfac/test.c: engines against published values, against each other, and what they spend; what must be refused. */
#include "algorithms/17_mfac/test.h"

#include "harness/numerics/linalg.h"
#include "problems/splitmix.h"

static const mfac_kind static_kinds[] = {MFAC_STATIC, MFAC_RECURSION, MFAC_DENSE};
static const mfac_kind dynamic_kinds[] = {MFAC_DYNAMIC, MFAC_TRIANGULAR};

/* ---- lambda = 1, g_1 = (1, 0, 1), g_2 = (0, 2, 1): all in 27ths ---- */

static const double small_rows[6] = {1, 0, 1, 0, 2, 1};
static const double small_inverse[9] = {20. / 27, 2. / 27, -6. / 27, 2. / 27, 11. / 27, -6. / 27, -6. / 27, -6. / 27, 18. / 27};
static const mfac_spec small = {.m = 2, .d = 3, .lambda = 1};

static void test_rational(void **state)
{
    (void)state;
    cc_run *run = cc_test_run(NULL, 0);
    for (size_t k = 0; k < COUNT(static_kinds); k++) {
        mfac_engine *e = engine(run, static_kinds[k], small);
        double out[3], newest[3];
        assert_int_equal(mfac_build(e, small_rows), CC_OK);
        e->ops->product(e, (const double[]){1, 1, 1}, out);
        assert_vector(3, out, (const double[]){16. / 27, 7. / 27, 6. / 27}, 1e-15);
        e->ops->product(e, small_rows + 3, out);
        e->ops->newest(e, newest);
        assert_vector(3, newest, out, 1e-15);
        e->ops->diagonal(e, out);
        assert_vector(3, out, (const double[]){20. / 27, 11. / 27, 18. / 27}, 1e-15);
        for (size_t i = 0; i < 3; i++) {
            e->ops->column(e, i, out);
            for (size_t j = 0; j < 3; j++) {
                assert_near(out[j], small_inverse[3 * i + j], 1e-15);
                assert_near(e->ops->element(e, i, j), small_inverse[3 * i + j], 1e-15);
            }
        }
    }
    cc_test_close(run);
}

static void test_rational_dynamic(void **state)
{
    (void)state;
    cc_run *run = cc_test_run(NULL, 0);
    for (size_t k = 0; k < COUNT(dynamic_kinds); k++) {
        mfac_engine *e = engine(run, dynamic_kinds[k], small);
        double out[3];
        for (size_t i = 0; i < 2; i++) assert_int_equal(mfac_push(e, small_rows + 3 * i), CC_OK);
        e->ops->product(e, (const double[]){1, 1, 1}, out);
        assert_vector(3, out, (const double[]){16. / 27, 7. / 27, 6. / 27}, 1e-15);
    }
    cc_test_close(run);
}

/* ---- m = 3, lambda = 1/2, zero rows at first: the product of each gradient as it comes ---- */
static void test_window(void **state)
{
    static const double stream[5][2] = {{1, 0}, {0, 1}, {1, 1}, {2, -1}, {-1, 1}};
    static const double want[5][2] = {
        {1.2, 0}, {0, 1.2}, {2. / 3, 2. / 3}, {0.8495575221239, -0.4778761061947}, {-0.2521008403361, 0.5546218487395}};
    (void)state;
    cc_run *run = cc_test_run(NULL, 0);
    for (size_t k = 0; k < 3; k++) {
        const mfac_spec spec = {.m = 3, .d = 2, .lambda = .5, .naive = k == 2};
        mfac_engine *e = engine(run, k == 1 ? MFAC_TRIANGULAR : MFAC_DYNAMIC, spec);
        for (size_t t = 0; t < 5; t++) {
            double out[2];
            assert_int_equal(mfac_push(e, stream[t]), CC_OK);
            e->ops->newest(e, out);
            assert_vector(2, out, want[t], 1e-12);
            e->ops->product(e, stream[t], out);
            assert_vector(2, out, want[t], 1e-12);
        }
    }
    cc_test_close(run);
}

/* ---- four normal gradients of R^6 by SplitMix64, seed 5, lambda = .1 ---- */

static void sm64(double rows[24], double x[6])
{
    uint64_t seed = 5;
    for (size_t i = 0; i < 24; i++) rows[i] = cc_sm64_normal(&seed);
    for (size_t i = 0; i < 6; i++) x[i] = cc_sm64_normal(&seed);
}

static void test_published(void **state)
{
    static const double first[6] = {0.0143347459964,  0.5906209568869,  -0.4720898558893,
                                    -2.9042764694765, -0.8394562618767, 0.7148256148614};
    static const double product[6] = {-3.4803211746816, 0.4225650378136, 4.1499776030085,
                                      -3.1485520476149, 2.468300631989,  -4.3045597766952};
    static const double diagonal[6] = {6.3134089685444, 3.2551088728046, 6.653129766455,
                                       1.2518650288132, 2.8240882668393, 6.5936477773214};
    double rows[24], x[6], out[6];
    (void)state;
    sm64(rows, x);
    assert_vector(6, rows, first, 1e-12);
    cc_run *run = cc_test_run(NULL, 0);
    for (size_t k = 0; k < COUNT(static_kinds); k++) {
        mfac_engine *e = engine(run, static_kinds[k], (mfac_spec){.m = 4, .d = 6, .lambda = .1});
        assert_int_equal(mfac_build(e, rows), CC_OK);
        e->ops->product(e, x, out);
        assert_vector(6, out, product, 1e-12);
        e->ops->diagonal(e, out);
        assert_vector(6, out, diagonal, 1e-12);
        assert_near(e->ops->element(e, 1, 4), 2.106222220247, 1e-12);
        e->ops->newest(e, out); /* v_4 m / q_4 */
        assert_near(out[0], -2.1803422522587 * 4 / 8.0888298179662, 1e-12);
        assert_near(out[5], 4.1972573779099 * 4 / 8.0888298179662, 1e-12);
    }
    for (size_t k = 0; k < COUNT(dynamic_kinds); k++) {
        mfac_engine *e = engine(run, dynamic_kinds[k], (mfac_spec){.m = 4, .d = 6, .lambda = .1});
        for (size_t i = 0; i < 9; i++) assert_int_equal(mfac_push(e, rows + 6 * ((i + 3) % 4)), CC_OK); /* ends on row 3, 0, .. */
        e->ops->product(e, x, out);
        assert_vector(6, out, product, 1e-12);
    }
    cc_test_close(run);
}

/* ---- engines beside each other ---- */

static void normal_rows(uint64_t seed, size_t n, double *rows)
{
    for (size_t i = 0; i < n; i++) rows[i] = cc_sm64_normal(&seed);
}

/* Diagonal blocks: the static engine, the dense one, and the static engine alone on each block's coordinates. */
static void test_blocks(void **state)
{
    enum { M = 5, D = 23, B = 7 };
    double rows[M * D], x[D], out[D], want[D], part[M * B], diagonal[D];
    (void)state;
    normal_rows(2, M * D, rows);
    normal_rows(3, D, x);
    cc_run *run = cc_test_run(NULL, 0);
    mfac_engine *e = engine(run, MFAC_STATIC, (mfac_spec){.m = M, .d = D, .lambda = .03, .block = B});
    mfac_engine *dense = engine(run, MFAC_DENSE, (mfac_spec){.m = M, .d = D, .lambda = .03, .block = B});
    assert_int_equal(mfac_build(e, rows), CC_OK);
    assert_int_equal(mfac_build(dense, rows), CC_OK);
    for (size_t from = 0; from < D; from += B) {
        const size_t n = from + B < D ? B : D - from;
        mfac_engine *alone = engine(run, MFAC_STATIC, (mfac_spec){.m = M, .d = n, .lambda = .03});
        for (size_t i = 0; i < M; i++) memcpy(part + i * n, rows + i * D + from, n * sizeof *rows);
        assert_int_equal(mfac_build(alone, part), CC_OK);
        alone->ops->product(alone, x + from, want + from);
        alone->ops->diagonal(alone, diagonal + from);
    }
    e->ops->product(e, x, out);
    assert_vector(D, out, want, 1e-13);
    dense->ops->product(dense, x, out);
    assert_vector(D, out, want, 1e-12);
    e->ops->diagonal(e, out);
    assert_vector(D, out, diagonal, 1e-13);
    dense->ops->newest(dense, want);
    e->ops->newest(e, out);
    assert_vector(D, out, want, 1e-12);
    for (size_t j = 0; j < D; j++) {
        dense->ops->column(dense, j, want);
        e->ops->column(e, j, out);
        assert_vector(D, out, want, 1e-12);
        for (size_t i = 0; i < D; i++) assert_near(e->ops->element(e, i, j), want[i], 1e-12);
    }
    cc_test_close(run);
}

/* Long enough that float sums are cut into panels, in both directions. */
static void test_float(void **state)
{
    enum { M = 6, D = 5000 };
    double *rows = malloc(M * D * sizeof *rows), *x = malloc(D * sizeof *x), *out = malloc(D * sizeof *out),
           *want = malloc(D * sizeof *want);
    static const mfac_kind kinds[] = {MFAC_STATIC, MFAC_DYNAMIC};
    (void)state;
    normal_rows(7, M * D, rows);
    normal_rows(8, D, x);
    for (size_t i = 0; i < M * D; i++) rows[i] = (double)(float)rows[i];
    cc_run *run = cc_test_run(NULL, 0);
    for (size_t k = 0; k < 2; k++) {
        mfac_engine *wide = engine(run, kinds[k], (mfac_spec){.m = M, .d = D, .lambda = 1});
        mfac_engine *narrow = engine(run, kinds[k], (mfac_spec){.m = M, .d = D, .lambda = 1, .storage = MFAC_FLOAT});
        assert_int_equal(mfac_build(wide, rows), CC_OK);
        assert_int_equal(mfac_build(narrow, rows), CC_OK);
        wide->ops->product(wide, x, want);
        narrow->ops->product(narrow, x, out);
        assert_vector(D, out, want, 1e-5);
        wide->ops->newest(wide, want);
        narrow->ops->newest(narrow, out);
        assert_vector(D, out, want, 1e-6);
        if (!wide->ops->diagonal) continue;
        wide->ops->diagonal(wide, want);
        narrow->ops->diagonal(narrow, out);
        assert_vector(D, out, want, 1e-6);
        assert_true(narrow->bill.words < wide->bill.words * 6 / 10 + D);
    }
    cc_test_close(run);
    free(rows), free(x), free(out), free(want);
}

/* Sizes around those of tiles, panels and lines; blocks that cut panels; in double and float, beside the recursion. */
static void test_sizes(void **state)
{
    static const size_t ms[] = {1, 3, 8, 15, 16, 17, 33, 50}, ds[] = {1, 5, 8, 47, 191, 192, 193, 391};
    double *rows = malloc(50 * 391 * sizeof *rows), x[391], out[391], want[391];
    (void)state;
    normal_rows(17, 50 * 391, rows);
    normal_rows(18, 391, x);
    for (size_t i = 0; i < 50 * 391; i++) rows[i] = (double)(float)rows[i];
    for (size_t k = 0; k < COUNT(ms) * COUNT(ds); k++) {
        const size_t m = ms[k % COUNT(ms)], d = ds[k / COUNT(ms)];
        cc_run *run = cc_test_run(NULL, 0);
        mfac_engine *slow = engine(run, MFAC_RECURSION, (mfac_spec){.m = m, .d = d, .lambda = .5});
        assert_int_equal(mfac_build(slow, rows), CC_OK);
        for (int narrow = 0; narrow < 2; narrow++) {
            const double near = narrow ? 1e-4 : 1e-12;
            mfac_engine *e =
                engine(run, MFAC_STATIC, (mfac_spec){.m = m, .d = d, .lambda = .5, .storage = narrow ? MFAC_FLOAT : MFAC_DOUBLE});
            for (int again = 0; again < 2; again++) assert_int_equal(mfac_build(e, rows), CC_OK); /* nothing is left of the first */
            slow->ops->product(slow, x, want);
            e->ops->product(e, x, out);
            assert_vector(d, out, want, near);
            slow->ops->diagonal(slow, want);
            e->ops->diagonal(e, out);
            assert_vector(d, out, want, near);
            slow->ops->newest(slow, want);
            e->ops->newest(e, out);
            assert_vector(d, out, want, near);
        }
        cc_test_close(run);
    }
    free(rows);
}

/* A window built at once is the window pushed one by one; then pushes go on from its first row. */
static void test_build_then_push(void **state)
{
    enum { M = 4, D = 9, N = 7 };
    double rows[N * D], out[D], want[D];
    (void)state;
    normal_rows(11, N * D, rows);
    cc_run *run = cc_test_run(NULL, 0);
    mfac_engine *pushed = engine(run, MFAC_DYNAMIC, (mfac_spec){.m = M, .d = D, .lambda = .1});
    mfac_engine *built = engine(run, MFAC_DYNAMIC, (mfac_spec){.m = M, .d = D, .lambda = .1});
    mfac_engine *fixed = engine(run, MFAC_STATIC, (mfac_spec){.m = M, .d = D, .lambda = .1});
    for (size_t i = 0; i < M; i++) assert_int_equal(mfac_push(pushed, rows + i * D), CC_OK);
    assert_int_equal(mfac_build(built, rows), CC_OK);
    for (size_t i = M; i < N; i++) {
        assert_int_equal(mfac_push(pushed, rows + i * D), CC_OK);
        assert_int_equal(mfac_push(built, rows + i * D), CC_OK);
        assert_int_equal(mfac_build(fixed, rows + (i + 1 - M) * D), CC_OK);
        fixed->ops->newest(fixed, want);
        pushed->ops->newest(pushed, out);
        assert_vector(D, out, want, 1e-13);
        built->ops->newest(built, out);
        assert_vector(D, out, want, 1e-13);
    }
    cc_test_close(run);
}

/* More gradients than coordinates, and a small lambda: the last pivots are a millionth of the first. The tables lose no more digits
 * than the subtraction from x / lambda costs anyway. With multipliers that are not those of the tables: 9e-9, 3e-10. */
static void test_small_pivots(void **state)
{
    enum { M = 64, D = 50, UPDATES = 400 };
    double rows[UPDATES * D], f[D * D], out[D], want[D], worst = 0, mean = 0;
    (void)state;
    normal_rows(13, UPDATES * D, rows);
    cc_run *run = cc_test_run(NULL, 0);
    mfac_engine *e = engine(run, MFAC_TRIANGULAR, (mfac_spec){.m = M, .d = D, .lambda = 1e-5});
    for (size_t t = 0; t < UPDATES; t++) {
        const double *g = rows + t * D;
        double wrong = 0;
        assert_int_equal(mfac_push(e, g), CC_OK);
        if (t < M) continue;
        memset(f, 0, sizeof f);
        for (size_t i = t + 1 - M; i <= t; i++) cc_syr(D, 1. / M, rows + i * D, f);
        for (size_t j = 0; j < D; j++) f[j * D + j] += 1e-5;
        assert_int_equal(cc_potrf(D, f), 0);
        memcpy(want, g, sizeof want);
        cc_potrs(D, f, want);
        e->ops->newest(e, out);
        for (size_t j = 0; j < D; j++) wrong += (out[j] - want[j]) * (out[j] - want[j]);
        const double error = sqrt(wrong) / cc_norm(D, want);
        worst = fmax(worst, error), mean += error / (UPDATES - M);
    }
    assert_true(worst < 1e-9 && mean < 1e-10);
    cc_test_close(run);
}

/* ---- what is spent ---- */

static uint64_t spent(mfac_engine *e, uint64_t *before)
{
    const uint64_t flops = e->bill.flops - *before;
    *before = e->bill.flops;
    return flops;
}

static void test_bill(void **state)
{
    enum { M = 7, D = 40 };
    double rows[M * D], out[D];
    uint64_t at = 0;
    (void)state;
    normal_rows(1, M * D, rows);
    cc_run *run = cc_test_run(NULL, 0);
    mfac_engine *e = engine(run, MFAC_RECURSION, (mfac_spec){.m = M, .d = D, .lambda = 1});
    assert_int_equal(mfac_build(e, rows), CC_OK);
    assert_int_equal(spent(e, &at), 2 * D * M * (M - 1) + 3 * D * M + M * (M + 1) / 2);
    e->ops->product(e, rows, out);
    assert_int_equal(spent(e, &at), 4 * D * M + D + M);
    e->ops->element(e, 3, 5);
    assert_int_equal(spent(e, &at), 3 * M);
    e->ops->diagonal(e, out);
    assert_int_equal(spent(e, &at), 3 * M * D);
    e->ops->column(e, 3, out);
    assert_int_equal(spent(e, &at), 2 * D * M + M);
    e->ops->newest(e, out);
    assert_int_equal(spent(e, &at), D + 1);
    assert_int_equal(e->bill.words, D * M + M);
    e = engine(run, MFAC_STATIC, (mfac_spec){.m = M, .d = D, .lambda = 1}), at = 0;
    assert_int_equal(mfac_build(e, rows), CC_OK);
    assert_int_equal(spent(e, &at), D * M * (M + 1) + M + M * (M + 1) * (2 * M + 1) / 6 + M * (M * M + 2) / 3 + D * M * M);
    e->ops->product(e, rows, out);
    assert_int_equal(spent(e, &at), 4 * D * M + D);
    e->ops->element(e, 3, 5);
    assert_int_equal(spent(e, &at), 2 * M + 2);
    e->ops->column(e, 3, out);
    assert_int_equal(spent(e, &at), 2 * M * D + 1);
    e->ops->newest(e, out);
    assert_int_equal(spent(e, &at), D);
    assert_int_equal(e->bill.words, D * M + M * M + M + 1 + 16 * (D + 6 + M));
    e = engine(run, MFAC_STATIC, (mfac_spec){.m = M, .d = D, .lambda = 1, .storage = MFAC_FLOAT}); /* two floats count as one */
    assert_int_equal(e->bill.words, D * M / 2 + D / 2 + D / 2 + M * M + M + 1 + 16 * (D + 6) + 32 * M / 2);
    e = engine(run, MFAC_DYNAMIC, (mfac_spec){.m = M, .d = D, .lambda = 1}), at = 0;
    assert_int_equal(mfac_push(e, rows), CC_OK);
    assert_int_equal(spent(e, &at), 2 * D * M + M * (M + 1) / 2 + M + M * (M + 1) * (2 * M + 1) / 6);
    e->ops->product(e, rows, out);
    assert_int_equal(spent(e, &at), 4 * D * M + 2 * M * M + D);
    e->ops->newest(e, out);
    assert_int_equal(spent(e, &at), 2 * D * M + 2 * M * M);
    assert_int_equal(e->bill.words, D * M + 2 * M * M + M);
    e = engine(run, MFAC_TRIANGULAR, (mfac_spec){.m = M, .d = D, .lambda = 1}), at = 0;
    for (size_t i = 0; i < M; i++) assert_int_equal(mfac_push(e, rows + i * D), CC_OK);
    (void)spent(e, &at);
    e->ops->product(e, rows, out);
    assert_int_equal(spent(e, &at), 4 * D * M + 3 * M * M + D);
    assert_int_equal(mfac_push(e, rows), CC_OK); /* row 0: all of B anew */
    assert_int_equal(spent(e, &at), 2 * D * M + M * (M - 1) * (2 * M - 1) / 3 + M * (5 * M + 1) / 2);
    assert_int_equal(e->bill.words, D * M + 3 * M * M + 3 * M);
    e = engine(run, MFAC_DENSE, (mfac_spec){.m = M, .d = D, .lambda = 1}), at = 0;
    assert_int_equal(mfac_build(e, rows), CC_OK);
    assert_int_equal(spent(e, &at), M * (3 * D * D + 4 * D + 3));
    assert_int_equal(e->bill.words, D * D + 2 * D);
    cc_test_close(run);
}

/* ---- what is refused ---- */

static void refused(cc_run *run, mfac_kind kind, mfac_spec spec, const char *word)
{
    mfac_engine *e;
    assert_int_equal(mfac_create(run, kind, &spec, &e), CC_EINVAL);
    if (!strstr(cc_test_message(run), word)) fail_msg("'%s' does not say '%s'", cc_test_message(run), word);
}

static void test_refused(void **state)
{
    double g[2] = {1, NAN}, h[4] = {1, 0, 0, INFINITY};
    (void)state;
    cc_run *run = cc_test_run(NULL, 0);
    refused(run, MFAC_STATIC, (mfac_spec){.m = 0, .d = 2, .lambda = 1}, "m=0");
    refused(run, MFAC_STATIC, (mfac_spec){.m = 2, .d = 0, .lambda = 1}, "R^0");
    refused(run, MFAC_STATIC, (mfac_spec){.m = 2, .d = 2, .lambda = 0}, "lambda=0");
    refused(run, MFAC_DYNAMIC, (mfac_spec){.m = 2, .d = 2, .lambda = -1}, "lambda=-1");
    refused(run, MFAC_DYNAMIC, (mfac_spec){.m = 2, .d = 2, .lambda = INFINITY}, "lambda=inf");
    refused(run, MFAC_DENSE, (mfac_spec){.m = 2, .d = 2, .lambda = NAN}, "lambda=");
    refused(run, MFAC_DYNAMIC, (mfac_spec){.m = 1024, .d = SIZE_MAX / 2048, .lambda = 1}, "address");
    refused(run, MFAC_STATIC, (mfac_spec){.m = 1, .d = (size_t)1 << 31, .lambda = 1}, "too large");
    refused(run, MFAC_RECURSION, (mfac_spec){.m = 2, .d = 2, .lambda = 1, .storage = MFAC_FLOAT}, "double only");
    refused(run, MFAC_TRIANGULAR, (mfac_spec){.m = 2, .d = 2, .lambda = 1, .storage = MFAC_FLOAT}, "double only");
    refused(run, MFAC_DENSE, (mfac_spec){.m = 2, .d = 2, .lambda = 1, .storage = MFAC_FLOAT}, "double only");
    mfac_engine *e = engine(run, MFAC_DYNAMIC, (mfac_spec){.m = 2, .d = 2, .lambda = 1});
    assert_int_equal(mfac_push(e, g), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "gradient 0 has"));
    e = engine(run, MFAC_STATIC, (mfac_spec){.m = 2, .d = 2, .lambda = 1});
    assert_int_equal(mfac_build(e, h), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "gradient 1 has inf at coordinate 1"));
    h[3] = 1e200; /* finite, but its square is not */
    assert_int_equal(mfac_build(e, h), CC_ENUMERIC);
    cc_test_close(run);
}

/* An engine asked for what it cannot do says so, and a script that is over stays over. */
static void test_clerk(void **state)
{
    (void)state;
    cc_run *run = cc_test_start("mfac.dynamic", "ihvp.batch(d=5,m=3)", 0);
    assert_int_equal(cc_test_steps(run, 5), CC_OK);
    assert_true(cc_test_metric(run, "error", NULL) < 1e-13);
    assert_int_equal(cc_test_step(run), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "the dynamic engine cannot give the diagonal"));
    cc_test_close(run);
    run = cc_test_start("mfac.static", "ihvp.stream(d=5,m=3)", 0);
    assert_int_equal(cc_test_step(run), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "the static engine cannot replace a gradient"));
    cc_test_close(run);
    run = cc_test_start("mfac.triangular", "ihvp.batch(d=5,m=3)", 0);
    assert_int_equal(cc_test_step(run), CC_EINVAL);
    assert_non_null(strstr(cc_test_message(run), "the triangular engine cannot take a window"));
    cc_test_close(run);
    run = cc_test_start("mfac.static(block=3)", "ihvp.batch(d=5,m=3)", 0);
    assert_int_equal(cc_test_steps(run, 100), CC_DONE);
    cc_test_close(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rational),        cmocka_unit_test(test_rational_dynamic),
        cmocka_unit_test(test_window),          cmocka_unit_test(test_published),
        cmocka_unit_test(test_blocks),          cmocka_unit_test(test_float),
        cmocka_unit_test(test_build_then_push), cmocka_unit_test(test_bill),
        cmocka_unit_test(test_refused),         cmocka_unit_test(test_clerk),
        cmocka_unit_test(test_small_pivots),    cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
