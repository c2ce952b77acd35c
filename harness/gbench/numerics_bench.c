/* harness/gbench/numerics_bench.c: the kernels of harness/numerics that papers spend their time in, on data made here. The network
 * is 784-64-64-10 with ReLU and softmax cross-entropy, or a smaller one where a whole matrix is made. */
#include "harness/gbench/gbench.h"
#include "harness/numerics/mlp.h"
#include "harness/numerics/optim.h"

enum { EXAMPLES = 4096 };

typedef struct net {
    cc_run *run;
    cc_mlp mlp;
    cc_mlp_work *work;
    cc_batch data;
    double *w, *g, *v;
} net;

static void must(cc_loop *loop, cc_status status)
{
    if (status != CC_OK) cc_loop_skip(loop, cc_status_name(status));
}

static cc_status new_net(cc_run *run, const char *widths, size_t rows, size_t vectors, net *n)
{
    double *x;
    int *label;
    n->run = run;
    CC_TRY(cc_mlp_parse(run, &n->mlp, widths, (cc_phi){CC_PHI_RELU, 0}, 1));
    CC_TRY(cc_mlp_work_new(run, &n->mlp, rows, vectors, &n->work));
    size_t in = n->mlp.width[0], m = n->mlp.weights, classes = n->mlp.width[n->mlp.layers];
    CC_NEW(run, x, EXAMPLES * in);
    CC_NEW(run, label, EXAMPLES);
    CC_NEW(run, n->w, m);
    CC_NEW(run, n->g, m * (vectors ? vectors : 1));
    CC_NEW(run, n->v, m * (vectors ? vectors : 1));
    cc_rng rng = cc_stream(run, 0, 0);
    for (size_t i = 0; i < EXAMPLES * in; i++) x[i] = cc_uniform(&rng);
    for (size_t i = 0; i < EXAMPLES; i++) label[i] = (int)cc_below(&rng, classes);
    cc_normal(&rng, m * (vectors ? vectors : 1), n->v);
    cc_mlp_init(&n->mlp, CC_MLP_UNIFORM, &rng, n->w);
    n->data = (cc_batch){.rows = EXAMPLES, .n = EXAMPLES, .x = x, .label = label};
    return CC_OK;
}

/* An epoch of stochastic gradient steps over 4096 examples in a new order, in batches of the argument. */
static void epoch(cc_loop *loop, int adam)
{
    size_t b = (size_t)cc_loop_arg(loop, 0), got;
    cc_run *run = cc_loop_run(loop, NULL);
    net n;
    cc_epochs order;
    cc_sgd sgd = {.rate = 1e-3, .momentum = .9};
    cc_adam rule = cc_adam_default();
    must(loop, new_net(run, "784-64-64-10", b, 0, &n));
    must(loop, cc_epochs_new(run, 1, EXAMPLES, b, CC_DROP_LAST, &order));
    must(loop, cc_sgd_new(run, n.mlp.weights, &sgd));
    must(loop, cc_adam_new(run, n.mlp.weights, &rule));
    int64_t seen = 0;
    for (; cc_loop_next(loop); seen += EXAMPLES)
        for (size_t done = 0; done < EXAMPLES; done += b) {
            cc_batch batch = n.data;
            batch.ids = cc_epochs_next(&order, b, &got);
            batch.n = got;
            must(loop, cc_mlp_grad(n.work, n.w, &batch, NULL, n.g));
            if (adam)
                cc_adam_step(&rule, n.g, n.w);
            else
                cc_sgd_step(&sgd, n.g, n.w);
        }
    cc_loop_items(loop, seen);
}

void cc_bench_mlp_sgd(cc_loop *loop) { epoch(loop, 0); }
void cc_bench_mlp_adam(cc_loop *loop) { epoch(loop, 1); }

/* A Hessian product on a kept pass over so many examples, for so many directions together. */
void cc_bench_mlp_hvp(cc_loop *loop)
{
    size_t b = (size_t)cc_loop_arg(loop, 0), p = (size_t)cc_loop_arg(loop, 1);
    net n;
    must(loop, new_net(cc_loop_run(loop, NULL), "784-64-64-10", b, p, &n));
    n.data.n = b;
    must(loop, cc_mlp_at(n.work, n.w, &n.data));
    int64_t done = 0;
    for (; cc_loop_next(loop); done += (int64_t)p) must(loop, cc_mlp_product(n.work, CC_MLP_HESSIAN, p, n.v, n.g));
    cc_loop_items(loop, done);
}

/* The whole Hessian of 64-12-10 (M = 910) over so many examples. */
void cc_bench_mlp_hessian(cc_loop *loop)
{
    size_t b = (size_t)cc_loop_arg(loop, 0);
    cc_run *run = cc_loop_run(loop, NULL);
    net n;
    must(loop, new_net(run, "64-12-10", b, 32, &n));
    n.data.n = b;
    double *h = cc_alloc(run, n.mlp.weights * n.mlp.weights, sizeof *h);
    if (!h) cc_loop_skip(loop, "no memory");
    while (cc_loop_next(loop)) {
        must(loop, cc_mlp_at(n.work, n.w, &n.data));
        must(loop, cc_mlp_matrix(n.work, CC_MLP_HESSIAN, h));
    }
}

/* Gradients of single examples, as rows. */
void cc_bench_mlp_rows(cc_loop *loop)
{
    size_t b = (size_t)cc_loop_arg(loop, 0);
    cc_run *run = cc_loop_run(loop, NULL);
    net n;
    must(loop, new_net(run, "784-64-64-10", b, 0, &n));
    n.data.n = b;
    double *rows = cc_alloc(run, b * n.mlp.weights, sizeof *rows);
    if (!rows) cc_loop_skip(loop, "no memory");
    int64_t done = 0;
    for (; cc_loop_next(loop); done += (int64_t)b) must(loop, cc_mlp_example_grads(n.work, n.w, &n.data, rows));
    cc_loop_items(loop, done);
}
