/* algorithms/13_vr_halpern/page.c: Algorithm 1, Halpern iteration on PAGE's estimate.
 *
 * Problem    0 in F(u) + G(u), F = (1/n) sum F_i cocoercive on average with constant L.
 * Method     u_{i+1} = J_{eta G}(lambda_i u_0 + (1 - lambda_i) u_i - eta F~_i), lambda_i = 2/(i+4), eta = 1/(4L);
 *            F~_i = F(u_i) with probability p_i, else F~_{i-1} + (1/b) sum_{j in S} (F_j(u_i) - F_j(u_{i-1})), b = ceil(sqrt n).
 * Guarantee  (E |F(u_k) + g_k|^2)^(1/2) <= 16 L R / (k+3), k >= 1; about n + sqrt(n) L R / epsilon evaluations.
 * Reference  Cai, Alacaoglu, Diakonikolas 2024, Section 3; PAGE: Li, Bao, Zhang, Richtarik 2021. */
#include <math.h>
#include <string.h>

#include "algorithms/13_vr_halpern/halpern.h"
#include "harness/numerics/linalg.h"

double halpern_page_schedule(size_t i, size_t n)
{
    const double root = sqrt((double)n);
    if (i <= 1) return 1;
    return (double)(i - 1) <= root ? 4 / (double)(i + 4) : 4 / (root + 5);
}

cc_status halpern_page_correct(cc_run *run, size_t b, const size_t *ids, const double *u, const double *u_prev, double *estimate)
{
    return finsum_diff(run, b, ids, u, u_prev, 1 / (double)b, estimate);
}

/* What the theory asks for, unless the user says otherwise. */
static cc_status check(cc_run *run, const halpern_page *s)
{
    if (!(finsum_caps(run) & FINSUM_COCO) && !cc_bool(run, "outside_theory"))
        return cc_fail(run, CC_EINVAL,
                       "Algorithm 1 needs a cocoercive operator and this one is not; outside_theory=true runs it all the same");
    if (!(s->eta > 0) || !isfinite(s->eta)) return cc_fail(run, CC_EINVAL, "eta = %g must be positive and finite", s->eta);
    if (s->batch < floor(s->batch) || s->batch > floor(s->batch))
        return cc_fail(run, CC_EINVAL, "batch = %g is not a whole number", s->batch);
    if (s->batch > (double)s->n && s->distinct)
        return cc_fail(run, CC_EINVAL, "a batch of %g distinct components of %zu", s->batch, s->n);
    if (s->distinct && finsum_caps(run) & FINSUM_WEIGHTED)
        return cc_fail(run, CC_EINVAL, "sampling=norepl needs a uniform law; this problem's is weighted");
    return CC_OK;
}

static double batch_size(cc_run *run, size_t n)
{
    const double root = sqrt((double)n), given = cc_real(run, "batch");
    if (!isnan(given)) return given;
    return cc_bool(run, "floor_batch") ? floor(root) : ceil(root);
}

cc_status halpern_page_init(cc_run *run, void **state)
{
    halpern_page *s;
    double L;
    CC_NEW(run, s, 1);
    CC_TRY(halpern_constant(run, &L));
    s->d = finsum_d(run), s->n = finsum_n(run);
    s->eta = cc_real(run, "eta");
    if (isnan(s->eta)) s->eta = cc_real(run, "eta_L") / L;
    s->batch = batch_size(run, s->n);
    s->distinct = cc_choice(run, "sampling") == 1;
    s->recursive = cc_bool(run, "recursion"), s->anchored = cc_bool(run, "anchor");
    s->p_given = cc_real(run, "p"), s->eps = cc_real(run, "eps");
    CC_TRY(check(run, s));
    CC_NEW(run, s->u0, s->d);
    CC_NEW(run, s->u, 2 * s->d);
    CC_NEW(run, s->u_prev, s->d);
    CC_NEW(run, s->estimate, s->d);
    CC_NEW(run, s->z, s->d);
    CC_NEW(run, s->ids, (size_t)s->batch);
    s->g = s->u + s->d;
    s->coin = cc_stream(run, HALPERN_COIN, 0), s->draw = cc_stream(run, HALPERN_BATCH, 0);
    finsum_start(run, s->u0, s->g);
    cc_copy(s->d, s->u0, s->u);
    *state = s;
    return CC_OK;
}

static cc_status draw_batch(cc_run *run, halpern_page *s, size_t b)
{
    if (s->distinct) return finsum_draw_distinct(run, &s->draw, b, s->ids);
    finsum_draw(run, &s->draw, b, s->ids);
    return CC_OK;
}

/* The ablation: a fresh batch in place of the recursion. */
static cc_status fresh_batch(cc_run *run, halpern_page *s, size_t b)
{
    memset(s->estimate, 0, s->d * sizeof *s->estimate);
    for (size_t k = 0; k < b; k++) {
        CC_TRY(finsum_comp(run, s->ids[k], s->u, s->z));
        cc_axpy(s->d, 1 / (double)b, s->z, s->estimate);
    }
    return CC_OK;
}

static cc_status update_estimate(cc_run *run, halpern_page *s)
{
    const size_t b = (size_t)s->batch;
    s->p = isnan(s->p_given) || s->i <= 1 ? halpern_page_schedule(s->i, s->n) : s->p_given;
    s->full = s->p >= 1 || cc_uniform(&s->coin) < s->p;
    if (s->full > 0) return finsum_full(run, s->u, s->estimate);
    CC_TRY(draw_batch(run, s, b));
    return s->recursive ? halpern_page_correct(run, b, s->ids, s->u, s->u_prev, s->estimate) : fresh_batch(run, s, b);
}

/* |F(u_i) + g_i| <= eps, known for nothing when the estimate is exact. */
static int certified(const halpern_page *s)
{
    double sum = 0;
    if (!(s->eps > 0) || !(s->full > 0)) return 0;
    for (size_t j = 0; j < s->d; j++) sum += (s->estimate[j] + s->g[j]) * (s->estimate[j] + s->g[j]);
    return sqrt(sum) <= s->eps;
}

cc_status halpern_page_step(cc_run *run, void *state)
{
    halpern_page *s = state;
    CC_TRY(update_estimate(run, s));
    if (certified(s)) return cc_finish(run, "CERTIFIED");
    s->lambda = s->anchored ? 2 / (double)(s->i + 4) : 0;
    for (size_t j = 0; j < s->d; j++) {
        s->z[j] = s->lambda * s->u0[j] + (1 - s->lambda) * s->u[j] - s->eta * s->estimate[j];
        s->u_prev[j] = s->u[j];
    }
    finsum_resolvent(run, s->eta, s->z, s->u);
    for (size_t j = 0; j < s->d; j++) s->g[j] = (s->z[j] - s->u[j]) / s->eta;
    s->i++;
    return halpern_is_far(s->d, s->u) ? cc_finish(run, "DIVERGED") : CC_OK;
}

const void *halpern_page_candidate(void *state) { return ((halpern_page *)state)->u; }
