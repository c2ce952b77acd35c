/* harness/test/plugins/stress_peak.c: a claim whose worst instance is known: height = exp(-(log10 kappa - 3)^2 - (tilt - .25)^2),
 * largest at kappa = 1000, tilt = .25. One bound holds there, the other breaks; above tilt = .9 the instance cannot be made. */
#include <math.h>

#include "harness/measure.h"
#include "harness/plugin.h"

static cc_status create(cc_run *scope, void **instance)
{
    double *height;
    CC_NEW(scope, height, 1);
    if (cc_real(scope, "tilt") > .9) return cc_fail(scope, CC_EINVAL, "tilt is too steep");
    double far = log10(cc_real(scope, "kappa")) - 3, off = cc_real(scope, "tilt") - .25;
    *height = exp(-far * far - off * off);
    *instance = height;
    return CC_OK;
}

static cc_status measure(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *referee;
        CC_TRY(cc_referee(cell, NULL, &referee));
        cc_put(cell, "height", *(const double *)cc_oracle_of(referee)->instance);
        cc_emit(cell);
    }
    return CC_OK;
}

static const cc_measure height = {.id = "stress_peak.height", .run = measure};

/* clang-format off */
#define LIMIT(name, v) { .id = name, .statement = "the height is at most " #v, .experiment = "height", \
    .checks = CC_LIST(cc_check, CC_BOUND(.y = "height", .is = CC_AT_MOST(v), .over = "")), \
    .controls = CC_LIST(cc_control, { .id = "tight", .what = "a limit of nothing", .checks = CC_LIST(cc_check, CC_BOUND(.y = "height", .is = CC_AT_MOST(1e-9), .over = "")) }) }

const cc_plugin cc_plugin_1 = { .id = "stress_peak", .title = "A peak to be found",
    .families = CC_LIST(cc_family, { .id = "peak", .candidate = "none" }),
    .problems = CC_LIST(cc_problem, { .id = "peak.one", .family = "peak", .create = create,
        .params = CC_LIST(cc_param, { "kappa", CC_REAL, "10", 1, 1e9 }, { "tilt", CC_REAL, "0", -1, 1 }, { "shape", CC_CHOICE, "round", .choices = "round flat" }) }),
    .experiments = CC_LIST(cc_experiment, { .id = "height", .problem = "peak.one", .measure = &height,
        .axes = CC_LIST(cc_axis, { "kappa", "10 100 1e4" }, { "tilt", "-0.5 0.5" }), .seeds = { 1, 1, 1 } }),
    .claims = CC_LIST(cc_claim, LIMIT("holds", 1.25), LIMIT("breaks", 0.8)) };
