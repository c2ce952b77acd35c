/* harness/engine/describe.h: descriptors as JSON objects, owned by the caller (cJSON_Delete). What ran out of memory is left out.
 */
#ifndef CLAIMCHECK_HARNESS_ENGINE_DESCRIBE_H
#define CLAIMCHECK_HARNESS_ENGINE_DESCRIBE_H

#include "harness/core/core.h"

#include <cJSON.h>

cJSON *cc_describe_plugin(const cc_module *module);
cJSON *cc_describe_family(const cc_family *family);
cJSON *cc_describe_problem(const cc_problem *problem);
cJSON *cc_describe_algorithm(const cc_algorithm *algorithm);
cJSON *cc_describe_experiment(const cc_experiment *experiment);
cJSON *cc_describe_claim(const cc_claim *claim);
cJSON *cc_describe_figure(const cc_figure *figure);

#endif
