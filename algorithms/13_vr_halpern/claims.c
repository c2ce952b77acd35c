#include "algorithms/13_vr_halpern/halpern.h"
#include "harness/plugin.h"
const cc_plugin cc_plugin_1 = {.id = "halpern", .title = "Variance-reduced Halpern iteration", .citation = "x", .algorithms = halpern_algorithms};
