/* A claim that could not fail: no negative control. */
#include "harness/plugin.h"
const cc_plugin cc_plugin_1 = {
    .id = "no_control",
    .title = "A claim without a control",
    .experiments = CC_LIST(cc_experiment, {.id = "e", .algorithm = "a", .problem = "p", .measure = &cc_final, .seeds = {1, 1, 1}}),
    .claims = CC_LIST(
        cc_claim,
        {.id = "c", .statement = "s", .experiment = "e", .checks = CC_LIST(cc_check, CC_BOUND(.y = "gap", .is = CC_AT_MOST(1)))})};
