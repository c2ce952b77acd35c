/* The multilayer perceptron against values computed by reverse-over-reverse differentiation (PyTorch 1.13, double precision). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/core/scope.h"
#include "harness/numerics/linalg.h"
#include "harness/test/mlp_net.h"

static void assert_close(double is, double should, double tolerance)
{
    if (!(fabs(is - should) <= tolerance)) fail_msg("%.15g, not %.15g (off by %g)", is, should, is - should);
}

/* ---- the net 3-4-2 of five examples ---- */

typedef struct known {
    cc_phi_kind phi;
    double loss, grad_sum, grad_square, grad[3], hv_sum, hv_square, hv[2], vhv, gv_sum, gv_square, norm[5], trace_h, trace_g;
    size_t rank_h, rank_g;
    double h[17], g[5]; /* nonzero eigenvalues */
} known;

static const known known_nets[] = {
    {CC_PHI_TANH,
     .80468533662432,
     -.131583495161,
     .368786494909,
     {-.014748031209, .026358612965, .055068389596},
     -1.304444550290,
     1.268295035180,
     {-.089805587679, -.036822042058},
     .9651661363538,
     -.438642847785,
     .142178937309,
     {1.306203985779, 2.500299889397, 2.319243053013, 1.313960467025, 2.486836186128},
     1.449013862842,
     1.609622932961,
     17,
     5,
     {-.5160826489782, -.4919994454819, -.4151392540681, -.3172281497237, -.1497973610145, -.07236760106562, -.04890560288890,
      -.03145347584141, .002462908960394, .01936626141502, .1718094519437, .1946221672931, .3354609438774, .4389037865009,
      .5084013053415, .6163360285742, 1.204624547998},
     {3.825676507217e-6, 1.324242890885e-5, .1185853082038, .3434838407892, 1.147536715863}},
    {CC_PHI_RELU,
     .94288396817503,
     .094438551473,
     .609955442025,
     {-.059964264824, .013792702505, .081062746329},
     -.271628798245,
     1.001290712309,
     {-.086058176834, .036867736736},
     1.2562212543318,
     -.065634952650,
     .057913652046,
     {1.156293129913, 2.547992560118, 5.506472962122, 1.157955459227, 2.526665538596},
     1.585468281448,
     1.585468281448,
     13,
     5,
     {-.6613975645749, -.4581463846393, -.3985111127762, -.3950052012208, 9.670557181953e-7, 1.309179845243e-5, .02459191300598,
      .05143528413122, .3128675703914, .4101584947795, .5571906633694, .8388624729461, 1.303408087181},
     {3.423007852598e-6, 2.196714672816e-5, .1487985680567, .2830969098056, 1.153547413431}},
    {CC_PHI_SOFTPLUS,
     1.14897795053207,
     .035620822258,
     1.422870775715,
     {-.030477436056, .019554783250, .060390082441},
     .035442626828,
     .619775636166,
     {-.072124990480, -.004120030701},
     .9036400771879,
     .030539450308,
     .042105537336,
     {.507618283679, 5.467623315660, 8.453915459969, .510513971194, 5.439738956341},
     1.817877055904,
     1.546544936244,
     17,
     5,
     {-.4662721332952, -.3929361641752, -.3054806574186, -.2418649932714, -.03318072053449, -.02970299514673, -.008103745894140,
      -.004701178892257, .01170375120716, .01670665631621, .07776205420528, .1013286221341, .1626102421264, .3586049802121,
      .4531026527554, .6154378115720, 1.502862874004},
     {3.610446781484e-7, 2.558417178026e-6, .03963076771867, .1637419536723, 1.343169295391}},
};

static void assert_sums(const double *x, double sum, double square)
{
    double s = 0, q = 0;
    for (size_t i = 0; i < 26; i++) s += x[i], q += x[i] * x[i];
    assert_close(s, sum, 2e-12);
    assert_close(q, square, 2e-12);
}

/* Eigenvalues that are not 0, in order. */
static void assert_eigenvalues(double *a, size_t rank, const double *nonzero)
{
    double lambda[26];
    assert_int_equal(cc_syev(26, a, 0, lambda), 0);
    size_t found = 0;
    for (size_t i = 0; i < 26; i++)
        if (fabs(lambda[i]) > 1e-9) {
            assert_true(found < rank);
            assert_close(lambda[i], nonzero[found++], 2e-12);
        }
    assert_int_equal(found, rank);
}

static void known_derivatives(const known *k)
{
    net_case c = net_3_4_2((cc_phi){k->phi});
    double loss, g[26], v[26], hv[26], gv[26], sq[5], h[26 * 26];
    sequence(26, .9, .37, 1, v);
    assert_int_equal(cc_mlp_grad(c.work, c.w, &c.batch, &loss, g), CC_OK);
    assert_close(loss, k->loss, 2e-14);
    assert_sums(g, k->grad_sum, k->grad_square);
    for (int i = 0; i < 3; i++) assert_close(g[i], k->grad[i], 1e-12);
    assert_int_equal(cc_mlp_example_sqnorms(c.work, c.w, &c.batch, sq), CC_OK);
    for (int i = 0; i < 5; i++) assert_close(sq[i], k->norm[i], 1e-12);
    assert_int_equal(cc_mlp_at(c.work, c.w, &c.batch), CC_OK);
    assert_int_equal(cc_mlp_product(c.work, CC_MLP_HESSIAN, 1, v, hv), CC_OK);
    assert_sums(hv, k->hv_sum, k->hv_square);
    for (int i = 0; i < 2; i++) assert_close(hv[i], k->hv[i], 1e-12);
    assert_close(cc_dot(26, v, hv), k->vhv, 2e-13);
    assert_int_equal(cc_mlp_product(c.work, CC_MLP_GGN, 1, v, gv), CC_OK);
    assert_sums(gv, k->gv_sum, k->gv_square);
    for (int kind = 0; kind < 2; kind++) {
        assert_int_equal(cc_mlp_matrix(c.work, kind ? CC_MLP_GGN : CC_MLP_HESSIAN, h), CC_OK);
        double trace = 0;
        for (size_t i = 0; i < 26; i++) trace += h[i * 27];
        assert_close(trace, kind ? k->trace_g : k->trace_h, 2e-12);
        assert_eigenvalues(h, kind ? k->rank_g : k->rank_h, kind ? k->g : k->h);
    }
    leave(&c);
}

static void a_small_net_is_known(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) known_derivatives(&known_nets[i]);
}

/* Logits that would overflow: a net of one layer that is the identity. */
static void large_logits_do_not_overflow(void **unused)
{
    (void)unused;
    cc_run scope;
    cc_scope_open(&scope, CC_ROLE_RUN, 0, 0);
    cc_mlp net;
    cc_mlp_work *work;
    const double x[] = {1000, 999, -1000, 1000}, w[] = {1, 0, 0, 1};
    const int label[] = {1, 0};
    const size_t width[] = {2, 2};
    double each[2], sum;
    cc_batch batch = {.rows = 2, .n = 2, .x = x, .label = label, .scale = 1};
    assert_int_equal(cc_mlp_shape(&scope, &net, 1, width, (cc_phi){CC_PHI_IDENTITY}, 0), CC_OK);
    assert_int_equal(cc_mlp_work_new(&scope, &net, 1, 0, &work), CC_OK);
    assert_int_equal(cc_mlp_losses(work, w, &batch, each), CC_OK);
    assert_close(each[0], 1.31326168751822, 1e-13);
    assert_close(each[1], 2000, 0);
    assert_int_equal(cc_mlp_loss(work, w, &batch, &sum), CC_OK);
    assert_close(sum, 2001.31326168751822, 1e-12);
    cc_scope_close(&scope);
}

/* ---- what holds of every net ---- */

static const cc_phi phis[] = {{CC_PHI_TANH}, {CC_PHI_SIGMOID},   {CC_PHI_SOFTPLUS}, {CC_PHI_GELU},
                              {CC_PHI_SIN},  {CC_PHI_ELU, 1},    {CC_PHI_SQUARE},   {CC_PHI_IDENTITY},
                              {CC_PHI_RELU}, {CC_PHI_LEAKY, .1}, {CC_PHI_ABS}};
enum { SMOOTH = 5, PHIS = sizeof phis / sizeof *phis }; /* the first are smooth */

typedef void (*property)(net_case *c);

/* Nets 7-6-5-3 of 23 examples with every loss, some activations, with weights, biases and a work space of several passes or not. */
static void for_each_net(size_t n_phis, property holds)
{
    for (size_t k = 0; k < n_phis; k++)
        for (int loss = 0; loss < LOSSES; loss++) {
            net_case c = net_7_6_5_3(phis[k], loss, (k + (size_t)loss) % 3 ? 23 : 8);
            holds(&c);
            leave(&c);
        }
}

static double along(net_case *c, double h, double *g)
{
    double loss, *w = numbers(c->m);
    for (size_t i = 0; i < c->m; i++) w[i] = c->w[i] + h * c->v[i];
    assert_int_equal(cc_mlp_grad(c->work, w, &c->batch, &loss, g), CC_OK);
    free(w);
    return loss;
}

/* The remainders of Taylor's series of order 1 and 2 fall as h^2 and h^3. */
static void taylor(net_case *c)
{
    double *g = numbers(c->m), *hv = numbers(c->m), base = along(c, 0, g), slope = cc_dot(c->m, g, c->v), last[2] = {0};
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, hv), CC_OK);
    double bend = cc_dot(c->m, hv, c->v);
    for (int k = 6; k <= 10; k++) {
        double h = ldexp(1, -k), off = along(c, h, NULL) - base - h * slope, rest[2] = {off, off - h * h / 2 * bend};
        for (int order = 0; order < 2; order++) {
            if (k > 6 && fabs(rest[order]) > 1e-12)
                assert_close(log2(fabs(last[order] / rest[order])), 2 + order, .1 + .05 * order);
            last[order] = rest[order];
        }
    }
    free(g), free(hv);
}

static void remainders_fall_as_they_must(void **unused)
{
    (void)unused;
    for_each_net(SMOOTH, taylor);
}

static void differences(net_case *c)
{
    const double h = 1e-5;
    double *g = numbers(c->m), *hv = numbers(c->m), *up = numbers(c->m), *down = numbers(c->m);
    double loss = along(c, 0, g), slope = cc_dot(c->m, g, c->v), fd = (along(c, h, up) - along(c, -h, down)) / (2 * h);
    assert_close(fd, slope, 1e-8 * fmax(1, fmax(fabs(loss), fabs(slope))));
    double half = (along(c, h / 2, up) - along(c, -h / 2, down)) / h;
    assert_close((4 * half - fd) / 3, slope, 1e-9 * fmax(1, fmax(fabs(loss), fabs(slope))));
    along(c, h, up), along(c, -h, down);
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, hv), CC_OK);
    double size = cc_norm(c->m, hv);
    for (size_t i = 0; i < c->m; i++) up[i] = (up[i] - down[i]) / (2 * h) - hv[i];
    assert_true(cc_norm(c->m, up) <= 1e-7 * (1 + size));
    free(g), free(hv), free(up), free(down);
}

static void central_differences_agree(void **unused)
{
    (void)unused;
    for_each_net(PHIS, differences);
}

static void symmetric_and_linear(net_case *c)
{
    size_t m = c->m;
    double *u = numbers(4 * m), *out = numbers(4 * m);
    cc_copy(m, c->v, u);
    for (size_t i = 0; i < m; i++) {
        u[m + i] = sin(1 + 1.7 * (double)i);
        u[2 * m + i] = 2 * c->v[i];
        u[3 * m + i] = c->v[i] - 3 * u[m + i];
    }
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    for (int kind = CC_MLP_HESSIAN; kind <= CC_MLP_FISHER; kind++) {
        for (size_t k = 0; k < 4; k++)
            assert_int_equal(cc_mlp_product(c->work, (cc_mlp_curvature)kind, 1, u + k * m, out + k * m), CC_OK);
        double size = cc_norm(m, out) * cc_norm(m, u + m) + cc_norm(m, out + m) * cc_norm(m, u);
        assert_close(cc_dot(m, u + m, out), cc_dot(m, u, out + m), 1e-12 * size);
        if (kind != CC_MLP_HESSIAN) assert_true(cc_dot(m, u, out) > -1e-14 * size);
        for (size_t i = 0; i < m; i++) {
            assert_true(out[2 * m + i] == 2 * out[i]); /* to the bit */
            assert_close(out[3 * m + i], out[i] - 3 * out[m + i], 1e-12 * (cc_norm(m, out) + 3 * cc_norm(m, out + m)));
        }
    }
    free(u), free(out);
}

static void products_are_symmetric_and_linear(void **unused)
{
    (void)unused;
    for_each_net(PHIS, symmetric_and_linear);
}

/* scale sum weight_i J_i' A_i J_i with the Jacobian's rows, and A_i from central differences of the loss's gradient in the outputs.
 */
static void gauss_newton(net_case *c)
{
    size_t m = c->m, k = c->net.width[c->net.layers];
    double *j = numbers(c->batch.n * k * m), *g = numbers(m * m), *should = numbers(m * m), scale = cc_mlp_scale_of(&c->batch);
    assert_int_equal(cc_mlp_jacobian(c->work, c->w, &c->batch, j), CC_OK);
    for (size_t i = 0; i < c->batch.n; i++) {
        double a[9];
        loss_curvature(c, i, a);
        for (size_t p = 0; p < k; p++)
            for (size_t q = 0; q < k; q++)
                cc_ger(m, m, scale * weight_of(&c->batch, i) * a[p * k + q], j + (i * k + p) * m, j + (i * k + q) * m, should);
    }
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_matrix(c->work, CC_MLP_GGN, g), CC_OK);
    const double size = fmax(1, cc_norm(m * m, should));
    for (size_t i = 0; i < m * m; i++) assert_close(g[i], should[i], 1e-12 * size);
    free(j), free(g), free(should);
}

static void gauss_newton_is_its_definition(void **unused)
{
    (void)unused;
    for_each_net(PHIS, gauss_newton);
}

static void single_examples(net_case *c)
{
    size_t m = c->m, n = c->batch.n;
    double *rows = numbers(n * m), *g = numbers(m), *sum = numbers(m), *fisher = numbers(m * m), *should = numbers(m * m);
    double sq[32], dots[32], each[32], loss, total = 0, scale = cc_mlp_scale_of(&c->batch);
    assert_int_equal(cc_mlp_grad(c->work, c->w, &c->batch, &loss, g), CC_OK);
    assert_int_equal(cc_mlp_example_grads(c->work, c->w, &c->batch, rows), CC_OK);
    assert_int_equal(cc_mlp_example_sqnorms(c->work, c->w, &c->batch, sq), CC_OK);
    assert_int_equal(cc_mlp_example_dots(c->work, c->w, &c->batch, c->v, dots), CC_OK);
    assert_int_equal(cc_mlp_losses(c->work, c->w, &c->batch, each), CC_OK);
    for (size_t i = 0; i < n; i++) {
        double share = scale * weight_of(&c->batch, i);
        cc_axpy(m, share, rows + i * m, sum);
        cc_ger(m, m, share, rows + i * m, rows + i * m, should);
        total += share * each[i];
        double norm = cc_norm(m, rows + i * m);
        assert_close(sq[i], norm * norm, 1e-12 * fmax(1, norm * norm));
        assert_close(dots[i], cc_dot(m, rows + i * m, c->v), 1e-12 * fmax(1, norm));
    }
    assert_close(loss, total, 1e-13 * fmax(1, fabs(total)));
    for (size_t i = 0; i < m; i++) assert_close(sum[i], g[i], 1e-13 * fmax(1, cc_norm(m, g)));
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_matrix(c->work, CC_MLP_FISHER, fisher), CC_OK);
    const double size = fmax(1, cc_norm(m * m, should));
    for (size_t i = 0; i < m * m; i++) assert_close(fisher[i], should[i], 1e-12 * size);
    free(rows), free(g), free(sum), free(fisher), free(should);
}

static void single_examples_add_up(void **unused)
{
    (void)unused;
    for_each_net(PHIS, single_examples);
}

/* |H_i v|^2 against products of batches of one example. */
static void single_products(net_case *c)
{
    double sq[32], *hv = numbers(c->m);
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, hv), CC_OK);
    double before = cc_norm(c->m, hv);
    assert_int_equal(cc_mlp_example_hvp_sqnorms(c->work, c->v, sq), CC_OK);
    assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, hv), CC_OK); /* the point is still there */
    assert_true(cc_norm(c->m, hv) == before);
    for (size_t i = 0; i < c->batch.n; i++) {
        size_t id = c->batch.ids ? c->batch.ids[i] : i;
        cc_batch one = c->batch;
        one.n = 1, one.ids = &id, one.weight = NULL, one.scale = 1;
        assert_int_equal(cc_mlp_at(c->work, c->w, &one), CC_OK);
        assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, hv), CC_OK);
        double norm = cc_norm(c->m, hv);
        assert_close(sq[i], norm * norm, 1e-12 * fmax(1, norm * norm));
    }
    free(hv);
}

static void products_of_single_examples(void **unused)
{
    (void)unused;
    for_each_net(PHIS, single_products);
}

static void blocks(net_case *c)
{
    enum { P = 11 }; /* two full blocks of the work space and a part of one */
    size_t m = c->m;
    double *v = numbers(P * m), *together = numbers(P * m), *one = numbers(m);
    for (size_t i = 0; i < P * m; i++)
        v[i] = i / m % 4 == 1 && i % m > 20 ? 0 : cos(.3 + .7 * (double)i); /* some are partly zero */
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    for (int kind = CC_MLP_HESSIAN; kind <= CC_MLP_FISHER; kind++) {
        assert_int_equal(cc_mlp_product(c->work, (cc_mlp_curvature)kind, P, v, together), CC_OK);
        for (size_t k = 0; k < P; k++) {
            assert_int_equal(cc_mlp_product(c->work, (cc_mlp_curvature)kind, 1, v + k * m, one), CC_OK);
            for (size_t i = 0; i < m; i++) assert_close(together[k * m + i], one[i], 1e-13 * fmax(1, cc_norm(m, one)));
        }
    }
    free(v), free(together), free(one);
}

static void a_block_is_its_single_products(void **unused)
{
    (void)unused;
    for_each_net(PHIS, blocks);
}

/* A unit vector at a time: the order of products, gradients and rows is the same; what is zero is left out rightly. */
static void one_hot(net_case *c)
{
    size_t m = c->m;
    double *h = numbers(m * m), *v = numbers(m), *hv = numbers(m), *g = numbers(m), *away = numbers(m);
    double slope;
    along(c, 0, g);
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_matrix(c->work, CC_MLP_HESSIAN, h), CC_OK);
    cc_gemv(m, m, 1, h, c->v, 0, v);
    assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, hv), CC_OK);
    for (size_t i = 0; i < m; i++) assert_close(hv[i], v[i], 1e-12 * fmax(1, cc_norm(m, v)));
    memset(v, 0, m * sizeof *v);
    double *direction = c->v;
    c->v = v;
    for (size_t i = 0; i < m; i++) {
        v[i] = 1;
        slope = (along(c, 1e-5, hv) - along(c, -1e-5, away)) / 2e-5;
        assert_close(slope, g[i], 1e-8 * fmax(1, fabs(g[i])));
        for (size_t j = 0; j < m; j++) assert_close((hv[j] - away[j]) / 2e-5, h[i * m + j], 1e-6 * fmax(1, fabs(h[i * m + j])));
        v[i] = 0;
    }
    c->v = direction;
    free(h), free(v), free(hv), free(g), free(away);
}

static void every_entry_is_in_its_place(void **unused)
{
    (void)unused;
    for_each_net(3, one_hot);
}

/* Jacobian rows, tangents of outputs and their adjoint say the same. */
static void jacobian(net_case *c)
{
    size_t m = c->m, k = c->net.width[c->net.layers], n = c->batch.n;
    double *j = numbers(n * k * m), *r = numbers(3 * n * k), *v = numbers(3 * m), *g = numbers(m), *should = numbers(m);
    double *zb = numbers(n * k);
    for (size_t i = 0; i < 3 * m; i++) v[i] = sin(.2 + .9 * (double)i);
    for (size_t i = 0; i < n * k; i++) zb[i] = cos(.5 * (double)i);
    assert_int_equal(cc_mlp_jacobian(c->work, c->w, &c->batch, j), CC_OK);
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_jvp(c->work, 3, v, r), CC_OK);
    for (size_t i = 0; i < n; i++)
        for (size_t q = 0; q < 3; q++)
            for (size_t o = 0; o < k; o++)
                assert_close(r[(i * 3 + q) * k + o], cc_dot(m, j + (i * k + o) * m, v + q * m), 1e-12 * (double)m);
    assert_int_equal(cc_mlp_vjp(c->work, zb, g), CC_OK);
    cc_gemv_t(n * k, m, 1, j, zb, 0, should);
    for (size_t i = 0; i < m; i++) assert_close(g[i], should[i], 1e-12 * fmax(1, cc_norm(m, should)));
    free(j), free(r), free(v), free(g), free(should), free(zb);
}

static void jacobians_and_their_products(void **unused)
{
    (void)unused;
    for_each_net(PHIS, jacobian);
}

/* The adjoint of outputs leaves the point: a product afterwards is the same. */
static void points_survive(net_case *c)
{
    double *before = numbers(c->m), *after = numbers(c->m), *zb = numbers(c->batch.n * 3);
    zb[0] = 1;
    assert_int_equal(cc_mlp_at(c->work, c->w, &c->batch), CC_OK);
    assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, before), CC_OK);
    assert_int_equal(cc_mlp_vjp(c->work, zb, after), CC_OK);
    assert_int_equal(cc_mlp_product(c->work, CC_MLP_HESSIAN, 1, c->v, after), CC_OK);
    assert_memory_equal(before, after, c->m * sizeof *before);
    free(before), free(after), free(zb);
}

static void a_point_stays_until_it_is_left(void **unused)
{
    (void)unused;
    for_each_net(PHIS, points_survive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_net_is_known),
        cmocka_unit_test(large_logits_do_not_overflow),
        cmocka_unit_test(remainders_fall_as_they_must),
        cmocka_unit_test(central_differences_agree),
        cmocka_unit_test(products_are_symmetric_and_linear),
        cmocka_unit_test(gauss_newton_is_its_definition),
        cmocka_unit_test(single_examples_add_up),
        cmocka_unit_test(products_of_single_examples),
        cmocka_unit_test(a_block_is_its_single_products),
        cmocka_unit_test(every_entry_is_in_its_place),
        cmocka_unit_test(jacobians_and_their_products),
        cmocka_unit_test(a_point_stays_until_it_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
