/* problems/bilevel/analytic.c: lower level g = y'Ay/2 - y'(Bx + b), so y*(x) = A^-1 (Bx + b), gyy = A, gxy = -B'; three upper
 * levels:
 *
 *   quad      f = (y - c)'(y - c)/2 + x'Rx/2            everything quadratic
 *   expupper  f = sum (cosh(a x_j) - 1)/a^2 + sum sqrt(1 + (y_j - c_j)^2)    (L0, L1)-smooth: the gradient grows like its curvature
 *   huber     f = r |x|^2/2 + sum sqrt(1 + (y_j - c_j)^2)                    smooth, not quadratic
 *
 * The standard matrices of size D: v_i = cos(1 + i), Q = I - 2vv'/v'v, A = Q diag(1 + 3i/(D - 1)) Q' (mu = 1, Lyy = 4),
 * B = .8 I + .2 sin((i + 1)(j + 2))/D, b_i = sin(i + 1), c_i = 2 cos(2i), R = I/5. */
#include <math.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/problems.h"

typedef struct analytic {
    bilevel_base base;
    size_t D;
    double *A, *L, *B, *b, *c; /* L: Cholesky factor of A */
    double *Cq, *R, *Dm;       /* of quad: weights of y - c and of x, and x'Dm y */
    double a, r;               /* of expupper and huber */
} analytic;

/* ---- the lower level ---- */

/* out = Bx + b */
static void target(const analytic *p, const double *x, double *out)
{
    cc_copy(p->D, p->b, out);
    cc_gemv(p->D, p->D, 1, p->B, x, 1, out);
}

static double lower_value(const bilevel_at *at)
{
    const analytic *p = at->instance;
    double *t = at->work;
    target(p, at->x, t);
    cc_symv(p->D, .5, p->A, at->y, -1, t);
    return cc_dot(p->D, at->y, t);
}

static void lower(const bilevel_at *at, double *gx, double *gy)
{
    const analytic *p = at->instance;
    if (gx) cc_gemv_t(p->D, p->D, -1, p->B, at->y, 0, gx);
    if (!gy) return;
    target(p, at->x, gy);
    cc_symv(p->D, 1, p->A, at->y, -1, gy);
}

static void hvp(const bilevel_at *at, const double *v, double *out)
{
    const analytic *p = at->instance;
    cc_symv(p->D, 1, p->A, v, 0, out);
}

static void jvp(const bilevel_at *at, const double *v, double *out)
{
    const analytic *p = at->instance;
    cc_gemv_t(p->D, p->D, -1, p->B, v, 0, out);
}

static void hess(const bilevel_at *at, double *h)
{
    const analytic *p = at->instance;
    cc_copy(p->D * p->D, p->A, h);
}

static int ystar(const bilevel_at *at, double *y)
{
    const analytic *p = at->instance;
    target(p, at->x, y);
    cc_potrs(p->D, p->L, y);
    return 0;
}

static int solve(const bilevel_at *at, const double *fy, double *z)
{
    const analytic *p = at->instance;
    cc_copy(p->D, fy, z);
    cc_potrs(p->D, p->L, z);
    return 0;
}

/* ---- the upper levels ---- */

static double quad_value(const bilevel_at *at)
{
    const analytic *p = at->instance;
    double *t = at->work, *s = t + p->D;
    for (size_t j = 0; j < p->D; j++) t[j] = at->y[j] - p->c[j];
    cc_symv(p->D, .5, p->Cq, t, 0, s);
    double f = cc_dot(p->D, t, s);
    cc_symv(p->D, .5, p->R, at->x, 0, s);
    cc_gemv(p->D, p->D, 1, p->Dm, at->y, 1, s);
    f += cc_dot(p->D, at->x, s);
    return f;
}

static void quad_upper(const bilevel_at *at, double *fx, double *fy)
{
    const analytic *p = at->instance;
    double *t = at->work;
    if (fx) {
        cc_symv(p->D, 1, p->R, at->x, 0, fx);
        cc_gemv(p->D, p->D, 1, p->Dm, at->y, 1, fx);
    }
    if (!fy) return;
    for (size_t j = 0; j < p->D; j++) t[j] = at->y[j] - p->c[j];
    cc_symv(p->D, 1, p->Cq, t, 0, fy);
    cc_gemv_t(p->D, p->D, 1, p->Dm, at->x, 1, fy);
}

/* sum sqrt(1 + (y - c)^2), and its gradient */
static double pseudo_huber(const analytic *p, const double *y, double *fy)
{
    double f = 0;
    for (size_t j = 0; j < p->D; j++) {
        const double t = y[j] - p->c[j], root = sqrt(1 + t * t);
        f += root;
        if (fy) fy[j] = t / root;
    }
    return f;
}

static double expupper_value(const bilevel_at *at)
{
    const analytic *p = at->instance;
    double f = pseudo_huber(p, at->y, NULL);
    for (size_t j = 0; j < p->D; j++) {
        const double s = sinh(p->a * at->x[j] / 2) / p->a; /* cosh(t) - 1 = 2 sinh(t/2)^2, without cancellation */
        f += 2 * s * s;
    }
    return f;
}

static void expupper_upper(const bilevel_at *at, double *fx, double *fy)
{
    const analytic *p = at->instance;
    for (size_t j = 0; fx && j < p->D; j++) fx[j] = sinh(p->a * at->x[j]) / p->a;
    if (fy) pseudo_huber(p, at->y, fy);
}

static double huber_value(const bilevel_at *at)
{
    const analytic *p = at->instance;
    return pseudo_huber(p, at->y, NULL) + p->r / 2 * cc_dot(p->D, at->x, at->x);
}

static void huber_upper(const bilevel_at *at, double *fx, double *fy)
{
    const analytic *p = at->instance;
    for (size_t j = 0; fx && j < p->D; j++) fx[j] = p->r * at->x[j];
    if (fy) pseudo_huber(p, at->y, fy);
}

#define LOWER .g = lower_value, .lower = lower, .hvp = hvp, .jvp = jvp, .hess = hess, .ystar = ystar, .solve = solve
const bilevel_ops bilevel_quad_ops = {LOWER, .f = quad_value, .upper = quad_upper};
const bilevel_ops bilevel_expupper_ops = {LOWER, .f = expupper_value, .upper = expupper_upper};
const bilevel_ops bilevel_huber_ops = {LOWER, .f = huber_value, .upper = huber_upper};

/* ---- instances ---- */

/* A = Q diag(1 + 3i/(D - 1)) Q', Q = I - 2vv'/v'v */
static void standard_A(size_t D, double *A, double *v, double *w)
{
    for (size_t i = 0; i < D; i++) {
        v[i] = cos(1 + (double)i);
        A[i * D + i] = D > 1 ? 1 + 3 * (double)i / (double)(D - 1) : 1;
    }
    const double beta = 2 / cc_dot(D, v, v);
    cc_gemv(D, D, beta, A, v, 0, w);
    const double k = beta * cc_dot(D, v, w) / 2;
    for (size_t i = 0; i < D; i++) w[i] -= k * v[i];
    cc_ger(D, D, -1, v, w, A);
    cc_ger(D, D, -1, w, v, A);
}

static void standard(analytic *p, double *v, double *w)
{
    const size_t D = p->D;
    standard_A(D, p->A, v, w);
    for (size_t i = 0; i < D; i++) {
        for (size_t j = 0; j < D; j++) p->B[i * D + j] = (i == j ? .8 : 0) + .2 * sin((double)((i + 1) * (j + 2))) / (double)D;
        p->b[i] = sin((double)i + 1), p->c[i] = 2 * cos(2 * (double)i);
        p->Cq[i * D + i] = 1, p->R[i * D + i] = .2;
    }
}

/* The published instance of two variables. */
static void tiny(analytic *p)
{
    static const double A[] = {2, .5, .5, 1}, B[] = {1, -1, .5, 2}, b[] = {.3, -.7}, c[] = {1, -2}, Cq[] = {1.5, .2, .2, .8},
                        R[] = {.6, .1, .1, .4}, Dm[] = {.2, -.3, .4, .1};
    memcpy(p->A, A, sizeof A), memcpy(p->B, B, sizeof B), memcpy(p->b, b, sizeof b), memcpy(p->c, c, sizeof c);
    memcpy(p->Cq, Cq, sizeof Cq), memcpy(p->R, R, sizeof R), memcpy(p->Dm, Dm, sizeof Dm);
}

/* g = y^2 - y (x + 1/2), f = (y - 3/2)^2/2 + .15 x^2 */
static void scalar(analytic *p) { *p->A = 2, *p->B = 1, *p->b = .5, *p->c = 1.5, *p->Cq = 1, *p->R = .3; }

static cc_status allocate(cc_run *scope, size_t D, analytic **made)
{
    analytic *p;
    CC_NEW(scope, p, 1);
    p->D = D;
    double **const matrices[] = {&p->A, &p->L, &p->B, &p->Cq, &p->R, &p->Dm}, **const vectors[] = {&p->b, &p->c};
    for (size_t k = 0; k < sizeof matrices / sizeof *matrices; k++) CC_NEW(scope, *matrices[k], D * D);
    for (size_t k = 0; k < sizeof vectors / sizeof *vectors; k++) CC_NEW(scope, *vectors[k], D);
    *made = p;
    return CC_OK;
}

/* |B|, the largest singular value. */
static cc_status spectral_norm(cc_run *scope, const analytic *p, double *norm)
{
    double *copy, *s;
    CC_NEW(scope, copy, p->D * p->D);
    CC_NEW(scope, s, p->D);
    cc_copy(p->D * p->D, p->B, copy);
    if (cc_svdvals(p->D, p->D, copy, s)) return cc_fail(scope, CC_ENUMERIC, "no singular values of B");
    *norm = s[0];
    return CC_OK;
}

/* Factors A, sets start and noise, publishes. */
static cc_status finish(cc_run *scope, analytic *p, double mu, double Lyy, void **instance)
{
    const size_t D = p->D;
    const double sd = cc_real(scope, "noise");
    double *x0, *y0, C = NAN;
    CC_NEW(scope, x0, D);
    CC_NEW(scope, y0, D);
    for (size_t j = 0; j < D; j++) x0[j] = cc_real(scope, "x0") + cc_real(scope, "x0_slope") * (double)j;
    if (!isnan(cc_real(scope, "x0_first"))) x0[0] = cc_real(scope, "x0_first");
    cc_copy(D * D, p->A, p->L);
    if (cc_potrf(D, p->L)) return cc_fail(scope, CC_ENUMERIC, "A is not positive definite");
    CC_TRY(spectral_norm(scope, p, &C));
    p->base = (bilevel_base){.dx = D,
                             .dy = D,
                             .m = 1,
                             .caps = BILEVEL_LOWER_SC,
                             .noise = {sd, sd, sd, sd, cc_real(scope, "noise_h"), cc_bool(scope, "skewed")},
                             .work = 2 * D,
                             .x0 = x0,
                             .y0 = y0};
    *instance = p;
    return bilevel_publish(scope, &p->base, &(bilevel_facts){mu, Lyy, C, NAN});
}

cc_status bilevel_quad_create(cc_run *scope, void **instance)
{
    enum { STANDARD, TINY, SCALAR };
    const int matrices = cc_choice(scope, "matrices");
    const size_t D = matrices == STANDARD ? (size_t)cc_int(scope, "D") : matrices == TINY ? 2 : 1;
    analytic *p;
    double *v, *w, *eigenvalues, *copy;
    CC_TRY(allocate(scope, D, &p));
    CC_NEW(scope, v, D);
    CC_NEW(scope, w, D);
    CC_NEW(scope, eigenvalues, D);
    CC_NEW(scope, copy, D * D);
    if (matrices == STANDARD)
        standard(p, v, w);
    else
        (matrices == TINY ? tiny : scalar)(p);
    cc_copy(D * D, p->A, copy);
    if (cc_syev(D, copy, 0, eigenvalues)) return cc_fail(scope, CC_ENUMERIC, "no eigenvalues of A");
    return finish(scope, p, eigenvalues[0], eigenvalues[D - 1], instance);
}

static cc_status create_standard(cc_run *scope, analytic **made)
{
    double *v, *w;
    const size_t D = (size_t)cc_int(scope, "D");
    CC_TRY(allocate(scope, D, made));
    CC_NEW(scope, v, D);
    CC_NEW(scope, w, D);
    standard(*made, v, w);
    return CC_OK;
}

cc_status bilevel_expupper_create(cc_run *scope, void **instance)
{
    analytic *p = NULL;
    CC_TRY(create_standard(scope, &p));
    p->a = cc_real(scope, "a");
    return finish(scope, p, 1, p->D > 1 ? 4 : 1, instance);
}

cc_status bilevel_huber_create(cc_run *scope, void **instance)
{
    analytic *p = NULL;
    CC_TRY(create_standard(scope, &p));
    p->r = cc_real(scope, "r");
    return finish(scope, p, 1, p->D > 1 ? 4 : 1, instance);
}

#define NOISE_AND_START(x0, slope)                                                                                                 \
    {"noise", CC_REAL, "0", 0, 1e6, .doc = "standard deviation (of the whole vector) of the noise of fx, fy, gx and gy"},          \
        {"noise_h", CC_REAL, "0", 0, 1e6, .doc = "gyy + noise_h diag(normal), and gy with it"},                                    \
        {"skewed", CC_BOOL, "false", .doc = "noise whose entries are 3 with probability 1/10 and -1/3 with 9/10, scaled"},         \
        {"x0", CC_REAL, x0, -1e3, 1e3, .doc = "the start: x_j = x0 + x0_slope j"},                                                 \
        {"x0_slope", CC_REAL, slope, -1e3, 1e3, .doc = "see x0"},                                                                  \
    {                                                                                                                              \
        "x0_first", CC_REAL, "auto", -1e3, 1e3, .doc = "x_0 of the start alone; auto: x0"                                          \
    }

const cc_param bilevel_quad_params[] = {{"matrices", CC_CHOICE, "standard", .choices = "standard tiny scalar",
                                         .doc = "of size D, or the published 2 x 2 and 1 x 1 ones"},
                                        {"D", CC_INT, "10", 1, 1000, .doc = "dx and dy of the standard matrices"},
                                        NOISE_AND_START("1", "0.1"),
                                        {0}};
const cc_param bilevel_expupper_params[] = {{"D", CC_INT, "10", 1, 1000, .doc = "dx and dy"},
                                            {"a", CC_REAL, "1", 1e-6, 100, .doc = "growth: curvature 1 + a |gradient|"},
                                            NOISE_AND_START("1", "0.1"),
                                            {0}};
const cc_param bilevel_huber_params[] = {{"D", CC_INT, "5", 1, 1000, .doc = "dx and dy"},
                                         {"r", CC_REAL, "0.5", 0, 100, .doc = "weight of |x|^2/2"},
                                         NOISE_AND_START("2", "-0.3"),
                                         {0}};
