/* algorithms/18_hessian_spectrum/measures.c: see measures.h. Training is the arm's algorithm, billed; whatever is looked at, is
 * looked at through a referee. */
#include "algorithms/18_hessian_spectrum/measures.h"

#include <math.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

cc_status hessian_each(cc_cell *cell, cc_status (*replicate)(cc_cell *))
{
    while (cc_replicate(cell)) CC_TRY(replicate(cell));
    return CC_OK;
}

/* ---- both ends of a run ---- */

static cc_status ends_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    hessian_ends *e = arg;
    (void)cell, (void)run;
    e->steps = ((const hessian_gd *)state)->k;
    cc_copy(e->d, candidate, e->steps ? e->last : e->first);
    return CC_OK;
}

cc_status hessian_train(cc_cell *cell, cc_run *referee, hessian_ends *e)
{
    cc_run *scope = cc_cell_run(cell);
    e->d = smooth_dim(referee);
    CC_NEW(scope, e->first, e->d);
    CC_NEW(scope, e->last, e->d);
    return cc_drive(cell, NULL, ends_look, e);
}

cc_status hessian_put_point(cc_cell *cell, cc_run *referee, const hessian_ends *e, int trained)
{
    const double *w = trained ? e->last : e->first;
    double f;
    CC_TRY(smooth_value(referee, w, &f));
    cc_put(cell, "trained", trained);
    cc_put(cell, "steps", (double)e->steps);
    cc_put(cell, "M", (double)e->d);
    cc_put(cell, "f", f);
    return CC_OK;
}

/* ---- whole spectra ---- */

enum { MODERATE = 2000 }; /* weights up to which the eigenvalues of G are looked at apart */

typedef struct matrices {
    size_t d;
    double *h, *g, *lambda, *mu, *work;
} matrices;

static cc_status new_matrices(cc_run *scope, size_t d, matrices *m)
{
    m->d = d;
    CC_NEW(scope, m->h, d * d);
    CC_NEW(scope, m->g, d * d);
    CC_NEW(scope, m->lambda, d);
    CC_NEW(scope, m->mu, d);
    CC_NEW(scope, m->work, d);
    return CC_OK;
}

/* Frobenius norm of H - G over that of H; the lower triangles are looked at. */
static double remainder_share(const matrices *m)
{
    double r = 0, h = 0;
    for (size_t i = 0; i < m->d; i++)
        for (size_t j = 0; j <= i; j++) {
            const double twice = i == j ? 1 : 2, a = m->h[i * m->d + j], b = m->g[i * m->d + j];
            r += twice * (a - b) * (a - b), h += twice * a * a;
        }
    return sqrt(r / h);
}

static double trace(size_t d, const double *a)
{
    double sum = 0;
    for (size_t i = 0; i < d; i++) sum += a[i * (d + 1)];
    return sum;
}

/* H and G at w and what is read off them; fills lambda. */
static cc_status put_spectra(cc_cell *cell, cc_run *referee, const double *w, matrices *m)
{
    const size_t classes = smooth_target_size(referee), rank = smooth_samples(referee) * (classes - 1);
    double gap;
    CC_TRY(smooth_hess(referee, SMOOTH_EXACT, w, m->h));
    CC_TRY(smooth_hess(referee, SMOOTH_GN, w, m->g));
    cc_put(cell, "ratio", remainder_share(m));
    cc_put(cell, "trace_h", trace(m->d, m->h));
    cc_put(cell, "trace_g", trace(m->d, m->g));
    if (cc_syev(m->d, m->h, 0, m->lambda)) return cc_fail(referee, CC_ENUMERIC, "no eigenvalues: the Hessian is not finite");
    const hessian_counts c = hessian_count(m->d, m->lambda);
    cc_put(cell, "top", c.top);
    cc_put(cell, "bottom", c.bottom);
    cc_put(cell, "large", c.large);
    cc_put(cell, "flat_share", c.flat);
    cc_put(cell, "negative", c.negative);
    cc_put(cell, "n_out", (double)hessian_outliers(m->d, m->lambda, 3 * classes, &gap));
    cc_put(cell, "gap", gap);
    cc_put(cell, "beyond_h", hessian_beyond(m->d, m->lambda, rank, m->work));
    return CC_OK;
}

/* Rows of S: with A = B B', B = diag(sqrt p) - p sqrt(p)', the C rows of B_i' J_i for each example, so that G = S'S / N. */
static cc_status factor(cc_run *referee, const double *w, size_t n, size_t c, double *s)
{
    double *z, *dz;
    CC_NEW(referee, z, c);
    CC_NEW(referee, dz, c);
    for (size_t i = 0; i < n; i++) {
        double sum = 0, most = -INFINITY;
        CC_TRY(smooth_targets(referee, w, &i, 1, z));
        for (size_t k = 0; k < c; k++) most = fmax(most, z[k]);
        for (size_t k = 0; k < c; k++) sum += z[k] = exp(z[k] - most);
        for (size_t k = 0; k < c; k++) z[k] /= sum;
        for (size_t k = 0; k < c; k++, s += smooth_dim(referee)) {
            for (size_t j = 0; j < c; j++) dz[j] = (j == k ? sqrt(z[k]) : 0) - z[j] * sqrt(z[k]);
            CC_TRY(smooth_pullback(referee, w, &i, 1, dz, s));
        }
    }
    return CC_OK;
}

/* Where there are fewer outputs than weights: the eigenvalues of G but for zeros are those of the small matrix SS' / N. Puts their
 * largest distance from mu, over the largest. */
static cc_status put_gram(cc_cell *cell, cc_run *referee, const double *w, const matrices *m)
{
    const size_t c = smooth_target_size(referee), n = smooth_samples(referee), rows = n * c;
    double *s, *gram, *nu, error = 0;
    CC_NEW(referee, s, rows * m->d);
    CC_NEW(referee, gram, rows * rows);
    CC_NEW(referee, nu, rows);
    CC_TRY(factor(referee, w, n, c, s));
    cc_gemm(0, 1, rows, rows, m->d, 1 / (double)n, s, s, 0, gram);
    if (cc_syev(rows, gram, 0, nu)) return cc_fail(referee, CC_ENUMERIC, "no eigenvalues: SS' is not finite");
    for (size_t k = 1; k <= rows; k++) error = fmax(error, fabs(nu[rows - k] - m->mu[m->d - k]));
    cc_put(cell, "gram", error / m->mu[m->d - 1]);
    return CC_OK;
}

/* The same of G alone, of networks of moderate size: it costs as much again. */
static cc_status put_gauss_newton(cc_cell *cell, cc_run *referee, matrices *m)
{
    const size_t rank = smooth_samples(referee) * (smooth_target_size(referee) - 1);
    if (cc_syev(m->d, m->g, 0, m->mu)) return cc_fail(referee, CC_ENUMERIC, "no eigenvalues: G is not finite");
    cc_put(cell, "top_g", m->mu[m->d - 1]);
    cc_put(cell, "least_g", m->mu[0] / m->mu[m->d - 1]);
    cc_put(cell, "beyond_g", hessian_beyond(m->d, m->mu, rank, m->work));
    return CC_OK;
}

static cc_status spectrum_replicate(cc_cell *cell)
{
    static const char *const names[2][2] = {{"H_start", "G_start"}, {"H_end", "G_end"}};
    cc_run *referee;
    hessian_ends e = {0};
    matrices m;
    CC_TRY(cc_referee(cell, NULL, &referee));
    CC_TRY(hessian_train(cell, referee, &e));
    CC_TRY(new_matrices(cc_cell_run(cell), e.d, &m));
    for (int trained = 0; trained < 2; trained++) {
        CC_TRY(hessian_put_point(cell, referee, &e, trained));
        CC_TRY(put_spectra(cell, referee, trained ? e.last : e.first, &m));
        if (e.d <= MODERATE) CC_TRY(put_gauss_newton(cell, referee, &m));
        if (e.d <= MODERATE && smooth_samples(referee) * smooth_target_size(referee) < e.d)
            CC_TRY(put_gram(cell, referee, trained ? e.last : e.first, &m));
        cc_emit(cell);
        CC_TRY(cc_attach(cell, names[trained][0], 1, &e.d, m.lambda));
        if (e.d <= MODERATE) CC_TRY(cc_attach(cell, names[trained][1], 1, &e.d, m.mu));
    }
    return CC_OK;
}

static cc_status spectrum_run(cc_cell *cell) { return cc_each_seed(cell, spectrum_replicate); }

const cc_measure hessian_spectrum = {
    .id = "spectrum.whole",
    .run = spectrum_run,
    .columns =
        CC_LIST(cc_column, HESSIAN_POINT, {"top", "", "largest eigenvalue of H"}, {"bottom", "", "smallest over largest"},
                {"large", "", "eigenvalues above a twentieth of the largest"},
                {"flat_share", "", "share within a thousandth of the largest around 0"}, {"negative", "", "share below -1e-9"},
                {"n_out", "", "eigenvalues above the largest ratio gap"}, {"gap", "", "that ratio"},
                {"ratio", "", "|H - G| / |H|, Frobenius"}, {"trace_h", "", "of H"}, {"trace_g", "", "of G"},
                {"top_g", "", "largest eigenvalue of G; none, nor what follows of G, of more than 2000 weights"},
                {"least_g", "", "smallest over largest, of G"},
                {"beyond_h", "", "eigenvalue N (C - 1) + 1 of H by modulus, over the largest"}, {"beyond_g", "", "the same of G"},
                {"gram", "", "distance of the eigenvalues of G from those of SS' / N, over the largest; where NC < M"})};
