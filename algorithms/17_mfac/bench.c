/* algorithms/17_mfac/bench.c: the dominating kernels: the set-up of the static algorithm, a step of the dynamic one, products and
 * elements, over d at m = 64 and over m; matrix products of the same size beside them, for the machine's rate. */
#include "algorithms/17_mfac/bench.h"

#include <cblas.h>

#include "algorithms/17_mfac/mfac.h"

typedef struct bench {
    cc_run *run;
    mfac_engine *engine;
    size_t d, m;
    double *rows, *x, *out;
} bench;

static cc_status open_bench(bench *b, mfac_kind kind, mfac_storage storage, size_t d, size_t m)
{
    const mfac_spec spec = {.m = m, .d = d, .lambda = 1e-2, .storage = storage};
    cc_rng rng = cc_stream(b->run, 0, 0);
    b->d = d, b->m = m;
    CC_NEW(b->run, b->rows, m * d);
    CC_NEW(b->run, b->x, d);
    CC_NEW(b->run, b->out, d);
    cc_normal(&rng, m * d, b->rows);
    cc_normal(&rng, d, b->x);
    CC_TRY(mfac_create(b->run, kind, &spec, &b->engine));
    return mfac_build(b->engine, b->rows);
}

static int start(cc_loop *loop, bench *b, mfac_kind kind, mfac_storage storage)
{
    b->run = cc_loop_run(loop, NULL);
    return b->run && open_bench(b, kind, storage, (size_t)cc_loop_arg(loop, 0), (size_t)cc_loop_arg(loop, 1)) == CC_OK;
}

static void build(cc_loop *loop, mfac_kind kind, mfac_storage storage)
{
    bench b;
    if (!start(loop, &b, kind, storage)) return;
    while (cc_loop_next(loop)) b.engine->ops->build(b.engine, b.rows);
}

static void bench_static(cc_loop *loop) { build(loop, MFAC_STATIC, MFAC_DOUBLE); }
static void bench_static_float(cc_loop *loop) { build(loop, MFAC_STATIC, MFAC_FLOAT); }
static void bench_recursion(cc_loop *loop) { build(loop, MFAC_RECURSION, MFAC_DOUBLE); }

/* A step of the optimiser: a gradient replaced, and its product. */
static void step(cc_loop *loop, mfac_storage storage)
{
    bench b;
    if (!start(loop, &b, MFAC_DYNAMIC, storage)) return;
    while (cc_loop_next(loop)) {
        b.engine->ops->push(b.engine, b.x);
        b.engine->ops->newest(b.engine, b.out);
    }
}

static void bench_step(cc_loop *loop) { step(loop, MFAC_DOUBLE); }
static void bench_step_float(cc_loop *loop) { step(loop, MFAC_FLOAT); }

static void product(cc_loop *loop, mfac_storage storage)
{
    bench b;
    if (!start(loop, &b, MFAC_STATIC, storage)) return;
    while (cc_loop_next(loop)) b.engine->ops->product(b.engine, b.x, b.out);
}

static void bench_product(cc_loop *loop) { product(loop, MFAC_DOUBLE); }
static void bench_product_float(cc_loop *loop) { product(loop, MFAC_FLOAT); }

static void bench_element(cc_loop *loop)
{
    bench b;
    double sum = 0;
    if (!start(loop, &b, MFAC_STATIC, MFAC_DOUBLE)) return;
    for (size_t i = 0; cc_loop_next(loop); i = (i + 7919) % b.d) sum += b.engine->ops->element(b.engine, i, b.d - 1 - i);
    cc_loop_counter(loop, "sum", sum);
}

/* 2 d m^2 flops in one dgemm: what the set-up would take at the machine's best. */
static void bench_dgemm(cc_loop *loop)
{
    bench b;
    if (!start(loop, &b, MFAC_STATIC, MFAC_DOUBLE)) return;
    double *square = cc_alloc(b.run, b.m * b.m, sizeof *square);
    while (square && cc_loop_next(loop))
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)b.m, (int)b.m, (int)b.d, 1, b.rows, (int)b.d, b.rows, (int)b.d, 0,
                    square, (int)b.m);
}

const cc_bench mfac_benches[] = {
    {"static_build", bench_static, "10000 32430;64 256", NULL},
    {"static_build_float", bench_static_float, "10000 32430;64 256", NULL},
    {"dgemm_of_its_size", bench_dgemm, "10000 32430;64 256", NULL},
    {"recursion_build", bench_recursion, "10000 40000;64", NULL},
    {"step", bench_step, "32430;64 128 256 512", NULL},
    {"step_float", bench_step_float, "32430;64 128 256 512", NULL},
    {"product", bench_product, "10000 32430;64 256", NULL},
    {"product_float", bench_product_float, "10000 32430;64 256", NULL},
    {"element", bench_element, "1000 10000 100000;64", NULL},
    {0},
};
