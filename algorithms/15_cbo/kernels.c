/* algorithms/15_cbo/kernels.c: see cbo.h. */
#include <math.h>
#include <string.h>

#include "algorithms/15_cbo/cbo.h"
#include "harness/numerics/linalg.h"

/* The least energy; NaN if one is NaN or none is finite. */
static double least(size_t N, const double *e)
{
    double most = INFINITY;
    int nan = 0;
    for (size_t i = 0; i < N; i++) {
        nan |= isnan(e[i]);
        most = fmin(most, e[i]);
    }
    return nan || isinf(most) ? NAN : most;
}

static void gibbs(size_t N, const double *e, double emin, double alpha, double *w)
{
    for (size_t i = 0; i < N; i++) w[i] = isinf(e[i]) ? 0 : exp(-alpha * (e[i] - emin));
}

int cbo_consensus(size_t d, size_t N, const double *X, const double *e, double alpha, double *w, double *c)
{
    const double emin = least(N, e);
    double sum = 0;
    if (isnan(emin)) return -1;
    gibbs(N, e, emin, alpha, w);
    for (size_t i = 0; i < N; i++) sum += w[i];
    cc_gemv(d, N, 1 / sum, X, w, 0, c);
    return 0;
}

double cbo_alpha(size_t N, const double *e, double share, double *w)
{
    const double emin = least(N, e);
    double low = log(1e-5), high = log(1e5);
    for (int k = 0; k < 40; k++) {
        const double middle = (low + high) / 2;
        double sum = 0, square = 0;
        gibbs(N, e, emin, exp(middle), w);
        for (size_t i = 0; i < N; i++) sum += w[i], square += w[i] * w[i];
        *(sum * sum / square > share * (double)N ? &low : &high) = middle;
    }
    return exp((low + high) / 2);
}

void cbo_shuffle(cc_rng *rng, size_t N, double *e)
{
    for (size_t i = N; i > 1; i--) {
        const size_t j = (size_t)cc_below(rng, i);
        const double kept = e[i - 1];
        e[i - 1] = e[j], e[j] = kept;
    }
}

/* work[i] = |x_i - c| */
static void distances(size_t d, size_t N, const double *X, const double *c, double *work)
{
    memset(work, 0, N * sizeof *work);
    for (size_t j = 0; j < d; j++) {
        const double *x = X + j * N, at = c[j];
        for (size_t i = 0; i < N; i++) work[i] += (x[i] - at) * (x[i] - at);
    }
    for (size_t i = 0; i < N; i++) work[i] = sqrt(work[i]);
}

void cbo_move(size_t d, size_t N, double *X, const double *c, cbo_noise noise, double lambda_dt, double sigma_root_dt,
              const double *xi, double *work)
{
    if (noise == CBO_ISOTROPIC) distances(d, N, X, c, work);
    for (size_t j = 0; j < d; j++) {
        double *x = X + j * N;
        const double *z = xi + j * N, at = c[j];
        for (size_t i = 0; i < N; i++) {
            const double D = x[i] - at, s = noise == CBO_ISOTROPIC ? work[i] : noise == CBO_ANISOTROPIC ? fabs(D) : 1;
            x[i] += -lambda_dt * D + sigma_root_dt * s * z[i];
        }
    }
    cc_flops(7 * d * N);
}
