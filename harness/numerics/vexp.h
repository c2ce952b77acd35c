/* harness/numerics/vexp.h: exp, expm1, tanh and the logistic function as straight-line code that compilers turn into vectors (those
 * of the C library are not). For the loops of activation.c and its like.
 *
 * exp(x) = 2^k exp(r), k = round(x / log 2), |r| <= log(2)/2, by Taylor's polynomial of degree 13 (remainder below 4e-18). Error
 * below 1 ulp for exp, 2 for expm1, 2.5 for the others; overflow, underflow, infinities and NaN as in the C library. The same bits
 * on every machine: no fused operations. */
#ifndef CLAIMCHECK_HARNESS_VEXP_H
#define CLAIMCHECK_HARNESS_VEXP_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define CC_VECTOR static inline __attribute__((always_inline))

static const double cc_vexp_round = 0x1.8p52; /* added and taken away: rounds to an integer, which the low bits then hold */

/* 2^k for the integer k that `shifted` - cc_vexp_round is. */
CC_VECTOR double cc_vexp_power(double shifted)
{
    uint64_t bits;
    double power;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* exp(r) - 1 for x = k log 2 + r; *shifted = k + cc_vexp_round */
CC_VECTOR double cc_vexp_reduced(double x, double *shifted)
{
    *shifted = x * 0x1.71547652b82fep0 + cc_vexp_round;
    double k = *shifted - cc_vexp_round, r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33, q = 1.0 / 6227020800;
    q = q * r + 1.0 / 479001600;
    q = q * r + 1.0 / 39916800;
    q = q * r + 1.0 / 3628800;
    q = q * r + 1.0 / 362880;
    q = q * r + 1.0 / 40320;
    q = q * r + 1.0 / 5040;
    q = q * r + 1.0 / 720;
    q = q * r + 1.0 / 120;
    q = q * r + 1.0 / 24;
    q = q * r + 1.0 / 6;
    q = q * r + 0.5;
    return r + r * r * q;
}

/* x within low .. high; a NaN stays. */
CC_VECTOR double cc_vexp_clamp(double x, double low, double high)
{
    x = x < low ? low : x;
    return x > high ? high : x;
}

CC_VECTOR double cc_vexp(double x)
{
    double shifted, q = cc_vexp_reduced(cc_vexp_clamp(x, -746, 710), &shifted), k = shifted - cc_vexp_round;
    double half = k * 0.5 + cc_vexp_round,
           rest = k - (half - cc_vexp_round) + cc_vexp_round; /* 2^k may be out of range, its parts not */
    return (1 + q) * cc_vexp_power(half) * cc_vexp_power(rest);
}

/* For x <= 700. */
CC_VECTOR double cc_vexpm1(double x)
{
    double shifted, q = cc_vexp_reduced(cc_vexp_clamp(x, -40, 700), &shifted), power = cc_vexp_power(shifted);
    return power * q + (power - 1);
}

CC_VECTOR double cc_vtanh(double x)
{
    double t = cc_vexpm1(cc_vexp_clamp(2 * fabs(x), 0, 40));
    return copysign(t / (t + 2), x);
}

CC_VECTOR double cc_vlogistic(double x) { return 1 / (1 + cc_vexp(-x)); }

#endif
