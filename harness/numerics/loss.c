/* Losses of rows (declared in activation.h). p holds what the derivatives need: softmax probabilities P, the residual of squared
 * error, or sigma(z) for the logistic loss. Then dl/dz = P - Y in the first case, p in the second, p - (y + 1)/2 in the third. */
#include <math.h>

#include "harness/numerics/activation.h"
#include "harness/numerics/vexp.h"

size_t cc_loss_bad_label(const cc_loss *loss)
{
    size_t classes = loss->kind == CC_LOSS_LOGISTIC ? 2 : loss->c, i = 0;
    if (!loss->label) return loss->n;
    while (i < loss->n && loss->label[i] >= 0 && (size_t)loss->label[i] < classes) i++;
    return i;
}

/* What the target says of column j of row i: its share (softmax), its value (squared), 0 or 1 (logistic). */
static inline double target(const cc_loss *loss, size_t i, size_t j)
{
    if (loss->kind == CC_LOSS_LOGISTIC) return loss->label ? loss->label[i] : (loss->target[i * loss->c + j] + 1) / 2;
    return loss->label ? (size_t)loss->label[i] == j : loss->target[i * loss->c + j];
}

static double softmax_row(size_t c, const double *z, double *p, double *top)
{
    double sum = 0;
    *top = z[0];
    for (size_t j = 1; j < c; j++)
        if (z[j] > *top) *top = z[j];
    for (size_t j = 0; j < c; j++) sum += p[j] = cc_vexp(z[j] - *top);
    for (size_t j = 0; j < c; j++) p[j] /= sum;
    return log(sum);
}

static double softmax(const cc_loss *loss, size_t i, const double *z, double *p)
{
    double top, lse = softmax_row(loss->c, z, p, &top), sum = 0;
    if (loss->label) return lse - (z[loss->label[i]] - top);
    for (size_t j = 0; j < loss->c; j++) sum += target(loss, i, j) * (lse - (z[j] - top));
    return sum;
}

static double squared(const cc_loss *loss, size_t i, const double *z, double *p)
{
    double sum = 0;
    for (size_t j = 0; j < loss->c; j++) {
        p[j] = z[j] - target(loss, i, j);
        sum += p[j] * p[j];
    }
    return sum / 2;
}

static double logistic(const cc_loss *loss, size_t i, const double *z, double *p)
{
    double sum = 0;
    for (size_t j = 0; j < loss->c; j++) {
        double m = target(loss, i, j) > 0 ? z[j] : -z[j]; /* y z */
        p[j] = cc_vlogistic(z[j]);
        sum += (m < 0 ? -m : 0) + log1p(exp(-fabs(m)));
    }
    return sum;
}

void cc_loss_forward(const cc_loss *loss, const double *z, double *p, double *rows)
{
    for (size_t i = 0, c = loss->c; i < loss->n; i++) {
        const double *zi = z + i * c;
        rows[i] = loss->kind == CC_LOSS_SOFTMAX   ? softmax(loss, i, zi, p + i * c)
                  : loss->kind == CC_LOSS_SQUARED ? squared(loss, i, zi, p + i * c)
                                                  : logistic(loss, i, zi, p + i * c);
    }
}

void cc_loss_vjp(const cc_loss *loss, const double *p, double scale, const double *weight, double beta, double *zb)
{
    for (size_t i = 0, c = loss->c; i < loss->n; i++, p += c, zb += c) {
        double s = weight ? scale * weight[i] : scale;
        for (size_t j = 0; j < c; j++) {
            double d = s * (loss->kind == CC_LOSS_SQUARED ? p[j] : p[j] - target(loss, i, j));
            zb[j] = beta == 0 ? d : beta * zb[j] + d;
        }
    }
}

void cc_loss_hessian(const cc_loss *loss, const double *p, double scale, const double *weight, const double *rz, double beta,
                     double *rzb)
{
    for (size_t i = 0, c = loss->c; i < loss->n; i++, p += c, rz += c, rzb += c) {
        double s = weight ? scale * weight[i] : scale, mean = 0;
        if (loss->kind == CC_LOSS_SOFTMAX)
            for (size_t j = 0; j < c; j++) mean += p[j] * rz[j];
        for (size_t j = 0; j < c; j++) {
            double curvature = loss->kind == CC_LOSS_SQUARED ? 1 : loss->kind == CC_LOSS_SOFTMAX ? p[j] : p[j] * (1 - p[j]);
            double d = s * curvature * (rz[j] - mean);
            rzb[j] = beta == 0 ? d : beta * rzb[j] + d;
        }
    }
}
