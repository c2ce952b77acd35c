/* algorithms/18_hessian_spectrum/bench.c: gradient, product, whole Hessian and its five largest eigenvalues, of 49-h-h-10 on 1000
 * examples, over h. */
#include "algorithms/18_hessian_spectrum/bench.h"

#include <math.h>
#include <stdio.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "problems/smooth/smooth.h"

typedef struct bench {
    cc_run *run;
    size_t d;
    double *w, *g, *h;
} bench;

static int start(cc_loop *loop, bench *b, int whole)
{
    char problem[128];
    const int h = (int)cc_loop_arg(loop, 0);
    snprintf(problem, sizeof problem, "smooth.net(data=clusters,inputs=49,outputs=10,n=1000,hidden=%d-%d,phi=relu,start=he)", h, h);
    b->run = cc_loop_run(loop, problem);
    if (!b->run) return 0;
    b->d = smooth_dim(b->run);
    b->w = cc_alloc(b->run, b->d, sizeof *b->w), b->g = cc_alloc(b->run, b->d, sizeof *b->g);
    b->h = cc_alloc(b->run, whole ? b->d * b->d : b->d, sizeof *b->h);
    if (b->w && b->g && b->h && smooth_start(b->run, b->w) == CC_OK && smooth_grad(b->run, b->w, b->g) == CC_OK) return 1;
    cc_loop_skip(loop, "no memory");
    return 0;
}

static void gradient(cc_loop *loop)
{
    bench b;
    if (!start(loop, &b, 0)) return;
    while (cc_loop_next(loop)) {
        b.w[0] += 1e-9; /* a new point: the pass is made again */
        smooth_grad(b.run, b.w, b.g);
    }
}

static void product(cc_loop *loop)
{
    bench b;
    if (!start(loop, &b, 0)) return;
    while (cc_loop_next(loop)) smooth_hvp(b.run, SMOOTH_EXACT, b.w, b.g, b.h);
}

static void whole(cc_loop *loop)
{
    bench b;
    if (!start(loop, &b, 1)) return;
    while (cc_loop_next(loop)) smooth_hess(b.run, SMOOTH_EXACT, b.w, b.h);
}

enum { PAIRS = 5 };

/* Lanczos' method to residuals of a ten thousandth of the largest value. */
static void lanczos(cc_loop *loop)
{
    bench b;
    cc_lanczos l;
    if (!start(loop, &b, 0) || cc_lanczos_new(b.run, b.d, 200, &l) != CC_OK) return;
    hessian_at at = {b.run, b.w};
    const cc_linop H = hessian_operator(&at);
    double worst = 0;
    while (cc_loop_next(loop)) {
        cc_lanczos_start(&l, b.g);
        do {
            cc_lanczos_steps(&l, &H, PAIRS);
            cc_lanczos_ritz(&l);
            worst = 0;
            for (size_t i = 1; i <= PAIRS; i++) worst = fmax(worst, l.residual[l.k - i] / l.theta[l.k - 1]);
        } while (l.k < l.m && worst > 1e-4);
    }
    cc_loop_counter(loop, "products", (double)l.k);
    cc_loop_counter(loop, "residual", worst);
}

/* L-BFGS on the Rayleigh quotient, one after the other, to gradients that give residuals like those. */
static void rayleigh(cc_loop *loop)
{
    bench b;
    if (!start(loop, &b, 0)) return;
    hessian_rayleigh r = {.n = b.d, .pairs = PAIRS, .memory = 10, .flat = 1e-7, .project = 1};
    if (hessian_rayleigh_new(b.run, &r) != CC_OK) return;
    hessian_at at = {b.run, b.w};
    const cc_linop H = hessian_operator(&at);
    while (cc_loop_next(loop)) {
        cc_rng rng = cc_stream(b.run, 0, 0);
        r.found = r.products = 0;
        hessian_rayleigh_start(&r, &H, &rng);
        while (r.found < r.pairs) hessian_rayleigh_step(&r, &H, &rng);
    }
    cc_loop_counter(loop, "products", (double)r.products);
    double worst = 0;
    for (size_t i = 0; i < PAIRS; i++) worst = fmax(worst, r.residual[i] / r.lambda[0]);
    cc_loop_counter(loop, "residual", worst);
}

const cc_bench hessian_benches[] = {
    {"gradient", gradient, "10 20 40", NULL},
    {"Hessian times a vector", product, "10 20 40", NULL},
    {"Hessian", whole, "10 20", NULL},
    {"five largest eigenvalues, Lanczos", lanczos, "10 20", NULL},
    {"five largest eigenvalues, Rayleigh quotients", rayleigh, "10 20", NULL},
    {0},
};
