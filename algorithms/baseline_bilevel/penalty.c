/* algorithms/baseline_bilevel/penalty.c: first-order methods; a penalty lambda (g(x, y) - g(x, z)) for the lower level.
 *
 * Problem    min over x of f(x, y*(x)), y*(x) = argmin g(x, .); gradients only; Y may be a box.
 * Method     y follows the minimiser of f / lambda + g, z that of g, and x -= b (fx + lambda (gx(x, y) - gx(x, z))):
 *            T times y -= a (fy / lambda + gy(x, y)), z -= a gy(x, z); then x at the new y and z.
 *            F2SA  stochastic; z goes on from where it was; step k has a (k+1)^-pa, b (k+1)^-pb, lambda (k+1)^pl
 *            F2BA  exact; z begins at y; a, b and lambda stay
 * Guarantee  stationarity up to a bias of order 1 / lambda; F2BA with lambda ~ 1/eps: O~(eps^-2) gradients, F2SA: O~(eps^-7).
 * Reference  Kwon, Kwon, Wright, Nowak: A fully first-order method for stochastic bilevel optimization, ICML 2023; Chen, Ma, Zhang:
 *            Near-optimal nonconvex-strongly-convex bilevel optimization with fully first-order oracles, JMLR 2025. */
#include "algorithms/baseline_bilevel/baseline.h"

#include <math.h>

#include "harness/numerics/linalg.h"
#include "problems/bilevel/bilevel.h"

typedef struct penalty {
    bilevel_walk w;
    size_t T;
    int box_y, shared, exact;
    double lambda, pa, pb, pl;
    double *z, *fy, *gy, *gz; /* dy */
    double *fx, *gxy, *gxz;   /* dx */
} penalty;

static cc_status start(cc_run *run, const char *method, penalty **state)
{
    penalty *s;
    CC_NEW(run, s, 1);
    CC_TRY(bilevel_walk_start(run, method, BILEVEL_ANY, &s->w));
    s->T = (size_t)cc_int(run, "T"), s->lambda = cc_real(run, "lambda");
    s->box_y = (bilevel_caps(run) & BILEVEL_BOX_Y) != 0;
    double **const upper[] = {&s->fx, &s->gxy, &s->gxz}, **const lower[] = {&s->z, &s->fy, &s->gy, &s->gz};
    for (size_t i = 0; i < sizeof upper / sizeof *upper; i++) CC_NEW(run, *upper[i], s->w.dx);
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) CC_NEW(run, *lower[i], s->w.dy);
    cc_copy(s->w.dy, s->w.y, s->z);
    *state = s;
    return CC_OK;
}

/* The samples of one move, the id-th: fresh ones at y and at z, or one for both; NULL where the oracles are exact. */
typedef struct draw {
    bilevel_sample named[3];
    const bilevel_sample *f, *at_y, *at_z;
} draw;

static void name(const penalty *s, uint64_t id, draw *d)
{
    const size_t batch = s->w.batch;
    *d = (draw){.named = {{BILEVEL_UPPER, id, batch}, {BILEVEL_LOWER, 2 * id, batch}, {BILEVEL_LOWER, 2 * id + 1, batch}}};
    if (s->exact) return;
    d->f = &d->named[0], d->at_y = &d->named[1], d->at_z = &d->named[s->shared ? 1 : 2];
}

static cc_status move_lower(cc_run *run, penalty *s, double a, double lambda, const draw *d)
{
    CC_TRY(bilevel_upper(run, 0, d->f, s->w.x, s->w.y, NULL, s->fy));
    CC_TRY(bilevel_lower(run, 0, d->at_y, s->w.x, s->w.y, NULL, s->gy));
    CC_TRY(bilevel_lower(run, 0, d->at_z, s->w.x, s->z, NULL, s->gz));
    cc_axpy(s->w.dy, -a / lambda, s->fy, s->w.y);
    cc_axpy(s->w.dy, -a, s->gy, s->w.y);
    cc_axpy(s->w.dy, -a, s->gz, s->z);
    if (s->box_y) bilevel_proj_y(run, 0, s->w.y), bilevel_proj_y(run, 0, s->z);
    return CC_OK;
}

static cc_status move_upper(cc_run *run, penalty *s, double b, double lambda, const draw *d)
{
    CC_TRY(bilevel_upper(run, 0, d->f, s->w.x, s->w.y, s->fx, NULL));
    CC_TRY(bilevel_lower(run, 0, d->at_y, s->w.x, s->w.y, s->gxy, NULL));
    CC_TRY(bilevel_lower(run, 0, d->at_z, s->w.x, s->z, s->gxz, NULL));
    cc_axpy(s->w.dx, lambda, s->gxy, s->fx);
    cc_axpy(s->w.dx, -lambda, s->gxz, s->fx);
    bilevel_walk_x(run, &s->w, b, s->fx);
    return CC_OK;
}

static cc_status penalty_step(cc_run *run, penalty *s)
{
    const double k = (double)(s->w.k + 1), lambda = s->lambda * pow(k, s->pl);
    const uint64_t id = s->w.k * (s->T + 1);
    draw d;
    for (size_t t = 0; t < s->T; t++) {
        name(s, id + t, &d);
        CC_TRY(move_lower(run, s, s->w.a * pow(k, -s->pa), lambda, &d));
    }
    name(s, id + s->T, &d);
    CC_TRY(move_upper(run, s, s->w.b * pow(k, -s->pb), lambda, &d));
    s->w.k++;
    return CC_OK;
}

cc_status bilevel_f2sa_init(cc_run *run, void **state)
{
    penalty *s;
    CC_TRY(start(run, "F2SA", &s));
    s->w.batch = (size_t)cc_int(run, "batch"), s->shared = cc_bool(run, "shared");
    s->pa = cc_real(run, "pa"), s->pb = cc_real(run, "pb"), s->pl = cc_real(run, "pl");
    *state = s;
    return CC_OK;
}

cc_status bilevel_f2sa_step(cc_run *run, void *state)
{
    penalty *s = state;
    return bilevel_walk_end(run, &s->w, penalty_step(run, s));
}

cc_status bilevel_f2ba_init(cc_run *run, void **state)
{
    penalty *s;
    CC_TRY(start(run, "F2BA", &s));
    s->exact = 1;
    *state = s;
    return CC_OK;
}

cc_status bilevel_f2ba_step(cc_run *run, void *state)
{
    penalty *s = state;
    cc_copy(s->w.dy, s->w.y, s->z);
    return bilevel_walk_end(run, &s->w, penalty_step(run, s));
}

const cc_param bilevel_f2sa_params[] = {
    {"a", CC_REAL, "0.1", 1e-300, 1e6, .doc = "step k of y and z is a (k+1)^-pa"},
    {"b", CC_REAL, "0.1", 1e-300, 1e6, .doc = "step k of x is b (k+1)^-pb"},
    {"lambda", CC_REAL, "1", 1e-300, 1e300, .doc = "the penalty of step k is lambda (k+1)^pl"},
    {"T", CC_INT, "1", 1, 1e6, .doc = "steps of y and z for one of x"},
    {"pa", CC_REAL, "0.5714285714285714", 0, 1, .doc = "4/7 with noise in both levels"},
    {"pb", CC_REAL, "0.7142857142857143", 0, 1, .doc = "5/7 with noise in both levels"},
    {"pl", CC_REAL, "0.1428571428571429", 0, 1, .doc = "1/7 with noise in both levels"},
    {"shared", CC_BOOL, "false", .doc = "one sample of g for y and z"},
    {"batch", CC_INT, "1", 1, 1e6, .doc = "samples a call"},
    {0},
};

const cc_variant bilevel_f2sa_variants[] = {{"constant", "steps and penalty that stay", "pa=0 pb=0 pl=0"}, {0}};

const cc_param bilevel_f2ba_params[] = {
    {"a", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of y and z"},
    {"b", CC_REAL, "0.05", 1e-300, 1e6, .doc = "step of x"},
    {"lambda", CC_REAL, "10", 1e-300, 1e300, .doc = "penalty; the bias is of order 1 / lambda"},
    {"T", CC_INT, "10", 1, 1e6, .doc = "steps of y and z for one of x"},
    {0},
};
