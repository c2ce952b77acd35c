/* algorithms/13_vr_halpern/measures.c: see measures.h. */
#include "algorithms/13_vr_halpern/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algorithms/13_vr_halpern/halpern.h"
#include "harness/measure.h"
#include "harness/numerics/linalg.h"
#include "problems/finsum_op/finsum_op_problem.h"

/* ---- identity: E|e+|^2 = (1-p) (|e|^2 + (1/b) f (E_i |dF_i|^2 - |dF|^2)), f = 1, or (n-b)/(n-1) for distinct draws ---- */

enum { SLIP_NONE, SLIP_SIGN, SLIP_WEIGHT };

typedef struct identity {
    cc_run *run;
    size_t n, d, b;
    int slip;
    double p, e2, expected;
    double *u, *u_prev, *F, *F_prev, *before, *estimate, *work;
    size_t *ids;
} identity;

/* Two points, and an estimate of F at the first that is off by a random e. */
static cc_status identity_points(cc_run *scope, identity *s)
{
    cc_rng rng = cc_stream(scope, 100, 0);
    cc_normal(&rng, s->d, s->u_prev);
    cc_normal(&rng, s->d, s->u);
    cc_normal(&rng, s->d, s->work);
    CC_TRY(finsum_peek_full(s->run, s->u_prev, s->F_prev));
    CC_TRY(finsum_peek_full(s->run, s->u, s->F));
    s->e2 = 0;
    for (size_t j = 0; j < s->d; j++) {
        const double e = .03 * s->work[j];
        s->before[j] = s->F_prev[j] + e;
        s->e2 += e * e;
    }
    return CC_OK;
}

static cc_status identity_expected(identity *s, int distinct)
{
    double second = 0, first = 0;
    for (size_t i = 0; i < s->n; i++) {
        CC_TRY(finsum_peek_comp(s->run, i, s->u, s->work));
        CC_TRY(finsum_peek_comp(s->run, i, s->u_prev, s->estimate));
        for (size_t j = 0; j < s->d; j++) second += (s->work[j] - s->estimate[j]) * (s->work[j] - s->estimate[j]) / (double)s->n;
    }
    for (size_t j = 0; j < s->d; j++) first += (s->F[j] - s->F_prev[j]) * (s->F[j] - s->F_prev[j]);
    const double factor = distinct ? (double)(s->n - s->b) / (double)(s->n - 1) : 1;
    s->expected = (1 - s->p) * (s->e2 + factor / (double)s->b * (second - first));
    return CC_OK;
}

static cc_status identity_init(cc_cell *cell, identity *s)
{
    cc_run *scope = cc_cell_run(cell);
    CC_TRY(cc_referee(cell, NULL, &s->run));
    s->n = finsum_n(s->run), s->d = finsum_d(s->run), s->b = (size_t)cc_int(scope, "b");
    s->slip = cc_choice(scope, "slip"), s->p = cc_real(scope, "p");
    if (s->b > s->n) return cc_fail(scope, CC_EINVAL, "a batch of %zu of %zu components", s->b, s->n);
    CC_NEW(scope, s->u, s->d);
    CC_NEW(scope, s->u_prev, s->d);
    CC_NEW(scope, s->F, s->d);
    CC_NEW(scope, s->F_prev, s->d);
    CC_NEW(scope, s->before, s->d);
    CC_NEW(scope, s->estimate, s->d);
    CC_NEW(scope, s->work, s->d);
    CC_NEW(scope, s->ids, s->n);
    CC_TRY(identity_points(scope, s));
    return identity_expected(s, cc_bool(scope, "distinct"));
}

/* |e+|^2 after the algorithm's own correction with s->ids, or after a planted mistake. */
static cc_status identity_error(identity *s, double *error)
{
    double sum = 0;
    memcpy(s->estimate, s->before, s->d * sizeof *s->estimate);
    CC_TRY(halpern_page_correct(s->run, s->b, s->ids, s->u, s->u_prev, s->estimate));
    for (size_t j = 0; j < s->d; j++) {
        double correction = s->estimate[j] - s->before[j];
        if (s->slip == SLIP_SIGN) correction = -correction;
        if (s->slip == SLIP_WEIGHT) correction /= (double)s->n;
        const double e = s->before[j] + correction - s->F[j];
        sum += e * e;
    }
    *error = sum;
    return CC_OK;
}

/* The mean over all n^b tuples; for distinct draws over those without repetition. */
static cc_status identity_enumerate(identity *s, int distinct, double *mean)
{
    double sum = 0, count = 0, error;
    memset(s->ids, 0, s->n * sizeof *s->ids);
    for (size_t digit = 0; digit < s->b;) {
        int repeats = 0;
        for (size_t k = 0; k < s->b; k++)
            for (size_t l = 0; l < k; l++) repeats |= s->ids[k] == s->ids[l];
        if (!(distinct && repeats)) {
            CC_TRY(identity_error(s, &error));
            sum += error, count++;
        }
        for (digit = 0; digit < s->b && ++s->ids[digit] == s->n; digit++) s->ids[digit] = 0;
    }
    *mean = (1 - s->p) * sum / count; /* with probability p the error is zero */
    return CC_OK;
}

static cc_status identity_sample(cc_run *scope, identity *s, int distinct, double *mean)
{
    const int64_t samples = cc_int(scope, "samples");
    cc_rng rng = cc_stream(scope, 101, 0);
    double sum = 0, error;
    for (int64_t k = 0; k < samples; k++) {
        if (cc_uniform(&rng) < s->p) continue;
        if (distinct)
            CC_TRY(finsum_draw_distinct(s->run, &rng, s->b, s->ids));
        else
            finsum_draw(s->run, &rng, s->b, s->ids);
        CC_TRY(identity_error(s, &error));
        sum += error;
    }
    *mean = sum / (double)samples;
    return CC_OK;
}

static cc_status identity_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        identity s = {0};
        double mean;
        const int distinct = cc_bool(scope, "distinct");
        CC_TRY(identity_init(cell, &s));
        CC_TRY(cc_int(scope, "samples") > 0 ? identity_sample(scope, &s, distinct, &mean)
                                            : identity_enumerate(&s, distinct, &mean));
        cc_put(cell, "measured", mean);
        cc_put(cell, "expected", s.expected);
        cc_put(cell, "ratio", mean / s.expected);
        cc_emit(cell);
    }
    return CC_OK;
}

const cc_measure halpern_identity = {
    .id = "halpern.identity",
    .run = identity_run,
    .params = CC_LIST(cc_param, {"b", CC_INT, "2", 1, 1000, .doc = "components of a batch"},
                      {"distinct", CC_BOOL, "false", .doc = "draw without replacement"},
                      {"p", CC_REAL, "0.3", 0, 1, .doc = "chance of a full operator"},
                      {"samples", CC_INT, "0", 0, 1e9, .doc = "random batches; 0: all batches, once"},
                      {"slip", CC_CHOICE, "none", .choices = "none sign weight",
                       .doc = "a planted mistake: the correction subtracted, or divided by n"}),
    .columns = CC_LIST(cc_column, {"measured", "", "mean squared error after the step"}, {"expected", "", "by the identity"},
                       {"ratio", "", "measured / expected"}),
};

/* ---- contraction of Algorithm 3 ---- */

static cc_status contraction_emit(cc_cell *cell, const halpern_forb *s, const double *solution, double start, int64_t epoch)
{
    const double apart = finsum_distance(s->d, s->v, solution);
    cc_put(cell, "epoch", (double)epoch);
    cc_put(cell, "ratio", apart * apart / (start * start));
    cc_emit(cell);
    return CC_OK;
}

static cc_status contraction_replicate(cc_cell *cell, cc_run *scope, cc_run *run)
{
    const size_t n = finsum_n(run), d = finsum_d(run);
    const double L = cc_known(cc_oracle_of(run), "L_avg"), eta = sqrt((double)n) / L;
    halpern_forb s = {0};
    double *centre, *solution;
    cc_rng rng = cc_stream(scope, 100, 0);
    CC_NEW(scope, centre, d);
    CC_NEW(scope, solution, d);
    cc_normal(&rng, d, centre);
    CC_TRY(finsum_exact_resolvent(run, eta, centre, solution));
    CC_TRY(
        halpern_forb_init(run, &s, eta, halpern_forb_gamma(n, eta * L, cc_real(scope, "c")), cc_choice(scope, "snapshot") == 1, 0));
    CC_TRY(halpern_forb_start(run, &s, centre));
    const double start = finsum_distance(d, centre, solution);
    for (int64_t epoch = 1; epoch <= cc_int(scope, "epochs"); epoch++) {
        for (size_t m = 0; m < n; m++) CC_TRY(halpern_forb_step(run, &s));
        CC_TRY(contraction_emit(cell, &s, solution, start, epoch));
    }
    return CC_OK;
}

static cc_status contraction_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *run;
        CC_TRY(cc_referee(cell, NULL, &run));
        const cc_status status = contraction_replicate(cell, cc_cell_run(cell), run);
        if (status < 0) return status; /* CC_DONE: diverged; the rows so far say it */
    }
    return CC_OK;
}

const cc_measure halpern_contraction = {
    .id = "halpern.contraction",
    .run = contraction_run,
    .params = CC_LIST(cc_param, {"c", CC_REAL, "0.5", 0, 100, .doc = "inner step in units of sqrt(p(1-p)) / (1 + eta L)"},
                      {"snapshot", CC_CHOICE, "inner", .choices = "inner outer", .doc = "outer: the snapshot never moves"},
                      {"epochs", CC_INT, "40", 1, 1e6, .doc = "how often n inner steps"}),
    .columns = CC_LIST(cc_column, {"epoch", "", "inner steps / n"}, {"ratio", "", "|v - v*|^2 / |centre - v*|^2"}),
};

/* ---- Algorithm 2 beside the exact resolvent ---- */

typedef struct outer {
    cc_run *referee;
    double R, *exact;
    size_t finished; /* outer iterations */
    int started;
} outer;

static cc_status outer_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    const halpern_inexact *s = state;
    outer *o = arg;
    (void)run, (void)candidate;
    if (!o->started) {
        o->started = 1;
        return CC_OK;
    }
    const double k = (double)(s->k > o->finished ? s->k - 1 : s->k); /* the latter: the inner solver diverged in iteration k */
    o->finished = s->k;
    CC_TRY(finsum_exact_resolvent(o->referee, s->eta, s->centre, o->exact));
    const double P = finsum_distance(s->d, s->centre, o->exact), error = finsum_distance(s->d, s->forb.v, o->exact);
    cc_put(cell, "k", k);
    cc_put(cell, "P", P);
    cc_put(cell, "R", o->R);
    cc_put(cell, "inner", s->inner);
    cc_put(cell, "accuracy", error * error * pow(k + 2, 8) / (P * P));
    cc_emit(cell);
    return CC_OK;
}

static cc_status outer_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        outer o = {0};
        CC_TRY(cc_referee(cell, NULL, &o.referee));
        CC_NEW(cc_cell_run(cell), o.exact, finsum_d(o.referee));
        o.R = cc_known(cc_oracle_of(o.referee), "R");
        CC_TRY(cc_drive(cell, NULL, outer_look, &o));
    }
    return CC_OK;
}

const cc_measure halpern_outer = {
    .id = "halpern.outer",
    .run = outer_run,
    .columns =
        CC_LIST(cc_column, {"k", "", "outer iteration"}, {"P", "", "|u_k - J(u_k)|"}, {"R", "", "|u_0 - u*|"}, {"inner", "", "M_k"},
                {"accuracy", "", "|v_k - J(u_k)|^2 (k+2)^8 / |P(u_k)|^2: at most 1 is asked of the inner solver"}),
};

/* ---- race: residuals at equal bills ---- */

typedef struct race {
    const char *next; /* rest of the list of checkpoints */
    int scripts;
    uint64_t steps;
} race;

/* The published script of the game does not count the full operator at the start of each call of its inner solver: one a step. */
static double passes(cc_run *run, const race *r)
{
    return (double)cc_spent(run, "n_comp") / (double)finsum_n(run) - (r->scripts ? (double)r->steps : 0);
}

static cc_status race_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    race *r = arg;
    (void)state;
    for (double due = strtod(r->next, NULL); *r->next && passes(run, r) >= due; due = strtod(r->next, NULL)) {
        cc_put(cell, "epoch", due);
        cc_put(cell, "iterations", (double)r->steps);
        cc_put(cell, "natural", finsum_natural(cc_oracle_of(run), candidate));
        cc_emit(cell);
        r->next += strcspn(r->next, ",");
        r->next += *r->next == ',';
    }
    r->steps++;
    return *r->next ? CC_OK : CC_DONE;
}

static cc_status race_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        race r = {.next = cc_text(cc_cell_run(cell), "epochs"), .scripts = cc_choice(cc_cell_run(cell), "bill") == 1};
        CC_TRY(cc_drive(cell, NULL, race_look, &r));
    }
    return CC_OK;
}

const cc_measure halpern_race = {
    .id = "halpern.race",
    .run = race_run,
    .params = CC_LIST(
        cc_param, {"epochs", CC_TEXT, "50,100,200,500,1000", .doc = "passes over the data at which the residual is read"},
        {"bill", CC_CHOICE, "contract", .choices = "contract scripts",
         .doc = "scripts: without the first full operator of each outer iteration, as the published script counts Algorithm 2"}),
    .columns = CC_LIST(cc_column, {"epoch", "", "passes over the data"}, {"iterations", "", "steps taken"},
                       {"natural", "", "|u - J_G(u - F(u))|"}),
};
