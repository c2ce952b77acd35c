/* problems/smooth/mf.c: factorising a map, f(W1, W2) = (1/n) |X W1' W2' - Y|_F^2, a network of two layers without phi and bias.
 *
 * X (1000 x 6) normal, Y = X A', A (10 x 6) a random matrix whose rows are scaled from 1 to 1e-10. Over maps of rank k the minimum
 * is sum_{j > k} s_j^2, s the singular values of A L, L L' = X'X/n (Eckart, Young 1936), and every local minimum is global. */
#include <math.h>

#include "harness/numerics/linalg.h"
#include "problems/smooth/network.h"
#include "problems/splitmix.h"

enum { ROWS = 1000, IN = 6, OUT = 10, STREAM_START = 0 };

/* A, X, then Y = X A'. */
static void generate(uint64_t seed, double *a, double *x, double *y)
{
    uint64_t stream = seed;
    for (size_t i = 0; i < OUT; i++) {
        const double scale = 1 + (double)i * (1e-10 - 1) / (OUT - 1);
        for (size_t j = 0; j < IN; j++) a[i * IN + j] = scale * cc_sm64_uniform(&stream);
    }
    for (size_t i = 0; i < ROWS * IN; i++) x[i] = cc_sm64_normal(&stream);
    cc_gemm(0, 1, ROWS, OUT, IN, 1, x, a, 0, y);
}

static cc_status least(cc_run *scope, const double *a, const double *x, size_t k, double *f_star)
{
    double gram[IN * IN], al[OUT * IN], s[IN];
    cc_syrk_t(ROWS, IN, 1. / ROWS, x, 0, gram);
    if (cc_potrf(IN, gram)) return cc_fail(scope, CC_ENUMERIC, "mf: X'X is not positive definite");
    for (size_t i = 0; i < IN; i++)
        for (size_t j = i + 1; j < IN; j++) gram[i * IN + j] = 0;
    cc_gemm(0, 0, OUT, IN, IN, 1, a, gram, 0, al);
    if (cc_svdvals(OUT, IN, al, s)) return cc_fail(scope, CC_ENUMERIC, "mf: no singular values");
    *f_star = 0;
    for (size_t j = k; j < IN; j++) *f_star += s[j] * s[j];
    return CC_OK;
}

cc_status smooth_mf_create(cc_run *scope, void **instance)
{
    smooth_network *p;
    double *a, *x, *y;
    smooth_facts facts = smooth_unknown();
    CC_NEW(scope, p, 1);
    CC_NEW(scope, a, OUT * IN);
    CC_NEW(scope, x, ROWS * IN);
    CC_NEW(scope, y, ROWS * OUT);
    const size_t width[] = {IN, (size_t)cc_int(scope, "k"), OUT};
    generate(cc_seed(scope), a, x, y);
    CC_TRY(cc_mlp_shape(scope, &p->net, 2, width, (cc_phi){.kind = CC_PHI_IDENTITY}, 0));
    p->data = (cc_batch){.rows = ROWS, .n = ROWS, .x = x, .target = y, .loss = CC_LOSS_SQUARED};
    p->factor = 2; /* the loss has a half */
    CC_TRY(smooth_network_setup(scope, p));
    CC_TRY(smooth_network_start(scope, p, CC_MLP_UNIFORM, STREAM_START));
    CC_TRY(least(scope, a, x, width[1], &facts.f_star));
    facts.convex = 0;
    smooth_network_facts(p, &facts);
    *instance = p;
    return smooth_publish(scope, &p->base, &facts);
}
