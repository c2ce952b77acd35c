/* Numbers that PyTorch 1.13 computed in double precision by double backward, for nets whose weights and data are sines:
 * seq(n, a, b, s)[i] = s sin(a + b i), row-major. "sum" and "sumsq" are over the whole flat vector. */
#include "harness/test/nn_check.h"

typedef struct expected {
    double loss, grad_sum, grad_sumsq, grad[3], hv_sum, hv_sumsq, hv[2], vhv, gv_sum, gv_sumsq;
} expected;

static double sum(size_t n, const double *x)
{
    double total = 0;
    for (size_t i = 0; i < n; i++) total += x[i];
    return total;
}

/* Zeros in `e` are not known and not asked for, except for the loss. */
static void known(const char *what, double value, double e)
{
    if (e != 0) near(what, value, e, 2e-12 * fmax(1, fabs(e)));
}

static void check_loss(nn_tape *t, cc_run *run, nn_node loss, const double *w, const double *v, const expected *e)
{
    size_t m = nn_params(t);
    double value, *g = numbers(m), *hv = numbers(m);
    ok(run, nn_loss_grad(t, loss, w, &value, g));
    near("loss", value, e->loss, 1e-13);
    known("sum g", sum(m, g), e->grad_sum);
    known("sumsq g", dot(m, g, g), e->grad_sumsq);
    for (size_t i = 0; i < 3; i++) known("g", g[i], e->grad[i]);
    ok(run, nn_hvp(t, loss, w, v, hv));
    known("sum Hv", sum(m, hv), e->hv_sum);
    known("sumsq Hv", dot(m, hv, hv), e->hv_sumsq);
    for (size_t i = 0; i < 2; i++) known("Hv", hv[i], e->hv[i]);
    known("vHv", dot(m, v, hv), e->vhv);
    ok(run, nn_ggn_vp(t, loss, w, v, hv));
    known("sum Gv", sum(m, hv), e->gv_sum);
    known("sumsq Gv", dot(m, hv, hv), e->gv_sumsq);
    free(g);
    free(hv);
}

/* Parts of w, one after another: each n numbers of seq. */
static double *parts(size_t count, const double part[][4], double one_at)
{
    size_t m = 0, at = 0;
    for (size_t k = 0; k < count; k++) m += (size_t)part[k][0];
    double *w = numbers(m);
    for (size_t k = 0; k < count; k++) {
        double *s = seq((size_t)part[k][0], part[k][1], part[k][2], part[k][3]);
        for (size_t i = 0; i < (size_t)part[k][0]; i++) w[at++] = s[i] + ((double)k == one_at ? 1 : 0);
        free(s);
    }
    return w;
}

static const int labels5[] = {0, 1, 1, 0, 1};

/* ---- F1: 3-4-2 ---- */

typedef struct mlp {
    cc_run *run;
    nn_tape *t;
    nn_node rows, loss;
    double *x, *w, *v;
} mlp;

static mlp mlp_open(cc_phi_kind kind)
{
    mlp f = {.run = cc_test_run(NULL, 0), .x = seq(15, .1, .7, 1), .w = seq(26, .3, 1.1, .6), .v = seq(26, .9, .37, 1)};
    nn_tape *t = f.t = tape_of(f.run);
    nn_node W = nn_param(t, nn_mat(4, 3)), b = nn_param(t, nn_vec(4)), U = nn_param(t, nn_mat(2, 4)), c = nn_param(t, nn_vec(2));
    nn_node z = nn_dense(t, nn_apply(t, kind, nn_dense(t, nn_input(t, nn_mat(5, 3), f.x), W, b)), U, c);
    f.rows = nn_softmax_loss(t, z, nn_index(t, nn_vec(5), labels5));
    f.loss = nn_mean(t, f.rows);
    return f;
}

static void mlp_close(mlp *f)
{
    free(f->x);
    free(f->w);
    free(f->v);
    cc_test_close(f->run);
}

static const struct {
    cc_phi_kind kind;
    expected e;
    double sqnorm[5], trace_h, trace_g;
    size_t n_h;
    double eigen_h[17], eigen_g[5];
} mlps[] = {{CC_PHI_TANH,
             {.80468533662432,
              -.131583495161,
              .368786494909,
              {-.014748031209, .026358612965, .055068389596},
              -1.304444550290,
              1.268295035180,
              {-.089805587679, -.036822042058},
              .9651661363538,
              -.438642847785,
              .142178937309},
             {1.306203985779, 2.500299889397, 2.319243053013, 1.313960467025, 2.486836186128},
             1.449013862842,
             1.609622932961,
             17,
             {-.5160826489782, -.4919994454819, -.4151392540681, -.3172281497237, -.1497973610145, -.07236760106562,
              -.04890560288890, -.03145347584141, .002462908960394, .01936626141502, .1718094519437, .1946221672931, .3354609438774,
              .4389037865009, .5084013053415, .6163360285742, 1.204624547998},
             {3.825676507217e-6, 1.324242890885e-5, .1185853082038, .3434838407892, 1.147536715863}},
            {CC_PHI_RELU,
             {.94288396817503,
              .094438551473,
              .609955442025,
              {-.059964264824, .013792702505, .081062746329},
              -.271628798245,
              1.001290712309,
              {-.086058176834, .036867736736},
              1.2562212543318,
              -.065634952650,
              .057913652046},
             {1.156293129913, 2.547992560118, 5.506472962122, 1.157955459227, 2.526665538596},
             1.585468281448,
             1.585468281448,
             13,
             {-.6613975645749, -.4581463846393, -.3985111127762, -.3950052012208, 9.670557181953e-7, 1.309179845243e-5,
              .02459191300598, .05143528413122, .3128675703914, .4101584947795, .5571906633694, .8388624729461, 1.303408087181},
             {3.423007852598e-6, 2.196714672816e-5, .1487985680567, .2830969098056, 1.153547413431}},
            {CC_PHI_SOFTPLUS,
             {1.14897795053207,
              .035620822258,
              1.422870775715,
              {-.030477436056, .019554783250, .060390082441},
              .035442626828,
              .619775636166,
              {-.072124990480, -.004120030701},
              .9036400771879,
              .030539450308,
              .042105537336},
             {.507618283679, 5.467623315660, 8.453915459969, .510513971194, 5.439738956341},
             1.817877055904,
             1.546544936244,
             17,
             {-.4662721332952, -.3929361641752, -.3054806574186, -.2418649932714, -.03318072053449, -.02970299514673,
              -.008103745894140, -.004701178892257, .01170375120716, .01670665631621, .07776205420528, .1013286221341,
              .1626102421264, .3586049802121, .4531026527554, .6154378115720, 1.502862874004},
             {3.610446781484e-7, 2.558417178026e-6, .03963076771867, .1637419536723, 1.343169295391}}};

enum { M = 26 };

/* The eigenvalues of a that are not zero are these, ascending. */
static void eigenvalues_are(double *a, size_t n, const double *e)
{
    double w[M];
    size_t at = 0;
    assert_int_equal(cc_syev(M, a, 0, w), 0);
    for (size_t i = 0; i < M; i++)
        if (fabs(w[i]) > 1e-9) {
            assert_true(at < n);
            near("eigenvalue", w[i], e[at++], 1e-12);
        }
    assert_int_equal(at, n);
}

static void test_mlp(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < 3; k++) {
        mlp f = mlp_open(mlps[k].kind);
        double *h = numbers(M * M), *g = numbers(M * M), sq[5], unit[M] = {0}, trace_h = 0, trace_g = 0;
        check_loss(f.t, f.run, f.loss, f.w, f.v, &mlps[k].e);
        ok(f.run, nn_per_example_sqnorms(f.t, f.rows, f.w, sq));
        for (size_t i = 0; i < 5; i++) near("per-example norm", sq[i], mlps[k].sqnorm[i], 3e-12);
        ok(f.run, nn_hessian(f.t, f.loss, f.w, h));
        for (size_t i = 0; i < M; i++) {
            unit[i] = 1;
            ok(f.run, nn_ggn_vp_again(f.t, unit, g + i * M));
            unit[i] = 0;
            trace_h += h[i * M + i];
            trace_g += g[i * M + i];
        }
        near("trace H", trace_h, mlps[k].trace_h, 2e-12);
        near("trace G", trace_g, mlps[k].trace_g, 2e-12);
        if (mlps[k].kind == CC_PHI_RELU) near("trace H = trace G", trace_h, trace_g, 1e-12);
        eigenvalues_are(h, mlps[k].n_h, mlps[k].eigen_h);
        eigenvalues_are(g, 5, mlps[k].eigen_g);
        free(h);
        free(g);
        mlp_close(&f);
    }
}

/* ---- F2 ---- */

static void check_conv(size_t stride, size_t pad, double z_sum, double z_sumsq, const expected *e)
{
    static const int labels[] = {1, 0};
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *x = seq(100, .2, .9, 1), *v = seq(65, .7, .41, 1);
    double *w = parts(4, (const double[][4]){{54, .5, .8, .4}, {3, .1, 1.3, .2}, {6, .4, 1.7, .7}, {2, .3, .9, .1}}, -1);
    nn_node W = nn_param(t, nn_img(3, 2, 3, 3)), b = nn_param(t, nn_vec(3)), F = nn_param(t, nn_mat(2, 3)),
            c = nn_param(t, nn_vec(2));
    nn_node image = nn_input(t, nn_img(2, 2, 5, 5), x), z = nn_conv(t, image, W, b, stride, pad),
            pooled = nn_max_pool(t, image, 2, 2);
    nn_node out = nn_dense(t, nn_mean_pool(t, nn_tanh(t, z), 0, 0), F, c);
    check_loss(t, run, nn_mean(t, nn_softmax_loss(t, out, nn_index(t, nn_vec(2), labels))), w, v, e);
    known("z", sum(nn_size(t, z), nn_value(t, z)), z_sum);
    known("z", dot(nn_size(t, z), nn_value(t, z), nn_value(t, z)), z_sumsq);
    if (stride == 1) {
        near("z", nn_value(t, z)[0], .424784673230, 1e-12);
        near("z", nn_value(t, z)[1], .421953904834, 1e-12);
    }
    near("max pool", sum(8 * 2, nn_value(t, pooled)), 11.925837247255, 1e-11);
    near("max pool", dot(8 * 2, nn_value(t, pooled), nn_value(t, pooled)), 10.434312509426, 1e-11);
    free(x);
    free(v);
    free(w);
    cc_test_close(run);
}

static void test_conv(void **unused)
{
    (void)unused;
    check_conv(1, 1, 14.269738204179, 31.980371604187,
               &(expected){.71001723266326,
                           -.004263533905,
                           .008245226157,
                           {.011960274613, .011389506576},
                           .306108913798,
                           .093840356678,
                           {-.010607125059, -.038452069158},
                           -.3322658560413});
    check_conv(
        2, 0, 2.221098217135, 0,
        &(expected){.71561899567753, -.018175033988, .018823288753, {0}, .384821254272, .711688929658, {0}, -1.4175482551921});
}

/* ---- F3, F8 ---- */

static void test_norms(void **unused)
{
    (void)unused;
    static const int labels[] = {0, 1, 1, 0, 1, 0};
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *x = seq(18, .1, .7, 1), *v = seq(28, .7, .41, 1);
    double *w = parts(4, (const double[][4]){{12, .3, 1.1, .6}, {4, .2, .5, .3}, {4, .6, .9, .2}, {8, .9, .77, .8}}, 1);
    nn_node W = nn_param(t, nn_mat(4, 3)), ga = nn_param(t, nn_vec(4)), be = nn_param(t, nn_vec(4)), U = nn_param(t, nn_mat(2, 4));
    nn_node y = nn_batch_norm(t, nn_dense(t, nn_input(t, nn_mat(6, 3), x), W, NN_NONE), ga, be, 1e-5, NULL, NULL);
    nn_node z = nn_dense(t, nn_tanh(t, y), U, NN_NONE);
    check_loss(t, run, nn_mean(t, nn_softmax_loss(t, z, nn_index(t, nn_vec(6), labels))), w, v,
               &(expected){.75177695871241,
                           .696924037935,
                           .760134754175,
                           {.305326717225, .048660705428},
                           1.882386673808,
                           8.955256555311,
                           {-.152000081901, -.032718114556},
                           4.0392866892136});
    near("batch norm", nn_value(t, y)[0], 1.306183329546, 1e-12);
    near("batch norm", nn_value(t, y)[1], -1.025684882878, 1e-12);
    free(w);
    nn_reset(t);
    w = parts(3, (const double[][4]){{12, .1, .7, 1}, {4, .2, .5, .3}, {4, .6, .9, .2}}, 1);
    nn_node X = nn_param(t, nn_mat(3, 4));
    ga = nn_param(t, nn_vec(4));
    be = nn_param(t, nn_vec(4));
    check_loss(t, run, nn_sum(t, nn_square(t, nn_tanh(t, nn_layer_norm(t, X, ga, be, 1e-5)))), w, v,
               &(expected){6.5454786243515, 5.629720913115, 14.842088442969, {0}, 1.301451480466, 63.939685066527});
    free(x);
    free(v);
    free(w);
    cc_test_close(run);
}

/* ---- F4 ---- */

static void test_lstm(void **unused)
{
    (void)unused;
    static const int tokens[] = {0, 3, 2, 1, 4, 3}, labels[] = {1, 0};
    static const double last[] = {-.014978601197, .064787975108, .065814555384, -.029949994625, .143441520257, .055221928952};
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *v = seq(100, .7, .41, 1);
    double *w =
        parts(6,
              (const double[][4]){
                  {10, .15, .65, .8}, {24, .3, 1.1, .5}, {36, .8, .6, .5}, {12, .2, .4, .1}, {12, .5, .3, .1}, {6, .4, .9, .7}},
              -1);
    nn_node E = nn_param(t, nn_mat(5, 2));
    nn_lstm_weights cell = {nn_param(t, nn_mat(12, 2)), nn_param(t, nn_mat(12, 3)), nn_param(t, nn_vec(12)),
                            nn_param(t, nn_vec(12))};
    nn_node O = nn_param(t, nn_mat(2, 3)), h = nn_lstm(t, nn_gather(t, E, nn_index(t, nn_mat(3, 2), tokens)), cell, NN_NONE, NULL);
    nn_node loss = nn_mean(t, nn_softmax_loss(t, nn_dense(t, h, O, NN_NONE), nn_index(t, nn_vec(2), labels)));
    check_loss(t, run, loss, w, v,
               &(expected){.67866964575602,
                           .262409549263,
                           .018317993225,
                           {0},
                           .587041265559,
                           .779833656100,
                           {-.076759038983, -.068548645728},
                           1.0704072861586});
    all_near("lstm", "last hidden state", 6, nn_value(t, h), last, 1e-12);
    free(v);
    free(w);
    cc_test_close(run);
}

/* ---- F5 ---- */

static void test_gated(void **unused)
{
    (void)unused;
    cc_run *run = cc_test_run(NULL, 0);
    nn_tape *t = tape_of(run);
    double *x = seq(15, .1, .7, 1), *v = seq(58, .7, .41, 1), g[58], hv[58];
    double *w = parts(7,
                      (const double[][4]){{12, .3, 1.1, .6},
                                          {4, .2, .6, .3},
                                          {12, .8, .9, .4},
                                          {4, .5, .4, .2},
                                          {8, .6, 1.2, .5},
                                          {8, .9, .77, .8},
                                          {10, .4, .9, .8}},
                      -1);
    nn_node W = nn_param(t, nn_mat(4, 3)), b = nn_param(t, nn_vec(4)), U = nn_param(t, nn_mat(4, 3)), c = nn_param(t, nn_vec(4));
    nn_node E = nn_param(t, nn_mat(4, 2)), O = nn_param(t, nn_mat(2, 4)), lambda = nn_param(t, nn_mat(5, 2));
    nn_node z = nn_gated_dense(t, nn_input(t, nn_mat(5, 3), x), W, b, U, c, lambda, E);
    nn_node loss = nn_mean(t, nn_softmax_loss(t, nn_dense(t, nn_tanh(t, z), O, NN_NONE), nn_index(t, nn_vec(5), labels5)));
    check_loss(
        t, run, loss, w, v,
        &(expected){.75830184643317, .962806131190, .817480831507, {0}, -.245391674293, 1.751910274351, {0}, .7825609108437});
    ok(run, nn_loss_grad(t, loss, w, NULL, g));
    near("lambda", g[48], .0052463047689, 1e-12);
    near("lambda", g[49], -.0209650571337, 1e-12);
    near("lambda", g[50], .0121404225723, 1e-12);
    memset(v, 0, 48 * sizeof *v); /* a direction in lambda alone: the mixed product */
    ok(run, nn_hvp(t, loss, w, v, hv));
    near("mixed", sum(58, hv), .031438487482, 1e-12);
    near("mixed", dot(58, hv, hv), .018562680487, 1e-12);
    near("mixed", hv[0], -.013928085173, 1e-12);
    near("mixed", hv[1], -.027139061025, 1e-12);
    free(x);
    free(v);
    free(w);
    cc_test_close(run);
}

/* ---- F11: conv (stride 2, padding 1), gelu, group norm, transposed conv, sin, max pool, layer norm, dense, elu, dense, with each
 * of three losses. x = seq(294, .2, .9, 1) 3x2x7x7, w = seq(307, .3, .77, .5), v = seq(307, .7, .41, 1); soft targets: the softmax
 * of rows of seq(9, .1, 1.3, 1). In PyTorch: conv2d, gelu, group_norm(2), conv_transpose2d, sin, max_pool2d(2), layer_norm, linear,
 * elu. ---- */

static nn_node long_net(nn_tape *t, const double *x)
{
    nn_node W = nn_param(t, nn_img(4, 2, 3, 3)), b = nn_param(t, nn_vec(4)), ga = nn_param(t, nn_vec(4)),
            be = nn_param(t, nn_vec(4));
    nn_node V = nn_param(t, nn_img(4, 2, 3, 3)), c = nn_param(t, nn_vec(2)), ga2 = nn_param(t, nn_vec(18)),
            be2 = nn_param(t, nn_vec(18));
    nn_node P = nn_param(t, nn_mat(5, 18)), p = nn_param(t, nn_vec(5)), Q = nn_param(t, nn_mat(3, 5)), q = nn_param(t, nn_vec(3));
    nn_node h = nn_apply(t, CC_PHI_GELU, nn_conv(t, nn_input(t, nn_img(3, 2, 7, 7), x), W, b, 2, 1));
    h = nn_conv_transposed(t, nn_group_norm(t, h, 2, ga, be, 1e-5), V, c, 2, 1);
    h = nn_reshape(t, nn_max_pool(t, nn_apply(t, CC_PHI_SIN, h), 2, 2), nn_mat(3, 18));
    return nn_dense(t, nn_apply(t, CC_PHI_ELU, nn_dense(t, nn_layer_norm(t, h, ga2, be2, 1e-5), P, p)), Q, q);
}

static void test_long_net(void **unused)
{
    (void)unused;
    static const double signs[] = {1, -1, 1, -1, -1, 1, 1, 1, -1};
    static const expected each[] = {{1.65372760689971,
                                     1.723725303457,
                                     8.632052282309,
                                     {-.047552566950, .000805601940, .041657720097},
                                     -5.336009439143,
                                     289.378032918630,
                                     {.253109750169, .321225887049},
                                     17.3205077539931},
                                    {1.81088594267318,
                                     4.864383703267,
                                     86.344757679108,
                                     {-.108105972865, -.000149309637, .095695121731},
                                     -2.107677369464,
                                     2681.902815786724,
                                     {1.061948999195, 1.007256199897},
                                     65.0787403988918},
                                    {2.05597781851310,
                                     2.210220189390,
                                     1.631201249312,
                                     {-.011519241900, .016354710122, .023449209089},
                                     -11.592285943572,
                                     118.678505591264,
                                     {.006283167154, .106030196888},
                                     7.7986440810923}};
    double *x = seq(294, .2, .9, 1), *w = seq(307, .3, .77, .5), *v = seq(307, .7, .41, 1), *soft = seq(9, .1, 1.3, 1);
    for (int i = 0; i < 3; i++) {
        double total = 0;
        for (int j = 0; j < 3; j++) total += soft[3 * i + j] = exp(soft[3 * i + j]);
        for (int j = 0; j < 3; j++) soft[3 * i + j] /= total;
    }
    for (int kind = 0; kind < CC_LOSS_KINDS; kind++) {
        cc_run *run = cc_test_run(NULL, 0);
        nn_tape *t = tape_of(run);
        nn_node target = nn_input(t, nn_mat(3, 3), kind == CC_LOSS_LOGISTIC ? signs : soft);
        check_loss(t, run, nn_mean(t, nn_loss(t, (cc_loss_kind)kind, long_net(t, x), target)), w, v, &each[kind]);
        cc_test_close(run);
    }
    free(x);
    free(w);
    free(v);
    free(soft);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mlp),  cmocka_unit_test(test_conv),  cmocka_unit_test(test_norms),
                                       cmocka_unit_test(test_lstm), cmocka_unit_test(test_gated), cmocka_unit_test(test_long_net)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
