/* algorithms/18_hessian_spectrum/measures.c: see measures.h. Training is the arm's algorithm, billed; whatever is looked at, is
 * looked at through a referee. */
#include "algorithms/18_hessian_spectrum/measures.h"

#include <math.h>
#include <string.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "harness/measure.h"
#include "harness/numerics/krylov.h"
#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

/* ---- both ends of a run ---- */

typedef struct ends {
    size_t d, steps;
    double *first, *last;
} ends;

static cc_status ends_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    ends *e = arg;
    (void)cell, (void)run;
    e->steps = ((const hessian_gd *)state)->k;
    cc_copy(e->d, candidate, e->steps ? e->last : e->first);
    return CC_OK;
}

static cc_status train(cc_cell *cell, cc_run *referee, ends *e)
{
    cc_run *scope = cc_cell_run(cell);
    e->d = smooth_dim(referee);
    CC_NEW(scope, e->first, e->d);
    CC_NEW(scope, e->last, e->d);
    return cc_drive(cell, NULL, ends_look, e);
}

/* Columns that every row of an end has. */
static cc_status put_point(cc_cell *cell, cc_run *referee, const ends *e, int trained)
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

#define POINT                                                                                                                      \
    {"trained", "", "0: the start, 1: the end"}, {"steps", "", "of training"}, {"M", "", "weights"}, { "f", "", "loss" }

/* ---- whole spectra ---- */

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

/* H and G at w and what is read off them; fills lambda and mu. */
static cc_status put_spectra(cc_cell *cell, cc_run *referee, const double *w, matrices *m)
{
    const size_t classes = smooth_target_size(referee), rank = smooth_samples(referee) * (classes - 1);
    double gap;
    CC_TRY(smooth_hess(referee, SMOOTH_EXACT, w, m->h));
    CC_TRY(smooth_hess(referee, SMOOTH_GN, w, m->g));
    cc_put(cell, "ratio", remainder_share(m));
    cc_put(cell, "trace_h", trace(m->d, m->h));
    cc_put(cell, "trace_g", trace(m->d, m->g));
    if (cc_syev(m->d, m->h, 0, m->lambda) || cc_syev(m->d, m->g, 0, m->mu))
        return cc_fail(referee, CC_ENUMERIC, "no eigenvalues: the Hessian is not finite");
    const hessian_counts c = hessian_count(m->d, m->lambda);
    cc_put(cell, "top", c.top);
    cc_put(cell, "bottom", c.bottom);
    cc_put(cell, "large", c.large);
    cc_put(cell, "flat_share", c.flat);
    cc_put(cell, "negative", c.negative);
    cc_put(cell, "n_out", (double)hessian_outliers(m->d, m->lambda, 3 * classes, &gap));
    cc_put(cell, "gap", gap);
    cc_put(cell, "top_g", m->mu[m->d - 1]);
    cc_put(cell, "least_g", m->mu[0] / m->mu[m->d - 1]);
    cc_put(cell, "beyond_h", hessian_beyond(m->d, m->lambda, rank, m->work));
    cc_put(cell, "beyond_g", hessian_beyond(m->d, m->mu, rank, m->work));
    return CC_OK;
}

static cc_status spectrum_replicate(cc_cell *cell)
{
    static const char *const names[2][2] = {{"H_start", "G_start"}, {"H_end", "G_end"}};
    cc_run *referee;
    ends e = {0};
    matrices m;
    CC_TRY(cc_referee(cell, NULL, &referee));
    CC_TRY(train(cell, referee, &e));
    CC_TRY(new_matrices(cc_cell_run(cell), e.d, &m));
    for (int trained = 0; trained < 2; trained++) {
        CC_TRY(put_point(cell, referee, &e, trained));
        CC_TRY(put_spectra(cell, referee, trained ? e.last : e.first, &m));
        cc_emit(cell);
        CC_TRY(cc_attach(cell, names[trained][0], 1, &e.d, m.lambda));
        CC_TRY(cc_attach(cell, names[trained][1], 1, &e.d, m.mu));
    }
    return CC_OK;
}

static cc_status spectrum_run(cc_cell *cell) { return cc_each_seed(cell, spectrum_replicate); }

const cc_measure hessian_spectrum = {
    .id = "spectrum.whole",
    .run = spectrum_run,
    .columns =
        CC_LIST(cc_column, POINT, {"top", "", "largest eigenvalue of H"}, {"bottom", "", "smallest over largest"},
                {"large", "", "eigenvalues above a twentieth of the largest"},
                {"flat_share", "", "share within a thousandth of the largest around 0"}, {"negative", "", "share below -1e-9"},
                {"n_out", "", "eigenvalues above the largest ratio gap"}, {"gap", "", "that ratio"},
                {"ratio", "", "|H - G| / |H|, Frobenius"}, {"trace_h", "", "of H"}, {"trace_g", "", "of G"},
                {"top_g", "", "largest eigenvalue of G"}, {"least_g", "", "smallest over largest, of G"},
                {"beyond_h", "", "eigenvalue N (C - 1) + 1 of H by modulus, over the largest"}, {"beyond_g", "", "the same of G"})};

/* ---- the largest eigenvalues ---- */

typedef struct at_point {
    cc_run *referee;
    const double *w;
} at_point;

static cc_status times_hessian(void *self, size_t p, const double *x, double *y)
{
    const at_point *a = self;
    const size_t d = smooth_dim(a->referee);
    for (size_t k = 0; k < p; k++) CC_TRY(smooth_hvp(a->referee, SMOOTH_EXACT, a->w, x + k * d, y + k * d));
    return CC_OK;
}

/* Lanczos until the `wanted` largest Ritz values have residuals below 1e-6 of the largest, or at its end. *worst: their largest
 * residual over the largest value. */
static cc_status largest(cc_lanczos *l, const cc_linop *a, const double *start, size_t wanted, double *worst)
{
    CC_TRY(cc_lanczos_start(l, start));
    do {
        const size_t more = l->k ? 10 : wanted + 30;
        CC_TRY(cc_lanczos_steps(l, a, more));
        CC_TRY(cc_lanczos_ritz(l));
        *worst = 0;
        for (size_t i = 1; i <= wanted && i <= l->k; i++) *worst = fmax(*worst, l->residual[l->k - i] / l->theta[l->k - 1]);
    } while (*worst > 1e-6 && l->k < l->m && !l->broken);
    return CC_OK;
}

static cc_status put_largest(cc_cell *cell, cc_run *referee, const double *w, cc_lanczos *l, double *start)
{
    const size_t wanted = 3 * smooth_target_size(referee) + 1;
    at_point at = {referee, w};
    const cc_linop H = {l->n, times_hessian, &at};
    double worst, gap;
    cc_rng rng = cc_stream(cc_cell_run(cell), 100, 0);
    cc_normal(&rng, l->n, start);
    CC_TRY(largest(l, &H, start, wanted, &worst));
    cc_put(cell, "top", l->theta[l->k - 1]);
    cc_put(cell, "bottom", l->theta[0] / l->theta[l->k - 1]);
    cc_put(cell, "n_out", (double)hessian_outliers(l->k, l->theta, wanted - 1, &gap));
    cc_put(cell, "gap", gap);
    cc_put(cell, "residual", worst);
    cc_put(cell, "products", (double)l->k);
    return CC_OK;
}

static cc_status top_replicate(cc_cell *cell)
{
    cc_run *referee, *scope = cc_cell_run(cell);
    ends e = {0};
    cc_lanczos l;
    double *start;
    CC_TRY(cc_referee(cell, NULL, &referee));
    CC_TRY(train(cell, referee, &e));
    CC_NEW(scope, start, e.d);
    const size_t most = 9 * smooth_target_size(referee) + 150;
    CC_TRY(cc_lanczos_new(scope, e.d, e.d < most ? e.d : most, &l));
    for (int trained = 0; trained < 2; trained++) {
        CC_TRY(put_point(cell, referee, &e, trained));
        CC_TRY(put_largest(cell, referee, trained ? e.last : e.first, &l, start));
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status top_run(cc_cell *cell) { return cc_each_seed(cell, top_replicate); }

const cc_measure hessian_top = {
    .id = "spectrum.top",
    .run = top_run,
    .columns = CC_LIST(cc_column, POINT, {"top", "", "largest eigenvalue of H"}, {"bottom", "", "smallest Ritz value over it"},
                       {"n_out", "", "eigenvalues above the largest ratio gap"}, {"gap", "", "that ratio"},
                       {"residual", "", "largest of the wanted ones, over the largest eigenvalue"},
                       {"products", "", "of the Hessian with a vector"})};

/* ---- a change of the batch, and the line through both ends ---- */

typedef struct path {
    size_t d, until;
    cc_run *referee;
    double *before, *after;
    int silent; /* rows of the way have been given already */
} path;

static cc_status path_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    const hessian_gd *s = state;
    path *p = arg;
    double f;
    (void)run;
    if (s->k <= p->until && !p->silent) cc_copy(p->d, candidate, p->before);
    cc_copy(p->d, candidate, p->after);
    if (s->k % 50 || p->silent) return CC_OK;
    CC_TRY(smooth_value(p->referee, candidate, &f));
    cc_put(cell, "k", (double)s->k);
    cc_put(cell, "f", f);
    cc_emit(cell);
    return CC_OK;
}

/* 29 points from a = -.2 to 1.2; those with 0 <= a <= 1 are judged. */
static cc_status line(cc_cell *cell, const path *p)
{
    enum { POINTS = 29 };
    double *w, f[POINTS];
    CC_NEW(cc_cell_run(cell), w, p->d);
    for (int i = 0; i < POINTS; i++) {
        const double a = (i - 4) * .05;
        for (size_t j = 0; j < p->d; j++) w[j] = (1 - a) * p->before[j] + a * p->after[j];
        CC_TRY(smooth_value(p->referee, w, f + i));
    }
    for (int i = 0; i < POINTS; i++) {
        const int inside = i >= 4 && i <= 24;
        cc_put(cell, "a", (i - 4) * .05);
        cc_put(cell, "f", f[i]);
        cc_put(cell, "f_before", f[4]);
        cc_put(cell, "f_after", f[24]);
        if (inside) cc_put(cell, "barrier", f[i] - fmax(f[4], f[24]));
        if (inside && i > 4) cc_put(cell, "rise", f[i] - f[i - 1]);
        cc_emit(cell);
    }
    return CC_OK;
}

static cc_status path_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    path p = {.until = (size_t)cc_int(scope, "until")};
    CC_TRY(cc_referee(cell, NULL, &p.referee));
    p.d = smooth_dim(p.referee);
    CC_NEW(scope, p.before, p.d);
    CC_NEW(scope, p.after, p.d);
    CC_TRY(cc_drive(cell, NULL, path_look, &p));
    if (cc_bool(scope, "independent")) {
        p.silent = 1;
        CC_TRY(cc_drive(cell, "from=reference", path_look, &p));
    }
    return line(cell, &p);
}

static cc_status path_run(cc_cell *cell) { return cc_each_seed(cell, path_replicate); }

const cc_measure hessian_path = {
    .id = "spectrum.path",
    .run = path_run,
    .params = CC_LIST(cc_param, {"independent", CC_BOOL, "false", .doc = "the line ends at another run, from another start"}),
    .columns = CC_LIST(cc_column, {"k", "", "step of the run; none on the line"}, {"a", "", "place on the line; none in the run"},
                       {"f", "", "loss on all examples"}, {"f_before", "", "where the batch is changed, a = 0"},
                       {"f_after", "", "at the end, a = 1"}, {"barrier", "", "loss above that of the worse end, 0 <= a <= 1"},
                       {"rise", "", "loss above that a step before on the line"})};

/* ---- the matrix itself ---- */

enum { WEIGHTS_RESIDUAL, WEIGHTS_PROBABILITY };

typedef struct vector_field {
    cc_run *referee;
    size_t d, n;
    const size_t *ids;
    const double *dz; /* NULL: the gradient of f; else (1/N) sum_i J_i' dz_i */
    double *w, *g;
} vector_field;

static cc_status evaluate(vector_field *v)
{
    if (!v->dz) return smooth_grad(v->referee, v->w, v->g);
    CC_TRY(smooth_pullback(v->referee, v->w, v->ids, v->n, v->dz, v->g));
    cc_scale(v->d, 1 / (double)v->n, v->g);
    return CC_OK;
}

/* Jacobian of a field, row j its derivative along w_j, by central differences of order 8 with steps h .. 4h, or of order 2. */
static cc_status differences(vector_field *v, double h, int order, double *jacobian)
{
    static const double eighth[] = {4. / 5, -1. / 5, 4. / 105, -1. / 280}, second[] = {.5};
    const double *c = order == 8 ? eighth : second;
    memset(jacobian, 0, v->d * v->d * sizeof *jacobian);
    for (size_t j = 0; j < v->d; j++) {
        const double at = v->w[j];
        for (int k = 1; k <= order / 2; k++)
            for (int sign = -1; sign <= 1; sign += 2) {
                v->w[j] = at + sign * k * h;
                CC_TRY(evaluate(v));
                cc_axpy(v->d, sign * c[k - 1] / h, v->g, jacobian + j * v->d);
            }
        v->w[j] = at;
    }
    return CC_OK;
}

static double distance(size_t n, const double *a, const double *b)
{
    double most = 0, scale = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(a[i] - b[i])), scale = fmax(scale, fabs(a[i]));
    return most / scale;
}

/* p - y of each example, or p alone. */
static cc_status output_weights(cc_run *referee, const double *w, const size_t *ids, size_t n, int which, double *z, double *dz)
{
    const size_t c = smooth_target_size(referee);
    CC_TRY(smooth_targets(referee, w, ids, n, z));
    CC_TRY(smooth_target_grad(referee, z, ids, n, dz));
    for (size_t i = 0; i < n && which == WEIGHTS_PROBABILITY; i++) {
        double sum = 0;
        for (size_t k = 0; k < c; k++) sum += dz[i * c + k] = exp(z[i * c + k]);
        for (size_t k = 0; k < c; k++) dz[i * c + k] /= sum;
    }
    return CC_OK;
}

/* The matrix by products with unit vectors, row by row: not made symmetric. */
static cc_status by_products(vector_field *v, smooth_kind kind, double *h)
{
    double *unit;
    CC_NEW(v->referee, unit, v->d);
    for (size_t j = 0; j < v->d; j++) {
        unit[j] = 1;
        CC_TRY(smooth_hvp(v->referee, kind, v->w, unit, h + j * v->d));
        unit[j] = 0;
    }
    return CC_OK;
}

static cc_status exactness_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    vector_field v;
    CC_TRY(cc_referee(cell, NULL, &v.referee));
    v.d = smooth_dim(v.referee), v.n = smooth_samples(v.referee), v.dz = NULL;
    const size_t c = smooth_target_size(v.referee), d2 = v.d * v.d;
    double *h, *g, *fd, *z, *dz, asymmetry = 0, scale = 0;
    size_t *ids;
    CC_NEW(scope, v.w, v.d);
    CC_NEW(scope, v.g, v.d);
    CC_NEW(scope, h, d2);
    CC_NEW(scope, g, d2);
    CC_NEW(scope, fd, d2);
    CC_NEW(scope, z, v.n * c);
    CC_NEW(scope, dz, v.n * c);
    CC_NEW(scope, ids, v.n);
    for (size_t i = 0; i < v.n; i++) ids[i] = i;
    v.ids = ids;
    CC_TRY(smooth_start(v.referee, v.w));
    CC_TRY(by_products(&v, cc_choice(scope, "curvature") ? SMOOTH_GN : SMOOTH_EXACT, h));
    CC_TRY(by_products(&v, SMOOTH_GN, g));
    for (size_t i = 0; i < v.d; i++)
        for (size_t j = 0; j < i; j++) asymmetry = fmax(asymmetry, fabs(h[i * v.d + j] - h[j * v.d + i]));
    for (size_t i = 0; i < d2; i++) scale = fmax(scale, fabs(h[i]));
    CC_TRY(differences(&v, .005, 8, fd));
    cc_put(cell, "M", (double)v.d);
    cc_put(cell, "asymmetry", asymmetry / scale);
    cc_put(cell, "error", distance(d2, fd, h));
    CC_TRY(differences(&v, cbrt(2.2e-16), 2, fd));
    cc_put(cell, "error_plain", distance(d2, fd, h));
    CC_TRY(output_weights(v.referee, v.w, ids, v.n, cc_choice(scope, "weights"), z, dz));
    v.dz = dz;
    CC_TRY(differences(&v, .005, 8, fd));
    cc_axpy(d2, -1, g, h);
    cc_put(cell, "error_r", distance(d2, fd, h));
    cc_emit(cell);
    return CC_OK;
}

static cc_status exactness_run(cc_cell *cell) { return cc_each_seed(cell, exactness_replicate); }

const cc_measure hessian_exactness = {
    .id = "spectrum.exactness",
    .run = exactness_run,
    .params =
        CC_LIST(cc_param, {"curvature", CC_CHOICE, "exact", .choices = "exact gn", .doc = "what is called H: the Hessian, or G"},
                {"weights", CC_CHOICE, "residual", .choices = "residual probability", .doc = "of D^2 f_c in R: p - y, or p"}),
    .columns = CC_LIST(cc_column, {"M", "", "weights"}, {"asymmetry", "", "largest |H_ij - H_ji| over the largest entry"},
                       {"error", "", "of H against differences of order 8 of the gradient, over the largest entry"},
                       {"error_plain", "", "the same, of order 2 with h = eps^(1/3)"},
                       {"error_r", "", "of H - G against differences of (1/N) sum J_i'(p_i - y_i), p - y fixed"})};

/* ---- sample covariances ---- */

static cc_status covariance_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    const size_t M = (size_t)cc_int(scope, "M"), N = (size_t)cc_int(scope, "N"), least = M < N ? M : N;
    const double rho = cc_real(scope, "rho");
    double *g, *c, *lambda;
    size_t zeros = 0;
    CC_NEW(scope, g, N * M);
    CC_NEW(scope, c, M * M);
    CC_NEW(scope, lambda, M);
    cc_rng rng = cc_stream(scope, 100, 0);
    cc_normal(&rng, N * M, g);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 1; j < M; j++) g[i * M + j] = rho * g[i * M + j - 1] + sqrt(1 - rho * rho) * g[i * M + j];
    cc_syrk_t(N, M, 1 / (double)N, g, 0, c);
    if (cc_syev(M, c, 0, lambda)) return cc_fail(scope, CC_ENUMERIC, "no eigenvalues");
    for (size_t j = 0; j < M; j++) zeros += fabs(lambda[j]) < 1e-10 * lambda[M - 1];
    cc_put(cell, "zeros", (double)zeros);
    cc_put(cell, "zeros_law", (double)(M - least));
    cc_put(cell, "distance", hessian_marchenko_pastur((double)M / (double)N, least, lambda + M - least));
    cc_put(cell, "least", lambda[M - least]);
    cc_put(cell, "top", lambda[M - 1]);
    cc_emit(cell);
    return CC_OK;
}

static cc_status covariance_run(cc_cell *cell) { return cc_each_seed(cell, covariance_replicate); }

const cc_measure hessian_covariance = {
    .id = "spectrum.covariance",
    .run = covariance_run,
    .params = CC_LIST(cc_param, {"M", CC_INT, "600", 1, 20000, .doc = "entries of a vector"},
                      {"N", CC_INT, "300", 1, 100000, .doc = "vectors"},
                      {"rho", CC_REAL, "0", -.99, .99, .doc = "correlation of neighbours in a vector"}),
    .columns = CC_LIST(cc_column, {"zeros", "", "eigenvalues that are 0"}, {"zeros_law", "", "max(0, M - N)"},
                       {"distance", "", "Kolmogorov's, of the others from the law"}, {"least", "", "smallest of the others"},
                       {"top", "", "largest eigenvalue"})};
