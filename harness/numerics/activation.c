/* One scalar function says everything about an activation (phi_at); the loops are the same for all and are specialised by inlining
 * with a constant kind and order, so that the compiler drops the switches and vectorises what remains. */
#include <math.h>
#include <string.h>

#include "harness/numerics/activation.h"
#include "harness/numerics/vexp.h"

#define INLINE static inline __attribute__((always_inline))

static const char *const names[CC_PHI_KINDS] = {"identity", "relu",       "leaky", "tanh",  "sigmoid", "softplus", "exp",
                                                "square",   "sin",        "cos",   "elu",   "gelu",    "abs",      "log",
                                                "sqrt",     "reciprocal", "atanh", "tanhc", "atanhc"};

const char *cc_phi_name(cc_phi_kind kind) { return (unsigned)kind < CC_PHI_KINDS ? names[kind] : "?"; }

int cc_phi_parse(const char *name)
{
    for (int kind = 0; kind < CC_PHI_KINDS; kind++)
        if (strcmp(name, names[kind]) == 0) return kind;
    return -1;
}

int cc_phi_from_value(cc_phi phi)
{
    switch (phi.kind) {
    case CC_PHI_IDENTITY:
    case CC_PHI_RELU:
    case CC_PHI_TANH:
    case CC_PHI_SIGMOID:
    case CC_PHI_SOFTPLUS:
    case CC_PHI_EXP:
    case CC_PHI_SQRT:
        return 1;
    case CC_PHI_LEAKY:
    case CC_PHI_ELU:
        return phi.slope > 0; /* then a has the sign of z */
    default:
        return 0;
    }
}

/* ---- derivatives of each activation, order 1..4, from z and a = phi(z) ---- */

INLINE double tanh_at(int order, double a)
{
    double q = 1 - a * a;
    return order == 1 ? q : order == 2 ? -2 * a * q : order == 3 ? q * (6 * a * a - 2) : q * a * (16 - 24 * a * a);
}

INLINE double sigmoid_at(int order, double a) /* order 0 too: softplus' */
{
    double q = a * (1 - a), d = 1 - 2 * a;
    return order == 0 ? a : order == 1 ? q : order == 2 ? q * d : order == 3 ? q * (1 - 6 * q) : q * d * (1 - 12 * q);
}

INLINE double sin_at(int order, double z)
{
    int turn = order & 3;
    return turn == 0 ? sin(z) : turn == 1 ? cos(z) : turn == 2 ? -sin(z) : -cos(z);
}

/* z Phi(z): Phi + z N, then N (2 - z^2), N (z^3 - 4 z), N (7 z^2 - z^4 - 4). */
INLINE double gelu_at(int order, double z)
{
    double bell = cc_vexp(-z * z / 2) * 0.39894228040143267794, y = z * z;
    if (order <= 1) {
        double below = 0.5 * erfc(-z * M_SQRT1_2);
        return order == 0 ? z * below : below + z * bell;
    }
    return bell * (order == 2 ? 2 - y : order == 3 ? z * (y - 4) : 7 * y - y * y - 4);
}

INLINE double atanh_at(int order, double z)
{
    double y = z * z, q = 1 / (1 - y);
    return order == 1 ? q : order == 2 ? 2 * z * q * q : order == 3 ? q * q * q * (2 + 6 * y) : q * q * q * q * 24 * z * (1 + y);
}

INLINE double sqrt_at(int order, double a)
{
    double h = 0.5 / a, q = h / (a * a);
    return order == 1 ? h : order == 2 ? -q / 2 : order == 3 ? 0.75 * q / (a * a) : -1.875 * q / (a * a * a * a);
}

INLINE double reciprocal_at(int order, double a)
{
    return order == 1 ? -a * a : order == 2 ? 2 * a * a * a : order == 3 ? -6 * a * a * a * a : 24 * a * a * a * a * a;
}

/* log' and on: the reciprocal and on */
INLINE double log_at(int order, double z) { return order == 1 ? 1 / z : reciprocal_at(order - 1, 1 / z); }

enum { TERMS = 30 };

/* Taylor coefficients of tanh(r)/r in r^2: (2k + 1) t_k = [k = 0] - sum of t_i t_j over i + j = k - 1. */
static const double tanhc_terms[TERMS] = {1,
                                          -0.33333333333333331,
                                          0.13333333333333333,
                                          -0.053968253968253971,
                                          0.021869488536155203,
                                          -0.0088632355299021973,
                                          0.0035921280365724811,
                                          -0.0014558343870513183,
                                          0.00059002744094558595,
                                          -0.00023912911424355248,
                                          9.6915379569294509e-05,
                                          -3.9278323883316833e-05,
                                          1.5918905069328964e-05,
                                          -6.4516892156554306e-06,
                                          2.6147711512907546e-06,
                                          -1.0597268320104654e-06,
                                          4.2949110782738057e-07,
                                          -1.7406618963571648e-07,
                                          7.0546369464009681e-08,
                                          -2.859136662305254e-08,
                                          1.1587644432798853e-08,
                                          -4.6962953982309016e-09,
                                          1.9033368339312759e-09,
                                          -7.713933635359062e-10,
                                          3.1263395458920869e-10,
                                          -1.2670576930305401e-10,
                                          5.1351914080393679e-11,
                                          -2.0812146867700473e-11,
                                          8.4348454190943375e-12,
                                          -3.4185140868111557e-12};

/* The derivative of sum_k c_k s^k. */
static double series(const double *c, int order, double s)
{
    double sum = 0;
    for (int k = TERMS - 1; k >= order; k--) {
        double falling = 1;
        for (int i = 0; i < order; i++) falling *= k - i;
        sum = sum * s + falling * c[k];
    }
    return sum;
}

/* f = tanh(r)/r, s = r^2: 2 s f' + f = h = 1 - s f^2, so that 2 s f^(k+1) = h^(k) - (2k + 1) f^(k); by the series where s is small.
 */
static double tanhc_at(int order, double s)
{
    double f[6], r = sqrt(s);
    if (s < 0.5) return series(tanhc_terms, order, s);
    f[0] = tanh(r) / r;
    for (int k = 0; k < order; k++) {
        double h = k == 0   ? 1 - s * f[0] * f[0]
                   : k == 1 ? -f[0] * (f[0] + 2 * s * f[1])
                   : k == 2 ? -4 * f[0] * f[1] - 2 * s * (f[1] * f[1] + f[0] * f[2])
                            : -6 * (f[1] * f[1] + f[0] * f[2]) - 2 * s * (3 * f[1] * f[2] + f[0] * f[3]);
        f[k + 1] = (h - (2 * k + 1) * f[k]) / (2 * s);
    }
    return f[order];
}

/* g = atanh(r)/r = sum s^k / (2k + 1): 2 s g' + g = 1/(1 - s), so that 2 s g^(k+1) = k!/(1 - s)^(k+1) - (2k + 1) g^(k). */
static double atanhc_at(int order, double s)
{
    double c[TERMS], r = sqrt(s), g = atanh(r) / r, pole = 1 / (1 - s);
    if (s < 0.25) {
        for (int k = 0; k < TERMS; k++) c[k] = 1.0 / (2 * k + 1);
        return series(c, order, s);
    }
    for (int k = 0; k < order; k++) {
        g = (pole - (2 * k + 1) * g) / (2 * s);
        pole *= (k + 1) / (1 - s);
    }
    return g;
}

INLINE double value_at(int kind, double slope, double z)
{
    switch (kind) {
    case CC_PHI_RELU:
        return z > 0 || z != z ? z : 0;
    case CC_PHI_LEAKY:
        return z > 0 ? z : slope * z;
    case CC_PHI_TANH:
        return cc_vtanh(z);
    case CC_PHI_SIGMOID:
        return cc_vlogistic(z);
    case CC_PHI_SOFTPLUS:
        return fmax(z, 0) + log1p(exp(-fabs(z))) + 0 * z; /* fmax drops a NaN */
    case CC_PHI_EXP:
        return cc_vexp(z);
    case CC_PHI_SQUARE:
        return z * z;
    case CC_PHI_SIN:
        return sin_at(0, z);
    case CC_PHI_COS:
        return sin_at(1, z);
    case CC_PHI_ELU:
        return z > 0 ? z : slope * cc_vexpm1(z);
    case CC_PHI_GELU:
        return gelu_at(0, z);
    case CC_PHI_ABS:
        return fabs(z);
    case CC_PHI_LOG:
        return log(z);
    case CC_PHI_SQRT:
        return sqrt(z);
    case CC_PHI_RECIPROCAL:
        return 1 / z;
    case CC_PHI_ATANH:
        return atanh(z);
    case CC_PHI_TANHC:
        return tanhc_at(0, z);
    case CC_PHI_ATANHC:
        return atanhc_at(0, z);
    default:
        return z;
    }
}

/* order 1..4; reads a where cc_phi_from_value says so, otherwise z (and a for the reciprocal). */
INLINE double phi_at(int kind, double slope, int order, double z, double a)
{
    switch (kind) {
    case CC_PHI_RELU:
        return order == 1 && a > 0 ? 1 : 0;
    case CC_PHI_LEAKY:
        return order > 1 ? 0 : (slope > 0 ? a : z) > 0 ? 1 : slope;
    case CC_PHI_TANH:
        return tanh_at(order, a);
    case CC_PHI_SIGMOID:
        return sigmoid_at(order, a);
    case CC_PHI_SOFTPLUS:
        return sigmoid_at(order - 1, -cc_vexpm1(-a));
    case CC_PHI_EXP:
        return a;
    case CC_PHI_SQUARE:
        return order == 1 ? 2 * z : order == 2 ? 2 : 0;
    case CC_PHI_SIN:
        return sin_at(order, z);
    case CC_PHI_COS:
        return sin_at(order + 1, z);
    case CC_PHI_ELU:
        return (slope > 0 ? a : z) > 0 ? order == 1 : slope > 0 ? a + slope : slope * cc_vexp(z);
    case CC_PHI_GELU:
        return gelu_at(order, z);
    case CC_PHI_ABS:
        return order > 1 ? 0 : z > 0 ? 1 : z < 0 ? -1 : 0;
    case CC_PHI_LOG:
        return log_at(order, z);
    case CC_PHI_SQRT:
        return sqrt_at(order, a);
    case CC_PHI_RECIPROCAL:
        return reciprocal_at(order, 1 / z);
    case CC_PHI_ATANH:
        return atanh_at(order, z);
    case CC_PHI_TANHC:
        return tanhc_at(order, z);
    case CC_PHI_ATANHC:
        return atanhc_at(order, z);
    default:
        return order == 1;
    }
}

/* ---- the loops ---- */

INLINE void forward_loop(int kind, double slope, size_t n, const double *z, double *a)
{
    for (size_t i = 0; i < n; i++) a[i] = value_at(kind, slope, z[i]);
}

INLINE void derivative_loop(int kind, double slope, int order, size_t n, const double *z, double *out)
{
    for (size_t i = 0; i < n; i++) out[i] = phi_at(kind, slope, order, z[i], value_at(kind, slope, z[i]));
}

INLINE void vjp_loop(int kind, double slope, size_t n, const double *z, const double *a, const double *ab, double beta, double *zb)
{
    if (beta == 0)
        for (size_t i = 0; i < n; i++) zb[i] = ab[i] * phi_at(kind, slope, 1, z[i], a[i]);
    else
        for (size_t i = 0; i < n; i++) zb[i] = beta * zb[i] + ab[i] * phi_at(kind, slope, 1, z[i], a[i]);
}

INLINE void vjp_tan_loop(int kind, double slope, size_t n, const double *z, const double *a, const double *ab, const double *rz,
                         const double *rab, double beta, double *rzb)
{
    for (size_t i = 0; i < n; i++) {
        double r = rab[i] * phi_at(kind, slope, 1, z[i], a[i]) + ab[i] * phi_at(kind, slope, 2, z[i], a[i]) * rz[i];
        rzb[i] = beta == 0 ? r : beta * rzb[i] + r;
    }
}

/* Each kind its own copy of a loop: `each` calls it with a constant kind. */
#define FOR_EACH_KIND(each)                                                                                                        \
    each(CC_PHI_IDENTITY) each(CC_PHI_RELU) each(CC_PHI_LEAKY) each(CC_PHI_TANH) each(CC_PHI_SIGMOID) each(CC_PHI_SOFTPLUS)        \
        each(CC_PHI_EXP) each(CC_PHI_SQUARE) each(CC_PHI_SIN) each(CC_PHI_COS) each(CC_PHI_ELU) each(CC_PHI_GELU) each(CC_PHI_ABS) \
            each(CC_PHI_LOG) each(CC_PHI_SQRT) each(CC_PHI_RECIPROCAL) each(CC_PHI_ATANH) each(CC_PHI_TANHC) each(CC_PHI_ATANHC)

void cc_phi_forward(cc_phi phi, size_t n, const double *z, double *a)
{
    switch (phi.kind) {
#define FORWARD(kind)                                                                                                              \
    case kind:                                                                                                                     \
        forward_loop(kind, phi.slope, n, z, a);                                                                                    \
        break;
        FOR_EACH_KIND(FORWARD)
    default:
        break;
    }
}

void cc_phi_derivative(cc_phi phi, int order, size_t n, const double *z, double *out)
{
    if (order == 0) {
        cc_phi_forward(phi, n, z, out);
        return;
    }
    switch (phi.kind) {
#define DERIVATIVE(kind)                                                                                                           \
    case kind:                                                                                                                     \
        derivative_loop(kind, phi.slope, order, n, z, out);                                                                        \
        break;
        FOR_EACH_KIND(DERIVATIVE)
    default:
        break;
    }
}

void cc_phi_vjp(cc_phi phi, size_t n, const double *z, const double *a, const double *ab, double beta, double *zb)
{
    if (!z) z = a; /* not looked at */
    switch (phi.kind) {
#define VJP(kind)                                                                                                                  \
    case kind:                                                                                                                     \
        vjp_loop(kind, phi.slope, n, z, a, ab, beta, zb);                                                                          \
        break;
        FOR_EACH_KIND(VJP)
    default:
        break;
    }
}

void cc_phi_jvp(cc_phi phi, size_t n, const double *z, const double *a, const double *rz, double *ra)
{
    cc_phi_vjp(phi, n, z, a, rz, 0, ra); /* a diagonal map is its own adjoint */
}

void cc_phi_vjp_tan(cc_phi phi, size_t n, const double *z, const double *a, const double *ab, const double *rz, const double *rab,
                    double beta, double *rzb)
{
    if (!rz) {
        cc_phi_vjp(phi, n, z, a, rab, beta, rzb);
        return;
    }
    if (!z) z = a;
    switch (phi.kind) {
#define VJP_TAN(kind)                                                                                                              \
    case kind:                                                                                                                     \
        vjp_tan_loop(kind, phi.slope, n, z, a, ab, rz, rab, beta, rzb);                                                            \
        break;
        FOR_EACH_KIND(VJP_TAN)
    default:
        break;
    }
}
