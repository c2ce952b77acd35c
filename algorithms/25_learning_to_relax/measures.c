/* algorithms/25_learning_to_relax/measures.c: SOR, dense and counted; see measures.h. */
#include "algorithms/25_learning_to_relax/measures.h"

#include <math.h>
#include <string.h>

#include "algorithms/25_learning_to_relax/relax.h"
#include "harness/measure.h"
#include "harness/numerics/linalg.h"
#include "problems/online/sequence.h"
#include "problems/online/variates.h"

static const double pi = 3.14159265358979323846;

void relax_pattern(size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) b[i] = (double)(37 * i % 101) / 101 - .5;
}

static double jacobi_radius(size_t side, double c) { return 4 * cos(pi / (double)(side + 1)) / (4 + c); }

/* C' of C = I - A (D/omega + L)^-1, dense: I - W'^-1 A by back substitution. w: n x n, work. */
static void sor_matrix(size_t n, double omega, const double *a, double *w, double *c)
{
    memcpy(w, a, n * n * sizeof *w);
    for (size_t i = n; i-- > 0;) {
        double *row = w + i * n;
        for (size_t j = i + 1; j < n; j++)
            if (a[j * n + i] != 0) cc_axpy(n, -a[j * n + i], w + j * n, row);
        cc_scale(n, omega / a[i * n + i], row);
    }
    for (size_t k = 0; k < n * n; k++) c[k] = (double)(k % (n + 1) == 0) - w[k];
}

/* ---- spectrum ---- */

/* Symmetric permutation of a by a random order. */
static void shuffle(cc_run *scope, size_t n, double *a, double *work, size_t *order)
{
    cc_rng rng = cc_stream(scope, 100, 0);
    for (size_t i = 0; i < n; i++) order[i] = i;
    for (size_t i = n; i-- > 1;) {
        const size_t j = (size_t)cc_below(&rng, i + 1), held = order[i];
        order[i] = order[j], order[j] = held;
    }
    memcpy(work, a, n * n * sizeof *work);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] = work[order[i] * n + order[j]];
}

static cc_status spectrum_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        linseq_grid grid;
        double *a, *w, *c, *eigen;
        size_t *order;
        const size_t side = (size_t)cc_int(scope, "side"), n = side * side;
        const double shift = cc_real(scope, "c"), beta = jacobi_radius(side, shift);
        CC_TRY(linseq_square(scope, side, &grid));
        CC_NEW(scope, a, n * n);
        CC_NEW(scope, w, n * n);
        CC_NEW(scope, c, n * n);
        CC_NEW(scope, eigen, 2 * n);
        CC_NEW(scope, order, n);
        linseq_dense(&grid, 4 + shift, 1, a);
        if (cc_choice(scope, "order") == 1) shuffle(scope, n, a, w, order);
        for (int k = 0; k < 20; k++) {
            const double omega = 1 + .05 * k;
            double radius = 0;
            sor_matrix(n, omega, a, w, c);
            if (cc_geev(n, c, eigen, eigen + n) != 0) return cc_fail(scope, CC_ENUMERIC, "no eigenvalues at omega = %g", omega);
            for (size_t i = 0; i < n; i++) radius = fmax(radius, hypot(eigen[i], eigen[n + i]));
            cc_put(cell, "omega", omega);
            cc_put(cell, "radius", radius);
            cc_put(cell, "young", relax_radius(omega, beta));
            cc_put(cell, "apart", fabs(omega - relax_omega_star(beta)));
            cc_emit(cell);
        }
    }
    return CC_OK;
}

const cc_measure relax_spectrum = {
    .id = "relax.spectrum",
    .run = spectrum_run,
    .params = CC_LIST(cc_param, {"side", CC_INT, "10", 2, 40, .doc = "points on a side of the square"},
                      {"c", CC_REAL, "0", -.16, 10, .doc = "shift of the diagonal"},
                      {"order", CC_CHOICE, "natural", .choices = "natural shuffled",
                       .doc = "of the unknowns; shuffled: not consistently ordered"}),
    .columns = CC_LIST(cc_column, {"omega", "", "relaxation parameter"}, {"radius", "", "largest modulus of an eigenvalue of C"},
                       {"young", "", "by Young's formula"}, {"apart", "", "|omega - omega*|: at omega* the matrix is defective"}),
};

/* ---- bound ---- */

typedef struct bound {
    size_t n, points;
    linseq_grid grid;
    double c, beta, eps, step;
    double *b, *a, *w, *matrix, *power, *square, *values, *work;
    linseq_sor_job *job; /* points + 1: the last at omega* */
    double *root;        /* |C^(k-1)|^(1/(k-1)) */
} bound;

static cc_status bound_open(cc_run *scope, bound *s)
{
    const size_t side = (size_t)cc_int(scope, "side"), n = s->n = side * side;
    cc_rng rng = cc_stream(scope, 101, 0);
    const int law = cc_choice(scope, "law");
    CC_TRY(linseq_square(scope, side, &s->grid));
    s->step = cc_real(scope, "omega_step"), s->eps = cc_real(scope, "eps");
    s->points = (size_t)((1.99 - 1) / s->step + 1 + 1e-9);
    s->c = cc_real(scope, "c");
    if (isnan(s->c)) s->c = law == 0 ? -.15 + .6 * cc_uniform(&rng) : sequence_shift(scope, law - 1, 0);
    s->beta = jacobi_radius(side, s->c);
    CC_NEW(scope, s->b, n);
    CC_NEW(scope, s->a, n * n);
    CC_NEW(scope, s->w, n * n);
    CC_NEW(scope, s->matrix, n * n);
    CC_NEW(scope, s->power, n * n);
    CC_NEW(scope, s->square, n * n);
    CC_NEW(scope, s->values, n);
    CC_NEW(scope, s->work, s->grid.size * LINSEQ_LANES);
    CC_NEW(scope, s->job, s->points + 1);
    CC_NEW(scope, s->root, s->points + 1);
    if (cc_choice(scope, "rhs") == 0)
        relax_pattern(n, s->b);
    else
        online_truncated_normal(&rng, n, s->b);
    linseq_dense(&s->grid, 4 + s->c, 1, s->a);
    return CC_OK;
}

static void swap(double **x, double **y)
{
    double *held = *x;
    *x = *y, *y = held;
}

/* |C^k| by squaring; destroys s->matrix. */
static cc_status power_norm(cc_run *scope, bound *s, uint32_t k, double *norm)
{
    const size_t n = s->n;
    int any = 0;
    for (;; k >>= 1) {
        if (k & 1) {
            if (any)
                cc_gemm(0, 0, n, n, n, 1, s->power, s->matrix, 0, s->square);
            else
                memcpy(s->square, s->matrix, n * n * sizeof *s->square);
            swap(&s->power, &s->square);
            any = 1;
        }
        if (k <= 1) break;
        cc_gemm(0, 0, n, n, n, 1, s->matrix, s->matrix, 0, s->square);
        swap(&s->matrix, &s->square);
    }
    if (!any) return cc_fail(scope, CC_EBUG, "a zeroth power");
    if (cc_svdvals(n, n, s->power, s->values) != 0) return cc_fail(scope, CC_ENUMERIC, "no singular values");
    *norm = s->values[0];
    return CC_OK;
}

/* rho(D^-1 L D^-1 L'), D = diag I */
static cc_status lower_radius(cc_run *scope, bound *s, double *radius)
{
    const size_t n = s->n;
    memcpy(s->w, s->a, n * n * sizeof *s->w);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++) s->w[i * n + j] = 0;
    cc_gemm(0, 1, n, n, n, 1 / (s->a[0] * s->a[0]), s->w, s->w, 0, s->matrix);
    if (cc_syev(n, s->matrix, 0, s->values) != 0) return cc_fail(scope, CC_ENUMERIC, "no eigenvalues of L L'");
    *radius = s->values[n - 1];
    return CC_OK;
}

/* Counts, roots and tau; the last point is omega*. */
static cc_status bound_points(cc_run *scope, bound *s, double *tau)
{
    for (size_t i = 0; i <= s->points; i++)
        s->job[i] = (linseq_sor_job){
            .b = s->b, .diag = 4 + s->c, .omega = i < s->points ? 1 + s->step * (double)i : relax_omega_star(s->beta)};
    linseq_sor_batch(&s->grid, s->eps, s->points + 1, s->job, s->work);
    *tau = 0;
    for (size_t i = 0; i <= s->points; i++) {
        double norm = 0;
        sor_matrix(s->n, s->job[i].omega, s->a, s->w, s->matrix);
        CC_TRY(power_norm(scope, s, s->job[i].iterations - 1, &norm));
        s->root[i] = pow(norm, 1 / (double)(s->job[i].iterations - 1));
        const double rho = relax_radius(s->job[i].omega, s->beta);
        *tau = fmax(*tau, (s->root[i] - rho) / (1 - rho));
    }
    return CC_OK;
}

static void bound_emit(cc_cell *cell, const bound *s, double tau, double lower)
{
    const double jacobi = s->beta * (4 + s->c), condition = (4 + s->c + jacobi) / (4 + s->c - jacobi);
    double least = INFINITY, least_bound = INFINITY;
    for (size_t i = 0; i <= s->points; i++) {
        least = fmin(least, s->job[i].iterations);
        least_bound = fmin(least_bound, relax_surrogate(relax_radius(s->job[i].omega, s->beta), tau, s->eps));
    }
    for (size_t i = 0; i <= s->points; i++) {
        const double omega = s->job[i].omega, k = s->job[i].iterations, rho = relax_radius(omega, s->beta);
        const double U = relax_surrogate(rho, tau, s->eps);
        cc_put(cell, "omega", omega);
        cc_put(cell, "optimal", i == s->points);
        cc_put(cell, "shift", s->c);
        cc_put(cell, "beta", s->beta);
        cc_put(cell, "k", k);
        cc_put(cell, "tau", tau);
        cc_put(cell, "U", U);
        cc_put(cell, "slack", U / k);
        cc_put(cell, "asymptotic", log(s->eps) / log(rho));
        cc_put(cell, "energy", log(s->eps / (2 * sqrt(condition))) / log(relax_energy(omega, 1 - s->beta, lower)));
        cc_put(cell, "lower", lower);
        cc_put(cell, "excess", s->root[i] - rho);
        cc_put(cell, "allowed", tau * (1 - rho));
        cc_put(cell, "least", least);
        cc_put(cell, "least_U", least_bound);
        cc_emit(cell);
    }
}

static cc_status bound_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        bound s = {0};
        double tau = 0, lower = 0;
        CC_TRY(bound_open(scope, &s));
        CC_TRY(bound_points(scope, &s, &tau));
        CC_TRY(lower_radius(scope, &s, &lower));
        bound_emit(cell, &s, tau, lower);
    }
    return CC_OK;
}

const cc_measure relax_bound = {
    .id = "relax.bound",
    .run = bound_run,
    .params =
        CC_LIST(cc_param, {"side", CC_INT, "10", 2, 40, .doc = "points on a side of the square"},
                {"c", CC_REAL, "auto", -.16, 10, .doc = "shift of the diagonal; auto: drawn"},
                {"law", CC_CHOICE, "uniform", .choices = "uniform low high", .doc = "of the shift, on [-.15, .45]"},
                {"rhs", CC_CHOICE, "normal", .choices = "pattern normal", .doc = "b: that of the fixtures, or a truncated normal"},
                {"omega_step", CC_REAL, "0.05", 1e-4, 0.5, .doc = "distance of neighbouring omegas in [1, 1.99]"},
                {"eps", CC_REAL, "1e-8", 1e-14, 0.5, .doc = "solved when |r| < eps |b|"}),
    .columns =
        CC_LIST(cc_column, {"omega", "", "relaxation parameter"}, {"optimal", "", "1: omega*"}, {"shift", "", "c"},
                {"beta", "", "spectral radius of the Jacobi matrix"}, {"k", "", "iterations of SOR"},
                {"tau", "", "max over omega of (|C^(k-1)|^(1/(k-1)) - rho) / (1 - rho)"}, {"U", "", "near-asymptotic bound"},
                {"slack", "", "U / k"}, {"asymptotic", "", "ln eps / ln rho"}, {"energy", "", "bound from the energy norm"},
                {"lower", "", "rho(D^-1 L D^-1 L')"}, {"excess", "", "|C^(k-1)|^(1/(k-1)) - rho"}, {"allowed", "", "tau (1 - rho)"},
                {"least", "", "fewest iterations over omega"}, {"least_U", "", "least bound over omega"}),
};

/* ---- shape of the surrogate ---- */

static cc_status shape_run(cc_cell *cell)
{
    const double eps = 1e-8, last = 1.95;
    enum { STEPS = 400 };
    while (cc_replicate(cell)) {
        cc_rng rng = cc_stream(cc_cell_run(cell), 102, 0);
        const double beta = .3 + .69 * cc_uniform(&rng), tau = exp(-2) + (.9 - exp(-2)) * cc_uniform(&rng);
        const double top = relax_omega_star(beta), lipschitz = relax_lipschitz(beta, tau, eps, last), near = 1e-10;
        double rise = -INFINITY, fall = INFINITY, slope = 0;
        for (int i = 0; i < STEPS; i++) {
            const double l0 = 1 + (top - 1) * i / STEPS, l1 = 1 + (top - 1) * (i + 1) / STEPS;
            const double r0 = top + (last - top) * i / STEPS, r1 = top + (last - top) * (i + 1) / STEPS;
            rise =
                fmax(rise, relax_surrogate(relax_radius(l1, beta), tau, eps) - relax_surrogate(relax_radius(l0, beta), tau, eps));
            const double up = relax_surrogate(relax_radius(r1, beta), tau, eps) - relax_surrogate(relax_radius(r0, beta), tau, eps);
            fall = fmin(fall, up);
            slope = fmax(slope, fabs(up) / (r1 - r0));
        }
        const double left =
            relax_surrogate(relax_radius(top - near, beta), tau, eps) - relax_surrogate(relax_radius(top, beta), tau, eps);
        cc_put(cell, "beta", beta);
        cc_put(cell, "tau", tau);
        cc_put(cell, "rise", rise);
        cc_put(cell, "fall", fall);
        cc_put(cell, "slope", slope);
        cc_put(cell, "lipschitz", lipschitz);
        cc_put(cell, "left", left / near);
        cc_emit(cell);
    }
    return CC_OK;
}

const cc_measure relax_shape = {
    .id = "relax.shape",
    .run = shape_run,
    .columns = CC_LIST(cc_column, {"beta", "", "drawn in [.3, .99]"}, {"tau", "", "drawn in [e^-2, .9]"},
                       {"rise", "", "largest step of U on a grid of [1, omega*]"}, {"fall", "", "least step on [omega*, 1.95]"},
                       {"slope", "", "steepest slope on [omega*, 1.95]"}, {"lipschitz", "", "constant of Lemma 1"},
                       {"left", "", "slope on [omega* - 1e-10, omega*]"}),
};

/* ---- a right-hand side that one omega likes ---- */

/* An eigenvector of C_omega, A with shift 0: A e, e_ij = s^(i+j) sin(i h) sin(j h), s^2 = lambda and
 * (lambda + omega - 1)^2 = lambda omega^2 beta^2. sign: +1 the larger root, -1 the smaller. padded, work: grid->size. */
static void eigenvector(const linseq_grid *grid, double omega, double sign, double *padded, double *work, double *b)
{
    const double h = pi / (double)(grid->rows + 1), beta = cos(h);
    const double s = (omega * beta + sign * sqrt(omega * omega * beta * beta - 4 * (omega - 1))) / 2;
    memset(work, 0, grid->size * sizeof *work);
    memset(padded, 0, grid->size * sizeof *padded);
    for (size_t o = 0; o < grid->rows; o++)
        for (size_t i = 0; i < grid->rows; i++)
            work[(o + 1) * grid->stride + i + 1] = pow(s, (double)(o + i)) * sin((double)(o + 1) * h) * sin((double)(i + 1) * h);
    linseq_apply(grid, 4, 1, work, padded);
    linseq_take(grid, padded, b);
}

enum { RANDOM = 40, SYSTEMS = RANDOM + 2 };

static void degenerate_emit(cc_cell *cell, size_t points, const linseq_sor_job *job)
{
    double before = NAN;
    for (size_t p = 0; p < points; p++) {
        const linseq_sor_job *at = job + p * SYSTEMS;
        double mean = 0, low = INFINITY, high = 0;
        for (size_t i = 2; i < SYSTEMS; i++) {
            const double k = at[i].iterations;
            mean += k / RANDOM, low = fmin(low, k), high = fmax(high, k);
        }
        cc_put(cell, "omega", at->omega);
        cc_put(cell, "percent", round(100 * at->omega * 1e6) / 1e6);
        cc_put(cell, "smallest", at[0].iterations);
        cc_put(cell, "largest", at[1].iterations);
        cc_put(cell, "mean", mean);
        cc_put(cell, "low", low);
        cc_put(cell, "high", high);
        cc_put(cell, "width", (high - low) / mean);
        cc_put(cell, "change", fabs(mean / before - 1));
        cc_emit(cell);
        before = mean;
    }
}

static cc_status degenerate_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        const double step = cc_real(scope, "omega_step");
        const size_t points = (size_t)(.9 / step + 1 + 1e-9), n = 100;
        linseq_grid grid;
        linseq_sor_job *job;
        double *b, *work;
        CC_TRY(linseq_square(scope, 10, &grid));
        CC_NEW(scope, b, SYSTEMS * n);
        CC_NEW(scope, work, grid.size * LINSEQ_LANES);
        CC_NEW(scope, job, SYSTEMS * points);
        eigenvector(&grid, 1.4, -1, work, work + grid.size, b);
        eigenvector(&grid, 1.4, 1, work, work + grid.size, b + n);
        for (size_t i = 2; i < SYSTEMS; i++) {
            cc_rng rng = cc_stream(scope, 103, i);
            online_truncated_normal(&rng, n, b + i * n);
        }
        for (size_t p = 0; p < points; p++) /* from 1.4 outwards, so that 1.4 is met exactly */
            for (size_t i = 0; i < SYSTEMS; i++)
                job[p * SYSTEMS + i] =
                    (linseq_sor_job){.b = b + i * n, .diag = 4, .omega = 1.4 + ((double)p - round(.4 / step)) * step};
        linseq_sor_batch(&grid, 1e-8, SYSTEMS * points, job, work);
        degenerate_emit(cell, points, job);
    }
    return CC_OK;
}

const cc_measure relax_degenerate = {
    .id = "relax.degenerate",
    .run = degenerate_run,
    .params = CC_LIST(cc_param, {"omega_step", CC_REAL, "0.01", 1e-4, 0.1, .doc = "distance of neighbouring omegas in [1, 1.9]"}),
    .columns = CC_LIST(
        cc_column, {"omega", "", "relaxation parameter"}, {"percent", "", "100 omega"},
        {"smallest", "", "iterations, b the eigenvector of C_1.4 with the smallest real eigenvalue of the first mode"},
        {"largest", "", "the same with the largest"}, {"mean", "", "iterations, mean over 40 random b"}, {"low", "", "fewest"},
        {"high", "", "most"}, {"width", "", "(most - fewest) / mean"}, {"change", "", "|mean / mean at the omega before - 1|"}),
};
